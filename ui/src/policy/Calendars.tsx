import { useMemo, useState } from "react";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Day, Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useSession } from "../session";
import { useSpeech } from "../words";
import { CalendarDialog } from "./CalendarDialog";
import type { Calendar } from "./values";
import classes from "./policy.module.css";

type State = "force" | "waiting" | "old" | "declined";
const stateOf = (list: Calendar): State => (list.in_force ? "force" : list.declined_at ? "declined" : list.confirmed_at === null ? "waiting" : "old");
const tones: Record<State, Tone> = { force: "green", waiting: "brand", old: "plain", declined: "plain" };

/** Every version of every year's list, and the days of the chosen one. */
export function Calendars() {
  const lists = useRead("calendar.list", {});
  return (
    <div className="screen" data-testid="screen-policy" data-ready={lists.data !== undefined}>
      <Read of={lists} rows={10}>
        {(rows) => <CalendarTable lists={rows} />}
      </Read>
    </div>
  );
}

function CalendarTable({ lists }: { lists: Calendar[] }) {
  const { words } = useSpeech();
  const text = words.policy.calendars;
  const [id, setId] = useState<number | null>(null);
  const [adding, setAdding] = useState(false);
  const chosen = lists.find((list) => list.id === id) ?? lists.find((list) => stateOf(list) === "waiting") ?? lists[0] ?? null;
  const enters = useDuty("administrator");
  const columns = useColumns();
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <Panel
          title={text.title}
          hint={text.hint}
          aside={
            <Button kind={enters ? "primary" : "plain"} small keys="n" blocked={!enters && words.parts.refusal.needs(words.shell.duties.administrator)} onClick={() => setAdding(true)} data-testid="calendar-add">
              {text.add}
            </Button>
          }
        >
          <Table label={text.title} columns={columns} rows={lists} rowKey={(row) => String(row.id)} onPeek={(row) => setId(row?.id ?? null)} natural autoFocus rowTestId="calendar-row" rowMark={(row) => ({ "data-version": row.version, "data-state": stateOf(row) })} empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>} />
        </Panel>
        {chosen && <Days list={chosen} />}
      </div>
      {chosen && <Source key={chosen.id} list={chosen} />}
      {adding && <CalendarDialog onClose={() => setAdding(false)} />}
    </div>
  );
}

function useColumns(): Column<Calendar>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.policy.calendars;
    const names = text.columns;
    const state = (row: Calendar) => text.states[stateOf(row)] ?? "";
    return [
      { id: "year", title: names.year, width: "64px", cell: (row) => <strong>{row.year}</strong>, copy: (row) => String(row.year) },
      { id: "version", title: names.version, width: "132px", cell: (row) => <span className="soft">{row.version}</span>, copy: (row) => row.version },
      { id: "notice", title: names.notice, width: "minmax(160px, 1fr)", cell: (row) => <span className="clip">{row.notice_title}</span>, copy: (row) => row.notice_title },
      { id: "announced", title: names.announced, width: "110px", spare: 1, cell: (row) => <Day on={row.announced_on} />, copy: (row) => row.announced_on ?? "" },
      { id: "days", title: names.days, width: "60px", align: "end", cell: (row) => formats.count(row.days.length), copy: (row) => String(row.days.length) },
      { id: "state", title: names.state, width: "148px", cell: (row) => <Chip tone={tones[stateOf(row)]}>{state(row)}</Chip>, copy: state },
    ];
  }, [words, formats]);
}

function Days({ list }: { list: Calendar }) {
  const { words, formats, language } = useSpeech();
  const text = words.policy.calendars;
  const rest = list.days.filter((day) => day.rest).length;
  return (
    <Panel title={list.version} hint={`${text.restCount(formats.count(rest))} · ${text.makeUpCount(formats.count(list.days.length - rest))}`} data-testid="calendar-days">
      <ul className={classes.days}>
        {list.days.map((day) => (
          <li key={day.on} className={day.rest ? classes.restDay : classes.makeUpDay} data-rest={day.rest}>
            <Day on={day.on} weekday />
            <span className={classes.dayName}>{language === "en" ? day.name.en : day.name.zh}</span>
            <span className={classes.dayKind}>{day.rest ? text.rest : text.makeUp}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Source({ list }: { list: Calendar }) {
  const { words } = useSpeech();
  const text = words.policy.calendars;
  const { login } = useSession();
  const confirms = useDuty("approver");
  const confirm = useAction("calendar.confirm");
  const form = useCommandId();
  const state = stateOf(list);
  const blocked = !confirms ? words.parts.refusal.needs(words.shell.duties.approver) : list.imported_by === login ? String(words.rules.calendar_confirmed_by_importer.what) : null;
  const send = async () => {
    const row = await confirm.send({ command_id: form.id, calendar_id: list.id });
    if (row) notify(text.confirmed(row.version));
  };
  return (
    <Panel title={`${list.year}`} hint={text.kinds[list.kind] ?? list.kind} aside={<Chip tone={tones[state]}>{text.states[state]}</Chip>} padded data-testid="calendar-source">
      <p className={classes.notice}>{list.notice_title}</p>
      <Facts
        rows={[
          list.notice_no ? [text.form.noticeNo, list.notice_no] : null,
          list.announced_on ? [text.columns.announced, <Day key="d" on={list.announced_on} />] : null,
          list.notice_source ? [text.source, <span key="s" className={classes.address}>{list.notice_source}</span>] : null,
          [text.enteredBy, list.imported_by ? <span key="i">{list.imported_by} · <Instant at={list.imported_at} /></span> : words.policy.shipped],
          list.confirmed_by ? [text.confirmedBy, <span key="c">{list.confirmed_by} · <Instant at={list.confirmed_at} /></span>] : null,
        ]}
      />
      {list.kind !== "official" && <p className={classes.footNote}>{text.provisionalHint}</p>}
      {state === "waiting" && (
        <div className={classes.decide}>
          <p className="muted">{text.confirmHint}</p>
          <Refusal error={confirm.refusal} />
          <Button kind={confirms ? "primary" : "plain"} keys="a" busy={confirm.busy} blocked={blocked} onClick={() => void send()} data-testid="calendar-confirm">
            {words.policy.confirm}
          </Button>
        </div>
      )}
    </Panel>
  );
}
