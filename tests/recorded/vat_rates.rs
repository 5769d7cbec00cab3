//! A rate that changed on 1 February, one that waits for its second person, and the papers of somebody who used before and after.

use super::Story;
use super::played::{HOLDERS, customer};
use serde_json::{Value, json};

fn rate(product: &str, from_month: &str, rate: &str, reason: &str) -> Value {
    json!({"product": product, "from_month": from_month, "rate": rate, "reason": reason})
}

/// What the catalogue and the papers show. Played last, so that no other screen's answers move.
pub async fn played_and_asked(story: &mut Story) {
    let row = json!({"line": 2, "usage_key": "U-2602-90", "customer_ref": HOLDERS[9].0, "product": "voice", "used_from": "2026-02-10T00:00:00+08:00", "amount": "218.004417"});
    story.act("platform", "usage.post", json!({"rows": [row]})).await;
    let voice = json!({"product": "voice", "from_month": "2026-02-01", "rate": "0.09"});
    story.ask("accountant", "vat.preview_rate", voice).await;
    let voice = rate("voice", "2026-02-01", "0.09", "财政部 税务总局公告2026年第3号：语音合成按电信服务计税");
    let proposed = story.act("accountant", "vat.propose_rate", voice).await;
    story.act("approver", "vat.confirm_rate", json!({"rate_id": proposed["id"]})).await;
    let early = rate("chat", "2026-03-01", "0.05", "征求意见稿");
    let early = story.act("taxclerk", "vat.propose_rate", early).await;
    let why = json!({"rate_id": early["id"], "reason": "公告尚未发布，待正式文件"});
    story.act("approver", "vat.decline_rate", why).await;
    let image = rate("image", "2026-03-01", "0.09", "财政部 税务总局公告2026年第5号");
    let image = story.act("taxclerk", "vat.propose_rate", image).await;
    let next = json!({"product": "image", "from_month": "2026-03-01", "rate": "0.09"});
    story.ask("accountant", "vat.preview_rate", next).await;
    story.refuse("taxclerk", "vat.propose_rate", rate("image", "2025-11-01", "0.09", "x")).await;
    papers(story).await;
    story.ask("administrator", "catalogue.open", json!({})).await;
    story.ask("accountant", "vat.open", json!({"month": "2026-02-01"})).await;
    story.ask("approver", "proposals.open", json!({"kind": "vat_rate", "id": image["id"]})).await;
}

async fn papers(story: &mut Story) {
    let buyer = json!({"customer_id": customer(9), "kind": "enterprise", "name": HOLDERS[9].1, "credit_code": "91110108MA0TE4T01D"});
    let buyer = story.act("taxclerk", "buyers.save", buyer).await["id"].clone();
    let meter = story.look("taxclerk", "invoices.meter", json!({"customer_id": customer(9)})).await;
    let due =
        meter.as_array().expect("a meter").iter().find(|row| row["product"] == "voice").expect("voice")["invoiceable"]
            .clone();
    let paper = json!({"customer_id": customer(9), "buyer_id": buyer, "lines": [{"product": "voice", "amount": due}], "kind": "statement"});
    story.ask("taxclerk", "invoices.preview", paper.clone()).await;
    let issued = story.act("taxclerk", "invoices.issue", paper).await;
    let red =
        json!({"invoice_id": issued["id"], "reason_code": "04", "lines": [{"product": "voice", "amount": "230.00"}]});
    story.act("taxclerk", "invoices.propose_red_letter", red).await;
    story.ask("taxclerk", "invoices.open", json!({"invoice_id": issued["id"]})).await;
    // Another reader: what the others see of the red letters stays as it was.
    story.ask("supervisor", "invoices.list_red_letters", json!({"status": "proposed"})).await;
}
