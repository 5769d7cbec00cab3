-- balances: what an account stood at, at any instant; statements of a period; the trial balance; how prepaid liability moved.
-- By the recorded instant the past never changes; by the effective instant it is told as the business happened.

create function api.house_sum(account smallint, unit text, until_at timestamptz, by_effective boolean) returns numeric language sql stable security definer set search_path = '' as $$
    -- Whole days from the roll-up, the last day and the tail beyond the horizon from the lines themselves.
    with last_day as (select (until_at at time zone 'Asia/Shanghai')::date as d), h as (select x.passed from book.browse_horizon x), basis as (select case when by_effective then 'effective' else 'recorded' end as b)
    select coalesce((select sum(t.debit - t.credit) from book.day_totals t, basis, last_day where t.basis = basis.b and t.account_id = account and t.commodity = unit and t.on_day < last_day.d), 0)
         + coalesce((select sum(p.amount) from last_day, h, basis, book.journal_days n
                     join book.journals j on j.id between n.first_id and n.last_id join book.postings p on p.journal_id = j.id
                     where n.basis = basis.b and n.on_day = last_day.d and not api.starts_a_day(until_at) and p.account_id = account and p.commodity = unit and j.recorded_tx < h.passed
                       and case when by_effective then j.effective_at >= last_day.d::timestamp at time zone 'Asia/Shanghai' and j.effective_at < until_at
                                else j.recorded_at >= last_day.d::timestamp at time zone 'Asia/Shanghai' and j.recorded_at < until_at end), 0)
         + coalesce((select sum(p.amount) from h, book.journals j join book.postings p on p.journal_id = j.id
                     where j.recorded_tx >= h.passed and p.account_id = account and p.commodity = unit and case when by_effective then j.effective_at else j.recorded_at end < until_at), 0)
$$;
comment on function api.house_sum(smallint, text, timestamptz, boolean) is 'The balance of an account over all customers just before an instant, debit positive.';

create function api.customer_sum(customer bigint, account smallint, unit text, until_at timestamptz, by_effective boolean) returns numeric language plpgsql stable as $$
declare found_balance numeric; last_day date := ((until_at - interval '1 microsecond') at time zone 'Asia/Shanghai')::date; last_id bigint;
begin
    if not by_effective then
        -- Where the numbers of the days up to the instant end: as api.narrowed has it, and beyond the horizon by looking.
        select greatest((select max(x.last_id) from (select d.last_id from book.journal_days d where d.basis = 'recorded' and d.on_day <= last_day order by d.on_day desc limit 3) x),
                        (select max(j.id) from (select b.id, b.recorded_at from book.browse_horizon h join book.journals b on b.recorded_tx >= h.passed offset 0) j where j.recorded_at < until_at))
        into last_id;
        -- A customer's journals are written one after the other, so the last line before the instant carries the balance.
        select -p.balance_after into found_balance from book.postings p join book.journals j on j.id = p.journal_id
        where p.customer_id = customer and p.account_id = account and p.journal_id <= last_id and p.commodity = unit and j.recorded_at < until_at
        order by p.journal_id desc, p.line desc limit 1;
        return coalesce(found_balance, 0);
    end if;
    -- From the nearer end: all there is less what came later, or what there was.
    return coalesce((select sum(p.amount) from book.postings p join book.journals j on j.id = p.journal_id
                     where p.customer_id = customer and p.account_id = account and p.commodity = unit and j.effective_at < until_at), 0);
end $$;
comment on function api.customer_sum(bigint, smallint, text, timestamptz, boolean) is 'The balance of a customer''s account just before an instant, debit positive.';

create type api.past_balance as (account text, commodity text, amount numeric, at timestamptz);
comment on type api.past_balance is 'What an account stood at: a customer''s credit positive, a house account''s debit positive.';

create function api.balance_as_of(at timestamptz, account_code text, commodity text default 'CNY', customer_id bigint default null, by_effective boolean default false) returns api.past_balance
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare answer api.past_balance; account book.accounts;
begin
    if api.reader() is null then return null; end if;
    select a.* into account from book.accounts a where a.code = account_code;
    if not found then perform api.broken('account_unknown'); end if;
    answer.account := account.code; answer.commodity := commodity; answer.at := at;
    answer.amount := case when customer_id is not null then -api.customer_sum(customer_id, account.id, commodity, at, by_effective) else api.house_sum(account.id, commodity, at, by_effective) end;
    if customer_id is null and account.owner = 'customer' then answer.amount := -answer.amount; end if;
    return answer;
