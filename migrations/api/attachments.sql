-- attachments: papers come in pieces, are hashed again here, and every look at one is remembered.
-- Bytes travel as bytea through typed calls (append, read), never inside the JSON of api.call.

create function api.looks_like(media_type text, bytes bytea) returns boolean
language sql immutable security definer set search_path = '' as $$
    select case
        when media_type = 'application/pdf' then position('\x255044462d'::bytea in substring(bytes from 1 for 1024)) > 0
        when media_type = 'image/png' then substring(bytes from 1 for 8) = '\x89504e470d0a1a0a'::bytea
        when media_type = 'image/jpeg' then substring(bytes from 1 for 3) = '\xffd8ff'::bytea
        when media_type = 'image/gif' then substring(bytes from 1 for 4) = '\x47494638'::bytea
        when media_type = 'image/webp' then substring(bytes from 1 for 4) = '\x52494646'::bytea and substring(bytes from 9 for 4) = '\x57454250'::bytea
        when media_type in ('application/zip',
            'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet') then substring(bytes from 1 for 4) = '\x504b0304'::bytea
        when media_type in ('text/plain', 'text/csv', 'message/rfc822') then position('\x00'::bytea in bytes) = 0
        else false
    end
$$;
comment on function api.looks_like(text, bytea) is 'Whether the bytes begin as a file of that kind does. A kind that is not listed is not taken.';

create function api.as_uuid(written text) returns uuid language sql immutable security definer set search_path = '' as
$$ select case when written ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then written::uuid end $$;
comment on function api.as_uuid(text) is 'A subject''s id as the key of its table, or null: subjects are written as text because customers are numbered and cases are not.';

create function api.customer_of(subject_kind text, subject_id text) returns bigint language sql stable security definer set search_path = '' as $$
    select case subject_kind
        when 'customer' then (select c.id from book.customers c where c.id = case when subject_id ~ '^[0-9]{1,18}$' then subject_id::bigint end)
        when 'refund' then (select r.customer_id from book.refunds r where r.id = api.as_uuid(subject_id))
        when 'dispute' then (select d.customer_id from book.disputes d where d.id = api.as_uuid(subject_id))
        when 'judicial_order' then (select o.customer_id from book.judicial_orders o where o.id = api.as_uuid(subject_id))
        when 'objection' then (select o.customer_id from book.campaign_objections o where o.id = api.as_uuid(subject_id))
        when 'invoice' then (select i.customer_id from book.invoices i where i.id = api.as_uuid(subject_id))
        when 'adjustment' then (select a.customer_id from book.adjustments a where a.id = api.as_uuid(subject_id))
        when 'reversal' then (select r.customer_id from book.reversals r where r.id = api.as_uuid(subject_id))
    end
$$;
comment on function api.customer_of(text, text) is 'Whose case this is; null for a case that is still being written.';

create view api.attachments as
    select a.id, a.subject_kind, a.subject_id, a.customer_id, a.file_name, a.media_type, a.size_bytes,
           encode(a.sha256, 'hex') as sha256, a.received_at, a.recorded_at, a.party, p.login as recorded_by, a.complete,
           coalesce((select jsonb_agg(jsonb_build_object('login', q.login, 'at', v.opened_at) order by v.opened_at)
                     from book.attachment_views v join book.people q on q.id = v.person_id where v.attachment_id = a.id), '[]') as opened_by,
           coalesce((select jsonb_agg(distinct jsonb_build_object('subject_kind', o.subject_kind, 'subject_id', o.subject_id))
                     from book.attachments o where o.sha256 = a.sha256 and o.complete and o.id <> a.id
                       and (o.subject_kind, o.subject_id) <> (a.subject_kind, a.subject_id)), '[]') as also_filed_with
    from book.attachments a join book.people p on p.id = a.recorded_by;
comment on view api.attachments is 'Papers with their hashes, who opened them, and where the same bytes were filed before.';
comment on column api.attachments.customer_id is '?whose it is';
comment on column api.attachments.party is '?{{"third_party" | "holder"}} from whom, where no step of the case says it';
comment on column api.attachments.opened_by is '{{Array<{ login: string; at: Instant }>}} who has looked at it';
comment on column api.attachments.also_filed_with is '{{Array<{ subject_kind: string; subject_id: string }>}} the same bytes on other cases: worth a question';

