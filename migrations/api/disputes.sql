-- disputes: a third party says that it never agreed to a recharge (RA 5.2). What a case is, what it may do next, and what its page shows.
-- The actions are in disputes_evidence.sql and disputes_repayments.sql. Every action asks api.dispute_barrier, which the page's buttons ask too.

-- ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────

create type api.dispute_amounts as (refunded numeric, legs_in_flight numeric, repayments_in_flight numeric, outstanding numeric, needed numeric);

create function api.count_dispute_amounts(d book.disputes) returns api.dispute_amounts
language sql stable security definer set search_path = '' as $$
    select l.refunded, l.in_flight, p.in_flight, o.outstanding, greatest(0, o.outstanding - l.in_flight - p.in_flight)
    from (select coalesce(sum(g.amount_net) filter (where g.status = 'confirmed'), 0) as refunded,
                 coalesce(sum(g.amount_net) filter (where g.status = 'instructed'), 0) as in_flight
          from book.refund_legs g where g.recharge_id = d.recharge_id and g.route = 'original') l,
         (select coalesce(sum(r.amount), 0) as in_flight from book.repayments r where r.dispute_id = d.id and r.purpose = 'third_party' and r.status in ('proposed', 'approved', 'released')) p,
         lateral (select greatest(0, d.amount_disputed - d.amount_repaid - d.amount_waived - d.amount_paid_directly - l.refunded) as outstanding) o
$$;
comment on function api.count_dispute_amounts(book.disputes) is 'What is outstanding: the disputed amount less what reached that payer (9.1 refunds by his own route included), what he waived and what the holder paid him. needed also leaves out what is on its way.';

create function api.usable_lots(d book.disputes) returns table (place integer, recharge_id bigint, order_no text, paid_at timestamptz, usable numeric, own boolean, from_account text)
language sql stable security definer set search_path = '' as $$
    select (row_number() over (order by (l.id = d.recharge_id) desc, (l.earmarked_for is not null) desc, l.guarded > 0, l.paid_at, l.id))::integer,
           l.id, l.order_no, l.paid_at, l.amount_left - l.guarded, l.id = d.recharge_id, case when l.held_by_refund is null then 'wallet' else 'refund_hold' end
    from (select r.*, (select least(r.amount_left, coalesce(sum((api.count_dispute_amounts(o)).needed), 0)) from book.disputes o
                       where o.recharge_id = r.id and o.closed_at is null and o.kind = 'third_party' and o.id <> d.id) as guarded
          from book.recharges r left join book.refunds f on f.id = r.held_by_refund
          where r.customer_id = d.customer_id and r.amount_left > 0 and (r.held_by_refund is null or f.status in ('requested', 'reviewed', 'approved'))
            and (r.earmarked_for = d.id or (r.earmarked_for is null and d.decided_at is null))) l
    where l.amount_left > l.guarded
$$;
comment on function api.usable_lots(book.disputes) is
    'Principal that may pay a case, in order: its own lot, lots earmarked for it, then first in first out (A7). Lots of other open cases pay theirs first (1.4, 8); after the decision only earmarked ones count (1.4, 10). The hold of a suspended application counts as balance.';

create type api.dispute_funds as (principal numeric, usable numeric, gift numeric, unbilled numeric, unbilled_from_gift numeric, unbilled_from_principal numeric,
    claimed_earlier numeric, held_by_orders numeric, available numeric, repayable numeric, expected_short numeric);

create function api.count_dispute_funds(d book.disputes, at timestamptz, held numeric default 0) returns api.dispute_funds
language plpgsql stable security definer set search_path = '' as $$
declare f api.dispute_funds; own numeric; pool numeric; earlier_pool numeric; needed numeric := (api.count_dispute_amounts(d)).needed + held;
begin
    select coalesce(sum(u.usable) filter (where u.own), 0) + held, coalesce(sum(u.usable) filter (where not u.own), 0) into own, pool from api.usable_lots(d) u;
    select coalesce(sum(g.amount_left), 0) into f.gift from book.gifts g where g.customer_id = d.customer_id and (g.expires_at is null or g.expires_at > at);
    f.usable := own + pool;
    if d.decided_at is not null then
        -- Only earmarked recharges are left to count, and they pay this case alone (1.4, 10).
        f.principal := f.usable; f.unbilled := 0; f.unbilled_from_gift := 0; f.unbilled_from_principal := 0; f.claimed_earlier := 0; f.held_by_orders := 0;
        f.available := f.usable;
    else
        select coalesce(sum(r.amount_left), 0) + held into f.principal from book.recharges r left join book.refunds x on x.id = r.held_by_refund
        where r.customer_id = d.customer_id and r.earmarked_for is null and (r.held_by_refund is null or x.status in ('requested', 'reviewed', 'approved'));
        f.unbilled := api.unbilled(d.customer_id);
        f.unbilled_from_gift := least(f.unbilled, f.gift);
        f.unbilled_from_principal := f.unbilled - f.unbilled_from_gift;
        select coalesce(sum(least(n.needed, n.lot_left)), 0), coalesce(sum(greatest(0, n.needed - n.lot_left)), 0) into f.claimed_earlier, earlier_pool
        from (select (api.count_dispute_amounts(o)).needed, r.amount_left as lot_left from book.disputes o join book.recharges r on r.id = o.recharge_id
              where o.customer_id = d.customer_id and o.id <> d.id and o.closed_at is null and o.decided_at is null and o.kind = 'third_party'
                and o.locked_at is not null and (d.locked_at is null or (o.locked_at, o.id) < (d.locked_at, d.id))) n;
        f.claimed_earlier := f.claimed_earlier + least(earlier_pool, pool);
        -- What an order over an amount holds is not balance for 5.2: judicial orders outrank it (rules, additions).
        f.held_by_orders := least(f.principal, api.held_by_orders(d.customer_id));
        f.available := greatest(0, least(own + greatest(0, pool - earlier_pool), f.principal - f.unbilled_from_principal - f.claimed_earlier - f.held_by_orders));
    end if;
    f.repayable := trunc(least(needed, f.available), 2);
    f.expected_short := needed - f.repayable;
    return f;
end $$;
comment on function api.count_dispute_funds(book.disputes, timestamptz, numeric) is
    'What the account can repay: unbilled usage from before the lock is taken first, gift before principal; each case has its own lot first, then the pool in the order of the locks; never the gift (RA-11, RA 6.2; 1.4, 8). held: what a proposal under check has already taken out.';

-- ── What a case may do ─────────────────────────────────────────────────────────────────────────────────────────

create type api.dispute_state as (amounts api.dispute_amounts, repayment_status text, proposed_by integer, approved_by integer, repaid_before boolean,
    evidence_open integer, evidence_proposed_by integer, evidence_expires_at timestamptz, evidence_due_on date, shortfall_expires_at timestamptz,
    lock_served boolean, negotiated boolean, judicial_lock uuid, held_by_orders boolean, surplus boolean);

