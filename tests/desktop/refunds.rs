//! A refund's second half in the real window: decided by keys, approved together under one password, released, and out of
//! the house as files.

use super::window::Window;
use crate::desk::{Desk, order, with};
use crate::support::new_id;
use serde_json::json;

/// Applications of these customers over 100.00 each, reviewed, their papers read by the approver.
async fn reviewed(desk: &Desk, customers: &[&str]) {
    for (n, customer) in customers.iter().enumerate() {
        let paid = order(&format!("R{n}"), customer, "100.00", "2026-05-01T10:00:00+08:00");
        desk.recharge(vec![with(paid, json!({"provider_no": format!("P{n}")}))]).await;
        let refund = new_id();
        desk.attach("agent", "refund", &refund).await;
        let application = json!({"command_id": refund, "customer_id": desk.customer(customer).await, "reason_kind": "no_longer_needed",
            "reason": "The project ended", "ticket_no": format!("W-{n}"), "gifts_void_confirmed": true});
        desk.act("agent", "refunds.request", application).await;
        desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;
        desk.read_papers("approver", "refund", &refund).await;
    }
}

#[tokio::test]
#[ignore = "needs a display"]
async fn an_approver_decides_a_clean_case_from_the_list_with_three_keys() {
    let desk = Desk::open().await;
    reviewed(&desk, &["C1"]).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("approver").await;
    window.go_to("refunds").await;
    window.see("refund-row").await;
    window.press("j").await;
    window.press("\u{e007}").await;
    window.find("[data-testid=\"refund-approve\"]:not([aria-disabled=\"true\"])").await;
    window.press("a").await;
    window.see("refund-decided").await;
    assert_eq!(desk.figure("select status from book.refunds").await, "approved");
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_batch_is_approved_under_one_password_released_and_leaves_in_two_files() {
    let desk = Desk::open().await;
    reviewed(&desk, &["C1", "C2"]).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("approver").await;
    window.go_to("refunds").await;
    window.click("refund-together").await;
    window.click("refunds-together-submit").await;
    // Somebody at an open window who does not know the password gets no further.
    window.fill("step-up-password", "guessed").await;
    window.click("step-up-submit").await;
    window.see_state("refusal", "data-rule", "password_wrong").await;
    window.photograph("step-up-refused").await;
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'approved'").await, "0");
    window.fill("step-up-password", &window.password("approver")).await;
    window.click("step-up-submit").await;
    window.gone("step-up").await;
    window.gone("refunds-together").await;
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'approved'").await, "2");
    assert_eq!(desk.figure("select count(*)::text from book.step_ups").await, "1", "asked once, not for each case");
    window.sign_out().await;

    window.sign_in("treasurer").await;
    window.go_to("refunds").await;
    window.click("refund-row").await;
    // The next one opens by itself.
    for number in ["R-2026-0002", "R-2026-0001"] {
        window.click("refund-release").await;
        window.see_state("refund-decided", "data-no", number).await;
    }
    assert_eq!(desk.figure("select count(*)::text from book.refunds where status = 'released'").await, "2");
    window.go_to("payouts").await;
    window.see("payout-channel-bank").await;
    window.click("payout-export-alipay").await;
    window.click("payout-export-submit").await;
    let provider = std::fs::read(window.saved_as("PB-2026-0001-alipay.csv").await).expect("the provider's file");
    let (text, _, broken) = encoding_rs::GBK.decode(&provider);
    assert!(!broken && text.contains("20260601PB20260001,20260601,2,198.80"), "{text}");
    window.click("payout-save-csv").await;
    let list = std::fs::read_to_string(window.saved_as("PB-2026-0001-list.csv").await).expect("the list");
    assert!(list.contains("R-2026-0001") && list.contains("R-2026-0002"), "{list}");
    window.photograph("payout-files").await;
    let kept =
        desk.figure("select string_agg(encode(sha256, 'hex'), ' ' order by kind desc) from book.payout_files").await;
    let hash = |bytes: &[u8]| -> String {
        use sha2::{Digest, Sha256};
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(kept, format!("{} {}", hash(&provider), hash(list.as_bytes())));
    desk.assert_tied_out().await;
    window.close().await;
}
