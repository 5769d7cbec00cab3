//! The private Postgres of a rehearsal: a real server, started as an ordinary user in a folder of its own.
//!
//! It listens on a unix socket (on Windows: loopback), keeps fsync and checksums on, and has a password for each
//! login. Several programs may use it at once: the last one out stops it. It never touches another cluster: every
//! command names our own data folder, and what it answers is asserted before anything is done with it.

mod binaries;
mod cluster;

pub use binaries::Binaries;

use crate::database::{Profile, Tls};
use crate::error::{Error, Result};
use cluster::Cluster;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The cluster's own superuser. People never sign in as this one.
pub const SUPERUSER: &str = "kontor_server";

const LOGINS_FILE: &str = "logins.json";
const KEEP_RUNNING_FILE: &str = "keep-running";

/// A running private server, and this program's share in it.
pub struct Server {
    cluster: Cluster,
    superuser_password: String,
    /// Held shared by every program that uses the server; whoever can hold it alone is the last.
    users: File,
}

impl Server {
    /// Where the private server lives: `KONTOR_HOME`, else the user's data folder. Root's own folders are closed
    /// to the account that Postgres runs as, so root gets a system folder.
    pub fn default_home() -> Result<PathBuf> {
        if let Some(home) = std::env::var_os("KONTOR_HOME") {
            return Ok(PathBuf::from(home));
        }
        if cluster::is_root() {
            return Ok(PathBuf::from("/var/lib/kontor"));
        }
        directories::ProjectDirs::from("", "", "kontor")
            .map(|folders| folders.data_local_dir().to_owned())
            .ok_or_else(|| Error::rule_with("home_not_reachable", json!({"hint": "set KONTOR_HOME"})))
    }

    /// Starts the server of this home, creating it when it is not there; joins it when it already runs.
    pub async fn start(home: &Path) -> Result<Self> {
        let home = home.to_owned();
        let cluster = tokio::task::spawn_blocking(move || Cluster::find(&home)).await.map_err(Error::bug)??;
        let _lock = locked(&cluster.home).await?;
        let users = lock_file(&cluster.home.join("users"))?;
        users.lock_shared()?;
        let superuser_password = cluster.ensure_created().await?;
        let server = Self { cluster, superuser_password, users };
        if !server.answers().await {
            server.cluster.start().await?;
        }
        server.assert_safe().await?;
        Ok(server)
    }

    /// Starts the server, and leaves it running when this program ends (`kontor db start`).
    pub async fn start_to_stay(home: &Path) -> Result<Self> {
        let server = Self::start(home).await?;
        cluster::write_private(&server.cluster.home.join(KEEP_RUNNING_FILE), "")?;
        Ok(server)
    }

