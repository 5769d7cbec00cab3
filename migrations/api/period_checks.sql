-- period_checks: what is looked at before a month closes. The database looks at most lines itself and links to what
-- is open; the others are ticked by a person. A line may be waived by a supervisor, with a reason.

create type api.looked_at as (open_count bigint, amount numeric, detail jsonb);
comment on type api.looked_at is 'What the database saw of one line: how much is open, how much money that is, and which.';

create function api.look_at_statements(of_month date) returns api.looked_at language sql stable security definer set search_path = '' as $$
    with days as (
        select g.d::date as on_day, c.channel, pg_catalog.timezone('Asia/Shanghai', g.d) as starts, pg_catalog.timezone('Asia/Shanghai', g.d + interval '1 day') as ends
        from generate_series(date_trunc('month', of_month::timestamp), date_trunc('month', of_month::timestamp) + interval '1 month - 1 day', interval '1 day') g (d)
        cross join (values ('alipay'), ('wechat')) c (channel)
    ), missing as (
        select d.on_day, d.channel, exists (select 1 from book.recharges r where r.channel = d.channel and r.confirmed_at is null and r.parent_id is null and r.reversed_by is null
                                            and r.paid_at >= d.starts and r.paid_at < d.ends) as has_orders
        from days d
        where not exists (select 1 from book.imports i where i.kind = 'statement_' || d.channel and i.status = 'posted'
                          and (i.totals ->> 'from')::timestamptz <= d.starts and (i.totals ->> 'to')::timestamptz >= d.ends))
    select count(*) filter (where m.has_orders), null::numeric,
           jsonb_build_object('days', coalesce(jsonb_agg(jsonb_build_object('on', m.on_day, 'channel', m.channel) order by m.on_day, m.channel) filter (where m.has_orders), '[]'),
               'quiet', count(*) filter (where not m.has_orders))
    from missing m
$$;
comment on function api.look_at_statements(date) is 'Days of a channel without a statement, where orders wait for their payment. A day without orders and without a statement is quiet: the provider gives none for it.';

create function api.look_at_exceptions(of_month date, only_suspense boolean) returns api.looked_at language sql stable security definer set search_path = '' as $$
    select count(*), coalesce(sum(coalesce(x.amount, x.amount_expected)), 0), jsonb_build_object('oldest', min(coalesce(x.happened_at, x.opened_at)))
    from book.exceptions x
    where x.resolved_at is null
      and case when only_suspense then x.kind = 'payment_without_order' and coalesce(x.happened_at, x.opened_at) < least(api.month_end(of_month), api.clock()) - interval '30 days'
               else coalesce(x.happened_at, x.opened_at) < api.month_end(of_month) end
$$;
comment on function api.look_at_exceptions(date, boolean) is 'Exceptions up to the month''s end that nobody has settled; or payments that have waited in suspense for more than 30 days by then.';

create function api.look_at_tie_out() returns api.looked_at language sql stable security definer set search_path = '' as $$
    select count(*), null::numeric, jsonb_build_object('checks', coalesce(jsonb_agg(e.value ->> 'check'), '[]'))
    from jsonb_array_elements(api.tie_out()) e where e.value ->> 'state' = 'broken'
$$;
comment on function api.look_at_tie_out() is 'Equations of the tie-out that do not hold.';

create function api.look_at_proposals(of_month date) returns api.looked_at language sql stable security definer set search_path = '' as $$
    with waiting as (
        -- Policies, people and holidays are no matter of a month; its own closing is what waits for this line.
        select p.kind, p.amount from api.proposed p
        where p.status = 'proposed' and p.proposed_at < api.month_end(of_month) and p.kind in ('adjustment', 'reversal', 'credit_back', 'gift_reinstatement', 'red_letter', 'settlement', 'match')
        union all
        -- What a month is taxed at is decided before the month is closed, whenever it was asked.
        select p.kind, p.amount from api.proposed p join book.vat_rates v on v.id::text = p.id and v.from_month <= of_month where p.kind = 'vat_rate' and p.status = 'proposed'
    ), counted as (select w.kind, count(*) as n, sum(w.amount) as amount from waiting w group by 1)
    select coalesce(sum(c.n), 0)::bigint, coalesce(sum(c.amount), 0), jsonb_build_object('kinds', coalesce(jsonb_object_agg(c.kind, c.n), '{}')) from counted c
$$;
comment on function api.look_at_proposals(date) is 'What one person proposed up to the month''s end and nobody has decided.';

create function api.look_at_vat(of_month date) returns api.looked_at language sql stable security definer set search_path = '' as $$
    select count(*) filter (where l.due <> 0), coalesce(sum(l.due), 0), jsonb_build_object('products', coalesce(jsonb_agg(l.product) filter (where l.due <> 0), '[]')) from api.vat_lines(of_month) l
$$;
comment on function api.look_at_vat(date) is 'Products whose output VAT is not split off, or no longer as it should be.';

