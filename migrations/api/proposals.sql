-- proposals: everything that one person proposed and another confirms, in one place.
-- A capability with proposals adds its branch to api.proposed, and what its sheet shows to api.proposal_detail; lists, the first screen
-- and the counts follow by themselves. The capability's own commands decide.

create view api.proposed as
select 'credit_back' as kind, k.id::text as id, u.usage_key as number, k.customer_id, k.amount, 'CNY' as commodity, k.reason, k.proposed_by, k.proposed_at, 'approver' as duty, null::integer as about,
       api.proposal_state(k.proposed_by, k.confirmed_at, k.declined_by, k.declined_at) as status, coalesce(k.confirmed_by, k.declined_by) as decided_by, coalesce(k.confirmed_at, k.declined_at) as decided_at, k.declined_why as note,
       'customer' as case_kind, k.customer_id::text as case_id, k.journal_id
from book.credit_backs k join book.usage_charges u on u.id = k.usage_id
union all
select 'gift_reinstatement', g.id::text, f.number, g.customer_id, g.amount, 'CNY.GIFT', g.reason, g.proposed_by, g.proposed_at, 'approver', null,
       api.proposal_state(g.proposed_by, g.confirmed_at, g.declined_by, g.declined_at), coalesce(g.confirmed_by, g.declined_by), coalesce(g.confirmed_at, g.declined_at), g.declined_why, 'refund', g.refund_id::text, g.journal_id
from book.gift_reinstatements g join book.refunds f on f.id = g.refund_id
union all
select 'transfer', t.id::text, l.refund_no, t.customer_id, l.amount_net, 'CNY', t.reason, t.planned_by, coalesce(t.approved_at, t.planned_at), case when t.route_approved or t.approved_at is not null then 'treasurer' else 'approver' end, null,
       case when t.cleared_at is not null then 'confirmed' when t.declined_at is null and l.status in ('instructed', 'failed') then 'proposed' when t.declined_by = t.planned_by then 'withdrawn' else 'declined' end,
       coalesce(t.declined_by, t.cleared_by, l.confirmed_by), coalesce(t.declined_at, t.cleared_at, l.confirmed_at), t.declined_why, 'refund', t.refund_id::text, null
from book.transfers t join book.refund_legs l on l.id = t.leg_id
union all
select case when x.matched_order_no is null then 'settlement' else 'match' end, x.id::text, coalesce(x.matched_order_no, x.order_no, x.provider_no, x.id::text), x.customer_id, coalesce(x.amount, x.amount_expected), 'CNY', x.resolution, x.proposed_by, x.proposed_at, 'approver', null,
       case when x.resolved_at is null then 'proposed' else 'confirmed' end, x.resolved_by, x.resolved_at, null, 'exception', x.id::text,
       (select j.id from book.journals j where j.document_kind = 'exception' and j.document_id = x.id::text limit 1)
from book.exceptions x where x.proposed_at is not null
union all
select 'red_letter', l.id::text, i.number, l.customer_id, l.total_incl, i.currency, l.note, l.proposed_by, l.proposed_at, 'approver', null,
       case when l.status = 'declined' and l.decided_by = l.proposed_by then 'withdrawn' else l.status end, l.decided_by, l.decided_at, null, 'invoice', coalesce(l.issued_as, l.invoice_id)::text, null
from book.red_letters l join book.invoices i on i.id = l.invoice_id
union all
select 'policy', p.id::text, p.name, null, null, null, p.reason, p.proposed_by, p.proposed_at, 'approver', null,
       api.proposal_state(p.proposed_by, p.confirmed_at, p.declined_by, p.declined_at),
       coalesce(p.confirmed_by, p.declined_by), coalesce(p.confirmed_at, p.declined_at), p.declined_why, 'policy', p.id::text, null
from book.policies p where p.proposed_by is not null
union all
select 'vat_rate', v.id::text, v.product || ' · ' || to_char(v.from_month, 'YYYY-MM'), null, null, null, v.reason, v.proposed_by, v.proposed_at, 'approver', null,
       api.proposal_state(v.proposed_by, v.confirmed_at, v.declined_by, v.declined_at),
       coalesce(v.confirmed_by, v.declined_by), coalesce(v.confirmed_at, v.declined_at), v.declined_why, 'vat_rate', v.product, null
