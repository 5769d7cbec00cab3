import { Button } from "../parts/Button";
import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { useShortcuts } from "../keys";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useWords } from "../words";
import { DueList } from "./DueList";
import { IssuedList } from "./IssuedList";
import { RedLetterList } from "./RedLetterList";

export const views = ["issued", "due", "red"] as const;
export type View = (typeof views)[number];

/** The three lists: what was issued, what is due, what is asked back. */
export function InvoiceLists() {
  const words = useWords();
  const { query } = useRoute();
  const view = views.find((one) => one === query.get("view")) ?? "issued";
  useShortcuts(views.map((one, at) => ({ keys: String(at + 1), label: words.invoices.views[one], group: "thisScreen", run: () => amend(to("/invoices", { view: at === 0 ? null : one })) })));
  if (view === "due") return <DueList />;
  if (view === "red") return <RedLetterList />;
  return <IssuedList />;
}

/** The same head over each list. */
export function ListHead({ view, children }: { view: View; children?: string | false }) {
  const words = useWords();
  const text = words.invoices;
  const { query } = useRoute();
  const issues = useDuty("tax_clerk");
  return (
    <>
      <Heading
        title={text.title}
        actions={
          <Button kind={issues ? "primary" : "plain"} keys="n" onClick={() => go(to("/invoices/new", { customer: query.get("customer"), name: query.get("name") }))} data-testid="invoice-new">
            {text.new}
          </Button>
        }
      >
        {children}
      </Heading>
      <Tabs label={text.title} tabs={views.map((id) => ({ id, title: text.views[id] }))} chosen={view} onChoose={(next) => amend(to("/invoices", { view: next === "issued" ? null : next }))} />
    </>
  );
}
