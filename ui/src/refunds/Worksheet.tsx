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
  /** The application's number, once it has one: its postings are found by it. */
  number?: string;
  shown: ShownSheet;
  digest?: string;
  /** The gift is void already; in a quote it only would be. */
  giftIsVoid: boolean;
}

/** Every recharge lot with what was paid, used and left, the fee and what is to pay, as the database computes it. */
export function Worksheet({ customer, number, shown, digest, giftIsVoid }: Props) {
  const { words } = useSpeech();
  const text = words.refunds.worksheet;
  const { sheet, before } = shown;
  const places = sheet.lots.some((lot) => [lot.used, lot.left, lot.unbilled].some(hasMillionths)) ? 6 : 2;
  const unbilled = !isZero(sheet.unbilled) && sheet.lots.some((lot) => !isZero(lot.unbilled));
  const columns = unbilled ? 8 : 7;
  return (
    <Panel
      title={text.title}
      hint={before ? <Chip tone="amber" data-testid="refund-moved">{text.moved}</Chip> : giftIsVoid ? null : text.wouldBe}
      aside={digest ? <span title={digest}>{text.digest(shortDigest(digest))} · {text.everyFigure}</span> : text.everyFigure}
      data-testid="refund-worksheet"
    >
      {sheet.lots.length === 0 ? (
        <Empty title={shown.of === "none" ? text.closedEarly : text.empty}>{shown.of === "none" ? text.closedEarlyWhy : text.emptyWhy}</Empty>
      ) : (
        <div className={classes.sheetScroll}>
          <table className={cx(classes.sheet, sheet.lots.length > 8 && classes.dense)}>
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
                <LotRow key={lot.order_no} lot={lot} customer={customer} number={number} before={before?.lots.find((one) => one.order_no === lot.order_no)} unbilled={unbilled} places={places} />
              ))}
            </tbody>
            <Sums customer={customer} number={number} shown={shown} columns={columns} places={places} giftIsVoid={giftIsVoid} />
          </table>
        </div>
      )}
      <Since shown={shown} />
    </Panel>
  );
}

/** The sums of the database, what is too small to pay, and the gift that is worth nothing here. */
function Sums({ customer, number, shown, columns, places, giftIsVoid }: { customer: string; number: string | undefined; shown: ShownSheet; columns: number; places: 2 | 6; giftIsVoid: boolean }) {
  const text = useSpeech().words.refunds.worksheet;
  const { sheet, before } = shown;
  const rest = shown.of === "now" && !isZero(sheet.residual);
  const door = of(number, to("/ledger", { customer }));
  const was = (figure: "gross" | "fee" | "net") => (before && before[figure] !== sheet[figure] ? before[figure] : null);
  return (
    <tbody className={classes.sums}>
      <tr>
        <th colSpan={columns - 3}>{text.principal}</th>
        <td>
          <Moved was={was("gross")} now={sheet.gross} places={places} strong unmarked door={door} />
        </td>
        <td>
          <Moved was={was("fee")} now={sheet.fee} strong door={door} />
        </td>
        <td data-testid="refund-net" data-net={sheet.net}>
          <Moved was={was("net")} now={sheet.net} strong door={door} />
        </td>
      </tr>
      {rest && (
        <tr className={classes.quietRow}>
          <th colSpan={columns - 3}>
            {text.rest} <span className="muted">{text.restHint}</span>
          </th>
          <td>
            <a className={classes.figure} href={`#${door}`}>
              <Money amount={sheet.residual} places={6} tone="muted" />
            </a>
          </td>
          <td />
          <td>
            <Money amount="0.00" tone="muted" />
          </td>
        </tr>
      )}
      <tr className={classes.quietRow} data-testid="refund-gift">
        <th colSpan={2}>
          {text.gift} <span className="muted">{sheet.legal_override ? text.giftWaits : giftIsVoid ? text.giftVoid : text.giftBecomesVoid}</span>
        </th>
        <td>
          <a className={classes.figure} href={`#${to("/ledger", { customer, commodity: "CNY.GIFT" })}`}>
            <Money amount={sheet.legal_override ? sheet.gift_suspended : sheet.gift_voided} tone="muted" />
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
  );
}

/** A figure; where it moved, what it was stands struck through above it. */
function Moved({ was, now, places = 2, door, strong, unmarked }: { was: string | null; now: string; places?: 2 | 6; door?: string | null; strong?: boolean; unmarked?: boolean }) {
  const amount = <Money amount={now} places={places} strong={strong} quietZero={!strong} />;
  return (
    <>
      {was !== null && (
        <del className={classes.was}>
          <Money amount={was} places={places} tone="muted" />
        </del>
      )}
      <span className={cx(was !== null && !unmarked && classes.moved)}>
        {door ? (
          <a className={classes.figure} href={`#${door}`}>
            {amount}
          </a>
        ) : (
          amount
        )}
      </span>
    </>
  );
}

/** The application's own postings (hold, fee, payment) once there is one; before, those of the recharge. */
const of = (number: string | undefined, otherwise: string): string => (number ? to("/ledger", { document: number }) : otherwise);

function LotRow({ lot, before, customer, number, unbilled, places }: { lot: Lot; before: Lot | undefined; customer: string; number: string | undefined; unbilled: boolean; places: 2 | 6 }) {
  // An order's number leads to its recharge and to everything that was consumed of it.
  const text = useSpeech().words.refunds.worksheet;
  const usage = to("/ledger", { document: lot.order_no, kind: "usage" });
  const recharge = to("/ledger", { customer, journal: lot.journal_id });
  const whole = to("/ledger", { document: lot.order_no });
  const cell = (figure: Figure, door: string | null, room: 2 | 6) => (
    <td>
      <Moved was={movedFrom(before, lot, figure)} now={lot[figure]} places={room} door={door} />
    </td>
  );
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
        {!isZero(lot.gift ?? "0") && (
          <a className={cx(classes.figure, classes.withGift)} href={`#${to("/ledger", { customer, commodity: "CNY.GIFT" })}`}>
            {text.withGift(plainMoney(lot.gift))}
          </a>
        )}
      </td>
      {cell("used", usage, places)}
      {unbilled && cell("unbilled", usage, places)}
      {cell("left", whole, places)}
      {cell("fee", of(number, whole), 2)}
      {cell("net", of(number, whole), 2)}
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
    <span className={classes.route} title={[text.until(formats.dayInFull(dayOf(lot.route_closes_at))), text.daysLeft(lot.days_left), text.oldAgreement(lot.agreement_version)].join(" · ")}>
      {channel}{" "}
      {near ? <Chip tone="amber">{text.daysLeft(lot.days_left)}</Chip> : <span className="muted">{text.daysLeft(lot.days_left)}</span>}
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
