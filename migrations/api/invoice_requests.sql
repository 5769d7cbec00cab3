-- invoice_requests: what customers ask to be invoiced. The platform asks by itself, a file or a person asks for others; a tax clerk
-- issues it, or returns it with a reason. The answer goes back through the outbox, and the title is remembered.

create function api.request_lines(of_customer bigint, wanted numeric, of_product text default null, of_month date default null) returns jsonb language sql stable security definer set search_path = '' as $$
    with due as (
        select c.product, m.invoiceable
        from book.consumed_totals c
        left join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product
        -- A month's paper leaves out what was used after it.
        left join lateral (select sum(u.from_principal) as amount from book.usage_charges u
                           where of_month is not null and u.customer_id = c.customer_id and u.product = c.product
                             and u.used_from >= (of_month + interval '1 month')::timestamp at time zone 'Asia/Shanghai') later on true
        cross join lateral api.invoiceable(c.consumed_principal - coalesce(later.amount, 0), c.credited_back, coalesce(t.invoiced, 0), coalesce(t.red_lettered, 0)) m
        where c.customer_id = of_customer and (of_product is null or c.product = of_product) and m.invoiceable > 0
    ), taken as (
        select d.product, least(d.invoiceable, greatest(coalesce(wanted, d.invoiceable) - case when wanted is null then 0 else
                   coalesce(sum(d.invoiceable) over (order by d.invoiceable desc, d.product rows between unbounded preceding and 1 preceding), 0) end, 0)) as amount
        from due d
    )
    select jsonb_agg(jsonb_build_object('product', t.product, 'amount', t.amount::numeric(14, 2)::text) order by t.product) filter (where t.amount > 0) from taken t
$$;
comment on function api.request_lines(bigint, numeric, text, date) is 'What a request is issued for: everything of a product or until a month''s end, or so much of the largest products first.';

create view api.invoice_requests as
    select q.id, q.request_no, q.source, q.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name, q.buyer_id,
           case when b.kind = 'personal' then api.mask_name(b.name) else b.name end as buyer_name, q.kind, q.amount,
           (select coalesce(sum((l ->> 'amount')::numeric), 0) from jsonb_array_elements(api.request_lines(q.customer_id, null, q.product, q.month)) l) as invoiceable,
           q.product, q.month,
           q.note, q.status, q.requested_at, p.login as recorded_by, q.invoice_id, i.number as invoice_number, q.returned_why, q.decided_at, api.login_of(q.decided_by) as decided_by
    from book.invoice_requests q join book.customers c on c.id = q.customer_id join book.people p on p.id = q.recorded_by
    join lateral (select l.* from book.buyers l where l.id = q.buyer_id order by l.version desc limit 1) b on true
    left join book.invoices i on i.id = q.invoice_id;
comment on view api.invoice_requests is 'Requests, and what became of them.';
comment on column api.invoice_requests.source is '{{"platform" | "csv" | "hand"}} where it came from';
comment on column api.invoice_requests.kind is '{{"statement" | "invoice_request"}} which paper';
comment on column api.invoice_requests.amount is '?all that may be invoiced where nobody says otherwise';
comment on column api.invoice_requests.invoiceable is 'what may be invoiced now of what was asked for';
comment on column api.invoice_requests.product is '?only this one';
comment on column api.invoice_requests.month is '?only what was used until its end';
comment on column api.invoice_requests.note is '?';
comment on column api.invoice_requests.status is '{{"open" | "issued" | "returned"}}';
comment on column api.invoice_requests.invoice_id is '?';
comment on column api.invoice_requests.invoice_number is '?';
comment on column api.invoice_requests.returned_why is '?told to the customer';
comment on column api.invoice_requests.decided_at is '?';
comment on column api.invoice_requests.decided_by is '?';

create type api.invoice_request_row as (request_no text, customer_ref text, paper text, buyer_kind text, name text, credit_code text, code_reason text, address text, phone text, bank text, account text, email text, amount text, note text, product text, month text, buyer_id text);
comment on type api.invoice_request_row is 'A request as the platform, files and people write it. A title that is known already goes by its id.';

