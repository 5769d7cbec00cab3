-- dossiers: everything about one dispute for the court, in one value. It says how the case stands, never what time it is now:
-- the same state gives the same paper, byte for byte.

create function api.dossier_clocks(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'started_at', api.instant_text(x.started_at), 'days', x.days, 'extended_days', x.extended_days, 'day_zero', x.day_zero, 'nominal_on', x.nominal_on, 'due_on', x.due_on,
            'expires_at', api.instant_text(x.expires_at), 'provisional', x.provisional, 'calendar_version', x.calendar_version, 'stopped_at', api.instant_text(x.stopped_at),
            'sentences', api.deadline_sentences(k.clock, 'zh'), 'sentences_en', api.deadline_sentences(k.clock, 'en'),
            'changes', (select coalesce(jsonb_agg(jsonb_build_object('cause', h.cause, 'reason', h.reason, 'from_due_on', h.from_due_on, 'to_due_on', h.to_due_on, 'at', api.instant_text(h.changed_at), 'by', api.login_of(h.changed_by)) order by h.id), '[]')
                        from book.deadline_changes h where h.deadline_id = x.id)) order by x.id), '[]')
        from book.deadlines x cross join lateral (select api.deadline_arithmetic(x.started_at, x.days + x.extended_days) || jsonb_build_object('kind', x.kind) as clock) k
        where x.subject_id = d.id);
end $$;
comment on function api.dossier_clocks(book.disputes) is 'Every clock of a case with its arithmetic in words, and every move of its date.';

create function api.dossier_journals(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('id', j.id::text, 'kind', j.kind, 'effective_at', api.instant_text(j.effective_at), 'recorded_at', api.instant_text(j.recorded_at), 'recorded_by', api.login_of(j.recorded_by),
            'clause', j.clause, 'document', api.document_number(j.document_kind, j.document_id), 'lines', api.journal_lines(j.id)) order by j.id), '[]')
        from book.journals j
        where j.customer_id = d.customer_id and (
            j.id in (select r.journal_id from book.recharges r where r.id = d.recharge_id or r.earmarked_for = d.id)
            or (j.document_kind = 'dispute' and j.document_id = d.id::text)
            or (j.document_kind = 'repayment' and j.document_id in (select p.id::text from book.repayments p where p.dispute_id = d.id))
            or (j.kind = 'repayment_paid' and j.document_kind = 'statement_row' and j.document_id in (select s.id::text from book.repayments p join book.repayment_legs g on g.repayment_id = p.id join book.statement_rows s on s.refund_no = g.refund_no where p.dispute_id = d.id))));
end $$;
comment on function api.dossier_journals(book.disputes) is 'The postings of a case: the disputed recharge, recharges earmarked for it, every step of its repayments, and what became void.';

create function api.dossier_letters(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('number', l.number, 'kind', l.kind, 'language', l.language, 'addressee', l.addressee, 'issued_at', api.instant_text(l.issued_at), 'issued_by', api.login_of(l.issued_by),
            'content_sha256', encode(l.content_sha256, 'hex'), 'sendings', (select coalesce(jsonb_agg(jsonb_build_object('way', s.way, 'by_platform', s.by_platform, 'sent_at', api.instant_text(s.sent_at), 'delivered_at', api.instant_text(s.delivered_at),
                'receipt', s.receipt, 'receipt_recorded_at', api.instant_text(s.receipt_recorded_at), 'failed_at', api.instant_text(s.failed_at), 'failure', s.failure) order by s.sent_at, s.id), '[]') from book.letter_sendings s where s.letter_id = l.id)) order by l.issued_at, l.id), '[]')
        from book.letters l where l.subject_id = d.id);
end $$;
comment on function api.dossier_letters(book.disputes) is 'Letters with their hashes, how they left and what proves that they arrived.';

