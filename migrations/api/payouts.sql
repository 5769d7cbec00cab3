-- payouts: the release board. Released legs of refunds and repayments leave in batches for each provider; the
-- provider's answers and its next statement say what became of each. Nothing here promises or approves money.

create function api.list_payout_legs() returns table (refund_no text, kind text, case_id uuid, case_number text, customer_id bigint, recharge_id bigint, channel text, order_no text, provider_no text,
    order_amount numeric, amount numeric, instructed_at timestamptz, released_by integer, closes_at timestamptz, failed boolean)
language sql stable security definer set search_path = '' as $$
    select l.refund_no, 'refund', f.id, f.number, f.customer_id, r.id, r.channel, o.order_no, coalesce(r.provider_no, o.provider_no), o.principal, l.amount_net, l.instructed_at, f.released_by,
           (api.refund_route(r.channel, r.paid_at, l.instructed_at)).closes_at, l.status = 'failed'
    from book.refund_legs l join book.refunds f on f.id = l.refund_id join book.recharges r on r.id = l.recharge_id join book.recharges o on o.id = coalesce(r.parent_id, r.id)
    where l.status in ('instructed', 'failed') and l.route = 'original'
    union all
    select g.refund_no, 'repayment', d.id, d.number, d.customer_id, r.id, g.channel, o.order_no, coalesce(r.provider_no, o.provider_no), o.principal, g.amount, g.instructed_at, p.released_by,
           (api.refund_route(r.channel, r.paid_at, g.instructed_at)).closes_at, false
    from book.repayment_legs g join book.repayments p on p.id = g.repayment_id join book.disputes d on d.id = p.dispute_id join book.recharges r on r.id = g.recharge_id join book.recharges o on o.id = coalesce(r.parent_id, r.id)
    where g.status = 'instructed' and g.route = 'original'
$$;
comment on function api.list_payout_legs() is 'Every instruction that a provider still has to carry out, of refunds (RA 9.1) and of repayments to third parties (RA 5.2). A child lot travels under the order that was paid.';

