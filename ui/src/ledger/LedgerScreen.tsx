import { useCallback, useEffect, useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Chip, journalTone } from "../parts/Chip";
import { Filters } from "../parts/Filters";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { Button } from "../parts/Button";
import { usePages, useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { documentAddress } from "./doors";
import { useLedgerFilter } from "./filters";
import { JournalPanel } from "./JournalPanel";
import classes from "./ledger.module.css";

type Journal = Result<"ledger.list">[number];
/** One line of the paper: a posting with the journal it belongs to. */
interface Posting {
  journal: Journal;
  line: Journal["lines"][number];
}
const page = 100;
const compactMemory = "kontor.ledger.compact";
const sidesMemory = "kontor.ledger.sides";

/** House accounts that grow by a debit: what we have and what we spend. All others grow by a credit. */
const growsByDebit = new Set(["alipay_clearing", "wechat_clearing", "bank", "provider_fees"]);

/** All postings, newest first, a journal's lines together; the chosen journal beside them. */
export default function LedgerScreen() {
  const { words, formats } = useSpeech();
  const { query: given } = useRoute();
  const { query, filters, set } = useLedgerFilter();
  const [compact, setCompact] = useState(() => localStorage.getItem(compactMemory) !== "no");
  // A link to one journal shows it where it stands in the books; what is newer is one press away.
  const [anchor, setAnchor] = useState(() => given.get("journal"));
  const before = anchor && /^\d+$/.test(anchor) ? String(BigInt(anchor) + 1n) : null;
  const [inOut, setInOut] = useState(() => localStorage.getItem(sidesMemory) === "in-out");
  const pages = usePages("ledger.list", { ...query, maximum: page, ...(before ? { before } : {}) }, page, (last) => ({ before: last.id }), { still: true });
  const newest = pages.rows[0]?.id;
  const newer = useRead("ledger.list", { ...query, after: newest ?? null, maximum: page }, { enabled: newest !== undefined, keep: false, fresh_ms: 60_000 });
  const newerCount = newer.data?.length ?? 0;
  const postings = useMemo(() => pages.rows.flatMap((journal) => journal.lines.map((line): Posting => ({ journal, line }))), [pages.rows]);
  const totals = useRead("ledger.total", query);
  const chosen = given.get("journal");
  const parameters = useMemo(() => Object.fromEntries(given), [given]);
  // A link from this very screen (a reversed journal, say) may lead beyond what is loaded.
  useEffect(() => {
    if (chosen && pages.rows.length > 0 && !pages.rows.some((journal) => journal.id === chosen)) setAnchor(chosen);
    // Only when another journal is asked for.
  }, [chosen]);
  const choose = useCallback((row: Posting | null) => amend(to("/ledger", { ...parameters, journal: row?.journal.id })), [parameters]);
  // The year is written only where it is another one, and then it needs the room.
  const otherYears = pages.rows.some((journal) => formats.instant(journal.recorded_at).length > 15);
  const columns = useColumns(query.customer_id !== null, otherYears, inOut);
  const count = totals.data?.reduce((sum, total) => sum + BigInt(total.postings), 0n);
  return (
    <div className="screen" data-testid="screen-ledger" data-ready={!pages.loading}>
      <Heading
        title={words.ledger.title}
        actions={
          <>
            <Button
              keys="s"
              label={words.ledger.sides}
              onClick={() => {
                localStorage.setItem(sidesMemory, inOut ? "debit-credit" : "in-out");
                setInOut(!inOut);
              }}
            >
              {inOut ? words.ledger.showDebitCredit : words.ledger.showInOut}
            </Button>
            <Button
              onClick={() => {
                localStorage.setItem(compactMemory, compact ? "no" : "yes");
                setCompact(!compact);
              }}
            >
              {compact ? words.ledger.roomy : words.ledger.compact}
            </Button>
          </>
        }
      >
        {count !== undefined && words.ledger.count(formats.count(String(count)))}
      </Heading>
      <Filters filters={filters} />
      <div className={classes.split}>
        <Panel fill className={classes.list}>
          <Table
            label={words.ledger.title}
            columns={columns}
            rows={postings}
            rowKey={postingKey}
            groupKey={(row) => row.journal.id}
            amount={(row) => row.line.amount}
            onPeek={choose}
            onOpen={({ journal }) => {
              const address = documentAddress(journal.document_kind, journal.document_id, journal.customer_id) ?? (journal.customer_id && `/customers/${journal.customer_id}`);
              if (address) go(address);
            }}
            compact={compact}
            loading={pages.loading}
            error={pages.error}
            onRetry={pages.retry}
            newer={newerCount > 0 ? { count: newerCount === page ? `${page}+` : String(newerCount), show: () => (anchor ? setAnchor(null) : pages.restart()) } : null}
            startAt={(row) => row.journal.id === anchor}
            more={pages.more}
            loadingMore={pages.loadingMore}
            autoFocus
            rowTestId="ledger-row"
            empty={<Empty title={words.ledger.empty}>{set ? words.ledger.emptyFiltered : words.ledger.emptyBooks}</Empty>}
          />
        </Panel>
        <JournalPanel id={chosen} />
      </div>
      <footer className={classes.totals}>
        <span className="muted">{words.ledger.thisFilter}</span>
        {(totals.data ?? []).map((total) => (
          <span key={total.commodity} className={classes.total}>
            <span className="muted">{words.ledger.commodities[total.commodity] ?? total.commodity}</span>
            {words.ledger.debit} <Money amount={total.debit} strong />
            {words.ledger.credit} <Money amount={total.credit} strong />
          </span>
        ))}
      </footer>
    </div>
  );
}

function useColumns(oneCustomer: boolean, otherYears: boolean, inOut: boolean): Column<Posting>[] {
  const { words, formats, language } = useSpeech();
  return useMemo(() => {
    const names = words.ledger.columns;
    const first = (row: Posting) => row.line.line === 1;
    // The left column is the debit, or what comes in: on an account that grows by a credit those are opposites.
    const left = (row: Posting) => row.line.amount.startsWith("-") === (inOut && !growsByDebit.has(row.line.account));
    const side = (row: Posting, right: boolean) => (left(row) !== right ? row.line.amount.replace("-", "") : null);
    const number = (amount: string | null) => (amount === null ? "" : spreadsheetNumber(amount));
    const columns: Column<Posting>[] = [
      { id: "recorded", title: `${names.recorded} ↓`, width: otherYears ? "142px" : "116px", cell: (row) => first(row) && <Instant at={row.journal.recorded_at} />, copy: (row) => formats.exact(row.journal.recorded_at) },
      { id: "effective", title: words.ledger.journal.effective, width: "142px", spare: 0, cell: (row) => first(row) && <span className="soft"><Instant at={row.journal.effective_at} /></span>, copy: (row) => formats.exact(row.journal.effective_at) },
      { id: "journal", title: names.journal, width: "88px", spare: 1, cell: (row) => first(row) && words.ledger.number(row.journal.id), copy: (row) => row.journal.id },
      {
        id: "kind",
        title: names.kind,
        width: "108px",
        cell: (row) => first(row) && <Chip tone={journalTone[row.journal.kind]}>{words.parts.journalKinds[row.journal.kind] ?? row.journal.kind}</Chip>,
        copy: (row) => words.parts.journalKinds[row.journal.kind] ?? row.journal.kind,
      },
      {
        id: "account",
        title: names.account,
        width: "minmax(112px, 1.2fr)",
        cell: (row) => (
          <>
            {language === "en" ? row.line.title_en : row.line.title_zh}
            {row.line.commodity !== "CNY" && <span className="muted"> {words.ledger.tags[row.line.commodity] ?? row.line.commodity}</span>}
          </>
        ),
        copy: (row) => (language === "en" ? row.line.title_en : row.line.title_zh),
      },
      {
        id: "customer",
        title: names.customer,
        width: "minmax(92px, 1fr)",
        cell: (row) =>
          row.line.customer && (
            <a className={classes.quiet} href={`#/customers/${row.journal.customer_id}`}>
              {row.journal.customer_name}
            </a>
          ),
        copy: (row) => row.journal.customer_name ?? "",
      },
      { id: "debit", title: inOut ? words.ledger.in : names.debit, width: "minmax(108px, 0.6fr)", align: "end", cell: (row) => <Money amount={side(row, false)} places={6} />, copy: (row) => number(side(row, false)) },
      { id: "credit", title: inOut ? words.ledger.out : names.credit, width: "minmax(108px, 0.6fr)", align: "end", cell: (row) => <Money amount={side(row, true)} places={6} />, copy: (row) => number(side(row, true)) },
      { id: "balance", title: names.balance, width: "minmax(112px, 0.6fr)", align: "end", cell: (row) => <Money amount={row.line.balance_after} places={6} tone="muted" />, copy: (row) => number(row.line.balance_after) },
    ];
    return oneCustomer ? columns.filter((column) => column.id !== "customer") : columns;
  }, [words, formats, language, oneCustomer, otherYears, inOut]);
}

const postingKey = (row: Posting) => `${row.journal.id}/${row.line.line}`;
