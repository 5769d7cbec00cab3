import type { ReactNode } from "react";
import { isZero } from "../amounts";
import type { Result } from "../call";
import { Chip } from "../parts/Chip";
import { Dialog } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { to } from "../routes";
import { useSpeech } from "../words";
import classes from "./customers.module.css";

type Page = NonNullable<Result<"recharges.open">>;

/** One recharge: who paid, which agreement it accepted, its gift and the gift's rules, and what it paid for. */
export function RechargeDialog({ id, onClose }: { id: string; onClose(): void }) {
  const text = useSpeech().words.customers.recharge;
  const page = useRead("recharges.open", { recharge_id: id }, { keep: false });
  return (
    <Dialog open onClose={onClose} title={page.data ? text.heading(page.data.order_no) : text.title} size={760} data-testid="recharge">
      <Read of={page} rows={8}>
        {(found) => found && <Sheet page={found} />}
      </Read>
    </Dialog>
  );
}

function Sheet({ page }: { page: Page }) {
  const { words, formats } = useSpeech();
  const text = words.customers.recharge;
  const facts: ([ReactNode, ReactNode] | null)[] = [
    [text.kind, text.kinds[page.kind]],
    [text.principal, <Money key="p" amount={page.principal} sign="¥ " strong />],
    [text.left, <Money key="l" amount={page.amount_left} sign="¥ " />],
    [text.minimum, <Money key="m" amount={page.minimum} sign="¥ " />],
    [text.channel, [words.parts.channels[page.channel], page.provider_no].filter(Boolean).join(" · ")],
    [text.paid, <Instant key="t" at={page.paid_at} exact />],
    [text.confirmed, page.confirmed_at ? <Instant key="c" at={page.confirmed_at} /> : <Chip key="c">{words.customers.lots.unconfirmed}</Chip>],
    [text.state, page.refund ? <a key="r" href={`#/refunds/${page.refund.id}`}>{text.states[page.state]} · {page.refund.number}</a> : text.states[page.state]],
    page.parent ? [text.parent, page.parent.order_no] : null,
    page.disputes.length > 0 ? [text.disputes, page.disputes.map((one) => <a key={one.id} href={`#/disputes/${one.id}`}>{one.number} </a>)] : null,
    [text.journal, <a key="j" href={`#${to("/ledger", { journal: page.journal_id })}`}>{words.ledger.number(page.journal_id)}</a>],
  ];
  return (
    <div className={classes.recharge}>
      <div className={classes.rechargeSides}>
        <Facts rows={facts} />
        <div>
          <h3>{text.payer}</h3>
          <p data-testid="recharge-payer">
            {page.payer_name ?? text.payerUnknown} <span className="soft">{page.payer_account}</span> {page.payer_is_holder ? <Chip>{text.payerIsHolder}</Chip> : <Chip tone="amber">{words.customers.lots.otherPayer}</Chip>}
          </p>
          {!page.payer_is_holder && <p className="muted">{text.otherPayerHint}</p>}
          <p className="muted">{page.holder_verified ? text.verified : text.notVerified}</p>
          <h3>{text.agreement}</h3>
          <p data-testid="recharge-agreement">
            <strong>{page.agreement.version}</strong> <span className="soft">{text.inForceFrom(formats.instant(page.agreement.effective_at))}</span>
          </p>
          {page.agreement.newer && <p className="muted">{text.newer(page.agreement.newer)}</p>}
          <Gifts gifts={page.gifts} />
        </div>
      </div>
      <Usage page={page} />
    </div>
  );
}

function Gifts({ gifts }: { gifts: Page["gifts"] }) {
  const { words, formats } = useSpeech();
  const text = words.customers.recharge;
  return (
    <>
      <h3>{text.gift}</h3>
      {gifts.length === 0 && <p className="muted">{text.noGift}</p>}
      {gifts.map((gift, at) => (
        <div key={at} data-testid="recharge-gift">
          <p>
            <strong>{gift.title}</strong> <Money amount={gift.left} sign="¥ " /> <span className="soft">{text.giftOf(formats.count(gift.amount.replace(/\.00$/, "")))}</span> {gift.over && <Chip tone="amber">{text.giftOver}</Chip>}
          </p>
          <ul className={classes.giftRules}>
            <li>{gift.expires_at ? text.ends(formats.instant(gift.expires_at)) : text.neverEnds}</li>
            {gift.place !== null && <li>{text.turn(gift.place)}</li>}
            <li>{gift.on_recharge_refunded === "void" ? text.voidWithRecharge : text.keepsWithRecharge}</li>
            <li>{gift.voids_on_application ? text.voidsOnApplication : text.staysOnApplication}</li>
            {!isZero(gift.reserved) && (
              <li>
                {text.reserved} <Money amount={gift.reserved} sign="¥ " />
              </li>
            )}
          </ul>
        </div>
      ))}
    </>
  );
}

function Usage({ page }: { page: Page }) {
  const { words } = useSpeech();
  const text = words.customers.recharge;
  return (
    <>
      <h3>
        {text.usage} <span className="soft"><Money amount={page.used} sign="¥ " /></span>
      </h3>
      {page.usage.length === 0 ? (
        <p className="muted">{text.noUsage}</p>
      ) : (
        <div className={classes.rechargeUsage}>
          <table className={classes.rows}>
            <tbody>
              {page.usage.map((one) => (
                <tr key={one.usage_key + one.amount}>
                  <td><Instant at={one.used_from} /></td>
                  <td>{one.product}</td>
                  <td className="muted"><a href={`#${to("/ledger", { journal: one.journal_id })}`}>{one.usage_key}</a></td>
                  <td className="number"><Money amount={one.amount} places={6} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
