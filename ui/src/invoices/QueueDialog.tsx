import { useState } from "react";
import type { PapersOf, Printer } from "../call";
import { Choice, Tick } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Read } from "../parts/Loading";
import { usePrinters, usePrintOptions } from "../parts/PrinterFields";
import { useAction, useCommandId } from "../reading";
import { go } from "../routes";
import { useSpeech } from "../words";

/** Which printer, which tray, how: the queue is made here and printed on its own page. */
export function QueueDialog({ of, papers, onClose }: { of: PapersOf; papers: number; onClose(): void }) {
  const { words, formats } = useSpeech();
  const found = usePrinters();
  return (
    <Dialog open onClose={onClose} title={words.printRoom.queue.title(formats.count(papers))} data-testid="queue-dialog">
      <Read of={found} rows={3}>{(list) => <Wanted of={of} list={list} onClose={onClose} />}</Read>
    </Dialog>
  );
}

function Wanted({ of, list, onClose }: { of: PapersOf; list: Printer[]; onClose(): void }) {
  const { words } = useSpeech();
  const room = words.printRoom.queue;
  const { options, lacks, fields, remember } = usePrintOptions(list, 9, "queue");
  const [cover, setCover] = useState(true);
  const [reason, setReason] = useState<string | null>(null);
  const start = useAction("prints.start");
  const form = useCommandId();
  // The database knows which papers were printed before; it asks for the reason by refusing without one.
  const again = start.refusal?.rule === "reprint_without_reason" || reason !== null;
  const send = async () => {
    if (!options) return;
    const { media, ...rest } = options;
    const batch = await start.send({ command_id: form.id, ...of, ...rest, media: media ?? "A4", cover, reason });
    if (!batch) return;
    remember();
    go(`/invoices/prints/${batch.id}`);
  };
  return (
    <Form onSubmit={() => void send()} submit={room.make} blocked={lacks} busy={start.busy} refusal={start.refusal} onCancel={onClose} submitTestId="queue-make">
      {fields}
      <Tick label={room.cover} checked={cover} onChange={setCover} data-testid="queue-cover" />
      {again && <Choice label={words.invoices.print.reason} value={reason} onChange={setReason} options={Object.entries(words.invoices.print.reasons).map(([value, label]) => ({ value, label }))} data-testid="queue-reason" />}
    </Form>
  );
}
