//! Files on their way into the books: whole or not at all, once and not twice, and nothing lost in between.

use crate::support::{TestBooks, done, refused};
use kontor::Database;
use kontor::imports::{Phase, import, import_all, import_bytes};
use serde_json::{Value, json};
use std::path::PathBuf;

const ORDERS: &str = include_str!("fixtures/papers/orders.csv");
const USAGE: &str = include_str!("fixtures/papers/usage.csv");
const ALIPAY: &[u8] = include_bytes!("fixtures/statements/alipay_2026-03-01.zip");
const WECHAT: &[u8] = include_bytes!("fixtures/statements/wechat_all.csv");

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures")).join(name)
}

/// Books in which the fixtures' agreement, activity and products are known, in June 2026.
async fn books() -> TestBooks {
    let books = TestBooks::new().await;
    let administrator = books.as_login("administrator").await;
    let id = || uuid::Uuid::now_v7();
    for (command, arguments) in [
        (
            "agreements.add",
            json!({"command_id": id(), "version": "2025-09-01", "announced_at": "2025-08-01T00:00:00+08:00", "effective_at": "2025-09-01T00:00:00+08:00"}),
        ),
        ("activities.add", json!({"command_id": id(), "code": "SPRING-2026", "title": "Spring gift"})),
        (
            "products.add",
            json!({"command_id": id(), "code": "chat", "title_en": "Chat", "title_zh": "对话", "vat_rate": "0.06"}),
        ),
        (
            "products.add",
            json!({"command_id": id(), "code": "images", "title_en": "Images", "title_zh": "图像", "vat_rate": "0.06"}),
        ),
    ] {
        let answer = administrator.call(command, &arguments).await;
        if !answer.as_ref().is_err_and(|error| error.rule_name().is_some_and(|rule| rule.ends_with("_taken"))) {
            done(answer);
        }
    }
    books
}

async fn bring(db: &Database, name: &str, bytes: &[u8]) -> kontor::Result<Value> {
    import_bytes(db, name, bytes.to_vec(), &mut |_| {}, &|| false).await
}

async fn exceptions(db: &Database) -> Vec<(String, String)> {
    let rows = done(db.call("exceptions.list", &json!({})).await);
    let mut found: Vec<(String, String)> = rows
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| (row["kind"].as_str().unwrap_or("").to_owned(), row["order_no"].as_str().unwrap_or("").to_owned()))
        .collect();
    found.sort();
    found
}

async fn postings(books: &TestBooks) -> i64 {
    let mut owner = books.owner().await;
    sqlx::query_scalar("select count(*) from book.postings").fetch_one(&mut owner).await.expect("a count")
}

#[tokio::test]
async fn the_two_papers_meet_and_what_does_not_meet_waits() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let orders = done(bring(&accountant, "orders.csv", ORDERS.as_bytes()).await);
    // The third order's customer has not passed the real-name check (RA 3.1).
    assert_eq!((orders["rows_posted"].clone(), orders["rows_excepted"].clone()), (json!(2), json!(1)));
    let alipay = done(bring(&accountant, "alipay.zip", ALIPAY).await);
    assert_eq!(alipay["totals"]["merchant"], "2088000000000001");
    assert_eq!(alipay["totals"]["from"], "2026-03-01T00:00:00+08:00");
    assert_eq!(alipay["totals"]["to"], "2026-03-02T00:00:00+08:00");
    done(bring(&accountant, "wechat.csv", WECHAT).await);
    let found = exceptions(&accountant).await;
    let expected = [
        ("payment_without_order", "R20260401000001"),
        ("payment_without_order", "R20260401000002"),
        ("recharge_not_verified", "R20260401000001"),
        ("refund_without_instruction", "R20260227000009"),
        ("refund_without_instruction", "R20260401000001"),
    ];
    assert_eq!(found, expected.map(|(kind, order)| (kind.to_owned(), order.to_owned())));
    let usage = done(bring(&accountant, "usage.csv", USAGE.as_bytes()).await);
    assert_eq!(usage["rows_posted"], json!(2));
}

#[tokio::test]
async fn the_same_bytes_again_are_a_no_op() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    done(bring(&accountant, "orders.csv", ORDERS.as_bytes()).await);
    let before = postings(&books).await;
    let again = done(bring(&accountant, "renamed.csv", ORDERS.as_bytes()).await);
    assert_eq!(again["repeated"], json!(true));
    assert_eq!(postings(&books).await, before);
    // The same rows in other bytes post nothing either.
    let other_bytes = format!("# sent again\n{ORDERS}");
    let rows = done(bring(&accountant, "again.csv", other_bytes.as_bytes()).await);
    assert_eq!((rows["rows_posted"].clone(), rows["rows_repeated"].clone()), (json!(0), json!(2)));
    assert_eq!(postings(&books).await, before);
}

