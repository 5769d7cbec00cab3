-- red_confirmations: what the tax platform asks before a red letter (红字信息确认单), and what is still to be taken back.
-- States as the platform numbers them: 01 needs no confirmation, 02 the buyer must confirm, 03 the seller must confirm, 04 both confirmed,
-- 05 and 06 denied, 07 void after 72 hours, 08 withdrawn, 09 withdrawn after confirmation.

create function api.record_red_confirmation(command_id uuid, red_letter_id uuid, state text, at timestamptz, form_number text default null) returns api.red_letters
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('red_letter_id', red_letter_id, 'state', state, 'at', at, 'form_number', form_number);
    letter book.red_letters;
    before record;
    last_at timestamptz;
    now_at timestamptz;
begin
    select r.* into letter from book.red_letters r where r.id = red_letter_id;
    if not found then perform api.broken('red_letter_unknown'); end if;
    perform api.lock_customer(letter.customer_id);
    select r.* into letter from book.red_letters r where r.id = red_letter_id for update;
    if not api.repeated(command_id, 'invoices.record_red_confirmation', body) then
        now_at := api.clock();
        if letter.status <> 'proposed' then perform api.broken('red_letter_not_open', jsonb_build_object('status', letter.status)); end if;
        if state not in ('01', '02', '03', '04', '05', '06', '07', '08', '09') then perform api.broken('red_confirmation_state_unknown'); end if;
        select max(c.at) into last_at from book.red_confirmations c where c.red_letter_id = letter.id;
        if at > now_at then perform api.broken('red_confirmation_in_the_future'); end if;
        if at < greatest(last_at, letter.proposed_at) then perform api.broken('red_confirmation_out_of_order'); end if;
        -- What was true at the instant of the step decides, not what is true while it is written down.
        select * into before from api.red_confirmation_of(letter.id, at);
        if before.state = '07' and state = '04' then perform api.broken('red_confirmation_expired', jsonb_build_object('until', before.until)); end if;
        if not (case when state in ('01', '02', '03') then coalesce(before.state, '05') in ('05', '06', '07', '08', '09')
                    when state in ('04', '05', '06', '08') then before.state in ('02', '03')
                    when state = '09' then before.state in ('04', '01')
                    else before.state = '07' and (before.steps -> -1 ->> 'state') <> '07' end) then
            perform api.broken('red_confirmation_step_impossible', jsonb_build_object('from', before.state, 'to', state));
        end if;
        insert into book.red_confirmations (id, red_letter_id, step, state, form_number, at, recorded_at, recorded_by)
        values (command_id, letter.id, jsonb_array_length(before.steps) + 1, state, api.tidy(form_number), at, now_at, actor);
        perform api.record_event(command_id, 'invoices.record_red_confirmation', actor, now_at, 'red_letter', letter.id::text, letter.customer_id, body,
            jsonb_build_object('from', before.state, 'to', state));
    end if;
    return (select r from api.red_letters r where r.id = red_letter_id);
end $$;
comment on function api.record_red_confirmation(uuid, uuid, text, timestamptz, text) is
    'invoices.record_red_confirmation: Writes down a step of the tax platform''s confirmation of a red letter. The other side has 72 hours; confirmed later than that it is void.';

create type api.red_task as (customer_id bigint, ref text, name text, due numeric, proposed numeric, papers jsonb);
comment on type api.red_task is 'Invoiced usage that was given back: it has to be taken back from papers.';
comment on column api.red_task.due is 'to take back, by product in whole cents';
comment on column api.red_task.proposed is 'of it in red letters that wait for their approver';
comment on column api.red_task.papers is '{{Array<{ invoice_id: Uuid; number: string; official_number: string | null; red_letter_proposed: boolean; total: Money; lines: Array<{ product: string; amount: Money; rate?: string }> }>}} from which papers, the newest first, ready to be asked for';

create function api.red_plan(of_customer bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    with asked as (
        select r.invoice_id, l.value ->> 'product' as product, (l.value ->> 'rate')::numeric as rate, sum((l.value ->> 'amount')::numeric) as amount
        from book.red_letters r cross join lateral jsonb_array_elements(r.lines) l where r.customer_id = of_customer and r.status = 'proposed' group by 1, 2, 3
    ), due as (
        select m.product, greatest(m.red_letter_due - coalesce((select sum(a.amount) from asked a where a.product = m.product), 0), 0) as amount
        from api.invoice_meter(of_customer) m
    ), lines as (
        select i.id, i.number, i.issued_at, l.product, l.named, l.place, l.remains - coalesce(a.amount, 0) as remains
        from book.invoices i cross join lateral api.lines_left(i.id) l left join asked a on a.invoice_id = i.id and a.product = l.product and (a.rate is null or a.rate = l.rate)
        where i.customer_id = of_customer and i.kind <> 'red_letter' and i.currency = 'CNY'
    ), laid as (
        -- The newest papers first, and on a paper the newest months, until the amount due is used up.
        select n.*, least(n.remains, greatest(d.amount - coalesce(sum(n.remains) over (partition by n.product order by n.issued_at desc, n.id, n.place rows between unbounded preceding and 1 preceding), 0), 0)) as taken
        from lines n join due d on d.product = n.product where n.remains > 0 and d.amount > 0
    )
    select coalesce(jsonb_agg(p.paper order by p.issued_at desc, p.id), '[]') from (
        select l.id, l.issued_at, jsonb_build_object('invoice_id', l.id, 'number', l.number, 'official_number', (select o.number from book.official_invoices o where o.invoice_id = l.id),
            'red_letter_proposed', exists (select 1 from asked a where a.invoice_id = l.id), 'total', sum(l.taken)::numeric(14, 2)::text,
            'lines', jsonb_agg(jsonb_strip_nulls(jsonb_build_object('product', l.product, 'amount', l.taken::numeric(14, 2)::text, 'rate', l.named)) order by l.product, l.place)) as paper
        from laid l where l.taken > 0 group by l.id, l.number, l.issued_at) p
$$;
comment on function api.red_plan(bigint) is 'From which papers a customer''s given-back usage is taken back: the newest first, never more than a line still holds, without what was asked for already.';

create function api.list_red_tasks(after_customer_id bigint default 0, most integer default 100) returns setof api.red_task
language sql stable security definer set search_path = '' as $$
    with due as materialized (
        select c.customer_id, sum(m.red_letter_due) as due
        from book.consumed_totals c join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product
        cross join lateral api.invoiceable(c.consumed_principal, c.credited_back, t.invoiced, t.red_lettered) m
        where m.red_letter_due > 0 group by c.customer_id
    )
    select d.customer_id, c.ref, api.shown_name(c), d.due,
           (select coalesce(sum(r.total_incl), 0) from book.red_letters r where r.customer_id = d.customer_id and r.status = 'proposed'), api.red_plan(d.customer_id)
    from (select api.reader()) me, due d join book.customers c on c.id = d.customer_id
    where d.customer_id > after_customer_id order by d.customer_id limit least(greatest(most, 1), 200)
$$;
comment on function api.list_red_tasks(bigint, integer) is
    'invoices.list_red_tasks: Customers whose usage was given back after it was invoiced (RA-23): how much must be taken back, and from which papers.';

grant execute on function api.record_red_confirmation(uuid, uuid, text, timestamptz, text), api.list_red_tasks(bigint, integer) to kontor_people;
