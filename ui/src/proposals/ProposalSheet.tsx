import { useState, type ReactNode } from "react";
import { TextField } from "../parts/Fields";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Dialog, Form } from "../parts/Form";
import { Lines } from "../parts/Lines";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { go, to } from "../routes";
import { useSpeech } from "../words";
import { caseAddress, declinesInWords, useDecision, type Proposal, type ProposalPage } from "./deciding";
import { useDetail } from "./details";
import { statusTone, useSubject } from "./subject";
import classes from "./proposals.module.css";

/** Beside the list: what was proposed, what it posts, and the two decisions. */
export function ProposalSheet({ chosen, onDecided }: { chosen: string | null; onDecided(): void }) {
  const text = useSpeech().words.proposals;
  const [kind = "", id = ""] = chosen ? [chosen.slice(0, chosen.indexOf(":")), chosen.slice(chosen.indexOf(":") + 1)] : [];
  const page = useRead("proposals.open", { kind, id }, { enabled: chosen !== null, keep: false });
  if (chosen === null)
    return (
      <Panel fill>
        <Empty title={text.none}>{text.noneHint}</Empty>
      </Panel>
    );
  return (
    <Read of={page} rows={8}>
      {(found) => found && <Sheet key={chosen} page={found} onDecided={onDecided} />}
    </Read>
  );
}

function Sheet({ page, onDecided }: { page: ProposalPage; onDecided(): void }) {
  const { words } = useSpeech();
  const text = words.proposals;
  const { proposal, lines } = page;
  const subject = useSubject();
  const address = caseAddress(proposal);
  const detail = useDetail(page);
  const facts: ([ReactNode, ReactNode] | null)[] = [
    [text.kind, text.kinds[proposal.kind] ?? proposal.kind],
    proposal.customer_id ? [text.columns.customer, <a key="c" href={`#/customers/${proposal.customer_id}`}>{proposal.customer_name}</a>] : null,
    proposal.amount !== null ? [text.columns.amount, <Money key="a" amount={proposal.amount} sign={signOf(proposal.commodity, words.ledger.tags)} strong />] : null,
    ...detail.facts,
    [text.columns.proposed, <span key="p">{proposal.proposed_by} · <Instant at={proposal.proposed_at} /></span>],
    proposal.decided_at ? [text.statuses[proposal.status], <span key="d">{proposal.decided_by} · <Instant at={proposal.decided_at} /></span>] : null,
    proposal.note ? [text.note, proposal.note] : null,
    proposal.journal_id ? [text.journal, <a key="j" href={`#${to("/ledger", { journal: proposal.journal_id })}`}>{words.ledger.number(proposal.journal_id)}</a>] : null,
  ];
  return (
    <Panel
      fill
      title={subject(proposal)}
      aside={<Chip tone={statusTone[proposal.status]}>{text.statuses[proposal.status]}</Chip>}
      data-testid="proposal-sheet"
    >
      {proposal.reason && <p className={classes.reason}>{proposal.reason}</p>}
      <div className={classes.facts}>
        <Facts rows={facts} />
      </div>
      {detail.below}
      <h3 className={classes.subhead}>{proposal.status === "proposed" ? text.posts : text.posted}</h3>
      {lines && lines.length > 0 ? <Lines lines={lines} label={text.posts} /> : <p className={`${classes.reason} muted`}>{text.postsNothing}</p>}
      <Decide proposal={proposal} address={address} onDecided={onDecided} />
    </Panel>
  );
}

/** A gift or a credit says what it is; money says its currency. */
const signOf = (commodity: string | null, tags: Record<string, string>) => (commodity && tags[commodity] ? `${tags[commodity]} ` : commodity === "USD" ? "$ " : "¥ ");

function Decide({ proposal, address, onDecided }: { proposal: Proposal; address: string | null; onDecided(): void }) {
  const { words } = useSpeech();
  const text = words.proposals;
  const subject = useSubject();
  const decision = useDecision(proposal);
  const [declining, setDeclining] = useState(false);
  const open = proposal.status === "proposed";
  const blocked = proposal.may_confirm === "duty" ? words.parts.refusal.needs((words.shell.duties as Record<string, string>)[proposal.duty] ?? proposal.duty) : proposal.may_confirm === "yes" ? null : text.mayNot[proposal.may_confirm];
  const own = proposal.may_confirm === "own";
  const confirm = async () => {
    if (!(await decision.confirm())) return;
    notify(text.confirmed(subject(proposal)));
    onDecided();
  };
  const decline = async (reason: string) => {
    if (!(await decision.decline(reason))) return;
    notify(own ? text.withdrawn(subject(proposal)) : text.declined(subject(proposal)));
    onDecided();
  };
  return (
    <div className={classes.decide}>
      <Refusal error={decision.refusal} />
      {open && decision.known && (
        <Button kind={blocked ? "plain" : "primary"} keys="a" busy={decision.busy} blocked={blocked} onClick={() => void confirm()} data-testid="proposal-confirm">
          {text.confirm}
        </Button>
      )}
      {open && decision.known && (
        <Button keys="x" blocked={!proposal.may_decline && text.mayNotDecline} busy={decision.declining.busy} onClick={() => (declinesInWords(proposal) ? setDeclining(true) : void decline(""))} data-testid="proposal-decline">
          {own ? text.takeBack : text.decline}
        </Button>
      )}
      {address && (
        <Button kind="quiet" keys="o" onClick={() => go(address)}>
          {text.openCase}
        </Button>
      )}
      {open && blocked && <p className="muted">{blocked}</p>}
      {declining && <DeclineDialog own={own} decision={decision} onSend={decline} onClose={() => setDeclining(false)} />}
    </div>
  );
}

function DeclineDialog({ own, decision, onSend, onClose }: { own: boolean; decision: ReturnType<typeof useDecision>; onSend(reason: string): Promise<void>; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.proposals;
  const [reason, setReason] = useState("");
  return (
    <Dialog open onClose={onClose} title={own ? text.takeBackTitle : text.declineTitle}>
      <Form
        onSubmit={() => void onSend(reason.trim())}
        submit={own ? text.takeBack : text.decline}
        danger
        blocked={!reason.trim() && String(words.rules.decision_without_reason.what)}
        busy={decision.declining.busy}
        refusal={decision.declining.refusal}
        onCancel={onClose}
        submitTestId="proposal-decline-submit"
      >
        <p>{text.declineText}</p>
        <TextField label={text.why} value={reason} onChange={setReason} lines={3} autoFocus data-testid="proposal-decline-reason" />
      </Form>
    </Dialog>
  );
}
