-- Browsing: the indexes behind the ledger's pages, the roll-ups behind its totals, and the filters that people keep.
-- Every index is paid for with each posting, so each says what it is for; one that most rows would enter is made partial,
-- and one on a coarse key holds a row in some seven bytes, because equal keys share one entry.

-- Half of all lines are the wallet's: a page of the wallet is a page of the ledger and needs no index.
do $$
begin
    if (select a.id from book.accounts a where a.code = 'wallet') <> 1 then
        raise exception 'the wallet is not account 1' using errcode = '23514', constraint = 'migration_broken';
    end if;
end $$;
drop index book.postings_account_id_journal_id_idx;
create index postings_by_account on book.postings (account_id, journal_id) where account_id > 1;

-- Most journals are usage: a page of usage is a page of the ledger.
drop index book.journals_kind_id_idx;
create index journals_by_kind on book.journals (kind, id) where kind <> 'usage';

-- A document's number says its kind.
drop index book.journals_document_kind_document_id_idx;
create index journals_by_document on book.journals (document_id);

-- By the effective instant: one key an hour, sorted within the hour when read.
drop index book.journals_effective_at_idx;
create index journals_by_effective_hour on book.journals (date_bin('1 hour', effective_at, '2000-01-01 00:00+00'));

-- By who recorded: few keys, so some seven bytes a row.
create index journals_by_person on book.journals (recorded_by);

-- By amount: steps of a twentieth of a percent; the exact amount is looked at in the row.
create index postings_by_amount on book.postings ((floor(ln(abs(amount)::float8) * 2000)::integer));

create function book.letter_pairs(written text) returns text[] language sql immutable parallel safe set search_path = '' as $$
    select coalesce(array_agg(distinct substr(lower(written), n, 2)), '{}') from generate_series(1, length(written) - 1) n
$$;
comment on function book.letter_pairs(text) is 'Every two characters that stand side by side, so that a word of two Chinese characters is found as well as a long one, on every server and without an extension.';
alter function book.letter_pairs(text) owner to kontor_owner;
revoke execute on function book.letter_pairs(text) from public;
grant execute on function book.letter_pairs(text) to kontor_api;
create index journals_by_memo on book.journals using gin (book.letter_pairs(memo)) where memo is not null;

-- ── Roll-ups ───────────────────────────────────────────────────────────────────────────────────────────────────

create table book.browse_horizon (
    only_row boolean primary key default true check (only_row),
    passed xid8 not null default '0'
);
insert into book.browse_horizon default values;
comment on table book.browse_horizon is 'Everything written by transactions below `passed` is in the day roll-ups. A horizon of their own, so that books from before this table fill it with the first tending.';

create table book.day_totals (
    basis text not null constraint day_basis_unknown check (basis in ('recorded', 'effective')),
    on_day date not null,
    account_id smallint not null references book.accounts,
    commodity text not null,
    kind text not null,
    debit numeric(24, 6) not null,
    credit numeric(24, 6) not null,
    postings bigint not null,
    primary key (basis, account_id, commodity, kind, on_day)
);
comment on table book.day_totals is 'Totals of the postings below the browse horizon by account, commodity, kind and Shanghai day, once by the recorded and once by the effective instant.';

create table book.journal_days (
    basis text not null constraint journal_day_basis_unknown check (basis in ('recorded', 'effective')),
    on_day date not null,
    first_id bigint not null,
    last_id bigint not null,
    journals bigint not null,
    primary key (basis, on_day)
);
comment on table book.journal_days is 'Between which numbers the journals of a Shanghai day lie: where a page of a day begins without counting.';

create table book.channel_days (
    basis text not null constraint channel_day_basis_unknown check (basis in ('recorded', 'effective')),
    on_day date not null,
    kind text not null,
    channel text not null,
    amount numeric(24, 6) not null,
    primary key (basis, on_day, kind, channel)
);
comment on table book.channel_days is 'What came into and went out of the prepaid principal of each channel''s recharges, by kind and Shanghai day: credit positive. What no lot explains stands under channel none.';

create table book.tie_outs (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    last_event bigint not null,
    took interval not null,
    lines jsonb not null
);
comment on table book.tie_outs is 'The tie-out as tending found it, with its instant: large books are not added up anew for everybody who opens the first screen.';

-- ── Filters that people keep ───────────────────────────────────────────────────────────────────────────────────

create table book.saved_filters (
    id uuid primary key,
    person_id integer not null references book.people,
    name text not null constraint saved_filter_without_name check (btrim(name) <> '' and length(name) <= 60),
    filter jsonb not null constraint saved_filter_malformed check (jsonb_typeof(filter) = 'object' and length(filter::text) <= 4000),
    saved_at timestamptz not null,
    removed_at timestamptz
);
create unique index saved_filter_name_taken on book.saved_filters (person_id, name) where removed_at is null;
comment on table book.saved_filters is 'Filters of the ledger by name, each person''s own.';

do $$
declare t text;
begin
    foreach t in array array['browse_horizon', 'day_totals', 'journal_days', 'channel_days', 'tie_outs', 'saved_filters'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant usage on all sequences in schema book to kontor_api;
grant update (passed) on book.browse_horizon to kontor_api;
grant update (debit, credit, postings) on book.day_totals to kontor_api;
grant update (first_id, last_id, journals) on book.journal_days to kontor_api;
grant update (amount) on book.channel_days to kontor_api;
grant update (removed_at) on book.saved_filters to kontor_api;
