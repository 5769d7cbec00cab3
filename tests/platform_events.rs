//! The outbox to the platform: nothing is lost, nothing is told twice over, each account's order is kept.

use crate::desk::{Desk, order};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

/// Two accounts, C1 and C2, of whom nothing was told yet.
async fn two_accounts() -> Desk {
    let desk = Desk::open().await;
    desk.recharge(vec![
        order("L1", "C1", "100.00", "2026-05-01T10:00:00+08:00"),
        order("L2", "C2", "100.00", "2026-05-01T11:00:00+08:00"),
    ])
    .await;
    desk
}

/// Tells the platform something, as a function of ours would inside its own transaction.
async fn tell(desk: &Desk, customer: &str, kind: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select api.tell_platform((select id from book.customers where ref = $1), $2, gen_random_uuid(), '{\"test\": true}', api.clock())")
        .bind(customer)
        .bind(kind)
        .fetch_one(&mut desk.books.owner().await)
        .await
}

async fn read(desk: &Desk, arguments: Value) -> Vec<Value> {
    desk.read("platform", "platform_events.read", arguments).await.as_array().expect("events").clone()
}

async fn acknowledge(desk: &Desk, event: &Value) -> Result<Value, kontor::Error> {
    desk.try_act("platform", "platform_events.acknowledge", json!({"event_id": event["id"]})).await
}

fn places(events: &[Value]) -> Vec<(&str, &str)> {
    events
        .iter()
        .map(|e| (e["customer_ref"].as_str().expect("an account"), e["place"].as_str().expect("a place")))
        .collect()
}

#[tokio::test]
async fn each_account_counts_its_own_events_without_a_gap() {
    let desk = two_accounts().await;
    for customer in ["C1", "C2", "C1", "C1", "C2"] {
        tell(&desk, customer, "account.test").await.expect("told");
    }
    // What was never committed leaves no hole.
    let mut owner = desk.books.owner().await;
    for undone in [
        "begin",
        "select api.tell_platform((select id from book.customers where ref = 'C1'), 'account.test', gen_random_uuid(), '{}', api.clock())",
        "rollback",
    ] {
        sqlx::query(undone).execute(&mut owner).await.expect("runs");
    }
    tell(&desk, "C1", "account.test").await.expect("told");
    let events = read(&desk, json!({})).await;
    assert_eq!(places(&events), [("C1", "1"), ("C2", "1"), ("C1", "2"), ("C1", "3"), ("C2", "2"), ("C1", "4")]);
}

#[tokio::test]
async fn two_at_once_do_not_take_the_same_place() {
    let desk = two_accounts().await;
    let mut telling = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let mut owner = desk.books.owner().await;
        telling.spawn(async move {
            sqlx::query("select api.tell_platform((select id from book.customers where ref = 'C1'), 'account.test', gen_random_uuid(), '{}', api.clock())")
                .execute(&mut owner)
                .await
        });
    }
    while let Some(told) = telling.join_next().await {
        told.expect("runs to its end").expect("told");
    }
    assert_eq!(
        desk.figure("select string_agg(place::text, ' ' order by place) from book.platform_events").await,
        "1 2 3 4 5 6 7 8 9 10 11 12"
    );
}

#[tokio::test]
async fn an_event_is_given_until_it_is_acknowledged() {
    let desk = two_accounts().await;
    tell(&desk, "C1", "account.test").await.expect("told");
    assert_eq!(read(&desk, json!({})).await[0]["attempts"], 1);
    let again = read(&desk, json!({})).await;
    assert_eq!((again.len(), &again[0]["attempts"]), (1, &json!(2)));
    let first = acknowledge(&desk, &again[0]).await.expect("acknowledged");
    desk.books.set_clock("2026-06-02T09:00:00+08:00").await;
    assert_eq!(acknowledge(&desk, &again[0]).await.expect("answers again"), first);
    assert!(read(&desk, json!({})).await.is_empty());
    assert_eq!(
        desk.figure("select count(*)::text from book.audit_events where command = 'platform_events.acknowledge'").await,
        "1"
    );
}

#[tokio::test]
async fn an_account_is_acknowledged_in_its_order() {
    let desk = two_accounts().await;
    for customer in ["C1", "C1", "C2"] {
        tell(&desk, customer, "account.test").await.expect("told");
    }
    let events = read(&desk, json!({})).await;
    assert_eq!(refused(acknowledge(&desk, &events[1]).await), "platform_event_out_of_order");
    // Another account does not wait for this one.
    for event in [&events[2], &events[0], &events[1]] {
        acknowledge(&desk, event).await.expect("acknowledged");
    }
}

#[tokio::test]
async fn a_page_is_bounded_and_goes_on_after_the_last_one() {
    let desk = two_accounts().await;
    for _ in 0..5 {
        tell(&desk, "C1", "account.test").await.expect("told");
    }
    let first = read(&desk, json!({"maximum": 2})).await;
    assert_eq!(places(&first), [("C1", "1"), ("C1", "2")]);
    let next = read(&desk, json!({"maximum": 2, "after_id": first[1]["id"]})).await;
    assert_eq!(places(&next), [("C1", "3"), ("C1", "4")]);
}

#[tokio::test]
async fn what_nobody_read_or_knows_cannot_be_acknowledged() {
    let desk = two_accounts().await;
    let id = tell(&desk, "C1", "account.test").await.expect("told");
    assert_eq!(refused(acknowledge(&desk, &json!({"id": id.to_string()})).await), "platform_event_not_read");
    assert_eq!(refused(acknowledge(&desk, &json!({"id": "999"})).await), "platform_event_unknown");
    let event = &read(&desk, json!({})).await[0];
    let tomorrow = json!({"event_id": event["id"], "done_at": "2026-06-02T09:00:00+08:00"});
    assert_eq!(
        refused(desk.try_act("platform", "platform_events.acknowledge", tomorrow).await),
        "instant_in_the_future"
    );
}

#[tokio::test]
async fn only_the_platform_reads_and_acknowledges() {
    let desk = two_accounts().await;
    tell(&desk, "C1", "account.test").await.expect("told");
    for login in ["administrator", "handler", "auditor", "legal"] {
        assert_eq!(
            refused(desk.try_act(login, "platform_events.acknowledge", json!({"event_id": "1"})).await),
            "not_allowed"
        );
        let read = crate::support::call(&desk.person(login).await, "platform_events.read", json!({})).await;
        assert_eq!(refused(read), "not_allowed", "{login}");
    }
}

#[tokio::test]
async fn what_is_told_has_a_known_form() {
    let desk = two_accounts().await;
    assert!(tell(&desk, "C1", "Lock the account").await.is_err());
    assert_eq!(
        refused(
            desk.try_act("platform", "platform_events.acknowledge", json!({"command_id": new_id(), "event_id": "7"}))
                .await
        ),
        "platform_event_unknown"
    );
}
