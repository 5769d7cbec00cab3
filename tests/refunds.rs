//! Refunds: who may do what, what is held and voided when, and what is never paid twice.

use crate::desk::{Desk, order, with};
use crate::support::{call, new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A customer with 100.00 principal, 10.00 gift, and 30.00 used.
async fn ready() -> (Desk, String) {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))]).await;
    desk.use_up("U1", "C1", "5.00").await;
    let customer = desk.customer("C1").await;
    (desk, customer)
}

fn application(id: &str, customer: &str) -> Value {
    json!({"command_id": id, "customer_id": customer, "reason_kind": "no_longer_needed", "reason": "The project ended",
           "ticket_no": "W-1001", "gifts_void_confirmed": true})
}

/// Applies with a proof and answers with the application's id.
async fn apply(desk: &Desk, customer: &str) -> String {
    let id = new_id();
    desk.attach("agent", "refund", &id).await;
    desk.act("agent", "refunds.request", application(&id, customer)).await;
    id
}

async fn digest(desk: &Desk, refund: &str) -> String {
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    page["digest"].as_str().expect("a digest").to_owned()
}

async fn approve(desk: &Desk, refund: &str) -> Value {
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", refund).await;
    let digest = digest(desk, refund).await;
    desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": digest})).await
}

/// A statement row that the provider would send back for a leg.
async fn statement(desk: &Desk, refund_no: &str, gross: &str) -> Value {
    let id = new_id();
    let row = json!({"line": 6, "kind": "refund", "order_no": "R1", "provider_no": "2026050100000001", "refund_no": refund_no,
                     "occurred_at": "2026-06-01T10:00:00+08:00", "gross": gross, "fee": "0.00", "net": gross});
    let totals = json!({"row_count": 1, "from": "2026-06-01T00:00:00+08:00", "to": "2026-06-02T00:00:00+08:00"});
    let hash: String = id.replace('-', "");
    desk.act("accountant", "imports.begin", json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": hash, "totals": totals})).await;
    desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await
}

#[tokio::test]
async fn an_application_voids_the_gift_and_holds_the_principal_at_once() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    let balances = desk.figure("select string_agg(a.code || ' ' || b.commodity || ' ' || b.amount, ', ' order by b.commodity, a.code) from book.balances b join book.accounts a on a.id = b.account_id").await;
    assert_eq!(balances, "refund_hold CNY 100.000000, wallet CNY 0.000000, wallet CNY.GIFT 0.000000");
    let page = desk.read("reviewer", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["amount_gift_voided"], "5.000000");
    assert_eq!(page["amount_net"], "99.40");
    assert_eq!(page["waits_for"], "reviewer");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_application_needs_proof_reason_and_the_customers_word_on_gifts() {
    let (desk, customer) = ready().await;
    let id = new_id();
    assert_eq!(
        refused(desk.try_act("agent", "refunds.request", application(&id, &customer)).await),
        "refund_without_proof"
    );
    desk.attach("agent", "refund", &id).await;
    let silent = with(application(&id, &customer), json!({"reason": "  "}));
    assert_eq!(refused(desk.try_act("agent", "refunds.request", silent).await), "refund_without_reason");
    let unwarned = with(application(&id, &customer), json!({"gifts_void_confirmed": false}));
    assert_eq!(refused(desk.try_act("agent", "refunds.request", unwarned).await), "refund_gifts_not_confirmed");
    assert_eq!(desk.figure("select amount_left::text from book.gifts").await, "5.000000");
}

#[tokio::test]
async fn one_open_application_for_each_customer() {
    let (desk, customer) = ready().await;
    apply(&desk, &customer).await;
    let id = new_id();
    desk.attach("agent", "refund", &id).await;
    assert_eq!(
        refused(desk.try_act("agent2", "refunds.request", application(&id, &customer)).await),
        "refund_already_open"
    );
}

#[tokio::test]
async fn a_repeated_application_is_one_application() {
    let (desk, customer) = ready().await;
    let id = new_id();
    desk.attach("agent", "refund", &id).await;
    let first = desk.act("agent", "refunds.request", application(&id, &customer)).await;
    let again = desk.act("agent", "refunds.request", application(&id, &customer)).await;
    assert_eq!(first["number"], again["number"]);
    assert_eq!(desk.figure("select count(*)::text from book.refunds").await, "1");
}

#[tokio::test]
async fn the_approver_cannot_be_the_requester_or_the_reviewer() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    // The agent is made reviewer and approver too: what counts is who did what on this case.
    for duty in ["reviewer", "approver"] {
        let people = desk.read("administrator", "people.list", json!({})).await;
        let agent = people
            .as_array()
            .expect("people")
            .iter()
            .find(|person| person["login"] == "agent")
            .expect("the agent")["id"]
            .clone();
        desk.act(
            "administrator",
            "people.propose_duty",
            json!({"person_id": agent, "duty": duty, "from_at": "2026-06-01T00:00:00Z"}),
        )
        .await;
        let id = desk.figure("select max(id)::text from book.duties").await;
        desk.act("supervisor", "people.confirm_duty", json!({"duty_id": id})).await;
    }
    assert_eq!(
        refused(desk.try_act("agent", "refunds.review", json!({"refund_id": refund})).await),
        "reviewer_is_requester"
    );
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let digest = digest(&desk, &refund).await;
    let yes = json!({"refund_id": refund, "digest": digest});
    assert_eq!(refused(desk.try_act("agent", "refunds.approve", yes.clone()).await), "approver_is_requester");
    assert_eq!(refused(desk.try_act("reviewer", "refunds.approve", yes.clone()).await), "not_allowed");
    desk.act("approver", "refunds.approve", yes).await;
}

