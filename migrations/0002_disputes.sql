-- Calendars, deadlines and third-party-recharge disputes (RA 5.2). Same conventions as 0001.

-- ── Calendars ──────────────────────────────────────────────────────────────────────────────────────────────────

create table book.calendars (
    id integer generated always as identity primary key,
    version text not null constraint calendar_version_taken unique,
    year integer not null constraint calendar_year_out_of_range check (year between 2000 and 2200),
    kind text not null constraint calendar_kind_unknown check (kind in ('official', 'statutory')),
    notice_no text,
    notice_title text not null constraint calendar_without_notice check (btrim(notice_title) <> ''),
    notice_source text,
    announced_on date,
    in_force boolean not null default false,
    imported_by integer references book.people,
    imported_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    constraint calendar_confirmed_by_importer check (confirmed_by is null or confirmed_by <> imported_by),
    constraint calendar_in_force_unconfirmed check (not in_force or confirmed_at is not null)
);
create unique index calendar_year_in_force on book.calendars (year) where in_force;
comment on table book.calendars is 'Versions of a year''s official list of rest days and make-up days: imported by one person, confirmed by another. A statutory one is our fallback until the year''s notice is published. Those without people came with the program.';

create table book.calendar_days (
    calendar_id integer not null references book.calendars,
    on_date date not null,
    rest boolean not null,
    name_en text not null,
    name_zh text not null,
    primary key (calendar_id, on_date)
);
comment on table book.calendar_days is 'Days that differ from the plain week: rest days, and weekend days on which people work (rest = false). A Saturday or Sunday not listed is a rest day (rules 2.2).';

with lists (year, kind, notice_no, notice_title, notice_source, announced_on) as (values
    (2024, 'official', null, '国务院办公厅关于2024年部分节假日安排的通知', 'www.gov.cn', date '2023-10-25'),
    (2025, 'official', '国办发明电〔2024〕12号', '国务院办公厅关于2025年部分节假日安排的通知', 'www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm', date '2024-11-12'),
    (2026, 'official', null, '国务院办公厅关于2026年部分节假日安排的通知', 'www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm', date '2025-11-04'),
    (2027, 'statutory', null, '全国年节及纪念日放假办法 (2024年修订)', null, null)
)
insert into book.calendars (version, year, kind, notice_no, notice_title, notice_source, announced_on, in_force, imported_at, confirmed_at)
select case l.kind when 'official' then 'cn-' || l.year || '.1' else 'cn-' || l.year || '.statutory' end,
       l.year, l.kind, l.notice_no, l.notice_title, l.notice_source, l.announced_on, true, clock_timestamp(), clock_timestamp()
from lists l order by l.year;

