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
