-- imports: files come in whole or not at all. Rows are staged in chunks, then posted in one call.

create view api.imports as
select i.id, i.kind, i.file_name, encode(i.file_sha256, 'hex') as file_sha256, i.status, i.totals, i.rows_staged, i.rows_posted, i.rows_repeated, i.rows_excepted,
       api.login_of(i.begun_by) as begun_by, i.begun_at, i.posted_at,
       i.status = 'discarded' and exists (select 1 from book.imports o where o.kind = i.kind and o.file_sha256 = i.file_sha256 and o.status = 'posted') as repeated
from book.imports i;
comment on column api.imports.posted_at is '? when its rows were booked';
comment on column api.imports.totals is '{{Record<string, string | number | null>}} what the file says of itself';
comment on column api.imports.repeated is 'the same bytes were posted before: nothing was done';

create function api.begin_import(command_id uuid, kind text, file_name text, file_sha256 text, totals jsonb) returns api.imports
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'platform'); at timestamptz; answer api.imports; hash bytea := decode(file_sha256, 'hex');
    body jsonb := jsonb_build_object('kind', kind, 'file_name', file_name, 'file_sha256', file_sha256, 'totals', totals);
begin
    if not api.repeated(command_id, 'imports.begin', body) then
        at := api.clock();
        insert into book.imports (id, kind, file_name, file_sha256, totals, begun_by, begun_at, status)
        values (command_id, kind, left(file_name, 200), hash, totals, actor, at,
                case when exists (select 1 from book.imports o where o.kind = begin_import.kind and o.file_sha256 = hash and o.status = 'posted') then 'discarded' else 'staged' end);
        perform api.record_event(command_id, 'imports.begin', actor, at, 'import', command_id::text, null, body, jsonb_build_object('kind', kind));
    end if;
    select i.* into answer from api.imports i where i.id = command_id;
    return answer;
end $$;
comment on function api.begin_import(uuid, text, text, text, jsonb) is 'imports.begin: Announces a file by the hash of its bytes. Bytes that were posted before answer as repeated, and nothing more is to be done.';
grant execute on function api.begin_import(uuid, text, text, text, jsonb) to kontor_people;

create function api.stage_import(import_id uuid, chunk_no integer, rows jsonb) returns api.imports language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'platform'); file book.imports; answer api.imports;
begin
    select i.* into file from book.imports i where i.id = import_id for update;
    if not found then perform api.broken('import_unknown'); end if;
    if file.status <> 'staged' then perform api.broken('import_not_staged'); end if;
    if file.begun_by <> actor then perform api.broken('import_begun_by_another'); end if;
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 5000 then perform api.broken('batch_too_large', '{"maximum": 5000}'); end if;
    insert into book.import_rows (import_id, chunk, rows) values (import_id, chunk_no, rows) on conflict do nothing;
    if found then
        update book.imports i set rows_staged = i.rows_staged + jsonb_array_length(rows) where i.id = import_id;
    elsif (select r.rows from book.import_rows r where r.import_id = stage_import.import_id and r.chunk = chunk_no) <> rows then
        perform api.broken('id_already_used');
    end if;
    select i.* into answer from api.imports i where i.id = import_id;
    return answer;
end $$;
comment on function api.stage_import(uuid, integer, jsonb) is 'imports.stage: Up to 5,000 rows of a file; the same chunk again is a no-op. Nothing is booked yet.';
grant execute on function api.stage_import(uuid, integer, jsonb) to kontor_people;

create function api.post_import(command_id uuid, import_id uuid) returns api.imports language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'platform'); at timestamptz; file book.imports; counts api.posting_counts; all_rows jsonb; answer api.imports;
    body jsonb := jsonb_build_object('import_id', import_id);
