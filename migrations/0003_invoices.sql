-- Invoices: who sells, who buys, what was invoiced and taken back, the stored papers and their prints.
-- A document is written once and never changed; what is invoiced can never pass what was consumed (RA 8.1).

create table book.sellers (
    id integer generated always as identity primary key,
    name text not null constraint seller_without_name check (btrim(name) <> ''),
    address text not null,
    tax_id text not null,
    phone text not null,
    bank text not null,
    account text not null,
    valid_from timestamptz not null,
    proposal_id uuid not null constraint seller_proposed_twice unique,
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    constraint seller_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by)
);
comment on table book.sellers is 'The seller block that papers carry, as data: proposed by one person, confirmed by another, valid from an instant.';

create table book.buyers (
    id uuid not null,
    version integer not null constraint buyer_version_not_positive check (version > 0),
    customer_id bigint not null references book.customers,
    kind text not null constraint buyer_kind_unknown check (kind in ('personal', 'enterprise')),
    name text not null constraint buyer_without_name check (btrim(name) <> ''),
    credit_code text,
    code_reason text,
    address text,
    phone text,
    bank text,
    account text,
    email text,
    saved_at timestamptz not null,
    saved_by integer not null references book.people,
    primary key (id, version),
    constraint buyer_credit_code_missing check (kind = 'personal' or credit_code is not null)
);
create index on book.buyers (customer_id);
comment on table book.buyers is 'Invoice titles of a customer. A change is a new version; an issued document keeps the version it was issued to.';

create table book.invoices (
    id uuid primary key,
    number text not null constraint invoice_number_taken unique,
    series text not null,
    kind text not null constraint invoice_kind_unknown check (kind in ('statement', 'commercial_invoice', 'invoice_request', 'red_letter')),
    customer_id bigint not null references book.customers,
    buyer_id uuid not null,
    buyer_version integer not null,
    currency text not null,
    refers_to uuid references book.invoices,
    reason_code text constraint red_letter_reason_unknown check (reason_code in ('01', '02', '03', '04')),
    period_from date not null,
    period_to date not null,
    total_excl numeric(14, 2) not null,
    total_tax numeric(14, 2) not null,
    total_incl numeric(14, 2) not null,
    content jsonb not null,
    content_sha256 bytea not null,
    issued_at timestamptz not null,
    issued_by integer not null references book.people,
    approved_by integer references book.people,
    red_lettered numeric(14, 2) not null default 0,
    foreign key (buyer_id, buyer_version) references book.buyers (id, version),
    constraint invoice_content_differs check (content_sha256 = sha256(convert_to(content::text, 'UTF8'))),
    constraint invoice_does_not_add_up check (total_excl + total_tax = total_incl),
    constraint invoice_period_backwards check (period_from <= period_to),
    constraint red_letter_without_original check ((kind = 'red_letter') = (refers_to is not null)),
    constraint red_letter_without_reason check ((kind = 'red_letter') = (reason_code is not null)),
    constraint red_letter_not_negative check (case when kind = 'red_letter' then total_incl < 0 else total_incl > 0 end),
    constraint red_letter_approved_by_issuer check (approved_by is null or approved_by <> issued_by),
    constraint red_letter_not_approved check (kind <> 'red_letter' or approved_by is not null),
    constraint red_letter_exceeds_invoice check (red_lettered >= 0 and red_lettered <= greatest(total_incl, 0))
);
create index on book.invoices (customer_id, issued_at);
create index on book.invoices (issued_at, id);
create index on book.invoices (buyer_id, buyer_version);
create index on book.invoices (refers_to) where refers_to is not null;
create index on book.invoices (number text_pattern_ops);
comment on table book.invoices is 'Documents as issued, with the hash of their canonical content. Only red_lettered moves later, with each red letter that refers to the document.';

create table book.invoice_lines (
    invoice_id uuid not null references book.invoices,
    product text not null references book.products,
    amount_incl numeric(14, 2) not null constraint invoice_line_is_zero check (amount_incl <> 0),
    amount_excl numeric(14, 2) not null,
    tax numeric(14, 2) not null,
    rate numeric(6, 4) not null,
    red_lettered numeric(14, 2) not null default 0,
    primary key (invoice_id, product),
    constraint invoice_line_does_not_add_up check (amount_excl + tax = amount_incl),
    constraint red_letter_exceeds_line check (red_lettered >= 0 and red_lettered <= greatest(amount_incl, 0))
);
create index on book.invoice_lines (product);
comment on table book.invoice_lines is 'One line for each product, split by its own VAT rate; totals are sums of lines. red_lettered is what red letters took back.';

create table book.invoice_totals (
    customer_id bigint not null references book.customers,
    product text not null references book.products,
    invoiced numeric(16, 2) not null default 0,
    red_lettered numeric(16, 2) not null default 0,
    primary key (customer_id, product),
    constraint invoice_total_out_of_range check (invoiced >= 0 and red_lettered >= 0 and red_lettered <= invoiced)
);
comment on table book.invoice_totals is 'What was invoiced and red-lettered by customer and product; moved by the trigger on the lines alone.';

