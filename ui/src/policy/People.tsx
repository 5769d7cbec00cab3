import { useMemo, useState } from "react";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Choice, DayField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { LendDialog } from "./LendDialog";
import { dutyState, startOf, type DutyState, type Person } from "./values";
import classes from "./policy.module.css";

type Held = Person["duties"][number];
const tones: Record<DutyState, Tone> = { now: "green", waiting: "brand", later: "plain", over: "plain", withdrawn: "plain" };

/** Everyone, what they may do today, and what waits for a supervisor. */
export function People() {
  const people = useRead("people.list", {});
  return (
    <div className="screen" data-testid="screen-policy" data-ready={people.data !== undefined}>
      <Read of={people} rows={10}>
        {(rows) => <PeopleTable people={rows} />}
      </Read>
    </div>
  );
}

/** What the database lends to nobody. */
const unlendable = ["administrator", "auditor", "platform"];

function useDutyName(): (duty: string) => string {
  const { words } = useSpeech();
  return (duty) => (words.shell.duties as Record<string, string>)[duty] ?? duty;
}

function PeopleTable({ people }: { people: Person[] }) {
  const { words } = useSpeech();
  const text = words.policy;
  const [id, setId] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const now = useNow();
  const waitingFirst = people.find((person) => person.duties.some((duty) => dutyState(duty, now) === "waiting"));
  const chosen = people.find((person) => person.id === id) ?? waitingFirst ?? people[0] ?? null;
  const proposes = useDuty("administrator");
  const columns = useColumns(now);
  const [lending, setLending] = useState(false);
  const { login } = useSession();
  const lendable = people.find((person) => person.login === login)?.duties.filter((duty) => dutyState(duty, now) === "now" && duty.delegated_by === null && !unlendable.includes(duty.duty)) ?? [];
  return (
    <div className={cx(classes.split, classes.tall)}>
      <div className={classes.main}>
        <Panel
          fill
          title={text.people.title}
          hint={text.people.loginHint}
          aside={
            <>
            <Button small keys="l" blocked={lendable.length === 0 && words.casework.lending.none} onClick={() => setLending(true)} data-testid="duty-lend">
              {words.casework.lending.button}
            </Button>{" "}
            <Button kind={proposes ? "primary" : "plain"} small keys="n" blocked={!proposes && words.parts.refusal.needs(words.shell.duties.administrator)} onClick={() => setAsking(true)} data-testid="duty-propose">
              {text.people.propose}
            </Button>
            </>
          }
        >
          <Table label={text.people.title} columns={columns} rows={people} rowKey={(row) => String(row.id)} onPeek={(row) => setId(row?.id ?? null)} autoFocus rowTestId="person-row" rowMark={(row) => ({ "data-login": row.login })} empty={<Empty title={text.people.none} />} />
        </Panel>
      </div>
      {chosen && <Duties key={chosen.id} person={chosen} />}
      {asking && <DutyDialog people={people} person={chosen} onClose={() => setAsking(false)} />}
      {lending && <LendDialog people={people} duties={lendable.map((duty) => duty.duty)} onClose={() => setLending(false)} />}
    </div>
  );
}

function useColumns(now: Date): Column<Person>[] {
  const { words } = useSpeech();
  const name = useDutyName();
  return useMemo(() => {
    const names = words.policy.people.columns;
    const of = (row: Person, state: DutyState) => row.duties.filter((duty) => dutyState(duty, now) === state).map((duty) => name(duty.duty));
    return [
      { id: "login", title: names.login, width: "120px", cell: (row) => <strong>{row.login}</strong>, copy: (row) => row.login },
      { id: "title", title: names.title, width: "minmax(130px, 1fr)", cell: (row) => <span className="soft">{row.title}</span>, copy: (row) => row.title },
      { id: "duties", title: names.duties, width: "minmax(150px, 1.3fr)", cell: (row) => <span className="clip">{of(row, "now").join(", ") || "–"}</span>, copy: (row) => of(row, "now").join(", ") },
      { id: "waiting", title: names.waiting, width: "130px", cell: (row) => of(row, "waiting").map((duty) => <Chip key={duty} tone="brand">{duty}</Chip>), copy: (row) => of(row, "waiting").join(", ") },
    ];
  }, [words, now]); // eslint-disable-line
}

/** One person's duties with their dates: those that wait first, those that are over last. */
function Duties({ person }: { person: Person }) {
  const { words } = useSpeech();
  const text = words.policy.people;
  const now = useNow();
  const [ending, setEnding] = useState<Held | null>(null);
  const order: DutyState[] = ["waiting", "now", "later", "over", "withdrawn"];
  const sorted = [...person.duties].sort((a, b) => order.indexOf(dutyState(a, now)) - order.indexOf(dutyState(b, now)) || b.id - a.id);
  return (
    <Panel title={person.login} hint={person.title} data-testid="person-duties" className={classes.sidePanel}>
      {sorted.length === 0 && <Empty title={text.none} />}
      {sorted.map((duty) => (
        <DutyEntry key={duty.id} person={person} duty={duty} first={duty === sorted[0]} state={dutyState(duty, now)} onEnd={() => setEnding(duty)} />
      ))}
      {ending && <EndDialog person={person} duty={ending} onClose={() => setEnding(null)} />}
    </Panel>
  );
}

