-- judicial_locks: orders of courts and authorities (RA 5.3). They outrank refunds and repayments; the legal role alone registers, renews and lifts.

-- ── What an order stops ────────────────────────────────────────────────────────────────────────────────────────

create function api.stopping_order(of_customer bigint) returns uuid language sql stable security definer set search_path = '' as $$
    select k.case_id from book.locks k left join book.judicial_orders o on o.id = k.case_id
    where k.customer_id = of_customer and k.cause = 'judicial' and k.lifted_at is null and (o.id is null or (o.scope = 'account' and not o.allows_repayment))
    order by k.placed_at, k.id limit 1
$$;
comment on function api.stopping_order(bigint) is 'The order over the whole account because of which nothing is paid out, 5.2 repayments neither; null when none does, or when the order itself lets repayments go on (rules, additions).';

create function api.held_by_orders(of_customer bigint) returns numeric language sql stable security definer set search_path = '' as $$
    select coalesce(sum(o.amount), 0) from book.judicial_orders o where o.customer_id = of_customer and o.lifted_at is null and o.scope = 'amount'
$$;
comment on function api.held_by_orders(bigint) is 'What orders over an amount keep of the principal, all of them together: repayments may use only what is above it. Services go on (RA-16).';

create function api.orders_reach(d book.disputes) returns boolean language sql stable security definer set search_path = '' as $$
    select h.held > 0 and h.held > (select coalesce(sum(r.amount_left), 0) from book.recharges r where r.customer_id = d.customer_id and r.earmarked_for is null)
       and exists (select 1 from book.repayments p join book.repayment_lots l on l.repayment_id = p.id join book.recharges r on r.id = l.recharge_id
                   where p.dispute_id = d.id and p.status in ('proposed', 'approved') and r.earmarked_for is null)
    from (select api.held_by_orders(d.customer_id) as held) h
$$;
comment on function api.orders_reach(book.disputes) is 'Whether orders over amounts need principal that a repayment under way has taken out: then it waits, or is taken back. Earmarked recharges are not reached.';

create function api.order_queue(of_customer bigint) returns table (order_id uuid, place integer, wanted numeric, holds numeric)
language sql stable security definer set search_path = '' as $$
    select q.id, q.place::integer, q.amount, greatest(0, least(q.amount, q.principal - q.before))
    from (select o.id, row_number() over w as place, coalesce(o.amount, p.principal) as amount, p.principal,
                 coalesce(sum(coalesce(o.amount, p.principal)) over (partition by o.customer_id order by o.received_at, o.id rows between unbounded preceding and 1 preceding), 0) as before
          from book.judicial_orders o,
               (select coalesce(sum(r.amount_left), 0) as principal from book.recharges r where r.customer_id = of_customer and r.earmarked_for is null) p
          where o.customer_id = of_customer and o.lifted_at is null
          window w as (partition by o.customer_id order by o.received_at, o.id)) q
$$;
comment on function api.order_queue(bigint) is 'Orders in force in the order of their receipt: the first is satisfied first, a later one holds what is left and waits for the rest.';

create function api.free_principal(of_customer bigint) returns numeric language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(sum(r.amount_left), 0) from book.recharges r where r.customer_id = of_customer and r.earmarked_for is null);
end $$;
comment on function api.free_principal(bigint) is 'What orders can reach of an account: its principal, held for a refund or not. Gifts and earmarked recharges are none of it.';

