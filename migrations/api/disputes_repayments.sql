-- disputes, second half: repayment to the third party by three people, the shortfall and its own clock, and what else makes the case zero.

create function api.void_disputed_gift(d book.disputes, actor integer, at timestamptz) returns numeric
language plpgsql volatile security definer set search_path = '' as $$
declare voided numeric;
begin
    with taken as (
        select g.id, g.amount_left - g.amount_reserved as amount from book.gifts g join book.activities a on a.code = g.activity
        where g.recharge_id = d.recharge_id and a.on_recharge_refunded = 'void' and g.amount_left > g.amount_reserved for update of g
    ), gone as (
        update book.gifts g set amount_left = g.amount_left - t.amount from taken t where g.id = t.id returning t.amount
    ) select coalesce(sum(amount), 0) into voided from gone;
    perform api.post_journal('gift_void', d.customer_id, at, at, actor, 'dispute', d.id::text, array['wallet', 'gift_voided'], array['CNY.GIFT', 'CNY.GIFT'], array[voided, -voided], 'RA 6.2');
    return voided;
end $$;
comment on function api.void_disputed_gift(book.disputes, integer, timestamptz) is 'When its recharge goes back, a gift stays or becomes void as its activity says (A9).';

create function api.reserve_gift_for_unbilled(d book.disputes, at timestamptz, wanted numeric) returns void
language sql volatile security definer set search_path = '' as $$
    update book.gifts g set amount_reserved = greatest(g.amount_reserved, least(g.amount_left, greatest(0, wanted - s.before)))
    from (select x.id, sum(x.amount_left) over (order by x.expires_at nulls last, x.id) - x.amount_left as before
          from book.gifts x where x.customer_id = d.customer_id and x.amount_left > 0 and (x.expires_at is null or x.expires_at > at)) s
    where g.id = s.id
$$;
comment on function api.reserve_gift_for_unbilled(book.disputes, timestamptz, numeric) is 'The gift that usage from before the lock will need stays for it.';

