// Generated from the migrated database by `cargo test`. Do not edit.

/** An exact amount. Never a number: a float would lose a fen. */
export type Money = string;
/** A 64-bit number, which JavaScript would round. */
export type Id = string;
/** Made by the window when a form opens; the same id twice is the same command. */
export type Uuid = string;
/** ISO 8601 in UTC. */
export type Instant = string;
/** YYYY-MM-DD, a contract day. */
export type IsoDate = string;
/** Base64. */
export type Bytes = string;

export interface CampaignReplay { friend_id: string | null; friend_name: string | null; friend_ref: string; registered_at: Instant | null; paid_before: boolean; version: string | null; bar_hours: number | null; order_no: string | null; product: string | null; paid_at: Instant | null; apa: Money | null; amount_order: Money | null; discount: Money | null; coupon: Money | null; credits_used: Money | null; cash_balance_paid: Money | null; third_party_paid: Money | null; confirmed_at: Instant | null; verdict: string; inviter_id: string | null; inviter_name: string | null; inviter_ref: string | null; touches: Array<{ id: string; inviter_id: string | null; inviter_name: string | null; inviter_ref: string; way: string; bound_at: Instant; ends_at: Instant; elapsed_seconds: number | null; verdict: string; why: string | null }>; refunds: Array<{ refund_no: string; kind: string; amount: Money; succeeded_at: Instant; platform_error: boolean; undone_at: Instant | null }>; changes: Array<{ change: string; at?: Instant; late_by_seconds?: number; touch_id?: string | null }>; ladder: { place: number; round: number; friends: number; needed: number; base_rate: string; tier_rate: string; base_exact: string; base_credit: Money; sum_apa: Money; tier_exact: string; tier_credit: Money | null; members: Array<{ place: number; friend_id: string | null; friend: string; paid_at: Instant; apa: Money; this: boolean }> } | null }

export interface LedgerFilter { customer_id?: Id; account?: string; kind?: string; commodity?: string; product?: string; channel?: string; document?: string; amount_from?: Money; amount_until?: Money; recorded_from?: Instant; recorded_until?: Instant; effective_from?: Instant; effective_until?: Instant; person?: string; memo?: string }

export interface WorksheetLot { recharge_id: Id; journal_id: Id; order_no: string; channel: string; paid_at: Instant; agreement_version: string; principal: Money; gift: Money; used: Money; unbilled: Money; left: Money; refundable: Money; residual: Money; fee: Money; net: Money; route: string; route_closes_at: Instant; days_left: number; payer: string | null; payer_account: string | null; payer_is_holder: boolean }

export interface Worksheet { eligible: boolean; reason: string | null; gross: Money; fee: Money; net: Money; residual: Money; unbilled: Money; uncollected: Money; provisional: boolean; gift_left: Money; gift_reserved: Money; gift_voided: Money; gift_suspended: Money; legal_override: boolean; manual: boolean; lots: WorksheetLot[] }

export type LetterKind = "lock_notice" | "evidence_request" | "reminder" | "shortfall_demand" | "waiver_form" | "unlock_notice" | "refund_received" | "refund_proof" | "refund_rejected" | "refund_approved" | "refund_paid" | "fee_explained" | "objection_answer";
export interface LetterContent { kind: LetterKind; language: "zh" | "en"; title: string; brief: string; to: string; company: string; account: string; case: string; agreement: string; today: string; number?: string; rehearsal: boolean;
    blocks: Array<{ kind: "paragraph" | "heading"; text: string } | { kind: "deadline"; due: string; lines: Array<{ text: string; clause: string }>; calendar: string | null; extended: string | null } | { kind: "form"; lines: string[] } | { kind: "replay"; rows: Array<{ bound: string; inviter: string; elapsed: string; verdict: string }>; lines: string[] }
        | { kind: "lots"; rows: Array<{ order_no: string; paid_on: string; route: string; gross: string; fee: string; net: string; refund_no: string | null; rule: string | null }> }> }

export interface Absence {
    id: Uuid;
    person: string;
    deputy: string;
    away_from: Instant;
    away_until: Instant;
    state: "asked" | "accepted" | "declined" | "ended";
}

export interface AccountReview {
    id: Uuid;
    number: string;
    status: "open" | "same_person" | "different_people";
    opened_at: Instant;
    /** how many */
    accounts: Id;
    names: string;
    decided_by: string | null;
    decided_at: Instant | null;
    /** the reason */
    decision: string | null;
}

export interface AccountStatement {
    account: string;
    commodity: string;
    /** whose, of a customer's account */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    /** on the first page only; debit positive, of a customer's account credit positive */
    opening: Money | null;
    /** on the first page only */
    closing: Money | null;
    /** oldest first */
    lines: Array<{ journal_id: Id; line: number; kind: string; at: Instant; document_kind: string; document_id: string; document_number: string | null; customer_id: Id | null; memo: string | null; amount: Money; balance: Money }>;
    more: boolean;
}

export interface Activity {
    code: string;
    title: string;
    on_recharge_refunded: string;
    voids_on_application: boolean;
}

export interface AgreementVersion {
    version: string;
    announced_at: Instant;
    effective_at: Instant;
}

export interface ApprovalPair {
    requested_by: string;
    approved_by: string;
    cases: Id;
    amount: Money;
    /** approved within ten seconds of opening the first proof */
    quick: Id;
    /** of the requester's approved cases, in per cent */
    share: Money;
}

export interface Attachment {
    id: Uuid;
    subject_kind: string;
    subject_id: string;
    /** whose it is */
    customer_id: Id | null;
    file_name: string;
    media_type: string;
    size_bytes: Id;
    sha256: string;
    received_at: Instant;
    recorded_at: Instant;
    /** from whom, where no step of the case says it */
    party: "third_party" | "holder" | null;
    recorded_by: string;
    complete: boolean;
    /** who has looked at it */
    opened_by: Array<{ login: string; at: Instant }>;
    /** the same bytes on other cases: worth a question */
    also_filed_with: Array<{ subject_kind: string; subject_id: string }>;
}

export interface AuditSeal {
    up_to: Id;
    sha256: string;
    sealed_at: Instant;
    intact: boolean;
}

export interface BulkCandidate {
    refund_id: Uuid;
    number: string;
    customer_name: string;
    amount_net: Money;
    digest: string;
    /** why it may not be approved now */
    rule: string | null;
}

export interface BulkDecision {
    refund_id: Uuid;
    number: string;
    done: boolean;
    /** why this one was left alone */
    rule: string | null;
}

export interface Buyer {
    id: Uuid;
    version: number;
    customer_id: Id;
    /** whose title it is */
    kind: "personal" | "enterprise";
    name: string;
    /** unified social credit code, or an older number with its reason */
    credit_code: string | null;
    /** why an older number is accepted */
    code_reason: string | null;
    /** registered address */
    address: string | null;
    /** masked */
    phone: string | null;
    /** bank and branch */
    bank: string | null;
    /** masked */
    account: string | null;
    /** masked */
    email: string | null;
    saved_at: Instant;
    saved_by: string;
}

export interface Calendar {
    id: number;
    version: string;
    year: number;
    kind: string;
    /** number of the notice */
    notice_no: string | null;
    notice_title: string;
    /** where it was published */
    notice_source: string | null;
    /** when it was published */
    announced_on: IsoDate | null;
    in_force: boolean;
    /** null: came with the program */
    imported_by: string | null;
    imported_at: Instant;
    /** null: not confirmed, or came with the program */
    confirmed_by: string | null;
    /** when it was confirmed */
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
    /** days that differ from the plain week */
    days: Array<{ on: IsoDate; rest: boolean; name: { en: string; zh: string } }>;
}

export interface CampaignCorrection {
    id: Uuid;
    number: string;
    kind: "void_touch" | "restore_touch" | "refund_was_platform_error" | "give_credits_back";
    customer_id: Id;
    customer_name: string;
    customer_ref: string;
    subject: string;
    /** credits given back */
    amount: Money | null;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    proposed_by: string;
    proposed_at: Instant;
    confirmed_by: string | null;
    confirmed_at: Instant | null;
    /** what it posted */
    journal_id: Id | null;
}

export interface CampaignObjection {
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    /** the friend that it is about */
    friend_id: Id | null;
    /** masked */
    friend_name: string | null;
    /** masked: the list can be exported (IC-25) */
    friend_ref: string | null;
    about: "attribution" | "credits" | "validity" | "penalty";
    told: string;
    ticket_no: string;
    visible_at: Instant;
    received_at: Instant;
    recorded_at: Instant;
    recorded_by: string;
    status: "open" | "waived" | "upheld" | "rejected";
    /** the last day on which it could be raised */
    due_on: IsoDate;
    /** received before this instant is in time */
    expires_at: Instant;
    /** when a supervisor reopened it */
    reopened_at: Instant | null;
    reopened_by: string | null;
    reopened_why: string | null;
    decided_at: Instant | null;
    decided_by: string | null;
    /** the reason that was given (IC-31) */
    decision: string | null;
}

export interface CampaignOverview {
    now: Instant;
    state: "running" | "paused" | "ended" | "not_started";
    /** when */
    started_at: Instant | null;
    /** when it ends; null while nobody has said so (B6) */
    ended_at: Instant | null;
    /** terms in force */
    version: string | null;
    /** debit positive */
    cost: Record<"credit_base_cost" | "credit_tier_cost" | "credits_redeemed" | "credits_lapsed" | "credits_forfeited" | "credits", Money>;
    /** credits that are granted and not used yet */
    liability: Money;
    /** cash value asked back and not paid */
    claims: Money;
    /** what came of friends, binds first */
    funnel: Array<{ verdict: string; friends: number; apa: Money }>;
    /** credits owed at the end of each of the last thirty days */
    days: Array<{ on: IsoDate; amount: Money }>;
    objections_open: Id;
    objections_late: Id;
    reviews_open: Id;
    violations_open: Id;
}

export interface CampaignTermsPage {
    /** newest first */
    versions: CampaignVersion[];
    /** newest first */
    turns: CampaignTurn[];
    /** newest first */
    expiries: CreditExpiry[];
    /** the latest hundred */
    corrections: CampaignCorrection[];
}

export interface CampaignTurn {
    id: Uuid;
    turn: "start" | "pause" | "resume" | "end";
    at: Instant;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    proposed_by: string | null;
    proposed_at: Instant;
    confirmed_by: string | null;
    confirmed_at: Instant | null;
}

export interface CampaignVersion {
    id: Uuid;
    version: string;
    announced_at: Instant;
    effective_at: Instant;
    discount_rate: Money;
    base_rate: Money;
    tier_rate: Money;
    minimum_payable: Money;
    bar_hours: number;
    discount_within_bar: boolean;
    discount_product: string;
    objection_days: number;
    objection_rest_days: boolean;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    /** null for the terms that came with the program */
    proposed_by: string | null;
    proposed_at: Instant;
    confirmed_by: string | null;
    confirmed_at: Instant | null;
}

export interface Catalogue {
    /** versions, newest first */
    agreements: Array<{ version: string; announced_at: Instant; effective_at: Instant }>;
    /** gift activities and their rules */
    activities: Array<{ code: string; title: string; gift_days: number | null; on_recharge_refunded: "keep" | "void"; voids_on_application: boolean }>;
    /** products, each with the rate of this month and every rate by its first month, the newest first */
    products: Array<{ code: string; title_en: string; title_zh: string; vat_rate: string; rates: Array<{ id: Uuid; from_month: IsoDate | null; rate: string; reason: string; status: "proposed" | "confirmed" | "declined" | "withdrawn"; proposed_by: string | null; proposed_at: Instant; confirmed_by: string | null; confirmed_at: Instant | null; why: string | null }> }>;
}

export interface Change {
    last_event: Id;
    changed: boolean;
    now: Instant;
}

export interface ChannelMove {
    journal_id: Id;
    kind: string;
    at: Instant;
    /** whose */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    order_no: string;
    amount: Money;
}

export interface Checkout {
    eligible: boolean;
    /** every reason against the discount */
    reasons: string[];
    credits_available: Money;
    /** why no credits may be used */
    credits_refused: string | null;
    /** the arithmetic */
    amounts: { discount_nominal: Money; discount_applied: Money; credits_used: Money; payable: Money; actual_payment_amount: Money | null; discount_adjusted: boolean; below_processor_minimum: boolean };
    /** the terms in force */
    version: string | null;
    minimum_payable: Money;
}

export interface Correction {
    id: Uuid;
    /** a manual journal, or one that takes another back */
    what: "adjustment" | "reversal";
    /** of an adjustment */
    number: string | null;
    kind: string;
    /** where it stands */
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    /** whose */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    amount: Money;
    /** the day an adjustment counts from */
    effective_on: IsoDate | null;
    reason: string;
    /** the paper behind an adjustment */
    document_no: string | null;
    /** as previewed when it was proposed */
    lines: Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_before: Money; balance_after: Money }>;
    /** the journal that a reversal takes back */
    of_journal: Id | null;
    /** its kind */
    of_kind: string | null;
    /** the journal that was written */
    journal_id: Id | null;
    proposed_by: string;
    proposed_at: Instant;
    /** second person */
    decided_by: string | null;
    /** when they decided */
    decided_at: Instant | null;
    /** why it was not confirmed */
    decision_note: string | null;
    /** whose confirmation it needs */
    confirmer: "approver" | "supervisor";
    papers: Id;
}

export interface CorrectionSheet {
    /** debit positive; a customer's balances credit positive, as on their page */
    lines: Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_before: Money; balance_after: Money }>;
    /** lots, gifts and usage that would change */
    effects: Array<{ what: string; ref: string; amount: Money }>;
    /** rules that stand against it now, all of them */
    refusals: Array<{ rule: string; detail: Record<string, unknown> }>;
    /** the instant it would count from */
    effective_at: Instant | null;
    amount: Money;
    /** whose confirmation it needs */
    confirmer: "approver" | "supervisor";
    /** an approver confirms up to this amount */
    up_to: Money | null;
}

export interface CreditBack {
    id: Uuid;
    usage_id: Id;
    customer_id: Id;
    customer_name: string;
    customer_ref: string;
    usage_key: string;
    product: string;
    used_from: Instant;
    usage_amount: Money;
    amount: Money;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    proposed_by: string;
    proposed_at: Instant;
    /** second person */
    confirmed_by: string | null;
    /** when it was posted */
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
    /** what it posted */
    journal_id: Id | null;
}

export interface CreditBackQuote {
    usage_key: string;
    amount: Money;
    /** what can still be given back */
    most: Money;
    /** debit positive */
    lines: Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }>;
    /** the lots and gifts that get it back */
    parts: Array<{ order_no: string | null; activity: string | null; held: boolean; refunded: boolean; amount: Money }>;
}

export interface CreditCodeCheck {
    valid: boolean;
    /** what is wrong */
    reason: "LENGTH" | "CHARSET" | "CHECK_DIGIT" | null;
    /** the check character that the first seventeen ask for */
    check_char: string | null;
}

export interface CreditExpiry {
    id: Uuid;
    earned_before: Instant;
    noticed_at: Instant;
    expires_at: Instant;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    proposed_by: string;
    proposed_at: Instant;
    confirmed_by: string | null;
    confirmed_at: Instant | null;
    /** whether the notice has run out, so that what is left may be taken off (IC-19) */
    ended: boolean;
}

export interface CreditMonth {
    month: IsoDate;
    opening: Money;
    earned: Money;
    reversed: Money;
    used: Money;
    lapsed: Money;
    deducted: Money;
    closing: Money;
}

export interface Customer {
    id: Id;
    ref: string;
    name: string;
    kind: "personal" | "enterprise";
    /** masked */
    phone: string | null;
    /** masked */
    email: string | null;
    real_name_verified: boolean;
    created_at: Instant;
    /** since when the platform serves nothing */
    usage_suspended_at: Instant | null;
    wallet: Money;
    gift: Money;
    held: Money;
    /** what the customer owes us for usage that nothing has paid yet */
    receivable: Money;
    locked: boolean;
    open_cases: number;
}

