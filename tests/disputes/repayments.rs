//! Money of a dispute: repayment by three people, the shortfall and its second clock, and what else makes a case zero.

use super::*;

#[tokio::test]
async fn three_people_repay_and_none_of_them_twice() {
    let case = Case::of_500("0").await.undefended().await;
    for (login, duty) in [("handler", "approver"), ("handler", "treasurer"), ("approver", "treasurer")] {
        case.give_duty(login, duty).await;
    }
    case.act("handler", "propose_repayment", json!({})).await;
    assert_eq!(case.refusal("handler", "approve_repayment", json!({})).await, "repayment_approved_by_proposer");
    assert_eq!(case.refusal("treasurer", "release_repayment", json!({})).await, "repayment_not_approved");
    case.act("approver", "approve_repayment", json!({})).await;
    assert_eq!(case.refusal("handler", "release_repayment", json!({})).await, "repayment_released_by_involved");
    assert_eq!(case.refusal("approver", "release_repayment", json!({})).await, "repayment_released_by_involved");
    case.act("treasurer", "release_repayment", json!({})).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "repayment_in_progress");
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_gift_never_pays_the_third_party_and_unbilled_usage_is_taken_first() {
    let orders = vec![with(foreign("L1", "C1", "300.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))];
    let case = Case::before(orders, "0").await;
    let unbilled = json!({"customer_ref": "C1", "amount": "25.50", "metered_until": NOTICED});
    case.desk.act("platform", "usage.report_unbilled", unbilled).await;
    let case = case.undefended().await;
    assert_eq!(figures(&case.repay().await), ("284.50".into(), "15.50".into(), "short".into()));
    let kept = case.desk.figure("select string_agg(b.commodity || ' ' || b.amount, ', ' order by b.commodity) from book.balances b join book.accounts a on a.id = b.account_id and a.code = 'wallet'").await;
    assert_eq!(kept, "CNY 15.500000, CNY.GIFT 10.000000");
    assert_eq!(case.desk.figure("select sum(amount_reserved)::text from book.gifts").await, "10.000000");
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_gift_whose_activity_says_so_becomes_void() {
    let orders = vec![with(foreign("L1", "C1", "300.00", PAID), json!({"gift": "10.00", "activity": "strict"}))];
    let case = Case::before(orders, "0").await.undefended().await;
    assert_eq!(case.repay().await["gift"], json!({"activity": "strict", "rule": "void", "left": "0.000000"}));
}

#[tokio::test]
async fn an_approval_is_refused_when_the_figures_moved() {
    let case = Case::of_500("320.00").await.undefended().await;
    case.act("handler", "propose_repayment", json!({"expected_amount": "180.00"})).await;
    case.desk.recharge(vec![order("L2", "C1", "50.00", "2026-01-04T12:00:00+08:00")]).await;
    assert_eq!(case.refusal("approver", "approve_repayment", json!({})).await, "repayment_figures_moved");
    case.act("approver", "reject_repayment", json!({"reason": "There is more now"})).await;
    assert_eq!(
        case.refusal("handler", "propose_repayment", json!({"expected_amount": "180.00"})).await,
        "repayment_figures_moved"
    );
    case.act("handler", "propose_repayment", json!({"expected_amount": "230.00"})).await;
    case.act("approver", "approve_repayment", json!({})).await;
    let lots = case.page().await["repayments"][1]["lots"].clone();
    assert_eq!(
        lots,
        json!([{"order_no": "L1", "amount": "180.000000", "from_account": "wallet"}, {"order_no": "L2", "amount": "50.000000", "from_account": "wallet"}])
    );
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_ordinary_recharge_after_the_decision_does_not_pay_the_case() {
    let case = Case::of_500("320.00").await.undefended().await;
    case.repay().await;
    case.desk.recharge(vec![order("L2", "C1", "400.00", "2026-01-04T12:00:00+08:00")]).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "principal_not_available");
    case.act("handler", "earmark_recharge", json!({"order_no": "L2"})).await;
    assert_eq!(figures(&case.repay().await), ("500.00".into(), "0.00".into(), "settled".into()));
    assert_eq!(
        case.desk.figure("select amount_left::text from book.recharges where order_no = 'L2'").await,
        "80.000000"
    );
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_surplus_goes_back_to_its_payer_by_three_people_once_the_case_is_closed() {
    let case = Case::of_500("320.00").await.undefended().await;
    case.repay().await;
    assert_eq!(case.refusal("handler", "return_surplus", json!({})).await, "dispute_still_open");
    case.desk.recharge(vec![order("L2", "C1", "400.00", "2026-01-04T12:00:00+08:00")]).await;
    case.act("handler", "earmark_recharge", json!({"order_no": "L2"})).await;
    let settled = case.repay().await;
    assert_eq!((settled["status"].as_str(), settled["next_step"].as_str()), (Some("settled"), Some("return_surplus")));
    let waiting = case.desk.read("handler", "today.open", json!({})).await["waiting"].clone();
    assert!(waiting.as_array().expect("rows").iter().any(|row| row["step"] == "return_surplus"), "{waiting}");
    case.act("handler", "return_surplus", json!({})).await;
    case.act("approver", "approve_repayment", json!({})).await;
    let released = case.act("treasurer", "release_repayment", json!({})).await;
    assert_eq!(released["repayments"][2]["amount"], "80.00");
    let paper = case.paper().await;
    let done = case.act("accountant", "confirm_repayment", json!({"reference": "B-3", "attachment_id": paper})).await;
    assert_eq!(figures(&done), ("500.00".into(), "0.00".into(), "settled".into()));
    assert_eq!(done["next_step"], Value::Null);
    assert_eq!(case.refusal("handler", "return_surplus", json!({})).await, "surplus_is_zero");
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn each_of_two_disputes_takes_its_own_lot_first() {
    let orders = vec![foreign("L1", "C1", "100.00", PAID), foreign("L2", "C1", "200.00", "2025-11-02T10:00:00+08:00")];
    // Usage takes 60.00 of the older lot.
    let case = Case::before(orders, "60.00").await;
    let other = new_id();
    let notice = json!({"command_id": other, "order_no": "L2", "ticket_no": "T-2", "demand": "Mine too", "received_at": "2025-12-04T08:40:00+08:00"});
    case.desk.act("agent", "disputes.record_notice", notice).await;
    let case = case.locked().await;
    case.desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": other})).await;
    let page = case.page().await;
    assert_eq!(page["amounts"]["repayable"], "40.00", "the other lot pays its own case first");
    let page = case.desk.read("auditor", "disputes.open", json!({"dispute_id": other})).await;
    assert_eq!(page["amounts"]["repayable"], "200.00");
    case.act("handler", "withdraw_notice", json!({"reason": "Withdrawn"})).await;
    let page = case.desk.read("auditor", "disputes.open", json!({"dispute_id": other})).await;
    assert_eq!(page["account_locked"], true, "one case's end does not lift the other's lock");
}

#[tokio::test]
async fn the_pool_pays_the_case_that_was_locked_first() {
    let later = "2025-11-02T10:00:00+08:00";
    let orders = vec![
        foreign("L1", "C1", "100.00", PAID),
        foreign("L2", "C1", "200.00", PAID),
        order("L3", "C1", "150.00", later),
    ];
    // Usage eats the two disputed lots, so both cases look at the third.
    let case = Case::before(orders, "300.00").await;
    let second = new_id();
    let notice = json!({"command_id": second, "order_no": "L2", "ticket_no": "T-2", "demand": "Mine too",
        "received_at": "2025-12-04T08:40:00+08:00"});
    case.desk.act("agent", "disputes.record_notice", notice).await;
    let case = case.locked().await;
    case.desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": second})).await;
    assert_eq!(case.page().await["amounts"]["repayable"], "100.00");
    let page = case.desk.read("auditor", "disputes.open", json!({"dispute_id": second})).await;
    assert_eq!(page["amounts"]["repayable"], "50.00", "the earlier lock comes first");
}

#[tokio::test]
async fn nothing_leaves_the_account_under_a_judicial_lock() {
    let case = Case::of_500("0").await.undefended().await;
    case.act("handler", "propose_repayment", json!({})).await;
    case.act("approver", "approve_repayment", json!({})).await;
    sqlx::query(
        "insert into book.locks (id, customer_id, cause, case_id, placed_at, placed_by, platform_asked_at) \
         select gen_random_uuid(), c.id, 'judicial', gen_random_uuid(), api.clock(), p.id, api.clock() \
         from book.customers c, book.people p where c.ref = 'C1' and p.login = 'legal'",
    )
    .execute(&mut case.desk.books.owner().await)
    .await
    .expect("an order of a court");
    assert_eq!(case.refusal("treasurer", "release_repayment", json!({})).await, "account_under_judicial_lock");
    case.act("approver", "reject_repayment", json!({"reason": "A court has ordered otherwise"})).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "account_under_judicial_lock");
    let ended = case.act("handler", "withdraw_notice", json!({"reason": "Withdrawn"})).await;
    assert_eq!(ended["account_locked"], true, "the court's lock stays");
}

#[tokio::test]
async fn of_two_people_who_propose_at_once_one_is_refused() {
    let case = Case::of_500("0").await.undefended().await;
    case.give_duty("agent2", "handler").await;
    let propose = |login: &'static str| case.try_act(login, "propose_repayment", json!({}));
    let (one, other) = tokio::join!(propose("handler"), propose("agent2"));
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    let refusal = if one.is_ok() { refused(other) } else { refused(one) };
    assert_eq!(refusal, "repayment_in_progress");
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_case_whose_money_is_on_its_way_back_waits_for_the_statement() {
    let order = with(foreign("L1", "C1", "500.00", PAID), json!({"channel": "wechat"}));
    let case = Case::before(vec![order], "0").await;
    case.refund_everything().await;
    sqlx::query("update book.refund_legs set status = 'instructed', confirmed_at = null")
        .execute(&mut case.desk.books.owner().await)
        .await
        .expect("the provider has not confirmed yet");
    let case = case.undefended().await;
    let page = case.page().await;
    assert_eq!((&page["next_step"], &page["waits_for"]), (&json!("confirm_repayment"), &json!("statement")));
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "dispute_is_moot");
}

#[tokio::test]
async fn a_filing_that_came_too_late_is_rejected_and_the_page_says_that_it_can_be() {
    let case = Case::of_500("0").await.undefended().await;
    let late = case.evidence(EXPIRED, None).await.expect("recorded, out of time");
    let page = case.desk.read("reviewer", "disputes.open", json!({"dispute_id": case.id})).await;
    let actions = page["actions"].as_array().expect("actions");
    let of = |name: &str| actions.iter().find(|one| one["action"] == format!("disputes.{name}")).expect("this action");
    assert_eq!(
        (&of("reject_evidence")["allowed"], &of("propose_acceptance")["why"]),
        (&json!(true), &json!("evidence_none_open"))
    );
    case.act("reviewer", "reject_evidence", json!({"evidence_id": late, "reason": "Out of time"})).await;
}

#[tokio::test]
async fn money_that_already_went_back_to_the_payer_is_not_repaid_again() {
    // WeChat returns its fee, so a 9.1 refund there is whole.
    let order = with(foreign("L1", "C1", "500.00", PAID), json!({"channel": "wechat"}));
    let case = Case::before(vec![order], "0").await;
    case.refund_everything().await;
    case.notice().await;
    case.desk.books.set_clock(LOCKED).await;
    assert_eq!(case.refusal("handler", "confirm_lock", json!({})).await, "dispute_is_moot");
    assert_eq!(case.act("handler", "decline_notice", json!({"reason": "Refunded before"})).await["status"], "declined");
}

#[tokio::test]
async fn a_hold_of_a_suspended_application_counts_as_balance() {
    let case = Case::of_500("100.00").await;
    let refund = new_id();
    case.desk.attach("agent", "refund", &refund).await;
    let customer = case.desk.customer("C1").await;
    let application = json!({"command_id": refund, "customer_id": customer, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    case.desk.act("agent", "refunds.request", application).await;
    let case = case.undefended().await;
    let proposed = case.act("handler", "propose_repayment", json!({})).await;
    assert_eq!(
        proposed["repayments"][0]["lots"],
        json!([{"order_no": "L1", "amount": "400.000000", "from_account": "refund_hold"}])
    );
    case.act("handler", "reject_repayment", json!({"reason": "Look again"})).await;
    assert_eq!(case.desk.figure("select string_agg(a.code || ' ' || b.amount, ', ' order by a.code) from book.balances b join book.accounts a on a.id = b.account_id where b.commodity = 'CNY'").await,
        "refund_hold 400.000000, repayment_hold 0.000000, wallet 0.000000");
    assert_eq!(figures(&case.repay().await), ("400.00".into(), "100.00".into(), "short".into()));
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_statement_confirms_a_repayment_by_its_number_and_amount() {
    let case = Case::of_500("0").await.undefended().await;
    case.act("handler", "propose_repayment", json!({})).await;
    case.act("approver", "approve_repayment", json!({})).await;
    let released = case.act("treasurer", "release_repayment", json!({})).await;
    let leg = &released["repayments"][0]["legs"][0];
    assert_eq!(leg["route"], "original");
    let id = new_id();
    let row = json!({"line": 6, "kind": "refund", "order_no": "L1", "provider_no": "2026010500000001", "refund_no": leg["refund_no"], "occurred_at": "2026-01-05T00:00:00+08:00",
                     "gross": "-500.00", "fee": "0.00", "net": "-500.00"});
    let totals = json!({"row_count": 1, "from": "2026-01-05T00:00:00+08:00", "to": "2026-01-06T00:00:00+08:00"});
    let begun = json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals});
    case.desk.act("accountant", "imports.begin", begun).await;
    case.desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
    case.desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    assert_eq!(figures(&case.page().await), ("500.00".into(), "0.00".into(), "settled".into()));
    case.desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_closed_window_or_a_failed_route_goes_by_manual_transfer() {
    let case = Case::of_500("0").await.undefended().await;
    case.act("handler", "propose_repayment", json!({})).await;
    case.act("approver", "approve_repayment", json!({})).await;
    case.act("treasurer", "release_repayment", json!({})).await;
    case.act("accountant", "fail_repayment", json!({"reason": "Account closed at the provider"})).await;
    let page = case.act("treasurer", "release_repayment", json!({})).await;
    let legs = page["repayments"][0]["legs"].as_array().expect("legs").clone();
    let seen: Vec<(&str, &str)> = legs
        .iter()
        .map(|leg| (leg["route"].as_str().expect("a route"), leg["status"].as_str().expect("a status")))
        .collect();
    assert_eq!(seen, [("original", "failed"), ("manual_transfer", "instructed")]);
    case.desk.assert_tied_out().await;
}

// ── Shortfall ─────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn the_second_clock_starts_with_the_notice_and_never_before_the_first_has_ended() {
    let case = Case::of_500("320.00").await.undefended().await;
    let notice = |at: &str| json!({"way": "sms", "notified_at": at, "proof": "receipt 2"});
    assert_eq!(case.refusal("handler", "notify_shortfall", notice(EXPIRED)).await, "repayment_not_proposed");
    case.repay().await;
    let page = case.act("handler", "notify_shortfall", notice("2026-01-02T10:00:00+08:00")).await;
    assert_eq!(
        (page["clock"]["day_zero"].as_str(), page["deadline_kind"].as_str()),
        (Some("2026-01-04"), Some("shortfall"))
    );
    assert_eq!(page["due_on"], "2026-02-03");
    assert_eq!(case.refusal("handler", "notify_shortfall", notice(EXPIRED)).await, "shortfall_already_notified");
}

#[tokio::test]
async fn a_waiver_and_a_direct_payment_count_up_to_what_is_unpaid() {
    let case = Case::of_500("320.00").await.undefended().await;
    case.repay().await;
    let paper = case.paper().await;
    let waived = case
        .act(
            "handler",
            "record_waiver",
            json!({"amount": "120.00", "received_at": EXPIRED, "reason": "In writing", "attachment_id": paper}),
        )
        .await;
    assert_eq!(figures(&waived), ("180.00".into(), "200.00".into(), "short".into()));
    let without_proof = json!({"amount": "200.00", "paid_at": EXPIRED, "channel": "alipay", "reference": "A-1", "attachment_id": new_id()});
    assert_eq!(case.refusal("handler", "record_direct_payment", without_proof).await, "attachment_not_of_this_case");
    let paid = json!({"amount": "300.00", "paid_at": EXPIRED, "channel": "alipay", "reference": "A-1", "attachment_id": paper});
    let settled = case.act("handler", "record_direct_payment", paid).await;
    assert_eq!(settled["amounts"]["paid_directly"], "200.00");
    assert_eq!((settled["status"].as_str(), settled["account_locked"].as_bool()), (Some("settled"), Some(false)));
}

#[tokio::test]
async fn a_waiver_waits_until_a_proposed_repayment_is_through() {
    let case = Case::of_500("320.00").await.undefended().await;
    case.act("handler", "propose_repayment", json!({})).await;
    let paper = case.paper().await;
    let waiver = json!({"amount": "400.00", "received_at": EXPIRED, "reason": "In writing", "attachment_id": paper});
    assert_eq!(case.refusal("handler", "record_waiver", waiver).await, "repayment_in_progress");
}
