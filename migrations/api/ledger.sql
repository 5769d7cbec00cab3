-- ledger: reading the books. A journal's lines stay together; pages are cut by journal number, never by counting.
-- Each page walks one index from where the last one ended. What the index does not know is looked at row by row, within
-- a bound; where that finds too little, everything that fits is gathered by whatever index serves best, and sorted.

create type api.ledger_filter as (customer_id bigint, account text, kind text, commodity text, product text, channel text, document text,
    amount_from numeric, amount_until numeric, recorded_from timestamptz, recorded_until timestamptz, effective_from timestamptz, effective_until timestamptz,
    person text, memo text);
comment on type api.ledger_filter is 'ts: export interface LedgerFilter { customer_id?: Id; account?: string; kind?: string; commodity?: string; product?: string; channel?: string; document?: string; amount_from?: Money; amount_until?: Money; recorded_from?: Instant; recorded_until?: Instant; effective_from?: Instant; effective_until?: Instant; person?: string; memo?: string }';

create function api.read_filter(filter jsonb) returns api.ledger_filter language plpgsql stable as $$
declare f api.ledger_filter; strange jsonb;
begin
    if filter is null or filter = '{}' then return f; end if;
    if jsonb_typeof(filter) <> 'object' then perform api.broken('filter_invalid'); end if;
    strange := filter - array['customer_id', 'account', 'kind', 'commodity', 'product', 'channel', 'document', 'amount_from', 'amount_until', 'recorded_from', 'recorded_until',
                             'effective_from', 'effective_until', 'person', 'memo'];
    if strange <> '{}' then perform api.broken('filter_unknown', jsonb_build_object('filter', left((select min(k) from jsonb_object_keys(strange) k), 40))); end if;
    begin
        f := jsonb_populate_record(f, filter);
    exception when data_exception or invalid_text_representation or datetime_field_overflow then
        perform api.broken('filter_invalid');
    end;
    if f.account is not null and f.account <> 'prepaid' and not exists (select 1 from book.accounts a where a.code = f.account) then perform api.broken('account_unknown'); end if;
    if f.person is not null and not exists (select 1 from book.people p where p.login = f.person) then perform api.broken('person_unknown'); end if;
    if f.document is not null then f.document := api.tidy(f.document); end if;
    if f.memo is not null then
        f.memo := api.tidy(f.memo);
        if length(f.memo) < 2 then perform api.broken('memo_text_too_short'); end if;
    end if;
    -- What went through a channel is what touched its clearing account.
    if f.channel is not null and api.accounts_named(f.channel || '_clearing') is null then perform api.broken('channel_unknown'); end if;
    if f.account is null and f.channel is not null then f.account := f.channel || '_clearing'; f.channel := null; end if;
    return f;
end $$;
comment on function api.read_filter(jsonb) is 'A filter as a screen writes it. Account "prepaid" means all accounts on which we owe customers; several kinds are parted by commas; memo finds a piece of text of two characters at least.';

create function api.accounts_named(code text) returns smallint[] language plpgsql stable as $$
begin
    return (select array_agg(a.id) from book.accounts a where a.code = accounts_named.code or accounts_named.code = 'prepaid' and a.code in ('wallet', 'refund_hold', 'repayment_hold'));
end $$;
comment on function api.accounts_named(text) is 'The accounts behind a name of the filter.';

create function api.journals_of_document(wanted text) returns bigint[] language plpgsql stable as $$
begin
    return (with named as (
        select wanted as id
        union select f.id::text from book.refunds f where f.number = wanted
        union select d.id::text from book.disputes d where d.number = wanted
        union select l.refund_id::text from book.refund_legs l where l.refund_no = wanted
        union select r.order_no from book.recharges r where r.provider_no = wanted
        union select s.id::text from book.statement_rows s where s.channel in ('alipay', 'wechat') and s.kind in ('payment', 'refund', 'other') and s.provider_no = wanted
        union select s.id::text from book.statement_rows s where s.order_no = wanted)
    select coalesce(array_agg(x.id), '{}') from (
        select j.id from named n join book.journals j on j.document_id = n.id
        union select r.journal_id from book.recharges r where r.order_no = wanted or r.provider_no = wanted
        union select u.journal_id from book.usage_charges u where u.usage_key = wanted
        union select n.journal_id from book.recharges r join book.consumptions n on n.recharge_id = r.id where r.order_no = wanted or r.provider_no = wanted) x);
end $$;
comment on function api.journals_of_document(text) is 'Every journal that a number leads to: an order, a provider''s number, a refund, a dispute, a usage row; with an order also what was consumed of it.';

create function api.amount_key() returns text language sql immutable parallel safe as
$$ select '(floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id)' $$;
comment on function api.amount_key() is 'What the index on amounts is made of: a step of a twentieth of a percent, and in it the journals in their order.';

create function api.amount_step(amount numeric, aside integer) returns bigint language sql immutable parallel safe as
$$ select floor(ln(amount::float8) * 2000 + aside * 0.000001)::bigint $$;
comment on function api.amount_step(numeric, integer) is 'The step of an amount, or of one that stands at the very edge of it, the one beside: so that no rounding of a logarithm loses a row. A whole step aside would be read to its end where it holds one amount a million times that nobody asked for.';

create function api.line_condition(f api.ledger_filter) returns text language plpgsql stable as $$
declare said text := '';
begin
    if f.account is not null then said := said || format(' and p.account_id = any (%L::smallint[])', api.accounts_named(f.account)); end if;
    if f.commodity is not null then said := said || format(' and p.commodity = %L', f.commodity); end if;
    if f.amount_from > 0 then said := said || format(' and abs(p.amount) >= %s and %s >= %s', f.amount_from, api.amount_key(), api.amount_step(f.amount_from, -1) * 1099511627776); end if;
    if f.amount_until > 0 then said := said || format(' and abs(p.amount) <= %s and %s < %s', f.amount_until, api.amount_key(), (api.amount_step(f.amount_until, 1) + 1) * 1099511627776); end if;
    return said;
