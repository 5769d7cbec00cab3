import type { Result } from "../call";

/** What a customer's page shows, in one answer. */
export type CustomerPage = NonNullable<Result<"customers.open">>;
