//! Third-party-recharge disputes: what is refused when, who may not do what, and where the money goes.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2025-11-01T10:00:00+08:00";
const NOTICED: &str = "2025-12-04T09:00:00+08:00";
const LOCKED: &str = "2025-12-04T12:00:00+08:00";
/// Locked on 4 December 2025: the 30th day is a holiday Saturday, the Sunday after it is worked.
const LAST_SECOND: &str = "2026-01-04T23:59:59+08:00";
const EXPIRED: &str = "2026-01-05T00:00:00+08:00";

/// One disputed recharge.
struct Case {
    desk: Desk,
    id: String,
}

fn foreign(number: &str, customer: &str, principal: &str, paid_at: &str) -> Value {
    with(order(number, customer, principal, paid_at), json!({"payer_is_holder": false}))
}

impl Case {
    /// Books with these orders of customer C1 and, if any, this much usage; nothing disputed yet.
    async fn before(orders: Vec<Value>, used: &str) -> Self {
        let desk = Desk::open().await;
        desk.act(
            "administrator",
            "activities.add",
            json!({"code": "strict", "title": "Strict", "on_recharge_refunded": "void"}),
        )
        .await;
        desk.books.set_clock("2025-12-04T08:00:00+08:00").await;
        desk.recharge(orders).await;
        if used != "0" {
            desk.use_up("U1", "C1", used).await;
        }
        desk.books.set_clock(NOTICED).await;
        Self { desk, id: new_id() }
    }

    /// The same with L1 (500.00) of C1.
    async fn of_500(used: &str) -> Self {
        Self::before(vec![foreign("L1", "C1", "500.00", PAID)], used).await
    }

    async fn notice(&self) -> Value {
        let notice = json!({"command_id": self.id, "order_no": "L1", "ticket_no": "T-1", "demand": "Give it back", "received_at": "2025-12-04T08:30:00+08:00"});
        self.desk.act("agent", "disputes.record_notice", notice).await
    }

    /// Notice, lock, and the lock notice served.
    async fn locked(self) -> Self {
        self.notice().await;
        self.desk.books.set_clock(LOCKED).await;
        self.act("handler", "confirm_lock", json!({})).await;
        self.act(
            "agent",
            "record_service",
            json!({"about": "lock", "way": "sms", "served_at": "2025-12-04T12:00:00+08:00", "proof": "receipt 1"}),
        )
        .await;
        self
    }

    /// Locked, the window over, inboxes checked.
    async fn undefended(self) -> Self {
        let case = self.locked().await;
        case.desk.books.set_clock(EXPIRED).await;
        case.act("handler", "state_inboxes_checked", json!({})).await;
        case
    }

    async fn try_act(&self, login: &str, action: &str, mut arguments: Value) -> Result<Value, kontor::Error> {
        arguments["dispute_id"] = json!(self.id);
        self.desk.try_act(login, &format!("disputes.{action}"), arguments).await
    }

    async fn act(&self, login: &str, action: &str, arguments: Value) -> Value {
        crate::support::done(self.try_act(login, action, arguments).await)
    }

    async fn refusal(&self, login: &str, action: &str, arguments: Value) -> String {
        refused(self.try_act(login, action, arguments).await)
    }

    async fn page(&self) -> Value {
        self.desk.read("auditor", "disputes.open", json!({"dispute_id": self.id})).await
    }

    async fn paper(&self) -> String {
        let id = uuid::Uuid::now_v7();
        let db = self.desk.person("handler").await;
        let bytes = format!("%PDF-1.4 a made-up paper {id}");
        kontor::attachments::attach(&db, id, "dispute", &self.id, "paper.pdf", bytes.as_bytes()).await.expect("filed");
        id.to_string()
    }

    /// Files evidence received at an instant and answers with its id.
    async fn evidence(&self, received_at: &str, proof: Option<&str>) -> Result<String, kontor::Error> {
        let id = new_id();
        let paper = self.paper().await;
        let mut arguments = json!({"command_id": id, "summary": "Letter", "way": "email", "received_at": received_at, "attachment_ids": [paper]});
        if let Some(proof) = proof {
            arguments["receipt_proof"] = json!(proof);
        }
        self.try_act("agent", "record_evidence", arguments).await.map(|_| id)
    }

