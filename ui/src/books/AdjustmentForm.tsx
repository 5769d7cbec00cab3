import { useState } from "react";
import type { KontorError } from "../call";
import { asKontorError } from "../call";
import { CustomerPick, type Picked } from "../customers/CustomerPick";
import { useAccounts } from "../ledger/accounts";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { LinkButton } from "../parts/Button";
import { AmountField, Choice, DayField, Field, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { CorrectionPreview } from "./CorrectionSheet";

const kinds = ["goodwill_gift", "receivable_write_off", "rounding", "house_correction"] as const;

/** A manual journal: what it would do is shown while it is written, and again to whoever confirms. */
export function AdjustmentForm({ customer: given, onClose }: { customer?: Picked; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.books.corrections;
  const today = dayOf(useNow());
  const form = useCommandId();
  const propose = useAction("adjustments.propose");
  const may = useDuty("accountant");
  const [kind, setKind] = useState<string>("goodwill_gift");
  const [customer, setCustomer] = useState<Picked | null>(given ?? null);
  const [amount, setAmount] = useState<string | null>(null);
  const [debit, setDebit] = useState<string | null>(null);
  const [credit, setCredit] = useState<string | null>(null);
  const [day, setDay] = useState<string | null>(today);
  const [expires, setExpires] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [document, setDocument] = useState("");
  const [papers, setPapers] = useState<Paper[]>([]);
  const [sending, setSending] = useState(false);
  const [broken, setBroken] = useState<KontorError | null>(null);
  const ofCustomer = kind === "goodwill_gift" || kind === "receivable_write_off";
  const facts = {
    kind,
    amount: amount ?? "0",
    customer_id: ofCustomer ? (customer?.id ?? null) : null,
    debit_account: ofCustomer ? null : debit,
    credit_account: ofCustomer ? null : credit,
    effective_on: kind === "goodwill_gift" ? null : day,
    gift_expires_on: kind === "goodwill_gift" ? expires : null,
  };
  const ready = amount !== null && (ofCustomer ? customer !== null : debit !== null && credit !== null);
  const sheet = useRead("adjustments.preview", facts, { enabled: ready });
  const send = async () => {
    setSending(true);
    setBroken(null);
    try {
      for (const paper of papers) await sendPaper({ kind: "adjustment", id: form.id }, paper);
      setPapers([]);
    } catch (error) {
      setBroken(asKontorError(error));
      setSending(false);
      return;
    }
    setSending(false);
    const row = await propose.send({ command_id: form.id, ...facts, reason: reason.trim(), document_no: document.trim() });
    if (!row) return;
    notify(text.proposed(row.number ?? ""));
    onClose();
  };
  // The day that the refusal itself offers.
  const open = ready ? sheet.data?.refusals.map((one) => one.detail?.next_open_on).find((on): on is string => typeof on === "string") : undefined;
  const refused = ready && (sheet.data?.refusals.length ?? 0) > 0;
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : !ready ? text.previewFirst : !reason.trim() || !document.trim() ? text.noteFirst : refused ? text.stands : null;
  return (
    <Dialog open onClose={onClose} title={text.new} size={680} data-testid="adjustment-dialog">
      <Form onSubmit={() => void send()} submit={text.propose} busy={propose.busy || sending} refusal={propose.refusal} blocked={blocked} onCancel={onClose} submitTestId="adjustment-submit">
        <Row>
          <Choice label={text.kind} value={kind} onChange={(next) => next && setKind(next)} options={kinds.map((value) => ({ value, label: text.kinds[value] ?? value }))} data-testid="adjustment-kind" />
          <AmountField label={text.amount} onChange={setAmount} data-testid="adjustment-amount" />
        </Row>
        {ofCustomer ? (
          <Field label={text.customer} id="adjustment-customer">
            {customer ? (
              <span>
                <strong>{customer.name}</strong> <span className="muted">{customer.ref}</span> <LinkButton onClick={() => setCustomer(null)}>{text.another}</LinkButton>
              </span>
            ) : (
              <CustomerPick onPick={setCustomer} data-testid="adjustment-customer" />
            )}
          </Field>
        ) : (
          <HouseAccounts debit={debit} credit={credit} onDebit={setDebit} onCredit={setCredit} />
        )}
        {kind === "goodwill_gift" ? (
          <DayField label={text.expires} value={expires} onChange={setExpires} min={today} optional data-testid="adjustment-expires" />
        ) : (
          <DayField label={text.effective} value={day} onChange={setDay} max={today} data-testid="adjustment-day" />
        )}
        {open && (
          <p>
            <LinkButton onClick={() => setDay(open)} data-testid="adjustment-open-day">
              {text.takeOpenDay(formats.day(open))}
            </LinkButton>
          </p>
        )}
        <Row>
          <TextField label={text.reason} value={reason} onChange={setReason} lines={2} data-testid="adjustment-reason" />
          <TextField label={text.document} value={document} onChange={setDocument} hint={text.documentHint} data-testid="adjustment-document" />
        </Row>
        <AttachmentsBox papers={papers} onTake={(taken) => setPapers((kept) => [...kept, ...taken])} onRemove={(id) => setPapers((kept) => kept.filter((paper) => paper.id !== id))} busy={sending} data-testid="adjustment-papers" />
        <Refusal error={broken} />
        {ready && sheet.data && <CorrectionPreview sheet={sheet.data} />}
      </Form>
    </Dialog>
  );
}

function HouseAccounts({ debit, credit, onDebit, onCredit }: { debit: string | null; credit: string | null; onDebit(code: string | null): void; onCredit(code: string | null): void }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const accounts = useAccounts();
  const options = accounts.all.filter((one) => one.owner === "house").map((one) => ({ value: one.code, label: accounts.title(one.code) }));
  return (
    <Row>
      <Choice label={text.debit} value={debit} onChange={onDebit} options={options} searchable data-testid="adjustment-debit" />
      <Choice label={text.credit} value={credit} onChange={onCredit} options={options} searchable data-testid="adjustment-credit" />
    </Row>
  );
}
