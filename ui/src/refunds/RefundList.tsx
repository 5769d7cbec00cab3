import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Filters, Pick, type Filter } from "../parts/Filters";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { SearchField } from "../parts/SearchField";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty, useNow, useTitles } from "../session";
import { useSpeech, type Words } from "../words";
import { isClosed, type RefundRow } from "./cases";
import { Together, type Step } from "./Together";
import classes from "./refunds.module.css";

const page = 100;
/** Nothing promises a day for a refund, so waiting is only ever remarkable, never late. */
const remarkable_ms = 3 * 86_400_000;

export const statusTone: Record<string, Tone> = {
  requested: "brand",
  reviewed: "violet",
  approved: "violet",
  released: "plain",
  paid: "green",
  rejected: "plain",
  withdrawn: "plain",
};

/** The state in words; a question to the customer or a dispute says more than the step it interrupts. */
export function StatusChip({ refund }: { refund: RefundRow }) {
  const { words } = useSpeech();
  const text = words.refunds;
  const mark = { "data-testid": "refund-status", "data-status": refund.status };
  if (refund.waits_for === "dispute") return <Chip tone="amber" {...mark}>{text.suspended}</Chip>;
  if (refund.waits_for === "customer") return <Chip tone="amber" {...mark}>{text.proofAsked}</Chip>;
  return <Chip tone={statusTone[refund.status] ?? "plain"} {...mark}>{text.statuses[refund.status] ?? refund.status}</Chip>;
}

/** Applications: mine first, because the list is a queue before it is an archive. */
export function RefundList() {
  const { words, formats } = useSpeech();
  const text = words.refunds;
  const { query } = useRoute();
  const decides = useDuty("reviewer", "approver", "treasurer");
  const asks = useDuty("agent");
  const approves = useDuty("approver");
  const reviews = useDuty("reviewer");
  const [together, setTogether] = useState<Step | null>(null);
  const view = query.get("view") ?? (decides ? "mine" : "open");
  const status = query.get("status");
  const search = query.get("q") ?? "";
  const change = (next: Record<string, string | null>) => amend(to("/refunds", { view, status, q: search, ...next }));
  const pages = usePages("refunds.list", { wanted: status ?? view, search: search || null, maximum: page }, page, (last) => ({ before: last.requested_at, before_id: last.id }));
  const columns = useColumns();
  const narrowed = Boolean(search || status);
  return (
    <div className="screen" data-testid="screen-refunds" data-ready={!pages.loading}>
      <Heading
        title={text.title}
        actions={
          <>
          <ExportButton title={text.title} of={pages.source} words={{ status: text.statuses, waits_for: text.waits }} />
          <Button onClick={() => go("/refunds/reports")} data-testid="refund-reports">
            {text.reports.open}
          </Button>
          {approves && (
            <Button keys="b" onClick={() => setTogether("approve")} data-testid="refund-together">
              {text.together.approve.open}
            </Button>
          )}
          {reviews && (
            <Button keys={approves ? undefined : "b"} onClick={() => setTogether("review")} data-testid="refund-review-together">
              {text.together.review.open}
            </Button>
          )}
          <Button kind={asks ? "primary" : "plain"} keys="n" onClick={() => go("/refunds/new")} blocked={!asks && words.parts.refusal.needs(words.shell.duties.agent)} data-testid="refund-new">
            {text.new}
          </Button>
          </>
        }
      >
        {!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}
      </Heading>
      <Tabs
        label={text.title}
        tabs={Object.entries(text.views).map(([id, title]) => ({ id, title }))}
        chosen={status ? "all" : view}
        onChoose={(next) => change({ view: next, status: null })}
      />
      <Filters filters={[useStatusFilter(status, (chosen) => change({ status: chosen }))]}>
        <SearchField keys="Shift+f" value={search} label={text.search} testId="refund-search" onChange={(q) => change({ q })} />
      </Filters>
      <Panel fill>
        <Table
          key={`${view} ${status}`}
          label={text.title}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.amount_net}
          onOpen={(row) => go(`/refunds/${row.id}`)}
          queue={(row) => `/refunds/${row.id}`}
          autoFocus
          rowTestId="refund-row"
          rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
          empty={<NoRefunds text={text} view={view} narrowed={narrowed} />}
        />
      </Panel>
      {together && <Together step={together} onClose={() => setTogether(null)} />}
    </div>
  );
}

