-- red letters: a negative paper that takes an issued one back, whole or in part. A tax clerk asks, an approver confirms.
-- Reasons: 01 issued in error, 02 returned, 03 service ended, 04 allowance (a credit-back after invoicing is one).

create function api.red_confirmation_of(letter_id uuid, at timestamptz, out state text, out until timestamptz, out steps jsonb)
language plpgsql stable security definer set search_path = '' as $$
declare
    entered timestamptz;
begin
    select jsonb_agg(jsonb_build_object('state', c.state, 'at', c.at, 'form_number', c.form_number, 'recorded_by', api.login_of(c.recorded_by)) order by c.step),
           (array_agg(c.state order by c.step desc))[1], max(c.at) filter (where c.state in ('02', '03'))
    into steps, state, entered from book.red_confirmations c where c.red_letter_id = letter_id;
    steps := coalesce(steps, '[]');
    if state in ('02', '03') then
        until := entered + make_interval(hours => (api.policy('red_confirmation_hours', entered) #>> '{}')::integer);
        -- Nobody has to write down that time has passed.
        if at >= until then state := '07'; end if;
    end if;
end $$;
comment on function api.red_confirmation_of(uuid, timestamptz) is 'The state of a red letter''s confirmation now, until when the other side may confirm, and every step. 72 hours after it was entered it is void by itself.';

create view api.red_letters as
    select r.id, r.invoice_id, i.number as invoice_number, r.customer_id, c.ref as customer_ref, api.shown_name(c) as customer_name,
           r.reason_code, r.note, r.lines, r.total_incl, r.status, p.login as proposed_by, r.proposed_at,
           d.login as decided_by, r.decided_at, r.issued_as, n.number as issued_number,
           t.number as official_number, k.state as confirmation, k.until as confirmation_until, k.steps as confirmation_steps
    from book.red_letters r
    join book.invoices i on i.id = r.invoice_id
    join book.customers c on c.id = r.customer_id
    join book.people p on p.id = r.proposed_by
    left join book.people d on d.id = r.decided_by
    left join book.invoices n on n.id = r.issued_as
    left join book.official_invoices t on t.invoice_id = r.invoice_id
    cross join lateral api.red_confirmation_of(r.id, api.clock()) k;
comment on view api.red_letters is 'Red letters asked for, and what became of them.';
comment on column api.red_letters.reason_code is '{{"01" | "02" | "03" | "04"}} 01 issued in error, 02 returned, 03 service ended, 04 allowance';
comment on column api.red_letters.note is '?';
comment on column api.red_letters.lines is '{{Array<{ product: string; amount: Money; rate?: string }>}} what to take back, as positive amounts; with the rate where the paper has a product at several';
comment on column api.red_letters.status is '{{"proposed" | "confirmed" | "declined"}}';
comment on column api.red_letters.decided_by is '?';
comment on column api.red_letters.decided_at is '?';
comment on column api.red_letters.issued_as is '?the red letter''s own paper';
comment on column api.red_letters.issued_number is '?its number';
comment on column api.red_letters.official_number is '?the tax platform issued the paper: then it must confirm the red letter first';
comment on column api.red_letters.confirmation is '?{{"01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09"}} where that stands: 01 none needed, 02 buyer, 03 seller must confirm, 04 confirmed, 05 06 denied, 07 void after 72 hours, 08 09 withdrawn';
comment on column api.red_letters.confirmation_until is '?when it is void unless the other side confirms';
comment on column api.red_letters.confirmation_steps is '{{Array<{ state: string; at: Instant; form_number: string | null; recorded_by: string }>}} every step';

create function api.list_red_letters(status text default 'proposed', before_proposed_at timestamptz default null, before_id uuid default null,
    most integer default 100) returns setof api.red_letters
language sql stable security definer set search_path = '' as $$
    select r.* from (select api.reader()) me, api.red_letters r
    where (list_red_letters.status is null or r.status = list_red_letters.status)
      and (before_proposed_at is null or (r.proposed_at, r.id) < (before_proposed_at, before_id))
    order by r.proposed_at desc, r.id desc limit least(greatest(most, 1), 500)
$$;
comment on function api.list_red_letters(text, timestamptz, uuid, integer) is 'invoices.list_red_letters: Red letters that wait for an approver, or were decided.';

create function api.lines_left(invoice_id uuid) returns table (product text, rate numeric, remains numeric, named text, place bigint) language sql stable as $$
    select l.product, l.rate, l.amount_incl - l.red_lettered, case when count(*) over (partition by l.product) > 1 then trim_scale(l.rate)::text end,
           row_number() over (partition by l.product order by l.until_month desc, l.rate)
    from book.invoice_lines l where l.invoice_id = lines_left.invoice_id
$$;
comment on function api.lines_left(uuid) is 'What red letters left of a paper''s lines. A rate is named where a product stands there at several; the line of the newest months comes first, because the register covers the oldest months first.';

create function api.red_lines(invoice_id uuid, asked jsonb) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
    line record;
    taken jsonb := '[]';
begin
    if asked is null then
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('product', l.product, 'amount', l.remains::text, 'rate', l.named)) order by l.product, l.place) into asked
        from api.lines_left(invoice_id) l where l.remains > 0;
        if asked is null then perform api.broken('invoice_already_red'); end if;
    end if;
    for line in
        -- Where nobody says which rate, the newest months are taken back first, so that what stays covers the oldest.
        select a.product, a.amount as asked, l.named, coalesce(sum(l.remains) over (partition by a.product, a.rate), 0) as remains,
               least(l.remains, greatest(a.amount - coalesce(sum(l.remains) over (partition by a.product, a.rate order by l.place rows between unbounded preceding and 1 preceding), 0), 0)) as amount
        from api.asked_lines(asked, true) with ordinality a (product, amount, rate, n)
        left join api.lines_left(invoice_id) l on l.product = a.product and (a.rate is null or l.rate = a.rate)
        order by a.n, l.place
    loop
        if line.asked > line.remains then
            perform api.broken('red_letter_exceeds_line', jsonb_build_object('product', line.product, 'asked', line.asked::text, 'remains', line.remains::text));
        end if;
        continue when line.amount = 0;
        taken := taken || jsonb_strip_nulls(jsonb_build_object('product', line.product, 'amount', line.amount::numeric(14, 2)::text, 'rate', line.named));
    end loop;
    return taken;
