-- The files that leave for a provider, kept as they left; the bank's balance; a person who proves again who they are.

create table book.payout_files (
    batch_id uuid not null references book.payout_batches,
    kind text not null constraint payout_file_kind_unknown check (kind in ('provider', 'csv')),
    file_name text not null,
    content bytea not null,
    sha256 bytea not null,
    primary key (batch_id, kind),
    constraint payout_file_altered check (sha256 = sha256(content))
);
comment on table book.payout_files is 'A batch of instructions as the provider takes it, and the same instructions for any other program: the bytes that left, with their hash.';

alter table book.merchant_balances drop constraint merchant_balance_channel_unknown;
alter table book.merchant_balances add constraint merchant_balance_channel_unknown check (channel in ('alipay', 'wechat', 'bank'));
comment on table book.merchant_balances is 'What the merchant account at a provider, or the bank account that transfers leave from, held as somebody read it there.';

create table book.step_ups (
    id uuid primary key,
    person_id integer not null references book.people,
    made_at timestamptz not null,
    until_at timestamptz not null,
    constraint step_up_ends_before_it_begins check (until_at > made_at)
);
create index on book.step_ups (person_id, until_at);
comment on table book.step_ups is 'Who gave their password again, and until when that counts for what policy asks it for.';

-- A transfer's last word, too, is another person's than everything before it, and no deputy's of theirs.
create function book.refuse_deputy_transfer() returns trigger language plpgsql set search_path = '' as $$
declare at timestamptz;
begin
    if tg_op = 'UPDATE' and old.bank_reference is not distinct from new.bank_reference then return new; end if;
    select clock_timestamp() + case when d.rehearsal then d.clock_offset else interval '0' end into at from book.database d;
    if exists (select from book.refunds f left join book.transfers t on t.leg_id = new.id and t.declined_at is null
               join book.duties d on d.delegated_by in (f.requested_by, f.reviewed_by, f.approved_by, t.planned_by)
               where f.id = new.refund_id and d.person_id = new.confirmed_by and d.confirmed_by is not null and d.from_at <= at and d.until_at > at) then
        raise exception 'decided_by_deputy' using errcode = '23514', constraint = 'decided_by_deputy', detail = '{}';
    end if;
    return new;
end $$;
comment on function book.refuse_deputy_transfer() is 'Nobody says that a transfer has left on behalf of those who asked for it, reviewed, approved or planned it.';
create trigger refuse_deputy_confirmed_by before insert or update on book.refund_legs for each row when (new.bank_reference is not null and new.confirmed_by is not null) execute function book.refuse_deputy_transfer();

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.channel, p.value::jsonb, p.valid_from::timestamptz, 'default', p.valid_from::timestamptz, p.valid_from::timestamptz
from (values
    ('step_up_minutes', null, '5', '2020-01-01T00:00:00+08'),
    ('step_up_bulk_above', null, '"0.00"', '2020-01-01T00:00:00+08'),
    ('payout_encoding', 'alipay', '"GBK"', '2020-01-01T00:00:00+08'),
    ('payout_encoding', 'wechat', '"UTF8"', '2020-01-01T00:00:00+08'),
    ('payout_heading', 'alipay', '"batch"', '2020-01-01T00:00:00+08'),
    ('payout_heading', 'wechat', '"none"', '2020-01-01T00:00:00+08'),
    ('payout_columns', 'alipay', '[["支付宝交易号", "provider_no"], ["商户订单号", "order_no"], ["退款请求号", "refund_no"], ["退款金额（元）", "amount"], ["退款原因", "reason"]]', '2020-01-02T00:00:00+08'),
    ('payout_columns', 'wechat', '[["商户订单号", "order_no"], ["退款金额", "amount"], ["商户退款单号", "refund_no"], ["退款原因", "reason"]]', '2020-01-02T00:00:00+08')
) p (name, channel, value, valid_from);

do $$
declare t text;
begin
    foreach t in array array['payout_files', 'step_ups'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
    alter function book.refuse_deputy_transfer() owner to kontor_owner;
    revoke execute on function book.refuse_deputy_transfer() from public;
end $$;
