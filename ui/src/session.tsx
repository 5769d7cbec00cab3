// Who is signed in, to which books, and what time it is there. The books' clock is the only clock.
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { connection, type Distance, type Profile } from "./call";
import type { Words } from "./words";

export type Duty = keyof Words["shell"]["duties"];

export interface Session {
  login: string;
  duties: Duty[];
  /** Everyone in force, for hand-overs and "by" columns. */
  people: { id: number; login: string; title: string; duties: string[] }[];
  /** The chart of accounts, for the words of postings and filters. */
  accounts: { code: string; owner: "customer" | "house"; title_en: string; title_zh: string }[];
  rehearsal: boolean;
  database: string;
  profile: Profile;
  /** The books' clock when the session was read, and this computer's at that moment. */
  now_at: string;
  heard_at: number;
  /** The newest action the window knows of. */
  last_event: string;
  /** Reads it again: after the rehearsal clock was moved. */
  refresh(): void;
  /** Signs out; the door says so when nobody was there to do it. */
  leave(why?: "idle"): void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("nobody is signed in");
  return session;
}

export const useDuty = (...duties: Duty[]): boolean => useSession().duties.some((duty) => duties.includes(duty));

/** The job of a login, as its colleagues know it; the login itself where nobody told. */
export function useTitles(): (login: string) => string {
  const { people } = useSession();
  return useCallback((login: string) => people.find((one) => one.login === login)?.title || login, [people]);
}

const NowContext = createContext<Date>(new Date());

/** The books' clock, ticking twice a minute. */
export const useNow = (): Date => useContext(NowContext);

export function Clock({ session, children }: { session: Pick<Session, "now_at" | "heard_at"> | null; children: ReactNode }) {
  const read = () => new Date(session ? Date.parse(session.now_at) + (Date.now() - session.heard_at) : Date.now());
  const [now, setNow] = useState(read);
  useEffect(() => {
    setNow(read());
    const timer = setInterval(() => setNow(read()), 30_000);
    return () => clearInterval(timer);
  }, [session?.now_at, session?.heard_at]);
  return <NowContext value={now}>{children}</NowContext>;
}

export const useDistance = (): Distance => useSyncExternalStore(connection.watch, connection.now);
