-- campaign_objections: an objection has fifteen days from when the record was to be seen (IC-24, B11); the answer is the replay.

create view api.campaign_objections as
select o.id, o.number, o.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name, o.friend_id, api.mask_name(f.name) as friend_name, api.mask_ref(f.ref) as friend_ref, o.about, o.told, o.ticket_no, o.visible_at, o.received_at,
       o.recorded_at, api.login_of(o.recorded_by) as recorded_by, o.status, l.due_on, l.expires_at, o.reopened_at, api.login_of(o.reopened_by) as reopened_by, o.reopened_why,
       o.decided_at, api.login_of(o.decided_by) as decided_by, o.decision
from book.campaign_objections o join book.customers c on c.id = o.customer_id left join book.customers f on f.id = o.friend_id
left join book.deadlines l on l.subject_id = o.id and l.kind = 'objection';
comment on view api.campaign_objections is 'Objections with their clocks.';
comment on column api.campaign_objections.friend_id is '? the friend that it is about';
comment on column api.campaign_objections.friend_name is '? masked';
comment on column api.campaign_objections.friend_ref is '? masked: the list can be exported (IC-25)';
comment on column api.campaign_objections.about is '{{"attribution" | "credits" | "validity" | "penalty"}}';
comment on column api.campaign_objections.status is '{{"open" | "waived" | "upheld" | "rejected"}}';
comment on column api.campaign_objections.due_on is 'the last day on which it could be raised';
comment on column api.campaign_objections.expires_at is 'received before this instant is in time';
comment on column api.campaign_objections.reopened_at is '? when a supervisor reopened it';
comment on column api.campaign_objections.reopened_by is '?';
comment on column api.campaign_objections.reopened_why is '?';
comment on column api.campaign_objections.decided_at is '?';
comment on column api.campaign_objections.decided_by is '?';
comment on column api.campaign_objections.decision is '? the reason that was given (IC-31)';

create function api.list_objections(wanted text default 'open', after_received timestamptz default null, after_id uuid default null, most integer default 100) returns setof api.campaign_objections
language sql stable security definer set search_path = '' as $$
    select o.* from (select api.reader()) me, api.campaign_objections o
    where case wanted when 'all' then true when 'decided' then o.status in ('upheld', 'rejected') else o.status = wanted end
      and (after_received is null or (o.received_at, o.id) > (after_received, after_id))
    order by o.received_at, o.id limit least(greatest(most, 1), 500)
$$;
comment on function api.list_objections(text, timestamptz, uuid, integer) is 'campaign.objections: Objections that are open, waived, decided, or all of them, the oldest first.';
grant execute on function api.list_objections(text, timestamptz, uuid, integer) to kontor_people;

create function api.objections_waiting() returns table (id uuid, number text, customer_name text, since timestamptz) language sql stable security definer set search_path = '' as $$
    select o.id, o.number, api.shown_name(c), o.received_at from book.campaign_objections o join book.customers c on c.id = o.customer_id
    where o.status = 'open' and o.recorded_by <> api.person() and api.has_duty('growth', 'risk') order by o.received_at limit 100
$$;
comment on function api.objections_waiting() is 'Objections that this person could answer, for the first screen.';

create type api.objection_page as (objection jsonb, replay jsonb, answer jsonb, may_answer text, may_reopen text, clock jsonb);
comment on column api.objection_page.objection is '{{CampaignObjection}} the objection';
comment on column api.objection_page.replay is '?{{CampaignReplay}} the replay of the friend that it is about';
comment on column api.objection_page.answer is '?{{CampaignReplay}} what the answer said: the other party masked (IC-25)';
comment on column api.objection_page.may_answer is '{{"yes" | "duty" | "own" | "status"}} whether I could answer it, and why not';
comment on column api.objection_page.may_reopen is '{{"yes" | "duty" | "status"}} whether I could reopen it, and why not';
comment on column api.objection_page.clock is '{{DeadlineExplanations}} the fifteen days, day by day';

create function api.open_objection(objection_id uuid) returns api.objection_page language plpgsql stable security definer set search_path = '' as $$
declare answer api.objection_page; o book.campaign_objections; shown api.campaign_objections; l book.deadlines; me integer := api.reader();
begin
    select x.* into o from book.campaign_objections x where x.id = objection_id;
    if not found then perform api.broken('objection_unknown'); end if;
    select x.* into shown from api.campaign_objections x where x.id = objection_id;
    select d.* into l from book.deadlines d where d.subject_id = o.id and d.kind = 'objection';
    answer.objection := to_jsonb(shown) || jsonb_build_object('customer_id', o.customer_id::text, 'friend_id', o.friend_id::text);
    if o.friend_id is not null then answer.replay := api.replay_of(o.friend_id, false); end if;
    answer.answer := o.answer;
    answer.may_answer := case when o.status <> 'open' then 'status' when not api.has_duty('growth', 'risk') then 'duty' when o.recorded_by = me then 'own' else 'yes' end;
    answer.may_reopen := case when o.status <> 'waived' then 'status' when not api.has_duty('supervisor') then 'duty' else 'yes' end;
    answer.clock := api.deadline_explanation(l.started_at, l.days + l.extended_days, l.zone, l.rest_days, 'IC 4');
    return answer;
end $$;
comment on function api.open_objection(uuid) is 'campaign.objection: One objection, its clock, the replay that it is about, and what was answered.';
grant execute on function api.open_objection(uuid) to kontor_people;

