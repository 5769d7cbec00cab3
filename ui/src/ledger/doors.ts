// Where a document of the books is looked at.
import { to } from "../routes";

/** The address of a document, or null where it has no screen of its own. */
export function documentAddress(kind: string, id: string, customerId: string | null): string | null {
  switch (kind) {
    case "refund":
      return `/refunds/${id}`;
    case "dispute":
      return `/disputes/${id}`;
    case "invoice":
      return `/invoices/${id}`;
    case "adjustment":
    case "reversal":
      return to("/books", { view: "corrections", id });
    case "period":
      return to("/books", { month: `${id}-01` });
    case "import":
    case "statement":
      return `/imports/${id}`;
    case "recharge":
    case "order":
      return customerId ? to(`/customers/${customerId}`, { order: id }) : null;
    case "ladder":
      return `/campaign/inviters/${id}`;
    case "violation":
      return `/campaign/violations/${id}`;
    case "campaign_correction":
      return to("/campaign", { view: "terms" });
    default:
      return null;
  }
}
