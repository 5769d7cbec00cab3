//! Orders and usage: what becomes principal, what becomes gift, and which recharge pays for which usage.

use crate::desk::{Desk, order, with};
use crate::support::{call, new_id, refused};
use serde_json::json;

const PAID: &str = "2026-05-01T10:00:00+08:00";

#[tokio::test]
async fn an_order_becomes_principal_and_its_gift_a_commodity_of_its_own() {
    let desk = Desk::open().await;
    let posted = desk
        .recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))])
        .await;
    assert_eq!(posted, json!({"posted": 1, "repeated": 0, "exceptions": 0}));
    let balances = desk.figure("select string_agg(a.code || ' ' || b.commodity || ' ' || b.amount, ', ' order by b.commodity) from book.balances b join book.accounts a on a.id = b.account_id").await;
    assert_eq!(balances, "wallet CNY 100.000000, wallet CNY.GIFT 10.000000");
    assert_eq!(desk.figure("select sum(amount)::text from book.postings where commodity = 'CNY'").await, "0.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_same_order_twice_is_booked_once() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let again = desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    assert_eq!(again, json!({"posted": 0, "repeated": 1, "exceptions": 0}));
    assert_eq!(desk.figure("select count(*)::text from book.recharges").await, "1");
}

#[tokio::test]
async fn the_same_command_answers_again_and_another_body_is_refused() {
    let desk = Desk::open().await;
    let id = new_id();
    let rows = json!({"command_id": id, "rows": [order("R1", "C1", "100.00", PAID)]});
    let first = desk.act("platform", "recharges.post", rows.clone()).await;
    assert_eq!(desk.act("platform", "recharges.post", rows).await, first);
    let other = json!({"command_id": id, "rows": [order("R2", "C1", "100.00", PAID)]});
    assert_eq!(refused(desk.try_act("platform", "recharges.post", other).await), "id_already_used");
}

#[tokio::test]
async fn what_may_not_be_credited_waits_with_its_reason() {
    let desk = Desk::open().await;
    let posted = desk
        .recharge(vec![
            with(order("R1", "C1", "100.00", PAID), json!({"real_name_verified": false})),
            with(order("R2", "C2", "100.00", PAID), json!({"channel": "stripe"})),
            with(order("R3", "C3", "100.00", PAID), json!({"agreement_version": "1999"})),
            with(order("R4", "C4", "100.00", PAID), json!({"gift": "5.00", "activity": "nobody knows"})),
        ])
        .await;
    assert_eq!(posted, json!({"posted": 0, "repeated": 0, "exceptions": 4}));
    let kinds = desk.figure("select string_agg(kind, ' ' order by order_no) from book.exceptions").await;
    assert_eq!(kinds, "recharge_not_verified channel_not_supported agreement_unknown activity_unknown");
    assert_eq!(desk.figure("select count(*)::text from book.journals").await, "0");
}

#[tokio::test]
async fn an_unverified_recharge_is_credited_once_the_customer_is_verified() {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"real_name_verified": false}))]).await;
    let waiting = desk.read("accountant", "exceptions.list", json!({})).await;
    let settle = json!({"exception_id": waiting[0]["id"], "resolution": "verified today"});
    assert_eq!(
        refused(desk.try_act("accountant", "exceptions.resolve", settle.clone()).await),
        "recharge_not_verified"
    );
    desk.act("platform", "customers.verify", json!({"customer_ref": "C1", "verified": true})).await;
    desk.act("accountant", "exceptions.resolve", settle).await;
    assert_eq!(desk.figure("select amount_left::text from book.recharges").await, "100.000000");
}

