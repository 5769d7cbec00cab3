-- rollups: totals by day, kept by tending, so that no report and no total has to read the ledger.

create function api.channel_of_movements(from_tx xid8, until_tx xid8) returns table (kind text, recorded_on date, effective_on date, channel text, amount numeric)
language sql stable security definer set search_path = '' as $$
    -- Which channel's recharges a journal filled or drew on. Every way in which a lot moves is one branch. The recharges are
    -- looked up behind a fence: a few journals of a second would else be held against all recharges there are.
    with span as (select j.id, j.kind::text as kind, j.document_kind, j.document_id, (j.recorded_at at time zone 'Asia/Shanghai')::date as recorded_on,
                         (j.effective_at at time zone 'Asia/Shanghai')::date as effective_on
                  from book.journals j where j.recorded_tx >= from_tx and j.recorded_tx < until_tx)
    select j.kind, j.recorded_on, j.effective_on, r.channel, r.principal
    from span j cross join lateral (select x.channel, x.principal from book.recharges x where x.journal_id = j.id and x.parent_id is null offset 0) r
    union all
    select j.kind, j.recorded_on, j.effective_on, r.channel, -n.amount from span j join book.consumptions n on n.journal_id = j.id join book.recharges r on r.id = n.recharge_id
    union all
    select j.kind, j.recorded_on, j.effective_on, r.channel, -(l.amount_gross + l.amount_residual)
    from span j join book.refunds f on j.document_kind = 'refund' and f.id = case when j.document_kind = 'refund' then j.document_id::uuid end
    join book.refund_legs l on l.refund_id = f.id join book.recharges r on r.id = l.recharge_id
    where j.kind = 'refund_released'
$$;
comment on function api.channel_of_movements(xid8, xid8) is 'What journals of a span of transactions put into or took out of the recharges of each channel, credit positive.';

create function api.roll_up_days() returns void language plpgsql volatile security definer set search_path = '' set jit = off set plan_cache_mode = force_custom_plan as $$
declare done xid8; upto xid8 := pg_snapshot_xmin(pg_current_snapshot()); span record;
begin
    select h.passed into done from book.browse_horizon h for update skip locked;
    if done is null or upto <= done then return; end if;
    upto := api.bite_end(done, upto, 50000);
    select s.* into span from api.journals_between(done, upto) s;
    if span.first_id is null then
        update book.browse_horizon set passed = upto;
        return;
    end if;
    insert into book.day_totals as t (basis, on_day, account_id, commodity, kind, debit, credit, postings)
    select b.basis, b.on_day, m.account_id, m.commodity, m.kind, sum(m.debit), sum(m.credit), sum(m.postings)
    from (select j.recorded_on, j.effective_on, p.account_id, p.commodity, j.kind, sum(greatest(p.amount, 0)) as debit, sum(greatest(-p.amount, 0)) as credit, count(*) as postings
          from (select x.id, x.kind, (x.recorded_at at time zone 'Asia/Shanghai')::date as recorded_on, (x.effective_at at time zone 'Asia/Shanghai')::date as effective_on
                from book.journals x where x.recorded_tx >= done and x.recorded_tx < upto) j
          join book.postings p on p.journal_id = j.id and p.journal_id between span.first_id and span.last_id
          group by 1, 2, 3, 4, 5) m
    cross join lateral (values ('recorded', m.recorded_on), ('effective', m.effective_on)) b (basis, on_day)
    group by 1, 2, 3, 4, 5
    on conflict on constraint day_totals_pkey do update set debit = t.debit + excluded.debit, credit = t.credit + excluded.credit, postings = t.postings + excluded.postings;
    insert into book.journal_days as t (basis, on_day, first_id, last_id, journals)
    select b.basis, b.on_day, min(j.id), max(j.id), count(*) from book.journals j
    cross join lateral (values ('recorded', (j.recorded_at at time zone 'Asia/Shanghai')::date), ('effective', (j.effective_at at time zone 'Asia/Shanghai')::date)) b (basis, on_day)
    where j.recorded_tx >= done and j.recorded_tx < upto
    group by 1, 2
    on conflict on constraint journal_days_pkey do update
        set first_id = least(t.first_id, excluded.first_id), last_id = greatest(t.last_id, excluded.last_id), journals = t.journals + excluded.journals;
    insert into book.channel_days as t (basis, on_day, kind, channel, amount)
    select m.basis, m.on_day, m.kind, m.channel, m.amount from api.channel_movements(done, upto) m
    on conflict on constraint channel_days_pkey do update set amount = t.amount + excluded.amount;
    update book.browse_horizon set passed = upto;
end $$;
comment on function api.roll_up_days() is 'Adds what the horizon passed to the totals by day. Part of tending.';

create function api.channel_movements(from_tx xid8, until_tx xid8) returns table (basis text, on_day date, kind text, channel text, amount numeric) language sql stable security definer set search_path = '' as $$
    with explained as materialized (
        select m.kind, m.recorded_on, m.effective_on, m.channel, sum(m.amount) as amount from api.channel_of_movements(from_tx, until_tx) m group by 1, 2, 3, 4
    ), parts as (
        select e.* from explained e
        union all
        -- What no lot explains stays visible under a name of its own, so the parts always add up.
        select e.kind, e.recorded_on, e.effective_on, 'none', -e.amount from explained e
        union all
        -- Journal by journal, so that a plan made beside stale statistics never reads the whole ledger for one bite.
        select j.kind::text, (j.recorded_at at time zone 'Asia/Shanghai')::date, (j.effective_at at time zone 'Asia/Shanghai')::date, 'none', m.amount
        from book.journals j cross join lateral (select -sum(p.amount) as amount from book.postings p
            where p.journal_id = j.id and p.commodity = 'CNY' and p.account_id = any ((select api.accounts_named('prepaid'))::smallint[])) m
        where j.recorded_tx >= from_tx and j.recorded_tx < until_tx and m.amount is not null
    )
    select b.basis, b.on_day, p.kind, p.channel, sum(p.amount)
    from parts p cross join lateral (values ('recorded', p.recorded_on), ('effective', p.effective_on)) b (basis, on_day)
    group by 1, 2, 3, 4 having sum(p.amount) <> 0
$$;
comment on function api.channel_movements(xid8, xid8) is 'The movements of prepaid principal of a span of transactions by day, kind and channel of the recharge, credit positive.';

create function api.channel_tail() returns table (basis text, on_day date, kind text, channel text, amount numeric) language sql stable security definer
set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
    select m.* from book.browse_horizon h cross join lateral api.channel_movements(h.passed, '9223372036854775807') m
    where exists (select 1 from book.journals j where j.recorded_tx >= h.passed)
$$;
comment on function api.channel_tail() is 'The movements beyond the horizon: few, so each is looked up and no table is read whole.';

create function api.days_with_tail(by_effective boolean) returns table (on_day date, account_id smallint, commodity text, kind text, debit numeric, credit numeric, postings bigint)
language sql stable security definer set search_path = '' as $$
    select d.on_day, d.account_id, d.commodity, d.kind, d.debit, d.credit, d.postings from book.day_totals d where d.basis = case when by_effective then 'effective' else 'recorded' end
    union all
    select (case when by_effective then j.effective_at else j.recorded_at end at time zone 'Asia/Shanghai')::date, p.account_id, p.commodity, j.kind, sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0)), count(*)
    from book.journals j join book.postings p on p.journal_id = j.id where j.recorded_tx >= (select h.passed from book.browse_horizon h)
    group by 1, 2, 3, 4
$$;
comment on function api.days_with_tail(boolean) is 'All totals by day: the roll-up and what lies beyond the horizon.';
