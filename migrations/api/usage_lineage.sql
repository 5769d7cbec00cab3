-- usage lineage: which recharges and gifts paid for one usage. The other way round stands on the recharge's page.

create type api.usage_payment as (recharge_id bigint, order_no text, channel text, paid_at timestamptz, activity text, activity_title text, amount numeric, given_back numeric);
comment on type api.usage_payment is 'A part of one usage: the lot or the gift that paid it.';
comment on column api.usage_payment.recharge_id is '? the lot; of a gift the recharge it came with, if any';
comment on column api.usage_payment.order_no is '? the recharge''s order';
comment on column api.usage_payment.channel is '? the recharge''s channel';
comment on column api.usage_payment.paid_at is '? when it was paid';
comment on column api.usage_payment.activity is '? of a gift';
comment on column api.usage_payment.activity_title is '? of a gift';
comment on column api.usage_payment.amount is 'what it paid, before anything was given back';
comment on column api.usage_payment.given_back is 'what it got back';

create function api.usage_paid_by(usage_id bigint) returns setof api.usage_payment language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    if not exists (select 1 from book.usage_charges u where u.id = usage_paid_by.usage_id) then perform api.broken('usage_unknown'); end if;
    return query
    select r.id, r.order_no, r.channel, r.paid_at, g.activity, a.title, n.amount, n.given_back
    from (select c.recharge_id, c.gift_id, coalesce(sum(c.amount) filter (where c.amount > 0), 0) as amount, coalesce(-sum(c.amount) filter (where c.amount < 0), 0) as given_back
          from book.consumptions c where c.usage_id = usage_paid_by.usage_id group by 1, 2) n
    left join book.gifts g on g.id = n.gift_id left join book.activities a on a.code = g.activity left join book.recharges r on r.id = coalesce(n.recharge_id, g.recharge_id)
    order by n.gift_id is null, r.paid_at, coalesce(n.gift_id, n.recharge_id);
end $$;
comment on function api.usage_paid_by(bigint) is 'usage.paid_by: Which gifts and lots paid for one usage, the oldest lot first, and what each got back.';
grant execute on function api.usage_paid_by(bigint) to kontor_people;
