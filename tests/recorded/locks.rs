//! The platform answers some locks and not others, two courts and a police office write, and a handler goes on leave.

use super::Story;
use super::played::customer;
use serde_json::{Value, json};

/// Friday 13 February 2026, after everything else: nothing of it moves money.
pub async fn played(story: &mut Story) {
    story.at("2026-02-13T11:00").await;
    let told = story.look("platform", "platform_events.read", json!({})).await;
    let told = told.as_array().expect("events").clone();
    // The last account's events stay unanswered, so the first screen has its alarm.
    let silent = told.last().expect("locks were asked for")["customer_ref"].clone();
    for event in told.iter().filter(|event| event["customer_ref"] != silent) {
        story.act("platform", "platform_events.acknowledge", json!({"event_id": event["id"]})).await;
    }
    order(story, "yunmeng", 9, json!({"authority": "云梦市演示区人民法院", "order_no": "(2026)演0001执保77号", "scope": "account", "until_on": "2027-02-11"})).await;
    let frozen = json!({"authority": "示例市公安局样例分局", "order_no": "示公样冻字〔2026〕12号", "scope": "amount", "amount": "600.00", "until_on": "2026-03-03", "received_at": "2026-02-13T09:20:00+08:00"});
    order(story, "police", 5, frozen).await;
    let queued = json!({"authority": "Sample Bay Arbitration Centre (Enforcement Liaison, Example New Area)", "order_no": "SBAC-2026-0193/4", "scope": "amount", "amount": "500.00", "until_on": "2026-08-12"});
    order(story, "bay", 5, queued).await;
    let paid = json!({"authority": "虚构市模拟区人民法院", "order_no": "(2025)虚0002执12号", "scope": "account", "until_on": "2026-02-12",
        "received_at": "2026-01-12T10:00:00+08:00", "allows_repayment": true, "allowing_words": "不影响向未同意充值的第三方退还"});
    order(story, "xugou", 12, paid).await;
    let lifted = json!({"authority": "云梦市样板新区人民法院", "order_no": "(2026)演0003执保9号", "scope": "account", "until_on": "2026-08-01"});
    order(story, "model", 6, lifted).await;
    let id = Story::id("order model");
    let paper = story.attach("legal", "judicial_order", id, "解除冻结通知书.pdf").await;
    let lift = json!({"order_id": id, "reason": "法院裁定解除", "attachment_id": paper});
    story.act("legal", "judicial_locks.lift", lift).await;
    let id = Story::id("order bay");
    let paper = story.attach("legal", "judicial_order", id, "renewal.pdf").await;
    let longer =
        json!({"order_id": id, "order_no": "SBAC-2026-0193/5", "until_on": "2027-02-12", "attachment_id": paper});
    story.act("legal", "judicial_locks.renew", longer).await;
    leave(story).await;
}

async fn order(story: &mut Story, name: &str, holder: usize, facts: Value) {
    let id = Story::id(&format!("order {name}"));
    let paper = story.attach("legal", "judicial_order", id, "协助冻结财产通知书.pdf").await;
    let mut asked = json!({"command_id": id, "customer_id": customer(holder), "received_at": "2026-02-13T09:30:00+08:00", "attachment_ids": [paper]});
    for (key, value) in facts.as_object().expect("facts") {
        asked[key] = value.clone();
    }
    story.act("legal", "judicial_locks.register", asked).await;
}

async fn leave(story: &mut Story) {
    let people = story.look("administrator", "people.list", json!({})).await;
    let who = |login: &str| {
        people.as_array().expect("people").iter().find(|one| one["login"] == login).expect("this person")["id"].clone()
    };
    let duty = json!({"person_id": who("agent2"), "duty": "handler", "from_at": "2026-02-13T00:00:00+08:00"});
    let given = story.act("administrator", "people.propose_duty", duty).await;
    let waiting =
        given["duties"].as_array().expect("duties").iter().find(|one| one["duty"] == "handler").expect("the proposal")
            ["id"]
            .clone();
    story.act("supervisor", "people.confirm_duty", json!({"duty_id": waiting})).await;
    let away = json!({"away_from": "2026-02-16T09:00:00+08:00", "away_until": "2026-02-24T09:00:00+08:00", "deputy_id": who("agent2")});
    story.act("handler", "deadlines.ask_deputy", away).await;
}

/// What the desk and the pages of orders ask.
pub async fn asked(story: &mut Story) {
    story.ask("handler", "deadlines.desk", json!({})).await;
    for desk_window in ["open", "overdue", "week", "provisional", "not_served", "nobody"] {
        story.ask("handler", "deadlines.list", json!({"desk_window": desk_window})).await;
    }
    story.ask("handler", "deadlines.month", json!({"month": "2026-02-01"})).await;
    story.ask("handler", "deadlines.feed", json!({"mine": true})).await;
    story.ask("legal", "deadlines.feed", json!({"mine": false})).await;
    for wanted in ["in_force", "ending", "lifted"] {
        story.ask("legal", "judicial_locks.list", json!({"wanted": wanted})).await;
    }
    for name in ["yunmeng", "police", "bay", "xugou", "model"] {
        story.ask("legal", "judicial_locks.open", json!({"order_id": Story::id(&format!("order {name}"))})).await;
    }
    story.ask("handler", "deadlines.remind", json!({})).await;
}

/// After everything else was asked: a court writes about an account with an open application, and the platform lets
/// usage eat into an ordered amount. An auditor looks.
pub async fn conflicts(story: &mut Story) {
    let frozen = json!({"authority": "云梦市演示区人民法院", "order_no": "(2026)演0001执保78号", "scope": "account", "until_on": "2027-02-11"});
    order(story, "cedar", 0, frozen).await;
    let used = json!({"line": 2, "usage_key": "U-2602-99", "customer_ref": super::played::HOLDERS[5].0, "product": "chat",
        "used_from": "2026-02-13T13:00:00+08:00", "used_to": "2026-02-13T14:00:00+08:00", "amount": "120.500000"});
    story.act("platform", "usage.post_one", json!({"usage_row": used})).await;
    story.ask("auditor", "today.open", json!({})).await;
    story.ask("auditor", "judicial_locks.open", json!({"order_id": Story::id("order police")})).await;
    story.ask("auditor", "refunds.open", json!({"refund_id": Story::id("refund cedar")})).await;
}