from book.vat_rates v where v.from_month > '-infinity'
union all
select 'calendar', k.id::text, k.version, null, null, null, k.notice_title, k.imported_by, k.imported_at, 'approver', null,
       api.proposal_state(k.imported_by, k.confirmed_at, k.declined_by, k.declined_at),
       coalesce(k.confirmed_by, k.declined_by), coalesce(k.confirmed_at, k.declined_at), k.declined_why, 'calendar', k.id::text, null
from book.calendars k where k.imported_by is not null
union all
select 'seller', s.proposal_id::text, s.name, null, null, null, null, s.proposed_by, s.proposed_at, 'approver', null,
       api.proposal_state(s.proposed_by, s.confirmed_at, s.declined_by, s.declined_at),
       coalesce(s.confirmed_by, s.declined_by), coalesce(s.confirmed_at, s.declined_at), s.declined_why, 'seller', s.proposal_id::text, null
from book.sellers s
union all
select 'letter_text', t.id::text, t.kind || ' · ' || t.language, null, null, null, t.reason, t.proposed_by, t.proposed_at, 'approver', null,
       api.proposal_state(t.proposed_by, t.confirmed_at, t.declined_by, t.declined_at),
       coalesce(t.confirmed_by, t.declined_by), coalesce(t.confirmed_at, t.declined_at), t.declined_why, 'letter_text', t.id::text, null
from book.letter_templates t where t.proposed_by is not null
union all
select 'person', d.id::text, p.login || ' · ' || d.duty, null, null, null, d.reason, d.proposed_by, e.at, 'supervisor', d.person_id,
       case when d.confirmed_by is not null then 'confirmed' when d.until_at is not null then 'declined' else 'proposed' end, d.confirmed_by, case when d.confirmed_by is not null then d.from_at else d.until_at end, null,
       'person', d.person_id::text, null
from book.duties d join book.people p on p.id = d.person_id
     join book.audit_events e on e.command in ('people.propose_duty', 'people.delegate') and e.subject_kind = 'duty' and e.subject_id = d.id::text
