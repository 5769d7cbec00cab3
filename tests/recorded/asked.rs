//! What the screens ask, with the arguments that they ask with (page sizes left out: the window fills them in).

use super::Story;
use super::played::customer;
use serde_json::{Value, json};

/// The first screen of a desk where nothing has happened yet.
pub async fn of_empty_books(story: &mut Story) {
    story.ask("supervisor", "today.open", json!({})).await;
}

/// Everything, on Friday 13 February 2026.
pub async fn of_full_books(story: &mut Story) {
    story.ask("approver", "session.open", json!({})).await;
    story.ask("approver", "session.changes", json!({"last_event": "0"})).await;
    for login in ["approver", "accountant", "handler", "treasurer"] {
        story.ask(login, "today.open", json!({})).await;
    }
    ledger_and_customers(story).await;
    refunds(story).await;
    disputes(story).await;
    super::letters::asked(story).await;
    invoices(story).await;
    books(story).await;
    lists(story).await;
    second_people(story).await;
}

async fn ledger_and_customers(story: &mut Story) {
    let journals = story.ask("auditor", "ledger.list", json!({})).await;
    story.ask("auditor", "ledger.total", json!({})).await;
    story.ask("auditor", "ledger.list_filters", json!({})).await;
    let mut kinds = Vec::new();
    for journal in journals.as_array().expect("journals") {
        if !kinds.contains(&journal["kind"]) {
            kinds.push(journal["kind"].clone());
            story.ask("auditor", "ledger.journal", json!({"journal_id": journal["id"]})).await;
            story.ask("auditor", "reversals.preview", json!({"journal_id": journal["id"]})).await;
        }
    }
    let period = json!({"from_at": "2026-02-01T00:00:00+08:00", "until_at": "2026-02-14T00:00:00+08:00", "commodity": "CNY", "by_effective": false});
    for (account, whose) in [("alipay_clearing", None), ("wallet", Some(0)), ("wallet", Some(1))] {
        let mut asked = period.clone();
        asked["account_code"] = json!(account);
        if let Some(holder) = whose {
            asked["customer_id"] = json!(customer(holder));
        }
        story.ask("auditor", "ledger.statement", asked).await;
    }
    story.ask("auditor", "ledger.trial_balance", json!({"at": "2026-02-14T00:00:00+08:00"})).await;
    let year = json!({"first_month": "2025-03-01", "months": 12, "by_effective": true});
    story.ask("auditor", "ledger.roll_forward", year).await;
    let behind = json!({"channel": "alipay", "kinds": "recharge", "from_on": "2026-02-01", "until_on": "2026-02-28", "by_effective": true, "maximum": 100});
    story.ask("auditor", "ledger.channel_moves", behind).await;
    story.ask("agent", "customers.list", json!({"search": "", "only_locked": false})).await;
    story.ask("agent", "customers.list", json!({"search": "", "only_locked": true})).await;
    story.ask("agent", "customers.list", json!({"search": "nor"})).await;
    let past = json!({"customer_id": customer(0), "at": "2026-02-14T00:00:00+08:00", "by_effective": false});
    story.ask("auditor", "ledger.balances_as_of", past).await;
    for holder in 0..14 {
        story.ask("agent", "customers.open", json!({"customer_id": customer(holder)})).await;
    }
    for holder in [0, 1, 4] {
        story.ask("agent", "customers.timeline", json!({"customer_id": customer(holder)})).await;
        story.ask("agent", "ledger.list", json!({"filter": {"customer_id": customer(holder)}})).await;
    }
    let reveal = json!({"customer_id": customer(4), "field": "phone", "reason": "Call back about T-77144"});
    story.act("agent", "customers.reveal", reveal).await;
    story.ask("agent", "search.find", json!({"query": "nor"})).await;
    story.ask("agent", "search.same_ticket", json!({"ticket_no": "W-88213"})).await;
}

