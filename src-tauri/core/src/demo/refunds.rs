//! Applications for a refund, from the customer's ticket to the provider's statement (RA 9.1).

use super::business::Business;
use super::cast::{Part, RefundEnd};
use super::disputes;
use super::people::People;
use super::play::{Case, Leg, Play, RefundStep, Scene, What, after, attach, customer_id, ticket};
use super::proofs;
use crate::error::Result;
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

/// Days after the application, hour, minute, step; in the order in which they happen.
type Timetable = &'static [(i64, u32, u32, RefundStep)];

fn timetable(end: RefundEnd) -> Timetable {
    use RefundStep::{Approve, AskProof, Pay, PayerObjects, Reject, Release, Request, Review, Withdraw};
    match end {
        RefundEnd::Requested => &[(0, 10, 20, Request)],
        RefundEnd::ProofAsked => &[(0, 10, 24, Request), (0, 15, 30, AskProof)],
        RefundEnd::Reviewed => &[(0, 10, 20, Request), (0, 15, 41, Review)],
        RefundEnd::FigureMoved => &[(0, 10, 22, Request), (0, 16, 5, Review)],
        RefundEnd::Suspended => &[(0, 10, 33, Request), (0, 15, 45, Review), (1, 9, 10, PayerObjects)],
        RefundEnd::Rejected => &[(0, 11, 2, Request), (0, 15, 12, Reject)],
        RefundEnd::Withdrawn => &[(0, 10, 41, Request), (1, 11, 0, Withdraw)],
        RefundEnd::SecondApproval | RefundEnd::Approved => {
            &[(0, 10, 31, Request), (0, 15, 52, Review), (1, 10, 30, Approve)]
        }
        RefundEnd::Released => &[(0, 10, 35, Request), (0, 15, 10, Review), (0, 16, 40, Approve), (1, 16, 0, Release)],
        RefundEnd::Paid => {
            &[(0, 10, 26, Request), (0, 15, 20, Review), (1, 10, 15, Approve), (1, 16, 20, Release), (1, 17, 30, Pay)]
        }
    }
}

/// The scenes of one application.
pub(super) fn scenes(index: usize, part: &Part, end: RefundEnd) -> Vec<Scene> {
    let scene = |(days, hour, minute, step): &(i64, u32, u32, RefundStep)| Scene {
        at: after(part, *days, *hour, *minute),
        what: What::Refund(index, *step),
    };
    timetable(end).iter().map(scene).collect()
}

const REASONS: &[(&str, &str)] = &[
    ("account_closed", "公司停用该产品，申请退还未消耗余额。"),
    ("no_longer_needed", "The project was cancelled; the customer asks for the unconsumed balance."),
    ("wrong_recharge", "充值到了错误的账户，客户提供了聊天记录。"),
    ("service_unsuitable", "客户业务调整，不再使用接口服务。"),
];

/// Plays one step.
pub(super) async fn perform(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
    step: RefundStep,
    at: DateTime<FixedOffset>,
) -> Result<()> {
    let id = match step {
        RefundStep::Request => return request(people, business, play, index).await,
        _ => json!(play.cases.get(&index).cloned().unwrap_or_default().id),
    };
    let one = json!({"refund_id": id});
    match step {
        RefundStep::Request => {}
        RefundStep::Review => review(people, &one).await?,
        RefundStep::AskProof => {
            let asked = json!({"refund_id": id, "asked_for": "请补充付款账户的截图，需显示账户名。"});
            people.act("reviewer", "refunds.ask_proof", asked).await?;
        }
        RefundStep::Reject => {
            let refused = json!({"refund_id": id, "reason": "材料不足以说明特殊情况（协议 9.1）。"});
            people.act("reviewer", "refunds.reject", refused).await?;
        }
        RefundStep::Withdraw => {
            let taken_back = json!({"refund_id": id, "reason": "客户决定继续使用。"});
            people.act("agent", "refunds.withdraw", taken_back).await?;
        }
        RefundStep::Approve => {
            let page = people.ask("approver", "refunds.open", one).await?;
            for paper in page["attachments"].as_array().unwrap_or(&Vec::new()) {
                people.act("approver", "attachments.opened", json!({"attachment_id": paper["id"]})).await?;
            }
            people.act("approver", "refunds.approve", json!({"refund_id": id, "digest": page["digest"]})).await?;
        }
        RefundStep::Release => release(people, &one).await?,
        RefundStep::PayerObjects => {
            let told = disputes::first_notice(people, business, index, at).await?;
            people.ask("agent", "disputes.record_notice", told).await?;
        }
        RefundStep::Pay => pay(people, play, &one, at).await?,
    }
    Ok(())
}

