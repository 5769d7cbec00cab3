import { useState } from "react";
import { isZero, plainMoney } from "../amounts";
import { refunds as english, type ReplyFacts } from "../locales/en/refunds";
import { refunds as chinese } from "../locales/zh-CN/refunds";
import { Button } from "../parts/Button";
import { Panel } from "../parts/Panel";
import { useNow } from "../session";
import { dayOf, formats, type Language } from "../times";
import { useSpeech } from "../words";
import { isOpen, shownSheet, type RefundCase } from "./cases";
import classes from "./refunds.module.css";

type Kind = "paused" | "suspended" | "proof" | "requested" | "reviewed" | "approved" | "released" | "paid" | "rejected" | "withdrawn" | "recalled";

/** The state as the customer may know it: an approval counts once it is complete and its figures still stand. */
function kindOf(refund: RefundCase): Kind {
  const open = isOpen(refund.status);
  if (open && refund.waits_for === "dispute") return "suspended";
  // Why an account is locked is not for this letter to say.
  if (open && (refund.worksheet.reason === "account_locked" || refund.worksheet.reason === "refund_stopped_by_dispute")) return "paused";
  if (open && refund.waits_for === "customer") return "proof";
  if (refund.status === "approved" && refund.waits_for !== "treasurer") return "reviewed";
  // Every payment was taken back before it left: that was the desk's doing, not the customer's wish.
  if (refund.status === "withdrawn" && refund.released_at !== null) return "recalled";
  return refund.status as Kind;
}

/** What may be told to the customer in the case's state: nothing about people, nothing that is not true yet. */
export function replyText(refund: RefundCase, language: Language, today: string): string {
  const { reply } = language === "en" ? english : chinese;
  const kind = kindOf(refund);
  const { day } = formats(language, today);
  const { sheet, of } = shownSheet(refund);
  const figures = of === "now" ? sheet : { gross: refund.amount_gross, fee: refund.amount_fee, net: refund.amount_net };
  const decided = { approved: refund.approved_at, released: refund.released_at, paid: refund.paid_at, rejected: refund.closed_at, withdrawn: refund.closed_at }[refund.status] ?? refund.requested_at;
  // A lot whose fee took everything has nothing to pay, so nothing of it is sent or awaited.
  const legs = refund.legs.filter((leg) => leg.state !== "none" && leg.state !== "recalled");
  const count = (...states: (typeof legs)[number]["state"][]) => legs.filter((leg) => states.includes(leg.state)).length;
  const facts: ReplyFacts = {
    number: refund.number,
    requestedOn: day(dayOf(refund.requested_at)),
    gross: plainMoney(figures.gross),
    fee: plainMoney(figures.fee),
    net: plainMoney(figures.net),
    paid: plainMoney(refund.amount_paid),
    gift: isZero(refund.amount_gift_voided) ? null : plainMoney(refund.amount_gift_voided),
    giftWaits: of === "now" && !isZero(sheet.gift_suspended) ? plainMoney(sheet.gift_suspended) : null,
    provisional: of === "now" && sheet.provisional,
    askedFor: ended(refund.proof_asked_for ?? "", ""),
    reason: ended(refund.closing_reason ?? "", language === "en" ? "." : "。"),
    decidedOn: day(dayOf(decided)),
    legs: legs.length,
    confirmed: count("confirmed"),
    withProvider: count("uploaded", "accepted"),
    refused: count("failed", "window_closed"),
    byTransfer: count("transfer"),
    notSent: count("ready", "stopped", "too_many", "too_soon", "exported"),
    recalled: refund.legs.filter((leg) => leg.state === "recalled").length,
  };
  return reply[kind](facts);
}

/** A person's words inside our sentence: with exactly one stop at their end, or none. */
const ended = (words: string, stop: string): string => words.trim().replace(/[.。！!;；]+$/, "") + stop;

export function Reply({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.reply;
  const now = useNow();
  const [language, setLanguage] = useState<Language>("zh-CN");
  const [copied, setCopied] = useState(false);
  const said = replyText(refund, language, dayOf(now));
  const copy = () => {
    void navigator.clipboard.writeText(said).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1600);
    });
  };
  return (
    <Panel
      title={text.title}
      aside={
        <>
          {(["zh-CN", "en"] as const).map((one) => (
            <button key={one} type="button" className={classes.tongue} aria-pressed={one === language} onClick={() => setLanguage(one)} data-testid={`reply-${one}`}>
              {text.languages[one]}
            </button>
          ))}
          <Button small kind="quiet" keys="y" label={text.copy} onClick={copy} data-testid="reply-copy">
            {copied ? text.copied : text.copy}
          </Button>
        </>
      }
      padded
      data-testid="refund-reply"
    >
      <p lang={language} className={classes.reply} data-testid="reply-text">
        {said}
      </p>
    </Panel>
  );
}
