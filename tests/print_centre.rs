//! The print centre: a queue on a real printer, copies that say so, and a jam from which it goes on.

use crate::desk::{Desk, order};
use crate::printing::{PAUSED_QUEUE, QUEUE, queue};
use crate::support::refused;
use kontor::paper::{Fonts, stamp};
use kontor::print_room::{self, Progress};
use serde_json::{Value, json};
use uuid::Uuid;

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A desk with so many issued papers of one customer.
async fn desk_with_papers(count: usize) -> (Desk, Vec<Value>) {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", PAID)]).await;
    desk.use_up("u1", "C1", "400.00").await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D", "address": "北京市海淀区示例路 1 号", "phone": "010-88880000"});
    let buyer = desk.act("taxclerk", "buyers.save", buyer).await["id"].clone();
    let mut papers = Vec::new();
    for _ in 0..count {
        let paper =
            json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": "10.00"}]});
        papers.push(desk.act("taxclerk", "invoices.issue", paper).await["id"].clone());
    }
    (desk, papers)
}

async fn start(desk: &Desk, printer: &str, papers: &[Value], more: Value) -> Value {
    let wanted = crate::desk::with(json!({"printer": printer, "invoice_ids": papers}), more);
    desk.act("taxclerk", "prints.start", wanted).await
}

async fn send(desk: &Desk, batch: &Value, place: i32, pages: i32) -> Value {
    desk.act("taxclerk", "prints.send", json!({"batch_id": batch["id"], "place": place, "pages": pages})).await
}

async fn report(desk: &Desk, batch: &Value, place: i32, outcome: &str) -> Value {
    desk.act("taxclerk", "prints.report", json!({"batch_id": batch["id"], "place": place, "outcome": outcome})).await
}

async fn places(desk: &Desk, batch: &Value) -> Vec<String> {
    let items = desk.read("auditor", "prints.list_items", json!({"batch_id": batch["id"]})).await;
    items
        .as_array()
        .expect("papers")
        .iter()
        .map(|item| {
            format!("{} {} from {}", item["state"].as_str().expect("a state"), item["first_sheet"], item["from_page"])
        })
        .collect()
}

fn id(value: &Value) -> Uuid {
    value.as_str().and_then(|id| id.parse().ok()).expect("an id")
}

#[tokio::test]
async fn after_a_jam_the_queue_goes_on_behind_the_last_good_sheet() {
    let (desk, papers) = desk_with_papers(3).await;
    let batch = start(&desk, "Store-2F", &papers, json!({})).await;
    assert_eq!(
        (&batch["number"], &batch["papers"], &batch["status"]),
        (&json!("PRT-2026-0001"), &json!(3), &json!("open"))
    );
    // The cover is sheet 1; each paper has two pages on two sheets.
    let first = send(&desk, &batch, 1, 2).await;
    assert_eq!((&first["first_sheet"], &first["sheets"], &first["copy_from"]), (&json!(2), &json!(2), &json!(1)));
    let early = desk.try_act("taxclerk", "prints.send", json!({"batch_id": batch["id"], "place": 2, "pages": 2})).await;
    assert_eq!(refused(early), "print_batch_waits_for_a_sheet", "one paper at a time is on its way");
    report(&desk, &batch, 1, "printed").await;
    let skipped =
        desk.try_act("taxclerk", "prints.send", json!({"batch_id": batch["id"], "place": 3, "pages": 2})).await;
    assert_eq!(refused(skipped), "print_item_not_next");
    send(&desk, &batch, 2, 2).await;
    report(&desk, &batch, 2, "stopped").await;
    assert_eq!(desk.read("agent", "prints.open", json!({"batch_id": batch["id"]})).await["status"], "stopped");
    let resume = |sheet: i32| json!({"batch_id": batch["id"], "last_good_sheet": sheet});
    assert_eq!(refused(desk.try_act("taxclerk", "prints.resume", resume(6)).await), "print_sheet_out_of_range");
    // Sheet 4 is the second paper's first: it goes on with its second page.
    desk.act("taxclerk", "prints.resume", resume(4)).await;
    assert_eq!(places(&desk, &batch).await, ["printed 2 from 1", "waiting null from 2", "waiting null from 1"]);
    let again = send(&desk, &batch, 2, 2).await;
    assert_eq!(
        (&again["first_sheet"], &again["sheets"], &again["copy_from"], &again["from_page"]),
        (&json!(4), &json!(1), &json!(2), &json!(2))
    );
    report(&desk, &batch, 2, "printed").await;
    send(&desk, &batch, 3, 2).await;
    report(&desk, &batch, 3, "printed").await;
    assert_eq!(desk.read("agent", "prints.open", json!({"batch_id": batch["id"]})).await["status"], "printed");
    let log = desk.figure("select string_agg(concat_ws(':', l.copy_from, coalesce(l.reason, '-')), ' ' order by i.number, l.copy_from) from book.print_log l join book.invoices i on i.id = l.invoice_id").await;
    assert_eq!(log, "1:- 1:- 2:jammed 1:-");
    // Only the first page of the first paper came out after all: everything behind it goes again.
    desk.act("taxclerk", "prints.resume", resume(2)).await;
    assert_eq!(places(&desk, &batch).await, ["waiting null from 2", "waiting null from 2", "waiting null from 1"]);
}

