-- rollups: totals by day, kept by tending, so that no report and no total has to read the ledger.

create function api.channel_of_movements(from_tx xid8, until_tx xid8) returns table (journal_id bigint, channel text, amount numeric) language sql stable security definer set search_path = '' as $$
    -- Which channel's recharges a journal filled or drew on. Every way in which a lot moves is one branch.
    select r.journal_id, r.channel, r.principal from book.journals j join book.recharges r on r.journal_id = j.id
    where j.recorded_tx >= from_tx and j.recorded_tx < until_tx and r.parent_id is null
    union all
    select n.journal_id, r.channel, -n.amount from book.journals j join book.consumptions n on n.journal_id = j.id join book.recharges r on r.id = n.recharge_id
    where j.recorded_tx >= from_tx and j.recorded_tx < until_tx
    union all
    select j.id, r.channel, -(l.amount_gross + l.amount_residual) from book.journals j join book.refunds f on j.document_kind = 'refund' and f.id = case when j.document_kind = 'refund' then j.document_id::uuid end
    join book.refund_legs l on l.refund_id = f.id join book.recharges r on r.id = l.recharge_id
    where j.recorded_tx >= from_tx and j.recorded_tx < until_tx and j.kind = 'refund_released'
$$;
comment on function api.channel_of_movements(xid8, xid8) is 'What journals of a span of transactions put into or took out of the recharges of each channel, credit positive.';

create function api.roll_up_days() returns void language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare done xid8; upto xid8 := pg_snapshot_xmin(pg_current_snapshot());
begin
    select h.passed into done from book.browse_horizon h for update skip locked;
    if done is null or upto <= done then return; end if;
    if not exists (select 1 from book.journals j where j.recorded_tx >= done and j.recorded_tx < upto) then
        update book.browse_horizon set passed = upto;
        return;
    end if;
    upto := api.bite_end(done, upto, 50000);
    insert into book.day_totals as t (basis, on_day, account_id, commodity, kind, debit, credit, postings)
    select b.basis, b.on_day, p.account_id, p.commodity, j.kind, sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0)), count(*)
    from book.journals j join book.postings p on p.journal_id = j.id
    cross join lateral (values ('recorded', (j.recorded_at at time zone 'Asia/Shanghai')::date), ('effective', (j.effective_at at time zone 'Asia/Shanghai')::date)) b (basis, on_day)
    where j.recorded_tx >= done and j.recorded_tx < upto
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
    select m.basis, m.on_day, m.kind, m.channel, sum(m.amount) from api.channel_movements(done, upto) m group by 1, 2, 3, 4
    on conflict on constraint channel_days_pkey do update set amount = t.amount + excluded.amount;
    update book.browse_horizon set passed = upto;
end $$;
comment on function api.roll_up_days() is 'Adds what the horizon passed to the totals by day. Part of tending.';

create function api.channel_movements(from_tx xid8, until_tx xid8) returns table (basis text, on_day date, kind text, channel text, amount numeric) language sql stable security definer set search_path = '' as $$
    -- One sort and no join: joined to themselves, these lists were compared row by row.
    with parts as (
        -- Journal by journal, so that a plan made beside stale statistics never reads the whole ledger for one bite.
        select j.id as journal_id, j.kind::text as kind, j.recorded_at, j.effective_at, null::text as channel, m.amount
        from book.journals j cross join lateral (select -sum(p.amount) as amount from book.postings p
            where p.journal_id = j.id and p.commodity = 'CNY' and p.account_id = any ((select api.accounts_named('prepaid'))::smallint[])) m
        where j.recorded_tx >= from_tx and j.recorded_tx < until_tx and m.amount is not null
        union all
        select m.journal_id, null, null, null, m.channel, sum(m.amount) from api.channel_of_movements(from_tx, until_tx) m group by m.journal_id, m.channel
    ), told as (
        select p.channel, p.amount, max(p.kind) over w as kind, max(p.recorded_at) over w as recorded_at, max(p.effective_at) over w as effective_at,
               coalesce(sum(p.amount) filter (where p.channel is not null) over w, 0) as explained
        from parts p window w as (partition by p.journal_id))
    -- What no lot explains stays visible under a name of its own, so the parts always add up.
    select b.basis, b.on_day, t.kind, coalesce(t.channel, 'none'), sum(x.amount)
    from told t cross join lateral (select case when t.channel is null then t.amount - t.explained else t.amount end as amount) x
    cross join lateral (values ('recorded', (t.recorded_at at time zone 'Asia/Shanghai')::date), ('effective', (t.effective_at at time zone 'Asia/Shanghai')::date)) b (basis, on_day)
    where t.kind is not null and x.amount <> 0
    group by 1, 2, 3, 4
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