function useStatusFilter(status: string | null, onChange: (status: string | null) => void): Filter {
  const text = useSpeech().words.refunds;
  return {
    id: "status",
    label: text.filters.status,
    value: status ? (text.statuses[status] ?? status) : null,
    editor: (close) => (
      <Pick
        chosen={status}
        options={Object.entries(text.statuses).map(([value, label]) => ({ value, label }))}
        onPick={(chosen) => {
          onChange(chosen);
          close();
        }}
      />
    ),
    onClear: () => onChange(null),
  };
}

function NoRefunds({ text, view, narrowed }: { text: Words["refunds"]; view: string; narrowed: boolean }) {
  if (narrowed) return <Empty title={text.empty.found}>{text.empty.foundWhy}</Empty>;
  if (view === "mine") return <Empty title={text.empty.mine}>{text.empty.mineWhy}</Empty>;
  if (view === "others") return <Empty title={text.empty.others}>{text.empty.othersWhy}</Empty>;
  if (view === "open") return <Empty title={text.empty.open}>{text.empty.openWhy}</Empty>;
  return <Empty title={text.empty.all}>{text.empty.allWhy}</Empty>;
}

function Age({ refund }: { refund: RefundRow }) {
  const { words, formats } = useSpeech();
  const now = useNow();
  if (isClosed(refund.status)) return null;
  const waited = now.getTime() - Date.parse(refund.waiting_since);
  const since = words.today.others.since(formats.exact(refund.waiting_since));
  return (
    <span className="number" title={since}>
      {waited < remarkable_ms ? formats.span(waited) : <Chip tone="amber">{formats.span(waited)}</Chip>}
    </span>
  );
}

function useColumns(): Column<RefundRow>[] {
  const { words, formats } = useSpeech();
  const titleOf = useTitles();
  return useMemo(() => {
    const text = words.refunds;
    const names = text.columns;
    const waits = (row: RefundRow) => (row.waits_for ? (text.waits[row.waits_for] ?? row.waits_for) : "");
    // Who has it, or who could take it: the answer to "who is that waiting for?".
    const who = (row: RefundRow) => (row.holder ? titleOf(row.holder) : row.could_take.map(titleOf).join(", "));
    return [
      { id: "number", title: names.number, width: "122px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: names.customer, width: "minmax(120px, 1.2fr)", cell: (row) => <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "net", title: names.net, width: "116px", align: "end", cell: (row) => <Money amount={row.amount_net} />, copy: (row) => spreadsheetNumber(row.amount_net) },
      { id: "status", title: names.status, width: "152px", cell: (row) => <StatusChip refund={row} />, copy: (row) => text.statuses[row.status] ?? row.status },
      { id: "waits", title: names.waits, width: "minmax(124px, 1fr)", cell: (row) => <span className="soft clip" title={who(row)}>{waits(row)}</span>, copy: waits },
      { id: "who", title: words.casework.holding.who, width: "minmax(104px, 1fr)", spare: 3, cell: (row) => (row.holder ? <strong className="clip" title={who(row)}>{who(row)}</strong> : <span className="muted clip" title={who(row)}>{who(row)}</span>), copy: who },
      { id: "age", title: names.age, width: "84px", align: "end", cell: (row) => <Age refund={row} /> },
      { id: "requested", title: `${names.requested} ↓`, width: "136px", cell: (row) => <Instant at={row.requested_at} />, copy: (row) => formats.exact(row.requested_at) },
      { id: "by", title: names.by, width: "86px", spare: 1, cell: (row) => <span className="soft">{row.requested_by}</span>, copy: (row) => row.requested_by },
      { id: "ticket", title: names.ticket, width: "96px", spare: 2, cell: (row) => <span className="soft">{row.ticket_no}</span>, copy: (row) => row.ticket_no },
    ];
  }, [words, formats, titleOf]);
}
