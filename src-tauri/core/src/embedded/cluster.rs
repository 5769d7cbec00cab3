//! One data folder: created, started and stopped through Postgres' own programs.

use super::{Binaries, SUPERUSER, random_password};
use crate::error::{Error, Result};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Postgres refuses to run as root; this account owns nothing else.
#[cfg(unix)]
const UNPRIVILEGED: u32 = 65534;

/// Written after a successful initdb; a folder without it is not ours.
const MARK: &str = "kontor-cluster";

/// A unix socket's path must stay below this many bytes.
const SOCKET_PATH_MAX: usize = 107;

const START_ATTEMPTS_MAX: u32 = 5;

/// A data folder with what belongs to it.
pub(super) struct Cluster {
    pub home: PathBuf,
    pub folder: PathBuf,
    pub binaries: Binaries,
    pub port: u16,
    socket_folder: Option<PathBuf>,
}

impl Cluster {
    /// The cluster of a home, whether or not it exists yet.
    pub fn find(home: &Path) -> Result<Self> {
        prepare_home(home)?;
        let home = home.canonicalize()?;
        let binaries = Binaries::find(&home)?;
        let folder = home.join(format!("postgres-{}", binaries.major));
        let (socket_folder, port) = match cfg!(unix) {
            true => (Some(socket_folder(&home)?), 5432),
            false => (None, loopback_port(&home)?),
        };
        Ok(Self { home, folder, binaries, port, socket_folder })
    }

    /// The cluster of a home, if one was ever created there.
    pub fn existing(home: &Path) -> Result<Option<Self>> {
        match home.is_dir() {
            true => Self::find(home).map(|cluster| cluster.folder.is_dir().then_some(cluster)),
            false => Ok(None),
        }
    }

    /// Socket folder or loopback address.
    pub fn host(&self) -> String {
        match &self.socket_folder {
            Some(folder) => folder.display().to_string(),
            None => "127.0.0.1".into(),
        }
    }

    /// Where the superuser's password is kept.
    pub fn password_file(&self) -> PathBuf {
        self.home.join(format!("superuser-{}.password", self.binaries.major))
    }

    /// Creates the data folder unless it is there, and returns the superuser's password.
    pub async fn ensure_created(&self) -> Result<String> {
        let password_file = self.password_file();
        if self.folder.is_dir() {
            let version = fs::read_to_string(self.folder.join("PG_VERSION")).unwrap_or_default();
            let ours = self.folder.join(MARK).is_file() && version.trim() == self.binaries.major.to_string();
            return match (ours, fs::read_to_string(&password_file)) {
                (true, Ok(password)) => Ok(password.trim().to_owned()),
                _ => Err(Error::rule_with("cluster_foreign", json!({"folder": self.folder.display().to_string()}))),
            };
        }
        let password = random_password();
        write_private(&password_file, &password)?;
        // Built beside and renamed, so that an interrupted creation never looks like a finished one.
        let draft = self.home.join(format!("draft-{}", self.binaries.major));
        remove_folder(&draft)?;
        fs::create_dir(&draft)?;
        owned_by_server(&draft)?;
        let draft_password = self.home.join("draft.password");
        write_private(&draft_password, &password)?;
        owned_by_server(&draft_password)?;
        let created = self.initdb(&draft, &draft_password).await;
        let _ = fs::remove_file(&draft_password);
        created?;
        fs::write(draft.join(MARK), format!("{}\n", self.binaries.major))?;
        owned_by_server(&draft.join(MARK))?;
        fs::rename(&draft, &self.folder)?;
        Ok(password)
    }

