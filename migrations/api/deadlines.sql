-- deadlines: one desk for every clock. Who owns a case today, what ends when, what a holiday moves, and what the desktop says aloud.

-- ── Awake owners ───────────────────────────────────────────────────────────────────────────────────────────────

create function api.owner_of(person integer, at timestamptz) returns integer
language plpgsql stable security definer set search_path = '' as $$
declare owner integer := person; away book.absences; steps integer := 0;
begin
    loop
        select a.* into away from book.absences a
        where a.person_id = owner and a.away_from <= at and a.away_until > at and a.declined_at is null and a.ended_at is null
        order by a.accepted_at is null, a.away_until desc limit 1;
        exit when not found;
        steps := steps + 1;
        -- Nobody took over yet, or everybody is away and points to the next.
        if away.accepted_at is null or steps > 10 then return null; end if;
        owner := away.deputy_id;
    end loop;
    return (select p.id from book.people p where p.id = owner and (p.active_until is null or p.active_until > at)
            and exists (select 1 from book.duties d where d.person_id = p.id and d.duty in ('handler', 'legal') and d.from_at <= at and (d.until_at is null or d.until_at > at)));
end $$;
comment on function api.owner_of(integer, timestamptz) is 'Who answers for this person''s cases at an instant: the person, or the deputy who accepted, or the deputy''s deputy. Null when nobody is awake.';

create function api.owners(at timestamptz) returns table (person_id integer, owner_id integer)
language sql stable security definer set search_path = '' as $$
    select p.id, api.owner_of(p.id, at) from book.people p
    where exists (select 1 from book.duties d where d.person_id = p.id and d.duty in ('handler', 'legal'))
$$;
comment on function api.owners(timestamptz) is 'The awake owner behind each person, asked once for a whole list.';

