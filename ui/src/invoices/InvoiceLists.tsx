import { useShortcuts } from "../keys";
import { amend, to, useRoute } from "../routes";
import { useWords } from "../words";
import { DueList } from "./DueList";
import { IssuedList } from "./IssuedList";
import { titleOf, views } from "./ListHead";
import { QueueList } from "./QueueList";
import { RedLetterList } from "./RedLetterList";
import { RequestList } from "./RequestList";
import { RunList } from "./RunList";
import { TaxDesk } from "./TaxDesk";

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
