import { useRef, useState } from "react";
import { asKontorError, type KontorError } from "../call";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row, Warning } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { useSpeech } from "../words";
import type { Letter, LetterDesk, Sending } from "./view";
import classes from "./letters.module.css";

const carried = ["email", "sms", "in_app"];
const byHand = ["email", "ticket", "post", "in_person"];

/** Gives a letter to the platform, or writes down that it left by hand. The database knows which way is open. */
export function SendDialog({ letter, desk, left, onClose }: { letter: Letter; desk: LetterDesk; left: "email" | "ticket" | null; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters;
  const third = letter.addressee === "third_party";
  const [carrier, setCarrier] = useState(third || left ? "hand" : "platform");
  const platform = carrier === "platform";
  const ways = platform ? carried : byHand;
  const email = third ? desk.addresses.third_party_email : desk.addresses.email;
  const [way, setWay] = useState<string>(left ?? (email ? "email" : platform && desk.addresses.phone ? "sms" : platform ? "in_app" : "ticket"));
  const address = way === "email" ? email : way === "sms" ? desk.addresses.phone : null;
  const send = useAction("letters.send");
  const form = useCommandId();
  const choose = (next: string) => {
    setCarrier(next);
    setWay((kept) => ((next === "platform" ? carried : byHand).includes(kept) ? kept : next === "platform" ? "in_app" : "ticket"));
  };
  const go = async () => {
    if (!(await send.send({ command_id: form.id, letter_id: letter.id, way, by_platform: platform }))) return;
    notify(text.sending.done(letter.number));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.sending.title(letter.number)} data-testid="letter-send-dialog">
      <Form onSubmit={() => void go()} submit={platform ? text.sending.submit : text.sending.submitHand} busy={send.busy} refusal={send.refusal} onCancel={onClose} submitTestId="letter-send-submit">
        <Row>
          <Choice label={text.sending.carrier} value={carrier} onChange={(next) => choose(next ?? "hand")} options={[{ value: "platform", label: text.sending.byPlatform }, { value: "hand", label: text.sending.byHand }].filter((one) => !third || one.value === "hand")} data-testid="letter-send-carrier" />
          <Choice label={text.sending.way} value={way} onChange={(next) => setWay(next ?? way)} options={ways.map((value) => ({ value, label: text.ways[value] ?? value }))} hint={address ? text.sending.to(address) : undefined} data-testid="letter-send-way" />
        </Row>
        <p className="muted">{platform ? text.sending.hintPlatform : text.sending.hintHand}</p>
      </Form>
    </Dialog>
  );
}

/** What proves that a letter arrived. For a dispute this is the service of its notice. */
export function ReceiptDialog({ letter, sending, onClose }: { letter: Letter; sending: Sending; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters.receipt;
  const now = useNow();
  const [served, setServed] = useState(() => beijing(sending.delivered_at ? new Date(sending.delivered_at) : now));
  const [proof, setProof] = useState(sending.receipt ?? "");
  const [papers, setPapers] = useState<Paper[]>([]);
  const [received, setReceived] = useState(() => beijing(now));
  const [filing, setFiling] = useState(false);
  const [unfiled, setUnfiled] = useState<KontorError | null>(null);
  const filed = useRef<string | null>(null);
  const record = useAction("letters.record_receipt");
  const form = useCommandId();
  const at = instantOf(served);
  const send = async () => {
    setUnfiled(null);
    const paper = papers[0];
    if (paper && filed.current !== paper.id) {
      setFiling(true);
      try {
        await sendPaper({ kind: letter.subject_kind, id: letter.subject_id }, paper, { received_at: instantOf(received) });
        filed.current = paper.id;
      } catch (thrown) {
        setUnfiled(asKontorError(thrown));
        return;
      } finally {
        setFiling(false);
      }
    }
    const row = await record.send({ command_id: form.id, sending_id: sending.id, served_at: at ?? "", proof: proof.trim(), attachment_id: paper?.id ?? null });
    if (!row) return;
    notify(row.sendings.find((one) => one.id === sending.id)?.served ? text.doneServed : text.done);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="letter-receipt-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={(!at || !proof.trim() || (papers.length > 0 && !instantOf(received))) && text.needs} busy={record.busy || filing} refusal={unfiled ?? record.refusal} onCancel={onClose} submitTestId="letter-receipt-submit">
        {letter.kind === "shortfall_demand" && <Warning>{words.letters.sending.waits}</Warning>}
        <InstantField label={text.served} value={served} onChange={setServed} data-testid="letter-receipt-served" />
        <TextField label={text.proof} hint={text.proofHint} value={proof} onChange={setProof} data-testid="letter-receipt-proof" />
        <div className={classes.papers}>
          <label>
            {text.paper} <span className="muted">{words.parts.optional}</span>
          </label>
          <AttachmentsBox papers={papers} onTake={(taken) => setPapers(taken.slice(0, 1))} onRemove={() => setPapers([])} data-testid="letter-receipt-file" />
          {papers.length > 0 && <InstantField label={words.parts.attachments.received} value={received} onChange={setReceived} data-testid="letter-receipt-received" />}
        </div>
      </Form>
    </Dialog>
  );
}
