-- Locks: what the platform is told, locks of authorities, and the desk of deadlines.

-- ── What the platform is told ──────────────────────────────────────────────────────────────────────────────────

create table book.platform_events (
    id bigint generated always as identity primary key,
    customer_id bigint not null references book.customers,
    place bigint not null constraint platform_event_place_not_positive check (place > 0),
    kind text not null constraint platform_event_kind_malformed check (kind ~ '^[a-z_]{1,30}[.][a-z_]{1,30}$'),
    subject_id uuid not null,
    payload jsonb not null constraint platform_event_too_large check (jsonb_typeof(payload) = 'object' and octet_length(payload::text) <= 20000),
    created_at timestamptz not null,
    delivered_at timestamptz,
    last_delivered_at timestamptz,
    attempts integer not null default 0,
    acknowledged_at timestamptz,
    acknowledged_by integer references book.people,
    done_at timestamptz,
    constraint platform_event_place_taken unique (customer_id, place),
    constraint platform_event_acknowledged_unread check (acknowledged_at is null or delivered_at is not null)
);
create index on book.platform_events (id) where acknowledged_at is null;
create index on book.platform_events (customer_id, place) where acknowledged_at is null;
create index on book.platform_events (subject_id);
comment on table book.platform_events is 'What the platform must do, in the order of each account without gaps: read by its own login as often as it likes, acknowledged once. Nothing personal but what it needs to do it.';
comment on column book.platform_events.place is 'the number of this event among the account''s own';
comment on column book.platform_events.delivered_at is 'when the platform first read it';
comment on column book.platform_events.done_at is 'when the platform did it, as it says itself';
alter table book.platform_events owner to kontor_owner;
grant select, insert on book.platform_events to kontor_api;
grant update (delivered_at, last_delivered_at, attempts, acknowledged_at, acknowledged_by, done_at) on book.platform_events to kontor_api;
grant usage on all sequences in schema book to kontor_api;

-- ── Locks that the platform carries out ────────────────────────────────────────────────────────────────────────

alter table book.locks
    add column suspends boolean not null default true,
    add column release_asked_at timestamptz,
    add column platform_released_at timestamptz,
    add constraint lock_released_before_it_was_lifted check (release_asked_at is null or release_asked_at >= lifted_at);
comment on column book.locks.suspends is 'whether services and API keys stop; an order over an amount lets them go on';
comment on column book.locks.release_asked_at is 'when the platform was asked to restore services: with the last lock that fell, no other';
grant update (release_asked_at, platform_released_at) on book.locks to kontor_api;
create index on book.locks (platform_asked_at) where lifted_at is null and platform_confirmed_at is null;
create index on book.locks (release_asked_at) where release_asked_at is not null and platform_released_at is null;

-- Locks in force that nobody confirmed were only noted so far: now the platform is told.
insert into book.platform_events (customer_id, place, kind, subject_id, payload, created_at)
select l.customer_id, row_number() over (partition by l.customer_id order by l.placed_at, l.id), 'account.lock', l.id,
       jsonb_build_object('cause', l.cause, 'services', 'suspend', 'api_keys', 'suspend'), l.platform_asked_at
from book.locks l where l.lifted_at is null and l.platform_confirmed_at is null;

-- ── Orders of courts and authorities (RA 5.3) ──────────────────────────────────────────────────────────────────

