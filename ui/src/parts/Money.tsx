import { moneyText } from "../amounts";
import { cx } from "./cx";
import classes from "./figures.module.css";

interface MoneyProps {
  /** A decimal text from the database. */
  amount: string | null | undefined;
  /** Decimals to keep room for, so that a column aligns on the point. */
  places?: 2 | 6;
  /** Currency sign, where the column has none. */
  sign?: string;
  strong?: boolean;
  /** Zero printed in grey, so the eye stops at the figures that say something. */
  quietZero?: boolean;
  tone?: "red" | "green" | "muted";
}

/** An amount: right-aligned on the point, a real minus, grouped thousands, the millionths lighter than the fen. */
export function Money({ amount, places = 2, sign = "", strong, quietZero, tone }: MoneyProps) {
  if (amount === null || amount === undefined) return null;
  const text = moneyText(amount);
  const fen = text.fraction.slice(0, 2);
  const rest = text.fraction.slice(2);
  const zero = quietZero && !/[1-9]/.test(text.whole + text.fraction);
  const room = Math.max(0, places - 2 - rest.length);
  return (
    <span className={cx(classes.money, strong && classes.strong, zero && classes.zero, tone && classes[tone])}>
      {text.minus && "−"}
      {sign && <span className={classes.sign}>{sign}</span>}
      {text.whole}.{fen}
      {rest && <span className={classes.rest}>{rest}</span>}
      {room > 0 && (
        <span className={classes.room} aria-hidden="true">
          {"0".repeat(room)}
        </span>
      )}
    </span>
  );
}
