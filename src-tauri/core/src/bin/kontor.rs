//! The administrator's command line: what the window does, from a script, and what no window should do.

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use kontor::database::Tls;
use kontor::demo::Opened;
use kontor::embedded::{self, Server};
use kontor::exports::{self, Export, Format, Language};
use kontor::migrate::{self, Outcome};
use kontor::vectors;
use kontor::{Database, Error, Profile, Result, bench, commands, demo, imports, people, rehearsal};
use serde_json::{Value, json};
use sqlx::ConnectOptions;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Kontor's administration.
#[derive(Parser)]
#[command(name = "kontor", version, about)]
struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    action: Action,
}

/// Which books. Without a host: the rehearsal on this computer.
#[derive(Args)]
struct Place {
    /// Folder of the private server.
    #[arg(long, global = true, env = "KONTOR_HOME")]
    home: Option<PathBuf>,
    /// Host of a remote server, or the folder of its socket.
    #[arg(long, global = true, env = "KONTOR_HOST")]
    host: Option<String>,
    /// Port of a remote server.
    #[arg(long, global = true, env = "KONTOR_PORT", default_value_t = 5432)]
    port: u16,
    /// Database; `kontor_rehearsal` on this computer, `kontor` elsewhere.
    #[arg(long, global = true, env = "KONTOR_DATABASE")]
    database: Option<String>,
    /// A company's own certificate authority (PEM).
    #[arg(long, global = true, env = "KONTOR_ROOT_CERT")]
    root_cert: Option<PathBuf>,
    /// Connect without TLS: for a server on this machine only.
    #[arg(long, global = true)]
    without_tls: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Bring a database to the shape of this program.
    Migrate {
        /// The administrator's login on a remote server (its password in KONTOR_PASSWORD).
        #[arg(long = "as", value_name = "LOGIN")]
        login: Option<String>,
        /// Make new books a rehearsal whose clock starts at this instant.
        #[arg(long, value_name = "INSTANT")]
        rehearsal_from: Option<DateTime<Utc>>,
    },
    /// The private server on this computer.
    #[command(subcommand)]
    Db(DbAction),
    /// Make the demo books, unless they are there.
    Demo {
        /// Drop the books of before first.
        #[arg(long)]
        reset: bool,
        /// A small book, for tests.
        #[arg(long)]
        small: bool,
        /// Also write the generated files here.
        #[arg(long, value_name = "FOLDER")]
        files: Option<PathBuf>,
    },
    /// The people of a set of books.
    #[command(subcommand)]
    People(PeopleAction),
    /// Import order files, usage files and statements, each recognised by its content.
    Import {
        /// Who imports.
        #[arg(long = "as", value_name = "LOGIN", default_value = "accountant")]
        login: String,
        /// The files, in the order in which they are posted.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write a list of the window to a file, as the person sees it.
    Export {
        /// Who exports; the books remember it.
        #[arg(long = "as", value_name = "LOGIN")]
        login: String,
        /// The list, for example ledger.list.
        #[arg(value_parser = exports::LISTS.iter().map(|list| list.command).collect::<Vec<_>>())]
        list: String,
        /// The file; its name ends in .csv or .xlsx.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The list's arguments, as one JSON object.
        #[arg(long, default_value = "{}", value_name = "JSON")]
        filter: String,
        /// Heads in Chinese.
        #[arg(long)]
        chinese: bool,
    },
    /// Run golden cases through the SQL and Rust that the application uses.
    Vectors {
        /// The cases.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only these areas.
        #[arg(long, value_delimiter = ',')]
        areas: Vec<String>,
    },
    /// Measure the books beside bare Postgres, on a private server made for it and removed afterwards.
    Bench {
        /// Sizes of the books, in postings, ascending.
        #[arg(long, value_delimiter = ',', default_value = "1m,5m", value_name = "SIZES", value_parser = bench::size)]
        postings: Vec<u64>,
        /// Only these parts.
        #[arg(long, value_delimiter = ',')]
        only: Vec<bench::Area>,
        /// How often each load is measured, in turns with the others.
        #[arg(long, default_value_t = 2)]
        rounds: u32,
        /// How long one load of postings runs; 0 only shows that everything works.
        #[arg(long, default_value_t = 2)]
        seconds: u32,
        /// Numbers of connections to post with; the goals ask for 1 and 8.
        #[arg(long, value_delimiter = ',', default_value = "8,1,4,2", value_parser = clap::value_parser!(u32).range(1..=50))]
        connections: Vec<u32>,
        /// Also lay out this many invoices in one run, to show that memory stays flat.
        #[arg(long, default_value_t = 0)]
        papers: u32,
        /// Also write everything as JSON to this file; `-` prints it instead of the table.
        #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
        json: Option<PathBuf>,
        /// Keep server and books in this folder for a next run.
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,
    },
    /// Call any command of the application as a person.
    Call {
        /// Who calls; the password is in KONTOR_PASSWORD, or kept by the rehearsal.
        #[arg(long = "as", value_name = "LOGIN", required_unless_present = "list")]
        login: Option<String>,
        /// Print every command with its arguments.
        #[arg(long)]
        list: bool,
        /// The command, for example refunds.request.
        #[arg(required_unless_present = "list")]
        command: Option<String>,
        /// Its arguments, as one JSON object.
        #[arg(default_value = "{}")]
        arguments: String,
    },
}

#[derive(Subcommand)]
enum PeopleAction {
    /// Make a login and write its person into the books. The database's administrator does this; duties beyond
    /// the first are proposed and confirmed in the window.
    Add {
        /// The administrator's login on a remote server (its password in KONTOR_PASSWORD).
        #[arg(long = "as", value_name = "LOGIN")]
        administrator: Option<String>,
        /// The new login; its first password is printed once.
        login: String,
        /// What the person is called in the books.
        #[arg(long)]
        title: String,
        /// What the person may do from now on.
        #[arg(long, value_delimiter = ',')]
        duties: Vec<String>,
    },
}

#[derive(Subcommand)]
enum DbAction {
    /// Start it, and leave it running.
    Start,
    /// Stop it.
    Stop,
    /// Print how psql reaches it (the password is in the file that is named).
    Url,
}

/// A refusal by a rule, as against a failure.
const REFUSED: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KONTOR_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    match arguments.run().await {
        Ok(code) => code,
        Err(error) => {
            println!("{}", pretty(&error.to_json()));
            match error {
                Error::Offline | Error::Bug { .. } => ExitCode::FAILURE,
                _ => ExitCode::from(REFUSED),
            }
        }
    }
}

