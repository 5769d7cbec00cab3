//! The print room, on the same Friday: a run, a sheet that came back with a difference, a red letter that waits for its confirmation.

use super::Story;
use super::played::customer;
use serde_json::{Value, json};

/// What the screens of the print room ask. Played after they have asked, so that no other screen's answers move.
pub async fn played_and_asked(story: &mut Story) {
    // What the run invoices would be missing here.
    story.ask("auditor", "income.total", json!({})).await;
    runs(story).await;
    tax(story).await;
    queue(story).await;
    requests(story).await;
}

async fn runs(story: &mut Story) {
    for month in [json!("2026-01-01"), Value::Null] {
        story.ask("taxclerk", "invoices.preview_run", json!({"month": month})).await;
    }
    story.ask("taxclerk", "invoices.list_red_tasks", json!({})).await;
    let titles = story.look("taxclerk", "buyers.list", json!({"customer_id": customer(7)})).await;
    let picked = json!([{"customer_id": customer(7), "buyer_id": titles[0]["id"]}, {"customer_id": customer(0)}, {"customer_id": customer(1)}]);
    // The window asks for nothing but those it shows.
    let by_id = json!([{"customer_id": customer(0)}]);
    story.ask("taxclerk", "invoices.preview_run", json!({"month": "2026-01-01", "picked": by_id})).await;
    let seen = story.look("taxclerk", "invoices.preview_run", json!({"picked": picked})).await;
    let begin = json!({"kind": "invoice_request", "digest": seen["digest"], "picked": picked, "note": "二月批量"});
    let run = story.act("taxclerk", "invoices.start_run", begin).await["id"].clone();
    let items = story.look("taxclerk", "invoices.list_run_items", json!({"run_id": run})).await;
    let papers: Vec<Value> = items.as_array().expect("papers").iter().map(|item| item["paper_id"].clone()).collect();
    assert!(papers.len() > 1, "the run has papers to issue and to leave");
    for paper in &papers[..papers.len() - 1] {
        story.act("taxclerk", "invoices.issue_from_run", json!({"command_id": paper, "run_id": run})).await;
    }
    story.ask("taxclerk", "invoices.open_run", json!({"run_id": run})).await;
    story.ask("taxclerk", "invoices.list_run_items", json!({"run_id": run})).await;
    story.ask("taxclerk", "invoices.list_runs", json!({})).await;
    story.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": papers[..papers.len() - 1]})).await;
}

async fn tax(story: &mut Story) {
    let issued = story.look("taxclerk", "invoices.list", json!({"kind": "invoice_request"})).await;
    let paper = &issued[0];
    let row = |line: u32, number: &Value, total: &str| json!({"line": line, "number": number, "official_number": format!("2631200000174159{:04}", 5000 + line), "issued_on": "2026-02-13", "buyer_code": "91310115MA1K4BCD3C", "total_incl": total});
    let list = json!({"file_name": "已开票清单 2026-02-13.xlsx", "file_sha256": "5e".repeat(32), "rows": [row(2, &paper["number"], "1.00"), row(3, &json!("REQ-2026-0099"), "20.00")]});
    story.act("taxclerk", "tax.import_list", list).await;
    story.ask("taxclerk", "tax.open", json!({})).await;
    let open = story.look("approver", "invoices.list_red_letters", json!({"status": "proposed"})).await;
    let waiting = &open[0];
    let official = json!({"invoice_id": waiting["invoice_id"], "official_number": "26312000001741597777", "official_on": "2026-02-13"});
    story.try_act("taxclerk", "invoices.record_official", official).await.expect("the number is recorded");
    let step = json!({"red_letter_id": waiting["id"], "state": "02", "at": story.instant(), "form_number": "310226020000012345"});
    story.act("taxclerk", "invoices.record_red_confirmation", step).await;
}

async fn queue(story: &mut Story) {
    let issued = story.look("taxclerk", "invoices.list", json!({"kind": "invoice_request"})).await;
    let ids: Vec<Value> = issued.as_array().expect("papers").iter().map(|paper| paper["id"].clone()).collect();
    let batch =
        story.act("taxclerk", "prints.start", json!({"printer": "HP-LaserJet-4F", "invoice_ids": ids})).await["id"]
            .clone();
    story.act("taxclerk", "prints.send", json!({"batch_id": batch, "place": 1, "pages": 1})).await;
    story
        .act("taxclerk", "prints.report", json!({"batch_id": batch, "place": 1, "outcome": "printed", "job": 41}))
        .await;
    story.act("taxclerk", "prints.send", json!({"batch_id": batch, "place": 2, "pages": 1})).await;
    story
        .act("taxclerk", "prints.report", json!({"batch_id": batch, "place": 2, "outcome": "stopped", "job": 42}))
        .await;
    let courier =
        json!({"invoice_ids": [ids[0]], "carrier": "示例快递", "waybill": "SF1234567890", "sent_on": "2026-02-13"});
    story.act("taxclerk", "prints.record_courier", courier).await;
    story.ask("taxclerk", "prints.open", json!({"batch_id": batch})).await;
    story.ask("taxclerk", "prints.list_items", json!({"batch_id": batch})).await;
    story.ask("taxclerk", "prints.list", json!({})).await;
}

async fn requests(story: &mut Story) {
    for (n, holder) in [(1, 7), (2, 8)] {
        let reference = reference_of(story, holder).await;
        let request = json!({"request_no": format!("FP2026021300{n}"), "customer_ref": reference, "buyer_kind": "personal", "name": "李示例", "email": "li@example.com"});
        story.act("platform", "invoices.request", json!({"request": request})).await;
    }
    story.ask("taxclerk", "buyers.list", json!({"customer_id": customer(1)})).await;
    let by_hand = json!({"customer_ref": reference_of(story, 1).await, "buyer_kind": "personal", "name": "王示例", "paper": "statement", "month": "2026-01", "note": "电话申请"});
    story.act("agent", "invoices.take_requests", json!({"source": "hand", "rows": [by_hand]})).await;
    let open = story.look("taxclerk", "invoices.list_requests", json!({})).await;
    story
        .act(
            "taxclerk",
            "invoices.return_request",
            json!({"request_id": open[2]["id"], "reason": "抬头与实名不符，请更正后重新申请"}),
        )
        .await;
    for status in [json!("open"), Value::Null] {
        story.ask("taxclerk", "invoices.list_requests", json!({"wanted_status": status})).await;
    }
}

async fn reference_of(story: &mut Story, holder: usize) -> Value {
    let found = story.look("agent", "customers.list", json!({"search": ""})).await;
    let of = |one: &&Value| one["id"] == json!(customer(holder));
    found.as_array().expect("customers").iter().find(of).expect("this customer")["ref"].clone()
}
