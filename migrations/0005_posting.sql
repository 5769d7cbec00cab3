-- Posting, made fast: what every posting pays for is looked at once, set-wise, and by the fewest indexes.

-- ── Closed sets ────────────────────────────────────────────────────────────────────────────────────────────────
-- A check of a table is read from its text by every statement that writes, two microseconds for each word in its list; a
-- domain's is kept ready by the session. So the long lists are domains, which the look at what was written casts to; the
-- rules keep their names. To widen one: alter domain book.… drop constraint, add constraint.

create domain book.journal_kind as text constraint journal_kind_unknown check (value in
    ('recharge', 'usage', 'credit_back', 'suspense', 'suspense_cleared', 'provider_fee',
     'refund_hold', 'refund_hold_released', 'refund_released', 'refund_paid', 'gift_void', 'gift_reinstated',
     'repayment_hold', 'repayment_hold_released', 'repayment_released', 'repayment_paid',
     'adjustment', 'reversal', 'vat_split'));
create domain book.commodity as text constraint commodity_unknown check (value in ('CNY', 'CNY.GIFT', 'USD', 'USD.CREDIT'));
comment on domain book.journal_kind is 'What a journal records.';
comment on domain book.commodity is 'Kinds of value that never become each other.';
alter domain book.journal_kind owner to kontor_owner;
alter domain book.commodity owner to kontor_owner;
create domain book.recharge_kind as text constraint recharge_kind_unknown check (value in ('package', 'custom'));
create domain book.recharge_channel as text constraint recharge_channel_unknown check (value in ('alipay', 'wechat'));
comment on domain book.recharge_kind is 'A package of the price list, or an amount of the customer''s own (RA-02).';
comment on domain book.recharge_channel is 'The providers through which recharges are paid.';
alter domain book.recharge_kind owner to kontor_owner;
alter domain book.recharge_channel owner to kontor_owner;
alter table book.journals drop constraint journal_kind_unknown;
alter table book.recharges drop constraint recharge_kind_unknown, drop constraint recharge_channel_unknown,
    add constraint recharge_kind_unknown check (kind::book.recharge_kind is not null), add constraint recharge_channel_unknown check (channel::book.recharge_channel is not null);
alter table book.postings drop constraint commodity_unknown, drop constraint posting_is_zero;

-- ── Whose accounts are whose ───────────────────────────────────────────────────────────────────────────────────
-- A constant that the chart is held to, so that no posting has to read the chart.

do $$
begin
    execute format('create function book.customer_accounts() returns smallint[] language sql immutable parallel safe as %L',
        format('select %L::smallint[]', (select array_agg(a.id order by a.id) from book.accounts a where a.owner = 'customer')));
end $$;
comment on function book.customer_accounts() is 'The accounts that belong to customers; the chart is checked against it.';
alter function book.customer_accounts() owner to kontor_owner;
revoke execute on function book.customer_accounts() from public;
grant execute on function book.customer_accounts() to kontor_api;
alter table book.accounts add constraint account_owner_fixed check ((owner = 'customer') = (id = any (book.customer_accounts())));

-- ── One look at what was written ───────────────────────────────────────────────────────────────────────────────

create or replace function book.check_postings() returns trigger language plpgsql security definer set search_path = '' as $$
declare found record; late book.journals;
begin
    -- Grouped first, so that each journal is looked up once; lateral, so that a plan made for a batch never reads the whole
    -- ledger for one posting.
    select coalesce(bool_or(j.recorded_tx is distinct from pg_current_xact_id()), false) as closed,
           coalesce(bool_or(s.off_by <> 0), false) as unbalanced,
           coalesce(bool_or(s.lowest <> j.customer_id or s.highest <> j.customer_id or s.lowest is not null and j.customer_id is null), false) as two_customers,
           coalesce(bool_or(s.mismatched), false) as mismatched, coalesce(bool_or(s.empty), false) as empty, count(j.kind::book.journal_kind) + count(s.commodity::book.commodity) as known,
           coalesce(bool_or(j.effective_at < c.soft_closed_before), false) as late
    into found
    from (select p.journal_id, p.commodity, sum(p.amount) as off_by, min(p.customer_id) as lowest, max(p.customer_id) as highest,
                 bool_or((p.customer_id is null) = (p.account_id = any (book.customer_accounts()))) as mismatched, bool_or(p.amount = 0) as empty
          from new_postings p group by 1, 2) s
    cross join book.closing c
    left join lateral (select b.kind, b.recorded_tx, b.customer_id, b.effective_at from book.journals b where b.id = s.journal_id offset 0) j on true;
    if found.closed then raise exception 'journal_closed' using errcode = '23514', constraint = 'journal_closed'; end if;
    if found.unbalanced then raise exception 'journal_out_of_balance' using errcode = '23514', constraint = 'journal_out_of_balance'; end if;
    if found.two_customers then raise exception 'journal_touches_two_customers' using errcode = '23514', constraint = 'journal_touches_two_customers'; end if;
    if found.mismatched then raise exception 'posting_account_mismatch' using errcode = '23514', constraint = 'posting_account_mismatch'; end if;
    if found.empty then raise exception 'posting_is_zero' using errcode = '23514', constraint = 'posting_is_zero'; end if;
    if found.late then
        for late in select b.* from book.journals b where b.id in (select p.journal_id from new_postings p) and b.effective_at < (select c.soft_closed_before from book.closing c) order by b.id loop
            perform book.check_period(late);
        end loop;
    end if;
    return null;
