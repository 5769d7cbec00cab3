-- Posting and browsing, faster: indexes that a change of an amount need not touch, and amounts in the order of the ledger.

-- What is left of a gift changes with each use. While an index's condition names it, every use rewrites every index of the gift.
drop index book.gifts_expires_at_idx;
create index gifts_by_end on book.gifts (expires_at) where expires_at is not null;

-- One index finds an order by its number, by the beginning of its number, and refuses its second coming.
alter table book.recharges drop constraint recharge_order_taken;
drop index book.recharges_order;
create unique index recharge_order_taken on book.recharges (order_no text_pattern_ops);

-- Days are found by book.journal_days.
drop index book.journals_recorded_at_idx;

-- Amounts by steps of a twentieth of a percent, each step in the order of the ledger: a page of an amount range is the newest
-- of its steps, and reads no more of them than it shows. Step and journal share one number, 40 bits of it the journal's.
drop index book.postings_by_amount;
create index postings_by_amount on book.postings ((floor(ln(abs(amount)::float8) * 2000)::bigint * 1099511627776 + journal_id));
