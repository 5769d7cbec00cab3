-- print_centre: papers in a queue, one job after another. Each sheet is on record before it moves; after a jam somebody says which sheet
-- was the last good one, and the queue goes on behind it. Sheets are counted from the pile's first: the cover, where there is one.

create view api.print_batches as
    select b.id, b.number, b.run_id, b.printer, b.copies, b.sides, b.media, b.tray, b.cover, b.reason,
           case when b.cancelled_at is not null then 'cancelled' when c.stopped > 0 then 'stopped' when c.waiting + c.sent > 0 then 'open' else 'printed' end as status,
           c.papers, c.printed, c.waiting, c.sheets, c.total, c.first_number, c.last_number, b.begun_at, p.login as begun_by
    from book.print_batches b join book.people p on p.id = b.begun_by
    cross join lateral (
        select count(*)::integer as papers, (count(*) filter (where t.state = 'printed'))::integer as printed, (count(*) filter (where t.state = 'waiting'))::integer as waiting,
               (count(*) filter (where t.state = 'sent'))::integer as sent, (count(*) filter (where t.state = 'stopped'))::integer as stopped,
               coalesce(max(t.first_sheet + t.sheets - 1), 0)::integer as sheets, sum(i.total_incl) as total, min(i.number) as first_number, max(i.number) as last_number
        from book.print_items t join book.invoices i on i.id = t.invoice_id where t.batch_id = b.id) c;
comment on view api.print_batches is 'What was sent to printers together, and how far it is.';
comment on column api.print_batches.run_id is '?the run whose papers these are';
comment on column api.print_batches.sides is '{{"one" | "long_edge" | "short_edge"}}';
comment on column api.print_batches.tray is '?';
comment on column api.print_batches.reason is '?{{"jammed" | "faulty" | "lost" | "customer_asked" | "file"}} why again';
comment on column api.print_batches.status is '{{"open" | "stopped" | "printed" | "cancelled"}} stopped: somebody must say which sheet was the last good one';
comment on column api.print_batches.sheets is 'sheets that were sent so far, the cover included';

create view api.print_items as
    select t.batch_id, t.place, t.invoice_id, i.number, api.shown_name(c) as customer_name, i.total_incl, t.state, t.from_page, t.pages, t.first_sheet, t.sheets, t.copy_from, t.job, t.sent_at, t.over_at,
           d.carrier, d.waybill
    from book.print_items t join book.invoices i on i.id = t.invoice_id join book.customers c on c.id = i.customer_id
    left join lateral (select l.carrier, l.waybill from book.deliveries l where l.invoice_id = i.id order by l.recorded_at desc limit 1) d on true;
comment on view api.print_items is 'The papers of a batch in their order.';
comment on column api.print_items.state is '{{"waiting" | "sent" | "printed" | "stopped"}}';
comment on column api.print_items.pages is '?of the whole paper';
comment on column api.print_items.first_sheet is '?of this paper, counted through the pile';
comment on column api.print_items.sheets is '?that it takes';
comment on column api.print_items.copy_from is '?1 is the original';
comment on column api.print_items.job is '?the print system''s number';
comment on column api.print_items.sent_at is '?';
comment on column api.print_items.over_at is '?';
comment on column api.print_items.carrier is '?who carries it to the customer';
comment on column api.print_items.waybill is '?under which number';

create function api.start_print(command_id uuid, printer text, run_id uuid default null, invoice_ids uuid[] default null, copies integer default 1, sides text default 'one', media text default 'A4',
    tray text default null, cover boolean default true, reason text default null) returns api.print_batches
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('printer', printer, 'run_id', run_id, 'invoice_ids', invoice_ids, 'copies', copies, 'sides', sides, 'media', media, 'tray', tray, 'cover', cover, 'reason', reason);
    wanted uuid[];
    again integer;
    now_at timestamptz;
