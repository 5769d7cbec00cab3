import { isZero, parseAmount, plainMoney, toMillionths } from "../amounts";
import { cx } from "../parts/cx";
import { TextField } from "../parts/Fields";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Warning } from "../parts/Form";
import { to } from "../routes";
import { useSpeech } from "../words";
import type { MeterRow } from "./papers";
import classes from "./invoices.module.css";

interface Props {
  meter: MeterRow[];
  customer: string;
  of(row: MeterRow): string;
  onType(product: string, text: string): void;
}

/** How each invoiceable figure comes about, and how much of it this paper takes. */
export function Meter({ meter, customer, of, onType }: Props) {
  const { words, language } = useSpeech();
  const text = words.invoices.form;
  const due = meter.filter((row) => !isZero(row.red_letter_due));
  const title = (row: MeterRow) => (language === "en" ? row.title_en : row.title_zh);
  return (
    <Panel title={text.meter} hint={text.meterHint} data-testid="invoice-meter">
      <div className={classes.sheetScroll}>
        <table className={cx(classes.sheet, classes.meter)}>
          <thead>
            <tr>
              <th>{text.product}</th>
              <th>{text.consumed}</th>
              <th>{text.creditedBack}</th>
              <th>{text.invoiced}</th>
              <th>{text.redLettered}</th>
              <th>{text.invoiceable}</th>
              <th className={classes.giftCell} title={text.giftHint}>
                {text.gift}
              </th>
              <th>{text.amount}</th>
            </tr>
          </thead>
          <tbody>
            {meter.map((row) => (
              <tr key={row.product} data-testid="invoice-meter-row" data-product={row.product} data-invoiceable={row.invoiceable}>
                <td>
                  <span className={classes.product}>{title(row)}</span>
                </td>
                <td>
                  <a className={classes.figure} href={`#${to(`/customers/${customer}`, { view: "usage" })}`}>
                    <Money amount={row.consumed_principal} places={6} quietZero />
                  </a>
                </td>
                <td>
                  <Money amount={row.credited_back} places={6} quietZero />
                </td>
                <td>
                  <a className={classes.figure} href={`#${to("/invoices", { customer })}`}>
                    <Money amount={row.invoiced} quietZero />
                  </a>
                </td>
                <td>
                  <Money amount={row.red_lettered} quietZero />
                </td>
                <td>
                  <Money amount={row.invoiceable} strong quietZero />
                </td>
                <td className={classes.giftCell} title={text.giftHint}>
                  <Money amount={row.gift_used} places={6} quietZero tone="muted" />
                </td>
                <td>
                  <AmountCell row={row} name={text.amountOf(title(row))} value={of(row)} onType={(next) => onType(row.product, next)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.note}>{text.giftHint}</p>
      {due.map((row) => (
        <div key={row.product} className={classes.warned}>
          <Warning>{text.redDue(title(row), plainMoney(row.red_letter_due))}</Warning>
        </div>
      ))}
    </Panel>
  );
}

function AmountCell({ row, name, value, onType }: { row: MeterRow; name: string; value: string; onType(text: string): void }) {
  const { words } = useSpeech();
  const text = words.invoices.form;
  const parsed = parseAmount(value);
  const complaint = parsed.problem && parsed.problem !== "empty" ? words.parts.amounts[parsed.problem] : null;
  const tooMuch = parsed.value && toMillionths(parsed.value) > toMillionths(row.invoiceable) ? text.tooMuch : null;
  const nothing = isZero(row.invoiceable) && value === "";
  if (nothing) return <span className="muted">–</span>;
  return (
    <div className={classes.amountCell}>
      <TextField label={name} value={value} onChange={onType} problem={complaint ?? tooMuch} data-testid={`invoice-amount-${row.product}`} />
    </div>
  );
}