create function api.dossier_audit(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare e book.audit_events; running bytea := sha256(''); counted integer := 0;
begin
    for e in select x.* from book.audit_events x where x.subject_kind = 'dispute' and x.subject_id = d.id::text order by x.id loop
        running := api.chain_audit(running, e); counted := counted + 1;
    end loop;
    return jsonb_build_object('events', counted, 'last_event', e.id::text, 'last_at', api.instant_text(e.at), 'case_sha256', encode(running, 'hex'), 'link_sha256', encode(api.audit_link(e.id), 'hex'));
end $$;
comment on function api.dossier_audit(book.disputes) is 'Where the case stands in the audit: its last event, a hash over its own events in order, and the link of the whole chain at that event once it is sealed.';

create function api.compose_dossier(d book.disputes) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare r book.recharges; c book.customers; v book.agreement_versions; a api.dispute_amounts := api.count_dispute_amounts(d); audit jsonb := api.dossier_audit(d);
begin
    select x.* into r from book.recharges x where x.id = d.recharge_id;
    select x.* into c from book.customers x where x.id = d.customer_id;
    select x.* into v from book.agreement_versions x where x.version = r.agreement_version;
    return jsonb_build_object('number', d.number, 'kind', d.kind, 'status', d.status, 'ticket_no', d.ticket_no, 'demand', api.plain_words(d.demand), 'company', coalesce(api.company_name((audit ->> 'last_at')::timestamptz), ''),
        'as_of', audit ->> 'last_at', 'rehearsal', (select b.rehearsal from book.database b),
        'holder', jsonb_build_object('name', c.name, 'ref', c.ref, 'kind', c.kind, 'real_name_verified', c.real_name_verified),
        'third_party', jsonb_build_object('name', r.payer_name, 'account', r.payer_account, 'informant', d.informant_name),
        'recharge', jsonb_build_object('order_no', r.order_no, 'provider_no', r.provider_no, 'channel', r.channel, 'principal', r.principal::text, 'paid_at', api.instant_text(r.paid_at), 'confirmed_at', api.instant_text(r.confirmed_at)),
        'agreement', jsonb_build_object('version', v.version, 'announced_at', api.instant_text(v.announced_at), 'effective_at', api.instant_text(v.effective_at), 'text_sha256', encode(v.text_sha256, 'hex')),
        'amounts', jsonb_build_object('disputed', d.amount_disputed::text, 'repaid', d.amount_repaid::text, 'refunded', a.refunded::numeric(14, 2)::text, 'waived', d.amount_waived::text, 'paid_directly', d.amount_paid_directly::text,
            'outstanding', a.outstanding::numeric(14, 2)::text, 'short', d.amount_short::text),
        'use', (select coalesce(jsonb_agg(jsonb_build_object('month', u.month, 'amount', u.amount::text) order by u.month), '[]') from (
            select to_char(g.used_from at time zone 'Asia/Shanghai', 'YYYY-MM') as month, sum(k.amount) as amount from book.consumptions k join book.usage_charges g on g.id = k.usage_id where k.recharge_id = r.id group by 1) u),
        'clocks', api.dossier_clocks(d), 'timeline', api.dispute_timeline(d), 'papers', api.dispute_papers(d), 'letters', api.dossier_letters(d), 'journals', api.dossier_journals(d), 'audit', audit);
end $$;
comment on function api.compose_dossier(book.disputes) is 'The dossier of a case as it stands: parties, recharge, agreement, amounts, explained dates, three lanes, evidence with hashes, letters with proofs, postings, and its place in the audit.';

create function api.read_dossier(command_id uuid, dispute_id uuid) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare reader integer := api.actor('handler', 'reviewer', 'approver', 'legal', 'supervisor', 'auditor'); d book.disputes; content jsonb; hash text; body jsonb := jsonb_build_object('dispute_id', dispute_id);
begin
    select x.* into d from book.disputes x where x.id = read_dossier.dispute_id;
    if not found then perform api.broken('dispute_unknown'); end if;
    content := api.compose_dossier(d);
    hash := encode(sha256(convert_to(content::text, 'UTF8')), 'hex');
    if not api.repeated(command_id, 'disputes.dossier', body) then
        -- Looking at a case is on record too, but is no step of it: its subject is the paper.
        perform api.record_event(command_id, 'disputes.dossier', reader, api.clock(), 'dossier', d.id::text, d.customer_id, body, jsonb_build_object('sha256', hash));
    end if;
    return content || jsonb_build_object('content_sha256', hash);
end $$;
comment on function api.read_dossier(uuid, uuid) is 'disputes.dossier: Everything about one dispute for the court, with its hash. It names everybody in full, so reading it is remembered; that leaves no trace in the dossier itself.';
grant execute on function api.read_dossier(uuid, uuid) to kontor_people;
