-- Letters of disputes and refunds: their texts as data, what was issued, how it left, what proves that it arrived; and the chain over the audit.

-- ── Texts ──────────────────────────────────────────────────────────────────────────────────────────────────────

create domain book.letter_kind as text constraint letter_kind_unknown check (value in
    ('lock_notice', 'evidence_request', 'reminder', 'shortfall_demand', 'waiver_form', 'unlock_notice',
     'refund_received', 'refund_proof', 'refund_rejected', 'refund_approved', 'refund_paid', 'fee_explained'));
alter domain book.letter_kind owner to kontor_owner;

create table book.letter_templates (
    id uuid primary key,
    kind book.letter_kind not null,
    language text not null constraint letter_language_unknown check (language in ('zh', 'en')),
    title text not null,
    brief text not null,
    body text not null,
    valid_from timestamptz not null,
    reason text not null constraint letter_template_without_reason check (btrim(reason) <> ''),
    proposed_by integer references book.people,
    proposed_at timestamptz not null,
    confirmed_by integer references book.people,
    confirmed_at timestamptz,
    declined_by integer references book.people,
    declined_at timestamptz,
    declined_why text,
    constraint letter_template_incomplete check (btrim(title) <> '' and btrim(brief) <> '' and btrim(body) <> ''),
    constraint letter_template_too_long check (length(title) <= 60 and length(brief) <= 400 and length(body) <= 6000),
    constraint letter_template_confirmed_by_proposer check (confirmed_by is null or confirmed_by <> proposed_by),
    constraint letter_template_decided_twice check (num_nonnulls(confirmed_at, declined_at) <= 1)
);
create index on book.letter_templates (kind, language, valid_from);
create index on book.letter_templates (proposed_at, id);
comment on table book.letter_templates is 'The text of each letter in each language, with the instant from which it holds: proposed by one person, confirmed by another. Those without people came with the program. An empty line parts paragraphs, # begins a heading, {name} is a fact of the case.';

-- ── Letters ────────────────────────────────────────────────────────────────────────────────────────────────────

create table book.letters (
    id uuid primary key,
    number text not null constraint letter_number_taken unique,
    kind book.letter_kind not null,
    language text not null,
    subject_kind text not null constraint letter_subject_unknown check (subject_kind in ('dispute', 'refund')),
    subject_id uuid not null,
    customer_id bigint not null references book.customers,
    addressee text not null constraint letter_addressee_unknown check (addressee in ('holder', 'third_party')),
    template_id uuid not null references book.letter_templates,
    content jsonb not null,
    content_sha256 bytea not null,
    reminds_on date,
    issued_at timestamptz not null,
    issued_by integer not null references book.people,
    constraint letter_hash_differs check (content_sha256 = sha256(convert_to(content::text, 'UTF8')))
);
create index on book.letters (subject_id, issued_at);
create index on book.letters (customer_id);
create index on book.letters (template_id);
create unique index letter_reminded_today on book.letters (subject_id, reminds_on) where reminds_on is not null;
comment on table book.letters is 'Letters as issued: composed once from the state of a case, hashed, never composed again. reminds_on keeps a second reminder of one day away.';

create table book.letter_pdfs (
    letter_id uuid primary key references book.letters,
    bytes bytea not null constraint letter_pdf_not_a_pdf check (substring(bytes from 1 for 5) = '\x255044462d'::bytea),
    sha256 bytea not null,
    rendered_at timestamptz not null,
    rendered_by integer not null references book.people,
    constraint letter_pdf_hash_differs check (sha256 = sha256(bytes)),
    constraint letter_pdf_too_large check (octet_length(bytes) <= 2097152)
);
alter table book.letter_pdfs alter column bytes set storage external;
comment on table book.letter_pdfs is 'The first rendering of a letter; screen, file, printer and mail get these bytes for ever.';

