-- The print room: runs that issue many papers, the tax platform's sheets and confirmations, requests from outside, prints in queues.

-- ── Runs ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.invoice_runs (
    id uuid primary key,
    number text not null constraint invoice_run_number_taken unique,
    kind text not null constraint invoice_run_kind_unknown check (kind in ('statement', 'commercial_invoice', 'invoice_request')),
    month date constraint invoice_run_month_malformed check (month = date_trunc('month', month)),
    note text,
    begun_at timestamptz not null,
    begun_by integer not null references book.people,
    cancelled_at timestamptz,
    cancelled_by integer references book.people
);
create index on book.invoice_runs (begun_at, id);
comment on table book.invoice_runs is 'Papers for many customers, chosen together. A run that was cancelled issues no further paper; what it issued stays.';

create table book.invoice_run_items (
    run_id uuid not null references book.invoice_runs,
    place integer not null,
    paper_id uuid not null constraint invoice_run_paper_taken unique,
    customer_id bigint not null references book.customers,
    buyer_id uuid not null,
    lines jsonb not null,
    amount numeric(14, 2) not null constraint invoice_run_amount_not_positive check (amount > 0),
    state text not null default 'waiting' constraint invoice_run_state_unknown check (state in ('waiting', 'issued', 'refused')),
    rule text,
    detail jsonb,
    decided_at timestamptz,
    primary key (run_id, place),
    constraint invoice_run_refused_without_rule check ((state = 'refused') = (rule is not null))
);
create index on book.invoice_run_items (customer_id) where state = 'waiting';
create index on book.invoice_run_items (customer_id);
create index on book.invoice_run_items (run_id, place) where state = 'waiting';
comment on table book.invoice_run_items is 'The papers of a run. Each has its id before it is issued, derived from the run and the customer, so that issuing again finds what was issued.';

