-- letters: what a letter says. Its text is data, its facts come from the case, and one function composes it: the preview,
-- the letter as issued and every later copy are that one answer. Sending and receipts are in letters_sent.sql.

-- ── How facts are written ──────────────────────────────────────────────────────────────────────────────────────

create function api.letter_day(on_date date, language text) returns text language sql immutable security definer set search_path = '' as $$
    select case language when 'zh' then to_char(on_date, 'FMYYYY"年"FMMM"月"FMDD"日"') else to_char(on_date, 'FMDD FMMonth FMYYYY') end
$$;
comment on function api.letter_day(date, text) is 'A day as a letter writes it.';

create function api.letter_instant(instant timestamptz, language text) returns text language sql stable security definer set search_path = '' as $$
    select case language when 'zh' then api.letter_day(d::date, 'zh') || to_char(d, ' HH24:MI') || '（北京时间）' else to_char(d, 'HH24:MI') || ' on ' || api.letter_day(d::date, 'en') || ' (Beijing time)' end
    from (select instant at time zone 'Asia/Shanghai' as d) x
$$;
comment on function api.letter_instant(timestamptz, text) is 'An instant with its zone: letters leave no doubt about the hour.';

create function api.letter_midnight(on_date date, language text) returns text language sql immutable security definer set search_path = '' as $$
    select case language when 'zh' then api.letter_day(on_date, 'zh') || ' 24:00（北京时间）' else '24:00 on ' || api.letter_day(on_date, 'en') || ' (Beijing time)' end
$$;
comment on function api.letter_midnight(date, text) is 'The end of a last day (Civil Code 203).';

create function api.letter_money(amount numeric) returns text language sql immutable security definer set search_path = '' as
$$ select '¥' || to_char(trunc(amount, 2), 'FM999,999,999,990.00') $$;
comment on function api.letter_money(numeric) is 'An amount as a letter writes it.';

create function api.letter_word(word text, language text) returns text language sql immutable security definer set search_path = '' as $$
    select case language when 'zh' then w.zh else w.en end from (values
        ('alipay', '支付宝', 'Alipay'), ('wechat', '微信支付', 'WeChat Pay'), ('original', '原路退回', 'the way it was paid'), ('manual_transfer', '银行转账', 'bank transfer'), ('none', '无需退款', 'nothing to pay'),
        ('evidence', '举证期限', 'time for evidence'), ('shortfall', '补足差额的期限', 'time to make up the difference'), ('nobody', '（未提供姓名）', '(name not given)'),
        ('accepted', '您提交的证据已被采信。', 'the evidence that you filed was accepted.'), ('settled', '应退还第三方的金额已全部了结。', 'nothing is due to the third party any more.'),
        ('withdrawn', '第三方已撤回异议。', 'the third party withdrew its notice.'), ('declined', '经核实，异议不成立。', 'the notice was found to be without ground.'),
        ('unlocked', '您的账户现已可以正常使用。', 'Your account can be used again.'), ('still_locked', '您的账户因其他原因仍处于锁定状态。', 'Your account stays locked for another reason.')) w (word, zh, en)
    where w.word = letter_word.word
$$;
comment on function api.letter_word(text, text) is 'Codes of the books as words of a letter.';

create function api.deadline_arithmetic(started_at timestamptz, days integer) returns jsonb language sql stable security definer set search_path = '' as $$
    select jsonb_build_object('due_on', c.due_on, 'calendar_version', c.calendar_version, 'facts', api.deadline_facts(started_at, days, 'Asia/Shanghai', true, 'RA 5.2'))
    from api.compute_deadline(started_at, days, 'Asia/Shanghai', true) c
$$;
comment on function api.deadline_arithmetic(timestamptz, integer) is 'What of an explained date goes on paper: the day, the lists and the facts. The small calendar of the screen costs a hundred times as much.';