create function api.payout_state(leg record, at timestamptz) returns text language plpgsql stable security definer set search_path = '' as $$
declare carried record; last_left timestamptz; times integer;
begin
    select b.status, l.result into carried from book.payout_batch_legs l join book.payout_batches b on b.id = l.batch_id
    where l.refund_no = leg.refund_no and (l.result is null or l.result in ('accepted', 'unknown'));
    if found then return case when carried.result = 'accepted' then 'accepted' else carried.status end; end if;
    if exists (select from book.transfers t join book.refund_legs g on g.id = t.leg_id where g.refund_no = leg.refund_no and t.declined_at is null) then return 'by_transfer'; end if;
    if leg.failed then return 'failed'; end if;
    -- A notice stops what has not left yet; a repayment is the answer to that notice and goes (1.4, 1 and 2).
    if leg.kind = 'refund' and (api.payouts_stopped(leg.customer_id) is not null or api.is_locked(leg.customer_id)) then return 'stopped'; end if;
    -- An order over the whole account stops the repayment too (RA 5.3).
    if api.stopping_order(leg.customer_id) is not null then return 'stopped'; end if;
    if at > leg.closes_at then return 'window_closed'; end if;
    select count(*), max(b.exported_at) into times, last_left from book.payout_batch_legs l join book.payout_batches b on b.id = l.batch_id
    where l.provider_no = leg.provider_no and l.refund_no <> leg.refund_no and l.result is distinct from 'cancelled';
    if times >= (api.policy('refunds_of_one_order', at, leg.channel) #>> '{}')::integer then return 'too_many'; end if;
    if last_left > at - make_interval(secs => (api.policy('refund_spacing_seconds', at, leg.channel) #>> '{}')::integer) then return 'too_soon'; end if;
    return 'ready';
end $$;
comment on function api.payout_state(record, timestamptz) is
    'Where an instruction stands: ready, or why it may not leave now (a notice or lock, the provider''s window, its spacing between refunds of one order, its number of them: formats 1.4), or how far it has come.';

create function api.list_transfer_legs() returns table (refund_no text, kind text, case_id uuid, case_number text, customer_id bigint, recharge_id bigint, channel text, order_no text, provider_no text,
    order_amount numeric, amount numeric, instructed_at timestamptz, released_by integer, closes_at timestamptz, failed boolean)
language sql stable security definer set search_path = '' as $$
    select l.refund_no, 'refund', f.id, f.number, f.customer_id, r.id, 'bank', r.order_no, r.provider_no, r.principal, l.amount_net, l.instructed_at, f.released_by, null::timestamptz, l.status = 'failed'
    from book.refund_legs l join book.refunds f on f.id = l.refund_id join book.recharges r on r.id = l.recharge_id
    where l.status in ('instructed', 'failed') and (l.route = 'manual_transfer' or exists (select from book.transfers t where t.leg_id = l.id and t.declined_at is null))
    union all
    select g.refund_no, 'repayment', d.id, d.number, d.customer_id, r.id, 'bank', r.order_no, r.provider_no, r.principal, g.amount, g.instructed_at, p.released_by, null, false
    from book.repayment_legs g join book.repayments p on p.id = g.repayment_id join book.disputes d on d.id = p.dispute_id join book.recharges r on r.id = g.recharge_id
    where g.status = 'instructed' and g.route = 'manual_transfer'
$$;
comment on function api.list_transfer_legs() is 'Every instruction that leaves by bank (formats 1.5): past a provider''s window, or refused by it and planned as a transfer.';

create function api.transfer_state(leg record) returns text language plpgsql stable security definer set search_path = '' as $$
declare plan record;
begin
    if leg.kind = 'refund' and (api.payouts_stopped(leg.customer_id) is not null or api.is_locked(leg.customer_id)) or api.stopping_order(leg.customer_id) is not null then return 'stopped'; end if;
    -- A repayment's payee and account were approved with the repayment itself.
    if leg.kind = 'repayment' then return 'transfer_ready'; end if;
    select t.cleared_at into plan from book.transfers t join book.refund_legs l on l.id = t.leg_id where l.refund_no = leg.refund_no and t.declined_at is null;
    if not found then return 'transfer_unplanned'; end if;
    return case when plan.cleared_at is null then 'transfer_in_approval' else 'transfer_ready' end;
end $$;
comment on function api.transfer_state(record) is 'Where a transfer stands: nobody has said to whom yet, waiting for its approvals, or to be paid at the bank; or stopped by a notice, a lock or an order.';

create view api.payout_batches as
select b.id, b.number, b.channel, b.status, b.leg_count, b.amount, encode(b.content_sha256, 'hex') as content_sha256, b.exported_at, api.login_of(b.exported_by) as exported_by,
       b.uploaded_at, api.login_of(b.uploaded_by) as uploaded_by, b.provider_batch_no, b.answered_at, api.login_of(b.answered_by) as answered_by,
       b.cancelled_at, api.login_of(b.cancelled_by) as cancelled_by, b.cancelled_reason,
       (select count(*)::integer from book.payout_batch_legs l where l.batch_id = b.id and l.result = 'failed') as failed_count,
       (select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'file_name', f.file_name, 'sha256', encode(f.sha256, 'hex')) order by f.kind desc), '[]') from book.payout_files f where f.batch_id = b.id) as files
from book.payout_batches b;
do $$
declare c text;
begin
    foreach c in array array['uploaded_at', 'uploaded_by', 'provider_batch_no', 'answered_at', 'answered_by', 'cancelled_at', 'cancelled_by', 'cancelled_reason'] loop
        execute format('comment on column api.payout_batches.%I is %L', c, '? not yet, or not at all');
    end loop;
