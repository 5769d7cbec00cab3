import { useState } from "react";
import { Button } from "../parts/Button";
import { DayField, TextField } from "../parts/Fields";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech, useWords } from "../words";
import classes from "./ledger.module.css";
import { asOfText, timeOf } from "./query";

/** An as-of as people read it: the end of a day, or one minute of it. */
export function useAsOfWords(): (asof: string) => string {
  const { words, formats } = useSpeech();
  return (asof) => {
    const [day = "", time] = asof.split(" ");
    return time ? `${formats.day(day)} ${time}` : words.ledger.filters.endOf(formats.day(day));
  };
}

/** A day, and by choice a minute of it; without one the whole day is inside. */
export function AsOfFields({ value, onChange, label }: { value: string; onChange(asof: string): void; label: string }) {
  const names = useWords().ledger.filters;
  const today = dayOf(useNow());
  const [day = today, given = ""] = value.split(" ");
  const [typed, setTyped] = useState(given);
  const time = timeOf(typed);
  return (
    <>
      <DayField label={label} value={day} max={today} onChange={(next) => next && onChange(asOfText(next, time))} />
      <TextField
        label={names.asOfTime}
        value={typed}
        placeholder="24:00"
        problem={typed.trim() && !time ? names.asOfTimeWrong : null}
        onChange={(next) => {
          setTyped(next);
          // While it is being typed it is no time yet, and the last one stands.
          if (!next.trim() || timeOf(next)) onChange(asOfText(day, timeOf(next)));
        }}
        data-testid="asof-time"
      />
    </>
  );
}

/** The same, applied by a button. */
export function AsOfEditor({ value, onApply }: { value: string | null; onApply(asof: string): void }) {
  const words = useWords();
  const today = dayOf(useNow());
  const [chosen, setChosen] = useState(value ?? today);
  return (
    <form
      className={classes.days}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(chosen);
      }}
    >
      <AsOfFields label={words.ledger.filters.asOf} value={chosen} onChange={setChosen} />
      <p className="muted">{words.ledger.filters.asOfHint}</p>
      <Button kind="primary" submit>
        {words.parts.apply}
      </Button>
    </form>
  );
}
