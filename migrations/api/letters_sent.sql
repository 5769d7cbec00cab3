-- letters, fourth part: how a letter leaves, what proves that it arrived, and the reminders of a day.

create function api.letter_address(l book.letters, way text) returns text language sql stable security definer set search_path = '' as $$
    select api.tidy(case way when 'email' then case l.addressee when 'third_party' then api.third_party_email(l.subject_id) else c.email end when 'sms' then case l.addressee when 'holder' then c.phone end end)
    from book.customers c where c.id = l.customer_id
$$;
comment on function api.letter_address(book.letters, text) is 'Where a letter goes by e-mail or text message; null when nobody knows.';

create function api.take_letter(letter_id uuid) returns book.letters language plpgsql volatile security definer set search_path = '' as $$
declare l book.letters;
begin
    select x.* into l from book.letters x where x.id = take_letter.letter_id;
    if not found then perform api.broken('letter_unknown'); end if;
    perform api.lock_customer(l.customer_id);
    return l;
end $$;
comment on function api.take_letter(uuid) is 'A letter, with its customer locked.';

create function api.dispatch_letter(sending_id uuid, l book.letters, way text, by_platform boolean, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare address text := api.letter_address(l, way);
begin
    if way not in ('sms', 'email', 'in_app', 'ticket', 'post', 'in_person') or (by_platform and way not in ('sms', 'email', 'in_app')) or (not by_platform and way in ('sms', 'in_app')) then perform api.broken('letter_way_unknown'); end if;
    if by_platform and l.addressee = 'third_party' then perform api.broken('letter_third_party_by_hand'); end if;
    if way in ('sms', 'email') and address is null then perform api.broken('letter_without_address', jsonb_build_object('way', way)); end if;
    insert into book.letter_sendings (id, letter_id, way, by_platform, address_hint, sent_at, sent_by)
    values (sending_id, l.id, way, by_platform, case when way in ('sms', 'email') then api.mask_account(address) end, at, actor);
    if by_platform then
        -- The platform knows its account holders; it reads the letter itself by number, so nothing personal waits in the outbox.
        perform api.tell_platform(l.customer_id, 'letter.send', sending_id, jsonb_build_object('sending_id', sending_id, 'letter_id', l.id, 'number', l.number, 'way', way, 'language', l.language,
            'title', l.content ->> 'title', 'brief', l.content ->> 'brief'), at);
    end if;
end $$;
comment on function api.dispatch_letter(uuid, book.letters, text, boolean, integer, timestamptz) is 'Writes down how a letter leaves, and asks the platform to carry it where it should.';

create function api.send_letter(command_id uuid, letter_id uuid, way text, by_platform boolean) returns api.letters language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); l book.letters := api.take_letter(letter_id); at timestamptz; answer api.letters;
    body jsonb := jsonb_build_object('letter_id', letter_id, 'way', way, 'by_platform', by_platform);
begin
    if not api.repeated(command_id, 'letters.send', body) then
        at := api.clock();
        perform api.dispatch_letter(command_id, l, way, by_platform, actor, at);
        perform api.record_event(command_id, 'letters.send', actor, at, l.subject_kind, l.subject_id::text, l.customer_id, body, jsonb_build_object('number', l.number, 'way', way, 'by_platform', by_platform));
    end if;
    select x.* into answer from api.letters x where x.id = l.id;
    return answer;
end $$;
comment on function api.send_letter(uuid, uuid, text, boolean) is 'letters.send: A letter leaves: through the platform (sms, email, in_app), or by hand (email, ticket, post, in_person), which is only written down here.';
grant execute on function api.send_letter(uuid, uuid, text, boolean) to kontor_people;

-- ── Receipts ───────────────────────────────────────────────────────────────────────────────────────────────────

