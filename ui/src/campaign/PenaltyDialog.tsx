import { useState } from "react";
import type { Result } from "../call";
import { Choice, TextField, Tick } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { useAction, useCommandId, useRead } from "../reading";
import { go } from "../routes";
import { useSpeech } from "../words";
import classes from "./campaign.module.css";

type Sheet = NonNullable<Result<"campaign.preview_penalty">>["sheet"];

/** What a penalty takes from each account. */
export function PenaltySheet({ sheet }: { sheet: Sheet }) {
  const { words } = useSpeech();
  const text = words.campaign.violation;
  const names = text.columns;
  return (
    <table className={classes.figures} data-testid="penalty-sheet">
      <thead>
        <tr><th>{names.account}</th><th>{names.issued}</th><th>{names.used}</th><th>{names.deduct}</th><th>{names.claim}</th></tr>
      </thead>
      <tbody>
        {sheet.accounts.map((account) => (
          <tr key={account.customer_id}>
            <td>{account.name} <span className="muted">{account.ref}</span></td>
            <td><Money amount={account.issued} quietZero /></td>
            <td><Money amount={account.used} quietZero /></td>
            <td><Money amount={account.deduct} quietZero /></td>
            <td><Money amount={account.claim} quietZero /></td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr><td>{text.total}</td><td /><td /><td><Money amount={sheet.deduct} strong /></td><td><Money amount={sheet.claim} strong /></td></tr>
      </tfoot>
    </table>
  );
}

/** A violation with its type and evidence; the figures on the screen are the ones that are proposed. */
export function PenaltyDialog({ customer, review, onClose }: { customer: string; review?: string; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.violation;
  const [kind, setKind] = useState<string | null>(review ? "account_association" : "technical_cheating");
  const [evidence, setEvidence] = useState("");
  const [lock, setLock] = useState(false);
  const preview = useRead("campaign.preview_penalty", { customer_id: customer, ...(review ? { review_id: review } : {}) });
  const form = useCommandId();
  const propose = useAction("campaign.propose_violation");
  const send = async () => {
    if (!preview.data) return;
    const body = { command_id: form.id, customer_id: customer, kind: kind ?? "technical_cheating", evidence: evidence.trim(), digest: preview.data.digest, lock_accounts: lock, ...(review ? { review_id: review } : {}) };
    if (await propose.send(body)) go(`/campaign/violations/${form.id}`);
  };
  return (
    <Dialog open onClose={onClose} title={text.title} size={820} data-testid="penalty-dialog">
      <Form onSubmit={() => void send()} submit={text.propose} danger blocked={!preview.data ? text.columns.deduct : !evidence.trim() && words.disputes.fields.needs(text.evidence)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="penalty-submit">
        <Choice label={text.kind} value={kind} onChange={setKind} options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))} />
        <TextField label={text.evidence} hint={text.evidenceHint} value={evidence} onChange={setEvidence} lines={4} autoFocus data-testid="penalty-evidence" />
        <Tick label={text.lock} checked={lock} onChange={setLock} />
        <Read of={preview}>{(shown) => <PenaltySheet sheet={shown.sheet} />}</Read>
        <Warning>{text.bars}</Warning>
      </Form>
    </Dialog>
  );
}
