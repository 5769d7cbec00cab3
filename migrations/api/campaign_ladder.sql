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

create function api.sum_stretch(of_inviter bigint, of_paid_at timestamptz, of_order_no text) returns integer language plpgsql volatile security definer set search_path = '' as $$
declare size integer := api.friends_in_a_round(); until record; counted integer;
begin
    select e.* into until from api.stretch_end(of_inviter, of_paid_at, of_order_no) e;
    with part as materialized (
        select row_number() over w - 1 as i, i.apa, i.base_credit, i.tier_part, sum(i.tier_part) over w as run
        from book.invitations i
        where i.inviter_id = of_inviter and i.counted and (i.paid_at, i.order_no) >= (of_paid_at, of_order_no) and (i.paid_at, i.order_no) < (until.next_paid_at, until.next_order_no)
        window w as (order by i.paid_at, i.order_no)
    ), total as (select count(*)::integer as n, coalesce(sum(p.apa), 0) as apa, coalesce(sum(p.base_credit), 0) as base, coalesce(sum(p.tier_part), 0) as parts from part p
    ), round_at as (
        -- The sum of the thirty friends from each place on; rounds that begin at the same place modulo thirty belong together.
        select w.i % size as r, sum(round(w.sum, 2)) as credit
        from (select p.i, lead(p.run, size - 1) over (order by p.i) - p.run + p.tier_part as sum from part p) w where w.sum is not null group by 1)
    update book.ladder_blocks b set friends = t.n, apa = t.apa, base = t.base, parts = t.parts,
        rounds = array(select coalesce(a.credit, 0) from generate_series(0, least(size - 1, t.n - size)) g left join round_at a on a.r = g order by g),
        heads = array(select coalesce(p.run, 0) from generate_series(0, least(size - 1, t.n)) k left join part p on p.i = k - 1 order by k),
        tails = array(select t.parts - coalesce(p.run, 0) from generate_series(0, least(size - 1, t.n)) k left join part p on p.i = t.n - k - 1 order by k)
    from total t where b.inviter_id = of_inviter and b.from_paid_at = of_paid_at and b.from_order_no = of_order_no
    returning t.n into counted;
    return counted;
end $$;
comment on function api.sum_stretch(bigint, timestamptz, text) is 'Sums one stretch of a ladder again; answers how many friends are in it.';

create function api.longest_stretch() returns integer language sql immutable security definer set search_path = '' as $$ select 600 $$;
comment on function api.longest_stretch() is 'A stretch longer than this is cut: long ones make a change dear, short ones the adding up.';

create function api.renew_stretch(of_inviter bigint, at_paid_at timestamptz, at_order_no text) returns void language plpgsql volatile security definer set search_path = '' as $$
declare here record; until record; cut record; half integer := api.longest_stretch() / 2;
begin
    insert into book.ladder_blocks (inviter_id, from_paid_at, from_order_no) values (of_inviter, '-infinity', '') on conflict do nothing;
    select b.from_paid_at, b.from_order_no into here from book.ladder_blocks b
    where b.inviter_id = of_inviter and (b.from_paid_at, b.from_order_no) <= (at_paid_at, at_order_no) order by b.from_paid_at desc, b.from_order_no desc limit 1;
    if api.sum_stretch(of_inviter, here.from_paid_at, here.from_order_no) <= api.longest_stretch() then return; end if;
    select e.* into until from api.stretch_end(of_inviter, here.from_paid_at, here.from_order_no) e;
    insert into book.ladder_blocks (inviter_id, from_paid_at, from_order_no)
    select of_inviter, s.paid_at, s.order_no
    from (select i.paid_at, i.order_no, row_number() over (order by i.paid_at, i.order_no) - 1 as place from book.invitations i
          where i.inviter_id = of_inviter and i.counted and (i.paid_at, i.order_no) >= (here.from_paid_at, here.from_order_no) and (i.paid_at, i.order_no) < (until.next_paid_at, until.next_order_no)) s
    where s.place > 0 and s.place % half = 0;
    for cut in select b.from_paid_at, b.from_order_no from book.ladder_blocks b
               where b.inviter_id = of_inviter and (b.from_paid_at, b.from_order_no) >= (here.from_paid_at, here.from_order_no) and (b.from_paid_at, b.from_order_no) < (until.next_paid_at, until.next_order_no) loop
        perform api.sum_stretch(of_inviter, cut.from_paid_at, cut.from_order_no);
    end loop;
end $$;
comment on function api.renew_stretch(bigint, timestamptz, text) is 'Sums the stretch that a friend stands in again, and cuts it when it has become long.';

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

create function api.credits_available(of_customer bigint) returns numeric language plpgsql stable security definer set search_path = '' as $$
begin
    if api.credit_standing(of_customer) <> 'sound' then return 0; end if;
    return greatest(api.balance(of_customer, 'credits', 'USD.CREDIT'), 0) - api.credits_expired(of_customer, api.clock());
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

create function api.settle_ladder(of_inviter bigint, actor integer, at timestamptz) returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare figures api.ladder_figures := api.add_up_ladder(of_inviter); l book.ladders; base_due numeric; tier_due numeric; journal bigint;
begin
    insert into book.ladders (inviter_id, settled_at) values (of_inviter, at) on conflict do nothing;
    update book.ladders x set friends = figures.friends, apa = figures.apa, base_total = figures.base_total, tier_total = figures.tier_total, settled_at = at
    where x.inviter_id = of_inviter returning x.* into l;
    if api.credit_standing(of_inviter) in ('barred', 'deactivated') then return null; end if;
    base_due := l.base_total - l.base_posted;
    tier_due := l.tier_total - l.tier_posted;
    if base_due = 0 and tier_due = 0 then return null; end if;
    journal := api.post_credits(case when base_due + tier_due < 0 then 'credit_reversed' else 'credit_earned' end, of_inviter, at, actor, 'ladder', of_inviter::text,
        array['credit_base_cost', 'credit_tier_cost'], array[base_due, tier_due], 'IC 3');
    update book.ladders x set base_posted = l.base_total, tier_posted = l.tier_total where x.inviter_id = of_inviter;
    return journal;
end $$;
comment on function api.settle_ladder(bigint, integer, timestamptz) is 'Posts the difference between what an inviter is entitled to and what the ledger has (B8). What is taken back comes from unused credits first; the rest stands as a negative balance (B9). A barred or deactivated account earns nothing.';
