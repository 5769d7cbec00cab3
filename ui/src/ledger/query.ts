// The ledger's filter lives in the address: a link can carry it, Back undoes it, and a saved filter is nothing else.
import type { LedgerFilter } from "../bindings";
import { addDays } from "../times";

/** The parts of the address that narrow the list. */
export const narrowing = ["customer", "name", "account", "kind", "commodity", "product", "channel", "document", "least", "most", "from", "until", "person", "memo"] as const;
/** What a saved filter keeps besides. */
export const kept = [...narrowing, "basis", "asof"] as const;

/** The first instant of a Shanghai day. */
export const dawn = (day: string) => `${day}T00:00:00+08:00`;
/** The end of a day is the beginning of the next, left out: so its last instant is inside. */
export const endOf = (day: string) => dawn(addDays(day, 1));

/** "9:05" of a clock, as 09:05; null where it is none. */
export function timeOf(text: string): string | null {
  const found = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/.exec(text.trim());
  return found ? `${found[1]!.padStart(2, "0")}:${found[2]}` : null;
}
/** An as-of in the address: "2026-02-13" is the end of that day, "2026-02-13 10:42" that minute. */
export const asOfText = (day: string, time: string | null) => (time ? `${day} ${time}` : day);
/** The instant before which everything counts. */
export const asOfInstant = (asof: string) => (asof.includes(" ") ? `${asof.replace(" ", "T")}:00+08:00` : endOf(asof));

export const byEffective = (given: URLSearchParams) => given.get("basis") === "effective";

/** The filter as the database reads it. */
export function filterOf(given: URLSearchParams): LedgerFilter {
  const from = given.get("from");
  const [last, asof] = [given.get("until"), given.get("asof")];
  // The earlier of the two ends holds.
  const until = [last && endOf(last), asof && asOfInstant(asof)].filter(Boolean).sort()[0] ?? null;
  const basis = byEffective(given) ? "effective" : "recorded";
  const filter: Record<string, string | null> = {
    customer_id: given.get("customer"),
    account: given.get("account"),
    kind: given.get("kind"),
    commodity: given.get("commodity"),
    product: given.get("product"),
    channel: given.get("channel"),
    document: given.get("document"),
    amount_from: given.get("least"),
    amount_until: given.get("most"),
    [`${basis}_from`]: from && dawn(from),
    [`${basis}_until`]: until,
    person: given.get("person"),
    memo: given.get("memo"),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as LedgerFilter;
}

/** A filter as an argument; none is left out. */
export const asked = (filter: LedgerFilter): { filter?: LedgerFilter } => (Object.keys(filter).length > 0 ? { filter } : {});
