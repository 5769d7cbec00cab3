//! Which lists can be exported: the command of the screen, how it pages, and the columns with their heads.

/// A list as a file shows it.
pub struct List {
    /// The command of the screen.
    pub command: &'static str,
    /// What the sheet is called, English and Chinese.
    pub title: [&'static str; 2],
    /// The argument that says how many rows a page has.
    pub size: &'static str,
    /// The arguments that begin the next page, and the fields of the last row that they take.
    pub key: &'static [(&'static str, &'static str)],
    /// The field whose lines become rows of their own.
    pub lines: Option<&'static str>,
    /// What stands beside each other.
    pub columns: &'static [Column],
}

/// One column.
pub struct Column {
    /// The field of the row; of its line, if it begins with `line.`.
    pub field: &'static str,
    /// The head, English and Chinese.
    pub head: [&'static str; 2],
    /// What kind of value it is.
    pub shows: Shows,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// As it is, or as the word for its code.
    Text,
    /// An account by its title.
    Account,
    /// Yes or no.
    Yes,
    /// A whole number that counts something.
    Count,
    /// An exact amount.
    Money,
    /// The amount where it is a debit.
    Debit,
    /// The amount where it is a credit, without its sign.
    Credit,
    /// An instant, in Beijing time.
    Instant,
    /// A day.
    Day,
}

impl Column {
    /// How wide it is in a workbook, in characters.
    pub(super) fn width(&self) -> u8 {
        match self.shows {
            Shows::Instant => 20,
            Shows::Text | Shows::Account => 18,
            Shows::Money | Shows::Debit | Shows::Credit => 16,
            Shows::Day => 12,
            Shows::Yes | Shows::Count => 10,
        }
    }
}

const fn column(field: &'static str, shows: Shows, head: [&'static str; 2]) -> Column {
    Column { field, head, shows }
}

use Shows::{Account, Count, Credit, Day, Debit, Instant, Money, Text, Yes};

/// Every list that has an Export button.
pub const LISTS: &[List] = &[
    List {
        command: "ledger.list",
        title: ["Ledger", "分录"],
        size: "maximum",
        key: &[("before", "id")],
        lines: Some("lines"),
        columns: &[
            column("id", Text, ["Journal", "凭证"]),
            column("line.line", Count, ["Line", "行"]),
            column("recorded_at", Instant, ["Recorded (UTC+8)", "记账时间（北京时间）"]),
            column("effective_at", Instant, ["Effective (UTC+8)", "生效时间（北京时间）"]),
            column("kind", Text, ["Kind", "类型"]),
            column("customer_id", Text, ["Customer no.", "客户内部编号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("line.account", Account, ["Account", "科目"]),
            column("line.commodity", Text, ["Commodity", "币种"]),
            column("line.amount", Debit, ["Debit", "借方"]),
            column("line.amount", Credit, ["Credit", "贷方"]),
            column("line.balance_after", Money, ["Balance after", "余额"]),
            column("document_kind", Text, ["Document kind", "来源单据类型"]),
            column("document_number", Text, ["Document", "来源单据"]),
            column("memo", Text, ["Memo", "摘要"]),
            column("reverses", Text, ["Reverses", "冲正"]),
            column("recorded_by", Text, ["Recorded by", "记账人"]),
        ],
    },
    List {
        command: "customers.list",
        title: ["Customers", "客户"],
        size: "most",
        key: &[("before_id", "id")],
        lines: None,
        columns: &[
            column("ref", Text, ["Account number", "客户编号"]),
            column("name", Text, ["Name", "名称"]),
            column("kind", Text, ["Kind", "类型"]),
            column("phone", Text, ["Phone", "手机号"]),
            column("email", Text, ["E-mail", "邮箱"]),
            column("real_name_verified", Yes, ["Real name verified", "已实名"]),
            column("wallet", Money, ["Wallet", "钱包余额"]),
            column("gift", Money, ["Gift", "赠送余额"]),
            column("held", Money, ["Held", "冻结"]),
            column("receivable", Money, ["Receivable", "应收"]),
            column("locked", Yes, ["Locked", "锁定"]),
            column("open_cases", Count, ["Open cases", "未结案件"]),
            column("usage_suspended_at", Instant, ["Usage suspended (UTC+8)", "停用时间（北京时间）"]),
            column("created_at", Instant, ["First seen (UTC+8)", "建档时间（北京时间）"]),
        ],
    },
    List {
        command: "refunds.list",
        title: ["Refunds", "退款"],
        size: "maximum",
        key: &[("before", "requested_at"), ("before_id", "id")],
        lines: None,
        columns: &[
            column("number", Text, ["Number", "编号"]),
            column("status", Text, ["Status", "状态"]),
            column("waits_for", Text, ["Waits for", "等待"]),
            column("customer_id", Text, ["Customer no.", "客户内部编号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("ticket_no", Text, ["Ticket", "工单号"]),
            column("reason_kind", Text, ["Reason kind", "原因类别"]),
            column("reason", Text, ["Reason", "原因"]),
            column("amount_gross", Money, ["Gross", "退款总额"]),
            column("amount_fee", Money, ["Fee", "手续费"]),
            column("amount_net", Money, ["Net", "实退金额"]),
            column("amount_gift_voided", Money, ["Gift voided", "作废赠送"]),
            column("requested_at", Instant, ["Requested (UTC+8)", "申请时间（北京时间）"]),
            column("requested_by", Text, ["Requested by", "申请人"]),
            column("reviewed_at", Instant, ["Reviewed (UTC+8)", "复核时间（北京时间）"]),
            column("reviewed_by", Text, ["Reviewed by", "复核人"]),
            column("approved_at", Instant, ["Approved (UTC+8)", "审批时间（北京时间）"]),
            column("approved_by", Text, ["Approved by", "审批人"]),
            column("released_at", Instant, ["Released (UTC+8)", "放款时间（北京时间）"]),
            column("released_by", Text, ["Released by", "放款人"]),
            column("paid_at", Instant, ["Paid (UTC+8)", "到账确认（北京时间）"]),
            column("closed_at", Instant, ["Closed (UTC+8)", "结案时间（北京时间）"]),
            column("closing_reason", Text, ["Closing reason", "结案原因"]),
        ],
    },
    List {
        command: "disputes.list",
        title: ["Disputes", "代充争议"],
        size: "maximum",
        key: &[("after_due", "due_at"), ("after_id", "id")],
        lines: None,
        columns: &[
            column("number", Text, ["Number", "编号"]),
            column("kind", Text, ["Kind", "类型"]),
            column("status", Text, ["Status", "状态"]),
            column("next_step", Text, ["Next step", "下一步"]),
            column("waits_for", Text, ["Waits for", "等待"]),
            column("customer_ref", Text, ["Account number", "客户编号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("order_no", Text, ["Order", "订单号"]),
            column("channel", Text, ["Channel", "渠道"]),
            column("paid_at", Instant, ["Paid (UTC+8)", "支付时间（北京时间）"]),
            column("payer_name", Text, ["Payer", "付款人"]),
            column("payer_account", Text, ["Payer account", "付款账号"]),
            column("ticket_no", Text, ["Ticket", "工单号"]),
            column("amount_disputed", Money, ["Disputed", "争议金额"]),
            column("amount_repaid", Money, ["Repaid", "已退还"]),
            column("amount_waived", Money, ["Waived", "已放弃"]),
            column("amount_paid_directly", Money, ["Paid directly", "直接支付"]),
            column("amount_outstanding", Money, ["Outstanding", "未结金额"]),
            column("amount_short", Money, ["Short", "差额"]),
            column("noticed_at", Instant, ["Noticed (UTC+8)", "通知时间（北京时间）"]),
            column("locked_at", Instant, ["Locked (UTC+8)", "锁定时间（北京时间）"]),
            column("deadline_kind", Text, ["Clock", "期限"]),
            column("due_on", Day, ["Due on", "到期日"]),
            column("provisional", Yes, ["Provisional", "暂定"]),
            column("decided_at", Instant, ["Decided (UTC+8)", "裁定时间（北京时间）"]),
            column("closed_at", Instant, ["Closed (UTC+8)", "结案时间（北京时间）"]),
            column("closing_reason", Text, ["Closing reason", "结案原因"]),
            column("handled_by", Text, ["Handled by", "经办人"]),
        ],
    },
    List {
        command: "invoices.list",
        title: ["Invoices", "发票"],
        size: "most",
        key: &[("before_issued_at", "issued_at"), ("before_id", "id")],
        lines: None,
        columns: &[
            column("number", Text, ["Number", "编号"]),
            column("kind", Text, ["Kind", "类型"]),
            column("status", Text, ["Status", "状态"]),
            column("customer_ref", Text, ["Account number", "客户编号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("buyer_name", Text, ["Buyer", "购买方"]),
            column("currency", Text, ["Currency", "币种"]),
            column("total_excl", Money, ["Excl. VAT", "不含税金额"]),
            column("total_tax", Money, ["VAT", "税额"]),
            column("total_incl", Money, ["Incl. VAT", "价税合计"]),
            column("red_lettered", Money, ["Red-lettered", "已红冲"]),
            column("period_from", Day, ["Period from", "期间起"]),
            column("period_to", Day, ["Period to", "期间止"]),
            column("issued_at", Instant, ["Issued (UTC+8)", "开具时间（北京时间）"]),
            column("issued_by", Text, ["Issued by", "开具人"]),
            column("approved_by", Text, ["Approved by", "审批人"]),
            column("refers_to_number", Text, ["Takes back", "对应蓝字"]),
            column("reason_code", Text, ["Reason code", "红冲原因"]),
            column("official_number", Text, ["Official number", "税务发票号码"]),
            column("official_on", Day, ["Official date", "税务开票日期"]),
        ],
    },
    List {
        command: "invoices.list_invoiceable",
        title: ["To invoice", "待开票"],
        size: "most",
        key: &[("before_invoiceable", "invoiceable"), ("before_customer_id", "customer_id")],
        lines: None,
        columns: &[
            column("ref", Text, ["Account number", "客户编号"]),
            column("name", Text, ["Customer", "客户"]),
            column("kind", Text, ["Kind", "类型"]),
            column("invoiceable", Money, ["To invoice", "可开票金额"]),
            column("red_letter_due", Money, ["Red letter due", "应红冲金额"]),
            column("products", Count, ["Products", "产品数"]),
            column("buyers", Count, ["Invoice titles", "抬头数"]),
        ],
    },
    List {
        command: "income.list",
        title: ["Income not invoiced", "未开票收入"],
        size: "maximum",
        key: &[("before_open", "open"), ("before_customer_id", "customer_id")],
        lines: None,
        columns: &[
            column("ref", Text, ["Account number", "客户编号"]),
            column("name", Text, ["Customer", "客户"]),
            column("kind", Text, ["Kind", "类型"]),
            column("open", Money, ["Not invoiced", "未开票"]),
            column("this_month", Money, ["This month", "本月"]),
            column("last_month", Money, ["Last month", "上月"]),
            column("month_before", Money, ["Month before", "前月"]),
            column("older", Money, ["Older", "更早"]),
            column("oldest_month", Day, ["Oldest month", "最早月份"]),
            column("red_letter_due", Money, ["Red letter due", "应红冲金额"]),
        ],
    },
    List {
        command: "corrections.list",
        title: ["Adjustments and reversals", "调整与冲正"],
        size: "maximum",
        key: &[("before_at", "proposed_at"), ("before_id", "id")],
        lines: None,
        columns: &[
            column("number", Text, ["Number", "编号"]),
            column("what", Text, ["What", "事项"]),
            column("kind", Text, ["Kind", "类型"]),
            column("of_journal", Text, ["Reverses", "冲正凭证"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("amount", Money, ["Amount", "金额"]),
            column("effective_on", Day, ["Counts from", "生效日期"]),
            column("document_no", Text, ["Document", "依据编号"]),
            column("reason", Text, ["Reason", "理由"]),
            column("status", Text, ["Status", "状态"]),
            column("proposed_by", Text, ["Proposed by", "提议人"]),
            column("proposed_at", Instant, ["Proposed (UTC+8)", "提议时间（北京时间）"]),
            column("decided_by", Text, ["Decided by", "决定人"]),
            column("decided_at", Instant, ["Decided (UTC+8)", "决定时间（北京时间）"]),
            column("journal_id", Text, ["Journal", "凭证"]),
        ],
    },
    List {
        command: "invoices.list_red_letters",
        title: ["Red letters", "红字"],
        size: "most",
        key: &[("before_proposed_at", "proposed_at"), ("before_id", "id")],
        lines: None,
        columns: &[
            column("invoice_number", Text, ["Invoice", "发票编号"]),
            column("customer_ref", Text, ["Account number", "客户编号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("reason_code", Text, ["Reason code", "红冲原因"]),
            column("note", Text, ["Note", "说明"]),
            column("total_incl", Money, ["Incl. VAT", "价税合计"]),
            column("status", Text, ["Status", "状态"]),
            column("proposed_at", Instant, ["Proposed (UTC+8)", "提出时间（北京时间）"]),
            column("proposed_by", Text, ["Proposed by", "提出人"]),
            column("decided_at", Instant, ["Decided (UTC+8)", "决定时间（北京时间）"]),
            column("decided_by", Text, ["Decided by", "决定人"]),
            column("issued_number", Text, ["Red letter", "红字编号"]),
        ],
    },
    List {
        command: "exceptions.list",
        title: ["Exceptions", "异常"],
        size: "maximum",
        key: &[("before", "id")],
        lines: None,
        columns: &[
            column("id", Text, ["Number", "编号"]),
            column("kind", Text, ["Kind", "类型"]),
            column("channel", Text, ["Channel", "渠道"]),
            column("order_no", Text, ["Order", "订单号"]),
            column("provider_no", Text, ["Provider number", "渠道交易号"]),
            column("customer_name", Text, ["Customer", "客户"]),
            column("amount", Money, ["As the paper says", "单据金额"]),
            column("amount_expected", Money, ["As the books say", "账面金额"]),
            column("file_name", Text, ["File", "文件"]),
            column("line", Count, ["Line", "行"]),
            column("happened_at", Instant, ["On the paper (UTC+8)", "单据时间（北京时间）"]),
            column("opened_at", Instant, ["Opened (UTC+8)", "产生时间（北京时间）"]),
            column("proposed_by", Text, ["Proposed by", "提出人"]),
            column("resolved_at", Instant, ["Settled (UTC+8)", "处理时间（北京时间）"]),
            column("resolved_by", Text, ["Settled by", "处理人"]),
            column("resolution", Text, ["How", "处理说明"]),
        ],
    },
    List {
        command: "imports.list",
        title: ["Imports", "导入"],
        size: "maximum",
        key: &[("before", "begun_at"), ("before_id", "id")],
        lines: None,
        columns: &[
            column("kind", Text, ["Kind", "类型"]),
            column("file_name", Text, ["File", "文件"]),
            column("status", Text, ["Status", "状态"]),
            column("rows_posted", Count, ["Booked", "已入账"]),
            column("rows_repeated", Count, ["Repeated", "重复"]),
            column("rows_excepted", Count, ["Exceptions", "异常"]),
            column("begun_at", Instant, ["Imported (UTC+8)", "导入时间（北京时间）"]),
            column("begun_by", Text, ["Imported by", "导入人"]),
            column("posted_at", Instant, ["Booked (UTC+8)", "入账时间（北京时间）"]),
            column("file_sha256", Text, ["SHA-256", "SHA-256"]),
        ],
    },
];
