-- Months: which are closed, what had to be looked at first, the figures they closed with, the tax that was split off,
-- income by month, and corrections that take two people. A month is Asia/Shanghai's, by the effective instant.

-- ── Which months are closed ────────────────────────────────────────────────────────────────────────────────────

create table book.closing (
    only_row boolean primary key default true check (only_row),
    closed_before timestamptz not null default '-infinity',
    soft_closed_before timestamptz not null default '-infinity',
    constraint closing_out_of_order check (closed_before <= soft_closed_before)
);
insert into book.closing default values;
comment on table book.closing is 'The two instants that every posting is held against: nothing is posted before closed_before, and only accountants'' work between the two. One row, because months close in order.';

create table book.periods (
    month date primary key constraint period_not_a_month check (extract(day from month) = 1),
    status text not null default 'open' constraint period_status_unknown check (status in ('open', 'soft_closed', 'close_proposed', 'closed', 'reopen_proposed')),
    closing_no integer not null default 0,
    soft_closed_at timestamptz,
    soft_closed_by integer references book.people,
    close_proposed_at timestamptz,
    close_proposed_by integer references book.people,
    closed_at timestamptz,
    closed_by integer references book.people,
    reopen_proposed_at timestamptz,
    reopen_proposed_by integer references book.people,
    reopen_reason text,
    reopened_at timestamptz,
    reopened_by integer references book.people,
    constraint period_closed_by_proposer check (status <> 'closed' or closed_by is null or closed_by <> close_proposed_by),
    constraint period_reopened_by_proposer check (reopened_by is null or reopened_by <> reopen_proposed_by),
    constraint period_reopened_without_reason check (status <> 'reopen_proposed' or btrim(coalesce(reopen_reason, '')) <> '')
);
comment on table book.periods is 'One row for each Shanghai month that was ever soft-closed, and where it stands. closing_no counts how often it was closed; who did what before stands in the audit.';

create table book.period_figures (
    month date not null references book.periods,
    closing_no integer not null,
    account_id smallint not null references book.accounts,
    commodity text not null,
    opening numeric(24, 6) not null,
    debit numeric(24, 6) not null,
    credit numeric(24, 6) not null,
    primary key (month, closing_no, account_id, commodity)
);
comment on table book.period_figures is 'The trial balance that a month closed with, debit positive. Closing again after a reopening writes new figures beside the old ones.';

create function book.hold_postings() returns void language plpgsql security definer set search_path = '' set lock_timeout = '10s' as $$
begin
    lock table book.postings in share row exclusive mode;
end $$;
comment on function book.hold_postings() is 'Waits for the postings in flight and lets no new one begin until this transaction ends: a posting is in the month before it closes, or is refused after.';

create function book.check_period(journal book.journals) returns void language plpgsql stable security definer set search_path = '' as $$
declare closing book.closing; told text := to_char(journal.effective_at at time zone 'Asia/Shanghai', 'YYYY-MM');
begin
    select c.* into closing from book.closing c;
    if journal.effective_at < closing.closed_before then
        raise exception 'period_closed' using errcode = '23514', constraint = 'period_closed', detail = jsonb_build_object('month', told,
            'next_open_on', (closing.closed_before at time zone 'Asia/Shanghai')::date)::text;
    end if;
    if journal.effective_at < closing.soft_closed_before and journal.kind not in ('adjustment', 'reversal', 'vat_split')
       and not exists (select 1 from book.duties d where d.person_id = journal.recorded_by and d.duty = 'accountant'
                       and d.from_at <= journal.recorded_at and (d.until_at is null or d.until_at > journal.recorded_at)) then
        raise exception 'period_soft_closed' using errcode = '23514', constraint = 'period_soft_closed', detail = jsonb_build_object('month', told,
            'next_open_on', (closing.soft_closed_before at time zone 'Asia/Shanghai')::date)::text;
    end if;
end $$;
comment on function book.check_period(book.journals) is 'Refuses a journal that is effective in a closed month (period_closed), or in a soft-closed one unless an accountant posts or proposed it (period_soft_closed); the next open day is in the detail.';

-- ── What is looked at before a month closes ────────────────────────────────────────────────────────────────────

