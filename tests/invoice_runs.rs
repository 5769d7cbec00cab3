//! Runs: what was looked at is what is issued, each paper once, without a gap, whoever dies in between.

use crate::desk::{Desk, order};
use crate::support::{new_id, refused};
use kontor::paper::Fonts;
use kontor::runs::{self, Papers, Progress, Shape};
use printpdf::{PdfDocument, PdfParseOptions};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A desk with so many companies that each used ten yuan and some, and have one title each.
async fn desk_with_customers(count: usize) -> Desk {
    let desk = Desk::open().await;
    desk.recharge((0..count).map(|n| order(&format!("R{n}"), &format!("C{n:03}"), "100.00", PAID)).collect()).await;
    let usage = (0..count).map(|n| {
        json!({"line": n + 2, "usage_key": format!("u{n}"), "customer_ref": format!("C{n:03}"), "product": "chat",
        "used_from": "2026-05-20T00:00:00Z", "amount": format!("{}.50", 10 + n)})
    });
    desk.act("platform", "usage.post", json!({"rows": usage.collect::<Vec<_>>()})).await;
    for n in 0..count {
        title(&desk, &format!("C{n:03}"), &format!("北京样例第{n}科技有限公司")).await;
    }
    desk
}

async fn title(desk: &Desk, customer: &str, name: &str) -> Value {
    let customer = desk.customer(customer).await;
    let buyer =
        json!({"customer_id": customer, "kind": "enterprise", "name": name, "credit_code": "91110108MA0TE4T01D"});
    desk.act("taxclerk", "buyers.save", buyer).await["id"].clone()
}

async fn start(desk: &Desk, chosen: Value) -> (Uuid, Value) {
    let seen = desk.read("taxclerk", "invoices.preview_run", chosen.clone()).await;
    let mut begin = json!({"kind": "statement", "digest": seen["digest"]});
    begin.as_object_mut().expect("arguments").extend(chosen.as_object().expect("arguments").clone());
    let run = desk.act("taxclerk", "invoices.start_run", begin).await;
    (run["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"), run)
}

async fn issue_all(desk: &Desk, run: Uuid) -> Progress {
    runs::issue(&desk.person("taxclerk").await, run, &mut |_| (), &|| false).await.expect("the run is issued")
}

#[tokio::test]
async fn a_preview_says_who_gets_a_paper_and_who_does_not_and_why() {
    let desk = desk_with_customers(3).await;
    desk.recharge(vec![order("R9", "C900", "50.00", PAID), order("R8", "C800", "50.00", PAID)]).await;
    desk.use_up("u9", "C900", "5.00").await;
    desk.use_up("u8", "C800", "6.00").await;
    title(&desk, "C800", "一号抬头有限公司").await;
    let second = title(&desk, "C800", "二号抬头有限公司").await;
    let seen = desk.read("auditor", "invoices.preview_run", json!({})).await;
    assert_eq!((&seen["papers"], &seen["total"], &seen["exceptions"]), (&json!(3), &json!("34.50"), &json!(2)));
    let exceptions: Vec<_> =
        seen["rows"].as_array().expect("rows").iter().map(|row| row["exception"].as_str().unwrap_or("")).collect();
    assert_eq!(exceptions, ["buyer_to_choose", "buyer_missing", "", "", ""]);
    // Picked with its title, the ambiguous one is a paper like the others.
    let picked = json!({"picked": [{"customer_id": desk.customer("C800").await, "buyer_id": second}, {"customer_id": desk.customer("C000").await}]});
    let (run, row) = start(&desk, picked).await;
    assert_eq!((&row["papers"], &row["total"], &row["status"]), (&json!(2), &json!("16.50"), &json!("open")));
    assert_eq!(issue_all(&desk, run).await, Progress { issued: 2, refused: 0, busy: 0 });
    let names = desk.figure("select string_agg(b.name, ',' order by i.number) from book.invoices i join book.buyers b on b.id = i.buyer_id").await;
    assert_eq!(names, "北京样例第0科技有限公司,二号抬头有限公司");
}

#[tokio::test]
async fn what_changed_since_the_preview_is_not_begun() {
    let desk = desk_with_customers(2).await;
    let seen = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    desk.use_up("late", "C000", "1.00").await;
    let begin = json!({"kind": "statement", "digest": seen["digest"]});
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.start_run", begin).await), "run_changed_since_preview");
    assert_eq!(desk.figure("select count(*)::text from book.invoice_runs").await, "0");
}

