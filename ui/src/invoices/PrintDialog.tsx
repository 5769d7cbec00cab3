import { useRef, useState } from "react";
import { paperPdf } from "../call";
import { Choice } from "../parts/Fields";
import { Warning } from "../parts/Form";
import { PrintPaper } from "../parts/Printing";
import { useAction, useCommandId } from "../reading";
import { useSpeech } from "../words";
import type { Paper } from "./papers";

/** Prints the stored bytes; the first sheet is the original, and each later one is a copy with a reason. */
export function PrintDialog({ paper, onClose }: { paper: Paper; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.invoices.print;
  const [reason, setReason] = useState<string | null>(null);
  // On record, and still not on paper: the next try is another print, so it gets an id of its own.
  const [logged, setLogged] = useState(false);
  const log = useAction("invoices.log_print");
  const form = useCommandId();
  const printed = useRef(paper.sheets_printed);
  const again = logged || printed.current > 0;
  const record = async (printer: string, copies: number) => {
    // The first look renders and stores the bytes; a print of a paper without them would be refused.
    if (!paper.pdf_stored) await paperPdf({ kind: "invoice", id: paper.id });
    // Written down before the paper moves: an original that nobody recorded could leave twice.
    const row = await log.send({ command_id: form.id, invoice_id: paper.id, printer, copies, reason: again ? reason : null });
    if (!row) return false;
    setLogged(true);
    form.renew();
    return true;
  };
  return (
    <PrintPaper paper={{ kind: "invoice", id: paper.id }} number={paper.number} record={record} missing={again && !reason && text.needs.reason} busy={log.busy} refusal={log.refusal} onClose={onClose}>
      {again && <Choice label={text.reason} value={reason} onChange={setReason} options={Object.entries(text.reasons).map(([value, label]) => ({ value, label }))} data-testid="print-reason" />}
      <p className="muted">{printed.current > 0 ? text.reasonHint(printed.current) : text.first}</p>
      {logged && <Warning>{text.logged}</Warning>}
    </PrintPaper>
  );
}
