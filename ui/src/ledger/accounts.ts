// The chart of accounts, in the words of the language.
import { useMemo } from "react";
import { useSession } from "../session";
import { useSpeech } from "../words";

export function useAccounts() {
  const { language } = useSpeech();
  const { accounts: all } = useSession();
  return useMemo(
    () => ({
      all,
      title(code: string): string {
        const account = all.find((one) => one.code === code);
        if (!account) return code;
        return language === "en" ? account.title_en : account.title_zh;
      },
      /** What stands on a customer's account is shown from the customer's side: more is more. */
      ofCustomer: (code: string) => all.find((one) => one.code === code)?.owner === "customer",
    }),
    [all, language],
  );
}
