-- Books of a wanted size, written set-wise: what the functions of api would have left behind, two years long.
-- Nothing here is random: the same size gives the same books. Triggers are off for this session alone; what they
-- would have checked is checked afterwards, in check.sql, over everything at once.
--
-- A customer's life is a chain of cycles of six events; each cycle has one lot, so every balance can be said in
-- closed form:   gift:   recharge with gift · usage from gift and lot · usage · usage of two products · usage · usage
--                plain:  the same without the gift
--                refund: recharge with gift · usage from gift · gift void · hold · release · paid
-- The last cycle of each customer stops half-way, so that something is left.

set session_replication_role = replica;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
set synchronous_commit = off;

insert into book.agreement_versions (version, announced_at, effective_at) values ('BENCH-1', '2023-01-01+08', '2023-02-01+08');
insert into book.activities (code, title, gift_expires_after, created_at) values ('bench', 'A gift with each recharge', null, '2023-01-01+08');
insert into book.products (code, title_en, title_zh) values ('compute', 'Compute', '算力'), ('storage', 'Storage', '存储'), ('traffic', 'Traffic', '流量');
insert into book.vat_rates (id, product, from_month, rate, reason, proposed_at, confirmed_at)
select gen_random_uuid(), p.code, '-infinity', 0.06, 'bench', '2023-01-01+08', '2023-01-01+08' from book.products p;
insert into book.accounts (code, owner, title_en, title_zh)
select 'revenue.' || p.code, 'house', 'Revenue · ' || p.title_en, '收入 · ' || p.title_zh from book.products p order by p.code;

-- Customer 1 is the busy one: some four in a hundred journals are its own.
insert into book.customers (ref, name, kind, phone, email, real_name_verified, search_key, created_at)
select 'C' || lpad(n::text, 7, '0'), case when n % 3 = 0 then '测试' || n || '有限公司' else '客户' || n end, case when n % 3 = 0 then 'enterprise' else 'personal' end,
       '138' || lpad(n::text, 8, '0'), 'c' || n || '@example.com', true, 'c' || n, '2023-06-01+08'
from generate_series(1, greatest(20, current_setting('bench.postings')::bigint / 50)) n;

create temporary table cycle as
select (row_number() over (order by c.id, k))::integer as cycle, c.id as customer, k, k = n.cycles - 1 as last,
       case when k < n.cycles - 1 and h.h % 40 = 0 then 'refund' when h.h % 40 <= 30 then 'gift' else 'plain' end as shape,
       (50 * (1 + h.h % 20))::numeric as paid, (5 * (1 + h.h % 20))::numeric as gift,
       case when (h.h / 64) % 3 = 0 then 'wechat' else 'alipay' end as channel,
       case when k < n.cycles - 1 then 6 else 1 + (h.h / 256) % 5 end as events,
       timestamptz '2024-01-01 00:00+08' + (k + ((h.h / 4096) % 1000) / 1000.0) * (interval '730 days' / (n.cycles + 1)) as begins,
       interval '730 days' / (n.cycles + 1) as lasts
from book.customers c
cross join lateral (select case when c.id = 1 then greatest(4, current_setting('bench.postings')::bigint / 400) else 1 + (hashint8(c.id) & 1048575) % 6 end as cycles) n
cross join lateral generate_series(0, n.cycles - 1) k
cross join lateral (select hashint8(c.id * 1000003 + k) & 1073741823 as h) h;

-- Journals are numbered in the order of time. What is posted one by one has a transaction of its own, usage comes in batches.
create temporary table event as
select row_number() over running as id, x.*,
       (current_setting('bench.first_transaction')::bigint + count(*) filter (where x.kind <> 'usage') over running)::text::xid8 as tx
from (select c.*, e as step, c.begins + (e + ((c.cycle + e * 7) % 10) / 16.0) * (c.lasts / 7.0) as at,
             case when e = 0 then 'recharge' when c.shape <> 'refund' or e = 1 then 'usage' else (array['gift_void', 'refund_hold', 'refund_released', 'refund_paid'])[e - 1] end as kind,
             md5('refund' || c.cycle)::uuid as refund, 'revenue.' || (array['compute', 'storage', 'traffic'])[1 + e % 3] as sold,
             case when c.shape = 'refund' then 0 when e = 1 then c.paid * 0.1 + 0.123457 when e = 2 then c.paid * 0.2 + 0.234561 when e = 3 then c.paid * 0.15 + 0.310007
                  when e = 4 then c.paid * 0.2 + 0.011113 when e = 5 then c.paid * 0.2 - 0.989145 else 0 end as part,
             case when c.shape = 'refund' and e in (1, 2) then c.gift / 2 when c.shape = 'gift' and e = 1 then c.gift else 0 end as from_gift,
             case when c.channel = 'alipay' then round(c.paid * 0.006, 2) else 0 end as fee
      from cycle c cross join lateral generate_series(0, c.events - 1) e) x
