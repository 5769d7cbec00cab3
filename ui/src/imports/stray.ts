import type { Result } from "../call";

/** What could not be booked as it came. */
export type Stray = Result<"exceptions.list">[number];

/** Payments in suspense and unpaid orders have another half somewhere. */
export const seeksMatch = (stray: Stray): boolean => stray.resolved_at === null && (stray.kind === "payment_without_order" || stray.kind === "order_without_payment");
