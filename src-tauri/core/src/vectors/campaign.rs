//! Cases of the invite campaign. Whose a friend is and what an order costs are questions to the functions of
//! `campaign_rules.sql`; what friends earn, and what is taken back, is read from books in which the platform recorded
//! the binds, payments and refunds of the case.

use super::desk::{Desk, instant};
use super::plain::ask;
use super::{Bench, missing, text};
use crate::error::Result;
use crate::money::Amount;
use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The areas that need no books of their own, and the question that each is.
const QUESTIONS: &[(&str, &str)] = &[
    ("attribution", ATTRIBUTION),
    ("discount_floor", DISCOUNT_FLOOR),
    ("base_credit", BASE_CREDIT),
    ("invite_validity", INVITE_VALIDITY),
];

const ATTRIBUTION: &str = "\
select jsonb_build_object('inviter', $1 -> 'touches' -> (a.place - 1)::integer -> 'inviter', 'reason', upper(a.reason)) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     api.attribute($1 -> 'touches', ($1 ->> 'first_paid_at')::timestamptz, t.bar_hours, coalesce(($1 ->> 'friend_had_paid_subscription')::boolean, false)) a";

const DISCOUNT_FLOOR: &str = "\
select jsonb_build_object('discount_nominal', a.discount_nominal::text, 'discount_applied', a.discount_applied::text, 'credits_used', a.credits_used::text, \
       'payable', a.payable::text, 'actual_payment_amount', a.actual_payment_amount::text, 'discount_adjusted', a.discount_adjusted, \
       'below_processor_minimum', a.below_processor_minimum) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     api.checkout_amounts(($1 ->> 'order_amount')::numeric, ($1 ->> 'credits_available')::numeric, ($1 ->> 'eligible')::boolean, t.discount_rate, t.minimum_payable) a";

const BASE_CREDIT: &str = "\
select jsonb_build_object('actual_payment_amount', p.apa::text, 'base_credit', api.base_credit(p.apa, t.base_rate)::text) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     (select api.actual_payment(($1 ->> 'cash_balance_paid')::numeric, ($1 ->> 'third_party_paid')::numeric) as apa) p";

const INVITE_VALIDITY: &str = "\
select jsonb_build_object('valid', r.refusal is null, 'reason', upper(r.refusal)) \
from (select api.invite_refusal(($1 ->> 'first_paid_at')::timestamptz, ($1 ->> 'campaign_start')::timestamptz, ($1 ->> 'campaign_end')::timestamptz, false, $1 -> 'refunds') as refusal) r";

/// Asks the question of the area, or plays its case.
pub(super) async fn answer(bench: &Bench, area: &str, input: &Value) -> Result<Value> {
    if let Some((_, sql)) = QUESTIONS.iter().find(|(name, _)| *name == area) {
        return ask(bench, sql, input).await;
    }
    let desk = Desk::open(bench, instant("2026-12-01T00:00:00Z")?).await?;
    let answer = match area {
        "tier_credit" => tier_credit(&desk, input).await,
        "clawback_refund" => clawback_refund(&desk, input).await,
        _ => clawback_violation(&desk, input).await,
    };
    desk.close().await?;
    answer
}

/// A friend who pays once, an hour after the bind.
struct Friend {
    id: String,
    paid_at: DateTime<Utc>,
    apa: String,
    refunded: bool,
}

const INVITER: &str = "GOLDEN-INVITER";

fn friends_in_order(apas: &Value) -> Result<Vec<Friend>> {
    let first = instant("2026-01-01T00:00:00Z")?;
    let apas = apas.as_array().ok_or_else(|| missing("apa_in_order"))?;
    let friend = |(place, apa): (usize, &Value)| {
        let apa = apa.as_str().ok_or_else(|| missing("apa_in_order"))?.to_owned();
        let minutes = i64::try_from(place).unwrap_or_default();
        Ok(Friend { id: format!("F{place:06}"), paid_at: first + Duration::minutes(minutes), apa, refunded: false })
    };
    apas.iter().enumerate().map(friend).collect()
}

async fn post(desk: &Desk, kind: &str, rows: Vec<Value>) -> Result<()> {
    desk.act("platform", "campaign.post", json!({"kind": kind, "rows": rows})).await?;
    Ok(())
}

/// The platform records accounts, binds, payments and refunds of one inviter's friends.
async fn record(desk: &Desk, inviter: &str, friends: &[Friend]) -> Result<()> {
    post(desk, "campaign_members", vec![json!({"customer_ref": inviter, "registered_at": "2025-10-01T00:00:00Z"})])
        .await?;
    let touch = |friend: &Friend| json!({"touch_key": friend.id, "friend_ref": friend.id, "inviter_ref": inviter, "bound_at": friend.paid_at - Duration::hours(1)});
    post(desk, "campaign_touches", friends.iter().map(touch).collect()).await?;
    let order = |friend: &Friend| {
        json!({"order_no": friend.id, "customer_ref": friend.id, "purpose": "subscription", "product": "glm_coding", "currency": "USD",
               "paid_at": friend.paid_at, "amount_order": friend.apa, "cash_balance_paid": friend.apa})
    };
    post(desk, "campaign_orders", friends.iter().map(order).collect()).await?;
    refund(desk, friends.iter().filter(|friend| friend.refunded)).await
}

async fn refund(desk: &Desk, friends: impl Iterator<Item = &Friend>) -> Result<()> {
    let row = |friend: &Friend| {
        json!({"refund_no": format!("R-{}", friend.id), "order_no": friend.id, "currency": "USD", "amount": friend.apa,
               "succeeded_at": friend.paid_at + Duration::hours(1)})
    };
    post(desk, "campaign_refunds", friends.map(row).collect()).await
}

