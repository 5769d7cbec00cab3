-- adjustments: manual journals by two people. An accountant proposes, with a reason and the papers behind it; an approver
-- confirms, above the policy's limit a supervisor. No kind moves a customer's principal: that goes by refunds, disputes
-- and recharges only (RA 7.1, RA-22). Reversals share the list and the shape of a preview: reversals.sql.

create type api.correction_sheet as (lines jsonb, effects jsonb, refusals jsonb, effective_at timestamptz, amount numeric, confirmer text, up_to numeric);
comment on type api.correction_sheet is 'What a correction would do, before anything is written.';
comment on column api.correction_sheet.lines is '{{Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_before: Money; balance_after: Money }>}} debit positive; a customer''s balances credit positive, as on their page';
comment on column api.correction_sheet.effects is '{{Array<{ what: string; ref: string; amount: Money }>}} lots, gifts and usage that would change';
comment on column api.correction_sheet.refusals is '{{Array<{ rule: string; detail: Record<string, unknown> }>}} rules that stand against it now, all of them';
comment on column api.correction_sheet.effective_at is '? the instant it would count from';
comment on column api.correction_sheet.confirmer is '{{"approver" | "supervisor"}} whose confirmation it needs';
comment on column api.correction_sheet.up_to is '? an approver confirms up to this amount';

create function api.correction_lines(customer bigint, codes text[], units text[], amounts numeric[]) returns jsonb language sql stable security definer set search_path = '' as $$
    with lines as (
        -- An account with several lines goes on from where its line before left it.
        select l.n, l.code, l.unit, l.amount, a.title_en, a.title_zh, a.owner = 'customer' as owned,
               coalesce(sum(l.amount) over (partition by l.code, l.unit order by l.n rows between unbounded preceding and 1 preceding), 0) as moved
        from unnest(codes, units, amounts) with ordinality l (code, unit, amount, n) join book.accounts a on a.code = l.code
        where l.amount <> 0
    )
    select coalesce(jsonb_agg(jsonb_build_object('account', l.code, 'title_en', l.title_en, 'title_zh', l.title_zh, 'customer', l.owned, 'commodity', l.unit, 'amount', l.amount::numeric(20, 6)::text,
               'balance_before', b.before::numeric(24, 6)::text, 'balance_after', (b.before + case when l.owned then -l.amount else l.amount end)::numeric(24, 6)::text) order by l.n), '[]')
    from lines l
    cross join lateral (select case when l.owned then api.balance(customer, l.code, l.unit) - l.moved else api.house_balance(l.code, l.unit) + l.moved end as before) b
$$;
comment on function api.correction_lines(bigint, text[], text[], numeric[]) is 'Lines of a journal that is not written yet, with each balance before and after.';

-- ── What an adjustment would do ────────────────────────────────────────────────────────────────────────────────

create function api.adjustment_instant(effective_on date, at timestamptz) returns timestamptz language sql immutable security definer set search_path = '' as $$
    select case when effective_on = pg_catalog.timezone('Asia/Shanghai', at)::date then at else pg_catalog.timezone('Asia/Shanghai', (effective_on + 1)::timestamp) - interval '1 microsecond' end
$$;
comment on function api.adjustment_instant(date, timestamptz) is 'When an adjustment counts: now, if it is of today, else the last instant of its day.';

