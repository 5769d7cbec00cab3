//! The story of a small finance desk, November 2025 to Friday 13 February 2026: every case in every state once.

use super::Story;
use serde_json::{Value, json};
use uuid::Uuid;

/// Account holders: number, name as the platform tells it, kind.
pub const HOLDERS: &[(&str, &str, &str)] = &[
    ("zp-10482", "雪松逻辑（上海）人工智能科技有限公司浦东新区第二分公司", "enterprise"),
    ("zp-11213", "Northwind Traders & Friends International Software Holdings (Asia-Pacific) Pte. Ltd.", "enterprise"),
    ("zp-11944", "张伟", "personal"),
    ("zp-12675", "欧阳思远", "personal"),
    ("zp-13406", "Blue Lantern 蓝灯笼", "enterprise"),
    ("zp-14137", "成都霜叶网络科技有限公司", "enterprise"),
    ("zp-14868", "Fernway Studio", "enterprise"),
    ("zp-15599", "海港实验室（青岛）有限公司", "enterprise"),
    ("zp-16330", "李四", "personal"),
    ("zp-17061", "杭州云杉数据技术有限公司", "enterprise"),
    ("zp-17792", "Linden Apps", "enterprise"),
    ("zp-18523", "王小明", "personal"),
    ("zp-19254", "Orchid Parcel", "enterprise"),
    ("zp-19985", "深圳市南山区一二三四五六七八九十智能硬件研究院", "enterprise"),
];

/// One paid order: its customer by place in the list, number, channel, principal, gift, and when.
fn order(holder: usize, order_no: &str, channel: &str, principal: &str, gift: &str, paid_at: &str) -> Value {
    let (customer_ref, name, kind) = HOLDERS[holder];
    let mut row = json!({"line": 2, "order_no": order_no, "customer_ref": customer_ref, "customer_name": name, "customer_kind": kind,
        "phone": format!("1381234{:04}", 7 * holder), "email": format!("finance{holder}@example.com"), "real_name_verified": holder != 8,
        "kind": if gift == "0" { "custom" } else { "package" }, "principal": principal, "gift": gift, "channel": channel,
        "payer_name": if holder == 4 { "王富贵" } else { name }, "payer_account": "13812340000", "payer_is_holder": holder != 4,
        "agreement_version": "2025-09-01", "paid_at": format!("{paid_at}:00+08:00"),
        "provider_no": format!("4200{}", order_no.trim_start_matches('R'))});
    if gift != "0" {
        row["activity"] = json!("welcome");
    }
    row
}

fn used(holder: usize, key: &str, product: &str, day: &str, amount: &str) -> Value {
    json!({"line": 2, "usage_key": key, "customer_ref": HOLDERS[holder].0, "product": product,
        "used_from": format!("{day}T00:00:00+08:00"), "used_to": format!("{day}T23:00:00+08:00"), "amount": amount})
}

/// Customers are numbered in the order of their first recharge, which is the order of the list.
pub fn customer(holder: usize) -> String {
    (holder + 1).to_string()
}

