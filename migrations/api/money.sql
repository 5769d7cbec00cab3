-- money: the one way to write a journal, and the roll-ups behind totals.

create domain api.cents as numeric
    constraint amount_has_too_many_decimals check (value = round(value, 2))
    constraint amount_not_a_number check (value > '-Infinity' and value < 'Infinity');
comment on domain api.cents is 'An amount of money as people pay it: two decimals at the most.';

create domain api.micros as numeric
    constraint amount_has_more_than_six_decimals check (value = round(value, 6))
    constraint metered_amount_not_a_number check (value > '-Infinity' and value < 'Infinity');
comment on domain api.micros is 'A metered amount: six decimals at the most.';

create type api.posting_counts as (posted integer, repeated integer, excepted integer);
comment on type api.posting_counts is 'What a batch did, inside the database.';
create type api.posting_result as (posted integer, repeated integer, exceptions integer);
comment on type api.posting_result is 'What a batch did: rows booked, rows that had been booked before, rows that wait as exceptions.';

create function api.write_postings(journal_ids bigint[], account_codes text[], customer_ids bigint[], commodities text[], amounts numeric[])
returns void language sql volatile security definer set search_path = '' as $$
    insert into book.balances (customer_id, account_id, commodity, may_be_negative)
    select distinct l.customer_id, a.id, l.commodity, a.code = 'receivable'
    from unnest(account_codes, customer_ids, commodities) l (code, customer_id, commodity)
    join book.accounts a on a.code = l.code
    where l.customer_id is not null
    on conflict do nothing;

    with lines as (
        select l.journal_id, a.id as account_id, l.customer_id, l.commodity, l.amount, l.n,
               row_number() over (partition by l.journal_id order by l.n)::smallint as line
        from unnest(journal_ids, account_codes, customer_ids, commodities, amounts) with ordinality l (journal_id, code, customer_id, commodity, amount, n)
        left join book.accounts a on a.code = l.code
    ), locked as materialized (
        select b.customer_id, b.account_id, b.commodity, b.amount, b.sequence from book.balances b
        where (b.customer_id, b.account_id, b.commodity) in (select s.customer_id, s.account_id, s.commodity from lines s where s.customer_id is not null)
        order by b.customer_id, b.account_id, b.commodity
        for update
    ), moved as (
        update book.balances b set amount = b.amount - d.moved, sequence = b.sequence + d.lines
        from (select s.customer_id, s.account_id, s.commodity, sum(s.amount) as moved, count(*)::integer as lines
              from lines s where s.customer_id is not null group by 1, 2, 3) d
        where (b.customer_id, b.account_id, b.commodity) = (d.customer_id, d.account_id, d.commodity)
    )
    insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
    select s.journal_id, s.line, s.account_id, s.customer_id, s.commodity, s.amount,
           k.amount - sum(s.amount) over run, k.sequence + (row_number() over run)::integer
    from lines s left join locked k on (k.customer_id, k.account_id, k.commodity) = (s.customer_id, s.account_id, s.commodity)
    window run as (partition by s.customer_id, s.account_id, s.commodity order by s.n)
$$;
comment on function api.write_postings(bigint[], text[], bigint[], text[], numeric[]) is 'Writes the lines of any number of journals in one statement, moves the customers'' locked balances and stamps each line with the balance after it. Debit positive.';

create function api.post_journal(kind text, customer_id bigint, effective_at timestamptz, at timestamptz, actor integer, document_kind text, document_id text,
    account_codes text[], commodities text[], amounts numeric[], clause text default null, memo text default null)
returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare journal_id bigint; codes text[]; units text[]; values_ numeric[]; owners bigint[];
begin
    select array_agg(l.code order by l.n), array_agg(l.unit order by l.n), array_agg(l.amount order by l.n),
           array_agg(case when a.owner = 'customer' then customer_id end order by l.n)
    into codes, units, values_, owners
    from unnest(account_codes, commodities, amounts) with ordinality l (code, unit, amount, n)
    left join book.accounts a on a.code = l.code where l.amount <> 0;
    if codes is null then return null; end if;
    insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause, memo)
    values (kind, customer_id, effective_at, at, actor, document_kind, document_id, clause, memo) returning id into journal_id;
    perform api.write_postings(array_fill(journal_id, array[cardinality(codes)]), codes, owners, units, values_);
    return journal_id;
end $$;
comment on function api.post_journal(text, bigint, timestamptz, timestamptz, integer, text, text, text[], text[], numeric[], text, text) is
    'One journal: its lines as accounts, commodities and amounts (debit positive; zero lines are left out). Returns its number, or null when nothing moved.';

create function api.balance(customer_id bigint, account_code text, unit text default 'CNY') returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce((select b.amount from book.balances b join book.accounts a on a.id = b.account_id
                     where b.customer_id = balance.customer_id and a.code = account_code and b.commodity = unit), 0)
$$;
comment on function api.balance(bigint, text, text) is 'What we owe a customer on an account (credit positive, six decimals).';

create function api.tend() returns void language plpgsql volatile security definer set search_path = '' as $$
declare done xid8; upto xid8 := pg_snapshot_xmin(pg_current_snapshot());
begin
    perform api.end_stale_transactions();
    select h.passed into done from book.horizon h for update skip locked;
    if done is null or upto <= done then return; end if;
    insert into book.rollups as r (account_id, commodity, recorded_on, debit, credit, postings)
    select p.account_id, p.commodity, (j.recorded_at at time zone 'Asia/Shanghai')::date,
           sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0)), count(*)
    from book.journals j join book.postings p on p.journal_id = j.id
    where j.recorded_tx >= done and j.recorded_tx < upto
    group by 1, 2, 3
    on conflict on constraint rollups_pkey do update
        set debit = r.debit + excluded.debit, credit = r.credit + excluded.credit, postings = r.postings + excluded.postings;
    update book.horizon set passed = upto, rolled_up_at = clock_timestamp();
end $$;
comment on function api.tend() is 'Housekeeping in small bites by whoever is there: ends transactions that people left open, moves the horizon to the oldest one still open and rolls up what it passed.';
grant execute on function api.tend() to kontor_people;

create function api.house_balance(account_code text, unit text default 'CNY') returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce((select sum(r.debit - r.credit) from book.rollups r where r.account_id = a.id and r.commodity = unit), 0)
         + coalesce((select sum(p.amount) from book.journals j join book.postings p on p.journal_id = j.id
                     where j.recorded_tx >= (select h.passed from book.horizon h) and p.account_id = a.id and p.commodity = unit), 0)
    from book.accounts a where a.code = account_code
$$;
comment on function api.house_balance(text, text) is 'The balance of an account over all customers, debit positive: the roll-up plus the tail beyond the horizon.';
