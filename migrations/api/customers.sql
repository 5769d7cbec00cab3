-- customers: the account holder's page, its timeline, notes, and the few looks behind the masks.
-- Every look behind a mask is an audited action of its own (rules 6.4).

create function api.customers_named(query text, most integer default 500) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
declare
    words text[] := array(select left(w, 60) from unnest(regexp_split_to_array(lower(normalize(btrim(coalesce(query, '')), NFKC)), '\s+')) w where w <> '' limit 6);
    wanted tsquery;
begin
    if cardinality(words) = 0 then return '{}'; end if;
    select string_agg('''' || replace(replace(w, '\', '\\'), '''', '''''') || ''':*', ' & ')::tsquery into wanted from unnest(words) w;
    return array(select c.id from book.customers c where book.search_words(c.name, c.ref, c.search_key) @@ wanted
                 order by c.id desc limit least(greatest(most, 1), 500));
end $$;
comment on function api.customers_named(text, integer) is 'Customers found by the beginnings of words: name, any part of a Chinese name, pinyin or its initials, account number.';

create view api.customers as
    select c.id, c.ref, api.shown_name(c) as name, c.kind, api.mask_phone(c.phone) as phone, api.mask_email(c.email) as email,
           c.real_name_verified, c.created_at, c.usage_suspended_at,
           b.wallet, b.gift, b.held, b.receivable,
           exists (select 1 from book.locks l where l.customer_id = c.id and l.lifted_at is null) as locked,
           ((select count(*) from book.refunds r where r.customer_id = c.id and r.status in ('requested', 'reviewed', 'approved', 'released'))
            + (select count(*) from book.disputes d where d.customer_id = c.id and d.closed_at is null))::integer as open_cases
    from book.customers c
    cross join lateral (
        select coalesce(sum(b.amount) filter (where a.code = 'wallet' and b.commodity = 'CNY'), 0) as wallet,
               coalesce(sum(b.amount) filter (where a.code = 'wallet' and b.commodity = 'CNY.GIFT'), 0) as gift,
               coalesce(sum(b.amount) filter (where a.code in ('refund_hold', 'repayment_hold') and b.commodity = 'CNY'), 0) as held,
               coalesce(-sum(b.amount) filter (where a.code = 'receivable' and b.commodity = 'CNY'), 0) as receivable
        from book.balances b join book.accounts a on a.id = b.account_id where b.customer_id = c.id) b;
comment on view api.customers is 'Customers with people''s names, phones and e-mails masked, and what they have.';
comment on column api.customers.kind is '{{"personal" | "enterprise"}}';
comment on column api.customers.phone is '?masked';
comment on column api.customers.email is '?masked';
comment on column api.customers.usage_suspended_at is '?since when the platform serves nothing';
comment on column api.customers.receivable is 'what the customer owes us for usage that nothing has paid yet';

create function api.list_customers(search text default '', before_id bigint default null, most integer default 100, only_locked boolean default false)
returns setof api.customers language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare named bigint[];
begin
    perform api.reader();
    if api.tidy(search) is not null then named := api.customers_named(search, 500); end if;
    return query select c.* from api.customers c
    where (named is null or c.id = any (named)) and (before_id is null or c.id < before_id) and (not coalesce(only_locked, false) or c.locked)
    order by c.id desc limit least(greatest(most, 1), 500);
end $$;
comment on function api.list_customers(text, bigint, integer, boolean) is
    'customers.list: Customers, newest first, by name, part of a Chinese name, pinyin initials or account number. Phones have a search of their own, which is logged.';

create function api.find_by_phone(command_id uuid, phone text) returns setof api.customers
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'risk', 'legal', 'supervisor', 'auditor');
    sought text := book.phone_key(normalize(phone, NFKC));
    body jsonb := jsonb_build_object('phone', phone);
