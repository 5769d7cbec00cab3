-- campaign_abuse: one person, one account (IC-22), and what a violation costs (IC-26 to IC-29).
-- Signals raise questions; people answer them, with a reason, and may answer them anew.

create function api.strong_signals() returns text[] language sql immutable parallel safe as $$ select array['phone', 'payment_account', 'device'] $$;
comment on function api.strong_signals() is 'What two accounts seldom share by chance; a network is weak and never enough alone (IC-22).';

create type api.signal_row as (line integer, customer_ref text, kind text, value text, seen_at timestamptz);

create function api.open_review(accounts bigint[], new_id uuid, at timestamptz) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare review uuid;
begin
    -- Accounts that were looked at together already are not asked about again.
    if exists (select 1 from book.account_reviews r where (select count(*) from book.account_review_members m where m.review_id = r.id and m.customer_id = any (accounts)) = cardinality(accounts)) then return null; end if;
    select r.id into review from book.account_reviews r where r.status = 'open' and exists (select 1 from book.account_review_members m where m.review_id = r.id and m.customer_id = any (accounts)) order by r.opened_at limit 1 for update;
    if review is null then
        review := new_id;
        insert into book.account_reviews (id, number, status, opened_at) values (review, api.next_number('AR', at), 'open', at);
    end if;
    insert into book.account_review_members (review_id, customer_id) select review, a from unnest(accounts) a on conflict do nothing;
    return review;
end $$;
comment on function api.open_review(bigint[], uuid, timestamptz) is 'Puts accounts that a strong signal joins before a person: into the open review of one of them, or a new one.';

create function api.post_signals(command_id uuid, rows jsonb) returns api.posting_result language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('platform'); at timestamptz; told api.signal_row[]; fresh bigint[]; joined record; answer api.posting_result;
begin
    if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) > 5000 then perform api.broken('batch_too_large', '{"maximum": 5000}'); end if;
    if api.repeated(command_id, 'campaign.post_signals', rows) then return api.answer_before(command_id); end if;
    at := api.clock();
    told := array(select r from jsonb_populate_recordset(null::api.signal_row, rows) r
                  where r.customer_ref is not null and api.tidy(r.value) is not null and r.seen_at is not null and r.kind in ('phone', 'payment_account', 'device', 'network'));
    perform api.know_accounts(array(select r.customer_ref from unnest(told) r), at);
    with added as (
        insert into book.account_signals (customer_id, kind, fingerprint, shown, seen_at, recorded_at)
        select c.id, r.kind, sha256(convert_to(r.kind || ':' || case when r.kind = 'phone' then book.phone_key(r.value) else lower(api.tidy(r.value)) end, 'UTF8')),
               case r.kind when 'phone' then api.mask_phone(r.value) when 'payment_account' then api.mask_account(r.value) when 'device' then left(r.value, 6) || '…' else regexp_replace(r.value, '[.:][^.:]*$', '.*') end, r.seen_at, at
        from unnest(told) r join book.customers c on c.ref = r.customer_ref order by c.id
        on conflict do nothing returning id)
    select coalesce(array_agg(a.id), '{}') into fresh from added a;
    for joined in
        select array_agg(distinct o.customer_id order by o.customer_id) as accounts
        from book.account_signals s join book.account_signals o on (o.kind, o.fingerprint) = (s.kind, s.fingerprint)
        where s.id = any (fresh) and s.kind = any (api.strong_signals()) group by s.kind, s.fingerprint having count(distinct o.customer_id) > 1 order by 1
    loop
        perform api.open_review(joined.accounts, md5(command_id::text || joined.accounts::text)::uuid, at);
    end loop;
    answer := row(cardinality(fresh), cardinality(told) - cardinality(fresh), jsonb_array_length(rows) - cardinality(told))::api.posting_result;
    perform api.record_event(command_id, 'campaign.post_signals', actor, at, 'campaign', 'signals', null, rows, jsonb_build_object('posted', answer.posted, 'repeated', answer.repeated, 'exceptions', answer.exceptions));
    return answer;
end $$;
comment on function api.post_signals(uuid, jsonb) is 'campaign.post_signals: Up to 5,000 signals (phone, payment account, device, network) of accounts. Kept as fingerprints; accounts that share a strong one are put before a person.';
grant execute on function api.post_signals(uuid, jsonb) to kontor_people;