create function api.begin_attachment(command_id uuid, subject_kind text, subject_id text, file_name text, media_type text, size_bytes bigint,
    sha256 text, customer_id bigint default null, received_at timestamptz default null, party text default null) returns api.attachments
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor');
    body jsonb := jsonb_build_object('subject_kind', subject_kind, 'subject_id', subject_id, 'file_name', file_name, 'media_type', media_type,
        'size_bytes', size_bytes, 'sha256', sha256, 'customer_id', customer_id, 'received_at', received_at, 'party', party);
    owner_id bigint;
    now_at timestamptz;
begin
    owner_id := coalesce(customer_id, api.customer_of(subject_kind, subject_id));
    if owner_id is not null then perform api.lock_customer(owner_id); end if;
    if not api.repeated(command_id, 'attachments.begin', body) then
        now_at := api.clock();
        if size_bytes < 1 then perform api.broken('attachment_is_empty'); end if;
        if size_bytes > 20971520 then
            perform api.broken('attachment_too_large', jsonb_build_object('size_bytes', size_bytes, 'most_bytes', 20971520));
        end if;
        if sha256 !~ '^[0-9a-f]{64}$' then perform api.broken('argument_invalid', '{"argument": "sha256"}'); end if;
        if media_type not in ('application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/zip',
            'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/plain', 'text/csv', 'message/rfc822') then
            perform api.broken('attachment_type_not_supported');
        end if;
        if api.tidy(file_name) is null or api.tidy(subject_kind) is null or api.tidy(subject_id) is null then
            perform api.broken('attachment_without_name');
        end if;
        if coalesce(received_at, now_at) > now_at then perform api.broken('attachment_received_in_the_future'); end if;
        if party not in ('third_party', 'holder') then perform api.broken('attachment_party_unknown'); end if;
        insert into book.attachments (id, customer_id, subject_kind, subject_id, file_name, media_type, size_bytes, sha256, received_at, recorded_at, recorded_by, party)
        values (command_id, owner_id, subject_kind, subject_id, left(regexp_replace(file_name, '^.*[/\\]', ''), 200), media_type, size_bytes,
                decode(sha256, 'hex'), coalesce(received_at, now_at), now_at, actor, party);
        perform api.record_event(command_id, 'attachments.begin', actor, now_at, 'attachment', command_id::text, owner_id, body,
            jsonb_build_object('filed_with', subject_kind, 'sha256', sha256, 'size_bytes', size_bytes));
    end if;
    return (select a from api.attachments a where a.id = command_id);
end $$;
comment on function api.begin_attachment(uuid, text, text, text, text, bigint, text, bigint, timestamptz, text) is
    'attachments.begin: Announces a paper: name, kind, size and hash, when it was received and from whom. Its pieces follow; it counts once it is finished. Received and recorded are two instants (rules 1.4, 25).';

create function api.append_attachment(attachment_id uuid, piece integer, bytes bytea) returns void
language plpgsql volatile strict security definer set search_path = '' as $$
declare
    actor integer := api.reader();
    paper book.attachments;
begin
    select a.* into paper from book.attachments a where a.id = attachment_id for update;
    if not found or paper.recorded_by <> actor then perform api.broken('attachment_unknown'); end if;
    if octet_length(bytes) not between 1 and 1048576 then perform api.broken('attachment_piece_too_large'); end if;
    if piece < 0 or piece >= (paper.size_bytes + 1048575) / 1048576 then perform api.broken('attachment_too_large'); end if;
    -- A piece whose answer was lost comes again; different bytes in its place are another file.
    if exists (select 1 from book.attachment_pieces p where p.attachment_id = append_attachment.attachment_id and p.piece = append_attachment.piece) then
        if not exists (select 1 from book.attachment_pieces p where p.attachment_id = append_attachment.attachment_id
                         and p.piece = append_attachment.piece and p.bytes = append_attachment.bytes) then
            perform api.broken('attachment_hash_differs');
        end if;
        return;
    end if;
    if paper.complete then perform api.broken('attachment_is_complete'); end if;
    insert into book.attachment_pieces (attachment_id, piece, bytes) values (attachment_id, piece, bytes);
end $$;
comment on function api.append_attachment(uuid, integer, bytea) is 'One piece of a paper, at most one MiB, counted from 0. Only the person who began it sends pieces.';

