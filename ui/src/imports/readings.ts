// The files that are being read. They live outside the screen, because a reading goes on while one looks elsewhere,
// and one after the other, because the window reads one file at a time.
import { useSyncExternalStore } from "react";
import { asKontorError, cancelImport, importFile, newId, type ImportProgress, type KontorError, type Result } from "../call";

export type FileRow = Result<"imports.list">[number];

export interface Reading {
  id: string;
  path: string;
  name: string;
  state: "waits" | "runs" | "done" | "refused";
  step: ImportProgress | null;
  result: FileRow | null;
  refusal: KontorError | null;
}

let readings: Reading[] = [];
let running = false;
let told: () => void = () => {};
const watchers = new Set<() => void>();

function set(next: Reading[]): void {
  readings = next;
  watchers.forEach((tell) => tell());
}
const change = (id: string, what: Partial<Reading>) => set(readings.map((one) => (one.id === id ? { ...one, ...what } : one)));

/** What to do when a file was posted: the screens look again. */
export function whenPosted(tell: () => void): void {
  told = tell;
}

export function readFiles(paths: string[]): void {
  const added = paths.map((path): Reading => ({ id: newId(), path, name: path.split(/[\\/]/).pop() || path, state: "waits", step: null, result: null, refusal: null }));
  set([...added.reverse(), ...readings]);
  void run();
}

export function readAgain(id: string): void {
  change(id, { state: "waits", step: null, result: null, refusal: null });
  void run();
}

export const clearFinished = () => set(readings.filter((one) => one.state === "waits" || one.state === "runs"));

/** Stops the running file before its next piece; one that waits is taken out of the line. */
export function cancelReading(id: string): void {
  const one = readings.find((reading) => reading.id === id);
  if (one?.state === "waits") set(readings.filter((reading) => reading.id !== id));
  else if (one?.state === "runs") void cancelImport();
}

async function run(): Promise<void> {
  if (running) return;
  running = true;
  for (;;) {
    // The list shows the newest first; the line is served in the order in which it was joined.
    const next = readings.findLast((one) => one.state === "waits");
    if (!next) break;
    change(next.id, { state: "runs" });
    try {
      const row = (await importFile(next.path, (step) => change(next.id, { step }))) as FileRow;
      change(next.id, { state: "done", result: row });
    } catch (thrown) {
      change(next.id, { state: "refused", refusal: asKontorError(thrown) });
    }
    told();
  }
  running = false;
}

export const useReadings = (): Reading[] =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => readings,
  );
