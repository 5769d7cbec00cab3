import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { useWords } from "../words";

/** The months and where each stands. */
export function MonthEnd() {
  const text = useWords().books;
  return (
    <div className="screen" data-testid="screen-books" data-ready={true}>
      <Panel fill title={text.tabs.month}>
        <Empty title={text.month.none}>{text.month.noneWhy}</Empty>
      </Panel>
    </div>
  );
}
