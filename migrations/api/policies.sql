-- policies and people: what the agreements leave open, and who may do what. Both take two people.

create view api.policies as
select p.id, p.name, p.channel, p.value, p.valid_from, p.reason, api.login_of(p.proposed_by) as proposed_by, p.proposed_at, api.login_of(p.confirmed_by) as confirmed_by, p.confirmed_at,
       api.login_of(p.declined_by) as declined_by, p.declined_at, p.declined_why
from book.policies p;
comment on column api.policies.channel is '? for one channel only';
comment on column api.policies.value is '{{unknown}} the figure or switch';
comment on column api.policies.proposed_by is '? null for the defaults that the product ships';
comment on column api.policies.confirmed_by is '? null for the defaults, and until confirmed';
comment on column api.policies.confirmed_at is '? from when it can be in force';
comment on column api.policies.declined_by is '? who declined it or took it back';
comment on column api.policies.declined_at is '? when';
comment on column api.policies.declined_why is '? why';

create function api.list_policies() returns setof api.policies language sql stable security definer set search_path = '' as $$
    select p.* from api.policies p where api.reader() is not null order by p.name, p.channel nulls first, p.valid_from desc, p.id desc limit 500
$$;
comment on function api.list_policies() is 'policies.list: Every policy with its history and what waits for confirmation.';
grant execute on function api.list_policies() to kontor_people;

