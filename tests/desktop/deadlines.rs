//! Clocks in the real window: what the desktop hears of them, and a dispute from its notice to its letter.

use super::aloud::Listener;
use super::window::Window;
use super::work::text_of;
use crate::desk::{Desk, order, with};
use crate::support::new_id;
use serde_json::json;

/// A recharge of C1 that somebody else paid.
async fn with_foreign_recharge(desk: &Desk, numbers: &[&str]) {
    let foreign = |number: &&str| {
        with(order(number, "C1", "500.00", "2025-11-01T10:00:00+08:00"), json!({"payer_is_holder": false}))
    };
    desk.recharge(numbers.iter().map(foreign).collect()).await;
}

/// Disputed and locked on 4 December 2025: the last day is Sunday 4 January 2026, a working day that makes up.
async fn locked(desk: &Desk, order_no: &str) -> String {
    let case = new_id();
    let notice = json!({"command_id": case, "order_no": order_no, "ticket_no": order_no, "demand": "Give it back", "received_at": "2025-12-04T08:30:00+08:00"});
    desk.act("agent", "disputes.record_notice", notice).await;
    desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": case})).await;
    let served = json!({"dispute_id": case, "about": "lock", "way": "sms", "served_at": "2025-12-04T09:00:00+08:00", "proof": "receipt"});
    desk.act("agent", "disputes.record_service", served).await;
    case
}

async fn answered(desk: &Desk, case: &str) {
    let paper = uuid::Uuid::now_v7();
    let (db, bytes) = (desk.person("handler").await, b"%PDF-1.4 a made-up letter");
    kontor::attachments::attach(&db, paper, "dispute", case, "letter.pdf", bytes).await.expect("filed");
    let evidence = json!({"dispute_id": case, "summary": "The payer's consent", "way": "email", "received_at": "2026-01-02T10:00:00+08:00", "attachment_ids": [paper]});
    desk.act("agent", "disputes.record_evidence", evidence).await;
}

/// The window title is what every task bar shows.
fn titled(title: &str) -> bool {
    let found = std::process::Command::new("xdotool").args(["search", "--name", &format!("^{title}$")]).output();
    found.is_ok_and(|found| !found.stdout.is_empty())
}

