import { isZero, plainMoney } from "../amounts";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { to } from "../routes";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { hasMillionths, movedFrom, shortDigest, type Figure, type Lot, type ShownSheet } from "./cases";
import classes from "./refunds.module.css";

interface Props {
  customer: string;
  shown: ShownSheet;
  digest?: string;
  /** The gift is void already; in a quote it only would be. */
  giftIsVoid: boolean;
}

/** Every recharge lot with what was paid, used and left, the fee and what is to pay, as the database computes it. */
export function Worksheet({ customer, shown, digest, giftIsVoid }: Props) {
  const { words } = useSpeech();
  const text = words.refunds.worksheet;
  const { sheet, before } = shown;
  const places = sheet.lots.some((lot) => [lot.used, lot.left, lot.unbilled].some(hasMillionths)) ? 6 : 2;
  const unbilled = !isZero(sheet.unbilled) && sheet.lots.some((lot) => !isZero(lot.unbilled));
  const rest = shown.of === "now" && !isZero(sheet.residual);
  const columns = unbilled ? 8 : 7;
  return (
    <Panel
      title={text.title}
      hint={before ? <Chip tone="amber" data-testid="refund-moved">{text.moved}</Chip> : giftIsVoid ? null : text.wouldBe}
      aside={digest ? <span title={digest}>{text.digest(shortDigest(digest))} · {text.everyFigure}</span> : text.everyFigure}
      data-testid="refund-worksheet"
    >
      {sheet.lots.length === 0 ? (
        <Empty title={text.empty}>{text.emptyWhy}</Empty>
      ) : (
        <div className={classes.sheetScroll}>
          <table className={classes.sheet}>
            <thead>
              <tr>
                <th>{text.recharge}</th>
                <th>{text.route}</th>
                <th>{text.paid}</th>
                <th>{text.used}</th>
                {unbilled && <th>{text.unbilled}</th>}
                <th>{text.left}</th>
                <th>{text.fee}</th>
                <th>{text.net}</th>
              </tr>
            </thead>
            <tbody>
              {sheet.lots.map((lot) => (
                <LotRow key={lot.order_no} lot={lot} customer={customer} before={before?.lots.find((one) => one.order_no === lot.order_no)} unbilled={unbilled} places={places} />
              ))}
            </tbody>
            <tbody className={classes.sums}>
              <tr>
                <th colSpan={columns - 3}>{text.principal}</th>
                <td>
                  <Money amount={sheet.gross} places={places} strong />
                </td>
                <td>
                  <Money amount={sheet.fee} strong />
                </td>
                <td data-testid="refund-net" data-net={sheet.net}>
                  <span className={cx(before && before.net !== sheet.net && classes.moved)}>
                    <Money amount={sheet.net} strong />
                  </span>
                </td>
              </tr>
              {rest && (
                <tr className={classes.quietRow}>
                  <th colSpan={columns - 3}>
                    {text.rest} <span className="muted">{text.restHint}</span>
                  </th>
                  <td>
                    <Money amount={sheet.residual} places={6} tone="muted" />
                  </td>
                  <td />
                  <td>
                    <Money amount="0.00" tone="muted" />
                  </td>
                </tr>
              )}
              <tr className={classes.quietRow} data-testid="refund-gift">
                <th colSpan={2}>
                  {text.gift} <span className="muted">{giftIsVoid ? text.giftVoid : text.giftBecomesVoid}</span>
                </th>
                <td>
                  <a className={classes.figure} href={`#${to("/ledger", { customer, commodity: "CNY.GIFT" })}`}>
                    <Money amount={sheet.gift_voided} tone="muted" />
                  </a>
                </td>
                <td colSpan={columns - 5} className={classes.note}>
                  {!isZero(sheet.gift_reserved) && text.giftReserved(plainMoney(sheet.gift_reserved))}
                </td>
                <td />
                <td>
                  <Money amount="0.00" tone="muted" />
                </td>
              </tr>
            </tbody>
          </table>
        </div>
      )}
      <Since shown={shown} />
    </Panel>
  );
}

