import { useMemo } from "react";
import { isZero, spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";
import { page } from "./papers";
import { SearchField } from "../parts/SearchField";

type Row = Result<"invoices.list_invoiceable">[number];
const address = (row: Row) => to("/invoices/new", { customer: row.customer_id, name: row.name });

/** Customers for whom a paper is due, the largest amount first: Enter begins the paper. */
export function DueList() {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  const { query } = useRoute();
  const search = query.get("q") ?? "";
  const pages = usePages("invoices.list_invoiceable", { search, most: page }, page, (last) => ({ before_invoiceable: last.invoiceable, before_customer_id: last.customer_id }));
  const columns = useColumns();
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead view="due" file={<ExportButton title={text.views.due!} of={pages.source} words={{ kind: words.parts.customerKinds }} />}>{!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}</ListHead>
      <Panel fill title={text.views.due} hint={text.due.hint} aside={<SearchField testId="invoice-search" value={search} label={text.searchCustomer} onChange={(q) => amend(to("/invoices", { view: "due", q }))} />}>
        <Table
          label={text.views.due!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.customer_id}
          amount={(row) => row.invoiceable}
          onOpen={(row) => go(address(row))}
          queue={address}
          autoFocus
          rowTestId="invoice-due-row"
          rowMark={(row) => ({ "data-ref": row.ref })}
          empty={search ? <Empty title={text.empty.dueFound}>{text.empty.dueFoundWhy}</Empty> : <Empty title={text.empty.due}>{text.empty.dueWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Row>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const names = words.invoices.due;
    const kind = (row: Row) => words.parts.customerKinds[row.kind] ?? row.kind;
    return [
      { id: "customer", title: names.customer, width: "minmax(160px, 1.4fr)", cell: (row) => <strong>{row.name}</strong>, copy: (row) => row.name },
      { id: "ref", title: names.ref, width: "minmax(96px, 150px)", cell: (row) => <span className="soft">{row.ref}</span>, copy: (row) => row.ref },
      { id: "kind", title: names.kind, width: "110px", spare: 2, cell: (row) => <span className="soft">{kind(row)}</span>, copy: kind },
      { id: "products", title: names.products, width: "80px", align: "end", spare: 1, cell: (row) => formats.count(row.products), copy: (row) => String(row.products) },
      { id: "buyers", title: names.buyers, width: "100px", align: "end", cell: (row) => (row.buyers === 0 ? <Chip tone="amber">{names.noBuyer}</Chip> : formats.count(row.buyers)), copy: (row) => String(row.buyers) },
      { id: "invoiceable", title: `${names.invoiceable} ↓`, width: "150px", align: "end", cell: (row) => <Money amount={row.invoiceable} strong quietZero />, copy: (row) => spreadsheetNumber(row.invoiceable) },
      { id: "red", title: names.redLetterDue, width: "150px", align: "end", cell: (row) => (isZero(row.red_letter_due) ? <span className="muted">–</span> : <Money amount={row.red_letter_due} />), copy: (row) => spreadsheetNumber(row.red_letter_due) },
    ];
  }, [words, formats]);
}