create function api.serve_letter(l book.letters, s book.letter_sendings, served_at timestamptz, proof text, attachment uuid, actor integer, at timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare id uuid := gen_random_uuid(); locked timestamptz;
begin
    if l.subject_kind <> 'dispute' then return null; end if;
    if l.kind = 'shortfall_demand' and not exists (select 1 from book.deadlines x where x.subject_id = l.subject_id and x.kind = 'shortfall') then
        -- This service starts the second clock (A4): that is a handler's act, so a receipt that comes by itself waits for one.
        if not api.has_duty('handler') then return null; end if;
        perform api.notify_shortfall(id, l.subject_id, s.way, served_at, proof, attachment);
        return id;
    end if;
    select d.locked_at into locked from book.disputes d where d.id = l.subject_id;
    if l.kind = 'lock_notice' and served_at < date_trunc('minute', locked) then perform api.broken('notice_served_before_lock', jsonb_build_object('locked_at', api.instant_text(locked))); end if;
    insert into book.services_of_notice (id, dispute_id, about, addressee, way, served_at, proof, attachment_id, recorded_at, recorded_by)
    values (id, l.subject_id, case l.kind when 'lock_notice' then 'lock' when 'evidence_request' then 'evidence_request' when 'reminder' then 'reminder' when 'shortfall_demand' then 'shortfall' when 'unlock_notice' then 'unlock' else 'other' end,
            l.addressee, s.way, served_at, l.number || ' · ' || proof, attachment, at, actor);
    return id;
end $$;
comment on function api.serve_letter(book.letters, book.letter_sendings, timestamptz, text, uuid, integer, timestamptz) is 'A letter''s receipt is the service of its notice. Null for a refund''s letter, and while a shortfall demand''s receipt waits for a handler.';

create function api.take_sending(sending_id uuid) returns book.letter_sendings language plpgsql volatile security definer set search_path = '' as $$
declare s book.letter_sendings;
begin
    select x.* into s from book.letter_sendings x where x.id = take_sending.sending_id;
    if not found then perform api.broken('sending_unknown'); end if;
    perform api.take_letter(s.letter_id);
    select x.* into s from book.letter_sendings x where x.id = take_sending.sending_id for update;
    return s;
end $$;
comment on function api.take_sending(uuid) is 'A sending, read afresh with its customer locked.';

create function api.check_letter_receipt(l book.letters, s book.letter_sendings, served_at timestamptz, proof text, at timestamptz) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.check_not_in_future(served_at, at);
    if api.tidy(proof) is null then perform api.broken('service_without_proof', '{"clause": "RA 5.2"}'); end if;
    -- People write minutes, the sending has its second.
    if served_at < date_trunc('minute', s.sent_at) then perform api.broken('letter_received_before_it_was_sent', jsonb_build_object('sent_at', api.instant_text(s.sent_at))); end if;
end $$;
comment on function api.check_letter_receipt(book.letters, book.letter_sendings, timestamptz, text, timestamptz) is 'A receipt has its proof and its instant, after the letter left and not in the future.';

create function api.record_letter_receipt(command_id uuid, sending_id uuid, served_at timestamptz, proof text, attachment_id uuid default null) returns api.letters
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); s book.letter_sendings := api.take_sending(sending_id); l book.letters; at timestamptz; answer api.letters; served uuid;
    body jsonb := jsonb_build_object('sending_id', sending_id, 'served_at', served_at, 'proof', proof, 'attachment_id', attachment_id);
