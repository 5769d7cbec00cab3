-- letters, third part: drafts, issuing, and the desk of a case's letters.

create function api.letter_template(kind text, language text, at timestamptz) returns book.letter_templates language plpgsql stable security definer set search_path = '' as $$
declare found_one book.letter_templates;
begin
    select t.* into found_one from book.letter_templates t where t.kind = letter_template.kind and t.language = letter_template.language and t.confirmed_at is not null and t.valid_from <= at
    order by t.valid_from desc, t.confirmed_at desc, t.id limit 1;
    if not found then perform api.broken(case when api.letter_subject(kind) is null then 'letter_kind_unknown' else 'letter_language_unknown' end); end if;
    return found_one;
end $$;
comment on function api.letter_template(text, text, timestamptz) is 'The text in force.';

create function api.letter_customer(subject_kind text, subject_id uuid) returns bigint language plpgsql stable security definer set search_path = '' as $$
declare owner_id bigint;
begin
    select case when subject_kind in ('dispute', 'refund', 'objection') then api.customer_of(subject_kind, subject_id::text) end into owner_id;
    if owner_id is null then perform api.broken(case subject_kind when 'dispute' then 'dispute_unknown' when 'refund' then 'refund_unknown' when 'objection' then 'objection_unknown' else 'letter_subject_unknown' end); end if;
    return owner_id;
end $$;
comment on function api.letter_customer(text, uuid) is 'Whose case a letter is about; refused where there is none.';

create function api.draft_letter(kind text, language text, subject_id uuid, at timestamptz, masked boolean, head jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare t book.letter_templates := api.letter_template(kind, language, at); d book.disputes; f book.refunds; o book.campaign_objections; why text; facts jsonb;
begin
    if api.letter_subject(kind) = 'dispute' then
        select x.* into d from book.disputes x where x.id = draft_letter.subject_id;
        if not found then perform api.broken('letter_not_of_this_case'); end if;
        why := api.dispute_letter_barrier(d, kind, at);
        if why is null then facts := api.dispute_letter_facts(d, kind, language, at, masked); end if;
    elsif api.letter_subject(kind) = 'objection' then
        select x.* into o from book.campaign_objections x where x.id = draft_letter.subject_id;
        if not found then perform api.broken('letter_not_of_this_case'); end if;
        why := api.objection_letter_barrier(o);
        if why is null then facts := api.objection_letter_facts(o, language, at, masked); end if;
    else
        select x.* into f from book.refunds x where x.id = draft_letter.subject_id;
        if not found then perform api.broken('letter_not_of_this_case'); end if;
        why := api.refund_letter_barrier(f, kind);
        if why is null then facts := api.refund_letter_facts(f, kind, language, at, masked); end if;
    end if;
    if why is not null then perform api.broken(why, jsonb_build_object('clause', case api.letter_subject(kind) when 'dispute' then 'RA 5.2' when 'objection' then 'IC 4' else 'RA 9.1' end)); end if;
    if facts ->> 'company' is null then perform api.broken('seller_not_configured'); end if;
    return api.compose_letter(kind, language, t.title, t.brief, t.body, facts, head || jsonb_build_object('template', t.id, 'template_from', api.instant_text(t.valid_from), 'rehearsal', (select b.rehearsal from book.database b)));
end $$;
comment on function api.draft_letter(text, text, uuid, timestamptz, boolean, jsonb) is 'Composes a letter from the state of its case; refused where it would not be true.';

create function api.letter_digest(content jsonb) returns text language sql immutable security definer set search_path = '' as
$$ select encode(sha256(convert_to(jsonb_build_array(content -> 'title', content -> 'brief', content -> 'blocks')::text, 'UTF8')), 'hex') $$;
comment on function api.letter_digest(jsonb) is 'The fingerprint of what a draft says; issuing compares it, so that what was read is what is sent.';

create type api.letter_draft as (kind text, language text, content jsonb, plain_text text, digest text);
comment on type api.letter_draft is 'A letter as it would be now.';
comment on column api.letter_draft.content is '{{LetterContent}} what the paper shows; people masked';

create function api.preview_letter(kind text, language text, subject_id uuid) returns api.letter_draft language plpgsql stable security definer set search_path = '' as $$
declare content jsonb;
begin
    perform api.reader();
    content := api.draft_letter(kind, language, subject_id, api.clock(), true);
    return row(kind, language, content, api.letter_text(content), api.letter_digest(content))::api.letter_draft;
end $$;
comment on function api.preview_letter(text, text, uuid) is 'letters.preview: A letter of a case as it would be now, with people masked; refused where it would not be true.';
grant execute on function api.preview_letter(text, text, uuid) to kontor_people;

-- ── The letters of a case ──────────────────────────────────────────────────────────────────────────────────────

create function api.letter_ways(letter uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'way', s.way, 'by_platform', s.by_platform, 'address', s.address_hint, 'sent_at', api.instant_text(s.sent_at), 'sent_by', api.login_of(s.sent_by),
            'taken_at', (select api.instant_text(e.acknowledged_at) from book.platform_events e where e.subject_id = s.id and e.kind = 'letter.send' limit 1),
            'delivered_at', api.instant_text(s.delivered_at), 'receipt', s.receipt, 'receipt_recorded_at', api.instant_text(s.receipt_recorded_at), 'receipt_recorded_by', api.login_of(s.receipt_recorded_by), 'paper', (select jsonb_build_object('id', a.id, 'file_name', a.file_name, 'media_type', a.media_type, 'sha256', encode(a.sha256, 'hex')) from book.attachments a where a.id = s.attachment_id),
            'failed_at', api.instant_text(s.failed_at), 'failure', s.failure, 'served', s.service_id is not null) order by s.sent_at, s.id), '[]') from book.letter_sendings s where s.letter_id = letter);
