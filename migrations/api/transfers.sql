-- transfers: money that leaves by bank because the original way is closed (formats 1.5). Who gets it, on which account,
-- with which proofs and why is planned by one person and approved by two more, the treasurer last; only then may it leave.

create view api.transfers as
select t.id, t.leg_id, t.refund_id, t.customer_id, l.refund_no, l.amount_net as amount, api.mask_name(t.payee_name) as payee_name, t.payee_bank, api.mask_account(t.payee_account) as payee_account, t.payee_is_payer,
       t.account_proof, t.consent, t.reason, t.route_approved,
       case when t.declined_at is not null then 'declined' when l.bank_reference is not null then 'sent' when l.status = 'confirmed' then 'overtaken' when t.cleared_at is not null then 'cleared'
            when t.route_approved or t.approved_at is not null then 'waits_for_treasurer' else 'waits_for_approver' end as status,
       t.planned_at, api.login_of(t.planned_by) as planned_by, t.approved_at, api.login_of(t.approved_by) as approved_by, t.cleared_at, api.login_of(t.cleared_by) as cleared_by,
       t.declined_at, api.login_of(t.declined_by) as declined_by, t.declined_why
from book.transfers t join book.refund_legs l on l.id = t.leg_id;
do $$
declare c text;
begin
    foreach c in array array['consent', 'approved_at', 'approved_by', 'cleared_at', 'cleared_by', 'declined_at', 'declined_by', 'declined_why'] loop
        execute format('comment on column api.transfers.%I is %L', c, '? not yet, or not at all');
    end loop;
end $$;
comment on view api.transfers is 'Bank transfers that somebody planned for a leg, payee and account masked.';
comment on column api.transfers.status is '{{"waits_for_approver" | "waits_for_treasurer" | "cleared" | "sent" | "declined" | "overtaken"}} overtaken: the provider paid after all';
comment on column api.transfers.payee_name is 'masked';
comment on column api.transfers.payee_account is 'masked';

create function api.payee_key(name text) returns text language sql immutable security definer set search_path = '' as $$
    select lower(regexp_replace(normalize(coalesce(name, ''), NFKC), '[\s·.]', '', 'g'))
$$;
comment on function api.payee_key(text) is 'A name as two papers may write it: width, case and spaces do not make it another person''s.';

create function api.check_transfer_open(leg book.refund_legs, one book.refunds, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if leg.status not in ('instructed', 'failed') then perform api.broken('refund_leg_not_open'); end if;
    if api.is_locked(one.customer_id) then perform api.broken('account_locked', '{"clause": "RA 5.2, 5.3"}'); end if;
    if api.payouts_stopped(one.customer_id) is not null then perform api.broken('refund_stopped_by_dispute', '{"clause": "RA 5.2"}'); end if;
end $$;
comment on function api.check_transfer_open(book.refund_legs, book.refunds, timestamptz) is 'A transfer is planned and approved for a leg that nobody has paid, while no lock and no notice stops the account.';

create function api.plan_transfer(command_id uuid, leg_id bigint, payee_name text, payee_bank text, payee_account text, account_proof uuid, reason text, consent uuid default null) returns api.transfers
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'accountant'); at timestamptz; leg book.refund_legs; one book.refunds; payer text; holder text; state text; instruction record; answer api.transfers;
    body jsonb := jsonb_build_object('leg_id', leg_id, 'payee_name', payee_name, 'payee_bank', payee_bank, 'payee_account', payee_account, 'account_proof', account_proof, 'reason', reason, 'consent', consent);