    /// Proposed, approved, released and confirmed by proof.
    async fn repay(&self) -> Value {
        self.act("handler", "propose_repayment", json!({})).await;
        self.act("approver", "approve_repayment", json!({})).await;
        self.act("treasurer", "release_repayment", json!({})).await;
        let paper = self.paper().await;
        self.act("accountant", "confirm_repayment", json!({"reference": "B-1", "attachment_id": paper})).await
    }

    /// A whole 9.1 refund of what is left, confirmed by the provider, before anyone complained.
    async fn refund_everything(&self) {
        let refund = new_id();
        self.desk.attach("agent", "refund", &refund).await;
        let customer = self.desk.customer("C1").await;
        let application = json!({"command_id": refund, "customer_id": customer, "reason_kind": "no_longer_needed",
            "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
        self.desk.act("agent", "refunds.request", application).await;
        self.desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
        let page = self.desk.read("approver", "refunds.open", json!({"refund_id": refund})).await;
        self.desk.read_papers("approver", "refund", &refund).await;
        self.desk.act("approver", "refunds.approve", json!({"refund_id": refund, "digest": page["digest"]})).await;
        self.desk.act("treasurer", "refunds.release", json!({"refund_id": refund})).await;
        sqlx::query("update book.refund_legs set status = 'confirmed', confirmed_at = api.clock()")
            .execute(&mut self.desk.books.owner().await)
            .await
            .expect("the provider confirms");
    }

    async fn give_duty(&self, login: &str, duty: &str) {
        sqlx::query("insert into book.duties (person_id, duty, from_at) select id, $2, '2020-01-01' from book.people where login = $1")
            .bind(login)
            .bind(duty)
            .execute(&mut self.desk.books.owner().await)
            .await
            .expect("a second duty");
    }
}

fn figures(page: &Value) -> (String, String, String) {
    let amount = |name: &str| page["amounts"][name].as_str().expect("an amount").to_owned();
    (amount("repaid"), amount("outstanding"), page["status"].as_str().expect("a status").to_owned())
}

// ── Notice and lock ───────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn an_agent_cannot_confirm_a_lock() {
    let case = Case::of_500("0").await;
    case.notice().await;
    assert_eq!(case.refusal("agent", "confirm_lock", json!({})).await, "not_allowed");
}

#[tokio::test]
async fn an_order_cannot_have_two_open_disputes() {
    let case = Case::of_500("0").await;
    case.notice().await;
    let again =
        json!({"order_no": "L1", "ticket_no": "T-2", "demand": "Again", "received_at": "2025-12-04T08:30:00+08:00"});
    assert_eq!(refused(case.desk.try_act("agent", "disputes.record_notice", again).await), "dispute_already_open");
}

#[tokio::test]
async fn a_notice_without_demand_ticket_or_order_is_refused() {
    let case = Case::of_500("0").await;
    let notice = |order_no: &str, ticket_no: &str, demand: &str, received_at: &str| json!({"order_no": order_no, "ticket_no": ticket_no, "demand": demand, "received_at": received_at});
    let morning = "2025-12-04T08:30:00+08:00";
    for (arguments, rule) in [
        (notice("L9", "T", "d", morning), "recharge_unknown"),
        (notice("L1", " ", "d", morning), "dispute_without_ticket"),
        (notice("L1", "T", " ", morning), "dispute_without_demand"),
        (notice("L1", "T", "d", "2025-12-05T08:30:00+08:00"), "instant_in_the_future"),
        (notice("L1", "T", "d", "2025-10-05T08:30:00+08:00"), "dispute_received_before_recharge"),
        (
            with(notice("L1", "T", "d", morning), json!({"amount_disputed": "500.01"})),
            "disputed_amount_exceeds_recharge",
        ),
        (with(notice("L1", "T", "d", morning), json!({"amount_disputed": "0"})), "disputed_amount_not_positive"),
    ] {
        assert_eq!(refused(case.desk.try_act("agent", "disputes.record_notice", arguments).await), rule);
    }
}

#[tokio::test]
async fn a_dispute_with_the_payment_company_cannot_lock_the_account() {
    let case = Case::of_500("0").await;
    let notice = json!({"command_id": case.id, "order_no": "L1", "ticket_no": "T-1", "demand": "Charged twice", "received_at": "2025-12-04T08:30:00+08:00", "kind": "provider"});
    case.desk.act("agent", "disputes.record_notice", notice).await;
    assert_eq!(case.refusal("handler", "confirm_lock", json!({})).await, "dispute_is_with_provider");
    assert_eq!(
        case.act("handler", "decline_notice", json!({"reason": "Between payer and provider"})).await["status"],
        "declined"
    );
}

#[tokio::test]
async fn a_notice_stops_an_open_application_and_its_end_lets_it_go_on() {
    let case = Case::of_500("0").await;
    let refund = new_id();
    case.desk.attach("agent", "refund", &refund).await;
    let customer = case.desk.customer("C1").await;
    let application = json!({"command_id": refund, "customer_id": customer, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    case.desk.act("agent", "refunds.request", application).await;
    case.notice().await;
    let review = async || case.desk.try_act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
    assert_eq!(refused(review().await), "refund_stopped_by_dispute");
    case.desk.books.set_clock(LOCKED).await;
    case.act("handler", "confirm_lock", json!({})).await;
    let done = case.act("handler", "withdraw_notice", json!({"reason": "Settled among themselves"})).await;
    assert_eq!((done["status"].as_str(), done["account_locked"].as_bool()), (Some("withdrawn"), Some(false)));
    crate::support::done(review().await);
}

#[tokio::test]
async fn the_same_command_twice_acts_once() {
    let case = Case::of_500("0").await;
    case.notice().await;
    case.notice().await;
    let id = new_id();
    case.act("handler", "confirm_lock", json!({"command_id": id})).await;
    case.act("handler", "confirm_lock", json!({"command_id": id})).await;
    assert_eq!(case.desk.figure("select count(*)::text from book.locks").await, "1");
    assert_eq!(case.refusal("handler", "state_inboxes_checked", json!({"command_id": id})).await, "id_already_used");
}

#[tokio::test]
async fn the_lock_starts_thirty_days_that_end_off_the_holiday() {
    let page = Case::of_500("0").await.locked().await.page().await;
    assert_eq!(
        (page["due_on"].as_str(), page["expires_at"].as_str()),
        (Some("2026-01-04"), Some("2026-01-04T16:00:00Z"))
    );
    assert_eq!(page["clock"]["nominal_on"], "2026-01-03");
    assert_eq!((page["shifted"].as_bool(), page["provisional"].as_bool()), (Some(true), Some(false)));
    assert_eq!(page["account_locked"], true);
}

// ── Evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn nothing_is_repaid_before_the_last_instant() {
    let case = Case::of_500("0").await.locked().await;
    case.desk.books.set_clock(LAST_SECOND).await;
    assert_eq!(case.refusal("handler", "state_inboxes_checked", json!({})).await, "evidence_window_open");
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "evidence_window_open");
    case.desk.books.set_clock(EXPIRED).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "inboxes_not_checked");
    case.act("handler", "state_inboxes_checked", json!({})).await;
    assert_eq!(case.act("handler", "propose_repayment", json!({})).await["status"], "repaying");
}

