import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asKontorError, cancelJob, jobState, printPaper, type JobState, type KontorError, type PaperRef, type Printer, type PrintJob } from "../call";
import { useWords } from "../words";
import { Button } from "./Button";
import { Chip, type Tone } from "./Chip";
import { Dialog, Form } from "./Form";
import { Read } from "./Loading";
import { usePrinters, usePrintOptions } from "./PrinterFields";
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

/** Sends a paper to a printer of this computer and stays until it came out, or opens it in the system's viewer. */
export function PrintPaper({ paper, number, onClose, ...rest }: Props) {
  const text = useWords().parts.printing;
  const found = usePrinters();
  const [jobs, setJobs] = useState<PrintJob[] | null>(null);
  return (
    <Dialog open onClose={onClose} title={text.title(number)} data-testid="print-dialog">
      {jobs ? <Sent jobs={jobs} onClose={onClose} /> : <Read of={found} rows={3}>{(list) => <Wanted paper={paper} list={list} onClose={onClose} onSent={setJobs} {...rest} />}</Read>}
    </Dialog>
  );
}

function Wanted({ paper, list, record, children, missing, busy, refusal, onClose, onSent }: Omit<Props, "number"> & { list: Printer[]; onSent(jobs: PrintJob[]): void }) {
  const text = useWords().parts.printing;
  const { options, lacks, fields, remember } = usePrintOptions(list, 99, "print");
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<KontorError | null>(null);
  const send = async () => {
    if (!options || sending) return;
    setSending(true);
    setFailed(null);
    try {
      if (record && !(await record(options.printer, options.copies))) return;
      const jobs = await printPaper(paper, options);
      remember();
      onSent(jobs);
    } catch (thrown) {
      setFailed(asKontorError(thrown));
    } finally {
      setSending(false);
    }
  };
  return (
    <Form onSubmit={() => void send()} submit={text.submit} blocked={lacks ?? missing} busy={sending || busy} refusal={failed ?? refusal} onCancel={onClose} submitTestId="print-submit">
      {fields}
      {children}
    </Form>
  );
}

/** One job for each copy of a paper that says which copy it is; none where the viewer has it. */
function Sent({ jobs, onClose }: { jobs: PrintJob[]; onClose(): void }) {
  const text = useWords().parts.printing;
  return (
    <div className={classes.job}>
      {jobs.length === 0 && <p role="status" data-testid="print-in-viewer">{text.inViewer}</p>}
      {jobs.map((job) => (
        <Job key={job.number} job={job} />
      ))}
      <div className={classes.ways}>
        <Button kind="primary" onClick={onClose} data-testid="print-close">
          {text.close}
        </Button>
      </div>
    </div>
  );
}

const over: JobState[] = ["printed", "cancelled", "failed", "gone"];
const tones: Record<JobState, Tone> = { waiting: "plain", held: "amber", printing: "brand", stopped: "red", cancelled: "plain", failed: "red", printed: "green", gone: "plain" };

/** What becomes of the job, asked every second until it is over; until then it can be taken back. */
function Job({ job }: { job: PrintJob }) {
  const text = useWords().parts.printing;
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const state = useQuery<JobState, KontorError>({
    queryKey: ["print_job", job.printer, job.number],
    queryFn: () => jobState(job),
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    meta: { still: true },
    refetchInterval: (query) => (query.state.data && over.includes(query.state.data) ? false : 1000),
  });
  const at = state.data ?? "waiting";
  const takeBack = () => void cancelJob(job).then(() => state.refetch(), (thrown: unknown) => setRefusal(asKontorError(thrown)));
  return (
    <div data-testid="print-job" data-state={state.data}>
      <p role="status">
        <Chip tone={tones[at]}>{text.states[at]}</Chip> {text.sent(job.printer, String(job.number))}{" "}
        {!over.includes(at) && (
          <Button small onClick={takeBack} data-testid="print-cancel">
            {text.takeBack}
          </Button>
        )}
      </p>
      <Refusal error={refusal ?? state.error} />
    </div>
  );
}