#[tokio::test]
async fn a_months_run_leaves_out_what_was_used_after_it() {
    let desk = desk_with_customers(1).await;
    let june = json!({"line": 2, "usage_key": "june", "customer_ref": "C000", "product": "chat", "used_from": "2026-05-31T16:00:00Z", "amount": "7.00"});
    desk.act("platform", "usage.post", json!({"rows": [june]})).await;
    let (run, row) = start(&desk, json!({"month": "2026-05-15"})).await;
    assert_eq!((&row["total"], &row["month"]), (&json!("10.50"), &json!("2026-05-01")));
    issue_all(&desk, run).await;
    assert_eq!(
        desk.figure("select period_from || ' ' || period_to || ' ' || total_incl from book.invoices").await,
        "2026-05-20 2026-05-31 10.50"
    );
    let left = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    assert_eq!(left["total"], "7.00", "June's usage waits for June's paper");
}

#[tokio::test]
async fn a_paper_that_a_rule_refuses_takes_no_number_and_stops_nobody() {
    let desk = desk_with_customers(3).await;
    let (run, _) = start(&desk, json!({})).await;
    // Between the preview and the run a colleague invoiced one of them by hand.
    let buyer =
        desk.read("taxclerk", "buyers.list", json!({"customer_id": desk.customer("C001").await})).await[0]["id"]
            .clone();
    let by_hand = json!({"customer_id": desk.customer("C001").await, "buyer_id": buyer, "lines": [{"product": "chat", "amount": "11.50"}]});
    desk.act("taxclerk", "invoices.issue", by_hand).await;
    assert_eq!(issue_all(&desk, run).await, Progress { issued: 2, refused: 1, busy: 0 });
    let items = desk.read("taxclerk", "invoices.list_run_items", json!({"run_id": run, "state": "refused"})).await;
    assert_eq!(items[0]["rule"], "invoice_exceeds_consumption");
    assert_eq!(items[0]["detail"]["clause"], "RA 8.1");
    assert_eq!(desk.figure("select count(*) || ' ' || max(number) from book.invoices").await, "3 STM-2026-0003");
    let run = desk.read("taxclerk", "invoices.open_run", json!({"run_id": run})).await;
    assert_eq!((&run["status"], &run["issued_total"]), (&json!("finished"), &json!("23.00")));
}

#[tokio::test]
async fn a_run_is_cancelled_between_two_papers_and_keeps_what_it_issued() {
    let desk = desk_with_customers(5).await;
    let (run, _) = start(&desk, json!({})).await;
    let issued = AtomicU32::new(0);
    let db = desk.person("taxclerk").await;
    let so_far = runs::issue(&db, run, &mut |now| issued.store(now.issued, Ordering::SeqCst), &|| {
        issued.load(Ordering::SeqCst) == 2
    })
    .await;
    assert_eq!(so_far.expect("stopped, not failed").issued, 2);
    let cancelled = desk.act("taxclerk", "invoices.cancel_run", json!({"run_id": run})).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["issued"], &cancelled["waiting"]),
        (&json!("cancelled"), &json!(2), &json!(3))
    );
    let next = desk.read("taxclerk", "invoices.list_run_items", json!({"run_id": run, "state": "waiting"})).await[0]["paper_id"].clone();
    let late = desk.try_act("taxclerk", "invoices.issue_from_run", json!({"command_id": next, "run_id": run})).await;
    assert_eq!(refused(late), "run_is_cancelled");
    // What was left out may go into the next run.
    let again = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    assert_eq!((&again["papers"], &again["exceptions"]), (&json!(3), &json!(0)));
}

#[tokio::test]
async fn nobody_is_in_two_runs_at_once_and_only_a_tax_clerk_runs() {
    let desk = desk_with_customers(2).await;
    let seen = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    let begin = json!({"kind": "statement", "digest": seen["digest"]});
    assert_eq!(refused(desk.try_act("agent", "invoices.start_run", begin).await), "not_allowed");
    start(&desk, json!({})).await;
    let again = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    assert_eq!(
        (&again["papers"], &again["exceptions"], &again["rows"][0]["exception"]),
        (&json!(0), &json!(2), &json!("in_another_run"))
    );
    let empty = json!({"kind": "statement", "digest": again["digest"]});
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.start_run", empty).await), "run_is_empty");
}

