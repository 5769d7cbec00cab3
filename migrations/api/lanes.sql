-- lanes: what the three lanes of a dispute show beside its own steps: letters and how they went, papers that came in, calls and notes.

create function api.letter_moments(dispute_id uuid) returns table (at timestamptz, recorded_at timestamptz, lane text, kind text, person integer, amount numeric, said text, subject uuid, rank integer)
language sql stable security definer set search_path = '' as $$
    select l.issued_at, l.issued_at, 'platform', 'letter_' || l.kind, l.issued_by, null::numeric, l.number, l.id, 21 from book.letters l where l.subject_id = letter_moments.dispute_id
    union all
    select s.sent_at, s.sent_at, 'platform', case when s.by_platform then 'letter_given_to_platform' else 'letter_sent' end, s.sent_by, null, concat_ws(' · ', s.way, l.number, s.address_hint), s.id, 22
    from book.letters l join book.letter_sendings s on s.letter_id = l.id where l.subject_id = letter_moments.dispute_id
    union all
    -- Where the receipt is the service of a notice, that stands on the line already.
    select s.delivered_at, s.receipt_recorded_at, case l.addressee when 'third_party' then 'third_party' else 'holder' end, 'letter_delivered', s.receipt_recorded_by, null, concat_ws(' · ', s.way, l.number, s.receipt), s.id, 23
    from book.letters l join book.letter_sendings s on s.letter_id = l.id where l.subject_id = letter_moments.dispute_id and s.delivered_at is not null and s.service_id is null
    union all
    select s.failed_at, s.failed_at, 'platform', 'letter_failed', null, null, concat_ws(' · ', s.way, l.number, s.failure), s.id, 24
    from book.letters l join book.letter_sendings s on s.letter_id = l.id where l.subject_id = letter_moments.dispute_id and s.failed_at is not null
$$;
comment on function api.letter_moments(uuid) is 'Letters of a dispute on its line: written, sent, arrived or not.';

create function api.named_papers(dispute_id uuid) returns setof uuid language sql stable security definer set search_path = '' as $$
    select x.attachment_id from book.evidence e join book.evidence_attachments x on x.evidence_id = e.id where e.dispute_id = named_papers.dispute_id
    union select n.attachment_id from book.services_of_notice n where n.dispute_id = named_papers.dispute_id and n.attachment_id is not null
    union select w.attachment_id from book.waivers w where w.dispute_id = named_papers.dispute_id
    union select y.attachment_id from book.direct_payments y where y.dispute_id = named_papers.dispute_id
$$;
comment on function api.named_papers(uuid) is 'Papers that belong to a step of the case.';

create function api.paper_moments(dispute_id uuid) returns table (at timestamptz, recorded_at timestamptz, lane text, kind text, person integer, amount numeric, said text, subject uuid, rank integer)
language sql stable security definer set search_path = '' as $$
    select a.received_at, a.recorded_at, coalesce(a.party, 'platform'), 'paper_received', a.recorded_by, null::numeric, a.file_name, a.id, 25
    from book.attachments a where a.subject_kind = 'dispute' and a.subject_id = paper_moments.dispute_id::text and a.complete and a.id not in (select api.named_papers(paper_moments.dispute_id))
    union all
    select n.happened_at, n.written_at, coalesce(n.party, 'platform'), 'noted_' || n.kind, n.written_by, null, n.body, n.id, 26
    from book.disputes d join book.notes n on n.customer_id = d.customer_id and n.subject_kind = 'dispute' and n.subject_id = d.id::text where d.id = paper_moments.dispute_id
$$;
comment on function api.paper_moments(uuid) is 'Papers filed with a dispute that no step names, and calls, messages and notes on it, each on the lane of whom it came from.';

create function api.moment_papers(kind text, subject uuid) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'file_name', a.file_name, 'media_type', a.media_type, 'sha256', encode(a.sha256, 'hex')) order by a.received_at, a.id), '[]')
    from book.attachments a where a.complete and a.id in (
        select x.attachment_id from book.evidence_attachments x where x.evidence_id = moment_papers.subject and moment_papers.kind in ('evidence', 'evidence_late')
        union all select n.attachment_id from book.services_of_notice n where n.id = moment_papers.subject and moment_papers.kind like 'served%'
        union all select w.attachment_id from book.waivers w where w.id = moment_papers.subject and moment_papers.kind = 'waived'
        union all select y.attachment_id from book.direct_payments y where y.id = moment_papers.subject and moment_papers.kind = 'paid_directly'
        union all select s.attachment_id from book.letter_sendings s where s.id = moment_papers.subject and moment_papers.kind = 'letter_delivered'
        union all select moment_papers.subject where moment_papers.kind = 'paper_received')
$$;
comment on function api.moment_papers(text, uuid) is 'The papers that prove one moment of a case.';
