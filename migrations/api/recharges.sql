-- recharges: the platform's orders become principal and gifts (RA 2.1, 5.1, 6.1, 6.2).
-- The platform's own service and the order file go through the same function.

create type api.order_row as (line integer, order_no text, customer_ref text, customer_name text, customer_kind text, phone text, email text, real_name_verified boolean,
    search_key text, kind text, principal numeric, gift numeric, activity text, channel text, payer_name text, payer_account text, payer_is_holder boolean,
    agreement_version text, paid_at timestamptz, provider_no text);
comment on type api.order_row is 'One paid order as the platform tells it: the form of the order file''s rows.';
create type api.posted_order as (verdict text, customer_id bigint, at timestamptz);
comment on type api.posted_order is 'What became of one order: posted, repeated, or the reason why it waits.';

create function api.add_customers(orders api.order_row[], at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into book.customers (ref, name, kind, phone, email, real_name_verified, search_key, created_at)
    select distinct on (r.customer_ref) r.customer_ref, r.customer_name, coalesce(r.customer_kind, 'personal'), r.phone, r.email,
           coalesce(r.real_name_verified, false), coalesce(r.search_key, lower(r.customer_name)), at
    from unnest(orders) r
    where r.customer_ref is not null and r.customer_name is not null and not exists (select 1 from book.customers c where c.ref = r.customer_ref)
    order by r.customer_ref, r.paid_at desc, r.line desc
    on conflict (ref) do nothing;
end $$;
comment on function api.add_customers(api.order_row[], timestamptz) is 'Account holders whom the books do not know yet, as the platform tells them with their orders.';


create function api.refuse_order(o api.order_row, verdict text, source jsonb, holder_id bigint, import_id uuid, at timestamptz) returns void language plpgsql volatile as $$
begin
    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount, import_id, line, source_row, happened_at, opened_at)
    select verdict, o.channel, o.order_no, nullif(o.provider_no, ''), holder_id, o.principal, import_id, o.line, source, o.paid_at, at
    where not exists (select 1 from book.exceptions x where x.order_no = o.order_no and x.kind = verdict and x.resolved_at is null);
end $$;
comment on function api.refuse_order(api.order_row, text, jsonb, bigint, uuid, timestamptz) is 'An order that may not be credited waits as an exception with its reason, once (RA-03, RA-04, RA-07).';

create function api.note_order(o api.order_row, lot bigint, waiting_id bigint, excepted boolean, stated boolean, holder_id bigint, import_id uuid, actor integer, at timestamptz) returns void
language plpgsql volatile as $$
begin
    if excepted then
        update book.statement_rows s set recharge_id = lot where waiting_id is not null and s.order_no = o.order_no and s.kind = 'payment' and s.recharge_id is null;
        update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'order_arrived', proposed_at = null, proposed_by = null
        where x.resolved_at is null and x.order_no = o.order_no
          and (x.id = waiting_id or x.kind in ('recharge_not_verified', 'recharge_below_minimum', 'agreement_unknown', 'activity_unknown', 'channel_not_supported'));
    end if;
    if stated and waiting_id is null then
        -- A statement that covers the day of payment was read before its order, and does not show it.
        insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount_expected, import_id, line, happened_at, opened_at)
        values ('order_without_payment', o.channel, o.order_no, nullif(o.provider_no, ''), holder_id, o.principal, import_id, o.line, o.paid_at, at);
    end if;
end $$;
comment on function api.note_order(api.order_row, bigint, bigint, boolean, boolean, bigint, uuid, integer, timestamptz) is 'What an order that is booked settles among the exceptions, and what it opens there.';

create function api.renew_customer(o api.order_row, holder_id bigint) returns void language plpgsql volatile as $$
begin
    update book.customers c set name = o.customer_name, kind = coalesce(o.customer_kind, 'personal'), phone = coalesce(o.phone, c.phone), email = coalesce(o.email, c.email),
        real_name_verified = coalesce(o.real_name_verified, false), search_key = coalesce(o.search_key, lower(o.customer_name))
    where c.id = holder_id;
