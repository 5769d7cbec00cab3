-- today: what waits for me, what waits on others, whose clock runs out, and whether the books tie out.

create function api.tie_out() returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare answer jsonb := '[]'; wallets numeric; holds numeric; repayments numeric; lots numeric; held_lots numeric; gifts numeric; gift_wallets numeric; promised numeric; open_suspense numeric; owed numeric; uncollected numeric; repaying numeric;
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
    select coalesce(sum(x.amount), 0) into open_suspense from book.exceptions x where x.kind = 'payment_without_order' and x.resolved_at is null;
    select jsonb_agg(jsonb_build_object('check', t.name, 'left', t.l::numeric(20, 6)::text, 'right', t.r::numeric(20, 6)::text, 'difference', (t.l - t.r)::numeric(20, 6)::text, 'state', case when t.l = t.r then 'ok' else 'broken' end) order by t.place) into answer
    from (values
        (1, 'wallets_equal_ledger', wallets, -api.house_balance('wallet')),
        (2, 'lots_equal_wallets_and_holds', lots, wallets + holds),
        (3, 'holds_equal_open_refunds', holds, held_lots),
        (4, 'gift_wallets_equal_gifts', gift_wallets, gifts),
        (5, 'payable_equals_instructions', -api.house_balance('refund_payable'), promised),
        (6, 'suspense_equals_exceptions', -api.house_balance('suspense'), open_suspense),
        (7, 'receivable_equals_uncollected', owed, uncollected),
        (8, 'repayment_holds_equal_repayments', repayments, repaying)) t (place, name, l, r);
    return answer || (
        select jsonb_agg(jsonb_build_object('check', 'statement_' || s.channel, 'left', s.items::text, 'right', '0', 'difference', s.amount::text, 'state',
            case when s.items > 0 then 'open' when s.last_day is null then 'waits' else 'ok' end, 'last_day', s.last_day) order by s.channel)
        from (select c.channel,
                     (select count(*) from book.exceptions x where x.channel = c.channel and x.resolved_at is null and x.kind in ('payment_without_order', 'order_without_payment', 'amount_differs', 'order_differs', 'refund_without_instruction', 'refund_amount_differs')) as items,
                     (select coalesce(sum(coalesce(x.amount, x.amount_expected)), 0) from book.exceptions x where x.channel = c.channel and x.resolved_at is null and x.kind in ('payment_without_order', 'order_without_payment', 'amount_differs', 'order_differs', 'refund_without_instruction', 'refund_amount_differs')) as amount,
                     (select max(i.totals ->> 'to') from book.imports i where i.kind = 'statement_' || c.channel and i.status = 'posted') as last_day
              from (values ('alipay'), ('wechat')) c (channel)) s);
end $$;
comment on function api.tie_out() is 'The equations that hold when nothing is lost: balances against the ledger, lots against wallets and holds, holds against open refunds, payables against instructions, suspense against exceptions, statements against orders.';

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

create type api.today as (now timestamptz, waiting jsonb, others jsonb, clocks jsonb, tie_out jsonb, liability jsonb, counts jsonb, calendar jsonb);
comment on column api.today.waiting is '{{Array<{ kind: string; id: string; number: string; step: string; customer_name: string; amount: Money; since: Instant; due_at: Instant | null; late: boolean }>}} what waits for me, oldest deadline first';
comment on column api.today.others is '{{Array<{ kind: string; id: string; number: string; waits_for: string; customer_name: string; amount: Money; since: Instant }>}} what waits on others';
comment on column api.today.clocks is '{{Array<{ dispute_id: Uuid; number: string; customer_name: string; clock: string; amount: Money; due_on: IsoDate; nominal_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean; days_left: number }>}} clocks of the next days';
comment on column api.today.tie_out is '{{Array<{ check: string; left: string; right: string; difference: string; state: "ok" | "open" | "waits" | "broken"; last_day?: string | null }>}} equations';
comment on column api.today.liability is '{{{ amount: Money; before: Money; days: Array<{ on: IsoDate; amount: Money }> }}} prepaid liability of 30 days';
comment on column api.today.counts is '{{{ refunds_open: number; refunds_mine: number; disputes_open: number; disputes_late: number; exceptions: number; invoices: number; locks: number }}} for the side bar';
comment on column api.today.calendar is '{{Array<{ on: IsoDate; rest: boolean; makeup: boolean; name_en: string | null; name_zh: string | null; clocks: number }>}} today and the next 14 days';

