-- campaign_pages: the campaign as people see it: what it cost and owes, an inviter's ladder, and why a friend is whose.

create function api.mask_ref(ref text) returns text language sql immutable parallel safe as $$ select '****' || right(ref, least(4, length(ref) / 2)) $$;
comment on function api.mask_ref(text) is 'An account number as the other party of an invitation may see it (IC-25).';

-- ── Overview ───────────────────────────────────────────────────────────────────────────────────────────────────

create function api.campaign_movements() returns table (code text, on_day date, amount numeric) language sql stable security definer set search_path = '' as $$
    select a.code, d.on_day, sum(d.debit - d.credit)
    from book.accounts a join api.days_with_tail(false) d on d.account_id = a.id and d.commodity = case a.code when 'credit_claims' then 'USD' else 'USD.CREDIT' end
    where a.code in ('credit_base_cost', 'credit_tier_cost', 'credits_redeemed', 'credits_lapsed', 'credits_forfeited', 'credits', 'credit_claims') group by 1, 2
$$;
comment on function api.campaign_movements() is 'The campaign''s accounts day by day, debit positive: what was granted, used, lapsed, deducted, owed and claimed. One pass over the totals by day.';

create type api.campaign_overview as (now timestamptz, state text, started_at timestamptz, ended_at timestamptz, version text, cost jsonb, liability numeric, claims numeric, funnel jsonb, days jsonb,
    objections_open bigint, objections_late bigint, reviews_open bigint, violations_open bigint);
comment on column api.campaign_overview.state is '{{"running" | "paused" | "ended" | "not_started"}}';
comment on column api.campaign_overview.started_at is '? when';
comment on column api.campaign_overview.ended_at is '? when it ends; null while nobody has said so (B6)';
comment on column api.campaign_overview.version is '? terms in force';
comment on column api.campaign_overview.cost is '{{Record<"credit_base_cost" | "credit_tier_cost" | "credits_redeemed" | "credits_lapsed" | "credits_forfeited" | "credits", Money>}} debit positive';
comment on column api.campaign_overview.liability is 'credits that are granted and not used yet';
comment on column api.campaign_overview.claims is 'cash value asked back and not paid';
comment on column api.campaign_overview.funnel is '{{Array<{ verdict: string; friends: number; apa: Money }>}} what came of friends, binds first';
comment on column api.campaign_overview.days is '{{Array<{ on: IsoDate; amount: Money }>}} credits owed at the end of each of the last thirty days';

create function api.open_campaign() returns api.campaign_overview language plpgsql stable security definer set search_path = '' as $$
declare answer api.campaign_overview; period record; today date;
begin
    perform api.reader();
    answer.now := api.clock();
    today := (answer.now at time zone 'Asia/Singapore')::date;
    select p.* into period from api.campaign_period(answer.now) p;
    answer.started_at := period.started_at;
    answer.ended_at := period.ended_at;
    answer.state := case when period.started_at is null then 'not_started' when answer.now >= period.ended_at then 'ended' when period.paused then 'paused' else 'running' end;
    answer.version := (api.campaign_terms(answer.now)).version;
    with moved as materialized (select m.* from api.campaign_movements() m),
    sums as (select c.code, coalesce(sum(m.amount), 0)::numeric(20, 2) as amount
             from unnest(array['credit_base_cost', 'credit_tier_cost', 'credits_redeemed', 'credits_lapsed', 'credits_forfeited', 'credits', 'credit_claims']) c (code) left join moved m on m.code = c.code group by 1)
    select jsonb_object_agg(x.code, x.amount::text) filter (where x.code <> 'credit_claims'), -sum(x.amount) filter (where x.code = 'credits'), sum(x.amount) filter (where x.code = 'credit_claims'),
           (select jsonb_agg(jsonb_build_object('on', g.d::date, 'amount', (select coalesce(-sum(m.amount), 0) from moved m where m.code = 'credits' and m.on_day <= g.d::date)::numeric(20, 2)::text) order by g.d)
            from generate_series(today - 29, today, interval '1 day') g (d))
    into answer.cost, answer.liability, answer.claims, answer.days from sums x;
    select coalesce(jsonb_agg(jsonb_build_object('verdict', f.verdict, 'friends', f.friends, 'apa', f.apa::text) order by f.verdict <> 'bound', f.verdict <> 'counted', f.friends desc, f.verdict), '[]') into answer.funnel
    from (select d.verdict, sum(d.friends) as friends, sum(d.apa) as apa from book.campaign_days d group by 1 having sum(d.friends) > 0) f;
    select count(*), count(*) filter (where l.expires_at <= answer.now + interval '3 days') into answer.objections_open, answer.objections_late
    from book.campaign_objections o left join book.deadlines l on l.subject_id = o.id where o.status = 'open';
    select count(*) into answer.reviews_open from book.account_reviews r where r.status = 'open';
    select count(*) into answer.violations_open from book.campaign_violations v where v.status = 'proposed';
    return answer;
