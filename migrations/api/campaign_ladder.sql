-- campaign_ladder: what an inviter is entitled to. One friend that falls out moves everybody behind into other rounds, so
-- a ladder is kept as stretches that fit behind any beginning; one stretch is summed again and the stretches are added up.

create function api.stretch_end(of_inviter bigint, of_paid_at timestamptz, of_order_no text, out next_paid_at timestamptz, out next_order_no text) language plpgsql stable security definer set search_path = '' as $$
begin
    select b.from_paid_at, b.from_order_no into next_paid_at, next_order_no from book.ladder_blocks b
    where b.inviter_id = of_inviter and (b.from_paid_at, b.from_order_no) > (of_paid_at, of_order_no) order by b.from_paid_at, b.from_order_no limit 1;
    next_paid_at := coalesce(next_paid_at, 'infinity');
    next_order_no := coalesce(next_order_no, '');
end $$;
comment on function api.stretch_end(bigint, timestamptz, text) is 'Where a stretch ends: at the first friend of the next one.';

create function api.sum_stretches(inviters bigint[], from_paid_ats timestamptz[], from_order_nos text[]) returns integer language plpgsql volatile security definer set search_path = '' as $$
declare size integer := api.friends_in_a_round(); longest integer;
begin
    with stretch as materialized (
        select s.*, e.next_paid_at, e.next_order_no from unnest(inviters, from_paid_ats, from_order_nos) with ordinality s (inviter_id, from_paid_at, from_order_no, n)
        cross join lateral api.stretch_end(s.inviter_id, s.from_paid_at, s.from_order_no) e
    ), part as materialized (
        select s.n, row_number() over w - 1 as i, count(*) over (partition by s.n) as friends, i.apa, i.base_credit, i.tier_part, sum(i.tier_part) over w as run, sum(i.tier_part) over (partition by s.n) as parts
        from stretch s cross join lateral (
            select x.paid_at, x.order_no, x.apa, x.base_credit, x.tier_part from book.invitations x
            where x.inviter_id = s.inviter_id and x.counted and (x.paid_at, x.order_no) >= (s.from_paid_at, s.from_order_no) and (x.paid_at, x.order_no) < (s.next_paid_at, s.next_order_no) offset 0) i
        window w as (partition by s.n order by i.paid_at, i.order_no rows unbounded preceding)
    ), round_at as (
        -- The sum of the thirty friends from each place on; rounds that begin at the same place modulo thirty belong together.
        select w.n, w.i % size as r, sum(round(w.sum, 2)) as credit
        from (select p.n, p.i, lead(p.run, size - 1) over (partition by p.n order by p.i) - p.run + p.tier_part as sum from part p where p.friends >= size) w where w.sum is not null group by 1, 2
    ), rounds as (select r.n, array_agg(r.credit order by r.r) as credits from round_at r group by 1
    ), summed as (
        select p.n, count(*)::integer as friends, sum(p.apa) as apa, sum(p.base_credit) as base, sum(p.tier_part) as parts, array_agg(p.run order by p.i) filter (where p.i < size - 1) as heads,
               array_agg(p.parts - p.run order by p.i desc) filter (where p.i >= p.friends - size) as tails
        from part p group by 1
    ), told as materialized (
        -- Joined before the update: a planner that expects one row to change would add the sums up anew for each.
        select s.inviter_id, s.from_paid_at, s.from_order_no, coalesce(t.friends, 0) as friends, coalesce(t.apa, 0) as apa, coalesce(t.base, 0) as base, coalesce(t.parts, 0) as parts, coalesce(r.credits, '{}') as rounds,
               0::numeric || coalesce(t.heads, '{}') as heads, coalesce(t.tails, '{}') || case when coalesce(t.friends, 0) < size then array[coalesce(t.parts, 0)] else '{}' end as tails
        from stretch s left join summed t on t.n = s.n left join rounds r on r.n = s.n
    ), written as (
        update book.ladder_blocks b set friends = t.friends, apa = t.apa, base = t.base, parts = t.parts, rounds = t.rounds, heads = t.heads, tails = t.tails
        from told t where b.inviter_id = t.inviter_id and b.from_paid_at = t.from_paid_at and b.from_order_no = t.from_order_no returning b.friends)
    select max(w.friends) into longest from written w;
    return longest;
end $$;
comment on function api.sum_stretches(bigint[], timestamptz[], text[]) is 'Sums stretches of ladders again; answers how many friends are in the longest.';

