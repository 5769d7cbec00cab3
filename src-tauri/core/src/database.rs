//! A person's connection to the books.
//!
//! Every command goes through one statement, prepared when the connection opens, so that an action costs
//! one round trip however far the database is. sqlx's own pool pings each connection that comes back to it,
//! which would be a second round trip; the few connections of one person are kept here instead.

use crate::columns;
use crate::error::{self, Error, Result, Versions};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor};
use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// The wire contract that this program speaks; a database migrated to another one is refused at sign-in.
pub const CONTRACT_VERSION: i32 = 2;

/// One statement serves every command.
const CALL: &str = "select api.call($1, $2)";

/// One person rarely needs more at once, and logins have few connections.
const CONNECTIONS_MAX: usize = 4;

/// Files go one at a time; a second connection lets one be fetched while another is sent.
const POOL_MAX: u32 = 2;

/// A deadlock's victim wrote nothing, and the same id makes the repetition safe.
const DEADLOCK_RETRIES_MAX: usize = 3;

/// How long a question waits behind another before it gets a connection of its own.
const PATIENCE: Duration = Duration::from_millis(300);

/// How often a signed-in desk tends the books.
pub const TEND_EVERY: Duration = Duration::from_secs(60);

const CONNECT_SECONDS_MAX: u64 = 15;

/// Where a set of books lives. The sign-in screen lists these; a rehearsal is one like any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What people call these books.
    pub name: String,
    /// Host name or address; an absolute path is the folder of a unix socket.
    pub host: String,
    /// Port, also part of a unix socket's file name.
    #[serde(default = "default_port")]
    pub port: u16,
    /// Name of the database.
    pub database: String,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
    /// A company's own certificate authority, as a PEM file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cert: Option<PathBuf>,
    /// Whether these books are for practice: shown in the window, and known before signing in.
    #[serde(default)]
    pub rehearsal: bool,
}

fn default_port() -> u16 {
    5432
}

/// How the connection is protected. There is nothing in between: an unverified certificate protects nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// No protection: for a server on this machine.
    Disable,
    /// The certificate must be valid and bear the server's name.
    #[default]
    VerifyFull,
}

impl Profile {
    /// What sqlx needs to know to sign this person in.
    pub fn options(&self, login: &str, password: &str) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .username(login)
            .password(password)
            .database(&self.database)
            .application_name("kontor")
            // Statements may name customers; they are nothing for a log.
            .disable_statement_logging()
            // Startup options cost no round trip. The functions assert the isolation level themselves.
            .options([("lock_timeout", "5s"), ("statement_timeout", "0"), ("jit", "off")]);
        let options = match self.host.starts_with('/') {
            true => options.host("localhost").socket(&self.host),
            false => options.host(&self.host),
        };
        let options = match self.tls {
            Tls::Disable => options.ssl_mode(PgSslMode::Disable),
            Tls::VerifyFull => options.ssl_mode(PgSslMode::VerifyFull),
        };
        match &self.root_cert {
            Some(path) => options.ssl_root_cert(path),
            None => options,
        }
    }
}

/// The books, as one signed-in person reaches them.
#[derive(Clone)]
pub struct Database {
    /// For bytes that never travel through a command: attachments and paper. Connects when first used.
    pub pool: PgPool,
    inner: Arc<Inner>,
}

struct Inner {
    profile: Profile,
    login: String,
    options: PgConnectOptions,
    kept: Mutex<Kept>,
    returned: Notify,
    /// Commands that only read; they may be asked again when an answer is lost.
    reads: HashSet<String>,
}

/// A person's connections: those that wait for a question, and how many there are in all.
struct Kept {
    idle: Vec<PgConnection>,
    open: usize,
    closed: bool,
}

impl Database {
    /// Signs a person in, and makes sure that program and database speak the same contract.
    pub async fn connect(profile: &Profile, login: &str, password: &str) -> Result<Self> {
        let options = profile.options(login, password);
        let mut connection = open(&options).await?;
        let reads = agree_on_the_contract(&mut connection).await?;
        connection.prepare(sqlx::SqlStr::from_static(CALL)).await?;
        let pool = PgPoolOptions::new()
            .min_connections(0)
            .max_connections(POOL_MAX)
            .test_before_acquire(false)
            .idle_timeout(Duration::from_secs(60))
            .connect_lazy_with(options.clone());
        let inner = Inner {
            profile: profile.clone(),
            login: login.to_owned(),
            options,
            kept: Mutex::new(Kept { idle: vec![connection], open: 1, closed: false }),
            returned: Notify::new(),
            reads,
        };
        Ok(Self { pool, inner: Arc::new(inner) })
    }

