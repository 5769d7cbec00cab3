-- campaign_control: what two people decide about the campaign: its terms, its turns, and corrections of the platform's records.

create view api.campaign_versions as
select v.id, v.version, v.announced_at, v.effective_at, v.discount_rate, v.base_rate, v.tier_rate, v.minimum_payable, v.bar_hours, v.discount_within_bar, v.discount_product, v.objection_days, v.objection_rest_days, v.reason,
       api.proposal_state(v.proposed_by, v.confirmed_at, v.declined_by, v.declined_at) as status, api.login_of(v.proposed_by) as proposed_by, v.proposed_at, api.login_of(v.confirmed_by) as confirmed_by, v.confirmed_at
from book.campaign_versions v;
comment on view api.campaign_versions is 'Terms of the campaign, in force once confirmed.';
comment on column api.campaign_versions.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.campaign_versions.proposed_by is '? null for the terms that came with the program';
comment on column api.campaign_versions.confirmed_by is '?';
comment on column api.campaign_versions.confirmed_at is '?';

create view api.campaign_turns as
select t.id, t.turn, t.at, t.reason, api.proposal_state(t.proposed_by, t.confirmed_at, t.declined_by, t.declined_at) as status, api.login_of(t.proposed_by) as proposed_by, t.proposed_at,
       api.login_of(t.confirmed_by) as confirmed_by, t.confirmed_at
from book.campaign_turns t;
comment on view api.campaign_turns is 'When the campaign starts, pauses, goes on and ends.';
comment on column api.campaign_turns.turn is '{{"start" | "pause" | "resume" | "end"}}';
comment on column api.campaign_turns.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.campaign_turns.proposed_by is '?';
comment on column api.campaign_turns.confirmed_by is '?';
comment on column api.campaign_turns.confirmed_at is '?';

create view api.campaign_corrections as
select k.id, k.number, k.kind, k.customer_id, api.shown_name(c) as customer_name, c.ref as customer_ref, k.subject, k.amount, k.reason, api.proposal_state(k.proposed_by, k.confirmed_at, k.declined_by, k.declined_at) as status,
       api.login_of(k.proposed_by) as proposed_by, k.proposed_at, api.login_of(k.confirmed_by) as confirmed_by, k.confirmed_at, k.journal_id
from book.campaign_corrections k join book.customers c on c.id = k.customer_id;
comment on view api.campaign_corrections is 'Corrections of the platform''s records by two people (IC-23).';
comment on column api.campaign_corrections.kind is '{{"void_touch" | "restore_touch" | "refund_was_platform_error" | "give_credits_back"}}';
comment on column api.campaign_corrections.amount is '? credits given back';
comment on column api.campaign_corrections.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.campaign_corrections.confirmed_by is '?';
comment on column api.campaign_corrections.confirmed_at is '?';
comment on column api.campaign_corrections.journal_id is '? what it posted';

create view api.credit_expiries as
select e.id, e.earned_before, e.noticed_at, e.expires_at, e.reason, api.proposal_state(e.proposed_by, e.confirmed_at, e.declined_by, e.declined_at) as status, api.login_of(e.proposed_by) as proposed_by, e.proposed_at,
       api.login_of(e.confirmed_by) as confirmed_by, e.confirmed_at, e.confirmed_at is not null and e.expires_at <= api.clock() as ended
from book.credit_expiries e;
comment on view api.credit_expiries is 'Ends of validity of credits, each with its notice.';
comment on column api.credit_expiries.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.credit_expiries.confirmed_by is '?';
comment on column api.credit_expiries.confirmed_at is '?';
comment on column api.credit_expiries.ended is 'whether the notice has run out, so that what is left may be taken off (IC-19)';

create type api.campaign_terms_page as (versions jsonb, turns jsonb, expiries jsonb, corrections jsonb);
comment on column api.campaign_terms_page.versions is '{{CampaignVersion[]}} newest first';
comment on column api.campaign_terms_page.turns is '{{CampaignTurn[]}} newest first';
comment on column api.campaign_terms_page.expiries is '{{CreditExpiry[]}} newest first';
comment on column api.campaign_terms_page.corrections is '{{CampaignCorrection[]}} the latest hundred';

