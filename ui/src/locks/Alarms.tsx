import { plainMoney } from "../amounts";
import type { Result } from "../call";
import { Chip } from "../parts/Chip";
import { Panel } from "../parts/Panel";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import classes from "./locks.module.css";

type Alarm = NonNullable<Result<"today.open">>["alarms"][number];

/** On the first screen: locks that the platform has not confirmed in time, orders that end. Nothing where all is well. */
export function Alarms({ alarms }: { alarms: Alarm[] }) {
  const { words, formats } = useSpeech();
  const text = words.locks.alarms;
  const now = useNow();
  if (alarms.length === 0) return null;
  return (
    <Panel title={text.title} aside={formats.count(alarms.length)} data-testid="lock-alarms">
      {alarms.map((alarm) => {
        const order = alarm.kind === "order_expiring" || alarm.kind === "order_expired";
        return (
          <div key={alarm.kind + alarm.case_id} className={classes.alarm} data-testid="lock-alarm" data-kind={alarm.kind}>
            <span>
              <a href={alarm.case_kind === "campaign" ? `#/customers/${alarm.customer_id}` : `#/${alarm.case_kind === "judicial" ? "locks" : "disputes"}/${alarm.case_id}`}>{alarm.number || alarm.customer_name}</a>
            </span>
            <Chip tone={alarm.kind === "order_expiring" ? "amber" : "red"}>{order ? text.ends(formats.day(dayOf(new Date(Date.parse(alarm.since) - 1)))) : text.since(formats.span(now.getTime() - Date.parse(alarm.since)))}</Chip>
            <span className={classes.alarmText}>{alarm.kind === "order_loses" ? text.order_loses(plainMoney(alarm.amount ?? "0", "¥ ")) : text[alarm.kind]}</span>
          </div>
        );
      })}
    </Panel>
  );
}