end $$;
comment on function api.open_campaign() is 'campaign.overview: What the campaign cost, what it still owes, what came of friends, and what waits.';
grant execute on function api.open_campaign() to kontor_people;

create type api.credit_month as (month date, opening numeric, earned numeric, reversed numeric, used numeric, lapsed numeric, deducted numeric, closing numeric);
comment on type api.credit_month is 'What we owe in credits, by month: opening plus the movements is closing. Credit positive.';

create function api.credit_roll_forward(first_month date, months integer default 12) returns setof api.credit_month language sql stable security definer set search_path = '' as $$
    with moved as (select date_trunc('month', d.on_day)::date as month, d.kind, sum(d.credit - d.debit) as amount
                   from api.days_with_tail(true) d where d.account_id = (select a.id from book.accounts a where a.code = 'credits') and d.commodity = 'USD.CREDIT' group by 1, 2),
    asked as (select g.m::date as month from generate_series(date_trunc('month', first_month), date_trunc('month', first_month) + make_interval(months => least(greatest(months, 1), 60) - 1), interval '1 month') g (m))
    select a.month, coalesce(sum(m.amount) filter (where m.month < a.month), 0), coalesce(sum(m.amount) filter (where m.month = a.month and m.kind in ('credit_earned', 'credit_restored')), 0),
           coalesce(sum(m.amount) filter (where m.month = a.month and m.kind = 'credit_reversed'), 0), coalesce(sum(m.amount) filter (where m.month = a.month and m.kind = 'credit_used'), 0),
           coalesce(sum(m.amount) filter (where m.month = a.month and m.kind = 'credit_lapsed'), 0), coalesce(sum(m.amount) filter (where m.month = a.month and m.kind in ('credit_deducted', 'credit_claimed')), 0),
           coalesce(sum(m.amount) filter (where m.month <= a.month), 0)
    from (select api.reader()) me, asked a left join moved m on m.month <= a.month group by 1 order by 1
$$;
comment on function api.credit_roll_forward(date, integer) is 'campaign.roll_forward: Liability for credits month by month: opening, earned, reversed, used, lapsed, deducted, closing.';
grant execute on function api.credit_roll_forward(date, integer) to kontor_people;

-- ── Inviters ───────────────────────────────────────────────────────────────────────────────────────────────────

create view api.inviters as
select l.inviter_id as customer_id, c.ref, api.shown_name(c) as name, api.credit_standing(l.inviter_id) as standing, l.friends, l.apa, l.base_total, l.tier_total, l.used, l.lapsed, l.deducted, l.claimed,
       l.friends / api.friends_in_a_round() as rounds, api.friends_in_a_round() - l.friends % api.friends_in_a_round() as needed_for_next_round,
       api.balance(l.inviter_id, 'credits', 'USD.CREDIT')::numeric(20, 2) as balance, l.settled_at
from book.ladders l join book.customers c on c.id = l.inviter_id;
comment on view api.inviters is 'Inviters with what their friends earned them and what is left of it.';
comment on column api.inviters.standing is '{{"sound" | "locked" | "deactivated" | "barred"}} whether credits may be earned and used';
comment on column api.inviters.balance is 'below zero after a refund of what was spent already (B9)';

create function api.list_inviters(search text default '', after_friends integer default null, after_id bigint default null, most integer default 100) returns setof api.inviters language plpgsql stable security definer set search_path = '' as $$
declare named bigint[];
begin
    perform api.reader();
    if api.tidy(search) is not null then named := api.customers_named(search, 500); end if;
    return query
    select v.* from (select l.inviter_id, l.friends from book.ladders l
                     where (named is null or l.inviter_id = any (named)) and (after_id is null or (l.friends, l.inviter_id) < (after_friends, after_id))
                     order by l.friends desc, l.inviter_id desc limit least(greatest(most, 1), 500)) p
    join api.inviters v on v.customer_id = p.inviter_id order by p.friends desc, p.inviter_id desc;
