import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { asKontorError, newId, onFilesDropped, pickFiles, saveFile, taxAttach, taxImportList, taxSheetFile, type DroppedInvoice, type KontorError, type Result } from "../call";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { moving, useAction, useCommandId, useRead } from "../reading";
import { go } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";
import classes from "./invoices.module.css";

type Desk = NonNullable<Result<"tax.open">>;
type Sheet = Desk["sheets"][number];
type Difference = Desk["exceptions"][number];

/** Papers leave as a sheet, come back by a list; files that are dropped are filed with their papers. */
export function TaxDesk() {
  const { words } = useSpeech();
  const text = words.printRoom.tax;
  const desk = useRead("tax.open", {});
  const clerk = useDuty("tax_clerk");
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const [dropped, setDropped] = useState<DroppedInvoice[]>([]);
  const needs = !clerk && words.parts.refusal.needs(words.shell.duties.tax_clerk);
  const { formats } = useSpeech();
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    } finally {
      setBusy(false);
      void queries.invalidateQueries(moving);
    }
  };
  const importLists = () =>
    run(async () => {
      for (const path of await pickFiles("tax_list")) {
        const list = await taxImportList(newId(), path);
        if (list) notify(text.imported(formats.count(list.recorded), formats.count(list.repeated), formats.count(list.exceptions)));
      }
    });
  const take = useRef<(paths: string[]) => void>(() => {});
  take.current = (paths) =>
    void run(async () => {
      // One after another, so that each line appears as its file is filed.
      for (const path of paths) {
        const one = await taxAttach(path);
        setDropped((before) => [one, ...before]);
      }
    });
  useEffect(() => onFilesDropped((paths) => take.current(paths)), []);
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!desk.isLoading}>
      <ListHead
        view="tax"
        file={
          <Button kind={clerk ? "primary" : "plain"} keys="o" busy={busy} blocked={needs} onClick={() => void importLists()} data-testid="tax-import">
            {text.import}
          </Button>
        }
      />
      <Refusal error={refusal} />
      <Read of={desk}>{(row) => <Sheets desk={row} needs={needs} onSave={(sheet) => void run(() => save(sheet, text.saved))} />}</Read>
      {dropped.length > 0 && <Files files={dropped} />}
      <Read of={desk}>{(row) => <Differences desk={row} />}</Read>
    </div>
  );
}

async function save(sheet: Sheet, said: (path: string) => string) {
  const path = await saveFile(`${sheet.number}.xlsx`, await taxSheetFile(newId(), sheet.id));
  if (path) notify(said(path));
}

const tone: Record<string, Tone> = { sent: "brand", issued: "green", withdrawn: "plain" };

