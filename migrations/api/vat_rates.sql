-- vat_rates: which rate a product's revenue is taxed at, month by month. Finance says "from month M on product P is taxed at R",
-- a second person confirms, and the month's split (vat_splits.sql), papers (invoices.sql) and red letters follow by themselves.

create function api.vat_rate(of_product text, of_month date) returns numeric language sql stable as $$
    select v.rate from book.vat_rates v
    where v.product = of_product and v.from_month <= of_month and v.confirmed_at is not null
    order by v.from_month desc, v.confirmed_at desc limit 1
$$;
comment on function api.vat_rate(text, date) is 'The one rate of a product''s revenue in a month; of two rates from the same month, the one confirmed last.';

create function api.rate_parts(of_customer bigint, of_product text, wanted numeric) returns table (rate numeric, amount numeric, from_month date, until_month date)
language plpgsql stable as $$
begin
    -- A product that never had another rate has no months to be looked at.
    if not exists (select 1 from book.vat_rates v where v.product = of_product and v.from_month > '-infinity' and v.confirmed_at is not null) then
        return query select api.vat_rate(of_product, 'infinity'), wanted, null::date, null::date;
        return;
    end if;
    -- The register's months, oldest first (RA 8.1). A month is that of the effective instant, as in a split: usage that came late for a
    -- closed month took effect, and is taxed, in the next open one (1.4); its own dates stay as they are.
    return query
    with months as (
        select o.month, sum(o.open) over (order by o.month) as upto
        from api.open_income(array[of_customer]) o where o.product = of_product and o.open > 0
    ), laid as (
        -- Whole cents only: what is less than one goes on to the next month, as the invoiceable rest does (RA-23).
        select m.month, api.vat_rate(of_product, m.month) as rate, l.upto - lag(l.upto, 1, 0.00) over (order by m.month) as amount
        from months m cross join lateral (select least(wanted, floor(m.upto * 100) / 100) as upto) l
    ), parts as (
        select l.rate, sum(l.amount) as amount, min(l.month) as from_month, max(l.month) as until_month, count(*) over () > 1 as several
        from laid l where l.amount > 0 group by l.rate
    )
    select p.rate, p.amount, case when p.several then p.from_month end, case when p.several then p.until_month end from parts p order by p.from_month;
end $$;
comment on function api.rate_parts(bigint, text, numeric) is 'An amount of a paper by the rates of the months that it covers: laid over the customer''s open months, the oldest first, as the register falls. The months stand beside it where there are several rates.';

-- ── The history ────────────────────────────────────────────────────────────────────────────────────────────────

create view api.vat_rates as
select v.id, v.product, p.title_en, p.title_zh, nullif(v.from_month, '-infinity') as from_month, v.rate, v.reason,
       case when v.from_month = '-infinity' then 'confirmed' else api.proposal_state(v.proposed_by, v.confirmed_at, v.declined_by, v.declined_at) end as status,
       api.login_of(v.proposed_by) as proposed_by, v.proposed_at, api.login_of(v.confirmed_by) as confirmed_by, v.confirmed_at,
       api.login_of(v.declined_by) as declined_by, v.declined_at, v.declined_why
from book.vat_rates v join book.products p on p.code = v.product;
comment on view api.vat_rates is 'Rates by product and first month: in force, proposed, declined.';
comment on column api.vat_rates.from_month is '? the first month; from the beginning where there is none';
comment on column api.vat_rates.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.vat_rates.proposed_by is '? null for what was there before there was a history';
comment on column api.vat_rates.confirmed_by is '? null for the rate with which a product was added, and until confirmed';
comment on column api.vat_rates.confirmed_at is '?';
comment on column api.vat_rates.declined_by is '? who declined it or took it back';
comment on column api.vat_rates.declined_at is '?';
comment on column api.vat_rates.declined_why is '?';

create function api.shown_rates(of_product text) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'from_month', v.from_month, 'rate', trim_scale(v.rate)::text, 'reason', v.reason, 'status', v.status, 'proposed_by', v.proposed_by,
        'proposed_at', v.proposed_at, 'confirmed_by', v.confirmed_by, 'confirmed_at', v.confirmed_at, 'why', v.declined_why) order by v.from_month desc nulls last, v.proposed_at desc, v.id), '[]')
    from (select r.* from api.vat_rates r where r.product = of_product order by r.from_month desc nulls last, r.proposed_at desc limit 100) v
