//! What one person proposes and another confirms: in one list, with what it posts, and decided from there.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A customer with 100.00 principal, 10.00 gift, and a usage of 15.00 that took the gift and 5.00 of the principal.
async fn with_usage() -> Desk {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))]).await;
    desk.use_up("U1", "C1", "15.00").await;
    desk
}

/// The same, after an application that made the gift void was withdrawn.
async fn with_void_gift() -> (Desk, String) {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))]).await;
    let refund = new_id();
    desk.attach("agent", "refund", &refund).await;
    let application = json!({"command_id": refund, "customer_id": desk.customer("C1").await, "reason_kind": "no_longer_needed",
        "reason": "The project ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", application).await;
    desk.act("agent", "refunds.withdraw", json!({"refund_id": refund, "reason": "Changed their mind"})).await;
    (desk, refund)
}

fn credit_back(amount: &str) -> Value {
    json!({"usage_key": "U1", "amount": amount, "reason": "The service was down"})
}

async fn waiting(desk: &Desk, login: &str) -> Vec<Value> {
    desk.read(login, "proposals.list", json!({})).await.as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_credit_back_shows_what_it_posts_before_and_posts_exactly_that() {
    let desk = with_usage().await;
    let quote = desk.read("accountant", "usage.quote_credit_back", json!({"usage_key": "U1", "amount": "7.00"})).await;
    assert_eq!(quote["most"], "15.000000");
    assert_eq!(quote["parts"][0]["order_no"], "R1");
    assert_eq!(quote["parts"][0]["amount"], "5.000000");
    assert_eq!(quote["parts"][1]["activity"], "welcome");
    let asked = desk.act("accountant", "usage.propose_credit_back", credit_back("7.00")).await;
    let page = json!({"kind": "credit_back", "id": asked["id"]});
    let before = desk.read("approver", "proposals.open", page.clone()).await;
    assert_eq!(before["proposal"]["may_confirm"], "yes");
    assert_eq!(before["lines"], quote["lines"]);
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    let after = desk.read("approver", "proposals.open", page).await;
    assert_eq!(after["lines"], before["lines"], "what was confirmed is what was shown");
    assert_eq!(after["proposal"]["status"], "confirmed");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_declined_credit_back_leaves_its_amount_free_and_moves_nothing() {
    let desk = with_usage().await;
    let asked = desk.act("accountant", "usage.propose_credit_back", credit_back("15.00")).await;
    let more = desk.try_act("accountant", "usage.propose_credit_back", credit_back("0.01")).await;
    assert_eq!(refused(more), "credit_back_exceeds_usage");
    let no = json!({"credit_back_id": asked["id"], "reason": " "});
    assert_eq!(
        refused(desk.try_act("approver", "usage.decline_credit_back", no.clone()).await),
        "decision_without_reason"
    );
    let no = with(no, json!({"reason": "The service ran"}));
    desk.act("approver", "usage.decline_credit_back", no.clone()).await;
    assert_eq!(
        refused(desk.try_act("approver", "usage.decline_credit_back", no).await),
        "credit_back_already_declined"
    );
    let late = desk.try_act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    assert_eq!(refused(late), "credit_back_already_declined");
    desk.act("accountant", "usage.propose_credit_back", credit_back("15.00")).await;
    let declined = desk.read("auditor", "usage.list_credit_backs", json!({"status": "declined"})).await;
    assert_eq!(declined[0]["declined_why"], "The service ran");
    assert_eq!(desk.figure("select count(*)::text from book.journals where kind = 'credit_back'").await, "0");
}

#[tokio::test]
async fn a_proposer_takes_back_an_own_proposal_and_no_other() {
    let desk = with_usage().await;
    let asked = desk.act("accountant", "usage.propose_credit_back", credit_back("1.00")).await;
    let mut owner = desk.books.owner().await;
    sqlx::query("insert into book.duties (person_id, duty, from_at) select id, 'accountant', '2020-01-01' from book.people where login = 'agent'")
        .execute(&mut owner)
        .await
        .expect("a second accountant");
    let back = json!({"credit_back_id": asked["id"], "reason": "Wrong usage"});
    assert_eq!(refused(desk.try_act("agent", "usage.decline_credit_back", back.clone()).await), "proposal_of_another");
    let row = desk.act("accountant", "usage.decline_credit_back", back).await;
    assert_eq!(row["status"], "withdrawn");
}

#[tokio::test]
async fn whoever_proposed_does_not_confirm_although_an_approver_too() {
    let desk = with_usage().await;
    let mut owner = desk.books.owner().await;
    sqlx::query("insert into book.duties (person_id, duty, from_at) select id, 'approver', '2020-01-01' from book.people where login = 'accountant'")
        .execute(&mut owner)
        .await
        .expect("an accountant who approves");
    let asked = desk.act("accountant", "usage.propose_credit_back", credit_back("1.00")).await;
    let confirm = desk.try_act("accountant", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    assert_eq!(refused(confirm), "credit_back_confirmed_by_proposer");
    assert!(waiting(&desk, "accountant").await.is_empty(), "an own proposal waits for somebody else");
    let mine = desk.read("accountant", "proposals.list", json!({"wanted": "mine"})).await;
    assert_eq!(mine[0]["may_confirm"], "own");
}

#[tokio::test]
async fn goodwill_says_what_it_can_give_back_and_posts_what_it_showed() {
    let (desk, refund) = with_void_gift().await;
    let quote =
        desk.read("accountant", "refunds.quote_reinstatement", json!({"refund_id": refund, "amount": "4.00"})).await;
    assert_eq!(quote["most"], "10.000000".trim_end_matches("0000"), "in fen");
    let ask = json!({"refund_id": refund, "amount": "4.00", "reason": "Our mistake"});
    let empty = with(ask.clone(), json!({"reason": "\u{3000}"}));
    assert_eq!(
        refused(desk.try_act("accountant", "refunds.propose_reinstatement", empty).await),
        "reinstatement_without_reason"
    );
    let asked = desk.act("accountant", "refunds.propose_reinstatement", ask.clone()).await;
    let page = json!({"kind": "gift_reinstatement", "id": asked["id"]});
    let before = desk.read("approver", "proposals.open", page.clone()).await;
    assert_eq!(before["lines"], quote["lines"]);
    assert_eq!(before["proposal"]["case_id"], refund.as_str());
    desk.act("approver", "refunds.confirm_reinstatement", json!({"reinstatement_id": asked["id"]})).await;
    assert_eq!(desk.read("approver", "proposals.open", page).await["lines"], before["lines"]);
    let left = desk.read("accountant", "refunds.quote_reinstatement", json!({"refund_id": refund})).await;
    assert_eq!((left["most"].as_str(), left["given_back"].as_str()), (Some("6.00"), Some("4.00")));
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_declined_goodwill_gift_may_be_proposed_again() {
    let (desk, refund) = with_void_gift().await;
    let ask = json!({"refund_id": refund, "amount": "10.00", "reason": "Our mistake"});
    let asked = desk.act("accountant", "refunds.propose_reinstatement", ask.clone()).await;
    let no = json!({"reinstatement_id": asked["id"], "reason": "The customer asked for the refund"});
    desk.act("approver", "refunds.decline_reinstatement", no.clone()).await;
    assert_eq!(
        refused(desk.try_act("approver", "refunds.decline_reinstatement", no).await),
        "reinstatement_already_declined"
    );
    let late =
        desk.try_act("approver", "refunds.confirm_reinstatement", json!({"reinstatement_id": asked["id"]})).await;
    assert_eq!(refused(late), "reinstatement_already_declined");
    desk.act("accountant", "refunds.propose_reinstatement", ask).await;
    let all = desk.read("auditor", "refunds.list_reinstatements", json!({"status": null, "refund_id": refund})).await;
    assert_eq!((all[0]["status"].as_str(), all[1]["status"].as_str()), (Some("proposed"), Some("declined")));
}

#[tokio::test]
async fn one_list_gathers_every_kind_and_the_first_screen_counts_it() {
    let (desk, refund) = with_void_gift().await;
    desk.use_up("U1", "C1", "15.00").await;
    desk.act(
        "accountant",
        "refunds.propose_reinstatement",
        json!({"refund_id": refund, "amount": "1.00", "reason": "Our mistake"}),
    )
    .await;
    desk.act("accountant", "usage.propose_credit_back", credit_back("1.00")).await;
    let policy = json!({"name": "evidence_days", "value": 45, "valid_from": "2026-07-01T00:00:00+08:00", "reason": "A longer window"});
    let policy = desk.act("administrator", "policies.propose", policy).await;
    let days = json!([{"date": "2028-01-01", "off": true, "name": "元旦"}, {"date": "2028-10-01", "off": true, "name": "国庆节"}]);
    let list = desk
        .act("administrator", "calendar.import", json!({"year": 2028, "notice_title": "A notice", "days": days}))
        .await;
    let mut kinds: Vec<String> =
        waiting(&desk, "approver").await.iter().map(|row| row["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort();
    assert_eq!(kinds, ["calendar", "credit_back", "gift_reinstatement", "policy"]);
    let today = desk.read("approver", "today.open", json!({})).await;
    assert_eq!(today["counts"]["proposals"], 4);
    assert!(today["waiting"].as_array().expect("a list").iter().any(|row| row["kind"] == "gift_reinstatement"));
    assert!(waiting(&desk, "agent").await.is_empty());
    desk.act("approver", "policies.decline", json!({"policy_id": policy["id"], "reason": "Not now"})).await;
    let late = desk.try_act("approver", "policies.confirm", json!({"policy_id": policy["id"]})).await;
    assert_eq!(refused(late), "policy_already_declined");
    desk.act("administrator", "calendar.decline", json!({"calendar_id": list["id"], "reason": "Days were missing"}))
        .await;
    let late = desk.try_act("approver", "calendar.confirm", json!({"calendar_id": list["id"]})).await;
    assert_eq!(refused(late), "calendar_already_declined");
    let decided = desk.read("auditor", "proposals.list", json!({"wanted": "decided"})).await;
    let states: Vec<&str> =
        decided.as_array().expect("a list").iter().map(|row| row["status"].as_str().expect("a status")).collect();
    assert_eq!(states, ["withdrawn", "declined"], "newest first");
    assert_eq!(waiting(&desk, "approver").await.len(), 2);
}

#[tokio::test]
async fn a_page_of_proposals_begins_where_the_last_one_ended() {
    let desk = with_usage().await;
    for amount in ["0.01", "0.02", "0.03"] {
        desk.act("accountant", "usage.propose_credit_back", credit_back(amount)).await;
    }
    let first = desk.read("approver", "proposals.list", json!({"most": 2})).await;
    let last = &first[1];
    let rest = desk
        .read("approver", "proposals.list", json!({"most": 2, "after_at": last["proposed_at"], "after_id": last["id"]}))
        .await;
    let amounts =
        |rows: &Value| rows.as_array().expect("rows").iter().map(|row| row["amount"].clone()).collect::<Vec<_>>();
    assert_eq!([amounts(&first), amounts(&rest)].concat(), ["0.010000", "0.020000", "0.030000"]);
}

#[tokio::test]
async fn a_declined_settlement_leaves_the_exception_open() {
    let desk = Desk::open().await;
    let mut owner = desk.books.owner().await;
    sqlx::query("insert into book.exceptions (kind, channel, order_no, amount_expected, opened_at) values ('order_without_payment', 'alipay', 'R9', 20, '2026-05-30T00:00:00Z')")
        .execute(&mut owner)
        .await
        .expect("an exception");
    let open = desk.read("accountant", "exceptions.list", json!({})).await;
    let id = open[0]["id"].clone();
    let early = desk.try_act("approver", "exceptions.decline", json!({"exception_id": id, "reason": "No"})).await;
    assert_eq!(refused(early), "exception_not_proposed");
    desk.act("accountant", "exceptions.resolve", json!({"exception_id": id, "resolution": "The provider forgot it"}))
        .await;
    let row = waiting(&desk, "approver").await.remove(0);
    assert_eq!((row["kind"].as_str(), row["reason"].as_str()), (Some("settlement"), Some("The provider forgot it")));
    let no = desk
        .act("approver", "exceptions.decline", json!({"exception_id": id, "reason": "Ask the provider first"}))
        .await;
    assert_eq!((no["proposed_at"].clone(), no["resolved_at"].clone()), (Value::Null, Value::Null));
    assert!(waiting(&desk, "approver").await.is_empty());
    let unknown = desk.person("approver").await;
    let answer = crate::support::call(&unknown, "proposals.open", json!({"kind": "settlement", "id": "0"})).await;
    assert_eq!(refused(answer), "proposal_unknown");
}
