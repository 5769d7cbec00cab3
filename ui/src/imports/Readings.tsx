import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { useSpeech } from "../words";
import { cancelReading, clearFinished, readAgain, useReadings, type Reading } from "./readings";
import classes from "./imports.module.css";

/** The files of this sitting: how far each is, and what came of it. */
export function Readings() {
  const { words } = useSpeech();
  const text = words.imports.run;
  const readings = useReadings();
  if (readings.length === 0) return null;
  const finished = readings.some((one) => one.state === "done" || one.state === "refused");
  return (
    <Panel
      title={text.title}
      className={classes.readings}
      aside={
        finished && (
          <Button small kind="quiet" onClick={clearFinished} data-testid="import-clear">
            {text.clear}
          </Button>
        )
      }
      data-testid="import-readings"
    >
      <ul className={classes.list}>
        {readings.map((one) => (
          <One key={one.id} reading={one} />
        ))}
      </ul>
    </Panel>
  );
}

function One({ reading }: { reading: Reading }) {
  const { words } = useSpeech();
  const text = words.imports.run;
  const kind = reading.result?.kind ?? reading.step?.kind ?? null;
  const cancelled = reading.refusal?.rule === "import_cancelled";
  const status = reading.state === "done" ? (reading.result?.repeated ? "repeated" : (reading.result?.status ?? "posted")) : reading.state === "refused" ? (cancelled ? "cancelled" : "refused") : reading.state;
  const settled = reading.state === "done" || reading.state === "refused";
  return (
    <li className={classes.reading} data-testid={settled ? "import-result" : "import-running"} data-status={status} data-file={reading.name} data-rule={reading.refusal?.rule ?? undefined} data-line={reading.refusal?.detail.line === undefined ? undefined : String(reading.refusal.detail.line)} data-posted={reading.result?.rows_posted} data-exceptions={reading.result?.rows_excepted}>
      <div className={classes.readingLine}>
        <strong className="clip" title={reading.path}>{reading.name}</strong>
        <span className="soft">{kind ? (words.imports.kinds[kind] ?? kind) : text.unknownKind}</span>
        <span className={classes.outcome}>
          <Outcome reading={reading} cancelled={cancelled} />
        </span>
      </div>
      {reading.state === "runs" && <Bar reading={reading} />}
      {reading.state === "refused" && !cancelled && (
        <div className={classes.refused}>
          <Refusal error={reading.refusal} onRetry={() => readAgain(reading.id)} />
        </div>
      )}
    </li>
  );
}

function Outcome({ reading, cancelled }: { reading: Reading; cancelled: boolean }) {
  const { words, formats } = useSpeech();
  const text = words.imports.run;
  const { result } = reading;
  if (reading.state === "waits")
    return (
      <>
        <span className="muted">{text.waits}</span>
        <Cancel id={reading.id} />
      </>
    );
  if (reading.state === "runs")
    return (
      <>
        <span className="muted">{text.phases[reading.step?.phase ?? "reading"]}</span>
        {reading.step?.phase !== "posting" && <Cancel id={reading.id} />}
      </>
    );
  if (reading.state === "refused") return cancelled ? <span className="muted">{text.cancelled}</span> : <Chip tone="amber">{text.refused}</Chip>;
  if (!result) return null;
  if (result.repeated) return <span className="soft">{text.repeated}</span>;
  return (
    <>
      <span className="number">{text.done(formats.count(result.rows_posted), formats.count(result.rows_repeated), formats.count(result.rows_excepted))}</span>
      {result.rows_excepted > 0 && <a href="#/imports/exceptions">{text.exceptions}</a>}
    </>
  );
}

function Cancel({ id }: { id: string }) {
  const text = useSpeech().words.imports.run;
  return (
    <Button small kind="quiet" onClick={() => cancelReading(id)} data-testid="import-cancel">
      {text.cancel}
    </Button>
  );
}

/** How many rows were sent; a file whose length is not known yet shows that it is at work. */
function Bar({ reading }: { reading: Reading }) {
  const { words, formats } = useSpeech();
  const step = reading.step;
  const total = step?.total ?? null;
  return (
    <div className={classes.progress}>
      <progress max={total ?? undefined} value={total === null ? undefined : (step?.rows ?? 0)} />
      {total !== null && <span className="muted number">{words.imports.run.rows(formats.count(step?.rows ?? 0), formats.count(total))}</span>}
    </div>
  );
}
