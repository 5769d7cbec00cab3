import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { useRead } from "../reading";
import { go } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";

type Pair = Result<"refunds.pairs">[number];
type FeeMonth = Result<"refunds.fees">[number];
const day_ms = 86_400_000;

/** "/refunds/reports": who approves whom, and whether the fees are more than what the provider keeps. */
export function Reports() {
  const text = useSpeech().words.refunds.reports;
  const now = useNow();
  const today = dayOf(now);
  const pairs = useRead("refunds.pairs", { from_at: `${dayOf(new Date(now.getTime() - 90 * day_ms))}T00:00:00+08:00`, until_at: `${dayOf(new Date(now.getTime() + day_ms))}T00:00:00+08:00` });
  const fees = useRead("refunds.fees", { from_on: `${Number(today.slice(0, 4)) - 1}${today.slice(4, 8)}01`, until_on: dayOf(new Date(now.getTime() + day_ms)) });
  const pairColumns = usePairColumns();
  const feeColumns = useFeeColumns();
  return (
    <div className="screen" data-testid="screen-refund-reports" data-ready={pairs.data !== undefined && fees.data !== undefined}>
      <Heading title={text.title} actions={<Button onClick={() => go("/refunds")}>{text.back}</Button>} />
      <Panel title={text.pairs} hint={text.pairsHint} fill>
        <Read of={pairs}>{(rows) => <Table label={text.pairs} columns={pairColumns} rows={rows} rowKey={(row) => `${row.requested_by} ${row.approved_by}`} amount={(row) => row.amount} empty={<Empty title={text.noPairs} />} />}</Read>
      </Panel>
      <Panel title={text.fees} hint={text.feesHint} fill>
        <Read of={fees}>{(rows) => <Table label={text.fees} columns={feeColumns} rows={rows} rowKey={(row) => `${row.month} ${row.channel}`} amount={(row) => row.difference} empty={<Empty title={text.noFees} />} />}</Read>
      </Panel>
    </div>
  );
}

function usePairColumns(): Column<Pair>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const names = words.refunds.reports.pairColumns;
    return [
      { id: "requester", title: names.requester, width: "minmax(120px, 1fr)", cell: (row) => row.requested_by, copy: (row) => row.requested_by },
      { id: "approver", title: names.approver, width: "minmax(120px, 1fr)", cell: (row) => row.approved_by, copy: (row) => row.approved_by },
      { id: "cases", title: names.cases, width: "90px", align: "end", cell: (row) => <span className="number">{formats.count(Number(row.cases))}</span>, copy: (row) => row.cases },
      { id: "amount", title: names.amount, width: "140px", align: "end", cell: (row) => <Money amount={row.amount} />, copy: (row) => spreadsheetNumber(row.amount) },
      { id: "share", title: names.share, width: "90px", align: "end", cell: (row) => <span className="number">{`${row.share} %`}</span>, copy: (row) => row.share },
      { id: "quick", title: names.quick, width: "110px", align: "end", cell: (row) => <span className={row.quick === "0" ? "soft" : "number"}>{formats.count(Number(row.quick))}</span>, copy: (row) => row.quick },
    ];
  }, [words, formats]);
}

function useFeeColumns(): Column<FeeMonth>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const names = words.refunds.reports.feeColumns;
    const money = (id: "refunded" | "charged" | "lost" | "difference", title: string): Column<FeeMonth> => ({ id, title, width: "minmax(120px, 1fr)", align: "end", cell: (row) => <Money amount={row[id]} />, copy: (row) => spreadsheetNumber(row[id]) });
    return [
      { id: "month", title: names.month, width: "110px", cell: (row) => row.month.slice(0, 7), copy: (row) => row.month },
      { id: "channel", title: names.channel, width: "100px", cell: (row) => words.parts.channels[row.channel] ?? row.channel, copy: (row) => row.channel },
      { id: "legs", title: names.legs, width: "90px", align: "end", cell: (row) => <span className="number">{formats.count(Number(row.legs))}</span>, copy: (row) => row.legs },
      money("refunded", names.refunded),
      money("charged", names.charged),
      money("lost", names.lost),
      money("difference", names.difference),
    ];
  }, [words, formats]);
}
