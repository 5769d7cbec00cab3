-- campaign: what the platform tells of invitations, and what follows for each friend.
-- The platform's records are the final basis (IC-23): batches add to them, nobody edits them, and whatever they change is
-- computed again in the same transaction, in whatever order they arrive.

create function api.touches_of_all(friends bigint[], paid_ats timestamptz[]) returns table (friend_id bigint, touches jsonb) language plpgsql stable security definer set search_path = '' as $$
begin
    return query
    with period as materialized (select p.* from api.campaign_periods() p),
    mates as materialized (
        select a.customer_id as one, b.customer_id as other from book.account_review_members a join book.account_reviews r on r.id = a.review_id and r.status = 'same_person'
        join book.account_review_members b on b.review_id = r.id where a.customer_id = any (friends))
    select f.id, coalesce(t.told, '[]') from unnest(friends, paid_ats) f (id, paid_at)
    -- Looked up friend by friend: a plan kept from a small batch must not read all touches for a large one.
    cross join lateral (
        select jsonb_agg(jsonb_build_object('id', x.id::text, 'inviter_id', x.inviter_id::text, 'bound_at', x.bound_at, 'way', x.way, 'valid', x.why is null, 'why', x.why) order by x.bound_at, x.id) as told
        from (select t.*, case
                  when t.voided_at is not null then 'voided'
                  when t.inviter_id = t.friend_id or (t.friend_id, t.inviter_id) in (select m.one, m.other from mates m) then 'self_or_associated'
                  when (select m.barred_at from book.campaign_members m where m.customer_id = t.inviter_id) <= coalesce(f.paid_at, 'infinity') then 'inviter_banned'
                  when p.started_at is null or t.bound_at >= p.ended_at or p.paused then 'campaign_not_running' end as why
              from (select b.* from book.touchpoints b where b.friend_id = f.id offset 0) t join period p on t.bound_at >= p.from_at and t.bound_at < p.until_at) x) t;
end $$;
comment on function api.touches_of_all(bigint[], timestamptz[]) is 'The touches of friends in the order of time, each with whether it is valid and if not why: put aside by a correction, by the friend or an associated account (IC-22), by an inviter who is barred, or while no campaign ran.';

create function api.touches_of(friend bigint, paid_at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select t.touches from api.touches_of_all(array[friend], array[paid_at]) t);
end $$;
comment on function api.touches_of(bigint, timestamptz) is 'The touches of one friend.';

create function api.refunds_of(of_order text) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('order', 'first', 'refund_no', r.refund_no, 'kind', r.kind, 'amount', r.amount::text, 'succeeded_at', r.succeeded_at, 'platform_error', r.platform_error, 'undone_at', r.undone_at)
        order by r.succeeded_at, r.refund_no), '[]')
    from book.dollar_refunds r where r.order_no = of_order);
end $$;
comment on function api.refunds_of(text) is 'Refunds and lost chargebacks of an order, undone ones too.';

create function api.standing_refunds(of_order text) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    if not exists (select 1 from book.dollar_refunds r where r.order_no = of_order and r.undone_at is null) then return '[]'; end if;
    return (select jsonb_agg(r) from jsonb_array_elements(api.refunds_of(of_order)) r where r ->> 'undone_at' is null);
end $$;
comment on function api.standing_refunds(text) is 'Those of them that nothing has undone.';

create function api.first_subscription(of_customer bigint) returns book.dollar_orders language plpgsql stable security definer set search_path = '' as $$
declare first book.dollar_orders;
begin
    select o.* into first from book.dollar_orders o where o.customer_id = of_customer and o.purpose = 'subscription' order by o.paid_at, o.order_no limit 1;
    return first;
end $$;
comment on function api.first_subscription(bigint) is 'The first paid subscription of an account: what an invitation is about, of whatever product (1.4).';

