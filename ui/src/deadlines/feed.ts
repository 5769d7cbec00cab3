// The running clocks as a calendar file (RFC 5545): whole days, so that no program moves them to another zone's date.
import type { Result } from "../call";
import { addDays } from "../times";
import type { Words } from "../words";

type Entry = Result<"deadlines.feed">[number];

const escaped = (text: string) => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, "\\n");
const plainDay = (day: string) => day.replaceAll("-", "");
const stamp = (instant: string) => `${instant.slice(0, 19).replace(/[-:]/g, "")}Z`;

/** A line is at most 75 bytes; what is longer goes on behind a space. No sign is cut in two. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  const lines = [""];
  let length = 0;
  for (const sign of line) {
    const size = bytes.encode(sign).length;
    if (length + size > 75) {
      lines.push(" ");
      length = 1;
    }
    lines[lines.length - 1] += sign;
    length += size;
  }
  return lines.join("\r\n");
}

/** The same entry keeps its id from file to file; SEQUENCE says which is newer. */
export function calendarFile(entries: Entry[], words: Words["deadlines"]): string {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kontor//Deadlines//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"];
  for (const entry of entries) {
    lines.push(
      "BEGIN:VEVENT",
      `UID:${escaped(entry.uid)}`,
      `DTSTAMP:${stamp(entry.changed_at)}`,
      `SEQUENCE:${entry.revision}`,
      `DTSTART;VALUE=DATE:${plainDay(entry.due_on)}`,
      `DTEND;VALUE=DATE:${plainDay(addDays(entry.due_on, 1))}`,
      `SUMMARY:${escaped(words.feed.last(entry.number, words.clockEnds[entry.clock] ?? entry.clock))}`,
      ...(entry.provisional ? [`DESCRIPTION:${escaped(words.feed.provisional)}`, "STATUS:TENTATIVE"] : ["STATUS:CONFIRMED"]),
      "TRANSP:TRANSPARENT",
      "END:VEVENT",
    );
  }
  lines.push("END:VCALENDAR");
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}
