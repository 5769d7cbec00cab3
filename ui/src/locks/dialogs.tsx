import { useState } from "react";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row, Warning } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useSpeech } from "../words";
import type { OrderPage } from "./orders";
import { PapersField, useOrderPapers } from "./papers";

interface Props {
  order: OrderPage;
  onClose(): void;
}

/** The authority prolonged its order: a later last day, and the paper that says so. */
export function RenewDialog({ order, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.locks;
  const [orderNo, setOrderNo] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const kept = useOrderPapers(order.id);
  const renew = useAction("judicial_locks.renew");
  const form = useCommandId();
  const needs = text.form.needs;
  const blocked = !orderNo.trim() ? needs["orderNo"] : !until ? needs["until"] : kept.papers.length === 0 ? needs["papers"] : kept.undated ? needs["received"] : null;
  const send = async () => {
    if (!(await kept.file())) return;
    if (!(await renew.send({ command_id: form.id, order_id: order.id, order_no: orderNo.trim(), until_on: until ?? "", attachment_id: kept.papers[0]!.id }))) return;
    notify(text.renew.done(order.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.renew.title(order.number)} data-testid="renew-dialog">
      <Form onSubmit={() => void send()} submit={text.renew.submit} blocked={blocked} busy={renew.busy || kept.filing} refusal={kept.unfiled ?? renew.refusal} onCancel={onClose} submitTestId="renew-submit">
        <Row>
          <TextField label={text.renew.orderNo} value={orderNo} onChange={setOrderNo} data-testid="renew-number" />
          <DayField label={text.renew.until} hint={text.form.untilHint} value={until} onChange={setUntil} min={order.due_on} data-testid="renew-until" />
        </Row>
        <PapersField label={text.renew.paper} kept={kept} one />
      </Form>
    </Dialog>
  );
}

/** The order ends: why, and the paper. */
export function LiftDialog({ order, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.locks;
  const [reason, setReason] = useState("");
  const kept = useOrderPapers(order.id);
  const lift = useAction("judicial_locks.lift");
  const form = useCommandId();
  const blocked = !reason.trim() ? words.policy.policies.form.needs.reason : kept.papers.length === 0 ? text.form.needs["papers"] : kept.undated ? text.form.needs["received"] : null;
  const send = async () => {
    if (!(await kept.file())) return;
    if (!(await lift.send({ command_id: form.id, order_id: order.id, reason: reason.trim(), attachment_id: kept.papers[0]!.id }))) return;
    notify(text.lift.done(order.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.lift.title(order.number)} data-testid="lift-dialog">
      <Form onSubmit={() => void send()} submit={text.lift.submit} danger blocked={blocked} busy={lift.busy || kept.filing} refusal={kept.unfiled ?? lift.refusal} onCancel={onClose} submitTestId="lift-submit">
        <Warning>{text.lift.effect}</Warning>
        <TextField label={text.lift.reason} value={reason} onChange={setReason} lines={2} data-testid="lift-reason" />
        <PapersField label={text.lift.paper} kept={kept} one />
      </Form>
    </Dialog>
  );
}
