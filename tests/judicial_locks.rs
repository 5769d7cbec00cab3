//! Orders of courts and authorities: who may register and lift them, and what they stop (RA-16; rules, additions).

use crate::desk::{Desk, order, with};
use crate::locks::{kinds, lock, obey, two_disputes, withdraw};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

/// Files a paper of an order and answers with its id.
async fn paper(desk: &Desk, order: &str) -> String {
    let id = uuid::Uuid::now_v7();
    let bytes = format!("%PDF-1.4 a made-up order {id}");
    kontor::attachments::attach(
        &desk.person("legal").await,
        id,
        "judicial_order",
        order,
        "order.pdf",
        bytes.as_bytes(),
    )
    .await
    .expect("filed");
    id.to_string()
}

/// An order received at nine on 4 December 2025 for a year, with what else is said of it.
async fn try_register(desk: &Desk, login: &str, facts: Value) -> Result<Value, kontor::Error> {
    let id = new_id();
    let arguments = json!({"command_id": id, "customer_id": desk.customer("C1").await, "authority": "Sample District Court", "order_no": "(2025) 0108-77", "scope": "account",
        "received_at": "2025-12-04T09:00:00+08:00", "until_on": "2026-12-03", "attachment_ids": [paper(desk, &id).await]});
    desk.try_act(login, "judicial_locks.register", with(arguments, facts)).await
}

async fn register(desk: &Desk, facts: Value) -> Value {
    crate::support::done(try_register(desk, "legal", facts).await)
}

async fn try_lift(desk: &Desk, login: &str, order: &Value) -> Result<Value, kontor::Error> {
    let id = order["id"].as_str().expect("an id");
    let arguments = json!({"order_id": id, "reason": "Lifted by the court", "attachment_id": paper(desk, id).await});
    desk.try_act(login, "judicial_locks.lift", arguments).await
}

async fn lift(desk: &Desk, order: &Value) -> Value {
    crate::support::done(try_lift(desk, "legal", order).await)
}

/// C1 with 500.00 and nothing open.
async fn account() -> Desk {
    let desk = Desk::open().await;
    desk.books.set_clock("2025-12-04T10:00:00+08:00").await;
    desk.recharge(vec![order("L1", "C1", "500.00", "2025-11-01T10:00:00+08:00")]).await;
    desk
}

/// A dispute about L1 (500.00) whose window ended and whose inboxes were checked: a repayment may be proposed.
async fn undefended() -> (Desk, String) {
    let (desk, [case, _]) = two_disputes().await;
    lock(&desk, &case).await;
    let served = json!({"dispute_id": case, "about": "lock", "way": "sms", "served_at": "2025-12-04T09:01:00+08:00", "proof": "receipt"});
    desk.books.set_clock("2025-12-04T10:00:00+08:00").await;
    desk.act("agent", "disputes.record_service", served).await;
    desk.books.set_clock("2026-01-05T09:00:00+08:00").await;
    desk.act("handler", "disputes.state_inboxes_checked", json!({"dispute_id": case})).await;
    (desk, case)
}

async fn on_case(desk: &Desk, login: &str, action: &str, case: &str) -> Result<Value, kontor::Error> {
    desk.try_act(login, &format!("disputes.{action}"), json!({"dispute_id": case})).await
}

