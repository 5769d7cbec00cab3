// Which command decides which kind of proposal. The database refuses whoever may not; this only knows the names.
import type { CommandName, Result } from "../call";
import { useAction, useCommandId, type Action } from "../reading";

export type Proposal = Result<"proposals.list">[number];
export type ProposalPage = NonNullable<Result<"proposals.open">>;

/** Where a proposal's case is: to look around before deciding. */
export function caseAddress(proposal: Proposal): string | null {
  switch (proposal.case_kind) {
    case "customer":
      return `/customers/${proposal.case_id}?view=usage`;
    case "refund":
      return `/refunds/${proposal.case_id}`;
    case "exception":
      return `/imports/exceptions?id=${proposal.case_id}`;
    case "correction":
      return `/books?view=corrections&id=${proposal.case_id}`;
    case "period":
      return `/books?month=${proposal.case_id}`;
    case "invoice":
      return `/invoices/${proposal.case_id}`;
    case "policy":
      return "/policy";
    case "vat_rate":
      return "/policy?view=catalogue";
    case "calendar":
      return "/policy?view=calendars";
    case "seller":
      return "/policy?view=sellers";
    case "letter_text":
      return `/policy?view=letters&text=${proposal.case_id}`;
    case "person":
      return "/policy?view=people";
    case "campaign":
      return "/campaign?view=terms";
    case "violation":
      return `/campaign/violations/${proposal.case_id}`;
    case "friend":
      return `/campaign/friends/${proposal.case_id}`;
    default:
      return null;
  }
}

/** The address of a proposal in the list of confirmations. */
export const proposalAddress = (kind: string, id: string): string => `/proposals?one=${encodeURIComponent(`${kind}:${id}`)}`;

interface Names {
  confirm: CommandName;
  decline: CommandName;
  /** The argument that names the proposal. */
  id: string;
  /** One command for both answers says which by this argument. */
  says?: "confirmed";
}

const commands: Record<string, Names> = {
  credit_back: { confirm: "usage.confirm_credit_back", decline: "usage.decline_credit_back", id: "credit_back_id" },
  gift_reinstatement: { confirm: "refunds.confirm_reinstatement", decline: "refunds.decline_reinstatement", id: "reinstatement_id" },
  settlement: { confirm: "exceptions.confirm", decline: "exceptions.decline", id: "exception_id" },
  match: { confirm: "exceptions.confirm", decline: "exceptions.decline", id: "exception_id" },
  adjustment: { confirm: "adjustments.confirm", decline: "adjustments.decline", id: "adjustment_id" },
  reversal: { confirm: "reversals.confirm", decline: "reversals.decline", id: "reversal_id" },
  period_close: { confirm: "periods.confirm_close", decline: "periods.withdraw_close", id: "month" },
  period_reopen: { confirm: "periods.confirm_reopen", decline: "periods.withdraw_reopen", id: "month" },
  red_letter: { confirm: "invoices.confirm_red_letter", decline: "invoices.decline_red_letter", id: "red_letter_id" },
  policy: { confirm: "policies.confirm", decline: "policies.decline", id: "policy_id" },
  vat_rate: { confirm: "vat.confirm_rate", decline: "vat.decline_rate", id: "rate_id" },
  calendar: { confirm: "calendar.confirm", decline: "calendar.decline", id: "calendar_id" },
  seller: { confirm: "invoices.confirm_seller", decline: "invoices.decline_seller", id: "proposal_id" },
  transfer: { confirm: "transfers.approve", decline: "transfers.decline", id: "transfer_id" },
  letter_text: { confirm: "letters.confirm_text", decline: "letters.decline_text", id: "template_id" },
  campaign_terms: { confirm: "campaign.decide_proposal", decline: "campaign.decide_proposal", id: "proposal_id", says: "confirmed" },
  campaign_turn: { confirm: "campaign.decide_proposal", decline: "campaign.decide_proposal", id: "proposal_id", says: "confirmed" },
  credit_expiry: { confirm: "campaign.decide_proposal", decline: "campaign.decide_proposal", id: "proposal_id", says: "confirmed" },
  campaign_correction: { confirm: "campaign.decide_correction", decline: "campaign.decide_correction", id: "correction_id", says: "confirmed" },
  person: { confirm: "people.confirm_duty", decline: "people.end_duty", id: "duty_id" },
};

/** Numbered things travel as numbers where the wire's type is one. */
const numbered = new Set(["policy", "calendar", "person"]);
const named = (kind: string, id: string) => (numbered.has(kind) ? Number(id) : id);

/** A duty is simply withdrawn; everything else is declined with a reason. */
export const declinesInWords = (proposal: Proposal): boolean => proposal.kind !== "person";

/** Confirms or declines a proposal by its own capability's command. */
export function useDecision(proposal: Proposal) {
  const names = commands[proposal.kind];
  const confirm = useAction(names?.confirm ?? "proposals.open");
  const decline = useAction(names?.decline ?? "proposals.open");
  const form = useCommandId();
  const send = async (action: Action<CommandName>, more: object) => {
    const answer = await action.send({ command_id: form.id, [names?.id ?? "id"]: named(proposal.kind, proposal.id), ...more } as never);
    if (answer) form.renew();
    return answer !== null;
  };
  return {
    known: names !== undefined,
    busy: confirm.busy || decline.busy,
    refusal: confirm.refusal,
    declining: { busy: decline.busy, refusal: decline.refusal },
    confirm: () => send(confirm, names?.says ? { [names.says]: true } : {}),
    decline: (reason: string) => send(decline, declinesInWords(proposal) ? { reason, ...(names?.says ? { [names.says]: false } : {}) } : {}),
  };
}
