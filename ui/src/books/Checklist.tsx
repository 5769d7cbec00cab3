import { useMemo, useState } from "react";
import { isZero } from "../amounts";
import { Chip } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Table, type Column } from "../parts/Table";
import { useSpeech } from "../words";
import { ItemDialog } from "./ItemDialog";
import { doorOf, seenText, stateTone, type Item, type MonthEndPage } from "./months";

/** What is looked at before a month closes: what the database sees, what people say, and who looks after it. */
export function Checklist({ page }: { page: MonthEndPage }) {
  const { words } = useSpeech();
  const text = words.books.checklist;
  const [code, setCode] = useState<string | null>(null);
  const columns = useColumns(page.month ?? page.period.month);
  const chosen = page.items.find((item) => item.code === code);
  return (
    <>
      <Table
        label={text.title}
        columns={columns}
        rows={page.items}
        rowKey={(item) => item.code}
        onOpen={(item) => setCode(item.code)}
        natural
        autoFocus
        rowTestId="period-item"
        rowMark={(item) => ({ "data-code": item.code, "data-state": item.state })}
        empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
      />
      {chosen && <ItemDialog page={page} item={chosen} onClose={() => setCode(null)} />}
    </>
  );
}

function useColumns(month: string): Column<Item>[] {
  const { words, formats, language } = useSpeech();
  return useMemo(() => {
    const text = words.books.checklist;
    const title = (item: Item) => (language === "en" ? item.title_en : item.title_zh);
    const by = (item: Item) => item.ticked_by ?? item.waived_by ?? (item.looked_at_by === "database" ? text.database : item.owner ?? words.shell.duties[item.duty as keyof typeof words.shell.duties] ?? item.duty);
    const seen = (item: Item) => (item.state === "waived" ? text.waivedFor(item.waived_reason ?? "") : seenText(words, formats, item));
    return [
      { id: "state", title: text.columns.state, width: "92px", cell: (item) => <Chip tone={item.state === "open" && !item.required ? "plain" : stateTone[item.state]}>{text.states[item.state]}</Chip>, copy: (item) => text.states[item.state] },
      { id: "title", title: text.columns.line, width: "minmax(220px, 1.5fr)", cell: (item) => <span title={title(item)}>{title(item)}</span>, copy: title },
      {
        id: "seen",
        title: text.columns.seen,
        width: "minmax(170px, 1.3fr)",
        cell: (item) => {
          const door = doorOf(item, month);
          return door && item.state === "open" && item.open_count !== "0" ? <a href={`#${door}`} title={seen(item)}>{seen(item)}</a> : <span className="soft" title={seen(item)}>{seen(item)}</span>;
        },
        copy: seen,
      },
      { id: "amount", title: text.columns.amount, width: "132px", align: "end", spare: 1, cell: (item) => <Amount item={item} month={month} />, copy: (item) => item.amount ?? "" },
      { id: "by", title: text.columns.by, width: "112px", spare: 2, cell: (item) => <span className="soft">{by(item)}</span>, copy: by },
    ];
  }, [words, formats, language, month]);
}

/** What is open, or the figure to review: a door to its postings. */
function Amount({ item, month }: { item: Item; month: string }) {
  if (item.amount === null || (isZero(item.amount) && item.looked_at_by === "database")) return null;
  const door = doorOf(item, month);
  const amount = <Money amount={item.amount} places={6} />;
  return door ? <a href={`#${door}`}>{amount}</a> : amount;
}
