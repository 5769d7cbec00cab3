-- Deputies, holders of a case, time at each step, and money that leaves by bank transfer.

-- ── A duty lent for a time ─────────────────────────────────────────────────────────────────────────────────────

alter table book.duties add column delegated_by integer references book.people;
alter table book.duties add column reason text;
alter table book.duties add constraint deputy_is_delegator check (delegated_by is null or delegated_by <> person_id);
alter table book.duties add constraint delegation_without_end check (delegated_by is null or until_at is not null or from_at = 'infinity');
create index on book.duties (delegated_by) where delegated_by is not null;
comment on column book.duties.delegated_by is 'Who lent this duty of theirs, from when until when; the deputy is bound by what that person did on a case as by their own doing.';

create function book.refuse_deputy() returns trigger language plpgsql set search_path = '' as $$
declare
    facts jsonb := to_jsonb(new);
    decider integer := (facts ->> tg_argv[0])::integer;
    at timestamptz;
begin
    -- An unchanged decision was judged when it was made; a proposal declined or taken back moves nothing.
    if decider is null or facts ->> 'status' in ('declined', 'withdrawn') or tg_op = 'UPDATE' and (to_jsonb(old) ->> tg_argv[0])::integer is not distinct from decider then
        return new;
    end if;
    select clock_timestamp() + case when d.rehearsal then d.clock_offset else interval '0' end into at from book.database d;
    if exists (select from unnest(tg_argv[1:]) earlier (who) join book.duties d on d.delegated_by = (facts ->> earlier.who)::integer
               where d.person_id = decider and d.confirmed_by is not null and d.from_at <= at and d.until_at > at) then
        raise exception 'decided_by_deputy' using errcode = '23514', constraint = 'decided_by_deputy', detail = '{}';
    end if;
    return new;
end $$;
comment on function book.refuse_deputy() is 'Four eyes are two natural persons: nobody takes a step (first argument) on what was done (the others) by somebody for whom they stand in now.';

-- Every row that one person begins and another one finishes.
do $$
declare
    pair record;
begin
    for pair in select * from (values
        ('refunds', 'reviewed_by', array['requested_by']), ('refunds', 'approved_by', array['requested_by', 'reviewed_by']),
        ('refunds', 'second_approved_by', array['requested_by', 'reviewed_by', 'approved_by']), ('refunds', 'released_by', array['requested_by', 'reviewed_by', 'approved_by']),
        ('adjustments', 'decided_by', array['proposed_by']), ('calendars', 'confirmed_by', array['imported_by']), ('credit_backs', 'confirmed_by', array['proposed_by']),
        ('duties', 'confirmed_by', array['proposed_by', 'person_id']), ('evidence', 'decided_by', array['proposed_by']), ('exceptions', 'resolved_by', array['proposed_by']),
        ('gift_reinstatements', 'confirmed_by', array['proposed_by']), ('invoices', 'approved_by', array['issued_by']), ('people', 'confirmed_by', array['proposed_by']),
        ('periods', 'closed_by', array['close_proposed_by']), ('periods', 'reopened_by', array['reopen_proposed_by']), ('policies', 'confirmed_by', array['proposed_by']),
        ('red_letters', 'decided_by', array['proposed_by']), ('repayments', 'approved_by', array['proposed_by']), ('repayments', 'released_by', array['proposed_by', 'approved_by']),
        ('reversals', 'decided_by', array['proposed_by']), ('sellers', 'confirmed_by', array['proposed_by'])) p (of_table, step, earlier)
    loop
        execute format('create trigger %I before insert or update on book.%I for each row when (new.%3$I is not null) execute function book.refuse_deputy(%s)',
            'refuse_deputy_' || pair.step, pair.of_table, pair.step,
            (select string_agg(quote_literal(a.name), ', ' order by a.n) from unnest(pair.step || pair.earlier) with ordinality a (name, n)));
    end loop;
end $$;

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.channel, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('delegation_days', null, '60'::jsonb),
    ('bulk_approval_own', null, '{}'),
    ('payout_reasons', 'alipay', '{"refund": "用户申请退款", "repayment": "争议款退还第三方"}'),
    ('payout_reasons', 'wechat', '{"refund": "用户申请退款", "repayment": "争议款退还第三方"}')
) p (name, channel, value);

-- ── Who holds a case, and since when it waits ──────────────────────────────────────────────────────────────────

alter table book.refunds add column holder_id integer references book.people;
alter table book.refunds add column held_since timestamptz;
alter table book.refunds add column step_at timestamptz;
alter table book.refunds add column step_paused interval not null default '0';
update book.refunds set step_at = greatest(requested_at, reviewed_at, approved_at, second_approved_at, released_at, closed_at);
alter table book.refunds alter column step_at set not null;
alter table book.refunds add constraint refund_holder_since_when check ((holder_id is null) = (held_since is null));
create index on book.refunds (holder_id) where holder_id is not null;
comment on column book.refunds.holder_id is 'Who has taken the present step of the case upon themselves, or was handed it; the audit says by whom and why.';
comment on column book.refunds.step_at is 'Since when the case is at its present step.';
comment on column book.refunds.step_paused is 'How long of that it had been returned to the customer for proof.';