create function api.watch_ordered_amount(of_customer bigint, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare c book.customers; principal numeric; reached boolean; told jsonb; subject uuid;
begin
    select x.* into c from book.customers x where x.id = of_customer;
    if c.ordered_amount is null then return; end if;
    principal := api.free_principal(of_customer);
    reached := principal <= c.ordered_amount;
    if principal > c.ordered_kept and c.ordered_kept < c.ordered_amount then
        update book.customers x set ordered_kept = least(c.ordered_amount, principal) where x.id = of_customer;
    end if;
    -- Said when it changes, not at every piece of usage: the platform hears it once, and again when there is room.
    if reached = (c.ordered_reached_at is not null) then return; end if;
    update book.customers x set ordered_reached_at = case when reached then at end where x.id = of_customer;
    select o.id into subject from book.judicial_orders o where o.customer_id = of_customer and o.scope = 'amount' and o.lifted_at is null order by o.received_at desc, o.id desc limit 1;
    told := jsonb_build_object('amount', c.ordered_amount::text, 'principal', principal::numeric(20, 6)::text);
    perform api.tell_platform(of_customer, case when reached then 'account.hold_reached' else 'account.hold_free' end, subject, told, at);
end $$;
comment on function api.watch_ordered_amount(bigint, timestamptz) is
    'After the principal of an account moved, by whoever holds its row: tells the platform when nothing is free any more above what orders keep (RA-16, RA-21), and when something is again. The platform decides what may be used; what was used is charged, and what the orders lose by it is an alarm.';

create function api.order_loss(c book.customers) returns numeric language plpgsql stable security definer set search_path = '' as $$
begin
    return greatest(0, c.ordered_kept - api.free_principal(c.id));
end $$;
comment on function api.order_loss(book.customers) is 'What was there for orders over amounts and is gone: usage, or a payment that was taken back, ate into it. Null without such an order.';

create function api.order_conflicts(o book.judicial_orders) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'id', c.id, 'number', c.number, 'status', c.status, 'amount', c.amount::text, 'answer', c.answer, 'clause', c.clause) order by c.kind, c.number), '[]')
    from (select 'refund' as kind, f.id, f.number, f.status, f.amount_net as amount, case f.status when 'released' then 'refund_legs_stop' else 'refund_waits' end as answer, 'RA 5.3' as clause
          from book.refunds f where f.customer_id = o.customer_id and f.status in ('requested', 'reviewed', 'approved', 'released')
          union all
          select 'dispute', d.id, d.number, d.status, (api.count_dispute_amounts(d)).outstanding,
                 case when o.scope = 'amount' then 'repayment_above_the_amount' when o.allows_repayment then 'repayment_goes_on' else 'repayment_waits' end, 'RA 5.3'
          from book.disputes d where d.customer_id = o.customer_id and d.closed_at is null and d.kind = 'third_party'
          union all
          select 'order', x.id, x.number, 'in_force', x.amount, case when (x.received_at, x.id) < (o.received_at, o.id) then 'earlier_order_first' else 'later_order_waits' end, 'RA 5.3'
          from book.judicial_orders x where x.customer_id = o.customer_id and x.lifted_at is null and x.id <> o.id) c
    where o.lifted_at is null
$$;
comment on function api.order_conflicts(book.judicial_orders) is 'What else is open on the account, and what the rules say happens to it while the order is in force.';

create function api.orders_on(of_customer bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'authority', o.authority, 'order_no', o.order_no, 'scope', o.scope, 'amount', o.amount::text,
        'place', q.place, 'holds', q.holds::numeric(14, 2)::text, 'allows_repayment', o.allows_repayment, 'due_on', x.due_on) order by q.place), '[]')
    from api.order_queue(of_customer) q join book.judicial_orders o on o.id = q.order_id
    left join book.deadlines x on x.subject_id = o.id and x.stopped_at is null
$$;
comment on function api.orders_on(bigint) is 'The orders in force on an account, for the pages of what they stop.';

