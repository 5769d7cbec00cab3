import { useEffect, useMemo, useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { PdfPreview } from "../parts/PdfPreview";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { begun, startOf } from "../policy/values";
import { useAction, useCommandId, useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useDuty, useNow, useSession } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { useDraft, type LetterText } from "./view";
import classes from "./letters.module.css";

/** The text of every letter: in force, proposed and past. */
export function Texts() {
  const texts = useRead("letters.templates", {});
  return (
    <div className="screen" data-testid="screen-policy" data-ready={texts.data !== undefined}>
      <Read of={texts} rows={10}>
        {(rows) => <TextTable texts={rows} />}
      </Read>
    </div>
  );
}

type State = "waiting" | "inForce" | "ahead" | "past" | "declined";

function useStateOf(): (text: LetterText) => State {
  const now = useNow();
  return (text) => (text.declined_at ? "declined" : !text.confirmed_at ? "waiting" : text.in_force ? "inForce" : begun(text.valid_from, now) ? "past" : "ahead");
}

function TextTable({ texts }: { texts: LetterText[] }) {
  const { words } = useSpeech();
  const text = words.letters.texts;
  const { query } = useRoute();
  const chosen = texts.find((one) => one.id === query.get("text")) ?? null;
  const state = useStateOf();
  const tones = { waiting: "brand", inForce: "green", ahead: "plain", past: "plain", declined: "plain" } as const;
  const columns: Column<LetterText>[] = [
    { id: "kind", title: text.columns.kind, width: "minmax(150px, 0.8fr)", cell: (row) => <strong>{words.letters.kinds[row.kind] ?? row.kind}</strong>, copy: (row) => row.kind },
    { id: "language", title: text.columns.language, width: "90px", cell: (row) => words.letters.languages[row.language], copy: (row) => row.language },
    { id: "title", title: text.columns.title, width: "minmax(160px, 1.2fr)", cell: (row) => row.title, copy: (row) => row.title },
    { id: "from", title: text.columns.from, width: "150px", cell: (row) => (row.proposed_by ? <Instant at={row.valid_from} /> : <span className="muted">{text.shipped}</span>) },
    { id: "state", title: text.columns.state, width: "100px", cell: (row) => <Chip tone={tones[state(row)]}>{text[state(row)]}</Chip>, copy: (row) => text[state(row)] },
  ];
  const sorted = useMemo(() => [...texts].sort((a, b) => Number(Boolean(a.confirmed_at ?? a.declined_at)) - Number(Boolean(b.confirmed_at ?? b.declined_at))), [texts]);
  return (
    <>
      <Panel title={text.title} hint={text.hint} fill>
        <Table label={text.title} columns={columns} rows={sorted} rowKey={(row) => row.id} onOpen={(row) => amend(to("/policy", { view: "letters", text: row.id }))} autoFocus rowTestId="letter-text" rowMark={(row) => ({ "data-kind": row.kind, "data-language": row.language, "data-state": state(row) })} empty={null} />
      </Panel>
      {chosen && <Editor key={chosen.id} of={chosen} waiting={state(chosen) === "waiting"} onClose={() => amend(to("/policy", { view: "letters" }))} />}
    </>
  );
}

/** What is typed follows with a short rest, so that the sheet beside it keeps up without being drawn at every key. */
function useResting<T>(value: T, wait_ms: number): T {
  const [rested, setRested] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(JSON.parse(key) as T), wait_ms);
    return () => clearTimeout(timer);
  }, [key, wait_ms]);
  return rested;
}

/** A text and the sheet that it makes, side by side. A proposal is confirmed here too. */
function Editor({ of, waiting, onClose }: { of: LetterText; waiting: boolean; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters.texts;
  const today = dayOf(useNow());
  const [typed, setTyped] = useState({ title: of.title, brief: of.brief, body: of.body });
  const [from, setFrom] = useState<string | null>(today);
  const [reason, setReason] = useState("");
  const proposes = useDuty("administrator", "legal");
  const propose = useAction("letters.propose_text");
  const form = useCommandId();
  const rested = useResting(typed, 350);
  const sheet = useDraft({ kind: of.kind, language: of.language, ...rested });
  const changed = typed.title !== of.title || typed.brief !== of.brief || typed.body !== of.body;
  const missing = !proposes ? words.parts.refusal.needs(words.shell.duties.legal) : !changed ? text.needs.change : sheet.error ? text.needs.wrong : !from ? text.needs.from : !reason.trim() && text.needs.reason;
  const set = (name: keyof typeof typed) => (value: string) => setTyped((kept) => ({ ...kept, [name]: value }));
  const send = async () => {
    const row = await propose.send({ command_id: form.id, kind: of.kind, language: of.language, ...typed, valid_from: startOf(from ?? today), reason: reason.trim() });
    if (!row) return;
    notify(text.done);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.form(words.letters.kinds[of.kind] ?? of.kind, words.letters.languages[of.language] ?? of.language)} size={1240} data-testid="letter-text-editor">
      <div className={classes.editor}>
        <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="letter-text-submit">
          <TextField label={text.name} value={typed.title} onChange={set("title")} data-testid="letter-text-title" />
          <TextField label={text.brief} value={typed.brief} onChange={set("brief")} lines={2} data-testid="letter-text-brief" />
          <TextField label={text.body} hint={text.bodyHint} value={typed.body} onChange={set("body")} lines={14} data-testid="letter-text-body" />
          <p className={classes.known}>
            {text.known} {of.placeholders.map((name) => <code key={name}>{`{${name}}`}</code>)}
          </p>
          <DayField label={text.from} hint={words.policy.fromHint} value={from} onChange={setFrom} data-testid="letter-text-from" />
          <TextField label={text.reason} value={reason} onChange={setReason} data-testid="letter-text-reason" />
        </Form>
        <div>
          {waiting && <Decide of={of} onDone={onClose} />}
          <p className="muted">{text.preview}</p>
          <Refusal error={sheet.error} />
          {sheet.data && !sheet.error && (
            <div className={classes.sheet}>
              <PdfPreview bytes={sheet.data} data-testid="letter-text-pdf" />
            </div>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Decide({ of, onDone }: { of: LetterText; onDone(): void }) {
  const { words } = useSpeech();
  const text = words.letters.texts;
  const { login } = useSession();
  const confirms = useDuty("approver");
  const confirm = useAction("letters.confirm_text");
  const form = useCommandId();
  const blocked = !confirms ? words.parts.refusal.needs(words.shell.duties.approver) : of.proposed_by === login ? String(words.rules.letter_template_confirmed_by_proposer.what) : null;
  const send = async () => {
    if (!(await confirm.send({ command_id: form.id, template_id: of.id }))) return;
    notify(text.confirmed);
    onDone();
  };
  return (
    <div className={classes.bar}>
      <Chip tone="brand">{text.waiting}</Chip>
      <span className="soft">{`${words.policy.proposedBy(of.proposed_by ?? "")} · ${of.reason}`}</span>
      <Button small kind="primary" keys="Mod+Shift+Enter" blocked={blocked} busy={confirm.busy} onClick={() => void send()} data-testid="letter-text-confirm">
        {text.confirm}
      </Button>
      <Refusal error={confirm.refusal} />
    </div>
  );
}