end $$;
comment on function api.red_lines(uuid, jsonb) is 'What a red letter takes back: the lines asked for, or all that remains; never more than a line still holds, and each at the rate at which it was invoiced.';

create function api.propose_red_letter(command_id uuid, invoice_id uuid, reason_code text, lines jsonb default null, note text default null)
returns api.red_letters language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('tax_clerk');
    body jsonb := jsonb_build_object('invoice_id', invoice_id, 'reason_code', reason_code, 'lines', lines, 'note', note);
    paper book.invoices;
    taken jsonb;
    now_at timestamptz;
begin
    select i.* into paper from book.invoices i where i.id = invoice_id;
    if not found then perform api.broken('invoice_unknown'); end if;
    perform api.lock_customer(paper.customer_id);
    if not api.repeated(command_id, 'invoices.propose_red_letter', body) then
        now_at := api.clock();
        if paper.kind = 'red_letter' then perform api.broken('red_letter_of_red_letter'); end if;
        if reason_code not in ('01', '02', '03', '04') then perform api.broken('red_letter_reason_unknown'); end if;
        if exists (select 1 from book.red_letters r where r.invoice_id = paper.id and r.status = 'proposed') then
            perform api.broken('red_letter_already_proposed');
        end if;
        taken := api.red_lines(paper.id, lines);
        insert into book.red_letters (id, invoice_id, customer_id, reason_code, note, lines, total_incl, proposed_by, proposed_at)
        values (command_id, paper.id, paper.customer_id, reason_code, api.tidy(note), taken,
                (select sum((l ->> 'amount')::numeric) from jsonb_array_elements(taken) l), actor, now_at);
        perform api.record_event(command_id, 'invoices.propose_red_letter', actor, now_at, 'invoice', paper.id::text, paper.customer_id, body,
            jsonb_build_object('number', paper.number, 'reason_code', reason_code, 'lines', taken));
    end if;
    return (select r from api.red_letters r where r.id = command_id);