create function api.find_dispute_state(d book.disputes) returns api.dispute_state
language plpgsql stable security definer set search_path = '' as $$
declare s api.dispute_state;
begin
    s.amounts := api.count_dispute_amounts(d);
    select r.status, r.proposed_by, r.approved_by into s.repayment_status, s.proposed_by, s.approved_by
    from book.repayments r where r.dispute_id = d.id and r.status in ('proposed', 'approved', 'released');
    s.repaid_before := d.amount_repaid > 0;
    select count(*), max(e.proposed_by) filter (where e.verdict = 'proposed') into s.evidence_open, s.evidence_proposed_by
    from book.evidence e where e.dispute_id = d.id and e.in_time and e.verdict in ('open', 'proposed');
    select max(x.expires_at) filter (where x.kind = 'evidence'), max(x.due_on) filter (where x.kind = 'evidence'), max(x.expires_at) filter (where x.kind = 'shortfall')
    into s.evidence_expires_at, s.evidence_due_on, s.shortfall_expires_at from book.deadlines x where x.subject_id = d.id;
    s.lock_served := exists (select 1 from book.services_of_notice n where n.dispute_id = d.id and n.about = 'lock' and n.addressee = 'holder');
    s.negotiated := exists (select 1 from book.negotiations n where n.dispute_id = d.id);
    s.judicial_lock := api.stopping_order(d.customer_id);
    s.held_by_orders := s.repayment_status is not null and api.orders_reach(d);
    s.surplus := exists (select 1 from book.recharges r where r.earmarked_for = d.id and r.amount_left >= 0.01);
    return s;
end $$;
comment on function api.find_dispute_state(book.disputes) is 'The facts that decide what a case may do next, read once.';

create function api.dispute_duties(action text) returns text[] language sql immutable security definer set search_path = '' as $$
    select case
        when action in ('record_notice', 'record_evidence', 'record_service') then array['agent', 'handler']
        when action = 'record_negotiation' then array['agent', 'handler', 'legal']
        when action = 'confirm_lock' then array['handler', 'reviewer', 'risk']
        when action = 'propose_acceptance' then array['reviewer']
        when action in ('confirm_acceptance', 'approve_repayment') then array['approver']
        when action = 'reject_evidence' then array['reviewer', 'approver']
        when action = 'reject_repayment' then array['approver', 'handler']
        when action = 'release_repayment' then array['treasurer']
        when action in ('confirm_repayment', 'fail_repayment') then array['treasurer', 'accountant']
        when action = 'extend' then array['supervisor']
        when action = 'escalate' then array['handler', 'legal']
        else array['handler'] end
$$;
comment on function api.dispute_duties(text) is 'Whose job an action of a case is (rules 6.1).';

create function api.dispute_clause(rule text) returns text language sql immutable security definer set search_path = '' as $$
    select case
        when rule in ('dispute_is_with_provider') then 'RA 4.2'
        when rule in ('account_under_judicial_lock', 'principal_held_by_order') then 'RA 5.3'
        when rule = 'negotiation_not_recorded' then 'RA 10.1'
        when rule in ('acceptance_confirmed_by_proposer', 'repayment_approved_by_proposer', 'repayment_released_by_involved', 'extension_by_handler', 'duty_missing') then null
        else 'RA 5.2' end
$$;
comment on function api.dispute_clause(text) is 'The clause that a refusal cites; none when it is our own division of duties.';