#[tokio::test]
async fn nothing_is_repaid_without_proof_that_the_lock_notice_was_served() {
    let case = Case::of_500("0").await;
    case.notice().await;
    case.desk.books.set_clock(LOCKED).await;
    case.act("handler", "confirm_lock", json!({})).await;
    case.desk.books.set_clock(EXPIRED).await;
    case.act("handler", "state_inboxes_checked", json!({})).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "lock_notice_not_served");
    let without_proof = json!({"about": "lock", "way": "sms", "served_at": LOCKED, "proof": " "});
    assert_eq!(case.refusal("agent", "record_service", without_proof).await, "service_without_proof");
}

#[tokio::test]
async fn rejecting_evidence_does_not_end_the_window() {
    let case = Case::of_500("0").await.locked().await;
    let first = case.evidence("2025-12-04T11:00:00+08:00", None).await.expect("recorded");
    case.act("reviewer", "reject_evidence", json!({"evidence_id": first, "reason": "Unsigned"})).await;
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "evidence_window_open");
    case.evidence("2025-12-04T11:30:00+08:00", None).await.expect("more may be filed");
}

#[tokio::test]
async fn evidence_needs_papers_of_this_case() {
    let case = Case::of_500("0").await.locked().await;
    let filing = |papers: Value| json!({"summary": "Letter", "way": "email", "received_at": "2025-12-04T11:00:00+08:00", "attachment_ids": papers});
    assert_eq!(case.refusal("agent", "record_evidence", filing(json!([]))).await, "evidence_without_papers");
    assert_eq!(
        case.refusal("agent", "record_evidence", filing(json!([new_id()]))).await,
        "attachment_not_of_this_case"
    );
}

