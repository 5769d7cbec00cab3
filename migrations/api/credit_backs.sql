-- credit_backs: billed usage given back by two people, to the lots and gifts that paid for it.

create view api.credit_backs as
select k.id, k.usage_id, k.customer_id, u.product, k.amount, k.reason, api.login_of(k.proposed_by) as proposed_by, k.proposed_at,
       api.login_of(k.confirmed_by) as confirmed_by, k.confirmed_at
from book.credit_backs k join book.usage_charges u on u.id = k.usage_id;
comment on column api.credit_backs.confirmed_by is '? second person';
comment on column api.credit_backs.confirmed_at is '? when it was posted';

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
        if amount <= 0 or amount > (select coalesce(sum(c.amount), 0) from book.consumptions c where c.usage_id = charge.id)
                                   - (select coalesce(sum(k.amount), 0) from book.credit_backs k where k.usage_id = charge.id and k.confirmed_at is null) then
            perform api.broken('credit_back_exceeds_usage');
        end if;
        insert into book.credit_backs (id, usage_id, customer_id, amount, reason, proposed_by, proposed_at) values (command_id, charge.id, charge.customer_id, amount, reason, actor, at);
        perform api.record_event(command_id, 'usage.propose_credit_back', actor, at, 'credit_back', command_id::text, charge.customer_id, body, jsonb_build_object('amount', amount::text));
    end if;
    select k.* into answer from api.credit_backs k where k.id = command_id;
    return answer;
end $$;
comment on function api.propose_credit_back(uuid, text, api.micros, text) is 'usage.propose_credit_back: An accountant asks for billed usage to be given back; nothing moves until an approver confirms.';
grant execute on function api.propose_credit_back(uuid, text, api.micros, text) to kontor_people;

create function api.return_consumption(part record, of_customer bigint, given_back numeric, journal_id bigint, at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare lot book.recharges; target bigint := part.recharge_id;
begin
    if part.gift_id is not null then
        update book.gifts g set amount_left = g.amount_left + given_back where g.id = part.gift_id;
    else
        select r.* into lot from book.recharges r where r.id = part.recharge_id for update;
        if lot.refunded_by is not null then
            insert into book.recharges (order_no, customer_id, kind, channel, principal, amount_left, payer_name, payer_account, payer_is_holder, agreement_version,
                                        paid_at, provider_no, parent_id, confirmed_at, journal_id)
            values (lot.order_no || '/' || (select count(*) + 1 from book.recharges c where c.parent_id = lot.id), lot.customer_id, lot.kind, lot.channel, ceil(given_back * 100) / 100, given_back,
                    lot.payer_name, lot.payer_account, lot.payer_is_holder, lot.agreement_version, lot.paid_at, lot.provider_no, lot.id, at, journal_id);
        else
            update book.recharges r set amount_left = r.amount_left + given_back where r.id = lot.id;
        end if;
    end if;
    insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id) values (part.usage_id, part.recharge_id, part.gift_id, -given_back, journal_id);
end $$;
comment on function api.return_consumption(record, bigint, numeric, bigint, timestamptz) is 'Puts given-back usage back where it came from; on a refunded lot it makes a child lot, refundable once (1.4, 7).';

create function api.confirm_credit_back(command_id uuid, credit_back_id uuid) returns api.credit_backs
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.credit_backs; part record; back numeric; rest numeric; journal bigint;
    principal numeric := 0; held numeric := 0; gift numeric := 0; charged_product text; answer api.credit_backs; body jsonb := jsonb_build_object('credit_back_id', credit_back_id);
begin
    select k.* into asked from book.credit_backs k where k.id = credit_back_id;
    if not found then perform api.broken('credit_back_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select k.* into asked from book.credit_backs k where k.id = credit_back_id;
    if not api.repeated(command_id, 'usage.confirm_credit_back', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('credit_back_already_confirmed'); end if;
        if asked.proposed_by = actor then perform api.broken('credit_back_confirmed_by_proposer'); end if;
        select u.product into charged_product from book.usage_charges u where u.id = asked.usage_id;
        -- The parts are known before the journal, so that principal, hold and gift each get their line.
        create temporary table if not exists pg_temp.returned (usage_id bigint, recharge_id bigint, gift_id bigint, held boolean, amount numeric) on commit delete rows;
        delete from pg_temp.returned;
        rest := asked.amount;
        for part in select c.usage_id, c.recharge_id, c.gift_id, sum(c.amount) as amount from book.consumptions c where c.usage_id = asked.usage_id
                    group by 1, 2, 3 having sum(c.amount) > 0 order by c.gift_id nulls first, c.recharge_id desc loop
            exit when rest = 0;
            back := least(rest, part.amount);
            insert into pg_temp.returned values (part.usage_id, part.recharge_id, part.gift_id,
                exists (select 1 from book.recharges r where r.id = part.recharge_id and r.held_by_refund is not null and r.refunded_by is null), back);
            rest := rest - back;
        end loop;
        if rest > 0 then perform api.broken('credit_back_exceeds_usage'); end if;
        select coalesce(sum(t.amount) filter (where t.gift_id is null and not t.held), 0), coalesce(sum(t.amount) filter (where t.held), 0), coalesce(sum(t.amount) filter (where t.gift_id is not null), 0)
        into principal, held, gift from pg_temp.returned t;
        journal := api.post_journal('credit_back', asked.customer_id, at, at, actor, 'credit_back', asked.id::text,
            array['revenue.' || charged_product, 'wallet', 'refund_hold', 'gift_used', 'wallet'], array['CNY', 'CNY', 'CNY', 'CNY.GIFT', 'CNY.GIFT'],
            array[principal + held, -principal, -held, gift, -gift], 'RA 8.1');
        for part in select t.usage_id, t.recharge_id, t.gift_id, t.amount from pg_temp.returned t loop
            perform api.return_consumption(part, asked.customer_id, part.amount, journal, at);
        end loop;
        update book.consumed_totals t set credited_back = t.credited_back + principal + held, consumed_gift = t.consumed_gift - gift
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