begin
    leg := api.take_leg(leg_id);
    select f.* into one from book.refunds f where f.id = leg.refund_id;
    if not api.repeated(command_id, 'transfers.plan', body) then
        at := api.clock();
        perform api.check_transfer_open(leg, one, at);
        if api.leaves_by_transfer(leg.id) then perform api.broken('transfer_already_planned'); end if;
        if leg.route = 'original' then
            select l.* into instruction from api.list_payout_legs() l where l.refund_no = leg.refund_no;
            state := api.payout_state(instruction, at);
            if state not in ('failed', 'window_closed') then perform api.broken('transfer_not_needed', jsonb_build_object('state', state)); end if;
        end if;
        if api.tidy(reason) is null then perform api.broken('transfer_without_reason'); end if;
        if api.tidy(payee_name) is null then perform api.broken('transfer_without_payee'); end if;
        if api.tidy(payee_bank) is null then perform api.broken('transfer_without_bank'); end if;
        if api.tidy(payee_account) is null then perform api.broken('transfer_without_account'); end if;
        select r.payer_name, c.name into payer, holder from book.recharges r join book.customers c on c.id = r.customer_id where r.id = leg.recharge_id;
        if api.payee_key(payee_name) not in (api.payee_key(payer), api.payee_key(holder)) then perform api.broken('transfer_to_another_person', '{"clause": "RA 9.1"}'); end if;
        if not exists (select from book.attachments a where a.id = account_proof and a.subject_kind = 'refund' and a.subject_id = one.id::text and a.complete) then perform api.broken('transfer_without_account_proof'); end if;
        if api.payee_key(payee_name) <> api.payee_key(payer)
           and not exists (select from book.attachments a where a.id = consent and a.id <> account_proof and a.subject_kind = 'refund' and a.subject_id = one.id::text and a.complete) then perform api.broken('transfer_payee_without_consent'); end if;
        insert into book.transfers (id, leg_id, refund_id, customer_id, payee_name, payee_bank, payee_account, payee_is_payer, account_proof, consent, reason, route_approved, planned_at, planned_by)
        values (command_id, leg.id, one.id, one.customer_id, api.tidy(plan_transfer.payee_name), api.tidy(plan_transfer.payee_bank), api.tidy(plan_transfer.payee_account), api.payee_key(plan_transfer.payee_name) = api.payee_key(payer),
                plan_transfer.account_proof, plan_transfer.consent, api.tidy(plan_transfer.reason), leg.route = 'manual_transfer', at, actor);
        perform api.record_event(command_id, 'transfers.plan', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('refund_no', leg.refund_no, 'net', leg.amount_net::text, 'reason', api.tidy(reason)));
    end if;
    select t.* into answer from api.transfers t where t.id = command_id;
    return answer;
end $$;
comment on function api.plan_transfer(uuid, bigint, text, text, text, uuid, text, uuid) is
    'transfers.plan: Plans a bank transfer for a leg that the provider refused or whose window has closed: to the original payer, or to the account holder with that payer''s written consent, with proof of the account, and why the original way is impossible (formats 1.5). To nobody else.';
grant execute on function api.plan_transfer(uuid, bigint, text, text, text, uuid, text, uuid) to kontor_people;

create function api.take_leg(wanted bigint) returns book.refund_legs language plpgsql volatile security definer set search_path = '' as $$
declare number text;
begin
    select l.refund_no into number from book.refund_legs l where l.id = wanted;
    if not found then perform api.broken('refund_leg_unknown'); end if;
    return api.take_refund_leg(number);
end $$;
comment on function api.take_leg(bigint) is 'Locks customer, case and leg by the leg''s id.';

create function api.transfer_barrier(plan book.transfers, me integer) returns text language plpgsql stable security definer set search_path = '' as $$
declare one book.refunds; bound integer[] := api.stands_for(me); last boolean := plan.route_approved or plan.approved_at is not null;
begin
    select f.* into one from book.refunds f where f.id = plan.refund_id;
    return case when plan.declined_at is not null then 'transfer_already_declined' when plan.cleared_at is not null then 'transfer_already_cleared'
        when not api.has_duty(case when last then 'treasurer' else 'approver' end) then 'duty_missing'
        when me = plan.planned_by then 'transfer_approved_by_planner'
        when not last and me = one.requested_by then 'approver_is_requester'
        when last and me in (plan.approved_by, one.requested_by, one.reviewed_by, one.approved_by) then 'transfer_cleared_by_involved'
        when array[plan.planned_by, plan.approved_by, one.requested_by] && bound or last and array[one.reviewed_by, one.approved_by] && bound then 'decided_by_deputy'
        when exists (select from book.attachments a where a.id in (plan.account_proof, plan.consent) and a.recorded_by <> me
                     and not exists (select from book.attachment_views v where v.attachment_id = a.id and v.person_id = me)) then 'refund_proofs_not_opened' end;
