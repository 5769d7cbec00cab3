//! Letters of disputes and refunds: what they may say, that their bytes never change, how they leave, and what a
//! receipt does.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use kontor::{dossier, letters};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};
use uuid::Uuid;

const LOCKED: &str = "2025-12-04T12:00:00+08:00";

/// One disputed recharge of a person, locked at noon of 4 December 2025.
struct Case {
    desk: Desk,
    id: String,
}

pub async fn with_seller(desk: &Desk) {
    let seller = json!({"name": "北京示例科技有限公司", "address": "北京市海淀区示例路 1 号", "tax_id": "91110108MA0TE4T01D", "phone": "010-00000000",
        "bank": "示例银行", "account": "0200", "valid_from": "2025-01-01T00:00:00+08:00"});
    let proposed = desk.act("administrator", "invoices.propose_seller", seller).await;
    desk.act("approver", "invoices.confirm_seller", json!({"proposal_id": proposed["proposal_id"]})).await;
}

impl Case {
    async fn locked() -> Self {
        Self::of("张三丰", json!({})).await
    }

    async fn of(name: &str, facts: Value) -> Self {
        let desk = Desk::open().await;
        desk.books.set_clock("2025-12-04T08:00:00+08:00").await;
        with_seller(&desk).await;
        let facts = [
            facts,
            json!({"payer_is_holder": false, "customer_kind": "personal", "customer_name": name, "payer_name": "王富贵"}),
        ];
        let mut row = order("L1", "C1", "500.00", "2025-11-01T10:00:00+08:00");
        row["phone"] = json!("13812340001");
        row["email"] = json!("zhang@example.com");
        for more in facts.into_iter().rev() {
            row = with(row, more);
        }
        desk.recharge(vec![row]).await;
        let id = new_id();
        let notice = json!({"command_id": id, "order_no": "L1", "ticket_no": "T-1", "demand": "Give it back", "received_at": "2025-12-04T07:30:00+08:00"});
        desk.act("agent", "disputes.record_notice", notice).await;
        desk.books.set_clock(LOCKED).await;
        desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": id})).await;
        Self { desk, id }
    }

    async fn issue(&self, kind: &str, language: &str) -> Value {
        self.desk
            .act("handler", "letters.issue", json!({"kind": kind, "language": language, "subject_id": self.id}))
            .await
    }

    async fn refusal(&self, kind: &str) -> String {
        let wanted = json!({"kind": kind, "language": "zh", "subject_id": self.id});
        refused(self.desk.try_act("handler", "letters.issue", wanted).await)
    }

    async fn page(&self) -> Value {
        self.desk.read("auditor", "disputes.open", json!({"dispute_id": self.id})).await
    }

    async fn desk_of_letters(&self) -> Value {
        self.desk.read("handler", "letters.open", json!({"subject_kind": "dispute", "subject_id": self.id})).await
    }

    async fn paper(&self) -> String {
        let id = Uuid::now_v7();
        let db = self.desk.person("handler").await;
        kontor::attachments::attach(&db, id, "dispute", &self.id, "receipt.pdf", b"%PDF-1.4 a made-up receipt")
            .await
            .expect("filed");
        id.to_string()
    }
}

fn uuid(letter: &Value) -> Uuid {
    letter["id"].as_str().expect("an id").parse().expect("a uuid")
}

async fn pdf(desk: &Desk, login: &str, letter: &Value) -> Vec<u8> {
    letters::pdf(&desk.person(login).await, uuid(letter)).await.expect("it renders")
}

