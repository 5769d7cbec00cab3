//! The invite campaign in the real window: from what it cost to why one friend is whose, and the answer to who objects.

use super::window::Window;
use crate::campaign::{january, paid, post, thirty, touch};
use crate::letters::with_seller;
use serde_json::json;

#[tokio::test]
#[ignore = "needs a display"]
async fn an_objection_is_recorded_from_the_replay_answered_by_another_and_answered_on_paper() {
    let desk = january().await;
    thirty(&desk, "A").await;
    post(&desk, "campaign_touches", vec![touch("late", "L", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("oL", "L", "15.00", "2026-01-04T00:00:01Z")]).await;
    with_seller(&desk).await;
    let window = Window::open(&desk.books).await;

    window.sign_in("agent").await;
    window.go_to("campaign").await;
    window.see("campaign-cost").await;
    window.find("[data-testid=\"campaign-funnel\"] [data-verdict=\"outside_72h\"]").await;
    window.photograph("campaign-overview").await;
    window.click("tab-inviters").await;
    window.click("inviter-row").await;
    window.find("[data-testid=\"inviter-rounds\"] [data-round=\"1\"]").await;
    window.click_on("[data-testid=\"friend-row\"][data-order=\"A-o07\"]").await;
    window.find("[data-testid=\"replay-touches\"] [data-verdict=\"won\"]").await;
    window.photograph("campaign-replay").await;
    window.click("friend-object").await;
    window.fill("objection-told", "Thirty friends, and too few credits").await;
    window.fill("objection-ticket", "W-7001").await;
    window.click("objection-submit").await;
    window.see("objection-clock").await;
    window.sign_out().await;

    window.sign_in("growth").await;
    window.go_to("campaign").await;
    window.click("tab-objections").await;
    window.click("objection-row").await;
    window.click("objection-reject").await;
    window.fill("objection-reason", "The round and its rounding are as the rules say").await;
    window.click("objection-answer-submit").await;
    window.see("screen-objections").await;
    window.sign_out().await;
    let decided = desk.figure("select status || ' ' || (answer ->> 'verdict') from book.campaign_objections").await;
    assert_eq!(decided, "rejected counted");

    window.sign_in("agent").await;
    window.go_to("campaign").await;
    window.click("tab-objections").await;
    window.click("tab-decided").await;
    window.click("objection-row").await;
    window.click("letter-write-objection_answer").await;
    window.find("[data-testid=\"letter-draft-pdf\"] canvas").await;
    window.photograph("campaign-answer").await;
    window.click("letter-issue").await;
    window.find("[data-testid=\"letter-pdf\"] canvas").await;
    let written = "select kind::text || ' ' || subject_kind from book.letters";
    assert_eq!(desk.figure(written).await, "objection_answer objection");
    let letter = desk.figure("select content::text from book.letters").await;
    assert!(letter.contains("USD 8.10") && !letter.contains("A-f7"), "figures, and nobody else's number: {letter}");
    assert_eq!(json!(desk.figure("select count(*)::text from book.letter_pdfs").await), json!("1"));
    desk.assert_tied_out().await;
    window.close().await;
}