create function api.finish_attachment(command_id uuid, attachment_id uuid) returns api.attachments
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor');
    body jsonb := jsonb_build_object('attachment_id', attachment_id);
    paper book.attachments;
    whole bytea;
begin
    select a.* into paper from book.attachments a where a.id = attachment_id for update;
    if not found or paper.recorded_by <> actor then perform api.broken('attachment_unknown'); end if;
    if not api.repeated(command_id, 'attachments.finish', body) then
        select string_agg(p.bytes, ''::bytea order by p.piece) into whole
        from book.attachment_pieces p where p.attachment_id = finish_attachment.attachment_id;
        if coalesce(octet_length(whole), 0) <> paper.size_bytes or sha256(whole) <> paper.sha256 then
            perform api.broken('attachment_hash_differs', jsonb_build_object('arrived_bytes', coalesce(octet_length(whole), 0), 'size_bytes', paper.size_bytes));
        end if;
        if not api.looks_like(paper.media_type, whole) then
            perform api.broken('attachment_type_differs', jsonb_build_object('media_type', paper.media_type));
        end if;
        update book.attachments a set complete = true where a.id = attachment_id and not a.complete;
        perform api.record_event(command_id, 'attachments.finish', actor, api.clock(), 'attachment', attachment_id::text, paper.customer_id, body);
    end if;
    return (select a from api.attachments a where a.id = attachment_id);
end $$;
comment on function api.finish_attachment(uuid, uuid) is 'attachments.finish: Puts the pieces together, hashes them again and looks at what they are. Only then does the paper count as filed.';

create function api.list_attachments(subject_kind text, subject_id text) returns setof api.attachments
language sql stable security definer set search_path = '' as $$
    select a.* from (select api.reader()) r, api.attachments a
    where a.subject_kind = list_attachments.subject_kind and a.subject_id = list_attachments.subject_id and a.complete
    order by a.received_at, a.id limit 500
$$;
comment on function api.list_attachments(text, text) is 'attachments.list: The papers filed with a case, oldest first.';

create function api.open_attachment(command_id uuid, attachment_id uuid) returns api.attachments
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'risk', 'legal', 'supervisor', 'auditor');
    body jsonb := jsonb_build_object('attachment_id', attachment_id);
    paper book.attachments;
    now_at timestamptz;
begin
    select a.* into paper from book.attachments a where a.id = attachment_id and a.complete;
    if not found then perform api.broken('attachment_unknown'); end if;
    if not api.repeated(command_id, 'attachments.opened', body) then
        now_at := api.clock();
        insert into book.attachment_views (attachment_id, person_id, opened_at) values (attachment_id, actor, now_at) on conflict do nothing;
        perform api.record_event(command_id, 'attachments.opened', actor, now_at, 'attachment', attachment_id::text, paper.customer_id, body,
            jsonb_build_object('filed_with', paper.subject_kind));
    end if;
    return (select a from api.attachments a where a.id = attachment_id);
end $$;
comment on function api.open_attachment(uuid, uuid) is 'attachments.opened: Remembers that this person looks at the paper now; its bytes are read only after that.';

create function api.read_attachment(attachment_id uuid, piece integer) returns bytea
language plpgsql stable security definer set search_path = '' as $$
declare
    actor integer := api.reader();
    found_bytes bytea;
begin
    if not exists (select 1 from book.attachment_views v where v.attachment_id = read_attachment.attachment_id and v.person_id = actor)
       and not exists (select 1 from book.attachments a where a.id = attachment_id and a.recorded_by = actor) then
        perform api.broken('attachment_not_opened');
    end if;
    select p.bytes into found_bytes from book.attachment_pieces p
    where p.attachment_id = read_attachment.attachment_id and p.piece = read_attachment.piece;
    return found_bytes;
end $$;
comment on function api.read_attachment(uuid, integer) is 'One piece of a paper, null after the last. Whoever reads has opened it on the record first, or filed it.';

grant execute on function
    api.begin_attachment(uuid, text, text, text, text, bigint, text, bigint, timestamptz, text), api.append_attachment(uuid, integer, bytea),
    api.finish_attachment(uuid, uuid), api.list_attachments(text, text), api.open_attachment(uuid, uuid), api.read_attachment(uuid, integer)
    to kontor_people;
