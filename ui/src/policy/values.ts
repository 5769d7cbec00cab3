// The values of policies: how they are shown, typed and sent. Rates move their point as text, so nothing is rounded.
import { rateText } from "../amounts";
import type { Result } from "../call";
import type { Words } from "../words";

export type Policy = Result<"policies.list">[number];
export type Person = Result<"people.list">[number];
export type Calendar = Result<"calendar.list">[number];
export type Seller = Result<"invoices.list_sellers">[number];
export type Product = NonNullable<Result<"catalogue.open">>["products"][number];
export type Rate = Product["rates"][number];
export type RateState = "inForce" | "ahead" | "over" | "replaced" | "proposed" | "declined" | "withdrawn";
export type Form = "switch" | "amount" | "days" | "count" | "fee" | "steps" | "hours" | "reasons" | "columns" | "limits" | "pairs" | "layout" | "address";

export const forms: Record<string, Form> = {
  consume_order: "switch",
  refund_once_scope: "switch",
  recharge_minimum: "amount",
  second_approval_above: "amount",
  adjustment_limit: "amount",
  rounding_limit: "amount",
  review_joined_with_approval_up_to: "amount",
  retype_above: "amount",
  bulk_approval_up_to: "amount",
  step_up_bulk_above: "amount",
  step_up_approval_above: "amount",
  step_up_release_above: "amount",
  step_up_minutes: "count",
  refund_quiet_hours: "count",
  release_wait_minutes: "count",
  credit_pending_days: "count",
  refund_spacing_seconds: "count",
  refunds_of_one_order: "count",
  red_confirmation_hours: "count",
  refund_fee: "fee",
  refund_window_days: "days",
  evidence_days: "days",
  shortfall_days: "days",
  platform_answer_minutes: "count",
  judicial_warning_days: "days",
  reminder_days: "steps",
  letter_reminder_days: "steps",
  working_hours: "hours",
  delegation_days: "days",
  bulk_approval_own: "limits",
  letters_from: "address",
  payout_reasons: "reasons",
  payout_columns: "columns",
  currencies: "pairs",
  tax_currencies: "pairs",
  foreign_tax_rates: "layout",
  tax_items: "layout",
  tax_sheet_columns: "layout",
  tax_list_columns: "layout",
  payout_heading: "switch",
  payout_encoding: "switch",
};
export const switches: Record<string, string[]> = { consume_order: ["gift_first", "principal_first"], refund_once_scope: ["lot", "account"], payout_heading: ["none", "columns", "batch"], payout_encoding: ["GBK", "GB18030", "UTF8"] };
export const channels = ["alipay", "wechat"];
const perChannel = ["refund_fee", "refund_window_days", "refund_spacing_seconds", "refunds_of_one_order", "payout_reasons", "payout_columns", "payout_heading", "payout_encoding"];
export const byChannel = (name: string): boolean => perChannel.includes(name);

/** "0.6" → "0.006"; null where it is not a number below 100 with at most `places` decimals. */
export function fromPercent(text: string, places = 4): string | null {
  const plain = text.normalize("NFKC").replace(/[\s%]/g, "");
  const match = /^(\d{1,2})(?:\.(\d*))?$/.exec(plain);
  const fraction = (match?.[2] ?? "").replace(/0+$/, "");
  if (!match || fraction.length > places) return null;
  const digits = `${(match[1] ?? "").padStart(2, "0")}${fraction}`.replace(/0+$/, "");
  return digits ? `0.${digits}` : "0";
}

/** Amounts of a policy may be zero, which amounts of a case may not. */
export function plainAmount(text: string, whole = 12): string | null {
  const plain = text.normalize("NFKC").replace(/[\s,¥元]/g, "");
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(plain);
  if (!match || (match[1] ?? "").length > whole) return null;
  return `${(match[1] ?? "0").replace(/^0+(?=\d)/, "")}.${(match[2] ?? "").padEnd(2, "0")}`;
}

export function dayCount(text: string, most: number, least = 1): number | null {
  const plain = text.normalize("NFKC").trim();
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : -1;
  return count >= least && count <= most ? count : null;
}

