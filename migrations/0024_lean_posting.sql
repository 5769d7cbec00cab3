-- Posting, leaner: what one posting pays for is looked at in one pass.

create or replace function book.check_postings() returns trigger language plpgsql security definer set search_path = '' as $$
declare sound boolean; found record; late book.journals;
begin
    -- The lines of one journal, in one pass and without grouping: each commodity is summed in decimal places of its own, so a
    -- total of nothing is nothing in each. Several journals, and one with something wrong, are looked at below.
    select bool_and(p.journal_id = j.id and j.recorded_tx = pg_current_xact_id() and j.kind::book.journal_kind is not null and j.effective_at >= c.soft_closed_before
                    and (p.customer_id is null or p.customer_id = j.customer_id) and (p.customer_id is null) <> (p.account_id = any (book.customer_accounts()))
                    and p.commodity in ('CNY', 'CNY.GIFT', 'USD', 'USD.CREDIT') and p.amount <> 0)
           and sum(p.amount * case p.commodity when 'CNY' then 1 when 'CNY.GIFT' then 1e20 when 'USD' then 1e40 when 'USD.CREDIT' then 1e60 end) = 0
    into sound
    from (select n.journal_id from new_postings n limit 1) f join book.journals j on j.id = f.journal_id cross join book.closing c cross join new_postings p;
    if sound then return null; end if;
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

-- ── The chart's own accounts, by name ──────────────────────────────────────────────────────────────────────────
-- A constant to the planner, which the chart is held to; products bring their own accounts and are looked up.

do $$
begin
    execute format('create function book.account(code text) returns smallint language sql immutable parallel safe as %L',
        format('select (%L::jsonb ->> code)::smallint', (select jsonb_object_agg(a.code, a.id order by a.id) from book.accounts a where a.code not like 'revenue.%')));
end $$;
comment on function book.account(text) is 'The number of an account of the chart, null for a product''s; the chart is checked against it.';
alter function book.account(text) owner to kontor_owner;
revoke execute on function book.account(text) from public;
grant execute on function book.account(text) to kontor_api;
alter table book.accounts drop constraint account_owner_fixed,
    add constraint account_owner_fixed check ((owner = 'customer') = (id = any (book.customer_accounts())) and id = coalesce(book.account(code), id));

-- ── Checks that are read once ──────────────────────────────────────────────────────────────────────────────────
-- A check of a table is read from its text by every statement that writes; a domain's is kept ready by the session. So one check
-- of a lot, and two of a gift, cast to domains that carry the other rules, each under its own name.

create domain book.lot_principal as numeric constraint recharge_not_positive check (value > 0);
create domain book.lot_left as numeric constraint recharge_left_out_of_range check (value >= 0);
create domain book.gift_granted as numeric constraint gift_not_positive check (value > 0);
create domain book.gift_left as numeric constraint gift_left_out_of_range check (value >= 0);
create domain book.gift_reserved as numeric constraint gift_reserve_out_of_range check (value >= 0);
comment on domain book.lot_principal is 'What was paid for a lot.';
comment on domain book.lot_left is 'What is left of a lot.';
comment on domain book.gift_granted is 'What was granted as a gift.';
comment on domain book.gift_left is 'What is left of a gift.';
comment on domain book.gift_reserved is 'What of a gift is kept for usage that is billed later.';
alter domain book.lot_principal owner to kontor_owner;
alter domain book.lot_left owner to kontor_owner;
alter domain book.gift_granted owner to kontor_owner;
alter domain book.gift_left owner to kontor_owner;
alter domain book.gift_reserved owner to kontor_owner;
alter table book.recharges drop constraint recharge_left_out_of_range, drop constraint recharge_not_positive, drop constraint recharge_kind_unknown, drop constraint recharge_channel_unknown,
    add constraint recharge_left_out_of_range check (amount_left::book.lot_left <= principal::book.lot_principal and kind::book.recharge_kind is not null and channel::book.recharge_channel is not null);
alter table book.gifts drop constraint gift_left_out_of_range, drop constraint gift_not_positive, drop constraint gift_reserve_out_of_range,
    add constraint gift_left_out_of_range check (amount_left::book.gift_left <= amount::book.gift_granted),
    add constraint gift_reserve_out_of_range check (amount_reserved::book.gift_reserved <= amount_left);