begin
    -- Everyone who holds the same bytes meets here: the first posts them, the others find them posted.
    perform 1 from book.imports i where (i.kind, i.file_sha256) = (select o.kind, o.file_sha256 from book.imports o where o.id = post_import.import_id) order by i.id for update;
    select i.* into file from book.imports i where i.id = import_id;
    if not found then perform api.broken('import_unknown'); end if;
    if not api.repeated(command_id, 'imports.post', body) and file.status = 'staged'
       and exists (select 1 from book.imports o where o.kind = file.kind and o.file_sha256 = file.file_sha256 and o.status = 'posted') then
        update book.imports i set status = 'discarded' where i.id = post_import.import_id;
        perform api.record_event(command_id, 'imports.post', actor, api.clock(), 'import', import_id::text, null, body, jsonb_build_object('kind', file.kind, 'posted', 0));
    elsif not api.repeated(command_id, 'imports.post', body) then
        if file.status <> 'staged' then perform api.broken('import_not_staged'); end if;
        if file.begun_by <> actor then perform api.broken('import_begun_by_another'); end if;
        if (file.totals ->> 'row_count')::integer is distinct from file.rows_staged then
            perform api.broken('import_incomplete', jsonb_build_object('expected', file.totals -> 'row_count', 'staged', file.rows_staged));
        end if;
        at := api.clock();
        select coalesce(jsonb_agg(e.value order by r.chunk, e.n), '[]') into all_rows
        from book.import_rows r, jsonb_array_elements(r.rows) with ordinality e (value, n) where r.import_id = post_import.import_id;
        counts := case file.kind
            when 'orders' then api.post_recharge_rows(all_rows, import_id, actor, at)
            when 'usage' then api.post_usage_rows(all_rows, import_id, actor, at)
            else api.post_statement_rows(all_rows, file, actor, at) end;
        update book.imports i set status = 'posted', posted_at = at, rows_posted = counts.posted, rows_repeated = counts.repeated, rows_excepted = coalesce(counts.excepted, 0)
        where i.id = import_id;
        perform api.record_event(command_id, 'imports.post', actor, at, 'import', import_id::text, null, body,
            jsonb_build_object('kind', file.kind, 'posted', counts.posted, 'repeated', counts.repeated, 'exceptions', coalesce(counts.excepted, 0)));
        perform api.tend();
    end if;
    select i.* into answer from api.imports i where i.id = post_import.import_id;
    return answer;
end $$;
comment on function api.post_import(uuid, uuid) is 'imports.post: Books every staged row of a file in one transaction, or none.';
grant execute on function api.post_import(uuid, uuid) to kontor_people;

create function api.discard_import(command_id uuid, import_id uuid) returns api.imports language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'platform'); answer api.imports; body jsonb := jsonb_build_object('import_id', import_id); file book.imports;
begin
    select i.* into file from book.imports i where i.id = import_id for update;
    if not found then perform api.broken('import_unknown'); end if;
    if not api.repeated(command_id, 'imports.discard', body) then
        if file.status <> 'staged' then perform api.broken('import_not_staged'); end if;
        update book.imports i set status = 'discarded' where i.id = import_id;
        perform api.record_event(command_id, 'imports.discard', actor, api.clock(), 'import', import_id::text, null, body);
    end if;
    select i.* into answer from api.imports i where i.id = discard_import.import_id;
    return answer;
end $$;
comment on function api.discard_import(uuid, uuid) is 'imports.discard: Gives up a file that was staged and not posted, as after a cancel.';
grant execute on function api.discard_import(uuid, uuid) to kontor_people;

create function api.list_imports(before timestamptz default null, maximum integer default 100) returns setof api.imports language sql stable security definer set search_path = '' as $$
    select i.* from api.imports i where api.reader() is not null and (before is null or i.begun_at < before) order by i.begun_at desc, i.id limit least(maximum, 500)
$$;
comment on function api.list_imports(timestamptz, integer) is 'imports.list: Files read, newest first.';
grant execute on function api.list_imports(timestamptz, integer) to kontor_people;

-- ── Statements: the provider's paper confirms the platform's ──────────────────────────────────────────────────

