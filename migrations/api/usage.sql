-- usage: consumption is charged to gifts and lots (A2: gift first, principal first-in-first-out by default), set-wise,
-- and which recharge paid for which usage stays on record.

create view api.purses as
select g.customer_id, null::bigint as recharge_id, g.id as gift_id, false as held, case when g.suspended_by is null then g.amount_left else g.amount_reserved end as amount, coalesce(g.expires_at, 'infinity') as ends_at, coalesce(g.expires_at, 'infinity') as turn
from book.gifts g where g.amount_left > 0 and (g.suspended_by is null or g.amount_reserved > 0)
union all
select r.customer_id, r.id, null, r.held_by_refund is not null, r.amount_left, 'infinity', r.paid_at
from book.recharges r left join book.refunds f on f.id = r.held_by_refund
where r.amount_left > 0 and r.earmarked_for is null and (f.id is null or f.status in ('requested', 'reviewed'));
comment on view api.purses is 'What can pay for usage: gifts, the first to expire first; lots, the first paid first. A lot held for a refund still pays until the approval (1.4, 3); an earmarked one never does; a gift that a legal override suspends pays only what is reserved of it (1.3).';

create function api.stage_usage(rows jsonb) returns void language plpgsql volatile as $$
begin
    if to_regclass('pg_temp.usage_totals') is null then
        create temporary table pg_temp.usage_rows (
            n integer, id bigint, verdict text, line integer, usage_key text, customer_id bigint, product text, used_from timestamptz, used_to timestamptz,
            amount numeric(20, 6), ends numeric) on commit delete rows;
        create temporary table pg_temp.usage_journals (
            customer_id bigint, journal_id bigint, effective_at timestamptz, document_id text, used_from timestamptz, used_last timestamptz, needed numeric,
            wallet numeric default 0, held numeric default 0, gift numeric default 0, owed numeric, gifts_from numeric default 0, gifts_upto numeric default 0,
            lots_from numeric default 0, lots_upto numeric default 0, can_pay_more boolean default false) on commit delete rows;
        create temporary table pg_temp.usage_purses (customer_id bigint, journal_id bigint, recharge_id bigint, gift_id bigint, held boolean, amount numeric(20, 6), lasts boolean,
            starts numeric, ends numeric, gives numeric(20, 6)) on commit delete rows;
        create temporary table pg_temp.usage_totals (customer_id bigint, journal_id bigint, product text, principal numeric, gift numeric, revenue numeric) on commit delete rows;
    end if;
    delete from pg_temp.usage_rows; delete from pg_temp.usage_journals; delete from pg_temp.usage_purses; delete from pg_temp.usage_totals;
    with told as materialized (
        select t.* from rows from (jsonb_to_recordset(rows) as (line integer, usage_key text, customer_ref text, product text, used_from timestamptz, used_to timestamptz, amount numeric))
            with ordinality t (line, usage_key, customer_ref, product, used_from, used_to, amount, n)
    ), held as materialized (
        select c.id, c.ref from book.customers c where c.ref in (select t.customer_ref from told t) order by c.id for update
    )
    insert into pg_temp.usage_rows (n, id, verdict, line, usage_key, customer_id, product, used_from, used_to, amount, ends)
    select t.n, nextval('book.usage_charges_id_seq'), case when h.id is null then 'usage_customer_unknown' end,
           t.line, t.usage_key, h.id, t.product, t.used_from, coalesce(t.used_to, t.used_from), t.amount::api.micros,
           sum(t.amount) over (partition by h.id order by t.used_from, t.product collate "C", t.usage_key collate "C" rows unbounded preceding)
    from told t left join held h on h.ref = t.customer_ref;
    analyze pg_temp.usage_rows (customer_id);
end $$;
comment on function api.stage_usage(jsonb) is 'Locks the customers of a batch of usage and spreads it out, customer by customer, each row with the number it will have. Everything behind it is written in this order, which is that of the indexes.';

