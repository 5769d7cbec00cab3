import type { Result } from "../call";
import { cx } from "../parts/cx";
import { Money } from "../parts/Money";
import { useSpeech } from "../words";
import classes from "./imports.module.css";

type Band = Result<"exceptions.ages">[number];

/** How much has waited for how long; each band narrows the list. */
export function Ages({ bands, chosen, onChoose }: { bands: Band[]; chosen: string | null; onChoose(age: string | null): void }) {
  const { words, formats } = useSpeech();
  const text = words.exceptions.ages;
  return (
    <div className={classes.ages} role="group" aria-label={text.title} data-testid="exception-ages">
      {bands.map((band) => (
        <button
          key={band.age}
          type="button"
          aria-pressed={chosen === band.age}
          className={cx(classes.age, chosen === band.age && classes.ageChosen)}
          onClick={() => onChoose(chosen === band.age ? null : band.age)}
          data-testid={`age-${band.age}`}
        >
          <span className={classes.ageName}>{text.bands[band.age]}</span>
          <strong>{text.items(formats.count(band.items))}</strong>
          <span className={cx(classes.ageMoney, band.age === "31+" && Number(band.suspense_items) > 0 && classes.ageLate)}>
            {Number(band.suspense_items) > 0 ? (
              <>
                {text.suspense(formats.count(band.suspense_items))} <Money amount={band.suspense_amount} sign="¥" />
              </>
            ) : (
              text.noSuspense
            )}
          </span>
        </button>
      ))}
    </div>
  );
}
