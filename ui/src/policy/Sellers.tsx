import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { useSpeech } from "../words";
import { SellerDialog } from "./SellerDialog";
import { begun, type Seller } from "./values";
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
          const inForce = [...rows].filter((one) => one.confirmed_at && begun(one.valid_from, now)).sort((a, b) => b.valid_from.localeCompare(a.valid_from) || b.id - a.id);
          // One block for each currency.
          const holds = (one: Seller) => one === inForce.find((other) => other.currency === one.currency);
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
                      <Block key={one.id} seller={one} first={one === rows.find((other) => !other.confirmed_at && !other.declined_at)} state={holds(one) ? "force" : !one.confirmed_at ? "waiting" : !begun(one.valid_from, now) ? "ahead" : "over"} />
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
  const template = words.printRoom.template;
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
          [template.currency, `${seller.currency} · ${template.schemes[seller.tax_scheme]}`],
          [template.language, template.languages[seller.language] ?? seller.language],
          seller.tax_note ? [template.taxNote, seller.tax_note] : null,
          seller.footer ? [template.footer, seller.footer] : null,
          seller.logo || seller.seal ? [template.pictures, [seller.logo && template.logo, seller.seal && template.seal].filter(Boolean).join(", ")] : null,
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