#[tokio::test]
async fn a_lock_notice_says_what_the_case_says_and_keeps_its_bytes() {
    let case = Case::locked().await;
    let asked = json!({"kind": "lock_notice", "language": "zh", "subject_id": case.id});
    let draft = case.desk.read("agent", "letters.preview", asked.clone()).await;
    let words = draft["plain_text"].as_str().expect("words");
    for said in [
        "2024-01",
        "第 5.2 条",
        "2026年1月4日 24:00（北京时间）",
        "L1",
        "¥500.00",
        "海淀区人民法院",
        "王**",
        "民法典 203",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    assert!(!words.contains("张三丰") && words.contains("张**"), "a draft masks people");
    let sheet = letters::draft(&case.desk.person("agent").await, asked.clone()).await.expect("a draft");
    assert!(sheet.starts_with(b"%PDF-"));
    let moved = with(asked.clone(), json!({"digest": "0".repeat(64)}));
    assert_eq!(refused(case.desk.try_act("handler", "letters.issue", moved).await), "letter_moved");
    let letter = case.desk.act("handler", "letters.issue", with(asked, json!({"digest": draft["digest"]}))).await;
    assert_eq!(letter["number"], "L-2025-0001");
    let first = pdf(&case.desk, "handler", &letter).await;
    // Days later, by somebody else, and after the case has moved on: the very same bytes.
    case.desk.books.set_clock("2025-12-20T12:00:00+08:00").await;
    assert_eq!(first, pdf(&case.desk, "auditor", &letter).await);
    let kept = case.desk.figure("select encode(sha256, 'hex') from book.letter_pdfs").await;
    assert_eq!(kept, case.desk.figure("select encode(sha256(bytes), 'hex') from book.letter_pdfs").await);
    let full = case.desk.act("handler", "letters.copy", json!({"letter_id": letter["id"]})).await;
    assert!(full.as_str().expect("text").contains("尊敬的 张三丰"), "the letter itself names its reader");
    assert!(
        case.desk.figure("select string_agg(detail::text, ' ') from book.audit_events").await.find("张三丰").is_none()
    );
}

#[tokio::test]
async fn the_notice_prints_the_very_sentences_that_explain_the_date_on_the_screen() {
    let case = Case::locked().await;
    let page = case.page().await;
    for language in ["zh", "en"] {
        let wanted = json!({"kind": "lock_notice", "language": language, "subject_id": case.id});
        let draft = case.desk.read("handler", "letters.preview", wanted).await;
        let printed = draft["content"].to_string();
        let shown = page["clock"]["sentences"][language].as_array().expect("sentences").clone();
        assert!(shown.len() >= 5, "{shown:?}");
        for sentence in shown {
            for part in ["text", "clause"] {
                let said = sentence[part].as_str().expect("words");
                assert!(printed.contains(said), "{language}: {said} is not on the notice");
            }
        }
    }
}

#[tokio::test]
async fn a_letter_is_refused_where_it_would_not_be_true() {
    let case = Case::locked().await;
    assert_eq!(case.refusal("unlock_notice").await, "dispute_still_open");
    assert_eq!(case.refusal("shortfall_demand").await, "evidence_window_open");
    assert_eq!(case.refusal("refund_paid").await, "refund_unknown");
    assert_eq!(case.refusal("love_letter").await, "letter_kind_unknown");
    case.issue("waiver_form", "en").await;
    case.issue("evidence_request", "en").await;
    case.desk
        .act("handler", "disputes.withdraw_notice", json!({"dispute_id": case.id, "reason": "It was my cousin"}))
        .await;
    assert_eq!(case.refusal("lock_notice").await, "dispute_not_open");
    let unlock = case.issue("unlock_notice", "zh").await;
    let words = case.desk.act("handler", "letters.copy", json!({"letter_id": unlock["id"]})).await;
    assert!(words.as_str().expect("text").contains("第三方已撤回异议"), "{words}");
    let kinds = case.desk_of_letters().await["kinds"].clone();
    let unlock = kinds.as_array().expect("kinds").iter().find(|kind| kind["kind"] == "unlock_notice").expect("it");
    assert_eq!((&unlock["allowed"], &unlock["due"]), (&json!(true), &json!(false)), "written already");
}

#[tokio::test]
async fn the_platform_carries_a_letter_and_its_receipt_is_the_service_of_notice() {
    let case = Case::locked().await;
    assert_eq!(case.page().await["next_step"], "serve_lock_notice");
    let letter = case.issue("lock_notice", "zh").await;
    let sent = case
        .desk
        .act("agent", "letters.send", json!({"letter_id": letter["id"], "way": "sms", "by_platform": true}))
        .await;
    assert_eq!(sent["sendings"][0]["address"], "138****0001");
    let told = case.desk.read("platform", "platform_events.read", json!({})).await;
    let event = told
        .as_array()
        .expect("events")
        .iter()
        .find(|event| event["kind"] == "letter.send")
        .expect("the letter")
        .clone();
    let payload = event["payload"].to_string();
    assert!(
        !payload.contains("张三丰") && !payload.contains("13812340001"),
        "the platform knows its account holders: {payload}"
    );
    assert!(event["payload"]["brief"].as_str().expect("a brief").contains("2026年1月4日 24:00"));
    let report = |outcome: &str, at: &str| json!({"sending_id": sent["sendings"][0]["id"], "outcome": outcome, "happened_at": at, "receipt": "carrier 77"});
    let early = report("delivered", "2025-12-04T11:58:00+08:00");
    assert_eq!(
        refused(case.desk.try_act("platform", "letters.report", early).await),
        "letter_received_before_it_was_sent"
    );
    assert_eq!(refused(case.desk.try_act("agent", "letters.report", report("delivered", LOCKED)).await), "not_allowed");
    case.desk.books.set_clock("2025-12-04T12:05:00+08:00").await;
    let given = with(report("delivered", "2025-12-04T12:01:00+08:00"), json!({"command_id": new_id()}));
    let receipt = case.desk.act("platform", "letters.report", given.clone()).await;
    assert_eq!(receipt["served"], true);
    case.desk.act("platform", "letters.report", given).await;
    let page = case.page().await;
    assert_eq!(page["next_step"], "await_evidence");
    assert_eq!(page["services"].as_array().expect("services").len(), 1, "said twice, served once");
    assert_eq!(page["services"][0]["served_at"], "2025-12-04T04:01:00Z");
    let served = page["timeline"]
        .as_array()
        .expect("moments")
        .iter()
        .find(|moment| moment["kind"] == "served_lock")
        .expect("on the line")
        .clone();
    assert_eq!(
        (&served["at"], served["recorded_at"].as_str().expect("recorded").starts_with("2025-12-04T04:05")),
        (&json!("2025-12-04T04:01:00Z"), true)
    );
    // Arrived is arrived: a late failure changes nothing.
    case.desk.act("platform", "letters.report", report("failed", "2025-12-04T12:04:00+08:00")).await;
    assert_eq!(case.desk_of_letters().await["letters"][0]["sendings"][0]["failed_at"], Value::Null);
}

#[tokio::test]
async fn without_a_platform_a_letter_is_a_mail_with_its_pdf_and_the_receipt_is_dropped_in() {
    let case = Case::locked().await;
    let letter = case.issue("lock_notice", "zh").await;
    let agent = case.desk.person("agent").await;
    let pdf = pdf(&case.desk, "handler", &letter).await;
    let file = letters::mail(&agent, uuid(&letter)).await.expect("a mail");
    assert_eq!(file, letters::mail(&agent, uuid(&letter)).await.expect("again"), "the same bytes");
    let head = String::from_utf8(file.clone()).expect("a mail is ASCII");
    assert!(head.is_ascii() && head.lines().all(|line| line.len() <= 76), "no server breaks these lines");
    let mail = MessageParser::default().parse(&file).expect("RFC 5322");
    let (from, to) =
        (mail.from().and_then(|who| who.first()).expect("from"), mail.to().and_then(|who| who.first()).expect("to"));
    assert_eq!((from.name(), from.address()), (Some("北京示例科技有限公司"), Some("service@example.com")));
    assert_eq!((to.name(), to.address()), (Some("张三丰"), Some("zhang@example.com")));
    assert!(mail.subject().expect("a subject").starts_with("账户锁定通知 · D-2025-"));
    assert!(mail.body_text(0).expect("a text").contains("2026年1月4日 24:00（北京时间）"));
    let attached = mail.attachment(0).expect("a file");
    assert_eq!((attached.attachment_name(), attached.contents()), (Some("L-2025-0001.pdf"), pdf.as_slice()));

    let sent = case
        .desk
        .act("agent", "letters.send", json!({"letter_id": letter["id"], "way": "email", "by_platform": false}))
        .await;
    case.desk.books.set_clock("2025-12-05T09:00:00+08:00").await;
    let receipt = json!({"sending_id": sent["sendings"][0]["id"], "served_at": "2025-12-04T15:00:00+08:00", "proof": "read receipt", "attachment_id": case.paper().await});
    let stray = with(receipt.clone(), json!({"attachment_id": new_id()}));
    assert_eq!(
        refused(case.desk.try_act("agent", "letters.record_receipt", stray).await),
        "attachment_not_of_this_case"
    );
    let answer = case.desk.act("agent", "letters.record_receipt", receipt.clone()).await;
    assert_eq!(answer["sendings"][0]["served"], true);
    assert_eq!(refused(case.desk.try_act("agent", "letters.record_receipt", receipt).await), "letter_already_received");
    let page = case.page().await;
    assert_eq!(page["services"][0]["proof"], "L-2025-0001 · read receipt");
    let line = page["timeline"]
        .as_array()
        .expect("moments")
        .iter()
        .find(|moment| moment["kind"] == "served_lock")
        .expect("served");
    assert_eq!(line["papers"][0]["file_name"], "receipt.pdf");
    // To a third party nothing goes through the platform, and where no address is known nothing is pretended.
    let form = case.issue("waiver_form", "zh").await;
    let send = |way: &str, by_platform: bool| json!({"letter_id": form["id"], "way": way, "by_platform": by_platform});
    assert_eq!(
        refused(case.desk.try_act("agent", "letters.send", send("sms", true)).await),
        "letter_third_party_by_hand"
    );
    assert_eq!(
        refused(case.desk.try_act("agent", "letters.send", send("email", false)).await),
        "letter_without_address"
    );
    assert_eq!(refused(case.desk.try_act("agent", "letters.send", send("pigeon", false)).await), "letter_way_unknown");
    case.desk.act("agent", "letters.send", send("ticket", false)).await;
}

#[tokio::test]
async fn a_shortfall_demand_counts_from_its_service_and_a_handler_starts_the_clock() {
    let case = Case::locked().await;
    case.desk
        .act(
            "agent",
            "disputes.record_service",
            json!({"dispute_id": case.id, "about": "lock", "way": "sms", "served_at": LOCKED, "proof": "receipt"}),
        )
        .await;
    case.desk.books.set_clock("2025-12-10T12:00:00+08:00").await;
    case.desk.use_up("U1", "C1", "400.00").await;
    case.desk.books.set_clock("2026-01-05T10:00:00+08:00").await;
    case.desk.act("handler", "disputes.state_inboxes_checked", json!({"dispute_id": case.id})).await;
    assert_eq!(case.refusal("shortfall_demand").await, "repayment_not_proposed");
    case.desk.act("handler", "disputes.propose_repayment", json!({"dispute_id": case.id})).await;
    case.desk.act("approver", "disputes.approve_repayment", json!({"dispute_id": case.id})).await;
    case.desk.act("treasurer", "disputes.release_repayment", json!({"dispute_id": case.id})).await;
    let letter = case.issue("shortfall_demand", "en").await;
    let words = case.desk.act("handler", "letters.copy", json!({"letter_id": letter["id"]})).await;
    let words = words.as_str().expect("text");
    // Counted as if served on the day it was written: 4 February 2026 is the 30th day and a Wednesday.
    assert!(words.contains("¥400.00") && words.contains("24:00 on 4 February 2026 (Beijing time)"), "{words}");
    let sent = case
        .desk
        .act("handler", "letters.send", json!({"letter_id": letter["id"], "way": "in_app", "by_platform": true}))
        .await;
    case.desk.books.set_clock("2026-01-06T10:00:00+08:00").await;
    let sending = sent["sendings"][0]["id"].clone();
    let report = json!({"sending_id": sending, "outcome": "delivered", "happened_at": "2026-01-06T09:00:00+08:00", "receipt": "opened"});
    case.desk.act("platform", "letters.report", report).await;
    assert_eq!(case.page().await["deadline_kind"], "evidence", "a receipt by itself starts no clock");
    let receipt =
        json!({"sending_id": sending, "served_at": "2026-01-06T09:00:00+08:00", "proof": "opened in the application"});
    let answer = case.desk.act("handler", "letters.record_receipt", receipt).await;
    assert_eq!(answer["sendings"][0]["served"], true);
    let page = case.page().await;
    assert_eq!((&page["deadline_kind"], &page["due_on"]), (&json!("shortfall"), &json!("2026-02-05")));
    // A second copy explains the clock that runs now.
    let again = case.issue("shortfall_demand", "zh").await;
    let words = case.desk.act("handler", "letters.copy", json!({"letter_id": again["id"]})).await;
    assert!(words.as_str().expect("text").contains("2026年2月5日 24:00（北京时间）"), "{words}");
}

#[tokio::test]
async fn todays_reminders_go_out_at_once_and_nobody_is_reminded_twice() {
    let case = Case::locked().await;
    let due = || async { case.desk.read("agent", "letters.due_reminders", json!({})).await };
    assert_eq!(due().await, json!([]), "thirty days are left");
    assert_eq!(case.refusal("refund_received").await, "refund_unknown");
    case.desk.books.set_clock("2025-12-25T09:00:00+08:00").await;
    let waiting = due().await;
    assert_eq!(
        (&waiting[0]["days_left"], &waiting[0]["way"], &waiting[0]["address"]),
        (&json!(10), &json!("email"), &json!("z***@example.com"))
    );
    let sending = json!({"command_id": new_id(), "dispute_ids": [case.id]});
    let sent = case.desk.act("agent", "letters.send_reminders", sending.clone()).await;
    assert_eq!((&sent[0]["done"], &sent[0]["letter_number"]), (&json!(true), &json!("L-2025-0001")));
    assert_eq!(case.desk.act("agent", "letters.send_reminders", sending).await, sent, "the same button twice");
    let again = case.desk.act("handler", "letters.send_reminders", json!({"dispute_ids": [case.id]})).await;
    assert_eq!((&again[0]["done"], &again[0]["rule"]), (&json!(false), &json!("letter_reminded_today")));
    assert_eq!(case.refusal("reminder").await, "letter_reminded_today");
    assert_eq!(due().await, json!([]));
    case.desk.books.set_clock("2025-12-26T09:00:00+08:00").await;
    assert_eq!(due().await, json!([]), "the next one is three days before the end");
    // The window was closed for days: one reminder, not two.
    case.desk.books.set_clock("2026-01-03T09:00:00+08:00").await;
    assert_eq!(due().await.as_array().map(Vec::len), Some(1));
    case.desk.act("agent", "letters.send_reminders", json!({"dispute_ids": [case.id]})).await;
    assert_eq!(due().await, json!([]));
    // Who has answered is left alone.
    case.desk.books.set_clock("2026-01-04T09:00:00+08:00").await;
    let evidence = json!({"dispute_id": case.id, "summary": "A chat", "way": "email", "received_at": "2026-01-04T08:00:00+08:00", "attachment_ids": [case.paper().await]});
    case.desk.act("agent", "disputes.record_evidence", evidence).await;
    assert_eq!(case.refusal("reminder").await, "evidence_already_filed");
    assert_eq!(case.desk.figure("select count(*)::text from book.letters where kind = 'reminder'").await, "2");
}

#[tokio::test]
async fn a_name_that_cannot_be_printed_stops_its_own_letter_and_spends_no_number() {
    let case = Case::of("张😀三", json!({})).await;
    assert_eq!(case.refusal("lock_notice").await, "glyph_missing");
    case.desk.books.set_clock("2025-12-25T09:00:00+08:00").await;
    let sent = case.desk.act("agent", "letters.send_reminders", json!({"dispute_ids": [case.id]})).await;
    assert_eq!((&sent[0]["done"], &sent[0]["rule"]), (&json!(false), &json!("glyph_missing")));
    assert_eq!(case.desk.figure("select count(*)::text from book.number_series where series = 'L'").await, "0");
    // The dossier must be had all the same: it names the character.
    let id = case.id.parse().expect("a uuid");
    dossier::pdf(&case.desk.person("legal").await, id).await.expect("a dossier");
}

#[tokio::test]
async fn a_text_is_looked_at_before_it_is_kept_and_takes_two_people() {
    let case = Case::locked().await;
    let text = |body: &str| json!({"kind": "lock_notice", "language": "en", "title": "Locked", "brief": "Locked until {due_at}", "body": body});
    let refusal = |body: &'static str| {
        let desk = &case.desk;
        let wanted = with(text(body), json!({"valid_from": LOCKED, "reason": "clearer"}));
        async move { refused(desk.try_act("administrator", "letters.propose_text", wanted).await) }
    };
    assert_eq!(refusal("Dear {custmer}").await, "letter_placeholder_unknown");
    assert_eq!(refusal("Dear {customer").await, "letter_brace_unmatched");
    assert_eq!(refusal("Read {deadline} now").await, "letter_block_not_alone");
    assert_eq!(refusal("Dear {net}").await, "letter_placeholder_unknown");
    assert_eq!(refusal("Dear 😀").await, "glyph_missing");
    assert_eq!(refusal(" ").await, "letter_template_incomplete");
    let good = "Dear {customer}\n\n# Until when\n\n{deadline}\n\nAgreement {agreement}.";
    let tried = letters::draft(&case.desk.person("legal").await, text(good)).await.expect("a sheet");
    assert!(tried.starts_with(b"%PDF-"));
    let proposal = with(text(good), json!({"valid_from": "2025-12-06T00:00:00+08:00", "reason": "clearer"}));
    let proposed = case.desk.act("legal", "letters.propose_text", proposal).await;
    let decide = json!({"template_id": proposed["id"]});
    assert_eq!(refused(case.desk.try_act("legal", "letters.confirm_text", decide.clone()).await), "not_allowed");
    let waiting = case.desk.read("approver", "proposals.list", json!({"wanted_kind": "letter_text"})).await;
    assert_eq!(waiting[0]["may_confirm"], "yes");
    let shown =
        case.desk.read("approver", "proposals.open", json!({"kind": "letter_text", "id": proposed["id"]})).await;
    assert_eq!(
        (&shown["detail"]["title"], &shown["detail"]["before"]["title"]),
        (&json!("Locked"), &json!("Your account has been locked"))
    );
    case.desk.act("approver", "letters.confirm_text", decide.clone()).await;
    assert_eq!(
        refused(case.desk.try_act("approver", "letters.confirm_text", decide).await),
        "letter_template_already_confirmed"
    );
    // In force from its day on, never before.
    assert_eq!(case.issue("lock_notice", "en").await["title"], "Your account has been locked");
    case.desk.books.set_clock("2025-12-06T09:00:00+08:00").await;
    assert_eq!(case.issue("lock_notice", "en").await["title"], "Locked");
}

