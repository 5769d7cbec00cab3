//! Transfers: past the provider's window, or where it refused, money leaves by bank under two approvals of one payee.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

/// An application of 100.00 released by its original route; its one leg.
async fn released(paid_at: &str, facts: Value) -> (Desk, String, Value) {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", paid_at), facts)]).await;
    let refund = new_id();
    desk.attach("agent", "refund", &refund).await;
    desk.act(
        "agent",
        "refunds.request",
        json!({"command_id": refund, "customer_id": desk.customer("C1").await, "reason_kind": "no_longer_needed",
        "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true}),
    )
    .await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    let page = desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": page["digest"]})).await;
    if page["waits_for"] == "second_approver" {
        desk.act("treasurer", "refunds.approve_second", json!({"refund_id": refund})).await;
    }
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let page = desk.read("agent", "refunds.open", json!({"refund_id": refund})).await;
    (desk, refund, page["legs"][0].clone())
}

const LAST_YEAR: &str = "2025-06-10T10:00:00+08:00";

/// The proof of the payee's account, attached to the case.
async fn account_proof(desk: &Desk, refund: &str) -> Value {
    desk.attach("agent", "refund", refund).await;
    let papers = desk.read("agent", "attachments.list", json!({"subject_kind": "refund", "subject_id": refund})).await;
    papers.as_array().expect("papers").last().expect("the newest")["id"].clone()
}

fn plan(leg: &Value, proof: &Value) -> Value {
    json!({"leg_id": leg["id"], "payee_name": "示例付款人", "payee_bank": "招商银行北京分行", "payee_account": "6225880112345678",
        "account_proof": proof, "reason": "The provider no longer takes it back"})
}

async fn status(desk: &Desk) -> String {
    desk.figure("select status from api.transfers order by planned_at desc limit 1").await
}

#[tokio::test]
async fn a_window_that_closes_after_the_release_needs_an_approver_and_a_treasurer_before_money_moves() {
    let (desk, refund, leg) = released(LAST_YEAR, json!({})).await;
    assert_eq!(leg["route"], "original");
    let proof = account_proof(&desk, &refund).await;
    assert_eq!(refused(desk.try_act("agent", "transfers.plan", plan(&leg, &proof)).await), "transfer_not_needed");
    desk.books.set_clock("2026-06-11T09:00:00+08:00").await;
    let pay = json!({"leg_id": leg["id"], "bank_reference": "B-1"});
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.confirm_transfer", pay.clone()).await),
        "transfer_not_cleared"
    );
    let transfer = desk.act("agent", "transfers.plan", plan(&leg, &proof)).await;
    assert_eq!(
        (transfer["status"].as_str(), transfer["payee_account"].as_str()),
        (Some("waits_for_approver"), Some("****5678"))
    );
    assert_eq!(refused(desk.try_act("agent", "transfers.plan", plan(&leg, &proof)).await), "transfer_already_planned");
    // While a transfer is planned, the leg leaves in no other way, and its money is the bank's matter.
    let board = desk.read("treasurer", "payouts.board", json!({})).await;
    assert_eq!(
        (board["legs"][0]["channel"].as_str(), board["legs"][0]["state"].as_str()),
        (Some("bank"), Some("transfer_in_approval"))
    );
    let (alipay, bank) = (&board["channels"][0], &board["channels"][2]);
    assert_eq!((alipay["stuck"].as_str(), bank["under_way"].as_str()), (Some("0.00"), Some("99.40")));
    let recall = json!({"refund_no": leg["refund_no"], "reason": "a mistake"});
    assert_eq!(refused(desk.try_act("treasurer", "payouts.recall", recall).await), "leg_leaves_by_transfer");
    let yes = json!({"transfer_id": transfer["id"]});
    assert_eq!(
        refused(desk.try_act("treasurer", "transfers.approve", yes.clone()).await),
        "not_allowed",
        "the approver comes first"
    );
    assert_eq!(refused(desk.try_act("approver", "transfers.approve", yes.clone()).await), "refund_proofs_not_opened");
    desk.read_papers("approver", "refund", &refund).await;
    let waiting = desk.read("approver", "proposals.list", json!({})).await;
    assert_eq!((waiting[0]["kind"].as_str(), waiting[0]["may_confirm"].as_str()), (Some("transfer"), Some("yes")));
    desk.act("approver", "transfers.approve", yes.clone()).await;
    assert_eq!(status(&desk).await, "waits_for_treasurer");
    assert_eq!(refused(desk.try_act("approver", "transfers.approve", yes.clone()).await), "not_allowed");
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.confirm_transfer", pay.clone()).await),
        "transfer_not_cleared"
    );
    desk.read_papers("treasurer", "refund", &refund).await;
    desk.act("treasurer", "transfers.approve", yes).await;
    let told = json!({"channel": "bank", "amount": "50.00", "as_of": "2026-06-01T00:00:00Z"});
    let board = desk.act("treasurer", "payouts.tell_balance", told).await;
    let bank = &board["channels"][2];
    assert_eq!(
        (bank["channel"].as_str(), bank["ready"].as_str(), bank["short"].as_str()),
        (Some("bank"), Some("99.40"), Some("49.40"))
    );
    desk.act("treasurer", "refunds.confirm_transfer", pay).await;
    assert_eq!(desk.read("treasurer", "payouts.board", json!({})).await["legs"], json!([]));
    assert_eq!(status(&desk).await, "sent");
    assert_eq!(desk.figure("select route || ' ' || status from book.refund_legs").await, "manual_transfer confirmed");
    assert_eq!(desk.figure("select status from book.refunds").await, "paid");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_application_approved_for_the_transfer_needs_the_treasurer_for_the_account_only() {
    let (desk, refund, leg) = released("2025-05-01T10:00:00+08:00", json!({})).await;
    assert_eq!(leg["route"], "manual_transfer");
    let proof = account_proof(&desk, &refund).await;
    let transfer = desk.act("accountant", "transfers.plan", plan(&leg, &proof)).await;
    assert_eq!(transfer["status"], "waits_for_treasurer");
    let yes = json!({"transfer_id": transfer["id"]});
    assert_eq!(refused(desk.try_act("approver", "transfers.approve", yes.clone()).await), "not_allowed");
    desk.read_papers("treasurer", "refund", &refund).await;
    desk.act("treasurer", "transfers.approve", yes).await;
    let pay = json!({"leg_id": leg["id"], "bank_reference": "B-1"});
    assert_eq!(
        refused(desk.try_act("accountant", "refunds.confirm_transfer", pay.clone()).await),
        "releaser_is_involved",
        "who planned it does not pay it"
    );
    assert_eq!(
        refused(
            desk.try_act("treasurer", "refunds.confirm_transfer", with(pay.clone(), json!({"bank_reference": " "})))
                .await
        ),
        "bank_reference_missing"
    );
    desk.act("treasurer", "refunds.confirm_transfer", pay).await;
    assert_eq!(desk.figure("select status from book.refunds").await, "paid");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_payee_is_the_payer_or_the_holder_with_the_payers_consent_and_nobody_else() {
    let (desk, refund, leg) = released("2025-05-01T10:00:00+08:00", json!({"payer_is_holder": false})).await;
    let proof = account_proof(&desk, &refund).await;
    let asked = plan(&leg, &proof);
    let refuses =
        async |facts: Value| refused(desk.try_act("agent", "transfers.plan", with(asked.clone(), facts)).await);
    assert_eq!(refuses(json!({"payee_name": "李四"})).await, "transfer_to_another_person");
    assert_eq!(refuses(json!({"payee_name": "Demo company C1"})).await, "transfer_payee_without_consent");
    assert_eq!(
        refuses(json!({"payee_name": "Demo company C1", "consent": proof})).await,
        "transfer_payee_without_consent",
        "one paper cannot be both"
    );
    assert_eq!(refuses(json!({"account_proof": new_id()})).await, "transfer_without_account_proof");
    assert_eq!(refuses(json!({"reason": "  "})).await, "transfer_without_reason");
    assert_eq!(refuses(json!({"payee_account": " "})).await, "transfer_without_account");
    let consent = account_proof(&desk, &refund).await;
    let to_holder = with(asked.clone(), json!({"payee_name": "demo　company C1", "consent": consent}));
    let transfer = desk.act("agent", "transfers.plan", to_holder).await;
    assert_eq!(transfer["payee_is_payer"], false);
    // Another account is another plan: this one is declined first.
    let no = json!({"transfer_id": transfer["id"], "reason": "Wrong account"});
    assert_eq!(refused(desk.try_act("accountant", "transfers.decline", no.clone()).await), "proposal_of_another");
    desk.act("agent", "transfers.decline", no.clone()).await;
    assert_eq!(refused(desk.try_act("treasurer", "transfers.decline", no).await), "transfer_already_declined");
    let yes = json!({"transfer_id": transfer["id"]});
    assert_eq!(refused(desk.try_act("treasurer", "transfers.approve", yes).await), "transfer_already_declined");
    desk.act("agent", "transfers.plan", asked).await;
}

#[tokio::test]
async fn a_leg_that_the_provider_pays_after_all_is_not_transferred_too() {
    let (desk, refund, leg) = released("2026-05-01T10:00:00+08:00", json!({})).await;
    desk.act("accountant", "refunds.fail_leg", json!({"leg_id": leg["id"], "reason": "The account was closed"})).await;
    let proof = account_proof(&desk, &refund).await;
    let transfer = desk.act("agent", "transfers.plan", plan(&leg, &proof)).await;
    assert_eq!(
        refused(desk.try_act("treasurer", "payouts.retry", json!({"refund_no": leg["refund_no"]})).await),
        "leg_leaves_by_transfer"
    );
    desk.read_papers("approver", "refund", &refund).await;
    desk.read_papers("treasurer", "refund", &refund).await;
    let yes = json!({"transfer_id": transfer["id"]});
    desk.act("approver", "transfers.approve", yes.clone()).await;
    desk.act("treasurer", "transfers.approve", yes).await;
    let id = new_id();
    let row = json!({"line": 6, "kind": "refund", "order_no": "R1", "provider_no": id, "refund_no": leg["refund_no"], "occurred_at": "2026-06-01T10:00:00+08:00", "gross": "-99.40", "fee": "0.00", "net": "-99.40"});
    let totals = json!({"row_count": 1, "from": "2026-06-01T00:00:00+08:00", "to": "2026-06-02T00:00:00+08:00"});
    desk.act("accountant", "imports.begin", json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals})).await;
    desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    assert_eq!(status(&desk).await, "overtaken");
    let pay = json!({"leg_id": leg["id"], "bank_reference": "B-1"});
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.confirm_transfer", pay).await),
        "refund_leg_already_confirmed"
    );
    assert_eq!(desk.figure("select status from book.refunds").await, "paid");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_notice_stops_a_transfer_that_nobody_has_cleared() {
    let (desk, refund, leg) = released("2025-05-01T10:00:00+08:00", json!({})).await;
    let proof = account_proof(&desk, &refund).await;
    let transfer = desk.act("agent", "transfers.plan", plan(&leg, &proof)).await;
    desk.recharge(vec![order("R2", "C1", "20.00", "2026-05-01T10:00:00+08:00")]).await;
    let notice = json!({"order_no": "R2", "ticket_no": "T-1", "demand": "Give it back", "received_at": "2026-06-01T08:30:00+08:00"});
    desk.act("agent", "disputes.record_notice", notice).await;
    desk.read_papers("treasurer", "refund", &refund).await;
    let yes = json!({"transfer_id": transfer["id"]});
    assert_eq!(refused(desk.try_act("treasurer", "transfers.approve", yes).await), "refund_stopped_by_dispute");
}

