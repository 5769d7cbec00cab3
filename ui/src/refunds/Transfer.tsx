// A leg that leaves by bank: planned by one, approved by an approver and the treasurer, then paid.
import { useState } from "react";
import { plainMoney } from "../amounts";
import { Button, LinkButton } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import { whyNot, whyNotText } from "./why";

type Leg = RefundCase["legs"][number];

/** What can be done for a leg that leaves by bank: plan it, approve it, decline it; paying it is the caller's. */
export function TransferSteps({ refund, leg, onPay, payBlocked }: { refund: RefundCase; leg: Leg; onPay(): void; payBlocked: string | null }) {
  const { words } = useSpeech();
  const text = words.casework.transfer;
  const plans = useDuty("agent", "accountant");
  const decides = useDuty("agent", "accountant", "approver", "treasurer");
  const [asking, setAsking] = useState<"plan" | "decline" | null>(null);
  const approve = useAction("transfers.approve");
  const form = useCommandId();
  const { transfer } = leg;
  const yes = async () => {
    if (!transfer || !(await approve.send({ command_id: form.id, transfer_id: transfer.id }))) return;
    form.renew();
    notify(text.approved(leg.refund_no));
  };
  const waits = transfer?.status === "waits_for_approver" || transfer?.status === "waits_for_treasurer";
  return (
    <>
      {!transfer && (
        <Button small onClick={() => setAsking("plan")} blocked={!plans && whyNot(words, "duty_missing").what} data-testid="transfer-plan">
          {text.plan}
        </Button>
      )}
      {transfer && waits && (
        <Button small kind={transfer.why ? "plain" : "primary"} busy={approve.busy} blocked={transfer.why && whyNotText(words, transfer.why)} onClick={() => void yes()} data-testid="transfer-approve">
          {text.approve}
        </Button>
      )}
      {transfer?.status === "cleared" && (
        <Button small kind="primary" onClick={onPay} blocked={payBlocked} data-testid="refund-confirm-transfer">
          {words.refunds.legs.confirm}
        </Button>
      )}
      {transfer && decides && (waits || transfer.status === "cleared") && (
        <Button small kind="quiet" onClick={() => setAsking("decline")} data-testid="transfer-decline">
          {text.decline}
        </Button>
      )}
      <Refusal error={approve.refusal} />
      {asking === "plan" && <PlanDialog refund={refund} leg={leg} onClose={() => setAsking(null)} />}
      {asking === "decline" && transfer && <DeclineDialog id={transfer.id} onClose={() => setAsking(null)} />}
    </>
  );
}

/** Where it stands, to whom, and who said yes. */
export function TransferState({ leg }: { leg: Leg }) {
  const { words } = useSpeech();
  const text = words.casework.transfer;
  const { transfer } = leg;
  const reveal = useAction("transfers.reveal");
  const form = useCommandId();
  const [shown, setShown] = useState<string | null>(null);
  const may = useDuty("approver", "treasurer", "accountant");
  if (!transfer) return null;
  const look = async () => {
    const plain = await reveal.send({ command_id: form.id, transfer_id: transfer.id, reason: text.revealReason });
    if (plain) setShown(text.to(plain.payee_name, plain.payee_bank, plain.payee_account));
  };
  return (
    <span className="muted" data-testid="transfer" data-status={transfer.status}>
      <Chip tone={transfer.status === "cleared" || transfer.status === "sent" ? "green" : "amber"}>{text.statuses[transfer.status] ?? transfer.status}</Chip> {shown ?? text.to(transfer.payee_name, transfer.payee_bank, transfer.payee_account)}{" "}
      {may && !shown && <LinkButton onClick={() => void look()}>{text.reveal}</LinkButton>} · {text.by(transfer.planned_by, transfer.approved_by, transfer.cleared_by)} · {transfer.reason}
    </span>
  );
}

function PlanDialog({ refund, leg, onClose }: { refund: RefundCase; leg: Leg; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.casework.transfer;
  const [payee, setPayee] = useState("");
  const [bank, setBank] = useState("");
  const [account, setAccount] = useState("");
  const [proof, setProof] = useState<string | null>(null);
  const [consent, setConsent] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const plan = useAction("transfers.plan");
  const form = useCommandId();
  const papers = refund.attachments.map((paper) => ({ value: paper.id, label: paper.file_name }));
  const missing = [payee, bank, account, reason].some((one) => !one.trim()) || !proof;
  const send = async () => {
    const row = await plan.send({ command_id: form.id, leg_id: leg.id, payee_name: payee.trim(), payee_bank: bank.trim(), payee_account: account.trim(), account_proof: proof ?? "", reason: reason.trim(), consent });
    if (!row) return;
    notify(text.planned(leg.refund_no));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.planTitle(leg.refund_no)} size={620} data-testid="transfer-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing && text.missing} busy={plan.busy} refusal={plan.refusal} onCancel={onClose} submitTestId="transfer-plan-submit">
        <p>{leg.route === "manual_transfer" ? text.planTextCleared(plainMoney(leg.net)) : text.planText(plainMoney(leg.net))}</p>
        <TextField label={text.payee} hint={text.payeeHint} value={payee} onChange={setPayee} autoFocus data-testid="transfer-payee" />
        <Row>
          <TextField label={text.bank} value={bank} onChange={setBank} data-testid="transfer-bank" />
          <TextField label={text.account} value={account} onChange={setAccount} data-testid="transfer-account" />
        </Row>
        <Row>
          <Choice label={text.proof} value={proof} onChange={setProof} options={papers} data-testid="transfer-proof" />
          <Choice label={text.consent} value={consent} onChange={setConsent} options={papers} data-testid="transfer-consent" />
        </Row>
        <p className="muted">
          {text.proofHint} {text.consentHint}
        </p>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={2} data-testid="transfer-reason" />
      </Form>
    </Dialog>
  );
}

function DeclineDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.casework.transfer;
  const [reason, setReason] = useState("");
  const decline = useAction("transfers.decline");
  const form = useCommandId();
  const send = async () => {
    if (await decline.send({ command_id: form.id, transfer_id: id, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.declineTitle}>
      <Form onSubmit={() => void send()} submit={text.decline} danger blocked={!reason.trim() && whyNot(words, "decision_without_reason").what} busy={decline.busy} refusal={decline.refusal} onCancel={onClose} submitTestId="transfer-decline-submit">
        <p>{text.declineText}</p>
        <TextField label={text.declineReason} value={reason} onChange={setReason} lines={2} autoFocus data-testid="transfer-decline-reason" />
      </Form>
    </Dialog>
  );
}
