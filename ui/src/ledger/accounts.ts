// The chart of accounts, in the words of the language.
import { useSession } from "../session";
import { useSpeech } from "../words";

export function useAccounts() {
  const { language } = useSpeech();
  const { accounts: all } = useSession();
  return {
    all,
    title(code: string): string {
      const account = all.find((one) => one.code === code);
      if (!account) return code;
      return language === "en" ? account.title_en : account.title_zh;
    },
  };
}