create function api.evidence_barrier(d book.disputes, s api.dispute_state, action text, actor integer, at timestamptz, out why text, out from_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
    why := case action
        when 'confirm_lock' then case
            when d.kind = 'provider' then 'dispute_is_with_provider'
            when d.status <> 'noticed' then 'dispute_already_locked'
            when (s.amounts).outstanding = 0 then 'dispute_is_moot' end
        when 'record_service' then case when d.locked_at is null then 'lock_not_confirmed' end
        when 'record_evidence' then case when d.locked_at is null then 'lock_not_confirmed' end
        when 'concede' then case when d.locked_at is null then 'lock_not_confirmed' when d.conceded_at is not null then 'dispute_already_conceded' when d.decided_at is not null then 'dispute_already_decided' end
        -- A filing that came too late is judged too: its answer is no.
        when 'reject_evidence' then case when not exists (select 1 from book.evidence e where e.dispute_id = d.id and e.verdict in ('open', 'proposed')) then 'evidence_none_open' end
        when 'propose_acceptance' then case
            when s.evidence_open = 0 then 'evidence_none_open'
            when s.evidence_proposed_by is not null then 'acceptance_already_proposed'
            when s.repayment_status is not null then 'repayment_in_progress'
            when s.repaid_before or d.decided_at is not null then 'dispute_already_decided' end
        when 'confirm_acceptance' then case
            when s.evidence_proposed_by is null then 'acceptance_not_proposed'
            when s.evidence_proposed_by = actor then 'acceptance_confirmed_by_proposer'
            when s.repayment_status is not null then 'repayment_in_progress'
            when s.repaid_before or d.decided_at is not null then 'dispute_already_decided' end
        when 'withdraw_notice' then case when s.repayment_status is not null then 'repayment_in_progress' end
        when 'decline_notice' then case when s.repayment_status is not null then 'repayment_in_progress' when d.decided_at is not null then 'dispute_already_decided' end
        when 'state_inboxes_checked' then case
            when d.locked_at is null then 'lock_not_confirmed'
            when d.decided_at is not null then 'dispute_already_decided'
            when at < s.evidence_expires_at then 'evidence_window_open'
            when d.inboxes_checked_at is not null then 'inboxes_already_checked' end
        when 'extend' then case
            when coalesce(s.shortfall_expires_at, s.evidence_expires_at) is null then 'deadline_not_running'
            when s.repayment_status is not null then 'repayment_in_progress'
            when s.shortfall_expires_at is null and d.decided_at is not null then 'deadline_not_running'
            when d.handled_by = actor then 'extension_by_handler' end
        when 'escalate' then case
            when d.kind = 'provider' then 'dispute_is_with_provider'
            when d.locked_at is null then 'lock_not_confirmed'
            when d.escalated_at is not null then 'dispute_already_escalated'
            when not s.negotiated then 'negotiation_not_recorded' end
        end;
    if why = 'evidence_window_open' then from_at := s.evidence_expires_at; end if;
end $$;
comment on function api.evidence_barrier(book.disputes, api.dispute_state, text, integer, timestamptz) is 'Why an action on notice, lock or evidence is not lawful now; null when it is.';

create function api.decision_barrier(d book.disputes, s api.dispute_state, at timestamptz, out why text, out from_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
    why := case
        when d.locked_at is null then 'lock_not_confirmed'
        when d.conceded_at is null and at < s.evidence_expires_at then 'evidence_window_open'
        when d.conceded_at is null and s.evidence_open > 0 then 'evidence_not_judged'
        when d.conceded_at is null and d.inboxes_checked_at is null then 'inboxes_not_checked' end;
    if why = 'evidence_window_open' then from_at := s.evidence_expires_at; end if;
end $$;
comment on function api.decision_barrier(book.disputes, api.dispute_state, timestamptz) is 'Why nothing may be decided yet: the window runs to its last instant unless the holder concedes in writing, each filing in time is judged, and every inbox was checked (RA-09, RA-10; 1.4, 25).';

create function api.money_barrier(d book.disputes, s api.dispute_state, action text, actor integer, at timestamptz, out why text, out from_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
declare funds api.dispute_funds; unready record;
begin
    if action in ('propose_repayment', 'notify_shortfall') then
        select b.why, b.from_at into unready from api.decision_barrier(d, s, at) b;
        why := unready.why; from_at := unready.from_at;
        if why is not null then return; end if;
        funds := api.count_dispute_funds(d, at);
    end if;
    why := case action
        when 'propose_repayment' then case
            when s.repayment_status is not null then 'repayment_in_progress'
            when not s.lock_served then 'lock_notice_not_served'
            when s.judicial_lock is not null then 'account_under_judicial_lock'
            when (s.amounts).needed = 0 then 'dispute_is_moot'
            when funds.repayable <= 0 and funds.held_by_orders > 0 then 'principal_held_by_order'
            when funds.repayable <= 0 then 'principal_not_available' end
        when 'approve_repayment' then case
            when s.repayment_status is distinct from 'proposed' then 'repayment_not_proposed'
            when s.proposed_by = actor then 'repayment_approved_by_proposer'
            when s.judicial_lock is not null then 'account_under_judicial_lock'
            when s.held_by_orders then 'principal_held_by_order'
            when d.closed_at is null and d.conceded_at is null and s.evidence_open > 0 then 'evidence_not_judged' end
        when 'reject_repayment' then case when coalesce(s.repayment_status, '') not in ('proposed', 'approved') then 'repayment_not_proposed' end
        when 'release_repayment' then case
            when s.repayment_status is distinct from 'approved' then 'repayment_not_approved'
            when actor in (s.proposed_by, s.approved_by) then 'repayment_released_by_involved'
            when s.judicial_lock is not null then 'account_under_judicial_lock'
            when s.held_by_orders then 'principal_held_by_order'
            when d.closed_at is null and d.conceded_at is null and s.evidence_open > 0 then 'evidence_not_judged' end
        when 'confirm_repayment' then case when s.repayment_status is distinct from 'released' then 'repayment_not_released' end
        when 'fail_repayment' then case when s.repayment_status is distinct from 'released' then 'repayment_not_released' end
        when 'notify_shortfall' then case
            when s.shortfall_expires_at is not null then 'shortfall_already_notified'
            when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress'
            when d.decided_at is null and funds.repayable > 0 and s.judicial_lock is null then 'repayment_not_proposed'
            when (s.amounts).needed = 0 then 'shortfall_is_zero' end
        when 'earmark_recharge' then case when d.decided_at is null then 'dispute_not_decided' when (s.amounts).needed = 0 then 'shortfall_is_zero' end
        when 'record_waiver' then case when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress' when (s.amounts).needed = 0 then 'nothing_outstanding' end
        when 'record_direct_payment' then case when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress' when (s.amounts).needed = 0 then 'nothing_outstanding' end
        end;
end $$;
comment on function api.money_barrier(book.disputes, api.dispute_state, text, integer, timestamptz) is 'Why an action on repayment or shortfall is not lawful now; null when it is. No repayment without proof that the lock notice was served (A5); nothing leaves under a judicial lock.';

create function api.dispute_barrier(d book.disputes, s api.dispute_state, action text, actor integer, at timestamptz, out why text, out from_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
    if action = 'return_surplus' then
        why := case when d.closed_at is null then 'dispute_still_open' when s.repayment_status is not null then 'repayment_in_progress' when not s.surplus then 'surplus_is_zero'
                    when s.judicial_lock is not null then 'account_under_judicial_lock' end;
    elsif d.closed_at is not null and not (s.repayment_status is not null and action in ('approve_repayment', 'reject_repayment', 'release_repayment', 'confirm_repayment', 'fail_repayment')) then
        why := 'dispute_not_open';
    elsif action in ('propose_repayment', 'approve_repayment', 'reject_repayment', 'release_repayment', 'confirm_repayment', 'fail_repayment', 'notify_shortfall',
                     'earmark_recharge', 'record_waiver', 'record_direct_payment') then
        if d.kind = 'provider' then why := 'dispute_is_with_provider';
        else select b.why, b.from_at into why, from_at from api.money_barrier(d, s, action, actor, at) b; end if;
    else
        select b.why, b.from_at into why, from_at from api.evidence_barrier(d, s, action, actor, at) b;
    end if;
end $$;
comment on function api.dispute_barrier(book.disputes, api.dispute_state, text, integer, timestamptz) is 'The one place that knows why an action of a case is refused, and from when it will not be.';

create function api.dispute_actions(d book.disputes) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare s api.dispute_state := api.find_dispute_state(d); at timestamptz := api.clock(); actor integer := api.person(); answer jsonb := '[]'; step text; b record; mine boolean;
begin
    foreach step in array array['confirm_lock', 'record_service', 'record_evidence', 'reject_evidence', 'propose_acceptance', 'confirm_acceptance', 'concede', 'state_inboxes_checked',
        'propose_repayment', 'approve_repayment', 'reject_repayment', 'release_repayment', 'confirm_repayment', 'fail_repayment', 'notify_shortfall', 'earmark_recharge',
        'record_waiver', 'record_direct_payment', 'return_surplus', 'extend', 'record_negotiation', 'escalate', 'withdraw_notice', 'decline_notice'] loop
        select x.why, x.from_at into b from api.dispute_barrier(d, s, step, actor, at) x;
        mine := api.has_duty(variadic api.dispute_duties(step));
        answer := answer || jsonb_build_object('action', 'disputes.' || step, 'allowed', b.why is null and mine,
            'why', coalesce(b.why, case when not mine then 'duty_missing' end), 'clause', api.dispute_clause(coalesce(b.why, 'duty_missing')),
            'from_at', api.instant_text(b.from_at), 'mine', mine, 'duties', to_jsonb(api.dispute_duties(step)));
    end loop;
    return answer;
end $$;
comment on function api.dispute_actions(book.disputes) is 'Every action of a case: whether the person who is signed in may do it now, why not, by which clause, and from when.';

create function api.check_dispute_action(d book.disputes, action text, actor integer, at timestamptz) returns void
language plpgsql stable security definer set search_path = '' as $$
declare b record; detail jsonb;
begin
    select x.why, x.from_at into b from api.dispute_barrier(d, api.find_dispute_state(d), action, actor, at) x;
    if b.why is null then return; end if;
    detail := jsonb_strip_nulls(jsonb_build_object('clause', api.dispute_clause(b.why), 'from_at', api.instant_text(b.from_at), 'status', d.status,
        'agreement_version', (select r.agreement_version from book.recharges r where r.id = d.recharge_id),
        'order', case when b.why in ('account_under_judicial_lock', 'principal_held_by_order') then api.orders_on(d.customer_id) #>> '{0,number}' end));
    perform api.broken(b.why, detail);
end $$;
comment on function api.check_dispute_action(book.disputes, text, integer, timestamptz) is 'Refuses by the reason that the page shows beside the disabled action, with its clause and the version of the agreement.';

-- ── Taking and settling a case ─────────────────────────────────────────────────────────────────────────────────

create function api.take_dispute(dispute_id uuid) returns book.disputes
language plpgsql volatile security definer set search_path = '' as $$
declare d book.disputes;
begin
    select x.* into d from book.disputes x where x.id = take_dispute.dispute_id;
    if not found then perform api.broken('dispute_unknown'); end if;
    perform api.lock_customer(d.customer_id);
    select x.* into d from book.disputes x where x.id = take_dispute.dispute_id for update;
    return d;
end $$;
comment on function api.take_dispute(uuid) is 'Locks the customer, then the case, and reads it afresh.';

create function api.close_dispute(d book.disputes, new_status text, reason text, actor integer, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare other uuid;
begin
    update book.disputes x set status = new_status, closed_at = at, closed_by = actor, closing_reason = reason, due_at = at where x.id = d.id;
    perform api.lift_locks(d.id, 'dispute', actor, at);
    perform api.stop_deadlines(d.id, at);
    select x.id into other from book.disputes x where x.customer_id = d.customer_id and x.closed_at is null and x.kind = 'third_party' order by x.noticed_at, x.id limit 1;
    update book.refunds f set suspended_by_dispute = other where f.suspended_by_dispute = d.id;
    if other is null and not exists (select 1 from book.refunds f where f.customer_id = d.customer_id and f.status in ('requested', 'reviewed', 'approved', 'released')) then
        update book.gifts g set amount_reserved = 0 where g.customer_id = d.customer_id and g.amount_reserved > 0;
    end if;
end $$;
comment on function api.close_dispute(book.disputes, text, text, integer, timestamptz) is 'Ends a case: its own lock falls, no other (rules, additions); its clocks stop; a suspended application goes on unless another case stops it.';

create function api.refresh_dispute(dispute_id uuid, actor integer, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare d book.disputes; s api.dispute_state; progress timestamptz; new_status text;
begin
    select x.* into d from book.disputes x where x.id = refresh_dispute.dispute_id for update;
    if not found or d.closed_at is not null then return; end if;
    s := api.find_dispute_state(d);
    if (s.amounts).outstanding = 0 and s.repayment_status is null and (d.status <> 'noticed' or d.amount_waived + d.amount_paid_directly > 0) then
        perform api.close_dispute(d, 'settled', 'outstanding_is_zero', actor, at);
        return;
    end if;
    select coalesce(r.released_at, r.approved_at, r.proposed_at) into progress from book.repayments r where r.dispute_id = d.id and r.status in ('proposed', 'approved', 'released');
    new_status := case when d.escalated_at is not null then 'escalated' when progress is not null then 'repaying' when d.decided_at is not null then 'short'
                       when d.locked_at is not null then 'locked' else 'noticed' end;
    update book.disputes x set status = new_status, due_at = case
        when new_status = 'escalated' then d.escalated_at + interval '100 years'
        when progress is not null then progress
        when d.decided_at is not null then coalesce(s.shortfall_expires_at, d.decided_at)
        when d.conceded_at is not null then d.conceded_at
        when d.locked_at is not null then s.evidence_expires_at
        else d.noticed_at end
    where x.id = d.id;
end $$;
comment on function api.refresh_dispute(uuid, integer, timestamptz) is 'After every step: settled when nothing is outstanding or on its way; otherwise its status, and the instant its next step is due, by which the list is sorted (what waits for a court comes last).';

-- ── Asked by refunds and usage ─────────────────────────────────────────────────────────────────────────────────

create function api.payouts_stopped(customer_id bigint) returns uuid language sql stable security definer set search_path = '' as $$
    select d.id from book.disputes d where d.customer_id = payouts_stopped.customer_id and d.closed_at is null and d.kind = 'third_party' order by d.noticed_at, d.id limit 1
$$;
comment on function api.payouts_stopped(bigint) is 'The open case that stops every payout and new application of a customer, from its notice on (1.4, 2); null when none does.';

create function api.is_locked(customer_id bigint) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (select 1 from book.locks k where k.customer_id = is_locked.customer_id and k.lifted_at is null and k.cause in ('dispute', 'judicial'))
$$;
comment on function api.is_locked(bigint) is 'Whether a lock stops refunds: dispute or judicial. A campaign lock does not: principal is never confiscated (1.4).';

-- ── What is shown ──────────────────────────────────────────────────────────────────────────────────────────────

create view api.disputes as
select d.id, d.number, d.kind, d.status, n.next_step, n.waits_for, d.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name,
       d.recharge_id, r.order_no, r.channel, r.paid_at, r.agreement_version, r.payer_is_holder,
       api.mask_name(r.payer_name) as payer_name, api.mask_account(r.payer_account) as payer_account, d.ticket_no,
       d.amount_disputed, d.amount_repaid, a.refunded as amount_refunded, d.amount_waived, d.amount_paid_directly,
       a.legs_in_flight + a.repayments_in_flight as amount_in_flight, a.outstanding as amount_outstanding, d.amount_short,
       d.received_at, d.noticed_at, api.login_of(d.noticed_by) as noticed_by, api.login_of(d.handled_by) as handled_by,
       d.locked_at, d.conceded_at, d.inboxes_checked_at, d.decided_at, d.escalated_at, d.closed_at, d.closing_reason,
       n.lock_served, p.id as repayment_id, p.status as repayment_status,
       l.kind as deadline_kind, l.due_on, l.expires_at, l.shifted, l.provisional, l.extended_days, l.calendar_version,
       case when d.closed_at is null and d.status <> 'escalated' and l.stopped_at is null then ceil(extract(epoch from l.expires_at - t.at))::integer end as seconds_left,
       d.due_at
from book.disputes d
join book.customers c on c.id = d.customer_id
join book.recharges r on r.id = d.recharge_id
cross join (select api.clock() as at offset 0) t
cross join lateral api.count_dispute_amounts(d) a
left join lateral (select x.* from book.deadlines x where x.subject_id = d.id order by x.id desc limit 1) l on true
left join lateral (select x.id, x.status from book.repayments x where x.dispute_id = d.id and x.status in ('proposed', 'approved', 'released')) p on true
cross join lateral (
    select v.lock_served, v.next_step, case
            when v.next_step in ('judge_evidence') then 'reviewer'
            when v.next_step in ('confirm_acceptance', 'approve_repayment') then 'approver'
            when v.next_step = 'release_repayment' then 'treasurer'
            when v.next_step = 'confirm_repayment' then 'statement'
            when v.next_step in ('await_evidence', 'await_shortfall') then 'holder'
            when v.next_step = 'await_court' then 'court'
            when v.next_step = 'await_order' then 'authority'
            when v.next_step is not null then 'handler' end as waits_for
    from (select e.lock_served, case
            when d.closed_at is not null and p.status is null then case when e.earmarked and e.stopped then 'await_order' when e.earmarked then 'return_surplus' end
            when d.status = 'noticed' then case when d.kind = 'provider' then 'close_notice' else 'confirm_lock' end
            when p.status in ('proposed', 'approved') and (e.stopped or api.orders_reach(d)) then 'await_order'
            when p.status in ('proposed', 'approved') and e.open and d.closed_at is null and d.conceded_at is null then 'judge_evidence'
            when p.status = 'proposed' then 'approve_repayment'
            when p.status = 'approved' then 'release_repayment'
            when p.status = 'released' then 'confirm_repayment'
            when d.status = 'escalated' then 'await_court'
            when not e.lock_served then 'serve_lock_notice'
            when e.proposed then 'confirm_acceptance'
            when e.open and d.conceded_at is null then 'judge_evidence'
            when d.decided_at is null and d.conceded_at is null and t.at < l.expires_at then 'await_evidence'
            when d.decided_at is null and d.conceded_at is null and d.inboxes_checked_at is null then 'check_inboxes'
            -- All that is outstanding is on its way already: the provider's answer decides, not we.
            when a.needed = 0 then 'confirm_repayment'
            when d.decided_at is null then case when e.stopped then 'await_order' when (api.count_dispute_funds(d, t.at)).repayable > 0 then 'propose_repayment' else 'notify_shortfall' end
            when e.earmarked then case when e.stopped then 'await_order' else 'propose_repayment' end
            when l.kind is distinct from 'shortfall' then 'notify_shortfall'
            when t.at < l.expires_at then 'await_shortfall'
            else 'negotiate' end as next_step
          from (select exists (select 1 from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock' and s.addressee = 'holder') as lock_served,
                       exists (select 1 from book.evidence x where x.dispute_id = d.id and x.verdict = 'proposed') as proposed,
                       exists (select 1 from book.evidence x where x.dispute_id = d.id and x.verdict = 'open' and x.in_time) as open,
                       api.stopping_order(d.customer_id) is not null as stopped,
                       exists (select 1 from book.recharges x where x.customer_id = d.customer_id and x.amount_left >= 0.01 and x.earmarked_for = d.id) as earmarked) e) v
) n;
comment on view api.disputes is 'Cases with their clock, what is outstanding, and what is due next from whom; names masked.';
comment on column api.disputes.kind is '{{"third_party" | "provider"}} RA 5.2, or a dispute with the payment company (RA 4.2)';
comment on column api.disputes.status is '{{"noticed" | "locked" | "repaying" | "short" | "escalated" | "accepted" | "settled" | "withdrawn" | "declined"}} where the case stands';
comment on column api.disputes.next_step is '?{{"close_notice" | "confirm_lock" | "serve_lock_notice" | "await_evidence" | "judge_evidence" | "confirm_acceptance" | "check_inboxes" | "propose_repayment" | "approve_repayment" | "release_repayment" | "confirm_repayment" | "notify_shortfall" | "await_shortfall" | "negotiate" | "await_court" | "await_order" | "return_surplus"}} what is due next; null when closed';
comment on column api.disputes.waits_for is '?{{"handler" | "reviewer" | "approver" | "treasurer" | "statement" | "holder" | "court" | "authority"}} whom the next step waits for';
comment on column api.disputes.deadline_kind is '?{{"evidence" | "shortfall"}} which clock was started last';
comment on column api.disputes.seconds_left is '? until the last instant of the running clock; negative when it has passed. Before a court none runs';
comment on column api.disputes.due_at is 'when the next step is due: the order of the list and the key of its next page';
comment on column api.disputes.amount_refunded is '9.1 refunds of the disputed lot that reached its payer';
comment on column api.disputes.amount_short is '? what was missing when it was decided';
comment on column api.disputes.repayment_status is '?{{"proposed" | "approved" | "released"}} of the repayment under way';
do $$
declare c text;
begin
    foreach c in array array['payer_name', 'payer_account', 'handled_by', 'locked_at', 'conceded_at', 'inboxes_checked_at', 'decided_at', 'escalated_at', 'closed_at', 'closing_reason',
                             'repayment_id', 'due_on', 'expires_at', 'shifted', 'provisional', 'extended_days', 'calendar_version'] loop
        execute format('comment on column api.disputes.%I is %L', c, '? not yet, or not at all');
    end loop;
end $$;

create function api.dispute_timeline(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('at', api.instant_text(e.at), 'recorded_at', api.instant_text(e.recorded_at), 'lane', e.lane, 'kind', e.kind, 'by', api.login_of(e.person),
        'amount', e.amount::text, 'text', e.said, 'subject_id', e.subject, 'papers', api.moment_papers(e.kind, e.subject)) order by e.at, e.recorded_at, e.rank), '[]')
    from (
        select d.received_at as at, d.noticed_at as recorded_at, 'third_party' as lane, 'notice' as kind, d.noticed_by as person, d.amount_disputed as amount, d.demand as said, d.id as subject, 1 as rank
        union all select d.locked_at, d.locked_at, 'platform', 'locked', d.locked_by, null, null, d.id, 2 where d.locked_at is not null
        union all select n.served_at, n.recorded_at, 'platform', 'served_' || n.about, n.recorded_by, null, n.way || ' · ' || n.proof, n.id, 3 from book.services_of_notice n where n.dispute_id = d.id
        union all select e.received_at, e.recorded_at, 'holder', case when e.in_time then 'evidence' else 'evidence_late' end, e.recorded_by, null, e.summary, e.id, 4 from book.evidence e where e.dispute_id = d.id
        union all select e.proposed_at, e.proposed_at, 'platform', 'acceptance_proposed', e.proposed_by, null, e.proposed_reason, e.id, 5 from book.evidence e where e.dispute_id = d.id and e.proposed_at is not null
        union all select e.decided_at, e.decided_at, 'platform', 'evidence_' || e.verdict, e.decided_by, null, e.decided_reason, e.id, 6 from book.evidence e where e.dispute_id = d.id and e.decided_at is not null
        union all select d.conceded_at, d.conceded_at, 'holder', 'conceded', d.conceded_recorded_by, null, null, d.id, 7 where d.conceded_at is not null
        union all select d.inboxes_checked_at, d.inboxes_checked_at, 'platform', 'inboxes_checked', d.inboxes_checked_by, null, null, d.id, 8 where d.inboxes_checked_at is not null
        union all select h.changed_at, h.changed_at, 'platform', 'deadline_' || h.cause, h.changed_by, null, h.from_due_on || ' → ' || h.to_due_on || ' · ' || h.reason, d.id, 9
                  from book.deadline_changes h join book.deadlines x on x.id = h.deadline_id where x.subject_id = d.id
        union all select p.proposed_at, p.proposed_at, 'platform', 'repayment_proposed', p.proposed_by, p.amount, p.number, p.id, 10 from book.repayments p where p.dispute_id = d.id
        union all select p.rejected_at, p.rejected_at, 'platform', 'repayment_rejected', p.rejected_by, p.amount, p.rejected_reason, p.id, 11 from book.repayments p where p.dispute_id = d.id and p.rejected_at is not null
        union all select p.approved_at, p.approved_at, 'platform', 'repayment_approved', p.approved_by, p.amount, p.number, p.id, 12 from book.repayments p where p.dispute_id = d.id and p.approved_at is not null
        union all select p.released_at, p.released_at, 'platform', 'repayment_released', p.released_by, p.amount, p.number, p.id, 13 from book.repayments p where p.dispute_id = d.id and p.released_at is not null
        union all select p.paid_at, p.paid_recorded_at, case p.purpose when 'surplus' then 'holder' else 'third_party' end, case p.purpose when 'surplus' then 'surplus_returned' else 'repayment_received' end, p.paid_recorded_by, p.amount, p.number, p.id, 14 from book.repayments p where p.dispute_id = d.id and p.paid_at is not null
        union all select w.received_at, w.recorded_at, 'third_party', 'waived', w.recorded_by, w.amount_counted, w.reason, w.id, 15 from book.waivers w where w.dispute_id = d.id
        union all select y.paid_at, y.recorded_at, 'holder', 'paid_directly', y.recorded_by, y.amount_counted, y.channel || ' · ' || y.reference, y.id, 16 from book.direct_payments y where y.dispute_id = d.id
        union all select r.paid_at, r.paid_at, 'holder', 'earmarked_recharge', null, r.principal, r.order_no, null, 17 from book.recharges r where r.earmarked_for = d.id
        union all select g.happened_at, g.recorded_at, 'platform', 'negotiated', g.recorded_by, null, g.body, g.id, 18 from book.negotiations g where g.dispute_id = d.id
        union all select d.escalated_at, d.escalated_at, 'platform', 'escalated', d.escalated_by, null, null, d.id, 19 where d.escalated_at is not null
        union all select d.closed_at, d.closed_at, case when d.status = 'withdrawn' then 'third_party' else 'platform' end, d.status, d.closed_by, null, d.closing_reason, d.id, 20 where d.closed_at is not null
        union all select m.* from api.letter_moments(d.id) m
        union all select m.* from api.paper_moments(d.id) m
    ) e where e.at is not null);
end $$;
comment on function api.dispute_timeline(book.disputes) is 'Three lanes on one line: third party, account holder, platform. What happened and when it was recorded are two instants.';

create function api.dispute_papers(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return jsonb_build_object(
        'evidence', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'summary', e.summary, 'way', e.way, 'received_at', api.instant_text(e.received_at), 'recorded_at', api.instant_text(e.recorded_at),
                'recorded_by', api.login_of(e.recorded_by), 'in_time', e.in_time, 'receipt_proof', e.receipt_proof, 'verdict', e.verdict, 'proposed_by', api.login_of(e.proposed_by), 'proposed_reason', e.proposed_reason,
                'decided_by', api.login_of(e.decided_by), 'decided_at', api.instant_text(e.decided_at), 'decided_reason', e.decided_reason,
                'attachment_ids', (select coalesce(jsonb_agg(x.attachment_id order by x.attachment_id), '[]') from book.evidence_attachments x where x.evidence_id = e.id)) order by e.received_at, e.id), '[]')
            from book.evidence e where e.dispute_id = d.id),
        'services', (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'about', n.about, 'addressee', n.addressee, 'way', n.way, 'served_at', api.instant_text(n.served_at), 'proof', n.proof,
                'attachment_id', n.attachment_id, 'recorded_by', api.login_of(n.recorded_by)) order by n.served_at, n.id), '[]') from book.services_of_notice n where n.dispute_id = d.id),
        'attachments', (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'file_name', f.file_name, 'media_type', f.media_type, 'size_bytes', f.size_bytes, 'sha256', encode(f.sha256, 'hex'),
                'received_at', api.instant_text(f.received_at), 'recorded_at', api.instant_text(f.recorded_at), 'recorded_by', api.login_of(f.recorded_by)) order by f.received_at, f.id), '[]')
            from book.attachments f where f.subject_kind = 'dispute' and f.subject_id = d.id::text and f.complete));
