import { addDays, daysBetween, weekdayOf } from "../times";
import { useFormats, useWords } from "../words";
import { cx } from "./cx";
import classes from "./deadlineCalendar.module.css";

export interface DeadlineCalendarProps {
  /** The day the clock started on; it is not counted (Civil Code 201). */
  day0: string;
  /** The last counted day, before any shift. */
  nominal: string;
  due: string;
  today: string;
  /** Days off of the holiday lists between day 0 and the due day, weekends aside. */
  holidays: readonly string[];
  /** Weekend days that are worked. */
  makeUpDays: readonly string[];
  provisional?: boolean;
}

/**
 * The arithmetic of a due day, drawn: day 0 black, counted days tinted, rest days hatched,
 * make-up working days outlined, the due day in brand blue, today underlined.
 */
export function DeadlineCalendar({ day0, nominal, due, today, holidays, makeUpDays, provisional }: DeadlineCalendarProps) {
  const formats = useFormats();
  const words = useWords().parts.calendar;
  const off = new Set(holidays);
  const worked = new Set(makeUpDays);
  const first = addDays(day0, -weekdayOf(day0));
  const end = addDays(due, 6 - weekdayOf(due));
  const days = Array.from({ length: daysBetween(first, end) + 1 }, (_, at) => addDays(first, at));
  const count = daysBetween(day0, nominal);
  return (
    <figure className={classes.calendar} aria-label={words.caption(formats.dayInFull(due))}>
      <div className={classes.week} aria-hidden="true">
        {formats.weekdays().map((name, at) => (
          <span key={at} className={classes.weekday}>
            {name}
          </span>
        ))}
      </div>
      <div className={classes.days}>
        {days.map((day, at) => {
          const counted = day > day0 && day <= nominal;
          const rest = off.has(day) || (weekdayOf(day) >= 5 && !worked.has(day));
          const opensMonth = at === 0 || day.endsWith("-01");
          const nth = daysBetween(day0, day);
          const marks = [
            day === today && words.today,
            day === due && words.due,
            counted && (nth === 1 || nth === count) && words.nth(nth),
          ].filter(Boolean);
          return (
            <time
              key={day}
              dateTime={day}
              title={[
                formats.dayInFull(day),
                day === day0 && words.start,
                counted && `${words.counted} ${nth}/${count}`,
                rest && words.rest,
                worked.has(day) && words.makeUp,
                day === due && words.due,
              ]
                .filter(Boolean)
                .join(" · ")}
              className={cx(
                classes.day,
                counted && classes.counted,
                rest && (day > day0 && day < due ? classes.rest : classes.restOutside),
                day === day0 && classes.start,
                worked.has(day) && classes.worked,
                day === due && classes.due,
                day === today && classes.today,
                day > due && classes.after,
              )}
            >
              <span className={opensMonth ? classes.opensMonth : undefined}>{opensMonth ? formats.monthAndDay(day) : Number(day.slice(8))}</span>
              {marks.length > 0 && day !== due && <small>{marks.join(" ")}</small>}
            </time>
          );
        })}
      </div>
      {provisional && <figcaption className={classes.provisional}>{words.provisional}</figcaption>}
    </figure>
  );
}
