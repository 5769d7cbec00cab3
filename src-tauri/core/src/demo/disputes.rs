//! Third-party recharges in dispute: notice, lock, evidence, repayment, shortfall (RA 5.2).

use super::business::Business;
use super::cast::{DisputeEnd, Part, Role};
use super::letters;
use super::people::People;
use super::play::{Case, DisputeStep, Leg, Play, Scene, What, after, attach, ticket};
use super::proofs;
use crate::error::{Error, Result};
use crate::orders::OrderRow;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::{Value, json};

/// Days after the notice, hour, minute, step. The evidence window is over after at most 39 days, whatever the holidays.
type Timetable = &'static [(i64, u32, u32, DisputeStep)];

fn timetable(end: DisputeEnd) -> Timetable {
    use DisputeStep::{
        Approve, CheckInboxes, ConfirmAcceptance, Decline, Escalate, Evidence, Freeze, FreezeAmount, Lock, Negotiate,
        Notice, Pay, Propose, ProposeAcceptance, RejectEvidence, Release, Remind, Serve, Shortfall, Waive, Withdraw,
    };
    match end {
        DisputeEnd::Noticed => &[(0, 9, 20, Notice)],
        DisputeEnd::WithProvider => &[(0, 11, 35, Notice)],
        DisputeEnd::AcceptanceProposed => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (9, 11, 0, Evidence),
            (14, 15, 0, ProposeAcceptance),
        ],
        DisputeEnd::RepaymentApproved => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (35, 9, 5, CheckInboxes),
            (35, 9, 30, Propose),
            (36, 14, 0, Approve),
        ],
        DisputeEnd::RepaymentReleased => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (36, 9, 5, CheckInboxes),
            (36, 9, 30, Propose),
            (37, 14, 0, Approve),
            (38, 16, 0, Release),
        ],
        DisputeEnd::Escalated => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (20, 10, 0, Negotiate),
            (41, 15, 0, Negotiate),
            (45, 9, 30, Escalate),
            (50, 11, 0, Freeze),
        ],
        DisputeEnd::Declined => &[(0, 10, 41, Notice), (1, 9, 40, Decline)],
        DisputeEnd::Locked => &[(0, 10, 41, Notice), (0, 12, 0, Lock), (0, 12, 4, Serve), (8, 10, 20, FreezeAmount)],
        DisputeEnd::Withdrawn => &[(0, 10, 41, Notice), (0, 12, 0, Lock), (0, 12, 4, Serve), (5, 14, 30, Withdraw)],
        DisputeEnd::EvidenceFiled => &[(0, 10, 41, Notice), (0, 12, 0, Lock), (0, 12, 4, Serve), (6, 9, 30, Evidence)],
        DisputeEnd::EvidenceRejected => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 3, Serve),
            (12, 21, 30, Evidence),
            (14, 10, 10, RejectEvidence),
            (27, 9, 0, Remind),
        ],
        DisputeEnd::Accepted => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (9, 11, 0, Evidence),
            (10, 15, 0, ProposeAcceptance),
            (11, 10, 0, ConfirmAcceptance),
        ],
        DisputeEnd::Expired => {
            &[(0, 10, 41, Notice), (0, 12, 0, Lock), (0, 12, 4, Serve), (24, 9, 0, Remind), (31, 9, 5, CheckInboxes)]
        }
        DisputeEnd::RepaymentProposed => {
            &[(0, 10, 41, Notice), (0, 12, 0, Lock), (0, 12, 4, Serve), (33, 9, 5, CheckInboxes), (33, 9, 30, Propose)]
        }
        DisputeEnd::Repaid => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (42, 9, 5, CheckInboxes),
            (42, 9, 30, Propose),
            (42, 14, 0, Approve),
            (43, 10, 30, Release),
            (43, 15, 0, Pay),
        ],
        DisputeEnd::Shortfall => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (33, 9, 5, CheckInboxes),
            (33, 9, 30, Propose),
            (33, 14, 0, Approve),
            (33, 16, 0, Release),
            (33, 17, 0, Pay),
            (34, 10, 0, Shortfall),
        ],
        DisputeEnd::Waived => &[
            (0, 10, 41, Notice),
            (0, 12, 0, Lock),
            (0, 12, 4, Serve),
            (34, 9, 5, CheckInboxes),
            (34, 9, 30, Propose),
            (34, 14, 0, Approve),
            (34, 16, 0, Release),
            (34, 17, 0, Pay),
            (35, 10, 0, Shortfall),
            (46, 11, 20, Waive),
        ],
    }
}

/// The scenes of one dispute.
pub(super) fn scenes(index: usize, part: &Part, end: DisputeEnd) -> Vec<Scene> {
    let scene = |(days, hour, minute, step): &(i64, u32, u32, DisputeStep)| Scene {
        at: after(part, *days, *hour, *minute),
        what: What::Dispute(index, *step),
    };
    timetable(end).iter().map(scene).collect()
}

