-- credit_backs: billed usage given back by two people, to the lots and gifts that paid for it.

create view api.credit_backs as
select k.id, k.usage_id, k.customer_id, api.shown_name(c) as customer_name, c.ref as customer_ref, u.usage_key, u.product, u.used_from, u.amount as usage_amount, k.amount, k.reason,
       api.proposal_state(k.proposed_by, k.confirmed_at, k.declined_by, k.declined_at) as status, api.login_of(k.proposed_by) as proposed_by, k.proposed_at, api.login_of(k.confirmed_by) as confirmed_by, k.confirmed_at,
       api.login_of(k.declined_by) as declined_by, k.declined_at, k.declined_why, k.journal_id
from book.credit_backs k join book.usage_charges u on u.id = k.usage_id join book.customers c on c.id = k.customer_id;
comment on view api.credit_backs is 'Usage that somebody asked to be given back, and what became of it.';
comment on column api.credit_backs.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.credit_backs.confirmed_by is '? second person';
comment on column api.credit_backs.confirmed_at is '? when it was posted';
comment on column api.credit_backs.declined_by is '? who declined it or took it back';
comment on column api.credit_backs.declined_at is '? when';
comment on column api.credit_backs.declined_why is '? why';
comment on column api.credit_backs.journal_id is '? what it posted';

create function api.list_credit_backs(status text default 'proposed', customer_id bigint default null, before_proposed_at timestamptz default null, before_id uuid default null,
    most integer default 100) returns setof api.credit_backs language sql stable security definer set search_path = '' as $$
    select k.* from (select api.reader()) me, api.credit_backs k
    where (list_credit_backs.status is null or k.status = list_credit_backs.status)
      and (list_credit_backs.customer_id is null or k.customer_id = list_credit_backs.customer_id)
      and (before_proposed_at is null or (k.proposed_at, k.id) < (before_proposed_at, before_id))
    order by k.proposed_at desc, k.id desc limit least(greatest(most, 1), 500)
$$;
comment on function api.list_credit_backs(text, bigint, timestamptz, uuid, integer) is 'usage.list_credit_backs: Credit-backs that wait for an approver, or were decided, newest first; of one customer or of all.';
grant execute on function api.list_credit_backs(text, bigint, timestamptz, uuid, integer) to kontor_people;

-- ── What a credit-back would post ──────────────────────────────────────────────────────────────────────────────

create function api.credit_back_parts(of_usage bigint, asked numeric) returns table (recharge_id bigint, gift_id bigint, held boolean, amount numeric)
language sql stable security definer set search_path = '' as $$
    with paid as (
        select n.recharge_id, n.gift_id, sum(n.amount) as amount from book.consumptions n where n.usage_id = of_usage group by 1, 2 having sum(n.amount) > 0
    ), laid as (
        select p.*, sum(p.amount) over (order by p.gift_id nulls first, p.recharge_id desc) as ends from paid p)
    select l.recharge_id, l.gift_id,
           exists (select 1 from book.recharges r where r.id = l.recharge_id and r.held_by_refund is not null and r.refunded_by is null),
           least(l.amount, asked - (l.ends - l.amount))
    from laid l where l.ends - l.amount < asked
$$;
comment on function api.credit_back_parts(bigint, numeric) is 'Where given-back usage goes: principal first, the newest lot first, then the gifts; never more than each of them paid.';

create function api.credit_back_left(of_usage bigint) returns numeric language sql stable security definer set search_path = '' as $$
    select (select coalesce(sum(n.amount), 0) from book.consumptions n where n.usage_id = of_usage)
         - (select coalesce(sum(k.amount), 0) from book.credit_backs k where k.usage_id = of_usage and k.confirmed_at is null and k.declined_at is null)
$$;
comment on function api.credit_back_left(bigint) is 'What of a usage was paid, is not given back, and is not in a proposal that waits.';

