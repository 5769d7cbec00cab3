-- access: who is asking, may they, have they asked this before, and what time it is.
-- Every action begins with api.actor, locks, api.repeated, api.clock, and ends with api.record_event.
-- api.clock() itself is made by migrate: a production database's has no movable branch.

alter default privileges revoke execute on functions from public;
revoke all on schema api from public;
grant usage on schema api to kontor_people;

comment on schema api is 'Everything that people''s logins may do. Dropped and recreated whole by every migrate.';

create function api.contract_version() returns integer language sql immutable security definer set search_path = '' as
$$ select 1 $$;
comment on function api.contract_version() is 'Raised when a command changes in a way that an older desktop would misread.';
grant execute on function api.contract_version() to kontor_people;

create function api.broken(rule text, detail jsonb default '{}') returns void language plpgsql stable security definer set search_path = '' as $$
begin
    raise exception '%', rule using errcode = '23514', constraint = rule, detail = detail::text;
end $$;
comment on function api.broken(text, jsonb) is 'Refuses by the name of a rule. The detail is ours and harmless: clauses, dates, amounts; never a row.';

create function api.tidy(written text) returns text language sql immutable parallel safe security definer set search_path = '' as
$$ select nullif(btrim(written, E' \t\r\n\u000b\u000c\u00a0\u2003\u3000'), '') $$;
comment on function api.tidy(text) is 'What a person wrote without the space around it, null when only space is left: a line break or a full-width space is no reason.';

create function api.not_allowed(detail jsonb default '{}') returns void language plpgsql stable security definer set search_path = '' as $$
begin
    raise exception 'not_allowed' using errcode = '42501', detail = detail::text;
end $$;
comment on function api.not_allowed(jsonb) is 'Refuses because the person lacks the duty; the detail names the duties that would do.';

-- What every action runs through is plpgsql: its plans are kept for the session, where a function in plain SQL that is
-- somebody's definer is planned again in each transaction.
-- And it is plain: what no person may execute has the rights and the fixed path of the definer's function that reached it.

create function api.person() returns integer language plpgsql stable as $$
begin
    return (select p.id from book.people p
            where p.login_oid = pg_catalog.to_regrole(pg_catalog.quote_ident(session_user))
              and (p.active_until is null or p.active_until > api.clock()));
end $$;
comment on function api.person() is 'The person behind this session: by the oid of the login that signed in, never by a name or a value that the client sends.';

create function api.has_duty(variadic wanted text[]) returns boolean language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock();
begin
    return exists (select 1 from book.people p join book.duties d on d.person_id = p.id
                   where p.login_oid = pg_catalog.to_regrole(pg_catalog.quote_ident(session_user)) and (p.active_until is null or p.active_until > at)
                     and d.duty = any (wanted) and d.from_at <= at and (d.until_at is null or d.until_at > at));
end $$;
comment on function api.has_duty(text[]) is 'Whether this person holds one of these duties now.';

create function api.actor(variadic wanted text[]) returns integer language plpgsql stable as $$
declare person_id integer; at timestamptz := api.clock();
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        perform api.broken('isolation_not_read_committed');
    end if;
    select p.id into person_id from book.people p
    where p.login_oid = pg_catalog.to_regrole(pg_catalog.quote_ident(session_user)) and (p.active_until is null or p.active_until > at)
      and exists (select 1 from book.duties d where d.person_id = p.id and d.duty = any (wanted) and d.from_at <= at and (d.until_at is null or d.until_at > at));
    if person_id is null then perform api.not_allowed(jsonb_build_object('duties', to_jsonb(wanted))); end if;
    return person_id;
end $$;
comment on function api.actor(text[]) is 'The person who acts, if one of these duties is theirs today (rules 6.1). Insists on read committed: a snapshot from before a lock would pass checks that are no longer true.';

create function api.reader() returns integer language plpgsql stable as $$
declare person_id integer := api.person();
begin
    if person_id is null then perform api.not_allowed(); end if;
    return person_id;
end $$;
comment on function api.reader() is 'The person who reads; anyone in force may read what the views show.';