begin
    select x.* into l from book.letters x where x.id = s.letter_id;
    if not api.repeated(command_id, 'letters.record_receipt', body) then
        at := api.clock();
        if s.delivered_at is not null and (s.service_id is not null or l.kind <> 'shortfall_demand') then perform api.broken('letter_already_received', jsonb_build_object('received_at', api.instant_text(s.delivered_at))); end if;
        perform api.check_letter_receipt(l, s, served_at, proof, at);
        if attachment_id is not null and not exists (select 1 from book.attachments a where a.id = record_letter_receipt.attachment_id and a.complete and a.subject_kind = l.subject_kind and a.subject_id = l.subject_id::text) then
            perform api.broken('attachment_not_of_this_case');
        end if;
        served := api.serve_letter(l, s, served_at, proof, attachment_id, actor, at);
        update book.letter_sendings x set delivered_at = coalesce(x.delivered_at, record_letter_receipt.served_at), receipt = coalesce(x.receipt, proof), receipt_recorded_at = coalesce(x.receipt_recorded_at, at),
               receipt_recorded_by = coalesce(x.receipt_recorded_by, actor), attachment_id = coalesce(record_letter_receipt.attachment_id, x.attachment_id), failed_at = null, failure = null, service_id = served where x.id = s.id;
        perform api.record_event(command_id, 'letters.record_receipt', actor, at, l.subject_kind, l.subject_id::text, l.customer_id, body, jsonb_build_object('number', l.number, 'served_at', api.instant_text(served_at), 'served', served is not null));
    end if;
    select x.* into answer from api.letters x where x.id = l.id;
    return answer;
end $$;
comment on function api.record_letter_receipt(uuid, uuid, timestamptz, text, uuid) is
    'letters.record_receipt: A letter that left arrived, with the proof: what was written down, and a paper of the case. For a dispute this is the service of the notice; a handler''s receipt of a shortfall demand starts the second period (A4, A5).';
grant execute on function api.record_letter_receipt(uuid, uuid, timestamptz, text, uuid) to kontor_people;

create type api.letter_receipt as (sending_id uuid, delivered_at timestamptz, failed_at timestamptz, served boolean);
comment on type api.letter_receipt is 'What is known of one sending.';
comment on column api.letter_receipt.delivered_at is '? when it arrived';
comment on column api.letter_receipt.failed_at is '? when it was given up';

create function api.report_letter(command_id uuid, sending_id uuid, outcome text, happened_at timestamptz, receipt text) returns api.letter_receipt
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); s book.letter_sendings := api.take_sending(sending_id); l book.letters; at timestamptz; served uuid;
    body jsonb := jsonb_build_object('sending_id', sending_id, 'outcome', outcome, 'happened_at', happened_at, 'receipt', receipt);
begin
    if not api.repeated(command_id, 'letters.report', body) then
        at := api.clock();
        select x.* into l from book.letters x where x.id = s.letter_id;
        if not s.by_platform then perform api.broken('sending_unknown'); end if;
        if outcome not in ('delivered', 'failed') then perform api.broken('letter_outcome_unknown'); end if;
        perform api.check_letter_receipt(l, s, happened_at, receipt, at);
        -- A receipt is never taken back: a message that arrived has arrived.
        if s.delivered_at is null and outcome = 'delivered' then
            served := api.serve_letter(l, s, happened_at, receipt, null, actor, at);
            update book.letter_sendings x set delivered_at = happened_at, receipt = report_letter.receipt, receipt_recorded_at = at, receipt_recorded_by = actor, failed_at = null, failure = null, service_id = served where x.id = s.id;
        elsif s.delivered_at is null then
            update book.letter_sendings x set failed_at = happened_at, failure = report_letter.receipt where x.id = s.id;
        end if;
        perform api.record_event(command_id, 'letters.report', actor, at, l.subject_kind, l.subject_id::text, l.customer_id, body, jsonb_build_object('number', l.number, 'outcome', outcome));
    end if;
    return (select row(x.id, x.delivered_at, x.failed_at, x.service_id is not null)::api.letter_receipt from book.letter_sendings x where x.id = s.id);
end $$;
comment on function api.report_letter(uuid, uuid, text, timestamptz, text) is 'letters.report: The platform''s receipt for a letter that it carried: delivered or failed, when, and the carrier''s own words or number. The same receipt again changes nothing.';
grant execute on function api.report_letter(uuid, uuid, text, timestamptz, text) to kontor_people;