create function api.open_campaign_terms() returns api.campaign_terms_page language sql stable security definer set search_path = '' as $$
    select (select coalesce(jsonb_agg(to_jsonb(v) || jsonb_build_object('discount_rate', v.discount_rate::text, 'base_rate', v.base_rate::text, 'tier_rate', v.tier_rate::text, 'minimum_payable', v.minimum_payable::text) order by v.effective_at desc, v.proposed_at desc), '[]') from api.campaign_versions v),
           (select coalesce(jsonb_agg(to_jsonb(t) order by t.at desc, t.proposed_at desc), '[]') from api.campaign_turns t),
           (select coalesce(jsonb_agg(to_jsonb(e) order by e.expires_at desc, e.proposed_at desc), '[]') from api.credit_expiries e),
           (select coalesce(jsonb_agg(to_jsonb(k) || jsonb_build_object('customer_id', k.customer_id::text, 'amount', k.amount::text, 'journal_id', k.journal_id::text) order by k.proposed_at desc, k.id desc), '[]')
            from (select x.* from api.campaign_corrections x order by x.proposed_at desc, x.id desc limit 100) k)
    from (select api.reader()) me
$$;
comment on function api.open_campaign_terms() is 'campaign.terms: The campaign''s terms and turns with who decided them, and the corrections of records.';
grant execute on function api.open_campaign_terms() to kontor_people;

-- ── Terms and turns ────────────────────────────────────────────────────────────────────────────────────────────

create function api.propose_campaign_terms(command_id uuid, version text, announced_at timestamptz, effective_at timestamptz, terms jsonb, reason text) returns api.campaign_versions
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'administrator'); at timestamptz; before book.campaign_versions; fresh book.campaign_versions; answer api.campaign_versions;
    body jsonb := jsonb_build_object('version', version, 'announced_at', announced_at, 'effective_at', effective_at, 'terms', terms, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.propose_terms', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if effective_at <= at then perform api.broken('campaign_version_backdated', jsonb_build_object('now', at)); end if;
        before := api.campaign_terms(effective_at);
        -- What the proposal does not name stays as it was.
        fresh := jsonb_populate_record(before, coalesce(terms, '{}') - array['id', 'version', 'announced_at', 'effective_at', 'reason', 'proposed_by', 'proposed_at', 'confirmed_by', 'confirmed_at', 'declined_by', 'declined_at', 'declined_why']);
        insert into book.campaign_versions (id, version, announced_at, effective_at, discount_rate, base_rate, tier_rate, minimum_payable, bar_hours, discount_within_bar, discount_product, objection_days, objection_rest_days, reason, proposed_by, proposed_at)
        values (command_id, api.tidy(propose_campaign_terms.version), propose_campaign_terms.announced_at, propose_campaign_terms.effective_at, fresh.discount_rate, fresh.base_rate, fresh.tier_rate, fresh.minimum_payable, fresh.bar_hours,
                fresh.discount_within_bar, fresh.discount_product, fresh.objection_days, fresh.objection_rest_days, api.tidy(propose_campaign_terms.reason), actor, at);
        perform api.record_event(command_id, 'campaign.propose_terms', actor, at, 'campaign', command_id::text, null, body, body - 'reason');
    end if;
    select v.* into answer from api.campaign_versions v where v.id = command_id;
    return answer;
end $$;
comment on function api.propose_campaign_terms(uuid, text, timestamptz, timestamptz, jsonb, text) is 'campaign.propose_terms: New terms, announced before they take effect and never backdated (IC-02, 1.4); what is not named stays.';
grant execute on function api.propose_campaign_terms(uuid, text, timestamptz, timestamptz, jsonb, text) to kontor_people;

create function api.propose_campaign_turn(command_id uuid, turn text, takes_effect_at timestamptz, reason text) returns api.campaign_turns language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'administrator'); at timestamptz; answer api.campaign_turns; body jsonb := jsonb_build_object('turn', turn, 'takes_effect_at', takes_effect_at, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.propose_turn', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if takes_effect_at <= at then perform api.broken('campaign_turn_backdated', jsonb_build_object('now', at)); end if;
        insert into book.campaign_turns (id, turn, at, reason, proposed_by, proposed_at) values (command_id, propose_campaign_turn.turn, takes_effect_at, api.tidy(propose_campaign_turn.reason), actor, at);
        perform api.record_event(command_id, 'campaign.propose_turn', actor, at, 'campaign', command_id::text, null, body, body - 'reason');
    end if;
    select t.* into answer from api.campaign_turns t where t.id = command_id;
    return answer;
end $$;
comment on function api.propose_campaign_turn(uuid, text, timestamptz, text) is 'campaign.propose_turn: Starts, pauses, resumes or ends the campaign at an instant to come (IC-30).';
grant execute on function api.propose_campaign_turn(uuid, text, timestamptz, text) to kontor_people;

create function api.propose_credit_expiry(command_id uuid, earned_before timestamptz, noticed_at timestamptz, expires_at timestamptz, reason text) returns api.credit_expiries language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'administrator'); at timestamptz; answer api.credit_expiries; body jsonb := jsonb_build_object('earned_before', earned_before, 'noticed_at', noticed_at, 'expires_at', expires_at, 'reason', reason);
begin
    if not api.repeated(command_id, 'campaign.propose_expiry', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        if noticed_at < at then perform api.broken('credit_expiry_notice_backdated', jsonb_build_object('now', at)); end if;
        insert into book.credit_expiries (id, earned_before, noticed_at, expires_at, reason, proposed_by, proposed_at)
        values (command_id, propose_credit_expiry.earned_before, propose_credit_expiry.noticed_at, propose_credit_expiry.expires_at, api.tidy(propose_credit_expiry.reason), actor, at);
        perform api.record_event(command_id, 'campaign.propose_expiry', actor, at, 'campaign', command_id::text, null, body, body - 'reason');
    end if;
    select e.* into answer from api.credit_expiries e where e.id = command_id;
    return answer;
end $$;
comment on function api.propose_credit_expiry(uuid, timestamptz, timestamptz, timestamptz, text) is 'campaign.propose_expiry: Proposes an end for credits that were earned before an instant, thirty days after the notice at the earliest (IC-20).';
grant execute on function api.propose_credit_expiry(uuid, timestamptz, timestamptz, timestamptz, text) to kontor_people;

create function api.lapse_expired_credits(command_id uuid, most integer default 1000) returns integer language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'platform', 'administrator'); at timestamptz; gone record; n integer := 0; accounts bigint[]; body jsonb := jsonb_build_object('most', most);
begin
    if api.repeated(command_id, 'campaign.lapse_expired', body) then
        return (select (e.detail ->> 'accounts')::integer from book.audit_events e where e.command_id = lapse_expired_credits.command_id);
    end if;
    at := api.clock();
    accounts := array(select b.customer_id from book.balances b where b.commodity = 'USD.CREDIT' and b.amount > 0 and b.account_id = (select a.id from book.accounts a where a.code = 'credits')
                      and api.credits_expired(b.customer_id, at) > 0 order by 1 limit least(greatest(most, 1), 5000));
    perform 1 from book.customers c where c.id = any (accounts) order by c.id for update;
    for gone in select a as id, api.credits_expired(a, at) as amount from unnest(accounts) a order by 1 loop
        n := n + (api.lapse_credits(gone.id, gone.amount, 'expired', actor, at) is not null)::integer;
    end loop;
    perform api.record_event(command_id, 'campaign.lapse_expired', actor, at, 'campaign', null, null, body, jsonb_build_object('accounts', n));
    return n;
