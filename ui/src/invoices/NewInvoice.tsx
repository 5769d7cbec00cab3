import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { parseAmount, plainMoney } from "../amounts";
import type { Result } from "../call";
import { CustomerPick } from "../customers/CustomerPick";
import { Button } from "../parts/Button";
import { Choice, TextField } from "../parts/Fields";
import { Form } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Heading, Panel } from "../parts/Panel";
import { useShortcuts } from "../keys";
import { useAction, useCommandId, useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { BuyerDialog } from "./BuyerDialog";
import { BuyerChoice } from "./BuyerChoice";
import { DraftPanel } from "./DraftPanel";
import { Meter } from "./Meter";
import type { Buyer, MeterRow } from "./papers";
import classes from "./invoices.module.css";

/** "/invoices/new": whose consumption, what of it may be invoiced, to whom, and what the paper will say. */
export function NewInvoice() {
  const { words } = useSpeech();
  const text = words.invoices.form;
  const { query } = useRoute();
  const customer = query.get("customer");
  const asked = { customer_id: customer ?? "0" };
  const meter = useRead("invoices.meter", asked, { enabled: customer !== null, keep: false });
  const buyers = useRead("buyers.list", asked, { enabled: customer !== null, keep: false });
  const name = useCustomerName(customer, query.get("name"));
  const ready = customer === null || (meter.data !== undefined && buyers.data !== undefined);
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={ready}>
      <Heading
        title={text.title}
        actions={
          <>
            <Button onClick={() => go(to("/invoices/foreign", { customer, name: query.get("name") }))} data-testid="invoice-foreign">
              {words.printRoom.foreign.title}
            </Button>
            {customer !== null && (
              <Button onClick={() => amend("/invoices/new")} data-testid="invoice-other-customer">
                {text.change}
              </Button>
            )}
          </>
        }
      >
        {customer !== null && <a href={`#/customers/${customer}`}>{name}</a>}
      </Heading>
      {customer === null ? (
        <Panel className={classes.pick} padded>
          <div className={classes.pickField}>
            <label>{text.customer}</label>
            <CustomerPick autoFocus onPick={(picked) => amend(to("/invoices/new", { customer: picked.id, name: picked.name }))} data-testid="invoice-customer" />
          </div>
          <p className="muted">{text.pickHint}</p>
        </Panel>
      ) : (
        <Read of={meter} rows={8}>
          {(rows) => <Read of={buyers}>{(titles) => <Paper customer={customer} meter={rows} buyers={titles} onStale={() => void meter.refetch()} />}</Read>}
        </Read>
      )}
    </div>
  );
}

/** The name that the list, the picker or the customer's page already knew; only a link from outside has to ask for it. */
function useCustomerName(customer: string | null, given: string | null): string {
  const text = useSpeech().words.invoices.form;
  const queries = useQueryClient();
  const asked = { customer_id: customer ?? "0" };
  const known = given ?? queries.getQueryData<Result<"customers.open">>(["customers.open", asked])?.name ?? null;
  const found = useRead("customers.open", asked, { enabled: customer !== null && known === null, keep: false });
  return known ?? found.data?.name ?? text.account(customer ?? "");
}

interface PaperProps {
  customer: string;
  meter: MeterRow[];
  buyers: Buyer[];
  onStale(): void;
}

/** What each line asks for, as typed; a line left empty is not on the paper. */
function useLines(meter: MeterRow[]) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  // All that may be invoiced is what is usually wanted, so it stands there to be lowered.
  const of = (row: MeterRow) => typed[row.product] ?? (/[1-9]/.test(row.invoiceable) ? row.invoiceable : "");
  const read = meter.map((row) => ({ product: row.product, text: of(row), ...parseAmount(of(row)) }));
  const wrong = read.some((line) => line.problem !== null && line.problem !== "empty");
  const lines = read.flatMap((line) => (line.value ? [{ product: line.product, amount: line.value }] : []));
  return { of, lines, wrong, type: (product: string, text: string) => setTyped((now) => ({ ...now, [product]: text })), reset: () => setTyped({}) };
}