/// November and December: terms, first recharges and usage, the first notices of third parties.
pub async fn autumn(story: &mut Story) {
    for (version, announced, effective) in
        [("2024-06-01", "2024-05-01", "2024-06-01"), ("2025-09-01", "2025-08-01", "2025-09-01")]
    {
        let version = json!({"version": version, "announced_at": format!("{announced}T00:00:00+08:00"), "effective_at": format!("{effective}T00:00:00+08:00")});
        story.act("administrator", "agreements.add", version).await;
    }
    for activity in [
        json!({"code": "welcome", "title": "新客赠送"}),
        json!({"code": "spring-2026", "title": "春节充值赠送", "gift_days": 90, "on_recharge_refunded": "void"}),
    ] {
        story.act("administrator", "activities.add", activity).await;
    }
    for (code, title_en, title_zh) in [
        ("chat", "Conversation API", "对话接口调用"),
        ("image", "Image generation", "图像生成服务"),
        ("voice", "Speech synthesis", "语音合成服务"),
    ] {
        let product = json!({"code": code, "title_en": title_en, "title_zh": title_zh, "vat_rate": "0.06"});
        story.act("administrator", "products.add", product).await;
    }
    let seller = json!({"name": "北京蓝灯演练科技有限公司", "address": "北京市海淀区示例路 1 号", "tax_id": "91110108MA0TE4T01D", "phone": "010-00000000",
        "bank": "示例银行北京海淀支行", "account": "0200 0000 0000 0000 001", "valid_from": "2025-11-04T00:00:00+08:00"});
    let proposed = story.act("administrator", "invoices.propose_seller", seller).await;
    story.act("approver", "invoices.confirm_seller", json!({"proposal_id": proposed["proposal_id"]})).await;

    story.at("2025-12-01T10:00").await;
    let orders = vec![
        order(0, "R2025112200417", "alipay", "5000.00", "310.00", "2025-11-22T11:12"),
        order(1, "R2025112200902", "wechat", "10000.00", "0", "2025-11-22T15:40"),
        order(2, "R2025112300011", "wechat", "98.17", "0", "2025-11-23T20:05"),
        order(3, "R2025112400156", "alipay", "40.40", "2.00", "2025-11-24T21:30"),
        order(4, "R2025112500320", "alipay", "500.00", "0", "2025-11-25T09:12"),
        order(5, "R2025112600077", "wechat", "880.00", "0", "2025-11-26T13:00"),
        order(6, "R2025112600078", "wechat", "4102.00", "0", "2025-11-26T13:01"),
        order(7, "R2025112700500", "alipay", "120000.00", "0", "2025-11-27T10:20"),
        order(8, "R2025112800003", "wechat", "66.00", "0", "2025-11-28T23:59"),
        order(9, "R2025112900210", "alipay", "3000.00", "20.00", "2025-11-29T10:00"),
        order(10, "R2025112900211", "wechat", "265.00", "0", "2025-11-29T10:01"),
        order(11, "R2025112900212", "wechat", "820.00", "0", "2025-11-29T10:02"),
        order(12, "R2025112900213", "alipay", "320.00", "0", "2025-11-29T10:03"),
        order(13, "R2025112900214", "alipay", "60000.00", "0", "2025-11-29T10:04"),
    ];
    story.act("platform", "recharges.post", json!({"rows": orders})).await;
    let rows = vec![
        used(0, "U-2511-01", "chat", "2025-11-28", "1520.204417"),
        used(0, "U-2511-02", "image", "2025-11-29", "300.000000"),
        used(1, "U-2511-03", "chat", "2025-11-30", "1204.640118"),
        used(7, "U-2511-04", "chat", "2025-11-30", "12480.664417"),
        used(9, "U-2511-05", "voice", "2025-11-30", "132.500000"),
        used(12, "U-2511-06", "chat", "2025-11-30", "200.000000"),
    ];
    story.act("platform", "usage.post", json!({"rows": rows})).await;

    notice(story, "orchid", "R2025112900213", "2025-12-04T09:10", "T-77001").await;
    locked(story, "orchid", "2025-12-04T12:00").await;
    notice(story, "fern", "R2025112600078", "2025-12-08T09:30", "T-77020").await;
    story.act("handler", "disputes.decline_notice", on("fern", json!({"reason": "通知人不能证明是付款人"}))).await;
}

/// What a dispute's action needs besides its own arguments.
fn on(dispute: &str, mut arguments: Value) -> Value {
    arguments["dispute_id"] = json!(Story::id(&format!("dispute {dispute}")));
    arguments
}

async fn notice(story: &mut Story, dispute: &str, order_no: &str, at: &str, ticket_no: &str) {
    story.at(at).await;
    let notice = json!({"command_id": Story::id(&format!("dispute {dispute}")), "order_no": order_no, "ticket_no": ticket_no,
        "demand": "孩子用我的手机充的值，我不同意，请退给我。", "received_at": format!("{at}:00+08:00"), "notice_way": "phone",
        "informant_name": "王富贵", "informant_contact": "13812340000"});
    story.act("agent", "disputes.record_notice", notice).await;
}