end $$;
comment on function api.letter_ways(uuid) is 'The ways that a letter took, each with its receipt.';

create view api.letters as
select l.id, l.number, l.kind::text as kind, l.language, l.subject_kind, l.subject_id, l.customer_id, api.shown_name(c) as customer_name, l.addressee, l.content ->> 'title' as title, l.content ->> 'case' as case_number,
       encode(l.content_sha256, 'hex') as content_sha256, l.issued_at, api.login_of(l.issued_by) as issued_by, exists (select 1 from book.letter_pdfs p where p.letter_id = l.id) as pdf_stored,
       api.letter_ways(l.id) as sendings
from book.letters l join book.customers c on c.id = l.customer_id;
comment on view api.letters is 'Letters as issued, with the ways they took and their receipts; names and addresses masked.';
comment on column api.letters.kind is '{{LetterKind}} what it is';
comment on column api.letters.language is '{{"zh" | "en"}} its language';
comment on column api.letters.subject_kind is '{{"dispute" | "refund" | "objection"}} what it is about';
comment on column api.letters.addressee is '{{"holder" | "third_party"}} to whom';
comment on column api.letters.sendings is '{{Array<{ id: Uuid; way: "sms" | "email" | "in_app" | "ticket" | "post" | "in_person"; by_platform: boolean; address: string | null; sent_at: Instant; sent_by: string; taken_at: Instant | null; delivered_at: Instant | null; receipt: string | null; receipt_recorded_at: Instant | null; receipt_recorded_by: string | null; paper: { id: Uuid; file_name: string; media_type: string; sha256: string } | null; failed_at: Instant | null; failure: string | null; served: boolean }>}} the ways it took: given to the platform or sent by hand, arrived, served';
comment on type api.letters is 'ts: export type LetterKind = "lock_notice" | "evidence_request" | "reminder" | "shortfall_demand" | "waiver_form" | "unlock_notice" | "refund_received" | "refund_proof" | "refund_rejected" | "refund_approved" | "refund_paid" | "fee_explained" | "objection_answer";
export interface LetterContent { kind: LetterKind; language: "zh" | "en"; title: string; brief: string; to: string; company: string; account: string; case: string; agreement: string; today: string; number?: string; rehearsal: boolean;
    blocks: Array<{ kind: "paragraph" | "heading"; text: string } | { kind: "deadline"; due: string; lines: Array<{ text: string; clause: string }>; calendar: string | null; extended: string | null } | { kind: "form"; lines: string[] } | { kind: "replay"; rows: Array<{ bound: string; inviter: string; elapsed: string; verdict: string }>; lines: string[] }
        | { kind: "lots"; rows: Array<{ order_no: string; paid_on: string; route: string; gross: string; fee: string; net: string; refund_no: string | null; rule: string | null }> }> }';

