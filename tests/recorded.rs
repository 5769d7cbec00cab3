//! What the database really answers, for the window's tests and its sample mode: a small story is played through the
//! real commands, the reads that the screens make are asked, and each answer is kept in ui/src/gallery/recorded.
//! A file that was stale is rewritten and the test fails, so that a changed answer is seen.

mod asked;
mod campaign;
mod casework;
mod keeping;
mod letters;
mod locks;
mod played;
mod prints;
mod vat_rates;

use crate::desk::Desk;
use crate::support::{call, done};
use chrono::{DateTime, FixedOffset, TimeDelta};
use kontor::Error;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The story's books, its clock, and what was answered so far.
pub struct Story {
    desk: Desk,
    clock: PgConnection,
    now: DateTime<FixedOffset>,
    counts: BTreeMap<String, usize>,
    kept: keeping::Kept,
}

impl Story {
    async fn new() -> Self {
        let desk = Desk::bare().await;
        let mut clock = desk.books.owner().await;
        // The lists that come with the program carry the instant at which this machine migrated.
        sqlx::query(
            "update book.calendars set imported_at = '2025-11-03T01:00:00Z', confirmed_at = '2025-11-03T01:00:00Z'",
        )
        .execute(&mut clock)
        .await
        .expect("the lists are dated");
        let now = "2025-11-03T09:00:00+08:00".parse().expect("an instant");
        let mut story = Self { desk, clock, now, counts: BTreeMap::new(), kept: keeping::Kept::default() };
        story.at("2025-11-03T09:00").await;
        story
    }

    /// Goes on at this minute in Shanghai. The story never goes back.
    async fn at(&mut self, minute: &str) {
        let next = format!("{minute}:00+08:00").parse().expect("an instant");
        assert!(next >= self.now, "the story goes back to {minute}");
        self.now = next;
        self.tell_the_clock().await;
    }

    /// Actions are a minute apart, so that nothing is ordered by chance and instants can be kept to the minute.
    async fn tell_the_clock(&mut self) {
        sqlx::query("update book.database set clock_offset = $1 - clock_timestamp() where rehearsal")
            .bind(self.now)
            .execute(&mut self.clock)
            .await
            .expect("a rehearsal's clock moves");
    }

    /// The id of a case or paper by the name that the story gives it: the same in every run.
    fn id(name: &str) -> Uuid {
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        format!("{}{:012x}", keeping::OURS, hash & 0xffff_ffff_ffff).parse().expect("an id")
    }

    /// Now, as an argument.
    fn instant(&self) -> String {
        self.now.to_rfc3339()
    }

    /// An action that must succeed; the first of each command is kept with its answer.
    async fn act(&mut self, login: &str, command: &str, arguments: Value) -> Value {
        let answer = self.try_act(login, command, arguments.clone()).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => panic!("{command} {arguments} is refused: {error} {}", error.to_json()),
        };
        // Files and batches have no screen that shows their answer; a dispute's action answers its whole page again.
        let unseen = ["imports.", "disputes.", "recharges.post", "usage.post", "campaign.post"];
        if command == "disputes.record_notice" || !unseen.iter().any(|begin| command.starts_with(begin)) {
            self.kept.keep_first(command, login, &arguments, Ok(answer.clone()));
        }
        answer
    }

    /// An action that the database must refuse; the refusal is kept as it is.
    async fn refuse(&mut self, login: &str, command: &str, arguments: Value) {
        let error = self.try_act(login, command, arguments.clone()).await.expect_err("the story expects a refusal");
        self.kept.keep(command, login, &arguments, Err(error.to_json()));
    }

    async fn try_act(&mut self, login: &str, command: &str, mut arguments: Value) -> Result<Value, Error> {
        self.now += TimeDelta::minutes(1);
        self.tell_the_clock().await;
        if arguments.get("command_id").is_none() {
            let count = self.counts.entry(command.to_owned()).or_default();
            *count += 1;
            arguments["command_id"] = json!(Self::id(&format!("{command} {count}")));
        }
        call(&self.desk.person(login).await, command, arguments).await
    }

    /// A read of a screen, kept with its answer or refusal.
    async fn ask(&mut self, login: &str, command: &str, arguments: Value) -> Value {
        self.tell_the_clock().await;
        let answer = call(&self.desk.person(login).await, command, arguments.clone()).await;
        self.kept.keep(command, login, &arguments, answer.clone().map_err(|error| error.to_json()));
        answer.unwrap_or_default()
    }

    /// A read of the story's own, not kept.
    async fn look(&mut self, login: &str, command: &str, arguments: Value) -> Value {
        done(call(&self.desk.person(login).await, command, arguments).await)
    }

    /// Files a paper and answers with its id.
    async fn attach(&mut self, login: &str, subject_kind: &str, subject: Uuid, file_name: &str) -> Uuid {
        self.now += TimeDelta::minutes(1);
        self.tell_the_clock().await;
        let id = Self::id(&format!("{subject_kind} {subject} {file_name}"));
        let bytes = format!("%PDF-1.4 a made-up paper: {file_name} of {subject}");
        let db = self.desk.person(login).await;
        kontor::attachments::attach(&db, id, subject_kind, &subject.to_string(), file_name, bytes.as_bytes())
            .await
            .expect("the paper is filed");
        id
    }
}

#[tokio::test]
async fn answers_of_the_gallery_are_those_of_the_database() {
    let mut story = Story::new().await;
    asked::of_empty_books(&mut story).await;
    played::autumn(&mut story).await;
    played::winter(&mut story).await;
    played::february(&mut story).await;
    casework::casework(&mut story).await;
    locks::played(&mut story).await;
    story.at("2026-02-13T14:42").await;
    asked::of_full_books(&mut story).await;
    locks::asked(&mut story).await;
    prints::played_and_asked(&mut story).await;
    asked::of_the_rest(&mut story).await;
    locks::conflicts(&mut story).await;
    campaign::told(&mut story).await;
    campaign::decided(&mut story).await;
    campaign::looked_at(&mut story).await;
    campaign::claimed(&mut story).await;
    campaign::asked(&mut story).await;
    vat_rates::played_and_asked(&mut story).await;
    story.desk.assert_tied_out().await;
    let stale = story.kept.write();
    assert!(stale.is_empty(), "stale answers, rewritten just now: {stale:?}. Look at the difference and keep it.");
}
