//! Before what policy names, a person proves again who they are: Postgres checks the password, the database remembers it
//! for some minutes, and a batch asks once.

use crate::desk::{Desk, order};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

/// Three small cases that wait for the approver, who has read their papers.
async fn waiting() -> (Desk, Vec<Value>) {
    let desk = Desk::open().await;
    let orders = ["C1", "C2", "C3"].map(|one| order(&format!("R-{one}"), one, "100.00", "2026-05-01T10:00:00+08:00"));
    desk.recharge(orders.to_vec()).await;
    let mut cases = Vec::new();
    for customer in ["C1", "C2", "C3"] {
        let refund = new_id();
        desk.attach("agent", "refund", &refund).await;
        let application = json!({"command_id": refund, "customer_id": desk.customer(customer).await, "reason_kind": "no_longer_needed",
            "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
        desk.act("agent", "refunds.request", application).await;
        desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
        desk.read_papers("approver", "refund", &refund).await;
        let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
        cases.push(json!({"refund_id": refund, "digest": page["digest"]}));
    }
    (desk, cases)
}

async fn policy(desk: &Desk, name: &str, value: Value) {
    let change = json!({"name": name, "value": value, "valid_from": "2026-01-01T00:00:00Z", "reason": "Tried"});
    let id = desk.act("administrator", "policies.propose", change).await["id"].clone();
    desk.act("approver", "policies.confirm", json!({"policy_id": id})).await;
}

#[tokio::test]
async fn a_batch_asks_once_for_the_password_and_none_of_its_cases_again() {
    let (desk, cases) = waiting().await;
    // Even where each approval would ask by itself, the batch asks for them all.
    policy(&desk, "step_up_approval_above", json!("0.00")).await;
    let batch = json!({"cases": cases});
    let before = desk.figure("select count(*)::text from book.audit_events").await;
    assert_eq!(refused(desk.try_act("approver", "refunds.approve_many", batch.clone()).await), "step_up_missing");
    assert_eq!(desk.figure("select count(*)::text from book.audit_events").await, before, "nothing was done");
    assert_eq!(refused(desk.try_step_up("approver", Some("guessed")).await), "password_wrong");
    assert_eq!(refused(desk.try_act("approver", "refunds.approve_many", batch.clone()).await), "step_up_missing");
    // Somebody else's password is somebody else's.
    desk.step_up("treasurer").await;
    assert_eq!(refused(desk.try_act("approver", "refunds.approve_many", batch.clone()).await), "step_up_missing");
    assert_eq!(desk.step_up("approver").await["minutes"], 5);
    let done = desk.act("approver", "refunds.approve_many", batch).await;
    assert!(done.as_array().expect("cases").iter().all(|one| one["done"] == true), "{done}");
    let asked = desk.figure("select count(*)::text from book.audit_events where command = 'session.step_up'").await;
    assert_eq!(asked, "2", "the treasurer's and the approver's, one each");
}

#[tokio::test]
async fn policy_says_what_asks_for_it_and_how_long_it_counts() {
    let (desk, cases) = waiting().await;
    // One case by itself asks for nothing unless policy says so; the batch of the two others is below this limit.
    desk.act("approver", "refunds.approve", cases[0].clone()).await;
    policy(&desk, "step_up_bulk_above", json!("500.00")).await;
    desk.act("approver", "refunds.approve_many", json!({"cases": [cases[1]]})).await;
    policy(&desk, "step_up_approval_above", json!("50.00")).await;
    assert_eq!(refused(desk.try_act("approver", "refunds.approve", cases[2].clone()).await), "step_up_missing");
    desk.step_up("approver").await;
    desk.books.set_clock("2026-06-01T09:30:00+08:00").await;
    assert_eq!(
        refused(desk.try_act("approver", "refunds.approve", cases[2].clone()).await),
        "step_up_missing",
        "its five minutes are over"
    );
    desk.step_up("approver").await;
    desk.act("approver", "refunds.approve", cases[2].clone()).await;
    policy(&desk, "step_up_release_above", json!("0.00")).await;
    let release = json!({"refund_id": cases[0]["refund_id"]});
    assert_eq!(refused(desk.try_act("treasurer", "refunds.release", release.clone()).await), "step_up_missing");
    desk.step_up("treasurer").await;
    desk.act("treasurer", "refunds.release", release).await;
    let none = json!({"name": "step_up_minutes", "value": 61, "valid_from": "2026-01-01T00:00:00Z", "reason": "x"});
    assert_eq!(refused(desk.try_act("administrator", "policies.propose", none).await), "policy_value_malformed");
}

#[tokio::test]
async fn an_open_connection_is_no_proof_of_who_is_there() {
    let (desk, cases) = waiting().await;
    // As old as the sign-in: the window could be open without anybody.
    tokio::time::sleep(std::time::Duration::from_secs(16)).await;
    assert_eq!(refused(desk.try_act("approver", "session.step_up", json!({})).await), "step_up_on_old_connection");
    assert_eq!(
        refused(desk.try_act("approver", "refunds.approve_many", json!({"cases": cases})).await),
        "step_up_missing"
    );
    // Who only looks at the books approves nothing and needs none.
    assert_eq!(refused(desk.try_step_up("auditor", None).await), "not_allowed");
}

#[tokio::test]
async fn a_reviewer_reviews_small_cases_together_once_their_papers_were_opened() {
    let desk = Desk::open().await;
    let orders = ["C1", "C2"].map(|one| order(&format!("R-{one}"), one, "100.00", "2026-05-01T10:00:00+08:00"));
    desk.recharge(orders.to_vec()).await;
    for customer in ["C1", "C2"] {
        let refund = new_id();
        desk.attach("agent", "refund", &refund).await;
        let application = json!({"command_id": refund, "customer_id": desk.customer(customer).await, "reason_kind": "no_longer_needed",
            "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
        desk.act("agent", "refunds.request", application).await;
        if customer == "C1" {
            desk.read_papers("reviewer", "refund", &refund).await;
        }
    }
    let waiting = desk.read("reviewer", "refunds.bulk_candidates", json!({"step": "review"})).await;
    let rules: Vec<_> = waiting.as_array().expect("cases").iter().map(|one| one["rule"].clone()).collect();
    assert_eq!(rules, [Value::Null, json!("refund_proofs_not_opened")]);
    let batch = json!({"cases": waiting});
    assert_eq!(refused(desk.try_act("reviewer", "refunds.review_many", batch.clone()).await), "step_up_missing");
    desk.step_up("reviewer").await;
    let mut moved = batch.clone();
    moved["cases"][0]["digest"] = json!("00");
    let done = desk.act("reviewer", "refunds.review_many", moved).await;
    assert_eq!(done[0]["rule"], "refund_figures_moved");
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'reviewed'").await, "0");
    let done = desk.act("reviewer", "refunds.review_many", batch.clone()).await;
    assert_eq!((done[0]["done"].as_bool(), done[1]["rule"].as_str()), (Some(true), Some("refund_proofs_not_opened")));
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'reviewed'").await, "1");
    assert_eq!(refused(desk.try_act("approver", "refunds.review_many", batch).await), "not_allowed");
}
