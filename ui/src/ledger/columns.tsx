import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import { Chip, journalTone } from "../parts/Chip";
import { Money } from "../parts/Money";
import type { Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { useSpeech } from "../words";
import { useAccounts } from "./accounts";
import classes from "./ledger.module.css";
import type { LedgerRow } from "./pages";

/** One line of the paper: a posting with the journal it belongs to. */
export interface Posting {
  journal: LedgerRow;
  line: LedgerRow["lines"][number];
}

/** House accounts that grow by a debit: what we have and what we spend. All others grow by a credit. */
const growsByDebit = new Set(["alipay_clearing", "wechat_clearing", "bank", "provider_fees"]);

export function useColumns({ byEffective, otherYears, inOut, oneCustomer }: { byEffective: boolean; otherYears: boolean; inOut: boolean; oneCustomer: boolean }): Column<Posting>[] {
  const { words, formats } = useSpeech();
  const accounts = useAccounts();
  return useMemo(() => {
    const names = words.ledger.columns;
    const first = (row: Posting) => row.line.line === 1;
    // The left column is the debit, or what comes in: on an account that grows by a credit those are opposites.
    const left = (row: Posting) => row.line.amount.startsWith("-") === (inOut && !growsByDebit.has(row.line.account));
    const side = (row: Posting, right: boolean) => (left(row) !== right ? row.line.amount.replace("-", "") : null);
    const number = (amount: string | null) => (amount === null ? "" : spreadsheetNumber(amount));
    const width = otherYears ? "149px" : "116px";
    const recorded: Column<Posting> = { id: "recorded", title: byEffective ? names.recorded : `${names.recorded} ↓`, width, cell: (row) => first(row) && <Instant at={row.journal.recorded_at} />, copy: (row) => formats.exact(row.journal.recorded_at) };
    const effective: Column<Posting> = { id: "effective", title: `${words.ledger.journal.effective}${byEffective ? " ↓" : ""}`, width, cell: (row) => first(row) && <Instant at={row.journal.effective_at} />, copy: (row) => formats.exact(row.journal.effective_at) };
    const columns: Column<Posting>[] = [
      ...(byEffective ? [effective, { ...recorded, spare: 0 }] : [recorded, { ...effective, spare: 0 }]),
      { id: "journal", title: names.journal, width: "88px", spare: 2, cell: (row) => first(row) && words.ledger.number(row.journal.id), copy: (row) => row.journal.id },
      {
        id: "kind",
        title: names.kind,
        width: "102px",
        cell: (row) => first(row) && <Chip tone={journalTone[row.journal.kind]}>{words.parts.journalKinds[row.journal.kind] ?? row.journal.kind}</Chip>,
        copy: (row) => words.parts.journalKinds[row.journal.kind] ?? row.journal.kind,
      },
      {
        id: "account",
        title: names.account,
        width: "minmax(122px, 1.2fr)",
        cell: (row) => (
          <span title={accounts.title(row.line.account)}>
            {accounts.title(row.line.account)}
            {row.line.commodity !== "CNY" && <span className="muted"> {words.ledger.tags[row.line.commodity] ?? row.line.commodity}</span>}
          </span>
        ),
        copy: (row) => accounts.title(row.line.account),
      },
      {
        id: "customer",
        title: names.customer,
        width: "minmax(84px, 1fr)",
        cell: (row) =>
          row.line.balance_after !== null && (
            <a className={classes.quiet} title={row.journal.customer_name ?? undefined} href={`#/customers/${row.journal.customer_id}`}>
              {row.journal.customer_name}
            </a>
          ),
        copy: (row) => row.journal.customer_name ?? "",
      },
      { id: "by", title: words.ledger.journal.by, width: "84px", spare: 1, cell: (row) => first(row) && <span className="soft">{row.journal.recorded_by}</span>, copy: (row) => row.journal.recorded_by },
      { id: "debit", title: inOut ? words.ledger.in : names.debit, width: "minmax(108px, 0.4fr)", align: "end", cell: (row) => <Money amount={side(row, false)} places={6} />, copy: (row) => number(side(row, false)) },
      { id: "credit", title: inOut ? words.ledger.out : names.credit, width: "minmax(108px, 0.4fr)", align: "end", cell: (row) => <Money amount={side(row, true)} places={6} />, copy: (row) => number(side(row, true)) },
      { id: "balance", title: names.balance, width: "minmax(112px, 0.4fr)", align: "end", cell: (row) => <Money amount={row.line.balance_after} places={6} tone="muted" />, copy: (row) => number(row.line.balance_after) },
    ];
    return oneCustomer ? columns.filter((column) => column.id !== "customer") : columns;
  }, [words, formats, accounts, byEffective, otherYears, inOut, oneCustomer]);
}
