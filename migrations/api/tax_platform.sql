-- tax_platform: papers leave as the sheet of its batch issue and come back by its list of issued invoices. The sheet's columns are policy.
-- What was issued otherwise than asked is an exception, and nothing of it is recorded before somebody has settled it.

create view api.tax_sheets as
    select s.id, s.number, s.run_id, r.number as run_number, case when s.withdrawn_at is not null then 'withdrawn' when c.issued < c.papers then 'sent' else 'issued' end as status,
           c.papers, c.issued, c.exceptions, c.total, s.exported_at, p.login as exported_by, s.withdrawn_at, s.withdrawn_why
    from book.tax_sheets s join book.people p on p.id = s.exported_by left join book.invoice_runs r on r.id = s.run_id
    cross join lateral (
        select count(*)::integer as papers, count(o.invoice_id)::integer as issued, sum(i.total_incl) as total,
               (count(*) filter (where exists (select 1 from book.tax_exceptions e where e.invoice_id = i.id and e.settled_at is null)))::integer as exceptions
        from book.tax_sheet_papers t join book.invoices i on i.id = t.invoice_id left join book.official_invoices o on o.invoice_id = i.id
        where t.sheet_id = s.id) c;
comment on view api.tax_sheets is 'Sheets for the tax platform, and how much of each came back.';
comment on column api.tax_sheets.run_id is '?the run whose papers are in it';
comment on column api.tax_sheets.run_number is '?its number';
comment on column api.tax_sheets.status is '{{"sent" | "issued" | "withdrawn"}} whether everything came back';
comment on column api.tax_sheets.withdrawn_at is '?';
comment on column api.tax_sheets.withdrawn_why is '?';

create view api.tax_exceptions as
    select e.id, e.list_id, l.file_name, e.line, e.kind, e.invoice_id, i.number, e.official_number, e.detail, l.imported_at, e.settled_at, api.login_of(e.settled_by) as settled_by, e.resolution
    from book.tax_exceptions e join book.tax_lists l on l.id = e.list_id left join book.invoices i on i.id = e.invoice_id;
comment on view api.tax_exceptions is 'Rows of the tax platform''s lists that differ from our papers.';
comment on column api.tax_exceptions.kind is '{{"paper_unknown" | "issued_twice" | "official_number_taken" | "official_number_malformed" | "total_differs" | "buyer_differs" | "date_impossible"}} what differs';
comment on column api.tax_exceptions.invoice_id is '?our paper';
comment on column api.tax_exceptions.number is '?its number';
comment on column api.tax_exceptions.official_number is '?as the list has it';
comment on column api.tax_exceptions.detail is '{{{ ours?: string | null; theirs?: string | null }}} what each side says';
comment on column api.tax_exceptions.settled_at is '?';
comment on column api.tax_exceptions.settled_by is '?';
comment on column api.tax_exceptions.resolution is '?';

-- ── Out ────────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.export_tax_sheet(command_id uuid, run_id uuid default null, invoice_ids uuid[] default null) returns api.tax_sheets
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('run_id', run_id, 'invoice_ids', invoice_ids);
    wanted uuid[];
    taken text;
    now_at timestamptz;
begin
    if not api.repeated(command_id, 'tax.export_sheet', body) then
        now_at := api.clock();
        if (run_id is null) = (invoice_ids is null) then perform api.broken('argument_invalid', '{"argument": "run_id"}'); end if;
        if run_id is not null and not exists (select 1 from book.invoice_runs r where r.id = export_tax_sheet.run_id) then perform api.broken('run_unknown'); end if;
        -- A run leaves with what is still to be issued officially; papers that were named must all be fit to leave.
        select array_agg(i.id order by i.number) into wanted from book.invoices i
        where (i.id = any (invoice_ids) or i.id in (select r.paper_id from book.invoice_run_items r where r.run_id = export_tax_sheet.run_id and r.state = 'issued'))
          and i.kind <> 'red_letter' and i.currency = 'CNY' and i.red_lettered < i.total_incl
          and not exists (select 1 from book.official_invoices o where o.invoice_id = i.id)
          and not (run_id is not null and exists (select 1 from book.tax_sheet_papers t where t.invoice_id = i.id and not t.withdrawn));
        if wanted is null then perform api.broken('tax_sheet_is_empty'); end if;
        if cardinality(wanted) < cardinality(invoice_ids) then perform api.broken('paper_not_for_tax_platform'); end if;
        if cardinality(wanted) > 5000 then perform api.broken('tax_sheet_too_long', '{"most": 5000}'); end if;
        select s.number into taken from book.tax_sheet_papers t join book.tax_sheets s on s.id = t.sheet_id where t.invoice_id = any (wanted) and not t.withdrawn limit 1;
        if taken is not null then perform api.broken('tax_paper_already_sent', jsonb_build_object('sheet', taken)); end if;
        insert into book.tax_sheets (id, number, run_id, exported_at, exported_by) values (command_id, api.next_number('TAX', now_at), run_id, now_at, actor);
        insert into book.tax_sheet_papers (sheet_id, place, invoice_id) select command_id, w.n, w.id from unnest(wanted) with ordinality w (id, n);
        perform api.record_event(command_id, 'tax.export_sheet', actor, now_at, 'tax_sheet', command_id::text, null, body, jsonb_build_object('papers', cardinality(wanted)));
    end if;
    return (select s from api.tax_sheets s where s.id = command_id);
