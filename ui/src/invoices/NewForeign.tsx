import { useState } from "react";
import { CustomerPick } from "../customers/CustomerPick";
import { Button } from "../parts/Button";
import { Choice, DayField, TextField } from "../parts/Fields";
import { Form, Row } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Heading, Panel } from "../parts/Panel";
import { useAction, useCommandId, useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty, useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { BuyerChoice } from "./BuyerChoice";
import { BuyerDialog } from "./BuyerDialog";
import type { Buyer } from "./papers";
import classes from "./invoices.module.css";

interface Line {
  product: string | null;
  description: string;
  quantity: string;
  unit_price: string;
  discount: string;
}
const blank: Line = { product: null, description: "", quantity: "1", unit_price: "", discount: "" };

/** "/invoices/foreign": a paper in another currency, for one payment. */
export function NewForeign() {
  const { words } = useSpeech();
  const text = words.printRoom.foreign;
  const { query } = useRoute();
  const customer = query.get("customer");
  const buyers = useRead("buyers.list", { customer_id: customer ?? "0" }, { enabled: customer !== null, keep: false });
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={customer === null || buyers.data !== undefined}>
      <Heading title={text.title}>{customer !== null && <a href={`#/customers/${customer}`}>{query.get("name") ?? words.invoices.form.account(customer)}</a>}</Heading>
      {customer === null ? (
        <Panel className={classes.pick} padded>
          <div className={classes.pickField}>
            <label>{words.invoices.form.customer}</label>
            <CustomerPick autoFocus onPick={(picked) => amend(to("/invoices/foreign", { customer: picked.id, name: picked.name }))} data-testid="foreign-customer" />
          </div>
          <p className="muted">{text.hint}</p>
        </Panel>
      ) : (
        <Read of={buyers} rows={6}>{(titles) => <Paper customer={customer} buyers={titles} />}</Read>
      )}
    </div>
  );
}