create function api.next_handler(at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
    select p.id from book.people p join book.duties d on d.person_id = p.id and d.duty = 'handler' and d.from_at <= at and (d.until_at is null or d.until_at > at)
    where api.owner_of(p.id, at) = p.id
    order by (select count(*) from book.disputes x where x.handled_by = p.id and x.closed_at is null), p.id limit 1
$$;
comment on function api.next_handler(timestamptz) is 'The awake handler with the fewest open cases: a case that an agent records is somebody''s from its first minute.';

-- ── The list ───────────────────────────────────────────────────────────────────────────────────────────────────

create type api.deadline_row as (kind text, id uuid, number text, customer_id bigint, customer_ref text, customer_name text, step text, waits_for text, clock text,
    due_at timestamptz, due_on date, nominal_on date, provisional boolean, shifted boolean, served boolean, amount numeric, handled_by text, owner text, days_left integer);
comment on type api.deadline_row is 'One open case with the date that is next.';
comment on column api.deadline_row.kind is '{{"dispute" | "judicial"}}';
comment on column api.deadline_row.step is '?{{Dispute["next_step"] | "renew_or_lift"}} what is due next';
comment on column api.deadline_row.waits_for is '?{{Dispute["waits_for"] | "legal"}} whom it waits for';
comment on column api.deadline_row.clock is '?{{"evidence" | "shortfall" | "judicial"}} the running clock; none before a lock';
comment on column api.deadline_row.due_at is 'the order of the list and, with the id, the key of its next page';
comment on column api.deadline_row.due_on is '? the last day of the running clock';
comment on column api.deadline_row.nominal_on is '? before it moved off rest days';
comment on column api.deadline_row.served is 'whether the lock notice was served; an order needs none';
comment on column api.deadline_row.amount is '? outstanding, or what an order holds';
comment on column api.deadline_row.handled_by is '? to whom the case was given';
comment on column api.deadline_row.owner is '? who answers for it today; nobody when the handler is away without a deputy';
comment on column api.deadline_row.days_left is '? days in Shanghai until the last day; negative when it has passed';

create function api.open_cases(desk_window text, search text, of_person integer, after_due timestamptz, after_id uuid, maximum integer)
returns table (kind text, id uuid, due_at timestamptz, owner_id integer)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare at timestamptz := api.clock(); midnight timestamptz := ((at at time zone 'Asia/Shanghai')::date + 1)::timestamp at time zone 'Asia/Shanghai';
    sought text := replace(replace(replace(btrim(coalesce(search, '')), '\', '\\'), '%', '\%'), '_', '\_'); named bigint[] := api.customers_named(search);
    from_due timestamptz := coalesce(after_due, '-infinity'); from_id uuid := coalesce(after_id, '00000000-0000-0000-0000-000000000000');
    first_due timestamptz := case when desk_window in ('today', 'week') then at else '-infinity' end;
    last_due timestamptz := case desk_window when 'overdue' then at when 'today' then midnight when 'week' then midnight + interval '6 days' else 'infinity' end;
begin
    return query
    with owners as materialized (select o.person_id, o.owner_id from api.owners(at) o)
    select u.kind, u.id, u.due_at, u.owner_id from (
        (select 'dispute' as kind, d.id, d.due_at, o.owner_id
         from book.disputes d left join owners o on o.person_id = d.handled_by
         where d.closed_at is null and d.due_at > first_due and d.due_at <= last_due and (d.due_at, d.id) > (from_due, from_id)
           and case desk_window
                 when 'provisional' then exists (select 1 from book.deadlines x where x.subject_id = d.id and x.stopped_at is null and x.provisional)
                 when 'not_served' then d.locked_at is not null and not exists (select 1 from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock' and s.addressee = 'holder')
                 when 'nobody' then o.owner_id is null
                 when 'court' then d.status = 'escalated'
                 else d.status <> 'escalated' or desk_window = 'open' end
           and (of_person is null or o.owner_id = of_person)
           and (sought = '' or d.number ilike sought || '%' or d.ticket_no ilike sought || '%' or d.customer_id = any (named)
                or exists (select 1 from book.recharges r where r.id = d.recharge_id and r.order_no ilike sought || '%')
                or exists (select 1 from book.customers c where c.id = d.customer_id and c.ref ilike sought || '%'))
         order by d.due_at, d.id limit maximum)
        union all
        (select 'judicial', j.id, x.expires_at, o.owner_id
         from book.deadlines x join book.judicial_orders j on j.id = x.subject_id left join owners o on o.person_id = j.registered_by
         where x.subject_kind = 'judicial_order' and x.stopped_at is null and x.expires_at > first_due and x.expires_at <= last_due and (x.expires_at, j.id) > (from_due, from_id)
           and desk_window not in ('provisional', 'not_served', 'court') and (desk_window <> 'nobody' or o.owner_id is null)
           and (of_person is null or o.owner_id = of_person)
           and (sought = '' or j.number ilike sought || '%' or j.order_no ilike '%' || sought || '%' or j.authority ilike '%' || sought || '%' or j.customer_id = any (named))
         order by x.expires_at, j.id limit maximum)) u
    order by u.due_at, u.id limit maximum;
end $$;
comment on function api.open_cases(text, text, integer, timestamptz, uuid, integer) is 'The keys of one page of the desk: two index walks, of cases and of orders, merged by what is due first.';

create function api.list_deadlines(desk_window text default 'open', search text default null, person_id integer default null,
    after_due timestamptz default null, after_id uuid default null, maximum integer default 100)
returns setof api.deadline_row language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock(); today date := (api.clock() at time zone 'Asia/Shanghai')::date;
begin
    perform api.reader();
    if coalesce(desk_window, 'open') not in ('open', 'overdue', 'today', 'week', 'provisional', 'not_served', 'nobody', 'court') then perform api.broken('argument_invalid', '{"argument": "desk_window"}'); end if;
    return query
    with picked as materialized (
        select p.* from api.open_cases(coalesce(desk_window, 'open'), search, list_deadlines.person_id, after_due, after_id, least(greatest(coalesce(maximum, 100), 1), 500)) p
    )
    select r.kind, r.id, r.number, r.customer_id, r.customer_ref, r.customer_name, r.step, r.waits_for, r.clock, r.due_at, r.due_on, r.nominal_on, r.provisional, r.shifted,
           r.served, r.amount, r.handled_by, r.owner, r.days_left
    from (select p.kind, p.id, v.number, v.customer_id, v.customer_ref, v.customer_name, v.next_step as step, v.waits_for, case when v.seconds_left is not null then v.deadline_kind end as clock, p.due_at,
                 case when v.seconds_left is not null then v.due_on end as due_on, x.nominal_on, coalesce(v.provisional and v.seconds_left is not null, false) as provisional,
                 coalesce(v.shifted and v.seconds_left is not null, false) as shifted, v.lock_served as served, v.amount_outstanding as amount,
                 v.handled_by, api.login_of(p.owner_id) as owner, case when v.seconds_left is not null then v.due_on - today end as days_left
          from picked p join api.disputes v on v.id = p.id
          left join lateral (select y.nominal_on from book.deadlines y where y.subject_id = p.id and y.stopped_at is null order by y.id desc limit 1) x on true
          where p.kind = 'dispute'
          union all
          select p.kind, p.id, j.number, j.customer_id, j.customer_ref, j.customer_name, 'renew_or_lift', 'legal', 'judicial', p.due_at, j.due_on, j.due_on, false, false, true,
                 coalesce(j.amount, j.holds), j.registered_by, api.login_of(p.owner_id), j.due_on - today
          from picked p join api.judicial_locks j on j.id = p.id where p.kind = 'judicial') r
    order by r.due_at, r.id;
end $$;
comment on function api.list_deadlines(text, text, integer, timestamptz, uuid, integer) is
    'deadlines.list: Open cases and orders by what is due first: open, overdue, today, week, provisional, not_served, nobody (no awake owner), court; of one person; found by number, order, ticket or customer. The next page begins after the last row''s due_at and id.';
grant execute on function api.list_deadlines(text, text, integer, timestamptz, uuid, integer) to kontor_people;

-- ── The overview ───────────────────────────────────────────────────────────────────────────────────────────────

create function api.next_holiday(from_on date) returns table (first_on date, last_on date, back_on date, name jsonb)
language plpgsql stable security definer set search_path = '' as $$
declare day date := from_on; listed record;
begin
    while day <= from_on + 60 loop
        if api.is_rest_day(day) and api.is_rest_day(day + 1) and api.is_rest_day(day + 2) then
            first_on := day;
            back_on := day;
            while api.is_rest_day(back_on) loop
                select l.name_en, l.name_zh into listed from api.listed_day(back_on) l where l.rest;
                if name is null and found then name := jsonb_build_object('en', listed.name_en, 'zh', listed.name_zh); end if;
                back_on := back_on + 1;
            end loop;
            last_on := back_on - 1;
            return next;
            return;
        end if;
        day := day + 1;
    end loop;
end $$;
comment on function api.next_holiday(date) is 'The next three or more rest days in a row within two months, and the first day back.';

create function api.holiday_ahead(from_on date) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('first_on', h.first_on, 'last_on', h.last_on, 'back_on', h.back_on, 'name', h.name,
        'clocks', (select count(*) from book.deadlines x where x.stopped_at is null and x.due_on = h.back_on),
        'cases', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'nominal_on', c.nominal_on) order by c.number), '[]')
                  from (select d.id, d.number, x.kind, x.nominal_on from book.deadlines x join book.disputes d on d.id = x.subject_id
                        where x.stopped_at is null and x.due_on = h.back_on order by d.number limit 50) c))
    from api.next_holiday(from_on) h
$$;
comment on function api.holiday_ahead(date) is 'Before a holiday: which clocks end on the first day back, when there will be no time left to prepare.';

create function api.desk_counts(at timestamptz, me integer) returns jsonb language sql stable security definer set search_path = '' as $$
    with owners as materialized (select o.person_id, o.owner_id from api.owners(at) o),
    bounds as (select at as now_at, ((at at time zone 'Asia/Shanghai')::date + 1)::timestamp at time zone 'Asia/Shanghai' as midnight),
    cases as (
        select d.due_at, d.status = 'escalated' as court, o.owner_id, coalesce(x.provisional, false) as provisional, d.locked_at is not null and s.dispute_id is null as not_served
        from book.disputes d left join owners o on o.person_id = d.handled_by
        left join lateral (select y.provisional from book.deadlines y where y.subject_id = d.id and y.stopped_at is null order by y.id desc limit 1) x on true
        left join lateral (select n.dispute_id from book.services_of_notice n where n.dispute_id = d.id and n.about = 'lock' and n.addressee = 'holder' limit 1) s on true
        where d.closed_at is null
        union all
        select x.expires_at, false, o.owner_id, false, false
        from book.deadlines x join book.judicial_orders j on j.id = x.subject_id left join owners o on o.person_id = j.registered_by
        where x.subject_kind = 'judicial_order' and x.stopped_at is null
    )
    select jsonb_build_object('open', count(*), 'overdue', count(*) filter (where not c.court and c.due_at <= b.now_at), 'today', count(*) filter (where not c.court and c.due_at > b.now_at and c.due_at <= b.midnight),
        'week', count(*) filter (where not c.court and c.due_at > b.now_at and c.due_at <= b.midnight + interval '6 days'), 'provisional', count(*) filter (where c.provisional),
        'not_served', count(*) filter (where c.not_served), 'nobody', count(*) filter (where c.owner_id is null), 'court', count(*) filter (where c.court), 'mine', count(*) filter (where c.owner_id = me),
        'people', (select coalesce(jsonb_object_agg(w.owner_id, jsonb_build_object('open', w.cases, 'overdue', w.overdue, 'week', w.week)), '{}')
                   from (select k.owner_id, count(*) as cases, count(*) filter (where not k.court and k.due_at <= g.now_at) as overdue,
                                count(*) filter (where not k.court and k.due_at > g.now_at and k.due_at <= g.midnight + interval '6 days') as week
                         from cases k, bounds g where k.owner_id is not null group by k.owner_id) w))
    from cases c, bounds b
$$;
comment on function api.desk_counts(timestamptz, integer) is 'How much there is in each window of the desk, and on whose table, counted in one pass.';

create type api.deadline_desk as (now timestamptz, counts jsonb, people jsonb, absences jsonb, ahead jsonb, listed_until integer);
comment on type api.deadline_desk is 'What the desk shows around its list.';
comment on column api.deadline_desk.counts is '{{{ open: number; overdue: number; today: number; week: number; provisional: number; not_served: number; nobody: number; court: number; mine: number }}} cases in each window';
comment on column api.deadline_desk.people is '{{Array<{ id: number; login: string; open: number; overdue: number; week: number; away_until: Instant | null; deputy: string | null }>}} whose table holds how much';
comment on column api.deadline_desk.absences is '{{Array<{ id: Uuid; person: string; deputy: string; away_from: Instant; away_until: Instant; state: "asked" | "accepted" | "declined"; mine: boolean; asks_me: boolean }>}} absences that are not over';
comment on column api.deadline_desk.ahead is '?{{{ first_on: IsoDate; last_on: IsoDate; back_on: IsoDate; name: { en: string; zh: string } | null; clocks: number; cases: Array<{ id: Uuid; number: string; kind: string; nominal_on: IsoDate }> }}} the next holiday and what ends on the first day back';
comment on column api.deadline_desk.listed_until is '? the last year whose official list is in force: later dates are provisional';

create function api.open_deadline_desk() returns api.deadline_desk language plpgsql stable security definer set search_path = '' as $$
declare answer api.deadline_desk; me integer := api.reader(); at timestamptz := api.clock();
begin
    answer.now := at;
    answer.counts := api.desk_counts(at, me);
    select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'login', p.login, 'open', coalesce(w.open, 0), 'overdue', coalesce(w.overdue, 0), 'week', coalesce(w.week, 0),
               'away_until', api.instant_text(a.away_until), 'deputy', case when a.accepted_at is not null then api.login_of(a.deputy_id) end) order by coalesce(w.open, 0) desc, p.login), '[]')
    into answer.people
    from book.people p
    left join lateral jsonb_to_record(answer.counts #> array['people', p.id::text]) w (open integer, overdue integer, week integer) on true
    left join lateral (select x.* from book.absences x where x.person_id = p.id and x.away_from <= at and x.away_until > at and x.declined_at is null and x.ended_at is null
                       order by x.accepted_at is null limit 1) a on true
    where (p.active_until is null or p.active_until > at)
      and exists (select 1 from book.duties d where d.person_id = p.id and d.duty in ('handler', 'legal') and d.from_at <= at and (d.until_at is null or d.until_at > at));
    answer.counts := answer.counts - 'people';
    select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'person', api.login_of(a.person_id), 'deputy', api.login_of(a.deputy_id), 'away_from', api.instant_text(a.away_from), 'away_until', api.instant_text(a.away_until),
               'state', case when a.accepted_at is not null then 'accepted' when a.declined_at is not null then 'declined' else 'asked' end,
               'mine', a.person_id = me, 'asks_me', a.deputy_id = me and num_nonnulls(a.accepted_at, a.declined_at) = 0) order by a.away_from, a.id), '[]')
    into answer.absences from book.absences a where a.away_until > at and a.ended_at is null;
    answer.ahead := api.holiday_ahead((at at time zone 'Asia/Shanghai')::date);
    select max(c.year) into answer.listed_until from book.calendars c where c.in_force and c.kind = 'official';
    return answer;
