// Turns what the database says about the person into the session of the window.
import { call, KontorError, type SignedIn } from "./call";
import type { Duty, Session } from "./session";

export async function readSession(who: SignedIn): Promise<Omit<Session, "refresh" | "leave">> {
  const opened = await call("session.open", {});
  if (!opened) throw new KontorError("not_allowed", null, {}, null);
  return {
    login: opened.login,
    duties: opened.duties as Duty[],
    people: opened.people,
    accounts: opened.accounts,
    rehearsal: opened.rehearsal,
    database: opened.database,
    profile: who.profile,
    now_at: opened.now,
    heard_at: Date.now(),
    last_event: opened.last_event,
  };
}
