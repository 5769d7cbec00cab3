import { useSyncExternalStore } from "react";
import classes from "./notice.module.css";

let shown: { text: string; at: number } | null = null;
const watchers = new Set<() => void>();
const tell = () => watchers.forEach((watcher) => watcher());

/** Says that something was done, for a few seconds, without taking the focus. */
export function notify(text: string): void {
  const at = performance.now();
  shown = { text, at };
  tell();
  setTimeout(() => {
    if (shown?.at !== at) return;
    shown = null;
    tell();
  }, 4500);
}

export function Notices() {
  const notice = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => shown,
  );
  return (
    <div className={classes.place} role="status" aria-live="polite" data-testid="notice">
      {notice && <p className={classes.notice}>{notice.text}</p>}
    </div>
  );
}
