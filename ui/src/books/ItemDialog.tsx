import { useState } from "react";
import { Button } from "../parts/Button";
import { AttachmentsBox, sendPaper, type KeptPaper, type Paper } from "../parts/Attachments";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Facts } from "../parts/Panel";
import { PaperDialog } from "../parts/PaperDialog";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useSession } from "../session";
import { useSpeech } from "../words";
import { doorOf, seenText, stateTone, type Item, type MonthEndPage } from "./months";
import classes from "./books.module.css";

/** One line of the checklist: what is open, who looks after it, its note and papers; ticking and waiving. */
export function ItemDialog({ page, item, onClose }: { page: MonthEndPage; item: Item; onClose(): void }) {
  const { words, formats, language } = useSpeech();
  const text = words.books.checklist;
  const final = !["open", "soft_closed"].includes(page.period.status);
  const door = doorOf(item, page.month ?? page.period.month);
  return (
    <Dialog open onClose={onClose} title={language === "en" ? item.title_en : item.title_zh} data-testid="item-dialog">
      <div className={classes.sheet}>
        <Facts
          rows={[
            [text.columns.state, <Chip key="s" tone={stateTone[item.state]}>{text.states[item.state]}</Chip>],
            [text.columns.seen, door ? <a key="d" href={`#${door}`}>{seenText(words, formats, item) || text.look}</a> : seenText(words, formats, item) || "–"],
            item.ticked_by !== null && [text.ticked, <span key="t">{item.ticked_by} · <Instant at={item.ticked_at} /></span>],
            item.waived_by !== null && [text.waived, <span key="w">{item.waived_by} · <Instant at={item.waived_at} />{text.colon}{item.waived_reason}</span>],
          ]}
        />
        <Owner page={page} item={item} />
        <Papers month={page.month!} item={item} />
        {item.looked_at_by === "person" && <TickForm page={page} item={item} final={final} onClose={onClose} />}
        {item.looked_at_by === "database" && <p className="soft">{text.byDatabase}</p>}
        {item.state === "open" && <WaiveForm page={page} item={item} final={final} onClose={onClose} />}
      </div>
    </Dialog>
  );
}

const subjectOf = (month: string, item: Item) => ({ kind: "period", id: `${month.slice(0, 7)}/${item.code}` });

function Owner({ page, item }: { page: MonthEndPage; item: Item }) {
  const { words } = useSpeech();
  const { people } = useSession();
  const own = useAction("periods.own");
  const form = useCommandId();
  const mayOwn = useDuty("accountant", "supervisor");
  const options = people.filter((person) => person.duties.some((duty) => ["accountant", "supervisor", "approver", "treasurer", "tax_clerk"].includes(duty))).map((person) => ({ value: person.login, label: person.login }));
  const choose = async (login: string | null) => {
    if (await own.send({ command_id: form.id, month: page.month!, item: item.code, login })) form.renew();
  };
  if (!mayOwn) return null;
  return (
    <>
      <Choice label={words.books.checklist.owner} value={item.owner} onChange={(login) => void choose(login)} options={options} optional searchable data-testid="item-owner" />
      <Refusal error={own.refusal} />
    </>
  );
}

function Papers({ month, item }: { month: string; item: Item }) {
  const subject = subjectOf(month, item);
  const papers = useRead("attachments.list", { subject_kind: subject.kind, subject_id: subject.id });
  const { login } = useSession();
  const [sending, setSending] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const kept: KeptPaper[] = (papers.data ?? []).map((paper) => ({ id: paper.id, file_name: paper.file_name, size_bytes: paper.size_bytes, received_at: paper.received_at, opened: paper.opened_by.some((one) => one.login === login) }));
  const shown = papers.data?.find((paper) => paper.id === open);
  const take = async (taken: Paper[]) => {
    setSending(true);
    for (const paper of taken) await sendPaper({ kind: subject.kind, id: subject.id }, paper).catch(() => null);
    setSending(false);
    void papers.refetch();
  };
  return (
    <>
      <AttachmentsBox papers={[]} onTake={(taken) => void take(taken)} kept={kept} onOpen={(paper) => setOpen(paper.id)} busy={sending} data-testid="item-papers" />
      {shown && <PaperDialog paper={shown} onClose={() => setOpen(null)} />}
    </>
  );
}

function TickForm({ page, item, final, onClose }: { page: MonthEndPage; item: Item; final: boolean; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.books.checklist;
  const tick = useAction("periods.tick");
  const form = useCommandId();
  const [note, setNote] = useState(item.note ?? "");
  const may = useDuty("accountant", "supervisor");
  const done = item.ticked_by !== null;
  const send = async () => {
    if (await tick.send({ command_id: form.id, month: page.month!, item: item.code, done: !done, note: note.trim() || null })) onClose();
  };
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : final ? String(words.rules.period_checklist_is_final.what) : null;
  return (
    <Form onSubmit={() => void send()} submit={done ? text.untick : text.tick} busy={tick.busy} refusal={tick.refusal} blocked={blocked} submitTestId="item-tick">
      <TextField label={text.note} value={note} onChange={setNote} lines={2} optional data-testid="item-note" />
    </Form>
  );
}

function WaiveForm({ page, item, final, onClose }: { page: MonthEndPage; item: Item; final: boolean; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.books.checklist;
  const waive = useAction("periods.waive");
  const form = useCommandId();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const may = useDuty("supervisor");
  const send = async () => {
    if (await waive.send({ command_id: form.id, month: page.month!, item: item.code, reason: reason.trim() })) onClose();
  };
  if (!asking)
    return (
      <p className={classes.more}>
        <Button small kind="quiet" onClick={() => setAsking(true)} blocked={!may ? words.parts.refusal.needs(words.shell.duties.supervisor) : final && String(words.rules.period_checklist_is_final.what)} data-testid="item-waive">
          {text.waive}
        </Button>
      </p>
    );
  return (
    <Form onSubmit={() => void send()} submit={text.waive} danger busy={waive.busy} refusal={waive.refusal} blocked={reason.trim() ? null : text.reasonFirst} onCancel={() => setAsking(false)} submitTestId="item-waive-submit">
      <TextField label={text.waiveReason} value={reason} onChange={setReason} lines={2} autoFocus data-testid="item-waive-reason" />
    </Form>
  );
}
