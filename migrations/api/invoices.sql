-- invoices: what may be invoiced, the paper that is issued, and its prints. Red letters: red_letters.sql.
-- RA 8.1: consumption from principal only, and never more of it than was consumed. RA 6.2: gifts never.

create function api.split_vat(amount numeric, rate numeric, out excl numeric, out tax numeric)
language sql immutable security definer set search_path = '' as $$
    select s.excl, amount - s.excl from (select sign(amount) * round(abs(amount) / (1 + rate), 2) as excl) s
$$;
comment on function api.split_vat(numeric, numeric) is 'Splits an amount with tax: without = half-up(with / (1 + rate)), tax = the rest. Negative amounts mirror positive ones.';

create function api.invoiceable(consumed numeric, credited_back numeric, invoiced numeric, red_lettered numeric,
    out net numeric, out invoiceable numeric, out red_letter_due numeric)
language sql immutable security definer set search_path = '' as $$
    select n.net, round(floor(greatest(n.net, 0) * 100) / 100, 2), round(ceil(greatest(-n.net, 0) * 100) / 100, 2)
    from (select consumed - credited_back - invoiced + red_lettered as net) n
$$;
comment on function api.invoiceable(numeric, numeric, numeric, numeric) is
    'net = consumed − credited back − invoiced + red-lettered (RA-23). Invoiceable is floored to the cent and carries its rest; a red letter due is the next whole cent, so that nothing unconsumed stays invoiced.';

create type api.invoice_meter as (product text, title_en text, title_zh text, rate numeric, consumed_principal numeric, credited_back numeric,
    invoiced numeric, red_lettered numeric, net numeric, invoiceable numeric, red_letter_due numeric, gift_used numeric);
comment on type api.invoice_meter is 'What a customer may be invoiced for one product, and how that figure comes about.';
comment on column api.invoice_meter.rate is 'in force this month; a paper''s lines take the rates of the months that they cover';
comment on column api.invoice_meter.gift_used is 'usage paid from gifts: shown, never invoiced (RA 6.2)';

create function api.invoice_meter(customer_id bigint) returns setof api.invoice_meter
language sql stable security definer set search_path = '' as $$
    select p.code, p.title_en, p.title_zh, api.vat_rate(p.code, r.month), coalesce(c.consumed_principal, 0), coalesce(c.credited_back, 0),
           coalesce(t.invoiced, 0), coalesce(t.red_lettered, 0), m.net, m.invoiceable, m.red_letter_due, coalesce(c.consumed_gift, 0)
    from (select api.month_of(api.clock()) as month from (select api.reader()) me) r
    cross join book.products p
    left join book.consumed_totals c on c.product = p.code and c.customer_id = invoice_meter.customer_id
    left join book.invoice_totals t on t.product = p.code and t.customer_id = invoice_meter.customer_id
    cross join lateral api.invoiceable(coalesce(c.consumed_principal, 0), coalesce(c.credited_back, 0), coalesce(t.invoiced, 0), coalesce(t.red_lettered, 0)) m
    where c.product is not null or t.product is not null
    order by p.code
$$;
comment on function api.invoice_meter(bigint) is 'invoices.meter: By product: consumed principal, given back, invoiced, taken back, and what may be invoiced now or must be red-lettered (RA 8.1). Products are never netted against each other.';

create type api.invoiceable_customer as (customer_id bigint, ref text, name text, kind text, invoiceable numeric, red_letter_due numeric, products integer, buyers integer);
comment on type api.invoiceable_customer is 'A customer for whom a paper is due.';

create function api.list_invoiceable(search text default '', before_invoiceable numeric default null, before_customer_id bigint default null,
    most integer default 100) returns setof api.invoiceable_customer
language sql stable security definer set search_path = '' as $$
    with due as materialized (
        select c.customer_id, sum(m.invoiceable) as invoiceable, sum(m.red_letter_due) as red_letter_due, count(*)::integer as products
        from book.consumed_totals c
        left join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product
        cross join lateral api.invoiceable(c.consumed_principal, c.credited_back, coalesce(t.invoiced, 0), coalesce(t.red_lettered, 0)) m
        where m.invoiceable > 0 or m.red_letter_due > 0
        group by c.customer_id
    )
    select d.customer_id, c.ref, api.shown_name(c), c.kind, d.invoiceable, d.red_letter_due, d.products,
           (select count(distinct b.id)::integer from book.buyers b where b.customer_id = d.customer_id)
    from (select api.reader()) r, due d join book.customers c on c.id = d.customer_id
    where (api.tidy(search) is null or d.customer_id = any (api.customers_named(search, 500)))
      and (before_invoiceable is null or (d.invoiceable, d.customer_id) < (before_invoiceable, before_customer_id))
    order by d.invoiceable desc, d.customer_id desc
    limit least(greatest(most, 1), 500)
$$;
comment on function api.list_invoiceable(text, numeric, bigint, integer) is 'invoices.list_invoiceable: Customers with something to invoice or to red-letter, the largest amount first.';

