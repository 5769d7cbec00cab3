-- foreign_invoices: papers in another currency. Their money is not in these books, so there is no meter of it: a paper is
-- issued for a payment, once, and what stands on it adds up to that payment. Net prices; tax on the sum of the nets, as EN 16931 counts it.

create function api.foreign_lines(asked jsonb, rate numeric) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
    line record;
    lines jsonb := '[]';
    net numeric;
    nets numeric := 0;
    taxes numeric := 0;
begin
    if jsonb_typeof(asked) is distinct from 'array' or jsonb_array_length(asked) not between 1 and 100 then perform api.broken('invoice_has_no_lines'); end if;
    for line in
        select l.value as asked, l.n, p.code, p.title_en, p.title_zh, count(*) over (partition by l.value ->> 'product') as times, count(*) over () as lines
        from jsonb_array_elements(asked) with ordinality l (value, n) left join book.products p on p.code = l.value ->> 'product' order by l.n
    loop
        if line.code is null then perform api.broken('product_unknown'); end if;
        if line.times > 1 then perform api.broken('invoice_product_repeated'); end if;
        if coalesce(line.asked ->> 'quantity', '') !~ '^\d{1,9}([.]\d{1,4})?$' or coalesce(line.asked ->> 'unit_price', '') !~ '^\d{1,9}([.]\d{1,4})?$'
           or coalesce(line.asked ->> 'discount', '0') !~ '^\d{1,9}([.]\d{1,2})?$' then perform api.broken('argument_invalid', '{"argument": "lines"}'); end if;
        net := round((line.asked ->> 'quantity')::numeric * (line.asked ->> 'unit_price')::numeric, 2) - coalesce((line.asked ->> 'discount')::numeric, 0);
        if net <= 0 then perform api.broken('invoice_amount_not_positive'); end if;
        nets := nets + net;
        -- The tax of all lines is the tax of the sum: each line takes what is new of it, so no cent is made by rounding.
        lines := lines || jsonb_strip_nulls(jsonb_build_object('product', line.code, 'description_en', coalesce(api.tidy(line.asked ->> 'description'), line.title_en), 'description_zh', line.title_zh,
            'quantity', line.asked ->> 'quantity', 'unit_price', line.asked ->> 'unit_price', 'discount', nullif((line.asked ->> 'discount')::numeric, 0)::numeric(14, 2)::text, 'discount_reason', api.tidy(line.asked ->> 'discount_reason'),
            'amount_excl', net::numeric(14, 2)::text, 'tax', (round(nets * rate, 2) - taxes)::numeric(14, 2)::text, 'amount_incl', (net + round(nets * rate, 2) - taxes)::numeric(14, 2)::text, 'rate', trim_scale(rate)::text));
        taxes := round(nets * rate, 2);
    end loop;
    return lines;
end $$;
comment on function api.foreign_lines(jsonb, numeric) is 'The lines of a paper in another currency: quantity × price − discount, and the tax of the sum laid out over them.';

