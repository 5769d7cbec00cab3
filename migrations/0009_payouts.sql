-- Payouts: what leaves for the providers, in batches, and what their answers said.
-- A released leg is a promise; it is money on its way only once a batch has carried it out of the house.

create table book.payout_batches (
    id uuid primary key,
    number text not null constraint payout_batch_number_taken unique,
    channel text not null constraint payout_batch_channel_unknown check (channel in ('alipay', 'wechat')),
    status text not null constraint payout_batch_status_unknown check (status in ('exported', 'uploaded', 'answered', 'cancelled')),
    leg_count integer not null constraint payout_batch_is_empty check (leg_count > 0),
    amount numeric(14, 2) not null,
    content_sha256 bytea not null,
    exported_at timestamptz not null,
    exported_by integer not null references book.people,
    uploaded_at timestamptz,
    uploaded_by integer references book.people,
    provider_batch_no text,
    answered_at timestamptz,
    answered_by integer references book.people,
    cancelled_at timestamptz,
    cancelled_by integer references book.people,
    cancelled_reason text,
    constraint payout_batch_without_provider_number check (status not in ('uploaded', 'answered') or provider_batch_no is not null)
);
create index on book.payout_batches (exported_at);
comment on table book.payout_batches is 'Instructions for one provider in one file: exported, uploaded under the provider''s own number, answered.';

create table book.payout_batch_legs (
    batch_id uuid not null references book.payout_batches,
    refund_no text not null,
    place integer not null,
    customer_id bigint not null references book.customers,
    order_no text not null,
    provider_no text,
    order_amount numeric(12, 2) not null,
    amount numeric(12, 2) not null constraint payout_not_positive check (amount > 0),
    result text constraint payout_result_unknown check (result in ('accepted', 'failed', 'unknown', 'cancelled')),
    result_reason text,
    result_at timestamptz,
    primary key (batch_id, refund_no)
);
-- The same instruction may travel again only after the provider said that it failed, or the batch never left.
create unique index payout_already_exported on book.payout_batch_legs (refund_no) where result is null or result in ('accepted', 'unknown');
create index on book.payout_batch_legs (provider_no);
create index on book.payout_batch_legs (customer_id);
comment on table book.payout_batch_legs is 'The instructions of a batch, exactly as they were written into its file, and the provider''s answer to each.';

create table book.merchant_balances (
    id bigint generated always as identity primary key,
    channel text not null constraint merchant_balance_channel_unknown check (channel in ('alipay', 'wechat')),
    amount numeric(14, 2) not null constraint merchant_balance_negative check (amount >= 0),
    as_of timestamptz not null,
    told_at timestamptz not null,
    told_by integer not null references book.people
);
create index on book.merchant_balances (channel, as_of);
comment on table book.merchant_balances is 'What the merchant account at a provider held, as somebody read it there: refunds are paid from it.';

-- A leg that was recalled before it left is no promise any more.
alter table book.refund_legs drop constraint refund_leg_status_unknown;
alter table book.refund_legs add constraint refund_leg_status_unknown check (status in ('instructed', 'confirmed', 'failed', 'recalled'));
alter table book.refund_legs drop constraint refund_leg_repeated;
create unique index refund_leg_repeated on book.refund_legs (refund_id, recharge_id) where status <> 'recalled';

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.channel, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('refund_spacing_seconds', 'alipay', '3'::jsonb),
    ('refund_spacing_seconds', 'wechat', '60'),
    ('refunds_of_one_order', 'alipay', '50'),
    ('refunds_of_one_order', 'wechat', '50'),
    ('payout_columns', 'alipay', '[["商户订单号", "order_no"], ["支付宝交易号", "provider_no"], ["退款请求号", "refund_no"], ["订单金额", "order_amount"], ["退款金额", "amount"], ["退款原因", "reason"]]'),
    ('payout_columns', 'wechat', '[["商户订单号", "order_no"], ["微信支付订单号", "provider_no"], ["商户退款单号", "refund_no"], ["订单金额", "order_amount"], ["退款金额", "amount"], ["退款原因", "reason"]]')
) p (name, channel, value);

do $$
declare t text;
begin
    foreach t in array array['payout_batches', 'payout_batch_legs', 'merchant_balances'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
        execute format('grant select, insert on book.%I to kontor_api', t);
    end loop;
end $$;
grant usage on all sequences in schema book to kontor_api;
grant update (status, uploaded_at, uploaded_by, provider_batch_no, answered_at, answered_by, cancelled_at, cancelled_by, cancelled_reason) on book.payout_batches to kontor_api;
grant update (result, result_reason, result_at) on book.payout_batch_legs to kontor_api;
