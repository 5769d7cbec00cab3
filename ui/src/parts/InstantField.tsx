import { TextField } from "./Fields";
import { dayOf, zone } from "../times";
import { useSpeech } from "../words";

const shape = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})$/;

/** "2026-02-13 10:42" of an instant, as Beijing's clocks show it. */
export function beijing(instant: Date): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
  return `${dayOf(instant)} ${time}`;
}

/** The instant that a written Beijing time means, or null. */
export function instantOf(text: string): string | null {
  const plain = text.replace(/[０-９：－]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).trim();
  const found = shape.exec(plain);
  if (!found) return null;
  const at = new Date(`${found[1]}T${found[2]?.padStart(2, "0")}:${found[3]}:00+08:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** When something happened, to the minute, in Beijing's time: the instant it was received, not the one it is typed in. */
export function InstantField({ label, value, onChange, ...rest }: { label: string; value: string; onChange(value: string): void; "data-testid"?: string }) {
  const { words } = useSpeech();
  const wrong = value.trim() !== "" && instantOf(value) === null;
  return <TextField label={label} value={value} onChange={onChange} hint={words.parts.instant.beijing} problem={wrong ? words.parts.instant.wrong : null} {...rest} />;
}