    async fn initdb(&self, draft: &Path, password_file: &Path) -> Result<()> {
        let mut command = self.command("initdb");
        command.arg("-D").arg(draft).args(["-U", SUPERUSER, "-A", "scram-sha-256", "-k", "--encoding=UTF8"]);
        command.arg(format!("--pwfile={}", password_file.display()));
        match self.binaries.major {
            15 | 16 => command.arg("--locale=C.UTF-8"),
            _ => command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]),
        };
        finished(command, "initdb").await
    }

    /// Starts the server and waits until it takes connections.
    pub async fn start(&self) -> Result<()> {
        self.write_settings()?;
        self.forget_recycled_pid();
        let log = self.home.join("server.log");
        let mut options = fs::File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&log)?;
        owned_by_server(&log)?;
        let mut attempt = 1;
        loop {
            let mut command = self.command("pg_ctl");
            command.arg("start").arg("-D").arg(&self.folder).arg("-l").arg(&log).args(["-w", "-s", "-t", "60"]);
            match finished(command, "pg_ctl start").await {
                Ok(()) => return Ok(()),
                // After kill -9 the dead server's children hold its memory for a moment.
                Err(_) if attempt < START_ATTEMPTS_MAX => {
                    tokio::time::sleep(Duration::from_millis(300 * u64::from(attempt))).await;
                    attempt += 1;
                }
                Err(failure) => return Err(with_reason(failure, &log)),
            }
        }
    }

    /// After a power cut the old server's process number may belong to somebody else; Postgres would take that
    /// program for a running server and refuse to start.
    fn forget_recycled_pid(&self) {
        let file = self.folder.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&file) else { return };
        let pid = text.lines().next().unwrap_or_default();
        if let Ok(program) = fs::read_to_string(format!("/proc/{pid}/comm"))
            && program.trim() != "postgres"
        {
            let _ = fs::remove_file(&file);
        }
    }

    /// Stops the server, ending its sessions. Returns whether it ran.
    pub async fn stop(&self) -> Result<bool> {
        if !self.folder.join("postmaster.pid").exists() {
            return Ok(false);
        }
        let mut status = self.command("pg_ctl");
        status.arg("status").arg("-D").arg(&self.folder);
        if finished(status, "pg_ctl status").await.is_err() {
            return Ok(false);
        }
        let mut command = self.command("pg_ctl");
        command.arg("stop").arg("-D").arg(&self.folder).args(["-m", "fast", "-w", "-s", "-t", "60"]);
        finished(command, "pg_ctl stop").await?;
        Ok(true)
    }

    /// Settings live in one file of ours that is written anew at every start: nothing drifts.
    fn write_settings(&self) -> Result<()> {
        let listen = match &self.socket_folder {
            Some(folder) => format!(
                "listen_addresses = ''\nunix_socket_directories = '{}'\nunix_socket_permissions = 0700\n",
                folder.display().to_string().replace('\'', "''")
            ),
            None => "listen_addresses = '127.0.0.1'\n".to_owned(),
        };
        let path = self.folder.join("postgresql.conf");
        fs::write(&path, format!("{listen}port = {}\n{SETTINGS}", self.port))?;
        owned_by_server(&path)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.program(program));
        command.current_dir(&self.home).env("HOME", &self.home).env("LC_ALL", "C.UTF-8");
        for inherited in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGPASSWORD"] {
            command.env_remove(inherited);
        }
        #[cfg(unix)]
        if is_root() {
            // Setting another user from root also clears the supplementary groups.
            command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
        }
        // The window's Ctrl-C must not take the server down in the middle of a shutdown.
        #[cfg(unix)]
        command.process_group(0);
        command.stdin(Stdio::null());
        command
    }
}

/// Values reach neither the log nor a plan with surprises; what was acknowledged is on disk.
const SETTINGS: &str = "\
fsync = on
full_page_writes = on
synchronous_commit = on
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '128MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
default_transaction_isolation = 'read committed'
idle_in_transaction_session_timeout = '10min'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_line_prefix = '%m %u@%d '
";

/// Runs a program to its end. What it says goes into the refusal, for it names files and settings only.
async fn finished(mut command: Command, what: &str) -> Result<()> {
    // A file, not a pipe: the server inherits it, and a pipe would never reach its end.
    let said = tempfile()?;
    command.stdout(said.try_clone()?).stderr(said.try_clone()?);
    let status = command.status().await.map_err(|cause| not_started(what, &cause.to_string()))?;
    if status.success() {
        return Ok(());
    }
    Err(not_started(what, &contents(said)))
}

