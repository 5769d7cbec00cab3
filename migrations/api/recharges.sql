-- recharges: the platform's orders become principal and gifts (RA 2.1, 5.1, 6.1, 6.2).
-- The platform's own service and the order file go through the same function.

create function api.upsert_customers(rows jsonb, at timestamptz) returns void language sql volatile security definer set search_path = '' as $$
    insert into book.customers as c (ref, name, kind, phone, email, real_name_verified, search_key, created_at)
    select distinct on (r.customer_ref) r.customer_ref, r.customer_name, coalesce(r.customer_kind, 'personal'), r.phone, r.email,
           coalesce(r.real_name_verified, false), coalesce(r.search_key, lower(r.customer_name)), at
    from jsonb_to_recordset(rows) r (line integer, order_no text, customer_ref text, customer_name text, customer_kind text, phone text, email text,
                                     real_name_verified boolean, search_key text)
    where r.customer_ref is not null and r.customer_name is not null
      -- An order that the books know already says nothing new about its customer.
      and not exists (select 1 from book.recharges b where b.order_no = r.order_no)
    order by r.customer_ref, r.line desc
    on conflict (ref) do update
        set name = excluded.name, kind = excluded.kind, phone = coalesce(excluded.phone, c.phone), email = coalesce(excluded.email, c.email),
            real_name_verified = excluded.real_name_verified, search_key = excluded.search_key
        where (c.name, c.kind, c.phone, c.email, c.real_name_verified, c.search_key)
              is distinct from (excluded.name, excluded.kind, coalesce(excluded.phone, c.phone), coalesce(excluded.email, c.email), excluded.real_name_verified, excluded.search_key)
$$;
comment on function api.upsert_customers(jsonb, timestamptz) is 'Account holders as the platform tells them with its orders; the last word wins.';