#[tokio::test]
async fn an_approval_binds_to_the_figures_that_were_seen() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let seen = digest(&desk, &refund).await;
    // Usage from before the application is billed late and takes from the hold.
    desk.use_up("U2", "C1", "1.23").await;
    assert_eq!(
        refused(desk.try_act("approver", "refunds.approve", json!({"refund_id": refund, "digest": seen})).await),
        "refund_figures_moved"
    );
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["moved_since_review"], true);
    assert_eq!(page["worksheet"]["gross"], "98.77");
    let now = page["digest"].clone();
    desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": now})).await;
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn nothing_is_released_before_approval_or_twice() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.release", json!({"refund_id": refund})).await),
        "refund_not_approved"
    );
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.release", json!({"refund_id": refund})).await),
        "refund_not_approved"
    );
    assert_eq!(desk.figure("select count(*)::text from book.refund_legs").await, "1");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_statement_confirms_the_leg_and_closes_the_case() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let number = desk.figure("select refund_no from book.refund_legs").await;
    let wrong = statement(&desk, &number, "-99.41").await;
    assert_eq!(wrong["rows_excepted"], 1);
    assert_eq!(desk.figure("select status from book.refunds").await, "released");
    let mut owner = desk.books.owner().await;
    sqlx::raw_sql("drop index book.statement_row_repeated")
        .execute(&mut owner)
        .await
        .expect("the wrong row would stand in the way");
    let right = statement(&desk, &number, "-99.40").await;
    assert_eq!(right["rows_posted"], 1);
    assert_eq!(desk.figure("select status from book.refunds").await, "paid");
    assert_eq!(desk.figure("select api.house_balance('refund_payable')::text").await, "0.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_rejection_frees_the_principal_and_never_the_gift() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    assert_eq!(
        refused(desk.try_act("reviewer", "refunds.reject", json!({"refund_id": refund, "reason": ""})).await),
        "rejection_without_reason"
    );
    desk.act("reviewer", "refunds.reject", json!({"refund_id": refund, "reason": "The proof is not readable"})).await;
    assert_eq!(desk.figure("select string_agg(b.commodity || ' ' || b.amount, ', ' order by b.commodity) from book.balances b join book.accounts a on a.id = b.account_id where a.code = 'wallet'").await, "CNY 100.000000, CNY.GIFT 0.000000");
    // The right to a refund is not used up.
    apply(&desk, &customer).await;
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_lot_is_refunded_once() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let number = desk.figure("select refund_no from book.refund_legs").await;
    statement(&desk, &number, "-99.40").await;
    let quote = desk.read("agent", "refunds.quote", json!({"customer_id": customer})).await;
    assert_eq!(quote["worksheet"]["reason"], "refund_nothing_left");
    assert_eq!(quote["worksheet"]["lots"], json!([]));
}