create function api.customer_holder(customer_id bigint) returns text language plpgsql stable security definer set search_path = '' as $$
declare taker xid; logins text[];
begin
    select c.xmax into taker from book.customers c where c.id = customer_id;
    select array_agg(distinct p.login) into logins
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity s on s.pid = l.pid join book.people p on p.login_oid = s.usesysid
    where l.locktype = 'transactionid' and l.granted and l.transactionid = taker;
    if logins is null then
        -- A command that is done inside a transaction still open took the row under a number that is gone by now. Whoever
        -- holds it is older than that number, writes, and has touched the table; only if that is one person it is this one.
        select array_agg(distinct p.login) into logins
        from pg_catalog.pg_locks t join pg_catalog.pg_locks x on x.pid = t.pid
        join pg_catalog.pg_stat_activity s on s.pid = t.pid join book.people p on p.login_oid = s.usesysid
        where t.locktype = 'relation' and t.relation = 'book.customers'::pg_catalog.regclass and s.datname = current_database()
          and x.locktype = 'transactionid' and x.granted and x.mode = 'ExclusiveLock' and age(x.transactionid) > age(taker)
          and t.pid <> pg_backend_pid();
    end if;
    return case when cardinality(logins) = 1 then logins[1] end;
end $$;
comment on function api.customer_holder(bigint) is 'Who works on a customer at this moment, as far as the server can tell: null when several do, or nobody any more.';

create function api.lock_customer(customer_id bigint) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    perform 1 from book.customers c where c.id = customer_id for update skip locked;
    if found then return; end if;
    begin
        perform 1 from book.customers c where c.id = customer_id for update;
        if not found then perform api.broken('customer_unknown'); end if;
    exception when lock_not_available then
        raise exception 'busy' using errcode = '55P03', detail = jsonb_build_object('holder', api.customer_holder(customer_id))::text;
    end;
end $$;
comment on function api.lock_customer(bigint) is 'Takes the customer''s row: the first lock of every action on a customer. Order: customers ascending, cases, balances, lots, number series. Who waits longer than lock_timeout is told who works there.';

create function api.transaction_limit(waits_for_its_client boolean) returns interval language sql immutable security definer set search_path = '' as
$$ select case when waits_for_its_client then interval '10 minutes' else interval '1 hour' end $$;
comment on function api.transaction_limit(boolean) is 'How long a person''s transaction may stay open: ten minutes while nothing runs in it, an hour at all (the largest file posts in less).';

create function api.open_transactions() returns table (pid integer, login text, since timestamptz, too_long boolean)
language sql stable security definer set search_path = '' as $$
    -- Every database of the server: a transaction that writes holds up the horizon of all of them.
    select s.pid, p.login, s.xact_start,
           clock_timestamp() - s.xact_start > api.transaction_limit(false)
           or s.state like 'idle in transaction%' and clock_timestamp() - s.state_change > api.transaction_limit(true)
    from pg_catalog.pg_stat_activity s
    left join book.people p on p.login_oid = s.usesysid and s.datname = current_database()
    where s.backend_type = 'client backend' and s.pid <> pg_backend_pid() and s.xact_start is not null
$$;
comment on function api.open_transactions() is 'Transactions open on this server; the login only where it is a person''s in these books.';

create function api.end_stale_transactions() returns integer language plpgsql volatile security definer set search_path = '' as $$
declare ended integer := 0; stale integer;
begin
    for stale in select t.pid from api.open_transactions() t where t.too_long and t.login is not null loop
        begin
            ended := ended + pg_terminate_backend(stale)::integer;
        exception when insufficient_privilege then return ended;   -- the first screen says so then
        end;
    end loop;
    return ended;
end $$;
comment on function api.end_stale_transactions() is 'Ends the sessions of people whose transaction is open too long: it would stall the horizon, hold its locks, and keep what is dead from being cleared away.';

create function api.horizon_alarm() returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('check', 'horizon_moves', 'left', t.stale::text, 'right', '0', 'difference', t.minutes::text, 'state', 'open')), '[]')
    from (select count(*) as stale, floor(max(extract(epoch from clock_timestamp() - o.since)) / 60)::integer as minutes
          from api.open_transactions() o where o.too_long) t
    where t.stale > 0
$$;
comment on function api.horizon_alarm() is 'A line of the tie-out while transactions are open too long (those that api.tend may not end): how many, and for how many minutes the oldest. The horizon waits for them.';

create function api.body_hash(body jsonb) returns bytea language plpgsql immutable as $$
begin
    return sha256(convert_to(body::text, 'UTF8'));
end $$;
comment on function api.body_hash(jsonb) is 'The fingerprint of a command''s arguments.';

create function api.repeated(command_id uuid, command text, body jsonb) returns boolean language plpgsql stable as $$
declare before record;
begin
    if command_id is null then perform api.broken('command_id_missing'); end if;
    select e.command, e.person_id, e.body_sha256 into before from book.audit_events e where e.command_id = repeated.command_id;
    if not found then return false; end if;
    if before.command <> repeated.command or before.person_id <> api.person() or before.body_sha256 <> api.body_hash(body) then
        perform api.broken('id_already_used');
    end if;
    return true;
