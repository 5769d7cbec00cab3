// Where the window is: the part of the address behind #. Each screen has one, so Back, reload and links just work.
import { useMemo, useSyncExternalStore } from "react";

export interface Route {
  /** "/refunds/0192…" → ["refunds", "0192…"] */
  parts: string[];
  query: URLSearchParams;
  address: string;
}

let depth = 0;
const watch = (tell: () => void) => {
  window.addEventListener("hashchange", tell);
  return () => window.removeEventListener("hashchange", tell);
};

// An engine takes a hundred changes of its address in ten seconds and refuses the others; a cursor that is moved in
// haste makes more. What was meant last counts, and beyond thirty it is written down a moment later, unless a link or
// Back led elsewhere meanwhile.
let meant: { address: string; from: string } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const written = { since: 0, times: 0 };
const current = () => (meant && meant.from === window.location.hash ? meant.address : window.location.hash.slice(1) || "/today");
const write = () => {
  clearTimeout(timer);
  timer = undefined;
  if (meant) history.replaceState(null, "", `#${current()}`);
  meant = null;
  written.times += 1;
};
const inHaste = () => {
  const now = performance.now();
  if (now - written.since > 10_000) Object.assign(written, { since: now, times: 0 });
  return written.times >= 30;
};

export function useRoute(): Route {
  const address = useSyncExternalStore(watch, current);
  return useMemo(() => {
    const [path = "", query = ""] = address.split("?");
    return { parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query), address };
  }, [address]);
}

/** Builds an address; empty parameters are left out. */
export function to(path: string, query: Record<string, string | null | undefined> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}

export function go(address: string): void {
  if (current() === address) return;
  write();
  depth += 1;
  window.location.hash = address;
}

/** Changes the address of this screen (a filter, a selected row) without a step to go back to. */
export function amend(address: string): void {
  if (current() === address) return;
  meant = { address, from: window.location.hash };
  if (inHaste()) timer ??= setTimeout(write, 400);
  else write();
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Esc: to where one came from, or up one level when the window opened right here. */
export function goBack(): void {
  write();
  if (depth > 0) {
    depth -= 1;
    history.back();
    return;
  }
  const [path = ""] = current().split("?");
  const up = path.split("/").slice(0, -1).join("/");
  go(up || "/today");
}

// ---- the queue that a case was opened from --------------------------------------

let queue: string[] = [];

/** A list hands over the addresses it shows, so that a decision can lead to the next one. */
export function keepQueue(addresses: string[]): void {
  queue = addresses;
}

/** After a decision: the case behind this one in the list it was opened from, else the list. */
export function goToNext(list: string): void {
  const here = current().split("?")[0] ?? "";
  const at = queue.findIndex((address) => address.split("?")[0] === here);
  const next = at >= 0 ? queue[at + 1] : undefined;
  if (at >= 0) queue.splice(at, 1);
  go(next ?? list);
}

// A link is a step as well, so that Back leads from a figure's postings to the figure. Listened to after the screens:
// a row that went there by itself is not counted twice.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#/"]') : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.getAttribute("href") === `#${current()}`) return;
  write();
  depth += 1;
});