/// The order in dispute: the latest before the notice that somebody else paid.
fn disputed_order<'a>(business: &'a Business, part: &Part) -> Result<&'a OrderRow> {
    let number = &business.customers[part.customer].number;
    let theirs = |order: &&OrderRow| {
        order.customer_ref == *number && !order.payer_is_holder && order.paid_at.date_naive() < part.quiet_from
    };
    let orders = business.periods.iter().flat_map(|papers| &papers.orders);
    orders.filter(theirs).max_by_key(|order| order.paid_at).ok_or_else(|| Error::rule("recharge_unknown"))
}

/// Plays one step.
pub(super) async fn perform(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
    step: DisputeStep,
    at: DateTime<FixedOffset>,
) -> Result<()> {
    let part = &business.parts[index];
    let case = play.cases.get(&index).cloned().unwrap_or_default();
    let one = json!({"dispute_id": case.id});
    let with = |more: Value| merged(&one, &more);
    let letters = letters::Of::new(case.id, &business.customers[part.customer].name);
    let earlier = |minutes: i64| (at - TimeDelta::minutes(minutes)).to_rfc3339();
    let (login, command, arguments) = match step {
        DisputeStep::Notice => return notice(people, business, play, index, at).await,
        DisputeStep::Lock => ("reviewer", "confirm_lock", one),
        DisputeStep::Serve if index % 4 == 1 => {
            return letters.carried_at_the_second_attempt(people, "lock_notice").await;
        }
        DisputeStep::Serve => return letters.carried(people, "lock_notice").await,
        DisputeStep::Remind => return letters.reminded(people).await,
        DisputeStep::Evidence => return evidence(people, play, index, at).await,
        DisputeStep::RejectEvidence => {
            let why =
                json!({"evidence_id": case.evidence, "reason": "聊天记录形成于充值日之后，不能证明付款人事先同意。"});
            ("reviewer", "reject_evidence", with(why))
        }
        DisputeStep::ProposeAcceptance => {
            let why = json!({"evidence_id": case.evidence, "reason": "付款人在充值前书面同意代付。"});
            ("reviewer", "propose_acceptance", with(why))
        }
        DisputeStep::ConfirmAcceptance => ("approver", "confirm_acceptance", with(json!({"reason": "同意复核意见。"}))),
        DisputeStep::Withdraw => ("handler", "withdraw_notice", with(json!({"reason": "付款人书面撤回异议。"}))),
        DisputeStep::Decline => ("handler", "decline_notice", with(json!({"reason": "核对后付款人即账户持有人。"}))),
        DisputeStep::CheckInboxes => ("handler", "state_inboxes_checked", one),
        DisputeStep::Propose => ("handler", "propose_repayment", one),
        DisputeStep::Approve => ("approver", "approve_repayment", one),
        DisputeStep::Release => ("treasurer", "release_repayment", one),
        DisputeStep::Pay => return pay(people, play, disputed_order(business, part)?, &one, at).await,
        DisputeStep::Shortfall => return letters.demanded(people).await,
        DisputeStep::Negotiate => {
            let talk = json!({"happened_at": earlier(60), "body_text": "电话协商：双方未达成一致。"});
            ("handler", "record_negotiation", with(talk))
        }
        DisputeStep::Escalate => ("legal", "escalate", with(json!({"reason": "协商未果，按协议 10.1 提交法院。"}))),
        DisputeStep::FreezeAmount => return freeze(people, &one, index, Some("100.00"), at).await,
        DisputeStep::Freeze => return freeze(people, &one, index, None, at).await,
        DisputeStep::Waive => {
            letters.form_handed_over(people).await?;
            return waive(people, play, index, at).await;
        }
    };
    people.act(login, &format!("disputes.{command}"), arguments).await?;
    people.platform_obeys().await?;
    match step {
        DisputeStep::RejectEvidence => letters.carried(people, "evidence_request").await,
        DisputeStep::ConfirmAcceptance | DisputeStep::Withdraw => letters.carried(people, "unlock_notice").await,
        _ => Ok(()),
    }
}

fn merged(one: &Value, more: &Value) -> Value {
    let mut all = one.clone();
    for (key, value) in more.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    all
}

/// What the payer says, in the form in which it is recorded.
pub(super) async fn first_notice(
    people: &People<'_>,
    business: &Business,
    index: usize,
    at: DateTime<FixedOffset>,
) -> Result<Value> {
    let part = &business.parts[index];
    let order = disputed_order(business, part)?;
    let kind = if part.role == Role::Dispute(DisputeEnd::WithProvider) { "provider" } else { "third_party" };
    Ok(json!({
        "command_id": people.new_id().await, "order_no": order.order_no, "ticket_no": ticket(index), "kind": kind,
        "demand": "付款人称未同意代为充值，要求退还全部金额。",
        "received_at": (at - TimeDelta::minutes(11)).to_rfc3339(), "notice_way": "ticket",
        "informant_name": order.payer_name, "informant_contact": format!("1380000{:04}", 9_000 + index),
    }))
}

