// What the letters screens know of a letter.
import { useQuery } from "@tanstack/react-query";
import { asKontorError, letterDraft, paperPdf, type KontorError, type LetterWanted, type Result } from "../call";
import type { Tone } from "../parts/Chip";

export type LetterDesk = NonNullable<Result<"letters.open">>;
export type Letter = LetterDesk["letters"][number];
export type Sending = Letter["sendings"][number];
export type LetterText = Result<"letters.templates">[number];
export interface CaseOf {
  kind: "dispute" | "refund" | "objection";
  id: string;
  number: string;
}

export type How = "unsent" | "sent" | "given" | "delivered" | "served" | "failed";
export const howTone: Record<How, Tone> = { unsent: "plain", sent: "brand", given: "brand", delivered: "green", served: "green", failed: "amber" };

/** How far one way has come. */
export function howSent(sending: Sending): How {
  if (sending.served) return "served";
  if (sending.delivered_at) return "delivered";
  if (sending.failed_at) return "failed";
  return sending.by_platform ? "given" : "sent";
}

const rank: How[] = ["unsent", "failed", "sent", "given", "delivered", "served"];
/** How far a letter has come: its best way counts. */
export const howFar = (letter: Letter): How => letter.sendings.map(howSent).reduce<How>((best, one) => (rank.indexOf(one) > rank.indexOf(best) ? one : best), "unsent");

const still = { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, meta: { still: true } };

/** The pages of an issued letter, or of a dossier: every read is on record, so nothing asks again by itself. */
export const usePaper = (kind: "letter" | "dossier", id: string, fresh = "") =>
  useQuery<Uint8Array, KontorError>({ queryKey: ["paper", kind, id, fresh], queryFn: () => paperPdf({ kind, id }).catch((thrown: unknown) => Promise.reject(asKontorError(thrown))), ...still });

/** A draft's pages: they follow the case, or the text that is being tried. */
export const useDraft = (wanted: LetterWanted, enabled = true) =>
  useQuery<Uint8Array, KontorError>({ queryKey: ["letter_draft", wanted], queryFn: () => letterDraft(wanted).catch((thrown: unknown) => Promise.reject(asKontorError(thrown))), enabled, ...still, staleTime: 0 });
