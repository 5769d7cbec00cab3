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
  match_needs_a_payment: { what: "This is not a payment in suspense.", why: "Only money that nobody's order has taken can be matched with one.", next: "Open the payment, and match it with this order there." },
  match_order_unknown: { what: "The books hold no such order.", why: "A payment is matched with an order that was credited.", next: "Check the number, or wait for the platform's order file." },
  match_order_already_paid: { what: "This order is paid already.", why: "Another payment confirmed it; a second one is not its money.", next: "Return this payment to its payer, by two people." },
  match_amount_differs: { what: "The payment and the order are not the same amount.", why: (d) => `¥ ${d.amount} was paid, the order is for ¥ ${d.order}. A match never hides a difference.`, next: "Look for another order, or return the payment." },
  match_channel_differs: { what: "The order was paid by the other provider.", why: "A refund goes back the way the money came; an order with the wrong provider would send it astray.", next: "Ask the platform to correct the order." },
  match_provider_no_differs: { what: "The platform named another payment for this order.", why: "Its number at the provider is not this payment's.", next: "Ask the platform to correct the order, or look for another one." },
  match_order_not_credited: { what: "This order may not be credited yet.", why: "It waits itself, for the real-name check or another reason; its money stays in suspense until then.", next: "Settle the order's own exception first; a payment with its number follows by itself.", clause: "RA 3.1" },
  match_without_reason: { what: "It does not say why this is the order.", why: "The second person, and an auditor, must be able to follow it.", next: "Write it in one sentence." },
} satisfies Some;