create table book.letter_sendings (
    id uuid primary key,
    letter_id uuid not null references book.letters,
    way text not null constraint letter_way_unknown check (way in ('sms', 'email', 'in_app', 'ticket', 'post', 'in_person')),
    by_platform boolean not null,
    address_hint text,
    sent_at timestamptz not null,
    sent_by integer not null references book.people,
    delivered_at timestamptz,
    receipt text,
    receipt_recorded_at timestamptz,
    receipt_recorded_by integer references book.people,
    attachment_id uuid references book.attachments,
    failed_at timestamptz,
    failure text,
    service_id uuid references book.services_of_notice,
    constraint letter_received_without_receipt check ((delivered_at is null) = (receipt is null) and (delivered_at is null) = (receipt_recorded_at is null)),
    constraint letter_received_and_failed check (num_nonnulls(delivered_at, failed_at) <= 1),
    constraint letter_left_the_platform_by_hand check (by_platform = (way in ('sms', 'in_app')) or way = 'email')
);
create index on book.letter_sendings (letter_id);
create index on book.letter_sendings (service_id);
create index on book.letter_sendings (attachment_id);
comment on table book.letter_sendings is 'Each way that a letter took, and what proves that it arrived: the platform''s receipt, or a paper that was filed. address_hint is masked.';
comment on column book.letter_sendings.service_id is 'the service of notice that this receipt proves; null for a refund''s letter, and until a receipt is there';

create function book.refuse_letter_change() returns trigger language plpgsql as $$
begin
    raise exception 'letter_is_final' using errcode = '23514', constraint = 'letter_is_final';
end $$;
comment on function book.refuse_letter_change() is 'What was sent to somebody is never edited or deleted; another letter says otherwise.';
create trigger refuse_change before update or delete on book.letters for each row execute function book.refuse_letter_change();
create trigger refuse_change before update or delete on book.letter_pdfs for each row execute function book.refuse_letter_change();
create trigger refuse_truncate before truncate on book.letters for each statement execute function book.refuse_letter_change();

-- A letter may arrive inside the application too.
alter table book.services_of_notice drop constraint notice_way_not_served;
alter table book.services_of_notice add constraint notice_way_not_served check (way in ('sms', 'email', 'in_app', 'ticket', 'post', 'in_person', 'phone'));

-- ── The chain over the audit ───────────────────────────────────────────────────────────────────────────────────

create table book.audit_seals (
    up_to bigint primary key,
    sha256 bytea not null constraint audit_seal_is_no_hash check (octet_length(sha256) = 32),
    sealed_at timestamptz not null
);
comment on table book.audit_seals is 'A hash over every audit event up to a number, each hashed with what came before it. Made by the housekeeping once no transaction is left that could still add an earlier event; whoever keeps one of these hashes notices any later change.';
create table book.audit_edge (
    one boolean primary key default true constraint audit_edge_is_one check (one),
    up_to bigint not null default 0,
    seen_by xid8 not null default '0',
    seen_at timestamptz not null default '-infinity'
);
insert into book.audit_edge default values;
comment on table book.audit_edge is 'Up to which event the next seal may go, once every transaction that ran when it was noted has ended.';

do $$
declare t text;
begin
    foreach t in array array['letter_templates', 'letters', 'letter_pdfs', 'letter_sendings', 'audit_seals', 'audit_edge'] loop
        execute format('alter table book.%I owner to kontor_owner', t);
    end loop;
end $$;
alter function book.refuse_letter_change() owner to kontor_owner;
grant select, insert on book.letter_templates, book.letters, book.letter_pdfs, book.letter_sendings, book.audit_seals to kontor_api;
grant select on book.audit_edge to kontor_api;
grant update (confirmed_by, confirmed_at, valid_from, declined_by, declined_at, declined_why) on book.letter_templates to kontor_api;
grant update (delivered_at, receipt, receipt_recorded_at, receipt_recorded_by, attachment_id, failed_at, failure, service_id) on book.letter_sendings to kontor_api;
grant update (up_to, seen_by, seen_at) on book.audit_edge to kontor_api;

-- ── First facts ────────────────────────────────────────────────────────────────────────────────────────────────

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, null, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('letter_reminder_days', '[15, 7, 3, 1]'::jsonb),
    ('letters_from', '"service@example.com"')
) p (name, value);