$$;
comment on function api.shown_rates(text) is 'A product''s rates as the catalogue shows them, the newest month first.';

create function api.rate_from(of_product text, of_month date, rate numeric) returns void language plpgsql stable as $$
declare barrier record;
begin
    if not exists (select 1 from book.products p where p.code = of_product) then perform api.broken('product_unknown'); end if;
    if coalesce(extract(day from of_month), 0) <> 1 then perform api.broken('vat_rate_not_from_a_month'); end if;
    if rate <> round(rate, 4) or rate < 0 or rate >= 1 then perform api.broken('product_rate_out_of_range'); end if;
    select * into barrier from book.vat_rate_barrier(of_product, of_month);
    if barrier.rule is not null then perform api.broken(barrier.rule, jsonb_build_object('month', to_char(barrier.month, 'YYYY-MM'))); end if;
    if rate = api.vat_rate(of_product, of_month) then perform api.broken('vat_rate_unchanged', jsonb_build_object('month', to_char(of_month, 'YYYY-MM'))); end if;
end $$;
comment on function api.rate_from(text, date, numeric) is 'Refuses a rate that cannot come into force from this month on: asked before it is shown, proposed and confirmed.';

-- ── What a new rate would change ───────────────────────────────────────────────────────────────────────────────

create type api.vat_rate_change as (product text, from_month date, until_month date, rate numeric, rate_before numeric, months jsonb, papers integer, papers_total numeric);
comment on type api.vat_rate_change is 'What a rate from a month on changes, and what it leaves as it is.';
comment on column api.vat_rate_change.until_month is '? the last month, where another rate follows that is confirmed already';
comment on column api.vat_rate_change.rate_before is 'in force for that month now';
comment on column api.vat_rate_change.months is '{{Array<{ month: IsoDate; rate: string; gross: Money; tax: Money; tax_before: Money }>}} months that have begun and are not split off yet: their tax then, and as it is now';
comment on column api.vat_rate_change.papers is 'papers that were issued for these months at another rate: they stay as they are';
comment on column api.vat_rate_change.papers_total is 'their lines on this product';

create function api.vat_rate_effect(of_product text, of_month date, of_rate numeric, at timestamptz) returns api.vat_rate_change language plpgsql stable as $$
declare answer api.vat_rate_change; next_change date;
begin
    select min(v.from_month) into next_change from book.vat_rates v where v.product = of_product and v.from_month > of_month and v.confirmed_at is not null;
    answer.product := of_product; answer.from_month := of_month; answer.until_month := (next_change - interval '1 month')::date;
    answer.rate := of_rate; answer.rate_before := api.vat_rate(of_product, of_month);
    select coalesce(jsonb_agg(jsonb_build_object('month', m.month, 'rate', trim_scale(l.rate)::text, 'gross', l.gross::text, 'tax', v.tax::text, 'tax_before', l.tax::text) order by m.month), '[]') into answer.months
    from (select s.month::date as month from generate_series(greatest(of_month, api.first_month())::timestamp, least(api.month_of(at), answer.until_month)::timestamp, interval '1 month') s (month) limit 24) m
    cross join lateral api.vat_lines(m.month) l cross join lateral api.split_vat(round(l.gross, 2), of_rate) v where l.product = of_product;
    -- What covers such a month was issued in it or later.
    select count(distinct i.id), coalesce(sum(l.amount_incl - l.red_lettered), 0) into answer.papers, answer.papers_total
    from book.invoices i join book.invoice_lines l on l.invoice_id = i.id and l.product = of_product and l.rate <> of_rate and l.amount_incl > l.red_lettered
    where i.issued_at >= api.month_start(of_month) and i.period_to >= of_month and (answer.until_month is null or i.period_from < next_change) and i.currency = 'CNY' and i.kind <> 'red_letter';
    return answer;
end $$;
comment on function api.vat_rate_effect(text, date, numeric, timestamptz) is 'The months whose tax a rate changes, to the cent, and the papers that it leaves alone.';

create function api.preview_vat_rate(product text, from_month date, rate numeric) returns api.vat_rate_change language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    perform api.rate_from(product, from_month, rate);
    return api.vat_rate_effect(product, from_month, rate, api.clock());
end $$;
comment on function api.preview_vat_rate(text, date, numeric) is 'vat.preview_rate: What a product''s rate from a month on would change before anybody proposes it: which months, their tax now and then, and how many papers stay as they are.';

-- ── One proposes, another confirms ─────────────────────────────────────────────────────────────────────────────

