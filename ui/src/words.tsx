// The language of the window: which words, which formats. Switched at run time, remembered on this computer.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { en } from "./locales/en";
import { zhCN } from "./locales/zh-CN";
import type { Words } from "./locales/en";
import { dayOf, formats, type Formats, type Language } from "./times";

export type { Words };
const catalogues: Record<Language, Words> = { en, "zh-CN": zhCN };
const memory = "kontor.language";

interface Speech {
  language: Language;
  words: Words;
  formats: Formats;
  speak(language: Language): void;
  /** The day that "this year" and "today" are measured from; the books' clock tells it after sign-in. */
  setToday(day: string): void;
}

const SpeechContext = createContext<Speech | null>(null);

function remembered(): Language {
  const kept = localStorage.getItem(memory);
  if (kept === "en" || kept === "zh-CN") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function SpeechProvider({ children, language: fixed }: { children: ReactNode; language?: Language }) {
  const [language, setLanguage] = useState<Language>(fixed ?? remembered);
  const [today, setToday] = useState(() => dayOf(new Date()));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      language,
      words: catalogues[language],
      formats: formats(language, today),
      speak(next) {
        localStorage.setItem(memory, next);
        setLanguage(next);
      },
      setToday,
    }),
    [language, today],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("outside of SpeechProvider");
  return speech;
}

export const useWords = (): Words => useSpeech().words;
export const useFormats = (): Formats => useSpeech().formats;