async fn notice(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
    at: DateTime<FixedOffset>,
) -> Result<()> {
    let told = first_notice(people, business, index, at).await?;
    let id = told["command_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    people.ask("agent", "disputes.record_notice", told).await?;
    play.cases.insert(index, Case { id, evidence: None });
    attach(people, "agent", ("dispute", id), "付款人声明.png", &proofs::conversation(index + 5)).await?;
    Ok(())
}

async fn evidence(people: &People<'_>, play: &mut Play, index: usize, at: DateTime<FixedOffset>) -> Result<()> {
    let id = play.cases.get(&index).cloned().unwrap_or_default().id;
    let mut papers = Vec::new();
    for number in 1..=2 {
        let picture = proofs::conversation(index * 3 + number);
        papers.push(attach(people, "agent", ("dispute", id), &format!("聊天记录-{number}.png"), &picture).await?);
    }
    let letter = proofs::letter("Statement", "Wed, 28 Jan 2026 21:07:00 +0800", "付款人声明：本人同意代为充值。");
    papers.push(attach(people, "agent", ("dispute", id), "声明.eml", &letter).await?);
    let evidence = people.new_id().await;
    let filed = json!({
        "command_id": evidence, "dispute_id": id, "summary": "账户持有人提交与付款人的聊天记录和书面声明", "way": "email",
        "received_at": (at - TimeDelta::minutes(23)).to_rfc3339(), "attachment_ids": papers,
    });
    people.ask("agent", "disputes.record_evidence", filed).await?;
    if let Some(case) = play.cases.get_mut(&index) {
        case.evidence = Some(evidence.to_string());
    }
    Ok(())
}

/// The provider pays the payer back, and says so in its next statement.
async fn pay(
    people: &People<'_>,
    play: &mut Play,
    order: &OrderRow,
    one: &Value,
    at: DateTime<FixedOffset>,
) -> Result<()> {
    let page = people.ask("treasurer", "disputes.open", one.clone()).await?;
    let repayments = page["repayments"].as_array().cloned().unwrap_or_default();
    for leg in repayments.iter().flat_map(|repayment| repayment["legs"].as_array().cloned().unwrap_or_default()) {
        let text = |name: &str| leg[name].as_str().unwrap_or_default().to_owned();
        if text("status") == "instructed" && text("route") == "original" {
            let paid = Leg {
                order_no: order.order_no.clone(),
                provider_no: order.provider_no.clone().unwrap_or_default(),
                refund_no: text("refund_no"),
                channel: text("channel"),
                amount: text("amount"),
            };
            play.pay_out(&paid, at);
        }
    }
    Ok(())
}

async fn waive(people: &People<'_>, play: &mut Play, index: usize, at: DateTime<FixedOffset>) -> Result<()> {
    let id = play.cases.get(&index).cloned().unwrap_or_default().id;
    let page = people.ask("handler", "disputes.open", json!({"dispute_id": id})).await?;
    let picture = proofs::conversation(index + 11);
    let paper = attach(people, "handler", ("dispute", id), "豁免声明.png", &picture).await?;
    let waived = json!({
        "dispute_id": id, "amount": page["amount_outstanding"], "received_at": (at - TimeDelta::minutes(40)).to_rfc3339(),
        "reason": "付款人书面同意持有人无需补足差额。", "attachment_id": paper,
    });
    people.act("handler", "disputes.record_waiver", waived).await?;
    Ok(())
}

/// An order of an authority that nobody will take for a real one, over the account or over an amount of it.
async fn freeze(
    people: &People<'_>,
    one: &Value,
    index: usize,
    amount: Option<&str>,
    at: DateTime<FixedOffset>,
) -> Result<()> {
    let case = people.ask("legal", "disputes.open", one.clone()).await?;
    let id = people.new_id().await;
    let letter = proofs::letter("协助冻结", &at.to_rfc2822(), "请协助冻结所列账户内资金。（演示）");
    let paper = attach(people, "legal", ("judicial_order", id), "协助冻结财产通知书.eml", &letter).await?;
    let mut order = json!({
        "command_id": id, "customer_id": case["customer_id"], "attachment_ids": [paper],
        "received_at": (at - TimeDelta::minutes(50)).to_rfc3339(), "until_on": (at + TimeDelta::days(180)).date_naive(),
        "scope": "account", "authority": "云梦市演示区人民法院", "order_no": format!("演示执保{:03}号", 100 + index),
    });
    if let Some(amount) = amount {
        order = merged(
            &order,
            &json!({"scope": "amount", "amount": amount, "authority": "示例市公安局样例分局",
            "order_no": format!("示公样冻字{:03}号", 100 + index)}),
        );
    }
    people.ask("legal", "judicial_locks.register", order).await?;
    people.platform_obeys().await
}
