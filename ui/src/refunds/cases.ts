// What the refund screens derive from a case without computing any money: which figures moved, which worksheet
// is the one to show, which case is the next.
import { toMillionths } from "../amounts";
import type { Result } from "../call";

export type RefundRow = Result<"refunds.list">[number];
export type RefundCase = NonNullable<Result<"refunds.open">>;
export type Quote = NonNullable<Result<"refunds.quote">>;
export type Sheet = RefundCase["worksheet"];
export type Lot = Sheet["lots"][number];
export type Figure = "used" | "unbilled" | "left" | "fee" | "net";

const closed = ["paid", "rejected", "withdrawn"];
export const isOpen = (status: string): boolean => !closed.includes(status) && status !== "released";
export const isClosed = (status: string): boolean => closed.includes(status);

/** The step that the case waits for, as the action that takes it. */
export function nextAction(refund: RefundCase): string | null {
  switch (refund.status) {
    case "requested":
      return "refunds.review";
    case "reviewed":
      return "refunds.approve";
    case "approved":
      return refund.needs_second_approval && !refund.second_approved_at ? "refunds.approve_second" : "refunds.release";
    default:
      return null;
  }
}

/** Whether the figures are others than those last judged: the reviewer's before the approval, the approver's after it. */
export function figuresMoved(refund: RefundCase): boolean {
  if (refund.status !== "approved") return refund.moved_since_review;
  const { worksheet } = refund;
  return worksheet.gross !== refund.amount_gross || worksheet.fee !== refund.amount_fee || worksheet.net !== refund.amount_net;
}

/** The figure that the reviewer saw, where it is another one now. */
export function movedFrom(before: Lot | undefined, now: Lot, figure: Figure): string | null {
  if (!before) return null;
  return toMillionths(before[figure]) === toMillionths(now[figure]) ? null : before[figure];
}

export interface ShownSheet {
  sheet: Sheet;
  /** What the reviewer saw, while an approval is still to come and something moved. */
  before: Sheet | null;
  /** "now" while the case can still change; afterwards what was instructed, or the last that was seen. */
  of: "now" | "release" | "review" | "none";
}

/**
 * Which worksheet to show. After the release the lots are spent, so the database's present worksheet is
 * empty: the instructions say what was paid, and the reviewer's sheet what each recharge looked like.
 */
export function shownSheet(refund: RefundCase): ShownSheet {
  if (isOpen(refund.status)) {
    return { sheet: refund.worksheet, before: refund.moved_since_review ? refund.reviewed_worksheet : null, of: "now" };
  }
  const seen = refund.reviewed_worksheet;
  if (!seen) return { sheet: { ...refund.worksheet, lots: [] }, before: null, of: "none" };
  const totals = { gross: refund.amount_gross, fee: refund.amount_fee, net: refund.amount_net, provisional: false };
  if (refund.legs.length === 0) return { sheet: { ...seen, ...totals }, before: null, of: "review" };
  const lots = refund.legs.flatMap((leg) => {
    const lot = seen.lots.find((one) => one.order_no === leg.order_no);
    return lot ? [{ ...lot, left: leg.gross, refundable: leg.gross, fee: leg.fee, net: leg.net, route: leg.route }] : [];
  });
  return { sheet: { ...seen, ...totals, lots }, before: null, of: "release" };
}

/** After a decision: the next in the list's order, or the first that still waits. */
export function nextOf(waiting: RefundRow[], decided: { id: string; requested_at: string }): RefundRow | null {
  const others = waiting.filter((row) => row.id !== decided.id);
  return others.find((row) => row.requested_at <= decided.requested_at) ?? others[0] ?? null;
}

/** "9c41…0e07": enough to compare by eye. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 4)}…${digest.slice(-4)}`;

export const hasMillionths = (amount: string): boolean => /\.\d\d\d*[1-9]/.test(amount);