window running as (order by x.at, x.cycle, x.step rows unbounded preceding);
analyze event;

insert into book.journals (id, kind, customer_id, effective_at, recorded_at, recorded_by, recorded_tx, document_kind, document_id, clause, memo)
overriding system value
select e.id, e.kind, e.customer, e.at, e.at + interval '2 seconds', b.id, e.tx,
       case e.kind when 'recharge' then 'recharge' when 'usage' then 'usage' else 'refund' end,
       case e.kind when 'recharge' then to_char(e.at at time zone 'Asia/Shanghai', '"R"YYYYMMDD') || lpad(e.cycle::text, 8, '0') when 'usage' then 'U' || lpad(e.id::text, 12, '0') else e.refund::text end,
       case e.kind when 'recharge' then 'RA 2.1' when 'usage' then 'RA 9.3' when 'gift_void' then 'RA 9.2' else 'RA 9.1' end,
       case when e.id % rare.every = 5 then '补录 琥珀码头 amber quay ' || e.id
            when e.id % 97 = 0 then (array['人工核对', '客户来电确认', 'checked by hand', '按账单补记', 'asked by phone'])[1 + (e.id / 97) % 5] end
from event e cross join (select max(id) / 12 as every from event) rare
join book.people b on b.login = 'platform'
order by e.id;

-- The lines, debit positive.
create temporary table line as
select e.id, l.n::smallint as n, a.id as account_id, case when a.owner = 'customer' then e.customer end as customer, l.unit, l.amount
from event e
cross join lateral (values
    ('recharge', 1, e.channel || '_clearing', 'CNY', e.paid), ('recharge', 2, 'wallet', 'CNY', -e.paid),
    ('recharge', 3, 'gift_granted', 'CNY.GIFT', case when e.shape <> 'plain' then e.gift end), ('recharge', 4, 'wallet', 'CNY.GIFT', case when e.shape <> 'plain' then -e.gift end),
    ('usage', 1, 'wallet', 'CNY', case when e.step = 3 then 2 * e.part else e.part end), ('usage', 2, e.sold, 'CNY', -e.part),
    ('usage', 3, 'revenue.traffic', 'CNY', case when e.step = 3 then -e.part end), ('usage', 4, 'wallet', 'CNY.GIFT', e.from_gift), ('usage', 5, 'gift_used', 'CNY.GIFT', -e.from_gift),
    ('gift_void', 1, 'wallet', 'CNY.GIFT', e.from_gift), ('gift_void', 2, 'gift_voided', 'CNY.GIFT', -e.from_gift),
    ('refund_hold', 1, 'wallet', 'CNY', e.paid), ('refund_hold', 2, 'refund_hold', 'CNY', -e.paid),
    ('refund_released', 1, 'refund_hold', 'CNY', e.paid), ('refund_released', 2, 'refund_payable', 'CNY', e.fee - e.paid), ('refund_released', 3, 'fee_income', 'CNY', -e.fee),
    ('refund_paid', 1, 'refund_payable', 'CNY', e.paid - e.fee), ('refund_paid', 2, e.channel || '_clearing', 'CNY', e.fee - e.paid)
) l (kind, n, account, unit, amount)
join book.accounts a on a.code = l.account
where l.kind = e.kind and l.amount <> 0;

insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
select l.id, row_number() over (partition by l.id order by l.n), l.account_id, l.customer, l.unit, l.amount,
       case when l.customer is not null then sum(-l.amount) over account end, case when l.customer is not null then row_number() over account end
from line l
window account as (partition by l.customer, l.account_id, l.unit order by l.id, l.n rows unbounded preceding)
order by l.id, l.n;

insert into book.balances (customer_id, account_id, commodity, amount, sequence)
select p.customer_id, p.account_id, p.commodity, sum(-p.amount), count(*) from book.postings p where p.customer_id is not null group by 1, 2, 3 order by 1, 2, 3;

-- What is left of a lot and of a gift follows from how many steps its cycle has taken.
create temporary table taken as
select e.cycle, min(e.id) as journal_id, sum(case when e.kind = 'refund_hold' then e.paid when e.step = 3 then 2 * e.part else e.part end) as principal, sum(e.from_gift) as gift
from event e group by 1;
insert into book.recharges (id, order_no, customer_id, kind, channel, principal, amount_left, payer_account, payer_is_holder, agreement_version, paid_at, provider_no, refunded_by, confirmed_at, journal_id)
overriding system value
select c.cycle, j.document_id, c.customer, case when c.paid in (100, 500) then 'package' else 'custom' end, c.channel, c.paid, c.paid - t.principal, 'payer' || c.customer || '@example.com', true, 'BENCH-1', j.effective_at,
       case c.channel when 'alipay' then to_char(j.effective_at at time zone 'Asia/Shanghai', 'YYYYMMDD"22001400"') else '42000' end || lpad(((c.cycle * 7919::bigint) % 100000000)::text, 12, '0'),
       case when c.shape = 'refund' then md5('refund' || c.cycle)::uuid end, j.effective_at + interval '1 day', j.id