create function api.letter_addressee(kind text) returns text language sql immutable security definer set search_path = '' as
$$ select case kind when 'waiver_form' then 'third_party' else 'holder' end $$;
comment on function api.letter_addressee(text) is 'To whom a kind of letter goes.';

create function api.letter_state_since(kind text, d book.disputes, f book.refunds, o book.campaign_objections) returns timestamptz language sql stable security definer set search_path = '' as $$
    select case kind when 'lock_notice' then d.locked_at when 'shortfall_demand' then coalesce(d.decided_at, d.locked_at) when 'unlock_notice' then d.closed_at
        when 'refund_received' then case when f.status in ('requested', 'reviewed') then f.requested_at end when 'refund_proof' then f.proof_asked_at when 'refund_rejected' then f.closed_at when 'refund_approved' then f.approved_at when 'refund_paid' then f.paid_at
        when 'objection_answer' then o.decided_at end
$$;
comment on function api.letter_state_since(text, book.disputes, book.refunds, book.campaign_objections) is 'Since when a case is in the state that a letter tells of; null for letters that nobody has to write.';

create function api.letter_kinds(subject_kind text, subject_id uuid, at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare d book.disputes; f book.refunds; o book.campaign_objections; answer jsonb := '[]'; one text; why text; since timestamptz;
begin
    select x.* into d from book.disputes x where x.id = letter_kinds.subject_id and subject_kind = 'dispute';
    select x.* into f from book.refunds x where x.id = letter_kinds.subject_id and subject_kind = 'refund';
    select x.* into o from book.campaign_objections x where x.id = letter_kinds.subject_id and subject_kind = 'objection';
    foreach one in array case subject_kind when 'dispute' then array['lock_notice', 'evidence_request', 'reminder', 'shortfall_demand', 'waiver_form', 'unlock_notice']
            when 'objection' then array['objection_answer'] else array['refund_received', 'refund_proof', 'refund_rejected', 'refund_approved', 'refund_paid', 'fee_explained'] end loop
        why := case subject_kind when 'dispute' then api.dispute_letter_barrier(d, one, at) when 'objection' then api.objection_letter_barrier(o) else api.refund_letter_barrier(f, one) end;
        since := api.letter_state_since(one, d, f, o);
        answer := answer || jsonb_build_object('kind', one, 'addressee', api.letter_addressee(one), 'allowed', why is null, 'why', why, 'due', why is null and case one
            when 'reminder' then api.reminder_due(d, at) is not null
            else since is not null and not exists (select 1 from book.letters l where l.subject_id = letter_kinds.subject_id and l.kind = one and l.issued_at >= since)
                -- Told in another way is told.
                and not exists (select 1 from book.services_of_notice n where n.dispute_id = letter_kinds.subject_id and n.about = case one when 'lock_notice' then 'lock' when 'shortfall_demand' then 'shortfall' when 'unlock_notice' then 'unlock' end and n.addressee = 'holder') end);
    end loop;
    return answer;
end $$;
comment on function api.letter_kinds(text, uuid, timestamptz) is 'Every kind of letter of a case: whether it would be true now, why not, and whether it should be written.';

create type api.letter_desk as (subject_kind text, subject_id uuid, kinds jsonb, letters jsonb, addresses jsonb);
comment on type api.letter_desk is 'The letters of a case: what can be written, what was written, and where it may go.';
comment on column api.letter_desk.kinds is '{{Array<{ kind: LetterKind; addressee: "holder" | "third_party"; allowed: boolean; why: string | null; due: boolean }>}} what can be written now; why is a rule';
comment on column api.letter_desk.letters is '{{Letter[]}} what was issued, newest first';
comment on column api.letter_desk.addresses is '{{{ phone: string | null; email: string | null; third_party_email: string | null }}} where letters may go, masked';

create function api.third_party_email(dispute_id uuid) returns text language sql stable security definer set search_path = '' as $$
    select case when api.tidy(d.informant_contact) ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' then api.tidy(d.informant_contact) when api.tidy(r.payer_account) ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' then api.tidy(r.payer_account) end
    from book.disputes d join book.recharges r on r.id = d.recharge_id where d.id = third_party_email.dispute_id
$$;
comment on function api.third_party_email(uuid) is 'Where a third party can be written to, if the notice or the payment says so.';

create function api.open_letters(subject_kind text, subject_id uuid) returns api.letter_desk language plpgsql stable security definer set search_path = '' as $$
declare answer api.letter_desk; owner_id bigint;
begin
    perform api.reader();
    owner_id := api.letter_customer(subject_kind, subject_id);
    answer.subject_kind := subject_kind; answer.subject_id := subject_id;
    answer.kinds := api.letter_kinds(subject_kind, subject_id, api.clock());
    select coalesce(jsonb_agg(to_jsonb(l) || jsonb_build_object('customer_id', l.customer_id::text, 'issued_at', api.instant_text(l.issued_at)) order by l.issued_at desc, l.id desc), '[]') into answer.letters
    from (select x.* from api.letters x where x.subject_id = open_letters.subject_id order by x.issued_at desc, x.id desc limit 100) l;
    select jsonb_build_object('phone', api.mask_phone(c.phone), 'email', api.mask_email(c.email), 'third_party_email', api.mask_email(api.third_party_email(open_letters.subject_id))) into answer.addresses from book.customers c where c.id = owner_id;
    return answer;
end $$;
comment on function api.open_letters(text, uuid) is 'letters.open: The letters of a dispute, a refund or an objection: which are due, which can be written and why others cannot, which were issued, how they left and what proves that they arrived.';
grant execute on function api.open_letters(text, uuid) to kontor_people;

-- ── Issuing ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.write_letter(letter_id uuid, kind text, language text, subject_id uuid, customer_id bigint, actor integer, at timestamptz) returns book.letters
language plpgsql volatile security definer set search_path = '' as $$
declare content jsonb; written book.letters; today date := (at at time zone 'Asia/Shanghai')::date; given text;
begin
    -- Composed once without a number: what is refused spends none.
    content := api.draft_letter(kind, language, subject_id, at, false);
    given := api.next_number('L', at);
    content := content || jsonb_build_object('number', given, 'id', letter_id, 'issued_at', api.instant_text(at), 'issued_by', api.login_of(actor));
    insert into book.letters (id, number, kind, language, subject_kind, subject_id, customer_id, addressee, template_id, content, content_sha256, reminds_on, issued_at, issued_by)
    values (letter_id, given, kind, language, api.letter_subject(kind), subject_id, customer_id, api.letter_addressee(kind), (content ->> 'template')::uuid, content,
            sha256(convert_to(content::text, 'UTF8')), case kind when 'reminder' then today end, at, actor) returning * into written;
    return written;
end $$;
comment on function api.write_letter(uuid, text, text, uuid, bigint, integer, timestamptz) is 'Composes and keeps a letter, numbered and hashed. The second reminder of a day falls on a constraint.';

create function api.issue_letter(command_id uuid, kind text, language text, subject_id uuid, digest text default null) returns api.letters
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); owner_id bigint; at timestamptz; written book.letters; answer api.letters;
    body jsonb := jsonb_build_object('kind', kind, 'language', language, 'subject_id', subject_id, 'digest', digest);
