import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { useRead } from "../reading";
import { useSpeech } from "../words";
import type { MonthEndPage } from "./months";

type Figure = Result<"periods.figures">[number];

/** The trial balance that a month closed with: kept, not counted anew. */
export function ClosedFigures({ page }: { page: MonthEndPage }) {
  const { words } = useSpeech();
  const text = words.books.figures;
  const figures = useRead("periods.figures", { month: page.month! });
  const columns = useColumns();
  return (
    <Panel title={text.title} hint={text.hint(String(page.period.closing_no))} data-testid="closed-figures">
      <Read of={figures} rows={6}>
        {(rows) => <Table label={text.title} columns={columns} rows={rows} rowKey={(row) => `${row.account} ${row.commodity}`} natural compact empty={<Empty title={text.none}>{text.noneWhy}</Empty>} />}
      </Read>
    </Panel>
  );
}

function useColumns(): Column<Figure>[] {
  const { words, language } = useSpeech();
  return useMemo(() => {
    const text = words.books.figures;
    const title = (row: Figure) => (language === "en" ? row.title_en : row.title_zh);
    const money = (id: "opening" | "debit" | "credit" | "closing"): Column<Figure> => ({ id, title: text[id], width: "minmax(118px, 150px)", align: "end", cell: (row) => <Money amount={row[id]} places={6} quietZero />, copy: (row) => spreadsheetNumber(row[id]) });
    return [
      { id: "account", title: text.account, width: "minmax(150px, 1fr)", cell: title, copy: title },
      { id: "commodity", title: text.commodity, width: "82px", cell: (row) => <span className="soft">{words.ledger.commodities[row.commodity] ?? row.commodity}</span>, copy: (row) => row.commodity },
      money("opening"), money("debit"), money("credit"), money("closing"),
    ];
  }, [words, language]);
}
