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

create function api.postable_at(wanted timestamptz, actor integer, at timestamptz) returns timestamptz language plpgsql stable as $$
declare closing book.closing;
begin
    select c.* into closing from book.closing c;
    if wanted >= closing.soft_closed_before then return wanted; end if;
    if exists (select 1 from book.duties d where d.person_id = actor and d.duty = 'accountant' and d.from_at <= at and (d.until_at is null or d.until_at > at)) then
        return greatest(wanted, closing.closed_before);
    end if;
    return closing.soft_closed_before;
end $$;
comment on function api.postable_at(timestamptz, integer, timestamptz) is 'When something that comes late takes effect: its own instant while that month is open to who posts it, else the first instant of the next open one; what it says of its own dates stays as it is (1.4, 17).';

create function api.post_journal(kind text, customer_id bigint, effective_at timestamptz, at timestamptz, actor integer, document_kind text, document_id text,
    account_codes text[], commodities text[], amounts numeric[], clause text default null, memo text default null, reverses bigint default null)
returns bigint language plpgsql volatile as $$
declare
    journal_id bigint; line integer := 0; n integer;
    ids smallint[] := array(select a.id from unnest(account_codes) with ordinality l (code, n) left join book.accounts a on a.code = l.code order by l.n);
    accounts smallint[]; owners bigint[]; units text[]; moved numeric[]; balances numeric[]; sequences integer[]; balance numeric; place integer;
begin
    for n in 1 .. cardinality(amounts) loop
        continue when coalesce(amounts[n], 0) = 0;
        line := line + 1;
        accounts[line] := ids[n]; units[line] := commodities[n]; moved[line] := amounts[n];
        if ids[n] = any (book.customer_accounts()) then
            owners[line] := customer_id;
            -- The customer's row is locked, so nobody else moves these; a first use of an account opens it.
            loop
                update book.balances b set amount = b.amount - moved[line], sequence = b.sequence + 1
                where b.customer_id = post_journal.customer_id and b.account_id = accounts[line] and b.commodity = units[line]
                returning b.amount, b.sequence into balance, place;
                exit when found;
                insert into book.balances (customer_id, account_id, commodity, may_be_negative)
                values (customer_id, accounts[line], units[line], account_codes[n] = 'receivable') on conflict do nothing;
            end loop;
            balances[line] := balance; sequences[line] := place;
        else
            owners[line] := null; balances[line] := null; sequences[line] := null;
        end if;
    end loop;
    if line = 0 then return null; end if;
    insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause, memo, reverses)
    values (kind, customer_id, effective_at, at, actor, document_kind, document_id, clause, memo, reverses) returning id into journal_id;
    insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
    select journal_id, l.n, l.account_id, l.customer_id, l.commodity, l.amount, l.balance, l.place
    from unnest(accounts, owners, units, moved, balances, sequences) with ordinality l (account_id, customer_id, commodity, amount, balance, place, n);
    return journal_id;
end $$;
comment on function api.post_journal(text, bigint, timestamptz, timestamptz, integer, text, text, text[], text[], numeric[], text, text, bigint) is
    'One journal: its lines as accounts, commodities and amounts (debit positive; zero lines are left out). Returns its number, or null when nothing moved.';

create function api.balance(customer_id bigint, account_code text, unit text default 'CNY') returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce((select b.amount from book.balances b join book.accounts a on a.id = b.account_id
                     where b.customer_id = balance.customer_id and a.code = account_code and b.commodity = unit), 0)
$$;
comment on function api.balance(bigint, text, text) is 'What we owe a customer on an account (credit positive, six decimals).';

create function api.bite_end(done xid8, upto xid8, journals integer) returns xid8 language plpgsql stable security definer set search_path = '' as $$
declare first_tx xid8; edge xid8;
begin
    select j.recorded_tx into first_tx from book.journals j where j.recorded_tx >= done and j.recorded_tx < upto order by j.recorded_tx limit 1;
    select j.recorded_tx into edge from book.journals j where j.recorded_tx >= done and j.recorded_tx < upto order by j.recorded_tx offset journals limit 1;
    return case when edge is null then upto when edge > first_tx then edge else (edge::text::numeric + 1)::text::xid8 end;
end $$;
comment on function api.bite_end(xid8, xid8, integer) is 'Where a bite of housekeeping ends: about so many journals, and whole transactions; the next one takes the rest.';

create function api.journals_between(from_tx xid8, until_tx xid8, out first_id bigint, out last_id bigint) language sql stable security definer set search_path = '' as $$
    -- Behind a fence: the lowest number by itself is looked for along the key, past every journal before the span.
    select min(x.id), max(x.id) from (select j.id from book.journals j where j.recorded_tx >= from_tx and j.recorded_tx < until_tx offset 0) x
$$;
comment on function api.journals_between(xid8, xid8) is 'The lowest and the highest number of the journals of a span of transactions. They bound the lines to be read: without them each bite of housekeeping in large books reads every line there is.';

create function api.tend() returns void language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare done xid8; oldest_open xid8 := pg_snapshot_xmin(pg_current_snapshot()); upto xid8; span record;
begin
    perform api.end_stale_transactions();
    perform api.roll_up_days();
    perform api.seal_audit();
    select h.passed into done from book.horizon h for update skip locked;
    if done is null then return; end if;
    if oldest_open > done then
        upto := api.bite_end(done, oldest_open, 20000);
        select s.* into span from api.journals_between(done, upto) s;
        insert into book.rollups as r (account_id, commodity, recorded_on, debit, credit, postings)
        select p.account_id, p.commodity, (j.recorded_at at time zone 'Asia/Shanghai')::date,
               sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0)), count(*)
        from book.journals j join book.postings p on p.journal_id = j.id and p.journal_id between span.first_id and span.last_id
        where j.recorded_tx >= done and j.recorded_tx < upto
        group by 1, 2, 3
        on conflict on constraint rollups_pkey do update
            set debit = r.debit + excluded.debit, credit = r.credit + excluded.credit, postings = r.postings + excluded.postings;
        perform api.tend_income(done, upto, span.first_id, span.last_id);
        update book.horizon set passed = upto, rolled_up_at = clock_timestamp();
    end if;
    -- The tie-out reads line by line what lies beyond the horizon: it waits while that is more than a bite.
    if upto < oldest_open then return; end if;
    perform api.keep_tie_out();
end $$;
comment on function api.tend() is 'Housekeeping in small bites by whoever is there: ends transactions that people left open, moves the horizon towards the oldest one still open and rolls up what it passed. It holds nothing that a posting waits for.';
grant execute on function api.tend() to kontor_people;

create function api.house_balance(account_code text, unit text default 'CNY') returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce((select sum(r.debit - r.credit) from book.rollups r where r.account_id = a.id and r.commodity = unit), 0)
         + coalesce((select sum(p.amount) from book.journals j join book.postings p on p.journal_id = j.id
                     where j.recorded_tx >= (select h.passed from book.horizon h) and p.account_id = a.id and p.commodity = unit), 0)
    from book.accounts a where a.code = account_code
$$;
comment on function api.house_balance(text, text) is 'The balance of an account over all customers, debit positive: the roll-up plus the tail beyond the horizon.';
