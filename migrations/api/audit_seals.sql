-- audit_seals: a running hash over the audit, so that a paper can say where in it a case stands, and anybody who kept one hash notices a change.

create function api.chain_audit(running bytea, e book.audit_events) returns bytea language sql immutable security definer set search_path = '' as $$
    select sha256(running || convert_to(jsonb_build_array(e.id, e.command_id, e.command, e.person_id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.subject_kind, e.subject_id, e.customer_id, encode(e.body_sha256, 'hex'), e.detail)::text, 'UTF8'))
$$;
comment on function api.chain_audit(bytea, book.audit_events) is 'The next link: SHA-256 over the link before and the whole event.';

create function api.seal_audit(most integer default 5000) returns void language plpgsql volatile security definer set search_path = '' as $$
declare edge book.audit_edge; last record; e book.audit_events; running bytea; done bigint; seen record;
begin
    select a.* into edge from book.audit_edge a for update skip locked;
    if not found then return; end if;
    select coalesce(max(s.up_to), 0) as up_to into last from book.audit_seals s;
    if edge.up_to > last.up_to then
        -- Numbers commit out of order: only when every transaction that ran when the edge was noted has ended can no earlier one appear.
        if pg_snapshot_xmin(pg_current_snapshot()) < edge.seen_by or clock_timestamp() < edge.seen_at + interval '1 second' then return; end if;
        running := coalesce((select s.sha256 from book.audit_seals s where s.up_to = last.up_to), sha256(''));
        for e in select x.* from book.audit_events x where x.id > last.up_to and x.id <= edge.up_to order by x.id limit most loop
            running := api.chain_audit(running, e); done := e.id;
        end loop;
        insert into book.audit_seals (up_to, sha256, sealed_at) values (done, running, clock_timestamp());
        if done < edge.up_to then return; end if;
    end if;
    select coalesce(max(x.id), 0) as up_to, pg_snapshot_xmax(pg_current_snapshot()) as by_then into seen from book.audit_events x;
    if seen.up_to > edge.up_to then update book.audit_edge set up_to = seen.up_to, seen_by = seen.by_then, seen_at = clock_timestamp(); end if;
end $$;
comment on function api.seal_audit(integer) is 'Housekeeping: hashes the audit on, some thousands of events at a time, and notes how far it may go next.';

create function api.audit_link(event_id bigint) returns bytea language plpgsql stable security definer set search_path = '' as $$
declare e book.audit_events; running bytea; before bigint;
begin
    if not exists (select 1 from book.audit_seals s where s.up_to >= event_id) then return null; end if;
    select s.up_to, s.sha256 into before, running from book.audit_seals s where s.up_to <= event_id order by s.up_to desc limit 1;
    running := coalesce(running, sha256(''));
    for e in select x.* from book.audit_events x where x.id > coalesce(before, 0) and x.id <= event_id order by x.id loop
        running := api.chain_audit(running, e);
    end loop;
    return running;
end $$;
comment on function api.audit_link(bigint) is 'The link of the chain at one event; null until it is sealed.';

create type api.audit_seal as (up_to bigint, sha256 text, sealed_at timestamptz, intact boolean);
comment on type api.audit_seal is 'A seal over the audit up to an event, computed again from the seal before it.';

create function api.check_audit(after_event bigint, maximum integer default 20) returns setof api.audit_seal language plpgsql stable security definer set search_path = '' as $$
declare s book.audit_seals; running bytea; before bigint; e book.audit_events;
begin
    perform api.reader();
    select x.up_to, x.sha256 into before, running from book.audit_seals x where x.up_to <= after_event order by x.up_to desc limit 1;
    running := coalesce(running, sha256('')); before := coalesce(before, 0);
    for s in select x.* from book.audit_seals x where x.up_to > before order by x.up_to limit least(greatest(coalesce(maximum, 20), 1), 100) loop
        for e in select x.* from book.audit_events x where x.id > before and x.id <= s.up_to order by x.id loop
            running := api.chain_audit(running, e);
        end loop;
        return next row(s.up_to, encode(s.sha256, 'hex'), s.sealed_at, running = s.sha256)::api.audit_seal;
        -- One broken stretch is not blamed on the next.
        running := s.sha256; before := s.up_to;
    end loop;
end $$;
comment on function api.check_audit(bigint, integer) is 'audit.check: Computes seals again from the events that they cover, oldest first; the next page begins after the last one''s event.';
grant execute on function api.check_audit(bigint, integer) to kontor_people;