-- ── Reviews ────────────────────────────────────────────────────────────────────────────────────────────────────

create type api.account_review as (id uuid, number text, status text, opened_at timestamptz, accounts bigint, names text, decided_by text, decided_at timestamptz, decision text);
comment on column api.account_review.status is '{{"open" | "same_person" | "different_people"}}';
comment on column api.account_review.accounts is 'how many';
comment on column api.account_review.decided_by is '?';
comment on column api.account_review.decided_at is '?';
comment on column api.account_review.decision is '? the reason';

create function api.describe_review(r book.account_reviews) returns api.account_review language plpgsql stable security definer set search_path = '' as $$
declare answer api.account_review;
begin
    answer.id := r.id; answer.number := r.number; answer.status := r.status; answer.opened_at := r.opened_at;
    answer.decided_by := api.login_of(r.decided_by); answer.decided_at := r.decided_at; answer.decision := r.decision;
    select count(*), string_agg(api.shown_name(c), ', ' order by c.id) into answer.accounts, answer.names from book.account_review_members m join book.customers c on c.id = m.customer_id where m.review_id = r.id;
    return answer;
end $$;
comment on function api.describe_review(book.account_reviews) is 'A review with the names of its accounts.';

create function api.list_reviews(wanted text default 'open', before_opened timestamptz default null, before_id uuid default null, most integer default 100) returns setof api.account_review
language sql stable security definer set search_path = '' as $$
    -- The page is cut before its names are looked up.
    select d.*
    from (select r from (select api.reader()) me, book.account_reviews r
          where (wanted = 'all' or (r.status = 'open') = (wanted = 'open')) and (before_opened is null or (r.opened_at, r.id) < (before_opened, before_id))
          order by r.opened_at desc, r.id desc limit least(greatest(most, 1), 500)) p
    cross join lateral api.describe_review(p.r) d order by d.opened_at desc, d.id desc
$$;
comment on function api.list_reviews(text, timestamptz, uuid, integer) is 'campaign.reviews: Accounts that may be one person: those to look at, those decided, or all.';
grant execute on function api.list_reviews(text, timestamptz, uuid, integer) to kontor_people;

create type api.review_page as (review jsonb, accounts jsonb, edges jsonb, violations jsonb, may_decide text);
comment on column api.review_page.review is '{{AccountReview}} the review';
comment on column api.review_page.accounts is '{{Array<{ customer_id: string; name: string; ref: string; standing: string; friends: number; balance: Money; used: Money; deactivated: boolean }>}} the accounts';
comment on column api.review_page.edges is '{{Array<{ one: string; other: string; kind: string; strong: boolean; shown: string; invited: boolean }>}} what joins them, and who invited whom';
comment on column api.review_page.violations is '{{Array<{ id: Uuid; number: string; kind: string; status: string }>}} what was proposed';
comment on column api.review_page.may_decide is '{{"yes" | "duty"}} whether I could decide it, and why not';

