-- periods: which months are open, who may still post into them, and how one is closed and opened again (rules 1.4, 6.1).
-- A month is Asia/Shanghai's, by the effective instant. It is soft-closed first, looked at by its checklist
-- (period_checks.sql), closed by one person, confirmed by another; months close in order and reopen newest first.

create function api.month_start(month date) returns timestamptz language sql immutable security definer set search_path = '' as
$$ select pg_catalog.timezone('Asia/Shanghai', date_trunc('month', month::timestamp)) $$;
comment on function api.month_start(date) is 'The first instant of a month in Shanghai.';

create function api.month_end(month date) returns timestamptz language sql immutable security definer set search_path = '' as
$$ select pg_catalog.timezone('Asia/Shanghai', date_trunc('month', month::timestamp) + interval '1 month') $$;
comment on function api.month_end(date) is 'The first instant after a month in Shanghai.';

create function api.month_of(at timestamptz) returns date language sql immutable security definer set search_path = '' as
$$ select date_trunc('month', pg_catalog.timezone('Asia/Shanghai', at))::date $$;
comment on function api.month_of(timestamptz) is 'The Shanghai month of an instant, as its first day.';

create function api.first_month() returns date language plpgsql stable security definer set search_path = '' as $$
declare first_hour timestamptz;
begin
    -- The first entry of the index of hours; months begin on the hour.
    select date_bin('1 hour', j.effective_at, '2000-01-01 00:00+00') into first_hour from book.journals j order by date_bin('1 hour', j.effective_at, '2000-01-01 00:00+00') limit 1;
    return least(coalesce((select min(p.month) from book.periods p), api.month_of(api.clock())), case when first_hour is not null then greatest(api.month_of(first_hour), date '2015-01-01') end);
end $$;
comment on function api.first_month() is 'The first month that these books know.';

create function api.next_to_close() returns date language sql stable security definer set search_path = '' as $$
    select case when c.closed_before > '-infinity' then api.month_of(c.closed_before) else api.first_month() end from book.closing c
$$;
comment on function api.next_to_close() is 'The month that closes next: months close in order.';

create function api.take_period(of_month date) returns book.periods language plpgsql volatile security definer set search_path = '' as $$
declare period book.periods;
begin
    if extract(day from of_month) <> 1 then perform api.broken('period_not_a_month'); end if;
    -- One order for everybody: the two instants first, then the month.
    perform 1 from book.closing for update;
    if of_month > api.month_of(api.clock()) or of_month < api.first_month() then perform api.broken('period_unknown'); end if;
    insert into book.periods (month, status) values (of_month, case when api.month_start(of_month) < (select c.closed_before from book.closing c) then 'closed' else 'open' end) on conflict do nothing;
    select p.* into period from book.periods p where p.month = of_month for update;
    return period;
end $$;
comment on function api.take_period(date) is 'Locks a month, and makes its row when it has none yet.';

-- ── The trial balance of a month ───────────────────────────────────────────────────────────────────────────────

create function api.write_figures(of_month date, closing_no integer, whole boolean, from_tx xid8, until_tx xid8) returns void
language plpgsql volatile security definer set search_path = '' set jit = off set plan_cache_mode = force_custom_plan as $$
declare starts timestamptz := api.month_start(of_month); ends timestamptz := api.month_end(of_month); since timestamptz := case when whole then '-infinity' else starts end;
begin
    insert into book.period_figures as f (month, closing_no, account_id, commodity, opening, debit, credit)
    select of_month, write_figures.closing_no, p.account_id, p.commodity,
           coalesce(sum(p.amount) filter (where j.effective_at < starts), 0),
           coalesce(sum(p.amount) filter (where p.amount > 0 and j.effective_at >= starts), 0),
           coalesce(-sum(p.amount) filter (where p.amount < 0 and j.effective_at >= starts), 0)
    from book.journals j join book.postings p on p.journal_id = j.id
    where j.effective_at < ends and j.effective_at >= since
      and date_bin('1 hour', j.effective_at, '2000-01-01 00:00+00') < ends and date_bin('1 hour', j.effective_at, '2000-01-01 00:00+00') >= since
      and j.recorded_tx >= from_tx and (until_tx is null or j.recorded_tx < until_tx)
    group by 3, 4
    on conflict on constraint period_figures_pkey do update
        set opening = f.opening + excluded.opening, debit = f.debit + excluded.debit, credit = f.credit + excluded.credit;
