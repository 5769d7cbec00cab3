import { MantineProvider, createTheme } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useAppearance } from "./appearance";
import { asKontorError, KontorError, signedIn, signOut, type SignedIn, type StartProgress } from "./call";
import { makeQueries } from "./reading";
import { Clock, SessionContext, type Session } from "./session";
import { readSession } from "./readSession";
import { Shell } from "./shell/Shell";
import { useLate } from "./parts/Loading";
import classes from "./signin/signin.module.css";
import { Preparing } from "./signin/Preparing";
import { SignIn } from "./signin/SignIn";
import { dayOf } from "./times";
import { SpeechProvider, useSpeech } from "./words";

const theme = createTheme({ primaryColor: "blue", fontFamily: "var(--face)" });
const queries = makeQueries();

export function App() {
  const { scheme } = useAppearance();
  // Its style tag would need a nonce from the content policy; the same variables come as a file instead.
  return (
    <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <SpeechProvider>
          <Window />
        </SpeechProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

type Place = { at: "starting"; step: StartProgress | null } | { at: "door"; refusal: KontorError | null; why?: "idle" } | { at: "inside"; session: Omit<Session, "refresh" | "leave">; who: SignedIn };

function Window() {
  const { setToday } = useSpeech();
  const [place, setPlace] = useState<Place>({ at: "starting", step: null });
  const enter = useCallback(
    async (who: SignedIn) => {
      const session = await readSession(who);
      setToday(dayOf(session.now_at));
      setPlace({ at: "inside", session, who });
    },
    [setToday],
  );
  const leave = useCallback((why?: "idle") => {
    queries.clear();
    window.location.hash = "/today";
    void signOut().finally(() => setPlace({ at: "door", refusal: null, why }));
  }, []);
  // A session that ended elsewhere (the server went away, the login was closed) leads back to the door.
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        const error = event.type === "updated" && event.action.type === "error" ? event.action.error : null;
        if (error instanceof KontorError && error.rule === "not_signed_in") setPlace({ at: "door", refusal: error });
      }),
    [],
  );
  useEffect(() => {
    signedIn((step) => setPlace((now) => (now.at === "starting" ? { at: "starting", step } : now)))
      .then((who) => (who ? enter(who) : setPlace({ at: "door", refusal: null })))
      .catch((thrown: unknown) => setPlace({ at: "door", refusal: asKontorError(thrown) }));
  }, [enter]);

  const session = useMemo<Session | null>(
    () => (place.at === "inside" ? { ...place.session, leave, refresh: () => void enter(place.who).then(() => queries.invalidateQueries()) } : null),
    [place, leave, enter],
  );
  if (place.at === "starting") return <Opening step={place.step} />;
  if (!session) return <SignIn onEnter={enter} refusal={place.at === "door" ? place.refusal : null} idle={place.at === "door" && place.why === "idle"} />;
  return (
    <SessionContext value={session}>
      <Clock session={session}>
        <Shell />
      </Clock>
    </SessionContext>
  );
}

/** While the host opens the books by itself; a first time makes them, which takes a minute. */
function Opening({ step }: { step: StartProgress | null }) {
  const { words } = useSpeech();
  const late = useLate(true, 300);
  if (step?.total || step?.phase === "waiting") {
    return (
      <div className={classes.opening}>
        <Preparing step={step} />
      </div>
    );
  }
  return (
    <div className={classes.opening} role="status">
      {late && words.signin.opening}
    </div>
  );
}
