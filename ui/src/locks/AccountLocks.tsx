import { plainMoney } from "../amounts";
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
          <a href={`#/locks/${order.id}`}>{text.stops(order.number, order.authority)}</a>: {order.scope === "amount" ? text.stopsAmount(plainMoney(order.amount ?? order.holds, "¥ ")) : order.allows_repayment ? text.stopsNothing : text.stopsAll} <span className="muted">RA 5.3</span>
        </p>
      ))}
    </div>
  );
}