end $$;
comment on function api.write_figures(date, integer, boolean, xid8, xid8) is 'Adds what these transactions posted to a month''s figures: opening where the whole past is summed, debit and credit of the month.';

create function api.close_figures(period book.periods) returns void language plpgsql volatile security definer set search_path = '' as $$
declare before book.periods; upto xid8 := pg_snapshot_xmin(pg_current_snapshot());
begin
    select p.* into before from book.periods p where p.month = (period.month - interval '1 month')::date and p.status = 'closed' and p.closing_no > 0;
    if before.month is not null then
        insert into book.period_figures (month, closing_no, account_id, commodity, opening, debit, credit)
        select period.month, period.closing_no + 1, f.account_id, f.commodity, f.opening + f.debit - f.credit, 0, 0
        from book.period_figures f where f.month = before.month and f.closing_no = before.closing_no;
    end if;
    -- Everything below the oldest open transaction is summed while others still post; only the short tail is summed under the lock.
    perform api.write_figures(period.month, period.closing_no + 1, before.month is null, '0'::xid8, upto);
    perform book.hold_postings();
    perform api.write_figures(period.month, period.closing_no + 1, before.month is null, upto, null);
end $$;
comment on function api.close_figures(book.periods) is 'Takes the month''s trial balance and, at its end, the lock that no posting passes: what is in the month before the lock is in the figures, and what comes after is refused.';

create type api.period_figure as (account text, title_en text, title_zh text, commodity text, opening numeric, debit numeric, credit numeric, closing numeric);
comment on type api.period_figure is 'One line of the trial balance that a month closed with, debit positive.';

create function api.list_period_figures(month date) returns setof api.period_figure language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return query
    select a.code, a.title_en, a.title_zh, f.commodity, f.opening, f.debit, f.credit, f.opening + f.debit - f.credit
    from book.periods p join book.period_figures f on f.month = p.month and f.closing_no = p.closing_no join book.accounts a on a.id = f.account_id
    where p.month = list_period_figures.month order by f.commodity, a.id;
end $$;
comment on function api.list_period_figures(date) is 'periods.figures: The trial balance that a month closed with; empty until it is closed. A reopened month keeps its last figures until it closes again.';
grant execute on function api.list_period_figures(date) to kontor_people;

-- ── The months ─────────────────────────────────────────────────────────────────────────────────────────────────

create view api.periods as
select p.month, p.status, p.closing_no, p.soft_closed_at, api.login_of(p.soft_closed_by) as soft_closed_by, p.close_proposed_at, api.login_of(p.close_proposed_by) as close_proposed_by,
       p.closed_at, api.login_of(p.closed_by) as closed_by, p.reopen_proposed_at, api.login_of(p.reopen_proposed_by) as reopen_proposed_by, p.reopen_reason,
       p.reopened_at, api.login_of(p.reopened_by) as reopened_by
from book.periods p;
comment on column api.periods.status is '{{"open" | "soft_closed" | "close_proposed" | "closed" | "reopen_proposed"}} where the month stands';
comment on column api.periods.closing_no is 'how often it was closed';
comment on column api.periods.soft_closed_at is '? when it was soft-closed';
comment on column api.periods.soft_closed_by is '? by whom';
comment on column api.periods.close_proposed_at is '? when closing was proposed';
comment on column api.periods.close_proposed_by is '? by whom';
comment on column api.periods.closed_at is '? when it was closed';
comment on column api.periods.closed_by is '? who confirmed';
comment on column api.periods.reopen_proposed_at is '? when reopening was proposed';
comment on column api.periods.reopen_proposed_by is '? by whom';
comment on column api.periods.reopen_reason is '? why';
comment on column api.periods.reopened_at is '? when it was last reopened';
comment on column api.periods.reopened_by is '? who confirmed';

