-- income: the register of income not yet invoiced. Consumed principal by customer, product and effective month, less what
-- was given back; what papers were issued for is taken off the oldest month first (RA 8.1).

create function api.tend_income(done xid8, upto xid8, first_id bigint, last_id bigint) returns void language sql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
    insert into book.income_months as t (customer_id, product, month, amount)
    select u.customer_id, u.product, date_trunc('month', pg_catalog.timezone('Asia/Shanghai', j.effective_at))::date, sum(n.amount)
    from book.journals j join book.consumptions n on n.journal_id = j.id and n.journal_id between first_id and last_id and n.recharge_id is not null
    join book.usage_charges u on u.id = n.usage_id
    where j.recorded_tx >= done and j.recorded_tx < upto
    group by 1, 2, 3
    order by 1, 2, 3
    on conflict on constraint income_months_pkey do update set amount = t.amount + excluded.amount
$$;
comment on function api.tend_income(xid8, xid8, bigint, bigint) is 'Housekeeping: adds up consumed principal by customer and month as the horizon passes it, between the numbers of api.journals_between.';

create function api.income_by_month(customers bigint[] default null) returns table (customer_id bigint, product text, month date, amount numeric)
language sql stable security definer set search_path = '' set jit = off as $$
    select x.customer_id, x.product, x.month, sum(x.amount)
    from (select t.customer_id, t.product, t.month, t.amount from book.income_months t where customers is null or t.customer_id = any (customers)
          union all
          select u.customer_id, u.product, date_trunc('month', pg_catalog.timezone('Asia/Shanghai', j.effective_at))::date, n.amount
          from book.journals j join book.consumptions n on n.journal_id = j.id and n.recharge_id is not null join book.usage_charges u on u.id = n.usage_id
          where j.recorded_tx >= (select h.passed from book.horizon h) and (customers is null or u.customer_id = any (customers))) x
    group by 1, 2, 3
$$;
comment on function api.income_by_month(bigint[]) is 'Consumed principal less given back, by customer, product and month: the roll-up plus the tail beyond the horizon.';

create function api.open_income(customers bigint[] default null) returns table (customer_id bigint, product text, month date, income numeric, open numeric)
language sql stable security definer set search_path = '' set jit = off as $$
    with months as (select * from api.income_by_month(customers)),
    covered as (
        -- What is taken off: papers, and usage given back in a later month than it was consumed.
        select m.customer_id, m.product, coalesce(max(t.invoiced - t.red_lettered), 0) + coalesce(-sum(m.amount) filter (where m.amount < 0), 0) as amount
        from months m left join book.invoice_totals t on t.customer_id = m.customer_id and t.product = m.product group by 1, 2
    ), laid as (
        select m.*, sum(greatest(m.amount, 0)) over (partition by m.customer_id, m.product order by m.month) as upto from months m
    )
    select l.customer_id, l.product, l.month, l.amount, greatest(0, least(greatest(l.amount, 0), l.upto - c.amount))
    from laid l join covered c on c.customer_id = l.customer_id and c.product = l.product
$$;
comment on function api.open_income(bigint[]) is 'What of each month''s income no paper was issued for: the oldest month is covered first.';

create type api.income_row as (customer_id bigint, ref text, name text, kind text, open numeric, red_letter_due numeric, this_month numeric, last_month numeric, month_before numeric, older numeric,
    oldest_month date, months jsonb);
comment on type api.income_row is 'A customer''s income that no paper was issued for yet, by age.';
comment on column api.income_row.oldest_month is '? the oldest month with something open';
comment on column api.income_row.months is '{{Array<{ month: IsoDate; product: string; income: Money; open: Money }>}} month by month, oldest first, those that are not wholly covered';