fn not_started(what: &str, said: &str) -> Error {
    let tail: String = said.lines().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    Error::rule_with("postgres_not_started", json!({"step": what, "said": tail}))
}

/// pg_ctl only says that it failed; why stands in the server's own log, in its last fatal line.
fn with_reason(mut failure: Error, log: &Path) -> Error {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let fatal = text.lines().rev().find_map(|line| line.split_once("FATAL:").map(|(_, why)| why.trim()));
    if let (Error::Rule { detail: Some(detail), .. }, Some(why)) = (&mut failure, fatal) {
        detail["log"] = json!(why);
    }
    failure
}

fn tempfile() -> Result<fs::File> {
    let path = std::env::temp_dir().join(format!("kontor-{}", uuid::Uuid::new_v4().simple()));
    let file = fs::File::options().create_new(true).read(true).write(true).open(&path)?;
    // Unlinked at once: it lives as long as somebody holds it open.
    let _ = fs::remove_file(&path);
    Ok(file)
}

fn contents(mut file: fs::File) -> String {
    use std::io::{Read, Seek};
    let mut text = String::new();
    let _ = file.rewind().and_then(|()| file.read_to_string(&mut text));
    text
}

/// Whether Postgres must be started under another account.
pub(super) fn is_root() -> bool {
    #[cfg(unix)]
    return nix::unistd::geteuid().is_root();
    #[cfg(not(unix))]
    return false;
}

/// Writes a file that only this user can read, replacing an older one at once.
pub(super) fn write_private(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    let _ = fs::remove_file(&draft);
    let mut options = fs::File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    use std::io::Write;
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(())
}

/// Makes the home, and makes sure that the server's account can walk into it.
fn prepare_home(home: &Path) -> Result<()> {
    let unreachable = |path: &Path, why: &str| {
        Error::rule_with("home_not_reachable", json!({"folder": path.display().to_string(), "why": why}))
    };
    fs::create_dir_all(home).map_err(|cause| unreachable(home, &cause.to_string()))?;
    #[cfg(unix)]
    if is_root() {
        use std::os::unix::fs::PermissionsExt;
        let home = home.canonicalize()?;
        fs::set_permissions(&home, fs::Permissions::from_mode(0o711))?;
        for folder in home.ancestors() {
            if fs::metadata(folder)?.permissions().mode() & 0o001 == 0 {
                return Err(unreachable(
                    folder,
                    "root starts Postgres as an ordinary account, which cannot enter here",
                ));
            }
        }
    }
    #[cfg(unix)]
    if !is_root() {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(home, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The socket's folder: in the home, or under the system's temporary folder when that path is too long.
fn socket_folder(home: &Path) -> Result<PathBuf> {
    use sha2::{Digest, Sha256};
    let mut folder = home.join("run");
    if folder.as_os_str().len() + "/.s.PGSQL.5432".len() >= SOCKET_PATH_MAX {
        let digest = Sha256::digest(home.as_os_str().as_encoded_bytes());
        let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        folder = std::env::temp_dir().join(format!("kontor-{name}"));
    }
    fs::create_dir_all(&folder)?;
    owned_by_server(&folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let server = if is_root() { UNPRIVILEGED } else { nix::unistd::geteuid().as_raw() };
        if fs::symlink_metadata(&folder)?.uid() != server {
            return Err(Error::rule_with("home_not_reachable", json!({"folder": folder.display().to_string()})));
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(folder)
}

/// Without unix sockets: a free loopback port, chosen once.
fn loopback_port(home: &Path) -> Result<u16> {
    let file = home.join("port");
    if let Some(port) = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()) {
        return Ok(port);
    }
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    write_private(&file, &port.to_string())?;
    Ok(port)
}

fn owned_by_server(path: &Path) -> Result<()> {
    #[cfg(unix)]
    if is_root() {
        use nix::unistd::{Gid, Uid, chown};
        chown(path, Some(Uid::from_raw(UNPRIVILEGED)), Some(Gid::from_raw(UNPRIVILEGED)))
            .map_err(std::io::Error::from)?;
    }
    Ok(())
}

fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(cause.into()),
    }
}
