-- recharge pages: one recharge with whatever hangs on it: who paid, which agreement it accepted, its gift and the gift's rules, what it paid for.

create type api.recharge_page as (id bigint, order_no text, customer_id bigint, customer_name text, kind text, channel text, principal numeric, amount_left numeric, minimum numeric, paid_at timestamptz,
    confirmed_at timestamptz, provider_no text, payer_name text, payer_account text, payer_is_holder boolean, holder_verified boolean, agreement jsonb, gifts jsonb, usage jsonb, used numeric,
    state text, refund jsonb, disputes jsonb, parent jsonb, journal_id bigint);
comment on type api.recharge_page is 'One recharge and whatever hangs on it.';
comment on column api.recharge_page.kind is '{{"package" | "custom"}}';
comment on column api.recharge_page.channel is '{{"alipay" | "wechat"}}';
comment on column api.recharge_page.minimum is 'the smallest recharge that policy allowed when it was paid (RA 6.3)';
comment on column api.recharge_page.confirmed_at is '?when a statement confirmed it';
comment on column api.recharge_page.provider_no is '?the provider''s number';
comment on column api.recharge_page.payer_name is '?masked';
comment on column api.recharge_page.payer_account is '?masked';
comment on column api.recharge_page.agreement is '{{{ version: string; announced_at: Instant; effective_at: Instant; newer: string | null }}} the version that it accepted, and a newer one that holds today';
comment on column api.recharge_page.gifts is '{{Array<{ activity: string; title: string; amount: Money; left: Money; reserved: Money; granted_at: Instant; expires_at: Instant | null; over: boolean; on_recharge_refunded: "keep" | "void"; voids_on_application: boolean; place: number | null }>}} with their activity''s rules; place is their turn in the order of use';
comment on column api.recharge_page.usage is '{{Array<{ usage_key: string; product: string; used_from: Instant; amount: Money; journal_id: Id }>}} what it paid for, the last fifty';
comment on column api.recharge_page.state is '{{"free" | "held" | "refunded" | "earmarked" | "used"}} what stands in the way of the rest';
comment on column api.recharge_page.refund is '?{{{ id: Uuid; number: string }}} the application that holds or refunded it';
comment on column api.recharge_page.disputes is '{{Array<{ id: Uuid; number: string; status: string }>}} third parties'' disputes about it';
comment on column api.recharge_page.parent is '?{{{ id: Id; order_no: string }}} the refunded recharge that this credit-back came from';

create function api.recharge_gifts(lot book.recharges, at timestamptz) returns jsonb language sql stable security definer set search_path = '' as $$
    select coalesce(jsonb_agg(jsonb_build_object('activity', g.activity, 'title', a.title, 'amount', g.amount::text, 'left', g.amount_left::text, 'reserved', g.amount_reserved::text, 'granted_at', g.granted_at,
               'expires_at', g.expires_at, 'over', coalesce(g.expires_at <= at, false), 'on_recharge_refunded', a.on_recharge_refunded, 'voids_on_application', a.voids_on_application,
               -- The order of use is by expiry, then by age, among all gifts of the account (RA 6.2, A2).
               'place', case when g.amount_left > 0 and (g.expires_at is null or g.expires_at > at) then (
                   select count(*) from book.gifts o where o.customer_id = g.customer_id and o.amount_left > 0 and (o.expires_at is null or o.expires_at > at)
                     and (coalesce(o.expires_at, 'infinity'), o.id) <= (coalesce(g.expires_at, 'infinity'), g.id)) end) order by g.id), '[]')
    from book.gifts g join book.activities a on a.code = g.activity where g.recharge_id = lot.id
$$;
comment on function api.recharge_gifts(book.recharges, timestamptz) is 'The gifts that came with a recharge, their activity''s rules, and their turn in the order of use.';

create function api.open_recharge(recharge_id bigint) returns api.recharge_page language plpgsql stable security definer set search_path = '' as $$
declare lot book.recharges; holder book.customers; page api.recharge_page; at timestamptz := api.clock();
begin
    perform api.reader();
    select r.* into lot from book.recharges r where r.id = recharge_id;
    if not found then perform api.broken('recharge_unknown'); end if;
    select c.* into holder from book.customers c where c.id = lot.customer_id;
    page.id := lot.id; page.order_no := lot.order_no; page.customer_id := lot.customer_id; page.customer_name := api.shown_name(holder); page.kind := lot.kind; page.channel := lot.channel;
    page.principal := lot.principal; page.amount_left := lot.amount_left; page.paid_at := lot.paid_at; page.confirmed_at := lot.confirmed_at; page.provider_no := lot.provider_no;
    page.minimum := (api.policy('recharge_minimum', lot.paid_at) #>> '{}')::numeric;
    page.payer_name := api.mask_name(lot.payer_name); page.payer_account := api.mask_account(lot.payer_account); page.payer_is_holder := lot.payer_is_holder; page.holder_verified := holder.real_name_verified;
    page.journal_id := lot.journal_id;
    select jsonb_build_object('version', v.version, 'announced_at', v.announced_at, 'effective_at', v.effective_at,
        'newer', (select n.version from book.agreement_versions n where n.effective_at > v.effective_at and n.effective_at <= at order by n.effective_at desc limit 1))
    into page.agreement from book.agreement_versions v where v.version = lot.agreement_version;
    page.gifts := api.recharge_gifts(lot, at);
    select coalesce(sum(n.amount), 0) into page.used from book.consumptions n where n.recharge_id = lot.id;
    select coalesce(jsonb_agg(jsonb_build_object('usage_key', u.usage_key, 'product', u.product, 'used_from', u.used_from, 'amount', u.paid::text, 'journal_id', u.journal_id::text) order by u.used_from desc), '[]') into page.usage
    from (select c.usage_key, c.product, c.used_from, c.journal_id, sum(n.amount) as paid from book.consumptions n join book.usage_charges c on c.id = n.usage_id where n.recharge_id = lot.id
          group by c.id, c.usage_key, c.product, c.used_from, c.journal_id order by c.used_from desc limit 50) u;
    page.state := case when lot.refunded_by is not null then 'refunded' when lot.held_by_refund is not null then 'held' when lot.earmarked_for is not null then 'earmarked' when lot.amount_left = 0 then 'used' else 'free' end;
    select jsonb_build_object('id', f.id, 'number', f.number) into page.refund from book.refunds f where f.id = coalesce(lot.refunded_by, lot.held_by_refund);
    select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'number', d.number, 'status', d.status) order by d.noticed_at), '[]') into page.disputes from book.disputes d where d.recharge_id = lot.id;
    select jsonb_build_object('id', r.id::text, 'order_no', r.order_no) into page.parent from book.recharges r where r.id = lot.parent_id;
    return page;
end $$;
comment on function api.open_recharge(bigint) is 'recharges.open: One recharge: who paid and whether that is the holder, the agreement it accepted, the minimum of its day, its gift with the activity''s rules, and which usage it paid for.';
grant execute on function api.open_recharge(bigint) to kontor_people;