create function api.check_policy(name text, channel text, value jsonb) returns void language plpgsql stable security definer set search_path = '' as $$
begin
    if not coalesce(case
        when name = 'consume_order' then value in ('"gift_first"', '"principal_first"')
        when name = 'refund_once_scope' then value in ('"lot"', '"account"')
        when name in ('recharge_minimum', 'step_up_bulk_above', 'step_up_approval_above', 'step_up_release_above', 'retype_above', 'bulk_approval_up_to', 'second_approval_above', 'adjustment_limit', 'rounding_limit', 'review_joined_with_approval_up_to') then jsonb_typeof(value) = 'string' and (value #>> '{}') ~ '^\d{1,12}(\.\d{1,2})?$'
        when name = 'refund_fee' then channel in ('alipay', 'wechat') and (value ->> 'rate') ~ '^0(\.\d{1,6})?$' and (value ->> 'minimum') ~ '^\d{1,6}(\.\d{1,2})?$'
             and coalesce(value ->> 'cap', '0') ~ '^\d{1,9}(\.\d{1,2})?$' and coalesce(value ->> 'rounding', 'half_up') in ('half_up', 'up', 'down') and value - array['rate', 'minimum', 'cap', 'rounding'] = '{}'
        when name = 'refund_window_days' then channel in ('alipay', 'wechat') and jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^\d{1,4}$'
        when name in ('refund_quiet_hours', 'release_wait_minutes', 'credit_pending_days') then jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^\d{1,4}$'
        when name = 'refund_spacing_seconds' then channel in ('alipay', 'wechat') and jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^\d{1,5}$'
        when name = 'refunds_of_one_order' then channel in ('alipay', 'wechat') and jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[1-9]\d{0,3}$'
        when name = 'payout_columns' then channel in ('alipay', 'wechat') and jsonb_typeof(value) = 'array' and jsonb_array_length(value) between 3 and 20
             and not exists (select 1 from jsonb_array_elements(value) c where jsonb_typeof(c) <> 'array' or jsonb_array_length(c) <> 2 or c ->> 1 not in ('order_no', 'provider_no', 'refund_no', 'order_amount', 'amount', 'reason'))
             and value @? 'strict $[*] ? (@[1] == "refund_no")' and value @? 'strict $[*] ? (@[1] == "amount")'
        when name = 'payout_encoding' then channel in ('alipay', 'wechat') and value in ('"GBK"', '"GB18030"', '"UTF8"')
        when name = 'payout_heading' then channel in ('alipay', 'wechat') and value in ('"none"', '"columns"', '"batch"')
        when name = 'step_up_minutes' then jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^([1-9]|[1-5]\d|60)$'
        when name in ('platform_answer_minutes', 'judicial_warning_days') then jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[1-9]\d{0,3}$'
        when name in ('reminder_days', 'letter_reminder_days') then jsonb_typeof(value) = 'array' and jsonb_array_length(value) between 1 and 10 and not value @? '$[*] ? (@.type() != "number" || @ < 0 || @ > 90)'
        when name = 'working_hours' then (value ->> 'from') ~ '^([01]\d|2[0-3]):[0-5]\d$' and (value ->> 'until') ~ '^([01]\d|2[0-3]):[0-5]\d$' and value ->> 'from' < value ->> 'until'
        when name = 'letters_from' then jsonb_typeof(value) = 'string' and (value #>> '{}') ~ '^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$'
        when name = 'bulk_approval_own' then jsonb_typeof(value) = 'object' and not exists (select from jsonb_each(value) l (login, most)
             where jsonb_typeof(l.most) <> 'string' or (l.most #>> '{}') !~ '^\d{1,12}(\.\d{1,2})?$' or not exists (select from book.people p where p.login = l.login))
        when name = 'payout_reasons' then channel in ('alipay', 'wechat') and jsonb_typeof(value) = 'object' and api.tidy(value ->> 'refund') is not null and api.tidy(value ->> 'repayment') is not null
             and length(value ->> 'refund') <= 80 and length(value ->> 'repayment') <= 80 and value - array['refund', 'repayment'] = '{}'
        when name in ('evidence_days', 'shortfall_days', 'delegation_days') then jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[1-9]\d{0,2}$'
        when name = 'foreign_tax_rates' then jsonb_typeof(value) = 'object' and not exists (select 1 from jsonb_each(value) s where s.key not in ('gst_sg', 'none') or jsonb_typeof(s.value) <> 'array' or s.value @? 'strict $[*] ? (!(@ like_regex "^0([.][0-9]{1,4})?$"))')
        when name = 'currencies' then jsonb_typeof(value) = 'object' and value ? 'CNY' and not exists (select 1 from jsonb_each(value) c where c.key !~ '^[A-Z]{3}$' or jsonb_typeof(c.value) <> 'string'
             or length(c.value #>> '{}') not between 1 and 4 or c.value #>> '{}' <> btrim(c.value #>> '{}') or api.missing_glyph(c.value #>> '{}') is not null)
        when name = 'tax_currencies' then jsonb_typeof(value) = 'object' and not exists (select 1 from jsonb_each(value) c where c.key not in ('gst_sg') or jsonb_typeof(c.value) <> 'string' or (c.value #>> '{}') !~ '^[A-Z]{3}$')
        when name = 'red_confirmation_hours' then jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[1-9]\d{0,2}$'
        when name = 'tax_items' then jsonb_typeof(value) = 'object' and value ? '*' and not exists (select 1 from jsonb_each(value) i where jsonb_typeof(i.value) <> 'array' or i.value ->> 1 !~ '^\d{19}$' or coalesce(i.value ->> 0, '') = '')
        when name = 'tax_list_columns' then jsonb_typeof(value) = 'object' and value ?& array['number', 'official_number', 'issued_on', 'total_incl'] and not exists (select 1 from jsonb_each(value) i where jsonb_typeof(i.value) <> 'array')
        when name = 'tax_sheet_columns' then jsonb_typeof(value) = 'array' and value @? 'strict $[*].columns[*] ? (@[1] == "number")'
             and not exists (select 1 from jsonb_array_elements(value) s where coalesce(s ->> 'rows', '') not in ('papers', 'lines') or coalesce(s ->> 'sheet', '') = '' or jsonb_typeof(s -> 'columns') <> 'array')
             and not exists (select 1 from jsonb_path_query(value, '$[*].columns[*]') c where jsonb_typeof(c) <> 'array' or jsonb_array_length(c) <> 2 or not (c ->> 1 like '=%' or c ->> 1 in ('number', 'natural_person',
                 'buyer_name', 'buyer_code', 'buyer_address', 'buyer_phone', 'buyer_bank', 'buyer_account', 'remark', 'customer_ref', 'item', 'tax_code', 'description', 'amount_incl', 'amount_excl', 'tax', 'rate', 'total_incl')))
        else false end, false) then perform api.broken('policy_value_malformed', jsonb_build_object('policy', name)); end if;
end $$;
comment on function api.check_policy(text, text, jsonb) is 'A policy has a known name and a value of its form; nothing else may be proposed.';

create function api.propose_policy(command_id uuid, name text, value jsonb, valid_from timestamptz, reason text, channel text default null) returns api.policies
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); at timestamptz; new_id integer; answer api.policies;
    body jsonb := jsonb_build_object('name', name, 'channel', channel, 'value', value, 'valid_from', valid_from, 'reason', reason);
begin
    if not api.repeated(command_id, 'policies.propose', body) then
        at := api.clock();
        perform api.check_policy(name, channel, value);
        if btrim(coalesce(reason, '')) = '' then perform api.broken('policy_without_reason'); end if;
        insert into book.policies (name, channel, value, valid_from, reason, proposed_by, proposed_at) values (name, channel, value, valid_from, reason, actor, at) returning id into new_id;
        perform api.record_event(command_id, 'policies.propose', actor, at, 'policy', new_id::text, null, body, body);
    else
        select e.subject_id::integer into new_id from book.audit_events e where e.command_id = propose_policy.command_id;
    end if;
    select p.* into answer from api.policies p where p.id = new_id;
    return answer;
end $$;
comment on function api.propose_policy(uuid, text, jsonb, timestamptz, text, text) is 'policies.propose: An administrator proposes a figure or switch from an instant on.';
grant execute on function api.propose_policy(uuid, text, jsonb, timestamptz, text, text) to kontor_people;

create function api.confirm_policy(command_id uuid, policy_id integer) returns api.policies language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.policies; answer api.policies; body jsonb := jsonb_build_object('policy_id', policy_id);
begin
    select p.* into asked from book.policies p where p.id = policy_id for update;
    if not found then perform api.broken('policy_unknown'); end if;
    if not api.repeated(command_id, 'policies.confirm', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('policy_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('policy_already_declined'); end if;
        if asked.proposed_by = actor then perform api.broken('policy_confirmed_by_proposer'); end if;
        -- A production policy never reaches back before its confirmation: what was decided stays decided.
        update book.policies p set confirmed_by = actor, confirmed_at = at,
            valid_from = case when (select d.rehearsal from book.database d) then p.valid_from else greatest(p.valid_from, at) end where p.id = policy_id;
        perform api.record_event(command_id, 'policies.confirm', actor, at, 'policy', policy_id::text, null, body);
    end if;
    select p.* into answer from api.policies p where p.id = policy_id;
    return answer;
end $$;
comment on function api.confirm_policy(uuid, integer) is 'policies.confirm: An approver, not the proposer, puts a policy in force.';
grant execute on function api.confirm_policy(uuid, integer) to kontor_people;

create function api.decline_policy(command_id uuid, policy_id integer, reason text) returns api.policies language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'administrator'); at timestamptz; asked book.policies; answer api.policies; body jsonb := jsonb_build_object('policy_id', policy_id, 'reason', reason);
begin
    select p.* into asked from book.policies p where p.id = policy_id for update;
    if not found then perform api.broken('policy_unknown'); end if;
    if not api.repeated(command_id, 'policies.decline', body) then
        at := api.clock();
        if asked.confirmed_at is not null then perform api.broken('policy_already_confirmed'); end if;
        if asked.declined_at is not null then perform api.broken('policy_already_declined'); end if;
        if asked.proposed_by <> actor and not api.has_duty('approver') then perform api.broken('proposal_of_another'); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.policies p set declined_by = actor, declined_at = at, declined_why = api.tidy(decline_policy.reason) where p.id = policy_id;
        perform api.record_event(command_id, 'policies.decline', actor, at, 'policy', policy_id::text, null, body, jsonb_build_object('reason', api.tidy(reason)));
    end if;
    select p.* into answer from api.policies p where p.id = policy_id;
    return answer;
end $$;
comment on function api.decline_policy(uuid, integer, text) is 'policies.decline: An approver declines a policy, or its administrator takes the proposal back; both say why.';
grant execute on function api.decline_policy(uuid, integer, text) to kontor_people;

-- ── People ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- A login is made by the database's owner with `kontor people`; what it may do is proposed and confirmed here.

create view api.people as
select p.id, p.login, p.title, p.active_until,
       (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'duty', d.duty, 'from_at', d.from_at, 'until_at', d.until_at, 'confirmed', d.confirmed_by is not null or d.proposed_by is null, 'delegated_by', api.login_of(d.delegated_by), 'reason', d.reason) order by d.duty, d.id), '[]')
        from book.duties d where d.person_id = p.id) as duties
from book.people p;
comment on column api.people.active_until is '? in force without end';
comment on column api.people.duties is '{{Array<{ id: number; duty: string; from_at: Instant; until_at: Instant | null; confirmed: boolean; delegated_by: string | null; reason: string | null }>}} what they may do, and in whose stead';

create function api.list_people() returns setof api.people language sql stable security definer set search_path = '' as $$
    select p.* from api.people p where api.reader() is not null order by p.login limit 500
$$;
comment on function api.list_people() is 'people.list: Everyone, with their duties.';
grant execute on function api.list_people() to kontor_people;

create function api.propose_duty(command_id uuid, person_id integer, duty text, from_at timestamptz, until_at timestamptz default null) returns api.people
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('administrator'); at timestamptz; answer api.people; new_id integer;
    body jsonb := jsonb_build_object('person_id', person_id, 'duty', duty, 'from_at', from_at, 'until_at', until_at);
begin
    if not api.repeated(command_id, 'people.propose_duty', body) then
        at := api.clock();
        -- Not in force until confirmed: it begins at infinity.
        insert into book.duties (person_id, duty, from_at, until_at, proposed_by) values (person_id, duty, 'infinity', null, actor) returning id into new_id;
        perform api.record_event(command_id, 'people.propose_duty', actor, at, 'duty', new_id::text, null, body, body);
    end if;
    select p.* into answer from api.people p where p.id = person_id;
    return answer;
end $$;
comment on function api.propose_duty(uuid, integer, text, timestamptz, timestamptz) is 'people.propose_duty: An administrator proposes a duty for a person; it is in force when a supervisor confirms.';
grant execute on function api.propose_duty(uuid, integer, text, timestamptz, timestamptz) to kontor_people;

create function api.confirm_duty(command_id uuid, duty_id integer) returns api.people language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; asked book.duties; told jsonb; answer api.people; body jsonb := jsonb_build_object('duty_id', duty_id);
begin
    select d.* into asked from book.duties d where d.id = duty_id for update;
    if not found then perform api.broken('duty_proposal_unknown'); end if;
    if not api.repeated(command_id, 'people.confirm_duty', body) then
        at := api.clock();
        if asked.confirmed_by is not null then perform api.broken('duty_already_confirmed'); end if;
        if asked.until_at is not null then perform api.broken('duty_already_ended'); end if;
        if asked.proposed_by = actor then perform api.broken('duty_confirmed_by_proposer'); end if;
        if asked.person_id = actor then perform api.broken('duty_confirmed_by_its_holder'); end if;
        select e.detail into told from book.audit_events e where e.command in ('people.propose_duty', 'people.delegate') and e.subject_kind = 'duty' and e.subject_id = duty_id::text;
        if asked.delegated_by is not null then perform api.check_lendable(asked.delegated_by, asked.duty, (told ->> 'until_at')::timestamptz, at); end if;
        update book.duties d set confirmed_by = actor, from_at = greatest(at, (told ->> 'from_at')::timestamptz), until_at = (told ->> 'until_at')::timestamptz where d.id = duty_id;
        perform api.record_event(command_id, 'people.confirm_duty', actor, at, 'duty', duty_id::text, null, body);
    end if;
    select p.* into answer from api.people p where p.id = asked.person_id;
    return answer;
end $$;
comment on function api.confirm_duty(uuid, integer) is 'people.confirm_duty: A supervisor, neither the proposer nor the holder, puts a duty in force (rules 6.1).';
grant execute on function api.confirm_duty(uuid, integer) to kontor_people;

create function api.end_duty(command_id uuid, duty_id integer) returns api.people language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor', 'administrator'); at timestamptz; asked book.duties; answer api.people; body jsonb := jsonb_build_object('duty_id', duty_id);
begin
    select d.* into asked from book.duties d where d.id = duty_id for update;
    -- A lent duty is given back by either of the two; any other is taken away by those who look after people.
    if not api.has_duty('administrator', 'supervisor') and not coalesce(asked.delegated_by is not null and actor in (asked.person_id, asked.delegated_by), false) then perform api.not_allowed('{"duties": ["administrator", "supervisor"]}'); end if;
    if asked.id is null then perform api.broken('duty_proposal_unknown'); end if;
    if not api.repeated(command_id, 'people.end_duty', body) then
        at := api.clock();
        if asked.until_at is not null and asked.until_at <= at then perform api.broken('duty_already_ended'); end if;
        update book.duties d set from_at = least(d.from_at, at), until_at = greatest(at, least(d.from_at, at) + interval '1 microsecond') where d.id = duty_id;
        -- Nobody stands in for a duty that its holder has not any more.
        if asked.delegated_by is null then
            update book.duties d set from_at = least(d.from_at, at), until_at = greatest(at, least(d.from_at, at) + interval '1 microsecond')
            where d.delegated_by = asked.person_id and d.duty = asked.duty and (d.until_at is null or d.until_at > at);
        end if;
        perform api.record_event(command_id, 'people.end_duty', actor, at, 'duty', duty_id::text, null, body);
    end if;
    select p.* into answer from api.people p where p.id = asked.person_id;
    return answer;
end $$;
comment on function api.end_duty(uuid, integer) is 'people.end_duty: Taking a duty away needs one person; giving one needs two. A lent duty is given back by either of the two, and ends with the lender''s own.';
grant execute on function api.end_duty(uuid, integer) to kontor_people;
