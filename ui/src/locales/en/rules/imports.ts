import type { Some } from "../../sentence";

type Detail = Record<string, unknown>;
const told = (d: Detail, key: string): string | null => (typeof d[key] === "string" || typeof d[key] === "number" ? String(d[key]) : null);
/** " in line 7, column “fee”", as far as the refusal knows. */
const place = (d: Detail): string => {
  const line = told(d, "line");
  const column = told(d, "column");
  if (line && column) return ` in line ${line}, column “${column}”`;
  if (line) return ` in line ${line}`;
  return column ? ` in column “${column}”` : "";
};
const against = (d: Detail): string => {
  const expected = told(d, "expected");
  const found = told(d, "found");
  if (expected && found) return ` Expected ${expected}, found ${found}.`;
  return expected ? ` Expected: ${expected}.` : "";
};
const whole = "A file is taken whole or not at all, so nothing of it was posted.";
const fresh = "Download the file from the provider or the platform again, and read that one.";

export const imports = {
  file_archive_broken: { what: "The archive cannot be opened.", why: (d) => `It is damaged, protected, or does not hold exactly one paper.${against(d)}`, next: fresh },
  file_column_missing: { what: (d) => `The column “${told(d, "column") ?? "?"}” is missing.`, why: whole, next: "Ask for the file in its full layout; columns may stand in any order, but none may lack." },
  file_column_repeated: { what: (d) => `The column “${told(d, "column") ?? "?"}” stands twice${told(d, "line") ? ` in line ${told(d, "line")}` : ""}.`, why: "It would be a guess which of the two counts.", next: fresh },
  file_cut_short: { what: (d) => `The file stops early${place(d)}.`, why: (d) => `Its end is missing.${against(d)} ${whole}`, next: fresh },
  file_total_missing: { what: (d) => `The file has no complete total${place(d)}.`, why: (d) => `Its last line must read ${told(d, "expected") ?? "#total"}: without it nobody can tell whether the end was cut off. ${whole}`, next: "Export the file again, whole. A file without that line is not accepted." },
  file_empty: { what: "The file is empty.", why: "There is nothing in it to read.", next: fresh },
  file_encoding_broken: { what: (d) => `The text cannot be read${place(d)}.`, why: (d) => `Its characters are damaged.${against(d)}`, next: "Use the file as it was downloaded: a spreadsheet program may have saved it differently." },
  file_kind_unknown: { what: "This file is none of those that Kontor reads.", why: "Order file, usage file, Alipay 业务明细 and WeChat trade bill are recognised by their columns.", next: "Choose another file, or ask for this one in its original form." },
  file_layout_not_supported: { what: "This layout of the statement is not read.", why: "It is a summary, or a layout without single payments.", next: "Download the detailed one (业务明细, or the trade bill of type ALL)." },
  file_merchant_mixed: { what: (d) => `A second merchant appears${place(d)}.`, why: "A statement belongs to one merchant account.", next: fresh },
  file_not_readable: { what: (d) => `${told(d, "file") ?? "The file"} cannot be read.`, why: "It was moved, or this account may not open it.", next: "Choose it again." },
  file_row_broken: { what: (d) => `A row cannot be read${place(d)}.`, why: (d) => `${against(d).trim()} ${whole}`.trim(), next: "Correct the file where it comes from; do not mend it by hand." },
  file_row_repeated: { what: (d) => `The row${place(d)} stands in the file twice.`, why: (d) => `It is the same as line ${told(d, "first_line") ?? "?"}. ${whole}`, next: fresh },
  file_says_no_bill: { what: "The provider says: no bill for this day.", why: "The file holds that message in place of payments.", next: "Nothing to do, unless there were payments on that day." },
  file_too_large: { what: "The file is too large.", why: "Larger than anything that a provider sends for one day.", next: "Check that it is the right file; ask for shorter periods." },
  file_totals_disagree: { what: (d) => `The totals disagree with the rows${place(d)}.`, why: (d) => `${against(d).trim()} ${whole}`.trim(), next: fresh },
  import_cancelled: { what: "The reading was cancelled.", why: "It was stopped before posting: nothing of it is in the books.", next: "Read the file again when you like." },
  import_unknown: { what: "There is no such file in the books.", why: "It was never announced.", next: "Read the file again." },
  import_not_staged: { what: "This file is finished.", why: "It was posted or given up, and neither is undone.", next: "Read the file again: what the books know is left alone." },
  import_begun_by_another: { what: "Another person began this file.", why: "Who begins a file also posts it.", next: "Read it yourself from the start." },
  import_incomplete: { what: (d) => `Not all rows arrived: ${told(d, "staged") ?? "?"} of ${told(d, "expected") ?? "?"}.`, why: whole, next: "Read the file again." },
  import_file_already_posted: { what: "This file was posted a moment ago.", why: "Its bytes are the same as those of a posted file.", next: "Nothing to do." },
  import_kind_unknown: { what: "Files of this kind are not taken.", why: "The kinds are a closed list.", next: "Update Kontor." },
  import_status_unknown: { what: "A file cannot have this state.", why: "Its states are a closed list.", next: "Tell the administrator." },
  exception_unknown: { what: "There is no such exception.", why: "The books do not hold it.", next: "Open the list again." },
  exception_already_resolved: { what: "This exception is settled already.", why: "A paper or a colleague came first.", next: "See under Settled how." },
  exception_without_resolution: { what: "It does not say how it was settled.", why: "An exception is settled in words that stay on record.", next: "Write what was found and done." },
  exception_kind_unknown: { what: "An exception cannot be of this kind.", why: "The kinds are a closed list.", next: "Tell the administrator." },
  suspense_needs_its_order: { what: "This money waits for an order that is here already.", why: "Its order waits with an exception of its own.", next: "Settle that one: this one then settles itself." },
  statement_row_kind_unknown: { what: "A statement row cannot be of this kind.", why: "A row is a payment, a refund, or something else that is only kept.", next: "Update Kontor." },
  statement_row_repeated: { what: "This row of the statement is in the books.", why: "The provider's number is recorded once.", next: "Nothing to do." },
} satisfies Some;
