-- refunds: RA 9.1–9.3. The worksheet is computed here and nowhere else; approval binds to its digest;
-- what is promised is held in the same transaction; a lot is refunded once.

-- ── The worksheet ──────────────────────────────────────────────────────────────────────────────────────────────

create function api.fee_under(policy jsonb, amount numeric) returns numeric language sql immutable security definer set search_path = '' as $$
    select least(amount, (policy ->> 'cap')::numeric, greatest((policy ->> 'minimum')::numeric, case policy ->> 'rounding'
        when 'up' then round(ceil(amount * (policy ->> 'rate')::numeric * 100) / 100, 2) when 'down' then trunc(amount * (policy ->> 'rate')::numeric, 2)
        else round(amount * (policy ->> 'rate')::numeric, 2) end))
$$;
comment on function api.fee_under(jsonb, numeric) is 'What a fee policy makes of one lot: rate, rounded to the fen (half up, unless the policy rounds up or down), at least the minimum, at most the cap where it has one, never above the lot (A10).';

create function api.refund_fee(amount numeric, channel text, paid_at timestamptz, at timestamptz) returns numeric language sql stable security definer set search_path = '' as $$
    select min(api.fee_under(p.value, amount))
    from (values (api.policy('refund_fee', at, channel)), (coalesce(api.policy('refund_fee', paid_at, channel), api.policy('refund_fee', at, channel)))) p (value)
$$;
comment on function api.refund_fee(numeric, text, timestamptz, timestamptz) is 'The handling fee of one lot: the lower of the policy when it was paid and now (RA 9.1, A10, 1.4 20).';

