-- invoice_runs: papers for many customers at once. What a run would issue is looked at first; each paper is then one action of its own,
-- whose id follows from the run and the customer. So a run goes on after a crash where it stood: nothing twice, no number lost.

create type api.run_candidate as (customer_id bigint, ref text, name text, buyer_id uuid, buyer_name text, lines jsonb, amount numeric, exception text);
comment on type api.run_candidate is 'A customer of a run: to whom, how much, or why not.';

create function api.run_candidates(month date, picked jsonb) returns setof api.run_candidate
language sql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
    with asked as materialized (
        select (p ->> 'customer_id')::bigint as customer_id, (p ->> 'buyer_id')::uuid as buyer_id from jsonb_array_elements(picked) p
    ), bounds as (
        select m.begins::timestamp at time zone 'Asia/Shanghai' as begins, (m.begins + interval '1 month')::timestamp at time zone 'Asia/Shanghai' as ends
        from (select date_trunc('month', month::timestamp) as begins) m
    ), due as materialized (
        select c.customer_id, sum(m.invoiceable) as amount,
               jsonb_agg(jsonb_build_object('product', c.product, 'amount', m.invoiceable::numeric(14, 2)::text) order by c.product) filter (where m.invoiceable > 0) as lines
        from book.consumed_totals c cross join bounds b
        left join book.invoice_totals t on t.customer_id = c.customer_id and t.product = c.product
        -- A month's paper leaves out what was used after it.
        left join lateral (select sum(u.from_principal) as amount from book.usage_charges u
                           where u.customer_id = c.customer_id and u.product = c.product and u.used_from >= b.ends) later on true
        cross join lateral api.invoiceable(c.consumed_principal - coalesce(later.amount, 0), c.credited_back, coalesce(t.invoiced, 0), coalesce(t.red_lettered, 0)) m
        where (picked is null or c.customer_id in (select a.customer_id from asked a))
          and (b.begins is null or exists (select 1 from book.usage_charges u where u.customer_id = c.customer_id and u.used_from >= b.begins and u.used_from < b.ends))
        group by c.customer_id having sum(m.invoiceable) > 0 or picked is not null
    ), titled as materialized (
        select d.*, coalesce((select a.buyer_id from asked a where a.customer_id = d.customer_id),
                             (select i.buyer_id from book.invoices i where i.customer_id = d.customer_id and i.kind <> 'red_letter' order by i.issued_at desc limit 1),
                             (select (array_agg(distinct b.id))[1] from book.buyers b where b.customer_id = d.customer_id having count(distinct b.id) = 1)) as buyer_id
        from due d
    )
    select t.customer_id, c.ref, api.shown_name(c), b.id, case when b.kind = 'personal' then api.mask_name(b.name) else b.name end, t.lines, t.amount,
           case when t.amount = 0 then 'nothing_due'
                when exists (select 1 from book.invoice_run_items w join book.invoice_runs r on r.id = w.run_id
                             where w.customer_id = t.customer_id and w.state = 'waiting' and r.cancelled_at is null) then 'in_another_run'
                when b.id is null then case when exists (select 1 from book.buyers o where o.customer_id = t.customer_id) then 'buyer_to_choose' else 'buyer_missing' end
                when api.missing_glyph(concat_ws(' ', b.name, b.address, b.bank)) is not null then 'glyph_missing' end
    from titled t
    join book.customers c on c.id = t.customer_id
    left join lateral (select l.* from book.buyers l where l.id = t.buyer_id and l.customer_id = t.customer_id order by l.version desc limit 1) b on true
$$;
comment on function api.run_candidates(date, jsonb) is
    'Who is in a run and for how much: everybody with something to invoice, those who used something in a month, or those picked. The title is the one picked, else the one of the last paper, else the only one.';

create function api.run_digest(month date, picked jsonb) returns text language sql stable security definer set search_path = '' as $$
    select encode(sha256(convert_to(coalesce(string_agg(concat_ws(':', r.customer_id, r.buyer_id, r.lines, r.exception), '|' order by r.customer_id), ''), 'UTF8')), 'hex')
    from api.run_candidates(month, picked) r
