import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { asKontorError, invoicePdf, printers, printInvoice, type KontorError } from "../call";
import { Choice, TextField, Tick } from "../parts/Fields";
import { Dialog, Form, Row, Warning } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useSpeech } from "../words";
import type { Paper } from "./papers";

/** Sends the stored bytes to a printer of this computer. */
export function PrintDialog({ paper, onClose }: { paper: Paper; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.invoices.print;
  const found = useQuery<string[], KontorError>({ queryKey: ["printers"], queryFn: async () => (await printers()) ?? [], staleTime: 0, retry: false });
  return (
    <Dialog open onClose={onClose} title={text.title(paper.number)} data-testid="print-dialog">
      <Read of={found} rows={3}>
        {(names) => (names.length === 0 ? <Empty title={text.none}>{text.noneWhy}</Empty> : <PrintForm paper={paper} names={names} onClose={onClose} />)}
      </Read>
    </Dialog>
  );
}

function PrintForm({ paper, names, onClose }: { paper: Paper; names: string[]; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.invoices.print;
  const [printer, setPrinter] = useState<string | null>(names[0] ?? null);
  const [copies, setCopies] = useState("1");
  const [duplex, setDuplex] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<KontorError | null>(null);
  // On record, and still not on paper: the next try is another print, so it gets an id of its own.
  const logged = useRef(false);
  const log = useAction("invoices.log_print");
  const form = useCommandId();
  const count = Number(copies.normalize("NFKC"));
  const countable = Number.isInteger(count) && count >= 1 && count <= 99;
  const again = paper.sheets_printed > 0;
  const missing = !printer ? text.needs.printer : !countable ? text.needs.copies : again && !reason ? text.needs.reason : null;

  const send = async () => {
    if (!printer || sending) return;
    setSending(true);
    setFailed(null);
    try {
      // The first look renders and stores the bytes; a print of a paper without them would be refused.
      if (!paper.pdf_stored) await invoicePdf(paper.id);
      // Written down before the paper moves: an original that nobody recorded could leave twice.
      const row = await log.send({ command_id: form.id, invoice_id: paper.id, printer, copies: count, reason: again ? reason : null });
      if (!row) return;
      logged.current = true;
      form.renew();
      await printInvoice(paper.id, { printer, copies: count, duplex });
      notify(text.done(paper.number, printer));
      onClose();
    } catch (thrown) {
      setFailed(asKontorError(thrown));
    } finally {
      setSending(false);
    }
  };

  return (
    <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={sending || log.busy} refusal={failed ?? log.refusal} onCancel={onClose} submitTestId="print-submit">
      <Choice label={text.printer} value={printer} onChange={setPrinter} options={names.map((value) => ({ value, label: value }))} data-testid="print-printer" />
      <Row>
        <TextField label={text.copies} value={copies} onChange={setCopies} problem={countable ? null : text.copiesWrong} data-testid="print-copies" />
        {again && <Choice label={text.reason} value={reason} onChange={setReason} options={Object.entries(text.reasons).map(([value, label]) => ({ value, label }))} data-testid="print-reason" />}
      </Row>
      <Tick label={text.duplex} checked={duplex} onChange={setDuplex} data-testid="print-duplex" />
      <p className="muted">{again ? text.reasonHint(paper.sheets_printed) : text.first}</p>
      {failed && logged.current && <Warning>{text.logged}</Warning>}
    </Form>
  );
}