end $$;
comment on function api.line_condition(api.ledger_filter) is 'What a filter asks of a line (p), as a condition; every value quoted.';

create function api.journal_condition(f api.ledger_filter) returns text language plpgsql stable as $$
declare said text := '';
begin
    if f.customer_id is not null then said := said || format(' and j.customer_id = %s', f.customer_id); end if;
    if f.kind is not null then said := said || format(' and j.kind = any (%L::text[])%s', string_to_array(f.kind, ','), case when 'usage' <> all (string_to_array(f.kind, ',')) then ' and j.kind <> ''usage''' else '' end); end if;
    if f.person is not null then said := said || format(' and j.recorded_by = %s', (select p.id from book.people p where p.login = f.person)); end if;
    if f.document is not null then said := said || format(' and j.id = any (%L::bigint[])', api.journals_of_document(f.document)); end if;
    if f.memo is not null then
        said := said || format(' and book.letter_pairs(j.memo) @> %L::text[] and strpos(lower(j.memo), lower(%L)) > 0 and j.memo is not null', book.letter_pairs(f.memo), f.memo);
    end if;
    if f.product is not null then
        said := said || format(' and ((select true from book.usage_charges u where u.journal_id = j.id and u.product = %1$L limit 1) '
            'or (select true from book.consumptions n join book.usage_charges u on u.id = n.usage_id where n.journal_id = j.id and u.product = %1$L limit 1))', f.product);
    end if;
    if f.channel is not null then
        said := said || format(' and (select true from book.postings p where p.journal_id = j.id and p.account_id = any (%L::smallint[]) limit 1)', api.accounts_named(f.channel || '_clearing'));
    end if;
    return said;
end $$;
comment on function api.journal_condition(api.ledger_filter) is 'What a filter asks of a journal (j), dates apart, as a condition; every value quoted.';

create function api.recorded_condition(f api.ledger_filter) returns text language plpgsql stable as $$
declare said text := '';
begin
    if f.recorded_from is not null then said := format(' and j.recorded_at >= %L', f.recorded_from); end if;
    if f.recorded_until is not null then said := said || format(' and j.recorded_at < %L', f.recorded_until); end if;
    return said;
end $$;
comment on function api.recorded_condition(api.ledger_filter) is 'The recorded instants of a filter as a condition on a journal (j).';

create function api.effective_condition(f api.ledger_filter) returns text language plpgsql stable as $$
declare said text := ''; hour text := 'date_bin(''1 hour'', j.effective_at, ''2000-01-01 00:00+00'')';
begin
    if f.effective_from is not null then
        said := format(' and j.effective_at >= %1$L and %2$s >= date_bin(''1 hour'', %1$L::timestamptz, ''2000-01-01 00:00+00'')', f.effective_from, hour);
    end if;
    if f.effective_until is not null then
        said := said || format(' and j.effective_at < %1$L and %2$s <= date_bin(''1 hour'', %1$L::timestamptz, ''2000-01-01 00:00+00'')', f.effective_until, hour);
    end if;
    return said;
end $$;
comment on function api.effective_condition(api.ledger_filter) is 'The effective instants of a filter as a condition on a journal (j); the hour is said beside the instant, because the index knows hours.';

create type api.number_range as (above bigint, below bigint);
create function api.narrowed(numbers api.number_range, days_by text, since timestamptz, until timestamptz) returns api.number_range language plpgsql stable as $$
declare first_id bigint; last_id bigint;
    -- Until midnight means: not the day that begins then.
    from_day date := coalesce((since at time zone 'Asia/Shanghai')::date, '-infinity'); last_day date := coalesce(((until - interval '1 microsecond') at time zone 'Asia/Shanghai')::date, 'infinity');
begin
    if days_by = 'recorded' then
        -- A transaction that began before midnight may take its number after those of the next day, but lives for an hour at most.
        select (select min(x.first_id) from (select d.first_id from book.journal_days d where d.basis = 'recorded' and d.on_day >= from_day and d.on_day <= last_day order by d.on_day limit 3) x),
               (select max(x.last_id) from (select d.last_id from book.journal_days d where d.basis = 'recorded' and d.on_day >= from_day and d.on_day <= last_day order by d.on_day desc limit 3) x)
        into first_id, last_id;
    else
        select min(d.first_id), max(d.last_id) into first_id, last_id from book.journal_days d where d.basis = days_by and d.on_day >= from_day and d.on_day <= last_day;
    end if;
    return row(greatest(numbers.above, coalesce(first_id, 9223372036854775806) - 1), least(numbers.below, coalesce(last_id, 0) + 1));
end $$;
comment on function api.narrowed(api.number_range, text, timestamptz, timestamptz) is 'A range of journal numbers, cut to those of some days below the horizon.';

create function api.number_range(f api.ledger_filter) returns api.number_range language plpgsql stable as $$
declare answer api.number_range := row(0, 9223372036854775807); tail record;
begin
    -- A day's numbers lie between its first and its last below the horizon; what lies beyond it is looked at itself.
    if f.recorded_from is null and f.recorded_until is null and f.effective_from is null and f.effective_until is null then return answer; end if;
    -- Fenced: to find a lowest number the planner would rather walk all numbers there are.
    select min(j.id) as first_id, max(j.id) as last_id into tail from (select b.id, b.recorded_at, b.effective_at from book.journals b where b.recorded_tx >= (select h.passed from book.browse_horizon h) offset 0) j
    where (f.recorded_from is null or j.recorded_at >= f.recorded_from) and (f.recorded_until is null or j.recorded_at < f.recorded_until)
      and (f.effective_from is null or j.effective_at >= f.effective_from) and (f.effective_until is null or j.effective_at < f.effective_until);
    if f.recorded_from is not null or f.recorded_until is not null then
        answer := api.narrowed(answer, 'recorded', f.recorded_from, f.recorded_until);
    end if;
    if f.effective_from is not null or f.effective_until is not null then
        answer := api.narrowed(answer, 'effective', f.effective_from, f.effective_until);
    end if;
    if tail.first_id is not null then answer := row(least(answer.above, tail.first_id - 1), greatest(answer.below, tail.last_id + 1)); end if;
    return answer;