async fn refunds(story: &mut Story) {
    for (login, wanted) in [
        ("approver", "mine"),
        ("approver", "others"),
        ("approver", "open"),
        ("approver", "all"),
        ("agent", "open"),
        ("treasurer", "mine"),
    ] {
        story.ask(login, "refunds.list", json!({"wanted": wanted})).await;
    }
    for name in
        ["cedar", "northwind", "harbour", "fernway again", "orchid", "deepsea", "ouyang", "ming", "wei", "fernway"]
    {
        story.ask("approver", "refunds.open", json!({"refund_id": Story::id(&format!("refund {name}"))})).await;
    }
    for (login, name) in [
        ("reviewer", "deepsea"),
        ("agent", "orchid"),
        ("treasurer", "harbour"),
        ("treasurer", "fernway again"),
        ("agent", "cedar"),
        ("agent", "ouyang"),
        ("treasurer", "ouyang"),
    ] {
        story.ask(login, "refunds.open", json!({"refund_id": Story::id(&format!("refund {name}"))})).await;
    }
    for holder in [2, 4, 0, 11] {
        story.ask("agent", "refunds.quote", json!({"customer_id": customer(holder)})).await;
    }
    story.ask("agent", "refunds.open", json!({"refund_id": Story::id("nothing")})).await;
    let cedar = json!({"subject_kind": "refund", "subject_id": Story::id("refund cedar").to_string()});
    story.ask("agent", "attachments.list", cedar.clone()).await;
    story.ask("agent", "customers.list_notes", cedar).await;
    let batch = story.ask("treasurer", "payouts.board", json!({})).await["batches"][0]["id"].clone();
    if !batch.is_null() {
        story.ask("treasurer", "payouts.file", json!({"batch_id": batch})).await;
    }
    // An own limit for approving together; the batch asks for the password first.
    let limit = json!({"name": "bulk_approval_own", "value": {"approver": "50000.00"}, "valid_from": "2026-02-13T00:00:00+08:00", "reason": "年初授权"});
    let limit = story.act("administrator", "policies.propose", limit).await;
    story.act("approver", "policies.confirm", json!({"policy_id": limit["id"]})).await;
    story.ask("reviewer", "refunds.bulk_candidates", json!({"step": "review"})).await;
    let waiting = story.ask("approver", "refunds.bulk_candidates", json!({})).await;
    let ready = waiting.as_array().into_iter().flatten().filter(|one| one["rule"].is_null());
    let batch: Vec<Value> = ready.map(|one| json!({"refund_id": one["refund_id"], "digest": one["digest"]})).collect();
    story.refuse("approver", "refunds.approve_many", json!({"cases": batch})).await;
    let quarter = json!({"from_at": "2025-11-15T00:00:00+08:00", "until_at": "2026-02-14T00:00:00+08:00"});
    story.ask("approver", "refunds.pairs", quarter).await;
    story.ask("approver", "refunds.fees", json!({"from_on": "2025-02-01", "until_on": "2026-02-14"})).await;
    for holder in [2, 4, 0, 11] {
        story.ask("agent", "drafts.open", json!({"kind": "refund", "subject": customer(holder)})).await;
    }
}

async fn disputes(story: &mut Story) {
    for wanted in ["open", "overdue", "not_served", "provisional", "closed", "all"] {
        story.ask("handler", "disputes.list", json!({"wanted": wanted})).await;
    }
    story.ask("handler", "disputes.counts", json!({})).await;
    for name in ["lantern", "frost", "linden", "deepsea", "orchid", "fern"] {
        story.ask("handler", "disputes.open", json!({"dispute_id": Story::id(&format!("dispute {name}"))})).await;
    }
    story.ask("approver", "disputes.open", json!({"dispute_id": Story::id("dispute linden")})).await;
    story.ask("handler", "calendar.explain", json!({"started_at": "2026-01-16T12:00:00+08:00"})).await;
}

async fn invoices(story: &mut Story) {
    let all = story.ask("taxclerk", "invoices.list", json!({"search": ""})).await;
    story.ask("taxclerk", "invoices.list", json!({"search": "STM-2026-0001"})).await;
    story.ask("taxclerk", "invoices.list_invoiceable", json!({"search": ""})).await;
    for status in [json!("proposed"), json!("confirmed"), Value::Null] {
        story.ask("taxclerk", "invoices.list_red_letters", json!({"status": status})).await;
    }
    for row in all.as_array().expect("papers") {
        story.ask("taxclerk", "invoices.open", json!({"invoice_id": row["id"]})).await;
    }
    for holder in [0, 2, 7] {
        story.ask("taxclerk", "invoices.meter", json!({"customer_id": customer(holder)})).await;
        story.ask("taxclerk", "buyers.list", json!({"customer_id": customer(holder)})).await;
    }
    for code in ["91310115MA1K4BCD3C", "91310115MA1K4BCD3X", "91110108MA0TE4T01D", "91110108MA0TE4T01O"] {
        story.ask("taxclerk", "buyers.check_code", json!({"code": code})).await;
    }
    let buyer = story.look("taxclerk", "buyers.list", json!({"customer_id": customer(7)})).await[0]["id"].clone();
    for amount in ["500.00", "999999.00"] {
        let draft = json!({"customer_id": customer(7), "buyer_id": buyer, "lines": [{"product": "image", "amount": amount}], "kind": "statement"});
        story.ask("taxclerk", "invoices.preview", draft).await;
    }
}