end $$;
comment on function api.lapse_expired_credits(uuid, integer) is 'campaign.lapse_expired: Takes credits whose notice ran out off their accounts, some thousand accounts at a time; answers how many. They may not be used before that either.';
grant execute on function api.lapse_expired_credits(uuid, integer) to kontor_people;

create function api.turn_refusal(turn text, takes_effect_at timestamptz) returns text language sql stable security definer set search_path = '' as $$
    select case when exists (select 1 from book.campaign_turns t where t.confirmed_at is not null and t.at >= takes_effect_at) then 'campaign_turn_out_of_order'
                when coalesce(last.turn, 'end') = 'end' and turn_refusal.turn <> 'start' or last.turn in ('start', 'resume') and turn_refusal.turn not in ('pause', 'end') or last.turn = 'pause' and turn_refusal.turn not in ('resume', 'end')
                then 'campaign_turn_out_of_order' end
    from (select 1) one left join (select t.turn from book.campaign_turns t where t.confirmed_at is not null and t.at < takes_effect_at order by t.at desc limit 1) last on true
$$;
comment on function api.turn_refusal(text, timestamptz) is 'Why a turn cannot follow the one before it.';

create function api.decide_campaign_proposal(command_id uuid, proposal_id uuid, confirmed boolean, reason text default null) returns uuid language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'growth', 'administrator'); instant timestamptz; v book.campaign_versions; t book.campaign_turns; e book.credit_expiries; body jsonb := jsonb_build_object('proposal_id', proposal_id, 'confirmed', confirmed, 'reason', reason);
begin
    select x.* into v from book.campaign_versions x where x.id = proposal_id for update;
    select x.* into t from book.campaign_turns x where x.id = proposal_id for update;
    select x.* into e from book.credit_expiries x where x.id = proposal_id for update;
    if v.id is null and t.id is null and e.id is null then perform api.broken('proposal_unknown'); end if;
    if not api.repeated(command_id, 'campaign.decide_proposal', body) then
        instant := api.clock();
        if coalesce(v.confirmed_at, v.declined_at, t.confirmed_at, t.declined_at, e.confirmed_at, e.declined_at) is not null then perform api.broken('campaign_proposal_decided'); end if;
        if confirmed then
            if not api.has_duty('approver') then perform api.not_allowed('{"duties": ["approver"]}'); end if;
            if coalesce(v.proposed_by, t.proposed_by, e.proposed_by) = actor then perform api.broken(case when e.id is not null then 'credit_expiry_confirmed_by_proposer' when v.id is null then 'campaign_turn_confirmed_by_proposer' else 'campaign_version_confirmed_by_proposer' end); end if;
            if e.noticed_at < instant then perform api.broken('credit_expiry_notice_backdated', jsonb_build_object('now', instant)); end if;
            if coalesce(v.effective_at, t.at) <= instant then perform api.broken(case when v.id is null then 'campaign_turn_backdated' else 'campaign_version_backdated' end, jsonb_build_object('now', instant)); end if;
            if t.id is not null and api.turn_refusal(t.turn, t.at) is not null then perform api.broken('campaign_turn_out_of_order'); end if;
            update book.campaign_versions x set confirmed_by = actor, confirmed_at = instant where x.id = v.id;
            update book.campaign_turns x set confirmed_by = actor, confirmed_at = instant where x.id = t.id;
            update book.credit_expiries x set confirmed_by = actor, confirmed_at = instant where x.id = e.id;
        else
            if not api.has_duty('approver') and coalesce(v.proposed_by, t.proposed_by, e.proposed_by) is distinct from actor then perform api.broken('proposal_of_another'); end if;
            if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
            update book.campaign_versions x set declined_by = actor, declined_at = instant, declined_why = api.tidy(reason) where x.id = v.id;
            update book.campaign_turns x set declined_by = actor, declined_at = instant, declined_why = api.tidy(reason) where x.id = t.id;
            update book.credit_expiries x set declined_by = actor, declined_at = instant, declined_why = api.tidy(reason) where x.id = e.id;
        end if;
        perform api.record_event(command_id, 'campaign.decide_proposal', actor, instant, 'campaign', proposal_id::text, null, body, jsonb_build_object('confirmed', confirmed));
    end if;
    return proposal_id;