create table book.red_letters (
    id uuid primary key,
    invoice_id uuid not null references book.invoices,
    customer_id bigint not null references book.customers,
    reason_code text not null constraint red_letter_proposal_reason_unknown check (reason_code in ('01', '02', '03', '04')),
    note text,
    lines jsonb not null,
    total_incl numeric(14, 2) not null constraint red_letter_proposal_not_positive check (total_incl > 0),
    status text not null default 'proposed' constraint red_letter_status_unknown check (status in ('proposed', 'confirmed', 'declined')),
    proposed_by integer not null references book.people,
    proposed_at timestamptz not null,
    decided_by integer references book.people,
    decided_at timestamptz,
    issued_as uuid constraint red_letter_issued_twice unique references book.invoices,
    constraint red_letter_confirmed_by_proposer check (decided_by is null or status = 'declined' or decided_by <> proposed_by),
    constraint red_letter_confirmed_without_paper check ((status = 'confirmed') = (issued_as is not null))
);
create unique index red_letter_already_proposed on book.red_letters (invoice_id) where status = 'proposed';
create index on book.red_letters (invoice_id);
create index on book.red_letters (customer_id);
create index on book.red_letters (proposed_at) where status = 'proposed';
comment on table book.red_letters is 'Red letters asked for by a tax clerk and decided by an approver (rules 6.1); the negative document is written when one is confirmed.';

create table book.official_invoices (
    invoice_id uuid primary key references book.invoices,
    number text not null constraint official_number_taken unique
        constraint official_number_malformed check (number ~ '^[0-9]{20}$'),
    issued_on date not null,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people
);
comment on table book.official_invoices is 'The tax platform''s own number and date for a document, once it has issued the official invoice.';

create table book.invoice_pdfs (
    invoice_id uuid primary key references book.invoices,
    bytes bytea not null constraint invoice_pdf_not_a_pdf check (substring(bytes from 1 for 5) = '\x255044462d'::bytea),
    sha256 bytea not null,
    rendered_at timestamptz not null,
    rendered_by integer not null references book.people,
    constraint invoice_pdf_hash_differs check (sha256 = sha256(bytes)),
    constraint invoice_pdf_too_large check (octet_length(bytes) <= 5242880)
);
alter table book.invoice_pdfs alter column bytes set storage external;
comment on table book.invoice_pdfs is 'The first rendering of a document; these bytes are what screen, file and printer get for ever.';

create table book.print_log (
    id uuid primary key,
    invoice_id uuid not null references book.invoices,
    copy_from integer not null,
    copies integer not null constraint print_copies_out_of_range check (copies between 1 and 99),
    printer text not null constraint print_without_printer check (btrim(printer) <> ''),
    reason text,
    printed_at timestamptz not null,
    printed_by integer not null references book.people,
    constraint reprint_without_reason check (copy_from = 1 or btrim(coalesce(reason, '')) <> '')
);
create unique index print_counted_twice on book.print_log (invoice_id, copy_from);
comment on table book.print_log is 'Every print of a document; the first sheet is the original, later ones are copies with a reason.';

-- ── What must hold whatever runs above ─────────────────────────────────────────────────────────────────────────

create function book.refuse_invoice_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'red_lettered' = to_jsonb(old) - 'red_lettered' then return new; end if;
    raise exception 'invoice_is_final' using errcode = '23514', constraint = 'invoice_is_final';
end $$;
comment on function book.refuse_invoice_change() is 'An issued document is never edited or deleted; a red letter takes it back.';
create trigger refuse_invoice_change before update or delete on book.invoices for each row execute function book.refuse_invoice_change();
create trigger refuse_invoice_change before update or delete on book.invoice_lines for each row execute function book.refuse_invoice_change();
create trigger refuse_change before update or delete on book.invoice_pdfs for each row execute function book.refuse_invoice_change();
create trigger refuse_change before update or delete on book.buyers for each row execute function book.refuse_invoice_change();
create trigger refuse_truncate before truncate on book.invoices for each statement execute function book.refuse_invoice_change();
create trigger refuse_truncate before truncate on book.invoice_lines for each statement execute function book.refuse_invoice_change();

create function book.count_invoice_line() returns trigger language plpgsql as $$
declare owner_id bigint; original uuid;
begin
    select i.customer_id, i.refers_to into owner_id, original from book.invoices i where i.id = new.invoice_id;
    if new.amount_incl > 0 then
        insert into book.invoice_totals as t (customer_id, product, invoiced) values (owner_id, new.product, new.amount_incl)
        on conflict on constraint invoice_totals_pkey do update set invoiced = t.invoiced + excluded.invoiced;
    else
        update book.invoice_totals t set red_lettered = t.red_lettered - new.amount_incl where t.customer_id = owner_id and t.product = new.product;
        update book.invoice_lines l set red_lettered = l.red_lettered - new.amount_incl
        where l.invoice_id = original and l.product = new.product;
        if not found then
            raise exception 'red_letter_exceeds_line' using errcode = '23514', constraint = 'red_letter_exceeds_line';
        end if;
        update book.invoices i set red_lettered = i.red_lettered - new.amount_incl where i.id = original;
    end if;
    return null;
