//! Third-party-recharge disputes: what is refused when, who may not do what, and where the money goes.

mod repayments;

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
async fn papers_and_calls_stand_on_the_lane_of_whom_they_came_from_with_both_instants() {
    let case = Case::of_500("0").await.locked().await;
    let (db, id) = (case.desk.person("agent").await, uuid::Uuid::now_v7());
    let origin =
        kontor::attachments::Origin { received_at: Some("2025-12-04T11:15:00+08:00"), party: Some("third_party") };
    let filed = kontor::attachments::attach_from(
        &db,
        id,
        ("dispute", &case.id),
        "letter.pdf",
        b"%PDF-1.4 a made-up letter",
        origin,
    );
    filed.await.expect("filed");
    let page = case.page().await;
    let call = json!({"customer_id": page["customer_id"], "kind": "call", "body": "Will look for the chat", "happened_at": "2025-12-04T11:30:00+08:00",
        "subject_kind": "dispute", "subject_id": case.id, "party": "holder"});
    case.desk.act("agent", "customers.add_note", call.clone()).await;
    let nobody = with(call, json!({"party": "neighbour"}));
    assert_eq!(refused(case.desk.try_act("agent", "customers.add_note", nobody).await), "note_party_unknown");
    let page = case.page().await;
    let moment = |kind: &str| {
        let line = page["timeline"].as_array().expect("a line");
        line.iter().find(|one| one["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {line:?}")).clone()
    };
    let (paper, call) = (moment("paper_received"), moment("noted_call"));
    assert_eq!((&paper["lane"], &paper["at"]), (&json!("third_party"), &json!("2025-12-04T03:15:00Z")));
    assert_ne!(paper["at"], paper["recorded_at"], "received and recorded are two instants");
    assert_eq!((&call["lane"], &call["at"]), (&json!("holder"), &json!("2025-12-04T03:30:00Z")));
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
