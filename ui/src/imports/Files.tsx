import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { onFilesDropped, pickFiles } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { moving, usePages } from "../reading";
import { amend } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { Readings } from "./Readings";
import { readFiles, whenPosted, type FileRow } from "./readings";
import classes from "./imports.module.css";

const page = 100;

/** Choose or drop files, watch them being read, and see what was read before. */
export function Files({ head, chosen }: { head: ReactNode; chosen: string | null }) {
  const { words, formats } = useSpeech();
  const text = words.imports;
  const queries = useQueryClient();
  const reads = useDuty("accountant", "platform");
  const pages = usePages("imports.list", { maximum: page }, page, (last) => ({ before: last.begun_at, before_id: last.id }));
  const columns = useColumns();
  useEffect(() => whenPosted(() => void queries.invalidateQueries(moving)), [queries]);
  const choose = useCallback((row: FileRow | null) => amend(row ? `/imports/${row.id}` : "/imports"), []);
  return (
    <div className="screen" data-testid="screen-imports" data-ready={!pages.loading}>
      {head}
      {reads ? <Take /> : <p className="muted">{text.notYours}</p>}
      <Readings />
      <div className={classes.split}>
        <Panel fill>
          <Table
            label={text.tabs.files ?? text.title}
            columns={columns}
            {...pages.table}
            rowKey={(row) => row.id}
            onPeek={choose}
            autoFocus
            rowTestId="import-row"
            rowMark={(row) => ({ "data-status": stateOf(row), "data-kind": row.kind, "data-file": row.file_name })}
            empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
          />
        </Panel>
        <FileSheet row={pages.rows.find((row) => row.id === chosen) ?? null} count={formats.count} />
      </div>
    </div>
  );
}

/** A known file is not "given up": it had nothing to do. */
const stateOf = (row: FileRow): string => (row.repeated ? "repeated" : row.status);

/** The way in: the dialog, a drop anywhere on the window, or, where a program drives it, a path. */
function Take() {
  const { words } = useSpeech();
  const text = words.imports;
  const [path, setPath] = useState("");
  useEffect(() => onFilesDropped(readFiles), []);
  const pick = () => void pickFiles("import").then((paths) => paths.length > 0 && readFiles(paths));
  const readPath = () => {
    if (!path.trim()) return;
    readFiles([path.trim()]);
    setPath("");
  };
  return (
    <div className={classes.take}>
      <p>
        {text.drop}{" "}
        <Button kind="primary" keys="o" label={text.pick} onClick={pick} data-testid="import-pick">
          {text.pick}
        </Button>
      </p>
      <p className={classes.kinds}>{text.kindsHint}</p>
      {takesPaths() && (
        <form
          className={classes.path}
          onSubmit={(event) => {
            event.preventDefault();
            readPath();
          }}
        >
          <input value={path} onChange={(event) => setPath(event.target.value)} placeholder={text.path} aria-label={text.path} spellCheck={false} data-testid="import-path" />
          <Button submit data-testid="import-path-read">
            {text.read}
          </Button>
        </form>
      )}
    </div>
  );
}

/**
 * The window reads only files that a person chose or dropped, so a typed path would be refused there every time.
 * It is offered where it can work: in a browser over the development bridge, and under a driving program.
 */
const takesPaths = (): boolean => navigator.webdriver || !("__TAURI_INTERNALS__" in window);

function State({ row }: { row: FileRow }) {
  const text = useSpeech().words.imports.statuses;
  const state = stateOf(row);
  const tone = state === "posted" ? "green" : state === "staged" ? "amber" : "plain";
  return <Chip tone={tone}>{text[state] ?? state}</Chip>;
}

