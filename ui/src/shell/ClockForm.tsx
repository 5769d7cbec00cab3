import { useState } from "react";
import { Button } from "../parts/Button";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { useAction, useCommandId } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { addDays, dayOf } from "../times";
import { useFormats, useWords } from "../words";
import classes from "./shell.module.css";

/** A rehearsal's clock can be moved forward, to practise day 29, 30 and 31. */
export function ClockForm({ open, onClose }: { open: boolean; onClose(): void }) {
  const words = useWords();
  const formats = useFormats();
  const session = useSession();
  const now = useNow();
  const allowed = useDuty("administrator");
  const form = useCommandId();
  const move = useAction("clock.move");
  const names = words.shell.clock;
  const today = dayOf(now);
  const [day, setDay] = useState<string | null>(today);
  const [time, setTime] = useState(() => formats.time(now.toISOString()));
  const plain = time.normalize("NFKC").trim();
  const valid = /^([01]?\d|2[0-3]):[0-5]\d$/.test(plain);
  const instant = day && valid ? `${day}T${plain.padStart(5, "0")}:00+08:00` : null;
  const back = instant !== null && Date.parse(instant) < now.getTime() - 60_000;
  const blocked = !allowed ? names.onlyAdministrator : !instant ? names.timeWrong : back ? names.notBack : null;
  const submit = async () => {
    if (!instant) return;
    if (!(await move.send({ command_id: form.id, instant }))) return;
    form.renew();
    session.refresh();
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={names.title} size={440}>
      <Form onSubmit={() => void submit()} submit={names.submit} blocked={blocked} busy={move.busy} refusal={move.refusal} onCancel={onClose} submitTestId="clock-submit">
        <p className="muted">{names.hint}</p>
        <div className={classes.quick}>
          {[1, 7, 29, 30, 31].map((days) => (
            <Button key={days} small onClick={() => setDay(addDays(today, days))}>
              {names.plus(days)}
            </Button>
          ))}
        </div>
        <Row>
          <DayField label={names.day} value={day} onChange={setDay} min={today} />
          <TextField label={names.time} value={time} onChange={setTime} problem={valid ? null : names.timeWrong} />
        </Row>
        {!allowed && <p className="muted">{names.onlyAdministrator}</p>}
      </Form>
    </Dialog>
  );
}