function DutyEntry({ person, duty, first, state, onEnd }: { person: Person; duty: Held; first: boolean; state: DutyState; onEnd(): void }) {
  const { words, formats } = useSpeech();
  const text = words.policy.people;
  const name = useDutyName();
  const { login } = useSession();
  const confirms = useDuty("supervisor");
  const lent = duty.delegated_by !== null && (duty.delegated_by === login || person.login === login);
  const ends = useDuty("administrator", "supervisor") || lent;
  const confirm = useAction("people.confirm_duty");
  const form = useCommandId();
  const needs = (...duties: ("supervisor" | "administrator")[]) => words.parts.refusal.needs(duties.map((one) => words.shell.duties[one]).join(", "));
  const send = async () => {
    if (await confirm.send({ command_id: form.id, duty_id: duty.id })) notify(text.confirmed(person.login));
  };
  const dated = (instant: string | null) => (instant && instant !== "infinity" ? formats.day(dayOf(instant)) : null);
  const from = dated(duty.from_at);
  const until = dated(duty.until_at);
  return (
    <div className={classes.entry} data-testid="duty" data-duty={duty.duty} data-state={state}>
      <div className={classes.entryHead}>
        <span>
          <strong>{name(duty.duty)}</strong> <Chip tone={tones[state]}>{text.states[state]}</Chip>
        </span>
        <span className={classes.entryActions}>
          {state === "waiting" && (
            <Button small kind={confirms ? "primary" : "plain"} keys={first ? "a" : undefined} busy={confirm.busy} blocked={!confirms ? needs("supervisor") : person.login === login ? text.yourself : null} onClick={() => void send()} data-testid="duty-confirm">
              {words.policy.confirm}
            </Button>
          )}
          {(state === "waiting" || state === "now" || state === "later") && (
            <Button small onClick={onEnd} blocked={!ends && needs("administrator", "supervisor")} data-testid="duty-end">
              {lent && person.login === login ? words.casework.lending.giveBack : text.end}
            </Button>
          )}
        </span>
      </div>
      <p className="muted">{state === "waiting" ? text.confirmBy : [duty.delegated_by && words.casework.lending.standsIn(duty.delegated_by), duty.reason, from && words.policy.from(from), until && text.until(until)].filter(Boolean).join(" · ")}</p>
      <Refusal error={confirm.refusal} />
    </div>
  );
}

function EndDialog({ person, duty, onClose }: { person: Person; duty: Held; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.policy.people;
  const name = useDutyName();
  const end = useAction("people.end_duty");
  const form = useCommandId();
  const send = async () => {
    if (!(await end.send({ command_id: form.id, duty_id: duty.id }))) return;
    notify(text.ended(person.login));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.endTitle(name(duty.duty), person.login)}>
      <Form onSubmit={() => void send()} submit={text.endSubmit} danger busy={end.busy} refusal={end.refusal} onCancel={onClose} submitTestId="duty-end-submit">
        <p>{duty.confirmed ? text.endText : text.withdrawText}</p>
      </Form>
    </Dialog>
  );
}

function DutyDialog({ people, person, onClose }: { people: Person[]; person: Person | null; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.policy.people.form;
  const today = dayOf(useNow());
  const [who, setWho] = useState<string | null>(person ? String(person.id) : null);
  const [duty, setDuty] = useState<string | null>(null);
  const [from, setFrom] = useState<string | null>(today);
  const [until, setUntil] = useState<string | null>(null);
  const propose = useAction("people.propose_duty");
  const form = useCommandId();
  const missing = !who ? text.needs.person : !duty ? text.needs.duty : !from ? text.needs.from : until && until <= from ? text.needs.order : null;
  const send = async () => {
    const row = await propose.send({ command_id: form.id, person_id: Number(who), duty: duty ?? "", from_at: startOf(from ?? today), until_at: until && startOf(until) });
    if (!row) return;
    notify(text.done(row.login));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="duty-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="duty-submit">
        <Row>
          <Choice label={text.person} value={who} onChange={setWho} searchable options={people.map((one) => ({ value: String(one.id), label: `${one.login} · ${one.title}` }))} data-testid="duty-person" />
          <Choice label={text.duty} value={duty} onChange={setDuty} searchable options={Object.entries(words.shell.duties).map(([value, label]) => ({ value, label }))} data-testid="duty-name" />
        </Row>
        <Row>
          <DayField label={text.from} value={from} onChange={setFrom} data-testid="duty-from" />
          <DayField label={text.until} value={until} onChange={setUntil} optional hint={text.untilHint} data-testid="duty-until" />
        </Row>
      </Form>
    </Dialog>
  );
}