create function api.post_recharge_rows(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare counts api.posting_counts; minimum numeric := (api.policy('recharge_minimum', at) #>> '{}')::numeric; lines record; debtor bigint;
begin
    perform api.upsert_customers(rows, at);
    perform 1 from book.customers c
    where c.ref in (select r.customer_ref from jsonb_to_recordset(rows) r (customer_ref text)) order by c.id for update;

    create temporary table if not exists pg_temp.order_rows (
        n integer, again boolean, line integer, order_no text, customer_id bigint, verified boolean, kind text, principal numeric, gift numeric, activity text,
        channel text, payer_name text, payer_account text, payer_is_holder boolean, agreement_version text, paid_at timestamptz,
        provider_no text, source jsonb, verdict text, waiting bigint, journal_id bigint) on commit delete rows;
    delete from pg_temp.order_rows;
    insert into pg_temp.order_rows
    select row_number() over (order by r.paid_at, r.line), row_number() over (partition by r.order_no order by r.paid_at, r.line) > 1, r.line, r.order_no, c.id, c.real_name_verified, r.kind, r.principal, coalesce(r.gift, 0), r.activity,
           r.channel, r.payer_name, r.payer_account, coalesce(r.payer_is_holder, false), r.agreement_version, r.paid_at, nullif(r.provider_no, ''), e.value, null, null, null
    from jsonb_array_elements(rows) e,
         jsonb_to_record(e.value) r (line integer, order_no text, customer_ref text, kind text, principal numeric, gift numeric, activity text, channel text,
            payer_name text, payer_account text, payer_is_holder boolean, agreement_version text, paid_at timestamptz, provider_no text)
         left join book.customers c on c.ref = r.customer_ref;

    analyze pg_temp.order_rows;
    update pg_temp.order_rows o set verdict = case
        when b.order_no is not null and (b.principal, b.channel, b.customer_id) = (o.principal, o.channel, o.customer_id) then 'repeated'
        when b.order_no is not null then 'order_differs'
        when o.customer_id is null or o.principal is null or o.principal <= 0 or o.principal <> round(o.principal, 2) or o.paid_at is null or o.kind not in ('package', 'custom')
             or o.gift < 0 or o.gift <> round(o.gift, 2) then 'row_not_understood'
        when o.channel is null or o.channel not in ('alipay', 'wechat') then 'channel_not_supported'
        when not o.verified then 'recharge_not_verified'
        when o.principal < minimum then 'recharge_below_minimum'
        when not exists (select 1 from book.agreement_versions v where v.version = o.agreement_version and v.effective_at <= o.paid_at) then 'agreement_unknown'
        when o.gift > 0 and not exists (select 1 from book.activities a where a.code = o.activity) then 'activity_unknown'
        when o.again and exists (select 1 from pg_temp.order_rows f where f.order_no = o.order_no and f.n < o.n and (f.principal, f.channel, f.customer_id) is distinct from (o.principal, o.channel, o.customer_id)) then 'order_differs'
        when o.again then 'repeated'
        else 'posted' end
    from pg_temp.order_rows s left join book.recharges b on b.order_no = s.order_no
    where s.n = o.n;
    -- Without fresh figures the planner takes the verdicts for one row, and nests loops over thousands.
    analyze pg_temp.order_rows;

    -- A payment that came before its order waits in suspense: same number and amount, and the order takes it from there.
    update pg_temp.order_rows o set waiting = x.id from book.exceptions x
    where o.verdict = 'posted' and x.kind = 'payment_without_order' and x.resolved_at is null and x.order_no = o.order_no and x.channel = o.channel and x.amount = o.principal;
    update pg_temp.order_rows o set verdict = 'amount_differs' from book.exceptions x
    where o.verdict = 'posted' and o.waiting is null and x.kind = 'payment_without_order' and x.resolved_at is null and x.order_no = o.order_no and x.channel = o.channel;

    with written as (
        insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause)
        select 'recharge', o.customer_id, o.paid_at, at, actor, 'recharge', o.order_no, 'RA 2.1'
        from pg_temp.order_rows o where o.verdict = 'posted' order by o.n
        returning id, document_id)
    update pg_temp.order_rows o set journal_id = w.id from written w where w.document_id = o.order_no and o.verdict = 'posted';

    with lots as (
        insert into book.recharges (order_no, customer_id, kind, channel, principal, amount_left, payer_name, payer_account, payer_is_holder,
                                    agreement_version, paid_at, provider_no, confirmed_at, journal_id)
        select o.order_no, o.customer_id, o.kind, o.channel, o.principal, o.principal, o.payer_name, o.payer_account, o.payer_is_holder,
               o.agreement_version, o.paid_at, coalesce(o.provider_no, x.provider_no), case when o.waiting is not null then at end, o.journal_id
        from pg_temp.order_rows o left join book.exceptions x on x.id = o.waiting where o.verdict = 'posted' order by o.n
        returning id, order_no, customer_id)
    insert into book.gifts (customer_id, recharge_id, activity, amount, amount_left, granted_at, expires_at, journal_id)
    select l.customer_id, l.id, o.activity, o.gift, o.gift, o.paid_at, o.paid_at + a.gift_expires_after, o.journal_id
    from lots l join pg_temp.order_rows o on o.order_no = l.order_no and o.verdict = 'posted' join book.activities a on a.code = o.activity
    where o.gift > 0 order by o.n;

    select array_agg(l.journal_id order by l.n, l.k) as journals, array_agg(l.code order by l.n, l.k) as codes, array_agg(l.customer order by l.n, l.k) as customers,
           array_agg(l.unit order by l.n, l.k) as units, array_agg(l.amount order by l.n, l.k) as amounts
    into lines from (
        select o.n, 1 as k, o.journal_id, case when o.waiting is null then o.channel || '_clearing' else 'suspense' end as code, null::bigint as customer, 'CNY' as unit, o.principal as amount
        from pg_temp.order_rows o where o.verdict = 'posted'
        union all select o.n, 2, o.journal_id, 'wallet', o.customer_id, 'CNY', -o.principal from pg_temp.order_rows o where o.verdict = 'posted'
        union all select o.n, 3, o.journal_id, 'gift_granted', null, 'CNY.GIFT', o.gift from pg_temp.order_rows o where o.verdict = 'posted' and o.gift > 0
        union all select o.n, 4, o.journal_id, 'wallet', o.customer_id, 'CNY.GIFT', -o.gift from pg_temp.order_rows o where o.verdict = 'posted' and o.gift > 0) l;
    if lines.journals is not null then
        perform api.write_postings(lines.journals, lines.codes, lines.customers, lines.units, lines.amounts);
    end if;

    update book.statement_rows s set recharge_id = r.id
    from pg_temp.order_rows o join book.recharges r on r.order_no = o.order_no
    where o.verdict = 'posted' and o.waiting is not null and s.order_no = o.order_no and s.kind = 'payment' and s.recharge_id is null;
    update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'order_arrived', proposed_at = null, proposed_by = null
    from pg_temp.order_rows o where o.verdict = 'posted' and x.resolved_at is null and x.order_no = o.order_no
      and (x.id = o.waiting or x.kind in ('recharge_not_verified', 'recharge_below_minimum', 'agreement_unknown', 'activity_unknown', 'channel_not_supported'));

    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount, import_id, line, source_row, happened_at, opened_at)
    select o.verdict, o.channel, o.order_no, o.provider_no, o.customer_id, o.principal, import_id, o.line, o.source, o.paid_at, at
    from pg_temp.order_rows o where o.verdict not in ('posted', 'repeated')
      and not exists (select 1 from book.exceptions x where x.order_no = o.order_no and x.kind = o.verdict and x.resolved_at is null)
    order by o.n;

    -- A statement that covers the day of payment was read before its order, and does not show it.
    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount_expected, import_id, line, happened_at, opened_at)
    select 'order_without_payment', o.channel, o.order_no, o.provider_no, o.customer_id, o.principal, import_id, o.line, o.paid_at, at
    from pg_temp.order_rows o
    where o.verdict = 'posted' and o.waiting is null
      and exists (select 1 from book.imports i where i.kind = 'statement_' || o.channel and i.status = 'posted'
                  and o.paid_at >= (i.totals ->> 'from')::timestamptz and o.paid_at < (i.totals ->> 'to')::timestamptz)
    order by o.n;

    update book.customers c set usage_suspended_at = null
    from pg_temp.order_rows o where o.verdict = 'posted' and c.id = o.customer_id and c.usage_suspended_at is not null;
    for debtor in select distinct u.customer_id from book.usage_charges u join pg_temp.order_rows o on o.customer_id = u.customer_id and o.verdict = 'posted'
                  where u.uncollected > 0 order by 1 loop
        perform api.collect_receivable(debtor, actor, at);
    end loop;

    select count(*) filter (where verdict = 'posted'), count(*) filter (where verdict = 'repeated'), count(*) filter (where verdict not in ('posted', 'repeated'))
    into counts from pg_temp.order_rows;
    return counts;
