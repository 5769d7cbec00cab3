-- reversals: a journal that was wrong is taken back by a new journal that names it, once, by two people. What may be
-- reversed: recharges, adjustments, reinstated gifts and VAT splits. Every other kind has its own way back, and the
-- refusal names it: usage is given back by a credit-back, refunds and repayments by their cases, suspense by its exception.

create function api.way_back(kind text) returns text language sql immutable security definer set search_path = '' as $$
    select case when kind in ('recharge', 'adjustment', 'gift_reinstated', 'vat_split') then null
        when kind = 'usage' then 'credit_back' when kind = 'credit_back' then 'usage'
        when kind like 'refund%' then 'refund' when kind = 'gift_void' then 'reinstatement' when kind like 'repayment%' then 'dispute'
        when kind like 'suspense%' then 'exception' else 'adjustment' end
$$;
comment on function api.way_back(text) is 'How a kind of journal is taken back, if not by a reversal; null where a reversal may.';

create function api.reversal_barrier(j book.journals, proposed uuid, at timestamptz) returns text[] language sql stable security definer set search_path = '' as $$
    select array_remove(array[
        case when j.kind = 'reversal' then 'journal_is_a_reversal' end,
        case when exists (select 1 from book.journals v where v.reverses = j.id) then 'journal_already_reversed' end,
        case when exists (select 1 from book.reversals r where r.journal_id = j.id and r.status = 'proposed' and r.id is distinct from proposed) then 'reversal_already_proposed' end,
        case when j.kind <> 'reversal' and api.way_back(j.kind) is not null then 'journal_has_its_own_way' end,
        case when exists (select 1 from book.recharges r where r.journal_id = j.id and j.kind = 'recharge' and exists (
                  select 1 from book.consumptions n where n.recharge_id = r.id group by n.recharge_id having sum(n.amount) > 0)) then 'reversal_lot_consumed' end,
        case when exists (select 1 from book.recharges r join book.consumptions n on n.recharge_id = r.id join book.usage_charges u on u.id = n.usage_id
                          join book.invoice_totals t on t.customer_id = u.customer_id and t.product = u.product and t.invoiced > t.red_lettered
                          where r.journal_id = j.id and j.kind = 'recharge') then 'reversal_lot_invoiced' end,
        case when exists (select 1 from book.recharges r where r.journal_id = j.id and j.kind = 'recharge' and r.held_by_refund is not null) then 'reversal_lot_held' end,
        case when exists (select 1 from book.recharges r where r.journal_id = j.id and j.kind = 'recharge' and r.refunded_by is not null) then 'reversal_lot_refunded' end,
        case when exists (select 1 from book.recharges r where r.journal_id = j.id and j.kind = 'recharge' and (r.earmarked_for is not null
                          or exists (select 1 from book.disputes d where d.recharge_id = r.id and d.closed_at is null)
                          or exists (select 1 from book.repayment_lots l where l.recharge_id = r.id))) then 'reversal_lot_disputed' end,
        case when exists (select 1 from book.gifts g where g.customer_id = j.customer_id and g.journal_id = j.id and g.amount_left < g.amount) then 'reversal_gift_used' end,
        case when j.kind = 'vat_split' and j.effective_at < (select c.closed_before from book.closing c) then 'period_closed' end
    ], null)
$$;
comment on function api.reversal_barrier(book.journals, uuid, timestamptz) is 'Every rule that stands against taking a journal back: a recharge only whole, before anything of it or of its gift was used, held, refunded, disputed or invoiced.';

