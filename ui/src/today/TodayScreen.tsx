import { useMemo } from "react";
import type { Result } from "../call";
import { plainMoney } from "../amounts";
import { AreaChart } from "../parts/Chart";
import { Chip, type Tone } from "../parts/Chip";
import { KeyHint } from "../parts/KeyHint";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Line, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Day, TimeLeft } from "../parts/Times";
import { useRead } from "../reading";
import { go } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import classes from "./today.module.css";

type Today = Result<"today.read">;
type Item = Today["waiting"][number];
type Clock = Today["clocks"][number];

/** The first screen: what waits for me, which clocks end, what waits on others, and whether the books tie out. */
export default function TodayScreen() {
  const today = useRead("today.read", {});
  return (
    <div className="screen" data-testid="screen-today" data-ready={today.data !== undefined}>
      <Read of={today} rows={10}>
        {(found) => <TodayPage today={found} />}
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
          <Clocks clocks={today.clocks} />
          <Others items={today.others} />
        </div>
        <div className={classes.narrow}>
          <TieOut lines={today.tie_out} />
          <Liability today={today} />
        </div>
      </div>
    </>
  );
}

/** What tomorrow is, and how many clocks end on one day after a holiday. */
function Outlook({ today }: { today: Today }) {
  const { words, formats } = useSpeech();
  const sort = today.next_day.sort as keyof typeof words.today.tomorrow;
  const said = words.today.tomorrow[sort];
  const first = typeof said === "function" ? said(formats.dayWithWeekday(today.next_day.on)) : said;
  const byDay = new Map<string, number>();
  for (const clock of today.clocks) byDay.set(clock.due_on, (byDay.get(clock.due_on) ?? 0) + 1);
  const crowded = [...byDay].filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1])[0];
  return (
    <span className="clip">
      {first} {crowded && words.today.clocksEnd(crowded[1], formats.day(crowded[0]))}
    </span>
  );
}

const tones: Record<string, Tone> = { refund: "violet", dispute: "brand", exception: "amber", invoice: "plain", credit_back: "plain" };

export function addressOf(item: { kind: string; subject_id: string; customer_id?: string | null }): string {
  switch (item.kind) {
    case "refund":
      return `/refunds/${item.subject_id}`;
    case "dispute":
      return `/disputes/${item.subject_id}`;
    case "invoice":
      return `/invoices/${item.subject_id}`;
    case "exception":
    case "import":
      return "/imports";
    case "policy":
      return "/policy";
    default:
      return item.customer_id ? `/customers/${item.customer_id}` : "/today";
  }
}