create function api.list_income(search text default '', before_open numeric default null, before_customer_id bigint default null, maximum integer default 100) returns setof api.income_row
language sql stable security definer set search_path = '' set jit = off as $$
    with due as materialized (
        -- The running totals find whom to show; only the page's customers are then looked at month by month.
        select c.customer_id, sum(greatest(m.net, 0)) as open, sum(greatest(-m.net, 0)) as red
        from book.consumed_totals c left join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product
        cross join lateral (select c.consumed_principal - c.credited_back - coalesce(t.invoiced, 0) + coalesce(t.red_lettered, 0) as net) m
        where m.net <> 0 group by c.customer_id
    ), page as materialized (
        select d.* from (select api.reader()) r, due d
        where (api.tidy(search) is null or d.customer_id = any (api.customers_named(search, 500)))
          and (before_open is null or (d.open, d.customer_id) < (before_open, before_customer_id))
        order by d.open desc, d.customer_id desc limit least(greatest(maximum, 1), 500)
    ), ages as materialized (
        select o.*, (extract(year from age(t.m, o.month)) * 12 + extract(month from age(t.m, o.month)))::integer as age
        from (select api.month_of(api.clock()) as m) t, api.open_income(array(select p.customer_id from page p)) o
    )
    select p.customer_id, c.ref, api.shown_name(c), c.kind, p.open, p.red, coalesce(a.this_month, 0), coalesce(a.last_month, 0), coalesce(a.month_before, 0), coalesce(a.older, 0), a.oldest, coalesce(a.months, '[]')
    from page p join book.customers c on c.id = p.customer_id
    left join lateral (
        select sum(g.open) filter (where g.age <= 0) as this_month, sum(g.open) filter (where g.age = 1) as last_month, sum(g.open) filter (where g.age = 2) as month_before,
               sum(g.open) filter (where g.age > 2) as older, min(g.month) filter (where g.open > 0) as oldest,
               jsonb_agg(jsonb_build_object('month', g.month, 'product', g.product, 'income', g.income::text, 'open', g.open::text) order by g.month, g.product) filter (where g.open > 0) as months
        from ages g where g.customer_id = p.customer_id) a on true
    order by p.open desc, p.customer_id desc
$$;
comment on function api.list_income(text, numeric, bigint, integer) is 'income.list: Income that no paper was issued for yet, by customer and age, the largest first; covered oldest month first as papers are issued. What must be red-lettered instead stands beside it.';
grant execute on function api.list_income(text, numeric, bigint, integer) to kontor_people;

create type api.income_total as (open numeric, red_letter_due numeric, meter numeric, difference numeric, customers bigint, months jsonb);
comment on column api.income_total.meter is 'consumed − given back − invoiced + red-lettered, over all customers: what the invoices'' meter says';
comment on column api.income_total.difference is 'the register less the meter: nothing, or something is wrong';
comment on column api.income_total.months is '{{Array<{ month: IsoDate; income: Money; open: Money; customers: number }>}} by month, oldest first';

create function api.total_income() returns api.income_total language plpgsql stable security definer set search_path = '' set jit = off as $$
declare answer api.income_total;
begin
    perform api.reader();
    select coalesce(sum(m.open), 0), coalesce(jsonb_agg(jsonb_build_object('month', m.month, 'income', m.income::text, 'open', m.open::text, 'customers', m.customers) order by m.month), '[]')
    into answer.open, answer.months
    from (select o.month, sum(o.income) as income, sum(o.open) as open, count(distinct o.customer_id) filter (where o.open > 0) as customers from api.open_income() o group by 1) m;
    select coalesce(sum(greatest(-x.net, 0)), 0), coalesce(sum(x.net), 0), count(distinct x.customer_id) filter (where x.net > 0) into answer.red_letter_due, answer.meter, answer.customers
    from (select c.customer_id, c.consumed_principal - c.credited_back - coalesce(t.invoiced, 0) + coalesce(t.red_lettered, 0) as net
          from book.consumed_totals c left join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product) x;
    answer.difference := answer.open - answer.red_letter_due - answer.meter;
    return answer;
end $$;
comment on function api.total_income() is 'income.total: The register''s totals by month, and whether they agree with the invoices'' meter, which is counted by other hands; asked for beside the list.';
grant execute on function api.total_income() to kontor_people;
