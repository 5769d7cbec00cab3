-- stripe: what Stripe says was paid and given back, held against the platform's orders in USD (formats 1.3).
-- A row confirms an order or contradicts it, and what it moved is posted: charges, fees and refunds against Stripe's clearing
-- account, payouts from there to the bank. So the clearing account says what Stripe still holds of ours.

create function api.post_stripe_money(fresh bigint[], actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare day record;
begin
    -- One journal for each day of the file, as Stripe counts days (UTC): a month's figures stay in their month.
    for day in
        select (s.occurred_at at time zone 'UTC')::date as on_day, max(s.occurred_at) as last_at, min(s.import_id::text) as import_id, sum(s.net) as net, sum(s.fee) as fee,
               sum(s.gross) filter (where s.kind = 'payment') as sales, sum(s.gross) filter (where s.kind = 'refund' or s.description like 'dispute%' or s.description like 'refund%') as refunds,
               sum(s.gross) filter (where s.kind = 'other' and s.description like 'payout%') as payouts,
               sum(s.gross) filter (where s.kind = 'other' and s.description in ('fee', 'stripe_fee', 'network_cost')) as charges, sum(s.gross) as gross
        from book.statement_rows s where s.id = any (fresh) group by 1 order by 1
    loop
        perform api.post_journal('stripe_moved', null, api.postable_at(day.last_at, actor, at), at, actor, 'import', day.import_id,
            array['stripe_clearing', 'stripe_fees', 'dollar_sales', 'dollar_refunds', 'dollar_bank', 'stripe_other'], array_fill('USD'::text, array[6]),
            array[day.net, day.fee - coalesce(day.charges, 0), -coalesce(day.sales, 0), -coalesce(day.refunds, 0), -coalesce(day.payouts, 0),
                  -(day.gross - coalesce(day.sales, 0) - coalesce(day.refunds, 0) - coalesce(day.payouts, 0) - coalesce(day.charges, 0))], null, 'Stripe ' || day.on_day);
    end loop;
end $$;
comment on function api.post_stripe_money(bigint[], integer, timestamptz) is 'Posts what rows of a Stripe report moved: net to clearing, fees, sales, refunds and lost disputes, payouts to the bank, and whatever else there was.';

create function api.stripe_payouts(out paid_out numeric, out carried numeric) language sql stable security definer set search_path = '' as $$
    select coalesce(sum(-s.gross) filter (where s.paid), 0), coalesce(sum(s.net) filter (where not s.paid), 0)
    from (select r.*, r.kind = 'other' and r.description like 'payout%' as paid from book.statement_rows r
          where r.payout_no in (select p.payout_no from book.statement_rows p where p.payout_no is not null and p.kind = 'other' and p.description like 'payout%')) s
$$;
comment on function api.stripe_payouts() is 'What Stripe''s payouts brought to the bank, and the net of the movements that they carried: the same, once every report is in.';

create function api.post_stripe_rows(rows jsonb, file book.imports, actor integer, at timestamptz) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); fresh bigint[];
begin
    with told as (
        insert into book.statement_rows (import_id, line, channel, kind, order_no, provider_no, refund_no, occurred_at, gross, fee, net, description, payout_no)
        select file.id, r.line, 'stripe', r.kind, nullif(r.order_no, ''), r.provider_no, nullif(r.refund_no, ''), r.occurred_at, r.gross, r.fee, r.net, r.category, nullif(r.payout, '')
        from jsonb_to_recordset(rows) r (line integer, kind text, order_no text, provider_no text, refund_no text, occurred_at timestamptz, gross numeric, fee numeric, net numeric, category text, payout text)
        on conflict do nothing returning id)
    select coalesce(array_agg(t.id), '{}') into fresh from told t;
    counts.posted := cardinality(fresh);
    counts.repeated := jsonb_array_length(rows) - counts.posted;
    perform api.post_stripe_money(fresh, actor, at);
    -- A payment is known by the order number that the platform wrote into it, or by its charge or payment number.
    create temporary table if not exists pg_temp.stripe_rows (id bigint, line integer, kind text, order_no text, found_no text, found_amount numeric, provider_no text, occurred_at timestamptz, gross numeric, names jsonb, verdict text) on commit delete rows;
    delete from pg_temp.stripe_rows;
    insert into pg_temp.stripe_rows (id, line, kind, order_no, found_no, found_amount, provider_no, occurred_at, gross, names)
    select s.id, s.line, s.kind, s.order_no, coalesce(o.order_no, b.order_no), case s.kind when 'payment' then o.third_party_paid else b.amount end, s.provider_no, s.occurred_at, s.gross,
           jsonb_strip_nulls(jsonb_build_object('charge', r.charge, 'payment_intent', r.payment_intent, 'refund_no', s.refund_no))
    from book.statement_rows s join jsonb_to_recordset(rows) r (line integer, provider_no text, charge text, payment_intent text) on r.provider_no = s.provider_no and r.line = s.line
    left join lateral (select d.* from book.dollar_orders d where s.kind = 'payment' and (d.order_no = s.order_no or d.provider_no in (r.charge, r.payment_intent, s.provider_no)) order by d.order_no = s.order_no desc nulls last, d.order_no limit 1) o on true
    left join book.dollar_refunds b on s.kind = 'refund' and b.refund_no = s.refund_no
    where s.id = any (fresh) and s.kind in ('payment', 'refund');
    update pg_temp.stripe_rows n set verdict = case
        when n.found_no is null then case n.kind when 'payment' then 'dollar_payment_without_order' else 'refund_without_instruction' end
        when n.found_amount <> abs(n.gross) then case n.kind when 'payment' then 'amount_differs' else 'refund_amount_differs' end else 'matched' end;
    update book.dollar_orders o set confirmed_at = at from pg_temp.stripe_rows n where n.verdict = 'matched' and n.kind = 'payment' and o.order_no = n.found_no and o.confirmed_at is null;
    insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount, amount_expected, import_id, line, source_row, happened_at, opened_at)
    select n.verdict, 'stripe', coalesce(n.found_no, n.order_no), n.provider_no, o.customer_id, n.gross, n.found_amount, file.id, n.line, n.names, n.occurred_at, at
    from pg_temp.stripe_rows n left join book.dollar_orders o on o.order_no = n.found_no where n.verdict <> 'matched' order by n.id;
    select count(*) into counts.excepted from pg_temp.stripe_rows n where n.verdict <> 'matched';
    return counts;
