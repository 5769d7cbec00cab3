//! Refund cases: the past is recorded, then the desk asks for the quote.

use super::desk::{CUSTOMER, Desk, Lot, instant, is_zero};
use super::{Bench, missing, text};
use crate::error::Result;
use crate::money::Amount;
use chrono::Duration;
use serde_json::{Value, json};

/// The worksheet that an application would have, in the words of the cases.
pub(super) async fn quote(bench: &Bench, input: &Value) -> Result<Value> {
    let mut lots = lots(input)?;
    lots.sort_by_key(|lot| lot.paid_at);
    let requested_at = instant(text(input, "requested_at")?)?;
    let first = lots.first().map_or(requested_at, |lot| lot.paid_at);
    let desk = Desk::open(bench, first - Duration::hours(1)).await?;
    let answer = quote_at(&desk, input, lots, requested_at).await;
    desk.close().await?;
    answer
}

async fn quote_at(
    desk: &Desk,
    input: &Value,
    lots: Vec<Lot>,
    requested_at: chrono::DateTime<chrono::Utc>,
) -> Result<Value> {
    set_policies(desk, input).await?;
    let refunded =
        |lot: &Lot| input["refunded_lot_ids"].as_array().is_some_and(|ids| ids.contains(&json!(lot.order_no)));
    let last = lots.last().map_or(requested_at, |lot| lot.paid_at);
    // A lot was refunded once: while it was the only one there, so nothing else went with it.
    let (before, rest): (Vec<Lot>, Vec<Lot>) = lots.into_iter().partition(refunded);
    for lot in before {
        let paid_at = lot.paid_at;
        desk.set_clock(paid_at + Duration::minutes(1)).await?;
        desk.recharge(&[lot], true).await?;
        desk.refund_everything(paid_at + Duration::minutes(2)).await?;
    }
    desk.set_clock(last + Duration::minutes(5)).await?;
    desk.recharge(&rest, true).await?;
    desk.use_up(input["billed_usage"].as_str().unwrap_or("0"), last + Duration::minutes(10)).await?;
    let unbilled = input["unbilled_usage"].as_str().unwrap_or("0");
    if !is_zero(unbilled) {
        let until = last + Duration::minutes(20);
        desk.act(
            "platform",
            "usage.report_unbilled",
            json!({
                "customer_ref": CUSTOMER, "amount": unbilled, "metered_until": until,
            }),
        )
        .await?;
    }
    desk.set_clock(requested_at - Duration::minutes(1)).await?;
    if input["open_refund_application"] == json!(true) {
        desk.request_refund().await?;
    }
    if input["account_locked"] == json!(true) {
        super::disputes::lock(desk, &rest[0].order_no, &rest[0].principal, requested_at - Duration::minutes(1)).await?;
    }
    desk.set_clock(requested_at).await?;
    let customer = json!({"customer_id": desk.customer_id().await?});
    let page = desk.read("agent", "refunds.quote", customer).await?;
    in_the_words_of_cases(&page["worksheet"])
}

async fn set_policies(desk: &Desk, input: &Value) -> Result<()> {
    let order = input["consume_order"].as_str().unwrap_or("gift_first");
    desk.set_policy("consume_order", None, json!(order)).await?;
    desk.set_policy("refund_once_scope", None, json!(input["once_scope"].as_str().unwrap_or("lot"))).await?;
    let fee = &input["fee_policy"];
    let minimum = fee["min_fee"].as_str().unwrap_or("0.00");
    for channel in ["alipay", "wechat"] {
        let rate = fee["rate"].as_str().or(fee["rate"][channel].as_str()).unwrap_or("0");
        desk.set_policy("refund_fee", Some(channel), json!({"rate": rate, "minimum": minimum})).await?;
    }
    Ok(())
}

fn lots(input: &Value) -> Result<Vec<Lot>> {
    let all = input["lots"].as_array().ok_or_else(|| missing("lots"))?;
    all.iter()
        .map(|lot| {
            Ok(Lot {
                order_no: text(lot, "id")?.to_owned(),
                channel: text(lot, "channel")?.to_owned(),
                paid_at: instant(text(lot, "paid_at")?)?,
                principal: text(lot, "principal")?.to_owned(),
                gift: lot["gift"].as_str().unwrap_or("0.00").to_owned(),
            })
        })
        .collect()
}

