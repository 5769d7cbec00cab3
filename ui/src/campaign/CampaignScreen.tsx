import { useShortcuts } from "../keys";
import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { amend, to, useRoute } from "../routes";
import { useWords } from "../words";
import { FriendPage } from "./FriendPage";
import { InviterPage } from "./InviterPage";
import { Inviters } from "./Inviters";
import { ObjectionPage } from "./ObjectionPage";
import { Objections } from "./Objections";
import { Overview } from "./Overview";
import { ReviewPage } from "./ReviewPage";
import { Reviews } from "./Reviews";
import { Terms } from "./Terms";
import { ViolationPage } from "./ViolationPage";

const views = [
  { id: "overview", View: Overview },
  { id: "inviters", View: Inviters },
  { id: "objections", View: Objections },
  { id: "reviews", View: Reviews },
  { id: "terms", View: Terms },
];

/** "/campaign", and below it "/inviters/<id>", "/friends/<id>", "/objections/<id>", "/reviews/<id>" and "/violations/<id>". */
export default function CampaignScreen() {
  const { parts } = useRoute();
  const id = parts[2];
  if (id && parts[1] === "inviters") return <InviterPage key={id} id={id} />;
  if (id && parts[1] === "friends") return <FriendPage key={id} id={id} />;
  if (id && parts[1] === "objections") return <ObjectionPage key={id} id={id} />;
  if (id && parts[1] === "reviews") return <ReviewPage key={id} id={id} />;
  if (id && parts[1] === "violations") return <ViolationPage key={id} id={id} />;
  return <Tabbed />;
}

function Tabbed() {
  const text = useWords().campaign;
  const { query } = useRoute();
  const view = views.find((one) => one.id === query.get("view")) ?? views[0]!;
  const choose = (next: string) => amend(to("/campaign", { view: next === views[0]!.id ? null : next }));
  useShortcuts(views.map((one, at) => ({ keys: String(at + 1), label: text.tabs[one.id] ?? one.id, group: "thisScreen" as const, run: () => choose(one.id) })));
  const { View } = view;
  return (
    <div className="screen">
      <Heading title={text.title} />
      <Tabs label={text.title} tabs={views.map((one) => ({ id: one.id, title: text.tabs[one.id] ?? one.id }))} chosen={view.id} onChoose={choose} />
      <View />
    </div>
  );
}
