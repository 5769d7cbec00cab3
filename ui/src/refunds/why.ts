// A rule's name in words, as the screens show it beside a disabled action: before anything was refused.
import { say, type Sentence } from "../locales/sentence";
import type { Words } from "../words";

export interface Why {
  what: string;
  why: string;
  next: string;
  clause: string | null;
}

/** The sentences of a rule; a name without them is shown as it is rather than hidden. */
export function whyNot(words: Words, rule: string): Why {
  const known = (words.rules as Record<string, Sentence | undefined>)[rule];
  if (!known) return { what: rule, why: "", next: "", clause: null };
  return { what: say(known.what, {}), why: say(known.why, {}), next: say(known.next, {}), clause: known.clause ?? null };
}

/** All of it on one line, for a tooltip. */
export const whyNotText = (words: Words, rule: string): string => {
  const said = whyNot(words, rule);
  return [said.what, said.why, said.next].filter(Boolean).join(" ");
};
