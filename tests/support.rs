//! Books for one test: a database of its own, and people who sign in as the window does.

use chrono::{DateTime, Utc};
use kontor::embedded::Server;
use kontor::rehearsal::Books;
use kontor::{Database, Error, commands};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

/// One test's books; dropped with it.
pub struct TestBooks {
    books: Option<Books>,
}

impl TestBooks {
    /// Clones the template; the first test of a run starts the server and makes it.
    pub async fn new() -> Self {
        let books = Books::clone_template(&server().await).await.expect("the template can be cloned");
        Self { books: Some(books) }
    }

    /// The books themselves.
    pub fn books(&self) -> &Books {
        self.books.as_ref().expect("held until dropped")
    }

    /// Signs in one of the rehearsal's people: `agent`, `reviewer`, `approver`, …
    pub async fn as_login(&self, login: &str) -> Database {
        self.books().as_login(login).await.expect("this person signs in")
    }

    /// A look behind the rules.
    pub async fn owner(&self) -> PgConnection {
        self.books().owner().await.expect("the administrator connects")
    }

    /// Moves the clock of these books, forward or back.
    pub async fn set_clock(&self, instant: &str) {
        let instant: DateTime<Utc> = instant.parse::<DateTime<chrono::FixedOffset>>().expect("an instant").to_utc();
        self.books().set_clock(instant).await.expect("a rehearsal's clock moves");
    }
}

impl Drop for TestBooks {
    fn drop(&mut self) {
        let Some(books) = self.books.take() else { return };
        // A destructor cannot wait; a thread of its own can, and the next test need not.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let _ = runtime.block_on(books.discard());
        })
        .join()
        .ok();
    }
}

/// Calls a command that must succeed.
#[track_caller]
pub fn done(answer: Result<Value, Error>) -> Value {
    match answer {
        Ok(value) => value,
        Err(error) => panic!("refused: {error}"),
    }
}

/// The name of the rule that refused; `not_allowed`, `busy`, … for other refusals.
#[track_caller]
pub fn refused(answer: Result<Value, Error>) -> String {
    match answer {
        Ok(value) => panic!("not refused, but answered: {value}"),
        Err(Error::Rule { name, .. }) => name,
        Err(error) => error.to_json()["kind"].as_str().expect("every error has a kind").to_owned(),
    }
}

/// Calls a command by name, as the window would.
pub async fn call(db: &Database, command: &str, arguments: Value) -> Result<Value, Error> {
    commands::call(db, command, arguments).await
}

/// A fresh id, as the window makes one when a form opens.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The server of this test run. Each run has its own, so that two runs never meet.
pub async fn server() -> Arc<Server> {
    static SERVER: OnceLock<Arc<Server>> = OnceLock::new();
    static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one_starts_it = STARTING.lock().await;
    if let Some(server) = SERVER.get() {
        return Arc::clone(server);
    }
    // A mistake's reference is worth nothing without the log that explains it.
    let _ = tracing_subscriber::fmt().with_test_writer().with_env_filter("kontor=error").try_init();
    let home = std::env::temp_dir().join(format!("kontor-test-{}", std::process::id()));
    stop_with_this_process(&home);
    let server = Arc::new(Server::start(&home).await.expect("the private server starts"));
    Arc::clone(SERVER.get_or_init(|| server))
}

/// Test runs have no last moment of their own. A shell that waits on our pipe sees it close when this process ends,
/// however it ends, then stops the server and removes its folder.
fn stop_with_this_process(home: &Path) {
    static PIPE: Mutex<Option<ChildStdin>> = Mutex::new(None);
    let script = r#"
        cat > /dev/null
        for folder in "$1"/postgres-*; do
            [ -f "$folder/postmaster.pid" ] && kill -INT "$(head -n 1 "$folder/postmaster.pid")"
            n=0
            while [ -f "$folder/postmaster.pid" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
        done
        rm -rf "$1"
    "#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(home).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C on the test run must not take this shell along.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut pipe = command.spawn().expect("a shell").stdin.take().expect("its input is ours");
    pipe.flush().expect("an open pipe");
    *PIPE.lock().expect("nobody panics here") = Some(pipe);
}