end $$;
comment on function book.check_postings() is 'Every statement that writes postings leaves each journal balanced per commodity, within one customer (RA 7.1), in a month that is open to who posts, in kinds and commodities that there are, and never reopens a journal of an earlier transaction. One pass over what was written.';

-- ── Which days a statement covers ──────────────────────────────────────────────────────────────────────────────

alter table book.imports add column covers_from timestamptz, add column covers_until timestamptz;
update book.imports set covers_from = (totals ->> 'from')::timestamptz, covers_until = (totals ->> 'to')::timestamptz;
create index on book.imports (kind, covers_until) where status = 'posted';
comment on column book.imports.covers_until is 'end of the time that a statement covers; an order paid in it and not shown is looked for at once';

-- ── References that the writing functions guarantee ────────────────────────────────────────────────────────────
-- Each of these would lock and look up, row by row, what the function that writes has just locked, read or made; on people,
-- agreements and activities all postings of the platform would meet on the same row. Nothing here is ever deleted, so only the
-- writer can break a reference; a test looks at every one of them in books that everything has been played in.

alter table book.journals drop constraint journals_customer_id_fkey, drop constraint journals_recorded_by_fkey;
alter table book.audit_events drop constraint audit_events_person_id_fkey;
alter table book.balances drop constraint balances_customer_id_fkey, drop constraint balances_account_id_fkey;
alter table book.recharges drop constraint recharges_customer_id_fkey, drop constraint recharges_agreement_version_fkey, drop constraint recharges_journal_id_fkey;
alter table book.gifts drop constraint gifts_customer_id_fkey, drop constraint gifts_recharge_id_fkey, drop constraint gifts_activity_fkey, drop constraint gifts_journal_id_fkey;
alter table book.usage_charges drop constraint usage_charges_customer_id_fkey, drop constraint usage_charges_product_fkey, drop constraint usage_charges_journal_id_fkey;
alter table book.consumptions drop constraint consumptions_usage_id_fkey, drop constraint consumptions_recharge_id_fkey, drop constraint consumptions_gift_id_fkey,
    drop constraint consumptions_journal_id_fkey;
alter table book.consumed_totals drop constraint consumed_totals_customer_id_fkey, drop constraint consumed_totals_product_fkey;

-- ── Indexes that nobody asks ───────────────────────────────────────────────────────────────────────────────────

alter table book.journals drop constraint journal_already_reversed;
create unique index journal_already_reversed on book.journals (reverses) where reverses is not null;
drop index book.recharges_provider_no_idx;
create index on book.recharges (provider_no) where provider_no is not null;
drop index book.gifts_journal_id_idx;
drop index book.gifts_recharge_id_idx;
create index on book.gifts (recharge_id) where recharge_id is not null;
drop index book.audit_events_person_id_idx;
alter table book.consumptions drop constraint consumptions_pkey;

-- Rows that are changed often keep room beside them, so that a change touches no index.
alter table book.balances set (fillfactor = 70);
alter table book.recharges set (fillfactor = 85);
alter table book.gifts set (fillfactor = 85);
alter table book.customers set (fillfactor = 85);
alter table book.consumed_totals set (fillfactor = 70);