create function api.remember_buyer(of_customer bigint, asked api.invoice_request_row, fresh_id uuid, actor integer, at timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
    known book.buyers;
    wanted book.buyers;
begin
    perform api.check_buyer(asked.buyer_kind, asked.name, asked.credit_code, asked.code_reason);
    perform api.check_glyphs(normalize(asked.name, NFC), asked.credit_code, asked.address, asked.phone, asked.bank, asked.account);
    wanted := row(fresh_id, 1, of_customer, asked.buyer_kind, api.tidy(normalize(asked.name, NFC)), api.plain_code(asked.credit_code), api.tidy(asked.code_reason), api.tidy(asked.address),
        api.tidy(asked.phone), api.tidy(asked.bank), api.tidy(asked.account), api.tidy(asked.email), at, actor);
    select b.* into known from book.buyers b where b.customer_id = of_customer and b.kind = wanted.kind and b.name = wanted.name and b.credit_code is not distinct from wanted.credit_code
    order by b.saved_at desc, b.version desc limit 1;
    if found then
        wanted.id := known.id;
        if (known.address, known.phone, known.bank, known.account, known.email) is not distinct from (wanted.address, wanted.phone, wanted.bank, wanted.account, wanted.email) then return known.id; end if;
        -- A new address or account is a new version; what was issued keeps the old one.
        select max(b.version) + 1 into wanted.version from book.buyers b where b.id = known.id;
    end if;
    insert into book.buyers select wanted.*;
    return wanted.id;
end $$;
comment on function api.remember_buyer(bigint, api.invoice_request_row, uuid, integer, timestamptz) is 'The customer''s title with this name and code, as a new version where something else changed.';

create function api.keep_request(request_id uuid, asked api.invoice_request_row, source text, actor integer, at timestamptz) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare of_customer bigint; buyer uuid;
begin
    -- Who asks by hand has no number yet; it is given here.
    if (api.tidy(asked.request_no) is null and source <> 'hand') or length(asked.request_no) > 60 then perform api.broken('argument_invalid', '{"argument": "request_no"}'); end if;
    if coalesce(asked.month, '2026-01') !~ '^20[0-9]{2}-(0[1-9]|1[0-2])$' then perform api.broken('argument_invalid', '{"argument": "month"}'); end if;
    if asked.product is not null and not exists (select 1 from book.products p where p.code = asked.product) then perform api.broken('product_unknown'); end if;
    if coalesce(asked.amount, '1') !~ '^[0-9]{1,12}([.][0-9]{1,2})?$' then perform api.broken('argument_invalid', '{"argument": "amount"}'); end if;
    select c.id into of_customer from book.customers c where c.ref = asked.customer_ref;
    if not found then perform api.broken('customer_unknown'); end if;
    perform api.lock_customer(of_customer);
    if exists (select 1 from book.invoice_requests q where q.request_no = api.tidy(asked.request_no)) then perform api.broken('invoice_request_repeated'); end if;
    if exists (select 1 from book.invoice_requests q where q.customer_id = of_customer and q.status = 'open') then perform api.broken('invoice_request_open_already'); end if;
    perform api.check_glyphs(asked.note);
    buyer := case when asked.buyer_id is null then api.remember_buyer(of_customer, asked, md5(request_id::text || ':buyer')::uuid, actor, at)
                  else (api.latest_buyer(of_customer, case when asked.buyer_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then asked.buyer_id::uuid end)).id end;
    insert into book.invoice_requests (id, request_no, source, customer_id, buyer_id, kind, amount, product, month, note, requested_at, recorded_by)
    values (request_id, coalesce(api.tidy(asked.request_no), api.next_number('ASK', at)), source, of_customer, buyer, coalesce(asked.paper, 'invoice_request'), asked.amount::numeric,
            asked.product, (asked.month || '-01')::date, api.tidy(asked.note), at, actor);
    return of_customer;
end $$;
comment on function api.keep_request(uuid, api.invoice_request_row, text, integer, timestamptz) is 'Writes a request down, whoever brought it: one open request for each customer.';

create type api.invoice_request_answer as (request_id uuid, request_no text, status text);
comment on type api.invoice_request_answer is 'A request that was taken.';

create function api.request_invoice(command_id uuid, request jsonb) returns api.invoice_request_answer
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); at timestamptz; asked api.invoice_request_row; of_customer bigint;
begin
    if jsonb_typeof(request) <> 'object' then perform api.broken('argument_invalid', '{"argument": "request"}'); end if;
    asked := jsonb_populate_record(null::api.invoice_request_row, request);
    if not api.repeated(command_id, 'invoices.request', request) then
        at := api.clock();
        of_customer := api.keep_request(command_id, asked, 'platform', actor, at);
        perform api.record_event(command_id, 'invoices.request', actor, at, 'invoice_request', command_id::text, of_customer, request, jsonb_build_object('request_no', asked.request_no));
    end if;
    return (select row(q.id, q.request_no, q.status)::api.invoice_request_answer from book.invoice_requests q where q.id = command_id);