create function api.read_letter_mail(command_id uuid, letter_id uuid) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); l book.letters; at timestamptz := api.clock(); address text;
begin
    select x.* into l from book.letters x where x.id = read_letter_mail.letter_id;
    if not found then perform api.broken('letter_unknown'); end if;
    address := api.letter_address(l, 'email');
    if address is null then perform api.broken('letter_without_address', '{"way": "email"}'); end if;
    if not api.repeated(command_id, 'letters.mail', jsonb_build_object('letter_id', letter_id)) then
        perform api.record_event(command_id, 'letters.mail', actor, at, 'letter', l.id::text, l.customer_id, jsonb_build_object('letter_id', letter_id), jsonb_build_object('number', l.number));
    end if;
    return jsonb_build_object('id', l.id, 'number', l.number, 'from', api.policy('letters_from', at) #>> '{}', 'from_name', l.content ->> 'company', 'to', address, 'to_name', l.content ->> 'to',
        'subject', (l.content ->> 'title') || ' · ' || (l.content ->> 'case'), 'text', api.letter_text(l.content), 'issued_at', api.instant_text(l.issued_at));
end $$;
comment on function api.read_letter_mail(uuid, uuid) is 'letters.mail: What an e-mail of a letter needs: addresses, subject and text. It shows people in full, so reading it is remembered.';
grant execute on function api.read_letter_mail(uuid, uuid) to kontor_people;

create function api.copy_letter(command_id uuid, letter_id uuid) returns text language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); l book.letters;
begin
    select x.* into l from book.letters x where x.id = copy_letter.letter_id;
    if not found then perform api.broken('letter_unknown'); end if;
    if not api.repeated(command_id, 'letters.copy', jsonb_build_object('letter_id', letter_id)) then
        perform api.record_event(command_id, 'letters.copy', actor, api.clock(), 'letter', l.id::text, l.customer_id, jsonb_build_object('letter_id', letter_id), jsonb_build_object('number', l.number));
    end if;
    return api.letter_text(l.content);
end $$;
comment on function api.copy_letter(uuid, uuid) is 'letters.copy: The whole letter as plain text, for a ticket; remembered, because it names people in full.';
grant execute on function api.copy_letter(uuid, uuid) to kontor_people;

-- ── Today's reminders ──────────────────────────────────────────────────────────────────────────────────────────

create type api.due_reminder as (dispute_id uuid, number text, customer_name text, clock text, due_on date, days_left integer, way text, address text, last_reminded_on date);
comment on type api.due_reminder is 'A holder who should be reminded today.';
comment on column api.due_reminder.clock is '{{"evidence" | "shortfall"}} which period runs';
comment on column api.due_reminder.way is '{{"email" | "sms" | "in_app"}} how the platform would carry it';
comment on column api.due_reminder.address is '? masked';
comment on column api.due_reminder.last_reminded_on is '? the last reminder';

create function api.reminder_way(customer_id bigint) returns text language sql stable security definer set search_path = '' as
$$ select case when api.tidy(c.email) is not null then 'email' when api.tidy(c.phone) is not null then 'sms' else 'in_app' end from book.customers c where c.id = reminder_way.customer_id $$;
comment on function api.reminder_way(bigint) is 'The best way to an account holder: a letter by e-mail, else a text message, else inside the application.';

create function api.list_due_reminders() returns setof api.due_reminder language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock(); today date := (api.clock() at time zone 'Asia/Shanghai')::date; longest integer;
begin
    perform api.reader();
    select coalesce(max(n.days::integer), 0) into longest from jsonb_array_elements_text(api.policy('letter_reminder_days', at)) n (days);
    return query
    select d.id, d.number, api.shown_name(c), x.kind, x.due_on, x.due_on - today, api.reminder_way(c.id),
           case api.reminder_way(c.id) when 'email' then api.mask_email(c.email) when 'sms' then api.mask_phone(c.phone) end, (select max(l.reminds_on) from book.letters l where l.subject_id = d.id)
    from book.deadlines x join book.disputes d on d.id = x.subject_id join book.customers c on c.id = d.customer_id
    where x.stopped_at is null and x.due_on between today and today + longest and x.subject_kind = 'dispute' and d.closed_at is null and api.reminder_due(d, at) is not null
    order by x.due_on, d.number limit 200;
