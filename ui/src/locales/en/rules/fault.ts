import type { Sentence } from "../../sentence";

/** A rule of the books themselves that no form should be able to reach: said plainly, with the way to help. */
export const fault = (what: string): Sentence => ({
  what,
  why: "The books refuse what does not fit together, whoever asks. No form should have led here.",
  next: "Nothing was changed. Tell the administrator what you were doing.",
});
