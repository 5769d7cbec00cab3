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
        // Triggers, inlined expressions and what no person may execute run under the fixed path of the function that
        // calls them: only a definer's function reaches them, and each of those is pinned.
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) \
         and (p.proacl is null or p.proacl::text ~ '[{,]=X' \
              or (p.prosecdef or p.provolatile <> 'i' and has_function_privilege('kontor_people', p.oid, 'execute')) \
                 and not coalesce('search_path=\"\"' = any (p.proconfig), false))",
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

/// What an auditor may do besides reading: look at a paper or a dossier and be remembered for it, see a masked field for a reason,
/// take a list along, keep filters of its own, be reminded of what is its own.
const AUDITOR_MAY: &[&str] = &[
    "attachments.opened",
    "customers.find_by_phone",
    "customers.reveal",
    "deadlines.remind",
    "disputes.dossier",
    "exports.record",
    "ledger.remove_filter",
    "ledger.save_filter",
    "payouts.take_file",
];

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

/// One statement as a person with psql's freedom, and everything that Postgres says when it refuses: code, constraint, detail.
async fn psql_is_told(db: &Database, sql: &str) -> (String, Option<String>, Option<String>) {
    let mut connection = db.connection().await.expect("connected");
    let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *connection).await;
    let failure = outcome.err().unwrap_or_else(|| panic!("was allowed: {sql}"));
    let sqlx::Error::Database(refusal) = failure else { panic!("{failure}") };
    let refusal = refusal.downcast_ref::<sqlx::postgres::PgDatabaseError>();
    (refusal.code().to_owned(), refusal.constraint().map(str::to_owned), refusal.detail().map(str::to_owned))
}

fn called(command: &str, arguments: serde_json::Value) -> String {
    format!("select api.call('{command}', '{arguments}')")
}

