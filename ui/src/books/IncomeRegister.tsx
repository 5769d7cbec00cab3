import { useMemo, useState } from "react";
import { isZero, spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { SearchField } from "../parts/SearchField";
import { usePages, useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useNow } from "../session";
import { addDays, dayOf } from "../times";
import { useSpeech } from "../words";
import { addMonths, monthTitle } from "./months";
import classes from "./books.module.css";

type Row = Result<"income.list">[number];
const page = 100;

/** Income that no paper was issued for, by customer and age; its totals are held against the invoices' meter. */
export function IncomeRegister() {
  const { words } = useSpeech();
  const text = words.books.income;
  const { query } = useRoute();
  const search = query.get("q") ?? "";
  const pages = usePages("income.list", { search, maximum: page }, page, (last) => ({ before_open: last.open, before_customer_id: last.customer_id }));
  const [peeked, setPeeked] = useState<string | null>(null);
  const chosen = pages.rows.find((row) => row.customer_id === peeked) ?? null;
  const columns = useColumns();
  return (
    <div className="screen" data-testid="screen-income" data-ready={!pages.loading}>
      <Totals />
      <div className={classes.register}>
        <Panel fill title={text.title} aside={
            <>
              <SearchField testId="income-search" value={search} label={text.search} onChange={(q) => amend(to("/books", { view: "income", q }))} />
              <ExportButton title={text.title} of={pages.source} words={{ kind: words.parts.customerKinds }} />
            </>
          }>
          <Table
            label={text.title}
            columns={columns}
            {...pages.table}
            rowKey={(row) => row.customer_id}
            amount={(row) => row.open}
            onPeek={(row) => setPeeked(row?.customer_id ?? null)}
            onOpen={(row) => go(`/customers/${row.customer_id}`)}
            queue={(row) => `/customers/${row.customer_id}`}
            autoFocus
            rowTestId="income-row"
            rowMark={(row) => ({ "data-ref": row.ref })}
            empty={search ? <Empty title={text.emptyFound}>{text.emptyFoundWhy}</Empty> : <Empty title={text.empty}>{text.emptyWhy}</Empty>}
          />
        </Panel>
        <Months row={chosen} />
      </div>
    </div>
  );
}

function Totals() {
  const { words, formats, language } = useSpeech();
  const text = words.books.income;
  const total = useRead("income.total", {});
  const found = total.data;
  if (!found) return <div className={classes.totals} aria-busy="true" />;
  return (
    <div className={classes.totals} data-testid="income-totals">
      <span className={classes.total}>
        <span className="muted">{text.total}</span> <Money amount={found.open} strong />
      </span>
      {!isZero(found.red_letter_due) && (
        <span className={classes.total}>
          <span className="muted">{text.red}</span> <Money amount={found.red_letter_due} />
        </span>
      )}
      <span className={classes.total}>
        <span className="muted">{text.meter}</span> <Money amount={found.meter} /> {isZero(found.difference) ? <Chip tone="green">{text.ties}</Chip> : <Chip tone="red">{text.differs} {found.difference}</Chip>}
      </span>
      <span className="muted">{text.customers(formats.count(found.customers))}</span>
      {found.months.filter((month) => !isZero(month.open)).slice(-6).map((month) => (
        <span key={month.month} className={classes.total}>
          <span className="muted">{monthTitle(language, month.month)}</span> <Money amount={month.open} />
        </span>
      ))}
    </div>
  );
}

function Months({ row }: { row: Row | null }) {
  const { words, language } = useSpeech();
  const text = words.books.income;
  if (!row)
    return (
      <Panel fill>
        <Empty title={text.none}>{text.noneWhy}</Empty>
      </Panel>
    );
  return (
    <Panel fill title={text.byMonth} aside={<Button small keys="i" onClick={() => go(to("/invoices/new", { customer: row.customer_id, name: row.name }))} data-testid="income-invoice">{text.newInvoice}</Button>} data-testid="income-months">
      <p className={classes.remark}>
        <a href={`#/customers/${row.customer_id}`}>{row.name}</a> <span className="muted">{row.ref}</span>
      </p>
      <table className={classes.figures}>
        <thead>
          <tr>
            <th>{text.month}</th>
            <th>{text.product}</th>
            <th>{text.incomeOf}</th>
            <th>{text.openOf}</th>
          </tr>
        </thead>
        <tbody>
          {row.months.map((month) => (
            <tr key={`${month.month} ${month.product}`}>
              <td>{monthTitle(language, month.month)}</td>
              <td>{month.product}</td>
              <td>
                <a href={`#${to("/ledger", { customer: row.customer_id, name: row.name, account: `revenue.${month.product}`, commodity: "CNY", basis: "effective", from: month.month, until: addDays(addMonths(month.month, 1), -1) })}`}>
                  <Money amount={month.income} places={6} />
                </a>
              </td>
              <td><Money amount={month.open} places={6} strong /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function useColumns(): Column<Row>[] {
  const { words, language } = useSpeech();
  const today = dayOf(useNow());
  return useMemo(() => {
    const names = words.books.income.columns;
    const month = (back: number) => monthTitle(language, addMonths(today, -back));
    const money = (id: "this_month" | "last_month" | "month_before" | "older", title: string, spare: number): Column<Row> => ({ id, title, width: "118px", align: "end", spare, cell: (row) => <Money amount={row[id]} places={6} quietZero />, copy: (row) => spreadsheetNumber(row[id]) });
    return [
      { id: "customer", title: names.customer, width: "minmax(130px, 1.3fr)", cell: (row) => <strong>{row.name}</strong>, copy: (row) => row.name },
      { id: "ref", title: names.ref, width: "minmax(86px, 120px)", spare: 1, cell: (row) => <span className="soft">{row.ref}</span>, copy: (row) => row.ref },
      { id: "open", title: `${names.open} ↓`, width: "132px", align: "end", cell: (row) => <Money amount={row.open} places={6} strong quietZero />, copy: (row) => spreadsheetNumber(row.open) },
      money("this_month", month(0), 5),
      money("last_month", month(1), 4),
      money("month_before", month(2), 3),
      money("older", names.older, 6),
      { id: "oldest", title: names.oldest, width: "88px", spare: 0, cell: (row) => row.oldest_month && <span className="soft">{monthTitle(language, row.oldest_month)}</span>, copy: (row) => row.oldest_month ?? "" },
      { id: "red", title: names.red, width: "118px", align: "end", spare: 2, cell: (row) => (isZero(row.red_letter_due) ? <span className="muted">–</span> : <Money amount={row.red_letter_due} places={6} />), copy: (row) => spreadsheetNumber(row.red_letter_due) },
    ];
  }, [words, language, today]);
}