insert into book.letter_templates (id, kind, language, title, brief, body, valid_from, reason, proposed_at, confirmed_at)
select md5(t.kind || ' ' || t.language || ' 1')::uuid, t.kind, t.language, t.title, t.brief, btrim(t.body, E'\n'), '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
('lock_notice', 'zh', '账户锁定通知', '您的账户 {account} 因第三方对充值订单 {order} 提出异议，已于 {locked_at}锁定（{case}）。请在 {due_at}前提交第三方事先同意代为充值的充分证据。', 
'尊敬的 {customer}：

付款人 {payer} 于 {received_on} 告知本公司，其不同意 {paid_on} 经{channel}支付的充值订单 {order}（实付 {order_amount}，争议金额 {disputed}）。

依据您在该笔充值时接受的《充值协议》（版本 {agreement}）第 5.2 条，本公司已于 {locked_at}锁定您的消费账户 {account}。锁定期间暂停您使用服务，并锁定您的 API Key。

# 请您提交证据

请在下列期限届满前提交充分证据，证明该第三方事先同意为您充值。证据可随时通过工单 {ticket} 提交，以我方收到的时间为准。

{deadline}

# 逾期的后果

期限届满仍无充分证据的，依据第 5.2 条，您同意并授权本公司配合该第三方的要求，从被锁定的账户中将相应金额退还给该第三方。账户余额不足的，您同意在接到差额通知后 {days} 日内补足，或自行向该第三方退还；该第三方同意无需退还的部分除外。赠送额度不用于退还（第 6.2 条）。

如对本函有异议，请先与本公司友好协商；协商不成的，依据《充值协议》第 10.1 条，由北京市海淀区人民法院管辖。'),
('lock_notice', 'en', 'Your account has been locked', 'Account {account} was locked at {locked_at}: a third party does not agree to recharge {order} ({case}). Please file sufficient evidence of prior consent before {due_at}.', 
'Dear {customer},

On {received_on} the payer {payer} told us that he or she does not agree to recharge order {order}, paid on {paid_on} by {channel} (paid {order_amount}, disputed {disputed}).

Under clause 5.2 of the Recharge Agreement (version {agreement}), which you accepted with that recharge, we locked your consumption account {account} at {locked_at}. While it is locked, services are suspended and your API keys are locked.

# What we ask of you

Please file sufficient evidence, before the time below is over, that the third party agreed in advance to recharge for you. You may file it at any hour with ticket {ticket}; what counts is when we receive it.

{deadline}

# If no evidence arrives

Without sufficient evidence by then, you agree and authorise us under clause 5.2 to refund the corresponding amount from the locked account to the third party as it requires. If the balance is not sufficient, you agree to recharge the difference within {days} days of our notice, or to pay it back yourself, except for what the third party agrees to waive. Gifts are not used for this (clause 6.2).

If you disagree, please talk to us first. What cannot be settled is heard by the People''s Court of Haidian District, Beijing (Recharge Agreement, clause 10.1).'),
('evidence_request', 'zh', '请提交证据', '关于 {case}：请在 {due_at}前提交第三方事先同意代为充值（订单 {order}）的充分证据，任何时间均可通过工单 {ticket} 提交。', 
'尊敬的 {customer}：

您的消费账户 {account} 因充值订单 {order}（{paid_on} 经{channel}支付，争议金额 {disputed}）的异议，已于 {locked_at}锁定，案件编号 {case}。

依据您接受的《充值协议》（版本 {agreement}）第 5.2 条，请提交能够证明付款人 {payer} 事先同意为您充值的充分证据，例如：

1. 付款人事先同意代您充值的书面文件、聊天记录或邮件，能够看出双方身份和时间；

2. 您与付款人之间的委托、代付或往来款项的约定及其履行记录；

3. 付款人现在书面确认其当时同意的说明。

请保留原件。证据可随时通过工单 {ticket} 提交，以我方收到的时间为准。

{deadline}

如对本函有异议，请先与本公司友好协商；协商不成的，依据《充值协议》第 10.1 条，由北京市海淀区人民法院管辖。'),
('evidence_request', 'en', 'Please file your evidence', 'Case {case}: please file sufficient evidence before {due_at} that the third party agreed in advance to recharge {order}. Ticket {ticket} takes it at any hour.', 
'Dear {customer},

Your consumption account {account} was locked at {locked_at} because of recharge order {order} (paid on {paid_on} by {channel}, disputed {disputed}), case {case}.

Under clause 5.2 of the Recharge Agreement (version {agreement}), which you accepted, please file sufficient evidence that the payer {payer} agreed in advance to recharge for you, for example:

1. a document, chat or e-mail in which the payer agreed beforehand, showing who wrote it and when;

2. your agreement with the payer on paying for you, and records of how it was carried out;

3. a written statement in which the payer confirms that he or she agreed at the time.

Please keep the originals. You may file at any hour with ticket {ticket}; what counts is when we receive it.

{deadline}

If you disagree, please talk to us first. What cannot be settled is heard by the People''s Court of Haidian District, Beijing (Recharge Agreement, clause 10.1).'),
('reminder', 'zh', '期限将至的提醒', '提醒：{case}（订单 {order}）的{clock}将于 {due_at}届满，请尽快处理。', 
'尊敬的 {customer}：

关于案件 {case}（充值订单 {order}，未了结金额 {outstanding}），依据《充值协议》（版本 {agreement}）第 5.2 条，您的{clock}即将届满。

{deadline}

请在此之前通过工单 {ticket} 答复。如您已经提交，请忽略本函。'),
('reminder', 'en', 'A time limit is about to end', 'Reminder: in case {case} (order {order}) your {clock} ends at {due_at}. Please answer soon.', 
'Dear {customer},

In case {case} (recharge order {order}, {outstanding} outstanding) your {clock} under clause 5.2 of the Recharge Agreement (version {agreement}) is about to end.

{deadline}

Please answer before then with ticket {ticket}. If you have done so already, please ignore this letter.'),
('shortfall_demand', 'zh', '差额补足通知', '关于 {case}：账户余额不足以退还第三方，差额 {shortfall}。请在接到本通知后 {days} 日内补足或自行退还，今日送达的，截止 {due_at}。', 
'尊敬的 {customer}：

案件 {case} 的举证期限已过，您未能提供充分证据证明付款人 {payer} 事先同意充值订单 {order}。

依据您接受的《充值协议》（版本 {agreement}）第 5.2 条，应退还第三方 {disputed}，现仍有 {shortfall} 因账户余额不足无法退还。

# 请您补足

请在下列期限届满前，选择以下任一方式：

1. 向账户 {account} 充值 {shortfall}，并在工单 {ticket} 中注明用于本案，委托本公司退还；

2. 用您的微信或支付宝账户自行向该第三方退还，并提交付款凭证；

3. 取得该第三方同意无需退还全部或部分金额的书面文件。

{deadline}

如对本函有异议，请先与本公司友好协商；协商不成的，依据《充值协议》第 10.1 条，由北京市海淀区人民法院管辖。'),
('shortfall_demand', 'en', 'Please make up the difference', 'Case {case}: the balance cannot repay the third party; {shortfall} is missing. Please recharge it or pay it back yourself within {days} days of this notice; served today, by {due_at}.', 
'Dear {customer},

The time for evidence in case {case} is over, and no sufficient evidence shows that the payer {payer} agreed in advance to recharge order {order}.

Under clause 5.2 of the Recharge Agreement (version {agreement}), which you accepted, {disputed} is due to the third party. {shortfall} of it cannot be paid from the balance of your account.

# What we ask of you

Before the time below is over, please do one of these:

1. recharge {shortfall} to account {account}, say with ticket {ticket} that it is for this case, and let us pay the third party;

2. pay the third party back from your own WeChat or Alipay account and send us the proof;

3. get the third party''s written consent that all or part of it need not be paid.

{deadline}

If you disagree, please talk to us first. What cannot be settled is heard by the People''s Court of Haidian District, Beijing (Recharge Agreement, clause 10.1).'),
('waiver_form', 'zh', '豁免退还确认书', '关于 {case}：如您同意账户持有人无需退还全部或部分金额，请填写并签署所附确认书后交回（工单 {ticket}）。', 
'您好：

您就充值订单 {order}（{paid_on} 经{channel}支付，实付 {order_amount}）提出的异议，案件编号 {case}，目前尚有 {outstanding} 未退还。

依据《充值协议》（版本 {agreement}）第 5.2 条，您可以同意账户持有人无需退还其中的全部或部分。这完全出于您的自愿；不签署本确认书不影响您的任何权利。

# 确认

本人确认：就上述订单，本人同意账户持有人无需退还下列金额，此后不再就该金额向账户持有人或本公司主张退还。

{form}

请将签署后的原件或清晰的扫描件通过工单 {ticket} 交回。'),
('waiver_form', 'en', 'Waiver of repayment', 'Case {case}: if you agree that all or part of the amount need not be repaid, please fill in, sign and return the form (ticket {ticket}).', 
'Dear Sir or Madam,

You told us that you do not agree to recharge order {order} (paid on {paid_on} by {channel}, {order_amount}), case {case}. {outstanding} of it has not been repaid yet.

Under clause 5.2 of the Recharge Agreement (version {agreement}) you may agree that the account holder need not repay all or part of it. This is entirely up to you; not signing takes none of your rights away.

# Declaration

I agree that the account holder need not repay the amount below of this order, and I will not ask the holder or the company for that amount again.

{form}

Please return the signed original or a clear scan with ticket {ticket}.'),
('unlock_notice', 'zh', '账户锁定解除通知', '关于 {case}：本案对账户 {account} 的锁定已于 {closed_at}解除。{other_locks}', 
'尊敬的 {customer}：

案件 {case}（充值订单 {order}）已于 {closed_at}结案：{outcome}

本案对您的消费账户 {account} 的锁定同时解除。{other_locks}

本案依据的是您在该笔充值时接受的《充值协议》（版本 {agreement}）第 5.2 条。'),
('unlock_notice', 'en', 'The lock on your account has been lifted', 'Case {case}: this case''s lock on account {account} was lifted at {closed_at}. {other_locks}', 
'Dear {customer},

Case {case} (recharge order {order}) was closed at {closed_at}: {outcome}

Its lock on your consumption account {account} was lifted with it. {other_locks}

The case was handled under clause 5.2 of the Recharge Agreement (version {agreement}), which you accepted with that recharge.'),
('refund_received', 'zh', '退款申请已收到', '您的退款申请 {case} 已于 {requested_on} 收到，正在审核，申请退款 {gross}。', 
'尊敬的 {customer}：

本公司已于 {requested_on} 收到您的退款申请，编号 {case}（工单 {ticket}）。

依据您接受的《充值协议》（版本 {agreement}）第 9.1 条，将由本公司审核未消费的充值金额。按目前账务计算如下，此前发生、尚未出账的用量仍会从中扣除（第 9.3 条），最终以审核结果为准。

{lots}

{gift}

审核通过后，款项退回原支付渠道，并扣除相应手续费。'),
('refund_received', 'en', 'We have received your refund application', 'We received refund application {case} on {requested_on}, for {gross}. It is being reviewed.', 
'Dear {customer},

We received your refund application {case} on {requested_on} (ticket {ticket}).

Under clause 9.1 of the Recharge Agreement (version {agreement}), which you accepted, we review what has not been consumed of your recharges. These are the figures as the books stand; usage from before the application that is still to be billed will be deducted (clause 9.3), and the review decides.

{lots}

{gift}

If it is approved, the money goes back the way it was paid, less the handling fee.'),
('refund_proof', 'zh', '请补充材料', '退款申请 {case} 需要补充材料，请通过工单 {ticket} 提交。申请仍然有效。', 
'尊敬的 {customer}：

您的退款申请 {case} 尚需补充材料（《充值协议》版本 {agreement} 第 9.1 条“提供相关证明材料”）。请补充：

{asked_for}

请通过工单 {ticket} 提交。在此期间您的申请仍然有效，款项继续为您保留。'),
('refund_proof', 'en', 'We need one more paper', 'Refund application {case} needs another paper. Please send it with ticket {ticket}; the application stands.', 
'Dear {customer},

Your refund application {case} needs more proof (Recharge Agreement, version {agreement}, clause 9.1 "provide relevant proof materials"). Please send us:

{asked_for}

Please send it with ticket {ticket}. Your application stands meanwhile, and the amount stays reserved for it.'),
('refund_rejected', 'zh', '退款申请未通过', '退款申请 {case} 于 {decided_on} 未获通过，充值金额已恢复可用，详见通知。', 
'尊敬的 {customer}：

您于 {requested_on} 提出的退款申请 {case}，经审核于 {decided_on} 未获通过。

理由：{reason}

依据：《充值协议》（版本 {agreement}）第 9.1 条。因平台服务持续消耗的特点，消费账户一般不支持退款；确因特殊情况申请的，需提供相关证明材料并由本公司审核。

为本次申请保留的充值金额已恢复可用。{gift}

如对本函有异议，请先与本公司友好协商；协商不成的，依据《充值协议》第 10.1 条，由北京市海淀区人民法院管辖。'),
('refund_rejected', 'en', 'Your refund application was not approved', 'Refund application {case} was not approved on {decided_on}. Your balance can be used again; see the letter.', 
'Dear {customer},

Your refund application {case} of {requested_on} was reviewed and not approved on {decided_on}.

Reason: {reason}

Clause: Recharge Agreement (version {agreement}), 9.1. Because the service is consumed continuously, the consumption account generally does not support refunds; where special circumstances are shown with proof, we review the request.

The amount that was reserved for this application can be used again. {gift}

If you disagree, please talk to us first. What cannot be settled is heard by the People''s Court of Haidian District, Beijing (Recharge Agreement, clause 10.1).'),
('refund_approved', 'zh', '退款申请已通过', '退款申请 {case} 已于 {decided_on} 通过，应退 {net}（已扣手续费 {fee}）。', 
'尊敬的 {customer}：

您的退款申请 {case} 已于 {decided_on} 通过审批（《充值协议》版本 {agreement} 第 9.1 条）。应退 {gross}，扣除手续费 {fee}，实退 {net}。

{lots}

款项按上表的路径退回，尚未到账；到账后我们会另行通知。{gift}'),
('refund_approved', 'en', 'Your refund has been approved', 'Refund application {case} was approved on {decided_on}: {net} will be paid (after a fee of {fee}).', 
'Dear {customer},

Your refund application {case} was approved on {decided_on} (Recharge Agreement, version {agreement}, clause 9.1): {gross} less a fee of {fee}, that is {net}.

{lots}

The money goes back as the table says and has not arrived yet; we will write again when it has. {gift}'),
('refund_paid', 'zh', '退款已完成', '退款 {case} 已于 {paid_on} 完成，实退 {net}。', 
'尊敬的 {customer}：

您的退款 {case} 已于 {paid_on} 全部完成。应退 {gross}，扣除手续费 {fee}，实退 {net}（《充值协议》版本 {agreement} 第 9.1 条）。

{lots}

如长时间未见到账，请持本函所列退款单号向支付渠道查询，或通过工单 {ticket} 与我们联系。'),
('refund_paid', 'en', 'Your refund has been paid', 'Refund {case} was completed on {paid_on}: {net} paid.', 
'Dear {customer},

Your refund {case} was completed on {paid_on}: {gross} less a fee of {fee}, that is {net} (Recharge Agreement, version {agreement}, clause 9.1).

{lots}

If you cannot find it, please ask the payment company with the refund numbers above, or write to us with ticket {ticket}.'),
('fee_explained', 'zh', '退款手续费说明', '退款 {case} 的手续费为 {fee}，按每笔充值分别计算，详见说明。', 
'尊敬的 {customer}：

关于退款 {case}，手续费合计 {fee}，依据《充值协议》（版本 {agreement}）第 9.1 条“扣除相应的手续费”。

# 如何计算

每笔充值分别计算：退款金额乘以该渠道费率，四舍五入到分，不低于最低收费，也不超过该笔退款金额。充值时与现在的费率不同的，取较低者。

{lots}

应退 {gross}，手续费 {fee}，实退 {net}。'),
('fee_explained', 'en', 'How the refund fee was computed', 'The fee of refund {case} is {fee}, computed for each recharge; see the letter.', 
'Dear {customer},

The fee of refund {case} is {fee} in total, under clause 9.1 of the Recharge Agreement (version {agreement}): "the corresponding handling fee will be deducted".

# How it is computed

For each recharge by itself: the refunded amount times the channel''s rate, rounded to the fen, at least the minimum, and never more than what is refunded of it. Where the rate when you paid and the rate now differ, the lower fee counts.

{lots}

{gross} less {fee} is {net}.')
) t (kind, language, title, brief, body);