create table book.period_items (
    code text primary key constraint period_item_malformed check (code ~ '^[a-z][a-z0-9_]{0,40}$'),
    place integer not null,
    title_en text not null,
    title_zh text not null,
    looked_at_by text not null constraint period_item_way_unknown check (looked_at_by in ('database', 'person')),
    duty text not null,
    required boolean not null default true,
    from_month date not null default '2000-01-01',
    ended_month date
);
comment on table book.period_items is 'The checklist''s lines, as data: those that the database looks at itself have a rule of the same name in its functions; the others are ticked by a person with the duty.';
insert into book.period_items (code, place, title_en, title_zh, looked_at_by, duty) values
    ('statements_complete', 10, 'Statements of every day and channel', '各渠道每日对账单已导入', 'database', 'accountant'),
    ('usage_complete', 20, 'The month''s usage is complete', '平台当月用量已全部入账', 'person', 'accountant'),
    ('exceptions_settled', 30, 'Exceptions are settled', '当月异常已全部处理', 'database', 'accountant'),
    ('suspense_aged', 40, 'Nothing aged in suspense', '待查款项无超过 30 天者', 'database', 'accountant'),
    ('tie_out', 50, 'The tie-out holds', '账账核对全部平衡', 'database', 'accountant'),
    ('proposals_decided', 60, 'Proposals are decided', '当月提议已全部复核', 'database', 'approver'),
    ('vat_split', 70, 'Output VAT is split off', '销项税额已价税分离', 'database', 'accountant'),
    ('receivables_reviewed', 80, 'Receivables are reviewed', '应收账款已复核', 'person', 'accountant'),
    ('prepaid_reviewed', 90, 'Prepaid liability is reviewed', '预收账款变动表已复核', 'person', 'accountant'),
    ('credit_liability', 100, 'Unused gifts are reviewed', '未使用赠送已复核', 'person', 'accountant');

create table book.period_checks (
    month date not null references book.periods,
    item text not null references book.period_items,
    owner_id integer references book.people,
    ticked_at timestamptz,
    ticked_by integer references book.people,
    note text,
    waived_at timestamptz,
    waived_by integer references book.people,
    waived_reason text,
    primary key (month, item),
    constraint period_waived_without_reason check (waived_by is null or btrim(coalesce(waived_reason, '')) <> '')
);
create index on book.period_checks (item);
comment on table book.period_checks is 'Who looks after a line of a month''s checklist, who ticked it with which note, who waived it and why. Papers hang on it as attachments.';

-- ── Output VAT, split off revenue ──────────────────────────────────────────────────────────────────────────────

insert into book.accounts (code, owner, title_en, title_zh) values
    ('output_vat', 'house', 'Output VAT', '应交税费 · 销项税额'),
    ('bad_debts', 'house', 'Bad debts', '坏账损失');

alter table book.journals drop constraint journal_kind_unknown;
alter table book.journals add constraint journal_kind_unknown check (kind in
    ('recharge', 'usage', 'credit_back', 'suspense', 'suspense_cleared', 'provider_fee',
     'refund_hold', 'refund_hold_released', 'refund_released', 'refund_paid', 'gift_void', 'gift_reinstated',
     'repayment_hold', 'repayment_hold_released', 'repayment_released', 'repayment_paid',
     'adjustment', 'reversal', 'vat_split'));

create table book.vat_splits (
    journal_id bigint not null references book.journals,
    product text not null references book.products,
    month date not null,
    rate numeric(6, 4) not null,
    gross numeric(20, 6) not null,
    tax_exact numeric(30, 12) not null,
    tax numeric(16, 2) not null,
    tax_before numeric(16, 2) not null,
    primary key (journal_id, product)
);
create index on book.vat_splits (month);
comment on table book.vat_splits is 'The arithmetic of each split: revenue with tax, the tax to twelve decimals, the tax in fen, and how much of it an earlier split of the month had posted already.';

-- ── Income by customer and month ───────────────────────────────────────────────────────────────────────────────

create table book.income_months (
    customer_id bigint not null references book.customers,
    product text not null references book.products,
    month date not null,
    amount numeric(20, 6) not null,
    primary key (customer_id, product, month)
);
comment on table book.income_months is 'Principal consumed less given back, by customer, product and effective month, of all journals below the horizon. Moved by the housekeeping, so no posting pays for it.';
insert into book.income_months (customer_id, product, month, amount)
select u.customer_id, u.product, date_trunc('month', j.effective_at at time zone 'Asia/Shanghai')::date, sum(n.amount)
from book.consumptions n join book.usage_charges u on u.id = n.usage_id join book.journals j on j.id = n.journal_id
where n.recharge_id is not null and j.recorded_tx < (select h.passed from book.horizon h)
group by 1, 2, 3;

-- ── Corrections by two people ──────────────────────────────────────────────────────────────────────────────────

alter table book.recharges add column reversed_by bigint references book.journals;
create index on book.recharges (reversed_by) where reversed_by is not null;
comment on column book.recharges.reversed_by is 'the journal that took this recharge back, if it was posted in error';

alter table book.usage_charges add column written_off numeric(20, 6) not null default 0;
alter table book.usage_charges drop constraint usage_does_not_add_up;
alter table book.usage_charges add constraint usage_does_not_add_up check (from_gift + from_principal + uncollected + written_off = amount);
comment on column book.usage_charges.written_off is 'owed by the customer and given up, by two people';