end $$;
comment on function api.dispute_papers(book.disputes) is 'Evidence with its verdicts, notices served with their proof, and every paper filed with a case.';

create function api.dispute_money(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare a api.dispute_amounts := api.count_dispute_amounts(d); f api.dispute_funds := api.count_dispute_funds(d, api.clock());
begin
    return jsonb_build_object(
        'amounts', jsonb_build_object('disputed', d.amount_disputed::text, 'repaid', d.amount_repaid::text, 'refunded', a.refunded::numeric(14, 2)::text, 'waived', d.amount_waived::text,
            'paid_directly', d.amount_paid_directly::text, 'in_flight', (a.legs_in_flight + a.repayments_in_flight)::numeric(14, 2)::text, 'outstanding', a.outstanding::numeric(14, 2)::text,
            'principal', f.principal::numeric(20, 6)::text, 'gift_not_usable', f.gift::numeric(20, 6)::text, 'unbilled', f.unbilled::numeric(20, 6)::text,
            'unbilled_from_gift', f.unbilled_from_gift::numeric(20, 6)::text, 'unbilled_from_principal', f.unbilled_from_principal::numeric(20, 6)::text,
            'claimed_earlier', f.claimed_earlier::numeric(20, 6)::text, 'held_by_orders', f.held_by_orders::numeric(20, 6)::text, 'available', f.available::numeric(20, 6)::text, 'repayable', f.repayable::numeric(14, 2)::text,
            'expected_shortfall', f.expected_short::numeric(14, 2)::text),
        'lots', (select coalesce(jsonb_agg(jsonb_build_object('order_no', u.order_no, 'paid_at', api.instant_text(u.paid_at), 'usable', u.usable::numeric(20, 6)::text, 'own', u.own, 'from_account', u.from_account) order by u.place), '[]')
                 from api.usable_lots(d) u),
        'repayments', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'number', p.number, 'purpose', p.purpose, 'status', p.status, 'amount', p.amount::text, 'proposed_by', api.login_of(p.proposed_by), 'proposed_at', api.instant_text(p.proposed_at),
                'approved_by', api.login_of(p.approved_by), 'approved_at', api.instant_text(p.approved_at), 'released_by', api.login_of(p.released_by), 'released_at', api.instant_text(p.released_at),
                'paid_at', api.instant_text(p.paid_at), 'rejected_reason', p.rejected_reason,
                'lots', (select jsonb_agg(jsonb_build_object('order_no', r.order_no, 'amount', x.amount::text, 'from_account', x.from_account) order by x.place) from book.repayment_lots x join book.recharges r on r.id = x.recharge_id where x.repayment_id = p.id),
                'legs', (select coalesce(jsonb_agg(jsonb_build_object('refund_no', g.refund_no, 'amount', g.amount::text, 'channel', g.channel, 'route', g.route, 'status', g.status, 'bank_reference', g.bank_reference) order by g.id), '[]') from book.repayment_legs g where g.repayment_id = p.id)) order by p.proposed_at), '[]')
            from book.repayments p where p.dispute_id = d.id),
        'gift', (select jsonb_build_object('activity', g.activity, 'rule', coalesce(d.gift_rule, v.on_recharge_refunded), 'left', g.amount_left::text) from book.gifts g join book.activities v on v.code = g.activity where g.recharge_id = d.recharge_id order by g.id limit 1));
