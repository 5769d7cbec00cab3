-- VAT rates with a history. The state changes a rate from a month on; months before it keep theirs, and so do the papers
-- that cover them.

create table book.vat_rates (
    id uuid primary key,
    product text not null references book.products,
    from_month date not null constraint vat_rate_not_from_a_month check (from_month = '-infinity' or extract(day from from_month) = 1),
    rate numeric(6, 4) not null constraint product_rate_out_of_range check (rate >= 0 and rate < 1),
    reason text not null constraint vat_rate_without_reason check (btrim(reason) <> ''),
    proposed_by integer references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    constraint vat_rate_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by),
    constraint vat_rate_confirmed_by_nobody check (from_month = '-infinity' or (confirmed_at is null) = (confirmed_by is null)),
    constraint vat_rate_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1)
);
create index on book.vat_rates (product, from_month);
create index on book.vat_rates (proposed_at, id);
create unique index vat_rate_already_proposed on book.vat_rates (product, from_month) where confirmed_at is null and declined_at is null;
create unique index vat_rate_first_twice on book.vat_rates (product) where from_month = '-infinity';
comment on table book.vat_rates is 'Which rate a product''s revenue is taxed at, by the first month of each rate: the newest that is confirmed and not after the month. The first of a product came with the product and reaches back without end; every later one takes two people.';

-- Today's rates, from the beginning.
insert into book.vat_rates (id, product, from_month, rate, reason, proposed_at, confirmed_at)
select gen_random_uuid(), p.code, '-infinity', p.vat_rate, 'the rate of the product', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08' from book.products p;
alter table book.products drop column vat_rate;
comment on table book.products is 'What is consumed. Its VAT rates are in vat_rates.';

-- ── What is taxed stays as it was taxed ────────────────────────────────────────────────────────────────────────

create function book.vat_rate_barrier(of_product text, of_month date, out rule text, out month date) language plpgsql stable security definer set search_path = '' as $$
declare until_month date;
begin
    -- Months close in order, so the first one tells.
    if pg_catalog.timezone('Asia/Shanghai', of_month::timestamp) < (select c.closed_before from book.closing c)
       or exists (select 1 from book.periods p where p.month = of_month and p.status in ('close_proposed', 'closed', 'reopen_proposed')) then
        rule := 'vat_rate_month_closed'; month := of_month;
        return;
    end if;
    select min(v.from_month) into until_month from book.vat_rates v where v.product = of_product and v.from_month > of_month and v.confirmed_at is not null;
    select min(s.month) into month from book.vat_splits s
    where s.product = of_product and s.month >= of_month and (until_month is null or s.month < until_month)
      and not exists (select 1 from book.journals r where r.reverses = s.journal_id);
    if month is not null then rule := 'vat_rate_month_split'; end if;
end $$;
comment on function book.vat_rate_barrier(text, date) is 'Why a product''s rate may not change from a month on, and which month is in the way: months that are closed, or whose tax is split off, stay as they were taxed. A split that was reversed stands in nobody''s way.';

create function book.check_vat_rate() returns trigger language plpgsql security definer set search_path = '' as $$
declare barrier record;
begin
    -- A split holds the same row, so a month is split at the old rate or at the new one, never at one that is just changing.
    perform 1 from book.closing for update;
    select * into barrier from book.vat_rate_barrier(new.product, new.from_month);
    if barrier.rule is not null then
        raise exception '%', barrier.rule using errcode = '23514', constraint = barrier.rule, detail = jsonb_build_object('month', to_char(barrier.month, 'YYYY-MM'))::text;
    end if;
    return new;
end $$;
comment on function book.check_vat_rate() is 'No rate comes into force for a month that is closed or whose tax is split off, whatever function asks for it.';
create trigger check_vat_rate before insert or update on book.vat_rates for each row when (new.confirmed_at is not null and new.from_month > '-infinity') execute function book.check_vat_rate();

create function book.refuse_vat_rate_change() returns trigger language plpgsql set search_path = '' as $$
declare decision text[] := array['confirmed_by', 'confirmed_at', 'declined_by', 'declined_at', 'declined_why'];
begin
    if tg_op = 'UPDATE' and old.confirmed_at is null and old.declined_at is null and to_jsonb(new) - decision = to_jsonb(old) - decision then return new; end if;
    raise exception 'vat_rate_is_final' using errcode = '23514', constraint = 'vat_rate_is_final', detail = '{}';
end $$;
comment on function book.refuse_vat_rate_change() is 'A rate is decided once, and never changed or deleted after; another one from another month says otherwise.';
create trigger refuse_change before update or delete on book.vat_rates for each row execute function book.refuse_vat_rate_change();
create trigger refuse_truncate before truncate on book.vat_rates for each statement execute function book.refuse_vat_rate_change();
create trigger refuse_deputy_confirmed_by before insert or update on book.vat_rates for each row when (new.confirmed_by is not null) execute function book.refuse_deputy('confirmed_by', 'proposed_by');

-- ── A paper may have a product at two rates ────────────────────────────────────────────────────────────────────

alter table book.invoice_lines drop constraint invoice_lines_pkey, add primary key (invoice_id, product, rate), add column until_month date;
comment on table book.invoice_lines is 'One line for each product and VAT rate, split by it; totals are sums of lines. red_lettered is what red letters took back.';
comment on column book.invoice_lines.until_month is 'the last month that the line covers, where its product stands on the paper at several rates';

create or replace function book.count_invoice_line() returns trigger language plpgsql as $$
declare owner_id bigint; original uuid; unit text;
begin
    select i.customer_id, i.refers_to, i.currency into owner_id, original, unit from book.invoices i where i.id = new.invoice_id;
    if new.amount_incl > 0 and unit = 'CNY' then
        insert into book.invoice_totals as t (customer_id, product, invoiced) values (owner_id, new.product, new.amount_incl)
        on conflict on constraint invoice_totals_pkey do update set invoiced = t.invoiced + excluded.invoiced;
    elsif new.amount_incl < 0 then
        if unit = 'CNY' then
            update book.invoice_totals t set red_lettered = t.red_lettered - new.amount_incl where t.customer_id = owner_id and t.product = new.product;
        end if;
        -- At the rate at which it was invoiced.
        update book.invoice_lines l set red_lettered = l.red_lettered - new.amount_incl
        where l.invoice_id = original and l.product = new.product and l.rate = new.rate;
        if not found then
            raise exception 'red_letter_exceeds_line' using errcode = '23514', constraint = 'red_letter_exceeds_line';
        end if;
        update book.invoices i set red_lettered = i.red_lettered - new.amount_incl where i.id = original;
    end if;
    return null;
end $$;

alter table book.vat_rates owner to kontor_owner;
alter function book.vat_rate_barrier(text, date) owner to kontor_owner;
alter function book.check_vat_rate() owner to kontor_owner;
alter function book.refuse_vat_rate_change() owner to kontor_owner;
revoke execute on function book.vat_rate_barrier(text, date), book.check_vat_rate(), book.refuse_vat_rate_change() from public;
grant execute on function book.vat_rate_barrier(text, date) to kontor_api;
grant select, insert on book.vat_rates to kontor_api;
grant update (confirmed_by, confirmed_at, declined_by, declined_at, declined_why) on book.vat_rates to kontor_api;
