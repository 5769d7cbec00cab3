// Provisional: the generated file replaces this one.
export type Rule = "id_already_used" | "argument_missing" | "argument_invalid" | "argument_unknown";
export const rules: Rule[] = ["id_already_used", "argument_missing", "argument_invalid", "argument_unknown"];