export interface CustomerPage {
    id: Id;
    ref: string;
    name: string;
    kind: "personal" | "enterprise";
    /** masked */
    phone: string | null;
    /** masked */
    email: string | null;
    real_name_verified: boolean;
    created_at: Instant;
    /** since when the platform serves nothing */
    usage_suspended_at: Instant | null;
    wallet: Money;
    gift: Money;
    refund_hold: Money;
    repayment_hold: Money;
    /** what the customer owes us for usage that nothing has paid yet */
    receivable: Money;
    /** metered and not billed yet, as last reported */
    unbilled: Money;
    locked: boolean;
    /** what to know first */
    flags: Array<"locked" | "not_verified" | "no_balance" | "usage_suspended" | "owes" | "unbilled" | "refund_open" | "dispute_open">;
    /** locks in force, and whether the platform has carried them out */
    locks: JudicialLockPage["locks"];
    /** newest first, at most 200 */
    lots: Array<{ id: Id; order_no: string; kind: "package" | "custom"; channel: "alipay" | "wechat"; paid_at: Instant; principal: Money; left: Money; held: boolean; refunded: boolean; reversed: boolean; confirmed_at: Instant | null; agreement_version: string; payer_name: string | null; payer_account: string | null; payer_is_holder: boolean; earmarked_for: Uuid | null; gift: Money; gift_left: Money; activity: string | null }>;
    /** open ones first */
    cases: Array<{ kind: "refund" | "dispute"; id: Uuid; number: string; status: string; open: boolean; ticket_no: string; amount: Money; opened_at: Instant; due_at: Instant | null; order_no: string | null }>;
    /** the last fifty */
    invoices: Array<{ id: Uuid; number: string; kind: string; total_incl: Money; red_lettered: Money; issued_at: Instant }>;
    /** by month and product */
    usage: Array<{ month: string; product: string; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>;
    lots_in_all: Id;
}

export interface DeadlineDay {
    on: IsoDate;
    rest: boolean;
    makeup: boolean;
    /** of a listed day */
    name_en: string | null;
    /** of a listed day */
    name_zh: string | null;
    clocks: number;
    provisional: number;
    /** the first twenty of the day */
    cases: Array<{ kind: "dispute" | "judicial"; id: Uuid; number: string; clock: "evidence" | "shortfall" | "judicial"; nominal_on: IsoDate; shifted: boolean; provisional: boolean }>;
}

export interface DeadlineDesk {
    now: Instant;
    /** cases in each window */
    counts: { open: number; overdue: number; today: number; week: number; provisional: number; not_served: number; nobody: number; court: number; mine: number };
    /** whose table holds how much */
    people: Array<{ id: number; login: string; open: number; overdue: number; week: number; away_until: Instant | null; deputy: string | null }>;
    /** absences that are not over */
    absences: Array<{ id: Uuid; person: string; deputy: string; away_from: Instant; away_until: Instant; state: "asked" | "accepted" | "declined"; mine: boolean; asks_me: boolean }>;
    /** the next holiday and what ends on the first day back */
    ahead: { first_on: IsoDate; last_on: IsoDate; back_on: IsoDate; name: { en: string; zh: string } | null; clocks: number; cases: Array<{ id: Uuid; number: string; kind: string; nominal_on: IsoDate }> } | null;
    /** the last year whose official list is in force: later dates are provisional */
    listed_until: number | null;
}

export interface DeadlineExplanations {
    started_at: Instant;
    days: number;
    zone: string;
    rest_days: boolean;
    day_zero: IsoDate;
    nominal_on: IsoDate;
    due_on: IsoDate;
    /** exclusive: received before it is in time */
    expires_at: Instant;
    shifted: boolean;
    provisional: boolean;
    /** null when rest days do not matter */
    calendar_version: string | null;
    /** Monday of day zero's week to the Sunday after the last day */
    grid: Array<{ on: IsoDate; number: number | null; kind: "day_zero" | "counted" | "rest" | "makeup" | "shift" | "due" | "outside"; rest: boolean; makeup: boolean; name: { en: string; zh: string } | null }>;
    /** sentence by sentence */
    facts: Array<{ fact: "started" | "first_day_not_counted" | "days_counted" | "last_day_is_makeup_workday" | "last_day_is_rest_day" | "next_day_is_rest_day" | "moved_to" | "nothing_else_agreed" | "rest_days_do_not_count" | "ends_at_midnight" | "provisional"; clause: string; on?: IsoDate; at?: Instant; zone?: string; days?: number; year?: number; name?: { en: string; zh: string } | null }>;
    /** started a day earlier, a day later */
    what_ifs: Array<{ offset: number; started_on: IsoDate; nominal_on: IsoDate; due_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean }>;
}

export interface DeadlineFeedEntry {
    uid: string;
    number: string;
    clock: "evidence" | "shortfall" | "judicial";
    due_on: IsoDate;
    started_at: Instant;
    provisional: boolean;
    /** how often the date was counted anew: a later file replaces the entry */
    revision: number;
    changed_at: Instant;
}

export interface DeadlineRow {
    kind: "dispute" | "judicial";
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    /** what is due next */
    step: Dispute["next_step"] | "renew_or_lift" | null;
    /** whom it waits for */
    waits_for: Dispute["waits_for"] | "legal" | null;
    /** the running clock; none before a lock */
    clock: "evidence" | "shortfall" | "judicial" | null;
    /** the order of the list and, with the id, the key of its next page */
    due_at: Instant;
    /** the last day of the running clock */
    due_on: IsoDate | null;
    /** before it moved off rest days */
    nominal_on: IsoDate | null;
    provisional: boolean;
    shifted: boolean;
    /** whether the lock notice was served; an order needs none */
    served: boolean;
    /** outstanding, or what an order holds */
    amount: Money | null;
    /** to whom the case was given */
    handled_by: string | null;
    /** who answers for it today; nobody when the handler is away without a deputy */
    owner: string | null;
    /** days in Shanghai until the last day; negative when it has passed */
    days_left: number | null;
}

export interface Dispute {
    id: Uuid;
    number: string;
    /** RA 5.2, or a dispute with the payment company (RA 4.2) */
    kind: "third_party" | "provider";
    /** where the case stands */
    status: "noticed" | "locked" | "repaying" | "short" | "escalated" | "accepted" | "settled" | "withdrawn" | "declined";
    /** what is due next; null when closed */
    next_step: "close_notice" | "confirm_lock" | "serve_lock_notice" | "await_evidence" | "judge_evidence" | "confirm_acceptance" | "check_inboxes" | "propose_repayment" | "approve_repayment" | "release_repayment" | "confirm_repayment" | "notify_shortfall" | "await_shortfall" | "negotiate" | "await_court" | "await_order" | "return_surplus" | null;
    /** whom the next step waits for */
    waits_for: "handler" | "reviewer" | "approver" | "treasurer" | "statement" | "holder" | "court" | "authority" | null;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    recharge_id: Id;
    order_no: string;
    channel: string;
    paid_at: Instant;
    agreement_version: string;
    payer_is_holder: boolean;
    /** not yet, or not at all */
    payer_name: string | null;
    /** not yet, or not at all */
    payer_account: string | null;
    ticket_no: string;
    amount_disputed: Money;
    amount_repaid: Money;
    /** 9.1 refunds of the disputed lot that reached its payer */
    amount_refunded: Money;
    amount_waived: Money;
    amount_paid_directly: Money;
    amount_in_flight: Money;
    amount_outstanding: Money;
    /** what was missing when it was decided */
    amount_short: Money | null;
    received_at: Instant;
    noticed_at: Instant;
    noticed_by: string;
    /** not yet, or not at all */
    handled_by: string | null;
    /** not yet, or not at all */
    locked_at: Instant | null;
    /** not yet, or not at all */
    conceded_at: Instant | null;
    /** not yet, or not at all */
    inboxes_checked_at: Instant | null;
    /** not yet, or not at all */
    decided_at: Instant | null;
    /** not yet, or not at all */
    escalated_at: Instant | null;
    /** not yet, or not at all */
    closed_at: Instant | null;
    /** not yet, or not at all */
    closing_reason: string | null;
    lock_served: boolean;
    /** not yet, or not at all */
    repayment_id: Uuid | null;
    /** of the repayment under way */
    repayment_status: "proposed" | "approved" | "released" | null;
    /** which clock was started last */
    deadline_kind: "evidence" | "shortfall" | null;
    /** not yet, or not at all */
    due_on: IsoDate | null;
    /** not yet, or not at all */
    expires_at: Instant | null;
    /** not yet, or not at all */
    shifted: boolean | null;
    /** not yet, or not at all */
    provisional: boolean | null;
    /** not yet, or not at all */
    extended_days: number | null;
    /** not yet, or not at all */
    calendar_version: string | null;
    /** until the last instant of the running clock; negative when it has passed. Before a court none runs */
    seconds_left: number | null;
    /** when the next step is due: the order of the list and the key of its next page */
    due_at: Instant;
}

export interface DisputeCounts {
    open: number;
    noticed: number;
    overdue: number;
    due_today: number;
    due_this_week: number;
    provisional: number;
    not_served: number;
    short_not_notified: number;
}

export interface DisputePage {
    id: Uuid;
    number: string;
    /** RA 5.2, or a dispute with the payment company (RA 4.2) */
    kind: "third_party" | "provider";
    /** where the case stands */
    status: "noticed" | "locked" | "repaying" | "short" | "escalated" | "accepted" | "settled" | "withdrawn" | "declined";
    /** what is due next; null when closed */
    next_step: "close_notice" | "confirm_lock" | "serve_lock_notice" | "await_evidence" | "judge_evidence" | "confirm_acceptance" | "check_inboxes" | "propose_repayment" | "approve_repayment" | "release_repayment" | "confirm_repayment" | "notify_shortfall" | "await_shortfall" | "negotiate" | "await_court" | "await_order" | "return_surplus" | null;
    /** whom the next step waits for */
    waits_for: "handler" | "reviewer" | "approver" | "treasurer" | "statement" | "holder" | "court" | "authority" | null;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    recharge_id: Id;
    order_no: string;
    channel: string;
    paid_at: Instant;
    agreement_version: string;
    payer_is_holder: boolean;
    /** not yet, or not at all */
    payer_name: string | null;
    /** not yet, or not at all */
    payer_account: string | null;
    ticket_no: string;
    amount_disputed: Money;
    amount_repaid: Money;
    /** 9.1 refunds of the disputed lot that reached its payer */
    amount_refunded: Money;
    amount_waived: Money;
    amount_paid_directly: Money;
    amount_in_flight: Money;
    amount_outstanding: Money;
    /** what was missing when it was decided */
    amount_short: Money | null;
    received_at: Instant;
    noticed_at: Instant;
    noticed_by: string;
    /** not yet, or not at all */
    handled_by: string | null;
    /** not yet, or not at all */
    locked_at: Instant | null;
    /** not yet, or not at all */
    conceded_at: Instant | null;
    /** not yet, or not at all */
    inboxes_checked_at: Instant | null;
    /** not yet, or not at all */
    decided_at: Instant | null;
    /** not yet, or not at all */
    escalated_at: Instant | null;
    /** not yet, or not at all */
    closed_at: Instant | null;
    /** not yet, or not at all */
    closing_reason: string | null;
    lock_served: boolean;
    /** not yet, or not at all */
    repayment_id: Uuid | null;
    /** of the repayment under way */
    repayment_status: "proposed" | "approved" | "released" | null;
    /** which clock was started last */
    deadline_kind: "evidence" | "shortfall" | null;
    /** not yet, or not at all */
    due_on: IsoDate | null;
    /** not yet, or not at all */
    expires_at: Instant | null;
    /** not yet, or not at all */
    shifted: boolean | null;
    /** not yet, or not at all */
    provisional: boolean | null;
    /** not yet, or not at all */
    extended_days: number | null;
    /** not yet, or not at all */
    calendar_version: string | null;
    /** until the last instant of the running clock; negative when it has passed. Before a court none runs */
    seconds_left: number | null;
    /** when the next step is due: the order of the list and the key of its next page */
    due_at: Instant;
    demand: string;
    notice_way: string;
    /** who told us, masked */
    informant_name: string | null;
    /** how to reach him, masked */
    informant_contact: string | null;
    /** who confirmed the lock */
    locked_by: string | null;
    /** who stated that every inbox was checked */
    inboxes_checked_by: string | null;
    /** up to which instant */
    inboxes_checked_until: Instant | null;
    account_locked: boolean;
    /** when the platform confirmed the lock */
    platform_confirmed_at: Instant | null;
    /** locks in force on the account, and this case's own with what the platform said */
    locks: JudicialLockPage["locks"];
    /** orders of authorities in force on the account */
    orders: JudicialLockPage["queue"];
    /** the arithmetic of the case */
    amounts: { disputed: Money; repaid: Money; refunded: Money; waived: Money; paid_directly: Money; in_flight: Money; outstanding: Money; principal: Money; gift_not_usable: Money; unbilled: Money; unbilled_from_gift: Money; unbilled_from_principal: Money; claimed_earlier: Money; held_by_orders: Money; available: Money; repayable: Money; expected_shortfall: Money };
    /** principal that may pay it, in order */
    lots: Array<{ order_no: string; paid_at: Instant; usable: Money; own: boolean; from_account: "wallet" | "refund_hold" }>;
    /** money to the third party */
    repayments: Array<{ id: Uuid; number: string; purpose: "third_party" | "surplus"; status: "proposed" | "approved" | "released" | "paid" | "rejected"; amount: Money; proposed_by: string; proposed_at: Instant; approved_by: string | null; approved_at: Instant | null; released_by: string | null; released_at: Instant | null; paid_at: Instant | null; rejected_reason: string | null; lots: Array<{ order_no: string; amount: Money; from_account: string }>; legs: Array<{ refund_no: string; amount: Money; channel: string; route: string; status: string; bank_reference: string | null }> }>;
    /** the gift that came with the lot */
    gift: { activity: string; rule: "keep" | "void" | "none"; left: Money } | null;
    /** the clock started last, explained; its sentences are those of the letters */
    clock: DeadlineExplanations & { kind: "evidence" | "shortfall"; extended_days: number; stopped_at: Instant | null; sentences: Record<"en" | "zh", Array<{ text: string; clause: string }>>; changes: Array<{ cause: "extended" | "calendar"; reason: string; from_due_on: IsoDate; to_due_on: IsoDate; at: Instant; by: string }> } | null;
    /** three lanes on one line */
    timeline: Array<{ at: Instant; recorded_at: Instant; lane: "third_party" | "holder" | "platform"; kind: string; by: string | null; amount: Money | null; text: string | null; subject_id: Uuid | null; papers: Array<{ id: Uuid; file_name: string; media_type: string; sha256: string }> }>;
    /** what the holder filed */
    evidence: Array<{ id: Uuid; summary: string; way: string; received_at: Instant; recorded_at: Instant; recorded_by: string; in_time: boolean; receipt_proof: string | null; verdict: "open" | "proposed" | "accepted" | "rejected"; proposed_by: string | null; proposed_reason: string | null; decided_by: string | null; decided_at: Instant | null; decided_reason: string | null; attachment_ids: Uuid[] }>;
    /** notices served */
    services: Array<{ id: Uuid; about: string; addressee: string; way: string; served_at: Instant; proof: string; attachment_id: Uuid | null; recorded_by: string }>;
    /** papers of the case */
    attachments: Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; received_at: Instant; recorded_at: Instant; recorded_by: string }>;
    /** what the person who is signed in may do now; why is a rule, or duty_missing */
    actions: Array<{ action: string; allowed: boolean; why: string | null; clause: string | null; from_at: Instant | null; mine: boolean; duties: string[] }>;
    /** other cases to look at */
    neighbours: Array<{ kind: "dispute" | "refund"; id: Uuid; number: string; status: string; same: "order" | "ticket" | "customer" }>;
}

export interface Draft {
    /** what was typed; null when there is none */
    body: Record<string, unknown> | null;
    /** when */
    saved_at: Instant | null;
}

export interface DueReminder {
    dispute_id: Uuid;
    number: string;
    customer_name: string;
    /** which period runs */
    clock: "evidence" | "shortfall";
    due_on: IsoDate;
    days_left: number;
    /** how the platform would carry it */
    way: "email" | "sms" | "in_app";
    /** masked */
    address: string | null;
    /** the last reminder */
    last_reminded_on: IsoDate | null;
}

export interface Exception {
    id: Id;
    kind: string;
    /** alipay or wechat */
    channel: string | null;
    /** the platform's order */
    order_no: string | null;
    /** the provider's number */
    provider_no: string | null;
    /** if known */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    /** as the paper says */
    amount: Money | null;
    /** as the books say */
    amount_expected: Money | null;
    /** the file */
    import_id: Uuid | null;
    /** the file */
    file_name: string | null;
    /** line in the file */
    line: number | null;
    /** instant on the paper */
    happened_at: Instant | null;
    opened_at: Instant;
    /** when an accountant proposed to settle it */
    proposed_at: Instant | null;
    /** who proposed it; an approver confirms */
    proposed_by: string | null;
    /** when it was settled */
    resolved_at: Instant | null;
    /** by whom */
    resolved_by: string | null;
    /** how */
    resolution: string | null;
    /** the order with this number, which may not be credited itself */
    belongs_to_order: string | null;
    /** why that order may not be credited: the kind of its own exception */
    belongs_waits_for: string | null;
    /** the order that somebody says this payment is for */
    matched_order_no: string | null;
    /** Shanghai days since the money or the order came */
    age: "0-1" | "2-7" | "8-30" | "31+";
    /** what stood in the way is mended: it can be credited now */
    ready: boolean;
}

export interface ExceptionAge {
    /** Shanghai days since the money or the order came */
    age: "0-1" | "2-7" | "8-30" | "31+";
    items: Id;
    /** of all of them */
    amount: Money;
    suspense_items: Id;
    /** money received and not credited to anybody */
    suspense_amount: Money;
    /** of them can be credited now */
    ready: Id;
}

export interface Export {
    id: Uuid;
    at: Instant;
    exported_by: string;
    list: string;
    /** the filter, with what was typed masked as a name is */
    arguments: Record<string, unknown>;
    format: string;
    row_count: Id;
    file_sha256: string;
}

export interface FeeMonth {
    month: IsoDate;
    channel: string;
    legs: Id;
    refunded: Money;
    /** handling fees that customers paid */
    charged: Money;
    /** the provider's fee on the payment that it did not give back, in proportion to what was refunded */
    lost: Money;
    difference: Money;
}

export interface FeePreview {
    refunds: Id;
    refunded: Money;
    fee_now: Money;
    fee_then: Money;
    customers_paying_more: Id;
}

export interface GiftReinstatement {
    id: Uuid;
    customer_id: Id;
    customer_name: string;
    refund_id: Uuid;
    refund_number: string;
    amount: Money;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    proposed_by: string;
    proposed_at: Instant;
    /** second person */
    confirmed_by: string | null;
    /** when it was posted */
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
    /** what it posted */
    journal_id: Id | null;
}

export interface Import {
    id: Uuid;
    kind: string;
    file_name: string;
    file_sha256: string;
    status: string;
    /** what the file says of itself */
    totals: Record<string, string | number | null>;
    rows_staged: number;
    rows_posted: number;
    rows_repeated: number;
    rows_excepted: number;
    begun_by: string;
    begun_at: Instant;
    /** when its rows were booked */
    posted_at: Instant | null;
    /** the same bytes were posted before: nothing was done */
    repeated: boolean;
}

export interface IncomeRow {
    customer_id: Id;
    ref: string;
    name: string;
    kind: string;
    open: Money;
    red_letter_due: Money;
    this_month: Money;
    last_month: Money;
    month_before: Money;
    older: Money;
    /** the oldest month with something open */
    oldest_month: IsoDate | null;
    /** month by month, oldest first, those that are not wholly covered */
    months: Array<{ month: IsoDate; product: string; income: Money; open: Money }>;
}

export interface IncomeTotal {
    open: Money;
    red_letter_due: Money;
    /** consumed − given back − invoiced + red-lettered, over all customers: what the invoices' meter says */
    meter: Money;
    /** the register less the meter: nothing, or something is wrong */
    difference: Money;
    customers: Id;
    /** by month, oldest first */
    months: Array<{ month: IsoDate; income: Money; open: Money; customers: number }>;
}

export interface InvitedFriend {
    friend_id: Id;
    ref: string;
    name: string;
    order_no: string;
    paid_at: Instant;
    apa: Money;
    base_credit: Money;
    verdict: string;
    counted: boolean;
}

export interface Inviter {
    customer_id: Id;
    ref: string;
    name: string;
    /** whether credits may be earned and used */
    standing: "sound" | "locked" | "deactivated" | "barred";
    friends: number;
    apa: Money;
    base_total: Money;
    tier_total: Money;
    used: Money;
    lapsed: Money;
    deducted: Money;
    claimed: Money;
    rounds: number;
    needed_for_next_round: number;
    /** below zero after a refund of what was spent already (B9) */
    balance: Money;
    settled_at: Instant;
}

export interface InviterPage {
    /** the inviter */
    inviter: Inviter;
    /** earned too lately to be used (B6) */
    pending: Money;
    /** may be used now */
    available: Money;
    /** the account as the campaign sees it */
    member: { registered_at: Instant | null; paid_before: boolean; deactivated_at: Instant | null; barred_at: Instant | null };
    /** the latest rounds, the open one first */
    rounds: Array<{ round: number; friends: number; from_at: Instant; until_at: Instant; sum_apa: Money; exact: string; tier_credit: Money | null }>;
    /** what was found against the account */
    violations: Array<{ id: Uuid; number: string; kind: string; status: string; proposed_at: Instant }>;
}

export interface Invoice {
    id: Uuid;
    number: string;
    /** what paper it is */
    kind: "statement" | "commercial_invoice" | "invoice_request" | "red_letter";
    series: string;
    /** whether red letters took it back */
    status: "issued" | "partly_red" | "red";
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    buyer_name: string;
    currency: string;
    total_excl: Money;
    total_tax: Money;
    total_incl: Money;
    red_lettered: Money;
    period_from: IsoDate;
    period_to: IsoDate;
    issued_at: Instant;
    issued_by: string;
    /** who confirmed a red letter */
    approved_by: string | null;
    /** the paper that a red letter takes back */
    refers_to: Uuid | null;
    /** its number */
    refers_to_number: string | null;
    /** 01 issued in error, 02 returned, 03 service ended, 04 allowance */
    reason_code: "01" | "02" | "03" | "04" | null;
    /** the tax platform's number */
    official_number: string | null;
    /** its date */
    official_on: IsoDate | null;
    pdf_stored: boolean;
    sheets_printed: number;
    /** a red letter that waits for its approver */
    red_letter_proposed: Uuid | null;
    rehearsal: boolean;
}

export interface InvoiceDetail {
    id: Uuid;
    number: string;
    /** what paper it is */
    kind: "statement" | "commercial_invoice" | "invoice_request" | "red_letter";
    series: string;
    /** whether red letters took it back */
    status: "issued" | "partly_red" | "red";
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    buyer_name: string;
    currency: string;
    total_excl: Money;
    total_tax: Money;
    total_incl: Money;
    red_lettered: Money;
    period_from: IsoDate;
    period_to: IsoDate;
    issued_at: Instant;
    issued_by: string;
    approved_by: string | null;
    refers_to: Uuid | null;
    refers_to_number: string | null;
    /** 01 issued in error, 02 returned, 03 service ended, 04 allowance */
    reason_code: "01" | "02" | "03" | "04" | null;
    official_number: string | null;
    official_on: IsoDate | null;
    pdf_stored: boolean;
    sheets_printed: number;
    red_letter_proposed: Uuid | null;
    rehearsal: boolean;
    /** what the paper says, buyer masked */
    content: { seller: Record<string, string>; buyer: Record<string, string | null>; note: string | null; gift_used: Money; agreement_version: string | null; approvals: Array<{ login: string; duty: string; at: Instant }> };
    content_sha256: string;
    /** one for each product and VAT rate; where a product has several, with the months that each covers */
    lines: Array<{ product: string; title_en: string; title_zh: string; amount_incl: Money; amount_excl: Money; tax: Money; rate: string; red_lettered: Money; from_month?: IsoDate; until_month?: IsoDate }>;
    /** papers that took this one back */
    red_letters: Array<{ id: Uuid; number: string; total_incl: Money; issued_at: Instant; reason_code: string }>;
    /** every print */
    prints: Array<{ copy_from: number; copies: number; printer: string; reason: string | null; printed_at: Instant; printed_by: string }>;
}

