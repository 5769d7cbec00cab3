import type { Money as Amount } from "../bindings";
import { useSpeech } from "../words";
import classes from "./lines.module.css";
import { Money } from "./Money";

export interface PostingLine {
  account: string;
  title_en: string;
  title_zh: string;
  customer: boolean;
  commodity: string;
  amount: Amount;
}

/** The lines of a journal that is not posted yet, or was: debit positive, one column for each commodity. */
export function Lines({ lines, label }: { lines: PostingLine[]; label: string }) {
  const { words, language } = useSpeech();
  const commodities = [...new Set(lines.map((line) => line.commodity))];
  const places = lines.some((line) => /\.\d\d\d*[1-9]/.test(line.amount)) ? 6 : 2;
  return (
    <table className={classes.lines} aria-label={label} data-testid="lines">
      <thead>
        <tr>
          <th>{words.ledger.journal.account}</th>
          {commodities.map((commodity) => (
            <th key={commodity}>{words.ledger.commodities[commodity] ?? commodity}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={at} data-account={line.account}>
            <td>{language === "en" ? line.title_en : line.title_zh}</td>
            {commodities.map((commodity) => (
              <td key={commodity}>{line.commodity === commodity && <Money amount={line.amount} places={places} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