where d.proposed_by is not null
union all
select 'adjustment', a.id::text, a.number, a.customer_id, a.amount, case when a.kind = 'goodwill_gift' then 'CNY.GIFT' else 'CNY' end, a.reason, a.proposed_by, a.proposed_at,
       case when a.amount > (api.policy('adjustment_limit', a.proposed_at) #>> '{}')::numeric then 'supervisor' else 'approver' end, null,
       a.status, a.decided_by, a.decided_at, a.decision_note, 'correction', a.id::text, a.journal_id
from book.adjustments a
union all
select 'reversal', r.id::text, 'J-' || r.journal_id, r.customer_id, (select max(abs((l ->> 'amount')::numeric)) from jsonb_array_elements(r.lines) l), r.lines #>> '{0,commodity}', r.reason, r.proposed_by, r.proposed_at, 'approver', null,
       r.status, r.decided_by, r.decided_at, r.decision_note, 'correction', r.id::text, r.reversal_id
from book.reversals r
union all
select 'period_close', p.month::text, to_char(p.month, 'YYYY-MM'), null, null, null, null, p.close_proposed_by, p.close_proposed_at, 'supervisor', null, 'proposed', null, null, null, 'period', p.month::text, null
from book.periods p where p.status = 'close_proposed'
union all
select 'period_reopen', p.month::text, to_char(p.month, 'YYYY-MM'), null, null, null, p.reopen_reason, p.reopen_proposed_by, p.reopen_proposed_at, 'supervisor', null, 'proposed', null, null, null, 'period', p.month::text, null
from book.periods p where p.status = 'reopen_proposed'
union all
select 'campaign_terms', v.id::text, v.version, null, null, null, v.reason, v.proposed_by, v.proposed_at, 'approver', null, api.proposal_state(v.proposed_by, v.confirmed_at, v.declined_by, v.declined_at),
       coalesce(v.confirmed_by, v.declined_by), coalesce(v.confirmed_at, v.declined_at), v.declined_why, 'campaign', v.id::text, null
from book.campaign_versions v where v.proposed_by is not null
union all
select 'campaign_turn', t.id::text, t.turn, null, null, null, t.reason, t.proposed_by, t.proposed_at, 'approver', null, api.proposal_state(t.proposed_by, t.confirmed_at, t.declined_by, t.declined_at),
       coalesce(t.confirmed_by, t.declined_by), coalesce(t.confirmed_at, t.declined_at), t.declined_why, 'campaign', t.id::text, null
from book.campaign_turns t where t.proposed_by is not null
union all
select 'credit_expiry', e.id::text, to_char(e.expires_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), null, null, null, e.reason, e.proposed_by, e.proposed_at, 'approver', null, api.proposal_state(e.proposed_by, e.confirmed_at, e.declined_by, e.declined_at),
       coalesce(e.confirmed_by, e.declined_by), coalesce(e.confirmed_at, e.declined_at), e.declined_why, 'campaign', e.id::text, null
from book.credit_expiries e
union all
select 'campaign_correction', k.id::text, k.number, k.customer_id, k.amount, 'USD.CREDIT', k.reason, k.proposed_by, k.proposed_at, 'approver', null, api.proposal_state(k.proposed_by, k.confirmed_at, k.declined_by, k.declined_at),
       coalesce(k.confirmed_by, k.declined_by), coalesce(k.confirmed_at, k.declined_at), k.declined_why, 'friend', k.customer_id::text, k.journal_id
from book.campaign_corrections k
union all
select 'campaign_violation', v.id::text, v.number, v.customer_id, (v.sheet ->> 'deduct')::numeric, 'USD.CREDIT', v.evidence, v.proposed_by, v.proposed_at, 'approver', null,
       case v.status when 'decided' then 'confirmed' when 'reversed' then 'confirmed' else v.status end, v.decided_by, v.decided_at, v.decision, 'violation', v.id::text, null
from book.campaign_violations v;
comment on view api.proposed is 'Every proposal of every capability, open or decided: one branch for each kind.';

create function api.may_decide(proposal api.proposed) returns text language sql stable security definer set search_path = '' as $$
    select case when proposal.status <> 'proposed' then 'decided' when not api.has_duty(proposal.duty) then 'duty' when proposal.proposed_by = api.person() then 'own' when proposal.about = api.person() then 'holder' when proposal.proposed_by = any (api.stands_for(api.person())) then 'deputy'
        when proposal.kind = 'transfer' then coalesce((select case api.transfer_barrier(t, api.person()) when 'decided_by_deputy' then 'deputy' when 'refund_proofs_not_opened' then null else 'own' end from book.transfers t where t.id = proposal.id::uuid and api.transfer_barrier(t, api.person()) is not null), 'yes') else 'yes' end
$$;
comment on function api.may_decide(api.proposed) is 'Whether this person could confirm a proposal now, and for the rest why not; the capability''s own command has the last word.';

create type api.proposal as (kind text, id text, number text, customer_id bigint, customer_name text, amount numeric, commodity text, reason text, proposed_by text, proposed_at timestamptz, duty text,
    status text, decided_by text, decided_at timestamptz, note text, case_kind text, case_id text, journal_id bigint, may_confirm text, may_decline boolean);
comment on type api.proposal is 'Something that one person proposed and another confirms.';
comment on column api.proposal.number is 'the number by which people know what it is about';
comment on column api.proposal.customer_id is '?whose it is';
comment on column api.proposal.customer_name is '?masked';
comment on column api.proposal.amount is '?where it is about money';
comment on column api.proposal.commodity is '?of the amount';
comment on column api.proposal.reason is '?what the proposer wrote';
comment on column api.proposal.duty is 'who confirms';
comment on column api.proposal.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}}';
comment on column api.proposal.decided_by is '?second person, or whoever declined it or took it back';
comment on column api.proposal.decided_at is '?when';
comment on column api.proposal.note is '?why it was declined or taken back';
comment on column api.proposal.case_id is 'where to look at it';
comment on column api.proposal.journal_id is '?what it posted';
comment on column api.proposal.may_confirm is '{{"yes" | "duty" | "own" | "holder" | "deputy" | "decided"}} whether I could confirm it now, and why not';
comment on column api.proposal.may_decline is 'whether I could decline it, or take my own back';