create function api.credit_back_lines(of_usage bigint, asked numeric) returns table (code text, unit text, amount numeric) language sql stable security definer set search_path = '' as $$
    with told as (
        select coalesce(sum(p.amount) filter (where p.gift_id is null and not p.held), 0) as principal, coalesce(sum(p.amount) filter (where p.held), 0) as held,
               coalesce(sum(p.amount) filter (where p.gift_id is not null), 0) as gift
        from api.credit_back_parts(of_usage, asked) p)
    select l.code, l.unit, l.amount
    from told t, book.usage_charges u, lateral (values (1, 'revenue.' || u.product, 'CNY', t.principal + t.held), (2, 'wallet', 'CNY', -t.principal), (3, 'refund_hold', 'CNY', -t.held),
        (4, 'gift_used', 'CNY.GIFT', t.gift), (5, 'wallet', 'CNY.GIFT', -t.gift)) l (place, code, unit, amount)
    where u.id = of_usage and l.amount <> 0 order by l.place
$$;
comment on function api.credit_back_lines(bigint, numeric) is 'The lines that a credit-back posts: revenue back to the wallet or the hold, used gift back to the wallet''s gift.';

create function api.shown_lines(codes text[], units text[], amounts numeric[]) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('account', a.code, 'title_en', a.title_en, 'title_zh', a.title_zh, 'customer', a.owner = 'customer', 'commodity', l.unit, 'amount', l.amount::numeric(20, 6)::text)
        order by l.n), '[]')
    from unnest(codes, units, amounts) with ordinality l (code, unit, amount, n) join book.accounts a on a.code = l.code
$$;
comment on function api.shown_lines(text[], text[], numeric[]) is 'Lines that are not posted yet, as a preview shows them: debit positive.';

create type api.usage_row as (id bigint, usage_key text, product text, used_from timestamptz, used_to timestamptz, amount numeric, from_gift numeric, from_principal numeric,
    uncollected numeric, given_back numeric, waiting numeric, most numeric, journal_id bigint);
comment on type api.usage_row is 'One billed usage, what paid for it, and what of it came back.';
comment on column api.usage_row.given_back is 'credited back by two people';
comment on column api.usage_row.waiting is 'in credit-backs that wait for a second person';
comment on column api.usage_row.most is 'what can still be given back';

create function api.list_usage(customer_id bigint, before timestamptz default null, before_id bigint default null, most integer default 100) returns setof api.usage_row
language sql stable security definer set search_path = '' as $$
    select u.id, u.usage_key, u.product, u.used_from, u.used_to, u.amount, u.from_gift, u.from_principal, u.uncollected,
           (select coalesce(-sum(n.amount), 0) from book.consumptions n where n.usage_id = u.id and n.amount < 0),
           (select coalesce(sum(k.amount), 0) from book.credit_backs k where k.usage_id = u.id and k.confirmed_at is null and k.declined_at is null),
           api.credit_back_left(u.id), u.journal_id
    from (select b.* from (select api.reader()) me, book.usage_charges b
          where b.customer_id = list_usage.customer_id and (before is null or (b.used_from, b.id) < (before, before_id))
          order by b.used_from desc, b.id desc limit least(greatest(list_usage.most, 1), 500)) u
    order by u.used_from desc, u.id desc
$$;
comment on function api.list_usage(bigint, timestamptz, bigint, integer) is 'usage.list: Billed usage of a customer, newest first, with what paid for it and what of it was given back.';
grant execute on function api.list_usage(bigint, timestamptz, bigint, integer) to kontor_people;

create type api.credit_back_quote as (usage_key text, amount numeric, most numeric, lines jsonb, parts jsonb);
comment on type api.credit_back_quote is 'What giving usage back would do.';
comment on column api.credit_back_quote.most is 'what can still be given back';
comment on column api.credit_back_quote.lines is '{{Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }>}} debit positive';
comment on column api.credit_back_quote.parts is '{{Array<{ order_no: string | null; activity: string | null; held: boolean; refunded: boolean; amount: Money }>}} the lots and gifts that get it back';

create function api.shown_parts(of_usage bigint, asked numeric) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('order_no', r.order_no, 'activity', g.activity, 'held', p.held, 'refunded', coalesce(r.refunded_by is not null, false), 'amount', p.amount::text)
        order by p.gift_id nulls first, p.recharge_id desc), '[]')
    from api.credit_back_parts(of_usage, asked) p left join book.recharges r on r.id = p.recharge_id left join book.gifts g on g.id = p.gift_id
$$;
comment on function api.shown_parts(bigint, numeric) is 'The lots and gifts to which usage would go back, by the numbers people know.';