create function api.open_review_page(review_id uuid) returns api.review_page language plpgsql stable security definer set search_path = '' as $$
declare answer api.review_page; one book.account_reviews; r api.account_review;
begin
    perform api.reader();
    select x.* into one from book.account_reviews x where x.id = open_review_page.review_id;
    if not found then perform api.broken('account_review_unknown'); end if;
    r := api.describe_review(one);
    answer.review := to_jsonb(r) || jsonb_build_object('accounts', r.accounts::text);
    select jsonb_agg(jsonb_build_object('customer_id', c.id::text, 'name', api.shown_name(c), 'ref', c.ref, 'standing', api.credit_standing(c.id), 'friends', coalesce(l.friends, 0),
               'balance', api.balance(c.id, 'credits', 'USD.CREDIT')::numeric(20, 2)::text, 'used', coalesce(l.used, 0)::numeric(20, 2)::text, 'deactivated', coalesce(m.deactivated_at is not null, false)) order by c.id) into answer.accounts
    from book.account_review_members a join book.customers c on c.id = a.customer_id left join book.ladders l on l.inviter_id = c.id left join book.campaign_members m on m.customer_id = c.id where a.review_id = open_review_page.review_id;
    select coalesce(jsonb_agg(jsonb_build_object('one', e.one::text, 'other', e.other::text, 'kind', e.kind, 'strong', e.strong, 'shown', e.shown, 'invited', e.invited) order by e.one, e.other, e.kind), '[]') into answer.edges
    from (select s.customer_id as one, o.customer_id as other, s.kind, s.kind = any (api.strong_signals()) as strong, s.shown, false as invited
          from book.account_review_members a join book.account_signals s on s.customer_id = a.customer_id
          join book.account_signals o on (o.kind, o.fingerprint) = (s.kind, s.fingerprint) and o.customer_id > s.customer_id
          where a.review_id = open_review_page.review_id and o.customer_id in (select m.customer_id from book.account_review_members m where m.review_id = open_review_page.review_id)
          union all
          select i.inviter_id, i.friend_id, 'invited', false, i.order_no, true from book.account_review_members a join book.invitations i on i.friend_id = a.customer_id
          where a.review_id = open_review_page.review_id and i.inviter_id in (select m.customer_id from book.account_review_members m where m.review_id = open_review_page.review_id)) e;
    select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'number', v.number, 'kind', v.kind, 'status', v.status) order by v.proposed_at desc), '[]') into answer.violations
    from book.campaign_violations v where v.review_id = open_review_page.review_id;
    answer.may_decide := case when api.has_duty('risk', 'growth') then 'yes' else 'duty' end;
    return answer;
end $$;
comment on function api.open_review_page(uuid) is 'campaign.review: Accounts that may be one person, with everything that joins them.';
grant execute on function api.open_review_page(uuid) to kontor_people;

