//! The print room in the real window: a run and its queue on a real printer, a request by hand, a red letter.

use super::papers::choose;
use super::window::Window;
use super::work::text_of;
use crate::desk::{Desk, order};
use crate::printing::{self, PAUSED_QUEUE};
use serde_json::json;
use std::process::Command;

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A desk with so many companies that each used something in May and have one title.
async fn desk_with_customers(count: usize) -> Desk {
    let desk = Desk::open().await;
    for n in 1..=count {
        let reference = format!("C{n}");
        desk.recharge(vec![order(&format!("R{n}"), &reference, "100.00", PAID)]).await;
        desk.use_up(&format!("u{n}"), &reference, &format!("{n}0.00")).await;
        let customer = desk.customer(&reference).await;
        let title = json!({"customer_id": customer, "kind": "enterprise", "name": format!("北京样例第{n}科技有限公司"), "credit_code": "91110108MA0TE4T01D"});
        desk.act("taxclerk", "buyers.save", title).await;
    }
    desk
}

/// What a hand does at the printer: opens it, or stops it.
fn at_the_printer(program: &str) {
    let done = Command::new(program).arg(PAUSED_QUEUE).status().expect("CUPS' command starts");
    assert!(done.success(), "{program} {PAUSED_QUEUE}");
}

async fn see_text(window: &Window, id: &str, text: &str) {
    let last = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while window.text(id).await != text {
        assert!(std::time::Instant::now() < last, "{id} says {:?}, not {text:?}", window.text(id).await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// The jam is a printer that stands: nothing comes out until somebody mends it and says which sheet was the last good one.
#[tokio::test]
#[ignore = "needs a display"]
async fn a_run_is_previewed_issued_and_printed_and_goes_on_after_a_jam() {
    let Some(printer) = printing::queue(PAUSED_QUEUE) else { return };
    let desk = desk_with_customers(3).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("taxclerk").await;
    window.go_to("invoices").await;
    window.run("location.hash = '#/invoices/runs/new'", Vec::new()).await;
    see_text(&window, "run-papers", "3").await;
    window.photograph("run-preview").await;
    window.click("run-begin").await;
    window.click("run-issue").await;
    see_text(&window, "run-issued", "3").await;
    window.photograph("run-issued").await;
    // As an archive, each under a name that can be sent.
    window.click("run-zip").await;
    let archive = std::fs::File::open(window.saved("zip").await).expect("the archive");
    let mut archive = zip::ZipArchive::new(archive).expect("a ZIP");
    let first = archive.by_index(0).expect("a paper").name().expect("a name").into_owned();
    assert!(first.starts_with("STM-2026-0001_北京样例第1科技有限公司_2026-05_10.00"), "{first}");

    window.click("run-print").await;
    choose(&window, "queue-printer", printer).await;
    window.click("queue-cover").await;
    window.click("queue-make").await;
    window.click("queue-print").await;
    // It stands: the queue stops with its first paper and asks.
    window.see("queue-jam").await;
    see_text(&window, "queue-printed", "0").await;
    window.photograph("queue-stopped").await;
    at_the_printer("cupsenable");
    window.click("queue-jam").await;
    window.fill("queue-jam-sheet", "0").await;
    window.click("queue-jam-submit").await;
    window.click("queue-print").await;
    see_text(&window, "queue-printed", "3").await;
    at_the_printer("cupsdisable");
    window.photograph("queue-printed").await;
    let log = "select string_agg(concat_ws(':', i.number, l.copy_from, l.reason), ' ' order by i.number, l.copy_from) from book.print_log l join book.invoices i on i.id = l.invoice_id";
    assert_eq!(desk.figure(log).await, "STM-2026-0001:1 STM-2026-0001:2:jammed STM-2026-0002:1 STM-2026-0003:1");
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_request_by_hand_is_taken_by_one_person_and_issued_by_another() {
    let desk = desk_with_customers(1).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("agent").await;
    window.go_to("invoices").await;
    window.run("location.hash = '#/invoices?view=requests'", Vec::new()).await;
    window.click("request-new").await;
    window.pick_customer("request-customer", "C1").await;
    window.fill("request-amount", "¥7.50").await;
    choose(&window, "request-month", "2026-05").await;
    window.photograph("request-by-hand").await;
    window.click("request-submit").await;
    window.find("[data-testid=\"request-row\"][data-no=\"ASK-2026-0001\"]").await;
    window.sign_out().await;

    window.sign_in("taxclerk").await;
    window.go_to("invoices").await;
    window.run("location.hash = '#/invoices?view=requests'", Vec::new()).await;
    window.click("request-issue").await;
    window.run("location.hash = '#/invoices?view=requests&status=issued'", Vec::new()).await;
    window.find("[data-testid=\"request-row\"][data-status=\"issued\"]").await;
    let issued = "select q.source || ' ' || i.number || ' ' || i.total_incl || ' ' || i.period_to from book.invoice_requests q join book.invoices i on i.id = q.invoice_id";
    assert_eq!(desk.figure(issued).await, "hand REQ-2026-0001 7.50 2026-05-20");
    let last = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while desk.figure("select count(*)::text from book.invoice_pdfs").await != "1" {
        assert!(std::time::Instant::now() < last, "the paper is drawn when it is issued");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_red_letter_is_asked_for_by_one_person_and_confirmed_by_another() {
    let desk = desk_with_customers(1).await;
    let customer = desk.customer("C1").await;
    let buyer = desk.read("taxclerk", "buyers.list", json!({"customer_id": customer})).await[0]["id"].clone();
    let paper = json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": "10.00"}]});
    let paper = desk.act("taxclerk", "invoices.issue", paper).await;
    let page = format!("location.hash = '#/invoices/{}'", paper["id"].as_str().expect("an id"));
    let window = Window::open(&desk.books).await;
    window.sign_in("taxclerk").await;
    window.go_to("invoices").await;
    window.run(&page, Vec::new()).await;
    window.click("invoice-take-back").await;
    choose(&window, "red-letter-reason", "04").await;
    window.photograph("red-letter-asked").await;
    window.click("red-letter-submit").await;
    window.see("red-letter-open").await;
    window.sign_out().await;

    window.sign_in("approver").await;
    window.go_to("invoices").await;
    window.run(&page, Vec::new()).await;
    window.click("red-letter-confirm").await;
    // The window goes to the red letter's own page.
    window.find("[data-testid=\"invoice-pdf\"] canvas").await;
    let red = desk
        .figure("select number || ' ' || total_incl || ' ' || reason_code from book.invoices where kind = 'red_letter'")
        .await;
    assert_eq!(red, "RED-2026-0001 -10.00 04");
    // Its own paper says what it takes back.
    let id = desk.figure("select id::text from book.invoices where kind = 'red_letter'").await;
    window.run(&format!("location.hash = '#/invoices/{id}?new=1'"), Vec::new()).await;
    window.find("[data-testid=\"invoice-pdf\"] canvas").await;
    window.photograph("red-letter").await;
    window.click("invoice-save").await;
    let text = text_of(&window.saved("pdf").await);
    for said in ["RED-2026-0001", "STM-2026-0001", "-10.00", "负数"] {
        assert!(text.contains(said) || text.contains(&said.replace('-', "−")), "{said} is missing: {text}");
    }
    desk.assert_tied_out().await;
    window.close().await;
}
