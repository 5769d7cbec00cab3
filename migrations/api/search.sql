-- search: the palette.
-- Every look is an index look-up by the beginning of a word or number, a few rows of each kind.

create type api.search_hits as (kind text, id text, title text, detail text, customer_id bigint, at timestamptz);
comment on type api.search_hits is 'Something found by its name or number.';
comment on column api.search_hits.kind is '{{"customer" | "order" | "refund" | "dispute" | "invoice" | "journal"}} what opens';
comment on column api.search_hits.detail is '?a second line: the customer or the state';
comment on column api.search_hits.customer_id is '?whose';
comment on column api.search_hits.at is '?when';

create function api.number_pattern(query text) returns text language sql immutable security definer set search_path = '' as $$
    select replace(replace(replace(upper(normalize(btrim(query), NFKC)), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;
comment on function api.number_pattern(text) is 'What begins with a typed number, its own wildcards taken literally.';

create function api.find(query text) returns setof api.search_hits language plpgsql stable security definer set search_path = '' as $$
declare
    typed text := normalize(btrim(coalesce(query, '')), NFKC);
    pattern text := api.number_pattern(typed);
begin
    perform api.reader();
    -- One Latin letter or digit would only show the first of too many.
    if length(typed) < (case when typed ~ '[\u3400-\u9fff]' then 1 else 2 end) then return; end if;
    return query select 'customer', c.id::text, api.shown_name(c), c.ref, c.id, c.created_at
        from book.customers c where c.id = any (api.customers_named(typed, 12)) order by c.id desc;
    return query select 'refund', r.id::text, r.number, c.ref || ' · ' || r.status, r.customer_id, r.requested_at
        from (select x.* from book.refunds x where x.number like pattern or x.ticket_no = typed order by x.requested_at desc limit 8) r join book.customers c on c.id = r.customer_id;
    return query select 'dispute', d.id::text, d.number, c.ref || ' · ' || d.status, d.customer_id, d.noticed_at
        from (select x.* from book.disputes x where x.number like pattern or x.ticket_no = typed order by x.noticed_at desc limit 8) d join book.customers c on c.id = d.customer_id;
    return query select 'invoice', i.id::text, i.number, c.ref || ' · ' || i.total_incl::text, i.customer_id, i.issued_at
        from (select x.* from book.invoices x where x.number like pattern
                 or x.id = (select o.invoice_id from book.official_invoices o where o.number = typed) order by x.issued_at desc limit 8) i join book.customers c on c.id = i.customer_id;
    return query select 'order', r.id::text, r.order_no, c.ref || ' · ' || r.principal::text, r.customer_id, r.paid_at
        from (select x.* from book.recharges x where x.order_no like replace(replace(replace(typed, '\', '\\'), '%', '\%'), '_', '\_') || '%' limit 8) r join book.customers c on c.id = r.customer_id
        where length(typed) >= 4;
    return query select 'order', r.id::text, r.order_no, c.ref || ' · ' || r.principal::text, r.customer_id, r.paid_at
        from (select x.* from book.recharges x where x.provider_no = typed and x.order_no not like typed || '%' limit 8) r join book.customers c on c.id = r.customer_id;
    if typed ~ '^[0-9]{1,15}$' then
        return query select 'journal', j.id::text, j.id::text, j.kind, j.customer_id, j.effective_at from book.journals j where j.id = typed::bigint;
    end if;
end $$;
comment on function api.find(text) is
    'search.find: For the palette: customers by name, pinyin initials or number; refunds, disputes and invoices by number or ticket; orders by order or provider number; a journal by its number.';

grant execute on function api.find(text) to kontor_people;