create function api.open_today() returns api.today language plpgsql stable security definer set search_path = '' as $$
declare answer api.today; at timestamptz := api.clock(); me text := session_user; d date := (at at time zone 'Asia/Shanghai')::date;
begin
    perform api.reader();
    answer.now := at;
    select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'id', w.id, 'number', w.number, 'step', w.step, 'customer_name', w.customer_name, 'amount', w.amount::text, 'since', w.since,
               'due_at', w.due_at, 'late', w.late) order by w.due_at nulls last, w.since), '[]') into answer.waiting
    from (select * from (
              select 'refund' as kind, f.id::text as id, f.number, f.waits_for as step, f.customer_name, f.amount_net as amount, coalesce(f.approved_at, f.reviewed_at, f.requested_at) as since, null::timestamptz as due_at, false as late
              from api.list_refunds('mine', null, null, 100) f
              union all
              select 'dispute', t.id::text, t.number, t.step, t.customer_name, t.amount, t.since, t.due_at, t.late from api.disputes_waiting() t
              union all
              select 'exceptions', 'open', '', 'accountant', '', count(*)::numeric, min(x.opened_at), null, false from book.exceptions x where x.resolved_at is null and x.proposed_at is null and api.has_duty('accountant') having count(*) > 0
              union all
              select p.kind, p.id, p.number, 'confirm', p.customer_name, p.amount, p.since, null, false from api.proposals_waiting() p
          ) u order by u.due_at nulls last, u.since limit 100) w;
    select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'id', o.id, 'number', o.number, 'waits_for', o.waits_for, 'customer_name', o.customer_name, 'amount', o.amount::text, 'since', o.since) order by o.since), '[]')
    into answer.others
    from (select 'refund' as kind, f.id, f.number, f.waits_for, f.customer_name, f.amount_net as amount, coalesce(f.approved_at, f.reviewed_at, f.requested_at) as since from api.list_refunds('open', null, null, 60) f
          union all
          select 'dispute', d.id, d.number, d.waits_for, d.customer_name, d.amount_outstanding, coalesce(d.locked_at, d.noticed_at) from api.list_disputes('open', null, false, null, null, 40) d where d.waits_for is not null) o
    where not exists (select 1 from jsonb_array_elements(answer.waiting) w where w ->> 'id' = o.id::text);
    select coalesce(jsonb_agg(jsonb_build_object('dispute_id', c.id, 'number', c.number, 'customer_name', c.customer_name, 'clock', c.kind, 'amount', c.amount::text, 'due_on', c.due_on, 'nominal_on', c.nominal_on,
               'expires_at', c.expires_at, 'shifted', c.shifted, 'provisional', c.provisional, 'days_left', c.due_on - d) order by c.expires_at, c.number), '[]') into answer.clocks
    from (select x.id, x.number, api.shown_name(k) as customer_name, l.kind, x.amount_disputed as amount, l.due_on, l.nominal_on, l.expires_at, l.shifted, l.provisional
          from book.deadlines l join book.disputes x on x.id = l.subject_id join book.customers k on k.id = x.customer_id
          where l.stopped_at is null and x.closed_at is null and l.due_on <= d + 14 order by l.expires_at limit 60) c;
    answer.tie_out := api.tie_out();
    answer.liability := api.prepaid_liability(30);
    answer.counts := jsonb_build_object(
        'refunds_open', (select count(*) from book.refunds f where f.status in ('requested', 'reviewed', 'approved', 'released')),
        'refunds_mine', (select count(*) from jsonb_array_elements(answer.waiting) w where w ->> 'kind' = 'refund'),
        'disputes_open', (select count(*) from book.disputes x where x.closed_at is null),
        'disputes_late', (select count(*) from book.deadlines l join book.disputes x on x.id = l.subject_id where l.stopped_at is null and x.closed_at is null and l.expires_at <= at),
        'exceptions', (select count(*) from book.exceptions x where x.resolved_at is null),
        'locks', (select count(*) from book.locks l where l.lifted_at is null),
        'invoices', (select count(*) from book.invoices));
    select jsonb_agg(jsonb_build_object('on', g.d::date, 'rest', r.rest, 'makeup', not r.rest and extract(isodow from g.d) >= 6, 'name_en', n.name_en, 'name_zh', n.name_zh,
               'clocks', (select count(*) from book.deadlines l join book.disputes x on x.id = l.subject_id where l.stopped_at is null and x.closed_at is null and l.due_on = g.d::date)) order by g.d)
    into answer.calendar
    from generate_series(d, d + 14, interval '1 day') g (d), lateral (select api.is_rest_day(g.d::date) as rest) r, lateral api.listed_day(g.d::date) n;
    return answer;
end $$;
comment on function api.open_today() is 'today.open: What waits for me, oldest deadline first; what waits on others; the clocks of the next two weeks; whether the books tie out; the prepaid liability.';
grant execute on function api.open_today() to kontor_people;