#[tokio::test]
async fn papers_printed_before_need_a_reason_and_two_sides_halve_the_sheets() {
    let (desk, papers) = desk_with_papers(1).await;
    let batch = start(&desk, "Store-2F", &papers, json!({"cover": false, "sides": "long_edge", "copies": 2})).await;
    let sent = send(&desk, &batch, 1, 3).await;
    assert_eq!((&sent["first_sheet"], &sent["sheets"]), (&json!(1), &json!(4)), "three pages on two sheets, twice");
    report(&desk, &batch, 1, "printed").await;
    let again = json!({"printer": "Store-2F", "invoice_ids": papers});
    assert_eq!(refused(desk.try_act("agent", "prints.start", again.clone()).await), "reprint_without_reason");
    let batch = start(&desk, "Store-2F", &papers, json!({"reason": "lost"})).await;
    assert_eq!(send(&desk, &batch, 1, 3).await["copy_from"], 3);
    let cancelled = desk.act("taxclerk", "prints.cancel", json!({"batch_id": batch["id"]})).await;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(
        refused(desk.try_act("taxclerk", "prints.cancel", json!({"batch_id": batch["id"]})).await),
        "print_batch_is_cancelled"
    );
    assert_eq!(refused(desk.try_act("auditor", "prints.start", again).await), "not_allowed");
}

#[tokio::test]
async fn a_queue_comes_out_of_a_real_printer_with_its_cover() {
    let Some(printer) = queue(QUEUE) else { return };
    let (desk, papers) = desk_with_papers(2).await;
    let batch = start(&desk, printer, &papers, json!({})).await;
    let db = desk.person("taxclerk").await;
    let mut seen = Vec::new();
    let done =
        print_room::run(&db, id(&batch["id"]), &mut |now| seen.push(now.printed), &|| false).await.expect("printed");
    assert_eq!((done, seen), (Progress { printed: 2, stopped: false }, vec![1, 2]));
    let batch = desk.read("agent", "prints.open", json!({"batch_id": batch["id"]})).await;
    assert_eq!((&batch["status"], &batch["sheets"]), (&json!("printed"), &json!(3)));
    let jobs = desk.figure("select count(distinct job)::text from book.print_items where job is not null").await;
    assert_eq!(jobs, "2", "each paper is a job of its own");
}

#[tokio::test]
async fn a_printer_that_stands_stops_the_queue_and_keeps_nothing_back() {
    let Some(printer) = queue(PAUSED_QUEUE) else { return };
    let (desk, papers) = desk_with_papers(2).await;
    let batch = start(&desk, printer, &papers, json!({"cover": false})).await;
    let db = desk.person("taxclerk").await;
    let done = print_room::run(&db, id(&batch["id"]), &mut |_| (), &|| false).await.expect("an answer");
    assert_eq!(done, Progress { printed: 0, stopped: true });
    assert_eq!(places(&desk, &batch).await, ["stopped 1 from 1", "waiting null from 1"]);
    let job: i32 =
        desk.figure("select job::text from book.print_items where job is not null").await.parse().expect("a job");
    let left = kontor::printing::job_state(&kontor::printing::Job { printer: printer.to_owned(), number: job }).await;
    assert!(left.expect("a state").is_over(), "left in the printer's queue it would come out later");
    let again = print_room::run(&db, id(&batch["id"]), &mut |_| (), &|| false)
        .await
        .expect_err("it waits for the last good sheet");
    assert_eq!(again.rule_name(), Some("print_batch_waits_for_a_sheet"));
    desk.act("taxclerk", "prints.resume", json!({"batch_id": batch["id"], "last_good_sheet": 0})).await;
    assert_eq!(places(&desk, &batch).await[0], "waiting null from 1");
}