#[tokio::test]
async fn a_deputy_of_somebody_who_did_a_step_does_not_say_that_the_money_left() {
    let (desk, refund, leg) = released("2025-05-01T10:00:00+08:00", json!({})).await;
    let proof = account_proof(&desk, &refund).await;
    let transfer = desk.act("agent", "transfers.plan", plan(&leg, &proof)).await;
    desk.read_papers("treasurer", "refund", &refund).await;
    desk.act("treasurer", "transfers.approve", json!({"transfer_id": transfer["id"]})).await;
    // The accountant stands in for the approver.
    let lent = "insert into book.duties (person_id, duty, from_at, until_at, proposed_by, confirmed_by, delegated_by, reason) \
        select a.id, 'approver', '2026-05-31', '2026-06-30', b.id, s.id, b.id, 'On leave' from book.people a, book.people b, book.people s \
        where a.login = 'accountant' and b.login = 'approver' and s.login = 'supervisor'";
    let mut behind = desk.books.owner().await;
    sqlx::raw_sql(lent).execute(&mut behind).await.expect("lent");
    let pay = json!({"leg_id": leg["id"], "bank_reference": "B-1"});
    assert_eq!(refused(desk.try_act("accountant", "refunds.confirm_transfer", pay.clone()).await), "decided_by_deputy");
    // The table refuses it too, whatever function writes it.
    let written = "update book.refund_legs set status = 'confirmed', bank_reference = 'B-1', confirmed_at = now(), \
        confirmed_by = (select id from book.people where login = 'accountant')";
    let refusal = sqlx::raw_sql(written).execute(&mut behind).await.expect_err("refused");
    assert!(refusal.to_string().contains("decided_by_deputy"), "{refusal}");
    desk.act("treasurer", "refunds.confirm_transfer", pay).await;
}