end $$;
comment on function api.post_recharge_rows(jsonb, uuid, integer, timestamptz) is
    'Posts orders set-wise: principal to the wallet as a prepayment (RA 2.1), the gift as its own commodity (RA 6.2). An order that may not be credited becomes an exception with its reason (RA-03, RA-04, RA-07); a payment that waited in suspense is taken from there.';

create function api.post_recharges(command_id uuid, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); counts api.posting_counts; at timestamptz;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 5000 then perform api.broken('batch_too_large', '{"maximum": 5000}'); end if;
    if api.repeated(command_id, 'recharges.post', rows) then
        return (select row((e.detail ->> 'posted')::integer, (e.detail ->> 'repeated')::integer, (e.detail ->> 'exceptions')::integer)::api.posting_result
                from book.audit_events e where e.command_id = post_recharges.command_id);
    end if;
    at := api.clock();
    counts := api.post_recharge_rows(rows, null, actor, at);
    perform api.record_event(command_id, 'recharges.post', actor, at, 'recharges', null, null, rows,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', counts.excepted));
    return row(counts.posted, counts.repeated, counts.excepted)::api.posting_result;
end $$;
comment on function api.post_recharges(uuid, jsonb) is 'recharges.post: Up to 5,000 paid orders from the platform''s own service, in the form of the order file''s rows.';
grant execute on function api.post_recharges(uuid, jsonb) to kontor_people;

-- ── Agreements, activities, products: data that orders and usage name ─────────────────────────────────────────

create view api.agreement_versions as select v.version, v.announced_at, v.effective_at from book.agreement_versions v;
create view api.activities as select a.code, a.title, a.on_recharge_refunded, a.voids_on_application from book.activities a;
create view api.products as select p.code, p.title_en, p.title_zh, p.vat_rate from book.products p;

create function api.add_agreement_version(command_id uuid, version text, announced_at timestamptz, effective_at timestamptz) returns api.agreement_versions
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); body jsonb := jsonb_build_object('version', version, 'announced_at', announced_at, 'effective_at', effective_at); answer api.agreement_versions;
begin
    if not api.repeated(command_id, 'agreements.add', body) then
        if exists (select 1 from book.agreement_versions v where v.version = add_agreement_version.version) then perform api.broken('agreement_version_taken'); end if;
        insert into book.agreement_versions (version, announced_at, effective_at) values (version, announced_at, effective_at);
        perform api.record_event(command_id, 'agreements.add', actor, api.clock(), 'agreement_version', version, null, body, body);
    end if;
    select v.* into answer from api.agreement_versions v where v.version = add_agreement_version.version;
    return answer;
