import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { asKontorError, cancelExport, issueRun, savePapers, type KontorError, type Result, type RunProgress } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Dialog, Form, Warning } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { moving, useAction, useCommandId, usePages, useRead } from "../reading";
import { go } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { QueueDialog } from "./QueueDialog";
import { rangeText, runTone, type Run } from "./RunList";
import classes from "./invoices.module.css";

type Item = Result<"invoices.list_run_items">[number];

export function RunPage({ id }: { id: string }) {
  const run = useRead("invoices.open_run", { run_id: id });
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!run.isLoading}>
      <Read of={run}>{(row) => <Open run={row} />}</Read>
    </div>
  );
}

/** Issuing, going on after whatever stopped it, and what becomes of the papers afterwards. */
function Open({ run }: { run: Run }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.runs;
  const queries = useQueryClient();
  const issues = useDuty("tax_clerk");
  const [at, setAt] = useState<RunProgress | null>(null);
  const [saving, setSaving] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const [cancelling, setCancelling] = useState(false);
  const [printing, setPrinting] = useState(false);
  const sheet = useAction("tax.export_sheet");
  const form = useCommandId();
  const busy = at !== null || saving !== null;
  const needs = !issues && words.parts.refusal.needs(words.shell.duties.tax_clerk);
  const issue = async () => {
    setRefusal(null);
    setAt({ issued: 0, refused: 0, busy: 0 });
    try {
      const done = await issueRun(run.id, setAt);
      if (done.busy > 0) notify(text.busyLeft(formats.count(done.busy)));
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    } finally {
      setAt(null);
      void queries.invalidateQueries(moving);
    }
  };
  const save = async (shape: "merged" | "zip") => {
    setRefusal(null);
    setSaving(0);
    try {
      const done = await savePapers({ run_id: run.id }, shape, `${run.number}.${shape === "zip" ? "zip" : "pdf"}`, setSaving);
      if (done) notify(text.saved(formats.count(done.papers), done.path));
    } catch (thrown) {
      const error = asKontorError(thrown);
      setRefusal(error.rule === "export_cancelled" ? null : error);
    }
    setSaving(null);
  };
  const toTax = async () => {
    const row = await sheet.send({ command_id: form.id, run_id: run.id });
    if (!row) return;
    notify(text.toTaxDone(row.number));
    go("/invoices?view=tax");
  };
  const done = at ? at.issued + at.refused : 0;
  return (
    <>
      <Heading
        title={run.number}
        actions={
          <>
            <Button keys="Escape" onClick={() => go("/invoices?view=runs")}>{text.back}</Button>
            {busy ? (
              <Button kind="danger" keys="Shift+s" onClick={() => void cancelExport()} data-testid="run-stop">{text.stop}</Button>
            ) : (
              <>
                {run.issued > 0 && <Button keys="p" onClick={() => setPrinting(true)} data-testid="run-print">{words.invoices.page.print}</Button>}
                {run.issued > 0 && <Button keys="s" onClick={() => void save("merged")} data-testid="run-merged">{text.saveMerged}</Button>}
                {run.issued > 0 && <Button keys="z" onClick={() => void save("zip")} data-testid="run-zip">{text.saveZip}</Button>}
                {run.status !== "open" && run.issued > 0 && <Button keys="t" busy={sheet.busy} blocked={needs} onClick={() => void toTax()} data-testid="run-tax">{text.toTax}</Button>}
                {run.status === "open" && <Button onClick={() => setCancelling(true)} blocked={needs} data-testid="run-cancel">{text.cancel}</Button>}
                {run.status === "open" && (
                  <Button kind="primary" keys="a" blocked={needs} onClick={() => void issue()} data-testid="run-issue">
                    {run.issued + run.refused > 0 ? text.goOn(formats.count(run.waiting)) : text.issue}
                  </Button>
                )}
              </>
            )}
          </>
        }
      >
        <Chip tone={runTone[run.status] ?? "plain"} data-testid="run-status">{text.statuses[run.status]}</Chip>
      </Heading>
      <Refusal error={refusal ?? sheet.refusal} />
      {at && <Progress done={run.issued + run.refused + done} all={run.papers} />}
      {saving !== null && <Warning>{text.saving(formats.count(saving))}</Warning>}
      <Panel padded>
        <div className={classes.runFacts}>
          <Facts rows={[[text.columns.kind, words.invoices.kinds[run.kind]], [text.columns.month, run.month?.slice(0, 7) ?? text.allMonths], [text.columns.begun, <span key="b"><Instant at={run.begun_at} exact /> · {run.begun_by}</span>]]} />
          <Facts rows={[[text.papers, formats.count(run.papers)], [text.columns.issued, <strong key="i" data-testid="run-issued">{formats.count(run.issued)}</strong>], [text.columns.refused, formats.count(run.refused)]]} />
          <Facts rows={[[text.total, <Money key="t" amount={run.total} />], [text.columns.total, <Money key="i" amount={run.issued_total} strong />], [text.columns.range, rangeText(run)]]} />
        </div>
      </Panel>
      <Items run={run} />
      {printing && <QueueDialog of={{ run_id: run.id }} papers={run.issued} onClose={() => setPrinting(false)} />}
      {cancelling && <CancelDialog run={run} onClose={() => setCancelling(false)} />}
    </>
  );
}

