import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useSpeech } from "../words";
import { Claims, type ViolationShown } from "./Claims";
import { PenaltySheet } from "./PenaltyDialog";
import classes from "./campaign.module.css";

type Asking = "decide" | "decline" | "claim" | "reverse";

/** One violation: evidence, penalty, who did what, and what can be done now. */
export function ViolationPage({ id }: { id: string }) {
  const read = useRead("campaign.violation", { violation_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-violation" data-ready={read.data !== undefined}>
      <Read of={read}>{(page) => <Violation page={page} />}</Read>
    </div>
  );
}

function Violation({ page }: { page: ViolationShown }) {
  const { words } = useSpeech();
  const text = words.campaign.violation;
  const [asking, setAsking] = useState<Asking | null>(null);
  const one = page.violation;
  const blocked = (may: string) => may !== "yes" && (text.may[may] ?? null);
  return (
    <>
      <Heading
        title={one.number}
        actions={
          one.status === "proposed" ? (
            <>
              <Button keys="x" onClick={() => setAsking("decline")} blocked={page.may_decide === "duty" && blocked("duty")} data-testid="violation-decline">{text.decline}</Button>
              <Button kind="danger" keys="a" onClick={() => setAsking("decide")} blocked={blocked(page.may_decide)} data-testid="violation-decide">{text.decide}</Button>
            </>
          ) : (
            <>
              <Button keys="b" onClick={() => setAsking("reverse")} blocked={blocked(page.may_reverse)} data-testid="violation-reverse">{one.reversal_proposed_by ? text.confirmReverse : text.reverse}</Button>
              <Button keys="c" onClick={() => setAsking("claim")} blocked={blocked(page.may_claim)} data-testid="violation-claim">{text.claim}</Button>
            </>
          )
        }
      >
        <a href={`#/campaign/inviters/${one.customer_id}`}>{one.customer_name}</a> · {text.kinds[one.kind]} <Chip tone={one.status === "decided" ? "amber" : "plain"} data-status={one.status}>{text.statuses[one.status]}</Chip>
      </Heading>
      <div className={classes.split}>
        <div className={classes.scroll}>
          <Panel title={text.title} data-testid="violation-sheet"><PenaltySheet sheet={page.sheet} /></Panel>
          <Panel title={text.evidence}><p className={classes.words}>{one.evidence}</p></Panel>
          {page.claims.length > 0 && <Claims page={page} />}
          {one.status === "proposed" && <Warning>{text.bars}</Warning>}
        </div>
        <div className={classes.side}>
          <Panel title={text.who} padded>
            <Facts
              rows={[
                [text.proposedBy, <span key="p">{one.proposed_by} <Instant at={one.proposed_at} /></span>],
                one.decided_by ? [text.decidedBy, <span key="d">{one.decided_by} <Instant at={one.decided_at} /></span>] : null,
                one.claimed_by ? [text.claimedBy, <span key="c">{one.claimed_by} <Instant at={one.claimed_at} /></span>] : null,
                one.reversal_proposed_by ? [text.reversalBy, one.reversal_proposed_by] : null,
                one.reversed_by ? [text.reversedBy, <span key="r">{one.reversed_by} <Instant at={one.reversed_at} /></span>] : null,
              ]}
            />
            {one.decision && <p className="soft">{one.decision}</p>}
            {one.reversal_reason && <p className="soft">{one.reversal_reason}</p>}
          </Panel>
        </div>
      </div>
      {asking && <StepDialog page={page} asking={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

function StepDialog({ page, asking, onClose }: { page: ViolationShown; asking: Asking; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.violation;
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const decide = useAction("campaign.decide_violation");
  const claim = useAction("campaign.claim_cash_value");
  const reverse = useAction("campaign.reverse_violation");
  const act = asking === "claim" ? claim : asking === "reverse" ? reverse : decide;
  const label = asking === "claim" ? text.opinion : text.reason;
  const send = async () => {
    const body = { command_id: form.id, violation_id: page.violation.id };
    const written = reason.trim();
    const done = asking === "claim" ? await claim.send({ ...body, opinion: written }) : asking === "reverse" ? await reverse.send({ ...body, reason: written }) : await decide.send({ ...body, confirmed: asking === "decide", reason: written });
    if (done) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`${text[asking]} · ${page.violation.number}`} data-testid="violation-dialog">
      <Form onSubmit={() => void send()} submit={text[asking]} danger={asking !== "decline"} blocked={!reason.trim() && words.disputes.fields.needs(label)} busy={act.busy} refusal={act.refusal} onCancel={onClose} submitTestId="violation-submit">
        {asking !== "decline" && <PenaltySheet sheet={page.sheet} />}
        <TextField label={label} value={reason} onChange={setReason} lines={3} autoFocus data-testid="violation-reason" />
      </Form>
    </Dialog>
  );
}
