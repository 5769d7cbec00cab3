import { useState } from "react";
import { CustomerPick, type Picked } from "../customers/CustomerPick";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { AmountField, Choice, DayField, TextField, Tick } from "../parts/Fields";
import { Form, Row, Warning } from "../parts/Form";
import { Heading, Panel } from "../parts/Panel";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { go } from "../routes";
import { useDuty, useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { PapersField, useOrderPapers } from "./papers";
import classes from "./locks.module.css";

/** "/locks/new": legal registers an order; the account is locked, or the amount held, at once. */
export function NewOrder() {
  const { words } = useSpeech();
  const text = words.locks.form;
  const now = useNow();
  const form = useCommandId();
  const [customer, setCustomer] = useState<Picked | null>(null);
  const [given, setGiven] = useState({ authority: "", orderNo: "", words: "" });
  const [scope, setScope] = useState<string | null>("account");
  const [amount, setAmount] = useState<string | null>(null);
  const [received, setReceived] = useState(() => beijing(now));
  const kept = useOrderPapers(form.id, received);
  const [until, setUntil] = useState<string | null>(null);
  const [allows, setAllows] = useState(false);
  const register = useAction("judicial_locks.register");
  const registers = useDuty("legal");
  const set = (key: keyof typeof given) => (value: string) => setGiven((kept) => ({ ...kept, [key]: value }));
  const missing = !customer ? "customer" : !given.authority.trim() ? "authority" : !given.orderNo.trim() ? "orderNo" : scope === "amount" && !amount ? "amount" : !instantOf(received) ? "received" : !until ? "until" : allows && !given.words.trim() ? "words" : kept.papers.length === 0 ? "papers" : null;
  const blocked = !registers ? words.parts.refusal.needs(words.shell.duties.legal) : missing && text.needs[missing];
  const send = async () => {
    if (!customer || !(await kept.file())) return;
    const row = await register.send({
      command_id: form.id,
      customer_id: customer.id,
      authority: given.authority.trim(),
      order_no: given.orderNo.trim(),
      scope: scope ?? "account",
      received_at: instantOf(received) ?? received,
      until_on: until ?? "",
      attachment_ids: kept.papers.map((paper) => paper.id),
      ...(scope === "amount" ? { amount } : allows ? { allows_repayment: true, allowing_words: given.words.trim() } : {}),
    });
    if (!row) return;
    notify(text.done(row.number));
    go(`/locks/${row.id}`);
  };
  return (
    <div className="screen" data-testid="screen-locks" data-ready="true">
      <Heading title={text.title} />
      <div className={classes.form}>
        <Panel padded>
          <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked} busy={register.busy || kept.filing} refusal={kept.unfiled ?? register.refusal} onCancel={() => go("/locks")} submitTestId="order-submit" data-testid="order-form">
            <div className={classes.papersField}>
              <span>{text.customer}</span>
              {customer ? (
                <p>
                  <strong>{customer.name}</strong> <span className="muted">{customer.ref}</span>
                </p>
              ) : (
                <CustomerPick onPick={setCustomer} autoFocus data-testid="order-customer" />
              )}
            </div>
            <Row>
              <TextField label={text.authority} value={given.authority} onChange={set("authority")} data-testid="order-authority" />
              <TextField label={text.orderNo} value={given.orderNo} onChange={set("orderNo")} data-testid="order-order-no" />
            </Row>
            <Row>
              <Choice label={text.scope} value={scope} onChange={setScope} options={Object.entries(words.locks.scopes).map(([value, label]) => ({ value, label }))} data-testid="order-scope" />
              {scope === "amount" ? <AmountField label={text.amount} onChange={setAmount} data-testid="order-amount" /> : <span />}
            </Row>
            <Warning>{text.effect[scope ?? "account"]}</Warning>
            <Row>
              <InstantField label={text.received} value={received} onChange={setReceived} data-testid="order-received" />
              <DayField label={text.until} hint={text.untilHint} value={until} onChange={setUntil} min={dayOf(now)} data-testid="order-until" />
            </Row>
            {scope === "account" && <Tick label={text.allows} checked={allows} onChange={setAllows} data-testid="order-allows" />}
            {scope === "account" && allows && <TextField label={text.words} value={given.words} onChange={set("words")} lines={2} data-testid="order-words" />}
            <PapersField label={text.papers} kept={kept} />
          </Form>
        </Panel>
      </div>
    </div>
  );
}