#[tokio::test]
async fn a_refused_file_leaves_no_trace() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let changed = ORDERS.replace("principal=2300.00", "principal=2300.01");
    assert_eq!(refused(bring(&accountant, "orders.csv", changed.as_bytes()).await), "file_totals_disagree");
    let lacking = ORDERS.replace(",paid_at,", ",paid,");
    assert_eq!(refused(bring(&accountant, "orders.csv", lacking.as_bytes()).await), "file_column_missing");
    assert_eq!(refused(bring(&accountant, "photo.csv", b"\x89PNG\r\n\x1a\n\0\0").await), "file_kind_unknown");
    assert_eq!(done(accountant.call("imports.list", &json!({})).await), json!([]));
    assert_eq!(postings(&books).await, 0);
}

#[tokio::test]
async fn a_file_whose_product_nobody_knows_is_refused_whole_and_discarded() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    done(bring(&accountant, "orders.csv", ORDERS.as_bytes()).await);
    let before = postings(&books).await;
    let foreign = USAGE.replace(",images,", ",holograms,");
    assert_eq!(refused(bring(&accountant, "usage.csv", foreign.as_bytes()).await), "product_unknown");
    assert_eq!(postings(&books).await, before);
    let list = done(accountant.call("imports.list", &json!({})).await);
    assert_eq!(list[0]["status"], "discarded");
    done(bring(&accountant, "usage.csv", USAGE.as_bytes()).await);
}

#[tokio::test]
async fn a_cancel_is_heeded_until_the_file_is_posted() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let mut phases = Vec::new();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    // The third question comes after the chunks and before the post.
    let cancelled = || asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= 2;
    let answer =
        import_bytes(&accountant, "orders.csv", ORDERS.into(), &mut |step| phases.push(step.phase), &cancelled).await;
    assert_eq!(refused(answer), "import_cancelled");
    assert!(!phases.contains(&Phase::Posting), "{phases:?}");
    assert_eq!(postings(&books).await, 0);
    let list = done(accountant.call("imports.list", &json!({})).await);
    assert_eq!(list[0]["status"], "discarded");
    done(bring(&accountant, "orders.csv", ORDERS.as_bytes()).await);
}

#[tokio::test]
async fn progress_ends_with_all_rows() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let mut steps = Vec::new();
    done(import(&accountant, &fixture("papers/orders.csv"), &mut |step| steps.push(step), &|| false).await);
    let phases: Vec<Phase> = steps.iter().map(|step| step.phase).collect();
    assert_eq!(phases, [Phase::Reading, Phase::Staging, Phase::Staging, Phase::Posting, Phase::Done]);
    assert!(steps.last().is_some_and(|step| step.rows == 3 && step.total == Some(3)));
}

#[tokio::test]
async fn several_files_come_in_orders_first_and_a_broken_one_keeps_none_out() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let files = ["papers/usage.csv", "statements/alipay_2026-03-01.zip", "main.rs", "papers/orders.csv"].map(fixture);
    let answers = import_all(&accountant, &files, &mut |_, _| {}, &|| false).await;
    let names: Vec<String> =
        answers.iter().map(|(path, _)| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["main.rs", "orders.csv", "alipay_2026-03-01.zip", "usage.csv"]);
    for (path, answer) in answers {
        match path.ends_with("main.rs") {
            true => assert_eq!(refused(answer), "file_not_readable"),
            false => drop(done(answer)),
        }
    }
}

#[tokio::test]
async fn who_has_no_duty_for_it_imports_nothing() {
    let books = books().await;
    let reviewer = books.as_login("reviewer").await;
    assert_eq!(refused(bring(&reviewer, "orders.csv", ORDERS.as_bytes()).await), "not_allowed");
    assert_eq!(postings(&books).await, 0);
}

#[tokio::test]
async fn customers_are_found_by_the_pinyin_initials_of_an_imported_name() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    done(bring(&accountant, "orders.csv", ORDERS.as_bytes()).await);
    for text in ["yssj", "yunshan", "云杉", "c100003"] {
        let found = done(accountant.call("customers.list", &json!({"search": text})).await);
        assert_eq!(found[0]["ref"], "C100003", "{text}");
    }
}

#[tokio::test]
async fn the_original_bytes_are_kept_with_the_import() {
    let books = books().await;
    let accountant = books.as_login("accountant").await;
    let posted = done(bring(&accountant, "alipay.zip", ALIPAY).await);
    let wanted = json!({"subject_kind": "import", "subject_id": posted["id"]});
    let kept = done(accountant.call("attachments.list", &wanted).await);
    assert_eq!(kept[0]["sha256"], posted["file_sha256"]);
    assert_eq!(kept[0]["complete"], json!(true));
}
