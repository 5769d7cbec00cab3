-- The invite campaign: what the platform tells of invitations, and the credits that follow from it (campaign rules, IC).
-- Facts come from the platform and are never changed by people; what follows from them is computed and can be computed again.

-- ── Value that credits are ─────────────────────────────────────────────────────────────────────────────────────

alter domain book.journal_kind drop constraint journal_kind_unknown;
alter domain book.journal_kind add constraint journal_kind_unknown check (value in
    ('recharge', 'usage', 'credit_back', 'suspense', 'suspense_cleared', 'provider_fee',
     'refund_hold', 'refund_hold_released', 'refund_released', 'refund_paid', 'gift_void', 'gift_reinstated',
     'repayment_hold', 'repayment_hold_released', 'repayment_released', 'repayment_paid',
     'adjustment', 'reversal', 'vat_split',
     'credit_earned', 'credit_reversed', 'credit_used', 'credit_lapsed', 'credit_deducted', 'credit_claimed', 'credit_restored'));

-- A customer's credits may go below zero when an honest refund takes back what is spent already (B9): later credits fill
-- the hole. A claim is the cash value of spent credits, asked back for a violation only, and never without legal (B10).
alter table book.accounts drop constraint account_owner_fixed;
insert into book.accounts (code, owner, title_en, title_zh) values
    ('credits', 'customer', 'Invite credits', '邀请积分'),
    ('credit_claims', 'customer', 'Claims for spent credits', '已用积分追偿'),
    ('credit_base_cost', 'house', 'Credits granted · base', '积分发放·基础奖励'),
    ('credit_tier_cost', 'house', 'Credits granted · rounds of thirty', '积分发放·阶梯奖励'),
    ('credits_redeemed', 'house', 'Credits used', '积分抵扣'),
    ('credits_lapsed', 'house', 'Credits lapsed', '积分失效'),
    ('credits_forfeited', 'house', 'Credits deducted', '积分扣除'),
    ('credit_claims_raised', 'house', 'Cash value reclaimed', '积分现金价值追回');
do $$
begin
    execute format('create or replace function book.customer_accounts() returns smallint[] language sql immutable parallel safe as %L',
        format('select %L::smallint[]', (select array_agg(a.id order by a.id) from book.accounts a where a.owner = 'customer')));
end $$;
alter table book.accounts add constraint account_owner_fixed check ((owner = 'customer') = (id = any (book.customer_accounts())));

-- ── Terms and turns of the campaign ────────────────────────────────────────────────────────────────────────────

