//! Gifts: used by expiry, and off the wallet when their time is over.

use crate::desk::{Desk, order, with};
use serde_json::json;

/// Two gifts of 10.00: the later order's runs out first.
async fn two_gifts() -> Desk {
    let desk = Desk::open().await;
    for (code, days) in [("long", 60), ("short", 20)] {
        desk.act("administrator", "activities.add", json!({"code": code, "title": code, "gift_days": days})).await;
    }
    let gift = |activity: &str| json!({"gift": "10.00", "activity": activity});
    desk.recharge(vec![
        with(order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00"), gift("long")),
        with(order("R2", "C1", "100.00", "2026-05-15T10:00:00+08:00"), gift("short")),
    ])
    .await;
    desk
}

const LEFT: &str = "select string_agg(activity || ' ' || amount_left, ', ' order by activity) from book.gifts";

#[tokio::test]
async fn the_gift_that_runs_out_first_is_used_first() {
    let desk = two_gifts().await;
    desk.use_up("U1", "C1", "4.00").await;
    assert_eq!(desk.figure(LEFT).await, "long 10.000000, short 6.000000");
}

#[tokio::test]
async fn a_gift_past_its_end_leaves_the_wallet_by_its_own_journal() {
    let desk = two_gifts().await;
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 0, "not before its time");
    desk.books.set_clock("2026-06-04T09:59:59+08:00").await;
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 0, "not a second early");
    desk.books.set_clock("2026-06-04T10:00:00+08:00").await;
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 1);
    assert_eq!(desk.figure(LEFT).await, "long 10.000000, short 0.000000");
    assert_eq!(
        desk.figure("select b.amount::text from book.balances b where b.commodity = 'CNY.GIFT'").await,
        "10.000000"
    );
    assert_eq!(desk.figure("select j.clause || ' ' || a.code || ' ' || p.amount from book.journals j join book.postings p on p.journal_id = j.id join book.accounts a on a.id = p.account_id where j.document_kind = 'gift' and a.owner = 'house'").await, "RA 6.2 gift_expired -10.000000");
    assert_eq!(desk.act("platform", "gifts.expire", json!({})).await["posted"], 0, "and only once");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn an_import_takes_what_ran_out_along() {
    let desk = two_gifts().await;
    desk.books.set_clock("2026-06-05T09:00:00+08:00").await;
    let id = crate::support::new_id();
    let totals = json!({"row_count": 0, "from": "2026-06-04T00:00:00+08:00", "to": "2026-06-05T00:00:00+08:00"});
    desk.act("accountant", "imports.begin", json!({"command_id": id, "kind": "statement_wechat", "file_name": "day.csv", "file_sha256": id.replace('-', ""), "totals": totals})).await;
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    assert_eq!(desk.figure(LEFT).await, "long 10.000000, short 0.000000");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn usage_reported_before_the_end_keeps_its_part_of_the_gift() {
    let desk = two_gifts().await;
    desk.act(
        "platform",
        "usage.report_unbilled",
        json!({"customer_ref": "C1", "amount": "3.00", "metered_until": "2026-06-01T00:00:00+08:00"}),
    )
    .await;
    desk.books.set_clock("2026-06-05T09:00:00+08:00").await;
    desk.act("accountant", "gifts.expire", json!({})).await;
    assert_eq!(desk.figure(LEFT).await, "long 10.000000, short 3.000000");
    desk.use_up("U1", "C1", "3.00").await;
    assert_eq!(
        desk.figure(LEFT).await,
        "long 10.000000, short 0.000000",
        "billed late, it still used the gift of its time"
    );
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_gift_reserved_by_an_application_waits_for_its_end() {
    let desk = two_gifts().await;
    desk.act(
        "platform",
        "usage.report_unbilled",
        json!({"customer_ref": "C1", "amount": "3.00", "metered_until": "2026-06-01T00:00:00+08:00"}),
    )
    .await;
    let refund = crate::support::new_id();
    desk.attach("agent", "refund", &refund).await;
    let application = json!({"command_id": refund, "customer_id": desk.customer("C1").await, "reason_kind": "no_longer_needed",
        "reason": "The project ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", application).await;
    desk.books.set_clock("2026-06-05T09:00:00+08:00").await;
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 0);
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_gift_that_a_legal_override_suspends_waits_for_its_outcome() {
    let desk = two_gifts().await;
    desk.books.set_clock("2026-06-05T09:00:00+08:00").await;
    let mut owner = desk.books.owner().await;
    let suspend = "update book.gifts set suspended_by = gen_random_uuid() where activity = 'short'";
    sqlx::query(suspend).execute(&mut owner).await.expect("suspended");
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 0);
    sqlx::query("update book.gifts set suspended_by = null").execute(&mut owner).await.expect("free again");
    assert_eq!(desk.act("accountant", "gifts.expire", json!({})).await["posted"], 1);
    desk.assert_tied_out().await;
}
