import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Empty, Read } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { useShortcuts } from "../keys";
import { useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { Checklist } from "./Checklist";
import { ClosedFigures } from "./ClosedFigures";
import { MonthSteps } from "./MonthSteps";
import { monthTitle, statusTone, type MonthEndPage } from "./months";
import { NewItem } from "./NewItem";
import { VatSplit } from "./VatSplit";
import classes from "./books.module.css";

const show = (month: string) => amend(to("/books", { month }));

/** The months and where each stands; of the chosen one its checklist, its tax, and what can be done with it now. */
export function MonthEnd() {
  const { words } = useSpeech();
  const { query } = useRoute();
  const page = useRead("periods.open", { month: query.get("month") });
  return (
    <div className="screen" data-testid="screen-books" data-ready={page.data !== undefined}>
      <Read of={page} rows={10}>
        {(found) => (found.month ? <Month page={found} /> : <Empty title={words.books.month.none}>{words.books.month.noneWhy}</Empty>)}
      </Read>
    </div>
  );
}

function Month({ page }: { page: MonthEndPage }) {
  const { words, language } = useSpeech();
  const month = page.month!;
  const closed = page.period.closing_no > 0;
  return (
    <>
      <Strip page={page} />
      <div className={classes.split}>
        <div className={classes.main}>
          <Panel title={words.books.checklist.title} hint={monthTitle(language, month)} aside={<NewItem place={Math.max(0, ...page.items.map((item) => item.place)) + 10} />}>
            <Checklist page={page} />
          </Panel>
          <VatSplit month={month} />
          {closed && <ClosedFigures page={page} />}
        </div>
        <MonthSteps page={page} />
      </div>
    </>
  );
}

/** One square for each month; the arrows of the keyboard go along it. */
function Strip({ page }: { page: MonthEndPage }) {
  const { words, language } = useSpeech();
  const text = words.books.month;
  const at = page.months.findIndex((one) => one.month === page.month);
  const step = (by: number) => {
    const next = page.months[at + by];
    if (next) show(next.month);
  };
  useShortcuts([
    { keys: "[", label: text.earlier, group: "thisScreen", run: () => step(-1) },
    { keys: "]", label: text.later, group: "thisScreen", run: () => step(1) },
  ]);
  return (
    <nav className={classes.strip} aria-label={text.months}>
      {page.months.map((one) => (
        <button
          key={one.month}
          type="button"
          ref={one.month === page.month ? (element) => element?.scrollIntoView?.({ inline: "nearest", block: "nearest" }) : undefined}
          className={cx(classes.square, one.month === page.month && classes.chosen)}
          aria-current={one.month === page.month ? "date" : undefined}
          onClick={() => show(one.month)}
          data-testid="month"
          data-month={one.month}
        >
          <span>{monthTitle(language, one.month)}</span>
          <Chip tone={statusTone[one.status]} data-status={one.status}>
            {one.over || one.status !== "open" ? text.statuses[one.status] : text.running}
          </Chip>
        </button>
      ))}
    </nav>
  );
}
