// The steps of a release board: export a file, say a balance, take an instruction back, send one again.
import { useState } from "react";
import { plainMoney } from "../amounts";
import type { PayoutFileKind } from "../call";
import { AmountField, Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { go } from "../routes";
import { useNow } from "../session";
import { useSpeech } from "../words";
import { whyNot } from "../refunds/why";
import type { Channel, Leg } from "./board";
import { savePayoutFile } from "./files";

export function ExportDialog({ channel, onClose }: { channel: Channel; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.payouts.exporting;
  const name = words.parts.channels[channel.channel] ?? channel.channel;
  const [kind, setKind] = useState<PayoutFileKind>("provider");
  const action = useAction("payouts.export");
  const form = useCommandId();
  const send = async () => {
    const batch = await action.send({ command_id: form.id, channel: channel.channel });
    if (!batch) return;
    notify(text.done(batch.number));
    // Not saved is no loss: the file is kept and waits in the dialog that opens now.
    await savePayoutFile(batch, kind).catch(() => false);
    onClose();
    go(`/payouts/files/${batch.id}`);
  };
  return (
    <Dialog open onClose={onClose} title={text.title(name)}>
      <Form onSubmit={() => void send()} submit={text.submit} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-export-submit">
        <p>{text.text(formats.count(Math.min(channel.ready_count, 500)), plainMoney(channel.ready))}</p>
        <Choice label={text.kind} value={kind} onChange={(chosen) => setKind(chosen === "csv" ? "csv" : "provider")} options={[{ value: "provider", label: text.kinds.provider(name) }, { value: "csv", label: text.kinds.csv }]} data-testid="payout-export-kind" />
        <p className="muted">{text.final}</p>
      </Form>
    </Dialog>
  );
}

export function BalanceDialog({ channel, onClose }: { channel: string; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.balancing;
  const now = useNow();
  const [amount, setAmount] = useState<string | null>(null);
  const action = useAction("payouts.tell_balance");
  const form = useCommandId();
  const send = async () => {
    if (amount && (await action.send({ command_id: form.id, channel, amount, as_of: now.toISOString() }))) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(words.parts.channels[channel] ?? channel)}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!amount && text.missing} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-balance-submit">
        <AmountField label={text.amount} onChange={setAmount} data-testid="payout-balance-amount" />
        <p className="muted">{text.hint}</p>
      </Form>
    </Dialog>
  );
}

export function RecallDialog({ leg, onClose }: { leg: Leg; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.recalling;
  const [reason, setReason] = useState("");
  const action = useAction("payouts.recall");
  const form = useCommandId();
  const send = async () => {
    if (await action.send({ command_id: form.id, refund_no: leg.refund_no, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(leg.refund_no)}>
      <Form onSubmit={() => void send()} submit={text.submit} danger blocked={!reason.trim() && whyNot(words, "recall_without_reason").what} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-recall-submit">
        <p>{text.text(plainMoney(leg.amount), leg.case_number)}</p>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="payout-recall-reason" />
      </Form>
    </Dialog>
  );
}

export function RetryDialog({ leg, onClose }: { leg: Leg; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.retrying;
  const action = useAction("payouts.retry");
  const form = useCommandId();
  const send = async () => {
    if (await action.send({ command_id: form.id, refund_no: leg.refund_no })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(leg.refund_no)}>
      <Form onSubmit={() => void send()} submit={text.submit} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-retry-submit">
        <p>{text.text(plainMoney(leg.amount))}</p>
        {leg.reason && <p className="muted">{text.because(leg.reason)}</p>}
      </Form>
    </Dialog>
  );
}
