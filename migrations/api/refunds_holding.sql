-- refunds, holding: whom a case waits for, who holds it, since when, and how long it was at each step.

create function api.refund_step_duties(step text) returns text[] language sql immutable security definer set search_path = '' as $$
    select case step when 'reviewer' then array['reviewer'] when 'approver' then array['approver'] when 'second_approver' then array['treasurer'] when 'treasurer' then array['treasurer']
                     when 'legal' then array['legal'] when 'customer' then array['agent']
                     when 'transfer_plan' then array['agent', 'accountant'] when 'transfer_approver' then array['approver'] when 'transfer_treasurer' then array['treasurer'] when 'transfer' then array['accountant', 'treasurer'] else '{}' end
$$;
comment on function api.refund_step_duties(text) is 'The duties of whoever a case waits for (rules 6.1); with the customer, the agents look after it. None where it waits for a statement or a dispute.';

create function api.my_refund_steps() returns text[] language sql stable security definer set search_path = '' as $$
    select array(select s.step from unnest(array['reviewer', 'approver', 'second_approver', 'treasurer', 'legal', 'transfer_approver', 'transfer_treasurer', 'transfer']) s (step) where api.has_duty(variadic api.refund_step_duties(s.step)))
$$;
comment on function api.my_refund_steps() is 'The steps that this person''s duties would let them take.';

create function api.refund_step_people(refund book.refunds, step text) returns integer[] language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock(); duties text[] := api.refund_step_duties(step);
    earlier integer[] := array_remove(case when step in ('customer', 'transfer_plan') then '{}' when step in ('reviewer', 'transfer_approver') then array[refund.requested_by]
                                           when step = 'approver' then array[refund.requested_by, case when not api.may_join_review(refund) then refund.reviewed_by end]
                                           else array[refund.requested_by, refund.reviewed_by, refund.approved_by] end, null);
begin
    if step like 'transfer%' then
        earlier := earlier || array(select unnest(array_remove(array[t.planned_by, case when step = 'transfer_treasurer' then t.approved_by end], null)) from book.transfers t where t.refund_id = refund.id and t.declined_at is null);
    end if;
    return array(select distinct p.id from book.people p join book.duties d on d.person_id = p.id
                 where d.duty = any (duties) and d.from_at <= at and (d.until_at is null or d.until_at > at) and (p.active_until is null or p.active_until > at)
                   and p.id <> all (earlier)
                   and not exists (select from book.duties s where s.person_id = p.id and s.delegated_by = any (earlier) and s.confirmed_by is not null and s.from_at <= at and s.until_at > at));
end $$;
comment on function api.refund_step_people(book.refunds, text) is 'Who could take this step of this case: the duty today, and neither they nor anybody they stand in for did an earlier step.';

create function api.waits_for_me(refund book.refunds, step text, me integer, steps text[]) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
    if refund.holder_id is not null then return refund.holder_id = me; end if;
    return coalesce(step = any (steps), false) and me = any (api.refund_step_people(refund, step));
end $$;
comment on function api.waits_for_me(book.refunds, text, integer, text[]) is 'Mine is what I hold, and what nobody holds and I could do.';

create function api.handover_barrier(refund book.refunds, me integer) returns text language plpgsql stable security definer set search_path = '' as $$
declare step text := (select f.waits_for from api.refunds f where f.id = refund.id);
begin
    return case when step is null or cardinality(api.refund_step_duties(step)) = 0 then 'refund_waits_for_nobody'
        when refund.holder_id is distinct from me and not me = any (api.refund_step_people(refund, step)) and not api.has_duty('supervisor') then 'duty_missing' end;
end $$;
comment on function api.handover_barrier(book.refunds, integer) is 'A case is handed over by its holder, by anybody who could take its step, or by a supervisor.';

