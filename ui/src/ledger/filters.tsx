import { useState } from "react";
import { CustomerPick } from "../customers/CustomerPick";
import { Button } from "../parts/Button";
import { DayField } from "../parts/Fields";
import { Pick, type Filter } from "../parts/Filters";
import { amend, to, useRoute } from "../routes";
import { useNow } from "../session";
import { addDays, dayOf } from "../times";
import { useSpeech } from "../words";
import { useAccounts } from "./accounts";
import classes from "./ledger.module.css";

export interface LedgerQuery {
  customer_id: string | null;
  account_code: string | null;
  wanted_kind: string | null;
  commodity: string | null;
  recorded_from: string | null;
  recorded_until: string | null;
}

/** The first instant of a Shanghai day. */
const dawn = (day: string) => `${day}T00:00:00+08:00`;

/** The filter lives in the address, so a link can carry it and Back undoes it. */
export function useLedgerFilter(): { query: LedgerQuery; filters: Filter[]; set: boolean } {
  const { query: given } = useRoute();
  const { words, formats, language } = useSpeech();
  const accounts = useAccounts();
  const names = words.ledger.filters;
  const read = (key: string) => given.get(key);
  const change = (next: Record<string, string | null>) =>
    amend(to("/ledger", { ...Object.fromEntries(given), ...next }));
  const from = read("from");
  const until = read("until");
  const query: LedgerQuery = {
    customer_id: read("customer"),
    account_code: read("account"),
    wanted_kind: read("kind"),
    commodity: read("commodity"),
    recorded_from: from && dawn(from),
    // Until the end of that day: half-open, so its last instant is inside.
    recorded_until: until && dawn(addDays(until, 1)),
  };
  const kinds = Object.entries(words.parts.journalKinds).map(([value, label]) => ({ value, label }));
  const commodities = ["CNY", "CNY.GIFT"].map((value) => ({ value, label: words.ledger.commodities[value] ?? value }));
  const span = from || until ? `${from ? formats.day(from) : "…"} – ${until ? formats.day(until) : "…"}` : null;
  const filters: Filter[] = [
    {
      id: "customer",
      label: names.customer,
      value: query.customer_id ? (read("name") ?? query.customer_id) : null,
      editor: (close) => (
        <CustomerPick
          autoFocus
          onPick={(customer) => {
            change({ customer: customer.id, name: customer.name });
            close();
          }}
        />
      ),
      onClear: () => change({ customer: null, name: null }),
    },
    {
      id: "account",
      label: names.account,
      value: query.account_code ? accounts.title(query.account_code) : null,
      editor: (close) => (
        <Pick
          chosen={query.account_code}
          options={accounts.all.map((account) => ({ value: account.code, label: language === "en" ? account.title_en : account.title_zh }))}
          onPick={(account) => {
            change({ account });
            close();
          }}
        />
      ),
      onClear: () => change({ account: null }),
    },
    {
      id: "kind",
      label: names.kind,
      value: query.wanted_kind ? (words.parts.journalKinds[query.wanted_kind] ?? query.wanted_kind) : null,
      editor: (close) => (
        <Pick
          chosen={query.wanted_kind}
          options={kinds}
          onPick={(kind) => {
            change({ kind });
            close();
          }}
        />
      ),
      onClear: () => change({ kind: null }),
    },
    {
      id: "commodity",
      label: names.commodity,
      value: query.commodity ? (words.ledger.commodities[query.commodity] ?? query.commodity) : null,
      editor: (close) => (
        <Pick
          chosen={query.commodity}
          options={commodities}
          onPick={(commodity) => {
            change({ commodity });
            close();
          }}
        />
      ),
      onClear: () => change({ commodity: null }),
    },
    {
      id: "recorded",
      label: names.recorded,
      value: span,
      editor: (close) => (
        <Days
          from={from}
          until={until}
          onApply={(next) => {
            change(next);
            close();
          }}
        />
      ),
      onClear: () => change({ from: null, until: null }),
    },
  ];
  return { query, filters, set: filters.some((filter) => filter.value !== null) };
}

function Days({ from, until, onApply }: { from: string | null; until: string | null; onApply(next: { from: string | null; until: string | null }): void }) {
  const { words } = useSpeech();
  const today = dayOf(useNow());
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(until);
  const monthStart = `${today.slice(0, 7)}-01`;
  const before = addDays(monthStart, -1);
  const spans = words.customers.spans;
  const quick: [string, string, string][] = [
    [spans.today, today, today],
    [spans.week, addDays(today, -6), today],
    [spans.month, monthStart, today],
    [spans.lastMonth, `${before.slice(0, 7)}-01`, before],
  ];
  return (
    <div className={classes.days}>
      <div className={classes.quick}>
        {quick.map(([label, start, end]) => (
          <Button key={label} small onClick={() => onApply({ from: start, until: end })}>
            {label}
          </Button>
        ))}
      </div>
      <DayField label={words.parts.from} value={first} onChange={setFirst} max={last ?? undefined} optional />
      <DayField label={words.parts.until} value={last} onChange={setLast} min={first ?? undefined} optional />
      <Button kind="primary" onClick={() => onApply({ from: first, until: last })}>
        {words.parts.apply}
      </Button>
    </div>
  );
}