create function api.period_row(of_month date) returns api.periods language sql stable security definer set search_path = '' as $$
    select coalesce((select p from api.periods p where p.month = of_month), (
        select row(of_month, case when api.month_start(of_month) < c.closed_before then 'closed' else 'open' end, 0, null, null, null, null, null, null, null, null, null, null, null)::api.periods from book.closing c))
$$;
comment on function api.period_row(date) is 'A month as people see it, also before it has a row: everything before the first closed month is closed with it.';

create function api.period_barrier(period api.periods, action text, actor integer) returns text language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock(); closing book.closing; waits boolean := false;
begin
    select c.* into closing from book.closing c;
    if action in ('close', 'confirm_close') then
        waits := exists (select 1 from api.list_period_items(period.month) i where i.required and i.state = 'open');
    end if;
    return case action
        when 'soft_close' then case
            when period.status <> 'open' then 'period_not_open' when api.month_end(period.month) > at then 'period_not_over'
            when period.month <> api.next_to_close() then 'period_out_of_order' end
        when 'undo_soft_close' then case when period.status <> 'soft_closed' then 'period_not_soft_closed' when closing.soft_closed_before > api.month_end(period.month) then 'period_later_closed' end
        when 'close' then case when period.status <> 'soft_closed' then 'period_not_soft_closed' when waits then 'period_checklist_open' end
        when 'withdraw_close' then case when period.status <> 'close_proposed' then 'period_close_not_proposed' end
        when 'confirm_close' then case
            when period.status <> 'close_proposed' then 'period_close_not_proposed'
            when period.close_proposed_by = api.login_of(actor) then 'period_closed_by_proposer' when waits then 'period_checklist_open' end
        when 'reopen' then case when period.status <> 'closed' or period.closing_no = 0 then 'period_not_closed' when closing.closed_before <> api.month_end(period.month) then 'period_later_closed' end
        when 'withdraw_reopen' then case when period.status <> 'reopen_proposed' then 'period_reopen_not_proposed' end
        when 'confirm_reopen' then case
            when period.status <> 'reopen_proposed' then 'period_reopen_not_proposed'
            when period.reopen_proposed_by = api.login_of(actor) then 'period_reopened_by_proposer'
            when closing.closed_before <> api.month_end(period.month) then 'period_later_closed' end
        end;
end $$;
comment on function api.period_barrier(api.periods, text, integer) is 'The rule that stands against a step of a month''s closing now, or null: what the buttons show and the actions refuse.';

create function api.check_period_step(of_month date, action text, actor integer) returns void language plpgsql stable security definer set search_path = '' as $$
declare rule text := api.period_barrier(api.period_row(of_month), action, actor);
begin
    if rule is not null then
        perform api.broken(rule, jsonb_build_object('month', to_char(of_month, 'YYYY-MM'), 'next', to_char(api.next_to_close(), 'YYYY-MM'),
            'items', case when rule = 'period_checklist_open' then (select jsonb_agg(i.code order by i.place) from api.list_period_items(of_month) i where i.required and i.state = 'open') end));
    end if;
end $$;
comment on function api.check_period_step(date, text, integer) is 'Refuses a step of a month''s closing by name.';

create function api.move_closing(closed timestamptz default null, soft timestamptz default null) returns void language sql volatile security definer set search_path = '' as $$
    update book.closing c set closed_before = coalesce(closed, c.closed_before), soft_closed_before = coalesce(soft, c.soft_closed_before)
$$;
comment on function api.move_closing(timestamptz, timestamptz) is 'Moves the instants that every posting is held against.';