end $$;
comment on function api.balance_as_of(timestamptz, text, text, bigint, boolean) is 'ledger.balance_as_of: What one account stood at just before an instant, of one customer or of all; by the recorded or the effective instant.';

create function api.balances_as_of(customer_id bigint, at timestamptz, by_effective boolean default false) returns setof api.past_balance language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return query
    select a.code, b.commodity, -api.customer_sum(b.customer_id, b.account_id, b.commodity, balances_as_of.at, balances_as_of.by_effective), balances_as_of.at
    from book.balances b join book.accounts a on a.id = b.account_id where b.customer_id = balances_as_of.customer_id order by a.id, b.commodity;
end $$;
comment on function api.balances_as_of(bigint, timestamptz, boolean) is 'ledger.balances_as_of: All accounts of a customer just before an instant, credit positive.';

-- ── Statement of an account ────────────────────────────────────────────────────────────────────────────────────

create type api.account_statement as (account text, commodity text, customer_id bigint, customer_name text, opening numeric, closing numeric, lines json, more boolean);
comment on type api.account_statement is 'An account over a period: opening plus its lines is closing, and each line carries the balance after it.';
comment on column api.account_statement.customer_id is '? whose, of a customer''s account';
comment on column api.account_statement.customer_name is '? masked';
comment on column api.account_statement.opening is '? on the first page only; debit positive, of a customer''s account credit positive';
comment on column api.account_statement.closing is '? on the first page only';
comment on column api.account_statement.lines is '{{Array<{ journal_id: Id; line: number; kind: string; at: Instant; document_kind: string; document_id: string; document_number: string | null; customer_id: Id | null; memo: string | null; amount: Money; balance: Money }>}} oldest first';

create function api.statement_lines(customer bigint, account smallint, unit text, from_at timestamptz, until_at timestamptz, by_effective boolean, after_id bigint, after_line smallint, wanted integer)
returns table (journal_id bigint, line smallint, at timestamptz, amount numeric, balance_after numeric) language plpgsql stable security definer
set search_path = '' set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off set enable_sort = off as $$
declare f api.ledger_filter; numbers api.number_range; start_at timestamptz;
begin
    if by_effective then f.effective_from := from_at; f.effective_until := until_at; else f.recorded_from := from_at; f.recorded_until := until_at; end if;
    numbers := api.number_range(f);
    if not by_effective then
        return query execute format('select p.journal_id, p.line, j.recorded_at, p.amount, p.balance_after from book.postings p join book.journals j on j.id = p.journal_id '
            'where %s and p.commodity = %L and (p.journal_id, p.line) > (%s, %s::smallint) and p.journal_id > %s and p.journal_id < %s and j.recorded_at >= %L and j.recorded_at < %L order by p.journal_id, p.line limit %s',
            case when customer is not null then format('p.customer_id = %s and p.account_id = %s', customer, account) when account > 1 then format('p.account_id = %s and p.account_id > 1', account) else 'p.account_id = 1' end,
            unit, coalesce(after_id, 0), coalesce(after_line, 0), numbers.above, numbers.below, from_at, until_at, wanted);
    else
        select j.effective_at into start_at from book.journals j where j.id = after_id;
        return query execute format('select p.journal_id, p.line, j.effective_at, p.amount, p.balance_after from book.journals j join book.postings p on p.journal_id = j.id '
            'where %s and p.commodity = %L and j.effective_at >= %L and j.effective_at < %L and j.id > %s and j.id < %s%s%s order by j.effective_at, p.journal_id, p.line limit %s',
            case when customer is not null then format('p.customer_id = %s and p.account_id = %s and j.customer_id = %1$s', customer, account) when account > 1 then format('p.account_id = %s and p.account_id > 1', account) else 'p.account_id = 1' end,
            unit, from_at, until_at, numbers.above, numbers.below, api.effective_condition(f),
            case when start_at is not null then format(' and (j.effective_at, p.journal_id, p.line) > (%L, %s, %s::smallint)', start_at, after_id, after_line) end, wanted);
    end if;
end $$;
comment on function api.statement_lines(bigint, smallint, text, timestamptz, timestamptz, boolean, bigint, smallint, integer) is 'The lines of an account in a period, oldest first, behind a line.';

create function api.read_statement(account_code text, from_at timestamptz, until_at timestamptz, commodity text default 'CNY', customer_id bigint default null, by_effective boolean default false,
    after_journal bigint default null, after_line integer default null, balance numeric default null, maximum integer default 100) returns api.account_statement