    /// Where these books live.
    pub fn profile(&self) -> &Profile {
        &self.inner.profile
    }

    /// Who is signed in.
    pub fn login(&self) -> &str {
        &self.inner.login
    }

    /// Whether the command only reads, and so may be cancelled or repeated freely.
    pub fn reads(&self, command: &str) -> bool {
        self.inner.reads.contains(command)
    }

    /// A connection of one's own, for the few statements that are no commands. It goes back with [`Lease::keep`].
    ///
    /// While another question is under way this waits for its end: opening a connection costs a far line more
    /// round trips than most answers do. Only behind a long one (an import) a further connection is opened.
    pub async fn connection(&self) -> Result<Lease> {
        loop {
            let returned = self.inner.returned.notified();
            let may_open = match self.inner.take()? {
                Taken::Idle(connection) => return Ok(self.inner.lend(connection)),
                Taken::First => true,
                Taken::Wait => tokio::time::timeout(PATIENCE, returned).await.is_err() && self.inner.may_open()?,
            };
            if may_open {
                // Counted already, so that it is uncounted when this future is dropped half-way.
                let mut lease = Lease { connection: None, inner: Arc::clone(&self.inner) };
                let mut connection = open(&self.inner.options).await?;
                connection.prepare(sqlx::SqlStr::from_static(CALL)).await?;
                lease.connection = Some(connection);
                return Ok(lease);
            }
        }
    }

    /// Calls one command: one round trip, and the row that a read would show.
    ///
    /// A lost answer to a read is asked for again on a new connection. A lost answer to an action is
    /// [`Error::Offline`]: the caller repeats it with the same id when the person says so.
    pub async fn call(&self, command: &str, arguments: &Value) -> Result<Value> {
        let mut deadlocks = 0;
        let mut reconnected = false;
        loop {
            let mut lease = self.connection().await?;
            let failure = match call_once(lease.connection_mut()?, command, arguments).await {
                Ok(answer) => {
                    lease.keep();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            if failure.as_database_error().is_some() && !is_gone(&failure) && !error::wants_reconnect(&failure) {
                lease.keep();
            } else {
                drop(lease);
            }
            if error::is_deadlock_victim(&failure) && deadlocks < DEADLOCK_RETRIES_MAX {
                deadlocks += 1;
                tokio::time::sleep(Duration::from_millis(20 * deadlocks as u64)).await;
                continue;
            }
            let repeatable = error::wants_reconnect(&failure) || (is_gone(&failure) && self.reads(command));
            if repeatable && !reconnected {
                reconnected = true;
                self.forget_idle();
                continue;
            }
            return Err(failure.into());
        }
    }

    /// Has the server check this person's password again, on a connection made for that alone, and tells the books
    /// (`session.step_up`). An open connection would prove only that somebody signed in once.
    ///
    /// Errors: `password_wrong` for another password; what `session.step_up` refuses.
    pub async fn step_up(&self, command_id: Uuid, password: &str) -> Result<Value> {
        let mut connection = open(&self.inner.options.clone().password(password)).await?;
        let answer = call_once(&mut connection, "session.step_up", &json!({"command_id": command_id})).await;
        // A connection that cannot say goodbye is gone already.
        let _ = connection.close().await;
        Ok(answer?)
    }

    /// Keeps the books' house in order while this person is signed in: whoever is there moves the horizon and ends
    /// what was left open, and no service has to run for it. Ends after [`Database::close`].
    pub async fn tend_until_closed(self, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if self.inner.kept().closed {
                return;
            }
            if let Err(failure) = self.tend().await {
                tracing::warn!("nobody tended the books this time: {failure}");
            }
        }
    }

    async fn tend(&self) -> Result<()> {
        let mut lease = self.connection().await?;
        sqlx::query("select api.tend()").execute(lease.connection_mut()?).await?;
        lease.keep();
        Ok(())
    }

    /// Signs out: closes what is idle, and refuses further calls.
    pub async fn close(&self) {
        self.pool.close().await;
        let idle = {
            let mut kept = self.inner.kept();
            kept.closed = true;
            kept.open -= kept.idle.len();
            std::mem::take(&mut kept.idle)
        };
        for connection in idle {
            // A connection that cannot say goodbye is gone already.
            let _ = connection.close().await;
        }
    }

    /// After one connection broke, its idle siblings are most likely broken too.
    fn forget_idle(&self) {
        let mut kept = self.inner.kept();
        kept.open -= kept.idle.len();
        kept.idle.clear();
    }
}

enum Taken {
    Idle(PgConnection),
    First,
    Wait,
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// An idle connection, or leave to open the first one.
    fn take(&self) -> Result<Taken> {
        let mut kept = self.kept();
        if kept.closed {
            return Err(Error::Offline);
        }
        if let Some(connection) = kept.idle.pop() {
            return Ok(Taken::Idle(connection));
        }
        if kept.open == 0 {
            kept.open = 1;
            return Ok(Taken::First);
        }
        Ok(Taken::Wait)
    }

