-- matches: which order a payment in suspense probably belongs to, and why. The books say what speaks for it; two people decide.

create function api.characters_apart(a text, b text) returns integer language plpgsql immutable security definer set search_path = '' as $$
declare above integer[]; row integer[]; before integer[]; cost integer;
begin
    if a = b then return 0; end if;
    -- Further apart than a slip of the hand: not worth counting.
    if a is null or b is null or abs(length(a) - length(b)) > 2 or greatest(length(a), length(b)) > 64 then return 99; end if;
    above := array(select g from generate_series(0, length(b)) g);
    for i in 1 .. length(a) loop
        row := array[i];
        for j in 1 .. length(b) loop
            cost := case when substr(a, i, 1) = substr(b, j, 1) then 0 else 1 end;
            row[j + 1] := least(above[j + 1] + 1, row[j] + 1, above[j] + cost);
            if i > 1 and j > 1 and substr(a, i, 1) = substr(b, j - 1, 1) and substr(a, i - 1, 1) = substr(b, j, 1) then
                row[j + 1] := least(row[j + 1], before[j - 1] + 1);
            end if;
        end loop;
        before := above; above := row;
    end loop;
    return above[length(b) + 1];
end $$;
comment on function api.characters_apart(text, text) is 'How many slips of the hand lie between two numbers: a character wrong, missing, too many, or two swapped.';

create function api.same_payer(written text, name text, account text) returns boolean language sql immutable security definer set search_path = '' as $$
    -- Providers write payers with stars in them: what stands between the stars must stand in the account in that order.
    select coalesce(length(regexp_replace(p.shape, '[*\s]', '', 'g')) >= 3 and (
        p.account_key like regexp_replace(replace(replace(p.shape, '%', ''), '_', ''), '\*+', '%', 'g') or p.shape = name), false)
    from (select btrim(split_part(written, '(', 1)) as shape, btrim(account) as account_key) p
$$;
comment on function api.same_payer(text, text, text) is 'Whether the counterparty that a provider wrote, stars and all, can be the payer of an order.';

create function api.match_reasons(payment book.exceptions, lot book.recharges) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(r.reason order by r.place), '[]') from (
        select 1 as place, case when d.apart = 0 then jsonb_build_object('code', 'same_number', 'points', 60)
                                when d.apart <= 2 then jsonb_build_object('code', 'number_apart', 'points', 36 - 12 * d.apart, 'characters', d.apart) end as reason
        from (select api.characters_apart(payment.order_no, lot.order_no) as apart) d
        union all
        select 2, case when payment.amount = lot.principal then jsonb_build_object('code', 'same_amount', 'points', 30)
                       else jsonb_build_object('code', 'other_amount', 'points', -40, 'amount', lot.principal::text) end
        union all
        select 3, case when payment.channel = lot.channel then jsonb_build_object('code', 'same_channel', 'points', 10) else jsonb_build_object('code', 'other_channel', 'points', -30, 'channel', lot.channel) end
        union all
        select 4, case when h.hours < 1 then jsonb_build_object('code', 'within_the_hour', 'points', 20) when h.hours < 72 then jsonb_build_object('code', 'hours_apart', 'points', case when h.hours < 24 then 12 else 5 end, 'hours', ceil(h.hours)) end
        from (select abs(extract(epoch from payment.happened_at - lot.paid_at)) / 3600 as hours) h
        union all
        select 5, jsonb_build_object('code', 'same_payer', 'points', 20) from book.statement_rows s
        where s.channel = payment.channel and s.kind = 'payment' and s.provider_no = payment.provider_no and api.same_payer(s.counterparty, lot.payer_name, lot.payer_account)
        union all
        select 6, case when payment.provider_no = lot.provider_no then jsonb_build_object('code', 'same_provider_no', 'points', 60) else jsonb_build_object('code', 'other_provider_no', 'points', -50) end
        where lot.provider_no is not null
        union all
        select 7, case when lot.confirmed_at is null then jsonb_build_object('code', 'order_unpaid', 'points', 10) else jsonb_build_object('code', 'already_paid', 'points', -60) end) r
    where r.reason is not null
