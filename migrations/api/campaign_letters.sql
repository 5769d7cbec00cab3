-- campaign_letters: the answer to an objection as a letter, with the replay that was kept when it was decided (IC-24, IC-25).

create function api.objection_word(word text, language text) returns text language sql stable security definer set search_path = '' as $$
    select case language when 'zh' then w.zh else w.en end from (values
        ('attribution', '邀请关系归属', 'whose invitation it was'), ('credits', '积分发放', 'the credits'), ('validity', '邀请有效性', 'whether the invitation counts'), ('penalty', '违规处理', 'a penalty'),
        ('upheld', '您的异议成立，我们将更正相应记录。', 'Your objection is upheld; we put the records right.'), ('rejected', '您的异议不成立，记录维持不变。', 'Your objection is not upheld; the records stay as they are.'),
        ('won', '付款前最后一次有效触点，归属成立', 'the last valid touchpoint before the payment: the invitation is this one''s'), ('too_late', '最后一次有效触点，但付款已超出时限', 'the last valid touchpoint, but the payment came too late'),
        ('superseded', '之后另有有效触点', 'a later valid touchpoint took its place'), ('after_payment', '发生在付款之后', 'after the payment'), ('waiting', '尚未付款', 'no payment yet'),
        ('voided', '经更正作废', 'put aside by a correction'), ('self_or_associated', '本人或关联账户', 'by the same person''s account'), ('inviter_banned', '邀请人已被禁止参与', 'by an account that is barred'), ('campaign_not_running', '活动未在进行', 'while the campaign was not running'),
        ('invalid', '无效', 'not valid'), ('counted', '该邀请有效。', 'The invitation counts.'), ('last_valid_touchpoint', '该邀请有效。', 'The invitation counts.'),
        ('no_payment', '好友尚未完成首次付款。', 'The friend has not made a first payment.'), ('friend_not_eligible', '好友此前已有付费订阅，不属于受邀对象（规则第 2 条）。', 'The friend had a paid subscription before (clause 2).'),
        ('outside_72h', '首次付款超出绑定后的时限，不计入奖励（规则第 2 条）。', 'The first payment came after the hours had run out, so it earns nothing (clause 2).'), ('no_touchpoint', '付款之前没有有效触点。', 'There was no valid touchpoint before the payment.'),
        ('payment_outside_campaign', '付款不在活动期间内。', 'The payment was outside the campaign.'), ('payment_while_paused', '付款时活动已暂停。', 'The campaign was paused when the payment was made.'),
        ('refunded_within_campaign', '首单在活动期间内发生退款，该邀请无效（规则第 4 条）。', 'The first order was refunded within the campaign, so the invitation does not count (clause 4).'),
        ('friend_barred', '好友账户因违规被禁止参与。', 'The friend''s account is barred from the campaign.'), ('you', '您', 'you'), ('link', '链接', 'link'), ('code', '邀请码', 'code')) w (word, zh, en)
    where w.word = objection_word.word
$$;
comment on function api.objection_word(text, text) is 'The campaign''s codes as words of a letter.';

create function api.letter_hours(seconds bigint, language text) returns text language sql immutable security definer set search_path = '' as $$
    select case when seconds < 0 then '—' when language = 'zh' then seconds / 3600 || ' 小时 ' || seconds % 3600 / 60 || ' 分 ' || seconds % 60 || ' 秒' else seconds / 3600 || ' h ' || seconds % 3600 / 60 || ' min ' || seconds % 60 || ' s' end
$$;
comment on function api.letter_hours(bigint, text) is 'How long it was between a bind and the payment, to the second: the bar is seventy-two hours exactly.';

create function api.letter_dollars(amount text) returns text language sql immutable security definer set search_path = '' as $$ select 'USD ' || to_char(amount::numeric, 'FM999,999,999,990.00') $$;
comment on function api.letter_dollars(text) is 'An amount in USD as a letter writes it.';