create function api.decide_review(command_id uuid, review_id uuid, same_person boolean, reason text) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('risk', 'growth'); at timestamptz; r book.account_reviews; accounts bigint[]; body jsonb := jsonb_build_object('review_id', review_id, 'same_person', same_person, 'reason', reason);
begin
    accounts := array(select m.customer_id from book.account_review_members m where m.review_id = decide_review.review_id);
    -- Friends whose touches become invalid, or valid again, move their inviters: all of them ascending, before the review.
    perform 1 from book.customers c where c.id in (select unnest(accounts) union select t.inviter_id from book.touchpoints t where t.friend_id = any (accounts)) order by c.id for update;
    select x.* into r from book.account_reviews x where x.id = decide_review.review_id for update;
    if not found then perform api.broken('account_review_unknown'); end if;
    if not api.repeated(command_id, 'campaign.decide_review', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.account_reviews x set status = case when same_person then 'same_person' else 'different_people' end, decided_at = at, decided_by = actor, decision = api.tidy(reason),
            reopened_at = case when r.status <> 'open' then at else x.reopened_at end where x.id = r.id;
        perform api.settle_friends(accounts, actor, at);
        perform api.record_event(command_id, 'campaign.decide_review', actor, at, 'account_review', r.id::text, null, body, jsonb_build_object('same_person', same_person, 'before', r.status));
    end if;
    return review_id;
end $$;
comment on function api.decide_review(uuid, uuid, boolean, text) is 'campaign.decide_review: A person says whether accounts are one person''s, with the reason; deciding again is a new decision. Invitations among one person''s accounts do not count (IC-22, IC-31).';
grant execute on function api.decide_review(uuid, uuid, boolean, text) to kontor_people;

-- ── Violations and their penalties ─────────────────────────────────────────────────────────────────────────────

create function api.penalty_sheet(accounts bigint[]) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('accounts', coalesce(jsonb_agg(jsonb_build_object('customer_id', p.id::text, 'name', p.name, 'ref', p.ref, 'issued', p.issued::text, 'used', p.used::text, 'deduct', p.deduct::text, 'claim', p.claim::text, 'clear', p.clear::text) order by p.id), '[]'),
        'deduct', coalesce(sum(p.deduct), 0)::numeric(20, 2)::text, 'claim', coalesce(sum(p.claim), 0)::numeric(20, 2)::text)
    from (select c.id, api.shown_name(c) as name, c.ref, (b.balance + u.used)::numeric(20, 2) as issued, u.used::numeric(20, 2) as used,
                 greatest(b.balance, 0)::numeric(20, 2) as deduct, k.reclaim_cash_value::numeric(20, 2) as claim, greatest(-b.balance, 0)::numeric(20, 2) as clear
          from book.customers c left join book.ladders l on l.inviter_id = c.id
          cross join lateral (select api.balance(c.id, 'credits', 'USD.CREDIT') as balance) b
          -- What was claimed before is not claimed again (1.4, 21).
          cross join lateral (select greatest(coalesce(l.used, 0) - coalesce(l.claimed, 0), 0) as used) u
          cross join lateral api.credit_penalty(b.balance + u.used, u.used) k
          where c.id = any (accounts)) p
$$;
comment on function api.penalty_sheet(bigint[]) is 'What a violation would take from each account: unused credits deducted, spent ones claimed in cash, a negative balance cleared by the claim (IC-28, 1.4, 21).';

create type api.violation_page as (violation jsonb, sheet jsonb, locks jsonb, claims jsonb, payments jsonb, may_decide text, may_claim text, may_reverse text, may_record_payment text);
comment on column api.violation_page.violation is '{{{ id: Uuid; number: string; customer_id: string; customer_name: string; review_id: Uuid | null; kind: string; evidence: string; lock_accounts: boolean; status: string; proposed_by: string; proposed_at: Instant; decided_by: string | null; decided_at: Instant | null; decision: string | null; claimed_by: string | null; claimed_at: Instant | null; reversal_proposed_by: string | null; reversal_reason: string | null; reversed_by: string | null; reversed_at: Instant | null }}} the violation';
comment on column api.violation_page.sheet is '{{{ accounts: Array<{ customer_id: string; name: string; ref: string; issued: Money; used: Money; deduct: Money; claim: Money; clear: Money }>; deduct: Money; claim: Money }}} the penalty, as it is now while it is proposed';
comment on column api.violation_page.locks is '{{Array<{ customer_id: string; placed_at: Instant; lifted_at: Instant | null }>}} locks that it placed';
comment on column api.violation_page.claims is '{{Array<{ customer_id: string; name: string; claimed: Money; paid: Money; due: Money }>}} cash claims; due below zero is to be given back';
comment on column api.violation_page.payments is '{{Array<{ id: Uuid; customer_id: string; name: string; amount: Money; reference: string; paid_at: Instant; recorded_by: string; journal_id: Id }>}} what was paid of them';
comment on column api.violation_page.may_record_payment is '{{"yes" | "duty" | "own" | "status"}} whether I could record a payment, and why not';
comment on column api.violation_page.may_decide is '{{"yes" | "duty" | "own" | "status"}}';
comment on column api.violation_page.may_claim is '{{"yes" | "duty" | "own" | "status"}} whether I could raise the cash claim';
comment on column api.violation_page.may_reverse is '{{"yes" | "duty" | "own" | "status"}}';

create function api.violation_accounts_of(v book.campaign_violations) returns bigint[] language sql stable security definer set search_path = '' as $$
    select array(select a.customer_id from book.violation_accounts a where a.violation_id = v.id order by 1)
$$;
comment on function api.violation_accounts_of(book.campaign_violations) is 'Every account of a violation.';

create function api.open_violation(violation_id uuid) returns api.violation_page language plpgsql stable security definer set search_path = '' as $$
declare answer api.violation_page; v book.campaign_violations; me integer := api.reader(); c book.customers;
begin
    select x.* into v from book.campaign_violations x where x.id = violation_id;
    if not found then perform api.broken('violation_unknown'); end if;
    select x.* into c from book.customers x where x.id = v.customer_id;
    answer.violation := jsonb_build_object('id', v.id, 'number', v.number, 'customer_id', v.customer_id::text, 'customer_name', api.shown_name(c), 'review_id', v.review_id, 'kind', v.kind, 'evidence', v.evidence, 'lock_accounts', v.lock_accounts,
        'status', v.status, 'proposed_by', api.login_of(v.proposed_by), 'proposed_at', v.proposed_at, 'decided_by', api.login_of(v.decided_by), 'decided_at', v.decided_at, 'decision', v.decision,
        'claimed_by', api.login_of(v.claimed_by), 'claimed_at', v.claimed_at, 'reversal_proposed_by', api.login_of(v.reversal_proposed_by), 'reversal_reason', v.reversal_reason, 'reversed_by', api.login_of(v.reversed_by), 'reversed_at', v.reversed_at);
    answer.sheet := case when v.status = 'proposed' then api.penalty_sheet(api.violation_accounts_of(v)) else v.sheet end;
    select coalesce(jsonb_agg(jsonb_build_object('customer_id', l.customer_id::text, 'placed_at', l.placed_at, 'lifted_at', l.lifted_at) order by l.placed_at), '[]') into answer.locks from book.locks l where l.case_id = v.id;
    select coalesce(jsonb_agg(jsonb_build_object('customer_id', k.customer_id::text, 'name', k.name, 'claimed', k.claimed::text, 'paid', k.paid::text, 'due', k.due::text) order by k.customer_id), '[]') into answer.claims from api.claims_of(v) k;
    select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'customer_id', p.customer_id::text, 'name', api.shown_name(h), 'amount', p.amount::text, 'reference', p.reference, 'paid_at', p.paid_at, 'recorded_by', api.login_of(p.recorded_by), 'journal_id', p.journal_id::text)
        order by p.paid_at desc, p.id), '[]') into answer.payments from book.claim_payments p join book.customers h on h.id = p.customer_id where p.violation_id = v.id;
    answer.may_record_payment := case when not exists (select 1 from api.claims_of(v) k where k.due <> 0) then 'status' when not api.has_duty('treasurer', 'accountant') then 'duty'
                                      when api.took_part(me, v) then 'own' else 'yes' end;
    answer.may_decide := case when v.status <> 'proposed' then 'status' when not api.has_duty('approver') then 'duty' when v.proposed_by = me then 'own' else 'yes' end;
    answer.may_claim := case when v.status <> 'decided' or v.claimed_at is not null or (v.sheet ->> 'claim')::numeric = 0 then 'status' when not api.has_duty('legal') then 'duty' when api.took_part(me, v) then 'own' else 'yes' end;
    answer.may_reverse := case when v.status <> 'decided' then 'status' when v.reversal_proposed_by is null and not api.has_duty('growth', 'risk') then 'duty' when v.reversal_proposed_by is not null and not api.has_duty('approver') then 'duty'
                               when v.reversal_proposed_by = me then 'own' else 'yes' end;
    return answer;