create function api.adjustment_barrier(a book.adjustments, papers boolean, at timestamptz) returns text[] language sql stable security definer set search_path = '' as $$
    select array_remove(array[
        case when a.kind is null or a.kind not in ('goodwill_gift', 'receivable_write_off', 'rounding', 'house_correction') then 'adjustment_kind_unknown' end,
        case when a.amount is null or a.amount <= 0 then 'adjustment_not_positive' end,
        case when a.kind <> 'receivable_write_off' and a.amount <> round(a.amount, 2) then 'amount_has_too_many_decimals' end,
        case when a.kind in ('goodwill_gift', 'receivable_write_off') and a.customer_id is null then 'adjustment_without_customer' end,
        case when exists (select 1 from book.accounts x where x.code in (a.debit_account, a.credit_account) and x.owner = 'customer') then 'adjustment_moves_principal' end,
        case when a.kind in ('rounding', 'house_correction') and (select count(*) from book.accounts x where x.code in (a.debit_account, a.credit_account) and x.owner = 'house') < 2 then 'adjustment_accounts_missing' end,
        case when a.kind in ('rounding', 'house_correction') and exists (select 1 from unnest(array[a.debit_account, a.credit_account]) c
                  where c in ('suspense', 'refund_payable', 'output_vat', 'gift_granted', 'gift_used', 'gift_voided', 'goodwill')) then 'adjustment_account_is_tied' end,
        case when a.kind = 'rounding' and 'rounding' not in (a.debit_account, a.credit_account) then 'adjustment_not_rounding' end,
        case when a.kind = 'rounding' and a.amount > (api.policy('rounding_limit', at) #>> '{}')::numeric then 'adjustment_rounding_too_large' end,
        case when a.kind = 'receivable_write_off' and a.amount > -api.balance(a.customer_id, 'receivable') then 'adjustment_exceeds_receivable' end,
        case when a.kind = 'goodwill_gift' and a.gift_expires_on <= pg_catalog.timezone('Asia/Shanghai', at)::date then 'adjustment_gift_expires_too_soon' end,
        case when a.effective_on > pg_catalog.timezone('Asia/Shanghai', at)::date then 'adjustment_in_the_future' end,
        case when a.kind = 'goodwill_gift' and a.effective_on < pg_catalog.timezone('Asia/Shanghai', at)::date then 'adjustment_gift_backdated' end,
        case when api.adjustment_instant(a.effective_on, at) < (select c.closed_before from book.closing c) then 'period_closed' end,
        case when papers and a.kind <> 'rounding' and not exists (select 1 from book.attachments f where f.subject_kind = 'adjustment' and f.subject_id = a.id::text and f.complete) then 'adjustment_without_paper' end
    ], null)
$$;
comment on function api.adjustment_barrier(book.adjustments, boolean, timestamptz) is
    'Every rule that stands against an adjustment. Accounts that other records are tied to (suspense, refunds payable, output VAT, gifts) are moved by those records only.';

create function api.adjustment_detail(a book.adjustments, rule text, at timestamptz) returns jsonb language sql stable security definer set search_path = '' as $$
    select case rule
        when 'period_closed' then (select jsonb_build_object('month', to_char(a.effective_on, 'YYYY-MM'), 'next_open_on', (c.closed_before at time zone 'Asia/Shanghai')::date) from book.closing c)
        when 'adjustment_exceeds_receivable' then jsonb_build_object('owed', (-api.balance(a.customer_id, 'receivable'))::text)
        when 'adjustment_rounding_too_large' then jsonb_build_object('up_to', api.policy('rounding_limit', at) #>> '{}')
        when 'adjustment_moves_principal' then '{"clause": "RA 7.1"}' else '{}' end
$$;
comment on function api.adjustment_detail(book.adjustments, text, timestamptz) is 'What the sentence of a refusal needs.';

create function api.adjustment_sheet(a book.adjustments, papers boolean, at timestamptz) returns api.correction_sheet language plpgsql stable security definer set search_path = '' as $$
declare sheet api.correction_sheet; codes text[]; unit text := case when a.kind = 'goodwill_gift' then 'CNY.GIFT' else 'CNY' end;
begin
    codes := case a.kind when 'goodwill_gift' then array['goodwill', 'wallet'] when 'receivable_write_off' then array['bad_debts', 'receivable'] else array[a.debit_account, a.credit_account] end;
    sheet.amount := a.amount;
    sheet.effective_at := api.adjustment_instant(a.effective_on, at);
    sheet.lines := api.correction_lines(a.customer_id, codes, array[unit, unit], array[a.amount, -a.amount]);
    sheet.effects := case a.kind
        when 'goodwill_gift' then jsonb_build_array(jsonb_build_object('what', 'gift_granted', 'ref', coalesce(a.gift_expires_on::text, ''), 'amount', a.amount::text))
        when 'receivable_write_off' then (select coalesce(jsonb_agg(jsonb_build_object('what', 'usage_given_up', 'ref', o.usage_key, 'amount', o.part::text) order by o.n), '[]') from api.usage_to_give_up(a.customer_id, a.amount) o)
        else '[]' end;
    select coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'detail', api.adjustment_detail(a, r.rule, at)) order by r.n), '[]') into sheet.refusals
    from unnest(api.adjustment_barrier(a, papers, at)) with ordinality r (rule, n);
    sheet.up_to := (api.policy('adjustment_limit', at) #>> '{}')::numeric;
    sheet.confirmer := case when a.amount > sheet.up_to then 'supervisor' else 'approver' end;
    return sheet;
end $$;
comment on function api.adjustment_sheet(book.adjustments, boolean, timestamptz) is 'The dry run of an adjustment: its lines with balances, what else would change, what stands against it and who would have to confirm.';

create function api.usage_to_give_up(customer bigint, amount numeric) returns table (n bigint, usage_id bigint, usage_key text, part numeric) language sql stable security definer set search_path = '' as $$
    select x.n, x.id, x.usage_key, least(x.uncollected, usage_to_give_up.amount - (x.upto - x.uncollected))
    from (select row_number() over w as n, u.id, u.usage_key, u.uncollected, sum(u.uncollected) over w as upto from book.usage_charges u
          where u.customer_id = customer and u.uncollected > 0 window w as (order by u.used_from, u.id)) x
    where x.upto - x.uncollected < usage_to_give_up.amount
$$;
comment on function api.usage_to_give_up(bigint, numeric) is 'Which usage a write-off gives up: the oldest first.';

create function api.draft_adjustment(new_id uuid, kind text, amount numeric, customer bigint, debit text, credit text, effective_on date, gift_expires_on date, at timestamptz) returns book.adjustments
language plpgsql stable security definer set search_path = '' as $$
declare a book.adjustments; owed numeric := -api.balance(customer, 'receivable');
begin
    -- A rest below a fen goes with the write-off: nobody could ever pay it.
    if kind = 'receivable_write_off' and abs(amount - owed) < 0.01 then amount := owed; end if;
    a.id := new_id; a.kind := kind; a.amount := amount; a.customer_id := customer; a.debit_account := debit; a.credit_account := credit;
    a.effective_on := coalesce(effective_on, pg_catalog.timezone('Asia/Shanghai', at)::date); a.gift_expires_on := gift_expires_on;
    return a;
end $$;
comment on function api.draft_adjustment(uuid, text, numeric, bigint, text, text, date, date, timestamptz) is 'An adjustment as asked for, not yet written.';

create function api.preview_adjustment(kind text, amount api.micros, customer_id bigint default null, debit_account text default null, credit_account text default null,
    effective_on date default null, gift_expires_on date default null) returns api.correction_sheet language plpgsql stable security definer set search_path = '' as $$
declare at timestamptz := api.clock();
begin
    perform api.reader();
    return api.adjustment_sheet(api.draft_adjustment(null, kind, amount, customer_id, debit_account, credit_account, effective_on, gift_expires_on, at), false, at);
end $$;
comment on function api.preview_adjustment(text, api.micros, bigint, text, text, date, date) is 'adjustments.preview: What an adjustment would do to balances, gifts and usage, what stands against it, and who would have to confirm.';
grant execute on function api.preview_adjustment(text, api.micros, bigint, text, text, date, date) to kontor_people;

-- ── Both kinds of correction, as people see them ───────────────────────────────────────────────────────────────

create view api.corrections as
select a.id, 'adjustment'::text as what, a.number, a.kind, a.status, a.customer_id, api.shown_name(c) as customer_name, a.amount, a.effective_on, a.reason, a.document_no, a.lines,
       null::bigint as of_journal, null::text as of_kind, a.journal_id, api.login_of(a.proposed_by) as proposed_by, a.proposed_at, api.login_of(a.decided_by) as decided_by, a.decided_at, a.decision_note,
       case when a.amount > (api.policy('adjustment_limit', a.proposed_at) #>> '{}')::numeric then 'supervisor' else 'approver' end as confirmer,
       (select count(*) from book.attachments f where f.subject_kind = 'adjustment' and f.subject_id = a.id::text and f.complete) as papers
from book.adjustments a left join book.customers c on c.id = a.customer_id
union all
select r.id, 'reversal', null, j.kind, r.status, r.customer_id, api.shown_name(c), (select max(abs((l ->> 'amount')::numeric)) from jsonb_array_elements(r.lines) l), null, r.reason, null, r.lines,
       r.journal_id, j.kind, r.reversal_id, api.login_of(r.proposed_by), r.proposed_at, api.login_of(r.decided_by), r.decided_at, r.decision_note, 'approver',
       (select count(*) from book.attachments f where f.subject_kind = 'reversal' and f.subject_id = r.id::text and f.complete)
from book.reversals r join book.journals j on j.id = r.journal_id left join book.customers c on c.id = r.customer_id;
comment on column api.corrections.what is '{{"adjustment" | "reversal"}} a manual journal, or one that takes another back';
comment on column api.corrections.number is '? of an adjustment';
comment on column api.corrections.status is '{{"proposed" | "confirmed" | "declined" | "withdrawn"}} where it stands';
comment on column api.corrections.customer_id is '? whose';
comment on column api.corrections.customer_name is '? masked';
comment on column api.corrections.effective_on is '? the day an adjustment counts from';
comment on column api.corrections.document_no is '? the paper behind an adjustment';
comment on column api.corrections.lines is '{{Array<{ account: string; title_en: string; title_zh: string; customer: boolean; commodity: string; amount: Money; balance_before: Money; balance_after: Money }>}} as previewed when it was proposed';
comment on column api.corrections.of_journal is '? the journal that a reversal takes back';
comment on column api.corrections.of_kind is '? its kind';
comment on column api.corrections.journal_id is '? the journal that was written';
comment on column api.corrections.decided_by is '? second person';
comment on column api.corrections.decided_at is '? when they decided';
comment on column api.corrections.decision_note is '? why it was not confirmed';
comment on column api.corrections.confirmer is '{{"approver" | "supervisor"}} whose confirmation it needs';

create function api.list_corrections(wanted_status text default null, before_at timestamptz default null, before_id uuid default null, maximum integer default 100) returns setof api.corrections
language sql stable security definer set search_path = '' as $$
    select k.* from api.corrections k where k.id in (
        select x.id from (
            (select a.id, a.proposed_at from book.adjustments a where (wanted_status is null or a.status = wanted_status) and (before_at is null or (a.proposed_at, a.id) < (before_at, before_id))
             order by a.proposed_at desc, a.id desc limit least(maximum, 500))
            union all
            (select r.id, r.proposed_at from book.reversals r where (wanted_status is null or r.status = wanted_status) and (before_at is null or (r.proposed_at, r.id) < (before_at, before_id))
             order by r.proposed_at desc, r.id desc limit least(maximum, 500))) x, (select api.reader()) me
        order by x.proposed_at desc, x.id desc limit least(maximum, 500))
    order by k.proposed_at desc, k.id desc
$$;
comment on function api.list_corrections(text, timestamptz, uuid, integer) is 'corrections.list: Adjustments and reversals, newest first; the last row''s instant and id ask for the next page.';
grant execute on function api.list_corrections(text, timestamptz, uuid, integer) to kontor_people;

create function api.open_correction(correction_id uuid) returns api.corrections language plpgsql stable security definer set search_path = '' as $$
declare answer api.corrections;
begin
    perform api.reader();
    select k.* into answer from api.corrections k where k.id = correction_id;
    if not found then perform api.broken('correction_unknown'); end if;
    return answer;
end $$;
comment on function api.open_correction(uuid) is 'corrections.open: One adjustment or reversal with its lines as previewed, its reason, and who decided.';
grant execute on function api.open_correction(uuid) to kontor_people;

-- ── Proposing and confirming ───────────────────────────────────────────────────────────────────────────────────

create function api.propose_adjustment(command_id uuid, kind text, amount api.micros, reason text, document_no text, customer_id bigint default null, debit_account text default null,
    credit_account text default null, effective_on date default null, gift_expires_on date default null) returns api.corrections
language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant'); at timestamptz; a book.adjustments; sheet api.correction_sheet; answer api.corrections;
    body jsonb := jsonb_build_object('kind', kind, 'amount', amount, 'reason', reason, 'document_no', document_no, 'customer_id', customer_id, 'debit_account', debit_account,
        'credit_account', credit_account, 'effective_on', effective_on, 'gift_expires_on', gift_expires_on);
begin
    if customer_id is not null then perform api.lock_customer(customer_id); end if;
    if not api.repeated(command_id, 'adjustments.propose', body) then
        at := api.clock();
        a := api.draft_adjustment(command_id, kind, amount, customer_id, debit_account, credit_account, effective_on, gift_expires_on, at);
        if api.tidy(reason) is null then perform api.broken('adjustment_without_reason'); end if;
        if api.tidy(document_no) is null then perform api.broken('adjustment_without_document'); end if;
        sheet := api.adjustment_sheet(a, true, at);
        if sheet.refusals <> '[]' then perform api.broken(sheet.refusals #>> '{0,rule}', sheet.refusals #> '{0,detail}'); end if;
        insert into book.adjustments (id, number, kind, customer_id, amount, debit_account, credit_account, effective_on, gift_expires_on, reason, document_no, lines, proposed_by, proposed_at)
        values (command_id, api.next_number('ADJ', at), kind, customer_id, a.amount, debit_account, credit_account, a.effective_on, gift_expires_on, reason, document_no, sheet.lines, actor, at);
        perform api.record_event(command_id, 'adjustments.propose', actor, at, 'adjustment', command_id::text, customer_id, body, jsonb_build_object('kind', kind, 'amount', amount::text));
    end if;
    select k.* into answer from api.corrections k where k.id = command_id;
    return answer;
end $$;
comment on function api.propose_adjustment(uuid, text, api.micros, text, text, bigint, text, text, date, date) is
    'adjustments.propose: An accountant proposes a manual journal, with a reason, a document and the papers filed under its id. Nothing moves until a second person confirms.';
grant execute on function api.propose_adjustment(uuid, text, api.micros, text, text, bigint, text, text, date, date) to kontor_people;

create function api.post_adjustment(a book.adjustments, actor integer, at timestamptz) returns bigint language plpgsql volatile security definer set search_path = '' as $$
declare journal bigint; unit text := case when a.kind = 'goodwill_gift' then 'CNY.GIFT' else 'CNY' end; part record;
begin
    journal := api.post_journal('adjustment', a.customer_id, api.adjustment_instant(a.effective_on, at), at, actor, 'adjustment', a.id::text,
        case a.kind when 'goodwill_gift' then array['goodwill', 'wallet'] when 'receivable_write_off' then array['bad_debts', 'receivable'] else array[a.debit_account, a.credit_account] end,
        array[unit, unit], array[a.amount, -a.amount], null, a.reason);
    if a.kind = 'goodwill_gift' then
        insert into book.activities (code, title, created_at) values ('goodwill', 'Goodwill reinstatement', at) on conflict do nothing;
        insert into book.gifts (customer_id, activity, amount, amount_left, granted_at, expires_at, journal_id)
        values (a.customer_id, 'goodwill', a.amount, a.amount, at, pg_catalog.timezone('Asia/Shanghai', (a.gift_expires_on + 1)::timestamp), journal);
    elsif a.kind = 'receivable_write_off' then
        for part in select o.* from api.usage_to_give_up(a.customer_id, a.amount) o loop
            insert into book.write_offs (adjustment_id, usage_id, amount) values (a.id, part.usage_id, part.part);
            update book.usage_charges u set uncollected = u.uncollected - part.part, written_off = u.written_off + part.part where u.id = part.usage_id;
        end loop;
    end if;
    return journal;
end $$;
comment on function api.post_adjustment(book.adjustments, integer, timestamptz) is 'Writes an adjustment''s journal and what goes with it: the gift, or the usage that is given up.';

create function api.confirm_adjustment(command_id uuid, adjustment_id uuid) returns api.corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('approver', 'supervisor'); at timestamptz; a book.adjustments; sheet api.correction_sheet; answer api.corrections; journal bigint;
    body jsonb := jsonb_build_object('adjustment_id', adjustment_id);
begin
    select x.* into a from book.adjustments x where x.id = adjustment_id;
    if not found then perform api.broken('correction_unknown'); end if;
    if a.customer_id is not null then perform api.lock_customer(a.customer_id); end if;
    select x.* into a from book.adjustments x where x.id = adjustment_id for update;
    if not api.repeated(command_id, 'adjustments.confirm', body) then
        at := api.clock();
        if a.status <> 'proposed' then perform api.broken('correction_already_decided'); end if;
        if a.proposed_by = actor then perform api.broken('adjustment_confirmed_by_proposer'); end if;
        sheet := api.adjustment_sheet(a, true, at);
        if not api.has_duty(sheet.confirmer) then perform api.broken('adjustment_above_limit', jsonb_build_object('up_to', sheet.up_to::text, 'duty', sheet.confirmer)); end if;
        if sheet.refusals <> '[]' then perform api.broken(sheet.refusals #>> '{0,rule}', sheet.refusals #> '{0,detail}'); end if;
        journal := api.post_adjustment(a, actor, at);
        update book.adjustments x set status = 'confirmed', decided_by = actor, decided_at = at, journal_id = journal where x.id = a.id;
        perform api.record_event(command_id, 'adjustments.confirm', actor, at, 'adjustment', a.id::text, a.customer_id, body, jsonb_build_object('journal', journal::text, 'amount', a.amount::text));
    end if;
    select k.* into answer from api.corrections k where k.id = adjustment_id;
    return answer;
end $$;
comment on function api.confirm_adjustment(uuid, uuid) is 'adjustments.confirm: An approver, above the limit a supervisor, and not the proposer, posts the adjustment.';
grant execute on function api.confirm_adjustment(uuid, uuid) to kontor_people;

create function api.decline_adjustment(command_id uuid, adjustment_id uuid, reason text) returns api.corrections language plpgsql volatile security definer set search_path = '' as $$
declare actor integer := api.actor('accountant', 'approver', 'supervisor'); at timestamptz; a book.adjustments; answer api.corrections; body jsonb := jsonb_build_object('adjustment_id', adjustment_id, 'reason', reason);
begin
    select x.* into a from book.adjustments x where x.id = adjustment_id for update;
    if not found then perform api.broken('correction_unknown'); end if;
    if not api.repeated(command_id, 'adjustments.decline', body) then
        at := api.clock();
        if a.status <> 'proposed' then perform api.broken('correction_already_decided'); end if;
        if a.proposed_by <> actor and not api.has_duty('approver', 'supervisor') then perform api.not_allowed('{"duties": ["approver", "supervisor"]}'); end if;
        if api.tidy(decline_adjustment.reason) is null then perform api.broken('correction_declined_without_reason'); end if;
        update book.adjustments x set status = case when a.proposed_by = actor then 'withdrawn' else 'declined' end, decided_by = actor, decided_at = at, decision_note = decline_adjustment.reason where x.id = a.id;
        perform api.record_event(command_id, 'adjustments.decline', actor, at, 'adjustment', a.id::text, a.customer_id, body, jsonb_build_object('reason', reason));
    end if;
    select k.* into answer from api.corrections k where k.id = adjustment_id;
    return answer;
end $$;
comment on function api.decline_adjustment(uuid, uuid, text) is 'adjustments.decline: A second person declines an adjustment, or its proposer takes it back; with a reason.';
grant execute on function api.decline_adjustment(uuid, uuid, text) to kontor_people;
