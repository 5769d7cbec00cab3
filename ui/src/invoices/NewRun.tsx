import { useMemo, useState } from "react";
import { plainMoney, spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { CustomerPick } from "../customers/CustomerPick";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { useAction, useCommandId, useRead } from "../reading";
import { go } from "../routes";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import { BuyerChoice } from "./BuyerChoice";
import { BuyerDialog } from "./BuyerDialog";
import { monthsBefore } from "./papers";
import classes from "./invoices.module.css";

type Candidate = NonNullable<Result<"invoices.preview_run">>["rows"][number];
const kinds = ["statement", "invoice_request", "commercial_invoice"];

/** Whom a run would issue to, how much, and who is left out: what is begun is exactly what is shown here. */
export function NewRun() {
  const { words, formats } = useSpeech();
  const text = words.printRoom.runs;
  const now = useNow();
  const months = useMemo(() => monthsBefore(now, 18), [now.toISOString().slice(0, 10)]); // eslint-disable-line
  const [month, setMonth] = useState<string | null>(months[1] ?? null);
  const [kind, setKind] = useState<string | null>("statement");
  const [note, setNote] = useState("");
  const chosen = month === null || month === "all" ? null : `${month}-01`;
  const [marked, setMarked] = useState<Candidate[]>([]);
  /** Whom the run is for, each with the title that was chosen for it; null is everybody. */
  const [picked, setPicked] = useState<Map<string, string | null> | null>(null);
  const [titling, setTitling] = useState<Candidate | null>(null);
  const wanted = picked && [...picked].map(([customer_id, buyer_id]) => ({ customer_id, ...(buyer_id && { buyer_id }) }));
  const preview = useRead("invoices.preview_run", { month: chosen, ...(wanted && { picked: wanted }) });
  const take = (ids: string[], buyer: string | null = null) => {
    setPicked(new Map([...(picked ?? []), ...ids.map((id): [string, string | null] => [id, buyer ?? picked?.get(id) ?? null])]));
    setMarked([]);
  };
  const leaveOut = () => {
    const out = new Set(marked.map((row) => row.customer_id));
    setPicked(new Map([...(picked ?? [])].filter(([id]) => !out.has(id))));
    setMarked([]);
  };
  const start = useAction("invoices.start_run");
  const form = useCommandId();
  const issues = useDuty("tax_clerk");
  const columns = useColumns(picked === null ? null : setTitling);
  const seen = preview.isPlaceholderData ? null : (preview.data ?? null);
  const blocked = !issues ? words.parts.refusal.needs(words.shell.duties.tax_clerk) : !seen ? text.needs.preview : seen.papers === 0 ? text.needs.papers : null;
  const send = async () => {
    if (blocked || !seen) return;
    const run = await start.send({ command_id: form.id, kind: kind ?? "statement", digest: seen.digest, month: chosen, ...(wanted && { picked: wanted }), note: note.trim() || null });
    if (run) go(`/invoices/runs/${run.id}`);
    // Refused for what changed meanwhile: the preview is read again.
    else void preview.refetch();
  };
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!preview.isLoading}>
      <Heading title={text.newTitle} actions={<Button keys="Escape" onClick={() => go("/invoices?view=runs")}>{text.back}</Button>} />
      <div className={classes.splitForm}>
        <Panel fill title={text.preview} hint={picked ? text.pickedHint(formats.count(picked.size)) : text.previewHint} className={classes.previewPanel}>
          <Refusal error={preview.error} />
          <div className={classes.picking}>
            <CustomerPick onPick={(customer) => take([customer.id])} data-testid="run-customer" />
            {picked === null
              ? marked.length > 0 && <Button small keys="o" onClick={() => take(marked.map((row) => row.customer_id))} data-testid="run-only">{text.only(formats.count(marked.length))}</Button>
              : marked.length > 0 && <Button small keys="Delete" onClick={leaveOut} data-testid="run-leave-out">{text.leaveOut(formats.count(marked.length))}</Button>}
            {picked && <Button small onClick={() => (setPicked(null), setMarked([]))} data-testid="run-everybody">{text.everybody}</Button>}
          </div>
          <Table
            label={text.preview}
            columns={columns}
            rows={preview.data?.rows ?? []}
            rowKey={(row) => row.customer_id}
            amount={(row) => row.amount}
            onSelect={setMarked}
            onOpen={(row) => go(`/invoices/new?customer=${row.customer_id}`)}
            loading={preview.isLoading}
            rowTestId="run-candidate"
            rowMark={(row) => ({ "data-ref": row.ref, "data-exception": row.exception ?? "" })}
            empty={<Empty title={text.nothing}>{text.nothingWhy}</Empty>}
          />
        </Panel>
        <Panel className={classes.formPanel} padded>
          <Form onSubmit={() => void send()} submit={text.begin(formats.count(seen?.papers ?? 0))} blocked={blocked} busy={start.busy} refusal={start.refusal} onCancel={() => go("/invoices?view=runs")} submitTestId="run-begin" data-testid="run-form">
            <Choice label={text.month} value={month ?? "all"} onChange={setMonth} options={[{ value: "all", label: text.allMonths }, ...months.map((value) => ({ value, label: value }))]} data-testid="run-month" />
            <Choice label={text.kind} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: words.invoices.kinds[value] ?? value }))} hint={words.invoices.kindHints[kind ?? ""]} data-testid="run-kind" />
            <TextField label={text.note} value={note} onChange={setNote} lines={2} optional data-testid="run-note" />
            {seen && (
              <Facts
                rows={[
                  [text.papers, <strong key="p" data-testid="run-papers">{formats.count(seen.papers)}</strong>],
                  [text.total, <strong key="t" className="number">{plainMoney(seen.total)}</strong>],
                  [text.exceptions, seen.exceptions === 0 ? "–" : <Chip key="e" tone="amber">{formats.count(seen.exceptions)}</Chip>],
                ]}
              />
            )}
          </Form>
        </Panel>
      </div>
      {titling && <TitleDialog of={titling} chosen={picked?.get(titling.customer_id) ?? titling.buyer_id} onChoose={(buyer) => (take([titling.customer_id], buyer), setTitling(null))} onClose={() => setTitling(null)} />}
    </div>
  );
}

