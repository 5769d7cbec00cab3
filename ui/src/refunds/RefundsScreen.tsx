import { useRoute } from "../routes";
import { NewRefund } from "./NewRefund";
import { RefundList } from "./RefundList";
import { RefundPage } from "./RefundPage";
import { Reports } from "./Reports";

/** "/refunds", "/refunds/new", "/refunds/reports" and "/refunds/<id>". */
export default function RefundsScreen() {
  const { parts } = useRoute();
  if (parts[1] === "new") return <NewRefund />;
  if (parts[1] === "reports") return <Reports />;
  if (parts[1]) return <RefundPage key={parts[1]} id={parts[1]} />;
  return <RefundList />;
}
