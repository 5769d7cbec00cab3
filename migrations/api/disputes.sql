-- disputes: a third party says that it never agreed to a recharge (RA 5.2). What a case is, what it may do next, and what its page shows.
-- The actions are in disputes_evidence.sql and disputes_money.sql. Every action asks api.dispute_barrier, which the page's buttons ask too.

-- ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────

create type api.dispute_amounts as (refunded numeric, legs_in_flight numeric, repayments_in_flight numeric, outstanding numeric, needed numeric);

create function api.count_dispute_amounts(d book.disputes) returns api.dispute_amounts
language sql stable security definer set search_path = '' as $$
    select l.refunded, l.in_flight, p.in_flight, o.outstanding, greatest(0, o.outstanding - l.in_flight - p.in_flight)
    from (select coalesce(sum(g.amount_net) filter (where g.status = 'confirmed'), 0) as refunded,
                 coalesce(sum(g.amount_net) filter (where g.status = 'instructed'), 0) as in_flight
          from book.refund_legs g where g.recharge_id = d.recharge_id and g.route = 'original') l,
         (select coalesce(sum(r.amount), 0) as in_flight from book.repayments r where r.dispute_id = d.id and r.status in ('proposed', 'approved', 'released')) p,
         lateral (select greatest(0, d.amount_disputed - d.amount_repaid - d.amount_waived - d.amount_paid_directly - l.refunded) as outstanding) o
$$;
comment on function api.count_dispute_amounts(book.disputes) is 'What is outstanding: the disputed amount less what reached that payer (9.1 refunds by his own route included), what he waived and what the holder paid him. needed also leaves out what is on its way.';

create function api.usable_lots(d book.disputes) returns table (place integer, recharge_id bigint, order_no text, paid_at timestamptz, usable numeric, own boolean, from_account text)
language sql stable security definer set search_path = '' as $$
    select (row_number() over (order by (l.id = d.recharge_id) desc, (l.earmarked_for is not null) desc, l.guarded > 0, l.paid_at, l.id))::integer,
           l.id, l.order_no, l.paid_at, l.amount_left - l.guarded, l.id = d.recharge_id, case when l.held_by_refund is null then 'wallet' else 'refund_hold' end
    from (select r.*, coalesce((select least(r.amount_left, sum((api.count_dispute_amounts(o)).needed)) from book.disputes o
                                where o.recharge_id = r.id and o.closed_at is null and o.kind = 'third_party' and o.id <> d.id), 0) as guarded
          from book.recharges r left join book.refunds f on f.id = r.held_by_refund
          where r.customer_id = d.customer_id and r.amount_left > 0 and (r.held_by_refund is null or f.status in ('requested', 'reviewed', 'approved'))
            and (r.earmarked_for = d.id or (r.earmarked_for is null and d.decided_at is null))) l
    where l.amount_left > l.guarded
$$;
comment on function api.usable_lots(book.disputes) is
    'Principal that may pay a case, in order: its own lot, lots earmarked for it, then first in first out (A7). Lots of other open cases pay theirs first (1.4, 8); after the decision only earmarked ones count (1.4, 10). The hold of a suspended application counts as balance.';

create type api.dispute_funds as (principal numeric, usable numeric, gift numeric, unbilled numeric, unbilled_from_gift numeric, unbilled_from_principal numeric,
    claimed_earlier numeric, available numeric, repayable numeric, expected_short numeric);