create function api.record_objection(command_id uuid, customer_id bigint, about text, told text, ticket_no text, visible_at timestamptz, received_at timestamptz, friend_id bigint default null)
returns api.campaign_objections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'growth'); at timestamptz; terms book.campaign_versions; answer api.campaign_objections; i book.invitations;
    body jsonb := jsonb_build_object('customer_id', customer_id, 'about', about, 'told', told, 'ticket_no', ticket_no, 'visible_at', visible_at, 'received_at', received_at, 'friend_id', friend_id);
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'campaign.record_objection', body) then
        at := api.clock();
        if api.tidy(told) is null then perform api.broken('objection_without_words'); end if;
        if api.tidy(ticket_no) is null then perform api.broken('objection_without_ticket'); end if;
        if received_at > at or visible_at > at then perform api.broken('objection_in_the_future', jsonb_build_object('now', at)); end if;
        if received_at < visible_at then perform api.broken('objection_received_before_visible'); end if;
        select x.* into i from book.invitations x where x.friend_id = record_objection.friend_id;
        if record_objection.friend_id is not null and not (customer_id = record_objection.friend_id or customer_id = i.inviter_id
           or exists (select 1 from book.touchpoints t where t.friend_id = record_objection.friend_id and t.inviter_id = record_objection.customer_id)) then
            perform api.broken('objection_of_a_stranger', '{"clause": "IC 4"}');
        end if;
        terms := api.campaign_terms(visible_at);
        insert into book.campaign_objections (id, number, customer_id, friend_id, about, told, ticket_no, visible_at, received_at, recorded_at, recorded_by, status)
        values (command_id, api.next_number('OB', at), record_objection.customer_id, record_objection.friend_id, record_objection.about, api.tidy(told), api.tidy(ticket_no), record_objection.visible_at, record_objection.received_at, at, actor, 'open');
        perform api.start_deadline('objection', command_id, 'objection', visible_at, coalesce(terms.objection_days, 15), 'Asia/Singapore', coalesce(terms.objection_rest_days, false), at);
        perform api.stop_deadlines(command_id, at);
        update book.campaign_objections o set status = 'waived'
        where o.id = command_id and record_objection.received_at >= (select d.expires_at from book.deadlines d where d.subject_id = command_id and d.kind = 'objection');
        perform api.record_event(command_id, 'campaign.record_objection', actor, at, 'objection', command_id::text, customer_id, body, jsonb_build_object('about', about));
    end if;
    select o.* into answer from api.campaign_objections o where o.id = command_id;
    return answer;
end $$;
comment on function api.record_objection(uuid, bigint, text, text, text, timestamptz, timestamptz, bigint) is
    'campaign.record_objection: Records an objection with when the record became visible and when the objection came. Received after the last instant it is waived (IC-24); only who took part may object to an invitation (IC-25).';
grant execute on function api.record_objection(uuid, bigint, text, text, text, timestamptz, timestamptz, bigint) to kontor_people;

create function api.lock_objection(objection_id uuid) returns book.campaign_objections language plpgsql volatile security definer set search_path = '' as $$
declare o book.campaign_objections;
begin
    select x.* into o from book.campaign_objections x where x.id = objection_id;
    if not found then perform api.broken('objection_unknown'); end if;
    perform api.lock_customer(o.customer_id);
    select x.* into o from book.campaign_objections x where x.id = objection_id for update;
    return o;
end $$;
comment on function api.lock_objection(uuid) is 'Locks the customer, then the objection, and reads it afresh.';

create function api.reopen_objection(command_id uuid, objection_id uuid, reason text) returns api.campaign_objections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; o book.campaign_objections := api.lock_objection(objection_id); answer api.campaign_objections; body jsonb := jsonb_build_object('objection_id', objection_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.reopen_objection', body) then
        at := api.clock();
        if o.status <> 'waived' then perform api.broken('objection_not_waived'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.campaign_objections x set status = 'open', reopened_at = at, reopened_by = actor, reopened_why = api.tidy(reason) where x.id = o.id;
        perform api.record_event(command_id, 'campaign.reopen_objection', actor, at, 'objection', o.id::text, o.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    select x.* into answer from api.campaign_objections x where x.id = objection_id;
    return answer;
end $$;
comment on function api.reopen_objection(uuid, uuid, text) is 'campaign.reopen_objection: A supervisor takes a waived objection up all the same, and says why (IC-24, IC-31).';
grant execute on function api.reopen_objection(uuid, uuid, text) to kontor_people;

create function api.answer_objection(command_id uuid, objection_id uuid, upheld boolean, reason text) returns api.campaign_objections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'risk'); at timestamptz; o book.campaign_objections := api.lock_objection(objection_id); answer api.campaign_objections;
    body jsonb := jsonb_build_object('objection_id', objection_id, 'upheld', upheld, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.answer_objection', body) then
        at := api.clock();
        if o.status <> 'open' then perform api.broken('objection_not_open'); end if;
        if o.recorded_by = actor then perform api.broken('objection_decided_by_recorder'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.campaign_objections x set status = case when upheld then 'upheld' else 'rejected' end, decided_at = at, decided_by = actor, decision = api.tidy(reason),
            answer = case when o.friend_id is not null then api.replay_of(o.friend_id, true) end
        where x.id = o.id;
        perform api.record_event(command_id, 'campaign.answer_objection', actor, at, 'objection', o.id::text, o.customer_id, body, jsonb_build_object('upheld', upheld));
    end if;
    select x.* into answer from api.campaign_objections x where x.id = objection_id;
    return answer;
end $$;
comment on function api.answer_objection(uuid, uuid, boolean, text) is 'campaign.answer_objection: Upholds or rejects an objection with the reason; the replay of that moment, the other party masked, is kept as what was answered (IC-25). What is to be put right is a correction of two people.';
grant execute on function api.answer_objection(uuid, uuid, boolean, text) to kontor_people;