/// The lock confirmed, and its notice served the same minute.
async fn locked(story: &mut Story, dispute: &str, at: &str) {
    story.at(at).await;
    story.act("handler", "disputes.confirm_lock", on(dispute, json!({}))).await;
    let served =
        json!({"about": "lock", "way": "sms", "served_at": story.now.to_rfc3339(), "proof": "短信回执 20260116-0007"});
    story.act("agent", "disputes.record_service", on(dispute, served)).await;
}

async fn evidence(story: &mut Story, dispute: &str, at: &str) -> Uuid {
    story.at(at).await;
    let case = Story::id(&format!("dispute {dispute}"));
    let paper = story.attach("handler", "dispute", case, "授权书-2025-11.pdf").await;
    let id = Story::id(&format!("evidence of {dispute} at {at}"));
    let filed = json!({"command_id": id, "summary": "第三方事前授权书，含聊天记录截图", "way": "email",
        "received_at": format!("{at}:00+08:00"), "attachment_ids": [paper]});
    story.act("agent", "disputes.record_evidence", on(dispute, filed)).await;
    id
}

/// Proposed, approved, released and confirmed by proof.
async fn repaid(story: &mut Story, dispute: &str) {
    story.act("handler", "disputes.propose_repayment", on(dispute, json!({}))).await;
    story.act("approver", "disputes.approve_repayment", on(dispute, json!({}))).await;
    story.act("treasurer", "disputes.release_repayment", on(dispute, json!({}))).await;
    let paper = story.attach("accountant", "dispute", Story::id(&format!("dispute {dispute}")), "bank-slip.pdf").await;
    let proof = json!({"reference": "B-20260105-01", "attachment_id": paper});
    story.act("accountant", "disputes.confirm_repayment", on(dispute, proof)).await;
}

/// January: policies, papers for what was consumed, repayments, and the locks whose clocks run into February.
pub async fn winter(story: &mut Story) {
    story.at("2025-12-30T10:00").await;
    let minimum = json!({"name": "recharge_minimum", "value": "1.00", "valid_from": "2026-01-05T00:00:00+08:00", "reason": "小额充值的成本高于收入，财务会议决定。"});
    let proposed = story.act("administrator", "policies.propose", minimum).await;
    story.act("approver", "policies.confirm", json!({"policy_id": proposed["id"]})).await;

    story.at("2026-01-05T09:00").await;
    story.act("handler", "disputes.state_inboxes_checked", on("orchid", json!({}))).await;
    repaid(story, "orchid").await;
    let told = json!({"way": "email", "notified_at": story.now.to_rfc3339(), "proof": "邮件回执"});
    story.act("handler", "disputes.notify_shortfall", on("orchid", told)).await;

    story.at("2026-01-06T10:00").await;
    let rows = vec![
        used(0, "U-2512-01", "chat", "2025-12-20", "920.113000"),
        used(1, "U-2512-02", "chat", "2025-12-21", "2310.775200"),
        used(7, "U-2512-03", "image", "2025-12-22", "3000.000000"),
        used(9, "U-2512-04", "voice", "2025-12-23", "118.204417"),
    ];
    story.act("platform", "usage.post", json!({"rows": rows})).await;
    papers(story).await;

    notice(story, "frost", "R2025112600077", "2026-01-08T09:20", "T-77101").await;
    locked(story, "frost", "2026-01-08T11:00").await;
    notice(story, "linden", "R2025112900211", "2026-01-14T16:00", "T-77130").await;
    locked(story, "linden", "2026-01-15T10:00").await;
    notice(story, "lantern", "R2025112500320", "2026-01-16T09:40", "T-77144").await;
    locked(story, "lantern", "2026-01-16T12:00").await;
    let first = evidence(story, "lantern", "2026-01-20T15:00").await;
    story.at("2026-01-21T10:00").await;
    let reason = json!({"evidence_id": first, "reason": "没有第三方签名，聊天记录在充值之后"});
    story.act("reviewer", "disputes.reject_evidence", on("lantern", reason)).await;
    let negotiation =
        json!({"happened_at": "2026-01-21T09:30:00+08:00", "body_text": "与双方电话沟通，第三方坚持退款。"});
    story.act("agent", "disputes.record_negotiation", on("lantern", negotiation)).await;
}

