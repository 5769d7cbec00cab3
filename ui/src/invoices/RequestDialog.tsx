import { useState } from "react";
import { parseAmount } from "../amounts";
import { KontorError } from "../call";
import { CustomerPick, type Picked } from "../customers/CustomerPick";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useNow } from "../session";
import { useSpeech } from "../words";
import { BuyerChoice } from "./BuyerChoice";
import { BuyerDialog } from "./BuyerDialog";
import { monthsBefore, type Buyer } from "./papers";

/** A request that somebody makes by telephone or by mail: who, which usage or how much, and made out to whom. */
export function RequestDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.requests;
  const [customer, setCustomer] = useState<Picked | null>(null);
  const buyers = useRead("buyers.list", { customer_id: customer?.id ?? "0" }, { enabled: customer !== null, keep: false });
  return (
    <Dialog open onClose={onClose} title={customer ? `${text.handTitle}: ${customer.name}` : text.handTitle} data-testid="request-dialog">
      {customer === null ? <CustomerPick autoFocus onPick={setCustomer} data-testid="request-customer" /> : <Read of={buyers} rows={4}>{(titles) => <Wanted customer={customer} buyers={titles} onClose={onClose} />}</Read>}
    </Dialog>
  );
}

function Wanted({ customer, buyers, onClose }: { customer: Picked; buyers: Buyer[]; onClose(): void }) {
  const { words, language } = useSpeech();
  const text = words.printRoom.requests;
  const now = useNow();
  const products = useRead("catalogue.open", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [kind, setKind] = useState<string | null>("invoice_request");
  const [product, setProduct] = useState<string | null>(null);
  const [month, setMonth] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState<KontorError | null>(null);
  const take = useAction("invoices.take_requests");
  const form = useCommandId();
  const amount = parseAmount(typed, 2).value;
  const buyer = chosen ?? buyers[0]?.id ?? null;
  const blocked = !buyer ? words.invoices.form.needs.buyer : typed.trim() && amount === null ? words.invoices.form.needs.amount : null;
  const send = async () => {
    if (blocked) return;
    setRefused(null);
    const asked = { customer_ref: customer.ref, buyer_id: buyer, paper: kind, product, month, amount, note: note.trim() || null };
    const rows = await take.send({ command_id: form.id, source: "hand", rows: [Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null))] });
    const row = rows?.[0];
    if (!row) return;
    if (row.verdict === "taken") {
      notify(text.handTaken(row.request_no ?? ""));
      return onClose();
    }
    // The answer to this id is written down; what is asked next is another request.
    form.renew();
    setRefused(new KontorError("rule", row.rule, (row.detail ?? {}) as Record<string, unknown>, null));
  };
  return (
    <>
      <Form onSubmit={() => void send()} submit={text.handSubmit} blocked={blocked} busy={take.busy} refusal={refused ?? take.refusal} onCancel={onClose} submitTestId="request-submit">
        <BuyerChoice buyers={buyers} chosen={buyer} onChoose={setChosen} onAdd={() => setAdding(true)} />
        <Row>
          <Choice label={text.product} optional value={product} onChange={setProduct} options={(products.data?.products ?? []).map((one) => ({ value: one.code, label: language === "en" ? one.title_en : one.title_zh }))} data-testid="request-product" />
          <Choice label={text.month} optional value={month} onChange={setMonth} options={monthsBefore(now, 18).map((value) => ({ value, label: value }))} data-testid="request-month" />
        </Row>
        <Row>
          <TextField label={text.amount} optional hint={text.amountHint} value={typed} onChange={setTyped} data-testid="request-amount" />
          <Choice label={words.printRoom.runs.kind} value={kind} onChange={setKind} options={["invoice_request", "statement"].map((value) => ({ value, label: words.invoices.kinds[value] ?? value }))} data-testid="request-kind" />
        </Row>
        <TextField label={words.invoices.form.note} value={note} onChange={setNote} lines={2} optional data-testid="request-note" />
      </Form>
      {adding && <BuyerDialog customer={customer.id} onClose={() => setAdding(false)} onSaved={(saved) => (setChosen(saved.id), setAdding(false))} />}
    </>
  );
}