create table book.adjustments (
    id uuid primary key,
    number text not null constraint adjustment_number_taken unique,
    kind text not null constraint adjustment_kind_unknown check (kind in ('goodwill_gift', 'receivable_write_off', 'rounding', 'house_correction')),
    status text not null default 'proposed' constraint adjustment_status_unknown check (status in ('proposed', 'confirmed', 'declined', 'withdrawn')),
    customer_id bigint references book.customers,
    amount numeric(14, 6) not null constraint adjustment_not_positive check (amount > 0),
    debit_account text,
    credit_account text,
    effective_on date not null,
    gift_expires_on date,
    reason text not null constraint adjustment_without_reason check (btrim(reason) <> ''),
    document_no text not null constraint adjustment_without_document check (btrim(document_no) <> ''),
    lines jsonb not null,
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    decided_by integer references book.people,
    decided_at timestamptz,
    decision_note text,
    journal_id bigint constraint adjustment_posted_twice unique references book.journals,
    constraint adjustment_confirmed_by_proposer check (status <> 'confirmed' or decided_by <> proposed_by),
    constraint adjustment_confirmed_without_journal check ((status = 'confirmed') = (journal_id is not null)),
    constraint adjustment_of_nobody check ((kind in ('goodwill_gift', 'receivable_write_off')) = (customer_id is not null))
);
create index on book.adjustments (customer_id) where customer_id is not null;
create index on book.adjustments (proposed_at, id);
create index on book.adjustments (proposed_at) where status = 'proposed';
comment on table book.adjustments is 'Manual journals: proposed by an accountant with a reason and a document, posted when a second person confirms. None of the kinds can move a customer''s principal (RA 7.1).';

create table book.write_offs (
    adjustment_id uuid not null references book.adjustments,
    usage_id bigint not null references book.usage_charges,
    amount numeric(20, 6) not null constraint write_off_not_positive check (amount > 0),
    primary key (adjustment_id, usage_id)
);
create index on book.write_offs (usage_id);
comment on table book.write_offs is 'Which usage an adjustment gave up, so that its reversal knows what is owed again.';

create table book.reversals (
    id uuid primary key,
    journal_id bigint not null references book.journals,
    customer_id bigint references book.customers,
    status text not null default 'proposed' constraint reversal_status_unknown check (status in ('proposed', 'confirmed', 'declined', 'withdrawn')),
    reason text not null constraint reversal_without_reason check (btrim(reason) <> ''),
    lines jsonb not null,
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    decided_by integer references book.people,
    decided_at timestamptz,
    decision_note text,
    reversal_id bigint constraint reversal_posted_twice unique references book.journals,
    constraint reversal_confirmed_by_proposer check (status <> 'confirmed' or decided_by <> proposed_by),
    constraint reversal_confirmed_without_journal check ((status = 'confirmed') = (reversal_id is not null))
);
create unique index reversal_already_proposed on book.reversals (journal_id) where status = 'proposed';
create index on book.reversals (journal_id);
create index on book.reversals (customer_id) where customer_id is not null;
create index on book.reversals (proposed_at, id);
create index on book.reversals (proposed_at) where status = 'proposed';
comment on table book.reversals is 'Journals that an accountant asks to be reversed, with the lines as previewed; a second person confirms, and a new journal names the one it reverses.';

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, null, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values ('adjustment_limit', '"10000.00"'::jsonb), ('rounding_limit', '"1.00"')) p (name, value);

-- ── Owners and rights ──────────────────────────────────────────────────────────────────────────────────────────

do $$
declare t text;
begin
    foreach t in array array['closing', 'periods', 'period_figures', 'period_items', 'period_checks', 'vat_splits', 'income_months', 'adjustments', 'write_offs', 'reversals'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
alter function book.hold_postings() owner to kontor_owner;
alter function book.check_period(book.journals) owner to kontor_owner;
revoke execute on function book.hold_postings(), book.check_period(book.journals) from public;
grant execute on function book.hold_postings() to kontor_api;
grant update (closed_before, soft_closed_before) on book.closing to kontor_api;
grant update (status, closing_no, soft_closed_at, soft_closed_by, close_proposed_at, close_proposed_by, closed_at, closed_by,
    reopen_proposed_at, reopen_proposed_by, reopen_reason, reopened_at, reopened_by) on book.periods to kontor_api;
grant update (opening, debit, credit) on book.period_figures to kontor_api;
grant update (title_en, title_zh, duty, required, ended_month, place) on book.period_items to kontor_api;
grant update (owner_id, ticked_at, ticked_by, note, waived_at, waived_by, waived_reason) on book.period_checks to kontor_api;
grant update (amount) on book.income_months to kontor_api;
grant update (reversed_by) on book.recharges to kontor_api;
grant update (written_off) on book.usage_charges to kontor_api;
grant update (status, decided_by, decided_at, decision_note, journal_id) on book.adjustments to kontor_api;
grant update (status, decided_by, decided_at, decision_note, reversal_id) on book.reversals to kontor_api;
