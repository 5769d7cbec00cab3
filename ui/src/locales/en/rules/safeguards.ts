import type { Some } from "../../sentence";

// Refusals that keep money where it is until two people, or two papers, agree.
export const safeguards = {
  exception_already_proposed: { what: "This settlement waits for an approver already.", why: "A difference in money is settled by two people.", next: "Ask an approver to confirm it." },
  exception_not_proposed: { what: "Nobody has proposed how to settle this.", why: "An approver confirms what an accountant proposes.", next: "Ask an accountant to propose it." },
  exception_settled_by_proposer: { what: "The person who proposed the settlement cannot confirm it.", why: "A difference in money is settled by two people.", next: "Ask another approver." },
  exception_still_stands: { what: "What was wrong is still wrong.", why: "It was tried again with what the books know today, and refused for the same reason.", next: "Mend the cause first: add the agreement version, activity or customer it names." },
  recharge_not_confirmed: { what: "A recharge in this refund is not confirmed by its provider.", why: "Money that nobody saw arrive is not paid out.", next: "Settle its exception first, or import the statement that shows the payment.", clause: "RA 9.1" },
  refund_leg_not_instructed: { what: "This instruction is settled already.", why: "Only an instruction on its way can fail.", next: "See its state in the list of instructions." },
  failure_without_reason: { what: "The reason is missing.", why: "Whoever pays it another way must know why.", next: "Write what the provider said." },
  leg_failed_by_releaser: { what: "The person who released it cannot declare it failed.", why: "Otherwise one person could pay it twice.", next: "Ask another treasurer or an accountant." },
  refund_without_ticket: { what: "The ticket number is missing.", why: "Every case carries its customer-service ticket.", next: "Enter the ticket." },
  usage_customer_unknown: { what: "The customer of this usage is still unknown.", why: "Usage is charged to a customer that the platform has told of.", next: "Import an order of this customer, or have the platform send it; then settle it again." },
} satisfies Some;