create function api.refund_stops(of_customer bigint) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('cause', s.cause, 'id', s.id, 'number', s.number, 'authority', s.authority, 'order_no', s.order_no, 'amount', s.amount::text, 'due_on', s.due_on,
                'clause', s.clause) order by s.cause desc, s.since, s.id), '[]')
            from (select 'order' as cause, o.id, o.number, o.authority, o.order_no, o.amount, x.due_on, 'RA 5.3' as clause, o.received_at as since
                  from book.judicial_orders o left join book.deadlines x on x.subject_id = o.id and x.stopped_at is null
                  where o.customer_id = of_customer and o.lifted_at is null
                  union all
                  select 'dispute', d.id, d.number, null, null, d.amount_disputed, null, 'RA 5.2', d.noticed_at
                  from book.disputes d where d.customer_id = of_customer and d.closed_at is null and d.kind = 'third_party') s);
end $$;
comment on function api.refund_stops(bigint) is 'What keeps every refund of an account waiting, each by its name: orders of courts and authorities first, then the disputes of third parties (rules, additions).';

-- ── What is shown ──────────────────────────────────────────────────────────────────────────────────────────────

create view api.judicial_locks as
select o.id, o.number, o.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name, o.authority, o.order_no, o.scope, o.amount, o.allows_repayment,
       o.received_at, o.registered_at, api.login_of(o.registered_by) as registered_by, q.place, q.holds,
       x.due_on, x.expires_at, case when o.lifted_at is null then ceil(extract(epoch from x.expires_at - t.at))::bigint end as seconds_left,
       o.lifted_at, api.login_of(o.lifted_by) as lifted_by
from book.judicial_orders o
join book.customers c on c.id = o.customer_id
cross join (select api.clock() as at offset 0) t
join lateral (select l.due_on, l.expires_at from book.deadlines l where l.subject_id = o.id) x on true
left join lateral (select y.place, y.holds from api.order_queue(o.customer_id) y where y.order_id = o.id) q on true;
comment on view api.judicial_locks is 'Orders of courts and authorities with their place in the account''s queue and what they hold.';
comment on column api.judicial_locks.scope is '{{"account" | "amount"}} the whole account, or an amount of it';
comment on column api.judicial_locks.amount is '? of an order over an amount';
comment on column api.judicial_locks.place is '? in the account''s queue, while it is in force';
comment on column api.judicial_locks.holds is '? what there is for it to hold now';
comment on column api.judicial_locks.seconds_left is '? until it ends by its own words; negative when that has passed. It is in force until it is lifted';
comment on column api.judicial_locks.lifted_at is '? not yet';
comment on column api.judicial_locks.lifted_by is '? not yet';

create function api.judicial_clock(o book.judicial_orders) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select api.deadline_explanation(x.started_at, x.days + x.extended_days, x.zone, false, o.order_no)
            || jsonb_build_object('changes', (select coalesce(jsonb_agg(jsonb_build_object('reason', h.reason, 'from_due_on', h.from_due_on, 'to_due_on', h.to_due_on,
                    'at', api.instant_text(h.changed_at), 'by', api.login_of(h.changed_by)) order by h.id), '[]') from book.deadline_changes h where h.deadline_id = x.id))
            from book.deadlines x where x.subject_id = o.id);
end $$;
comment on function api.judicial_clock(book.judicial_orders) is 'The term of an order explained: its own words decide, rest days do not move it.';

create function api.order_papers(order_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'file_name', f.file_name, 'media_type', f.media_type, 'size_bytes', f.size_bytes, 'sha256', encode(f.sha256, 'hex'),
        'received_at', api.instant_text(f.received_at), 'recorded_at', api.instant_text(f.recorded_at), 'recorded_by', api.login_of(f.recorded_by)) order by f.received_at, f.id), '[]')
    from book.attachments f where f.subject_kind = 'judicial_order' and f.subject_id = order_id::text and f.complete
$$;
comment on function api.order_papers(uuid) is 'Every paper filed with an order.';

