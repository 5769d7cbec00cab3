import { useMemo, useState } from "react";
import { isZero, spreadsheetNumber } from "../amounts";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { go, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { BatchDialog } from "./BatchDialog";
import type { Batch, Channel, Leg } from "./board";
import { BalanceDialog, ExportDialog, RecallDialog, RetryDialog } from "./dialogs";
import classes from "./payouts.module.css";

const legTone: Record<Leg["state"], Tone> = {
  ready: "brand",
  stopped: "amber",
  window_closed: "red",
  too_many: "amber",
  too_soon: "plain",
  exported: "violet",
  uploaded: "violet",
  accepted: "green",
  failed: "red",
  transfer_unplanned: "red",
  transfer_in_approval: "amber",
  transfer_ready: "brand",
};
const batchTone: Record<string, Tone> = { exported: "amber", uploaded: "violet", answered: "green", cancelled: "plain" };

type Asked = { what: "export"; channel: Channel } | { what: "balance"; channel: string } | { what: "recall"; leg: Leg } | { what: "retry"; leg: Leg };

/** "/payouts": what may leave for each provider; "/payouts/files": what left, and what the providers said. */
export default function PayoutsScreen() {
  const { words } = useSpeech();
  const text = words.payouts;
  const { parts } = useRoute();
  const files = parts[1] === "files";
  const board = useRead("payouts.board", {}, { every_ms: 30_000 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const open = files && parts[2] ? board.data?.batches.find((batch) => batch.id === parts[2]) : undefined;
  return (
    <div className="screen" data-testid="screen-payouts" data-ready={board.data !== undefined}>
      <Heading title={text.title}>{text.hint}</Heading>
      <Read of={board}>
        {(data) => (
          <>
            <div className={classes.channels}>
              {data.channels.map((channel) => (
                <ChannelPanel key={channel.channel} channel={channel} onAsk={setAsked} />
              ))}
            </div>
            <Tabs label={text.title} tabs={Object.entries(text.tabs).map(([id, title]) => ({ id, title }))} chosen={files ? "files" : "legs"} onChoose={(id) => go(id === "files" ? "/payouts/files" : "/payouts")} />
            <Panel fill>{files ? <Files batches={data.batches} /> : <Legs legs={data.legs} onAsk={setAsked} />}</Panel>
          </>
        )}
      </Read>
      {asked?.what === "export" && <ExportDialog channel={asked.channel} onClose={close} />}
      {asked?.what === "balance" && <BalanceDialog channel={asked.channel} onClose={close} />}
      {asked?.what === "recall" && <RecallDialog leg={asked.leg} onClose={close} />}
      {asked?.what === "retry" && <RetryDialog leg={asked.leg} onClose={close} />}
      {open && <BatchDialog batch={open} onClose={() => go("/payouts/files")} />}
    </div>
  );
}

/** One provider: what is ready against what its merchant account holds. */
function ChannelPanel({ channel, onAsk }: { channel: Channel; onAsk(asked: Asked): void }) {
  const { words, formats } = useSpeech();
  const text = words.payouts;
  const treasurer = useDuty("treasurer");
  const teller = useDuty("treasurer", "accountant");
  // A transfer leaves at the bank, one by one, and its reference is noted on its case.
  const bank = channel.channel === "bank";
  const blocked = !treasurer ? words.parts.refusal.needs(words.shell.duties.treasurer) : channel.ready_count === 0 ? text.nothingReady : null;
  return (
    <Panel
      title={words.parts.channels[channel.channel] ?? channel.channel}
      hint={(bank ? text.payable : text.ready)(formats.count(channel.ready_count))}
      aside={
        <span className={classes.acts}>
          <Button small onClick={() => onAsk({ what: "balance", channel: channel.channel })} blocked={!teller && words.parts.refusal.needs(words.shell.duties.treasurer)} data-testid={`payout-balance-${channel.channel}`}>
            {text.tell}
          </Button>
          {!bank && (
            <Button small kind="primary" keys={channel.channel === "alipay" ? "a" : "w"} onClick={() => onAsk({ what: "export", channel })} blocked={blocked} data-testid={`payout-export-${channel.channel}`}>
              {text.export}
            </Button>
          )}
        </span>
      }
      data-testid={`payout-channel-${channel.channel}`}
    >
      <dl className={classes.figures}>
        <div>
          <dt>{bank ? text.figures.toPay : text.figures.ready}</dt>
          <dd>
            <Money amount={channel.ready} strong />
          </dd>
        </div>
        <div>
          <dt>{bank ? text.figures.inApproval : text.figures.underWay}</dt>
          <dd>
            <Money amount={channel.under_way} />
          </dd>
        </div>
        <div>
          <dt>{bank ? text.figures.unplanned : text.figures.stuck}</dt>
          <dd>
            <Money amount={channel.stuck} />
          </dd>
        </div>
        <div>
          <dt>{channel.balance_as_of ? text.figures.balanceAt(text.account(bank), formats.instant(channel.balance_as_of)) : text.account(bank)}</dt>
          <dd>{channel.balance ? <Money amount={channel.balance} /> : <small>{text.balanceUnknown}</small>}</dd>
          {!isZero(channel.short) && <span className={classes.short}>{text.short(channel.short)}</span>}
        </div>
      </dl>
    </Panel>
  );
}

function Legs({ legs, onAsk }: { legs: Leg[]; onAsk(asked: Asked): void }) {
  const { words, formats } = useSpeech();
  const text = words.payouts;
  const treasurer = useDuty("treasurer", "supervisor");
  const retrier = useDuty("treasurer", "accountant");
  const columns = useMemo((): Column<Leg>[] => {
    const names = text.columns;
    const door = (leg: Leg) => (leg.kind === "refund" ? `#/refunds/${leg.case_id}` : `#/disputes/${leg.case_id}`);
    const why = (leg: Leg) => leg.reason ?? text.why[leg.state] ?? "";
    return [
      { id: "refund_no", title: names.refundNo, width: "142px", cell: (leg) => <strong>{leg.refund_no}</strong>, copy: (leg) => leg.refund_no },
      { id: "case", title: names.case, width: "116px", cell: (leg) => <a href={door(leg)}>{leg.case_number}</a>, copy: (leg) => leg.case_number },
      { id: "customer", title: names.customer, width: "minmax(110px, 1.2fr)", cell: (leg) => <a className={classes.quiet} href={`#/customers/${leg.customer_id}`}>{leg.customer_name}</a>, copy: (leg) => leg.customer_name },
      { id: "channel", title: names.channel, width: "74px", cell: (leg) => words.parts.channels[leg.channel] ?? leg.channel, copy: (leg) => leg.channel },
      { id: "order", title: names.order, width: "minmax(160px, 1fr)", spare: 1, cell: (leg) => <span className="soft clip">{leg.order_no}</span>, copy: (leg) => leg.order_no },
      { id: "amount", title: names.amount, width: "112px", align: "end", cell: (leg) => <Money amount={leg.amount} />, copy: (leg) => spreadsheetNumber(leg.amount) },
      { id: "window", title: names.window, width: "96px", align: "end", cell: (leg) => leg.days_left !== null && <span className={leg.days_left < 14 ? classes.short : "soft"}>{text.days(formats.count(leg.days_left))}</span>, copy: (leg) => String(leg.days_left ?? "") },
      { id: "state", title: names.state, width: "146px", cell: (leg) => <Chip tone={legTone[leg.state]}>{text.states[leg.state]}</Chip>, copy: (leg) => text.states[leg.state] },
      { id: "why", title: names.why, width: "minmax(120px, 1.4fr)", cell: (leg) => <span className="soft clip" title={why(leg)}>{why(leg)}</span>, copy: why },
      {
        id: "acts",
        title: "",
        width: "96px",
        align: "end",
        cell: (leg) =>
          leg.state === "failed" && leg.kind === "refund" ? (
            <Button small onClick={() => onAsk({ what: "retry", leg })} blocked={!retrier && words.parts.refusal.needs(words.shell.duties.treasurer)}>
              {text.retry}
            </Button>
          ) : leg.kind === "refund" && ["ready", "stopped", "window_closed", "too_many", "too_soon"].includes(leg.state) ? (
            <Button small kind="quiet" onClick={() => onAsk({ what: "recall", leg })} blocked={!treasurer && words.parts.refusal.needs(words.shell.duties.treasurer)}>
              {text.recall}
            </Button>
          ) : null,
      },
    ];
  }, [words, formats, text, treasurer, retrier, onAsk]);
  return (
    <Table
      label={text.title}
      columns={columns}
      rows={legs}
      rowKey={(leg) => leg.refund_no}
      amount={(leg) => leg.amount}
      onOpen={(leg) => go(leg.kind === "refund" ? `/refunds/${leg.case_id}` : `/disputes/${leg.case_id}`)}
      autoFocus
      rowTestId="payout-leg"
      rowMark={(leg) => ({ "data-no": leg.refund_no, "data-state": leg.state })}
      empty={<Empty title={text.empty.legs}>{text.empty.legsWhy}</Empty>}
    />
  );
}

function Files({ batches }: { batches: Batch[] }) {
  const { words, formats } = useSpeech();
  const text = words.payouts;
  const columns = useMemo((): Column<Batch>[] => {
    const names = text.batchColumns;
    return [
      { id: "number", title: names.number, width: "130px", cell: (batch) => <strong>{batch.number}</strong>, copy: (batch) => batch.number },
      { id: "channel", title: names.channel, width: "90px", cell: (batch) => words.parts.channels[batch.channel] ?? batch.channel, copy: (batch) => batch.channel },
      { id: "legs", title: names.legs, width: "90px", align: "end", cell: (batch) => <span className="number">{formats.count(batch.leg_count)}</span>, copy: (batch) => String(batch.leg_count) },
      { id: "amount", title: names.amount, width: "130px", align: "end", cell: (batch) => <Money amount={batch.amount} />, copy: (batch) => spreadsheetNumber(batch.amount) },
      { id: "status", title: names.status, width: "150px", cell: (batch) => <Chip tone={batchTone[batch.status] ?? "plain"}>{text.batchStates[batch.status] ?? batch.status}</Chip>, copy: (batch) => text.batchStates[batch.status] ?? batch.status },
      { id: "failed", title: names.failed, width: "90px", align: "end", cell: (batch) => (batch.failed_count > 0 ? <span className={classes.short}>{formats.count(batch.failed_count)}</span> : null) },
      { id: "provider", title: names.provider, width: "minmax(120px, 1fr)", cell: (batch) => <span className="soft">{batch.provider_batch_no}</span>, copy: (batch) => batch.provider_batch_no ?? "" },
      { id: "at", title: names.at, width: "150px", cell: (batch) => <Instant at={batch.exported_at} />, copy: (batch) => formats.exact(batch.exported_at) },
      { id: "by", title: names.by, width: "110px", spare: 1, cell: (batch) => <span className="soft">{batch.exported_by}</span>, copy: (batch) => batch.exported_by },
    ];
  }, [words, formats, text]);
  return (
    <Table
      label={text.title}
      columns={columns}
      rows={batches}
      rowKey={(batch) => batch.id}
      amount={(batch) => batch.amount}
      onOpen={(batch) => go(`/payouts/files/${batch.id}`)}
      autoFocus
      rowTestId="payout-batch"
      rowMark={(batch) => ({ "data-no": batch.number, "data-status": batch.status })}
      empty={<Empty title={text.empty.files}>{text.empty.filesWhy}</Empty>}
    />
  );
}
