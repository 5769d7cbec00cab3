import { useState } from "react";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { plainDigits, type Paper } from "./papers";

/** The tax platform's number, written down once. */
export function OfficialDialog({ paper, onClose }: { paper: Paper; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.invoices.official;
  const today = dayOf(useNow());
  const [number, setNumber] = useState("");
  const [on, setOn] = useState<string | null>(today);
  const record = useAction("invoices.record_official");
  const form = useCommandId();
  const digits = plainDigits(number);
  const whole = /^[0-9]{20}$/.test(digits);
  const send = async () => {
    const row = await record.send({ command_id: form.id, invoice_id: paper.id, official_number: digits, official_on: on ?? today });
    if (!row) return;
    notify(text.done(row.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(paper.number)} data-testid="invoice-official-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!whole ? text.needs.number : !on && text.needs.on} busy={record.busy} refusal={record.refusal} onCancel={onClose} submitTestId="invoice-official-submit">
        <p>{text.text}</p>
        <Row>
          <TextField label={text.number} value={number} onChange={setNumber} autoFocus hint={digits && !whole ? text.digits(digits.length) : text.numberHint} problem={digits.length > 20 || /[^0-9]/.test(digits) ? text.needs.number : null} data-testid="invoice-official-field" />
          <DayField label={text.on} value={on} onChange={setOn} min={dayOf(paper.issued_at)} max={today} data-testid="invoice-official-on" />
        </Row>
      </Form>
    </Dialog>
  );
}