create function api.order_balance(c book.customers) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare principal numeric := api.free_principal(c.id); held numeric; told book.platform_events;
begin
    select coalesce(sum(q.holds), 0) into held from api.order_queue(c.id) q;
    select e.* into told from book.platform_events e
    where e.customer_id = c.id and e.kind = 'account.hold_reached' and e.created_at >= c.ordered_reached_at order by e.place desc limit 1;
    return jsonb_build_object('principal', principal::numeric(20, 6)::text, 'held', held::numeric(20, 6)::text, 'free', greatest(0, principal - held)::numeric(20, 6)::text,
        'lost', coalesce(api.order_loss(c), 0)::numeric(20, 6)::text, 'reached_at', api.instant_text(c.ordered_reached_at),
        'told_at', api.instant_text(told.created_at), 'confirmed_at', api.instant_text(told.done_at));
end $$;
comment on function api.order_balance(book.customers) is 'What all orders hold of an account together, what they have lost, and what the platform was told of it.';

create view api.judicial_lock_pages as
select v.*, o.allowing_words, o.lifted_reason, api.judicial_clock(o) as clock, api.order_conflicts(o) as conflicts, api.orders_on(o.customer_id) as queue, api.locks_of(o.customer_id, o.id) as locks,
       api.order_papers(o.id) as attachments,
       api.order_balance(c) as balance,
       case when o.lifted_at is not null then 'judicial_order_lifted' when not api.has_duty('legal') then 'duty_missing' end as blocked
from api.judicial_locks v join book.judicial_orders o on o.id = v.id join book.customers c on c.id = v.customer_id;
comment on view api.judicial_lock_pages is 'One order with everything its page shows.';
do $$
declare c record;
begin
    for c in select a.attname, pg_catalog.col_description(a.attrelid, a.attnum) as said from pg_catalog.pg_attribute a
             where a.attrelid = 'api.judicial_locks'::regclass and a.attnum > 0 and pg_catalog.col_description(a.attrelid, a.attnum) is not null loop
        execute format('comment on column api.judicial_lock_pages.%I is %L', c.attname, c.said);
    end loop;
end $$;
comment on column api.judicial_lock_pages.allowing_words is '? what the order itself says about repayments';
comment on column api.judicial_lock_pages.lifted_reason is '? not yet';
comment on column api.judicial_lock_pages.clock is '{{DeadlineExplanations & { changes: Array<{ reason: string; from_due_on: IsoDate; to_due_on: IsoDate; at: Instant; by: string }> }}} its term, explained';
comment on column api.judicial_lock_pages.conflicts is '{{Array<{ kind: "refund" | "dispute" | "order"; id: Uuid; number: string; status: string; amount: Money | null; answer: "refund_waits" | "refund_legs_stop" | "repayment_waits" | "repayment_goes_on" | "repayment_above_the_amount" | "earlier_order_first" | "later_order_waits"; clause: string }>}} what it meets on the account, and what the rules say';
comment on column api.judicial_lock_pages.queue is '{{Array<{ id: Uuid; number: string; authority: string; order_no: string; scope: "account" | "amount"; amount: Money | null; place: number; holds: Money; allows_repayment: boolean; due_on: IsoDate | null }>}} every order in force on the account';
comment on column api.judicial_lock_pages.locks is '{{Array<{ id: Uuid; cause: "dispute" | "judicial" | "campaign"; case_id: Uuid; suspends: boolean; placed_at: Instant; placed_by: string; lifted_at: Instant | null; number: string | null; asked_at: Instant | null; confirmed_at: Instant | null; late: boolean }>}} the locks of the account';
comment on column api.judicial_lock_pages.attachments is '{{Array<{ id: Uuid; file_name: string; media_type: string; size_bytes: number; sha256: string; received_at: Instant; recorded_at: Instant; recorded_by: string }>}} its papers';
comment on column api.judicial_lock_pages.balance is '{{{ principal: Money; held: Money; free: Money; lost: Money; reached_at: Instant | null; told_at: Instant | null; confirmed_at: Instant | null }}} of the account, gifts and earmarked recharges left out; lost is what the orders over amounts once held and no longer do, and the rest says since when nothing is free and what the platform knows of it';
comment on column api.judicial_lock_pages.blocked is '? why the person who is signed in can neither renew nor lift it';

