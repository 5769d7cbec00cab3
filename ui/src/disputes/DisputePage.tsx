import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Dossier } from "../letters/Dossier";
import { Letters } from "../letters/Letters";
import { Read } from "../parts/Loading";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Steps, type Step } from "../parts/Steps";
import { AccountLocks, StoppingOrders } from "../locks/AccountLocks";
import { useRead } from "../reading";
import { whyNot, whyNotText } from "../refunds/why";
import { useSpeech } from "../words";
import { ActionDialog } from "./ActionDialog";
import { actionOfStep, isClosed, plainActions, type DisputeCase, type LawfulAction } from "./cases";
import { Amounts, Clock } from "./Clock";
import { StatusChip } from "./DisputeList";
import { forms } from "./forms";
import { Evidence, Lanes } from "./Lanes";
import classes from "./disputes.module.css";

/** One case: three lanes, its clock explained, its figures, and what can be done now. */
export function DisputePage({ id }: { id: string }) {
  const dispute = useRead("disputes.open", { dispute_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-disputes" data-ready={dispute.data !== undefined}>
      <Read of={dispute} rows={8}>
        {(found) => found && <Sheet dispute={plainActions(found)} />}
      </Read>
    </div>
  );
}

function Sheet({ dispute }: { dispute: DisputeCase }) {
  const { words } = useSpeech();
  const text = words.disputes;
  const [asking, setAsking] = useState<string | null>(null);
  return (
    <>
      <Heading
        title={
          <>
            <span data-testid="dispute-number">{dispute.number}</span> · <a className={classes.plain} href={`#/customers/${dispute.customer_id}`}>{dispute.customer_name}</a>
          </>
        }
        actions={
          <>
            <Dossier id={dispute.id} number={dispute.number} />
            <Leading dispute={dispute} onAsk={setAsking} />
          </>
        }
      >
        <StatusChip dispute={dispute} />
        {dispute.account_locked && <Chip tone="ink">{text.locked}</Chip>}
        <Chip>{`${text.columns.ticket} ${dispute.ticket_no}`}</Chip>
      </Heading>
      <CaseSteps dispute={dispute} />
      <StoppingOrders orders={dispute.orders} />
      <div className={classes.split}>
        <div className={classes.main}>
          <Lanes dispute={dispute} />
          <Evidence dispute={dispute} />
          <Amounts dispute={dispute} />
        </div>
        <div className={classes.side}>
          <Clock dispute={dispute} />
          <Letters of={{ kind: "dispute", id: dispute.id, number: dispute.number }} />
          <WhatNow dispute={dispute} onAsk={setAsking} />
          {dispute.locks.length > 0 && <AccountLocks locks={dispute.locks} here={dispute.id} />}
          <About dispute={dispute} />
        </div>
      </div>
      {asking && <ActionDialog key={asking} dispute={dispute} action={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

const stages = ["notice", "locked", "evidence", "decided", "repaid", "shortfall", "closed"] as const;

/** Where a case stands on its way from the notice to its end. */
function stageOf(dispute: DisputeCase): number {
  if (isClosed(dispute)) return stages.length;
  if (dispute.status === "noticed") return 1;
  if (dispute.status === "repaying") return 4;
  if (dispute.status === "short" || dispute.status === "escalated") return 5;
  return dispute.decided_at || dispute.inboxes_checked_at || dispute.conceded_at ? 3 : 2;
}

function CaseSteps({ dispute }: { dispute: DisputeCase }) {
  const { words, formats } = useSpeech();
  const text = words.disputes.stages;
  const here = stageOf(dispute);
  const when: Partial<Record<(typeof stages)[number], string | null>> = { notice: dispute.received_at, locked: dispute.locked_at, closed: dispute.closed_at };
  const steps: Step[] = stages.map((id, at) => {
    const at_ = when[id];
    const due = id === "evidence" && dispute.deadline_kind === "evidence" && dispute.due_on && at === here ? ` ${text.until(formats.day(dispute.due_on))}` : "";
    return { id, title: `${text[id]}${at_ ? ` ${formats.day(at_.slice(0, 10))}` : ""}${due}`, state: at < here ? "done" : at === here ? (dispute.status === "escalated" ? "stopped" : "now") : "ahead" };
  });
  return <Steps label={words.disputes.title} steps={steps} />;
}

const keysOf: Record<string, string> = { record_evidence: "e", confirm_lock: "l", propose_acceptance: "a", confirm_acceptance: "a", propose_repayment: "r", approve_repayment: "a", release_repayment: "r", record_service: "s" };

/** The next step large; where it is not mine, the reason stands on it. */
function Leading({ dispute, onAsk }: { dispute: DisputeCase; onAsk(action: string): void }) {
  const { words } = useSpeech();
  const text = words.disputes;
  const step = dispute.next_step ? actionOfStep[dispute.next_step] : undefined;
  const lead = dispute.actions.find((one) => one.action === step);
  if (!lead || !forms[lead.action]) return null;
  return (
    <Button kind={lead.allowed ? "primary" : "plain"} keys={keysOf[lead.action]} blocked={!lead.allowed && whyNotText(words, lead.why ?? "")} onClick={() => onAsk(lead.action)} data-testid={lead.action === "confirm_lock" ? "dispute-lock" : `dispute-${lead.action}`}>
      {text.actions[lead.action] ?? lead.action}
    </Button>
  );
}

/** Every action of the case: a button where it is lawful now, else from when or why not. */
function WhatNow({ dispute, onAsk }: { dispute: DisputeCase; onAsk(action: string): void }) {
  const { words, formats } = useSpeech();
  const text = words.disputes;
  if (isClosed(dispute)) return null;
  const shown = dispute.actions.filter((one) => forms[one.action]);
  const order = (one: LawfulAction) => (one.allowed ? 0 : one.mine ? 1 : 2);
  return (
    <Panel title={text.whatNow} data-testid="dispute-actions">
      {[...shown].sort((a, b) => order(a) - order(b)).map((one) => {
        const said = one.why ? whyNot(words, one.why) : null;
        return (
          <div key={one.action} className={classes.action} data-testid="dispute-action" data-action={one.action} data-allowed={one.allowed} data-why={one.why ?? undefined}>
            <span>{text.actions[one.action] ?? one.action}</span>
            {one.allowed ? (
              <Button small onClick={() => onAsk(one.action)} data-testid={`dispute-do-${one.action}`}>
                {text.doIt}
              </Button>
            ) : (
              <span className={classes.whyNot} title={said ? [said.why, said.next].filter(Boolean).join(" ") : undefined}>
                {one.from_at ? text.from(formats.instant(one.from_at)) : one.why === "duty_missing" ? text.dutyOf(one.duties.map((duty) => (words.shell.duties as Record<string, string>)[duty] ?? duty).join(" / ")) : said?.what}
                {one.clause && ` · ${text.clock.clauses[one.clause] ?? one.clause}`}
              </span>
            )}
          </div>
        );
      })}
    </Panel>
  );
}

function About({ dispute }: { dispute: DisputeCase }) {
  const { words, formats } = useSpeech();
  const text = words.disputes.about;
  return (
    <Panel title={text.title} padded data-testid="dispute-about">
      <p className={classes.demand}>{dispute.demand}</p>
      <Facts
        rows={[
          [text.order, `${dispute.order_no} · ${words.disputes.fields.channels[dispute.channel] ?? dispute.channel}`],
          [text.paid, formats.day(dispute.paid_at.slice(0, 10))],
          [text.agreement, dispute.agreement_version],
          [text.payer, [dispute.payer_name, dispute.payer_account].filter(Boolean).join(" · ")],
          dispute.gift ? [text.gift, text.giftRules[dispute.gift.rule]] : null,
          [text.handler, dispute.handled_by ?? dispute.noticed_by],
          dispute.neighbours.length > 0 && [text.neighbours, dispute.neighbours.map((one) => <a key={one.id} className={classes.case} href={`#/${one.kind}s/${one.id}`}>{one.number} ({text.same[one.same]})</a>)],
          dispute.closing_reason ? [text.closing, dispute.closing_reason] : null,
        ]}
      />
    </Panel>
  );
}