begin
    if length(coalesce(sought, '')) < 7 then perform api.broken('phone_incomplete'); end if;
    if not api.repeated(command_id, 'customers.find_by_phone', body) then
        perform api.record_event(command_id, 'customers.find_by_phone', actor, api.clock(), 'customer', null, null, body,
            jsonb_build_object('found', (select count(*) from book.customers c where book.phone_key(c.phone) = sought)));
    end if;
    return query select c.* from api.customers c where c.id in (select k.id from book.customers k where book.phone_key(k.phone) = sought) order by c.id limit 50;
end $$;
comment on function api.find_by_phone(uuid, text) is 'customers.find_by_phone: Customers with exactly this phone. Written to the audit, because it turns a number into a person.';

-- ── The page ───────────────────────────────────────────────────────────────────────────────────────────────────

create function api.customer_lots(of_customer bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', l.id::text, 'order_no', l.order_no, 'kind', l.kind, 'channel', l.channel, 'paid_at', l.paid_at, 'principal', l.principal::text,
        'left', l.amount_left::text, 'held', (l.held_by_refund is not null), 'refunded', (l.refunded_by is not null), 'reversed', (l.reversed_by is not null), 'confirmed_at', l.confirmed_at,
        'agreement_version', l.agreement_version, 'payer_name', api.mask_name(l.payer_name), 'payer_account', api.mask_account(l.payer_account),
        'payer_is_holder', l.payer_is_holder, 'earmarked_for', l.earmarked_for,
        'gift', (select coalesce(sum(g.amount), 0)::text from book.gifts g where g.recharge_id = l.id),
        'gift_left', (select coalesce(sum(g.amount_left), 0)::text from book.gifts g where g.recharge_id = l.id),
        'activity', (select min(g.activity) from book.gifts g where g.recharge_id = l.id)) order by l.paid_at desc, l.id desc), '[]')
    from (select r.* from book.recharges r where r.customer_id = of_customer order by r.paid_at desc, r.id desc limit 200) l
$$;
comment on function api.customer_lots(bigint) is 'The last 200 recharge lots of a customer: paid, left, held, refunded, gift.';

create function api.customer_cases(of_customer bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'id', c.id, 'number', c.number, 'status', c.status, 'open', c.open,
        'ticket_no', c.ticket_no, 'amount', c.amount::text, 'opened_at', c.opened_at, 'due_at', c.due_at, 'order_no', c.order_no) order by c.open desc, c.opened_at desc), '[]')
    from (select * from (
        select 'refund' as kind, r.id, r.number, r.status, r.status in ('requested', 'reviewed', 'approved', 'released') as open, r.ticket_no,
               r.amount_net as amount, r.requested_at as opened_at, null::timestamptz as due_at, null::text as order_no
        from book.refunds r where r.customer_id = of_customer
        union all
        select 'dispute', d.id, d.number, d.status, d.closed_at is null, d.ticket_no, d.amount_disputed, d.noticed_at,
               case when d.closed_at is null then d.due_at end, r.order_no
        from book.disputes d join book.recharges r on r.id = d.recharge_id where d.customer_id = of_customer) a
        order by open desc, opened_at desc limit 100) c
$$;
comment on function api.customer_cases(bigint) is 'Refunds and disputes of a customer, open ones first.';

create function api.customer_usage(of_customer bigint) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('month', to_char(m.month, 'YYYY-MM'), 'product', m.product, 'amount', m.amount::text,
        'from_gift', m.from_gift::text, 'from_principal', m.from_principal::text, 'uncollected', m.uncollected::text) order by m.month desc, m.product), '[]')
    from (select date_trunc('month', u.used_from at time zone 'Asia/Shanghai') as month, u.product, sum(u.amount) as amount,
                 sum(u.from_gift) as from_gift, sum(u.from_principal) as from_principal, sum(u.uncollected) as uncollected
          from book.usage_charges u where u.customer_id = of_customer and u.used_from >= api.clock() - interval '13 months'
          group by 1, 2) m
$$;
comment on function api.customer_usage(bigint) is 'Usage by product and Shanghai month, the last thirteen months.';