end $$;
comment on function api.number_range(api.ledger_filter) is 'Between which journal numbers the dates of a filter lie, both ends outside.';

create function api.walk(f api.ledger_filter, downward boolean, by_effective boolean, numbers api.number_range, cursor_id bigint, examined bigint) returns text
language plpgsql stable as $$
declare way text := case when downward then 'desc' else 'asc' end; accounts smallint[]; dates text := api.recorded_condition(f);
begin
    if by_effective then return api.walk_effective(f, downward, cursor_id, examined); end if;
    -- Equalities are written as ranges: only then does the order belong to one index and no other.
    if f.customer_id is not null then
        return format('select j.* from book.journals j where j.customer_id >= %1$s and j.customer_id <= %1$s and (j.customer_id, j.id) < (%1$s, %2$s) and (j.customer_id, j.id) > (%1$s, %3$s)%4$s order by j.customer_id %5$s, j.id %5$s limit %6$s',
            f.customer_id, numbers.below, numbers.above, dates, way, examined);
    elsif f.kind not like '%,%' and f.kind <> 'usage' then
        return format('select j.* from book.journals j where j.kind <> ''usage'' and j.kind >= %1$L and j.kind <= %1$L and (j.kind, j.id) < (%1$L, %2$s) and (j.kind, j.id) > (%1$L, %3$s)%4$s order by j.kind %5$s, j.id %5$s limit %6$s',
            f.kind, numbers.below, numbers.above, dates, way, examined);
    elsif f.account not in ('prepaid', 'wallet') then
        accounts := api.accounts_named(f.account);
        -- An account that stands twice in a journal counts by its first line.
        return format('select j.* from (select p.journal_id from book.postings p where p.account_id > 1 and p.account_id >= %1$s and p.account_id <= %1$s '
            'and (p.account_id, p.journal_id) < (%1$s::smallint, %2$s) and (p.account_id, p.journal_id) > (%1$s::smallint, %3$s) '
            'and p.line = (select min(q.line) from book.postings q where q.journal_id = p.journal_id and q.account_id = p.account_id) order by p.account_id %5$s, p.journal_id %5$s) p '
            'cross join lateral (select * from book.journals j where j.id = p.journal_id offset 0) j where true%4$s limit %6$s', accounts[1], numbers.below, numbers.above, dates, way, examined);
    end if;
    return format('select j.* from book.journals j where j.id < %s and j.id > %s%s order by j.id %s limit %s', numbers.below, numbers.above, dates, way, examined);
end $$;
comment on function api.walk(api.ledger_filter, boolean, boolean, api.number_range, bigint, bigint) is 'The index that a page walks along, so many entries at the most, as a statement.';

create function api.walk_effective(f api.ledger_filter, downward boolean, cursor_id bigint, examined bigint) returns text language sql stable security definer set search_path = '' as $$
    select format('select j.* from book.journals j where true%1$s%2$s order by date_bin(''1 hour'', j.effective_at, ''2000-01-01 00:00+00'') %3$s, j.effective_at %3$s, j.id %3$s limit %4$s', api.effective_condition(f),
        (select format(' and (j.effective_at, j.id) %1$s (%2$L, %3$s) and date_bin(''1 hour'', j.effective_at, ''2000-01-01 00:00+00'') %1$s= date_bin(''1 hour'', %2$L::timestamptz, ''2000-01-01 00:00+00'')',
            case when downward then '<' else '>' end, c.effective_at, c.id) from book.journals c where c.id = cursor_id),
        case when downward then 'desc' else 'asc' end, examined)
$$;
comment on function api.walk_effective(api.ledger_filter, boolean, bigint, bigint) is 'The same by the effective instant, behind or before a journal.';

create function api.rows_expected(statement text) returns numeric language plpgsql volatile as $$
declare plan json;
begin
    execute 'explain (format json) ' || statement into plan;
    return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
end $$;
comment on function api.rows_expected(text) is 'How many rows Postgres expects of a statement, from its statistics: to choose a way, never to show. Volatile, because only such a function may ask.';

create function api.walk_amounts(f api.ledger_filter, downward boolean, numbers api.number_range, wanted integer) returns text
language plpgsql stable as $$
declare steps bigint[]; key text := api.amount_key(); way text := case when downward then 'desc' else 'asc' end; dates text := api.recorded_condition(f);
begin
    if f.amount_from is null or f.amount_until is null or f.amount_from <= 0 or f.amount_until < f.amount_from then return null; end if;
    steps := array[api.amount_step(f.amount_from, -1), api.amount_step(f.amount_until, 1)];
    if steps[2] - steps[1] > 400 then return null; end if;
    -- Of each step no more than the page can show; the range of a step is its journals from one end of the numbers to the other.
    return format('select x.place - s.step * 1099511627776 as id from generate_series(%1$s::bigint, %2$s::bigint) s (step) cross join lateral '
        '(select distinct %3$s as place from book.postings p where %3$s > s.step * 1099511627776 + %4$s and %3$s < s.step * 1099511627776 + %5$s%6$s%7$s order by place %8$s limit %9$s) x '
        'group by 1 order by 1 %8$s limit %9$s', steps[1], steps[2], key, least(numbers.above, 1099511627775), least(numbers.below, 1099511627776), api.line_condition(f),
        case when dates <> '' then format(' and (select true from book.journals j where j.id = p.journal_id%s)', dates) else '' end, way, wanted);
end $$;
comment on function api.walk_amounts(api.ledger_filter, boolean, api.number_range, integer) is 'The newest (or oldest) journals of a narrow range of amounts, step by step, as a statement; null when the range is not narrow.';

create function api.walks_plainly(f api.ledger_filter) returns boolean language plpgsql immutable as $$
begin
    return num_nonnulls(f.customer_id, f.account, f.kind) <= 1
        and num_nonnulls(f.commodity, f.product, f.channel, f.document, f.amount_from, f.amount_until, f.effective_from, f.effective_until, f.person, f.memo) = 0
        and (f.account is null or f.account not in ('prepaid', 'wallet')) and (f.kind is null or f.kind not like '%,%' and f.kind <> 'usage');