function Progress({ done, all }: { done: number; all: number }) {
  const { words, formats } = useSpeech();
  return (
    <div className={classes.progress} aria-live="polite" data-testid="run-progress">
      <progress value={done} max={all} />
      <span className="number">{words.printRoom.runs.progress(formats.count(done), formats.count(all))}</span>
    </div>
  );
}

function Items({ run }: { run: Run }) {
  const { words } = useSpeech();
  const text = words.printRoom.runs;
  const pages = usePages("invoices.list_run_items", { run_id: run.id, most: 100 }, 100, (last) => ({ after_place: last.place }));
  const columns = useColumns();
  return (
    <Panel fill title={text.items}>
      <Table
        label={text.items}
        columns={columns}
        {...pages.table}
        rowKey={(row) => row.paper_id}
        amount={(row) => row.amount}
        onOpen={(row) => go(row.state === "issued" ? `/invoices/${row.paper_id}` : `/customers/${row.customer_id}`)}
        queue={(row) => `/invoices/${row.paper_id}`}
        autoFocus
        rowTestId="run-item"
        rowMark={(row) => ({ "data-state": row.state, "data-ref": row.ref })}
        empty={<Empty title={text.itemsEmpty}>{text.itemsEmptyWhy}</Empty>}
      />
    </Panel>
  );
}

function useColumns(): Column<Item>[] {
  const { words } = useSpeech();
  return useMemo(() => {
    const text = words.printRoom.runs;
    const tone = { waiting: "plain", issued: "green", refused: "red" } as const;
    const sentence = (row: Item) => {
      const what = row.rule ? (words.rules as Record<string, { what: unknown }>)[row.rule]?.what : null;
      return typeof what === "function" ? String((what as (d: unknown) => string)(row.detail ?? {})) : String(what ?? row.rule ?? "");
    };
    const state = (row: Item) => text.states[row.state] ?? row.state;
    return [
      { id: "number", title: text.number, width: "150px", cell: (row) => (row.number ? <strong>{row.number}</strong> : <span className="muted">–</span>), copy: (row) => row.number ?? "" },
      { id: "customer", title: text.customer, width: "minmax(150px, 1fr)", cell: (row) => row.name, copy: (row) => row.name },
      { id: "buyer", title: text.buyer, width: "minmax(150px, 1fr)", cell: (row) => <span className="soft">{row.buyer_name}</span>, copy: (row) => row.buyer_name },
      { id: "amount", title: text.amount, width: "130px", align: "end", cell: (row) => <Money amount={row.amount} />, copy: (row) => spreadsheetNumber(row.amount) },
      { id: "state", title: text.state, width: "minmax(110px, 1fr)", cell: (row) => <span><Chip tone={tone[row.state]}>{state(row)}</Chip> {row.rule && <span className="soft">{sentence(row)}</span>}</span>, copy: (row) => `${state(row)} ${row.rule ? sentence(row) : ""}`.trim() },
    ];
  }, [words]);
}

function CancelDialog({ run, onClose }: { run: Run; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.runs;
  const cancel = useAction("invoices.cancel_run");
  const form = useCommandId();
  const send = async () => {
    const row = await cancel.send({ command_id: form.id, run_id: run.id });
    if (!row) return;
    notify(text.cancelled(row.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.cancel}>
      <Form onSubmit={() => void send()} submit={text.cancel} danger busy={cancel.busy} refusal={cancel.refusal} onCancel={onClose} submitTestId="run-cancel-submit">
        <p>{text.cancelText}</p>
      </Form>
    </Dialog>
  );
}
