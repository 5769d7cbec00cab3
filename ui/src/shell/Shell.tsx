import { Suspense, useState } from "react";
import { useShortcuts } from "../keys";
import { Notices } from "../parts/Notice";
import { StepUp } from "../parts/StepUp";
import { Skeleton } from "../parts/Loading";
import { go, goBack, useRoute } from "../routes";
import { screens } from "../screens";
import { useSession } from "../session";
import { useSpeech } from "../words";
import { useChanges } from "./changes";
import { useReminders } from "./reminders";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Idle } from "./Idle";
import { Search } from "./Search";
import { KeysPage } from "./KeysPage";
import { Sidebar } from "./Sidebar";
import classes from "./shell.module.css";
import { Fault } from "./Fault";

/** The frame around every screen: top line, header, sidebar, footer, and the keys that work everywhere. */
export function Shell() {
  const { words, language, speak } = useSpeech();
  const session = useSession();
  const route = useRoute();
  useChanges();
  useReminders();
  const [searching, setSearching] = useState(false);
  const [teaching, setTeaching] = useState(false);
  const shown = screens.filter((screen) => screen.View);
  const screen = shown.find((one) => one.section === route.parts[0]) ?? shown[0];
  const { keys, sections } = words.shell;
  useShortcuts([
    { keys: "Mod+k", label: keys.find, group: "everywhere", whileTyping: true, run: () => setSearching(true) },
    { keys: "/", run: () => setSearching(true) },
    { keys: "?", label: keys.help, group: "everywhere", run: () => setTeaching(true) },
    { keys: "Escape", label: keys.back, group: "everywhere", run: goBack },
    ...shown.map((one) => ({
      keys: `g ${one.letter}`,
      label: sections[one.section],
      group: "everywhere" as const,
      run: () => go(`/${one.section}`),
    })),
    { keys: "Mod+Alt+l", run: () => speak(language === "en" ? "zh-CN" : "en") },
    // In a field Esc first leaves the field.
    { keys: "Escape", whileTyping: true, run: () => (document.activeElement as HTMLElement | null)?.blur() },
  ]);
  const View = screen?.View;
  return (
    <div className={classes.shell} data-books={session.rehearsal ? "rehearsal" : "production"}>
      <Header onSearch={() => setSearching(true)} />
      <Sidebar screens={shown} here={screen?.section} />
      <main className={classes.main} data-testid={`place-${screen?.section}`}>
        <Fault key={screen?.section}>
          <Suspense fallback={<Skeleton rows={8} />}>{View && <View />}</Suspense>
        </Fault>
      </main>
      <Footer onKeys={() => setTeaching(true)} />
      <Notices />
      <StepUp />
      <Idle />
      <Search open={searching} onClose={() => setSearching(false)} />
      <KeysPage open={teaching} onClose={() => setTeaching(false)} />
    </div>
  );
}
