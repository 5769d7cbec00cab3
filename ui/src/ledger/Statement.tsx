import { useMemo, useRef, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip, journalTone } from "../parts/Chip";
import { Choice, DayField } from "../parts/Fields";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { call } from "../call";
import { keptPages, useWalk } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { useAccounts } from "./accounts";
import { useSpans } from "./Days";
import { dawn, endOf } from "./query";
import { useTotals } from "./Totals";
import classes from "./ledger.module.css";

type Page = NonNullable<Result<"ledger.statement">>;
type Line = Page["lines"][number];
const pageSize = 100;

/** The period, account and commodity of a statement, kept in the address. */
function useStatementQuery(path: string, account: string) {
  const { query } = useRoute();
  const today = dayOf(useNow());
  const given = Object.fromEntries(query);
  const from = query.get("from") ?? `${today.slice(0, 7)}-01`;
  const until = query.get("until") ?? today;
  return {
    account: query.get("account") ?? account,
    commodity: query.get("commodity") ?? "CNY",
    basis: query.get("basis") === "effective",
    from,
    until: until < from ? from : until,
    change: (next: Record<string, string | null>) => amend(to(path, { ...given, ...next })),
  };
}

/** An account over a period: what it began with, each line with the balance after it, what it ended with. */
export function Statement({ path, customer, account: usual }: { path: string; customer?: { id: string; name: string }; account: string }) {
  const { words } = useSpeech();
  const texts = words.ledger.statement;
  const accounts = useAccounts();
  const asked = useStatementQuery(path, usual);
  const { account, commodity, basis, from, until } = asked;
  const args = { account_code: account, commodity, from_at: dawn(from), until_at: endOf(until), by_effective: basis, ...(customer ? { customer_id: customer.id } : {}), maximum: pageSize };
  const { maximum: _page, ...exported } = args;
  const walk = useWalk<Page, { after_journal?: string; after_line?: number; balance?: string }>(["ledger.statement", "pages", args], {
    ask: (turn) => call("ledger.statement", { ...args, ...turn }) as Promise<Page>,
    next: (page) => {
      const last = page.lines.at(-1);
      return page.more && last ? { after_journal: last.journal_id, after_line: last.line, balance: last.balance } : undefined;
    },
    rowsIn: (page) => page.lines.length,
    first: {},
    kept: keptPages(pageSize),
  });
  // The first page says what the period began and ended with; it stays said when that page is dropped on the way down.
  const said = useRef<Page>(undefined);
  if (walk.before === 0) said.current = walk.pages?.[0];
  const head = said.current;
  const lines = useMemo(() => walk.pages?.flatMap((page) => page.lines) ?? [], [walk.pages]);
  const span = basis ? { effective_from: args.from_at, effective_until: args.until_at } : { recorded_from: args.from_at, recorded_until: args.until_at };
  const counted = useTotals({ account, commodity, ...(customer ? { customer_id: customer.id } : {}), ...span });
  const total = counted.totals && (counted.totals.find((one) => one.commodity === commodity) ?? { debit: "0.00", credit: "0.00", postings: "0" });
  const columns = useStatementColumns();
  const offered = accounts.all.filter((one) => !customer || one.owner === "customer");
  return (
    <Panel
      fill
      title={texts.title}
      hint={texts.hint}
      aside={
        <>
          <Button small onClick={() => go(to("/ledger", { account, commodity, customer: customer?.id, name: customer?.name, from, until, basis: basis ? "effective" : null }))}>
            {words.ledger.title}
          </Button>
          <ExportButton title={texts.title} of={{ list: "ledger.statement", arguments: exported }} words={{ "line.kind": words.parts.journalKinds, commodity: words.ledger.commodities }} />
        </>
      }
      data-testid="statement"
    >
      <div className={classes.bar}>
        <Choice label={texts.account} value={account} onChange={(next) => asked.change({ account: next })} options={offered.map((one) => ({ value: one.code, label: accounts.title(one.code) }))} />
        <Choice label={texts.commodity} value={commodity} onChange={(next) => asked.change({ commodity: next })} options={Object.entries(words.ledger.commodities).map(([value, label]) => ({ value, label }))} />
        <DayField label={texts.from} value={from} max={until} onChange={(next) => next && asked.change({ from: next })} />
        <DayField label={texts.until} value={until} min={from} onChange={(next) => next && asked.change({ until: next })} />
        <Spans change={asked.change} />
        <Button small onClick={() => asked.change({ basis: basis ? null : "effective" })}>
          {basis ? words.ledger.basis.effective : words.ledger.basis.recorded}
        </Button>
      </div>
      {head && <Figures head={head} total={total} credits={accounts.ofCustomer(account)} />}
      <Table<Line>
        label={texts.title}
        columns={columns}
        rows={lines}
        rowKey={(row) => `${row.journal_id}/${row.line}`}
        amount={(row) => row.amount}
        onPeek={() => {}}
        onOpen={(row) => go(to("/ledger", { journal: row.journal_id }))}
        compact
        loading={walk.loading}
        error={walk.error}
        onRetry={walk.retry}
        more={walk.more}
        loadingMore={walk.loadingMore}
        earlier={walk.earlier}
        loadingEarlier={walk.loadingEarlier}
        onHold={walk.onHold}
        onHome={walk.before > 0 ? walk.restart : null}
        rowTestId="statement-row"
        empty={<Empty title={texts.empty}>{texts.emptyWhy}</Empty>}
      />
    </Panel>
  );
}