create function api.count_dispute_funds(d book.disputes, at timestamptz, held numeric default 0) returns api.dispute_funds
language plpgsql stable security definer set search_path = '' as $$
declare f api.dispute_funds; own numeric; pool numeric; earlier_pool numeric; needed numeric := (api.count_dispute_amounts(d)).needed + held;
begin
    select coalesce(sum(u.usable) filter (where u.own), 0) + held, coalesce(sum(u.usable) filter (where not u.own), 0) into own, pool from api.usable_lots(d) u;
    select coalesce(sum(g.amount_left), 0) into f.gift from book.gifts g where g.customer_id = d.customer_id and (g.expires_at is null or g.expires_at > at);
    f.usable := own + pool;
    if d.decided_at is not null then
        -- Only earmarked recharges are left to count, and they pay this case alone (1.4, 10).
        f.principal := f.usable; f.unbilled := 0; f.unbilled_from_gift := 0; f.unbilled_from_principal := 0; f.claimed_earlier := 0;
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
        f.available := greatest(0, least(own + greatest(0, pool - earlier_pool), f.principal - f.unbilled_from_principal - f.claimed_earlier));
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
    lock_served boolean, negotiated boolean, judicial_lock uuid);

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
    select k.case_id into s.judicial_lock from book.locks k where k.customer_id = d.customer_id and k.cause = 'judicial' and k.lifted_at is null limit 1;
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
        when rule = 'account_under_judicial_lock' then 'RA 5.3'
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
            when s.amounts.outstanding = 0 then 'dispute_is_moot' end
        when 'record_service' then case when d.locked_at is null then 'lock_not_confirmed' end
        when 'record_evidence' then case when d.locked_at is null then 'lock_not_confirmed' end
        when 'concede' then case when d.locked_at is null then 'lock_not_confirmed' when d.conceded_at is not null then 'dispute_already_conceded' when d.decided_at is not null then 'dispute_already_decided' end
        when 'reject_evidence' then case when s.evidence_open = 0 then 'evidence_none_open' end
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
            when s.amounts.needed = 0 then 'dispute_is_moot'
            when funds.repayable <= 0 then 'principal_not_available' end
        when 'approve_repayment' then case
            when s.repayment_status is distinct from 'proposed' then 'repayment_not_proposed'
            when s.proposed_by = actor then 'repayment_approved_by_proposer'
            when s.judicial_lock is not null then 'account_under_judicial_lock'
            when d.conceded_at is null and s.evidence_open > 0 then 'evidence_not_judged' end
        when 'reject_repayment' then case when coalesce(s.repayment_status, '') not in ('proposed', 'approved') then 'repayment_not_proposed' end
        when 'release_repayment' then case
            when s.repayment_status is distinct from 'approved' then 'repayment_not_approved'
            when actor in (s.proposed_by, s.approved_by) then 'repayment_released_by_involved'
            when s.judicial_lock is not null then 'account_under_judicial_lock'
            when d.conceded_at is null and s.evidence_open > 0 then 'evidence_not_judged' end
        when 'confirm_repayment' then case when s.repayment_status is distinct from 'released' then 'repayment_not_released' end
        when 'fail_repayment' then case when s.repayment_status is distinct from 'released' then 'repayment_not_released' end
        when 'notify_shortfall' then case
            when s.shortfall_expires_at is not null then 'shortfall_already_notified'
            when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress'
            when d.decided_at is null and funds.repayable > 0 and s.judicial_lock is null then 'repayment_not_proposed'
            when s.amounts.needed = 0 then 'shortfall_is_zero' end
        when 'earmark_recharge' then case when d.decided_at is null then 'dispute_not_decided' when s.amounts.needed = 0 then 'shortfall_is_zero' end
        when 'record_waiver' then case when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress' when s.amounts.needed = 0 then 'nothing_outstanding' end
        when 'record_direct_payment' then case when s.repayment_status in ('proposed', 'approved') then 'repayment_in_progress' when s.amounts.needed = 0 then 'nothing_outstanding' end
        end;
end $$;
comment on function api.money_barrier(book.disputes, api.dispute_state, text, integer, timestamptz) is 'Why an action on repayment or shortfall is not lawful now; null when it is. No repayment without proof that the lock notice was served (A5); nothing leaves under a judicial lock.';

create function api.dispute_barrier(d book.disputes, s api.dispute_state, action text, actor integer, at timestamptz, out why text, out from_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
    if d.closed_at is not null then
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
        'record_waiver', 'record_direct_payment', 'extend', 'record_negotiation', 'escalate', 'withdraw_notice', 'decline_notice'] loop
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
        'agreement_version', (select r.agreement_version from book.recharges r where r.id = d.recharge_id)));
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
    update book.locks k set lifted_at = at, lifted_by = actor where k.case_id = d.id and k.cause = 'dispute' and k.lifted_at is null;
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
    if s.amounts.outstanding = 0 and s.repayment_status is null and (d.status <> 'noticed' or d.amount_waived + d.amount_paid_directly > 0) then
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