-- ── Steps ──────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.soft_close_period(command_id uuid, month date) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; body jsonb := jsonb_build_object('month', month);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.soft_close', body) then
        at := api.clock();
        perform api.check_period_step(month, 'soft_close', actor);
        perform book.hold_postings();
        perform api.move_closing(soft => api.month_end(month));
        update book.periods p set status = 'soft_closed', soft_closed_at = at, soft_closed_by = actor where p.month = soft_close_period.month;
        perform api.record_event(command_id, 'periods.soft_close', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body);
    end if;
    return api.period_row(month);
end $$;
comment on function api.soft_close_period(uuid, date) is 'periods.soft_close: An accountant begins to close the next month: from now on only accountants post into it, and the platform''s late papers go to the next open date.';
grant execute on function api.soft_close_period(uuid, date) to kontor_people;

create function api.undo_soft_close(command_id uuid, month date) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'supervisor'); body jsonb := jsonb_build_object('month', month);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.undo_soft_close', body) then
        perform api.check_period_step(month, 'undo_soft_close', actor);
        perform api.move_closing(soft => api.month_start(month));
        update book.periods p set status = 'open', soft_closed_at = null, soft_closed_by = null where p.month = undo_soft_close.month;
        perform api.record_event(command_id, 'periods.undo_soft_close', actor, api.clock(), 'period', to_char(month, 'YYYY-MM'), null, body);
    end if;
    return api.period_row(month);
end $$;
comment on function api.undo_soft_close(uuid, date) is 'periods.undo_soft_close: Lets everybody post into a month again that was not closed yet.';
grant execute on function api.undo_soft_close(uuid, date) to kontor_people;

create function api.close_period(command_id uuid, month date) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; body jsonb := jsonb_build_object('month', month);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.close', body) then
        at := api.clock();
        perform api.check_period_step(month, 'close', actor);
        update book.periods p set status = 'close_proposed', close_proposed_at = at, close_proposed_by = actor where p.month = close_period.month;
        perform api.record_event(command_id, 'periods.close', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body,
            jsonb_build_object('items', (select jsonb_object_agg(i.code, i.state) from api.list_period_items(month) i)));
    end if;
    return api.period_row(month);
end $$;
comment on function api.close_period(uuid, date) is 'periods.close: An accountant closes a month whose checklist is done; it is closed when a supervisor confirms.';
grant execute on function api.close_period(uuid, date) to kontor_people;

create function api.withdraw_close(command_id uuid, month date, reason text) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'supervisor'); body jsonb := jsonb_build_object('month', month, 'reason', reason);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.withdraw_close', body) then
        perform api.check_period_step(month, 'withdraw_close', actor);
        if api.tidy(reason) is null then perform api.broken('period_returned_without_reason'); end if;
        update book.periods p set status = 'soft_closed', close_proposed_at = null, close_proposed_by = null where p.month = withdraw_close.month;
        perform api.record_event(command_id, 'periods.withdraw_close', actor, api.clock(), 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('reason', reason));
    end if;
    return api.period_row(month);
end $$;
comment on function api.withdraw_close(uuid, date, text) is 'periods.withdraw_close: The proposer takes the closing back, or the supervisor returns it, with a reason.';
grant execute on function api.withdraw_close(uuid, date, text) to kontor_people;

create function api.confirm_close(command_id uuid, month date) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; period book.periods; body jsonb := jsonb_build_object('month', month);
begin
    period := api.take_period(month);
    if not api.repeated(command_id, 'periods.confirm_close', body) then
        at := api.clock();
        perform api.check_period_step(month, 'confirm_close', actor);
        perform api.close_figures(period);
        -- Looked at again behind the lock: what was posted while the figures were summed may have opened a line.
        perform api.check_period_step(month, 'confirm_close', actor);
        perform api.move_closing(closed => api.month_end(month), soft => greatest(api.month_end(month), (select c.soft_closed_before from book.closing c)));
        update book.periods p set status = 'closed', closing_no = p.closing_no + 1, closed_at = at, closed_by = actor where p.month = confirm_close.month;
        perform api.record_event(command_id, 'periods.confirm_close', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object(
            'closing_no', period.closing_no + 1, 'figures_sha256', (select encode(sha256(convert_to(string_agg(f::text, ';' order by f.account_id, f.commodity), 'UTF8')), 'hex')
                from book.period_figures f where f.month = confirm_close.month and f.closing_no = period.closing_no + 1)));
    end if;
    return api.period_row(month);
