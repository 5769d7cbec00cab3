-- usage: consumption is charged to gifts and lots (A2: gift first, principal first-in-first-out by default), set-wise,
-- and which recharge paid for which usage stays on record.

create function api.post_usage_rows(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare counts api.posting_counts; gift_first boolean := api.policy('consume_order', at) #>> '{}' = 'gift_first'; unknown integer; lines record;
begin
    create temporary table if not exists pg_temp.usage_rows (
        again boolean, line integer, usage_key text, customer_id bigint, product text, used_from timestamptz, used_to timestamptz, amount numeric(20, 6),
        starts numeric, ends numeric, source jsonb) on commit delete rows;
    create temporary table if not exists pg_temp.usage_parts (usage_key text, customer_id bigint, product text, recharge_id bigint, gift_id bigint, held boolean, amount numeric(20, 6)) on commit delete rows;
    delete from pg_temp.usage_rows; delete from pg_temp.usage_parts;
    insert into pg_temp.usage_rows (again, line, usage_key, customer_id, product, used_from, used_to, amount, source)
    select row_number() over (partition by r.usage_key order by r.line) > 1, r.line, r.usage_key, c.id, r.product, r.used_from, coalesce(r.used_to, r.used_from), r.amount::api.micros, e.value
    from jsonb_array_elements(rows) e, jsonb_to_record(e.value) r (line integer, usage_key text, customer_ref text, product text, used_from timestamptz, used_to timestamptz, amount numeric)
         left join book.customers c on c.ref = r.customer_ref;
    analyze pg_temp.usage_rows;
    select min(u.line) into unknown from pg_temp.usage_rows u where not exists (select 1 from book.products p where p.code = u.product);
    if unknown is not null then perform api.broken('product_unknown', jsonb_build_object('line', unknown)); end if;
    select min(u.line) into unknown from pg_temp.usage_rows u where u.amount is null or u.amount <= 0 or u.used_from is null;
    if unknown is not null then perform api.broken('usage_row_incomplete', jsonb_build_object('line', unknown)); end if;

    perform 1 from book.customers c where c.id in (select u.customer_id from pg_temp.usage_rows u) order by c.id for update;
    insert into book.exceptions (kind, import_id, line, source_row, happened_at, opened_at)
    select 'usage_customer_unknown', import_id, u.line, u.source, u.used_from, at from pg_temp.usage_rows u
    where u.customer_id is null and not exists (select 1 from book.exceptions x where x.kind = 'usage_customer_unknown' and x.resolved_at is null and x.source_row ->> 'usage_key' = u.usage_key);
    select count(*) into counts.excepted from pg_temp.usage_rows u where u.customer_id is null;
    delete from pg_temp.usage_rows u where u.customer_id is null;
    -- The same number with another amount is not a repetition, and is not guessed at.
    with other as (
        delete from pg_temp.usage_rows u
        where exists (select 1 from book.usage_charges b where b.usage_key = u.usage_key and b.amount <> u.amount)
           or (u.again and exists (select 1 from pg_temp.usage_rows f where f.usage_key = u.usage_key and not f.again and f.amount <> u.amount)) returning *
    ), told as (
        insert into book.exceptions (kind, customer_id, import_id, line, source_row, happened_at, opened_at)
        select 'usage_differs', o.customer_id, import_id, o.line, o.source, o.used_from, at from other o
        where not exists (select 1 from book.exceptions x where x.kind = 'usage_differs' and x.resolved_at is null and x.source_row = o.source) returning 1)
    select counts.excepted + (select count(*) from other) into counts.excepted from (select count(*) from told) t;
    with gone as (
        delete from pg_temp.usage_rows u where u.again or exists (select 1 from book.usage_charges b where b.usage_key = u.usage_key) returning 1)
    select count(*) into counts.repeated from gone;
    select count(*) into counts.posted from pg_temp.usage_rows;
    if counts.posted = 0 then return counts; end if;

    update pg_temp.usage_rows u set ends = s.ends, starts = s.ends - u.amount
    from (select x.usage_key, sum(x.amount) over (partition by x.customer_id order by x.used_from, x.product, x.usage_key) as ends from pg_temp.usage_rows x) s
    where s.usage_key = u.usage_key;

    -- Nested loops over a misjudged temporary table have turned one second into twenty.
    perform set_config('enable_nestloop', 'off', true);
    -- Usage and what can pay for it are laid end to end for each customer; where two stretches overlap, that lot paid that much.
    with purses as (
        select g.customer_id, null::bigint as recharge_id, g.id as gift_id, false as held, g.amount_left as amount,
               (case when gift_first then 0 else 1 end) as rank, coalesce(g.expires_at, 'infinity') as first_key, g.id as second_key
        from book.gifts g where g.amount_left > 0 and (g.expires_at is null or g.expires_at > (select min(u.used_from) from pg_temp.usage_rows u where u.customer_id = g.customer_id)) and g.customer_id in (select u.customer_id from pg_temp.usage_rows u)
        union all
        select r.customer_id, r.id, null, r.held_by_refund is not null, r.amount_left, (case when gift_first then 1 else 0 end), r.paid_at, r.id
        from book.recharges r left join book.refunds f on f.id = r.held_by_refund
        where r.amount_left > 0 and r.earmarked_for is null and (f.id is null or f.status in ('requested', 'reviewed'))
          and r.customer_id in (select u.customer_id from pg_temp.usage_rows u)
    ), laid as (
        select p.*, sum(p.amount) over (partition by p.customer_id order by p.rank, p.first_key, p.second_key) as ends from purses p
    )
    insert into pg_temp.usage_parts (usage_key, customer_id, product, recharge_id, gift_id, held, amount)
    select u.usage_key, u.customer_id, u.product, l.recharge_id, l.gift_id, l.held, least(u.ends, l.ends) - greatest(u.starts, l.ends - l.amount)
    from pg_temp.usage_rows u join laid l on l.customer_id = u.customer_id
    where least(u.ends, l.ends) > greatest(u.starts, l.ends - l.amount);
    perform set_config('enable_nestloop', 'on', true);
    analyze pg_temp.usage_parts;

    with written as (
        insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause)
        select 'usage', u.customer_id, max(u.used_to), at, actor, case when import_id is null then 'usage' else 'import' end, coalesce(import_id::text, min(u.usage_key)), 'RA 9.3'
        from pg_temp.usage_rows u group by u.customer_id order by u.customer_id
        returning id, customer_id
    ), paid as (
        select p.usage_key, coalesce(sum(p.amount) filter (where p.gift_id is not null), 0) as gift, coalesce(sum(p.amount) filter (where p.recharge_id is not null), 0) as principal
        from pg_temp.usage_parts p group by p.usage_key
    ), charged as (
        insert into book.usage_charges (usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id)
        select u.usage_key, u.customer_id, u.product, u.used_from, u.used_to, u.amount, coalesce(p.gift, 0), coalesce(p.principal, 0),
               u.amount - coalesce(p.gift, 0) - coalesce(p.principal, 0), w.id
        from pg_temp.usage_rows u join written w on w.customer_id = u.customer_id left join paid p on p.usage_key = u.usage_key
        returning id, usage_key, customer_id, product, from_gift, from_principal, uncollected, amount, journal_id
    ), traced as (
        insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id)
        select c.id, p.recharge_id, p.gift_id, p.amount, c.journal_id from pg_temp.usage_parts p join charged c on c.usage_key = p.usage_key
    ), totalled as (
        insert into book.consumed_totals as t (customer_id, product, consumed_principal, consumed_gift)
        select c.customer_id, c.product, sum(c.from_principal), sum(c.from_gift) from charged c group by 1, 2
        on conflict on constraint consumed_totals_pkey do update
            set consumed_principal = t.consumed_principal + excluded.consumed_principal, consumed_gift = t.consumed_gift + excluded.consumed_gift
    ), drawn as (
        select w.id as journal_id, p.customer_id, sum(p.amount) filter (where p.gift_id is not null) as gift,
               sum(p.amount) filter (where p.recharge_id is not null and not p.held) as wallet, sum(p.amount) filter (where p.held) as held
        from pg_temp.usage_parts p join written w on w.customer_id = p.customer_id group by 1, 2
    ), l as (
        select d.journal_id, 1 as k, 'wallet' as code, d.customer_id as customer, 'CNY' as unit, d.wallet as amount from drawn d where d.wallet > 0
        union all select d.journal_id, 2, 'refund_hold', d.customer_id, 'CNY', d.held from drawn d where d.held > 0
        union all select c.journal_id, 3, 'receivable', c.customer_id, 'CNY', sum(c.uncollected) from charged c group by 1, 4 having sum(c.uncollected) > 0
        union all select c.journal_id, 4, 'revenue.' || c.product, null, 'CNY', -sum(c.amount - c.from_gift) from charged c group by 1, 3 having sum(c.amount - c.from_gift) > 0
        union all select d.journal_id, 5, 'wallet', d.customer_id, 'CNY.GIFT', d.gift from drawn d where d.gift > 0
        union all select d.journal_id, 6, 'gift_used', null, 'CNY.GIFT', -d.gift from drawn d where d.gift > 0
    )
    select array_agg(l.journal_id order by l.journal_id, l.k) as journals, array_agg(l.code order by l.journal_id, l.k) as codes,
           array_agg(l.customer order by l.journal_id, l.k) as customers, array_agg(l.unit order by l.journal_id, l.k) as units, array_agg(l.amount order by l.journal_id, l.k) as amounts
    into lines from l;
    perform api.write_postings(lines.journals, lines.codes, lines.customers, lines.units, lines.amounts);

    update book.recharges r set amount_left = r.amount_left - d.amount
    from (select p.recharge_id, sum(p.amount) as amount from pg_temp.usage_parts p where p.recharge_id is not null group by 1) d where r.id = d.recharge_id;
    update book.gifts g set amount_left = g.amount_left - d.amount, amount_reserved = least(g.amount_reserved, g.amount_left - d.amount)
    from (select p.gift_id, sum(p.amount) as amount from pg_temp.usage_parts p where p.gift_id is not null group by 1) d where g.id = d.gift_id;
    update book.customers c set usage_suspended_at = at
    where c.id in (select u.customer_id from pg_temp.usage_rows u) and c.usage_suspended_at is null
      and not exists (select 1 from book.balances b join book.accounts a on a.id = b.account_id where b.customer_id = c.id and a.code = 'wallet' and b.commodity = 'CNY' and b.amount > 0)
      and not exists (select 1 from book.gifts g where g.customer_id = c.id and g.amount_left > 0 and (g.expires_at is null or g.expires_at > at));
    return counts;