create type api.customer_page as (id bigint, ref text, name text, kind text, phone text, email text, real_name_verified boolean, created_at timestamptz,
    usage_suspended_at timestamptz, wallet numeric, gift numeric, refund_hold numeric, repayment_hold numeric, receivable numeric, unbilled numeric,
    locked boolean, flags jsonb, locks jsonb, lots jsonb, cases jsonb, invoices jsonb, usage jsonb, lots_in_all bigint);
comment on type api.customer_page is 'Everything that the customer''s page shows above its timeline.';
comment on column api.customer_page.kind is '{{"personal" | "enterprise"}}';
comment on column api.customer_page.phone is '?masked';
comment on column api.customer_page.email is '?masked';
comment on column api.customer_page.usage_suspended_at is '?since when the platform serves nothing';
comment on column api.customer_page.receivable is 'what the customer owes us for usage that nothing has paid yet';
comment on column api.customer_page.unbilled is 'metered and not billed yet, as last reported';
comment on column api.customer_page.flags is '{{Array<"locked" | "not_verified" | "no_balance" | "usage_suspended" | "owes" | "unbilled" | "refund_open" | "dispute_open">}} what to know first';
comment on column api.customer_page.locks is '{{JudicialLockPage["locks"]}} locks in force, and whether the platform has carried them out';
comment on column api.customer_page.lots is '{{Array<{ id: Id; order_no: string; kind: "package" | "custom"; channel: "alipay" | "wechat"; paid_at: Instant; principal: Money; left: Money; held: boolean; refunded: boolean; reversed: boolean; confirmed_at: Instant | null; agreement_version: string; payer_name: string | null; payer_account: string | null; payer_is_holder: boolean; earmarked_for: Uuid | null; gift: Money; gift_left: Money; activity: string | null }>}} newest first, at most 200';
comment on column api.customer_page.cases is '{{Array<{ kind: "refund" | "dispute"; id: Uuid; number: string; status: string; open: boolean; ticket_no: string; amount: Money; opened_at: Instant; due_at: Instant | null; order_no: string | null }>}} open ones first';
comment on column api.customer_page.invoices is '{{Array<{ id: Uuid; number: string; kind: string; total_incl: Money; red_lettered: Money; issued_at: Instant }>}} the last fifty';
comment on column api.customer_page.usage is '{{Array<{ month: string; product: string; amount: Money; from_gift: Money; from_principal: Money; uncollected: Money }>}} by month and product';

create function api.open_customer(customer_id bigint) returns api.customer_page language plpgsql stable security definer set search_path = '' as $$
declare page api.customer_page;
begin
    perform api.reader();
    select c.id, c.ref, c.name, c.kind, c.phone, c.email, c.real_name_verified, c.created_at, c.usage_suspended_at, c.wallet, c.gift, c.receivable, c.locked
    into page.id, page.ref, page.name, page.kind, page.phone, page.email, page.real_name_verified, page.created_at, page.usage_suspended_at,
         page.wallet, page.gift, page.receivable, page.locked
    from api.customers c where c.id = customer_id;
    if not found then perform api.broken('customer_unknown'); end if;
    page.refund_hold := api.balance(customer_id, 'refund_hold');
    page.repayment_hold := api.balance(customer_id, 'repayment_hold');
    select coalesce((select u.amount from book.unbilled_reports u where u.customer_id = open_customer.customer_id order by u.id desc limit 1), 0) into page.unbilled;
    page.locks := api.locks_of(customer_id);
    page.lots := api.customer_lots(customer_id);
    select count(*) into page.lots_in_all from book.recharges r where r.customer_id = open_customer.customer_id;
    page.cases := api.customer_cases(customer_id);
    page.usage := api.customer_usage(customer_id);
    select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'number', i.number, 'kind', i.kind, 'total_incl', i.total_incl::text,
        'red_lettered', i.red_lettered::text, 'issued_at', i.issued_at) order by i.issued_at desc), '[]') into page.invoices
    from (select v.* from book.invoices v where v.customer_id = open_customer.customer_id order by v.issued_at desc limit 50) i;
    page.flags := to_jsonb(array_remove(array[
        case when page.locked then 'locked' end,
        case when not page.real_name_verified then 'not_verified' end,
        case when page.wallet + page.gift <= 0 then 'no_balance' end,
        case when page.usage_suspended_at is not null then 'usage_suspended' end,
        case when page.receivable > 0 then 'owes' end,
        case when page.unbilled > 0 then 'unbilled' end,
        case when exists (select 1 from jsonb_array_elements(page.cases) c where c ->> 'kind' = 'refund' and (c ->> 'open')::boolean) then 'refund_open' end,
        case when exists (select 1 from jsonb_array_elements(page.cases) c where c ->> 'kind' = 'dispute' and (c ->> 'open')::boolean) then 'dispute_open' end], null));
    return page;
