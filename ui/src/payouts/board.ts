// The release board as the database answers it.
import type { Result } from "../call";

type Board = Result<"payouts.board">;
export type Channel = Board["channels"][number];
export type Leg = Board["legs"][number];
export type Batch = Board["batches"][number];
