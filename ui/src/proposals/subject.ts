import { useCallback } from "react";
import type { Tone } from "../parts/Chip";
import { useSpeech } from "../words";
import type { Proposal } from "./deciding";

export const statusTone: Record<Proposal["status"], Tone> = { proposed: "brand", confirmed: "green", declined: "amber", withdrawn: "plain" };

/** What a proposal is about, in words: a policy's own name is a code. */
export function useSubject(): (proposal: Proposal) => string {
  const { words } = useSpeech();
  return useCallback(
    (proposal: Proposal) => {
      if (proposal.kind === "policy") return words.policy.policies.names[proposal.number] ?? proposal.number;
      if (proposal.kind !== "person") return proposal.number;
      const [login, duty = ""] = proposal.number.split(" · ");
      return `${login} · ${(words.shell.duties as Record<string, string>)[duty] ?? duty}`;
    },
    [words],
  );
}