#[tokio::test]
#[ignore = "needs a display"]
async fn the_desktop_hears_of_a_clock_once_in_working_hours_and_never_after_the_answer_came() {
    let desk = Desk::open().await;
    desk.books.set_clock("2025-12-04T09:00:00+08:00").await;
    with_foreign_recharge(&desk, &["L1", "L2"]).await;
    let silent = locked(&desk, "L1").await;
    locked(&desk, "L2").await;
    desk.books.set_clock("2026-01-02T11:00:00+08:00").await;
    answered(&desk, &silent).await;

    // The last day, before anybody is at work: the icon has its number, and nothing is said.
    desk.books.set_clock("2026-01-04T07:30:00+08:00").await;
    let window = Window::open(&desk.books).await;
    let desktop = Listener::start(window.home().to_owned());
    window.sign_in("handler").await;
    assert_eq!(desktop.next_number(0).await, 2);
    assert!(titled("\\(2\\) Kontor"), "the title has the number, too");
    assert!(desktop.said().is_empty(), "nobody is at work: {:?}", desktop.said());
    let numbers = desktop.numbers().len();
    window.sign_out().await;
    assert_eq!(desktop.next_number(numbers).await, 0, "whoever leaves takes the number away");
    assert!(titled("Kontor"));

    // At work: the case without an answer is said, the other is not.
    desk.books.set_clock("2026-01-04T10:00:00+08:00").await;
    let numbers = desktop.numbers().len();
    window.sign_in("handler").await;
    desktop.next_number(numbers).await;
    let said = desktop.next_said().await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0, "D-2025-0002 ends today");
    assert!(said[0].1.contains("Evidence window ends") && said[0].1.contains("4 Jan"), "{said:?}");
    window.sign_out().await;

    // Another desk, or the same one again: it was said.
    let numbers = desktop.numbers().len();
    window.sign_in("handler").await;
    assert_eq!(desktop.next_number(numbers).await, 2);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(desktop.said().len(), 1, "{:?}", desktop.said());
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_dispute_goes_from_its_notice_to_the_letter_that_explains_its_date() {
    let desk = Desk::open().await;
    desk.books.set_clock("2025-12-04T09:00:00+08:00").await;
    with_foreign_recharge(&desk, &["L1"]).await;
    let window = Window::open(&desk.books).await;

    window.sign_in("agent").await;
    window.go_to("disputes").await;
    window.click("dispute-new").await;
    window.fill("dispute-order", "L1").await;
    window.fill("dispute-ticket", "W-2001").await;
    window.fill("dispute-demand", "I never agreed to this payment").await;
    window.fill("dispute-received", "2025-12-04 08:30").await;
    window.click("dispute-submit").await;
    assert_eq!(window.text("dispute-number").await, "D-2025-0001");
    // A paper that came with the call of yesterday: received and recorded are two instants, and it stands on its lane.
    let letter = window.file("letter of the payer.pdf", b"%PDF-1.4 a made-up paper");
    window.click("lane-file").await;
    window.will_pick(&letter);
    window.click_on("[data-testid=\"lane-paper-dialog\"] [data-testid=\"attach-choose\"]").await;
    window.choose("lane-paper-party", "The third party").await;
    window.fill("lane-paper-received", "2025-12-03 17:20").await;
    window.click("lane-paper-submit").await;
    window.see("lane-paper").await;
    let filed = "select party || ' ' || to_char(received_at at time zone 'Asia/Shanghai', 'DD HH24:MI') || ' ' || (recorded_at > received_at) from book.attachments where subject_kind = 'dispute'";
    assert_eq!(desk.figure(filed).await, "third_party 03 17:20 true");
    window.sign_out().await;

    window.sign_in("handler").await;
    window.go_to("disputes").await;
    window.click("dispute-row").await;
    window.click("dispute-lock").await;
    window.click("dispute-action-submit").await;
    // Day 30 is Saturday 3 January, a rest day; Sunday the 4th is a working day that makes up for the holiday.
    window.see_state("dispute-due", "data-due", "2026-01-04").await;
    // A clause does not break at its end of a line.
    let arithmetic = window.text("dispute-arithmetic").await.replace('\u{a0}', " ");
    for said in ["3 Jan", "4 Jan", "Civil Code 203"] {
        assert!(arithmetic.contains(said), "{said} is missing: {arithmetic}");
    }
    window.photograph("dispute-explained").await;
    // The letter that the lock calls for: looked at, issued, and its paper says the same arithmetic.
    window.click("letter-write-lock_notice").await;
    window.find("[data-testid=\"letter-draft-pdf\"] canvas").await;
    window.click("letter-issue").await;
    window.find("[data-testid=\"letter-pdf\"] canvas").await;
    window.photograph("lock-notice").await;
    window.click("letter-save").await;
    let text = text_of(&window.saved("pdf").await);
    for expected in ["D-2025-0001", "2024-01", "自次日起算，第 30 日为 2026年1月3日", "2026年1月4日 24:00"]
    {
        assert!(text.contains(expected), "{expected} is missing from the paper: {text}");
    }
    window.click_on("[data-testid=\"letter-page\"] [data-testid=\"letter-send\"]").await;
    window.click("letter-send-submit").await;
    window.see_state("letter", "data-how", "given").await;
    window.press_escape().await;

    // On the desk of deadlines the case is not served yet; the platform's receipt is the service.
    window.go_to("deadlines").await;
    let told = desk.read("platform", "platform_events.read", json!({})).await;
    let told = told.as_array().expect("events").clone();
    let sending = told.iter().find(|event| event["kind"] == "letter.send").expect("the letter is in the outbox");
    let sent_at = desk.figure("select api.instant_text(sent_at) from book.letter_sendings").await;
    let receipt = json!({"sending_id": sending["payload"]["sending_id"], "outcome": "delivered", "happened_at": sent_at, "receipt": "250 OK"});
    desk.act("platform", "letters.report", receipt).await;
    assert_eq!(desk.figure("select about from book.services_of_notice").await, "lock");
    window.photograph("deadline-desk").await;
    desk.assert_tied_out().await;
    window.close().await;
}