async fn apply(desk: &Desk) -> Result<Value, kontor::Error> {
    let refund = new_id();
    desk.attach("agent", "refund", &refund).await;
    let application = json!({"command_id": refund, "customer_id": desk.customer("C1").await, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    desk.try_act("agent", "refunds.request", application).await
}

#[tokio::test]
async fn only_the_legal_role_registers_and_lifts() {
    let desk = account().await;
    for login in ["handler", "approver", "supervisor", "administrator"] {
        assert_eq!(refused(try_register(&desk, login, json!({})).await), "not_allowed", "{login}");
    }
    let order = register(&desk, json!({})).await;
    for login in ["handler", "approver", "supervisor", "administrator"] {
        assert_eq!(refused(try_lift(&desk, login, &order).await), "not_allowed", "{login}");
    }
    let lifted = lift(&desk, &order).await;
    assert_eq!((&lifted["lifted_by"], &lifted["blocked"]), (&json!("legal"), &json!("judicial_order_lifted")));
    assert_eq!(refused(try_lift(&desk, "legal", &order).await), "judicial_order_lifted");
}

#[tokio::test]
async fn an_order_over_the_whole_account_locks_it_and_the_lift_unlocks_it() {
    let desk = account().await;
    let order = register(&desk, json!({})).await;
    assert_eq!(
        (&order["number"], &order["place"], &order["holds"]),
        (&json!("JL-2025-0001"), &json!(1), &json!("500.000000"))
    );
    assert_eq!(kinds(&desk).await, ["account.lock"]);
    for typed in ["jl-2025", "(2025) 0108-77"] {
        let found = desk.read("legal", "search.find", json!({"query": typed})).await;
        assert_eq!((&found[0]["kind"], &found[0]["id"]), (&json!("judicial"), &order["id"]), "{typed}");
    }
    obey(&desk).await;
    lift(&desk, &order).await;
    assert_eq!(kinds(&desk).await, ["account.unlock"]);
}

#[tokio::test]
async fn an_order_over_an_amount_holds_it_and_services_go_on() {
    let desk = account().await;
    let order = register(&desk, json!({"scope": "amount", "amount": "200.00"})).await;
    let figures = ["principal", "held", "free", "lost"].map(|figure| order["balance"][figure].clone());
    assert_eq!(figures, ["500.000000", "200.000000", "300.000000", "0.000000"].map(|amount| json!(amount)));
    assert_eq!(kinds(&desk).await, ["account.hold"]);
    let events = crate::locks::told(&desk).await;
    assert_eq!(events[0]["payload"], json!({"amount": "200.00"}));
    obey(&desk).await;
    desk.use_up("U1", "C1", "250").await;
    lift(&desk, &order).await;
    assert_eq!(crate::locks::told(&desk).await[0]["payload"], json!({"amount": "0"}));
}

#[tokio::test]
async fn orders_queue_in_the_order_of_their_receipt() {
    let desk = account().await;
    let second = register(&desk, json!({"scope": "amount", "amount": "400.00", "order_no": "B"})).await;
    // Received earlier, registered later: it is the first in the queue.
    let first = register(
        &desk,
        json!({"scope": "amount", "amount": "300.00", "order_no": "A", "received_at": "2025-12-03T17:00:00+08:00"}),
    )
    .await;
    let held = |page: &Value| {
        page["queue"]
            .as_array()
            .expect("a queue")
            .iter()
            .map(|o| {
                (o["order_no"].as_str().expect("a number").to_owned(), o["holds"].as_str().expect("money").to_owned())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(held(&first), [("A".to_owned(), "300.00".to_owned()), ("B".to_owned(), "200.00".to_owned())]);
    assert_eq!(first["conflicts"][0]["answer"], "later_order_waits");
    lift(&desk, &first).await;
    let page = desk.read("legal", "judicial_locks.open", json!({"order_id": second["id"]})).await;
    assert_eq!(held(&page), [("B".to_owned(), "400.00".to_owned())], "the next one holds what became free");
}

#[tokio::test]
async fn an_order_ends_by_being_lifted_and_by_nothing_else() {
    let desk = account().await;
    let order = register(&desk, json!({})).await;
    assert_eq!((&order["due_on"], &order["expires_at"]), (&json!("2026-12-03"), &json!("2026-12-03T16:00:00Z")));
    let alarm = |today: Value| {
        today["alarms"]
            .as_array()
            .expect("alarms")
            .iter()
            .map(|a| a["kind"].as_str().expect("a kind").to_owned())
            .collect::<Vec<_>>()
    };
    obey(&desk).await;
    assert!(alarm(desk.read("legal", "today.open", json!({})).await).is_empty());
    desk.books.set_clock("2026-11-10T09:00:00+08:00").await;
    assert_eq!(alarm(desk.read("legal", "today.open", json!({})).await), ["order_expiring"]);
    desk.books.set_clock("2026-12-04T00:00:00+08:00").await;
    assert_eq!(alarm(desk.read("legal", "today.open", json!({})).await), ["order_expired"]);
    assert_eq!(refused(apply(&desk).await), "account_locked", "it is in force until somebody lifts it");
    let ending = desk.read("legal", "judicial_locks.list", json!({"wanted": "ending"})).await;
    assert_eq!(ending[0]["seconds_left"], "0");
}

#[tokio::test]
async fn a_renewal_moves_the_end_with_a_record_and_keeps_the_place() {
    let desk = account().await;
    let order = register(&desk, json!({})).await;
    let id = order["id"].as_str().expect("an id");
    let renewal = |until_on: &str, paper: String| json!({"order_id": id, "order_no": "(2026) 0108-3", "until_on": until_on, "attachment_id": paper});
    let earlier = desk.try_act("legal", "judicial_locks.renew", renewal("2026-12-03", paper(&desk, id).await)).await;
    assert_eq!(refused(earlier), "judicial_renewal_not_later");
    let renewed = desk.act("legal", "judicial_locks.renew", renewal("2027-10-02", paper(&desk, id).await)).await;
    // 2 October 2027 is a holiday: the order's own words are not moved by it.
    assert_eq!(
        (&renewed["due_on"], &renewed["clock"]["due_on"], &renewed["place"]),
        (&json!("2027-10-02"), &json!("2027-10-02"), &json!(1))
    );
    let change = &renewed["clock"]["changes"][0];
    assert_eq!(
        (&change["from_due_on"], &change["to_due_on"], &change["reason"]),
        (&json!("2026-12-03"), &json!("2027-10-02"), &json!("(2026) 0108-3"))
    );
}

#[tokio::test]
async fn an_order_without_paper_number_authority_term_or_amount_is_refused() {
    let desk = account().await;
    for (facts, rule) in [
        (json!({"attachment_ids": []}), "judicial_order_without_paper"),
        (json!({"attachment_ids": [new_id()]}), "attachment_not_of_this_case"),
        (json!({"order_no": "  "}), "judicial_order_without_number"),
        (json!({"authority": "\u{3000}"}), "judicial_order_without_authority"),
        (json!({"until_on": "2025-12-04"}), "judicial_term_out_of_range"),
        (json!({"scope": "amount"}), "judicial_amount_without_scope"),
        (json!({"amount": "5.00"}), "judicial_amount_without_scope"),
        (json!({"scope": "amount", "amount": "0"}), "judicial_amount_not_positive"),
        (json!({"scope": "keys"}), "judicial_scope_unknown"),
        (json!({"allows_repayment": true}), "judicial_permission_without_words"),
        (json!({"received_at": "2025-12-05T09:00:00+08:00"}), "instant_in_the_future"),
    ] {
        assert_eq!(refused(try_register(&desk, "legal", facts.clone()).await), rule, "{facts}");
    }
    register(&desk, json!({})).await;
    assert_eq!(refused(try_register(&desk, "legal", json!({})).await), "judicial_order_registered");
}

#[tokio::test]
async fn no_refund_is_applied_for_or_released_under_an_order() {
    for facts in [json!({}), json!({"scope": "amount", "amount": "1.00"})] {
        let desk = account().await;
        let order = register(&desk, facts).await;
        assert_eq!(
            refused(apply(&desk).await),
            "account_locked",
            "a refund covers the whole principal (rules 1.4, 14)"
        );
        lift(&desk, &order).await;
        let refund = crate::support::done(apply(&desk).await);
        let order = register(&desk, json!({"order_no": "2"})).await;
        assert_eq!(order["conflicts"][0]["answer"], "refund_waits");
        let reviewed = desk.try_act("reviewer", "refunds.review", json!({"refund_id": refund["id"]})).await;
        assert_eq!(refused(reviewed), "account_locked");
    }
}

#[tokio::test]
async fn no_repayment_leaves_under_an_order_over_the_account() {
    let (desk, case) = undefended().await;
    let order = register(&desk, json!({})).await;
    assert_eq!(order["conflicts"][0]["answer"], "repayment_waits");
    let refusal = on_case(&desk, "handler", "propose_repayment", &case).await.expect_err("refused").to_json();
    assert_eq!(
        (&refusal["name"], &refusal["detail"]["order"], &refusal["detail"]["clause"]),
        (&json!("account_under_judicial_lock"), &json!("JL-2026-0001"), &json!("RA 5.3"))
    );
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(
        (&page["next_step"], &page["waits_for"], &page["orders"][0]["number"]),
        (&json!("await_order"), &json!("authority"), &json!("JL-2026-0001"))
    );
    lift(&desk, &order).await;
    on_case(&desk, "handler", "propose_repayment", &case).await.expect("proposed");
    on_case(&desk, "approver", "approve_repayment", &case).await.expect("approved");
    let again = register(&desk, json!({"order_no": "2"})).await;
    assert_eq!(refused(on_case(&desk, "treasurer", "release_repayment", &case).await), "account_under_judicial_lock");
    lift(&desk, &again).await;
    on_case(&desk, "treasurer", "release_repayment", &case).await.expect("released");
    // Released and not carried out yet: an order that arrives now stops the instruction on the release board.
    register(&desk, json!({"order_no": "3"})).await;
    let board = desk.read("treasurer", "payouts.board", json!({})).await;
    assert_eq!(board["legs"][0]["state"], "stopped", "{}", board["legs"]);
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_repayment_goes_on_when_the_order_itself_says_so() {
    let (desk, case) = undefended().await;
    let allowed =
        json!({"allows_repayment": true, "allowing_words": "Refunds to payers who did not agree are not affected"});
    let order = register(&desk, allowed).await;
    assert_eq!(order["conflicts"][0]["answer"], "repayment_goes_on");
    on_case(&desk, "handler", "propose_repayment", &case).await.expect("proposed");
    on_case(&desk, "approver", "approve_repayment", &case).await.expect("approved");
    on_case(&desk, "treasurer", "release_repayment", &case).await.expect("released");
}

#[tokio::test]
async fn a_repayment_takes_only_what_an_order_over_an_amount_leaves() {
    let (desk, case) = undefended().await;
    // 1,000.00 on the account, 500.00 disputed.
    register(&desk, json!({"scope": "amount", "amount": "700.00"})).await;
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(
        (&page["amounts"]["held_by_orders"], &page["amounts"]["repayable"], &page["amounts"]["expected_shortfall"]),
        (&json!("700.000000"), &json!("300.00"), &json!("200.00"))
    );
    on_case(&desk, "handler", "propose_repayment", &case).await.expect("300.00 are proposed");
    // A second order reaches into what was proposed.
    let more = register(&desk, json!({"scope": "amount", "amount": "100.00", "order_no": "2"})).await;
    assert_eq!(refused(on_case(&desk, "approver", "approve_repayment", &case).await), "principal_held_by_order");
    lift(&desk, &more).await;
    on_case(&desk, "approver", "approve_repayment", &case).await.expect("approved");
    let late = register(&desk, json!({"scope": "amount", "amount": "50.00", "order_no": "3"})).await;
    assert_eq!(refused(on_case(&desk, "treasurer", "release_repayment", &case).await), "principal_held_by_order");
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(page["next_step"], "await_order");
    lift(&desk, &late).await;
    on_case(&desk, "treasurer", "release_repayment", &case).await.expect("released");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_case_whose_principal_an_order_holds_goes_on_to_the_shortfall() {
    let (desk, case) = undefended().await;
    register(&desk, json!({"scope": "amount", "amount": "1000.00"})).await;
    assert_eq!(refused(on_case(&desk, "handler", "propose_repayment", &case).await), "principal_held_by_order");
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(page["next_step"], "notify_shortfall");
    let told =
        json!({"dispute_id": case, "way": "email", "notified_at": "2026-01-05T09:00:00+08:00", "proof": "receipt"});
    assert_eq!(desk.act("handler", "disputes.notify_shortfall", told).await["status"], "short");
}

#[tokio::test]
async fn a_dispute_that_ends_leaves_the_courts_lock_in_force() {
    let (desk, [case, _]) = two_disputes().await;
    lock(&desk, &case).await;
    let order = register(&desk, json!({})).await;
    obey(&desk).await;
    assert_eq!(withdraw(&desk, &case).await["account_locked"], true);
    assert!(kinds(&desk).await.is_empty(), "services stay suspended");
    lift(&desk, &order).await;
    assert_eq!(kinds(&desk).await, ["account.unlock"]);
}

async fn alarms(desk: &Desk) -> Vec<Value> {
    desk.read("legal", "today.open", json!({})).await["alarms"].as_array().expect("alarms").clone()
}

#[tokio::test]
async fn usage_that_eats_into_an_ordered_amount_is_charged_and_is_an_alarm_at_once() {
    let desk = account().await;
    let order = register(&desk, json!({"scope": "amount", "amount": "200.00"})).await;
    obey(&desk).await;
    desk.use_up("U1", "C1", "299.5").await;
    assert!(kinds(&desk).await.is_empty(), "0.50 is free: the platform decides what may be used");
    // One piece of usage, by the way of a batch: nothing is free any more, and the platform hears it once.
    desk.use_up("U2", "C1", "0.5").await;
    let events = crate::locks::told(&desk).await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["kind"], &events[0]["payload"]),
        (&json!("account.hold_reached"), &json!({"amount": "200.00", "principal": "200.000000"}))
    );
    assert!(alarms(&desk).await.is_empty(), "the ordered amount is whole");
    // The platform goes on all the same, by the way of single rows.
    let row = |key: &str, amount: &str| json!({"line": 2, "usage_key": key, "customer_ref": "C1", "product": "chat", "used_from": "2025-12-04T09:00:00+08:00", "used_to": "2025-12-04T09:30:00+08:00", "amount": amount});
    desk.act("platform", "usage.post_one", json!({"usage_row": row("U3", "20.000001")})).await;
    assert_eq!(kinds(&desk).await, ["account.hold_reached"], "said once");
    let alarm = &alarms(&desk).await[0];
    assert_eq!(
        (&alarm["kind"], &alarm["number"], &alarm["amount"]),
        (&json!("order_loses"), &json!("JL-2025-0001"), &json!("20.000001"))
    );
    let page = desk.read("legal", "judicial_locks.open", json!({"order_id": order["id"]})).await;
    assert_eq!(
        (&page["balance"]["lost"], &page["balance"]["free"], &page["balance"]["confirmed_at"]),
        (&json!("20.000001"), &json!("0.000000"), &Value::Null)
    );
    obey(&desk).await;
    let page = desk.read("legal", "judicial_locks.open", json!({"order_id": order["id"]})).await;
    assert!(page["balance"]["confirmed_at"].is_string(), "the platform knows");
    // The next recharge fills the ordered amount first; above it the platform hears that something is free.
    desk.recharge(vec![order_of("L2", "20.00")]).await;
    assert_eq!(alarms(&desk).await[0]["amount"], "0.000001");
    assert!(kinds(&desk).await.is_empty());
    desk.recharge(vec![order_of("L3", "5.00")]).await;
    assert!(alarms(&desk).await.is_empty());
    assert_eq!(kinds(&desk).await, ["account.hold_free"]);
    desk.assert_tied_out().await;
}

fn order_of(number: &str, principal: &str) -> Value {
    order(number, "C1", principal, "2025-12-04T09:45:00+08:00")
}

#[tokio::test]
async fn what_orders_lose_is_counted_over_all_of_them_and_ends_with_them() {
    let desk = account().await;
    let first = register(&desk, json!({"scope": "amount", "amount": "300.00", "order_no": "A"})).await;
    // More than there is: the second waits for the rest, which is no loss, and nothing is free from now on.
    let second = register(&desk, json!({"scope": "amount", "amount": "400.00", "order_no": "B"})).await;
    assert_eq!(kinds(&desk).await, ["account.hold", "account.hold", "account.hold_reached"]);
    assert!(alarms(&desk).await.is_empty());
    desk.use_up("U1", "C1", "60").await;
    assert_eq!(alarms(&desk).await[0]["amount"], "60.000000");
    // With the second lifted, what is left covers the first: nothing is missing to anybody.
    lift(&desk, &second).await;
    assert!(alarms(&desk).await.is_empty());
    let page = desk.read("legal", "judicial_locks.open", json!({"order_id": first["id"]})).await;
    assert_eq!((&page["balance"]["lost"], &page["balance"]["free"]), (&json!("0.000000"), &json!("140.000000")));
    lift(&desk, &first).await;
    let watched = "select count(*)::text from book.customers where num_nonnulls(ordered_amount, ordered_kept, ordered_reached_at) > 0";
    assert_eq!(desk.figure(watched).await, "0");
}

#[tokio::test]
async fn a_hold_that_the_platform_does_not_confirm_is_an_alarm() {
    let desk = account().await;
    let order = register(&desk, json!({"scope": "amount", "amount": "200.00"})).await;
    let own = |page: &Value| page["locks"][0].clone();
    assert_eq!((&own(&order)["suspends"], &own(&order)["late"]), (&json!(false), &json!(false)));
    assert!(own(&order)["asked_at"].is_string());
    desk.books.set_clock("2025-12-04T12:00:00+08:00").await;
    assert_eq!(alarms(&desk).await[0]["kind"], "hold_unconfirmed");
    obey(&desk).await;
    assert!(alarms(&desk).await.is_empty());
    let page = desk.read("legal", "judicial_locks.open", json!({"order_id": order["id"]})).await;
    assert!(own(&page)["confirmed_at"].is_string());
}

#[tokio::test]
async fn an_application_names_the_order_and_the_dispute_that_stop_it() {
    let desk = account().await;
    let refund = crate::support::done(apply(&desk).await);
    let open = async || desk.read("reviewer", "refunds.open", json!({"refund_id": refund["id"]})).await;
    assert_eq!(open().await["stops"], json!([]));
    let order = register(&desk, json!({"scope": "amount", "amount": "100.00"})).await;
    let page = open().await;
    let stop = &page["stops"][0];
    assert_eq!(
        (&stop["cause"], &stop["number"], &stop["authority"], &stop["order_no"], &stop["id"], &stop["clause"]),
        (&json!("order"), &order["number"], &order["authority"], &order["order_no"], &order["id"], &json!("RA 5.3"))
    );
    let notice = json!({"order_no": "L1", "ticket_no": "T-1", "demand": "Give it back", "received_at": "2025-12-04T09:30:00+08:00"});
    let dispute = desk.act("agent", "disputes.record_notice", notice).await;
    let stops = open().await["stops"].clone();
    assert_eq!((stops[1]["number"].clone(), stops.as_array().map(Vec::len)), (dispute["number"].clone(), Some(2)));
    assert_eq!(dispute["orders"][0]["order_no"], order["order_no"], "the dispute's page names it too");
    let quote = desk.read("agent", "refunds.quote", json!({"customer_id": desk.customer("C1").await})).await;
    assert_eq!(quote["stops"], stops);
    lift(&desk, &order).await;
    assert_eq!(open().await["stops"][0]["number"], dispute["number"]);
}