$$;
comment on function api.match_reasons(book.exceptions, book.recharges) is 'What speaks for a payment being an order''s, and what against, each with its weight.';

create function api.match_score(reasons jsonb) returns integer language sql immutable security definer set search_path = '' as $$
    select greatest(0, least(100, coalesce(sum((r ->> 'points')::integer), 0)))::integer from jsonb_array_elements(reasons) r
$$;
comment on function api.match_score(jsonb) is 'The weights of the reasons together, from 0 to 100.';

create function api.match_barrier(payment book.exceptions, lot book.recharges) returns text language sql stable security definer set search_path = '' as $$
    select case when payment.kind <> 'payment_without_order' then 'match_needs_a_payment' when lot.id is null then 'match_order_unknown' when lot.confirmed_at is not null then 'match_order_already_paid'
        when payment.amount <> lot.principal then 'match_amount_differs' when payment.channel <> lot.channel then 'match_channel_differs'
        when lot.provider_no <> payment.provider_no then 'match_provider_no_differs' end
$$;
comment on function api.match_barrier(book.exceptions, book.recharges) is 'Why a payment can not be booked as an order''s; null where it can.';

create type api.match_candidate as (exception_id bigint, order_no text, recharge_id bigint, order_exception_id bigint, waits_for text, customer_id bigint, customer_name text, amount numeric, channel text,
    happened_at timestamptz, provider_no text, payer_name text, payer_account text, payer_is_holder boolean, score integer, reasons jsonb, may_match boolean, why_not text);
comment on type api.match_candidate is 'A payment and an order that probably belong together.';
comment on column api.match_candidate.exception_id is 'the payment in suspense';
comment on column api.match_candidate.recharge_id is '?the order in the books';
comment on column api.match_candidate.order_exception_id is '?the order that may not be credited itself';
comment on column api.match_candidate.waits_for is '?why that order may not be credited: the kind of its exception';
comment on column api.match_candidate.customer_id is '?whose order it is';
comment on column api.match_candidate.customer_name is '?masked';
comment on column api.match_candidate.provider_no is '?the provider''s number';
comment on column api.match_candidate.payer_name is '?masked';
comment on column api.match_candidate.payer_account is '?masked';
comment on column api.match_candidate.score is 'from 0 to 100';
comment on column api.match_candidate.reasons is '{{Array<{ code: string; points: number; characters?: number; hours?: number; amount?: Money; channel?: string }>}} what speaks for it and what against';
comment on column api.match_candidate.why_not is '?the rule that stands in the way of matching them now';

