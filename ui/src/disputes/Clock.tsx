import { plainMoney } from "../amounts";
import { Chip } from "../parts/Chip";
import { DeadlineCalendar } from "../parts/DeadlineCalendar";
import { Panel } from "../parts/Panel";
import { TimeLeft } from "../parts/Times";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import type { DisputeCase } from "./cases";
import classes from "./disputes.module.css";

/** The due day with its hour and zone, the little calendar, and the arithmetic in sentences. */
export function Clock({ dispute }: { dispute: DisputeCase }) {
  const { words, formats, language } = useSpeech();
  const text = words.disputes.clock;
  const now = useNow();
  const clock = dispute.clock;
  if (!clock) return <Panel title={text.none} padded data-testid="dispute-clock"><p className="muted">{text.noneWhy}</p></Panel>;
  const stopped = clock.stopped_at !== null;
  return (
    <Panel title={text.titles[clock.kind]} aside={stopped ? <Chip>{text.stopped}</Chip> : <TimeLeft until={clock.expires_at} />} padded data-testid="dispute-clock" >
      <p className={classes.due} data-testid="dispute-due" data-due={clock.due_on}>{text.dueAt(formats.dayInFull(clock.due_on))}</p>
      <p className="muted">{text.inTime(clock.zone, utc(clock.expires_at))}</p>
      {clock.provisional && <p><Chip tone="amber">{text.provisional}</Chip></p>}
      <DeadlineCalendar
        day0={clock.day_zero}
        nominal={clock.nominal_on}
        due={clock.due_on}
        today={dayOf(now)}
        holidays={clock.grid.filter((day) => day.rest).map((day) => day.on)}
        makeUpDays={clock.grid.filter((day) => day.makeup).map((day) => day.on)}
        provisional={clock.provisional}
      />
      <ul className={classes.facts} data-testid="dispute-arithmetic">
        {/* The database's own sentences: the notice prints the same. */}
        {clock.sentences[language === "en" ? "en" : "zh"].map((sentence, at) => (
          <li key={at}>
            {sentence.text} <span className="muted">{sentence.clause.replaceAll(" ", "\u00a0")}</span>
          </li>
        ))}
        {clock.what_ifs.map((other) => (
          <li key={other.offset}>{text.whatIf(other.offset, formats.dayWithWeekday(other.due_on))}</li>
        ))}
        {clock.changes.map((change, at) => (
          <li key={`c${at}`}>{text.changed(formats.dayWithWeekday(change.from_due_on), formats.dayWithWeekday(change.to_due_on), change.by, change.reason)}</li>
        ))}
      </ul>
    </Panel>
  );
}

const utc = (instant: string) => instant.slice(0, 16).replace("T", " ");

/** Disputed, what the account can pay, what would be missing. */
export function Amounts({ dispute }: { dispute: DisputeCase }) {
  const { words } = useSpeech();
  const text = words.disputes.money;
  const a = dispute.amounts;
  const cells: [string, string, string?][] = [
    [text.disputed, a.disputed],
    [text.repaid, a.repaid],
    [text.waived, a.waived, "quiet"],
    [text.paidDirectly, a.paid_directly, "quiet"],
    [text.outstanding, a.outstanding, "strong"],
    [text.principal, a.principal],
    [text.gift, a.gift_not_usable, "quiet"],
    [text.unbilled, a.unbilled, "quiet"],
    ...(Number(a.held_by_orders) > 0 ? ([[text.heldByOrders, a.held_by_orders]] as [string, string][]) : []),
    [text.repayable, a.repayable, "strong"],
    [text.shortfall, dispute.amount_short ?? a.expected_shortfall, "strong"],
  ];
  return (
    <Panel title={text.title} aside={<a href={`#/ledger?customer=${dispute.customer_id}`}>{text.postings}</a>} data-testid="dispute-money">
      <dl className={classes.amounts}>
        {cells.map(([label, amount, tone]) => (
          <div key={label} className={tone ? classes[tone] : undefined}>
            <dt>{label}</dt>
            <dd>{plainMoney(amount, "¥ ")}</dd>
          </div>
        ))}
      </dl>
      {dispute.repayments.map((one) => (
        <div key={one.id} className={classes.repayment}>
          <strong>{one.number}</strong>
          <span>{text.repaymentStates[one.status]}</span>
          <span className="muted">{one.legs.map((leg) => `${leg.refund_no} · ${words.disputes.fields.channels[leg.channel] ?? leg.channel} · ${text.routes[leg.route] ?? leg.route}`).join(", ")}</span>
          <span className="number">{plainMoney(one.amount, "¥ ")}</span>
        </div>
      ))}
    </Panel>
  );
}