end $$;
comment on function api.walks_plainly(api.ledger_filter) is 'Whether a filter asks for what one index is in the order of: everything, one customer, one kind or one account, with its recorded dates.';

create function api.walk_plainly(f api.ledger_filter, downward boolean, numbers api.number_range, wanted integer) returns bigint[]
language plpgsql stable set enable_sort = off set enable_hashagg = off set enable_bitmapscan = off set enable_seqscan = off as $$
declare
    account smallint; customer bigint := f.customer_id; above bigint := numbers.above; below bigint := numbers.below;
    since timestamptz := coalesce(f.recorded_from, '-infinity'); until timestamptz := coalesce(f.recorded_until, 'infinity');
begin
    -- What api.walk says as a text, with plans that the session keeps.
    if customer is not null and downward then
        return array(select j.id from book.journals j where j.customer_id >= customer and j.customer_id <= customer and (j.customer_id, j.id) < (customer, below) and (j.customer_id, j.id) > (customer, above)
                     and j.recorded_at >= since and j.recorded_at < until order by j.customer_id desc, j.id desc limit wanted);
    elsif customer is not null then
        return array(select j.id from book.journals j where j.customer_id >= customer and j.customer_id <= customer and (j.customer_id, j.id) < (customer, below) and (j.customer_id, j.id) > (customer, above)
                     and j.recorded_at >= since and j.recorded_at < until order by j.customer_id, j.id limit wanted);
    elsif f.kind is not null and downward then
        return array(select j.id from book.journals j where j.kind <> 'usage' and j.kind >= f.kind and j.kind <= f.kind and (j.kind, j.id) < (f.kind, below) and (j.kind, j.id) > (f.kind, above)
                     and j.recorded_at >= since and j.recorded_at < until order by j.kind desc, j.id desc limit wanted);
    elsif f.kind is not null then
        return array(select j.id from book.journals j where j.kind <> 'usage' and j.kind >= f.kind and j.kind <= f.kind and (j.kind, j.id) < (f.kind, below) and (j.kind, j.id) > (f.kind, above)
                     and j.recorded_at >= since and j.recorded_at < until order by j.kind, j.id limit wanted);
    elsif f.account is not null then
        account := (api.accounts_named(f.account))[1];
        -- An account that stands twice in a journal counts once.
        if downward then
            return array(select x.journal_id from (select distinct p.account_id, p.journal_id from book.postings p where p.account_id > 1 and p.account_id >= account and p.account_id <= account
                             and (p.account_id, p.journal_id) < (account, below) and (p.account_id, p.journal_id) > (account, above) order by p.account_id desc, p.journal_id desc) x
                         where since = '-infinity' and until = 'infinity' or (select j.recorded_at >= since and j.recorded_at < until from book.journals j where j.id = x.journal_id) limit wanted);
        end if;
        return array(select x.journal_id from (select distinct p.account_id, p.journal_id from book.postings p where p.account_id > 1 and p.account_id >= account and p.account_id <= account
                         and (p.account_id, p.journal_id) < (account, below) and (p.account_id, p.journal_id) > (account, above) order by p.account_id, p.journal_id) x
                     where since = '-infinity' and until = 'infinity' or (select j.recorded_at >= since and j.recorded_at < until from book.journals j where j.id = x.journal_id) limit wanted);
    elsif downward then
        return array(select j.id from book.journals j where j.id < below and j.id > above and j.recorded_at >= since and j.recorded_at < until order by j.id desc limit wanted);
    end if;
    return array(select j.id from book.journals j where j.id < below and j.id > above and j.recorded_at >= since and j.recorded_at < until order by j.id limit wanted);
end $$;
comment on function api.walk_plainly(api.ledger_filter, boolean, api.number_range, integer) is 'The page of such a filter, along its index.';

create function api.walk_amounts_plainly(f api.ledger_filter, downward boolean, numbers api.number_range, wanted integer) returns bigint[]
language plpgsql stable set enable_sort = off set enable_hashagg = off set enable_bitmapscan = off set enable_seqscan = off as $$
declare
    first_step bigint := api.amount_step(f.amount_from, -1); last_step bigint := api.amount_step(f.amount_until, 1);
    above bigint := least(numbers.above, 1099511627775); below bigint := least(numbers.below, 1099511627776);
begin
    -- What api.walk_amounts says as a text, for a filter of amounts alone, with plans that the session keeps.
    if last_step - first_step > 400 then return null; end if;
    if downward then
        return array(select x.place - s.step * 1099511627776 as id from generate_series(first_step, last_step) s (step) cross join lateral (
                         select distinct (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) as place from book.postings p
                         where (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) > s.step * 1099511627776 + above
                           and (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) < s.step * 1099511627776 + below
                           and abs(p.amount) >= f.amount_from and abs(p.amount) <= f.amount_until order by place desc limit wanted) x
                     group by 1 order by 1 desc limit wanted);
    end if;
    return array(select x.place - s.step * 1099511627776 as id from generate_series(first_step, last_step) s (step) cross join lateral (
                     select distinct (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) as place from book.postings p
                     where (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) > s.step * 1099511627776 + above
                       and (floor(ln(abs(p.amount)::float8) * 2000)::bigint * 1099511627776 + p.journal_id) < s.step * 1099511627776 + below
                       and abs(p.amount) >= f.amount_from and abs(p.amount) <= f.amount_until order by place limit wanted) x
                 group by 1 order by 1 limit wanted);
end $$;
comment on function api.walk_amounts_plainly(api.ledger_filter, boolean, api.number_range, integer) is 'The page of a filter that asks for amounts alone, step by step; null when the range is not narrow.';

create type api.walk_result as (ids bigint[], ended boolean);
create function api.walk_along(statement text) returns api.walk_result
language plpgsql stable security definer set search_path = '' set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off as $$
declare answer api.walk_result;
begin
    execute statement into answer;
    return answer;
end $$;
comment on function api.walk_along(text) is 'Walks an index in its order and stops when the page is full; the planner may not gather and sort here, whatever it expects.';

