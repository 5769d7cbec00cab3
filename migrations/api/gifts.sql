-- gifts: what runs out leaves the wallet by its own journal. The activity says when (RA 6.2).

create function api.expire_gifts(actor integer, at timestamptz, most integer default 500) returns api.posting_counts language plpgsql volatile security definer set search_path = '' as $$
declare counts api.posting_counts := row(0, 0, 0); over record; journal bigint;
begin
    -- Whoever is busy with a customer now is not waited for: the next round finds the gift again.
    perform 1 from book.customers c
    where c.id in (select g.customer_id from book.gifts g where g.expires_at <= at and g.amount_left > g.amount_reserved and g.suspended_by is null order by g.expires_at limit most)
    order by c.id for update skip locked;
    for over in
        with due as (
            select g.id, g.customer_id, g.expires_at, g.amount_left - g.amount_reserved as free,
                   -- Usage that was reported before the gift ran out and is not billed yet may still use it.
                   coalesce((select case when u.reported_at <= g.expires_at then api.unbilled(g.customer_id) else 0 end
                             from book.unbilled_reports u where u.customer_id = g.customer_id order by u.id desc limit 1), 0) as unbilled
            from book.gifts g where g.expires_at <= at and g.amount_left > g.amount_reserved and g.suspended_by is null
              and g.customer_id in (select c.id from book.customers c where c.id = g.customer_id for update skip locked)
            order by g.expires_at, g.id limit most
        ), kept as (
            select d.*, least(d.free, greatest(0, d.unbilled - (sum(d.free) over (partition by d.customer_id order by d.expires_at, d.id) - d.free))) as stays from due d)
        select k.id, k.customer_id, k.free - k.stays as amount from kept k where k.free > k.stays order by k.customer_id, k.id
    loop
        journal := api.post_journal('gift_void', over.customer_id, at, at, actor, 'gift', over.id::text, array['wallet', 'gift_expired'], array['CNY.GIFT', 'CNY.GIFT'], array[over.amount, -over.amount], 'RA 6.2');
        update book.gifts g set amount_left = g.amount_left - over.amount where g.id = over.id;
        counts.posted := counts.posted + 1;
    end loop;
    return counts;
end $$;
comment on function api.expire_gifts(integer, timestamptz, integer) is 'Takes gifts off the wallets when their activity''s time is over, each by its own journal. What an application reserved stays reserved, what a legal override suspends waits for its outcome, and what usage reported before the end still needs stays until it is billed.';

create function api.expire_gifts_now(command_id uuid) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'platform'); at timestamptz; counts api.posting_counts;
begin
    if api.repeated(command_id, 'gifts.expire', '{}') then
        return (select row((e.detail ->> 'posted')::integer, 0, 0)::api.posting_result from book.audit_events e where e.command_id = expire_gifts_now.command_id);
    end if;
    at := api.clock();
    counts := api.expire_gifts(actor, at, 5000);
    perform api.record_event(command_id, 'gifts.expire', actor, at, 'gift', null, null, '{}', jsonb_build_object('posted', counts.posted));
    return row(counts.posted, 0, 0)::api.posting_result;
end $$;
comment on function api.expire_gifts_now(uuid) is 'gifts.expire: Takes every gift whose time is over off its wallet. Every import does it too; this is for a day without one.';
grant execute on function api.expire_gifts_now(uuid) to kontor_people;
