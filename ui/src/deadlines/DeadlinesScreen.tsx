import { useState } from "react";
import { useShortcuts } from "../keys";
import { saveFile, call } from "../call";
import { Button } from "../parts/Button";
import { ExportButton } from "../parts/Export";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Heading } from "../parts/Panel";
import { Tabs, type Tab } from "../parts/Steps";
import { SearchField } from "../parts/SearchField";
import { usePages, useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { Ahead, Absences, People } from "./Around";
import { CaseTable } from "./CaseTable";
import { calendarFile } from "./feed";
import { Month } from "./Month";
import type { Desk } from "./rows";
import classes from "./deadlines.module.css";

const size = 100;
const windows = ["open", "overdue", "today", "week", "provisional", "not_served", "nobody", "court", "month"] as const;

/** Every clock of the desk: what ends first, on whose table it lies, and what the next holiday moves. */
export default function DeadlinesScreen() {
  const { words } = useSpeech();
  const { query } = useRoute();
  const view = query.get("view") ?? "open";
  const search = query.get("q") ?? "";
  const person = query.get("person");
  const desk = useRead("deadlines.desk", {});
  const month = view === "month";
  const asked = { desk_window: month ? "open" : view, search: search || null, person_id: person ? Number(person) : null, maximum: size };
  const pages = usePages("deadlines.list", asked, size, (last) => ({ after_due: last.due_at, after_id: last.id }), { enabled: !month });
  const change = (next: Record<string, string | null>) => amend(to("/deadlines", { view, q: search, person, month: query.get("month"), ...next }));
  useShortcuts(windows.map((one, at) => ({ keys: String(at + 1), label: words.deadlines.windows[one], group: "thisScreen", run: () => change({ view: one }) })));
  return (
    <div className="screen" data-testid="screen-deadlines" data-ready={desk.data !== undefined && (month || !pages.loading)}>
      <Heading title={words.deadlines.title} actions={<Actions search={search} onSearch={(q) => change({ q, ...(month ? { view: "open" } : {}) })} source={pages.source} />} />
      <Windows desk={desk.data ?? null} view={view} onChoose={(next) => change({ view: next })} />
      <div className={classes.split}>
        {month ? <Month month={query.get("month")} onMonth={(next) => change({ month: next })} /> : <CaseTable key={view} pages={pages} view={view} search={search} people={desk.data?.people ?? []} />}
        <div className={classes.side}>
          <Read of={desk} rows={6}>
            {(found) => (
              <>
                {found.ahead && <Ahead ahead={found.ahead} />}
                <People people={found.people} chosen={person} onChoose={(id) => change({ person: id })} />
                <Absences desk={found} />
              </>
            )}
          </Read>
        </div>
      </div>
    </div>
  );
}

function Windows({ desk, view, onChoose }: { desk: Desk | null; view: string; onChoose(view: string): void }) {
  const { words, formats } = useSpeech();
  const counts = desk?.counts as Record<string, number> | undefined;
  const tabs: Tab[] = windows.map((id) => {
    const count = counts?.[id] ?? 0;
    return { id, title: words.deadlines.windows[id], count: count > 0 ? formats.count(count) : null, alarm: (id === "overdue" || id === "nobody") && count > 0 };
  });
  return <Tabs label={words.deadlines.title} tabs={tabs} chosen={view} onChoose={onChoose} />;
}

interface ActionsProps {
  search: string;
  onSearch(text: string): void;
  source: Parameters<typeof ExportButton>[0]["of"];
}

function Actions({ search, onSearch, source }: ActionsProps) {
  const { words } = useSpeech();
  const text = words.deadlines;
  return (
    <>
      <SearchField value={search} label={text.search} testId="deadline-search" onChange={onSearch} />
      <ExportButton title={text.title} of={source} words={{ kind: text.kinds, clock: text.clocks, step: { ...words.disputes.steps, renew_or_lift: text.renewOrLift } }} />
      <FeedButton />
    </>
  );
}

/** My clocks as a file that a calendar program reads; a later file replaces what moved. */
function FeedButton() {
  const { words } = useSpeech();
  const text = words.deadlines;
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const entries = await call("deadlines.feed", { mine: true });
      if (entries.length === 0) notify(text.feed.empty);
      else if (await saveFile(text.feed.name, new TextEncoder().encode(calendarFile(entries, text)))) notify(text.feed.saved);
    } catch {
      notify(words.shell.disconnected);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button keys="x" busy={busy} onClick={() => void save()} data-testid="deadline-feed">
      {text.feed.save}
    </Button>
  );
}

