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
} satisfies Some;
