-- reinstatements: a voided gift given back out of goodwill, never by itself and always by two people (A3).

create view api.gift_reinstatements as
select g.id, g.customer_id, g.refund_id, g.amount, g.reason, api.login_of(g.proposed_by) as proposed_by, g.proposed_at, api.login_of(g.confirmed_by) as confirmed_by, g.confirmed_at from book.gift_reinstatements g;
comment on column api.gift_reinstatements.confirmed_by is '? second person';
comment on column api.gift_reinstatements.confirmed_at is '? when it was posted';

create function api.propose_reinstatement(command_id uuid, refund_id uuid, amount api.cents, reason text) returns api.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.gift_reinstatements; body jsonb := jsonb_build_object('refund_id', refund_id, 'amount', amount, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.propose_reinstatement', body) then
        at := api.clock();
        if one.status not in ('rejected', 'withdrawn') then perform api.broken('refund_not_closed'); end if;
        if amount > one.amount_gift_voided - (select coalesce(sum(g.amount), 0) from book.gift_reinstatements g where g.refund_id = one.id) then perform api.broken('reinstatement_exceeds_void'); end if;
        insert into book.gift_reinstatements (id, customer_id, refund_id, amount, reason, proposed_by, proposed_at) values (command_id, one.customer_id, one.id, amount, reason, actor, at);
        perform api.record_event(command_id, 'refunds.propose_reinstatement', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('amount', amount::text));
    end if;
    select g.* into answer from api.gift_reinstatements g where g.id = command_id;
    return answer;
end $$;
comment on function api.propose_reinstatement(uuid, uuid, api.cents, text) is 'refunds.propose_reinstatement: An accountant proposes to give a voided gift back out of goodwill (A3).';
grant execute on function api.propose_reinstatement(uuid, uuid, api.cents, text) to kontor_people;

create function api.confirm_reinstatement(command_id uuid, reinstatement_id uuid) returns api.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.gift_reinstatements; answer api.gift_reinstatements; body jsonb := jsonb_build_object('reinstatement_id', reinstatement_id); journal bigint;
begin
    select g.* into asked from book.gift_reinstatements g where g.id = reinstatement_id;
    if not found then perform api.broken('reinstatement_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select g.* into asked from book.gift_reinstatements g where g.id = reinstatement_id for update;
    if not api.repeated(command_id, 'refunds.confirm_reinstatement', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('reinstatement_already_confirmed'); end if;
        if asked.proposed_by = actor then perform api.broken('reinstatement_confirmed_by_proposer'); end if;
        insert into book.activities (code, title, created_at) values ('goodwill', 'Goodwill reinstatement', at) on conflict do nothing;
        journal := api.post_journal('gift_reinstated', asked.customer_id, at, at, actor, 'refund', asked.refund_id::text, array['gift_voided', 'wallet'], array['CNY.GIFT', 'CNY.GIFT'], array[asked.amount, -asked.amount], 'RA 9.2');
        insert into book.gifts (customer_id, activity, amount, amount_left, granted_at, journal_id) values (asked.customer_id, 'goodwill', asked.amount, asked.amount, at, journal);
        update book.gift_reinstatements g set confirmed_by = actor, confirmed_at = at where g.id = reinstatement_id;
        perform api.record_event(command_id, 'refunds.confirm_reinstatement', actor, at, 'refund', asked.refund_id::text, asked.customer_id, body, jsonb_build_object('amount', asked.amount::text));
    end if;
    select g.* into answer from api.gift_reinstatements g where g.id = reinstatement_id;
    return answer;
end $$;
comment on function api.confirm_reinstatement(uuid, uuid) is 'refunds.confirm_reinstatement: An approver, not the proposer, posts the goodwill gift.';
grant execute on function api.confirm_reinstatement(uuid, uuid) to kontor_people;
