import { useState } from "react";
import { isZero } from "../amounts";
import type { Result } from "../call";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { Button } from "../parts/Button";
import { AmountField, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { useSpeech } from "../words";
import classes from "./campaign.module.css";

export type ViolationShown = NonNullable<Result<"campaign.violation">>;
type Claim = ViolationShown["claims"][number];

/** What legal claimed in cash, what was paid of it, and the next payment. */
export function Claims({ page }: { page: ViolationShown }) {
  const { words } = useSpeech();
  const text = words.campaign.violation.claims;
  const [asking, setAsking] = useState<Claim | null>(null);
  const blocked = page.may_record_payment !== "yes" && (words.campaign.violation.may[page.may_record_payment] ?? null);
  const open = page.claims.filter((claim) => !isZero(claim.due));
  return (
    <Panel title={text.title} hint={text.hint} data-testid="violation-claims">
      <table className={classes.figures}>
        <thead>
          <tr><th className={classes.text}>{words.campaign.violation.customer}</th><th>{text.claimed}</th><th>{text.paid}</th><th>{text.due}</th><th /></tr>
        </thead>
        <tbody>
          {page.claims.map((claim) => (
            <tr key={claim.customer_id} data-customer={claim.customer_id}>
              <td className={classes.text}>{claim.name}</td>
              <td><Money amount={claim.claimed} /></td>
              <td><Money amount={claim.paid} quietZero /></td>
              <td><Money amount={claim.due} strong quietZero /></td>
              <td>{!isZero(claim.due) && <Button small keys={claim === open[0] ? "y" : undefined} onClick={() => setAsking(claim)} blocked={blocked} data-testid="claim-pay">{claim.due.startsWith("-") ? text.giveBack : text.record}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {page.payments.length === 0 ? <p className={classes.words}>{text.noPayments}</p> : (
        <table className={classes.figures} data-testid="claim-payments">
          <thead><tr><th className={classes.text}>{text.payments}</th><th className={classes.text}>{text.reference}</th><th>{text.at}</th><th>{text.amount}</th></tr></thead>
          <tbody>
            {page.payments.map((one) => (
              <tr key={one.id}><td className={classes.text}>{one.name}</td><td className={classes.text}>{one.reference} · {one.recorded_by}</td><td><Instant at={one.paid_at} /></td><td><a href={`#/ledger?journal=${one.journal_id}`}><Money amount={one.amount} /></a></td></tr>
            ))}
          </tbody>
        </table>
      )}
      {asking && <Payment violation={page.violation.id} claim={asking} onClose={() => setAsking(null)} />}
    </Panel>
  );
}

function Payment({ violation, claim, onClose }: { violation: string; claim: Claim; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.violation.claims;
  const back = claim.due.startsWith("-");
  const due = back ? claim.due.slice(1) : claim.due;
  const [amount, setAmount] = useState<string | null>(due);
  const [reference, setReference] = useState("");
  const [at, setAt] = useState(beijing(useNow()));
  const form = useCommandId();
  const record = useAction("campaign.record_claim_payment");
  const blocked = !amount ? text.amount : !reference.trim() ? text.reference : !instantOf(at) ? text.at : null;
  const send = async () => {
    const done = await record.send({ command_id: form.id, violation_id: violation, customer_id: claim.customer_id, amount: back ? `-${amount ?? ""}` : (amount ?? ""), paid_at: instantOf(at) ?? at, reference: reference.trim() });
    if (!done) return;
    notify(text.done);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`${back ? text.giveBack : text.record} · ${claim.name}`} data-testid="claim-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked && words.disputes.fields.needs(blocked)} busy={record.busy} refusal={record.refusal} onCancel={onClose} submitTestId="claim-submit">
        <AmountField label={text.amount} initial={due} onChange={setAmount} data-testid="claim-amount" />
        <TextField label={text.reference} value={reference} onChange={setReference} autoFocus data-testid="claim-reference" />
        <InstantField label={text.at} value={at} onChange={setAt} />
      </Form>
    </Dialog>
  );
}
