-- tie_out: whether the books tie out, and what we owe customers for prepaid principal.

create function api.tie_out_now() returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare answer jsonb := '[]'; wallets numeric; credits numeric; earned numeric; holds numeric; repayments numeric; lots numeric; held_lots numeric; gifts numeric; gift_wallets numeric; promised numeric; open_suspense numeric; stripe_net numeric; payouts record; owed numeric; uncollected numeric; repaying numeric;
begin
    -- Each equation compares two things that were written by different hands: balance rows, lots, cases, roll-ups.
    select coalesce(sum(b.amount) filter (where a.code = 'wallet' and b.commodity = 'CNY'), 0), coalesce(sum(b.amount) filter (where a.code = 'refund_hold'), 0),
           coalesce(sum(b.amount) filter (where a.code = 'repayment_hold'), 0), coalesce(sum(b.amount) filter (where a.code = 'wallet' and b.commodity = 'CNY.GIFT'), 0)
    into wallets, holds, repayments, gift_wallets from book.balances b join book.accounts a on a.id = b.account_id;
    select coalesce(sum(r.amount_left), 0), coalesce(sum(r.amount_left) filter (where r.held_by_refund is not null), 0) into lots, held_lots from book.recharges r where r.amount_left > 0;
    select coalesce(sum(g.amount_left), 0) into gifts from book.gifts g where g.amount_left > 0;
    select coalesce(sum(l.amount_net), 0) into promised from book.refund_legs l where l.status in ('instructed', 'failed');
    promised := promised + api.repayments_in_flight();
    select coalesce(-sum(b.amount), 0) into owed from book.balances b join book.accounts a on a.id = b.account_id where a.code = 'receivable';
    select coalesce(sum(u.uncollected), 0) into uncollected from book.usage_charges u where u.uncollected > 0;
    select coalesce(sum(r.amount), 0) into repaying from book.repayments r where r.status in ('proposed', 'approved');
    select coalesce(sum(b.amount), 0) into credits from book.balances b where b.commodity = 'USD.CREDIT';
    select coalesce(sum(l.base_posted + l.tier_posted - l.used - l.lapsed - l.deducted + l.cleared), 0) into earned from book.ladders l;
    select coalesce(sum(x.amount), 0) into open_suspense from book.exceptions x where x.kind = 'payment_without_order' and x.resolved_at is null;
    select coalesce(sum(s.net), 0) into stripe_net from book.statement_rows s where s.channel = 'stripe';
    select p.* into payouts from api.stripe_payouts() p;
    select jsonb_agg(jsonb_build_object('check', t.name, 'left', t.l::numeric(20, 6)::text, 'right', t.r::numeric(20, 6)::text, 'difference', (t.l - t.r)::numeric(20, 6)::text, 'state', case when t.l = t.r then 'ok' else 'broken' end) order by t.place) into answer
    from (values
        (1, 'wallets_equal_ledger', wallets, -api.house_balance('wallet')),
        (2, 'lots_equal_wallets_and_holds', lots, wallets + holds),
        (3, 'holds_equal_open_refunds', holds, held_lots),
        (4, 'gift_wallets_equal_gifts', gift_wallets, gifts),
        (5, 'payable_equals_instructions', -api.house_balance('refund_payable'), promised),
        (6, 'suspense_equals_exceptions', -api.house_balance('suspense'), open_suspense),
        (7, 'receivable_equals_uncollected', owed, uncollected),
        (8, 'repayment_holds_equal_repayments', repayments, repaying),
        (9, 'credits_equal_ladders', credits, earned),
        (10, 'stripe_clearing_equals_reports', api.house_balance('stripe_clearing', 'USD'), stripe_net)) t (place, name, l, r);
    return answer || (
        select jsonb_agg(jsonb_build_object('check', 'statement_' || s.channel, 'left', s.items::text, 'right', '0', 'difference', s.amount::text, 'state',
            case when s.items > 0 then 'open' when s.last_day is null then 'waits' else 'ok' end, 'last_day', s.last_day) order by s.channel)
        from (select c.channel,
                     (select count(*) from book.exceptions x where x.channel = c.channel and x.resolved_at is null and x.kind in ('payment_without_order', 'order_without_payment', 'amount_differs', 'order_differs', 'refund_without_instruction', 'refund_amount_differs', 'dollar_payment_without_order')) as items,
                     (select coalesce(sum(coalesce(x.amount, x.amount_expected)), 0) from book.exceptions x where x.channel = c.channel and x.resolved_at is null and x.kind in ('payment_without_order', 'order_without_payment', 'amount_differs', 'order_differs', 'refund_without_instruction', 'refund_amount_differs', 'dollar_payment_without_order')) as amount,
                     (select max(i.totals ->> 'to') from book.imports i where i.kind = 'statement_' || c.channel and i.status = 'posted') as last_day
              from (values ('alipay'), ('wechat'), ('stripe')) c (channel)) s)
        -- A payout whose movements are in a report that was not read yet is no mistake of the books.
        || jsonb_build_object('check', 'stripe_payouts_equal_movements', 'left', payouts.paid_out::numeric(20, 6)::text, 'right', payouts.carried::numeric(20, 6)::text,
               'difference', (payouts.paid_out - payouts.carried)::numeric(20, 6)::text, 'state', case when payouts.paid_out = payouts.carried then 'ok' else 'open' end)
        || api.horizon_alarm();
