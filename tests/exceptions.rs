//! Money that may not be credited: it waits in suspense with what speaks for each order, and two people decide.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-30T10:00:00+08:00";

/// A payment as the provider writes it.
fn payment(order_no: &str, provider_no: &str, gross: &str, at: &str) -> Value {
    json!({"line": 6, "kind": "payment", "order_no": order_no, "provider_no": provider_no, "occurred_at": at, "gross": gross, "fee": "0.00", "net": gross,
           "counterparty": "138****0000(*例)"})
}

/// Imports a day's statement.
async fn statement(desk: &Desk, day: &str, rows: Vec<Value>) {
    let id = new_id();
    let totals = json!({"row_count": rows.len(), "from": format!("{day}T00:00:00+08:00"), "to": format!("{day}T23:59:59+08:00")});
    desk.act("accountant", "imports.begin", json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals})).await;
    desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": rows})).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
}

/// An order that the platform numbered R100 and a payment that the payer's slip calls R010.
async fn slip_of_the_hand() -> (Desk, Value) {
    let desk = Desk::open().await;
    desk.recharge(vec![
        order("R2026053000100", "C1", "88.00", PAID),
        order("R2026053000555", "C2", "88.00", "2026-05-26T10:00:00+08:00"),
    ])
    .await;
    statement(&desk, "2026-05-30", vec![payment("R2026053000010", "4200001", "88.00", "2026-05-30T10:12:00+08:00")])
        .await;
    let open = desk.read("accountant", "exceptions.list", json!({"wanted_kind": "payment_without_order"})).await;
    (desk, open[0].clone())
}

