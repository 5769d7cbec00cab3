import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Day, Instant } from "../parts/Times";
import { say } from "../locales/sentence";
import { useAction, useCommandId, type Action as Sending } from "../reading";
import { useSession } from "../session";
import type { Rule } from "../rules";
import { useSpeech } from "../words";
import { monthTitle, statusTone, type Action, type MonthEndPage } from "./months";
import classes from "./books.module.css";

const keyOf: Record<Action, string> = { soft_close: "s", undo_soft_close: "u", close: "c", withdraw_close: "w", confirm_close: "a", reopen: "o", withdraw_reopen: "w", confirm_reopen: "a" };
const forward: Action[] = ["soft_close", "close", "confirm_close", "confirm_reopen"];
const worded: Action[] = ["withdraw_close", "reopen"];

/** Where the month stands, what can be done now and what stands against it, and who did what to it. */
export function MonthSteps({ page }: { page: MonthEndPage }) {
  const { words, language } = useSpeech();
  const text = words.books.steps;
  const period = page.period;
  const by = (login: string | null, at: string | null) => login && (<span>{login} · <Instant at={at} /></span>);
  return (
    <Panel title={monthTitle(language, page.month!)} hint={<Chip tone={statusTone[period.status]}>{words.books.month.statuses[period.status]}</Chip>} className={classes.side} data-testid="month-steps">
      <div className={classes.facts}>
        <p className="soft">{text.explain[period.status]}</p>
        <Facts
          rows={[
            page.closed_before !== null && [text.closedBefore, <Day key="c" on={page.closed_before} />],
            period.soft_closed_by !== null && [text.softClosed, by(period.soft_closed_by, period.soft_closed_at)],
            period.close_proposed_by !== null && [text.closeProposed, by(period.close_proposed_by, period.close_proposed_at)],
            period.closed_by !== null && [text.closed, by(period.closed_by, period.closed_at)],
            period.status === "reopen_proposed" && [text.reopenProposed, by(period.reopen_proposed_by, period.reopen_proposed_at)],
            period.status === "reopen_proposed" && [text.reason, period.reopen_reason],
            period.reopened_by !== null && [text.reopened, by(period.reopened_by, period.reopened_at)],
          ]}
        />
      </div>
      <div className={classes.actions}>
        {page.steps.map((step) => (
          <Step key={`${page.month}${step.action}`} page={page} step={step} />
        ))}
      </div>
      {page.history.length > 0 && (
        <>
          <h3 className={classes.subhead}>{text.history}</h3>
          <ul className={classes.history}>
            {page.history.map((event, at) => (
              <li key={at}>
                <span>{text.events[event.command] ?? event.command}</span> <span className="muted">{event.by} · <Instant at={event.at} /></span>
                {said(event.detail) && <p className="soft">{said(event.detail)}</p>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

const said = (detail: Record<string, unknown>): string => ["reason", "note"].map((key) => detail[key]).filter((one) => typeof one === "string").join(" ");

function Step({ page, step }: { page: MonthEndPage; step: MonthEndPage["steps"][number] }) {
  const { words, language } = useSpeech();
  const text = words.books.steps;
  const { duties } = useSession();
  const actions: Record<Action, Sending<never>> = useActions();
  const act = actions[step.action];
  const form = useCommandId();
  const [asking, setAsking] = useState(false);
  const month = page.month!;
  const may = step.duties.some((duty: string) => (duties as string[]).includes(duty));
  const open = page.items.filter((item) => item.required && item.state === "open").map((item) => item.code);
  const barrier = step.barrier ? say(words.rules[step.barrier as Rule].what, { month: month.slice(0, 7), items: open }) : null;
  const blocked = !may ? words.parts.refusal.needs(step.duties.map((duty) => words.shell.duties[duty as keyof typeof words.shell.duties]).join(" / ")) : barrier;
  const send = async (extra: object) => {
    if (!(await act.send({ command_id: form.id, month, ...extra } as never))) return;
    form.renew();
    setAsking(false);
    notify(text.did[step.action](monthTitle(language, month)));
  };
  return (
    <>
      <Button kind={forward.includes(step.action) && may ? "primary" : "plain"} keys={keyOf[step.action]} blocked={blocked} busy={act.busy} onClick={() => setAsking(true)} data-testid={`period-${step.action}`}>
        {text.actions[step.action]}
      </Button>
      {barrier && may && <p className={classes.barrier}>{barrier}</p>}
      {!asking && <Refusal error={act.refusal} />}
      {asking && <Ask action={step.action} act={act} month={monthTitle(language, month)} onSend={(extra) => void send(extra)} onClose={() => setAsking(false)} />}
    </>
  );
}

function useActions(): Record<Action, Sending<never>> {
  return {
    soft_close: useAction("periods.soft_close"),
    undo_soft_close: useAction("periods.undo_soft_close"),
    close: useAction("periods.close"),
    withdraw_close: useAction("periods.withdraw_close"),
    confirm_close: useAction("periods.confirm_close"),
    reopen: useAction("periods.reopen"),
    withdraw_reopen: useAction("periods.withdraw_reopen"),
    confirm_reopen: useAction("periods.confirm_reopen"),
  } as unknown as Record<Action, Sending<never>>;
}

/** What will happen, in a sentence, and the reason where one is needed. */
function Ask({ action, act, month, onSend, onClose }: { action: Action; act: Sending<never>; month: string; onSend(extra: object): void; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.books.steps;
  const [reason, setReason] = useState("");
  const wants = worded.includes(action);
  const extra = action === "reopen" ? { reason: reason.trim() } : action === "withdraw_close" ? { reason: reason.trim() } : {};
  return (
    <Dialog open onClose={onClose} title={`${text.actions[action]} · ${month}`} data-testid="period-dialog">
      <Form onSubmit={() => onSend(extra)} submit={text.actions[action]} busy={act.busy} refusal={act.refusal} blocked={wants && !reason.trim() ? text.reasonFirst : null} onCancel={onClose} submitTestId="period-submit">
        <Warning>{text.means[action]}</Warning>
        {wants && <TextField label={text.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="period-reason" />}
      </Form>
    </Dialog>
  );
}
