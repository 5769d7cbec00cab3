import { useFormats, useWords } from "../words";
import { dayOf } from "../times";
import { useNow } from "../session";
import { Chip } from "./Chip";
import classes from "./figures.module.css";

/** An instant in Shanghai; `exact` prints the whole of it with its zone. */
export function Instant({ at, exact, withZone }: { at: string | null | undefined; exact?: boolean; withZone?: boolean }) {
  const formats = useFormats();
  const words = useWords();
  if (!at) return null;
  return (
    <time dateTime={at} title={`${formats.exact(at)} ${words.shell.shanghai} · ${at.slice(0, 16).replace("T", " ")} UTC`} className="number">
      {exact ? formats.exact(at) : formats.instant(at)}
      {(withZone ?? exact) && <span className={classes.zone}>{words.shell.shanghai}</span>}
    </time>
  );
}

/** A calendar day. */
export function Day({ on, weekday }: { on: string | null | undefined; weekday?: boolean }) {
  const formats = useFormats();
  if (!on) return null;
  return (
    <time dateTime={on} title={formats.dayInFull(on)} className="number">
      {weekday ? formats.dayWithWeekday(on) : formats.day(on)}
    </time>
  );
}

/** Time left to an instant: red only once it is late, amber within two days. */
export function TimeLeft({ until, done }: { until: string | null | undefined; done?: boolean }) {
  const now = useNow();
  const words = useWords();
  const formats = useFormats();
  if (!until || done) return null;
  const left = Date.parse(until) - now.getTime();
  if (left <= 0) {
    const sameDay = dayOf(now) === dayOf(until);
    return <Chip tone="red">{sameDay ? words.parts.time.ended : words.parts.time.over(formats.span(left))}</Chip>;
  }
  const near = left < 2 * 86_400_000;
  return near ? <Chip tone="amber">{formats.span(left)}</Chip> : <span className="number">{formats.span(left)}</span>;
}
