// The clocks of my cases at the steps of the policy. The database knows which, when, and what was said already;
// the window asks once a minute, also while it is behind others, and says it.
import { useEffect } from "react";
import { call, sayAloud, setBadge } from "../call";
import { notify } from "../parts/Notice";
import { useDuty } from "../session";
import { useSpeech } from "../words";

const every_ms = 60_000;
/** The first time shortly after sign-in, so that the first screen does not wait for it. */
const first_ms = 15_000;

export function useReminders(): void {
  const { words, formats } = useSpeech();
  const owns = useDuty("handler", "legal");
  const text = words.deadlines;
  useEffect(() => {
    if (!owns) return;
    let gone = false;
    const ask = async () => {
      // Without an answer nothing was marked as said, or it was said to a line that broke; the next minute asks again.
      const spoken = await call("deadlines.remind", {}).catch(() => null);
      if (!spoken || gone) return;
      void setBadge(spoken.badge).catch(() => null);
      for (const one of spoken.due) {
        const title = text.reminders.title(one.number, one.days_left);
        notify(title);
        void sayAloud(title, text.reminders.body(text.clockEnds[one.clock] ?? one.clock, formats.dayWithWeekday(one.due_on))).catch(() => null);
      }
    };
    const first = setTimeout(() => void ask(), first_ms);
    const timer = setInterval(() => void ask(), every_ms);
    return () => {
      gone = true;
      clearTimeout(first);
      clearInterval(timer);
      void setBadge(0).catch(() => null);
    };
  }, [owns, text, formats]);
}
