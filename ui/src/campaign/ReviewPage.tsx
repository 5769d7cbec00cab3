import { useState } from "react";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { PenaltyDialog } from "./PenaltyDialog";
import { Finding } from "./Reviews";
import classes from "./campaign.module.css";

type Page = NonNullable<Result<"campaign.review">>;
type Asking = "same" | "different" | "penalty";

/** Accounts that may be one person's: what joins them, drawn, and the finding. */
export function ReviewPage({ id }: { id: string }) {
  const read = useRead("campaign.review", { review_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-review" data-ready={read.data !== undefined}>
      <Read of={read}>{(page) => <Review page={page} />}</Read>
    </div>
  );
}

function Review({ page }: { page: Page }) {
  const { words } = useSpeech();
  const text = words.campaign.reviews;
  const [asking, setAsking] = useState<Asking | null>(null);
  const proposes = useDuty("growth", "risk");
  const one = page.review;
  const mayNot = page.may_decide !== "yes" && text.needsRisk;
  return (
    <>
      <Heading
        title={one.number}
        actions={
          <>
            <Button keys="d" onClick={() => setAsking("different")} blocked={mayNot} data-testid="review-different">{text.different}</Button>
            <Button keys="s" onClick={() => setAsking("same")} blocked={mayNot} data-testid="review-same">{text.same}</Button>
            {one.status === "same_person" && <Button kind="danger" keys="p" onClick={() => setAsking("penalty")} blocked={!proposes && text.needsRisk} data-testid="review-penalty">{text.penalty}</Button>}
          </>
        }
      >
        <Finding status={one.status} /> {one.decided_by && text.decided(one.decided_by, one.decision ?? "")}
      </Heading>
      <div className={classes.scroll}>
        <Panel title={text.graph} hint={text.graphHint} data-testid="review-graph"><Graph page={page} /></Panel>
        <Panel title={text.accounts}>
          <table className={classes.figures}>
            <thead>
              <tr><th>{text.account}</th><th className={classes.text} /><th>{text.friends}</th><th>{text.used}</th><th>{text.balance}</th><th>{text.standing}</th></tr>
            </thead>
            <tbody>
              {page.accounts.map((account) => (
                <tr key={account.customer_id}>
                  <td><a href={`#/campaign/inviters/${account.customer_id}`}>{account.name}</a></td>
                  <td className={classes.text}><span className="muted">{account.ref}</span></td>
                  <td>{account.friends}</td>
                  <td><Money amount={account.used} quietZero /></td>
                  <td><Money amount={account.balance} quietZero /></td>
                  <td>{words.campaign.standings[account.standing] ?? account.standing}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        {page.violations.length > 0 && (
          <Panel title={text.violations} padded>
            {page.violations.map((violation) => <p key={violation.id}><a href={`#/campaign/violations/${violation.id}`}>{violation.number}</a> {words.campaign.violation.kinds[violation.kind]} · {words.campaign.violation.statuses[violation.status]}</p>)}
          </Panel>
        )}
      </div>
      {asking === "penalty" && <PenaltyDialog customer={page.accounts[0]?.customer_id ?? ""} review={one.id} onClose={() => setAsking(null)} />}
      {(asking === "same" || asking === "different") && <FindingDialog page={page} same={asking === "same"} onClose={() => setAsking(null)} />}
    </>
  );
}

const width = 900;
const height = 220;

/** The accounts on an ellipse; a line for each thing that two of them share. */
function Graph({ page }: { page: Page }) {
  const { words } = useSpeech();
  const text = words.campaign.reviews;
  const places = new Map(page.accounts.map((account, at) => {
    const angle = (at / page.accounts.length) * 2 * Math.PI + Math.PI;
    return [account.customer_id, { x: width / 2 + Math.cos(angle) * 300, y: height / 2 + Math.sin(angle) * 76 }];
  }));
  const before = new Map<string, number>();
  return (
    <svg className={classes.graph} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text.graph}>
      {page.edges.map((edge, at) => {
        const [from, till] = [places.get(edge.one), places.get(edge.other)];
        if (!from || !till) return null;
        // Several things may join the same two accounts: each gets a bow of its own.
        const pair = [edge.one, edge.other].sort().join(" ");
        const nth = before.get(pair) ?? 0;
        before.set(pair, nth + 1);
        const bow = (nth % 2 === 0 ? 1 : -1) * Math.ceil(nth / 2) * 34;
        const middle = { x: (from.x + till.x) / 2, y: (from.y + till.y) / 2 + bow };
        return (
          <g key={at} data-kind={edge.kind}>
            <path d={`M ${from.x} ${from.y} Q ${middle.x} ${middle.y + bow} ${till.x} ${till.y}`} fill="none" className={cx(classes.edge, !edge.strong && classes.weak)} />
            <text x={middle.x} y={middle.y - 4} textAnchor="middle">{text.kinds[edge.kind] ?? edge.kind} {edge.shown}</text>
          </g>
        );
      })}
      {page.accounts.map((account) => {
        const at = places.get(account.customer_id);
        return at ? (
          <g key={account.customer_id}>
            <circle cx={at.x} cy={at.y} r={15} className={classes.node} />
            <text x={at.x} y={at.y + 30} textAnchor="middle">{account.ref}</text>
          </g>
        ) : null;
      })}
    </svg>
  );
}

function FindingDialog({ page, same, onClose }: { page: Page; same: boolean; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.reviews;
  const label = words.campaign.violation.reason;
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const decide = useAction("campaign.decide_review");
  const send = async () => {
    if (await decide.send({ command_id: form.id, review_id: page.review.id, same_person: same, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`${same ? text.same : text.different} · ${page.review.number}`} data-testid="review-dialog">
      <Form onSubmit={() => void send()} submit={same ? text.same : text.different} blocked={!reason.trim() && words.disputes.fields.needs(label)} busy={decide.busy} refusal={decide.refusal} onCancel={onClose} submitTestId="review-submit">
        <p className="soft">{text.effect}</p>
        <TextField label={label} value={reason} onChange={setReason} lines={3} autoFocus data-testid="review-reason" />
      </Form>
    </Dialog>
  );
}
