-- disputes, first half: the notice, the lock, its service, the evidence window, and how a case ends without money.

create function api.check_dispute_papers(dispute_id uuid, attachment_ids uuid[]) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
    if exists (select 1 from unnest(attachment_ids) i (id)
               where not exists (select 1 from book.attachments a where a.id = i.id and a.complete and a.subject_kind = 'dispute' and a.subject_id = dispute_id::text)) then
        perform api.broken('attachment_not_of_this_case');
    end if;
end $$;
comment on function api.check_dispute_papers(uuid, uuid[]) is 'Every paper that an action names has arrived whole and was filed with this case.';

create function api.check_not_in_future(instant timestamptz, at timestamptz) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
    if instant is null then perform api.broken('argument_missing'); end if;
    if instant > at then perform api.broken('instant_in_the_future', jsonb_build_object('now', api.instant_text(at))); end if;
end $$;
comment on function api.check_not_in_future(timestamptz, timestamptz) is 'What is said to have happened has happened.';

create function api.check_reason(reason text) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
    if btrim(coalesce(reason, '')) = '' then perform api.broken('reason_missing'); end if;
end $$;
comment on function api.check_reason(text) is 'A decision states its reason.';

-- ── Notice and lock ────────────────────────────────────────────────────────────────────────────────────────────

create function api.record_notice(command_id uuid, order_no text, ticket_no text, demand text, received_at timestamptz,
    notice_way text default 'ticket', kind text default 'third_party', amount_disputed api.cents default null, informant_name text default null, informant_contact text default null)
returns api.dispute_pages language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor(variadic api.dispute_duties('record_notice')); at timestamptz; lot book.recharges;
    body jsonb := jsonb_build_object('order_no', order_no, 'ticket_no', ticket_no, 'demand', demand, 'notice_way', notice_way, 'received_at', received_at,
        'kind', kind, 'amount_disputed', amount_disputed, 'informant_name', informant_name, 'informant_contact', informant_contact);
begin
    select r.* into lot from book.recharges r where r.order_no = btrim(record_notice.order_no);
    if not found then perform api.broken('recharge_unknown', jsonb_build_object('order_no', left(order_no, 80))); end if;
    perform api.lock_customer(lot.customer_id);
    if api.repeated(command_id, 'disputes.record_notice', body) then return api.find_dispute_page(command_id); end if;
    at := api.clock();
    perform api.check_not_in_future(received_at, at);
    if received_at < lot.paid_at then perform api.broken('dispute_received_before_recharge', jsonb_build_object('paid_at', api.instant_text(lot.paid_at))); end if;
    if btrim(coalesce(ticket_no, '')) = '' then perform api.broken('dispute_without_ticket'); end if;
    if btrim(coalesce(demand, '')) = '' then perform api.broken('dispute_without_demand', '{"clause": "RA 5.2"}'); end if;
    if coalesce(amount_disputed, lot.principal) <= 0 then perform api.broken('disputed_amount_not_positive'); end if;
    if coalesce(amount_disputed, lot.principal) > lot.principal then
        perform api.broken('disputed_amount_exceeds_recharge', jsonb_build_object('paid', lot.principal::text, 'clause', 'RA 6.1'));
    end if;
    if exists (select 1 from book.disputes d where d.recharge_id = lot.id and d.closed_at is null) then perform api.broken('dispute_already_open'); end if;
    insert into book.disputes (id, number, customer_id, recharge_id, kind, status, ticket_no, demand, notice_way, informant_name, informant_contact, amount_disputed,
                               received_at, noticed_at, noticed_by, handled_by, due_at)
    values (command_id, api.next_number('D', at), lot.customer_id, lot.id, coalesce(kind, 'third_party'), 'noticed', btrim(ticket_no), demand, coalesce(notice_way, 'ticket'), informant_name, informant_contact,
            coalesce(amount_disputed, lot.principal), received_at, at, actor, case when api.has_duty('handler') then actor else api.next_handler(at) end, at);
    -- Payouts stop with the notice, before anyone confirms a lock; an open application waits with its hold in place (1.4, 2).
    if coalesce(kind, 'third_party') = 'third_party' then
        update book.refunds f set suspended_by_dispute = command_id
        where f.customer_id = lot.customer_id and f.status in ('requested', 'reviewed', 'approved', 'released') and f.suspended_by_dispute is null;
    end if;
    perform api.record_event(command_id, 'disputes.record_notice', actor, at, 'dispute', command_id::text, lot.customer_id, body,
        jsonb_build_object('kind', coalesce(kind, 'third_party'), 'amount', coalesce(amount_disputed, lot.principal)::text, 'received_at', api.instant_text(received_at)));
    return api.find_dispute_page(command_id);
