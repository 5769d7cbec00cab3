-- letter_templates: the texts of letters. Proposed by one person, confirmed by another, in force from an instant.

create view api.letter_templates as
select t.id, t.kind::text as kind, t.language, t.title, t.brief, t.body, t.valid_from, t.reason, api.login_of(t.proposed_by) as proposed_by, t.proposed_at, api.login_of(t.confirmed_by) as confirmed_by, t.confirmed_at,
       api.login_of(t.declined_by) as declined_by, t.declined_at, t.declined_why,
       t.id = (select x.id from book.letter_templates x where x.kind = t.kind and x.language = t.language and x.confirmed_at is not null and x.valid_from <= k.at order by x.valid_from desc, x.confirmed_at desc, x.id limit 1) as in_force,
       api.letter_placeholders(t.kind) as placeholders
from book.letter_templates t cross join (select api.clock() as at offset 0) k;
comment on view api.letter_templates is 'The texts of letters: in force, proposed, past.';
comment on column api.letter_templates.kind is '{{LetterKind}} of which letter';
comment on column api.letter_templates.language is '{{"zh" | "en"}} in which language';
comment on column api.letter_templates.proposed_by is '? null for the texts that came with the program';
comment on column api.letter_templates.confirmed_by is '? null for those, and until confirmed';
comment on column api.letter_templates.confirmed_at is '? when';
comment on column api.letter_templates.declined_by is '? who declined it or took it back';
comment on column api.letter_templates.declined_at is '? when';
comment on column api.letter_templates.declined_why is '? why';
comment on column api.letter_templates.in_force is 'whether letters are written with it now; null when none is';
comment on column api.letter_templates.placeholders is 'what its text may name in braces';

create function api.list_letter_templates() returns setof api.letter_templates language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return query select t.* from api.letter_templates t order by t.kind, t.language desc, t.valid_from desc, t.proposed_at desc, t.id limit 300;
end $$;
comment on function api.list_letter_templates() is 'letters.templates: The text of every letter in both languages, with its history and what waits for confirmation.';
grant execute on function api.list_letter_templates() to kontor_people;

create function api.try_letter_text(kind text, language text, title text, brief text, body text) returns api.letter_draft language plpgsql stable security definer set search_path = '' as $$
declare content jsonb; at timestamptz := api.clock();
begin
    perform api.reader();
    if language not in ('zh', 'en') then perform api.broken('letter_language_unknown'); end if;
    perform api.check_letter_text(kind, title, brief, body);
    content := api.compose_letter(kind, language, title, brief, body, api.letter_sample(kind, language, at), jsonb_build_object('rehearsal', (select b.rehearsal from book.database b)));
    return row(kind, language, content, api.letter_text(content), api.letter_digest(content))::api.letter_draft;
end $$;
comment on function api.try_letter_text(text, text, text, text, text) is 'letters.try_text: The text of a letter with made-up facts, as it would be on paper; refused where it could not be.';
grant execute on function api.try_letter_text(text, text, text, text, text) to kontor_people;

create function api.propose_letter_text(command_id uuid, kind text, language text, title text, brief text, body text, valid_from timestamptz, reason text) returns api.letter_templates
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator', 'legal'); at timestamptz; answer api.letter_templates;
    asked jsonb := jsonb_build_object('kind', kind, 'language', language, 'title', title, 'brief', brief, 'body', body, 'valid_from', valid_from, 'reason', reason);
begin
    if not api.repeated(command_id, 'letters.propose_text', asked) then
        at := api.clock();
        if language not in ('zh', 'en') then perform api.broken('letter_language_unknown'); end if;
        perform api.check_letter_text(kind, title, brief, body);
        if api.tidy(reason) is null then perform api.broken('letter_template_without_reason'); end if;
        insert into book.letter_templates (id, kind, language, title, brief, body, valid_from, reason, proposed_by, proposed_at) values (command_id, kind, language, api.tidy(title), api.tidy(brief), api.tidy(body), valid_from, reason, actor, at);
        perform api.record_event(command_id, 'letters.propose_text', actor, at, 'letter_text', command_id::text, null, asked, jsonb_build_object('letter', kind, 'language', language));
    end if;
    select t.* into answer from api.letter_templates t where t.id = command_id;
    return answer;
