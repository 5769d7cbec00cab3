-- The wire: every command by its name, with one JSON object in and one JSON value out.
-- The functions themselves are the schema of the wire; this file only reads the catalogue, once per migrate.

create table api.commands (
    name text primary key,
    function regprocedure not null,
    arguments jsonb not null,
    result jsonb not null,
    description text not null,
    reads boolean not null,
    known_names text[] not null,
    required_names text[] not null,
    statement text not null,
    runner text not null
);
comment on table api.commands is 'Every command of the application: what it takes, what it answers, and the function that runs it. Filled anew by every migrate.';

create function api.argument_expression(argument_name text, type_oid oid, default_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
    base oid := coalesce((select nullif(t.typbasetype, 0) from pg_catalog.pg_type t where t.oid = type_oid), type_oid);
    type_name text := pg_catalog.format_type(type_oid, null);
    text_value text := format('($1 ->> %L)', argument_name);
    expression text;
begin
    expression := case
        when base = 'pg_catalog.jsonb'::regtype then format('nullif($1 -> %L, ''null'')', argument_name)
        when base = 'pg_catalog.bytea'::regtype then format('pg_catalog.decode(%s, ''base64'')', text_value)
        when type_name like '%[]' then format(
            'case when pg_catalog.jsonb_typeof($1 -> %1$L) = ''array'' then array(select v.v from pg_catalog.jsonb_array_elements_text($1 -> %1$L) with ordinality v(v, n) order by v.n)::%2$s end',
            argument_name, type_name)
        else format('%s::%s', text_value, type_name)
    end;
    if default_text is not null then
        expression := format('case when $1 ? %L then %s else %s end', argument_name, expression, default_text);
    end if;
    return format('%I => %s', argument_name, expression);
end $$;
comment on function api.argument_expression(text, oid, text) is 'The SQL that takes one argument out of a call''s JSON object.';

create function api.answer_expression(value text, type_oid oid) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
    base oid := coalesce((select nullif(t.typbasetype, 0) from pg_catalog.pg_type t where t.oid = type_oid), type_oid);
begin
    -- Numbers that JavaScript would round travel as text; instants always in UTC.
    return case
        when base in ('pg_catalog.numeric'::regtype, 'pg_catalog.int8'::regtype, 'pg_catalog.xid8'::regtype) then value || '::text'
        when base in ('pg_catalog.numeric[]'::regtype, 'pg_catalog.int8[]'::regtype) then value || '::text[]'
        when base = 'pg_catalog.timestamptz'::regtype then format(
            'pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(%s at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.US''), ''0''), ''.'') || ''Z''', value)
        when base = 'pg_catalog.bytea'::regtype then format('pg_catalog.translate(pg_catalog.encode(%s, ''base64''), E''\n'', '''')', value)
        else value
    end;
end $$;
comment on function api.answer_expression(text, oid) is 'The SQL that puts one value of an answer into JSON.';

create function api.instant_text(instant timestamptz) returns text
language sql stable security definer set search_path = '' as $$
    select pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'
$$;
comment on function api.instant_text(timestamptz) is 'An instant as the wire writes it, for what is nested in JSON: ISO 8601 in UTC.';

create function api.argument_pattern(type_name text) returns text language sql immutable parallel safe set search_path = '' as $$
    -- What Postgres would read kindly (NaN, infinity, "tomorrow", a time without its zone) is no value here.
    select case type_name
        when 'uuid' then '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
        when 'bigint' then '^-?[0-9]{1,19}$' when 'integer' then '^-?[0-9]{1,19}$' when 'smallint' then '^-?[0-9]{1,19}$'
        when 'numeric' then '^-?[0-9]{1,20}([.][0-9]{1,20})?$'
        when 'date' then '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        when 'timestamp with time zone' then '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})$' end
$$;
comment on function api.argument_pattern(text) is 'How an argument of a type is written, where a pattern can say it; null for the others.';

create function api.argument_fits(value jsonb, type_name text) returns boolean
language plpgsql immutable parallel safe set search_path = '' as $$
declare pattern text := api.argument_pattern(type_name);
begin
    if pattern is not null then return value #>> '{}' ~ pattern; end if;
    if type_name = 'jsonb' then return true; end if;
    if type_name = 'boolean' then return pg_catalog.jsonb_typeof(value) = 'boolean'; end if;
    if type_name not like '%[]' then return pg_catalog.jsonb_typeof(value) = 'string'; end if;
    if pg_catalog.jsonb_typeof(value) <> 'array' then return false; end if;
    return not exists (
        select from pg_catalog.jsonb_array_elements(value) e(element)
        where pg_catalog.jsonb_typeof(e.element) in ('null', 'array', 'object')
           or not api.argument_fits(e.element, pg_catalog.left(type_name, -2)));
end $$;
comment on function api.argument_fits(jsonb, text) is 'Whether a JSON value is written as an argument of this type must be.';

create function api.argument_test(argument_name text, type_name text, optional boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
    pattern text := api.argument_pattern(type_name);
    test text := case
        when pattern is not null then format('$1 ->> %L ~ %L', argument_name, pattern)
        when type_name = 'jsonb' then format('$1 -> %L <> %L', argument_name, 'null')
        else format('api.argument_fits($1 -> %L, %L)', argument_name, type_name) end;
begin
    if not optional then return test; end if;
    return case when pattern is not null then format('coalesce(%s, true)', test)
                when type_name = 'jsonb' then 'true'
                else format('(coalesce($1 -> %L, %L) = %L or %s)', argument_name, 'null', 'null', test) end;
end $$;
comment on function api.argument_test(text, text, boolean) is 'api.argument_fits written into the statement of a command: the SQL that is true when this argument of a call is written as it must be.';

create function api.command_arguments(command regprocedure) returns jsonb
language sql stable security definer set search_path = '' as $$
    select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'name', p.proargnames[n],
            'type', pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null),
            'optional', n > p.pronargs - p.pronargdefaults,
            'expression', api.argument_expression(p.proargnames[n], t.oid,
                case when n > p.pronargs - p.pronargdefaults then pg_catalog.pg_get_function_arg_default(p.oid, n) end)
        ) order by n), '[]')
    from pg_catalog.pg_proc p
    cross join pg_catalog.generate_series(1, p.pronargs) n
    join pg_catalog.pg_type t on t.oid = p.proargtypes[n - 1]
    where p.oid = command
$$;
comment on function api.command_arguments(regprocedure) is 'What a command takes, in order.';

create function api.row_type(returned oid) returns oid language sql stable security definer set search_path = '' as $$
    -- A page that travels by columns is a domain of json that says what its rows are.
    select coalesce(pg_catalog.to_regtype('api.' || pg_catalog.substring(pg_catalog.obj_description(returned, 'pg_type'), '^rows: (.*)$'))::oid, returned)
$$;
comment on function api.row_type(oid) is 'The type of the rows that a command answers; the returned type itself, unless it is a page by columns.';

create function api.command_columns(command regprocedure)
returns table (place integer, name text, type_oid oid, type_name text, remark text)
language sql stable security definer set search_path = '' as $$
    -- A view or composite type brings its own columns; `returns table` names them in the function itself.
    select a.attnum::integer, a.attname::text, a.atttypid, pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null),
           pg_catalog.col_description(r.typrelid, a.attnum)
    from pg_catalog.pg_proc p
    join pg_catalog.pg_type r on r.oid = api.row_type(p.prorettype) and r.typrelid <> 0
    join pg_catalog.pg_attribute a on a.attrelid = r.typrelid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where p.oid = command
    union all
    select o.n::integer, p.proargnames[o.n], t.oid, pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null), null
    from pg_catalog.pg_proc p
    cross join lateral unnest(p.proallargtypes, p.proargmodes::text[]) with ordinality o(type_oid, mode, n)
    join pg_catalog.pg_type t on t.oid = o.type_oid
    where p.oid = command and o.mode in ('o', 't') and p.prorettype = 'pg_catalog.record'::regtype
$$;
comment on function api.command_columns(regprocedure) is 'The columns of what a command answers; none when it answers a single value.';

create function api.command_statement(command regprocedure, arguments jsonb) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
    returned pg_catalog.pg_proc;
    answer text;
    source text;
begin
    select * into strict returned from pg_catalog.pg_proc p where p.oid = command;
    source := format('%s(%s)', returned.oid::regproc,
        (select pg_catalog.string_agg(a.value ->> 'expression', ', ') from pg_catalog.jsonb_array_elements(arguments) a));
    if returned.prorettype = 'pg_catalog.void'::regtype then
        return format('select pg_catalog.to_json(null::text) from %s', source);
    end if;
    if api.row_type(returned.prorettype) <> returned.prorettype then return format('select %s', source); end if;
    -- As columns of a row: an object built from its keys and values looks each key's type up again. It stays json: a page of
    -- jsonb costs three times as much.
    select pg_catalog.string_agg(format('%s as %I', api.answer_expression(format('r.%I', c.name), c.type_oid), c.name), ', ' order by c.place) into answer
    from api.command_columns(command) c;
    if answer is null then
        answer := format('pg_catalog.to_json(%s)', api.answer_expression('r', returned.prorettype));
        if returned.proretset then return format('select coalesce(pg_catalog.json_agg(%s), ''[]'') from %s r', answer, source); end if;
        return format('select %s from %s r', answer, source);
    end if;
    if returned.proretset then return format('select coalesce(pg_catalog.json_agg(x), ''[]'') from (select %s from %s r) x', answer, source); end if;
    return format('select pg_catalog.row_to_json(x) from (select %s from %s r where not (r is null)) x', answer, source);
end $$;
comment on function api.command_statement(regprocedure, jsonb) is 'The statement that runs a command: $1 is the call''s JSON object.';

create function api.write_runner(known api.commands) returns void language plpgsql volatile security invoker set search_path = '' as $$
declare
    tests text := (select pg_catalog.string_agg(' and ' || api.argument_test(a.value ->> 'name', a.value ->> 'type', (a.value ->> 'optional')::boolean), '')
                   from pg_catalog.jsonb_array_elements(known.arguments) a);
    answer text := format('return (%s);', known.statement);
begin
    -- A function of its own keeps the plan of a command for the session; planning costs more than most reads.
    if not known.reads then
        -- A violated constraint brings its table and a detail that prints the row; a refusal of ours brings no table and harmless facts.
        answer := 'declare code text; rule text; said text; from_table text; note text; begin ' || answer
            || ' exception when check_violation or unique_violation or not_null_violation or foreign_key_violation or exclusion_violation then '
            'get stacked diagnostics code = returned_sqlstate, rule = constraint_name, said = message_text, from_table = table_name, note = pg_exception_detail; '
            'raise exception ''%'', said using errcode = code, constraint = rule, table = from_table, detail = case when from_table = '''' and note <> '''' then note else ''{}'' end; end;';
    end if;
    execute format('create or replace function api.%1$I(arguments jsonb) returns json language plpgsql volatile as $run$ begin '
        'if (arguments - %2$L::text[] = ''{}''%3$s) is not true then perform api.refuse_call(%4$L, arguments); end if; ', known.runner, known.known_names, tests, known.name)
        || answer || ' end $run$';
    execute format('comment on function api.%I(jsonb) is %L', known.runner, 'Runs ' || known.name || ' with a plan that is kept.');
    -- Whoever migrates makes it; it runs inside api.call, with the rights and the fixed path of that.
    execute format('alter function api.%I(jsonb) owner to kontor_api', known.runner);
    execute format('revoke execute on function api.%I(jsonb) from public', known.runner);
end $$;
comment on function api.write_runner(api.commands) is 'Writes the function around a command''s statement: looks at the arguments in one expression, runs it, and lets a violated constraint leave without its row.';

create function api.branches(names text[]) returns text language plpgsql stable set search_path = '' as $$
declare half integer := cardinality(names) / 2;
begin
    if cardinality(names) > 3 then
        return format('if command < %L collate pg_catalog."C" then %s else %s end if;', names[half + 1], api.branches(names[:half]), api.branches(names[half + 1:]));
    end if;
    return (select pg_catalog.string_agg(format('if command = %L then return api.%I(arguments); end if;', n, 'run_' || pg_catalog.replace(n, '.', '_')), ' ') from unnest(names) n);
end $$;
comment on function api.branches(text[]) is 'The way from a command''s name to the function that runs it, halved and halved again: a statement made up from the name would be planned anew by each call.';

create function api.register_commands() returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
    registered integer;
    command record; known api.commands;
begin
    -- Run by whoever migrates: only an owner can grant.
    delete from api.commands;
    insert into api.commands (name, function, arguments, result, description, reads, known_names, required_names, statement, runner)
    select c.name, c.oid::regprocedure, c.arguments,
           pg_catalog.jsonb_build_object(
               'set', c.proretset or t.oid <> c.prorettype,
               'relation', case when t.typrelid <> 0 then t.typname end,
               'view', coalesce(k.relkind = 'v', false),
               'type', pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null),
               'columns', (select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                               'name', o.name, 'type', o.type_name, 'remark', o.remark) order by o.place), '[]')
                           from api.command_columns(c.oid::regprocedure) o)),
           c.description, c.provolatile <> 'v',
           array(select a.value ->> 'name' from pg_catalog.jsonb_array_elements(c.arguments) a),
           array(select a.value ->> 'name' from pg_catalog.jsonb_array_elements(c.arguments) a where not (a.value ->> 'optional')::boolean),
           api.command_statement(c.oid::regprocedure, c.arguments), 'run_' || pg_catalog.replace(c.name, '.', '_')
    from (
        select p.oid, p.proretset, p.prorettype, p.provolatile, said.words[1] as name, said.words[2] as description,
               api.command_arguments(p.oid::regprocedure) as arguments
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace s on s.oid = p.pronamespace and s.nspname = 'api'
        cross join lateral pg_catalog.regexp_match(pg_catalog.obj_description(p.oid, 'pg_proc'),
                                                   '^([a-z][a-z0-9_]*[.][a-z][a-z0-9_]*): (.*)$') said(words)
        where said.words is not null
    ) c
    join pg_catalog.pg_type t on t.oid = api.row_type(c.prorettype)
    left join pg_catalog.pg_class k on k.oid = t.typrelid;
    get diagnostics registered = row_count;
    -- An action is reached through api.call alone, which keeps Postgres' own details (they print rows) from everybody, psql too.
    -- The platform's service posts without that detour: its own commands refuse everyone else before they look at anything.
    for command in
        select c.function, c.reads or p.prosrc ~ 'api[.]actor\(''platform''\)' as direct from api.commands c join pg_catalog.pg_proc p on p.oid = c.function
    loop
        execute format('revoke execute on function %s from kontor_people', command.function);
        if command.direct then execute format('grant execute on function %s to kontor_people', command.function); end if;
    end loop;
    for known in select * from api.commands loop perform api.write_runner(known); end loop;
    execute format('create or replace function api.call(command text, arguments jsonb) returns json language plpgsql volatile security definer set search_path = %L set max_parallel_workers_per_gather = 0 as $call$ begin '
        'if pg_catalog.jsonb_typeof(arguments) = ''object'' then %s end if; perform api.refuse_call(command, arguments); end $call$', '',
        api.branches((select array_agg(c.name order by c.name collate "C") from api.commands c)));
    return registered;
end $$;
comment on function api.register_commands() is 'Fills api.commands from the catalogue: a function is a command when its comment begins with "capability.verb: ". Grants what may be executed without api.call: commands that only read, and the platform''s.';

create function api.refuse_call(command text, arguments jsonb) returns void
language plpgsql stable set search_path = '' as $$
declare
    known api.commands;
    broken text;
begin
    select * into known from api.commands c where c.name = command;
    if not found then
        raise exception 'no such command' using errcode = '23514', constraint = 'command_unknown',
            detail = pg_catalog.jsonb_build_object('command', pg_catalog.left(command, 100));
    end if;
    if pg_catalog.jsonb_typeof(arguments) is distinct from 'object' then
        raise exception 'no arguments' using errcode = '23514', constraint = 'argument_invalid', detail = '{"argument": "*"}';
    end if;
    select k into broken from pg_catalog.jsonb_object_keys(arguments) k where k <> all (known.known_names) limit 1;
    if found then
        raise exception 'unknown argument' using errcode = '23514', constraint = 'argument_unknown',
            detail = pg_catalog.jsonb_build_object('argument', pg_catalog.left(broken, 100));
    end if;
    select k into broken from pg_catalog.unnest(known.required_names) k
    where coalesce(arguments -> k, 'null') = 'null' limit 1;
    if found then
        raise exception 'missing argument' using errcode = '23514', constraint = 'argument_missing',
            detail = pg_catalog.jsonb_build_object('argument', broken);
    end if;
    select a.value ->> 'name' into broken from pg_catalog.jsonb_array_elements(known.arguments) a
    where coalesce(arguments -> (a.value ->> 'name'), 'null') <> 'null'
      and not api.argument_fits(arguments -> (a.value ->> 'name'), a.value ->> 'type')
    limit 1;
    raise exception 'invalid argument' using errcode = '23514', constraint = 'argument_invalid',
        detail = pg_catalog.jsonb_build_object('argument', coalesce(broken, '*'));
end $$;
comment on function api.refuse_call(text, jsonb) is 'Says what is wrong with a call that its command did not understand.';

create function api.call(command text, arguments jsonb) returns json
language plpgsql volatile security definer set search_path = '' set max_parallel_workers_per_gather = 0 as $$
begin
    -- api.register_commands writes a branch for each command in here. A page stops after its first rows, which the planner cannot
    -- know: in books of fifty million lines it started other processes for it, at ten milliseconds a page.
    perform api.refuse_call(command, arguments);
end $$;
comment on function api.call(text, jsonb) is 'The one statement of every client: runs a command for the person who is signed in. Refusals leave here with their name and with no row in their detail.';

create view api.command_list as
    select c.name, c.description, c.reads, c.arguments, c.result
    from api.commands c;
comment on view api.command_list is 'What `kontor call --list` prints, and what the bindings of the window are made of.';

grant select on api.commands, api.command_list to kontor_people;
grant execute on function api.call(text, jsonb) to kontor_people;