create function api.move_repayment(d book.disputes, repayment book.repayments, direction integer, kind text, actor integer, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare from_wallet numeric; from_hold numeric;
begin
    -- A lot goes back where it belongs now: the application that held it may have ended meanwhile.
    select coalesce(sum(l.amount) filter (where r.held_by_refund is null), 0), coalesce(sum(l.amount) filter (where r.held_by_refund is not null), 0) into from_wallet, from_hold
    from book.repayment_lots l join book.recharges r on r.id = l.recharge_id where l.repayment_id = repayment.id;
    update book.recharges r set amount_left = r.amount_left - direction * l.amount from book.repayment_lots l where l.repayment_id = repayment.id and r.id = l.recharge_id;
    perform api.post_journal(kind, d.customer_id, at, at, actor, 'repayment', repayment.id::text,
        array['wallet', 'refund_hold', 'repayment_hold'], array['CNY', 'CNY', 'CNY'], array[direction * from_wallet, direction * from_hold, -direction * (from_wallet + from_hold)], 'RA 5.2');
    perform api.watch_ordered_amount(d.customer_id, at);
end $$;
comment on function api.move_repayment(book.disputes, book.repayments, integer, text, integer, timestamptz) is 'Takes a repayment''s lots out of wallet and refund hold into the repayment hold (1), or puts them back (-1): postings and lots in one step.';

-- ── Repayment ──────────────────────────────────────────────────────────────────────────────────────────────────

create function api.propose_repayment(command_id uuid, dispute_id uuid, expected_amount api.cents default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor(variadic api.dispute_duties('propose_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    funds api.dispute_funds; sheet jsonb; repayment book.repayments; lot record; rest numeric; body jsonb := jsonb_build_object('dispute_id', dispute_id, 'expected_amount', expected_amount);
begin
    if api.repeated(command_id, 'disputes.propose_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'propose_repayment', actor, at);
    perform 1 from book.recharges r where r.customer_id = d.customer_id and r.amount_left > 0 order by r.id for update;
    funds := api.count_dispute_funds(d, at);
    if expected_amount is not null and expected_amount <> funds.repayable then
        perform api.broken('repayment_figures_moved', jsonb_build_object('seen', expected_amount::text, 'now', funds.repayable::text));
    end if;
    sheet := to_jsonb(funds) || jsonb_build_object('outstanding', (api.count_dispute_amounts(d)).outstanding);
    insert into book.repayments (id, number, dispute_id, status, amount, worksheet, digest, proposed_at, proposed_by)
    values (command_id, api.next_number('P', at), d.id, 'proposed', funds.repayable, sheet, api.body_hash(sheet), at, actor) returning * into repayment;
    rest := funds.repayable;
    for lot in select u.* from api.usable_lots(d) u order by u.place loop
        exit when rest = 0;
        insert into book.repayment_lots (repayment_id, recharge_id, place, amount, from_account) values (command_id, lot.recharge_id, lot.place, least(rest, lot.usable), lot.from_account);
        rest := rest - least(rest, lot.usable);
    end loop;
    if rest <> 0 then perform api.broken('repayment_lots_do_not_add_up'); end if;
    perform api.reserve_gift_for_unbilled(d, at, funds.unbilled_from_gift);
    perform api.move_repayment(d, repayment, 1, 'repayment_hold', actor, at);
    update book.disputes x set handled_by = coalesce(x.handled_by, actor) where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.propose_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body,
        jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text, 'shortfall', funds.expected_short::text));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.propose_repayment(uuid, uuid, api.cents) is
    'disputes.propose_repayment: After the last instant (inboxes checked, evidence judged) or a written concession, and with proof that the lock notice was served: what is outstanding, up to the principal left after unbilled usage, is taken into the repayment hold at once. The disputed lot first; never the gift; no fee (RA-11, A7, A8).';
grant execute on function api.propose_repayment(uuid, uuid, api.cents) to kontor_people;

create function api.take_repayment(d book.disputes) returns book.repayments language sql volatile security definer set search_path = '' as $$
    select r.* from book.repayments r where r.dispute_id = d.id and r.status in ('proposed', 'approved', 'released') for update
$$;
comment on function api.take_repayment(book.disputes) is 'The repayment under way.';

create function api.approve_repayment(command_id uuid, dispute_id uuid, expected_amount api.cents default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor(variadic api.dispute_duties('approve_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz;
    repayment book.repayments; funds api.dispute_funds; rule text; body jsonb := jsonb_build_object('dispute_id', dispute_id, 'expected_amount', expected_amount);
begin
    if api.repeated(command_id, 'disputes.approve_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'approve_repayment', actor, at);
    repayment := api.take_repayment(d);
    if repayment.purpose = 'surplus' then
        update book.repayments r set status = 'approved', approved_at = at, approved_by = actor where r.id = repayment.id;
        perform api.record_event(command_id, 'disputes.approve_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text));
        return api.find_dispute_page(d.id);
    end if;
    funds := api.count_dispute_funds(d, at, repayment.amount);
    if funds.repayable <> repayment.amount or coalesce(expected_amount, repayment.amount) <> repayment.amount then
        perform api.broken('repayment_figures_moved', jsonb_build_object('seen', repayment.amount::text, 'now', funds.repayable::text));
    end if;
    select a.on_recharge_refunded into rule from book.gifts g join book.activities a on a.code = g.activity where g.recharge_id = d.recharge_id order by g.id limit 1;
    update book.repayments r set status = 'approved', approved_at = at, approved_by = actor where r.id = repayment.id;
    -- From the decision on, only an earmarked recharge pays this case (1.4, 10).
    update book.disputes x set decided_at = coalesce(x.decided_at, at), decided_by = coalesce(x.decided_by, actor), gift_rule = coalesce(x.gift_rule, rule, 'none'),
        amount_short = coalesce(x.amount_short, funds.expected_short) where x.id = d.id;
    update book.deadlines x set stopped_at = at where x.subject_id = d.id and x.kind = 'evidence' and x.stopped_at is null;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.approve_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body,
        jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text, 'shortfall', funds.expected_short::text));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.approve_repayment(uuid, uuid, api.cents) is 'disputes.approve_repayment: An approver, not the proposer, decides the case against the holder; refused when the figures moved since the proposal (rules 6.1).';
grant execute on function api.approve_repayment(uuid, uuid, api.cents) to kontor_people;

create function api.reject_repayment(command_id uuid, dispute_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('reject_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; repayment book.repayments;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.reject_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'reject_repayment', actor, at);
    perform api.check_reason(reason);
    repayment := api.take_repayment(d);
    perform api.move_repayment(d, repayment, -1, 'repayment_hold_released', actor, at);
    update book.repayments r set status = 'rejected', rejected_at = at, rejected_by = actor, rejected_reason = reason where r.id = repayment.id;
    -- Nothing was decided if nothing was paid: the whole account counts again.
    if d.amount_repaid = 0 and not exists (select 1 from book.deadlines x where x.subject_id = d.id and x.kind = 'shortfall') then
        update book.disputes x set decided_at = null, decided_by = null, amount_short = null, gift_rule = null where x.id = d.id and x.closed_at is null;
        update book.deadlines x set stopped_at = null where x.subject_id = d.id and x.kind = 'evidence' and d.closed_at is null;
    end if;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.reject_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('repayment', repayment.number, 'reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.reject_repayment(uuid, uuid, text) is 'disputes.reject_repayment: Takes back a proposed or approved repayment before release; the principal returns to its lots.';
grant execute on function api.reject_repayment(uuid, uuid, text) to kontor_people;

create function api.release_repayment(command_id uuid, dispute_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('release_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; repayment book.repayments; lot book.recharges;
    tries integer; failed_before boolean; way text; voided numeric; body jsonb := jsonb_build_object('dispute_id', dispute_id);
begin
    if api.repeated(command_id, 'disputes.release_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'release_repayment', actor, at);
    repayment := api.take_repayment(d);
    -- A repayment travels on the disputed order's route whatever lots it takes; a surplus on its own order's.
    select r.* into lot from book.recharges r
    where r.id = case repayment.purpose when 'surplus' then (select l.recharge_id from book.repayment_lots l where l.repayment_id = repayment.id) else d.recharge_id end;
    select count(*), coalesce(bool_or(g.status = 'failed'), false) into tries, failed_before from book.repayment_legs g where g.repayment_id = repayment.id;
    select case when failed_before then 'manual_transfer' else w.route end into way from api.refund_route(lot.channel, lot.paid_at, at) w;
    insert into book.repayment_legs (repayment_id, recharge_id, refund_no, channel, amount, route, status, instructed_at)
    values (repayment.id, lot.id, 'K' || replace(repayment.number, '-', '') || lpad((tries + 1)::text, 2, '0'), lot.channel, repayment.amount, way, 'instructed', at);
    update book.repayments r set status = 'released', released_at = at, released_by = actor where r.id = repayment.id;
    perform api.post_journal('repayment_released', d.customer_id, at, at, actor, 'repayment', repayment.id::text, array['repayment_hold', 'refund_payable'], array['CNY', 'CNY'], array[repayment.amount, -repayment.amount], 'RA 5.2');
    voided := case repayment.purpose when 'surplus' then 0 else api.void_disputed_gift(d, actor, at) end;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.release_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body,
        jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text, 'route', way, 'gift_voided', voided::text));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.release_repayment(uuid, uuid) is
    'disputes.release_repayment: The treasurer, neither proposer nor approver, instructs the provider with our refund number on the disputed order''s own route, or by manual transfer when its window has closed or the route failed (1.4, 9).';
grant execute on function api.release_repayment(uuid, uuid) to kontor_people;

create function api.settle_repayment(repayment_id uuid, occurred_at timestamptz, at timestamptz, actor integer, source_kind text, source_id text, from_account text, reference text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare repayment book.repayments; d book.disputes;
begin
    select r.* into repayment from book.repayments r where r.id = repayment_id for update;
    select x.* into d from book.disputes x where x.id = repayment.dispute_id for update;
    update book.repayment_legs g set status = 'confirmed', confirmed_at = at, confirmed_by = actor, bank_reference = reference where g.repayment_id = repayment.id and g.status = 'instructed';
    update book.repayments r set status = 'paid', paid_at = occurred_at, paid_recorded_at = at, paid_recorded_by = actor where r.id = repayment.id;
    if repayment.purpose = 'third_party' then
        update book.disputes x set amount_repaid = x.amount_repaid + repayment.amount where x.id = d.id;
    end if;
    perform api.post_journal('repayment_paid', d.customer_id, api.postable_at(occurred_at, actor, at), at, actor, source_kind, source_id, array['refund_payable', from_account], array['CNY', 'CNY'], array[repayment.amount, -repayment.amount], 'RA 5.2');
    perform api.refresh_dispute(d.id, actor, at);
end $$;
comment on function api.settle_repayment(uuid, timestamptz, timestamptz, integer, text, text, text, text) is 'The repayment has reached the third party; the case is settled when nothing is outstanding.';

create function api.confirm_repayment_row(row_id bigint, refund_no text, amount numeric, occurred_at timestamptz, paid_by text, actor integer, at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare leg record;
begin
    select g.id, g.repayment_id, g.amount, d.customer_id into leg
    from book.repayment_legs g join book.repayments r on r.id = g.repayment_id join book.disputes d on d.id = r.dispute_id
    where g.refund_no = confirm_repayment_row.refund_no and g.channel = paid_by and g.route = 'original' and g.status = 'instructed';
    if not found or leg.amount <> amount then return false; end if;
    perform api.lock_customer(leg.customer_id);
    perform api.settle_repayment(leg.repayment_id, occurred_at, at, actor, 'statement_row', row_id::text, paid_by || '_clearing', null);
    update book.statement_rows s set repayment_leg_id = leg.id where s.id = row_id;
    return true;
end $$;
comment on function api.confirm_repayment_row(bigint, text, numeric, timestamptz, text, integer, timestamptz) is 'A statement''s refund row confirms the repayment with its number and amount; anything else stays an exception.';

create function api.confirm_repayment(command_id uuid, dispute_id uuid, reference text, attachment_id uuid, paid_at timestamptz default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('confirm_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; repayment book.repayments; leg book.repayment_legs;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reference', reference, 'attachment_id', attachment_id, 'paid_at', paid_at);
begin
    if api.repeated(command_id, 'disputes.confirm_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'confirm_repayment', actor, at);
    perform api.check_not_in_future(coalesce(paid_at, at), at);
    if btrim(coalesce(reference, '')) = '' then perform api.broken('bank_reference_missing'); end if;
    perform api.check_dispute_papers(d.id, array[attachment_id]);
    repayment := api.take_repayment(d);
    select g.* into leg from book.repayment_legs g where g.repayment_id = repayment.id and g.status = 'instructed';
    if actor in (repayment.proposed_by, repayment.approved_by) then perform api.broken('repayment_confirmed_by_involved'); end if;
    perform api.settle_repayment(repayment.id, coalesce(paid_at, at), at, actor, 'repayment', repayment.id::text,
        case when leg.route = 'original' then leg.channel || '_clearing' else 'bank' end, reference);
    perform api.record_event(command_id, 'disputes.confirm_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text, 'attachment', attachment_id));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.confirm_repayment(uuid, uuid, text, uuid, timestamptz) is 'disputes.confirm_repayment: Proof that the repayment arrived (bank receipt or provider''s answer), when no statement row will say so; otherwise the next statement confirms it by itself.';
grant execute on function api.confirm_repayment(uuid, uuid, text, uuid, timestamptz) to kontor_people;

create function api.fail_repayment(command_id uuid, dispute_id uuid, reason text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('fail_repayment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; repayment book.repayments;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'reason', reason);
begin
    if api.repeated(command_id, 'disputes.fail_repayment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'fail_repayment', actor, at);
    perform api.check_reason(reason);
    repayment := api.take_repayment(d);
    update book.repayment_legs g set status = 'failed' where g.repayment_id = repayment.id and g.status = 'instructed';
    update book.repayments r set status = 'approved', released_at = null, released_by = null where r.id = repayment.id;
    perform api.post_journal('repayment_hold', d.customer_id, at, at, actor, 'repayment', repayment.id::text, array['refund_payable', 'repayment_hold'], array['CNY', 'CNY'], array[repayment.amount, -repayment.amount], 'RA 5.2', 'the provider did not carry it out');
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.fail_repayment', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('repayment', repayment.number, 'reason', reason));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.fail_repayment(uuid, uuid, text) is 'disputes.fail_repayment: The provider did not carry the instruction out: the money is held again and goes out by manual transfer at the next release.';
grant execute on function api.fail_repayment(uuid, uuid, text) to kontor_people;

-- ── Shortfall ──────────────────────────────────────────────────────────────────────────────────────────────────

create function api.notify_shortfall(command_id uuid, dispute_id uuid, way text, notified_at timestamptz, proof text, attachment_id uuid default null) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor(variadic api.dispute_duties('notify_shortfall')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; ended timestamptz; short numeric; deadline bigint;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'way', way, 'notified_at', notified_at, 'proof', proof, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'disputes.notify_shortfall', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'notify_shortfall', actor, at);
    perform api.check_not_in_future(notified_at, at);
    if btrim(coalesce(proof, '')) = '' then perform api.broken('service_without_proof', '{"clause": "RA 5.2"}'); end if;
    perform api.check_dispute_papers(d.id, array_remove(array[attachment_id], null));
    short := (api.count_dispute_amounts(d)).needed;
    insert into book.services_of_notice (id, dispute_id, about, addressee, way, served_at, proof, attachment_id, recorded_at, recorded_by)
    values (command_id, d.id, 'shortfall', 'holder', way, notified_at, proof, attachment_id, at, actor);
    -- The second clock starts with the notice, but never before the day on which the evidence period ended (A4).
    select coalesce(d.conceded_at, x.expires_at - interval '1 microsecond') into ended from book.deadlines x where x.subject_id = d.id and x.kind = 'evidence';
    update book.deadlines x set stopped_at = at where x.subject_id = d.id and x.kind = 'evidence' and x.stopped_at is null;
    deadline := api.start_deadline('dispute', d.id, 'shortfall', greatest(notified_at, ended), coalesce((api.policy('shortfall_days', at) #>> '{}')::integer, 30), 'Asia/Shanghai', true, at);
    update book.disputes x set decided_at = coalesce(x.decided_at, at), decided_by = coalesce(x.decided_by, actor), amount_short = coalesce(x.amount_short, short), handled_by = coalesce(x.handled_by, actor) where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.notify_shortfall', actor, at, 'dispute', d.id::text, d.customer_id, body,
        (select jsonb_build_object('shortfall', short::text, 'started_at', api.instant_text(x.started_at), 'due_on', x.due_on, 'calendar', x.calendar_version) from book.deadlines x where x.id = deadline));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.notify_shortfall(uuid, uuid, text, timestamptz, text, uuid) is 'disputes.notify_shortfall: The holder is told what is missing; the second 30 days start with that day, never before the evidence period ended (RA-12; A4).';
grant execute on function api.notify_shortfall(uuid, uuid, text, timestamptz, text, uuid) to kontor_people;

create function api.record_waiver(command_id uuid, dispute_id uuid, amount api.cents, received_at timestamptz, reason text, attachment_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('record_waiver')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; counted numeric;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'amount', amount, 'received_at', received_at, 'reason', reason, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'disputes.record_waiver', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'record_waiver', actor, at);
    perform api.check_not_in_future(received_at, at);
    if amount <= 0 then perform api.broken('waiver_not_positive'); end if;
    perform api.check_reason(reason);
    perform api.check_dispute_papers(d.id, array[attachment_id]);
    counted := least(amount, (api.count_dispute_amounts(d)).needed);
    insert into book.waivers (id, dispute_id, amount, amount_counted, reason, attachment_id, received_at, recorded_at, recorded_by) values (command_id, d.id, amount, counted, reason, attachment_id, received_at, at, actor);
    update book.disputes x set amount_waived = x.amount_waived + counted where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.record_waiver', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('amount', amount::text, 'counted', counted::text, 'attachment', attachment_id));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.record_waiver(uuid, uuid, api.cents, timestamptz, text, uuid) is 'disputes.record_waiver: The third party gives up an amount in writing; it counts up to what is unpaid and not on its way (RA-14; 1.4, 12).';
grant execute on function api.record_waiver(uuid, uuid, api.cents, timestamptz, text, uuid) to kontor_people;

create function api.record_direct_payment(command_id uuid, dispute_id uuid, amount api.cents, paid_at timestamptz, channel text, reference text, attachment_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('record_direct_payment')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; counted numeric;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'amount', amount, 'paid_at', paid_at, 'channel', channel, 'reference', reference, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'disputes.record_direct_payment', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'record_direct_payment', actor, at);
    perform api.check_not_in_future(paid_at, at);
    if amount <= 0 then perform api.broken('direct_payment_not_positive'); end if;
    perform api.check_dispute_papers(d.id, array[attachment_id]);
    counted := least(amount, (api.count_dispute_amounts(d)).needed);
    insert into book.direct_payments (id, dispute_id, amount, amount_counted, channel, reference, attachment_id, paid_at, recorded_at, recorded_by)
    values (command_id, d.id, amount, counted, channel, reference, attachment_id, paid_at, at, actor);
    update book.disputes x set amount_paid_directly = x.amount_paid_directly + counted where x.id = d.id;
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.record_direct_payment', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('amount', amount::text, 'counted', counted::text, 'attachment', attachment_id));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.record_direct_payment(uuid, uuid, api.cents, timestamptz, text, text, uuid) is 'disputes.record_direct_payment: The holder paid the third party himself and proved it (RA-13).';
grant execute on function api.record_direct_payment(uuid, uuid, api.cents, timestamptz, text, text, uuid) to kontor_people;

create function api.earmark_recharge(command_id uuid, dispute_id uuid, order_no text) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('earmark_recharge')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; lot book.recharges;
    body jsonb := jsonb_build_object('dispute_id', dispute_id, 'order_no', order_no);
begin
    if api.repeated(command_id, 'disputes.earmark_recharge', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'earmark_recharge', actor, at);
    select r.* into lot from book.recharges r where r.order_no = btrim(earmark_recharge.order_no) and r.customer_id = d.customer_id for update;
    if not found then perform api.broken('recharge_unknown', jsonb_build_object('order_no', left(order_no, 80))); end if;
    if lot.id = d.recharge_id or lot.paid_at < d.locked_at then perform api.broken('recharge_from_before_lock', jsonb_build_object('clause', 'RA 5.2')); end if;
    if lot.earmarked_for is not null then perform api.broken('recharge_already_earmarked'); end if;
    if lot.held_by_refund is not null or lot.refunded_by is not null or lot.amount_left <> lot.principal
       or exists (select 1 from book.disputes o where o.recharge_id = lot.id and o.closed_at is null) then perform api.broken('recharge_not_free'); end if;
    update book.recharges r set earmarked_for = d.id where r.id = lot.id;
    -- It was never there for an order over an amount: what the order held does not shrink by it.
    update book.customers c set ordered_kept = greatest(c.ordered_kept - lot.principal, least(c.ordered_amount, api.free_principal(c.id))) where c.id = d.customer_id and c.ordered_amount is not null;
    perform api.watch_ordered_amount(d.customer_id, at);
    perform api.refresh_dispute(d.id, actor, at);
    perform api.record_event(command_id, 'disputes.earmark_recharge', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('order_no', lot.order_no, 'amount', lot.principal::text));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.earmark_recharge(uuid, uuid, text) is 'disputes.earmark_recharge: The holder recharged to pay this case (RA-12 "entrusting … to refund"): the order can pay nothing else from now on.';
grant execute on function api.earmark_recharge(uuid, uuid, text) to kontor_people;

create function api.return_surplus(command_id uuid, dispute_id uuid) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor(variadic api.dispute_duties('return_surplus')); d book.disputes := api.take_dispute(dispute_id); at timestamptz; lot book.recharges; repayment book.repayments; sheet jsonb;
    body jsonb := jsonb_build_object('dispute_id', dispute_id);
begin
    if api.repeated(command_id, 'disputes.return_surplus', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    perform api.check_dispute_action(d, 'return_surplus', actor, at);
    select r.* into lot from book.recharges r where r.earmarked_for = d.id and r.amount_left >= 0.01 order by r.paid_at, r.id limit 1 for update;
    sheet := jsonb_build_object('order_no', lot.order_no, 'left', lot.amount_left);
    insert into book.repayments (id, number, dispute_id, purpose, status, amount, worksheet, digest, proposed_at, proposed_by)
    values (command_id, api.next_number('P', at), d.id, 'surplus', 'proposed', trunc(lot.amount_left, 2), sheet, api.body_hash(sheet), at, actor) returning * into repayment;
    insert into book.repayment_lots (repayment_id, recharge_id, place, amount, from_account) values (command_id, lot.id, 1, trunc(lot.amount_left, 2), 'wallet');
    perform api.move_repayment(d, repayment, 1, 'repayment_hold', actor, at);
    perform api.record_event(command_id, 'disputes.return_surplus', actor, at, 'dispute', d.id::text, d.customer_id, body, jsonb_build_object('repayment', repayment.number, 'amount', repayment.amount::text, 'order_no', lot.order_no));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.return_surplus(uuid, uuid) is 'disputes.return_surplus: What an earmarked recharge brought too much goes back to its payer, without a fee, approved and released like a repayment (1.4, 11).';
grant execute on function api.return_surplus(uuid, uuid) to kontor_people;