end $$;
comment on function api.open_deadline_desk() is 'deadlines.desk: How much is overdue, due today and this week, provisional, not served or nobody''s; who has how much and who is away; which clocks end on the first day after the next holiday.';
grant execute on function api.open_deadline_desk() to kontor_people;

create type api.deadline_day as ("on" date, rest boolean, makeup boolean, name_en text, name_zh text, clocks integer, provisional integer, cases jsonb);
comment on type api.deadline_day is 'One day of a month with the clocks that end on it.';
comment on column api.deadline_day.name_en is '? of a listed day';
comment on column api.deadline_day.name_zh is '? of a listed day';
comment on column api.deadline_day.cases is '{{Array<{ kind: "dispute" | "judicial"; id: Uuid; number: string; clock: "evidence" | "shortfall" | "judicial"; nominal_on: IsoDate; shifted: boolean; provisional: boolean }>}} the first twenty of the day';

create function api.deadline_month(month date) returns setof api.deadline_day language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return query
    select g.d, r.rest, not r.rest and extract(isodow from g.d) >= 6, n.name_en, n.name_zh, coalesce(c.clocks, 0)::integer, coalesce(c.provisional, 0)::integer, coalesce(c.cases, '[]')
    from (select x::date as d from generate_series(date_trunc('week', date_trunc('month', month::timestamp)), date_trunc('week', date_trunc('month', month::timestamp) + interval '1 month' - interval '1 day') + interval '6 days', interval '1 day') x) g
    cross join lateral (select api.is_rest_day(g.d) as rest) r
    left join lateral api.listed_day(g.d) n on true
    left join lateral (
        select count(*) as clocks, count(*) filter (where x.provisional) as provisional,
               jsonb_agg(jsonb_build_object('kind', case x.subject_kind when 'dispute' then 'dispute' else 'judicial' end, 'id', x.subject_id, 'number', x.number, 'clock', x.kind,
                   'nominal_on', x.nominal_on, 'shifted', x.shifted, 'provisional', x.provisional) order by x.number) filter (where x.rank <= 20) as cases
        from (select l.*, coalesce(d.number, o.number) as number, row_number() over (order by coalesce(d.number, o.number)) as rank
              from book.deadlines l left join book.disputes d on d.id = l.subject_id left join book.judicial_orders o on o.id = l.subject_id
              where l.due_on = g.d and l.stopped_at is null) x) c on true
    order by g.d;
