import type { ReactNode } from "react";
import { Button } from "../parts/Button";
import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech, type Words } from "../words";

export const views = ["issued", "requests", "due", "red", "runs", "prints", "tax"] as const;
export type View = (typeof views)[number];

export const titleOf = (words: Words, view: View): string => words.invoices.views[view] ?? words.printRoom.views[view] ?? view;

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
