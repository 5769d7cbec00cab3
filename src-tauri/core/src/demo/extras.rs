//! The rest of a desk's days: goodwill, usage given back, a policy that waits for its second person, notes.

use super::business::Business;
use super::cast::{RefundEnd, Role};
use super::people::People;
use super::play::{Extra, Play, Scene, What, customer_id};
use super::setting::{Size, at};
use crate::error::Result;
use crate::orders::UsageRow;
use chrono::{Days, TimeDelta};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// When they happen.
pub(super) fn scenes(business: &Business, size: &Size) -> Vec<Scene> {
    let scene = |at, extra| Scene { at, what: What::Extra(extra) };
    let mut scenes = vec![
        scene(at(size.today - Days::new(36), 11, 15), Extra::CreditBack(0, true)),
        scene(at(size.today - Days::new(1), 11, 15), Extra::CreditBack(1, false)),
        scene(at(size.today - Days::new(1), 20, 0), Extra::Unbilled),
        scene(at(size.today - Days::new(2), 17, 30), Extra::Policy),
    ];
    let mut confirmed = true;
    for (index, part) in business.parts.iter().enumerate() {
        if matches!(part.role, Role::Refund(RefundEnd::Rejected | RefundEnd::Withdrawn)) {
            scenes.push(scene(at(part.on, 9, 50) + TimeDelta::days(3), Extra::Reinstate(index, confirmed)));
            confirmed = !confirmed;
        }
        if index % 3 == 0 {
            scenes.push(scene(at(part.on, 16, 55) + TimeDelta::days(1), Extra::Note(part.customer)));
        }
    }
    scenes
}

const NOTES: &[&str] = &[
    "客户来电询问余额，已告知账户页面可查。",
    "Asked for the statement of last month; sent from the invoices page.",
    "客户希望改用企业支付宝付款，已说明付款人须为账户持有人（5.2）。",
];

/// Plays one of them.
pub(super) async fn perform(people: &People<'_>, business: &Business, play: &mut Play, extra: Extra) -> Result<()> {
    match extra {
        Extra::Reinstate(index, confirmed) => reinstate(people, play, index, confirmed).await?,
        Extra::CreditBack(place, confirmed) => {
            let Some(usage) = charged_usage(business).nth(place * 7) else { return Ok(()) };
            give_back(people, usage, confirmed).await?;
        }
        Extra::Unbilled => {
            let known = |name: &str| business.customers.iter().find(|customer| customer.name == name);
            let Some(customer) = known("霜叶网络") else { return Ok(()) };
            let until = business.periods.last().map(|papers| at(papers.period.to, 19, 0).to_rfc3339());
            let report = json!({"customer_ref": customer.number, "amount": "0.60", "metered_until": until});
            people.act("platform", "usage.report_unbilled", report).await?;
        }
        Extra::Policy => {
            let proposal = json!({
                "name": "second_approval_above", "value": "20000.00", "valid_from": "2026-03-01T00:00:00+08:00",
                "reason": "节后退款金额上升，降低二次审批限额。",
            });
            people.act("administrator", "policies.propose", proposal).await?;
        }
        Extra::Note(customer) => {
            let id = customer_id(people, business, play, customer).await?;
            let note = json!({"customer_id": id, "kind": "note", "body": NOTES[customer % NOTES.len()]});
            people.act("agent2", "customers.add_note", note).await?;
        }
    }
    Ok(())
}

/// Usage of ordinary customers some weeks ago that was worth mentioning.
fn charged_usage(business: &Business) -> impl Iterator<Item = &UsageRow> {
    let weeks_ago = business.periods.len().saturating_sub(7);
    let rows = business.periods.iter().skip(weeks_ago).take(1).flat_map(|papers| &papers.usage);
    rows.filter(|row| row.amount > Decimal::from(40))
}

async fn give_back(people: &People<'_>, usage: &UsageRow, confirmed: bool) -> Result<()> {
    let amount = (usage.amount / Decimal::from(4)).round_dp(2);
    let asked = json!({"usage_key": usage.usage_key, "amount": format!("{amount:.2}"), "reason": "服务中断期间的用量，按公告退回。"});
    let proposed = people.act("accountant", "usage.propose_credit_back", asked).await?;
    if confirmed {
        people.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": proposed["id"]})).await?;
    }
    Ok(())
}

async fn reinstate(people: &People<'_>, play: &Play, index: usize, confirmed: bool) -> Result<()> {
    let Some(case) = play.cases.get(&index) else { return Ok(()) };
    let page: Value = people.ask("accountant", "refunds.open", json!({"refund_id": case.id})).await?;
    let voided: Decimal = page["amount_gift_voided"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
    let amount = voided.trunc_with_scale(2);
    if amount.is_zero() {
        return Ok(());
    }
    let asked =
        json!({"refund_id": case.id, "amount": format!("{amount:.2}"), "reason": "客服误操作提交申请，善意恢复赠送。"});
    let proposed = people.act("accountant", "refunds.propose_reinstatement", asked).await?;
    if confirmed {
        people.act("approver", "refunds.confirm_reinstatement", json!({"reinstatement_id": proposed["id"]})).await?;
    }
    Ok(())
}