end $$;
comment on function api.add_agreement_version(uuid, text, timestamptz, timestamptz) is 'agreements.add: A version of the recharge agreement; it must be announced before it takes effect (RA 1).';
grant execute on function api.add_agreement_version(uuid, text, timestamptz, timestamptz) to kontor_people;

create function api.add_activity(command_id uuid, code text, title text, gift_days integer default null, on_recharge_refunded text default 'keep') returns api.activities
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); answer api.activities; at timestamptz := api.clock();
    body jsonb := jsonb_build_object('code', code, 'title', title, 'gift_days', gift_days, 'on_recharge_refunded', on_recharge_refunded);
begin
    if not api.repeated(command_id, 'activities.add', body) then
        if exists (select 1 from book.activities a where a.code = add_activity.code) then perform api.broken('activity_taken'); end if;
        insert into book.activities (code, title, gift_expires_after, on_recharge_refunded, created_at)
        values (code, title, make_interval(days => gift_days), on_recharge_refunded, at);
        perform api.record_event(command_id, 'activities.add', actor, at, 'activity', code, null, body, body);
    end if;
    select a.* into answer from api.activities a where a.code = add_activity.code;
    return answer;
end $$;
comment on function api.add_activity(uuid, text, text, integer, text) is 'activities.add: A gift activity and the rules that its gifts follow (RA 6.2, A9).';
grant execute on function api.add_activity(uuid, text, text, integer, text) to kontor_people;

create function api.add_product(command_id uuid, code text, title_en text, title_zh text, vat_rate numeric) returns api.products
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); answer api.products;
    body jsonb := jsonb_build_object('code', code, 'title_en', title_en, 'title_zh', title_zh, 'vat_rate', vat_rate);
begin
    if not api.repeated(command_id, 'products.add', body) then
        if exists (select 1 from book.products p where p.code = add_product.code) then perform api.broken('product_taken'); end if;
        insert into book.products (code, title_en, title_zh, vat_rate) values (code, title_en, title_zh, vat_rate);
        insert into book.accounts (code, owner, title_en, title_zh) values ('revenue.' || code, 'house', 'Revenue · ' || title_en, '收入 · ' || title_zh);
        perform api.record_event(command_id, 'products.add', actor, api.clock(), 'product', code, null, body, body);
    end if;
    select p.* into answer from api.products p where p.code = add_product.code;
    return answer;
end $$;
comment on function api.add_product(uuid, text, text, text, numeric) is 'products.add: Something that is consumed, with its VAT rate and its revenue account.';
grant execute on function api.add_product(uuid, text, text, text, numeric) to kontor_people;

create type api.catalogue as (agreements jsonb, activities jsonb, products jsonb);
comment on column api.catalogue.agreements is '{{Array<{ version: string; effective_at: Instant }>}} versions, newest first';
comment on column api.catalogue.activities is '{{Array<{ code: string; title: string }>}} gift activities';
comment on column api.catalogue.products is '{{Array<{ code: string; title_en: string; title_zh: string; vat_rate: string }>}} products';
create function api.open_catalogue() returns api.catalogue language sql stable security definer set search_path = '' as $$
    select (select coalesce(jsonb_agg(jsonb_build_object('version', v.version, 'effective_at', v.effective_at) order by v.effective_at desc), '[]') from book.agreement_versions v),
           (select coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'title', a.title) order by a.code), '[]') from book.activities a),
           (select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'title_en', p.title_en, 'title_zh', p.title_zh, 'vat_rate', p.vat_rate::text) order by p.code), '[]') from book.products p)
    where api.reader() is not null
$$;
comment on function api.open_catalogue() is 'catalogue.open: The agreements, activities and products that forms and filters name.';
grant execute on function api.open_catalogue() to kontor_people;