create function api.post_statement_rows(rows jsonb, file book.imports, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts; paid_by text := replace(file.kind, 'statement_', ''); fees numeric; stray record; journal bigint; back record;
begin
    create temporary table if not exists pg_temp.new_rows (id bigint, kind text, order_no text, provider_no text, refund_no text, occurred_at timestamptz,
        gross numeric, fee numeric, line integer, recharge_id bigint, verdict text) on commit delete rows;
    delete from pg_temp.new_rows;
    with told as (
        insert into book.statement_rows (import_id, line, channel, kind, order_no, provider_no, refund_no, occurred_at, gross, fee, net, counterparty, description)
        select file.id, r.line, paid_by, r.kind, nullif(r.order_no, ''), r.provider_no, nullif(r.refund_no, ''), r.occurred_at, r.gross, r.fee, r.net, r.counterparty, r.description
        from jsonb_to_recordset(rows) r (line integer, kind text, order_no text, provider_no text, refund_no text, occurred_at timestamptz, gross numeric, fee numeric, net numeric, counterparty text, description text)
        on conflict do nothing returning *)
    insert into pg_temp.new_rows select t.id, t.kind, t.order_no, t.provider_no, t.refund_no, t.occurred_at, t.gross, t.fee, t.line from told t;
    counts.repeated := jsonb_array_length(rows) - (select count(*) from pg_temp.new_rows);

    -- Customers ascending, before any of their lots: the order of every other action.
    perform 1 from book.customers c where c.id in (
        select r.customer_id from book.recharges r join pg_temp.new_rows n on n.order_no = r.order_no
        union select f.customer_id from book.refund_legs l join book.refunds f on f.id = l.refund_id join pg_temp.new_rows n on n.refund_no = l.refund_no) order by c.id for update;
    update pg_temp.new_rows n set recharge_id = r.id, verdict = case
        when r.principal <> n.gross or r.channel <> paid_by then 'amount_differs'
        when r.provider_no is not null and r.provider_no <> n.provider_no then 'order_differs'
        when r.confirmed_at is not null or n.id <> (select min(m.id) from pg_temp.new_rows m where m.kind = 'payment' and m.order_no = n.order_no and m.gross = r.principal
                                                     and (r.provider_no is null or m.provider_no = r.provider_no)) then 'payment_without_order'
        else 'matched' end
    from book.recharges r where n.kind = 'payment' and r.order_no = n.order_no;
    update pg_temp.new_rows n set verdict = 'payment_without_order' where n.kind = 'payment' and n.verdict is null;

    update book.recharges r set confirmed_at = at, provider_no = n.provider_no from pg_temp.new_rows n where n.verdict = 'matched' and r.id = n.recharge_id;
    update book.statement_rows s set recharge_id = n.recharge_id from pg_temp.new_rows n where n.verdict = 'matched' and s.id = n.id;
    update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'payment_arrived', proposed_at = null, proposed_by = null
    from pg_temp.new_rows n where n.verdict = 'matched' and x.kind = 'order_without_payment' and x.order_no = n.order_no and x.resolved_at is null;

    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount, amount_expected, import_id, line, happened_at, opened_at)
    select n.verdict, paid_by, n.order_no, n.provider_no, r.customer_id, n.gross, r.principal, file.id, n.line, n.occurred_at, at
    from pg_temp.new_rows n left join book.recharges r on r.id = n.recharge_id
    where n.verdict in ('payment_without_order', 'amount_differs', 'order_differs') order by n.id;
    for stray in select n.* from pg_temp.new_rows n where n.verdict = 'payment_without_order' order by n.id loop
        perform api.post_journal('suspense', null, stray.occurred_at, at, actor, 'statement_row', stray.id::text,
            array[paid_by || '_clearing', 'suspense'], array['CNY', 'CNY'], array[stray.gross, -stray.gross], 'RA 3.1');
    end loop;

    for back in select n.* from pg_temp.new_rows n where n.kind = 'refund' order by n.id loop
        if not api.confirm_refund_row(back.id, back.refund_no, -back.gross, back.occurred_at, paid_by, actor, at)
           and not api.confirm_repayment_row(back.id, back.refund_no, -back.gross, back.occurred_at, paid_by, actor, at) then
            insert into book.exceptions (kind, channel, order_no, provider_no, amount, import_id, line, happened_at, opened_at)
            values (case when exists (select 1 from book.refund_legs l where l.refund_no = back.refund_no and l.amount_net <> -back.gross) then 'refund_amount_differs' else 'refund_without_instruction' end, paid_by, back.order_no, back.provider_no, back.gross, file.id, back.line, back.occurred_at, at);
            update pg_temp.new_rows n set verdict = 'refund_without_instruction' where n.id = back.id;
        end if;
    end loop;

    select sum(n.fee) into fees from pg_temp.new_rows n;
    perform api.post_journal('provider_fee', null, coalesce((file.totals ->> 'to')::timestamptz, at), at, actor, 'import', file.id::text,
        array['provider_fees', paid_by || '_clearing'], array['CNY', 'CNY'], array[fees, -fees], null, 'fees of the statement');

    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount_expected, import_id, happened_at, opened_at)
    select 'order_without_payment', r.channel, r.order_no, r.provider_no, r.customer_id, r.principal, file.id, r.paid_at, at
    from book.recharges r
    where r.channel = paid_by and r.confirmed_at is null and r.parent_id is null
      and r.paid_at >= (file.totals ->> 'from')::timestamptz and r.paid_at < (file.totals ->> 'to')::timestamptz
      and not exists (select 1 from book.exceptions x where x.order_no = r.order_no and x.kind in ('order_without_payment', 'amount_differs', 'order_differs') and x.resolved_at is null);
    select count(*) filter (where n.verdict is null or n.verdict = 'matched'), count(*) filter (where n.verdict <> 'matched') into counts.posted, counts.excepted from pg_temp.new_rows n;
    counts.excepted := counts.excepted + (select count(*) from book.exceptions x where x.import_id = file.id and x.kind = 'order_without_payment');
    return counts;