create function api.match_candidates(exception_id bigint) returns setof api.match_candidate language plpgsql stable security definer set search_path = '' as $$
declare item book.exceptions;
begin
    perform api.reader();
    select x.* into item from book.exceptions x where x.id = exception_id;
    if not found then perform api.broken('exception_unknown'); end if;
    return query
    with payments as (
        select p from book.exceptions p where item.kind = 'payment_without_order' and p.id = item.id
        union all
        select p from book.exceptions p where item.kind = 'order_without_payment' and p.kind = 'payment_without_order' and p.resolved_at is null and p.channel = item.channel
          and p.happened_at between item.happened_at - interval '7 days' and item.happened_at + interval '7 days' and p.amount = item.amount_expected
    ), lots as (
        -- Looked for by the payment's own number, and among the unpaid orders of its amount in the days around it.
        select r from book.recharges r where item.kind = 'payment_without_order' and (r.order_no = item.order_no or r.provider_no is not null and r.provider_no = item.provider_no)
        union
        select r from book.recharges r where item.kind = 'payment_without_order' and r.confirmed_at is null and r.channel = item.channel and r.principal = item.amount and r.parent_id is null
          and r.paid_at between item.happened_at - interval '7 days' and item.happened_at + interval '7 days'
        union
        select r from book.recharges r where item.kind = 'order_without_payment' and r.order_no = item.order_no
    ), pairs as (
        select p as payment, r as lot, api.match_reasons(p, r) as reasons, api.match_barrier(p, r) as refusal from payments, lots
    )
    select (q.payment).id, (q.lot).order_no, (q.lot).id, null::bigint, null::text, c.id, api.shown_name(c), case when item.kind = 'payment_without_order' then (q.lot).principal else (q.payment).amount end,
           case when item.kind = 'payment_without_order' then (q.lot).channel::text else (q.payment).channel end, case when item.kind = 'payment_without_order' then (q.lot).paid_at else (q.payment).happened_at end,
           coalesce((q.lot).provider_no, case when item.kind = 'order_without_payment' then (q.payment).provider_no end), api.mask_name((q.lot).payer_name), api.mask_account((q.lot).payer_account), (q.lot).payer_is_holder,
           api.match_score(q.reasons), q.reasons, q.refusal is null, q.refusal
    from pairs q join book.customers c on c.id = (q.lot).customer_id
    union all
    -- Orders that wait themselves: the money is theirs once they may be credited.
    select item.id, o.order_no, null, o.id, o.kind, o.customer_id, api.shown_name(c), o.amount, o.channel, o.happened_at, null,
           api.mask_name(o.source_row ->> 'payer_name'), api.mask_account(o.source_row ->> 'payer_account'), (o.source_row ->> 'payer_is_holder')::boolean,
           api.match_score(w.reasons), w.reasons, false, 'match_order_not_credited'
    from book.exceptions o left join book.customers c on c.id = o.customer_id,
         lateral (select jsonb_agg(k.reason) as reasons from (
             select case when n.apart = 0 then jsonb_build_object('code', 'same_number', 'points', 60) when n.apart <= 2 then jsonb_build_object('code', 'number_apart', 'points', 36 - 12 * n.apart, 'characters', n.apart) end as reason
             from (select api.characters_apart(item.order_no, o.order_no) as apart) n
             union all select case when o.amount = item.amount then jsonb_build_object('code', 'same_amount', 'points', 30) else jsonb_build_object('code', 'other_amount', 'points', -40, 'amount', o.amount::text) end
             union all select case when o.channel = item.channel then jsonb_build_object('code', 'same_channel', 'points', 10) end
             union all select case when h.hours < 1 then jsonb_build_object('code', 'within_the_hour', 'points', 20) when h.hours < 72 then jsonb_build_object('code', 'hours_apart', 'points', case when h.hours < 24 then 12 else 5 end, 'hours', ceil(h.hours)) end
                       from (select abs(extract(epoch from item.happened_at - o.happened_at)) / 3600 as hours) h
             union all select jsonb_build_object('code', o.kind, 'points', 0)) k where k.reason is not null) w
    where item.kind = 'payment_without_order' and o.resolved_at is null and o.kind in ('recharge_not_verified', 'recharge_below_minimum', 'agreement_unknown', 'activity_unknown')
      and (o.order_no = item.order_no or o.channel = item.channel and o.amount = item.amount and o.happened_at between item.happened_at - interval '7 days' and item.happened_at + interval '7 days')
    order by 15 desc, 2 limit 20;
end $$;
comment on function api.match_candidates(bigint) is 'exceptions.candidates: For a payment in suspense the orders it may belong to, for an unpaid order the payments in suspense: each with a score and what speaks for and against it. Nothing is booked by it.';
grant execute on function api.match_candidates(bigint) to kontor_people;

create function api.propose_match(command_id uuid, exception_id bigint, order_no text, reason text) returns api.exceptions language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; item book.exceptions; lot book.recharges; refusal text; answer api.exceptions;
    body jsonb := jsonb_build_object('exception_id', exception_id, 'order_no', order_no, 'reason', reason);
