import { Tabs } from "../parts/Steps";
import { useShortcuts } from "../keys";
import { useWords } from "../words";

/** In which language a letter is written: 1 and 2 choose. */
export function LanguageSwitch({ language, onChange }: { language: "zh" | "en"; onChange(language: "zh" | "en"): void }) {
  const text = useWords().letters;
  const both = ["zh", "en"] as const;
  useShortcuts(both.map((one, at) => ({ keys: String(at + 1), label: text.languages[one], group: "thisScreen" as const, run: () => onChange(one) })));
  return <Tabs label={text.draft.language} tabs={both.map((id) => ({ id, title: text.languages[id] ?? id }))} chosen={language} onChoose={(next) => onChange(next === "en" ? "en" : "zh")} />;
}
