import { useRoute } from "../routes";
import { CustomerList } from "./CustomerList";
import { CustomerPageView } from "./CustomerPage";

/** The list, or one customer's page. */
export default function CustomersScreen() {
  const { parts } = useRoute();
  return parts[1] ? <CustomerPageView key={parts[1]} id={parts[1]} /> : <CustomerList />;
}