end $$;
comment on function api.dispute_money(book.disputes) is 'The figures of a case: what is disputed, what the account can repay and why not more, repayments with their lots, and what happens to the gift of the lot (A9).';

create function api.dispute_clock(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select c.clock || jsonb_build_object('sentences', jsonb_build_object('en', api.deadline_sentences(c.clock, 'en'), 'zh', api.deadline_sentences(c.clock, 'zh')))
            from (select api.deadline_explanation(x.started_at, x.days + x.extended_days, x.zone, x.rest_days, 'RA 5.2')
            || jsonb_build_object('kind', x.kind, 'extended_days', x.extended_days, 'stopped_at', api.instant_text(x.stopped_at), 'calendar_version', x.calendar_version,
                'nominal_on', x.nominal_on, 'due_on', x.due_on, 'expires_at', api.instant_text(x.expires_at), 'shifted', x.shifted, 'provisional', x.provisional,
                'changes', (select coalesce(jsonb_agg(jsonb_build_object('cause', h.cause, 'reason', h.reason, 'from_due_on', h.from_due_on, 'to_due_on', h.to_due_on, 'at', api.instant_text(h.changed_at), 'by', api.login_of(h.changed_by)) order by h.id), '[]')
                            from book.deadline_changes h where h.deadline_id = x.id)) as clock
                  from book.deadlines x where x.subject_id = d.id order by x.id desc limit 1) c);
