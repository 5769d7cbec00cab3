import type { Some } from "../../sentence";
import { fault } from "./fault";

export const corrections = {
  adjustment_confirmed_by_proposer: { what: "You proposed this adjustment.", why: "A manual adjustment takes two people.", next: "Another approver confirms." },
  adjustment_without_reason: { what: "The reason is missing.", why: "A manual journal has no document but the reason that a person gives.", next: "Write one sentence that an auditor understands." },
  adjustment_without_document: { what: "The document is missing.", why: "Each adjustment names the paper behind it: a ticket, a mail, a contract.", next: "Write its number." },
  adjustment_not_positive: { what: "The amount is not above zero.", why: "The direction is chosen by the accounts, not by the sign.", next: "Write the amount without a sign." },
  adjustment_kind_unknown: fault("This is not a kind of adjustment."),
  adjustment_status_unknown: fault("This is not a state of an adjustment."),
  adjustment_number_taken: fault("Two adjustments got the same number."),
  adjustment_posted_twice: fault("One journal was claimed by two adjustments."),
  adjustment_confirmed_without_journal: fault("A confirmed adjustment has its journal."),
  adjustment_of_nobody: fault("A gift and a write-off belong to a customer; the other kinds to nobody."),
  write_off_not_positive: fault("A write-off gives up more than nothing."),
  reversal_confirmed_by_proposer: { what: "You proposed this reversal.", why: "A reversal takes two people.", next: "Another approver confirms." },
  reversal_without_reason: { what: "The reason is missing.", why: "Whoever reads the two journals later must see why the first was wrong.", next: "Write one sentence." },
  reversal_already_proposed: { what: "A reversal of this journal waits already.", why: "One proposal at a time is decided.", next: "Confirm or decline the one that waits." },
  reversal_status_unknown: fault("This is not a state of a reversal."),
  reversal_posted_twice: fault("One journal was claimed by two reversals."),
  reversal_confirmed_without_journal: fault("A confirmed reversal has its journal."),
} satisfies Some;