$$;
comment on function api.run_digest(date, jsonb) is 'Stands for what a preview showed: what is begun is what was seen.';

create type api.run_preview as (papers integer, total numeric, exceptions integer, digest text, rows jsonb);
comment on type api.run_preview is 'What a run would issue, before anything is issued.';
comment on column api.run_preview.exceptions is 'customers who get no paper, each with its reason';
comment on column api.run_preview.rows is '{{Array<{ customer_id: Id; ref: string; name: string; buyer_id: Uuid | null; buyer_name: string | null; amount: Money; exception: "nothing_due" | "in_another_run" | "buyer_to_choose" | "buyer_missing" | "glyph_missing" | null }>}} exceptions first, then the largest amounts; 500 at most';

create function api.preview_run(month date default null, picked jsonb default null) returns api.run_preview
language plpgsql stable security definer set search_path = '' as $$
declare answer api.run_preview;
begin
    perform api.reader();
    if picked is not null and jsonb_typeof(picked) <> 'array' then perform api.broken('argument_invalid', '{"argument": "picked"}'); end if;
    select count(*) filter (where r.exception is null), coalesce(sum(r.amount) filter (where r.exception is null), 0), count(*) filter (where r.exception is not null)
    into answer.papers, answer.total, answer.exceptions from api.run_candidates(month, picked) r;
    answer.digest := api.run_digest(month, picked);
    select coalesce(jsonb_agg(jsonb_build_object('customer_id', s.customer_id::text, 'ref', s.ref, 'name', s.name, 'buyer_id', s.buyer_id, 'buyer_name', s.buyer_name,
        'amount', s.amount::numeric(14, 2)::text, 'exception', s.exception) order by s.exception is null, s.amount desc, s.customer_id), '[]')
    into answer.rows from (select r.* from api.run_candidates(month, picked) r order by r.exception is null, r.amount desc, r.customer_id limit 500) s;
    return answer;
end $$;
comment on function api.preview_run(date, jsonb) is 'invoices.preview_run: What a run over a month, over picked customers or over everybody with something due would issue; and who is left out, and why.';

create view api.invoice_runs as
    select r.id, r.number, r.kind, r.month, r.note,
           case when r.cancelled_at is not null then 'cancelled' when c.waiting > 0 then 'open' else 'finished' end as status,
           c.papers, c.total, c.issued, c.issued_total, c.refused, c.waiting, c.first_number, c.last_number,
           r.begun_at, p.login as begun_by, r.cancelled_at, api.login_of(r.cancelled_by) as cancelled_by
    from book.invoice_runs r join book.people p on p.id = r.begun_by
    cross join lateral (
        select count(*)::integer as papers, sum(i.amount) as total, (count(*) filter (where i.state = 'issued'))::integer as issued,
               coalesce(sum(i.amount) filter (where i.state = 'issued'), 0) as issued_total, (count(*) filter (where i.state = 'refused'))::integer as refused,
               (count(*) filter (where i.state = 'waiting'))::integer as waiting, min(n.number) as first_number, max(n.number) as last_number
        from book.invoice_run_items i left join book.invoices n on n.id = i.paper_id where i.run_id = r.id) c;
comment on view api.invoice_runs is 'Runs, and how far each is.';
comment on column api.invoice_runs.kind is '{{"statement" | "commercial_invoice" | "invoice_request"}}';
comment on column api.invoice_runs.month is '?the month that was chosen';
comment on column api.invoice_runs.note is '?on every paper';
comment on column api.invoice_runs.status is '{{"open" | "finished" | "cancelled"}}';
comment on column api.invoice_runs.first_number is '?of the papers issued so far';
comment on column api.invoice_runs.last_number is '?of the papers issued so far';
comment on column api.invoice_runs.cancelled_at is '?';
comment on column api.invoice_runs.cancelled_by is '?';