end $$;
comment on function api.open_customer(bigint) is 'customers.open: A customer''s page: balances, lots, locks, cases, invoices and usage, personal fields masked.';

-- ── The timeline ───────────────────────────────────────────────────────────────────────────────────────────────

create type api.timeline_entry as (key text, at timestamptz, kind text, what text, subject_kind text, subject_id text, number text, amount numeric,
    commodity text, person text, body text, detail jsonb);
comment on type api.timeline_entry is 'Something that happened with a customer.';
comment on column api.timeline_entry.kind is '{{"journal" | "event" | "note" | "paper" | "invoice"}} where it comes from';
comment on column api.timeline_entry.what is 'the journal''s kind, the command, the note''s kind, the paper''s media type or the invoice''s kind';
comment on column api.timeline_entry.subject_kind is '?what it is about';
comment on column api.timeline_entry.subject_id is '?its id';
comment on column api.timeline_entry.number is '?a number to show';
comment on column api.timeline_entry.amount is '?in favour of the customer';
comment on column api.timeline_entry.commodity is '?of the amount';
comment on column api.timeline_entry.person is '?who';
comment on column api.timeline_entry.body is '?what was written, or the file''s name';
comment on column api.timeline_entry.detail is '{{Record<string, unknown>}} of the action, without personal data';

create function api.timeline_journals(of_customer bigint, until_at timestamptz, most integer) returns setof api.timeline_entry
language sql stable security definer set search_path = '' as $$
    select 'journal-' || j.id, j.effective_at, 'journal', j.kind, j.document_kind, j.document_id,
           case when j.document_kind in ('recharge', 'order') then coalesce((select r.order_no from book.recharges r where r.journal_id = j.id limit 1), j.document_id) end,
           s.amount, s.commodity, p.login, j.memo, jsonb_build_object('journal_id', j.id::text)
    from (select k.* from book.journals k where k.customer_id = of_customer and k.effective_at < until_at
            and k.kind in ('recharge', 'credit_back', 'refund_paid', 'gift_void', 'gift_reinstated', 'repayment_paid', 'adjustment', 'reversal')
          order by k.effective_at desc, k.id desc limit most) j
    join book.people p on p.id = j.recorded_by
    left join lateral (select x.commodity, -sum(x.amount) as amount from book.postings x
                       where x.journal_id = j.id and x.customer_id = of_customer group by x.commodity order by x.commodity limit 1) s on true
$$;
comment on function api.timeline_journals(bigint, timestamptz, integer) is 'Recharges, refunds and other movements worth a line; usage is shown by month instead.';

create function api.timeline_events(of_customer bigint, until_at timestamptz, most integer) returns setof api.timeline_entry
language sql stable security definer set search_path = '' as $$
    select 'event-' || e.id, e.at, 'event', e.command, e.subject_kind, e.subject_id,
           case e.subject_kind when 'refund' then (select r.number from book.refunds r where r.id = api.as_uuid(e.subject_id))
                               when 'dispute' then (select d.number from book.disputes d where d.id = api.as_uuid(e.subject_id)) else e.detail ->> 'number' end,
           null::numeric, null::text, p.login, null::text, e.detail
    from (select k.* from book.audit_events k where k.customer_id = of_customer and k.at < until_at
            and k.command not in ('customers.add_note', 'attachments.begin', 'attachments.finish', 'attachments.opened', 'invoices.issue',
                                  'invoices.confirm_red_letter', 'invoices.read_pdf', 'invoices.store_pdf', 'letters.read', 'letters.mail', 'letters.copy', 'letters.store_pdf', 'disputes.dossier')
          order by k.at desc, k.id desc limit most) e
    join book.people p on p.id = e.person_id
