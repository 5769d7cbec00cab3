//! Codes of the books as words of the dossier, in Chinese and English. A code that is not here prints as it is.

fn named(code: &str, words: &[(&str, &str)]) -> String {
    words.iter().find(|(known, _)| *known == code).map_or_else(|| code.to_owned(), |(_, said)| (*said).to_owned())
}

/// The status of a case.
pub fn status(code: &str) -> String {
    named(
        code,
        &[
            ("noticed", "已收到通知 noticed"),
            ("locked", "已锁定 locked"),
            ("repaying", "退还中 repaying"),
            ("short", "余额不足 short"),
            ("escalated", "已提交法院 escalated"),
            ("accepted", "证据采信 accepted"),
            ("settled", "已结清 settled"),
            ("withdrawn", "已撤回 withdrawn"),
            ("declined", "不予受理 declined"),
        ],
    )
}

/// A payment channel.
pub fn channel(code: &str) -> String {
    named(code, &[("alipay", "支付宝 Alipay"), ("wechat", "微信支付 WeChat Pay")])
}

/// A clock.
pub fn clock(code: &str) -> String {
    named(code, &[("evidence", "举证截止 Evidence until"), ("shortfall", "差额补足截止 Shortfall until")])
}

/// One of the three lanes, or an addressee.
pub fn lane(code: &str) -> String {
    named(code, &[("third_party", "第三方 third party"), ("holder", "持有人 holder"), ("platform", "平台 platform")])
}

/// How something was sent.
pub fn way(code: &str) -> String {
    named(
        code,
        &[
            ("sms", "短信 SMS"),
            ("email", "电子邮件 e-mail"),
            ("in_app", "站内信 in-app"),
            ("ticket", "工单 ticket"),
            ("post", "邮寄 post"),
            ("in_person", "当面 in person"),
            ("phone", "电话 phone"),
        ],
    )
}

/// What is written with a moment: the database puts the way before the first dot.
pub fn plain(said: &str) -> String {
    match said.split_once(" · ") {
        Some((first, rest)) => format!("{} · {rest}", way(first)),
        None => said.to_owned(),
    }
}

/// What a notice was about.
pub fn notice(code: &str) -> String {
    named(
        code,
        &[
            ("lock", "锁定通知 lock notice"),
            ("evidence_request", "举证要求 evidence request"),
            ("reminder", "提醒 reminder"),
            ("shortfall", "差额通知 shortfall notice"),
            ("unlock", "解除锁定通知 unlock notice"),
            ("other", "其他通知 other notice"),
        ],
    )
}

/// A kind of letter.
pub fn letter(code: &str) -> String {
    named(
        code,
        &[
            ("lock_notice", "锁定通知 lock notice"),
            ("evidence_request", "举证要求 evidence request"),
            ("reminder", "提醒 reminder"),
            ("shortfall_demand", "差额补足通知 shortfall demand"),
            ("waiver_form", "豁免确认书 waiver form"),
            ("unlock_notice", "解除锁定通知 unlock notice"),
        ],
    )
}

/// What was decided on evidence.
pub fn verdict(code: &str) -> String {
    named(
        code,
        &[
            ("open", "待审核 to be judged"),
            ("proposed", "已提议采信 acceptance proposed"),
            ("accepted", "已采信 accepted"),
            ("rejected", "已驳回 rejected"),
        ],
    )
}

/// What a journal records.
pub fn journal(code: &str) -> String {
    named(
        code,
        &[
            ("recharge", "充值 recharge"),
            ("gift_void", "赠送失效 gift void"),
            ("repayment_hold", "退还冻结 hold"),
            ("repayment_hold_released", "解除冻结 hold released"),
            ("repayment_released", "退还放款 released"),
            ("repayment_paid", "退还到账 paid"),
        ],
    )
}

/// A moment on the line.
pub fn moment(code: &str) -> String {
    if let Some(kind) =
        code.strip_prefix("letter_").map(letter).filter(|words| !words.contains('_') && words.contains(' '))
    {
        return format!("签发 issued：{kind}");
    }
    if let Some(about) = code.strip_prefix("served_") {
        return format!("送达 served：{}", notice(about));
    }
    named(
        code,
        &[
            ("notice", "收到通知 notice received"),
            ("locked", "账户与密钥锁定 account and keys locked"),
            ("evidence", "提交证据 evidence filed"),
            ("evidence_late", "逾期提交证据 evidence, late"),
            ("acceptance_proposed", "提议采信 acceptance proposed"),
            ("evidence_accepted", "证据采信 evidence accepted"),
            ("evidence_rejected", "证据驳回 evidence rejected"),
            ("conceded", "书面认可 conceded in writing"),
            ("inboxes_checked", "已查遍收件渠道 every inbox checked"),
            ("deadline_extended", "期限延长 window extended"),
            ("deadline_calendar", "节假日安排变动 holiday list changed"),
            ("repayment_proposed", "提出退还 repayment proposed"),
            ("repayment_rejected", "退还驳回 repayment rejected"),
            ("repayment_approved", "退还审批 repayment approved"),
            ("repayment_released", "退还放款 repayment released"),
            ("repayment_received", "退还到账 repayment received"),
            ("surplus_returned", "多余款项退回 surplus returned"),
            ("waived", "豁免 waived"),
            ("paid_directly", "自行退还 paid directly"),
            ("earmarked_recharge", "专项充值 earmarked recharge"),
            ("negotiated", "协商 negotiation"),
            ("escalated", "提交法院 escalated to the court"),
            ("accepted", "结案：证据采信 closed: accepted"),
            ("settled", "结案：已结清 closed: settled"),
            ("withdrawn", "通知撤回 notice withdrawn"),
            ("declined", "不予受理 notice declined"),
            ("letter_given_to_platform", "交平台发送 given to the platform"),
            ("letter_sent", "发出 sent"),
            ("letter_delivered", "送达 arrived"),
            ("letter_failed", "未送达 not delivered"),
            ("paper_received", "收到材料 paper received"),
            ("noted_call", "通话 call"),
            ("noted_message", "消息 message"),
            ("noted_letter", "信函 letter"),
            ("noted_note", "备注 note"),
        ],
    )
}
