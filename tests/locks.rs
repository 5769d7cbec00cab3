//! A lock is asked of the platform and confirmed by it; each case lifts its own, and services return with the last.

use crate::desk::{Desk, order, with};
use crate::support::new_id;
use serde_json::{Value, json};

/// Two recharges of C1, both disputed, neither locked yet.
pub async fn two_disputes() -> (Desk, [String; 2]) {
    let desk = Desk::open().await;
    desk.books.set_clock("2025-12-04T08:00:00+08:00").await;
    let foreign = |number: &str| {
        with(order(number, "C1", "500.00", "2025-11-01T10:00:00+08:00"), json!({"payer_is_holder": false}))
    };
    desk.recharge(vec![foreign("L1"), foreign("L2")]).await;
    desk.books.set_clock("2025-12-04T09:00:00+08:00").await;
    let cases = [new_id(), new_id()];
    for (case, order_no) in cases.iter().zip(["L1", "L2"]) {
        let notice = json!({"command_id": case, "order_no": order_no, "ticket_no": order_no, "demand": "Give it back", "received_at": "2025-12-04T08:30:00+08:00"});
        desk.act("agent", "disputes.record_notice", notice).await;
    }
    (desk, cases)
}

pub async fn lock(desk: &Desk, case: &str) -> Value {
    desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": case})).await
}

pub async fn withdraw(desk: &Desk, case: &str) -> Value {
    desk.act("handler", "disputes.withdraw_notice", json!({"dispute_id": case, "reason": "Taken back"})).await
}

/// What the platform has not done yet: kind and account, in order.
pub async fn told(desk: &Desk) -> Vec<Value> {
    desk.read("platform", "platform_events.read", json!({})).await.as_array().expect("events").clone()
}

pub async fn kinds(desk: &Desk) -> Vec<String> {
    told(desk).await.iter().map(|event| event["kind"].as_str().expect("a kind").to_owned()).collect()
}

/// The platform does everything that it was told.
pub async fn obey(desk: &Desk) {
    for event in told(desk).await {
        desk.act("platform", "platform_events.acknowledge", json!({"event_id": event["id"]})).await;
    }
}

fn own<'a>(page: &'a Value, case: &str) -> &'a Value {
    page["locks"].as_array().expect("locks").iter().find(|lock| lock["case_id"] == case).expect("the case's own lock")
}

async fn alarms(desk: &Desk) -> Vec<String> {
    let today = desk.read("handler", "today.open", json!({})).await;
    today["alarms"]
        .as_array()
        .expect("alarms")
        .iter()
        .map(|a| format!("{} {}", a["kind"].as_str().expect("a kind"), a["number"].as_str().expect("a number")))
        .collect()
}

#[tokio::test]
async fn a_lock_asks_the_platform_to_suspend_services_and_keys() {
    let (desk, [case, _]) = two_disputes().await;
    let page = lock(&desk, &case).await;
    assert_eq!((&own(&page, &case)["confirmed_at"], &own(&page, &case)["late"]), (&Value::Null, &json!(false)));
    let events = told(&desk).await;
    assert_eq!(events[0]["kind"], "account.lock");
    assert_eq!(
        events[0]["payload"],
        json!({"case": page["number"], "cause": "dispute", "services": "suspend", "api_keys": "suspend"})
    );
    desk.books.set_clock("2025-12-04T09:20:00+08:00").await;
    let done = json!({"event_id": events[0]["id"], "done_at": "2025-12-04T09:19:30+08:00"});
    desk.act("platform", "platform_events.acknowledge", done).await;
    let page = desk.read("auditor", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(own(&page, &case)["confirmed_at"], "2025-12-04T01:19:30Z");
    assert_eq!(page["platform_confirmed_at"], "2025-12-04T01:19:30Z");
    let customer = desk.read("agent", "customers.open", json!({"customer_id": desk.customer("C1").await})).await;
    assert_eq!(customer["locks"][0]["confirmed_at"], "2025-12-04T01:19:30Z");
}

#[tokio::test]
async fn a_lock_that_the_platform_does_not_confirm_in_time_alarms() {
    let (desk, [case, _]) = two_disputes().await;
    lock(&desk, &case).await;
    desk.books.set_clock("2025-12-04T09:29:00+08:00").await;
    assert!(alarms(&desk).await.is_empty(), "the policy gives it thirty minutes");
    desk.books.set_clock("2025-12-04T09:31:00+08:00").await;
    assert_eq!(alarms(&desk).await, ["lock_unconfirmed D-2025-0001"]);
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(own(&page, &case)["late"], true);
    obey(&desk).await;
    assert!(alarms(&desk).await.is_empty());
}

#[tokio::test]
async fn an_unlock_is_asked_confirmed_and_missed_in_the_same_way() {
    let (desk, [case, _]) = two_disputes().await;
    lock(&desk, &case).await;
    obey(&desk).await;
    let page = withdraw(&desk, &case).await;
    assert_eq!((own(&page, &case)["asked_at"].is_string(), &own(&page, &case)["confirmed_at"]), (true, &Value::Null));
    assert_eq!(kinds(&desk).await, ["account.unlock"]);
    desk.books.set_clock("2025-12-04T12:00:00+08:00").await;
    assert_eq!(alarms(&desk).await, ["unlock_unconfirmed D-2025-0001"]);
    obey(&desk).await;
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert!(
        own(&page, &case)["confirmed_at"].as_str().is_some_and(|at| at.starts_with("2025-12-04T04:00:00")),
        "{page}"
    );
    assert!(alarms(&desk).await.is_empty());
}

#[tokio::test]
async fn an_account_stays_locked_until_its_last_lock_falls() {
    let (desk, [first, second]) = two_disputes().await;
    lock(&desk, &first).await;
    lock(&desk, &second).await;
    assert_eq!(kinds(&desk).await, ["account.lock", "account.lock"]);
    obey(&desk).await;
    let page = withdraw(&desk, &first).await;
    assert_eq!(page["account_locked"], true);
    assert_eq!(own(&page, &first)["asked_at"], Value::Null, "nothing is asked while another lock is in force");
    assert!(kinds(&desk).await.is_empty());
    let page = withdraw(&desk, &second).await;
    assert_eq!(page["account_locked"], false);
    assert_eq!(kinds(&desk).await, ["account.unlock"]);
}

#[tokio::test]
async fn an_unlock_never_overtakes_its_lock() {
    let (desk, [case, _]) = two_disputes().await;
    lock(&desk, &case).await;
    withdraw(&desk, &case).await;
    let events = told(&desk).await;
    let early = desk.try_act("platform", "platform_events.acknowledge", json!({"event_id": events[1]["id"]})).await;
    assert_eq!(crate::support::refused(early), "platform_event_out_of_order");
}