-- ── The seller's block ─────────────────────────────────────────────────────────────────────────────────────────

create function api.seller_block(at timestamptz, wanted_currency text default 'CNY') returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare block jsonb;
begin
    select jsonb_build_object('name', s.name, 'address', s.address, 'tax_id', s.tax_id, 'phone', s.phone, 'bank', s.bank, 'account', s.account)
        || jsonb_strip_nulls(jsonb_build_object('country', nullif(s.country, 'CN'), 'tax_scheme', nullif(s.tax_scheme, 'china_vat'), 'tax_note', s.tax_note, 'language', nullif(s.language, 'both'),
               'footer', s.footer, 'logo', encode(sha256(s.logo), 'hex'), 'seal', encode(sha256(s.seal), 'hex')))
    into block from book.sellers s where s.confirmed_at is not null and s.currency = wanted_currency and s.valid_from <= at order by s.valid_from desc, s.id desc limit 1;
    if block is null and wanted_currency = 'CNY' and (select d.rehearsal from book.database d) then
        block := jsonb_build_object('name', '北京蓝灯演练科技有限公司', 'address', '北京市海淀区示例路 1 号', 'tax_id', '91110108MA0TE4T01D',
            'phone', '010-00000000', 'bank', '示例银行北京海淀支行', 'account', '0200 0000 0000 0000 001');
    end if;
    if block is null then perform api.broken('seller_not_configured'); end if;
    return block;
end $$;
comment on function api.seller_block(timestamptz, text) is 'Who sells in a currency, and how its papers look: template as data. A rehearsal without a seller of its own uses a made-up company; production has to be told.';

create view api.sellers as
    select s.id, s.name, s.address, s.tax_id, s.phone, s.bank, s.account, s.valid_from, s.proposal_id,
           a.login as proposed_by, s.proposed_at, b.login as confirmed_by, s.confirmed_at,
           api.login_of(s.declined_by) as declined_by, s.declined_at, s.declined_why,
           s.currency, s.country, s.tax_scheme, s.tax_note, s.language, s.footer, encode(sha256(s.logo), 'hex') as logo, encode(sha256(s.seal), 'hex') as seal
    from book.sellers s join book.people a on a.id = s.proposed_by left join book.people b on b.id = s.confirmed_by;
comment on view api.sellers is 'The seller blocks, proposed and in force.';
comment on column api.sellers.confirmed_by is '?';
comment on column api.sellers.confirmed_at is '?';
comment on column api.sellers.declined_by is '?who declined it or took it back';
comment on column api.sellers.declined_at is '?when';
comment on column api.sellers.declined_why is '?why';
comment on column api.sellers.tax_scheme is '{{"china_vat" | "gst_sg" | "none"}} which tax its papers carry';
comment on column api.sellers.tax_note is '?why a paper carries no tax';
comment on column api.sellers.language is '{{"both" | "en" | "zh-CN"}} in which its papers are written';
comment on column api.sellers.footer is '?under every paper';
comment on column api.sellers.logo is '?hash of the picture above';
comment on column api.sellers.seal is '?hash of the picture beside the total';

create function api.propose_seller(command_id uuid, name text, address text, tax_id text, phone text, bank text, account text, valid_from timestamptz, currency text default 'CNY', country text default 'CN',
    tax_scheme text default 'china_vat', tax_note text default null, language text default 'both', footer text default null, logo text default null, seal text default null)
returns api.sellers language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('administrator');
    body jsonb := jsonb_build_object('name', name, 'address', address, 'tax_id', tax_id, 'phone', phone, 'bank', bank, 'account', account, 'valid_from', valid_from)
        || jsonb_strip_nulls(jsonb_build_object('currency', currency, 'country', country, 'tax_scheme', tax_scheme, 'tax_note', tax_note, 'language', language, 'footer', footer,
               'logo', md5(logo), 'seal', md5(seal)));
    logo_bytes bytea; seal_bytes bytea;
    now_at timestamptz := api.clock();
begin
    if not api.repeated(command_id, 'invoices.propose_seller', body) then
        perform api.check_glyphs(name, address, tax_id, phone, bank, account, tax_note, footer);
        if not coalesce(api.policy('currencies', now_at) ? currency, false) then perform api.broken('currency_not_in_list', jsonb_build_object('currency', currency)); end if;
        logo_bytes := api.picture_from(logo);
        seal_bytes := api.picture_from(seal);
        if (tax_scheme = 'china_vat') <> (currency = 'CNY') then perform api.broken('seller_scheme_of_another_currency'); end if;
        if tax_scheme = 'none' and api.tidy(tax_note) is null then perform api.broken('seller_without_tax_note'); end if;
        if length(footer) > 300 then perform api.broken('seller_footer_too_long', '{"most": 300}'); end if;
        insert into book.sellers (name, address, tax_id, phone, bank, account, valid_from, proposal_id, proposed_by, proposed_at, currency, country, tax_scheme, tax_note, language, footer, logo, seal)
        values (name, address, tax_id, phone, bank, account, valid_from, command_id, actor, now_at, currency, country, tax_scheme, api.tidy(tax_note), language, api.tidy(footer), logo_bytes, seal_bytes);
        perform api.record_event(command_id, 'invoices.propose_seller', actor, now_at, 'seller', command_id::text, null, body);
    end if;
    return (select s from api.sellers s where s.proposal_id = command_id);