/// Titles, papers, prints, the tax platform's number, and red letters in every state.
async fn papers(story: &mut Story) {
    let mut titles = Vec::new();
    for (holder, name, code) in [
        (0, "雪松逻辑（上海）人工智能科技有限公司", "91110108MA0TE4T01D"),
        (
            1,
            "Northwind Traders & Friends International Software Holdings (Asia-Pacific) Pte. Ltd.",
            "91310115MA1K4BCD3C",
        ),
        (7, "海港实验室（青岛）有限公司", "91110108MA0TE4T01D"),
    ] {
        let title = json!({"customer_id": customer(holder), "kind": "enterprise", "name": name, "credit_code": code, "address": "上海市浦东新区示例路 88 号",
            "phone": "13800008000", "bank": "示例银行上海分行", "account": "6222000000000017", "email": "fapiao@example.com"});
        titles.push(story.act("taxclerk", "buyers.save", title).await["id"].clone());
    }
    let mut issued = Vec::new();
    for (title, holder, product, amount, note) in [
        (0, 0, "chat", "1200.00", "zp-10482, 2025-12"),
        (0, 0, "image", "300.00", ""),
        (1, 1, "chat", "3500.00", ""),
        (2, 7, "chat", "12480.66", "一月对账单"),
        (2, 7, "image", "2500.00", ""),
    ] {
        let mut paper = json!({"customer_id": customer(holder), "buyer_id": titles[title], "lines": [{"product": product, "amount": amount}]});
        if !note.is_empty() {
            paper["note"] = json!(note);
        }
        issued.push(story.act("taxclerk", "invoices.issue", paper).await["id"].clone());
    }
    story.at("2026-01-07T10:00").await;
    let official =
        json!({"invoice_id": issued[0], "official_number": "26312000001741590436", "official_on": "2026-01-07"});
    story.act("taxclerk", "invoices.record_official", official).await;
    let invoice = issued[0].as_str().and_then(|id| id.parse().ok()).expect("an id");
    kontor::invoices::pdf(&story.desk.person("taxclerk").await, invoice).await.expect("the paper is drawn");
    let print = json!({"invoice_id": issued[0], "printer": "HP-LaserJet-4F"});
    story.act("taxclerk", "invoices.log_print", print.clone()).await;
    let mut copy = print;
    copy["reason"] = json!("customer_asked");
    story.act("agent", "invoices.log_print", copy).await;
    let mut asked = Vec::new();
    for (paper, reason, lines) in [
        (1, "01", Value::Null),
        (2, "04", json!([{"product": "chat", "amount": "1000.00"}])),
        (3, "04", json!([{"product": "chat", "amount": "480.66"}])),
        (4, "03", Value::Null),
    ] {
        let mut red = json!({"invoice_id": issued[paper], "reason_code": reason, "note": "Credit-back of 11 February"});
        if !lines.is_null() {
            red["lines"] = lines;
        }
        asked.push(story.act("taxclerk", "invoices.propose_red_letter", red).await["id"].clone());
    }
    story.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": asked[0]})).await;
    story.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": asked[1]})).await;
    let no = json!({"red_letter_id": asked[3], "reason": "The service was rendered"});
    story.act("approver", "invoices.decline_red_letter", no).await;
}

async fn applied(story: &mut Story, name: &str, holder: usize, at: &str, ticket_no: &str) -> Value {
    story.at(at).await;
    let id = Story::id(&format!("refund {name}"));
    story.attach("agent", "refund", id, "Company letter 公司函件.pdf").await;
    let application = json!({"command_id": id, "customer_id": customer(holder), "reason_kind": "no_longer_needed", "ticket_no": ticket_no,
        "reason": "The team moved to another product and closes its account; the customer wrote on 9 February.", "gifts_void_confirmed": true});
    story.act("agent", "refunds.request", application).await;
    json!({"refund_id": id})
}

/// An approver opens every proof before deciding, on record.
async fn read_papers(story: &mut Story, page: &Value) {
    for paper in page["attachments"].as_array().expect("proofs") {
        story.act("approver", "attachments.opened", json!({"attachment_id": paper["id"]})).await;
    }
}

