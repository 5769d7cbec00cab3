//! Round trips, counted on the wire: a far database charges for each of them.
//!
//! A proxy stands between the program and the server and counts turn-arounds: the client speaks after the server
//! has spoken. So pings, describes and type look-ups count as well as statements.

use crate::support::{TestBooks, call, done, new_id, refused};
use kontor::{Database, Profile};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::Instant;

/// A socket beside the server's, how often the client spoke there, and how far away the server seems.
struct Wire {
    folder: PathBuf,
    turns: Arc<AtomicUsize>,
}

impl Wire {
    /// Listens in a folder of its own and passes everything on, each way after a delay.
    fn to(server: &Profile, delay: Duration) -> Self {
        let folder = std::env::temp_dir().join(format!("kontor-wire-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).expect("a fresh folder");
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).expect("a socket of our own");
        let turns = Arc::new(AtomicUsize::new(0));
        let target = PathBuf::from(&server.host).join(format!(".s.PGSQL.{}", server.port));
        let counted = Arc::clone(&turns);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&target).await.expect("the server listens");
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let turns = Arc::clone(&counted);
                let client_spoke_last = Arc::new(AtomicBool::new(false));
                let spoke_last = Arc::clone(&client_spoke_last);
                let asked = move || {
                    if !spoke_last.swap(true, Ordering::SeqCst) {
                        turns.fetch_add(1, Ordering::SeqCst);
                    }
                };
                tokio::spawn(pass_on(from_client, to_server, delay, asked));
                let answered = move || client_spoke_last.store(false, Ordering::SeqCst);
                tokio::spawn(pass_on(from_server, to_client, delay, answered));
            }
        });
        Self { folder, turns }
    }

    /// Turn-arounds since the last question.
    fn turns(&self) -> usize {
        self.turns.swap(0, Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One way of a line: what is on its way does not hold up what follows, as on a real one.
async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration, heard: impl Fn()) {
    let (underway, mut arriving) = tokio::sync::mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((at, bytes)) = arriving.recv().await {
            tokio::time::sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut bytes = vec![0; 65_536];
    while let Ok(count) = from.read(&mut bytes).await {
        if count == 0 {
            return;
        }
        heard();
        if underway.send((Instant::now() + delay, bytes[..count].to_vec())).is_err() {
            return;
        }
    }
}

/// Signs in through the proxy.
async fn far_away(books: &TestBooks, login: &str) -> (Wire, Database) {
    through(books, login, Duration::ZERO).await
}

/// The same over a line that takes its time each way.
async fn through(books: &TestBooks, login: &str, delay: Duration) -> (Wire, Database) {
    let server = books.books().server();
    let direct = server.profile(&books.books().name);
    let wire = Wire::to(&direct, delay);
    let profile = Profile { host: wire.folder.display().to_string(), port: 5432, ..direct };
    let password = server.kept_passwords().expect("kept")[login].clone();
    let db = Database::connect(&profile, login, &password).await.expect("signs in through the proxy");
    (wire, db)
}

#[tokio::test]
async fn signing_in_costs_a_handful_of_round_trips() {
    let books = TestBooks::new().await;
    let (wire, _db) = far_away(&books, "agent").await;
    // Start, two of SCRAM, the contract (prepared, then asked), and the one statement prepared.
    assert!(wire.turns() <= 6, "signing in became slower over a far line");
}

#[tokio::test]
async fn an_action_is_one_round_trip_cold_warm_repeated_and_refused() {
    let books = TestBooks::new().await;
    let (wire, db) = far_away(&books, "administrator").await;
    wire.turns();
    let id = new_id();
    let added = |id: &str, version: &str| json!({"command_id": id, "version": version, "announced_at": "2026-01-01T00:00:00Z", "effective_at": "2026-02-01T00:00:00Z"});
    done(call(&db, "agreements.add", added(&id, "v1")).await);
    assert_eq!(wire.turns(), 1, "cold");
    done(call(&db, "agreements.add", added(&new_id(), "v2")).await);
    assert_eq!(wire.turns(), 1, "warm");
    done(call(&db, "agreements.add", added(&id, "v1")).await);
    assert_eq!(wire.turns(), 1, "repeated");
    refused(call(&db, "agreements.add", added(&new_id(), "v1")).await);
    assert_eq!(wire.turns(), 1, "refused by a rule");
    refused(call(&db, "refunds.review", json!({"command_id": id, "refund_id": id})).await);
    assert_eq!(wire.turns(), 1, "refused for lack of a duty");
    done(call(&db, "session.open", json!({})).await);
    assert_eq!(wire.turns(), 1, "and nothing is left over for the next call");
}

#[tokio::test]
async fn every_read_that_needs_no_argument_is_one_round_trip() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let reads: Vec<String> =
        sqlx::query_scalar("select name from api.commands where reads and required_names = '{}' order by name")
            .fetch_all(&mut owner)
            .await
            .expect("the list of commands");
    assert!(reads.len() >= 10, "the screens' lists need no argument: {reads:?}");
    for command in reads {
        let (wire, db) = far_away(&books, "supervisor").await;
        wire.turns();
        done(call(&db, &command, json!({})).await);
        assert_eq!(wire.turns(), 1, "{command}, cold");
        done(call(&db, &command, json!({})).await);
        assert_eq!(wire.turns(), 1, "{command}, warm");
    }
}

#[tokio::test]
async fn reads_at_the_same_time_share_few_connections() {
    let books = TestBooks::new().await;
    let db = books.as_login("supervisor").await;
    let calls = (0..20).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { call(&db, "session.open", Value::Object(Default::default())).await })
    });
    for answer in futures(calls).await {
        done(answer);
    }
    let mut owner = books.owner().await;
    let sessions: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database() and usename = 'supervisor'",
    )
    .fetch_one(&mut owner)
    .await
    .expect("the server counts");
    assert!((1..=4).contains(&sessions), "{sessions} sessions of one person");
}