end $$;
comment on function api.open_violation(uuid) is 'campaign.violation: A violation with its evidence, the penalty for each account, and what became of it.';
grant execute on function api.open_violation(uuid) to kontor_people;

create type api.penalty_preview as (sheet jsonb, digest text);
comment on column api.penalty_preview.sheet is '{{{ accounts: Array<{ customer_id: string; name: string; ref: string; issued: Money; used: Money; deduct: Money; claim: Money; clear: Money }>; deduct: Money; claim: Money }}} for each account';
comment on column api.penalty_preview.digest is 'proposes exactly these figures';

create function api.preview_penalty(customer_id bigint, review_id uuid default null) returns api.penalty_preview language plpgsql stable security definer set search_path = '' as $$
declare answer api.penalty_preview; accounts bigint[];
begin
    perform api.reader();
    accounts := api.penalty_accounts(customer_id, review_id);
    answer.sheet := api.penalty_sheet(accounts);
    answer.digest := encode(api.body_hash(answer.sheet), 'hex');
    return answer;
end $$;
comment on function api.preview_penalty(bigint, uuid) is 'campaign.preview_penalty: What a violation would take: of one account, or of all that a review found to be one person''s (IC-27).';
grant execute on function api.preview_penalty(bigint, uuid) to kontor_people;

create function api.penalty_accounts(of_customer bigint, of_review uuid) returns bigint[] language plpgsql stable security definer set search_path = '' as $$
begin
    if of_review is null then return array[of_customer]; end if;
    if not exists (select 1 from book.account_reviews r join book.account_review_members m on m.review_id = r.id where r.id = of_review and r.status = 'same_person' and m.customer_id = of_customer) then
        perform api.broken('accounts_not_associated', '{"clause": "IC 4"}');
    end if;
    return array(select m.customer_id from book.account_review_members m where m.review_id = of_review order by 1);
