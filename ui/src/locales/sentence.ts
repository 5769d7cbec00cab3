import type { Rule } from "../rules";

type Said = string | ((detail: Record<string, unknown>) => string);

/** A refusal in words: what happened, why (the clause), what to do next. */
export interface Sentence {
  what: Said;
  why: Said;
  next: Said;
  /** The clause behind it, as printed beside the reason; the database may name another in the detail. */
  clause?: string;
}

/** A rule without a sentence, or a sentence without a rule, does not compile. */
export type Sentences = Record<Rule, Sentence>;
/** The sentences of one capability: `satisfies Some` keeps the names narrow for the sum in rules.ts. */
export type Some = Record<string, Sentence>;

/** Takes exactly the rules there are: one more, and its sentences do not compile. */
export const exactly = <Given extends Sentences>(sentences: Given & Record<Exclude<keyof Given, Rule>, never>): Sentences => sentences;

export const say = (said: Said, detail: Record<string, unknown>): string =>
  typeof said === "string" ? said : said(detail);