async fn futures<T>(tasks: impl Iterator<Item = tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut answers = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        answers.push(task.await.expect("the task ends"));
    }
    answers
}

#[tokio::test]
async fn a_lost_answer_to_a_read_is_asked_for_again_and_to_an_action_is_not() {
    let books = TestBooks::new().await;
    let db = books.as_login("administrator").await;
    let mut owner = books.owner().await;
    let cut = "select pg_terminate_backend(pid, 2000) from pg_stat_activity where datname = current_database() and usename = 'administrator'";
    sqlx::query(cut).execute(&mut owner).await.expect("the sessions end");
    done(call(&db, "session.open", json!({})).await);
    sqlx::query(cut).execute(&mut owner).await.expect("the sessions end");
    let id = new_id();
    let arguments = json!({"command_id": id, "version": "v1", "announced_at": "2026-01-01T00:00:00Z", "effective_at": "2026-02-01T00:00:00Z"});
    assert_eq!(refused(call(&db, "agreements.add", arguments.clone()).await), "offline");
    // The person says "again", with the same id.
    done(call(&db, "agreements.add", arguments).await);
}

/// What each screen asks when it opens, at the same time, on a connection that has just signed in.
const SCREENS: &[(&str, &[(&str, &str)])] = &[
    ("today", &[("today.open", "{}")]),
    ("ledger", &[("ledger.list", "{}"), ("ledger.total", "{}")]),
    (
        "statement",
        &[(
            "ledger.statement",
            r#"{"account_code": "bank", "from_at": "2026-01-01T00:00:00Z", "until_at": "2026-02-01T00:00:00Z"}"#,
        )],
    ),
    ("trial balance", &[("ledger.trial_balance", r#"{"at": "2026-01-01T00:00:00Z"}"#)]),
    ("prepaid liability", &[("ledger.roll_forward", r#"{"first_month": "2026-01-01"}"#)]),
    (
        "recharges behind a figure",
        &[(
            "ledger.channel_moves",
            r#"{"channel": "alipay", "kinds": "recharge", "from_on": "2026-01-01", "until_on": "2026-01-31"}"#,
        )],
    ),
    ("credit liability", &[("campaign.roll_forward", r#"{"first_month": "2026-01-01", "months": 12}"#)]),
    ("journal", &[("ledger.journal", r#"{"journal_id": "1"}"#)]),
    ("customers", &[("customers.list", "{}")]),
    ("customer", &[("customers.open", r#"{"customer_id": "1"}"#), ("customers.timeline", r#"{"customer_id": "1"}"#)]),
    ("refunds", &[("refunds.list", "{}")]),
    ("refund", &[("refunds.open", r#"{"refund_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("refund worksheet", &[("refunds.quote", r#"{"customer_id": "1"}"#)]),
    ("disputes", &[("disputes.list", "{}"), ("disputes.counts", "{}")]),
    ("dispute", &[("disputes.open", r#"{"dispute_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("invoices", &[("invoices.list", "{}"), ("invoices.list_invoiceable", "{}")]),
    ("invoice requests", &[("invoices.list_requests", "{}"), ("invoices.list_red_letters", "{}")]),
    ("red letters", &[("invoices.list_red_letters", "{}"), ("invoices.list_red_tasks", "{}")]),
    ("runs", &[("invoices.list_runs", "{}"), ("invoices.list_red_letters", "{}")]),
    ("new run", &[("invoices.preview_run", "{}")]),
    ("print centre", &[("prints.list", "{}"), ("invoices.list_red_letters", "{}")]),
    ("tax platform", &[("tax.open", "{}"), ("invoices.list_red_letters", "{}")]),
    ("invoice", &[("invoices.open", r#"{"invoice_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("imports", &[("imports.list", "{}"), ("exceptions.list", "{}")]),
    ("campaign", &[("campaign.overview", "{}"), ("campaign.roll_forward", r#"{"first_month": "2026-01-01"}"#)]),
    ("inviter", &[("campaign.inviter", r#"{"customer_id": "0"}"#), ("campaign.friends", r#"{"inviter_id": "0"}"#)]),
    ("friend", &[("campaign.replay", r#"{"friend_id": "0"}"#)]),
    ("objections", &[("campaign.objections", "{}")]),
    (
        "objection",
        &[
            ("campaign.objection", r#"{"objection_id": "00000000-0000-0000-0000-000000000000"}"#),
            ("letters.open", r#"{"subject_kind": "objection", "subject_id": "00000000-0000-0000-0000-000000000000"}"#),
        ],
    ),
    ("reviews", &[("campaign.reviews", "{}")]),
    ("review", &[("campaign.review", r#"{"review_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("penalty", &[("campaign.violation", r#"{"violation_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("confirmations", &[("proposals.list", "{}"), ("proposals.open", r#"{"kind": "policy", "id": "0"}"#)]),
    ("customer's usage", &[("customers.open", r#"{"customer_id": "1"}"#), ("usage.list", r#"{"customer_id": "1"}"#)]),
    ("what paid for a usage", &[("usage.paid_by", r#"{"usage_id": "1"}"#)]),
    ("policy", &[("policies.list", "{}"), ("people.list", "{}")]),
    ("month end", &[("periods.open", "{}"), ("vat.open", r#"{"month": "2025-01-01"}"#)]),
    ("income not invoiced", &[("income.list", "{}"), ("income.total", "{}")]),
    ("corrections", &[("corrections.list", "{}")]),
];

#[tokio::test]
async fn every_screen_is_at_most_two_round_trips_cold_and_warm() {
    let books = TestBooks::new().await;
    for (screen, reads) in SCREENS {
        let (wire, db) = far_away(&books, "supervisor").await;
        for state in ["cold", "warm"] {
            wire.turns();
            let asked = reads.iter().map(|(command, arguments)| {
                let (db, arguments) = (db.clone(), serde_json::from_str(arguments).expect("an object"));
                tokio::spawn(async move { call(&db, command, arguments).await })
            });
            for (answer, (command, _)) in futures(asked).await.into_iter().zip(*reads) {
                // These books are empty: a page that is not there is refused, which costs the same.
                let known = match &answer {
                    Ok(_) => true,
                    Err(error) => {
                        error.rule_name().is_some_and(|rule| rule.ends_with("_unknown") && !rule.starts_with("command"))
                    }
                };
                assert!(known, "{command}: {answer:?}");
            }
            let turns = wire.turns();
            assert!(turns <= 2, "{screen}, {state}: {turns} round trips");
        }
    }
}

/// One way of a line to a data centre on another continent.
const FAR: Duration = Duration::from_millis(30);

/// How long it takes, at best of a few times: a busy machine adds to some of them, a round trip to all.
async fn best_of<T>(times: usize, mut ask: impl AsyncFnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..times {
        let begun = Instant::now();
        ask().await;
        best = best.min(begun.elapsed());
    }
    best
}

#[tokio::test]
async fn over_thirty_milliseconds_each_way_every_screen_opens_within_two_round_trips() {
    let books = TestBooks::new().await;
    let (_near_wire, near) = far_away(&books, "supervisor").await;
    let (wire, far) = through(&books, "supervisor", FAR).await;
    let open = async |db: &Database, reads: &[(&str, &str)]| {
        let asked = reads.iter().map(|(command, arguments)| {
            let (db, command) = (db.clone(), (*command).to_owned());
            let arguments = serde_json::from_str(arguments).expect("an object");
            tokio::spawn(async move { call(&db, &command, arguments).await })
        });
        futures(asked).await;
    };
    for (screen, reads) in SCREENS {
        let measured = async || {
            let here = best_of(3, async || open(&near, reads).await).await;
            let there = best_of(3, async || open(&far, reads).await).await;
            (there, there.saturating_sub(here))
        };
        wire.turns();
        let (there, mut line) = measured().await;
        assert!(there >= 2 * FAR, "{screen}: the line is slow, and this took {there:?}");
        assert!(wire.turns() <= 6, "{screen}: two turns each time");
        if line >= 5 * FAR {
            // A neighbour's work, or a third round trip? That would be there again.
            line = measured().await.1;
        }
        assert!(line < 5 * FAR, "{screen}: {line:?} on the line is more than two round trips of {:?}", 2 * FAR);
    }
}

#[tokio::test]
async fn over_thirty_milliseconds_each_way_every_action_takes_one_round_trip() {
    let books = TestBooks::new().await;
    let actions: Vec<(String, Value)> =
        sqlx::query_as("select name, arguments from api.commands where not reads order by name")
            .fetch_all(&mut books.owner().await)
            .await
            .expect("the actions");
    assert!(actions.len() > 50, "only {} actions", actions.len());
    let (near_wire, near) = far_away(&books, "supervisor").await;
    let (wire, far) = through(&books, "supervisor", FAR).await;
    near_wire.turns();
    for (name, arguments) in actions {
        let body = arguments.as_array().expect("arguments are a list").iter().map(|argument| {
            let of = |key: &str| argument[key].as_str().expect("every argument has it").to_owned();
            (of("name"), crate::catalogue::plausible(&of("type")))
        });
        let body = Value::Object(body.collect());
        let here = best_of(1, async || call(&near, &name, body.clone()).await).await;
        wire.turns();
        // Done or refused, it is asked once: whether this person may is another test's question.
        let begun = Instant::now();
        let _ = call(&far, &name, body.clone()).await;
        let mut line = begun.elapsed().saturating_sub(here);
        assert_eq!(wire.turns(), 1, "{name}");
        if line >= 3 * FAR {
            // A neighbour's work, or a second round trip? That would be there again.
            line = best_of(3, async || call(&far, &name, body.clone()).await).await;
        }
        assert!(line < 3 * FAR, "{name}: {line:?} on the line is more than one round trip of {:?}", 2 * FAR);
    }
}

#[tokio::test]
async fn every_command_of_the_catalogue_costs_one_round_trip() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let commands: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select name, arguments from api.commands order by name")
            .fetch_all(&mut owner)
            .await
            .expect("the commands");
    assert!(commands.len() > 100, "only {} commands", commands.len());
    let (wire, db) = far_away(&books, "supervisor").await;
    for (name, arguments) in commands {
        let body = arguments.as_array().expect("arguments are a list").iter().map(|argument| {
            let of = |key: &str| argument[key].as_str().expect("every argument has it").to_owned();
            (of("name"), crate::catalogue::plausible(&of("type")))
        });
        let body = serde_json::Value::Object(body.collect());
        wire.turns();
        // Answered or refused, it is asked once: whether this person may is another test's question.
        let _ = call(&db, &name, body).await;
        assert_eq!(wire.turns(), 1, "{name}");
    }
}
