//! Requests for invoices: from the platform, from a file, by hand; issued or returned, and the platform is told.

use crate::desk::{Desk, order, with};
use crate::support::refused;
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

async fn desk() -> Desk {
    let desk = Desk::open().await;
    for (n, used) in [(1, "50.00"), (2, "20.00")] {
        desk.recharge(vec![order(&format!("R{n}"), &format!("C{n}"), "100.00", PAID)]).await;
        desk.use_up(&format!("u{n}"), &format!("C{n}"), used).await;
    }
    desk
}

fn asked(number: &str, customer: &str) -> Value {
    json!({"request_no": number, "customer_ref": customer, "buyer_kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D", "email": "fp@example.com"})
}

async fn told(desk: &Desk) -> Vec<(String, Value)> {
    let events = crate::support::done(
        crate::support::call(&desk.person("platform").await, "platform_events.read", json!({})).await,
    );
    events
        .as_array()
        .expect("events")
        .iter()
        .map(|event| (event["kind"].as_str().expect("a kind").to_owned(), event["payload"].clone()))
        .collect()
}

#[tokio::test]
async fn the_platform_asks_the_clerk_issues_and_the_platform_is_told() {
    let desk = desk().await;
    let taken = desk.act("platform", "invoices.request", json!({"request": asked("RQ-1", "C1")})).await;
    assert_eq!((&taken["request_no"], &taken["status"]), (&json!("RQ-1"), &json!("open")));
    assert_eq!(
        refused(desk.try_act("platform", "invoices.request", json!({"request": asked("RQ-1", "C2")})).await),
        "invoice_request_repeated"
    );
    assert_eq!(
        refused(desk.try_act("platform", "invoices.request", json!({"request": asked("RQ-2", "C1")})).await),
        "invoice_request_open_already"
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.request", json!({"request": asked("RQ-3", "C2")})).await),
        "not_allowed"
    );
    let open = desk.read("auditor", "invoices.list_requests", json!({})).await;
    assert_eq!((&open[0]["invoiceable"], &open[0]["buyer_name"]), (&json!("50.00"), &json!("北京样例有限公司")));
    let issued = desk.act("taxclerk", "invoices.issue_request", json!({"request_id": taken["request_id"]})).await;
    assert_eq!((&issued["status"], &issued["invoice_number"]), (&json!("issued"), &json!("REQ-2026-0001")));
    let official = json!({"invoice_id": issued["invoice_id"], "official_number": "26112000000123456789", "official_on": "2026-06-01"});
    desk.act("taxclerk", "invoices.record_official", official).await;
    let courier = json!({"invoice_ids": [issued["invoice_id"]], "carrier": "示例快递", "waybill": "sf 1234 5678 90", "sent_on": "2026-06-01"});
    desk.act("taxclerk", "prints.record_courier", courier).await;
    let told = told(&desk).await;
    assert_eq!(
        told.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(),
        ["invoice.issued", "invoice.official", "invoice.sent"]
    );
    assert!(told.iter().all(|(_, payload)| payload["request_no"] == "RQ-1"));
    assert_eq!(
        (&told[0].1["total_incl"], &told[1].1["official_number"], &told[2].1["waybill"]),
        (&json!("50.00"), &json!("26112000000123456789"), &json!("SF1234567890"))
    );
}

#[tokio::test]
async fn a_request_is_returned_with_a_reason_and_may_be_made_again() {
    let desk = desk().await;
    let more = with(asked("RQ-1", "C1"), json!({"amount": "50.01"}));
    let taken = desk.act("platform", "invoices.request", json!({"request": more})).await;
    let id = json!({"request_id": taken["request_id"]});
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue_request", id.clone()).await),
        "invoice_exceeds_consumption"
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.return_request", with(id.clone(), json!({"reason": " "}))).await),
        "decision_without_reason"
    );
    let returned =
        desk.act("taxclerk", "invoices.return_request", with(id.clone(), json!({"reason": "可开票金额不足"}))).await;
    assert_eq!((&returned["status"], &returned["returned_why"]), (&json!("returned"), &json!("可开票金额不足")));
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.issue_request", id).await), "invoice_request_not_open");
    assert_eq!(
        told(&desk).await,
        [("invoice.returned".to_owned(), json!({"request_no": "RQ-1", "reason": "可开票金额不足"}))]
    );
    let again = desk
        .act("platform", "invoices.request", json!({"request": with(asked("RQ-2", "C1"), json!({"amount": "12.34"}))}))
        .await;
    let issued = desk.act("taxclerk", "invoices.issue_request", json!({"request_id": again["request_id"]})).await;
    let paper = desk.read("taxclerk", "invoices.open", json!({"invoice_id": issued["invoice_id"]})).await;
    assert_eq!(paper["total_incl"], "12.34");
    // The title is remembered: the same one twice is one title, another address a new version of it.
    assert_eq!(desk.figure("select count(distinct id) || ' ' || count(*) from book.buyers").await, "1 1");
    desk.act(
        "platform",
        "invoices.request",
        json!({"request": with(asked("RQ-3", "C1"), json!({"address": "北京市海淀区"}))}),
    )
    .await;
    assert_eq!(desk.figure("select count(distinct id) || ' ' || count(*) from book.buyers").await, "1 2");
}