with spans (year, first_on, last_on, rest, name_en, name_zh) as (values
    (2024, '2024-01-01', '2024-01-01', true, 'New Year''s Day', '元旦'),
    (2024, '2024-02-04', '2024-02-04', false, 'Spring Festival', '春节'),
    (2024, '2024-02-10', '2024-02-17', true, 'Spring Festival', '春节'),
    (2024, '2024-02-18', '2024-02-18', false, 'Spring Festival', '春节'),
    (2024, '2024-04-04', '2024-04-06', true, 'Tomb-sweeping Day', '清明节'),
    (2024, '2024-04-07', '2024-04-07', false, 'Tomb-sweeping Day', '清明节'),
    (2024, '2024-04-28', '2024-04-28', false, 'Labour Day', '劳动节'),
    (2024, '2024-05-01', '2024-05-05', true, 'Labour Day', '劳动节'),
    (2024, '2024-05-11', '2024-05-11', false, 'Labour Day', '劳动节'),
    (2024, '2024-06-10', '2024-06-10', true, 'Dragon Boat Festival', '端午节'),
    (2024, '2024-09-14', '2024-09-14', false, 'Mid-autumn Festival', '中秋节'),
    (2024, '2024-09-15', '2024-09-17', true, 'Mid-autumn Festival', '中秋节'),
    (2024, '2024-09-29', '2024-09-29', false, 'National Day', '国庆节'),
    (2024, '2024-10-01', '2024-10-07', true, 'National Day', '国庆节'),
    (2024, '2024-10-12', '2024-10-12', false, 'National Day', '国庆节'),
    (2025, '2025-01-01', '2025-01-01', true, 'New Year''s Day', '元旦'),
    (2025, '2025-01-26', '2025-01-26', false, 'Spring Festival', '春节'),
    (2025, '2025-01-28', '2025-02-04', true, 'Spring Festival', '春节'),
    (2025, '2025-02-08', '2025-02-08', false, 'Spring Festival', '春节'),
    (2025, '2025-04-04', '2025-04-06', true, 'Tomb-sweeping Day', '清明节'),
    (2025, '2025-04-27', '2025-04-27', false, 'Labour Day', '劳动节'),
    (2025, '2025-05-01', '2025-05-05', true, 'Labour Day', '劳动节'),
    (2025, '2025-05-31', '2025-06-02', true, 'Dragon Boat Festival', '端午节'),
    (2025, '2025-09-28', '2025-09-28', false, 'National Day', '国庆节'),
    (2025, '2025-10-01', '2025-10-05', true, 'National Day', '国庆节'),
    (2025, '2025-10-06', '2025-10-06', true, 'Mid-autumn Festival', '中秋节'),
    (2025, '2025-10-07', '2025-10-08', true, 'National Day', '国庆节'),
    (2025, '2025-10-11', '2025-10-11', false, 'National Day', '国庆节'),
    (2026, '2026-01-01', '2026-01-03', true, 'New Year''s Day', '元旦'),
    (2026, '2026-01-04', '2026-01-04', false, 'New Year''s Day', '元旦'),
    (2026, '2026-02-14', '2026-02-14', false, 'Spring Festival', '春节'),
    (2026, '2026-02-15', '2026-02-23', true, 'Spring Festival', '春节'),
    (2026, '2026-02-28', '2026-02-28', false, 'Spring Festival', '春节'),
    (2026, '2026-04-04', '2026-04-06', true, 'Tomb-sweeping Day', '清明节'),
    (2026, '2026-05-01', '2026-05-05', true, 'Labour Day', '劳动节'),
    (2026, '2026-05-09', '2026-05-09', false, 'Labour Day', '劳动节'),
    (2026, '2026-06-19', '2026-06-21', true, 'Dragon Boat Festival', '端午节'),
    (2026, '2026-09-20', '2026-09-20', false, 'National Day', '国庆节'),
    (2026, '2026-09-25', '2026-09-27', true, 'Mid-autumn Festival', '中秋节'),
    (2026, '2026-10-01', '2026-10-07', true, 'National Day', '国庆节'),
    (2026, '2026-10-10', '2026-10-10', false, 'National Day', '国庆节'),
    (2027, '2027-01-01', '2027-01-01', true, 'New Year''s Day', '元旦'),
    (2027, '2027-02-05', '2027-02-08', true, 'Spring Festival', '春节'),
    (2027, '2027-04-05', '2027-04-05', true, 'Tomb-sweeping Day', '清明节'),
    (2027, '2027-05-01', '2027-05-02', true, 'Labour Day', '劳动节'),
    (2027, '2027-06-09', '2027-06-09', true, 'Dragon Boat Festival', '端午节'),
    (2027, '2027-09-15', '2027-09-15', true, 'Mid-autumn Festival', '中秋节'),
    (2027, '2027-10-01', '2027-10-03', true, 'National Day', '国庆节')
)
insert into book.calendar_days (calendar_id, on_date, rest, name_en, name_zh)
select c.id, d.on_date::date, s.rest, s.name_en, s.name_zh
from spans s join book.calendars c on c.year = s.year
cross join lateral generate_series(s.first_on::date, s.last_on::date, interval '1 day') d (on_date);

-- ── Deadlines ──────────────────────────────────────────────────────────────────────────────────────────────────

