-- channel moves: the recharges of one channel behind a figure of the prepaid liability, journal by journal.

create type api.channel_move as (journal_id bigint, kind text, at timestamptz, customer_id bigint, customer_name text, order_no text, amount numeric);
comment on type api.channel_move is 'What one journal put into or took out of one recharge, credit positive.';
comment on column api.channel_move.customer_id is '? whose';
comment on column api.channel_move.customer_name is '? masked';

create function api.list_channel_moves(channel text, kinds text, from_on date, until_on date, by_effective boolean default true, before bigint default null, before_order text default null,
    maximum integer default 100) returns setof api.channel_move language plpgsql stable security definer
set search_path = '' set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off set plan_cache_mode = force_custom_plan as $$
declare f api.ledger_filter; numbers api.number_range; wanted text[] := string_to_array(kinds, ','); since timestamptz := pg_catalog.timezone('Asia/Shanghai', from_on::timestamp); until timestamptz := pg_catalog.timezone('Asia/Shanghai', (until_on + 1)::timestamp);
begin
    perform api.reader();
    if channel is null or api.accounts_named(channel || '_clearing') is null then perform api.broken('channel_unknown'); end if;
    if from_on is null or until_on is null or from_on > until_on then perform api.broken('period_ends_before_it_begins'); end if;
    if by_effective then f.effective_from := since; f.effective_until := until; else f.recorded_from := since; f.recorded_until := until; end if;
    numbers := api.number_range(f);
    -- The same ways in which a lot moves as in api.channel_of_movements, walked along the journals' numbers and stopped when the page is full.
    return query
    select j.id, j.kind::text, case when by_effective then j.effective_at else j.recorded_at end, j.customer_id, api.shown_name(c), m.order_no, m.amount
    from (select x.* from book.journals x where x.id > numbers.above and x.id < numbers.below and x.id <= coalesce(before, 9223372036854775807) order by x.id desc) j
    cross join lateral (
        select r.order_no, sum(r.amount) as amount from (
            select x.order_no, x.principal as amount from book.recharges x where x.journal_id = j.id and x.parent_id is null and x.channel = list_channel_moves.channel
            union all
            select x.order_no, -n.amount from book.consumptions n join book.recharges x on x.id = n.recharge_id where n.journal_id = j.id and x.channel = list_channel_moves.channel
            union all
            select x.order_no, -(l.amount_gross + l.amount_residual) from book.refund_legs l join book.recharges x on x.id = l.recharge_id
            where j.kind = 'refund_released' and j.document_kind = 'refund' and l.refund_id = case when j.document_kind = 'refund' then j.document_id::uuid end and x.channel = list_channel_moves.channel) r
        group by r.order_no) m
    left join book.customers c on c.id = j.customer_id
    where j.kind = any (wanted) and case when by_effective then j.effective_at else j.recorded_at end >= since and case when by_effective then j.effective_at else j.recorded_at end < until
      and m.amount <> 0 and (before is null or (j.id, m.order_no) < (before, coalesce(before_order, '')))
    order by j.id desc, m.order_no desc
    limit least(greatest(maximum, 1), 500);
end $$;
comment on function api.list_channel_moves(text, text, date, date, boolean, bigint, text, integer) is
    'ledger.channel_moves: Which recharges of a channel moved by journals of some kinds in some days, newest first: what a figure of the prepaid liability by channel is made of.';
grant execute on function api.list_channel_moves(text, text, date, date, boolean, bigint, text, integer) to kontor_people;
