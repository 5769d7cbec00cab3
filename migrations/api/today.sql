-- today: what waits for me, what waits on others, whose clock runs out, and whether the books tie out.

create type api.today as (now timestamptz, waiting jsonb, others jsonb, clocks jsonb, tie_out jsonb, liability jsonb, counts jsonb, calendar jsonb, alarms jsonb);
comment on column api.today.waiting is '{{Array<{ kind: string; id: string; number: string; step: string; customer_name: string; amount: Money; since: Instant; due_at: Instant | null; late: boolean }>}} what waits for me, oldest deadline first';
comment on column api.today.others is '{{Array<{ kind: string; id: string; number: string; waits_for: string; holder: string | null; could_take: string[]; customer_name: string; amount: Money; since: Instant }>}} what waits on others: the role, who holds it or could take it, since when';
comment on column api.today.clocks is '{{Array<{ dispute_id: Uuid; number: string; customer_name: string; clock: string; amount: Money; due_on: IsoDate; nominal_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean; days_left: number }>}} clocks of the next days';
comment on column api.today.tie_out is '{{Array<{ check: string; left: string; right: string; difference: string; state: "ok" | "open" | "waits" | "broken"; last_day?: string | null }>}} equations';
comment on column api.today.liability is '{{{ amount: Money; before: Money; days: Array<{ on: IsoDate; amount: Money }> }}} prepaid liability of 30 days';
comment on column api.today.counts is '{{{ refunds_open: number; refunds_mine: number; disputes_open: number; disputes_late: number; exceptions: number; invoices: number; locks: number; proposals: number }}} for the side bar';
comment on column api.today.calendar is '{{Array<{ on: IsoDate; rest: boolean; makeup: boolean; name_en: string | null; name_zh: string | null; clocks: number }>}} today and the next 14 days';
comment on column api.today.alarms is '{{Array<{ kind: "lock_unconfirmed" | "unlock_unconfirmed" | "hold_unconfirmed" | "order_loses" | "order_expiring" | "order_expired"; case_kind: "dispute" | "judicial" | "campaign"; case_id: Uuid; number: string; customer_id: Id; customer_name: string; since: Instant; amount: Money | null }>}} what the platform has not confirmed in time, orders that end, and what an order over an amount has lost to usage';

create function api.open_today() returns api.today language plpgsql stable security definer set search_path = '' as $$
declare answer api.today; at timestamptz := api.clock(); me text := session_user; d date := (at at time zone 'Asia/Shanghai')::date;
begin
    perform api.reader();
    answer.now := at;
    select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'id', w.id, 'number', w.number, 'step', w.step, 'customer_name', w.customer_name, 'amount', w.amount::text, 'since', w.since,
               'due_at', w.due_at, 'late', w.late) order by w.due_at nulls last, w.since), '[]') into answer.waiting
    from (select * from (
              select 'refund' as kind, f.id::text as id, f.number, f.waits_for as step, f.customer_name, f.amount_net as amount, f.waiting_since as since, null::timestamptz as due_at, false as late
              from api.list_refunds('mine', null, null, 100) f
              union all
              select 'dispute', t.id::text, t.number, t.step, t.customer_name, t.amount, t.since, t.due_at, t.late from api.disputes_waiting() t
              union all
              select 'objection', o.id::text, o.number, 'answer', o.customer_name, 0, o.since, null, false from api.objections_waiting() o
              union all
              select 'exceptions', 'open', '', 'accountant', '', count(*)::numeric, min(x.opened_at), null, false from book.exceptions x where x.resolved_at is null and x.proposed_at is null and api.has_duty('accountant') having count(*) > 0
              union all
              select p.kind, p.id, p.number, 'confirm', p.customer_name, p.amount, p.since, null, false from api.proposals_waiting() p
          ) u order by u.due_at nulls last, u.since limit 100) w;
    select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'id', o.id, 'number', o.number, 'waits_for', o.waits_for, 'holder', o.holder, 'could_take', o.could_take, 'customer_name', o.customer_name, 'amount', o.amount::text, 'since', o.since) order by o.since), '[]')
    into answer.others
    from (select 'refund' as kind, f.id, f.number, f.waits_for, f.holder, f.could_take, f.customer_name, f.amount_net as amount, f.waiting_since as since from api.list_refunds('others', null, null, 60) f
          union all
          select 'dispute', d.id, d.number, d.waits_for, case when d.waits_for = 'handler' then d.handled_by end, '{}', d.customer_name, d.amount_outstanding, coalesce(d.locked_at, d.noticed_at) from api.list_disputes('open', null, false, null, null, 40) d where d.waits_for is not null) o
    where not exists (select 1 from jsonb_array_elements(answer.waiting) w where w ->> 'id' = o.id::text);
    select coalesce(jsonb_agg(jsonb_build_object('dispute_id', c.id, 'number', c.number, 'customer_name', c.customer_name, 'clock', c.kind, 'amount', c.amount::text, 'due_on', c.due_on, 'nominal_on', c.nominal_on,
               'expires_at', c.expires_at, 'shifted', c.shifted, 'provisional', c.provisional, 'days_left', c.due_on - d) order by c.expires_at, c.number), '[]') into answer.clocks
    from (select x.id, x.number, api.shown_name(k) as customer_name, l.kind, x.amount_disputed as amount, l.due_on, l.nominal_on, l.expires_at, l.shifted, l.provisional
          from book.deadlines l join book.disputes x on x.id = l.subject_id join book.customers k on k.id = x.customer_id
          where l.stopped_at is null and x.closed_at is null and x.status <> 'escalated' and l.due_on <= d + 14 order by l.expires_at limit 60) c;
    answer.alarms := api.lock_alarms(at);
    answer.tie_out := api.tie_out();
    answer.liability := api.prepaid_liability(30);
    answer.counts := jsonb_build_object(
        'refunds_open', (select count(*) from book.refunds f where f.status in ('requested', 'reviewed', 'approved', 'released')),
        'refunds_mine', (select count(*) from jsonb_array_elements(answer.waiting) w where w ->> 'kind' = 'refund'),
        'disputes_open', (select count(*) from book.disputes x where x.closed_at is null),
        'disputes_late', (select count(*) from book.deadlines l join book.disputes x on x.id = l.subject_id where l.stopped_at is null and x.closed_at is null and l.expires_at <= at),
        'exceptions', (select count(*) from book.exceptions x where x.resolved_at is null),
        'locks', (select count(*) from book.locks l where l.lifted_at is null),
        'proposals', (select count(*) from jsonb_array_elements(answer.waiting) w where w ->> 'step' = 'confirm'),
        'invoices', (select count(*) from book.invoices));
    select jsonb_agg(jsonb_build_object('on', g.d::date, 'rest', r.rest, 'makeup', not r.rest and extract(isodow from g.d) >= 6, 'name_en', n.name_en, 'name_zh', n.name_zh,
               'clocks', (select count(*) from book.deadlines l join book.disputes x on x.id = l.subject_id where l.stopped_at is null and x.closed_at is null and l.due_on = g.d::date)) order by g.d)
    into answer.calendar
    from generate_series(d, d + 14, interval '1 day') g (d), lateral (select api.is_rest_day(g.d::date) as rest) r, lateral api.listed_day(g.d::date) n;
    return answer;
end $$;
comment on function api.open_today() is 'today.open: What waits for me, oldest deadline first; what waits on others; the clocks of the next two weeks; whether the books tie out; the prepaid liability.';
grant execute on function api.open_today() to kontor_people;