end $$;
comment on column api.payout_batches.files is '{{Array<{ kind: "provider" | "csv"; file_name: string; sha256: string }>}} the files as they left; empty for a batch from before they were kept';
comment on view api.payout_batches is 'Files of instructions, one provider each.';

create type api.payout_board as (now timestamptz, channels jsonb, legs jsonb, batches jsonb);
comment on column api.payout_board.channels is '{{Array<{ channel: string; ready_count: number; ready: Money; under_way: Money; stuck: Money; balance: Money | null; balance_as_of: Instant | null; short: Money }>}} each provider, and the bank for transfers: what is ready, what is under way, and whether the account covers it';
comment on column api.payout_board.legs is '{{Array<{ refund_no: string; kind: "refund" | "repayment"; case_id: Uuid; case_number: string; customer_id: Id; customer_name: string; channel: string; order_no: string; provider_no: string | null; amount: Money; instructed_at: Instant; closes_at: Instant | null; days_left: number | null; state: "ready" | "stopped" | "window_closed" | "too_many" | "too_soon" | "exported" | "uploaded" | "accepted" | "failed" | "transfer_unplanned" | "transfer_in_approval" | "transfer_ready"; reason: string | null }>}} the next 500 instructions, the window that closes first on top, transfers last';
comment on column api.payout_board.batches is '{{Array<{ id: Uuid; number: string; channel: string; status: string; leg_count: number; amount: Money; exported_at: Instant; exported_by: string; provider_batch_no: string | null; failed_count: number; files: Array<{ kind: "provider" | "csv"; file_name: string; sha256: string }> }>}} the last 50 files';

create function api.open_payout_board() returns api.payout_board language plpgsql stable security definer set search_path = '' as $$
declare answer api.payout_board; at timestamptz := api.clock(); states jsonb;
begin
    perform api.reader();
    answer.now := at;
    select coalesce(jsonb_agg(to_jsonb(s) order by s.closes_at, s.refund_no), '[]') into states from (
        select l.*, p.state from api.list_payout_legs() l cross join lateral (select api.payout_state(l, at) as state offset 0) p where p.state <> 'by_transfer'
        union all select l.*, api.transfer_state(l) from api.list_transfer_legs() l) s;
    select coalesce(jsonb_agg(jsonb_build_object('refund_no', s.refund_no, 'kind', s.kind, 'case_id', s.case_id, 'case_number', s.case_number, 'customer_id', s.customer_id::text, 'customer_name', api.shown_name(c),
               'channel', s.channel, 'order_no', s.order_no, 'provider_no', s.provider_no, 'amount', s.amount::numeric(14, 2)::text, 'instructed_at', api.instant_text(s.instructed_at), 'closes_at', api.instant_text(s.closes_at),
               'days_left', floor(extract(epoch from s.closes_at - at) / 86400)::integer, 'state', s.state,
               'reason', case when s.state = 'failed' then (select b.result_reason from book.payout_batch_legs b where b.refund_no = s.refund_no and b.result = 'failed' order by b.result_at desc limit 1) end)
               order by s.closes_at, s.refund_no), '[]') into answer.legs
    from (select x.* from jsonb_to_recordset(states) x (refund_no text, kind text, case_id uuid, case_number text, customer_id bigint, channel text, order_no text, provider_no text, amount numeric, instructed_at timestamptz, closes_at timestamptz, state text)
          order by x.closes_at, x.refund_no limit 500) s join book.customers c on c.id = s.customer_id;
    select jsonb_agg(jsonb_build_object('channel', k.channel, 'ready_count', t.ready_count, 'ready', t.ready::text, 'under_way', t.under_way::text, 'stuck', t.stuck::text, 'balance', m.amount::text,
               'balance_as_of', api.instant_text(m.as_of), 'short', greatest(0, t.ready + t.under_way - coalesce(m.amount, t.ready + t.under_way))::numeric(14, 2)::text) order by k.place) into answer.channels
    from (values (1, 'alipay'), (2, 'wechat'), (3, 'bank')) k (place, channel)
         cross join lateral (select count(*) filter (where s.state in ('ready', 'transfer_ready'))::integer as ready_count, coalesce(sum(s.amount) filter (where s.state in ('ready', 'transfer_ready')), 0)::numeric(14, 2) as ready,
                                    coalesce(sum(s.amount) filter (where s.state in ('exported', 'uploaded', 'accepted', 'transfer_in_approval')), 0)::numeric(14, 2) as under_way,
                                    coalesce(sum(s.amount) filter (where s.state in ('stopped', 'window_closed', 'too_many', 'too_soon', 'failed', 'transfer_unplanned')), 0)::numeric(14, 2) as stuck
                             from jsonb_to_recordset(states) s (channel text, amount numeric, state text) where s.channel = k.channel) t
         left join lateral (select b.amount, b.as_of from book.merchant_balances b where b.channel = k.channel order by b.as_of desc, b.id desc limit 1) m on true;
    select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'number', b.number, 'channel', b.channel, 'status', b.status, 'leg_count', b.leg_count, 'amount', b.amount::text, 'exported_at', api.instant_text(b.exported_at),
               'exported_by', b.exported_by, 'provider_batch_no', b.provider_batch_no, 'failed_count', b.failed_count, 'files', b.files) order by b.exported_at desc), '[]') into answer.batches
    from (select x.* from api.payout_batches x order by x.exported_at desc limit 50) b;
    return answer;