end $$;
comment on function api.dispute_clock(book.disputes) is 'The clock started last, explained in the words that its letters print, with every move of its date.';

create function api.dispute_neighbours(d book.disputes) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'id', o.id, 'number', o.number, 'status', o.status, 'same', o.same) order by o.number), '[]')
    from (select 'dispute' as kind, x.id, x.number, x.status, case when x.recharge_id = d.recharge_id then 'order' when x.ticket_no = d.ticket_no then 'ticket' else 'customer' end as same
          from book.disputes x where x.id <> d.id and (x.recharge_id = d.recharge_id or x.ticket_no = d.ticket_no or x.customer_id = d.customer_id)
          union all
          select 'refund', f.id, f.number, f.status, case when f.ticket_no = d.ticket_no then 'ticket' else 'customer' end
          from book.refunds f where f.ticket_no = d.ticket_no or f.customer_id = d.customer_id) o
$$;
comment on function api.dispute_neighbours(book.disputes) is 'Other cases on the same order, ticket or customer: pointed out, never joined.';

create view api.dispute_pages as
select v.*, d.demand, d.notice_way, api.mask_name(d.informant_name) as informant_name, api.mask_account(d.informant_contact) as informant_contact,
       api.login_of(d.locked_by) as locked_by, api.login_of(d.inboxes_checked_by) as inboxes_checked_by, d.inboxes_checked_until, api.is_locked(d.customer_id) as account_locked,
       (select k.platform_confirmed_at from book.locks k where k.case_id = d.id and k.cause = 'dispute' order by k.placed_at desc limit 1) as platform_confirmed_at,
       api.locks_of(d.customer_id, d.id) as locks, api.orders_on(d.customer_id) as orders,
       m.money -> 'amounts' as amounts, m.money -> 'lots' as lots, m.money -> 'repayments' as repayments, nullif(m.money -> 'gift', 'null') as gift,
       api.dispute_clock(d) as clock, api.dispute_timeline(d) as timeline, f.papers -> 'evidence' as evidence, f.papers -> 'services' as services, f.papers -> 'attachments' as attachments,
       api.dispute_actions(d) as actions, api.dispute_neighbours(d) as neighbours