#[tokio::test]
async fn a_manual_transfer_needs_the_treasurers_approval_and_another_treasurer_may_not_be_missing() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2025-05-01T10:00:00+08:00")]).await;
    let customer = desk.customer("C1").await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.release", json!({"refund_id": refund})).await),
        "second_approval_missing"
    );
    desk.act("treasurer", "refunds.approve_second", json!({"refund_id": refund})).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let page = desk.read("treasurer", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["legs"][0]["route"], "manual_transfer");
    assert_eq!(page["waits_for"], "transfer_plan");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_voided_gift_comes_back_by_two_people_only() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    let early = json!({"refund_id": refund, "amount": "5.00", "reason": "Our mistake"});
    assert_eq!(
        refused(desk.try_act("accountant", "refunds.propose_reinstatement", early.clone()).await),
        "refund_not_closed"
    );
    desk.act("agent", "refunds.withdraw", json!({"refund_id": refund, "reason": "Changed their mind"})).await;
    let too_much = with(early.clone(), json!({"amount": "5.01"}));
    assert_eq!(
        refused(desk.try_act("accountant", "refunds.propose_reinstatement", too_much).await),
        "reinstatement_exceeds_void"
    );
    let asked = desk.act("accountant", "refunds.propose_reinstatement", early).await;
    desk.act("approver", "refunds.confirm_reinstatement", json!({"reinstatement_id": asked["id"]})).await;
    assert_eq!(desk.figure("select sum(amount_left)::text from book.gifts").await, "5.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_application_can_be_returned_for_one_more_paper() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    desk.act(
        "reviewer",
        "refunds.ask_proof",
        json!({"refund_id": refund, "asked_for": "A letter with the company's seal"}),
    )
    .await;
    assert_eq!(
        refused(desk.try_act("reviewer", "refunds.review", json!({"refund_id": refund})).await),
        "refund_waits_for_proof"
    );
    assert_eq!(
        refused(desk.try_act("agent", "refunds.add_proof", json!({"refund_id": refund})).await),
        "refund_without_proof"
    );
    desk.attach("agent", "refund", &refund).await;
    desk.act("agent", "refunds.add_proof", json!({"refund_id": refund})).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
}

#[tokio::test]
async fn eight_sessions_at_once_pay_once() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    let treasurer = desk.person("treasurer").await;
    let agent = desk.person("agent").await;
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (treasurer, agent, refund) = (treasurer.clone(), agent.clone(), refund.clone());
        racing.spawn(async move {
            let arguments = json!({"command_id": new_id(), "refund_id": refund, "reason": "Changed their mind"});
            if n % 2 == 0 {
                call(&treasurer, "refunds.release", json!({"command_id": new_id(), "refund_id": refund})).await.is_ok()
            } else {
                call(&agent, "refunds.withdraw", arguments).await.is_ok()
            }
        });
    }
    let won = racing.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_approval_falls_when_a_figure_moves_and_can_be_given_again() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2025-06-02T10:00:00+08:00")]).await;
    let customer = desk.customer("C1").await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    // The provider's window closes before the release: the route is another one, and so is the digest.
    desk.books.set_clock("2026-06-03T10:00:00+08:00").await;
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.release", json!({"refund_id": refund})).await),
        "refund_figures_moved"
    );
    let waiting = desk.read("approver", "refunds.list", json!({"wanted": "mine"})).await;
    assert_eq!(waiting[0]["waits_for"], "approver");
    let digest = digest(&desk, &refund).await;
    desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": digest})).await;
    let page = desk.read("treasurer", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["waits_for"], "second_approver");
}