create function api.find_judicial_lock(order_id uuid) returns api.judicial_lock_pages language sql stable security definer set search_path = '' as $$
    select p.* from api.judicial_lock_pages p where p.id = order_id
$$;
comment on function api.find_judicial_lock(uuid) is 'What every action answers: the page as it is now.';

create function api.open_judicial_lock(order_id uuid) returns api.judicial_lock_pages language plpgsql stable security definer set search_path = '' as $$
declare page api.judicial_lock_pages;
begin
    perform api.reader();
    page := api.find_judicial_lock(order_id);
    if page.id is null then perform api.broken('judicial_order_unknown'); end if;
    return page;
end $$;
comment on function api.open_judicial_lock(uuid) is 'judicial_locks.open: One order: its term explained, what it holds and in which place, what it meets on the account and what the rules say, its papers.';
grant execute on function api.open_judicial_lock(uuid) to kontor_people;

create function api.list_judicial_locks(wanted text default 'in_force', search text default null, before_at timestamptz default null, before_id uuid default null, maximum integer default 100)
returns setof api.judicial_locks language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare at timestamptz := api.clock(); sought text := replace(replace(replace(btrim(coalesce(search, '')), '\', '\\'), '%', '\%'), '_', '\_'); named bigint[];
    warned integer := (api.policy('judicial_warning_days', api.clock()) #>> '{}')::integer;
begin
    perform api.reader();
    named := api.customers_named(search);
    return query
    with picked as (
        select o.id, o.received_at from book.judicial_orders o join book.customers c on c.id = o.customer_id
        where case coalesce(wanted, 'in_force')
                when 'lifted' then o.lifted_at is not null
                when 'all' then true
                when 'ending' then o.lifted_at is null and exists (select 1 from book.deadlines x where x.subject_id = o.id and x.due_on <= (at at time zone 'Asia/Shanghai')::date + warned)
                else o.lifted_at is null end
          and (sought = '' or o.number ilike sought || '%' or o.order_no ilike '%' || sought || '%' or o.authority ilike '%' || sought || '%' or c.ref ilike sought || '%' or o.customer_id = any (named))
          and (before_at is null or (o.received_at, o.id) < (before_at, coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')))
        order by o.received_at desc, o.id desc limit least(greatest(coalesce(maximum, 100), 1), 500)
    )
    select v.* from picked p join api.judicial_locks v on v.id = p.id order by p.received_at desc, p.id desc;
end $$;
comment on function api.list_judicial_locks(text, text, timestamptz, uuid, integer) is
    'judicial_locks.list: Orders, the one received last on top: in_force, ending (soon or already past), lifted, all. The next page begins before the last row''s received_at and id.';
grant execute on function api.list_judicial_locks(text, text, timestamptz, uuid, integer) to kontor_people;

-- ── Actions ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.check_order_papers(order_id uuid, attachment_ids uuid[]) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if coalesce(cardinality(attachment_ids), 0) = 0 then perform api.broken('judicial_order_without_paper', '{"clause": "RA 5.3"}'); end if;
    if exists (select 1 from unnest(attachment_ids) i (id)
               where not exists (select 1 from book.attachments a where a.id = i.id and a.complete and a.subject_kind = 'judicial_order' and a.subject_id = order_id::text)) then
        perform api.broken('attachment_not_of_this_case');
    end if;
end $$;
comment on function api.check_order_papers(uuid, uuid[]) is 'An order is registered, renewed and lifted with its paper, arrived whole and filed with it.';

create function api.register_judicial_lock(command_id uuid, customer_id bigint, authority text, order_no text, scope text, received_at timestamptz, until_on date, attachment_ids uuid[],
    amount api.cents default null, allows_repayment boolean default false, allowing_words text default null)
returns api.judicial_lock_pages language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare actor integer := api.actor('legal'); at timestamptz; number text; day_zero date := (received_at at time zone 'Asia/Shanghai')::date;
    body jsonb := jsonb_build_object('customer_id', customer_id, 'authority', authority, 'order_no', order_no, 'scope', scope, 'received_at', received_at, 'until_on', until_on,
        'attachment_ids', to_jsonb(attachment_ids), 'amount', amount, 'allows_repayment', allows_repayment, 'allowing_words', allowing_words);
begin
    perform api.lock_customer(customer_id);
    if api.repeated(command_id, 'judicial_locks.register', body) then return api.find_judicial_lock(command_id); end if;
    at := api.clock();
    perform api.check_not_in_future(received_at, at);
    if api.tidy(authority) is null then perform api.broken('judicial_order_without_authority'); end if;
    if api.tidy(order_no) is null then perform api.broken('judicial_order_without_number'); end if;
    if until_on <= day_zero or until_on > day_zero + 3650 then perform api.broken('judicial_term_out_of_range', jsonb_build_object('received_on', day_zero, 'most_days', 3650)); end if;
    perform api.check_order_papers(command_id, attachment_ids);
    number := api.next_number('JL', at);
    insert into book.judicial_orders (id, number, customer_id, authority, order_no, scope, amount, allows_repayment, allowing_words, received_at, registered_at, registered_by)
    values (command_id, number, customer_id, api.tidy(authority), api.tidy(order_no), scope, amount, coalesce(allows_repayment, false), api.tidy(allowing_words), received_at, at, actor);
    perform api.place_lock(command_id, customer_id, 'judicial', command_id, number, actor, at, scope = 'account');
    perform api.start_deadline('judicial_order', command_id, 'judicial', received_at, until_on - day_zero, 'Asia/Shanghai', false, at);
    if scope = 'amount' then perform api.tell_hold(customer_id, command_id, at); end if;
    perform api.record_event(command_id, 'judicial_locks.register', actor, at, 'judicial_order', command_id::text, customer_id, body,
        jsonb_build_object('number', number, 'order_no', api.tidy(order_no), 'scope', scope, 'amount', amount::text, 'until_on', until_on));
    return api.find_judicial_lock(command_id);
end $$;
comment on function api.register_judicial_lock(uuid, bigint, text, text, text, timestamptz, date, uuid[], api.cents, boolean, text) is
    'judicial_locks.register: The legal role registers an order of a court or authority with its paper. Over the whole account it locks, and nothing is paid out unless the order itself says so; over an amount it holds that much, and services go on (RA-16).';
grant execute on function api.register_judicial_lock(uuid, bigint, text, text, text, timestamptz, date, uuid[], api.cents, boolean, text) to kontor_people;

create function api.tell_hold(of_customer bigint, subject uuid, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare ordered numeric := api.held_by_orders(of_customer);
begin
    perform api.tell_platform(of_customer, 'account.hold', subject, jsonb_build_object('amount', ordered::text), at);
    update book.customers c set ordered_amount = nullif(ordered, 0), ordered_kept = case when ordered > 0 then least(coalesce(c.ordered_kept, 0), ordered) end,
           ordered_reached_at = case when ordered > 0 then c.ordered_reached_at end
    where c.id = of_customer;
    perform api.watch_ordered_amount(of_customer, at);
end $$;
comment on function api.tell_hold(bigint, uuid, timestamptz) is 'The platform keeps this much of the balance unused from now on: the sum of all orders over amounts, so that a later event replaces the earlier one. From here on it is watched.';

create function api.take_judicial_order(order_id uuid) returns book.judicial_orders language plpgsql volatile security definer set search_path = '' as $$
declare o book.judicial_orders;
begin
    select x.* into o from book.judicial_orders x where x.id = order_id;
    if not found then perform api.broken('judicial_order_unknown'); end if;
    perform api.lock_customer(o.customer_id);
    select x.* into o from book.judicial_orders x where x.id = order_id for update;
    return o;
end $$;
comment on function api.take_judicial_order(uuid) is 'Locks the customer, then the order, and reads it afresh.';

create function api.renew_judicial_lock(command_id uuid, order_id uuid, order_no text, until_on date, attachment_id uuid) returns api.judicial_lock_pages
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare actor integer := api.actor('legal'); o book.judicial_orders := api.take_judicial_order(order_id); at timestamptz; term book.deadlines;
    body jsonb := jsonb_build_object('order_id', order_id, 'order_no', order_no, 'until_on', until_on, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'judicial_locks.renew', body) then return api.find_judicial_lock(o.id); end if;
    at := api.clock();
    if o.lifted_at is not null then perform api.broken('judicial_order_lifted'); end if;
    if api.tidy(order_no) is null then perform api.broken('judicial_renewal_without_number'); end if;
    select x.* into term from book.deadlines x where x.subject_id = o.id;
    if until_on <= term.due_on or until_on > term.due_on + 3650 then perform api.broken('judicial_renewal_not_later', jsonb_build_object('until_on', term.due_on)); end if;
    perform api.check_order_papers(o.id, array[attachment_id]);
    insert into book.judicial_renewals (id, order_id, order_no, until_on, attachment_id, recorded_at, recorded_by) values (command_id, o.id, api.tidy(order_no), until_on, attachment_id, at, actor);
    perform api.recompute_deadline(term.id, until_on - term.due_on, 'renewed', api.tidy(order_no), actor, at);
    perform api.record_event(command_id, 'judicial_locks.renew', actor, at, 'judicial_order', o.id::text, o.customer_id, body,
        jsonb_build_object('number', o.number, 'order_no', api.tidy(order_no), 'from', term.due_on, 'until_on', until_on));
    return api.find_judicial_lock(o.id);
end $$;
comment on function api.renew_judicial_lock(uuid, uuid, text, date, uuid) is 'judicial_locks.renew: The authority prolonged its order; the paper says until when. The order keeps its place in the queue.';
grant execute on function api.renew_judicial_lock(uuid, uuid, text, date, uuid) to kontor_people;

create function api.lift_judicial_lock(command_id uuid, order_id uuid, reason text, attachment_id uuid) returns api.judicial_lock_pages
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('legal'); o book.judicial_orders := api.take_judicial_order(order_id); at timestamptz;
    body jsonb := jsonb_build_object('order_id', order_id, 'reason', reason, 'attachment_id', attachment_id);
begin
    if api.repeated(command_id, 'judicial_locks.lift', body) then return api.find_judicial_lock(o.id); end if;
    at := api.clock();
    if o.lifted_at is not null then perform api.broken('judicial_order_lifted'); end if;
    perform api.check_reason(reason);
    perform api.check_order_papers(o.id, array[attachment_id]);
    update book.judicial_orders x set lifted_at = at, lifted_by = actor, lifted_reason = api.tidy(reason) where x.id = o.id;
    perform api.lift_locks(o.id, 'judicial', actor, at);
    perform api.stop_deadlines(o.id, at);
    if o.scope = 'amount' then perform api.tell_hold(o.customer_id, o.id, at); end if;
    perform api.record_event(command_id, 'judicial_locks.lift', actor, at, 'judicial_order', o.id::text, o.customer_id, body,
        jsonb_build_object('number', o.number, 'reason', api.tidy(reason), 'attachment', attachment_id));
    return api.find_judicial_lock(o.id);
end $$;
comment on function api.lift_judicial_lock(uuid, uuid, text, uuid) is 'judicial_locks.lift: The legal role lifts an order, with the paper that ends it. The next in the queue holds what becomes free; services come back when no other lock is left.';
grant execute on function api.lift_judicial_lock(uuid, uuid, text, uuid) to kontor_people;
