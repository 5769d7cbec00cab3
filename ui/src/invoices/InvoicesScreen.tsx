import { useRoute } from "../routes";
import { InvoiceLists } from "./InvoiceLists";
import { InvoicePage } from "./InvoicePage";
import { NewInvoice } from "./NewInvoice";

/** "/invoices", "/invoices/new" and "/invoices/<id>". */
export default function InvoicesScreen() {
  const { parts, query } = useRoute();
  if (parts[1] === "new") return <NewInvoice key={query.get("customer")} />;
  if (parts[1]) return <InvoicePage key={parts[1]} id={parts[1]} />;
  return <InvoiceLists />;
}
