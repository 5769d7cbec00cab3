-- absences, the other half of deadlines: who is away and who has taken over, to whom a case is given, and what the desktop says aloud.

create function api.check_owner(person integer, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if not exists (select 1 from book.people p join book.duties d on d.person_id = p.id and d.duty in ('handler', 'legal') and d.from_at <= at and (d.until_at is null or d.until_at > at)
                   where p.id = person and (p.active_until is null or p.active_until > at)) then perform api.broken('owner_without_duty'); end if;
end $$;
comment on function api.check_owner(integer, timestamptz) is 'Cases are given to whoever may handle them, and to nobody else.';

create type api.absence as (id uuid, person text, deputy text, away_from timestamptz, away_until timestamptz, state text);
comment on type api.absence is 'An absence and what became of it.';
comment on column api.absence.state is '{{"asked" | "accepted" | "declined" | "ended"}}';

create function api.find_absence(absence_id uuid) returns api.absence language sql stable security definer set search_path = '' as $$
    select a.id, api.login_of(a.person_id), api.login_of(a.deputy_id), a.away_from, a.away_until,
           case when a.ended_at is not null then 'ended' when a.accepted_at is not null then 'accepted' when a.declined_at is not null then 'declined' else 'asked' end
    from book.absences a where a.id = absence_id
$$;
comment on function api.find_absence(uuid) is 'What the actions on absences answer.';

create function api.ask_deputy(command_id uuid, away_from timestamptz, away_until timestamptz, deputy_id integer, person_id integer default null) returns api.absence
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare actor integer := api.actor('handler', 'legal', 'supervisor'); at timestamptz; absent integer := coalesce(person_id, actor);
    body jsonb := jsonb_build_object('away_from', away_from, 'away_until', away_until, 'deputy_id', deputy_id, 'person_id', person_id);
begin
    perform 1 from book.people p where p.id in (absent, deputy_id) order by p.id for update;
    if api.repeated(command_id, 'deadlines.ask_deputy', body) then return api.find_absence(command_id); end if;
    at := api.clock();
    if absent <> actor and not api.has_duty('supervisor') then perform api.broken('absence_of_another'); end if;
    if away_until <= greatest(away_from, at) then perform api.broken('absence_ends_before_it_begins'); end if;
    if deputy_id = absent then perform api.broken('deputy_is_the_absent'); end if;
    perform api.check_owner(deputy_id, at);
    -- A handler's deputy must be a handler: whoever cannot do the next step does not own the case.
    if exists (select 1 from book.duties d where d.person_id = absent and d.duty in ('handler', 'legal') and d.from_at <= at and (d.until_at is null or d.until_at > at)
               and not exists (select 1 from book.duties o where o.person_id = deputy_id and o.duty = d.duty and o.from_at <= at and (o.until_at is null or o.until_at > at))) then
        perform api.broken('owner_without_duty');
    end if;
    if exists (select 1 from book.absences a where a.person_id = absent and a.declined_at is null and a.ended_at is null and a.away_from < away_until and a.away_until > away_from) then
        perform api.broken('absence_already_asked');
    end if;
    insert into book.absences (id, person_id, deputy_id, away_from, away_until, asked_at, asked_by) values (command_id, absent, deputy_id, away_from, away_until, at, actor);
    perform api.record_event(command_id, 'deadlines.ask_deputy', actor, at, 'absence', command_id::text, null, body, body);
    return api.find_absence(command_id);
end $$;
comment on function api.ask_deputy(uuid, timestamptz, timestamptz, integer, integer) is
    'deadlines.ask_deputy: I am away from then until then, and ask a deputy to own my cases; a supervisor asks for whoever cannot. It holds once the deputy accepts.';
grant execute on function api.ask_deputy(uuid, timestamptz, timestamptz, integer, integer) to kontor_people;

create function api.answer_as_deputy(command_id uuid, absence_id uuid, accepts boolean) returns api.absence
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('handler', 'legal'); at timestamptz; asked book.absences; body jsonb := jsonb_build_object('absence_id', absence_id, 'accepts', accepts);
begin
    select a.* into asked from book.absences a where a.id = answer_as_deputy.absence_id for update;
    if not found then perform api.broken('absence_unknown'); end if;
    if api.repeated(command_id, 'deadlines.answer_as_deputy', body) then return api.find_absence(asked.id); end if;
    at := api.clock();
    if asked.deputy_id <> actor then perform api.broken('absence_asks_another'); end if;
    if num_nonnulls(asked.accepted_at, asked.declined_at, asked.ended_at) > 0 or asked.away_until <= at then perform api.broken('absence_not_open'); end if;
    if accepts and exists (select 1 from book.absences a where a.person_id = actor and a.declined_at is null and a.ended_at is null and a.away_from < asked.away_until and a.away_until > asked.away_from) then
        perform api.broken('deputy_is_away');
    end if;
    update book.absences a set accepted_at = case when accepts then at end, declined_at = case when not accepts then at end where a.id = asked.id;
    perform api.record_event(command_id, 'deadlines.answer_as_deputy', actor, at, 'absence', asked.id::text, null, body, body);
    return api.find_absence(asked.id);
end $$;
comment on function api.answer_as_deputy(uuid, uuid, boolean) is 'deadlines.answer_as_deputy: The deputy accepts, and owns the cases while the other is away; or declines. Whoever is away then too cannot accept.';
grant execute on function api.answer_as_deputy(uuid, uuid, boolean) to kontor_people;

create function api.end_absence(command_id uuid, absence_id uuid) returns api.absence
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('handler', 'legal', 'supervisor'); at timestamptz; away book.absences; body jsonb := jsonb_build_object('absence_id', absence_id);
begin
    select a.* into away from book.absences a where a.id = end_absence.absence_id for update;
    if not found then perform api.broken('absence_unknown'); end if;
    if api.repeated(command_id, 'deadlines.end_absence', body) then return api.find_absence(away.id); end if;
    at := api.clock();
    if away.person_id <> actor and not api.has_duty('supervisor') then perform api.broken('absence_of_another'); end if;
    if away.ended_at is not null or away.away_until <= at then perform api.broken('absence_not_open'); end if;
    update book.absences a set ended_at = at where a.id = away.id;
    perform api.record_event(command_id, 'deadlines.end_absence', actor, at, 'absence', away.id::text, null, body, '{}');
    return api.find_absence(away.id);
end $$;
comment on function api.end_absence(uuid, uuid) is 'deadlines.end_absence: Back earlier, or not going: the cases are the person''s own again.';
grant execute on function api.end_absence(uuid, uuid) to kontor_people;

create function api.assign_dispute(command_id uuid, dispute_id uuid, person_id integer) returns api.dispute_pages
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare actor integer := api.actor('handler', 'supervisor'); d book.disputes := api.take_dispute(dispute_id); at timestamptz; body jsonb := jsonb_build_object('dispute_id', dispute_id, 'person_id', person_id);
begin
    if api.repeated(command_id, 'deadlines.assign', body) then return api.find_dispute_page(d.id); end if;
    at := api.clock();
    if d.closed_at is not null then perform api.broken('dispute_not_open'); end if;
    if person_id <> actor and not api.has_duty('supervisor') then perform api.broken('case_of_another'); end if;
    perform api.check_owner(person_id, at);
    if not exists (select 1 from book.duties o where o.person_id = person_id and o.duty = 'handler') then perform api.broken('owner_without_duty'); end if;
    if api.owner_of(person_id, at) is null then perform api.broken('owner_is_away'); end if;
    update book.disputes x set handled_by = person_id where x.id = d.id;
    perform api.record_event(command_id, 'deadlines.assign', actor, at, 'dispute', d.id::text, d.customer_id, body,
        jsonb_build_object('from', api.login_of(d.handled_by), 'to', api.login_of(person_id)));
    return api.find_dispute_page(d.id);
end $$;
comment on function api.assign_dispute(uuid, uuid, integer) is 'deadlines.assign: A handler takes a case, or a supervisor gives it to somebody who is awake.';
grant execute on function api.assign_dispute(uuid, uuid, integer) to kontor_people;

-- ── What the desktop says aloud ────────────────────────────────────────────────────────────────────────────────

create function api.in_working_hours(at timestamptz) returns boolean language plpgsql stable security definer set search_path = '' as $$
declare local_at timestamp := at at time zone 'Asia/Shanghai'; hours jsonb := api.policy('working_hours', at);
begin
    return not api.is_rest_day(local_at::date) and local_at::time >= (hours ->> 'from')::time and local_at::time < (hours ->> 'until')::time;
end $$;
comment on function api.in_working_hours(timestamptz) is 'Whether people are at their desks in Shanghai: a working day, within the policy''s hours.';

create function api.due_reminders(me integer, at timestamptz) returns table (deadline_id bigint, step integer, kind text, subject_id uuid, number text, clock text, due_on date, days_left integer)
language sql stable security definer set search_path = '' as $$
    -- Of several steps that have passed only the last one is said: a desk that was closed for a month hears each clock once.
    select x.id, s.step, case x.subject_kind when 'dispute' then 'dispute' else 'judicial' end, x.subject_id, coalesce(d.number, j.number), x.kind, x.due_on, x.due_on - t.today
    from (select (at at time zone 'Asia/Shanghai')::date as today) t
    join book.deadlines x on x.stopped_at is null and x.due_on <= t.today + 90
    left join book.disputes d on d.id = x.subject_id and d.closed_at is null left join book.judicial_orders j on j.id = x.subject_id and j.lifted_at is null
    join api.owners(at) o on o.person_id = coalesce(d.handled_by, j.registered_by) and o.owner_id = me
    cross join lateral (select min(p.step) as step from (
            select (v.value #>> '{}')::integer as step from jsonb_array_elements(api.policy('reminder_days', at)) v
            union all select (api.policy('judicial_warning_days', at) #>> '{}')::integer where x.kind = 'judicial'
            union all select -1) p
        where p.step >= x.due_on - t.today or p.step = -1 and x.expires_at <= at) s
    where s.step is not null
      and not exists (select 1 from book.reminders r where r.deadline_id = x.id and r.person_id = me and r.step <= s.step)
      -- Nothing is said once the answer came: papers filed or a concession, the money on its way or earmarked.
      and not (x.kind = 'evidence' and (d.conceded_at is not null or exists (select 1 from book.evidence e where e.dispute_id = d.id and e.in_time and e.verdict in ('open', 'proposed', 'accepted'))))
      and not (x.kind = 'shortfall' and (exists (select 1 from book.recharges r where r.earmarked_for = d.id and r.amount_left > 0)
                                         or exists (select 1 from book.repayments p where p.dispute_id = d.id and p.status in ('proposed', 'approved', 'released'))))
    order by x.expires_at, x.id limit 20
$$;
comment on function api.due_reminders(integer, timestamptz) is 'The clocks of my cases that have reached a step of the policy and were not mentioned since.';

create type api.spoken_reminders as (badge integer, due jsonb);
comment on type api.spoken_reminders is 'What the desktop says now, and the number on its icon.';
comment on column api.spoken_reminders.badge is 'my cases that are overdue or due today';
comment on column api.spoken_reminders.due is '{{Array<{ kind: "dispute" | "judicial"; id: Uuid; number: string; clock: "evidence" | "shortfall" | "judicial"; due_on: IsoDate; days_left: number }>}} each said once, in working hours only';

create function api.remind() returns api.spoken_reminders language plpgsql volatile security definer set search_path = '' as $$
declare answer api.spoken_reminders; me integer := api.reader(); at timestamptz := api.clock(); midnight timestamptz := ((at at time zone 'Asia/Shanghai')::date + 1)::timestamp at time zone 'Asia/Shanghai';
begin
    answer.due := '[]';
    select count(*) into answer.badge from api.open_cases('open', null, me, null, null, 500) c where c.due_at <= midnight;
    if api.in_working_hours(at) then
        with due as (select r.* from api.due_reminders(me, at) r),
        said as (
            insert into book.reminders (person_id, deadline_id, step, told_at) select me, u.deadline_id, u.step, at from due u on conflict do nothing returning deadline_id
        )
        select coalesce(jsonb_agg(jsonb_build_object('kind', u.kind, 'id', u.subject_id, 'number', u.number, 'clock', u.clock, 'due_on', u.due_on, 'days_left', u.days_left) order by u.due_on, u.number), '[]')
        into answer.due from due u join said s on s.deadline_id = u.deadline_id;
    end if;
    return answer;
end $$;
comment on function api.remind() is 'deadlines.remind: What the desktop says aloud now: each clock of mine at each step of the policy once, in working hours, never after the answer came. Asked every minute; to ask marks it as said, so that two desks do not say it twice.';
grant execute on function api.remind() to kontor_people;