#[tokio::test]
async fn evidence_that_came_in_time_counts_when_it_is_recorded_late_with_proof() {
    let case = Case::of_500("0").await.undefended().await;
    assert_eq!(
        case.evidence(LAST_SECOND, None).await.expect_err("it came too late").rule_name(),
        Some("late_recording_without_proof")
    );
    let id = case.evidence(LAST_SECOND, Some("Mail server log")).await.expect("recorded");
    let page = case.page().await;
    assert_eq!(page["evidence"][0]["in_time"], true);
    assert_eq!(page["inboxes_checked_at"], Value::Null, "whoever said that every inbox was checked was wrong");
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "evidence_not_judged");
    case.act("reviewer", "propose_acceptance", json!({"evidence_id": id, "reason": "Signed before the recharge"}))
        .await;
    assert_eq!(case.act("approver", "confirm_acceptance", json!({})).await["status"], "accepted");
}

#[tokio::test]
async fn evidence_that_came_late_cannot_be_accepted() {
    let case = Case::of_500("0").await.undefended().await;
    let id = case.evidence(EXPIRED, None).await.expect("it is kept all the same");
    let proposal = json!({"evidence_id": id, "reason": "Convincing"});
    assert_eq!(case.refusal("reviewer", "propose_acceptance", proposal).await, "evidence_out_of_time");
}

#[tokio::test]
async fn accepting_takes_two_people_and_lifts_only_this_lock() {
    let case = Case::of_500("0").await.locked().await;
    let id = case.evidence("2025-12-04T11:00:00+08:00", None).await.expect("recorded");
    case.give_duty("reviewer", "approver").await;
    assert_eq!(case.refusal("approver", "confirm_acceptance", json!({})).await, "acceptance_not_proposed");
    case.act("reviewer", "propose_acceptance", json!({"evidence_id": id, "reason": "Signed"})).await;
    assert_eq!(case.refusal("reviewer", "confirm_acceptance", json!({})).await, "acceptance_confirmed_by_proposer");
    let done = case.act("approver", "confirm_acceptance", json!({})).await;
    assert_eq!(figures(&done), ("0.00".into(), "500.00".into(), "accepted".into()));
    assert_eq!(done["account_locked"], false);
    assert_eq!(case.refusal("handler", "state_inboxes_checked", json!({})).await, "dispute_not_open");
}

#[tokio::test]
async fn a_written_concession_ends_the_wait() {
    let case = Case::of_500("0").await.locked().await;
    let paper = case.paper().await;
    case.act("handler", "concede", json!({"received_at": LOCKED, "attachment_id": paper})).await;
    assert_eq!(figures(&case.repay().await), ("500.00".into(), "0.00".into(), "settled".into()));
}

// ── Repayment ─────────────────────────────────────────────────────────────────────────────────────────────────────

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

#[tokio::test]
async fn an_extension_is_a_supervisors_and_not_the_handlers_own() {
    let case = Case::of_500("0").await.locked().await;
    assert_eq!(case.refusal("handler", "extend", json!({"days": 10, "reason": "Post strike"})).await, "not_allowed");
    case.give_duty("handler", "supervisor").await;
    assert_eq!(
        case.refusal("handler", "extend", json!({"days": 10, "reason": "Post strike"})).await,
        "extension_by_handler"
    );
    assert_eq!(case.refusal("supervisor", "extend", json!({"days": 10, "reason": " "})).await, "reason_missing");
    let page = case.act("supervisor", "extend", json!({"days": 10, "reason": "Post strike"})).await;
    assert_eq!((page["due_on"].as_str(), page["extended_days"].as_i64()), (Some("2026-01-13"), Some(10)));
    assert_eq!(page["clock"]["changes"][0]["from_due_on"], "2026-01-04");
}

#[tokio::test]
async fn the_court_comes_after_a_recorded_negotiation() {
    let case = Case::of_500("320.00").await.undefended().await;
    assert_eq!(case.refusal("handler", "escalate", json!({"reason": "No answer"})).await, "negotiation_not_recorded");
    case.act("handler", "record_negotiation", json!({"happened_at": EXPIRED, "body_text": "Called twice"})).await;
    assert_eq!(case.act("legal", "escalate", json!({"reason": "No answer"})).await["status"], "escalated");
}