end $$;
comment on function api.list_inviters(text, integer, bigint, integer) is 'campaign.inviters: Inviters, most counted friends first, by name or account number.';
grant execute on function api.list_inviters(text, integer, bigint, integer) to kontor_people;

create function api.ladder_place(of_inviter bigint, at_paid_at timestamptz, at_order_no text) returns integer language plpgsql stable security definer set search_path = '' as $$
declare before integer; here record;
begin
    select b.from_paid_at, b.from_order_no into here from book.ladder_blocks b where b.inviter_id = of_inviter and (b.from_paid_at, b.from_order_no) <= (at_paid_at, at_order_no)
    order by b.from_paid_at desc, b.from_order_no desc limit 1;
    select coalesce(sum(b.friends), 0) into before from book.ladder_blocks b where b.inviter_id = of_inviter and (b.from_paid_at, b.from_order_no) < (here.from_paid_at, here.from_order_no);
    return before + (select count(*) from book.invitations i where i.inviter_id = of_inviter and i.counted
                     and (i.paid_at, i.order_no) >= (here.from_paid_at, here.from_order_no) and (i.paid_at, i.order_no) <= (at_paid_at, at_order_no));
end $$;
comment on function api.ladder_place(bigint, timestamptz, text) is 'Which friend of the inviter this is, counting from one.';

create function api.ladder_members(of_inviter bigint, first_place integer, most integer) returns table (place integer, friend_id bigint, paid_at timestamptz, order_no text, apa numeric, base_credit numeric, tier_part numeric)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare here record;
begin
    select x.from_paid_at, x.from_order_no, x.upto - x.friends as before into here
    from (select b.*, sum(b.friends) over (order by b.from_paid_at, b.from_order_no) as upto from book.ladder_blocks b where b.inviter_id = of_inviter) x
    where x.upto >= first_place order by x.upto, x.friends desc limit 1;
    if not found then return; end if;
    return query
    select s.place::integer, s.friend_id, s.paid_at, s.order_no, s.apa::numeric, s.base_credit::numeric, s.tier_part::numeric
    from (select here.before + row_number() over (order by i.paid_at, i.order_no) as place, i.* from
              (select n.* from book.invitations n where n.inviter_id = of_inviter and n.counted and (n.paid_at, n.order_no) >= (here.from_paid_at, here.from_order_no)
               order by n.paid_at, n.order_no limit first_place - here.before + most) i) s
    where s.place >= first_place and s.place < first_place + most order by s.place;
end $$;
comment on function api.ladder_members(bigint, integer, integer) is 'The counted friends from a place on, in their order: read from the stretch that the place lies in.';

create type api.inviter_page as (inviter jsonb, pending numeric, available numeric, member jsonb, rounds jsonb, violations jsonb);
comment on column api.inviter_page.inviter is '{{Inviter}} the inviter';
comment on column api.inviter_page.pending is 'earned too lately to be used (B6)';
comment on column api.inviter_page.available is 'may be used now';
comment on column api.inviter_page.member is '{{{ registered_at: Instant | null; paid_before: boolean; deactivated_at: Instant | null; barred_at: Instant | null }}} the account as the campaign sees it';
comment on column api.inviter_page.rounds is '{{Array<{ round: number; friends: number; from_at: Instant; until_at: Instant; sum_apa: Money; exact: string; tier_credit: Money | null }>}} the latest rounds, the open one first';
comment on column api.inviter_page.violations is '{{Array<{ id: Uuid; number: string; kind: string; status: string; proposed_at: Instant }>}} what was found against the account';

create function api.inviter_rounds(of_inviter bigint, of_friends integer, most integer) returns jsonb language sql stable security definer set search_path = '' as $$
    with size as (select api.friends_in_a_round() as n), range as (select greatest((of_friends + s.n - 1) / s.n - most, 0) * s.n + 1 as first, s.n from size s)
    select coalesce(jsonb_agg(jsonb_build_object('round', r.round, 'friends', r.friends, 'from_at', r.from_at, 'until_at', r.until_at, 'sum_apa', r.apa::text, 'exact', r.exact::text,
               'tier_credit', case when r.friends = (select s.n from size s) then round(r.exact, 2)::text end) order by r.round desc), '[]')
    from (select (m.place - 1) / g.n + 1 as round, count(*) as friends, min(m.paid_at) as from_at, max(m.paid_at) as until_at, sum(m.apa) as apa, sum(m.tier_part) as exact
          from range g, api.ladder_members(of_inviter, g.first, most * g.n) m group by 1) r
