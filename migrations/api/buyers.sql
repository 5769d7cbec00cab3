-- buyers: to whom invoices are made out, with the credit code checked before a paper can carry it.

create function api.check_credit_code(code text, out valid boolean, out reason text, out check_char text)
language plpgsql immutable security definer set search_path = '' as $$
declare
    alphabet constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
    written text := upper(regexp_replace(normalize(coalesce(code, ''), NFKC), '\s', '', 'g'));
    total integer := 0;
    weight integer := 1;
begin
    valid := false;
    if length(written) <> 18 then reason := 'LENGTH'; return; end if;
    if translate(written, alphabet, '') <> '' then reason := 'CHARSET'; return; end if;
    for place in 1..17 loop
        total := total + (strpos(alphabet, substr(written, place, 1)) - 1) * weight;
        weight := weight * 3 % 31;
    end loop;
    check_char := substr(alphabet, (31 - total % 31) % 31 + 1, 1);
    valid := right(written, 1) = check_char;
    if not valid then reason := 'CHECK_DIGIT'; end if;
end $$;
comment on function api.check_credit_code(text) is 'Checks a unified social credit code (GB 32100-2015). Case, spaces and full-width letters do not matter; the first two places may be letters.';

create function api.plain_code(code text) returns text language sql immutable security definer set search_path = '' as
$$ select nullif(upper(regexp_replace(normalize(code, NFKC), '\s', '', 'g')), '') $$;
comment on function api.plain_code(text) is 'A code as it is kept: capital letters, no spaces.';

create view api.buyers as
    select b.id, b.version, b.customer_id, b.kind,
           case when b.kind = 'personal' then api.mask_name(b.name) else b.name end as name,
           b.credit_code, b.code_reason,
           case when b.kind = 'personal' then left(b.address, 6) || '***' else b.address end as address,
           api.mask_phone(b.phone) as phone, b.bank, api.mask_account(b.account) as account, api.mask_email(b.email) as email,
           b.saved_at, p.login as saved_by
    from book.buyers b join book.people p on p.id = b.saved_by
    where b.version = (select max(l.version) from book.buyers l where l.id = b.id);
comment on view api.buyers is 'The latest version of each buyer; people masked, companies public.';
comment on column api.buyers.kind is '{{"personal" | "enterprise"}} whose title it is';
comment on column api.buyers.credit_code is '?unified social credit code, or an older number with its reason';
comment on column api.buyers.code_reason is '?why an older number is accepted';
comment on column api.buyers.address is '?registered address';
comment on column api.buyers.phone is '?masked';
comment on column api.buyers.bank is '?bank and branch';
comment on column api.buyers.account is '?masked';
comment on column api.buyers.email is '?masked';

create function api.list_buyers(customer_id bigint) returns setof api.buyers
language sql stable security definer set search_path = '' as $$
    select b.* from (select api.reader()) r, api.buyers b
    where b.customer_id = list_buyers.customer_id order by b.saved_at desc, b.id limit 100
$$;
comment on function api.list_buyers(bigint) is 'buyers.list: The invoice titles of a customer, last saved first.';

create function api.check_buyer(kind text, name text, credit_code text, code_reason text) returns void
language plpgsql immutable security definer set search_path = '' as $$
declare
    code text := api.plain_code(credit_code);
    checked record;
begin
    if kind not in ('personal', 'enterprise') then perform api.broken('buyer_kind_unknown'); end if;
    if api.tidy(name) is null then perform api.broken('buyer_without_name'); end if;
    if code is null then
        if kind = 'enterprise' then perform api.broken('buyer_credit_code_missing', '{"clause": "GB 32100-2015"}'); end if;
        return;
    end if;
    select * into checked from api.check_credit_code(code);
    if checked.valid then return; end if;
    -- Numbers from before 2015 have 15 digits, temporary ones 20 characters: lawful, but somebody must say so.
    if code ~ '^[0-9]{15}$|^[0-9A-Z]{20}$' then
        if api.tidy(code_reason) is null then
            perform api.broken('buyer_code_reason_missing', jsonb_build_object('clause', 'GB 32100-2015', 'length', length(code)));
        end if;
        return;
    end if;
    perform api.broken('buyer_credit_code_invalid',
        jsonb_build_object('clause', 'GB 32100-2015', 'reason', checked.reason, 'check_char', checked.check_char));
end $$;
comment on function api.check_buyer(text, text, text, text) is 'Refuses an invoice title that no invoice could be made out to.';

create function api.save_buyer(command_id uuid, customer_id bigint, kind text, name text, credit_code text default null,
    address text default null, phone text default null, bank text default null, account text default null, email text default null,
    code_reason text default null, buyer_id uuid default null) returns api.buyers
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk');
    saved_id uuid := coalesce(buyer_id, command_id);
    body jsonb := jsonb_build_object('customer_id', customer_id, 'kind', kind, 'name', name, 'credit_code', credit_code, 'address', address,
        'phone', phone, 'bank', bank, 'account', account, 'email', email, 'code_reason', code_reason, 'buyer_id', buyer_id);
    now_at timestamptz;
    next_version integer;
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'buyers.save', body) then
        now_at := api.clock();
        perform api.check_buyer(kind, name, credit_code, code_reason);
        perform api.check_glyphs(name, credit_code, address, phone, bank, account);
        if buyer_id is not null and not exists (
            select 1 from book.buyers b where b.id = save_buyer.buyer_id and b.customer_id = save_buyer.customer_id) then
            perform api.broken('buyer_unknown');
        end if;
        select coalesce(max(b.version), 0) + 1 into next_version from book.buyers b where b.id = saved_id;
        insert into book.buyers (id, version, customer_id, kind, name, credit_code, code_reason, address, phone, bank, account, email, saved_at, saved_by)
        values (saved_id, next_version, customer_id, kind, api.tidy(normalize(name, NFC)), api.plain_code(credit_code), api.tidy(code_reason),
                api.tidy(address), api.tidy(phone), api.tidy(bank), api.tidy(account), api.tidy(email),
                now_at, actor);
        perform api.record_event(command_id, 'buyers.save', actor, now_at, 'buyer', saved_id::text, customer_id, body,
            jsonb_build_object('version', next_version, 'kind', kind));
    end if;
    return (select b from api.buyers b where b.id = saved_id);
end $$;
comment on function api.save_buyer(uuid, bigint, text, text, text, text, text, text, text, text, text, uuid) is
    'buyers.save: Keeps an invoice title of a customer as a new version. A company needs a valid credit code (GB 32100-2015); an older number needs a reason.';

create type api.credit_code_check as (valid boolean, reason text, check_char text);
comment on type api.credit_code_check is 'What a look at a credit code says while it is typed.';
comment on column api.credit_code_check.reason is '?{{"LENGTH" | "CHARSET" | "CHECK_DIGIT"}} what is wrong';
comment on column api.credit_code_check.check_char is '?the check character that the first seventeen ask for';
create function api.look_at_credit_code(code text) returns api.credit_code_check
language sql stable security definer set search_path = '' as $$
    select row(c.valid, c.reason, c.check_char)::api.credit_code_check from (select api.reader()) r, api.check_credit_code(code) c
$$;
comment on function api.look_at_credit_code(text) is 'buyers.check_code: Checks a credit code as it is typed (GB 32100-2015).';

grant execute on function api.list_buyers(bigint), api.look_at_credit_code(text),
    api.save_buyer(uuid, bigint, text, text, text, text, text, text, text, text, text, uuid) to kontor_people;
