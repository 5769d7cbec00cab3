//! The demo's files: the same for the same seed, sound to our own readers, and in agreement with each other.

use crate::support::TestBooks;
use chrono::DateTime;
use kontor::demo::{
    self, Business, Opened, Phase, Size, Step, final_instant, first_instant, invent, load, write_files,
};
use kontor::embedded::Server;
use kontor::imports::{Paper, read_paper};
use kontor::statements::RowKind;
use kontor::{Error, rehearsal};
use rust_decimal::Decimal;
use sqlx::{ConnectOptions, Connection};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

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
            Ok(Paper::Campaign(_)) => panic!("{name}: the demo has no campaign files"),
            Err(error) => panic!("{name}: {error}"),
        }
    }
    let differing =
        orders.iter().filter(|(number, amount)| payments.get(*number).is_some_and(|paid| paid != *amount)).count();
    let unpaid = orders.keys().filter(|number| !payments.contains_key(*number)).count();
    let unordered = payments.keys().filter(|number| !orders.contains_key(*number)).count();
    // One payment carries a slipped number: unordered on its paper, unpaid on the platform's.
    assert_eq!((differing, unpaid, unordered), (1, 3, 2));
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
    let loaded =
        load(books.books().server(), &books.books().name, size, &mut |_| {}, &|| false).await.expect("the demo loads");
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
    let session = auditor.call("session.open", &serde_json::json!({})).await.expect("the session opens");
    let now = DateTime::parse_from_rfc3339(session["now"].as_str().expect("an instant")).expect("an instant");
    assert!(now >= final_instant(&size));
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
    letters_of_every_kind(&books).await;
    let campaign = auditor.call("campaign.overview", &serde_json::json!({})).await.expect("the campaign");
    let verdicts = campaign["funnel"].as_array().into_iter().flatten();
    let verdicts = verdicts.filter_map(|row| row["verdict"].as_str().map(str::to_owned)).collect();
    same(verdicts, &["bound", "counted", "outside_72h", "refunded_within_campaign"]);
    assert_eq!(
        (&campaign["objections_open"], &campaign["reviews_open"]),
        (&1.to_string().into(), &1.to_string().into())
    );
    let amounts: HashSet<&str> =
        campaign["days"].as_array().into_iter().flatten().filter_map(|day| day["amount"].as_str()).collect();
    assert!(amounts.len() >= 8, "the liability moves from week to week: {amounts:?}");
    for account in ["credit_tier_cost", "credits_redeemed", "credits_lapsed", "credits_forfeited"] {
        assert_ne!(campaign["cost"][account], "0.00", "{account}: {campaign}");
    }
    assert_ne!(
        campaign["claims"].as_str().expect("an amount").trim_end_matches(['0', '.']),
        "",
        "a claim is half paid"
    );
    let today = auditor.call("today.open", &serde_json::json!({})).await.expect("the first screen");
    let stripe =
        today["tie_out"].as_array().into_iter().flatten().filter(|line| {
            line["check"].as_str().is_some_and(|check| check.contains("stripe")) && line["state"] == "ok"
        });
    assert_eq!(stripe.count(), 3, "Stripe's report ties out: {}", today["tie_out"]);
}

/// A newcomer finds each letter of a dispute written, carried, received or failed, in both languages, and some to send.
async fn letters_of_every_kind(books: &TestBooks) {
    let mut owner = books.owner().await;
    let written: Vec<String> = sqlx::query_scalar("select distinct kind::text from book.letters order by 1")
        .fetch_all(&mut owner)
        .await
        .expect("kinds");
    let all = ["evidence_request", "lock_notice", "reminder", "shortfall_demand", "unlock_notice", "waiver_form"];
    assert_eq!(written, all);
    let ways = "select count(distinct l.language) || ' ' || bool_or(s.delivered_at is not null) || ' ' || bool_or(s.failed_at is not null) || ' ' || bool_or(not s.by_platform) \
                from book.letters l join book.letter_sendings s on s.letter_id = l.id";
    let ways: String = sqlx::query_scalar(ways).fetch_one(&mut owner).await.expect("ways");
    assert_eq!(ways, "2 true true true");
    let unserved = "select count(*) from book.disputes d where d.locked_at is not null and not exists (select from book.services_of_notice s where s.dispute_id = d.id and s.about = 'lock')";
    let unserved: i64 = sqlx::query_scalar(unserved).fetch_one(&mut owner).await.expect("a count");
    assert_eq!(unserved, 0, "the receipt of the letter is the service of the notice");
    let orders = "select count(*) filter (where scope = 'amount') > 0 and count(*) filter (where scope = 'account') > 0 from book.judicial_orders";
    assert!(
        sqlx::query_scalar::<_, bool>(orders).fetch_one(&mut owner).await.expect("an answer"),
        "orders of both kinds"
    );
    let handler = books.as_login("handler").await;
    let due = handler.call("letters.due_reminders", &serde_json::json!({})).await.expect("the day's reminders");
    assert!(!due.as_array().expect("a list").is_empty(), "there is a reminder to send today");
}