function useColumns(): Column<FileRow>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.imports;
    const names = text.columns;
    const number = (value: number) => <span className={value === 0 ? "muted" : undefined}>{formats.count(value)}</span>;
    return [
      { id: "at", title: `${names.at} ↓`, width: "136px", cell: (row) => <Instant at={row.begun_at} />, copy: (row) => formats.exact(row.begun_at) },
      { id: "file", title: names.file, width: "minmax(250px, 1.4fr)", cell: (row) => <span title={row.file_name}>{row.file_name}</span>, copy: (row) => row.file_name },
      { id: "kind", title: names.kind, width: "134px", cell: (row) => <span className="soft">{text.kinds[row.kind] ?? row.kind}</span>, copy: (row) => text.kinds[row.kind] ?? row.kind },
      { id: "status", title: names.status, width: "118px", cell: (row) => <State row={row} />, copy: (row) => text.statuses[stateOf(row)] ?? row.status },
      { id: "rows", title: names.rows, width: "74px", align: "end", spare: 3, cell: (row) => number(row.rows_staged), copy: (row) => String(row.rows_staged) },
      { id: "posted", title: names.posted, width: "74px", align: "end", cell: (row) => number(row.rows_posted), copy: (row) => String(row.rows_posted) },
      { id: "repeated", title: names.repeated, width: "102px", align: "end", spare: 2, cell: (row) => number(row.rows_repeated), copy: (row) => String(row.rows_repeated) },
      {
        id: "exceptions",
        title: names.exceptions,
        width: "86px",
        align: "end",
        cell: (row) => (row.rows_excepted > 0 ? <Chip tone="amber">{formats.count(row.rows_excepted)}</Chip> : number(0)),
        copy: (row) => String(row.rows_excepted),
      },
      { id: "by", title: names.by, width: "92px", spare: 1, cell: (row) => <span className="soft">{row.begun_by}</span>, copy: (row) => row.begun_by },
    ];
  }, [words, formats]);
}

/** The chosen file: what it says of itself, and what became of its rows. */
function FileSheet({ row, count }: { row: FileRow | null; count(value: number): string }) {
  const { words } = useSpeech();
  const text = words.imports;
  const names = text.file;
  if (!row)
    return (
      <Panel fill>
        <Empty title={names.none}>{names.noneHint}</Empty>
      </Panel>
    );
  const order = Object.keys(names.totals);
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  const said = Object.entries(row.totals)
    .filter(([, value]) => value !== null && value !== "")
    .sort(([a], [b]) => place(a) - place(b));
  return (
    <Panel fill title={text.kinds[row.kind] ?? row.kind} hint={<State row={row} />} data-testid="import-sheet">
      <div className={classes.facts}>
        <Facts
          rows={[
            [names.name, row.file_name],
            [names.begun, <Instant key="b" at={row.begun_at} />],
            row.posted_at ? [names.posted, <Instant key="p" at={row.posted_at} />] : null,
            [names.by, row.begun_by],
            [names.hash, <span key="h" className={classes.hash}>{row.file_sha256}</span>],
          ]}
        />
      </div>
      <h3 className={classes.subhead}>{names.says}</h3>
      <div className={classes.facts}>
        <Facts rows={said.map(([key, value]) => [names.totals[key] ?? key, <Said key={key} name={key} value={value} />])} />
      </div>
      <h3 className={classes.subhead}>{names.rows}</h3>
      <div className={classes.facts}>
        <Facts
          rows={[
            [text.columns.posted, count(row.rows_posted)],
            [text.columns.repeated, count(row.rows_repeated)],
            [text.columns.exceptions, row.rows_excepted > 0 ? <a key="x" href="#/imports/exceptions">{count(row.rows_excepted)}</a> : count(0)],
          ]}
        />
        {row.repeated && <p className={classes.hint}>{text.run.repeated}</p>}
        {!row.repeated && row.rows_repeated > 0 && <p className={classes.hint}>{names.repeatedHint}</p>}
        {row.status === "staged" && <p className={classes.hint}>{names.stagedHint}</p>}
      </div>
    </Panel>
  );
}

/** A total as the file prints it: an instant, an amount, or a count. */
function Said({ name, value }: { name: string; value: string | number | null }) {
  const { formats } = useSpeech();
  if (typeof value === "number") return formats.count(value);
  if (value === null) return null;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return <Instant at={value} />;
  if (/^-?\d+\.\d{2,6}$/.test(value)) return <Money amount={value} />;
  return name === "merchant" || !/^\d+$/.test(value) ? value : formats.count(value);
}
