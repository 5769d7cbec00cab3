-- vat_splits: usage posts to revenue with its tax in it; at month end the tax is moved to output VAT, by product and rate.
-- A split posts the difference to what the month's earlier splits posted, so it can be done again after a late paper,
-- and after a reversal in a month that was opened again.

create type api.vat_line as (product text, title_en text, title_zh text, rate numeric, gross numeric, excl numeric, tax_exact numeric, tax numeric, rounding numeric, posted numeric, due numeric);
comment on type api.vat_line is 'One product''s revenue of a month and the tax in it, inside the database.';
comment on column api.vat_line.gross is 'revenue of the month with tax, usage less credit-backs, six decimals';
comment on column api.vat_line.excl is 'revenue without tax, once the tax in fen is split off';
comment on column api.vat_line.tax_exact is 'gross − gross ÷ (1 + rate), twelve decimals';
comment on column api.vat_line.tax is 'the same in fen, as it is posted';
comment on column api.vat_line.rounding is 'tax in fen less the exact tax: what rounding moves';
comment on column api.vat_line.posted is 'what splits of this month posted already, less what was reversed';
comment on column api.vat_line.due is 'what remains to be posted';

create function api.vat_lines(of_month date) returns setof api.vat_line language plpgsql stable security definer set search_path = '' set jit = off set plan_cache_mode = force_custom_plan as $$
-- The bounds are values before the query begins: asked inside it, they would be worked out for every row.
declare starts timestamptz := api.month_start(of_month); ends timestamptz := api.month_end(of_month);
begin
    return query
    with moved as (
        -- From the totals by day; a reversal alone does not say in its kind whether it takes a split back.
        select a.code, d.debit - d.credit as amount, d.kind = 'vat_split' as split
        from api.days_with_tail(true) d join book.accounts a on a.id = d.account_id and a.code like 'revenue.%'
        where d.commodity = 'CNY' and d.kind <> 'reversal' and d.on_day >= of_month and d.on_day < of_month + interval '1 month'
        union all
        select a.code, p.amount, o.kind = 'vat_split'
        from book.journals j join book.journals o on o.id = j.reverses
        join book.postings p on p.journal_id = j.id and p.commodity = 'CNY' join book.accounts a on a.id = p.account_id and a.code like 'revenue.%'
        where j.kind = 'reversal' and j.reverses is not null and j.effective_at >= starts and j.effective_at < ends
    ), revenue as (
        select m.code, coalesce(-sum(m.amount) filter (where not m.split), 0) as gross, round(coalesce(sum(m.amount) filter (where m.split), 0), 2) as posted from moved m group by 1
    )
    -- The month's one rate of each product. Usage that came late for a closed month is in the month in which it took effect, and taxed there (1.4).
    select q.code, q.title_en, q.title_zh, t.rate, r.gross, r.gross - v.tax, round(r.gross - r.gross / (1 + t.rate), 12), v.tax,
           v.tax - round(r.gross - r.gross / (1 + t.rate), 12), r.posted, v.tax - r.posted
    from revenue r join book.products q on 'revenue.' || q.code = r.code cross join lateral (select api.vat_rate(q.code, of_month) as rate) t
    cross join lateral api.split_vat(round(r.gross, 2), t.rate) v
    where r.gross <> 0 or r.posted <> 0
    order by q.code;
end $$;
comment on function api.vat_lines(date) is 'The tax in a month''s revenue by product and rate: what is due, exactly and in fen, what is posted, and what remains. Split as invoices are: without = half-up(with / (1 + rate)), tax = the rest.';

create function api.vat_digest(lines api.vat_line[]) returns text language sql immutable security definer set search_path = '' as
$$ select encode(sha256(convert_to(coalesce(string_agg(l::text, ';' order by l.product), ''), 'UTF8')), 'hex') from unnest(lines) l $$;
comment on function api.vat_digest(api.vat_line[]) is 'The fingerprint of the figures that a person saw before posting them.';

create type api.vat_month as (month date, lines jsonb, gross numeric, excl numeric, tax numeric, rounding numeric, posted numeric, due numeric, digest text, barrier text, journals jsonb, invoiced_tax numeric);
comment on column api.vat_month.lines is '{{Array<{ product: string; title_en: string; title_zh: string; rate: string; gross: Money; excl: Money; tax_exact: string; tax: Money; rounding: string; posted: Money; due: Money }>}} by product';
comment on column api.vat_month.barrier is '? the rule that stands against posting now';
comment on column api.vat_month.journals is '{{Array<{ journal_id: Id; kind: string; recorded_at: Instant; by: string; tax: Money; reversed_by: Id | null }>}} the splits of this month and their reversals';
comment on column api.vat_month.invoiced_tax is 'tax on papers issued in the month, red letters taken off: another moment than the split''s, shown beside it';

create function api.vat_barrier(of_month date, lines api.vat_line[]) returns text language sql stable security definer set search_path = '' as $$
    select case when api.month_end(of_month) > api.clock() then 'period_not_over'
                when (api.period_row(of_month)).status not in ('open', 'soft_closed') then 'period_closed'
                when not exists (select 1 from unnest(lines) l where l.due <> 0) then 'vat_nothing_due' end
