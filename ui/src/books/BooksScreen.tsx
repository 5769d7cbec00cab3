import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { useShortcuts } from "../keys";
import { amend, to, useRoute } from "../routes";
import { useWords } from "../words";
import { views } from "./views";

/** "/books": closing the months, and the papers that a month's accounts are made of. One view for each tab; the address keeps it. */
export default function BooksScreen() {
  const text = useWords().books;
  const { query } = useRoute();
  const view = views.find((one) => one.id === query.get("view")) ?? views[0]!;
  const choose = (next: string) => amend(to("/books", { view: next === views[0]!.id ? null : next }));
  useShortcuts(views.map((one, at) => ({ keys: String(at + 1), label: text.tabs[one.id], group: "thisScreen", run: () => choose(one.id) })));
  const { View } = view;
  return (
    <div className="screen">
      <Heading title={text.title}>{text.hint}</Heading>
      <Tabs label={text.title} tabs={views.map((one) => ({ id: one.id, title: text.tabs[one.id] }))} chosen={view.id} onChoose={choose} />
      <View />
    </div>
  );
}
