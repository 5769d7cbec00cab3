//! The first opening of a rehearsal: its demo books are made beside, and take their name when they are whole.
//!
//! So books that have the name are never half a demo: they are the whole one, or somebody's own. Own books are
//! kept unless a person asks for others; what an interrupted loading leaves behind has another name and is dropped
//! by the next one.

use super::load::{Loaded, Loading, first_instant, load};
use super::setting::Size;
use crate::embedded::{Server, quoted, run};
use crate::error::{Error, Result};
use crate::rehearsal;
use chrono::NaiveDate;
use serde::Serialize;
use sqlx::{ConnectOptions, Connection};
use std::fs::{File, TryLockError};
use std::time::Duration;

/// What the database says of itself once the whole demo is in it.
const MARK: &str = "Kontor's demo books, loaded to their end";

/// How often a second program looks whether the first has made the books.
const GLANCE: Duration = Duration::from_millis(200);

/// What the making of the books is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The private server starts.
    Starting,
    /// Another program makes these books at this moment.
    Waiting,
    /// Tables and functions are made.
    Migrating,
    /// The demo's papers are imported, and its people do their work.
    Loading,
    /// The planner is told what came in, and the books get their name.
    Finishing,
}

/// One step of an opening, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What is being done.
    pub phase: Phase,
    /// Steps done, in loading.
    pub done: usize,
    /// All steps, in loading.
    pub total: usize,
    /// The day that the books have reached.
    pub on: Option<NaiveDate>,
}

impl From<Phase> for Step {
    fn from(phase: Phase) -> Self {
        Self { phase, done: 0, total: 0, on: None }
    }
}

impl From<Loading> for Step {
    fn from(at: Loading) -> Self {
        Self { phase: Phase::Loading, done: at.done, total: at.total, on: Some(at.on) }
    }
}

/// Which books were opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The demo's, made this moment.
    Made(Loaded),
    /// The demo's, from before.
    Demo,
    /// Somebody's own rehearsal: it was left as it is.
    Own,
}

/// Opens a rehearsal, and makes the demo's books when there are none. With `replace`, books of before go when
/// the new ones are whole; a cancel (rule `loading_cancelled`) or a failure leaves everything as it was.
pub async fn open(
    server: &Server,
    database: &str,
    size: &Size,
    replace: bool,
    tell: &mut (impl FnMut(Step) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<Opened> {
    tell(Phase::Starting.into());
    if !replace && let Some(opened) = open_existing(server, database, size, tell).await? {
        return Ok(opened);
    }
    let _alone = alone(server, tell, cancelled).await?;
    // Whoever made the books meanwhile made them for us too.
    if !replace && let Some(opened) = open_existing(server, database, size, tell).await? {
        return Ok(opened);
    }
    let unfinished = format!("{database}_unfinished");
    server.drop_database(&unfinished).await?;
    let made = make(server, &unfinished, size, tell, cancelled).await;
    let named = match made {
        Ok(loaded) => {
            tell(Phase::Finishing.into());
            give_name(server, &unfinished, database, replace).await.map(|()| loaded)
        }
        Err(_) if cancelled() => Err(Error::rule("loading_cancelled")),
        Err(error) => Err(error),
    };
    if named.is_err() {
        // What went wrong is the news; the next opening tidies up as well.
        let _ = server.drop_database(&unfinished).await;
    }
    named.map(Opened::Made)
}

/// Brings books that are there to this program's shape. `None` when there are none.
async fn open_existing(
    server: &Server,
    database: &str,
    size: &Size,
    tell: &mut (impl FnMut(Step) + Send),
) -> Result<Option<Opened>> {
    let mut connection = server.administrator("postgres").connect().await?;
    let mark: Option<Option<String>> =
        sqlx::query_scalar("select shobj_description(oid, 'pg_database') from pg_database where datname = $1")
            .bind(database)
            .fetch_optional(&mut connection)
            .await?;
    connection.close().await?;
    let Some(mark) = mark else { return Ok(None) };
    tell(Phase::Migrating.into());
    rehearsal::open(server, database, first_instant(size).to_utc()).await?;
    Ok(Some(if mark.as_deref() == Some(MARK) { Opened::Demo } else { Opened::Own }))
}

/// Waits until no other program makes books on this server.
async fn alone(
    server: &Server,
    tell: &mut (impl FnMut(Step) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<File> {
    let file = server.lock_file("loading")?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(cause)) => return Err(cause.into()),
            Err(TryLockError::WouldBlock) if cancelled() => return Err(Error::rule("loading_cancelled")),
            Err(TryLockError::WouldBlock) => {
                tell(Phase::Waiting.into());
                tokio::time::sleep(GLANCE).await;
            }
        }
    }
}

async fn make(
    server: &Server,
    unfinished: &str,
    size: &Size,
    tell: &mut (impl FnMut(Step) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<Loaded> {
    tell(Phase::Migrating.into());
    rehearsal::open(server, unfinished, first_instant(size).to_utc()).await?;
    let loaded = load(server, unfinished, size, &mut |at| tell(at.into()), cancelled).await?;
    tell(Phase::Finishing.into());
    server.tidy(unfinished).await?;
    Ok(loaded)
}

/// From here on the books are the rehearsal: marked, named, and the ones of before gone if that was asked for.
async fn give_name(server: &Server, unfinished: &str, database: &str, replace: bool) -> Result<()> {
    let mut connection = server.administrator(unfinished).connect().await?;
    sqlx::query("update book.database set name = $1").bind(database).execute(&mut connection).await?;
    run(&mut connection, format!("comment on database {} is '{}'", quoted(unfinished), MARK.replace('\'', "''")))
        .await?;
    connection.close().await?;
    let _lock = server.lock().await?;
    if replace {
        server.drop_database(database).await?;
    }
    let mut connection = server.administrator("postgres").connect().await?;
    run(&mut connection, format!("alter database {} rename to {}", quoted(unfinished), quoted(database))).await?;
    connection.close().await?;
    Ok(())
}
