-- The campaign's money: what Stripe moved, what of a cash claim was paid, how long credits wait, and the answer to an objection as a letter.

-- ── Kinds and accounts ─────────────────────────────────────────────────────────────────────────────────────────
-- Lists that others may widen too are widened by what is new, not written anew.

do $$
declare
    told text;
begin
    select substring(pg_get_constraintdef(c.oid) from 'CHECK \((.*)\)$') into told from pg_constraint c where c.conname = 'journal_kind_unknown' and c.contypid = 'book.journal_kind'::regtype;
    execute 'alter domain book.journal_kind drop constraint journal_kind_unknown';
    execute format('alter domain book.journal_kind add constraint journal_kind_unknown check (%s or value in (''stripe_moved'', ''claim_paid''))', told);
    select substring(pg_get_constraintdef(c.oid) from 'CHECK \((.*)\)$') into told from pg_constraint c where c.conname = 'letter_kind_unknown' and c.contypid = 'book.letter_kind'::regtype;
    execute 'alter domain book.letter_kind drop constraint letter_kind_unknown';
    execute format('alter domain book.letter_kind add constraint letter_kind_unknown check (%s or value = ''objection_answer'')', told);
    select substring(pg_get_constraintdef(c.oid) from 'CHECK \((.*)\)$') into told from pg_constraint c where c.conname = 'letter_subject_unknown' and c.conrelid = 'book.letters'::regclass;
    execute 'alter table book.letters drop constraint letter_subject_unknown';
    execute format('alter table book.letters add constraint letter_subject_unknown check (%s or subject_kind = ''objection'')', told);
end $$;

insert into book.accounts (code, owner, title_en, title_zh) values
    ('stripe_clearing', 'house', 'Stripe clearing', 'Stripe 待清算'),
    ('stripe_fees', 'house', 'Stripe fees', 'Stripe 手续费'),
    ('stripe_other', 'house', 'Stripe · other movements', 'Stripe 其他变动'),
    ('dollar_sales', 'house', 'Sales in USD', '美元销售收款'),
    ('dollar_refunds', 'house', 'Refunds and chargebacks in USD', '美元退款及拒付'),
    ('dollar_bank', 'house', 'Bank · USD', '美元银行账户');

-- ── What Stripe moved ──────────────────────────────────────────────────────────────────────────────────────────

alter table book.statement_rows add column payout_no text;
create index on book.statement_rows (payout_no) where payout_no is not null;
comment on column book.statement_rows.payout_no is 'the payout that carried a movement of Stripe''s to the bank';

-- ── What of a claim was paid ───────────────────────────────────────────────────────────────────────────────────

create table book.claim_payments (
    id uuid primary key,
    violation_id uuid not null references book.campaign_violations,
    customer_id bigint not null references book.customers,
    amount numeric(12, 2) not null constraint claim_payment_is_zero check (amount <> 0),
    reference text not null constraint claim_payment_without_reference check (btrim(reference) <> ''),
    paid_at timestamptz not null,
    journal_id bigint not null references book.journals,
    recorded_at timestamptz not null,
    recorded_by integer not null references book.people
);
create index on book.claim_payments (violation_id, customer_id);
create index on book.claim_payments (customer_id);
create index on book.claim_payments (journal_id);
comment on table book.claim_payments is 'Money that came in for a cash claim, or went back when a new decision took a paid claim away (below zero). Recorded by a person who took no part in the violation.';

alter table book.claim_payments owner to kontor_owner;
grant select, insert on book.claim_payments to kontor_api;

-- ── How long credits wait ──────────────────────────────────────────────────────────────────────────────────────

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
values ('credit_pending_days', null, '0', '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08');

-- ── The answer to an objection ─────────────────────────────────────────────────────────────────────────────────

insert into book.letter_templates (id, kind, language, title, brief, body, valid_from, reason, proposed_at, confirmed_at)
select md5(t.kind || ' ' || t.language || ' 1')::uuid, t.kind, t.language, t.title, t.brief, btrim(t.body, E'\n'), '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
('objection_answer', 'zh', '邀请活动异议答复', '您关于邀请活动的异议（{case}，工单 {ticket}）已于 {decided_on} 核查完毕：{outcome}', 
'尊敬的 {customer}：

您于 {received_on} 就账户 {account} 的{about}提出异议（工单 {ticket}）。我们依据平台系统记录逐项核查，结果如下。

# 核查结果

{outcome}

{reason}

# 系统记录

{replay}

上述记录依据《邀请活动规则》（版本 {agreement}）第 2 条至第 4 条核算：邀请关系以付款前最后一次有效触点为准，首次付款须在绑定后 72 小时内完成；关于邀请关系、有效性及用户身份，以平台系统记录为准。为保护其他参与者的个人信息，对方账户仅显示末尾字符。

如对本答复有疑问，请通过工单 {ticket} 与我们联系。'),
('objection_answer', 'en', 'Answer to your objection', 'Your objection about the invite campaign ({case}, ticket {ticket}) was examined on {decided_on}: {outcome}', 
'Dear {customer},

On {received_on} you raised an objection about {about} of account {account} (ticket {ticket}). We went through the platform''s records one by one. This is what came of it.

# The result

{outcome}

{reason}

# What the records say

{replay}

These figures follow clauses 2 to 4 of the invite campaign rules (version {agreement}): an invitation belongs to the last valid touchpoint before the payment, and the first payment must come within 72 hours of it. The platform''s records are the basis for relationships, validity and identity. To protect others, the other party''s account shows its last characters only.

If you have questions about this answer, please write to us with ticket {ticket}.')
) t (kind, language, title, brief, body);
