import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { LinkButton } from "../parts/Button";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { PaperDialog } from "../parts/PaperDialog";
import { Refusal } from "../parts/Refusal";
import { Day, Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { to } from "../routes";
import { useSession } from "../session";
import { useSpeech } from "../words";
import { CorrectionLines } from "./CorrectionSheet";
import { correctionTone, type Correction } from "./correction";
import classes from "./books.module.css";

/** One correction: what it does, why, its papers, and the decision. */
export function CorrectionPanel({ id }: { id: string | null }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const found = useRead("corrections.open", { correction_id: id ?? "" }, { enabled: id !== null });
  if (id === null)
    return (
      <Panel fill>
        <Empty title={text.choose}>{text.chooseWhy}</Empty>
      </Panel>
    );
  return (
    <Panel fill title={found.data?.number ?? text.what[found.data?.what ?? "reversal"]} hint={found.data && <Chip tone={correctionTone[found.data.status]}>{text.statuses[found.data.status]}</Chip>} data-testid="correction">
      <Read of={found}>{(row) => <Sheet row={row} />}</Read>
    </Panel>
  );
}

function Sheet({ row }: { row: Correction }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const journal = (id: string) => <a href={`#${to("/ledger", { journal: id })}`}>{words.ledger.number(id)}</a>;
  return (
    <>
      <div className={classes.facts}>
        <Facts
          rows={[
            [text.columns.what, row.what === "reversal" ? <span key="o">{words.parts.journalKinds[row.kind] ?? row.kind} {row.of_journal && journal(row.of_journal)}</span> : (text.kinds[row.kind] ?? row.kind)],
            row.customer_id !== null && [text.customer, <a key="c" href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>],
            row.effective_on !== null && [text.effective, <Day key="e" on={row.effective_on} />],
            row.document_no !== null && [text.document, row.document_no],
            [text.columns.by, <span key="p">{row.proposed_by} · <Instant at={row.proposed_at} /></span>],
            row.decided_by !== null && [text.decided, <span key="d">{row.decided_by} · <Instant at={row.decided_at} /></span>],
            row.decision_note !== null && [text.note, row.decision_note],
            row.journal_id !== null && [text.journal, journal(row.journal_id)],
          ]}
        />
        <p>{row.reason}</p>
      </div>
      <CorrectionLines lines={row.lines} />
      {row.papers !== "0" && <Papers row={row} />}
      {row.status === "proposed" && <Decision row={row} />}
    </>
  );
}

function Papers({ row }: { row: Correction }) {
  const papers = useRead("attachments.list", { subject_kind: row.what, subject_id: row.id });
  const [open, setOpen] = useState<string | null>(null);
  const shown = papers.data?.find((paper) => paper.id === open);
  return (
    <div className={classes.facts}>
      {papers.data?.map((paper) => (
        <LinkButton key={paper.id} onClick={() => setOpen(paper.id)}>
          {paper.file_name}
        </LinkButton>
      ))}
      {shown && <PaperDialog paper={shown} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Decision({ row }: { row: Correction }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const { login, duties } = useSession();
  const adjustment = useAction("adjustments.confirm");
  const reversal = useAction("reversals.confirm");
  const form = useCommandId();
  const [declining, setDeclining] = useState(false);
  const own = row.proposed_by === login;
  const may = duties.includes(row.confirmer);
  const action = row.what === "adjustment" ? adjustment : reversal;
  const rule = row.what === "adjustment" ? words.rules.adjustment_confirmed_by_proposer : words.rules.reversal_confirmed_by_proposer;
  const send = async () => {
    const done = row.what === "adjustment" ? await adjustment.send({ command_id: form.id, adjustment_id: row.id }) : await reversal.send({ command_id: form.id, reversal_id: row.id });
    if (done) notify(text.confirmed);
  };
  return (
    <div className={classes.actions}>
      <Refusal error={action.refusal} />
      <Button kind={may && !own ? "primary" : "plain"} keys="a" blocked={own ? String(rule.what) : !may && words.parts.refusal.needs(words.shell.duties[row.confirmer])} busy={action.busy} onClick={() => void send()} data-testid="correction-confirm">
        {text.confirm}
      </Button>
      <Button keys="x" blocked={!own && !duties.includes("approver") && !duties.includes("supervisor") && words.parts.refusal.needs(words.shell.duties[row.confirmer])} onClick={() => setDeclining(true)} data-testid="correction-decline">
        {own ? text.withdraw : text.decline}
      </Button>
      {declining && <Declining row={row} own={own} onClose={() => setDeclining(false)} />}
    </div>
  );
}

function Declining({ row, own, onClose }: { row: Correction; own: boolean; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const adjustment = useAction("adjustments.decline");
  const reversal = useAction("reversals.decline");
  const action = row.what === "adjustment" ? adjustment : reversal;
  const form = useCommandId();
  const [note, setNote] = useState("");
  const send = async () => {
    const body = { command_id: form.id, reason: note.trim() };
    const done = row.what === "adjustment" ? await adjustment.send({ ...body, adjustment_id: row.id }) : await reversal.send({ ...body, reversal_id: row.id });
    if (!done) return;
    notify(own ? text.withdrawn : text.declined);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={own ? text.withdraw : text.decline}>
      <Form onSubmit={() => void send()} submit={own ? text.withdraw : text.decline} busy={action.busy} refusal={action.refusal} blocked={note.trim() ? null : text.noteFirst} onCancel={onClose} submitTestId="correction-decline-submit">
        <TextField label={text.note} value={note} onChange={setNote} lines={3} autoFocus data-testid="correction-note" />
      </Form>
    </Dialog>
  );
}
