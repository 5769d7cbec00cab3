-- papers: the stored PDF of a document, and every sheet that was printed of it.
-- The typed functions here carry bytes and are no commands of the wire.

create function api.read_invoice_content(invoice_id uuid) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
    reader integer := api.actor('agent', 'tax_clerk', 'accountant', 'approver', 'treasurer', 'supervisor', 'legal', 'auditor');
    paper book.invoices;
begin
    select i.* into paper from book.invoices i where i.id = read_invoice_content.invoice_id;
    if not found then perform api.broken('invoice_unknown'); end if;
    perform api.record_event(null, 'invoices.read_content', reader, api.clock(), 'invoice', paper.id::text, paper.customer_id, '{}');
    -- On paper a product goes by its name; the code stays in the content that was hashed.
    return paper.content || jsonb_build_object(
        'lines', (select jsonb_agg(l.value || jsonb_build_object('product', l.value ->> 'description_zh', 'description', l.value ->> 'description_en') order by l.n)
                  from jsonb_array_elements(paper.content -> 'lines') with ordinality l (value, n)),
        'issued_by_login', paper.content ->> 'issued_by',
        'content_sha256', encode(paper.content_sha256, 'hex'),
        'logo', api.picture_of(paper.content #>> '{seller,logo}'), 'seal', api.picture_of(paper.content #>> '{seller,seal}'),
        'official_number', (select o.number from book.official_invoices o where o.invoice_id = paper.id),
        'official_on', (select o.issued_on from book.official_invoices o where o.invoice_id = paper.id),
        'generated_at', to_char(api.clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
end $$;
comment on function api.read_invoice_content(uuid) is 'What the renderer prints: the content as hashed at issue, its hash, and the official number once known.';

create function api.read_invoice_pdf(invoice_id uuid) returns bytea language plpgsql volatile security definer set search_path = '' as $$
declare
    -- The platform hands the paper to the customer who asked for it.
    reader integer := api.actor('agent', 'tax_clerk', 'accountant', 'approver', 'treasurer', 'supervisor', 'legal', 'auditor', 'platform');
    paper book.invoices;
    stored bytea;
begin
    select i.* into paper from book.invoices i where i.id = read_invoice_pdf.invoice_id;
    if not found then perform api.broken('invoice_unknown'); end if;
    select f.bytes into stored from book.invoice_pdfs f where f.invoice_id = paper.id;
    if stored is not null then
        perform api.record_event(null, 'invoices.read_pdf', reader, api.clock(), 'invoice', paper.id::text, paper.customer_id, '{}', jsonb_build_object('number', paper.number));
    end if;
    return stored;
end $$;
comment on function api.read_invoice_pdf(uuid) is 'The stored PDF, or null before the first rendering. It shows the buyer in full, so reading it is remembered.';

create function api.store_invoice_pdf(invoice_id uuid, bytes bytea) returns bytea language plpgsql volatile strict security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'approver', 'treasurer', 'supervisor', 'legal', 'auditor');
    paper book.invoices;
    stored bytea;
    now_at timestamptz;
begin
    select i.* into paper from book.invoices i where i.id = store_invoice_pdf.invoice_id;
    if not found then perform api.broken('invoice_unknown'); end if;
    select f.bytes into stored from book.invoice_pdfs f where f.invoice_id = paper.id;
    if found then return stored; end if;
    -- Only who issued the paper can fix its bytes for ever; anybody else reads a rendering of his own, unsaved.
    if actor <> paper.issued_by and actor is distinct from paper.approved_by then return bytes; end if;
    -- Refused here already: called without api.call, a violated check would print the bytes.
    if substring(bytes from 1 for 5) <> '\x255044462d'::bytea then perform api.broken('invoice_pdf_not_a_pdf'); end if;
    if octet_length(bytes) > 5242880 then perform api.broken('invoice_pdf_too_large', '{"most_bytes": 5242880}'); end if;
    now_at := api.clock();
    insert into book.invoice_pdfs (invoice_id, bytes, sha256, rendered_at, rendered_by)
    values (paper.id, store_invoice_pdf.bytes, sha256(store_invoice_pdf.bytes), now_at, actor) on conflict on constraint invoice_pdfs_pkey do nothing;
    if found then
        perform api.record_event(null, 'invoices.store_pdf', actor, now_at, 'invoice', paper.id::text, paper.customer_id, '{}',
            jsonb_build_object('number', paper.number, 'sha256', encode(sha256(store_invoice_pdf.bytes), 'hex')));
    end if;
    select f.bytes into stored from book.invoice_pdfs f where f.invoice_id = paper.id;
    return stored;
end $$;
comment on function api.store_invoice_pdf(uuid, bytea) is 'Keeps the first rendering and answers with what is kept: whoever comes second gets the first one''s bytes.';

create function api.log_print(command_id uuid, invoice_id uuid, printer text, copies integer default 1, reason text default null) returns api.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('invoice_id', invoice_id, 'printer', printer, 'copies', copies, 'reason', reason);
    paper book.invoices;
    printed integer;
    now_at timestamptz;
begin
    select i.* into paper from book.invoices i where i.id = invoice_id for update;
    if not found then perform api.broken('invoice_unknown'); end if;
    if not api.repeated(command_id, 'invoices.log_print', body) then
        now_at := api.clock();
        if copies not between 1 and 99 then perform api.broken('print_copies_out_of_range', '{"most": 99}'); end if;
        if not exists (select 1 from book.invoice_pdfs f where f.invoice_id = paper.id) then perform api.broken('invoice_not_rendered'); end if;
        select coalesce(sum(l.copies), 0) into printed from book.print_log l where l.invoice_id = paper.id;
        if printed > 0 and api.tidy(reason) is null then perform api.broken('reprint_without_reason', jsonb_build_object('printed', printed)); end if;
        insert into book.print_log (id, invoice_id, copy_from, copies, printer, reason, printed_at, printed_by)
        values (command_id, paper.id, printed + 1, copies, printer, api.tidy(reason), now_at, actor);
        perform api.record_event(command_id, 'invoices.log_print', actor, now_at, 'invoice', paper.id::text, paper.customer_id, body,
            jsonb_build_object('number', paper.number, 'copy_from', printed + 1, 'copies', copies));
    end if;
    return (select i from api.invoices i where i.id = log_print.invoice_id);
end $$;
comment on function api.log_print(uuid, uuid, text, integer, text) is 'invoices.log_print: Writes down a print: the first sheet is the original, each later one a copy with a reason.';

grant execute on function api.read_invoice_content(uuid), api.read_invoice_pdf(uuid), api.store_invoice_pdf(uuid, bytea),
    api.log_print(uuid, uuid, text, integer, text) to kontor_people;