async fn approved(story: &mut Story, refund: &Value) {
    story.act("reviewer", "refunds.review", refund.clone()).await;
    let page = story.look("approver", "refunds.open", refund.clone()).await;
    read_papers(story, &page).await;
    // A large one is typed from the papers; for a small one the database does not look.
    let sheet = &page["worksheet"];
    let account = sheet["lots"][0]["payer_account"].as_str().expect("a payer's account");
    let last_four: String = account.chars().skip(account.chars().count() - 4).collect();
    let typed = with(&with(refund, "typed_net", sheet["net"].clone()), "typed_payee", json!(last_four));
    story.act("approver", "refunds.approve", with(&typed, "digest", page["digest"].clone())).await;
}

fn with(arguments: &Value, name: &str, value: Value) -> Value {
    let mut arguments = arguments.clone();
    arguments[name] = value;
    arguments
}

/// February: recharges of the festival, applications in every state, files, exceptions, and what waits for two people.
pub async fn february(story: &mut Story) {
    story.at("2026-02-05T10:00").await;
    let orders = vec![
        order(0, "R2025120100032", "wechat", "8000.00", "0", "2025-12-01T15:02"),
        order(0, "R2026020300981", "wechat", "2000.00", "310.00", "2026-02-03T13:41"),
        order(3, "R2026020300982", "wechat", "6.40", "0", "2026-02-03T14:00"),
        order(2, "R2026020400001", "alipay", "0.50", "0", "2026-02-04T08:00"),
    ];
    story.act("platform", "recharges.post", json!({"rows": orders})).await;
    let unknown = json!({"line": 9, "usage_key": "U-2601-09", "customer_ref": "zp-99999", "product": "chat", "used_from": "2026-01-31T00:00:00+08:00", "amount": "12.340000"});
    let rows = vec![
        used(0, "U-2601-01", "chat", "2026-01-31", "144.020118"),
        used(1, "U-2601-02", "chat", "2026-01-31", "88.100000"),
        used(10, "U-2601-03", "chat", "2026-01-31", "0.310000"),
        unknown,
    ];
    story.act("platform", "usage.post", json!({"rows": rows})).await;
    closed_refunds(story).await;
    statement(story).await;
    open_refunds(story).await;
    disputes_of_february(story).await;
    super::letters::played(story).await;
    proposals(story).await;
    month_end(story).await;
}

/// Rejected, withdrawn, paid by its statement, and one that waits for it.
async fn closed_refunds(story: &mut Story) {
    let refund = applied(story, "wei", 2, "2026-02-06T09:00", "W-88101").await;
    let reason = with(&refund, "reason", json!("证明材料与付款人不一致"));
    story.act("reviewer", "refunds.reject", reason).await;
    let refund = applied(story, "fernway", 6, "2026-02-06T09:30", "W-88108").await;
    let reason = with(&refund, "reason", json!("The customer wants to keep the account"));
    story.act("agent", "refunds.withdraw", reason).await;
    for (name, holder, at, ticket_no) in
        [("ming", 11, "2026-02-06T10:00", "W-88115"), ("ouyang", 3, "2026-02-06T14:00", "W-88122")]
    {
        let refund = applied(story, name, holder, at, ticket_no).await;
        approved(story, &refund).await;
        story.act("treasurer", "refunds.release", refund).await;
    }
}