create function api.judge_friends(friends bigint[], at timestamptz) returns setof book.invitations language plpgsql stable security definer set search_path = '' as $$
declare payers bigint[]; paid_ats timestamptz[];
begin
    select array_agg(f.id order by f.id), array_agg(o.paid_at order by f.id) into payers, paid_ats
    from (select distinct unnest(friends) as id) f cross join lateral (select (api.first_subscription(f.id)).paid_at offset 0) o where o.paid_at is not null;
    return query
    with period as materialized (select p.* from api.campaign_periods() p)
    select f.friend_id, case when w.place is not null then (f.touches -> (w.place - 1)::integer ->> 'inviter_id')::bigint end, case when w.place is not null then (f.touches -> (w.place - 1)::integer ->> 'id')::bigint end,
           o.order_no, o.paid_at, a.apa::numeric(12, 2), t.id, v.verdict, v.verdict = 'counted', coalesce(api.base_credit(a.apa, t.base_rate), 0)::numeric(12, 2), coalesce(a.apa * t.tier_rate, 0)::numeric(18, 6), judge_friends.at
    from api.touches_of_all(payers, paid_ats) f
    cross join lateral (select (x.first).* from (select api.first_subscription(f.friend_id) as first offset 0) x) o
    cross join lateral (select (x.terms).* from (select api.campaign_terms(o.paid_at) as terms offset 0) x) t
    left join book.campaign_members m on m.customer_id = f.friend_id
    cross join lateral api.attribute(f.touches, o.paid_at, coalesce(t.bar_hours, 0), coalesce(m.paid_before, false)) w
    cross join lateral (select api.actual_payment(o.cash_balance_paid, o.third_party_paid) as apa) a
    join period p on o.paid_at >= p.from_at and o.paid_at < p.until_at
    cross join lateral (
        select case when w.place is null then w.reason when m.barred_at is not null then 'friend_barred' else coalesce(api.invite_refusal(o.paid_at, p.started_at, p.ended_at, p.paused, api.standing_refunds(o.order_no)), 'counted') end as verdict offset 0) v;
end $$;
comment on function api.judge_friends(bigint[], timestamptz) is 'What came of friends who paid, from the records alone: whose, whether the friend counts, and if not why. A barred friend takes the reward of an honest inviter along, and nothing else (1.4, 23).';

create function api.count_campaign_days(counted_on date[], verdicts text[], friends bigint[], apas numeric[]) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into book.campaign_days as d (on_day, verdict, friends, apa)
    select t.on_day, t.verdict, sum(t.friends), sum(t.apa) from unnest(counted_on, verdicts, count_campaign_days.friends, apas) t (on_day, verdict, friends, apa) group by 1, 2 order by 1, 2
    on conflict (on_day, verdict) do update set friends = d.friends + excluded.friends, apa = d.apa + excluded.apa;
end $$;
comment on function api.count_campaign_days(date[], text[], bigint[], numeric[]) is 'Moves the funnel by what changed; taken last, in the order of its rows.';