end $$;
comment on function api.record_notice(uuid, text, text, text, timestamptz, text, text, api.cents, text, text) is
    'disputes.record_notice: A third party does not agree to a recharge and demands it back (RA 5.2), or a dispute with the payment company (RA 4.2). Payouts and new applications of the customer stop at once; gift and services stay until a person confirms the lock.';
grant execute on function api.record_notice(uuid, text, text, text, timestamptz, text, text, api.cents, text, text) to kontor_people;

create function api.confirm_lock(command_id uuid, dispute_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('confirm_lock')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; deadline bigint;
    body jsonb := jsonb_build_object('dispute_id', dispute_id);
begin
    if api.repeated(command_id, 'disputes.confirm_lock', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'confirm_lock', actor, at);
    perform api.place_lock(command_id, d.customer_id, 'dispute', d.id, d.number, actor, at);
    deadline := api.start_deadline('dispute', d.id, 'evidence', at, coalesce((api.policy('evidence_days', at) #>> '{}')::integer, 30), 'Asia/Shanghai', true, at);
    update book.disputes x set status = 'locked', locked_at = at, locked_by = actor, handled_by = coalesce(x.handled_by, case when api.has_duty('handler') then actor end) where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.confirm_lock', actor, at, 'dispute', d.id::text, d.customer_id, body,
        (select jsonb_build_object('locked_at', api.instant_text(at), 'due_on', x.due_on, 'calendar', x.calendar_version) from book.deadlines x where x.id = deadline));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.confirm_lock(uuid, uuid) is 'disputes.confirm_lock: A person decides to lock the account (RA 5.2 "has the right"). The platform is asked to suspend services and API keys; the 30 days for evidence begin with this instant (A5).';
grant execute on function api.confirm_lock(uuid, uuid) to kontor_people;

create function api.record_service(command_id uuid, dispute_id uuid, about text, way text, served_at timestamptz, proof text, addressee text default 'holder', attachment_id uuid default null)
returns api.dispute_pages language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('record_service')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'about', about, 'way', way, 'served_at', served_at, 'proof', proof, 'addressee', addressee, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'disputes.record_service', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'record_service', actor, at);
    perform api.check_not_in_future(served_at, at);
    if about = 'shortfall' then perform api.broken('shortfall_notice_starts_a_clock'); end if;
    if btrim(coalesce(proof, '')) = '' then perform api.broken('service_without_proof', '{"clause": "RA 5.2"}'); end if;
    -- People write minutes, the lock has its second.
    if about = 'lock' and served_at < date_trunc('minute', d.locked_at) then perform api.broken('notice_served_before_lock', jsonb_build_object('locked_at', api.instant_text(d.locked_at))); end if;
    perform api.check_dispute_papers(d.id, array_remove(array[attachment_id], null));
    insert into book.services_of_notice (id, dispute_id, about, addressee, way, served_at, proof, attachment_id, recorded_at, recorded_by)
    values (command_id, d.id, about, coalesce(addressee, 'holder'), way, served_at, proof, attachment_id, at, actor);
    perform api.record_event(command_id, 'disputes.record_service', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('about', about, 'way', way, 'served_at', api.instant_text(served_at)));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.record_service(uuid, uuid, text, text, timestamptz, text, text, uuid) is
    'disputes.record_service: A notice reached someone, with proof: about lock, evidence_request, reminder, unlock or other. Without proof that the lock notice was served nothing is repaid (A5).';
grant execute on function api.record_service(uuid, uuid, text, text, timestamptz, text, text, uuid) to kontor_people;

-- ── Evidence ───────────────────────────────────────────────────────────────────────────────────────────────────

create function api.record_evidence(command_id uuid, dispute_id uuid, summary text, way text, received_at timestamptz, attachment_ids uuid[], receipt_proof text default null)
returns api.dispute_pages language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('record_evidence')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; expires timestamptz; in_time boolean;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'summary', summary, 'way', way, 'received_at', received_at, 'attachment_ids', to_jsonb(attachment_ids), 'receipt_proof', receipt_proof);
begin
    if api.repeated(command_id, 'disputes.record_evidence', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'record_evidence', actor, at);
    perform api.check_not_in_future(received_at, at);
    if received_at < d.received_at then perform api.broken('evidence_received_before_notice'); end if;
    if coalesce(cardinality(attachment_ids), 0) = 0 then perform api.broken('evidence_without_papers', '{"clause": "RA 5.2"}'); end if;
    perform api.check_dispute_papers(d.id, attachment_ids);
    select x.expires_at into expires from book.deadlines x where x.subject_id = d.id and x.kind = 'evidence';
    in_time := received_at < expires;
    -- Recorded after the last instant but received before it: in time, if someone shows when it came in (1.4, 25).
    if in_time and at >= expires and btrim(coalesce(receipt_proof, '')) = '' then
        perform api.broken('late_recording_without_proof', jsonb_build_object('expired_at', api.instant_text(expires), 'clause', 'RA 5.2'));
    end if;
    insert into book.evidence (id, dispute_id, summary, way, received_at, recorded_at, recorded_by, in_time, receipt_proof)
    values (command_id, d.id, summary, way, received_at, at, actor, in_time, receipt_proof);
    insert into book.evidence_attachments (evidence_id, attachment_id) select distinct command_id, a.id from unnest(attachment_ids) a (id);
    -- Whoever said that every inbox was checked was wrong: it has to be said again.
    if in_time and d.inboxes_checked_at is not null and d.decided_at is null then
        update book.disputes x set inboxes_checked_at = null, inboxes_checked_by = null, inboxes_checked_until = null where x.id = d.id;
    end if;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.record_evidence', actor, at, 'dispute', d.id::text, d.customer_id, body,
        jsonb_build_object('in_time', in_time, 'received_at', api.instant_text(received_at), 'expires_at', api.instant_text(expires), 'papers', cardinality(attachment_ids)));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.record_evidence(uuid, uuid, text, text, timestamptz, uuid[], text) is
    'disputes.record_evidence: What the account holder filed, with its papers. In time if it was received before the last instant, whenever it is recorded (RA-09; A6).';