/// The measure of the issue: sixteen sessions in one series, some of them killed while they issue.
#[tokio::test]
async fn sixteen_sessions_issue_in_one_series_and_some_are_killed_without_a_gap_or_a_double() {
    const SESSIONS: usize = 16;
    let desk = Arc::new(desk_with_customers(40).await);
    Fonts::shared(None).expect("the faces");
    // Two runs side by side; eight sessions work on each.
    let half = |odd: bool| async move {
        (0..40).filter(move |n| (n % 2 == 1) == odd).map(|n| format!("C{n:03}")).collect::<Vec<_>>()
    };
    let mut runs = Vec::new();
    for odd in [false, true] {
        let mut picked = Vec::new();
        for customer in half(odd).await {
            picked.push(json!({"customer_id": desk.customer(&customer).await}));
        }
        runs.push(start(&desk, json!({"picked": picked})).await.0);
    }
    let mut working = tokio::task::JoinSet::new();
    let at_work = Arc::new(AtomicU32::new(0));
    for session in 0..SESSIONS {
        let (db, run) = (desk.books.as_login("taxclerk").await, runs[session % 2]);
        let at_work = Arc::clone(&at_work);
        at_work.fetch_add(1, Ordering::SeqCst);
        working.spawn(async move {
            let went_well = runs::issue(&db, run, &mut |_| (), &|| false).await.is_ok();
            at_work.fetch_sub(1, Ordering::SeqCst);
            went_well
        });
    }
    // The server ends sessions wherever they are: waiting for a number, holding it, or writing.
    let mut owner = desk.books.owner().await;
    let mut killed = 0;
    while killed < 10 && at_work.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(15)).await;
        let ended: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity where datname = current_database() \
             and usename like 'taxclerk%' and query like '%api.call%' and state = 'active' limit 2) s",
        )
        .fetch_one(&mut owner)
        .await
        .expect("the administrator may");
        killed += ended;
    }
    let died = working.join_all().await.into_iter().filter(|well| !well).count();
    println!("{killed} sessions ended by the server, {died} of {SESSIONS} windows stopped with an error");
    assert!(killed > 0, "nobody was killed: the test shows nothing");
    // Another window goes on where they stood.
    let survivor = desk.books.as_login("taxclerk").await;
    for run in &runs {
        runs::issue(&survivor, *run, &mut |_| (), &|| false).await.expect("the rest is issued");
    }
    let figure = |sql: &'static str| desk.figure(sql);
    assert_eq!(figure("select count(*) || ' ' || count(distinct number) || ' ' || min(number) || ' ' || max(number) from book.invoices").await, "40 40 STM-2026-0001 STM-2026-0040");
    assert_eq!(figure("select count(*) || ' ' || count(distinct customer_id) from book.invoices").await, "40 40");
    assert_eq!(figure("select count(*)::text from book.invoice_run_items where state <> 'issued'").await, "0");
    assert_eq!(figure("select last_number::text from book.number_series where series = 'STM'").await, "40");
    assert_eq!(
        figure("select count(*)::text from book.audit_events where command = 'invoices.issue_from_run'").await,
        "40"
    );
}

#[tokio::test]
async fn a_run_leaves_as_one_file_or_as_an_archive_of_named_papers() {
    let desk = desk_with_customers(3).await;
    let (run, _) = start(&desk, json!({"month": "2026-05-01"})).await;
    issue_all(&desk, run).await;
    let folder = std::env::temp_dir().join(format!("kontor-bundle-{}", new_id()));
    std::fs::create_dir(&folder).expect("a folder");
    let db = desk.person("taxclerk").await;
    let merged = runs::bundle(&db, &Papers::RunId(run), Shape::Merged, &folder.join("run.pdf"), &mut |_| (), &|| false)
        .await
        .expect("one file");
    assert_eq!(merged.papers, 3);
    let bytes = std::fs::read(&merged.path).expect("the file");
    let document = PdfDocument::parse(&bytes, &PdfParseOptions::default(), &mut Vec::new()).expect("a readable PDF");
    let pages: Vec<String> = document
        .pages
        .iter()
        .map(|page| page.extract_text(&document.resources).concat().split_whitespace().collect())
        .collect();
    assert_eq!(pages.len(), 3);
    for (n, page) in pages.iter().enumerate() {
        assert!(
            page.contains(&format!("STM-2026-000{}", n + 1)) && page.contains(&format!("北京样例第{n}科技有限公司")),
            "sheet {n}: {page}"
        );
    }
    let zipped = runs::bundle(&db, &Papers::RunId(run), Shape::Zip, &folder.join("run.zip"), &mut |_| (), &|| false)
        .await
        .expect("an archive");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&zipped.path).expect("the archive")).expect("a ZIP");
    assert_eq!(archive.len(), 3);
    let mut first = archive.by_index(0).expect("the first paper");
    assert_eq!(first.name().expect("a name"), "STM-2026-0001_北京样例第0科技有限公司_2026-05_10.50.pdf");
    let mut paper = Vec::new();
    std::io::Read::read_to_end(&mut first, &mut paper).expect("its bytes");
    let id: String = desk.figure("select id::text from book.invoices where number = 'STM-2026-0001'").await;
    assert_eq!(paper, kontor::invoices::pdf(&db, id.parse().expect("an id")).await.expect("the stored bytes"));
    drop(first);
    let stopped =
        runs::bundle(&db, &Papers::RunId(run), Shape::Zip, &folder.join("no.zip"), &mut |_| (), &|| true).await;
    assert_eq!(stopped.expect_err("cancelled").rule_name(), Some("export_cancelled"));
    let mut left: Vec<_> =
        std::fs::read_dir(&folder).expect("the folder").map(|file| file.expect("a file").file_name()).collect();
    left.sort();
    assert_eq!(left, ["run.pdf", "run.zip"], "nothing half-written stays");
    std::fs::remove_dir_all(folder).expect("removed");
}