create table book.deadlines (
    id bigint generated always as identity primary key,
    subject_kind text not null,
    subject_id uuid not null,
    kind text not null constraint deadline_kind_unknown check (kind in ('evidence', 'shortfall', 'objection')),
    started_at timestamptz not null,
    days integer not null constraint deadline_days_out_of_range check (days between 1 and 3650),
    extended_days integer not null default 0 constraint deadline_extension_negative check (extended_days >= 0),
    zone text not null,
    rest_days boolean not null,
    day_zero date not null,
    nominal_on date not null,
    due_on date not null,
    expires_at timestamptz not null,
    shifted boolean not null,
    provisional boolean not null,
    calendar_version text,
    computed_at timestamptz not null,
    stopped_at timestamptz,
    constraint deadline_already_running unique (subject_id, kind),
    constraint deadline_due_before_nominal check (due_on >= nominal_on)
);
create index on book.deadlines (due_on) where stopped_at is null;
comment on table book.deadlines is 'Clocks as facts: what started them, the arithmetic, and the calendar that it was done with. Expired is a comparison with expires_at (exclusive); stopped_at is when nothing was waited for any more.';

create table book.deadline_changes (
    id bigint generated always as identity primary key,
    deadline_id bigint not null references book.deadlines,
    cause text not null constraint deadline_change_cause_unknown check (cause in ('extended', 'calendar')),
    reason text not null constraint deadline_change_without_reason check (btrim(reason) <> ''),
    extended_days integer not null,
    from_due_on date not null,
    to_due_on date not null,
    from_version text,
    to_version text,
    changed_at timestamptz not null,
    changed_by integer not null references book.people
);
create index on book.deadline_changes (deadline_id);
comment on table book.deadline_changes is 'Every move of a due date: an extension by a supervisor, or a new official list.';

-- ── Disputes ───────────────────────────────────────────────────────────────────────────────────────────────────

create table book.disputes (
    id uuid primary key,
    number text not null constraint dispute_number_taken unique,
    customer_id bigint not null references book.customers,
    recharge_id bigint not null references book.recharges,
    kind text not null constraint dispute_kind_unknown check (kind in ('third_party', 'provider')),
    status text not null constraint dispute_status_unknown check (status in
        ('noticed', 'locked', 'repaying', 'short', 'escalated', 'accepted', 'settled', 'withdrawn', 'declined')),
    ticket_no text not null constraint dispute_without_ticket check (btrim(ticket_no) <> ''),
    demand text not null constraint dispute_without_demand check (btrim(demand) <> ''),
    notice_way text not null constraint notice_way_unknown check (notice_way in ('ticket', 'email', 'phone', 'message', 'post', 'in_person', 'provider')),
    informant_name text,
    informant_contact text,
    amount_disputed numeric(12, 2) not null constraint disputed_amount_not_positive check (amount_disputed > 0),
    amount_repaid numeric(12, 2) not null default 0,
    amount_waived numeric(12, 2) not null default 0,
    amount_paid_directly numeric(12, 2) not null default 0,
    amount_short numeric(12, 2),
    received_at timestamptz not null,
    noticed_at timestamptz not null,
    noticed_by integer not null references book.people,
    handled_by integer references book.people,
    locked_at timestamptz,
    locked_by integer references book.people,
    conceded_at timestamptz,
    conceded_recorded_by integer references book.people,
    inboxes_checked_until timestamptz,
    inboxes_checked_at timestamptz,
    inboxes_checked_by integer references book.people,
    decided_at timestamptz,
    decided_by integer references book.people,
    gift_rule text constraint gift_rule_unknown check (gift_rule in ('keep', 'void', 'none')),
    escalated_at timestamptz,
    escalated_by integer references book.people,
    closed_at timestamptz,
    closed_by integer references book.people,
    closing_reason text,
    due_at timestamptz not null,
    constraint dispute_received_after_it_was_noticed check (received_at <= noticed_at),
    constraint dispute_locked_by_nobody check ((locked_at is null) = (locked_by is null)),
    constraint dispute_locked_without_lock check (status not in ('locked', 'repaying', 'short', 'escalated', 'accepted') or locked_at is not null),
    constraint dispute_closed_without_reason check ((closed_at is not null) = (status in ('accepted', 'settled', 'withdrawn', 'declined'))),
    constraint dispute_amounts_negative check (amount_repaid >= 0 and amount_waived >= 0 and amount_paid_directly >= 0),
    constraint dispute_overpaid check (amount_repaid + amount_waived + amount_paid_directly <= amount_disputed),
    constraint dispute_is_with_provider check (kind = 'third_party' or status not in ('locked', 'repaying', 'short', 'escalated', 'accepted', 'settled'))
);
create unique index dispute_already_open on book.disputes (recharge_id) where closed_at is null;
create index on book.disputes (recharge_id);
create index on book.disputes (customer_id);
create index on book.disputes (ticket_no);
create index on book.disputes (due_at, id) where closed_at is null;
create index on book.disputes (closed_at, id) where closed_at is not null;
comment on table book.disputes is 'A third party says that it never agreed to a recharge (RA 5.2), or a dispute with the payment company (RA-06). due_at is when the next step is due, kept for the list.';