end $$;
comment on function api.export_tax_sheet(uuid, uuid, uuid[]) is
    'tax.export_sheet: Puts papers into a sheet for the tax platform''s batch issue: those of a run, or those named. A paper is in one sheet at a time.';

create function api.tax_record(paper book.invoices, line jsonb) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('number', paper.number, 'natural_person', case when buyer ->> 'kind' = 'personal' then '是' else '否' end, 'buyer_name', buyer ->> 'name', 'buyer_code', buyer ->> 'credit_code',
        'buyer_address', buyer ->> 'address', 'buyer_phone', buyer ->> 'phone', 'buyer_bank', buyer ->> 'bank', 'buyer_account', buyer ->> 'account',
        -- Our number stands in the remark too: some lists come back without the serial.
        'remark', concat_ws(' ', paper.number, paper.period_from || '—' || paper.period_to), 'customer_ref', paper.content ->> 'customer_ref',
        'item', coalesce(item ->> 0, line ->> 'description_zh'), 'tax_code', item ->> 1, 'description', line ->> 'description_zh', 'amount_incl', line ->> 'amount_incl',
        'amount_excl', line ->> 'amount_excl', 'tax', line ->> 'tax', 'rate', line ->> 'rate', 'total_incl', paper.total_incl::text)
    from (select paper.content -> 'buyer' as buyer, coalesce(p.items -> (line ->> 'product'), p.items -> '*') as item from (select api.policy('tax_items', paper.issued_at) as items) p) b
$$;
comment on function api.tax_record(book.invoices, jsonb) is 'What the columns of the tax platform''s sheet may show of a paper and of one of its lines.';

create function api.tax_rows(sheet_id uuid, layout jsonb) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(r.cells order by r.place, r.n), '[]') from (
        select t.place, l.n, (select jsonb_agg(coalesce(case when c.value ->> 1 like '=%' then substr(c.value ->> 1, 2) else f.fields ->> (c.value ->> 1) end, '') order by c.n)
                              from jsonb_array_elements(layout -> 'columns') with ordinality c (value, n)) as cells
        from book.tax_sheet_papers t join book.invoices i on i.id = t.invoice_id
        cross join lateral jsonb_array_elements(case when layout ->> 'rows' = 'lines' then i.content -> 'lines' else '[{}]' end) with ordinality l (value, n)
        cross join lateral api.tax_record(i, l.value) f (fields)
        where t.sheet_id = tax_rows.sheet_id) r
$$;
comment on function api.tax_rows(uuid, jsonb) is 'One worksheet of a sheet: a row for each paper, or for each line.';

create type api.tax_sheet_file as (number text, sheets jsonb);
comment on type api.tax_sheet_file is 'The content of a sheet for the tax platform.';
comment on column api.tax_sheet_file.sheets is '{{Array<{ name: string; head: string[]; rows: string[][] }>}} buyers in full: it leaves for the tax platform';

create function api.read_tax_sheet(command_id uuid, sheet_id uuid) returns api.tax_sheet_file language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('sheet_id', sheet_id);
    sheet book.tax_sheets;
    answer api.tax_sheet_file;
begin
    select s.* into sheet from book.tax_sheets s where s.id = sheet_id;
    if not found then perform api.broken('tax_sheet_unknown'); end if;
    if sheet.withdrawn_at is not null then perform api.broken('tax_sheet_is_withdrawn'); end if;
    if not api.repeated(command_id, 'tax.read_sheet', body) then
        perform api.record_event(command_id, 'tax.read_sheet', actor, api.clock(), 'tax_sheet', sheet.id::text, null, body, jsonb_build_object('number', sheet.number));
    end if;
    answer.number := sheet.number;
    select jsonb_agg(jsonb_build_object('name', l.value ->> 'sheet', 'head', (select jsonb_agg(c.value ->> 0 order by c.n) from jsonb_array_elements(l.value -> 'columns') with ordinality c (value, n)),
        'rows', api.tax_rows(sheet.id, l.value)) order by l.n)
    into answer.sheets from jsonb_array_elements(api.policy('tax_sheet_columns', sheet.exported_at)) with ordinality l (value, n);
    return answer;