create function api.gather(f api.ledger_filter, numbers api.number_range, cursor_id bigint, downward boolean, by_effective boolean) returns text
language plpgsql stable as $$
declare lines text := api.line_condition(f); said text;
begin
    said := 'select j.id, j.effective_at from book.journals j where true' || api.journal_condition(f) || api.recorded_condition(f) || api.effective_condition(f);
    if lines <> '' then said := said || format(' and j.id in (select p.journal_id from book.postings p where true%s)', lines); end if;
    if numbers.above > 0 then said := said || format(' and j.id > %s', numbers.above); end if;
    if numbers.below < 9223372036854775807 then said := said || format(' and j.id < %s', numbers.below); end if;
    if by_effective and cursor_id is not null then
        said := said || format(' and (j.effective_at, j.id) %s (select c.effective_at, c.id from book.journals c where c.id = %s)', case when downward then '<' else '>' end, cursor_id);
    end if;
    return said;
end $$;
comment on function api.gather(api.ledger_filter, api.number_range, bigint, boolean, boolean) is 'Everything that fits beyond a page''s end, in no order, as a statement.';

create function api.find_journals(f api.ledger_filter, cursor_id bigint, downward boolean, by_effective boolean, wanted integer) returns bigint[]
language plpgsql stable as $$
declare
    numbers api.number_range := api.number_range(f); rest api.ledger_filter := f; lines text; condition text; everything text;
    page api.walk_result; walked text; examined bigint := wanted; expected numeric; way text := case when downward then 'desc' else 'asc' end;
begin
    if not by_effective and cursor_id is not null then
        numbers := case when downward then row(numbers.above, least(numbers.below, cursor_id)) else row(greatest(numbers.above, cursor_id), numbers.below) end;
    end if;
    if not by_effective and api.walks_plainly(f) then return api.walk_plainly(f, downward, numbers, wanted); end if;
    if not by_effective and f.amount_from > 0 and f.amount_until >= f.amount_from and num_nonnulls(f.customer_id, f.account, f.kind, f.commodity, f.product, f.channel, f.document,
        f.recorded_from, f.recorded_until, f.effective_from, f.effective_until, f.person, f.memo) = 0 then
        page.ids := api.walk_amounts_plainly(f, downward, numbers, wanted);
        if page.ids is not null then return page.ids; end if;
    end if;
    lines := api.line_condition(f);
    if not by_effective and api.journal_condition(f) || api.effective_condition(f) = '' then
        walked := api.walk_amounts(f, downward, numbers, wanted);
        if walked is not null then return (api.walk_along(format('select array(%s), false', walked))).ids; end if;
    end if;
    if f.document is null and f.memo is null then
        -- What the walked index knows need not be asked of each row again.
        if not by_effective then
            if f.customer_id is not null then rest.customer_id := null;
            elsif f.kind not like '%,%' and f.kind <> 'usage' then rest.kind := null;
            elsif f.account not in ('prepaid', 'wallet') and f.commodity is null and f.amount_from is null and f.amount_until is null then lines := ''; end if;
        end if;
        condition := api.journal_condition(rest) || case when by_effective then api.recorded_condition(f) else api.effective_condition(f) end
            || case when lines <> '' then format(' and (select true from book.postings p where p.journal_id = j.id%s limit 1)', lines) else '' end;
        if condition = '' then
            return (api.walk_along(format('select array(select j.id from (%s) j), false', api.walk(f, downward, by_effective, numbers, cursor_id, wanted)))).ids;
        else
            -- Most filters fill their page from the next thousand; only a page that stays short asks whether the way had ended.
            examined := greatest(1000, 25 * wanted);
            walked := api.walk(f, downward, by_effective, numbers, cursor_id, examined);
            page := api.walk_along(format('select array(select j.id from (%s) j where true%s limit %s), false', walked, condition, wanted));
            if cardinality(page.ids) >= wanted or (api.walk_along(format('select null::bigint[], (select count(*) < %s from (%s) j)', examined, walked))).ended then return page.ids; end if;
        end if;
    end if;
    everything := api.gather(f, numbers, cursor_id, downward, by_effective);
    if condition <> '' then
        expected := api.rows_expected(everything);
        select wanted * greatest(c.reltuples, 1000)::numeric / greatest(expected, 1) into examined from pg_catalog.pg_class c where c.oid = 'book.journals'::regclass;
        -- Where they stand close enough, meeting them on the way is less work than gathering them all; unless they stand in one heap.
        if examined < 4 * expected then
            page := api.walk_along(format('select array(select j.id from (%s) j where true%s limit %s), false',
                api.walk(f, downward, by_effective, numbers, cursor_id, 20 * examined), condition, wanted));
            if cardinality(page.ids) >= wanted then return page.ids; end if;
        end if;
    end if;
    execute format('with found as materialized (%s) select array(select j.id from found j order by %s j.id %s limit %s)',
        everything, case when by_effective then 'j.effective_at ' || way || ',' else '' end, way, wanted) into page.ids;
    return page.ids;
end $$;
comment on function api.find_journals(api.ledger_filter, bigint, boolean, boolean, integer) is 'The numbers of one page''s journals, in the direction of the page.';

create type api.ledger_journal as (id bigint, kind text, customer_id bigint, customer_name text, effective_at timestamptz, recorded_at timestamptz, recorded_by text,
    document_kind text, document_id text, document_number text, memo text, reverses bigint, lines json);
comment on column api.ledger_journal.customer_id is '? the customer, if any';
comment on column api.ledger_journal.customer_name is '? masked';
comment on column api.ledger_journal.document_number is '? as people know it';
comment on column api.ledger_journal.memo is '? free text';
comment on column api.ledger_journal.reverses is '? the journal that this one reverses';
comment on column api.ledger_journal.lines is '{{Array<{ line: number; account: string; commodity: string; amount: Money; balance_after: Money | null }>}} debit positive; the balance after is the customer''s, credit positive';

-- A page travels by columns: rows of JSON look up each column's type for every row, which was a third of a page's time.
-- What can hold no comma and is never empty is one text of values, of several columns in turns; nothing between two commas is null.
create domain api.ledger_page as json;
comment on domain api.ledger_page is 'rows: ledger_journal';