create function book.check_dispute_step() returns trigger language plpgsql as $$
begin
    if old.status <> new.status and (old.status, new.status) not in (values
        ('noticed', 'locked'), ('noticed', 'settled'), ('noticed', 'withdrawn'), ('noticed', 'declined'),
        ('locked', 'repaying'), ('locked', 'short'), ('locked', 'accepted'), ('locked', 'settled'), ('locked', 'withdrawn'), ('locked', 'declined'), ('locked', 'escalated'),
        ('repaying', 'locked'), ('repaying', 'short'), ('repaying', 'settled'), ('repaying', 'withdrawn'), ('repaying', 'accepted'), ('repaying', 'escalated'),
        ('short', 'repaying'), ('short', 'settled'), ('short', 'withdrawn'), ('short', 'escalated'),
        ('escalated', 'settled'), ('escalated', 'withdrawn'), ('escalated', 'accepted'), ('escalated', 'declined')) then
        raise exception 'dispute_step_unlawful' using errcode = '23514', constraint = 'dispute_step_unlawful';
    end if;
    if old.closed_at is not null then
        raise exception 'dispute_not_open' using errcode = '23514', constraint = 'dispute_not_open';
    end if;
    return new;
end $$;
comment on function book.check_dispute_step() is 'The steps that a case may take, whatever function asks for them. A closed case is never changed.';
create trigger check_dispute_step before update on book.disputes for each row execute function book.check_dispute_step();

create table book.services_of_notice (
    id uuid primary key,
    dispute_id uuid not null references book.disputes,
    about text not null constraint notice_about_unknown check (about in ('lock', 'evidence_request', 'reminder', 'shortfall', 'unlock', 'other')),
    addressee text not null constraint notice_addressee_unknown check (addressee in ('holder', 'third_party')),
    way text not null constraint notice_way_not_served check (way in ('sms', 'email', 'ticket', 'post', 'in_person', 'phone')),
    served_at timestamptz not null,
    proof text not null constraint service_without_proof check (btrim(proof) <> ''),
    attachment_id uuid references book.attachments,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    constraint notice_served_in_the_future check (served_at <= recorded_at)
);
create index on book.services_of_notice (dispute_id, about);
create index on book.services_of_notice (attachment_id);
comment on table book.services_of_notice is 'Notices that reached someone, with the proof (A5: no repayment without proof that the lock notice was served).';