begin
    if api.letter_subject(kind) is null then perform api.broken('letter_kind_unknown'); end if;
    owner_id := api.letter_customer(api.letter_subject(kind), subject_id);
    perform api.lock_customer(owner_id);
    if not api.repeated(command_id, 'letters.issue', body) then
        at := api.clock();
        if digest is not null and digest <> api.letter_digest(api.draft_letter(kind, language, subject_id, at, true)) then perform api.broken('letter_moved'); end if;
        written := api.write_letter(command_id, kind, language, subject_id, owner_id, actor, at);
        perform api.record_event(command_id, 'letters.issue', actor, at, written.subject_kind, subject_id::text, owner_id, body,
            jsonb_build_object('number', written.number, 'letter', kind, 'language', language, 'sha256', encode(written.content_sha256, 'hex')));
    end if;
    select l.* into answer from api.letters l where l.id = command_id;
    return answer;
end $$;
comment on function api.issue_letter(uuid, text, text, uuid, text) is 'letters.issue: Writes a letter for good: composed by the books, numbered and hashed. With the digest of the draft it is refused if the case has moved since.';
grant execute on function api.issue_letter(uuid, text, text, uuid, text) to kontor_people;

-- ── Its pages ──────────────────────────────────────────────────────────────────────────────────────────────────