/** The value once the hand has rested, so that not every key asks the database. */
function useRested<T>(value: T, after_ms = 250): T {
  const key = JSON.stringify(value);
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), after_ms);
    return () => clearTimeout(timer);
  }, [key]); // eslint-disable-line
  return rested;
}

function Paper({ customer, meter, buyers, onStale }: PaperProps) {
  const { words } = useSpeech();
  const text = words.invoices.form;
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [kind, setKind] = useState<string | null>("statement");
  const [note, setNote] = useState("");
  const buyer = chosen ?? buyers[0]?.id ?? null;
  const { lines, wrong, of, type } = useLines(meter);
  const wanted = useMemo(() => ({ buyer, lines, kind }), [buyer, JSON.stringify(lines), kind]); // eslint-disable-line
  const rested = useRested(wanted);
  const whole = rested.buyer !== null && rested.lines.length > 0 && !wrong;
  const draft = useRead("invoices.preview", { customer_id: customer, buyer_id: rested.buyer ?? "", lines: rested.lines, kind: rested.kind }, { enabled: whole });
  const issue = useAction("invoices.issue");
  const form = useCommandId();
  const issues = useDuty("tax_clerk");

  // Refused for its amounts: somebody invoiced in between, so the meter is read again.
  const stale = issue.refusal?.rule === "invoice_exceeds_consumption";
  useEffect(() => {
    if (stale) onStale();
  }, [stale]); // eslint-disable-line

  const settled = rested === wanted && !draft.isFetching && !draft.isPlaceholderData;
  const needs = text.needs;
  const blocked = !issues
    ? words.parts.refusal.needs(words.shell.duties.tax_clerk)
    : wrong
      ? needs.wrong
      : lines.length === 0
        ? needs.amount
        : buyer === null
          ? needs.buyer
          : draft.error && settled
            ? needs.refused
            : !settled || !draft.data
              ? needs.preview
              : null;

  const send = async () => {
    if (blocked || issue.busy) return;
    const row = await issue.send({ command_id: form.id, customer_id: customer, buyer_id: buyer ?? "", lines, kind, note: note.trim() || null });
    if (!row) return;
    notify(words.invoices.page.issuedNote(row.number));
    go(to(`/invoices/${row.id}`, { new: "1" }));
  };

  // The amounts stand beside the form, so its own Ctrl Enter would not reach them.
  useShortcuts([{ keys: "Mod+Enter", label: words.shell.keys.submit, group: "thisScreen", whileTyping: true, run: () => void send() }]);

  if (meter.length === 0) {
    return (
      <Panel>
        <Empty title={text.nothing}>{text.nothingWhy}</Empty>
      </Panel>
    );
  }
  const shown = whole ? draft : null;
  return (
    <div className={classes.splitForm}>
      <div className={classes.main}>
        <Meter meter={meter} of={of} onType={type} customer={customer} />
        <DraftPanel draft={shown?.data ?? null} error={shown && settled ? shown.error : null} waiting={!settled} />
      </div>
      <Panel className={classes.formPanel} padded>
        <Form onSubmit={() => void send()} submit={draft.data && whole && !draft.error ? text.submitAmount(plainMoney(draft.data.total_incl)) : text.submit} blocked={blocked} busy={issue.busy} refusal={issue.refusal} onCancel={() => go("/invoices?view=due")} submitTestId="invoice-issue" data-testid="invoice-form">
          <BuyerChoice buyers={buyers} chosen={buyer} onChoose={setChosen} onAdd={() => setAdding(true)} />
          <Choice label={text.paper} value={kind} onChange={setKind} options={["statement", "commercial_invoice", "invoice_request"].map((value) => ({ value, label: words.invoices.kinds[value] ?? value }))} hint={words.invoices.kindHints[kind ?? ""]} data-testid="invoice-kind" />
          <TextField label={text.note} hint={text.noteHint} value={note} onChange={setNote} lines={2} optional data-testid="invoice-note" />
          <p className={classes.fieldHint}>{text.final}</p>
        </Form>
      </Panel>
      {/* Beside the form, not inside it: what happens in the dialog's form would reach the outer one. */}
      {adding && (
        <BuyerDialog
          customer={customer}
          onClose={() => setAdding(false)}
          onSaved={(saved) => {
            setChosen(saved.id);
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
