-- The desk: proposals that were not confirmed, payments matched by hand, gifts that ran out.

-- ── Proposals that a second person did not confirm, or that were taken back ───────────────────────────────────

alter table book.credit_backs
    add column declined_by integer references book.people,
    add column declined_at timestamptz,
    add column declined_why text,
    add constraint credit_back_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1);
create index on book.credit_backs (proposed_at, id);
alter table book.gift_reinstatements
    add column declined_by integer references book.people,
    add column declined_at timestamptz,
    add column declined_why text,
    add column journal_id bigint references book.journals,
    add constraint reinstatement_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1);
create index on book.gift_reinstatements (proposed_at, id);
create index on book.gift_reinstatements (journal_id);
alter table book.policies
    add column declined_by integer references book.people,
    add column declined_at timestamptz,
    add column declined_why text,
    add constraint policy_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1);
alter table book.calendars
    add column declined_by integer references book.people,
    add column declined_at timestamptz,
    add column declined_why text,
    add constraint calendar_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1);
alter table book.sellers
    add column declined_by integer references book.people,
    add column declined_at timestamptz,
    add column declined_why text,
    add constraint seller_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1);
comment on column book.credit_backs.declined_by is 'who declined it; the proposer, where it was taken back';
comment on column book.gift_reinstatements.declined_by is 'who declined it; the proposer, where it was taken back';
comment on column book.policies.declined_by is 'who declined it; the proposer, where it was taken back';
comment on column book.calendars.declined_by is 'who declined it; the importer, where it was taken back';
comment on column book.sellers.declined_by is 'who declined it; the proposer, where it was taken back';

grant update (declined_by, declined_at, declined_why) on book.credit_backs, book.gift_reinstatements, book.policies, book.calendars, book.sellers to kontor_api;
grant update (journal_id) on book.gift_reinstatements to kontor_api;
