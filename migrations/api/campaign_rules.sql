-- campaign_rules: the invite campaign's arithmetic, each rule one function of its facts. The platform's checkout asks the
-- same functions as the batches, the replay and the golden cases.

create function api.campaign_terms(at timestamptz) returns book.campaign_versions language plpgsql stable security definer set search_path = '' as $$
declare terms book.campaign_versions;
begin
    select v.* into terms from book.campaign_versions v where v.confirmed_at is not null and v.effective_at <= at order by v.effective_at desc limit 1;
    return terms;
end $$;
comment on function api.campaign_terms(timestamptz) is 'The terms in force at an instant (IC-02); nothing before the first version.';

create function api.campaign_period(at timestamptz, out started_at timestamptz, out ended_at timestamptz, out paused boolean) language plpgsql stable security definer set search_path = '' as $$
begin
    select max(t.at) filter (where t.turn = 'start'), coalesce((array_agg(t.turn order by t.at desc))[1] = 'pause', false) into started_at, paused
    from book.campaign_turns t where t.confirmed_at is not null and t.at <= campaign_period.at;
    select min(t.at) into ended_at from book.campaign_turns t where t.turn = 'end' and t.confirmed_at is not null and t.at > coalesce(started_at, '-infinity');
end $$;
comment on function api.campaign_period(timestamptz) is 'The campaign that an instant belongs to: when it started, when it ends (null while nobody has said so, B6), and whether it is paused then (IC-30).';

create function api.campaign_periods() returns table (from_at timestamptz, until_at timestamptz, started_at timestamptz, ended_at timestamptz, paused boolean) language sql stable security definer set search_path = '' as $$
    select b.at, lead(b.at, 1, 'infinity') over (order by b.at), p.started_at, p.ended_at, p.paused
    from (select '-infinity'::timestamptz as at union select t.at from book.campaign_turns t where t.confirmed_at is not null) b cross join lateral api.campaign_period(b.at) p
$$;
comment on function api.campaign_periods() is 'The same for every instant there is, from turn to turn: what a batch of thousands looks into.';

-- ── Checkout (B3) ──────────────────────────────────────────────────────────────────────────────────────────────

create type api.checkout_amounts as (discount_nominal numeric, discount_applied numeric, credits_used numeric, payable numeric, actual_payment_amount numeric,
    discount_adjusted boolean, below_processor_minimum boolean);
comment on type api.checkout_amounts is 'What an order really costs: discount first, then credits, and never below what the processor takes.';
comment on column api.checkout_amounts.actual_payment_amount is '? null when the order is too small to be charged at all';

create function api.checkout_amounts(order_amount numeric, credits_available numeric, eligible boolean, discount_rate numeric, minimum_payable numeric) returns api.checkout_amounts
language plpgsql immutable security definer set search_path = '' as $$
declare a api.checkout_amounts;
begin
    -- Postgres rounds numerics half away from zero, which for amounts is half-up (B4).
    a.discount_nominal := case when eligible then round(order_amount * discount_rate, 2) else 0.00 end;
    a.discount_applied := round(least(a.discount_nominal, greatest(0, order_amount - minimum_payable)), 2);
    a.credits_used := round(least(greatest(credits_available, 0), greatest(0, order_amount - a.discount_applied - minimum_payable)), 2);
    a.payable := round(order_amount - a.discount_applied - a.credits_used, 2);
    a.below_processor_minimum := a.payable < minimum_payable;
    a.actual_payment_amount := case when not a.below_processor_minimum then a.payable end;
    a.discount_adjusted := a.discount_applied <> a.discount_nominal;
    return a;
end $$;
comment on function api.checkout_amounts(numeric, numeric, boolean, numeric, numeric) is
    'The discount is computed first, half-up; credits are capped so that the processor''s minimum remains; only a discount that alone goes below it is trimmed. Below the minimum nothing can be charged (IC-07, B3).';

-- ── Attribution (IC-03 to IC-05, B1) ───────────────────────────────────────────────────────────────────────────

create function api.judge_touches(touches jsonb, first_paid_at timestamptz, bar_hours integer) returns table (place bigint, touch jsonb, bound_at timestamptz, elapsed interval, verdict text)
language plpgsql immutable security definer set search_path = '' as $$
#variable_conflict use_column
begin
    return query
    with told as (
        select e.n as place, e.value as touch, (e.value ->> 'bound_at')::timestamptz as bound_at, coalesce((e.value ->> 'valid')::boolean, true) as valid
        from jsonb_array_elements(touches) with ordinality e (value, n)
    ), last_one as (
        -- Equal instants: the later recorded one, which stands later in the list.
        select t.place from told t where t.valid and t.bound_at <= first_paid_at order by t.bound_at desc, t.place desc limit 1)
    select t.place, t.touch, t.bound_at, first_paid_at - t.bound_at,
           case when not t.valid then 'invalid'
                when first_paid_at is null then 'waiting'
                when t.bound_at > first_paid_at then 'after_payment'
                when t.place <> (select l.place from last_one l) then 'superseded'
                when first_paid_at - t.bound_at <= make_interval(hours => bar_hours) then 'won'
                else 'too_late' end
    from told t order by t.bound_at, t.place;
end $$;
comment on function api.judge_touches(jsonb, timestamptz, integer) is
    'Every touch with its verdict: the last valid one at or before the payment decides, and wins if the payment came within the hours, inclusive (IC-04, IC-05). Invalid ones are skipped; a later bind by the same inviter starts the hours anew.';