end $$;
comment on function book.count_invoice_line() is 'Counts each line into the customer''s totals, and a negative one into the document it takes back.';
create trigger count_invoice_line after insert on book.invoice_lines for each row execute function book.count_invoice_line();

create function book.check_invoiced() returns trigger language plpgsql as $$
declare consumed numeric;
begin
    if tg_op = 'UPDATE' and new.invoiced - new.red_lettered <= old.invoiced - old.red_lettered then return new; end if;
    select c.consumed_principal - c.credited_back into consumed from book.consumed_totals c
    where c.customer_id = new.customer_id and c.product = new.product;
    if new.invoiced - new.red_lettered > coalesce(consumed, 0) then
        raise exception 'invoice_exceeds_consumption' using errcode = '23514', constraint = 'invoice_exceeds_consumption',
            detail = '{"clause": "RA 8.1"}';
    end if;
    return new;
end $$;
comment on function book.check_invoiced() is 'What is invoiced and not taken back never passes the consumed principal of that product (RA 8.1). Gift usage is not in there (RA 6.2).';
create trigger check_invoiced before insert or update on book.invoice_totals for each row execute function book.check_invoiced();

-- Deferred to the commit, where nobody's function is running any more: it must look with the owner's eyes.
create function book.check_invoice_lines() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    if not exists (select 1 from book.invoice_lines l where l.invoice_id = new.id
                   having sum(l.amount_incl) = new.total_incl and sum(l.amount_excl) = new.total_excl and sum(l.tax) = new.total_tax) then
        raise exception 'invoice_does_not_add_up' using errcode = '23514', constraint = 'invoice_does_not_add_up';
    end if;
    return null;
end $$;
comment on function book.check_invoice_lines() is 'A document whose totals are not the sums of its lines cannot commit.';
create constraint trigger check_invoice_lines after insert on book.invoices
    deferrable initially deferred for each row execute function book.check_invoice_lines();

-- ── Finding people and papers ──────────────────────────────────────────────────────────────────────────────────
-- Words are indexed by their beginning, and a Chinese name from each of its characters on, so that a part of a
-- name is found without a trigram index, which costs every import and knows no pinyin.

create function book.search_words(name text, ref text, search_key text) returns tsvector
language sql immutable parallel safe as $$
    select array_to_tsvector(array(
        select distinct left(w, 60) from (
            select unnest(regexp_split_to_array(lower(name || ' ' || ref || ' ' || search_key), '\s+')) as w
            union all
            select substring(lower(name) from n) from generate_series(2, least(length(name), 40)) n
            where substring(name from n for 1) ~ '[\u3400-\u9fff]'
        ) words where w <> ''))
$$;
comment on function book.search_words(text, text, text) is 'The words by whose beginning a customer is found: name, account number, pinyin, and each tail of a Chinese name.';
create index customers_words on book.customers using gin (book.search_words(name, ref, search_key));

create function book.phone_key(phone text) returns text language sql immutable parallel safe as
$$ select right(regexp_replace(phone, '[^0-9]', '', 'g'), 11) $$;
comment on function book.phone_key(text) is 'A phone as it is compared: its last eleven digits, without signs and country code.';
create index customers_phone on book.customers (book.phone_key(phone)) where phone is not null;
create index customers_ref on book.customers (ref text_pattern_ops);
create index recharges_order on book.recharges (order_no text_pattern_ops);
create index refunds_number on book.refunds (number text_pattern_ops);
create index attachments_hash on book.attachments (sha256);

do $$
declare t text;
begin
    foreach t in array array['sellers', 'buyers', 'invoices', 'invoice_lines', 'invoice_totals', 'red_letters', 'official_invoices', 'invoice_pdfs', 'print_log'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
    end loop;
end $$;
alter function book.refuse_invoice_change() owner to kontor_owner;
alter function book.count_invoice_line() owner to kontor_owner;
alter function book.check_invoiced() owner to kontor_owner;
alter function book.check_invoice_lines() owner to kontor_owner;
alter function book.search_words(text, text, text) owner to kontor_owner;
grant execute on function book.search_words(text, text, text) to kontor_api;
alter function book.phone_key(text) owner to kontor_owner;
grant execute on function book.phone_key(text) to kontor_api;
revoke execute on function book.search_words(text, text, text), book.phone_key(text) from public;
grant execute on function book.search_words(text, text, text), book.phone_key(text) to kontor_api;
grant select, insert on book.sellers, book.buyers, book.invoices, book.invoice_lines, book.invoice_totals, book.red_letters,
    book.official_invoices, book.invoice_pdfs, book.print_log to kontor_api;
grant usage on all sequences in schema book to kontor_api;
grant update (confirmed_by, confirmed_at, valid_from) on book.sellers to kontor_api;
grant update (red_lettered) on book.invoices to kontor_api;
grant update (red_lettered) on book.invoice_lines to kontor_api;
grant update (invoiced, red_lettered) on book.invoice_totals to kontor_api;
grant update (status, decided_by, decided_at, issued_as) on book.red_letters to kontor_api;