end $$;
comment on function api.tie_out_now() is 'The equations that hold when nothing is lost: balances against the ledger, lots against wallets and holds, holds against open refunds, payables against instructions, suspense against exceptions, Stripe''s clearing account and payouts against its reports, statements against orders.';

create function api.tie_out() returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare kept book.tie_outs;
begin
    select t.* into kept from book.tie_outs t order by t.id desc limit 1;
    -- Small books are added up anew each time; of large ones the last tending's answer is shown, with its instant, while it is fresh.
    if kept.took > interval '150 milliseconds' and (kept.at > api.clock() - interval '15 minutes' or kept.last_event = (select max(e.id) from book.audit_events e)) then
        return (select jsonb_agg(l.value || jsonb_build_object('as_of', kept.at) order by l.n) from jsonb_array_elements(kept.lines) with ordinality l (value, n));
    end if;
    return api.tie_out_now();
end $$;
comment on function api.tie_out() is 'The tie-out that the first screen shows: of this moment, or of an instant that each line names.';

create function api.keep_tie_out() returns void language plpgsql volatile security definer set search_path = '' as $$
declare kept book.tie_outs; newest bigint; began timestamptz := clock_timestamp(); at timestamptz := api.clock(); lines jsonb;
begin
    select t.* into kept from book.tie_outs t order by t.id desc limit 1;
    select coalesce(max(e.id), 0) into newest from book.audit_events e;
    if kept.at > at - interval '10 minutes' or kept.last_event = newest then return; end if;
    lines := api.tie_out_now();
    insert into book.tie_outs (at, last_event, took, lines) values (at, newest, clock_timestamp() - began, lines);
end $$;
comment on function api.keep_tie_out() is 'Adds the books up for the first screen, every ten minutes at the most. Part of tending.';

create function api.prepaid_liability(days integer) returns jsonb language sql stable security definer set search_path = '' as $$
    with liable as (select a.id from book.accounts a where a.code in ('wallet', 'refund_hold', 'repayment_hold')),
    today as (select (api.clock() at time zone 'Asia/Shanghai')::date as d),
    moved as (
        select r.recorded_on as d, sum(r.credit - r.debit) as amount from book.rollups r where r.commodity = 'CNY' and r.account_id in (select l.id from liable l) group by 1
        union all
        select (j.recorded_at at time zone 'Asia/Shanghai')::date, -sum(p.amount) from book.journals j join book.postings p on p.journal_id = j.id
        where j.recorded_tx >= (select h.passed from book.horizon h) and p.commodity = 'CNY' and p.account_id in (select l.id from liable l) group by 1),
    opening as (select coalesce(sum(m.amount), 0) as amount from moved m, today t where m.d <= t.d - days),
    run as (select g.d::date as d, (select o.amount from opening o) + coalesce(sum(s.amount) over (order by g.d), 0) as amount
            from today t cross join lateral generate_series(t.d - days + 1, t.d, interval '1 day') g (d)
            left join (select m.d, sum(m.amount) as amount from moved m group by 1) s on s.d = g.d::date)
    select jsonb_build_object('amount', (select r.amount::text from run r order by r.d desc limit 1), 'before', (select o.amount::text from opening o),
        'days', (select jsonb_agg(jsonb_build_object('on', r.d, 'amount', r.amount::text) order by r.d) from run r))
$$;
comment on function api.prepaid_liability(integer) is 'What we owe customers for prepaid principal, day by day, from the roll-ups and the tail (RA 2.1).';
