//! Payouts: released legs leave in files, and the providers' answers decide what becomes of each.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A customer with two lots of 100.00 and 50.00, refunded up to the release: two legs.
async fn released() -> (Desk, String, Vec<String>) {
    let desk = Desk::open().await;
    let second = with(
        order("R2", "C1", "50.00", "2026-05-02T10:00:00+08:00"),
        json!({"provider_no": "P2", "payer_is_holder": false}),
    );
    desk.recharge(vec![
        with(order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00"), json!({"provider_no": "P1"})),
        second,
    ])
    .await;
    let (refund, legs) = release(&desk, "C1").await;
    (desk, refund, legs)
}

async fn release(desk: &Desk, reference: &str) -> (String, Vec<String>) {
    let customer = desk.customer(reference).await;
    let refund = new_id();
    desk.attach("agent", "refund", &refund).await;
    let application = json!({"command_id": refund, "customer_id": customer, "reason_kind": "no_longer_needed",
        "reason": "The project ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", application).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": page["digest"]})).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let page = desk.read("treasurer", "refunds.open", json!({"refund_id": refund})).await;
    let legs = page["legs"].as_array().expect("legs").iter();
    (refund, legs.map(|leg| leg["refund_no"].as_str().expect("a number").to_owned()).collect())
}

async fn export(desk: &Desk, legs: &[String]) -> Value {
    desk.act("treasurer", "payouts.export", json!({"channel": "alipay", "refund_nos": legs})).await
}

async fn upload(desk: &Desk, batch: &Value) {
    let number = json!({"batch_id": batch["id"], "provider_batch_no": "ALI-77"});
    desk.act("treasurer", "payouts.mark_uploaded", number).await;
}

/// The state of each leg on the board, in the board's order.
async fn states(desk: &Desk) -> Vec<String> {
    let board = desk.read("auditor", "payouts.board", json!({})).await;
    let legs = board["legs"].as_array().expect("legs").iter();
    legs.map(|leg| leg["state"].as_str().expect("a state").to_owned()).collect()
}

#[tokio::test]
async fn the_board_shows_what_is_ready_against_the_merchants_balance() {
    let (desk, _, _) = released().await;
    let told = json!({"channel": "alipay", "amount": "120.00", "as_of": "2026-06-01T00:00:00Z"});
    let board = desk.act("treasurer", "payouts.tell_balance", told).await;
    let alipay = &board["channels"][0];
    assert_eq!((alipay["ready_count"].as_i64(), alipay["ready"].as_str()), (Some(2), Some("149.10")));
    assert_eq!((alipay["balance"].as_str(), alipay["short"].as_str()), (Some("120.00"), Some("29.10")));
    assert_eq!(states(&desk).await, ["ready", "ready"]);
    let ahead = json!({"channel": "alipay", "amount": "1.00", "as_of": "2026-06-02T00:00:00Z"});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.tell_balance", ahead).await), "merchant_balance_in_future");
}

#[tokio::test]
async fn a_leg_is_exported_once_and_confirmed_by_the_statement_alone() {
    let (desk, _, legs) = released().await;
    let batch = export(&desk, &legs).await;
    assert_eq!((batch["leg_count"].as_i64(), batch["amount"].as_str()), (Some(2), Some("149.10")));
    let again = json!({"channel": "alipay", "refund_nos": legs});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", again).await), "payout_not_ready");
    let file = desk.read("treasurer", "payouts.file", json!({"batch_id": batch["id"]})).await;
    assert_eq!(file["legs"][0]["order_no"], "R1");
    assert_eq!(file["legs"][0]["amount"], "99.40");
    upload(&desk, &batch).await;
    assert_eq!(states(&desk).await, ["uploaded", "uploaded"]);
    let results = json!([{"refund_no": legs[0], "result": "accepted"}, {"refund_no": legs[1], "result": "unknown"}]);
    let answered =
        desk.act("accountant", "payouts.record_results", json!({"batch_id": batch["id"], "results": results})).await;
    assert_eq!(answered["status"], "uploaded", "one answer is still unknown");
    assert_eq!(states(&desk).await, ["accepted", "uploaded"]);
    let open = desk.figure("select count(*)::text from book.refund_legs where status = 'instructed'").await;
    assert_eq!(open, "2", "an accepted instruction is not yet money");
}

#[tokio::test]
async fn a_failed_leg_leaves_again_under_its_number_without_a_second_approval() {
    let (desk, refund, legs) = released().await;
    let batch = export(&desk, &legs[..1]).await;
    upload(&desk, &batch).await;
    let failed = json!({"batch_id": batch["id"], "results": [{"refund_no": legs[0], "result": "failed", "reason": "SELLER_BALANCE_NOT_ENOUGH"}]});
    assert_eq!(
        refused(desk.try_act("treasurer", "payouts.record_results", failed.clone()).await),
        "leg_failed_by_releaser"
    );
    desk.act("accountant", "payouts.record_results", failed).await;
    let board = desk.read("auditor", "payouts.board", json!({})).await;
    assert_eq!(board["legs"][0]["state"], "failed");
    assert_eq!(board["legs"][0]["reason"], "SELLER_BALANCE_NOT_ENOUGH");
    let too_early = json!({"channel": "alipay", "refund_nos": [legs[0]]});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", too_early).await), "payout_not_ready");
    desk.act("accountant", "payouts.retry", json!({"refund_no": legs[0]})).await;
    let second = export(&desk, &legs[..1]).await;
    assert_eq!(second["number"], "PB-2026-0002");
    let page = desk.read("auditor", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["status"], "released");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_file_is_void_only_by_another_person_and_before_it_was_uploaded() {
    let (desk, _, legs) = released().await;
    let batch = export(&desk, &legs).await;
    let cancel = json!({"batch_id": batch["id"], "reason": "wrong day"});
    assert_eq!(
        refused(desk.try_act("treasurer", "payouts.cancel", cancel.clone()).await),
        "payout_cancelled_by_exporter"
    );
    desk.act("supervisor", "payouts.cancel", cancel.clone()).await;
    assert_eq!(states(&desk).await, ["ready", "ready"]);
    let batch = export(&desk, &legs).await;
    upload(&desk, &batch).await;
    let late = json!({"batch_id": batch["id"], "reason": "too late"});
    assert_eq!(refused(desk.try_act("supervisor", "payouts.cancel", late).await), "payout_batch_status");
}

#[tokio::test]
async fn a_notice_stops_what_has_not_left_and_a_recall_gives_it_back() {
    let (desk, refund, legs) = released().await;
    export(&desk, &legs[..1]).await;
    let notice = json!({"order_no": "R2", "ticket_no": "T-9", "demand": "Give it back", "received_at": "2026-06-01T08:00:00+08:00"});
    desk.act("agent", "disputes.record_notice", notice).await;
    assert_eq!(states(&desk).await, ["exported", "stopped"]);
    let stopped = json!({"channel": "alipay", "refund_nos": [legs[1]]});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", stopped).await), "payout_not_ready");
    let left = json!({"refund_no": legs[0], "reason": "notice of a third party"});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.recall", left).await), "payout_already_left");
    let mine = json!({"refund_no": legs[1], "reason": "notice of a third party"});
    desk.act("treasurer", "payouts.recall", mine).await;
    let lot = desk.figure("select amount_left || ' ' || coalesce(refunded_by::text, 'free') from book.recharges where order_no = 'R2'").await;
    assert_eq!(lot, "50.000000 free");
    let wallet = desk.figure("select b.amount::text from book.balances b join book.accounts a on a.id = b.account_id where a.code = 'wallet' and b.commodity = 'CNY'").await;
    assert_eq!(wallet, "50.000000");
    let page = desk.read("auditor", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["status"], "released", "the other leg is on its way");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn when_every_leg_is_recalled_the_application_is_withdrawn() {
    let (desk, refund, legs) = released().await;
    for leg in &legs {
        desk.act("supervisor", "payouts.recall", json!({"refund_no": leg, "reason": "released by mistake"})).await;
    }
    let page = desk.read("auditor", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(
        (page["status"].as_str(), page["closing_reason"].as_str()),
        (Some("withdrawn"), Some("released by mistake"))
    );
    desk.assert_tied_out().await;
    let (_, again) = release(&desk, "C1").await;
    assert_eq!(again.len(), 2, "the right to one refund is not used up");
}

#[tokio::test]
async fn the_providers_window_and_spacing_hold_an_instruction_back() {
    let (desk, _, legs) = released().await;
    desk.books.set_clock("2027-05-01T10:00:01+08:00").await;
    assert_eq!(states(&desk).await, ["window_closed", "ready"]);
    let both = json!({"channel": "alipay", "refund_nos": legs});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", both).await), "payout_not_ready");
    let other = json!({"channel": "wechat", "refund_nos": [legs[1]]});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", other).await), "payout_not_ready");
    let strange = json!({"channel": "alipay", "refund_nos": [legs[1], "K0"]});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", strange).await), "payout_unknown");
    let ready = desk.act("treasurer", "payouts.export", json!({"channel": "alipay"})).await;
    assert_eq!(ready["leg_count"].as_i64(), Some(1), "without numbers: whatever is ready");
    let none = json!({"channel": "alipay"});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", none).await), "payout_batch_is_empty");
}

#[tokio::test]
async fn only_the_treasurer_exports() {
    let (desk, _, legs) = released().await;
    for login in ["agent", "reviewer", "approver", "accountant", "supervisor", "auditor", "administrator"] {
        let asked = json!({"channel": "alipay", "refund_nos": legs});
        assert_eq!(refused(desk.try_act(login, "payouts.export", asked).await), "not_allowed", "{login}");
    }
}

#[tokio::test]
async fn a_leg_that_a_person_calls_failed_is_no_longer_under_way() {
    let (desk, _, legs) = released().await;
    let batch = export(&desk, &legs[..1]).await;
    upload(&desk, &batch).await;
    let leg = desk.figure("select min(id)::text from book.refund_legs").await;
    desk.act("accountant", "refunds.fail_leg", json!({"leg_id": leg, "reason": "card closed"})).await;
    assert_eq!(states(&desk).await[0], "failed");
    desk.act("accountant", "payouts.retry", json!({"refund_no": legs[0]})).await;
    assert_eq!(export(&desk, &legs[..1]).await["leg_count"].as_i64(), Some(1));
}

/// The bytes of one of a batch's files, as the window saves them; their hash is the one on the board.
async fn taken(desk: &Desk, batch: &Value, kind: &str) -> Vec<u8> {
    let id = batch["id"].as_str().expect("an id").parse().expect("an id");
    let bytes =
        kontor::payouts::file(&desk.person("treasurer").await, new_id().parse().expect("an id"), id, kind).await;
    let bytes = bytes.expect("the file");
    let kept = batch["files"].as_array().expect("files").iter().find(|file| file["kind"] == kind).expect("this file");
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(kept["sha256"].as_str(), Some(digest.as_str()));
    bytes
}

#[tokio::test]
async fn a_batch_leaves_as_the_providers_file_and_as_csv_of_the_same_instructions() {
    let (desk, _, legs) = released().await;
    let named = "update book.customers set kind = 'enterprise', name = '=1+1, \"Ltd\"'";
    sqlx::raw_sql(named).execute(&mut desk.books.owner().await).await.expect("a name that is a formula");
    let batch = export(&desk, &legs).await;
    let provider = taken(&desk, &batch, "provider").await;
    let (text, _, broken) = encoding_rs::GBK.decode(&provider);
    assert!(!broken && !provider.starts_with(b"\xef\xbb\xbf"), "Alipay reads GBK");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines[0], "退款批次号,退款日期,总笔数,总金额（元）");
    assert_eq!(lines[1], "20260601PB20260001,20260601,2,149.10");
    assert_eq!(lines[2], "支付宝交易号,商户订单号,退款请求号,退款金额（元）,退款原因");
    assert_eq!(lines[3], format!("P1,R1,{},99.40,用户申请退款", legs[0]));
    assert_eq!((lines[4].split(',').nth(2), lines[5]), (Some(legs[1].as_str()), ""));
    let csv = String::from_utf8(taken(&desk, &batch, "csv").await).expect("UTF-8");
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(
        lines[0].starts_with("\u{feff}batch_no,place,refund_no,kind,case_no,customer_ref,customer,channel,"),
        "{csv}"
    );
    assert!(lines[1].contains(&format!("PB-2026-0001,1,{},refund,R-2026-0001,C1,\"'=1+1, \"\"Ltd\"\"\",alipay,R1,P1,100.00,99.40,CNY,用户申请退款,", legs[0])), "{csv}");
    assert_eq!(lines.len(), 4);
    // Whoever takes it later gets the same bytes, and is on record.
    assert_eq!(taken(&desk, &batch, "provider").await, provider);
    let taken = desk.figure("select count(*)::text from book.audit_events where command = 'payouts.take_file'").await;
    assert_eq!(taken, "3");
    let nobody = json!({"batch_id": batch["id"], "kind": "provider"});
    assert_eq!(refused(desk.try_act("agent", "payouts.take_file", nobody.clone()).await), "not_allowed");
    desk.act("supervisor", "payouts.cancel", json!({"batch_id": batch["id"], "reason": "wrong day"})).await;
    assert_eq!(refused(desk.try_act("treasurer", "payouts.take_file", nobody).await), "payout_batch_status");
}

#[tokio::test]
async fn wechat_takes_bare_lines_and_a_comma_in_a_reason_is_refused_before_it_parts_them() {
    let desk = Desk::open().await;
    let paid = order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00");
    desk.recharge(vec![with(paid, json!({"provider_no": "4200", "channel": "wechat"}))]).await;
    let (_, legs) = release(&desk, "C1").await;
    let reasons = json!({"name": "payout_reasons", "channel": "wechat", "value": {"refund": "用户申请, 退款", "repayment": "退还"}, "valid_from": "2026-05-31T00:00:00+08:00", "reason": "New"});
    let id = desk.act("administrator", "policies.propose", reasons.clone()).await["id"].clone();
    desk.act("approver", "policies.confirm", json!({"policy_id": id})).await;
    let ask = json!({"channel": "wechat", "refund_nos": legs});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.export", ask.clone()).await), "payout_field_breaks_file");
    let better = with(reasons, json!({"value": {"refund": "用户申请退款", "repayment": "退还"}}));
    let id = desk.act("administrator", "policies.propose", better).await["id"].clone();
    desk.act("approver", "policies.confirm", json!({"policy_id": id})).await;
    let batch = desk.act("treasurer", "payouts.export", ask).await;
    let name = format!("{}-wechat.txt", batch["number"].as_str().expect("a number"));
    assert_eq!(batch["files"][0]["file_name"].as_str(), Some(name.as_str()));
    let text = String::from_utf8(taken(&desk, &batch, "provider").await).expect("UTF-8");
    assert_eq!(text, format!("R1,100.00,{},用户申请退款\r\n", legs[0]));
}

#[tokio::test]
async fn columns_and_reasons_of_the_file_are_changed_by_two_people() {
    let (desk, _, legs) = released().await;
    let change = |name: &str, value: Value| json!({"name": name, "channel": "alipay", "value": value, "valid_from": "2026-06-02T00:00:00+08:00", "reason": "New form"});
    let nameless = json!([["Order", "order_no"], ["Amount", "amount"], ["Why", "reason"]]);
    let refusal = desk.try_act("administrator", "policies.propose", change("payout_columns", nameless)).await;
    assert_eq!(refused(refusal), "policy_value_malformed", "without our number no answer finds its leg");
    let columns = json!([["Our number", "refund_no"], ["Amount", "amount"], ["Why", "reason"]]);
    let reasons = json!({"refund": "Refund of a recharge", "repayment": "Repaid"});
    for (name, value) in [("payout_columns", columns), ("payout_reasons", reasons)] {
        let id = desk.act("administrator", "policies.propose", change(name, value)).await["id"].clone();
        desk.act("approver", "policies.confirm", json!({"policy_id": id})).await;
    }
    desk.books.set_clock("2026-06-02T09:00:00+08:00").await;
    let batch = export(&desk, &legs[..1]).await;
    let text = taken(&desk, &batch, "provider").await;
    let text = encoding_rs::GBK.decode(&text).0.into_owned();
    assert!(text.contains("Our number,Amount,Why"), "{text}");
    assert!(text.contains(&legs[0]) && text.contains("Refund of a recharge"), "{text}");
}