create function api.sift_usage(rows jsonb, import_id uuid, at timestamptz) returns api.posting_counts language plpgsql volatile as $$
declare counts api.posting_counts;
begin
    -- The same number with another amount is not a repetition, and is not guessed at.
    update pg_temp.usage_rows u set verdict = case when f.amount = u.amount then 'repeated' else 'usage_differs' end
    from (select distinct on (x.usage_key) x.usage_key, x.n, x.amount from pg_temp.usage_rows x where x.verdict is null
            and x.usage_key in (select k.usage_key from pg_temp.usage_rows k group by 1 having count(*) > 1) order by x.usage_key, x.line, x.n) f
    where u.usage_key = f.usage_key and u.n <> f.n and u.verdict is null;
    update pg_temp.usage_rows u set verdict = case when b.amount = u.amount then 'repeated' else 'usage_differs' end
    from (select x.n, c.amount from pg_temp.usage_rows x cross join lateral (select b.amount from book.usage_charges b where b.usage_key = x.usage_key offset 0) c) b
    where b.n = u.n and u.verdict is distinct from 'usage_customer_unknown';
    insert into book.exceptions (kind, customer_id, import_id, line, source_row, happened_at, opened_at)
    select u.verdict, u.customer_id, import_id, u.line, s.source, u.used_from, at
    from pg_temp.usage_rows u, lateral (select rows -> (u.n - 1) as source) s
    where u.verdict in ('usage_customer_unknown', 'usage_differs')
      and not exists (select 1 from book.exceptions x where x.kind = u.verdict and x.resolved_at is null and x.source_row ->> 'usage_key' = u.usage_key
                      and (u.verdict = 'usage_customer_unknown' or x.source_row = s.source));
    select count(*) filter (where u.verdict is null), count(*) filter (where u.verdict = 'repeated'), count(*) filter (where u.verdict in ('usage_customer_unknown', 'usage_differs'))
    into counts from pg_temp.usage_rows u;
    delete from pg_temp.usage_rows u where u.verdict is not null;
    update pg_temp.usage_rows u set ends = s.ends
    from (select x.id, sum(x.amount) over (partition by x.customer_id order by x.used_from, x.product collate "C", x.usage_key collate "C" rows unbounded preceding) as ends from pg_temp.usage_rows x) s
    where s.id = u.id;
    return counts;
end $$;
comment on function api.sift_usage(jsonb, uuid, timestamptz) is 'Leaves of a staged batch what is to be charged: not what was charged before, nor what waits as an exception.';