create function api.refund_stints(refund book.refunds) returns jsonb language sql stable security definer set search_path = '' as $$
    with moves as (
        select e.id, e.at, e.person_id,
               case e.command when 'refunds.request' then 'reviewer' when 'refunds.review' then 'approver' when 'refunds.recall_approval' then 'approver'
                              when 'refunds.approve' then case when refund.second_approved_at is not null or api.needs_second_approval(refund.id) then case when refund.legal_override then 'legal' else 'second_approver' end else 'treasurer' end
                              when 'refunds.approve_second' then 'treasurer' when 'refunds.release' then 'statement' when 'refunds.ask_proof' then 'customer' when 'refunds.add_proof' then 'back' else 'closed' end as step
        from book.audit_events e
        where e.subject_kind = 'refund' and e.subject_id = refund.id::text
          and e.command in ('refunds.request', 'refunds.review', 'refunds.approve', 'refunds.approve_second', 'refunds.recall_approval', 'refunds.release', 'refunds.ask_proof', 'refunds.add_proof', 'refunds.reject', 'refunds.withdraw')),
    stints as (
        select m.id, case when m.step = 'back' then (select b.step from moves b where b.id < m.id and b.step not in ('customer', 'back') order by b.id desc limit 1) else m.step end as step,
               m.at as from_at, coalesce(lead(m.at) over w, refund.closed_at) as until_at, coalesce(lead(m.person_id) over w, case when refund.status <> 'paid' then refund.closed_by end) as by_id
        from moves m window w as (order by m.id))
    select coalesce(jsonb_agg(jsonb_build_object('step', s.step, 'from_at', api.instant_text(s.from_at), 'until_at', api.instant_text(s.until_at),
               'minutes', round(extract(epoch from coalesce(s.until_at, api.clock()) - s.from_at) / 60)::integer, 'by', api.login_of(s.by_id)) order by s.id), '[]')
    from stints s where s.step <> 'closed'
$$;
comment on function api.refund_stints(book.refunds) is 'How long a case was at each step, from its audit: an approval taken back and a proof asked for make a step come twice.';

create function api.leg_transfer(leg book.refund_legs) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select jsonb_build_object('id', t.id, 'status', t.status, 'payee_name', t.payee_name, 'payee_bank', t.payee_bank, 'payee_account', t.payee_account, 'payee_is_payer', t.payee_is_payer, 'reason', t.reason,
                'planned_at', api.instant_text(t.planned_at), 'planned_by', t.planned_by, 'approved_by', t.approved_by, 'cleared_by', t.cleared_by, 'why', api.transfer_barrier(b, api.person()))
            from api.transfers t join book.transfers b on b.id = t.id where t.leg_id = leg.id and t.status <> 'declined');
end $$;
comment on function api.leg_transfer(book.refund_legs) is 'The bank transfer planned for a leg, with what keeps me from approving it; null where there is none.';

create function api.leg_state(leg book.refund_legs) returns text language plpgsql stable security definer set search_path = '' as $$
declare instruction record; state text;
begin
    if leg.status in ('confirmed', 'recalled') then return case when leg.route = 'none' then 'none' else leg.status end; end if;
    if leg.route = 'manual_transfer' or exists (select from book.transfers t where t.leg_id = leg.id and t.declined_at is null) then return 'transfer'; end if;
    select l.* into instruction from api.list_payout_legs() l where l.refund_no = leg.refund_no;
    return api.payout_state(instruction, api.clock());
end $$;
comment on function api.leg_state(book.refund_legs) is 'Where a leg is: paid, on its way through its provider and how far, refused, or leaving by bank (transfer). It is what may be told to the customer.';

create function api.transfer_step(refund uuid) returns text language plpgsql stable security definer set search_path = '' as $$
declare next record;
begin
    -- One waiting leg says what the case waits for; the first, because they were instructed in that order.
    select l.route, l.status, t.id as plan, t.cleared_at, t.approved_at, t.route_approved into next
    from book.refund_legs l left join book.transfers t on t.leg_id = l.id and t.declined_at is null
    where l.refund_id = refund and l.status in ('instructed', 'failed') and (l.route = 'manual_transfer' or l.status = 'failed' or t.id is not null) order by l.id limit 1;
    if not found then return null; end if;
    return case when next.plan is null then 'transfer_plan' when next.cleared_at is not null then 'transfer' when next.route_approved or next.approved_at is not null then 'transfer_treasurer' else 'transfer_approver' end;
end $$;
comment on function api.transfer_step(uuid) is 'What a released case waits for where money leaves by bank: the plan, an approval of it, or the payment; null where everything is the provider''s.';
