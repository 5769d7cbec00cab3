import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Empty, Read } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import type { Result } from "../call";
import { useRead } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { addressOf } from "./rows";
import classes from "./deadlines.module.css";

type Day = Result<"deadlines.month">[number];
const shown = 4;

/** "2026-02" some months on. */
export function monthAfter(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}

/** A month in whole weeks: rest days hatched, make-up days outlined, the clocks on the day that ends them. */
export function Month({ month, onMonth }: { month: string | null; onMonth(month: string | null): void }) {
  const { words, formats } = useSpeech();
  const text = words.deadlines.month;
  const today = dayOf(useNow());
  const here = month && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : today.slice(0, 7);
  const days = useRead("deadlines.month", { month: `${here}-01` });
  const title = formats.dayInFull(`${here}-15`).replace(/^\S+,? ?15 |15日.*$/g, "");
  return (
    <Panel
      fill
      className={classes.list}
      title={title}
      aside={
        <>
          <Button small keys="[" label={text.previous} onClick={() => onMonth(monthAfter(here, -1))} data-testid="month-previous">
            {text.previous}
          </Button>
          <Button small keys="]" label={text.next} onClick={() => onMonth(monthAfter(here, 1))} data-testid="month-next">
            {text.next}
          </Button>
        </>
      }
    >
      <Read of={days} rows={10}>
        {(rows) => (
          <>
            {rows.every((day) => day.clocks === 0) && <Empty title={text.none}>{text.noneWhy}</Empty>}
            <div className={classes.weekdays} aria-hidden="true">
              {formats.weekdays().map((name, at) => (
                <span key={at}>{name}</span>
              ))}
            </div>
            <ol className={classes.month}>
              {rows.map((day) => (
                <MonthDay key={day.on} day={day} outside={!day.on.startsWith(here)} today={day.on === today} />
              ))}
            </ol>
          </>
        )}
      </Read>
    </Panel>
  );
}

function MonthDay({ day, outside, today }: { day: Day; outside: boolean; today: boolean }) {
  const { words, formats, language } = useSpeech();
  const text = words.deadlines;
  const name = language === "en" ? day.name_en : day.name_zh;
  const rest = day.clocks - Math.min(shown, day.cases.length);
  return (
    <li className={cx(classes.day, day.rest && classes.rest, day.makeup && classes.makeUp, outside && classes.outside, today && classes.today)} data-on={day.on} data-clocks={day.clocks}>
      <header>
        <time dateTime={day.on} title={formats.dayInFull(day.on)}>
          {Number(day.on.slice(8)) === 1 ? formats.monthAndDay(day.on) : Number(day.on.slice(8))}
        </time>
        <span className="clip">{day.makeup ? words.parts.calendar.makeUp : name}</span>
        {day.clocks > 0 && <strong>{formats.count(day.clocks)}</strong>}
      </header>
      {day.cases.slice(0, shown).map((one) => (
        <a key={one.id + one.clock} href={`#${addressOf(one)}`} className={cx(classes.entry, one.provisional && classes.tentative)} title={[text.clockEnds[one.clock], one.shifted && text.moved(formats.day(one.nominal_on)), one.provisional && text.provisional].filter(Boolean).join(" · ")}>
          {one.number}
        </a>
      ))}
      {rest > 0 && <span className="muted">{text.month.more(rest)}</span>}
    </li>
  );
}
