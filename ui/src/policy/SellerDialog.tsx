import { useEffect, useRef, useState } from "react";
import { asKontorError, templateSpecimen, toBase64, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { Choice, DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { notify } from "../parts/Notice";
import { PdfPreview } from "../parts/PdfPreview";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, useRead } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { grouped, startOf } from "./values";
import classes from "./policy.module.css";

const fields = ["name", "tax_id", "address", "phone", "bank", "account"] as const;
type Field = (typeof fields)[number];
const more = ["country", "tax_note", "footer"] as const;
type More = (typeof more)[number];

/** A seller's template: block, currency, tax, language, pictures and footer; drawn by the real renderer before it is proposed. */
export function SellerDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.policy.sellers;
  const template = words.printRoom.template;
  const now = useNow();
  const today = dayOf(now);
  const policies = useRead("policies.list", {});
  const listed = grouped(policies.data ?? [], now).find((group) => group.name === "currencies")?.inForce?.value;
  const currencies = Object.keys((listed ?? { CNY: "" }) as Record<string, string>);
  const [typed, setTyped] = useState<Record<Field, string>>({ name: "", tax_id: "", address: "", phone: "", bank: "", account: "" });
  const [extra, setExtra] = useState<Record<More, string>>({ country: "CN", tax_note: "", footer: "" });
  const [currency, setCurrency] = useState<string | null>("CNY");
  const [scheme, setScheme] = useState<string | null>("china_vat");
  const [language, setLanguage] = useState<string | null>("both");
  const [pictures, setPictures] = useState<{ logo: string | null; seal: string | null }>({ logo: null, seal: null });
  const [from, setFrom] = useState<string | null>(today);
  const [specimen, setSpecimen] = useState<Uint8Array | null>(null);
  const [broken, setBroken] = useState<KontorError | null>(null);
  const propose = useAction("invoices.propose_seller");
  const form = useCommandId();
  const labels: Record<Field, string> = { name: text.name, tax_id: text.taxId, address: text.address, phone: text.phone, bank: text.bank, account: text.account };
  const empty = fields.find((field) => !typed[field].trim());
  const ours = currency === "CNY";
  const checked = useTaxId(ours ? typed.tax_id : "");
  const taxId = ours ? checked : null;
  const block = () => Object.fromEntries([...fields.map((field) => [field, typed[field].trim()]), ...more.map((field) => [field, extra[field].trim() || null]), ["tax_scheme", scheme], ["language", language]]) as Record<string, string | null>;
  const chooseCurrency = (next: string | null) => {
    setCurrency(next);
    // China's VAT is on papers in yuan and on no other.
    setScheme(next === "CNY" ? "china_vat" : "none");
    setLanguage(next === "CNY" ? "both" : "en");
  };
  const look = async () => {
    setBroken(null);
    try {
      const seller = block();
      setSpecimen(await templateSpecimen({ ...seller, tax_scheme: ours ? null : seller.tax_scheme ?? null }, currency ?? "CNY", pictures.logo, pictures.seal));
    } catch (thrown) {
      setSpecimen(null);
      setBroken(asKontorError(thrown));
    }
  };
  const send = async () => {
    const given = block();
    const row = await propose.send({
      command_id: form.id,
      ...(Object.fromEntries(fields.map((field) => [field, typed[field].trim()])) as Record<Field, string>),
      valid_from: startOf(from ?? today),
      currency: currency ?? "CNY",
      country: given.country ?? "CN",
      tax_scheme: scheme ?? "china_vat",
      tax_note: given.tax_note ?? null,
      language: language ?? "both",
      footer: given.footer ?? null,
      ...pictures,
    });
    if (!row) return;
    notify(text.done);
    onClose();
  };
  const field = (name: Field, focused = false) => (
    <TextField label={labels[name]} value={typed[name]} onChange={(value) => setTyped((now) => ({ ...now, [name]: value }))} autoFocus={focused} hint={name === "tax_id" && taxId === true ? `✓ ${text.taxIdValid}` : undefined} problem={name === "tax_id" && taxId === false ? text.taxIdInvalid : undefined} data-testid={`seller-${name}`} />
  );
  const extraField = (name: More, label: string, lines?: number) => <TextField label={label} value={extra[name]} onChange={(value) => setExtra((now) => ({ ...now, [name]: value }))} lines={lines} optional={name !== "country"} data-testid={`seller-${name}`} />;
  return (
    <Dialog open onClose={onClose} title={text.form} size={specimen ? 1120 : 620} data-testid="seller-dialog">
      <div className={specimen ? classes.templateBeside : undefined}>
        <Form onSubmit={() => void send()} submit={text.submit} blocked={empty ? text.missing(labels[empty]) : taxId === false ? text.taxIdInvalid : !from && text.missing(text.from)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="seller-submit">
          <Row>
            {field("name", true)}
            {field("tax_id")}
          </Row>
          {field("address")}
          <Row>
            {field("phone")}
            {field("bank")}
          </Row>
          <Row>
            {field("account")}
            <DayField label={text.from} value={from} onChange={setFrom} hint={words.policy.fromHint} data-testid="seller-from" />
          </Row>
          <Row>
            <Choice label={template.currency} value={currency} onChange={chooseCurrency} options={currencies.map((value) => ({ value, label: value }))} data-testid="seller-currency" />
            <Choice label={template.scheme} value={scheme} onChange={setScheme} options={Object.entries(template.schemes).filter(([value]) => (value === "china_vat") === ours).map(([value, label]) => ({ value, label }))} data-testid="seller-scheme" />
          </Row>
          <Row>
            <Choice label={template.language} value={language} onChange={setLanguage} options={Object.entries(template.languages).map(([value, label]) => ({ value, label }))} data-testid="seller-language" />
            {extraField("country", template.country)}
          </Row>
          {scheme === "none" && extraField("tax_note", template.taxNote)}
          {extraField("footer", template.footer, 2)}
          <Row>
            <PictureField label={template.logo} chosen={pictures.logo !== null} onChoose={(logo) => setPictures((now) => ({ ...now, logo }))} testId="seller-logo" />
            <PictureField label={template.seal} chosen={pictures.seal !== null} onChoose={(seal) => setPictures((now) => ({ ...now, seal }))} testId="seller-seal" />
          </Row>
          <Button onClick={() => void look()} data-testid="seller-specimen">{template.look}</Button>
          <Refusal error={broken} />
        </Form>
        {specimen && <PdfPreview bytes={specimen} data-testid="seller-specimen-pdf" />}
      </div>
    </Dialog>
  );
}

function PictureField({ label, chosen, onChoose, testId }: { label: string; chosen: boolean; onChoose(base64: string | null): void; testId: string }) {
  const { words } = useSpeech();
  const text = words.printRoom.template;
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={classes.pictureField}>
      <span>{label}</span>
      <input ref={input} type="file" accept="image/png" hidden onChange={(event) => void event.target.files?.[0]?.arrayBuffer().then((bytes) => onChoose(toBase64(new Uint8Array(bytes))))} data-testid={testId} />
      <Button small onClick={() => (chosen ? onChoose(null) : input.current?.click())}>{chosen ? text.takeAway : text.choose}</Button>
    </div>
  );
}

/** The same check as for a buyer's code; null while it has not 18 characters or is not answered yet. */
function useTaxId(typed: string): boolean | null {
  const plain = typed.normalize("NFKC").replace(/\s/g, "");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(plain), 200);
    return () => clearTimeout(timer);
  }, [plain]);
  const check = useRead("buyers.check_code", { code: asked }, { enabled: asked.length === 18, keep: false });
  return asked === plain && plain.length === 18 && check.data ? check.data.valid : null;
}
