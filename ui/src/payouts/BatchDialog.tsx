import { useState } from "react";
import { asKontorError, payoutResults, pickFiles, type KontorError, type PayoutFileKind, type PayoutResult } from "../call";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Refusal } from "../parts/Refusal";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useSession } from "../session";
import { useSpeech } from "../words";
import { whyNot } from "../refunds/why";
import type { Batch } from "./board";
import { savePayoutFile } from "./files";
import classes from "./payouts.module.css";

const tones: Record<string, Tone> = { accepted: "green", failed: "red", unknown: "amber", cancelled: "plain" };

/** One file: what is in it, how far it has come, and the next step. */
export function BatchDialog({ batch, onClose }: { batch: Batch; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.batch;
  const { login } = useSession();
  const file = useRead("payouts.file", { batch_id: batch.id });
  const [step, setStep] = useState<"upload" | "cancel" | null>(null);
  const [answers, setAnswers] = useState<PayoutResult[] | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const teller = useDuty("treasurer", "accountant");
  const taker = useDuty("treasurer", "accountant", "supervisor", "auditor");
  const canceller = useDuty("treasurer", "supervisor");
  const attempt = async (work: () => Promise<void>) => {
    setRefusal(null);
    try {
      await work();
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
  };
  const save = (kind: PayoutFileKind) =>
    attempt(async () => {
      if (await savePayoutFile(batch, kind)) notify(text.saved);
    });
  const read = () =>
    attempt(async () => {
      const [path] = await pickFiles("import");
      if (path) setAnswers(await payoutResults(path));
    });
  const takes = !taker && words.parts.refusal.needs(words.shell.duties.treasurer);
  const needs = !teller && words.parts.refusal.needs(words.shell.duties.treasurer);
  return (
    <Dialog open onClose={onClose} title={text.title(batch.number)} size={760} data-testid="payout-batch-dialog">
      <Read of={file}>
        {(data) => (
          <div className={classes.results}>
            <table>
              <thead>
                <tr>
                  <th>{words.payouts.columns.refundNo}</th>
                  <th>{words.payouts.columns.order}</th>
                  <th className="number">{words.payouts.columns.amount}</th>
                  <th>{text.answer}</th>
                </tr>
              </thead>
              <tbody>
                {data.legs.map((leg) => (
                  <tr key={leg.refund_no}>
                    <td>{leg.refund_no}</td>
                    <td className="soft">{leg.order_no}</td>
                    <td className="number">
                      <Money amount={leg.amount} />
                    </td>
                    <td>
                      {leg.result ? <Chip tone={tones[leg.result] ?? "plain"}>{text.results[leg.result] ?? leg.result}</Chip> : <span className="muted">{text.noAnswer}</span>}
                      {leg.result_reason && <span className="muted"> {leg.result_reason}</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Read>
      <div className={classes.files}>
        {batch.files.map((one) => (
          <p key={one.kind} className="muted" title={one.sha256}>
            {text.kept(one.file_name)} <code>{one.sha256.slice(0, 16)}…</code>
          </p>
        ))}
      </div>
      <Refusal error={refusal} />
      {answers ? (
        <Answers batch={batch} answers={answers} onClose={() => setAnswers(null)} />
      ) : step === "upload" ? (
        <Upload batch={batch} onClose={() => setStep(null)} />
      ) : step === "cancel" ? (
        <Cancel batch={batch} onClose={() => setStep(null)} />
      ) : (
        <div className={classes.row}>
          <Button kind={batch.status === "exported" ? "primary" : "plain"} keys="s" onClick={() => void save("provider")} blocked={batch.status === "cancelled" ? whyNot(words, "payout_batch_status").what : takes} data-testid="payout-save">
            {text.save}
          </Button>
          <Button keys="c" onClick={() => void save("csv")} blocked={takes} data-testid="payout-save-csv">
            {text.saveCsv}
          </Button>
          {batch.status === "exported" && (
            <>
              <Button keys="u" onClick={() => setStep("upload")} blocked={needs} data-testid="payout-uploaded">
                {text.uploaded}
              </Button>
              <Button kind="quiet" onClick={() => setStep("cancel")} blocked={batch.exported_by === login ? whyNot(words, "payout_cancelled_by_exporter").what : !canceller && words.parts.refusal.needs(words.shell.duties.supervisor)} data-testid="payout-cancel">
                {text.cancel}
              </Button>
            </>
          )}
          {(batch.status === "uploaded" || batch.status === "answered") && (
            <Button kind={batch.status === "uploaded" ? "primary" : "plain"} keys="r" onClick={() => void read()} blocked={needs} data-testid="payout-read">
              {text.read}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Upload({ batch, onClose }: { batch: Batch; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.batch;
  const [number, setNumber] = useState("");
  const action = useAction("payouts.mark_uploaded");
  const form = useCommandId();
  const send = async () => {
    if (await action.send({ command_id: form.id, batch_id: batch.id, provider_batch_no: number.trim() })) onClose();
  };
  return (
    <Form onSubmit={() => void send()} submit={text.uploaded} blocked={!number.trim() && whyNot(words, "payout_batch_without_provider_number").what} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-uploaded-submit">
      <TextField label={text.providerNo} hint={text.providerNoHint} value={number} onChange={setNumber} autoFocus data-testid="payout-provider-no" />
    </Form>
  );
}

function Cancel({ batch, onClose }: { batch: Batch; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.payouts.batch;
  const [reason, setReason] = useState("");
  const action = useAction("payouts.cancel");
  const form = useCommandId();
  const send = async () => {
    if (await action.send({ command_id: form.id, batch_id: batch.id, reason: reason.trim() })) onClose();
  };
  return (
    <Form onSubmit={() => void send()} submit={text.cancel} danger blocked={!reason.trim() && whyNot(words, "payout_cancelled_without_reason").what} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-cancel-submit">
      <Warning>{text.cancelWarning}</Warning>
      <TextField label={text.reason} value={reason} onChange={setReason} lines={2} autoFocus />
    </Form>
  );
}

/** What the file says, before it is recorded. */
function Answers({ batch, answers, onClose }: { batch: Batch; answers: PayoutResult[]; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.payouts.batch;
  const action = useAction("payouts.record_results");
  const form = useCommandId();
  const count = (result: PayoutResult["result"]) => formats.count(answers.filter((answer) => answer.result === result).length);
  const send = async () => {
    if (await action.send({ command_id: form.id, batch_id: batch.id, results: answers })) onClose();
  };
  return (
    <Form onSubmit={() => void send()} submit={text.record} busy={action.busy} refusal={action.refusal} onCancel={onClose} submitTestId="payout-record-submit">
      <p>{text.found(count("accepted"), count("failed"), count("unknown"))}</p>
      <p className="muted">{text.notMoney}</p>
    </Form>
  );
}
