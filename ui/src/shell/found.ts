// What the database finds for the words in the search field.
import type { Tone } from "../parts/Chip";
import { useRead } from "../reading";
import { to } from "../routes";
import { useWords } from "../words";

export interface Find {
  key: string;
  kind: string;
  tone: Tone;
  title: string;
  detail: string;
  address: string;
}

const tones: Record<string, Tone> = { customer: "green", order: "plain", refund: "violet", dispute: "brand", invoice: "plain", journal: "plain", judicial: "amber" };

export function useFound(text: string): { rows: Find[]; waiting: boolean } {
  const words = useWords();
  const found = useRead("search.find", { query: text }, { enabled: text.length > 0 });
  const rows = (text ? (found.data ?? []) : []).map((row): Find => ({
    key: row.id,
    kind: words.shell.search.kinds[row.kind] ?? row.kind,
    tone: tones[row.kind] ?? "plain",
    title: row.title,
    // The second part is a state or a kind of journal, in the words of the database.
    detail: (row.detail ?? "")
      .split(" · ")
      .map((part) => words.customers.statuses[part] ?? words.parts.journalKinds[part] ?? part)
      .join(" · "),
    address: addressOf(row),
  }));
  return { rows, waiting: found.isFetching };
}

function addressOf(row: { kind: string; id: string; title: string; customer_id: string | null }): string {
  switch (row.kind) {
    case "refund":
      return `/refunds/${row.id}`;
    case "dispute":
      return `/disputes/${row.id}`;
    case "judicial":
      return `/locks/${row.id}`;
    case "invoice":
      return `/invoices/${row.id}`;
    case "journal":
      return to("/ledger", { journal: row.id });
    case "order":
      return to(`/customers/${row.customer_id ?? ""}`, { order: row.title });
    default:
      return `/customers/${row.customer_id ?? row.id}`;
  }
}
