-- letters, second part: the facts of a case, which letters it may have now, and issuing one.

create function api.letter_clock(d book.disputes, kind text, at timestamptz) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare x book.deadlines; ended timestamptz;
begin
    select l.* into x from book.deadlines l where l.subject_id = d.id and case letter_clock.kind when 'reminder' then l.stopped_at is null when 'shortfall_demand' then l.kind = 'shortfall' else l.kind = 'evidence' end
    order by l.id desc limit 1;
    if found then
        return api.deadline_arithmetic(x.started_at, x.days + x.extended_days)
            || jsonb_build_object('kind', x.kind, 'days', x.days, 'extended_days', x.extended_days, 'calendar_version', x.calendar_version, 'due_on', x.due_on);
    end if;
    if letter_clock.kind <> 'shortfall_demand' then return null; end if;
    -- The second period begins with the notice itself, never before the first one has ended (A4): counted as if it were served today.
    select coalesce(d.conceded_at, l.expires_at - interval '1 microsecond') into ended from book.deadlines l where l.subject_id = d.id and l.kind = 'evidence';
    return api.deadline_arithmetic(greatest(at, ended), coalesce((api.policy('shortfall_days', at) #>> '{}')::integer, 30))
        || jsonb_build_object('kind', 'shortfall', 'extended_days', 0);
end $$;
comment on function api.letter_clock(book.disputes, text, timestamptz) is 'The clock that a letter explains: the one it is about, or for a demand the one that it would start if served today.';

create function api.company_name(at timestamptz) returns text language plpgsql stable security definer set search_path = '' as $$
begin
    if not exists (select from book.sellers s where s.confirmed_at is not null and s.currency = 'CNY' and s.valid_from <= at)
       and not (select d.rehearsal from book.database d) then return null; end if;
    return api.seller_block(at) ->> 'name';
end $$;
comment on function api.company_name(timestamptz) is 'Who writes: the seller of the invoices in force at an instant, in a rehearsal also the made-up one; null where nobody was named.';

create function api.plain_words(words text) returns text language sql immutable security definer set search_path = '' as
$$ select api.tidy(regexp_replace(words, '[[:cntrl:]]+', ' ', 'g')) $$;
comment on function api.plain_words(text) is 'What somebody typed, on one line.';

create function api.dispute_letter_facts(d book.disputes, kind text, language text, at timestamptz, masked boolean) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare c book.customers; r book.recharges; amounts api.dispute_amounts := api.count_dispute_amounts(d); clock jsonb; third boolean := kind = 'waiver_form'; payer text;
begin
    select x.* into c from book.customers x where x.id = d.customer_id;
    select x.* into r from book.recharges x where x.id = d.recharge_id;
    if kind in ('lock_notice', 'evidence_request', 'reminder', 'shortfall_demand') then clock := api.letter_clock(d, kind, at); end if;
    -- Each side is named in full only in the letter to itself.
    payer := coalesce(case when third and not masked then api.plain_words(r.payer_name) else api.mask_name(api.plain_words(r.payer_name)) end, api.letter_word('nobody', language));
    return jsonb_build_object(
        'to', case when third then payer when masked then api.shown_name(c) else c.name end,
        'customer', case when masked or third then api.shown_name(c) else c.name end, 'account', case when third then '' else c.ref end, 'company', api.company_name(at), 'today', api.letter_day((at at time zone 'Asia/Shanghai')::date, language),
        'case', d.number, 'ticket', d.ticket_no, 'agreement', r.agreement_version, 'order', r.order_no, 'order_amount', api.letter_money(r.principal), 'paid_on', api.letter_day((r.paid_at at time zone 'Asia/Shanghai')::date, language),
        'channel', api.letter_word(r.channel, language), 'payer', payer, 'disputed', api.letter_money(d.amount_disputed), 'outstanding', api.letter_money(amounts.outstanding), 'shortfall', api.letter_money(amounts.needed),
        'received_on', api.letter_day((d.received_at at time zone 'Asia/Shanghai')::date, language), 'locked_at', api.letter_instant(d.locked_at, language),
        'clock', api.letter_word(clock ->> 'kind', language), 'deadline', clock, 'due_at', api.letter_midnight((clock ->> 'due_on')::date, language),
        'days', coalesce(api.policy('shortfall_days', at) #>> '{}', '30'), 'form', '',
        'closed_at', api.letter_instant(d.closed_at, language), 'outcome', api.letter_word(d.status, language), 'other_locks', api.letter_word(case when exists (select 1 from book.locks k where k.customer_id = d.customer_id and k.lifted_at is null) then 'still_locked' else 'unlocked' end, language));
end $$;
comment on function api.dispute_letter_facts(book.disputes, text, text, timestamptz, boolean) is 'What a dispute''s letter may say, written in its language. Masked for a draft that everybody may look at.';

create function api.fee_rule(channel text, paid_at timestamptz, at timestamptz, language text) returns text language sql stable security definer set search_path = '' as $$
    select string_agg(distinct case language when 'zh' then '费率 ' || p.rate || '，最低 ' || p.minimum else 'rate ' || p.rate || ', at least ' || p.minimum end, case language when 'zh' then '；或 ' else '; or ' end)
    from (select trim_scale((v.value ->> 'rate')::numeric * 100)::text || '%' as rate, api.letter_money((v.value ->> 'minimum')::numeric) as minimum
          from (values (api.policy('refund_fee', at, channel)), (coalesce(api.policy('refund_fee', paid_at, channel), api.policy('refund_fee', at, channel)))) v (value)) p
$$;
comment on function api.fee_rule(text, timestamptz, timestamptz, text) is 'The fee policy of one lot in words: when it was paid and when it was asked back, if they differ (A10).';

create function api.refund_letter_lots(f book.refunds, language text, at timestamptz) returns jsonb language sql stable security definer set search_path = '' as $$
    with legs as (
        select r.order_no, r.paid_at, r.channel, l.route, l.amount_gross as gross, l.amount_fee as fee, l.amount_net as net, l.refund_no, r.id
        from book.refund_legs l join book.recharges r on r.id = l.recharge_id where l.refund_id = f.id and l.status <> 'recalled'
    ), lots as (
        select * from legs union all
        select s.value ->> 'order_no', (s.value ->> 'paid_at')::timestamptz, s.value ->> 'channel', s.value ->> 'route', (s.value ->> 'refundable')::numeric, (s.value ->> 'fee')::numeric, (s.value ->> 'net')::numeric, null, (s.value ->> 'recharge_id')::bigint
        from jsonb_array_elements(case when f.status in ('rejected', 'withdrawn') then f.reviewed_worksheet else api.compute_worksheet(f.customer_id, f.id, at) end -> 'lots') s (value) where not exists (select 1 from legs)
    )
    select coalesce(jsonb_agg(jsonb_build_object('order_no', o.order_no, 'paid_on', api.letter_day((o.paid_at at time zone 'Asia/Shanghai')::date, language), 'route', api.letter_word(o.channel, language) || ' · ' || api.letter_word(o.route, language),
        'gross', api.letter_money(o.gross), 'fee', api.letter_money(o.fee), 'net', api.letter_money(o.net), 'refund_no', o.refund_no,
        'rule', case when f.legal_override then null else api.fee_rule(o.channel, o.paid_at, f.requested_at, language) end) order by o.paid_at, o.id), '[]') from lots o
$$;
comment on function api.refund_letter_lots(book.refunds, text, timestamptz) is 'Each recharge of a refund as a letter''s table shows it: what was instructed, or what the worksheet says now.';

create function api.refund_letter_facts(f book.refunds, kind text, language text, at timestamptz, masked boolean) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare c book.customers; sheet jsonb; day date; versions text; gross numeric := f.amount_gross; fee numeric := f.amount_fee; net numeric := f.amount_net;
begin
    select x.* into c from book.customers x where x.id = f.customer_id;
    if f.status in ('requested', 'reviewed') then
        sheet := api.compute_worksheet(f.customer_id, f.id, at);
        gross := (sheet ->> 'gross')::numeric; fee := (sheet ->> 'fee')::numeric; net := (sheet ->> 'net')::numeric;
    else
        -- A lot that was recalled from a payout is not part of it any more.
        select coalesce(sum(l.amount_gross), gross), coalesce(sum(l.amount_fee), fee), coalesce(sum(l.amount_net), net) into gross, fee, net from book.refund_legs l where l.refund_id = f.id and l.status <> 'recalled';
    end if;
    day := (coalesce(case when f.status in ('rejected', 'withdrawn') then f.closed_at else f.approved_at end, at) at time zone 'Asia/Shanghai')::date;
    select string_agg(distinct r.agreement_version, ', ' order by r.agreement_version) into versions from book.recharges r
    where r.held_by_refund = f.id or r.refunded_by = f.id or exists (select 1 from book.refund_legs l where l.refund_id = f.id and l.recharge_id = r.id);
    if versions is null then
        select r.agreement_version into versions from book.recharges r where r.customer_id = f.customer_id and r.paid_at <= f.requested_at order by r.paid_at desc, r.id desc limit 1;
    end if;
    return jsonb_build_object(
        'to', case when masked then api.shown_name(c) else c.name end, 'customer', case when masked then api.shown_name(c) else c.name end, 'account', c.ref, 'company', api.company_name(at),
        'today', api.letter_day((at at time zone 'Asia/Shanghai')::date, language), 'case', f.number, 'ticket', f.ticket_no, 'agreement', versions,
        'requested_on', api.letter_day((f.requested_at at time zone 'Asia/Shanghai')::date, language), 'decided_on', api.letter_day(day, language), 'paid_on', api.letter_day((f.paid_at at time zone 'Asia/Shanghai')::date, language),
        'gross', api.letter_money(gross), 'fee', api.letter_money(fee), 'net', api.letter_money(net),
        'asked_for', api.plain_words(f.proof_asked_for), 'reason', api.plain_words(f.closing_reason), 'lots', api.refund_letter_lots(f, language, at),
        'gift', case when f.amount_gift_voided < 0.01 then '' when language = 'zh' then '依据第 9.2 条，提交申请时赠送额度 ' || api.letter_money(f.amount_gift_voided) || ' 已失效。'
                     else 'Under clause 9.2 gifts of ' || api.letter_money(f.amount_gift_voided) || ' became invalid with the application.' end);
end $$;
comment on function api.refund_letter_facts(book.refunds, text, text, timestamptz, boolean) is 'What a refund''s letter may say, written in its language.';

create function api.letter_sample(kind text, language text, at timestamptz) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('to', case kind when 'waiver_form' then n.payer else n.name end, 'customer', n.name, 'account', case kind when 'waiver_form' then '' else 'zp-10001' end, 'company', coalesce(api.company_name(at), n.company), 'today', api.letter_day(date '2026-01-05', language), 'case', case api.letter_subject(kind) when 'dispute' then 'D-2026-0001' when 'objection' then 'OB-2026-0001' else 'R-2026-0001' end,
        'ticket', 'T-1001', 'agreement', '2025-09-01', 'order', 'R2025110100001', 'order_amount', api.letter_money(500), 'paid_on', api.letter_day(date '2025-11-01', language), 'channel', api.letter_word('wechat', language), 'payer', n.payer,
        'disputed', api.letter_money(500), 'outstanding', api.letter_money(500), 'shortfall', api.letter_money(120.5), 'received_on', api.letter_day(date '2025-12-04', language), 'locked_at', api.letter_instant('2025-12-04 12:00+08', language),
        'clock', api.letter_word('evidence', language), 'deadline', api.deadline_arithmetic('2025-12-04 12:00+08', 30) || '{"kind": "evidence", "extended_days": 0}', 'due_at', api.letter_midnight(date '2026-01-04', language), 'days', '30', 'form', '',
        'closed_at', api.letter_instant('2026-01-05 10:00+08', language), 'outcome', api.letter_word('accepted', language), 'other_locks', api.letter_word('unlocked', language),
        'requested_on', api.letter_day(date '2025-12-20', language), 'decided_on', api.letter_day(date '2026-01-05', language), 'gross', api.letter_money(300), 'fee', api.letter_money(1.8), 'net', api.letter_money(298.2), 'asked_for', n.asked, 'reason', n.reason, 'gift', '',
        'about', api.objection_word('attribution', language), 'replay', api.objection_replay_sample(language),
        'lots', jsonb_build_array(jsonb_build_object('order_no', 'R2025110100001', 'paid_on', api.letter_day(date '2025-11-01', language), 'route', api.letter_word('wechat', language) || ' · ' || api.letter_word('original', language),
            'gross', api.letter_money(300), 'fee', api.letter_money(1.8), 'net', api.letter_money(298.2), 'refund_no', null, 'rule', api.fee_rule('wechat', at, at, language))))
    from (select case language when 'zh' then '示例客户有限公司' else 'Example Customer Ltd.' end as name, case language when 'zh' then '示例公司' else 'Example Company' end as company, case language when 'zh' then '王**' else 'W***' end as payer,
                 case language when 'zh' then '付款账户实名信息的截图' else 'a screenshot of the paying account''s verified name' end as asked, case language when 'zh' then '未提供付款人的证明。' else 'no proof from the payer.' end as reason) n
$$;
comment on function api.letter_sample(text, text, timestamptz) is 'Made-up facts, with which the text of a letter is tried before it is proposed.';

-- ── Which letters a case may have now ──────────────────────────────────────────────────────────────────────────

create function api.dispute_letter_barrier(d book.disputes, kind text, at timestamptz) returns text language plpgsql stable security definer set search_path = '' as $$
declare s api.dispute_state := api.find_dispute_state(d); running book.deadlines; why text;
begin
    if kind = 'unlock_notice' then
        return case when d.closed_at is null then 'dispute_still_open' when d.locked_at is null then 'lock_not_confirmed' end;
    end if;
    if d.kind = 'provider' then return 'dispute_is_with_provider'; end if;
    if d.closed_at is not null then return 'dispute_not_open'; end if;
    if kind = 'waiver_form' then return case when (s.amounts).outstanding = 0 then 'nothing_outstanding' end; end if;
    if d.locked_at is null then return 'lock_not_confirmed'; end if;
    select x.* into running from book.deadlines x where x.subject_id = d.id and x.stopped_at is null and x.expires_at > at order by x.id desc limit 1;
    if kind = 'evidence_request' then
        return case when d.conceded_at is not null then 'dispute_already_conceded' when running.kind is distinct from 'evidence' then 'deadline_not_running' end;
    elsif kind = 'reminder' then
        return case when running.id is null then 'deadline_not_running'
            when d.conceded_at is not null and running.kind = 'evidence' then 'dispute_already_conceded'
            when running.kind = 'evidence' and s.evidence_open > 0 then 'evidence_already_filed'
            when running.kind = 'shortfall' and (s.amounts).needed = 0 then 'shortfall_is_zero'
            when exists (select 1 from book.letters l where l.subject_id = d.id and l.reminds_on = (at at time zone 'Asia/Shanghai')::date) then 'letter_reminded_today' end;
    elsif kind = 'shortfall_demand' then
        select b.why into why from api.dispute_barrier(d, s, 'notify_shortfall', null, at) b;
        return case when why = 'shortfall_already_notified' then case when (s.amounts).needed = 0 then 'shortfall_is_zero' end else why end;
    end if;
    return null;
end $$;
comment on function api.dispute_letter_barrier(book.disputes, text, timestamptz) is 'Why a dispute cannot have this letter now: it would say what is not true. Nobody is reminded after an answer came.';

create function api.refund_letter_barrier(f book.refunds, kind text) returns text language sql stable security definer set search_path = '' as $$
    select case kind
        when 'refund_received' then case when f.status not in ('requested', 'reviewed', 'approved') then 'refund_not_open' end
        when 'refund_proof' then case when f.status not in ('requested', 'reviewed') then 'refund_not_open' when f.proof_asked_at is null then 'proof_not_asked' end
        when 'refund_rejected' then case when f.status <> 'rejected' then 'refund_not_rejected' end
        when 'refund_approved' then case when f.status not in ('approved', 'released') then 'refund_not_approved'
            -- "Not arrived yet" must be true of all of it.
            when f.status = 'released' then case when exists (select 1 from book.refund_legs l where l.refund_id = f.id and l.status = 'confirmed' and l.route <> 'none') then 'refund_partly_paid' end
            when f.suspended_by_dispute is not null then 'refund_stopped_by_dispute' when not api.approval_stands(f) then 'refund_figures_moved'
            when f.second_approved_at is null and api.needs_second_approval(f.id) then 'second_approval_missing' end
        when 'refund_paid' then case when f.status <> 'paid' then 'refund_not_paid' end
        when 'fee_explained' then case when f.status in ('rejected', 'withdrawn') then 'refund_not_open' when f.amount_fee = 0 then 'refund_without_fee' end end
$$;
comment on function api.refund_letter_barrier(book.refunds, text) is 'Why a refund cannot have this letter now.';

create function api.reminder_due(d book.disputes, at timestamptz) returns date language sql stable security definer set search_path = '' as $$
    select x.due_on from book.deadlines x
    where x.subject_id = d.id and x.stopped_at is null and x.expires_at > at
      -- The nearest of the policy's days that has come, if nothing reminded since: after a month with the window closed that is one letter, not three.
      and exists (select 1 from jsonb_array_elements_text(api.policy('letter_reminder_days', at)) n (days)
                  where (at at time zone 'Asia/Shanghai')::date >= x.due_on - n.days::integer
                    and not exists (select 1 from book.letters l where l.subject_id = d.id and l.reminds_on >= x.due_on - n.days::integer))
      and api.dispute_letter_barrier(d, 'reminder', at) is null
    order by x.id desc limit 1
$$;
comment on function api.reminder_due(book.disputes, timestamptz) is 'The last day that a case''s holder should be reminded of today, by policy; null when nobody needs reminding.';