/** "7, 3, 1" → [7, 3, 1]; null where one of them is no number of days. */
export function daySteps(text: string): number[] | null {
  const steps = text.normalize("NFKC").split(/[\s,、]+/).filter(Boolean).map((step) => dayCount(step, 90, 0));
  return steps.length > 0 && steps.length <= 10 && steps.every((step) => step !== null) ? steps : null;
}

/** An e-mail address as a sender may have it; full-width signs are what a Chinese keyboard leaves. */
export function addressOf(text: string): string | null {
  const plain = text.normalize("NFKC").trim();
  return /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$/.test(plain) ? plain : null;
}

interface Hours {
  from: string;
  until: string;
}

/** "9:30-18:00" → { from: "09:30", until: "18:00" } */
export function hoursOf(text: string): Hours | null {
  const match = /^(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})$/.exec(text.normalize("NFKC").trim());
  const [from, until] = [match?.[1], match?.[2]].map((time) => time?.padStart(5, "0") ?? "");
  const wellFormed = (time = "") => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time);
  return from && until && wellFormed(from) && wellFormed(until) && from < until ? { from, until } : null;
}

/** What an upload file may say of an instruction. */
export const columnFields = ["order_no", "provider_no", "refund_no", "order_amount", "amount", "reason"];

/** Columns as a person writes them, one a line: heading = field. */
export const columnsText = (value: unknown): string => (Array.isArray(value) ? value.map((one) => (Array.isArray(one) ? `${String(one[0])} = ${String(one[1])}` : "")).join("\n") : "");

/** The same read back; null where a line has no known field, or our number or the amount is missing. */
export function columnsOf(text: string): [string, string][] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const columns = lines.map((line): [string, string] => {
    const at = line.search(/[=＝]/);
    return [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
  });
  const fields = columns.map(([, field]) => field);
  const known = columns.every(([heading, field]) => heading !== "" && columnFields.includes(field));
  return known && fields.includes("refund_no") && fields.includes("amount") && columns.length >= 3 && columns.length <= 20 ? columns : null;
}

/** Limits of persons as one writes them, one a line: login = amount. */
export const limitsText = (value: unknown): string => Object.entries((value ?? {}) as Record<string, string>).map(([login, most]) => `${login} = ${most}`).join("\n");

/** The same read back; null where a line is no login with an amount. Nothing at all means that nobody has an own limit. */
export function limitsOf(text: string): Record<string, string> | null {
  const limits: Record<string, string> = {};
  for (const line of text.split(/\r?\n/).filter((one) => one.trim() !== "")) {
    const [login = "", amount = ""] = line.split(/[=＝]/).map((part) => part.trim());
    const most = plainAmount(amount);
    if (!login || most === null) return null;
    limits[login] = most;
  }
  return limits;
}

/** Names and what they stand for, one a line: name = text. Null where a line is no such pair. */
export function pairsOf(text: string): Record<string, string> | null {
  const pairs = text.split(/\r?\n/).filter((one) => one.trim() !== "").map((line) => line.split(/[=＝]/).map((part) => part.trim()));
  return pairs.length > 0 && pairs.every((pair) => pair.length === 2 && pair.every(Boolean)) ? (Object.fromEntries(pairs) as Record<string, string>) : null;
}

/** A layout as the database keeps it; null while it is not whole. */
export function layoutOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

interface Fee {
  rate: string;
  minimum: string;
  cap?: string;
  rounding?: string;
}

const isFee = (value: unknown): value is Fee => typeof value === "object" && value !== null && "rate" in value && "minimum" in value;

/** Layouts and lists of words, short enough for a line: headings without their fields, worksheets by their names. */
function layout(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? String(one[0]) : layout(one))).join(" · ");
  if (typeof value !== "object" || value === null) return String(value);
  return "sheet" in value ? String(value.sheet) : Object.entries(value).map(([key, one]) => `${key}: ${layout(one)}`).join("; ");
}

