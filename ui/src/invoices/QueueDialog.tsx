import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { printerChoices, printers, type KontorError, type Printer, type PrinterChoices } from "../call";
import { Choice, TextField, Tick } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { useAction, useCommandId } from "../reading";
import { go } from "../routes";
import { useSpeech } from "../words";

const asked = { staleTime: 0, retry: false, refetchOnWindowFocus: false, meta: { still: true } };

/** Which printer, which tray, how: the queue is made here and printed on its own page. */
export function QueueDialog({ of, papers, onClose }: { of: { run_id: string } | { invoice_ids: string[] }; papers: number; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.parts.printing;
  const found = useQuery<Printer[], KontorError>({ queryKey: ["printers"], queryFn: async () => (await printers()) ?? [], ...asked });
  return (
    <Dialog open onClose={onClose} title={words.printRoom.queue.title(formats.count(papers))} data-testid="queue-dialog">
      <Read of={found} rows={3}>{(list) => (list.length === 0 ? <Empty title={text.none}>{text.noneWhy}</Empty> : <Wanted of={of} list={list} onClose={onClose} />)}</Read>
    </Dialog>
  );
}

function Wanted({ of, list, onClose }: { of: { run_id: string } | { invoice_ids: string[] }; list: Printer[]; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.parts.printing;
  const room = words.printRoom.queue;
  const [name, setName] = useState<string | null>(list[0]?.name ?? null);
  const [copies, setCopies] = useState("1");
  const [sides, setSides] = useState<string | null>("one");
  const [media, setMedia] = useState<string | null>("A4");
  const [tray, setTray] = useState<string | null>(null);
  const [cover, setCover] = useState(true);
  const [reason, setReason] = useState<string | null>(null);
  const start = useAction("prints.start");
  const form = useCommandId();
  const choices = useQuery<PrinterChoices, KontorError>({ queryKey: ["printer_choices", name], queryFn: () => printerChoices(name ?? ""), enabled: name !== null, ...asked });
  const count = Number(copies.normalize("NFKC"));
  const countable = Number.isInteger(count) && count >= 1 && count <= 9;
  // The database knows which papers were printed before; it asks for the reason by refusing without one.
  const again = start.refusal?.rule === "reprint_without_reason" || reason !== null;
  const send = async () => {
    if (!name || !countable) return;
    const batch = await start.send({ command_id: form.id, printer: name, ...of, copies: count, sides: sides ?? "one", media: media ?? "A4", tray, cover, reason });
    if (batch) go(`/invoices/prints/${batch.id}`);
  };
  const can = choices.data;
  return (
    <Form onSubmit={() => void send()} submit={room.make} blocked={!name ? text.needs.printer : !countable ? text.needs.copies : null} busy={start.busy} refusal={start.refusal} onCancel={onClose} submitTestId="queue-make">
      <Choice label={text.printer} value={name} onChange={setName} options={list.map((one) => ({ value: one.name, label: one.description || one.name }))} data-testid="queue-printer" />
      <Row>
        <TextField label={text.copies} value={copies} onChange={setCopies} problem={countable ? null : text.copiesWrong} data-testid="queue-copies" />
        {can?.two_sided && <Choice label={text.sides} value={sides} onChange={setSides} options={(["one", "long_edge", "short_edge"] as const).map((value) => ({ value, label: text.sidesNames[value] }))} data-testid="queue-sides" />}
      </Row>
      {can && (can.media.length > 1 || can.trays.length > 1) && (
        <Row>
          {can.media.length > 1 && <Choice label={text.media} value={media} onChange={setMedia} options={can.media.map((value) => ({ value, label: value }))} data-testid="queue-media" />}
          {can.trays.length > 1 && <Choice label={text.tray} optional value={tray} onChange={setTray} options={can.trays.map((value) => ({ value, label: value }))} data-testid="queue-tray" />}
        </Row>
      )}
      <Tick label={room.cover} checked={cover} onChange={setCover} data-testid="queue-cover" />
      {again && <Choice label={words.invoices.print.reason} value={reason} onChange={setReason} options={Object.entries(words.invoices.print.reasons).map(([value, label]) => ({ value, label }))} data-testid="queue-reason" />}
    </Form>
  );
}
