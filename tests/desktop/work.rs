//! The desk's work in the real window, each step by the person whose duty it is.

use super::window::Window;
use crate::desk::{Desk, order, with};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    window.tick("refund-gifts").await;
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
        if login == "approver" {
            // Who approves has opened the proof, and the books remember it.
            window.click("refund-paper").await;
            window.see("paper-shown").await;
            window
                .run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))", vec![])
                .await;
            window.see_state("refund-paper", "data-opened", "true").await;
        }
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
    // A file whose total disagrees with its rows is refused whole, and leaves nothing behind.
    let text = std::fs::read_to_string(fixture("papers/orders.csv")).expect("the fixture");
    let wrong = window.file("orders-wrong.csv", text.replace("principal=2300.00", "principal=2300.01").as_bytes());
    window.import(&wrong, "refused").await;
    window.see_state("import-result", "data-rule", "file_totals_disagree").await;
    assert_eq!(desk.figure("select count(*)::text from book.imports where status = 'posted'").await, "2");
    window.photograph("statement-imported").await;
    window.go_to("customers").await;
    window.click("export").await;
    window.click("export-start").await;
    window.see("export-done").await;
    let workbook = std::fs::read(window.saved("xlsx").await).expect("the list was saved");
    assert!(workbook.starts_with(b"PK"), "a workbook is an archive");
    window.photograph("list-exported").await;
    window.click("export-close").await;
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
    window.fill("dispute-received", "2026-06-01 08:30").await;
    window.click("dispute-submit").await;
    assert_eq!(window.text("dispute-number").await, "D-2026-0001");
    window.sign_out().await;

    window.sign_in("handler").await;
    window.go_to("disputes").await;
    window.click("dispute-row").await;
    window.click("dispute-lock").await;
    window.click("dispute-action-submit").await;
    // Locked on 1 June 2026: thirty days end on Wednesday 1 July.
    window.see_state("dispute-due", "data-due", "2026-07-01").await;
    window.photograph("dispute-locked").await;
    assert_eq!(desk.figure("select count(*)::text from book.locks where lifted_at is null").await, "1");
    desk.assert_tied_out().await;
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn an_invoice_is_issued_and_its_paper_says_what_was_asked_for() {
    let desk = Desk::open().await;
    let lot =
        with(order("R1", "C1", "500.00", "2026-05-01T10:00:00+08:00"), json!({"gift": "20.00", "activity": "welcome"}));
    desk.recharge(vec![lot]).await;
    desk.use_up("u1", "C1", "370.00").await;
    let window = Window::open(&desk.books).await;
    window.sign_in("taxclerk").await;
    window.go_to("invoices").await;
    window.click("invoice-new").await;
    window.pick_customer("invoice-customer", "C1").await;
    window.click("invoice-buyer-new").await;
    window.fill("invoice-title", "北京样例科技有限公司").await;
    window.fill("invoice-code", "91110108MA0TE4T01D").await;
    window.click("invoice-buyer-save").await;
    // 370.00 were used, 20.00 of them from the gift: what may be invoiced stands in the form already.
    window.click("invoice-issue").await;
    let number = window.text("invoice-number").await;
    window.find("[data-testid=\"invoice-pdf\"] canvas").await;
    window.photograph("invoice-issued").await;
    window.click("invoice-save").await;
    let text = text_of(&window.saved("pdf").await);
    for expected in [number.as_str(), "北京样例科技有限公司", "91110108MA0TE4T01D", "350.00", "叁佰伍拾"]
    {
        assert!(text.contains(expected), "{expected} is missing from the paper: {text}");
    }
    desk.assert_tied_out().await;
    window.close().await;
}

/// What a reader of the PDF can select and search, without the blanks between its columns.
pub(super) fn text_of(pdf: &Path) -> String {
    let output = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().expect("pdftotext runs");
    assert!(output.status.success(), "pdftotext reads {}", pdf.display());
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A file from the folder of fixtures.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}