end $$;
comment on function api.confirm_close(uuid, date) is 'periods.confirm_close: A supervisor, not the proposer, closes the month: its trial balance is kept, and nothing is posted into it any more. Waits for the postings in flight.';
grant execute on function api.confirm_close(uuid, date) to kontor_people;

create function api.reopen_period(command_id uuid, month date, reason text) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; body jsonb := jsonb_build_object('month', month, 'reason', reason);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.reopen', body) then
        at := api.clock();
        perform api.check_period_step(month, 'reopen', actor);
        if api.tidy(reason) is null then perform api.broken('period_reopened_without_reason'); end if;
        update book.periods p set status = 'reopen_proposed', reopen_proposed_at = at, reopen_proposed_by = actor, reopen_reason = reason where p.month = reopen_period.month;
        perform api.record_event(command_id, 'periods.reopen', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('reason', reason));
    end if;
    return api.period_row(month);
end $$;
comment on function api.reopen_period(uuid, date, text) is 'periods.reopen: An accountant asks, with a reason, to open the newest closed month again.';
grant execute on function api.reopen_period(uuid, date, text) to kontor_people;

create function api.withdraw_reopen(command_id uuid, month date, reason text default null) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'supervisor'); body jsonb := jsonb_build_object('month', month, 'reason', reason);
begin
    perform api.take_period(month);
    if not api.repeated(command_id, 'periods.withdraw_reopen', body) then
        perform api.check_period_step(month, 'withdraw_reopen', actor);
        update book.periods p set status = 'closed', reopen_proposed_at = null, reopen_proposed_by = null where p.month = withdraw_reopen.month;
        perform api.record_event(command_id, 'periods.withdraw_reopen', actor, api.clock(), 'period', to_char(month, 'YYYY-MM'), null, body, jsonb_build_object('reason', reason));
    end if;
    return api.period_row(month);
end $$;
comment on function api.withdraw_reopen(uuid, date, text) is 'periods.withdraw_reopen: The month stays closed: the proposer takes it back, or the supervisor declines.';
grant execute on function api.withdraw_reopen(uuid, date, text) to kontor_people;

create function api.confirm_reopen(command_id uuid, month date) returns api.periods language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('supervisor'); at timestamptz; period book.periods; body jsonb := jsonb_build_object('month', month);
begin
    period := api.take_period(month);
    if not api.repeated(command_id, 'periods.confirm_reopen', body) then
        at := api.clock();
        perform api.check_period_step(month, 'confirm_reopen', actor);
        perform api.move_closing(closed => api.month_start(month));
        update book.periods p set status = 'soft_closed', close_proposed_at = null, close_proposed_by = null, closed_at = null, closed_by = null, reopened_at = at, reopened_by = actor
        where p.month = confirm_reopen.month;
        perform api.record_event(command_id, 'periods.confirm_reopen', actor, at, 'period', to_char(month, 'YYYY-MM'), null, body,
            jsonb_build_object('reason', period.reopen_reason, 'closing_no', period.closing_no));
    end if;
    return api.period_row(month);
end $$;
comment on function api.confirm_reopen(uuid, date) is 'periods.confirm_reopen: A supervisor, not the proposer, opens the month again: it is soft-closed then, so only accountants post into it. The figures that it closed with are kept.';
grant execute on function api.confirm_reopen(uuid, date) to kontor_people;

-- ── The page ───────────────────────────────────────────────────────────────────────────────────────────────────