end $$;
comment on function api.renew_customer(api.order_row, bigint) is 'An account holder as a new order tells of them.';

create function api.credit_order(o api.order_row, holder_id bigint, suspended boolean, waiting_no text, gift_lasts interval, open_from timestamptz, actor integer, at timestamptz) returns bigint
language plpgsql volatile as $$
declare journal bigint; lot bigint; gift numeric := coalesce(o.gift, 0); cash numeric; cash_place integer; bonus numeric; bonus_place integer;
begin
    -- What api.post_journal would write, with nothing to look up.
    update book.balances b set amount = b.amount + o.principal, sequence = b.sequence + 1
    where b.customer_id = holder_id and b.account_id = book.account('wallet') and b.commodity = 'CNY' returning b.amount, b.sequence into cash, cash_place;
    if cash is null then
        insert into book.balances (customer_id, account_id, commodity, amount, sequence) values (holder_id, book.account('wallet'), 'CNY', o.principal, 1) returning amount, sequence into cash, cash_place;
    end if;
    insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause)
    values ('recharge', holder_id, case when o.paid_at < open_from then api.postable_at(o.paid_at, actor, at) else o.paid_at end, at, actor, 'recharge', o.order_no, 'RA 2.1')
    returning id into journal;
    if gift > 0 then
        update book.balances b set amount = b.amount + gift, sequence = b.sequence + 1
        where b.customer_id = holder_id and b.account_id = book.account('wallet') and b.commodity = 'CNY.GIFT' returning b.amount, b.sequence into bonus, bonus_place;
        if bonus is null then
            insert into book.balances (customer_id, account_id, commodity, amount, sequence) values (holder_id, book.account('wallet'), 'CNY.GIFT', gift, 1) returning amount, sequence into bonus, bonus_place;
        end if;
    end if;
    insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
    select journal, l.* from (values
        (1::smallint, case when suspended then book.account('suspense') when o.channel = 'alipay' then book.account('alipay_clearing') else book.account('wechat_clearing') end, null::bigint, 'CNY', o.principal, null::numeric, null::integer),
        (2::smallint, book.account('wallet'), holder_id, 'CNY', -o.principal, cash, cash_place),
        (3::smallint, book.account('gift_granted'), null, 'CNY.GIFT', gift, null, null),
        (4::smallint, book.account('wallet'), holder_id, 'CNY.GIFT', -gift, bonus, bonus_place)) l (line, account_id, customer_id, commodity, amount, balance, place) where l.amount <> 0;
    insert into book.recharges (order_no, customer_id, kind, channel, principal, amount_left, payer_name, payer_account, payer_is_holder, agreement_version, paid_at, provider_no, confirmed_at, journal_id)
    values (o.order_no, holder_id, o.kind, o.channel, o.principal, o.principal, o.payer_name, o.payer_account, coalesce(o.payer_is_holder, false),
            o.agreement_version, o.paid_at, coalesce(nullif(o.provider_no, ''), waiting_no), case when suspended then at end, journal)
    returning id into lot;
    if gift > 0 then
        insert into book.gifts (customer_id, recharge_id, activity, amount, amount_left, granted_at, expires_at, journal_id)
        values (holder_id, lot, o.activity, gift, gift, o.paid_at, o.paid_at + nullif(gift_lasts, interval '0'), journal);
    end if;
    return lot;
end $$;
comment on function api.credit_order(api.order_row, bigint, boolean, text, interval, timestamptz, integer, timestamptz) is 'Writes an order that may be credited: its journal, its lot, its gift. The payment of an order that waited comes out of suspense.';

create function api.post_order(o api.order_row, source jsonb, import_id uuid, actor integer, at timestamptz default null, command_id uuid default null) returns api.posted_order
language plpgsql volatile as $$
declare
    answer api.posted_order; holder book.customers; known record; waiting_id bigint; waiting_no text; waits_for numeric; lot bigint; gift numeric := coalesce(o.gift, 0);
