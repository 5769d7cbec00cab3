import type { ReactNode } from "react";
import { Button } from "../parts/Button";
import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { useShortcuts } from "../keys";
import { useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech, useWords, type Words } from "../words";
import { DueList } from "./DueList";
import { IssuedList } from "./IssuedList";
import { QueueList } from "./QueueList";
import { RedLetterList } from "./RedLetterList";
import { RequestList } from "./RequestList";
import { RunList } from "./RunList";
import { TaxDesk } from "./TaxDesk";

export const views = ["issued", "requests", "due", "red", "runs", "prints", "tax"] as const;
export type View = (typeof views)[number];

/** The lists: what was issued, what is due, what is asked back, runs, and what is at the tax platform. */
export function InvoiceLists() {
  const words = useWords();
  const { query } = useRoute();
  const view = views.find((one) => one === query.get("view")) ?? "issued";
  useShortcuts(views.map((one, at) => ({ keys: String(at + 1), label: titleOf(words, one), group: "thisScreen", run: () => amend(to("/invoices", { view: at === 0 ? null : one })) })));
  if (view === "due") return <DueList />;
  if (view === "red") return <RedLetterList />;
  if (view === "requests") return <RequestList />;
  if (view === "prints") return <QueueList />;
  if (view === "runs") return <RunList />;
  if (view === "tax") return <TaxDesk />;
  return <IssuedList />;
}

const titleOf = (words: Words, view: View): string => words.invoices.views[view] ?? words.printRoom.views[view] ?? view;

/** The same head over each list. */
export function ListHead({ view, file, children }: { view: View; file: ReactNode; children?: string | false }) {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  const { query } = useRoute();
  const issues = useDuty("tax_clerk");
  // A red letter waits for two people's work, so the tab says when there is one, wherever the list stands.
  // On their own tab they are the list, which has its other reads.
  const waiting = useRead("invoices.list_red_letters", { status: "proposed", most: 100 }, { enabled: view !== "red" });
  const count = (id: View) => (id === "red" && waiting.data?.length ? formats.count(waiting.data.length) : null);
  return (
    <>
      <Heading
        title={text.title}
        actions={
          <>
            {file}
            <Button kind={issues ? "primary" : "plain"} keys="n" onClick={() => go(to("/invoices/new", { customer: query.get("customer"), name: query.get("name") }))} data-testid="invoice-new">
              {text.new}
            </Button>
          </>
        }
      >
        {children}
      </Heading>
      <Tabs label={text.title} tabs={views.map((id) => ({ id, title: titleOf(words, id), count: count(id) }))} chosen={view} onChoose={(next) => amend(to("/invoices", { view: next === "issued" ? null : next }))} />
    </>
  );
}