end $$;
comment on function api.propose_red_letter(uuid, uuid, text, jsonb, text) is
    'invoices.propose_red_letter: Asks for a paper to be taken back, whole (no lines) or in part, with its reason code. Nothing is issued before an approver confirms.';

create function api.red_content(paper book.invoices, proposal book.red_letters, approver integer, at timestamptz) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
    line record;
    lines jsonb := '[]';
    total_excl numeric := 0;
    total_tax numeric := 0;
begin
    for line in
        -- The part that empties a line takes the rest of its split, so that all parts together mirror the original.
        select l.product, p.title_en, p.title_zh, l.rate, -a.amount as incl,
               case when a.amount = l.amount_incl - l.red_lettered then -(l.amount_excl + coalesce(e.excl, 0)) else v.excl end as excl
        from api.asked_lines(proposal.lines, true) a
        join book.invoice_lines l on l.invoice_id = paper.id and l.product = a.product and (a.rate is null or l.rate = a.rate)
        join book.products p on p.code = l.product
        cross join lateral api.split_vat(-a.amount, l.rate) v
        left join lateral (select sum(x.amount_excl) as excl from book.invoices i join book.invoice_lines x on x.invoice_id = i.id
                           where i.refers_to = paper.id and x.product = l.product and x.rate = l.rate) e on true
        order by l.product, l.until_month
    loop
        lines := lines || jsonb_build_object('product', line.product, 'description_en', line.title_en, 'description_zh', line.title_zh, 'quantity', null,
            'amount_incl', line.incl::numeric(14, 2)::text, 'amount_excl', line.excl::numeric(14, 2)::text,
            'tax', (line.incl - line.excl)::numeric(14, 2)::text, 'rate', trim_scale(line.rate)::text);
        total_excl := total_excl + line.excl;
        total_tax := total_tax + line.incl - line.excl;
    end loop;
    -- At the rate of the paper that it takes back.
    return paper.content || jsonb_strip_nulls(jsonb_build_object('tax_currency', case when paper.content ? 'tax_currency' then api.in_tax_currency(paper.content #>> '{seller,tax_scheme}', paper.currency,
            paper.content #>> '{tax_currency,exchange_rate}', total_excl, total_tax, paper.issued_at) end))
        || jsonb_build_object('refers_to_kind', paper.kind, 'usage', null, 'kind', 'red_letter', 'lines', lines, 'gift_used', '0.00', 'refers_to', paper.number,
        'reason_code', proposal.reason_code, 'note', proposal.note, 'seller', paper.content -> 'seller',
        'total_excl', total_excl::numeric(14, 2)::text, 'total_tax', total_tax::numeric(14, 2)::text, 'total_incl', (total_excl + total_tax)::numeric(14, 2)::text,
        'approvals', jsonb_build_array(jsonb_build_object('login', api.login_of(approver), 'duty', 'approver',
            'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))));
end $$;
comment on function api.red_content(book.invoices, book.red_letters, integer, timestamptz) is
    'The content of a red letter: the original''s seller, buyer and period, its own negative lines, and the number it takes back.';

create function api.confirm_red_letter(command_id uuid, red_letter_id uuid) returns api.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('approver');
    body jsonb := jsonb_build_object('red_letter_id', red_letter_id);
    proposal book.red_letters;
    paper book.invoices;
    buyer book.buyers;
    content jsonb;
    now_at timestamptz;
begin
    select r.* into proposal from book.red_letters r where r.id = red_letter_id;
    if not found then perform api.broken('red_letter_unknown'); end if;
    perform api.lock_customer(proposal.customer_id);
    select r.* into proposal from book.red_letters r where r.id = red_letter_id for update;
    if not api.repeated(command_id, 'invoices.confirm_red_letter', body) then
        now_at := api.clock();
        if proposal.status <> 'proposed' then perform api.broken('red_letter_not_open', jsonb_build_object('status', proposal.status)); end if;
        if proposal.proposed_by = actor then perform api.broken('red_letter_confirmed_by_proposer', '{"clause": "6.1"}'); end if;
        select i.* into strict paper from book.invoices i where i.id = proposal.invoice_id;
        select b.* into strict buyer from book.buyers b where b.id = paper.buyer_id and b.version = paper.buyer_version;
        perform api.red_lines(paper.id, proposal.lines);
        if exists (select 1 from book.official_invoices o where o.invoice_id = paper.id)
           and coalesce((select k.state from api.red_confirmation_of(proposal.id, now_at) k), '') not in ('01', '04') then
            perform api.broken('red_letter_not_confirmed_by_platform');
        end if;
        content := api.red_content(paper, proposal, actor, now_at);
        perform api.write_invoice(command_id, 'RED', content, paper.customer_id, buyer, paper.id, proposal.reason_code, proposal.proposed_by, actor, now_at);
        update book.red_letters r set status = 'confirmed', decided_by = actor, decided_at = now_at, issued_as = command_id where r.id = proposal.id;
        perform api.record_event(command_id, 'invoices.confirm_red_letter', actor, now_at, 'invoice', command_id::text, paper.customer_id, body,
            jsonb_build_object('refers_to', paper.number, 'total_incl', content ->> 'total_incl'));
    end if;
    return (select i from api.invoices i where i.id = command_id);
end $$;
comment on function api.confirm_red_letter(uuid, uuid) is
    'invoices.confirm_red_letter: A second person issues the red letter. What it takes back may be invoiced again, unless it was given back (RA-23).';

create function api.decline_red_letter(command_id uuid, red_letter_id uuid, reason text) returns api.red_letters
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('approver', 'tax_clerk');
    body jsonb := jsonb_build_object('red_letter_id', red_letter_id, 'reason', reason);
    proposal book.red_letters;
    now_at timestamptz;
begin
    select r.* into proposal from book.red_letters r where r.id = red_letter_id;
    if not found then perform api.broken('red_letter_unknown'); end if;
    perform api.lock_customer(proposal.customer_id);
    select r.* into proposal from book.red_letters r where r.id = red_letter_id for update;
    if not api.repeated(command_id, 'invoices.decline_red_letter', body) then
        now_at := api.clock();
        if proposal.status <> 'proposed' then perform api.broken('red_letter_not_open', jsonb_build_object('status', proposal.status)); end if;
        if api.tidy(reason) is null then perform api.broken('decision_without_reason'); end if;
        update book.red_letters r set status = 'declined', decided_by = actor, decided_at = now_at where r.id = proposal.id;
        perform api.record_event(command_id, 'invoices.decline_red_letter', actor, now_at, 'invoice', proposal.invoice_id::text, proposal.customer_id, body,
            jsonb_build_object('reason', reason));
    end if;
    return (select r from api.red_letters r where r.id = red_letter_id);
end $$;
comment on function api.decline_red_letter(uuid, uuid, text) is 'invoices.decline_red_letter: An approver declines a red letter, or its tax clerk takes it back.';

grant execute on function api.list_red_letters(text, timestamptz, uuid, integer), api.propose_red_letter(uuid, uuid, text, jsonb, text),
    api.confirm_red_letter(uuid, uuid), api.decline_red_letter(uuid, uuid, text) to kontor_people;