/// The provider's file of 7 February: a refund that confirms its leg, a payment that no order explains, one of another amount.
async fn statement(story: &mut Story) {
    story.at("2026-02-09T09:00").await;
    // A new lot after a rejected application: its gift is not void.
    let again = json!({"rows": [order(2, "R2026020800117", "wechat", "200.00", "20.00", "2026-02-08T19:30")]});
    story.act("platform", "recharges.post", again).await;
    let page = story.look("treasurer", "refunds.open", json!({"refund_id": Story::id("refund ming")})).await;
    let leg = &page["legs"][0];
    let id = Story::id("statement of 7 February");
    let row = |line: u32, kind: &str, order_no: &str, refund_no: &Value, gross: &str| {
        json!({"line": line, "kind": kind, "order_no": order_no, "provider_no": format!("42000026020700{line:02}"),
        "refund_no": refund_no, "occurred_at": "2026-02-07T10:00:00+08:00", "gross": gross, "fee": "0.00", "net": gross})
    };
    let paid_back = format!("-{}", leg["net"].as_str().expect("an amount"));
    let rows = json!([
        row(6, "refund", leg["order_no"].as_str().expect("an order"), &leg["refund_no"], &paid_back),
        row(7, "payment", "R2026020799999", &Value::Null, "200.00"),
        row(8, "refund", "R2025112200902", &json!("R-2026-9999-1"), "-15.00")
    ]);
    let totals = json!({"row_count": 3, "from": "2026-02-07T00:00:00+08:00", "to": "2026-02-08T00:00:00+08:00"});
    let begin = json!({"command_id": id, "kind": "statement_wechat", "file_name": "1900000001All2026-02-07.csv", "file_sha256": "7".repeat(64), "totals": totals});
    story.act("accountant", "imports.begin", begin).await;
    story.look("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": rows})).await;
    story.act("accountant", "imports.post", json!({"import_id": id})).await;
}

/// Open in every state: to be reviewed, one paper missing, figures that moved, clean, large, approved.
async fn open_refunds(story: &mut Story) {
    applied(story, "deepsea", 13, "2026-02-10T09:00", "W-88188").await;
    let refund = applied(story, "orchid", 9, "2026-02-10T09:30", "W-88195").await;
    let missing = with(&refund, "asked_for", json!("加盖公章的公司函件"));
    story.act("reviewer", "refunds.ask_proof", missing).await;
    let refund = applied(story, "northwind", 1, "2026-02-10T10:00", "W-88202").await;
    story.act("reviewer", "refunds.review", with(&refund, "note", json!("与客户电话核实"))).await;
    let page = story.look("approver", "refunds.open", refund.clone()).await;
    read_papers(story, &page).await;
    let refund = applied(story, "harbour", 7, "2026-02-10T11:00", "W-88206").await;
    approved(story, &refund).await;
    story.refuse("treasurer", "refunds.release", refund).await;
    let refund = applied(story, "fernway again", 6, "2026-02-10T14:00", "W-88209").await;
    approved(story, &refund).await;
    story.refuse("treasurer", "refunds.withdraw", with(&refund, "reason", json!("x"))).await;

    let refund = applied(story, "cedar", 0, "2026-02-11T10:20", "W-88213").await;
    story.act("reviewer", "refunds.review", refund.clone()).await;
    let page = story.look("approver", "refunds.open", refund.clone()).await;
    read_papers(story, &page).await;
    let seen = page["digest"].clone();
    story.at("2026-02-12T08:00").await;
    // Billed late, used before the application: it takes from the hold, and the figures move.
    let rows = json!({"rows": [used(0, "U-2602-01", "chat", "2026-02-09", "113.231000")]});
    story.act("platform", "usage.post", rows).await;
    let unbilled =
        json!({"customer_ref": "zp-10482", "amount": "1.230000", "metered_until": "2026-02-11T10:00:00+08:00"});
    story.act("platform", "usage.report_unbilled", unbilled).await;
    story.refuse("approver", "refunds.approve", with(&refund, "digest", seen)).await;
    let note = json!({"customer_id": customer(0), "kind": "message", "body": "Customer confirmed by e-mail that gifts become void."});
    story.act("agent", "customers.add_note", note).await;
}

/// A notice of today, one whose window is over, one before its second pair of eyes.
async fn disputes_of_february(story: &mut Story) {
    let good = evidence(story, "linden", "2026-02-12T09:00").await;
    let accept = json!({"evidence_id": good, "reason": "授权书早于充值，签名与身份证一致"});
    story.act("reviewer", "disputes.propose_acceptance", on("linden", accept)).await;
    notice(story, "deepsea", "R2025112900214", "2026-02-12T16:00", "T-77190").await;
    story.refuse("handler", "disputes.propose_repayment", on("frost", json!({}))).await;
    story.refuse("agent", "disputes.confirm_lock", on("deepsea", json!({}))).await;
}

