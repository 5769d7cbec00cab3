import { useState } from "react";
import { plainMoney, rateText } from "../amounts";
import { AmountField, Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useSpeech } from "../words";
import { lineKey, type Paper } from "./papers";

/** Asks for a paper to be taken back, whole or line by line. */
export function RedLetterDialog({ paper, onClose }: { paper: Paper; onClose(): void }) {
  const { words, language } = useSpeech();
  const text = words.invoices.redForm;
  const [reason, setReason] = useState<string | null>(null);
  const [extent, setExtent] = useState<string | null>("whole");
  const [amounts, setAmounts] = useState<Record<string, string | null>>({});
  const [note, setNote] = useState("");
  const propose = useAction("invoices.propose_red_letter");
  const form = useCommandId();
  const part = extent === "part";
  // A rate is named where the paper has the product at several.
  const several = (product: string) => paper.lines.filter((line) => line.product === product).length > 1;
  const lines = paper.lines.flatMap((line) => {
    const amount = amounts[lineKey(line)];
    return amount ? [{ product: line.product, amount, ...(several(line.product) && { rate: line.rate }) }] : [];
  });
  const missing = !reason ? text.needs.reason : part && lines.length === 0 ? text.needs.amount : null;
  const send = async () => {
    const row = await propose.send({ command_id: form.id, invoice_id: paper.id, reason_code: reason ?? "", lines: part ? lines : null, note: note.trim() || null });
    if (!row) return;
    notify(text.done(paper.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(paper.number)} data-testid="red-letter-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="red-letter-submit">
        <p>{text.text}</p>
        <Choice label={text.reason} value={reason} onChange={setReason} options={Object.entries(words.invoices.reasons).map(([value, label]) => ({ value, label }))} data-testid="red-letter-reason" />
        <Choice label={words.invoices.columns.total} value={extent} onChange={setExtent} options={[{ value: "whole", label: text.whole }, { value: "part", label: text.part }]} data-testid="red-letter-extent" />
        {part &&
          paper.lines.map((line) => (
            <AmountField
              key={lineKey(line)}
              label={text.amount(`${language === "en" ? line.title_en : line.title_zh}${several(line.product) ? ` · ${rateText(line.rate)}` : ""}`)}
              hint={text.holds(plainMoney(line.amount_incl), plainMoney(line.red_lettered))}
              onChange={(value) => setAmounts((now) => ({ ...now, [lineKey(line)]: value }))}
              optional
              data-testid={`red-letter-amount-${line.product}${several(line.product) ? `-${line.rate}` : ""}`}
            />
          ))}
        <TextField label={text.note} value={note} onChange={setNote} lines={2} optional data-testid="red-letter-note" />
      </Form>
    </Dialog>
  );
}
