//! The private server: shared by programs, recovered after a kill, and nobody else's.

use kontor::embedded::{Server, kept_passwords};
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};

/// A home that is stopped and removed whatever becomes of the test.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("kontor home {}", uuid::Uuid::new_v4().simple())))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let home = self.0.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let _ = runtime.block_on(Server::stop(&home));
            let _ = std::fs::remove_dir_all(home);
        })
        .join()
        .ok();
    }
}

fn postmaster(server: &Server) -> String {
    let file = server.home().join(format!("postgres-{}/postmaster.pid", server.major()));
    std::fs::read_to_string(file).expect("it runs").lines().next().expect("a process id").to_owned()
}

fn runs(home: &Path) -> bool {
    std::fs::read_dir(home).expect("the home").flatten().any(|entry| entry.path().join("postmaster.pid").exists())
}

#[tokio::test]
async fn the_last_one_out_stops_the_server() {
    let home = Home::new();
    let first = Server::start(&home.0).await.expect("starts");
    let second = Server::start(&home.0).await.expect("joins");
    assert_eq!(postmaster(&first), postmaster(&second), "two programs share one server");
    first.leave().await.expect("leaves");
    assert!(runs(&home.0), "the second still uses it");
    second.leave().await.expect("leaves");
    assert!(!runs(&home.0), "nobody uses it any more");
    let to_stay = Server::start_to_stay(&home.0).await.expect("starts again on the same data");
    to_stay.leave().await.expect("leaves");
    assert!(runs(&home.0), "it was started to stay");
    assert_eq!(Server::stop(&home.0).await, Ok(true));
    assert_eq!(Server::stop(&home.0).await, Ok(false));
}

#[tokio::test]
async fn a_killed_server_comes_back_with_what_it_acknowledged() {
    let home = Home::new();
    let server = Server::start(&home.0).await.expect("starts");
    server.create_database("kept").await.expect("made");
    let mut connection = server.administrator("kept").connect().await.expect("connects");
    sqlx::raw_sql("create table kept (x integer); insert into kept values (7)")
        .execute(&mut connection)
        .await
        .expect("kept");
    let killed = std::process::Command::new("kill").args(["-9", &postmaster(&server)]).status().expect("kill runs");
    assert!(killed.success());
    drop(connection);
    drop(server);
    let server = Server::start(&home.0).await.expect("recovers");
    let mut connection = server.administrator("kept").connect().await.expect("connects");
    let found: i32 = sqlx::query_scalar("select x from kept").fetch_one(&mut connection).await.expect("still there");
    assert_eq!(found, 7);
    connection.close().await.expect("closes");
    server.leave().await.expect("leaves");
}

#[cfg(unix)]
#[tokio::test]
async fn the_server_is_private_and_safe() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let server = Server::start(&home.0).await.expect("starts");
    let mut connection = server.administrator("postgres").connect().await.expect("connects");
    let settings: (String, String, String, String) = sqlx::query_as(
        "select current_setting('fsync'), current_setting('data_checksums'), current_setting('listen_addresses'), \
         current_setting('password_encryption')",
    )
    .fetch_one(&mut connection)
    .await
    .expect("settings");
    assert_eq!(settings, ("on".into(), "on".into(), String::new(), "scram-sha-256".into()));
    let open_to_all: i64 =
        sqlx::query_scalar("select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'")
            .fetch_one(&mut connection)
            .await
            .expect("rules");
    assert_eq!(open_to_all, 0, "every way in asks for a password");
    connection.close().await.expect("closes");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&server.password_file()), 0o600);
    assert_eq!(mode(&server.home().join(format!("postgres-{}", server.major()))), 0o700);
    server.keep_passwords(&[("agent".to_owned(), "x".to_owned())].into()).expect("kept");
    assert_eq!(mode(&server.home().join("logins.json")), 0o600);
    assert_eq!(kept_passwords(&home.0).expect("kept")["agent"], "x");
    server.leave().await.expect("leaves");
}

#[tokio::test]
async fn a_foreign_data_folder_is_refused_and_left_alone() {
    let home = Home::new();
    let server = Server::start(&home.0).await.expect("starts");
    let folder = server.home().join(format!("postgres-{}", server.major()));
    server.leave().await.expect("leaves");
    std::fs::remove_file(folder.join("kontor-cluster")).expect("it loses its mark");
    let refusal = Server::start(&home.0).await.err().expect("refused");
    assert_eq!(refusal.rule_name(), Some("cluster_foreign"));
    assert!(!runs(&home.0));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_process_number_that_was_given_to_another_program_is_no_obstacle() {
    let home = Home::new();
    let server = Server::start(&home.0).await.expect("starts");
    let file = server.home().join(format!("postgres-{}/postmaster.pid", server.major()));
    let text = std::fs::read_to_string(&file).expect("it runs");
    let (pid, rest) = text.split_once('\n').expect("a process id and more");
    assert!(std::process::Command::new("kill").args(["-9", pid]).status().expect("kill runs").success());
    drop(server);
    std::fs::write(&file, format!("{}\n{rest}", std::process::id())).expect("the number is somebody else's now");
    let server = Server::start(&home.0).await.expect("starts all the same");
    server.leave().await.expect("leaves");
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_does_not_start_says_why() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let server = Server::start(&home.0).await.expect("starts");
    let folder = server.home().join(format!("postgres-{}", server.major()));
    server.leave().await.expect("leaves");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("opened to everybody");
    let refusal = Server::start(&home.0).await.err().expect("refused").to_json();
    assert_eq!(refusal["name"], "postgres_not_started");
    assert!(refusal["detail"]["log"].as_str().is_some_and(|why| why.contains("permissions")), "{refusal}");
}