    /// Leave to open one more after waiting in vain.
    fn may_open(&self) -> Result<bool> {
        let mut kept = self.kept();
        if kept.closed {
            return Err(Error::Offline);
        }
        let may = kept.idle.is_empty() && kept.open < CONNECTIONS_MAX;
        kept.open += usize::from(may);
        Ok(may)
    }

    fn lend(self: &Arc<Self>, connection: PgConnection) -> Lease {
        Lease { connection: Some(connection), inner: Arc::clone(self) }
    }
}

async fn call_once(connection: &mut PgConnection, command: &str, arguments: &Value) -> Result<Value, sqlx::Error> {
    let answer: Option<Value> = sqlx::query_scalar(CALL).bind(command).bind(arguments).fetch_one(connection).await?;
    Ok(columns::to_rows(answer.unwrap_or(Value::Null)))
}

fn is_gone(failure: &sqlx::Error) -> bool {
    match failure {
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| code.starts_with("57P0")),
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

async fn open(options: &PgConnectOptions) -> Result<PgConnection> {
    let attempt = tokio::time::timeout(Duration::from_secs(CONNECT_SECONDS_MAX), options.connect());
    match attempt.await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(failure)) => Err(failure.into()),
        Err(_) => Err(Error::Offline),
    }
}

/// Compares the contract versions and learns which commands only read: one round trip.
async fn agree_on_the_contract(connection: &mut PgConnection) -> Result<HashSet<String>> {
    let sql = "select api.contract_version(), array(select name from api.commands where reads)";
    let asked: Result<(i32, Vec<String>), sqlx::Error> =
        sqlx::query_as(sql).persistent(false).fetch_one(connection).await;
    let outdated = |database| Error::Outdated { detail: Versions { database, app: CONTRACT_VERSION } };
    match asked {
        Ok((version, reads)) if version == CONTRACT_VERSION => Ok(reads.into_iter().collect()),
        Ok((version, _)) => Err(outdated(Some(version))),
        Err(failure) if error::lacks_the_contract(&failure) => Err(outdated(None)),
        Err(failure) => Err(failure.into()),
    }
}

/// A connection on loan. It returns to its owner only after [`Lease::keep`]: one that was dropped in the
/// middle of an answer would hand the rest of that answer to the next question.
pub struct Lease {
    connection: Option<PgConnection>,
    inner: Arc<Inner>,
}

impl Lease {
    /// Gives the connection back for reuse; without this it is closed when dropped.
    pub fn keep(mut self) {
        if let Some(connection) = self.connection.take() {
            let mut kept = self.inner.kept();
            if !kept.closed {
                // What the drop below takes off stays open here.
                kept.open += 1;
                kept.idle.push(connection);
            }
        }
    }

    fn connection_mut(&mut self) -> Result<&mut PgConnection> {
        self.connection.as_mut().ok_or(Error::Offline)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.inner.kept().open -= 1;
        self.inner.returned.notify_one();
    }
}

impl Deref for Lease {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("a lease holds its connection until it is given back")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a lease holds its connection until it is given back")
    }
}
