import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Chip, journalTone } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { go, to } from "../routes";
import { useSpeech } from "../words";
import { useAccounts } from "../ledger/accounts";
import type { CustomerPage } from "./customer";

type Journal = Result<"ledger.list">[number];
interface Movement {
  journal: Journal;
  line: Journal["lines"][number];
}
const page = 60;

/** The customer's own accounts only, in the customer's favour positive, with the balance after each movement. */
export function Movements({ customer }: { customer: CustomerPage }) {
  const { words, formats } = useSpeech();
  const accounts = useAccounts();
  const names = words.ledger.columns;
  const pages = usePages("ledger.list", { filter: { customer_id: customer.id }, maximum: page }, page, (last) => ({ before: last.id }));
  const rows = useMemo(
    () => pages.rows.flatMap((journal) => journal.lines.filter((line) => line.balance_after !== null).map((line): Movement => ({ journal, line }))),
    [pages.rows],
  );
  const columns = useMemo<Column<Movement>[]>(() => {
    const opposite = (amount: string) => (amount.startsWith("-") ? amount.slice(1) : `-${amount}`);
    return [
      { id: "at", title: words.ledger.journal.effective, width: "146px", cell: (row) => <Instant at={row.journal.effective_at} />, copy: (row) => formats.exact(row.journal.effective_at) },
      { id: "kind", title: names.kind, width: "124px", cell: (row) => <Chip tone={journalTone[row.journal.kind]}>{words.parts.journalKinds[row.journal.kind] ?? row.journal.kind}</Chip>, copy: (row) => row.journal.kind },
      {
        id: "account",
        title: names.account,
        width: "minmax(120px, 1fr)",
        cell: (row) => (
          <>
            {accounts.title(row.line.account)}
            {row.line.commodity !== "CNY" && <span className="muted"> {words.ledger.tags[row.line.commodity] ?? row.line.commodity}</span>}
          </>
        ),
        copy: (row) => row.line.account,
      },
      { id: "document", title: words.ledger.journal.document, width: "minmax(154px, 1fr)", spare: 1, cell: (row) => <span className="soft">{row.journal.document_number}</span>, copy: (row) => row.journal.document_number ?? "" },
      { id: "amount", title: words.customers.cases.amount, width: "126px", align: "end", cell: (row) => <Money amount={opposite(row.line.amount)} places={6} />, copy: (row) => spreadsheetNumber(opposite(row.line.amount)) },
      { id: "after", title: names.balance, width: "126px", align: "end", cell: (row) => <Money amount={row.line.balance_after} places={6} tone="muted" />, copy: (row) => spreadsheetNumber(row.line.balance_after ?? "0") },
    ];
  }, [names, words, formats, accounts]);
  return (
    <Panel title={words.customers.movements.title} hint={words.customers.movements.hint} fill>
      <Table
        label={words.customers.movements.title}
        columns={columns}
        {...pages.table}
        rows={rows}
        rowKey={(row) => `${row.journal.id}/${row.line.line}`}
        groupKey={(row) => row.journal.id}
        amount={(row) => (row.line.amount.startsWith("-") ? row.line.amount.slice(1) : `-${row.line.amount}`)}
        onPeek={() => {}}
        onOpen={(row) => go(to("/ledger", { customer: customer.id, name: customer.name, journal: row.journal.id }))}
        compact
        empty={<Empty title={words.customers.movements.empty} />}
      />
    </Panel>
  );
}
