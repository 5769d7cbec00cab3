// Who holds a case, and how long it was at each step.
import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useAction, useCommandId } from "../reading";
import { useSession } from "../session";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import { whyNot } from "./why";
import classes from "./refunds.module.css";

/** Gives the present step to somebody who could take it, or takes it upon oneself. */
export function HandOverDialog({ refund, onClose }: { refund: RefundCase; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.casework.holding;
  const { login, people } = useSession();
  const others = refund.could_take.filter((one) => one !== refund.holder);
  const [to, setTo] = useState<string | null>(others.includes(login) ? login : (others[0] ?? null));
  const [reason, setReason] = useState("");
  const hand = useAction("refunds.hand_over");
  const form = useCommandId();
  const person = people.find((one) => one.login === to);
  const mine = to === login;
  const missing = !person ? text.nobody : !mine && !reason.trim() ? whyNot(words, "handover_without_reason").what : null;
  const send = async () => {
    const row = await hand.send({ command_id: form.id, refund_id: refund.id, person_id: person?.id ?? 0, reason: reason.trim() || null });
    if (!row) return;
    notify(text.done(refund.number, to ?? ""));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(refund.number)} data-testid="refund-hand-over-dialog">
      <Form onSubmit={() => void send()} submit={mine ? text.take : text.submit} blocked={missing} busy={hand.busy} refusal={hand.refusal} onCancel={onClose} submitTestId="refund-hand-over-submit">
        <p>{text.text}</p>
        <Choice label={text.person} value={to} onChange={setTo} options={others.map((one) => ({ value: one, label: one === login ? text.me(one) : one }))} data-testid="refund-hand-over-to" />
        {!mine && <TextField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} lines={2} data-testid="refund-hand-over-reason" />}
      </Form>
    </Dialog>
  );
}

/** Who holds it, or who could take it, and the way to change that. */
export function Holder({ refund }: { refund: RefundCase }) {
  const { words, formats } = useSpeech();
  const text = words.casework.holding;
  const [asking, setAsking] = useState(false);
  const may = refund.actions.some((one) => one.action === "refunds.hand_over" && one.allowed);
  const who =
    refund.holder && refund.held_since ? (
      <Chip tone="violet" data-testid="refund-holder" data-holder={refund.holder}>
        {text.held(refund.holder, formats.instant(refund.held_since))}
      </Chip>
    ) : refund.could_take.length > 0 ? (
      <span className="muted">{text.could(refund.could_take.join(", "))}</span>
    ) : refund.waits_for && !["statement", "dispute"].includes(refund.waits_for) ? (
      <Chip tone="amber">{text.nobodyCould}</Chip>
    ) : null;
  if (!who) return null;
  return (
    <p className={classes.holder}>
      {who}
      {may && (
        <Button small keys="h" onClick={() => setAsking(true)} data-testid="refund-hand-over">
          {text.button}
        </Button>
      )}
      {asking && <HandOverDialog refund={refund} onClose={() => setAsking(false)} />}
    </p>
  );
}

/** How long each step took; the customer's time stands by itself. */
export function Stints({ refund }: { refund: RefundCase }) {
  const { words, formats } = useSpeech();
  const text = words.casework.stints;
  if (refund.stints.length === 0) return null;
  return (
    <Panel title={text.title} hint={text.hint} data-testid="refund-stints">
      <div className={classes.sheetScroll}>
        <table className={classes.sheet}>
          <thead>
            <tr>
              <th>{text.columns.step}</th>
              <th className={classes.start}>{text.columns.from}</th>
              <th>{text.columns.time}</th>
              <th className={classes.start}>{text.columns.by}</th>
            </tr>
          </thead>
          <tbody>
            {refund.stints.map((stint) => (
              <tr key={stint.from_at} data-testid="refund-stint" data-step={stint.step}>
                <td>{words.refunds.waits[stint.step] ?? stint.step}</td>
                <td className={classes.start}>
                  <Instant at={stint.from_at} />
                </td>
                <td>{formats.span(stint.minutes * 60_000)}</td>
                <td className={classes.start}>{stint.until_at ? stint.by : <span className="muted">{text.running}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
