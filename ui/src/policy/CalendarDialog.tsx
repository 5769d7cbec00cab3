import { useRef, useState } from "react";
import { Button } from "../parts/Button";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { readDays } from "./days";
import classes from "./policy.module.css";

/** A year's notice, pasted or from a file; the database judges whether it is whole. */
export function CalendarDialog({ onClose }: { onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.policy.calendars.form;
  const today = dayOf(useNow());
  const [year, setYear] = useState(String(Number(today.slice(0, 4)) + 1));
  const [fields, setFields] = useState({ notice: "", number: "", source: "" });
  const [announced, setAnnounced] = useState<string | null>(today);
  const [pasted, setPasted] = useState("");
  const picker = useRef<HTMLInputElement>(null);
  const enter = useAction("calendar.import");
  const form = useCommandId();
  const plainYear = year.normalize("NFKC").trim();
  const read = readDays(pasted, plainYear);
  const set = (key: keyof typeof fields) => (value: string) => setFields((now) => ({ ...now, [key]: value }));
  const problem = pasted.trim() && read.problem ? text.problem(formats.count(read.problem.line), read.problem.text) : null;
  const missing = !/^\d{4}$/.test(plainYear) ? text.needs.year : !fields.notice.trim() ? text.needs.notice : problem ? text.needs.problem : read.days.length === 0 ? text.needs.days : null;
  const send = async () => {
    const row = await enter.send({
      command_id: form.id,
      year: Number(plainYear),
      notice_title: fields.notice.trim(),
      days: read.days,
      notice_no: fields.number.trim() || null,
      notice_source: fields.source.trim() || null,
      announced_on: announced,
    });
    if (!row) return;
    notify(text.done(row.version));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} size={680} data-testid="calendar-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={enter.busy} refusal={enter.refusal} onCancel={onClose} submitTestId="calendar-submit">
        <Row columns={3}>
          <TextField label={text.year} value={year} onChange={setYear} data-testid="calendar-year" />
          <TextField label={text.noticeNo} optional value={fields.number} onChange={set("number")} data-testid="calendar-number" />
          <DayField label={text.announced} optional value={announced} onChange={setAnnounced} max={today} data-testid="calendar-announced" />
        </Row>
        <TextField label={text.notice} value={fields.notice} onChange={set("notice")} autoFocus data-testid="calendar-notice" />
        <TextField label={text.source} optional value={fields.source} onChange={set("source")} data-testid="calendar-source-address" />
        <TextField
          label={text.days}
          value={pasted}
          onChange={setPasted}
          lines={8}
          problem={problem}
          hint={read.days.length > 0 ? text.read(formats.count(read.rest), formats.count(read.makeUp)) : text.daysHint}
          data-testid="calendar-pasted"
        />
        <div className={classes.pickFile}>
          <Button small onClick={() => picker.current?.click()}>
            {text.file}
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".json,.csv,.txt,.tsv"
            hidden
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void file.text().then(setPasted);
              event.target.value = "";
            }}
            data-testid="calendar-file"
          />
        </div>
      </Form>
    </Dialog>
  );
}
