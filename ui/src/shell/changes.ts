// Other desks' actions arrive by asking one cheap question while the window has the focus.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call } from "../call";
import { moving } from "../reading";
import { useSession } from "../session";

const every_ms = 5000;

export function useChanges(): void {
  const session = useSession();
  const queries = useQueryClient();
  const seen = useRef(session.last_event);
  useEffect(() => {
    const ask = async () => {
      if (document.hidden) return;
      const answer = await call("session.changes", { last_event: seen.current }).catch(() => null);
      if (!answer?.changed) return;
      seen.current = answer.last_event;
      // The clock of a rehearsal may be what was changed.
      if (Math.abs(Date.parse(answer.now) - Date.parse(session.now_at) - (Date.now() - session.heard_at)) > 60_000) session.refresh();
      else void queries.invalidateQueries(moving);
    };
    const timer = setInterval(() => void ask(), every_ms);
    return () => clearInterval(timer);
  }, [queries, session]);
}
