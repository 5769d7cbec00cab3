-- step-up: before what policy names, a person proves again who they are. Postgres checks the password, on a connection
-- made for that alone; the proof is theirs for a few minutes, so that a batch asks once and none of its cases again.

create function api.connected_since() returns timestamptz language sql stable security definer set search_path = '' as $$
    select s.backend_start from pg_catalog.pg_stat_activity s where s.pid = pg_backend_pid()
$$;
comment on function api.connected_since() is 'Since when this connection has been open, by the server''s own clock; null where the server does not tell our role.';

create type api.step_up as (until_at timestamptz, minutes integer);
comment on column api.step_up.until_at is 'until when it counts';

create function api.step_up(command_id uuid) returns api.step_up language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor', 'administrator');
    at timestamptz; minutes integer; answer api.step_up;
begin
    if not api.repeated(command_id, 'session.step_up', '{}') then
        at := api.clock();
        -- The window's own connection is as old as the sign-in; only a new one had its password checked just now.
        if coalesce(clock_timestamp() - api.connected_since() > interval '15 seconds', true) then perform api.broken('step_up_on_old_connection'); end if;
        minutes := (api.policy('step_up_minutes', at) #>> '{}')::integer;
        insert into book.step_ups (id, person_id, made_at, until_at) values (command_id, actor, at, at + make_interval(mins => minutes));
        perform api.record_event(command_id, 'session.step_up', actor, at, 'person', actor::text, null, '{}');
    end if;
    select s.until_at, (extract(epoch from s.until_at - s.made_at) / 60)::integer into answer from book.step_ups s where s.id = command_id;
    return answer;
end $$;
comment on function api.step_up(uuid) is 'session.step_up: On a connection whose password Postgres has just checked: for the minutes that policy gives, this person may do what asks for it.';
grant execute on function api.step_up(uuid) to kontor_people;

create function api.check_step_up(actor integer, asked_by text, amount numeric, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if amount > coalesce((api.policy(asked_by, at) #>> '{}')::numeric, 'Infinity')
       and not exists (select from book.step_ups s where s.person_id = actor and s.made_at <= at and s.until_at > at) then
        perform api.broken('step_up_missing', jsonb_build_object('minutes', api.policy('step_up_minutes', at)));
    end if;
end $$;
comment on function api.check_step_up(integer, text, numeric, timestamptz) is 'Refuses what goes above the amount of a step-up policy (none: never asked) while the person has not given their password again.';
