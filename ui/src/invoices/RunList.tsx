import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import type { Tone } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { go } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";

export type Run = Result<"invoices.list_runs">[number];
export const runTone: Record<string, Tone> = { open: "amber", finished: "green", cancelled: "plain" };

/** Papers for many customers at once, newest run first. */
export function RunList() {
  const { words } = useSpeech();
  const text = words.printRoom.runs;
  const issues = useDuty("tax_clerk");
  const pages = usePages("invoices.list_runs", { most: 50 }, 50, (last) => ({ before_begun_at: last.begun_at, before_id: last.id }));
  const columns = useColumns();
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead
        view="runs"
        file={
          <Button kind={issues ? "primary" : "plain"} keys="Shift+n" onClick={() => go("/invoices/runs/new")} data-testid="run-new">
            {text.new}
          </Button>
        }
      />
      <Panel fill title={words.printRoom.views.runs} hint={text.hint}>
        <Table
          label={words.printRoom.views.runs!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          onOpen={(row) => go(`/invoices/runs/${row.id}`)}
          autoFocus
          rowTestId="run-row"
          rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
          empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}

export const rangeText = (run: Run): string => (run.first_number === null ? "–" : run.first_number === run.last_number ? run.first_number : `${run.first_number} – ${run.last_number}`);

function useColumns(): Column<Run>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.printRoom.runs;
    const names = text.columns;
    const status = (row: Run) => text.statuses[row.status] ?? row.status;
    const kind = (row: Run) => words.invoices.kinds[row.kind] ?? row.kind;
    const month = (row: Run) => row.month?.slice(0, 7) ?? text.allMonths;
    const count = (of: (row: Run) => number) => (row: Run) => (of(row) === 0 ? <span className="muted">–</span> : formats.count(of(row)));
    return [
      { id: "number", title: names.number, width: "140px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "kind", title: names.kind, width: "minmax(110px, 1fr)", spare: 2, cell: (row) => <span className="soft">{kind(row)}</span>, copy: kind },
      { id: "month", title: names.month, width: "minmax(110px, 1fr)", cell: (row) => <span className="soft">{month(row)}</span>, copy: month },
      { id: "status", title: names.status, width: "116px", cell: (row) => <Chip tone={runTone[row.status] ?? "plain"}>{status(row)}</Chip>, copy: status },
      { id: "issued", title: names.issued, width: "84px", align: "end", cell: count((row) => row.issued), copy: (row) => String(row.issued) },
      { id: "refused", title: names.refused, width: "84px", align: "end", cell: count((row) => row.refused), copy: (row) => String(row.refused) },
      { id: "waiting", title: names.waiting, width: "84px", align: "end", cell: count((row) => row.waiting), copy: (row) => String(row.waiting) },
      { id: "total", title: names.total, width: "150px", align: "end", cell: (row) => <Money amount={row.issued_total} quietZero />, copy: (row) => spreadsheetNumber(row.issued_total) },
      { id: "range", title: names.range, width: "minmax(150px, 260px)", spare: 1, cell: (row) => <span className="soft">{rangeText(row)}</span>, copy: rangeText },
      { id: "begun", title: `${names.begun} ↓`, width: "120px", cell: (row) => <Instant at={row.begun_at} />, copy: (row) => formats.exact(row.begun_at) },
      { id: "by", title: names.by, width: "96px", spare: 3, cell: (row) => <span className="soft">{row.begun_by}</span>, copy: (row) => row.begun_by },
    ];
  }, [words, formats]);
}
