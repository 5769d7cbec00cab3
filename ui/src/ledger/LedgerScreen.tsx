import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { KeyLayer } from "../keys";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Filters } from "../parts/Filters";
import { Dialog } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { Heading, Panel } from "../parts/Panel";
import { Table } from "../parts/Table";
import { useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { useAsOfWords } from "./AsOf";
import { Jump } from "./Days";
import { documentAddress } from "./doors";
import { useLedgerFilters } from "./filters";
import { JournalPanel } from "./JournalPanel";
import { useColumns, type Posting } from "./columns";
import { pageSize, useLedgerPages, type Start } from "./pages";
import { asked, byEffective, endOf, filterOf } from "./query";
import { SavedFilters } from "./SavedFilters";
import { TotalsLine, useTotals } from "./Totals";
import classes from "./ledger.module.css";

const compactMemory = "kontor.ledger.compact";
const sidesMemory = "kontor.ledger.sides";
const postingKey = (row: Posting) => `${row.journal.id}/${row.line.line}`;

/** Where the list begins: a link to one journal shows it where it stands in the books, a day shows its end. */
const startOf = (given: URLSearchParams): Start => {
  const journal = given.get("journal");
  const day = given.get("at");
  if (day) return { from: "day", at: endOf(day) };
  return journal && /^\d{1,18}$/.test(journal) ? { from: "journal", id: journal } : { from: "newest" };
};

/** All postings, newest first, a journal's lines together; the chosen journal beside them. */
export default function LedgerScreen() {
  const { words, formats } = useSpeech();
  const { query: given } = useRoute();
  const asOfWords = useAsOfWords();
  const { filters, set, clear } = useLedgerFilters();
  const parameters = useMemo(() => Object.fromEntries(given), [given]);
  // The row under the cursor is in the address too; it must not make the list another one.
  const narrowed = JSON.stringify(filterOf(given));
  const filter = useMemo(() => JSON.parse(narrowed) as ReturnType<typeof filterOf>, [narrowed]);
  const effective = byEffective(given);
  const [compact, setCompact] = useState(() => localStorage.getItem(compactMemory) !== "no");
  const [inOut, setInOut] = useState(() => localStorage.getItem(sidesMemory) === "in-out");
  const [start, setStart] = useState<Start>(() => startOf(given));
  const [jumping, setJumping] = useState(false);
  const pages = useLedgerPages(filter, effective, start);
  const begun = pages.start;
  // What came since is told against the first row of all, which may have been dropped on the way down.
  const newest = useTop(begun.from === "newest" && !pages.stale, pages.earlier === null, pages.rows[0]?.id, `${narrowed}${effective}${JSON.stringify(begun)}`);
  const newer = useRead("ledger.list", { ...asked(filter), by_effective: effective, after: newest ?? null, maximum: pageSize }, { enabled: newest !== undefined, keep: false, fresh_ms: 60_000 });
  const newerCount = newest === undefined ? 0 : (newer.data?.length ?? 0);
  const postings = useMemo(() => pages.rows.flatMap((journal) => journal.lines.map((line): Posting => ({ journal, line }))), [pages.rows]);
  const counted = useTotals(filter);
  const chosen = given.get("journal");
  const day = given.get("at");
  // Another filter begins at its newest row, unless the address says where.
  const [known, setKnown] = useState(narrowed);
  useEffect(() => {
    if (known === narrowed) return;
    setKnown(narrowed);
    setStart(startOf(given));
  }, [known, narrowed, given]);
  // A link from this very screen (a reversed journal, say) may lead beyond what is loaded.
  useEffect(() => {
    if (chosen && pages.rows.length > 0 && !pages.rows.some((journal) => journal.id === chosen)) setStart({ from: "journal", id: chosen });
    // Only when another journal is asked for.
  }, [chosen]);
  const choose = useCallback((row: Posting | null) => amend(to("/ledger", { ...parameters, journal: row?.journal.id })), [parameters]);
  const again = () => setStart((now) => ({ from: "newest", again: now.from === "newest" ? (now.again ?? 0) + 1 : 0 }));
  const jump = (to_day: string | null) => {
    setJumping(false);
    amend(to("/ledger", { ...parameters, journal: null, at: to_day }));
    setStart(to_day ? { from: "day", at: endOf(to_day) } : { from: "newest" });
  };
  const jumpTo = (id: string) => {
    setJumping(false);
    amend(to("/ledger", { ...parameters, journal: id, at: null }));
    setStart({ from: "journal", id });
  };
  const flip = (memory: string, now: boolean, said: [string, string], change: (next: boolean) => void) => {
    localStorage.setItem(memory, said[now ? 1 : 0]);
    change(!now);
  };
  const texts = words.ledger;
  // The year is written only where it is another one, and then it needs the room.
  const otherYears = pages.rows.some((journal) => formats.instant(effective ? journal.effective_at : journal.recorded_at).length > 15);
  const columns = useColumns({ byEffective: effective, otherYears, inOut, oneCustomer: Boolean(filter.customer_id) });
  const count = counted.totals?.reduce((sum, total) => sum + BigInt(total.postings), 0n);
  return (
    <div className="screen" data-testid="screen-ledger" data-ready={!pages.loading}>
      <Heading
        title={texts.title}
        actions={
          <>
            <Button onClick={() => setJumping(true)} keys="Shift+g" label={texts.jump.title} data-testid="ledger-jump">
              {day && begun.from === "day" ? formats.day(day) : texts.jump.button}
            </Button>
            <Button keys="b" label={texts.basis.label} onClick={() => amend(to("/ledger", { ...parameters, basis: effective ? null : "effective" }))}>
              {effective ? texts.journal.effective : texts.journal.recorded}
            </Button>
            <Button keys="s" label={texts.sides} onClick={() => flip(sidesMemory, inOut, ["in-out", "debit-credit"], setInOut)}>
              {inOut ? texts.showDebitCredit : texts.showInOut}
            </Button>
            <Button onClick={() => flip(compactMemory, compact, ["yes", "no"], setCompact)}>{compact ? texts.roomy : texts.compact}</Button>
            <SavedFilters />
            <ExportButton title={texts.title} of={{ list: "ledger.list", arguments: { ...asked(filter), by_effective: effective } }} words={{ kind: words.parts.journalKinds, document_kind: texts.documents, "line.commodity": texts.commodities }} />
          </>
        }
      >
        {parameters.asof && <Chip tone="amber">{texts.asOf(asOfWords(parameters.asof))}</Chip>}
        {count !== undefined ? texts.count(formats.count(String(count))) : counted.counting ? texts.counting(counted.share ?? "0%") : texts.notCounted}
      </Heading>
      <Filters filters={filters} onClearAll={clear} />
      <div className={classes.split}>
        <Panel fill className={classes.list}>
          <Table
            key={pages.shownKey}
            label={texts.title}
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
            newer={newerCount > 0 ? { count: newerCount === pageSize ? `${pageSize}+` : String(newerCount), show: again } : null}
            startAt={(row) => begun.from === "journal" && row.journal.id === begun.id}
            more={pages.more}
            loadingMore={pages.loadingMore}
            earlier={pages.earlier}
            loadingEarlier={pages.loadingEarlier}
            onHold={pages.onHold}
            onHome={start.from !== "newest" ? () => jump(null) : pages.earlier ? again : null}
            onEnd={pages.more ? () => setStart({ from: "oldest" }) : null}
            autoFocus
            rowTestId="ledger-row"
            empty={<Empty title={texts.empty}>{set ? texts.emptyFiltered : texts.emptyBooks}</Empty>}
          />
        </Panel>
        <JournalPanel id={chosen} />
      </div>
      <TotalsLine counted={counted} />
      <KeyLayer open={jumping}>
        <Dialog open={jumping} onClose={() => setJumping(false)} title={texts.jump.title} size={360}>
          <Jump day={day} onDay={jump} onJournal={jumpTo} />
        </Dialog>
      </KeyLayer>
    </div>
  );
}

/** The first row of a list from the newest on, kept while the list has moved on from it. */
function useTop(fromNewest: boolean, atTop: boolean, first: string | undefined, list: string): string | undefined {
  const known = useRef<{ list: string; id: string | undefined }>({ list: "", id: undefined });
  if (!fromNewest) return undefined;
  if (atTop && first !== undefined) known.current = { list, id: first };
  return known.current.list === list ? known.current.id : undefined;
}
