import { useRef, useState } from "react";
import { plainMoney } from "../amounts";
import { asKontorError, type CommandName, type KontorError } from "../call";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { AmountField, Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { useSpeech } from "../words";
import type { DisputeCase } from "./cases";
import { forms, type Asked } from "./forms";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import classes from "./disputes.module.css";

interface Props {
  dispute: DisputeCase;
  action: string;
  onClose(): void;
}

/** One action of a case: what it asks for, what it will do, and what the database says to it. */
export function ActionDialog({ dispute, action, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.disputes;
  const now = useNow();
  const spec = forms[action];
  const [given, setGiven] = useState<Record<string, string | null>>(() => firstAnswers(dispute, spec?.fields ?? [], beijing(now)));
  const [papers, setPapers] = useState<Paper[]>([]);
  const [received, setReceived] = useState(() => beijing(now));
  const [filing, setFiling] = useState(false);
  const [unfiled, setUnfiled] = useState<KontorError | null>(null);
  const filed = useRef(new Set<string>());
  const form = useCommandId();
  // The table of forms names its command; its arguments are checked by the database.
  const act = useAction((spec?.command ?? "disputes.confirm_lock") as CommandName);
  if (!spec) return null;
  // A filing has its own instant of receipt, which is its papers' too; any other paper is asked for its own.
  const ownInstant = spec.fields.some((field) => field.name === "received_at");
  const receivedAt = instantOf((ownInstant ? given["received_at"] : received) ?? "");
  const missing = spec.fields.find((field) => !field.optional && !answered(field, given, papers));

  const send = async () => {
    setUnfiled(null);
    setFiling(papers.length > 0);
    try {
      for (const paper of papers) {
        if (filed.current.has(paper.id)) continue;
        await sendPaper({ kind: "dispute", id: dispute.id }, paper, { received_at: receivedAt });
        filed.current.add(paper.id);
      }
    } catch (thrown) {
      setUnfiled(asKontorError(thrown));
      return;
    } finally {
      setFiling(false);
    }
    const body = { command_id: form.id, dispute_id: dispute.id, ...toArguments(spec.fields, given, papers), ...shownAmount(dispute, action) };
    if (await act.send(body as never)) {
      notify(`${dispute.number}: ${text.did[action] ?? text.actions[action] ?? action}`);
      onClose();
    }
  };

  return (
    <Dialog open onClose={onClose} title={`${text.actions[action] ?? action} · ${dispute.number}`} data-testid="dispute-dialog">
      <Form onSubmit={() => void send()} submit={text.actions[action] ?? action} danger={spec.danger} blocked={missing ? text.fields.needs(text.fields.names[missing.name] ?? missing.name) : papers.length > 0 && !receivedAt && words.parts.instant.wrong} busy={act.busy || filing} refusal={unfiled ?? act.refusal} onCancel={onClose} submitTestId="dispute-action-submit">
        <p className={classes.effect}>{text.effects[action]?.(figures(dispute)) ?? ""}</p>
        {spec.fields.map((field) => (
          <AskedField key={field.name} field={field} dispute={dispute} value={given[field.name] ?? null} onChange={(value) => setGiven((kept) => ({ ...kept, [field.name]: value }))} papers={papers} onPapers={setPapers} />
        ))}
        {papers.length > 0 && !ownInstant && <InstantField label={words.parts.attachments.received} value={received} onChange={setReceived} data-testid="dispute-paper-received" />}
      </Form>
    </Dialog>
  );
}

const isPaper = (field: Asked) => field.kind === "paper" || field.kind === "papers";

function firstAnswers(dispute: DisputeCase, fields: Asked[], now: string): Record<string, string | null> {
  const open = dispute.evidence.filter((one) => one.verdict === "open" || one.verdict === "proposed");
  const first: Partial<Record<Asked["kind"], string>> = { instant: now, way: "email", about: dispute.lock_served ? "reminder" : "lock", addressee: "holder", channel: dispute.channel, evidence: open[0]?.id ?? "" };
  return Object.fromEntries(fields.filter((field) => !isPaper(field)).map((field) => [field.name, field.optional ? null : (first[field.kind] ?? "")]));
}

function answered(field: Asked, given: Record<string, string | null>, papers: Paper[]): boolean {
  if (isPaper(field)) return papers.length > 0;
  const value = given[field.name]?.trim();
  return field.kind === "instant" ? Boolean(value && instantOf(value)) : Boolean(value);
}

function toArguments(fields: Asked[], given: Record<string, string | null>, papers: Paper[]): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const field of fields) {
    const value = given[field.name]?.trim() || null;
    if (field.kind === "papers") wire[field.name] = papers.map((paper) => paper.id);
    else if (field.kind === "paper") wire[field.name] = papers[0]?.id ?? null;
    else if (field.kind === "instant") wire[field.name] = value && instantOf(value);
    else if (field.kind === "days") wire[field.name] = Number(value);
    else wire[field.name] = value;
    if (wire[field.name] === null) delete wire[field.name];
  }
  return wire;
}

