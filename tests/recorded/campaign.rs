//! The invite campaign's part of the story, played after everything else: one inviter with a round and a half, one whose
//! credits were spent before a refund, friends who came too late, an objection in time and one waived, two accounts that
//! share a phone, and a penalty.

use super::Story;
use serde_json::{Value, json};

/// Accounts: number, name.
const INVITERS: &[(&str, &str)] = &[
    ("zi-70001", "甲邀请人"),
    ("zi-70002", "A Customer Whose Name Is Longer Than Any Column Of The List"),
    ("zi-70003", "Customer Three"),
    ("zi-70004", "丁邀请人"),
];

fn friend(n: usize) -> String {
    format!("zi-71{n:03}")
}

fn touch(n: usize, inviter: usize, bound_at: &str) -> Value {
    json!({"line": 2, "touch_key": format!("bind-{n:03}-{inviter}"), "friend_ref": friend(n), "inviter_ref": INVITERS[inviter].0, "bound_at": bound_at,
           "way": if n % 7 == 3 { "code" } else { "link" }})
}

fn paid(n: usize, amount: &str, paid_at: &str) -> Value {
    json!({"line": 2, "order_no": format!("GC-2026-{n:04}"), "customer_ref": friend(n), "purpose": "subscription", "product": "glm_coding", "currency": "USD",
           "paid_at": paid_at, "amount_order": amount, "third_party_paid": amount, "provider_no": format!("pi_story{n:04}")})
}

async fn post(story: &mut Story, kind: &str, rows: Vec<Value>) {
    story.act("platform", "campaign.post", json!({"kind": kind, "rows": rows})).await;
}

/// What the platform told until 20 February.
pub async fn told(story: &mut Story) {
    story.at("2026-02-20T09:00").await;
    let mut members: Vec<Value> = INVITERS
        .iter()
        .map(|(reference, name)| json!({"customer_ref": reference, "name": name, "phone": "13900001111", "registered_at": "2025-10-01T00:00:00Z"}))
        .collect();
    members.extend((0..44).map(|n| {
        let name = ["甲用户", "Friend Two", "丙用户", "Friend Four", "戊用户"][n % 5];
        json!({"customer_ref": friend(n), "name": name, "registered_at": "2026-02-01T00:00:00Z", "paid_before": n == 43})
    }));
    post(story, "campaign_members", members).await;
    let mut touches: Vec<Value> =
        (0..36).map(|n| touch(n, 0, &format!("2026-02-{:02}T08:{:02}:00Z", 2 + n / 6, n))).collect();
    touches.push(touch(35, 1, "2026-02-07T09:30:00Z"));
    touches.extend([
        touch(40, 1, "2026-02-03T00:00:00Z"),
        touch(41, 1, "2026-02-04T00:00:00Z"),
        touch(43, 2, "2026-02-05T00:00:00Z"),
        touch(44, 3, "2026-02-06T00:00:00Z"),
    ]);
    post(story, "campaign_touches", touches).await;
    let prices = ["2.70", "13.50", "27.05"];
    let mut orders: Vec<Value> =
        (0..36).map(|n| paid(n, prices[n % 3], &format!("2026-02-{:02}T20:{:02}:00Z", 2 + n / 6, n))).collect();
    orders.extend([
        paid(40, "27.00", "2026-02-03T12:00:00Z"),
        paid(41, "27.00", "2026-02-07T00:00:01Z"),
        paid(43, "13.50", "2026-02-05T06:00:00Z"),
        paid(44, "27.00", "2026-02-06T06:00:00Z"),
    ]);
    post(story, "campaign_orders", orders).await;
    let packs = [(90, INVITERS[1].0, "5.00", "5.00"), (91, INVITERS[3].0, "8.00", "2.00")];
    let packs = packs.map(|(n, account, card, credits)| {
        let mut pack = paid(n, "10.00", "2026-02-10T03:00:00Z");
        (pack["customer_ref"], pack["purpose"]) = (json!(account), json!("pack"));
        (pack["third_party_paid"], pack["credits_used"]) = (json!(card), json!(credits));
        pack
    });
    post(story, "campaign_orders", packs.into()).await;
    let back = |no: &str, order: &str| json!({"line": 2, "refund_no": no, "order_no": order, "currency": "USD", "amount": "27.00", "succeeded_at": "2026-02-12T00:00:00Z"});
    post(story, "campaign_refunds", vec![back("re_story1", "GC-2026-0040"), back("re_story2", "GC-2026-0017")]).await;
}