end $$;
comment on function api.open_payout_board() is 'payouts.board: What is ready to leave for each provider against its merchant account and by transfer against the bank account, what is under way, what is stuck and why, and the last files.';
grant execute on function api.open_payout_board() to kontor_people;

create type api.payout_file as (batch_id uuid, number text, channel text, legs jsonb);
comment on column api.payout_file.legs is '{{Array<{ refund_no: string; order_no: string; provider_no: string | null; order_amount: Money; amount: Money; reason: string; result: string | null; result_reason: string | null; customer_id: Id }>}} the instructions, in the file''s order';

create function api.open_payout_file(batch_id uuid) returns api.payout_file language plpgsql stable security definer set search_path = '' as $$
declare answer api.payout_file;
begin
    perform api.reader();
    select b.id, b.number, b.channel into answer.batch_id, answer.number, answer.channel from book.payout_batches b where b.id = batch_id;
    if not found then perform api.broken('payout_batch_unknown'); end if;
    select jsonb_agg(jsonb_build_object('refund_no', l.refund_no, 'order_no', l.order_no, 'provider_no', l.provider_no, 'order_amount', l.order_amount::text, 'amount', l.amount::text, 'reason', api.policy('payout_reasons', b.exported_at, b.channel) ->> case when exists (select 1 from book.refund_legs r where r.refund_no = l.refund_no) then 'refund' else 'repayment' end,
               'result', l.result, 'result_reason', l.result_reason, 'customer_id', l.customer_id::text) order by l.place) into answer.legs
    from book.payout_batch_legs l join book.payout_batches b on b.id = l.batch_id where l.batch_id = open_payout_file.batch_id;
    return answer;
end $$;
comment on function api.open_payout_file(uuid) is 'payouts.file: The instructions of one batch as they left, and its answers.';
grant execute on function api.open_payout_file(uuid) to kontor_people;

create function api.export_payouts(command_id uuid, channel text, refund_nos text[] default null) returns api.payout_batches language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer'); at timestamptz; leg record; state text; place integer := 0; answer api.payout_batches; batch_number text; seen text[] := '{}';
    body jsonb := jsonb_build_object('channel', channel, 'refund_nos', to_jsonb(refund_nos));