$$;
comment on function api.vat_barrier(date, api.vat_line[]) is 'The rule that stands against a split of this month now, or null.';

create function api.open_vat(month date) returns api.vat_month language plpgsql stable security definer set search_path = '' as $$
declare answer api.vat_month; lines api.vat_line[]; starts timestamptz := api.month_start(month); ends timestamptz := api.month_end(month);
begin
    perform api.reader();
    lines := array(select l from api.vat_lines(month) l order by l.product);
    answer.month := date_trunc('month', month)::date;
    select coalesce(jsonb_agg(jsonb_build_object('product', l.product, 'title_en', l.title_en, 'title_zh', l.title_zh, 'rate', trim_scale(l.rate)::text, 'gross', l.gross::text, 'excl', l.excl::text,
               'tax_exact', l.tax_exact::text, 'tax', l.tax::text, 'rounding', l.rounding::text, 'posted', l.posted::text, 'due', l.due::text) order by l.product), '[]'),
           coalesce(sum(l.gross), 0), coalesce(sum(l.excl), 0), coalesce(sum(l.tax), 0), coalesce(sum(l.rounding), 0), coalesce(sum(l.posted), 0), coalesce(sum(l.due), 0)
    into answer.lines, answer.gross, answer.excl, answer.tax, answer.rounding, answer.posted, answer.due from unnest(lines) l;
    answer.digest := api.vat_digest(lines);
    answer.barrier := api.vat_barrier(month, lines);
    select coalesce(jsonb_agg(jsonb_build_object('journal_id', j.id::text, 'kind', j.kind, 'recorded_at', j.recorded_at, 'by', api.login_of(j.recorded_by), 'tax', t.tax::text,
               'reversed_by', (select v.id::text from book.journals v where v.reverses = j.id)) order by j.id), '[]') into answer.journals
    from (select s.journal_id from book.vat_splits s where s.month = answer.month
          union select v.id from book.vat_splits s join book.journals v on v.reverses = s.journal_id where s.month = answer.month) x
    join book.journals j on j.id = x.journal_id
    cross join lateral (select coalesce(-sum(p.amount), 0) as tax from book.postings p join book.accounts a on a.id = p.account_id where p.journal_id = j.id and a.code = 'output_vat') t;
    select coalesce(sum(i.total_tax), 0) into answer.invoiced_tax from book.invoices i where i.issued_at >= starts and i.issued_at < ends;
    return answer;
end $$;
comment on function api.open_vat(date) is 'vat.open: A month''s output VAT by product and rate before it is posted: gross, exact tax, tax in fen, the rounding between them, and what remains to be posted.';
grant execute on function api.open_vat(date) to kontor_people;

create function api.post_vat(command_id uuid, month date, digest text) returns api.vat_month language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; journal bigint; lines api.vat_line[]; due api.vat_line[]; codes text[]; amounts numeric[]; rule text;
    body jsonb := jsonb_build_object('month', month, 'digest', digest);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'vat.post', body) then
        at := api.clock();
        lines := array(select l from api.vat_lines(month) l order by l.product);
        rule := api.vat_barrier(month, lines);
        if rule is not null then
            perform api.broken(rule, jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'next_open_on', (select (c.closed_before at time zone 'Asia/Shanghai')::date from book.closing c where c.closed_before > '-infinity')));
        end if;
        if digest <> api.vat_digest(lines) then perform api.broken('vat_figures_moved'); end if;
        due := array(select l from unnest(lines) l where l.due <> 0 order by l.product);
        select array_agg(x.code order by x.product, x.n), array_agg(x.amount order by x.product, x.n) into codes, amounts
        from (select l.product, 1 as n, 'revenue.' || l.product as code, l.due as amount from unnest(due) l
              union all select l.product, 2, 'output_vat', -l.due from unnest(due) l) x;
        -- The last instant of the month: its own figures change, nobody else's.
        journal := api.post_journal('vat_split', null, api.month_end(month) - interval '1 microsecond', at, actor, 'period', to_char(month, 'YYYY-MM'),
            codes, array_fill('CNY'::text, array[cardinality(codes)]), amounts, null, 'output VAT of ' || to_char(month, 'YYYY-MM'));
        insert into book.vat_splits (journal_id, product, month, rate, gross, tax_exact, tax, tax_before)
        select journal, l.product, post_vat.month, l.rate, l.gross, l.tax_exact, l.tax, l.posted from unnest(due) l;
        perform api.record_event(command_id, 'vat.post', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body,
            jsonb_build_object('journal', journal::text, 'tax', (select sum(l.due)::text from unnest(due) l)));
    end if;
    return api.open_vat(month);
end $$;
comment on function api.post_vat(uuid, date, text) is 'vat.post: An accountant splits the output VAT off a month''s revenue, exactly as previewed.';
grant execute on function api.post_vat(uuid, date, text) to kontor_people;
