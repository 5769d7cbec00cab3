import { Fragment, useState } from "react";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { plainMoney } from "../amounts";
import { useAction, useCommandId } from "../reading";
import { to } from "../routes";
import { useDuty, useSession } from "../session";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import { TransferState, TransferSteps } from "./Transfer";
import { whyNot } from "./why";
import classes from "./refunds.module.css";

type Leg = RefundCase["legs"][number];
/** The provider refused it or takes it no more, or it was approved to leave by bank. */
const needsTransfer = (leg: Leg): boolean => ["failed", "window_closed", "transfer"].includes(leg.state);
const tones: Record<string, Tone> = { instructed: "brand", confirmed: "green", failed: "red" };

/** What was sent to the providers, one instruction for each lot, and what has come back confirmed. */
export function Legs({ refund }: { refund: RefundCase }) {
  const { words, formats } = useSpeech();
  const text = words.refunds.legs;
  const [confirming, setConfirming] = useState<Leg | null>(null);
  const [failing, setFailing] = useState<Leg | null>(null);
  const { login } = useSession();
  const may = useDuty("treasurer", "accountant");
  if (refund.legs.length === 0) return null;
  const involved = [refund.requested_by, refund.reviewed_by, refund.approved_by].includes(login);
  const blocked = !may ? whyNot(words, "duty_missing").what : involved ? whyNot(words, "releaser_is_involved").what : null;
  const confirmed = refund.legs.filter((leg) => leg.status === "confirmed").length;
  const open = refund.legs.some((leg) => leg.status !== "confirmed" && leg.status !== "recalled" && leg.route === "original");
  return (
    <Panel title={text.title} hint={text.hint(formats.count(confirmed), formats.count(refund.legs.length))} aside={open ? text.byStatement : null} data-testid="refund-legs">
      <div className={classes.sheetScroll}>
        <table className={classes.sheet}>
          <thead>
            <tr>
              <th>{text.refundNo}</th>
              <th className={classes.start}>{text.order}</th>
              <th className={classes.start}>{text.channel}</th>
              <th>{text.net}</th>
              <th className={classes.start}>{text.status}</th>
              <th>{text.confirmed}</th>
            </tr>
          </thead>
          <tbody>
            {refund.legs.map((leg) => (
              <Fragment key={leg.id}>
              <tr data-testid="refund-leg" data-no={leg.refund_no} data-status={leg.status} data-net={leg.net}>
                <td>{leg.refund_no}</td>
                <td className={classes.start}>
                  <a className={classes.order} href={`#${to(`/customers/${refund.customer_id}`, { order: leg.order_no })}`}>
                    {leg.order_no}
                  </a>
                </td>
                <td className={classes.start}>
                  {leg.route === "original" ? (words.parts.channels[leg.channel] ?? leg.channel) : (words.refunds.worksheet.routes[leg.route] ?? leg.route)}
                </td>
                <td>
                  <Money amount={leg.net} />
                </td>
                <td className={classes.start}>
                  <Chip tone={tones[leg.status] ?? "plain"}>{text.statuses[leg.status] ?? leg.status}</Chip>
                </td>
                <td>
                  {leg.confirmed_at ? (
                    <>
                      <Instant at={leg.confirmed_at} />
                      {leg.bank_reference && <span className="muted"> · {text.bankReference(leg.bank_reference)}</span>}
                    </>
                  ) : (
                    leg.status === "recalled" ? null : needsTransfer(leg) ? (
                      <TransferSteps refund={refund} leg={leg} onPay={() => setConfirming(leg)} payBlocked={blocked} />
                    ) : (
                      <Button small onClick={() => setFailing(leg)} blocked={!may ? whyNot(words, "duty_missing").what : refund.released_by === login ? whyNot(words, "leg_failed_by_releaser").what : null} data-testid="refund-fail-leg">
                        {text.fail}
                      </Button>
                    )
                  )}
                </td>
              </tr>
              {leg.transfer && (
                <tr>
                  <td colSpan={6} className={classes.underLeg}>
                    <TransferState leg={leg} />
                  </td>
                </tr>
              )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {confirming && <ConfirmTransfer leg={confirming} onClose={() => setConfirming(null)} />}
      {failing && <FailLeg leg={failing} onClose={() => setFailing(null)} />}
    </Panel>
  );
}

function ConfirmTransfer({ leg, onClose }: { leg: Leg; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.refunds.transfer;
  const [reference, setReference] = useState("");
  const confirm = useAction("refunds.confirm_transfer");
  const form = useCommandId();
  const send = async () => {
    const row = await confirm.send({ command_id: form.id, leg_id: leg.id, bank_reference: reference.trim() });
    if (row) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(leg.refund_no)}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!reference.trim() && whyNot(words, "bank_reference_missing").what} busy={confirm.busy} refusal={confirm.refusal} onCancel={onClose} submitTestId="refund-transfer-submit">
        <p>{text.text(plainMoney(leg.net), leg.order_no)}</p>
        <TextField label={text.reference} hint={text.referenceHint} value={reference} onChange={setReference} autoFocus data-testid="refund-bank-reference" />
      </Form>
    </Dialog>
  );
}

/** The provider did not pay: said by somebody other than the releaser; its later row would still confirm it. */
function FailLeg({ leg, onClose }: { leg: Leg; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.refunds.failing;
  const [reason, setReason] = useState("");
  const fail = useAction("refunds.fail_leg");
  const form = useCommandId();
  const send = async () => {
    const row = await fail.send({ command_id: form.id, leg_id: leg.id, reason: reason.trim() });
    if (row) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(leg.refund_no)}>
      <Form onSubmit={() => void send()} submit={text.submit} danger blocked={!reason.trim() && whyNot(words, "failure_without_reason").what} busy={fail.busy} refusal={fail.refusal} onCancel={onClose} submitTestId="refund-fail-submit">
        <p>{text.text(plainMoney(leg.net))}</p>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="refund-fail-reason" />
      </Form>
    </Dialog>
  );
}
