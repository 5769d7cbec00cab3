import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { asKontorError, cancelExport, printLabels, printQueue, saveFile, type KontorError, type QueueProgress, type Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row, Warning } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { moving, useAction, useCommandId, usePages, useRead } from "../reading";
import { go } from "../routes";
import { useDuty, useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { queueTone, type Queue } from "./QueueList";
import classes from "./invoices.module.css";

type Item = Result<"prints.list_items">[number];

export function QueuePage({ id }: { id: string }) {
  const queue = useRead("prints.open", { batch_id: id });
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!queue.isLoading}>
      <Read of={queue}>{(row) => <Open queue={row} />}</Read>
    </div>
  );
}

/** Printing, and going on behind the last good sheet; labels and the courier afterwards. */
function Open({ queue }: { queue: Queue }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.queue;
  const queries = useQueryClient();
  const prints = useDuty("agent", "tax_clerk", "accountant", "supervisor");
  const pages = usePages("prints.list_items", { batch_id: queue.id, most: 200 }, 200, (last) => ({ after_place: last.place }), { whole: true });
  const [at, setAt] = useState<QueueProgress | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const [jammed, setJammed] = useState(false);
  const [sending, setSending] = useState(false);
  const cancel = useAction("prints.cancel");
  const form = useCommandId();
  const needs = !prints && words.parts.refusal.notAllowed.what;
  const stuck = queue.status === "stopped" || (queue.status === "open" && at === null && pages.rows.some((row) => row.state === "sent"));
  const print = async () => {
    setRefusal(null);
    setAt({ printed: 0, stopped: false });
    try {
      await printQueue(queue.id, setAt);
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    } finally {
      setAt(null);
      void queries.invalidateQueries(moving);
    }
  };
  const labels = async () => {
    setRefusal(null);
    try {
      const path = await saveFile(`${queue.number}-labels.pdf`, await printLabels(pages.rows.map((row) => row.invoice_id)));
      if (path) notify(text.labelsSaved(path));
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
  };
  return (
    <>
      <Heading
        title={queue.number}
        actions={
          <>
            <Button keys="Escape" onClick={() => go("/invoices?view=prints")}>{text.back}</Button>
            {at ? (
              <Button kind="danger" keys="Shift+s" onClick={() => void cancelExport()} data-testid="queue-stop">{text.stop}</Button>
            ) : (
              <>
                <Button keys="l" onClick={() => void labels()} blocked={needs} data-testid="queue-labels">{text.labels}</Button>
                <Button keys="c" onClick={() => setSending(true)} blocked={needs} data-testid="queue-courier">{text.courier}</Button>
                {(queue.status === "open" || queue.status === "stopped") && <Button busy={cancel.busy} blocked={needs} onClick={() => void cancel.send({ command_id: form.id, batch_id: queue.id })} data-testid="queue-cancel">{text.cancel}</Button>}
                {queue.sheets > 0 && queue.status !== "cancelled" && <Button kind={stuck ? "primary" : "plain"} keys="j" blocked={needs} onClick={() => setJammed(true)} data-testid="queue-jam">{text.jam}</Button>}
                {queue.status === "open" && !stuck && <Button kind="primary" keys="a" blocked={needs} onClick={() => void print()} data-testid="queue-print">{queue.printed > 0 ? text.goOn : text.print}</Button>}
              </>
            )}
          </>
        }
      >
        <Chip tone={queueTone[queue.status] ?? "plain"} data-testid="queue-status">{text.statuses[queue.status]}</Chip>
      </Heading>
      <Refusal error={refusal ?? cancel.refusal} />
      {stuck && <Warning>{text.stuck}</Warning>}
      {at && (
        <div className={classes.progress} aria-live="polite">
          <progress value={queue.printed + at.printed} max={queue.papers} />
          <span className="number">{words.printRoom.runs.progress(formats.count(queue.printed + at.printed), formats.count(queue.papers))}</span>
        </div>
      )}
      <Panel padded>
        <div className={classes.runFacts}>
          <Facts rows={[[text.columns.printer, queue.printer], [words.parts.printing.sides, words.parts.printing.sidesNames[queue.sides]], [words.parts.printing.tray, queue.tray ?? "–"]]} />
          <Facts rows={[[text.columns.papers, formats.count(queue.papers)], [text.columns.printed, <strong key="p" data-testid="queue-printed">{formats.count(queue.printed)}</strong>], [text.columns.sheets, formats.count(queue.sheets)]]} />
          <Facts rows={[[text.columns.range, `${queue.first_number} – ${queue.last_number}`], [words.printRoom.runs.total, <Money key="t" amount={queue.total} />], [words.parts.printing.copies, formats.count(queue.copies)]]} />
        </div>
      </Panel>
      <Items pages={pages} />
      {jammed && <JamDialog queue={queue} onClose={() => setJammed(false)} />}
      {sending && <CourierDialog ids={pages.rows.map((row) => row.invoice_id)} onClose={() => setSending(false)} />}
    </>
  );
}

function Items({ pages }: { pages: ReturnType<typeof usePages<"prints.list_items">> }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.queue;
  const columns = useMemo<Column<Item>[]>(() => {
    const tone = { waiting: "plain", sent: "brand", printed: "green", stopped: "red" } as const;
    const sheets = (row: Item) => (row.first_sheet === null || row.sheets === null ? "" : row.sheets === 1 ? String(row.first_sheet) : `${row.first_sheet}–${row.first_sheet + row.sheets - 1}`);
    const which = (row: Item) => (row.copy_from === null ? "" : row.copy_from === 1 ? words.invoices.page.original : words.invoices.page.copy(row.copy_from, row.copy_from));
    return [
      { id: "place", title: text.place, width: "60px", align: "end", cell: (row) => formats.count(row.place), copy: (row) => String(row.place) },
      { id: "number", title: words.printRoom.runs.number, width: "150px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: words.printRoom.runs.customer, width: "minmax(150px, 1fr)", cell: (row) => row.customer_name, copy: (row) => row.customer_name },
      { id: "state", title: words.printRoom.runs.state, width: "120px", cell: (row) => <Chip tone={tone[row.state]}>{text.states[row.state]}</Chip>, copy: (row) => text.states[row.state] ?? row.state },
      { id: "sheets", title: text.pile, width: "110px", align: "end", cell: sheets, copy: sheets },
      { id: "from", title: text.fromPage, width: "96px", align: "end", spare: 2, cell: (row) => (row.from_page === 1 ? <span className="muted">–</span> : row.from_page), copy: (row) => String(row.from_page) },
      { id: "copy", title: text.which, width: "110px", cell: (row) => <span className="soft">{which(row)}</span>, copy: which },
      { id: "waybill", title: text.waybill, width: "minmax(120px, 200px)", spare: 1, cell: (row) => <span className="soft">{row.waybill ? `${row.carrier} ${row.waybill}` : "–"}</span>, copy: (row) => row.waybill ?? "" },
    ];
  }, [text, words, formats]);
  return (
    <Panel fill title={text.items}>
      <Table
        label={text.items}
        columns={columns}
        {...pages.table}
        rowKey={(row) => String(row.place)}
        onOpen={(row) => go(`/invoices/${row.invoice_id}`)}
        autoFocus
        rowTestId="queue-item"
        rowMark={(row) => ({ "data-state": row.state })}
        empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
      />
    </Panel>
  );
}

function JamDialog({ queue, onClose }: { queue: Queue; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.queue;
  const [sheet, setSheet] = useState("");
  const resume = useAction("prints.resume");
  const form = useCommandId();
  const count = Number(sheet.normalize("NFKC"));
  const good = sheet.trim() !== "" && Number.isInteger(count) && count >= 0;
  const send = async () => {
    if (good && (await resume.send({ command_id: form.id, batch_id: queue.id, last_good_sheet: count }))) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.jam}>
      <Form onSubmit={() => void send()} submit={text.jamSubmit} blocked={!good && text.jamNeeds} busy={resume.busy} refusal={resume.refusal} onCancel={onClose} submitTestId="queue-jam-submit">
        <p>{text.jamText(formats.count(queue.sheets))}</p>
        <TextField label={text.lastGood} value={sheet} onChange={setSheet} hint={queue.cover ? text.coverHint : undefined} autoFocus data-testid="queue-jam-sheet" />
      </Form>
    </Dialog>
  );
}

function CourierDialog({ ids, onClose }: { ids: string[]; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.queue;
  const today = dayOf(useNow());
  const [carrier, setCarrier] = useState("");
  const [waybill, setWaybill] = useState("");
  const [on, setOn] = useState<string | null>(today);
  const record = useAction("prints.record_courier");
  const form = useCommandId();
  const send = async () => {
    if (await record.send({ command_id: form.id, invoice_ids: ids, carrier: carrier.trim(), waybill: waybill.trim(), sent_on: on ?? today })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.courierTitle(formats.count(ids.length))}>
      <Form onSubmit={() => void send()} submit={text.courierSubmit} blocked={(!carrier.trim() || !waybill.trim()) && text.courierNeeds} busy={record.busy} refusal={record.refusal} onCancel={onClose} submitTestId="courier-submit">
        <Row>
          <TextField label={text.carrier} value={carrier} onChange={setCarrier} autoFocus data-testid="courier-carrier" />
          <TextField label={text.waybill} value={waybill} onChange={setWaybill} data-testid="courier-waybill" />
        </Row>
        <DayField label={text.sentOn} value={on} onChange={setOn} max={today} data-testid="courier-day" />
      </Form>
    </Dialog>
  );
}