$$;
comment on function api.inviter_rounds(bigint, integer, integer) is 'The latest rounds of a ladder: their friends, what those paid, and the credit before and after rounding.';

create function api.open_inviter(customer_id bigint) returns api.inviter_page language plpgsql stable security definer set search_path = '' as $$
declare answer api.inviter_page; v api.inviters; m book.campaign_members; c book.customers;
begin
    perform api.reader();
    select x.* into c from book.customers x where x.id = open_inviter.customer_id;
    if not found then perform api.broken('customer_unknown'); end if;
    select i.* into v from api.inviters i where i.customer_id = open_inviter.customer_id;
    if not found then
        v.customer_id := c.id; v.ref := c.ref; v.name := api.shown_name(c); v.standing := api.credit_standing(c.id); v.friends := 0; v.apa := 0; v.base_total := 0; v.tier_total := 0; v.used := 0; v.lapsed := 0; v.deducted := 0;
        v.claimed := 0; v.rounds := 0; v.needed_for_next_round := api.friends_in_a_round(); v.balance := 0; v.settled_at := api.clock();
    end if;
    select x.* into m from book.campaign_members x where x.customer_id = c.id;
    answer.inviter := to_jsonb(v) || (select jsonb_object_agg(e.key, e.value) from jsonb_each_text(to_jsonb(v)) e where e.key in ('customer_id', 'apa', 'base_total', 'tier_total', 'used', 'lapsed', 'deducted', 'claimed', 'balance'));
    answer.member := jsonb_build_object('registered_at', m.registered_at, 'paid_before', coalesce(m.paid_before, false), 'deactivated_at', m.deactivated_at, 'barred_at', m.barred_at);
    answer.pending := api.credits_pending(c.id, api.clock());
    answer.available := api.credits_available(c.id);
    answer.rounds := api.inviter_rounds(c.id, v.friends, 12);
    select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'number', x.number, 'kind', x.kind, 'status', x.status, 'proposed_at', x.proposed_at) order by x.proposed_at desc), '[]') into answer.violations
    from book.campaign_violations x where x.id in (select a.violation_id from book.violation_accounts a where a.customer_id = c.id);
    return answer;
end $$;
comment on function api.open_inviter(bigint) is 'campaign.inviter: An inviter: standing, what friends earned, what was used and taken back, the latest rounds with their rounding.';
grant execute on function api.open_inviter(bigint) to kontor_people;

create type api.invited_friend as (friend_id bigint, ref text, name text, order_no text, paid_at timestamptz, apa numeric, base_credit numeric, verdict text, counted boolean);
comment on type api.invited_friend is 'A friend who was won by an inviter, counted or not.';

create function api.list_friends(inviter_id bigint, before_paid_at timestamptz default null, before_order_no text default null, most integer default 100) returns setof api.invited_friend
language sql stable security definer set search_path = '' as $$
    select i.friend_id, api.mask_ref(c.ref), api.mask_name(c.name), i.order_no, i.paid_at, i.apa, case when i.counted then i.base_credit else 0 end, i.verdict, i.counted
    from (select api.reader()) me, book.invitations i join book.customers c on c.id = i.friend_id
    where i.inviter_id = list_friends.inviter_id and (before_paid_at is null or (i.paid_at, i.order_no) < (before_paid_at, before_order_no))
    order by i.paid_at desc, i.order_no desc limit least(greatest(most, 1), 500)
$$;
comment on function api.list_friends(bigint, timestamptz, text, integer) is 'campaign.friends: The friends of an inviter, the latest payment first: masked, companies too, because the list leaves the house as the inviter''s statement (IC-25).';
grant execute on function api.list_friends(bigint, timestamptz, text, integer) to kontor_people;

-- ── Replay ─────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.replay_touches(touches jsonb, paid_at timestamptz, bar_hours integer, masked boolean) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', j.touch ->> 'id', 'inviter_id', case when not masked then j.touch ->> 'inviter_id' end, 'inviter_name', case when not masked then api.shown_name(c) end,
               'inviter_ref', case when masked then api.mask_ref(c.ref) else c.ref end, 'way', j.touch ->> 'way', 'bound_at', api.instant_text(j.bound_at),
               'ends_at', api.instant_text(j.bound_at + make_interval(hours => bar_hours)), 'elapsed_seconds', floor(extract(epoch from j.elapsed))::bigint, 'verdict', j.verdict, 'why', j.touch ->> 'why') order by j.bound_at, j.place), '[]')
    from api.judge_touches(touches, paid_at, bar_hours) j join book.customers c on c.id = (j.touch ->> 'inviter_id')::bigint
