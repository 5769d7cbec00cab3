//! Invoice cases: consumption, papers, red letters and credit-backs, and what may be invoiced then.

use super::Bench;
use super::desk::{Desk, Lot, PRODUCT, instant, is_zero};
use crate::error::Result;
use crate::money::Amount;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

/// What may be invoiced and what must be taken back, as the invoice meter shows it.
pub(super) async fn invoiceable(bench: &Bench, input: &Value) -> Result<Value> {
    let from = instant("2026-03-02T10:00:00+08:00")?;
    let desk = Desk::open(bench, from).await?;
    let answer = invoiceable_at(&desk, input, from).await;
    desk.close().await?;
    answer
}

async fn invoiceable_at(desk: &Desk, input: &Value, from: DateTime<Utc>) -> Result<Value> {
    let amount = |key: &str| -> Result<Amount> { Amount::from_file(input[key].as_str().unwrap_or("0"), 6) };
    let (consumed, gift, refunded) =
        (amount("consumed_principal")?, amount("consumed_gift")?, amount("refunded_principal")?);
    let smallest: Amount = "0.01".parse()?;
    let lot = Lot {
        order_no: "L1".into(),
        channel: "wechat".into(),
        paid_at: from,
        principal: if (consumed + refunded).is_zero() { smallest } else { consumed + refunded }.to_string(),
        gift: gift.to_string(),
    };
    desk.recharge(&[lot], true).await?;
    let usage = desk.use_up(&(consumed + gift).to_string(), from + Duration::hours(1)).await?;
    desk.set_clock(from + Duration::days(1)).await?;
    if !refunded.is_zero() {
        desk.refund_everything(from + Duration::days(1)).await?;
    }
    let invoice = issue(desk, input["blue_invoiced"].as_str().unwrap_or("0")).await?;
    if let (Some(invoice), Some(red)) = (&invoice, input["red_invoiced"].as_str().filter(|red| !is_zero(red))) {
        let (id, _) = desk
            .act(
                "taxclerk",
                "invoices.propose_red_letter",
                json!({
                    "invoice_id": invoice, "reason_code": "01", "lines": [{"product": PRODUCT, "amount": red}],
                }),
            )
            .await?;
        desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": id})).await?;
    }
    if let Some(back) = input["consumption_credited_back"].as_str().filter(|back| !is_zero(back)) {
        let (id, _) = desk
            .act(
                "accountant",
                "usage.propose_credit_back",
                json!({
                    "usage_key": usage, "amount": back, "reason": "golden case",
                }),
            )
            .await?;
        desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": id})).await?;
    }
    let customer = json!({"customer_id": desk.customer_id().await?});
    let meter = desk.read("taxclerk", "invoices.meter", customer).await?;
    let row = meter.as_array().and_then(|rows| rows.iter().find(|row| row["product"] == PRODUCT)).cloned();
    let figure = |key: &str| -> Result<String> {
        let found = row.as_ref().and_then(|row| row[key].as_str()).unwrap_or("0");
        Ok(Amount::from_file(found, 6)?.to_string())
    };
    Ok(json!({"invoiceable": figure("invoiceable")?, "red_required": figure("red_letter_due")?}))
}

/// Issues one paper over an amount; none when it is zero.
async fn issue(desk: &Desk, amount: &str) -> Result<Option<uuid::Uuid>> {
    if is_zero(amount) {
        return Ok(None);
    }
    let customer_id = desk.customer_id().await?;
    let (seller, _) = desk
        .act("administrator", "invoices.propose_seller", json!({
            "name": "示例科技有限公司", "address": "北京市海淀区示例路1号", "tax_id": "91110108MA0TE4T01D", "phone": "010-00000000",
            "bank": "示例银行", "account": "0000000000", "valid_from": "2026-01-01T00:00:00Z",
        }))
        .await?;
    desk.act("approver", "invoices.confirm_seller", json!({"proposal_id": seller})).await?;
    let (buyer, _) = desk
        .act("taxclerk", "buyers.save", json!({"customer_id": customer_id, "kind": "personal", "name": "测试样例"}))
        .await?;
    let (invoice, _) = desk
        .act(
            "taxclerk",
            "invoices.issue",
            json!({
                "customer_id": customer_id, "buyer_id": buyer, "lines": [{"product": PRODUCT, "amount": amount}],
            }),
        )
        .await?;
    Ok(Some(invoice))
}