create function api.letter_percent(rate text) returns text language sql immutable security definer set search_path = '' as $$ select trim_scale(rate::numeric * 100)::text || '%' $$;
comment on function api.letter_percent(text) is 'A rate as a letter writes it.';

create function api.objection_touches(o book.campaign_objections, language text) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('bound', api.letter_instant((t.value ->> 'bound_at')::timestamptz, language),
        -- Whoever objects is told which touches were their own; everybody else is a few last characters.
        'inviter', case when p.inviter_id = o.customer_id then api.objection_word('you', language) else t.value ->> 'inviter_ref' end || ' · ' || api.objection_word(t.value ->> 'way', language),
        'elapsed', coalesce(api.letter_hours((t.value ->> 'elapsed_seconds')::bigint, language), '—'),
        'verdict', api.objection_word(coalesce(t.value ->> 'why', t.value ->> 'verdict'), language)) order by t.n), '[]')
    from jsonb_array_elements(o.answer -> 'touches') with ordinality t (value, n) left join book.touchpoints p on p.id = (t.value ->> 'id')::bigint
$$;
comment on function api.objection_touches(book.campaign_objections, text) is 'Each touch with its instant, how long before the payment it was, and its verdict.';

create function api.objection_replay(o book.campaign_objections, language text) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare r jsonb := o.answer; lines jsonb := '[]'; zh boolean := language = 'zh'; ladder jsonb; mine boolean;
begin
    if r is null then
        return jsonb_build_object('kind', 'replay', 'rows', '[]'::jsonb, 'lines', jsonb_build_array(case when zh then '本异议不涉及某一位好友的邀请记录。' else 'This objection is not about the invitation of one friend.' end));
    end if;
    if r ->> 'paid_at' is not null then
        lines := lines || to_jsonb(case when zh then '首次付款：' || api.letter_instant((r ->> 'paid_at')::timestamptz, 'zh') || '；时限为绑定后 ' || (r ->> 'bar_hours') || ' 小时整（含）。'
                                        else 'First payment: ' || api.letter_instant((r ->> 'paid_at')::timestamptz, 'en') || '; the time is ' || (r ->> 'bar_hours') || ' hours from the bind, to the second and inclusive.' end);
    end if;
    lines := lines || to_jsonb(api.objection_word(r ->> 'verdict', language));
    -- Figures go to the two whose figures they are: the inviter who won, and the friend who paid.
    mine := exists (select 1 from book.invitations i where i.friend_id = o.friend_id and o.customer_id in (i.inviter_id, i.friend_id));
    if mine and r ->> 'apa' is not null then
        lines := lines || to_jsonb(case when zh then '实际支付金额：订单 ' || api.letter_dollars(r ->> 'amount_order') || ' − 优惠 ' || api.letter_dollars(r ->> 'discount') || ' − 其他抵扣 ' || api.letter_dollars(((r ->> 'coupon')::numeric + (r ->> 'credits_used')::numeric)::text) || ' = ' || api.letter_dollars(r ->> 'apa') || '。'
                                        else 'Actual payment amount: order ' || api.letter_dollars(r ->> 'amount_order') || ' − discount ' || api.letter_dollars(r ->> 'discount') || ' − other reductions ' || api.letter_dollars(((r ->> 'coupon')::numeric + (r ->> 'credits_used')::numeric)::text) || ' = ' || api.letter_dollars(r ->> 'apa') || '.' end);
    end if;
    ladder := nullif(r -> 'ladder', 'null');
    if ladder is not null and exists (select 1 from book.invitations i where i.friend_id = o.friend_id and i.inviter_id = o.customer_id) then
        lines := lines || to_jsonb(case when zh then '基础奖励：' || api.letter_dollars(r ->> 'apa') || ' × ' || api.letter_percent(ladder ->> 'base_rate') || ' = ' || trim_scale((ladder ->> 'base_exact')::numeric) || '，四舍五入为 ' || api.letter_dollars(ladder ->> 'base_credit') || ' 积分。'
                                        else 'Base reward: ' || api.letter_dollars(r ->> 'apa') || ' × ' || api.letter_percent(ladder ->> 'base_rate') || ' = ' || trim_scale((ladder ->> 'base_exact')::numeric) || ', rounded half up to ' || api.letter_dollars(ladder ->> 'base_credit') || ' in credits.' end)
            || to_jsonb(case when zh then '阶梯奖励：第 ' || (ladder ->> 'place') || ' 位有效好友，属第 ' || (ladder ->> 'round') || ' 轮，本轮 ' || (ladder ->> 'friends') || ' 人合计 ' || api.letter_dollars(ladder ->> 'sum_apa') || case when ladder ->> 'tier_credit' is null then '，还差 ' || (ladder ->> 'needed') || ' 人满三十人。' else ' × ' || api.letter_percent(ladder ->> 'tier_rate') || ' = ' || trim_scale((ladder ->> 'tier_exact')::numeric) || '，四舍五入为 ' || api.letter_dollars(ladder ->> 'tier_credit') || ' 积分。' end
                             else 'Round reward: valid friend number ' || (ladder ->> 'place') || ', in round ' || (ladder ->> 'round') || '; its ' || (ladder ->> 'friends') || ' friends paid ' || api.letter_dollars(ladder ->> 'sum_apa') || case when ladder ->> 'tier_credit' is null then '; ' || (ladder ->> 'needed') || ' more make thirty.' else ' × ' || api.letter_percent(ladder ->> 'tier_rate') || ' = ' || trim_scale((ladder ->> 'tier_exact')::numeric) || ', rounded half up to ' || api.letter_dollars(ladder ->> 'tier_credit') || ' in credits.' end end);
    end if;
    return jsonb_build_object('kind', 'replay', 'rows', api.objection_touches(o, language), 'lines', lines);
