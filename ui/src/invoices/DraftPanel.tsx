import { rateText } from "../amounts";
import type { KontorError } from "../call";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { useNow } from "../session";
import { useSpeech } from "../words";
import { lineKey, monthsText, periodText, type Draft } from "./papers";
import classes from "./invoices.module.css";

/** The split as the database computed it: exactly what would be issued. */
export function DraftPanel({ draft, error, waiting }: { draft: Draft | null; error: KontorError | null; waiting: boolean }) {
  const { words, formats, language } = useSpeech();
  const text = words.invoices;
  const now = useNow();
  return (
    <Panel title={text.form.draft} hint={text.form.draftHint} data-testid="invoice-draft">
      {error ? (
        <div className={classes.warned}>
          <Refusal error={error} />
        </div>
      ) : !draft ? (
        <Empty title={text.form.draftEmpty} />
      ) : (
        <div className={cx(waiting && classes.older)} data-settled={!waiting} data-total={draft.total_incl}>
          <div className={classes.draftFacts}>
            <Facts
              rows={[
                [text.page.buyer, draft.buyer_name],
                [text.page.period, text.page.until(...periodText(draft.period_from, draft.period_to, formats.day, now))],
                [text.page.gift, <Money key="gift" amount={draft.gift_used} sign="¥ " tone="muted" />],
              ]}
            />
          </div>
          <VatTable
            lines={draft.lines.map((line) => ({ ...line, title: language === "en" ? line.description_en : line.description_zh }))}
            totals={draft}
          />
        </div>
      )}
    </Panel>
  );
}

interface Line {
  from_month?: string;
  until_month?: string;
  product: string;
  title: string;
  amount_excl: string;
  rate: string;
  tax: string;
  amount_incl: string;
  red_lettered?: string;
}

/** Lines with their own rates, totals as the sums that the database made of them. */
export function VatTable({ lines, totals, red }: { lines: Line[]; totals: { total_excl: string; total_tax: string; total_incl: string }; red?: string }) {
  const { words } = useSpeech();
  const text = words.invoices.lines;
  return (
    <div className={classes.sheetScroll}>
      <table className={classes.sheet}>
        <thead>
          <tr>
            <th>{text.product}</th>
            <th>{text.excl}</th>
            <th>{text.rate}</th>
            <th>{text.tax}</th>
            <th>{text.incl}</th>
            {red !== undefined && <th>{text.red}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={lineKey(line)} data-testid="invoice-line" data-product={line.product} data-rate={line.rate}>
              <td>
                {line.title}
                {line.from_month && line.until_month && <span className={classes.lineMonths}>{monthsText(line.from_month, line.until_month)}</span>}
              </td>
              <td>
                <Money amount={line.amount_excl} />
              </td>
              <td>{rateText(line.rate)}</td>
              <td>
                <Money amount={line.tax} />
              </td>
              <td>
                <Money amount={line.amount_incl} />
              </td>
              {red !== undefined && (
                <td>
                  <Money amount={line.red_lettered} quietZero />
                </td>
              )}
            </tr>
          ))}
        </tbody>
        <tfoot className={classes.sums}>
          <tr>
            <th>{text.total}</th>
            <td>
              <Money amount={totals.total_excl} strong />
            </td>
            <td />
            <td>
              <Money amount={totals.total_tax} strong />
            </td>
            <td data-testid="invoice-total" data-amount={totals.total_incl}>
              <Money amount={totals.total_incl} strong sign="¥ " />
            </td>
            {red !== undefined && (
              <td>
                <Money amount={red} quietZero />
              </td>
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
