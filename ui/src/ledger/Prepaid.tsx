import type { ReactNode } from "react";
import type { Result } from "../call";
import { CreditMonths } from "../campaign/CreditMonths";
import { Button } from "../parts/Button";
import { AreaChart } from "../parts/Chart";
import { Choice } from "../parts/Fields";
import { ExportButton } from "../parts/Export";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useNow } from "../session";
import { addDays, dayOf } from "../times";
import { useSpeech } from "../words";
import { ChannelMoves } from "./ChannelMoves";
import classes from "./ledger.module.css";

type Month = Result<"ledger.roll_forward">[number];
const spans = ["12", "24", "60"];

const monthsBefore = (day: string, count: number) => {
  const [year = 0, month = 1] = day.split("-").map(Number);
  const index = year * 12 + month - 1 - count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;
};
const lastDay = (month: string) => addDays(monthsBefore(month, -1), -1);
const columns = ["recharged", "used", "refunded", "other"] as const;
type Column = (typeof columns)[number];
const used = "usage,credit_back";
const refunds = "refund_hold,refund_hold_released,refund_released,refund_paid,repayment_hold,repayment_hold_released,repayment_released,repayment_paid,gift_void,gift_reinstated";

/** Opening, recharges, usage, refunds, closing: month by month, each figure a door to its postings. */
export function Prepaid() {
  const { words } = useSpeech();
  const texts = words.ledger.prepaid;
  const { query } = useRoute();
  const today = dayOf(useNow());
  const span = spans.find((one) => one === query.get("months")) ?? "12";
  const recorded = query.get("basis") === "recorded";
  const commodity = query.get("commodity") ?? "CNY";
  const channel = query.get("channel");
  const change = (next: Record<string, string | null>) => amend(to("/books", { ...Object.fromEntries(query), view: "prepaid", ...next }));
  const first = monthsBefore(today, Number(span) - 1);
  const commodities = <Choice label={texts.commodity} value={commodity} onChange={(next) => change({ commodity: next })} options={["CNY", "CNY.GIFT", "USD.CREDIT"].map((value) => ({ value, label: words.ledger.commodities[value] ?? value }))} />;
  const length = <Choice label={texts.month} value={span} onChange={(months) => change({ months })} options={spans.map((value) => ({ value, label: texts.months(Number(value)) }))} />;
  if (commodity === "USD.CREDIT") {
    return (
      <Panel fill title={words.campaign.months.title} hint={words.campaign.months.hint} data-testid="prepaid-credits">
        <div className={classes.bar}>
          {commodities}
          {length}
        </div>
        <CreditMonths first={first} months={Number(span)} newestFirst />
      </Panel>
    );
  }
  const looked = { of: query.get("of"), moves: query.get("moves"), span: query.get("months") };
  return <Principal {...{ looked, commodities, length, first, span, commodity, channel, recorded, change }} />;
}

interface PrincipalProps {
  looked: { of: string | null; moves: string | null; span: string | null };
  commodities: ReactNode;
  length: ReactNode;
  first: string;
  span: string;
  commodity: string;
  channel: string | null;
  recorded: boolean;
  change(next: Record<string, string | null>): void;
}

function Principal({ looked, commodities, length, first, span, commodity, channel, recorded, change }: PrincipalProps) {
  const { words } = useSpeech();
  const texts = words.ledger.prepaid;
  const asked = { first_month: first, months: Number(span), by_effective: !recorded };
  const read = useRead("ledger.roll_forward", asked);
  const file = <ExportButton title={texts.title} of={{ list: "ledger.roll_forward", arguments: asked }} words={{ commodity: words.ledger.commodities, channel: { ...words.parts.channels, none: texts.none } }} />;
  return (
    <Panel fill title={texts.title} hint={texts.hint} aside={file} data-testid="prepaid">
      <Read of={read}>
        {(rows) => {
          const channels = [...new Set(rows.filter((row) => row.commodity === commodity && row.channel).map((row) => row.channel!))];
          const shown = rows.filter((row) => row.commodity === commodity && (row.channel ?? null) === (channels.includes(channel ?? "") ? channel : null));
          return (
            <>
              <div className={classes.bar}>
                {commodities}
                <Choice
                  label={texts.channels}
                  value={channel && channels.includes(channel) ? channel : "all"}
                  onChange={(next) => change({ channel: next === "all" ? null : next })}
                  options={[{ value: "all", label: texts.all }, ...channels.map((value) => ({ value, label: value === "none" ? texts.none : (words.parts.channels[value] ?? value) }))]}
                />
                {length}
                <Button small onClick={() => change({ basis: recorded ? null : "recorded" })}>
                  {recorded ? words.ledger.basis.recorded : words.ledger.basis.effective}
                </Button>
              </div>
              {shown.length === 0 ? <Empty title={texts.empty}>{texts.emptyWhy}</Empty> : <Months rows={shown} commodity={commodity} recorded={recorded} channel={channel && channels.includes(channel) ? channel : null} open={{ month: looked.of, column: looked.moves, months: looked.span, change }} />}
            </>
          );
        }}
      </Read>
    </Panel>
  );
}