fn codes(candidate: &Value) -> Vec<&str> {
    candidate["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .map(|reason| reason["code"].as_str().expect("a code"))
        .collect()
}

#[tokio::test]
async fn a_payment_names_the_order_it_probably_belongs_to_and_why() {
    let (desk, stray) = slip_of_the_hand().await;
    let candidates = desk.read("agent", "exceptions.candidates", json!({"exception_id": stray["id"]})).await;
    let best = &candidates[0];
    assert_eq!(best["order_no"], "R2026053000100");
    assert_eq!(
        codes(best),
        ["number_apart", "same_amount", "same_channel", "within_the_hour", "same_payer", "order_unpaid"]
    );
    assert_eq!((best["may_match"].as_bool(), best["customer_name"].as_str()), (Some(true), Some("Demo company C1")));
    assert_eq!(best["payer_account"], "138****0000", "the payer is masked");
    assert!(best["score"].as_i64() > candidates[1]["score"].as_i64(), "{candidates}");
    // Seen from the unpaid order, the same payment is found.
    let unpaid = desk.read("agent", "exceptions.list", json!({"wanted_kind": "order_without_payment"})).await;
    let back = desk.read("agent", "exceptions.candidates", json!({"exception_id": unpaid[0]["id"]})).await;
    assert_eq!(
        (back[0]["exception_id"].clone(), back[0]["provider_no"].as_str()),
        (stray["id"].clone(), Some("4200001"))
    );
}

#[tokio::test]
async fn the_provider_s_own_number_speaks_louder_than_the_order_s() {
    let desk = Desk::open().await;
    desk.recharge(vec![
        with(order("R100", "C1", "88.00", "2026-05-28T10:00:00+08:00"), json!({"provider_no": "4200001"})),
        order("R1OO", "C2", "88.00", PAID),
    ])
    .await;
    statement(&desk, "2026-05-30", vec![payment("R1O0", "4200001", "88.00", PAID)]).await;
    let open = desk.read("accountant", "exceptions.list", json!({"wanted_kind": "payment_without_order"})).await;
    let found = desk.read("accountant", "exceptions.candidates", json!({"exception_id": open[0]["id"]})).await;
    assert_eq!(found[0]["order_no"], "R100", "{found}");
    assert!(codes(&found[0]).contains(&"same_provider_no"));
}

#[tokio::test]
async fn a_match_is_booked_by_two_people_and_settles_both_sides() {
    let (desk, stray) = slip_of_the_hand().await;
    let ask =
        json!({"exception_id": stray["id"], "order_no": "R2026053000100", "reason": "The payer confirmed it by phone"});
    let wordless =
        desk.try_act("accountant", "exceptions.propose_match", with(ask.clone(), json!({"reason": " "}))).await;
    assert_eq!(refused(wordless), "match_without_reason");
    desk.act("accountant", "exceptions.propose_match", ask.clone()).await;
    assert_eq!(
        desk.figure("select count(*)::text from book.journals where kind = 'suspense_cleared'").await,
        "0",
        "nothing moves on one person's word"
    );
    assert_eq!(
        refused(desk.try_act("accountant", "exceptions.propose_match", ask).await),
        "exception_already_proposed"
    );
    let page = json!({"kind": "match", "id": stray["id"]});
    let before = desk.read("approver", "proposals.open", page.clone()).await;
    assert_eq!(before["detail"]["order_no"], "R2026053000100");
    desk.act("approver", "exceptions.confirm", json!({"exception_id": stray["id"]})).await;
    assert_eq!(desk.read("approver", "proposals.open", page).await["lines"], before["lines"]);
    assert_eq!(desk.figure("select provider_no || ' ' || (confirmed_at is not null) from book.recharges where order_no = 'R2026053000100'").await, "4200001 true");
    assert_eq!(
        desk.figure(
            "select count(*)::text from book.exceptions where resolved_at is null and order_no <> 'R2026053000555'"
        )
        .await,
        "0"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn what_does_not_fit_is_not_matched() {
    let (desk, stray) = slip_of_the_hand().await;
    let others = vec![
        order("R-MORE", "C3", "88.01", PAID),
        with(order("R-WECHAT", "C3", "88.00", PAID), json!({"channel": "wechat"})),
        with(order("R-PAID", "C3", "88.00", PAID), json!({"provider_no": "4200009"})),
        with(order("R-OTHER", "C3", "88.00", PAID), json!({"provider_no": "4200007"})),
        with(order("R-UNVERIFIED", "C4", "88.00", PAID), json!({"real_name_verified": false})),
    ];
    desk.recharge(others).await;
    statement(&desk, "2026-05-31", vec![payment("R-PAID", "4200009", "88.00", "2026-05-31T10:00:00+08:00")]).await;
    for (order_no, rule) in [
        ("R-MORE", "match_amount_differs"),
        ("R-WECHAT", "match_channel_differs"),
        ("R-PAID", "match_order_already_paid"),
        ("R-OTHER", "match_provider_no_differs"),
        ("R-UNVERIFIED", "match_order_not_credited"),
        ("R-NOWHERE", "match_order_unknown"),
    ] {
        let ask = json!({"exception_id": stray["id"], "order_no": order_no, "reason": "It looks right"});
        assert_eq!(refused(desk.try_act("accountant", "exceptions.propose_match", ask).await), rule, "{order_no}");
    }
    let unpaid = desk.read("accountant", "exceptions.list", json!({"wanted_kind": "order_without_payment"})).await;
    let backwards = json!({"exception_id": unpaid[0]["id"], "order_no": "R2026053000100", "reason": "It looks right"});
    assert_eq!(
        refused(desk.try_act("accountant", "exceptions.propose_match", backwards).await),
        "match_needs_a_payment"
    );
}

#[tokio::test]
async fn an_order_paid_meanwhile_stops_the_match_at_its_confirmation() {
    let (desk, stray) = slip_of_the_hand().await;
    let ask =
        json!({"exception_id": stray["id"], "order_no": "R2026053000100", "reason": "The payer confirmed it by phone"});
    desk.act("accountant", "exceptions.propose_match", ask).await;
    statement(&desk, "2026-05-31", vec![payment("R2026053000100", "4200002", "88.00", "2026-05-31T10:00:00+08:00")])
        .await;
    let late = desk.try_act("approver", "exceptions.confirm", json!({"exception_id": stray["id"]})).await;
    assert_eq!(refused(late), "match_order_already_paid");
    desk.act(
        "approver",
        "exceptions.decline",
        json!({"exception_id": stray["id"], "reason": "Paid by another payment"}),
    )
    .await;
    let open = desk.read("accountant", "exceptions.list", json!({"wanted_kind": "payment_without_order"})).await;
    assert_eq!(
        (open[0]["matched_order_no"].clone(), open[0]["id"].clone()),
        (Value::Null, stray["id"].clone()),
        "it waits again and is not lost"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_unverified_holders_money_waits_in_suspense_until_the_platform_verifies() {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "50.00", PAID), json!({"real_name_verified": false}))]).await;
    statement(&desk, "2026-05-30", vec![payment("R1", "4200001", "50.00", PAID)]).await;
    let open = desk.read("accountant", "exceptions.list", json!({"wanted_kind": "payment_without_order"})).await;
    assert_eq!(
        (open[0]["belongs_to_order"].as_str(), open[0]["belongs_waits_for"].as_str()),
        (Some("R1"), Some("recharge_not_verified"))
    );
    let early = desk.act("accountant", "exceptions.retry_ready", json!({})).await;
    assert_eq!(early["posted"], 0);
    assert!(
        desk.read("accountant", "exceptions.list", json!({"only_ready": true}))
            .await
            .as_array()
            .expect("a list")
            .is_empty()
    );
    desk.act("platform", "customers.verify", json!({"customer_ref": "C1", "verified": true})).await;
    let ready = desk.read("accountant", "exceptions.list", json!({"only_ready": true})).await;
    assert_eq!((ready.as_array().map(Vec::len), ready[0]["kind"].as_str()), (Some(1), Some("recharge_not_verified")));
    let now = desk.act("accountant", "exceptions.retry_ready", json!({})).await;
    assert_eq!(now["posted"], 1);
    assert_eq!(
        desk.figure("select count(*)::text from book.exceptions where resolved_at is null").await,
        "0",
        "the payment left suspense with its order"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_smaller_minimum_makes_waiting_orders_ready() {
    let desk = Desk::open().await;
    let minimum = |value: &str, from: &str| json!({"name": "recharge_minimum", "value": value, "valid_from": from, "reason": "The system's minimum"});
    let policy = desk.act("administrator", "policies.propose", minimum("10.00", "2026-05-01T00:00:00+08:00")).await;
    desk.act("approver", "policies.confirm", json!({"policy_id": policy["id"]})).await;
    desk.recharge(vec![
        order("R1", "C1", "9.99", PAID),
        with(order("R2", "C1", "10.00", PAID), json!({"kind": "package"})),
    ])
    .await;
    let open = desk.read("accountant", "exceptions.list", json!({})).await;
    assert_eq!(
        (open.as_array().map(Vec::len), open[0]["kind"].as_str(), open[0]["ready"].as_bool()),
        (Some(1), Some("recharge_below_minimum"), Some(false))
    );
    let policy = desk.act("administrator", "policies.propose", minimum("5.00", "2026-05-02T00:00:00+08:00")).await;
    desk.act("approver", "policies.confirm", json!({"policy_id": policy["id"]})).await;
    assert_eq!(desk.act("accountant", "exceptions.retry_ready", json!({})).await["posted"], 1);
}

#[tokio::test]
async fn what_waits_is_aged_in_four_bands_by_shanghai_days() {
    let desk = Desk::open().await;
    let strays = [
        ("A", "2026-05-31", "1.00"),
        ("B", "2026-05-30", "2.00"),
        ("C", "2026-05-25", "4.00"),
        ("D", "2026-05-24", "8.00"),
        ("E", "2026-05-02", "16.00"),
        ("F", "2026-05-01", "32.00"),
    ];
    for (number, day, amount) in strays {
        statement(&desk, day, vec![payment(number, number, amount, &format!("{day}T00:00:00+08:00"))]).await;
    }
    let ages = desk.read("auditor", "exceptions.ages", json!({})).await;
    let bands: Vec<(&str, &str, &str)> = ages
        .as_array()
        .expect("bands")
        .iter()
        .map(|band| {
            (
                band["age"].as_str().expect("a band"),
                band["suspense_items"].as_str().expect("a count"),
                band["suspense_amount"].as_str().expect("an amount"),
            )
        })
        .collect();
    assert_eq!(bands, [("0-1", "1", "1.00"), ("2-7", "2", "6.00"), ("8-30", "2", "24.00"), ("31+", "1", "32.00")]);
    let old = desk.read("auditor", "exceptions.list", json!({"wanted_age": "31+"})).await;
    assert_eq!((old.as_array().map(Vec::len), old[0]["order_no"].as_str()), (Some(1), Some("F")));
}

#[tokio::test]
async fn slips_of_the_hand_are_counted_and_stars_are_read() {
    let desk = Desk::open().await;
    for (a, b, apart) in
        [("R100", "R100", 0), ("R100", "R010", 1), ("R100", "R10", 1), ("R100", "R1OO", 2), ("R100", "R123456", 99)]
    {
        let sql = format!("select api.characters_apart('{a}', '{b}')");
        let mut owner = desk.books.owner().await;
        let counted: i32 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut owner).await.expect("counted");
        assert_eq!(counted, apart, "{a} {b}");
    }
    let same = "select string_agg(api.same_payer(w, '王小明', '13800001234')::text, ' ' order by n) from (values (1, '138****1234(*小明)'), (2, '139****1234'), (3, '*'), (4, '王小明'), (5, null)) v (n, w)";
    assert_eq!(desk.figure(same).await, "true false false true false");
}
