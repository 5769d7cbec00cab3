import { useRoute } from "../routes";
import { InvoiceLists } from "./InvoiceLists";
import { InvoicePage } from "./InvoicePage";
import { NewForeign } from "./NewForeign";
import { NewInvoice } from "./NewInvoice";
import { NewRun } from "./NewRun";
import { QueuePage } from "./QueuePage";
import { RunPage } from "./RunPage";

/** "/invoices", "/invoices/new", "/invoices/runs/…", "/invoices/prints/…" and "/invoices/<id>". */
export default function InvoicesScreen() {
  const { parts, query } = useRoute();
  if (parts[1] === "new") return <NewInvoice key={query.get("customer")} />;
  if (parts[1] === "foreign") return <NewForeign key={query.get("customer")} />;
  if (parts[1] === "runs") return parts[2] === "new" ? <NewRun /> : <RunPage key={parts[2]} id={parts[2] ?? ""} />;
  if (parts[1] === "prints") return <QueuePage key={parts[2]} id={parts[2] ?? ""} />;
  if (parts[1]) return <InvoicePage key={parts[1]} id={parts[1]} />;
  return <InvoiceLists />;
}
