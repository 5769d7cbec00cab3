//! A duty lent for a time, a case handed over, and how long each step took.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};

async fn person(desk: &Desk, login: &str) -> Value {
    let people = desk.read("auditor", "people.list", json!({})).await;
    people.as_array().expect("people").iter().find(|one| one["login"] == login).expect("this person")["id"].clone()
}

/// The lender's duty for ten days from now, to a deputy; confirmed by the supervisor.
async fn lend(desk: &Desk, lender: &str, duty: &str, deputy: &str) -> Value {
    desk.act(lender, "people.delegate", asked(desk, duty, deputy).await).await;
    let id = json!(desk.figure("select max(id)::text from book.duties").await.parse::<i64>().expect("a number"));
    desk.act("supervisor", "people.confirm_duty", json!({"duty_id": id})).await;
    id
}

async fn asked(desk: &Desk, duty: &str, deputy: &str) -> Value {
    json!({"duty": duty, "deputy_id": person(desk, deputy).await, "from_at": "2026-06-01T01:00:00Z", "until_at": "2026-06-11T01:00:00Z", "reason": "On leave"})
}

async fn applied(desk: &Desk, by: &str, customer: &str) -> String {
    desk.recharge(vec![order(&format!("R-{customer}"), customer, "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let refund = new_id();
    desk.attach(by, "refund", &refund).await;
    desk.act(
        by,
        "refunds.request",
        json!({"command_id": refund, "customer_id": desk.customer(customer).await, "reason_kind": "no_longer_needed",
        "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true}),
    )
    .await;
    refund
}

#[tokio::test]
async fn a_duty_is_lent_by_its_holder_for_a_time_and_confirmed_by_a_third() {
    let desk = Desk::open().await;
    let ask = asked(&desk, "reviewer", "agent2").await;
    let refuses =
        async |who: &str, facts: Value| refused(desk.try_act(who, "people.delegate", with(ask.clone(), facts)).await);
    assert_eq!(refuses("approver", json!({})).await, "delegation_of_foreign_duty");
    assert_eq!(refuses("reviewer", json!({"reason": "　"})).await, "delegation_without_reason");
    assert_eq!(refuses("reviewer", json!({"until_at": "2026-06-01T00:00:00Z"})).await, "duty_ends_before_it_begins");
    assert_eq!(refuses("reviewer", json!({"until_at": "2026-09-01T00:00:00Z"})).await, "delegation_too_long");
    assert_eq!(refuses("reviewer", json!({"deputy_id": person(&desk, "reviewer").await})).await, "deputy_is_delegator");
    assert_eq!(refuses("reviewer", json!({"deputy_id": 9999})).await, "deputy_unknown");
    desk.act("reviewer", "people.delegate", ask).await;
    let id = json!(desk.figure("select max(id)::text from book.duties").await.parse::<i64>().expect("a number"));
    let refund = applied(&desk, "agent", "C1").await;
    let review = json!({"refund_id": refund});
    assert_eq!(
        refused(desk.try_act("agent2", "refunds.review", review.clone()).await),
        "not_allowed",
        "nobody has confirmed it"
    );
    let waiting = desk.read("supervisor", "proposals.list", json!({})).await;
    assert_eq!((waiting[0]["kind"].as_str(), waiting[0]["reason"].as_str()), (Some("person"), Some("On leave")));
    desk.act("supervisor", "people.confirm_duty", json!({"duty_id": id})).await;
    desk.act("agent2", "refunds.review", review).await;
    let again = asked(&desk, "reviewer", "handler").await;
    assert_eq!(
        refused(desk.try_act("agent2", "people.delegate", again).await),
        "delegation_of_foreign_duty",
        "a lent duty is not lent again"
    );
    // It ends by itself, and with the lender's own.
    let refund = applied(&desk, "agent", "C2").await;
    desk.books.set_clock("2026-06-12T09:00:00+08:00").await;
    assert_eq!(refused(desk.try_act("agent2", "refunds.review", json!({"refund_id": refund})).await), "not_allowed");
}

#[tokio::test]
async fn a_deputy_never_confirms_what_the_lender_began() {
    let desk = Desk::open().await;
    lend(&desk, "reviewer", "reviewer", "agent2").await;
    lend(&desk, "agent", "agent", "reviewer").await;
    // The reviewer stands in for the agent now, so the agent's application is as the reviewer's own.
    let refund = applied(&desk, "agent", "C1").await;
    let review = json!({"refund_id": refund});
    assert_eq!(refused(desk.try_act("reviewer", "refunds.review", review.clone()).await), "decided_by_deputy");
    let page = desk.read("reviewer", "refunds.open", review.clone()).await;
    let why =
        page["actions"].as_array().expect("actions").iter().find(|one| one["action"] == "refunds.review").expect("it");
    assert_eq!(why["why"], "decided_by_deputy", "and the page says so before anybody tries");
    desk.act("agent2", "refunds.review", review.clone()).await;
    // Behind every function, the table refuses it as well.
    let mut owner = desk.books.owner().await;
    let forced = "update book.refunds set approved_by = (select id from book.people where login = 'reviewer'), approved_at = now()";
    let error = sqlx::query(forced).execute(&mut owner).await.expect_err("refused by the table");
    assert_eq!(error.as_database_error().and_then(|said| said.constraint()), Some("decided_by_deputy"));
    // The same for a proposal of another capability: the approver stands in for the accountant who proposed it.
    lend(&desk, "accountant", "accountant", "approver").await;
    desk.act("agent", "refunds.withdraw", with(review, json!({"reason": "Changed their mind"}))).await;
    desk.recharge(vec![with(
        order("R-C3", "C3", "100.00", "2026-05-01T10:00:00+08:00"),
        json!({"gift": "10.00", "activity": "welcome"}),
    )])
    .await;
    desk.use_up("U1", "C3", "15.00").await;
    let asked = desk
        .act(
            "accountant",
            "usage.propose_credit_back",
            json!({"usage_key": "U1", "amount": "7.00", "reason": "The service was down"}),
        )
        .await;
    let yes = json!({"credit_back_id": asked["id"]});
    assert_eq!(refused(desk.try_act("approver", "usage.confirm_credit_back", yes).await), "decided_by_deputy");
    let open = desk.read("approver", "proposals.list", json!({"wanted": "open"})).await;
    assert_eq!(open[0]["may_confirm"], "deputy");
}

#[tokio::test]
async fn a_lent_duty_ends_with_the_lenders_own_and_either_gives_it_back() {
    let desk = Desk::open().await;
    let lent = lend(&desk, "reviewer", "reviewer", "agent2").await;
    let held = "select count(*)::text from book.duties where delegated_by is not null and until_at > (select clock_timestamp() + clock_offset from book.database)";
    assert_eq!(desk.figure(held).await, "1");
    assert_eq!(refused(desk.try_act("agent", "people.end_duty", json!({"duty_id": lent})).await), "not_allowed");
    desk.act("agent2", "people.end_duty", json!({"duty_id": lent})).await;
    assert_eq!(desk.figure(held).await, "0");
    lend(&desk, "reviewer", "reviewer", "agent2").await;
    let own = desk.figure("select d.id::text from book.duties d join book.people p on p.id = d.person_id where p.login = 'reviewer' and d.duty = 'reviewer'").await;
    desk.act("supervisor", "people.end_duty", json!({"duty_id": own.parse::<i64>().expect("a number")})).await;
    assert_eq!(desk.figure(held).await, "0", "nobody stands in for a duty that nobody has");
}

#[tokio::test]
async fn a_case_is_held_by_one_person_from_a_handover_to_the_next_step() {
    let desk = Desk::open().await;
    lend(&desk, "reviewer", "reviewer", "agent2").await;
    let refund = applied(&desk, "agent", "C1").await;
    let of_case = json!({"refund_id": refund});
    let mine = async |login: &str| {
        desk.read(login, "refunds.list", json!({"wanted": "mine"})).await.as_array().expect("a list").len()
    };
    assert_eq!((mine("reviewer").await, mine("agent2").await, mine("approver").await), (1, 1, 0));
    let to = async |login: &str| with(of_case.clone(), json!({"person_id": person(&desk, login).await}));
    assert_eq!(
        refused(desk.try_act("reviewer", "refunds.hand_over", to("agent2").await).await),
        "handover_without_reason"
    );
    assert_eq!(
        refused(desk.try_act("reviewer", "refunds.hand_over", with(to("agent").await, json!({"reason": "x"}))).await),
        "holder_cannot_take_step"
    );
    assert_eq!(
        refused(desk.try_act("treasurer", "refunds.hand_over", with(to("agent2").await, json!({"reason": "x"}))).await),
        "not_allowed"
    );
    let held = desk
        .act("reviewer", "refunds.hand_over", with(to("agent2").await, json!({"reason": "Knows the customer"})))
        .await;
    assert_eq!(held["holder"], "agent2");
    assert_eq!((mine("reviewer").await, mine("agent2").await), (0, 1));
    let others = desk.read("reviewer", "refunds.list", json!({"wanted": "others"})).await;
    assert_eq!(
        (others[0]["holder"].as_str(), others[0]["could_take"].clone()),
        (Some("agent2"), json!(["agent2", "reviewer"]))
    );
    assert_eq!(
        refused(
            desk.try_act("reviewer", "refunds.hand_over", with(to("agent2").await, json!({"reason": "again"}))).await
        ),
        "refund_already_held"
    );
    // Whoever needs it takes it over, without a reason; and it binds nobody else.
    desk.act("reviewer", "refunds.hand_over", to("reviewer").await).await;
    let after = desk.act("agent2", "refunds.review", of_case.clone()).await;
    assert_eq!(
        (after["waits_for"].as_str(), after["holder"].clone()),
        (Some("approver"), Value::Null),
        "the next step is nobody's yet"
    );
    let page = desk.read("approver", "refunds.open", of_case).await;
    let handed =
        page["events"].as_array().expect("events").iter().filter(|one| one["command"] == "refunds.hand_over").count();
    assert_eq!(handed, 2);
}

#[tokio::test]
async fn each_steps_time_is_counted_without_the_time_with_the_customer() {
    let desk = Desk::open().await;
    let refund = applied(&desk, "agent", "C1").await;
    let of_case = json!({"refund_id": refund});
    let line = async || desk.read("auditor", "refunds.list", json!({"wanted": "open"})).await[0].clone();
    desk.books.set_clock("2026-06-02T09:00:00+08:00").await;
    desk.act("reviewer", "refunds.ask_proof", with(of_case.clone(), json!({"asked_for": "A letter"}))).await;
    let with_customer = line().await;
    assert!(
        with_customer["waiting_since"].as_str().expect("an instant").starts_with("2026-06-02T01:00"),
        "{with_customer}"
    );
    desk.books.set_clock("2026-06-05T09:00:00+08:00").await;
    desk.attach("agent", "refund", &refund).await;
    desk.act("agent", "refunds.add_proof", of_case.clone()).await;
    let back = line().await;
    assert_eq!(back["step_paused_minutes"], 3 * 24 * 60);
    // One day before the question, and the clock goes on from there: as if it had begun three days later.
    assert!(back["waiting_since"].as_str().expect("an instant").starts_with("2026-06-04T01:00"), "{back}");
    desk.books.set_clock("2026-06-05T11:00:00+08:00").await;
    desk.act("reviewer", "refunds.review", of_case.clone()).await;
    assert_eq!(line().await["step_paused_minutes"], 0);
    let page = desk.read("auditor", "refunds.open", of_case).await;
    let stints: Vec<(&str, i64)> = page["stints"]
        .as_array()
        .expect("stints")
        .iter()
        .map(|one| (one["step"].as_str().expect("a step"), one["minutes"].as_i64().expect("minutes")))
        .collect();
    assert_eq!(stints, [("reviewer", 1440), ("customer", 4320), ("reviewer", 120), ("approver", 0)]);
}

#[tokio::test]
async fn the_desk_says_beforehand_when_nobody_present_could_finish() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let quote = json!({"customer_id": desk.customer("C1").await});
    assert_eq!(desk.read("agent", "refunds.quote", quote.clone()).await["staffed"], true);
    let treasurers = "select string_agg(d.id::text, ',') from book.duties d where d.duty = 'treasurer' and (d.until_at is null or d.until_at > '2026-06-02')";
    for duty in desk.figure(treasurers).await.split(',') {
        let ended = json!({"duty_id": duty.parse::<i64>().expect("a number")});
        desk.act("supervisor", "people.end_duty", ended).await;
    }
    assert_eq!(desk.read("agent", "refunds.quote", quote).await["staffed"], false, "nobody could release it");
}

#[tokio::test]
async fn a_lone_supervisor_is_told_the_way_and_the_way_is_open() {
    let desk = Desk::open().await;
    let ask = asked(&desk, "supervisor", "approver").await;
    assert_eq!(
        refused(desk.try_act("supervisor", "people.delegate", ask.clone()).await),
        "delegation_without_confirmer",
        "nobody else could confirm it"
    );
    let given = json!({"person_id": person(&desk, "approver").await, "duty": "supervisor", "from_at": "2026-06-01T01:00:00Z", "until_at": "2026-06-11T01:00:00Z"});
    desk.act("administrator", "people.propose_duty", given).await;
    let id = json!(desk.figure("select max(id)::text from book.duties").await.parse::<i64>().expect("a number"));
    desk.act("supervisor", "people.confirm_duty", json!({"duty_id": id})).await;
    // Now there are two, but the second is the deputy: with a third person it is a loan like any other.
    let to_other = with(ask, json!({"deputy_id": person(&desk, "reviewer").await}));
    desk.act("supervisor", "people.delegate", to_other).await;
    let id = json!(desk.figure("select max(id)::text from book.duties").await.parse::<i64>().expect("a number"));
    desk.act("approver", "people.confirm_duty", json!({"duty_id": id})).await;
}