begin
    if not api.repeated(command_id, 'prints.start', body) then
        now_at := api.clock();
        if copies not between 1 and 9 then perform api.broken('print_batch_copies_out_of_range', '{"most": 9}'); end if;
        if sides not in ('one', 'long_edge', 'short_edge') then perform api.broken('print_batch_sides_unknown'); end if;
        if (run_id is null) = (invoice_ids is null) then perform api.broken('argument_invalid', '{"argument": "run_id"}'); end if;
        -- A run prints in its order; papers picked by hand by their numbers.
        if run_id is not null then
            select array_agg(t.paper_id order by t.place) into wanted from book.invoice_run_items t where t.run_id = start_print.run_id and t.state = 'issued';
        else
            select array_agg(i.id order by i.number) into wanted from book.invoices i where i.id = any (invoice_ids);
            if cardinality(wanted) is distinct from cardinality(invoice_ids) then perform api.broken('invoice_unknown'); end if;
        end if;
        if wanted is null then perform api.broken('print_batch_is_empty'); end if;
        select count(distinct l.invoice_id) into again from book.print_log l where l.invoice_id = any (wanted);
        if again > 0 and reason is null then perform api.broken('reprint_without_reason', jsonb_build_object('printed', again)); end if;
        insert into book.print_batches (id, number, run_id, printer, copies, sides, media, tray, cover, reason, begun_at, begun_by)
        values (command_id, api.next_number('PRT', now_at), run_id, printer, copies, sides, media, tray, cover, reason, now_at, actor);
        insert into book.print_items (batch_id, place, invoice_id) select command_id, w.n, w.id from unnest(wanted) with ordinality w (id, n);
        perform api.record_event(command_id, 'prints.start', actor, now_at, 'print_batch', command_id::text, null, body, jsonb_build_object('papers', cardinality(wanted)));
    end if;
    return (select b from api.print_batches b where b.id = command_id);
end $$;
comment on function api.start_print(uuid, text, uuid, uuid[], integer, text, text, text, boolean, text) is
    'prints.start: Puts papers into a queue for a printer: those of a run, or those picked. Papers printed before need a reason. Nothing moves yet.';

create function api.send_print(command_id uuid, batch_id uuid, place integer, pages integer) returns api.print_items
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('batch_id', batch_id, 'place', place, 'pages', pages);
    batch book.print_batches;
    item book.print_items;
    printed integer;
    why text;
    now_at timestamptz;
begin
    -- The batch is the lock of its queue: two windows send no paper twice, and sheets are counted one after another.
    select b.* into batch from book.print_batches b where b.id = batch_id for update;
    if not found then perform api.broken('print_batch_unknown'); end if;
    if not api.repeated(command_id, 'prints.send', body) then
        now_at := api.clock();
        if batch.cancelled_at is not null then perform api.broken('print_batch_is_cancelled'); end if;
        if exists (select 1 from book.print_items t where t.batch_id = batch.id and t.state in ('sent', 'stopped')) then perform api.broken('print_batch_waits_for_a_sheet'); end if;
        select t.* into item from book.print_items t where t.batch_id = batch.id and t.place = send_print.place for update;
        if not found or item.state <> 'waiting' or exists (select 1 from book.print_items t where t.batch_id = batch.id and t.state = 'waiting' and t.place < item.place) then
            perform api.broken('print_item_not_next');
        end if;
        if pages not between 1 and 2000 then perform api.broken('argument_invalid', '{"argument": "pages"}'); end if;
        perform 1 from book.invoices i where i.id = item.invoice_id for update;
        select coalesce(sum(l.copies), 0) into printed from book.print_log l where l.invoice_id = item.invoice_id;
        why := case when item.attempt > 0 then 'jammed' when printed > 0 then batch.reason end;
        if printed > 0 and why is null then perform api.broken('reprint_without_reason', jsonb_build_object('printed', printed)); end if;
        insert into book.print_log (id, invoice_id, copy_from, copies, printer, reason, printed_at, printed_by)
        values (command_id, item.invoice_id, printed + 1, batch.copies, batch.printer, why, now_at, actor);
        update book.print_items t set state = 'sent', attempt = t.attempt + 1, pages = send_print.pages, copy_from = printed + 1, reason = why, sent_at = now_at, over_at = null, job = null,
            first_sheet = coalesce((select max(o.first_sheet + o.sheets) from book.print_items o where o.batch_id = batch.id and o.place < item.place and o.sheets is not null), case when batch.cover then 2 else 1 end),
            sheets = batch.copies * case when batch.sides = 'one' then send_print.pages - t.from_page + 1 else (send_print.pages - t.from_page + 2) / 2 end
        where t.batch_id = batch.id and t.place = item.place;
        perform api.record_event(command_id, 'prints.send', actor, now_at, 'invoice', item.invoice_id::text, (select i.customer_id from book.invoices i where i.id = item.invoice_id), body,
            jsonb_build_object('batch', batch.number, 'copy_from', printed + 1, 'copies', batch.copies));
    end if;
    return (select t from api.print_items t where t.batch_id = send_print.batch_id and t.place = send_print.place);
end $$;
comment on function api.send_print(uuid, uuid, integer, integer) is
    'prints.send: Writes the next paper of a queue down as printed, before it moves: the first is the original, later ones are copies with a reason. One paper at a time is on its way.';