#[tokio::test]
async fn releasing_beside_unbilled_usage_strands_nothing() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let customer = desk.customer("C1").await;
    let metered = json!({"customer_ref": "C1", "amount": "5.50", "metered_until": "2026-05-31T16:00:00Z"});
    desk.act("platform", "usage.report_unbilled", metered).await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    desk.assert_tied_out().await;
    // The usage is billed and taken from what was kept for it; nothing becomes a debt.
    desk.use_up("U1", "C1", "5.50").await;
    assert_eq!(desk.figure("select sum(uncollected)::text from book.usage_charges").await, "0.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_leg_that_failed_leaves_by_transfer_and_is_never_paid_twice() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let page = desk.read("treasurer", "refunds.open", json!({"refund_id": refund})).await;
    let leg = page["legs"][0]["id"].clone();
    let failure = json!({"leg_id": leg, "reason": "The provider's account was closed"});
    assert_eq!(refused(desk.try_act("treasurer", "refunds.fail_leg", failure.clone()).await), "leg_failed_by_releaser");
    desk.act("accountant", "refunds.fail_leg", failure).await;
    desk.assert_tied_out().await;
    let papers = desk.read("agent", "attachments.list", json!({"subject_kind": "refund", "subject_id": refund})).await;
    let plan = json!({"leg_id": leg, "payee_name": "示例付款人", "payee_bank": "B", "payee_account": "6225", "account_proof": papers[0]["id"], "reason": "Refused"});
    let transfer = desk.act("accountant", "transfers.plan", plan).await;
    desk.read_papers("treasurer", "refund", &refund).await;
    for who in ["approver", "treasurer"] {
        desk.act(who, "transfers.approve", json!({"transfer_id": transfer["id"]})).await;
    }
    desk.act("treasurer", "refunds.confirm_transfer", json!({"leg_id": leg, "bank_reference": "B-2"})).await;
    assert_eq!(desk.figure("select status from book.refunds").await, "paid");
    // The provider's row turns up after all: money left twice, and it is said so.
    let number = desk.figure("select refund_no from book.refund_legs").await;
    let late = statement(&desk, &number, "-99.40").await;
    assert_eq!(late["rows_excepted"], 1);
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_rejected_application_pays_what_is_owed_before_the_principal_is_free() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.use_up("U2", "C1", "20.00").await;
    assert_eq!(desk.figure("select sum(uncollected)::text from book.usage_charges").await, "20.000000");
    desk.act("treasurer", "refunds.reject", json!({"refund_id": refund, "reason": "Applied for by mistake"})).await;
    assert_eq!(desk.figure("select sum(uncollected)::text from book.usage_charges").await, "0.000000");
    assert_eq!(desk.figure("select amount_left::text from book.recharges").await, "80.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_refund_is_not_released_while_a_payment_of_it_is_in_doubt() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    // The provider's day, read now, shows no payment of this order.
    let id = new_id();
    let totals = json!({"row_count": 0, "from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"});
    let file = json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals});
    desk.act("accountant", "imports.begin", file).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.release", json!({"refund_id": refund})).await),
        "recharge_not_confirmed"
    );
}

#[tokio::test]
async fn usage_billed_between_approval_and_release_is_paid_by_what_was_kept_for_it() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let customer = desk.customer("C1").await;
    let metered = json!({"customer_ref": "C1", "amount": "5.50", "metered_until": "2026-05-31T16:00:00Z"});
    desk.act("platform", "usage.report_unbilled", metered).await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.use_up("U1", "C1", "5.50").await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    assert_eq!(desk.figure("select sum(uncollected)::text from book.usage_charges").await, "0.000000");
    desk.assert_tied_out().await;
}

/// A policy's value, put in force by two people.
async fn policy(desk: &Desk, name: &str, value: Value) {
    let proposed = json!({"name": name, "value": value, "valid_from": "2026-01-01T00:00:00Z", "reason": "test"});
    let id = desk.act("administrator", "policies.propose", proposed).await["id"].clone();
    desk.act("approver", "policies.confirm", json!({"policy_id": id})).await;
}