create view api.invoice_run_items as
    select i.run_id, i.place, i.paper_id, i.customer_id, c.ref, api.shown_name(c) as name,
           (select case when b.kind = 'personal' then api.mask_name(b.name) else b.name end from book.buyers b where b.id = i.buyer_id order by b.version desc limit 1) as buyer_name,
           i.amount, i.state, i.rule, i.detail, n.number, i.decided_at
    from book.invoice_run_items i join book.customers c on c.id = i.customer_id left join book.invoices n on n.id = i.paper_id;
comment on view api.invoice_run_items is 'The papers of a run: waiting, issued, or refused by a rule.';
comment on column api.invoice_run_items.paper_id is 'the id of the paper, and of the command that issues it';
comment on column api.invoice_run_items.state is '{{"waiting" | "issued" | "refused"}}';
comment on column api.invoice_run_items.rule is '?that refused it';
comment on column api.invoice_run_items.detail is '?{{Record<string, unknown>}} of the refusal';
comment on column api.invoice_run_items.number is '?once issued';
comment on column api.invoice_run_items.decided_at is '?';

create function api.start_run(command_id uuid, kind text, digest text, month date default null, picked jsonb default null, note text default null) returns api.invoice_runs
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('kind', kind, 'digest', digest, 'month', month, 'picked', picked, 'note', note);
    now_at timestamptz;
    papers integer;
begin
    if not api.repeated(command_id, 'invoices.start_run', body) then
        now_at := api.clock();
        if kind not in ('statement', 'commercial_invoice', 'invoice_request') then perform api.broken('invoice_kind_unknown'); end if;
        if picked is not null and jsonb_typeof(picked) <> 'array' then perform api.broken('argument_invalid', '{"argument": "picked"}'); end if;
        perform api.check_glyphs(note);
        perform api.seller_block(now_at);
        if digest <> api.run_digest(month, picked) then perform api.broken('run_changed_since_preview'); end if;
        insert into book.invoice_runs (id, number, kind, month, note, begun_at, begun_by)
        values (command_id, api.next_number('RUN', now_at), kind, date_trunc('month', month::timestamp)::date, api.tidy(note), now_at, actor);
        insert into book.invoice_run_items (run_id, place, paper_id, customer_id, buyer_id, lines, amount)
        select command_id, row_number() over (order by r.ref, r.customer_id), md5(command_id::text || ':' || r.customer_id)::uuid, r.customer_id, r.buyer_id, r.lines, r.amount
        from api.run_candidates(month, picked) r where r.exception is null;
        get diagnostics papers = row_count;
        if papers = 0 then perform api.broken('run_is_empty'); end if;
        perform api.record_event(command_id, 'invoices.start_run', actor, now_at, 'invoice_run', command_id::text, null, body, jsonb_build_object('papers', papers));
    end if;
    return (select r from api.invoice_runs r where r.id = command_id);
end $$;
comment on function api.start_run(uuid, text, text, date, jsonb, text) is
    'invoices.start_run: Fixes what a run issues: whom, to which title and how much, as previewed. Nothing is issued yet.';

create function api.issue_from_run(command_id uuid, run_id uuid) returns api.invoice_run_items
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('run_id', run_id);
    item book.invoice_run_items;
    run book.invoice_runs;
    outcome jsonb;
    refused_by text;
    said text;
    now_at timestamptz;
begin
    select i.* into item from book.invoice_run_items i where i.paper_id = command_id and i.run_id = issue_from_run.run_id;
    if not found then perform api.broken('run_paper_unknown'); end if;
    perform api.lock_customer(item.customer_id);
    -- Whoever was issued it meanwhile, perhaps by a colleague's session: the same paper answers.
    select i.* into item from book.invoice_run_items i where i.paper_id = command_id;
    if item.state = 'waiting' and not api.repeated(command_id, 'invoices.issue_from_run', body) then
        select r.* into run from book.invoice_runs r where r.id = item.run_id for share;
        if run.cancelled_at is not null then perform api.broken('run_is_cancelled'); end if;
        now_at := api.clock();
        begin
            outcome := api.issue_paper(command_id, item.customer_id, item.buyer_id, item.lines, run.kind, run.note, actor, now_at,
                                      (run.month + interval '1 month - 1 day')::date);
        exception when check_violation then
            -- The number went back with everything else of this paper; the run goes on with the next one.
            get stacked diagnostics refused_by = constraint_name, said = pg_exception_detail;
            outcome := case when said like '{%' then said::jsonb else '{}' end;
        end;
        update book.invoice_run_items i set state = case when refused_by is null then 'issued' else 'refused' end, rule = refused_by,
            detail = case when refused_by is not null then outcome end, decided_at = now_at where i.paper_id = command_id;
        perform api.record_event(command_id, 'invoices.issue_from_run', actor, now_at, 'invoice', command_id::text, item.customer_id, body,
            outcome || jsonb_build_object('run', run.number, 'refused_by', refused_by));
    end if;
    return (select i from api.invoice_run_items i where i.paper_id = command_id);
