-- search: the palette.
-- Every look is an index look-up by the beginning of a word or number, a few rows of each kind.

create type api.search_hit as (kind text, id text, title text, detail text, customer_id bigint, at timestamptz);
comment on type api.search_hit is 'Something found by its name or number.';
comment on column api.search_hit.kind is '{{"customer" | "order" | "refund" | "dispute" | "invoice" | "journal" | "judicial"}} what opens';
comment on column api.search_hit.detail is '?a second line: the customer or the state';
comment on column api.search_hit.customer_id is '?whose';
comment on column api.search_hit.at is '?when';

create function api.find(query text) returns setof api.search_hit language plpgsql stable security definer set search_path = '' as $$
declare
    typed text := normalize(btrim(coalesce(query, '')), NFKC);
    -- What begins with the typed text lies between it and it with the last of all characters behind it.
    wanted text := upper(typed);
    wanted_end text := upper(typed) || chr(1114111);
    typed_end text := typed || chr(1114111);
begin
    perform api.reader();
    -- One Latin letter or digit would only show the first of too many.
    if length(typed) < (case when typed ~ '[\u3400-\u9fff]' then 1 else 2 end) then return; end if;
    return query select 'customer', c.id::text, api.shown_name(c), c.ref, c.id, c.created_at
        from book.customers c where c.id = any (api.customers_named(typed, 12)) order by c.id desc;
    return query select 'refund', r.id::text, r.number, c.ref || ' · ' || r.status, r.customer_id, r.requested_at
        from (select x.* from book.refunds x where (x.number ~>=~ wanted and x.number ~<~ wanted_end) or x.ticket_no = typed order by x.requested_at desc limit 8) r join book.customers c on c.id = r.customer_id;
    return query select 'dispute', d.id::text, d.number, c.ref || ' · ' || d.status, d.customer_id, d.noticed_at
        from (select x.* from book.disputes x where (x.number ~>=~ wanted and x.number ~<~ wanted_end) or x.ticket_no = typed order by x.noticed_at desc limit 8) d join book.customers c on c.id = d.customer_id;
    return query select 'judicial', j.id::text, j.number, c.ref || ' · ' || j.authority, j.customer_id, j.received_at
        from (select x.* from book.judicial_orders x where (x.number ~>=~ wanted and x.number ~<~ wanted_end) or x.order_no = typed order by x.received_at desc limit 8) j join book.customers c on c.id = j.customer_id;
    return query select 'invoice', i.id::text, i.number, c.ref || ' · ' || i.total_incl::text, i.customer_id, i.issued_at
        from (select x.* from book.invoices x where (x.number ~>=~ wanted and x.number ~<~ wanted_end)
                 or x.id = (select o.invoice_id from book.official_invoices o where o.number = typed) order by x.issued_at desc limit 8) i join book.customers c on c.id = i.customer_id;
    return query select 'order', r.id::text, r.order_no, c.ref || ' · ' || r.principal::text, r.customer_id, r.paid_at
        from (select x.* from book.recharges x where length(typed) >= 4 and x.order_no ~>=~ typed and x.order_no ~<~ typed_end order by x.order_no using ~<~ limit 8) r join book.customers c on c.id = r.customer_id;
    return query select 'order', r.id::text, r.order_no, c.ref || ' · ' || r.principal::text, r.customer_id, r.paid_at
        from (select x.* from book.recharges x where x.provider_no = typed and not (x.order_no ~>=~ typed and x.order_no ~<~ typed_end) limit 8) r join book.customers c on c.id = r.customer_id;
    if typed ~ '^[0-9]{1,15}$' then
        return query select 'journal', j.id::text, j.id::text, j.kind, j.customer_id, j.effective_at from book.journals j where j.id = typed::bigint;
    end if;
end $$;
comment on function api.find(text) is
    'search.find: For the palette: customers by name, pinyin initials or number; refunds, disputes, invoices and orders of authorities by number or ticket; orders by order or provider number; a journal by its number.';

grant execute on function api.find(text) to kontor_people;
