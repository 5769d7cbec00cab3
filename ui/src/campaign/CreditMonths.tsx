import { monthTitle } from "../books/months";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { useRead } from "../reading";
import { useSpeech } from "../words";
import classes from "./campaign.module.css";

const columns = ["opening", "earned", "reversed", "used", "lapsed", "deducted", "closing"] as const;

/** What we owe in credits, month by month: opening plus the movements is closing. */
export function CreditMonths({ first, months, newestFirst = false }: { first: string; months: number; newestFirst?: boolean }) {
  const { words, language } = useSpeech();
  const text = words.campaign.months;
  const read = useRead("campaign.roll_forward", { first_month: first, months });
  return (
    <Read of={read}>
      {(rows) => (
        <table className={classes.figures}>
          <thead>
            <tr>
              <th>{text.month}</th>
              {columns.map((column) => (
                <th key={column}>{text[column]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(newestFirst ? [...rows].reverse() : rows).map((row) => (
              <tr key={row.month} data-testid="credit-month">
                <td>{monthTitle(language, row.month)}</td>
                {columns.map((column) => (
                  <td key={column}>
                    <Money amount={row[column]} quietZero strong={column === "closing"} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Read>
  );
}
