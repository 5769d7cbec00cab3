// What the invoice screens know of a paper without computing any money.
import type { Result } from "../call";
import type { Tone } from "../parts/Chip";
import { addDays, dayOf } from "../times";

export type InvoiceRow = Result<"invoices.list">[number];
export type Paper = NonNullable<Result<"invoices.open">>;
export type RedLetter = Result<"invoices.list_red_letters">[number];
export type MeterRow = Result<"invoices.meter">[number];
export type Draft = NonNullable<Result<"invoices.preview">>;
export type Buyer = Result<"buyers.list">[number];

export const page = 100;

/** A paper that was taken back is not wrong, only over. */
export const statusTone: Record<string, Tone> = { issued: "green", partly_red: "amber", red: "plain" };
export const redTone: Record<string, Tone> = { proposed: "brand", confirmed: "green", declined: "plain" };

/** The months that a line covers, as the paper writes them: "2026-01", "2026-01 – 2026-03". */
export const monthsText = (from: string, until: string): string => (from === until ? from.slice(0, 7) : `${from.slice(0, 7)} – ${until.slice(0, 7)}`);

/** What tells a line of a paper apart: a product stands there once for each VAT rate. */
export const lineKey = (line: { product: string; rate?: string | null }): string => `${line.product} ${line.rate ?? ""}`;

/** Days in short where both lie in this year; with their years in the same form where one does not. */
export function periodText(from: string, to: string, day: (on: string) => string, now: Date): readonly [string, string] {
  const year = dayOf(now).slice(0, 4);
  return from.startsWith(year) && to.startsWith(year) ? [day(from), day(to)] : [from, to];
}

/** The months a filter offers, newest first, as "2026-02". */
export function monthsBefore(now: Date, count: number): string[] {
  const months: string[] = [];
  let day = `${dayOf(now).slice(0, 7)}-01`;
  while (months.length < count) {
    months.push(day.slice(0, 7));
    day = `${addDays(day, -1).slice(0, 7)}-01`;
  }
  return months;
}

/** Which length a code has once spaces and width do not matter. */
export const codeLength = (code: string): number => code.normalize("NFKC").replace(/\s/g, "").length;

/** An older or temporary number is lawful, but somebody must say why it is used. */
export const isOldCode = (code: string): boolean => /^(?:[0-9]{15}|[0-9A-Z]{20})$/.test(code.normalize("NFKC").replace(/\s/g, "").toUpperCase());

/** The same order of digits that a person reads off the tax platform, without the gaps. */
export const plainDigits = (text: string): string => text.normalize("NFKC").replace(/[\s-]/g, "");

export const fileName = (number: string): string => `${number.replace(/[^\w-]+/g, "_")}.pdf`;