/// A database of the tests' own server that is gone afterwards, whatever becomes of the test.
struct Place {
    server: std::sync::Arc<Server>,
    name: String,
}

impl Place {
    async fn new() -> Self {
        let books = TestBooks::new().await;
        let server = std::sync::Arc::clone(books.books().server());
        // Swept by a later run, should this one be killed.
        Self { server, name: format!("kontor_case_{}", uuid::Uuid::new_v4().simple()) }
    }

    async fn open(&self, replace: bool, steps: usize) -> (Result<Opened, Error>, Vec<Step>) {
        let told = Mutex::new(Vec::new());
        let mut tell = |step| told.lock().expect("one thread").push(step);
        let enough = || told.lock().expect("one thread").len() > steps;
        let opened = demo::open(&self.server, &self.name, &Size::small(), replace, &mut tell, &enough).await;
        (opened, told.into_inner().expect("one thread"))
    }

    async fn databases(&self) -> Vec<String> {
        let mut connection = self.server.administrator("postgres").connect().await.expect("connects");
        let sql = "select datname::text from pg_database where starts_with(datname, $1) order by 1";
        sqlx::query_scalar(sql).bind(&self.name).fetch_all(&mut connection).await.expect("a list")
    }

    async fn discard(self) {
        self.server.drop_database(&self.name).await.expect("dropped");
    }
}

#[tokio::test]
async fn a_demo_that_was_cancelled_or_killed_is_made_afresh_and_is_whole_or_not_there() {
    let place = Place::new().await;
    let (cancelled, _) = place.open(false, 200).await;
    assert_eq!(cancelled.expect_err("cancelled").rule_name(), Some("loading_cancelled"));
    assert_eq!(place.databases().await, Vec::<String>::new());
    // What a killed program leaves behind: books under the other name, half made.
    let left = format!("{}_unfinished", place.name);
    rehearsal::open(&place.server, &left, first_instant(&Size::small()).to_utc()).await.expect("half made");
    let (made, steps) = place.open(false, usize::MAX).await;
    assert!(matches!(made, Ok(Opened::Made(loaded)) if loaded.rows > 2_000 && loaded.refused.is_empty()));
    assert_eq!(place.databases().await, std::slice::from_ref(&place.name));
    let loading: Vec<&Step> = steps.iter().filter(|step| step.phase == Phase::Loading).collect();
    assert!(loading.windows(2).all(|two| two[0].done + 1 == two[1].done && two[0].on <= two[1].on));
    assert!(loading.last().is_some_and(|last| last.done + 1 == last.total && last.total > 300));
    // The next opening finds them, and who signs in is told the right name of the books.
    assert_eq!(place.open(false, usize::MAX).await.0, Ok(Opened::Demo));
    let db = rehearsal::sign_in(&place.server, &place.name, "auditor").await.expect("signs in");
    let session = db.call("session.open", &serde_json::json!({})).await.expect("the session opens");
    assert_eq!(session["database"], place.name);
    db.close().await;
    place.discard().await;
}

/// Their clock may stand anywhere: that says nothing about whose they are.
#[tokio::test]
async fn a_rehearsal_of_ones_own_is_never_replaced_unasked() {
    let place = Place::new().await;
    let start = DateTime::parse_from_rfc3339("2025-03-01T09:00:00+08:00").expect("an instant").to_utc();
    rehearsal::open(&place.server, &place.name, start).await.expect("made");
    let db = rehearsal::sign_in(&place.server, &place.name, "administrator").await.expect("signs in");
    let own = serde_json::json!({"command_id": uuid::Uuid::new_v4(), "code": "OWN", "title": "My own"});
    db.call("activities.add", &own).await.expect("added");
    db.close().await;
    assert_eq!(place.open(false, usize::MAX).await.0, Ok(Opened::Own));
    // Asked for, and then thought better of.
    let (cancelled, _) = place.open(true, 50).await;
    assert_eq!(cancelled.expect_err("cancelled").rule_name(), Some("loading_cancelled"));
    assert_eq!(place.databases().await, std::slice::from_ref(&place.name));
    let mut owner = place.server.administrator(&place.name).connect().await.expect("connects");
    let kept: bool = sqlx::query_scalar("select exists (select from book.activities where code = 'OWN')")
        .fetch_one(&mut owner)
        .await
        .expect("an answer");
    assert!(kept);
    owner.close().await.expect("closed");
    place.discard().await;
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
