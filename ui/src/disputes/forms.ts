// What each action of a case asks for. Rules stand in the database; this is only the form.
import type { CommandName } from "../call";

export type FieldKind = "text" | "lines" | "amount" | "instant" | "days" | "papers" | "paper" | "way" | "about" | "addressee" | "channel" | "evidence";

export interface Asked {
  /** The argument's name on the wire. */
  name: string;
  kind: FieldKind;
  optional?: boolean;
}

export interface ActionForm {
  command: CommandName;
  fields: Asked[];
  danger?: boolean;
}

const reason: Asked = { name: "reason", kind: "lines" };
const received: Asked = { name: "received_at", kind: "instant" };

export const forms: Record<string, ActionForm> = {
  confirm_lock: { command: "disputes.confirm_lock", fields: [], danger: true },
  record_service: { command: "disputes.record_service", fields: [{ name: "about", kind: "about" }, { name: "addressee", kind: "addressee" }, { name: "way", kind: "way" }, { name: "served_at", kind: "instant" }, { name: "proof", kind: "text" }, { name: "attachment_id", kind: "paper", optional: true }] },
  record_evidence: { command: "disputes.record_evidence", fields: [{ name: "summary", kind: "lines" }, { name: "way", kind: "way" }, received, { name: "receipt_proof", kind: "text", optional: true }, { name: "attachment_ids", kind: "papers" }] },
  reject_evidence: { command: "disputes.reject_evidence", fields: [{ name: "evidence_id", kind: "evidence" }, reason], danger: true },
  propose_acceptance: { command: "disputes.propose_acceptance", fields: [{ name: "evidence_id", kind: "evidence" }, reason] },
  confirm_acceptance: { command: "disputes.confirm_acceptance", fields: [{ ...reason, optional: true }] },
  concede: { command: "disputes.concede", fields: [received, { name: "attachment_id", kind: "paper" }, { name: "note", kind: "lines", optional: true }] },
  withdraw_notice: { command: "disputes.withdraw_notice", fields: [reason] },
  decline_notice: { command: "disputes.decline_notice", fields: [reason] },
  state_inboxes_checked: { command: "disputes.state_inboxes_checked", fields: [] },
  propose_repayment: { command: "disputes.propose_repayment", fields: [] },
  approve_repayment: { command: "disputes.approve_repayment", fields: [] },
  reject_repayment: { command: "disputes.reject_repayment", fields: [reason], danger: true },
  release_repayment: { command: "disputes.release_repayment", fields: [] },
  confirm_repayment: { command: "disputes.confirm_repayment", fields: [{ name: "reference", kind: "text" }, { name: "paid_at", kind: "instant", optional: true }, { name: "attachment_id", kind: "paper" }] },
  fail_repayment: { command: "disputes.fail_repayment", fields: [reason], danger: true },
  notify_shortfall: { command: "disputes.notify_shortfall", fields: [{ name: "way", kind: "way" }, { name: "notified_at", kind: "instant" }, { name: "proof", kind: "text" }, { name: "attachment_id", kind: "paper", optional: true }] },
  record_waiver: { command: "disputes.record_waiver", fields: [{ name: "amount", kind: "amount" }, received, reason, { name: "attachment_id", kind: "paper" }] },
  record_direct_payment: { command: "disputes.record_direct_payment", fields: [{ name: "amount", kind: "amount" }, { name: "paid_at", kind: "instant" }, { name: "channel", kind: "channel" }, { name: "reference", kind: "text" }, { name: "attachment_id", kind: "paper" }] },
  earmark_recharge: { command: "disputes.earmark_recharge", fields: [{ name: "order_no", kind: "text" }] },
  return_surplus: { command: "disputes.return_surplus", fields: [] },
  extend: { command: "disputes.extend", fields: [{ name: "days", kind: "days" }, reason] },
  record_negotiation: { command: "disputes.record_negotiation", fields: [{ name: "happened_at", kind: "instant" }, { name: "body_text", kind: "lines" }] },
  escalate: { command: "disputes.escalate", fields: [reason], danger: true },
};
