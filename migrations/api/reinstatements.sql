-- reinstatements: a voided gift given back out of goodwill, never by itself and always by two people (A3).

create view api.gift_reinstatements as
select g.id, g.customer_id, api.shown_name(c) as customer_name, g.refund_id, f.number as refund_number, g.amount, g.reason, api.proposal_state(g.proposed_by, g.confirmed_at, g.declined_by, g.declined_at) as status,
       api.login_of(g.proposed_by) as proposed_by, g.proposed_at, api.login_of(g.confirmed_by) as confirmed_by, g.confirmed_at,
       api.login_of(g.declined_by) as declined_by, g.declined_at, g.declined_why, g.journal_id
from book.gift_reinstatements g join book.refunds f on f.id = g.refund_id join book.customers c on c.id = g.customer_id;
comment on view api.gift_reinstatements is 'Goodwill gifts that somebody proposed, and what became of them.';
comment on column api.gift_reinstatements.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.gift_reinstatements.confirmed_by is '? second person';
comment on column api.gift_reinstatements.confirmed_at is '? when it was posted';
comment on column api.gift_reinstatements.declined_by is '? who declined it or took it back';
comment on column api.gift_reinstatements.declined_at is '? when';
comment on column api.gift_reinstatements.declined_why is '? why';
comment on column api.gift_reinstatements.journal_id is '? what it posted';

create function api.list_reinstatements(status text default 'proposed', refund_id uuid default null, before_proposed_at timestamptz default null, before_id uuid default null,
    most integer default 100) returns setof api.gift_reinstatements language sql stable security definer set search_path = '' as $$
    select g.* from (select api.reader()) me, api.gift_reinstatements g
    where (list_reinstatements.status is null or g.status = list_reinstatements.status)
      and (list_reinstatements.refund_id is null or g.refund_id = list_reinstatements.refund_id)
      and (before_proposed_at is null or (g.proposed_at, g.id) < (before_proposed_at, before_id))
    order by g.proposed_at desc, g.id desc limit least(greatest(most, 1), 500)
$$;
comment on function api.list_reinstatements(text, uuid, timestamptz, uuid, integer) is 'refunds.list_reinstatements: Goodwill gifts that wait for an approver, or were decided, newest first; of one application or of all.';
grant execute on function api.list_reinstatements(text, uuid, timestamptz, uuid, integer) to kontor_people;

create function api.reinstatement_left(refund book.refunds) returns numeric language sql stable security definer set search_path = '' as $$
    -- A goodwill gift is paid in fen; a rest below it stays void.
    select trunc(refund.amount_gift_voided - coalesce((select sum(g.amount) from book.gift_reinstatements g where g.refund_id = refund.id and g.declined_at is null), 0), 2)
$$;
comment on function api.reinstatement_left(book.refunds) is 'What an application made void and nobody gave back or proposed to give back yet.';

create type api.reinstatement_quote as (refund_id uuid, closed boolean, voided numeric, given_back numeric, waiting numeric, most numeric, lines jsonb, proposals jsonb);
comment on type api.reinstatement_quote is 'What an application made void, what of it came back, and what giving more of it back would post.';
comment on column api.reinstatement_quote.closed is 'the application was rejected or withdrawn, so goodwill may give back';
comment on column api.reinstatement_quote.waiting is 'proposed, and not confirmed yet';
comment on column api.reinstatement_quote.most is 'what can still be proposed';
comment on column api.reinstatement_quote.lines is '{{Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }>}} debit positive';
comment on column api.reinstatement_quote.proposals is '{{Array<{ id: Uuid; amount: Money; reason: string; status: "proposed" | "confirmed" | "declined" | "withdrawn"; proposed_by: string; proposed_at: Instant; confirmed_by: string | null; confirmed_at: Instant | null; declined_by: string | null; declined_at: Instant | null; declined_why: string | null; journal_id: Id | null; mine: boolean }>}} newest first';

create function api.quote_reinstatement(refund_id uuid, amount api.cents default null) returns api.reinstatement_quote language plpgsql stable security definer set search_path = '' as $$
declare one book.refunds; answer api.reinstatement_quote; me text := api.login_of(api.reader()); asked numeric;
begin
    select f.* into one from book.refunds f where f.id = quote_reinstatement.refund_id;
    if not found then perform api.broken('refund_unknown'); end if;
    answer.refund_id := one.id;
    answer.closed := one.status in ('rejected', 'withdrawn');
    answer.voided := one.amount_gift_voided;
    answer.most := case when answer.closed then api.reinstatement_left(one) else 0 end;
    select coalesce(sum(g.amount) filter (where g.confirmed_at is not null), 0), coalesce(sum(g.amount) filter (where g.confirmed_at is null and g.declined_at is null), 0)
    into answer.given_back, answer.waiting from book.gift_reinstatements g where g.refund_id = one.id;
    asked := least(coalesce(amount, answer.most), answer.most);
    answer.lines := case when asked > 0 then api.shown_lines(array['gift_voided', 'wallet'], array['CNY.GIFT', 'CNY.GIFT'], array[asked, -asked]) else '[]' end;
    select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'amount', g.amount::text, 'reason', g.reason, 'status', g.status, 'proposed_by', g.proposed_by, 'proposed_at', g.proposed_at,
        'confirmed_by', g.confirmed_by, 'confirmed_at', g.confirmed_at, 'declined_by', g.declined_by, 'declined_at', g.declined_at, 'declined_why', g.declined_why,
        'journal_id', g.journal_id::text, 'mine', g.proposed_by = me) order by g.proposed_at desc), '[]')
    into answer.proposals from api.gift_reinstatements g where g.refund_id = one.id;
    return answer;
