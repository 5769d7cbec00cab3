import { useState } from "react";
import { Choice, DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow, useSession } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { startOf, type Person } from "./values";

/** A duty of one's own, to a named person, from a day to a day; a supervisor confirms it. */
export function LendDialog({ people, duties, onClose }: { people: Person[]; duties: string[]; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.casework.lending;
  const { login } = useSession();
  const today = dayOf(useNow());
  const [duty, setDuty] = useState<string | null>(duties[0] ?? null);
  const [who, setWho] = useState<string | null>(null);
  const [from, setFrom] = useState<string | null>(today);
  const [until, setUntil] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const lend = useAction("people.delegate");
  const form = useCommandId();
  const names = words.shell.duties as Record<string, string>;
  const missing = !duty || !who || !from || !until || !reason.trim() ? text.missing : until <= from ? words.policy.people.form.needs.order : null;
  const send = async () => {
    const row = await lend.send({ command_id: form.id, duty: duty ?? "", deputy_id: Number(who), from_at: startOf(from ?? today), until_at: startOf(until ?? today), reason: reason.trim() });
    if (!row) return;
    notify(text.done(row.login));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="lend-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={lend.busy} refusal={lend.refusal} onCancel={onClose} submitTestId="lend-submit">
        <p>{text.text}</p>
        <Row>
          <Choice label={text.duty} value={duty} onChange={setDuty} options={duties.map((one) => ({ value: one, label: names[one] ?? one }))} data-testid="lend-duty" />
          <Choice label={text.deputy} value={who} onChange={setWho} searchable options={people.filter((one) => one.login !== login).map((one) => ({ value: String(one.id), label: `${one.login} · ${one.title}` }))} data-testid="lend-deputy" />
        </Row>
        <Row>
          <DayField label={text.from} value={from} onChange={setFrom} data-testid="lend-from" />
          <DayField label={text.until} hint={text.untilHint} value={until} onChange={setUntil} data-testid="lend-until" />
        </Row>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={2} data-testid="lend-reason" />
      </Form>
    </Dialog>
  );
}