create function api.reversal_detail(j book.journals, rule text) returns jsonb language sql stable security definer set search_path = '' as $$
    select case rule
        when 'journal_has_its_own_way' then jsonb_build_object('kind', j.kind, 'way', api.way_back(j.kind))
        when 'journal_already_reversed' then (select jsonb_build_object('journal', v.id::text) from book.journals v where v.reverses = j.id)
        when 'period_closed' then (select jsonb_build_object('month', to_char(j.effective_at at time zone 'Asia/Shanghai', 'YYYY-MM'), 'next_open_on', (c.closed_before at time zone 'Asia/Shanghai')::date) from book.closing c)
        when 'reversal_lot_consumed' then (select jsonb_build_object('consumed', sum(n.amount)::text) from book.recharges r join book.consumptions n on n.recharge_id = r.id where r.journal_id = j.id)
        when 'reversal_lot_held' then (select jsonb_build_object('refund', f.number) from book.recharges r join book.refunds f on f.id = r.held_by_refund where r.journal_id = j.id)
        when 'reversal_lot_refunded' then (select jsonb_build_object('refund', f.number) from book.recharges r join book.refunds f on f.id = r.refunded_by where r.journal_id = j.id)
        when 'reversal_lot_disputed' then (select coalesce(jsonb_object_agg('dispute', d.number), '{}') from book.recharges r join book.disputes d on d.id = r.earmarked_for or d.recharge_id = r.id where r.journal_id = j.id)
        when 'reversal_gift_used' then (select jsonb_build_object('used', sum(g.amount - g.amount_left)::text) from book.gifts g where g.customer_id = j.customer_id and g.journal_id = j.id)
        else '{}' end
$$;
comment on function api.reversal_detail(book.journals, text) is 'What the sentence of a refusal needs.';

create function api.reversal_lines(j book.journals) returns table (n integer, code text, unit text, amount numeric) language sql stable security definer set search_path = '' as $$
    -- Money that a provider's statement proved to have arrived goes to suspense, where it waits for its right order or its payer.
    select p.line::integer, case when j.kind = 'recharge' and p.customer_id is null and p.commodity = 'CNY' and r.confirmed_at is not null then 'suspense' else a.code end, p.commodity, -p.amount
    from book.postings p join book.accounts a on a.id = p.account_id left join book.recharges r on r.journal_id = j.id and r.parent_id is null
    where p.journal_id = j.id order by p.line
$$;
comment on function api.reversal_lines(book.journals) is 'The lines that take a journal back: the same with the signs turned; a recharge''s payment goes to suspense where it is known to have arrived.';

create function api.reversal_sheet(j book.journals, proposed uuid, at timestamptz) returns api.correction_sheet language plpgsql stable security definer set search_path = '' as $$
declare sheet api.correction_sheet;
begin
    select api.correction_lines(j.customer_id, array_agg(l.code order by l.n), array_agg(l.unit order by l.n), array_agg(l.amount order by l.n)), max(abs(l.amount)) into sheet.lines, sheet.amount from api.reversal_lines(j) l;
    sheet.effective_at := case when j.kind = 'vat_split' then j.effective_at else at end;
    select coalesce(jsonb_agg(jsonb_build_object('what', e.what, 'ref', e.ref, 'amount', e.amount::numeric(20, 6)::text)), '[]') into sheet.effects from (
        select 'lot_taken_back' as what, r.order_no as ref, r.principal as amount from book.recharges r where r.journal_id = j.id and j.kind = 'recharge'
        union all select 'payment_to_suspense', coalesce(r.provider_no, r.order_no), r.principal from book.recharges r where r.journal_id = j.id and j.kind = 'recharge' and r.confirmed_at is not null
        union all select 'gift_taken_back', coalesce(r.order_no, g.activity), g.amount from book.gifts g left join book.recharges r on r.id = g.recharge_id where g.customer_id = j.customer_id and g.journal_id = j.id
        union all select 'usage_owed_again', u.usage_key, w.amount from book.adjustments x join book.write_offs w on w.adjustment_id = x.id join book.usage_charges u on u.id = w.usage_id where x.journal_id = j.id
        union all select 'vat_due_again', s.product, s.tax - s.tax_before from book.vat_splits s where s.journal_id = j.id) e;
    select coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'detail', api.reversal_detail(j, r.rule)) order by r.n), '[]') into sheet.refusals
    from unnest(api.reversal_barrier(j, proposed, at)) with ordinality r (rule, n);
    sheet.confirmer := 'approver';
    return sheet;
end $$;
comment on function api.reversal_sheet(book.journals, uuid, timestamptz) is 'The dry run of a reversal: lines with balances, lots, gifts and usage that would change, and every rule that stands against it.';

create function api.find_journal(wanted bigint) returns book.journals language plpgsql stable security definer set search_path = '' as $$
declare j book.journals;
begin
    select x.* into j from book.journals x where x.id = wanted;
    if not found then perform api.broken('journal_unknown'); end if;
    return j;
