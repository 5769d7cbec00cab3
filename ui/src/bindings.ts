// Provisional: the generated file replaces this one.
export type Money = string;
export type Id = string;
export type Uuid = string;
export type Instant = string;
export type IsoDate = string;

export interface Session {
  person_id: number;
  login: string;
  title: string;
  duties: string[];
  database: string;
  rehearsal: boolean;
  now: Instant;
  contract_version: number;
  last_event: Id;
  people: Array<{ id: number; login: string; title: string; duties: string[] }>;
}

export interface Change {
  last_event: Id;
  changed: boolean;
  now: Instant;
}

export interface Account { id: number; code: string; owner: string; title_en: string; title_zh: string }
export interface Journal {
  id: Id;
  kind: string;
  customer_id: Id | null;
  customer_name: string | null;
  effective_at: Instant;
  recorded_at: Instant;
  recorded_by: string;
  document_kind: string;
  document_id: string;
  document_number: string | null;
  clause: string | null;
  memo: string | null;
  reverses: Id | null;
  lines: Array<{ line: number; account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_after: Money | null }>;
}
export interface JournalPage extends Journal {
  recharges: Array<{ order_no: string; channel: string; paid_at: Instant; amount: Money }>;
  usage: Array<{ usage_key: string; product: string; used_from: Instant; used_to: Instant; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>;
}
export interface LedgerTotal { commodity: string; journals: Id; postings: Id; debit: Money; credit: Money }
export interface Customer {
  id: Id;
  ref: string;
  name: string;
  kind: "personal" | "enterprise";
  phone: string | null;
  email: string | null;
  real_name_verified: boolean;
  created_at: Instant;
  usage_suspended_at: Instant | null;
  wallet: Money;
  gift: Money;
  held: Money;
  receivable: Money;
  locked: boolean;
  open_cases: number;
}
export interface CustomerPage {
  id: Id;
  ref: string;
  name: string;
  kind: "personal" | "enterprise";
  phone: string | null;
  email: string | null;
  real_name_verified: boolean;
  created_at: Instant;
  usage_suspended_at: Instant | null;
  wallet: Money;
  gift: Money;
  refund_hold: Money;
  repayment_hold: Money;
  receivable: Money;
  unbilled: Money;
  locked: boolean;
  flags: Array<"locked" | "not_verified" | "no_balance" | "usage_suspended" | "owes" | "unbilled" | "refund_open" | "dispute_open">;
  locks: Array<{ id: Uuid; cause: "dispute" | "judicial" | "campaign"; case_id: Uuid; placed_at: Instant; placed_by: string; platform_confirmed_at: Instant | null }>;
  lots: Array<{ id: Id; order_no: string; kind: "package" | "custom"; channel: "alipay" | "wechat"; paid_at: Instant; principal: Money; left: Money; held: boolean; refunded: boolean; confirmed_at: Instant | null; agreement_version: string; payer_name: string | null; payer_account: string | null; payer_is_holder: boolean; earmarked_for: Uuid | null; gift: Money; gift_left: Money; activity: string | null }>;
  cases: Array<{ kind: "refund" | "dispute"; id: Uuid; number: string; status: string; open: boolean; ticket_no: string; amount: Money; opened_at: Instant; due_at: Instant | null; order_no: string | null }>;
  invoices: Array<{ id: Uuid; number: string; kind: string; total_incl: Money; red_lettered: Money; issued_at: Instant }>;
  usage: Array<{ month: string; product: string; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>;
  lots_in_all: Id;
}
export interface TimelineEntry {
  key: string;
  at: Instant;
  kind: "journal" | "event" | "note" | "paper" | "invoice";
  what: string;
  subject_kind: string | null;
  subject_id: string | null;
  number: string | null;
  amount: Money | null;
  commodity: string | null;
  person: string | null;
  body: string | null;
  detail: Record<string, unknown>;
}
export interface Note { id: Uuid; customer_id: Id; subject_kind: string | null; subject_id: string | null; kind: string; body: string; happened_at: Instant; written_by: string; written_at: Instant }
export interface Revelation { field: string; value: string | null; until: Instant }
export interface SearchHit { kind: "customer" | "order" | "refund" | "dispute" | "invoice" | "journal"; id: string; title: string; detail: string | null; customer_id: Id | null; at: Instant | null }
export interface Today {
  now: Instant;
  waiting: Array<{ kind: string; id: string; number: string; step: string; customer_name: string; amount: Money; since: Instant; due_at: Instant | null; late: boolean }>;
  others: Array<{ kind: string; id: string; number: string; waits_for: string; customer_name: string; amount: Money; since: Instant }>;
  clocks: Array<{ dispute_id: Uuid; number: string; customer_name: string; clock: string; amount: Money; due_on: IsoDate; nominal_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean; days_left: number }>;
  tie_out: Array<{ check: string; left: string; right: string; difference: string; state: "ok" | "open" | "waits" | "broken"; last_day?: string | null }>;
  liability: { amount: Money; before: Money; days: Array<{ on: IsoDate; amount: Money }> };
  counts: { refunds_open: number; refunds_mine: number; disputes_open: number; disputes_late: number; exceptions: number; invoices: number; locks: number };
  calendar: Array<{ on: IsoDate; rest: boolean; makeup: boolean; name: string | null; clocks: number }>;
}
interface LedgerFilter {
  customer_id?: Id | null;
  account_code?: string | null;
  wanted_kind?: string | null;
  commodity?: string | null;
  recorded_from?: Instant | null;
  recorded_until?: Instant | null;
  effective_from?: Instant | null;
  effective_until?: Instant | null;
}

export interface Commands {
  "session.open": { arguments: Record<string, never>; result: Session };
  "session.changes": { arguments: { last_event: Id }; result: Change };
  "clock.move": { arguments: { command_id: Uuid; instant: Instant }; result: Change };
  "ledger.list": { arguments: LedgerFilter & { document?: string | null; before?: Id | null; after?: Id | null; maximum?: number | null }; result: Journal[] };
  "ledger.total": { arguments: LedgerFilter; result: LedgerTotal[] };
  "ledger.journal": { arguments: { journal_id: Id }; result: JournalPage };
  "ledger.accounts": { arguments: Record<string, never>; result: Account[] };
  "customers.list": { arguments: { search?: string | null; before_id?: Id | null; most?: number | null; only_locked?: boolean | null }; result: Customer[] };
  "customers.find_by_phone": { arguments: { command_id: Uuid; phone: string }; result: Customer[] };
  "customers.open": { arguments: { customer_id: Id }; result: CustomerPage[] };
  "customers.timeline": { arguments: { customer_id: Id; before?: Instant | null; most?: number | null }; result: TimelineEntry[] };
  "customers.add_note": { arguments: { command_id: Uuid; customer_id: Id; kind: string; body: string; happened_at?: Instant | null; subject_kind?: string | null; subject_id?: string | null }; result: Note[] };
  "customers.reveal": { arguments: { command_id: Uuid; customer_id: Id; field: string; reason: string; order_no?: string | null }; result: Revelation[] };
  "search.find": { arguments: { query: string }; result: SearchHit[] };
  "today.open": { arguments: Record<string, never>; result: Today };
}