export interface InvoiceDraft {
    kind: string;
    buyer_name: string;
    period_from: IsoDate;
    period_to: IsoDate;
    /** one for each product and VAT rate; where a product has several, with the months that each covers */
    lines: Array<{ product: string; description_en: string; description_zh: string; amount_incl: Money; amount_excl: Money; tax: Money; rate: string; from_month?: IsoDate; until_month?: IsoDate }>;
    /** paid from gifts in that time: shown, never invoiced (RA 6.2) */
    gift_used: Money;
    total_excl: Money;
    total_tax: Money;
    total_incl: Money;
    note: string | null;
    agreement_version: string | null;
}

export interface InvoiceMeter {
    product: string;
    title_en: string;
    title_zh: string;
    /** in force this month; a paper's lines take the rates of the months that they cover */
    rate: Money;
    consumed_principal: Money;
    credited_back: Money;
    invoiced: Money;
    red_lettered: Money;
    net: Money;
    invoiceable: Money;
    red_letter_due: Money;
    /** usage paid from gifts: shown, never invoiced (RA 6.2) */
    gift_used: Money;
}

export interface InvoiceRequest {
    id: Uuid;
    request_no: string;
    /** where it came from */
    source: "platform" | "csv" | "hand";
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    buyer_id: Uuid;
    buyer_name: string;
    /** which paper */
    kind: "statement" | "invoice_request";
    /** all that may be invoiced where nobody says otherwise */
    amount: Money | null;
    /** what may be invoiced now of what was asked for */
    invoiceable: Money;
    /** only this one */
    product: string | null;
    /** only what was used until its end */
    month: IsoDate | null;
    note: string | null;
    status: "open" | "issued" | "returned";
    requested_at: Instant;
    recorded_by: string;
    invoice_id: Uuid | null;
    invoice_number: string | null;
    /** told to the customer */
    returned_why: string | null;
    decided_at: Instant | null;
    decided_by: string | null;
}

export interface InvoiceRequestAnswer {
    request_id: Uuid;
    request_no: string;
    status: string;
}

export interface InvoiceRun {
    id: Uuid;
    number: string;
    kind: "statement" | "commercial_invoice" | "invoice_request";
    /** the month that was chosen */
    month: IsoDate | null;
    /** on every paper */
    note: string | null;
    status: "open" | "finished" | "cancelled";
    papers: number;
    total: Money;
    issued: number;
    issued_total: Money;
    refused: number;
    waiting: number;
    /** of the papers issued so far */
    first_number: string | null;
    /** of the papers issued so far */
    last_number: string | null;
    begun_at: Instant;
    begun_by: string;
    cancelled_at: Instant | null;
    cancelled_by: string | null;
}

export interface InvoiceRunItem {
    run_id: Uuid;
    place: number;
    /** the id of the paper, and of the command that issues it */
    paper_id: Uuid;
    customer_id: Id;
    ref: string;
    name: string;
    buyer_name: string;
    amount: Money;
    state: "waiting" | "issued" | "refused";
    /** that refused it */
    rule: string | null;
    /** of the refusal */
    detail: Record<string, unknown> | null;
    /** once issued */
    number: string | null;
    decided_at: Instant | null;
}

export interface InvoiceableCustomer {
    customer_id: Id;
    ref: string;
    name: string;
    kind: string;
    invoiceable: Money;
    red_letter_due: Money;
    products: number;
    buyers: number;
}

export interface InvoicesTakeRequestsRow {
    request_no: string;
    verdict: string;
    rule: string;
    detail: unknown;
}

export interface JournalPage {
    id: Id;
    kind: string;
    /** the customer, if any */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    effective_at: Instant;
    recorded_at: Instant;
    recorded_by: string;
    document_kind: string;
    document_id: string;
    /** as people know it */
    document_number: string | null;
    /** of the agreement */
    clause: string | null;
    /** free text */
    memo: string | null;
    /** the journal that this one reverses */
    reverses: Id | null;
    /** debit positive */
    lines: Array<{ line: number; account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_after: Money | null }>;
    /** which recharges this journal made or drew on */
    recharges: Array<{ order_no: string; channel: string; paid_at: Instant; amount: Money }>;
    /** the usage it charged */
    usage: Array<{ usage_key: string; product: string; used_from: Instant; used_to: Instant; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>;
}

export interface JudicialLock {
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    authority: string;
    order_no: string;
    /** the whole account, or an amount of it */
    scope: "account" | "amount";
    /** of an order over an amount */
    amount: Money | null;
    allows_repayment: boolean;
    received_at: Instant;
    registered_at: Instant;
    registered_by: string;
    /** in the account's queue, while it is in force */
    place: number | null;
    /** what there is for it to hold now */
    holds: Money | null;
    due_on: IsoDate;
    expires_at: Instant;
    /** until it ends by its own words; negative when that has passed. It is in force until it is lifted */
    seconds_left: Id | null;
    /** not yet */
    lifted_at: Instant | null;
    /** not yet */
    lifted_by: string | null;
}

export interface JudicialLockPage {
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    authority: string;
    order_no: string;
    /** the whole account, or an amount of it */
    scope: "account" | "amount";
    /** of an order over an amount */
    amount: Money | null;
    allows_repayment: boolean;
    received_at: Instant;
    registered_at: Instant;
    registered_by: string;
    /** in the account's queue, while it is in force */
    place: number | null;
    /** what there is for it to hold now */
    holds: Money | null;
    due_on: IsoDate;
    expires_at: Instant;
    /** until it ends by its own words; negative when that has passed. It is in force until it is lifted */
    seconds_left: Id | null;
    /** not yet */
    lifted_at: Instant | null;
    /** not yet */
    lifted_by: string | null;
    /** what the order itself says about repayments */
    allowing_words: string | null;
    /** not yet */
    lifted_reason: string | null;
    /** its term, explained */
    clock: DeadlineExplanations & { changes: Array<{ reason: string; from_due_on: IsoDate; to_due_on: IsoDate; at: Instant; by: string }> };
    /** what it meets on the account, and what the rules say */
    conflicts: Array<{ kind: "refund" | "dispute" | "order"; id: Uuid; number: string; status: string; amount: Money | null; answer: "refund_waits" | "refund_legs_stop" | "repayment_waits" | "repayment_goes_on" | "repayment_above_the_amount" | "earlier_order_first" | "later_order_waits"; clause: string }>;
    /** every order in force on the account */
    queue: Array<{ id: Uuid; number: string; authority: string; order_no: string; scope: "account" | "amount"; amount: Money | null; place: number; holds: Money; allows_repayment: boolean; due_on: IsoDate | null }>;
    /** the locks of the account */
    locks: Array<{ id: Uuid; cause: "dispute" | "judicial" | "campaign"; case_id: Uuid; suspends: boolean; placed_at: Instant; placed_by: string; lifted_at: Instant | null; number: string | null; asked_at: Instant | null; confirmed_at: Instant | null; late: boolean }>;
    /** its papers */
    attachments: Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; received_at: Instant; recorded_at: Instant; recorded_by: string }>;
    /** of the account, gifts and earmarked recharges left out; lost is what the orders over amounts once held and no longer do, and the rest says since when nothing is free and what the platform knows of it */
    balance: { principal: Money; held: Money; free: Money; lost: Money; reached_at: Instant | null; told_at: Instant | null; confirmed_at: Instant | null };
    /** why the person who is signed in can neither renew nor lift it */
    blocked: string | null;
}

export interface LedgerJournal {
    id: Id;
    kind: string;
    /** the customer, if any */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    effective_at: Instant;
    recorded_at: Instant;
    recorded_by: string;
    document_kind: string;
    document_id: string;
    /** as people know it */
    document_number: string | null;
    /** free text */
    memo: string | null;
    /** the journal that this one reverses */
    reverses: Id | null;
    /** debit positive; the balance after is the customer's, credit positive */
    lines: Array<{ line: number; account: string; commodity: string; amount: Money; balance_after: Money | null }>;
}

export interface LedgerTotal {
    ready: boolean;
    /** so far, while counting */
    commodities: Array<{ commodity: string; postings: Id; debit: Money; credit: Money; difference: Money }>;
    /** to be handed back to go on counting; null when done */
    carried: unknown;
    /** how much of the books is counted, from 0 to 1 */
    share: Money | null;
}

export interface Letter {
    id: Uuid;
    number: string;
    /** what it is */
    kind: LetterKind;
    /** its language */
    language: "zh" | "en";
    /** what it is about */
    subject_kind: "dispute" | "refund" | "objection";
    subject_id: Uuid;
    customer_id: Id;
    customer_name: string;
    /** to whom */
    addressee: "holder" | "third_party";
    title: string;
    case_number: string;
    content_sha256: string;
    issued_at: Instant;
    issued_by: string;
    pdf_stored: boolean;
    /** the ways it took: given to the platform or sent by hand, arrived, served */
    sendings: Array<{ id: Uuid; way: "sms" | "email" | "in_app" | "ticket" | "post" | "in_person"; by_platform: boolean; address: string | null; sent_at: Instant; sent_by: string; taken_at: Instant | null; delivered_at: Instant | null; receipt: string | null; receipt_recorded_at: Instant | null; receipt_recorded_by: string | null; paper: { id: Uuid; file_name: string; media_type: string; sha256: string } | null; failed_at: Instant | null; failure: string | null; served: boolean }>;
}

export interface LetterDesk {
    subject_kind: string;
    subject_id: Uuid;
    /** what can be written now; why is a rule */
    kinds: Array<{ kind: LetterKind; addressee: "holder" | "third_party"; allowed: boolean; why: string | null; due: boolean }>;
    /** what was issued, newest first */
    letters: Letter[];
    /** where letters may go, masked */
    addresses: { phone: string | null; email: string | null; third_party_email: string | null };
}

export interface LetterDraft {
    kind: string;
    language: string;
    /** what the paper shows; people masked */
    content: LetterContent;
    plain_text: string;
    digest: string;
}

export interface LetterReceipt {
    sending_id: Uuid;
    /** when it arrived */
    delivered_at: Instant | null;
    /** when it was given up */
    failed_at: Instant | null;
    served: boolean;
}

export interface LetterTemplate {
    id: Uuid;
    /** of which letter */
    kind: LetterKind;
    /** in which language */
    language: "zh" | "en";
    title: string;
    brief: string;
    body: string;
    valid_from: Instant;
    reason: string;
    /** null for the texts that came with the program */
    proposed_by: string | null;
    proposed_at: Instant;
    /** null for those, and until confirmed */
    confirmed_by: string | null;
    /** when */
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
    /** whether letters are written with it now; null when none is */
    in_force: boolean;
    /** what its text may name in braces */
    placeholders: string[];
}

export interface MatchCandidate {
    /** the payment in suspense */
    exception_id: Id;
    order_no: string;
    /** the order in the books */
    recharge_id: Id | null;
    /** the order that may not be credited itself */
    order_exception_id: Id | null;
    /** why that order may not be credited: the kind of its exception */
    waits_for: string | null;
    /** whose order it is */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    amount: Money;
    channel: string;
    happened_at: Instant;
    /** the provider's number */
    provider_no: string | null;
    /** masked */
    payer_name: string | null;
    /** masked */
    payer_account: string | null;
    payer_is_holder: boolean;
    /** from 0 to 100 */
    score: number;
    /** what speaks for it and what against */
    reasons: Array<{ code: string; points: number; characters?: number; hours?: number; amount?: Money; channel?: string }>;
    may_match: boolean;
    /** the rule that stands in the way of matching them now */
    why_not: string | null;
}

export interface MonthEnd {
    /** the month looked at: as asked, else the one that closes next */
    month: IsoDate | null;
    /** where it stands */
    period: Period;
    /** the months of these books, oldest first, at most 36 */
    months: Array<{ month: IsoDate; status: Period["status"]; over: boolean }>;
    /** the checklist */
    items: PeriodItem[];
    /** what can be done now, and what stands against it */
    steps: Array<{ action: "soft_close" | "undo_soft_close" | "close" | "withdraw_close" | "confirm_close" | "reopen" | "withdraw_reopen" | "confirm_reopen"; duties: string[]; barrier: string | null }>;
    /** who did what to this month, newest first */
    history: Array<{ command: string; at: Instant; by: string; detail: Record<string, unknown> }>;
    /** nothing is posted before this day */
    closed_before: IsoDate | null;
    /** only accountants post before this day */
    soft_closed_before: IsoDate | null;
}

export interface Note {
    id: Uuid;
    customer_id: Id;
    /** the case it belongs to */
    subject_kind: string | null;
    /** its id */
    subject_id: string | null;
    kind: "note" | "call" | "message" | "letter";
    body: string;
    happened_at: Instant;
    /** with whom, on a dispute */
    party: "third_party" | "holder" | null;
    written_by: string;
    written_at: Instant;
}

export interface ObjectionPage {
    /** the objection */
    objection: CampaignObjection;
    /** the replay of the friend that it is about */
    replay: CampaignReplay | null;
    /** what the answer said: the other party masked (IC-25) */
    answer: CampaignReplay | null;
    /** whether I could answer it, and why not */
    may_answer: "yes" | "duty" | "own" | "status";
    /** whether I could reopen it, and why not */
    may_reopen: "yes" | "duty" | "status";
    /** the fifteen days, day by day */
    clock: DeadlineExplanations;
}

export interface OfficialPaper {
    official_number: string;
    invoice_id: Uuid;
    number: string;
    total_incl: Money;
}

export interface PastBalance {
    account: string;
    commodity: string;
    amount: Money;
    at: Instant;
}

export interface PayoutBatch {
    id: Uuid;
    number: string;
    channel: string;
    status: string;
    leg_count: number;
    amount: Money;
    content_sha256: string;
    exported_at: Instant;
    exported_by: string;
    /** not yet, or not at all */
    uploaded_at: Instant | null;
    /** not yet, or not at all */
    uploaded_by: string | null;
    /** not yet, or not at all */
    provider_batch_no: string | null;
    /** not yet, or not at all */
    answered_at: Instant | null;
    /** not yet, or not at all */
    answered_by: string | null;
    /** not yet, or not at all */
    cancelled_at: Instant | null;
    /** not yet, or not at all */
    cancelled_by: string | null;
    /** not yet, or not at all */
    cancelled_reason: string | null;
    failed_count: number;
    /** the files as they left; empty for a batch from before they were kept */
    files: Array<{ kind: "provider" | "csv"; file_name: string; sha256: string }>;
}

export interface PayoutBoard {
    now: Instant;
    /** each provider, and the bank for transfers: what is ready, what is under way, and whether the account covers it */
    channels: Array<{ channel: string; ready_count: number; ready: Money; under_way: Money; stuck: Money; balance: Money | null; balance_as_of: Instant | null; short: Money }>;
    /** the next 500 instructions, the window that closes first on top, transfers last */
    legs: Array<{ refund_no: string; kind: "refund" | "repayment"; case_id: Uuid; case_number: string; customer_id: Id; customer_name: string; channel: string; order_no: string; provider_no: string | null; amount: Money; instructed_at: Instant; closes_at: Instant | null; days_left: number | null; state: "ready" | "stopped" | "window_closed" | "too_many" | "too_soon" | "exported" | "uploaded" | "accepted" | "failed" | "transfer_unplanned" | "transfer_in_approval" | "transfer_ready"; reason: string | null }>;
    /** the last 50 files */
    batches: Array<{ id: Uuid; number: string; channel: string; status: string; leg_count: number; amount: Money; exported_at: Instant; exported_by: string; provider_batch_no: string | null; failed_count: number; files: Array<{ kind: "provider" | "csv"; file_name: string; sha256: string }> }>;
}

export interface PayoutDocument {
    batch_id: Uuid;
    kind: "provider" | "csv";
    file_name: string;
    sha256: string;
    /** the bytes as hexadecimal digits: a provider's file is not always in our encoding */
    content: string;
}

export interface PayoutFile {
    batch_id: Uuid;
    number: string;
    channel: string;
    /** the instructions, in the file's order */
    legs: Array<{ refund_no: string; order_no: string; provider_no: string | null; order_amount: Money; amount: Money; reason: string; result: string | null; result_reason: string | null; customer_id: Id }>;
}

export interface PenaltyPreview {
    /** for each account */
    sheet: { accounts: Array<{ customer_id: string; name: string; ref: string; issued: Money; used: Money; deduct: Money; claim: Money; clear: Money }>; deduct: Money; claim: Money };
    /** proposes exactly these figures */
    digest: string;
}

export interface People {
    id: number;
    login: string;
    title: string;
    /** in force without end */
    active_until: Instant | null;
    /** what they may do, and in whose stead */
    duties: Array<{ id: number; duty: string; from_at: Instant; until_at: Instant | null; confirmed: boolean; delegated_by: string | null; reason: string | null }>;
}

export interface Period {
    month: IsoDate;
    /** where the month stands */
    status: "open" | "soft_closed" | "close_proposed" | "closed" | "reopen_proposed";
    /** how often it was closed */
    closing_no: number;
    /** when it was soft-closed */
    soft_closed_at: Instant | null;
    /** by whom */
    soft_closed_by: string | null;
    /** when closing was proposed */
    close_proposed_at: Instant | null;
    /** by whom */
    close_proposed_by: string | null;
    /** when it was closed */
    closed_at: Instant | null;
    /** who confirmed */
    closed_by: string | null;
    /** when reopening was proposed */
    reopen_proposed_at: Instant | null;
    /** by whom */
    reopen_proposed_by: string | null;
    /** why */
    reopen_reason: string | null;
    /** when it was last reopened */
    reopened_at: Instant | null;
    /** who confirmed */
    reopened_by: string | null;
}

export interface PeriodFigure {
    account: string;
    title_en: string;
    title_zh: string;
    commodity: string;
    opening: Money;
    debit: Money;
    credit: Money;
    closing: Money;
}

export interface PeriodItem {
    code: string;
    place: number;
    title_en: string;
    title_zh: string;
    /** who looks */
    looked_at_by: "database" | "person";
    duty: string;
    required: boolean;
    /** where it stands */
    state: "done" | "open" | "waived";
    open_count: Id;
    /** the money that is open, or the figure to review */
    amount: Money | null;
    /** what is open */
    detail: { days?: Array<{ on: IsoDate; channel: string }>; quiet?: number; oldest?: Instant | null; checks?: string[]; kinds?: Record<string, number>; products?: string[] };
    /** who looks after it */
    owner: string | null;
    /** when it was ticked */
    ticked_at: Instant | null;
    /** by whom */
    ticked_by: string | null;
    /** what they noted */
    note: string | null;
    /** when it was waived */
    waived_at: Instant | null;
    /** by which supervisor */
    waived_by: string | null;
    /** why */
    waived_reason: string | null;
    /** attachments filed with this line */
    papers: Id;
}

export interface PlatformAcknowledgement {
    id: Id;
    acknowledged_at: Instant;
}

export interface PlatformEvent {
    id: Id;
    customer_ref: string;
    /** counts the account's own events without a gap: a missing one has not been read yet */
    place: Id;
    kind: string;
    subject_id: Uuid;
    /** what it needs to do it */
    payload: Record<string, unknown>;
    created_at: Instant;
    /** how often it was read, this time included */
    attempts: number;
}