language plpgsql stable security definer set search_path = '' as $$
declare answer api.account_statement; account book.accounts; sign integer; carried numeric; owner book.customers;
begin
    perform api.reader();
    select a.* into account from book.accounts a where a.code = account_code;
    if not found then perform api.broken('account_unknown'); end if;
    if from_at is null or until_at is null or from_at >= until_at then perform api.broken('period_ends_before_it_begins'); end if;
    if customer_id is not null then
        select c.* into owner from book.customers c where c.id = read_statement.customer_id;
        if not found then perform api.broken('customer_unknown'); end if;
    end if;
    -- What we owe a customer is shown as people think of it: more is more.
    sign := case when account.owner = 'customer' then -1 else 1 end;
    answer.account := account.code; answer.commodity := commodity; answer.customer_id := customer_id; answer.customer_name := api.shown_name(owner);
    carried := balance;
    if after_journal is null then
        answer.opening := sign * case when customer_id is not null then api.customer_sum(customer_id, account.id, commodity, from_at, by_effective) else api.house_sum(account.id, commodity, from_at, by_effective) end;
        answer.closing := sign * case when customer_id is not null then api.customer_sum(customer_id, account.id, commodity, until_at, by_effective) else api.house_sum(account.id, commodity, until_at, by_effective) end;
        carried := answer.opening;
    end if;
    select json_agg(json_build_object('journal_id', l.journal_id::text, 'line', l.line, 'kind', j.kind, 'at', api.instant_text(l.at), 'document_kind', j.document_kind, 'document_id', j.document_id,
               'document_number', case when j.document_kind in ('recharge', 'usage') then j.document_id else api.document_number(j.document_kind, j.document_id) end, 'customer_id', j.customer_id::text, 'memo', j.memo,
               'amount', (sign * l.amount)::text, 'balance', (carried + sign * l.running)::text) order by l.n), count(*) = least(greatest(maximum, 1), 500)
    into answer.lines, answer.more
    from (select s.*, sum(s.amount) over (order by s.n) as running
          from (select r.*, row_number() over () as n from api.statement_lines(customer_id, account.id, commodity, from_at, until_at, by_effective, after_journal, after_line::smallint, least(greatest(maximum, 1), 500)) r) s) l
    join book.journals j on j.id = l.journal_id;
    answer.lines := coalesce(answer.lines, '[]');
    return answer;
end $$;
comment on function api.read_statement(text, timestamptz, timestamptz, text, bigint, boolean, bigint, integer, numeric, integer) is
    'ledger.statement: An account of a customer, or of the house, over a period: opening, closing, and its lines with the balance after each. The last line''s journal, line and balance ask for the next page.';

-- ── Trial balance ──────────────────────────────────────────────────────────────────────────────────────────────

create type api.trial_balance_line as (account text, title_en text, title_zh text, owner text, commodity text, debit numeric, credit numeric, balance numeric, postings bigint);
comment on type api.trial_balance_line is 'An account in one commodity up to an instant; all balances of a commodity add up to nothing.';
comment on column api.trial_balance_line.balance is 'debit positive';

create function api.trial_balance(at timestamptz, by_effective boolean default false) returns setof api.trial_balance_line language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare last_day date := (at at time zone 'Asia/Shanghai')::date; wanted_basis text := case when by_effective then 'effective' else 'recorded' end; done xid8 := (select h.passed from book.browse_horizon h); until_at timestamptz := at;
begin
    perform api.reader();
    return query
    select a.code, a.title_en, a.title_zh, a.owner, x.commodity, sum(x.debit)::numeric(24, 6), sum(x.credit)::numeric(24, 6), sum(x.debit - x.credit)::numeric(24, 6), sum(x.postings)::bigint
    from (
        select t.account_id, t.commodity, t.debit, t.credit, t.postings from book.day_totals t where t.basis = wanted_basis and t.on_day < last_day
        union all
        select p.account_id, p.commodity, greatest(p.amount, 0), greatest(-p.amount, 0), 1 from book.journal_days n join book.journals j on j.id between n.first_id and n.last_id join book.postings p on p.journal_id = j.id
        where n.basis = wanted_basis and n.on_day = last_day and not api.starts_a_day(until_at) and j.recorded_tx < done
          and case when by_effective then j.effective_at else j.recorded_at end >= last_day::timestamp at time zone 'Asia/Shanghai' and case when by_effective then j.effective_at else j.recorded_at end < until_at
        union all
        select p.account_id, p.commodity, greatest(p.amount, 0), greatest(-p.amount, 0), 1 from book.journals j join book.postings p on p.journal_id = j.id
        where j.recorded_tx >= done and case when by_effective then j.effective_at else j.recorded_at end < until_at) x
    join book.accounts a on a.id = x.account_id
    group by a.id, x.commodity order by x.commodity, a.id;