/** Money is promised for the figure on the screen: where it moved, the database refuses. */
function shownAmount(dispute: DisputeCase, action: string): Record<string, unknown> {
  if (action === "propose_repayment") return { expected_amount: dispute.amounts.repayable };
  const running = dispute.repayments.find((one) => one.status === "proposed");
  return action === "approve_repayment" && running ? { expected_amount: running.amount } : {};
}

function figures(dispute: DisputeCase) {
  const running = dispute.repayments.find((one) => one.status === "proposed" || one.status === "approved" || one.status === "released");
  return {
    outstanding: plainMoney(dispute.amounts.outstanding, "¥ "),
    repayable: plainMoney(running?.amount ?? dispute.amounts.repayable, "¥ "),
    shortfall: plainMoney(dispute.amount_short ?? dispute.amounts.expected_shortfall, "¥ "),
  };
}

interface AskedProps {
  field: Asked;
  dispute: DisputeCase;
  value: string | null;
  onChange(value: string | null): void;
  papers: Paper[];
  onPapers(papers: Paper[]): void;
}

function AskedField({ field, dispute, value, onChange, papers, onPapers }: AskedProps) {
  const { words } = useSpeech();
  const text = words.disputes.fields;
  const label = text.names[field.name] ?? field.name;
  const testId = `dispute-field-${field.name}`;
  const options = (choices: Record<string, string>) => Object.entries(choices).map(([key, name]) => ({ value: key, label: name }));
  switch (field.kind) {
    case "amount":
      return <AmountField label={label} onChange={onChange} autoFocus data-testid={testId} />;
    case "instant":
      return <InstantField label={label} value={value ?? ""} onChange={onChange} data-testid={testId} />;
    case "way":
      return <Choice label={label} value={value} onChange={onChange} options={options(text.ways)} data-testid={testId} />;
    case "about":
      return <Choice label={label} value={value} onChange={onChange} options={options(text.abouts)} data-testid={testId} />;
    case "addressee":
      return <Choice label={label} value={value} onChange={onChange} options={options(text.addressees)} data-testid={testId} />;
    case "channel":
      return <Choice label={label} value={value} onChange={onChange} options={options(text.channels)} data-testid={testId} />;
    case "evidence":
      return <Choice label={label} value={value} onChange={onChange} options={dispute.evidence.filter((one) => one.verdict === "open" || one.verdict === "proposed").map((one) => ({ value: one.id, label: one.summary }))} data-testid={testId} />;
    case "paper":
    case "papers":
      return (
        <div className={classes.papersField}>
          <label>
            {label} {field.optional && <span className="muted">{words.parts.optional}</span>}
          </label>
          <AttachmentsBox papers={papers} onTake={(taken) => onPapers(field.kind === "paper" ? taken.slice(0, 1) : [...papers, ...taken])} onRemove={(id) => onPapers(papers.filter((paper) => paper.id !== id))} data-testid={testId} />
        </div>
      );
    default:
      return <TextField label={label} value={value ?? ""} onChange={onChange} lines={field.kind === "lines" ? 3 : undefined} optional={field.optional} data-testid={testId} />;
  }
}