end $$;
comment on function api.decide_campaign_proposal(uuid, uuid, boolean, text) is 'campaign.decide_proposal: An approver confirms new terms, a turn or an end of credits, or declines them with a reason; whoever proposed may take it back.';
grant execute on function api.decide_campaign_proposal(uuid, uuid, boolean, text) to kontor_people;

-- ── Corrections (IC-23, B5, B14) ───────────────────────────────────────────────────────────────────────────────

create function api.campaign_correction_barrier(kind text, of_customer bigint, subject text, amount numeric) returns text language plpgsql stable security definer set search_path = '' as $$
begin
    return case kind
        when 'void_touch' then case when not exists (select 1 from book.touchpoints t where t.touch_key = subject and t.friend_id = of_customer and t.voided_at is null) then 'touch_unknown' end
        when 'restore_touch' then case when not exists (select 1 from book.touchpoints t where t.touch_key = subject and t.friend_id = of_customer and t.voided_at is not null) then 'touch_unknown' end
        when 'refund_was_platform_error' then case when not exists (select 1 from book.dollar_refunds r join book.dollar_orders o on o.order_no = r.order_no
                                                                      where r.refund_no = subject and o.customer_id = of_customer and not r.platform_error) then 'dollar_refund_unknown' end
        when 'give_credits_back' then case when amount is null then 'campaign_correction_not_positive'
            when amount > coalesce((select o.credits_used from book.dollar_orders o where o.order_no = subject and o.customer_id = of_customer), 0)
                 - coalesce((select sum(k.amount) from book.campaign_corrections k where k.kind = 'give_credits_back' and k.subject = campaign_correction_barrier.subject and k.confirmed_at is not null), 0) then 'credits_back_exceed_use' end
        else 'campaign_correction_kind_unknown' end;
end $$;
comment on function api.campaign_correction_barrier(text, bigint, text, numeric) is 'What stands against a correction: credits come back only from an order that used them, and never more than it did (B14).';

