import type { Result } from "../call";
import type { Tone } from "../parts/Chip";

/** An adjustment or a reversal. */
export type Correction = Result<"corrections.list">[number];

export const correctionTone: Record<Correction["status"], Tone> = { proposed: "brand", confirmed: "green", declined: "plain", withdrawn: "plain" };