end $$;
comment on function api.post_statement_rows(jsonb, book.imports, integer, timestamptz) is
    'Matches a statement''s rows to orders and refund instructions by number and amount. A payment without an order goes to suspense; differences and missing payments become exceptions; fees are booked once for the file.';

-- ── Exceptions ─────────────────────────────────────────────────────────────────────────────────────────────────

create view api.exceptions as
select x.id, x.kind, x.channel, x.order_no, x.provider_no, x.customer_id, api.shown_name(c) as customer_name, x.amount, x.amount_expected, x.import_id, i.file_name,
       x.line, x.happened_at, x.opened_at, x.proposed_at, api.login_of(x.proposed_by) as proposed_by, x.resolved_at, api.login_of(x.resolved_by) as resolved_by, x.resolution,
       (select o.order_no from book.exceptions o where x.kind = 'payment_without_order' and o.order_no = x.order_no and o.id <> x.id and o.resolved_at is null limit 1) as belongs_to_order
from book.exceptions x left join book.customers c on c.id = x.customer_id left join book.imports i on i.id = x.import_id;
comment on column api.exceptions.channel is '? alipay or wechat';
comment on column api.exceptions.order_no is '? the platform''s order';
comment on column api.exceptions.provider_no is '? the provider''s number';
comment on column api.exceptions.customer_id is '? if known';
comment on column api.exceptions.customer_name is '? masked';
comment on column api.exceptions.amount is '? as the paper says';
comment on column api.exceptions.amount_expected is '? as the books say';
comment on column api.exceptions.import_id is '? the file';
comment on column api.exceptions.file_name is '? the file';
comment on column api.exceptions.line is '? line in the file';
comment on column api.exceptions.happened_at is '? instant on the paper';
comment on column api.exceptions.proposed_at is '? when an accountant proposed to settle it';
comment on column api.exceptions.proposed_by is '? who proposed it; an approver confirms';
comment on column api.exceptions.resolved_at is '? when it was settled';
comment on column api.exceptions.resolved_by is '? by whom';
comment on column api.exceptions.resolution is '? how';
comment on column api.exceptions.belongs_to_order is '? the order that waits for this payment, and why is its own exception';

create function api.list_exceptions(only_open boolean default true, wanted_kind text default null, before bigint default null, maximum integer default 200) returns setof api.exceptions
language sql stable security definer set search_path = '' as $$
    select x.* from api.exceptions x where api.reader() is not null and (not only_open or x.resolved_at is null)
      and (wanted_kind is null or x.kind = wanted_kind) and (before is null or x.id < before)
    order by x.id desc limit least(maximum, 500)
$$;
comment on function api.list_exceptions(boolean, text, bigint, integer) is 'exceptions.list: What could not be booked or matched, newest first.';
grant execute on function api.list_exceptions(boolean, text, bigint, integer) to kontor_people;

create function api.resolve_exception(command_id uuid, exception_id bigint, resolution text) returns api.exceptions language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; item book.exceptions; answer api.exceptions; counts api.posting_counts;
    body jsonb := jsonb_build_object('exception_id', exception_id, 'resolution', resolution);