create function api.attribute(touches jsonb, first_paid_at timestamptz, bar_hours integer, had_paid boolean, out place bigint, out reason text) language plpgsql immutable security definer set search_path = '' as $$
declare decisive record;
begin
    select j.place, j.verdict into decisive from api.judge_touches(touches, first_paid_at, bar_hours) j where j.verdict in ('won', 'too_late');
    reason := case when first_paid_at is null then 'no_payment' when had_paid then 'friend_not_eligible' when decisive.verdict = 'won' then 'last_valid_touchpoint'
                   when decisive.verdict = 'too_late' then 'outside_72h' else 'no_touchpoint' end;
    if reason = 'last_valid_touchpoint' then place := decisive.place; end if;
end $$;
comment on function api.attribute(jsonb, timestamptz, integer, boolean) is 'Whose a friend is, as the place of the winning touch, and why; nobody''s when there was a paid subscription before (IC-08).';

-- ── Validity and rewards (IC-12 to IC-16, IC-21, B5) ───────────────────────────────────────────────────────────

create function api.invite_refusal(first_paid_at timestamptz, started_at timestamptz, ended_at timestamptz, paused boolean, refunds jsonb) returns text
language plpgsql immutable security definer set search_path = '' as $$
begin
    return (
    select case when started_at is null or first_paid_at < started_at or first_paid_at >= ended_at then 'payment_outside_campaign'
                when paused then 'payment_while_paused'
                when exists (select 1 from jsonb_array_elements(refunds) r
                             where r ->> 'order' = 'first' and not coalesce((r ->> 'platform_error')::boolean, false) and coalesce((r ->> 'succeeded_at')::timestamptz < ended_at, true))
                then 'refunded_within_campaign' end);
end $$;
comment on function api.invite_refusal(timestamptz, timestamptz, timestamptz, boolean, jsonb) is
    'Why a friend does not count, null when it does: paid outside the campaign or while it paused, or the first order was refunded, in part or in full, before the campaign ended. A refund after the end, of another order, or of a double charge changes nothing (IC-21, B5).';

create function api.actual_payment(cash_balance_paid numeric, third_party_paid numeric) returns numeric language sql immutable parallel safe as
$$ select round(cash_balance_paid + third_party_paid, 2) $$;
comment on function api.actual_payment(numeric, numeric) is 'The actual payment amount: cash balance and third party; coupons, credits and the like never enter it (IC-13, IC-14).';

create function api.base_credit(apa numeric, base_rate numeric) returns numeric language sql immutable parallel safe as
$$ select round(apa * base_rate, 2) $$;
comment on function api.base_credit(numeric, numeric) is 'The base credit of one friend, half-up to the cent (IC-12).';

create function api.friends_in_a_round() returns integer language sql immutable security definer set search_path = '' as $$ select 30 $$;
comment on function api.friends_in_a_round() is 'Thirty friends make a round (IC-16).';

create type api.ladder_round as (round bigint, sum_apa numeric, tier_credit numeric);

create function api.ladder_rounds(apas numeric[], tier_parts numeric[]) returns setof api.ladder_round language sql immutable security definer set search_path = '' as $$
    select (t.n - 1) / api.friends_in_a_round() + 1, sum(t.apa), round(sum(t.part), 2)
    from unnest(apas, tier_parts) with ordinality t (apa, part, n)
    group by 1 having count(*) = api.friends_in_a_round() order by 1
$$;
comment on function api.ladder_rounds(numeric[], numeric[]) is 'Whole rounds of friends who stand in the order of their payment: each rounds once, on its sum, so thirty rounded base credits may add up to something else (IC-16, B4).';

create type api.ladder_figures as (friends bigint, apa numeric, base_total numeric, tier_total numeric);
comment on type api.ladder_figures is 'What the counted friends of an inviter add up to.';

create function api.ladder_figures(apas numeric[], base_rate numeric, tier_rate numeric) returns api.ladder_figures language sql immutable security definer set search_path = '' as $$
    select row((select count(*) from unnest(apas)), (select coalesce(sum(a), 0) from unnest(apas) a), (select coalesce(sum(api.base_credit(a, base_rate)), 0) from unnest(apas) a),
        (select coalesce(sum(r.tier_credit), 0) from api.ladder_rounds(apas, array(select a * tier_rate from unnest(apas) with ordinality t (a, n) order by t.n)) r))::api.ladder_figures
$$;
comment on function api.ladder_figures(numeric[], numeric, numeric) is 'A whole ladder under one version''s rates.';

-- ── Taking back ────────────────────────────────────────────────────────────────────────────────────────────────

create function api.credit_reversal(entitled_before numeric, entitled_after numeric, used numeric, out to_reverse numeric, out from_unused numeric, out negative numeric)
language plpgsql immutable security definer set search_path = '' as $$
begin
    to_reverse := entitled_before - entitled_after;
    from_unused := least(to_reverse, greatest(entitled_before - used, 0));
    negative := to_reverse - from_unused;
end $$;
comment on function api.credit_reversal(numeric, numeric, numeric) is 'An honest reversal: from what is unused first, the rest stands as a negative balance that later credits fill (B8, B9).';

create function api.credit_penalty(issued numeric, used numeric, out deduct_unused numeric, out reclaim_cash_value numeric) language plpgsql immutable security definer set search_path = '' as $$
begin
    deduct_unused := greatest(issued - used, 0);
    reclaim_cash_value := used;
end $$;
comment on function api.credit_penalty(numeric, numeric) is 'A violation: unused credits are deducted, spent ones reclaimed at one dollar for one credit (IC-28, B10).';