create table book.evidence (
    id uuid primary key,
    dispute_id uuid not null references book.disputes,
    summary text not null constraint evidence_without_summary check (btrim(summary) <> ''),
    way text not null constraint evidence_way_unknown check (way in ('ticket', 'email', 'post', 'in_person', 'message')),
    received_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    in_time boolean not null,
    receipt_proof text,
    verdict text not null default 'open' constraint verdict_unknown check (verdict in ('open', 'proposed', 'accepted', 'rejected')),
    proposed_at timestamptz,
    proposed_by integer references book.people,
    proposed_reason text,
    decided_at timestamptz,
    decided_by integer references book.people,
    decided_reason text,
    constraint evidence_received_in_the_future check (received_at <= recorded_at),
    constraint acceptance_confirmed_by_proposer check (verdict <> 'accepted' or decided_by <> proposed_by),
    constraint evidence_out_of_time check (verdict not in ('proposed', 'accepted') or in_time)
);
create index on book.evidence (dispute_id, recorded_at);
comment on table book.evidence is 'What the account holder filed. Received and recorded are two instants; in time is decided by the first (rules 1.4, 25).';

create table book.evidence_attachments (
    evidence_id uuid not null references book.evidence,
    attachment_id uuid not null references book.attachments,
    primary key (evidence_id, attachment_id)
);
create index on book.evidence_attachments (attachment_id);
comment on table book.evidence_attachments is 'The papers of a filing.';

create table book.repayments (
    id uuid primary key,
    number text not null constraint repayment_number_taken unique,
    dispute_id uuid not null references book.disputes,
    purpose text not null default 'third_party' constraint repayment_purpose_unknown check (purpose in ('third_party', 'surplus')),
    status text not null constraint repayment_status_unknown check (status in ('proposed', 'approved', 'released', 'paid', 'rejected')),
    amount numeric(12, 2) not null constraint repayment_not_positive check (amount > 0),
    worksheet jsonb not null,
    digest bytea not null,
    proposed_at timestamptz not null,
    proposed_by integer not null references book.people,
    approved_at timestamptz,
    approved_by integer references book.people,
    released_at timestamptz,
    released_by integer references book.people,
    paid_at timestamptz,
    paid_recorded_at timestamptz,
    paid_recorded_by integer references book.people,
    rejected_at timestamptz,
    rejected_by integer references book.people,
    rejected_reason text,
    constraint repayment_approved_by_proposer check (approved_by is null or approved_by <> proposed_by),
    constraint repayment_released_by_involved check (released_by is null or released_by not in (proposed_by, approved_by))
);
create unique index repayment_in_progress on book.repayments (dispute_id) where status in ('proposed', 'approved', 'released');
create index on book.repayments (dispute_id);
comment on table book.repayments is 'Money on its way from the locked account to the third party: proposed, approved and released by three people (rules 6.1). No fee (A8), no gift (RA 6.2). A surplus is what an earmarked recharge brought too much; it goes back to its payer (1.4, 11).';

create table book.repayment_lots (
    repayment_id uuid not null references book.repayments,
    recharge_id bigint not null references book.recharges,
    place integer not null,
    amount numeric(20, 6) not null constraint repayment_lot_not_positive check (amount > 0),
    from_account text not null constraint repayment_lot_account_unknown check (from_account in ('wallet', 'refund_hold')),
    primary key (repayment_id, recharge_id)
);
create index on book.repayment_lots (recharge_id);
comment on table book.repayment_lots is 'Which lots a repayment takes: the disputed one first, then first in first out (A7; rules 1.4, 9).';

create table book.repayment_legs (
    id bigint generated always as identity primary key,
    repayment_id uuid not null references book.repayments,
    recharge_id bigint not null references book.recharges,
    refund_no text not null constraint repayment_leg_number_taken unique,
    channel text not null,
    amount numeric(12, 2) not null,
    route text not null constraint repayment_route_unknown check (route in ('original', 'manual_transfer')),
    status text not null constraint repayment_leg_status_unknown check (status in ('instructed', 'confirmed', 'failed')),
    instructed_at timestamptz not null,
    confirmed_at timestamptz,
    confirmed_by integer references book.people,
    bank_reference text
);
create unique index repayment_leg_repeated on book.repayment_legs (repayment_id) where status <> 'failed';
create index on book.repayment_legs (repayment_id);
create index on book.repayment_legs (recharge_id);
comment on table book.repayment_legs is 'The instruction: one, on the disputed order''s own route where the provider still allows it, whatever lots it takes.';