end $$;
comment on function api.propose_seller(uuid, text, text, text, text, text, text, timestamptz, text, text, text, text, text, text, text, text) is
    'invoices.propose_seller: Proposes a seller''s template from an instant on: block, currency, tax scheme, language, footer, logo and seal. A broken picture or a character that cannot be printed is refused here.';

create function api.confirm_seller(command_id uuid, proposal_id uuid) returns api.sellers
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('approver');
    body jsonb := jsonb_build_object('proposal_id', proposal_id);
    proposal book.sellers;
    now_at timestamptz;
begin
    select s.* into proposal from book.sellers s where s.proposal_id = confirm_seller.proposal_id for update;
    if not found then perform api.broken('seller_unknown'); end if;
    if not api.repeated(command_id, 'invoices.confirm_seller', body) then
        now_at := api.clock();
        if proposal.confirmed_at is not null then perform api.broken('seller_already_confirmed'); end if;
        if proposal.declined_at is not null then perform api.broken('seller_already_declined'); end if;
        if proposal.proposed_by = actor then perform api.broken('seller_confirmed_by_proposer'); end if;
        -- Papers issued before the confirmation keep the block they had.
        update book.sellers s set confirmed_by = actor, confirmed_at = now_at, valid_from = greatest(s.valid_from, now_at) where s.id = proposal.id;
        perform api.record_event(command_id, 'invoices.confirm_seller', actor, now_at, 'seller', proposal.proposal_id::text, null, body);
    end if;
    return (select s from api.sellers s where s.proposal_id = confirm_seller.proposal_id);
end $$;
comment on function api.confirm_seller(uuid, uuid) is 'invoices.confirm_seller: A second person puts a proposed seller''s block in force.';

create function api.decline_seller(command_id uuid, proposal_id uuid, reason text) returns api.sellers language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('approver', 'administrator');
    body jsonb := jsonb_build_object('proposal_id', proposal_id, 'reason', reason);
    proposal book.sellers;
    now_at timestamptz;