async fn request(people: &People<'_>, business: &Business, play: &mut Play, index: usize) -> Result<()> {
    let customer = customer_id(people, business, play, business.parts[index].customer).await?;
    let id = people.new_id().await;
    let subject = ("refund", id);
    attach(people, "agent", subject, &format!("聊天记录-{}.png", index % 3 + 1), &proofs::conversation(index)).await?;
    let letter = proofs::letter(
        "Refund request",
        "Mon, 02 Feb 2026 09:12:00 +0800",
        "附件为退款说明。\r\nPlease find our letter attached.",
    );
    attach(people, "agent", subject, "refund-request.eml", &letter).await?;
    let (kind, reason) = REASONS[index % REASONS.len()];
    let application = json!({
        "command_id": id, "customer_id": customer, "reason_kind": kind, "reason": reason,
        "ticket_no": ticket(index), "gifts_void_confirmed": true,
    });
    people.ask("agent", "refunds.request", application).await?;
    play.cases.insert(index, Case { id, evidence: None });
    let note = json!({
        "customer_id": customer, "kind": "call", "body": "已向客户说明：提交退款申请后赠送金额立即作废（9.2），客户确认。",
        "subject_kind": "refund", "subject_id": id.to_string(),
    });
    people.act("agent", "customers.add_note", note).await?;
    Ok(())
}

/// The reviewer opens every proof before saying that it was checked.
async fn review(people: &People<'_>, one: &Value) -> Result<()> {
    let page = people.ask("reviewer", "refunds.open", one.clone()).await?;
    for proof in page["attachments"].as_array().into_iter().flatten() {
        people.act("reviewer", "attachments.opened", json!({"attachment_id": proof["id"]})).await?;
    }
    people.act("reviewer", "refunds.review", one.clone()).await?;
    Ok(())
}

async fn release(people: &People<'_>, one: &Value) -> Result<()> {
    let page = people.ask("treasurer", "refunds.open", one.clone()).await?;
    if page["waits_for"] == "second_approver" {
        people.act("treasurer", "refunds.approve_second", one.clone()).await?;
    }
    people.act("treasurer", "refunds.release", one.clone()).await?;
    Ok(())
}

/// The providers pay by the original route, the bank by the other.
async fn pay(people: &People<'_>, play: &mut Play, one: &Value, at: DateTime<FixedOffset>) -> Result<()> {
    let page = people.ask("treasurer", "refunds.open", one.clone()).await?;
    for leg in page["legs"].as_array().into_iter().flatten() {
        let text = |name: &str| leg[name].as_str().unwrap_or_default().to_owned();
        match (text("status").as_str(), text("route").as_str()) {
            ("instructed", "original") => {
                let paid = Leg {
                    order_no: text("order_no"),
                    provider_no: text("provider_no"),
                    refund_no: text("refund_no"),
                    channel: text("channel"),
                    amount: text("net"),
                };
                play.pay_out(&paid, at);
            }
            ("instructed", _) => {
                transfer(people, one, leg).await?;
                let paid = json!({"leg_id": leg["id"], "bank_reference": format!("DEMO-{}", text("refund_no"))});
                people.act("treasurer", "refunds.confirm_transfer", paid).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Past the provider's window the payee's account is proved, planned by one person and cleared by the treasurer.
async fn transfer(people: &People<'_>, one: &Value, leg: &Value) -> Result<()> {
    let papers = json!({"subject_kind": "refund", "subject_id": one["refund_id"]});
    let papers = people.ask("treasurer", "attachments.list", papers).await?;
    for paper in papers.as_array().into_iter().flatten() {
        people.act("treasurer", "attachments.opened", json!({"attachment_id": paper["id"]})).await?;
    }
    let page = people.ask("agent", "refunds.open", one.clone()).await?;
    let look = json!({"customer_id": page["customer_id"], "field": "payer_name", "order_no": leg["order_no"], "reason": "The payee of a transfer"});
    let payer = people.act("agent", "customers.reveal", look).await?;
    let plan = json!({"leg_id": leg["id"], "payee_name": payer["value"], "payee_bank": "示例银行北京分行", "payee_account": "6222000000001234",
        "account_proof": papers[0]["id"], "reason": "The provider no longer takes this order back"});
    let planned = people.act("agent", "transfers.plan", plan).await?;
    people.act("treasurer", "transfers.approve", json!({"transfer_id": planned["id"]})).await?;
    Ok(())
}
