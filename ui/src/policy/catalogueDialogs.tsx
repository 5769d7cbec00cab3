// Three small forms for what orders and usage name. What is added cannot be changed: files rely on it.
import { useState } from "react";
import { Choice, DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { dayCount, fromPercent, startOf } from "./values";

interface Props {
  onClose(): void;
}

export function AgreementDialog({ onClose }: Props) {
  const { words } = useSpeech();
  const text = words.policy.catalogue;
  const today = dayOf(useNow());
  const [version, setVersion] = useState("");
  const [announced, setAnnounced] = useState<string | null>(today);
  const [effective, setEffective] = useState<string | null>(null);
  const add = useAction("agreements.add");
  const form = useCommandId();
  const missing = !version.trim() ? text.needs.version : !announced || !effective ? text.needs.days : effective < announced ? text.needs.order : null;
  const send = async () => {
    const row = await add.send({ command_id: form.id, version: version.trim(), announced_at: startOf(announced ?? today), effective_at: startOf(effective ?? today) });
    if (!row) return;
    notify(text.added(row.version));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.addAgreement}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={add.busy} refusal={add.refusal} onCancel={onClose} submitTestId="agreement-submit">
        <TextField label={text.version} hint={text.codeHint} value={version} onChange={setVersion} autoFocus data-testid="agreement-version" />
        <Row>
          <DayField label={text.announced} value={announced} onChange={setAnnounced} data-testid="agreement-announced" />
          <DayField label={text.effective} value={effective} onChange={setEffective} min={announced ?? undefined} data-testid="agreement-effective" />
        </Row>
        <p className="muted">{text.final}</p>
      </Form>
    </Dialog>
  );
}

export function ActivityDialog({ onClose }: Props) {
  const { words } = useSpeech();
  const text = words.policy.catalogue;
  const [code, setCode] = useState("");
  const [title, setTitle] = useState("");
  const [days, setDays] = useState("");
  const [onRefund, setOnRefund] = useState<string | null>("keep");
  const add = useAction("activities.add");
  const form = useCommandId();
  const lasts = days.trim() ? dayCount(days, 9999) : null;
  const wrong = days.trim() && lasts === null ? text.needs.giftDays : null;
  const missing = !code.trim() ? text.needs.code : !title.trim() ? text.needs.name : wrong;
  const send = async () => {
    const row = await add.send({ command_id: form.id, code: code.trim(), title: title.trim(), gift_days: lasts, on_recharge_refunded: onRefund });
    if (!row) return;
    notify(text.added(row.code));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.addActivity}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={add.busy} refusal={add.refusal} onCancel={onClose} submitTestId="activity-submit">
        <Row>
          <TextField label={text.code} hint={text.codeHint} value={code} onChange={setCode} autoFocus data-testid="activity-code" />
          <TextField label={text.name} value={title} onChange={setTitle} data-testid="activity-title" />
        </Row>
        <Row>
          <TextField label={text.giftDays} optional hint={text.giftDaysHint} problem={wrong} value={days} onChange={setDays} data-testid="activity-days" />
          <Choice label={text.onRefund} value={onRefund} onChange={setOnRefund} options={Object.entries(text.onRefundOptions).map(([value, label]) => ({ value, label }))} data-testid="activity-on-refund" />
        </Row>
        <p className="muted">{text.final}</p>
      </Form>
    </Dialog>
  );
}

export function ProductDialog({ onClose }: Props) {
  const { words } = useSpeech();
  const text = words.policy.catalogue;
  const [code, setCode] = useState("");
  const [titles, setTitles] = useState({ en: "", zh: "" });
  const [rate, setRate] = useState("6");
  const add = useAction("products.add");
  const form = useCommandId();
  const exact = fromPercent(rate);
  const missing = !code.trim() ? text.needs.code : !titles.en.trim() || !titles.zh.trim() ? text.needs.name : exact === null ? text.needs.rate : null;
  const send = async () => {
    const row = await add.send({ command_id: form.id, code: code.trim(), title_en: titles.en.trim(), title_zh: titles.zh.trim(), vat_rate: exact ?? "" });
    if (!row) return;
    notify(text.added(row.code));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.addProduct}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={missing} busy={add.busy} refusal={add.refusal} onCancel={onClose} submitTestId="product-submit">
        <Row>
          <TextField label={text.code} hint={text.codeHint} value={code} onChange={setCode} autoFocus data-testid="product-code" />
          <TextField label={text.ratePercent} value={rate} onChange={setRate} problem={exact === null ? text.needs.rate : null} data-testid="product-rate" />
        </Row>
        <Row>
          <TextField label={text.nameEn} value={titles.en} onChange={(en) => setTitles((now) => ({ ...now, en }))} data-testid="product-title-en" />
          <TextField label={text.nameZh} value={titles.zh} onChange={(zh) => setTitles((now) => ({ ...now, zh }))} data-testid="product-title-zh" />
        </Row>
        <p className="muted">{text.final} {text.rateChanges}</p>
      </Form>
    </Dialog>
  );
}