begin
    select s.* into proposal from book.sellers s where s.proposal_id = decline_seller.proposal_id for update;
    if not found then perform api.broken('seller_unknown'); end if;
    if not api.repeated(command_id, 'invoices.decline_seller', body) then
        now_at := api.clock();
        if proposal.confirmed_at is not null then perform api.broken('seller_already_confirmed'); end if;
        if proposal.declined_at is not null then perform api.broken('seller_already_declined'); end if;
        if proposal.proposed_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.sellers s set declined_by = actor, declined_at = now_at, declined_why = api.tidy(reason) where s.id = proposal.id;
        perform api.record_event(command_id, 'invoices.decline_seller', actor, now_at, 'seller', proposal.proposal_id::text, null, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    return (select s from api.sellers s where s.proposal_id = decline_seller.proposal_id);
end $$;
comment on function api.decline_seller(uuid, uuid, text) is 'invoices.decline_seller: An approver declines a seller''s block, or the administrator who proposed it takes it back; both say why.';
grant execute on function api.decline_seller(uuid, uuid, text) to kontor_people;

create function api.list_sellers() returns setof api.sellers language sql stable security definer set search_path = '' as
$$ select s.* from (select api.reader()) r, api.sellers s order by s.proposed_at desc limit 100 $$;
comment on function api.list_sellers() is 'invoices.list_sellers: The seller blocks, proposed and in force.';

-- ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────

create view api.invoices as
    select i.id, i.number, i.kind, i.series,
           case when i.kind = 'red_letter' or i.red_lettered = 0 then 'issued' when i.red_lettered < i.total_incl then 'partly_red' else 'red' end as status,
           i.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name,
           case when b.kind = 'personal' then api.mask_name(b.name) else b.name end as buyer_name,
           i.currency, i.total_excl, i.total_tax, i.total_incl, i.red_lettered, i.period_from, i.period_to,
           i.issued_at, p.login as issued_by, a.login as approved_by, i.refers_to, o.number as refers_to_number, i.reason_code,
           t.number as official_number, t.issued_on as official_on,
           exists (select 1 from book.invoice_pdfs f where f.invoice_id = i.id) as pdf_stored,
           (select coalesce(sum(l.copies), 0)::integer from book.print_log l where l.invoice_id = i.id) as sheets_printed,
           (select r.id from book.red_letters r where r.invoice_id = i.id and r.status = 'proposed') as red_letter_proposed,
           (select d.rehearsal from book.database d) as rehearsal
    from book.invoices i
    join book.customers c on c.id = i.customer_id
    join book.buyers b on b.id = i.buyer_id and b.version = i.buyer_version
    join book.people p on p.id = i.issued_by
    left join book.people a on a.id = i.approved_by
    left join book.invoices o on o.id = i.refers_to
    left join book.official_invoices t on t.invoice_id = i.id;
comment on view api.invoices is 'Issued papers. People''s names are masked; the paper itself is not, and reading it is remembered.';
comment on column api.invoices.kind is '{{"statement" | "commercial_invoice" | "invoice_request" | "red_letter"}} what paper it is';
comment on column api.invoices.status is '{{"issued" | "partly_red" | "red"}} whether red letters took it back';
comment on column api.invoices.approved_by is '?who confirmed a red letter';
comment on column api.invoices.refers_to is '?the paper that a red letter takes back';
comment on column api.invoices.refers_to_number is '?its number';
comment on column api.invoices.reason_code is '?{{"01" | "02" | "03" | "04"}} 01 issued in error, 02 returned, 03 service ended, 04 allowance';
comment on column api.invoices.official_number is '?the tax platform''s number';
comment on column api.invoices.official_on is '?its date';
comment on column api.invoices.red_letter_proposed is '?a red letter that waits for its approver';

create function api.masked_content(content jsonb) returns jsonb language sql immutable security definer set search_path = '' as $$
    select jsonb_set(content - array['usage', 'audit_seal'], '{buyer}', content -> 'buyer' || jsonb_build_object(
        'name', case when content #>> '{buyer,kind}' = 'personal' then api.mask_name(content #>> '{buyer,name}') else content #>> '{buyer,name}' end,
        'address', case when content #>> '{buyer,kind}' = 'personal' then left(content #>> '{buyer,address}', 6) || '***' else content #>> '{buyer,address}' end,
        'phone', api.mask_phone(content #>> '{buyer,phone}'), 'account', api.mask_account(content #>> '{buyer,account}')))
$$;
comment on function api.masked_content(jsonb) is 'The content of a paper with the buyer''s personal fields masked, and without what only paper shows.';

create view api.invoice_details as
    select i.*, api.masked_content(n.content) as content, encode(n.content_sha256, 'hex') as content_sha256,
           (select jsonb_agg(jsonb_build_object('product', l.product, 'title_en', q.title_en, 'title_zh', q.title_zh, 'amount_incl', l.amount_incl::text,
                'amount_excl', l.amount_excl::text, 'tax', l.tax::text, 'rate', trim_scale(l.rate)::text, 'red_lettered', l.red_lettered::text)
                    || coalesce((select jsonb_build_object('from_month', c.value -> 'from_month', 'until_month', c.value -> 'until_month') from jsonb_array_elements(n.content -> 'lines') c
                                 where l.until_month is not null and c.value ->> 'product' = l.product and (c.value ->> 'rate')::numeric = l.rate), '{}') order by l.product, l.until_month)
            from book.invoice_lines l join book.products q on q.code = l.product where l.invoice_id = i.id) as lines,
           (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'number', x.number, 'total_incl', x.total_incl::text, 'issued_at', x.issued_at, 'reason_code', x.reason_code) order by x.issued_at), '[]')
            from book.invoices x where x.refers_to = i.id) as red_letters,
           (select coalesce(jsonb_agg(jsonb_build_object('copy_from', l.copy_from, 'copies', l.copies, 'printer', l.printer, 'reason', l.reason,
                'printed_at', l.printed_at, 'printed_by', p.login) order by l.copy_from), '[]')
            from book.print_log l join book.people p on p.id = l.printed_by where l.invoice_id = i.id) as prints
    from api.invoices i join book.invoices n on n.id = i.id;
comment on view api.invoice_details is 'A paper with its content, lines, red letters and prints.';
comment on column api.invoice_details.kind is '{{"statement" | "commercial_invoice" | "invoice_request" | "red_letter"}} what paper it is';
comment on column api.invoice_details.status is '{{"issued" | "partly_red" | "red"}} whether red letters took it back';
comment on column api.invoice_details.approved_by is '?';
comment on column api.invoice_details.refers_to is '?';
comment on column api.invoice_details.refers_to_number is '?';
comment on column api.invoice_details.reason_code is '?{{"01" | "02" | "03" | "04"}} 01 issued in error, 02 returned, 03 service ended, 04 allowance';
comment on column api.invoice_details.official_number is '?';
comment on column api.invoice_details.official_on is '?';
comment on column api.invoice_details.red_letter_proposed is '?';
comment on column api.invoice_details.content is '{{{ seller: Record<string, string>; buyer: Record<string, string | null>; note: string | null; gift_used: Money; agreement_version: string | null; approvals: Array<{ login: string; duty: string; at: Instant }> }}} what the paper says, buyer masked';
comment on column api.invoice_details.lines is '{{Array<{ product: string; title_en: string; title_zh: string; amount_incl: Money; amount_excl: Money; tax: Money; rate: string; red_lettered: Money; from_month?: IsoDate; until_month?: IsoDate }>}} one for each product and VAT rate; where a product has several, with the months that each covers';
comment on column api.invoice_details.red_letters is '{{Array<{ id: Uuid; number: string; total_incl: Money; issued_at: Instant; reason_code: string }>}} papers that took this one back';
comment on column api.invoice_details.prints is '{{Array<{ copy_from: number; copies: number; printer: string; reason: string | null; printed_at: Instant; printed_by: string }>}} every print';

create function api.list_invoices(search text default '', status text default null, kind text default null, customer_id bigint default null,
    month date default null, before_issued_at timestamptz default null, before_id uuid default null, most integer default 100)
returns setof api.invoices language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
    asked text := coalesce(api.tidy(search), '');
    begins timestamptz := date_trunc('month', month::timestamp) at time zone 'Asia/Shanghai';
    ends timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'Asia/Shanghai';
    named bigint[];
begin
    perform api.reader();
    if asked <> '' then named := api.customers_named(asked, 500); end if;
    return query select i.* from api.invoices i
    where (asked = '' or i.number like upper(replace(asked, '%', '')) || '%' or i.official_number = asked or i.customer_id = any (named))
      and (list_invoices.status is null or i.status = list_invoices.status)
      and (list_invoices.kind is null or i.kind = list_invoices.kind)
      and (list_invoices.customer_id is null or i.customer_id = list_invoices.customer_id)
      and (begins is null or (i.issued_at >= begins and i.issued_at < ends))
      and (before_issued_at is null or (i.issued_at, i.id) < (before_issued_at, before_id))
    order by i.issued_at desc, i.id desc
    limit least(greatest(most, 1), 500);
end $$;
comment on function api.list_invoices(text, text, text, bigint, date, timestamptz, uuid, integer) is
    'invoices.list: Issued papers, newest first, by number, customer, month or state; the last row''s instant and id ask for the next page.';

create function api.open_invoice(invoice_id uuid) returns api.invoice_details
language plpgsql stable security definer set search_path = '' as $$
declare answer api.invoice_details;
begin
    perform api.reader();
    select d.* into answer from api.invoice_details d where d.id = invoice_id;
    if not found then perform api.broken('invoice_unknown'); end if;
    return answer;
end $$;
comment on function api.open_invoice(uuid) is 'invoices.open: A paper with its lines, red letters and prints.';

-- ── Issuing ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.asked_lines(lines jsonb, by_rate boolean default false) returns table (product text, amount numeric, rate numeric)
language plpgsql stable security definer set search_path = '' as $$
begin
    if jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 500 then
        perform api.broken('invoice_has_no_lines');
    end if;
    if exists (select 1 from jsonb_array_elements(lines) l where coalesce(l.value ->> 'amount', '') !~ '^-?[0-9]{1,12}([.][0-9]{1,20})?$' or l.value ->> 'product' is null) then
        perform api.broken('argument_invalid', '{"argument": "lines"}');
    end if;
    if by_rate and exists (select 1 from jsonb_array_elements(lines) l where l.value ->> 'rate' !~ '^0([.][0-9]{1,4})?$') then perform api.broken('argument_invalid', '{"argument": "lines"}'); end if;
    if exists (select 1 from jsonb_array_elements(lines) l where (l.value ->> 'amount')::numeric <> round((l.value ->> 'amount')::numeric, 2)) then
        perform api.broken('amount_has_too_many_decimals');
    end if;
    if exists (select 1 from jsonb_array_elements(lines) l where (l.value ->> 'amount')::numeric <= 0) then
        perform api.broken('invoice_amount_not_positive');
    end if;
    if exists (select 1 from jsonb_array_elements(lines) l group by l.value ->> 'product'
               having count(*) > case when by_rate then greatest(count(distinct (l.value ->> 'rate')::numeric), 1) else 1 end) then
        perform api.broken('invoice_product_repeated');
    end if;
    return query select l.value ->> 'product', (l.value ->> 'amount')::numeric, case when by_rate then (l.value ->> 'rate')::numeric end from jsonb_array_elements(lines) with ordinality l (value, n) order by l.n;
end $$;
comment on function api.asked_lines(jsonb, boolean) is 'The lines a person asks for: each product once, positive amounts with two decimals. A red letter may name the rate of the line that it takes back; then each product and rate once.';

create function api.consumed_period(of_customer bigint, products text[], until date, out period_from date, out period_to date, out gift_used numeric)
language plpgsql stable security definer set search_path = '' as $$
declare
    invoiced_to date;
begin
    select max(i.period_to) into invoiced_to from book.invoices i
    where i.customer_id = of_customer and i.kind <> 'red_letter' and i.red_lettered < i.total_incl
      and exists (select 1 from book.invoice_lines l where l.invoice_id = i.id and l.product = any (products));
    select min((u.used_from at time zone 'Asia/Shanghai')::date), max((u.used_to at time zone 'Asia/Shanghai')::date)
    into period_from, period_to from book.usage_charges u
    where u.customer_id = of_customer and u.product = any (products)
      and (invoiced_to is null or u.used_to >= invoiced_to::timestamp at time zone 'Asia/Shanghai');
    -- A paper for a month ends with the month, also where usage went on over midnight.
    period_to := least(period_to, until);
    if period_to is null then
        select max((u.used_to at time zone 'Asia/Shanghai')::date) into period_to
        from book.usage_charges u where u.customer_id = of_customer and u.product = any (products);
    end if;
    period_from := least(greatest(period_from, invoiced_to), period_to);
    select coalesce(round(sum(u.from_gift), 2), 0) into gift_used from book.usage_charges u
    where u.customer_id = of_customer and u.product = any (products)
      and u.used_from >= period_from::timestamp at time zone 'Asia/Shanghai'
      and u.used_from < (period_to + 1)::timestamp at time zone 'Asia/Shanghai';
end $$;
comment on function api.consumed_period(bigint, text[], date) is 'From where the last paper on these products ended to their last usage, or to the last day asked for; and what gifts paid in it, which is shown and excluded (RA 6.2).';

create function api.usage_in_detail(of_customer bigint, products text[], period_from date, period_to date) returns jsonb language sql stable security definer set search_path = '' as $$
    -- Day by day, as long as that can be read; else month by month.
    select jsonb_agg(jsonb_build_object('at', d.at, 'product', p.title_zh, 'description', p.title_en, 'from_principal', trim_scale(d.from_principal)::text, 'from_gift', trim_scale(d.from_gift)::text) order by d.at, d.product)
    from (select to_char(u.used_from at time zone 'Asia/Shanghai', case when period_to - period_from > 62 then 'YYYY-MM' else 'YYYY-MM-DD' end) as at, u.product,
                 sum(u.from_principal) as from_principal, sum(u.from_gift) as from_gift
          from book.usage_charges u
          where u.customer_id = of_customer and u.product = any (products) and u.used_from >= period_from::timestamp at time zone 'Asia/Shanghai'
            and u.used_from < (period_to + 1)::timestamp at time zone 'Asia/Shanghai'
          group by 1, 2) d join book.products p on p.code = d.product
$$;
comment on function api.usage_in_detail(bigint, text[], date, date) is 'What was used in a period, by day and product, and what paid for it: what a statement shows below its sums. What gifts paid is shown and never invoiced (RA 6.2).';

create function api.buyer_block(buyer book.buyers) returns jsonb language sql immutable security definer set search_path = '' as $$
    select jsonb_build_object('kind', buyer.kind, 'name', buyer.name, 'credit_code', buyer.credit_code, 'address', buyer.address,
        'phone', buyer.phone, 'bank', buyer.bank, 'account', buyer.account)
$$;
comment on function api.buyer_block(book.buyers) is 'The buyer as papers say it.';

create function api.draft_invoice(of_customer bigint, buyer book.buyers, asked jsonb, kind text, note text, at timestamptz, until date default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
    products text[] := array(select a.product from api.asked_lines(asked) a);
    line record;
    part record;
    laid numeric;
    lines jsonb := '[]';
    total_excl numeric := 0;
    total_tax numeric := 0;
    period record;
begin
    for line in
        select a.product, a.amount, p.code, p.title_en, p.title_zh, coalesce(m.invoiceable, 0) as invoiceable
        from api.asked_lines(asked) a
        left join book.products p on p.code = a.product
        left join api.invoice_meter(of_customer) m on m.product = a.product
    loop
        if line.code is null then perform api.broken('product_unknown'); end if;
        if line.amount > line.invoiceable then
            perform api.broken('invoice_exceeds_consumption', jsonb_build_object('clause', 'RA 8.1', 'product', line.product,
                'asked', line.amount::text, 'invoiceable', line.invoiceable::text));
        end if;
        laid := 0;
        for part in select r.*, v.excl, v.tax from api.rate_parts(of_customer, line.product, line.amount) r cross join lateral api.split_vat(r.amount, r.rate) v loop
            lines := lines || (jsonb_build_object('product', line.product, 'description_en', line.title_en, 'description_zh', line.title_zh, 'quantity', null,
                'amount_incl', part.amount::numeric(14, 2)::text, 'amount_excl', part.excl::numeric(14, 2)::text, 'tax', part.tax::numeric(14, 2)::text,
                'rate', trim_scale(part.rate)::text) || jsonb_strip_nulls(jsonb_build_object('from_month', part.from_month, 'until_month', part.until_month)));
            total_excl := total_excl + part.excl;
            total_tax := total_tax + part.tax;
            laid := laid + part.amount;
        end loop;
        if laid <> line.amount then perform api.broken('invoice_does_not_add_up', jsonb_build_object('product', line.product)); end if;
    end loop;
    select * into period from api.consumed_period(of_customer, products, until);
    return jsonb_build_object('kind', kind, 'currency', 'CNY', 'seller', api.seller_block(at), 'buyer', api.buyer_block(buyer),
        'customer_ref', (select c.ref from book.customers c where c.id = of_customer),
        'usage', case when kind = 'statement' then api.usage_in_detail(of_customer, products, period.period_from, period.period_to) end,
        'period_from', period.period_from, 'period_to', period.period_to, 'lines', lines, 'gift_used', period.gift_used::numeric(14, 2)::text,
        'total_excl', total_excl::numeric(14, 2)::text, 'total_tax', total_tax::numeric(14, 2)::text,
        'total_incl', (total_excl + total_tax)::numeric(14, 2)::text, 'note', api.tidy(note),
        'agreement_version', (select r.agreement_version from book.recharges r where r.customer_id = of_customer and r.paid_at <= at order by r.paid_at desc, r.id desc limit 1),
        'approvals', '[]'::jsonb, 'refers_to', null, 'rehearsal', (select d.rehearsal from book.database d));
end $$;
comment on function api.draft_invoice(bigint, book.buyers, jsonb, text, text, timestamptz, date) is
    'The content of a paper before it has a number: one line for each product and rate of the months that it covers, totals as sums of lines, nothing above what is invoiceable.';

create function api.latest_buyer(of_customer bigint, wanted uuid) returns book.buyers
language plpgsql stable security definer set search_path = '' as $$
declare buyer book.buyers;
begin
    select b.* into buyer from book.buyers b where b.id = wanted and b.customer_id = of_customer order by b.version desc limit 1;
    if not found then perform api.broken('buyer_unknown'); end if;
    return buyer;
end $$;
comment on function api.latest_buyer(bigint, uuid) is 'The latest version of one of the customer''s own buyers.';

create type api.invoice_draft as (kind text, buyer_name text, period_from date, period_to date, lines jsonb, gift_used numeric,
    total_excl numeric, total_tax numeric, total_incl numeric, note text, agreement_version text);
comment on type api.invoice_draft is 'What a paper would say, before it has a number.';
comment on column api.invoice_draft.lines is '{{Array<{ product: string; description_en: string; description_zh: string; amount_incl: Money; amount_excl: Money; tax: Money; rate: string; from_month?: IsoDate; until_month?: IsoDate }>}} one for each product and VAT rate; where a product has several, with the months that each covers';
comment on column api.invoice_draft.gift_used is 'paid from gifts in that time: shown, never invoiced (RA 6.2)';
comment on column api.invoice_draft.note is '?';
comment on column api.invoice_draft.agreement_version is '?';

create function api.preview_invoice(customer_id bigint, buyer_id uuid, lines jsonb, kind text default 'statement', note text default null)
returns api.invoice_draft language plpgsql stable security definer set search_path = '' as $$
declare
    buyer book.buyers;
    draft jsonb;
begin
    perform api.reader();
    buyer := api.latest_buyer(customer_id, buyer_id);
    draft := api.masked_content(api.draft_invoice(customer_id, buyer, lines, kind, note, api.clock()));
    return row(draft ->> 'kind', draft #>> '{buyer,name}', (draft ->> 'period_from')::date, (draft ->> 'period_to')::date, draft -> 'lines',
        (draft ->> 'gift_used')::numeric, (draft ->> 'total_excl')::numeric, (draft ->> 'total_tax')::numeric, (draft ->> 'total_incl')::numeric,
        draft ->> 'note', draft ->> 'agreement_version')::api.invoice_draft;
end $$;
comment on function api.preview_invoice(bigint, uuid, jsonb, text, text) is 'invoices.preview: What a paper would say, before it is issued; buyer masked.';

create function api.write_invoice(invoice_id uuid, number_series text, content jsonb, of_customer bigint, buyer book.buyers, original uuid, reason text,
    issuer integer, approver integer, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
    given text;
    final jsonb;
begin
    -- The number is taken last of all locks, and held until the commit only.
    given := api.next_number(number_series, at);
    -- The newest seal over the audit: whoever holds the paper holds the books' past with it.
    final := content || jsonb_strip_nulls(jsonb_build_object('audit_seal', (select jsonb_build_object('up_to', s.up_to::text, 'sha256', encode(s.sha256, 'hex')) from book.audit_seals s order by s.up_to desc limit 1)))
        || jsonb_build_object('number', given, 'series', number_series,
        'issued_at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'issued_by', api.login_of(issuer));
    insert into book.invoices (id, number, series, kind, customer_id, buyer_id, buyer_version, currency, refers_to, reason_code, period_from, period_to,
        total_excl, total_tax, total_incl, content, content_sha256, issued_at, issued_by, approved_by)
    values (invoice_id, given, number_series, final ->> 'kind', of_customer, buyer.id, buyer.version, final ->> 'currency', original, reason,
        (final ->> 'period_from')::date, (final ->> 'period_to')::date, (final ->> 'total_excl')::numeric, (final ->> 'total_tax')::numeric,
        (final ->> 'total_incl')::numeric, final, sha256(convert_to(final::text, 'UTF8')), at, issuer, approver);
    insert into book.invoice_lines (invoice_id, product, amount_incl, amount_excl, tax, rate, until_month)
    select invoice_id, l ->> 'product', (l ->> 'amount_incl')::numeric, (l ->> 'amount_excl')::numeric, (l ->> 'tax')::numeric, (l ->> 'rate')::numeric, (l ->> 'until_month')::date
    from jsonb_array_elements(final -> 'lines') l order by l ->> 'product';
end $$;
comment on function api.write_invoice(uuid, text, jsonb, bigint, book.buyers, uuid, text, integer, integer, timestamptz) is
    'Numbers a paper, hashes its canonical content and writes it with its lines, in the issuing call.';

create function api.issue_paper(paper_id uuid, of_customer bigint, buyer_id uuid, lines jsonb, kind text, note text, issuer integer, at timestamptz, until date default null)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
    buyer book.buyers := api.latest_buyer(of_customer, buyer_id);
    content jsonb;
begin
    if kind not in ('statement', 'commercial_invoice', 'invoice_request') then perform api.broken('invoice_kind_unknown'); end if;
    perform api.check_buyer(buyer.kind, buyer.name, buyer.credit_code, buyer.code_reason);
    -- No number is spent on a paper that could not be drawn; titles saved long ago were not looked at yet.
    perform api.check_glyphs(buyer.name, buyer.credit_code, buyer.address, buyer.phone, buyer.bank, buyer.account, note);
    content := api.draft_invoice(of_customer, buyer, lines, kind, note, at, until);
    perform api.write_invoice(paper_id, case kind when 'statement' then 'STM' when 'commercial_invoice' then 'INV' else 'REQ' end,
        content, of_customer, buyer, null, null, issuer, null, at);
    return jsonb_build_object('number', (select i.number from book.invoices i where i.id = paper_id), 'total_incl', content ->> 'total_incl');
end $$;
comment on function api.issue_paper(uuid, bigint, uuid, jsonb, text, text, integer, timestamptz, date) is
    'The one way in which a paper on consumption is issued: by hand, from a run, or on request. The customer is locked by the caller.';

create function api.issue_invoice(command_id uuid, customer_id bigint, buyer_id uuid, lines jsonb, kind text default 'statement', note text default null)
returns api.invoices language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('customer_id', customer_id, 'buyer_id', buyer_id, 'lines', lines, 'kind', kind, 'note', note);
    issued jsonb;
    now_at timestamptz;
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'invoices.issue', body) then
        now_at := api.clock();
        issued := api.issue_paper(command_id, customer_id, buyer_id, lines, kind, note, actor, now_at);
        perform api.record_event(command_id, 'invoices.issue', actor, now_at, 'invoice', command_id::text, customer_id, body, issued);
    end if;
    return (select i from api.invoices i where i.id = command_id);
end $$;
comment on function api.issue_invoice(uuid, bigint, uuid, jsonb, text, text) is
    'invoices.issue: Issues a paper for consumed principal, up to what is invoiceable of each product (RA 8.1), with a gap-free number. It is never changed again.';

create function api.record_official_invoice(command_id uuid, invoice_id uuid, official_number text, official_on date) returns api.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('invoice_id', invoice_id, 'official_number', official_number, 'official_on', official_on);
    paper book.invoices;
    verdict text;
    now_at timestamptz;
begin
    select i.* into paper from book.invoices i where i.id = invoice_id for update;
    if not found then perform api.broken('invoice_unknown'); end if;
    if not api.repeated(command_id, 'invoices.record_official', body) then
        now_at := api.clock();
        verdict := api.write_official(paper, official_number, official_on, actor, now_at);
        case verdict
            when 'recorded' then null;
            when 'official_number_malformed' then perform api.broken('official_number_malformed', '{"digits": 20}');
            when 'date_impossible' then perform api.broken('official_date_impossible');
            when 'official_number_taken' then perform api.broken('official_number_taken');
            else perform api.broken('official_number_already_recorded');
        end case;
        perform api.record_event(command_id, 'invoices.record_official', actor, now_at, 'invoice', paper.id::text, paper.customer_id, body,
            jsonb_build_object('number', paper.number, 'official_number', official_number));
    end if;
    return (select i from api.invoices i where i.id = record_official_invoice.invoice_id);
end $$;
comment on function api.record_official_invoice(uuid, uuid, text, date) is 'invoices.record_official: Writes down the tax platform''s 20-digit number and date for a paper, once.';

grant execute on function api.invoice_meter(bigint), api.list_invoiceable(text, numeric, bigint, integer), api.list_sellers(),
    api.propose_seller(uuid, text, text, text, text, text, text, timestamptz, text, text, text, text, text, text, text, text), api.confirm_seller(uuid, uuid),
    api.list_invoices(text, text, text, bigint, date, timestamptz, uuid, integer), api.open_invoice(uuid),
    api.preview_invoice(bigint, uuid, jsonb, text, text), api.issue_invoice(uuid, bigint, uuid, jsonb, text, text),
    api.record_official_invoice(uuid, uuid, text, date) to kontor_people;
