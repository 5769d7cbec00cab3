// Light, dark, or as the system: kept on this computer.
import { useEffect, useState } from "react";

export type Appearance = "light" | "dark" | "system";
const memory = "kontor.appearance";
const dark = window.matchMedia?.("(prefers-color-scheme: dark)");

export function useAppearance(): { appearance: Appearance; scheme: "light" | "dark"; choose(next: Appearance): void } {
  const [appearance, setAppearance] = useState<Appearance>(() => (localStorage.getItem(memory) as Appearance | null) ?? "system");
  const [systemDark, setSystemDark] = useState(() => dark?.matches ?? false);
  useEffect(() => {
    const tell = () => setSystemDark(dark.matches);
    dark?.addEventListener("change", tell);
    return () => dark?.removeEventListener("change", tell);
  }, []);
  const scheme = appearance === "system" ? (systemDark ? "dark" : "light") : appearance;
  useEffect(() => {
    document.documentElement.dataset.mantineColorScheme = scheme;
  }, [scheme]);
  return {
    appearance,
    scheme,
    choose(next) {
      localStorage.setItem(memory, next);
      setAppearance(next);
    },
  };
}
