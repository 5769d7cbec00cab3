-- locks: why an account is locked, and whether the platform has carried it out. Each case places and lifts its own lock only.

create function api.place_lock(lock_id uuid, customer_id bigint, cause text, case_id uuid, case_number text, actor integer, at timestamptz, suspends boolean default true) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
begin
    insert into book.locks (id, customer_id, cause, case_id, placed_at, placed_by, platform_asked_at, suspends)
    values (lock_id, customer_id, cause, case_id, at, actor, at, suspends);
    if suspends then
        perform api.tell_platform(customer_id, 'account.lock', lock_id,
            jsonb_build_object('case', case_number, 'cause', cause, 'services', 'suspend', 'api_keys', 'suspend'), at);
    end if;
end $$;
comment on function api.place_lock(uuid, bigint, text, uuid, text, integer, timestamptz, boolean) is 'Places the lock of a case, and asks the platform in the same transaction to suspend services and API keys (RA-08).';

create function api.lift_locks(of_case uuid, of_cause text, actor integer, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare fallen record;
begin
    for fallen in update book.locks k set lifted_at = at, lifted_by = actor where k.case_id = of_case and k.cause = of_cause and k.lifted_at is null
                  returning k.id, k.customer_id, k.suspends loop
        -- Services come back with the last lock that stopped them, and not before.
        if fallen.suspends and not exists (select 1 from book.locks k where k.customer_id = fallen.customer_id and k.lifted_at is null and k.suspends) then
            update book.locks k set release_asked_at = at where k.id = fallen.id;
            perform api.tell_platform(fallen.customer_id, 'account.unlock', fallen.id, '{"services": "restore", "api_keys": "restore"}', at);
        end if;
    end loop;
end $$;
comment on function api.lift_locks(uuid, text, integer, timestamptz) is 'A case''s own lock falls. The platform is asked to restore services only when no other lock keeps them suspended.';

create function api.platform_has_locked(event book.platform_events) returns void language sql volatile security definer set search_path = '' as $$
    update book.locks k set platform_confirmed_at = case event.kind when 'account.lock' then event.done_at else k.platform_confirmed_at end,
           platform_released_at = case event.kind when 'account.unlock' then event.done_at else k.platform_released_at end
    where k.id = event.subject_id and event.kind in ('account.lock', 'account.unlock')
$$;
comment on function api.platform_has_locked(book.platform_events) is 'What an acknowledgement means for a lock: asked becomes confirmed.';

create function api.lock_state(k book.locks, at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare patience interval := make_interval(mins => (api.policy('platform_answer_minutes', at) #>> '{}')::integer); hold book.platform_events;
begin
    if not k.suspends then
        -- An order over an amount asks for no suspension but for a hold: its first event, or the one of its lift.
        select e.* into hold from book.platform_events e where e.subject_id = k.case_id and e.kind = 'account.hold' and (k.lifted_at is null or e.created_at >= k.lifted_at) order by e.id limit 1;
    end if;
    return jsonb_build_object('id', k.id, 'cause', k.cause, 'case_id', k.case_id, 'suspends', k.suspends,
        'placed_at', api.instant_text(k.placed_at), 'placed_by', api.login_of(k.placed_by), 'lifted_at', api.instant_text(k.lifted_at),
        'number', coalesce((select d.number from book.disputes d where d.id = k.case_id), (select o.number from book.judicial_orders o where o.id = k.case_id)),
        'asked_at', api.instant_text(case when not k.suspends then hold.created_at when k.lifted_at is null then k.platform_asked_at else k.release_asked_at end),
        'confirmed_at', api.instant_text(case when not k.suspends then hold.done_at when k.lifted_at is null then k.platform_confirmed_at else k.platform_released_at end),
        'late', case when not k.suspends then hold.created_at is not null and hold.done_at is null and hold.created_at + patience <= at when k.lifted_at is null then k.platform_confirmed_at is null and k.platform_asked_at + patience <= at
                    else k.release_asked_at is not null and k.platform_released_at is null and k.release_asked_at + patience <= at end);
end $$;
comment on function api.lock_state(book.locks, timestamptz) is 'A lock as pages show it: asked of the platform, confirmed by it, or late by the policy.';

create function api.locks_of(of_customer bigint, of_case uuid default null) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(api.lock_state(k, t.at) order by k.placed_at, k.id), '[]')
    from book.locks k, (select api.clock() as at offset 0) t
    where k.customer_id = of_customer and (k.lifted_at is null or k.case_id = of_case)
$$;
comment on function api.locks_of(bigint, uuid) is 'The locks in force on an account; those of one case also after they fell.';

create function api.lock_alarms(at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare patience interval := make_interval(mins => (api.policy('platform_answer_minutes', at) #>> '{}')::integer); warned integer := (api.policy('judicial_warning_days', at) #>> '{}')::integer;
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'case_kind', a.case_kind, 'case_id', a.case_id, 'number', a.number, 'customer_id', a.customer_id::text,
                'customer_name', a.customer_name, 'since', api.instant_text(a.since), 'amount', a.amount::text) order by a.since, a.number), '[]')
    from (select l.kind, l.case_kind, l.case_id, coalesce(d.number, o.number, '') as number, l.customer_id, api.shown_name(c) as customer_name, l.since, l.amount
          from (select 'lock_unconfirmed' as kind, k.cause as case_kind, k.case_id, k.customer_id, k.platform_asked_at as since, null::numeric(20, 6) as amount
                from book.locks k where k.lifted_at is null and k.platform_confirmed_at is null and k.suspends and k.platform_asked_at <= at - patience
                union all
                select 'unlock_unconfirmed', k.cause, k.case_id, k.customer_id, k.release_asked_at, null
                from book.locks k where k.release_asked_at is not null and k.platform_released_at is null and k.release_asked_at <= at - patience
                union all
                select case when x.expires_at <= at then 'order_expired' else 'order_expiring' end, 'judicial', j.id, j.customer_id, x.expires_at, null
                from book.deadlines x join book.judicial_orders j on j.id = x.subject_id
                where x.subject_kind = 'judicial_order' and x.stopped_at is null and x.due_on <= (at at time zone 'Asia/Shanghai')::date + warned
                union all
                (select distinct on (e.customer_id) 'hold_unconfirmed', 'judicial', e.subject_id, e.customer_id, e.created_at, null
                 from book.platform_events e where e.acknowledged_at is null and e.kind in ('account.hold', 'account.hold_reached') and e.created_at <= at - patience order by e.customer_id, e.id)
                union all
                select 'order_loses', 'judicial', q.id, h.id, coalesce(h.ordered_reached_at, at), x.loss
                from book.customers h, lateral (select api.order_loss(h) as loss) x,
                     lateral (select j.id from book.judicial_orders j where j.customer_id = h.id and j.scope = 'amount' and j.lifted_at is null order by j.received_at desc, j.id desc limit 1) q
                where h.ordered_amount is not null and x.loss > 0) l
          left join book.disputes d on d.id = l.case_id left join book.judicial_orders o on o.id = l.case_id
          join book.customers c on c.id = l.customer_id
          order by l.since limit 100) a);
end $$;
comment on function api.lock_alarms(timestamptz) is 'For the first screen: what the platform has not confirmed within the policy''s time, orders that end soon or have ended without being lifted or renewed, and orders over an amount that lose principal to usage.';