/** To which of the customer's titles its paper is made out. */
function TitleDialog({ of, chosen, onChoose, onClose }: { of: Candidate; chosen: string | null; onChoose(buyer: string): void; onClose(): void }) {
  const { words } = useSpeech();
  const buyers = useRead("buyers.list", { customer_id: of.customer_id }, { keep: false });
  const [adding, setAdding] = useState(false);
  return (
    <Dialog open onClose={onClose} title={of.name} data-testid="run-title">
      <Read of={buyers} rows={3}>{(titles) => <BuyerChoice buyers={titles} chosen={chosen} onChoose={onChoose} onAdd={() => setAdding(true)} />}</Read>
      <p className="muted">{words.printRoom.runs.titleHint}</p>
      {adding && <BuyerDialog customer={of.customer_id} onClose={() => setAdding(false)} onSaved={(saved) => onChoose(saved.id)} />}
    </Dialog>
  );
}

/** With `choose`, a title can be chosen in its place. */
function useColumns(choose: ((row: Candidate) => void) | null): Column<Candidate>[] {
  const { words } = useSpeech();
  return useMemo(() => {
    const text = words.printRoom.runs;
    const why = (row: Candidate) => (row.exception ? (text.reasons[row.exception] ?? row.exception) : "");
    return [
      { id: "customer", title: text.customer, width: "minmax(150px, 1.2fr)", cell: (row) => <strong>{row.name}</strong>, copy: (row) => row.name },
      { id: "buyer", title: text.buyer, width: "minmax(150px, 1.4fr)", cell: (row) => <span className="soft">{row.buyer_name ?? "–"} {choose && <Button small kind="quiet" onClick={() => choose(row)} data-testid="run-choose-title">{text.chooseTitle}</Button>}</span>, copy: (row) => row.buyer_name ?? "" },
      { id: "amount", title: text.amount, width: "130px", align: "end", cell: (row) => <Money amount={row.amount} quietZero />, copy: (row) => spreadsheetNumber(row.amount) },
      { id: "why", title: text.why, width: "minmax(130px, 210px)", cell: (row) => (row.exception ? <Chip tone="amber">{why(row)}</Chip> : null), copy: why },
    ];
  }, [words, choose]);
}
