// Months as people name them, and the words for what is open in a line of the checklist.
import type { Result } from "../call";
import type { Tone } from "../parts/Chip";
import { to } from "../routes";
import { addDays } from "../times";
import type { Language } from "../times";
import type { Formats } from "../times";
import type { Words } from "../words";

export type MonthEndPage = NonNullable<Result<"periods.open">>;
export type Item = MonthEndPage["items"][number];
export type Status = MonthEndPage["period"]["status"];
export type Action = MonthEndPage["steps"][number]["action"];

/** May 2026 · 2026年5月 */
export function monthTitle(language: Language, month: string): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { month: language === "en" ? "short" : "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month.slice(0, 10)}T12:00:00Z`));
}

/** The same month, some months later or earlier. */
export function addMonths(month: string, count: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}-01`;
}

export const statusTone: Record<Status, Tone> = { open: "plain", soft_closed: "amber", close_proposed: "brand", closed: "green", reopen_proposed: "brand" };
export const stateTone: Record<Item["state"], Tone> = { done: "green", open: "amber", waived: "violet" };

/** Where what is open in a line can be settled. */
const doors: Record<string, string> = {
  statements_complete: "/imports",
  exceptions_settled: "/imports/exceptions",
  suspense_aged: "/imports/exceptions",
  tie_out: "/today",
  proposals_decided: to("/books", { view: "corrections" }),
  prepaid_reviewed: to("/books", { view: "prepaid" }),
};
/** A figure to review stands as the month ended: its postings are those up to then. */
const figures: Record<string, { account: string; commodity: string }> = {
  receivables_reviewed: { account: "receivable", commodity: "CNY" },
  credit_liability: { account: "wallet", commodity: "CNY.GIFT" },
};
export const doorOf = (item: Item, month: string): string | null =>
  figures[item.code] ? to("/ledger", { ...figures[item.code], asof: addDays(addMonths(month, 1), -1), basis: "effective" }) : (doors[item.code] ?? null);

/** What the database saw, in words. */
export function seenText(words: Words, formats: Formats, item: Item): string {
  const text = words.books.seen;
  const count = formats.count(item.open_count);
  const none = item.open_count === "0";
  const { days = [], quiet = 0, checks = [], kinds = {}, products = [] } = item.detail;
  switch (item.code) {
    case "statements_complete": {
      const named = days.slice(0, 3).map((day) => `${formats.day(day.on)} ${words.parts.channels[day.channel] ?? day.channel}`);
      return none ? text.statements(formats.count(quiet)) : text.statementsMissing(count, named.join(text.comma) + (days.length > 3 ? "…" : ""));
    }
    case "exceptions_settled":
      return none ? text.nothingOpen : text.exceptions(count);
    case "suspense_aged":
      return none ? text.nothingOpen : text.suspense(count);
    case "tie_out":
      return none ? text.tiesOut : text.broken(checks.map((one) => (words.today.equations as Record<string, string>)[one] ?? one).join(text.comma));
    case "proposals_decided":
      return none ? text.nothingOpen : text.proposals(Object.entries(kinds).map(([kind, n]) => `${text.kinds[kind] ?? kind} ${formats.count(n)}`).join(text.comma));
    case "vat_split":
      return none ? text.vatPosted : text.vatOpen(products.join(text.comma));
    default:
      return item.note ?? "";
  }
}