#[tokio::test]
async fn a_copy_says_so_in_front_of_the_very_same_bytes() {
    let original = crate::paper::sample(60);
    let fonts = Fonts::shared(None).expect("the faces");
    let copy = stamp(fonts, &original, "副本 Copy 1").expect("a copy");
    assert!(copy.starts_with(&original), "the paper itself is untouched");
    assert!(copy.len() < original.len() + 12_000, "{} bytes more", copy.len() - original.len());
    let (before, after) = (crate::paper::pages(&original), crate::paper::pages(&copy));
    assert_eq!(before.len(), after.len());
    let drawn = lopdf::Document::load_mem(&copy).expect("a PDF");
    for sheet in drawn.page_iter() {
        let resources = drawn
            .get_dictionary(sheet)
            .and_then(|page| page.get(b"Resources"))
            .and_then(lopdf::Object::as_dict)
            .expect("resources");
        assert!(resources.get(b"XObject").and_then(lopdf::Object::as_dict).expect("drawings").has(b"KontorMark"));
    }
    assert_eq!(stamp(fonts, &original, "副本 Copy 1"), Ok(copy), "the same copy is the same bytes");
}

#[tokio::test]
async fn labels_and_covers_say_what_they_must() {
    let (desk, papers) = desk_with_papers(2).await;
    let db = desk.person("taxclerk").await;
    let ids: Vec<Uuid> = papers.iter().map(id).collect();
    let text = crate::paper::pages(&print_room::labels(&db, &ids).await.expect("labels")).concat();
    for said in ["北京样例有限公司", "北京市海淀区示例路1号", "010-88880000", "STM-2026-0002"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(
        desk.figure("select count(*)::text from book.audit_events where command = 'invoices.read_content'").await,
        "2"
    );
    let batch = start(&desk, "Store-2F", &papers, json!({})).await;
    let text = crate::paper::pages(&print_room::cover(&batch).expect("a cover")).concat();
    for said in ["PRT-2026-0001", "STM-2026-0001", "STM-2026-0002", "20.00", "Store-2F", "taxclerk"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

/// Where no printer can be reached, the system's viewer gets the same pile: cover, originals, copies that say so, all on record.
#[tokio::test]
async fn without_a_printer_the_pile_is_one_file_for_the_viewer() {
    let (desk, papers) = desk_with_papers(2).await;
    let batch = start(&desk, print_room::VIEWER, &papers, json!({"copies": 2})).await;
    let db = desk.person("taxclerk").await;
    let path = std::env::temp_dir().join(format!("kontor-pile-{}.pdf", Uuid::new_v4()));
    let done = print_room::to_file(&db, id(&batch["id"]), &path, &mut |_| (), &|| false).await.expect("a file");
    assert_eq!(done, Progress { printed: 2, stopped: false });
    let pile = std::fs::read(&path).expect("readable");
    std::fs::remove_file(path).expect("removed");
    let pages = crate::paper::pages(&pile);
    assert_eq!(pages.len(), 5, "a cover, and two papers twice");
    assert!(
        pages[0].contains("PRT-2026-0001") && pages[1].contains("STM-2026-0001") && pages[4].contains("STM-2026-0002")
    );
    let sheets = lopdf::Document::load_mem(&pile).expect("a PDF");
    let marked = sheets.page_iter().map(|sheet| {
        let resources = sheets.get_dictionary(sheet).and_then(|page| page.get_deref(b"Resources", &sheets));
        let objects =
            resources.and_then(lopdf::Object::as_dict).and_then(|resources| resources.get_deref(b"XObject", &sheets));
        objects.and_then(lopdf::Object::as_dict).is_ok_and(|objects| objects.has(b"KontorMark"))
    });
    assert_eq!(marked.collect::<Vec<_>>(), [false, false, true, false, true]);
    let log = "select string_agg(distinct printer || ' ' || copies, ',') from book.print_log";
    assert_eq!(desk.figure(log).await, "viewer 2");
    assert_eq!(desk.read("agent", "prints.open", json!({"batch_id": batch["id"]})).await["status"], "printed");
}

#[test]
fn each_copy_of_one_print_says_which_it_is() {
    let paper = crate::paper::sample(3);
    let copies = print_room::copies(&paper, 1, 3).expect("copies");
    assert_eq!(copies[0], paper, "the original is the stored bytes");
    assert_ne!(copies[1], copies[2]);
    assert!(copies[1..].iter().all(|copy| copy.starts_with(&paper) && copy.len() > paper.len()));
    assert_eq!(print_room::copies(&paper, 2, 2).expect("copies"), copies[1..]);
    assert_eq!(print_room::joined(vec![paper.clone()]).expect("one file"), paper, "one alone is not rewritten");
    let joined = print_room::joined(copies).expect("one file");
    assert_eq!(crate::paper::pages(&joined).len(), 3 * crate::paper::pages(&paper).len());
}
