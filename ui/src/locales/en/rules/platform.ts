import type { Some } from "../../sentence";
import { fault } from "./fault";

export const platform = {
  platform_event_unknown: { what: "There is no such event.", why: "The platform acknowledges an event by the number that it read.", next: "Read the events again and use their numbers." },
  platform_event_not_read: { what: "This event was never read.", why: "Only what was read can have been done.", next: "Read the events first, then acknowledge them." },
  platform_event_out_of_order: {
    what: (d) => `Event ${String(d["earlier"])} of this account is not acknowledged yet; this is event ${String(d["place"])}.`,
    why: "What concerns one account is done in its order: an unlock must not overtake its lock.",
    next: "Acknowledge the earlier event first. Other accounts need not wait.",
  },
  platform_event_kind_malformed: fault("The platform would not understand this kind of event."),
  platform_event_too_large: fault("An event to the platform is an object of at most 20,000 bytes."),
  platform_event_place_taken: fault("Two events of an account have the same number."),
  platform_event_place_not_positive: fault("The events of an account are counted from one."),
  platform_event_acknowledged_unread: fault("An event cannot be acknowledged before it was read."),
} satisfies Some;