async fn books(story: &mut Story) {
    story.ask("accountant", "periods.open", json!({})).await;
    for month in ["2025-11-01", "2026-01-01"] {
        story.ask("accountant", "periods.open", json!({"month": month})).await;
        story.ask("accountant", "vat.open", json!({"month": month})).await;
    }
    story.ask("accountant", "periods.figures", json!({"month": "2025-11-01"})).await;
    story.ask("accountant", "income.list", json!({"search": ""})).await;
    let listed = story.ask("approver", "corrections.list", json!({"wanted_status": null})).await;
    for row in listed.as_array().expect("corrections") {
        story.ask("approver", "corrections.open", json!({"correction_id": row["id"]})).await;
    }
    for (kind, amount) in [("goodwill_gift", "20.00"), ("receivable_write_off", "5.00")] {
        let asked = json!({"kind": kind, "amount": amount, "customer_id": customer(0)});
        story.ask("accountant", "adjustments.preview", asked).await;
    }
}

async fn lists(story: &mut Story) {
    for command in ["policies.list", "people.list", "calendar.list", "invoices.list_sellers", "imports.list"] {
        story.ask("administrator", command, json!({})).await;
    }
    let fee = json!({"channel": "alipay", "value": {"rate": "0.01", "minimum": "0.10"}});
    story.ask("administrator", "policies.preview_fee", fee).await;
    let open = story.ask("accountant", "exceptions.list", json!({})).await;
    for narrowed in [
        json!({"only_settled": true}),
        json!({"wanted_kind": "recharge_not_verified"}),
        json!({"wanted_age": "31+"}),
        json!({"only_ready": true}),
    ] {
        story.ask("accountant", "exceptions.list", narrowed).await;
    }
    story.ask("accountant", "exceptions.ages", json!({})).await;
    for one in open.as_array().expect("exceptions") {
        story.ask("accountant", "exceptions.candidates", json!({"exception_id": one["id"]})).await;
    }
}

/// What waits for a second person, and what goodwill and credit-backs would post.
async fn second_people(story: &mut Story) {
    for wanted in ["waiting", "open", "mine", "decided"] {
        story.ask("approver", "proposals.list", json!({"wanted": wanted})).await;
    }
    story.ask("accountant", "proposals.list", json!({"wanted": "mine"})).await;
    let open = story.look("approver", "proposals.list", json!({"wanted": "open"})).await;
    let decided = story.look("approver", "proposals.list", json!({"wanted": "decided"})).await;
    for one in open.as_array().expect("a list").iter().chain(decided.as_array().expect("a list")) {
        let page = json!({"kind": one["kind"], "id": one["id"]});
        story.ask("approver", "proposals.open", page.clone()).await;
        if one["kind"] == "credit_back" {
            story.ask("accountant", "proposals.open", page).await;
        }
    }
    for holder in 0..3 {
        let rows = story.ask("accountant", "usage.list", json!({"customer_id": customer(holder)})).await;
        for row in rows.as_array().expect("usage") {
            story.ask("accountant", "usage.paid_by", json!({"usage_id": row["id"]})).await;
        }
        for row in rows.as_array().expect("usage").iter().filter(|row| row["most"] != "0") {
            let whole = json!({"usage_key": row["usage_key"], "amount": row["most"]});
            story.ask("accountant", "usage.quote_credit_back", whole).await;
        }
        let page = story.look("agent", "customers.open", json!({"customer_id": customer(holder)})).await;
        for lot in page["lots"].as_array().expect("lots") {
            story.ask("agent", "recharges.open", json!({"recharge_id": lot["id"]})).await;
        }
    }
    let refunds = story.look("accountant", "refunds.list", json!({"wanted": "all"})).await;
    for one in refunds.as_array().expect("refunds") {
        if one["status"] == "rejected" || one["status"] == "withdrawn" {
            let quote = story.ask("accountant", "refunds.quote_reinstatement", json!({"refund_id": one["id"]})).await;
            let most = json!({"refund_id": one["id"], "amount": quote["most"]});
            story.ask("accountant", "refunds.quote_reinstatement", most).await;
        }
    }
}

/// Reads without a needed argument are asked as they are, so that a new list is recorded without being named here.
pub async fn of_the_rest(story: &mut Story) {
    let mut names: Vec<String> = sqlx::query_scalar(
        "select c.name from api.commands c where c.reads \
         and not exists (select from jsonb_array_elements(c.arguments) a where not (a ->> 'optional')::boolean) order by c.name",
    )
    .fetch_all(&mut story.clock)
    .await
    .expect("the commands are listed");
    // The campaign asks at the end of its own part of the story, the catalogue once its rates have changed.
    names.retain(|name| !story.kept.has(name) && !name.starts_with("campaign.") && name != "catalogue.open");
    for name in names {
        story.ask("auditor", &name, json!({})).await;
    }
}