create function api.refund_route(channel text, paid_at timestamptz, at timestamptz) returns table (route text, closes_at timestamptz)
language sql stable security definer set search_path = '' as $$
    select case when at <= w.closes_at then 'original' else 'manual_transfer' end, w.closes_at
    from (select paid_at + make_interval(hours => 24 * (api.policy('refund_window_days', at, channel) #>> '{}')::integer) as closes_at) w
$$;
comment on function api.refund_route(text, timestamptz, timestamptz) is 'Whether the provider still takes a lot back the way it came, and until which instant (RA 9.1; formats 1.4).';

create function api.compute_worksheet(customer bigint, for_refund uuid, at timestamptz, override boolean default false) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare unbilled numeric; gifts numeric; gift_part numeric; principal_part numeric; total_left numeric; reason text; lots jsonb;
    gross numeric; fee numeric; residual numeric; manual boolean;
    gift_first boolean := api.policy('consume_order', at) #>> '{}' = 'gift_first'; state text; voided numeric; approved timestamptz; submitted timestamptz; suspended numeric := 0;
begin
    select f.status, f.amount_gift_voided, f.approved_at, f.requested_at, f.legal_override into state, voided, approved, submitted, override from book.refunds f where f.id = for_refund
    union all select null, null, null, null, override where for_refund is null;
    unbilled := case when state in ('released', 'paid', 'rejected', 'withdrawn') then 0
        -- After approval late usage goes to the receivable and moves no figure any more (RA-32; 1.4, 5).
        when state = 'approved' then api.unbilled(customer, approved)
        else api.unbilled(customer) end;
    select coalesce(sum(case when for_refund is null then g.amount_left else g.amount_reserved end), 0) into gifts
    from book.gifts g where g.customer_id = customer and (g.expires_at is null or g.expires_at > at);
    select coalesce(sum(r.amount_left), 0) into total_left from book.recharges r
    where r.customer_id = customer and r.earmarked_for is null and case when for_refund is null then r.held_by_refund is null and r.refunded_by is null else r.held_by_refund = for_refund end;
    if gift_first then
        gift_part := least(unbilled, gifts); principal_part := least(unbilled - gift_part, total_left);
    else
        principal_part := least(unbilled, total_left); gift_part := least(unbilled - principal_part, gifts);
    end if;

    select coalesce(jsonb_agg(jsonb_build_object(
               'recharge_id', l.id::text, 'journal_id', l.journal_id::text, 'order_no', l.order_no, 'channel', l.channel, 'paid_at', l.paid_at, 'agreement_version', l.agreement_version,
               'principal', l.principal::text, 'gift', (select coalesce(sum(g.amount), 0)::text from book.gifts g where g.recharge_id = l.id), 'used', round(l.principal - l.amount_left, 6)::text, 'unbilled', round(l.taken, 6)::text, 'left', round(l.amount_left - l.taken, 6)::text,
               'refundable', l.refundable::text, 'residual', round(l.amount_left - l.taken - l.refundable, 6)::text, 'fee', l.fee::text, 'net', (l.refundable - l.fee)::text,
               'route', l.route, 'route_closes_at', l.closes_at, 'days_left', floor(extract(epoch from l.closes_at - at) / 86400)::integer,
               'payer', api.mask_name(l.payer_name), 'payer_account', api.mask_account(l.payer_account), 'payer_is_holder', l.payer_is_holder) order by l.paid_at, l.id), '[]'),
           coalesce(sum(l.refundable), 0) as gross, coalesce(sum(l.fee), 0) as fee, coalesce(sum(l.amount_left - l.taken - l.refundable), 0) as residual, coalesce(bool_or(l.route = 'manual_transfer' and l.refundable > l.fee), false) as manual
    into lots, gross, fee, residual, manual
    from (
        select t.*, case when override then 0::numeric else api.refund_fee(t.refundable, t.channel, t.paid_at, coalesce(submitted, at)) end as fee, w.route, w.closes_at
        from (
            select r.*, greatest(0, least(r.amount_left, principal_part - (sum(r.amount_left) over (order by r.paid_at, r.id) - r.amount_left))) as taken,
                   trunc(r.amount_left - greatest(0, least(r.amount_left, principal_part - (sum(r.amount_left) over (order by r.paid_at, r.id) - r.amount_left))), 2) as refundable
            from book.recharges r
            where r.customer_id = customer and r.earmarked_for is null and r.amount_left > 0
              and case when for_refund is null then r.held_by_refund is null and r.refunded_by is null else r.held_by_refund = for_refund end
        ) t, api.refund_route(t.channel, t.paid_at, at) w
    ) l where l.refundable > 0 or l.amount_left > 0;

    if override then
        select case when for_refund is null then gifts - gift_part else coalesce(sum(g.amount_left - g.amount_reserved), 0) end into suspended from book.gifts g where g.suspended_by = for_refund;
    end if;
    reason := case
        when api.is_locked(customer) then 'account_locked'
        when api.payouts_stopped(customer) is not null then 'refund_stopped_by_dispute'
        when for_refund is null and exists (select 1 from book.refunds f where f.customer_id = customer and f.status in ('requested', 'reviewed', 'approved', 'released')) then 'refund_already_open'
        when for_refund is null and api.policy('refund_once_scope', at) #>> '{}' = 'account'
             and exists (select 1 from book.recharges r where r.customer_id = customer and r.refunded_by is not null) then 'refund_right_used'
        when gross <= 0 then 'refund_nothing_left'
        when gross - fee <= 0 then 'refund_net_is_zero' end;
    return jsonb_build_object('eligible', reason is null, 'reason', reason, 'gross', gross::numeric(14, 2)::text, 'fee', fee::numeric(14, 2)::text,
        'net', (gross - fee)::numeric(14, 2)::text, 'residual', residual::numeric(20, 6)::text, 'unbilled', unbilled::numeric(20, 6)::text,
        'uncollected', (unbilled - gift_part - principal_part)::numeric(20, 6)::text, 'provisional', unbilled > 0,
        'gift_left', gifts::numeric(20, 6)::text, 'gift_reserved', gift_part::numeric(20, 6)::text,
        'gift_voided', (case when for_refund is not null then voided when override then 0 else gifts - gift_part end)::numeric(20, 6)::text, 'gift_suspended', suspended::numeric(20, 6)::text, 'legal_override', override,
        'manual', manual, 'lots', lots);
end $$;
comment on function api.compute_worksheet(bigint, uuid, timestamptz, boolean) is
    'Every recharge lot with paid, used, unbilled, left, fee, net and route. Unbilled usage is taken first (RA 9.3), lots are floored to the fen (A11), fees are per lot. Without an application: what one would give now; with one: what it holds. A legal override bears no fee and suspends the gift instead of voiding it (rules 1.3).';

create function api.worksheet_digest(worksheet jsonb) returns bytea language sql immutable security definer set search_path = '' as $$
    select sha256(convert_to(jsonb_build_object('gross', worksheet -> 'gross', 'fee', worksheet -> 'fee', 'net', worksheet -> 'net', 'lots',
        (select jsonb_agg(jsonb_build_object('order_no', l -> 'order_no', 'refundable', l -> 'refundable', 'fee', l -> 'fee', 'net', l -> 'net', 'route', l -> 'route', 'payer_account', l -> 'payer_account') order by l ->> 'order_no')
         from jsonb_array_elements(worksheet -> 'lots') l))::text, 'UTF8'))
$$;
comment on function api.worksheet_digest(jsonb) is 'What an approval binds to: every figure, route and payee of the worksheet (rules 6.1).';

create type api.refund_quote as (customer_id bigint, customer_name text, worksheet jsonb, gift_warning boolean, same_cases jsonb, steps jsonb, staffed boolean, stops jsonb);
comment on column api.refund_quote.stops is '{{Array<{ cause: "order" | "dispute"; id: Uuid; number: string; authority: string | null; order_no: string | null; amount: Money | null; due_on: IsoDate | null; clause: string }>}} what keeps refunds of the account waiting, each by its name';
comment on column api.refund_quote.staffed is 'whether different people are there for the steps that need different ones';
comment on column api.refund_quote.worksheet is '{{Worksheet}} what an application would give now';
comment on column api.refund_quote.same_cases is '{{Array<{ kind: string; id: Uuid; number: string; status: string }>}} other cases of this customer';
comment on column api.refund_quote.steps is '{{Array<{ step: string; people: string[] }>}} who could do each step besides the person who asks';
comment on type api.refund_quote is 'ts: export interface WorksheetLot { recharge_id: Id; journal_id: Id; order_no: string; channel: string; paid_at: Instant; agreement_version: string; principal: Money; gift: Money; used: Money; unbilled: Money; left: Money; refundable: Money; residual: Money; fee: Money; net: Money; route: string; route_closes_at: Instant; days_left: number; payer: string | null; payer_account: string | null; payer_is_holder: boolean } export interface Worksheet { eligible: boolean; reason: string | null; gross: Money; fee: Money; net: Money; residual: Money; unbilled: Money; uncollected: Money; provisional: boolean; gift_left: Money; gift_reserved: Money; gift_voided: Money; gift_suspended: Money; legal_override: boolean; manual: boolean; lots: WorksheetLot[] }';

create function api.people_for(variadic wanted text[]) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(distinct p.login), '[]') from book.people p join book.duties d on d.person_id = p.id, (select api.clock() as at) t
    where d.duty = any (wanted) and p.id is distinct from api.person() and (p.active_until is null or p.active_until > t.at) and d.from_at <= t.at and (d.until_at is null or d.until_at > t.at)
      and not api.person() = any (api.stands_for(p.id))
$$;
comment on function api.people_for(text[]) is 'Who, other than I and whoever stands in for me, holds one of these duties: so that nobody starts what nobody present could finish.';

create function api.quote_refund(customer_id bigint, legal_override boolean default false) returns api.refund_quote language plpgsql stable security definer set search_path = '' as $$
declare answer api.refund_quote;
begin
    perform api.reader();
    select c.id, api.shown_name(c) into answer.customer_id, answer.customer_name from book.customers c where c.id = quote_refund.customer_id;
    if not found then perform api.broken('customer_unknown'); end if;
    answer.worksheet := api.compute_worksheet(customer_id, null, api.clock(), legal_override);
    answer.gift_warning := (answer.worksheet ->> 'gift_voided')::numeric > 0;
    answer.stops := api.refund_stops(customer_id);
    select coalesce(jsonb_agg(jsonb_build_object('kind', 'refund', 'id', f.id, 'number', f.number, 'status', f.status) order by f.requested_at desc), '[]')
    into answer.same_cases from book.refunds f where f.customer_id = quote_refund.customer_id;
    answer.steps := jsonb_build_array(jsonb_build_object('step', 'review', 'people', api.people_for('reviewer')),
        jsonb_build_object('step', 'approve', 'people', api.people_for('approver')), jsonb_build_object('step', 'release', 'people', api.people_for('treasurer')))
        || case when legal_override then jsonb_build_array(jsonb_build_object('step', 'legal', 'people', api.people_for('legal'))) else '[]' end;
    -- One person who holds two duties takes one of the two steps only.
    select exists (select from jsonb_array_elements_text(api.people_for('reviewer')) r (login), jsonb_array_elements_text(api.people_for('approver')) a (login), jsonb_array_elements_text(api.people_for('treasurer')) t (login)
                   where a.login <> r.login and t.login not in (r.login, a.login)
                     and (not legal_override or exists (select from jsonb_array_elements_text(api.people_for('legal')) l (login) where l.login not in (r.login, a.login)))) into answer.staffed;
    return answer;
end $$;
comment on function api.quote_refund(bigint, boolean) is 'refunds.quote: The worksheet that an application would have now, computed by the database and changing nothing.';
grant execute on function api.quote_refund(bigint, boolean) to kontor_people;

create function api.needs_second_approval(refund uuid) returns boolean language sql stable security definer set search_path = '' as $$
    select f.legal_override or f.amount_net > (api.policy('second_approval_above', f.requested_at) #>> '{}')::numeric
        or exists (select 1 from book.recharges r, api.refund_route(r.channel, r.paid_at, coalesce(f.released_at, api.clock())) w
                   where (r.held_by_refund = f.id or r.refunded_by = f.id) and w.route = 'manual_transfer')
    from book.refunds f where f.id = refund
$$;
comment on function api.needs_second_approval(uuid) is 'Large amounts and manual transfers need the treasurer''s second approval, a legal override that of the legal duty (rules 1.3, 6.1; formats 1.5).';

create function api.approval_stands(refund book.refunds) returns boolean language sql stable security definer set search_path = '' as $$
    select refund.approved_digest = api.worksheet_digest(api.compute_worksheet(refund.customer_id, refund.id, api.clock()))
$$;
comment on function api.approval_stands(book.refunds) is 'Whether the approved figures and routes are still the worksheet''s; where they are not, the approval has fallen and an approver looks again (rules 6.1; 1.4, 19).';

-- ── Views ──────────────────────────────────────────────────────────────────────────────────────────────────────

create view api.refunds as
select f.id, f.number, f.customer_id, api.shown_name(c) as customer_name, f.status, f.reason_kind, f.reason, f.legal_override, f.legal_reference, f.ticket_no, f.amount_gross, f.amount_fee, f.amount_net, f.amount_gift_voided,
       f.requested_at, api.login_of(f.requested_by) as requested_by, f.proof_asked_at, api.login_of(f.proof_asked_by) as proof_asked_by, f.proof_asked_for,
       f.reviewed_at, api.login_of(f.reviewed_by) as reviewed_by, f.approved_at, api.login_of(f.approved_by) as approved_by,
       f.second_approved_at, api.login_of(f.second_approved_by) as second_approved_by, f.released_at, api.login_of(f.released_by) as released_by,
       f.paid_at, f.closed_at, api.login_of(f.closed_by) as closed_by, f.closing_reason, f.suspended_by_dispute,
       w.waits_for,
       api.login_of(f.holder_id) as holder, f.held_since, f.step_at, round(extract(epoch from f.step_paused) / 60)::integer as step_paused_minutes,
       -- The time with the customer is not the desk's: it is counted as the customer's while it runs, and not at all afterwards.
       case when f.closed_at is not null then f.closed_at when f.proof_asked_at is not null then f.proof_asked_at else f.step_at + f.step_paused end as waiting_since,
       array(select api.login_of(t) from unnest(api.refund_step_people(f, w.waits_for)) t order by 1) as could_take
from book.refunds f join book.customers c on c.id = f.customer_id
     cross join lateral (select case when f.suspended_by_dispute is not null and f.status in ('requested', 'reviewed', 'approved') then 'dispute'
            when f.proof_asked_at is not null and f.status in ('requested', 'reviewed') then 'customer'
            when f.status = 'requested' then 'reviewer' when f.status = 'reviewed' then 'approver'
            when f.status = 'approved' and not api.approval_stands(f) then 'approver'
            when f.status = 'approved' and f.second_approved_at is null and api.needs_second_approval(f.id) then case when f.legal_override then 'legal' else 'second_approver' end
            when f.status = 'approved' then 'treasurer'
            when f.status = 'released' then coalesce(api.transfer_step(f.id), 'statement') end as waits_for offset 0) w;
do $$
declare c text;
begin
    foreach c in array array['legal_reference', 'proof_asked_at', 'proof_asked_by', 'proof_asked_for', 'reviewed_at', 'reviewed_by', 'approved_at', 'approved_by', 'second_approved_at', 'second_approved_by',
                             'released_at', 'released_by', 'paid_at', 'closed_at', 'closed_by', 'closing_reason', 'suspended_by_dispute', 'waits_for', 'holder', 'held_since'] loop
        execute format('comment on column api.refunds.%I is %L', c, '? not yet, or not at all');
    end loop;
end $$;
comment on column api.refunds.waiting_since is 'since when the one it waits for has had it; the time with the customer is not counted';
comment on column api.refunds.could_take is 'who could take the present step; who holds it, if somebody does, is in holder';
comment on view api.refunds is 'Applications under RA 9.1, names masked.';

create function api.refund_actions(refund book.refunds) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.person(); bound integer[] := api.stands_for(me); open boolean := refund.status in ('requested', 'reviewed', 'approved'); stop text; answer jsonb := '[]';
begin
    stop := case when refund.suspended_by_dispute is not null or api.payouts_stopped(refund.customer_id) is not null then 'refund_stopped_by_dispute' when api.is_locked(refund.customer_id) then 'account_locked' end;
    select jsonb_agg(jsonb_build_object('action', a.action, 'allowed', a.why is null, 'why', a.why) order by a.place) into answer from (values
        (1, 'refunds.review', coalesce(stop, case when refund.status <> 'requested' then 'refund_not_requested' when not api.has_duty('reviewer') and not (api.has_duty('approver') and api.may_join_review(refund)) then 'duty_missing'
            when me = refund.requested_by then 'reviewer_is_requester' when refund.requested_by = any (bound) then 'decided_by_deputy' when refund.proof_asked_at is not null then 'refund_waits_for_proof' end)),
        (2, 'refunds.approve', coalesce(stop, case when refund.status not in ('reviewed', 'approved') then 'refund_not_reviewed' when refund.status = 'approved' and api.approval_stands(refund) then 'refund_already_approved' when not api.has_duty('approver') then 'duty_missing'
            when me = refund.requested_by then 'approver_is_requester' when me = refund.reviewed_by and not api.may_join_review(refund) then 'approver_is_reviewer' when array[refund.requested_by, refund.reviewed_by] && bound then 'decided_by_deputy' when refund.proof_asked_at is not null then 'refund_waits_for_proof'
            when api.clock() < api.quiet_until(refund) then 'refund_in_quiet_period' when api.proofs_unopened(refund.id, me) then 'refund_proofs_not_opened' end)),
        (3, 'refunds.approve_second', coalesce(stop, case when refund.status <> 'approved' then 'refund_not_approved' when not api.approval_stands(refund) then 'refund_figures_moved' when refund.second_approved_at is not null or not api.needs_second_approval(refund.id) then 'second_approval_not_needed'
            when not api.has_duty(case when refund.legal_override then 'legal' else 'treasurer' end) then 'duty_missing' when me in (refund.requested_by, refund.reviewed_by, refund.approved_by) then 'second_approver_is_involved'
            when array[refund.requested_by, refund.reviewed_by, refund.approved_by] && bound then 'decided_by_deputy' end)),
        (4, 'refunds.release', coalesce(stop, case when refund.status <> 'approved' then 'refund_not_approved' when not api.approval_stands(refund) then 'refund_figures_moved'
            when exists (select 1 from book.recharges r join book.exceptions x on x.order_no = r.order_no and x.resolved_at is null and x.kind in ('order_without_payment', 'amount_differs', 'order_differs')
                         where r.held_by_refund = refund.id) then 'recharge_not_confirmed'
            when refund.second_approved_at is null and api.needs_second_approval(refund.id) then 'second_approval_missing'
            when not api.has_duty('treasurer') then 'duty_missing' when me in (refund.requested_by, refund.reviewed_by, refund.approved_by) then 'releaser_is_involved' when array[refund.requested_by, refund.reviewed_by, refund.approved_by] && bound then 'decided_by_deputy'
            when api.clock() < api.release_opens_at(refund) then 'refund_waits_for_release' end)),
        (5, 'refunds.ask_proof', case when refund.status not in ('requested', 'reviewed') then 'refund_not_open' when not api.has_duty('reviewer', 'approver') then 'duty_missing'
            when me = refund.requested_by then 'reviewer_is_requester' when refund.proof_asked_at is not null then 'refund_waits_for_proof' end),
        (6, 'refunds.add_proof', case when not open then 'refund_not_open' when refund.proof_asked_at is null then 'proof_not_asked' when not api.has_duty('agent') then 'duty_missing' end),
        (7, 'refunds.reject', case when not open then 'refund_not_open' when not api.has_duty('reviewer', 'approver', 'treasurer') then 'duty_missing' when me = refund.requested_by then 'reviewer_is_requester' end),
        (8, 'refunds.withdraw', case when not open then 'refund_not_open' when not api.has_duty('agent') then 'duty_missing' end),
        (9, 'refunds.recall_approval', case when refund.status <> 'approved' then 'refund_not_approved' when not api.has_duty('approver', 'supervisor') then 'duty_missing' end),
        (10, 'refunds.hand_over', api.handover_barrier(refund, me))
    ) a (place, action, why);
    return answer;
end $$;
comment on function api.refund_actions(book.refunds) is 'What this person may do with this application now, and for the rest why not.';

create function api.needs_retyping(net numeric, at timestamptz) returns boolean language sql stable security definer set search_path = '' as $$
    select net > coalesce((api.policy('retype_above', at) #>> '{}')::numeric, 'Infinity')
$$;
comment on function api.needs_retyping(numeric, timestamptz) is 'Above this amount the approver types amount and payee from the papers instead of nodding at the screen.';

create function api.quiet_until(refund book.refunds) returns timestamptz language sql stable security definer set search_path = '' as $$
    select refund.requested_at + make_interval(hours => coalesce((api.policy('refund_quiet_hours', refund.requested_at) #>> '{}')::integer, 0))
$$;
comment on function api.quiet_until(book.refunds) is 'Until when usage from before the application may still arrive and lower it: approval opens afterwards (RA-32).';

create function api.release_opens_at(refund book.refunds) returns timestamptz language sql stable security definer set search_path = '' as $$
    select coalesce(refund.second_approved_at, refund.approved_at) + make_interval(mins => coalesce((api.policy('release_wait_minutes', refund.approved_at) #>> '{}')::integer, 0))
$$;
comment on function api.release_opens_at(book.refunds) is 'Between approval and release lies a time in which the approval can be taken back; policy says how long.';

create function api.may_join_review(refund book.refunds) returns boolean language sql stable security definer set search_path = '' as $$
    select refund.amount_net <= coalesce((api.policy('review_joined_with_approval_up_to', refund.requested_at) #>> '{}')::numeric, 0) and not api.needs_second_approval(refund.id)
$$;
comment on function api.may_join_review(book.refunds) is 'Whether policy lets one person both review and approve: small refunds by their original route only (rules 6.1). Off unless the policy is set.';

create view api.refund_pages as
select f.*, s.sheet as worksheet, b.reviewed_worksheet, encode(api.worksheet_digest(s.sheet), 'hex') as digest,
       b.reviewed_digest is not null and b.status = 'reviewed' and b.reviewed_digest <> api.worksheet_digest(s.sheet) as moved_since_review,
       api.needs_second_approval(b.id) as needs_second_approval, api.quiet_until(b) as quiet_until, api.release_opens_at(b) as release_opens_at, api.needs_retyping(b.amount_net, b.requested_at) as needs_retyping,
       (select coalesce(jsonb_agg(jsonb_build_object('id', l.id::text, 'refund_no', l.refund_no, 'order_no', r.order_no, 'provider_no', r.provider_no, 'channel', r.channel, 'gross', l.amount_gross::text, 'fee', l.amount_fee::text,
            'net', l.amount_net::text, 'route', l.route, 'status', l.status, 'instructed_at', l.instructed_at, 'confirmed_at', l.confirmed_at, 'bank_reference', l.bank_reference, 'state', api.leg_state(l), 'transfer', api.leg_transfer(l)) order by r.paid_at, l.id), '[]')
        from book.refund_legs l join book.recharges r on r.id = l.recharge_id where l.refund_id = b.id) as legs,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'file_name', a.file_name, 'media_type', a.media_type, 'size_bytes', a.size_bytes, 'sha256', encode(a.sha256, 'hex'), 'recorded_at', a.recorded_at,
            'recorded_by', api.login_of(a.recorded_by), 'opened_by_me', exists (select 1 from book.attachment_views v where v.attachment_id = a.id and v.person_id = api.person())) order by a.recorded_at), '[]')
        from book.attachments a where a.subject_kind = 'refund' and a.subject_id = b.id::text and a.complete) as attachments,
       (select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'login', api.login_of(e.person_id), 'command', e.command, 'detail', e.detail) order by e.id), '[]')
        from book.audit_events e where e.subject_kind = 'refund' and e.subject_id = b.id::text) as events,
       (select coalesce(sum(l.amount_net), 0)::numeric(14, 2) from book.refund_legs l where l.refund_id = b.id and l.status = 'confirmed') as amount_paid, api.refund_stints(b) as stints, api.refund_actions(b) as actions, api.same_ticket(f.ticket_no, null) as same_ticket,
       api.refund_stops(f.customer_id) as stops
from api.refunds f join book.refunds b on b.id = f.id
     cross join lateral (select api.compute_worksheet(b.customer_id, b.id, api.clock()) as sheet offset 0) s;
do $$
declare c record;
begin
    for c in select a.attname, pg_catalog.col_description(a.attrelid, a.attnum) as said from pg_catalog.pg_attribute a
             where a.attrelid = 'api.refunds'::regclass and a.attnum > 0 and pg_catalog.col_description(a.attrelid, a.attnum) is not null loop
        execute format('comment on column api.refund_pages.%I is %L', c.attname, c.said);
    end loop;
end $$;
comment on column api.refund_pages.worksheet is '{{Worksheet}} every lot, as the database computes it now';
comment on column api.refund_pages.reviewed_worksheet is '?{{Worksheet}} as the reviewer saw it';
comment on column api.refund_pages.release_opens_at is '? when the treasurer may release';
comment on column api.refund_pages.legs is '{{Array<{ id: Id; refund_no: string; order_no: string; provider_no: string | null; channel: string; gross: Money; fee: Money; net: Money; route: string; status: string; instructed_at: Instant; confirmed_at: Instant | null; bank_reference: string | null; state: "none" | "confirmed" | "recalled" | "failed" | "transfer" | "ready" | "stopped" | "window_closed" | "too_many" | "too_soon" | "exported" | "uploaded" | "accepted"; transfer: { id: Uuid; status: string; payee_name: string; payee_bank: string; payee_account: string; payee_is_payer: boolean; reason: string; planned_at: Instant; planned_by: string; approved_by: string | null; cleared_by: string | null; why: string | null } | null }>}} provider instructions';
comment on column api.refund_pages.attachments is '{{Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; recorded_at: Instant; recorded_by: string; opened_by_me: boolean }>}} proofs';
comment on column api.refund_pages.events is '{{Array<{ at: Instant; login: string; command: string; detail: Record<string, unknown> }>}} who did what';
comment on column api.refund_pages.actions is '{{Array<{ action: string; allowed: boolean; why: string | null }>}} what I may do now, and why not';
comment on column api.refund_pages.amount_paid is 'what has reached the payers: the confirmed instructions';
comment on column api.refund_pages.stints is '{{Array<{ step: string; from_at: Instant; until_at: Instant | null; minutes: number; by: string | null }>}} how long it was at each step, and who ended it; with the customer is a step of its own';
comment on column api.refund_pages.stops is '{{Array<{ cause: "order" | "dispute"; id: Uuid; number: string; authority: string | null; order_no: string | null; amount: Money | null; due_on: IsoDate | null; clause: string }>}} what keeps refunds of the account waiting, each by its name';
comment on column api.refund_pages.same_ticket is '{{Array<{ kind: string; id: Uuid; number: string; status: string }>}} other cases on this ticket';
comment on view api.refund_pages is 'One application with everything its page shows.';

create function api.open_refund(refund_id uuid) returns api.refund_pages language plpgsql stable security definer set search_path = '' as $$
declare answer api.refund_pages;
begin
    perform api.reader();
    select p.* into answer from api.refund_pages p where p.id = refund_id;
    if not found then perform api.broken('refund_unknown'); end if;
    return answer;
end $$;
comment on function api.open_refund(uuid) is 'refunds.open: One application with its worksheet, legs, proofs, history and what I may do.';
grant execute on function api.open_refund(uuid) to kontor_people;

create function api.list_refunds(wanted text default 'open', search text default null, before timestamptz default null, maximum integer default 100, before_id uuid default null) returns setof api.refunds
language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.reader(); steps text[] := api.my_refund_steps();
begin
    return query
    select f.*
    from book.refunds b join api.refunds f on f.id = b.id
    where (before is null or b.requested_at < before or b.requested_at = before and b.id < before_id)
      and case wanted when 'all' then true when 'open' then b.status in ('requested', 'reviewed', 'approved', 'released')
                      when 'mine' then b.status in ('requested', 'reviewed', 'approved', 'released') and api.waits_for_me(b, f.waits_for, me, steps)
                      when 'others' then b.status in ('requested', 'reviewed', 'approved', 'released') and not api.waits_for_me(b, f.waits_for, me, steps)
                      else b.status = wanted end
      and (search is null or b.number ilike search || '%' or b.ticket_no = search or b.customer_id = any (api.customers_named(search)))
    order by b.requested_at desc, b.id desc limit least(maximum, 500);
end $$;
comment on function api.list_refunds(text, text, timestamptz, integer, uuid) is 'refunds.list: Applications: open, mine (waiting for me), others (waiting for somebody else: who, since when), all, or by status; newest first.';
grant execute on function api.list_refunds(text, text, timestamptz, integer, uuid) to kontor_people;

-- ── Actions ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.request_refund(command_id uuid, customer_id bigint, reason_kind text, reason text, ticket_no text, gifts_void_confirmed boolean, expected_net api.cents default null, legal_reference text default null)
returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent'); at timestamptz; sheet jsonb; held numeric; voided numeric; reserve numeric; answer api.refunds; part record;
    body jsonb := jsonb_build_object('customer_id', customer_id, 'reason_kind', reason_kind, 'reason', reason, 'ticket_no', ticket_no, 'gifts_void_confirmed', gifts_void_confirmed, 'expected_net', expected_net, 'legal_reference', legal_reference);
    override boolean := reason_kind = 'legal_override';
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'refunds.request', body) then
        at := api.clock();
        if api.tidy(reason) is null or api.tidy(reason_kind) is null then perform api.broken('refund_without_reason', '{"clause": "RA 9.1"}'); end if;
        if api.tidy(ticket_no) is null then perform api.broken('refund_without_ticket'); end if;
        if not exists (select 1 from book.attachments a where a.subject_kind = 'refund' and a.subject_id = command_id::text and a.complete and coalesce(a.customer_id, request_refund.customer_id) = request_refund.customer_id) then
            perform api.broken('refund_without_proof', '{"clause": "RA 9.1"}');
        end if;
        if override and api.tidy(legal_reference) is null then perform api.broken('legal_override_without_reference'); end if;
        sheet := api.compute_worksheet(customer_id, null, at, override);
        if not (sheet ->> 'eligible')::boolean then
            perform api.broken(sheet ->> 'reason', jsonb_build_object('clause', case sheet ->> 'reason' when 'account_locked' then 'RA 5.2, 5.3' when 'refund_stopped_by_dispute' then 'RA 5.2'
                when 'refund_nothing_left' then 'RA 9.3' else 'RA 9.2' end, 'uncollected', sheet ->> 'uncollected'));
        end if;
        if not coalesce(gifts_void_confirmed, false) then perform api.broken('refund_gifts_not_confirmed', '{"clause": "RA 9.2"}'); end if;
        if expected_net is not null and expected_net <> (sheet ->> 'net')::numeric then
            perform api.broken('refund_figures_moved', jsonb_build_object('seen', expected_net::text, 'now', sheet ->> 'net'));
        end if;
        select coalesce(sum(r.amount_left), 0) into held from book.recharges r where r.customer_id = request_refund.customer_id and r.earmarked_for is null and r.held_by_refund is null and r.refunded_by is null and r.amount_left > 0;
        update book.recharges r set held_by_refund = command_id where r.customer_id = request_refund.customer_id and r.earmarked_for is null and r.held_by_refund is null and r.refunded_by is null and r.amount_left > 0;
        -- The gift that unbilled usage from before will need stays reserved for it; the rest is void from this instant (RA 9.2).
        reserve := (sheet ->> 'gift_reserved')::numeric; voided := 0;
        for part in select g.id, g.amount_left from book.gifts g join book.activities a on a.code = g.activity
                    where g.customer_id = request_refund.customer_id and g.amount_left > 0 and a.voids_on_application and (g.expires_at is null or g.expires_at > at) order by g.expires_at nulls last, g.id for update of g loop
            if override then
                update book.gifts g set amount_reserved = least(part.amount_left, reserve), suspended_by = command_id where g.id = part.id;
            else
                update book.gifts g set amount_left = least(part.amount_left, reserve), amount_reserved = least(part.amount_left, reserve) where g.id = part.id;
                voided := voided + part.amount_left - least(part.amount_left, reserve);
            end if;
            reserve := reserve - least(part.amount_left, reserve);
        end loop;
        insert into book.refunds (id, number, customer_id, status, reason, reason_kind, legal_override, legal_reference, ticket_no, gifts_void_confirmed, amount_gross, amount_fee, amount_net, amount_held, amount_gift_voided, requested_at, requested_by)
        values (command_id, api.next_number('R', at), customer_id, 'requested', reason, reason_kind, override, case when override then legal_reference end, ticket_no, true, (sheet ->> 'gross')::numeric, (sheet ->> 'fee')::numeric, (sheet ->> 'net')::numeric, held, voided, at, actor);
        perform api.post_journal('refund_hold', customer_id, at, at, actor, 'refund', command_id::text, array['wallet', 'refund_hold'], array['CNY', 'CNY'], array[held, -held], 'RA 9.1');
        perform api.post_journal('gift_void', customer_id, at, at, actor, 'refund', command_id::text, array['wallet', 'gift_voided'], array['CNY.GIFT', 'CNY.GIFT'], array[voided, -voided], 'RA 9.2');
        perform api.record_event(command_id, 'refunds.request', actor, at, 'refund', command_id::text, customer_id, body, jsonb_build_object('net', sheet ->> 'net', 'gift_voided', voided::text));
    end if;
    select f.* into answer from api.refunds f where f.id = command_id;
    return answer;
end $$;
comment on function api.request_refund(uuid, bigint, text, text, text, boolean, api.cents, text) is
    'refunds.request: Submits an application with its proof (attached under this id before): in one transaction the gift becomes void and the whole unconsumed principal is held (RA 9.1, 9.2; A1, A3). One open application for each customer.';
grant execute on function api.request_refund(uuid, bigint, text, text, text, boolean, api.cents, text) to kontor_people;

create function api.lock_refund(refund_id uuid) returns book.refunds language plpgsql volatile security definer set search_path = '' as $$
declare found_refund book.refunds;
begin
    select f.* into found_refund from book.refunds f where f.id = refund_id;
    if not found then perform api.broken('refund_unknown'); end if;
    perform api.lock_customer(found_refund.customer_id);
    select f.* into found_refund from book.refunds f where f.id = refund_id for update;
    return found_refund;
end $$;
comment on function api.lock_refund(uuid) is 'Locks the customer, then the case, and reads it afresh.';

create function api.check_refund_action(refund book.refunds, action text) returns void language plpgsql stable security definer set search_path = '' as $$
declare why text;
begin
    select a ->> 'why' into why from jsonb_array_elements(api.refund_actions(refund)) a where a ->> 'action' = check_refund_action.action;
    if why = 'duty_missing' then perform api.not_allowed(); end if;
    if why is not null then perform api.broken(why, jsonb_build_object('status', refund.status)); end if;
end $$;
comment on function api.check_refund_action(book.refunds, text) is 'Refuses by the same reasons that the page shows beside a disabled action: one list, not two.';

create function api.review_refund(command_id uuid, refund_id uuid, note text default null) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('reviewer', 'approver'); at timestamptz; one book.refunds := api.lock_refund(refund_id); sheet jsonb; answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'note', note);
begin
    if not api.repeated(command_id, 'refunds.review', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.review');
        sheet := api.compute_worksheet(one.customer_id, one.id, at);
        update book.refunds f set status = 'reviewed', reviewed_at = at, reviewed_by = actor, reviewed_digest = api.worksheet_digest(sheet), reviewed_worksheet = sheet,
            amount_gross = (sheet ->> 'gross')::numeric, amount_fee = (sheet ->> 'fee')::numeric, amount_net = (sheet ->> 'net')::numeric where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.review', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('net', sheet ->> 'net', 'note', note));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.review_refund(uuid, uuid, text) is 'refunds.review: A reviewer, not the requester, has checked the proof and the worksheet (RA 9.1 "will review").';
grant execute on function api.review_refund(uuid, uuid, text) to kontor_people;

create function api.release_refund(command_id uuid, refund_id uuid) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer'); at timestamptz; one book.refunds := api.lock_refund(refund_id); sheet jsonb; answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id);
    gross numeric; fee numeric; unbilled_part numeric; lot record; n integer := 0; journal bigint;
begin
    if not api.repeated(command_id, 'refunds.release', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.release');
        perform api.check_step_up(actor, 'step_up_release_above', one.amount_net, at);
        perform api.check_digest_stands(one, at);
        sheet := api.compute_worksheet(one.customer_id, one.id, at);
        gross := (sheet ->> 'gross')::numeric; fee := (sheet ->> 'fee')::numeric;
        select coalesce(sum((l ->> 'unbilled')::numeric), 0) into unbilled_part from jsonb_array_elements(sheet -> 'lots') l;
        journal := api.post_journal('refund_released', one.customer_id, at, at, actor, 'refund', refund_id::text,
            array['refund_hold', 'refund_payable', 'fee_income', 'refund_hold', 'wallet'], array['CNY', 'CNY', 'CNY', 'CNY', 'CNY'], array[gross, -(gross - fee), -fee, unbilled_part, -unbilled_part], 'RA 9.1');
        for lot in select l.* from jsonb_to_recordset(sheet -> 'lots') l (recharge_id bigint, refundable numeric, fee numeric, net numeric, residual numeric, unbilled numeric, route text) loop
            -- Wholly needed for unbilled usage: nothing of it is refunded, so its right is not used up either.
            continue when lot.refundable = 0 and lot.residual = 0;
            n := n + 1;
            insert into book.refund_legs (refund_id, recharge_id, refund_no, amount_gross, amount_fee, amount_net, amount_residual, route, status, instructed_at, confirmed_at)
            values (refund_id, lot.recharge_id, 'K' || replace(one.number, '-', '') || lpad(n::text, 2, '0'), lot.refundable, lot.fee, lot.net, lot.residual,
                    case when lot.net = 0 then 'none' else lot.route end, case when lot.net = 0 then 'confirmed' else 'instructed' end, at, case when lot.net = 0 then at end);
            update book.recharges r set amount_left = lot.residual, refunded_by = refund_id where r.id = lot.recharge_id;
            -- What unbilled usage may need stays usable, and refundable once if that usage never comes: a child lot (as 1.4, 7).
            insert into book.recharges (order_no, customer_id, kind, channel, principal, amount_left, payer_name, payer_account, payer_is_holder, agreement_version, paid_at, provider_no, parent_id, confirmed_at, journal_id)
            select r.order_no || '/' || (select count(*) + 1 from book.recharges c where c.parent_id = r.id), r.customer_id, r.kind, r.channel, ceil(lot.unbilled * 100) / 100, lot.unbilled,
                   r.payer_name, r.payer_account, r.payer_is_holder, r.agreement_version, r.paid_at, r.provider_no, r.id, r.confirmed_at, journal
            from book.recharges r where r.id = lot.recharge_id and lot.unbilled > 0;
        end loop;
        update book.recharges r set held_by_refund = null where r.held_by_refund = refund_id and r.refunded_by is null;
        update book.refunds f set status = 'released', released_at = at, released_by = actor where f.id = refund_id;
        -- Usage billed since the approval is owed; what was kept for it pays it now.
        perform api.collect_receivable(one.customer_id, actor, at);
        perform api.record_event(command_id, 'refunds.release', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('legs', n, 'net', sheet ->> 'net'));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.release_refund(uuid, uuid) is 'refunds.release: The treasurer releases the approved worksheet as one provider instruction for each lot, with our refund numbers (RA 9.1). What unbilled usage will need goes back to the wallet.';
grant execute on function api.release_refund(uuid, uuid) to kontor_people;

create function api.release_gift_reserve(one book.refunds, actor integer, at timestamptz, refunded boolean) returns void language plpgsql volatile security definer set search_path = '' as $$
declare needed numeric := api.unbilled(one.customer_id); part record; voided numeric := 0; kept numeric;
begin
    if one.legal_override and refunded then
        update book.gifts g set amount_reserved = 0, suspended_by = null where g.suspended_by = one.id;
        return;
    end if;
    for part in select g.id, g.amount_left, g.amount_reserved, case when g.suspended_by = one.id then g.amount_left else g.amount_reserved end as waiting from book.gifts g
                where g.customer_id = one.customer_id and (g.amount_reserved > 0 or g.suspended_by = one.id) order by g.expires_at nulls last, g.id for update loop
        kept := least(part.amount_reserved, needed);
        needed := needed - kept;
        voided := voided + part.waiting - kept;
        update book.gifts g set amount_left = part.amount_left - part.waiting + kept, amount_reserved = 0, suspended_by = null where g.id = part.id;
    end loop;
    -- What a refused override had suspended is void as of its application (rules 1.3).
    perform api.post_journal('gift_void', one.customer_id, case when one.legal_override then one.requested_at else at end, at, actor, 'refund', one.id::text, array['wallet', 'gift_voided'], array['CNY.GIFT', 'CNY.GIFT'], array[voided, -voided], 'RA 9.2');
end $$;
comment on function api.release_gift_reserve(book.refunds, integer, timestamptz, boolean) is 'When the case ends, the gift that was reserved for unbilled usage and is not needed for it becomes void as well (RA-31).';

create function api.finish_refund(refund_id uuid, at timestamptz, actor integer, why text) returns void language plpgsql volatile security definer set search_path = '' as $$
declare one book.refunds; paid boolean; residual numeric;
begin
    if exists (select 1 from book.refund_legs l where l.refund_id = finish_refund.refund_id and l.status in ('instructed', 'failed')) then return; end if;
    select f.* into one from book.refunds f where f.id = refund_id for update;
    select coalesce(bool_or(l.status = 'confirmed'), false), coalesce(sum(l.amount_residual) filter (where l.status = 'confirmed'), 0) into paid, residual from book.refund_legs l where l.refund_id = one.id;
    update book.recharges r set amount_left = r.amount_left - l.amount_residual, held_by_refund = null from book.refund_legs l where l.refund_id = one.id and l.status = 'confirmed' and r.id = l.recharge_id;
    perform api.watch_ordered_amount(one.customer_id, at);
    perform api.post_journal('refund_paid', one.customer_id, at, at, actor, 'refund', one.id::text, array['refund_hold', 'rounding'], array['CNY', 'CNY'], array[residual, -residual], 'RA 9.1', 'rest below the fen');
    update book.refunds f set status = case when paid then 'paid' else 'withdrawn' end, paid_at = case when paid then at end, closed_at = at, closed_by = actor, closing_reason = why where f.id = one.id;
    perform api.release_gift_reserve(one, actor, at, paid);
end $$;
comment on function api.finish_refund(uuid, timestamptz, integer, text) is 'Once no leg is on its way any more the application is over: paid, with the rests below the fen written off (A11; 1.4, 16), or withdrawn where every leg was recalled before it left.';

create function api.settle_leg(leg_id bigint, at timestamptz, occurred_at timestamptz, actor integer, source_kind text, source_id text, from_account text, reference text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare leg book.refund_legs; one book.refunds;
begin
    select l.* into leg from book.refund_legs l where l.id = leg_id for update;
    select f.* into one from book.refunds f where f.id = leg.refund_id for update;
    update book.refund_legs l set status = 'confirmed', confirmed_at = at, confirmed_by = actor, bank_reference = reference where l.id = leg_id;
    perform api.post_journal('refund_paid', one.customer_id, api.postable_at(occurred_at, actor, at), at, actor, source_kind, source_id, array['refund_payable', from_account], array['CNY', 'CNY'], array[leg.amount_net, -leg.amount_net], 'RA 9.1');
    perform api.finish_refund(leg.refund_id, at, actor, null);
end $$;
comment on function api.settle_leg(bigint, timestamptz, timestamptz, integer, text, text, text, text) is 'A leg has reached the payer; with the last one the application is over.';

create function api.confirm_refund_row(row_id bigint, refund_no text, amount numeric, occurred_at timestamptz, paid_by text, actor integer, at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare leg record;
begin
    select l.id, l.amount_net, l.status, f.customer_id into leg from book.refund_legs l join book.refunds f on f.id = l.refund_id join book.recharges r on r.id = l.recharge_id
    where l.refund_no = confirm_refund_row.refund_no and r.channel = paid_by and l.route = 'original';
    if not found or leg.status not in ('instructed', 'failed') then return false; end if;
    if leg.amount_net <> amount then return false; end if;
    perform api.lock_customer(leg.customer_id);
    perform api.settle_leg(leg.id, at, occurred_at, actor, 'statement_row', row_id::text, paid_by || '_clearing');
    update book.statement_rows s set refund_leg_id = leg.id where s.id = row_id;
    return true;
end $$;
comment on function api.confirm_refund_row(bigint, text, numeric, timestamptz, text, integer, timestamptz) is 'A statement''s refund row confirms the leg with its number and amount; anything else stays an exception.';

create function api.fail_leg(command_id uuid, leg_id bigint, reason text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; leg book.refund_legs; one book.refunds; answer api.refunds; body jsonb := jsonb_build_object('leg_id', leg_id, 'reason', reason);
begin
    select l.* into leg from book.refund_legs l where l.id = leg_id;
    if not found then perform api.broken('refund_leg_unknown'); end if;
    one := api.lock_refund(leg.refund_id);
    select l.* into leg from book.refund_legs l where l.id = leg_id for update;
    if not api.repeated(command_id, 'refunds.fail_leg', body) then
        at := api.clock();
        if leg.status <> 'instructed' then perform api.broken('refund_leg_not_instructed'); end if;
        if api.tidy(reason) is null then perform api.broken('failure_without_reason'); end if;
        if one.released_by = actor or one.released_by = any (api.stands_for(actor)) then perform api.broken('leg_failed_by_releaser'); end if;
        update book.refund_legs l set status = 'failed' where l.id = leg_id;
        -- Said by hand, it is the provider's answer to the file as well: else the leg would count as under way and could not leave again.
        update book.payout_batch_legs b set result = 'failed', result_reason = api.tidy(reason), result_at = at where b.refund_no = leg.refund_no and (b.result is null or b.result in ('accepted', 'unknown'));
        perform api.record_event(command_id, 'refunds.fail_leg', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('refund_no', leg.refund_no, 'reason', reason));
    end if;
    select f.* into answer from api.refunds f where f.id = one.id;
    return answer;
end $$;
comment on function api.fail_leg(uuid, bigint, text) is 'refunds.fail_leg: The provider did not pay a leg. Somebody other than the releaser says so; the provider''s later row still confirms it, else it leaves by transfer under a bank reference (formats 1.4, 1.5).';
grant execute on function api.fail_leg(uuid, bigint, text) to kontor_people;

create function api.ask_refund_proof(command_id uuid, refund_id uuid, asked_for text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('reviewer', 'approver'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'asked_for', asked_for);
begin
    if not api.repeated(command_id, 'refunds.ask_proof', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.ask_proof');
        if btrim(coalesce(asked_for, '')) = '' then perform api.broken('proof_request_is_empty'); end if;
        update book.refunds f set proof_asked_at = at, proof_asked_by = actor, proof_asked_for = asked_for where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.ask_proof', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('asked_for', asked_for));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.ask_refund_proof(uuid, uuid, text) is 'refunds.ask_proof: Returns an application for one more paper; hold and application stay.';
grant execute on function api.ask_refund_proof(uuid, uuid, text) to kontor_people;

create function api.add_refund_proof(command_id uuid, refund_id uuid) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id);
begin
    if not api.repeated(command_id, 'refunds.add_proof', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.add_proof');
        if not exists (select 1 from book.attachments a where a.subject_kind = 'refund' and a.subject_id = refund_id::text and a.complete and a.recorded_at >= one.proof_asked_at) then
            perform api.broken('refund_without_proof', '{"clause": "RA 9.1"}');
        end if;
        update book.refunds f set proof_asked_at = null, proof_asked_by = null, proof_asked_for = null where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.add_proof', actor, at, 'refund', refund_id::text, one.customer_id, body);
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.add_refund_proof(uuid, uuid) is 'refunds.add_proof: The paper that was asked for has been attached; the application waits for the reviewers again.';
grant execute on function api.add_refund_proof(uuid, uuid) to kontor_people;

create function api.close_refund(one book.refunds, new_status text, why text, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare held numeric;
begin
    select coalesce(sum(r.amount_left), 0) into held from book.recharges r where r.held_by_refund = one.id;
    update book.recharges r set held_by_refund = null where r.held_by_refund = one.id;
    perform api.post_journal('refund_hold_released', one.customer_id, at, at, actor, 'refund', one.id::text, array['refund_hold', 'wallet'], array['CNY', 'CNY'], array[held, -held], 'RA 9.1');
    update book.refunds f set status = new_status, closed_at = at, closed_by = actor, closing_reason = why where f.id = one.id;
    perform api.release_gift_reserve(one, actor, at, false);
    -- What is owed for usage is paid before the principal is free again (1.4, 5).
    perform api.collect_receivable(one.customer_id, actor, at);
end $$;
comment on function api.close_refund(book.refunds, text, text, integer, timestamptz) is 'Releases the hold back to the wallet. The gift stays void, whatever the outcome (A3).';

create function api.reject_refund(command_id uuid, refund_id uuid, reason text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('reviewer', 'approver', 'treasurer'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.reject', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.reject');
        if btrim(coalesce(reason, '')) = '' then perform api.broken('rejection_without_reason'); end if;
        perform api.close_refund(one, 'rejected', reason, actor, at);
        perform api.record_event(command_id, 'refunds.reject', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('reason', reason));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.reject_refund(uuid, uuid, text) is 'refunds.reject: Refuses an application with its reason; the principal is free again, the gift is not (A3).';
grant execute on function api.reject_refund(uuid, uuid, text) to kontor_people;

create function api.withdraw_refund(command_id uuid, refund_id uuid, reason text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.withdraw', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.withdraw');
        perform api.close_refund(one, 'withdrawn', reason, actor, at);
        perform api.record_event(command_id, 'refunds.withdraw', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('reason', reason));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.withdraw_refund(uuid, uuid, text) is 'refunds.withdraw: The customer takes the application back before release; the right to a refund is not used up (A1).';
grant execute on function api.withdraw_refund(uuid, uuid, text) to kontor_people;