create function api.quote_credit_back(usage_key text, amount api.micros default null) returns api.credit_back_quote language plpgsql stable security definer set search_path = '' as $$
declare charge book.usage_charges; left_over numeric; asked numeric;
begin
    perform api.reader();
    select u.* into charge from book.usage_charges u where u.usage_key = quote_credit_back.usage_key;
    if not found then perform api.broken('usage_unknown'); end if;
    left_over := api.credit_back_left(charge.id);
    asked := least(coalesce(amount, left_over), left_over);
    return (select row(charge.usage_key, asked, left_over, api.shown_lines(array_agg(l.code), array_agg(l.unit), array_agg(l.amount)), api.shown_parts(charge.id, asked))::api.credit_back_quote
            from api.credit_back_lines(charge.id, asked) l);
end $$;
comment on function api.quote_credit_back(text, api.micros) is 'usage.quote_credit_back: What giving back this much of a usage would post, and to which lots and gifts; without an amount, all that can be given back.';
grant execute on function api.quote_credit_back(text, api.micros) to kontor_people;

-- ── Proposing and deciding ─────────────────────────────────────────────────────────────────────────────────────

create function api.propose_credit_back(command_id uuid, usage_key text, amount api.micros, reason text) returns api.credit_backs
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; charge book.usage_charges; answer api.credit_backs;
    body jsonb := jsonb_build_object('usage_key', usage_key, 'amount', amount, 'reason', reason);