end $$;
comment on function api.trial_balance(timestamptz, boolean) is 'ledger.trial_balance: Debits, credits and balance of every account in each commodity just before an instant.';

-- ── How prepaid liability moved ────────────────────────────────────────────────────────────────────────────────

create type api.roll_forward_line as (month date, commodity text, channel text, opening numeric, recharged numeric, used numeric, refunded numeric, other numeric, closing numeric);
comment on type api.roll_forward_line is 'What we owe customers for prepaid value, by month: opening plus the four movements is closing. Credit positive.';
comment on column api.roll_forward_line.channel is '? of the recharge; null means all channels together';

create function api.roll_forward(first_month date, months integer default 12, by_effective boolean default true) returns setof api.roll_forward_line language sql stable security definer set search_path = '' as $$
    with liable as (select api.accounts_named('prepaid') as ids), basis as (select case when by_effective then 'effective' else 'recorded' end as b),
    moved as (
        select date_trunc('month', d.on_day)::date as month, d.commodity, null::text as channel, d.kind, sum(d.credit - d.debit) as amount
        from api.days_with_tail(by_effective) d, liable where d.account_id = any (liable.ids) group by 1, 2, 4
        union all
        select date_trunc('month', c.on_day)::date, 'CNY', c.channel, c.kind, sum(c.amount)
        from (select c.on_day, c.channel, c.kind, c.amount from book.channel_days c, basis where c.basis = basis.b
              union all
              select m.on_day, m.channel, m.kind, m.amount from basis, api.channel_tail() m where m.basis = basis.b) c group by 1, 3, 4
    ), asked as (
        select g.m::date as month from generate_series(date_trunc('month', first_month), date_trunc('month', first_month) + make_interval(months => least(greatest(months, 1), 60) - 1), interval '1 month') g (m)
    ), sides as (select m.commodity, m.channel from moved m group by 1, 2),
    figures as (
        select a.month, s.commodity, s.channel,
               coalesce(sum(m.amount) filter (where m.month < a.month), 0) as opening,
               coalesce(sum(m.amount) filter (where m.month = a.month and m.kind = 'recharge'), 0) as recharged,
               coalesce(sum(m.amount) filter (where m.month = a.month and m.kind in ('usage', 'credit_back')), 0) as used,
               coalesce(sum(m.amount) filter (where m.month = a.month and (m.kind like 'refund%' or m.kind like 'repayment%' or m.kind in ('gift_void', 'gift_reinstated'))), 0) as refunded,
               coalesce(sum(m.amount) filter (where m.month = a.month and m.kind not in ('recharge', 'usage', 'credit_back', 'gift_void', 'gift_reinstated') and m.kind not like 'refund%' and m.kind not like 'repayment%'), 0) as other,
               coalesce(sum(m.amount) filter (where m.month <= a.month), 0) as closing
        from asked a cross join sides s join moved m on m.commodity = s.commodity and m.channel is not distinct from s.channel group by 1, 2, 3)
    select f.month, f.commodity, f.channel, f.opening::numeric(24, 6), f.recharged::numeric(24, 6), f.used::numeric(24, 6), f.refunded::numeric(24, 6), f.other::numeric(24, 6), f.closing::numeric(24, 6)
    from figures f, (select api.reader()) r
    where (f.opening, f.recharged, f.used, f.refunded, f.other) <> (0, 0, 0, 0, 0)
    order by f.commodity, f.channel nulls first, f.month
$$;
comment on function api.roll_forward(date, integer, boolean) is
    'ledger.roll_forward: Prepaid liability month by month: opening, recharges, usage, refunds, other, closing, by commodity and by the channel of the recharge.';

grant execute on function api.balance_as_of(timestamptz, text, text, bigint, boolean), api.balances_as_of(bigint, timestamptz, boolean),
    api.read_statement(text, timestamptz, timestamptz, text, bigint, boolean, bigint, integer, numeric, integer), api.trial_balance(timestamptz, boolean), api.roll_forward(date, integer, boolean) to kontor_people;
