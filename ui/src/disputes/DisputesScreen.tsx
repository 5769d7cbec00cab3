import { useRoute } from "../routes";
import { DisputeList } from "./DisputeList";
import { DisputePage } from "./DisputePage";
import { NewDispute } from "./NewDispute";

/** "/disputes", "/disputes/new" and "/disputes/<id>". */
export default function DisputesScreen() {
  const { parts } = useRoute();
  if (parts[1] === "new") return <NewDispute />;
  if (parts[1]) return <DisputePage key={parts[1]} id={parts[1]} />;
  return <DisputeList />;
}
