import type { Result } from "../call";
import { Money } from "../parts/Money";
import { say } from "../locales/sentence";
import type { Rule } from "../rules";
import { useSpeech } from "../words";
import classes from "./books.module.css";

type Sheet = NonNullable<Result<"reversals.preview">>;

/** The lines of a correction with each balance before and after. */
export function CorrectionLines({ lines }: { lines: Sheet["lines"] }) {
  const { words, language } = useSpeech();
  const text = words.books.corrections.lines;
  // Room for millionths only where there are any.
  const places = lines.some((line) => [line.amount, line.balance_before, line.balance_after].some((amount) => /\.\d\d\d*[1-9]/.test(amount ?? ""))) ? 6 : 2;
  return (
    <table className={classes.figures} data-testid="correction-lines">
      <thead>
        <tr>
          <th>{text.account}</th>
          <th>{text.amount}</th>
          <th>{text.before}</th>
          <th>{text.after}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={at}>
            <td>
              {language === "en" ? line.title_en : line.title_zh} {line.commodity !== "CNY" && <span className="muted">{words.ledger.commodities[line.commodity] ?? line.commodity}</span>}
            </td>
            <td><Money amount={line.amount} places={places} strong /></td>
            <td><Money amount={line.balance_before} places={places} /></td>
            <td><Money amount={line.balance_after} places={places} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A dry run: lines, what else would change, everything that stands against it, and who would confirm. */
export function CorrectionPreview({ sheet }: { sheet: Sheet }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  return (
    <div className={classes.sheet} data-testid="correction-preview" data-refused={sheet.refusals.length > 0}>
      {sheet.lines.length > 0 && <CorrectionLines lines={sheet.lines} />}
      {sheet.effects.length > 0 && (
        <ul className={classes.effects}>
          {sheet.effects.map((effect, at) => (
            <li key={at}>
              {text.effects[effect.what]?.(effect.ref) ?? effect.what} <Money amount={effect.amount} />
            </li>
          ))}
        </ul>
      )}
      {sheet.refusals.length > 0 ? (
        <ul className={classes.effects} role="alert">
          {sheet.refusals.map((refusal) => {
            const sentence = words.rules[refusal.rule as Rule];
            return (
              <li key={refusal.rule} data-rule={refusal.rule}>
                <strong>{say(sentence.what, refusal.detail)}</strong> {say(sentence.why, refusal.detail)} {say(sentence.next, refusal.detail)}
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="soft">
          {text.confirmer(words.shell.duties[sheet.confirmer])}
          {sheet.up_to !== null && ` · ${text.upTo(sheet.up_to)}`}
        </p>
      )}
    </div>
  );
}