create function api.deadline_sentences(clock jsonb, language text) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
    return (select jsonb_agg(jsonb_build_object('text', case language when 'zh' then s.zh else s.en end, 'clause', case language when 'zh' then replace(replace(f.value ->> 'clause', 'RA ', '充值协议 '), 'Civil Code ', '民法典 ') else f.value ->> 'clause' end) order by f.n)
    from jsonb_array_elements(clock -> 'facts') with ordinality f (value, n)
    cross join lateral (select api.letter_day((f.value ->> 'on')::date, 'zh') as zh, api.letter_day((f.value ->> 'on')::date, 'en') as en,
        coalesce('（' || (f.value #>> '{name,zh}') || '）', '') as name_zh, coalesce(' (' || (f.value #>> '{name,en}') || ')', '') as name_en) d
    cross join lateral (select
        case f.value ->> 'fact'
            when 'started' then case clock ->> 'kind' when 'shortfall' then '期限自差额通知之日 ' else '期限自账户锁定之日 ' end || d.zh || ' 起算。'
            when 'first_day_not_counted' then '开始当日 ' || d.zh || ' 不计入。'
            when 'days_counted' then '自次日起算，第 ' || (f.value ->> 'days') || ' 日为 ' || d.zh || '。'
            when 'last_day_is_makeup_workday' then d.zh || '为调休上班日' || d.name_zh || '，不顺延。'
            when 'last_day_is_rest_day' then d.zh || '为休息日' || d.name_zh || '。'
            when 'next_day_is_rest_day' then d.zh || '仍为休息日' || d.name_zh || '。'
            when 'moved_to' then '因此以休息日结束的次日 ' || d.zh || ' 为最后一日。'
            when 'nothing_else_agreed' then '协议对期间的计算未作其他约定。'
            when 'rest_days_do_not_count' then '本期限不因休息日顺延。'
            when 'ends_at_midnight' then '最后一日 ' || d.zh || ' 24:00 截止（北京时间）。'
            when 'provisional' then (f.value ->> 'year') || ' 年以后的节假日安排尚未公布，公布后如有变化将重新计算并另行通知。' end as zh,
        case f.value ->> 'fact'
            when 'started' then case clock ->> 'kind' when 'shortfall' then 'The time runs from the notice of the difference, on ' else 'The time runs from the lock of the account, on ' end || d.en || '.'
            when 'first_day_not_counted' then d.en || ' itself is not counted.'
            when 'days_counted' then 'Day ' || (f.value ->> 'days') || ', counted from the day after, is ' || d.en || '.'
            when 'last_day_is_makeup_workday' then d.en || ' is a make-up working day' || d.name_en || ', so the date does not move.'
            when 'last_day_is_rest_day' then d.en || ' is a day off' || d.name_en || '.'
            when 'next_day_is_rest_day' then d.en || ' is a day off too' || d.name_en || '.'
            when 'moved_to' then 'So the last day is the day after the rest: ' || d.en || '.'
            when 'nothing_else_agreed' then 'The agreement says nothing else about counting.'
            when 'rest_days_do_not_count' then 'Days off do not move this date.'
            when 'ends_at_midnight' then 'It ends at 24:00 on ' || d.en || ' (Beijing time).'
            when 'provisional' then 'Holidays after ' || (f.value ->> 'year') || ' are not published yet; if they change this date, we will count again and write to you.' end as en) s);
end $$;
comment on function api.deadline_sentences(jsonb, text) is 'The arithmetic of a date as sentences, each with its article: what a letter prints and what the case''s page shows are these, word for word.';

-- ── What a letter may mention ──────────────────────────────────────────────────────────────────────────────────

create function api.letter_placeholders(kind text) returns text[] language sql immutable security definer set search_path = '' as $$
    select array['customer', 'account', 'company', 'today', 'case', 'ticket', 'agreement'] || case
        when kind in ('lock_notice', 'evidence_request', 'reminder', 'shortfall_demand') then array['order', 'order_amount', 'paid_on', 'channel', 'payer', 'disputed', 'outstanding', 'received_on', 'locked_at', 'days', 'due_at', 'deadline']
            || case kind when 'reminder' then array['clock'] when 'shortfall_demand' then array['shortfall'] else '{}' end
        when kind = 'waiver_form' then array['order', 'order_amount', 'paid_on', 'channel', 'payer', 'disputed', 'outstanding', 'received_on', 'form']
        when kind = 'objection_answer' then array['about', 'received_on', 'decided_on', 'outcome', 'reason', 'replay']
        when kind = 'unlock_notice' then array['order', 'order_amount', 'paid_on', 'channel', 'disputed', 'received_on', 'locked_at', 'closed_at', 'outcome', 'other_locks']
        else array['requested_on', 'gross', 'fee', 'net', 'gift', 'lots'] || case kind when 'refund_proof' then array['asked_for'] when 'refund_rejected' then array['decided_on', 'reason']
            when 'refund_approved' then array['decided_on'] when 'refund_paid' then array['paid_on'] else '{}' end end
$$;
comment on function api.letter_placeholders(text) is 'What the text of a kind of letter may name in braces. deadline, lots, form and replay are whole blocks and stand alone in their paragraph.';

create function api.letter_subject(kind text) returns text language sql immutable security definer set search_path = '' as $$
    select case when kind in ('lock_notice', 'evidence_request', 'reminder', 'shortfall_demand', 'waiver_form', 'unlock_notice') then 'dispute'
                when kind in ('refund_received', 'refund_proof', 'refund_rejected', 'refund_approved', 'refund_paid', 'fee_explained') then 'refund'
                when kind = 'objection_answer' then 'objection' end
$$;
comment on function api.letter_subject(text) is 'What a kind of letter is about; null for no kind that we know.';

create function api.check_letter_text(kind text, title text, brief text, body text) returns void language plpgsql stable security definer set search_path = '' as $$
declare part record; token text; known text[] := api.letter_placeholders(kind);
begin
    if api.letter_subject(kind) is null then perform api.broken('letter_kind_unknown'); end if;
    for part in select * from (values ('title', title), ('brief', brief), ('body', body)) p (name, words) loop
        if api.tidy(part.words) is null then perform api.broken('letter_template_incomplete', jsonb_build_object('part', part.name)); end if;
        perform api.check_glyphs(replace(part.words, E'\n', ''));
        select m.found[1] into token from regexp_matches(part.words, '\{([^{}]*)\}', 'g') m (found)
        where m.found[1] <> all (known) or (m.found[1] in ('deadline', 'lots', 'form', 'replay') and part.name <> 'body') limit 1;
        if token is not null then perform api.broken('letter_placeholder_unknown', jsonb_build_object('placeholder', token, 'part', part.name, 'known', known)); end if;
        if regexp_replace(part.words, '\{[^{}]*\}', '', 'g') ~ '[{}]' then perform api.broken('letter_brace_unmatched', jsonb_build_object('part', part.name)); end if;
    end loop;
    select m.found[1] into token from regexp_split_to_table(body, '\n\s*\n') p (words), regexp_matches(p.words, '\{(deadline|lots|form|replay)\}') m (found) where btrim(p.words, E' \n') <> '{' || m.found[1] || '}' limit 1;
    if token is not null then perform api.broken('letter_block_not_alone', jsonb_build_object('placeholder', token)); end if;
    if length(title) > 60 or length(brief) > 400 or length(body) > 6000 then perform api.broken('letter_template_too_long', '{"title": 60, "brief": 400, "body": 6000}'); end if;
end $$;
comment on function api.check_letter_text(text, text, text, text) is 'Looks at a text before it is kept: names in braces are known, braces close, blocks stand alone, and every character can be printed. On paper it would be too late.';

-- ── Composing ──────────────────────────────────────────────────────────────────────────────────────────────────

create function api.fill_letter(words text, facts jsonb) returns text language plpgsql stable security definer set search_path = '' as $$
declare missing text; filled text;
begin
    select m.found[1] into missing from regexp_matches(words, '\{([^{}]+)\}', 'g') m (found) where facts ->> m.found[1] is null limit 1;
    if missing is not null then perform api.broken('letter_fact_missing', jsonb_build_object('placeholder', missing)); end if;
    -- In one pass: what a customer wrote may look like a placeholder and stays as it was written.
    select string_agg(m.found[1] || coalesce(facts ->> m.found[2], ''), '' order by m.n) into filled
    from regexp_matches(words || '{}', '([^{]*)\{([^{}]*)\}', 'g') with ordinality m (found, n);
    return filled;
end $$;
comment on function api.fill_letter(text, jsonb) is 'Puts the facts into a text. A fact that the case does not have is refused: a letter never has a hole.';

create function api.letter_block(name text, facts jsonb, language text) returns jsonb language sql stable security definer set search_path = '' as $$
    select case name
        when 'deadline' then jsonb_build_object('kind', 'deadline', 'due', facts ->> 'due_at', 'lines', api.deadline_sentences(facts -> 'deadline', language),
            'calendar', facts #>> '{deadline,calendar_version}', 'extended', case when (facts #>> '{deadline,extended_days}')::integer > 0 then
                case language when 'zh' then '其中 ' || (facts #>> '{deadline,extended_days}') || ' 日为经批准延长的期限。' else (facts #>> '{deadline,extended_days}') || ' of these days were granted as an extension.' end end)
        when 'lots' then jsonb_build_object('kind', 'lots', 'rows', facts -> 'lots')
        when 'replay' then facts -> 'replay'
        when 'form' then jsonb_build_object('kind', 'form', 'lines', case language when 'zh' then '["放弃的金额（元，大写及小写）", "姓名（签名）", "证件类型及号码后四位", "联系电话", "日期"]'::jsonb
            else '["Amount given up (in words and figures)", "Name (signature)", "Identity document, last four characters", "Telephone", "Date"]' end) end
$$;
comment on function api.letter_block(text, jsonb, text) is 'A block of a letter that is more than words.';

create function api.compose_letter(kind text, language text, title text, brief text, body text, facts jsonb, head jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare blocks jsonb; answer jsonb;
begin
    -- Only what the words need is looked at: a fact that nobody mentions may be missing.
    select jsonb_agg(case when p.words ~ '^\{(deadline|lots|form|replay)\}$' then api.letter_block(btrim(p.words, '{}'), facts, language)
                          when p.words like '# %' then jsonb_build_object('kind', 'heading', 'text', api.fill_letter(substring(p.words from 3), facts))
                          else jsonb_build_object('kind', 'paragraph', 'text', api.tidy(api.fill_letter(p.words, facts))) end order by p.n) into blocks
    from (select btrim(x.words, E' \n') as words, x.n from regexp_split_to_table(replace(body, E'\r', ''), '\n\s*\n') with ordinality x (words, n)) p where p.words <> '';
    select jsonb_agg(b.value order by b.n) into blocks from jsonb_array_elements(blocks) with ordinality b (value, n) where b.value <> '{"kind": "paragraph", "text": null}';
    answer := head || jsonb_build_object('kind', kind, 'language', language, 'title', api.fill_letter(title, facts), 'brief', api.fill_letter(brief, facts), 'blocks', blocks,
        'to', facts ->> 'to', 'company', facts ->> 'company', 'account', facts ->> 'account', 'case', facts ->> 'case', 'agreement', facts ->> 'agreement', 'today', facts ->> 'today');
    perform api.check_glyphs(answer::text);
    return answer;
end $$;
comment on function api.compose_letter(text, text, text, text, text, jsonb, jsonb) is 'The whole content of a letter from a text and the facts: the one place where it is made. A character that cannot be printed is refused here.';

create function api.letter_text(content jsonb) returns text language sql stable security definer set search_path = '' as $$
    select (content ->> 'title') || E'\n\n' || string_agg(case b.value ->> 'kind'
        when 'deadline' then (b.value ->> 'due') || E'\n' || (select string_agg('· ' || (l.value ->> 'text') || ' (' || (l.value ->> 'clause') || ')', E'\n' order by l.n) from jsonb_array_elements(b.value -> 'lines') with ordinality l (value, n)) || coalesce(E'\n· ' || (b.value ->> 'extended'), '')
        when 'lots' then (select string_agg(concat_ws(' · ', r.value ->> 'order_no', r.value ->> 'paid_on', r.value ->> 'route', r.value ->> 'gross', '− ' || (r.value ->> 'fee'), '= ' || (r.value ->> 'net'), r.value ->> 'refund_no'), E'\n' order by r.n) from jsonb_array_elements(b.value -> 'rows') with ordinality r (value, n))
        when 'replay' then (select string_agg(t.line, E'\n' order by t.part, t.n) from (
            select 1 as part, r.n, '· ' || concat_ws(' · ', r.value ->> 'bound', r.value ->> 'inviter', r.value ->> 'elapsed', r.value ->> 'verdict') as line from jsonb_array_elements(b.value -> 'rows') with ordinality r (value, n)
            union all select 2, l.n, l.value #>> '{}' from jsonb_array_elements(b.value -> 'lines') with ordinality l (value, n)) t)
        when 'form' then (select string_agg((l.value #>> '{}') || ': ____________________', E'\n' order by l.n) from jsonb_array_elements(b.value -> 'lines') with ordinality l (value, n))
        else b.value ->> 'text' end, E'\n\n' order by b.n) || E'\n\n' || (content ->> 'company') || E'\n' || (content ->> 'today') || coalesce(E'\n' || (content ->> 'number'), '')
    from jsonb_array_elements(content -> 'blocks') with ordinality b (value, n)
$$;
comment on function api.letter_text(jsonb) is 'The same letter as plain text: the body of an e-mail, and what is copied into a ticket.';
