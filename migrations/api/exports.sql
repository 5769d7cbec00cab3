-- exports: a list that leaves the books as a file is remembered: who took it, with which filter, how many rows, which bytes.

create view api.exports as
    select e.command_id as id, e.at, p.login as exported_by, e.detail ->> 'list' as list, e.detail -> 'arguments' as arguments, e.detail ->> 'format' as format,
           (e.detail ->> 'row_count')::bigint as row_count, e.detail ->> 'file_sha256' as file_sha256
    from book.audit_events e join book.people p on p.id = e.person_id
    where e.command = 'exports.record';
comment on view api.exports is 'Files that lists were exported to.';
comment on column api.exports.arguments is '{{Record<string, unknown>}} the filter, with what was typed masked as a name is';

create function api.mask_typed(arguments jsonb) returns jsonb language sql immutable security definer set search_path = '' as $$
    select coalesce(jsonb_object_agg(a.key, case
        when a.key in ('search', 'memo', 'document') and jsonb_typeof(a.value) = 'string' then to_jsonb(api.mask_name(a.value #>> '{}'))
        when jsonb_typeof(a.value) = 'object' then api.mask_typed(a.value)
        else a.value end), '{}')
    from jsonb_each(arguments) a
$$;
comment on function api.mask_typed(jsonb) is 'A filter without what a person typed into it, which may be a name or a phone.';

create function api.record_export(command_id uuid, list text, arguments jsonb, format text, row_count bigint, file_sha256 text) returns api.exports
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor', 'auditor', 'administrator');
    body jsonb := jsonb_build_object('list', list, 'arguments', arguments, 'format', format, 'row_count', row_count, 'file_sha256', file_sha256);
begin
    if not api.repeated(command_id, 'exports.record', body) then
        if not exists (select 1 from api.commands c where c.name = list and c.reads) then perform api.broken('list_unknown'); end if;
        if format not in ('csv', 'xlsx') or row_count < 0 or file_sha256 !~ '^[0-9a-f]{64}$' or jsonb_typeof(arguments) <> 'object' or length(arguments::text) > 4000 then
            perform api.broken('export_not_described');
        end if;
        perform api.record_event(command_id, 'exports.record', actor, api.clock(), 'export', list, null, body, body || jsonb_build_object('arguments', api.mask_typed(arguments)));
    end if;
    return (select x from api.exports x where x.id = command_id);
end $$;
comment on function api.record_export(uuid, text, jsonb, text, bigint, text) is
    'exports.record: Remembers that a list leaves as a file: who, which filter, how many rows, the hash of the bytes. The file gets its name only after that (rules 6.3).';