create type api.month_end as (month date, period jsonb, months jsonb, items jsonb, steps jsonb, history jsonb, closed_before date, soft_closed_before date);
comment on column api.month_end.month is '? the month looked at: as asked, else the one that closes next';
comment on column api.month_end.period is '{{Period}} where it stands';
comment on column api.month_end.months is '{{Array<{ month: IsoDate; status: Period["status"]; over: boolean }>}} the months of these books, oldest first, at most 36';
comment on column api.month_end.items is '{{PeriodItem[]}} the checklist';
comment on column api.month_end.steps is '{{Array<{ action: "soft_close" | "undo_soft_close" | "close" | "withdraw_close" | "confirm_close" | "reopen" | "withdraw_reopen" | "confirm_reopen"; duties: string[]; barrier: string | null }>}} what can be done now, and what stands against it';
comment on column api.month_end.history is '{{Array<{ command: string; at: Instant; by: string; detail: Record<string, unknown> }>}} who did what to this month, newest first';
comment on column api.month_end.closed_before is '? nothing is posted before this day';
comment on column api.month_end.soft_closed_before is '? only accountants post before this day';

create function api.open_periods(month date default null) returns api.month_end language plpgsql stable security definer set search_path = '' as $$
declare answer api.month_end; me integer := api.reader(); at timestamptz := api.clock(); period api.periods; closing book.closing;
begin
    select c.* into closing from book.closing c;
    answer.month := coalesce(date_trunc('month', open_periods.month)::date, least(api.next_to_close(), api.month_of(at)));
    if answer.month < api.first_month() or answer.month > api.month_of(at) then perform api.broken('period_unknown'); end if;
    period := api.period_row(answer.month);
    answer.period := to_jsonb(period);
    answer.closed_before := case when closing.closed_before > '-infinity' then (closing.closed_before at time zone 'Asia/Shanghai')::date end;
    answer.soft_closed_before := case when closing.soft_closed_before > '-infinity' then (closing.soft_closed_before at time zone 'Asia/Shanghai')::date end;
    select jsonb_agg(jsonb_build_object('month', g.m::date, 'status', (api.period_row(g.m::date)).status, 'over', api.month_end(g.m::date) <= at) order by g.m) into answer.months
    from generate_series(greatest(api.first_month(), api.month_of(at) - interval '35 months'), api.month_of(at), interval '1 month') g (m);
    select coalesce(jsonb_agg(to_jsonb(i) || jsonb_build_object('amount', i.amount::text, 'open_count', i.open_count::text) order by i.place), '[]') into answer.items from api.list_period_items(answer.month) i;
    select jsonb_agg(jsonb_build_object('action', s.action, 'duties', s.duties, 'barrier', api.period_barrier(period, s.action, me)) order by s.place) into answer.steps
    from (values (1, 'soft_close', '["accountant"]'::jsonb, 'open'), (2, 'undo_soft_close', '["accountant","supervisor"]', 'soft_closed'), (3, 'close', '["accountant"]', 'soft_closed'),
        (4, 'withdraw_close', '["accountant","supervisor"]', 'close_proposed'), (5, 'confirm_close', '["supervisor"]', 'close_proposed'), (6, 'reopen', '["accountant"]', 'closed'),
        (7, 'withdraw_reopen', '["accountant","supervisor"]', 'reopen_proposed'), (8, 'confirm_reopen', '["supervisor"]', 'reopen_proposed')) s (place, action, duties, status)
    where s.status = period.status;
    select coalesce(jsonb_agg(jsonb_build_object('command', e.command, 'at', e.at, 'by', api.login_of(e.person_id), 'detail', e.detail) order by e.id desc), '[]') into answer.history
    from (select * from book.audit_events x where x.subject_kind = 'period' and x.subject_id = to_char(answer.month, 'YYYY-MM') order by x.id desc limit 60) e;
    return answer;
end $$;
comment on function api.open_periods(date) is 'periods.open: The months and where each stands; one month''s checklist, what can be done with it now and what stands against that, and who did what to it.';
grant execute on function api.open_periods(date) to kontor_people;