create function api.allot_usage(gift_first boolean, import_id uuid, actor integer, at timestamptz) returns void language plpgsql volatile as $$
declare open_from timestamptz := (select c.soft_closed_before from book.closing c);
begin
    insert into pg_temp.usage_journals (customer_id, journal_id, effective_at, document_id, used_from, used_last, needed, owed)
    select u.customer_id, nextval('book.journals_id_seq'), case when u.used_to < open_from then api.postable_at(u.used_to, actor, at) else u.used_to end,
           coalesce(import_id::text, u.usage_key), u.used_from, u.used_last, u.needed, u.needed
    from (select x.customer_id, max(x.used_to) as used_to, min(x.usage_key collate "C") as usage_key, min(x.used_from) as used_from, max(x.used_from) as used_last, max(x.ends) as needed
          from pg_temp.usage_rows x group by 1 order by 1) u;
    analyze pg_temp.usage_journals (customer_id);
    -- Usage and what can pay for it are laid end to end for each customer; where two stretches overlap, that purse paid that much.
    with mine as materialized (
        select p.*, j.journal_id, j.needed, j.used_last
        from pg_temp.usage_journals j cross join lateral (select x.* from api.purses x where x.customer_id = j.customer_id and x.ends_at > j.used_from offset 0) p
    ), reach as (
        -- A gift that ends within the batch pays only for what was used before its end.
        select m.gift_id, sum(u.amount) as amount
        from mine m join pg_temp.usage_rows u on u.customer_id = m.customer_id and u.used_from < m.ends_at where m.ends_at <= m.used_last group by 1
    ), stood as (
        select m.*, coalesce(e.amount, m.needed) as reach, sum(m.amount) over turns as upto, coalesce(sum(m.amount) filter (where m.gift_id is null) over turns, 0) as lots_before,
               row_number() over turns as place
        from mine m left join reach e on e.gift_id = m.gift_id
        window turns as (partition by m.customer_id order by (m.gift_id is not null) <> gift_first, m.turn, coalesce(m.gift_id, m.recharge_id) rows unbounded preceding)
    ), shifted as (
        -- What a gift cannot reach leaves its place to the next purse: everything behind it moves forward by as much.
        select s.*, s.upto - s.amount + least(0, min(case when s.gift_id is not null then greatest(s.reach, s.lots_before) - s.upto end)
                                                 over (partition by s.customer_id order by s.place rows between unbounded preceding and 1 preceding)) as starts from stood s
    ), laid as (
        select t.*, case when t.gift_id is not null then least(t.starts + t.amount, greatest(t.reach, t.lots_before)) else t.starts + t.amount end as ends from shifted t
    )
    insert into pg_temp.usage_purses (customer_id, journal_id, recharge_id, gift_id, held, amount, lasts, starts, ends, gives)
    select l.customer_id, l.journal_id, l.recharge_id, l.gift_id, l.held, l.amount, l.ends_at > at, l.starts, l.ends, greatest(least(l.ends, l.needed) - l.starts, 0) from laid l;
    analyze pg_temp.usage_purses (customer_id);
    -- Gifts stand together and lots stand together, so each is one stretch of a customer's usage.
    update pg_temp.usage_journals j set wallet = p.wallet, held = p.held, gift = p.gift, owed = j.needed - p.wallet - p.held - p.gift,
        gifts_from = p.gifts_from, gifts_upto = p.gifts_upto, lots_from = p.lots_from, lots_upto = p.lots_upto, can_pay_more = p.can_pay_more
    from (select l.customer_id, coalesce(sum(l.gives) filter (where l.recharge_id is not null and not l.held), 0) as wallet, coalesce(sum(l.gives) filter (where l.held), 0) as held,
                 coalesce(sum(l.gives) filter (where l.gift_id is not null), 0) as gift,
                 coalesce(min(l.starts) filter (where l.gift_id is not null), 0) as gifts_from, coalesce(max(l.ends) filter (where l.gift_id is not null), 0) as gifts_upto,
                 coalesce(min(l.starts) filter (where l.recharge_id is not null), 0) as lots_from, coalesce(max(l.ends) filter (where l.recharge_id is not null), 0) as lots_upto,
                 bool_or(l.amount > l.gives and not l.held and l.lasts) as can_pay_more
          from pg_temp.usage_purses l group by 1) p
    where p.customer_id = j.customer_id;
end $$;
comment on function api.allot_usage(boolean, uuid, integer, timestamptz) is 'One journal for each customer of the staged usage, and what each of the customer''s purses gives for it.';

create function api.write_usage_charges() returns void language plpgsql volatile as $$
begin
    with charged as (
        insert into book.usage_charges (id, usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id) overriding system value
        select u.id, u.usage_key, u.customer_id, u.product, u.used_from, u.used_to, u.amount,
               case when j.gift = 0 then 0 else greatest(least(u.ends, j.gifts_upto) - greatest(u.ends - u.amount, j.gifts_from), 0) end,
               case when j.gift = 0 and j.owed = 0 then u.amount else greatest(least(u.ends, j.lots_upto) - greatest(u.ends - u.amount, j.lots_from), 0) end,
               case when j.owed = 0 then 0 else greatest(least(u.ends + j.owed - j.needed, u.amount), 0) end, j.journal_id
        from pg_temp.usage_rows u join pg_temp.usage_journals j on j.customer_id = u.customer_id
        returning customer_id, journal_id, product, amount, from_gift, from_principal
    )
    insert into pg_temp.usage_totals (customer_id, journal_id, product, principal, gift, revenue)
    select c.customer_id, c.journal_id, c.product, sum(c.from_principal), sum(c.from_gift), sum(c.amount) - sum(c.from_gift) from charged c group by 1, 2, 3;
    insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id)
    select u.id, l.recharge_id, l.gift_id, least(u.ends, l.ends) - greatest(u.ends - u.amount, l.starts), l.journal_id
    from pg_temp.usage_rows u join pg_temp.usage_purses l on l.customer_id = u.customer_id and l.gives > 0
    where l.starts < u.ends and l.ends > u.ends - u.amount;
    analyze pg_temp.usage_totals (customer_id);
    merge into book.consumed_totals t using pg_temp.usage_totals u on t.customer_id = u.customer_id and t.product = u.product
    when matched then update set consumed_principal = t.consumed_principal + u.principal, consumed_gift = t.consumed_gift + u.gift
    when not matched then insert (customer_id, product, consumed_principal, consumed_gift) values (u.customer_id, u.product, u.principal, u.gift);
