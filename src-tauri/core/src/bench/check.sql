-- What the triggers and the functions would have refused, looked for over everything at once. One row for each thing
-- that does not hold, with how often; no row at all means that these are books.
select 'journals_out_of_balance' as broken, count(*) as times from (select from book.postings p group by p.journal_id, p.commodity having sum(p.amount) <> 0) x having count(*) > 0
union all
select 'journals_without_postings', count(*) from book.journals j where not exists (select from book.postings p where p.journal_id = j.id) having count(*) > 0
union all
select 'postings_without_journal', count(*) from book.postings p where not exists (select from book.journals j where j.id = p.journal_id) having count(*) > 0
union all
select 'postings_of_another_customer', count(*) from book.postings p join book.journals j on j.id = p.journal_id where p.customer_id <> j.customer_id having count(*) > 0
union all
select 'postings_on_the_wrong_side', count(*) from book.postings p left join book.accounts a on a.id = p.account_id
where a.id is null or (a.owner = 'customer') <> (p.customer_id is not null) having count(*) > 0
union all
select 'balances_not_from_postings', count(*)
from book.balances b full join (select p.customer_id, p.account_id, p.commodity, -sum(p.amount) as amount, count(*) as lines, max(p.sequence) as sequence
                                from book.postings p where p.customer_id is not null group by 1, 2, 3) s using (customer_id, account_id, commodity)
where (b.amount, b.sequence, b.sequence) is distinct from (s.amount, s.lines::integer, s.sequence) having count(*) > 0
union all
select 'balances_after_that_skip', count(*)
from (select p.balance_after + p.amount as before, lag(p.balance_after, 1, 0) over run as after, p.sequence, row_number() over run as n
      from book.postings p where p.customer_id is not null window run as (partition by p.customer_id, p.account_id, p.commodity order by p.sequence)) x
where x.before <> x.after or x.sequence <> x.n having count(*) > 0
union all
select 'balances_overdrawn', count(*) from book.postings p join book.accounts a on a.id = p.account_id and a.code in ('wallet', 'refund_hold') where p.balance_after < 0 having count(*) > 0
union all
select 'lots_not_from_consumption', count(*)
from book.recharges r left join (select c.recharge_id, sum(c.amount) as amount from book.consumptions c group by 1) c on c.recharge_id = r.id
where r.amount_left <> case when r.refunded_by is null then r.principal - coalesce(c.amount, 0) else 0 end having count(*) > 0
union all
select 'usage_not_paid', count(*)
from book.usage_charges u left join (select c.usage_id, sum(c.amount) filter (where c.gift_id is not null) as gift, sum(c.amount) filter (where c.recharge_id is not null) as principal from book.consumptions c group by 1) c on c.usage_id = u.id
where (coalesce(c.gift, 0), coalesce(c.principal, 0)) <> (u.from_gift, u.from_principal) having count(*) > 0
union all
select 'rollups_not_from_postings', count(*)
from (select r.account_id, r.commodity, sum(r.debit) as debit, sum(r.credit) as credit, sum(r.postings)::bigint as postings from book.rollups r group by 1, 2) r
full join (select p.account_id, p.commodity, sum(greatest(p.amount, 0)) as debit, sum(greatest(-p.amount, 0)) as credit, count(*) as postings
           from book.postings p join book.journals j on j.id = p.journal_id where j.recorded_tx < (select h.passed from book.horizon h) group by 1, 2) p using (account_id, commodity)
where (r.debit, r.credit, r.postings) is distinct from (p.debit, p.credit, p.postings) having count(*) > 0