$$;
comment on function api.timeline_events(bigint, timestamptz, integer) is 'What people did on this customer and its cases.';

create function api.timeline_papers(of_customer bigint, until_at timestamptz, most integer) returns setof api.timeline_entry
language sql stable security definer set search_path = '' as $$
    (select 'note-' || n.id, n.happened_at, 'note', n.kind, n.subject_kind, n.subject_id, null::text, null::numeric, null::text, p.login, n.body,
            jsonb_build_object('written_at', n.written_at)
     from book.notes n join book.people p on p.id = n.written_by
     where n.customer_id = of_customer and n.happened_at < until_at order by n.happened_at desc, n.id desc limit most)
    union all
    (select 'paper-' || a.id, a.received_at, 'paper', a.media_type, a.subject_kind, a.subject_id, null, null, null, p.login, a.file_name,
            jsonb_build_object('attachment_id', a.id, 'size_bytes', a.size_bytes, 'recorded_at', a.recorded_at)
     from book.attachments a join book.people p on p.id = a.recorded_by
     where a.complete and a.received_at < until_at
       and a.id in (select k.id from book.attachments k where k.customer_id = of_customer
                    union
                    -- Proof is filed before its application is, when nobody could say whose it will be.
                    select k.id from book.refunds r join book.attachments k on k.subject_kind = 'refund' and k.subject_id = r.id::text
                    where r.customer_id = of_customer)
     order by a.received_at desc, a.id desc limit most)
    union all
    (select 'invoice-' || i.id, i.issued_at, 'invoice', i.kind, 'invoice', i.id::text, i.number, i.total_incl, i.currency, p.login, null, '{}'::jsonb
     from book.invoices i join book.people p on p.id = i.issued_by
     where i.customer_id = of_customer and i.issued_at < until_at order by i.issued_at desc, i.id desc limit most)
$$;
comment on function api.timeline_papers(bigint, timestamptz, integer) is 'Notes, received papers and invoices.';

create function api.customer_timeline(customer_id bigint, before timestamptz default null, most integer default 100) returns setof api.timeline_entry
language sql stable security definer set search_path = '' as $$
    with bounds as (select coalesce(before, 'infinity') as until_at, least(greatest(most, 1), 500) as most from (select api.reader()) r),
    newest as (
        select e.* from bounds b, lateral (
            select * from api.timeline_journals(customer_id, b.until_at, b.most)
            union all select * from api.timeline_events(customer_id, b.until_at, b.most)
            union all select * from api.timeline_papers(customer_id, b.until_at, b.most)) e
        order by e.at desc, e.key desc limit (select b.most from bounds b))
    -- Entries of the same instant stay on one page, because the next page begins strictly before it.
    select e.* from newest e
    where (select count(*) from newest) < (select b.most from bounds b)
       or e.at > (select min(n.at) from newest n) or (select min(n.at) = max(n.at) from newest n)
    order by e.at desc, e.key desc
$$;
comment on function api.customer_timeline(bigint, timestamptz, integer) is
    'customers.timeline: Everything on a customer in one line of time, newest first: movements, steps of cases, notes, papers, invoices. The last row''s instant asks for the next page.';

-- ── Second cases ───────────────────────────────────────────────────────────────────────────────────────────────

create type api.same_ticket_case as (kind text, id uuid, number text, status text, open boolean, customer_id bigint, customer_ref text, ticket_no text, order_no text, opened_at timestamptz);
comment on type api.same_ticket_case is 'A case that shares a ticket or an order with another.';
comment on column api.same_ticket_case.kind is '{{"refund" | "dispute"}}';
comment on column api.same_ticket_case.order_no is '?the order they share';

