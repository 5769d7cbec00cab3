//! Corrections by two people: manual journals, and journals taken back.

use crate::desk::{Desk, order, with};
use crate::periods::{payment, statement};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-02T10:00:00+08:00";

async fn ready() -> (Desk, String) {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))]).await;
    let customer = desk.customer("C1").await;
    (desk, customer)
}

/// Proposes an adjustment with a paper under its id.
async fn propose(desk: &Desk, facts: Value) -> Result<Value, kontor::Error> {
    let id = new_id();
    desk.attach("accountant", "adjustment", &id).await;
    let mut asked = json!({"command_id": id, "reason": "the customer was promised it", "document_no": "T-2026-17"});
    for (name, value) in facts.as_object().expect("facts") {
        asked[name] = value.clone();
    }
    desk.try_act("accountant", "adjustments.propose", asked).await
}

async fn confirm(desk: &Desk, login: &str, proposal: &Value) -> Result<Value, kontor::Error> {
    desk.try_act(login, "adjustments.confirm", json!({"adjustment_id": proposal["id"]})).await
}

async fn reverse(desk: &Desk, journal: &Value) -> Result<Value, kontor::Error> {
    let asked = desk
        .try_act("accountant", "reversals.propose", json!({"journal_id": journal, "reason": "posted in error"}))
        .await?;
    desk.try_act("approver", "reversals.confirm", json!({"reversal_id": asked["id"]})).await
}

async fn journal_of(desk: &Desk, order_no: &'static str) -> Value {
    let sql = match order_no {
        "R1" => "select journal_id::text from book.recharges where order_no = 'R1'",
        _ => "select journal_id::text from book.recharges where order_no = 'R2'",
    };
    json!(desk.figure(sql).await)
}

const BALANCES: &str = "select string_agg(a.code || ' ' || b.commodity || ' ' || b.amount, ', ' order by b.commodity, a.code) from book.balances b join book.accounts a on a.id = b.account_id where b.amount <> 0";