fn in_the_words_of_cases(sheet: &Value) -> Result<Value> {
    let fen = |key: &str| -> Result<String> { Ok(Amount::from_file(text(sheet, key)?, 6)?.to_string()) };
    if sheet["eligible"] != json!(true) {
        let reason = match sheet["reason"].as_str().unwrap_or_default() {
            "account_locked" | "refund_stopped_by_dispute" => "ACCOUNT_LOCKED",
            "refund_already_open" => "APPLICATION_ALREADY_OPEN",
            "refund_right_used" => "ONE_TIME_REFUND_USED",
            "refund_nothing_left" => "NOTHING_TO_REFUND",
            other => other,
        };
        // An application that cannot be submitted voids nothing.
        let mut answer = json!({"eligible": false, "reason": reason, "gift_voided": "0.00"});
        if reason == "NOTHING_TO_REFUND" {
            answer["uncollected_usage"] = json!(fen("uncollected")?);
        }
        return Ok(answer);
    }
    let lots: Vec<Value> = sheet["lots"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|lot| lot["refundable"].as_str().is_some_and(|amount| !is_zero(amount)))
        .map(|lot| {
            json!({
                "id": lot["order_no"], "refundable": lot["refundable"], "fee": lot["fee"], "net": lot["net"], "route": lot["route"],
            })
        })
        .collect();
    Ok(json!({
        "eligible": true, "reason": null, "gross": sheet["gross"], "fee": sheet["fee"], "net": sheet["net"],
        "gift_voided": fen("gift_voided")?, "residual_written_off": sheet["residual"],
        "uncollected_usage": fen("uncollected")?, "lots": lots,
    }))
}

/// What becomes of a gift while an application runs its course.
pub(super) async fn gift(bench: &Bench, input: &Value) -> Result<Value> {
    let from = instant("2026-03-01T10:00:00+08:00")?;
    let desk = Desk::open(bench, from).await?;
    let answer = gift_after(&desk, input, from).await;
    desk.close().await?;
    answer
}

async fn gift_after(desk: &Desk, input: &Value, from: chrono::DateTime<chrono::Utc>) -> Result<Value> {
    let lot = Lot {
        order_no: "L1".into(),
        channel: "wechat".into(),
        paid_at: from,
        principal: "100.00".into(),
        gift: text(input, "gift_before")?.to_owned(),
    };
    desk.recharge(&[lot], true).await?;
    let mut refund = Value::Null;
    for event in input["events"].as_array().into_iter().flatten() {
        match event["type"].as_str().unwrap_or_default() {
            "application_submitted" => refund = json!({"refund_id": desk.request_refund().await?}),
            "application_rejected" => {
                let mut rejection = refund.clone();
                rejection["reason"] = json!("golden case");
                desk.act("reviewer", "refunds.reject", rejection).await?;
            }
            "application_withdrawn" => {
                let mut withdrawal = refund.clone();
                withdrawal["reason"] = json!("golden case");
                desk.act("agent", "refunds.withdraw", withdrawal).await?;
            }
            // An application without its proof is refused at intake, and was never initiated.
            "intake_refused" => {
                let refused = desk
                    .act("agent", "refunds.request", json!({
                        "customer_id": desk.customer_id().await?, "reason_kind": "no_longer_needed", "reason": "golden case",
                        "ticket_no": "G-1", "gifts_void_confirmed": true,
                    }))
                    .await;
                if refused.is_ok() {
                    return Ok(json!("the intake was not refused"));
                }
            }
            "reinstatement_posted" => {
                let mut proposal = refund.clone();
                proposal["amount"] = input["gift_before"].clone();
                proposal["reason"] = json!("golden case");
                let (id, _) = desk.act("accountant", "refunds.propose_reinstatement", proposal).await?;
                desk.act("approver", "refunds.confirm_reinstatement", json!({"reinstatement_id": id})).await?;
            }
            other => return Err(missing(other)),
        }
    }
    let customer = json!({"customer_id": desk.customer_id().await?});
    desk.ask(
        "select jsonb_build_object('gift_after', round(b.left, 2)::text, 'gift_state', case when b.left = 0 then 'void' else 'active' end) \
         from (select api.balance(($1 ->> 'customer_id')::bigint, 'wallet', 'CNY.GIFT') as left) b",
        &customer,
    )
    .await
}