end $$;
comment on function api.post_usage_rows(jsonb, uuid, integer, timestamptz) is
    'Charges usage set-wise, one journal for each customer. Usage from before an application that is billed late takes its reserved gift and then the held principal until approval (1.4, 3); what nothing can pay becomes a receivable (1.4, 5).';

create function api.post_usage(command_id uuid, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); counts api.posting_counts; at timestamptz;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 50000 then perform api.broken('batch_too_large', '{"maximum": 50000}'); end if;
    if api.repeated(command_id, 'usage.post', rows) then
        return (select row((e.detail ->> 'posted')::integer, (e.detail ->> 'repeated')::integer, (e.detail ->> 'exceptions')::integer)::api.posting_result
                from book.audit_events e where e.command_id = post_usage.command_id);
    end if;
    at := api.clock();
    counts := api.post_usage_rows(rows, null, actor, at);
    perform api.record_event(command_id, 'usage.post', actor, at, 'usage', null, null, rows,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', coalesce(counts.excepted, 0)));
    return row(counts.posted, counts.repeated, coalesce(counts.excepted, 0))::api.posting_result;
end $$;
comment on function api.post_usage(uuid, jsonb) is 'usage.post: A batch of billed usage from the platform''s own service, in the form of the usage file''s rows.';
grant execute on function api.post_usage(uuid, jsonb) to kontor_people;

create function api.collect_receivable(customer_id bigint, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare owed record; lot record; part numeric; left_to_pay numeric; moved numeric := 0; journal bigint; paid_parts jsonb := '[]'; piece record;
begin
    for owed in select u.id, u.product, u.uncollected from book.usage_charges u where u.customer_id = collect_receivable.customer_id and u.uncollected > 0 order by u.used_from, u.id loop
        left_to_pay := owed.uncollected;
        for lot in select r.id, r.amount_left from book.recharges r where r.customer_id = collect_receivable.customer_id and r.amount_left > 0
                   and r.held_by_refund is null and r.refunded_by is null and r.earmarked_for is null order by r.paid_at, r.id for update loop
            exit when left_to_pay = 0;
            part := least(left_to_pay, lot.amount_left);
            update book.recharges r set amount_left = r.amount_left - part where r.id = lot.id;
            paid_parts := paid_parts || jsonb_build_object('usage', owed.id, 'lot', lot.id, 'product', owed.product, 'amount', part);
            left_to_pay := left_to_pay - part; moved := moved + part;
        end loop;
        update book.usage_charges u set from_principal = u.from_principal + owed.uncollected - left_to_pay, uncollected = left_to_pay where u.id = owed.id;
        exit when left_to_pay > 0;
    end loop;
    if moved = 0 then return; end if;
    journal := api.post_journal('usage', customer_id, at, at, actor, 'receivable', customer_id::text, array['wallet', 'receivable'], array['CNY', 'CNY'], array[moved, -moved], 'RA 9.3');
    for piece in select p.usage, p.lot, p.product, p.amount from jsonb_to_recordset(paid_parts) p (usage bigint, lot bigint, product text, amount numeric) loop
        insert into book.consumptions (usage_id, recharge_id, amount, journal_id) values (piece.usage, piece.lot, piece.amount, journal);
        insert into book.consumed_totals as t (customer_id, product, consumed_principal) values (customer_id, piece.product, piece.amount)
        on conflict on constraint consumed_totals_pkey do update set consumed_principal = t.consumed_principal + excluded.consumed_principal;
    end loop;
end $$;
comment on function api.collect_receivable(bigint, integer, timestamptz) is 'The next ordinary recharge pays first what usage is still owed (1.4, 5; RA 9.3), oldest first.';

-- ── Unbilled usage ────────────────────────────────────────────────────────────────────────────

create type api.unbilled_report as (customer_id bigint, amount numeric, metered_until timestamptz);
create function api.report_unbilled(command_id uuid, customer_ref text, amount api.micros, metered_until timestamptz) returns api.unbilled_report
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); at timestamptz; customer bigint;
    body jsonb := jsonb_build_object('customer_ref', customer_ref, 'amount', amount, 'metered_until', metered_until);
begin
    select c.id into customer from book.customers c where c.ref = customer_ref;
    perform api.lock_customer(customer);
    if not api.repeated(command_id, 'usage.report_unbilled', body) then
        at := api.clock();
        insert into book.unbilled_reports (customer_id, amount, metered_until, reported_at, reported_by) values (customer, amount, metered_until, at, actor);
        perform api.record_event(command_id, 'usage.report_unbilled', actor, at, 'customer', customer::text, customer, body, jsonb_build_object('amount', amount::text));
    end if;
    return row(customer, amount, metered_until)::api.unbilled_report;
end $$;
comment on function api.report_unbilled(uuid, text, api.micros, timestamptz) is 'usage.report_unbilled: What the platform has metered, or is due, and has not billed yet for a customer; the last report counts (RA 9.3).';
grant execute on function api.report_unbilled(uuid, text, api.micros, timestamptz) to kontor_people;

create function api.unbilled(customer_id bigint, known_at timestamptz default null) returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce((
        select greatest(0, u.amount - (select coalesce(sum(c.amount), 0) from book.usage_charges c join book.journals j on j.id = c.journal_id
                                       where c.customer_id = u.customer_id and j.recorded_at > u.reported_at and c.used_to <= u.metered_until
                                         and (known_at is null or j.recorded_at <= known_at)))
        from book.unbilled_reports u where u.customer_id = unbilled.customer_id and (known_at is null or u.reported_at <= known_at) order by u.id desc limit 1), 0)
$$;
comment on function api.unbilled(bigint, timestamptz) is 'Usage metered and not billed yet: the last report, less what was billed of it since (six decimals).';