from api.disputes v join book.disputes d on d.id = v.id
cross join lateral (select api.dispute_money(d) as money offset 0) m
cross join lateral (select api.dispute_papers(d) as papers offset 0) f;
comment on view api.dispute_pages is 'One case with everything its page shows.';
do $$
declare c record;
begin
    for c in select a.attname, pg_catalog.col_description(a.attrelid, a.attnum) as said from pg_catalog.pg_attribute a
             where a.attrelid = 'api.disputes'::regclass and a.attnum > 0 and pg_catalog.col_description(a.attrelid, a.attnum) is not null loop
        execute format('comment on column api.dispute_pages.%I is %L', c.attname, c.said);
    end loop;
end $$;
comment on column api.dispute_pages.informant_name is '? who told us, masked';
comment on column api.dispute_pages.informant_contact is '? how to reach him, masked';
comment on column api.dispute_pages.locked_by is '? who confirmed the lock';
comment on column api.dispute_pages.inboxes_checked_by is '? who stated that every inbox was checked';
comment on column api.dispute_pages.inboxes_checked_until is '? up to which instant';
comment on column api.dispute_pages.platform_confirmed_at is '? when the platform confirmed the lock';
comment on column api.dispute_pages.locks is '{{JudicialLockPage["locks"]}} locks in force on the account, and this case''s own with what the platform said';
comment on column api.dispute_pages.orders is '{{JudicialLockPage["queue"]}} orders of authorities in force on the account';
comment on column api.dispute_pages.amounts is '{{{ disputed: Money; repaid: Money; refunded: Money; waived: Money; paid_directly: Money; in_flight: Money; outstanding: Money; principal: Money; gift_not_usable: Money; unbilled: Money; unbilled_from_gift: Money; unbilled_from_principal: Money; claimed_earlier: Money; held_by_orders: Money; available: Money; repayable: Money; expected_shortfall: Money }}} the arithmetic of the case';
comment on column api.dispute_pages.lots is '{{Array<{ order_no: string; paid_at: Instant; usable: Money; own: boolean; from_account: "wallet" | "refund_hold" }>}} principal that may pay it, in order';
comment on column api.dispute_pages.repayments is '{{Array<{ id: Uuid; number: string; purpose: "third_party" | "surplus"; status: "proposed" | "approved" | "released" | "paid" | "rejected"; amount: Money; proposed_by: string; proposed_at: Instant; approved_by: string | null; approved_at: Instant | null; released_by: string | null; released_at: Instant | null; paid_at: Instant | null; rejected_reason: string | null; lots: Array<{ order_no: string; amount: Money; from_account: string }>; legs: Array<{ refund_no: string; amount: Money; channel: string; route: string; status: string; bank_reference: string | null }> }>}} money to the third party';
comment on column api.dispute_pages.gift is '?{{{ activity: string; rule: "keep" | "void" | "none"; left: Money }}} the gift that came with the lot';
comment on column api.dispute_pages.clock is '?{{DeadlineExplanations & { kind: "evidence" | "shortfall"; extended_days: number; stopped_at: Instant | null; sentences: Record<"en" | "zh", Array<{ text: string; clause: string }>>; changes: Array<{ cause: "extended" | "calendar"; reason: string; from_due_on: IsoDate; to_due_on: IsoDate; at: Instant; by: string }> }}} the clock started last, explained; its sentences are those of the letters';
comment on column api.dispute_pages.timeline is '{{Array<{ at: Instant; recorded_at: Instant; lane: "third_party" | "holder" | "platform"; kind: string; by: string | null; amount: Money | null; text: string | null; subject_id: Uuid | null; papers: Array<{ id: Uuid; file_name: string; media_type: string; sha256: string }> }>}} three lanes on one line';
comment on column api.dispute_pages.evidence is '{{Array<{ id: Uuid; summary: string; way: string; received_at: Instant; recorded_at: Instant; recorded_by: string; in_time: boolean; receipt_proof: string | null; verdict: "open" | "proposed" | "accepted" | "rejected"; proposed_by: string | null; proposed_reason: string | null; decided_by: string | null; decided_at: Instant | null; decided_reason: string | null; attachment_ids: Uuid[] }>}} what the holder filed';
comment on column api.dispute_pages.services is '{{Array<{ id: Uuid; about: string; addressee: string; way: string; served_at: Instant; proof: string; attachment_id: Uuid | null; recorded_by: string }>}} notices served';
comment on column api.dispute_pages.attachments is '{{Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; received_at: Instant; recorded_at: Instant; recorded_by: string }>}} papers of the case';
comment on column api.dispute_pages.actions is '{{Array<{ action: string; allowed: boolean; why: string | null; clause: string | null; from_at: Instant | null; mine: boolean; duties: string[] }>}} what the person who is signed in may do now; why is a rule, or duty_missing';
comment on column api.dispute_pages.neighbours is '{{Array<{ kind: "dispute" | "refund"; id: Uuid; number: string; status: string; same: "order" | "ticket" | "customer" }>}} other cases to look at';

create function api.find_dispute_page(dispute_id uuid) returns api.dispute_pages language sql stable security definer set search_path = '' as $$
    select p.* from api.dispute_pages p where p.id = dispute_id
