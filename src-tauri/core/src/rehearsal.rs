//! Books for practice: demos, screenshots, tests and golden cases, on the private server.
//!
//! A rehearsal has one login per job, whose passwords are kept, and a clock that can be moved.

use crate::database::Database;
use crate::embedded::{Server, quoted, random_password, run};
use crate::error::{Error, Result};
use crate::migrate::{self, Outcome};
use crate::people;
use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The database that the window opens as "Rehearsal on this computer".
pub const DATABASE: &str = "kontor_rehearsal";

/// Each login of a rehearsal, its duty, and its job's title.
pub const LOGINS: &[(&str, &str, &str)] = &[
    ("agent", "agent", "Customer service agent"),
    ("agent2", "agent", "Customer service agent (second)"),
    ("handler", "handler", "Finance handler"),
    ("reviewer", "reviewer", "Finance reviewer"),
    ("approver", "approver", "Finance approver"),
    ("treasurer", "treasurer", "Treasurer"),
    ("accountant", "accountant", "Accountant"),
    ("taxclerk", "tax_clerk", "Tax clerk"),
    ("growth", "growth", "Growth operations"),
    ("risk", "risk", "Risk control"),
    ("legal", "legal", "Legal counsel"),
    ("supervisor", "supervisor", "Supervisor"),
    ("auditor", "auditor", "Auditor"),
    ("administrator", "administrator", "Administrator"),
    ("administrator2", "administrator", "Administrator (second)"),
    ("platform", "platform", "Platform"),
];

/// Makes a rehearsal database unless it is there, migrates it, and gives it its people.
pub async fn open(server: &Server, database: &str, clock_start: DateTime<Utc>) -> Result<Outcome> {
    let _lock = server.lock().await?;
    open_locked(server, database, clock_start).await
}

/// The same for who holds the lock already.
async fn open_locked(server: &Server, database: &str, clock_start: DateTime<Utc>) -> Result<Outcome> {
    server.create_database(database).await?;
    let outcome = migrate::migrate(&server.administrator(database), Some(clock_start)).await?;
    create_people(server, database).await?;
    Ok(outcome)
}

/// Signs one of the rehearsal's people in, with the kept password.
pub async fn sign_in(server: &Server, database: &str, login: &str) -> Result<Database> {
    let passwords = server.kept_passwords()?;
    let password = passwords.get(login).ok_or_else(|| Error::rule("password_missing"))?;
    Database::connect(&server.profile(database), login, password).await
}