create function api.in_tax_currency(scheme text, paper_currency text, exchange_rate text, excl numeric, tax numeric, at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
    own text := api.policy('tax_currencies', at) ->> scheme;
    factor numeric;
begin
    if own is null or own = paper_currency or tax = 0 then return null; end if;
    if coalesce(exchange_rate, '') !~ '^\d{1,6}([.]\d{1,8})?$' or exchange_rate::numeric = 0 then
        perform api.broken('exchange_rate_missing', jsonb_build_object('currency', own, 'paper', paper_currency));
    end if;
    factor := exchange_rate::numeric;
    return jsonb_build_object('currency', own, 'exchange_rate', exchange_rate, 'excl', round(excl * factor, 2)::text, 'tax', round(tax * factor, 2)::text,
        'incl', (round(excl * factor, 2) + round(tax * factor, 2))::text);
end $$;
comment on function api.in_tax_currency(text, text, text, numeric, numeric, timestamptz) is
    'Net, tax and sum in the money of the country that taxes, where a taxed paper is in another (GST on papers in dollars); null where nothing is to be said.';

create function api.draft_foreign(of_customer bigint, buyer book.buyers, kind text, asked_currency text, asked jsonb, rate numeric, payment jsonb, period_from date, period_to date, note text, at timestamptz) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
    seller jsonb := api.seller_block(at, asked_currency);
    lines jsonb;
    net numeric; tax numeric; paid numeric; credits numeric;
begin
    if kind not in ('statement', 'commercial_invoice', 'invoice_request') then perform api.broken('invoice_kind_unknown'); end if;
    if asked_currency = 'CNY' then perform api.broken('currency_is_our_own'); end if;
    if not coalesce(api.policy('foreign_tax_rates', at) -> (seller ->> 'tax_scheme') ? trim_scale(rate)::text, false) then
        perform api.broken('tax_rate_not_in_scheme', jsonb_build_object('scheme', seller ->> 'tax_scheme', 'rate', trim_scale(rate)::text));
    end if;
    if period_from > period_to then perform api.broken('invoice_period_backwards'); end if;
    if api.tidy(payment ->> 'reference') is null or api.tidy(payment ->> 'order_no') is null or coalesce(payment ->> 'paid', '') !~ '^\d{1,12}([.]\d{1,2})?$'
       or coalesce(payment ->> 'credits', '0') !~ '^\d{1,12}([.]\d{1,2})?$' or coalesce(payment ->> 'paid_on', '') !~ '^\d{4}-\d{2}-\d{2}$' then
        perform api.broken('payment_incomplete');
    end if;
    if coalesce(payment ->> 'buyer_country', '') !~ '^[A-Z]{2}$' then perform api.broken('buyer_country_missing'); end if;
    lines := api.foreign_lines(asked, rate);
    select sum((l ->> 'amount_excl')::numeric), sum((l ->> 'tax')::numeric) into net, tax from jsonb_array_elements(lines) l;
    paid := (payment ->> 'paid')::numeric; credits := coalesce((payment ->> 'credits')::numeric, 0);
    if paid + credits > net + tax then
        perform api.broken('payment_exceeds_invoice', jsonb_build_object('total', (net + tax)::numeric(14, 2)::text, 'paid', (paid + credits)::numeric(14, 2)::text));
    end if;
    return jsonb_strip_nulls(jsonb_build_object('tax_currency', api.in_tax_currency(seller ->> 'tax_scheme', asked_currency, payment ->> 'exchange_rate', net, tax, at),
            'currency_sign', api.policy('currencies', at) ->> asked_currency))
        || jsonb_build_object('kind', kind, 'currency', asked_currency, 'seller', seller, 'buyer', api.buyer_block(buyer) || jsonb_strip_nulls(jsonb_build_object('country', api.tidy(payment ->> 'buyer_country'))),
        'customer_ref', (select c.ref from book.customers c where c.id = of_customer), 'period_from', period_from, 'period_to', period_to, 'lines', lines, 'gift_used', '0.00',
        'total_excl', net::numeric(14, 2)::text, 'total_tax', tax::numeric(14, 2)::text, 'total_incl', (net + tax)::numeric(14, 2)::text, 'note', api.tidy(note), 'agreement_version', null,
        'payment', jsonb_build_object('order_no', api.tidy(payment ->> 'order_no'), 'reference', api.tidy(payment ->> 'reference'), 'paid_on', payment ->> 'paid_on', 'paid', paid::numeric(14, 2)::text,
            'credits', credits::numeric(14, 2)::text, 'due', (net + tax - paid - credits)::numeric(14, 2)::text, 'terms', api.tidy(payment ->> 'terms')),
        'approvals', '[]'::jsonb, 'refers_to', null, 'rehearsal', (select d.rehearsal from book.database d));
end $$;
comment on function api.draft_foreign(bigint, book.buyers, text, text, jsonb, numeric, jsonb, date, date, text, timestamptz) is
    'The content of a paper in another currency: the seller, tax scheme and language of that currency, net lines, tax on their sum, and what was paid.';

create function api.issue_foreign(command_id uuid, customer_id bigint, buyer_id uuid, currency text, lines jsonb, payment jsonb, period_from date, period_to date, rate numeric default 0, note text default null, kind text default 'commercial_invoice') returns api.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('customer_id', customer_id, 'buyer_id', buyer_id, 'currency', currency, 'lines', lines, 'payment', payment, 'period_from', period_from, 'period_to', period_to, 'rate', rate, 'note', note, 'kind', kind);
    buyer book.buyers;
    content jsonb;
    now_at timestamptz;
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'invoices.issue_foreign', body) then
        now_at := api.clock();
        buyer := api.latest_buyer(customer_id, buyer_id);
        content := api.draft_foreign(customer_id, buyer, kind, currency, lines, rate, payment, period_from, period_to, note, now_at);
        perform api.check_glyphs(buyer.name, buyer.credit_code, buyer.address, buyer.phone, buyer.bank, buyer.account, note, content -> 'payment' ->> 'order_no', content -> 'payment' ->> 'reference', content -> 'payment' ->> 'terms',
            (select string_agg(concat(l ->> 'description_en', l ->> 'discount_reason'), '') from jsonb_array_elements(content -> 'lines') l));
        if exists (select 1 from book.foreign_payments p where p.payment_reference = content #>> '{payment,reference}') then perform api.broken('payment_already_invoiced'); end if;
        perform api.write_invoice(command_id, case kind when 'statement' then 'STM-' when 'invoice_request' then 'REQ-' else 'INV-' end || currency, content, customer_id, buyer, null, null, actor, null, now_at);
        insert into book.foreign_payments (invoice_id, order_no, payment_reference, paid_on, paid, credits)
        values (command_id, content #>> '{payment,order_no}', content #>> '{payment,reference}', (content #>> '{payment,paid_on}')::date, (content #>> '{payment,paid}')::numeric, (content #>> '{payment,credits}')::numeric);
        perform api.record_event(command_id, 'invoices.issue_foreign', actor, now_at, 'invoice', command_id::text, customer_id, body,
            jsonb_build_object('number', (select i.number from book.invoices i where i.id = command_id), 'currency', currency, 'total_incl', content ->> 'total_incl'));
    end if;
    return (select i from api.invoices i where i.id = command_id);
end $$;
comment on function api.issue_foreign(uuid, bigint, uuid, text, jsonb, jsonb, date, date, numeric, text, text) is
    'invoices.issue_foreign: A paper in another currency for one payment (a commercial invoice, a statement or a request), with the seller block and tax scheme of that currency; a payment is invoiced once.';
grant execute on function api.issue_foreign(uuid, bigint, uuid, text, jsonb, jsonb, date, date, numeric, text, text) to kontor_people;