end $$;
comment on function api.issue_from_run(uuid, uuid) is
    'invoices.issue_from_run: Issues one paper of a run under the id that the run gave it; a paper that a rule refuses is marked with the rule. Asked again, by anybody, it answers with the same paper.';

create function api.cancel_run(command_id uuid, run_id uuid) returns api.invoice_runs language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('run_id', run_id);
    run book.invoice_runs;
    now_at timestamptz;
begin
    -- Waits for the papers that are being issued at this moment, and stops every later one.
    select r.* into run from book.invoice_runs r where r.id = run_id for update;
    if not found then perform api.broken('run_unknown'); end if;
    if not api.repeated(command_id, 'invoices.cancel_run', body) then
        now_at := api.clock();
        if run.cancelled_at is not null then perform api.broken('run_is_cancelled'); end if;
        if not exists (select 1 from book.invoice_run_items i where i.run_id = run.id and i.state = 'waiting') then perform api.broken('run_is_finished'); end if;
        update book.invoice_runs r set cancelled_at = now_at, cancelled_by = actor where r.id = run.id;
        perform api.record_event(command_id, 'invoices.cancel_run', actor, now_at, 'invoice_run', run.id::text, null, body, jsonb_build_object('number', run.number));
    end if;
    return (select r from api.invoice_runs r where r.id = cancel_run.run_id);
end $$;
comment on function api.cancel_run(uuid, uuid) is 'invoices.cancel_run: Issues no further paper of a run. What was issued stays; what was left out may go into the next run.';

create function api.list_runs(before_begun_at timestamptz default null, before_id uuid default null, most integer default 50) returns setof api.invoice_runs
language sql stable security definer set search_path = '' as $$
    select r.* from (select api.reader()) me, api.invoice_runs r
    where before_begun_at is null or (r.begun_at, r.id) < (before_begun_at, before_id)
    order by r.begun_at desc, r.id desc limit least(greatest(most, 1), 100)
$$;
comment on function api.list_runs(timestamptz, uuid, integer) is 'invoices.list_runs: Runs, newest first.';

create function api.open_run(run_id uuid) returns api.invoice_runs language plpgsql stable security definer set search_path = '' as $$
declare answer api.invoice_runs;
begin
    perform api.reader();
    select r.* into answer from api.invoice_runs r where r.id = run_id;
    if not found then perform api.broken('run_unknown'); end if;
    return answer;
end $$;
comment on function api.open_run(uuid) is 'invoices.open_run: A run and how far it is.';

create function api.list_run_items(run_id uuid, state text default null, after_place integer default 0, most integer default 100) returns setof api.invoice_run_items
language sql stable security definer set search_path = '' as $$
    select i.* from (select api.reader()) me, api.invoice_run_items i
    where i.run_id = list_run_items.run_id and (list_run_items.state is null or i.state = list_run_items.state) and i.place > after_place
    order by i.place limit least(greatest(most, 1), 500)
$$;
comment on function api.list_run_items(uuid, text, integer, integer) is 'invoices.list_run_items: The papers of a run in its order; a place asks for those after it.';

grant execute on function api.preview_run(date, jsonb), api.start_run(uuid, text, text, date, jsonb, text), api.issue_from_run(uuid, uuid), api.cancel_run(uuid, uuid),
    api.list_runs(timestamptz, uuid, integer), api.open_run(uuid), api.list_run_items(uuid, text, integer, integer) to kontor_people;
