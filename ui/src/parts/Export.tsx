// A list as a file. The rows never pass through the window: the core asks page by page and writes.
import { useState } from "react";
import { asKontorError, cancelExport, exportList, newId, revealPath, type CommandName, type Exported, type ExportOf, type KontorError } from "../call";
import { useNow, useSession } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { Button } from "./Button";
import { Choice } from "./Fields";
import { Dialog, Form } from "./Form";
import classes from "./export.module.css";

interface Props {
  /** What the list is called; the file is proposed under this name. */
  title: string;
  /** `source` of the list's pages. */
  of: { list: CommandName; arguments: Record<string, unknown> };
  /** Words for the codes of a column, by the column's field. */
  words?: ExportOf["words"];
}

/** The Export button of a list, and its dialog. */
export function ExportButton({ title, of, words: codes = {} }: Props) {
  const { words } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button keys="Shift+e" onClick={() => setOpen(true)} data-testid="export">
        {words.parts.exports.button}
      </Button>
      {open && <ExportDialog title={title} of={of} words={codes} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExportDialog({ title, of, words: codes, onClose }: Required<Props> & { onClose(): void }) {
  const { words, formats, language } = useSpeech();
  const text = words.parts.exports;
  const session = useSession();
  const today = dayOf(useNow().toISOString());
  const [format, setFormat] = useState<ExportOf["format"]>(() => (localStorage.getItem(memory) === "csv" ? "csv" : "xlsx"));
  const [rows, setRows] = useState<number | null>(null);
  const [done, setDone] = useState<Exported | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const busy = rows !== null;
  const start = async () => {
    localStorage.setItem(memory, format);
    setRefusal(null);
    setRows(0);
    const name = [title, today, session.rehearsal && text.rehearsal].filter(Boolean).join(" ");
    try {
      setDone(await exportList(`${name}.${format}`, { command_id: newId(), ...of, format, language, words: codes }, setRows));
    } catch (thrown) {
      const error = asKontorError(thrown);
      // Whoever stopped it knows that it was stopped.
      setRefusal(error.rule === "export_cancelled" ? null : error);
    }
    setRows(null);
  };
  const close = () => {
    if (busy) void cancelExport();
    onClose();
  };
  return (
    <Dialog open onClose={close} title={text.title} size={480} data-testid="export-dialog">
      {done ? (
        <div className={classes.done} data-testid="export-done" data-rows={done.rows}>
          <p>{text.done(formats.count(done.rows))}</p>
          <p className={classes.path}>{done.path}</p>
          <footer className={classes.foot}>
            <Button onClick={() => void revealPath(done.path)}>{text.show}</Button>
            <Button kind="primary" autoFocus onClick={onClose} data-testid="export-close">
              {words.parts.close}
            </Button>
          </footer>
        </div>
      ) : busy ? (
        <div className={classes.done} aria-live="polite">
          <p className="number">{text.running(formats.count(rows))}</p>
          <footer className={classes.foot}>
            <Button autoFocus onClick={() => void cancelExport()} data-testid="export-stop">
              {text.stop}
            </Button>
          </footer>
        </div>
      ) : (
        <Form onSubmit={() => void start()} submit={text.start} refusal={refusal} onCancel={onClose} submitTestId="export-start">
          <p className="soft">{text.what}</p>
          <Choice label={text.format} value={format} options={Object.entries(text.formats).map(([value, label]) => ({ value, label }))} onChange={(next) => setFormat(next === "csv" ? "csv" : "xlsx")} data-testid="export-format" />
        </Form>
      )}
    </Dialog>
  );
}

const memory = "kontor.export.format";
