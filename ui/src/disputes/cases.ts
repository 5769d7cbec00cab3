import type { Result } from "../call";
import type { Tone } from "../parts/Chip";

export type DisputeRow = Result<"disputes.list">[number];
export type DisputeCase = Result<"disputes.open">;
export type LawfulAction = DisputeCase["actions"][number];
export type Explained = NonNullable<DisputeCase["clock"]>;

export const statusTone: Record<DisputeRow["status"], Tone> = {
  noticed: "amber",
  locked: "brand",
  repaying: "violet",
  short: "amber",
  escalated: "ink",
  accepted: "green",
  settled: "green",
  withdrawn: "plain",
  declined: "plain",
};

export const isClosed = (row: Pick<DisputeRow, "closed_at">): boolean => row.closed_at !== null;

/** The action that takes the case its next step; waiting needs none. */
export const actionOfStep: Partial<Record<NonNullable<DisputeRow["next_step"]>, string>> = {
  close_notice: "decline_notice",
  confirm_lock: "confirm_lock",
  serve_lock_notice: "record_service",
  await_evidence: "record_evidence",
  judge_evidence: "propose_acceptance",
  confirm_acceptance: "confirm_acceptance",
  check_inboxes: "state_inboxes_checked",
  propose_repayment: "propose_repayment",
  approve_repayment: "approve_repayment",
  release_repayment: "release_repayment",
  confirm_repayment: "confirm_repayment",
  notify_shortfall: "notify_shortfall",
  await_shortfall: "record_waiver",
  negotiate: "record_negotiation",
  return_surplus: "return_surplus",
};

/** The database names actions as commands are named; within a case their last word is enough. */
export const plainActions = (found: DisputeCase): DisputeCase => ({
  ...found,
  actions: found.actions.map((one) => ({ ...one, action: one.action.replace(/^disputes\./, "") })),
});