end $$;
comment on function api.request_invoice(uuid, jsonb) is 'invoices.request: The platform passes on that a customer asks for an invoice, with the title; the answer comes back through its outbox.';

create function api.take_requests(command_id uuid, source text, rows jsonb) returns table (request_no text, verdict text, rule text, detail jsonb)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare actor integer := api.actor('agent', 'tax_clerk'); at timestamptz; body jsonb := jsonb_build_object('source', source, 'rows', rows); asked record; said text; taken integer := 0; results jsonb := '[]';
begin
    if source not in ('csv', 'hand') then perform api.broken('argument_invalid', '{"argument": "source"}'); end if;
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) not between 1 and 1000 then perform api.broken('request_list_too_long', '{"most": 1000}'); end if;
    if api.repeated(command_id, 'invoices.take_requests', body) then
        select e.detail -> 'results' into results from book.audit_events e where e.command_id = take_requests.command_id;
    else
        at := api.clock();
        for asked in select r.value, r.n, jsonb_populate_record(null::api.invoice_request_row, r.value) as row from jsonb_array_elements(rows) with ordinality r (value, n) order by (select c.id from book.customers c where c.ref = r.value ->> 'customer_ref'), r.n loop
            rule := null; detail := null;
            begin
                perform api.keep_request(md5(command_id::text || ':' || asked.n)::uuid, asked.row, source, actor, at);
                taken := taken + 1;
            exception when check_violation then
                -- One wrong row does not hold up the others; it is said which, and why.
                get stacked diagnostics rule = constraint_name, said = pg_exception_detail;
                detail := case when said like '{%' then said::jsonb else '{}' end;
            end;
            results := results || jsonb_build_object('n', asked.n, 'rule', rule, 'detail', detail,
                'request_no', coalesce((select q.request_no from book.invoice_requests q where q.id = md5(command_id::text || ':' || asked.n)::uuid), (asked.row).request_no));
        end loop;
        perform api.record_event(command_id, 'invoices.take_requests', actor, at, 'invoice_request', command_id::text, null, body, jsonb_build_object('taken', taken, 'results', results));
    end if;
    return query select r.value ->> 'request_no', case when r.value ->> 'rule' is null then 'taken' else 'refused' end, r.value ->> 'rule', nullif(r.value -> 'detail', 'null')
    from jsonb_array_elements(results) r order by (r.value ->> 'n')::integer;
end $$;
comment on function api.take_requests(uuid, text, jsonb) is 'invoices.take_requests: Requests from a file or by hand, one row each; a row that a rule refuses is named with it and does not hold up the others.';

create function api.issue_request(command_id uuid, request_id uuid) returns api.invoice_requests language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('request_id', request_id);
    asked book.invoice_requests;
    lines jsonb; issued jsonb;
    now_at timestamptz;
