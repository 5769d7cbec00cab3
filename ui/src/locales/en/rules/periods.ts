import type { Some } from "../../sentence";
import { fault } from "./fault";

const open = (d: Record<string, unknown>) => (typeof d.next_open_on === "string" ? `The next open day is ${d.next_open_on}: post it there.` : "Post it to the next open month.");
const month = (d: Record<string, unknown>) => (typeof d.month === "string" ? d.month.slice(0, 7) : "The month");

export const periods = {
  period_closed: { what: (d) => `${month(d)} is closed.`, why: "Closed figures stand; nothing is posted into a closed month.", next: open, clause: "Rules 1.4, 17" },
  period_soft_closed: { what: (d) => `${month(d)} is being closed.`, why: "While a month is being closed, only accountants still post into it.", next: open },
  period_closed_by_proposer: { what: "You proposed to close this month.", why: "A month is closed by one person and confirmed by another.", next: "Another supervisor confirms." },
  period_reopened_by_proposer: { what: "You proposed to reopen this month.", why: "Reopening takes two people.", next: "Another supervisor confirms." },
  period_reopened_without_reason: { what: "The reason is missing.", why: "Closed figures were relied on; whoever reads them later must see why they changed.", next: "Write why the month must be opened again." },
  period_waived_without_reason: { what: "The reason is missing.", why: "A line of the checklist is left open only for a reason that stands in the books.", next: "Write why the month may close without it." },
  period_status_unknown: fault("This is not a state of a month."),
  period_not_a_month: fault("A month begins on its first day."),
  closing_out_of_order: fault("A month is soft-closed before it is closed."),
  period_item_malformed: { what: "This is not a code for a line.", why: "Codes are small letters, digits and underscores.", next: "Write another code." },
  period_item_way_unknown: fault("A line is looked at by the database or by a person."),

  period_unknown: { what: "These books do not know that month.", why: "It lies before the first posting, or has not begun.", next: "Choose a month of the strip." },
  period_not_open: { what: (d) => `${month(d)} is not open.`, why: "Its closing has begun already.", next: "See where it stands on the month-end page." },
  period_not_over: { what: (d) => `${month(d)} is not over.`, why: "A month is closed when nothing more can happen in it.", next: "Wait for its last day to end." },
  period_out_of_order: { what: (d) => `${month(d)} is not the next month to close.`, why: "Months close in order, each on the figures of the one before.", next: (d) => (typeof d.next === "string" ? `Close ${d.next} first.` : "Close the earlier month first.") },
  period_not_soft_closed: { what: (d) => `${month(d)} is not soft-closed.`, why: "A month is soft-closed first, so that its figures stand still while they are looked at.", next: "Soft-close it, then work down the checklist." },
  period_checklist_open: { what: (d) => `${Array.isArray(d.items) ? d.items.length : "Some"} required lines of the checklist are open.`, why: "A month closes when each line is done, or waived by a supervisor with a reason.", next: "Open each line, settle it, or ask a supervisor to waive it." },
  period_checklist_is_final: { what: "The checklist of this month is final.", why: "Its closing was proposed or confirmed on it.", next: "Take the closing back first." },
  period_close_not_proposed: { what: (d) => `Nobody has proposed to close ${month(d)}.`, why: "One person closes, another confirms.", next: "An accountant closes it first." },
  period_returned_without_reason: { what: "The reason is missing.", why: "Whoever closed the month must know what to mend.", next: "Write one sentence." },
  period_not_closed: { what: (d) => `${month(d)} was not closed here.`, why: "Only a month that was closed can be opened again.", next: "Choose the newest closed month." },
  period_later_closed: { what: (d) => `A later month than ${month(d)} is closed or closing.`, why: "Months open again newest first: later figures rest on these.", next: "Begin with the newest one." },
  period_reopen_not_proposed: { what: (d) => `Nobody has proposed to open ${month(d)} again.`, why: "One person asks with a reason, another confirms.", next: "An accountant asks first." },
  period_item_unknown: { what: "The checklist has no such line.", why: "It may have ended with an earlier month.", next: "Look at the checklist again." },
  period_item_is_computed: { what: "The database looks at this line itself.", why: "It is done when nothing is open any more, not when somebody says so.", next: "Settle what is open, or ask a supervisor to waive it." },
  period_item_without_title: { what: "The line has no title.", why: "It is read in both languages.", next: "Write a title in English and in Chinese." },
  period_owner_unknown: { what: "Nobody in force has this login.", why: "A line is looked after by somebody who works here.", next: "Choose from the list." },
  vat_figures_moved: { what: "The figures moved since you looked.", why: "What is posted is exactly what was previewed.", next: "Look at the figures below, which are fresh, and post again." },
  vat_nothing_due: { what: "There is nothing to split.", why: "Every product's output VAT of this month is posted.", next: "Nothing to do." },
} satisfies Some;
