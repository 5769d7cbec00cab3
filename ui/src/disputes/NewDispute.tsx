import { useState } from "react";
import { AmountField, Choice, TextField } from "../parts/Fields";
import { Form, Row, Warning } from "../parts/Form";
import { Heading, Panel } from "../parts/Panel";
import { useAction, useCommandId, useRead } from "../reading";
import { go, useRoute } from "../routes";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import classes from "./disputes.module.css";

/** "/disputes/new": a third party says that it never agreed. Recording it stops payouts at once. */
export function NewDispute() {
  const { words } = useSpeech();
  const text = words.disputes;
  const now = useNow();
  const { query } = useRoute();
  const [order, setOrder] = useState(query.get("order") ?? "");
  const [ticket, setTicket] = useState("");
  const [demand, setDemand] = useState("");
  const [received, setReceived] = useState(() => beijing(now));
  const [way, setWay] = useState<string | null>("ticket");
  const [kind, setKind] = useState<string | null>("third_party");
  const [amount, setAmount] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [contact, setContact] = useState("");
  const form = useCommandId();
  const notice = useAction("disputes.record_notice");
  const records = useDuty("agent", "handler");
  const options = (choices: Record<string, string>) => Object.entries(choices).map(([value, label]) => ({ value, label }));
  const need = text.fields.needs;
  const blocked = !records
    ? words.parts.refusal.needs(words.shell.duties.handler)
    : !order.trim() ? need(text.about.order)
    : !ticket.trim() ? need(text.columns.ticket)
    : !demand.trim() ? need(text.form.demand)
    : !instantOf(received) ? need(text.fields.names.received_at ?? "")
    : null;
  const send = async () => {
    const row = await notice.send({
      command_id: form.id,
      order_no: order.trim(),
      ticket_no: ticket.trim(),
      demand: demand.trim(),
      received_at: instantOf(received) ?? received,
      notice_way: way ?? "ticket",
      kind: kind ?? "third_party",
      ...(amount ? { amount_disputed: amount } : {}),
      ...(name.trim() ? { informant_name: name.trim() } : {}),
      ...(contact.trim() ? { informant_contact: contact.trim() } : {}),
    });
    if (row) go(`/disputes/${row.id}`);
  };
  return (
    <div className="screen" data-testid="screen-disputes" data-ready="true">
      <Heading title={text.form.title} />
      <div className={classes.splitForm}>
        <Panel padded>
          <Form onSubmit={() => void send()} submit={text.form.submit} blocked={blocked} busy={notice.busy} refusal={notice.refusal} onCancel={() => go("/disputes")} submitTestId="dispute-submit" data-testid="dispute-form">
            <Warning>{text.form.stops}</Warning>
            <Row>
              <TextField label={text.about.order} value={order} onChange={setOrder} autoFocus data-testid="dispute-order" />
              <TextField label={text.columns.ticket} value={ticket} onChange={setTicket} data-testid="dispute-ticket" />
            </Row>
            <TextField label={text.form.demand} hint={text.form.demandHint} value={demand} onChange={setDemand} lines={3} data-testid="dispute-demand" />
            <Row>
              <InstantField label={text.fields.names.received_at ?? ""} value={received} onChange={setReceived} data-testid="dispute-received" />
              <Choice label={text.form.way} value={way} onChange={setWay} options={options(text.form.ways)} data-testid="dispute-way" />
            </Row>
            <Row>
              <Choice label={text.form.kind} value={kind} onChange={setKind} options={options(text.form.kinds)} data-testid="dispute-kind" />
              <AmountField label={text.form.amount} hint={text.form.amountHint} optional onChange={setAmount} data-testid="dispute-amount" />
            </Row>
            <Row>
              <TextField label={text.form.informant} optional value={name} onChange={setName} data-testid="dispute-informant" />
              <TextField label={text.form.contact} optional value={contact} onChange={setContact} data-testid="dispute-contact" />
            </Row>
          </Form>
        </Panel>
        <SameOrder order={order.trim()} ticket={ticket.trim()} />
      </div>
    </div>
  );
}

/** Another case on the same order or ticket is pointed out before a second one is opened. */
function SameOrder({ order, ticket }: { order: string; ticket: string }) {
  const { words } = useSpeech();
  const text = words.disputes.form;
  const same = useRead("search.same_ticket", { order_no: order || null, ticket_no: ticket || null }, { enabled: order.length > 3 || ticket.length > 2, keep: true });
  const found = same.data ?? [];
  return (
    <Panel title={text.same} padded>
      {found.length === 0 ? (
        <p className="muted">{text.noSame}</p>
      ) : (
        found.map((one) => (
          <p key={one.id}>
            <a href={`#/${one.kind}s/${one.id}`}>{one.number}</a> <span className="soft">{(words.disputes.statuses as Record<string, string>)[one.status] ?? words.refunds.statuses[one.status] ?? one.status}</span>
          </p>
        ))
      )}
    </Panel>
  );
}