begin
    select c.* into holder from book.customers c where c.ref = o.customer_ref for update;
    if holder.id is null then
        perform api.add_customers(array[o], coalesce(at, api.clock()));
        select c.* into holder from book.customers c where c.ref = o.customer_ref for update;
    end if;
    answer.customer_id := holder.id;
    answer.at := coalesce(at, api.clock());
    -- Everything that decides, in one look.
    select (select coalesce((b.principal, b.channel, b.customer_id) = (o.principal, o.channel, holder.id), false) from book.recharges b where b.order_no = o.order_no) as same,
           (select (p.value #>> '{}')::numeric from book.policies p where p.name = 'recharge_minimum' and p.channel is null and p.confirmed_at is not null and p.valid_from <= answer.at
            order by p.valid_from desc, p.id desc limit 1) as minimum,
           exists (select 1 from book.agreement_versions v where v.version = o.agreement_version and v.effective_at <= o.paid_at) as agreed,
           (select coalesce(a.gift_expires_after, interval '0') from book.activities a where a.code = o.activity) as gift_lasts,
           (select bool_or(x.resolved_at is null) from book.exceptions x where x.order_no = o.order_no) as excepted,
           exists (select 1 from book.imports i where i.kind = 'statement_' || o.channel and i.status = 'posted' and i.covers_until > o.paid_at and i.covers_from <= o.paid_at) as stated,
           exists (select 1 from book.usage_charges u where u.customer_id = holder.id and u.uncollected > 0) as owing,
           (select c.soft_closed_before from book.closing c) as open_from
    into known;
    answer.verdict := case
        when known.same then 'repeated'
        when not known.same then 'order_differs'
        when holder.id is null or o.principal is null or o.principal <= 0 or o.principal <> round(o.principal, 2) or o.paid_at is null or o.kind not in ('package', 'custom')
             or gift < 0 or gift <> round(gift, 2) then 'row_not_understood'
        when o.channel is null or o.channel not in ('alipay', 'wechat') then 'channel_not_supported'
        when not case when o.customer_name is null then holder.real_name_verified else coalesce(o.real_name_verified, false) end then 'recharge_not_verified'
        when o.principal < known.minimum then 'recharge_below_minimum'
        when not known.agreed then 'agreement_unknown'
        when gift > 0 and known.gift_lasts is null then 'activity_unknown'
        else 'posted' end;
    -- What a command did left its order here or among the exceptions: where neither is, it was not done before.
    if (answer.verdict <> 'posted' or known.excepted is not null) and command_id is not null and api.repeated(command_id, 'recharges.post_one', source) then
        return null;
    end if;
    -- What the platform tells of an account holder with a new order; the last word wins.
    if known.same is null and o.customer_name is not null
       and (holder.name, holder.kind, holder.phone, holder.email, holder.real_name_verified, holder.search_key)
           is distinct from (o.customer_name, coalesce(o.customer_kind, 'personal'), coalesce(o.phone, holder.phone), coalesce(o.email, holder.email),
                             coalesce(o.real_name_verified, false), coalesce(o.search_key, lower(o.customer_name))) then
        perform api.renew_customer(o, holder.id);
    end if;
    if known.excepted and answer.verdict = 'posted' then
        -- A payment that came before its order waits in suspense: same number and amount, and the order takes it from there.
        select x.id, x.provider_no, x.amount into waiting_id, waiting_no, waits_for from book.exceptions x
        where x.kind = 'payment_without_order' and x.resolved_at is null and x.order_no = o.order_no and x.channel = o.channel
        order by x.amount <> o.principal, x.id limit 1;
        if waits_for <> o.principal then answer.verdict := 'amount_differs'; end if;
    end if;
    if answer.verdict <> 'posted' then
        if answer.verdict <> 'repeated' then perform api.refuse_order(o, answer.verdict, source, holder.id, import_id, answer.at); end if;
        return answer;
    end if;

    lot := api.credit_order(o, holder.id, waiting_id is not null, waiting_no, known.gift_lasts, known.open_from, actor, answer.at);
    if known.excepted or known.stated then perform api.note_order(o, lot, waiting_id, known.excepted, known.stated, holder.id, import_id, actor, answer.at); end if;
    if holder.usage_suspended_at is not null then
        update book.customers c set usage_suspended_at = null where c.id = holder.id;
    end if;
    if known.owing then perform api.collect_receivable(holder.id, actor, answer.at); end if;
    if holder.ordered_amount is not null then perform api.watch_ordered_amount(holder.id, answer.at); end if;
    return answer;
end $$;
comment on function api.post_order(api.order_row, jsonb, uuid, integer, timestamptz, uuid) is
    'Posts one order: principal to the wallet as a prepayment (RA 2.1), the gift as its own commodity (RA 6.2). An order that may not be credited becomes an exception with its reason (RA-03, RA-04, RA-07); a payment that waited in suspense is taken from there. The one way an order is booked, singly or in a batch; null when the command that brings it was done before.';

create function api.post_recharge_rows(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); orders api.order_row[]; item record; posted api.posted_order;
begin
    orders := array(select r from jsonb_populate_recordset(null::api.order_row, rows) r);
    perform api.add_customers(orders, at);
    -- All customers first, ascending: the order of every other action.
    perform 1 from book.customers c where c.ref = any (array(select distinct r.customer_ref from unnest(orders) r)) order by c.id for update;
    for item in select e.value as source, o.told from jsonb_array_elements(rows) e, lateral (select jsonb_populate_record(null::api.order_row, e.value) as told offset 0) o
                order by (o.told).paid_at, (o.told).line loop
        posted := api.post_order(item.told, item.source, import_id, actor, at);
        if posted.verdict = 'posted' then counts.posted := counts.posted + 1;
        elsif posted.verdict = 'repeated' then counts.repeated := counts.repeated + 1;
        else counts.excepted := counts.excepted + 1; end if;
    end loop;
    return counts;
end $$;
comment on function api.post_recharge_rows(jsonb, uuid, integer, timestamptz) is 'Posts orders one after the other in the order in which they were paid, with all their customers locked first.';

create function api.answer_before(command_id uuid) returns api.posting_result language plpgsql stable as $$
begin
    return (select row((e.detail ->> 'posted')::integer, (e.detail ->> 'repeated')::integer, (e.detail ->> 'exceptions')::integer)::api.posting_result
            from book.audit_events e where e.command_id = answer_before.command_id);
end $$;
comment on function api.answer_before(uuid) is 'What a posting command answered when it was done.';

create function api.post_recharges(command_id uuid, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); counts api.posting_counts; at timestamptz;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 5000 then perform api.broken('batch_too_large', '{"maximum": 5000}'); end if;
    if api.repeated(command_id, 'recharges.post', rows) then return api.answer_before(command_id); end if;
    at := api.clock();
    counts := api.post_recharge_rows(rows, null, actor, at);
    perform api.record_event(command_id, 'recharges.post', actor, at, 'recharges', null, null, rows,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', counts.excepted));
    return row(counts.posted, counts.repeated, counts.excepted)::api.posting_result;
end $$;
comment on function api.post_recharges(uuid, jsonb) is 'recharges.post: Up to 5,000 paid orders from the platform''s own service, in the form of the order file''s rows.';
grant execute on function api.post_recharges(uuid, jsonb) to kontor_people;

create function api.post_recharge(command_id uuid, order_row jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); posted api.posted_order; answer api.posting_result; recorded uuid;
begin
    if jsonb_typeof(order_row) <> 'object' then perform api.broken('argument_invalid', '{"argument": "order_row"}'); end if;
    if command_id is null then perform api.broken('command_id_missing'); end if;
    -- Whether the command was done before is told with the order, after its customer's lock.
    posted := api.post_order(jsonb_populate_record(null::api.order_row, order_row), order_row, null, actor, null, command_id);
    if posted.verdict is null then return api.answer_before(command_id); end if;
    answer := row((posted.verdict = 'posted')::integer, (posted.verdict = 'repeated')::integer, (posted.verdict not in ('posted', 'repeated'))::integer);
    recorded := api.record_event(command_id, 'recharges.post_one', actor, posted.at, 'recharge', order_row ->> 'order_no', posted.customer_id, order_row,
        jsonb_build_object('posted', answer.posted, 'repeated', answer.repeated, 'exceptions', answer.exceptions));
    return answer;
end $$;
comment on function api.post_recharge(uuid, jsonb) is 'recharges.post_one: One paid order from the platform''s own service, in the form of the order file''s rows, at the moment it is paid.';
grant execute on function api.post_recharge(uuid, jsonb) to kontor_people;

-- ── Agreements, activities, products: data that orders and usage name ─────────────────────────────────────────

create view api.agreement_versions as select v.version, v.announced_at, v.effective_at from book.agreement_versions v;
create view api.activities as select a.code, a.title, a.on_recharge_refunded, a.voids_on_application from book.activities a;
create view api.products as select p.code, p.title_en, p.title_zh, api.vat_rate(p.code, api.month_of(api.clock())) as vat_rate from book.products p;

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
declare actor integer := api.actor('administrator'); answer api.products; at timestamptz := api.clock();
    body jsonb := jsonb_build_object('code', code, 'title_en', title_en, 'title_zh', title_zh, 'vat_rate', vat_rate);
begin
    if not api.repeated(command_id, 'products.add', body) then
        if exists (select 1 from book.products p where p.code = add_product.code) then perform api.broken('product_taken'); end if;
        insert into book.products (code, title_en, title_zh) values (code, title_en, title_zh);
        -- Its first rate; every later one takes two people (vat_rates.sql).
        insert into book.vat_rates (id, product, from_month, rate, reason, proposed_by, proposed_at, confirmed_at) values (command_id, code, '-infinity', vat_rate, 'the rate of the product', actor, at, at);
        insert into book.accounts (code, owner, title_en, title_zh) values ('revenue.' || code, 'house', 'Revenue · ' || title_en, '收入 · ' || title_zh);
        perform api.record_event(command_id, 'products.add', actor, at, 'product', code, null, body, body);
    end if;
    select p.* into answer from api.products p where p.code = add_product.code;
    return answer;
end $$;
comment on function api.add_product(uuid, text, text, text, numeric) is 'products.add: Something that is consumed, with its VAT rate and its revenue account.';
grant execute on function api.add_product(uuid, text, text, text, numeric) to kontor_people;

create type api.catalogue as (agreements jsonb, activities jsonb, products jsonb);
comment on column api.catalogue.agreements is '{{Array<{ version: string; announced_at: Instant; effective_at: Instant }>}} versions, newest first';
comment on column api.catalogue.activities is '{{Array<{ code: string; title: string; gift_days: number | null; on_recharge_refunded: "keep" | "void"; voids_on_application: boolean }>}} gift activities and their rules';
comment on column api.catalogue.products is '{{Array<{ code: string; title_en: string; title_zh: string; vat_rate: string; rates: Array<{ id: Uuid; from_month: IsoDate | null; rate: string; reason: string; status: "proposed" | "confirmed" | "declined" | "withdrawn"; proposed_by: string | null; proposed_at: Instant; confirmed_by: string | null; confirmed_at: Instant | null; why: string | null }> }>}} products, each with the rate of this month and every rate by its first month, the newest first';
create function api.open_catalogue() returns api.catalogue language sql stable security definer set search_path = '' as $$
    select (select coalesce(jsonb_agg(jsonb_build_object('version', v.version, 'announced_at', v.announced_at, 'effective_at', v.effective_at) order by v.effective_at desc), '[]') from book.agreement_versions v),
           (select coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'title', a.title, 'gift_days', extract(day from a.gift_expires_after)::integer,
               'on_recharge_refunded', a.on_recharge_refunded, 'voids_on_application', a.voids_on_application) order by a.code), '[]') from book.activities a),
           (select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'title_en', p.title_en, 'title_zh', p.title_zh, 'vat_rate', p.vat_rate::text, 'rates', api.shown_rates(p.code)) order by p.code), '[]') from api.products p)
    where api.reader() is not null
$$;
comment on function api.open_catalogue() is 'catalogue.open: The agreements, activities and products that forms and filters name.';
grant execute on function api.open_catalogue() to kontor_people;