begin
    select q.* into asked from book.invoice_requests q where q.id = request_id;
    if not found then perform api.broken('invoice_request_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select q.* into asked from book.invoice_requests q where q.id = request_id for update;
    if not api.repeated(command_id, 'invoices.issue_request', body) then
        now_at := api.clock();
        if asked.status <> 'open' then perform api.broken('invoice_request_not_open', jsonb_build_object('status', asked.status)); end if;
        lines := api.request_lines(asked.customer_id, asked.amount, asked.product, asked.month);
        if lines is null or (asked.amount is not null and (select sum((l ->> 'amount')::numeric) from jsonb_array_elements(lines) l) < asked.amount) then
            perform api.broken('invoice_exceeds_consumption', jsonb_build_object('clause', 'RA 8.1', 'asked', asked.amount::text,
                'invoiceable', (select coalesce(sum(m.invoiceable), 0)::text from api.invoice_meter(asked.customer_id) m)));
        end if;
        issued := api.issue_paper(command_id, asked.customer_id, asked.buyer_id, lines, asked.kind, asked.note, actor, now_at,
            (asked.month + interval '1 month - 1 day')::date);
        update book.invoice_requests q set status = 'issued', invoice_id = command_id, decided_at = now_at, decided_by = actor where q.id = asked.id;
        perform api.tell_platform(asked.customer_id, 'invoice.issued', command_id, issued || jsonb_build_object('request_no', asked.request_no, 'kind', asked.kind,
            'content_sha256', (select encode(i.content_sha256, 'hex') from book.invoices i where i.id = command_id)), now_at);
        perform api.record_event(command_id, 'invoices.issue_request', actor, now_at, 'invoice_request', asked.id::text, asked.customer_id, body, issued);
    end if;
    return (select q from api.invoice_requests q where q.id = issue_request.request_id);
end $$;
comment on function api.issue_request(uuid, uuid) is 'invoices.issue_request: Issues what a customer asked for, up to what may be invoiced (RA 8.1), and tells the platform.';

create function api.return_request(command_id uuid, request_id uuid, reason text) returns api.invoice_requests language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk', 'agent');
    body jsonb := jsonb_build_object('request_id', request_id, 'reason', reason);
    asked book.invoice_requests;
    now_at timestamptz;
begin
    select q.* into asked from book.invoice_requests q where q.id = request_id;
    if not found then perform api.broken('invoice_request_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select q.* into asked from book.invoice_requests q where q.id = request_id for update;
    if not api.repeated(command_id, 'invoices.return_request', body) then
        now_at := api.clock();
        if asked.status <> 'open' then perform api.broken('invoice_request_not_open', jsonb_build_object('status', asked.status)); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.invoice_requests q set status = 'returned', returned_why = left(api.tidy(reason), 500), decided_at = now_at, decided_by = actor where q.id = asked.id;
        perform api.tell_platform(asked.customer_id, 'invoice.returned', asked.id, jsonb_build_object('request_no', asked.request_no, 'reason', left(api.tidy(reason), 500)), now_at);
        perform api.record_event(command_id, 'invoices.return_request', actor, now_at, 'invoice_request', asked.id::text, asked.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    return (select q from api.invoice_requests q where q.id = return_request.request_id);
end $$;
comment on function api.return_request(uuid, uuid, text) is 'invoices.return_request: Sends a request back to the customer with a reason; the platform is told, and the customer may ask again.';

create function api.list_invoice_requests(wanted_status text default 'open', before_requested_at timestamptz default null, before_id uuid default null, most integer default 100) returns setof api.invoice_requests
language sql stable security definer set search_path = '' as $$
    select q.* from (select api.reader()) me, api.invoice_requests q
    where (wanted_status is null or q.status = wanted_status) and (before_requested_at is null or (q.requested_at, q.id) < (before_requested_at, before_id))
    order by q.requested_at desc, q.id desc limit least(greatest(most, 1), 500)
$$;
comment on function api.list_invoice_requests(text, timestamptz, uuid, integer) is 'invoices.list_requests: Requests that wait, or were issued or returned; newest first.';

grant execute on function api.request_invoice(uuid, jsonb), api.take_requests(uuid, text, jsonb), api.issue_request(uuid, uuid), api.return_request(uuid, uuid, text),
    api.list_invoice_requests(text, timestamptz, uuid, integer) to kontor_people;
