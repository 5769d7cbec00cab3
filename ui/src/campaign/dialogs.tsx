import { useState } from "react";
import type { CampaignReplay } from "../bindings";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { AmountField, Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { go } from "../routes";
import { useNow } from "../session";
import { useSpeech } from "../words";

interface Props {
  replay: CampaignReplay;
  onClose(): void;
}

const choices = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));

/** A record that is wrong: named by its number, with the reason, for a second person. */
export function CorrectionDialog({ replay, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.campaign.correction;
  const [kind, setKind] = useState<string | null>("void_touch");
  const [subject, setSubject] = useState("");
  const [amount, setAmount] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const propose = useAction("campaign.propose_correction");
  const credits = kind === "give_credits_back";
  const blocked = !subject.trim() ? text.subject : credits && !amount ? text.amount : !reason.trim() ? text.reason : null;
  const send = async () => {
    const body = { command_id: form.id, kind: kind ?? "void_touch", customer_id: replay.friend_id ?? "", subject: subject.trim(), reason: reason.trim(), ...(credits && amount ? { amount } : {}) };
    if (await propose.send(body)) {
      notify(text.done);
      onClose();
    }
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="correction-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked && words.disputes.fields.needs(blocked)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="correction-submit">
        <p className="soft">{text.hint}</p>
        <Choice label={text.kind} value={kind} onChange={setKind} options={choices(text.kinds)} />
        <TextField label={text.subject} value={subject} onChange={setSubject} autoFocus data-testid="correction-subject" />
        {credits && <AmountField label={text.amount} onChange={setAmount} />}
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} data-testid="correction-reason" />
      </Form>
    </Dialog>
  );
}

/** An objection as it was said, with the two instants that its clock needs. */
export function ObjectionDialog({ replay, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.campaign.objections.form;
  const now = beijing(useNow());
  const [who, setWho] = useState<string | null>(replay.inviter_id ? "inviter" : "friend");
  const [about, setAbout] = useState<string | null>("attribution");
  const [told, setTold] = useState("");
  const [ticket, setTicket] = useState("");
  const [visible, setVisible] = useState(now);
  const [received, setReceived] = useState(now);
  const form = useCommandId();
  const record = useAction("campaign.record_objection");
  const blocked = !told.trim() ? text.told : !ticket.trim() ? text.ticket : !instantOf(visible) ? text.visible : !instantOf(received) ? text.received : null;
  const send = async () => {
    const customer = who === "inviter" ? replay.inviter_id : replay.friend_id;
    const row = await record.send({ command_id: form.id, customer_id: customer ?? "", friend_id: replay.friend_id ?? "", about: about ?? "attribution", told: told.trim(), ticket_no: ticket.trim(), visible_at: instantOf(visible) ?? visible, received_at: instantOf(received) ?? received });
    if (row) go(`/campaign/objections/${row.id}`);
  };
  const parties: Record<string, string> = replay.inviter_id ? { inviter: text.inviter, friend: text.friend } : { friend: text.friend };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="objection-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked && words.disputes.fields.needs(blocked)} busy={record.busy} refusal={record.refusal} onCancel={onClose} submitTestId="objection-submit">
        <Row>
          <Choice label={text.who} value={who} onChange={setWho} options={choices(parties)} />
          <Choice label={text.about} value={about} onChange={setAbout} options={choices(words.campaign.objections.abouts)} />
        </Row>
        <TextField label={text.told} value={told} onChange={setTold} lines={3} autoFocus data-testid="objection-told" />
        <TextField label={text.ticket} value={ticket} onChange={setTicket} data-testid="objection-ticket" />
        <Row>
          <InstantField label={text.visible} value={visible} onChange={setVisible} data-testid="objection-visible" />
          <InstantField label={text.received} value={received} onChange={setReceived} data-testid="objection-received" />
        </Row>
      </Form>
    </Dialog>
  );
}