end $$;
comment on function api.objection_replay(book.campaign_objections, text) is 'The replay that was kept with the answer, as a block of a letter: the other party masked, figures only to whom they belong (IC-25).';

create function api.objection_replay_sample(language text) returns jsonb language sql immutable security definer set search_path = '' as $$
    select jsonb_build_object('kind', 'replay', 'rows', jsonb_build_array(jsonb_build_object('bound', '2026-01-01 10:00', 'inviter', '****0042', 'elapsed', '72:00:00', 'verdict', case language when 'zh' then '归属成立' else 'won' end)), 'lines', '[]'::jsonb)
$$;
comment on function api.objection_replay_sample(text) is 'A made-up replay, with which a text is tried.';

create function api.objection_letter_facts(o book.campaign_objections, language text, at timestamptz, masked boolean) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare c book.customers;
begin
    select x.* into c from book.customers x where x.id = o.customer_id;
    return jsonb_build_object('to', case when masked then api.shown_name(c) else c.name end, 'customer', case when masked then api.shown_name(c) else c.name end, 'account', c.ref, 'company', api.company_name(at),
        'today', api.letter_day((at at time zone 'Asia/Shanghai')::date, language), 'case', o.number, 'ticket', o.ticket_no, 'agreement', coalesce(o.answer ->> 'version', (api.campaign_terms(o.visible_at)).version),
        'about', api.objection_word(o.about, language), 'received_on', api.letter_day((o.received_at at time zone 'Asia/Shanghai')::date, language), 'decided_on', api.letter_day((o.decided_at at time zone 'Asia/Shanghai')::date, language),
        'outcome', api.objection_word(o.status, language), 'reason', api.plain_words(o.decision), 'replay', api.objection_replay(o, language));
end $$;
comment on function api.objection_letter_facts(book.campaign_objections, text, timestamptz, boolean) is 'What the answer to an objection may say, written in its language.';

create function api.objection_letter_barrier(o book.campaign_objections) returns text language sql stable security definer set search_path = '' as $$
    select case when o.status in ('open', 'waived') then 'objection_not_decided' end
$$;
comment on function api.objection_letter_barrier(book.campaign_objections) is 'Why an objection cannot have its letter now: nobody has decided it.';