/// What people did about it.
pub async fn decided(story: &mut Story) {
    let (first, second) = (story.desk.customer(INVITERS[0].0).await, story.desk.customer(INVITERS[1].0).await);
    let (disputed, late) = (story.desk.customer(&friend(35)).await, story.desk.customer(&friend(41)).await);
    let told = |customer: &str, friend: &str, received: &str| {
        json!({"customer_id": customer, "friend_id": friend, "about": "attribution",
        "told": "He came through my link first; I should have the credit.", "ticket_no": "T-90121", "visible_at": "2026-02-07T23:00:00+08:00", "received_at": received})
    };
    let in_time =
        story.act("agent", "campaign.record_objection", told(&first, &disputed, "2026-02-19T18:00:00+08:00")).await;
    story.at("2026-02-25T09:00").await;
    let waived =
        story.act("agent", "campaign.record_objection", told(&second, &late, "2026-02-24T10:00:00+08:00")).await;
    let answered =
        story.act("agent", "campaign.record_objection", told(&first, &disputed, "2026-02-20T10:00:00+08:00")).await;
    let answer = json!({"objection_id": answered["id"], "upheld": false, "reason": "The other inviter's link was the last one before the payment."});
    story.act("growth", "campaign.answer_objection", answer).await;
    let reopened = json!({"objection_id": in_time["id"], "reason": "No."});
    story.refuse("supervisor", "campaign.reopen_objection", reopened).await;
    let correction = json!({"kind": "void_touch", "customer_id": disputed, "subject": "bind-035-1", "reason": "The event page recorded the wrong link that morning."});
    story.act("growth", "campaign.propose_correction", correction).await;
    let pause = json!({"turn": "pause", "takes_effect_at": "2026-03-01T00:00:00+08:00", "reason": "Bulk registrations are being looked into."});
    story.act("growth", "campaign.propose_turn", pause).await;
    let end = json!({"earned_before": "2026-02-01T00:00:00+08:00", "noticed_at": "2026-03-01T00:00:00+08:00", "expires_at": "2026-04-01T00:00:00+08:00",
        "reason": "Credits of the first months are cleared."});
    story.act("growth", "campaign.propose_expiry", end).await;
    for id in [&in_time["id"], &waived["id"], &answered["id"]] {
        story.ask("growth", "campaign.objection", json!({"objection_id": id})).await;
    }
    story.ask("growth", "letters.open", json!({"subject_kind": "objection", "subject_id": answered["id"]})).await;
}

/// A claim that legal raised and that was paid in part.
pub async fn claimed(story: &mut Story) {
    let customer = story.desk.customer(INVITERS[3].0).await;
    let preview = story.look("risk", "campaign.preview_penalty", json!({"customer_id": customer})).await;
    let violation = Story::id("violation with a claim");
    let proposal = json!({"command_id": violation, "customer_id": customer, "kind": "technical_cheating", "evidence": "Forty sign-ups from one emulator within an hour.", "digest": preview["digest"]});
    story.act("risk", "campaign.propose_violation", proposal).await;
    let decision = json!({"violation_id": violation, "confirmed": true, "reason": "The evidence shows it."});
    story.act("approver", "campaign.decide_violation", decision).await;
    story
        .act("legal", "campaign.claim_cash_value", json!({"violation_id": violation, "opinion": "Opinion 2026-4"}))
        .await;
    story.at("2026-02-25T15:00").await;
    let payment = json!({"violation_id": violation, "customer_id": customer, "amount": "1.00", "paid_at": "2026-02-25T14:30:00+08:00", "reference": "WIRE-0042"});
    story.act("treasurer", "campaign.record_claim_payment", payment).await;
    for login in ["treasurer", "growth"] {
        story.ask(login, "campaign.violation", json!({"violation_id": violation})).await;
    }
}

