//! One recharge: who paid it, what it accepted, its gift's rules, and what it paid for.

use crate::desk::{Desk, order, with};
use crate::support::{call, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

async fn page(desk: &Desk, order_no: &str) -> Value {
    let mut owner = desk.books.owner().await;
    let id: i64 = sqlx::query_scalar("select id from book.recharges where order_no = $1")
        .bind(order_no)
        .fetch_one(&mut owner)
        .await
        .expect("this order");
    desk.read("agent", "recharges.open", json!({"recharge_id": id.to_string()})).await
}

#[tokio::test]
async fn a_recharge_says_who_paid_and_which_agreement_it_accepted() {
    let desk = Desk::open().await;
    let payer = json!({"payer_is_holder": false, "payer_name": "欧阳示例", "payer_account": "13900001234"});
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), payer)]).await;
    desk.act(
        "administrator",
        "agreements.add",
        json!({"version": "2026-05", "announced_at": "2026-04-20T00:00:00Z", "effective_at": "2026-05-20T00:00:00Z"}),
    )
    .await;
    desk.recharge(vec![with(
        order("R2", "C1", "20.00", "2026-05-21T10:00:00+08:00"),
        json!({"agreement_version": "2026-05"}),
    )])
    .await;
    let old = page(&desk, "R1").await;
    assert_eq!(
        (old["payer_name"].as_str(), old["payer_account"].as_str(), old["payer_is_holder"].as_bool()),
        (Some("欧阳**"), Some("139****1234"), Some(false))
    );
    assert_eq!(
        (old["agreement"]["version"].as_str(), old["agreement"]["newer"].as_str()),
        (Some("2024-01"), Some("2026-05"))
    );
    assert_eq!((old["minimum"].as_str(), old["state"].as_str()), (Some("0.01"), Some("free")));
    assert_eq!(page(&desk, "R2").await["agreement"]["newer"], Value::Null);
    let agent = desk.person("agent").await;
    assert_eq!(refused(call(&agent, "recharges.open", json!({"recharge_id": "0"})).await), "recharge_unknown");
}

#[tokio::test]
async fn an_order_may_not_accept_an_agreement_before_it_is_in_force() {
    let desk = Desk::open().await;
    desk.act(
        "administrator",
        "agreements.add",
        json!({"version": "2026-07", "announced_at": "2026-05-20T00:00:00Z", "effective_at": "2026-07-01T00:00:00Z"}),
    )
    .await;
    let early = with(order("R1", "C1", "100.00", PAID), json!({"agreement_version": "2026-07"}));
    assert_eq!(desk.recharge(vec![early]).await["exceptions"], 1);
    let open = desk.read("accountant", "exceptions.list", json!({})).await;
    assert_eq!((open[0]["kind"].as_str(), open[0]["ready"].as_bool()), (Some("agreement_unknown"), Some(false)));
}

#[tokio::test]
async fn a_gift_shows_its_rules_its_end_and_its_turn() {
    let desk = Desk::open().await;
    desk.act(
        "administrator",
        "activities.add",
        json!({"code": "short", "title": "Twenty days", "gift_days": 40, "on_recharge_refunded": "void"}),
    )
    .await;
    desk.recharge(vec![
        with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"})),
        with(order("R2", "C1", "100.00", PAID), json!({"gift": "5.00", "activity": "short"})),
    ])
    .await;
    let (first, second) = (page(&desk, "R2").await, page(&desk, "R1").await);
    let gift = &first["gifts"][0];
    assert_eq!(
        (gift["title"].as_str(), gift["expires_at"].as_str(), gift["on_recharge_refunded"].as_str()),
        (Some("Twenty days"), Some("2026-06-10T02:00:00+00:00"), Some("void"))
    );
    assert_eq!(
        (gift["place"].as_i64(), second["gifts"][0]["place"].as_i64()),
        (Some(1), Some(2)),
        "what ends first is used first"
    );
    desk.use_up("U1", "C1", "16.00").await;
    let used = page(&desk, "R1").await;
    assert_eq!(
        (used["usage"][0]["usage_key"].as_str(), used["usage"][0]["amount"].as_str(), used["used"].as_str()),
        (Some("U1"), Some("1.000000"), Some("1.000000"))
    );
}

#[tokio::test]
async fn a_usage_says_which_gift_and_which_lots_paid_it_and_what_they_got_back() {
    let desk = Desk::open().await;
    desk.recharge(vec![
        with(order("R1", "C1", "20.00", PAID), json!({"gift": "5.00", "activity": "welcome"})),
        order("R2", "C1", "50.00", "2026-05-02T10:00:00+08:00"),
    ])
    .await;
    desk.use_up("U1", "C1", "8.000001").await;
    desk.use_up("U2", "C1", "30.00").await;
    let given = json!({"usage_key": "U2", "amount": "20.00", "reason": "Outage of 5 May"});
    let proposed = desk.act("accountant", "usage.propose_credit_back", given).await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": proposed["id"]})).await;
    let rows = desk.read("agent", "usage.list", json!({"customer_id": desk.customer("C1").await})).await;
    let of = |key: &str| {
        rows.as_array().expect("rows").iter().find(|row| row["usage_key"] == key).expect("it")["id"].clone()
    };
    let parts = async |key: &str| {
        let parts = desk.read("auditor", "usage.paid_by", json!({"usage_id": of(key)})).await;
        let said = |part: &Value| {
            ["activity", "order_no", "amount", "given_back"]
                .map(|field| part[field].as_str().unwrap_or("-").to_owned())
                .join(" ")
        };
        parts.as_array().expect("parts").iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(parts("U1").await, ["welcome R1 5.000000 0", "- R1 3.000001 0"]);
    assert_eq!(
        parts("U2").await,
        ["- R1 16.999999 6.999999", "- R2 13.000001 13.000001"],
        "what was drawn on last comes back first"
    );
    let agent = desk.person("agent").await;
    assert_eq!(refused(call(&agent, "usage.paid_by", json!({"usage_id": "0"})).await), "usage_unknown");
}