impl Arguments {
    async fn run(self) -> Result<ExitCode> {
        let place = self.place;
        match self.action {
            Action::Migrate { login, rehearsal_from } => migrate(&place, login, rehearsal_from).await,
            Action::Db(action) => db(&place, action).await,
            Action::Demo { reset, small, files } => demo(&place, reset, small, files.as_deref()).await,
            Action::People(action) => add_person(&place, action).await,
            Action::Import { login, files } => import(&place, &login, &files).await,
            Action::Export { login, list, file, filter, chinese } => {
                let language = if chinese { Language::Chinese } else { Language::English };
                export(&place, &login, list, &file, &filter, language).await
            }
            Action::Vectors { file, areas } => run_vectors(&place, &file, &areas).await,
            Action::Bench { postings, only, rounds, seconds, connections, papers, json, keep } => {
                let rounds = rounds.max(1);
                let options = bench::Options { postings, only, rounds, seconds, connections, scale: 10, papers, keep };
                run_bench(&options, json.as_deref()).await
            }
            Action::Call { list: true, .. } => list(&place).await,
            Action::Call { login, command, arguments, .. } => {
                call(&place, &login.unwrap_or_default(), &command.unwrap_or_default(), &arguments).await
            }
        }
    }
}

impl Place {
    fn home(&self) -> Result<PathBuf> {
        self.home.clone().map_or_else(Server::default_home, Ok)
    }