end $$;
comment on function api.penalty_accounts(bigint, uuid) is 'The accounts that a violation reaches: others only after a person found them to be the same one''s (IC-22, IC-27).';

create function api.propose_violation(command_id uuid, customer_id bigint, kind text, evidence text, digest text, review_id uuid default null, lock_accounts boolean default false) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'risk'); at timestamptz; accounts bigint[]; shown jsonb;
    body jsonb := jsonb_build_object('customer_id', customer_id, 'kind', kind, 'evidence', evidence, 'digest', digest, 'review_id', review_id, 'lock_accounts', lock_accounts);
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'campaign.propose_violation', body) then
        at := api.clock();
        if api.tidy(evidence) is null then perform api.broken('violation_without_evidence'); end if;
        accounts := api.penalty_accounts(customer_id, review_id);
        shown := api.penalty_sheet(accounts);
        if encode(api.body_hash(shown), 'hex') <> digest then perform api.broken('penalty_has_moved'); end if;
        insert into book.campaign_violations (id, number, customer_id, review_id, kind, evidence, lock_accounts, status, sheet, digest, proposed_by, proposed_at)
        values (command_id, api.next_number('CV', at), propose_violation.customer_id, propose_violation.review_id, propose_violation.kind, api.tidy(propose_violation.evidence), propose_violation.lock_accounts, 'proposed', shown, api.body_hash(shown), actor, at);
        insert into book.violation_accounts (violation_id, customer_id, deducted, claimable) select command_id, a, 0, 0 from unnest(accounts) a;
        perform api.record_event(command_id, 'campaign.propose_violation', actor, at, 'violation', command_id::text, customer_id, body, jsonb_build_object('kind', kind, 'accounts', cardinality(accounts)));
    end if;
    return command_id;
end $$;
comment on function api.propose_violation(uuid, bigint, text, text, text, uuid, boolean) is 'campaign.propose_violation: Records a violation with its type, evidence and the penalty that was previewed, for another person to decide (IC-26 to IC-29).';
grant execute on function api.propose_violation(uuid, bigint, text, text, text, uuid, boolean) to kontor_people;

create function api.lock_violation(violation_id uuid) returns book.campaign_violations language plpgsql volatile security definer set search_path = '' as $$
declare v book.campaign_violations;
begin
    perform 1 from book.customers c where c.id in (
        select a.customer_id from book.violation_accounts a where a.violation_id = lock_violation.violation_id
        union select i.inviter_id from book.violation_accounts a join book.invitations i on i.friend_id = a.customer_id where a.violation_id = lock_violation.violation_id
        union select t.inviter_id from book.violation_accounts a join book.touchpoints t on t.friend_id = a.customer_id where a.violation_id = lock_violation.violation_id) order by c.id for update;
    select x.* into v from book.campaign_violations x where x.id = violation_id for update;
    if not found then perform api.broken('violation_unknown'); end if;
    return v;
end $$;
comment on function api.lock_violation(uuid) is 'Locks everybody whom a violation touches, ascending, then the violation, and reads it afresh.';