function Sheets({ desk, needs, onSave }: { desk: Desk; needs: string | false; onSave(sheet: Sheet): void }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.tax;
  const [withdrawing, setWithdrawing] = useState<Sheet | null>(null);
  const columns = useMemo<Column<Sheet>[]>(() => {
    const names = text.columns;
    return [
      { id: "number", title: names.number, width: "140px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "run", title: names.run, width: "minmax(120px, 1fr)", cell: (row) => (row.run_id ? <a href={`#/invoices/runs/${row.run_id}`}>{row.run_number}</a> : <span className="muted">–</span>), copy: (row) => row.run_number ?? "" },
      { id: "status", title: names.status, width: "130px", cell: (row) => <Chip tone={tone[row.status] ?? "plain"}>{text.statuses[row.status]}</Chip>, copy: (row) => text.statuses[row.status] ?? row.status },
      { id: "papers", title: names.papers, width: "80px", align: "end", cell: (row) => formats.count(row.papers), copy: (row) => String(row.papers) },
      { id: "issued", title: names.issued, width: "96px", align: "end", cell: (row) => formats.count(row.issued), copy: (row) => String(row.issued) },
      { id: "exceptions", title: names.exceptions, width: "84px", align: "end", cell: (row) => (row.exceptions ? <Chip tone="amber">{formats.count(row.exceptions)}</Chip> : <span className="muted">–</span>), copy: (row) => String(row.exceptions) },
      { id: "total", title: names.total, width: "140px", align: "end", cell: (row) => <Money amount={row.total} />, copy: (row) => row.total },
      { id: "at", title: `${names.at} ↓`, width: "120px", cell: (row) => <Instant at={row.exported_at} />, copy: (row) => formats.exact(row.exported_at) },
      {
        id: "do",
        title: "",
        width: "210px",
        cell: (row) =>
          row.status === "withdrawn" ? (
            <span className="muted" title={row.withdrawn_why ?? ""}>{row.withdrawn_why}</span>
          ) : (
            <span className={classes.rowButtons}>
              <Button small blocked={needs} onClick={() => onSave(row)} data-testid="tax-file">{text.file}</Button>
              {row.issued === 0 && <Button small kind="quiet" blocked={needs} onClick={() => setWithdrawing(row)} data-testid="tax-withdraw">{text.withdraw}</Button>}
            </span>
          ),
        copy: () => "",
      },
    ];
  }, [text, formats, needs]); // eslint-disable-line
  return (
    <Panel title={text.sheets} hint={desk.to_send > 0 ? text.toSend(formats.count(desk.to_send)) : text.sheetsHint}>
      <Table
        natural
        label={text.sheets}
        columns={columns}
        rows={desk.sheets}
        rowKey={(row) => row.id}
        onOpen={(row) => row.run_id && go(`/invoices/runs/${row.run_id}`)}
        rowTestId="tax-sheet"
        rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
        empty={<Empty title={text.sheetsEmpty}>{text.sheetsEmptyWhy}</Empty>}
      />
      <p className={classes.note}>{text.drop}</p>
      {withdrawing && <WithdrawDialog sheet={withdrawing} onClose={() => setWithdrawing(null)} />}
    </Panel>
  );
}

function Files({ files }: { files: DroppedInvoice[] }) {
  const { words } = useSpeech();
  const text = words.printRoom.tax;
  return (
    <Panel title={text.dropped} data-testid="tax-dropped">
      {files.map((one, at) => (
        <div key={`${one.file}${at}`} className={classes.print} data-verdict={one.verdict}>
          <span>
            <Chip tone={one.verdict === "attached" ? "green" : "amber"}>{text.verdicts[one.verdict]}</Chip> {one.number && <strong>{one.number}</strong>} <span className="soft">{one.file}</span>
          </span>
        </div>
      ))}
    </Panel>
  );
}

function Differences({ desk }: { desk: Desk }) {
  const { words } = useSpeech();
  const text = words.printRoom.tax;
  const [settling, setSettling] = useState<Difference | null>(null);
  const settles = useDuty("tax_clerk", "accountant");
  const columns = useMemo<Column<Difference>[]>(() => {
    const names = text.exceptionColumns;
    return [
      { id: "kind", title: names.kind, width: "minmax(150px, 1fr)", cell: (row) => <Chip tone="amber">{text.kinds[row.kind] ?? row.kind}</Chip>, copy: (row) => text.kinds[row.kind] ?? row.kind },
      { id: "paper", title: names.paper, width: "150px", cell: (row) => (row.invoice_id ? <a href={`#/invoices/${row.invoice_id}`}>{row.number}</a> : <span className="muted">–</span>), copy: (row) => row.number ?? "" },
      { id: "ours", title: names.ours, width: "minmax(110px, 1fr)", cell: (row) => row.detail.ours ?? "–", copy: (row) => row.detail.ours ?? "" },
      { id: "theirs", title: names.theirs, width: "minmax(110px, 1fr)", cell: (row) => row.detail.theirs ?? "–", copy: (row) => row.detail.theirs ?? "" },
      { id: "official", title: names.official, width: "190px", spare: 1, cell: (row) => <span className="soft">{row.official_number ?? "–"}</span>, copy: (row) => row.official_number ?? "" },
      { id: "file", title: names.file, width: "minmax(100px, 1fr)", spare: 2, cell: (row) => <span className="soft" title={row.file_name}>{row.file_name}</span>, copy: (row) => row.file_name },
      { id: "line", title: names.line, width: "60px", align: "end", cell: (row) => row.line, copy: (row) => String(row.line) },
      { id: "do", title: "", width: "96px", cell: (row) => <Button small blocked={!settles && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => setSettling(row)} data-testid="tax-settle">{text.settle}</Button>, copy: () => "" },
    ];
  }, [text, settles]); // eslint-disable-line
  return (
    <Panel fill title={text.exceptions} hint={text.exceptionsHint}>
      <Table
        label={text.exceptions}
        columns={columns}
        rows={desk.exceptions}
        rowKey={(row) => row.id}
        onOpen={(row) => (row.invoice_id ? go(`/invoices/${row.invoice_id}`) : setSettling(row))}
        rowTestId="tax-exception"
        rowMark={(row) => ({ "data-kind": row.kind })}
        empty={<Empty title={text.exceptionsEmpty}>{text.exceptionsEmptyWhy}</Empty>}
      />
      {settling && <SettleDialog difference={settling} onClose={() => setSettling(null)} />}
    </Panel>
  );
}

function SettleDialog({ difference, onClose }: { difference: Difference; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.tax;
  const [said, setSaid] = useState("");
  const settle = useAction("tax.settle_exception");
  const form = useCommandId();
  const send = async () => {
    if (await settle.send({ command_id: form.id, exception_id: difference.id, resolution: said.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.settleTitle}>
      <Form onSubmit={() => void send()} submit={text.settleSubmit} blocked={!said.trim() && String(words.rules.decision_without_reason.what)} busy={settle.busy} refusal={settle.refusal} onCancel={onClose} submitTestId="tax-settle-submit">
        <p>{text.kinds[difference.kind]}</p>
        <TextField label={text.settleWhat} value={said} onChange={setSaid} lines={3} autoFocus data-testid="tax-settle-what" />
      </Form>
    </Dialog>
  );
}

function WithdrawDialog({ sheet, onClose }: { sheet: Sheet; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.tax;
  const [reason, setReason] = useState("");
  const withdraw = useAction("tax.withdraw_sheet");
  const form = useCommandId();
  const send = async () => {
    if (await withdraw.send({ command_id: form.id, sheet_id: sheet.id, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.withdrawTitle(sheet.number)}>
      <Form onSubmit={() => void send()} submit={text.withdrawSubmit} danger blocked={!reason.trim() && String(words.rules.decision_without_reason.what)} busy={withdraw.busy} refusal={withdraw.refusal} onCancel={onClose} submitTestId="tax-withdraw-submit">
        <p>{text.withdrawText}</p>
        <TextField label={text.withdrawReason} value={reason} onChange={setReason} lines={2} autoFocus data-testid="tax-withdraw-reason" />
      </Form>
    </Dialog>
  );
}
