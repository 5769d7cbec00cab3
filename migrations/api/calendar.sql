-- calendar: counting contract days (rules, section 2; Civil Code 201, 203, 204) and the official lists of rest days.
-- Every due date of the application comes from api.compute_deadline; nothing else adds days to a date.

create function api.listed_day(on_date date, out rest boolean, out name_en text, out name_zh text)
language plpgsql stable security definer set search_path = '' as $$
begin
    select d.rest, d.name_en, d.name_zh into listed_day.rest, listed_day.name_en, listed_day.name_zh
    from book.calendars c join book.calendar_days d on d.calendar_id = c.id and d.on_date = listed_day.on_date
    where c.in_force and c.year in (extract(year from listed_day.on_date)::integer, extract(year from listed_day.on_date)::integer + 1)
    order by c.year desc limit 1;
end $$;
comment on function api.listed_day(date) is 'What the lists in force say of a day; nothing when it is a plain day of the week. A year''s notice may reach into the last week of the year before, and then it wins.';

create function api.is_rest_day(on_date date) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare rest boolean;
begin
    select l.rest into rest from api.listed_day(on_date) l;
    return coalesce(rest, extract(isodow from on_date) >= 6);
end $$;
comment on function api.is_rest_day(date) is 'A listed day off, or a Saturday or Sunday that is not a make-up working day (rules 2.2).';

create function api.calendar_version_for(nominal_on date, due_on date) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
    return (select string_agg(coalesce(c.version, 'weekends-' || y), ' ' order by y)
            from generate_series(extract(year from nominal_on)::integer, extract(year from due_on)::integer) y
            left join book.calendars c on c.year = y and c.in_force);
end $$;
comment on function api.calendar_version_for(date, date) is 'The versions of the lists that decided the last day.';

create function api.compute_deadline(started_at timestamptz, days integer, zone text default 'Asia/Shanghai', rest_days boolean default true,
    out day_zero date, out nominal_on date, out due_on date, out expires_at timestamptz, out shifted boolean, out provisional boolean, out calendar_version text)
language plpgsql stable security definer set search_path = '' as $$
declare last_listed integer;
begin
    day_zero := (started_at at time zone zone)::date;
    nominal_on := day_zero + days;
    due_on := nominal_on;
    provisional := false;
    if rest_days then
        while api.is_rest_day(due_on) loop due_on := due_on + 1; end loop;
        select max(c.year) into last_listed from book.calendars c where c.in_force and c.kind = 'official';
        -- Next year's notice can still change the last week of this one, so that week is not certain before it is out.
        provisional := last_listed is null or due_on >= make_date(last_listed, 12, 25)
            or not exists (select 1 from book.calendars c where c.in_force and c.kind = 'official' and c.year = extract(year from nominal_on)::integer);
        calendar_version := api.calendar_version_for(nominal_on, due_on);
    end if;
    shifted := due_on <> nominal_on;
    expires_at := (due_on + 1)::timestamp at time zone zone;
end $$;
comment on function api.compute_deadline(timestamptz, integer, text, boolean) is
    'The last day of a period of days: the first day is not counted, only the last day moves off rest days, and it ends at 24:00 (Civil Code 201, 203). expires_at is exclusive: received before it is in time.';

-- ── Deadlines of cases ─────────────────────────────────────────────────────────────────────────────────────────

create function api.start_deadline(subject_kind text, subject_id uuid, kind text, started_at timestamptz, days integer, zone text, rest_days boolean, at timestamptz)
returns bigint language sql volatile security definer set search_path = '' as $$
    insert into book.deadlines (subject_kind, subject_id, kind, started_at, days, zone, rest_days, day_zero, nominal_on, due_on, expires_at, shifted, provisional,
                                calendar_version, computed_at)
    select subject_kind, subject_id, kind, started_at, days, zone, rest_days, c.day_zero, c.nominal_on, c.due_on, c.expires_at, c.shifted, c.provisional, c.calendar_version, at
    from api.compute_deadline(started_at, days, zone, rest_days) c
    returning id
$$;
comment on function api.start_deadline(text, uuid, text, timestamptz, integer, text, boolean, timestamptz) is 'Starts a clock and stores its arithmetic with the version of the calendar.';