create function api.report_print(command_id uuid, batch_id uuid, place integer, outcome text, job integer default null) returns api.print_items
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('batch_id', batch_id, 'place', place, 'outcome', outcome, 'job', job);
    item book.print_items;
    now_at timestamptz;
begin
    perform 1 from book.print_batches b where b.id = batch_id for update;
    if not found then perform api.broken('print_batch_unknown'); end if;
    if not api.repeated(command_id, 'prints.report', body) then
        now_at := api.clock();
        if outcome not in ('printed', 'stopped') then perform api.broken('argument_invalid', '{"argument": "outcome"}'); end if;
        select t.* into item from book.print_items t where t.batch_id = report_print.batch_id and t.place = report_print.place;
        if not found or item.state <> 'sent' then perform api.broken('print_item_not_sent'); end if;
        update book.print_items t set state = outcome, job = report_print.job, over_at = now_at where t.batch_id = report_print.batch_id and t.place = item.place;
        perform api.record_event(command_id, 'prints.report', actor, now_at, 'print_batch', batch_id::text, null, body, jsonb_build_object('place', place, 'outcome', outcome, 'job', job));
    end if;
    return (select t from api.print_items t where t.batch_id = report_print.batch_id and t.place = report_print.place);
end $$;
comment on function api.report_print(uuid, uuid, integer, text, integer) is 'prints.report: What became of the paper that was sent: printed, or stopped with the printer. A stopped queue waits for the last good sheet.';

create function api.resume_print(command_id uuid, batch_id uuid, last_good_sheet integer) returns api.print_batches
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('batch_id', batch_id, 'last_good_sheet', last_good_sheet);
    batch book.print_batches;
    sent integer;
    again integer;
    now_at timestamptz;
begin
    select b.* into batch from book.print_batches b where b.id = batch_id for update;
    if not found then perform api.broken('print_batch_unknown'); end if;
    if not api.repeated(command_id, 'prints.resume', body) then
        now_at := api.clock();
        if batch.cancelled_at is not null then perform api.broken('print_batch_is_cancelled'); end if;
        select coalesce(max(t.first_sheet + t.sheets - 1), 0) into sent from book.print_items t where t.batch_id = batch.id;
        if last_good_sheet not between 0 and sent then perform api.broken('print_sheet_out_of_range', jsonb_build_object('sent', sent)); end if;
        update book.print_items t set state = 'printed', over_at = coalesce(t.over_at, now_at)
        where t.batch_id = batch.id and t.state in ('sent', 'stopped') and t.first_sheet + t.sheets - 1 <= last_good_sheet;
        -- The paper that the jam lies in goes on behind its last good sheet; with several copies in one job it begins anew, because nobody can tell them apart.
        update book.print_items t set state = 'waiting', job = null, over_at = null, sent_at = null,
            from_page = case when batch.copies = 1 and last_good_sheet >= t.first_sheet then t.from_page + (last_good_sheet - t.first_sheet + 1) * case when batch.sides = 'one' then 1 else 2 end else t.from_page end,
            first_sheet = null, sheets = null
        where t.batch_id = batch.id and t.first_sheet + t.sheets - 1 > last_good_sheet;
        get diagnostics again = row_count;
        perform api.record_event(command_id, 'prints.resume', actor, now_at, 'print_batch', batch.id::text, null, body, jsonb_build_object('number', batch.number, 'again', again));
    end if;
    return (select b from api.print_batches b where b.id = resume_print.batch_id);
end $$;
comment on function api.resume_print(uuid, uuid, integer) is
    'prints.resume: After a jam: the last good sheet of the pile. What lies before it is printed; the rest goes again from there, each paper once more on record as jammed.';

create function api.cancel_print(command_id uuid, batch_id uuid) returns api.print_batches language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk', 'accountant', 'supervisor');
    body jsonb := jsonb_build_object('batch_id', batch_id);
    batch book.print_batches;
    now_at timestamptz;
begin
    select b.* into batch from book.print_batches b where b.id = batch_id for update;
    if not found then perform api.broken('print_batch_unknown'); end if;
    if not api.repeated(command_id, 'prints.cancel', body) then
        now_at := api.clock();
        if batch.cancelled_at is not null then perform api.broken('print_batch_is_cancelled'); end if;
        update book.print_batches b set cancelled_at = now_at, cancelled_by = actor where b.id = batch.id;
        perform api.record_event(command_id, 'prints.cancel', actor, now_at, 'print_batch', batch.id::text, null, body, jsonb_build_object('number', batch.number));
    end if;
    return (select b from api.print_batches b where b.id = cancel_print.batch_id);
