-- exceptions: what could not be booked or matched. Nothing is lost and nothing is guessed: each is settled once, by a later paper or by people.

create function api.exception_ready(x book.exceptions, at timestamptz) returns boolean language sql stable security definer set search_path = '' as $$
    select coalesce(x.resolved_at is null and case x.kind
        when 'recharge_not_verified' then (select c.real_name_verified from book.customers c where c.id = x.customer_id)
        when 'recharge_below_minimum' then x.amount >= (api.policy('recharge_minimum', at) #>> '{}')::numeric
        when 'agreement_unknown' then exists (select 1 from book.agreement_versions v where v.version = x.source_row ->> 'agreement_version' and v.effective_at <= x.happened_at)
        when 'activity_unknown' then exists (select 1 from book.activities a where a.code = x.source_row ->> 'activity')
        else false end, false)
$$;
comment on function api.exception_ready(book.exceptions, timestamptz) is 'Whether what stood in the way of an order is mended, so that it can be credited now: the account holder is verified, the minimum, the agreement or the activity is there.';

create function api.age_band(since timestamptz, at timestamptz) returns text language sql immutable security definer set search_path = '' as $$
    select case when d.days <= 1 then '0-1' when d.days <= 7 then '2-7' when d.days <= 30 then '8-30' else '31+' end
    from (select (at at time zone 'Asia/Shanghai')::date - (since at time zone 'Asia/Shanghai')::date as days) d
$$;
comment on function api.age_band(timestamptz, timestamptz) is 'How long something has waited, in the bands of the aged list: today and yesterday, a week, a month, longer (Shanghai days).';

create view api.exceptions as
select x.id, x.kind, x.channel, x.order_no, x.provider_no, x.customer_id, api.shown_name(c) as customer_name, x.amount, x.amount_expected, x.import_id, i.file_name,
       x.line, x.happened_at, x.opened_at, x.proposed_at, api.login_of(x.proposed_by) as proposed_by, x.resolved_at, api.login_of(x.resolved_by) as resolved_by, x.resolution,
       w.order_no as belongs_to_order, w.kind as belongs_waits_for, x.matched_order_no,
       api.age_band(coalesce(x.happened_at, x.opened_at), coalesce(x.resolved_at, t.at)) as age, api.exception_ready(x, t.at) as ready
from (select api.clock() as at) t, book.exceptions x left join book.customers c on c.id = x.customer_id left join book.imports i on i.id = x.import_id
     left join lateral (select o.order_no, o.kind from book.exceptions o where x.kind = 'payment_without_order' and x.resolved_at is null and o.order_no = x.order_no and o.id <> x.id and o.resolved_at is null
                        and o.kind <> 'payment_without_order' order by o.id limit 1) w on true;
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
comment on column api.exceptions.belongs_to_order is '? the order with this number, which may not be credited itself';
comment on column api.exceptions.belongs_waits_for is '? why that order may not be credited: the kind of its own exception';
comment on column api.exceptions.matched_order_no is '? the order that somebody says this payment is for';
comment on column api.exceptions.age is '{{"0-1" | "2-7" | "8-30" | "31+"}} Shanghai days since the money or the order came';
comment on column api.exceptions.ready is 'what stood in the way is mended: it can be credited now';

create function api.list_exceptions(only_open boolean default true, wanted_kind text default null, before bigint default null, maximum integer default 200,
    wanted_age text default null, only_ready boolean default false, only_settled boolean default false) returns setof api.exceptions
language sql stable security definer set search_path = '' as $$
    select x.* from api.exceptions x where api.reader() is not null and (not only_open or only_settled or x.resolved_at is null) and (not only_settled or x.resolved_at is not null)
      and (wanted_kind is null or x.kind = wanted_kind) and (before is null or x.id < before)
      and (wanted_age is null or x.age = wanted_age) and (not only_ready or x.ready)
    order by x.id desc limit least(greatest(maximum, 1), 500)
$$;
comment on function api.list_exceptions(boolean, text, bigint, integer, text, boolean, boolean) is 'exceptions.list: What could not be booked or matched, newest first: open ones or all or the settled, of one kind, of one age, or only those that can be credited now.';
grant execute on function api.list_exceptions(boolean, text, bigint, integer, text, boolean, boolean) to kontor_people;

create type api.exception_age as (age text, items bigint, amount numeric, suspense_items bigint, suspense_amount numeric, ready bigint);
comment on type api.exception_age is 'How much has waited for how long.';
comment on column api.exception_age.age is '{{"0-1" | "2-7" | "8-30" | "31+"}} Shanghai days since the money or the order came';
comment on column api.exception_age.amount is 'of all of them';
comment on column api.exception_age.suspense_amount is 'money received and not credited to anybody';
comment on column api.exception_age.ready is 'of them can be credited now';

create function api.age_exceptions() returns setof api.exception_age language sql stable security definer set search_path = '' as $$
    select b.age, count(x.id), coalesce(sum(coalesce(abs(x.amount), x.amount_expected)), 0), count(x.id) filter (where x.kind = 'payment_without_order'),
           coalesce(sum(x.amount) filter (where x.kind = 'payment_without_order'), 0), count(x.id) filter (where x.ready)
    from (select api.reader()) me, (values (1, '0-1'), (2, '2-7'), (3, '8-30'), (4, '31+')) b (place, age)
         left join (select e.id, e.kind, e.amount, e.amount_expected, api.age_band(coalesce(e.happened_at, e.opened_at), t.at) as age, api.exception_ready(e, t.at) as ready
                    from (select api.clock() as at) t, book.exceptions e where e.resolved_at is null) x on x.age = b.age
    group by b.place, b.age order by b.place
$$;
comment on function api.age_exceptions() is 'exceptions.ages: Open exceptions and the money in suspense by how long they have waited: today and yesterday, a week, a month, longer.';
grant execute on function api.age_exceptions() to kontor_people;

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
        if item.kind in ('payment_without_order', 'dollar_payment_without_order', 'amount_differs', 'order_differs', 'order_without_payment', 'refund_without_instruction', 'refund_amount_differs') then
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
    -- An order's customer is locked before the exception, as everywhere.
    perform api.lock_customer(r.customer_id) from book.exceptions x join book.recharges r on r.order_no = x.matched_order_no where x.id = exception_id;
    select x.* into item from book.exceptions x where x.id = exception_id for update;
    if not found then perform api.broken('exception_unknown'); end if;
    if not api.repeated(command_id, 'exceptions.confirm', body) then
        at := api.clock();
        if item.resolved_at is not null then perform api.broken('exception_already_resolved'); end if;
        if item.proposed_at is null then perform api.broken('exception_not_proposed'); end if;
        if item.proposed_by = actor then perform api.broken('exception_settled_by_proposer'); end if;
        update book.exceptions x set resolved_at = at, resolved_by = actor where x.id = exception_id;
        if item.matched_order_no is not null then
            perform api.book_match(item, actor, at);
        elsif item.kind = 'payment_without_order' then
            -- Nobody's order: the provider returns it to its payer, and it leaves suspense the way it came.
            perform api.post_journal('suspense_cleared', null, at, at, actor, 'exception', exception_id::text, array['suspense', item.channel || '_clearing'], array['CNY', 'CNY'], array[item.amount, -item.amount], 'RA 3.1');
        end if;
        perform api.record_event(command_id, 'exceptions.confirm', actor, at, 'exception', exception_id::text, item.customer_id, body, jsonb_build_object('kind', item.kind, 'order_no', item.matched_order_no));
    end if;
    select x.* into answer from api.exceptions x where x.id = exception_id;
    return answer;
end $$;
comment on function api.confirm_exception(uuid, bigint) is 'exceptions.confirm: An approver, not the proposer, lets a difference in money be settled as proposed, or a payment be matched with the order that was named.';
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

create function api.decline_exception(command_id uuid, exception_id bigint, reason text) returns api.exceptions language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'accountant'); at timestamptz; item book.exceptions; answer api.exceptions; body jsonb := jsonb_build_object('exception_id', exception_id, 'reason', reason);
begin
    select x.* into item from book.exceptions x where x.id = exception_id for update;
    if not found then perform api.broken('exception_unknown'); end if;
    if not api.repeated(command_id, 'exceptions.decline', body) then
        at := api.clock();
        if item.resolved_at is not null then perform api.broken('exception_already_resolved'); end if;
        if item.proposed_at is null then perform api.broken('exception_not_proposed'); end if;
        if item.proposed_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        -- The exception itself stays open: only this way of settling it is off the table.
        update book.exceptions x set proposed_at = null, proposed_by = null, resolution = null, matched_order_no = null where x.id = exception_id;
        perform api.record_event(command_id, 'exceptions.decline', actor, at, 'exception', exception_id::text, item.customer_id, body,
            jsonb_build_object('kind', item.kind, 'proposed_by', api.login_of(item.proposed_by), 'proposal', item.resolution, 'order_no', item.matched_order_no, 'reason', api.tidy(reason)));
    end if;
    select x.* into answer from api.exceptions x where x.id = exception_id;
    return answer;
end $$;
comment on function api.decline_exception(uuid, bigint, text) is 'exceptions.decline: An approver declines how an exception was to be settled, or its accountant takes the proposal back; the exception is open again.';
grant execute on function api.decline_exception(uuid, bigint, text) to kontor_people;
