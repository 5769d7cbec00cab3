import { useMemo } from "react";
import type { Result } from "../call";
import { plainMoney } from "../amounts";
import { AreaChart } from "../parts/Chart";
import { Alarms } from "../locks/Alarms";
import { Chip, type Tone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { KeyHint } from "../parts/KeyHint";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Line, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Day, TimeLeft } from "../parts/Times";
import { proposalAddress } from "../proposals/deciding";
import { useRead } from "../reading";
import { go, to } from "../routes";
import { useNow, useTitles } from "../session";
import { dayOf, weekdayOf } from "../times";
import { useSpeech } from "../words";
import classes from "./today.module.css";

type Today = NonNullable<Result<"today.open">>;
type Item = Today["waiting"][number];
type Other = Today["others"][number];
type Clock = Today["clocks"][number];

/** The first screen: what waits for me, which clocks end, what waits on others, and whether the books tie out. */
export default function TodayScreen() {
  const today = useRead("today.open", {});
  return (
    <div className="screen" data-testid="screen-today" data-ready={today.data !== undefined}>
      <Read of={today} rows={10}>
        {(found) => found && <TodayPage today={found} />}
      </Read>
    </div>
  );
}

function TodayPage({ today }: { today: Today }) {
  const { words, formats } = useSpeech();
  const now = useNow();
  return (
    <>
      <Heading title={formats.title(dayOf(now))}>
        <Outlook today={today} />
      </Heading>
      <div className={classes.page}>
        <div className={classes.wide}>
          <Panel
            title={words.today.waiting.title}
            hint={words.today.waiting.hint}
            aside={
              <span className={classes.teach}>
                <KeyHint keys="j" /> <KeyHint keys="k" /> {words.shell.keys.move.toLowerCase()} · <KeyHint keys="Enter" /> {words.shell.keys.open.toLowerCase()}
              </span>
            }
          >
            <Waiting items={today.waiting} />
          </Panel>
          <Clocks clocks={today.clocks} calendar={today.calendar} />
          <Others items={today.others} />
        </div>
        <div className={classes.narrow}>
          <Alarms alarms={today.alarms} />
          <TieOut lines={today.tie_out} />
          <Liability today={today} />
        </div>
      </div>
    </>
  );
}

/** What tomorrow is, and the day on which most clocks end. */
function Outlook({ today }: { today: Today }) {
  const { words, formats } = useSpeech();
  const tomorrow = today.calendar[1];
  const next = today.calendar.slice(1).find((day) => !day.rest);
  const said = !tomorrow
    ? null
    : tomorrow.makeup
      ? words.today.tomorrow.makeUp
      : tomorrow.rest && next
        ? words.today.tomorrow.rest(formats.dayWithWeekday(next.on))
        : null;
  const crowded = today.calendar.reduce((most, day) => (day.clocks > most.clocks ? day : most), { on: "", clocks: 1 });
  return (
    <span className="clip">
      {said} {crowded.on && words.today.clocksEnd(crowded.clocks, formats.day(crowded.on))}
    </span>
  );
}

const tones: Record<string, Tone> = { refund: "violet", dispute: "brand", exceptions: "amber", invoice: "plain", credit_back: "plain", objection: "brand" };

function addressOf(item: { kind: string; id: string }): string {
  switch (item.kind) {
    case "refund":
      return `/refunds/${item.id}`;
    case "dispute":
      return `/disputes/${item.id}`;
    case "objection":
      return `/campaign/objections/${item.id}`;
    case "exceptions":
      return "/imports/exceptions";
    default:
      // Whatever one person proposed and another confirms is decided in one place.
      return proposalAddress(item.kind, item.id);
  }
}

/** The exceptions are one line that counts, and a policy, a list or a duty has no amount; everything else is a case with one. */
const withoutAmount = new Set(["objection", "campaign_terms", "campaign_turn", "credit_expiry", "exceptions", "policy", "vat_rate", "calendar", "seller", "person", "period_close", "period_reopen"]);
const amountOf = (item: Item) => (withoutAmount.has(item.kind) ? null : item.amount);

function Waiting({ items }: { items: Item[] }) {
  const { words } = useSpeech();
  const columns = useMemo<Column<Item>[]>(
    () => [
      { id: "kind", title: "", width: "112px", cell: (item) => <Chip tone={tones[item.kind]}>{words.today.kinds[item.kind] ?? words.proposals.kinds[item.kind] ?? item.kind}</Chip> },
      { id: "what", title: "", width: "minmax(220px, 1fr)", cell: (item) => <What item={item} />, copy: (item) => `${item.number} ${item.customer_name ?? ""}` },
      { id: "amount", title: "", width: "120px", align: "end", cell: (item) => <Money amount={amountOf(item)} sign="¥" /> },
      { id: "due", title: "", width: "128px", cell: (item) => <Due item={item} /> },
    ],
    [words],
  );
  return (
    <div className={classes.headless}>
      <Table
        label={words.today.waiting.title}
        columns={columns}
        rows={items}
        rowKey={(item) => `${item.kind} ${item.id} ${item.step}`}
        amount={amountOf}
        onOpen={(item) => go(addressOf(item))}
        queue={(item) => addressOf(item)}
        natural
        autoFocus
        rowTestId="today-waiting"
        empty={<Empty title={words.today.waiting.none}>{words.today.waiting.noneHint}</Empty>}
      />
    </div>
  );
}