/// Two accounts with one phone and one device: found to be one person's, and a penalty proposed.
pub async fn looked_at(story: &mut Story) {
    let seen = |account: &str, kind: &str, value: &str| json!({"line": 2, "customer_ref": account, "kind": kind, "value": value, "seen_at": "2026-02-20T00:00:00Z"});
    let (third, own) = (INVITERS[2].0, friend(43));
    let rows = [
        seen(third, "phone", "+65 8123 4567"),
        seen(&own, "phone", "+6581234567"),
        seen(third, "device", "a1b2c3d4e5f6"),
        seen(&own, "device", "a1b2c3d4e5f6"),
        seen(&friend(42), "device", "a1b2c3d4e5f6"),
        seen(&friend(42), "network", "203.0.113.7"),
        seen(third, "network", "203.0.113.7"),
        seen(&friend(1), "payment_account", "card-4242"),
        seen(INVITERS[0].0, "payment_account", "card-4242"),
    ];
    story.act("platform", "campaign.post_signals", json!({"rows": rows})).await;
    let mut reviews = story.look("risk", "campaign.reviews", json!({})).await;
    let reviews = reviews.as_array_mut().expect("reviews");
    reviews.sort_by_key(|review| review["accounts"].as_str().map(str::to_owned));
    let (pair, three) = (reviews[0]["id"].clone(), reviews[1]["id"].clone());
    for id in [&pair, &three] {
        story.ask("risk", "campaign.review", json!({"review_id": id})).await;
    }
    let same = json!({"review_id": pair, "same_person": true, "reason": "The same card, and the friend never logged in from elsewhere."});
    story.act("risk", "campaign.decide_review", same).await;
    let customer = story.desk.customer(INVITERS[0].0).await;
    let preview =
        story.ask("growth", "campaign.preview_penalty", json!({"customer_id": customer, "review_id": pair})).await;
    let violation = Story::id("violation of one person");
    let proposal = json!({"command_id": violation, "customer_id": customer, "review_id": pair, "kind": "account_association",
        "evidence": "The inviter paid for the friend's subscription with the same card, an hour after sending the link.", "digest": preview["digest"]});
    story.act("growth", "campaign.propose_violation", proposal).await;
    for login in ["approver", "growth"] {
        story.ask(login, "campaign.violation", json!({"violation_id": violation})).await;
    }
    story.ask("risk", "campaign.review", json!({"review_id": pair})).await;
    for wanted in ["open", "decided", "all"] {
        story.ask("risk", "campaign.reviews", json!({"wanted": wanted})).await;
    }
}

/// What the screens ask.
pub async fn asked(story: &mut Story) {
    story.ask("growth", "campaign.overview", json!({})).await;
    // Half a year on the campaign's own page, a year beside the prepaid liability.
    for (first, months) in [("2025-09-01", 6), ("2025-03-01", 12)] {
        story.ask("growth", "campaign.roll_forward", json!({"first_month": first, "months": months})).await;
    }
    story.ask("growth", "campaign.inviters", json!({"search": ""})).await;
    story.ask("growth", "campaign.terms", json!({})).await;
    let open = story.look("approver", "proposals.list", json!({"wanted": "open"})).await;
    for one in
        open.as_array().expect("proposals").iter().filter(|one| {
            one["case_kind"] == "campaign" || one["case_kind"] == "friend" || one["case_kind"] == "violation"
        })
    {
        story.ask("approver", "proposals.open", json!({"kind": one["kind"], "id": one["id"]})).await;
    }
    for wanted in ["open", "waived", "decided", "all"] {
        story.ask("growth", "campaign.objections", json!({"wanted": wanted})).await;
    }
    for (reference, _) in INVITERS {
        let id = story.desk.customer(reference).await;
        story.ask("growth", "campaign.inviter", json!({"customer_id": id})).await;
        story.ask("growth", "campaign.friends", json!({"inviter_id": id})).await;
    }
    for n in [7, 17, 35, 40, 41, 43] {
        let id = story.desk.customer(&friend(n)).await;
        story.ask("growth", "campaign.replay", json!({"friend_id": id})).await;
    }
}
