-- platform_events: the one outbox to the platform. Written in the transaction of the fact, read at least once, in order for each account.

create function api.tell_platform(customer_id bigint, kind text, subject uuid, payload jsonb, at timestamptz) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare told bigint;
begin
    -- The customer's row is what makes the numbers gap-free: whoever tells holds it already, and to take it again costs nothing.
    perform api.lock_customer(customer_id);
    insert into book.platform_events (customer_id, place, kind, subject_id, payload, created_at)
    select customer_id, coalesce(max(e.place), 0) + 1, kind, subject, payload, at from book.platform_events e where e.customer_id = tell_platform.customer_id
    returning id into told;
    return told;
end $$;
comment on function api.tell_platform(bigint, text, uuid, jsonb, timestamptz) is 'Writes what the platform must do for an account, as area.verb, after everything told before. The payload names things by number; a person''s data goes in only where the platform has no other way to know it.';

create type api.platform_event as (id bigint, customer_ref text, place bigint, kind text, subject_id uuid, payload jsonb, created_at timestamptz, attempts integer);
comment on type api.platform_event is 'One thing that the platform must do.';
comment on column api.platform_event.place is 'counts the account''s own events without a gap: a missing one has not been read yet';
comment on column api.platform_event.payload is '{{Record<string, unknown>}} what it needs to do it';
comment on column api.platform_event.attempts is 'how often it was read, this time included';

create function api.read_platform_events(after_id bigint default 0, maximum integer default 100) returns setof api.platform_event
language plpgsql volatile security definer set search_path = '' as $$
declare reader integer := api.actor('platform'); at timestamptz := api.clock();
begin
    return query
    with waiting as (
        select e.id from book.platform_events e
        where e.acknowledged_at is null and e.id > coalesce(after_id, 0)
        order by e.id limit least(greatest(coalesce(maximum, 100), 1), 500) for no key update
    ), given as (
        update book.platform_events e set delivered_at = coalesce(e.delivered_at, at), last_delivered_at = at, attempts = e.attempts + 1
        from waiting w where e.id = w.id returning e.*
    )
    select g.id, c.ref, g.place, g.kind, g.subject_id, g.payload, g.created_at, g.attempts
    from given g join book.customers c on c.id = g.customer_id order by g.id;
end $$;
comment on function api.read_platform_events(bigint, integer) is
    'platform_events.read: What is not acknowledged yet, in order, for the platform''s own login; again and again until it is. after_id goes past an account that is stuck; whoever starts over begins at 0, because numbers become visible out of order between accounts.';
grant execute on function api.read_platform_events(bigint, integer) to kontor_people;

create type api.platform_acknowledgement as (id bigint, acknowledged_at timestamptz);
comment on type api.platform_acknowledgement is 'An event that is done, and when its acknowledgement arrived first.';

create function api.acknowledge_platform_event(command_id uuid, event_id bigint, done_at timestamptz default null) returns api.platform_acknowledgement
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); at timestamptz; event book.platform_events; earlier bigint; body jsonb := jsonb_build_object('event_id', event_id, 'done_at', done_at);
begin
    select e.* into event from book.platform_events e where e.id = event_id;
    if not found then perform api.broken('platform_event_unknown'); end if;
    perform api.lock_customer(event.customer_id);
    select e.* into event from book.platform_events e where e.id = event_id for update;
    if not api.repeated(command_id, 'platform_events.acknowledge', body) and event.acknowledged_at is null then
        at := api.clock();
        if event.delivered_at is null then perform api.broken('platform_event_not_read'); end if;
        if done_at > at then perform api.broken('instant_in_the_future', jsonb_build_object('now', api.instant_text(at))); end if;
        select min(e.place) into earlier from book.platform_events e where e.customer_id = event.customer_id and e.place < event.place and e.acknowledged_at is null;
        if earlier is not null then perform api.broken('platform_event_out_of_order', jsonb_build_object('place', event.place, 'earlier', earlier)); end if;
        update book.platform_events e set acknowledged_at = at, acknowledged_by = actor, done_at = coalesce(acknowledge_platform_event.done_at, at)
        where e.id = event.id returning e.* into event;
        perform api.platform_has_locked(event);
        perform api.record_event(command_id, 'platform_events.acknowledge', actor, at, 'platform_event', event.id::text, event.customer_id, body,
            jsonb_build_object('kind', event.kind, 'subject', event.subject_id, 'place', event.place));
    end if;
    return row(event.id, event.acknowledged_at)::api.platform_acknowledgement;
end $$;
comment on function api.acknowledge_platform_event(uuid, bigint, timestamptz) is
    'platform_events.acknowledge: The platform has done it (done_at, if it says when). Said twice, it answers the first time again; an account''s events are acknowledged in their order.';
grant execute on function api.acknowledge_platform_event(uuid, bigint, timestamptz) to kontor_people;
