import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Instant, TimeLeft } from "../parts/Times";
import { useAction, useCommandId } from "../reading";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import type { RedLetter } from "./papers";
import classes from "./invoices.module.css";

const good = ["01", "04"];

/** What the tax platform says to a red letter of an official invoice: its state, its clock of 72 hours, every step. */
export function Confirmation({ red }: { red: RedLetter }) {
  const { words } = useSpeech();
  const text = words.printRoom.confirmation;
  const clerk = useDuty("tax_clerk");
  const [recording, setRecording] = useState(false);
  return (
    <div className={classes.confirmation} data-testid="red-confirmation" data-state={red.confirmation ?? ""}>
      <p>
        <strong>{text.title}</strong> <Chip tone={red.confirmation && good.includes(red.confirmation) ? "green" : "amber"}>{red.confirmation ? text.states[red.confirmation] : text.none}</Chip>{" "}
        {red.confirmation_until && (
          <span className="soft">
            {text.until} <Instant at={red.confirmation_until} exact /> <TimeLeft until={red.confirmation_until} />
          </span>
        )}
      </p>
      {red.confirmation_steps.map((step) => (
        <p key={`${step.state}${step.at}`} className="muted">
          <Instant at={step.at} /> · {text.states[step.state]} {step.form_number && `· ${step.form_number}`} · {step.recorded_by}
        </p>
      ))}
      <Button small blocked={!clerk && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => setRecording(true)} data-testid="red-confirmation-record">
        {text.record}
      </Button>
      {recording && <StepDialog red={red} onClose={() => setRecording(false)} />}
    </div>
  );
}

function StepDialog({ red, onClose }: { red: RedLetter; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.confirmation;
  const now = useNow();
  const [state, setState] = useState<string | null>(null);
  const [number, setNumber] = useState(red.confirmation_steps.at(-1)?.form_number ?? "");
  const record = useAction("invoices.record_red_confirmation");
  const form = useCommandId();
  const send = async () => {
    if (!state) return;
    if (await record.send({ command_id: form.id, red_letter_id: red.id, state, at: now.toISOString(), form_number: number.trim() || null })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.recordTitle}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!state && text.needs} busy={record.busy} refusal={record.refusal} onCancel={onClose} submitTestId="red-confirmation-submit">
        <Choice label={text.state} value={state} onChange={setState} options={Object.entries(text.states).map(([value, label]) => ({ value, label })).sort((a, b) => a.value.localeCompare(b.value))} data-testid="red-confirmation-state" />
        <TextField label={text.form} value={number} onChange={setNumber} optional data-testid="red-confirmation-form" />
      </Form>
    </Dialog>
  );
}
