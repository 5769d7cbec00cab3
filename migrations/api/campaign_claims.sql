-- campaign_claims: the cash value of spent credits that a violation claims (IC-28, B10): what of it was paid, and what goes back.

create function api.took_part(person integer, v book.campaign_violations) returns boolean language plpgsql stable security definer set search_path = '' as $$
declare involved integer[] := array_remove(array[v.proposed_by, v.decided_by, v.claimed_by, v.reversal_proposed_by, v.reversed_by], null);
begin
    return person = any (involved) or involved && api.stands_for(person);
end $$;
comment on function api.took_part(integer, book.campaign_violations) is 'Whether a person, or somebody for whom the person stands in, decided anything about a violation.';

create function api.claims_of(v book.campaign_violations) returns table (customer_id bigint, name text, claimed numeric, paid numeric, due numeric) language sql stable security definer set search_path = '' as $$
    select x.customer_id, x.name, x.claimed, x.paid, x.claimed - x.paid
    from (select a.customer_id, api.shown_name(c) as name, case when a.restored_journal_id is null then a.claimable else 0 end as claimed,
                 (select coalesce(sum(p.amount), 0) from book.claim_payments p where p.violation_id = a.violation_id and p.customer_id = a.customer_id)::numeric(12, 2) as paid
          from book.violation_accounts a join book.customers c on c.id = a.customer_id where a.violation_id = v.id and a.claimed_journal_id is not null) x
    order by 1
$$;
comment on function api.claims_of(book.campaign_violations) is 'The cash claims of a violation: what was claimed and stands, what was paid, and what is due; below zero it is due to the customer, because a new decision took a paid claim back.';

create function api.record_claim_payment(command_id uuid, violation_id uuid, customer_id bigint, amount api.cents, paid_at timestamptz, reference text) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('treasurer', 'accountant'); at timestamptz; v book.campaign_violations := api.lock_violation(violation_id); due numeric; journal bigint;
    body jsonb := jsonb_build_object('violation_id', violation_id, 'customer_id', customer_id, 'amount', amount, 'paid_at', paid_at, 'reference', reference);
begin
    if not api.repeated(command_id, 'campaign.record_claim_payment', body) then
        at := api.clock();
        if api.took_part(actor, v) then perform api.broken('claim_payment_by_involved'); end if;
        if api.tidy(reference) is null then perform api.broken('claim_payment_without_reference'); end if;
        if paid_at > at or paid_at < date_trunc('minute', v.claimed_at) then perform api.broken('claim_payment_out_of_time', jsonb_build_object('now', at)); end if;
        select k.due into due from api.claims_of(v) k where k.customer_id = record_claim_payment.customer_id;
        if coalesce(due, 0) = 0 then perform api.broken('claim_not_due'); end if;
        -- Towards what is due, and not beyond it: in for a claim, back out for one that was taken away.
        if amount = 0 or sign(amount) <> sign(due) or abs(amount) > abs(due) then perform api.broken('claim_payment_exceeds_due', jsonb_build_object('due', due::text)); end if;
        journal := api.post_journal('claim_paid', customer_id, api.postable_at(paid_at, actor, at), at, actor, 'violation', v.id::text, array['dollar_bank', 'credit_claims'], array['USD', 'USD'], array[amount, -amount], 'IC 4');
        insert into book.claim_payments (id, violation_id, customer_id, amount, reference, paid_at, journal_id, recorded_at, recorded_by)
        values (command_id, v.id, record_claim_payment.customer_id, amount, api.tidy(reference), record_claim_payment.paid_at, journal, at, actor);
        perform api.record_event(command_id, 'campaign.record_claim_payment', actor, at, 'violation', v.id::text, customer_id, body - 'reference', jsonb_build_object('amount', amount::text, 'due', due::text));
    end if;
    return violation_id;
end $$;
comment on function api.record_claim_payment(uuid, uuid, bigint, api.cents, timestamptz, text) is
    'campaign.record_claim_payment: Treasury or accounting, who took no part before, records money that came in for a cash claim, or went back after a new decision took a paid one away; posted against the claim (IC-28, B10).';
grant execute on function api.record_claim_payment(uuid, uuid, bigint, api.cents, timestamptz, text) to kontor_people;