/// A real run, issued, drawn and bundled: `KONTOR_RUN_PAPERS=10000 cargo test --release -- --ignored --nocapture a_long_run`.
#[tokio::test]
#[ignore = "a measurement of minutes; it means something on a quiet machine and in a release build only"]
async fn a_long_run_keeps_its_memory_flat() {
    let count: usize = std::env::var("KONTOR_RUN_PAPERS").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let desk = Desk::open().await;
    let mut owner = desk.books.owner().await;
    // Customers by the thousand: what is measured begins with the run.
    for begin in (0..count).step_by(1_000) {
        let some = begin..(begin + 1_000).min(count);
        desk.recharge(some.clone().map(|n| order(&format!("R{n}"), &format!("L{n:05}"), "100.00", PAID)).collect())
            .await;
        let usage = some.map(|n| json!({"line": 2, "usage_key": format!("u{n}"), "customer_ref": format!("L{n:05}"), "product": "chat", "used_from": "2026-05-20T00:00:00Z", "amount": "12.34"}));
        desk.act("platform", "usage.post", json!({"rows": usage.collect::<Vec<_>>()})).await;
    }
    sqlx::query(
        "insert into book.buyers (id, version, customer_id, kind, name, credit_code, saved_at, saved_by) \
         select gen_random_uuid(), 1, c.id, 'enterprise', '北京样例第' || c.id || '科技有限公司', '91110108MA0TE4T01D', now(), (select min(id) from book.people) from book.customers c",
    )
    .execute(&mut owner)
    .await
    .expect("titles");
    let (run, _) = start(&desk, json!({})).await;
    let db = desk.person("taxclerk").await;
    let memory = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("its memory");
        line.split_whitespace().nth(1).and_then(|figure| figure.parse().ok()).expect("a figure")
    };
    let settled = std::sync::atomic::AtomicU64::new(0);
    let begun = std::time::Instant::now();
    let mut tell = |now: Progress| {
        if now.issued as usize == count / 10 {
            settled.store(memory(), Ordering::SeqCst);
        }
    };
    let done = runs::issue(&db, run, &mut tell, &|| false).await.expect("issued");
    assert_eq!(done.issued as usize, count);
    let (issued_in, after_issue) = (begun.elapsed(), memory());
    let path = std::env::temp_dir().join(format!("kontor-run-{}.pdf", new_id()));
    let begun = std::time::Instant::now();
    runs::bundle(&db, &Papers::RunId(run), Shape::Merged, &path, &mut |_| (), &|| false).await.expect("bundled");
    let (bytes, bundled_in) = (std::fs::metadata(&path).expect("the file").len(), begun.elapsed());
    std::fs::remove_file(path).expect("removed");
    let before = settled.load(Ordering::SeqCst);
    println!(
        "{count} papers: issued and drawn {:.0} a second, bundled {:.0} a second into {} bytes each; memory {before} kB after a tenth, {after_issue} kB after all, {} kB after the bundle",
        count as f64 / issued_in.as_secs_f64(),
        count as f64 / bundled_in.as_secs_f64(),
        bytes / count as u64,
        memory(),
    );
    assert!(after_issue.max(memory()) < before + 48 * 1024, "the run keeps what it has done");
}
