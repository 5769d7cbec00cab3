import { useState } from "react";
import { paperPdf, type Result } from "../call";
import { Button } from "../parts/Button";
import { Dialog, Form } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Table, type Column } from "../parts/Table";
import { useAction, useCommandId, useRead } from "../reading";
import { whyNot } from "../refunds/why";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { LanguageSwitch } from "./LanguageSwitch";
import classes from "./letters.module.css";

type Due = Result<"letters.due_reminders">[number];

/** Today's reminders as one action: looked at, then all at once. */
export function Reminders() {
  const { words, formats } = useSpeech();
  const text = words.letters.reminders;
  const due = useRead("letters.due_reminders", {});
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button keys="r" onClick={() => setOpen(true)} label={text.title} data-testid="reminders">
        {text.open(formats.count(due.data?.length ?? 0))}
      </Button>
      {open && <RemindersDialog due={due.data ?? []} onClose={() => setOpen(false)} />}
    </>
  );
}

function RemindersDialog({ due, onClose }: { due: Due[]; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.letters.reminders;
  // What was looked at is what is sent, even if the list moves behind the dialog.
  const [looked] = useState(due);
  const [language, setLanguage] = useState<"zh" | "en">("zh");
  const [skipped, setSkipped] = useState<{ number: string; why: string }[]>([]);
  const writes = useDuty("agent", "handler");
  const send = useAction("letters.send_reminders");
  const form = useCommandId();
  const go = async () => {
    const rows = await send.send({ command_id: form.id, dispute_ids: looked.map((one) => one.dispute_id), language });
    if (!rows) return;
    const done = rows.filter((one) => one.done);
    // The pages are made once here, so that the platform finds them with the letter.
    for (const one of done) if (one.letter_id) await paperPdf({ kind: "letter", id: one.letter_id }).catch(() => null);
    if (done.length > 0) notify(text.sent(formats.count(done.length)));
    const left = rows.filter((one) => !one.done).map((one) => ({ number: one.number, why: whyNot(words, one.rule ?? "").what }));
    if (left.length === 0) onClose();
    else setSkipped(left);
  };
  return (
    <Dialog open onClose={onClose} title={text.title} size={860} data-testid="reminders-dialog">
      {looked.length === 0 ? (
        <Empty title={text.none}>{text.noneWhy}</Empty>
      ) : (
        <Form onSubmit={() => void go()} submit={text.submit(formats.count(looked.length))} blocked={skipped.length > 0 ? text.none : !writes && words.parts.refusal.needs(words.shell.duties.agent)} busy={send.busy} refusal={send.refusal} onCancel={onClose} submitTestId="reminders-send">
          <div className={classes.bar}>
            <LanguageSwitch language={language} onChange={setLanguage} />
            <span className="muted">{text.hint}</span>
          </div>
          <Table label={text.title} columns={useColumns()} rows={looked} rowKey={(row) => row.dispute_id} natural empty={null} rowTestId="reminder" rowMark={(row) => ({ "data-no": row.number })} />
          {skipped.map((one) => (
            <p key={one.number} role="status" data-testid="reminder-skipped">
              {text.skipped(one.number, one.why)}
            </p>
          ))}
        </Form>
      )}
    </Dialog>
  );
}

function useColumns(): Column<Due>[] {
  const { words, formats } = useSpeech();
  const text = words.letters.reminders;
  const names = text.columns;
  return [
    { id: "number", title: names.number, width: "118px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
    { id: "customer", title: names.customer, width: "minmax(120px, 1fr)", cell: (row) => row.customer_name, copy: (row) => row.customer_name },
    { id: "clock", title: names.clock, width: "84px", cell: (row) => text.clocks[row.clock] ?? row.clock },
    { id: "due", title: names.due, width: "176px", cell: (row) => `${formats.dayWithWeekday(row.due_on)} · ${text.left(row.days_left)}`, copy: (row) => row.due_on },
    { id: "way", title: names.way, width: "190px", cell: (row) => [words.letters.ways[row.way] ?? row.way, row.address].filter(Boolean).join(" · ") },
    { id: "last", title: names.last, width: "96px", cell: (row) => (row.last_reminded_on ? formats.day(row.last_reminded_on) : "–") },
  ];
}