$$;
comment on function api.find_dispute_page(uuid) is 'What every action answers: the page as it is now.';

create function api.open_dispute(dispute_id uuid) returns api.dispute_pages language plpgsql stable security definer set search_path = '' as $$
declare page api.dispute_pages;
begin
    perform api.reader();
    select p.* into page from api.dispute_pages p where p.id = dispute_id;
    if not found then perform api.broken('dispute_unknown'); end if;
    return page;
end $$;
comment on function api.open_dispute(uuid) is 'disputes.open: One case with its clock explained, figures, evidence, three lanes, papers, and what the person who is signed in may do now and why not.';
grant execute on function api.open_dispute(uuid) to kontor_people;

create function api.list_disputes(wanted text default 'open', search text default null, mine boolean default false,
    after_due timestamptz default null, after_id uuid default null, maximum integer default 100)
returns setof api.disputes language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.reader(); at timestamptz := api.clock(); sought text := replace(replace(replace(btrim(coalesce(search, '')), '\', '\\'), '%', '\%'), '_', '\_');
    named bigint[] := api.customers_named(search);
begin
    return query
    with picked as (
        select d.id, d.due_at from book.disputes d join book.customers c on c.id = d.customer_id join book.recharges r on r.id = d.recharge_id
        where case coalesce(wanted, 'open')
                when 'open' then d.closed_at is null
                when 'closed' then d.closed_at is not null
                when 'all' then true
                when 'overdue' then d.closed_at is null and d.status <> 'escalated' and d.due_at <= at
                when 'provisional' then d.closed_at is null and exists (select 1 from book.deadlines x where x.subject_id = d.id and x.stopped_at is null and x.provisional)
                when 'surplus' then d.closed_at is not null and exists (select 1 from book.recharges x where x.earmarked_for = d.id and x.amount_left >= 0.01)
                when 'not_served' then d.closed_at is null and d.locked_at is not null
                    and not exists (select 1 from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock' and s.addressee = 'holder')
                else d.status = wanted end
          and (not coalesce(mine, false) or me in (d.handled_by, d.noticed_by))
          and (sought = '' or d.number ilike sought || '%' or r.order_no ilike sought || '%' or d.ticket_no ilike sought || '%' or c.ref ilike sought || '%'
               or d.customer_id = any (named))
          and (after_due is null or (d.due_at, d.id) > (after_due, coalesce(after_id, '00000000-0000-0000-0000-000000000000')))
        order by d.due_at, d.id limit least(greatest(coalesce(maximum, 100), 1), 500)
    )
    select v.* from picked p join api.disputes v on v.id = p.id order by p.due_at, p.id;
end $$;
comment on function api.list_disputes(text, text, boolean, timestamptz, uuid, integer) is
    'disputes.list: Cases by what is due first: open, overdue, provisional, not_served, surplus, closed, all, or by status; mine are those I handle or recorded. The next page begins after the last row''s due_at and id.';
grant execute on function api.list_disputes(text, text, boolean, timestamptz, uuid, integer) to kontor_people;

create type api.dispute_counts as (open integer, noticed integer, overdue integer, due_today integer, due_this_week integer, provisional integer, not_served integer, short_not_notified integer);
create function api.count_disputes() returns api.dispute_counts language plpgsql stable security definer set search_path = '' as $$
declare answer api.dispute_counts; at timestamptz := api.clock(); today date := (api.clock() at time zone 'Asia/Shanghai')::date;
begin
    perform api.reader();
    select count(*), count(*) filter (where d.status = 'noticed'), count(*) filter (where d.status <> 'escalated' and d.due_at <= at),
           count(*) filter (where x.due_on = today and x.expires_at > at), count(*) filter (where x.due_on between today and today + 6 and x.expires_at > at), count(*) filter (where x.provisional),
           count(*) filter (where d.locked_at is not null and not exists (select 1 from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock' and s.addressee = 'holder')),
           count(*) filter (where d.status = 'short' and not exists (select 1 from book.deadlines y where y.subject_id = d.id and y.kind = 'shortfall'))
    into answer from book.disputes d
    left join lateral (select y.* from book.deadlines y where y.subject_id = d.id and y.stopped_at is null order by y.id desc limit 1) x on true
    where d.closed_at is null;
    return answer;
end $$;
comment on function api.count_disputes() is 'disputes.counts: How many cases are open, overdue, due today and this week, provisional, not served, or short without a notice (the second clock does not run yet, A4).';
grant execute on function api.count_disputes() to kontor_people;

-- ── For the first screen and the equations of the books ────────────────────────────────────────────────────────

create function api.disputes_waiting() returns table (id uuid, number text, step text, customer_name text, amount numeric, since timestamptz, due_at timestamptz, late boolean)
language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.person(); at timestamptz := api.clock();
    handles boolean := api.has_duty('handler'); reviews boolean := api.has_duty('reviewer'); approves boolean := api.has_duty('approver');
    releases boolean := api.has_duty('treasurer'); locks boolean := api.has_duty('handler', 'reviewer', 'risk');
begin
    if not (handles or reviews or approves or releases or locks) then return; end if;
    return query
    with likely as materialized (
        select d.id, d.handled_by from book.disputes d
        where d.closed_at is null and d.status <> 'escalated'
          and (d.due_at <= at or exists (select 1 from book.evidence e where e.dispute_id = d.id and e.verdict in ('open', 'proposed'))
               or not exists (select 1 from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock' and s.addressee = 'holder'))
        order by d.due_at limit 500
    ), likely_too as (
        select l.id, l.handled_by from likely l
        union
        select d.id, d.handled_by from book.disputes d where d.closed_at is not null
          and (d.id in (select r.earmarked_for from book.recharges r where r.earmarked_for is not null and r.amount_left >= 0.01)
               or d.id in (select r.dispute_id from book.repayments r where r.purpose = 'surplus' and r.status in ('proposed', 'approved')))
    )
    select v.id, v.number, v.next_step, v.customer_name, v.amount_outstanding, coalesce(p.approved_at, p.proposed_at, v.decided_at, v.locked_at, v.noticed_at),
           case when v.seconds_left is not null then v.expires_at end,
           case when v.seconds_left is not null then v.seconds_left <= 0 else v.status = 'noticed' and v.noticed_at < at - interval '1 day' end
    from likely_too l join api.disputes v on v.id = l.id left join book.repayments p on p.id = v.repayment_id
    where case v.next_step
            when 'confirm_lock' then locks
            when 'judge_evidence' then reviews
            when 'confirm_acceptance' then approves and not exists (select 1 from book.evidence e where e.dispute_id = v.id and e.verdict = 'proposed' and e.proposed_by = me)
            when 'approve_repayment' then approves and p.proposed_by <> me
            when 'release_repayment' then releases and me not in (p.proposed_by, p.approved_by)
            else v.waits_for = 'handler' and handles and coalesce(api.owner_of(l.handled_by, at), me) = me end
    order by v.due_at, v.id limit 100;
end $$;
comment on function api.disputes_waiting() is 'Cases whose next step this person could do now, what is due first on top.';

create function api.repayments_in_flight() returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce(sum(r.amount), 0) from book.repayments r where r.status = 'released'
$$;
comment on function api.repayments_in_flight() is 'Released to the provider and not confirmed yet: part of what the account "refunds payable" must show.';
