//! The desk's work in the real window, each step by the person whose duty it is.

use super::window::Window;
use crate::desk::{Desk, order, with};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A picture is proof enough for a test; its first bytes say what it is.
const PROOF: &[u8] = b"%PDF-1.4 a made-up proof for a test";

#[tokio::test]
#[ignore = "needs a display"]
async fn a_refund_is_applied_for_reviewed_and_approved_by_three_people() {
    let desk = Desk::open().await;
    let recharge =
        with(order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00"), json!({"gift": "10.00", "activity": "welcome"}));
    desk.recharge(vec![recharge]).await;
    desk.use_up("U1", "C1", "30.00").await;
    let window = Window::open(&desk.books).await;
    let proof = window.file("proof.pdf", PROOF);

    window.sign_in("agent").await;
    window.go_to("refunds").await;
    window.click("refund-new").await;
    window.pick_customer("refund-customer", "C1").await;
    window.fill("refund-ticket", "W-1001").await;
    window.fill("refund-reason", "The project ended").await;
    window.will_pick(&proof);
    window.click("attach-choose").await;
    window.click("refund-gifts").await;
    window.click("refund-submit").await;
    let number = window.text("refund-number").await;
    assert_eq!(number, "R-2026-0001");
    window.photograph("refund-applied-for").await;
    window.sign_out().await;

    // The agent's own hand cannot move it further, and neither can one more person do both steps.
    for (login, step) in [("reviewer", "refund-review"), ("approver", "refund-approve")] {
        window.sign_in(login).await;
        window.go_to("refunds").await;
        window.click("refund-row").await;
        window.click(step).await;
        window.see("refund-decided").await;
        window.sign_out().await;
    }
    let refund = desk.figure("select status || ' ' || amount_net from book.refunds").await;
    assert_eq!(refund, "approved 79.52");
    desk.assert_tied_out().await;
    window.close().await;
}

/// A provider's file as it was downloaded, and the platform's orders that it confirms.
#[tokio::test]
#[ignore = "needs a display"]
async fn a_statement_is_imported_confirms_its_orders_and_counts_once() {
    let desk = Desk::open().await;
    let agreement = json!({"version": "2025-09-01", "announced_at": "2025-08-01T00:00:00Z", "effective_at": "2025-09-01T00:00:00Z"});
    desk.act("administrator", "agreements.add", agreement).await;
    desk.act("administrator", "activities.add", json!({"code": "SPRING-2026", "title": "Spring"})).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("accountant").await;
    window.go_to("imports").await;
    for file in ["papers/orders.csv", "statements/alipay_2026-03-01.zip"] {
        window.import(&fixture(file), "posted").await;
    }
    let confirmed = desk.figure("select count(*)::text from book.recharges where confirmed_at is not null").await;
    assert_eq!(confirmed, "2");
    window.import(&fixture("statements/alipay_2026-03-01.zip"), "repeated").await;
    // A file that was cut short says so, with its line, and leaves nothing behind.
    let whole = std::fs::read(fixture("papers/orders.csv")).expect("the fixture");
    let cut = window.file("orders-cut.csv", &whole[..whole.len() / 2]);
    window.import(&cut, "refused").await;
    assert_eq!(desk.figure("select count(*)::text from book.imports where status = 'posted'").await, "2");
    window.photograph("statement-imported").await;
    desk.assert_tied_out().await;
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_dispute_is_opened_and_locked_and_its_due_date_explained() {
    let desk = Desk::open().await;
    let foreign = with(order("L1", "C1", "500.00", "2026-05-01T10:00:00+08:00"), json!({"payer_is_holder": false}));
    desk.recharge(vec![foreign]).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("agent").await;
    window.go_to("disputes").await;
    window.click("dispute-new").await;
    window.fill("dispute-order", "L1").await;
    window.fill("dispute-ticket", "W-2001").await;
    window.fill("dispute-demand", "I never agreed to this payment").await;
    window.click("dispute-notice-submit").await;
    assert_eq!(window.text("dispute-number").await, "D-2026-0001");
    window.sign_out().await;

    window.sign_in("handler").await;
    window.go_to("disputes").await;
    window.click("dispute-row").await;
    window.click("dispute-do-confirm_lock").await;
    window.click("dispute-submit").await;
    // Locked on 1 June 2026: thirty days end on Wednesday 1 July.
    window.see_state("dispute-due", "data-due", "2026-07-01").await;
    window.photograph("dispute-locked").await;
    assert_eq!(desk.figure("select count(*)::text from book.locks where lifted_at is null").await, "1");
    desk.assert_tied_out().await;
    window.close().await;
}

/// A file from the folder of fixtures.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}