#[tokio::test]
async fn every_text_that_ships_can_be_composed_and_printed() {
    let desk = Desk::open().await;
    with_seller(&desk).await;
    let db = desk.person("legal").await;
    let texts = desk.read("legal", "letters.templates", json!({})).await;
    let texts = texts.as_array().expect("texts");
    assert_eq!(texts.len(), 26, "thirteen kinds in two languages");
    for text in texts {
        let wanted: serde_json::Map<String, Value> = ["kind", "language", "title", "brief", "body"]
            .iter()
            .map(|name| ((*name).to_owned(), text[*name].clone()))
            .collect();
        let sheet = letters::draft(&db, Value::Object(wanted)).await;
        assert!(sheet.is_ok_and(|sheet| sheet.starts_with(b"%PDF-")), "{} {}", text["kind"], text["language"]);
    }
}

#[tokio::test]
async fn a_refund_has_the_letters_of_its_state() {
    let desk = Desk::open().await;
    with_seller(&desk).await;
    desk.recharge(vec![order("R1", "C1", "300.00", "2026-05-01T10:00:00+08:00")]).await;
    let refund = new_id();
    desk.attach("agent", "refund", &refund).await;
    let customer = desk.customer("C1").await;
    let application = json!({"command_id": refund, "customer_id": customer, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", application).await;
    let issue = |kind: &str| {
        desk.try_act("agent", "letters.issue", json!({"kind": kind, "language": "zh", "subject_id": refund}))
    };
    let words = |letter: Value| {
        let desk = &desk;
        async move {
            desk.act("agent", "letters.copy", json!({"letter_id": letter["id"]}))
                .await
                .as_str()
                .expect("text")
                .to_owned()
        }
    };
    assert_eq!(refused(issue("refund_approved").await), "refund_not_approved");
    assert_eq!(refused(issue("refund_rejected").await), "refund_not_rejected");
    assert_eq!(refused(issue("refund_proof").await), "proof_not_asked");
    let received = words(issue("refund_received").await.expect("received")).await;
    assert!(received.contains("¥300.00") && received.contains("最终以审核结果为准"), "{received}");
    let fee = words(issue("fee_explained").await.expect("the fee")).await;
    assert!(fee.contains("2024-01") && fee.contains("第 9.1 条"), "{fee}");
    desk.act("reviewer", "refunds.ask_proof", json!({"refund_id": refund, "asked_for": "A screenshot\nof {net}"}))
        .await;
    let proof = words(issue("refund_proof").await.expect("proof")).await;
    assert!(proof.contains("A screenshot of {net}"), "what somebody typed is not filled in: {proof}");
    desk.act("reviewer", "refunds.reject", json!({"refund_id": refund, "reason": "No proof came"})).await;
    assert_eq!(refused(issue("refund_received").await), "refund_not_open");
    let rejected = words(issue("refund_rejected").await.expect("rejected")).await;
    assert!(rejected.contains("理由：No proof came") && rejected.contains("第 9.1 条"), "{rejected}");
    let kinds = desk.read("agent", "letters.open", json!({"subject_kind": "refund", "subject_id": refund})).await;
    assert_eq!(kinds["letters"].as_array().map(Vec::len), Some(4));
}

const SEALS: &str = "select count(*)::text from book.audit_seals";

/// Tends until there are so many seals: one waits for every transaction of the server that ran when it was noted.
async fn seal(desk: &Desk, wanted: u32) {
    let mut owner = desk.books.owner().await;
    for _ in 0..200 {
        sqlx::query("select api.tend()").execute(&mut owner).await.expect("tended");
        if desk.figure(SEALS).await.parse::<u32>().expect("a count") >= wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    panic!("nothing was sealed in a minute");
}

#[tokio::test]
async fn the_dossier_of_a_state_is_the_same_to_the_byte_and_says_where_it_stands_in_the_audit() {
    let case = Case::locked().await;
    let letter = case.issue("lock_notice", "zh").await;
    pdf(&case.desk, "handler", &letter).await;
    case.desk
        .act("handler", "letters.send", json!({"letter_id": letter["id"], "way": "post", "by_platform": false}))
        .await;
    let evidence = json!({"dispute_id": case.id, "summary": "A chat 😀", "way": "email", "received_at": LOCKED, "attachment_ids": [case.paper().await]});
    case.desk.act("agent", "disputes.record_evidence", evidence).await;
    let id: Uuid = case.id.parse().expect("a uuid");
    let (legal, auditor) = (case.desk.person("legal").await, case.desk.person("auditor").await);
    seal(&case.desk, 1).await;
    let mut owner = case.desk.books.owner().await;
    let first = dossier::pdf(&legal, id).await.expect("a dossier");
    case.desk.books.set_clock("2025-12-19T12:00:00+08:00").await;
    sqlx::query("select api.tend()").execute(&mut owner).await.expect("tended");
    assert!(first == dossier::pdf(&auditor, id).await.expect("again"), "another day, another reader, the same bytes");
    let content = case.desk.act("auditor", "disputes.dossier", json!({"dispute_id": case.id})).await;
    assert_eq!(content["audit"]["link_sha256"].as_str().map(str::len), Some(64), "sealed");
    assert_eq!(content["agreement"]["version"], "2024-01");
    assert_eq!(content["journals"][0]["kind"], "recharge");
    assert_eq!(content["letters"][0]["content_sha256"], letter["content_sha256"]);
    // A step of the case is another state.
    case.desk
        .act(
            "handler",
            "disputes.concede",
            json!({"dispute_id": case.id, "received_at": LOCKED, "attachment_id": case.paper().await}),
        )
        .await;
    assert!(first != dossier::pdf(&legal, id).await.expect("moved"), "the case has moved");
    assert_eq!(refused(dossier::pdf(&case.desk.person("growth").await, id).await.map(|_| Value::Null)), "not_allowed");
}

#[tokio::test]
async fn a_changed_audit_event_breaks_its_seal() {
    let case = Case::locked().await;
    let mut owner = case.desk.books.owner().await;
    let tend = "select api.seal_audit()";
    sqlx::query(tend).execute(&mut owner).await.expect("noted");
    // While somebody's transaction is open, nothing behind it is sealed.
    let mut other = case.desk.books.owner().await;
    sqlx::raw_sql("begin; insert into book.audit_events (command, person_id, at, subject_kind) select 'x', min(id), now(), 'test' from book.people").execute(&mut other).await.expect("open");
    seal(&case.desk, 1).await;
    case.desk
        .act("handler", "letters.issue", json!({"kind": "lock_notice", "language": "zh", "subject_id": case.id}))
        .await;
    for _ in 0..2 {
        sqlx::query(tend).execute(&mut owner).await.expect("tried");
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    }
    assert_eq!(case.desk.figure(SEALS).await, "1", "an earlier number may still appear");
    sqlx::raw_sql("commit").execute(&mut other).await.expect("ended");
    seal(&case.desk, 2).await;
    let checked = case.desk.read("auditor", "audit.check", json!({"after_event": "0"})).await;
    let intact = |seal: &Value| seal["intact"] == true;
    assert!(checked.as_array().is_some_and(|seals| seals.len() >= 2 && seals.iter().all(intact)), "{checked}");
    sqlx::raw_sql("alter table book.audit_events disable trigger all; update book.audit_events set detail = '{}' where command = 'disputes.confirm_lock'; alter table book.audit_events enable trigger all")
        .execute(&mut owner).await.expect("an administrator can");
    let checked = case.desk.read("auditor", "audit.check", json!({"after_event": "0"})).await;
    assert_eq!(checked[0]["intact"], false, "but not unseen");
}