$$;
comment on function api.replay_touches(jsonb, timestamptz, integer, boolean) is 'Every touch with its hours and its verdict; the other party masked where a customer is told (IC-25).';

create function api.what_would_change(i book.invitations, touches jsonb, bar_hours integer, had_paid boolean) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare facts jsonb := '[]'; decisive record; other record;
begin
    select j.* into decisive from api.judge_touches(touches, i.paid_at, bar_hours) j where j.verdict in ('won', 'too_late');
    if decisive.verdict = 'too_late' then
        facts := facts || jsonb_build_object('change', 'paid_by', 'at', api.instant_text(decisive.bound_at + make_interval(hours => bar_hours)), 'late_by_seconds', floor(extract(epoch from decisive.elapsed))::bigint - bar_hours * 3600)
                       || jsonb_build_object('change', 'bound_again_from', 'at', api.instant_text(i.paid_at - make_interval(hours => bar_hours)));
    elsif decisive.verdict = 'won' then
        facts := facts || jsonb_build_object('change', 'paid_after', 'at', api.instant_text(decisive.bound_at + make_interval(hours => bar_hours)));
        -- The same question without the touch that won: whose would the friend be?
        select a.place, a.reason into other from api.attribute((select jsonb_agg(case when e.n = decisive.place then e.value || '{"valid": false}' else e.value end order by e.n) from jsonb_array_elements(touches) with ordinality e (value, n)),
            i.paid_at, bar_hours, had_paid) a;
        facts := facts || jsonb_build_object('change', case when other.place is null then 'without_it_nobodys' else 'without_it_anothers' end, 'touch_id', touches -> (other.place - 1)::integer ->> 'id');
    else
        facts := facts || jsonb_build_object('change', 'bound_before', 'at', api.instant_text(i.paid_at));
    end if;
    if had_paid then facts := jsonb_build_array(jsonb_build_object('change', 'nothing_after_a_paid_subscription')); end if;
    if i.verdict = 'refunded_within_campaign' then facts := facts || jsonb_build_object('change', 'without_the_refund'); end if;
    return facts;
end $$;
comment on function api.what_would_change(book.invitations, jsonb, integer, boolean) is 'What would have made it come out otherwise, asked of the same functions.';

create function api.replay_ladder(i book.invitations, terms book.campaign_versions, masked boolean) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare place integer; size integer := api.friends_in_a_round(); round_no integer; members jsonb; sum_apa numeric; exact numeric; n integer;
begin
    if not i.counted then return null; end if;
    place := api.ladder_place(i.inviter_id, i.paid_at, i.order_no);
    round_no := (place - 1) / size + 1;
    select jsonb_agg(jsonb_build_object('place', m.place, 'friend_id', case when not masked then m.friend_id::text end, 'friend', case when masked then api.mask_ref(c.ref) else c.ref end, 'paid_at', api.instant_text(m.paid_at),
               'apa', m.apa::text, 'this', m.friend_id = i.friend_id) order by m.place), sum(m.apa), sum(m.tier_part), count(*)
    into members, sum_apa, exact, n from api.ladder_members(i.inviter_id, (round_no - 1) * size + 1, size) m join book.customers c on c.id = m.friend_id;
    return jsonb_build_object('place', place, 'round', round_no, 'friends', n, 'needed', size - n, 'base_rate', terms.base_rate::text, 'tier_rate', terms.tier_rate::text,
        'base_exact', (i.apa * terms.base_rate)::text, 'base_credit', i.base_credit::text, 'sum_apa', sum_apa::text, 'tier_exact', exact::text,
        'tier_credit', case when n = size then round(exact, 2)::text end, 'members', members);
end $$;
comment on function api.replay_ladder(book.invitations, book.campaign_versions, boolean) is 'Where a counted friend stands in the inviter''s ladder, and each figure before and after its rounding (IC-12, IC-16, B4).';

