import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { useShortcuts } from "../keys";
import { amend, to, useRoute } from "../routes";
import { Texts } from "../letters/Texts";
import { useWords } from "../words";
import { Calendars } from "./Calendars";
import { Catalogue } from "./Catalogue";
import { People } from "./People";
import { Policies } from "./Policies";
import { Sellers } from "./Sellers";

const views = ["policies", "people", "calendars", "catalogue", "sellers", "letters"] as const;

/** "/policy": what the agreements leave open, and who may do what. Every change takes two people. */
export default function PolicyScreen() {
  const words = useWords();
  const text = words.policy;
  const { query } = useRoute();
  const view = views.find((one) => one === query.get("view")) ?? "policies";
  const choose = (next: string) => amend(to("/policy", { view: next === "policies" ? null : next }));
  useShortcuts(views.map((one, at) => ({ keys: String(at + 1), label: text.tabs[one], group: "thisScreen", run: () => choose(one) })));
  return (
    <div className="screen">
      <Heading title={text.title}>{text.hint}</Heading>
      <Tabs label={text.title} tabs={views.map((id) => ({ id, title: text.tabs[id] }))} chosen={view} onChoose={choose} />
      {view === "policies" && <Policies />}
      {view === "people" && <People />}
      {view === "calendars" && <Calendars />}
      {view === "catalogue" && <Catalogue />}
      {view === "sellers" && <Sellers />}
      {view === "letters" && <Texts />}
    </div>
  );
}