create function api.cases_on(ticket_no text default null, order_no text default null) returns setof api.same_ticket_case
language sql stable security definer set search_path = '' as $$
    select h.* from (select api.reader()) me, lateral (
        select 'refund'::text, r.id, r.number, r.status, r.status in ('requested', 'reviewed', 'approved', 'released'), r.customer_id, c.ref, r.ticket_no,
               (select l.order_no from book.refund_legs g join book.recharges l on l.id = g.recharge_id where g.refund_id = r.id and l.order_no = cases_on.order_no limit 1), r.requested_at as opened_at
        from book.refunds r join book.customers c on c.id = r.customer_id
        where r.ticket_no = cases_on.ticket_no
           or r.id in (select g.refund_id from book.recharges l join book.refund_legs g on g.recharge_id = l.id where l.order_no = cases_on.order_no)
           or r.id in (select l.held_by_refund from book.recharges l where l.order_no = cases_on.order_no)
        union all
        select 'dispute', d.id, d.number, d.status, d.closed_at is null, d.customer_id, c.ref, d.ticket_no,
               case when l.order_no = cases_on.order_no then l.order_no end, d.noticed_at
        from book.disputes d join book.customers c on c.id = d.customer_id join book.recharges l on l.id = d.recharge_id
        where d.ticket_no = cases_on.ticket_no
           or d.recharge_id in (select k.id from book.recharges k where k.order_no = cases_on.order_no)) h
    order by h.opened_at desc limit 20
$$;
comment on function api.cases_on(text, text) is 'search.same_ticket: Cases that carry the same customer-service ticket or concern the same order: shown before a second one is opened.';

create function api.same_ticket(ticket_no text, order_no text) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('kind', h.kind, 'id', h.id, 'number', h.number, 'status', h.status, 'open', h.open,
        'customer_ref', h.customer_ref, 'opened_at', h.opened_at) order by h.opened_at desc), '[]')
    from api.cases_on(ticket_no, order_no) h
$$;
comment on function api.same_ticket(text, text) is 'The cases on a ticket or an order as a page shows them beside its own, the case itself among them.';

-- ── Actions ────────────────────────────────────────────────────────────────────────────────────────────────────

create view api.notes as
    select n.id, n.customer_id, n.subject_kind, n.subject_id, n.kind, n.body, n.happened_at, n.party, p.login as written_by, n.written_at
    from book.notes n join book.people p on p.id = n.written_by;
comment on view api.notes is 'Notes, calls and messages.';
comment on column api.notes.kind is '{{"note" | "call" | "message" | "letter"}}';
comment on column api.notes.party is '?{{"third_party" | "holder"}} with whom, on a dispute';
comment on column api.notes.subject_kind is '?the case it belongs to';
comment on column api.notes.subject_id is '?its id';

create function api.add_note(command_id uuid, customer_id bigint, kind text, body text, happened_at timestamptz default null,
    subject_kind text default null, subject_id text default null, party text default null) returns api.notes
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'accountant', 'tax_clerk', 'growth', 'risk', 'legal', 'supervisor');
    asked jsonb := jsonb_build_object('customer_id', customer_id, 'kind', kind, 'body', body, 'happened_at', happened_at, 'subject_kind', subject_kind, 'subject_id', subject_id, 'party', party);
    now_at timestamptz;
begin
    perform api.lock_customer(customer_id);
    if not api.repeated(command_id, 'customers.add_note', asked) then
        now_at := api.clock();
        if kind not in ('note', 'call', 'message', 'letter') then perform api.broken('note_kind_unknown'); end if;
        if api.tidy(body) is null then perform api.broken('note_is_empty'); end if;
        if length(body) > 20000 then perform api.broken('note_too_long', '{"most": 20000}'); end if;
        if coalesce(happened_at, now_at) > now_at then perform api.broken('note_in_the_future'); end if;
        if party not in ('third_party', 'holder') then perform api.broken('note_party_unknown'); end if;
        insert into book.notes (id, customer_id, subject_kind, subject_id, kind, body, happened_at, written_by, written_at, party)
        values (command_id, customer_id, subject_kind, subject_id, kind, api.tidy(body), coalesce(happened_at, now_at), actor, now_at, party);
        perform api.record_event(command_id, 'customers.add_note', actor, now_at, coalesce(subject_kind, 'customer'), coalesce(subject_id, customer_id::text), customer_id, asked,
            jsonb_build_object('kind', kind));
    end if;
    return (select n from api.notes n where n.id = command_id);