#[tokio::test]
async fn usage_takes_gifts_first_and_then_the_oldest_lot() {
    let desk = Desk::open().await;
    desk.recharge(vec![
        with(order("R2", "C1", "50.00", "2026-05-02T10:00:00+08:00"), json!({})),
        with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"})),
    ])
    .await;
    desk.use_up("U1", "C1", "115.123456").await;
    let lots = desk
        .figure("select string_agg(order_no || ' ' || amount_left, ', ' order by order_no) from book.recharges")
        .await;
    assert_eq!(lots, "R1 0.000000, R2 44.876544");
    let traced = desk.figure("select string_agg(coalesce(r.order_no, 'gift') || ' ' || c.amount, ', ' order by c.id) from book.consumptions c left join book.recharges r on r.id = c.recharge_id").await;
    for part in ["gift 10.000000", "R1 100.000000", "R2 5.123456"] {
        assert!(traced.contains(part), "{traced}");
    }
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn usage_beyond_the_balance_becomes_a_receivable_that_the_next_recharge_pays() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "10.00", PAID)]).await;
    desk.use_up("U1", "C1", "12.50").await;
    assert_eq!(desk.figure("select uncollected::text from book.usage_charges").await, "2.500000");
    assert_eq!(desk.figure("select (usage_suspended_at is not null)::text from book.customers").await, "true");
    desk.recharge(vec![order("R2", "C1", "20.00", PAID)]).await;
    assert_eq!(desk.figure("select uncollected::text from book.usage_charges").await, "0.000000");
    assert_eq!(desk.figure("select amount_left::text from book.recharges where order_no = 'R2'").await, "17.500000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_credit_back_needs_a_second_person() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    desk.use_up("U1", "C1", "40.00").await;
    let asked = desk
        .act(
            "accountant",
            "usage.propose_credit_back",
            json!({"usage_key": "U1", "amount": "15.00", "reason": "charged twice"}),
        )
        .await;
    let confirm = json!({"credit_back_id": asked["id"]});
    assert_eq!(refused(desk.try_act("accountant", "usage.confirm_credit_back", confirm.clone()).await), "not_allowed");
    desk.act("approver", "usage.confirm_credit_back", confirm).await;
    assert_eq!(desk.figure("select amount_left::text from book.recharges").await, "75.000000");
    assert_eq!(desk.figure("select credited_back::text from book.consumed_totals").await, "15.000000");
    let more = json!({"usage_key": "U1", "amount": "25.01", "reason": "too much"});
    assert_eq!(
        refused(desk.try_act("accountant", "usage.propose_credit_back", more).await),
        "credit_back_exceeds_usage"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn only_the_platform_posts_orders_and_usage() {
    let desk = Desk::open().await;
    for login in ["agent", "approver", "administrator", "auditor"] {
        let db = desk.person(login).await;
        let rows = json!({"command_id": new_id(), "rows": []});
        assert_eq!(refused(call(&db, "recharges.post", rows.clone()).await), "not_allowed");
        assert_eq!(refused(call(&db, "usage.post", rows).await), "not_allowed");
    }
}

#[tokio::test]
async fn an_order_read_again_does_not_rewrite_its_customer() {
    let desk = Desk::open().await;
    desk.recharge(vec![with(
        order("R1", "C1", "100.00", PAID),
        json!({"customer_kind": "personal", "customer_name": "示例甲"}),
    )])
    .await;
    let again =
        with(order("R1", "C1", "100.00", PAID), json!({"customer_name": "示例乙", "real_name_verified": false}));
    desk.recharge(vec![again]).await;
    assert_eq!(
        desk.figure("select name || ' ' || kind || ' ' || real_name_verified from book.customers").await,
        "示例甲 personal true"
    );
}

#[tokio::test]
async fn an_order_that_a_posted_statement_does_not_show_is_an_exception_and_is_not_paid_out() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let id = new_id();
    let totals = json!({"row_count": 1, "from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"});
    let row = json!({"line": 6, "kind": "payment", "order_no": "R1", "provider_no": "P1", "occurred_at": PAID, "gross": "100.00", "fee": "0.60", "net": "99.40"});
    let file = json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals});
    desk.act("accountant", "imports.begin", file).await;
    desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    // An order of that day turns up afterwards: nobody saw its payment arrive.
    desk.recharge(vec![order("R2", "C2", "9000.00", PAID)]).await;
    let open = desk.read("accountant", "exceptions.list", json!({})).await;
    assert_eq!((&open[0]["kind"], &open[0]["order_no"]), (&json!("order_without_payment"), &json!("R2")));
    // One person's word does not settle a difference in money.
    let settle = json!({"exception_id": open[0]["id"], "resolution": "fine"});
    let proposed = desk.act("accountant", "exceptions.resolve", settle).await;
    assert_eq!(proposed["resolved_at"], serde_json::Value::Null);
    assert_eq!(
        refused(desk.try_act("accountant", "exceptions.confirm", json!({"exception_id": open[0]["id"]})).await),
        "not_allowed"
    );
    desk.act("approver", "exceptions.confirm", json!({"exception_id": open[0]["id"]})).await;
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn credited_back_usage_returns_to_the_gift_that_paid_it() {
    let desk = Desk::open().await;
    desk.recharge(vec![with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}))]).await;
    desk.use_up("U1", "C1", "12.00").await;
    let asked = desk
        .act(
            "accountant",
            "usage.propose_credit_back",
            json!({"usage_key": "U1", "amount": "5.00", "reason": "charged twice"}),
        )
        .await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    // Principal comes back first, then the gift.
    assert_eq!(desk.figure("select amount_left::text from book.recharges").await, "100.000000");
    assert_eq!(desk.figure("select amount_left::text from book.gifts").await, "3.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_second_payment_of_one_order_waits_in_suspense_and_goes_back_by_two_people() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let id = new_id();
    let row = |line: u8, number: &str| json!({"line": line, "kind": "payment", "order_no": "R1", "provider_no": number, "occurred_at": PAID, "gross": "100.00", "fee": "0.60", "net": "99.40"});
    let totals = json!({"row_count": 2, "from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"});
    let file = json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals});
    desk.act("accountant", "imports.begin", file).await;
    desk.read(
        "accountant",
        "imports.stage",
        json!({"import_id": id, "chunk_no": 1, "rows": [row(6, "P1"), row(7, "P2")]}),
    )
    .await;
    let posted = desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    assert_eq!((&posted["rows_posted"], &posted["rows_excepted"]), (&json!(1), &json!(1)));
    assert_eq!(desk.figure("select api.house_balance('suspense')::text").await, "-100.000000");
    let open = desk.read("accountant", "exceptions.list", json!({})).await;
    desk.act(
        "accountant",
        "exceptions.resolve",
        json!({"exception_id": open[0]["id"], "resolution": "returned to its payer"}),
    )
    .await;
    assert_eq!(desk.figure("select api.house_balance('suspense')::text").await, "-100.000000");
    desk.act("approver", "exceptions.confirm", json!({"exception_id": open[0]["id"]})).await;
    assert_eq!(desk.figure("select api.house_balance('suspense')::text").await, "0.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_same_number_with_other_contents_is_no_repetition() {
    let desk = Desk::open().await;
    let posted = desk.recharge(vec![order("R1", "C1", "100.00", PAID), order("R1", "C1", "250.00", PAID)]).await;
    assert_eq!(posted, json!({"posted": 1, "repeated": 0, "exceptions": 1}));
    desk.use_up("U1", "C1", "1.00").await;
    let other = desk.use_up("U1", "C1", "50.00").await;
    assert_eq!(other, json!({"posted": 0, "repeated": 0, "exceptions": 1}));
    assert_eq!(
        desk.figure("select string_agg(kind, ' ' order by id) from book.exceptions").await,
        "order_differs usage_differs"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn one_order_at_a_time_answers_as_a_batch_does() {
    let desk = Desk::open().await;
    let id = new_id();
    let gifted = with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"}));
    let body = json!({"command_id": id, "order_row": gifted});
    let posted = desk.act("platform", "recharges.post_one", body.clone()).await;
    assert_eq!(posted, json!({"posted": 1, "repeated": 0, "exceptions": 0}));
    assert_eq!(desk.act("platform", "recharges.post_one", body).await, posted, "the same command answers again");
    let other = json!({"command_id": id, "order_row": order("R2", "C1", "100.00", PAID)});
    assert_eq!(refused(desk.try_act("platform", "recharges.post_one", other).await), "id_already_used");
    let again = desk.act("platform", "recharges.post_one", json!({"order_row": gifted})).await;
    assert_eq!(again, json!({"posted": 0, "repeated": 1, "exceptions": 0}));
    let dearer = json!({"order_row": order("R1", "C1", "101.00", PAID)});
    assert_eq!(
        desk.act("platform", "recharges.post_one", dearer).await,
        json!({"posted": 0, "repeated": 0, "exceptions": 1})
    );
    assert_eq!(desk.figure("select string_agg(kind, ' ') from book.exceptions").await, "order_differs");
    // An exception that another command has settled meanwhile: the first one still answers what it did, and does nothing.
    let unverified = json!({"command_id": new_id(), "order_row": with(order("R3", "C1", "30.00", PAID), json!({"real_name_verified": false}))});
    let waits = desk.act("platform", "recharges.post_one", unverified.clone()).await;
    assert_eq!(waits, json!({"posted": 0, "repeated": 0, "exceptions": 1}));
    desk.act("platform", "recharges.post_one", json!({"order_row": order("R3", "C1", "30.00", PAID)})).await;
    assert_eq!(desk.act("platform", "recharges.post_one", unverified).await, waits);
    let state = "select count(*) filter (where resolved_at is not null) || ' ' || (select real_name_verified from book.customers where ref = 'C1') from book.exceptions where order_no = 'R3'";
    assert_eq!(desk.figure(state).await, "1 true");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn usage_charged_singly_takes_what_a_batch_would_have_taken() {
    let desk = Desk::open().await;
    // Two customers with the same purses: one is charged row by row, the other by one batch.
    for customer in ["C1", "C2"] {
        desk.recharge(vec![
            with(
                order(&format!("{customer}-A"), customer, "10.00", PAID),
                json!({"gift": "3.00", "activity": "welcome"}),
            ),
            with(
                order(&format!("{customer}-B"), customer, "5.00", "2026-05-02T10:00:00+08:00"),
                json!({"gift": "1.50", "activity": "welcome"}),
            ),
        ])
        .await;
    }
    let usage = |customer: &str, n: usize, amount: &str| {
        json!({"line": n + 2, "usage_key": format!("{customer}-{n}"), "customer_ref": customer, "product": "chat",
               "used_from": format!("2026-05-1{n}T00:00:00Z"), "amount": amount})
    };
    let amounts = ["0.999999", "2.500001", "4.123456", "7.000000", "0.000001", "9.500000"];
    for (n, amount) in amounts.iter().enumerate() {
        desk.act("platform", "usage.post_one", json!({"usage_row": usage("C1", n, amount)})).await;
    }
    let batch: Vec<_> = amounts.iter().enumerate().map(|(n, amount)| usage("C2", n, amount)).collect();
    desk.act("platform", "usage.post", json!({"rows": batch})).await;
    let differing = desk
        .figure(
            "with seen as ( \
               select c.ref, 'charge ' || right(u.usage_key, 1) || concat_ws(' ', u.from_gift, u.from_principal, u.uncollected) as what \
               from book.usage_charges u join book.customers c on c.id = u.customer_id \
               union all select c.ref, 'part ' || right(u.usage_key, 1) || concat_ws(' ', right(r.order_no, 1), right(s.order_no, 1), n.amount) \
               from book.consumptions n join book.usage_charges u on u.id = n.usage_id join book.customers c on c.id = u.customer_id \
                    left join book.recharges r on r.id = n.recharge_id left join book.gifts g on g.id = n.gift_id left join book.recharges s on s.id = g.recharge_id \
               union all select c.ref, 'lot ' || right(r.order_no, 1) || r.amount_left from book.recharges r join book.customers c on c.id = r.customer_id \
               union all select c.ref, concat_ws(' ', 'balance', b.account_id, b.commodity, b.amount) from book.balances b join book.customers c on c.id = b.customer_id \
               union all select c.ref, concat_ws(' ', 'total', t.product, t.consumed_principal, t.consumed_gift) from book.consumed_totals t join book.customers c on c.id = t.customer_id \
               union all select c.ref, 'suspended ' || (c.usage_suspended_at is not null) from book.customers c) \
             select string_agg(what, '; ') from (select what from seen group by what having count(distinct ref) <> 2) one_sided",
        )
        .await;
    assert_eq!(differing, "");
    assert_eq!(
        desk.figure("select string_agg(uncollected::text, ' ') from book.usage_charges where uncollected > 0").await,
        "4.623457 4.623457"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn what_comes_late_for_a_closed_month_takes_effect_in_the_next_open_one() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let mut owner = desk.books.owner().await;
    sqlx::raw_sql(
        "update book.closing set closed_before = '2026-06-01 00:00+08', soft_closed_before = '2026-06-01 00:00+08'",
    )
    .execute(&mut owner)
    .await
    .expect("May is closed");
    desk.recharge(vec![order("R2", "C1", "50.00", PAID)]).await;
    desk.act("platform", "recharges.post_one", json!({"order_row": order("R3", "C1", "50.00", PAID)})).await;
    desk.use_up("U1", "C1", "5.50").await;
    let late = json!({"usage_key": "U2", "customer_ref": "C1", "product": "chat", "used_from": "2026-05-20T00:00:00Z", "amount": "1"});
    desk.act("platform", "usage.post_one", json!({"usage_row": late})).await;
    let effective = desk
        .figure("select string_agg(document_id || ' ' || to_char(effective_at at time zone 'Asia/Shanghai', 'MM-DD'), ', ' order by id) from book.journals")
        .await;
    assert_eq!(effective, "R1 05-01, R2 06-01, R3 06-01, U1 06-01, U2 06-01");
    let own_dates = desk.figure("select string_agg(distinct to_char(paid_at at time zone 'Asia/Shanghai', 'MM-DD'), ' ') || ' ' || (select string_agg(distinct to_char(used_from at time zone 'Asia/Shanghai', 'MM-DD'), ' ') from book.usage_charges) from book.recharges").await;
    assert_eq!(own_dates, "05-01 05-20", "what they say of their own dates stays");
    let refused = sqlx::raw_sql(
        "with j as (insert into book.journals (kind, effective_at, recorded_at, recorded_by, document_kind, document_id)
                    values ('adjustment', '2026-05-31 12:00+08', now(), 1, 'test', '1') returning id)
         insert into book.postings (journal_id, line, account_id, commodity, amount)
         select j.id, l.n, a.id, 'CNY', l.amount from j, book.accounts a, (values (1, 1), (2, -1)) l (n, amount) where a.code = 'bank'",
    )
    .execute(&mut owner)
    .await
    .expect_err("the month is closed to everybody");
    assert_eq!(kontor::Error::from(refused).rule_name(), Some("period_closed"));
    sqlx::Connection::close(owner).await.expect("the owner leaves");
}