create function api.shown_proposal(p api.proposed) returns api.proposal language sql stable security definer set search_path = '' as $$
    select row(p.kind, p.id, p.number, p.customer_id, api.shown_name(c), p.amount, p.commodity, p.reason, api.login_of(p.proposed_by), p.proposed_at, p.duty,
        p.status, api.login_of(p.decided_by), p.decided_at, p.note, p.case_kind, p.case_id, p.journal_id, api.may_decide(p),
        p.status = 'proposed' and (p.proposed_by = api.person() or api.has_duty(p.duty)))::api.proposal
    from (select 1) one left join book.customers c on c.id = p.customer_id
$$;
comment on function api.shown_proposal(api.proposed) is 'A proposal as the window shows it.';

create function api.list_proposals(wanted text default 'waiting', wanted_kind text default null, after_at timestamptz default null, after_id text default null, most integer default 100)
returns setof api.proposal language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.reader(); page integer := least(greatest(most, 1), 500);
begin
    if wanted = 'decided' then
        return query
        select s.* from (select p as proposal from api.proposed p
                         where p.status <> 'proposed' and (wanted_kind is null or p.kind = wanted_kind) and (after_at is null or (p.decided_at, p.id) < (after_at, after_id))
                         order by p.decided_at desc, p.id desc limit page) t, lateral api.shown_proposal(t.proposal) s
        order by s.decided_at desc, s.id desc;
    else
        return query
        select s.* from (select p as proposal from api.proposed p
                         where p.status = 'proposed' and (wanted_kind is null or p.kind = wanted_kind) and (after_at is null or (p.proposed_at, p.id) > (after_at, after_id))
                           and case wanted when 'mine' then p.proposed_by = me when 'open' then true else api.may_decide(p) = 'yes' end
                         order by p.proposed_at, p.id limit page) t, lateral api.shown_proposal(t.proposal) s
        order by s.proposed_at, s.id;
    end if;
end $$;
comment on function api.list_proposals(text, text, timestamptz, text, integer) is
    'proposals.list: What waits for me to confirm (waiting), everything open (open), what I proposed (mine), oldest first; or what was decided (decided), newest first. The next page begins after the last row''s instant and id.';
grant execute on function api.list_proposals(text, text, timestamptz, text, integer) to kontor_people;

-- ── One proposal ───────────────────────────────────────────────────────────────────────────────────────────────

create function api.proposal_lines(p api.proposed) returns jsonb language sql stable security definer set search_path = '' as $$
    select case
        when p.journal_id is not null then (select jsonb_agg(l.line - array['line', 'balance_after'] order by l.n) from jsonb_array_elements(api.journal_lines(p.journal_id)) with ordinality l (line, n))
        when p.status <> 'proposed' then null
        when p.kind = 'adjustment' then (select jsonb_agg(l.value - array['balance_before', 'balance_after'] order by l.n) from book.adjustments a, jsonb_array_elements(a.lines) with ordinality l (value, n) where a.id = p.id::uuid)
        when p.kind = 'reversal' then (select jsonb_agg(l.value - array['balance_before', 'balance_after'] order by l.n) from book.reversals r, jsonb_array_elements(r.lines) with ordinality l (value, n) where r.id = p.id::uuid)
        when p.kind = 'credit_back' then (select api.shown_lines(array_agg(l.code), array_agg(l.unit), array_agg(l.amount)) from book.credit_backs k, api.credit_back_lines(k.usage_id, k.amount) l where k.id = p.id::uuid)
        when p.kind = 'campaign_correction' and p.amount is not null then api.shown_lines(array['credits_redeemed', 'credits'], array['USD.CREDIT', 'USD.CREDIT'], array[p.amount, -p.amount])
        when p.kind = 'campaign_violation' and p.amount > 0 then api.shown_lines(array['credits', 'credits_forfeited'], array['USD.CREDIT', 'USD.CREDIT'], array[p.amount, -p.amount])
        when p.kind = 'gift_reinstatement' then api.shown_lines(array['gift_voided', 'wallet'], array['CNY.GIFT', 'CNY.GIFT'], array[p.amount, -p.amount])
        when p.kind = 'transfer' then api.shown_lines(array['refund_payable', 'bank'], array['CNY', 'CNY'], array[p.amount, -p.amount])   -- when it is paid
        when p.kind in ('settlement', 'match') then (select api.shown_lines(array['suspense', x.channel || '_clearing'], array['CNY', 'CNY'], array[x.amount, -x.amount]) from book.exceptions x where x.id = p.id::bigint and x.kind = 'payment_without_order')
        end