create function api.settle_friends(friends bigint[], actor integer, at timestamptz) returns integer language plpgsql volatile security definer set search_path = '' as $$
declare n integer; moved bigint[];
begin
    if cardinality(friends) = 0 then return 0; end if;
    -- Customers ascending, before anything of theirs: the order of every other action.
    perform 1 from book.customers c where c.id = any (array(
        select unnest(friends) union select t.inviter_id from unnest(friends) f (id) join book.touchpoints t on t.friend_id = f.id
        union select i.inviter_id from unnest(friends) f (id) join book.invitations i on i.friend_id = f.id)) order by c.id for update;
    create temporary table if not exists pg_temp.moved_friends (inviter_id bigint, paid_at timestamptz, order_no text, apa numeric, verdict text, sign integer) on commit delete rows;
    delete from pg_temp.moved_friends;
    with judged as materialized (
        select j.* from api.judge_friends(friends, at) j left join book.invitations i on i.friend_id = j.friend_id
        where (j.inviter_id, j.touch_id, j.order_no, j.paid_at, j.apa, j.version_id, j.verdict) is distinct from (i.inviter_id, i.touch_id, i.order_no, i.paid_at, i.apa, i.version_id, i.verdict)
    ), before as (
        insert into pg_temp.moved_friends select i.inviter_id, i.paid_at, i.order_no, i.apa, i.verdict, -1 from judged j join book.invitations i on i.friend_id = j.friend_id
    ), now as (
        insert into pg_temp.moved_friends select j.inviter_id, j.paid_at, j.order_no, j.apa, j.verdict, 1 from judged j
    )
    insert into book.invitations select j.* from judged j order by j.friend_id
    on conflict (friend_id) do update set inviter_id = excluded.inviter_id, touch_id = excluded.touch_id, order_no = excluded.order_no, paid_at = excluded.paid_at, apa = excluded.apa,
        version_id = excluded.version_id, verdict = excluded.verdict, counted = excluded.counted, base_credit = excluded.base_credit, tier_part = excluded.tier_part, settled_at = excluded.settled_at;
    get diagnostics n = row_count;
    if n = 0 then return 0; end if;
    select array_agg(distinct m.inviter_id order by m.inviter_id) into moved from pg_temp.moved_friends m where m.verdict = 'counted';
    if moved is not null then
        perform api.renew_stretches(array_agg(m.inviter_id), array_agg(m.paid_at), array_agg(m.order_no)) from pg_temp.moved_friends m where m.verdict = 'counted';
        perform api.settle_ladders(moved, actor, at);
    end if;
    perform api.count_campaign_days(array_agg((m.paid_at at time zone 'Asia/Singapore')::date), array_agg(m.verdict), array_agg(m.sign::bigint), array_agg(m.sign * m.apa)) from pg_temp.moved_friends m;
    return n;
end $$;
comment on function api.settle_friends(bigint[], integer, timestamptz) is 'Judges these friends again, and posts what that changes for their inviters: the one way in which credits come to be or are taken back for refunds.';

-- ── Batches of the platform ────────────────────────────────────────────────────────────────────────────────────

