import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Filters, Pick } from "../parts/Filters";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";
import { page, redTone, type RedLetter } from "./papers";
import { RedTasks } from "./RedTasks";
import classes from "./invoices.module.css";

/** Papers that somebody wants to take back: an approver's queue first, then what became of them. */
export function RedLetterList() {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  const { query } = useRoute();
  const status = query.get("status") ?? "proposed";
  const pages = usePages("invoices.list_red_letters", { status: status === "all" ? null : status, most: page }, page, (last) => ({ before_proposed_at: last.proposed_at, before_id: last.id }));
  const columns = useColumns();
  const options = Object.entries(text.red.statuses).map(([value, label]) => ({ value, label }));
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead view="red" file={<ExportButton title={text.views.red!} of={pages.source} words={{ status: text.red.statuses, reason_code: text.reasons }} />}>{!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}</ListHead>
      <RedTasks />
      <Filters
        filters={[
          {
            id: "status",
            label: text.red.choose,
            value: status === "all" ? null : (text.red.statuses[status] ?? status),
            editor: (close) => <Pick chosen={status} options={options} onPick={(chosen) => (amend(to("/invoices", { view: "red", status: chosen })), close())} />,
            onClear: () => amend(to("/invoices", { view: "red", status: "all" })),
          },
        ]}
      />
      <Panel fill>
        <Table
          key={status}
          label={text.views.red!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.total_incl}
          onOpen={(row) => go(`/invoices/${row.invoice_id}`)}
          queue={(row) => `/invoices/${row.invoice_id}`}
          autoFocus
          rowTestId="red-letter-row"
          rowMark={(row) => ({ "data-no": row.invoice_number, "data-status": row.status })}
          empty={status === "proposed" ? <Empty title={text.empty.red}>{text.empty.redWhy}</Empty> : <Empty title={text.empty.redOther}>{text.empty.redOtherWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<RedLetter>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.invoices;
    const names = text.red;
    const reason = (row: RedLetter) => text.reasons[row.reason_code] ?? row.reason_code;
    const status = (row: RedLetter) => names.statuses[row.status] ?? row.status;
    return [
      { id: "original", title: names.original, width: "162px", cell: (row) => <strong>{row.invoice_number}</strong>, copy: (row) => row.invoice_number },
      { id: "customer", title: names.customer, width: "minmax(130px, 1fr)", cell: (row) => <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "reason", title: names.reason, width: "minmax(150px, 1fr)", cell: (row) => <span className="soft">{reason(row)}</span>, copy: reason },
      { id: "amount", title: names.amount, width: "120px", align: "end", cell: (row) => <Money amount={row.total_incl} />, copy: (row) => spreadsheetNumber(row.total_incl) },
      { id: "status", title: names.status, width: "142px", cell: (row) => <Chip tone={redTone[row.status] ?? "plain"}>{status(row)}</Chip>, copy: status },
      { id: "proposed", title: `${names.proposed} ↓`, width: "116px", cell: (row) => <Instant at={row.proposed_at} />, copy: (row) => formats.exact(row.proposed_at) },
      { id: "by", title: names.by, width: "86px", cell: (row) => <span className="soft">{row.proposed_by}</span>, copy: (row) => row.proposed_by },
      { id: "decided", title: names.decided, width: "96px", spare: 1, cell: (row) => <span className="soft">{row.decided_by ?? "–"}</span>, copy: (row) => row.decided_by ?? "" },
      { id: "issued", title: names.issued, width: "162px", spare: 2, cell: (row) => (row.issued_as ? <a href={`#/invoices/${row.issued_as}`}>{row.issued_number}</a> : <span className="muted">–</span>), copy: (row) => row.issued_number ?? "" },
    ];
  }, [words, formats]);
}