begin
    select x.* into item from book.exceptions x where x.id = exception_id for update;
    if not found then perform api.broken('exception_unknown'); end if;
    if not api.repeated(command_id, 'exceptions.resolve', body) then
        at := api.clock();
        if item.resolved_at is not null then perform api.broken('exception_already_resolved'); end if;
        if item.proposed_at is not null then perform api.broken('exception_already_proposed'); end if;
        if btrim(coalesce(resolution, '')) = '' then perform api.broken('exception_without_resolution'); end if;
        if item.kind = 'payment_without_order' and exists (select 1 from book.exceptions x where x.order_no = item.order_no and x.id <> item.id and x.resolved_at is null) then
            perform api.broken('suspense_needs_its_order');
        end if;
        if item.kind = 'usage_customer_unknown' then
            counts := api.post_usage_rows(jsonb_build_array(item.source_row), item.import_id, actor, at);
            if counts.posted + counts.repeated = 0 then perform api.broken('usage_customer_unknown'); end if;
        elsif item.kind in ('recharge_not_verified', 'agreement_unknown', 'activity_unknown', 'recharge_below_minimum') then
            -- Tried again with what the books know today: credited if it passes, refused again if not.
            counts := api.post_recharge_rows(jsonb_build_array(item.source_row || coalesce((select jsonb_build_object('real_name_verified', c.real_name_verified) from book.customers c where c.id = item.customer_id), '{}')), item.import_id, actor, at);
            if counts.posted = 0 and item.kind = 'recharge_not_verified' then perform api.broken('recharge_not_verified', '{"clause": "RA 3.1"}'); end if;
            if counts.posted + counts.repeated = 0 then perform api.broken('exception_still_stands', jsonb_build_object('kind', item.kind)); end if;
        end if;
        if item.kind in ('payment_without_order', 'amount_differs', 'order_differs', 'order_without_payment', 'refund_without_instruction', 'refund_amount_differs') then
            -- A difference in money is written off by two people (rules 6.1).
            update book.exceptions x set proposed_at = at, proposed_by = actor, resolution = resolve_exception.resolution where x.id = exception_id;
        else
            update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = resolve_exception.resolution where x.id = exception_id and x.resolved_at is null;
        end if;
        perform api.record_event(command_id, 'exceptions.resolve', actor, at, 'exception', exception_id::text, item.customer_id, body, jsonb_build_object('kind', item.kind));
    end if;
    select x.* into answer from api.exceptions x where x.id = exception_id;
    return answer;
end $$;
comment on function api.resolve_exception(uuid, bigint, text) is 'exceptions.resolve: An accountant settles an exception in words. A difference in money only becomes a proposal that an approver confirms (rules 6.1). Money in suspense waits for its order, or goes back to its payer by two people; what was refused is tried again.';
grant execute on function api.resolve_exception(uuid, bigint, text) to kontor_people;

create function api.confirm_exception(command_id uuid, exception_id bigint) returns api.exceptions language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; item book.exceptions; answer api.exceptions; body jsonb := jsonb_build_object('exception_id', exception_id);
begin
    select x.* into item from book.exceptions x where x.id = exception_id for update;
    if not found then perform api.broken('exception_unknown'); end if;
    if not api.repeated(command_id, 'exceptions.confirm', body) then
        at := api.clock();
        if item.resolved_at is not null then perform api.broken('exception_already_resolved'); end if;
        if item.proposed_at is null then perform api.broken('exception_not_proposed'); end if;
        if item.proposed_by = actor then perform api.broken('exception_settled_by_proposer'); end if;
        update book.exceptions x set resolved_at = at, resolved_by = actor where x.id = exception_id;
        if item.kind = 'payment_without_order' then
            -- Nobody's order: the provider returns it to its payer, and it leaves suspense the way it came.
            perform api.post_journal('suspense_cleared', null, at, at, actor, 'exception', exception_id::text, array['suspense', item.channel || '_clearing'], array['CNY', 'CNY'], array[item.amount, -item.amount], 'RA 3.1');
        end if;
        perform api.record_event(command_id, 'exceptions.confirm', actor, at, 'exception', exception_id::text, item.customer_id, body, jsonb_build_object('kind', item.kind));
    end if;
    select x.* into answer from api.exceptions x where x.id = exception_id;
    return answer;
end $$;
comment on function api.confirm_exception(uuid, bigint) is 'exceptions.confirm: An approver, not the proposer, lets a difference in money be settled as proposed.';
grant execute on function api.confirm_exception(uuid, bigint) to kontor_people;

create function api.verify_customer(command_id uuid, customer_ref text, verified boolean) returns api.change language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); customer bigint; body jsonb := jsonb_build_object('customer_ref', customer_ref, 'verified', verified);
begin
    select c.id into customer from book.customers c where c.ref = customer_ref;
    perform api.lock_customer(customer);
    if not api.repeated(command_id, 'customers.verify', body) then
        update book.customers c set real_name_verified = verified where c.id = customer;
        perform api.record_event(command_id, 'customers.verify', actor, api.clock(), 'customer', customer::text, customer, body, body - 'customer_ref');
    end if;
    return api.changes_since(0);
end $$;
comment on function api.verify_customer(uuid, text, boolean) is 'customers.verify: The platform tells whether an account holder has passed the real-name check (RA 3.1).';
grant execute on function api.verify_customer(uuid, text, boolean) to kontor_people;