end $$;
comment on function api.repeated(uuid, text, jsonb) is 'Whether this very command was done already: then the action answers and does nothing. The same id with another body is refused.';

create function api.record_event(command_id uuid, command text, actor integer, at timestamptz, subject_kind text, subject_id text,
    customer_id bigint, body jsonb, detail jsonb default '{}') returns uuid language plpgsql volatile as $$
#variable_conflict use_column
begin
    insert into book.audit_events (command_id, command, person_id, at, subject_kind, subject_id, customer_id, body_sha256, detail)
    values (command_id, command, actor, at, subject_kind, subject_id, customer_id, sha256(convert_to(body::text, 'UTF8')), detail)
    on conflict on constraint id_already_used do nothing;
    if found then return record_event.command_id; end if;
    -- The id was used for something else, which is refused; or the same command ran beside this one and committed first.
    -- Asked again, it finds that answer; so the caller is told to ask again.
    if api.repeated(record_event.command_id, record_event.command, record_event.body) is not null then raise exception 'repeated_at_once' using errcode = '40P01'; end if;
end $$;
comment on function api.record_event(uuid, text, integer, timestamptz, text, text, bigint, jsonb, jsonb) is 'The audit row of an action, and the memory of its id. The body is kept as a fingerprint only; detail says what changed, without personal data.';

create function api.next_number(series text, at timestamptz) returns text language plpgsql volatile security definer set search_path = '' as $$
declare this_year integer := extract(year from at at time zone 'Asia/Shanghai'); given integer;
begin
    insert into book.number_series as s (series, year, last_number) values (series, this_year, 1)
    on conflict on constraint number_series_pkey do update set last_number = s.last_number + 1
    returning last_number into given;
    return format('%s-%s-%s', series, this_year, lpad(given::text, greatest(4, length(given::text)), '0'));
end $$;
comment on function api.next_number(text, timestamptz) is 'The next number of a series and Shanghai year, gap-free: taken last, in the transaction that uses it.';

create function api.policy(policy_name text, at timestamptz, for_channel text default null) returns jsonb language plpgsql stable as $$
begin
    return (select p.value from book.policies p
            where p.name = policy_name and p.channel is not distinct from for_channel and p.confirmed_at is not null and p.valid_from <= at
            order by p.valid_from desc, p.id desc limit 1);
end $$;
comment on function api.policy(text, timestamptz, text) is 'The policy in force at an instant.';

create function api.login_of(person_id integer) returns text language sql stable security definer set search_path = '' as
$$ select p.login from book.people p where p.id = person_id $$;
comment on function api.login_of(integer) is 'The login of a person, as cases show it.';

create function api.proposal_state(proposed_by integer, confirmed_at timestamptz, declined_by integer, declined_at timestamptz) returns text language sql immutable parallel safe as $$
    select case when confirmed_at is not null then 'confirmed' when declined_by = proposed_by then 'withdrawn' when declined_at is not null then 'declined' else 'proposed' end
$$;
comment on function api.proposal_state(integer, timestamptz, integer, timestamptz) is 'Where a proposal stands that a second person confirms; whoever takes back an own one withdraws it.';

-- ── Masks (rules 6.4): what everyone may see of a name, a phone, an account ───────────────────────────────────

-- Neither this nor shown_name runs as its owner: they read nothing, and so the planner can write them into a list's query.
create function api.mask_name(name text) returns text language sql immutable parallel safe as $$
    -- As few and as plain patterns as will do: a page masks each of its names.
    select case
        when name ~ '^[\u4e00-\u9fff·]+$' then case
            when length(name) in (3, 4) and left(name, 2) in ('欧阳', '上官', '司马', '诸葛', '夏侯', '皇甫', '尉迟', '公孙', '慕容', '司徒') then left(name, 2) || '**'
            else left(name, 1) || repeat('*', least(greatest(length(name) - 1, 1), 2)) end
        when name !~ '\s' then left(name, 1) || '***'
        else regexp_replace(name, '(\S)\S*', '\1***', 'g')
    end
$$;
comment on function api.mask_name(text) is 'A person''s name: 张*, 欧阳**, J*** D***. Companies'' names are public and not masked by their callers.';

create function api.mask_phone(phone text) returns text language sql immutable security definer set search_path = '' as $$
    select case
        when phone is null then null
        when phone ~ '^1\d{10}$' then left(phone, 3) || '****' || right(phone, 4)
        when phone ~ '^\+\d+' then substring(phone from '^\+\d{1,2}') || '****' || right(phone, 4)
        else '****' || right(phone, least(4, length(phone) / 2))
    end
$$;
comment on function api.mask_phone(text) is 'A phone: 138****0000, +65****1234.';