#[tokio::test]
async fn goodwill_is_a_gift_that_two_people_grant() {
    let (desk, customer) = ready().await;
    let facts =
        json!({"kind": "goodwill_gift", "amount": "20.00", "customer_id": customer, "gift_expires_on": "2026-12-31"});
    let sheet = desk.read("accountant", "adjustments.preview", facts.clone()).await;
    assert_eq!(
        (&sheet["lines"][1]["account"], &sheet["lines"][1]["balance_before"], &sheet["lines"][1]["balance_after"]),
        (&json!("wallet"), &json!("10.000000"), &json!("30.000000"))
    );
    assert_eq!((&sheet["refusals"], &sheet["confirmer"]), (&json!([]), &json!("approver")));
    let asked = propose(&desk, facts).await.expect("proposed");
    assert_eq!(desk.figure(BALANCES).await, "wallet CNY 100.000000, wallet CNY.GIFT 10.000000", "nothing moves yet");
    assert_eq!(refused(confirm(&desk, "accountant", &asked).await), "not_allowed");
    let mut owner = desk.books.owner().await;
    sqlx::query("insert into book.duties (person_id, duty, from_at) select id, 'approver', '2026-01-01' from book.people where login = 'accountant'").execute(&mut owner).await.expect("a second job");
    assert_eq!(refused(confirm(&desk, "accountant", &asked).await), "adjustment_confirmed_by_proposer");
    let posted = confirm(&desk, "approver", &asked).await.expect("confirmed");
    assert_eq!(desk.figure(BALANCES).await, "wallet CNY 100.000000, wallet CNY.GIFT 30.000000");
    assert_eq!(refused(confirm(&desk, "approver", &asked).await), "correction_already_decided");
    desk.assert_tied_out().await;
    // Unused, it can be taken back whole; used, it cannot.
    reverse(&desk, &posted["journal_id"]).await.expect("taken back");
    assert_eq!(desk.figure(BALANCES).await, "wallet CNY 100.000000, wallet CNY.GIFT 10.000000");
    assert_eq!(refused(reverse(&desk, &posted["journal_id"]).await), "journal_already_reversed");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_write_off_gives_up_the_oldest_usage_and_its_reversal_claims_it_again() {
    let (desk, customer) = ready().await;
    desk.use_up("u1", "C1", "115.25").await;
    let facts = |amount: &str| json!({"kind": "receivable_write_off", "amount": amount, "customer_id": customer});
    let error = propose(&desk, facts("5.26")).await.expect_err("more than is owed");
    assert_eq!(error.to_json()["detail"], json!({"owed": "5.250000"}));
    let asked = propose(&desk, facts("5.25")).await.expect("proposed");
    let posted = confirm(&desk, "approver", &asked).await.expect("confirmed");
    assert_eq!(
        desk.figure("select uncollected || ' ' || written_off from book.usage_charges").await,
        "0.000000 5.250000"
    );
    assert_eq!(desk.figure(BALANCES).await, "");
    desk.assert_tied_out().await;
    reverse(&desk, &posted["journal_id"]).await.expect("taken back");
    assert_eq!(
        desk.figure("select uncollected || ' ' || written_off from book.usage_charges").await,
        "5.250000 0.000000"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn principal_and_tied_accounts_are_out_of_reach() {
    let (desk, _) = ready().await;
    for (debit, credit, rule) in [
        ("wallet", "bank", "adjustment_moves_principal"),
        ("receivable", "bank", "adjustment_moves_principal"),
        ("suspense", "bank", "adjustment_account_is_tied"),
        ("refund_payable", "bank", "adjustment_account_is_tied"),
        ("bank", "bank", "adjustment_accounts_missing"),
        ("bank", "nobody", "adjustment_accounts_missing"),
    ] {
        let facts =
            json!({"kind": "house_correction", "amount": "5.00", "debit_account": debit, "credit_account": credit});
        assert_eq!(refused(propose(&desk, facts).await), rule, "{debit} to {credit}");
    }
    let house = |kind: &str, amount: &str, debit: &str, day: &str| json!({"kind": kind, "amount": amount, "debit_account": debit, "credit_account": "provider_fees", "effective_on": day});
    assert_eq!(
        refused(propose(&desk, house("rounding", "0.01", "bank", "2026-06-01")).await),
        "adjustment_not_rounding"
    );
    assert_eq!(
        refused(propose(&desk, house("rounding", "1.01", "rounding", "2026-06-01")).await),
        "adjustment_rounding_too_large"
    );
    assert_eq!(
        refused(propose(&desk, house("house_correction", "1.00", "bank", "2026-06-02")).await),
        "adjustment_in_the_future"
    );
    assert_eq!(
        refused(propose(&desk, house("house_correction", "1.001", "bank", "2026-06-01")).await),
        "amount_has_too_many_decimals"
    );
    let mut wordless = house("house_correction", "1.00", "bank", "2026-06-01");
    wordless["reason"] = json!(" ");
    assert_eq!(refused(propose(&desk, wordless).await), "adjustment_without_reason");
    let mut bare = house("house_correction", "1.00", "bank", "2026-06-01");
    (bare["reason"], bare["document_no"]) = (json!("a fee went to the wrong account"), json!("T-9"));
    assert_eq!(refused(desk.try_act("accountant", "adjustments.propose", bare).await), "adjustment_without_paper");
    assert_eq!(desk.figure("select count(*)::text from book.adjustments").await, "0");
}

#[tokio::test]
async fn above_the_limit_a_supervisor_confirms() {
    let (desk, _) = ready().await;
    let facts = |amount: &str| json!({"kind": "house_correction", "amount": amount, "debit_account": "bank", "credit_account": "provider_fees"});
    let large = propose(&desk, facts("10000.01")).await.expect("proposed");
    assert_eq!(large["confirmer"], "supervisor");
    let error = confirm(&desk, "approver", &large).await.expect_err("above the limit");
    assert_eq!(error.to_json()["detail"], json!({"up_to": "10000.00", "duty": "supervisor"}));
    confirm(&desk, "supervisor", &large).await.expect("a supervisor confirms");
    let small = propose(&desk, facts("10000.00")).await.expect("proposed");
    assert_eq!(refused(confirm(&desk, "supervisor", &small).await), "adjustment_above_limit");
    let wordless = json!({"adjustment_id": small["id"], "reason": ""});
    assert_eq!(
        refused(desk.try_act("approver", "adjustments.decline", wordless).await),
        "correction_declined_without_reason"
    );
    let declined = desk
        .act("approver", "adjustments.decline", json!({"adjustment_id": small["id"], "reason": "which fee?"}))
        .await;
    assert_eq!(declined["status"], "declined");
    assert_eq!(refused(confirm(&desk, "approver", &small).await), "correction_already_decided");
}

#[tokio::test]
async fn a_recharge_whose_payment_arrived_goes_back_to_suspense() {
    let (desk, _) = ready().await;
    statement(&desk, "2026-05-02", "2026-05-03", vec![payment("R1", "100.00", PAID)]).await;
    let journal = journal_of(&desk, "R1").await;
    let sheet = desk.read("accountant", "reversals.preview", json!({"journal_id": journal})).await;
    let effects: Vec<&str> =
        sheet["effects"].as_array().into_iter().flatten().filter_map(|e| e["what"].as_str()).collect();
    assert_eq!(effects, ["lot_taken_back", "payment_to_suspense", "gift_taken_back"]);
    assert_eq!(
        desk.figure("select count(*)::text from book.journals where kind = 'reversal'").await,
        "0",
        "a preview writes nothing"
    );
    let done = reverse(&desk, &journal).await.expect("taken back");
    assert_eq!(desk.figure(BALANCES).await, "");
    assert_eq!(desk.figure("select order_no || ' ' || amount from book.exceptions where kind = 'payment_without_order' and resolved_at is null").await, "R1 100.00");
    assert_eq!(desk.figure("select (j.reverses = r.journal_id)::text from book.recharges r join book.journals j on j.id = r.reversed_by").await, "true");
    desk.assert_tied_out().await;
    let page = desk.read("auditor", "ledger.journal", json!({"journal_id": done["journal_id"]})).await;
    assert_eq!((&page["kind"], &page["reverses"]), (&json!("reversal"), &journal));
    // The platform sends the file again: what was reversed is not posted anew.
    let again = desk
        .recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))])
        .await;
    assert_eq!(again["posted"], 0);
}