function LotRow({ lot, before, customer, unbilled, places }: { lot: Lot; before: Lot | undefined; customer: string; unbilled: boolean; places: 2 | 6 }) {
  const text = useSpeech().words.refunds.worksheet;
  const usage = to("/ledger", { customer, kind: "usage" });
  const recharge = to("/ledger", { customer, journal: lot.journal_id });
  const wallet = to("/ledger", { customer, account: "wallet" });
  // The cause shows what it was; on what follows from it a mark is enough, and the table keeps its width.
  const cell = (figure: Figure, door: string | null, room: 2 | 6, struck: boolean) => {
    const was = movedFrom(before, lot, figure);
    const amount = <Money amount={lot[figure]} places={room} quietZero />;
    return (
      <td title={was === null ? undefined : text.was(plainMoney(was))}>
        {was !== null && struck && (
          <del className={classes.was}>
            <Money amount={was} tone="muted" />
          </del>
        )}
        <span className={cx(was !== null && classes.moved)}>
          {door ? (
            <a className={classes.figure} href={`#${door}`}>
              {amount}
            </a>
          ) : (
            amount
          )}
        </span>
      </td>
    );
  };
  return (
    <tr data-testid="refund-lot" data-no={lot.order_no}>
      <td>
        <a className={classes.order} href={`#${to(`/customers/${customer}`, { order: lot.order_no })}`}>
          {lot.order_no}
        </a>
      </td>
      <td>
        <Route lot={lot} />
      </td>
      <td>
        <a className={classes.figure} href={`#${recharge}`}>
          <Money amount={lot.principal} />
        </a>
      </td>
      {cell("used", usage, places, true)}
      {unbilled && cell("unbilled", usage, places, true)}
      {cell("left", wallet, places, false)}
      {cell("fee", null, 2, false)}
      {cell("net", null, 2, false)}
    </tr>
  );
}

/** The way back and how long it stays open; who paid, where it was not the holder. */
function Route({ lot }: { lot: Lot }) {
  const { words, formats } = useSpeech();
  const text = words.refunds.worksheet;
  const channel = words.parts.channels[lot.channel] ?? lot.channel;
  const payer = !lot.payer_is_holder && lot.payer && (
    <Chip tone="amber" title={text.otherPayer(lot.payer)}>
      {lot.payer}
    </Chip>
  );
  if (lot.route === "manual_transfer")
    return (
      <span className={classes.route}>
        <Chip tone="amber" title={text.closedOn(formats.day(dayOf(lot.route_closes_at)))}>
          {text.pastWindow(channel)}
        </Chip>
        {payer}
      </span>
    );
  const near = lot.days_left <= 30;
  return (
    <span className={classes.route} title={`${text.until(formats.dayInFull(dayOf(lot.route_closes_at)))} · ${text.oldAgreement(lot.agreement_version)}`}>
      {channel}{" "}
      {near ? <Chip tone="amber">{text.daysLeft(lot.days_left)}</Chip> : <span className="muted">{text.until(formats.day(dayOf(lot.route_closes_at)))}</span>}
      {payer}
    </span>
  );
}

/** One sentence under the table: what may still move the figures, or did. */
function Since({ shown }: { shown: ShownSheet }) {
  const { words } = useSpeech();
  const text = words.refunds.worksheet;
  const { sheet, before } = shown;
  if (shown.of !== "now" || sheet.lots.length === 0) return null;
  return (
    <p className={classes.since} data-testid="refund-since">
      {before && before.net !== sheet.net && <span>{text.movedBy(plainMoney(before.net), plainMoney(sheet.net))}</span>}
      <span>{sheet.provisional ? text.unbilledSays(plainMoney(sheet.unbilled)) : text.settled}</span>
      {!isZero(sheet.uncollected) && <span>{text.uncollected(plainMoney(sheet.uncollected))}</span>}
    </p>
  );
}
