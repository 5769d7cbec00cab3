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
declare actor integer := api.actor('accountant', 'platform'); at timestamptz; answer api.imports; hash bytea := case when file_sha256 ~* '^([0-9a-f]{2}){1,32}$' then decode(file_sha256, 'hex') end;
    body jsonb := jsonb_build_object('kind', kind, 'file_name', file_name, 'file_sha256', file_sha256, 'totals', totals);
begin
    if hash is null then perform api.broken('argument_invalid', '{"argument": "file_sha256"}'); end if;
    if not api.repeated(command_id, 'imports.begin', body) then
        at := api.clock();
        insert into book.imports (id, kind, file_name, file_sha256, totals, covers_from, covers_until, begun_by, begun_at, status)
        values (command_id, kind, left(file_name, 200), hash, totals, (totals ->> 'from')::timestamptz, (totals ->> 'to')::timestamptz, actor, at,
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
            when 'statement_stripe' then api.post_stripe_rows(all_rows, file, actor, at)
            when 'campaign_members' then api.record_campaign_rows(file.kind, all_rows, import_id, actor, at)
            when 'campaign_touches' then api.record_campaign_rows(file.kind, all_rows, import_id, actor, at)
            when 'campaign_orders' then api.record_campaign_rows(file.kind, all_rows, import_id, actor, at)
            when 'campaign_refunds' then api.record_campaign_rows(file.kind, all_rows, import_id, actor, at)
            else api.post_statement_rows(all_rows, file, actor, at) end;
        update book.imports i set status = 'posted', posted_at = at, rows_posted = counts.posted, rows_repeated = counts.repeated, rows_excepted = coalesce(counts.excepted, 0)
        where i.id = import_id;
        perform api.record_event(command_id, 'imports.post', actor, at, 'import', import_id::text, null, body,
            jsonb_build_object('kind', file.kind, 'posted', counts.posted, 'repeated', counts.repeated, 'exceptions', coalesce(counts.excepted, 0)));
        perform api.expire_gifts(actor, at);
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

create function api.list_imports(before timestamptz default null, maximum integer default 100, before_id uuid default null) returns setof api.imports language sql stable security definer set search_path = '' as $$
    select i.* from api.imports i where api.reader() is not null and (before is null or i.begun_at < before or i.begun_at = before and i.id < before_id) order by i.begun_at desc, i.id desc limit least(maximum, 500)
$$;
comment on function api.list_imports(timestamptz, integer, uuid) is 'imports.list: Files read, newest first.';
grant execute on function api.list_imports(timestamptz, integer, uuid) to kontor_people;

-- ── Statements: the provider's paper confirms the platform's ──────────────────────────────────────────────────

create function api.post_statement_rows(rows jsonb, file book.imports, actor integer, at timestamptz) returns api.posting_counts
language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts; paid_by text := replace(file.kind, 'statement_', ''); fees numeric; stray record; journal bigint; back record;
begin
    create temporary table if not exists pg_temp.new_rows (id bigint, kind text, order_no text, provider_no text, refund_no text, occurred_at timestamptz,
        gross numeric, fee numeric, line integer, recharge_id bigint, verdict text) on commit delete rows;
    -- Each payment is held against the others of its order: without the index, against every row of the file.
    create index if not exists new_rows_of_an_order on pg_temp.new_rows (order_no);
    delete from pg_temp.new_rows;
    with told as (
        insert into book.statement_rows (import_id, line, channel, kind, order_no, provider_no, refund_no, occurred_at, gross, fee, net, counterparty, description)
        select file.id, r.line, paid_by, r.kind, nullif(r.order_no, ''), r.provider_no, nullif(r.refund_no, ''), r.occurred_at, r.gross, r.fee, r.net, r.counterparty, r.description
        from jsonb_to_recordset(rows) r (line integer, kind text, order_no text, provider_no text, refund_no text, occurred_at timestamptz, gross numeric, fee numeric, net numeric, counterparty text, description text)
        on conflict do nothing returning *)
    insert into pg_temp.new_rows select t.id, t.kind, t.order_no, t.provider_no, t.refund_no, t.occurred_at, t.gross, t.fee, t.line from told t;
    analyze pg_temp.new_rows;
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
    from book.recharges r where n.kind = 'payment' and r.order_no = n.order_no and r.reversed_by is null;
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
        perform api.post_journal('suspense', null, api.postable_at(stray.occurred_at, actor, at), at, actor, 'statement_row', stray.id::text,
            array[paid_by || '_clearing', 'suspense'], array['CNY', 'CNY'], array[stray.gross, -stray.gross], 'RA 3.1');
    end loop;

    for back in select n.* from pg_temp.new_rows n where n.kind = 'refund' order by n.id loop
        if not api.confirm_refund_row(back.id, back.refund_no, -back.gross, back.occurred_at, paid_by, actor, at)
           and not api.confirm_repayment_row(back.id, back.refund_no, -back.gross, back.occurred_at, paid_by, actor, at) then
            insert into book.exceptions (kind, channel, order_no, provider_no, amount, import_id, line, happened_at, opened_at)
            values (case when exists (select 1 from book.refund_legs l where l.refund_no = back.refund_no and l.amount_net <> -back.gross) then 'refund_amount_differs' else 'refund_without_instruction' end, paid_by, back.order_no, back.provider_no, back.gross, file.id, back.line, back.occurred_at, at);
            update pg_temp.new_rows n set verdict = 'refund_without_instruction' where n.id = back.id;
        end if;
        -- What the provider gives back of its fee belongs to this refund, and is seen beside it.
        perform api.post_journal('provider_fee', null, api.postable_at(back.occurred_at, actor, at), at, actor, 'statement_row', back.id::text,
            array['provider_fees', paid_by || '_clearing'], array['CNY', 'CNY'], array[back.fee, -back.fee], null, 'fee returned with a refund');
    end loop;

    select coalesce(sum(n.fee), 0) into fees from pg_temp.new_rows n where n.kind <> 'refund';
    perform api.post_journal('provider_fee', null, api.postable_at(coalesce((file.totals ->> 'to')::timestamptz, at), actor, at), at, actor, 'import', file.id::text,
        array['provider_fees', paid_by || '_clearing'], array['CNY', 'CNY'], array[fees, -fees], null, 'fees of the statement');

    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount_expected, import_id, happened_at, opened_at)
    select 'order_without_payment', r.channel, r.order_no, r.provider_no, r.customer_id, r.principal, file.id, r.paid_at, at
    from book.recharges r
    where r.channel = paid_by and r.confirmed_at is null and r.parent_id is null and r.reversed_by is null
      and r.paid_at >= (file.totals ->> 'from')::timestamptz and r.paid_at < (file.totals ->> 'to')::timestamptz
      and not exists (select 1 from book.exceptions x where x.order_no = r.order_no and x.kind in ('order_without_payment', 'amount_differs', 'order_differs') and x.resolved_at is null);
    select count(*) filter (where n.verdict is null or n.verdict = 'matched'), count(*) filter (where n.verdict <> 'matched') into counts.posted, counts.excepted from pg_temp.new_rows n;
    counts.excepted := counts.excepted + (select count(*) from book.exceptions x where x.import_id = file.id and x.kind = 'order_without_payment');
    return counts;
end $$;
comment on function api.post_statement_rows(jsonb, book.imports, integer, timestamptz) is
    'Matches a statement''s rows to orders and refund instructions by number and amount. A payment without an order goes to suspense; differences and missing payments become exceptions; fees are booked once for the file, a fee returned with a refund by itself.';