grant execute on function api.record_evidence(uuid, uuid, text, text, timestamptz, uuid[], text) to kontor_people;

create function api.take_evidence(d book.disputes, evidence_id uuid) returns book.evidence
language plpgsql volatile security definer set search_path = '' as $$
declare e book.evidence;
begin
    select x.* into e from book.evidence x where x.id = evidence_id and x.dispute_id = d.id for update;
    if not found then perform api.broken('evidence_unknown'); end if;
    if e.verdict in ('accepted', 'rejected') then perform api.broken('evidence_already_judged'); end if;
    return e;
end $$;
comment on function api.take_evidence(book.disputes, uuid) is 'One filing of this case that is not judged yet.';

create function api.reject_evidence(command_id uuid, dispute_id uuid, evidence_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('reject_evidence')); d book.disputes := api.take_dispute(dispute_id); e book.evidence; at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'evidence_id', evidence_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.reject_evidence', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    if d.closed_at is not null then perform api.broken('dispute_not_open'); end if;
    e := api.take_evidence(d, evidence_id);
    perform api.check_reason(reason);
    update book.evidence x set verdict = 'rejected', decided_at = at, decided_by = actor, decided_reason = reason where x.id = e.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.reject_evidence', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('evidence', e.id, 'reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.reject_evidence(uuid, uuid, uuid, text) is 'disputes.reject_evidence: One filing is not sufficient. The window stays open to its last instant: the holder may file more (rules, additions).';