begin
    if cardinality(refund_nos) > 500 then perform api.broken('payout_batch_size', '{"maximum": 500}'); end if;
    perform 1 from book.customers c where c.id in (select l.customer_id from api.list_payout_legs() l where l.channel = export_payouts.channel and (refund_nos is null or l.refund_no = any (refund_nos))) order by c.id for update;
    if not api.repeated(command_id, 'payouts.export', body) then
        at := api.clock();
        create temporary table if not exists pg_temp.payout_rows (place integer, refund_no text, customer_id bigint, order_no text, provider_no text, order_amount numeric, amount numeric) on commit delete rows;
        delete from pg_temp.payout_rows;
        for leg in select l.* from api.list_payout_legs() l where case when refund_nos is null then l.channel = export_payouts.channel else l.refund_no = any (refund_nos) end order by l.closes_at, l.refund_no loop
            state := case when leg.channel <> export_payouts.channel then 'other_channel'
                          -- Two refunds of one order in one file would reach the provider without the pause that it asks for.
                          when leg.provider_no = any (seen) then 'too_soon' else api.payout_state(leg, at) end;
            continue when refund_nos is null and state <> 'ready';
            if state <> 'ready' then perform api.broken('payout_not_ready', jsonb_build_object('refund_no', leg.refund_no, 'state', state)); end if;
            seen := seen || leg.provider_no; place := place + 1;
            insert into pg_temp.payout_rows values (place, leg.refund_no, leg.customer_id, leg.order_no, leg.provider_no, leg.order_amount, leg.amount);
            exit when place = 500;
        end loop;
        if place <> cardinality(refund_nos) then perform api.broken('payout_unknown'); end if;
        if place = 0 then perform api.broken('payout_batch_is_empty'); end if;
        batch_number := api.next_number('PB', at);
        insert into book.payout_batches (id, number, channel, status, leg_count, amount, content_sha256, exported_at, exported_by)
        select command_id, batch_number, channel, 'exported', count(*), sum(p.amount), sha256(convert_to(string_agg(concat_ws('|', p.refund_no, p.order_no, p.provider_no, p.amount), E'\n' order by p.place), 'UTF8')), at, actor from pg_temp.payout_rows p;
        insert into book.payout_batch_legs (batch_id, refund_no, place, customer_id, order_no, provider_no, order_amount, amount)
        select command_id, p.refund_no, p.place, p.customer_id, p.order_no, p.provider_no, p.order_amount, p.amount from pg_temp.payout_rows p;
        perform api.keep_payout_files(command_id);
        perform api.record_event(command_id, 'payouts.export', actor, at, 'payout_batch', command_id::text, null, body, jsonb_build_object('number', batch_number, 'legs', place));
    end if;
    select b.* into answer from api.payout_batches b where b.id = command_id;
    return answer;
end $$;
comment on function api.export_payouts(uuid, text, text[]) is 'payouts.export: The treasurer puts ready instructions of one provider into one file (without numbers: all that are ready, 500 at the most). What is in a file is out of the house: it can no longer be recalled (1.4, 1), only cancelled with the whole file before it is uploaded.';
grant execute on function api.export_payouts(uuid, text, text[]) to kontor_people;

create function api.take_payout_batch(batch_id uuid, wanted text[]) returns book.payout_batches language plpgsql volatile security definer set search_path = '' as $$
declare batch book.payout_batches;
begin
    -- Customers before batches, as in every action.
    perform 1 from book.customers c where c.id in (select l.customer_id from book.payout_batch_legs l where l.batch_id = take_payout_batch.batch_id) order by c.id for update;
    select b.* into batch from book.payout_batches b where b.id = batch_id for update;
    if not found then perform api.broken('payout_batch_unknown'); end if;
    if batch.status <> all (wanted) then perform api.broken('payout_batch_status', jsonb_build_object('status', batch.status)); end if;
    return batch;
end $$;
comment on function api.take_payout_batch(uuid, text[]) is 'Locks the customers of a batch, then the batch, and checks how far it has come.';