create function api.post_penalty(v book.campaign_violations, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare a record; journal bigint;
begin
    for a in select e.value as row, (e.value ->> 'customer_id')::bigint as id, (e.value ->> 'deduct')::numeric as deduct, (e.value ->> 'claim')::numeric as claim, (e.value ->> 'clear')::numeric as clear from jsonb_array_elements(v.sheet -> 'accounts') e order by 2 loop
        journal := api.post_credits('credit_deducted', a.id, at, actor, 'violation', v.id::text, array['credits_forfeited'], array[-a.deduct], 'IC 4');
        update book.violation_accounts x set deducted = a.deduct, claimable = a.claim, cleared = a.clear, deducted_journal_id = journal where x.violation_id = v.id and x.customer_id = a.id;
        insert into book.ladders (inviter_id, settled_at) values (a.id, at) on conflict do nothing;
        update book.ladders l set deducted = l.deducted + a.deduct where l.inviter_id = a.id;
        insert into book.campaign_members (customer_id, recorded_at) values (a.id, at) on conflict do nothing;
        update book.campaign_members m set barred_at = at where m.customer_id = a.id and m.barred_at is null;
        if v.lock_accounts then
            perform api.place_lock(gen_random_uuid(), a.id, 'campaign', v.id, v.number, actor, at);
        end if;
    end loop;
    -- A barred friend does not count any more: an honest inviter loses that reward, and nothing else (1.4, 23).
    perform api.settle_friends(api.violation_accounts_of(v), actor, at);
end $$;
comment on function api.post_penalty(book.campaign_violations, integer, timestamptz) is 'Deducts unused credits, bars the accounts for good and locks them where that was decided (IC-28, IC-29). The cash claim waits for legal (B10).';

create function api.decide_violation(command_id uuid, violation_id uuid, confirmed boolean, reason text) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'growth', 'risk'); at timestamptz; v book.campaign_violations := api.lock_violation(violation_id); body jsonb := jsonb_build_object('violation_id', violation_id, 'confirmed', confirmed, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.decide_violation', body) then
        at := api.clock();
        if v.status <> 'proposed' then perform api.broken('campaign_proposal_decided'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if confirmed then
            if not api.has_duty('approver') then perform api.not_allowed('{"duties": ["approver"]}'); end if;
            if v.proposed_by = actor then perform api.broken('violation_decided_by_proposer'); end if;
            if api.body_hash(api.penalty_sheet(api.violation_accounts_of(v))) <> v.digest then perform api.broken('penalty_has_moved'); end if;
            update book.campaign_violations x set status = 'decided', decided_by = actor, decided_at = at, decision = api.tidy(reason) where x.id = v.id;
            perform api.post_penalty(v, actor, at);
        else
            if not api.has_duty('approver') and v.proposed_by <> actor then perform api.broken('proposal_of_another'); end if;
            update book.campaign_violations x set status = case when v.proposed_by = actor then 'withdrawn' else 'declined' end, decided_by = actor, decided_at = at, decision = api.tidy(reason) where x.id = v.id;
        end if;
        perform api.record_event(command_id, 'campaign.decide_violation', actor, at, 'violation', v.id::text, v.customer_id, body, jsonb_build_object('confirmed', confirmed));
    end if;
    return violation_id;
end $$;
comment on function api.decide_violation(uuid, uuid, boolean, text) is 'campaign.decide_violation: An approver decides the violation with the reason, whereupon the penalty is posted as it was previewed, or declines it; whoever proposed may take it back.';
grant execute on function api.decide_violation(uuid, uuid, boolean, text) to kontor_people;

create function api.claim_cash_value(command_id uuid, violation_id uuid, opinion text) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('legal'); at timestamptz; v book.campaign_violations := api.lock_violation(violation_id); a record; journal bigint; body jsonb := jsonb_build_object('violation_id', violation_id, 'opinion', opinion);
begin
    if not api.repeated(command_id, 'campaign.claim_cash_value', body) then
        at := api.clock();
        if v.status <> 'decided' or v.claimed_at is not null then perform api.broken('violation_not_decided'); end if;
        if api.took_part(actor, v) then perform api.broken('claim_by_involved'); end if;
        if api.tidy(opinion) is null then perform api.broken('decision_without_reason'); end if;
        for a in select x.* from book.violation_accounts x where x.violation_id = v.id and x.claimable > 0 order by x.customer_id loop
            insert into book.balances (customer_id, account_id, commodity, may_be_negative) select a.customer_id, c.id, 'USD', true from book.accounts c where c.code = 'credit_claims' on conflict do nothing;
            -- The claim takes the place of a negative balance in the same journal, so that nothing is asked for twice (1.4, 21).
            journal := api.post_journal('credit_claimed', a.customer_id, api.postable_at(at, actor, at), at, actor, 'violation', v.id::text,
                array['credit_claims', 'credit_claims_raised', 'credits_forfeited', 'credits'], array['USD', 'USD', 'USD.CREDIT', 'USD.CREDIT'], array[a.claimable, -a.claimable, a.cleared, -a.cleared], 'IC 4');
            update book.violation_accounts x set claimed_journal_id = journal where x.violation_id = v.id and x.customer_id = a.customer_id;
            update book.ladders l set claimed = l.claimed + a.claimable, cleared = l.cleared + a.cleared where l.inviter_id = a.customer_id;
        end loop;
        update book.campaign_violations x set claimed_by = actor, claimed_at = at where x.id = v.id;
        perform api.record_event(command_id, 'campaign.claim_cash_value', actor, at, 'violation', v.id::text, v.customer_id, body, jsonb_build_object('amount', v.sheet ->> 'claim'));
    end if;
    return violation_id;
end $$;
comment on function api.claim_cash_value(uuid, uuid, text) is 'campaign.claim_cash_value: Legal, who took no part before, raises the claim for the cash value of spent credits, naming the opinion that it rests on (IC-28, B10).';
grant execute on function api.claim_cash_value(uuid, uuid, text) to kontor_people;

create function api.take_back_penalty(v book.campaign_violations, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare a record; journal bigint;
begin
    for a in select x.* from book.violation_accounts x where x.violation_id = v.id order by x.customer_id loop
        journal := api.post_journal('credit_restored', a.customer_id, api.postable_at(at, actor, at), at, actor, 'violation', v.id::text,
            array['credits_forfeited', 'credits', 'credit_claims_raised', 'credit_claims'], array['USD.CREDIT', 'USD.CREDIT', 'USD', 'USD'],
            array[a.deducted - case when a.claimed_journal_id is not null then a.cleared else 0 end, -a.deducted + case when a.claimed_journal_id is not null then a.cleared else 0 end,
                  case when a.claimed_journal_id is not null then a.claimable else 0 end, -case when a.claimed_journal_id is not null then a.claimable else 0 end], 'IC 4');
        update book.violation_accounts x set restored_journal_id = journal where x.violation_id = v.id and x.customer_id = a.customer_id;
        update book.ladders l set deducted = l.deducted - a.deducted, claimed = l.claimed - case when a.claimed_journal_id is not null then a.claimable else 0 end,
            cleared = l.cleared - case when a.claimed_journal_id is not null then a.cleared else 0 end where l.inviter_id = a.customer_id;
        -- Barred only while some violation of the account stands.
        update book.campaign_members m set barred_at = null where m.customer_id = a.customer_id
          and not exists (select 1 from book.violation_accounts o join book.campaign_violations w on w.id = o.violation_id where o.customer_id = a.customer_id and o.violation_id <> v.id and w.status = 'decided');
    end loop;
    perform api.lift_locks(v.id, 'campaign', actor, at);
    perform api.settle_friends(api.violation_accounts_of(v), actor, at);
    perform api.settle_ladders(api.violation_accounts_of(v), actor, at);
end $$;
comment on function api.take_back_penalty(book.campaign_violations, integer, timestamptz) is 'Gives back what a violation took: credits, the claim, the lock, the place in the campaign; what was earned meanwhile follows.';

create function api.reverse_violation(command_id uuid, violation_id uuid, reason text) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'risk', 'approver'); at timestamptz; v book.campaign_violations := api.lock_violation(violation_id); body jsonb := jsonb_build_object('violation_id', violation_id, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.reverse_violation', body) then
        at := api.clock();
        if v.status <> 'decided' then perform api.broken('violation_not_decided'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if v.reversal_proposed_by is null then
            if not api.has_duty('growth', 'risk') then perform api.not_allowed('{"duties": ["growth", "risk"]}'); end if;
            update book.campaign_violations x set reversal_proposed_by = actor, reversal_proposed_at = at, reversal_reason = api.tidy(reason) where x.id = v.id;
        else
            if not api.has_duty('approver') then perform api.not_allowed('{"duties": ["approver"]}'); end if;
            if v.reversal_proposed_by = actor then perform api.broken('violation_reversed_by_proposer'); end if;
            update book.campaign_violations x set status = 'reversed', reversed_by = actor, reversed_at = at where x.id = v.id;
            perform api.take_back_penalty(v, actor, at);
        end if;
        perform api.record_event(command_id, 'campaign.reverse_violation', actor, at, 'violation', v.id::text, v.customer_id, body, jsonb_build_object('proposed', v.reversal_proposed_by is null));
    end if;
    return violation_id;
end $$;
comment on function api.reverse_violation(uuid, uuid, text) is 'campaign.reverse_violation: A new decision takes a penalty back: growth or risk proposes it with the reason, an approver confirms, and everything that the penalty took returns.';
grant execute on function api.reverse_violation(uuid, uuid, text) to kontor_people;