create function api.propose_vat_rate(command_id uuid, product text, from_month date, rate numeric, reason text) returns api.vat_rates language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'tax_clerk'); at timestamptz;
    body jsonb := jsonb_build_object('product', product, 'from_month', from_month, 'rate', rate, 'reason', reason);
begin
    if not api.repeated(command_id, 'vat.propose_rate', body) then
        at := api.clock();
        perform api.rate_from(product, from_month, rate);
        if api.tidy(reason) is null then perform api.broken('vat_rate_without_reason'); end if;
        insert into book.vat_rates (id, product, from_month, rate, reason, proposed_by, proposed_at) values (command_id, product, from_month, rate, api.tidy(reason), actor, at);
        perform api.record_event(command_id, 'vat.propose_rate', actor, at, 'vat_rate', command_id::text, null, body, body || jsonb_build_object('before', api.vat_rate(product, from_month)));
    end if;
    return (select v from api.vat_rates v where v.id = command_id);
end $$;
comment on function api.propose_vat_rate(uuid, text, date, numeric, text) is 'vat.propose_rate: An accountant or tax clerk proposes the rate of a product from the first day of a month on, and why.';

create function api.take_vat_rate(rate_id uuid) returns book.vat_rates language plpgsql volatile as $$
declare asked book.vat_rates;
begin
    select v.* into asked from book.vat_rates v where v.id = rate_id for update;
    if not found then perform api.broken('vat_rate_unknown'); end if;
    return asked;
end $$;
comment on function api.take_vat_rate(uuid) is 'Takes a proposed rate for a decision.';

create function api.check_vat_rate_open(asked book.vat_rates) returns void language plpgsql stable as $$
begin
    if asked.confirmed_at is not null then perform api.broken('vat_rate_already_confirmed'); end if;
    if asked.declined_at is not null then perform api.broken('vat_rate_already_declined'); end if;
end $$;
comment on function api.check_vat_rate_open(book.vat_rates) is 'A rate is decided once.';

create function api.confirm_vat_rate(command_id uuid, rate_id uuid) returns api.vat_rates language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.vat_rates := api.take_vat_rate(rate_id); body jsonb := jsonb_build_object('rate_id', rate_id);
begin
    if not api.repeated(command_id, 'vat.confirm_rate', body) then
        at := api.clock();
        perform api.check_vat_rate_open(asked);
        if asked.proposed_by = actor then perform api.broken('vat_rate_confirmed_by_proposer'); end if;
        -- Months may have been split or closed since it was proposed; the table looks again under the lock that a split takes.
        perform api.rate_from(asked.product, asked.from_month, asked.rate);
        update book.vat_rates v set confirmed_by = actor, confirmed_at = at where v.id = asked.id;
        perform api.record_event(command_id, 'vat.confirm_rate', actor, at, 'vat_rate', asked.id::text, null, body,
            jsonb_build_object('product', asked.product, 'from_month', asked.from_month, 'rate', asked.rate));
    end if;
    return (select v from api.vat_rates v where v.id = rate_id);
end $$;
comment on function api.confirm_vat_rate(uuid, uuid) is 'vat.confirm_rate: An approver, not the proposer, puts a rate in force. From its month on splits and papers take it; what was issued before stays as it is.';

create function api.decline_vat_rate(command_id uuid, rate_id uuid, reason text) returns api.vat_rates language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'accountant', 'tax_clerk'); at timestamptz; asked book.vat_rates := api.take_vat_rate(rate_id); body jsonb := jsonb_build_object('rate_id', rate_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'vat.decline_rate', body) then
        at := api.clock();
        perform api.check_vat_rate_open(asked);
        if asked.proposed_by is distinct from actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.vat_rates v set declined_by = actor, declined_at = at, declined_why = api.tidy(decline_vat_rate.reason) where v.id = asked.id;
        perform api.record_event(command_id, 'vat.decline_rate', actor, at, 'vat_rate', asked.id::text, null, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    return (select v from api.vat_rates v where v.id = rate_id);
end $$;
comment on function api.decline_vat_rate(uuid, uuid, text) is 'vat.decline_rate: An approver declines a rate, or whoever proposed it takes it back; both say why.';

grant execute on function api.preview_vat_rate(text, date, numeric), api.propose_vat_rate(uuid, text, date, numeric, text), api.confirm_vat_rate(uuid, uuid), api.decline_vat_rate(uuid, uuid, text) to kontor_people;