begin
    select x.* into item from book.exceptions x where x.id = exception_id for update;
    if not found then perform api.broken('exception_unknown'); end if;
    if not api.repeated(command_id, 'exceptions.propose_match', body) then
        at := api.clock();
        if item.resolved_at is not null then perform api.broken('exception_already_resolved'); end if;
        if item.proposed_at is not null then perform api.broken('exception_already_proposed'); end if;
        if api.tidy(reason) is null then perform api.broken('match_without_reason'); end if;
        select r.* into lot from book.recharges r where r.order_no = propose_match.order_no;
        if lot.id is null and exists (select 1 from book.exceptions o where o.order_no = propose_match.order_no and o.resolved_at is null and o.kind like any (array['recharge%', 'agreement%', 'activity%'])) then
            perform api.broken('match_order_not_credited', '{"clause": "RA 3.1"}');
        end if;
        refusal := api.match_barrier(item, lot);
        if refusal is not null then perform api.broken(refusal, jsonb_build_object('amount', item.amount::text, 'order', lot.principal::text)); end if;
        update book.exceptions x set proposed_at = at, proposed_by = actor, resolution = api.tidy(propose_match.reason), matched_order_no = lot.order_no where x.id = exception_id;
        perform api.record_event(command_id, 'exceptions.propose_match', actor, at, 'exception', exception_id::text, lot.customer_id, body,
            jsonb_build_object('order_no', lot.order_no, 'score', api.match_score(api.match_reasons(item, lot))));
    end if;
    select x.* into answer from api.exceptions x where x.id = exception_id;
    return answer;
end $$;
comment on function api.propose_match(uuid, bigint, text, text) is 'exceptions.propose_match: An accountant says which order a payment in suspense is for, and why; it is booked when an approver confirms.';
grant execute on function api.propose_match(uuid, bigint, text, text) to kontor_people;

create function api.book_match(payment book.exceptions, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare lot book.recharges; refusal text;
begin
    select r.* into lot from book.recharges r where r.order_no = payment.matched_order_no for update;
    refusal := api.match_barrier(payment, lot);
    if refusal is not null then perform api.broken(refusal, jsonb_build_object('amount', payment.amount::text, 'order', lot.principal::text)); end if;
    -- The order was booked against the clearing account and the payment into it: suspense gives back what it held for nobody.
    perform api.post_journal('suspense_cleared', null, at, at, actor, 'exception', payment.id::text, array['suspense', payment.channel || '_clearing'], array['CNY', 'CNY'], array[payment.amount, -payment.amount], 'RA 2.1');
    update book.recharges r set confirmed_at = at, provider_no = payment.provider_no where r.id = lot.id;
    update book.statement_rows s set recharge_id = lot.id where s.channel = payment.channel and s.kind = 'payment' and s.provider_no = payment.provider_no and s.recharge_id is null;
    update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'payment_matched', proposed_at = null, proposed_by = null
    where x.order_no = lot.order_no and x.kind in ('order_without_payment', 'order_differs') and x.resolved_at is null;
end $$;
comment on function api.book_match(book.exceptions, integer, timestamptz) is 'Books a confirmed match: suspense is cleared, the order is confirmed under the provider''s number, and its own exception is settled with it.';

create function api.retry_ready(command_id uuid) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; counts api.posting_counts; orders jsonb; body jsonb := '{}';
begin
    if api.repeated(command_id, 'exceptions.retry_ready', body) then
        return (select row((e.detail ->> 'posted')::integer, (e.detail ->> 'repeated')::integer, (e.detail ->> 'exceptions')::integer)::api.posting_result from book.audit_events e where e.command_id = retry_ready.command_id);
    end if;
    at := api.clock();
    select coalesce(jsonb_agg(w.source_row || jsonb_build_object('real_name_verified', w.verified) order by w.id), '[]') into orders
    from (select x.id, x.source_row, c.real_name_verified as verified from book.exceptions x join book.customers c on c.id = x.customer_id
          where x.resolved_at is null and x.source_row is not null and api.exception_ready(x, at) order by x.id limit 1000) w;
    counts := case when orders = '[]' then row(0, 0, 0)::api.posting_counts else api.post_recharge_rows(orders, null, actor, at) end;
    perform api.record_event(command_id, 'exceptions.retry_ready', actor, at, 'exception', null, null, body,
        jsonb_build_object('posted', counts.posted, 'repeated', counts.repeated, 'exceptions', coalesce(counts.excepted, 0)));
    return row(counts.posted, counts.repeated, coalesce(counts.excepted, 0))::api.posting_result;
end $$;
comment on function api.retry_ready(uuid) is 'exceptions.retry_ready: Credits every waiting order whose obstacle is gone: the platform has verified its account holder, or the minimum, the agreement or the activity is there now (RA 3.1).';
grant execute on function api.retry_ready(uuid) to kontor_people;
