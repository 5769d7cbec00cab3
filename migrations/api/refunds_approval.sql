-- refunds, approval: binding to the worksheet's digest, taking it back, many at once, and who approves whom.

create function api.check_retyped(sheet jsonb, typed_net numeric, typed_payee text) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if typed_net is null or api.tidy(typed_payee) is null then perform api.broken('approval_not_retyped'); end if;
    -- The masked account ends in the last four that the papers show.
    if typed_net <> (sheet ->> 'net')::numeric or not exists (select 1 from jsonb_array_elements(sheet -> 'lots') l where right(l ->> 'payer_account', 4) = api.tidy(typed_payee)) then
        perform api.broken('approval_retyped_differently');
    end if;
end $$;
comment on function api.check_retyped(jsonb, numeric, text) is 'What was typed must be the worksheet''s net amount and the last four of a payee on it; the refusal does not say which was wrong.';

create function api.approve_refund(command_id uuid, refund_id uuid, digest text, typed_net api.cents default null, typed_payee text default null) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; one book.refunds := api.lock_refund(refund_id); sheet jsonb; now_digest bytea; answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'digest', digest, 'typed_net', typed_net, 'typed_payee', typed_payee);
begin
    if not api.repeated(command_id, 'refunds.approve', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.approve');
        perform api.check_step_up(actor, 'step_up_approval_above', one.amount_net, at);
        sheet := api.compute_worksheet(one.customer_id, one.id, at);
        now_digest := api.worksheet_digest(sheet);
        if encode(now_digest, 'hex') <> digest then
            perform api.broken('refund_figures_moved', jsonb_build_object('seen', one.amount_net::text, 'now', sheet ->> 'net'));
        end if;
        if api.needs_retyping((sheet ->> 'net')::numeric, one.requested_at) then perform api.check_retyped(sheet, typed_net, typed_payee); end if;
        if (sheet ->> 'net')::numeric <= 0 then perform api.broken('refund_net_is_zero', '{"clause": "RA 9.3"}'); end if;
        update book.refunds f set status = 'approved', approved_at = at, approved_by = actor, approved_digest = now_digest, second_approved_at = null, second_approved_by = null,
            amount_gross = (sheet ->> 'gross')::numeric, amount_fee = (sheet ->> 'fee')::numeric, amount_net = (sheet ->> 'net')::numeric where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.approve', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('net', sheet ->> 'net', 'digest', digest));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.approve_refund(uuid, uuid, text, api.cents, text) is 'refunds.approve: An approver, neither requester nor reviewer, approves exactly the worksheet that was seen: its digest must still be the worksheet''s. Above a limit the approver has typed the amount and the payee''s last four from the papers.';
grant execute on function api.approve_refund(uuid, uuid, text, api.cents, text) to kontor_people;

create function api.approve_refund_second(command_id uuid, refund_id uuid) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'legal'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id);
begin
    if not api.repeated(command_id, 'refunds.approve_second', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.approve_second');
        perform api.check_step_up(actor, 'step_up_approval_above', one.amount_net, at);
        perform api.check_digest_stands(one, at);
        update book.refunds f set second_approved_at = at, second_approved_by = actor where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.approve_second', actor, at, 'refund', refund_id::text, one.customer_id, body);
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.approve_refund_second(uuid, uuid) is 'refunds.approve_second: The second approval besides: the treasurer''s for a large amount or a manual transfer, the legal duty''s for a legal override (rules 1.3, 6.1).';
grant execute on function api.approve_refund_second(uuid, uuid) to kontor_people;

create function api.check_digest_stands(refund book.refunds, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
declare sheet jsonb := api.compute_worksheet(refund.customer_id, refund.id, at);
begin
    if api.worksheet_digest(sheet) <> refund.approved_digest then
        perform api.broken('refund_figures_moved', jsonb_build_object('seen', refund.amount_net::text, 'now', sheet ->> 'net'));
    end if;
end $$;
comment on function api.check_digest_stands(book.refunds, timestamptz) is 'The approval holds for the approved figures and routes only: a window that closed meanwhile changes the digest too (1.4, 19).';

create function api.recall_approval(command_id uuid, refund_id uuid, reason text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'supervisor'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds; body jsonb := jsonb_build_object('refund_id', refund_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.recall_approval', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.recall_approval');
        if api.tidy(reason) is null then perform api.broken('recall_without_reason'); end if;
        update book.refunds f set status = 'reviewed', approved_at = null, approved_by = null, approved_digest = null, second_approved_at = null, second_approved_by = null where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.recall_approval', actor, at, 'refund', refund_id::text, one.customer_id, body, jsonb_build_object('reason', reason));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.recall_approval(uuid, uuid, text) is 'refunds.recall_approval: Takes an approval back before the release; the case waits for approval again, with the reason on record.';
grant execute on function api.recall_approval(uuid, uuid, text) to kontor_people;

create function api.own_bulk_limit() returns numeric language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock();
begin
    return coalesce((api.policy('bulk_approval_own', at) ->> session_user)::numeric, (api.policy('bulk_approval_up_to', at) #>> '{}')::numeric, 0);
end $$;
comment on function api.own_bulk_limit() is 'Up to which amount this person may approve with others in one go: their own limit, else everybody''s.';

create type api.bulk_decision as (refund_id uuid, number text, done boolean, rule text);
comment on column api.bulk_decision.rule is '? why this one was left alone';
create function api.proofs_unopened(refund uuid, me integer) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (select from book.attachments a where a.subject_kind = 'refund' and a.subject_id = refund::text and a.complete
                   and a.recorded_by <> me and not exists (select from book.attachment_views v where v.attachment_id = a.id and v.person_id = me))
$$;
comment on function api.proofs_unopened(uuid, integer) is 'Whether a paper of the case is there that this person neither filed nor opened.';

create function api.decide_together(command_id uuid, command text, cases jsonb, actor integer) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare at timestamptz; asked record; outcome jsonb := '[]'; why text; most numeric := api.own_bulk_limit(); total numeric; largest numeric; own_id uuid;
begin
    if jsonb_typeof(cases) <> 'array' or jsonb_array_length(cases) not between 1 and 100 then perform api.broken('bulk_size', '{"maximum": 100}'); end if;
    perform 1 from book.customers c where c.id in (select f.customer_id from book.refunds f join jsonb_to_recordset(cases) k (refund_id uuid) on k.refund_id = f.id) order by c.id for update;
    if api.repeated(command_id, command, cases) then return (select e.detail -> 'outcome' from book.audit_events e where e.command_id = decide_together.command_id); end if;
    at := api.clock();
    -- Asked once for all of them; what each of them would ask for alone is asked for here as well.
    select coalesce(sum(f.amount_net), 0), coalesce(max(f.amount_net), 0) into total, largest from book.refunds f join jsonb_to_recordset(cases) k (refund_id uuid) on k.refund_id = f.id;
    perform api.check_step_up(actor, 'step_up_bulk_above', total, at);
    if command = 'refunds.approve_many' then perform api.check_step_up(actor, 'step_up_approval_above', largest, at); end if;
    for asked in select f.id, f.number, f.amount_net, k.digest from jsonb_to_recordset(cases) k (refund_id uuid, digest text) join book.refunds f on f.id = k.refund_id order by f.number loop
        why := null;
        -- Each case keeps an audit row of its own; its id follows from the batch, so that a repetition finds it.
        own_id := encode(substr(sha256(convert_to(command_id::text || asked.id::text, 'UTF8')), 1, 16), 'hex')::uuid;
        begin
            if asked.amount_net > most then perform api.broken('bulk_amount_too_large'); end if;
            if command = 'refunds.approve_many' then
                perform api.approve_refund(own_id, asked.id, asked.digest);
            else
                if api.proofs_unopened(asked.id, actor) then perform api.broken('refund_proofs_not_opened'); end if;
                perform api.review_refund(own_id, asked.id);
                -- What was reviewed is what was on the screen.
                if (select encode(f.reviewed_digest, 'hex') is distinct from asked.digest from book.refunds f where f.id = asked.id) then perform api.broken('refund_figures_moved'); end if;
            end if;
        exception when check_violation then get stacked diagnostics why = constraint_name;
        end;
        outcome := outcome || jsonb_build_object('refund_id', asked.id, 'number', asked.number, 'done', why is null, 'rule', why);
    end loop;
    return outcome;
end $$;
comment on function api.decide_together(uuid, text, jsonb, integer) is 'One confirmation and, where policy asks for it, one step-up for many small cases, each by its own rules; what may not be decided is left alone and says why. Asked again, it answers what was decided then.';

create function api.approve_refunds(command_id uuid, cases jsonb) returns setof api.bulk_decision language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); outcome jsonb := api.decide_together(command_id, 'refunds.approve_many', cases, actor);
begin
    if not api.repeated(command_id, 'refunds.approve_many', cases) then
        perform api.record_event(command_id, 'refunds.approve_many', actor, api.clock(), 'refunds', null, null, cases, jsonb_build_object('outcome', outcome));
    end if;
    return query select o.refund_id, o.number, o.done, o.rule from jsonb_to_recordset(outcome) o (refund_id uuid, number text, done boolean, rule text);
end $$;
comment on function api.approve_refunds(uuid, jsonb) is 'refunds.approve_many: Many small cases with one confirmation and, where policy asks for it, one step-up; each with the digest that was on the screen. Those that may not be approved are left alone and say why.';
grant execute on function api.approve_refunds(uuid, jsonb) to kontor_people;

create function api.review_refunds(command_id uuid, cases jsonb) returns setof api.bulk_decision language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('reviewer'); outcome jsonb := api.decide_together(command_id, 'refunds.review_many', cases, actor);
begin
    if not api.repeated(command_id, 'refunds.review_many', cases) then
        perform api.record_event(command_id, 'refunds.review_many', actor, api.clock(), 'refunds', null, null, cases, jsonb_build_object('outcome', outcome));
    end if;
    return query select o.refund_id, o.number, o.done, o.rule from jsonb_to_recordset(outcome) o (refund_id uuid, number text, done boolean, rule text);
end $$;
comment on function api.review_refunds(uuid, jsonb) is 'refunds.review_many: A reviewer reviews many small cases with one confirmation, within their own limit and once every paper of a case has been opened; each with the digest that was on the screen.';
grant execute on function api.review_refunds(uuid, jsonb) to kontor_people;

create type api.bulk_candidate as (refund_id uuid, number text, customer_name text, amount_net numeric, digest text, rule text);
comment on column api.bulk_candidate.rule is '? why it may not be approved now';
create function api.list_bulk_candidates(step text default 'approve') returns setof api.bulk_candidate language sql stable security definer set search_path = '' as $$
    select f.id, f.number, api.shown_name(c), (w.sheet ->> 'net')::numeric, encode(api.worksheet_digest(w.sheet), 'hex'),
           coalesce((select a ->> 'why' from jsonb_array_elements(api.refund_actions(f)) a where a ->> 'action' = case step when 'review' then 'refunds.review' else 'refunds.approve' end),
                    case when step = 'review' and api.proofs_unopened(f.id, api.person()) then 'refund_proofs_not_opened' end)
    from (select x.* from book.refunds x where api.reader() is not null and x.status = case step when 'review' then 'requested' else 'reviewed' end and x.amount_net <= api.own_bulk_limit()
          order by x.requested_at limit 100) f
         join book.customers c on c.id = f.customer_id cross join lateral (select api.compute_worksheet(f.customer_id, f.id, api.clock()) as sheet offset 0) w
    order by f.requested_at
$$;
comment on function api.list_bulk_candidates(text) is 'refunds.bulk_candidates: Small cases that wait for approval (or, asked for review, for that), oldest first, each with its digest and, where it may not be decided now, why.';
grant execute on function api.list_bulk_candidates(text) to kontor_people;

create function api.hand_over_refund(command_id uuid, refund_id uuid, person_id integer, reason text default null) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'reviewer', 'approver', 'treasurer', 'accountant', 'legal', 'supervisor'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.refunds;
    body jsonb := jsonb_build_object('refund_id', refund_id, 'person_id', person_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.hand_over', body) then
        at := api.clock();
        perform api.check_refund_action(one, 'refunds.hand_over');
        if not person_id = any (api.refund_step_people(one, (select f.waits_for from api.refunds f where f.id = one.id))) then perform api.broken('holder_cannot_take_step'); end if;
        if one.holder_id = person_id then perform api.broken('refund_already_held'); end if;
        -- Taking a case upon oneself explains itself; giving it to somebody does not.
        if person_id <> actor and api.tidy(reason) is null then perform api.broken('handover_without_reason'); end if;
        update book.refunds f set holder_id = hand_over_refund.person_id, held_since = at where f.id = refund_id;
        perform api.record_event(command_id, 'refunds.hand_over', actor, at, 'refund', refund_id::text, one.customer_id, body,
            jsonb_build_object('from', api.login_of(one.holder_id), 'to', api.login_of(person_id), 'reason', api.tidy(reason)));
    end if;
    select f.* into answer from api.refunds f where f.id = refund_id;
    return answer;
end $$;
comment on function api.hand_over_refund(uuid, uuid, integer, text) is
    'refunds.hand_over: Gives the present step of a case to a person who could take it, or takes it upon oneself. It binds nobody else: who could take the step still may. With the next step nobody holds it any more.';
grant execute on function api.hand_over_refund(uuid, uuid, integer, text) to kontor_people;

-- ── Looking back ───────────────────────────────────────────────────────────────────────────────────────────────

create type api.approval_pair as (requested_by text, approved_by text, cases bigint, amount numeric, quick bigint, share numeric);
comment on column api.approval_pair.quick is 'approved within ten seconds of opening the first proof';
comment on column api.approval_pair.share is 'of the requester''s approved cases, in per cent';
create function api.list_approval_pairs(from_at timestamptz, until_at timestamptz) returns setof api.approval_pair language sql stable security definer set search_path = '' as $$
    with approved as (
        select f.requested_by, f.approved_by, f.amount_net, f.approved_at,
               (select min(v.opened_at) from book.attachments a join book.attachment_views v on v.attachment_id = a.id and v.person_id = f.approved_by where a.subject_kind = 'refund' and a.subject_id = f.id::text) as opened_at
        from book.refunds f where api.reader() is not null and f.approved_at >= from_at and f.approved_at < until_at)
    select api.login_of(a.requested_by), api.login_of(a.approved_by), count(*), sum(a.amount_net), count(*) filter (where a.approved_at - coalesce(a.opened_at, a.approved_at) < interval '10 seconds'),
           round(100.0 * count(*) / sum(count(*)) over (partition by a.requested_by), 1)
    from approved a group by a.requested_by, a.approved_by order by 3 desc, 1, 2 limit 500
$$;
comment on function api.list_approval_pairs(timestamptz, timestamptz) is 'refunds.pairs: Who approves whom, how often, and how often too quickly to have read anything (rules 6.1).';
grant execute on function api.list_approval_pairs(timestamptz, timestamptz) to kontor_people;

create type api.fee_month as (month date, channel text, legs bigint, refunded numeric, charged numeric, lost numeric, difference numeric);
comment on column api.fee_month.charged is 'handling fees that customers paid';
comment on column api.fee_month.lost is 'the provider''s fee on the payment that it did not give back, in proportion to what was refunded';
create function api.list_fee_months(from_on date, until_on date) returns setof api.fee_month language sql stable security definer set search_path = '' as $$
    with confirmed as (
        select date_trunc('month', l.confirmed_at at time zone 'Asia/Shanghai')::date as month, r.channel, l.amount_net, l.amount_fee, l.amount_gross, r.principal,
               (select s.fee from book.statement_rows s where s.recharge_id = r.id and s.kind = 'payment' limit 1) as paid_fee,
               (select -s.fee from book.statement_rows s where s.refund_leg_id = l.id limit 1) as returned_fee
        from book.refund_legs l join book.recharges r on r.id = l.recharge_id
        where api.reader() is not null and l.status = 'confirmed' and l.confirmed_at >= from_on::timestamp at time zone 'Asia/Shanghai' and l.confirmed_at < until_on::timestamp at time zone 'Asia/Shanghai')
    select c.month, c.channel, count(*), sum(c.amount_net), sum(c.amount_fee), sum(round(coalesce(c.paid_fee * c.amount_gross / c.principal, 0) - coalesce(c.returned_fee, 0), 2)),
           sum(c.amount_fee) - sum(round(coalesce(c.paid_fee * c.amount_gross / c.principal, 0) - coalesce(c.returned_fee, 0), 2))
    from confirmed c group by c.month, c.channel order by c.month desc, c.channel limit 240
$$;
comment on function api.list_fee_months(date, date) is 'refunds.fees: Handling fees charged against provider fees really lost, by month and channel: a charge above cost is what a complaint would attack (RA 9.1, rules 5).';
grant execute on function api.list_fee_months(date, date) to kontor_people;

create type api.fee_preview as (refunds bigint, refunded numeric, fee_now numeric, fee_then numeric, customers_paying_more bigint);
create function api.preview_fee_policy(channel text, value jsonb) returns api.fee_preview language plpgsql stable security definer set search_path = '' as $$
declare answer api.fee_preview; at timestamptz := api.clock();
begin
    perform api.reader();
    perform api.check_policy('refund_fee', channel, value);
    select count(*), coalesce(sum(l.amount_gross), 0), coalesce(sum(l.amount_fee), 0), coalesce(sum(t.fee), 0), count(distinct f.customer_id) filter (where t.fee > l.amount_fee)
    into answer
    from book.refund_legs l join book.refunds f on f.id = l.refund_id join book.recharges r on r.id = l.recharge_id
         cross join lateral (select api.fee_under(value, l.amount_gross) as fee) t
    where l.status <> 'recalled' and l.instructed_at >= at - interval '1 month' and r.channel = preview_fee_policy.channel;
    return answer;
end $$;
comment on function api.preview_fee_policy(text, jsonb) is 'policies.preview_fee: What a proposed fee would have made of the last month''s refunds.';
grant execute on function api.preview_fee_policy(text, jsonb) to kontor_people;
