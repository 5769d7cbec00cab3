import { useState } from "react";
import { Button } from "../parts/Button";
import { DayField } from "../parts/Fields";
import { useNow } from "../session";
import { addDays, dayOf } from "../times";
import { useWords } from "../words";
import classes from "./ledger.module.css";

/** The usual spans, by today. */
export function useSpans(): { label: string; from: string; until: string }[] {
  const spans = useWords().customers.spans;
  const today = dayOf(useNow());
  const monthStart = `${today.slice(0, 7)}-01`;
  const before = addDays(monthStart, -1);
  return [
    { label: spans.today, from: today, until: today },
    { label: spans.week, from: addDays(today, -6), until: today },
    { label: spans.month, from: monthStart, until: today },
    { label: spans.lastMonth, from: `${before.slice(0, 7)}-01`, until: before },
  ];
}

/** A span of days: the usual ones by one press, any other by its two ends. */
export function Days({ from, until, onApply }: { from: string | null; until: string | null; onApply(next: { from: string | null; until: string | null }): void }) {
  const words = useWords();
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(until);
  return (
    <div className={classes.days}>
      <div className={classes.quick}>
        {useSpans().map((span) => (
          <Button key={span.label} small onClick={() => onApply({ from: span.from, until: span.until })}>
            {span.label}
          </Button>
        ))}
      </div>
      <DayField label={words.parts.from} value={first} onChange={setFirst} max={last ?? undefined} optional />
      <DayField label={words.parts.until} value={last} onChange={setLast} min={first ?? undefined} optional />
      <Button kind="primary" onClick={() => onApply({ from: first, until: last })}>
        {words.parts.apply}
      </Button>
    </div>
  );
}

/** One day, chosen and confirmed. */
export function OneDay({ label, hint, day, submit, onApply }: { label: string; hint: string; day: string | null; submit: string; onApply(day: string | null): void }) {
  const [chosen, setChosen] = useState(day);
  const today = dayOf(useNow());
  return (
    <div className={classes.days}>
      <DayField label={label} hint={hint} value={chosen} onChange={setChosen} max={today} />
      <Button kind="primary" onClick={() => onApply(chosen)}>
        {submit}
      </Button>
    </div>
  );
}