create function api.mark_payouts_uploaded(command_id uuid, batch_id uuid, provider_batch_no text) returns api.payout_batches language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; batch book.payout_batches; answer api.payout_batches; body jsonb := jsonb_build_object('batch_id', batch_id, 'provider_batch_no', provider_batch_no);
begin
    if not api.repeated(command_id, 'payouts.mark_uploaded', body) then
        batch := api.take_payout_batch(batch_id, array['exported']);
        at := api.clock();
        if api.tidy(provider_batch_no) is null then perform api.broken('payout_batch_without_provider_number'); end if;
        update book.payout_batches b set status = 'uploaded', uploaded_at = at, uploaded_by = actor, provider_batch_no = api.tidy(mark_payouts_uploaded.provider_batch_no) where b.id = batch_id;
        perform api.record_event(command_id, 'payouts.mark_uploaded', actor, at, 'payout_batch', batch_id::text, null, body, jsonb_build_object('number', batch.number));
    end if;
    select b.* into answer from api.payout_batches b where b.id = batch_id;
    return answer;
end $$;
comment on function api.mark_payouts_uploaded(uuid, uuid, text) is 'payouts.mark_uploaded: The file was handed to the provider, who gave it this number.';
grant execute on function api.mark_payouts_uploaded(uuid, uuid, text) to kontor_people;

create function api.cancel_payouts(command_id uuid, batch_id uuid, reason text) returns api.payout_batches language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'supervisor'); at timestamptz; batch book.payout_batches; answer api.payout_batches; body jsonb := jsonb_build_object('batch_id', batch_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'payouts.cancel', body) then
        batch := api.take_payout_batch(batch_id, array['exported']);
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('payout_cancelled_without_reason'); end if;
        -- Only somebody else can say that a file has never left: who exported it could have uploaded it.
        if batch.exported_by = actor or batch.exported_by = any (api.stands_for(actor)) then perform api.broken('payout_cancelled_by_exporter'); end if;
        update book.payout_batches b set status = 'cancelled', cancelled_at = at, cancelled_by = actor, cancelled_reason = reason where b.id = batch_id;
        update book.payout_batch_legs l set result = 'cancelled', result_at = at where l.batch_id = cancel_payouts.batch_id;
        perform api.record_event(command_id, 'payouts.cancel', actor, at, 'payout_batch', batch_id::text, null, body, jsonb_build_object('number', batch.number, 'reason', reason));
    end if;
    select b.* into answer from api.payout_batches b where b.id = batch_id;
    return answer;
end $$;
comment on function api.cancel_payouts(uuid, uuid, text) is 'payouts.cancel: A file that was never uploaded is void; its instructions are ready again. Said by another person than the one who exported it.';
grant execute on function api.cancel_payouts(uuid, uuid, text) to kontor_people;

