-- payout files: a batch of instructions in the provider's own layout, and the same instructions for any other program.
-- Composed when the batch is exported and kept with their hash: what somebody uploads later is what was released then.

create function api.plain_cell(cell text, said jsonb) returns text language plpgsql immutable security definer set search_path = '' as $$
begin
    -- Neither provider knows quotes; these characters part fields and lines, at Alipay the parts of a refund too.
    if cell ~ E'[,"\r\n\t^|#$]' then perform api.broken('payout_field_breaks_file', said); end if;
    return coalesce(cell, '');
end $$;
comment on function api.plain_cell(text, jsonb) is 'A field of a provider''s file as it is, or refused where it would part the line.';

create function api.guarded_cell(cell text) returns text language sql immutable security definer set search_path = '' as $$
    select case when c.v ~ '[,"\r\n]' then '"' || replace(c.v, '"', '""') || '"' else c.v end
    from (select case when cell ~ E'^[=+@\t\r-]' then '''' || cell else coalesce(cell, '') end as v) c
$$;
comment on function api.guarded_cell(text) is 'A field of a CSV file: quoted where it must be, and never a formula in a spreadsheet (rules 6.4).';

create function api.provider_file(batch book.payout_batches) returns bytea language plpgsql stable security definer set search_path = '' as $$
declare columns jsonb := api.policy('payout_columns', batch.exported_at, batch.channel); reasons jsonb := api.policy('payout_reasons', batch.exported_at, batch.channel);
    heading text := api.policy('payout_heading', batch.exported_at, batch.channel) #>> '{}'; encoding text := api.policy('payout_encoding', batch.exported_at, batch.channel) #>> '{}';
    on_day text := to_char(batch.exported_at at time zone 'Asia/Shanghai', 'YYYYMMDD'); lines text[] := '{}';
begin
    -- The provider's rule for a batch number: the day, then letters and digits of our own.
    if heading = 'batch' then
        lines := array['退款批次号,退款日期,总笔数,总金额（元）', concat_ws(',', on_day || regexp_replace(batch.number, '[^A-Za-z0-9]', '', 'g'), on_day, batch.leg_count, batch.amount)];
    end if;
    if heading <> 'none' then
        lines := lines || (select string_agg(api.plain_cell(c.value ->> 0, '{}'), ',' order by c.place) from jsonb_array_elements(columns) with ordinality c (value, place));
    end if;
    lines := lines || array(
        select (select string_agg(api.plain_cell(f.fields ->> (c.value ->> 1), jsonb_build_object('refund_no', l.refund_no, 'field', c.value ->> 0)), ',' order by c.place)
                from jsonb_array_elements(columns) with ordinality c (value, place))
        from book.payout_batch_legs l cross join lateral (select jsonb_build_object('order_no', l.order_no, 'provider_no', l.provider_no, 'refund_no', l.refund_no, 'order_amount', l.order_amount, 'amount', l.amount,
                 'reason', reasons ->> case when exists (select from book.refund_legs r where r.refund_no = l.refund_no) then 'refund' else 'repayment' end) as fields) f
        where l.batch_id = batch.id order by l.place);
    return convert_to(array_to_string(lines, E'\r\n') || E'\r\n', encoding::name);
exception when untranslatable_character then
    perform api.broken('payout_field_breaks_file', jsonb_build_object('field', encoding));
    return null;
end $$;
comment on function api.provider_file(book.payout_batches) is
    'The file that the provider takes: its own columns, heading and encoding (data of policy, because they are contracts), one line for each instruction under our refund number.';

create function api.neutral_file(batch book.payout_batches) returns bytea language sql stable security definer set search_path = '' as $$
    select convert_to(E'\ufeff' || 'batch_no,place,refund_no,kind,case_no,customer_ref,customer,channel,order_no,provider_no,order_amount,amount,currency,reason,instructed_at,released_by,exported_at,exported_by' || E'\r\n'
        || string_agg(array_to_string(array(select api.guarded_cell(v.cell) from unnest(array[batch.number, l.place::text, l.refund_no, k.kind, k.case_no, c.ref, api.shown_name(c), batch.channel, l.order_no, l.provider_no,
               l.order_amount::text, l.amount::text, 'CNY', api.policy('payout_reasons', batch.exported_at, batch.channel) ->> k.kind, api.instant_text(k.instructed_at), api.login_of(k.released_by),
               api.instant_text(batch.exported_at), api.login_of(batch.exported_by)]) with ordinality v (cell, place) order by v.place), ',') || E'\r\n', '' order by l.place), 'UTF8')
    from book.payout_batch_legs l join book.customers c on c.id = l.customer_id
         join lateral (select 'refund' as kind, f.number as case_no, g.instructed_at, f.released_by from book.refund_legs g join book.refunds f on f.id = g.refund_id where g.refund_no = l.refund_no
                       union all select 'repayment', d.number, g.instructed_at, p.released_by from book.repayment_legs g join book.repayments p on p.id = g.repayment_id join book.disputes d on d.id = p.dispute_id where g.refund_no = l.refund_no
                       limit 1) k on true
    where l.batch_id = batch.id
$$;
comment on function api.neutral_file(book.payout_batches) is 'The same instructions with every field that we have, as CSV for any program: UTF-8, names masked, no formulas.';

create function api.keep_payout_files(wanted uuid) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into book.payout_files (batch_id, kind, file_name, content, sha256)
    select b.id, f.kind, f.file_name, f.content, sha256(f.content)
    from book.payout_batches b cross join lateral (values
        ('provider', b.number || '-' || b.channel || case when api.policy('payout_heading', b.exported_at, b.channel) #>> '{}' = 'none' then '.txt' else '.csv' end, api.provider_file(b)),
        ('csv', b.number || '-list.csv', api.neutral_file(b))) f (kind, file_name, content)
    where b.id = wanted and not exists (select from book.payout_files p where p.batch_id = b.id and p.kind = f.kind);
end $$;
comment on function api.keep_payout_files(uuid) is 'Composes both files of a batch once and keeps them.';

create type api.payout_document as (batch_id uuid, kind text, file_name text, sha256 text, content text);
comment on column api.payout_document.kind is '{{"provider" | "csv"}}';
comment on column api.payout_document.content is 'the bytes as hexadecimal digits: a provider''s file is not always in our encoding';

create function api.take_payout_file(command_id uuid, batch_id uuid, kind text default 'provider') returns api.payout_document language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant', 'supervisor', 'auditor'); batch book.payout_batches; answer api.payout_document; body jsonb := jsonb_build_object('batch_id', batch_id, 'kind', kind);
begin
    select b.* into batch from book.payout_batches b where b.id = batch_id;
    if not found then perform api.broken('payout_batch_unknown'); end if;
    if kind not in ('provider', 'csv') then perform api.broken('payout_file_kind_unknown'); end if;
    if not api.repeated(command_id, 'payouts.take_file', body) then
        -- A file that is void must not reach a provider any more; as a list it may be looked at.
        if batch.status = 'cancelled' and kind = 'provider' then perform api.broken('payout_batch_status', jsonb_build_object('status', batch.status)); end if;
        -- A batch from before files were kept.
        perform api.keep_payout_files(batch.id);
        perform api.record_event(command_id, 'payouts.take_file', actor, api.clock(), 'payout_batch', batch.id::text, null, body, jsonb_build_object('number', batch.number, 'kind', kind,
            'sha256', (select encode(f.sha256, 'hex') from book.payout_files f where f.batch_id = batch.id and f.kind = take_payout_file.kind)));
    end if;
    select f.batch_id, f.kind, f.file_name, encode(f.sha256, 'hex'), encode(f.content, 'hex') into answer from book.payout_files f where f.batch_id = batch.id and f.kind = take_payout_file.kind;
    return answer;
end $$;
comment on function api.take_payout_file(uuid, uuid, text) is 'payouts.take_file: One of the two files of a batch, byte for byte as it was exported: the provider''s for uploading, or the CSV. Who took it is on record (rules 6.3).';
grant execute on function api.take_payout_file(uuid, uuid, text) to kontor_people;
