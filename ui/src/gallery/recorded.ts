// What the database answered, word for word: tests/recorded.rs plays a small story and writes these files.
// Nothing here is made up; what is missing is added to the story, never typed in.
import { reads, type CommandName, type Commands } from "../bindings";

export interface Recording {
  as: string;
  arguments: Record<string, unknown>;
  answer?: unknown;
  refused?: { kind: string; name?: string; detail?: unknown };
}

const files = import.meta.glob<Recording[]>("./recorded/*.json", { eager: true, import: "default" });
const recordings = new Map(Object.entries(files).map(([path, found]) => [path.replace(/^.*\/|\.json$/g, ""), found]));

/** Page sizes are the window's affair, and an id of an action is new each time. */
const unsaid = new Set(["maximum", "most", "command_id"]);
const paging = /^(before|after)(_|$)/;

/** Arguments that mean the same are written the same: what is empty is left out. */
function said(args: Record<string, unknown>): string {
  const members = Object.entries(args).filter(([name, value]) => !unsaid.has(name) && value !== null && value !== undefined && value !== "" && value !== false);
  return JSON.stringify(members.sort(([a], [b]) => a.localeCompare(b)));
}

export const recordingsOf = (name: CommandName): Recording[] => recordings.get(name) ?? [];

/** The answer to one command, as its reader got it. Fails when the story never asked for it. */
export function recorded<K extends CommandName>(name: K, args: Partial<Commands[K]["arguments"]> = {}, as?: string): Commands[K]["result"] {
  const fitting = recordingsOf(name).filter((one) => said(one.arguments) === said(args) && one.refused === undefined);
  const found = fitting.find((one) => one.as === as) ?? fitting[0];
  if (!found) throw new Error(`not recorded: ${name} ${said(args)}`);
  return structuredClone(found.answer) as Commands[K]["result"];
}

/** A refusal that the database really gave, in the shape in which the host throws it. */
export function refusal(name: CommandName): NonNullable<Recording["refused"]> {
  const found = recordingsOf(name).find((one) => one.refused);
  if (!found?.refused) throw new Error(`no refusal recorded: ${name}`);
  return structuredClone(found.refused);
}

/** Rows beyond the ones that were recorded: the first page is all there is. */
function paged(name: CommandName, args: Record<string, unknown>, as: string): unknown {
  const key = typeof args.before === "string" && /^\d+$/.test(args.before) ? args.before : null;
  const rest = Object.fromEntries(Object.entries(args).filter(([member]) => !paging.test(member)));
  if (key === null) return [];
  return (answer(name, rest, as) as { id: string }[]).filter((row) => BigInt(row.id) < BigInt(key));
}

/** Answers a call as the database would: reads by their arguments, actions by the first of their kind. */
export function answer(name: CommandName, args: Record<string, unknown>, as: string): unknown {
  const all = recordingsOf(name);
  const same = all.filter((one) => said(one.arguments) === said(args));
  const action = !reads.includes(name);
  const found = same.find((one) => one.as === as) ?? same[0] ?? (action ? all.find((one) => !one.refused) : undefined);
  if (found?.refused) throw structuredClone(found.refused);
  if (found) return structuredClone(found.answer);
  if (Object.keys(args).some((member) => paging.test(member))) return paged(name, args, as);
  // Nobody recorded a search for these letters: it finds nothing.
  if (args.search || args.query) return [];
  throw { kind: "bug", reference: `not recorded: ${name} ${said(args)}` };
}
