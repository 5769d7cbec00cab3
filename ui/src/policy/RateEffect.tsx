// What a VAT rate from a month on changes, and what it leaves as it is: shown before it is proposed, and to whoever confirms it.
import { plainMoney } from "../amounts";
import { addMonths, monthTitle } from "../books/months";
import type { Result } from "../call";
import { rateText } from "../amounts";
import { Money } from "../parts/Money";
import { useSpeech } from "../words";
import classes from "./policy.module.css";

export type RateChange = Pick<NonNullable<Result<"vat.preview_rate">>, "from_month" | "until_month" | "rate" | "rate_before" | "months" | "papers" | "papers_total">;

export function RateEffect({ change }: { change: RateChange }) {
  const { words, language } = useSpeech();
  const text = words.policy.rates.form;
  const from = monthTitle(language, change.from_month);
  const before = [...new Set(change.months.map((month) => month.rate))];
  return (
    <div className={classes.effect} data-testid="rate-effect">
      <h3>{text.effect}</h3>
      <p>{change.until_month ? text.untilNext(from, monthTitle(language, change.until_month)) : text.onwards(from)}</p>
      {change.months.length === 0 ? (
        <p className="muted">{text.noMonths}</p>
      ) : (
        <table className={classes.plainTable}>
          <thead>
            <tr>
              <th>{text.month_}</th>
              <th className="number">{text.gross}</th>
              <th className="number">{text.before(before.map(rateText).join(" / "))}</th>
              <th className="number">{text.after(rateText(change.rate))}</th>
            </tr>
          </thead>
          <tbody>
            {change.months.map((month) => (
              <tr key={month.month} data-testid="rate-month">
                <td>{monthTitle(language, month.month)}</td>
                <td className="number"><Money amount={month.gross} places={6} /></td>
                <td className="number"><Money amount={month.tax_before} /></td>
                <td className="number"><Money amount={month.tax} strong /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="muted">{change.papers === 0 ? text.noPapers : text.papers(text.paperCount(change.papers), plainMoney(change.papers_total, "¥ "))}</p>
    </div>
  );
}

/** The months a change may begin with: what is not taxed yet lies near, what is announced lies ahead. */
export function beginnings(thisMonth: string): string[] {
  return Array.from({ length: 28 }, (_, at) => addMonths(thisMonth, 12 - at));
}