create function api.know_accounts(refs text[], at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    -- A touch may arrive before the account that it names: until the platform describes it, its number is its name.
    insert into book.customers (ref, name, kind, real_name_verified, search_key, created_at)
    select distinct r, r, 'personal', false, lower(r), at from unnest(refs) r where r is not null and not exists (select 1 from book.customers c where c.ref = r) order by 1 on conflict (ref) do nothing;
    insert into book.campaign_members (customer_id, recorded_at)
    select c.id, at from book.customers c where c.ref = any (refs) and not exists (select 1 from book.campaign_members m where m.customer_id = c.id) order by c.id on conflict do nothing;
end $$;
comment on function api.know_accounts(text[], timestamptz) is 'Accounts that the books do not know yet.';

create type api.member_row as (line integer, customer_ref text, name text, phone text, email text, registered_at timestamptz, paid_before boolean, deactivated_at timestamptz, search_key text);
create type api.touch_row as (line integer, touch_key text, friend_ref text, inviter_ref text, bound_at timestamptz, way text);
create type api.dollar_order_row as (line integer, order_no text, customer_ref text, purpose text, product text, paid_at timestamptz, currency text, amount_order numeric, discount numeric, coupon numeric,
    credits_used numeric, cash_balance_paid numeric, third_party_paid numeric, provider_no text);
create type api.dollar_refund_row as (line integer, refund_no text, order_no text, kind text, currency text, amount numeric, succeeded_at timestamptz, platform_error boolean, undone_at timestamptz);

create function api.except_campaign_row(source jsonb, import_id uuid, line integer, reason text, order_no text, amount numeric, happened_at timestamptz, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
    if exists (select 1 from book.exceptions x where x.resolved_at is null and x.kind = 'row_not_understood' and x.source_row = source || jsonb_build_object('why', reason)) then return; end if;
    insert into book.exceptions (kind, channel, order_no, amount, import_id, line, source_row, happened_at, opened_at)
    values ('row_not_understood', 'stripe', order_no, amount, import_id, line, source || jsonb_build_object('why', reason), happened_at, at);
end $$;
comment on function api.except_campaign_row(jsonb, uuid, integer, text, text, numeric, timestamptz, timestamptz) is 'Keeps a row that may not be recorded, with the reason: nothing is lost and nothing is guessed.';

create function api.record_members(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); told api.member_row[]; accounts bigint[]; affected bigint[]; gone bigint;
begin
    told := array(select r from jsonb_populate_recordset(null::api.member_row, rows) r where r.customer_ref is not null);
    perform api.know_accounts(array(select r.customer_ref from unnest(told) r), at);
    accounts := array(select c.id from book.customers c where c.ref = any (array(select r.customer_ref from unnest(told) r)));
    -- Whoever is settled below is locked with them, ascending, once.
    perform 1 from book.customers c where c.id in (select unnest(accounts) union select t.inviter_id from book.touchpoints t where t.friend_id = any (accounts)) order by c.id for update;
    update book.customers c set name = coalesce(r.name, c.name), phone = coalesce(r.phone, c.phone), email = coalesce(r.email, c.email), search_key = coalesce(r.search_key, lower(r.name), c.search_key)
    from unnest(told) r where c.ref = r.customer_ref and (coalesce(r.name, c.name), coalesce(r.phone, c.phone), coalesce(r.email, c.email)) is distinct from (c.name, c.phone, c.email);
    -- A history is never untold: once paid before, always.
    with changed as (
        update book.campaign_members m set registered_at = coalesce(r.registered_at, m.registered_at), paid_before = m.paid_before or coalesce(r.paid_before, false), deactivated_at = coalesce(m.deactivated_at, r.deactivated_at)
        from unnest(told) r join book.customers c on c.ref = r.customer_ref
        where m.customer_id = c.id and (m.registered_at is distinct from coalesce(r.registered_at, m.registered_at) or coalesce(r.paid_before, false) and not m.paid_before or m.deactivated_at is null and r.deactivated_at is not null)
        returning m.customer_id, m.deactivated_at)
    select array_agg(x.customer_id) into affected from changed x;
    counts.posted := coalesce(cardinality(affected), 0);
    counts.repeated := cardinality(told) - counts.posted;
    counts.excepted := jsonb_array_length(rows) - cardinality(told);
    perform api.settle_friends(array(select i.friend_id from book.invitations i where i.friend_id = any (affected)), actor, at);
    for gone in select m.customer_id from book.campaign_members m where m.customer_id = any (affected) and m.deactivated_at is not null order by 1 loop
        perform api.lapse_credits(gone, greatest(api.balance(gone, 'credits', 'USD.CREDIT'), 0), 'deactivated', actor, at);
    end loop;
    return counts;
end $$;
comment on function api.record_members(jsonb, uuid, integer, timestamptz) is 'Registrations: who an account is, since when, whether it had paid before (IC-08), and when it was deactivated, whereupon its credits lapse (IC-19).';

create function api.lapse_credits(of_customer bigint, amount numeric, cause text, actor integer, at timestamptz) returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare journal bigint;
begin
    if amount <= 0 then return null; end if;
    journal := api.post_credits('credit_lapsed', of_customer, at, actor, cause, of_customer::text, array['credits_lapsed'], array[-amount], 'IC 3');
    update book.ladders l set lapsed = l.lapsed + amount where l.inviter_id = of_customer;
    return journal;
end $$;
comment on function api.lapse_credits(bigint, numeric, text, integer, timestamptz) is 'Credits that end without being used: the account was deactivated, or their notice ran out (IC-19, IC-20).';

create function api.record_touches(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); told api.touch_row[]; affected bigint[]; bound_on date[];
begin
    told := array(select r from jsonb_populate_recordset(null::api.touch_row, rows) r
                  where r.touch_key is not null and r.friend_ref is not null and r.inviter_ref is not null and r.bound_at is not null and coalesce(r.way, 'link') in ('link', 'code'));
    perform api.know_accounts(array(select r.friend_ref from unnest(told) r union select r.inviter_ref from unnest(told) r), at);
    with added as (
        insert into book.touchpoints (touch_key, friend_id, inviter_id, bound_at, way, recorded_at)
        select r.touch_key, f.id, i.id, r.bound_at, coalesce(r.way, 'link'), at
        from unnest(told) r join book.customers f on f.ref = r.friend_ref join book.customers i on i.ref = r.inviter_ref order by r.line, r.bound_at
        on conflict (touch_key) do nothing returning friend_id, bound_at)
    select array_agg(a.friend_id), array_agg((a.bound_at at time zone 'Asia/Singapore')::date) into affected, bound_on from added a;
    counts.posted := coalesce(cardinality(affected), 0);
    counts.repeated := cardinality(told) - counts.posted;
    counts.excepted := jsonb_array_length(rows) - cardinality(told);
    -- Most friends have not paid yet: nothing follows for them.
    perform api.settle_friends(array(select i.friend_id from book.invitations i where i.friend_id = any (affected)), actor, at);
    perform api.count_campaign_days(bound_on, array_fill('bound'::text, array[counts.posted]), array_fill(1::bigint, array[counts.posted]), array_fill(0::numeric, array[counts.posted])) where counts.posted > 0;
    return counts;
end $$;
comment on function api.record_touches(jsonb, uuid, integer, timestamptz) is 'Binds on the event page, and codes entered when registering (IC-03). The same key again is a no-op; a late one may move a friend who has paid.';

create function api.dollar_order_refusal(o api.dollar_order_row) returns text language plpgsql stable security definer set search_path = '' as $$
begin
    return (
    select case when o.currency is distinct from 'USD' then 'currency_not_supported'
                when o.paid_at is null or o.product is null or o.amount_order is null or o.amount_order <= 0 then 'row_not_understood'
                when o.purpose is null or o.purpose not in ('subscription', 'pack', 'api_fees') then 'credit_purpose_not_listed'
                when o.amount_order <> coalesce(o.discount, 0) + coalesce(o.coupon, 0) + coalesce(o.credits_used, 0) + coalesce(o.cash_balance_paid, 0) + coalesce(o.third_party_paid, 0)
                     or least(coalesce(o.discount, 0), coalesce(o.coupon, 0), coalesce(o.credits_used, 0), coalesce(o.cash_balance_paid, 0), coalesce(o.third_party_paid, 0)) < 0 then 'dollar_order_does_not_add_up'
                when coalesce(o.third_party_paid, 0) > 0 and o.third_party_paid < 0.50 then 'dollar_order_card_below_minimum' end);
end $$;
comment on function api.dollar_order_refusal(api.dollar_order_row) is 'Why an order may not be recorded: another currency (B13), a purpose that credits are not for (IC-17), parts that do not add up, or a card part that cannot be charged (1.4, 24).';

create function api.record_dollar_orders(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); o record; affected bigint[]; refs text[] := array(select distinct e ->> 'customer_ref' from jsonb_array_elements(rows) e where e ->> 'customer_ref' is not null);
begin
    perform api.know_accounts(refs, at);
    create temporary table if not exists pg_temp.told_orders (n integer, source jsonb, order_no text, paid_at timestamptz, credits_used numeric, customer_id bigint, why text) on commit delete rows;
    delete from pg_temp.told_orders;
    insert into pg_temp.told_orders (n, source, order_no, paid_at, credits_used, customer_id)
    select e.n, e.value, (e.told).order_no, (e.told).paid_at, coalesce((e.told).credits_used, 0), (select c.id from book.customers c where c.ref = (e.told).customer_ref)
    from (select x.n, x.value, jsonb_populate_record(null::api.dollar_order_row, x.value) as told from jsonb_array_elements(rows) with ordinality x (value, n) offset 0) e;
    -- Whoever will be settled below is locked with the buyers, ascending, once.
    perform 1 from book.customers c where c.id = any (array(select t.customer_id from pg_temp.told_orders t union select b.inviter_id from pg_temp.told_orders t join book.touchpoints b on b.friend_id = t.customer_id)) order by c.id for update;
    -- Told before, or twice here: the first of them counts.
    delete from pg_temp.told_orders t using (select x.n, row_number() over (partition by x.order_no order by x.paid_at, x.n) as turn from pg_temp.told_orders x where x.order_no is not null) d
    where d.n = t.n and (d.turn > 1 or exists (select 1 from book.dollar_orders b where b.order_no = t.order_no));
    get diagnostics counts.repeated = row_count;
    update pg_temp.told_orders t set why = case when t.customer_id is null or t.order_no is null then 'row_not_understood' else api.dollar_order_refusal(jsonb_populate_record(null::api.dollar_order_row, t.source)) end;
    -- Each use of credits sees what the one before it left, in the order of payment.
    for o in select t.n, t.order_no, t.credits_used, t.customer_id from pg_temp.told_orders t where t.why is null and t.credits_used > 0 order by t.paid_at, t.order_no loop
        if o.credits_used > api.credits_available(o.customer_id) then
            update pg_temp.told_orders t set why = 'credits_exceed_balance' where t.n = o.n;
        else
            perform api.post_credits('credit_used', o.customer_id, at, actor, 'dollar_order', o.order_no, array['credits_redeemed'], array[-o.credits_used], 'IC 3');
            update book.ladders l set used = l.used + o.credits_used where l.inviter_id = o.customer_id;
        end if;
    end loop;
    insert into book.dollar_orders (order_no, customer_id, purpose, product, paid_at, amount_order, discount, coupon, credits_used, cash_balance_paid, third_party_paid, provider_no, recorded_at)
    select r.order_no, t.customer_id, r.purpose, r.product, r.paid_at, r.amount_order, coalesce(r.discount, 0), coalesce(r.coupon, 0), t.credits_used, coalesce(r.cash_balance_paid, 0), coalesce(r.third_party_paid, 0), nullif(r.provider_no, ''), at
    from pg_temp.told_orders t cross join lateral jsonb_populate_record(null::api.dollar_order_row, t.source) r where t.why is null;
    perform api.except_campaign_row(t.source, import_id, (t.source ->> 'line')::integer, t.why, t.order_no, (t.source ->> 'amount_order')::numeric, t.paid_at, at) from pg_temp.told_orders t where t.why is not null;
    select count(*) filter (where t.why is null), count(*) filter (where t.why is not null), coalesce(array_agg(distinct t.customer_id) filter (where t.why is null and t.source ->> 'purpose' = 'subscription'), '{}')
    into counts.posted, counts.excepted, affected from pg_temp.told_orders t;
    if counts.posted > 0 then perform api.settle_stripe_exceptions(actor, at); end if;
    perform api.settle_friends(affected, actor, at);
    return counts;
end $$;
comment on function api.record_dollar_orders(jsonb, uuid, integer, timestamptz) is 'Paid orders in USD: credits that paid for a part are taken from their account (IC-17), and a first subscription decides an invitation.';

create function api.record_dollar_refunds(rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); told api.dollar_refund_row[]; touched text[];
begin
    told := array(select r from jsonb_populate_recordset(null::api.dollar_refund_row, rows) r
                  where r.refund_no is not null and r.order_no is not null and r.currency = 'USD' and r.amount > 0 and r.succeeded_at is not null and coalesce(r.kind, 'refund') in ('refund', 'chargeback'));
    perform api.except_campaign_row(e.value, import_id, (e.value ->> 'line')::integer, 'row_not_understood', e.value ->> 'order_no', null, null, at)
    from jsonb_array_elements(rows) e where not exists (select 1 from unnest(told) r where r.refund_no = e.value ->> 'refund_no');
    with added as (
        insert into book.dollar_refunds as d (refund_no, order_no, kind, amount, succeeded_at, platform_error, undone_at, recorded_at)
        select distinct on (r.refund_no) r.refund_no, r.order_no, coalesce(r.kind, 'refund'), r.amount, r.succeeded_at, coalesce(r.platform_error, false), r.undone_at, at from unnest(told) r order by r.refund_no, r.undone_at
        on conflict (refund_no) do update set undone_at = excluded.undone_at where d.undone_at is null and excluded.undone_at is not null
        returning order_no)
    select array_agg(a.order_no) into touched from added a;
    counts.posted := coalesce(cardinality(touched), 0);
    counts.repeated := cardinality(told) - counts.posted;
    counts.excepted := jsonb_array_length(rows) - cardinality(told);
    if counts.posted > 0 then perform api.settle_stripe_exceptions(actor, at); end if;
    perform api.settle_friends(array(select o.customer_id from book.dollar_orders o where o.order_no = any (touched) and o.purpose = 'subscription'), actor, at);
    return counts;
end $$;
comment on function api.record_dollar_refunds(jsonb, uuid, integer, timestamptz) is 'Refunds and lost chargebacks; one that was undone makes the friend count again (1.4, 22). One that comes before its order waits for it.';

create function api.record_campaign_rows(kind text, rows jsonb, import_id uuid, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
begin
    return case kind when 'campaign_members' then api.record_members(rows, import_id, actor, at) when 'campaign_touches' then api.record_touches(rows, import_id, actor, at)
                     when 'campaign_orders' then api.record_dollar_orders(rows, import_id, actor, at) when 'campaign_refunds' then api.record_dollar_refunds(rows, import_id, actor, at) end;
end $$;
comment on function api.record_campaign_rows(text, jsonb, uuid, integer, timestamptz) is 'One kind of the platform''s campaign records, from a batch or a file.';

create function api.post_campaign_rows(command_id uuid, kind text, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); counts api.posting_counts; at timestamptz; body jsonb := jsonb_build_object('kind', kind, 'rows', rows);
begin
    if kind is null or kind not in ('campaign_members', 'campaign_touches', 'campaign_orders', 'campaign_refunds') then perform api.broken('argument_invalid', '{"argument": "kind"}'); end if;
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 5000 then perform api.broken('batch_too_large', '{"maximum": 5000}'); end if;
    if api.repeated(command_id, 'campaign.post', body) then return api.answer_before(command_id); end if;
    at := api.clock();
    counts := api.record_campaign_rows(kind, rows, null, actor, at);
    perform api.record_event(command_id, 'campaign.post', actor, at, 'campaign', kind, null, body, jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', counts.excepted));
    return row(counts.posted, counts.repeated, counts.excepted)::api.posting_result;
end $$;
comment on function api.post_campaign_rows(uuid, text, jsonb) is 'campaign.post: Up to 5,000 records of the platform''s own service: campaign_members, campaign_touches, campaign_orders or campaign_refunds, in the form of the files'' rows and in any order.';
grant execute on function api.post_campaign_rows(uuid, text, jsonb) to kontor_people;

-- ── Checkout, as the platform asks ─────────────────────────────────────────────────────────────────────────────

create function api.discount_refusals(of_customer bigint, product text, order_kind text, other_first_order_discount boolean, at timestamptz) returns text[] language plpgsql stable security definer set search_path = '' as $$
declare terms book.campaign_versions := api.campaign_terms(at); period record; me book.customers; m book.campaign_members; touches jsonb; last_bound timestamptz;
begin
    select p.* into period from api.campaign_period(at) p;
    select c.* into me from book.customers c where c.id = of_customer;
    select x.* into m from book.campaign_members x where x.customer_id = of_customer;
    touches := coalesce(api.touches_of(of_customer, at), '[]');
    select max((t ->> 'bound_at')::timestamptz) into last_bound from jsonb_array_elements(touches) t where (t ->> 'valid')::boolean and (t ->> 'bound_at')::timestamptz <= at;
    return array_remove(array[
        case when terms.id is null or period.started_at is null or at >= period.ended_at or period.paused then 'campaign_not_running' end,
        case when product is distinct from terms.discount_product then 'product_not_discounted' end,
        case when order_kind is distinct from 'first' then 'order_is_not_the_first' end,
        case when m.paid_before or (api.first_subscription(of_customer)).paid_at < at then 'paid_before' end,
        case when last_bound is null then 'not_invited' when terms.discount_within_bar and at - last_bound > make_interval(hours => terms.bar_hours) then 'outside_72h' end,
        case when m.barred_at is not null then 'account_barred' end,
        case when exists (select 1 from book.customers c join book.dollar_orders o on o.customer_id = c.id and o.discount > 0 where c.id <> of_customer and book.phone_key(c.phone) = book.phone_key(me.phone)) then 'discount_used_with_phone' end,
        case when exists (select 1 from book.customers c join book.dollar_orders o on o.customer_id = c.id and o.discount > 0 where c.id <> of_customer and lower(c.email) = lower(me.email)) then 'discount_used_with_email' end,
        case when exists (select 1 from book.dollar_orders o where o.customer_id = of_customer and o.discount > 0) then 'discount_used' end,
        case when other_first_order_discount then 'other_discount_on_order' end], null);
end $$;
comment on function api.discount_refusals(bigint, text, text, boolean, timestamptz) is 'Every reason against the first-order discount, none when it is due (IC-06, IC-08 to IC-11, B2).';

create type api.checkout as (eligible boolean, reasons text[], credits_available numeric, credits_refused text, amounts jsonb, version text, minimum_payable numeric);
comment on column api.checkout.reasons is '{{string[]}} every reason against the discount';
comment on column api.checkout.credits_refused is '? why no credits may be used';
comment on column api.checkout.amounts is '{{{ discount_nominal: Money; discount_applied: Money; credits_used: Money; payable: Money; actual_payment_amount: Money | null; discount_adjusted: boolean; below_processor_minimum: boolean }}} the arithmetic';
comment on column api.checkout.version is '? the terms in force';

create function api.open_checkout(customer_ref text, product text, order_amount api.cents, purpose text default 'subscription', order_kind text default 'first', other_first_order_discount boolean default false,
    at timestamptz default null) returns api.checkout language plpgsql stable security definer set search_path = '' as $$
declare answer api.checkout; instant timestamptz := coalesce(open_checkout.at, api.clock()); terms book.campaign_versions := api.campaign_terms(instant); account bigint; a api.checkout_amounts;
begin
    perform api.reader();
    select c.id into account from book.customers c where c.ref = open_checkout.customer_ref;
    answer.reasons := case when account is null then array['account_unknown'] when purpose <> 'subscription' then array['product_not_discounted']
                           else api.discount_refusals(account, product, order_kind, other_first_order_discount, instant) end;
    answer.eligible := cardinality(answer.reasons) = 0;
    answer.credits_refused := case when purpose not in ('subscription', 'pack', 'api_fees') then 'credit_purpose_not_listed' when api.credit_standing(account) <> 'sound' then api.credit_standing(account) end;
    answer.credits_available := case when answer.credits_refused is null and account is not null then api.credits_available(account) else 0 end;
    answer.version := terms.version;
    answer.minimum_payable := coalesce(terms.minimum_payable, 0.50);
    a := api.checkout_amounts(order_amount, answer.credits_available, answer.eligible, coalesce(terms.discount_rate, 0), answer.minimum_payable);
    answer.amounts := jsonb_build_object('discount_nominal', a.discount_nominal::text, 'discount_applied', a.discount_applied::text, 'credits_used', a.credits_used::text, 'payable', a.payable::text,
        'actual_payment_amount', a.actual_payment_amount::text, 'discount_adjusted', a.discount_adjusted, 'below_processor_minimum', a.below_processor_minimum);
    return answer;
end $$;
comment on function api.open_checkout(text, text, api.cents, text, text, boolean, timestamptz) is 'campaign.checkout: What an order would really cost: whether the discount is due and every reason if not, credits up to the cap, what is to be paid, and what counts as the actual payment (B3).';
grant execute on function api.open_checkout(text, text, api.cents, text, text, boolean, timestamptz) to kontor_people;