#[tokio::test]
async fn a_payment_that_arrives_after_the_reversal_waits_in_suspense() {
    let (desk, _) = ready().await;
    let done = reverse(&desk, &journal_of(&desk, "R1").await).await.expect("taken back");
    assert_eq!(done["lines"][0]["account"], "alipay_clearing", "no payment was seen yet");
    desk.assert_tied_out().await;
    statement(&desk, "2026-05-02", "2026-05-03", vec![payment("R1", "100.00", PAID)]).await;
    assert_eq!(
        desk.figure("select string_agg(kind, ' ') from book.exceptions where resolved_at is null").await,
        "payment_without_order"
    );
    assert_eq!(desk.figure(BALANCES).await, "");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn what_was_used_or_held_is_not_taken_back() {
    let (desk, customer) = ready().await;
    desk.recharge(vec![order("R2", "C1", "50.00", "2026-05-03T10:00:00+08:00")]).await;
    let (first, second) = (journal_of(&desk, "R1").await, journal_of(&desk, "R2").await);
    desk.use_up("u1", "C1", "15.00").await;
    let sheet = desk.read("accountant", "reversals.preview", json!({"journal_id": first})).await;
    let rules: Vec<&str> =
        sheet["refusals"].as_array().into_iter().flatten().filter_map(|r| r["rule"].as_str()).collect();
    assert_eq!(rules, ["reversal_lot_consumed", "reversal_gift_used"]);
    assert_eq!(sheet["refusals"][0]["detail"], json!({"consumed": "5.000000"}));
    assert_eq!(refused(reverse(&desk, &first).await), "reversal_lot_consumed");
    let usage = json!(desk.figure("select journal_id::text from book.usage_charges").await);
    let error = desk
        .try_act("accountant", "reversals.propose", json!({"journal_id": usage, "reason": "x"}))
        .await
        .expect_err("usage has its own way");
    assert_eq!(
        error.to_json(),
        json!({"kind": "rule", "name": "journal_has_its_own_way", "detail": {"kind": "usage", "way": "credit_back"}})
    );
    let id = new_id();
    desk.attach("agent", "refund", &id).await;
    desk.act("agent", "refunds.request", json!({"command_id": id, "customer_id": customer, "reason": "closing", "reason_kind": "other", "ticket_no": "T-1", "gifts_void_confirmed": true})).await;
    assert_eq!(refused(reverse(&desk, &second).await), "reversal_lot_held");
}

#[tokio::test]
async fn a_reversal_is_proposed_once_and_not_reversed_itself() {
    let (desk, _) = ready().await;
    let journal = journal_of(&desk, "R1").await;
    let asked = desk.act("accountant", "reversals.propose", json!({"journal_id": journal, "reason": "twice"})).await;
    let again = json!({"journal_id": journal, "reason": "twice"});
    assert_eq!(refused(desk.try_act("accountant", "reversals.propose", again).await), "reversal_already_proposed");
    // Between proposal and confirmation the payment arrived: the money would go elsewhere now.
    statement(&desk, "2026-05-02", "2026-05-03", vec![payment("R1", "100.00", PAID)]).await;
    let id = json!({"reversal_id": asked["id"]});
    assert_eq!(refused(desk.try_act("approver", "reversals.confirm", id.clone()).await), "reversal_changed");
    let taken = desk
        .act("accountant", "reversals.decline", json!({"reversal_id": asked["id"], "reason": "payment came"}))
        .await;
    assert_eq!(taken["status"], "withdrawn");
    let done = reverse(&desk, &journal).await.expect("taken back");
    assert_eq!(refused(reverse(&desk, &done["journal_id"]).await), "journal_is_a_reversal");
    let listed = desk.read("auditor", "corrections.list", json!({})).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
}
