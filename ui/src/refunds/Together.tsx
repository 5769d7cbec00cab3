import { useState } from "react";
import { plainMoney, sumOf } from "../amounts";
import { Chip } from "../parts/Chip";
import { Tick } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import type { Result } from "../call";
import { useAction, useCommandId, useRead } from "../reading";
import { useSpeech } from "../words";
import { whyNot } from "./why";
import classes from "./refunds.module.css";

type Candidate = Result<"refunds.bulk_candidates">[number];

export type Step = "review" | "approve";

/** Small cases with one confirmation; what may not be decided stands there with its reason. */
export function Together({ step, onClose }: { step: Step; onClose(): void }) {
  const text = useSpeech().words.refunds.together[step];
  const candidates = useRead("refunds.bulk_candidates", step === "review" ? { step } : {}, { keep: false });
  return (
    <Dialog open onClose={onClose} title={text.title} size={760} data-testid="refunds-together">
      <Read of={candidates}>{(rows) => (rows.length === 0 ? <Empty title={text.none} /> : <Choose step={step} rows={rows} onClose={onClose} />)}</Read>
    </Dialog>
  );
}

function Choose({ step, rows, onClose }: { step: Step; rows: Candidate[]; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.refunds.together[step];
  const [left, setLeft] = useState<string[]>([]);
  const chosen = rows.filter((row) => row.rule === null && !left.includes(row.refund_id));
  const decide = useAction(step === "review" ? "refunds.review_many" : "refunds.approve_many");
  const form = useCommandId();
  const send = async () => {
    const done = await decide.send({ command_id: form.id, cases: chosen.map((row) => ({ refund_id: row.refund_id, digest: row.digest })) });
    if (!done) return;
    const refused = done.filter((one) => !one.done).length;
    notify([text.done(formats.count(done.length - refused)), refused > 0 && text.left(formats.count(refused))].filter(Boolean).join(" · "));
    onClose();
  };
  const toggle = (id: string) => setLeft((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <Form onSubmit={() => void send()} submit={text.chosen(formats.count(chosen.length), plainMoney(sumOf(chosen.map((row) => row.amount_net))))} blocked={chosen.length === 0 && text.none} busy={decide.busy} refusal={decide.refusal} onCancel={onClose} submitTestId="refunds-together-submit">
      <div className={classes.sheetScroll}>
        <table className={classes.sheet}>
          <thead>
            <tr>
              <th>{text.columns.number}</th>
              <th>{text.columns.customer}</th>
              <th>{text.columns.net}</th>
              <th className={classes.start}>{text.columns.state}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.refund_id}>
                <td>
                  <Tick label={row.number} checked={chosen.includes(row)} onChange={() => row.rule === null && toggle(row.refund_id)} />
                </td>
                <td className={classes.long}>{row.customer_name}</td>
                <td>
                  <Money amount={row.amount_net} />
                </td>
                <td className={classes.start}>{row.rule ? <span className="muted">{whyNot(words, row.rule).what}</span> : <Chip tone="green">{text.ready}</Chip>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Form>
  );
}