function Paper({ customer, buyers }: { customer: string; buyers: Buyer[] }) {
  const { words, language } = useSpeech();
  const text = words.printRoom.foreign;
  const today = dayOf(useNow());
  const issues = useDuty("tax_clerk");
  const products = useRead("catalogue.open", {});
  const sellers = useRead("invoices.list_sellers", {});
  // Papers are in the currencies that somebody sells in.
  const currencies = [...new Set((sellers.data ?? []).filter((seller) => seller.confirmed_at && seller.currency !== "CNY").map((seller) => seller.currency))].sort();
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [picked, setCurrency] = useState<string | null>(null);
  const currency = picked ?? currencies[0] ?? null;
  const [kind, setKind] = useState<string | null>("commercial_invoice");
  const [rate, setRate] = useState("0");
  const [lines, setLines] = useState<Line[]>([blank]);
  const [period, setPeriod] = useState<{ from: string | null; to: string | null }>({ from: null, to: null });
  const [paid, setPaid] = useState({ order_no: "", reference: "", paid: "", credits: "", buyer_country: "", terms: "", exchange_rate: "" });
  const [on, setOn] = useState<string | null>(today);
  const [note, setNote] = useState("");
  const issue = useAction("invoices.issue_foreign");
  const form = useCommandId();
  const buyer = chosen ?? buyers[0]?.id ?? null;
  const filled = lines.filter((line) => line.product && line.unit_price.trim());
  const blocked = !issues ? words.parts.refusal.needs(words.shell.duties.tax_clerk) : !buyer ? words.invoices.form.needs.buyer : !currency ? text.needsSeller : filled.length === 0 ? words.invoices.form.needs.amount : !period.from || !period.to ? text.needsPeriod : null;
  const send = async () => {
    if (blocked || !period.from || !period.to) return;
    const plain = (value: string) => value.normalize("NFKC").trim();
    const row = await issue.send({
      command_id: form.id,
      customer_id: customer,
      buyer_id: buyer ?? "",
      currency: currency ?? "",
      kind: kind ?? "commercial_invoice",
      rate: plain(rate) || "0",
      period_from: period.from,
      period_to: period.to,
      note: note.trim() || null,
      lines: filled.map((line) => ({ product: line.product, quantity: plain(line.quantity), unit_price: plain(line.unit_price), ...(line.description.trim() && { description: line.description.trim() }), ...(line.discount.trim() && { discount: plain(line.discount) }) })),
      payment: { ...Object.fromEntries(Object.entries(paid).filter(([, value]) => value.trim()).map(([name, value]) => [name, plain(value)])), paid_on: on },
    });
    if (!row) return;
    notify(words.invoices.page.issuedNote(row.number));
    go(to(`/invoices/${row.id}`, { new: "1" }));
  };
  const change = (at: number, next: Partial<Line>) => setLines((now) => now.map((line, place) => (place === at ? { ...line, ...next } : line)));
  const pay = (name: keyof typeof paid, label: string) => <TextField label={label} value={paid[name]} onChange={(value) => setPaid((now) => ({ ...now, [name]: value }))} optional={name === "credits" || name === "terms" || name === "exchange_rate"} data-testid={`foreign-${name}`} />;
  return (
    <div className={classes.splitForm}>
      <div className={classes.main}>
        <Panel title={words.invoices.lines.title} hint={text.linesHint} padded>
          {lines.map((line, at) => (
            <div key={at} className={classes.foreignLine}>
              <Choice label={words.invoices.lines.product} value={line.product} onChange={(product) => change(at, { product })} options={(products.data?.products ?? []).map((one) => ({ value: one.code, label: language === "en" ? one.title_en : one.title_zh }))} data-testid={`foreign-product-${at}`} />
              <TextField label={text.description} value={line.description} onChange={(description) => change(at, { description })} optional />
              <TextField label={text.quantity} value={line.quantity} onChange={(quantity) => change(at, { quantity })} data-testid={`foreign-quantity-${at}`} />
              <TextField label={text.price} value={line.unit_price} onChange={(unit_price) => change(at, { unit_price })} data-testid={`foreign-price-${at}`} />
              <TextField label={text.discount} value={line.discount} onChange={(discount) => change(at, { discount })} optional />
            </div>
          ))}
          <Button small onClick={() => setLines((now) => [...now, blank])} data-testid="foreign-add">{text.add}</Button>
        </Panel>
        <Panel title={text.payment} hint={text.paymentHint} padded>
          <div className={classes.foreignFields}>
            <Row>
              {pay("order_no", text.order)}
              {pay("reference", text.reference)}
            </Row>
            <Row columns={3}>
              {pay("paid", text.paid)}
              {pay("credits", text.credits)}
              <DayField label={text.paidOn} value={on} onChange={setOn} max={today} data-testid="foreign-day" />
            </Row>
            <Row>
              {pay("buyer_country", text.country)}
              {pay("terms", text.terms)}
            </Row>
            <TextField label={text.exchangeRate} hint={text.exchangeRateHint} value={paid.exchange_rate} onChange={(exchange_rate) => setPaid((now) => ({ ...now, exchange_rate }))} optional data-testid="foreign-exchange_rate" />
          </div>
        </Panel>
      </div>
      <Panel className={classes.formPanel} padded>
        <Form onSubmit={() => void send()} submit={words.invoices.form.submit} blocked={blocked} busy={issue.busy} refusal={issue.refusal} onCancel={() => go("/invoices")} submitTestId="foreign-issue">
          <BuyerChoice buyers={buyers} chosen={buyer} onChoose={setChosen} onAdd={() => setAdding(true)} />
          <Choice label={words.printRoom.runs.kind} value={kind} onChange={setKind} options={["commercial_invoice", "statement", "invoice_request"].map((value) => ({ value, label: words.invoices.kinds[value] ?? value }))} data-testid="foreign-kind" />
          <Row>
            <Choice label={words.printRoom.template.currency} value={currency} onChange={setCurrency} options={currencies.map((value) => ({ value, label: value }))} data-testid="foreign-currency" />
            <TextField label={text.rate} value={rate} onChange={setRate} hint={text.rateHint} data-testid="foreign-rate" />
          </Row>
          <Row>
            <DayField label={text.from} value={period.from} onChange={(from) => setPeriod((now) => ({ ...now, from }))} data-testid="foreign-from" />
            <DayField label={text.to} value={period.to} onChange={(until) => setPeriod((now) => ({ ...now, to: until }))} data-testid="foreign-to" />
          </Row>
          <TextField label={words.invoices.form.note} value={note} onChange={setNote} lines={2} optional />
          <p className={classes.fieldHint}>{words.invoices.form.final}</p>
        </Form>
      </Panel>
      {adding && <BuyerDialog customer={customer} onClose={() => setAdding(false)} onSaved={(saved) => (setChosen(saved.id), setAdding(false))} />}
    </div>
  );
}