end $$;
comment on function api.post_stripe_rows(jsonb, book.imports, integer, timestamptz) is 'Rows of a Stripe report: a charge confirms its order, a refund is held against the platform''s; whatever does not fit waits as an exception, and what they moved is posted. The same row in another file is a no-op.';

create function api.settle_stripe_exceptions(actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    with arrived as (
        update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'order_arrived', proposed_at = null, proposed_by = null
        from book.dollar_orders o
        where x.kind = 'dollar_payment_without_order' and x.resolved_at is null and o.third_party_paid = x.amount
          and (o.order_no = x.order_no or o.provider_no in (x.source_row ->> 'charge', x.source_row ->> 'payment_intent', x.provider_no))
        returning o.order_no)
    update book.dollar_orders o set confirmed_at = at from arrived a where o.order_no = a.order_no and o.confirmed_at is null;
    update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'order_arrived', proposed_at = null, proposed_by = null
    from book.dollar_refunds r
    where x.kind = 'refund_without_instruction' and x.channel = 'stripe' and x.resolved_at is null and r.refund_no = x.source_row ->> 'refund_no' and r.amount = -x.amount;
end $$;
comment on function api.settle_stripe_exceptions(integer, timestamptz) is 'Payments and refunds that Stripe told of first: the platform''s record arrived and fits, and they wait no more.';