end $$;
comment on function api.find_journal(bigint) is 'A journal by its number, or the refusal that there is none.';

create function api.preview_reversal(journal_id bigint) returns api.correction_sheet language plpgsql stable security definer set search_path = '' as $$
begin
    perform api.reader();
    return api.reversal_sheet(api.find_journal(journal_id), null, api.clock());
end $$;
comment on function api.preview_reversal(bigint) is 'reversals.preview: What taking a journal back would do, and what stands against it; nothing is written.';
grant execute on function api.preview_reversal(bigint) to kontor_people;

create function api.propose_reversal(command_id uuid, journal_id bigint, reason text) returns api.corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; j book.journals := api.find_journal(journal_id); sheet api.correction_sheet; answer api.corrections;
    body jsonb := jsonb_build_object('journal_id', journal_id, 'reason', reason);
begin
    if j.customer_id is not null then perform api.lock_customer(j.customer_id); end if;
    if not api.repeated(command_id, 'reversals.propose', body) then
        at := api.clock();
        if api.tidy(reason) is null then perform api.broken('reversal_without_reason'); end if;
        sheet := api.reversal_sheet(j, command_id, at);
        if sheet.refusals <> '[]' then perform api.broken(sheet.refusals #>> '{0,rule}', sheet.refusals #> '{0,detail}'); end if;
        insert into book.reversals (id, journal_id, customer_id, reason, lines, proposed_by, proposed_at) values (command_id, j.id, j.customer_id, reason, sheet.lines, actor, at);
        perform api.record_event(command_id, 'reversals.propose', actor, at, 'reversal', command_id::text, j.customer_id, body, jsonb_build_object('journal', j.id::text, 'kind', j.kind));
    end if;
    select k.* into answer from api.corrections k where k.id = command_id;
    return answer;
end $$;
comment on function api.propose_reversal(uuid, bigint, text) is 'reversals.propose: An accountant asks for a journal to be taken back, with a reason; nothing moves until an approver confirms.';
grant execute on function api.propose_reversal(uuid, bigint, text) to kontor_people;

create function api.take_back_recharge(j book.journals, journal bigint, actor integer, at timestamptz) returns void language plpgsql volatile security definer set search_path = '' as $$
declare lot book.recharges;
begin
    select r.* into lot from book.recharges r where r.journal_id = j.id and r.parent_id is null for update;
    update book.recharges r set amount_left = 0, reversed_by = journal where r.id = lot.id;
    update book.statement_rows s set recharge_id = null where s.recharge_id = lot.id;
    update book.exceptions x set resolved_at = at, resolved_by = actor, resolution = 'recharge_reversed', proposed_at = null, proposed_by = null
    where x.order_no = lot.order_no and x.kind = 'order_without_payment' and x.resolved_at is null;
    if lot.confirmed_at is not null then
        insert into book.exceptions (kind, channel, order_no, provider_no, customer_id, amount, happened_at, opened_at)
        values ('payment_without_order', lot.channel, lot.order_no, lot.provider_no, lot.customer_id, lot.principal, lot.paid_at, at);
    end if;
    update book.customers c set usage_suspended_at = at
    where c.id = lot.customer_id and c.usage_suspended_at is null and api.balance(c.id, 'wallet') = 0
      and not exists (select 1 from book.gifts g where g.customer_id = c.id and g.amount_left > 0 and g.journal_id <> j.id and (g.expires_at is null or g.expires_at > at));
    perform api.watch_ordered_amount(lot.customer_id, at);
end $$;
comment on function api.take_back_recharge(book.journals, bigint, integer, timestamptz) is 'Empties a reversed recharge''s lot for good; its payment, if it arrived, becomes an exception in suspense, so that the money is not lost.';

create function api.confirm_reversal(command_id uuid, reversal_id uuid) returns api.corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver'); at timestamptz; asked book.reversals; j book.journals; sheet api.correction_sheet; journal bigint; answer api.corrections;
    body jsonb := jsonb_build_object('reversal_id', reversal_id);
begin
    select r.* into asked from book.reversals r where r.id = confirm_reversal.reversal_id;
    if not found then perform api.broken('correction_unknown'); end if;
    if asked.customer_id is not null then perform api.lock_customer(asked.customer_id); end if;
    select r.* into asked from book.reversals r where r.id = confirm_reversal.reversal_id for update;
    if not api.repeated(command_id, 'reversals.confirm', body) then
        at := api.clock();
        if asked.status <> 'proposed' then perform api.broken('correction_already_decided'); end if;
        if asked.proposed_by = actor then perform api.broken('reversal_confirmed_by_proposer'); end if;
        j := api.find_journal(asked.journal_id);
        sheet := api.reversal_sheet(j, asked.id, at);
        if sheet.refusals <> '[]' then perform api.broken(sheet.refusals #>> '{0,rule}', sheet.refusals #> '{0,detail}'); end if;
        -- What was proposed is what is posted: a payment confirmed since then would go elsewhere, and is looked at again.
        if (select array_agg(l ->> 'account') from jsonb_array_elements(sheet.lines) l) <> (select array_agg(l ->> 'account') from jsonb_array_elements(asked.lines) l) then perform api.broken('reversal_changed'); end if;
        select api.post_journal('reversal', j.customer_id, sheet.effective_at, at, actor, 'reversal', asked.id::text,
            array_agg(l.code order by l.n), array_agg(l.unit order by l.n), array_agg(l.amount order by l.n), null, asked.reason, j.id) into journal from api.reversal_lines(j) l;
        if j.kind = 'recharge' then perform api.take_back_recharge(j, journal, actor, at); end if;
        update book.gifts g set amount_left = 0, amount_reserved = 0 where g.customer_id = j.customer_id and g.journal_id = j.id;
        update book.usage_charges u set uncollected = u.uncollected + w.amount, written_off = u.written_off - w.amount
        from book.write_offs w join book.adjustments x on x.id = w.adjustment_id where x.journal_id = j.id and u.id = w.usage_id;
        if j.kind = 'adjustment' and j.customer_id is not null then perform api.collect_receivable(j.customer_id, actor, at); end if;
        update book.reversals r set status = 'confirmed', decided_by = actor, decided_at = at, reversal_id = journal where r.id = asked.id;
        perform api.record_event(command_id, 'reversals.confirm', actor, at, 'reversal', asked.id::text, j.customer_id, body, jsonb_build_object('journal', journal::text, 'reverses', j.id::text));
    end if;
    select k.* into answer from api.corrections k where k.id = confirm_reversal.reversal_id;
    return answer;
end $$;
comment on function api.confirm_reversal(uuid, uuid) is 'reversals.confirm: An approver, not the proposer, takes the journal back by a new one that names it.';
grant execute on function api.confirm_reversal(uuid, uuid) to kontor_people;

create function api.decline_reversal(command_id uuid, reversal_id uuid, reason text) returns api.corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'approver'); at timestamptz; asked book.reversals; answer api.corrections; body jsonb := jsonb_build_object('reversal_id', reversal_id, 'reason', reason);
begin
    select r.* into asked from book.reversals r where r.id = decline_reversal.reversal_id for update;
    if not found then perform api.broken('correction_unknown'); end if;
    if not api.repeated(command_id, 'reversals.decline', body) then
        at := api.clock();
        if asked.status <> 'proposed' then perform api.broken('correction_already_decided'); end if;
        if asked.proposed_by <> actor and not api.has_duty('approver') then perform api.not_allowed('{"duties": ["approver"]}'); end if;
        if api.tidy(decline_reversal.reason) is null then perform api.broken('correction_declined_without_reason'); end if;
        update book.reversals r set status = case when asked.proposed_by = actor then 'withdrawn' else 'declined' end, decided_by = actor, decided_at = at, decision_note = decline_reversal.reason where r.id = asked.id;
        perform api.record_event(command_id, 'reversals.decline', actor, at, 'reversal', asked.id::text, asked.customer_id, body, jsonb_build_object('reason', reason));
    end if;
    select k.* into answer from api.corrections k where k.id = decline_reversal.reversal_id;
    return answer;
end $$;
comment on function api.decline_reversal(uuid, uuid, text) is 'reversals.decline: An approver declines a reversal, or its proposer takes it back; with a reason.';
grant execute on function api.decline_reversal(uuid, uuid, text) to kontor_people;
