// The decisions that need a sentence: reject, withdraw, ask for one more paper, take an approval back.
import { useState, type ReactNode } from "react";
import { isZero, plainMoney } from "../amounts";
import type { KontorError } from "../call";
import { TextField } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { useAction, useCommandId } from "../reading";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import { whyNot } from "./why";

interface Props {
  refund: RefundCase;
  onClose(): void;
  onDone(action: string): void;
}

interface Sentence {
  title: string;
  label: string;
  hint: string;
  submit: string;
  /** The rule that an empty sentence would break. */
  missing: string;
  danger?: boolean;
  busy: boolean;
  refusal: KontorError | null;
  children: ReactNode;
  onSend(sentence: string): void;
  onClose(): void;
  testId: string;
}

function SentenceDialog(props: Sentence) {
  const { words } = useSpeech();
  const [sentence, setSentence] = useState("");
  return (
    <Dialog open onClose={props.onClose} title={props.title} data-testid={`${props.testId}-dialog`}>
      <Form
        onSubmit={() => props.onSend(sentence.trim())}
        submit={props.submit}
        danger={props.danger}
        blocked={!sentence.trim() && whyNot(words, props.missing).what}
        busy={props.busy}
        refusal={props.refusal}
        onCancel={props.onClose}
        submitTestId={`${props.testId}-submit`}
      >
        {props.children}
        <TextField label={props.label} hint={props.hint} value={sentence} onChange={setSentence} lines={3} autoFocus data-testid={`${props.testId}-text`} />
      </Form>
    </Dialog>
  );
}

export function RejectDialog({ refund, onClose, onDone }: Props) {
  const text = useSpeech().words.refunds.rejecting;
  const reject = useAction("refunds.reject");
  const form = useCommandId();
  const send = async (reason: string) => {
    if (await reject.send({ command_id: form.id, refund_id: refund.id, reason })) onDone("refunds.reject");
  };
  return (
    <SentenceDialog title={text.title} label={text.reason} hint={text.hint} submit={text.submit} missing="rejection_without_reason" danger busy={reject.busy} refusal={reject.refusal} onSend={(reason) => void send(reason)} onClose={onClose} testId="refund-reject">
      <p>{text.text(plainMoney(refund.worksheet.gross))}</p>
      {!isZero(refund.amount_gift_voided) && <Warning>{text.giftText(plainMoney(refund.amount_gift_voided))}</Warning>}
    </SentenceDialog>
  );
}

export function WithdrawDialog({ refund, onClose, onDone }: Props) {
  const { words } = useSpeech();
  const text = words.refunds.withdrawing;
  const withdraw = useAction("refunds.withdraw");
  const form = useCommandId();
  const send = async (reason: string) => {
    if (await withdraw.send({ command_id: form.id, refund_id: refund.id, reason })) onDone("refunds.withdraw");
  };
  return (
    <SentenceDialog title={text.title} label={text.reason} hint={text.hint} submit={text.submit} missing="refund_without_reason" danger busy={withdraw.busy} refusal={withdraw.refusal} onSend={(reason) => void send(reason)} onClose={onClose} testId="refund-withdraw">
      <p>{text.text(plainMoney(refund.worksheet.gross))}</p>
      {!isZero(refund.amount_gift_voided) && <Warning>{words.refunds.rejecting.giftText(plainMoney(refund.amount_gift_voided))}</Warning>}
    </SentenceDialog>
  );
}

export function AskProofDialog({ refund, onClose, onDone }: Props) {
  const text = useSpeech().words.refunds.askProof;
  const ask = useAction("refunds.ask_proof");
  const form = useCommandId();
  const send = async (asked_for: string) => {
    if (await ask.send({ command_id: form.id, refund_id: refund.id, asked_for })) onDone("refunds.ask_proof");
  };
  return (
    <SentenceDialog title={text.title} label={text.what} hint={text.hint} submit={text.submit} missing="proof_request_is_empty" busy={ask.busy} refusal={ask.refusal} onSend={(asked) => void send(asked)} onClose={onClose} testId="refund-ask-proof">
      <p>{text.text}</p>
    </SentenceDialog>
  );
}

/** An approval is taken back while nothing has been released. */
export function RecallDialog({ refund, onClose, onDone }: Props) {
  const text = useSpeech().words.refunds.recalling;
  const recall = useAction("refunds.recall_approval");
  const form = useCommandId();
  const send = async (reason: string) => {
    if (await recall.send({ command_id: form.id, refund_id: refund.id, reason })) onDone("refunds.recall_approval");
  };
  return (
    <SentenceDialog title={text.title} label={text.reason} hint={text.hint} submit={text.submit} missing="recall_without_reason" danger busy={recall.busy} refusal={recall.refusal} onSend={(reason) => void send(reason)} onClose={onClose} testId="refund-recall">
      <p>{text.text(plainMoney(refund.worksheet.net))}</p>
    </SentenceDialog>
  );
}