export interface Policy {
    id: number;
    name: string;
    /** for one channel only */
    channel: string | null;
    /** the figure or switch */
    value: unknown;
    valid_from: Instant;
    reason: string;
    /** null for the defaults that the product ships */
    proposed_by: string | null;
    proposed_at: Instant;
    /** null for the defaults, and until confirmed */
    confirmed_by: string | null;
    /** from when it can be in force */
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
}

export interface PostingResult {
    posted: number;
    repeated: number;
    exceptions: number;
}

export interface PrintBatch {
    id: Uuid;
    number: string;
    /** the run whose papers these are */
    run_id: Uuid | null;
    printer: string;
    copies: number;
    sides: "one" | "long_edge" | "short_edge";
    media: string;
    tray: string | null;
    cover: boolean;
    /** why again */
    reason: "jammed" | "faulty" | "lost" | "customer_asked" | "file" | null;
    /** stopped: somebody must say which sheet was the last good one */
    status: "open" | "stopped" | "printed" | "cancelled";
    papers: number;
    printed: number;
    waiting: number;
    /** sheets that were sent so far, the cover included */
    sheets: number;
    total: Money;
    first_number: string;
    last_number: string;
    begun_at: Instant;
    begun_by: string;
}

export interface PrintItem {
    batch_id: Uuid;
    place: number;
    invoice_id: Uuid;
    number: string;
    customer_name: string;
    total_incl: Money;
    state: "waiting" | "sent" | "printed" | "stopped";
    from_page: number;
    /** of the whole paper */
    pages: number | null;
    /** of this paper, counted through the pile */
    first_sheet: number | null;
    /** that it takes */
    sheets: number | null;
    /** 1 is the original */
    copy_from: number | null;
    /** the print system's number */
    job: number | null;
    sent_at: Instant | null;
    over_at: Instant | null;
    /** who carries it to the customer */
    carrier: string | null;
    /** under which number */
    waybill: string | null;
}

export interface Product {
    code: string;
    title_en: string;
    title_zh: string;
    vat_rate: Money;
}

export interface Proposal {
    kind: string;
    id: string;
    /** the number by which people know what it is about */
    number: string;
    /** whose it is */
    customer_id: Id | null;
    /** masked */
    customer_name: string | null;
    /** where it is about money */
    amount: Money | null;
    /** of the amount */
    commodity: string | null;
    /** what the proposer wrote */
    reason: string | null;
    proposed_by: string;
    proposed_at: Instant;
    /** who confirms */
    duty: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    /** second person, or whoever declined it or took it back */
    decided_by: string | null;
    /** when */
    decided_at: Instant | null;
    /** why it was declined or taken back */
    note: string | null;
    case_kind: string;
    /** where to look at it */
    case_id: string;
    /** what it posted */
    journal_id: Id | null;
    /** whether I could confirm it now, and why not */
    may_confirm: "yes" | "duty" | "own" | "holder" | "deputy" | "decided";
    /** whether I could decline it, or take my own back */
    may_decline: boolean;
}

export interface ProposalPage {
    /** the proposal */
    proposal: Proposal;
    /** what it posts, or posted: debit positive; null where it posts nothing */
    lines: Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }> | null;
    /** what the second person looks at, by kind */
    detail: Record<string, unknown>;
}

export interface RechargePage {
    id: Id;
    order_no: string;
    customer_id: Id;
    customer_name: string;
    kind: "package" | "custom";
    channel: "alipay" | "wechat";
    principal: Money;
    amount_left: Money;
    /** the smallest recharge that policy allowed when it was paid (RA 6.3) */
    minimum: Money;
    paid_at: Instant;
    /** when a statement confirmed it */
    confirmed_at: Instant | null;
    /** the provider's number */
    provider_no: string | null;
    /** masked */
    payer_name: string | null;
    /** masked */
    payer_account: string | null;
    payer_is_holder: boolean;
    holder_verified: boolean;
    /** the version that it accepted, and a newer one that holds today */
    agreement: { version: string; announced_at: Instant; effective_at: Instant; newer: string | null };
    /** with their activity's rules; place is their turn in the order of use */
    gifts: Array<{ activity: string; title: string; amount: Money; left: Money; reserved: Money; granted_at: Instant; expires_at: Instant | null; over: boolean; on_recharge_refunded: "keep" | "void"; voids_on_application: boolean; place: number | null }>;
    /** what it paid for, the last fifty */
    usage: Array<{ usage_key: string; product: string; used_from: Instant; amount: Money; journal_id: Id }>;
    used: Money;
    /** what stands in the way of the rest */
    state: "free" | "held" | "refunded" | "earmarked" | "used";
    /** the application that holds or refunded it */
    refund: { id: Uuid; number: string } | null;
    /** third parties' disputes about it */
    disputes: Array<{ id: Uuid; number: string; status: string }>;
    /** the refunded recharge that this credit-back came from */
    parent: { id: Id; order_no: string } | null;
    journal_id: Id;
}

export interface RedLetter {
    id: Uuid;
    invoice_id: Uuid;
    invoice_number: string;
    customer_id: Id;
    customer_ref: string;
    customer_name: string;
    /** 01 issued in error, 02 returned, 03 service ended, 04 allowance */
    reason_code: "01" | "02" | "03" | "04";
    note: string | null;
    /** what to take back, as positive amounts; with the rate where the paper has a product at several */
    lines: Array<{ product: string; amount: Money; rate?: string }>;
    total_incl: Money;
    status: "proposed" | "confirmed" | "declined";
    proposed_by: string;
    proposed_at: Instant;
    decided_by: string | null;
    decided_at: Instant | null;
    /** the red letter's own paper */
    issued_as: Uuid | null;
    /** its number */
    issued_number: string | null;
    /** the tax platform issued the paper: then it must confirm the red letter first */
    official_number: string | null;
    /** where that stands: 01 none needed, 02 buyer, 03 seller must confirm, 04 confirmed, 05 06 denied, 07 void after 72 hours, 08 09 withdrawn */
    confirmation: "01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | null;
    /** when it is void unless the other side confirms */
    confirmation_until: Instant | null;
    /** every step */
    confirmation_steps: Array<{ state: string; at: Instant; form_number: string | null; recorded_by: string }>;
}

export interface RedTask {
    customer_id: Id;
    ref: string;
    name: string;
    /** to take back, by product in whole cents */
    due: Money;
    /** of it in red letters that wait for their approver */
    proposed: Money;
    /** from which papers, the newest first, ready to be asked for */
    papers: Array<{ invoice_id: Uuid; number: string; official_number: string | null; red_letter_proposed: boolean; total: Money; lines: Array<{ product: string; amount: Money; rate?: string }> }>;
}

export interface Refund {
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_name: string;
    status: string;
    reason_kind: string;
    reason: string;
    legal_override: boolean;
    /** not yet, or not at all */
    legal_reference: string | null;
    ticket_no: string;
    amount_gross: Money;
    amount_fee: Money;
    amount_net: Money;
    amount_gift_voided: Money;
    requested_at: Instant;
    requested_by: string;
    /** not yet, or not at all */
    proof_asked_at: Instant | null;
    /** not yet, or not at all */
    proof_asked_by: string | null;
    /** not yet, or not at all */
    proof_asked_for: string | null;
    /** not yet, or not at all */
    reviewed_at: Instant | null;
    /** not yet, or not at all */
    reviewed_by: string | null;
    /** not yet, or not at all */
    approved_at: Instant | null;
    /** not yet, or not at all */
    approved_by: string | null;
    /** not yet, or not at all */
    second_approved_at: Instant | null;
    /** not yet, or not at all */
    second_approved_by: string | null;
    /** not yet, or not at all */
    released_at: Instant | null;
    /** not yet, or not at all */
    released_by: string | null;
    /** not yet, or not at all */
    paid_at: Instant | null;
    /** not yet, or not at all */
    closed_at: Instant | null;
    /** not yet, or not at all */
    closed_by: string | null;
    /** not yet, or not at all */
    closing_reason: string | null;
    /** not yet, or not at all */
    suspended_by_dispute: Uuid | null;
    /** not yet, or not at all */
    waits_for: string | null;
    /** not yet, or not at all */
    holder: string | null;
    /** not yet, or not at all */
    held_since: Instant | null;
    step_at: Instant;
    step_paused_minutes: number;
    /** since when the one it waits for has had it; the time with the customer is not counted */
    waiting_since: Instant;
    /** who could take the present step; who holds it, if somebody does, is in holder */
    could_take: string[];
}

export interface RefundPage {
    id: Uuid;
    number: string;
    customer_id: Id;
    customer_name: string;
    status: string;
    reason_kind: string;
    reason: string;
    legal_override: boolean;
    /** not yet, or not at all */
    legal_reference: string | null;
    ticket_no: string;
    amount_gross: Money;
    amount_fee: Money;
    amount_net: Money;
    amount_gift_voided: Money;
    requested_at: Instant;
    requested_by: string;
    /** not yet, or not at all */
    proof_asked_at: Instant | null;
    /** not yet, or not at all */
    proof_asked_by: string | null;
    /** not yet, or not at all */
    proof_asked_for: string | null;
    /** not yet, or not at all */
    reviewed_at: Instant | null;
    /** not yet, or not at all */
    reviewed_by: string | null;
    /** not yet, or not at all */
    approved_at: Instant | null;
    /** not yet, or not at all */
    approved_by: string | null;
    /** not yet, or not at all */
    second_approved_at: Instant | null;
    /** not yet, or not at all */
    second_approved_by: string | null;
    /** not yet, or not at all */
    released_at: Instant | null;
    /** not yet, or not at all */
    released_by: string | null;
    /** not yet, or not at all */
    paid_at: Instant | null;
    /** not yet, or not at all */
    closed_at: Instant | null;
    /** not yet, or not at all */
    closed_by: string | null;
    /** not yet, or not at all */
    closing_reason: string | null;
    /** not yet, or not at all */
    suspended_by_dispute: Uuid | null;
    /** not yet, or not at all */
    waits_for: string | null;
    /** not yet, or not at all */
    holder: string | null;
    /** not yet, or not at all */
    held_since: Instant | null;
    step_at: Instant;
    step_paused_minutes: number;
    /** since when the one it waits for has had it; the time with the customer is not counted */
    waiting_since: Instant;
    /** who could take the present step; who holds it, if somebody does, is in holder */
    could_take: string[];
    /** every lot, as the database computes it now */
    worksheet: Worksheet;
    /** as the reviewer saw it */
    reviewed_worksheet: Worksheet | null;
    digest: string;
    moved_since_review: boolean;
    needs_second_approval: boolean;
    quiet_until: Instant;
    /** when the treasurer may release */
    release_opens_at: Instant | null;
    needs_retyping: boolean;
    /** provider instructions */
    legs: Array<{ id: Id; refund_no: string; order_no: string; provider_no: string | null; channel: string; gross: Money; fee: Money; net: Money; route: string; status: string; instructed_at: Instant; confirmed_at: Instant | null; bank_reference: string | null; state: "none" | "confirmed" | "recalled" | "failed" | "transfer" | "ready" | "stopped" | "window_closed" | "too_many" | "too_soon" | "exported" | "uploaded" | "accepted"; transfer: { id: Uuid; status: string; payee_name: string; payee_bank: string; payee_account: string; payee_is_payer: boolean; reason: string; planned_at: Instant; planned_by: string; approved_by: string | null; cleared_by: string | null; why: string | null } | null }>;
    /** proofs */
    attachments: Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; recorded_at: Instant; recorded_by: string; opened_by_me: boolean }>;
    /** who did what */
    events: Array<{ at: Instant; login: string; command: string; detail: Record<string, unknown> }>;
    /** what has reached the payers: the confirmed instructions */
    amount_paid: Money;
    /** how long it was at each step, and who ended it; with the customer is a step of its own */
    stints: Array<{ step: string; from_at: Instant; until_at: Instant | null; minutes: number; by: string | null }>;
    /** what I may do now, and why not */
    actions: Array<{ action: string; allowed: boolean; why: string | null }>;
    /** other cases on this ticket */
    same_ticket: Array<{ kind: string; id: Uuid; number: string; status: string }>;
    /** what keeps refunds of the account waiting, each by its name */
    stops: Array<{ cause: "order" | "dispute"; id: Uuid; number: string; authority: string | null; order_no: string | null; amount: Money | null; due_on: IsoDate | null; clause: string }>;
}

export interface RefundQuote {
    customer_id: Id;
    customer_name: string;
    /** what an application would give now */
    worksheet: Worksheet;
    gift_warning: boolean;
    /** other cases of this customer */
    same_cases: Array<{ kind: string; id: Uuid; number: string; status: string }>;
    /** who could do each step besides the person who asks */
    steps: Array<{ step: string; people: string[] }>;
    /** whether different people are there for the steps that need different ones */
    staffed: boolean;
    /** what keeps refunds of the account waiting, each by its name */
    stops: Array<{ cause: "order" | "dispute"; id: Uuid; number: string; authority: string | null; order_no: string | null; amount: Money | null; due_on: IsoDate | null; clause: string }>;
}

export interface ReinstatementQuote {
    refund_id: Uuid;
    /** the application was rejected or withdrawn, so goodwill may give back */
    closed: boolean;
    voided: Money;
    given_back: Money;
    /** proposed, and not confirmed yet */
    waiting: Money;
    /** what can still be proposed */
    most: Money;
    /** debit positive */
    lines: Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }>;
    /** newest first */
    proposals: Array<{ id: Uuid; amount: Money; reason: string; status: "proposed" | "confirmed" | "declined" | "withdrawn"; proposed_by: string; proposed_at: Instant; confirmed_by: string | null; confirmed_at: Instant | null; declined_by: string | null; declined_at: Instant | null; declined_why: string | null; journal_id: Id | null; mine: boolean }>;
}

export interface Replay {
    friend_id: Id;
    /** the whole of it */
    replay: CampaignReplay;
    /** objections about this friend */
    objections: Array<{ id: Uuid; number: string; status: string; received_at: Instant }>;
}

export interface Revelation {
    field: string;
    /** null when there is none on file */
    value: string | null;
    until: Instant;
}

export interface ReviewPage {
    /** the review */
    review: AccountReview;
    /** the accounts */
    accounts: Array<{ customer_id: string; name: string; ref: string; standing: string; friends: number; balance: Money; used: Money; deactivated: boolean }>;
    /** what joins them, and who invited whom */
    edges: Array<{ one: string; other: string; kind: string; strong: boolean; shown: string; invited: boolean }>;
    /** what was proposed */
    violations: Array<{ id: Uuid; number: string; kind: string; status: string }>;
    /** whether I could decide it, and why not */
    may_decide: "yes" | "duty";
}

export interface RollForwardLine {
    month: IsoDate;
    commodity: string;
    /** of the recharge; null means all channels together */
    channel: string | null;
    opening: Money;
    recharged: Money;
    used: Money;
    refunded: Money;
    other: Money;
    closing: Money;
}

export interface RunPreview {
    papers: number;
    total: Money;
    /** customers who get no paper, each with its reason */
    exceptions: number;
    digest: string;
    /** exceptions first, then the largest amounts; 500 at most */
    rows: Array<{ customer_id: Id; ref: string; name: string; buyer_id: Uuid | null; buyer_name: string | null; amount: Money; exception: "nothing_due" | "in_another_run" | "buyer_to_choose" | "buyer_missing" | "glyph_missing" | null }>;
}

export interface SameTicketCase {
    kind: "refund" | "dispute";
    id: Uuid;
    number: string;
    status: string;
    open: boolean;
    customer_id: Id;
    customer_ref: string;
    ticket_no: string;
    /** the order they share */
    order_no: string | null;
    opened_at: Instant;
}

export interface SavedFilter {
    id: Uuid;
    name: string;
    /** the screen's own address */
    filter: Record<string, string>;
    saved_at: Instant;
    person_id: number;
}

export interface SearchHit {
    /** what opens */
    kind: "customer" | "order" | "refund" | "dispute" | "invoice" | "journal" | "judicial";
    id: string;
    title: string;
    /** a second line: the customer or the state */
    detail: string | null;
    /** whose */
    customer_id: Id | null;
    /** when */
    at: Instant | null;
}

export interface Seller {
    id: number;
    name: string;
    address: string;
    tax_id: string;
    phone: string;
    bank: string;
    account: string;
    valid_from: Instant;
    proposal_id: Uuid;
    proposed_by: string;
    proposed_at: Instant;
    confirmed_by: string | null;
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    /** when */
    declined_at: Instant | null;
    /** why */
    declined_why: string | null;
    currency: string;
    country: string;
    /** which tax its papers carry */
    tax_scheme: "china_vat" | "gst_sg" | "none";
    /** why a paper carries no tax */
    tax_note: string | null;
    /** in which its papers are written */
    language: "both" | "en" | "zh-CN";
    /** under every paper */
    footer: string | null;
    /** hash of the picture above */
    logo: string | null;
    /** hash of the picture beside the total */
    seal: string | null;
}

export interface SentReminder {
    dispute_id: Uuid;
    number: string;
    /** where it was written */
    letter_id: Uuid | null;
    /** its number */
    letter_number: string | null;
    done: boolean;
    /** why it was not */
    rule: string | null;
}

export interface Session {
    person_id: number;
    login: string;
    title: string;
    /** held now */
    duties: string[];
    database: string;
    rehearsal: boolean;
    now: Instant;
    contract_version: number;
    last_event: Id;
    /** everyone in force, for "by" columns and hand-overs */
    people: Array<{ id: number; login: string; title: string; duties: string[] }>;
    /** the chart of accounts, so that no screen has to ask for it */
    accounts: Array<{ code: string; owner: "customer" | "house"; title_en: string; title_zh: string }>;
}

export interface SpokenReminders {
    /** my cases that are overdue or due today */
    badge: number;
    /** each said once, in working hours only */
    due: Array<{ kind: "dispute" | "judicial"; id: Uuid; number: string; clock: "evidence" | "shortfall" | "judicial"; due_on: IsoDate; days_left: number }>;
}

export interface StepUp {
    /** until when it counts */
    until_at: Instant;
    minutes: number;
}

export interface TaxDesk {
    /** headings under which its list names things */
    columns: Record<"number" | "remark" | "official_number" | "issued_on" | "buyer_code" | "total_incl" | "total_tax", string[]>;
    /** the last 100 */
    sheets: TaxSheet[];
    /** open ones, oldest first; 200 at most */
    exceptions: TaxException[];
    /** papers that are in no sheet and have no official number */
    to_send: number;
}

export interface TaxException {
    id: Id;
    list_id: Uuid;
    file_name: string;
    line: number;
    /** what differs */
    kind: "paper_unknown" | "issued_twice" | "official_number_taken" | "official_number_malformed" | "total_differs" | "buyer_differs" | "date_impossible";
    /** our paper */
    invoice_id: Uuid | null;
    /** its number */
    number: string | null;
    /** as the list has it */
    official_number: string | null;
    /** what each side says */
    detail: { ours?: string | null; theirs?: string | null };
    imported_at: Instant;
    settled_at: Instant | null;
    settled_by: string | null;
    resolution: string | null;
}

export interface TaxList {
    id: Uuid;
    file_name: string;
    rows: number;
    recorded: number;
    repeated: number;
    exceptions: number;
}

export interface TaxSheet {
    id: Uuid;
    number: string;
    /** the run whose papers are in it */
    run_id: Uuid | null;
    /** its number */
    run_number: string | null;
    /** whether everything came back */
    status: "sent" | "issued" | "withdrawn";
    papers: number;
    issued: number;
    exceptions: number;
    total: Money;
    exported_at: Instant;
    exported_by: string;
    withdrawn_at: Instant | null;
    withdrawn_why: string | null;
}

export interface TaxSheetFile {
    number: string;
    /** buyers in full: it leaves for the tax platform */
    sheets: Array<{ name: string; head: string[]; rows: string[][] }>;
}

