//! Who may sign in, and what a signed-in person can reach at most.

use crate::support::{TestBooks, server};
use kontor::{Database, Error, Profile};
use sqlx::Connection;

#[tokio::test]
async fn a_wrong_password_is_refused_by_name() {
    let books = TestBooks::new().await;
    let profile = books.books().server().profile(&books.books().name);
    let error = Database::connect(&profile, "agent", "guess").await.err().expect("it is refused");
    assert_eq!(error.rule_name(), Some("password_wrong"));
}

#[tokio::test]
async fn an_unreachable_server_is_offline() {
    let profile = Profile { host: "127.0.0.1".into(), port: 1, ..server().await.profile("nowhere") };
    let error = Database::connect(&profile, "agent", "guess").await.err().expect("it is refused");
    assert_eq!(error, Error::Offline);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_refused_by_name() {
    let server = server().await;
    let _books = TestBooks::new().await;
    let password = server.kept_passwords().expect("kept")["agent"].clone();
    let error = Database::connect(&server.profile("nowhere"), "agent", &password).await.err().expect("refused");
    assert_eq!(error.rule_name(), Some("database_unknown"));
}

#[tokio::test]
async fn a_database_of_another_contract_is_outdated() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let older =
        "create or replace function api.contract_version() returns integer language sql immutable as 'select 0'";
    sqlx::raw_sql(older).execute(&mut owner).await.expect("an older contract");
    let error = books.books().as_login("agent").await.err().expect("it is refused");
    assert_eq!(error.to_json()["kind"], "outdated");
    assert_eq!(error.to_json()["detail"]["database"], 0);
    owner.close().await.expect("the administrator leaves");
}

/// Tries one statement as a signed-in person with psql's freedom.
async fn code_of(books: &TestBooks, sql: &'static str) -> String {
    let db = books.as_login("supervisor").await;
    let mut connection = db.connection().await.expect("connected");
    let outcome = sqlx::raw_sql(sql).execute(&mut *connection).await;
    let failure = outcome.err().unwrap_or_else(|| panic!("was allowed: {sql}"));
    failure.as_database_error().and_then(|refusal| refusal.code()).expect("a refusal by Postgres").into_owned()
}

#[tokio::test]
async fn people_reach_nothing_but_the_functions() {
    let books = TestBooks::new().await;
    for sql in [
        "select * from book.customers",
        "insert into book.journals (kind) values ('recharge')",
        "update book.balances set amount = 1000000",
        "delete from book.audit_events",
        "update book.database set clock_offset = '1 year'",
        "select api.register_commands()",
        "update api.commands set statement = 'select 1'",
        "create table public.mine (x integer)",
        "create temporary table mine (x integer)",
        "create function public.mine() returns integer language sql as 'select 1'",
        "select lo_create(0)",
        "select pg_advisory_lock(1)",
        "set role kontor_api",
        "create role mine",
    ] {
        assert_eq!(code_of(&books, sql).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn every_function_fixes_its_search_path_and_is_closed_to_the_public() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let open: Vec<String> = sqlx::query_scalar(
        // Triggers and inlined expressions of book run under the fixed path of the function that writes.
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) \
         and (p.proacl is null or p.proacl::text ~ '[{,]=X' \
              or (p.prosecdef or p.pronamespace = 'api'::regnamespace) and not coalesce('search_path=\"\"' = any (p.proconfig), false))",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalogue answers");
    assert!(open.is_empty(), "without `set search_path = ''`, or open to everyone: {open:#?}");
    let silent: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'api'::regnamespace \
         and obj_description(p.oid, 'pg_proc') is null",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalogue answers");
    assert!(silent.is_empty(), "without a comment: {silent:#?}");
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn functions_belong_to_a_role_that_can_neither_sign_in_nor_delete() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let strangers: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'api'::regnamespace \
         and p.proowner <> 'kontor_api'::regrole",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalogue answers");
    assert!(strangers.is_empty(), "owned by another role: {strangers:?}");
    let powers: (bool, bool, i64) = sqlx::query_as(
        "select rolcanlogin, rolsuper, (select count(*) from pg_class c where c.relnamespace = 'book'::regnamespace \
         and c.relkind = 'r' and c.relname not in ('import_rows', 'rollups') and has_table_privilege('kontor_api', c.oid, 'delete, truncate')) \
         from pg_roles where rolname = 'kontor_api'",
    )
    .fetch_one(&mut owner)
    .await
    .expect("the catalogue answers");
    assert_eq!(powers, (false, false, 0));
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_when_tls_was_asked_for() {
    use kontor::database::Tls;
    let books = TestBooks::new().await;
    let server = books.books().server();
    let direct = server.profile(&books.books().name);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let socket = format!("{}/.s.PGSQL.{}", direct.host, direct.port);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = tokio::net::UnixStream::connect(&socket).await.expect("the server listens");
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    let password = server.kept_passwords().expect("kept")["agent"].clone();
    let plain = Profile { host: "127.0.0.1".into(), port, ..direct };
    Database::connect(&plain, "agent", &password).await.expect("plain text works where it was asked for");
    let protected = Profile { tls: Tls::VerifyFull, ..plain };
    let error = Database::connect(&protected, "agent", &password).await.err().expect("it is refused");
    assert_eq!(error.rule_name(), Some("server_certificate_refused"));
}