end $$;
comment on function api.deadline_month(date) is 'deadlines.month: A month in whole weeks: rest days and make-up days, and the clocks that end on each day.';
grant execute on function api.deadline_month(date) to kontor_people;

create type api.deadline_feed_entry as (uid text, number text, clock text, due_on date, started_at timestamptz, provisional boolean, revision integer, changed_at timestamptz);
comment on type api.deadline_feed_entry is 'One clock for a calendar program: no name, no amount.';
comment on column api.deadline_feed_entry.clock is '{{"evidence" | "shortfall" | "judicial"}}';
comment on column api.deadline_feed_entry.revision is 'how often the date was counted anew: a later file replaces the entry';

create function api.feed_deadlines(mine boolean default true) returns setof api.deadline_feed_entry language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.reader(); at timestamptz := api.clock();
begin
    return query
    select format('%s-%s@kontor', x.subject_id, x.kind), coalesce(d.number, j.number), x.kind, x.due_on, x.started_at, x.provisional,
           (select count(*)::integer from book.deadline_changes h where h.deadline_id = x.id), x.computed_at
    from book.deadlines x left join book.disputes d on d.id = x.subject_id left join book.judicial_orders j on j.id = x.subject_id
    left join api.owners(at) o on o.person_id = coalesce(d.handled_by, j.registered_by)
    where x.stopped_at is null and (not coalesce(mine, true) or o.owner_id = me)
    order by x.due_on, x.id limit 5000;
end $$;
comment on function api.feed_deadlines(boolean) is 'deadlines.feed: The running clocks for a calendar file, mine or everybody''s, the next 5,000.';
grant execute on function api.feed_deadlines(boolean) to kontor_people;