end $$;
comment on function api.write_usage_charges() is 'The staged usage as charges, which purse paid for which of it, and what each customer has consumed of each product.';

create function api.write_usage_postings() returns void language plpgsql volatile as $$
begin
    insert into book.balances (customer_id, account_id, commodity, may_be_negative)
    select j.customer_id, book.account('receivable'), 'CNY', true from pg_temp.usage_journals j where j.owed > 0 on conflict do nothing;
    -- One line for each account of a customer, and one journal for each customer: a balance moves once.
    with moved as (
        update book.balances b set amount = b.amount - l.amount, sequence = b.sequence + 1
        from (select j.journal_id, j.customer_id, t.k, t.account_id, t.commodity, t.amount
              from pg_temp.usage_journals j
              cross join lateral (values (1, book.account('wallet'), 'CNY', j.wallet), (2, book.account('refund_hold'), 'CNY', j.held),
                                         (3, book.account('receivable'), 'CNY', j.owed), (5, book.account('wallet'), 'CNY.GIFT', j.gift)) t (k, account_id, commodity, amount)
              where t.amount <> 0) l
        where b.customer_id = l.customer_id and b.account_id = l.account_id and b.commodity = l.commodity
        returning l.journal_id, l.k, l.account_id, l.customer_id, l.commodity, l.amount, b.amount as balance_after, b.sequence
    )
    insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
    select l.journal_id, row_number() over (partition by l.journal_id order by l.k, l.account_id), l.account_id, l.customer_id, l.commodity, l.amount, l.balance_after, l.sequence
    from (select m.* from moved m
          union all select t.journal_id, 4, a.id, null, 'CNY', -t.revenue, null, null from pg_temp.usage_totals t join book.accounts a on a.code = 'revenue.' || t.product where t.revenue > 0
          union all select j.journal_id, 6, book.account('gift_used'), null, 'CNY.GIFT', -j.gift, null, null from pg_temp.usage_journals j where j.gift > 0) l;
end $$;
comment on function api.write_usage_postings() is 'The lines of a batch of usage: what each customer''s wallet, hold and gifts gave, what is owed, and the revenue of each product.';