create function api.longest_stretch() returns integer language sql immutable security definer set search_path = '' as $$ select 600 $$;
comment on function api.longest_stretch() is 'A stretch longer than this is cut: long ones make a change dear, short ones the adding up.';

create function api.cut_stretch(of_inviter bigint, of_paid_at timestamptz, of_order_no text) returns void language plpgsql volatile security definer set search_path = '' as $$
declare until record; half integer := api.longest_stretch() / 2; paid_ats timestamptz[]; order_nos text[];
begin
    select e.* into until from api.stretch_end(of_inviter, of_paid_at, of_order_no) e;
    with cut as (
        insert into book.ladder_blocks (inviter_id, from_paid_at, from_order_no)
        select of_inviter, s.paid_at, s.order_no
        from (select i.paid_at, i.order_no, row_number() over (order by i.paid_at, i.order_no) - 1 as place from book.invitations i
              where i.inviter_id = of_inviter and i.counted and (i.paid_at, i.order_no) >= (of_paid_at, of_order_no) and (i.paid_at, i.order_no) < (until.next_paid_at, until.next_order_no)) s
        where s.place > 0 and s.place % half = 0 returning from_paid_at, from_order_no)
    select array_agg(c.from_paid_at) || of_paid_at, array_agg(c.from_order_no) || of_order_no into paid_ats, order_nos from cut c;
    perform api.sum_stretches(array_fill(of_inviter, array[cardinality(paid_ats)]), paid_ats, order_nos);
end $$;
comment on function api.cut_stretch(bigint, timestamptz, text) is 'Cuts a stretch that has become long into halves of what one may be.';

create function api.renew_stretches(inviters bigint[], paid_ats timestamptz[], order_nos text[]) returns void language plpgsql volatile security definer set search_path = '' as $$
declare here record; long record;
begin
    insert into book.ladder_blocks (inviter_id, from_paid_at, from_order_no) select i, '-infinity', '' from unnest(inviters) i group by 1 order by 1 on conflict do nothing;
    select array_agg(s.inviter_id) as inviters, array_agg(s.from_paid_at) as paid_ats, array_agg(s.from_order_no) as order_nos into here
    from (select distinct m.inviter_id, b.from_paid_at, b.from_order_no from unnest(inviters, paid_ats, order_nos) m (inviter_id, paid_at, order_no) cross join lateral (
              select x.from_paid_at, x.from_order_no from book.ladder_blocks x where x.inviter_id = m.inviter_id and (x.from_paid_at, x.from_order_no) <= (m.paid_at, m.order_no)
              order by x.from_paid_at desc, x.from_order_no desc limit 1) b) s;
    if api.sum_stretches(here.inviters, here.paid_ats, here.order_nos) <= api.longest_stretch() then return; end if;
    for long in select b.inviter_id, b.from_paid_at, b.from_order_no from unnest(here.inviters, here.paid_ats, here.order_nos) s (inviter_id, from_paid_at, from_order_no)
                join book.ladder_blocks b on (b.inviter_id, b.from_paid_at, b.from_order_no) = (s.inviter_id, s.from_paid_at, s.from_order_no) where b.friends > api.longest_stretch() loop
        perform api.cut_stretch(long.inviter_id, long.from_paid_at, long.from_order_no);
    end loop;
end $$;
comment on function api.renew_stretches(bigint[], timestamptz[], text[]) is 'Sums the stretches that friends stand in again, and cuts those that have become long.';

create function api.add_up_ladder(of_inviter bigint) returns api.ladder_figures language plpgsql stable security definer set search_path = '' as $$
declare size integer := api.friends_in_a_round(); figures api.ladder_figures := row(0, 0, 0, 0); b record; waiting integer := 0; waiting_sum numeric := 0; need integer;
begin
    for b in select x.friends, x.apa, x.base, x.parts, x.rounds, x.heads, x.tails from book.ladder_blocks x where x.inviter_id = of_inviter order by x.from_paid_at, x.from_order_no loop
        figures.friends := figures.friends + b.friends;
        figures.apa := figures.apa + b.apa;
        figures.base_total := figures.base_total + b.base;
        need := (size - waiting) % size;
        if b.friends < need or b.friends = 0 then
            waiting := waiting + b.friends;
            waiting_sum := waiting_sum + b.parts;
            continue;
        end if;
        if need > 0 then figures.tier_total := figures.tier_total + round(waiting_sum + b.heads[need + 1], 2); end if;
        figures.tier_total := figures.tier_total + coalesce(b.rounds[need + 1], 0);
        waiting := (b.friends - need) % size;
        waiting_sum := b.tails[waiting + 1];
    end loop;
    return figures;