end $$;
comment on function api.transfer_barrier(book.transfers, integer) is 'Why this person may not give the approval that a transfer waits for: an approver''s first, unless the application was approved for this route, then the treasurer''s. Nobody says yes twice.';

create function api.lock_transfer(wanted uuid) returns book.transfers language plpgsql volatile security definer set search_path = '' as $$
declare plan book.transfers;
begin
    select t.* into plan from book.transfers t where t.id = wanted;
    if not found then perform api.broken('transfer_unknown'); end if;
    perform api.take_leg(plan.leg_id);
    select t.* into plan from book.transfers t where t.id = wanted for update;
    return plan;
end $$;
comment on function api.lock_transfer(uuid) is 'Locks customer, case, leg and transfer, and reads the transfer afresh.';

create function api.approve_transfer(command_id uuid, transfer_id uuid) returns api.transfers language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'treasurer'); at timestamptz; plan book.transfers := api.lock_transfer(transfer_id); one book.refunds; leg book.refund_legs; why text; answer api.transfers; body jsonb := jsonb_build_object('transfer_id', transfer_id);
begin
    if not api.repeated(command_id, 'transfers.approve', body) then
        at := api.clock();
        select l.* into leg from book.refund_legs l where l.id = plan.leg_id;
        select f.* into one from book.refunds f where f.id = plan.refund_id;
        why := api.transfer_barrier(plan, actor);
        if why = 'duty_missing' then perform api.not_allowed(); end if;
        if why is not null then perform api.broken(why); end if;
        perform api.check_transfer_open(leg, one, at);
        if plan.route_approved or plan.approved_at is not null then
            update book.transfers t set cleared_at = at, cleared_by = actor where t.id = plan.id;
        else
            update book.transfers t set approved_at = at, approved_by = actor where t.id = plan.id;
        end if;
        perform api.record_event(command_id, 'transfers.approve', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('refund_no', leg.refund_no, 'net', leg.amount_net::text));
    end if;
    select t.* into answer from api.transfers t where t.id = transfer_id;
    return answer;
end $$;
comment on function api.approve_transfer(uuid, uuid) is 'transfers.approve: The approval that a transfer waits for: an approver''s, then the treasurer''s, who did nothing on the case before. It stands for exactly this payee and account; another account is another plan.';
grant execute on function api.approve_transfer(uuid, uuid) to kontor_people;