interface MonthsProps {
  rows: Month[];
  commodity: string;
  recorded: boolean;
  channel: string | null;
  /** The figure of a channel that is looked behind, kept in the address. */
  open: { month: string | null; column: string | null; months: string | null; change(next: Record<string, string | null>): void };
}

function Months({ rows, commodity, recorded, channel, open }: MonthsProps) {
  const { words } = useSpeech();
  const texts = words.ledger.prepaid;
  const basis = recorded ? null : "effective";
  const others = Object.keys(words.parts.journalKinds).filter((kind) => !`recharge,${used},${refunds}`.split(",").includes(kind)).join(",");
  const whole = channel === null;
  const kinds: Record<Column, string> = { recharged: "recharge", used, refunded: refunds, other: others };
  const titles: Record<Column, string> = { recharged: texts.recharged, used: texts.used, refunded: texts.refunded, other: texts.other };
  // A journal may draw on recharges of several channels: the figure of one leads to those recharges, the whole to its postings.
  const door = (row: Month, column: Column) =>
    whole
      ? to("/ledger", { account: "prepaid", commodity, kind: kinds[column], from: row.month, until: lastDay(row.month), basis })
      : channel !== "none" && to("/books", { view: "prepaid", commodity, channel, basis: recorded ? "recorded" : null, months: open.months, moves: column, of: row.month });
  const figure = (row: Month, column: Column) => {
    const address = door(row, column);
    const amount = <Money amount={row[column]} places={6} quietZero />;
    return address ? <a href={`#${address}`}>{amount}</a> : amount;
  };
  const looked = columns.find((column) => column === open.column);
  const standing = (day: string, amount: string) =>
    whole ? (
      <a href={`#${to("/books", { view: "trial", asof: day, basis })}`}>
        <Money amount={amount} places={6} quietZero strong />
      </a>
    ) : (
      <Money amount={amount} places={6} quietZero strong />
    );
  return (
    <>
      <div className={classes.chart}>
        <AreaChart label={texts.chart} points={rows.map((row) => ({ on: lastDay(row.month), amount: row.closing }))} door={whole ? (point) => to("/books", { view: "trial", asof: point.on, basis }) : undefined} />
      </div>
      <table className={classes.report}>
        <thead>
          <tr>
            {[texts.month, texts.opening, commodity === "CNY" ? texts.recharged : texts.granted, texts.used, texts.refunded, texts.other, texts.closing].map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map((row) => (
            <tr key={row.month} data-testid="prepaid-month">
              <td>{row.month.slice(0, 7)}</td>
              <td>{standing(addDays(row.month, -1), row.opening)}</td>
              {columns.map((column) => (
                <td key={column}>{figure(row, column)}</td>
              ))}
              <td>{standing(lastDay(row.month), row.closing)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {channel && looked && open.month && (
        <ChannelMoves
          title={[words.parts.channels[channel] ?? channel, titles[looked], open.month.slice(0, 7)].join(" · ")}
          figure={{ channel, kinds: kinds[looked], from: open.month, until: lastDay(open.month), byEffective: !recorded }}
          onClose={() => open.change({ moves: null, of: null })}
        />
      )}
    </>
  );
}
