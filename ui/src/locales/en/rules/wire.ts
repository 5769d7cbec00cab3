import type { Some } from "../../sentence";

export const wire = {
  id_already_used: { what: "This form was already sent with other contents.", why: "Each form carries one id, and the first contents under that id are on record.", next: "Open the form again: a fresh one has a fresh id." },
  argument_missing: { what: (d) => `The entry “${d.argument ?? "?"}” is missing.`, why: "The action cannot be judged without it.", next: "Fill it in and send again." },
  argument_invalid: { what: (d) => `The entry “${d.argument ?? "?"}” is not readable.`, why: "It does not have the form that the books keep it in.", next: "Correct it and send again." },
  argument_unknown: { what: (d) => `The entry “${d.argument ?? "?"}” is not known here.`, why: "The window and the database disagree about this form.", next: "Update Kontor, then try again." },
} satisfies Some;
