import { useState } from "react";
import { isZero, plainMoney } from "../amounts";
import type { KontorError } from "../call";
import { Letters } from "../letters/Letters";
import { RefundStops } from "../locks/AccountLocks";
import { Chip } from "../parts/Chip";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Timeline } from "../parts/Timeline";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { useRoute } from "../routes";
import { useSpeech } from "../words";
import { Actions } from "./Actions";
import { isOpen, nextAction, shownSheet, type RefundCase } from "./cases";
import { Checks, WhatNow } from "./Checks";
import { Goodwill } from "./Goodwill";
import { Holder, Stints } from "./Holding";
import { Legs } from "./Legs";
import { Proofs } from "./Proofs";
import { StatusChip } from "./RefundList";
import { RefundSteps } from "./RefundSteps";
import { Reply } from "./Reply";
import { Retyping, type Typed } from "./Retyping";
import { Worksheet } from "./Worksheet";
import { WorksheetPaper } from "./WorksheetPaper";
import classes from "./refunds.module.css";

/** One application: its steps, its worksheet, what the database checks, its papers, and what can be done. */
export function RefundPage({ id }: { id: string }) {
  const refund = useRead("refunds.open", { refund_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-refunds" data-ready={refund.data !== undefined}>
      <Read of={refund} rows={8}>
        {(found) => found && <Sheet refund={found} onStale={() => void refund.refetch()} />}
      </Read>
    </div>
  );
}

function Sheet({ refund, onStale }: { refund: RefundCase; onStale(): void }) {
  const { words } = useSpeech();
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const [typed, setTyped] = useState<Typed | null>(null);
  // Who approves a large refund types its figures before seeing the requester's.
  const blind = refund.needs_retyping && !typed && nextAction(refund) === "refunds.approve" && (refund.actions.find((one) => one.action === "refunds.approve")?.allowed ?? false);
  return (
    <>
      <Heading
        title={
          <>
            <span data-testid="refund-number">{refund.number}</span> · <a className={classes.plain} href={`#/customers/${refund.customer_id}`}>{refund.customer_name}</a>
          </>
        }
        actions={
          <>
            <WorksheetPaper refund={refund} />
            <Actions refund={refund} onStale={onStale} onRefusal={setRefusal} typed={typed} />
          </>
        }
      >
        <StatusChip refund={refund} />
        <Chip>{`${words.refunds.facts.ticket} ${refund.ticket_no}`}</Chip>
      </Heading>
      <Decided />
      <Refusal error={refusal} />
      <RefundSteps refund={refund} />
      {(isOpen(refund.status) || refund.status === "released") && <RefundStops stops={refund.stops} />}
      <div className={classes.split}>
        <div className={classes.main}>
          {blind ? <Retyping onTyped={setTyped} /> : <Worksheet customer={refund.customer_id} number={refund.number} shown={shownSheet(refund)} digest={isOpen(refund.status) ? refund.digest : undefined} giftIsVoid />}
          <Legs refund={refund} />
          <Proofs refund={refund} />
          <History refund={refund} />
          <Stints refund={refund} />
        </div>
        <div className={classes.side}>
          <Goodwill refund={refund} />
          <Checks refund={refund} />
          <About refund={refund} />
          <Letters of={{ kind: "refund", id: refund.id, number: refund.number }} />
          <Reply refund={refund} />
          <WhatNow refund={refund} />
        </div>
      </div>
    </>
  );
}

/** What was decided a moment ago, above the case that opened by itself. */
function Decided() {
  const { words } = useSpeech();
  const text = words.refunds;
  const { query, parts } = useRoute();
  const action = query.get("did");
  const number = query.get("number");
  const from = query.get("from");
  const say = action ? text.decided[action] : undefined;
  if (!say || !number || !from) return null;
  const moved = from !== parts[1];
  return (
    <p className={classes.decided} role="status" data-testid="refund-decided" data-did={action} data-no={number}>
      <strong>{say(number)}</strong> {moved ? text.nextCase : text.nothingNext}
      {moved ? <a href={`#/refunds/${from}`}>{text.lookBack}</a> : <a href="#/refunds">{text.toList}</a>}
    </p>
  );
}

/** What was said when it was opened, and the papers' other cases. */
function About({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.facts;
  const others = refund.same_ticket.filter((one) => one.id !== refund.id);
  return (
    <Panel title={text.title} padded data-testid="refund-about">
      <Holder refund={refund} />
      <p className={classes.reason}>{refund.reason}</p>
      <Facts
        rows={[
          [text.kind, words.refunds.form.occasions[refund.reason_kind] ?? refund.reason_kind],
          refund.legal_reference ? [text.reference, refund.legal_reference] : null,
          [text.ticket, refund.ticket_no],
          !isZero(refund.amount_gift_voided) && [text.gift, <Money key="gift" amount={refund.amount_gift_voided} sign="¥ " />],
          others.length > 0 && [text.sameTicket, others.map((one) => <a key={one.id} className={classes.case} href={`#/${one.kind}s/${one.id}`}>{one.number}</a>)],
          refund.closing_reason ? [text.closing, refund.closing_reason] : null,
        ]}
      />
    </Panel>
  );
}

function History({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.events;
  const said = (detail: Record<string, unknown>): string =>
    [
      typeof detail.net === "string" && text.net(plainMoney(detail.net)),
      typeof detail.gift_voided === "string" && !isZero(detail.gift_voided) && text.giftVoided(plainMoney(detail.gift_voided)),
      typeof detail.legs === "number" && text.legs(String(detail.legs)),
      typeof detail.to === "string" && words.casework.holding.event(detail.to, typeof detail.from === "string" ? detail.from : null),
      typeof detail.asked_for === "string" && detail.asked_for,
      typeof detail.reason === "string" && detail.reason,
      typeof detail.note === "string" && detail.note,
      typeof detail.letter === "string" && (words.letters.kinds[detail.letter] ?? detail.letter),
      typeof detail.number === "string" && detail.number,
      typeof detail.way === "string" && (words.letters.ways[detail.way] ?? detail.way),
      typeof detail.kind === "string" && (text.notes[detail.kind] ?? detail.kind),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <Panel title={text.title} data-testid="refund-history">
      <Timeline
        label={text.title}
        moments={[...refund.events].reverse().map((event, at) => ({
          id: String(at),
          title: (
            <>
              <strong>{text.names[event.command] ?? event.command}</strong> {event.login}
            </>
          ),
          aside: <Instant at={event.at} />,
          detail: said(event.detail),
          tone: event.command === "refunds.reject" ? "amber" : event.command === "refunds.approve" || event.command === "refunds.release" ? "brand" : "plain",
        }))}
      />
    </Panel>
  );
}
