//! The demo's files: the same for the same seed, sound to our own readers, and in agreement with each other.

use crate::support::TestBooks;
use kontor::demo::{Business, Size, first_instant, invent, is_loaded, load, write_files};
use kontor::imports::{Paper, read_paper};
use kontor::statements::RowKind;
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

fn files(business: &Business) -> Vec<(String, Vec<u8>)> {
    business.periods.iter().flat_map(|papers| write_files(papers, &[])).map(|file| (file.name, file.bytes)).collect()
}

#[test]
fn the_same_seed_writes_the_same_files_and_another_seed_others() {
    let first = files(&invent(&Size::small()));
    assert_eq!(first, files(&invent(&Size::small())));
    assert_ne!(first, files(&invent(&Size { seed: 7, ..Size::small() })));
}

#[test]
fn every_file_is_read_and_orders_agree_with_statements_but_for_the_deliberate_differences() {
    let business = invent(&Size::small());
    let mut orders: HashMap<String, Decimal> = HashMap::new();
    let mut payments: HashMap<String, Decimal> = HashMap::new();
    let mut balances: HashMap<String, Decimal> = HashMap::new();
    for (name, bytes) in files(&business) {
        match read_paper(&bytes) {
            Ok(Paper::Orders(file)) => {
                for row in file.rows {
                    assert!(row.phone.is_some_and(|phone| phone.starts_with("1380000")), "{name}");
                    if row.real_name_verified {
                        *balances.entry(row.customer_ref).or_default() += row.principal + row.gift;
                    }
                    assert!(orders.insert(row.order_no, row.principal).is_none(), "an order number is used once");
                }
            }
            Ok(Paper::Usage(file)) => {
                for row in file.rows {
                    let left = balances.get_mut(&row.customer_ref).expect("usage comes after a recharge");
                    *left -= row.amount;
                    assert!(*left >= Decimal::ZERO, "{name}: {} used more than there was", row.customer_ref);
                }
            }
            Ok(Paper::Statement(file)) => {
                for row in file.rows {
                    assert_eq!(row.kind, RowKind::Payment);
                    payments.insert(row.order_no.expect("a payment names its order"), row.gross);
                }
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    let differing =
        orders.iter().filter(|(number, amount)| payments.get(*number).is_some_and(|paid| paid != *amount)).count();
    let unpaid = orders.keys().filter(|number| !payments.contains_key(*number)).count();
    let unordered = payments.keys().filter(|number| !orders.contains_key(*number)).count();
    assert_eq!((differing, unpaid, unordered), (1, 2, 1));
}

#[test]
fn the_full_demo_has_the_promised_size() {
    let business = invent(&Size::demo());
    let orders: usize = business.periods.iter().map(|papers| papers.orders.len()).sum();
    let usage: usize = business.periods.iter().map(|papers| papers.usage.len()).sum();
    assert!((1_990..=2_010).contains(&business.customers.len()), "{} customers", business.customers.len());
    assert!((39_500..=40_500).contains(&orders), "{orders} orders");
    assert!(usage > 40_000, "{usage} usage rows");
    let names: HashSet<_> = business.customers.iter().map(|customer| &customer.name).collect();
    assert!(names.len() * 100 > business.customers.len() * 75, "{} different names", names.len());
    let cases = business.parts.len();
    assert!(cases > 60, "{cases} cases");
}

async fn loaded(size: &Size) -> (TestBooks, kontor::demo::Loaded) {
    let books = TestBooks::new().await;
    books.set_clock(&first_instant(size).to_rfc3339()).await;
    let loaded = load(books.books().server(), &books.books().name, size, &mut |_| {}).await.expect("the demo loads");
    (books, loaded)
}

/// The values of one field in the rows that a command answers.
async fn values(db: &kontor::Database, command: &str, field: &str) -> HashSet<String> {
    let rows = db.call(command, &serde_json::json!({"wanted": "all", "maximum": 500})).await.expect("a list");
    rows.as_array().into_iter().flatten().filter_map(|row| row[field].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_small_demo_ends_with_every_kind_of_case_in_every_state() {
    let size = Size::small();
    let (books, loaded) = loaded(&size).await;
    let auditor = books.as_login("auditor").await;
    assert!(is_loaded(&auditor, &size).await.expect("the session opens"));
    assert_eq!(loaded.refused, Vec::<String>::new());
    assert!(loaded.rows > 2_000, "{loaded:?}");
    let same = |found: HashSet<String>, wanted: &[&str]| {
        let mut missing: Vec<&&str> = wanted.iter().filter(|word| !found.contains(**word)).collect();
        missing.sort();
        assert!(missing.is_empty(), "missing {missing:?} in {found:?}");
    };
    let statuses = ["requested", "reviewed", "approved", "released", "paid", "rejected", "withdrawn"];
    same(values(&auditor, "refunds.list", "status").await, &statuses);
    let waits = ["customer", "reviewer", "approver", "second_approver", "treasurer", "statement", "dispute"];
    same(values(&auditor, "refunds.list", "waits_for").await, &waits);
    let statuses =
        ["noticed", "locked", "repaying", "short", "escalated", "accepted", "settled", "withdrawn", "declined"];
    same(values(&auditor, "disputes.list", "status").await, &statuses);
    let steps = [
        "close_notice",
        "confirm_lock",
        "await_evidence",
        "judge_evidence",
        "confirm_acceptance",
        "propose_repayment",
        "approve_repayment",
        "release_repayment",
        "confirm_repayment",
        "await_shortfall",
        "await_court",
    ];
    same(values(&auditor, "disputes.list", "next_step").await, &steps);
    let rows = auditor.call("exceptions.list", &serde_json::json!({})).await.expect("a list");
    let kinds =
        rows.as_array().into_iter().flatten().filter_map(|row| row["kind"].as_str().map(str::to_owned)).collect();
    same(kinds, &["payment_without_order", "order_without_payment", "amount_differs", "recharge_not_verified"]);
}

/// Half a minute of work, so it runs when asked for: `cargo test -- --ignored the_whole_demo`.
#[tokio::test]
#[ignore = "loads the whole demo"]
async fn the_whole_demo_loads_in_under_a_minute() {
    let started = std::time::Instant::now();
    let (_books, loaded) = loaded(&Size::demo()).await;
    let took = started.elapsed();
    println!("{loaded:?} in {took:?}");
    assert!(took.as_secs() < 60, "{took:?}");
}