end $$;
comment on function api.read_tax_sheet(uuid, uuid) is 'tax.read_sheet: What is written into the sheet''s file. It names buyers in full, so reading it is remembered.';

create function api.withdraw_tax_sheet(command_id uuid, sheet_id uuid, reason text) returns api.tax_sheets language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('sheet_id', sheet_id, 'reason', reason);
    sheet book.tax_sheets;
    now_at timestamptz;
begin
    select s.* into sheet from book.tax_sheets s where s.id = sheet_id for update;
    if not found then perform api.broken('tax_sheet_unknown'); end if;
    if not api.repeated(command_id, 'tax.withdraw_sheet', body) then
        now_at := api.clock();
        if sheet.withdrawn_at is not null then perform api.broken('tax_sheet_is_withdrawn'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if exists (select 1 from book.tax_sheet_papers t join book.official_invoices o on o.invoice_id = t.invoice_id where t.sheet_id = sheet.id) then perform api.broken('tax_sheet_came_back'); end if;
        update book.tax_sheets s set withdrawn_at = now_at, withdrawn_by = actor, withdrawn_why = api.tidy(reason) where s.id = sheet.id;
        update book.tax_sheet_papers t set withdrawn = true where t.sheet_id = sheet.id;
        perform api.record_event(command_id, 'tax.withdraw_sheet', actor, now_at, 'tax_sheet', sheet.id::text, null, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    return (select s from api.tax_sheets s where s.id = withdraw_tax_sheet.sheet_id);
end $$;
comment on function api.withdraw_tax_sheet(uuid, uuid, text) is 'tax.withdraw_sheet: A sheet that was not uploaded after all; its papers may leave again. Once anything of it came back it stays.';

-- ── Back ───────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.write_official(paper book.invoices, official_number text, official_on date, actor integer, at timestamptz) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare known text;
begin
    if official_number is null or official_number !~ '^[0-9]{20}$' then return 'official_number_malformed'; end if;
    select o.number into known from book.official_invoices o where o.invoice_id = paper.id;
    if known = official_number then return 'repeated'; end if;
    if known is not null then return 'issued_twice'; end if;
    if official_on is null or official_on > (at at time zone 'Asia/Shanghai')::date or official_on < (paper.issued_at at time zone 'Asia/Shanghai')::date
       or left(official_number, 2)::integer > to_char(at at time zone 'Asia/Shanghai', 'YY')::integer then return 'date_impossible'; end if;
    insert into book.official_invoices (invoice_id, number, issued_on, recorded_at, recorded_by) values (paper.id, official_number, official_on, at, actor)
    on conflict on constraint official_number_taken do nothing;
    if not found then return 'official_number_taken'; end if;
    -- Who asked through the platform waits for this number.
    perform api.tell_platform(paper.customer_id, 'invoice.official', paper.id,
        jsonb_build_object('request_no', q.request_no, 'number', paper.number, 'official_number', official_number, 'official_on', official_on), at)
    from book.invoice_requests q where q.invoice_id = paper.id;
    return 'recorded';
end $$;
comment on function api.write_official(book.invoices, text, date, integer, timestamptz) is
    'Writes down the official number of a paper, once, or says why not. The paper is locked by the caller.';

create type api.tax_list_row as (line integer, number text, remark text, official_number text, issued_on text, buyer_code text, total_incl text, total_tax text);
comment on type api.tax_list_row is 'A row of the tax platform''s list, read by its headings.';

create function api.our_number(variadic texts text[]) returns text language sql immutable security definer set search_path = '' as
$$ select m[1] from unnest(texts) with ordinality t (written, n) cross join lateral regexp_match(upper(t.written), '(?:STM|INV|REQ)-\d{4}-\d{4,}') m where m is not null order by t.n limit 1 $$;
comment on function api.our_number(text[]) is 'Our own number in what came back: in the serial, else in the remark.';

create function api.tax_row_verdict(asked api.tax_list_row, paper book.invoices, actor integer, at timestamptz, out verdict text, out ours text, out theirs text)
language plpgsql volatile security definer set search_path = '' as $$
declare amount text := replace(replace(asked.total_incl, ',', ''), '¥', ''); code text := api.plain_code(asked.buyer_code); issued date;
begin
    if paper.id is null then verdict := 'paper_unknown'; theirs := coalesce(asked.number, asked.remark); return; end if;
    if amount !~ '^-?[0-9]+([.][0-9]+)?$' or amount::numeric <> paper.total_incl then verdict := 'total_differs'; ours := paper.total_incl::text; theirs := asked.total_incl; return; end if;
    if code is distinct from nullif(paper.content #>> '{buyer,credit_code}', '') and (code is not null or paper.content #>> '{buyer,kind}' = 'enterprise') then
        verdict := 'buyer_differs'; ours := paper.content #>> '{buyer,credit_code}'; theirs := code; return;
    end if;
    issued := case when left(replace(asked.issued_on, '/', '-'), 10) ~ '^\d{4}-\d{2}-\d{2}$' then left(replace(asked.issued_on, '/', '-'), 10)::date end;
    verdict := api.write_official(paper, asked.official_number, issued, actor, at);
    theirs := case when verdict = 'date_impossible' then asked.issued_on else asked.official_number end;
    ours := case when verdict = 'issued_twice' then (select o.number from book.official_invoices o where o.invoice_id = paper.id)
                 when verdict = 'official_number_taken' then (select i.number from book.official_invoices o join book.invoices i on i.id = o.invoice_id where o.number = asked.official_number)
                 when verdict = 'date_impossible' then (paper.issued_at at time zone 'Asia/Shanghai')::date::text end;
end $$;
comment on function api.tax_row_verdict(api.tax_list_row, book.invoices, integer, timestamptz) is 'What becomes of one row of the list: recorded, known already, or how it differs.';

create type api.tax_list as (id uuid, file_name text, rows integer, recorded integer, repeated integer, exceptions integer);
comment on type api.tax_list is 'A list that came back from the tax platform.';

create function api.import_tax_list(command_id uuid, file_name text, file_sha256 text, rows jsonb) returns api.tax_list
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('file_sha256', file_sha256, 'rows', rows);
    asked api.tax_list_row;
    paper book.invoices;
    verdict record;
    answer api.tax_list;
    now_at timestamptz;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) not between 1 and 5000 then perform api.broken('tax_list_too_long', '{"most": 5000}'); end if;
    if file_sha256 !~ '^[0-9a-f]{64}$' then perform api.broken('argument_invalid', '{"argument": "file_sha256"}'); end if;
    answer := row(command_id, file_name, jsonb_array_length(rows), 0, 0, 0);
    if not api.repeated(command_id, 'tax.import_list', body) then
        now_at := api.clock();
        -- The list is written first, because its exceptions name it; what it recorded follows from the rows.
        create temporary table verdicts (line integer, invoice_id uuid, official_number text, verdict text, ours text, theirs text) on commit drop;
        perform 1 from book.invoices i
        where i.number in (select api.our_number(r.number, r.remark) from jsonb_populate_recordset(null::api.tax_list_row, rows) r) order by i.id for update;
        for asked in select r.* from jsonb_populate_recordset(null::api.tax_list_row, rows) r order by r.line loop
            paper := null;
            select i.* into paper from book.invoices i where i.number = api.our_number(asked.number, asked.remark);
            verdict := api.tax_row_verdict(asked, paper, actor, now_at);
            insert into pg_temp.verdicts values (asked.line, paper.id, left(asked.official_number, 40), verdict.verdict, left(verdict.ours, 80), left(verdict.theirs, 80));
        end loop;
        select count(*) filter (where v.verdict = 'recorded'), count(*) filter (where v.verdict = 'repeated'), count(*) filter (where v.verdict not in ('recorded', 'repeated'))
        into answer.recorded, answer.repeated, answer.exceptions from pg_temp.verdicts v;
        insert into book.tax_lists (id, file_name, file_sha256, rows, recorded, repeated, imported_at, imported_by)
        values (command_id, left(api.tidy(file_name), 200), decode(file_sha256, 'hex'), answer.rows, answer.recorded, answer.repeated, now_at, actor);
        insert into book.tax_exceptions (list_id, line, kind, invoice_id, official_number, detail)
        select command_id, v.line, v.verdict, v.invoice_id, v.official_number, jsonb_build_object('ours', v.ours, 'theirs', v.theirs)
        from pg_temp.verdicts v where v.verdict not in ('recorded', 'repeated') order by v.line;
        drop table pg_temp.verdicts;
        perform api.record_event(command_id, 'tax.import_list', actor, now_at, 'tax_list', command_id::text, null, body,
            jsonb_build_object('rows', answer.rows, 'recorded', answer.recorded, 'repeated', answer.repeated, 'exceptions', answer.exceptions));
    else
        select l.recorded, l.repeated, (select count(*) from book.tax_exceptions e where e.list_id = l.id) into answer.recorded, answer.repeated, answer.exceptions
        from book.tax_lists l where l.id = command_id;
    end if;
    return answer;
end $$;
comment on function api.import_tax_list(uuid, text, text, jsonb) is
    'tax.import_list: Reads the tax platform''s list of issued invoices: each row finds its paper by our number; number and date are recorded where total and buyer agree, and every difference becomes an exception.';

create function api.settle_tax_exception(command_id uuid, exception_id bigint, resolution text) returns api.tax_exceptions
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk', 'accountant');
    body jsonb := jsonb_build_object('exception_id', exception_id, 'resolution', resolution);
    open book.tax_exceptions;
    now_at timestamptz;
begin
    select e.* into open from book.tax_exceptions e where e.id = exception_id for update;
    if not found then perform api.broken('tax_exception_unknown'); end if;
    if not api.repeated(command_id, 'tax.settle_exception', body) then
        now_at := api.clock();
        if open.settled_at is not null then perform api.broken('tax_exception_settled'); end if;
        if api.tidy(resolution) is null then perform api.broken('decision_without_reason'); end if;
        update book.tax_exceptions e set settled_at = now_at, settled_by = actor, resolution = api.tidy(settle_tax_exception.resolution) where e.id = open.id;
        perform api.record_event(command_id, 'tax.settle_exception', actor, now_at, 'tax_exception', open.id::text, null, body, jsonb_build_object('kind', open.kind));
    end if;
    return (select e from api.tax_exceptions e where e.id = exception_id);
end $$;
comment on function api.settle_tax_exception(uuid, bigint, text) is 'tax.settle_exception: Says what was done about a difference. The number itself is recorded on the paper, by hand or with the next list.';

create type api.tax_desk as (columns jsonb, sheets jsonb, exceptions jsonb, to_send integer);
comment on type api.tax_desk is 'What is between us and the tax platform.';
comment on column api.tax_desk.columns is '{{Record<"number" | "remark" | "official_number" | "issued_on" | "buyer_code" | "total_incl" | "total_tax", string[]>}} headings under which its list names things';
comment on column api.tax_desk.sheets is '{{TaxSheet[]}} the last 100';
comment on column api.tax_desk.exceptions is '{{TaxException[]}} open ones, oldest first; 200 at most';
comment on column api.tax_desk.to_send is 'papers that are in no sheet and have no official number';

create function api.open_tax_desk() returns api.tax_desk language plpgsql stable security definer set search_path = '' as $$
declare answer api.tax_desk;
begin
    perform api.reader();
    answer.columns := api.policy('tax_list_columns', api.clock());
    select coalesce(jsonb_agg(to_jsonb(s) || jsonb_build_object('total', s.total::text) order by s.exported_at desc), '[]') into answer.sheets from (select t.* from api.tax_sheets t order by t.exported_at desc, t.id desc limit 100) s;
    select coalesce(jsonb_agg(to_jsonb(e) || jsonb_build_object('id', e.id::text) order by e.id), '[]') into answer.exceptions from (select x.* from api.tax_exceptions x where x.settled_at is null order by x.id limit 200) e;
    select count(*) into answer.to_send from book.invoices i
    where i.kind <> 'red_letter' and i.currency = 'CNY' and i.red_lettered < i.total_incl and not exists (select 1 from book.official_invoices o where o.invoice_id = i.id)
      and not exists (select 1 from book.tax_sheet_papers t where t.invoice_id = i.id and not t.withdrawn);
    return answer;
end $$;
comment on function api.open_tax_desk() is 'tax.open: The sheets that left, the differences that are open, and how many papers have not left yet.';

create type api.official_paper as (official_number text, invoice_id uuid, number text, total_incl numeric);
comment on type api.official_paper is 'A paper by the number that the tax platform gave it.';

create function api.find_official(official_numbers text[]) returns setof api.official_paper language sql stable security definer set search_path = '' as $$
    select o.number, i.id, i.number, i.total_incl from (select api.reader()) me, book.official_invoices o join book.invoices i on i.id = o.invoice_id
    where o.number = any (official_numbers[1:500]) order by o.number
$$;
comment on function api.find_official(text[]) is 'tax.find: The papers behind official numbers, for files that are dropped.';

grant execute on function api.export_tax_sheet(uuid, uuid, uuid[]), api.read_tax_sheet(uuid, uuid), api.withdraw_tax_sheet(uuid, uuid, text), api.import_tax_list(uuid, text, text, jsonb),
    api.settle_tax_exception(uuid, bigint, text), api.open_tax_desk(), api.find_official(text[]) to kontor_people;