/// Spends credits on a pack; nothing when the amount is zero.
async fn spend(desk: &Desk, account: &str, amount: &str) -> Result<()> {
    if Amount::from_file(amount, 2)?.is_zero() {
        return Ok(());
    }
    let order = json!({"order_no": format!("PACK-{account}"), "customer_ref": account, "purpose": "pack", "product": "pack", "currency": "USD",
        "paid_at": "2026-11-01T00:00:00Z", "amount_order": amount, "credits_used": amount});
    post(desk, "campaign_orders", vec![order]).await
}

async fn tier_credit(desk: &Desk, input: &Value) -> Result<Value> {
    let friends = match input["friends"].as_array() {
        None => friends_in_order(&input["apa_in_order"])?,
        Some(told) => told
            .iter()
            .map(|friend| {
                Ok(Friend {
                    id: text(friend, "id")?.to_owned(),
                    paid_at: instant(text(friend, "first_paid_at")?)?,
                    apa: text(friend, "apa")?.to_owned(),
                    refunded: friend["valid"] == json!(false),
                })
            })
            .collect::<Result<_>>()?,
    };
    record(desk, INVITER, &friends).await?;
    desk.ask(
        "select jsonb_build_object('valid_friends', coalesce(l.friends, 0), 'base_total', coalesce(l.base_posted, 0)::numeric(20, 2)::text, \
                'tier_total', coalesce(l.tier_posted, 0)::numeric(20, 2)::text, \
                'needed_for_next_round', api.friends_in_a_round() - coalesce(l.friends, 0) % api.friends_in_a_round(), \
                'rounds', (select coalesce(jsonb_agg(r - array['friends', 'from_at', 'until_at', 'exact'] order by (r ->> 'round')::integer), '[]') \
                           from jsonb_array_elements(api.inviter_rounds(c.id, coalesce(l.friends, 0), 1000000)) r where r ->> 'tier_credit' is not null)) \
         from book.customers c left join book.ladders l on l.inviter_id = c.id where c.ref = $1 #>> '{}'",
        &json!(INVITER),
    )
    .await
}

async fn clawback_refund(desk: &Desk, input: &Value) -> Result<Value> {
    let friends = friends_in_order(&input["apa_in_order"])?;
    record(desk, INVITER, &friends).await?;
    let before = standing(desk).await?;
    spend(desk, INVITER, text(input, "credits_used")?).await?;
    let fallen: Vec<u64> =
        input["invalidated_positions"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    let positions = (1u64..).zip(&friends).filter(|(place, _)| fallen.contains(place)).map(|(_, friend)| friend);
    refund(desk, positions).await?;
    let after = standing(desk).await?;
    let amount = |row: &Value, key: &str| Amount::from_file(text(row, key)?, 6).map(|amount| amount.decimal());
    let to_reverse = amount(&before, "entitled")? - amount(&after, "entitled")?;
    let balance = amount(&after, "balance")?;
    let negative = if balance < Decimal::ZERO { -balance } else { Decimal::ZERO };
    let cents = |amount: Decimal| format!("{amount:.2}");
    Ok(json!({
        "credits_before": before["entitled"], "credits_entitled_after": after["entitled"], "to_reverse": cents(to_reverse),
        "reverse_from_unused": cents(to_reverse - negative), "negative_balance": cents(negative),
    }))
}

/// What the inviter is entitled to, and the balance that the ledger shows.
async fn standing(desk: &Desk) -> Result<Value> {
    desk.ask(
        "select jsonb_build_object('entitled', (l.base_posted + l.tier_posted)::numeric(20, 2)::text, \
                'balance', api.balance(c.id, 'credits', 'USD.CREDIT')::numeric(20, 2)::text) \
         from book.customers c join book.ladders l on l.inviter_id = c.id where c.ref = $1 #>> '{}'",
        &json!(INVITER),
    )
    .await
}

async fn clawback_violation(desk: &Desk, input: &Value) -> Result<Value> {
    let paid_at = instant("2026-01-01T00:00:00Z")?;
    for account in input["accounts"].as_array().into_iter().flatten() {
        let id = text(account, "id")?;
        let issued = Amount::from_file(text(account, "credits_issued")?, 2)?;
        // One friend whose tenth is what was issued.
        let apa = issued.decimal() * Decimal::TEN;
        let friend = Friend { id: format!("{id}-F"), paid_at, apa: format!("{apa:.2}"), refunded: false };
        let friends = if issued.is_zero() { vec![] } else { vec![friend] };
        record(desk, id, &friends).await?;
        spend(desk, id, text(account, "credits_used")?).await?;
    }
    desk.ask(
        "select jsonb_build_object('total_deduct_unused', s.sheet -> 'deduct', 'total_reclaim_cash_value', s.sheet -> 'claim', \
                'accounts', (select jsonb_agg(jsonb_build_object('id', a ->> 'ref', 'deduct_unused', a -> 'deduct', 'reclaim_cash_value', a -> 'claim') order by t.n) \
                             from jsonb_array_elements($1 -> 'accounts') with ordinality t (told, n) join jsonb_array_elements(s.sheet -> 'accounts') a on a ->> 'ref' = t.told ->> 'id')) \
         from (select api.penalty_sheet(array(select c.id from book.customers c where c.ref in (select e ->> 'id' from jsonb_array_elements($1 -> 'accounts') e))) as sheet) s",
        input,
    )
    .await
}
