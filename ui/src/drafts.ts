// Forms that save themselves: kept in the books for their writer alone, so that they are there on any desk.
import { useEffect, useRef, useState } from "react";
import { call } from "./call";
import { useRead } from "./reading";

const pause_ms = 1200;

/**
 * What was typed before, once it is known, and the saving of what is typed now.
 * Sent or thrown away, a draft is forgotten with `drop`; a form that was never touched saves nothing.
 */
export function useDraft<T extends Record<string, unknown>>(kind: string, subject: string, now: T, empty: boolean, restore: (before: T) => void) {
  const before = useRead("drafts.open", { kind, subject }, { keep: false, fresh_ms: Infinity });
  const [restored, setRestored] = useState(false);
  const dropped = useRef(false);
  const written = useRef("");
  const text = JSON.stringify(now);
  useEffect(() => {
    if (restored || before.data === undefined) return;
    setRestored(true);
    if (before.data.body) restore(before.data.body as T);
  }, [before.data, restored, restore]);
  useEffect(() => {
    if (!restored || dropped.current || text === written.current || (empty && !written.current)) return;
    const timer = setTimeout(() => {
      written.current = text;
      // A draft that could not be saved is not worth a word while the form is still open.
      void call("drafts.save", { kind, subject, body: JSON.parse(text) as Record<string, unknown> }).catch(() => {});
    }, pause_ms);
    return () => clearTimeout(timer);
  }, [kind, subject, text, empty, restored]);
  const drop = () => {
    dropped.current = true;
    if (before.data?.body || written.current) void call("drafts.save", { kind, subject, body: null }).catch(() => {});
  };
  return { restoredAt: before.data?.body ? before.data.saved_at : null, drop };
}