create function api.propose_campaign_correction(command_id uuid, kind text, customer_id bigint, subject text, reason text, amount api.cents default null) returns api.campaign_corrections
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('growth', 'risk', 'accountant'); at timestamptz; answer api.campaign_corrections; refusal text;
    body jsonb := jsonb_build_object('kind', kind, 'customer_id', customer_id, 'subject', subject, 'reason', reason, 'amount', amount);
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'campaign.propose_correction', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('campaign_correction_without_reason'); end if;
        refusal := api.campaign_correction_barrier(kind, customer_id, subject, amount);
        if refusal is not null then perform api.broken(refusal); end if;
        insert into book.campaign_corrections (id, number, kind, customer_id, subject, amount, reason, proposed_by, proposed_at)
        values (command_id, api.next_number('CC', at), kind, customer_id, subject, case when kind = 'give_credits_back' then amount end, api.tidy(reason), actor, at);
        perform api.record_event(command_id, 'campaign.propose_correction', actor, at, 'campaign_correction', command_id::text, customer_id, body, jsonb_build_object('kind', kind, 'subject', subject));
    end if;
    select k.* into answer from api.campaign_corrections k where k.id = command_id;
    return answer;
end $$;
comment on function api.propose_campaign_correction(uuid, text, bigint, text, text, api.cents) is
    'campaign.propose_correction: Proposes to put a touch aside or back, to mark a refund as the platform''s own error, or to give credits back after one: with a reason, for a second person (IC-23, B5, B14).';
grant execute on function api.propose_campaign_correction(uuid, text, bigint, text, text, api.cents) to kontor_people;

create function api.decide_campaign_correction(command_id uuid, correction_id uuid, confirmed boolean, reason text default null) returns api.campaign_corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'growth', 'risk', 'accountant'); at timestamptz; k book.campaign_corrections; answer api.campaign_corrections; journal bigint; refusal text;
    body jsonb := jsonb_build_object('correction_id', correction_id, 'confirmed', confirmed, 'reason', reason);
begin
    select x.* into k from book.campaign_corrections x where x.id = correction_id;
    if not found then perform api.broken('proposal_unknown'); end if;
    -- Everybody whom the correction may move, ascending, before the proposal itself.
    perform 1 from book.customers c where c.id in (select k.customer_id union select t.inviter_id from book.touchpoints t where t.friend_id = k.customer_id) order by c.id for update;
    select x.* into k from book.campaign_corrections x where x.id = correction_id for update;
    if not api.repeated(command_id, 'campaign.decide_correction', body) then
        at := api.clock();
        if coalesce(k.confirmed_at, k.declined_at) is not null then perform api.broken('campaign_proposal_decided'); end if;
        if not confirmed then
            if not api.has_duty('approver') and k.proposed_by <> actor then perform api.broken('proposal_of_another'); end if;
            if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
            update book.campaign_corrections x set declined_by = actor, declined_at = at, declined_why = api.tidy(reason) where x.id = k.id;
        else
            if not api.has_duty('approver') then perform api.not_allowed('{"duties": ["approver"]}'); end if;
            if k.proposed_by = actor then perform api.broken('campaign_correction_confirmed_by_proposer'); end if;
            refusal := api.campaign_correction_barrier(k.kind, k.customer_id, k.subject, k.amount);
            if refusal is not null then perform api.broken(refusal); end if;
            update book.touchpoints t set voided_at = case when k.kind = 'void_touch' then at end where t.touch_key = k.subject and k.kind in ('void_touch', 'restore_touch');
            update book.dollar_refunds r set platform_error = true where r.refund_no = k.subject and k.kind = 'refund_was_platform_error';
            if k.kind = 'give_credits_back' then
                journal := api.post_credits('credit_restored', k.customer_id, at, actor, 'campaign_correction', k.id::text, array['credits_redeemed'], array[k.amount], 'IC 3');
                update book.ladders l set used = l.used - k.amount where l.inviter_id = k.customer_id;
            end if;
            update book.campaign_corrections x set confirmed_by = actor, confirmed_at = at, journal_id = journal where x.id = k.id;
            perform api.settle_friends(array[k.customer_id], actor, at);
        end if;
        perform api.record_event(command_id, 'campaign.decide_correction', actor, at, 'campaign_correction', k.id::text, k.customer_id, body, jsonb_build_object('confirmed', confirmed));
    end if;
    select x.* into answer from api.campaign_corrections x where x.id = correction_id;
    return answer;
end $$;
comment on function api.decide_campaign_correction(uuid, uuid, boolean, text) is 'campaign.decide_correction: An approver confirms a correction, whereupon the friend is judged again, or declines it; whoever proposed may take it back.';
grant execute on function api.decide_campaign_correction(uuid, uuid, boolean, text) to kontor_people;