grant execute on function api.reject_evidence(uuid, uuid, uuid, text) to kontor_people;

create function api.propose_acceptance(command_id uuid, dispute_id uuid, evidence_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('propose_acceptance')); d book.disputes := api.take_dispute(dispute_id); e book.evidence; at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'evidence_id', evidence_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.propose_acceptance', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    if d.closed_at is not null then perform api.broken('dispute_not_open'); end if;
    e := api.take_evidence(d, evidence_id);
    if not e.in_time then perform api.broken('evidence_out_of_time', jsonb_build_object('clause', 'RA 5.2', 'received_at', api.instant_text(e.received_at))); end if;
    perform api.check_dispute_action(d, 'propose_acceptance', actor, at);
    perform api.check_reason(reason);
    update book.evidence x set verdict = 'proposed', proposed_at = at, proposed_by = actor, proposed_reason = reason where x.id = e.id;
    perform api.record_event(command_id, 'disputes.propose_acceptance', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('evidence', e.id, 'reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.propose_acceptance(uuid, uuid, uuid, text) is 'disputes.propose_acceptance: A reviewer finds that the third party had agreed before the recharge (RA-10); an approver must see it too.';
grant execute on function api.propose_acceptance(uuid, uuid, uuid, text) to kontor_people;

create function api.confirm_acceptance(command_id uuid, dispute_id uuid, reason text default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('confirm_acceptance')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.confirm_acceptance', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'confirm_acceptance', actor, at);
    update book.evidence x set verdict = 'accepted', decided_at = at, decided_by = actor, decided_reason = reason where x.dispute_id = d.id and x.verdict = 'proposed';
    perform api.close_dispute(d, 'accepted', 'evidence_accepted', actor, at);
    perform api.record_event(command_id, 'disputes.confirm_acceptance', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('outcome', 'unlocked'));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.confirm_acceptance(uuid, uuid, text) is 'disputes.confirm_acceptance: An approver, not the reviewer who proposed it, accepts the evidence: this case''s lock falls, nothing is repaid (RA-10).';
grant execute on function api.confirm_acceptance(uuid, uuid, text) to kontor_people;

create function api.concede_dispute(command_id uuid, dispute_id uuid, received_at timestamptz, attachment_id uuid, note text default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('concede')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'received_at', received_at, 'attachment_id', attachment_id, 'note', note);
begin
    if api.repeated(command_id, 'disputes.concede', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'concede', actor, at);
    perform api.check_not_in_future(received_at, at);
    if received_at < date_trunc('minute', d.locked_at) then perform api.broken('concession_before_lock'); end if;
    perform api.check_dispute_papers(d.id, array[attachment_id]);
    update book.disputes x set conceded_at = concede_dispute.received_at, conceded_recorded_by = actor where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.concede', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('received_at', api.instant_text(received_at), 'attachment', attachment_id));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.concede_dispute(uuid, uuid, timestamptz, uuid, text) is 'disputes.concede: The account holder concedes in writing: the window need not be waited out (RA-10).';
grant execute on function api.concede_dispute(uuid, uuid, timestamptz, uuid, text) to kontor_people;

create function api.state_inboxes_checked(command_id uuid, dispute_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('state_inboxes_checked')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; expires timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id);
begin
    if api.repeated(command_id, 'disputes.state_inboxes_checked', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'state_inboxes_checked', actor, at);
    select x.expires_at into expires from book.deadlines x where x.subject_id = d.id and x.kind = 'evidence';
    update book.disputes x set inboxes_checked_until = expires, inboxes_checked_at = at, inboxes_checked_by = actor where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.state_inboxes_checked', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('until', api.instant_text(expires)));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.state_inboxes_checked(uuid, uuid) is 'disputes.state_inboxes_checked: A handler states that tickets, mail and post were checked up to the last instant; only then may a repayment be proposed (1.4, 25).';
grant execute on function api.state_inboxes_checked(uuid, uuid) to kontor_people;

-- ── Other ways a case ends or goes on ──────────────────────────────────────────────────────────────────────────

create function api.end_notice(command_id uuid, dispute_id uuid, step text, new_status text, reason text, actor integer) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare d book.disputes := api.take_dispute(dispute_id); at timestamptz; body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.' || step, body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, step, actor, at);
    perform api.check_reason(reason);
    perform api.close_dispute(d, new_status, reason, actor, at);
    perform api.record_event(command_id, 'disputes.' || step, actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.end_notice(uuid, uuid, text, text, text, integer) is 'What withdrawing and declining a notice share: the case closes and its lock falls.';

create function api.withdraw_notice(command_id uuid, dispute_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
begin
    return api.end_notice(command_id, dispute_id, 'withdraw_notice', 'withdrawn', reason, api.actor(variadic api.dispute_duties('withdraw_notice')));
end $$;
comment on function api.withdraw_notice(uuid, uuid, text) is 'disputes.withdraw_notice: The third party takes the notice back: the case closes, its lock falls (1.4).';
grant execute on function api.withdraw_notice(uuid, uuid, text) to kontor_people;

create function api.decline_notice(command_id uuid, dispute_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
begin
    return api.end_notice(command_id, dispute_id, 'decline_notice', 'declined', reason, api.actor(variadic api.dispute_duties('decline_notice')));
end $$;
comment on function api.decline_notice(uuid, uuid, text) is 'disputes.decline_notice: We do not follow the notice: the payer is the holder, it is moot, or it is a matter between payer and payment company (RA 4.2; 1.4).';
grant execute on function api.decline_notice(uuid, uuid, text) to kontor_people;

create function api.extend_deadline(command_id uuid, dispute_id uuid, days integer, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('extend')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; running bigint;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'days', days, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.extend', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'extend', actor, at);
    perform api.check_reason(reason);
    if days is null or days not between 1 and 90 then perform api.broken('extension_out_of_range', '{"least": 1, "most": 90}'); end if;
    select x.id into running from book.deadlines x where x.subject_id = d.id and x.stopped_at is null order by x.id desc limit 1;
    perform api.recompute_deadline(running, days, 'extended', reason, actor, at);
    update book.disputes x set inboxes_checked_at = null, inboxes_checked_by = null, inboxes_checked_until = null where x.id = d.id and x.decided_at is null;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.extend', actor, at, 'dispute', d.id::text, d.customer_id, body,
        (select jsonb_build_object('days', extend_deadline.days, 'reason', reason, 'kind', x.kind, 'due_on', x.due_on) from book.deadlines x where x.id = running));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.extend_deadline(uuid, uuid, integer, text) is 'disputes.extend: A supervisor, not the case''s handler, gives the running clock more days, with a reason; the date is counted anew (A5).';
grant execute on function api.extend_deadline(uuid, uuid, integer, text) to kontor_people;

create function api.record_negotiation(command_id uuid, dispute_id uuid, happened_at timestamptz, body_text text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('record_negotiation')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'happened_at', happened_at, 'body_text', body_text);
begin
    if api.repeated(command_id, 'disputes.record_negotiation', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'record_negotiation', actor, at);
    perform api.check_not_in_future(happened_at, at);
    if btrim(coalesce(body_text, '')) = '' then perform api.broken('negotiation_is_empty'); end if;
    insert into book.negotiations (id, dispute_id, happened_at, body, recorded_at, recorded_by) values (command_id, d.id, happened_at, body_text, at, actor);
    perform api.record_event(command_id, 'disputes.record_negotiation', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('happened_at', api.instant_text(happened_at)));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.record_negotiation(uuid, uuid, timestamptz, text) is 'disputes.record_negotiation: An attempt to settle; one comes before the court (RA 10.1).';
grant execute on function api.record_negotiation(uuid, uuid, timestamptz, text) to kontor_people;

create function api.escalate_dispute(command_id uuid, dispute_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('escalate')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.escalate', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'escalate', actor, at);
    perform api.check_reason(reason);
    update book.disputes x set escalated_at = at, escalated_by = actor where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.escalate', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.escalate_dispute(uuid, uuid, text) is 'disputes.escalate: The case goes to the court named in RA 10.1, after a recorded negotiation.';
grant execute on function api.escalate_dispute(uuid, uuid, text) to kontor_people;
