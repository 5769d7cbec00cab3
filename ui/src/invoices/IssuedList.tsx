import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { CustomerPick } from "../customers/CustomerPick";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Filters, Pick } from "../parts/Filters";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { PickedPapers } from "./PickedPapers";
import { amend, go, to, useRoute } from "../routes";
import { useNow } from "../session";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";
import { monthsBefore, page, statusTone, type InvoiceRow } from "./papers";
import { SearchField } from "../parts/SearchField";
import classes from "./invoices.module.css";

/** Every issued paper, newest first. */
export function IssuedList() {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  const { query } = useRoute();
  const now = useNow();
  const of = (key: string) => query.get(key);
  const [month, kind, status, customer, name, search] = [of("month"), of("kind"), of("status"), of("customer"), of("name"), of("q") ?? ""];
  const change = (next: Record<string, string | null>) => amend(to("/invoices", { month, kind, status, customer, name, q: search, ...next }));
  const pages = usePages(
    "invoices.list",
    { search, month: month && `${month}-01`, kind, status, customer_id: customer, most: page },
    page,
    (last) => ({ before_issued_at: last.issued_at, before_id: last.id }),
  );
  const columns = useColumns();
  const [picked, setPicked] = useState<InvoiceRow[]>([]);
  const narrowed = Boolean(search || month || kind || status || customer);
  const pick = (key: string, chosen: string | null, options: { value: string; label: string }[], close: () => void) => (
    <Pick chosen={chosen} options={options} onPick={(value) => (change({ [key]: value }), close())} />
  );
  const named = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead view="issued" file={<ExportButton title={text.views.issued!} of={pages.source} words={{ kind: text.kinds, status: text.statuses, reason_code: text.reasons }} />}>{!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}</ListHead>
      <Filters
        filters={[
          { id: "month", label: text.filters.month, value: month, editor: (close) => pick("month", month, monthsBefore(now, 18).map((value) => ({ value, label: value })), close), onClear: () => change({ month: null }) },
          { id: "customer", label: text.filters.customer, value: customer && (name ?? pages.rows[0]?.customer_name ?? customer), editor: (close) => <CustomerPick autoFocus onPick={(picked) => (change({ customer: picked.id, name: picked.name }), close())} />, onClear: () => change({ customer: null, name: null }) },
          { id: "kind", label: text.filters.kind, value: kind && (text.kinds[kind] ?? kind), editor: (close) => pick("kind", kind, named(text.kinds), close), onClear: () => change({ kind: null }) },
          { id: "status", label: text.filters.status, value: status && (text.statuses[status] ?? status), editor: (close) => pick("status", status, named(text.statuses), close), onClear: () => change({ status: null }) },
        ]}
        onClearAll={() => change({ month: null, customer: null, name: null, kind: null, status: null })}
      >
        <SearchField keys="Shift+f" testId="invoice-search" value={search} label={text.search} onChange={(q) => change({ q })} />
      </Filters>
      {picked.length > 0 && <PickedPapers papers={picked} />}
      <Panel fill>
        <Table
          label={text.views.issued!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.total_incl}
          onSelect={setPicked}
          onOpen={(row) => go(`/invoices/${row.id}`)}
          queue={(row) => `/invoices/${row.id}`}
          autoFocus
          rowTestId="invoice-row"
          rowMark={(row) => ({ "data-no": row.number, "data-status": row.status })}
          empty={narrowed ? <Empty title={text.empty.found}>{text.empty.foundWhy}</Empty> : <Empty title={text.empty.issued}>{text.empty.issuedWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<InvoiceRow>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.invoices;
    const names = text.columns;
    const kind = (row: InvoiceRow) => text.kinds[row.kind] ?? row.kind;
    const status = (row: InvoiceRow) => text.statuses[row.status] ?? row.status;
    return [
      { id: "number", title: names.number, width: "150px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "kind", title: names.kind, width: "132px", spare: 5, cell: (row) => (row.kind === "red_letter" ? <Chip tone="violet">{kind(row)}</Chip> : <span className="soft">{kind(row)}</span>), copy: kind },
      { id: "customer", title: names.customer, width: "minmax(110px, 1fr)", cell: (row) => <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "buyer", title: names.buyer, width: "minmax(130px, 1.3fr)", cell: (row) => <span className="clip">{row.buyer_name}</span>, copy: (row) => row.buyer_name },
      { id: "total", title: names.total, width: "124px", align: "end", cell: (row) => <Money amount={row.total_incl} />, copy: (row) => spreadsheetNumber(row.total_incl) },
      { id: "tax", title: names.tax, width: "96px", align: "end", spare: 3, cell: (row) => <Money amount={row.total_tax} tone="muted" />, copy: (row) => spreadsheetNumber(row.total_tax) },
      { id: "status", title: names.status, width: "136px", cell: (row) => <Chip tone={row.red_letter_proposed ? "brand" : (statusTone[row.status] ?? "plain")}>{row.red_letter_proposed ? names.asked : status(row)}</Chip>, copy: status },
      { id: "official", title: names.official, width: "172px", spare: 1, cell: (row) => <span className="soft">{row.official_number ?? "–"}</span>, copy: (row) => row.official_number ?? "" },
      { id: "issued", title: `${names.issued} ↓`, width: "116px", cell: (row) => <Instant at={row.issued_at} />, copy: (row) => formats.exact(row.issued_at) },
      { id: "by", title: names.by, width: "86px", spare: 2, cell: (row) => <span className="soft">{row.issued_by}</span>, copy: (row) => row.issued_by },
      { id: "printed", title: names.printed, width: "66px", align: "end", spare: 4, cell: (row) => <span className="muted">{row.sheets_printed || "–"}</span>, copy: (row) => String(row.sheets_printed) },
    ];
  }, [words, formats]);
}
