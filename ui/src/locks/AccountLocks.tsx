import { plainMoney } from "../amounts";
import type { Result } from "../call";
import { Chip } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { useSpeech } from "../words";
import { addressOfLock, standing, type LockState, type OrderPage } from "./orders";
import classes from "./locks.module.css";

/** Every lock of an account and how far the platform has come with it. */
export function AccountLocks({ locks, here }: { locks: LockState[]; here?: string }) {
  const { words, formats } = useSpeech();
  const text = words.locks.locks;
  return (
    <Panel title={text.title} data-testid="account-locks">
      {locks.length === 0 && <Empty title={text.none} />}
      {locks.map((lock) => {
        const { said, tone } = standing(lock, words, formats);
        return (
          <div key={lock.id} className={classes.lock} data-testid="account-lock" data-late={lock.late} data-confirmed={lock.confirmed_at !== null}>
            <span>
              {lock.case_id === here ? <strong>{lock.number}</strong> : <a href={addressOfLock(lock)}>{lock.number ?? text.causes[lock.cause]}</a>} <span className="muted">{text.causes[lock.cause]}</span>
            </span>
            <Chip tone={tone}>{said}</Chip>
          </div>
        );
      })}
    </Panel>
  );
}

/** On the page of a case: which order stops it, and how far. */
export function StoppingOrders({ orders }: { orders: OrderPage["queue"] }) {
  const { words } = useSpeech();
  const text = words.locks;
  if (orders.length === 0) return null;
  return (
    <div className={classes.stop} role="note" data-testid="stopping-orders">
      <strong>{text.stopped}</strong>
      {orders.map((order) => (
        <p key={order.id}>
          <a href={`#/locks/${order.id}`}>{text.stops(order.number, order.authority, order.order_no)}</a>{text.colon}{order.scope === "amount" ? text.stopsAmount(plainMoney(order.amount ?? order.holds, "¥ ")) : order.allows_repayment ? text.stopsNothing : text.stopsAll} <span className="muted">RA 5.3</span>
        </p>
      ))}
    </div>
  );
}

/** On the page of an application: every order and dispute that keeps it waiting, by its name. */
export function RefundStops({ stops }: { stops: Result<"refunds.open">["stops"] }) {
  const { words, formats } = useSpeech();
  const text = words.locks.refundStops;
  if (stops.length === 0) return null;
  return (
    <div className={classes.stop} role="note" data-testid="refund-stops">
      <strong>{text.title}</strong>
      {stops.map((stop) => (
        <p key={stop.id} data-testid="refund-stop" data-cause={stop.cause}>
          {stop.cause === "order" ? (
            <>
              <a href={`#/locks/${stop.id}`}>{words.locks.stops(stop.number, stop.authority ?? "", stop.order_no ?? "")}</a>{words.locks.colon}{stop.amount ? text.amount(plainMoney(stop.amount, "¥ ")) : text.account} {stop.due_on && text.until(formats.day(stop.due_on))}
            </>
          ) : (
            <>
              <a href={`#/disputes/${stop.id}`}>{stop.number}</a>{words.locks.colon}{text.dispute(plainMoney(stop.amount ?? "0.00", "¥ "))}
            </>
          )}{" "}
          <span className="muted">{stop.clause}</span>
        </p>
      ))}
    </div>
  );
}