end $$;
comment on function api.list_due_reminders() is 'letters.due_reminders: Whose time is about to end and who should be reminded today, by policy; nobody who answered, nobody twice on one day.';
grant execute on function api.list_due_reminders() to kontor_people;

create type api.sent_reminder as (dispute_id uuid, number text, letter_id uuid, letter_number text, done boolean, rule text);
comment on type api.sent_reminder is 'What became of one reminder.';
comment on column api.sent_reminder.letter_id is '? where it was written';
comment on column api.sent_reminder.letter_number is '? its number';
comment on column api.sent_reminder.rule is '? why it was not';

create function api.send_reminder(d book.disputes, language text, actor integer, at timestamptz) returns api.sent_reminder language plpgsql volatile security definer set search_path = '' as $$
declare l book.letters; refused text;
begin
    if api.reminder_due(d, at) is null then return row(d.id, d.number, null, null, false, coalesce(api.dispute_letter_barrier(d, 'reminder', at), 'letter_not_due'))::api.sent_reminder; end if;
    l := api.write_letter(gen_random_uuid(), 'reminder', language, d.id, d.customer_id, actor, at);
    perform api.dispatch_letter(gen_random_uuid(), l, api.reminder_way(d.customer_id), true, actor, at);
    perform api.record_event(null, 'letters.issue', actor, at, 'dispute', d.id::text, d.customer_id, '{}', jsonb_build_object('number', l.number, 'letter', 'reminder', 'language', language, 'sha256', encode(l.content_sha256, 'hex')));
    return row(d.id, d.number, l.id, l.number, true, null)::api.sent_reminder;
exception when check_violation or unique_violation then
    -- One name that cannot be printed keeps nobody else from being reminded.
    get stacked diagnostics refused = constraint_name;
    return row(d.id, d.number, null, null, false, refused)::api.sent_reminder;
end $$;
comment on function api.send_reminder(book.disputes, text, integer, timestamptz) is 'Writes one reminder and gives it to the platform, or says why not.';

create function api.send_reminders(command_id uuid, dispute_ids uuid[], language text default 'zh') returns setof api.sent_reminder language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler'); at timestamptz; d book.disputes; one api.sent_reminder; results jsonb := '[]';
    body jsonb := jsonb_build_object('dispute_ids', to_jsonb(dispute_ids), 'language', language);
begin
    if coalesce(cardinality(dispute_ids), 0) > 200 then perform api.broken('too_many_reminders', '{"most": 200}'); end if;
    perform 1 from book.customers c where c.id in (select x.customer_id from book.disputes x where x.id = any (dispute_ids)) order by c.id for update;
    if api.repeated(command_id, 'letters.send_reminders', body) then
        return query select r.* from book.audit_events e, jsonb_populate_recordset(null::api.sent_reminder, e.detail -> 'reminders') r where e.command_id = send_reminders.command_id;
        return;
    end if;
    at := api.clock();
    for d in select x.* from book.disputes x where x.id = any (dispute_ids) order by x.customer_id, x.id for update loop
        one := api.send_reminder(d, language, actor, at);
        results := results || to_jsonb(one);
        return next one;
    end loop;
    perform api.record_event(command_id, 'letters.send_reminders', actor, at, 'letter', null, null, body, jsonb_build_object('reminders', results));
end $$;
comment on function api.send_reminders(uuid, uuid[], text) is 'letters.send_reminders: Writes and sends the reminders that were looked at, each by the best way; whoever answered meanwhile, or was reminded today, is left out and named.';
grant execute on function api.send_reminders(uuid, uuid[], text) to kontor_people;