$$;
comment on function api.proposal_lines(api.proposed) is 'What a proposal posted, or would post now; null where it posts nothing.';

create function api.proposal_detail(p api.proposed) returns jsonb language sql stable security definer set search_path = '' as $$
    select case p.kind
        when 'credit_back' then (select jsonb_build_object('usage_key', u.usage_key, 'product', u.product, 'used_from', u.used_from, 'used_to', u.used_to, 'usage_amount', u.amount::text,
                                     'parts', case when p.status = 'proposed' then api.shown_parts(u.id, k.amount) else '[]'::jsonb end)
                                 from book.credit_backs k join book.usage_charges u on u.id = k.usage_id where k.id = p.id::uuid)
        when 'gift_reinstatement' then (select jsonb_build_object('refund_status', f.status, 'closing_reason', f.closing_reason, 'voided', f.amount_gift_voided::text)
                                        from book.refunds f where f.id = p.case_id::uuid)
        when 'transfer' then (select jsonb_build_object('order_no', r.order_no, 'channel', r.channel, 'payee_name', t.payee_name, 'payee_bank', t.payee_bank, 'payee_account', t.payee_account, 'payee_is_payer', t.payee_is_payer,
                                  'account_proof', t.account_proof, 'consent', t.consent, 'approved_by', t.approved_by, 'route_approved', t.route_approved, 'why', api.transfer_barrier(b, api.person()))
                              from api.transfers t join book.transfers b on b.id = t.id join book.refund_legs l on l.id = t.leg_id join book.recharges r on r.id = l.recharge_id where t.id = p.id::uuid)
        when 'match' then (select jsonb_build_object('provider_no', x.provider_no, 'paper_order_no', x.order_no, 'channel', x.channel, 'happened_at', x.happened_at, 'order_no', r.order_no, 'paid_at', r.paid_at,
                               'principal', r.principal::text, 'order_customer', api.shown_name(c), 'order_customer_id', c.id::text, 'reasons', api.match_reasons(x, r), 'score', api.match_score(api.match_reasons(x, r)))
                           from book.exceptions x join book.recharges r on r.order_no = x.matched_order_no join book.customers c on c.id = r.customer_id where x.id = p.id::bigint)
        when 'settlement' then (select jsonb_build_object('exception', x.kind, 'channel', x.channel, 'order_no', x.order_no, 'provider_no', x.provider_no, 'amount', x.amount::text,
                                    'amount_expected', x.amount_expected::text, 'happened_at', x.happened_at) from book.exceptions x where x.id = p.id::bigint)
        when 'red_letter' then (select jsonb_build_object('reason_code', l.reason_code, 'lines', l.lines) from book.red_letters l where l.id = p.id::uuid)
        when 'policy' then (select jsonb_build_object('name', n.name, 'channel', n.channel, 'value', n.value, 'valid_from', n.valid_from, 'before', api.policy(n.name, n.proposed_at, n.channel))
                            from book.policies n where n.id = p.id::integer)
        when 'vat_rate' then (select jsonb_build_object('title_en', v.title_en, 'title_zh', v.title_zh, 'from_month', v.from_month, 'rate', trim_scale(v.rate)::text)
                                  || case when p.status = 'proposed' then (select jsonb_build_object('rate_before', trim_scale(e.rate_before)::text, 'until_month', e.until_month, 'months', e.months, 'papers', e.papers, 'papers_total', e.papers_total::text)
                                                                           from api.vat_rate_effect(v.product, v.from_month, v.rate, api.clock()) e) else '{}' end
                              from api.vat_rates v where v.id = p.id::uuid)
        when 'calendar' then (select jsonb_build_object('year', k.year, 'notice_no', k.notice_no, 'rest_days', (select count(*) from book.calendar_days d where d.calendar_id = k.id and d.rest),
                                  'makeup_days', (select count(*) from book.calendar_days d where d.calendar_id = k.id and not d.rest)) from book.calendars k where k.id = p.id::integer)
        when 'seller' then (select jsonb_build_object('name', s.name, 'address', s.address, 'tax_id', s.tax_id, 'phone', s.phone, 'bank', s.bank, 'account', s.account, 'valid_from', s.valid_from)
                            from book.sellers s where s.proposal_id = p.id::uuid)
        when 'letter_text' then (select jsonb_build_object('letter', t.kind, 'language', t.language, 'title', t.title, 'brief', t.brief, 'body', t.body, 'valid_from', t.valid_from,
                                     'before', (select jsonb_build_object('title', b.title, 'brief', b.brief, 'body', b.body) from api.letter_template(t.kind, t.language, t.proposed_at) b)) from book.letter_templates t where t.id = p.id::uuid)
        when 'person' then (select jsonb_build_object('login', w.login, 'title', w.title, 'duty', d.duty, 'from_at', e.detail ->> 'from_at', 'until_at', e.detail ->> 'until_at', 'delegated_by', api.login_of(d.delegated_by))
                            from book.duties d join book.people w on w.id = d.person_id
                                 join book.audit_events e on e.command in ('people.propose_duty', 'people.delegate') and e.subject_kind = 'duty' and e.subject_id = d.id::text where d.id = p.id::integer)
        when 'adjustment' then (select jsonb_build_object('kind', a.kind, 'document_no', a.document_no, 'effective_on', a.effective_on, 'gift_expires_on', a.gift_expires_on) from book.adjustments a where a.id = p.id::uuid)
        when 'campaign_terms' then (select to_jsonb(v) || jsonb_build_object('before', (select to_jsonb(b) from api.campaign_terms(n.effective_at - interval '1 microsecond') t join api.campaign_versions b on b.id = t.id)) from book.campaign_versions n join api.campaign_versions v on v.id = n.id where n.id = p.id::uuid)
        when 'campaign_turn' then (select to_jsonb(t) from api.campaign_turns t where t.id = p.id::uuid)
        when 'credit_expiry' then (select to_jsonb(e) from api.credit_expiries e where e.id = p.id::uuid)
        when 'campaign_violation' then (select jsonb_build_object('kind', v.kind, 'accounts', jsonb_array_length(v.sheet -> 'accounts'), 'deduct', v.sheet -> 'deduct', 'claim', v.sheet -> 'claim') from book.campaign_violations v where v.id = p.id::uuid)
        when 'campaign_correction' then (select jsonb_build_object('kind', k.kind, 'subject', k.subject) from book.campaign_corrections k where k.id = p.id::uuid)
        when 'reversal' then (select jsonb_build_object('journal_id', r.journal_id::text, 'kind', j.kind) from book.reversals r join book.journals j on j.id = r.journal_id where r.id = p.id::uuid)
        else '{}' end