create table book.campaign_versions (
    id uuid primary key default gen_random_uuid(),
    version text not null,
    announced_at timestamptz not null,
    effective_at timestamptz not null,
    discount_rate numeric(5, 4) not null constraint campaign_rate_out_of_range check (discount_rate between 0 and 1 and base_rate between 0 and 1 and tier_rate between 0 and 1),
    base_rate numeric(5, 4) not null,
    tier_rate numeric(5, 4) not null,
    minimum_payable numeric(6, 2) not null,
    bar_hours integer not null,
    discount_within_bar boolean not null,
    discount_product text not null default 'glm_coding',
    objection_days integer not null,
    objection_rest_days boolean not null,
    reason text not null,
    proposed_by integer references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    constraint campaign_version_not_announced_in_advance check (announced_at < effective_at),
    constraint campaign_version_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create unique index campaign_version_taken on book.campaign_versions (version) where declined_at is null;
comment on table book.campaign_versions is 'Terms of the invite campaign; a friend is decided by the version in force at the first payment (IC-02). A round is thirty friends in every version.';

create table book.campaign_turns (
    id uuid primary key default gen_random_uuid(),
    turn text not null constraint campaign_turn_unknown check (turn in ('start', 'pause', 'resume', 'end')),
    at timestamptz not null,
    reason text not null,
    proposed_by integer references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    constraint campaign_turn_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.campaign_turns (at);
comment on table book.campaign_turns is 'When the campaign starts, pauses, goes on and ends (IC-30, B6): nothing accrues while it is paused, and who is valid stays so.';

insert into book.campaign_versions (version, announced_at, effective_at, discount_rate, base_rate, tier_rate, minimum_payable, bar_hours, discount_within_bar, objection_days, objection_rest_days, reason, proposed_at, confirmed_at)
values ('2025-09-18', '2025-09-17T00:00:00+08', '2025-09-18T00:00:00+08', 0.10, 0.10, 0.10, 0.50, 72, false, 15, false, 'default', '2025-09-17T00:00:00+08', '2025-09-17T00:00:00+08');
insert into book.campaign_turns (turn, at, reason, proposed_at, confirmed_at) values ('start', '2025-09-18T00:00:00+08', 'default', '2025-09-17T00:00:00+08', '2025-09-17T00:00:00+08');

-- ── Facts from the platform (IC-23: the final basis; nobody edits them) ────────────────────────────────────────

create table book.campaign_members (
    customer_id bigint primary key references book.customers,
    registered_at timestamptz,
    paid_before boolean not null default false,
    deactivated_at timestamptz,
    barred_at timestamptz,
    recorded_at timestamptz not null
);
comment on table book.campaign_members is 'Accounts as the campaign sees them: registered, with a paid history from before these records (IC-08), deactivated (IC-19), barred for good (IC-29).';

create table book.touchpoints (
    id bigint generated always as identity primary key,
    touch_key text not null constraint touchpoint_repeated unique,
    friend_id bigint not null references book.customers,
    inviter_id bigint not null references book.customers,
    bound_at timestamptz not null,
    way text not null constraint touchpoint_way_unknown check (way in ('link', 'code')),
    recorded_at timestamptz not null,
    voided_at timestamptz
);
create index on book.touchpoints (friend_id, bound_at, id);
create index on book.touchpoints (inviter_id);
comment on table book.touchpoints is 'Binds: a friend logged in on the event page through a link, or entered a code when registering (IC-03). A click without a login is none. voided_at is set by a correction of two people only.';

create table book.dollar_orders (
    order_no text primary key,
    customer_id bigint not null references book.customers,
    purpose text not null constraint credit_purpose_not_listed check (purpose in ('subscription', 'pack', 'api_fees')),
    product text not null,
    paid_at timestamptz not null,
    amount_order numeric(12, 2) not null,
    discount numeric(12, 2) not null default 0,
    coupon numeric(12, 2) not null default 0,
    credits_used numeric(12, 2) not null default 0,
    cash_balance_paid numeric(12, 2) not null default 0,
    third_party_paid numeric(12, 2) not null default 0,
    provider_no text,
    recorded_at timestamptz not null,
    confirmed_at timestamptz,
    constraint dollar_order_does_not_add_up check (amount_order = discount + coupon + credits_used + cash_balance_paid + third_party_paid
        and least(discount, coupon, credits_used, cash_balance_paid, third_party_paid) >= 0),
    constraint dollar_order_card_below_minimum check (third_party_paid = 0 or third_party_paid >= 0.50)
);
create index dollar_orders_first on book.dollar_orders (customer_id, paid_at, order_no) where purpose = 'subscription';
create index on book.dollar_orders (customer_id);
create index on book.dollar_orders (provider_no) where provider_no is not null;
comment on table book.dollar_orders is 'Paid orders in USD, as the platform tells them: the first paid subscription of an account is what an invitation is about. The purposes are those that credits may be used for (IC-17).';

create table book.dollar_refunds (
    refund_no text primary key,
    order_no text not null,
    kind text not null constraint dollar_refund_kind_unknown check (kind in ('refund', 'chargeback')),
    amount numeric(12, 2) not null constraint dollar_refund_not_positive check (amount > 0),
    succeeded_at timestamptz not null,
    platform_error boolean not null default false,
    undone_at timestamptz,
    recorded_at timestamptz not null
);
create index on book.dollar_refunds (order_no);
comment on table book.dollar_refunds is 'Refunds and lost chargebacks of orders in USD. undone_at: a chargeback was won after all, or the refund failed, and the friend counts again (1.4, 22). platform_error: a double charge was given back, which says nothing about the friend (B5).';

-- ── What follows ───────────────────────────────────────────────────────────────────────────────────────────────

create table book.invitations (
    friend_id bigint primary key references book.customers,
    inviter_id bigint references book.customers,
    touch_id bigint,
    order_no text not null,
    paid_at timestamptz not null,
    apa numeric(12, 2) not null,
    version_id uuid,
    verdict text not null,
    counted boolean not null,
    base_credit numeric(12, 2) not null,
    tier_part numeric(18, 6) not null,
    settled_at timestamptz not null
);
create index invitations_ladder on book.invitations (inviter_id, paid_at, order_no) where counted;
create index on book.invitations (inviter_id, paid_at, order_no);
create index on book.invitations (paid_at, friend_id);
comment on table book.invitations is 'What came of each friend who has paid: whose the friend is, whether the friend counts and if not why, what was paid, the base credit (rounded), and what the friend adds to a round (not rounded).';

create table book.ladder_blocks (
    inviter_id bigint not null references book.customers,
    from_paid_at timestamptz not null,
    from_order_no text not null,
    friends integer not null default 0,
    apa numeric(20, 2) not null default 0,
    base numeric(20, 2) not null default 0,
    parts numeric(24, 6) not null default 0,
    rounds numeric[] not null default '{}',
    heads numeric[] not null default '{}',
    tails numeric[] not null default '{}',
    primary key (inviter_id, from_paid_at, from_order_no)
);
alter table book.ladder_blocks set (fillfactor = 80);
comment on table book.ladder_blocks is 'A stretch of some hundred counted friends of one inviter, summed so that it fits behind any beginning: rounds[r + 1] is the credit of the whole rounds that begin at friend r, r + 30, … of the stretch; heads and tails are the sums of its first and last friends. When one friend falls out, one stretch is summed again and the stretches are added up: the thousands of rounds behind it need not be.';

create table book.ladders (
    inviter_id bigint primary key references book.customers,
    friends integer not null default 0,
    apa numeric(20, 2) not null default 0,
    base_total numeric(20, 2) not null default 0,
    tier_total numeric(20, 2) not null default 0,
    base_posted numeric(20, 2) not null default 0,
    tier_posted numeric(20, 2) not null default 0,
    used numeric(20, 2) not null default 0,
    lapsed numeric(20, 2) not null default 0,
    deducted numeric(20, 2) not null default 0,
    claimed numeric(20, 2) not null default 0,
    cleared numeric(20, 2) not null default 0,
    settled_at timestamptz not null
);
alter table book.ladders set (fillfactor = 80);
create index on book.ladders (friends desc, inviter_id desc);
comment on table book.ladders is 'What an inviter is entitled to, and what of it the ledger has: the difference is posted whenever it changes (B8).';

create table book.campaign_days (
    on_day date not null,
    verdict text not null,
    friends bigint not null default 0,
    apa numeric(20, 2) not null default 0,
    primary key (on_day, verdict)
);
alter table book.campaign_days set (fillfactor = 70);
comment on table book.campaign_days is 'How many friends paid on each day and what came of them, and how many binds there were: the funnel, without counting friends.';

-- ── Corrections, objections ────────────────────────────────────────────────────────────────────────────────────

create table book.campaign_corrections (
    id uuid primary key,
    number text not null constraint campaign_correction_number_taken unique,
    kind text not null constraint campaign_correction_kind_unknown check (kind in ('void_touch', 'restore_touch', 'refund_was_platform_error', 'give_credits_back')),
    customer_id bigint not null references book.customers,
    subject text not null,
    amount numeric(12, 2) constraint campaign_correction_not_positive check (amount > 0),
    reason text not null constraint campaign_correction_without_reason check (btrim(reason) <> ''),
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    journal_id bigint references book.journals,
    constraint campaign_correction_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.campaign_corrections (customer_id);
create index on book.campaign_corrections (journal_id);
comment on table book.campaign_corrections is 'What two people put right in the platform''s records, with the reason (IC-23); the record itself stays.';

create table book.campaign_objections (
    id uuid primary key,
    number text not null constraint objection_number_taken unique,
    customer_id bigint not null references book.customers,
    friend_id bigint references book.customers,
    about text not null constraint objection_about_unknown check (about in ('attribution', 'credits', 'validity', 'penalty')),
    told text not null constraint objection_without_words check (btrim(told) <> ''),
    ticket_no text not null,
    visible_at timestamptz not null,
    received_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    status text not null constraint objection_status_unknown check (status in ('open', 'waived', 'upheld', 'rejected')),
    reopened_at timestamptz,
    reopened_by integer references book.people,
    reopened_why text,
    decided_at timestamptz,
    decided_by integer references book.people,
    decision text,
    answer jsonb,
    constraint objection_received_before_visible check (received_at >= visible_at),
    constraint objection_decided_by_recorder check (decided_by is null or decided_by <> recorded_by)
);
create index on book.campaign_objections (customer_id);
create index on book.campaign_objections (friend_id);
create index on book.campaign_objections (status, received_at);
comment on table book.campaign_objections is 'Objections to records or credits, with the fifteen-day clock (IC-24, B11): late ones are waived, and a supervisor may reopen them.';

create table book.credit_expiries (
    id uuid primary key,
    earned_before timestamptz not null,
    noticed_at timestamptz not null,
    expires_at timestamptz not null,
    reason text not null,
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    constraint credit_expiry_without_notice check (expires_at >= noticed_at + interval '30 days'),
    constraint credit_expiry_of_later_credits check (earned_before <= expires_at),
    constraint credit_expiry_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on book.credit_expiries (expires_at);
comment on table book.credit_expiries is 'When credits that were earned before an instant end: thirty days after the notice at the earliest (IC-20). Without a row here they last (IC-19).';

-- ── One person, one account (IC-22), and who broke the rules (IC-26 to IC-29) ─────────────────────────────────────

create table book.account_signals (
    id bigint generated always as identity primary key,
    customer_id bigint not null references book.customers,
    kind text not null constraint signal_kind_unknown check (kind in ('phone', 'payment_account', 'device', 'network')),
    fingerprint bytea not null,
    shown text not null,
    seen_at timestamptz not null,
    recorded_at timestamptz not null,
    constraint signal_repeated unique (customer_id, kind, fingerprint)
);
create index on book.account_signals (kind, fingerprint);
comment on table book.account_signals is 'What two accounts may have in common, as a fingerprint and a masked text: the value itself is not kept, and serves these checks only. Phone, payment account and device are strong; a network is weak and never enough alone.';

create table book.account_reviews (
    id uuid primary key,
    number text not null constraint account_review_number_taken unique,
    status text not null constraint account_review_status_unknown check (status in ('open', 'same_person', 'different_people')),
    opened_at timestamptz not null,
    decided_at timestamptz,
    decided_by integer references book.people,
    decision text,
    reopened_at timestamptz
);
create index on book.account_reviews (status, opened_at);
comment on table book.account_reviews is 'Accounts that strong signals join: whether they are one person is decided by a person, with a reason, and may be decided anew (IC-22, IC-31).';

create table book.account_review_members (
    review_id uuid not null references book.account_reviews,
    customer_id bigint not null references book.customers,
    primary key (review_id, customer_id)
);
create index on book.account_review_members (customer_id);
comment on table book.account_review_members is 'The accounts of a review.';

create table book.campaign_violations (
    id uuid primary key,
    number text not null constraint violation_number_taken unique,
    customer_id bigint not null references book.customers,
    review_id uuid references book.account_reviews,
    kind text not null constraint violation_kind_unknown check (kind in ('technical_cheating', 'false_information', 'artificial_engagement', 'disruption', 'account_association')),
    evidence text not null constraint violation_without_evidence check (btrim(evidence) <> ''),
    lock_accounts boolean not null,
    status text not null constraint violation_status_unknown check (status in ('proposed', 'decided', 'declined', 'withdrawn', 'reversed')),
    sheet jsonb not null,
    digest bytea not null,
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    decided_by integer references book.people,
    decided_at timestamptz,
    decision text,
    claimed_by integer references book.people,
    claimed_at timestamptz,
    reversal_proposed_by integer references book.people,
    reversal_proposed_at timestamptz,
    reversal_reason text,
    reversed_by integer references book.people,
    reversed_at timestamptz,
    constraint violation_decided_by_proposer check (decided_by is null or status = 'withdrawn' or decided_by <> proposed_by),
    constraint violation_reversed_by_proposer check (reversed_by is null or reversed_by <> reversal_proposed_by)
);
create index on book.campaign_violations (customer_id);
create index on book.campaign_violations (review_id);
create index on book.campaign_violations (status, proposed_at);
comment on table book.campaign_violations is 'Violations with their type, evidence and penalty as it was previewed: proposed by one, decided by another; a cash claim needs legal besides (B10); a new decision takes it back.';

create table book.violation_accounts (
    violation_id uuid not null references book.campaign_violations,
    customer_id bigint not null references book.customers,
    deducted numeric(12, 2) not null,
    claimable numeric(12, 2) not null,
    cleared numeric(12, 2) not null default 0,
    deducted_journal_id bigint references book.journals,
    claimed_journal_id bigint references book.journals,
    restored_journal_id bigint references book.journals,
    primary key (violation_id, customer_id)
);
create index on book.violation_accounts (customer_id);
create index on book.violation_accounts (deducted_journal_id);
create index on book.violation_accounts (claimed_journal_id);
create index on book.violation_accounts (restored_journal_id);
comment on table book.violation_accounts is 'What a violation took from each account, and where it is posted.';

alter table book.imports drop constraint import_kind_unknown;
alter table book.imports add constraint import_kind_unknown check (kind in ('orders', 'usage', 'statement_alipay', 'statement_wechat', 'statement_stripe',
    'campaign_members', 'campaign_touches', 'campaign_orders', 'campaign_refunds'));
-- A payment in USD that no order names is nobody's money in our books: it waits, but it stands in no suspense.
alter table book.exceptions drop constraint exception_kind_unknown;
alter table book.exceptions add constraint exception_kind_unknown check (kind in
    ('payment_without_order', 'order_without_payment', 'amount_differs', 'recharge_not_verified',
     'recharge_below_minimum', 'channel_not_supported', 'agreement_unknown', 'activity_unknown',
     'refund_without_instruction', 'refund_amount_differs', 'usage_customer_unknown', 'usage_differs', 'order_differs', 'row_not_understood',
     'dollar_payment_without_order'));
create index customers_email on book.customers (lower(email)) where email is not null;

do $$
declare t text;
begin
    foreach t in array array['credit_expiries', 'account_signals', 'account_reviews', 'account_review_members', 'campaign_violations', 'violation_accounts', 'campaign_versions', 'campaign_turns', 'campaign_members', 'touchpoints', 'dollar_orders', 'dollar_refunds', 'invitations', 'ladder_blocks', 'ladders', 'campaign_days', 'campaign_corrections', 'campaign_objections'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant usage on all sequences in schema book to kontor_api;
grant update (confirmed_by, confirmed_at, declined_by, declined_at, declined_why) on book.campaign_versions, book.campaign_turns, book.credit_expiries to kontor_api;
grant update (registered_at, paid_before, deactivated_at, barred_at) on book.campaign_members to kontor_api;
grant update (voided_at) on book.touchpoints to kontor_api;
grant update (confirmed_at) on book.dollar_orders to kontor_api;
grant update (platform_error, undone_at) on book.dollar_refunds to kontor_api;
grant update (inviter_id, touch_id, order_no, paid_at, apa, version_id, verdict, counted, base_credit, tier_part, settled_at) on book.invitations to kontor_api;
grant update (friends, apa, base, parts, rounds, heads, tails) on book.ladder_blocks to kontor_api;
grant update (friends, apa, base_total, tier_total, base_posted, tier_posted, used, lapsed, deducted, claimed, cleared, settled_at) on book.ladders to kontor_api;
grant update (friends, apa) on book.campaign_days to kontor_api;
grant update (confirmed_by, confirmed_at, declined_by, declined_at, declined_why, journal_id) on book.campaign_corrections to kontor_api;
grant update (status, decided_at, decided_by, decision, reopened_at) on book.account_reviews to kontor_api;
grant update (status, decided_by, decided_at, decision, claimed_by, claimed_at, reversal_proposed_by, reversal_proposed_at, reversal_reason, reversed_by, reversed_at) on book.campaign_violations to kontor_api;
grant update (deducted, claimable, cleared, deducted_journal_id, claimed_journal_id, restored_journal_id) on book.violation_accounts to kontor_api;
grant update (status, reopened_at, reopened_by, reopened_why, decided_at, decided_by, decision, answer) on book.campaign_objections to kontor_api;