create function api.charge_staged_usage(import_id uuid, actor integer, at timestamptz) returns void language plpgsql volatile as $$
begin
    perform api.allot_usage(api.policy('consume_order', at) #>> '{}' = 'gift_first', import_id, actor, at);
    perform api.write_usage_charges();
    insert into book.journals (id, kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause) overriding system value
    select j.journal_id, 'usage', j.customer_id, j.effective_at, at, actor, case when import_id is null then 'usage' else 'import' end, j.document_id, 'RA 9.3'
    from pg_temp.usage_journals j;
    perform api.write_usage_postings();

    update book.recharges r set amount_left = r.amount_left - p.gives from pg_temp.usage_purses p where p.recharge_id is not null and p.gives > 0 and r.id = p.recharge_id;
    update book.gifts g set amount_left = g.amount_left - p.gives, amount_reserved = case when g.suspended_by is null then least(g.amount_reserved, g.amount_left - p.gives) else g.amount_reserved - p.gives end
    from pg_temp.usage_purses p where p.gift_id is not null and p.gives > 0 and g.id = p.gift_id;
    update book.customers c set usage_suspended_at = at from pg_temp.usage_journals j where c.id = j.customer_id and c.usage_suspended_at is null and not j.can_pay_more;
    perform api.watch_ordered_amount(c.id, at) from pg_temp.usage_journals j join book.customers c on c.id = j.customer_id where c.ordered_amount is not null;
end $$;
comment on function api.charge_staged_usage(uuid, integer, timestamptz) is
    'Charges what is staged, one journal for each customer. Usage from before an application that is billed late takes its reserved gift and then the held principal until approval (1.4, 3); what nothing can pay becomes a receivable (1.4, 5).';

create function api.post_usage_rows(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' set jit = off set work_mem = '64MB' set random_page_cost = 1.1 set default_statistics_target = 10 as $$
declare counts api.posting_counts; told record; taken text;
begin
    perform api.stage_usage(rows);
    select count(*)::integer as rows, count(u.verdict) as strangers,
           min(u.line) filter (where p.code is null) as unknown, min(u.line) filter (where u.amount is null or u.amount <= 0 or u.used_from is null) as incomplete
    into told from pg_temp.usage_rows u left join book.products p on p.code = u.product;
    if told.unknown is not null then perform api.broken('product_unknown', jsonb_build_object('line', told.unknown)); end if;
    if told.incomplete is not null then perform api.broken('usage_row_incomplete', jsonb_build_object('line', told.incomplete)); end if;
    -- Most batches bring nothing twice, and the index that refuses a second time says so by itself: to ask it before, row by
    -- row, is a twentieth of the batch. Only what was refused is sifted.
    if told.rows > 0 and told.strangers = 0 then
        begin
            perform api.charge_staged_usage(import_id, actor, at);
            return row(told.rows, 0, 0);
        exception when unique_violation then
            get stacked diagnostics taken = constraint_name;
            if taken <> 'usage_key_taken' then raise; end if;
        end;
    end if;
    counts := api.sift_usage(rows, import_id, at);
    if counts.posted > 0 then perform api.charge_staged_usage(import_id, actor, at); end if;
    return counts;
end $$;
comment on function api.post_usage_rows(jsonb, uuid, integer, timestamptz) is
    'Charges usage set-wise; what was charged before is left out, what does not fit waits as an exception. What a batch touches is looked up and not read through, and its own tables are measured by a few rows.';

create function api.post_usage(command_id uuid, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); counts api.posting_counts; at timestamptz;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 50000 then perform api.broken('batch_too_large', '{"maximum": 50000}'); end if;
    if api.repeated(command_id, 'usage.post', rows) then
        return api.answer_before(command_id);
    end if;
    at := api.clock();
    counts := api.post_usage_rows(rows, null, actor, at);
    perform api.record_event(command_id, 'usage.post', actor, at, 'usage', null, null, rows,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', coalesce(counts.excepted, 0)));
    return row(counts.posted, counts.repeated, coalesce(counts.excepted, 0))::api.posting_result;
end $$;
comment on function api.post_usage(uuid, jsonb) is 'usage.post: A batch of billed usage from the platform''s own service, in the form of the usage file''s rows.';
grant execute on function api.post_usage(uuid, jsonb) to kontor_people;

create type api.billed_usage as (line integer, usage_key text, customer_ref text, product text, used_from timestamptz, used_to timestamptz, amount numeric);
comment on type api.billed_usage is 'One piece of billed usage as the platform tells it: the form of the usage file''s rows.';

create function api.charge_usage(u api.billed_usage, holder book.customers, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare
    gift_first boolean := api.policy('consume_order', at) #>> '{}' = 'gift_first'; used_to timestamptz := coalesce(u.used_to, u.used_from); purse api.purses; part numeric; rest numeric := u.amount;
    gift numeric := 0; wallet numeric := 0; held numeric := 0; lots bigint[] := '{}'; gifts bigint[] := '{}'; parts numeric[] := '{}'; journal bigint; charge bigint;
begin
    for purse in select p.* from api.purses p where p.customer_id = holder.id and p.ends_at > u.used_from
                 order by (p.gift_id is not null) <> gift_first, p.turn, coalesce(p.gift_id, p.recharge_id) loop
        part := least(rest, purse.amount);
        rest := rest - part;
        lots := lots || purse.recharge_id; gifts := gifts || purse.gift_id; parts := parts || part;
        if purse.gift_id is not null then
            gift := gift + part;
            update book.gifts g set amount_left = g.amount_left - part, amount_reserved = case when g.suspended_by is null then least(g.amount_reserved, g.amount_left - part) else g.amount_reserved - part end where g.id = purse.gift_id;
        else
            if purse.held then held := held + part; else wallet := wallet + part; end if;
            update book.recharges r set amount_left = r.amount_left - part where r.id = purse.recharge_id;
        end if;
        exit when rest = 0;
    end loop;
    journal := api.post_journal('usage', holder.id, api.postable_at(used_to, actor, at), at, actor, 'usage', u.usage_key,
        array['wallet', 'refund_hold', 'receivable', 'revenue.' || u.product, 'wallet', 'gift_used'], array['CNY', 'CNY', 'CNY', 'CNY', 'CNY.GIFT', 'CNY.GIFT'],
        array[wallet, held, rest, gift - u.amount, gift, -gift], 'RA 9.3');
    insert into book.usage_charges (usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id)
    values (u.usage_key, holder.id, u.product, u.used_from, used_to, u.amount, gift, wallet + held, rest, journal) returning id into charge;
    insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id)
    select charge, p.lot, p.gift, p.amount, journal from unnest(lots, gifts, parts) p (lot, gift, amount);
    update book.consumed_totals t set consumed_principal = t.consumed_principal + wallet + held, consumed_gift = t.consumed_gift + gift
    where t.customer_id = holder.id and t.product = u.product;
    if not found then
        insert into book.consumed_totals (customer_id, product, consumed_principal, consumed_gift) values (holder.id, u.product, wallet + held, gift);
    end if;
    if holder.usage_suspended_at is null and (purse.amount is not distinct from part or purse.held or purse.ends_at <= at or rest > 0)
       and not exists (select 1 from api.purses p where p.customer_id = holder.id and not p.held and p.ends_at > at) then
        update book.customers c set usage_suspended_at = at where c.id = holder.id;
    end if;
    if holder.ordered_amount is not null then perform api.watch_ordered_amount(holder.id, at); end if;
end $$;
comment on function api.charge_usage(api.billed_usage, book.customers, integer, timestamptz) is 'Charges one piece of usage as a batch would: the same purses in the same order.';

create function api.post_usage_row(command_id uuid, usage_row jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); at timestamptz; u api.billed_usage; holder book.customers; counts api.posting_counts := row(1, 0, 0);
begin
    if jsonb_typeof(usage_row) <> 'object' then perform api.broken('argument_invalid', '{"argument": "usage_row"}'); end if;
    u := jsonb_populate_record(null::api.billed_usage, usage_row);
    select c.* into holder from book.customers c where c.ref = u.customer_ref for update;
    if api.repeated(command_id, 'usage.post_one', usage_row) then return api.answer_before(command_id); end if;
    at := api.clock();
    if holder.id is null or u.used_from is null or u.amount is null or u.amount <= 0 or u.amount <> round(u.amount, 6)
       or exists (select 1 from book.usage_charges b where b.usage_key = u.usage_key) or not exists (select 1 from book.products p where p.code = u.product) then
        -- What is not plain goes the way of the batches, where each reason is said.
        counts := api.post_usage_rows(jsonb_build_array(usage_row), null, actor, at);
    else
        perform api.charge_usage(u, holder, actor, at);
    end if;
    perform api.record_event(command_id, 'usage.post_one', actor, at, 'usage', u.usage_key, holder.id, usage_row,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', counts.excepted));
    return row(counts.posted, counts.repeated, counts.excepted)::api.posting_result;
end $$;
comment on function api.post_usage_row(uuid, jsonb) is 'usage.post_one: One piece of billed usage from the platform''s own service, in the form of the usage file''s rows.';
grant execute on function api.post_usage_row(uuid, jsonb) to kontor_people;

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
    perform api.watch_ordered_amount(customer_id, at);
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