create function api.mask_email(email text) returns text language sql immutable security definer set search_path = '' as
$$ select case when email is null then null else left(email, 1) || '***@' || split_part(email, '@', 2) end $$;
comment on function api.mask_email(text) is 'An e-mail address: first character and domain.';

create function api.mask_account(account text) returns text language sql immutable security definer set search_path = '' as $$
    select case
        when account is null then null
        when account like '%@%' then api.mask_email(account)
        when account ~ '^1\d{10}$' then api.mask_phone(account)
        else '****' || right(account, least(4, length(account) / 2))
    end
$$;
comment on function api.mask_account(text) is 'A payment account: its last four.';

create function api.shown_name(customer book.customers) returns text language sql immutable parallel safe as
$$ select case when customer.kind = 'enterprise' then customer.name else api.mask_name(customer.name) end $$;
comment on function api.shown_name(book.customers) is 'A customer''s name as everyone may see it: companies in full, people masked.';

-- ── The session ────────────────────────────────────────────────────────────────────────────────────────────────

create type api.session as (person_id integer, login text, title text, duties text[], database text, rehearsal boolean,
    now timestamptz, contract_version integer, last_event bigint, people jsonb, accounts jsonb);
comment on column api.session.people is '{{Array<{ id: number; login: string; title: string; duties: string[] }>}} everyone in force, for "by" columns and hand-overs';
comment on column api.session.accounts is '{{Array<{ code: string; owner: "customer" | "house"; title_en: string; title_zh: string }>}} the chart of accounts, so that no screen has to ask for it';
comment on column api.session.duties is '{{string[]}} held now';

create function api.open_session() returns api.session language plpgsql stable security definer set search_path = '' as $$
declare answer api.session; at timestamptz := api.clock();
begin
    answer.person_id := api.reader();
    select p.login, p.title into answer.login, answer.title from book.people p where p.id = answer.person_id;
    answer.duties := array(select d.duty from book.duties d where d.person_id = answer.person_id and d.from_at <= at and (d.until_at is null or d.until_at > at) order by 1);
    select d.name, d.rehearsal into answer.database, answer.rehearsal from book.database d;
    answer.now := at;
    answer.contract_version := api.contract_version();
    select coalesce(max(e.id), 0) into answer.last_event from book.audit_events e;
    select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'login', p.login, 'title', p.title,
               'duties', (select coalesce(jsonb_agg(d.duty order by d.duty), '[]') from book.duties d where d.person_id = p.id
                          and d.from_at <= at and (d.until_at is null or d.until_at > at))) order by p.login), '[]')
    into answer.people from book.people p where p.active_until is null or p.active_until > at;
    select jsonb_agg(jsonb_build_object('code', a.code, 'owner', a.owner, 'title_en', a.title_en, 'title_zh', a.title_zh) order by a.id) into answer.accounts from book.accounts a;
    return answer;
end $$;
comment on function api.open_session() is 'session.open: Who I am, what I may do, which books these are and what time they have.';
grant execute on function api.open_session() to kontor_people;

create type api.change as (last_event bigint, changed boolean, now timestamptz);
create function api.changes_since(last_event bigint) returns api.change language plpgsql stable security definer set search_path = '' as $$
declare newest bigint;
begin
    if api.reader() is null then return null; end if;
    select coalesce(max(e.id), 0) into newest from book.audit_events e;
    return row(newest, newest > last_event, api.clock())::api.change;
end $$;
comment on function api.changes_since(bigint) is 'session.changes: Whether anyone did anything since; polled while the window has the focus. One index look-up.';
grant execute on function api.changes_since(bigint) to kontor_people;

create function api.move_clock(command_id uuid, instant timestamptz) returns api.change language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); at timestamptz;
begin
    if not (select d.rehearsal from book.database d) then perform api.broken('clock_is_real'); end if;
    perform 1 from book.database for update;
    if not api.repeated(command_id, 'clock.move', jsonb_build_object('instant', instant)) then
        at := api.clock();
        if instant < at then perform api.broken('clock_moves_backwards', jsonb_build_object('now', at)); end if;
        update book.database set clock_offset = instant - clock_timestamp();
        perform api.record_event(command_id, 'clock.move', actor, api.clock(), 'database', null, null, jsonb_build_object('instant', instant), jsonb_build_object('from', at, 'to', instant));
    end if;
    return api.changes_since(0);
end $$;
comment on function api.move_clock(uuid, timestamptz) is 'clock.move: Moves the clock of a rehearsal forward, to practise day 29, 30 and 31. Refused in production.';
grant execute on function api.move_clock(uuid, timestamptz) to kontor_people;
