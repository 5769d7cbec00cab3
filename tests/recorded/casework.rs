//! A case handed over, a duty lent for the holidays, and a leg that the provider refused and that leaves by bank.

use super::Story;
use super::played::HOLDERS;
use serde_json::json;

/// What colleagues do for each other, and the rare way out of the house.
pub async fn casework(story: &mut Story) {
    story.at("2026-02-13T10:00").await;
    let people = story.look("auditor", "people.list", json!({})).await;
    let id = |login: &str| {
        people.as_array().expect("people").iter().find(|one| one["login"] == login).expect("this person")["id"].clone()
    };
    let orchid =
        json!({"refund_id": Story::id("refund orchid"), "person_id": id("agent2"), "reason": "客户改由二组跟进"});
    story.act("agent", "refunds.hand_over", orchid).await;
    let lent = json!({"duty": "approver", "deputy_id": id("legal"), "from_at": "2026-02-15T00:00:00+08:00",
        "until_at": "2026-02-24T00:00:00+08:00", "reason": "春节休假"});
    let deputy = story.act("approver", "people.delegate", lent).await;
    let duty = deputy["duties"].as_array().expect("duties").iter().find(|one| one["delegated_by"] == "approver");
    story.act("supervisor", "people.confirm_duty", json!({"duty_id": duty.expect("the lent duty")["id"]})).await;
    transfer(story).await;
}

async fn transfer(story: &mut Story) {
    let refund = json!({"refund_id": Story::id("refund ouyang")});
    let page = story.look("accountant", "refunds.open", refund.clone()).await;
    let leg = &page["legs"][0];
    let refused = json!({"leg_id": leg["id"], "reason": "原卡已注销，渠道退款失败"});
    story.act("accountant", "refunds.fail_leg", refused).await;
    let proof = story.attach("agent", "refund", Story::id("refund ouyang"), "Account proof 账户证明.pdf").await;
    let plan = json!({"leg_id": leg["id"], "payee_name": HOLDERS[3].1, "payee_bank": "示例银行北京海淀支行", "payee_account": "6222000000001234",
        "account_proof": proof, "reason": "原卡已注销，无法原路退回"});
    story.act("agent", "transfers.plan", plan).await;
}
