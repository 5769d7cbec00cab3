import { useState } from "react";
import { isZero, plainMoney } from "../amounts";
import { refunds as english, type ReplyFacts } from "../locales/en/refunds";
import { refunds as chinese } from "../locales/zh-CN/refunds";
import { Button } from "../parts/Button";
import { Panel } from "../parts/Panel";
import { useNow } from "../session";
import { dayOf, formats, type Language } from "../times";
import { useSpeech } from "../words";
import { shownSheet, type RefundCase } from "./cases";
import classes from "./refunds.module.css";

/** What may be told to the customer in the case's state: nothing about people, nothing that is not true yet. */
export function replyText(refund: RefundCase, language: Language, today: string): string {
  const { reply } = language === "en" ? english : chinese;
  const said = reply as unknown as Record<string, (facts: ReplyFacts) => string>;
  const kind = refund.waits_for === "dispute" ? "suspended" : refund.waits_for === "customer" ? "proof" : refund.status;
  const { day } = formats(language, today);
  const { sheet, of } = shownSheet(refund);
  const figures = of === "now" ? sheet : { gross: refund.amount_gross, fee: refund.amount_fee, net: refund.amount_net };
  const decided = { approved: refund.approved_at, released: refund.released_at, paid: refund.paid_at, rejected: refund.closed_at, withdrawn: refund.closed_at }[refund.status] ?? refund.requested_at;
  const facts: ReplyFacts = {
    number: refund.number,
    requestedOn: day(dayOf(refund.requested_at)),
    gross: plainMoney(figures.gross),
    fee: plainMoney(figures.fee),
    net: plainMoney(figures.net),
    gift: isZero(refund.amount_gift_voided) ? null : plainMoney(refund.amount_gift_voided),
    provisional: of === "now" && sheet.provisional,
    lots: sheet.lots.length,
    manual: refund.legs.filter((leg) => leg.route === "manual_transfer").length,
    askedFor: ended(refund.proof_asked_for ?? "", ""),
    reason: ended(refund.closing_reason ?? "", language === "en" ? "." : "。"),
    decidedOn: day(dayOf(decided)),
    // A lot whose fee took everything has nothing to pay, so nothing of it is sent or awaited.
    confirmed: refund.legs.filter((leg) => leg.status === "confirmed" && leg.route !== "none").length,
    legs: refund.legs.filter((leg) => leg.route !== "none").length,
  };
  return said[kind]?.(facts) ?? "";
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