create function api.journal_columns(ids bigint[], by_effective boolean) returns json language plpgsql stable as $$
declare n integer := cardinality(ids); from_ids bigint[] := ids; until_ids bigint[] := ids;
begin
    -- Neighbours are read in one go.
    if abs(ids[1] - ids[n]) = n - 1 then from_ids := array[least(ids[1], ids[n])]; until_ids := array[greatest(ids[1], ids[n])]; end if;
    return (
        select json_build_object('id,kind,customer_id,effective_at,recorded_at,document_kind,reverses',
                   replace(replace(string_agg(concat_ws(',', j.id, j.kind, coalesce(j.customer_id::text, ''), j.effective_at, j.recorded_at, j.document_kind, coalesce(j.reverses::text, '')), ','), ' ', 'T'), '+00', 'Z'),
               'customer_name', array_agg(j.customer_name), 'recorded_by', array_agg(j.login), 'document_id', array_agg(j.document_id),
               'document_number', array_agg(case j.document_kind when 'recharge' then j.document_id when 'usage' then j.document_id when 'refund' then (select r.number from book.refunds r where r.id = j.document_id::uuid)
                                                else api.document_number(j.document_kind, j.document_id) end),
               'memo', array_agg(j.memo),
               'lines', (select json_build_object('of,account,commodity,amount,balance_after', string_agg(concat_ws(',', p.journal_id, a.code, p.commodity, p.amount, coalesce(p.balance_after::text, '')), ','), 'line', array_agg(p.line))
                         from unnest(from_ids, until_ids) s (from_id, until_id)
                         cross join lateral (select * from book.postings q where q.journal_id >= s.from_id and q.journal_id <= s.until_id order by q.journal_id, q.line offset 0) p
                         join book.accounts a on a.id = p.account_id))
        from (select j.*, b.login, (select api.shown_name(c) from book.customers c where c.id = j.customer_id) as customer_name
              from unnest(from_ids, until_ids) s (from_id, until_id)
              cross join lateral (select * from book.journals i where i.id >= s.from_id and i.id <= s.until_id order by i.id desc limit 500) j
              join book.people b on b.id = j.recorded_by
              order by case when by_effective then j.effective_at end desc, j.id desc) j);
end $$;
comment on function api.journal_columns(bigint[], boolean) is 'These journals (500 at most) with their lines, newest first, column by column; a line says of which journal it is. Instants are written as the session''s settings say: UTC and ISO, set by the caller.';

create function api.list_journals(filter jsonb default '{}', before bigint default null, after bigint default null, at timestamptz default null, by_effective boolean default null,
    maximum integer default 40) returns api.ledger_page language plpgsql stable security definer set search_path = ''
set plan_cache_mode = force_generic_plan set timezone = 'UTC' set datestyle = 'ISO' as $$
declare f api.ledger_filter := api.read_filter(filter);
begin
    perform api.reader();
    -- Unless said otherwise, the order is by the instant that is asked about.
    by_effective := coalesce(by_effective, coalesce(f.effective_from, f.effective_until) is not null and coalesce(f.recorded_from, f.recorded_until) is null);
    -- A page of a date is the page before what came after it.
    if at is not null and by_effective then f.effective_until := least(f.effective_until, at); elsif at is not null then f.recorded_until := least(f.recorded_until, at); end if;
    return json_build_object('columns', api.journal_columns(api.find_journals(f, coalesce(before, after), after is null, by_effective, least(greatest(maximum, 1), 500)), by_effective));
end $$;
comment on function api.list_journals(jsonb, bigint, bigint, timestamptz, boolean, integer) is
    'ledger.list: Journals with their lines, newest first, by the recorded or the effective instant; before and after page in both directions from any journal, at begins below an instant.';
grant execute on function api.list_journals(jsonb, bigint, bigint, timestamptz, boolean, integer) to kontor_people;

-- ── Totals of a filter ─────────────────────────────────────────────────────────────────────────────────────────

create type api.ledger_total as (ready boolean, commodities json, carried jsonb, share numeric);
comment on type api.ledger_total is 'Exact totals of the lines that a filter selects; not ready means: ask ledger.count.';
comment on column api.ledger_total.commodities is '{{Array<{ commodity: string; postings: Id; debit: Money; credit: Money; difference: Money }>}} so far, while counting';
comment on column api.ledger_total.carried is '{{unknown}} to be handed back to go on counting; null when done';
comment on column api.ledger_total.share is '? how much of the books is counted, from 0 to 1';

create function api.starts_a_day(instant timestamptz) returns boolean language sql immutable security definer set search_path = '' as
$$ select instant is null or (instant at time zone 'Asia/Shanghai')::time = '00:00' $$;
comment on function api.starts_a_day(timestamptz) is 'Whether an instant is the beginning of a Shanghai day, or none.';

create function api.total_journals(filter jsonb default '{}') returns api.ledger_total language plpgsql stable security definer set search_path = '' as $$
declare f api.ledger_filter := api.read_filter(filter); answer api.ledger_total; by_effective boolean := coalesce(f.effective_from, f.effective_until) is not null; accounts smallint[] := api.accounts_named(f.account);
begin
    perform api.reader();
    answer.ready := num_nonnulls(f.customer_id, f.product, f.channel, f.document, f.amount_from, f.amount_until, f.person, f.memo) = 0
        and not (by_effective and coalesce(f.recorded_from, f.recorded_until) is not null)
        and api.starts_a_day(f.recorded_from) and api.starts_a_day(f.recorded_until) and api.starts_a_day(f.effective_from) and api.starts_a_day(f.effective_until);
    if answer.ready then
        select coalesce(json_agg(json_build_object('commodity', t.commodity, 'postings', t.postings::text, 'debit', t.debit::numeric(24, 6)::text, 'credit', t.credit::numeric(24, 6)::text, 'difference', (t.debit - t.credit)::numeric(24, 6)::text) order by t.commodity), '[]')
        into answer.commodities
        from (select d.commodity, sum(d.postings)::bigint as postings, sum(d.debit) as debit, sum(d.credit) as credit from api.days_with_tail(by_effective) d
              where (f.account is null or d.account_id = any (accounts)) and (f.commodity is null or d.commodity = f.commodity) and (f.kind is null or d.kind = any (string_to_array(f.kind, ',')))
                and (coalesce(f.recorded_from, f.effective_from) is null or d.on_day >= (coalesce(f.recorded_from, f.effective_from) at time zone 'Asia/Shanghai')::date)
                and (coalesce(f.recorded_until, f.effective_until) is null or d.on_day < (coalesce(f.recorded_until, f.effective_until) at time zone 'Asia/Shanghai')::date)
              group by 1) t;
    end if;
    return answer;