    /// The name of the database on this computer.
    fn local_database(&self) -> &str {
        self.database.as_deref().unwrap_or(rehearsal::DATABASE)
    }

    /// A remote server's profile, if one was named.
    fn remote(&self) -> Option<Profile> {
        let host = self.host.clone()?;
        Some(Profile {
            name: host.clone(),
            host,
            port: self.port,
            database: self.database.clone().unwrap_or_else(|| "kontor".into()),
            tls: if self.without_tls { Tls::Disable } else { Tls::VerifyFull },
            root_cert: self.root_cert.clone(),
            rehearsal: false,
        })
    }

    /// Signs a person in, remote or here. A private server that was started for this is given back afterwards.
    async fn sign_in(&self, login: &str) -> Result<(Database, Option<Server>)> {
        let given = std::env::var("KONTOR_PASSWORD").ok();
        if let Some(profile) = self.remote() {
            let password = given.ok_or_else(|| Error::rule("password_missing"))?;
            return Ok((Database::connect(&profile, login, &password).await?, None));
        }
        let server = Server::start(&self.home()?).await?;
        let kept = server.kept_passwords()?.get(login).cloned();
        let signed_in = match given.or(kept) {
            Some(password) => Database::connect(&server.profile(self.local_database()), login, &password).await,
            None => Err(Error::rule("password_missing")),
        };
        match signed_in {
            Ok(db) => Ok((db, Some(server))),
            Err(error) => {
                server.leave().await?;
                Err(error)
            }
        }
    }
}

async fn sign_out(db: Database, server: Option<Server>) -> Result<()> {
    db.close().await;
    match server {
        Some(server) => server.leave().await,
        None => Ok(()),
    }
}

async fn migrate(place: &Place, login: Option<String>, from: Option<DateTime<Utc>>) -> Result<ExitCode> {
    let outcome = match place.remote() {
        Some(profile) => {
            let password = std::env::var("KONTOR_PASSWORD").map_err(|_| Error::rule("password_missing"))?;
            let login = login.unwrap_or_else(|| "postgres".into());
            migrate::migrate(&profile.options(&login, &password), from).await?
        }
        None => {
            let server = Server::start(&place.home()?).await?;
            let clock_start = from.unwrap_or_else(Utc::now);
            let opened = rehearsal::open(&server, place.local_database(), clock_start).await;
            server.leave().await?;
            opened?
        }
    };
    println!(
        "{}",
        match outcome {
            Outcome::Unchanged => "unchanged".to_owned(),
            Outcome::Migrated { landed } if landed.is_empty() => "migrated: functions only".to_owned(),
            Outcome::Migrated { landed } => format!("migrated: {}", landed.join(", ")),
        }
    );
    Ok(ExitCode::SUCCESS)
}

