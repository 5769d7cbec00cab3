import type { ReactNode } from "react";
import { cx } from "./cx";
import classes from "./chip.module.css";

export type Tone = "plain" | "brand" | "red" | "amber" | "green" | "violet" | "ink";

/** A small label. Red is for what is late or wrong, and for nothing else. */
export function Chip({ tone = "plain", title, children, ...rest }: { tone?: Tone; title?: string; children: ReactNode; "data-testid"?: string; "data-status"?: string }) {
  return (
    <span className={cx(classes.chip, classes[tone])} title={title} {...rest}>
      {children}
    </span>
  );
}

/** Colours of the kinds of journal, the same wherever one is named. */
export const journalTone: Record<string, Tone> = {
  recharge: "green",
  usage: "plain",
  credit_back: "plain",
  suspense: "amber",
  suspense_cleared: "amber",
  provider_fee: "plain",
  refund_hold: "violet",
  refund_hold_released: "violet",
  refund_released: "violet",
  refund_paid: "violet",
  gift_void: "plain",
  gift_reinstated: "green",
  repayment_hold: "brand",
  repayment_hold_released: "brand",
  repayment_released: "brand",
  repayment_paid: "brand",
  adjustment: "amber",
  reversal: "amber",
  vat_split: "ink",
  credit_earned: "green",
  credit_reversed: "amber",
  credit_used: "plain",
  credit_lapsed: "plain",
  credit_deducted: "amber",
  credit_claimed: "amber",
  credit_restored: "green",
  stripe_moved: "ink",
  claim_paid: "green",
};