do $$
declare t text;
begin
    foreach t in array array['invoice_runs', 'invoice_run_items'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant update (cancelled_at, cancelled_by) on book.invoice_runs to kontor_api;
grant update (state, rule, detail, decided_at) on book.invoice_run_items to kontor_api;

-- ── The tax platform ───────────────────────────────────────────────────────────────────────────────────────────

create table book.tax_sheets (
    id uuid primary key,
    number text not null constraint tax_sheet_number_taken unique,
    run_id uuid references book.invoice_runs,
    exported_at timestamptz not null,
    exported_by integer not null references book.people,
    withdrawn_at timestamptz,
    withdrawn_by integer references book.people,
    withdrawn_why text,
    constraint tax_sheet_withdrawn_without_reason check ((withdrawn_at is null) = (withdrawn_why is null))
);
create index on book.tax_sheets (exported_at, id);
create index on book.tax_sheets (run_id) where run_id is not null;
comment on table book.tax_sheets is 'Sheets for the tax platform''s batch issue: which papers left together. A sheet that was never uploaded is withdrawn, and its papers may leave again.';

create table book.tax_sheet_papers (
    sheet_id uuid not null references book.tax_sheets,
    place integer not null,
    invoice_id uuid not null references book.invoices,
    withdrawn boolean not null default false,
    primary key (sheet_id, place)
);
create unique index tax_paper_already_sent on book.tax_sheet_papers (invoice_id) where not withdrawn;
create index on book.tax_sheet_papers (invoice_id);
comment on table book.tax_sheet_papers is 'The papers of a sheet. A paper is in one sheet at most: sent twice, it would be issued twice.';

create table book.tax_lists (
    id uuid primary key,
    file_name text not null,
    file_sha256 bytea not null,
    rows integer not null,
    recorded integer not null,
    repeated integer not null,
    imported_at timestamptz not null,
    imported_by integer not null references book.people
);
create index on book.tax_lists (imported_at, id);
comment on table book.tax_lists is 'Lists of issued invoices that came back from the tax platform.';

create table book.tax_exceptions (
    id bigint generated always as identity primary key,
    list_id uuid not null references book.tax_lists,
    line integer not null,
    kind text not null constraint tax_exception_kind_unknown check (kind in
        ('paper_unknown', 'issued_twice', 'official_number_taken', 'official_number_malformed', 'total_differs', 'buyer_differs', 'date_impossible')),
    invoice_id uuid references book.invoices,
    official_number text,
    detail jsonb not null,
    settled_at timestamptz,
    settled_by integer references book.people,
    resolution text,
    constraint tax_exception_settled_without_words check ((settled_at is null) = (resolution is null))
);
create index on book.tax_exceptions (list_id);
create index on book.tax_exceptions (invoice_id) where invoice_id is not null;
create index on book.tax_exceptions (id) where settled_at is null;
comment on table book.tax_exceptions is 'What the tax platform issued otherwise than we asked: nothing of such a row is recorded before somebody has settled it.';

create table book.red_confirmations (
    id uuid primary key,
    red_letter_id uuid not null references book.red_letters,
    step integer not null,
    state text not null constraint red_confirmation_state_unknown check (state in ('01', '02', '03', '04', '05', '06', '07', '08', '09')),
    form_number text,
    at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    constraint red_confirmation_step_taken unique (red_letter_id, step)
);
comment on table book.red_confirmations is 'The tax platform''s confirmation of a red letter, step by step: once entered, the other side has 72 hours.';

insert into book.policies (name, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('red_confirmation_hours', '72'::jsonb),
    ('tax_items', '{"*": ["*信息技术服务*技术服务费", "3040203000000000000"]}'),
    ('tax_sheet_columns', '[
        {"sheet": "1-发票基本信息", "rows": "papers", "columns": [["发票流水号", "number"], ["发票类型", "=普通发票"], ["特定业务类型", "="], ["是否含税", "=是"], ["受票方自然人标识", "natural_person"],
            ["购买方名称", "buyer_name"], ["购买方纳税人识别号", "buyer_code"], ["购买方地址", "buyer_address"], ["购买方电话", "buyer_phone"], ["购买方开户银行", "buyer_bank"],
            ["购买方银行账号", "buyer_account"], ["备注", "remark"]]},
        {"sheet": "2-发票明细信息", "rows": "lines", "columns": [["发票流水号", "number"], ["项目名称", "item"], ["商品和服务税收编码", "tax_code"], ["规格型号", "="], ["单位", "="], ["数量", "="], ["单价", "="],
            ["金额", "amount_incl"], ["税率", "rate"], ["折扣金额", "="], ["是否使用优惠政策", "=否"]]}]'),
    ('tax_list_columns', '{"number": ["发票流水号", "自定义流水号", "业务单号"], "remark": ["备注"], "official_number": ["数电发票号码", "数电票号码", "发票号码"], "issued_on": ["开票日期", "开票时间"],
        "buyer_code": ["购方识别号", "购买方纳税人识别号", "购买方识别号"], "total_incl": ["价税合计"], "total_tax": ["税额", "合计税额"]}')
) p (name, value);

do $$
declare t text;
begin
    foreach t in array array['tax_sheets', 'tax_sheet_papers', 'tax_lists', 'tax_exceptions', 'red_confirmations'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant usage on all sequences in schema book to kontor_api;
grant update (withdrawn_at, withdrawn_by, withdrawn_why) on book.tax_sheets to kontor_api;
grant update (withdrawn) on book.tax_sheet_papers to kontor_api;
grant update (settled_at, settled_by, resolution) on book.tax_exceptions to kontor_api;

-- ── Templates, and papers in other currencies ──────────────────────────────────────────────────────────────────

alter table book.sellers
    add column currency text not null default 'CNY' constraint seller_currency_unknown check (currency ~ '^[A-Z]{3}$'),
    add column country text not null default 'CN' constraint seller_country_unknown check (country ~ '^[A-Z]{2}$'),
    add column tax_scheme text not null default 'china_vat' constraint seller_tax_scheme_unknown check (tax_scheme in ('china_vat', 'gst_sg', 'none')),
    add column tax_note text,
    add column language text not null default 'both' constraint seller_language_unknown check (language in ('both', 'en', 'zh-CN')),
    add column footer text,
    add column logo bytea constraint seller_logo_too_large check (octet_length(logo) <= 262144),
    add column seal bytea constraint seller_seal_too_large check (octet_length(seal) <= 262144);
comment on column book.sellers.tax_scheme is 'which tax its papers carry: China''s VAT, Singapore''s GST, or none, with the words why in tax_note';
comment on column book.sellers.language is 'in which language its papers are written';

create table book.foreign_payments (
    invoice_id uuid primary key references book.invoices,
    order_no text not null,
    payment_reference text not null constraint payment_already_invoiced unique,
    paid_on date not null,
    paid numeric(14, 2) not null,
    credits numeric(14, 2) not null
);
comment on table book.foreign_payments is 'What a paper in another currency was paid with. Its own money has no meter here, so the payment is what it is issued for, once.';

-- A paper in another currency counts into no meter of consumed yuan; what a red letter takes back of it counts as ever.
create or replace function book.count_invoice_line() returns trigger language plpgsql as $$
declare owner_id bigint; original uuid; unit text;
begin
    select i.customer_id, i.refers_to, i.currency into owner_id, original, unit from book.invoices i where i.id = new.invoice_id;
    if new.amount_incl > 0 and unit = 'CNY' then
        insert into book.invoice_totals as t (customer_id, product, invoiced) values (owner_id, new.product, new.amount_incl)
        on conflict on constraint invoice_totals_pkey do update set invoiced = t.invoiced + excluded.invoiced;
    elsif new.amount_incl < 0 then
        if unit = 'CNY' then
            update book.invoice_totals t set red_lettered = t.red_lettered - new.amount_incl where t.customer_id = owner_id and t.product = new.product;
        end if;
        update book.invoice_lines l set red_lettered = l.red_lettered - new.amount_incl
        where l.invoice_id = original and l.product = new.product;
        if not found then
            raise exception 'red_letter_exceeds_line' using errcode = '23514', constraint = 'red_letter_exceeds_line';
        end if;
        update book.invoices i set red_lettered = i.red_lettered - new.amount_incl where i.id = original;
    end if;
    return null;
end $$;

insert into book.policies (name, value, valid_from, reason, proposed_at, confirmed_at)
values ('foreign_tax_rates', '{"gst_sg": ["0.09", "0"], "none": ["0"]}', '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08');

alter table book.foreign_payments owner to kontor_owner;
grant select, insert on book.foreign_payments to kontor_api;

-- ── Requests from outside ──────────────────────────────────────────────────────────────────────────────────────

create table book.invoice_requests (
    id uuid primary key,
    request_no text not null constraint invoice_request_repeated unique,
    source text not null constraint invoice_request_source_unknown check (source in ('platform', 'csv', 'hand')),
    customer_id bigint not null references book.customers,
    buyer_id uuid not null,
    kind text not null constraint invoice_request_kind_unknown check (kind in ('statement', 'invoice_request')),
    amount numeric(14, 2) constraint invoice_request_amount_not_positive check (amount > 0),
    note text,
    status text not null default 'open' constraint invoice_request_status_unknown check (status in ('open', 'issued', 'returned')),
    requested_at timestamptz not null,
    recorded_by integer not null references book.people,
    invoice_id uuid constraint invoice_request_issued_twice unique references book.invoices,
    returned_why text,
    decided_at timestamptz,
    decided_by integer references book.people,
    constraint invoice_request_issued_without_paper check ((status = 'issued') = (invoice_id is not null)),
    constraint invoice_request_returned_without_reason check ((status = 'returned') = (returned_why is not null))
);
create index on book.invoice_requests (customer_id);
create index on book.invoice_requests (requested_at, id);
create index on book.invoice_requests (requested_at, id) where status = 'open';
comment on table book.invoice_requests is 'What customers asked to be invoiced, through the platform, a file or by hand; issued, or returned to them with a reason.';

-- ── The print centre ───────────────────────────────────────────────────────────────────────────────────────────

create table book.print_batches (
    id uuid primary key,
    number text not null constraint print_batch_number_taken unique,
    run_id uuid references book.invoice_runs,
    printer text not null constraint print_batch_without_printer check (btrim(printer) <> ''),
    copies integer not null constraint print_batch_copies_out_of_range check (copies between 1 and 9),
    sides text not null constraint print_batch_sides_unknown check (sides in ('one', 'long_edge', 'short_edge')),
    media text not null,
    tray text,
    cover boolean not null,
    reason text constraint print_batch_reason_unknown check (reason in ('jammed', 'faulty', 'lost', 'customer_asked', 'file')),
    begun_at timestamptz not null,
    begun_by integer not null references book.people,
    cancelled_at timestamptz,
    cancelled_by integer references book.people
);
create index on book.print_batches (begun_at, id);
create index on book.print_batches (run_id) where run_id is not null;
comment on table book.print_batches is 'Papers that go to a printer together, in their order.';

create table book.print_items (
    batch_id uuid not null references book.print_batches,
    place integer not null,
    invoice_id uuid not null references book.invoices,
    state text not null default 'waiting' constraint print_item_state_unknown check (state in ('waiting', 'sent', 'printed', 'stopped')),
    attempt integer not null default 0,
    from_page integer not null default 1 constraint print_item_page_not_positive check (from_page > 0),
    pages integer,
    first_sheet integer,
    sheets integer,
    copy_from integer,
    job integer,
    reason text,
    sent_at timestamptz,
    over_at timestamptz,
    primary key (batch_id, place)
);
create index on book.print_items (invoice_id);
comment on table book.print_items is 'A paper in the queue: how many sheets it takes and where it lies in the pile, so that a jam is answered with the last good sheet.';

create table book.deliveries (
    id uuid not null,
    invoice_id uuid not null references book.invoices,
    carrier text not null constraint delivery_without_carrier check (btrim(carrier) <> ''),
    waybill text not null constraint delivery_waybill_malformed check (waybill ~ '^[0-9A-Z-]{6,40}$'),
    sent_on date not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people,
    primary key (id, invoice_id)
);
create index on book.deliveries (invoice_id);
comment on table book.deliveries is 'Papers that left by courier, under one waybill.';

do $$
declare t text;
begin
    foreach t in array array['invoice_requests', 'print_batches', 'print_items', 'deliveries'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant update (status, invoice_id, returned_why, decided_at, decided_by) on book.invoice_requests to kontor_api;
grant update (cancelled_at, cancelled_by) on book.print_batches to kontor_api;
grant update (state, attempt, from_page, pages, first_sheet, sheets, copy_from, job, reason, sent_at, over_at) on book.print_items to kontor_api;
