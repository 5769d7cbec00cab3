import { useMemo } from "react";
import type { Result } from "../call";
import { Chip, type Tone } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";

export type Objection = Result<"campaign.objections">[number];
const page = 100;
const tones: Record<Objection["status"], Tone> = { open: "brand", waived: "amber", upheld: "green", rejected: "plain" };

export function ObjectionStatus({ status }: { status: Objection["status"] }) {
  const { words } = useSpeech();
  return <Chip tone={tones[status]} data-status={status}>{words.campaign.objections.statuses[status]}</Chip>;
}

/** Objections, the oldest first. */
export function Objections() {
  const { words, formats } = useSpeech();
  const text = words.campaign.objections;
  const { query } = useRoute();
  const wanted = query.get("status") ?? "open";
  const pages = usePages("campaign.objections", { wanted, most: page }, page, (last) => ({ after_received: last.received_at, after_id: last.id }));
  const columns = useMemo((): Column<Objection>[] => {
    const names = text.columns;
    return [
      { id: "number", title: names.number, width: "122px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: names.customer, width: "minmax(120px, 1fr)", cell: (row) => row.customer_name, copy: (row) => row.customer_name },
      { id: "about", title: names.about, width: "minmax(110px, 1fr)", cell: (row) => text.abouts[row.about], copy: (row) => text.abouts[row.about] ?? row.about },
      { id: "received", title: names.received, width: "140px", cell: (row) => <Instant at={row.received_at} />, copy: (row) => formats.exact(row.received_at) },
      { id: "due", title: names.due, width: "120px", cell: (row) => formats.dayWithWeekday(row.due_on), copy: (row) => row.due_on },
      { id: "status", title: names.status, width: "120px", cell: (row) => <ObjectionStatus status={row.status} />, copy: (row) => text.statuses[row.status] ?? row.status },
      { id: "ticket", title: names.ticket, width: "110px", spare: 1, cell: (row) => <span className="soft">{row.ticket_no}</span>, copy: (row) => row.ticket_no },
      { id: "by", title: names.by, width: "110px", spare: 2, cell: (row) => <span className="soft">{row.recorded_by}</span>, copy: (row) => row.recorded_by },
    ];
  }, [text, formats]);
  return (
    <div className="screen" data-testid="screen-objections" data-ready={!pages.loading}>
      <Tabs label={words.campaign.tabs.objections ?? ""} tabs={Object.entries(text.views).map(([id, title]) => ({ id, title }))} chosen={wanted} onChoose={(status) => amend(to("/campaign", { view: "objections", status }))} />
      <Panel fill aside={<ExportButton title={words.campaign.tabs.objections ?? ""} of={pages.source} words={{ status: text.statuses, about: text.abouts }} />}>
        <Table
          key={wanted}
          label={words.campaign.tabs.objections ?? ""}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          onOpen={(row) => go(`/campaign/objections/${row.id}`)}
          queue={(row) => `/campaign/objections/${row.id}`}
          autoFocus
          rowTestId="objection-row"
          rowMark={(row) => ({ "data-no": row.number })}
          empty={<Empty title={text.empty[wanted] ?? ""}>{text.emptyWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}