create function book.keep_refund_step() returns trigger language plpgsql set search_path = '' as $$
declare at timestamptz;
begin
    if tg_op = 'INSERT' then
        new.step_at := new.requested_at;
        return new;
    end if;
    select clock_timestamp() + case when d.rehearsal then d.clock_offset else interval '0' end into at from book.database d;
    if new.status <> old.status or new.second_approved_at is distinct from old.second_approved_at then
        new.step_at := at; new.step_paused := '0'; new.holder_id := null; new.held_since := null;
    elsif old.proof_asked_at is not null and new.proof_asked_at is null then
        new.step_paused := old.step_paused + (at - old.proof_asked_at); new.holder_id := null; new.held_since := null;
    elsif old.proof_asked_at is null and new.proof_asked_at is not null then
        new.holder_id := null; new.held_since := null;
    end if;
    return new;
end $$;
comment on function book.keep_refund_step() is 'With each step the clock of that step starts afresh and nobody holds the case yet; while it is with the customer that clock stands still.';
create trigger keep_refund_step before insert or update on book.refunds for each row execute function book.keep_refund_step();
grant update (holder_id, held_since) on book.refunds to kontor_api;

-- ── Transfers ──────────────────────────────────────────────────────────────────────────────────────────────────

create table book.transfers (
    id uuid primary key,
    leg_id bigint not null references book.refund_legs,
    refund_id uuid not null references book.refunds,
    customer_id bigint not null references book.customers,
    payee_name text not null constraint transfer_without_payee check (btrim(payee_name) <> ''),
    payee_bank text not null constraint transfer_without_bank check (btrim(payee_bank) <> ''),
    payee_account text not null constraint transfer_without_account check (btrim(payee_account) <> ''),
    payee_is_payer boolean not null,
    account_proof uuid not null references book.attachments,
    consent uuid references book.attachments,
    reason text not null constraint transfer_without_reason check (btrim(reason) <> ''),
    route_approved boolean not null,
    planned_at timestamptz not null,
    planned_by integer not null references book.people,
    approved_at timestamptz,
    approved_by integer references book.people,
    cleared_at timestamptz,
    cleared_by integer references book.people,
    declined_at timestamptz,
    declined_by integer references book.people,
    declined_why text,
    constraint transfer_payee_without_consent check (payee_is_payer or consent is not null),
    constraint transfer_approved_by_planner check (approved_by is null or approved_by <> planned_by),
    constraint transfer_cleared_by_involved check (cleared_by is null or (cleared_by <> planned_by and cleared_by is distinct from approved_by)),
    constraint transfer_cleared_too_early check (cleared_by is null or route_approved or approved_by is not null)
);
create unique index transfer_already_planned on book.transfers (leg_id) where declined_at is null;
create index on book.transfers (leg_id);
create index on book.transfers (refund_id);
create index on book.transfers (customer_id);
create index on book.transfers (account_proof);
create index on book.transfers (consent);
create index on book.transfers (planned_at) where cleared_at is null and declined_at is null;
comment on table book.transfers is 'How a leg leaves the bank where the original way is closed (formats 1.5): to whom, with which proofs, why, and who approved exactly that.';
comment on column book.transfers.route_approved is 'The application itself was approved for this route, so an approver has said yes to it already; the account still needs the treasurer.';

create trigger refuse_deputy_approved_by before insert or update on book.transfers for each row when (new.approved_by is not null) execute function book.refuse_deputy('approved_by', 'planned_by');
create trigger refuse_deputy_cleared_by before insert or update on book.transfers for each row when (new.cleared_by is not null) execute function book.refuse_deputy('cleared_by', 'planned_by', 'approved_by');

create function book.check_transfer_cleared() returns trigger language plpgsql set search_path = '' as $$
begin
    if tg_op = 'UPDATE' and old.bank_reference is not distinct from new.bank_reference then return new; end if;
    if not exists (select from book.transfers t where t.leg_id = new.id and t.cleared_at is not null and t.declined_at is null) then
        raise exception 'transfer_not_cleared' using errcode = '23514', constraint = 'transfer_not_cleared', detail = '{}';
    end if;
    return new;
end $$;
comment on function book.check_transfer_cleared() is 'No leg leaves the bank before its payee and account were approved twice, whatever function says that it did.';
create trigger check_transfer_cleared before insert or update on book.refund_legs for each row when (new.bank_reference is not null and new.status = 'confirmed') execute function book.check_transfer_cleared();

do $$
declare f text;
begin
    alter table book.transfers owner to kontor_owner;
    foreach f in array array['refuse_deputy()', 'keep_refund_step()', 'check_transfer_cleared()'] loop
        execute format('alter function book.%s owner to kontor_owner', f);
        execute format('revoke execute on function book.%s from public', f);
    end loop;
end $$;
grant select, insert on book.transfers to kontor_api;
grant update (approved_at, approved_by, cleared_at, cleared_by, declined_at, declined_by, declined_why) on book.transfers to kontor_api;
grant update (route) on book.refund_legs to kontor_api;
