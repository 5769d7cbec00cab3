import type { Some } from "../../sentence";

export const policy = {
  policy_unknown: { what: "There is no such proposal.", why: "It may belong to other books.", next: "Look at the list of policies again." },
  policy_value_malformed: { what: "This value does not fit the policy.", why: "Each policy takes values of one form only: an amount, a number of days, a rate, or one of two switches.", next: "Correct the value." },
  policy_without_reason: { what: "The reason is missing.", why: "Whoever confirms it, and whoever reads it in a year, must know why.", next: "Write the reason." },
  policy_already_confirmed: { what: "This policy is confirmed already.", why: "A colleague was faster.", next: "Look at its history." },
  policy_confirmed_by_proposer: { what: "You proposed this, so you cannot confirm it.", why: "A policy takes two people.", next: "An approver who did not propose it confirms it.", clause: "6.1" },

} satisfies Some;
