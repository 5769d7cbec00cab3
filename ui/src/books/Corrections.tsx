import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { AdjustmentForm } from "./AdjustmentForm";
import { CorrectionPanel } from "./CorrectionPanel";
import { correctionTone, type Correction } from "./correction";
import classes from "./books.module.css";

const page = 100;

/** Adjustments and reversals: what waits for a second person, and what was decided. */
export function Corrections() {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const { query } = useRoute();
  const waiting = query.get("show") === "waiting";
  const id = query.get("id");
  const pages = usePages("corrections.list", { wanted_status: waiting ? "proposed" : null, maximum: page }, page, (last) => ({ before_at: last.proposed_at, before_id: last.id }));
  const [asking, setAsking] = useState(false);
  const may = useDuty("accountant");
  const columns = useColumns();
  const show = (next: { show?: string | null; id?: string | null }) => amend(to("/books", { view: "corrections", show: waiting ? "waiting" : null, ...next }));
  return (
    <div className="screen" data-testid="screen-corrections" data-ready={!pages.loading}>
      <div className={classes.two}>
        <Panel
          fill
          title={text.title}
          hint={text.hint}
          aside={
            <>
              <ExportButton title={text.title} of={pages.source} words={{ what: text.what, kind: { ...words.parts.journalKinds, ...text.kinds }, status: text.statuses }} />
              <Button small kind={may ? "primary" : "plain"} keys="n" blocked={!may && words.parts.refusal.needs(words.shell.duties.accountant)} onClick={() => setAsking(true)} data-testid="adjustment-new">
                {text.new}
              </Button>
            </>
          }
        >
          <Tabs label={text.title} tabs={[{ id: "all", title: text.all }, { id: "waiting", title: text.waiting }]} chosen={waiting ? "waiting" : "all"} onChoose={(one) => show({ show: one === "waiting" ? "waiting" : null, id: null })} />
          <Table
            label={text.title}
            columns={columns}
            {...pages.table}
            rowKey={(row) => row.id}
            onPeek={(row) => row && show({ id: row.id })}
            startAt={(row) => row.id === id}
            amount={(row) => row.amount}
            autoFocus
            rowTestId="correction-row"
            rowMark={(row) => ({ "data-id": row.id, "data-status": row.status })}
            empty={<Empty title={waiting ? text.emptyWaiting : text.empty}>{text.emptyWhy}</Empty>}
          />
        </Panel>
        <CorrectionPanel key={id} id={id} />
      </div>
      {asking && <AdjustmentForm onClose={() => setAsking(false)} />}
    </div>
  );
}

function useColumns(): Column<Correction>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.books.corrections;
    const what = (row: Correction) => (row.what === "reversal" ? `${text.of(words.ledger.number(row.of_journal ?? ""))} · ${words.parts.journalKinds[row.kind] ?? row.kind}` : (text.kinds[row.kind] ?? row.kind));
    return [
      { id: "number", title: text.columns.number, width: "136px", cell: (row) => <strong>{row.number ?? text.what.reversal}</strong>, copy: (row) => row.number ?? "" },
      { id: "what", title: text.columns.what, width: "minmax(150px, 1.2fr)", cell: what, copy: what },
      { id: "customer", title: text.columns.customer, width: "minmax(90px, 1fr)", spare: 1, cell: (row) => (row.customer_id ? <a href={`#/customers/${row.customer_id}`}>{row.customer_name}</a> : <span className="muted">–</span>), copy: (row) => row.customer_name ?? "" },
      { id: "amount", title: text.columns.amount, width: "118px", align: "end", cell: (row) => <Money amount={row.amount} />, copy: (row) => spreadsheetNumber(row.amount) },
      { id: "by", title: text.columns.by, width: "96px", spare: 2, cell: (row) => <span className="soft">{row.proposed_by}</span>, copy: (row) => row.proposed_by },
      { id: "at", title: text.columns.at, width: "118px", spare: 0, cell: (row) => <Instant at={row.proposed_at} />, copy: (row) => formats.exact(row.proposed_at) },
      { id: "status", title: text.columns.status, width: "96px", cell: (row) => <Chip tone={correctionTone[row.status]}>{text.statuses[row.status]}</Chip>, copy: (row) => text.statuses[row.status] },
    ];
  }, [words, formats]);
}