#[tokio::test]
async fn an_approver_opens_the_proofs_first() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    let yes = json!({"refund_id": refund, "digest": digest(&desk, &refund).await});
    assert_eq!(refused(desk.try_act("approver", "refunds.approve", yes.clone()).await), "refund_proofs_not_opened");
    desk.read_papers("approver", "refund", &refund).await;
    assert_eq!(desk.act("approver", "refunds.approve", yes).await["status"], "approved");
}

#[tokio::test]
async fn approval_opens_after_the_quiet_period_and_release_after_the_wait() {
    let (desk, customer) = ready().await;
    policy(&desk, "refund_quiet_hours", json!(24)).await;
    policy(&desk, "release_wait_minutes", json!(30)).await;
    let refund = apply(&desk, &customer).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let yes = json!({"refund_id": refund, "digest": digest(&desk, &refund).await});
    assert_eq!(refused(desk.try_act("approver", "refunds.approve", yes.clone()).await), "refund_in_quiet_period");
    desk.books.set_clock("2026-06-02T09:30:00+08:00").await;
    desk.act("approver", "refunds.approve", yes).await;
    let one = json!({"refund_id": refund});
    assert_eq!(refused(desk.try_act("treasurer", "refunds.release", one.clone()).await), "refund_waits_for_release");
    desk.books.set_clock("2026-06-02T10:30:00+08:00").await;
    desk.act("treasurer", "refunds.release", one).await;
}

#[tokio::test]
async fn an_approval_is_taken_back_before_the_release_only() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    let back = json!({"refund_id": refund, "reason": "the payee called"});
    let silent = json!({"refund_id": refund, "reason": " "});
    assert_eq!(refused(desk.try_act("supervisor", "refunds.recall_approval", silent).await), "recall_without_reason");
    assert_eq!(desk.act("approver", "refunds.recall_approval", back.clone()).await["status"], "reviewed");
    let one = json!({"refund_id": refund});
    assert_eq!(refused(desk.try_act("treasurer", "refunds.release", one.clone()).await), "refund_not_approved");
    let yes = json!({"refund_id": refund, "digest": digest(&desk, &refund).await});
    desk.act("approver", "refunds.approve", yes).await;
    desk.act("treasurer", "refunds.release", one).await;
    assert_eq!(refused(desk.try_act("approver", "refunds.recall_approval", back).await), "refund_not_approved");
}

#[tokio::test]
async fn above_a_limit_the_approver_types_amount_and_payee() {
    let (desk, customer) = ready().await;
    policy(&desk, "retype_above", json!("50.00")).await;
    let refund = apply(&desk, &customer).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    desk.read_papers("approver", "refund", &refund).await;
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    assert_eq!(page["needs_retyping"], true);
    let yes = json!({"refund_id": refund, "digest": page["digest"]});
    assert_eq!(refused(desk.try_act("approver", "refunds.approve", yes.clone()).await), "approval_not_retyped");
    for (net, payee) in [("99.41", "0000"), ("99.40", "0001")] {
        let typed = with(yes.clone(), json!({"typed_net": net, "typed_payee": payee}));
        assert_eq!(refused(desk.try_act("approver", "refunds.approve", typed).await), "approval_retyped_differently");
    }
    desk.act("approver", "refunds.approve", with(yes, json!({"typed_net": "99.40", "typed_payee": "0000"}))).await;
}

