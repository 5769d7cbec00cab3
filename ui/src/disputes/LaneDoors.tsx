import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asKontorError, type KontorError } from "../call";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { Button } from "../parts/Button";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { moving, useAction, useCommandId } from "../reading";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import type { DisputeCase } from "./cases";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import classes from "./disputes.module.css";

/** What comes in by telephone, and papers that belong to no step: they go onto the line at once. */
export function LaneDoors({ dispute }: { dispute: DisputeCase }) {
  const { words } = useSpeech();
  const text = words.letters.lanes;
  const [open, setOpen] = useState<"note" | "paper" | null>(null);
  const files = useDuty("agent", "handler", "legal");
  const needs = !files && words.parts.refusal.needs(words.shell.duties.agent);
  return (
    <footer className={classes.doors}>
      <Button small keys="c" blocked={needs} onClick={() => setOpen("note")} data-testid="lane-note">
        {text.note}
      </Button>
      <Button small keys="d" blocked={needs} onClick={() => setOpen("paper")} data-testid="lane-file">
        {text.paper}
      </Button>
      {open === "note" && <NoteDialog dispute={dispute} onClose={() => setOpen(null)} />}
      {open === "paper" && <PapersDialog dispute={dispute} onClose={() => setOpen(null)} />}
    </footer>
  );
}

function NoteDialog({ dispute, onClose }: { dispute: DisputeCase; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters.lanes;
  const kinds = words.customers.note.kinds as Record<string, string>;
  const now = useNow();
  const [kind, setKind] = useState("call");
  const [at, setAt] = useState(() => beijing(now));
  const [party, setParty] = useState<string | null>("holder");
  const [body, setBody] = useState("");
  const add = useAction("customers.add_note");
  const form = useCommandId();
  const send = async () => {
    const happened_at = instantOf(at);
    if (!(await add.send({ command_id: form.id, customer_id: dispute.customer_id, kind, body: body.trim(), happened_at, subject_kind: "dispute", subject_id: dispute.id, party: ours(party) }))) return;
    notify(text.noted);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`${text.note} · ${dispute.number}`} data-testid="lane-note-dialog">
      <Form onSubmit={() => void send()} submit={text.record} blocked={(!body.trim() || !instantOf(at)) && text.noteNeeds} busy={add.busy} refusal={add.refusal} onCancel={onClose} submitTestId="lane-note-submit">
        <Row>
          <Choice label={text.kind} value={kind} onChange={(next) => setKind(next ?? kind)} options={Object.entries(kinds).map(([value, label]) => ({ value, label }))} data-testid="lane-note-kind" />
          <InstantField label={text.happened} value={at} onChange={setAt} data-testid="lane-note-at" />
        </Row>
        <Choice label={text.with} value={party} onChange={setParty} options={Object.entries(text.parties).map(([value, label]) => ({ value, label }))} data-testid="lane-note-party" />
        <TextField label={text.said} value={body} onChange={setBody} lines={4} data-testid="lane-note-body" />
      </Form>
    </Dialog>
  );
}

/** The third party's lane, the holder's, or our own. */
const ours = (party: string | null) => (party === "third_party" || party === "holder" ? party : null);

/** Papers wait for a click, because what is filed stays filed. */
function PapersDialog({ dispute, onClose }: { dispute: DisputeCase; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters.lanes;
  const queries = useQueryClient();
  const now = useNow();
  const [papers, setPapers] = useState<Paper[]>([]);
  const [received, setReceived] = useState(() => beijing(now));
  const [party, setParty] = useState<string | null>("holder");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const file = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      for (const paper of papers) {
        await sendPaper({ kind: "dispute", id: dispute.id }, paper, { received_at: instantOf(received), party: ours(party) });
        setPapers((kept) => kept.filter((one) => one.id !== paper.id));
      }
      notify(text.filed);
      onClose();
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    } finally {
      setBusy(false);
      void queries.invalidateQueries(moving);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`${text.paper} · ${dispute.number}`} data-testid="lane-paper-dialog">
      <Form onSubmit={() => void file()} submit={text.file} blocked={papers.length === 0 ? text.paperNeeds : !instantOf(received) && words.parts.instant.wrong} busy={busy} refusal={refusal} onCancel={onClose} submitTestId="lane-paper-submit">
        <p className="muted">{text.paperHint}</p>
        <Row>
          <Choice label={text.from} value={party} onChange={setParty} options={Object.entries(text.parties).map(([value, label]) => ({ value, label }))} data-testid="lane-paper-party" />
          <InstantField label={words.parts.attachments.received} value={received} onChange={setReceived} data-testid="lane-paper-received" />
        </Row>
        <AttachmentsBox papers={papers} onTake={(taken) => setPapers([...papers, ...taken])} onRemove={(id) => setPapers(papers.filter((paper) => paper.id !== id))} data-testid="lane-papers" />
      </Form>
    </Dialog>
  );
}