$$;
comment on function api.proposal_detail(api.proposed) is 'What the second person looks at before confirming, by kind.';

create type api.proposal_page as (proposal jsonb, lines jsonb, detail jsonb);
comment on column api.proposal_page.proposal is '{{Proposal}} the proposal';
comment on column api.proposal_page.lines is '?{{Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money }>}} what it posts, or posted: debit positive; null where it posts nothing';
comment on column api.proposal_page.detail is '{{Record<string, unknown>}} what the second person looks at, by kind';

create function api.open_proposal(kind text, id text) returns api.proposal_page language plpgsql stable security definer set search_path = '' as $$
declare found_one api.proposed; answer api.proposal_page; shown api.proposal;
begin
    perform api.reader();
    select p.* into found_one from api.proposed p where p.kind = open_proposal.kind and p.id = open_proposal.id;
    if not found then perform api.broken('proposal_unknown'); end if;
    shown := api.shown_proposal(found_one);
    answer.proposal := to_jsonb(shown) || jsonb_build_object('customer_id', shown.customer_id::text, 'amount', shown.amount::text, 'journal_id', shown.journal_id::text);
    answer.lines := api.proposal_lines(found_one);
    answer.detail := api.proposal_detail(found_one);
    return answer;
end $$;
comment on function api.open_proposal(text, text) is 'proposals.open: One proposal with what it posts and what the second person looks at.';
grant execute on function api.open_proposal(text, text) to kontor_people;

create function api.proposals_waiting() returns table (kind text, id text, number text, customer_name text, amount numeric, since timestamptz)
language sql stable security definer set search_path = '' as $$
    select w.kind, w.id, w.number, coalesce(w.customer_name, ''), coalesce(w.amount, 0), w.proposed_at from api.list_proposals('waiting', null, null, null, 100) w
    where w.kind <> 'transfer'   -- its refund waits for me already
$$;
comment on function api.proposals_waiting() is 'What one person proposed and this one could confirm, for the first screen.';
