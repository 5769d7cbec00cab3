import { useMemo } from "react";
import { plainMoney, spreadsheetNumber } from "../amounts";
import { useShortcuts } from "../keys";
import { Button } from "../parts/Button";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { SearchField } from "../parts/SearchField";
import { Table, type Column } from "../parts/Table";
import { TimeLeft } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { NewOrder } from "./NewOrder";
import { OrderSheet } from "./OrderPage";
import type { OrderRow } from "./orders";
import classes from "./locks.module.css";

const size = 100;

/** "/locks", "/locks/new" and "/locks/ID". */
export default function LocksScreen() {
  const { parts } = useRoute();
  if (parts[1] === "new") return <NewOrder />;
  if (parts[1]) return <OrderSheet key={parts[1]} id={parts[1]} />;
  return <OrderList />;
}

function OrderList() {
  const { words } = useSpeech();
  const text = words.locks;
  const { query } = useRoute();
  const view = query.get("view") ?? "in_force";
  const search = query.get("q") ?? "";
  const registers = useDuty("legal");
  const pages = usePages("judicial_locks.list", { wanted: view, search: search || null, maximum: size }, size, (last) => ({ before_at: last.received_at, before_id: last.id }));
  const columns = useColumns();
  const change = (next: Record<string, string | null>) => amend(to("/locks", { view, q: search, ...next }));
  const views = Object.entries(text.views);
  useShortcuts(views.map(([id, title], at) => ({ keys: String(at + 1), label: title, group: "thisScreen", run: () => change({ view: id }) })));
  const empty = (search && text.empty["found"]) || text.empty[view] || text.empty["in_force"];
  return (
    <div className="screen" data-testid="screen-locks" data-ready={!pages.loading}>
      <Heading
        title={text.title}
        actions={
          <>
            <SearchField value={search} label={text.search} testId="order-search" onChange={(q) => change({ q })} />
            <ExportButton title={text.title} of={pages.source} words={{ scope: text.scopes }} />
            <Button kind={registers ? "primary" : "plain"} keys="n" onClick={() => go("/locks/new")} blocked={!registers && words.parts.refusal.needs(words.shell.duties.legal)} data-testid="order-new">
              {text.new}
            </Button>
          </>
        }
      />
      <Tabs label={text.title} tabs={views.map(([id, title]) => ({ id, title }))} chosen={view} onChoose={(next) => change({ view: next })} />
      <Panel fill>
        <Table
          key={view}
          label={text.title}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.holds}
          onOpen={(row) => go(`/locks/${row.id}`)}
          queue={(row) => `/locks/${row.id}`}
          autoFocus
          rowTestId="order-row"
          rowMark={(row) => ({ "data-no": row.number })}
          empty={<Empty title={empty?.title ?? ""}>{empty?.why}</Empty>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<OrderRow>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.locks;
    const names = text.columns;
    const scope = (row: OrderRow) => (row.amount ? text.scopeOf(plainMoney(row.amount, "¥ ")) : text.scopes[row.scope]!);
    return [
      { id: "number", title: names.number, width: "122px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: names.customer, width: "minmax(110px, 1fr)", cell: (row) => <a className={classes.plain} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "authority", title: names.authority, width: "minmax(140px, 1.2fr)", cell: (row) => <span className="clip">{row.authority}</span>, copy: (row) => row.authority },
      { id: "order", title: names.orderNo, width: "178px", spare: 1, cell: (row) => <span className="soft">{row.order_no}</span>, copy: (row) => row.order_no },
      { id: "scope", title: names.scope, width: "132px", cell: scope, copy: scope },
      { id: "place", title: names.place, width: "64px", align: "end", cell: (row) => row.place ?? "", copy: (row) => String(row.place ?? "") },
      { id: "holds", title: names.holds, width: "118px", align: "end", cell: (row) => <Money amount={row.holds} />, copy: (row) => (row.holds ? spreadsheetNumber(row.holds) : "") },
      { id: "until", title: names.until, width: "122px", cell: (row) => formats.day(row.due_on), copy: (row) => row.due_on },
      { id: "left", title: names.left, width: "104px", align: "end", cell: (row) => <TimeLeft until={row.expires_at} done={row.lifted_at !== null} /> },
    ];
  }, [words, formats]);
}
