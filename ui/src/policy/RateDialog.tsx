import { useState } from "react";
import { addMonths, monthTitle } from "../books/months";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { beginnings, RateEffect } from "./RateEffect";
import { fromPercent, type Product } from "./values";

/** "From month M on product P is taxed at R": what it changes is shown before it is proposed. */
export function RateDialog({ products, onClose }: { products: Product[]; onClose(): void }) {
  const { words, language } = useSpeech();
  const text = words.policy.rates;
  const thisMonth = `${dayOf(useNow()).slice(0, 7)}-01`;
  const [product, setProduct] = useState<string | null>(products.length === 1 ? products[0]!.code : null);
  const [month, setMonth] = useState<string | null>(addMonths(thisMonth, 1));
  const [rate, setRate] = useState("");
  const [reason, setReason] = useState("");
  const propose = useAction("vat.propose_rate");
  const form = useCommandId();
  const exact = fromPercent(rate);
  const wrong = rate !== "" && exact === null ? text.form.needs.rate : null;
  const asked = product && month && exact !== null ? { product, from_month: month, rate: exact } : null;
  const missing = !product ? text.form.needs.product : exact === null ? text.form.needs.rate : !reason.trim() ? text.form.needs.reason : null;
  const send = async () => {
    if (!asked || !(await propose.send({ command_id: form.id, ...asked, reason: reason.trim() }))) return;
    notify(text.form.done);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.form.title} data-testid="rate-dialog">
      <Form onSubmit={() => void send()} submit={text.form.submit} blocked={missing} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="rate-submit">
        <Choice label={text.product} value={product} onChange={setProduct} options={products.map((one) => ({ value: one.code, label: `${language === "en" ? one.title_en : one.title_zh} · ${one.code}` }))} data-testid="rate-product" />
        <Row>
          <Choice label={text.form.month} value={month} onChange={setMonth} options={beginnings(thisMonth).map((value) => ({ value, label: monthTitle(language, value) }))} data-testid="rate-month-from" />
          <TextField label={text.form.ratePercent} value={rate} onChange={setRate} problem={wrong} autoFocus data-testid="rate-percent" />
        </Row>
        <TextField label={text.reason} hint={text.form.reasonHint} value={reason} onChange={setReason} lines={2} data-testid="rate-reason" />
        {asked && <Effect asked={asked} />}
      </Form>
    </Dialog>
  );
}

function Effect({ asked }: { asked: { product: string; from_month: string; rate: string } }) {
  const effect = useRead("vat.preview_rate", asked);
  return <Read of={effect} rows={2}>{(change) => <RateEffect change={change} />}</Read>;
}