    /// Gives up this program's share; the last one out stops the server, unless it was started to stay.
    pub async fn leave(self) -> Result<()> {
        let _lock = locked(&self.cluster.home).await?;
        self.users.unlock()?;
        let alone = match self.users.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(cause)) => return Err(cause.into()),
        };
        if alone && !self.cluster.home.join(KEEP_RUNNING_FILE).exists() {
            self.cluster.stop().await?;
        }
        Ok(())
    }

    /// Stops the server of this home whoever uses it (`kontor db stop`). Returns whether it ran.
    pub async fn stop(home: &Path) -> Result<bool> {
        let Some(cluster) = Cluster::existing(home)? else { return Ok(false) };
        let _lock = locked(&cluster.home).await?;
        let _ = std::fs::remove_file(cluster.home.join(KEEP_RUNNING_FILE));
        cluster.stop().await
    }

    /// How people reach a database of this server.
    pub fn profile(&self, database: &str) -> Profile {
        Profile {
            name: "Rehearsal on this computer".into(),
            host: self.cluster.host(),
            port: self.cluster.port,
            database: database.into(),
            tls: Tls::Disable,
            root_cert: None,
            rehearsal: true,
        }
    }

    /// How the program itself reaches a database of this server, to migrate it.
    pub fn administrator(&self, database: &str) -> PgConnectOptions {
        self.profile(database).options(SUPERUSER, &self.superuser_password)
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.cluster.binaries.major
    }

    /// Where its files are.
    pub fn home(&self) -> &Path {
        &self.cluster.home
    }

    /// The file with the superuser's password, readable by this user only.
    pub fn password_file(&self) -> PathBuf {
        self.cluster.password_file()
    }

    /// The programs it runs with; `psql` and `pg_dump` lie beside them.
    pub fn binaries(&self) -> &Binaries {
        &self.cluster.binaries
    }

    /// Makes an empty database unless it is there. Returns whether it was made.
    pub async fn create_database(&self, name: &str) -> Result<bool> {
        let mut connection = self.administrator("postgres").connect().await?;
        let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await?;
        if !known {
            run(&mut connection, format!("create database {} template template0", quoted(name))).await?;
        }
        connection.close().await?;
        Ok(!known)
    }

    /// Drops a database of this server together with its sessions.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let mut connection = self.administrator("postgres").connect().await?;
        run(&mut connection, format!("drop database if exists {} with (force)", quoted(name))).await?;
        connection.close().await?;
        Ok(())
    }

    /// Lets the planner know what a big load brought.
    pub async fn tidy(&self, name: &str) -> Result<()> {
        let mut connection = self.administrator(name).connect().await?;
        run(&mut connection, "vacuum analyze".to_owned()).await?;
        connection.close().await?;
        Ok(())
    }

    /// The passwords that rehearsal databases keep for `kontor call --as` and for the sign-in screen.
    pub fn kept_passwords(&self) -> Result<BTreeMap<String, String>> {
        kept_passwords(&self.cluster.home)
    }

    /// Keeps the rehearsal passwords of these logins, readable by this user only.
    pub fn keep_passwords(&self, passwords: &BTreeMap<String, String>) -> Result<()> {
        let mut all = self.kept_passwords()?;
        all.extend(passwords.clone());
        cluster::write_private(&self.cluster.home.join(LOGINS_FILE), &serde_json::to_string_pretty(&all)?)
    }

    /// Held while databases are made, so that two programs do not make the same one.
    pub(crate) async fn lock(&self) -> Result<File> {
        locked(&self.cluster.home).await
    }

    /// A file in this home that programs hold while they do what only one may.
    pub(crate) fn lock_file(&self, name: &str) -> Result<File> {
        lock_file(&self.cluster.home.join(name))
    }

    async fn answers(&self) -> bool {
        match self.administrator("postgres").connect().await {
            Ok(connection) => connection.close().await.is_ok(),
            Err(_) => false,
        }
    }

    /// Refuses to work on a server that could lose what it acknowledged, or that is not ours.
    async fn assert_safe(&self) -> Result<()> {
        let mut connection = self.administrator("postgres").connect().await?;
        let sql = "select current_setting('fsync'), current_setting('full_page_writes'), \
                   current_setting('synchronous_commit'), current_setting('data_checksums'), \
                   current_setting('server_version_num')::integer / 10000, current_setting('data_directory')";
        let found: (String, String, String, String, i32, String) =
            sqlx::query_as(sql).persistent(false).fetch_one(&mut connection).await?;
        connection.close().await?;
        for (setting, value) in [
            ("fsync", &found.0),
            ("full_page_writes", &found.1),
            ("synchronous_commit", &found.2),
            ("data_checksums", &found.3),
        ] {
            if value != "on" {
                return Err(Error::rule_with("cluster_unsafe", json!({"setting": setting, "value": value})));
            }
        }
        let ours = found.4 == self.major() as i32 && same_folder(Path::new(&found.5), &self.cluster.folder);
        if !ours {
            return Err(Error::rule_with("cluster_foreign", json!({"version": found.4})));
        }
        Ok(())
    }
}

/// The rehearsal passwords kept in a home, without starting its server.
pub fn kept_passwords(home: &Path) -> Result<BTreeMap<String, String>> {
    match std::fs::read_to_string(home.join(LOGINS_FILE)) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(cause) => Err(cause.into()),
    }
}

/// A password nobody types: 32 letters and digits.
pub fn random_password() -> String {
    use rand::RngExt;
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(32).map(char::from).collect()
}

/// An SQL identifier, quoted.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Runs SQL that cannot take parameters; its names come through [`quoted`].
pub(crate) async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

fn same_folder(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

fn lock_file(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.create(true).read(true).append(true);
    // Whoever can open it can hold it, and so keep the server from starting.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}

/// Takes the lock that guards creating, starting and stopping; it is released when the file is dropped.
async fn locked(home: &Path) -> Result<File> {
    let file = lock_file(&home.join("lock"))?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await.map_err(Error::bug)?.map_err(Error::from)
}