// ── What the page says ────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_disabled_action_says_what_the_refusal_would_say() {
    let case = Case::of_500("0").await.locked().await;
    let page = case.desk.read("handler", "disputes.open", json!({"dispute_id": case.id})).await;
    let said = |action: &str| {
        page["actions"]
            .as_array()
            .expect("actions")
            .iter()
            .find(|entry| entry["action"] == format!("disputes.{action}"))
            .expect("listed")
            .clone()
    };
    let repayment = said("propose_repayment");
    assert_eq!(
        (repayment["allowed"].as_bool(), repayment["why"].as_str(), repayment["from_at"].as_str()),
        (Some(false), Some("evidence_window_open"), Some("2026-01-04T16:00:00Z"))
    );
    assert_eq!(case.refusal("handler", "propose_repayment", json!({})).await, "evidence_window_open");
    assert_eq!(said("release_repayment")["mine"], false);
    assert_eq!(said("withdraw_notice")["allowed"], true);
}

#[tokio::test]
async fn names_and_accounts_are_masked() {
    let case = Case::of_500("0").await.locked().await;
    let page = case.page().await;
    assert_eq!((page["payer_name"].as_str(), page["payer_account"].as_str()), (Some("示**"), Some("138****0000")));
}

#[tokio::test]
async fn the_list_is_sorted_by_what_is_due_and_pages_by_key() {
    let orders = vec![
        foreign("L1", "C1", "100.00", PAID),
        foreign("L2", "C2", "200.00", PAID),
        foreign("L3", "C3", "300.00", PAID),
    ];
    let case = Case::before(orders, "0").await;
    for (order_no, minute) in [("L2", 31), ("L3", 32)] {
        let notice = json!({"order_no": order_no, "ticket_no": order_no, "demand": "Back", "received_at": format!("2025-12-04T08:{minute}:00+08:00")});
        case.desk.act("handler", "disputes.record_notice", notice).await;
    }
    let case = case.locked().await;
    let list = async |arguments: Value| {
        let rows = case.desk.read("auditor", "disputes.list", arguments).await;
        rows.as_array().expect("rows").clone()
    };
    let orders = |rows: &[Value]| {
        rows.iter().map(|row| row["order_no"].as_str().expect("an order").to_owned()).collect::<Vec<_>>()
    };
    let all = list(json!({})).await;
    assert_eq!(orders(&all), ["L2", "L3", "L1"], "unconfirmed notices come before a clock that runs");
    let rest = list(json!({"after_due": all[0]["due_at"], "after_id": all[0]["id"], "maximum": 1})).await;
    assert_eq!(orders(&rest), ["L3"]);
    assert_eq!(orders(&list(json!({"wanted": "locked"})).await), ["L1"]);
    assert_eq!(orders(&list(json!({"search": "L2"})).await), ["L2"]);
    assert_eq!(orders(&list(json!({"search": "%"})).await), Vec::<String>::new());
    let mine = case.desk.read("handler", "disputes.list", json!({"mine": true})).await;
    assert_eq!(mine.as_array().expect("rows").len(), 3);
    assert_eq!(case.desk.read("auditor", "disputes.counts", json!({})).await["noticed"], 2);
}

#[tokio::test]
async fn a_new_list_recounts_running_clocks_and_says_so() {
    let case = Case::of_500("0").await;
    case.desk.books.set_clock("2026-11-27T12:00:00+08:00").await;
    let notice = json!({"command_id": case.id, "order_no": "L1", "ticket_no": "T-1", "demand": "Back", "received_at": "2026-11-27T11:00:00+08:00"});
    case.desk.act("agent", "disputes.record_notice", notice).await;
    let page = case.act("handler", "confirm_lock", json!({})).await;
    assert_eq!((page["due_on"].as_str(), page["provisional"].as_bool()), (Some("2026-12-28"), Some(true)));
    let days = json!([{"date": "2026-12-27", "off": false, "name": "New Year's Day"}, {"date": "2027-01-01", "off": true, "name": "New Year's Day"}, {"date": "2027-10-01", "off": true, "name": "National Day"}]);
    let list = case
        .desk
        .act("administrator", "calendar.import", json!({"year": 2027, "notice_title": "Notice on 2027", "days": days}))
        .await;
    case.desk.act("approver", "calendar.confirm", json!({"calendar_id": list["id"]})).await;
    let page = case.page().await;
    assert_eq!((page["due_on"].as_str(), page["provisional"].as_bool()), (Some("2026-12-27"), Some(false)));
    assert_eq!(page["clock"]["changes"][0]["cause"], "calendar");
    assert_eq!(
        case.desk.figure("select count(*)::text from book.audit_events where command = 'calendar.recompute'").await,
        "1"
    );
}
