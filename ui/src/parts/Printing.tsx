import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asKontorError, cancelJob, jobState, printerChoices, printers, printPaper, type JobState, type KontorError, type PaperRef, type PrinterChoices, type Printer, type PrintJob, type Sides } from "../call";
import { useWords } from "../words";
import { Button } from "./Button";
import { Chip, type Tone } from "./Chip";
import { Choice, TextField } from "./Fields";
import { Dialog, Form, Row } from "./Form";
import { Empty, Read } from "./Loading";
import { Refusal } from "./Refusal";
import classes from "./printing.module.css";

interface Props {
  paper: PaperRef;
  /** Its number, for the dialog's title. */
  number: string;
  /** Puts the print on record before the paper moves; false when that was refused. */
  record?(printer: string, copies: number): Promise<boolean>;
  /** More fields, of those who put it on record. */
  children?: ReactNode;
  /** What these fields lack. */
  missing?: string | false | null;
  busy?: boolean;
  refusal?: KontorError | null;
  onClose(): void;
}

const asked = { staleTime: 0, retry: false, refetchOnWindowFocus: false, meta: { still: true } };

/** Sends a paper to a printer of this computer, and stays until it came out. */
export function PrintPaper({ paper, number, onClose, ...rest }: Props) {
  const text = useWords().parts.printing;
  const found = useQuery<Printer[], KontorError>({ queryKey: ["printers"], queryFn: async () => (await printers()) ?? [], ...asked });
  const [job, setJob] = useState<PrintJob | null>(null);
  return (
    <Dialog open onClose={onClose} title={text.title(number)} data-testid="print-dialog">
      {job ? (
        <Job job={job} onClose={onClose} />
      ) : (
        <Read of={found} rows={3}>
          {(list) => (list.length === 0 ? <Empty title={text.none}>{text.noneWhy}</Empty> : <Wanted paper={paper} list={list} onClose={onClose} onSent={setJob} {...rest} />)}
        </Read>
      )}
    </Dialog>
  );
}

function Wanted({ paper, list, record, children, missing, busy, refusal, onClose, onSent }: Omit<Props, "number"> & { list: Printer[]; onSent(job: PrintJob): void }) {
  const text = useWords().parts.printing;
  const [name, setName] = useState<string | null>(list[0]?.name ?? null);
  const [copies, setCopies] = useState("1");
  const [sides, setSides] = useState<Sides>("one");
  const [media, setMedia] = useState<string | null>(null);
  const [tray, setTray] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<KontorError | null>(null);
  const choices = useQuery<PrinterChoices, KontorError>({ queryKey: ["printer_choices", name], queryFn: () => printerChoices(name ?? ""), enabled: name !== null, ...asked });
  const printer = list.find((one) => one.name === name);
  const count = Number(copies.normalize("NFKC"));
  const countable = Number.isInteger(count) && count >= 1 && count <= 99;
  const lacks = !printer ? text.needs.printer : !printer.accepts_jobs ? text.needs.accepting : !countable ? text.needs.copies : missing;
  const can = choices.data;

  const send = async () => {
    if (!name || sending) return;
    setSending(true);
    setFailed(null);
    try {
      if (record && !(await record(name, count))) return;
      onSent(await printPaper(paper, { printer: name, copies: count, sides, media, tray }));
    } catch (thrown) {
      setFailed(asKontorError(thrown));
    } finally {
      setSending(false);
    }
  };
  const pick = (next: string | null) => {
    setName(next);
    // What one printer can do says nothing about another.
    setSides("one");
    setMedia(null);
    setTray(null);
  };
  return (
    <Form onSubmit={() => void send()} submit={text.submit} blocked={lacks} busy={sending || busy} refusal={failed ?? refusal} onCancel={onClose} submitTestId="print-submit">
      <Choice
        label={text.printer}
        value={name}
        onChange={pick}
        options={list.map((one) => ({ value: one.name, label: one.description && one.description !== one.name ? `${one.description} (${one.name})` : one.name }))}
        hint={printer?.state === "stopped" ? text.stopped : undefined}
        data-testid="print-printer"
      />
      <Row>
        <TextField label={text.copies} value={copies} onChange={setCopies} problem={countable ? null : text.copiesWrong} data-testid="print-copies" />
        {can?.two_sided && (
          <Choice label={text.sides} value={sides} onChange={(next) => setSides((next as Sides | null) ?? "one")} options={(["one", "long_edge", "short_edge"] as const).map((value) => ({ value, label: text.sidesNames[value] }))} data-testid="print-sides" />
        )}
      </Row>
      {can && (can.media.length > 1 || can.trays.length > 1) && (
        <Row>
          {can.media.length > 1 && <Choice label={text.media} value={media ?? (can.media.includes("A4") ? "A4" : (can.media[0] ?? null))} onChange={setMedia} options={can.media.map((value) => ({ value, label: value }))} data-testid="print-media" />}
          {can.trays.length > 1 && <Choice label={text.tray} optional value={tray} onChange={setTray} options={can.trays.map((value) => ({ value, label: value }))} data-testid="print-tray" />}
        </Row>
      )}
      {children}
    </Form>
  );
}

const over: JobState[] = ["printed", "cancelled", "failed", "gone"];
const tones: Record<JobState, Tone> = { waiting: "plain", held: "amber", printing: "brand", stopped: "red", cancelled: "plain", failed: "red", printed: "green", gone: "plain" };

/** What becomes of the job, asked every second until it is over; until then it can be taken back. */
function Job({ job, onClose }: { job: PrintJob; onClose(): void }) {
  const text = useWords().parts.printing;
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const state = useQuery<JobState, KontorError>({
    queryKey: ["print_job", job.printer, job.number],
    queryFn: () => jobState(job),
    ...asked,
    refetchInterval: (query) => (query.state.data && over.includes(query.state.data) ? false : 1000),
  });
  const at = state.data ?? "waiting";
  const takeBack = () => void cancelJob(job).then(() => state.refetch(), (thrown: unknown) => setRefusal(asKontorError(thrown)));
  return (
    <div className={classes.job} data-testid="print-job" data-state={state.data}>
      <p role="status">
        <Chip tone={tones[at]}>{text.states[at]}</Chip> {text.sent(job.printer, String(job.number))}
      </p>
      <Refusal error={refusal ?? state.error} />
      <div className={classes.ways}>
        {!over.includes(at) && (
          <Button onClick={takeBack} data-testid="print-cancel">
            {text.takeBack}
          </Button>
        )}
        <Button kind="primary" onClick={onClose} data-testid="print-close">
          {text.close}
        </Button>
      </div>
    </div>
  );
}
