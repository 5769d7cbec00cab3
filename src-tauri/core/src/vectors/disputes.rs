//! Dispute cases: a notice, a lock, thirty days, and what the account can repay.

use super::desk::{CUSTOMER, Desk, Lot, instant, is_zero};
use super::{Bench, text};
use crate::error::Result;
use crate::money::Amount;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// Locks the account over one recharge, as a third party's notice does.
pub(super) async fn lock(desk: &Desk, order_no: &str, amount: &str, at: DateTime<Utc>) -> Result<Uuid> {
    let recharge = desk
        .ask("select to_jsonb(id::text) from book.recharges where order_no = $1 #>> '{}'", &json!(order_no))
        .await?;
    let id = Uuid::now_v7();
    desk.attach("handler", "dispute", id).await?;
    desk.act_as(id, "handler", "disputes.record_notice", json!({
        "recharge_id": recharge, "amount": amount, "received_at": at, "ticket_no": "G-1", "demand": "golden case",
    }))
    .await?;
    desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": id})).await?;
    Ok(id)
}

/// What is repaid from the account and what stays short.
pub(super) async fn shortfall(bench: &Bench, input: &Value) -> Result<Value> {
    let from = instant("2026-03-02T10:00:00+08:00")?;
    let desk = Desk::open(bench, from).await?;
    let answer = shortfall_of(&desk, input, from).await;
    desk.close().await?;
    answer
}

async fn shortfall_of(desk: &Desk, input: &Value, from: DateTime<Utc>) -> Result<Value> {
    let disputed = text(input, "disputed_amount")?;
    fund(desk, input, from).await?;
    let at = from + Duration::days(1);
    desk.set_clock(at).await?;
    let unbilled = input["unbilled_usage"].as_str().unwrap_or("0");
    if !is_zero(unbilled) {
        desk.act("platform", "usage.report_unbilled", json!({
            "customer_ref": CUSTOMER, "amount": unbilled, "metered_until": at,
        }))
        .await?;
    }
    let id = lock(desk, "L1", disputed, at).await?;
    let _ = id;
    Ok(json!("to be written"))
}

/// Recharges and usage that leave the account with the principal and gift of the case.
async fn fund(desk: &Desk, input: &Value, from: DateTime<Utc>) -> Result<()> {
    let amount = |key: &str| -> Result<Amount> { Amount::from_file(input[key].as_str().unwrap_or("0"), 2) };
    let (disputed, principal, gift) = (amount("disputed_amount")?, amount("principal_balance")?, amount("gift_balance")?);
    let lot = |order_no: &str, principal: Amount, gift: Amount, minutes: i64| Lot {
        order_no: order_no.into(),
        channel: "alipay".into(),
        paid_at: from + Duration::minutes(minutes),
        principal: principal.to_string(),
        gift: gift.to_string(),
    };
    desk.set_clock(from + Duration::hours(1)).await?;
    if principal >= disputed {
        desk.recharge(&[lot("L1", disputed, gift, 0)], false).await?;
        if principal > disputed {
            desk.recharge(&[lot("L2", principal - disputed, Amount::ZERO, 1)], true).await?;
        }
        return Ok(());
    }
    // Usage takes gifts first, so the gift arrives after it, with the smallest recharge there is.
    desk.recharge(&[lot("L1", disputed, Amount::ZERO, 0)], false).await?;
    let smallest: Amount = "0.01".parse()?;
    let last = if gift.is_zero() { Amount::ZERO } else { smallest };
    desk.use_up(&(disputed - principal + last).to_string(), from + Duration::minutes(30)).await?;
    if !gift.is_zero() {
        desk.recharge(&[lot("L2", smallest, gift, 40)], true).await?;
    }
    Ok(())
}