create function api.record_payout_results(command_id uuid, batch_id uuid, results jsonb) returns api.payout_batches language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'treasurer'); at timestamptz; batch book.payout_batches; answer api.payout_batches; stranger text; involved text; body jsonb := jsonb_build_object('batch_id', batch_id, 'results', results);
begin
    if not api.repeated(command_id, 'payouts.record_results', body) then
        batch := api.take_payout_batch(batch_id, array['uploaded', 'answered']);
        at := api.clock();
        if jsonb_typeof(results) <> 'array' or jsonb_array_length(results) = 0 then perform api.broken('payout_results_are_empty'); end if;
        if exists (select 1 from jsonb_to_recordset(results) r (refund_no text, result text) where r.result is null or r.result not in ('accepted', 'failed', 'unknown')) then perform api.broken('payout_result_unknown'); end if;
        select r.refund_no into stranger from jsonb_to_recordset(results) r (refund_no text) where not exists (select 1 from book.payout_batch_legs l where l.batch_id = record_payout_results.batch_id and l.refund_no = r.refund_no) limit 1;
        if found then perform api.broken('payout_result_of_another_batch', jsonb_build_object('refund_no', stranger)); end if;
        -- A failed leg may go out again or by transfer, so the releaser is not the one who says that it failed.
        select l.refund_no into involved from api.list_payout_legs() l join jsonb_to_recordset(results) r (refund_no text, result text) on r.refund_no = l.refund_no and r.result = 'failed' where l.released_by = actor or l.released_by = any (api.stands_for(actor)) limit 1;
        if found then perform api.broken('leg_failed_by_releaser', jsonb_build_object('refund_no', involved)); end if;
        -- What a statement has confirmed stays confirmed, whatever a late answer says.
        update book.payout_batch_legs l set result = r.result, result_reason = api.tidy(r.reason), result_at = at
        from jsonb_to_recordset(results) r (refund_no text, result text, reason text)
        where l.batch_id = record_payout_results.batch_id and l.refund_no = r.refund_no and (l.result is null or l.result = 'unknown' or (l.result = 'accepted' and r.result = 'failed'));
        update book.refund_legs g set status = 'failed' from book.payout_batch_legs l where l.batch_id = record_payout_results.batch_id and l.result = 'failed' and l.result_at = at and g.refund_no = l.refund_no and g.status = 'instructed';
        -- Who completed the answers stays on record, whatever somebody adds later.
        if batch.status <> 'answered' and not exists (select 1 from book.payout_batch_legs l where l.batch_id = record_payout_results.batch_id and (l.result is null or l.result = 'unknown')) then
            update book.payout_batches b set status = 'answered', answered_at = at, answered_by = actor where b.id = batch_id;
        end if;
        perform api.record_event(command_id, 'payouts.record_results', actor, at, 'payout_batch', batch_id::text, null, body, jsonb_build_object('number', batch.number,
            'failed', (select count(*) from jsonb_to_recordset(results) r (result text) where r.result = 'failed')));
    end if;
    select b.* into answer from api.payout_batches b where b.id = batch_id;
    return answer;
end $$;
comment on function api.record_payout_results(uuid, uuid, jsonb) is 'payouts.record_results: The provider''s answers to a file: accepted (money is confirmed by the next statement alone), failed with its reason, or still unknown.';
grant execute on function api.record_payout_results(uuid, uuid, jsonb) to kontor_people;

create function api.tell_merchant_balance(command_id uuid, channel text, amount api.cents, as_of timestamptz) returns api.payout_board language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; body jsonb := jsonb_build_object('channel', channel, 'amount', amount, 'as_of', as_of);
begin
    if not api.repeated(command_id, 'payouts.tell_balance', body) then
        at := api.clock();
        if as_of > at then perform api.broken('merchant_balance_in_future'); end if;
        insert into book.merchant_balances (channel, amount, as_of, told_at, told_by) values (channel, amount, as_of, at, actor);
        perform api.record_event(command_id, 'payouts.tell_balance', actor, at, 'merchant_balance', channel, null, body, body);
    end if;
    return api.open_payout_board();
end $$;
comment on function api.tell_merchant_balance(uuid, text, api.cents, timestamptz) is 'payouts.tell_balance: What the merchant account (or, for transfers, the bank account) holds, as read there.';
grant execute on function api.tell_merchant_balance(uuid, text, api.cents, timestamptz) to kontor_people;

-- ── One leg ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.take_refund_leg(wanted text) returns book.refund_legs language plpgsql volatile security definer set search_path = '' as $$
declare leg book.refund_legs;
begin
    select l.* into leg from book.refund_legs l where l.refund_no = wanted;
    if not found then perform api.broken('refund_leg_unknown'); end if;
    perform api.lock_refund(leg.refund_id);
    select l.* into leg from book.refund_legs l where l.refund_no = wanted for update;
    return leg;
end $$;
comment on function api.take_refund_leg(text) is 'Locks customer, case and leg, and reads the leg afresh.';

