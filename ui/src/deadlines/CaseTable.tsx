import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { TimeLeft } from "../parts/Times";
import { useAction, useCommandId, type usePages } from "../reading";
import { go } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { addressOf, stepOf, type Desk, type Row } from "./rows";
import classes from "./deadlines.module.css";

interface Props {
  pages: ReturnType<typeof usePages<"deadlines.list">>;
  view: string;
  search: string;
  people: Desk["people"];
}

/** Cases by what ends first. */
export function CaseTable({ pages, view, search, people }: Props) {
  const { words } = useSpeech();
  const text = words.deadlines;
  const [under, setUnder] = useState<Row | null>(null);
  const [giving, setGiving] = useState<Row | null>(null);
  const gives = useDuty("supervisor");
  const columns = useColumns();
  const empty = (search && text.empty["found"]) || text.empty[view] || text.empty["open"];
  return (
    <Panel fill className={classes.list}>
      <Table<Row>
        label={text.title}
        columns={columns}
        {...pages.table}
        rowKey={(row) => row.id}
        amount={(row) => row.amount}
        onOpen={(row) => go(addressOf(row))}
        {...(gives ? { onPeek: (row: Row | null) => setUnder(row) } : {})}
        queue={(row) => addressOf(row)}
        autoFocus
        rowTestId="deadline-row"
        rowMark={(row) => ({ "data-no": row.number, "data-kind": row.kind })}
        empty={<Empty title={empty?.title ?? ""}>{empty?.why}</Empty>}
      />
      {gives && under?.kind === "dispute" && (
        <div className={classes.giving}>
          <span className="muted">{under.number}</span>
          <Button small keys="v" onClick={() => setGiving(under)} data-testid="deadline-assign">
            {text.assign.open}
          </Button>
        </div>
      )}
      {giving && <AssignDialog row={giving} people={people} onClose={() => setGiving(null)} />}
    </Panel>
  );
}

function useColumns(): Column<Row>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.deadlines;
    const names = text.columns;
    const waits = (row: Row) => (row.waits_for ? (words.shell.duties as Record<string, string>)[row.waits_for] ?? words.today.waitsFor[row.waits_for] ?? row.waits_for : "");
    return [
      { id: "number", title: names.number, width: "122px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "customer", title: names.customer, width: "minmax(110px, 1fr)", cell: (row) => <a className={classes.plain} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "due", title: names.due, width: "minmax(186px, 1fr)", cell: (row) => <Due row={row} />, copy: (row) => row.due_on ?? "" },
      { id: "left", title: names.left, width: "100px", align: "end", cell: (row) => (row.due_on ? <TimeLeft until={row.due_at} /> : <span className="muted">{row.waits_for === "court" ? "" : text.noClock}</span>), copy: (row) => (row.days_left === null ? "" : String(row.days_left)) },
      { id: "step", title: names.step, width: "minmax(150px, 1fr)", cell: (row) => <span className="soft">{stepOf(words, row)}</span>, copy: (row) => stepOf(words, row) },
      { id: "owner", title: names.owner, width: "120px", cell: (row) => <Owner row={row} />, copy: (row) => row.owner ?? "" },
      { id: "amount", title: names.amount, width: "112px", align: "end", spare: 2, cell: (row) => <Money amount={row.amount} />, copy: (row) => (row.amount ? spreadsheetNumber(row.amount) : "") },
      { id: "waits", title: names.waits, width: "118px", spare: 1, cell: (row) => <span className="soft">{waits(row)}</span>, copy: waits },
    ];
  }, [words, formats]);
}

function Due({ row }: { row: Row }) {
  const { words, formats } = useSpeech();
  const text = words.deadlines;
  return (
    <span className={classes.due}>
      {row.due_on && <span className={row.shifted ? classes.shifted : undefined} title={row.shifted && row.nominal_on ? text.moved(formats.day(row.nominal_on)) : undefined}>{formats.dayWithWeekday(row.due_on)}</span>}
      {row.clock && row.clock !== "evidence" && <span className="muted">{text.clocks[row.clock]}</span>}
      {row.provisional && <Chip tone="amber">{text.provisional}</Chip>}
      {row.clock && !row.served && <Chip tone="amber">{text.notServed}</Chip>}
    </span>
  );
}

function Owner({ row }: { row: Row }) {
  const { words } = useSpeech();
  if (!row.owner) return <Chip tone="red" title={row.handled_by ?? undefined}>{words.deadlines.nobody}</Chip>;
  return row.owner === row.handled_by || !row.handled_by ? <span className="clip">{row.owner}</span> : <span className="clip" title={words.deadlines.insteadOf(row.handled_by)}>{row.owner} <span className="muted">({row.handled_by})</span></span>;
}

function AssignDialog({ row, people, onClose }: { row: Row; people: Desk["people"]; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.deadlines.assign;
  const [person, setPerson] = useState<string | null>(null);
  const give = useAction("deadlines.assign");
  const form = useCommandId();
  const send = async () => {
    if (!(await give.send({ command_id: form.id, dispute_id: row.id, person_id: Number(person) }))) return;
    notify(text.done(row.number, people.find((one) => String(one.id) === person)?.login ?? ""));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(row.number)} data-testid="assign-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!person && text.needs} busy={give.busy} refusal={give.refusal} onCancel={onClose} submitTestId="assign-submit">
        <Choice label={text.person} value={person} onChange={setPerson} options={people.map((one) => ({ value: String(one.id), label: one.login }))} data-testid="assign-person" />
      </Form>
    </Dialog>
  );
}