create table book.waivers (
    id uuid primary key,
    dispute_id uuid not null references book.disputes,
    amount numeric(12, 2) not null constraint waiver_not_positive check (amount > 0),
    amount_counted numeric(12, 2) not null constraint waiver_counts_too_much check (amount_counted between 0 and amount),
    reason text not null constraint waiver_without_reason check (btrim(reason) <> ''),
    attachment_id uuid not null references book.attachments,
    received_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    constraint waiver_received_in_the_future check (received_at <= recorded_at)
);
create index on book.waivers (dispute_id);
create index on book.waivers (attachment_id);
comment on table book.waivers is 'What the third party gave up in writing; counted up to what is unpaid (RA-14; rules 1.4, 12).';

create table book.direct_payments (
    id uuid primary key,
    dispute_id uuid not null references book.disputes,
    amount numeric(12, 2) not null constraint direct_payment_not_positive check (amount > 0),
    amount_counted numeric(12, 2) not null constraint direct_payment_counts_too_much check (amount_counted between 0 and amount),
    channel text not null constraint direct_payment_channel_unknown check (channel in ('alipay', 'wechat', 'bank', 'cash')),
    reference text not null,
    attachment_id uuid not null references book.attachments,
    paid_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    constraint direct_payment_in_the_future check (paid_at <= recorded_at)
);
create index on book.direct_payments (dispute_id);
create index on book.direct_payments (attachment_id);
comment on table book.direct_payments is 'What the account holder paid the third party himself, with proof (RA-13).';

create table book.negotiations (
    id uuid primary key,
    dispute_id uuid not null references book.disputes,
    happened_at timestamptz not null,
    body text not null constraint negotiation_is_empty check (btrim(body) <> ''),
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    constraint negotiation_in_the_future check (happened_at <= recorded_at)
);
create index on book.negotiations (dispute_id);
comment on table book.negotiations is 'Attempts to settle: one must be recorded before a case can go to the court named in RA 10.1.';

create trigger refuse_change before update or delete or truncate on book.services_of_notice for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.waivers for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.direct_payments for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.negotiations for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.deadline_changes for each statement execute function book.refuse_change();
create trigger refuse_change before update or delete or truncate on book.repayment_lots for each statement execute function book.refuse_change();

create index disputes_number on book.disputes (number text_pattern_ops);
create index on book.recharges (earmarked_for) where earmarked_for is not null;

-- The functions of api insert and read, update these columns, and delete nothing.
do $$
declare t text;
begin
    foreach t in array array['calendars', 'calendar_days', 'deadlines', 'deadline_changes', 'disputes', 'services_of_notice', 'evidence', 'evidence_attachments',
                             'repayments', 'repayment_lots', 'repayment_legs', 'waivers', 'direct_payments', 'negotiations'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
alter function book.check_dispute_step() owner to kontor_owner;
grant usage on all sequences in schema book to kontor_api;
grant update (in_force, confirmed_by, confirmed_at) on book.calendars to kontor_api;
grant update (extended_days, nominal_on, due_on, expires_at, shifted, provisional, calendar_version, computed_at, stopped_at) on book.deadlines to kontor_api;
grant update (status, amount_repaid, amount_waived, amount_paid_directly, amount_short, handled_by, locked_at, locked_by, conceded_at, conceded_recorded_by,
    inboxes_checked_until, inboxes_checked_at, inboxes_checked_by, decided_at, decided_by, gift_rule, escalated_at, escalated_by,
    closed_at, closed_by, closing_reason, due_at) on book.disputes to kontor_api;
grant update (verdict, proposed_at, proposed_by, proposed_reason, decided_at, decided_by, decided_reason) on book.evidence to kontor_api;
grant update (status, approved_at, approved_by, released_at, released_by, paid_at, paid_recorded_at, paid_recorded_by, rejected_at, rejected_by, rejected_reason)
    on book.repayments to kontor_api;
grant update (status, confirmed_at, confirmed_by, bank_reference) on book.repayment_legs to kontor_api;
grant update (earmarked_for) on book.recharges to kontor_api;