create function api.replay_of(friend bigint, masked boolean) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare i book.invitations; terms book.campaign_versions; c book.customers; m book.campaign_members; o book.dollar_orders; touches jsonb; at timestamptz := api.clock(); v book.customers;
begin
    select x.* into c from book.customers x where x.id = friend;
    if not found then perform api.broken('customer_unknown'); end if;
    select x.* into i from book.invitations x where x.friend_id = friend;
    select x.* into m from book.campaign_members x where x.customer_id = friend;
    select x.* into o from book.dollar_orders x where x.order_no = i.order_no;
    select x.* into v from book.customers x where x.id = i.inviter_id;
    terms := api.campaign_terms(coalesce(i.paid_at, at));
    touches := api.touches_of(friend, coalesce(i.paid_at, at));
    return jsonb_build_object(
        'friend_id', case when not masked then friend::text end, 'friend_name', case when not masked then api.shown_name(c) end, 'friend_ref', case when masked then api.mask_ref(c.ref) else c.ref end,
        'registered_at', m.registered_at, 'paid_before', coalesce(m.paid_before, false), 'version', terms.version, 'bar_hours', terms.bar_hours,
        'order_no', i.order_no, 'product', o.product, 'paid_at', api.instant_text(i.paid_at), 'apa', i.apa::text, 'amount_order', o.amount_order::text, 'discount', o.discount::text, 'coupon', o.coupon::text,
        'credits_used', o.credits_used::text, 'cash_balance_paid', o.cash_balance_paid::text, 'third_party_paid', o.third_party_paid::text, 'confirmed_at', o.confirmed_at,
        'verdict', coalesce(i.verdict, 'no_payment'), 'inviter_id', case when not masked then i.inviter_id::text end, 'inviter_name', case when not masked and v.id is not null then api.shown_name(v) end,
        'inviter_ref', case when masked then api.mask_ref(v.ref) else v.ref end,
        'touches', api.replay_touches(touches, i.paid_at, coalesce(terms.bar_hours, 72), masked), 'refunds', case when i.order_no is null then '[]'::jsonb else api.refunds_of(i.order_no) end,
        'changes', case when i.friend_id is null then '[]'::jsonb else api.what_would_change(i, touches, coalesce(terms.bar_hours, 72), coalesce(m.paid_before, false)) end,
        'ladder', case when i.counted then api.replay_ladder(i, terms, masked) end);
end $$;
comment on function api.replay_of(bigint, boolean) is 'Why a friend is whose, from the records: the whole answer to an objection.';

create type api.replay as (friend_id bigint, replay jsonb, objections jsonb);
comment on column api.replay.replay is '{{CampaignReplay}} the whole of it';
comment on column api.replay.objections is '{{Array<{ id: Uuid; number: string; status: string; received_at: Instant }>}} objections about this friend';
comment on type api.replay is 'ts: export interface CampaignReplay { friend_id: string | null; friend_name: string | null; friend_ref: string; registered_at: Instant | null; paid_before: boolean; version: string | null; bar_hours: number | null; order_no: string | null; product: string | null; paid_at: Instant | null; apa: Money | null; amount_order: Money | null; discount: Money | null; coupon: Money | null; credits_used: Money | null; cash_balance_paid: Money | null; third_party_paid: Money | null; confirmed_at: Instant | null; verdict: string; inviter_id: string | null; inviter_name: string | null; inviter_ref: string | null; touches: Array<{ id: string; inviter_id: string | null; inviter_name: string | null; inviter_ref: string; way: string; bound_at: Instant; ends_at: Instant; elapsed_seconds: number | null; verdict: string; why: string | null }>; refunds: Array<{ refund_no: string; kind: string; amount: Money; succeeded_at: Instant; platform_error: boolean; undone_at: Instant | null }>; changes: Array<{ change: string; at?: Instant; late_by_seconds?: number; touch_id?: string | null }>; ladder: { place: number; round: number; friends: number; needed: number; base_rate: string; tier_rate: string; base_exact: string; base_credit: Money; sum_apa: Money; tier_exact: string; tier_credit: Money | null; members: Array<{ place: number; friend_id: string | null; friend: string; paid_at: Instant; apa: Money; this: boolean }> } | null }';

create function api.open_replay(friend_id bigint) returns api.replay language plpgsql stable security definer set search_path = '' as $$
declare answer api.replay;
begin
    perform api.reader();
    answer.friend_id := open_replay.friend_id;
    answer.replay := api.replay_of(open_replay.friend_id, false);
    select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'status', o.status, 'received_at', o.received_at) order by o.received_at desc), '[]') into answer.objections
    from book.campaign_objections o where o.friend_id = open_replay.friend_id;
    return answer;
end $$;
comment on function api.open_replay(bigint) is 'campaign.replay: Why a friend is whose: every touch with its verdict, the hours, what was paid, what would have changed it, and the ladder digit by digit.';
grant execute on function api.open_replay(bigint) to kontor_people;
