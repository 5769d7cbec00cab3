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

-- ── Payments matched by hand ───────────────────────────────────────────────────────────────────────────────────

alter table book.exceptions add column matched_order_no text;
comment on column book.exceptions.matched_order_no is 'the order that a person says this payment is for; booked when a second person confirms';
create index on book.exceptions (proposed_at) where proposed_at is not null;
create index on book.exceptions (channel, happened_at) where kind = 'payment_without_order' and resolved_at is null;
grant update (matched_order_no) on book.exceptions to kontor_api;

-- ── Gifts that ran out ─────────────────────────────────────────────────────────────────────────────────────────

insert into book.accounts (code, owner, title_en, title_zh) values ('gift_expired', 'house', 'Gifts expired', '赠送到期');
create index on book.gifts (expires_at) where expires_at is not null and amount_left > 0;