end $$;
comment on function api.quote_reinstatement(uuid, api.cents) is 'refunds.quote_reinstatement: What an application made void, what goodwill gave back of it or was asked to, and what giving this amount back would post.';
grant execute on function api.quote_reinstatement(uuid, api.cents) to kontor_people;

create function api.propose_reinstatement(command_id uuid, refund_id uuid, amount api.cents, reason text) returns api.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; one book.refunds := api.lock_refund(refund_id); answer api.gift_reinstatements; body jsonb := jsonb_build_object('refund_id', refund_id, 'amount', amount, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.propose_reinstatement', body) then
        at := api.clock();
        if one.status not in ('rejected', 'withdrawn') then perform api.broken('refund_not_closed'); end if;
        if api.tidy(reason) is null then perform api.broken('reinstatement_without_reason'); end if;
        if amount > api.reinstatement_left(one) then perform api.broken('reinstatement_exceeds_void', jsonb_build_object('most', api.reinstatement_left(one)::text)); end if;
        insert into book.gift_reinstatements (id, customer_id, refund_id, amount, reason, proposed_by, proposed_at) values (command_id, one.customer_id, one.id, amount, reason, actor, at);
        perform api.record_event(command_id, 'refunds.propose_reinstatement', actor, at, 'refund', one.id::text, one.customer_id, body, jsonb_build_object('amount', amount::text));
    end if;
    select g.* into answer from api.gift_reinstatements g where g.id = command_id;
    return answer;
end $$;
comment on function api.propose_reinstatement(uuid, uuid, api.cents, text) is 'refunds.propose_reinstatement: An accountant proposes to give a voided gift back out of goodwill (A3).';
grant execute on function api.propose_reinstatement(uuid, uuid, api.cents, text) to kontor_people;

create function api.lock_reinstatement(reinstatement_id uuid) returns book.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare asked book.gift_reinstatements;
begin
    select g.* into asked from book.gift_reinstatements g where g.id = reinstatement_id;
    if not found then perform api.broken('reinstatement_unknown'); end if;
    perform api.lock_customer(asked.customer_id);
    select g.* into asked from book.gift_reinstatements g where g.id = reinstatement_id for update;
    return asked;
end $$;
comment on function api.lock_reinstatement(uuid) is 'Locks the customer, then the proposal, and reads it afresh.';

create function api.confirm_reinstatement(command_id uuid, reinstatement_id uuid) returns api.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.gift_reinstatements := api.lock_reinstatement(reinstatement_id); answer api.gift_reinstatements;
    body jsonb := jsonb_build_object('reinstatement_id', reinstatement_id); journal bigint;
begin
    if not api.repeated(command_id, 'refunds.confirm_reinstatement', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('reinstatement_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('reinstatement_already_declined'); end if;
        if asked.proposed_by = actor then perform api.broken('reinstatement_confirmed_by_proposer'); end if;
        insert into book.activities (code, title, created_at) values ('goodwill', 'Goodwill reinstatement', at) on conflict do nothing;
        journal := api.post_journal('gift_reinstated', asked.customer_id, at, at, actor, 'refund', asked.refund_id::text, array['gift_voided', 'wallet'], array['CNY.GIFT', 'CNY.GIFT'], array[asked.amount, -asked.amount], 'RA 9.2');
        insert into book.gifts (customer_id, activity, amount, amount_left, granted_at, journal_id) values (asked.customer_id, 'goodwill', asked.amount, asked.amount, at, journal);
        update book.gift_reinstatements g set confirmed_by = actor, confirmed_at = at, journal_id = journal where g.id = asked.id;
        perform api.record_event(command_id, 'refunds.confirm_reinstatement', actor, at, 'refund', asked.refund_id::text, asked.customer_id, body, jsonb_build_object('amount', asked.amount::text));
    end if;
    select g.* into answer from api.gift_reinstatements g where g.id = reinstatement_id;
    return answer;
end $$;
comment on function api.confirm_reinstatement(uuid, uuid) is 'refunds.confirm_reinstatement: An approver, not the proposer, posts the goodwill gift.';
grant execute on function api.confirm_reinstatement(uuid, uuid) to kontor_people;

create function api.decline_reinstatement(command_id uuid, reinstatement_id uuid, reason text) returns api.gift_reinstatements language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'accountant'); at timestamptz; asked book.gift_reinstatements := api.lock_reinstatement(reinstatement_id); answer api.gift_reinstatements;
    body jsonb := jsonb_build_object('reinstatement_id', reinstatement_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'refunds.decline_reinstatement', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('reinstatement_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('reinstatement_already_declined'); end if;
        if asked.proposed_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.gift_reinstatements g set declined_by = actor, declined_at = at, declined_why = api.tidy(decline_reinstatement.reason) where g.id = asked.id;
        perform api.record_event(command_id, 'refunds.decline_reinstatement', actor, at, 'refund', asked.refund_id::text, asked.customer_id, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    select g.* into answer from api.gift_reinstatements g where g.id = reinstatement_id;
    return answer;
end $$;
comment on function api.decline_reinstatement(uuid, uuid, text) is 'refunds.decline_reinstatement: An approver declines a goodwill gift, or its accountant takes the proposal back; both say why.';
grant execute on function api.decline_reinstatement(uuid, uuid, text) to kontor_people;