#[tokio::test]
async fn small_cases_are_approved_together_and_the_others_say_why_not() {
    let desk = Desk::open().await;
    let orders = [("R1", "C1", "100.00"), ("R2", "C2", "2000.00"), ("R3", "C3", "50.00")];
    desk.recharge(orders.map(|(number, customer, paid)| order(number, customer, paid, PAID)).to_vec()).await;
    let mut cases = Vec::new();
    for reference in ["C1", "C2", "C3"] {
        let customer = desk.customer(reference).await;
        let refund = apply(&desk, &customer).await;
        desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
        if reference != "C3" {
            desk.read_papers("approver", "refund", &refund).await;
        }
        cases.push(json!({"refund_id": refund, "digest": digest(&desk, &refund).await}));
    }
    let waiting = desk.read("approver", "refunds.bulk_candidates", json!({})).await;
    let rules: Vec<_> = waiting.as_array().expect("cases").iter().map(|one| one["rule"].clone()).collect();
    assert_eq!(rules, [Value::Null, json!("refund_proofs_not_opened")], "the large one is not offered");
    let batch = json!({"command_id": new_id(), "cases": cases});
    desk.step_up("approver").await;
    let done = desk.act("approver", "refunds.approve_many", batch.clone()).await;
    let rules: Vec<_> = done.as_array().expect("cases").iter().map(|one| one["rule"].clone()).collect();
    assert_eq!(rules, [Value::Null, json!("bulk_amount_too_large"), json!("refund_proofs_not_opened")]);
    assert_eq!(desk.act("approver", "refunds.approve_many", batch).await, done, "asked again, the same answer");
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'approved'").await, "1");
    // A limit of one's own goes before everybody's.
    policy(&desk, "bulk_approval_own", json!({"approver": "3000.00"})).await;
    let waiting = desk.read("approver", "refunds.bulk_candidates", json!({})).await;
    assert_eq!(waiting.as_array().expect("cases").len(), 2, "the large one is offered now");
    let strange = json!({"name": "bulk_approval_own", "value": {"nobody": "1.00"}, "valid_from": "2026-01-01T00:00:00Z", "reason": "x"});
    assert_eq!(refused(desk.try_act("administrator", "policies.propose", strange).await), "policy_value_malformed");
    let pairs = json!({"from_at": "2026-06-01T00:00:00Z", "until_at": "2026-07-01T00:00:00Z"});
    let pairs = desk.read("auditor", "refunds.pairs", pairs).await;
    assert_eq!((pairs[0]["requested_by"].as_str(), pairs[0]["quick"].as_str()), (Some("agent"), Some("1")));
}

#[tokio::test]
async fn a_fee_is_tried_on_last_months_refunds_before_it_is_proposed() {
    let (desk, customer) = ready().await;
    let refund = apply(&desk, &customer).await;
    approve(&desk, &refund).await;
    desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
    let tried = json!({"channel": "alipay", "value": {"rate": "0.01", "minimum": "0.00"}});
    let preview = desk.read("administrator", "policies.preview_fee", tried).await;
    assert_eq!((preview["fee_now"].as_str(), preview["fee_then"].as_str()), (Some("0.60"), Some("1.00")));
    assert_eq!(preview["customers_paying_more"], "1");
    // A minimum, a cap and another rounding are the policy's too.
    for (value, fee) in [
        (json!({"rate": "0.01", "minimum": "2.00"}), "2.00"),
        (json!({"rate": "0.01", "minimum": "0.00", "cap": "0.50"}), "0.50"),
        (json!({"rate": "0.00333", "minimum": "0.00", "rounding": "up"}), "0.34"),
        (json!({"rate": "0.00337", "minimum": "0.00", "rounding": "down"}), "0.33"),
    ] {
        let tried = json!({"channel": "alipay", "value": value});
        assert_eq!(desk.read("administrator", "policies.preview_fee", tried).await["fee_then"], fee, "{value}");
    }
    let crooked = json!({"channel": "alipay", "value": {"rate": "0.01", "minimum": "0.00", "rounding": "as I like"}});
    let crooked = call(&desk.person("administrator").await, "policies.preview_fee", crooked).await;
    assert_eq!(refused(crooked), "policy_value_malformed");
    let months = json!({"from_on": "2026-01-01", "until_on": "2027-01-01"});
    assert_eq!(desk.read("auditor", "refunds.fees", months.clone()).await, json!([]), "nothing is paid yet");
    statement(&desk, "KR2026000101", "-99.40").await;
    let fees = desk.read("auditor", "refunds.fees", months).await;
    assert_eq!((fees[0]["charged"].as_str(), fees[0]["lost"].as_str()), (Some("0.60"), Some("0.00")));
}

