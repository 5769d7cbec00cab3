import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import { Reminders } from "../letters/Reminders";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { SearchField } from "../parts/SearchField";
import { Table, type Column } from "../parts/Table";
import { TimeLeft } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech, type Words } from "../words";
import { isClosed, statusTone, type DisputeRow } from "./cases";
import classes from "./disputes.module.css";

const page = 100;

export function StatusChip({ dispute }: { dispute: Pick<DisputeRow, "status"> }) {
  const { words } = useSpeech();
  return (
    <Chip tone={statusTone[dispute.status]} data-testid="dispute-status" data-status={dispute.status}>
      {words.disputes.statuses[dispute.status]}
    </Chip>
  );
}

/** Cases by what is due first, with the time left. */
export function DisputeList() {
  const { words, formats } = useSpeech();
  const text = words.disputes;
  const { query } = useRoute();
  const view = query.get("view") ?? "open";
  const search = query.get("q") ?? "";
  const records = useDuty("agent", "handler");
  const pages = usePages("disputes.list", { wanted: view, search: search || null, maximum: page }, page, (last) => ({ after_due: last.due_at, after_id: last.id }));
  const columns = useColumns();
  const change = (next: Record<string, string | null>) => amend(to("/disputes", { view, q: search, ...next }));
  return (
    <div className="screen" data-testid="screen-disputes" data-ready={!pages.loading}>
      <Heading
        title={text.title}
        actions={
          <>
            <SearchField value={search} label={text.search} testId="dispute-search" onChange={(q) => change({ q })} />
            <Reminders />
            <ExportButton title={text.title} of={pages.source} words={{ status: text.statuses, next_step: text.steps, channel: words.parts.channels }} />
            <Button kind={records ? "primary" : "plain"} keys="n" onClick={() => go("/disputes/new")} blocked={!records && words.parts.refusal.needs(words.shell.duties.handler)} data-testid="dispute-new">
              {text.new}
            </Button>
          </>
        }
      >
        {!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}
      </Heading>
      <Tabs label={text.title} tabs={Object.entries(text.views).map(([id, title]) => ({ id, title }))} chosen={view} onChoose={(next) => change({ view: next })} />
      <Panel fill>
        <Table
          key={view}
          label={text.title}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.amount_outstanding}
          onOpen={(row) => go(`/disputes/${row.id}`)}
          queue={(row) => `/disputes/${row.id}`}
          autoFocus
          rowTestId="dispute-row"
          rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
          empty={<NoCases text={text} view={view} search={search} />}
        />
      </Panel>
    </div>
  );
}

function NoCases({ text, view, search }: { text: Words["disputes"]; view: string; search: string }) {
  if (search) return <Empty title={text.empty.found}>{text.empty.foundWhy}</Empty>;
  const said = text.empty.views[view] ?? text.empty.views.open;
  return <Empty title={said?.title ?? ""}>{said?.why}</Empty>;
}

function useColumns(): Column<DisputeRow>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.disputes;
    const names = text.columns;
    const due = (row: DisputeRow) => (row.due_on && !isClosed(row) ? formats.dayWithWeekday(row.due_on) : "");
    const step = (row: DisputeRow) => (row.next_step ? text.steps[row.next_step] : "");
    return [
      { id: "number", title: names.number, width: "122px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: names.customer, width: "minmax(120px, 1.1fr)", cell: (row) => <a className={classes.plain} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "due", title: names.due, width: "118px", cell: (row) => <span className={row.shifted ? classes.shifted : undefined}>{due(row)}</span>, copy: (row) => row.due_on ?? "" },
      { id: "left", title: names.left, width: "104px", align: "end", cell: (row) => <TimeLeft until={row.expires_at} done={row.seconds_left === null || row.status === "escalated"} /> },
      { id: "amount", title: names.outstanding, width: "116px", align: "end", cell: (row) => <Money amount={row.amount_outstanding} />, copy: (row) => spreadsheetNumber(row.amount_outstanding) },
      { id: "status", title: names.status, width: "140px", cell: (row) => <StatusChip dispute={row} /> , copy: (row) => text.statuses[row.status] },
      { id: "step", title: names.step, width: "minmax(150px, 1fr)", cell: (row) => <span className="soft">{step(row)}</span>, copy: step },
      { id: "order", title: names.order, width: "156px", spare: 1, cell: (row) => <span className="soft">{row.order_no}</span>, copy: (row) => row.order_no },
      { id: "ticket", title: names.ticket, width: "96px", spare: 2, cell: (row) => <span className="soft">{row.ticket_no}</span>, copy: (row) => row.ticket_no },
    ];
  }, [words, formats]);
}