begin
    select u.* into charge from book.usage_charges u where u.usage_key = propose_credit_back.usage_key;
    if not found then perform api.broken('usage_unknown'); end if;
    perform api.lock_customer(charge.customer_id);
    if not api.repeated(command_id, 'usage.propose_credit_back', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('credit_back_without_reason'); end if;
        if amount <= 0 or amount > api.credit_back_left(charge.id) then
            perform api.broken('credit_back_exceeds_usage', jsonb_build_object('most', api.credit_back_left(charge.id)::text));
        end if;
        insert into book.credit_backs (id, usage_id, customer_id, amount, reason, proposed_by, proposed_at) values (command_id, charge.id, charge.customer_id, amount, reason, actor, at);
        perform api.record_event(command_id, 'usage.propose_credit_back', actor, at, 'credit_back', command_id::text, charge.customer_id, body, jsonb_build_object('amount', amount::text));
    end if;
    select k.* into answer from api.credit_backs k where k.id = command_id;
    return answer;
end $$;
comment on function api.propose_credit_back(uuid, text, api.micros, text) is 'usage.propose_credit_back: An accountant asks for billed usage to be given back; nothing moves until an approver confirms.';
grant execute on function api.propose_credit_back(uuid, text, api.micros, text) to kontor_people;

create function api.return_consumption(of_usage bigint, lot_id bigint, of_gift bigint, given_back numeric, journal_id bigint, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare lot book.recharges;
begin
    if of_gift is not null then
        update book.gifts g set amount_left = g.amount_left + given_back where g.id = of_gift;
    else
        select r.* into lot from book.recharges r where r.id = lot_id for update;
        if lot.refunded_by is not null then
            insert into book.recharges (order_no, customer_id, kind, channel, principal, amount_left, payer_name, payer_account, payer_is_holder, agreement_version,
                                        paid_at, provider_no, parent_id, confirmed_at, journal_id)
            values (lot.order_no || '/' || (select count(*) + 1 from book.recharges c where c.parent_id = lot.id), lot.customer_id, lot.kind, lot.channel, ceil(given_back * 100) / 100, given_back,
                    lot.payer_name, lot.payer_account, lot.payer_is_holder, lot.agreement_version, lot.paid_at, lot.provider_no, lot.id, at, journal_id);
        else
            update book.recharges r set amount_left = r.amount_left + given_back where r.id = lot.id;
        end if;
        perform api.watch_ordered_amount(lot.customer_id, at);
    end if;
    insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id) values (of_usage, lot_id, of_gift, -given_back, journal_id);
end $$;
comment on function api.return_consumption(bigint, bigint, bigint, numeric, bigint, timestamptz) is 'Puts given-back usage back where it came from; on a refunded lot it makes a child lot, refundable once (1.4, 7).';

create function api.lock_credit_back(credit_back_id uuid) returns book.credit_backs language plpgsql volatile security definer set search_path = '' as $$
declare asked book.credit_backs;
begin
    select k.* into asked from book.credit_backs k where k.id = credit_back_id;
    if not found then perform api.broken('credit_back_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select k.* into asked from book.credit_backs k where k.id = credit_back_id for update;
    return asked;
end $$;
comment on function api.lock_credit_back(uuid) is 'Locks the customer, then the proposal, and reads it afresh.';

create function api.confirm_credit_back(command_id uuid, credit_back_id uuid) returns api.credit_backs
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.credit_backs := api.lock_credit_back(credit_back_id); part record; lines record; journal bigint; charged_product text;
    answer api.credit_backs; body jsonb := jsonb_build_object('credit_back_id', credit_back_id);
begin
    if not api.repeated(command_id, 'usage.confirm_credit_back', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('credit_back_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('credit_back_already_declined'); end if;
        if asked.proposed_by = actor then perform api.broken('credit_back_confirmed_by_proposer'); end if;
        select u.product into charged_product from book.usage_charges u where u.id = asked.usage_id;
        -- The parts are known before the journal, so that principal, hold and gift each get their line.
        create temporary table if not exists pg_temp.returned (recharge_id bigint, gift_id bigint, held boolean, amount numeric) on commit delete rows;
        delete from pg_temp.returned;
        insert into pg_temp.returned select p.* from api.credit_back_parts(asked.usage_id, asked.amount) p;
        if (select coalesce(sum(t.amount), 0) from pg_temp.returned t) < asked.amount then perform api.broken('credit_back_exceeds_usage'); end if;
        select array_agg(l.code) as codes, array_agg(l.unit) as units, array_agg(l.amount) as amounts into lines from api.credit_back_lines(asked.usage_id, asked.amount) l;
        journal := api.post_journal('credit_back', asked.customer_id, at, at, actor, 'credit_back', asked.id::text, lines.codes, lines.units, lines.amounts, 'RA 8.1');
        for part in select t.* from pg_temp.returned t loop
            perform api.return_consumption(asked.usage_id, part.recharge_id, part.gift_id, part.amount, journal, at);
        end loop;
        update book.consumed_totals t set credited_back = t.credited_back + p.principal, consumed_gift = t.consumed_gift - p.gift
        from (select coalesce(sum(x.amount) filter (where x.gift_id is null), 0) as principal, coalesce(sum(x.amount) filter (where x.gift_id is not null), 0) as gift from pg_temp.returned x) p
        where t.customer_id = asked.customer_id and t.product = charged_product;
        update book.credit_backs k set confirmed_by = actor, confirmed_at = at, journal_id = journal where k.id = asked.id;
        perform api.collect_receivable(asked.customer_id, actor, at);
        perform api.record_event(command_id, 'usage.confirm_credit_back', actor, at, 'credit_back', asked.id::text, asked.customer_id, body, jsonb_build_object('amount', asked.amount::text));
    end if;
    select k.* into answer from api.credit_backs k where k.id = credit_back_id;
    return answer;
end $$;
comment on function api.confirm_credit_back(uuid, uuid) is 'usage.confirm_credit_back: An approver, who is not the proposer, gives billed usage back to the lots and gifts that paid for it.';
grant execute on function api.confirm_credit_back(uuid, uuid) to kontor_people;

create function api.decline_credit_back(command_id uuid, credit_back_id uuid, reason text) returns api.credit_backs
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'accountant'); at timestamptz; asked book.credit_backs := api.lock_credit_back(credit_back_id); answer api.credit_backs;
    body jsonb := jsonb_build_object('credit_back_id', credit_back_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'usage.decline_credit_back', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('credit_back_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('credit_back_already_declined'); end if;
        if asked.proposed_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.credit_backs k set declined_by = actor, declined_at = at, declined_why = api.tidy(decline_credit_back.reason) where k.id = asked.id;
        perform api.record_event(command_id, 'usage.decline_credit_back', actor, at, 'credit_back', asked.id::text, asked.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    select k.* into answer from api.credit_backs k where k.id = credit_back_id;
    return answer;
end $$;
comment on function api.decline_credit_back(uuid, uuid, text) is 'usage.decline_credit_back: An approver declines a credit-back, or its accountant takes it back; both say why.';
grant execute on function api.decline_credit_back(uuid, uuid, text) to kontor_people;