end $$;
comment on function api.total_journals(jsonb) is 'ledger.total: Exact totals of the lines that a filter selects, by commodity, where the roll-ups know them; otherwise not ready, and ledger.count finds them.';
grant execute on function api.total_journals(jsonb) to kontor_people;

create function api.count_journals(filter jsonb, carried jsonb default null) returns api.ledger_total language plpgsql stable security definer set search_path = '' as $$
declare
    f api.ledger_filter := api.read_filter(filter); numbers api.number_range := api.number_range(f); answer api.ledger_total; passed text; from_id bigint; until_id bigint; last_id bigint; everything text; sums jsonb; step bigint;
begin
    perform api.reader();
    -- What lies below the horizon of the first bite never changes, so bites of different moments add up to one moment; the tail is counted with the last.
    passed := coalesce(carried ->> 'passed', (select h.passed::text from book.browse_horizon h));
    if passed !~ '^\d{1,19}$' or coalesce(carried ->> 'from', '0') !~ '^\d{1,18}$' then perform api.broken('filter_invalid'); end if;
    from_id := coalesce((carried ->> 'from')::bigint, greatest(numbers.above, 0));
    select least(numbers.below, coalesce(max(j.id), 0) + 1) into last_id from book.journals j;
    everything := format('select p.commodity, p.amount from book.journals j join book.postings p on p.journal_id = j.id where true%s%s%s%s',
        api.journal_condition(f), api.recorded_condition(f), api.effective_condition(f), api.line_condition(f));
    step := 100000;
    if api.rows_expected(everything) < 100000 then step := 9000000000000000000 - from_id; end if;
    until_id := from_id + step;
    execute format('select coalesce(jsonb_object_agg(t.commodity, jsonb_build_array(t.n, t.debit::text, t.credit::text)), ''{}'') from (select x.commodity, count(*) as n, sum(greatest(x.amount, 0)) as debit, sum(greatest(-x.amount, 0)) as credit '
        'from (%1$s and j.id > %2$s and j.id <= %3$s and j.recorded_tx < %4$L%5$s) x group by 1) t', everything, from_id, until_id, passed,
        case when until_id >= last_id then format(' union all %s and j.recorded_tx >= %L', everything, passed) else '' end) into sums;
    select jsonb_object_agg(x.commodity, x.figures) into sums from (
        select b.key as commodity, jsonb_build_array(sum((b.value ->> 0)::bigint), sum((b.value ->> 1)::numeric)::text, sum((b.value ->> 2)::numeric)::text) as figures
        from (select * from jsonb_each(sums) union all select * from jsonb_each(coalesce(carried -> 'sums', '{}'))) b group by 1) x;
    answer.ready := until_id >= last_id;
    answer.share := case when answer.ready then 1 else round(until_id::numeric / last_id, 3) end;
    if not answer.ready then answer.carried := jsonb_build_object('passed', passed, 'from', until_id::text, 'sums', coalesce(sums, '{}')); end if;
    select coalesce(json_agg(json_build_object('commodity', b.key, 'postings', b.value ->> 0, 'debit', (b.value ->> 1)::numeric(24, 6)::text, 'credit', (b.value ->> 2)::numeric(24, 6)::text,
        'difference', ((b.value ->> 1)::numeric - (b.value ->> 2)::numeric)::numeric(24, 6)::text) order by b.key), '[]') into answer.commodities from jsonb_each(sums) b;
    return answer;
end $$;
comment on function api.count_journals(jsonb, jsonb) is 'ledger.count: Counts the lines of any filter exactly, in bites of less than a second: hand back what it carries until it is ready; to cancel is not to ask again.';
grant execute on function api.count_journals(jsonb, jsonb) to kontor_people;

-- ── Filters that people keep ───────────────────────────────────────────────────────────────────────────────────

create view api.saved_filters as
    select s.id, s.name, s.filter, s.saved_at, s.person_id from book.saved_filters s where s.removed_at is null;
comment on column api.saved_filters.filter is '{{Record<string, string>}} the screen''s own address';

create function api.list_filters() returns setof api.saved_filters language sql stable security definer set search_path = '' as $$
    select s.* from api.saved_filters s where s.person_id = api.reader() order by s.name limit 100
$$;
comment on function api.list_filters() is 'ledger.list_filters: My saved filters of the ledger, by name.';

create function api.save_filter(command_id uuid, name text, filter jsonb) returns api.saved_filters language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.reader(); body jsonb := jsonb_build_object('name', name, 'filter', filter); at timestamptz; answer api.saved_filters;
begin
    if not api.repeated(command_id, 'ledger.save_filter', body) then
        at := api.clock();
        if api.tidy(name) is null or length(name) > 60 then perform api.broken('saved_filter_without_name'); end if;
        if jsonb_typeof(filter) <> 'object' then perform api.broken('saved_filter_malformed'); end if;
        -- The same name again means: this is what it stands for now.
        update book.saved_filters s set removed_at = at where s.person_id = actor and s.name = api.tidy(save_filter.name) and s.removed_at is null;
        insert into book.saved_filters (id, person_id, name, filter, saved_at) values (command_id, actor, api.tidy(name), filter, at);
        perform api.record_event(command_id, 'ledger.save_filter', actor, at, 'saved_filter', command_id::text, null, body);
    end if;
    select s.* into answer from api.saved_filters s where s.id = command_id;
    return answer;
