import { useEffect, useState } from "react";
import { Button } from "../parts/Button";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Facts, Panel } from "../parts/Panel";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { useWords } from "../words";
import type { CustomerPage } from "./customer";
import classes from "./customers.module.css";

type Field = "name" | "phone" | "email";

/** Who it is, masked; each look behind a mask has a reason and is on record. */
export function PersonPanel({ customer }: { customer: CustomerPage }) {
  const words = useWords();
  const names = words.customers.person;
  const [asking, setAsking] = useState<Field | null>(null);
  const [shown, setShown] = useState<Partial<Record<Field, { value: string; until: string }>>>({});
  const now = useNow();
  useEffect(() => {
    // What was shown goes behind its mask again when its time is over.
    setShown((kept) => {
      const alive = Object.entries(kept).filter(([, one]) => Date.parse(one.until) > now.getTime());
      return alive.length === Object.keys(kept).length ? kept : Object.fromEntries(alive);
    });
  }, [now]);
  const masked = (field: Field, value: string | null) => {
    const plain = shown[field];
    if (value === null) return <span className="muted">{names.none}</span>;
    return (
      <span className={classes.masked}>
        {plain ? <strong title={words.customers.reveal.shown}>{plain.value}</strong> : value}
        {!plain && (
          <Button small kind="quiet" onClick={() => setAsking(field)} data-testid={`reveal-${field}`}>
            {words.customers.reveal.button}
          </Button>
        )}
      </span>
    );
  };
  return (
    <Panel title={names.title} padded>
      <Facts
        rows={[
          [names.kind, words.parts.customerKinds[customer.kind]],
          customer.kind === "personal" ? [names.name, masked("name", customer.name)] : [names.name, customer.name],
          [names.phone, masked("phone", customer.phone)],
          [names.email, masked("email", customer.email)],
          [names.verified, customer.real_name_verified ? names.yes : names.no],
        ]}
      />
      <RevealForm
        customerId={customer.id}
        field={asking}
        onClose={() => setAsking(null)}
        onShown={(field, value, until) => {
          setShown((kept) => ({ ...kept, [field]: { value, until } }));
          setAsking(null);
        }}
      />
    </Panel>
  );
}

function RevealForm({ customerId, field, onClose, onShown }: { customerId: string; field: Field | null; onClose(): void; onShown(field: Field, value: string, until: string): void }) {
  const words = useWords();
  const names = words.customers.reveal;
  const form = useCommandId();
  const reveal = useAction("customers.reveal");
  const [reason, setReason] = useState("");
  const submit = async () => {
    if (!field) return;
    const row = await reveal.send({ command_id: form.id, customer_id: customerId, field, reason: reason.trim() });
    if (!row) return;
    onShown(field, row.value ?? words.customers.person.none, row.until);
    setReason("");
    form.renew();
  };
  return (
    <Dialog open={field !== null} onClose={onClose} title={field ? names.title(words.customers.fields[field]) : ""} size={440}>
      <Form onSubmit={() => void submit()} submit={names.submit} busy={reveal.busy} refusal={reveal.refusal} blocked={reason.trim() ? null : names.reason} onCancel={onClose} submitTestId="reveal-submit">
        <TextField label={names.reason} hint={names.reasonHint} value={reason} onChange={setReason} autoFocus data-testid="reveal-reason" />
      </Form>
    </Dialog>
  );
}