export interface TimelineEntry {
    key: string;
    at: Instant;
    /** where it comes from */
    kind: "journal" | "event" | "note" | "paper" | "invoice";
    /** the journal's kind, the command, the note's kind, the paper's media type or the invoice's kind */
    what: string;
    /** what it is about */
    subject_kind: string | null;
    /** its id */
    subject_id: string | null;
    /** a number to show */
    number: string | null;
    /** in favour of the customer */
    amount: Money | null;
    /** of the amount */
    commodity: string | null;
    /** who */
    person: string | null;
    /** what was written, or the file's name */
    body: string | null;
    /** of the action, without personal data */
    detail: Record<string, unknown>;
}

export interface Today {
    now: Instant;
    /** what waits for me, oldest deadline first */
    waiting: Array<{ kind: string; id: string; number: string; step: string; customer_name: string; amount: Money; since: Instant; due_at: Instant | null; late: boolean }>;
    /** what waits on others: the role, who holds it or could take it, since when */
    others: Array<{ kind: string; id: string; number: string; waits_for: string; holder: string | null; could_take: string[]; customer_name: string; amount: Money; since: Instant }>;
    /** clocks of the next days */
    clocks: Array<{ dispute_id: Uuid; number: string; customer_name: string; clock: string; amount: Money; due_on: IsoDate; nominal_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean; days_left: number }>;
    /** equations */
    tie_out: Array<{ check: string; left: string; right: string; difference: string; state: "ok" | "open" | "waits" | "broken"; last_day?: string | null }>;
    /** prepaid liability of 30 days */
    liability: { amount: Money; before: Money; days: Array<{ on: IsoDate; amount: Money }> };
    /** for the side bar */
    counts: { refunds_open: number; refunds_mine: number; disputes_open: number; disputes_late: number; exceptions: number; invoices: number; locks: number; proposals: number };
    /** today and the next 14 days */
    calendar: Array<{ on: IsoDate; rest: boolean; makeup: boolean; name_en: string | null; name_zh: string | null; clocks: number }>;
    /** what the platform has not confirmed in time, orders that end, and what an order over an amount has lost to usage */
    alarms: Array<{ kind: "lock_unconfirmed" | "unlock_unconfirmed" | "hold_unconfirmed" | "order_loses" | "order_expiring" | "order_expired"; case_kind: "dispute" | "judicial" | "campaign"; case_id: Uuid; number: string; customer_id: Id; customer_name: string; since: Instant; amount: Money | null }>;
}

export interface Transfer {
    id: Uuid;
    leg_id: Id;
    refund_id: Uuid;
    customer_id: Id;
    refund_no: string;
    amount: Money;
    /** masked */
    payee_name: string;
    payee_bank: string;
    /** masked */
    payee_account: string;
    payee_is_payer: boolean;
    account_proof: Uuid;
    /** not yet, or not at all */
    consent: Uuid | null;
    reason: string;
    route_approved: boolean;
    /** overtaken: the provider paid after all */
    status: "waits_for_approver" | "waits_for_treasurer" | "cleared" | "sent" | "declined" | "overtaken";
    planned_at: Instant;
    planned_by: string;
    /** not yet, or not at all */
    approved_at: Instant | null;
    /** not yet, or not at all */
    approved_by: string | null;
    /** not yet, or not at all */
    cleared_at: Instant | null;
    /** not yet, or not at all */
    cleared_by: string | null;
    /** not yet, or not at all */
    declined_at: Instant | null;
    /** not yet, or not at all */
    declined_by: string | null;
    /** not yet, or not at all */
    declined_why: string | null;
}

export interface TransferPayee {
    payee_name: string;
    payee_bank: string;
    payee_account: string;
    until: Instant;
}

export interface TrialBalanceLine {
    account: string;
    title_en: string;
    title_zh: string;
    owner: string;
    commodity: string;
    debit: Money;
    credit: Money;
    /** debit positive */
    balance: Money;
    postings: Id;
}

export interface UnbilledReport {
    customer_id: Id;
    amount: Money;
    metered_until: Instant;
}

export interface UsagePayment {
    /** the lot; of a gift the recharge it came with, if any */
    recharge_id: Id | null;
    /** the recharge's order */
    order_no: string | null;
    /** the recharge's channel */
    channel: string | null;
    /** when it was paid */
    paid_at: Instant | null;
    /** of a gift */
    activity: string | null;
    /** of a gift */
    activity_title: string | null;
    /** what it paid, before anything was given back */
    amount: Money;
    /** what it got back */
    given_back: Money;
}

export interface UsageRow {
    id: Id;
    usage_key: string;
    product: string;
    used_from: Instant;
    used_to: Instant;
    amount: Money;
    from_gift: Money;
    from_principal: Money;
    uncollected: Money;
    /** credited back by two people */
    given_back: Money;
    /** in credit-backs that wait for a second person */
    waiting: Money;
    /** what can still be given back */
    most: Money;
    journal_id: Id;
}

export interface VatMonth {
    month: IsoDate;
    /** by product */
    lines: Array<{ product: string; title_en: string; title_zh: string; rate: string; gross: Money; excl: Money; tax_exact: string; tax: Money; rounding: string; posted: Money; due: Money }>;
    gross: Money;
    excl: Money;
    tax: Money;
    rounding: Money;
    posted: Money;
    due: Money;
    digest: string;
    /** the rule that stands against posting now */
    barrier: string | null;
    /** the splits of this month and their reversals */
    journals: Array<{ journal_id: Id; kind: string; recorded_at: Instant; by: string; tax: Money; reversed_by: Id | null }>;
    /** tax on papers issued in the month, red letters taken off: another moment than the split's, shown beside it */
    invoiced_tax: Money;
}

export interface VatRate {
    id: Uuid;
    product: string;
    title_en: string;
    title_zh: string;
    /** the first month; from the beginning where there is none */
    from_month: IsoDate | null;
    rate: Money;
    reason: string;
    status: "proposed" | "confirmed" | "declined" | "withdrawn";
    /** null for what was there before there was a history */
    proposed_by: string | null;
    proposed_at: Instant;
    /** null for the rate with which a product was added, and until confirmed */
    confirmed_by: string | null;
    confirmed_at: Instant | null;
    /** who declined it or took it back */
    declined_by: string | null;
    declined_at: Instant | null;
    declined_why: string | null;
}

export interface VatRateChange {
    product: string;
    from_month: IsoDate;
    /** the last month, where another rate follows that is confirmed already */
    until_month: IsoDate | null;
    rate: Money;
    /** in force for that month now */
    rate_before: Money;
    /** months that have begun and are not split off yet: their tax then, and as it is now */
    months: Array<{ month: IsoDate; rate: string; gross: Money; tax: Money; tax_before: Money }>;
    /** papers that were issued for these months at another rate: they stay as they are */
    papers: number;
    /** their lines on this product */
    papers_total: Money;
}

export interface ViolationPage {
    /** the violation */
    violation: { id: Uuid; number: string; customer_id: string; customer_name: string; review_id: Uuid | null; kind: string; evidence: string; lock_accounts: boolean; status: string; proposed_by: string; proposed_at: Instant; decided_by: string | null; decided_at: Instant | null; decision: string | null; claimed_by: string | null; claimed_at: Instant | null; reversal_proposed_by: string | null; reversal_reason: string | null; reversed_by: string | null; reversed_at: Instant | null };
    /** the penalty, as it is now while it is proposed */
    sheet: { accounts: Array<{ customer_id: string; name: string; ref: string; issued: Money; used: Money; deduct: Money; claim: Money; clear: Money }>; deduct: Money; claim: Money };
    /** locks that it placed */
    locks: Array<{ customer_id: string; placed_at: Instant; lifted_at: Instant | null }>;
    /** cash claims; due below zero is to be given back */
    claims: Array<{ customer_id: string; name: string; claimed: Money; paid: Money; due: Money }>;
    /** what was paid of them */
    payments: Array<{ id: Uuid; customer_id: string; name: string; amount: Money; reference: string; paid_at: Instant; recorded_by: string; journal_id: Id }>;
    may_decide: "yes" | "duty" | "own" | "status";
    /** whether I could raise the cash claim */
    may_claim: "yes" | "duty" | "own" | "status";
    may_reverse: "yes" | "duty" | "own" | "status";
    /** whether I could record a payment, and why not */
    may_record_payment: "yes" | "duty" | "own" | "status";
}

