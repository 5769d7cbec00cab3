import { useEffect, useState } from "react";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useSpeech } from "../words";
import { codeLength, isOldCode, type Buyer } from "./papers";
import classes from "./invoices.module.css";

type Fields = Record<"name" | "credit_code" | "code_reason" | "address" | "phone" | "bank" | "account" | "email", string>;
const blank: Fields = { name: "", credit_code: "", code_reason: "", address: "", phone: "", bank: "", account: "", email: "" };

/** A title to make papers out to; its credit code is checked while it is typed. */
export function BuyerDialog({ customer, onClose, onSaved }: { customer: string; onClose(): void; onSaved(buyer: Buyer): void }) {
  const { words } = useSpeech();
  const text = words.invoices.buyer;
  const [kind, setKind] = useState<string | null>("enterprise");
  const [fields, setFields] = useState<Fields>(blank);
  const save = useAction("buyers.save");
  const form = useCommandId();
  const set = (key: keyof Fields) => (value: string) => setFields((now) => ({ ...now, [key]: value }));
  const code = useCode(fields.credit_code);
  const old = isOldCode(fields.credit_code);
  const company = kind === "enterprise";
  const missing = !fields.name.trim()
    ? text.needs.name
    : company && !fields.credit_code.trim()
      ? text.needs.code
      : old && !fields.code_reason.trim()
        ? text.needs.reason
        : (fields.credit_code.trim() && code.problem) || null;
  const send = async () => {
    const given = (value: string) => value.trim() || null;
    const row = await save.send({
      command_id: form.id,
      customer_id: customer,
      kind: kind ?? "enterprise",
      name: fields.name.trim(),
      credit_code: given(fields.credit_code),
      code_reason: old ? given(fields.code_reason) : null,
      address: given(fields.address),
      phone: given(fields.phone),
      bank: given(fields.bank),
      account: given(fields.account),
      email: given(fields.email),
    });
    if (!row) return;
    notify(text.saved(row.name));
    onSaved(row);
  };
  return (
    <Dialog open onClose={onClose} title={text.title} size={620} data-testid="invoice-buyer-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={save.busy} refusal={save.refusal} onCancel={onClose} submitTestId="invoice-buyer-save">
        <Row>
          <TextField label={text.name} hint={text.nameHint[kind ?? "enterprise"]} value={fields.name} onChange={set("name")} autoFocus data-testid="invoice-title" />
          <Choice label={text.kind} value={kind} onChange={setKind} options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))} data-testid="invoice-buyer-kind" />
        </Row>
        <TextField
          label={text.code}
          optional={!company}
          value={fields.credit_code}
          onChange={set("credit_code")}
          hint={code.valid ? <span className={classes.fine}>✓ {text.codeValid}</span> : (code.hint ?? text.codeHint)}
          problem={code.problem}
          data-testid="invoice-code"
        />
        {old && <TextField label={text.reason} hint={text.reasonHint} value={fields.code_reason} onChange={set("code_reason")} data-testid="invoice-code-reason" />}
        <Row>
          <TextField label={text.address} optional value={fields.address} onChange={set("address")} data-testid="invoice-address" />
          <TextField label={text.phone} optional value={fields.phone} onChange={set("phone")} data-testid="invoice-phone" />
        </Row>
        <Row>
          <TextField label={text.bank} optional value={fields.bank} onChange={set("bank")} data-testid="invoice-bank" />
          <TextField label={text.account} optional value={fields.account} onChange={set("account")} data-testid="invoice-account" />
        </Row>
        <TextField label={text.email} optional value={fields.email} onChange={set("email")} data-testid="invoice-email" />
      </Form>
    </Dialog>
  );
}

interface CodeSaid {
  valid: boolean;
  hint: string | null;
  problem: string | null;
}

/** What the database says of a code; short ones are not wrong yet, only unfinished. */
function useCode(code: string): CodeSaid {
  const text = useSpeech().words.invoices.buyer;
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(code.trim()), 200);
    return () => clearTimeout(timer);
  }, [code]);
  const count = codeLength(code);
  const check = useRead("buyers.check_code", { code: asked }, { enabled: asked !== "" && count === 18, keep: false });
  if (count === 0) return { valid: false, hint: null, problem: null };
  if (isOldCode(code)) return { valid: false, hint: text.codeOld(count), problem: null };
  if (count < 18) return { valid: false, hint: text.codeLength(count), problem: null };
  if (count > 18) return { valid: false, hint: null, problem: text.codeLength(count) };
  const said = asked === code.trim() ? check.data : undefined;
  if (!said) return { valid: false, hint: null, problem: null };
  if (said.valid) return { valid: true, hint: null, problem: null };
  return { valid: false, hint: null, problem: said.reason === "CHARSET" ? text.codeCharset : said.check_char ? text.codeCheck(said.check_char) : text.codeLength(count) };
}
