import { useState } from "react";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Choice } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { useSpeech } from "../words";
import type { Desk } from "./rows";
import classes from "./deadlines.module.css";

/** Before a holiday: what ends on the first day back, when no time to prepare is left. */
export function Ahead({ ahead }: { ahead: NonNullable<Desk["ahead"]> }) {
  const { words, formats, language } = useSpeech();
  const text = words.deadlines.ahead;
  const name = ahead.name ? (language === "en" ? ahead.name.en : ahead.name.zh) : text.holiday;
  const back = formats.dayWithWeekday(ahead.back_on);
  return (
    <Panel title={text.title(name)} padded data-testid="deadline-ahead">
      <p className="muted">{text.from(formats.day(ahead.first_on), formats.day(ahead.last_on))}</p>
      <p>{ahead.clocks > 0 ? text.ends(ahead.clocks, back) : text.none(back)}</p>
      {ahead.cases.length > 0 && (
        <p className={classes.numbers}>
          {ahead.cases.map((one) => (
            <a key={one.id + one.kind} href={`#/disputes/${one.id}`}>
              {one.number}
            </a>
          ))}
        </p>
      )}
    </Panel>
  );
}

/** How much lies on whose table; a click shows only that. */
export function People({ people, chosen, onChoose }: { people: Desk["people"]; chosen: string | null; onChoose(id: string | null): void }) {
  const { words, formats } = useSpeech();
  const text = words.deadlines.people;
  return (
    <Panel title={text.title} aside={chosen && <Button small onClick={() => onChoose(null)}>{words.deadlines.everybody}</Button>} data-testid="deadline-people">
      {people.length === 0 ? (
        <Empty title={text.none}>{text.noneWhy}</Empty>
      ) : (
        <table className={classes.people}>
          <thead>
            <tr>
              <th />
              <th className="number">{text.open}</th>
              <th className="number">{text.overdue}</th>
              <th className="number">{text.week}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.id} className={cx(String(one.id) === chosen && classes.chosen)} data-testid="deadline-person" data-login={one.login}>
                <td>
                  <button type="button" className={classes.person} aria-pressed={String(one.id) === chosen} title={words.deadlines.onlyOf(one.login)} onClick={() => onChoose(String(one.id) === chosen ? null : String(one.id))}>
                    {one.login}
                  </button>
                  {one.away_until && <span className="muted"> {text.away(formats.instant(one.away_until))} · {one.deputy ? text.deputy(one.deputy) : text.noDeputy}</span>}
                </td>
                <td className="number">{formats.count(one.open)}</td>
                <td className="number">{one.overdue > 0 ? <Chip tone="red">{formats.count(one.overdue)}</Chip> : "–"}</td>
                <td className="number">{one.week > 0 ? formats.count(one.week) : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** Who is going away, and what the deputy said. */
export function Absences({ desk }: { desk: Desk }) {
  const { words, formats } = useSpeech();
  const text = words.deadlines.absences;
  const [asking, setAsking] = useState(false);
  const leaves = useDuty("handler", "legal", "supervisor");
  return (
    <Panel
      title={text.title}
      aside={
        <Button small keys="w" blocked={!leaves && words.parts.refusal.needs(words.shell.duties.handler)} onClick={() => setAsking(true)} data-testid="absence-ask">
          {text.ask}
        </Button>
      }
      data-testid="deadline-absences"
    >
      {desk.absences.length === 0 && <Empty title={text.none}>{text.noneWhy}</Empty>}
      {desk.absences.map((one) => (
        <div key={one.id} className={classes.absence} data-testid="absence" data-state={one.state}>
          <div>
            <strong>{one.person}</strong> <span className="muted">→ {one.deputy}</span>
            <p className="muted">{text.span(formats.instant(one.away_from), formats.instant(one.away_until))}</p>
          </div>
          <Answer absence={one} />
        </div>
      ))}
      {asking && <AbsenceDialog people={desk.people} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function Answer({ absence }: { absence: Desk["absences"][number] }) {
  const { words } = useSpeech();
  const text = words.deadlines.absences;
  const answer = useAction("deadlines.answer_as_deputy");
  const end = useAction("deadlines.end_absence");
  const form = useCommandId();
  const supervises = useDuty("supervisor");
  const say = async (accepts: boolean) => {
    if (await answer.send({ command_id: form.id, absence_id: absence.id, accepts })) notify(text.answered);
    else form.renew();
  };
  const stop = async () => {
    if (await end.send({ command_id: form.id, absence_id: absence.id })) notify(text.ended);
  };
  return (
    <div className={classes.answer}>
      {absence.asks_me ? (
        <>
          <Button small kind="primary" busy={answer.busy} onClick={() => void say(true)} data-testid="absence-accept">
            {text.accept}
          </Button>
          <Button small busy={answer.busy} onClick={() => void say(false)} data-testid="absence-decline">
            {text.decline}
          </Button>
        </>
      ) : (
        <Chip tone={absence.state === "accepted" ? "green" : absence.state === "declined" ? "red" : "amber"}>{text.states[absence.state]}</Chip>
      )}
      {(absence.mine || supervises) && absence.state !== "declined" && (
        <Button small busy={end.busy} onClick={() => void stop()} data-testid="absence-end">
          {text.end}
        </Button>
      )}
      <Refusal error={answer.refusal ?? end.refusal} />
    </div>
  );
}

function AbsenceDialog({ people, onClose }: { people: Desk["people"]; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.deadlines.absences;
  const now = useNow();
  const { login } = useSession();
  const mine = people.find((one) => one.login === login);
  const [person, setPerson] = useState<string | null>(mine ? String(mine.id) : null);
  const [deputy, setDeputy] = useState<string | null>(null);
  const [from, setFrom] = useState(() => beijing(now));
  const [until, setUntil] = useState("");
  const supervises = useDuty("supervisor");
  const ask = useAction("deadlines.ask_deputy");
  const form = useCommandId();
  const blocked = !instantOf(from) || !instantOf(until) ? text.needsTimes : !deputy || !person ? text.needsDeputy : null;
  const send = async () => {
    const row = await ask.send({ command_id: form.id, away_from: instantOf(from) ?? from, away_until: instantOf(until) ?? until, deputy_id: Number(deputy), ...(person !== String(mine?.id) ? { person_id: Number(person) } : {}) });
    if (!row) return;
    notify(text.asked(row.deputy));
    onClose();
  };
  const options = people.map((one) => ({ value: String(one.id), label: one.login }));
  return (
    <Dialog open onClose={onClose} title={text.asking} data-testid="absence-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked} busy={ask.busy} refusal={ask.refusal} onCancel={onClose} submitTestId="absence-submit">
        {supervises && <Choice label={text.person} value={person} onChange={setPerson} options={options} data-testid="absence-person" />}
        <Row>
          <InstantField label={text.from} value={from} onChange={setFrom} data-testid="absence-from" />
          <InstantField label={text.until} value={until} onChange={setUntil} data-testid="absence-until" />
        </Row>
        <Choice label={text.deputy} value={deputy} onChange={setDeputy} options={options.filter((one) => one.value !== person)} data-testid="absence-deputy" />
      </Form>
    </Dialog>
  );
}
