import { ExportButton } from "../parts/Export";
import { Heading } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { go, useRoute } from "../routes";
import { useWords } from "../words";
import { Exceptions } from "./Exceptions";
import { Files } from "./Files";

/** "/imports" (files read), "/imports/<id>" (one of them), "/imports/exceptions" and "/imports/settled". */
export default function ImportsScreen() {
  const words = useWords().imports;
  const { parts } = useRoute();
  const place = parts[1] === "exceptions" || parts[1] === "settled" ? parts[1] : "files";
  const tabs = (
    <>
      <Heading title={words.title} actions={place === "files" && <ExportButton title={words.tabs.files ?? words.title} of={{ list: "imports.list", arguments: {} }} words={{ kind: words.kinds, status: words.statuses }} />} />
      <Tabs
        label={words.title}
        tabs={Object.entries(words.tabs).map(([id, title]) => ({ id, title }))}
        chosen={place}
        onChoose={(id) => go(id === "files" ? "/imports" : `/imports/${id}`)}
      />
    </>
  );
  return place === "files" ? <Files head={tabs} chosen={parts[1] ?? null} /> : <Exceptions key={place} head={tabs} settled={place === "settled"} />;
}