end $$;
comment on function api.cancel_print(uuid, uuid) is 'prints.cancel: Sends no further paper of a queue. What was sent stays on record.';

create function api.list_prints(before_begun_at timestamptz default null, before_id uuid default null, most integer default 50) returns setof api.print_batches
language sql stable security definer set search_path = '' as $$
    select b.* from (select api.reader()) me, api.print_batches b
    where before_begun_at is null or (b.begun_at, b.id) < (before_begun_at, before_id)
    order by b.begun_at desc, b.id desc limit least(greatest(most, 1), 100)
$$;
comment on function api.list_prints(timestamptz, uuid, integer) is 'prints.list: Queues, newest first.';

create function api.open_print(batch_id uuid) returns api.print_batches language plpgsql stable security definer set search_path = '' as $$
declare answer api.print_batches;
begin
    perform api.reader();
    select b.* into answer from api.print_batches b where b.id = batch_id;
    if not found then perform api.broken('print_batch_unknown'); end if;
    return answer;
end $$;
comment on function api.open_print(uuid) is 'prints.open: A queue and how far it is.';

create function api.list_print_items(batch_id uuid, after_place integer default 0, most integer default 100, wanted_state text default null) returns setof api.print_items
language sql stable security definer set search_path = '' as $$
    select t.* from (select api.reader()) me, api.print_items t
    where t.batch_id = list_print_items.batch_id and t.place > after_place and (wanted_state is null or t.state = wanted_state) order by t.place limit least(greatest(most, 1), 500)
$$;
comment on function api.list_print_items(uuid, integer, integer, text) is 'prints.list_items: The papers of a queue in their order; a place asks for those after it.';

create function api.record_courier(command_id uuid, invoice_ids uuid[], carrier text, waybill text, sent_on date) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'tax_clerk');
    body jsonb := jsonb_build_object('invoice_ids', invoice_ids, 'carrier', carrier, 'waybill', waybill, 'sent_on', sent_on);
    written text := upper(regexp_replace(coalesce(waybill, ''), '\s', '', 'g'));
    paper record;
    now_at timestamptz;
begin
    if not api.repeated(command_id, 'prints.record_courier', body) then
        now_at := api.clock();
        if coalesce(cardinality(invoice_ids), 0) not between 1 and 500 then perform api.broken('argument_invalid', '{"argument": "invoice_ids"}'); end if;
        if api.tidy(carrier) is null then perform api.broken('delivery_without_carrier'); end if;
        if written !~ '^[0-9A-Z-]{6,40}$' then perform api.broken('delivery_waybill_malformed'); end if;
        if sent_on > (now_at at time zone 'Asia/Shanghai')::date then perform api.broken('delivery_in_the_future'); end if;
        if (select count(*) from book.invoices i where i.id = any (invoice_ids)) <> cardinality(invoice_ids) then perform api.broken('invoice_unknown'); end if;
        insert into book.deliveries (id, invoice_id, carrier, waybill, sent_on, recorded_at, recorded_by)
        select command_id, i.id, api.tidy(carrier), written, record_courier.sent_on, now_at, actor from book.invoices i where i.id = any (invoice_ids);
        -- Who asked through the platform is told what to look for.
        for paper in select q.customer_id, q.invoice_id, q.request_no from book.invoice_requests q where q.invoice_id = any (invoice_ids) order by q.customer_id loop
            perform api.tell_platform(paper.customer_id, 'invoice.sent', paper.invoice_id, jsonb_build_object('request_no', paper.request_no, 'carrier', api.tidy(carrier), 'waybill', written, 'sent_on', sent_on), now_at);
        end loop;
        perform api.record_event(command_id, 'prints.record_courier', actor, now_at, 'delivery', command_id::text, null, body, jsonb_build_object('papers', cardinality(invoice_ids)));
    end if;
    return cardinality(invoice_ids);
end $$;
comment on function api.record_courier(uuid, uuid[], text, text, date) is 'prints.record_courier: Papers that left by courier, under one waybill.';

grant execute on function api.start_print(uuid, text, uuid, uuid[], integer, text, text, text, boolean, text), api.send_print(uuid, uuid, integer, integer), api.report_print(uuid, uuid, integer, text, integer),
    api.resume_print(uuid, uuid, integer), api.cancel_print(uuid, uuid), api.list_prints(timestamptz, uuid, integer), api.open_print(uuid), api.list_print_items(uuid, integer, integer, text),
    api.record_courier(uuid, uuid[], text, text, date) to kontor_people;