function Waiting({ items }: { items: Item[] }) {
  const { words } = useSpeech();
  const columns = useMemo<Column<Item>[]>(
    () => [
      { id: "kind", title: "", width: "96px", cell: (item) => <Chip tone={tones[item.kind]}>{words.today.kinds[item.kind] ?? item.kind}</Chip> },
      { id: "what", title: "", width: "minmax(220px, 1fr)", cell: (item) => <What item={item} />, copy: (item) => `${item.number} ${item.customer_name ?? ""}` },
      { id: "amount", title: "", width: "120px", align: "end", cell: (item) => <Money amount={item.amount} sign="¥" /> },
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
        rowKey={(item) => `${item.kind} ${item.subject_id} ${item.verb}`}
        amount={(item) => item.amount}
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
      <strong>{words.today.verbs[item.verb] ?? item.verb}</strong>{" "}
      <span className="muted">
        {item.number}
        {item.customer_name && ` · ${item.customer_name}`}
      </span>
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

function Clocks({ clocks }: { clocks: Clock[] }) {
  const { words, formats } = useSpeech();
  const names = words.today.clocks;
  return (
    <Panel title={names.title}>
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
              <tr key={clock.subject_id + clock.clock} onClick={() => go(addressOf(clock))}>
                <td>
                  <Day on={clock.due_on} weekday />{" "}
                  {clock.make_up && <Chip>{names.makeUp}</Chip>}
                  {clock.nominal_on && clock.nominal_on !== clock.due_on && <span className="muted">{names.moved(formats.day(clock.nominal_on))}</span>}
                </td>
                <td>
                  <a className={classes.door} href={`#${addressOf(clock)}`}>
                    {clock.number}
                  </a>{" "}
                  <span className="muted">{clock.customer_name}</span>
                </td>
                <td>{words.today.clockNames[clock.clock] ?? clock.clock}</td>
                <td className="number">
                  <Money amount={clock.amount} sign="¥" />
                </td>
                <td className="number">
                  <TimeLeft until={clock.due_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Others({ items }: { items: Item[] }) {
  const { words, formats } = useSpeech();
  const now = useNow();
  const names = words.today.others;
  return (
    <Panel title={names.title} aside={items.length > 0 ? formats.count(items.length) : undefined} fill className={classes.others}>
      {items.length === 0 ? (
        <Empty title={names.none}>{names.noneHint}</Empty>
      ) : (
        <table className={classes.clocks}>
          <tbody>
            {items.map((item) => (
              <tr key={item.kind + item.subject_id + item.verb} onClick={() => go(addressOf(item))}>
                <td>
                  <a className={classes.door} href={`#${addressOf(item)}`}>
                    {item.number}
                  </a>{" "}
                  <span className="muted">{item.customer_name}</span>
                </td>
                <td>
                  {words.today.verbs[item.verb] ?? item.verb}
                  {item.duty && <span className="muted">, {((words.shell.duties as Record<string, string>)[item.duty] ?? item.duty).toLowerCase()}</span>}
                </td>
                <td className="number">
                  <Money amount={item.amount} sign="¥" />
                </td>
                <td className="number">{formats.span(now.getTime() - Date.parse(item.since))}</td>
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
  const count = (state: string) => lines.filter((line) => line.state === state).length;
  const summary = [names.summary(count("ok"), lines.length), count("waits") && names.waits(count("waits")), count("open") && names.open(count("open"))].filter(Boolean).join(" · ");
  return (
    <Panel title={names.title} aside={lines.length > 0 && <Chip tone={count("open") > 0 ? "red" : count("waits") > 0 ? "plain" : "green"}>{summary}</Chip>}>
      {lines.length === 0 && <Empty title={names.none} />}
      {lines.map((line) => (
        <Line
          key={line.name}
          verdict={
            line.state === "ok" ? (
              <Chip tone="green">✓ {line.difference === null ? "" : plainMoney(line.difference)}</Chip>
            ) : line.state === "waits" ? (
              <Chip>{names.noFile}</Chip>
            ) : (
              <a href="#/imports">
                <Chip tone="red">{line.items > 0 ? names.items(line.items, plainMoney(line.difference ?? "0")) : plainMoney(line.difference ?? "0")}</Chip>
              </a>
            )
          }
        >
          {words.today.equations[line.name] ?? line.name}
          {line.on && `, ${formats.day(line.on)}`}
        </Line>
      ))}
    </Panel>
  );
}

function Liability({ today }: { today: Today }) {
  const { words, formats } = useSpeech();
  const names = words.today.liability;
  const first = today.liability[0];
  const last = today.liability.at(-1);
  // A ratio for the eye; the figures themselves stay exact texts.
  const ratio = first && last && Number(first.amount) > 0 ? Number(last.amount) / Number(first.amount) - 1 : null;
  const flows: [string, string][] = [
    [today.recharged, names.recharged],
    [today.used, names.used],
    [today.refunded, names.refunded],
  ];
  return (
    <Panel title={names.title} aside={names.hint} padded className={classes.liability}>
      {last && (
        <p className={classes.figure}>
          <a href="#/ledger?account=wallet">
            <Money amount={last.amount} sign="¥" />
          </a>
        </p>
      )}
      {ratio !== null && first && (
        <p className="muted">
          {formats.percent(ratio)} {names.since(formats.day(first.on))}
        </p>
      )}
      <div className={classes.chart}>
        <AreaChart points={today.liability} label={names.title} />
      </div>
      <p className={classes.flows}>
        {flows.map(([amount, label]) => (
          <span key={label}>
            <strong>{plainMoney(amount).replace(/\.\d+$/, "")}</strong> <span className="muted">{label}</span>
          </span>
        ))}
      </p>
    </Panel>
  );
}