end $$;
comment on function api.add_up_ladder(bigint) is 'An inviter''s whole ladder from its stretches: the friends that a stretch leaves over wait for the next one''s first.';

create function api.full_ladder(of_inviter bigint) returns api.ladder_figures language sql stable security definer set search_path = '' as $$
    with counted as (select array_agg(i.apa order by i.paid_at, i.order_no) as apas, array_agg(i.tier_part order by i.paid_at, i.order_no) as parts, count(*) as n, coalesce(sum(i.apa), 0) as apa, coalesce(sum(i.base_credit), 0) as base
                     from book.invitations i where i.inviter_id = of_inviter and i.counted)
    select row(c.n, c.apa, c.base, (select coalesce(sum(r.tier_credit), 0) from api.ladder_rounds(c.apas, c.parts) r))::api.ladder_figures from counted c
$$;
comment on function api.full_ladder(bigint) is 'The same from the friends themselves, all of them: what the stretches are held against.';

-- ── Credits ────────────────────────────────────────────────────────────────────────────────────────────────────

create function api.credit_standing(of_customer bigint) returns text language plpgsql stable security definer set search_path = '' as $$
declare m book.campaign_members;
begin
    select x.* into m from book.campaign_members x where x.customer_id = of_customer;
    return case when m.barred_at is not null then 'barred' when m.deactivated_at is not null then 'deactivated'
                when exists (select 1 from book.locks l where l.customer_id = of_customer and l.cause = 'campaign' and l.lifted_at is null) then 'locked' else 'sound' end;
end $$;
comment on function api.credit_standing(bigint) is 'Whether an account may earn and use credits: not when it is deactivated (IC-19) or barred (IC-29); a campaign lock stops their use.';

create function api.credits_expired(of_customer bigint, at timestamptz) returns numeric language plpgsql stable security definer set search_path = '' as $$
declare ends timestamptz; left_over numeric := greatest(api.balance(of_customer, 'credits', 'USD.CREDIT'), 0);
begin
    select max(e.earned_before) into ends from book.credit_expiries e where e.confirmed_at is not null and e.expires_at <= at;
    if ends is null or left_over = 0 then return 0; end if;
    -- The oldest credits are used first, so what is left is the youngest: what was earned since then stays.
    return greatest(left_over - (select coalesce(sum(-p.amount), 0) from book.postings p join book.journals j on j.id = p.journal_id
                                 where p.customer_id = of_customer and p.account_id = (select a.id from book.accounts a where a.code = 'credits') and p.commodity = 'USD.CREDIT'
                                   and j.kind in ('credit_earned', 'credit_restored') and j.effective_at >= ends), 0);
end $$;
comment on function api.credits_expired(bigint, timestamptz) is 'Credits of an account whose notice has run out and that are not taken off it yet: nobody may use them any more (IC-20).';