async fn db(place: &Place, action: DbAction) -> Result<ExitCode> {
    let home = place.home()?;
    match action {
        DbAction::Start => {
            let server = Server::start_to_stay(&home).await?;
            println!("PostgreSQL {} runs in {}", server.major(), server.home().display());
        }
        DbAction::Stop => println!("{}", if Server::stop(&home).await? { "stopped" } else { "was not running" }),
        DbAction::Url => {
            let server = Server::start(&home).await?;
            let profile = server.profile(place.local_database());
            let host = profile.host.replace('/', "%2F");
            println!("postgresql://{}@{host}:{}/{}", embedded::SUPERUSER, profile.port, profile.database);
            println!("{}", server.password_file().display());
            server.leave().await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the demo's books unless there are books. A rehearsal of somebody's own stays: only `--reset` replaces it.
async fn demo(place: &Place, reset: bool, small: bool, files: Option<&Path>) -> Result<ExitCode> {
    let size = if small { demo::Size::small() } else { demo::Size::demo() };
    if let Some(folder) = files {
        write_demo_files(&size, folder)?;
    }
    let server = Server::start(&place.home()?).await?;
    let started = std::time::Instant::now();
    let opened = open_demo(&server, place.local_database(), &size, reset).await;
    server.leave().await?;
    println!(
        "{}",
        match opened? {
            Opened::Demo => "the demo books are there".to_owned(),
            Opened::Own =>
                "there is a rehearsal that is not the demo: it stays as it is (kontor demo --reset replaces it)"
                    .to_owned(),
            Opened::Made(loaded) => format!(
                "{} files with {} rows imported, {} commands on cases, in {:.1} s",
                loaded.files,
                loaded.rows,
                loaded.actions,
                started.elapsed().as_secs_f64()
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}

/// Ctrl C stops between two steps and leaves the books of before as they were.
async fn open_demo(server: &Server, database: &str, size: &demo::Size, reset: bool) -> Result<Opened> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut shown = None;
    let mut tell = |step: demo::Step| {
        let month = step.on.map(|day| day.format("%Y-%m").to_string());
        if month.is_some() && month != shown {
            eprintln!("  {} ({} %)", month.as_deref().unwrap_or_default(), 100 * step.done / step.total.max(1));
            shown = month;
        }
    };
    let interrupted = Arc::clone(&stop);
    tokio::spawn(async move {
        asked_to_stop().await;
        interrupted.store(true, Ordering::Relaxed);
    });
    demo::open(server, database, size, reset, &mut tell, &|| stop.load(Ordering::Relaxed)).await
}

fn write_demo_files(size: &demo::Size, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for papers in &demo::invent(size).periods {
        for file in demo::write_files(papers, &[]) {
            std::fs::write(folder.join(&file.name), &file.bytes)?;
        }
    }
    Ok(())
}

async fn add_person(place: &Place, action: PeopleAction) -> Result<ExitCode> {
    let PeopleAction::Add { administrator, login, title, duties } = action;
    let password = match place.remote() {
        Some(profile) => {
            let given = std::env::var("KONTOR_PASSWORD").map_err(|_| Error::rule("password_missing"))?;
            let options = profile.options(&administrator.unwrap_or_else(|| "postgres".into()), &given);
            people::add(&options, &login, &title, &duties).await?
        }
        None => {
            let server = Server::start(&place.home()?).await?;
            let added = people::add(&server.administrator(place.local_database()), &login, &title, &duties).await;
            if let Ok(Some(password)) = &added {
                server.keep_passwords(&[(login.clone(), password.clone())].into())?;
            }
            server.leave().await?;
            added?
        }
    };
    println!("{}", password.unwrap_or_else(|| "the login was there; its password stays".into()));
    Ok(ExitCode::SUCCESS)
}

async fn import(place: &Place, login: &str, files: &[PathBuf]) -> Result<ExitCode> {
    let (db, server) = place.sign_in(login).await?;
    let mut failure = None;
    for (file, answer) in imports::import_all(&db, files, &mut |_, _| {}, &|| false).await {
        let file = file.display().to_string();
        println!(
            "{}",
            pretty(&match answer {
                Ok(row) => json!({"file": file, "import": row}),
                Err(error) => {
                    failure = Some(REFUSED);
                    json!({"file": file, "error": error})
                }
            })
        );
    }
    sign_out(db, server).await?;
    Ok(failure.map_or(ExitCode::SUCCESS, ExitCode::from))
}

async fn export(
    place: &Place,
    login: &str,
    list: String,
    file: &Path,
    filter: &str,
    language: Language,
) -> Result<ExitCode> {
    let broken = |_| Error::rule_with("argument_invalid", json!({"argument": "filter"}));
    let arguments = serde_json::from_str(filter).map_err(broken)?;
    let (command_id, format, words) = (uuid::Uuid::now_v7(), Format::of(file)?, Default::default());
    let wanted = Export { command_id, list, arguments, format, language, words };
    let (db, server) = place.sign_in(login).await?;
    let exported = exports::export(&db, &wanted, file, &mut |_| {}, &|| false).await;
    sign_out(db, server).await?;
    println!("{}", pretty(&serde_json::to_value(exported?)?));
    Ok(ExitCode::SUCCESS)
}

async fn run_vectors(place: &Place, file: &Path, areas: &[String]) -> Result<ExitCode> {
    let text = std::fs::read_to_string(file).map_err(|_| Error::rule("file_not_readable"))?;
    let cases = vectors::read(&text)?;
    let server = std::sync::Arc::new(Server::start(&place.home()?).await?);
    let report = vectors::run(&server, &cases, areas, |line| println!("{line}")).await;
    if let Some(server) = std::sync::Arc::into_inner(server) {
        server.leave().await?;
    }
    let report = report?;
    println!("{} passed, {} failed, {} skipped", report.passed, report.failed, report.skipped);
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ctrl-C, or a system that shuts down: what was started is stopped and put away.
#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut ended) => tokio::select! {
            _ = tokio::signal::ctrl_c() => (),
            _ = ended.recv() => (),
        },
        Err(_) => _ = tokio::signal::ctrl_c().await,
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
async fn asked_to_stop() {
    _ = tokio::signal::ctrl_c().await;
}

async fn run_bench(options: &bench::Options, json: Option<&Path>) -> Result<ExitCode> {
    let report = match bench::run(options, &|step| eprintln!("  {step}"), asked_to_stop()).await {
        Ok(report) => report,
        Err(failure) => {
            eprintln!("{failure}");
            return Ok(ExitCode::FAILURE);
        }
    };
    match json {
        Some(file) if file == Path::new("-") => println!("{}", pretty(&report.to_json())),
        Some(file) => {
            println!("{}", report.table());
            std::fs::write(file, pretty(&report.to_json()) + "\n")?;
        }
        None => println!("{}", report.table()),
    }
    Ok(ExitCode::SUCCESS)
}

async fn call(place: &Place, login: &str, command: &str, arguments: &str) -> Result<ExitCode> {
    let arguments: Value = serde_json::from_str(arguments)
        .map_err(|cause| Error::rule_with("argument_invalid", json!({"argument": "*", "said": cause.to_string()})))?;
    let (db, server) = place.sign_in(login).await?;
    let answer = commands::call(&db, command, arguments).await;
    sign_out(db, server).await?;
    println!("{}", pretty(&answer?));
    Ok(ExitCode::SUCCESS)
}

async fn list(place: &Place) -> Result<ExitCode> {
    let rows = match place.remote() {
        Some(profile) => {
            let login = std::env::var("KONTOR_LOGIN").map_err(|_| Error::rule("password_missing"))?;
            let password = std::env::var("KONTOR_PASSWORD").map_err(|_| Error::rule("password_missing"))?;
            command_rows(profile.options(&login, &password)).await?
        }
        None => {
            let server = Server::start(&place.home()?).await?;
            let rows = command_rows(server.administrator(place.local_database())).await;
            server.leave().await?;
            rows?
        }
    };
    for (name, arguments, description) in rows {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        let words: Vec<String> = arguments
            .iter()
            .map(|argument| {
                let optional = if argument["optional"] == true { "?" } else { "" };
                format!("{}{optional}: {}", plain(&argument["name"]), plain(&argument["type"]))
            })
            .collect();
        println!("{name}({})\n    {description}", words.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

async fn command_rows(options: sqlx::postgres::PgConnectOptions) -> Result<Vec<(String, Value, String)>> {
    let mut connection = options.connect().await?;
    let sql = "select name, arguments, description from api.command_list order by name";
    Ok(sqlx::query_as(sql).fetch_all(&mut connection).await?)
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
