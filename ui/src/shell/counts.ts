// How much waits in each section, for the sidebar.
import { useRead } from "../reading";
import type { Section } from "../screens";

export interface Count {
  waiting: number;
  late: boolean;
}

/** Shares its answer with Today, so a screen does not pay a round trip for the sidebar. */
export function useCounts(): Partial<Record<Section, Count>> {
  const today = useRead("today.open", {}, { fresh_ms: 60_000 });
  if (!today.data) return {};
  const { counts, waiting, alarms } = today.data;
  return {
    today: { waiting: waiting.length, late: waiting.some((item) => item.late) },
    proposals: { waiting: counts.proposals, late: false },
    imports: { waiting: counts.exceptions, late: false },
    refunds: { waiting: counts.refunds_open, late: false },
    locks: { waiting: alarms.length, late: alarms.length > 0 },
    disputes: counts.disputes_late > 0 ? { waiting: counts.disputes_late, late: true } : { waiting: counts.disputes_open, late: false },
  };
}
