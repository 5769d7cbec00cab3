-- The books: people, customers, the ledger, recharges, usage, refunds and the papers that feed them.
-- Rules that must hold whatever runs above are named constraints or triggers here; everything that may change
-- with the code lives in schema api. Nothing in this file mentions api.

create schema if not exists book;
comment on schema book is 'Facts. Append-only where money is concerned; written by the functions of schema api alone.';

-- ── The database itself ────────────────────────────────────────────────────────────────────────────────────────

create table if not exists book.database (
    only_row boolean primary key default true check (only_row),
    identity uuid not null default gen_random_uuid(),
    rehearsal boolean not null,
    clock_offset interval not null default interval '0',
    name text not null default current_database(),
    created_at timestamptz not null default clock_timestamp()
);
comment on table book.database is 'Which books these are. A rehearsal is decided at creation and has a movable clock.';

-- ── People ─────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.people (
    id integer generated always as identity primary key,
    login text not null constraint person_login_taken unique,
    login_oid oid not null constraint person_role_taken unique,
    title text not null,
    active_until timestamptz,
    created_at timestamptz not null,
    proposed_by integer references book.people,
    confirmed_by integer references book.people,
    constraint person_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
comment on table book.people is 'Everyone who ever had a login, bound to the role''s oid: a recreated login does not inherit a name in the audit.';

create table book.duties (
    id integer generated always as identity primary key,
    person_id integer not null references book.people,
    duty text not null constraint duty_unknown check (duty in
        ('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk',
         'legal', 'supervisor', 'auditor', 'administrator', 'platform')),
    from_at timestamptz not null,
    until_at timestamptz,
    proposed_by integer references book.people,
    confirmed_by integer references book.people,
    constraint duty_ends_before_it_begins check (until_at is null or until_at > from_at),
    constraint duty_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.duties (person_id);
comment on table book.duties is 'Who may do what, from when until when (rules 6.1). Rows and not roles, so that they never leak between databases.';

create table book.audit_events (
    id bigint generated always as identity primary key,
    command_id uuid constraint id_already_used unique,
    command text not null,
    person_id integer not null references book.people,
    at timestamptz not null,
    subject_kind text not null,
    subject_id text,
    customer_id bigint,
    body_sha256 bytea,
    detail jsonb not null default '{}'
);
create index on book.audit_events (subject_kind, subject_id);
create index on book.audit_events (customer_id, id) where customer_id is not null;
create index on book.audit_events (person_id);
comment on table book.audit_events is 'One row for each action: who, when, on what, with which command. Also what makes a repeated command answer instead of act again.';

create table book.policies (
    id integer generated always as identity primary key,
    name text not null,
    channel text,
    value jsonb not null,
    valid_from timestamptz not null,
    reason text not null,
    proposed_by integer references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    constraint policy_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.policies (name, channel, valid_from);
comment on table book.policies is 'Every switch and figure that the agreements leave open, with the instant from which it holds. In force once confirmed by a second person.';

create table book.number_series (
    series text not null,
    year integer not null,
    last_number integer not null,
    primary key (series, year)
);
comment on table book.number_series is 'The last number given out in each series and year; taken last in a transaction, so it is gap-free.';

-- ── Customers ──────────────────────────────────────────────────────────────────────────────────────────────────

create table book.customers (
    id bigint generated always as identity primary key,
    ref text not null constraint customer_ref_taken unique,
    name text not null,
    kind text not null constraint customer_kind_unknown check (kind in ('personal', 'enterprise')),
    phone text,
    email text,
    real_name_verified boolean not null,
    search_key text not null default '',
    usage_suspended_at timestamptz,
    created_at timestamptz not null
);
create index on book.customers (lower(name) text_pattern_ops);
comment on table book.customers is 'The platform''s account holders as last told by the platform. search_key holds the pinyin and initials of the name and never leaves the database.';
comment on column book.customers.ref is 'the platform''s own account number';

create table book.notes (
    id uuid primary key,
    customer_id bigint not null references book.customers,
    subject_kind text,
    subject_id text,
    kind text not null constraint note_kind_unknown check (kind in ('note', 'call', 'message', 'letter')),
    body text not null constraint note_is_empty check (btrim(body) <> ''),
    happened_at timestamptz not null,
    written_by integer not null references book.people,
    written_at timestamptz not null
);
create index on book.notes (customer_id, happened_at);
comment on table book.notes is 'Notes, calls and messages on a customer or a case.';

create table book.attachments (
    id uuid primary key,
    customer_id bigint references book.customers,
    subject_kind text not null,
    subject_id text not null,
    file_name text not null,
    media_type text not null,
    size_bytes bigint not null constraint attachment_too_large check (size_bytes between 1 and 20971520),
    sha256 bytea not null,
    received_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    complete boolean not null default false
);
create index on book.attachments (subject_kind, subject_id);
create index on book.attachments (customer_id);
comment on table book.attachments is 'Papers received: hashed by the desk, hashed again here when the last piece has arrived. Received and recorded are two instants (rules 1.4, 25).';

create table book.attachment_pieces (
    attachment_id uuid not null references book.attachments,
    piece integer not null,
    bytes bytea not null constraint attachment_piece_too_large check (octet_length(bytes) <= 1048576),
    primary key (attachment_id, piece)
);
comment on table book.attachment_pieces is 'The bytes of an attachment in pieces of at most one MiB.';

create table book.attachment_views (
    attachment_id uuid not null references book.attachments,
    person_id integer not null references book.people,
    opened_at timestamptz not null,
    primary key (attachment_id, person_id)
);
comment on table book.attachment_views is 'Who has opened which paper: an approver shows that the proofs were read.';

create table book.locks (
    id uuid primary key,
    customer_id bigint not null references book.customers,
    cause text not null constraint lock_cause_unknown check (cause in ('dispute', 'judicial', 'campaign')),
    case_id uuid not null,
    placed_at timestamptz not null,
    placed_by integer not null references book.people,
    lifted_at timestamptz,
    lifted_by integer references book.people,
    platform_asked_at timestamptz not null,
    platform_confirmed_at timestamptz,
    constraint lock_lifted_before_it_was_placed check (lifted_at is null or lifted_at >= placed_at)
);
create index on book.locks (customer_id) where lifted_at is null;
create index on book.locks (case_id);
comment on table book.locks is 'Why an account is locked. It is locked while one row is not lifted; each case lifts its own lock only (rules, additions).';

-- ── Agreements, activities, products ───────────────────────────────────────────────────────────────────────────

create table book.agreement_versions (
    version text primary key,
    announced_at timestamptz not null,
    effective_at timestamptz not null,
    text_sha256 bytea,
    constraint agreement_not_announced_in_advance check (announced_at < effective_at)
);
comment on table book.agreement_versions is 'Versions of the recharge agreement; a recharge accepts the one that it names (RA-01).';

create table book.activities (
    code text primary key,
    title text not null,
    gift_expires_after interval,
    on_recharge_refunded text not null default 'keep' constraint activity_refund_rule_unknown check (on_recharge_refunded in ('keep', 'void')),
    voids_on_application boolean not null default true,
    created_at timestamptz not null
);
comment on table book.activities is 'Gift activities and the rules that their gifts follow (RA-19, A9).';

create table book.products (
    code text primary key constraint product_code_malformed check (code ~ '^[a-z][a-z0-9_]{0,30}$'),
    title_en text not null,
    title_zh text not null,
    vat_rate numeric(6, 4) not null constraint product_rate_out_of_range check (vat_rate >= 0 and vat_rate < 1)
);
comment on table book.products is 'What is consumed, with its VAT rate as data.';

-- ── Ledger ─────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.accounts (
    id smallint generated always as identity primary key,
    code text not null constraint account_code_taken unique,
    owner text not null constraint account_owner_unknown check (owner in ('customer', 'house')),
    title_en text not null,
    title_zh text not null
);
comment on table book.accounts is 'The chart of accounts. Customer accounts keep a locked balance row; house accounts keep none, so nobody queues there.';

insert into book.accounts (code, owner, title_en, title_zh) values
    ('wallet', 'customer', 'Wallet', '钱包余额'),
    ('refund_hold', 'customer', 'Refund hold', '退款冻结'),
    ('repayment_hold', 'customer', 'Repayment hold', '退还第三方冻结'),
    ('receivable', 'customer', 'Receivable', '应收账款'),
    ('alipay_clearing', 'house', 'Alipay clearing', '支付宝待清算'),
    ('wechat_clearing', 'house', 'WeChat clearing', '微信待清算'),
    ('bank', 'house', 'Bank', '银行存款'),
    ('suspense', 'house', 'Suspense', '待查款项'),
    ('refund_payable', 'house', 'Refunds payable', '应付退款'),
    ('fee_income', 'house', 'Refund fees', '退款手续费收入'),
    ('provider_fees', 'house', 'Provider fees', '渠道手续费'),
    ('rounding', 'house', 'Rounding', '尾差'),
    ('gift_granted', 'house', 'Gifts granted', '赠送发放'),
    ('gift_used', 'house', 'Gifts used', '赠送消耗'),
    ('gift_voided', 'house', 'Gifts voided', '赠送作废'),
    ('goodwill', 'house', 'Goodwill', '善意调整');

create table book.journals (
    id bigint generated always as identity primary key,
    kind text not null constraint journal_kind_unknown check (kind in
        ('recharge', 'usage', 'credit_back', 'suspense', 'suspense_cleared', 'provider_fee',
         'refund_hold', 'refund_hold_released', 'refund_released', 'refund_paid', 'gift_void', 'gift_reinstated',
         'repayment_hold', 'repayment_hold_released', 'repayment_released', 'repayment_paid',
         'adjustment', 'reversal')),
    customer_id bigint references book.customers,
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    recorded_tx xid8 not null default pg_current_xact_id(),
    document_kind text not null,
    document_id text not null,
    clause text,
    memo text,
    reverses bigint constraint journal_already_reversed unique references book.journals
);
create index on book.journals (kind, id);
create index on book.journals using brin (recorded_at);
create index on book.journals using brin (effective_at);
create index on book.journals (document_kind, document_id);
create index on book.journals (customer_id, id) where customer_id is not null;
create index on book.journals (recorded_tx);
comment on table book.journals is 'One business event of at most one customer, with its source document, its two instants and who recorded it. Never changed: a correction is a new journal.';

create table book.postings (
    journal_id bigint not null,
    line smallint not null,
    account_id smallint not null,
    customer_id bigint,
    commodity text not null constraint commodity_unknown check (commodity in ('CNY', 'CNY.GIFT', 'USD', 'USD.CREDIT')),
    amount numeric(20, 6) not null constraint posting_is_zero check (amount <> 0),
    balance_after numeric(20, 6),
    sequence integer,
    primary key (journal_id, line)
);
create index on book.postings (customer_id, account_id, journal_id) where customer_id is not null;
create index on book.postings (account_id, journal_id);
comment on table book.postings is 'Debit positive, credit negative; balances to zero in each journal and commodity. balance_after and sequence are the customer account''s, credit positive. The reference to the journal is checked by the trigger below, set-wise.';

create table book.balances (
    customer_id bigint not null references book.customers,
    account_id smallint not null references book.accounts,
    commodity text not null,
    amount numeric(20, 6) not null default 0,
    sequence integer not null default 0,
    may_be_negative boolean not null default false,
    primary key (customer_id, account_id, commodity),
    constraint balance_overdrawn check (amount >= 0 or may_be_negative)
);
comment on table book.balances is 'What we owe a customer on each account, credit positive. A wallet or a hold can never go below zero; only the receivable may.';

create table book.rollups (
    account_id smallint not null references book.accounts,
    commodity text not null,
    recorded_on date not null,
    debit numeric(24, 6) not null,
    credit numeric(24, 6) not null,
    postings bigint not null,
    primary key (account_id, commodity, recorded_on)
);
comment on table book.rollups is 'Totals by account, commodity and Shanghai day, of all postings below the horizon.';

create table book.horizon (
    only_row boolean primary key default true check (only_row),
    passed xid8 not null default '0',
    rolled_up_at timestamptz
);
insert into book.horizon default values;
comment on table book.horizon is 'Everything written by transactions below `passed` is in the roll-ups; ids and instants commit out of order, so neither could say that.';

create function book.check_postings() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    if exists (select 1 from new_postings p left join book.journals j on j.id = p.journal_id
               where j.id is null or j.recorded_tx <> pg_current_xact_id()) then
        raise exception 'journal_closed' using errcode = '23514', constraint = 'journal_closed';
    end if;
    if exists (select 1 from new_postings group by journal_id, commodity having sum(amount) <> 0) then
        raise exception 'journal_out_of_balance' using errcode = '23514', constraint = 'journal_out_of_balance';
    end if;
    if exists (select 1 from new_postings p join book.journals j on j.id = p.journal_id
               where p.customer_id is distinct from j.customer_id and p.customer_id is not null) then
        raise exception 'journal_touches_two_customers' using errcode = '23514', constraint = 'journal_touches_two_customers';
    end if;
    if exists (select 1 from new_postings p left join book.accounts a on a.id = p.account_id
               where a.id is null or (a.owner = 'customer') <> (p.customer_id is not null)) then
        raise exception 'posting_account_mismatch' using errcode = '23514', constraint = 'posting_account_mismatch';
    end if;
    return null;
end $$;
comment on function book.check_postings() is 'Every statement that writes postings leaves each journal balanced per commodity, within one customer (RA 7.1), and never reopens a journal of an earlier transaction.';
create trigger check_postings after insert on book.postings referencing new table as new_postings
    for each statement execute function book.check_postings();

create function book.check_journal_has_postings() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    if not exists (select 1 from book.postings where journal_id = new.id) then
        raise exception 'journal_has_no_postings' using errcode = '23514', constraint = 'journal_has_no_postings';
    end if;
    return null;
end $$;
comment on function book.check_journal_has_postings() is 'A journal without postings cannot commit.';
create constraint trigger check_journal_has_postings after insert on book.journals
    deferrable initially deferred for each row execute function book.check_journal_has_postings();

create function book.refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
    raise exception 'ledger_is_append_only' using errcode = '23514', constraint = 'ledger_is_append_only';
end $$;
comment on function book.refuse_change() is 'The ledger and the audit are never changed or deleted; a correction is a new row.';
create trigger refuse_change before update or delete or truncate on book.postings for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.journals for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.audit_events for each statement execute function book.refuse_change();

-- ── Recharges and gifts ────────────────────────────────────────────────────────────────────────────────────────

create table book.recharges (
    id bigint generated always as identity primary key,
    order_no text not null constraint recharge_order_taken unique,
    customer_id bigint not null references book.customers,
    kind text not null constraint recharge_kind_unknown check (kind in ('package', 'custom')),
    channel text not null constraint recharge_channel_unknown check (channel in ('alipay', 'wechat')),
    principal numeric(12, 2) not null constraint recharge_not_positive check (principal > 0),
    amount_left numeric(20, 6) not null,
    payer_name text,
    payer_account text,
    payer_is_holder boolean not null,
    agreement_version text not null references book.agreement_versions,
    paid_at timestamptz not null,
    provider_no text,
    earmarked_for uuid,
    parent_id bigint references book.recharges,
    held_by_refund uuid,
    refunded_by uuid,
    confirmed_at timestamptz,
    journal_id bigint not null references book.journals,
    constraint recharge_left_out_of_range check (amount_left >= 0 and amount_left <= principal)
);
create index on book.recharges (customer_id, paid_at, id);
create index on book.recharges (channel, paid_at) where confirmed_at is null;
create index on book.recharges (provider_no);
create index on book.recharges (journal_id);
create index on book.recharges (parent_id) where parent_id is not null;
comment on table book.recharges is 'Lots of principal: one for each paid order (RA-03, RA-17). amount_left is neither consumed, refunded nor repaid; held_by_refund names the open application that covers the lot; refunded_by the one that used its one refund up (RA 9.2).';

create table book.gifts (
    id bigint generated always as identity primary key,
    customer_id bigint not null references book.customers,
    recharge_id bigint references book.recharges,
    activity text not null references book.activities,
    amount numeric(12, 2) not null constraint gift_not_positive check (amount > 0),
    amount_left numeric(20, 6) not null,
    amount_reserved numeric(20, 6) not null default 0,
    granted_at timestamptz not null,
    expires_at timestamptz,
    journal_id bigint not null references book.journals,
    constraint gift_left_out_of_range check (amount_left >= 0 and amount_left <= amount),
    constraint gift_reserve_out_of_range check (amount_reserved >= 0 and amount_reserved <= amount_left)
);
create index on book.gifts (customer_id, granted_at, id);
create index on book.gifts (recharge_id);
create index on book.gifts (journal_id);
comment on table book.gifts is 'Gift grants and what is left of them. Never cash, never in an invoice, never moved (RA 6.2). amount_reserved is kept for usage from before an application that is billed later (RA-31).';

-- ── Usage ──────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.usage_charges (
    id bigint generated always as identity primary key,
    usage_key text not null constraint usage_key_taken unique,
    customer_id bigint not null references book.customers,
    product text not null references book.products,
    used_from timestamptz not null,
    used_to timestamptz not null,
    amount numeric(20, 6) not null constraint usage_not_positive check (amount > 0),
    from_gift numeric(20, 6) not null,
    from_principal numeric(20, 6) not null,
    uncollected numeric(20, 6) not null,
    journal_id bigint not null references book.journals,
    constraint usage_does_not_add_up check (from_gift + from_principal + uncollected = amount),
    constraint usage_ends_before_it_begins check (used_to >= used_from)
);
create index on book.usage_charges (customer_id, used_from);
create index on book.usage_charges (journal_id);
create index on book.usage_charges (customer_id) where uncollected > 0;
comment on table book.usage_charges is 'Billed usage and what paid for it: gift, principal, or nothing yet (a receivable).';

create table book.consumptions (
    id bigint generated always as identity primary key,
    usage_id bigint not null references book.usage_charges,
    recharge_id bigint references book.recharges,
    gift_id bigint references book.gifts,
    amount numeric(20, 6) not null constraint consumption_is_zero check (amount <> 0),
    journal_id bigint not null references book.journals,
    constraint consumption_has_one_source check (num_nonnulls(recharge_id, gift_id) = 1)
);
create index on book.consumptions (usage_id);
create index on book.consumptions (recharge_id) where recharge_id is not null;
create index on book.consumptions (gift_id) where gift_id is not null;
create index on book.consumptions (journal_id);
comment on table book.consumptions is 'Which recharge or gift paid for which usage; a credit-back is a negative row.';

create table book.consumed_totals (
    customer_id bigint not null references book.customers,
    product text not null references book.products,
    consumed_principal numeric(20, 6) not null default 0,
    consumed_gift numeric(20, 6) not null default 0,
    credited_back numeric(20, 6) not null default 0,
    primary key (customer_id, product),
    constraint consumed_total_negative check (consumed_principal >= 0 and consumed_gift >= 0 and credited_back >= 0)
);
comment on table book.consumed_totals is 'Consumed principal by customer and product, kept with every charge under the customer''s lock: what RA 8.1 lets us invoice.';

create table book.credit_backs (
    id uuid primary key,
    usage_id bigint not null references book.usage_charges,
    customer_id bigint not null references book.customers,
    amount numeric(20, 6) not null constraint credit_back_not_positive check (amount > 0),
    reason text not null constraint credit_back_without_reason check (btrim(reason) <> ''),
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    journal_id bigint references book.journals,
    constraint credit_back_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.credit_backs (usage_id);
create index on book.credit_backs (customer_id);
create index on book.credit_backs (journal_id);
comment on table book.credit_backs is 'Usage given back, by two people (rules 6.1).';

create table book.unbilled_reports (
    id bigint generated always as identity primary key,
    customer_id bigint not null references book.customers,
    amount numeric(20, 6) not null constraint unbilled_negative check (amount >= 0),
    metered_until timestamptz not null,
    reported_at timestamptz not null,
    reported_by integer not null references book.people
);
create index on book.unbilled_reports (customer_id, id desc);
comment on table book.unbilled_reports is 'What the platform has metered or is due and has not billed yet, as last reported for a customer (RA 9.3 "should be deducted").';

-- ── Imports, statements, exceptions ────────────────────────────────────────────────────────────────────────────

create table book.imports (
    id uuid primary key,
    kind text not null constraint import_kind_unknown check (kind in ('orders', 'usage', 'statement_alipay', 'statement_wechat')),
    file_name text not null,
    file_sha256 bytea not null,
    status text not null default 'staged' constraint import_status_unknown check (status in ('staged', 'posted', 'discarded')),
    totals jsonb not null,
    rows_staged integer not null default 0,
    rows_posted integer not null default 0,
    rows_repeated integer not null default 0,
    rows_excepted integer not null default 0,
    begun_by integer not null references book.people,
    begun_at timestamptz not null,
    posted_at timestamptz
);
create unique index import_file_already_posted on book.imports (kind, file_sha256) where status = 'posted';
create index on book.imports (begun_at);
comment on table book.imports is 'Files read, each posted whole or not at all; the same bytes again are a no-op.';

create table book.import_rows (
    import_id uuid not null references book.imports,
    chunk integer not null,
    rows jsonb not null,
    primary key (import_id, chunk)
);
comment on table book.import_rows is 'Rows of a file as read, in chunks, until and after they are posted: the archive of what was imported.';

create table book.statement_rows (
    id bigint generated always as identity primary key,
    import_id uuid not null references book.imports,
    line integer not null,
    channel text not null,
    kind text not null constraint statement_row_kind_unknown check (kind in ('payment', 'refund', 'other')),
    order_no text,
    provider_no text not null,
    refund_no text,
    occurred_at timestamptz not null,
    gross numeric(14, 2) not null,
    fee numeric(16, 5) not null,
    net numeric(16, 5) not null,
    counterparty text,
    description text,
    recharge_id bigint references book.recharges,
    refund_leg_id bigint,
    repayment_leg_id bigint
);
create unique index statement_row_repeated on book.statement_rows (channel, kind, provider_no, coalesce(refund_no, ''));
create index on book.statement_rows (import_id);
create index on book.statement_rows (order_no);
create index on book.statement_rows (recharge_id) where recharge_id is not null;
comment on table book.statement_rows is 'What the provider says happened; each row once, whatever files it came in.';

create table book.exceptions (
    id bigint generated always as identity primary key,
    kind text not null constraint exception_kind_unknown check (kind in
        ('payment_without_order', 'order_without_payment', 'amount_differs', 'recharge_not_verified',
         'recharge_below_minimum', 'channel_not_supported', 'agreement_unknown', 'activity_unknown',
         'refund_without_instruction', 'refund_amount_differs', 'usage_customer_unknown', 'usage_differs', 'order_differs', 'row_not_understood')),
    channel text,
    order_no text,
    provider_no text,
    customer_id bigint references book.customers,
    amount numeric(14, 2),
    amount_expected numeric(14, 2),
    import_id uuid references book.imports,
    line integer,
    source_row jsonb,
    happened_at timestamptz,
    opened_at timestamptz not null,
    proposed_at timestamptz,
    proposed_by integer references book.people,
    resolved_at timestamptz,
    resolved_by integer references book.people,
    resolution text,
    constraint exception_settled_by_proposer check (resolved_by is null or proposed_by is null or resolved_by <> proposed_by)
);
create index on book.exceptions (order_no);
create index on book.exceptions (provider_no);
create index on book.exceptions (customer_id) where customer_id is not null;
create index on book.exceptions (import_id);
create index on book.exceptions (opened_at) where resolved_at is null;
comment on table book.exceptions is 'Whatever could not be booked or matched: nothing is lost and nothing is guessed. Each is resolved once, by a later paper or by a person.';

-- ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.refunds (
    id uuid primary key,
    number text not null constraint refund_number_taken unique,
    customer_id bigint not null references book.customers,
    status text not null constraint refund_status_unknown check (status in
        ('requested', 'reviewed', 'approved', 'released', 'paid', 'rejected', 'withdrawn')),
    reason text not null constraint refund_without_reason check (btrim(reason) <> ''),
    reason_kind text not null,
    legal_override boolean not null default false,
    ticket_no text not null,
    gifts_void_confirmed boolean not null,
    amount_gross numeric(14, 2) not null,
    amount_fee numeric(14, 2) not null,
    amount_net numeric(14, 2) not null,
    amount_held numeric(20, 6) not null,
    amount_gift_voided numeric(20, 6) not null,
    requested_at timestamptz not null,
    requested_by integer not null references book.people,
    proof_asked_at timestamptz,
    proof_asked_by integer references book.people,
    proof_asked_for text,
    reviewed_at timestamptz,
    reviewed_by integer references book.people,
    reviewed_digest bytea,
    reviewed_worksheet jsonb,
    approved_at timestamptz,
    approved_by integer references book.people,
    approved_digest bytea,
    second_approved_at timestamptz,
    second_approved_by integer references book.people,
    released_at timestamptz,
    released_by integer references book.people,
    paid_at timestamptz,
    closed_at timestamptz,
    closed_by integer references book.people,
    closing_reason text,
    suspended_by_dispute uuid,
    constraint reviewer_is_requester check (reviewed_by is null or reviewed_by <> requested_by),
    constraint approver_is_requester check (approved_by is null or approved_by <> requested_by),
    constraint second_approver_is_involved check (second_approved_by is null or second_approved_by not in (requested_by, reviewed_by, approved_by)),
    constraint releaser_is_involved check (released_by is null or released_by not in (requested_by, reviewed_by, approved_by)),
    constraint refund_gifts_not_confirmed check (gifts_void_confirmed)
);
create unique index refund_already_open on book.refunds (customer_id) where status in ('requested', 'reviewed', 'approved', 'released');
create index on book.refunds (customer_id);
create index on book.refunds (status, requested_at);
create index on book.refunds (ticket_no);
comment on table book.refunds is 'Applications under RA 9.1. Who did what on one case is checked here, whatever jobs a person holds (rules 6.1).';

create table book.refund_legs (
    id bigint generated always as identity primary key,
    refund_id uuid not null references book.refunds,
    recharge_id bigint not null references book.recharges,
    refund_no text not null constraint refund_leg_number_taken unique,
    amount_gross numeric(14, 2) not null,
    amount_fee numeric(14, 2) not null,
    amount_net numeric(14, 2) not null,
    amount_residual numeric(20, 6) not null,
    route text not null constraint refund_route_unknown check (route in ('original', 'manual_transfer', 'none')),
    status text not null constraint refund_leg_status_unknown check (status in ('instructed', 'confirmed', 'failed')),
    instructed_at timestamptz not null,
    confirmed_at timestamptz,
    confirmed_by integer references book.people,
    bank_reference text,
    constraint refund_leg_repeated unique (refund_id, recharge_id)
);
create index on book.refund_legs (recharge_id);
comment on table book.refund_legs is 'One provider instruction for each lot, with our own refund number; written at release and confirmed by the provider''s statement.';

create table book.gift_reinstatements (
    id uuid primary key,
    customer_id bigint not null references book.customers,
    refund_id uuid not null references book.refunds,
    amount numeric(12, 2) not null constraint reinstatement_not_positive check (amount > 0),
    reason text not null constraint reinstatement_without_reason check (btrim(reason) <> ''),
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    constraint reinstatement_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.gift_reinstatements (customer_id);
create index on book.gift_reinstatements (refund_id);
comment on table book.gift_reinstatements is 'Gift given back out of goodwill after an application was rejected or withdrawn: never by itself, always by two people (A3).';

-- ── First facts ────────────────────────────────────────────────────────────────────────────────────────────────
-- Policies that the agreements leave open, with the defaults that rules.md decided. Changing one is a new row by two people.

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.channel, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('consume_order', null, '"gift_first"'::jsonb),
    ('refund_once_scope', null, '"lot"'),
    ('recharge_minimum', null, '"0.01"'),
    ('review_joined_with_approval_up_to', null, '"0.00"'),
    ('refund_fee', 'alipay', '{"rate": "0.006", "minimum": "0.00"}'),
    ('refund_fee', 'wechat', '{"rate": "0", "minimum": "0.00"}'),
    ('refund_window_days', 'alipay', '365'),
    ('refund_window_days', 'wechat', '365'),
    ('second_approval_above', null, '"50000.00"'),
    ('evidence_days', null, '30'),
    ('shortfall_days', null, '30')
) p (name, channel, value);

-- The owner of the books is nobody's login; the functions of api insert and read, update a few named columns, and delete nothing.
do $$
declare t record;
begin
    for t in select tablename from pg_tables where schemaname = 'book' loop
        execute format('alter table book.%I owner to kontor_owner', t.tablename);
    end loop;
end $$;
alter schema book owner to kontor_owner;
alter function book.check_postings() owner to kontor_owner;
alter function book.check_journal_has_postings() owner to kontor_owner;
alter function book.refuse_change() owner to kontor_owner;
revoke all on schema book from public;
grant usage on schema book to kontor_api;
grant select, insert on all tables in schema book to kontor_api;
grant usage on all sequences in schema book to kontor_api;
grant update (clock_offset, name) on book.database to kontor_api;
grant update (active_until, confirmed_by) on book.people to kontor_api;
grant update (until_at, confirmed_by, from_at) on book.duties to kontor_api;
grant update (confirmed_by, confirmed_at, valid_from) on book.policies to kontor_api;
grant update (last_number) on book.number_series to kontor_api;
grant update (name, kind, phone, email, real_name_verified, search_key, usage_suspended_at) on book.customers to kontor_api;
grant update (complete) on book.attachments to kontor_api;
grant update (lifted_at, lifted_by, platform_confirmed_at) on book.locks to kontor_api;
grant update (amount, sequence) on book.balances to kontor_api;
grant update (debit, credit, postings) on book.rollups to kontor_api;
grant update (passed, rolled_up_at) on book.horizon to kontor_api;
grant update (amount_left, held_by_refund, refunded_by, confirmed_at, provider_no) on book.recharges to kontor_api;
grant update (amount_left, amount_reserved) on book.gifts to kontor_api;
grant update (from_principal, uncollected) on book.usage_charges to kontor_api;
grant update (consumed_principal, consumed_gift, credited_back) on book.consumed_totals to kontor_api;
grant update (confirmed_by, confirmed_at, journal_id) on book.credit_backs to kontor_api;
grant update (status, rows_staged, rows_posted, rows_repeated, rows_excepted, posted_at) on book.imports to kontor_api;
grant update (recharge_id, refund_leg_id, repayment_leg_id) on book.statement_rows to kontor_api;
grant update (proposed_at, proposed_by, resolved_at, resolved_by, resolution) on book.exceptions to kontor_api;
grant update (status, amount_gross, amount_fee, amount_net, amount_held, proof_asked_at, proof_asked_by, proof_asked_for,
    reviewed_at, reviewed_by, reviewed_digest, reviewed_worksheet, approved_at, approved_by, approved_digest,
    second_approved_at, second_approved_by, released_at, released_by, paid_at, closed_at, closed_by, closing_reason,
    suspended_by_dispute) on book.refunds to kontor_api;
grant update (status, confirmed_at, confirmed_by, bank_reference) on book.refund_legs to kontor_api;
grant update (confirmed_by, confirmed_at) on book.gift_reinstatements to kontor_api;
