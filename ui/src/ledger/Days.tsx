import { useState } from "react";
import { Button } from "../parts/Button";
import { DayField, TextField } from "../parts/Fields";
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

/** Where the list is to begin: a journal by its number, or the end of a day. */
export function Jump({ day, onDay, onJournal }: { day: string | null; onDay(day: string | null): void; onJournal(id: string): void }) {
  const texts = useWords().ledger.jump;
  const [chosen, setChosen] = useState(day);
  const [typed, setTyped] = useState("");
  const today = dayOf(useNow());
  // As it is read out: J-61553, j61553 or the bare digits.
  const number = /^(?:j[-\s]?)?(\d[\d\s]{0,17})$/i.exec(typed.trim())?.[1]?.replace(/\s/g, "") ?? null;
  return (
    <form
      className={classes.days}
      onSubmit={(event) => {
        event.preventDefault();
        if (number) onJournal(number);
        else if (!typed.trim()) onDay(chosen);
      }}
    >
      <TextField label={texts.number} value={typed} onChange={setTyped} placeholder="J-61553" problem={typed.trim() && !number ? texts.numberWrong : null} autoFocus data-testid="jump-number" />
      <DayField label={texts.day} hint={texts.hint} value={chosen} onChange={setChosen} max={today} />
      <Button kind="primary" submit>
        {texts.go}
      </Button>
    </form>
  );
}