/** Opening, what came in, what went out, closing. The two between are the exact totals of the same lines, shown when they are counted. */
function Figures({ head, total, credits }: { head: Page; total: { debit: string; credit: string; postings: string } | null; credits: boolean }) {
  const { words, formats } = useSpeech();
  const texts = words.ledger.statement;
  const figure = (title: string, amount: string | null, sign = "") => (
    <div>
      <span className="muted">{title}</span>
      {amount === null ? <span className="muted">…</span> : <Money amount={amount} sign={sign} strong />}
    </div>
  );
  return (
    <div className={classes.figures} data-testid="statement-figures">
      {figure(texts.opening, head.opening)}
      {figure(credits ? texts.in : texts.debit, total && (credits ? total.credit : total.debit), "+")}
      {figure(credits ? texts.out : texts.credit, total && (credits ? total.debit : total.credit), "−")}
      {figure(texts.closing, head.closing)}
      {total && <span className="muted">{texts.lines(formats.count(total.postings))}</span>}
    </div>
  );
}

/** The usual periods by one press. */
function Spans({ change }: { change(next: Record<string, string | null>): void }) {
  const [now, setNow] = useState<string | null>(null);
  return (
    <span className={`${classes.quick} ${classes.tight}`}>
      {useSpans()
        .slice(1)
        .map((span) => (
          <Button
            key={span.label}
            small
            kind={now === span.label ? "primary" : "plain"}
            onClick={() => {
              setNow(span.label);
              change({ from: span.from, until: span.until });
            }}
          >
            {span.label}
          </Button>
        ))}
    </span>
  );
}

function useStatementColumns(): Column<Line>[] {
  const { words, formats } = useSpeech();
  const texts = words.ledger.statement;
  const names = words.ledger.journal;
  return [
    { id: "at", title: texts.date, width: "146px", cell: (row) => <Instant at={row.at} />, copy: (row) => formats.exact(row.at) },
    { id: "kind", title: words.ledger.columns.kind, width: "124px", cell: (row) => <Chip tone={journalTone[row.kind]}>{words.parts.journalKinds[row.kind] ?? row.kind}</Chip>, copy: (row) => words.parts.journalKinds[row.kind] ?? row.kind },
    { id: "journal", title: words.ledger.columns.journal, width: "minmax(96px, 0.5fr)", cell: (row) => <a href={`#${to("/ledger", { journal: row.journal_id })}`}>{words.ledger.number(row.journal_id)}</a>, copy: (row) => row.journal_id },
    { id: "document", title: names.document, width: "minmax(154px, 1fr)", spare: 1, cell: (row) => <span className="soft">{row.document_number}</span>, copy: (row) => row.document_number ?? "" },
    { id: "memo", title: names.memo, width: "minmax(80px, 1fr)", spare: 0, cell: (row) => <span className="soft">{row.memo}</span>, copy: (row) => row.memo ?? "" },
    { id: "amount", title: texts.amount, width: "136px", align: "end", cell: (row) => <Money amount={row.amount} places={6} />, copy: (row) => spreadsheetNumber(row.amount) },
    { id: "balance", title: texts.balance, width: "146px", align: "end", cell: (row) => <Money amount={row.balance} places={6} tone="muted" />, copy: (row) => spreadsheetNumber(row.balance) },
  ];
}