/** Every command: what it takes and what it answers. */
export interface Commands {
    /** A gift activity and the rules that its gifts follow (RA 6.2, A9). */
    "activities.add": { arguments: { command_id: Uuid; code: string; title: string; gift_days?: number | null; on_recharge_refunded?: string | null }; result: Activity };
    /** An approver, above the limit a supervisor, and not the proposer, posts the adjustment. */
    "adjustments.confirm": { arguments: { command_id: Uuid; adjustment_id: Uuid }; result: Correction };
    /** A second person declines an adjustment, or its proposer takes it back; with a reason. */
    "adjustments.decline": { arguments: { command_id: Uuid; adjustment_id: Uuid; reason: string }; result: Correction };
    /** What an adjustment would do to balances, gifts and usage, what stands against it, and who would have to confirm. */
    "adjustments.preview": { arguments: { kind: string; amount: Money; customer_id?: Id | null; debit_account?: string | null; credit_account?: string | null; effective_on?: IsoDate | null; gift_expires_on?: IsoDate | null }; result: CorrectionSheet };
    /** An accountant proposes a manual journal, with a reason, a document and the papers filed under its id. Nothing moves until a second person confirms. */
    "adjustments.propose": { arguments: { command_id: Uuid; kind: string; amount: Money; reason: string; document_no: string; customer_id?: Id | null; debit_account?: string | null; credit_account?: string | null; effective_on?: IsoDate | null; gift_expires_on?: IsoDate | null }; result: Correction };
    /** A version of the recharge agreement; it must be announced before it takes effect (RA 1). */
    "agreements.add": { arguments: { command_id: Uuid; version: string; announced_at: Instant; effective_at: Instant }; result: AgreementVersion };
    /** Announces a paper: name, kind, size and hash, when it was received and from whom. Its pieces follow; it counts once it is finished. Received and recorded are two instants (rules 1.4, 25). */
    "attachments.begin": { arguments: { command_id: Uuid; subject_kind: string; subject_id: string; file_name: string; media_type: string; size_bytes: Id; sha256: string; customer_id?: Id | null; received_at?: Instant | null; party?: string | null }; result: Attachment };
    /** Puts the pieces together, hashes them again and looks at what they are. Only then does the paper count as filed. */
    "attachments.finish": { arguments: { command_id: Uuid; attachment_id: Uuid }; result: Attachment };
    /** The papers filed with a case, oldest first. */
    "attachments.list": { arguments: { subject_kind: string; subject_id: string }; result: Attachment[] };
    /** Remembers that this person looks at the paper now; its bytes are read only after that. */
    "attachments.opened": { arguments: { command_id: Uuid; attachment_id: Uuid }; result: Attachment };
    /** Computes seals again from the events that they cover, oldest first; the next page begins after the last one's event. */
    "audit.check": { arguments: { after_event: Id; maximum?: number | null }; result: AuditSeal[] };
    /** Checks a credit code as it is typed (GB 32100-2015). */
    "buyers.check_code": { arguments: { code: string }; result: CreditCodeCheck };
    /** The invoice titles of a customer, last saved first. */
    "buyers.list": { arguments: { customer_id: Id }; result: Buyer[] };
    /** Keeps an invoice title of a customer as a new version. A company needs a valid credit code (GB 32100-2015); an older number needs a reason. */
    "buyers.save": { arguments: { command_id: Uuid; customer_id: Id; kind: string; name: string; credit_code?: string | null; address?: string | null; phone?: string | null; bank?: string | null; account?: string | null; email?: string | null; code_reason?: string | null; buyer_id?: Uuid | null }; result: Buyer };
    /** An approver, who is not the importer, puts a list in force; running clocks are counted again, each with a record. */
    "calendar.confirm": { arguments: { command_id: Uuid; calendar_id: number }; result: Calendar };
    /** An approver declines a list, or the administrator who entered it takes it back; both say why. */
    "calendar.decline": { arguments: { command_id: Uuid; calendar_id: number; reason: string }; result: Calendar };
    /** Explains a due date: what started it, the day count on a small calendar, the articles, the last instant, and what a day earlier or later would change. */
    "calendar.explain": { arguments: { started_at: Instant; days?: number | null; zone?: string | null; rest_days?: boolean | null; clause?: string | null }; result: DeadlineExplanations };
    /** An administrator enters a year's official list: days as [{date, off, name}]. It decides nothing until an approver confirms it. */
    "calendar.import": { arguments: { command_id: Uuid; year: number; notice_title: string; days: unknown; notice_no?: string | null; notice_source?: string | null; announced_on?: IsoDate | null }; result: Calendar };
    /** Every version of every year's list, newest first. */
    "calendar.list": { arguments: {}; result: Calendar[] };
    /** Upholds or rejects an objection with the reason; the replay of that moment, the other party masked, is kept as what was answered (IC-25). What is to be put right is a correction of two people. */
    "campaign.answer_objection": { arguments: { command_id: Uuid; objection_id: Uuid; upheld: boolean; reason: string }; result: CampaignObjection };
    /** What an order would really cost: whether the discount is due and every reason if not, credits up to the cap, what is to be paid, and what counts as the actual payment (B3). */
    "campaign.checkout": { arguments: { customer_ref: string; product: string; order_amount: Money; purpose?: string | null; order_kind?: string | null; other_first_order_discount?: boolean | null; at?: Instant | null }; result: Checkout };
    /** Legal, who took no part before, raises the claim for the cash value of spent credits, naming the opinion that it rests on (IC-28, B10). */
    "campaign.claim_cash_value": { arguments: { command_id: Uuid; violation_id: Uuid; opinion: string }; result: Uuid };
    /** An approver confirms a correction, whereupon the friend is judged again, or declines it; whoever proposed may take it back. */
    "campaign.decide_correction": { arguments: { command_id: Uuid; correction_id: Uuid; confirmed: boolean; reason?: string | null }; result: CampaignCorrection };
    /** An approver confirms new terms, a turn or an end of credits, or declines them with a reason; whoever proposed may take it back. */
    "campaign.decide_proposal": { arguments: { command_id: Uuid; proposal_id: Uuid; confirmed: boolean; reason?: string | null }; result: Uuid };
    /** A person says whether accounts are one person's, with the reason; deciding again is a new decision. Invitations among one person's accounts do not count (IC-22, IC-31). */
    "campaign.decide_review": { arguments: { command_id: Uuid; review_id: Uuid; same_person: boolean; reason: string }; result: Uuid };
    /** An approver decides the violation with the reason, whereupon the penalty is posted as it was previewed, or declines it; whoever proposed may take it back. */
    "campaign.decide_violation": { arguments: { command_id: Uuid; violation_id: Uuid; confirmed: boolean; reason: string }; result: Uuid };
    /** The friends of an inviter, the latest payment first: masked, companies too, because the list leaves the house as the inviter's statement (IC-25). */
    "campaign.friends": { arguments: { inviter_id: Id; before_paid_at?: Instant | null; before_order_no?: string | null; most?: number | null }; result: InvitedFriend[] };
    /** An inviter: standing, what friends earned, what was used and taken back, the latest rounds with their rounding. */
    "campaign.inviter": { arguments: { customer_id: Id }; result: InviterPage };
    /** Inviters, most counted friends first, by name or account number. */
    "campaign.inviters": { arguments: { search?: string | null; after_friends?: number | null; after_id?: Id | null; most?: number | null }; result: Inviter[] };
    /** Takes credits whose notice ran out off their accounts, some thousand accounts at a time; answers how many. They may not be used before that either. */
    "campaign.lapse_expired": { arguments: { command_id: Uuid; most?: number | null }; result: number };
    /** One objection, its clock, the replay that it is about, and what was answered. */
    "campaign.objection": { arguments: { objection_id: Uuid }; result: ObjectionPage };
    /** Objections that are open, waived, decided, or all of them, the oldest first. */
    "campaign.objections": { arguments: { wanted?: string | null; after_received?: Instant | null; after_id?: Uuid | null; most?: number | null }; result: CampaignObjection[] };
    /** What the campaign cost, what it still owes, what came of friends, and what waits. */
    "campaign.overview": { arguments: {}; result: CampaignOverview };
    /** Up to 5,000 records of the platform's own service: campaign_members, campaign_touches, campaign_orders or campaign_refunds, in the form of the files' rows and in any order. */
    "campaign.post": { arguments: { command_id: Uuid; kind: string; rows: unknown }; result: PostingResult };
    /** Up to 5,000 signals (phone, payment account, device, network) of accounts. Kept as fingerprints; accounts that share a strong one are put before a person. */
    "campaign.post_signals": { arguments: { command_id: Uuid; rows: unknown }; result: PostingResult };
    /** What a violation would take: of one account, or of all that a review found to be one person's (IC-27). */
    "campaign.preview_penalty": { arguments: { customer_id: Id; review_id?: Uuid | null }; result: PenaltyPreview };
    /** Proposes to put a touch aside or back, to mark a refund as the platform's own error, or to give credits back after one: with a reason, for a second person (IC-23, B5, B14). */
    "campaign.propose_correction": { arguments: { command_id: Uuid; kind: string; customer_id: Id; subject: string; reason: string; amount?: Money | null }; result: CampaignCorrection };
    /** Proposes an end for credits that were earned before an instant, thirty days after the notice at the earliest (IC-20). */
    "campaign.propose_expiry": { arguments: { command_id: Uuid; earned_before: Instant; noticed_at: Instant; expires_at: Instant; reason: string }; result: CreditExpiry };
    /** New terms, announced before they take effect and never backdated (IC-02, 1.4); what is not named stays. */
    "campaign.propose_terms": { arguments: { command_id: Uuid; version: string; announced_at: Instant; effective_at: Instant; terms: unknown; reason: string }; result: CampaignVersion };
    /** Starts, pauses, resumes or ends the campaign at an instant to come (IC-30). */
    "campaign.propose_turn": { arguments: { command_id: Uuid; turn: string; takes_effect_at: Instant; reason: string }; result: CampaignTurn };
    /** Records a violation with its type, evidence and the penalty that was previewed, for another person to decide (IC-26 to IC-29). */
    "campaign.propose_violation": { arguments: { command_id: Uuid; customer_id: Id; kind: string; evidence: string; digest: string; review_id?: Uuid | null; lock_accounts?: boolean | null }; result: Uuid };
    /** Treasury or accounting, who took no part before, records money that came in for a cash claim, or went back after a new decision took a paid one away; posted against the claim (IC-28, B10). */
    "campaign.record_claim_payment": { arguments: { command_id: Uuid; violation_id: Uuid; customer_id: Id; amount: Money; paid_at: Instant; reference: string }; result: Uuid };
    /** Records an objection with when the record became visible and when the objection came. Received after the last instant it is waived (IC-24); only who took part may object to an invitation (IC-25). */
    "campaign.record_objection": { arguments: { command_id: Uuid; customer_id: Id; about: string; told: string; ticket_no: string; visible_at: Instant; received_at: Instant; friend_id?: Id | null }; result: CampaignObjection };
    /** A supervisor takes a waived objection up all the same, and says why (IC-24, IC-31). */
    "campaign.reopen_objection": { arguments: { command_id: Uuid; objection_id: Uuid; reason: string }; result: CampaignObjection };
    /** Why a friend is whose: every touch with its verdict, the hours, what was paid, what would have changed it, and the ladder digit by digit. */
    "campaign.replay": { arguments: { friend_id: Id }; result: Replay };
    /** A new decision takes a penalty back: growth or risk proposes it with the reason, an approver confirms, and everything that the penalty took returns. */
    "campaign.reverse_violation": { arguments: { command_id: Uuid; violation_id: Uuid; reason: string }; result: Uuid };
    /** Accounts that may be one person, with everything that joins them. */
    "campaign.review": { arguments: { review_id: Uuid }; result: ReviewPage };
    /** Accounts that may be one person: those to look at, those decided, or all. */
    "campaign.reviews": { arguments: { wanted?: string | null; before_opened?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: AccountReview[] };
    /** Liability for credits month by month: opening, earned, reversed, used, lapsed, deducted, closing. */
    "campaign.roll_forward": { arguments: { first_month: IsoDate; months?: number | null }; result: CreditMonth[] };
    /** The campaign's terms and turns with who decided them, and the corrections of records. */
    "campaign.terms": { arguments: {}; result: CampaignTermsPage };
    /** A violation with its evidence, the penalty for each account, and what became of it. */
    "campaign.violation": { arguments: { violation_id: Uuid }; result: ViolationPage };
    /** The agreements, activities and products that forms and filters name. */
    "catalogue.open": { arguments: {}; result: Catalogue };
    /** Moves the clock of a rehearsal forward, to practise day 29, 30 and 31. Refused in production. */
    "clock.move": { arguments: { command_id: Uuid; instant: Instant }; result: Change };
    /** Adjustments and reversals, newest first; the last row's instant and id ask for the next page. */
    "corrections.list": { arguments: { wanted_status?: string | null; before_at?: Instant | null; before_id?: Uuid | null; maximum?: number | null }; result: Correction[] };
    /** One adjustment or reversal with its lines as previewed, its reason, and who decided. */
    "corrections.open": { arguments: { correction_id: Uuid }; result: Correction };
    /** A note, a call or a message on a customer or a case, with when it happened and with whom. */
    "customers.add_note": { arguments: { command_id: Uuid; customer_id: Id; kind: string; body: string; happened_at?: Instant | null; subject_kind?: string | null; subject_id?: string | null; party?: string | null }; result: Note };
    /** Customers with exactly this phone. Written to the audit, because it turns a number into a person. */
    "customers.find_by_phone": { arguments: { command_id: Uuid; phone: string }; result: Customer[] };
    /** Customers, newest first, by name, part of a Chinese name, pinyin initials or account number. Phones have a search of their own, which is logged. */
    "customers.list": { arguments: { search?: string | null; before_id?: Id | null; most?: number | null; only_locked?: boolean | null }; result: Customer[] };
    /** The notes on a case, newest first. */
    "customers.list_notes": { arguments: { subject_kind: string; subject_id: string }; result: Note[] };
    /** A customer's page: balances, lots, locks, cases, invoices and usage, personal fields masked. */
    "customers.open": { arguments: { customer_id: Id }; result: CustomerPage };
    /** Shows one personal field (name, phone, email; payer_name or payer_account of an order) for five minutes, with a reason, on the record. */
    "customers.reveal": { arguments: { command_id: Uuid; customer_id: Id; field: string; reason: string; order_no?: string | null }; result: Revelation };
    /** Everything on a customer in one line of time, newest first: movements, steps of cases, notes, papers, invoices. The last row's instant asks for the next page. */
    "customers.timeline": { arguments: { customer_id: Id; before?: Instant | null; most?: number | null }; result: TimelineEntry[] };
    /** The platform tells whether an account holder has passed the real-name check (RA 3.1). */
    "customers.verify": { arguments: { command_id: Uuid; customer_ref: string; verified: boolean }; result: Change };
    /** The deputy accepts, and owns the cases while the other is away; or declines. Whoever is away then too cannot accept. */
    "deadlines.answer_as_deputy": { arguments: { command_id: Uuid; absence_id: Uuid; accepts: boolean }; result: Absence };
    /** I am away from then until then, and ask a deputy to own my cases; a supervisor asks for whoever cannot. It holds once the deputy accepts. */
    "deadlines.ask_deputy": { arguments: { command_id: Uuid; away_from: Instant; away_until: Instant; deputy_id: number; person_id?: number | null }; result: Absence };
    /** A handler takes a case, or a supervisor gives it to somebody who is awake. */
    "deadlines.assign": { arguments: { command_id: Uuid; dispute_id: Uuid; person_id: number }; result: DisputePage };
    /** How much is overdue, due today and this week, provisional, not served or nobody's; who has how much and who is away; which clocks end on the first day after the next holiday. */
    "deadlines.desk": { arguments: {}; result: DeadlineDesk };
    /** Back earlier, or not going: the cases are the person's own again. */
    "deadlines.end_absence": { arguments: { command_id: Uuid; absence_id: Uuid }; result: Absence };
    /** The running clocks for a calendar file, mine or everybody's, the next 5,000. */
    "deadlines.feed": { arguments: { mine?: boolean | null }; result: DeadlineFeedEntry[] };
    /** Open cases and orders by what is due first: open, overdue, today, week, provisional, not_served, nobody (no awake owner), court; of one person; found by number, order, ticket or customer. The next page begins after the last row's due_at and id. */
    "deadlines.list": { arguments: { desk_window?: string | null; search?: string | null; person_id?: number | null; after_due?: Instant | null; after_id?: Uuid | null; maximum?: number | null }; result: DeadlineRow[] };
    /** A month in whole weeks: rest days and make-up days, and the clocks that end on each day. */
    "deadlines.month": { arguments: { month: IsoDate }; result: DeadlineDay[] };
    /** What the desktop says aloud now: each clock of mine at each step of the policy once, in working hours, never after the answer came. Asked every minute; to ask marks it as said, so that two desks do not say it twice. */
    "deadlines.remind": { arguments: {}; result: SpokenReminders };
    /** An approver, not the proposer, decides the case against the holder; refused when the figures moved since the proposal (rules 6.1). */
    "disputes.approve_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid; expected_amount?: Money | null }; result: DisputePage };
    /** The account holder concedes in writing: the window need not be waited out (RA-10). */
    "disputes.concede": { arguments: { command_id: Uuid; dispute_id: Uuid; received_at: Instant; attachment_id: Uuid; note?: string | null }; result: DisputePage };
    /** An approver, not the reviewer who proposed it, accepts the evidence: this case's lock falls, nothing is repaid (RA-10). */
    "disputes.confirm_acceptance": { arguments: { command_id: Uuid; dispute_id: Uuid; reason?: string | null }; result: DisputePage };
    /** A person decides to lock the account (RA 5.2 "has the right"). The platform is asked to suspend services and API keys; the 30 days for evidence begin with this instant (A5). */
    "disputes.confirm_lock": { arguments: { command_id: Uuid; dispute_id: Uuid }; result: DisputePage };
    /** Proof that the repayment arrived (bank receipt or provider's answer), when no statement row will say so; otherwise the next statement confirms it by itself. */
    "disputes.confirm_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid; reference: string; attachment_id: Uuid; paid_at?: Instant | null }; result: DisputePage };
    /** How many cases are open, overdue, due today and this week, provisional, not served, or short without a notice (the second clock does not run yet, A4). */
    "disputes.counts": { arguments: {}; result: DisputeCounts };
    /** We do not follow the notice: the payer is the holder, it is moot, or it is a matter between payer and payment company (RA 4.2; 1.4). */
    "disputes.decline_notice": { arguments: { command_id: Uuid; dispute_id: Uuid; reason: string }; result: DisputePage };
    /** Everything about one dispute for the court, with its hash. It names everybody in full, so reading it is remembered; that leaves no trace in the dossier itself. */
    "disputes.dossier": { arguments: { command_id: Uuid; dispute_id: Uuid }; result: unknown };
    /** The holder recharged to pay this case (RA-12 "entrusting … to refund"): the order can pay nothing else from now on. */
    "disputes.earmark_recharge": { arguments: { command_id: Uuid; dispute_id: Uuid; order_no: string }; result: DisputePage };
    /** The case goes to the court named in RA 10.1, after a recorded negotiation. */
    "disputes.escalate": { arguments: { command_id: Uuid; dispute_id: Uuid; reason: string }; result: DisputePage };
    /** A supervisor, not the case's handler, gives the running clock more days, with a reason; the date is counted anew (A5). */
    "disputes.extend": { arguments: { command_id: Uuid; dispute_id: Uuid; days: number; reason: string }; result: DisputePage };
    /** The provider did not carry the instruction out: the money is held again and goes out by manual transfer at the next release. */
    "disputes.fail_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid; reason: string }; result: DisputePage };
    /** Cases by what is due first: open, overdue, provisional, not_served, surplus, closed, all, or by status; mine are those I handle or recorded. The next page begins after the last row's due_at and id. */
    "disputes.list": { arguments: { wanted?: string | null; search?: string | null; mine?: boolean | null; after_due?: Instant | null; after_id?: Uuid | null; maximum?: number | null }; result: Dispute[] };
    /** The holder is told what is missing; the second 30 days start with that day, never before the evidence period ended (RA-12; A4). */
    "disputes.notify_shortfall": { arguments: { command_id: Uuid; dispute_id: Uuid; way: string; notified_at: Instant; proof: string; attachment_id?: Uuid | null }; result: DisputePage };
    /** One case with its clock explained, figures, evidence, three lanes, papers, and what the person who is signed in may do now and why not. */
    "disputes.open": { arguments: { dispute_id: Uuid }; result: DisputePage };
    /** A reviewer finds that the third party had agreed before the recharge (RA-10); an approver must see it too. */
    "disputes.propose_acceptance": { arguments: { command_id: Uuid; dispute_id: Uuid; evidence_id: Uuid; reason: string }; result: DisputePage };
    /** After the last instant (inboxes checked, evidence judged) or a written concession, and with proof that the lock notice was served: what is outstanding, up to the principal left after unbilled usage, is taken into the repayment hold at once. The disputed lot first; never the gift; no fee (RA-11, A7, A8). */
    "disputes.propose_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid; expected_amount?: Money | null }; result: DisputePage };
    /** The holder paid the third party himself and proved it (RA-13). */
    "disputes.record_direct_payment": { arguments: { command_id: Uuid; dispute_id: Uuid; amount: Money; paid_at: Instant; channel: string; reference: string; attachment_id: Uuid }; result: DisputePage };
    /** What the account holder filed, with its papers. In time if it was received before the last instant, whenever it is recorded (RA-09; A6). */
    "disputes.record_evidence": { arguments: { command_id: Uuid; dispute_id: Uuid; summary: string; way: string; received_at: Instant; attachment_ids: Uuid[]; receipt_proof?: string | null }; result: DisputePage };
    /** An attempt to settle; one comes before the court (RA 10.1). */
    "disputes.record_negotiation": { arguments: { command_id: Uuid; dispute_id: Uuid; happened_at: Instant; body_text: string }; result: DisputePage };
    /** A third party does not agree to a recharge and demands it back (RA 5.2), or a dispute with the payment company (RA 4.2). Payouts and new applications of the customer stop at once; gift and services stay until a person confirms the lock. */
    "disputes.record_notice": { arguments: { command_id: Uuid; order_no: string; ticket_no: string; demand: string; received_at: Instant; notice_way?: string | null; kind?: string | null; amount_disputed?: Money | null; informant_name?: string | null; informant_contact?: string | null }; result: DisputePage };
    /** A notice reached someone, with proof: about lock, evidence_request, reminder, unlock or other. Without proof that the lock notice was served nothing is repaid (A5). */
    "disputes.record_service": { arguments: { command_id: Uuid; dispute_id: Uuid; about: string; way: string; served_at: Instant; proof: string; addressee?: string | null; attachment_id?: Uuid | null }; result: DisputePage };
    /** The third party gives up an amount in writing; it counts up to what is unpaid and not on its way (RA-14; 1.4, 12). */
    "disputes.record_waiver": { arguments: { command_id: Uuid; dispute_id: Uuid; amount: Money; received_at: Instant; reason: string; attachment_id: Uuid }; result: DisputePage };
    /** One filing is not sufficient. The window stays open to its last instant: the holder may file more (rules, additions). */
    "disputes.reject_evidence": { arguments: { command_id: Uuid; dispute_id: Uuid; evidence_id: Uuid; reason: string }; result: DisputePage };
    /** Takes back a proposed or approved repayment before release; the principal returns to its lots. */
    "disputes.reject_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid; reason: string }; result: DisputePage };
    /** The treasurer, neither proposer nor approver, instructs the provider with our refund number on the disputed order's own route, or by manual transfer when its window has closed or the route failed (1.4, 9). */
    "disputes.release_repayment": { arguments: { command_id: Uuid; dispute_id: Uuid }; result: DisputePage };
    /** What an earmarked recharge brought too much goes back to its payer, without a fee, approved and released like a repayment (1.4, 11). */
    "disputes.return_surplus": { arguments: { command_id: Uuid; dispute_id: Uuid }; result: DisputePage };
    /** A handler states that tickets, mail and post were checked up to the last instant; only then may a repayment be proposed (1.4, 25). */
    "disputes.state_inboxes_checked": { arguments: { command_id: Uuid; dispute_id: Uuid }; result: DisputePage };
    /** The third party takes the notice back: the case closes, its lock falls (1.4). */
    "disputes.withdraw_notice": { arguments: { command_id: Uuid; dispute_id: Uuid; reason: string }; result: DisputePage };
    /** What I was writing on this subject; an empty body when nothing. */
    "drafts.open": { arguments: { kind: string; subject: string }; result: Draft };
    /** Keeps what a form holds so far; without a body the draft is gone. */
    "drafts.save": { arguments: { kind: string; subject: string; body?: unknown | null }; result: Draft };
    /** Open exceptions and the money in suspense by how long they have waited: today and yesterday, a week, a month, longer. */
    "exceptions.ages": { arguments: {}; result: ExceptionAge[] };
    /** For a payment in suspense the orders it may belong to, for an unpaid order the payments in suspense: each with a score and what speaks for and against it. Nothing is booked by it. */
    "exceptions.candidates": { arguments: { exception_id: Id }; result: MatchCandidate[] };
    /** An approver, not the proposer, lets a difference in money be settled as proposed, or a payment be matched with the order that was named. */
    "exceptions.confirm": { arguments: { command_id: Uuid; exception_id: Id }; result: Exception };
    /** An approver declines how an exception was to be settled, or its accountant takes the proposal back; the exception is open again. */
    "exceptions.decline": { arguments: { command_id: Uuid; exception_id: Id; reason: string }; result: Exception };
    /** What could not be booked or matched, newest first: open ones or all or the settled, of one kind, of one age, or only those that can be credited now. */
    "exceptions.list": { arguments: { only_open?: boolean | null; wanted_kind?: string | null; before?: Id | null; maximum?: number | null; wanted_age?: string | null; only_ready?: boolean | null; only_settled?: boolean | null }; result: Exception[] };
    /** An accountant says which order a payment in suspense is for, and why; it is booked when an approver confirms. */
    "exceptions.propose_match": { arguments: { command_id: Uuid; exception_id: Id; order_no: string; reason: string }; result: Exception };
    /** An accountant settles an exception in words. A difference in money only becomes a proposal that an approver confirms (rules 6.1). Money in suspense waits for its order, or goes back to its payer by two people; what was refused is tried again. */
    "exceptions.resolve": { arguments: { command_id: Uuid; exception_id: Id; resolution: string }; result: Exception };
    /** Credits every waiting order whose obstacle is gone: the platform has verified its account holder, or the minimum, the agreement or the activity is there now (RA 3.1). */
    "exceptions.retry_ready": { arguments: { command_id: Uuid }; result: PostingResult };
    /** Remembers that a list leaves as a file: who, which filter, how many rows, the hash of the bytes. The file gets its name only after that (rules 6.3). */
    "exports.record": { arguments: { command_id: Uuid; list: string; arguments: unknown; format: string; row_count: Id; file_sha256: string }; result: Export };
    /** Takes every gift whose time is over off its wallet. Every import does it too; this is for a day without one. */
    "gifts.expire": { arguments: { command_id: Uuid }; result: PostingResult };
    /** Announces a file by the hash of its bytes. Bytes that were posted before answer as repeated, and nothing more is to be done. */
    "imports.begin": { arguments: { command_id: Uuid; kind: string; file_name: string; file_sha256: string; totals: unknown }; result: Import };
    /** Gives up a file that was staged and not posted, as after a cancel. */
    "imports.discard": { arguments: { command_id: Uuid; import_id: Uuid }; result: Import };
    /** Files read, newest first. */
    "imports.list": { arguments: { before?: Instant | null; maximum?: number | null; before_id?: Uuid | null }; result: Import[] };
    /** Books every staged row of a file in one transaction, or none. */
    "imports.post": { arguments: { command_id: Uuid; import_id: Uuid }; result: Import };
    /** Up to 5,000 rows of a file; the same chunk again is a no-op. Nothing is booked yet. */
    "imports.stage": { arguments: { import_id: Uuid; chunk_no: number; rows: unknown }; result: Import };
    /** Income that no paper was issued for yet, by customer and age, the largest first; covered oldest month first as papers are issued. What must be red-lettered instead stands beside it. */
    "income.list": { arguments: { search?: string | null; before_open?: Money | null; before_customer_id?: Id | null; maximum?: number | null }; result: IncomeRow[] };
    /** The register's totals by month, and whether they agree with the invoices' meter, which is counted by other hands; asked for beside the list. */
    "income.total": { arguments: {}; result: IncomeTotal };
    /** Issues no further paper of a run. What was issued stays; what was left out may go into the next run. */
    "invoices.cancel_run": { arguments: { command_id: Uuid; run_id: Uuid }; result: InvoiceRun };
    /** A second person issues the red letter. What it takes back may be invoiced again, unless it was given back (RA-23). */
    "invoices.confirm_red_letter": { arguments: { command_id: Uuid; red_letter_id: Uuid }; result: Invoice };
    /** A second person puts a proposed seller's block in force. */
    "invoices.confirm_seller": { arguments: { command_id: Uuid; proposal_id: Uuid }; result: Seller };
    /** An approver declines a red letter, or its tax clerk takes it back. */
    "invoices.decline_red_letter": { arguments: { command_id: Uuid; red_letter_id: Uuid; reason: string }; result: RedLetter };
    /** An approver declines a seller's block, or the administrator who proposed it takes it back; both say why. */
    "invoices.decline_seller": { arguments: { command_id: Uuid; proposal_id: Uuid; reason: string }; result: Seller };
    /** Issues a paper for consumed principal, up to what is invoiceable of each product (RA 8.1), with a gap-free number. It is never changed again. */
    "invoices.issue": { arguments: { command_id: Uuid; customer_id: Id; buyer_id: Uuid; lines: unknown; kind?: string | null; note?: string | null }; result: Invoice };
    /** A paper in another currency for one payment (a commercial invoice, a statement or a request), with the seller block and tax scheme of that currency; a payment is invoiced once. */
    "invoices.issue_foreign": { arguments: { command_id: Uuid; customer_id: Id; buyer_id: Uuid; currency: string; lines: unknown; payment: unknown; period_from: IsoDate; period_to: IsoDate; rate?: Money | null; note?: string | null; kind?: string | null }; result: Invoice };
    /** Issues one paper of a run under the id that the run gave it; a paper that a rule refuses is marked with the rule. Asked again, by anybody, it answers with the same paper. */
    "invoices.issue_from_run": { arguments: { command_id: Uuid; run_id: Uuid }; result: InvoiceRunItem };
    /** Issues what a customer asked for, up to what may be invoiced (RA 8.1), and tells the platform. */
    "invoices.issue_request": { arguments: { command_id: Uuid; request_id: Uuid }; result: InvoiceRequest };
    /** Issued papers, newest first, by number, customer, month or state; the last row's instant and id ask for the next page. */
    "invoices.list": { arguments: { search?: string | null; status?: string | null; kind?: string | null; customer_id?: Id | null; month?: IsoDate | null; before_issued_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: Invoice[] };
    /** Customers with something to invoice or to red-letter, the largest amount first. */
    "invoices.list_invoiceable": { arguments: { search?: string | null; before_invoiceable?: Money | null; before_customer_id?: Id | null; most?: number | null }; result: InvoiceableCustomer[] };
    /** Red letters that wait for an approver, or were decided. */
    "invoices.list_red_letters": { arguments: { status?: string | null; before_proposed_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: RedLetter[] };
    /** Customers whose usage was given back after it was invoiced (RA-23): how much must be taken back, and from which papers. */
    "invoices.list_red_tasks": { arguments: { after_customer_id?: Id | null; most?: number | null }; result: RedTask[] };
    /** Requests that wait, or were issued or returned; newest first. */
    "invoices.list_requests": { arguments: { wanted_status?: string | null; before_requested_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: InvoiceRequest[] };
    /** The papers of a run in its order; a place asks for those after it. */
    "invoices.list_run_items": { arguments: { run_id: Uuid; state?: string | null; after_place?: number | null; most?: number | null }; result: InvoiceRunItem[] };
    /** Runs, newest first. */
    "invoices.list_runs": { arguments: { before_begun_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: InvoiceRun[] };
    /** The seller blocks, proposed and in force. */
    "invoices.list_sellers": { arguments: {}; result: Seller[] };
    /** Writes down a print: the first sheet is the original, each later one a copy with a reason. */
    "invoices.log_print": { arguments: { command_id: Uuid; invoice_id: Uuid; printer: string; copies?: number | null; reason?: string | null }; result: Invoice };
    /** By product: consumed principal, given back, invoiced, taken back, and what may be invoiced now or must be red-lettered (RA 8.1). Products are never netted against each other. */
    "invoices.meter": { arguments: { customer_id: Id }; result: InvoiceMeter[] };
    /** A paper with its lines, red letters and prints. */
    "invoices.open": { arguments: { invoice_id: Uuid }; result: InvoiceDetail };
    /** A run and how far it is. */
    "invoices.open_run": { arguments: { run_id: Uuid }; result: InvoiceRun };
    /** What a paper would say, before it is issued; buyer masked. */
    "invoices.preview": { arguments: { customer_id: Id; buyer_id: Uuid; lines: unknown; kind?: string | null; note?: string | null }; result: InvoiceDraft };
    /** What a run over a month, over picked customers or over everybody with something due would issue; and who is left out, and why. */
    "invoices.preview_run": { arguments: { month?: IsoDate | null; picked?: unknown | null }; result: RunPreview };
    /** Asks for a paper to be taken back, whole (no lines) or in part, with its reason code. Nothing is issued before an approver confirms. */
    "invoices.propose_red_letter": { arguments: { command_id: Uuid; invoice_id: Uuid; reason_code: string; lines?: unknown | null; note?: string | null }; result: RedLetter };
    /** Proposes a seller's template from an instant on: block, currency, tax scheme, language, footer, logo and seal. A broken picture or a character that cannot be printed is refused here. */
    "invoices.propose_seller": { arguments: { command_id: Uuid; name: string; address: string; tax_id: string; phone: string; bank: string; account: string; valid_from: Instant; currency?: string | null; country?: string | null; tax_scheme?: string | null; tax_note?: string | null; language?: string | null; footer?: string | null; logo?: string | null; seal?: string | null }; result: Seller };
    /** Writes down the tax platform's 20-digit number and date for a paper, once. */
    "invoices.record_official": { arguments: { command_id: Uuid; invoice_id: Uuid; official_number: string; official_on: IsoDate }; result: Invoice };
    /** Writes down a step of the tax platform's confirmation of a red letter. The other side has 72 hours; confirmed later than that it is void. */
    "invoices.record_red_confirmation": { arguments: { command_id: Uuid; red_letter_id: Uuid; state: string; at: Instant; form_number?: string | null }; result: RedLetter };
    /** The platform passes on that a customer asks for an invoice, with the title; the answer comes back through its outbox. */
    "invoices.request": { arguments: { command_id: Uuid; request: unknown }; result: InvoiceRequestAnswer };
    /** Sends a request back to the customer with a reason; the platform is told, and the customer may ask again. */
    "invoices.return_request": { arguments: { command_id: Uuid; request_id: Uuid; reason: string }; result: InvoiceRequest };
    /** Fixes what a run issues: whom, to which title and how much, as previewed. Nothing is issued yet. */
    "invoices.start_run": { arguments: { command_id: Uuid; kind: string; digest: string; month?: IsoDate | null; picked?: unknown | null; note?: string | null }; result: InvoiceRun };
    /** Requests from a file or by hand, one row each; a row that a rule refuses is named with it and does not hold up the others. */
    "invoices.take_requests": { arguments: { command_id: Uuid; source: string; rows: unknown }; result: InvoicesTakeRequestsRow[] };
    /** The legal role lifts an order, with the paper that ends it. The next in the queue holds what becomes free; services come back when no other lock is left. */
    "judicial_locks.lift": { arguments: { command_id: Uuid; order_id: Uuid; reason: string; attachment_id: Uuid }; result: JudicialLockPage };
    /** Orders, the one received last on top: in_force, ending (soon or already past), lifted, all. The next page begins before the last row's received_at and id. */
    "judicial_locks.list": { arguments: { wanted?: string | null; search?: string | null; before_at?: Instant | null; before_id?: Uuid | null; maximum?: number | null }; result: JudicialLock[] };
    /** One order: its term explained, what it holds and in which place, what it meets on the account and what the rules say, its papers. */
    "judicial_locks.open": { arguments: { order_id: Uuid }; result: JudicialLockPage };
    /** The legal role registers an order of a court or authority with its paper. Over the whole account it locks, and nothing is paid out unless the order itself says so; over an amount it holds that much, and services go on (RA-16). */
    "judicial_locks.register": { arguments: { command_id: Uuid; customer_id: Id; authority: string; order_no: string; scope: string; received_at: Instant; until_on: IsoDate; attachment_ids: Uuid[]; amount?: Money | null; allows_repayment?: boolean | null; allowing_words?: string | null }; result: JudicialLockPage };
    /** The authority prolonged its order; the paper says until when. The order keeps its place in the queue. */
    "judicial_locks.renew": { arguments: { command_id: Uuid; order_id: Uuid; order_no: string; until_on: IsoDate; attachment_id: Uuid }; result: JudicialLockPage };
    /** What one account stood at just before an instant, of one customer or of all; by the recorded or the effective instant. */
    "ledger.balance_as_of": { arguments: { at: Instant; account_code: string; commodity?: string | null; customer_id?: Id | null; by_effective?: boolean | null }; result: PastBalance };
    /** All accounts of a customer just before an instant, credit positive. */
    "ledger.balances_as_of": { arguments: { customer_id: Id; at: Instant; by_effective?: boolean | null }; result: PastBalance[] };
    /** Which recharges of a channel moved by journals of some kinds in some days, newest first: what a figure of the prepaid liability by channel is made of. */
    "ledger.channel_moves": { arguments: { channel: string; kinds: string; from_on: IsoDate; until_on: IsoDate; by_effective?: boolean | null; before?: Id | null; before_order?: string | null; maximum?: number | null }; result: ChannelMove[] };
    /** Counts the lines of any filter exactly, in bites of less than a second: hand back what it carries until it is ready; to cancel is not to ask again. */
    "ledger.count": { arguments: { filter: unknown; carried?: unknown | null }; result: LedgerTotal };
    /** One journal with its lines, its source document, who recorded it, and which recharges paid for which usage. */
    "ledger.journal": { arguments: { journal_id: Id }; result: JournalPage };
    /** Journals with their lines, newest first, by the recorded or the effective instant; before and after page in both directions from any journal, at begins below an instant. */
    "ledger.list": { arguments: { filter?: unknown | null; before?: Id | null; after?: Id | null; at?: Instant | null; by_effective?: boolean | null; maximum?: number | null }; result: LedgerJournal[] };
    /** My saved filters of the ledger, by name. */
    "ledger.list_filters": { arguments: {}; result: SavedFilter[] };
    /** Removes one of my saved filters; the rest is what remains. */
    "ledger.remove_filter": { arguments: { command_id: Uuid; filter_id: Uuid }; result: SavedFilter[] };
    /** Prepaid liability month by month: opening, recharges, usage, refunds, other, closing, by commodity and by the channel of the recharge. */
    "ledger.roll_forward": { arguments: { first_month: IsoDate; months?: number | null; by_effective?: boolean | null }; result: RollForwardLine[] };
    /** Keeps a filter of the ledger under a name, for me; the same name again replaces it. */
    "ledger.save_filter": { arguments: { command_id: Uuid; name: string; filter: unknown }; result: SavedFilter };
    /** An account of a customer, or of the house, over a period: opening, closing, and its lines with the balance after each. The last line's journal, line and balance ask for the next page. */
    "ledger.statement": { arguments: { account_code: string; from_at: Instant; until_at: Instant; commodity?: string | null; customer_id?: Id | null; by_effective?: boolean | null; after_journal?: Id | null; after_line?: number | null; balance?: Money | null; maximum?: number | null }; result: AccountStatement };
    /** Exact totals of the lines that a filter selects, by commodity, where the roll-ups know them; otherwise not ready, and ledger.count finds them. */
    "ledger.total": { arguments: { filter?: unknown | null }; result: LedgerTotal };
    /** Debits, credits and balance of every account in each commodity just before an instant. */
    "ledger.trial_balance": { arguments: { at: Instant; by_effective?: boolean | null }; result: TrialBalanceLine[] };
    /** An approver, not the proposer, puts a text in force. It never reaches back before its confirmation. */
    "letters.confirm_text": { arguments: { command_id: Uuid; template_id: Uuid }; result: LetterTemplate };
    /** The whole letter as plain text, for a ticket; remembered, because it names people in full. */
    "letters.copy": { arguments: { command_id: Uuid; letter_id: Uuid }; result: string };
    /** Declines a proposed text, or takes an own one back, with a reason. */
    "letters.decline_text": { arguments: { command_id: Uuid; template_id: Uuid; reason: string }; result: LetterTemplate };
    /** Whose time is about to end and who should be reminded today, by policy; nobody who answered, nobody twice on one day. */
    "letters.due_reminders": { arguments: {}; result: DueReminder[] };
    /** Writes a letter for good: composed by the books, numbered and hashed. With the digest of the draft it is refused if the case has moved since. */
    "letters.issue": { arguments: { command_id: Uuid; kind: string; language: string; subject_id: Uuid; digest?: string | null }; result: Letter };
    /** What an e-mail of a letter needs: addresses, subject and text. It shows people in full, so reading it is remembered. */
    "letters.mail": { arguments: { command_id: Uuid; letter_id: Uuid }; result: unknown };
    /** The letters of a dispute, a refund or an objection: which are due, which can be written and why others cannot, which were issued, how they left and what proves that they arrived. */
    "letters.open": { arguments: { subject_kind: string; subject_id: Uuid }; result: LetterDesk };
    /** A letter of a case as it would be now, with people masked; refused where it would not be true. */
    "letters.preview": { arguments: { kind: string; language: string; subject_id: Uuid }; result: LetterDraft };
    /** Proposes the text of a letter from an instant on. An unknown name in braces, a character that cannot be printed or a block inside a sentence is refused now. */
    "letters.propose_text": { arguments: { command_id: Uuid; kind: string; language: string; title: string; brief: string; body: string; valid_from: Instant; reason: string }; result: LetterTemplate };
    /** A letter that left arrived, with the proof: what was written down, and a paper of the case. For a dispute this is the service of the notice; a handler's receipt of a shortfall demand starts the second period (A4, A5). */
    "letters.record_receipt": { arguments: { command_id: Uuid; sending_id: Uuid; served_at: Instant; proof: string; attachment_id?: Uuid | null }; result: Letter };
    /** The platform's receipt for a letter that it carried: delivered or failed, when, and the carrier's own words or number. The same receipt again changes nothing. */
    "letters.report": { arguments: { command_id: Uuid; sending_id: Uuid; outcome: string; happened_at: Instant; receipt: string }; result: LetterReceipt };
    /** A letter leaves: through the platform (sms, email, in_app), or by hand (email, ticket, post, in_person), which is only written down here. */
    "letters.send": { arguments: { command_id: Uuid; letter_id: Uuid; way: string; by_platform: boolean }; result: Letter };
    /** Writes and sends the reminders that were looked at, each by the best way; whoever answered meanwhile, or was reminded today, is left out and named. */
    "letters.send_reminders": { arguments: { command_id: Uuid; dispute_ids: Uuid[]; language?: string | null }; result: SentReminder[] };
    /** The text of every letter in both languages, with its history and what waits for confirmation. */
    "letters.templates": { arguments: {}; result: LetterTemplate[] };
    /** The text of a letter with made-up facts, as it would be on paper; refused where it could not be. */
    "letters.try_text": { arguments: { kind: string; language: string; title: string; brief: string; body: string }; result: LetterDraft };
    /** What is ready to leave for each provider against its merchant account and by transfer against the bank account, what is under way, what is stuck and why, and the last files. */
    "payouts.board": { arguments: {}; result: PayoutBoard };
    /** A file that was never uploaded is void; its instructions are ready again. Said by another person than the one who exported it. */
    "payouts.cancel": { arguments: { command_id: Uuid; batch_id: Uuid; reason: string }; result: PayoutBatch };
    /** The treasurer puts ready instructions of one provider into one file (without numbers: all that are ready, 500 at the most). What is in a file is out of the house: it can no longer be recalled (1.4, 1), only cancelled with the whole file before it is uploaded. */
    "payouts.export": { arguments: { command_id: Uuid; channel: string; refund_nos?: string[] | null }; result: PayoutBatch };
    /** The instructions of one batch as they left, and its answers. */
    "payouts.file": { arguments: { batch_id: Uuid }; result: PayoutFile };
    /** The file was handed to the provider, who gave it this number. */
    "payouts.mark_uploaded": { arguments: { command_id: Uuid; batch_id: Uuid; provider_batch_no: string }; result: PayoutBatch };
    /** Takes back an instruction that has not left the house: a notice or a lock came first (1.4, 1), or it was released by mistake. The lot is the customer's again and its one refund is not used up. */
    "payouts.recall": { arguments: { command_id: Uuid; refund_no: string; reason: string }; result: Refund };
    /** The provider's answers to a file: accepted (money is confirmed by the next statement alone), failed with its reason, or still unknown. */
    "payouts.record_results": { arguments: { command_id: Uuid; batch_id: Uuid; results: unknown }; result: PayoutBatch };
    /** A leg that failed leaves again under the same number, which the provider pays once at the most; it needs, and allows, no second approval (formats 1.4). */
    "payouts.retry": { arguments: { command_id: Uuid; refund_no: string }; result: Refund };
    /** One of the two files of a batch, byte for byte as it was exported: the provider's for uploading, or the CSV. Who took it is on record (rules 6.3). */
    "payouts.take_file": { arguments: { command_id: Uuid; batch_id: Uuid; kind?: string | null }; result: PayoutDocument };
    /** What the merchant account (or, for transfers, the bank account) holds, as read there. */
    "payouts.tell_balance": { arguments: { command_id: Uuid; channel: string; amount: Money; as_of: Instant }; result: PayoutBoard };
    /** A supervisor, neither the proposer nor the holder, puts a duty in force (rules 6.1). */
    "people.confirm_duty": { arguments: { command_id: Uuid; duty_id: number }; result: People };
    /** Lends a duty of one's own to a named deputy, from an instant to an instant; in force when a supervisor, neither of the two, confirms (rules 6.1). The deputy never confirms what the lender began. */
    "people.delegate": { arguments: { command_id: Uuid; duty: string; deputy_id: number; from_at: Instant; until_at: Instant; reason: string }; result: People };
    /** Taking a duty away needs one person; giving one needs two. A lent duty is given back by either of the two, and ends with the lender's own. */
    "people.end_duty": { arguments: { command_id: Uuid; duty_id: number }; result: People };
    /** Everyone, with their duties. */
    "people.list": { arguments: {}; result: People[] };
    /** An administrator proposes a duty for a person; it is in force when a supervisor confirms. */
    "people.propose_duty": { arguments: { command_id: Uuid; person_id: number; duty: string; from_at: Instant; until_at?: Instant | null }; result: People };
    /** An accountant closes a month whose checklist is done; it is closed when a supervisor confirms. */
    "periods.close": { arguments: { command_id: Uuid; month: IsoDate }; result: Period };
    /** A supervisor, not the proposer, closes the month: its trial balance is kept, and nothing is posted into it any more. Waits for the postings in flight. */
    "periods.confirm_close": { arguments: { command_id: Uuid; month: IsoDate }; result: Period };
    /** A supervisor, not the proposer, opens the month again: it is soft-closed then, so only accountants post into it. The figures that it closed with are kept. */
    "periods.confirm_reopen": { arguments: { command_id: Uuid; month: IsoDate }; result: Period };
    /** The trial balance that a month closed with; empty until it is closed. A reopened month keeps its last figures until it closes again. */
    "periods.figures": { arguments: { month: IsoDate }; result: PeriodFigure[] };
    /** The months and where each stands; one month's checklist, what can be done with it now and what stands against that, and who did what to it. */
    "periods.open": { arguments: { month?: IsoDate | null }; result: MonthEnd };
    /** Says who looks after a line of the checklist. */
    "periods.own": { arguments: { command_id: Uuid; month: IsoDate; item: string; login?: string | null }; result: PeriodItem };
    /** An accountant asks, with a reason, to open the newest closed month again. */
    "periods.reopen": { arguments: { command_id: Uuid; month: IsoDate; reason: string }; result: Period };
    /** A supervisor adds a line to the checklists from the next month to close on, renames one, or ends it. Null when it has ended. */
    "periods.save_item": { arguments: { command_id: Uuid; code: string; title_en: string; title_zh: string; required: boolean; place: number; ended_month?: IsoDate | null }; result: PeriodItem };
    /** An accountant begins to close the next month: from now on only accountants post into it, and the platform's late papers go to the next open date. */
    "periods.soft_close": { arguments: { command_id: Uuid; month: IsoDate }; result: Period };
    /** A person says that a line of the checklist is done, with a note, or takes that back. Papers hang on the line. */
    "periods.tick": { arguments: { command_id: Uuid; month: IsoDate; item: string; done: boolean; note?: string | null }; result: PeriodItem };
    /** Lets everybody post into a month again that was not closed yet. */
    "periods.undo_soft_close": { arguments: { command_id: Uuid; month: IsoDate }; result: Period };
    /** A supervisor lets a month close with this line open, with a reason. */
    "periods.waive": { arguments: { command_id: Uuid; month: IsoDate; item: string; reason: string }; result: PeriodItem };
    /** The proposer takes the closing back, or the supervisor returns it, with a reason. */
    "periods.withdraw_close": { arguments: { command_id: Uuid; month: IsoDate; reason: string }; result: Period };
    /** The month stays closed: the proposer takes it back, or the supervisor declines. */
    "periods.withdraw_reopen": { arguments: { command_id: Uuid; month: IsoDate; reason?: string | null }; result: Period };
    /** The platform has done it (done_at, if it says when). Said twice, it answers the first time again; an account's events are acknowledged in their order. */
    "platform_events.acknowledge": { arguments: { command_id: Uuid; event_id: Id; done_at?: Instant | null }; result: PlatformAcknowledgement };
    /** What is not acknowledged yet, in order, for the platform's own login; again and again until it is. after_id goes past an account that is stuck; whoever starts over begins at 0, because numbers become visible out of order between accounts. */
    "platform_events.read": { arguments: { after_id?: Id | null; maximum?: number | null }; result: PlatformEvent[] };
    /** An approver, not the proposer, puts a policy in force. */
    "policies.confirm": { arguments: { command_id: Uuid; policy_id: number }; result: Policy };
    /** An approver declines a policy, or its administrator takes the proposal back; both say why. */
    "policies.decline": { arguments: { command_id: Uuid; policy_id: number; reason: string }; result: Policy };
    /** Every policy with its history and what waits for confirmation. */
    "policies.list": { arguments: {}; result: Policy[] };
    /** What a proposed fee would have made of the last month's refunds. */
    "policies.preview_fee": { arguments: { channel: string; value: unknown }; result: FeePreview };
    /** An administrator proposes a figure or switch from an instant on. */
    "policies.propose": { arguments: { command_id: Uuid; name: string; value: unknown; valid_from: Instant; reason: string; channel?: string | null }; result: Policy };
    /** Sends no further paper of a queue. What was sent stays on record. */
    "prints.cancel": { arguments: { command_id: Uuid; batch_id: Uuid }; result: PrintBatch };
    /** Queues, newest first. */
    "prints.list": { arguments: { before_begun_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: PrintBatch[] };
    /** The papers of a queue in their order; a place asks for those after it. */
    "prints.list_items": { arguments: { batch_id: Uuid; after_place?: number | null; most?: number | null; wanted_state?: string | null }; result: PrintItem[] };
    /** A queue and how far it is. */
    "prints.open": { arguments: { batch_id: Uuid }; result: PrintBatch };
    /** Papers that left by courier, under one waybill. */
    "prints.record_courier": { arguments: { command_id: Uuid; invoice_ids: Uuid[]; carrier: string; waybill: string; sent_on: IsoDate }; result: number };
    /** What became of the paper that was sent: printed, or stopped with the printer. A stopped queue waits for the last good sheet. */
    "prints.report": { arguments: { command_id: Uuid; batch_id: Uuid; place: number; outcome: string; job?: number | null }; result: PrintItem };
    /** After a jam: the last good sheet of the pile. What lies before it is printed; the rest goes again from there, each paper once more on record as jammed. */
    "prints.resume": { arguments: { command_id: Uuid; batch_id: Uuid; last_good_sheet: number }; result: PrintBatch };
    /** Writes the next paper of a queue down as printed, before it moves: the first is the original, later ones are copies with a reason. One paper at a time is on its way. */
    "prints.send": { arguments: { command_id: Uuid; batch_id: Uuid; place: number; pages: number }; result: PrintItem };
    /** Puts papers into a queue for a printer: those of a run, or those picked. Papers printed before need a reason. Nothing moves yet. */
    "prints.start": { arguments: { command_id: Uuid; printer: string; run_id?: Uuid | null; invoice_ids?: Uuid[] | null; copies?: number | null; sides?: string | null; media?: string | null; tray?: string | null; cover?: boolean | null; reason?: string | null }; result: PrintBatch };
    /** Something that is consumed, with its VAT rate and its revenue account. */
    "products.add": { arguments: { command_id: Uuid; code: string; title_en: string; title_zh: string; vat_rate: Money }; result: Product };
    /** What waits for me to confirm (waiting), everything open (open), what I proposed (mine), oldest first; or what was decided (decided), newest first. The next page begins after the last row's instant and id. */
    "proposals.list": { arguments: { wanted?: string | null; wanted_kind?: string | null; after_at?: Instant | null; after_id?: string | null; most?: number | null }; result: Proposal[] };
    /** One proposal with what it posts and what the second person looks at. */
    "proposals.open": { arguments: { kind: string; id: string }; result: ProposalPage };
    /** One recharge: who paid and whether that is the holder, the agreement it accepted, the minimum of its day, its gift with the activity's rules, and which usage it paid for. */
    "recharges.open": { arguments: { recharge_id: Id }; result: RechargePage };
    /** Up to 5,000 paid orders from the platform's own service, in the form of the order file's rows. */
    "recharges.post": { arguments: { command_id: Uuid; rows: unknown }; result: PostingResult };
    /** One paid order from the platform's own service, in the form of the order file's rows, at the moment it is paid. */
    "recharges.post_one": { arguments: { command_id: Uuid; order_row: unknown }; result: PostingResult };
    /** The paper that was asked for has been attached; the application waits for the reviewers again. */
    "refunds.add_proof": { arguments: { command_id: Uuid; refund_id: Uuid }; result: Refund };
    /** An approver, neither requester nor reviewer, approves exactly the worksheet that was seen: its digest must still be the worksheet's. Above a limit the approver has typed the amount and the payee's last four from the papers. */
    "refunds.approve": { arguments: { command_id: Uuid; refund_id: Uuid; digest: string; typed_net?: Money | null; typed_payee?: string | null }; result: Refund };
    /** Many small cases with one confirmation and, where policy asks for it, one step-up; each with the digest that was on the screen. Those that may not be approved are left alone and say why. */
    "refunds.approve_many": { arguments: { command_id: Uuid; cases: unknown }; result: BulkDecision[] };
    /** The second approval besides: the treasurer's for a large amount or a manual transfer, the legal duty's for a legal override (rules 1.3, 6.1). */
    "refunds.approve_second": { arguments: { command_id: Uuid; refund_id: Uuid }; result: Refund };
    /** Returns an application for one more paper; hold and application stay. */
    "refunds.ask_proof": { arguments: { command_id: Uuid; refund_id: Uuid; asked_for: string }; result: Refund };
    /** Small cases that wait for approval (or, asked for review, for that), oldest first, each with its digest and, where it may not be decided now, why. */
    "refunds.bulk_candidates": { arguments: { step?: string | null }; result: BulkCandidate[] };
    /** An approver, not the proposer, posts the goodwill gift. */
    "refunds.confirm_reinstatement": { arguments: { command_id: Uuid; reinstatement_id: Uuid }; result: GiftReinstatement };
    /** A transfer that was approved twice has left the bank under this reference (formats 1.5). */
    "refunds.confirm_transfer": { arguments: { command_id: Uuid; leg_id: Id; bank_reference: string }; result: Refund };
    /** An approver declines a goodwill gift, or its accountant takes the proposal back; both say why. */
    "refunds.decline_reinstatement": { arguments: { command_id: Uuid; reinstatement_id: Uuid; reason: string }; result: GiftReinstatement };
    /** The provider did not pay a leg. Somebody other than the releaser says so; the provider's later row still confirms it, else it leaves by transfer under a bank reference (formats 1.4, 1.5). */
    "refunds.fail_leg": { arguments: { command_id: Uuid; leg_id: Id; reason: string }; result: Refund };
    /** Handling fees charged against provider fees really lost, by month and channel: a charge above cost is what a complaint would attack (RA 9.1, rules 5). */
    "refunds.fees": { arguments: { from_on: IsoDate; until_on: IsoDate }; result: FeeMonth[] };
    /** Gives the present step of a case to a person who could take it, or takes it upon oneself. It binds nobody else: who could take the step still may. With the next step nobody holds it any more. */
    "refunds.hand_over": { arguments: { command_id: Uuid; refund_id: Uuid; person_id: number; reason?: string | null }; result: Refund };
    /** Applications: open, mine (waiting for me), others (waiting for somebody else: who, since when), all, or by status; newest first. */
    "refunds.list": { arguments: { wanted?: string | null; search?: string | null; before?: Instant | null; maximum?: number | null; before_id?: Uuid | null }; result: Refund[] };
    /** Goodwill gifts that wait for an approver, or were decided, newest first; of one application or of all. */
    "refunds.list_reinstatements": { arguments: { status?: string | null; refund_id?: Uuid | null; before_proposed_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: GiftReinstatement[] };
    /** One application with its worksheet, legs, proofs, history and what I may do. */
    "refunds.open": { arguments: { refund_id: Uuid }; result: RefundPage };
    /** Who approves whom, how often, and how often too quickly to have read anything (rules 6.1). */
    "refunds.pairs": { arguments: { from_at: Instant; until_at: Instant }; result: ApprovalPair[] };
    /** An accountant proposes to give a voided gift back out of goodwill (A3). */
    "refunds.propose_reinstatement": { arguments: { command_id: Uuid; refund_id: Uuid; amount: Money; reason: string }; result: GiftReinstatement };
    /** The worksheet that an application would have now, computed by the database and changing nothing. */
    "refunds.quote": { arguments: { customer_id: Id; legal_override?: boolean | null }; result: RefundQuote };
    /** What an application made void, what goodwill gave back of it or was asked to, and what giving this amount back would post. */
    "refunds.quote_reinstatement": { arguments: { refund_id: Uuid; amount?: Money | null }; result: ReinstatementQuote };
    /** Takes an approval back before the release; the case waits for approval again, with the reason on record. */
    "refunds.recall_approval": { arguments: { command_id: Uuid; refund_id: Uuid; reason: string }; result: Refund };
    /** Refuses an application with its reason; the principal is free again, the gift is not (A3). */
    "refunds.reject": { arguments: { command_id: Uuid; refund_id: Uuid; reason: string }; result: Refund };
    /** The treasurer releases the approved worksheet as one provider instruction for each lot, with our refund numbers (RA 9.1). What unbilled usage will need goes back to the wallet. */
    "refunds.release": { arguments: { command_id: Uuid; refund_id: Uuid }; result: Refund };
    /** Submits an application with its proof (attached under this id before): in one transaction the gift becomes void and the whole unconsumed principal is held (RA 9.1, 9.2; A1, A3). One open application for each customer. */
    "refunds.request": { arguments: { command_id: Uuid; customer_id: Id; reason_kind: string; reason: string; ticket_no: string; gifts_void_confirmed: boolean; expected_net?: Money | null; legal_reference?: string | null }; result: Refund };
    /** A reviewer, not the requester, has checked the proof and the worksheet (RA 9.1 "will review"). */
    "refunds.review": { arguments: { command_id: Uuid; refund_id: Uuid; note?: string | null }; result: Refund };
    /** A reviewer reviews many small cases with one confirmation, within their own limit and once every paper of a case has been opened; each with the digest that was on the screen. */
    "refunds.review_many": { arguments: { command_id: Uuid; cases: unknown }; result: BulkDecision[] };
    /** The customer takes the application back before release; the right to a refund is not used up (A1). */
    "refunds.withdraw": { arguments: { command_id: Uuid; refund_id: Uuid; reason: string }; result: Refund };
    /** An approver, not the proposer, takes the journal back by a new one that names it. */
    "reversals.confirm": { arguments: { command_id: Uuid; reversal_id: Uuid }; result: Correction };
    /** An approver declines a reversal, or its proposer takes it back; with a reason. */
    "reversals.decline": { arguments: { command_id: Uuid; reversal_id: Uuid; reason: string }; result: Correction };
    /** What taking a journal back would do, and what stands against it; nothing is written. */
    "reversals.preview": { arguments: { journal_id: Id }; result: CorrectionSheet };
    /** An accountant asks for a journal to be taken back, with a reason; nothing moves until an approver confirms. */
    "reversals.propose": { arguments: { command_id: Uuid; journal_id: Id; reason: string }; result: Correction };
    /** For the palette: customers by name, pinyin initials or number; refunds, disputes, invoices and orders of authorities by number or ticket; orders by order or provider number; a journal by its number. */
    "search.find": { arguments: { query: string }; result: SearchHit[] };
    /** Cases that carry the same customer-service ticket or concern the same order: shown before a second one is opened. */
    "search.same_ticket": { arguments: { ticket_no?: string | null; order_no?: string | null }; result: SameTicketCase[] };
    /** Whether anyone did anything since; polled while the window has the focus. One index look-up. */
    "session.changes": { arguments: { last_event: Id }; result: Change };
    /** Who I am, what I may do, which books these are and what time they have. */
    "session.open": { arguments: {}; result: Session };
    /** On a connection whose password Postgres has just checked: for the minutes that policy gives, this person may do what asks for it. */
    "session.step_up": { arguments: { command_id: Uuid }; result: StepUp };
    /** Puts papers into a sheet for the tax platform's batch issue: those of a run, or those named. A paper is in one sheet at a time. */
    "tax.export_sheet": { arguments: { command_id: Uuid; run_id?: Uuid | null; invoice_ids?: Uuid[] | null }; result: TaxSheet };
    /** The papers behind official numbers, for files that are dropped. */
    "tax.find": { arguments: { official_numbers: string[] }; result: OfficialPaper[] };
    /** Reads the tax platform's list of issued invoices: each row finds its paper by our number; number and date are recorded where total and buyer agree, and every difference becomes an exception. */
    "tax.import_list": { arguments: { command_id: Uuid; file_name: string; file_sha256: string; rows: unknown }; result: TaxList };
    /** The sheets that left, the differences that are open, and how many papers have not left yet. */
    "tax.open": { arguments: {}; result: TaxDesk };
    /** What is written into the sheet's file. It names buyers in full, so reading it is remembered. */
    "tax.read_sheet": { arguments: { command_id: Uuid; sheet_id: Uuid }; result: TaxSheetFile };
    /** Says what was done about a difference. The number itself is recorded on the paper, by hand or with the next list. */
    "tax.settle_exception": { arguments: { command_id: Uuid; exception_id: Id; resolution: string }; result: TaxException };
    /** A sheet that was not uploaded after all; its papers may leave again. Once anything of it came back it stays. */
    "tax.withdraw_sheet": { arguments: { command_id: Uuid; sheet_id: Uuid; reason: string }; result: TaxSheet };
    /** What waits for me, oldest deadline first; what waits on others; the clocks of the next two weeks; whether the books tie out; the prepaid liability. */
    "today.open": { arguments: {}; result: Today };
    /** The approval that a transfer waits for: an approver's, then the treasurer's, who did nothing on the case before. It stands for exactly this payee and account; another account is another plan. */
    "transfers.approve": { arguments: { command_id: Uuid; transfer_id: Uuid }; result: Transfer };
    /** An approver or treasurer declines a transfer, or its planner takes it back; the leg may then leave by its provider again or be planned anew. */
    "transfers.decline": { arguments: { command_id: Uuid; transfer_id: Uuid; reason: string }; result: Transfer };
    /** Plans a bank transfer for a leg that the provider refused or whose window has closed: to the original payer, or to the account holder with that payer's written consent, with proof of the account, and why the original way is impossible (formats 1.5). To nobody else. */
    "transfers.plan": { arguments: { command_id: Uuid; leg_id: Id; payee_name: string; payee_bank: string; payee_account: string; account_proof: Uuid; reason: string; consent?: Uuid | null }; result: Transfer };
    /** Shows payee and account of a transfer for five minutes, with a reason, on the record: to those who compare it with its proof or pay it. */
    "transfers.reveal": { arguments: { command_id: Uuid; transfer_id: Uuid; reason: string }; result: TransferPayee };
    /** An approver, who is not the proposer, gives billed usage back to the lots and gifts that paid for it. */
    "usage.confirm_credit_back": { arguments: { command_id: Uuid; credit_back_id: Uuid }; result: CreditBack };
    /** An approver declines a credit-back, or its accountant takes it back; both say why. */
    "usage.decline_credit_back": { arguments: { command_id: Uuid; credit_back_id: Uuid; reason: string }; result: CreditBack };
    /** Billed usage of a customer, newest first, with what paid for it and what of it was given back. */
    "usage.list": { arguments: { customer_id: Id; before?: Instant | null; before_id?: Id | null; most?: number | null }; result: UsageRow[] };
    /** Credit-backs that wait for an approver, or were decided, newest first; of one customer or of all. */
    "usage.list_credit_backs": { arguments: { status?: string | null; customer_id?: Id | null; before_proposed_at?: Instant | null; before_id?: Uuid | null; most?: number | null }; result: CreditBack[] };
    /** Which gifts and lots paid for one usage, the oldest lot first, and what each got back. */
    "usage.paid_by": { arguments: { usage_id: Id }; result: UsagePayment[] };
    /** A batch of billed usage from the platform's own service, in the form of the usage file's rows. */
    "usage.post": { arguments: { command_id: Uuid; rows: unknown }; result: PostingResult };
    /** One piece of billed usage from the platform's own service, in the form of the usage file's rows. */
    "usage.post_one": { arguments: { command_id: Uuid; usage_row: unknown }; result: PostingResult };
    /** An accountant asks for billed usage to be given back; nothing moves until an approver confirms. */
    "usage.propose_credit_back": { arguments: { command_id: Uuid; usage_key: string; amount: Money; reason: string }; result: CreditBack };
    /** What giving back this much of a usage would post, and to which lots and gifts; without an amount, all that can be given back. */
    "usage.quote_credit_back": { arguments: { usage_key: string; amount?: Money | null }; result: CreditBackQuote };
    /** What the platform has metered, or is due, and has not billed yet for a customer; the last report counts (RA 9.3). */
    "usage.report_unbilled": { arguments: { command_id: Uuid; customer_ref: string; amount: Money; metered_until: Instant }; result: UnbilledReport };
    /** An approver, not the proposer, puts a rate in force. From its month on splits and papers take it; what was issued before stays as it is. */
    "vat.confirm_rate": { arguments: { command_id: Uuid; rate_id: Uuid }; result: VatRate };
    /** An approver declines a rate, or whoever proposed it takes it back; both say why. */
    "vat.decline_rate": { arguments: { command_id: Uuid; rate_id: Uuid; reason: string }; result: VatRate };
    /** A month's output VAT by product and rate before it is posted: gross, exact tax, tax in fen, the rounding between them, and what remains to be posted. */
    "vat.open": { arguments: { month: IsoDate }; result: VatMonth };
    /** An accountant splits the output VAT off a month's revenue, exactly as previewed. */
    "vat.post": { arguments: { command_id: Uuid; month: IsoDate; digest: string }; result: VatMonth };
    /** What a product's rate from a month on would change before anybody proposes it: which months, their tax now and then, and how many papers stay as they are. */
    "vat.preview_rate": { arguments: { product: string; from_month: IsoDate; rate: Money }; result: VatRateChange };
    /** An accountant or tax clerk proposes the rate of a product from the first day of a month on, and why. */
    "vat.propose_rate": { arguments: { command_id: Uuid; product: string; from_month: IsoDate; rate: Money; reason: string }; result: VatRate };
}

/** The name of a command. */
export type CommandName = keyof Commands;

/** Commands that only read: they may be repeated and cancelled freely. */
export const reads: readonly CommandName[] = [
    "adjustments.preview",
    "attachments.list",
    "audit.check",
    "buyers.check_code",
    "buyers.list",
    "calendar.explain",
    "calendar.list",
    "campaign.checkout",
    "campaign.friends",
    "campaign.inviter",
    "campaign.inviters",
    "campaign.objection",
    "campaign.objections",
    "campaign.overview",
    "campaign.preview_penalty",
    "campaign.replay",
    "campaign.review",
    "campaign.reviews",
    "campaign.roll_forward",
    "campaign.terms",
    "campaign.violation",
    "catalogue.open",
    "corrections.list",
    "corrections.open",
    "customers.list",
    "customers.list_notes",
    "customers.open",
    "customers.timeline",
    "deadlines.desk",
    "deadlines.feed",
    "deadlines.list",
    "deadlines.month",
    "disputes.counts",
    "disputes.list",
    "disputes.open",
    "drafts.open",
    "exceptions.ages",
    "exceptions.candidates",
    "exceptions.list",
    "imports.list",
    "income.list",
    "income.total",
    "invoices.list",
    "invoices.list_invoiceable",
    "invoices.list_red_letters",
    "invoices.list_red_tasks",
    "invoices.list_requests",
    "invoices.list_run_items",
    "invoices.list_runs",
    "invoices.list_sellers",
    "invoices.meter",
    "invoices.open",
    "invoices.open_run",
    "invoices.preview",
    "invoices.preview_run",
    "judicial_locks.list",
    "judicial_locks.open",
    "ledger.balance_as_of",
    "ledger.balances_as_of",
    "ledger.channel_moves",
    "ledger.count",
    "ledger.journal",
    "ledger.list",
    "ledger.list_filters",
    "ledger.roll_forward",
    "ledger.statement",
    "ledger.total",
    "ledger.trial_balance",
    "letters.due_reminders",
    "letters.open",
    "letters.preview",
    "letters.templates",
    "letters.try_text",
    "payouts.board",
    "payouts.file",
    "people.list",
    "periods.figures",
    "periods.open",
    "policies.list",
    "policies.preview_fee",
    "prints.list",
    "prints.list_items",
    "prints.open",
    "proposals.list",
    "proposals.open",
    "recharges.open",
    "refunds.bulk_candidates",
    "refunds.fees",
    "refunds.list",
    "refunds.list_reinstatements",
    "refunds.open",
    "refunds.pairs",
    "refunds.quote",
    "refunds.quote_reinstatement",
    "reversals.preview",
    "search.find",
    "search.same_ticket",
    "session.changes",
    "session.open",
    "tax.find",
    "tax.open",
    "today.open",
    "usage.list",
    "usage.list_credit_backs",
    "usage.paid_by",
    "usage.quote_credit_back",
    "vat.open",
    "vat.preview_rate",
];
