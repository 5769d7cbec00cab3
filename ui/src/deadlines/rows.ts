import type { Result } from "../call";
import type { Words } from "../words";

export type Row = Result<"deadlines.list">[number];
export type Desk = Result<"deadlines.desk">;

export const addressOf = (row: { kind: string; id: string }): string => (row.kind === "judicial" ? `/locks/${row.id}` : `/disputes/${row.id}`);

export function stepOf(words: Words, row: Pick<Row, "step">): string {
  if (!row.step) return "";
  return row.step === "renew_or_lift" ? words.deadlines.renewOrLift : words.disputes.steps[row.step];
}