create table book.judicial_orders (
    id uuid primary key,
    number text not null constraint judicial_order_number_taken unique,
    customer_id bigint not null references book.customers,
    authority text not null constraint judicial_order_without_authority check (btrim(authority) <> ''),
    order_no text not null constraint judicial_order_without_number check (btrim(order_no) <> ''),
    scope text not null constraint judicial_scope_unknown check (scope in ('account', 'amount')),
    amount numeric(14, 2) constraint judicial_amount_not_positive check (amount > 0),
    allows_repayment boolean not null default false,
    allowing_words text,
    received_at timestamptz not null,
    registered_at timestamptz not null,
    registered_by integer not null references book.people,
    lifted_at timestamptz,
    lifted_by integer references book.people,
    lifted_reason text,
    constraint judicial_amount_without_scope check ((amount is not null) = (scope = 'amount')),
    constraint judicial_permission_without_words check (not allows_repayment or btrim(coalesce(allowing_words, '')) <> ''),
    constraint judicial_order_received_in_the_future check (received_at <= registered_at),
    constraint judicial_order_lifted_without_reason check ((lifted_at is null) = (lifted_reason is null))
);
create unique index judicial_order_registered on book.judicial_orders (customer_id, authority, order_no) where lifted_at is null;
create index on book.judicial_orders (customer_id, received_at, id) where lifted_at is null;
create index on book.judicial_orders (received_at, id);
create index on book.judicial_orders (order_no);
create index judicial_orders_number on book.judicial_orders (number text_pattern_ops);
comment on table book.judicial_orders is 'Orders that freeze an account or an amount of it. They stand in the queue of their receipt; an expiry alarms and lifts nothing, only the legal role lifts (RA-16).';
comment on column book.judicial_orders.allowing_words is 'what the order itself says about repayments to third parties';

create table book.judicial_renewals (
    id uuid primary key,
    order_id uuid not null references book.judicial_orders,
    order_no text not null constraint judicial_renewal_without_number check (btrim(order_no) <> ''),
    until_on date not null,
    attachment_id uuid not null references book.attachments,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people
);
create index on book.judicial_renewals (order_id);
create index on book.judicial_renewals (attachment_id);
comment on table book.judicial_renewals is 'Papers by which an order was prolonged; the clock''s own record keeps the dates.';
create trigger refuse_change before update or delete or truncate on book.judicial_renewals for each statement execute function book.refuse_change();

alter table book.deadlines drop constraint deadline_kind_unknown,
    add constraint deadline_kind_unknown check (kind in ('evidence', 'shortfall', 'objection', 'judicial'));
alter table book.deadline_changes drop constraint deadline_change_cause_unknown,
    add constraint deadline_change_cause_unknown check (cause in ('extended', 'calendar', 'renewed'));
create index on book.deadlines (subject_kind, due_on) where stopped_at is null;

-- ── The desk of deadlines ──────────────────────────────────────────────────────────────────────────────────────

create table book.absences (
    id uuid primary key,
    person_id integer not null references book.people,
    deputy_id integer not null references book.people,
    away_from timestamptz not null,
    away_until timestamptz not null,
    asked_at timestamptz not null,
    asked_by integer not null references book.people,
    accepted_at timestamptz,
    declined_at timestamptz,
    ended_at timestamptz,
    constraint absence_ends_before_it_begins check (away_until > away_from),
    constraint deputy_is_the_absent check (deputy_id <> person_id),
    constraint absence_answered_twice check (num_nonnulls(accepted_at, declined_at) <= 1)
);
create index on book.absences (person_id, away_until);
create index on book.absences (deputy_id, away_until);
comment on table book.absences is 'Who is away and who has taken over. Until the deputy accepts, the absent person''s cases have no awake owner, and the desk says so.';

create table book.reminders (
    person_id integer not null references book.people,
    deadline_id bigint not null references book.deadlines,
    step integer not null,
    told_at timestamptz not null,
    primary key (deadline_id, person_id, step)
);
comment on table book.reminders is 'What the desktop has said to whom about which clock: each step once, wherever the person sits.';

create index on book.disputes (handled_by, due_at, id) where closed_at is null;

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, null, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('platform_answer_minutes', '30'::jsonb),
    ('judicial_warning_days', '30'),
    ('reminder_days', '[7, 3, 1, 0]'),
    ('working_hours', '{"from": "09:30", "until": "18:00"}')
) p (name, value);

do $$
declare t text;
begin
    foreach t in array array['judicial_orders', 'judicial_renewals', 'absences', 'reminders'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant update (lifted_at, lifted_by, lifted_reason) on book.judicial_orders to kontor_api;
grant update (accepted_at, declined_at, ended_at) on book.absences to kontor_api;
