import type { Some } from "../../sentence";
import { fault } from "./fault";

const legStates: Record<string, string> = {
  other_channel: "it belongs to another provider",
  too_soon: "the provider asks for a pause between two refunds of one order",
  too_many: "the provider allows no further refund of this order",
  window_closed: "the provider no longer takes this order back",
  stopped: "a third party's notice or a lock came first",
  exported: "it is in a file already",
  uploaded: "it is with the provider already",
  accepted: "the provider has accepted it already",
  failed: "the provider refused it and nobody has sent it again yet",
};

export const payouts = {
  payout_not_ready: { what: (d) => `${d.refund_no ?? "An instruction"} cannot leave now.`, why: (d) => `The reason: ${legStates[String(d.state)] ?? "its state has changed"}.`, next: "Look at its state on the board, then export again.", clause: "RA 9.1" },
  payout_unknown: { what: "One of these numbers is no instruction that waits.", why: "It was paid, recalled, or never released.", next: "Look at the board again." },
  payout_batch_is_empty: { what: "Nothing is ready for this provider.", why: "A file carries only instructions that may leave now.", next: "See on the board what holds each one back." },
  payout_batch_size: { what: "A file carries 500 instructions at the most.", why: "A provider's upload and its answers must stay easy to check.", next: "Export the first 500, then the rest." },
  payout_already_exported: { what: "This instruction is in a file already.", why: "The same money must not leave in two files.", next: "Look at the files." },
  payout_already_left: { what: "This instruction has left the house.", why: "An export cannot be undone, even when a notice arrives afterwards.", next: "Wait for the provider's answer; a repayment counts what is on its way.", clause: "RA 5.2" },
  payout_batch_unknown: { what: "There is no such file.", why: "Its number is not in these books.", next: "Open it from the list of files." },
  payout_batch_status: { what: "This file is past that step.", why: "A file is exported, uploaded, then answered; it is void only before the upload.", next: "Look at its state." },
  payout_batch_without_provider_number: { what: "The provider's number is missing.", why: "By that number the provider is asked what became of the file.", next: "Copy it from the merchant platform." },
  payout_cancelled_by_exporter: { what: "You exported this file, so you cannot void it.", why: "Who exported it could have uploaded it: somebody else says that it never left.", next: "Ask another treasurer or a supervisor." },
  payout_cancelled_without_reason: { what: "The reason is missing.", why: "A void file stays in the books with its reason.", next: "Write why it never left." },
  payout_results_are_empty: { what: "The file holds no answers.", why: "There is nothing to record.", next: "Choose the provider's result file." },
  payout_result_of_another_batch: { what: (d) => `${d.refund_no ?? "A line"} is not in this file.`, why: "Answers are recorded for the file that they belong to.", next: "Open the right file, or choose the right answers." },
  payout_result_unknown: { what: "An answer is none of accepted, failed or unknown.", why: "Nothing is guessed about money.", next: "Ask the provider, then record it." },
  merchant_balance_in_future: { what: "This balance is dated ahead of the books.", why: "It is what the account held when somebody looked.", next: "Choose now or earlier." },
  merchant_balance_negative: { what: "A merchant account does not go below zero.", why: "Providers refuse refunds that the account cannot pay.", next: "Read the balance again." },
  recall_without_reason: { what: "The reason is missing.", why: "A promise that is taken back is explained.", next: "Write why, for example the notice that came first." },
  refund_leg_not_failed: { what: "This instruction has not failed.", why: "Only what the provider refused is sent again.", next: "Wait for its answer." },
  refund_window_closed: { what: "The provider's window has closed.", why: "It no longer takes this order back, so it would be refused again.", next: "Pay it by transfer, with the checks that a transfer needs.", clause: "RA 9.1" },
  draft_too_large: { what: "This draft is too long to be kept.", why: "Drafts hold up to 20,000 characters.", next: "Shorten it, or send it." },
  draft_subject_too_long: fault("A draft's subject is a number or an id."),
  draft_kind_malformed: fault("A draft belongs to a known form."),
  merchant_balance_channel_unknown: fault("A merchant account is at Alipay or WeChat."),
  payout_batch_channel_unknown: fault("A file is for Alipay or WeChat."),
  payout_batch_number_taken: fault("A file's number is given once."),
  payout_batch_status_unknown: fault("A file is in one of its known states."),
  payout_not_positive: fault("An instruction pays more than zero."),
} satisfies Some;
