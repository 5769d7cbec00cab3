//! The people of the demo, each signed in as themselves.

use super::Dice;
use crate::database::Database;
use crate::embedded::Server;
use crate::error::Result;
use crate::rehearsal;
use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Mutex;
use uuid::Uuid;

/// The people of a rehearsal, each signed in when first needed.
pub(super) struct People<'a> {
    server: &'a Server,
    database: &'a str,
    signed_in: Mutex<HashMap<String, Database>>,
    ids: Mutex<Dice>,
    acted: AtomicUsize,
}

impl<'a> People<'a> {
    pub(super) fn new(server: &'a Server, database: &'a str, seed: u64) -> Self {
        let ids = Mutex::new(Dice::new(seed).apart(9));
        Self { server, database, signed_in: Mutex::new(HashMap::new()), ids, acted: AtomicUsize::new(0) }
    }

    /// The connection of one login.
    pub(super) async fn sign_in(&self, login: &str) -> Result<Database> {
        let mut signed_in = self.signed_in.lock().await;
        if let Some(db) = signed_in.get(login) {
            return Ok(db.clone());
        }
        let db = rehearsal::sign_in(self.server, self.database, login).await?;
        signed_in.insert(login.to_owned(), db.clone());
        Ok(db)
    }

    /// Nobody stays connected: books that take their name have no visitors.
    pub(super) async fn sign_out(&self) {
        for (_, db) in self.signed_in.lock().await.drain() {
            db.close().await;
        }
    }

    /// An id that no other command has, and the same one in every run.
    pub(super) async fn new_id(&self) -> Uuid {
        let mut dice = self.ids.lock().await;
        let bits = (u128::from(dice.below(u64::MAX)) << 64) | u128::from(dice.below(u64::MAX));
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }

    /// An action of one person: the id of the command is made here.
    pub(super) async fn act(&self, login: &str, command: &str, mut arguments: Value) -> Result<Value> {
        arguments["command_id"] = json!(self.new_id().await);
        self.ask(login, command, arguments).await
    }

    /// How many commands were called so far.
    pub(super) fn acted(&self) -> usize {
        self.acted.load(Ordering::Relaxed)
    }

    /// A command as it stands: a read, or an action whose id is known.
    pub(super) async fn ask(&self, login: &str, command: &str, arguments: Value) -> Result<Value> {
        let db = self.sign_in(login).await?;
        self.acted.fetch_add(1, Ordering::Relaxed);
        db.call(command, &arguments).await.inspect_err(|error| {
            tracing::warn!(login, command, "the demo's {command} was refused: {error}");
        })
    }

    /// A clock that runs is past the instant by the time the second of two scenes asks for it: that is early enough.
    pub(super) async fn move_clock(&self, instant: DateTime<FixedOffset>) -> Result<()> {
        let moved = json!({"command_id": self.new_id().await, "instant": instant.to_rfc3339()});
        let db = self.sign_in("administrator").await?;
        accept_known(db.call("clock.move", &moved).await, "clock_moves_backwards")
    }

    /// The platform does what it was told: it suspends services and API keys, or restores them.
    pub(super) async fn platform_obeys(&self) -> Result<()> {
        let told = self.ask("platform", "platform_events.read", json!({})).await?;
        for event in told.as_array().into_iter().flatten() {
            self.act("platform", "platform_events.acknowledge", json!({"event_id": event["id"]})).await?;
        }
        Ok(())
    }
}

/// A thing that is there already is as good as one that was added.
pub(super) fn accept_known(answer: Result<Value>, known: &str) -> Result<()> {
    match answer {
        Err(error) if error.rule_name() == Some(known) => Ok(()),
        other => other.map(|_| ()),
    }
}
