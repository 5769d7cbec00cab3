//! Letters in the story: written, carried, served, reminded; and what their screens ask.

use super::Story;
use serde_json::{Value, json};

fn dispute(name: &str) -> Value {
    json!(Story::id(&format!("dispute {name}")))
}

async fn issue(story: &mut Story, login: &str, kind: &str, language: &str, subject: &Value) -> Value {
    story.act(login, "letters.issue", json!({"kind": kind, "language": language, "subject_id": subject})).await
}

/// A lock notice that the platform delivered, another that could not be, and one that went by post.
pub async fn played(story: &mut Story) {
    let lantern = dispute("lantern");
    let notice = issue(story, "handler", "evidence_request", "zh", &lantern).await;
    let sent =
        story.act("agent", "letters.send", json!({"letter_id": notice["id"], "way": "sms", "by_platform": true})).await;
    let at = story.now.to_rfc3339();
    let failed = json!({"sending_id": sent["sendings"][0]["id"], "outcome": "failed", "happened_at": at, "receipt": "空号 unknown subscriber"});
    story.act("platform", "letters.report", failed).await;
    let sent = story
        .act("agent", "letters.send", json!({"letter_id": notice["id"], "way": "email", "by_platform": true}))
        .await;
    let at = story.now.to_rfc3339();
    let given = json!({"sending_id": sent["sendings"][1]["id"], "outcome": "delivered", "happened_at": at, "receipt": "250 2.0.0 OK 8f2c"});
    story.act("platform", "letters.report", given).await;
    let form = issue(story, "handler", "waiver_form", "en", &lantern).await;
    story.act("agent", "letters.send", json!({"letter_id": form["id"], "way": "post", "by_platform": false})).await;
    let call = json!({"customer_id": story.look("agent", "disputes.open", json!({"dispute_id": lantern})).await["customer_id"], "kind": "call",
        "body": "持有人来电，确认收到通知，将补充聊天记录。", "subject_kind": "dispute", "subject_id": lantern});
    story.act("agent", "customers.add_note", call).await;
    let text = json!({"kind": "reminder", "language": "en", "title": "Your time is about to end", "brief": "Case {case}: your {clock} ends at {due_at}.",
        "body": "Dear {customer},\n\n{deadline}\n\nAgreement {agreement}.", "valid_from": "2026-03-01T00:00:00+08:00", "reason": "Shorter, as customers asked"});
    story.act("legal", "letters.propose_text", text).await;
}

/// What the letters panels, the day's reminders and the editor of texts ask.
pub async fn asked(story: &mut Story) {
    for name in ["lantern", "frost", "linden", "deepsea", "orchid", "fern"] {
        story.ask("handler", "letters.open", json!({"subject_kind": "dispute", "subject_id": dispute(name)})).await;
        for kind in ["lock_notice", "evidence_request", "reminder", "waiver_form", "unlock_notice"] {
            for language in ["zh", "en"] {
                story
                    .ask(
                        "handler",
                        "letters.preview",
                        json!({"kind": kind, "language": language, "subject_id": dispute(name)}),
                    )
                    .await;
            }
        }
    }
    let refunds = story.look("agent", "refunds.list", json!({"wanted": "all"})).await;
    for refund in refunds.as_array().expect("refunds") {
        let which = json!({"subject_kind": "refund", "subject_id": refund["id"]});
        let desk = story.ask("agent", "letters.open", which).await;
        written(story, &desk).await;
    }
    for name in ["lantern", "frost", "linden", "deepsea", "orchid", "fern"] {
        let which = json!({"subject_kind": "dispute", "subject_id": dispute(name)});
        let desk = story.look("handler", "letters.open", which).await;
        written(story, &desk).await;
    }
    story.ask("legal", "letters.templates", json!({})).await;
    story.ask("agent", "letters.due_reminders", json!({})).await;
}

/// Every letter that a case may have can be composed, in both languages: no text names what its case does not have.
async fn written(story: &mut Story, desk: &Value) {
    for kind in desk["kinds"].as_array().expect("kinds").iter().filter(|kind| kind["allowed"] == true) {
        for language in ["zh", "en"] {
            let wanted = json!({"kind": kind["kind"], "language": language, "subject_id": desk["subject_id"]});
            story.look("agent", "letters.preview", wanted).await;
        }
    }
}
