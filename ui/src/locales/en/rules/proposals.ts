import type { Some } from "../../sentence";
import { fault } from "./fault";

const declined = { what: "This proposal was declined or taken back already.", why: "A proposal is decided once.", next: "Propose it again if it is still right." };

export const proposals = {
  proposal_unknown: { what: "There is no such proposal.", why: "The books do not hold it, or it was of another kind.", next: "Open the list again." },
  proposal_of_another: { what: "A colleague proposed this.", why: "Only whoever proposed it takes it back; anybody else needs the approver's duty to decline it.", next: "Ask the proposer, or an approver." },
  credit_back_already_declined: declined,
  reinstatement_already_declined: declined,
  policy_already_declined: declined,
  calendar_already_declined: { ...declined, next: "Enter the list again if it is still right." },
  credit_back_decided_twice: fault("A credit-back cannot be both confirmed and declined."),
  reinstatement_decided_twice: fault("A goodwill gift cannot be both confirmed and declined."),
  policy_decided_twice: fault("A policy cannot be both confirmed and declined."),
  calendar_decided_twice: fault("A list cannot be both confirmed and declined."),
  seller_already_declined: { ...declined, next: "Propose the block again if it is still right." },
  seller_decided_twice: fault("A seller's block cannot be both confirmed and declined."),
} satisfies Some;
