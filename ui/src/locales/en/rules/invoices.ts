import type { Some } from "../../sentence";
import { fault } from "./fault";

type Detail = Record<string, unknown>;
const told = (d: Detail, key: string, otherwise: string): string => (typeof d[key] === "string" || typeof d[key] === "number" ? String(d[key]) : otherwise);

export const invoices = {
  invoice_unknown: { what: "There is no such paper.", why: "Its number or link does not lead to an issued paper of these books.", next: "Look for it in the list of invoices." },
  invoice_exceeds_consumption: {
    what: (d) => `More is asked than may be invoiced: ¥ ${told(d, "asked", "?")} of ¥ ${told(d, "invoiceable", "?")}.`,
    why: (d) => `Only consumed principal can be invoiced, and each product by itself (${told(d, "product", "one of them")}).`,
    next: "Lower the amount to what may be invoiced. If a colleague has just issued a paper, the figures are read again.",
    clause: "RA 8.1",
  },
  invoice_has_no_lines: { what: "The paper would have no lines.", why: "A paper says which product was consumed for how much.", next: "Give at least one product an amount." },
  invoice_amount_not_positive: { what: "An amount is not more than zero.", why: "A paper is made out for something; taking back is done by a red letter.", next: "Correct the amount, or leave the product out." },
  invoice_product_repeated: { what: "A product stands on the paper twice.", why: "Each product has one line with one rate.", next: "Put the amounts into one line." },
  invoice_kind_unknown: fault("There is no such kind of paper."),
  invoice_already_red: { what: "This paper is taken back already.", why: "Red letters cover all of it.", next: "Issue a new paper if something is still to be invoiced." },
  invoice_not_rendered: { what: "This paper has no PDF yet.", why: "A print is a print of the stored pages.", next: "Open the paper on its page, then print." },

  buyer_unknown: { what: "This title does not belong to the customer.", why: "A paper is made out to one of the customer's own titles.", next: "Choose one from the list, or add it." },
  buyer_kind_unknown: fault("A title is a company's or a person's."),
  buyer_without_name: { what: "The title is missing.", why: "A paper is made out to somebody.", next: "Write the registered name." },
  buyer_credit_code_missing: { what: "The company's credit code is missing.", why: "A company is named by its unified social credit code.", next: "Ask the customer for it.", clause: "GB 32100-2015" },
  buyer_credit_code_invalid: {
    what: "The credit code cannot be right.",
    why: (d) =>
      d.reason === "LENGTH"
        ? "It has not 18 characters."
        : d.reason === "CHARSET"
          ? "It has a character that such codes do not use: there is no I, O, S, V or Z."
          : typeof d.check_char === "string"
            ? `With these seventeen characters the last one must be ${d.check_char}.`
            : "Its check character does not fit.",
    next: "Compare it with the business licence.",
    clause: "GB 32100-2015",
  },
  buyer_code_reason_missing: { what: "An older number needs a reason.", why: (d) => `${told(d, "length", "15 or 20")} characters are no unified code, but such numbers exist.`, next: "Write why this one is used.", clause: "GB 32100-2015" },

  seller_unknown: { what: "There is no such seller's block.", why: "It may come from other books.", next: "Look at the list again." },
  seller_not_configured: { what: "Nobody said who the seller is.", why: "Papers name the seller, and these books have no confirmed block.", next: "An administrator proposes it under Policy, an approver confirms it." },
  seller_already_confirmed: { what: "This block is in force already.", why: "It was confirmed before.", next: "Propose a new one to change it." },
  seller_confirmed_by_proposer: { what: "You proposed this block, so you cannot confirm it.", why: "What papers say of the seller takes two people.", next: "An approver who did not propose it confirms it.", clause: "6.1" },
  seller_proposed_twice: fault("One proposal would be written down twice."),
  seller_without_name: { what: "The seller's name is missing.", why: "A paper names who sells.", next: "Write the registered name." },

  official_number_malformed: { what: "This is not an official number.", why: "The tax platform's numbers have 20 digits.", next: "Copy it from the issued invoice." },
  official_number_already_recorded: { what: "This paper has its official number.", why: "It is written down once and not changed.", next: "If the number is wrong, take the paper back and issue another." },
  official_number_taken: { what: "This official number stands on another paper.", why: "One official invoice belongs to one paper of ours.", next: "Look for the number in the list of invoices." },
  official_date_impossible: { what: "The date does not fit.", why: "The official invoice is issued after our paper, not in the future, and its number begins with its year.", next: "Compare number and date with the tax platform." },

  red_letter_unknown: { what: "There is no such red letter.", why: "It may belong to other books.", next: "Look at the list of red letters." },
  red_letter_already_proposed: { what: "A red letter for this paper waits already.", why: "One is decided before the next is asked for.", next: "An approver confirms or declines it." },
  red_letter_confirmed_by_proposer: { what: "You asked for this red letter, so you cannot confirm it.", why: "Taking a paper back is two people's work.", next: "Another approver confirms it.", clause: "6.1" },
  red_letter_not_open: { what: "This red letter is decided.", why: "A colleague confirmed or declined it.", next: "Look at what became of it." },
  red_letter_of_red_letter: { what: "A red letter is not taken back itself.", why: "What it took back may be invoiced again by a new paper.", next: "Issue a new paper." },
  red_letter_reason_unknown: { what: "The reason is missing.", why: "The tax platform knows four reasons, 01 to 04.", next: "Choose one of them." },
  red_letter_exceeds_line: {
    what: (d) => `More would be taken back than the line still holds: ¥ ${told(d, "asked", "?")} of ¥ ${told(d, "remains", "?")}.`,
    why: "Parts taken back earlier count.",
    next: "Lower the amount, or take back all that remains.",
  },
  red_letter_without_reason: fault("A red letter would have no reason."),
  decision_without_reason: { what: "The reason is missing.", why: "A decision is kept with its reason.", next: "Write it in a sentence." },

  reprint_without_reason: { what: "Why it is printed again is missing.", why: "The first sheet is the original; each later one is a copy with a reason.", next: "Choose the reason." },
} satisfies Some;
