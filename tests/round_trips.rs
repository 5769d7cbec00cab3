//! Round trips, counted on the wire: a far database charges for each of them.
//!
//! A proxy stands between the program and the server and counts turn-arounds: the client speaks after the server
//! has spoken. So pings, describes and type look-ups count as well as statements.

use crate::support::{TestBooks, call, done, new_id, refused};
use kontor::{Database, Profile};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// A socket beside the server's, and how often the client spoke there.
struct Wire {
    folder: PathBuf,
    turns: Arc<AtomicUsize>,
}

impl Wire {
    /// Listens in a folder of its own and passes everything on.
    fn to(server: &Profile) -> Self {
        let folder = std::env::temp_dir().join(format!("kontor-wire-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).expect("a fresh folder");
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).expect("a socket of our own");
        let turns = Arc::new(AtomicUsize::new(0));
        let target = PathBuf::from(&server.host).join(format!(".s.PGSQL.{}", server.port));
        let counted = Arc::clone(&turns);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&target).await.expect("the server listens");
                tokio::spawn(pass_on(client, server, Arc::clone(&counted)));
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

async fn pass_on(mut client: UnixStream, mut server: UnixStream, turns: Arc<AtomicUsize>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut client_spoke_last = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(count) if count > 0 => {
                    if !client_spoke_last {
                        turns.fetch_add(1, Ordering::SeqCst);
                        client_spoke_last = true;
                    }
                    if server.write_all(&asked[..count]).await.is_err() { return }
                }
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(count) if count > 0 => {
                    client_spoke_last = false;
                    if client.write_all(&answered[..count]).await.is_err() { return }
                }
                _ => return,
            },
        }
    }
}

/// Signs in through the proxy.
async fn far_away(books: &TestBooks, login: &str) -> (Wire, Database) {
    let server = books.books().server();
    let direct = server.profile(&books.books().name);
    let wire = Wire::to(&direct);
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
    ("journal", &[("ledger.journal", r#"{"journal_id": "1"}"#)]),
    ("customers", &[("customers.list", "{}")]),
    ("customer", &[("customers.open", r#"{"customer_id": "1"}"#), ("customers.timeline", r#"{"customer_id": "1"}"#)]),
    ("refunds", &[("refunds.list", "{}")]),
    ("refund", &[("refunds.open", r#"{"refund_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("refund worksheet", &[("refunds.quote", r#"{"customer_id": "1"}"#)]),
    ("disputes", &[("disputes.list", "{}"), ("disputes.counts", "{}")]),
    ("dispute", &[("disputes.open", r#"{"dispute_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("invoices", &[("invoices.list", "{}"), ("invoices.list_invoiceable", "{}")]),
    ("invoice", &[("invoices.open", r#"{"invoice_id": "00000000-0000-0000-0000-000000000000"}"#)]),
    ("imports", &[("imports.list", "{}"), ("exceptions.list", "{}")]),
    ("policy", &[("policies.list", "{}"), ("people.list", "{}")]),
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
