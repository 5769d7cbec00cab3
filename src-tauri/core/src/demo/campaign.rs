//! The invite campaign of the demo: two months of binds, first payments and refunds in USD, told by the platform at the
//! end, and what people have to do about them: two objections, one of them late, and accounts that share a device.

use super::business::{Business, Size, at};
use super::dice::Dice;
use super::load::People;
use crate::error::{Error, Result};
use chrono::{DateTime, Duration, FixedOffset};
use serde_json::{Value, json};

/// Its purpose among the demo's dice.
const PURPOSE: u64 = 7;
const INVITERS: usize = 4;
const MOST_FRIENDS: usize = 300;
const PRICES: &[i64] = &[300, 1_500, 3_000, 2_705];

/// What the platform tells, as rows of its four papers.
#[derive(Default)]
struct Told {
    touches: Vec<Value>,
    orders: Vec<Value>,
    refunds: Vec<Value>,
    /// A friend who paid after the hours, and when.
    late: Option<(String, DateTime<FixedOffset>)>,
}

fn dollars(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn tell(business: &Business, size: &Size, dice: &mut Dice) -> Told {
    let mut told = Told::default();
    let numbers: Vec<&str> = business.customers.iter().map(|customer| customer.number.as_str()).collect();
    for (place, friend) in numbers.iter().enumerate().skip(INVITERS).take(MOST_FRIENDS) {
        // The first inviter wins more than half of them: a ladder with several rounds.
        let inviter = if dice.chance(60) { 0 } else { dice.below(INVITERS as u64 - 1) as usize };
        let bound_at = at(size.today, 8, 0) - Duration::minutes(dice.between(5 * 1_440, 70 * 1_440));
        let touch = |key: String, inviter: usize, bound_at: DateTime<FixedOffset>| json!({"touch_key": key, "friend_ref": friend, "inviter_ref": numbers[inviter], "bound_at": bound_at, "way": "link"});
        told.touches.push(touch(format!("B{place:05}"), inviter, bound_at));
        if dice.chance(20) {
            let again = bound_at + Duration::minutes(dice.between(1, 600));
            told.touches.push(touch(format!("B{place:05}-2"), (inviter + 1) % (INVITERS - 1), again));
        }
        if dice.chance(15) {
            continue;
        }
        let late = dice.chance(6);
        let paid_at =
            bound_at + Duration::minutes(if late { 4_321 + dice.between(0, 900) } else { dice.between(601, 4_000) });
        let (order, price) = (format!("GC{place:06}"), *dice.pick(PRICES));
        let discount = (price + 5) / 10;
        told.orders.push(json!({"order_no": order, "customer_ref": friend, "purpose": "subscription", "product": "glm_coding", "currency": "USD",
            "paid_at": paid_at, "amount_order": dollars(price), "discount": dollars(discount), "third_party_paid": dollars(price - discount),
            "provider_no": format!("pi_demo{place:06}")}));
        if late {
            told.late = Some(((*friend).to_owned(), paid_at));
        } else if dice.chance(4) {
            told.refunds.push(json!({"refund_no": format!("re_demo{place:06}"), "order_no": order, "currency": "USD",
                "amount": dollars(price - discount), "succeeded_at": paid_at + Duration::days(2)}));
        }
    }
    told
}

/// Tells it, and leaves a little for people to do.
pub(super) async fn play(people: &People<'_>, business: &Business, size: &Size) -> Result<()> {
    let told = tell(business, size, &mut Dice::new(size.seed).apart(PURPOSE));
    for (kind, rows) in
        [("campaign_touches", told.touches), ("campaign_orders", told.orders), ("campaign_refunds", told.refunds)]
    {
        people.act("platform", "campaign.post", json!({"kind": kind, "rows": rows})).await?;
    }
    let inviter = business.customers[0].number.as_str();
    let pack = json!({"order_no": "PK000001", "customer_ref": inviter, "purpose": "pack", "product": "image_pack", "currency": "USD",
        "paid_at": at(size.today, 8, 0), "amount_order": "20.00", "credits_used": "12.50", "third_party_paid": "7.50"});
    people.act("platform", "campaign.post", json!({"kind": "campaign_orders", "rows": [pack]})).await?;
    share(people, business, size).await?;
    match told.late {
        Some((friend, paid_at)) => object(people, &friend, paid_at, size).await,
        None => Ok(()),
    }
}

/// Three accounts behind one device, two of them with one card.
async fn share(people: &People<'_>, business: &Business, size: &Size) -> Result<()> {
    let seen = |place: usize, kind: &str, value: &str| json!({"customer_ref": business.customers[place].number, "kind": kind, "value": value, "seen_at": at(size.today, 7, 0)});
    let rows = [
        seen(1, "device", "demo-5f2c9a"),
        seen(INVITERS, "device", "demo-5f2c9a"),
        seen(INVITERS + 1, "device", "demo-5f2c9a"),
        seen(1, "payment_account", "card-0042"),
        seen(INVITERS, "payment_account", "card-0042"),
        seen(1, "network", "203.0.113.9"),
        seen(INVITERS + 1, "network", "203.0.113.9"),
    ];
    people.act("platform", "campaign.post_signals", json!({"rows": rows})).await?;
    Ok(())
}

/// The friend who paid too late objects, once in time and once after the fifteen days.
async fn object(people: &People<'_>, friend: &str, paid_at: DateTime<FixedOffset>, size: &Size) -> Result<()> {
    let found = people.ask("agent", "customers.list", json!({"search": friend})).await?;
    let id = found[0]["id"].as_str().ok_or_else(|| Error::bug("the demo's friend is known"))?.to_owned();
    for (ticket, visible_at) in [
        ("W-90001", at(size.today, 8, 0) - Duration::days(3)),
        ("W-90002", paid_at.min(at(size.today, 8, 0) - Duration::days(20))),
    ] {
        let objection = json!({"customer_id": id, "friend_id": id, "about": "validity", "ticket_no": ticket, "visible_at": visible_at,
            "received_at": at(size.today, 9, 0), "told": "好友称付款页面卡顿，才超过了 72 小时。"});
        people.act("agent", "campaign.record_objection", objection).await?;
    }
    Ok(())
}