#[tokio::test]
async fn a_wrong_row_of_a_file_is_named_and_holds_up_nobody() {
    let desk = desk().await;
    let rows = json!([
        asked("CSV-1", "C1"),
        with(asked("CSV-2", "C2"), json!({"credit_code": "91110108MA0TE4T01X"})),
        asked("CSV-3", "C9"),
        with(asked("CSV-4", "C2"), json!({"name": "𠮷田商会"})),
        asked("CSV-5", "C2")
    ]);
    let file = json!({"command_id": crate::support::new_id(), "source": "csv", "rows": rows});
    let taken = desk.act("agent", "invoices.take_requests", file.clone()).await;
    let said: Vec<_> =
        taken.as_array().expect("rows").iter().map(|row| row["rule"].as_str().unwrap_or("taken")).collect();
    assert_eq!(said, ["taken", "buyer_credit_code_invalid", "customer_unknown", "glyph_missing", "taken"]);
    assert_eq!(desk.act("agent", "invoices.take_requests", file).await, taken, "the same file answers again");
    assert_eq!(
        desk.figure("select string_agg(request_no, ' ' order by request_no) from book.invoice_requests").await,
        "CSV-1 CSV-5"
    );
}

/// Asked for at the desk: with a title that is known, for one product of one month, and numbered here.
#[tokio::test]
async fn a_request_by_hand_names_a_product_a_month_and_a_known_title() {
    let desk = desk().await;
    let june = json!({"line": 2, "usage_key": "june", "customer_ref": "C1", "product": "chat", "used_from": "2026-05-31T16:00:00Z", "amount": "7.00"});
    let image = json!({"line": 3, "usage_key": "image", "customer_ref": "C1", "product": "image", "used_from": "2026-05-20T00:00:00Z", "amount": "4.00"});
    let product = json!({"code": "image", "title_en": "Image", "title_zh": "图像", "vat_rate": "0.06"});
    desk.act("administrator", "products.add", product).await;
    desk.act("platform", "usage.post", json!({"rows": [june, image]})).await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D"});
    let buyer = desk.act("agent", "buyers.save", buyer).await["id"].clone();
    let take = async |row: Value| {
        let asked = json!({"source": "hand", "rows": [with(json!({"customer_ref": "C1", "buyer_id": buyer, "paper": "statement"}), row)]});
        desk.act("agent", "invoices.take_requests", asked).await[0].clone()
    };
    for (row, rule) in [
        (json!({"product": "nothing"}), "product_unknown"),
        (json!({"month": "2026-13"}), "argument_invalid"),
        (json!({"buyer_id": "no id"}), "buyer_unknown"),
        (json!({"buyer_id": crate::support::new_id()}), "buyer_unknown"),
    ] {
        assert_eq!(take(row).await["rule"], rule);
    }
    let taken = take(json!({"product": "chat", "month": "2026-05"})).await;
    assert_eq!((&taken["verdict"], &taken["request_no"]), (&json!("taken"), &json!("ASK-2026-0001")));
    let open = desk.read("taxclerk", "invoices.list_requests", json!({})).await[0].clone();
    assert_eq!(
        (&open["source"], &open["invoiceable"], &open["product"], &open["month"]),
        (&json!("hand"), &json!("50.00"), &json!("chat"), &json!("2026-05-01"))
    );
    let issued = desk.act("taxclerk", "invoices.issue_request", json!({"request_id": open["id"]})).await;
    let paper = desk.read("taxclerk", "invoices.open", json!({"invoice_id": issued["invoice_id"]})).await;
    assert_eq!(
        (&paper["kind"], &paper["total_incl"], &paper["period_to"], &paper["lines"].as_array().map(Vec::len)),
        (&json!("statement"), &json!("50.00"), &json!("2026-05-31"), &Some(1))
    );
    // What is left: June's usage and the other product.
    assert_eq!(take(json!({"amount": "11.00"})).await["verdict"], "taken");
    let open = desk.read("taxclerk", "invoices.list_requests", json!({})).await[0].clone();
    assert_eq!(open["invoiceable"], "11.00");
    // The platform reads the very bytes that it delivers; nobody rendered them for a stranger.
    let id: uuid::Uuid = issued["invoice_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let platform = desk.person("platform").await;
    let read = "select api.read_invoice_pdf($1)";
    let stored: Option<Vec<u8>> = sqlx::query_scalar(read).bind(id).fetch_one(&platform.pool).await.expect("an answer");
    assert_eq!(stored, None, "not drawn yet");
    let pdf = kontor::invoices::pdf(&desk.person("taxclerk").await, id).await.expect("a paper");
    let stored: Option<Vec<u8>> = sqlx::query_scalar(read).bind(id).fetch_one(&platform.pool).await.expect("an answer");
    assert_eq!(stored, Some(pdf));
}