create function api.look_at_figure(item text, of_month date) returns api.looked_at language sql stable security definer set search_path = '' as $$
    select 0::bigint, (select sum(f.sign * api.house_sum(a.id, f.unit, api.month_end(of_month), true)) from
            (values ('receivables_reviewed', 1, 'receivable', 'CNY'), ('prepaid_reviewed', -1, 'prepaid', 'CNY'), ('credit_liability', -1, 'wallet', 'CNY.GIFT')) f (item, sign, account, unit)
            cross join lateral unnest(api.accounts_named(f.account)) a (id) where f.item = look_at_figure.item), '{}'::jsonb
$$;
comment on function api.look_at_figure(text, date) is 'The figure that a person reviews, as it stood when the month ended, by the effective instant.';

create function api.look_at_item(item text, of_month date) returns api.looked_at language plpgsql stable security definer set search_path = '' as $$
begin
    case item
        when 'statements_complete' then return api.look_at_statements(of_month);
        when 'exceptions_settled' then return api.look_at_exceptions(of_month, false);
        when 'suspense_aged' then return api.look_at_exceptions(of_month, true);
        when 'tie_out' then return api.look_at_tie_out();
        when 'proposals_decided' then return api.look_at_proposals(of_month);
        when 'vat_split' then return api.look_at_vat(of_month);
        else return api.look_at_figure(item, of_month);
    end case;
end $$;
comment on function api.look_at_item(text, date) is 'Looks at one line of the checklist.';

create type api.period_item as (code text, place integer, title_en text, title_zh text, looked_at_by text, duty text, required boolean, state text,
    open_count bigint, amount numeric, detail jsonb, owner text, ticked_at timestamptz, ticked_by text, note text, waived_at timestamptz, waived_by text, waived_reason text, papers bigint);
comment on column api.period_item.looked_at_by is '{{"database" | "person"}} who looks';
comment on column api.period_item.state is '{{"done" | "open" | "waived"}} where it stands';
comment on column api.period_item.amount is '? the money that is open, or the figure to review';
comment on column api.period_item.detail is '{{{ days?: Array<{ on: IsoDate; channel: string }>; quiet?: number; oldest?: Instant | null; checks?: string[]; kinds?: Record<string, number>; products?: string[] }}} what is open';
comment on column api.period_item.owner is '? who looks after it';
comment on column api.period_item.ticked_at is '? when it was ticked';
comment on column api.period_item.ticked_by is '? by whom';
comment on column api.period_item.note is '? what they noted';
comment on column api.period_item.waived_at is '? when it was waived';
comment on column api.period_item.waived_by is '? by which supervisor';
comment on column api.period_item.waived_reason is '? why';
comment on column api.period_item.papers is 'attachments filed with this line';

create function api.list_period_items(of_month date) returns setof api.period_item language sql stable security definer set search_path = '' as $$
    select i.code, i.place, i.title_en, i.title_zh, i.looked_at_by, i.duty, i.required,
           case when i.looked_at_by = 'database' and l.open_count = 0 then 'done' when i.looked_at_by = 'person' and c.ticked_by is not null then 'done'
                when c.waived_by is not null then 'waived' else 'open' end,
           l.open_count, l.amount, l.detail, api.login_of(c.owner_id), c.ticked_at, api.login_of(c.ticked_by), c.note, c.waived_at, api.login_of(c.waived_by), c.waived_reason,
           (select count(*) from book.attachments a where a.subject_kind = 'period' and a.subject_id = to_char(of_month, 'YYYY-MM') || '/' || i.code and a.complete)
    from book.period_items i left join book.period_checks c on c.item = i.code and c.month = of_month cross join lateral api.look_at_item(i.code, of_month) l
    where i.from_month <= of_month and (i.ended_month is null or i.ended_month > of_month)
    order by i.place, i.code
$$;
comment on function api.list_period_items(date) is 'A month''s checklist: what the database sees now, and what people ticked or waived.';

create function api.take_item(of_month date, of_item text) returns book.period_items language plpgsql volatile security definer set search_path = '' as $$
declare item book.period_items; period book.periods := api.take_period(of_month);
begin
    select i.* into item from book.period_items i where i.code = of_item and i.from_month <= of_month and (i.ended_month is null or i.ended_month > of_month);
    if not found then perform api.broken('period_item_unknown'); end if;
    insert into book.period_checks (month, item) values (of_month, of_item) on conflict do nothing;
    return item;
end $$;
comment on function api.take_item(date, text) is 'Locks the month and finds one line of its checklist.';

create function api.period_item_row(of_month date, of_item text) returns api.period_item language sql stable security definer set search_path = '' as
$$ select i from api.list_period_items(of_month) i where i.code = of_item $$;
comment on function api.period_item_row(date, text) is 'One line of a month''s checklist.';

