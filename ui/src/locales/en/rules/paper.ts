import type { Some } from "../../sentence";

export const paper = {
  font_missing: { what: "The fonts for paper are not installed with this program.", why: "A paper is drawn with its own fonts, so that it looks the same everywhere.", next: "Install the program again, or tell the administrator." },
  font_unexpected: { what: "A font file is not the one this program was made for.", why: "Another font would change every paper.", next: "Install the program again." },
  glyph_missing: { what: "A character cannot be drawn.", why: "The paper's font has no shape for it; an empty box on an invoice would be worse.", next: "Write the name in a form that can be printed, and keep the original in the note." },
  printer_failed: { what: "The printer refused the paper.", why: "The system's print service reported a fault.", next: "Check the printer, then print again." },
  printer_not_found: { what: "This printer is not known to the system.", why: "It may have been removed.", next: "Choose another printer." },
  printing_unavailable: { what: "This computer has no print service.", why: "Papers are handed to the system's print service.", next: "Save the PDF and print it with the system's viewer." },
  attachment_without_name: { what: "The file has no name.", why: "Papers are found by their name.", next: "Give the file a name and attach it again." },
  field_unknown: { what: "This field cannot be revealed.", why: "Only masked fields of a customer can be looked behind.", next: "Choose a field from the page." },
  note_kind_unknown: { what: "This kind of note is not known.", why: "A note is a note, a call, a message or a letter.", next: "Choose one of them." },
} satisfies Some;
