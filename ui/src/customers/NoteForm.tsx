import { useState } from "react";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { useAction, useCommandId } from "../reading";
import { useWords } from "../words";

interface NoteFormProps {
  customerId: string;
  /** The case it belongs to, if any. */
  subject?: { kind: string; id: string };
  open: boolean;
  onClose(): void;
}

export function NoteForm({ customerId, subject, open, onClose }: NoteFormProps) {
  const words = useWords().customers.note;
  const form = useCommandId();
  const add = useAction("customers.add_note");
  const [kind, setKind] = useState<string>("note");
  const [body, setBody] = useState("");
  const submit = async () => {
    const kept = await add.send({ command_id: form.id, customer_id: customerId, kind, body: body.trim(), subject_kind: subject?.kind ?? null, subject_id: subject?.id ?? null });
    if (!kept) return;
    setBody("");
    form.renew();
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={words.title}>
      <Form onSubmit={() => void submit()} submit={words.submit} busy={add.busy} refusal={add.refusal} blocked={body.trim() ? null : words.body} onCancel={onClose} submitTestId="note-submit">
        <Choice label={words.kind} value={kind} onChange={(next) => next && setKind(next)} options={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))} />
        <TextField label={words.body} value={body} onChange={setBody} lines={5} autoFocus data-testid="note-body" />
      </Form>
    </Dialog>
  );
}