create function api.read_letter(letter_id uuid) returns table (pdf bytea, content jsonb) language plpgsql volatile security definer set search_path = '' as $$
declare reader integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'supervisor', 'legal', 'auditor', 'platform'); l book.letters; stored bytea;
begin
    select x.* into l from book.letters x where x.id = read_letter.letter_id;
    if not found then perform api.broken('letter_unknown'); end if;
    select p.bytes into stored from book.letter_pdfs p where p.letter_id = l.id;
    perform api.record_event(null, 'letters.read', reader, api.clock(), 'letter', l.id::text, l.customer_id, '{}', jsonb_build_object('number', l.number));
    return query select stored, l.content || jsonb_build_object('content_sha256', encode(l.content_sha256, 'hex'));
end $$;
comment on function api.read_letter(uuid) is 'The stored PDF, or null before the first rendering, and the content that was hashed. It shows people in full, so reading it is remembered.';

create function api.store_letter_pdf(letter_id uuid, bytes bytea) returns bytea language plpgsql volatile strict security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'supervisor', 'legal', 'auditor', 'platform'); l book.letters; stored bytea; at timestamptz;
begin
    select x.* into l from book.letters x where x.id = store_letter_pdf.letter_id;
    if not found then perform api.broken('letter_unknown'); end if;
    select p.bytes into stored from book.letter_pdfs p where p.letter_id = l.id;
    if found then return stored; end if;
    -- Only who issued a letter can fix its bytes for ever; anybody else reads a rendering of his own, unsaved.
    if actor <> l.issued_by then return bytes; end if;
    if substring(bytes from 1 for 5) <> '\x255044462d'::bytea then perform api.broken('letter_pdf_not_a_pdf'); end if;
    if octet_length(bytes) > 2097152 then perform api.broken('letter_pdf_too_large', '{"most_bytes": 2097152}'); end if;
    at := api.clock();
    insert into book.letter_pdfs (letter_id, bytes, sha256, rendered_at, rendered_by) values (l.id, store_letter_pdf.bytes, sha256(store_letter_pdf.bytes), at, actor) on conflict on constraint letter_pdfs_pkey do nothing;
    if found then
        perform api.record_event(null, 'letters.store_pdf', actor, at, 'letter', l.id::text, l.customer_id, '{}', jsonb_build_object('number', l.number, 'sha256', encode(sha256(store_letter_pdf.bytes), 'hex')));
    end if;
    select p.bytes into stored from book.letter_pdfs p where p.letter_id = l.id;
    return stored;
end $$;
comment on function api.store_letter_pdf(uuid, bytea) is 'Keeps the first rendering and answers with what is kept: whoever comes second gets the first one''s bytes.';
grant execute on function api.read_letter(uuid), api.store_letter_pdf(uuid, bytea) to kontor_people;
