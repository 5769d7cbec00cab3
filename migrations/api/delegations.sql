-- delegations: a duty lent by its holder to a named person for a time. It is a duty like any other (dates, two people),
-- and the deputy is bound on each case by what the holder did on it (book.refuse_deputy; rules 6.1).

create function api.stands_for(deputy integer) returns integer[] language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock();
begin
    return array(select distinct d.delegated_by from book.duties d
                 where d.person_id = deputy and d.delegated_by is not null and d.confirmed_by is not null and d.from_at <= at and d.until_at > at);
end $$;
comment on function api.stands_for(integer) is 'Those for whom a person stands in now, whatever the duty: what they did on a case counts as the deputy''s own doing there.';

create function api.check_lendable(holder integer, wanted text, until_at timestamptz, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
declare own_until timestamptz; most integer := (api.policy('delegation_days', at) #>> '{}')::integer;
begin
    select max(coalesce(d.until_at, 'infinity')) into own_until from book.duties d
    where d.person_id = holder and d.duty = wanted and d.delegated_by is null and d.from_at <= at and (d.until_at is null or d.until_at > at);
    if own_until is null then perform api.broken('delegation_of_foreign_duty'); end if;
    if until_at is null or until_at <= at then perform api.broken('duty_ends_before_it_begins'); end if;
    if until_at > own_until or until_at > at + make_interval(days => most) then perform api.broken('delegation_too_long', jsonb_build_object('days', most)); end if;
end $$;
comment on function api.check_lendable(integer, text, timestamptz, timestamptz) is 'What is lent is one''s own (never a lent duty again), for a time, and no longer than one has it or policy allows.';

create function api.delegate_duty(command_id uuid, duty text, deputy_id integer, from_at timestamptz, until_at timestamptz, reason text) returns api.people
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor'); at timestamptz; answer api.people; new_id integer;
    body jsonb := jsonb_build_object('duty', duty, 'deputy_id', deputy_id, 'from_at', from_at, 'until_at', until_at, 'reason', reason);
begin
    if not api.repeated(command_id, 'people.delegate', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('delegation_without_reason'); end if;
        if until_at <= from_at then perform api.broken('duty_ends_before_it_begins'); end if;
        perform api.check_lendable(actor, delegate_duty.duty, until_at, at);
        if deputy_id = actor then perform api.broken('deputy_is_delegator'); end if;
        if not exists (select from book.people p where p.id = deputy_id and (p.active_until is null or p.active_until > until_at)) then perform api.broken('deputy_unknown'); end if;
        if exists (select from book.duties d where d.person_id = deputy_id and d.duty = delegate_duty.duty and (d.until_at is null or d.until_at > at)) then perform api.broken('deputy_holds_duty'); end if;
        -- A lone supervisor would wait for nobody: then the duty is given with an end (people.propose_duty), which they may confirm.
        if not exists (select from jsonb_array_elements_text(api.people_for('supervisor')) s (login) join book.people p on p.login = s.login
                       where p.id <> deputy_id and not deputy_id = any (api.stands_for(p.id))) then perform api.broken('delegation_without_confirmer'); end if;
        -- Not in force until confirmed: it begins at infinity, as every proposed duty does.
        insert into book.duties (person_id, duty, from_at, until_at, proposed_by, delegated_by, reason) values (deputy_id, delegate_duty.duty, 'infinity', null, actor, actor, api.tidy(delegate_duty.reason)) returning id into new_id;
        perform api.record_event(command_id, 'people.delegate', actor, at, 'duty', new_id::text, null, body, body);
    end if;
    select p.* into answer from api.people p where p.id = deputy_id;
    return answer;
end $$;
comment on function api.delegate_duty(uuid, text, integer, timestamptz, timestamptz, text) is
    'people.delegate: Lends a duty of one''s own to a named deputy, from an instant to an instant; in force when a supervisor, neither of the two, confirms (rules 6.1). The deputy never confirms what the lender began.';
grant execute on function api.delegate_duty(uuid, text, integer, timestamptz, timestamptz, text) to kontor_people;