create function api.decline_transfer(command_id uuid, transfer_id uuid, reason text) returns api.transfers language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'accountant', 'approver', 'treasurer'); at timestamptz; plan book.transfers := api.lock_transfer(transfer_id); answer api.transfers; body jsonb := jsonb_build_object('transfer_id', transfer_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'transfers.decline', body) then
        at := api.clock();
        if plan.declined_at is not null then perform api.broken('transfer_already_declined'); end if;
        if exists (select from book.refund_legs l where l.id = plan.leg_id and l.status not in ('instructed', 'failed')) then perform api.broken('refund_leg_not_open'); end if;
        if plan.planned_by <> actor and not api.has_duty('approver', 'treasurer') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.transfers t set declined_at = at, declined_by = actor, declined_why = api.tidy(decline_transfer.reason) where t.id = plan.id;
        perform api.record_event(command_id, 'transfers.decline', actor, at, 'refund', plan.refund_id::text, plan.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    select t.* into answer from api.transfers t where t.id = transfer_id;
    return answer;
end $$;
comment on function api.decline_transfer(uuid, uuid, text) is 'transfers.decline: An approver or treasurer declines a transfer, or its planner takes it back; the leg may then leave by its provider again or be planned anew.';
grant execute on function api.decline_transfer(uuid, uuid, text) to kontor_people;

create type api.transfer_payee as (payee_name text, payee_bank text, payee_account text, until timestamptz);
comment on type api.transfer_payee is 'Where a transfer goes, without masks, and until when the window may show it.';

create function api.reveal_payee(command_id uuid, transfer_id uuid, reason text) returns api.transfer_payee language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'treasurer', 'accountant'); at timestamptz := api.clock(); plan book.transfers; body jsonb := jsonb_build_object('transfer_id', transfer_id, 'reason', reason);
begin
    select t.* into plan from book.transfers t where t.id = transfer_id;
    if not found then perform api.broken('transfer_unknown'); end if;
    if api.tidy(reason) is null then perform api.broken('reveal_without_reason'); end if;
    if not api.repeated(command_id, 'transfers.reveal', body) then
        perform api.record_event(command_id, 'transfers.reveal', actor, at, 'refund', plan.refund_id::text, plan.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    else
        select e.at into at from book.audit_events e where e.command_id = reveal_payee.command_id;
        if api.clock() >= at + interval '5 minutes' then perform api.broken('reveal_is_over'); end if;
    end if;
    return row(plan.payee_name, plan.payee_bank, plan.payee_account, at + interval '5 minutes')::api.transfer_payee;
end $$;
comment on function api.reveal_payee(uuid, uuid, text) is 'transfers.reveal: Shows payee and account of a transfer for five minutes, with a reason, on the record: to those who compare it with its proof or pay it.';
grant execute on function api.reveal_payee(uuid, uuid, text) to kontor_people;

create function api.confirm_transfer(command_id uuid, leg_id bigint, bank_reference text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; leg book.refund_legs := api.take_leg(leg_id); one book.refunds; plan book.transfers; answer api.refunds; body jsonb := jsonb_build_object('leg_id', leg_id, 'bank_reference', bank_reference);
begin
    select f.* into one from book.refunds f where f.id = leg.refund_id;
    if not api.repeated(command_id, 'refunds.confirm_transfer', body) then
        at := api.clock();
        if leg.status = 'confirmed' then perform api.broken('refund_leg_already_confirmed'); end if;
        if leg.status = 'recalled' then perform api.broken('refund_leg_not_open'); end if;
        select t.* into plan from book.transfers t where t.leg_id = leg.id and t.declined_at is null;
        if plan.cleared_at is null then perform api.broken('transfer_not_cleared'); end if;
        if api.tidy(bank_reference) is null then perform api.broken('bank_reference_missing'); end if;
        if actor in (one.requested_by, one.reviewed_by, one.approved_by, plan.planned_by) then perform api.broken('releaser_is_involved'); end if;
        if array[one.requested_by, one.reviewed_by, one.approved_by, plan.planned_by] && api.stands_for(actor) then perform api.broken('decided_by_deputy'); end if;
        update book.refund_legs l set route = 'manual_transfer' where l.id = leg.id;
        perform api.settle_leg(leg.id, at, at, actor, 'refund', one.id::text, 'bank', api.tidy(bank_reference));
        perform api.record_event(command_id, 'refunds.confirm_transfer', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('net', leg.amount_net::text, 'refund_no', leg.refund_no));
    end if;
    select f.* into answer from api.refunds f where f.id = one.id;
    return answer;
end $$;
comment on function api.confirm_transfer(uuid, bigint, text) is 'refunds.confirm_transfer: A transfer that was approved twice has left the bank under this reference (formats 1.5).';
grant execute on function api.confirm_transfer(uuid, bigint, text) to kontor_people;