/// Moves a rehearsal's clock so that it shows `instant` now.
pub async fn set_clock(server: &Server, database: &str, instant: DateTime<Utc>) -> Result<()> {
    let mut connection = server.administrator(database).connect().await?;
    sqlx::query("update book.database set clock_offset = $1 - clock_timestamp() where rehearsal")
        .bind(instant)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

/// One login per job. Roles belong to the whole server, people and duties to this database.
async fn create_people(server: &Server, database: &str) -> Result<()> {
    let mut connection = server.administrator(database).connect().await?;
    let mut passwords = server.kept_passwords()?;
    let mut made = BTreeMap::new();
    for (login, _, _) in LOGINS {
        let known: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(login)
            .fetch_one(&mut connection)
            .await?;
        if known && passwords.contains_key(*login) {
            continue;
        }
        let password = passwords.entry((*login).to_owned()).or_insert_with(random_password).clone();
        let role = quoted(login);
        let sql = match known {
            true => format!("alter role {role} password '{password}'"),
            false => {
                format!("create role {role} login password '{password}' connection limit 60 in role kontor_people")
            }
        };
        run(&mut connection, sql).await?;
        made.insert((*login).to_owned(), password);
    }
    if !made.is_empty() {
        server.keep_passwords(&made)?;
    }
    record_people(&mut connection).await?;
    run(&mut connection, people::DEFAULTS.to_owned()).await?;
    connection.close().await?;
    Ok(())
}

async fn record_people(connection: &mut PgConnection) -> Result<()> {
    let column = |pick: fn(&(&str, &str, &str)) -> String| -> Vec<String> { LOGINS.iter().map(pick).collect() };
    // A rehearsal's clock may start years ago; its people were there before.
    sqlx::query(
        "with wanted as (select * from unnest($1::text[], $2::text[], $3::text[]) as w(login, duty, title)), \
         hired as ( \
            insert into book.people (login, login_oid, title, created_at) \
            select w.login, r.oid, w.title, timestamptz '2020-01-01 00:00:00Z' \
            from wanted w join pg_catalog.pg_roles r on r.rolname = w.login \
            on conflict do nothing returning id, login) \
         insert into book.duties (person_id, duty, from_at) \
         select h.id, w.duty, timestamptz '2020-01-01 00:00:00Z' from hired h join wanted w on w.login = h.login",
    )
    .bind(column(|login| login.0.to_owned()))
    .bind(column(|login| login.1.to_owned()))
    .bind(column(|login| login.2.to_owned()))
    .execute(connection)
    .await?;
    Ok(())
}

/// A database of its own for one test or one golden case, cloned from a template that is made once.
pub struct Books {
    /// The database's name.
    pub name: String,
    server: Arc<Server>,
}

impl Books {
    /// Clones the template; makes it first when this server has none of the current shape.
    pub async fn clone_template(server: &Arc<Server>) -> Result<Self> {
        let template = ensure_template(server).await?;
        let name = format!("kontor_case_{}", uuid::Uuid::new_v4().simple());
        let mut connection = server.administrator("postgres").connect().await?;
        run(&mut connection, format!("create database {} template {}", quoted(&name), quoted(&template))).await?;
        connection.close().await?;
        let mut connection = server.administrator(&name).connect().await?;
        // Rights on a database are not copied with it.
        run(&mut connection, migrate::OPEN_THE_DOOR.to_owned()).await?;
        connection.close().await?;
        Ok(Self { name, server: Arc::clone(server) })
    }

    /// Signs in one of the people, as the window would.
    pub async fn as_login(&self, login: &str) -> Result<Database> {
        sign_in(&self.server, &self.name, login).await
    }

    /// A look behind the rules, for tests that must see what no person can.
    pub async fn owner(&self) -> Result<PgConnection> {
        Ok(self.server.administrator(&self.name).connect().await?)
    }

    /// Moves the clock of these books.
    pub async fn set_clock(&self, instant: DateTime<Utc>) -> Result<()> {
        set_clock(&self.server, &self.name, instant).await
    }

    /// The server that holds these books.
    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// Drops the database.
    pub async fn discard(&self) -> Result<()> {
        self.server.drop_database(&self.name).await
    }
}

/// Golden cases and tests begin on this day, unless they move the clock.
fn template_clock() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_279_200, 0).unwrap_or_default()
}

async fn ensure_template(server: &Server) -> Result<String> {
    let name = format!("kontor_template_{}", &migrate::shape()[..12]);
    let _lock = server.lock().await?;
    let mut connection = server.administrator("postgres").connect().await?;
    let finished: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1 and not datallowconn)")
            .bind(&name)
            .fetch_one(&mut connection)
            .await?;
    if !finished {
        sweep(server, &mut connection).await?;
        open_locked(server, &name, template_clock()).await?;
        run(&mut connection, format!("alter database {} allow_connections false", quoted(&name))).await?;
    }
    connection.close().await?;
    Ok(name)
}

/// Drops templates of older shapes, and what a killed run left behind.
async fn sweep(server: &Server, connection: &mut PgConnection) -> Result<()> {
    let left: Vec<String> = sqlx::query_scalar(
        "select datname from pg_database d where (datname like 'kontor\\_template\\_%' or datname like 'kontor\\_case\\_%') \
         and not exists (select from pg_stat_activity a where a.datname = d.datname)",
    )
    .fetch_all(connection)
    .await?;
    for name in left {
        server.drop_database(&name).await?;
    }
    Ok(())
}