end $$;
comment on function api.add_note(uuid, bigint, text, text, timestamptz, text, text, text) is 'customers.add_note: A note, a call or a message on a customer or a case, with when it happened and with whom.';

create function api.list_notes(subject_kind text, subject_id text) returns setof api.notes language sql stable security definer set search_path = '' as $$
    select n.* from (select api.reader()) r, api.notes n
    where n.subject_kind = list_notes.subject_kind and n.subject_id = list_notes.subject_id order by n.happened_at desc limit 200
$$;
comment on function api.list_notes(text, text) is 'customers.list_notes: The notes on a case, newest first.';

create function api.plain_field(of_customer bigint, field text, order_no text) returns text language plpgsql stable security definer set search_path = '' as $$
declare
    plain text;
    paid book.recharges;
begin
    if field in ('payer_name', 'payer_account') then
        select r.* into paid from book.recharges r where r.customer_id = of_customer and r.order_no = plain_field.order_no;
        if not found then perform api.broken('recharge_unknown'); end if;
        plain := case field when 'payer_name' then paid.payer_name else paid.payer_account end;
    elsif field in ('name', 'phone', 'email') then
        select case field when 'name' then c.name when 'phone' then c.phone else c.email end into plain from book.customers c where c.id = of_customer;
    else
        perform api.broken('field_unknown');
    end if;
    return plain;
end $$;
comment on function api.plain_field(bigint, text, text) is 'One personal field without its mask; only the audited reveal calls this.';

create type api.revelation as (field text, value text, until timestamptz);
comment on type api.revelation is 'A field without its mask, and until when the window may show it.';
comment on column api.revelation.value is '?null when there is none on file';

create function api.reveal(command_id uuid, customer_id bigint, field text, reason text, order_no text default null) returns api.revelation
language plpgsql volatile security definer set search_path = '' as $$
declare
    actor integer := api.actor('agent', 'handler', 'reviewer', 'approver', 'treasurer', 'tax_clerk', 'risk', 'legal', 'supervisor', 'auditor');
    body jsonb := jsonb_build_object('customer_id', customer_id, 'field', field, 'reason', reason, 'order_no', order_no);
    now_at timestamptz := api.clock();
    revealed_at timestamptz;
    plain text;
begin
    if not exists (select 1 from book.customers c where c.id = reveal.customer_id) then perform api.broken('customer_unknown'); end if;
    if api.tidy(reason) is null then perform api.broken('reveal_without_reason'); end if;
    plain := api.plain_field(customer_id, field, order_no);
    if not api.repeated(command_id, 'customers.reveal', body) then
        perform api.record_event(command_id, 'customers.reveal', actor, now_at, 'customer', customer_id::text, customer_id, body,
            jsonb_build_object('field', field, 'reason', reason, 'order_no', order_no));
        revealed_at := now_at;
    else
        select e.at into revealed_at from book.audit_events e where e.command_id = reveal.command_id;
        if now_at >= revealed_at + interval '5 minutes' then perform api.broken('reveal_is_over'); end if;
    end if;
    return row(field, plain, revealed_at + interval '5 minutes')::api.revelation;
end $$;
comment on function api.reveal(uuid, bigint, text, text, text) is
    'customers.reveal: Shows one personal field (name, phone, email; payer_name or payer_account of an order) for five minutes, with a reason, on the record.';

grant execute on function api.list_customers(text, bigint, integer, boolean), api.find_by_phone(uuid, text), api.open_customer(bigint),
    api.customer_timeline(bigint, timestamptz, integer), api.add_note(uuid, bigint, text, text, timestamptz, text, text, text), api.list_notes(text, text),
    api.reveal(uuid, bigint, text, text, text), api.cases_on(text, text) to kontor_people;