#[tokio::test]
async fn an_administrator_without_superpowers_migrates_production_and_its_clock_is_real() {
    use crate::support::{call, new_id, refused};
    use kontor::embedded::random_password;
    use kontor::migrate::{Outcome, migrate};
    use sqlx::ConnectOptions;
    let server = server().await;
    let _books = TestBooks::new().await;
    let name = format!("kontor_case_{}", uuid::Uuid::new_v4().simple());
    let password = random_password();
    let mut superuser = server.administrator("postgres").connect().await.expect("connects");
    for sql in [
        format!("create role {name} login createrole password '{password}'"),
        format!("create database {name} owner {name} template template0"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut superuser).await.expect("an administrator and a database");
    }
    let options = server.profile(&name).options(&name, &password);
    let outcome = migrate(&options, None).await.expect("it migrates");
    assert!(matches!(outcome, Outcome::Migrated { landed } if !landed.is_empty()));
    assert_eq!(migrate(&options, None).await, Ok(Outcome::Unchanged));
    let mut owner = server.administrator(&name).connect().await.expect("connects");
    let clock: String = sqlx::query_scalar("select prosrc from pg_proc where oid = 'api.clock()'::regprocedure")
        .fetch_one(&mut owner)
        .await
        .expect("the clock");
    assert!(!clock.contains("offset"), "production's clock cannot be moved: {clock}");
    sqlx::query(
        "with p as (insert into book.people (login, login_oid, title, created_at) \
         select rolname, oid, 'Administrator', now() from pg_roles where rolname = 'administrator' returning id) \
         insert into book.duties (person_id, duty, from_at) select id, 'administrator', now() from p",
    )
    .execute(&mut owner)
    .await
    .expect("a person");
    owner.close().await.expect("the administrator leaves");
    let password = server.kept_passwords().expect("kept")["administrator"].clone();
    let db = Database::connect(&server.profile(&name), "administrator", &password).await.expect("signs in");
    let moved = call(&db, "clock.move", serde_json::json!({"command_id": new_id(), "instant": "2030-01-01T00:00:00Z"}));
    assert_eq!(refused(moved.await), "clock_is_real");
    db.close().await;
    server.drop_database(&name).await.expect("dropped");
    superuser.close().await.expect("closes");
}

/// A value of the right form that names nothing.
fn any_value(sql_type: &str) -> serde_json::Value {
    use serde_json::json;
    match sql_type {
        "uuid" => json!(uuid::Uuid::now_v7()),
        "numeric" => json!("1.00"),
        "bigint" => json!("1"),
        "integer" => json!(1),
        "boolean" => json!(true),
        "date" => json!("2026-06-01"),
        "timestamp with time zone" => json!("2026-06-01T00:00:00Z"),
        "jsonb" => json!({}),
        list if list.ends_with("[]") => json!([]),
        _ => json!("x"),
    }
}

/// What an auditor may do besides reading: look at a paper and be remembered for it, see a masked field for a reason.
const AUDITOR_MAY: &[&str] = &["attachments.opened", "customers.find_by_phone", "customers.reveal"];

#[tokio::test]
async fn every_action_asks_for_a_duty_before_anything_else() {
    use crate::support::{call, refused};
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let actions: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select name, arguments from api.commands where not reads order by name")
            .fetch_all(&mut owner)
            .await
            .expect("the list of commands");
    owner.close().await.expect("the administrator leaves");
    assert!(actions.len() > 40);
    let db = books.as_login("auditor").await;
    let mut lax = Vec::new();
    for (command, arguments) in actions {
        if AUDITOR_MAY.contains(&command.as_str()) {
            continue;
        }
        let mut given = serde_json::Map::new();
        for argument in arguments.as_array().expect("a list") {
            let name = argument["name"].as_str().expect("a name");
            given.insert(name.to_owned(), any_value(argument["type"].as_str().expect("a type")));
        }
        let refusal = refused(call(&db, &command, given.into()).await);
        if refusal != "not_allowed" {
            lax.push(format!("{command}: {refusal}"));
        }
    }
    assert!(lax.is_empty(), "looked at something before asking who asks: {lax:#?}");
}
