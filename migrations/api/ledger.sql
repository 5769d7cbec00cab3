-- ledger: reading the books. A journal's lines stay together; pages are cut by journal number, never by counting.

create function api.journal_lines(journal bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_agg(jsonb_build_object('line', p.line, 'account', a.code, 'title_en', a.title_en, 'title_zh', a.title_zh, 'customer', p.customer_id is not null, 'commodity', p.commodity,
        'amount', p.amount::text, 'balance_after', p.balance_after::text) order by p.line)
    from book.postings p join book.accounts a on a.id = p.account_id where p.journal_id = journal
$$;
comment on function api.journal_lines(bigint) is 'The lines of a journal: debit positive, credit negative; balance after, credit positive, on customer accounts.';

create function api.document_number(document_kind text, document_id text) returns text language sql stable security definer set search_path = '' as $$
    select case document_kind
        when 'recharge' then document_id
        when 'refund' then (select f.number from book.refunds f where f.id::text = document_id)
        when 'dispute' then (select d.number from book.disputes d where d.id::text = document_id)
        when 'import' then (select i.file_name from book.imports i where i.id::text = document_id)
        when 'statement_row' then (select coalesce(s.order_no, s.provider_no) from book.statement_rows s where s.id::text = document_id)
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

create function api.list_journals(customer_id bigint default null, account_code text default null, wanted_kind text default null, commodity text default null,
    recorded_from timestamptz default null, recorded_until timestamptz default null, effective_from timestamptz default null, effective_until timestamptz default null,
    document text default null, before bigint default null, after bigint default null, maximum integer default 100) returns setof api.journals
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare account smallint := (select a.id from book.accounts a where a.code = account_code); wanted_document text := nullif(btrim(document), '');
begin
    perform api.reader();
    if account_code is not null and account is null then perform api.broken('account_unknown'); end if;
    return query
    select j.* from api.journals j where j.id in (
        select b.id from book.journals b
        where (list_journals.customer_id is null or b.customer_id = list_journals.customer_id)
          and (wanted_kind is null or b.kind = wanted_kind)
          and (recorded_from is null or b.recorded_at >= recorded_from) and (recorded_until is null or b.recorded_at < recorded_until)
          and (effective_from is null or b.effective_at >= effective_from) and (effective_until is null or b.effective_at < effective_until)
          and (before is null or b.id < before) and (after is null or b.id > after)
          and (wanted_document is null or b.document_id = wanted_document
               or b.document_id in (select f.id::text from book.refunds f where f.number = wanted_document) or b.document_id in (select d.id::text from book.disputes d where d.number = wanted_document))
          and (account is null and list_journals.commodity is null or exists (select 1 from book.postings p where p.journal_id = b.id
               and (account is null or p.account_id = account) and (list_journals.commodity is null or p.commodity = list_journals.commodity)))
        order by case when after is not null then b.id end asc, b.id desc limit least(maximum, 500))
    order by j.id desc;
end $$;
comment on function api.list_journals(bigint, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz, text, bigint, bigint, integer) is
    'ledger.list: Journals with their lines, newest first; before and after page in both directions from any journal.';
grant execute on function api.list_journals(bigint, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz, text, bigint, bigint, integer) to kontor_people;

create type api.ledger_total as (commodity text, journals bigint, postings bigint, debit numeric, credit numeric);
create function api.total_journals(customer_id bigint default null, account_code text default null, wanted_kind text default null, commodity text default null,
    recorded_from timestamptz default null, recorded_until timestamptz default null, effective_from timestamptz default null, effective_until timestamptz default null)
returns setof api.ledger_total language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare account smallint := (select a.id from book.accounts a where a.code = account_code);
begin
    perform api.reader();
    return query
    select p.commodity, count(distinct p.journal_id), count(*), sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0))
    from book.journals b join book.postings p on p.journal_id = b.id
    where (total_journals.customer_id is null or b.customer_id = total_journals.customer_id)
      and (wanted_kind is null or b.kind = wanted_kind)
      and (recorded_from is null or b.recorded_at >= recorded_from) and (recorded_until is null or b.recorded_at < recorded_until)
      and (effective_from is null or b.effective_at >= effective_from) and (effective_until is null or b.effective_at < effective_until)
      and (account is null or p.account_id = account) and (total_journals.commodity is null or p.commodity = total_journals.commodity)
    group by 1 order by 1;
end $$;
comment on function api.total_journals(bigint, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz) is 'ledger.total: Exact totals of the lines that a filter selects, by commodity; asked for beside the list and shown when ready.';
grant execute on function api.total_journals(bigint, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz) to kontor_people;

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