from cycle c join taken t on t.cycle = c.cycle join book.journals j on j.id = t.journal_id order by j.id;
insert into book.gifts (id, customer_id, recharge_id, activity, amount, amount_left, granted_at, journal_id)
overriding system value
select c.cycle, c.customer, c.cycle, 'bench', c.gift, c.gift - t.gift, j.effective_at, j.id
from cycle c join taken t on t.cycle = c.cycle join book.journals j on j.id = t.journal_id where c.shape <> 'plain' order by j.id;

-- One charge for each product of a usage journal, and which lot or gift paid it.
create temporary table charge as
select row_number() over (order by e.id, u.n) as id, e.id as journal_id, u.n, e.customer, e.cycle, substr(u.sold, 9) as product, e.at, u.gift, u.principal
from event e cross join lateral (values (1, e.sold, e.from_gift, e.part), (2, 'revenue.traffic', 0, e.part)) u (n, sold, gift, principal)
where e.kind = 'usage' and (u.n = 1 or e.step = 3);
insert into book.usage_charges (id, usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id)
overriding system value
select c.id, 'U' || lpad(c.journal_id::text, 12, '0') || case when c.n = 2 then '-2' else '' end, c.customer, c.product, c.at - interval '1 hour', c.at, c.gift + c.principal, c.gift, c.principal, 0, c.journal_id
from charge c order by c.id;
insert into book.consumptions (usage_id, recharge_id, gift_id, amount, journal_id)
select c.id, case when s.is_gift then null else c.cycle end, case when s.is_gift then c.cycle end, s.amount, c.journal_id
from charge c cross join lateral (values (true, c.gift), (false, c.principal)) s (is_gift, amount) where s.amount > 0 order by c.id;
insert into book.consumed_totals (customer_id, product, consumed_principal, consumed_gift)
select c.customer, c.product, sum(c.principal), sum(c.gift) from charge c group by 1, 2 order by 1, 2;

insert into book.refunds (id, number, customer_id, status, reason, reason_kind, ticket_no, gifts_void_confirmed, amount_gross, amount_fee, amount_net, amount_held, amount_gift_voided,
                          requested_at, requested_by, reviewed_at, reviewed_by, approved_at, approved_by, released_at, released_by, paid_at, closed_at, closed_by, step_at)
select e.refund, 'RF-BENCH-' || e.cycle, e.customer, 'paid', 'no further need', 'no_need', 'T' || e.cycle, true, e.paid, e.fee, e.paid - e.fee, 0, e.gift / 2,
       e.at - interval '3 days', p.agent, e.at - interval '2 days', p.reviewer, e.at - interval '1 day', p.approver, e.at - interval '1 day', p.treasurer, e.at, e.at, p.treasurer, e.at
from event e cross join (select max(b.id) filter (where b.login = 'agent') as agent, max(b.id) filter (where b.login = 'reviewer') as reviewer,
                                max(b.id) filter (where b.login = 'approver') as approver, max(b.id) filter (where b.login = 'treasurer') as treasurer from book.people b) p
where e.kind = 'refund_paid' order by e.id;
insert into book.refund_legs (refund_id, recharge_id, refund_no, amount_gross, amount_fee, amount_net, amount_residual, route, status, instructed_at, confirmed_at, confirmed_by, bank_reference)
select f.id, e.cycle, 'K' || e.cycle, f.amount_gross, f.amount_fee, f.amount_net, 0, 'original', 'confirmed', f.released_at, f.paid_at, f.closed_by, null
from event e join book.refunds f on f.id = e.refund where e.kind = 'refund_paid' order by e.id;

-- An audit row for each action: each recharge by itself, each refund's steps, each hour's batch of usage.
insert into book.audit_events (command_id, command, person_id, at, subject_kind, subject_id, customer_id, body_sha256, detail)
select md5('command' || e.id)::uuid, case e.kind when 'recharge' then 'recharges.post_one' when 'refund_hold' then 'refunds.request' when 'refund_released' then 'refunds.release' else 'refunds.confirm' end,
       b.id, e.at, case e.kind when 'recharge' then 'recharge' else 'refund' end, case e.kind when 'recharge' then e.cycle::text else e.refund::text end, e.customer, sha256(convert_to(e.id::text, 'UTF8')),
       jsonb_build_object('amount', e.paid::text)
from event e join book.people b on b.login = case when e.kind = 'recharge' then 'platform' else 'treasurer' end
where e.kind not in ('usage', 'gift_void') order by e.id;

-- The next rows come after these.
select setval(pg_get_serial_sequence('book.' || s.name, 'id'), s.last) from (
    values ('journals', (select max(id) from book.journals)), ('recharges', (select max(id) from book.recharges)), ('gifts', (select max(id) from book.gifts)),
           ('usage_charges', (select max(id) from book.usage_charges))) s (name, last);
drop table cycle, event, line, taken, charge;
