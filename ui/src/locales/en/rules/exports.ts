import type { Some } from "../../sentence";
import { fault } from "./fault";

export const exports = {
  export_cancelled: { what: "The export was cancelled.", why: "It was stopped before the file was complete: no file was left.", next: "Export again when you like." },
  export_running: { what: "A list is being exported already.", why: "Lists are exported one after the other.", next: "Wait for it, or stop it." },
  list_unknown: fault("This list cannot be exported."),
  export_not_described: fault("The export does not say what it holds."),
} satisfies Some;