create function api.credits_pending(of_customer bigint, at timestamptz) returns numeric language plpgsql stable security definer set search_path = '' as $$
declare days integer := coalesce((api.policy('credit_pending_days', at) #>> '{}')::integer, 0);
begin
    if days = 0 then return 0; end if;
    -- What was taken back since is taken from what waits: the oldest credits are used first.
    return least(greatest(api.balance(of_customer, 'credits', 'USD.CREDIT'), 0), greatest((
        select coalesce(sum(-p.amount), 0) from book.postings p join book.journals j on j.id = p.journal_id
        where p.customer_id = of_customer and p.account_id = (select a.id from book.accounts a where a.code = 'credits') and p.commodity = 'USD.CREDIT'
          and j.kind in ('credit_earned', 'credit_reversed') and j.recorded_at > at - make_interval(days => days)), 0));
end $$;
comment on function api.credits_pending(bigint, timestamptz) is 'Credits that were earned too lately to be used: the policy''s days, none unless two people set some (B6).';

create function api.credits_available(of_customer bigint) returns numeric language plpgsql stable security definer set search_path = '' as $$
begin
    if api.credit_standing(of_customer) <> 'sound' then return 0; end if;
    return greatest(greatest(api.balance(of_customer, 'credits', 'USD.CREDIT'), 0) - api.credits_expired(of_customer, api.clock()) - api.credits_pending(of_customer, api.clock()), 0);
end $$;
comment on function api.credits_available(bigint) is 'Credits that an account may use now; never below zero, even while the balance is.';

create function api.post_credits(kind text, of_customer bigint, at timestamptz, actor integer, document_kind text, document_id text, house_codes text[], amounts numeric[], clause text) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
begin
    -- This balance may go below zero, by what an honest refund takes back after it was spent (B9).
    insert into book.balances (customer_id, account_id, commodity, may_be_negative)
    select of_customer, a.id, 'USD.CREDIT', true from book.accounts a where a.code = 'credits' on conflict do nothing;
    return api.post_journal(kind, of_customer, api.postable_at(at, actor, at), at, actor, document_kind, document_id, house_codes || 'credits'::text,
        array_fill('USD.CREDIT'::text, array[cardinality(amounts) + 1]), amounts || -(select sum(m) from unnest(amounts) m), clause);
end $$;
comment on function api.post_credits(text, bigint, timestamptz, integer, text, text, text[], numeric[], text) is 'One journal on an account''s credits: what the house accounts are debited with, the credits get.';

create function api.post_earned(actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare credits smallint := (select a.id from book.accounts a where a.code = 'credits'); effective timestamptz := api.postable_at(at, actor, at);
begin
    insert into book.journals (id, kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id, clause) overriding system value
    select d.journal_id, case when d.base + d.tier < 0 then 'credit_reversed' else 'credit_earned' end, d.inviter_id, effective, at, actor, 'ladder', d.inviter_id::text, 'IC 3' from pg_temp.credit_dues d order by d.journal_id;
    -- This balance may go below zero, by what an honest refund takes back after it was spent (B9).
    insert into book.balances (customer_id, account_id, commodity, may_be_negative) select d.inviter_id, credits, 'USD.CREDIT', true from pg_temp.credit_dues d order by 1 on conflict do nothing;
    with moved as (
        update book.balances b set amount = b.amount + d.base + d.tier, sequence = b.sequence + 1 from pg_temp.credit_dues d
        where b.customer_id = d.inviter_id and b.account_id = credits and b.commodity = 'USD.CREDIT' and d.base + d.tier <> 0 returning d.journal_id, d.inviter_id, -(d.base + d.tier) as amount, b.amount as balance, b.sequence
    ), line as (
        select d.journal_id, a.id as account_id, null::bigint as customer_id, l.amount, null::numeric as balance, null::integer as sequence
        from pg_temp.credit_dues d cross join lateral (values ('credit_base_cost', d.base), ('credit_tier_cost', d.tier)) l (code, amount) join book.accounts a on a.code = l.code where l.amount <> 0
        union all select m.journal_id, credits, m.inviter_id, m.amount, m.balance, m.sequence from moved m)
    insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount, balance_after, sequence)
    select l.journal_id, row_number() over (partition by l.journal_id order by l.customer_id nulls first, l.account_id), l.account_id, l.customer_id, 'USD.CREDIT', l.amount, l.balance, l.sequence from line l order by 1, 2;
end $$;
comment on function api.post_earned(integer, timestamptz) is 'One journal for each inviter to whom something is due, all of them at once.';

create function api.settle_ladders(inviters bigint[], actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into book.ladders (inviter_id, settled_at) select i, at from unnest(inviters) i order by 1 on conflict do nothing;
    update book.ladders x set friends = f.friends, apa = f.apa, base_total = f.base_total, tier_total = f.tier_total, settled_at = at
    from (select i.id, (i.figures).* from (select u.id, api.add_up_ladder(u.id) as figures from unnest(inviters) u (id) offset 0) i) f where x.inviter_id = f.id;
    create temporary table if not exists pg_temp.credit_dues (inviter_id bigint, base numeric, tier numeric, journal_id bigint) on commit delete rows;
    delete from pg_temp.credit_dues;
    insert into pg_temp.credit_dues (inviter_id, base, tier, journal_id)
    select l.inviter_id, l.base_total - l.base_posted, l.tier_total - l.tier_posted, nextval('book.journals_id_seq')
    from (select u.id from unnest(inviters) u (id) order by 1) i cross join lateral (select x.* from book.ladders x where x.inviter_id = i.id offset 0) l
    where (l.base_total, l.tier_total) is distinct from (l.base_posted, l.tier_posted) and api.credit_standing(l.inviter_id) not in ('barred', 'deactivated');
    if not found then return; end if;
    perform api.post_earned(actor, at);
    update book.ladders x set base_posted = x.base_total, tier_posted = x.tier_total from pg_temp.credit_dues d where x.inviter_id = d.inviter_id;
end $$;
comment on function api.settle_ladders(bigint[], integer, timestamptz) is 'Posts the difference between what inviters are entitled to and what the ledger has (B8). What is taken back comes from unused credits first; the rest stands as a negative balance (B9). A barred or deactivated account earns nothing.';
