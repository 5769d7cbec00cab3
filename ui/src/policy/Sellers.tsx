import { useEffect, useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { DayField, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { begun, startOf, type Seller } from "./values";
import classes from "./policy.module.css";

/** Who sells, as papers say it: proposed, in force, and before. */
export function Sellers() {
  const { words } = useSpeech();
  const text = words.policy.sellers;
  const sellers = useRead("invoices.list_sellers", {});
  const [adding, setAdding] = useState(false);
  const proposes = useDuty("administrator");
  const { rehearsal } = useSession();
  const now = useNow();
  return (
    <div className="screen" data-testid="screen-policy" data-ready={sellers.data !== undefined}>
      <Read of={sellers} rows={6}>
        {(rows) => {
          const holding = [...rows].filter((one) => one.confirmed_at && begun(one.valid_from, now)).sort((a, b) => b.valid_from.localeCompare(a.valid_from) || b.id - a.id)[0];
          return (
            <div className={classes.scrolls}>
              <Panel
                title={text.title}
                hint={text.hint}
                aside={
                  <Button kind={proposes ? "primary" : "plain"} small keys="n" blocked={!proposes && words.parts.refusal.needs(words.shell.duties.administrator)} onClick={() => setAdding(true)} data-testid="seller-propose">
                    {text.add}
                  </Button>
                }
              >
                {rows.length === 0 ? (
                  <Empty title={text.empty}>{rehearsal ? text.emptyRehearsal : text.emptyProduction}</Empty>
                ) : (
                  <div className={classes.cards}>
                    {rows.filter((one) => !one.declined_at).map((one) => (
                      <Block key={one.id} seller={one} first={one === rows.find((other) => !other.confirmed_at && !other.declined_at)} state={one === holding ? "force" : !one.confirmed_at ? "waiting" : !begun(one.valid_from, now) ? "ahead" : "over"} />
                    ))}
                  </div>
                )}
              </Panel>
            </div>
          );
        }}
      </Read>
      {adding && <SellerDialog onClose={() => setAdding(false)} />}
    </div>
  );
}

function Block({ seller, first, state }: { seller: Seller; first: boolean; state: "force" | "waiting" | "ahead" | "over" }) {
  const { words, formats } = useSpeech();
  const text = words.policy;
  const { login } = useSession();
  const confirms = useDuty("approver");
  const confirm = useAction("invoices.confirm_seller");
  const form = useCommandId();
  const blocked = !confirms ? words.parts.refusal.needs(words.shell.duties.approver) : seller.proposed_by === login ? String(words.rules.seller_confirmed_by_proposer.what) : null;
  const send = async () => {
    if (await confirm.send({ command_id: form.id, proposal_id: seller.proposal_id })) notify(text.sellers.confirmed);
  };
  return (
    <article className={classes.card} data-testid="seller" data-state={state}>
      <header className={classes.entryHead}>
        <strong>{seller.name}</strong>
        {state === "force" ? <Chip tone="green">{text.inForce}</Chip> : state === "waiting" ? <Chip tone="brand">{text.waiting}</Chip> : state === "ahead" ? <Chip>{text.notYet}</Chip> : <span className="muted">{text.over}</span>}
      </header>
      <Facts
        rows={[
          [text.sellers.taxId, seller.tax_id],
          [text.sellers.address, seller.address],
          [text.sellers.phone, seller.phone],
          [text.sellers.bank, seller.bank],
          [text.sellers.account, seller.account],
          [text.sellers.from, formats.instant(seller.valid_from)],
        ]}
      />
      <p className="muted">
        {text.proposedBy(seller.proposed_by)} · <Instant at={seller.proposed_at} />
        {seller.confirmed_by && ` · ${text.confirmedBy(seller.confirmed_by)}`}
      </p>
      <Refusal error={confirm.refusal} />
      {state === "waiting" && (
        <Button kind={confirms ? "primary" : "plain"} keys={first ? "a" : undefined} busy={confirm.busy} blocked={blocked} onClick={() => void send()} data-testid="seller-confirm">
          {text.confirm}
        </Button>
      )}
    </article>
  );
}

const fields = ["name", "tax_id", "address", "phone", "bank", "account"] as const;
type Field = (typeof fields)[number];

function SellerDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.policy.sellers;
  const today = dayOf(useNow());
  const [typed, setTyped] = useState<Record<Field, string>>({ name: "", tax_id: "", address: "", phone: "", bank: "", account: "" });
  const [from, setFrom] = useState<string | null>(today);
  const propose = useAction("invoices.propose_seller");
  const form = useCommandId();
  const labels: Record<Field, string> = { name: text.name, tax_id: text.taxId, address: text.address, phone: text.phone, bank: text.bank, account: text.account };
  const empty = fields.find((field) => !typed[field].trim());
  const taxId = useTaxId(typed.tax_id);
  const set = (field: Field) => (value: string) => setTyped((now) => ({ ...now, [field]: value }));
  const send = async () => {
    const given = Object.fromEntries(fields.map((field) => [field, typed[field].trim()])) as Record<Field, string>;
    const row = await propose.send({ command_id: form.id, ...given, valid_from: startOf(from ?? today) });
    if (!row) return;
    notify(text.done);
    onClose();
  };
  const field = (name: Field, focused = false) => (
    <TextField label={labels[name]} value={typed[name]} onChange={set(name)} autoFocus={focused} hint={name === "tax_id" && taxId === true ? `✓ ${text.taxIdValid}` : undefined} problem={name === "tax_id" && taxId === false ? text.taxIdInvalid : undefined} data-testid={`seller-${name}`} />
  );
  return (
    <Dialog open onClose={onClose} title={text.form} size={620} data-testid="seller-dialog">
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
      </Form>
    </Dialog>
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