/// What one person proposed and another has to confirm.
async fn proposals(story: &mut Story) {
    story.at("2026-02-12T17:00").await;
    let back = json!({"usage_key": "U-2511-02", "amount": "120.00", "reason": "服务中断期间的用量，按公告退回。"});
    let asked = story.act("accountant", "usage.propose_credit_back", back).await;
    story.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    let back = json!({"usage_key": "U-2511-05", "amount": "20.004000", "reason": "重复计费"});
    story.act("accountant", "usage.propose_credit_back", back).await;
    let policy = json!({"name": "second_approval_above", "value": "20000.00", "valid_from": "2026-03-01T00:00:00+08:00", "reason": "节后退款金额上升，降低二次审批限额。"});
    story.act("administrator", "policies.propose", policy).await;
    let people = story.look("administrator", "people.list", json!({})).await;
    let reviewer =
        people.as_array().expect("people").iter().find(|one| one["login"] == "reviewer").expect("a reviewer");
    let duty = json!({"person_id": reviewer["id"], "duty": "approver", "from_at": "2026-02-13T00:00:00+08:00"});
    story.act("administrator", "people.propose_duty", duty).await;
    let year = json!({"year": 2027, "notice_title": "国务院办公厅关于2027年部分节假日安排的通知", "notice_no": "国办发明电〔2026〕1号",
        "days": [{"date": "2027-01-01", "off": true, "name": "元旦"}, {"date": "2027-02-06", "off": true, "name": "春节"}, {"date": "2027-02-13", "off": false, "name": "春节"}, {"date": "2027-10-01", "off": true, "name": "国庆节"}]});
    story.act("administrator", "calendar.import", year).await;
    let seller = json!({"name": "北京蓝灯演练科技有限公司", "address": "北京市朝阳区示例大街 2 号", "tax_id": "91110108MA0TE4T01D", "phone": "010-11111111",
        "bank": "示例银行北京海淀支行", "account": "0200 0000 0000 0000 001", "valid_from": "2026-03-01T00:00:00+08:00"});
    story.act("administrator", "invoices.propose_seller", seller).await;
    let told = json!({"channel": "wechat", "amount": "3000.00", "as_of": "2026-02-12T16:00:00+08:00"});
    story.act("treasurer", "payouts.tell_balance", told).await;
    story.act("treasurer", "payouts.export", json!({"channel": "wechat"})).await;
    let exceptions = story.look("accountant", "exceptions.list", json!({})).await;
    let stray =
        exceptions.as_array().expect("exceptions").iter().find(|one| one["kind"] == "refund_without_instruction");
    let words = json!({"exception_id": stray.expect("the refund that nobody instructed")["id"], "resolution": "平台侧直接退款，已与商户后台核对"});
    story.act("accountant", "exceptions.resolve", words).await;
}

/// November is being closed: its tax is split off, some lines are ticked; two corrections, one of them decided.
async fn month_end(story: &mut Story) {
    story.at("2026-02-13T09:30").await;
    let november = "2025-11-01";
    story.act("accountant", "periods.soft_close", json!({"month": november})).await;
    let vat = story.look("accountant", "vat.open", json!({"month": november})).await;
    story.act("accountant", "vat.post", json!({"month": november, "digest": vat["digest"]})).await;
    let tick = json!({"month": november, "item": "usage_complete", "done": true, "note": "平台 12 月 1 日确认"});
    story.act("accountant", "periods.tick", tick).await;
    story.refuse("accountant", "periods.close", json!({"month": november})).await;
    let rest = |amount: &str, name: &str| {
        json!({"command_id": Story::id(name), "kind": "rounding", "amount": amount, "debit_account": "rounding", "credit_account": "provider_fees",
               "reason": "渠道手续费按笔与按日合计的尾差", "document_no": "对账单 2026-02-12"})
    };
    let asked = story.act("accountant", "adjustments.propose", rest("0.03", "adjustment decided")).await;
    let posted = story.act("approver", "adjustments.confirm", json!({"adjustment_id": asked["id"]})).await;
    story.act("accountant", "adjustments.propose", rest("0.11", "adjustment waiting")).await;
    let back = json!({"command_id": Story::id("reversal"), "journal_id": posted["journal_id"], "reason": "对账单次日更正，尾差不存在"});
    story.act("accountant", "reversals.propose", back).await;
}
