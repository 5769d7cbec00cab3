import type { Result } from "../call";
import type { Tone } from "../parts/Chip";
import type { Formats } from "../times";
import type { Words } from "../words";

export type OrderRow = Result<"judicial_locks.list">[number];
export type OrderPage = Result<"judicial_locks.open">;
export type LockState = OrderPage["locks"][number];

/** Where a lock stands between us and the platform: asked, confirmed, late; the same for its release. */
export function standing(lock: LockState, words: Words, formats: Formats): { said: string; tone: Tone } {
  const text = words.locks.locks;
  const asked = lock.asked_at ? formats.instant(lock.asked_at) : "";
  const confirmed = lock.confirmed_at ? formats.instant(lock.confirmed_at) : "";
  if (!lock.suspends) {
    if (lock.lifted_at) return { said: text.lifted, tone: "plain" };
    if (confirmed) return { said: text.heldConfirmed(confirmed), tone: "plain" };
    if (!asked) return { said: text.held, tone: "plain" };
    return lock.late ? { said: text.heldLate(asked), tone: "red" } : { said: text.heldAsked(asked), tone: "amber" };
  }
  if (!lock.lifted_at) {
    if (confirmed) return { said: text.confirmed(confirmed), tone: "ink" };
    return lock.late ? { said: text.late(asked), tone: "red" } : { said: text.asked(asked), tone: "amber" };
  }
  if (!asked) return { said: text.kept, tone: "plain" };
  if (confirmed) return { said: text.released(confirmed), tone: "green" };
  return lock.late ? { said: text.releaseLate(asked), tone: "red" } : { said: text.releaseAsked(asked), tone: "amber" };
}

export const addressOfLock = (lock: Pick<LockState, "cause" | "case_id">): string | undefined =>
  lock.cause === "dispute" ? `#/disputes/${lock.case_id}` : lock.cause === "judicial" ? `#/locks/${lock.case_id}` : undefined;