end $$;
comment on function api.propose_letter_text(uuid, text, text, text, text, text, timestamptz, text) is 'letters.propose_text: Proposes the text of a letter from an instant on. An unknown name in braces, a character that cannot be printed or a block inside a sentence is refused now.';
grant execute on function api.propose_letter_text(uuid, text, text, text, text, text, timestamptz, text) to kontor_people;

create function api.take_letter_text(template_id uuid, out t book.letter_templates) language plpgsql volatile security definer set search_path = '' as $$
begin
    select x.* into t from book.letter_templates x where x.id = template_id for update;
    if not found then perform api.broken('letter_template_unknown'); end if;
end $$;
comment on function api.take_letter_text(uuid) is 'Takes a proposed text for a decision.';

create function api.check_letter_text_open(t book.letter_templates) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if t.confirmed_at is not null then perform api.broken('letter_template_already_confirmed'); end if;
    if t.declined_at is not null then perform api.broken('letter_template_already_declined'); end if;
end $$;
comment on function api.check_letter_text_open(book.letter_templates) is 'A text is decided once.';

create function api.confirm_letter_text(command_id uuid, template_id uuid) returns api.letter_templates language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; t book.letter_templates := api.take_letter_text(template_id); answer api.letter_templates; body jsonb := jsonb_build_object('template_id', template_id);
begin
    if not api.repeated(command_id, 'letters.confirm_text', body) then
        at := api.clock();
        perform api.check_letter_text_open(t);
        if t.proposed_by = actor then perform api.broken('letter_template_confirmed_by_proposer'); end if;
        -- What may be named in braces can have changed since it was proposed.
        perform api.check_letter_text(t.kind, t.title, t.brief, t.body);
        update book.letter_templates x set confirmed_by = actor, confirmed_at = at, valid_from = case when (select d.rehearsal from book.database d) then x.valid_from else greatest(x.valid_from, at) end where x.id = t.id;
        perform api.record_event(command_id, 'letters.confirm_text', actor, at, 'letter_text', t.id::text, null, body, jsonb_build_object('letter', t.kind, 'language', t.language));
    end if;
    select x.* into answer from api.letter_templates x where x.id = t.id;
    return answer;
end $$;
comment on function api.confirm_letter_text(uuid, uuid) is 'letters.confirm_text: An approver, not the proposer, puts a text in force. It never reaches back before its confirmation.';
grant execute on function api.confirm_letter_text(uuid, uuid) to kontor_people;

create function api.decline_letter_text(command_id uuid, template_id uuid, reason text) returns api.letter_templates language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'administrator', 'legal'); at timestamptz; t book.letter_templates := api.take_letter_text(template_id); answer api.letter_templates;
    body jsonb := jsonb_build_object('template_id', template_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'letters.decline_text', body) then
        at := api.clock();
        perform api.check_letter_text_open(t);
        if t.proposed_by is distinct from actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.letter_templates x set declined_by = actor, declined_at = at, declined_why = reason where x.id = t.id;
        perform api.record_event(command_id, 'letters.decline_text', actor, at, 'letter_text', t.id::text, null, body, jsonb_build_object('letter', t.kind, 'language', t.language));
    end if;
    select x.* into answer from api.letter_templates x where x.id = t.id;
    return answer;
end $$;
comment on function api.decline_letter_text(uuid, uuid, text) is 'letters.decline_text: Declines a proposed text, or takes an own one back, with a reason.';
grant execute on function api.decline_letter_text(uuid, uuid, text) to kontor_people;