create function api.tick_period_item(command_id uuid, month date, item text, done boolean, note text default null) returns api.period_item
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'supervisor'); at timestamptz; line book.period_items; body jsonb := jsonb_build_object('month', month, 'item', item, 'done', done, 'note', note);
begin
    line := api.take_item(month, item);
    if not api.repeated(command_id, 'periods.tick', body) then
        at := api.clock();
        if line.looked_at_by = 'database' then perform api.broken('period_item_is_computed'); end if;
        if (api.period_row(month)).status not in ('open', 'soft_closed') then perform api.broken('period_checklist_is_final'); end if;
        update book.period_checks c set ticked_at = case when done then at end, ticked_by = case when done then actor end, note = api.tidy(tick_period_item.note)
        where c.month = tick_period_item.month and c.item = tick_period_item.item;
        perform api.record_event(command_id, 'periods.tick', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('item', item, 'done', done, 'note', note));
    end if;
    return api.period_item_row(month, item);
end $$;
comment on function api.tick_period_item(uuid, date, text, boolean, text) is 'periods.tick: A person says that a line of the checklist is done, with a note, or takes that back. Papers hang on the line.';
grant execute on function api.tick_period_item(uuid, date, text, boolean, text) to kontor_people;

create function api.waive_period_item(command_id uuid, month date, item text, reason text) returns api.period_item language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; body jsonb := jsonb_build_object('month', month, 'item', item, 'reason', reason);
begin
    perform api.take_item(month, item);
    if not api.repeated(command_id, 'periods.waive', body) then
        at := api.clock();
        if (api.period_row(month)).status not in ('open', 'soft_closed') then perform api.broken('period_checklist_is_final'); end if;
        if api.tidy(reason) is null then perform api.broken('period_waived_without_reason'); end if;
        update book.period_checks c set waived_at = at, waived_by = actor, waived_reason = reason where c.month = waive_period_item.month and c.item = waive_period_item.item;
        perform api.record_event(command_id, 'periods.waive', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('item', item, 'reason', reason));
    end if;
    return api.period_item_row(month, item);
end $$;
comment on function api.waive_period_item(uuid, date, text, text) is 'periods.waive: A supervisor lets a month close with this line open, with a reason.';
grant execute on function api.waive_period_item(uuid, date, text, text) to kontor_people;

create function api.own_period_item(command_id uuid, month date, item text, login text default null) returns api.period_item
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'supervisor'); person integer; body jsonb := jsonb_build_object('month', month, 'item', item, 'login', login);
begin
    perform api.take_item(month, item);
    if not api.repeated(command_id, 'periods.own', body) then
        if login is not null then
            select p.id into person from book.people p where p.login = own_period_item.login and (p.active_until is null or p.active_until > api.clock());
            if person is null then perform api.broken('period_owner_unknown'); end if;
        end if;
        update book.period_checks c set owner_id = person where c.month = own_period_item.month and c.item = own_period_item.item;
        perform api.record_event(command_id, 'periods.own', actor, api.clock(), 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('item', item, 'login', login));
    end if;
    return api.period_item_row(month, item);
end $$;
comment on function api.own_period_item(uuid, date, text, text) is 'periods.own: Says who looks after a line of the checklist.';
grant execute on function api.own_period_item(uuid, date, text, text) to kontor_people;

create function api.save_period_item(command_id uuid, code text, title_en text, title_zh text, required boolean, place integer, ended_month date default null) returns api.period_item
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; item book.period_items;
    body jsonb := jsonb_build_object('code', code, 'title_en', title_en, 'title_zh', title_zh, 'required', required, 'place', place, 'ended_month', ended_month);
begin
    if not api.repeated(command_id, 'periods.save_item', body) then
        at := api.clock();
        if api.tidy(title_en) is null or api.tidy(title_zh) is null then perform api.broken('period_item_without_title'); end if;
        select i.* into item from book.period_items i where i.code = save_period_item.code for update;
        if found then
            update book.period_items i set title_en = save_period_item.title_en, title_zh = save_period_item.title_zh, required = save_period_item.required,
                place = save_period_item.place, ended_month = save_period_item.ended_month where i.code = save_period_item.code;
        else
            insert into book.period_items (code, place, title_en, title_zh, looked_at_by, duty, required, from_month)
            values (code, place, title_en, title_zh, 'person', 'accountant', required, api.next_to_close());
        end if;
        perform api.record_event(command_id, 'periods.save_item', actor, at, 'period_item', code, null, body, jsonb_build_object('before', to_jsonb(item), 'after', body));
    end if;
    return api.period_item_row(greatest(api.next_to_close(), api.first_month()), code);
end $$;
comment on function api.save_period_item(uuid, text, text, text, boolean, integer, date) is 'periods.save_item: A supervisor adds a line to the checklists from the next month to close on, renames one, or ends it. Null when it has ended.';
grant execute on function api.save_period_item(uuid, text, text, text, boolean, integer, date) to kontor_people;
