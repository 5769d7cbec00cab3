import { useState } from "react";
import { plainMoney } from "../amounts";
import { Choice, DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { addressOf, byChannel, channels, columnFields, columnsOf, columnsText, dayCount, daySteps, forms, fromPercent, hoursOf, layoutOf, limitsOf, limitsText, pairsOf, plainAmount, startOf, switches, type PolicyGroup } from "./values";

interface Typed {
  text: string;
  minimum: string;
  /** Of a fee, where it has one. */
  cap?: string;
  rounding?: string;
}

/** What was typed as the value that the database takes; null while it has not the right form. */
function valueOf(name: string, typed: Typed): unknown {
  switch (forms[name]) {
    case "switch":
      return switches[name]?.includes(typed.text) ? typed.text : null;
    case "amount":
      return plainAmount(typed.text);
    case "days":
      return dayCount(typed.text, name === "refund_window_days" ? 9999 : 999);
    case "count":
      return dayCount(typed.text, 9999, 0);
    case "steps":
      return daySteps(typed.text);
    case "hours":
      return hoursOf(typed.text);
    case "fee": {
      const rate = fromPercent(typed.text);
      const minimum = plainAmount(typed.minimum || "0", 6);
      const cap = typed.cap?.trim() ? plainAmount(typed.cap, 9) : undefined;
      const rounding = typed.rounding && typed.rounding !== "half_up" ? { rounding: typed.rounding } : {};
      return rate !== null && minimum !== null && cap !== null ? { rate, minimum, ...(cap ? { cap } : {}), ...rounding } : null;
    }
    case "reasons": {
      const [refund, repayment] = [typed.text.trim(), typed.minimum.trim()];
      return refund && repayment && refund.length <= 80 && repayment.length <= 80 ? { refund, repayment } : null;
    }
    case "columns":
      return columnsOf(typed.text);
    case "limits":
      return limitsOf(typed.text);
    case "pairs":
      return pairsOf(typed.text);
    case "layout":
      return layoutOf(typed.text);
    case "address":
      return addressOf(typed.text);
    default:
      return null;
  }
}

/** What the fields begin with: nothing, but for a text that one changes rather than writes anew. */
function beginning(name: string | null, value: unknown): Typed {
  if (name && forms[name] === "columns") return { text: columnsText(value), minimum: "" };
  if (name && forms[name] === "layout") return { text: value ? JSON.stringify(value, null, 1) : "", minimum: "" };
  if (name && (forms[name] === "limits" || forms[name] === "pairs")) return { text: limitsText(value), minimum: "" };
  if (name && forms[name] === "reasons") {
    const { refund = "", repayment = "" } = (value ?? {}) as Record<string, string>;
    return { text: refund, minimum: repayment };
  }
  return { text: "", minimum: "0.00" };
}

/** A new figure or switch from a day on, with its reason. */
export function PolicyDialog({ group, onClose }: { group: PolicyGroup | null; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.policy;
  const say = text.policies.form;
  const today = dayOf(useNow());
  const [name, setName] = useState<string | null>(group?.name ?? "recharge_minimum");
  const [channel, setChannel] = useState<string | null>(group?.channel ?? channels[0]!);
  const [typed, setTyped] = useState<Typed>(beginning(group?.name ?? null, group?.inForce?.value));
  const [from, setFrom] = useState<string | null>(today);
  const [reason, setReason] = useState("");
  const propose = useAction("policies.propose");
  const form = useCommandId();
  const kind = name ? forms[name] : undefined;
  const value = name ? valueOf(name, typed) : null;
  const wrong = typed.text !== "" && value === null ? say.needs.value : null;
  const set = (next: string) => setTyped((now) => ({ ...now, text: next }));
  const missing = value === null ? say.needs.value : !from ? say.needs.from : !reason.trim() ? say.needs.reason : null;
  const send = async () => {
    const row = await propose.send({ command_id: form.id, name: name ?? "", value, valid_from: startOf(from ?? today), reason: reason.trim(), channel: name && byChannel(name) ? channel : null });
    if (!row) return;
    notify(say.done);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={say.title} data-testid="policy-dialog">
      <Form onSubmit={() => void send()} submit={say.submit} blocked={missing} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="policy-submit">
        <Choice
          label={say.name}
          value={name}
          onChange={(next) => {
            setName(next);
            setTyped(beginning(next, next === group?.name ? group?.inForce?.value : null));
          }}
          hint={name && text.policies.explain[name]}
          options={Object.keys(forms).map((one) => ({ value: one, label: text.policies.names[one] ?? one }))}
          data-testid="policy-name"
        />
        <Row>
          {kind === "switch" ? (
            <Choice label={say.value} value={typed.text || null} onChange={(next) => set(next ?? "")} options={(switches[name ?? ""] ?? []).map((one) => ({ value: one, label: text.policies.switches[one] ?? one }))} data-testid="policy-value" />
          ) : kind === "columns" ? (
            <TextField label={say.columns} hint={say.columnsHint(columnFields.join(", "))} value={typed.text} onChange={set} problem={wrong} lines={7} data-testid="policy-value" />
          ) : kind === "pairs" || kind === "layout" ? (
            <TextField label={kind === "pairs" ? say.pairs : say.layout} value={typed.text} onChange={set} problem={wrong} lines={kind === "pairs" ? 6 : 10} data-testid="policy-value" />
          ) : kind === "limits" ? (
            <TextField label={say.limits} value={typed.text} onChange={set} problem={wrong} lines={4} data-testid="policy-value" />
          ) : kind === "reasons" ? (
            <TextField label={say.reasonRefund} value={typed.text} onChange={set} data-testid="policy-value" />
          ) : (
            <TextField label={kind === "days" ? say.days : kind === "count" || kind === "steps" || kind === "hours" ? say.value : kind === "fee" ? say.rate : kind === "address" ? say.address : say.amount} value={typed.text} onChange={set} problem={wrong} data-testid="policy-value" />
          )}
          {kind === "reasons" ? <TextField label={say.reasonRepayment} value={typed.minimum} onChange={(minimum) => setTyped((now) => ({ ...now, minimum }))} data-testid="policy-minimum" /> : kind === "fee" ? <TextField label={say.minimum} value={typed.minimum} onChange={(minimum) => setTyped((now) => ({ ...now, minimum }))} data-testid="policy-minimum" /> : <DayField label={text.fromDay} hint={text.fromHint} value={from} onChange={setFrom} data-testid="policy-from" />}
        </Row>
        {name && byChannel(name) && (
          <Row>
            <Choice label={say.channel} value={channel} onChange={setChannel} options={channels.map((one) => ({ value: one, label: words.parts.channels[one] ?? one }))} data-testid="policy-channel" />
            {(kind === "fee" || kind === "reasons") && <DayField label={text.fromDay} hint={text.fromHint} value={from} onChange={setFrom} data-testid="policy-from" />}
          </Row>
        )}
        {kind === "fee" && (
          <Row>
            <TextField label={say.cap} optional value={typed.cap ?? ""} onChange={(cap) => setTyped((now) => ({ ...now, cap }))} data-testid="policy-cap" />
            <Choice label={say.rounding} value={typed.rounding ?? "half_up"} onChange={(next) => setTyped((now) => ({ ...now, rounding: next ?? "half_up" }))} options={Object.entries(text.policies.roundings).map(([value, label]) => ({ value, label }))} data-testid="policy-rounding" />
          </Row>
        )}
        {kind === "fee" && value !== null && channel && <FeePreview channel={channel} value={value} />}
        <TextField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} lines={3} data-testid="policy-reason" />
      </Form>
    </Dialog>
  );
}

/** What a fee would have made of the last month's refunds, before anybody proposes it. */
function FeePreview({ channel, value }: { channel: string; value: unknown }) {
  const { words, formats } = useSpeech();
  const preview = useRead("policies.preview_fee", { channel, value: value as Record<string, string> });
  if (!preview.data) return null;
  const { refunds, fee_now, fee_then, customers_paying_more } = preview.data;
  return (
    <p className="muted" data-testid="policy-fee-preview">
      {words.policy.policies.form.preview(formats.count(Number(refunds)), plainMoney(fee_now), plainMoney(fee_then), formats.count(Number(customers_paying_more)))}
    </p>
  );
}