function What({ item }: { item: Item }) {
  const { words } = useSpeech();
  return (
    <>
      <strong>{item.kind === "exceptions" ? words.today.exceptions(item.amount.replace(/\..*/, "")) : (words.today.steps[item.step] ?? item.step)}</strong>{" "}
      <span className="muted">{[item.kind === "policy" ? (words.policy.policies.names[item.number] ?? item.number) : item.number, item.customer_name].filter(Boolean).join(" · ")}</span>
    </>
  );
}

function Due({ item }: { item: Item }) {
  const { words, formats } = useSpeech();
  const today = dayOf(useNow());
  if (item.due_at) return <TimeLeft until={item.due_at} />;
  const since = dayOf(item.since);
  return <span className="soft">{since === today ? `${words.parts.time.today} ${formats.time(item.since)}` : formats.instant(item.since)}</span>;
}

function Clocks({ clocks, calendar }: { clocks: Clock[]; calendar: Today["calendar"] }) {
  const makeUpDays = new Set(calendar.filter((day) => day.makeup).map((day) => day.on));
  const { words, formats } = useSpeech();
  const names = words.today.clocks;
  return (
    <Panel title={names.title}>
      <Fortnight days={calendar} />
      {clocks.length === 0 ? (
        <Empty title={names.none}>{names.noneHint}</Empty>
      ) : (
        <table className={classes.clocks}>
          <thead>
            <tr>
              <th>{names.ends}</th>
              <th>{names.case}</th>
              <th>{names.clock}</th>
              <th className="number">{names.amount}</th>
              <th className="number">{names.left}</th>
            </tr>
          </thead>
          <tbody>
            {clocks.map((clock) => (
              <tr key={clock.dispute_id + clock.clock} onClick={() => go(`/disputes/${clock.dispute_id}`)}>
                <td>
                  <Day on={clock.due_on} weekday />{" "}
                  {makeUpDays.has(clock.due_on) && <Chip>{names.makeUp}</Chip>}
                  {clock.shifted && <span className="muted">{names.moved(formats.day(clock.nominal_on))}</span>}
                  {clock.provisional && <Chip tone="amber">{names.provisional}</Chip>}
                </td>
                <td>
                  <a className={classes.door} href={`#/disputes/${clock.dispute_id}`}>
                    {clock.number}
                  </a>{" "}
                  <span className="muted">{clock.customer_name}</span>
                </td>
                <td>{words.today.clockNames[clock.clock] ?? clock.clock}</td>
                <td className="number">
                  <Money amount={clock.amount} sign="¥" />
                </td>
                <td className="number">
                  <TimeLeft until={clock.expires_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** The next two weeks at a glance: rest days hatched, make-up days outlined, how many clocks end on each. */
function Fortnight({ days }: { days: Today["calendar"] }) {
  const { words, formats, language } = useSpeech();
  const weekdays = formats.weekdays();
  return (
    <ol className={classes.fortnight}>
      {days.map((day, at) => {
        const name = language === "en" ? day.name_en : day.name_zh;
        const said = [formats.dayInFull(day.on), name, day.makeup && words.parts.calendar.makeUp, !name && day.rest && words.parts.calendar.rest, day.clocks > 0 && words.today.clocksOn(day.clocks)];
        return (
          <li key={day.on} className={cx(classes.day, day.rest && classes.rest, day.makeup && classes.makeUp, at === 0 && classes.now)} title={said.filter(Boolean).join(" · ")}>
            <span>{weekdays[weekdayOf(day.on)]?.slice(0, 2)}</span>
            <strong>{Number(day.on.slice(8))}</strong>
            <span className={classes.ends}>{day.clocks > 0 ? day.clocks : ""}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Others({ items }: { items: Other[] }) {
  const { words, formats } = useSpeech();
  const now = useNow();
  const names = words.today.others;
  const titleOf = useTitles();
  return (
    <Panel title={names.title} aside={items.length > 0 ? formats.count(items.length) : undefined} fill className={classes.others}>
      {items.length === 0 ? (
        <Empty title={names.none}>{names.noneHint}</Empty>
      ) : (
        <table className={cx(classes.clocks, classes.waits)}>
          <tbody>
            {items.map((item) => (
              <tr key={item.kind + item.id} onClick={() => go(addressOf(item))}>
                <td>
                  <a className={classes.door} href={`#${addressOf(item)}`}>
                    {item.number}
                  </a>{" "}
                  <span className="muted">{item.customer_name}</span>
                </td>
                <td>
                  {words.today.waitsFor[item.waits_for] ?? item.waits_for}
                  {item.holder ? <span> · {titleOf(item.holder)}</span> : item.could_take.length > 0 && <span className="muted"> · {item.could_take.map(titleOf).join(", ")}</span>}
                </td>
                <td className="number">
                  <Money amount={item.amount} sign="¥" />
                </td>
                <td className="number" title={words.today.others.since(formats.exact(item.since))}>
                  {formats.span(now.getTime() - Date.parse(item.since))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function TieOut({ lines }: { lines: Today["tie_out"] }) {
  const { words, formats } = useSpeech();
  const names = words.today.tieOut;
  const count = (...states: string[]) => lines.filter((line) => states.includes(line.state)).length;
  const wrong = count("open", "broken");
  const waits = count("waits");
  const summary = [names.summary(count("ok"), lines.length), waits > 0 && names.waits(waits), wrong > 0 && names.open(wrong)].filter(Boolean).join(" · ");
  return (
    <Panel title={names.title} aside={<Chip tone={wrong > 0 ? "red" : waits > 0 ? "plain" : "green"}>{summary}</Chip>} data-testid="tie-out">
      {lines.map((line) => (
        <Line key={line.check} verdict={<Verdict line={line} />}>
          {words.today.equations[line.check] ?? line.check}
          {line.last_day && `, ${formats.day(line.last_day)}`}
        </Line>
      ))}
    </Panel>
  );
}

function Verdict({ line }: { line: Today["tie_out"][number] }) {
  const { words } = useSpeech();
  const statement = line.check.startsWith("statement_");
  const door = equationDoors[line.check];
  const ok = <Chip tone="green" title={statement ? undefined : `${plainMoney(line.left)} = ${plainMoney(line.right)}`}>✓ {plainMoney(line.difference)}</Chip>;
  switch (line.state) {
    case "ok":
      return statement || door ? <a href={`#${door ?? "/imports"}`}>{ok}</a> : ok;
    case "waits":
      return <Chip>{words.today.tieOut.noFile}</Chip>;
    default:
      if (line.check === "horizon_moves") return <Chip tone="red">{words.today.tieOut.minutes(line.difference)}</Chip>;
      return (
        <a href={`#${statement ? "/imports/exceptions" : (door ?? "/ledger")}`}>
          <Chip tone="red" title={statement ? undefined : `${plainMoney(line.left)} ≠ ${plainMoney(line.right)}`}>{statement ? words.today.tieOut.items(Number(line.left), plainMoney(line.difference)) : plainMoney(line.difference)}</Chip>
        </a>
      );
  }
}

/** All that is owed for principal: wallets and holds, not gifts. */
const prepaid = to("/ledger", { account: "prepaid", commodity: "CNY" });

/** Where the postings of an equation stand. */
const equationDoors: Record<string, string> = {
  wallets_equal_ledger: to("/ledger", { account: "wallet", commodity: "CNY" }),
  lots_equal_wallets_and_holds: prepaid,
  holds_equal_open_refunds: to("/ledger", { account: "refund_hold" }),
  gift_wallets_equal_gifts: to("/ledger", { account: "wallet", commodity: "CNY.GIFT" }),
  payable_equals_instructions: to("/ledger", { account: "refund_payable" }),
  suspense_equals_exceptions: to("/ledger", { account: "suspense" }),
  receivable_equals_uncollected: to("/ledger", { account: "receivable" }),
  repayment_holds_equal_repayments: to("/ledger", { account: "repayment_hold" }),
  credits_equal_ladders: to("/ledger", { commodity: "USD.CREDIT" }),
  stripe_clearing_equals_reports: to("/ledger", { account: "stripe_clearing" }),
  stripe_payouts_equal_movements: to("/ledger", { account: "stripe_clearing" }),
};

function Liability({ today }: { today: Today }) {
  const { words, formats } = useSpeech();
  const names = words.today.liability;
  const { amount, before, days } = today.liability;
  // A ratio for the eye; the figures themselves stay exact texts.
  const ratio = Number(before) > 0 ? Number(amount) / Number(before) - 1 : null;
  return (
    <Panel title={names.title} aside={names.hint} padded className={classes.liability}>
      <p className={classes.figure}>
        <a href={`#${prepaid}`}>
          <Money amount={amount} sign="¥" />
        </a>
      </p>
      {ratio !== null && days[0] && (
        <p className="muted">
          {formats.percent(ratio)} {names.since(formats.day(days[0].on))}
        </p>
      )}
      <div className={classes.chart}>
        <AreaChart points={days} label={names.title} door={(point) => `${prepaid}&asof=${point.on}`} />
      </div>
    </Panel>
  );
}
