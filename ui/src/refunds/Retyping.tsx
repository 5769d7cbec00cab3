import { useState } from "react";
import { AmountField, TextField } from "../parts/Fields";
import { Form, Row } from "../parts/Form";
import { Panel } from "../parts/Panel";
import { useSpeech } from "../words";
import classes from "./refunds.module.css";

export interface Typed {
  net: string;
  payee: string;
}

/** In place of the worksheet of a large refund: its figures come from the papers first. The database compares them. */
export function Retyping({ onTyped }: { onTyped(typed: Typed): void }) {
  const text = useSpeech().words.refunds.retyping;
  const [net, setNet] = useState<string | null>(null);
  const [payee, setPayee] = useState("");
  const ready = net !== null && payee.trim().length === 4;
  return (
    <Panel title={text.title} padded className={classes.formPanel} data-testid="refund-retyping">
      <Form onSubmit={() => ready && onTyped({ net, payee: payee.trim() })} submit={text.submit} blocked={!ready && text.needed} submitTestId="refund-retyped">
        <p className="muted">{text.text}</p>
        <Row>
          <AmountField label={text.net} onChange={setNet} data-testid="refund-typed-net" />
          <TextField label={text.payee} value={payee} onChange={setPayee} data-testid="refund-typed-payee" />
        </Row>
      </Form>
    </Panel>
  );
}
