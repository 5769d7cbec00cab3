-- drafts: forms that save themselves. Nobody but their writer sees them.

create type api.draft as (body jsonb, saved_at timestamptz);
comment on column api.draft.body is '?{{Record<string, unknown>}} what was typed; null when there is none';
comment on column api.draft.saved_at is '? when';

create function api.save_draft(kind text, subject text, body jsonb default null) returns api.draft language plpgsql volatile security definer set search_path = '' as $$
declare writer integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor', 'administrator'); at timestamptz := api.clock();
begin
    insert into book.drafts as d (person_id, kind, subject, body, saved_at) values (writer, kind, subject, body, at)
    on conflict on constraint drafts_pkey do update set body = excluded.body, saved_at = excluded.saved_at;
    return row(body, at)::api.draft;
end $$;
comment on function api.save_draft(text, text, jsonb) is 'drafts.save: Keeps what a form holds so far; without a body the draft is gone.';
grant execute on function api.save_draft(text, text, jsonb) to kontor_people;

create function api.open_draft(kind text, subject text) returns api.draft language plpgsql stable security definer set search_path = '' as $$
declare answer api.draft := row(null, api.clock())::api.draft;
begin
    perform api.reader();
    select d.body, d.saved_at into answer.body, answer.saved_at from book.drafts d
    where d.person_id = api.person() and d.kind = open_draft.kind and d.subject = open_draft.subject and d.body is not null;
    if not found then answer.saved_at := api.clock(); end if;
    return answer;
end $$;
comment on function api.open_draft(text, text) is 'drafts.open: What I was writing on this subject; an empty body when nothing.';
grant execute on function api.open_draft(text, text) to kontor_people;
