import { useMemo } from "react";
import type { Result } from "../call";
import { Chip, type Tone } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { go } from "../routes";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";

export type Queue = Result<"prints.list">[number];
export const queueTone: Record<string, Tone> = { open: "brand", stopped: "red", printed: "green", cancelled: "plain" };

/** What was sent to printers together, newest first. */
export function QueueList() {
  const { words, formats } = useSpeech();
  const text = words.printRoom.queue;
  const pages = usePages("prints.list", { most: 50 }, 50, (last) => ({ before_begun_at: last.begun_at, before_id: last.id }));
  const columns = useMemo<Column<Queue>[]>(() => {
    const names = text.columns;
    const range = (row: Queue) => (row.first_number === row.last_number ? row.first_number : `${row.first_number} – ${row.last_number}`);
    return [
      { id: "number", title: names.number, width: "140px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "printer", title: names.printer, width: "minmax(120px, 1fr)", cell: (row) => row.printer, copy: (row) => row.printer },
      { id: "status", title: names.status, width: "130px", cell: (row) => <Chip tone={queueTone[row.status] ?? "plain"}>{text.statuses[row.status]}</Chip>, copy: (row) => text.statuses[row.status] ?? row.status },
      { id: "papers", title: names.papers, width: "90px", align: "end", cell: (row) => formats.count(row.papers), copy: (row) => String(row.papers) },
      { id: "printed", title: names.printed, width: "90px", align: "end", cell: (row) => formats.count(row.printed), copy: (row) => String(row.printed) },
      { id: "sheets", title: names.sheets, width: "90px", align: "end", cell: (row) => formats.count(row.sheets), copy: (row) => String(row.sheets) },
      { id: "range", title: names.range, width: "minmax(150px, 1fr)", spare: 1, cell: (row) => <span className="soft">{range(row)}</span>, copy: range },
      { id: "at", title: `${names.at} ↓`, width: "120px", cell: (row) => <Instant at={row.begun_at} />, copy: (row) => formats.exact(row.begun_at) },
      { id: "by", title: names.by, width: "100px", spare: 2, cell: (row) => <span className="soft">{row.begun_by}</span>, copy: (row) => row.begun_by },
    ];
  }, [text, formats]);
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead view="prints" file={null} />
      <Panel fill title={words.printRoom.views.prints} hint={text.hint}>
        <Table
          label={words.printRoom.views.prints!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          onOpen={(row) => go(`/invoices/prints/${row.id}`)}
          autoFocus
          rowTestId="queue-row"
          rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
          empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}
