-- Legal override (rules 1.3): no fee, and gifts wait instead of becoming void.

alter table book.refunds add column legal_reference text;
alter table book.refunds add constraint legal_override_without_reference check (not legal_override or btrim(coalesce(legal_reference, '')) <> '');
comment on column book.refunds.legal_reference is 'The court order, authority''s decision or legal opinion that an override rests on.';

alter table book.gifts add column suspended_by uuid;
create index on book.gifts (suspended_by) where suspended_by is not null;
comment on column book.gifts.suspended_by is 'The open legal override that keeps this gift from being used; it is free again when the refund is paid, and void as of the application when the override is refused.';
grant update (suspended_by) on book.gifts to kontor_api;