#[tokio::test]
async fn a_draft_is_its_writers_alone_and_gone_when_it_is_sent() {
    let (desk, customer) = ready().await;
    let draft = json!({"kind": "refund", "subject": customer, "body": {"reason": "half a sent"}});
    desk.read("agent", "drafts.save", draft).await;
    let mine = json!({"kind": "refund", "subject": customer});
    assert_eq!(desk.read("agent", "drafts.open", mine.clone()).await["body"]["reason"], "half a sent");
    assert_eq!(desk.read("agent2", "drafts.open", mine.clone()).await["body"], Value::Null);
    desk.read("agent", "drafts.save", mine.clone()).await;
    assert_eq!(desk.read("agent", "drafts.open", mine).await["body"], Value::Null);
    let huge = json!({"kind": "refund", "subject": customer, "body": {"reason": "x".repeat(20_001)}});
    assert_eq!(refused(call(&desk.person("agent").await, "drafts.save", huge).await), "draft_too_large");
}

/// An application that a court order forces: its reference is given.
async fn apply_override(desk: &Desk, customer: &str) -> String {
    let id = new_id();
    desk.attach("agent", "refund", &id).await;
    let forced = with(application(&id, customer), json!({"reason_kind": "legal_override"}));
    assert_eq!(
        refused(desk.try_act("agent", "refunds.request", forced.clone()).await),
        "legal_override_without_reference"
    );
    desk.act("agent", "refunds.request", with(forced, json!({"legal_reference": "(2026) 0108-1"}))).await;
    id
}

#[tokio::test]
async fn a_legal_override_bears_no_fee_keeps_the_gift_and_needs_legal() {
    let (desk, customer) = ready().await;
    let refund = apply_override(&desk, &customer).await;
    let page = desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
    let sheet = &page["worksheet"];
    assert_eq!((sheet["net"].as_str(), sheet["fee"].as_str()), (Some("100.00"), Some("0.00")));
    assert_eq!((sheet["gift_voided"].as_str(), sheet["gift_suspended"].as_str()), (Some("0.000000"), Some("5.000000")));
    // While it waits the gift pays for nothing: usage of today becomes a debt.
    let row = json!({"line": 2, "usage_key": "U9", "customer_ref": "C1", "product": "chat", "used_from": "2026-06-01T00:30:00Z", "amount": "2.00"});
    desk.act("platform", "usage.post", json!({"rows": [row]})).await;
    assert_eq!(desk.figure("select amount_left::text from book.gifts").await, "5.000000");
    approve(&desk, &refund).await;
    let one = json!({"refund_id": refund});
    assert_eq!(refused(desk.try_act("treasurer", "refunds.release", one.clone()).await), "second_approval_missing");
    assert_eq!(refused(desk.try_act("treasurer", "refunds.approve_second", one.clone()).await), "not_allowed");
    desk.act("legal", "refunds.approve_second", one.clone()).await;
    desk.act("treasurer", "refunds.release", one).await;
    statement(&desk, "KR2026000101", "-98.00").await;
    let gift = desk.figure("select amount_left || ' ' || coalesce(suspended_by::text, 'free') from book.gifts").await;
    assert_eq!(gift, "5.000000 free");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_refused_override_voids_the_gift_as_of_the_application() {
    let (desk, customer) = ready().await;
    let refund = apply_override(&desk, &customer).await;
    desk.books.set_clock("2026-06-03T09:00:00+08:00").await;
    desk.act("reviewer", "refunds.reject", json!({"refund_id": refund, "reason": "the order concerns somebody else"}))
        .await;
    assert_eq!(desk.figure("select amount_left::text from book.gifts").await, "0.000000");
    let since = "select (j.effective_at = f.requested_at)::text from book.journals j join book.refunds f on f.id::text = j.document_id where j.kind = 'gift_void'";
    assert_eq!(desk.figure(since).await, "true");
    desk.assert_tied_out().await;
}
