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
    let (id, _) = desk
        .act("handler", "disputes.record_notice", json!({
            "order_no": order_no, "ticket_no": "G-2", "demand": "golden case", "received_at": at, "amount_disputed": amount,
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
        desk.act(
            "platform",
            "usage.report_unbilled",
            json!({
                "customer_ref": CUSTOMER, "amount": unbilled, "metered_until": at,
            }),
        )
        .await?;
    }
    let id = lock(desk, "L1", disputed, at).await?;
    let served_at = at + Duration::minutes(1);
    desk.set_clock(served_at).await?;
    desk.act(
        "handler",
        "disputes.record_service",
        json!({
            "dispute_id": id, "about": "lock", "way": "email", "served_at": served_at, "proof": "golden case",
        }),
    )
    .await?;
    let expires_at = expiry(desk, id).await?;
    let evidence = input["evidence"].as_str().unwrap_or("none_in_time");
    if evidence.contains("accepted") || evidence.contains("rejected") {
        judge(desk, id, at + Duration::days(2), evidence.contains("accepted") && !evidence.contains("late")).await?;
    }
    desk.set_clock(expires_at + Duration::minutes(1)).await?;
    if page(desk, id).await?["closed_at"].is_null() {
        repay(desk, id, expires_at + Duration::minutes(1)).await?;
        clear_the_rest(desk, input, id, expires_at + Duration::minutes(1)).await?;
    }
    in_the_words_of_cases(&page(desk, id).await?)
}

/// The holder files in time, and two people accept it, or one rejects it.
async fn judge(desk: &Desk, id: Uuid, at: DateTime<Utc>, accepted: bool) -> Result<()> {
    desk.set_clock(at).await?;
    let paper = desk.attach("handler", "dispute", id).await?;
    let (evidence, _) = desk
        .act("handler", "disputes.record_evidence", json!({
            "dispute_id": id, "summary": "golden case", "way": "ticket", "received_at": at, "attachment_ids": [paper],
        }))
        .await?;
    let judged = json!({"dispute_id": id, "evidence_id": evidence, "reason": "golden case"});
    if accepted {
        desk.act("reviewer", "disputes.propose_acceptance", judged).await?;
        desk.act("approver", "disputes.confirm_acceptance", json!({"dispute_id": id})).await?;
    } else {
        desk.act("reviewer", "disputes.reject_evidence", judged).await?;
    }
    Ok(())
}

/// After the last instant: what the account can pay goes to the third party, through three people.
async fn repay(desk: &Desk, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    let case = json!({"dispute_id": id});
    desk.act("handler", "disputes.state_inboxes_checked", case.clone()).await?;
    match desk.act("handler", "disputes.propose_repayment", case.clone()).await {
        Err(refusal) if refusal.rule_name() == Some("principal_not_available") => return Ok(()),
        proposed => proposed?,
    };
    desk.act("approver", "disputes.approve_repayment", case.clone()).await?;
    desk.act("treasurer", "disputes.release_repayment", case).await?;
    let receipt = desk.attach("accountant", "dispute", id).await?;
    desk.act(
        "accountant",
        "disputes.confirm_repayment",
        json!({
            "dispute_id": id, "reference": "G-3", "attachment_id": receipt, "paid_at": at,
        }),
    )
    .await?;
    Ok(())
}

/// What the third party gives up, and what the holder paid him himself.
async fn clear_the_rest(desk: &Desk, input: &Value, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    for (key, command) in [
        ("waived_by_third_party", "disputes.record_waiver"),
        ("user_paid_third_party_directly", "disputes.record_direct_payment"),
    ] {
        let Some(amount) = input[key].as_str().filter(|amount| !is_zero(amount)) else { continue };
        let paper = desk.attach("handler", "dispute", id).await?;
        let mut arguments = json!({"dispute_id": id, "amount": amount, "attachment_id": paper});
        if command == "disputes.record_waiver" {
            arguments["received_at"] = json!(at);
            arguments["reason"] = json!("golden case");
        } else {
            arguments["paid_at"] = json!(at);
            arguments["channel"] = json!("alipay");
            arguments["reference"] = json!("G-4");
        }
        desk.act("handler", command, arguments).await?;
    }
    Ok(())
}

async fn page(desk: &Desk, id: Uuid) -> Result<Value> {
    desk.read("handler", "disputes.open", json!({"dispute_id": id})).await
}

async fn expiry(desk: &Desk, id: Uuid) -> Result<DateTime<Utc>> {
    instant(text(&page(desk, id).await?, "expires_at")?)
}

fn in_the_words_of_cases(page: &Value) -> Result<Value> {
    let figure = |key: &str| -> Result<Amount> { Amount::from_file(text(page, key)?, 6) };
    let (repaid, outstanding) = (figure("amount_repaid")?, figure("amount_outstanding")?);
    if page["status"] == json!("accepted") {
        return Ok(json!({
            "outcome": "UNLOCK_KEEP_FUNDS", "refund_from_account": repaid, "shortfall": "0.00", "overall_settled": true,
        }));
    }
    let settled = page["status"] == json!("settled") && outstanding.is_zero();
    let outcome = if settled { "REFUND_THIRD_PARTY" } else { "REFUND_PARTIAL_AND_COLLECT" };
    Ok(json!({
        "outcome": outcome, "refund_from_account": repaid, "shortfall": outstanding, "overall_settled": settled,
    }))
}

/// Recharges and usage that leave the account with the principal and gift of the case.
async fn fund(desk: &Desk, input: &Value, from: DateTime<Utc>) -> Result<()> {
    let amount = |key: &str| -> Result<Amount> { Amount::from_file(input[key].as_str().unwrap_or("0"), 2) };
    let (disputed, principal, gift) =
        (amount("disputed_amount")?, amount("principal_balance")?, amount("gift_balance")?);
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