end $$;
comment on function api.save_filter(uuid, text, jsonb) is 'ledger.save_filter: Keeps a filter of the ledger under a name, for me; the same name again replaces it.';

create function api.remove_filter(command_id uuid, filter_id uuid) returns setof api.saved_filters language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.reader(); body jsonb := jsonb_build_object('filter_id', filter_id); at timestamptz;
begin
    if not api.repeated(command_id, 'ledger.remove_filter', body) then
        at := api.clock();
        update book.saved_filters s set removed_at = at where s.id = filter_id and s.person_id = actor and s.removed_at is null;
        if not found then perform api.broken('saved_filter_unknown'); end if;
        perform api.record_event(command_id, 'ledger.remove_filter', actor, at, 'saved_filter', filter_id::text, null, body);
    end if;
    return query select s.* from api.saved_filters s where s.person_id = actor order by s.name;
end $$;
comment on function api.remove_filter(uuid, uuid) is 'ledger.remove_filter: Removes one of my saved filters; the rest is what remains.';
grant execute on function api.list_filters(), api.save_filter(uuid, text, jsonb), api.remove_filter(uuid, uuid) to kontor_people;

-- ── One journal ────────────────────────────────────────────────────────────────────────────────────────────────

create function api.journal_lines(journal bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_agg(jsonb_build_object('line', p.line, 'account', a.code, 'title_en', a.title_en, 'title_zh', a.title_zh, 'customer', p.customer_id is not null, 'commodity', p.commodity,
        'amount', p.amount::text, 'balance_after', p.balance_after::text) order by p.line)
    from book.postings p join book.accounts a on a.id = p.account_id where p.journal_id = journal
$$;
comment on function api.journal_lines(bigint) is 'The lines of a journal: debit positive, credit negative; balance after, credit positive, on customer accounts.';

create function api.document_number(document_kind text, document_id text) returns text language sql stable security definer set search_path = '' as $$
    select case document_kind
        when 'refund' then (select f.number from book.refunds f where f.id = document_id::uuid)
        when 'dispute' then (select d.number from book.disputes d where d.id = document_id::uuid)
        when 'import' then (select i.file_name from book.imports i where i.id = document_id::uuid)
        when 'statement_row' then (select coalesce(s.order_no, s.provider_no) from book.statement_rows s where s.id = document_id::bigint)
        when 'violation' then (select v.number from book.campaign_violations v where v.id = document_id::uuid)
        when 'campaign_correction' then (select k.number from book.campaign_corrections k where k.id = document_id::uuid)
        when 'ladder' then (select c.ref from book.customers c where c.id = document_id::bigint)
        when 'deactivated' then (select c.ref from book.customers c where c.id = document_id::bigint)
        when 'expired' then (select c.ref from book.customers c where c.id = document_id::bigint)
        else document_id end
$$;
comment on function api.document_number(text, text) is 'The number by which people know a journal''s source document.';

create view api.journals as
select j.id, j.kind, j.customer_id, api.shown_name(c) as customer_name, j.effective_at, j.recorded_at, api.login_of(j.recorded_by) as recorded_by, j.document_kind, j.document_id,
       api.document_number(j.document_kind, j.document_id) as document_number, j.clause, j.memo, j.reverses, api.journal_lines(j.id) as lines
from book.journals j left join book.customers c on c.id = j.customer_id;
comment on column api.journals.customer_id is '? the customer, if any';
comment on column api.journals.customer_name is '? masked';
comment on column api.journals.document_number is '? as people know it';
comment on column api.journals.clause is '? of the agreement';
comment on column api.journals.memo is '? free text';
comment on column api.journals.reverses is '? the journal that this one reverses';
comment on column api.journals.lines is '{{Array<{ line: number; account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_after: Money | null }>}} debit positive';

create view api.journal_pages as
select j.*,
       (select coalesce(jsonb_agg(jsonb_build_object('order_no', r.order_no, 'channel', r.channel, 'paid_at', r.paid_at, 'amount', x.amount::text) order by r.paid_at), '[]')
        from (select n.recharge_id, sum(n.amount) as amount from book.consumptions n where n.journal_id = j.id and n.recharge_id is not null group by 1
              union all select r.id, r.principal from book.recharges r where r.journal_id = j.id) x join book.recharges r on r.id = x.recharge_id) as recharges,
       (select coalesce(jsonb_agg(jsonb_build_object('usage_key', u.usage_key, 'product', u.product, 'used_from', u.used_from, 'used_to', u.used_to, 'amount', u.amount::text, 'from_gift', u.from_gift::text,
            'from_principal', u.from_principal::text, 'uncollected', u.uncollected::text) order by u.used_from, u.id), '[]') from book.usage_charges u where u.journal_id = j.id) as usage
from api.journals j;
do $$
declare c record;
begin
    for c in select a.attname, pg_catalog.col_description(a.attrelid, a.attnum) as said from pg_catalog.pg_attribute a
             where a.attrelid = 'api.journals'::regclass and a.attnum > 0 and pg_catalog.col_description(a.attrelid, a.attnum) is not null loop
        execute format('comment on column api.journal_pages.%I is %L', c.attname, c.said);
    end loop;
end $$;
comment on column api.journal_pages.recharges is '{{Array<{ order_no: string; channel: string; paid_at: Instant; amount: Money }>}} which recharges this journal made or drew on';
comment on column api.journal_pages.usage is '{{Array<{ usage_key: string; product: string; used_from: Instant; used_to: Instant; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>}} the usage it charged';

create function api.open_journal(journal_id bigint) returns api.journal_pages language plpgsql stable security definer set search_path = '' as $$
declare answer api.journal_pages;
begin
    perform api.reader();
    select j.* into answer from api.journal_pages j where j.id = journal_id;
    if not found then perform api.broken('journal_unknown'); end if;
    return answer;
end $$;
comment on function api.open_journal(bigint) is 'ledger.journal: One journal with its lines, its source document, who recorded it, and which recharges paid for which usage.';
grant execute on function api.open_journal(bigint) to kontor_people;