/** A value as the list shows it. */
export function valueText(words: Words, name: string, value: unknown, count: (value: string) => string): string {
  const text = words.policy.policies;
  if (isFee(value)) {
    const rate = rateText(String(value.rate));
    const parts = [/[1-9]/.test(String(value.minimum)) ? text.fee(rate, String(value.minimum)) : text.feeNoMinimum(rate), value.cap && text.feeCap(value.cap), value.rounding && value.rounding !== "half_up" && text.roundings[value.rounding]];
    return parts.filter(Boolean).join(" · ");
  }
  switch (forms[name]) {
    case "switch":
      return text.switches[String(value)] ?? String(value);
    case "amount": {
      const [whole = "0", fraction = ""] = String(value).split(".");
      return `¥ ${count(whole)}.${fraction.padEnd(2, "0")}`;
    }
    case "days":
      return text.days(count(String(value)));
    case "hours":
      return `${(value as Hours).from}–${(value as Hours).until}`;
    case "steps":
      return text.days((value as number[]).join(", "));
    case "count":
      return text.counts[name]?.(count(String(value))) ?? count(String(value));
    default:
      if (forms[name] === "limits") return limitsText(value).replaceAll("\n", " · ") || text.nobodysOwn;
      if (forms[name] === "reasons") return Object.values(value as Record<string, string>).join(" · ");
      // The columns of a file: heading after heading.
      return layout(value);
  }
}

/** The window's clock ticks twice a minute: what began since its last tick has begun. */
export const begun = (instant: string, now: Date): boolean => Date.parse(instant) <= now.getTime() + 60_000;

export interface PolicyGroup {
  key: string;
  name: string;
  channel: string | null;
  /** Newest first. */
  all: Policy[];
  inForce: Policy | null;
  ahead: Policy[];
  waiting: Policy[];
}

/** One row for each policy and channel: what holds now, what waits, what was before. */
export function grouped(policies: Policy[], now: Date): PolicyGroup[] {
  const groups = new Map<string, PolicyGroup>();
  for (const policy of policies) {
    const key = `${policy.name} ${policy.channel ?? ""}`;
    const group = groups.get(key) ?? { key, name: policy.name, channel: policy.channel, all: [], inForce: null, ahead: [], waiting: [] };
    groups.set(key, group);
    group.all.push(policy);
    if (policy.declined_at) continue;
    if (policy.confirmed_at === null) group.waiting.push(policy);
    else if (!begun(policy.valid_from, now)) group.ahead.push(policy);
    // The list comes with the latest first, so the first one found is the one that holds.
    else group.inForce ??= policy;
  }
  return [...groups.values()];
}

export type DutyState = "now" | "waiting" | "later" | "over" | "withdrawn";

/** A proposal begins at infinity until it is confirmed; one that was withdrawn also ends there. */
export function dutyState(duty: Person["duties"][number], now: Date): DutyState {
  if (!duty.confirmed) return duty.until_at === null ? "waiting" : "withdrawn";
  if (duty.until_at && duty.until_at !== "infinity" && begun(duty.until_at, now)) return "over";
  return duty.from_at === "infinity" || !begun(duty.from_at, now) ? "later" : "now";
}

/** The instant at which a Shanghai day begins. */
export const startOf = (day: string): string => `${day}T00:00:00+08:00`;

/** Where a rate of a product stands in a month; the product's rates come with the newest month first. */
export function rateState(product: Product, rate: Rate, month: string): RateState {
  if (rate.status !== "confirmed") return rate.status;
  const confirmed = product.rates.filter((one) => one.status === "confirmed");
  const newest = (wanted: string | null) => confirmed.filter((one) => one.from_month === wanted).sort((a, b) => (b.confirmed_at ?? "").localeCompare(a.confirmed_at ?? ""))[0];
  if (newest(rate.from_month)?.id !== rate.id) return "replaced";
  if ((rate.from_month ?? "") > month) return "ahead";
  const holds = confirmed.find((one) => (one.from_month ?? "") <= month);
  return holds && holds.from_month === rate.from_month ? "inForce" : "over";
}