create function api.leaves_by_transfer(leg_id bigint) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (select from book.transfers t where t.leg_id = leaves_by_transfer.leg_id and t.declined_at is null)
$$;
comment on function api.leaves_by_transfer(bigint) is 'Whether somebody has planned a bank transfer for a leg: then it leaves in no other way until that plan is declined.';

create function api.retry_payout(command_id uuid, refund_no text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; leg book.refund_legs := api.take_refund_leg(refund_no); one book.refunds; window_end timestamptz; answer api.refunds; body jsonb := jsonb_build_object('refund_no', refund_no);
begin
    select f.* into one from book.refunds f where f.id = leg.refund_id;
    if not api.repeated(command_id, 'payouts.retry', body) then
        at := api.clock();
        if leg.status <> 'failed' then perform api.broken('refund_leg_not_failed'); end if;
        if api.leaves_by_transfer(leg.id) then perform api.broken('leg_leaves_by_transfer'); end if;
        select l.closes_at into window_end from api.list_payout_legs() l where l.refund_no = leg.refund_no;
        if at > window_end then perform api.broken('refund_window_closed', jsonb_build_object('closed_at', window_end)); end if;
        update book.refund_legs l set status = 'instructed' where l.id = leg.id;
        perform api.record_event(command_id, 'payouts.retry', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('refund_no', leg.refund_no));
    end if;
    select f.* into answer from api.refunds f where f.id = one.id;
    return answer;
end $$;
comment on function api.retry_payout(uuid, text) is 'payouts.retry: A leg that failed leaves again under the same number, which the provider pays once at the most; it needs, and allows, no second approval (formats 1.4).';
grant execute on function api.retry_payout(uuid, text) to kontor_people;

create function api.recall_payout(command_id uuid, refund_no text, reason text) returns api.refunds language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'supervisor'); at timestamptz; leg book.refund_legs := api.take_refund_leg(refund_no); one book.refunds; answer api.refunds; body jsonb := jsonb_build_object('refund_no', refund_no, 'reason', reason);
begin
    select f.* into one from book.refunds f where f.id = leg.refund_id;
    if not api.repeated(command_id, 'payouts.recall', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('recall_without_reason'); end if;
        if api.leaves_by_transfer(leg.id) then perform api.broken('leg_leaves_by_transfer'); end if;
        if leg.status <> 'instructed' or leg.route <> 'original' then perform api.broken('refund_leg_not_instructed'); end if;
        if exists (select 1 from book.payout_batch_legs l where l.refund_no = leg.refund_no and l.result is distinct from 'cancelled') then perform api.broken('payout_already_left', '{"clause": "RA 5.2"}'); end if;
        perform api.post_journal('refund_hold_released', one.customer_id, at, at, actor, 'refund', one.id::text, array['refund_payable', 'fee_income', 'refund_hold', 'wallet'], array['CNY', 'CNY', 'CNY', 'CNY'],
            array[leg.amount_net, leg.amount_fee, leg.amount_residual, -(leg.amount_gross + leg.amount_residual)], 'RA 5.2', 'recalled before it left');
        update book.recharges r set amount_left = r.amount_left + leg.amount_gross, refunded_by = null, held_by_refund = null where r.id = leg.recharge_id;
        update book.refund_legs l set status = 'recalled' where l.id = leg.id;
        perform api.finish_refund(one.id, at, actor, reason);
        perform api.collect_receivable(one.customer_id, actor, at);
        perform api.watch_ordered_amount(one.customer_id, at);
        perform api.record_event(command_id, 'payouts.recall', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('refund_no', leg.refund_no, 'reason', reason));
    end if;
    select f.* into answer from api.refunds f where f.id = one.id;
    return answer;
end $$;
comment on function api.recall_payout(uuid, text, text) is 'payouts.recall: Takes back an instruction that has not left the house: a notice or a lock came first (1.4, 1), or it was released by mistake. The lot is the customer''s again and its one refund is not used up.';
grant execute on function api.recall_payout(uuid, text, text) to kontor_people;