#[tokio::test]
async fn no_refusal_prints_a_row_not_even_to_psql() {
    use crate::desk::{Desk, order};
    use crate::support::new_id;
    use serde_json::json;
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let mut owner = desk.books.owner().await;
    // Rules of the tables that only a mistake of ours could reach: taught to a command here, to see what leaves it.
    sqlx::raw_sql(
        "create function api.stumble(command_id uuid, over text) returns void language plpgsql volatile security definer set search_path = '' as $$ \
         begin \
             if over = 'check' then insert into book.customers (ref, name, kind, phone, real_name_verified, created_at) values ('C9', '张三', 'ghost', '13800000000', true, now()); \
             elsif over = 'unique' then insert into book.customers (ref, name, kind, phone, real_name_verified, created_at) values ('C1', '张三', 'personal', '13800000000', true, now()); \
             elsif over = 'not null' then insert into book.customers (ref, name, kind, phone, real_name_verified, created_at) values (null, '张三', 'personal', '13800000000', true, now()); \
             elsif over = 'foreign key' then insert into book.duties (person_id, duty, from_at) values (-7, 'agent', now()); \
             else perform api.broken('refund_not_open', '{\"left\": \"1.00\"}'); end if; \
         end $$; \
         comment on function api.stumble is 'trial.stumble: Breaks a rule of the tables.'; \
         alter function api.stumble owner to kontor_api; select api.register_commands()",
    )
    .execute(&mut owner)
    .await
    .expect("the command is made");
    let agent = desk.person("agent").await;
    let nothing = Some("{}".to_owned());
    for (over, code, rule) in [
        ("check", "23514", Some("customer_kind_unknown")),
        ("unique", "23505", Some("customer_ref_taken")),
        ("not null", "23502", Some("")),
        ("foreign key", "23503", Some("duties_person_id_fkey")),
    ] {
        let told = psql_is_told(&agent, &called("trial.stumble", json!({"command_id": new_id(), "over": over}))).await;
        assert_eq!(told, (code.to_owned(), rule.map(str::to_owned), nothing.clone()), "{over}");
    }
    let told = psql_is_told(&agent, &called("trial.stumble", json!({"command_id": new_id(), "over": "a rule"}))).await;
    assert_eq!(
        told,
        ("23514".into(), Some("refund_not_open".into()), Some("{\"left\": \"1.00\"}".into())),
        "ours is kept"
    );

    let administrator = desk.person("administrator").await;
    let product = |code: &str| json!({"command_id": new_id(), "code": code, "title_en": "x", "title_zh": "x", "vat_rate": "0.06"});
    let told = psql_is_told(&administrator, &called("products.add", product("No Code"))).await;
    assert_eq!(told, ("23514".into(), Some("product_code_malformed".into()), nothing));
    let (code, _, _) = psql_is_told(
        &administrator,
        &format!("select api.add_product('{}', 'image', 'Images', '图片', 0.06)", new_id()),
    )
    .await;
    assert_eq!(code, "42501", "an action is not reached around api.call");
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn people_execute_reads_and_the_one_call_and_of_actions_only_the_platforms() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let direct: Vec<String> = sqlx::query_scalar(
        "select p.proname::text from pg_proc p where p.pronamespace = 'api'::regnamespace and p.provolatile = 'v' \
         and has_function_privilege('kontor_people', p.oid, 'execute') \
         and not p.prosrc ~ 'api[.]actor\\(''platform''\\)' order by 1",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalogue answers");
    // Bytes do not travel in JSON; these few take them, and refuse what their tables would before the tables do.
    assert_eq!(
        direct,
        [
            "append_attachment",
            "call",
            "read_invoice_content",
            "read_invoice_pdf",
            "read_letter",
            "store_invoice_pdf",
            "store_letter_pdf",
            "tend"
        ]
    );
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn who_waits_too_long_is_told_who_works_on_the_customer() {
    use crate::desk::{Desk, order};
    use crate::support::new_id;
    use serde_json::json;
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let customer = desk.customer("C1").await;
    let note = |body: &str| {
        called(
            "customers.add_note",
            json!({"command_id": new_id(), "customer_id": customer, "kind": "call", "body": body}),
        )
    };
    let (holder, waiter) = (desk.person("reviewer").await, desk.person("agent").await);
    let mut patience = waiter.connection().await.expect("connected");
    sqlx::raw_sql("set lock_timeout = '200ms'").execute(&mut *patience).await.expect("set");
    let mut holding = holder.connection().await.expect("connected");
    let mut owner = desk.books.owner().await;
    sqlx::raw_sql(
        "create function api.dwell(command_id uuid, customer_id bigint) returns void language plpgsql volatile security definer set search_path = '' as $$ \
         begin perform api.lock_customer(customer_id); perform pg_catalog.pg_sleep(1.5); end $$; \
         comment on function api.dwell is 'trial.dwell: Takes its time.'; alter function api.dwell owner to kontor_api; select api.register_commands()",
    )
    .execute(&mut owner)
    .await
    .expect("the command is made");

    // While the command runs …
    let dwelling = called("trial.dwell", json!({"command_id": new_id(), "customer_id": customer}));
    let slow = tokio::spawn(async move {
        sqlx::raw_sql(sqlx::AssertSqlSafe(dwelling)).execute(&mut *holding).await.expect("it ends");
        holding
    });
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let failure = sqlx::raw_sql(sqlx::AssertSqlSafe(note("one"))).execute(&mut *patience).await.expect_err("held");
    assert_eq!(Error::from(failure).to_json(), json!({"kind": "busy", "holder": "reviewer"}));

    // … and when it is done inside a transaction that stays open.
    let mut holding = slow.await.expect("the task ends");
    sqlx::raw_sql("begin").execute(&mut *holding).await.expect("begun");
    sqlx::raw_sql(sqlx::AssertSqlSafe(note("two"))).execute(&mut *holding).await.expect("written");
    let failure = sqlx::raw_sql(sqlx::AssertSqlSafe(note("three"))).execute(&mut *patience).await.expect_err("held");
    assert_eq!(Error::from(failure).to_json(), json!({"kind": "busy", "holder": "reviewer"}));
    sqlx::raw_sql("rollback").execute(&mut *holding).await.expect("given back");
    sqlx::raw_sql(sqlx::AssertSqlSafe(note("four"))).execute(&mut *patience).await.expect("free again");
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn a_transaction_that_a_person_left_open_is_ended_and_anybody_elses_is_shown() {
    use crate::support::{call, done};
    use serde_json::json;
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    sqlx::raw_sql(
        "create or replace function api.transaction_limit(waits_for_its_client boolean) returns interval language sql immutable security definer set search_path = '' as \
         $$ select case when waits_for_its_client then interval '1 second' else interval '1 hour' end $$",
    )
    .execute(&mut owner)
    .await
    .expect("a shorter patience");
    let (forgetful, tidy) = (books.as_login("agent").await, books.as_login("auditor").await);
    let mut forgotten = forgetful.connection().await.expect("connected");
    sqlx::raw_sql("begin; select api.changes_since(0)").execute(&mut *forgotten).await.expect("begun");
    let mut other = books.owner().await;
    sqlx::raw_sql("begin; select pg_current_xact_id()").execute(&mut other).await.expect("begun");
    let mut caller = tidy.connection().await.expect("connected");
    sqlx::raw_sql("select api.tend()").execute(&mut *caller).await.expect("too early to end anything");
    sqlx::raw_sql("select 1").execute(&mut *forgotten).await.expect("still there");
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    sqlx::raw_sql("select api.tend()").execute(&mut *caller).await.expect("it tends");
    let failure = sqlx::raw_sql("select 1").execute(&mut *forgotten).await.expect_err("its session was ended");
    assert_eq!(Error::from(failure), Error::Offline);

    let alarm = |today: serde_json::Value| {
        let lines = today["tie_out"].as_array().expect("equations").clone();
        lines.into_iter().find(|line| line["check"] == "horizon_moves")
    };
    let shown =
        alarm(done(call(&tidy, "today.open", json!({})).await)).expect("the server's administrator stalls the horizon");
    assert_eq!((&shown["left"], &shown["state"]), (&json!("1"), &json!("open")));
    sqlx::raw_sql("rollback").execute(&mut other).await.expect("given back");
    assert_eq!(alarm(done(call(&tidy, "today.open", json!({})).await)), None);
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn a_signed_in_desk_tends_the_books_until_it_leaves() {
    use crate::desk::{Desk, order};
    use std::time::Duration;
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let rolled_up = "select count(*)::text from book.rollups";
    assert_eq!(desk.figure(rolled_up).await, "0");
    let auditor = desk.books.as_login("auditor").await;
    let tending = tokio::spawn(auditor.clone().tend_until_closed(Duration::from_millis(20)));
    for _ in 0..500 {
        if desk.figure(rolled_up).await != "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_ne!(desk.figure(rolled_up).await, "0", "nobody else is there to do it");
    auditor.close().await;
    tokio::time::timeout(Duration::from_secs(5), tending).await.expect("it ends").expect("in peace");
}

#[tokio::test]
async fn logins_have_limits_from_the_first_day() {
    let books = TestBooks::new().await;
    let db = books.as_login("agent").await;
    let mut owner = books.owner().await;
    let set: Vec<String> = sqlx::query_scalar(
        "select c from pg_db_role_setting d, unnest(d.setconfig) c where d.setrole = 'agent'::regrole order by c",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the catalogue answers");
    assert_eq!(
        set,
        [
            "idle_in_transaction_session_timeout=5min",
            "lock_timeout=5s",
            "statement_timeout=5min",
            "temp_file_limit=1GB"
        ]
    );
    let mut connection = db.connection().await.expect("connected");
    let failure = sqlx::raw_sql("set temp_file_limit = -1").execute(&mut *connection).await.expect_err("refused");
    assert!(matches!(Error::from(failure), Error::NotAllowed { .. }), "this limit cannot be undone");
    owner.close().await.expect("the administrator leaves");
}