create function api.stop_deadlines(subject_id uuid, at timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
    update book.deadlines d set stopped_at = at where d.subject_id = stop_deadlines.subject_id and d.stopped_at is null
$$;
comment on function api.stop_deadlines(uuid, timestamptz) is 'Nothing is waited for any more.';

create function api.recompute_deadline(deadline_id bigint, extra_days integer, cause text, reason text, actor integer, at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare before book.deadlines; now_ record;
begin
    select d.* into before from book.deadlines d where d.id = deadline_id for update;
    select c.* into now_ from api.compute_deadline(before.started_at, before.days + before.extended_days + extra_days, before.zone, before.rest_days) c;
    if extra_days = 0 and (now_.due_on, now_.provisional, now_.calendar_version) is not distinct from (before.due_on, before.provisional, before.calendar_version) then
        return false;
    end if;
    update book.deadlines d set extended_days = before.extended_days + extra_days, nominal_on = now_.nominal_on, due_on = now_.due_on, expires_at = now_.expires_at,
           shifted = now_.shifted, provisional = now_.provisional, calendar_version = now_.calendar_version, computed_at = at
    where d.id = deadline_id;
    insert into book.deadline_changes (deadline_id, cause, reason, extended_days, from_due_on, to_due_on, from_version, to_version, changed_at, changed_by)
    values (deadline_id, cause, reason, extra_days, before.due_on, now_.due_on, before.calendar_version, now_.calendar_version, at, actor);
    return true;
end $$;
comment on function api.recompute_deadline(bigint, integer, text, text, integer, timestamptz) is 'Counts a clock again: after an extension, or with a new list. Writes down what moved; false when nothing did.';

-- ── Explain this date ──────────────────────────────────────────────────────────────────────────────────────────

create function api.deadline_grid(day_zero date, nominal_on date, due_on date, rest_days boolean) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
    -- Every day of the lists is read once, together: a look at each day by itself cost more than all the rest of a case's page.
    return (select jsonb_agg(jsonb_build_object(
        'on', g.on_date,
        'number', case when g.on_date > day_zero and g.on_date <= nominal_on then g.on_date - day_zero end,
        'kind', case when g.on_date = day_zero then 'day_zero'
                     when g.on_date = due_on then 'due'
                     when g.on_date >= nominal_on and g.on_date < due_on then 'shift'
                     when g.on_date < day_zero or g.on_date > due_on then 'outside'
                     when rest_days and g.rest then 'rest'
                     when rest_days and g.listed = false then 'makeup'
                     else 'counted' end,
        'rest', g.rest,
        'makeup', coalesce(not g.listed, false),
        'name', case when g.name_en is not null then jsonb_build_object('en', g.name_en, 'zh', g.name_zh) end) order by g.on_date)
    from (select distinct on (t.on_date) t.on_date, l.rest as listed, l.name_en, l.name_zh, coalesce(l.rest, extract(isodow from t.on_date) >= 6) as rest
          from (select d::date as on_date
                from generate_series(date_trunc('week', day_zero::timestamp), date_trunc('week', due_on::timestamp) + interval '6 days', interval '1 day') d) t
          -- As in api.listed_day: a year's notice may reach into the year before, and then it wins.
          left join (select c.year, y.on_date, y.rest, y.name_en, y.name_zh from book.calendars c join book.calendar_days y on y.calendar_id = c.id
                     where c.in_force and c.year between extract(year from day_zero)::integer - 1 and extract(year from due_on)::integer + 2) l
            on l.on_date = t.on_date and l.year in (extract(year from t.on_date)::integer, extract(year from t.on_date)::integer + 1)
          order by t.on_date, l.year desc) g);
end $$;
comment on function api.deadline_grid(date, date, date, boolean) is 'The small calendar: every day from the Monday of day zero''s week to the Sunday after the last day.';

create function api.deadline_facts(started_at timestamptz, days integer, zone text, rest_days boolean, clause text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare c record; facts jsonb; listed record; day date; last_listed integer;
begin
    select x.* into c from api.compute_deadline(started_at, days, zone, rest_days) x;
    facts := jsonb_build_array(
        jsonb_build_object('fact', 'started', 'clause', clause, 'at', api.instant_text(started_at), 'on', c.day_zero, 'zone', zone),
        jsonb_build_object('fact', 'first_day_not_counted', 'clause', 'Civil Code 201', 'on', c.day_zero),
        jsonb_build_object('fact', 'days_counted', 'clause', clause, 'days', days, 'on', c.nominal_on));
    if rest_days then
        select l.* into listed from api.listed_day(c.nominal_on) l;
        if not c.shifted and extract(isodow from c.nominal_on) >= 6 then
            facts := facts || jsonb_build_object('fact', 'last_day_is_makeup_workday', 'clause', 'Civil Code 203', 'on', c.nominal_on, 'name', jsonb_build_object('en', listed.name_en, 'zh', listed.name_zh));
        end if;
        day := c.nominal_on;
        while day < c.due_on loop
            select l.* into listed from api.listed_day(day) l;
            facts := facts || jsonb_build_object('fact', case when day = c.nominal_on then 'last_day_is_rest_day' else 'next_day_is_rest_day' end, 'clause', 'Civil Code 203', 'on', day,
                'name', case when listed.name_en is not null then jsonb_build_object('en', listed.name_en, 'zh', listed.name_zh) end);
            day := day + 1;
        end loop;
        if c.shifted then facts := facts || jsonb_build_object('fact', 'moved_to', 'clause', 'Civil Code 203', 'on', c.due_on); end if;
        facts := facts || jsonb_build_object('fact', 'nothing_else_agreed', 'clause', 'Civil Code 204');
    else
        facts := facts || jsonb_build_object('fact', 'rest_days_do_not_count', 'clause', clause);
    end if;
    facts := facts || jsonb_build_object('fact', 'ends_at_midnight', 'clause', 'Civil Code 203', 'on', c.due_on, 'at', api.instant_text(c.expires_at), 'zone', zone);
    if c.provisional then
        select max(y.year) into last_listed from book.calendars y where y.in_force and y.kind = 'official';
        facts := facts || jsonb_build_object('fact', 'provisional', 'clause', 'Civil Code 203', 'year', last_listed);
    end if;
    return facts;
end $$;
comment on function api.deadline_facts(timestamptz, integer, text, boolean, text) is 'Why a date is what it is, sentence by sentence, each with its article: the screen and the letter word them.';

create function api.deadline_what_ifs(started_at timestamptz, days integer, zone text, rest_days boolean) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
    return (
    select jsonb_agg(jsonb_build_object('offset', o, 'started_on', c.day_zero, 'nominal_on', c.nominal_on, 'due_on', c.due_on,
        'expires_at', api.instant_text(c.expires_at), 'shifted', c.shifted, 'provisional', c.provisional) order by o)
    from unnest(array[-1, 1]) o cross join lateral api.compute_deadline(started_at + make_interval(days => o), days, zone, rest_days) c);
end $$;
comment on function api.deadline_what_ifs(timestamptz, integer, text, boolean) is 'The same clock started a day earlier and a day later.';

create function api.deadline_explanation(started_at timestamptz, days integer, zone text, rest_days boolean, clause text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
    return (
    select jsonb_build_object('started_at', api.instant_text(started_at), 'days', days, 'zone', zone, 'rest_days', rest_days,
        'day_zero', c.day_zero, 'nominal_on', c.nominal_on, 'due_on', c.due_on, 'expires_at', api.instant_text(c.expires_at),
        'shifted', c.shifted, 'provisional', c.provisional, 'calendar_version', c.calendar_version,
        'grid', api.deadline_grid(c.day_zero, c.nominal_on, c.due_on, rest_days),
        'facts', api.deadline_facts(started_at, days, zone, rest_days, clause),
        'what_ifs', api.deadline_what_ifs(started_at, days, zone, rest_days))
    from api.compute_deadline(started_at, days, zone, rest_days) c);
end $$;
comment on function api.deadline_explanation(timestamptz, integer, text, boolean, text) is 'The explanation of a date in one value, for the pages of cases.';

create type api.deadline_explanations as (started_at timestamptz, days integer, zone text, rest_days boolean, day_zero date, nominal_on date, due_on date,
    expires_at timestamptz, shifted boolean, provisional boolean, calendar_version text, grid jsonb, facts jsonb, what_ifs jsonb);
comment on column api.deadline_explanations.expires_at is 'exclusive: received before it is in time';
comment on column api.deadline_explanations.calendar_version is '? null when rest days do not matter';
comment on column api.deadline_explanations.grid is '{{Array<{ on: IsoDate; number: number | null; kind: "day_zero" | "counted" | "rest" | "makeup" | "shift" | "due" | "outside"; rest: boolean; makeup: boolean; name: { en: string; zh: string } | null }>}} Monday of day zero''s week to the Sunday after the last day';
comment on column api.deadline_explanations.facts is '{{Array<{ fact: "started" | "first_day_not_counted" | "days_counted" | "last_day_is_makeup_workday" | "last_day_is_rest_day" | "next_day_is_rest_day" | "moved_to" | "nothing_else_agreed" | "rest_days_do_not_count" | "ends_at_midnight" | "provisional"; clause: string; on?: IsoDate; at?: Instant; zone?: string; days?: number; year?: number; name?: { en: string; zh: string } | null }>}} sentence by sentence';
comment on column api.deadline_explanations.what_ifs is '{{Array<{ offset: number; started_on: IsoDate; nominal_on: IsoDate; due_on: IsoDate; expires_at: Instant; shifted: boolean; provisional: boolean }>}} started a day earlier, a day later';

create function api.explain_deadline(started_at timestamptz, days integer default 30, zone text default 'Asia/Shanghai', rest_days boolean default true, clause text default 'RA 5.2')
returns api.deadline_explanations language plpgsql stable security definer set search_path = '' as $$
declare answer api.deadline_explanations; explained jsonb;
begin
    perform api.reader();
    days := coalesce(days, 30);
    if days not between 1 and 400 then perform api.broken('deadline_days_out_of_range', '{"least": 1, "most": 400}'); end if;
    begin
        explained := api.deadline_explanation(started_at, days, coalesce(zone, 'Asia/Shanghai'), coalesce(rest_days, true), coalesce(clause, 'RA 5.2'));
    exception when invalid_parameter_value then
        perform api.broken('zone_unknown', jsonb_build_object('zone', left(zone, 60)));
    end;
    answer := jsonb_populate_record(null::api.deadline_explanations, explained);
    return answer;
end $$;
comment on function api.explain_deadline(timestamptz, integer, text, boolean, text) is 'calendar.explain: Explains a due date: what started it, the day count on a small calendar, the articles, the last instant, and what a day earlier or later would change.';
grant execute on function api.explain_deadline(timestamptz, integer, text, boolean, text) to kontor_people;

-- ── The lists ──────────────────────────────────────────────────────────────────────────────────────────────────

create view api.calendars as
select c.id, c.version, c.year, c.kind, c.notice_no, c.notice_title, c.notice_source, c.announced_on, c.in_force,
       i.login as imported_by, c.imported_at, f.login as confirmed_by, c.confirmed_at, api.login_of(c.declined_by) as declined_by, c.declined_at, c.declined_why,
       (select coalesce(jsonb_agg(jsonb_build_object('on', d.on_date, 'rest', d.rest, 'name', jsonb_build_object('en', d.name_en, 'zh', d.name_zh)) order by d.on_date), '[]')
        from book.calendar_days d where d.calendar_id = c.id) as days
from book.calendars c left join book.people i on i.id = c.imported_by left join book.people f on f.id = c.confirmed_by;
comment on view api.calendars is 'Lists of rest days and make-up days, all versions.';
comment on column api.calendars.notice_no is '? number of the notice';
comment on column api.calendars.notice_source is '? where it was published';
comment on column api.calendars.announced_on is '? when it was published';
comment on column api.calendars.imported_by is '? null: came with the program';
comment on column api.calendars.confirmed_by is '? null: not confirmed, or came with the program';
comment on column api.calendars.confirmed_at is '? when it was confirmed';
comment on column api.calendars.declined_by is '? who declined it or took it back';
comment on column api.calendars.declined_at is '? when';
comment on column api.calendars.declined_why is '? why';
comment on column api.calendars.days is '{{Array<{ on: IsoDate; rest: boolean; name: { en: string; zh: string } }>}} days that differ from the plain week';

create function api.list_calendars() returns setof api.calendars language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return query select c.* from api.calendars c order by c.year desc, c.id desc limit 500;
end $$;
comment on function api.list_calendars() is 'calendar.list: Every version of every year''s list, newest first.';
grant execute on function api.list_calendars() to kontor_people;

create function api.check_calendar_days(year integer, days jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare bad text;
begin
    if jsonb_typeof(days) <> 'array' or jsonb_array_length(days) = 0 or jsonb_array_length(days) > 200 then perform api.broken('calendar_list_incomplete'); end if;
    select left(coalesce(d.value ->> 'date', '?'), 20) into bad from jsonb_array_elements(days) d
    where coalesce(d.value ->> 'date', '') !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or jsonb_typeof(d.value -> 'off') is distinct from 'boolean' limit 1;
    if found then perform api.broken('calendar_day_not_understood', jsonb_build_object('date', bad)); end if;
    select d.value ->> 'date' into bad from jsonb_array_elements(days) d
    where (d.value ->> 'date')::date not between make_date(year - 1, 12, 25) and make_date(year, 12, 31) limit 1;
    if found then perform api.broken('calendar_day_in_other_year', jsonb_build_object('date', bad)); end if;
    select d.value ->> 'date' into bad from jsonb_array_elements(days) d group by 1 having count(*) > 1 limit 1;
    if found then perform api.broken('calendar_day_repeated', jsonb_build_object('date', bad)); end if;
    select d.value ->> 'date' into bad from jsonb_array_elements(days) d
    where not (d.value -> 'off')::boolean and extract(isodow from (d.value ->> 'date')::date) < 6 limit 1;
    if found then perform api.broken('makeup_day_is_no_weekend', jsonb_build_object('date', bad)); end if;
    -- New Year and the first of October are days off in every year: a list without them is a piece of a list.
    if (select count(*) from jsonb_array_elements(days) d where (d.value -> 'off')::boolean
        and (d.value ->> 'date')::date in (make_date(year, 1, 1), make_date(year, 10, 1))) < 2 then perform api.broken('calendar_list_incomplete'); end if;
exception when datetime_field_overflow then
    perform api.broken('calendar_day_not_understood');
end $$;
comment on function api.check_calendar_days(integer, jsonb) is 'Refuses a list that cannot be a year''s notice.';

create function api.import_calendar(command_id uuid, year integer, notice_title text, days jsonb, notice_no text default null, notice_source text default null, announced_on date default null)
returns api.calendars language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); at timestamptz; list_id integer; answer api.calendars;
    body jsonb := jsonb_build_object('year', year, 'notice_title', notice_title, 'days', days, 'notice_no', notice_no, 'notice_source', notice_source, 'announced_on', announced_on);
begin
    perform 1 from book.calendars c order by c.id for update;
    if api.repeated(command_id, 'calendar.import', body) then
        select (e.subject_id)::integer into list_id from book.audit_events e where e.command_id = import_calendar.command_id;
    else
        at := api.clock();
        perform api.check_calendar_days(year, days);
        insert into book.calendars (version, year, kind, notice_no, notice_title, notice_source, announced_on, imported_by, imported_at)
        select format('cn-%s.%s', import_calendar.year, count(*) + 1), import_calendar.year, 'official', import_calendar.notice_no, import_calendar.notice_title,
               import_calendar.notice_source, import_calendar.announced_on, actor, at
        from book.calendars c where c.year = import_calendar.year and c.kind = 'official'
        returning id into list_id;
        insert into book.calendar_days (calendar_id, on_date, rest, name_en, name_zh)
        select list_id, (d.value ->> 'date')::date, (d.value -> 'off')::boolean, coalesce(d.value ->> 'name_en', d.value ->> 'name', ''), coalesce(d.value ->> 'name_zh', d.value ->> 'name', '')
        from jsonb_array_elements(days) d;
        perform api.record_event(command_id, 'calendar.import', actor, at, 'calendar', list_id::text, null, body,
            jsonb_build_object('year', year, 'days', jsonb_array_length(days), 'notice_no', notice_no));
    end if;
    select c.* into answer from api.calendars c where c.id = list_id;
    return answer;
end $$;
comment on function api.import_calendar(uuid, integer, text, jsonb, text, text, date) is
    'calendar.import: An administrator enters a year''s official list: days as [{date, off, name}]. It decides nothing until an approver confirms it.';
grant execute on function api.import_calendar(uuid, integer, text, jsonb, text, text, date) to kontor_people;

create function api.recompute_deadlines(list_version text, actor integer, at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare running record; moved integer := 0; body jsonb;
begin
    perform 1 from book.customers c where c.id in (select d.customer_id from book.disputes d where d.closed_at is null) order by c.id for update;
    for running in select d.id, d.subject_kind, d.subject_id, x.customer_id from book.deadlines d left join book.disputes x on x.id = d.subject_id
                   where d.stopped_at is null and d.rest_days order by x.customer_id, d.id loop
        if api.recompute_deadline(running.id, 0, 'calendar', list_version, actor, at) then
            moved := moved + 1;
            body := jsonb_build_object('deadline', running.id, 'calendar', list_version);
            perform api.record_event(gen_random_uuid(), 'calendar.recompute', actor, at, running.subject_kind, running.subject_id::text, running.customer_id, body,
                (select body || jsonb_build_object('from_due_on', h.from_due_on, 'to_due_on', h.to_due_on) from book.deadline_changes h where h.deadline_id = running.id order by h.id desc limit 1));
            if running.customer_id is not null then perform api.refresh_dispute(running.subject_id, actor, at); end if;
        end if;
    end loop;
    return moved;
end $$;
comment on function api.recompute_deadlines(text, integer, timestamptz) is 'Counts every running clock again with the lists now in force; one audit event for each that moved or became certain.';

create function api.confirm_calendar(command_id uuid, calendar_id integer) returns api.calendars
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; list book.calendars; answer api.calendars; moved integer; body jsonb := jsonb_build_object('calendar_id', calendar_id);
begin
    perform 1 from book.calendars c order by c.id for update;
    select c.* into list from book.calendars c where c.id = confirm_calendar.calendar_id;
    if not found then perform api.broken('calendar_unknown'); end if;
    if not api.repeated(command_id, 'calendar.confirm', body) then
        at := api.clock();
        if list.confirmed_at is not null then perform api.broken('calendar_already_confirmed'); end if;
        if list.declined_at is not null then perform api.broken('calendar_already_declined'); end if;
        if list.imported_by = actor then perform api.broken('calendar_confirmed_by_importer'); end if;
        update book.calendars c set in_force = false where c.year = list.year and c.in_force;
        update book.calendars c set in_force = true, confirmed_by = actor, confirmed_at = at where c.id = list.id;
        moved := api.recompute_deadlines(list.version, actor, at);
        perform api.record_event(command_id, 'calendar.confirm', actor, at, 'calendar', list.id::text, null, body, jsonb_build_object('version', list.version, 'deadlines_moved', moved));
    end if;
    select c.* into answer from api.calendars c where c.id = list.id;
    return answer;
end $$;
comment on function api.confirm_calendar(uuid, integer) is 'calendar.confirm: An approver, who is not the importer, puts a list in force; running clocks are counted again, each with a record.';
grant execute on function api.confirm_calendar(uuid, integer) to kontor_people;

create function api.decline_calendar(command_id uuid, calendar_id integer, reason text) returns api.calendars
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'administrator'); at timestamptz; list book.calendars; answer api.calendars; body jsonb := jsonb_build_object('calendar_id', calendar_id, 'reason', reason);
begin
    select c.* into list from book.calendars c where c.id = decline_calendar.calendar_id for update;
    if not found then perform api.broken('calendar_unknown'); end if;
    if not api.repeated(command_id, 'calendar.decline', body) then
        at := api.clock();
        if list.confirmed_at is not null then perform api.broken('calendar_already_confirmed'); end if;
        if list.declined_at is not null then perform api.broken('calendar_already_declined'); end if;
        if list.imported_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.calendars c set declined_by = actor, declined_at = at, declined_why = api.tidy(reason) where c.id = list.id;
        perform api.record_event(command_id, 'calendar.decline', actor, at, 'calendar', list.id::text, null, body, jsonb_build_object('version', list.version, 'reason', api.tidy(reason)));
    end if;
    select c.* into answer from api.calendars c where c.id = list.id;
    return answer;
end $$;
comment on function api.decline_calendar(uuid, integer, text) is 'calendar.decline: An approver declines a list, or the administrator who entered it takes it back; both say why.';
grant execute on function api.decline_calendar(uuid, integer, text) to kontor_people;
