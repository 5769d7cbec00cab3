// What the second person looks at before confirming, by kind of proposal.
import type { ReactNode } from "react";
import { Chip } from "../parts/Chip";
import { Money } from "../parts/Money";
import { Instant } from "../parts/Times";
import { monthTitle } from "../books/months";
import { rateText } from "../amounts";
import { RateEffect, type RateChange } from "../policy/RateEffect";
import { valueText } from "../policy/values";
import { useSpeech } from "../words";
import { Compared, type Wording } from "../letters/Compared";
import { Why, type Reason } from "../imports/Candidates";
import type { ProposalPage } from "./deciding";
import classes from "./proposals.module.css";

interface Part {
  order_no: string | null;
  activity: string | null;
  held: boolean;
  refunded: boolean;
  amount: string;
}

export interface DetailOf {
  facts: ([ReactNode, ReactNode] | null)[];
  below: ReactNode;
}

const text_ = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The facts of one kind; what is not known to this window stays unsaid. */
export function useDetail({ proposal, detail }: ProposalPage): DetailOf {
  const { words, formats, language } = useSpeech();
  const text = words.proposals.detail;
  const at = (value: unknown) => (typeof value === "string" ? <Instant at={value} /> : null);
  const money = (value: unknown) => (typeof value === "string" ? <Money amount={value} sign="¥ " /> : null);
  const fact = (label: string, value: ReactNode): [ReactNode, ReactNode] | null => (value === null || value === "" ? null : [label, value]);
  switch (proposal.kind) {
    case "credit_back":
      return {
        facts: [fact(text.usage, text_(detail.product)), fact(text.used, at(detail.used_from)), fact(text.usageAmount, money(detail.usage_amount))],
        below: <Parts parts={(detail.parts as Part[] | undefined) ?? []} />,
      };
    case "gift_reinstatement":
      return {
        facts: [fact(text.refund, words.refunds.statuses[text_(detail.refund_status) as keyof typeof words.refunds.statuses] ?? ""), fact(text.voided, money(detail.voided)), fact(text.closing, text_(detail.closing_reason))],
        below: null,
      };
    case "match":
      return {
        facts: [
          fact(text.matchOrder, text_(detail.order_no)),
          fact(text.matchPaper, text_(detail.paper_order_no)),
          fact(words.exceptions.columns.provider, text_(detail.provider_no)),
          fact(text.matchCustomer, <a href={`#/customers/${text_(detail.order_customer_id)}`}>{text_(detail.order_customer)}</a>),
          fact(words.exceptions.columns.at, at(detail.happened_at)),
          fact(text.matchPaid, at(detail.paid_at)),
          fact(text.matchScore, `${text_(detail.score)} %`),
        ],
        below: <Reasons reasons={(detail.reasons as Reason[] | undefined) ?? []} />,
      };
    case "settlement":
      return {
        facts: [
          fact(text.exception, words.exceptions.kinds[text_(detail.exception)] ?? text_(detail.exception)),
          fact(words.exceptions.columns.channel, words.parts.channels[text_(detail.channel)] ?? ""),
          fact(words.exceptions.columns.provider, text_(detail.provider_no)),
          fact(words.exceptions.columns.paper, money(detail.amount)),
          fact(words.exceptions.columns.books, money(detail.amount_expected)),
          fact(words.exceptions.columns.at, at(detail.happened_at)),
        ],
        below: null,
      };
    case "adjustment":
      return {
        facts: [fact(words.books.corrections.kind, words.books.corrections.kinds[text_(detail.kind)] ?? ""), fact(words.books.corrections.document, text_(detail.document_no)), fact(words.books.corrections.effective, text_(detail.effective_on)), fact(words.books.corrections.expires, text_(detail.gift_expires_on))],
        below: null,
      };
    case "reversal":
      return {
        facts: [fact(words.books.corrections.what.reversal, <a href={`#/ledger?journal=${text_(detail.journal_id)}`}>{words.ledger.number(text_(detail.journal_id))}</a>), fact(words.books.corrections.kind, words.parts.journalKinds[text_(detail.kind)] ?? "")],
        below: null,
      };
    case "red_letter":
      return {
        facts: [
          fact(text.reasonCode, words.invoices.reasons[text_(detail.reason_code)] ?? text_(detail.reason_code)),
          ...((detail.lines as { product: string; amount: string; rate?: string }[] | undefined) ?? []).map((line): [ReactNode, ReactNode] => [line.rate ? `${line.product} · ${rateText(line.rate)}` : line.product, <Money key="amount" amount={line.amount} />]),
        ],
        below: null,
      };
    case "policy": {
      const value = (of: unknown) => (of === null || of === undefined ? "–" : valueText(words, text_(detail.name), of, formats.count));
      return { facts: [fact(text.before, value(detail.before)), fact(text.after, <strong>{value(detail.value)}</strong>), fact(text.validFrom, at(detail.valid_from)), fact(words.exceptions.columns.channel, words.parts.channels[text_(detail.channel)] ?? "")], below: null };
    }
    case "vat_rate":
      return {
        facts: [
          fact(words.policy.rates.product, text_(language === "en" ? detail.title_en : detail.title_zh)),
          fact(text.before, typeof detail.rate_before === "string" ? rateText(detail.rate_before) : null),
          fact(text.after, <strong>{rateText(text_(detail.rate))}</strong>),
          fact(text.validFrom, monthTitle(language, text_(detail.from_month))),
        ],
        below: proposal.status === "proposed" ? <div className={classes.effect}><RateEffect change={detail as unknown as RateChange} /></div> : null,
      };
    case "calendar":
      return { facts: [fact(text.year, text_(detail.year)), fact(text.notice, text_(detail.notice_no)), fact(text.restDays, text_(detail.rest_days)), fact(text.makeUpDays, text_(detail.makeup_days))], below: null };
    case "seller":
      return {
        facts: [fact(text.taxId, text_(detail.tax_id)), fact(text.address, text_(detail.address)), fact(text.phone, text_(detail.phone)), fact(text.bank, `${text_(detail.bank)} ${text_(detail.account)}`), fact(text.validFrom, at(detail.valid_from))],
        below: null,
      };
    case "transfer":
      return {
        facts: [
          fact(text.payee, `${text_(detail.payee_name)}${detail.payee_is_payer === false ? ` · ${text.payeeOther}` : ""}`),
          fact(text.bank, text_(detail.payee_bank)),
          fact(text.account, text_(detail.payee_account)),
          fact(text.matchOrder, text_(detail.order_no)),
          fact(text.firstApproval, detail.route_approved === true ? text.withCase : text_(detail.approved_by)),
          fact(text.proofs, detail.why === "refund_proofs_not_opened" ? <Chip tone="amber">{text.openProofs}</Chip> : null),
        ],
        below: null,
      };
    case "letter_text":
      return {
        facts: [
          fact(words.letters.texts.columns.kind, words.letters.kinds[text_(detail.letter)] ?? text_(detail.letter)),
          fact(words.letters.texts.columns.language, words.letters.languages[text_(detail.language)] ?? ""),
          fact(text.validFrom, at(detail.valid_from)),
        ],
        below: <Compared before={detail.before as Wording} now={detail as unknown as Wording} />,
      };
    case "campaign_terms": {
      const before = (detail.before ?? {}) as Record<string, unknown>;
      const names = words.campaign.terms.columns;
      const rate = (name: string, label: string) => (String(detail[name]) === String(before[name]) ? null : fact(label, `${text_(before[name])} → ${text_(detail[name])}`));
      return { facts: [fact(names.announced, at(detail.announced_at)), fact(names.effective, at(detail.effective_at)), rate("discount_rate", names.discount), rate("base_rate", names.base), rate("tier_rate", names.tier), rate("bar_hours", names.bar), rate("minimum_payable", names.minimum)], below: null };
    }
    case "campaign_turn":
      return { facts: [fact(words.campaign.terms.columns.turn, words.campaign.terms.turnNames[text_(detail.turn)] ?? ""), fact(words.campaign.terms.columns.at, at(detail.at))], below: null };
    case "credit_expiry":
      return { facts: [fact(words.campaign.terms.expiryForm.earned, at(detail.earned_before)), fact(words.campaign.terms.expiryForm.noticed, at(detail.noticed_at)), fact(words.campaign.terms.expiryForm.expires, at(detail.expires_at))], below: null };
    case "campaign_correction":
      return { facts: [fact(words.campaign.correction.kind, words.campaign.correction.kinds[text_(detail.kind)] ?? ""), fact(words.campaign.terms.columns.subject, text_(detail.subject))], below: null };
    case "campaign_violation":
      return { facts: [fact(words.campaign.violation.kind, words.campaign.violation.kinds[text_(detail.kind)] ?? ""), fact(words.campaign.reviews.accounts, text_(detail.accounts)), fact(words.campaign.violation.columns.claim, typeof detail.claim === "string" ? <Money amount={detail.claim} sign="$ " /> : null)], below: null };
    case "person":
      return {
        facts: [fact(text.job, text_(detail.title)), fact(text.dutyFrom, at(detail.from_at)), fact(text.dutyUntil, at(detail.until_at)), fact(text.dutyLent, text_(detail.delegated_by))],
        below: null,
      };
    default:
      return { facts: [], below: null };
  }
}

/** The lots and gifts to which usage goes back. */
export function Parts({ parts }: { parts: Part[] }) {
  const { words } = useSpeech();
  const text = words.proposals.detail;
  if (parts.length === 0) return null;
  return (
    <>
      <h3 className={classes.subhead}>{text.parts}</h3>
      <ul className={classes.parts} data-testid="credit-back-parts">
        {parts.map((part, at) => (
          <li key={at}>
            <span>
              {part.order_no ?? text.giftOf(part.activity ?? "")} {part.held && <Chip tone="violet">{text.held}</Chip>} {part.refunded && <Chip>{text.refunded}</Chip>}
            </span>
            <Money amount={part.amount} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Reasons({ reasons }: { reasons: Reason[] }) {
  return (
    <p className={classes.reasons}>
      {reasons.map((reason) => (
        <Why key={reason.code} reason={reason} />
      ))}
    </p>
  );
}
