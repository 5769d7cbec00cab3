import { useState } from "react";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { DeadlineCalendar } from "../parts/DeadlineCalendar";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Letters } from "../letters/Letters";
import { Read } from "../parts/Loading";
import { Heading, Panel } from "../parts/Panel";
import { useAction, useCommandId, useRead } from "../reading";
import { goToNext } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { Replay } from "./FriendPage";
import { ObjectionStatus } from "./Objections";
import classes from "./campaign.module.css";

type Page = NonNullable<Result<"campaign.objection">>;
type Asking = "uphold" | "reject" | "reopen";

/** One objection: its fifteen days, the replay that it is about, the answer. */
export function ObjectionPage({ id }: { id: string }) {
  const read = useRead("campaign.objection", { objection_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-objection" data-ready={read.data !== undefined}>
      <Read of={read}>{(page) => <Objection page={page} />}</Read>
    </div>
  );
}

function Objection({ page }: { page: Page }) {
  const { words } = useSpeech();
  const text = words.campaign.objections;
  const [asking, setAsking] = useState<Asking | null>(null);
  const one = page.objection;
  const mayNot = page.may_answer !== "yes" && (text.why[page.may_answer] ?? null);
  return (
    <>
      <Heading
        title={one.number}
        actions={
          one.status === "waived" ? (
            <Button keys="w" onClick={() => setAsking("reopen")} blocked={page.may_reopen !== "yes" && (text.whyReopen[page.may_reopen] ?? null)} data-testid="objection-reopen">{text.reopen}</Button>
          ) : (
            <>
              <Button keys="u" onClick={() => setAsking("uphold")} blocked={mayNot} data-testid="objection-uphold">{text.uphold}</Button>
              <Button kind="primary" keys="r" onClick={() => setAsking("reject")} blocked={mayNot} data-testid="objection-reject">{text.reject}</Button>
            </>
          )
        }
      >
        <a href={`#/customers/${one.customer_id}`}>{one.customer_name}</a> · {text.abouts[one.about]} · {one.ticket_no} <ObjectionStatus status={one.status} />
      </Heading>
      <div className={classes.split}>
        <div className={classes.scroll}>
          <Panel title={text.told}><p className={classes.words}>{one.told}</p></Panel>
          {page.answer ? <><Panel title={text.answered} hint={text.answeredHint} padded><p>{text.decided(one.decided_by ?? "")}: {one.decision}</p></Panel><Replay replay={page.answer} /></> : page.replay && <Replay replay={page.replay} />}
        </div>
        <div className={classes.side}>
          {page.answer !== null || one.decided_by ? <Letters of={{ kind: "objection", id: one.id, number: one.number }} /> : null}
          <Clock page={page} />
        </div>
      </div>
      {asking && <Answer page={page} asking={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

/** Why this is the last day, sentence by sentence, and whether the objection came in time. */
function Clock({ page }: { page: Page }) {
  const { words, formats, language } = useSpeech();
  const text = words.campaign.objections;
  const explained = words.disputes.clock;
  const { objection: one, clock } = page;
  const today = dayOf(useNow());
  const late = Date.parse(one.received_at) >= Date.parse(clock.expires_at);
  return (
    <Panel title={text.clock} padded data-testid="objection-clock">
      <p>{text.clockText(formats.dayWithWeekday(clock.day_zero), formats.dayWithWeekday(clock.due_on))}</p>
      <p>{late ? text.late(formats.exact(one.received_at)) : text.inTime(formats.exact(one.received_at))}</p>
      <DeadlineCalendar day0={clock.day_zero} nominal={clock.nominal_on} due={clock.due_on} today={today} holidays={clock.grid.filter((day) => day.rest).map((day) => day.on)} makeUpDays={[]} provisional={clock.provisional} />
      <ul className={classes.facts} data-testid="objection-arithmetic">
        {clock.facts.map((fact, at) => (
          <li key={at}>
            {explained.facts[fact.fact]?.({ day: fact.on ? formats.dayWithWeekday(fact.on) : "", days: fact.days ?? clock.days, name: fact.name ? (language === "en" ? fact.name.en : fact.name.zh) : "", year: fact.year ?? 0 })}
            {fact.clause && <span className="muted"> {explained.clauses[fact.clause] ?? fact.clause}</span>}
          </li>
        ))}
      </ul>
      {one.reopened_by && <p>{text.reopened(one.reopened_by, one.reopened_why ?? "")}</p>}
    </Panel>
  );
}

function Answer({ page, asking, onClose }: { page: Page; asking: Asking; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.objections;
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const answer = useAction("campaign.answer_objection");
  const reopen = useAction("campaign.reopen_objection");
  const act = asking === "reopen" ? reopen : answer;
  const send = async () => {
    const body = { command_id: form.id, objection_id: page.objection.id, reason: reason.trim() };
    const row = asking === "reopen" ? await reopen.send(body) : await answer.send({ ...body, upheld: asking === "uphold" });
    if (!row) return;
    onClose();
    if (asking !== "reopen") goToNext("/campaign?view=objections");
  };
  return (
    <Dialog open onClose={onClose} title={`${text[asking]} · ${page.objection.number}`} data-testid="objection-answer">
      <Form onSubmit={() => void send()} submit={text[asking]} blocked={!reason.trim() && words.disputes.fields.needs(text.reason)} busy={act.busy} refusal={act.refusal} onCancel={onClose} submitTestId="objection-answer-submit">
        <TextField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} lines={4} autoFocus data-testid="objection-reason" />
      </Form>
    </Dialog>
  );
}
