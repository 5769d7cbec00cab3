import { useState } from "react";
import { isZero, plainMoney } from "../amounts";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { DeadlineCalendar } from "../parts/DeadlineCalendar";
import { Empty, Read } from "../parts/Loading";
import { Facts, Heading, Panel } from "../parts/Panel";
import { PaperDialog } from "../parts/PaperDialog";
import { Instant, TimeLeft } from "../parts/Times";
import { useRead } from "../reading";
import { whyNotText } from "../refunds/why";
import { useNow } from "../session";
import { dayOf, daysBetween } from "../times";
import { useSpeech } from "../words";
import { AccountLocks } from "./AccountLocks";
import { LiftDialog, RenewDialog } from "./dialogs";
import type { OrderPage } from "./orders";
import classes from "./locks.module.css";

/** One order: its term explained, what it holds, what it meets on the account and what the rules say to that. */
export function OrderSheet({ id }: { id: string }) {
  const order = useRead("judicial_locks.open", { order_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-locks" data-ready={order.data !== undefined}>
      <Read of={order} rows={8}>
        {(found) => <Sheet order={found} />}
      </Read>
    </div>
  );
}

function Sheet({ order }: { order: OrderPage }) {
  const { words } = useSpeech();
  const text = words.locks;
  const [asking, setAsking] = useState<"renew" | "lift" | null>(null);
  const blocked = order.blocked && whyNotText(words, order.blocked);
  const past = order.lifted_at === null && (order.seconds_left ?? "1").startsWith("-");
  return (
    <>
      <Heading
        title={
          <>
            <span data-testid="order-number">{order.number}</span> · <a className={classes.plain} href={`#/customers/${order.customer_id}`}>{order.customer_name}</a>
          </>
        }
        actions={
          <>
            <Button keys="r" blocked={blocked} onClick={() => setAsking("renew")} data-testid="order-renew">
              {text.renew.open}
            </Button>
            <Button kind={blocked ? "plain" : "danger"} keys="l" blocked={blocked} onClick={() => setAsking("lift")} data-testid="order-lift">
              {text.lift.open}
            </Button>
          </>
        }
      >
        <Chip tone={order.lifted_at ? "plain" : past ? "red" : "ink"} data-testid="order-state">{order.lifted_at ? text.lifted : past ? text.past : text.inForce}</Chip>
        <Chip>{order.amount ? text.scopeOf(plainMoney(order.amount, "¥ ")) : text.scopes[order.scope]}</Chip>
      </Heading>
      <div className={classes.split}>
        <div className={classes.main}>
          {!order.lifted_at && <p className={classes.effect}>{order.scope === "amount" ? text.whatItIs.amount(plainMoney(order.amount ?? "0.00", "¥ ")) : order.allows_repayment ? text.whatItIs.accountAllows : text.whatItIs.account} <span className="muted">RA 5.3</span></p>}
          <Meets order={order} />
          <Queue order={order} />
          <AccountLocks locks={order.locks} here={order.id} />
          <Papers order={order} />
        </div>
        <div className={classes.side}>
          <Term order={order} />
          <Balance order={order} />
          <About order={order} />
        </div>
      </div>
      {asking === "renew" && <RenewDialog order={order} onClose={() => setAsking(null)} />}
      {asking === "lift" && <LiftDialog order={order} onClose={() => setAsking(null)} />}
    </>
  );
}

function Meets({ order }: { order: OrderPage }) {
  const { words } = useSpeech();
  const text = words.locks.meets;
  if (order.lifted_at) return null;
  const address = { refund: "refunds", dispute: "disputes", order: "locks" };
  return (
    <Panel title={text.title} data-testid="order-conflicts">
      {order.conflicts.length === 0 && <Empty title={text.none}>{text.noneWhy}</Empty>}
      {order.conflicts.map((one) => (
        <div key={one.id} className={classes.meets} data-testid="order-conflict" data-answer={one.answer}>
          <span>
            <a href={`#/${address[one.kind]}/${one.id}`}>{one.number}</a> <span className="muted">{text.kinds[one.kind]}{one.amount && ` · ${plainMoney(one.amount, "¥ ")}`}</span>
          </span>
          <span className="soft">
            {text.answers[one.answer]} <span className="muted">{one.clause}</span>
          </span>
        </div>
      ))}
    </Panel>
  );
}

function Queue({ order }: { order: OrderPage }) {
  const { words, formats } = useSpeech();
  const text = words.locks.queue;
  if (order.queue.length === 0) return null;
  return (
    <Panel title={text.title} hint={text.hint} data-testid="order-queue">
      {order.queue.map((one) => (
        <div key={one.id} className={classes.queue} data-place={one.place}>
          <span className="number">{one.place}</span>
          <span className="clip">
            {one.id === order.id ? <strong>{one.number}</strong> : <a href={`#/locks/${one.id}`}>{one.number}</a>} <span className="muted">{one.authority}</span>
          </span>
          <span className="muted">{one.due_on && text.until(formats.day(one.due_on))}</span>
          <span className="number">{Number(one.holds) > 0 ? text.holds(plainMoney(one.holds, "¥ ")) : text.waits}</span>
        </div>
      ))}
    </Panel>
  );
}

function Papers({ order }: { order: OrderPage }) {
  const { words, formats } = useSpeech();
  const text = words.locks.papers;
  const [shown, setShown] = useState<OrderPage["attachments"][number] | null>(null);
  return (
    <Panel title={text.title} data-testid="order-papers">
      {order.attachments.length === 0 && <Empty title={text.none} />}
      {order.attachments.map((paper) => (
        <button key={paper.id} type="button" className={classes.paper} onClick={() => setShown(paper)} data-testid="order-paper">
          <span className="clip">{paper.file_name}</span>
          <span className="muted">
            {formats.instant(paper.received_at)}
            {paper.recorded_at !== paper.received_at && ` · ${words.disputes.lanes.recorded(formats.instant(paper.recorded_at))}`} · {paper.recorded_by}
          </span>
        </button>
      ))}
      {shown && <PaperDialog paper={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

function Term({ order }: { order: OrderPage }) {
  const { words, formats } = useSpeech();
  const text = words.locks.clock;
  const clock = order.clock;
  const today = dayOf(useNow());
  const short = daysBetween(clock.day_zero, clock.due_on) <= 62;
  const past = !order.lifted_at && today > clock.due_on;
  return (
    <Panel title={text.title} aside={order.lifted_at ? null : <TimeLeft until={order.expires_at} />} padded data-testid="order-term">
      <p className={classes.due} data-due={clock.due_on}>{words.disputes.clock.dueAt(formats.dayInFull(clock.due_on))}</p>
      {past && <p>{text.over}</p>}
      {short && <DeadlineCalendar day0={clock.day_zero} nominal={clock.nominal_on} due={clock.due_on} today={today} holidays={clock.grid.filter((day) => day.rest).map((day) => day.on)} makeUpDays={clock.grid.filter((day) => day.makeup).map((day) => day.on)} />}
      <ul className={classes.facts}>
        {clock.facts
          .filter((fact) => text.facts[fact.fact])
          .map((fact) => (
            <li key={fact.fact}>
              {text.facts[fact.fact]?.({ day: fact.on ? formats.dayWithWeekday(fact.on) : "", days: fact.days ?? clock.days })}
              {/* Its own number stands once, where it begins. */}
              {(fact.fact === "started" || fact.clause !== order.order_no) && <span className="muted"> {words.disputes.clock.clauses[fact.clause] ?? fact.clause}</span>}
            </li>
          ))}
        {clock.changes.map((change, at) => (
          <li key={`c${at}`}>{text.changes(formats.day(change.from_due_on), formats.day(change.to_due_on), change.by, change.reason)}</li>
        ))}
      </ul>
    </Panel>
  );
}

function Balance({ order }: { order: OrderPage }) {
  const { words } = useSpeech();
  const text = words.locks.balance;
  if (order.lifted_at) return null;
  return (
    <Panel title={text.title} hint={text.hint} padded data-testid="order-balance">
      <Facts
        rows={[
          [text.principal, <a key="p" href={`#/ledger?customer=${order.customer_id}`}>{plainMoney(order.balance.principal, "¥ ")}</a>],
          [text.held, plainMoney(order.balance.held, "¥ ")],
          [text.free, <strong key="f">{plainMoney(order.balance.free, "¥ ")}</strong>],
        ]}
      />
      <Reached balance={order.balance} />
    </Panel>
  );
}

/** Nothing free any more, or already less than was held: since when, what the platform knows of it, and what to do. */
function Reached({ balance }: { balance: OrderPage["balance"] }) {
  const { words, formats } = useSpeech();
  const text = words.locks.balance;
  if (!balance.reached_at && isZero(balance.lost)) return null;
  const platform = balance.confirmed_at ? text.confirmed(formats.instant(balance.confirmed_at)) : balance.told_at ? text.told(formats.instant(balance.told_at)) : "";
  return (
    <div className={isZero(balance.lost) ? classes.reached : classes.lost} data-testid="order-reached" data-lost={balance.lost}>
      {!isZero(balance.lost) && <p><strong>{text.lost(plainMoney(balance.lost, "¥ "))}</strong> {text.lostWhy}</p>}
      {balance.reached_at && <p>{text.reached(formats.instant(balance.reached_at))} {platform}</p>}
    </div>
  );
}

function About({ order }: { order: OrderPage }) {
  const { words } = useSpeech();
  const text = words.locks.about;
  return (
    <Panel title={text.title} padded data-testid="order-about">
      <Facts
        rows={[
          [text.authority, order.authority],
          [text.orderNo, order.order_no],
          [text.received, <Instant key="r" at={order.received_at} />],
          [text.registered, <span key="b">{order.registered_by} · <Instant at={order.registered_at} /></span>],
          order.allowing_words ? [text.allows, order.allowing_words] : null,
          order.lifted_at ? [text.lifted, <span key="l">{order.lifted_by} · <Instant at={order.lifted_at} /></span>] : null,
          order.lifted_reason ? [text.reason, order.lifted_reason] : null,
        ]}
      />
    </Panel>
  );
}
