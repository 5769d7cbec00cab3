//! Bringing a database to the shape that this program was built for, in one transaction.
//!
//! Schema `api` is dropped and built anew from its files, around the versioned migrations of schema `book`; so
//! a file always shows the current truth, and a broken file leaves the old state whole.

use crate::database::CONTRACT_VERSION;
use crate::embedded::run;
use crate::error::{Error, Result, Versions};
use crate::people;
use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition};
use sqlx::{ConnectOptions, Connection};

mod files {
    include!(concat!(env!("OUT_DIR"), "/sql_files.rs"));
}

/// Loaded before the others: everything else stands on them.
const API_FIRST: [&str; 2] = ["access.sql", "money.sql"];

/// Loaded last: it reads what the others made.
const API_LAST: &str = "wire.sql";

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The database had exactly this shape already; nothing was touched.
    Unchanged,
    /// Schema `api` was built anew, after these versioned migrations.
    Migrated {
        /// File names of the versioned migrations that landed now.
        landed: Vec<String>,
    },
}

/// Migrates one database. `rehearsal_from` counts at the first migration only: it makes these books a rehearsal
/// whose clock starts there. Books that were once opened for production never become one.
pub async fn migrate(options: &PgConnectOptions, rehearsal_from: Option<DateTime<Utc>>) -> Result<Outcome> {
    let mut connection = options.clone().application_name("kontor migrate").connect().await?;
    let migrated = migrate_connected(&mut connection, rehearsal_from).await;
    // The refusal is the news; a failing goodbye is not.
    let _ = connection.close().await;
    migrated
}

async fn migrate_connected(connection: &mut PgConnection, rehearsal_from: Option<DateTime<Utc>>) -> Result<Outcome> {
    let landed = landed(connection).await?;
    refuse_unknown_past(&landed)?;
    if stamp(connection).await?.as_deref() == Some(shape().as_str()) {
        return Ok(Outcome::Unchanged);
    }
    run(connection, CLUSTER_ROLES.to_owned()).await?;
    // An old function's body could commit after the new rules are in force: nobody stays in.
    run(connection, SHUT_THE_DOOR.to_owned()).await?;
    let migrated = in_one_transaction(connection, &landed, rehearsal_from).await;
    if migrated.is_ok() {
        run(connection, people::DEFAULTS.to_owned()).await?;
    }
    if migrated.is_err() {
        run(connection, OPEN_THE_DOOR.to_owned()).await?;
    }
    migrated
}

async fn in_one_transaction(
    connection: &mut PgConnection,
    landed: &[(String, String)],
    rehearsal_from: Option<DateTime<Utc>>,
) -> Result<Outcome> {
    let mut transaction = connection.begin().await?;
    run(&mut transaction, BEFORE.to_owned()).await?;
    let mut now_landed = Vec::new();
    for (name, text) in files::VERSIONED {
        if landed.iter().any(|(known, _)| known == name) {
            continue;
        }
        run_file(&mut transaction, name, text).await?;
        sqlx::query("insert into book.migrations (name, sha256) values ($1, $2)")
            .bind(name)
            .bind(sha256(text))
            .execute(&mut *transaction)
            .await?;
        now_landed.push((*name).to_owned());
    }
    let rehearsal = decide_rehearsal(&mut transaction, rehearsal_from).await?;
    run(&mut transaction, API_SCHEMA.to_owned()).await?;
    run(&mut transaction, if rehearsal { REHEARSAL_CLOCK } else { PRODUCTION_CLOCK }.to_owned()).await?;
    load_api(&mut transaction).await?;
    run_file(&mut transaction, "checking the functions", VALIDATE).await?;
    run_file(&mut transaction, "owners and grants", OWNERS).await?;
    run_file(&mut transaction, "registering the commands", "select api.register_commands()").await?;
    let version = format!(
        "create or replace function api.contract_version() returns integer language sql immutable security definer \
         set search_path = '' as 'select {CONTRACT_VERSION}'; \
         comment on function api.contract_version() is 'Which contract these functions speak; compared at every sign-in.'; \
         alter function api.contract_version() owner to kontor_api; \
         revoke all on function api.contract_version() from public; \
         grant execute on function api.contract_version() to kontor_people;"
    );
    run(&mut transaction, version).await?;
    sqlx::query("update book.shape set sha256 = $1, contract_version = $2, migrated_at = clock_timestamp()")
        .bind(shape())
        .bind(CONTRACT_VERSION)
        .execute(&mut *transaction)
        .await?;
    run(&mut transaction, OPEN_THE_DOOR.to_owned()).await?;
    transaction.commit().await?;
    Ok(Outcome::Migrated { landed: now_landed })
}

/// Loads the files of schema `api`. A view may show what a file further down makes; such a file waits for the next
/// round, so that nobody has to order files by what they mention.
async fn load_api(connection: &mut PgConnection) -> Result<()> {
    let mut waiting = api_files();
    while !waiting.is_empty() {
        let mut next = Vec::new();
        let mut first_failure = None;
        for (name, text) in &waiting {
            run(connection, "savepoint file".to_owned()).await?;
            match run_file(connection, name, text).await {
                Ok(()) => run(connection, "release savepoint file".to_owned()).await?,
                Err(failure) if mentions_the_unknown(&failure) => {
                    run(connection, "rollback to savepoint file".to_owned()).await?;
                    next.push((*name, *text));
                    first_failure.get_or_insert(failure);
                }
                Err(failure) => return Err(failure),
            }
        }
        match first_failure {
            Some(failure) if next.len() == waiting.len() => return Err(failure),
            _ => waiting = next,
        }
    }
    Ok(())
}

fn mentions_the_unknown(failure: &Error) -> bool {
    let Error::Rule { detail: Some(detail), .. } = failure else { return false };
    matches!(detail["code"].as_str(), Some("42883" | "42P01" | "42704"))
}

/// The files of schema `api` in the order in which they are loaded.
fn api_files() -> Vec<(&'static str, &'static str)> {
    let mut ordered: Vec<_> = files::API.to_vec();
    ordered.sort_by_key(|(name, _)| {
        let first = API_FIRST.iter().position(|known| known == name).unwrap_or(API_FIRST.len());
        (*name == API_LAST, first, *name)
    });
    ordered
}

/// One hash over everything that decides the shape of a migrated database.
pub fn shape() -> String {
    let mut all = Sha256::new();
    all.update(CONTRACT_VERSION.to_be_bytes());
    let own = [BEFORE, API_SCHEMA, REHEARSAL_CLOCK, PRODUCTION_CLOCK, OWNERS];
    for text in own.into_iter().chain(files::VERSIONED.iter().chain(files::API).map(|(_, text)| *text)) {
        all.update(sha256(text));
    }
    hex(&all.finalize())
}

/// A checkout on Windows may end its lines otherwise; that edits nothing.
fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.replace("\r\n", "\n")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn stamp(connection: &mut PgConnection) -> Result<Option<String>> {
    if !table_exists(connection, "book.shape").await? {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("select sha256 from book.shape").fetch_optional(connection).await?)
}

async fn landed(connection: &mut PgConnection) -> Result<Vec<(String, String)>> {
    if !table_exists(connection, "book.migrations").await? {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as("select name, sha256 from book.migrations order by name").fetch_all(connection).await?)
}

async fn table_exists(connection: &mut PgConnection, name: &str) -> Result<bool> {
    Ok(sqlx::query_scalar("select to_regclass($1) is not null").bind(name).fetch_one(connection).await?)
}

/// Refuses a database that is newer than this program, and a program whose landed files were edited.
fn refuse_unknown_past(landed: &[(String, String)]) -> Result<()> {
    let text_of = |name: &str| files::VERSIONED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    if landed.iter().any(|(name, _)| text_of(name).is_none()) {
        let newer = Versions { database: Some(CONTRACT_VERSION + 1), app: CONTRACT_VERSION };
        return Err(Error::Outdated { detail: newer });
    }
    match landed.iter().find(|(name, sha)| text_of(name).is_some_and(|text| sha256(text) != *sha)) {
        Some((name, _)) => Err(Error::rule_with("migration_edited", json!({"file": name}))),
        None => Ok(()),
    }
}

async fn decide_rehearsal(connection: &mut PgConnection, from: Option<DateTime<Utc>>) -> Result<bool> {
    sqlx::query(
        "insert into book.database (rehearsal, clock_offset) \
         select $1 is not null, coalesce($1 - clock_timestamp(), interval '0') \
         where not exists (select from book.database)",
    )
    .bind(from)
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar("select rehearsal from book.database").fetch_one(connection).await?)
}

async fn run_file(connection: &mut PgConnection, name: &str, text: &str) -> Result<()> {
    run(connection, text.to_owned()).await.map_err(|failure| match failure.as_database_error() {
        Some(refusal) => {
            let refusal = refusal.downcast_ref::<PgDatabaseError>();
            let line = match refusal.position() {
                Some(PgErrorPosition::Original(at)) => text.chars().take(at).filter(|c| *c == '\n').count() + 1,
                _ => 0,
            };
            let at = refusal.r#where().unwrap_or_default();
            Error::rule_with(
                "migration_broken",
                json!({"file": name, "line": line, "code": refusal.code(), "said": refusal.message(), "at": at}),
            )
        }
        None => failure.into(),
    })
}

/// Makes the cluster's three roles, none of which can sign in. A parallel migration may have been faster.
const CLUSTER_ROLES: &str = "\
do $$
declare
    wanted text;
begin
    foreach wanted in array array['kontor_owner', 'kontor_api', 'kontor_people'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant kontor_owner, kontor_api to %I', current_user);
    end if;
    -- To see for how long a transaction is open, and to end one that a person forgot. Where this login may not grant
    -- that, the server's administrator can; until then the first screen shows what stalls.
    foreach wanted in array array['pg_read_all_stats', 'pg_signal_backend'] loop
        if not pg_catalog.pg_has_role('kontor_api', wanted, 'member') then
            begin
                execute format('grant %I to kontor_api', wanted);
            exception when insufficient_privilege then null;
            end;
        end if;
    end loop;
end $$;";

/// Refuses new sessions of people and ends those that are there, as far as this login may.
const SHUT_THE_DOOR: &str = "\
do $$
begin
    execute format('revoke connect, temporary on database %I from public, kontor_people', current_database());
end $$;
do $$
declare
    other integer;
begin
    for other in select pid from pg_catalog.pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' loop
        begin
            perform pg_terminate_backend(other, 2000);
        exception when insufficient_privilege then null;
        end;
    end loop;
end $$;";

/// Who may do what with the database itself. Posting a file needs a scratch table, which the functions' owner makes.
pub(crate) const OPEN_THE_DOOR: &str = "\
do $$
begin
    execute format('revoke connect, temporary on database %I from public', current_database());
    execute format('grant connect on database %I to kontor_people', current_database());
    execute format('grant temporary on database %I to kontor_api', current_database());
end $$;";

/// What the migration itself keeps, and the old functions gone.
const BEFORE: &str = "\
set local lock_timeout = '10s';
set local statement_timeout = 0;
set local client_min_messages = warning;
-- The files of api may mention each other in any order; VALIDATE looks at all of them afterwards.
set local check_function_bodies = off;
drop schema if exists api cascade;
create schema if not exists book authorization kontor_owner;
create table if not exists book.migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp()
);
comment on table book.migrations is 'Which versioned migrations have landed, and what they said.';
create table if not exists book.shape (
    only_row boolean primary key default true check (only_row),
    sha256 text,
    contract_version integer,
    migrated_at timestamptz
);
comment on table book.shape is 'One hash over everything that shaped this database: an equal one needs no migration.';
insert into book.shape default values on conflict do nothing;";

const API_SCHEMA: &str = "\
create schema api authorization kontor_api;
comment on schema api is 'All that people can reach. Dropped and built anew at every migration.';";

const REHEARSAL_CLOCK: &str = "\
create function api.clock() returns timestamptz
language plpgsql volatile security definer set search_path = '' as
'begin return pg_catalog.clock_timestamp() + (select clock_offset from book.database); end';
comment on function api.clock() is 'The instant of an action, read once after its locks. These books are a rehearsal: the clock can be moved.';";

/// Production's clock has no branch that could be reached by mistake.
const PRODUCTION_CLOCK: &str = "\
create function api.clock() returns timestamptz
language plpgsql volatile security definer set search_path = '' as 'begin return pg_catalog.clock_timestamp(); end';
comment on function api.clock() is 'The instant of an action, read once after its locks.';";

/// What creation would have checked, had the order of the files allowed it.
const VALIDATE: &str = "\
set local check_function_bodies = on;
do $$
declare
    found record;
    broken text := '';
begin
    for found in
        select p.oid, p.oid::regprocedure::text as name, l.lanvalidator::regproc::text as validator
        from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
        where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) and l.lanname in ('sql', 'plpgsql')
    loop
        begin
            execute format('select %s(%s)', found.validator, found.oid);
        exception when others then
            broken := broken || E'\\n' || found.name || ': ' || sqlerrm;
        end;
    end loop;
    if broken <> '' then
        raise exception 'broken functions: %', broken using errcode = '42P13';
    end if;
end $$;";

/// Owners and the revocations that no file has to repeat. What the files granted to people stays.
const OWNERS: &str = "\
do $$
declare
    found record;
begin
    alter schema book owner to kontor_owner;
    alter schema api owner to kontor_api;
    for found in
        select c.oid::regclass::text as name, n.nspname as schema
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('book', 'api') and c.relkind in ('r', 'p', 'v', 'm', 'S')
          and not exists (select from pg_catalog.pg_depend d
                          where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                            and d.refclassid = 'pg_catalog.pg_class'::regclass and c.relkind = 'S')
    loop
        execute format('alter table %s owner to %I', found.name, case found.schema when 'book' then 'kontor_owner' else 'kontor_api' end);
    end loop;
    for found in
        select p.oid::regprocedure::text as name, n.nspname as schema
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('book', 'api') and p.prokind in ('f', 'p')
    loop
        execute format('alter routine %s owner to %I', found.name, case found.schema when 'book' then 'kontor_owner' else 'kontor_api' end);
        execute format('revoke all on routine %s from public', found.name);
    end loop;
    for found in
        select t.oid::regtype::text as name, n.nspname as schema
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        left join pg_catalog.pg_class c on c.oid = t.typrelid
        where n.nspname in ('book', 'api') and (t.typtype in ('d', 'e') or c.relkind = 'c')
    loop
        execute format('alter type %s owner to %I', found.name, case found.schema when 'book' then 'kontor_owner' else 'kontor_api' end);
    end loop;
    grant usage on schema api to kontor_people;
    grant usage on schema book to kontor_api;
    -- Large objects and advisory locks belong to nobody here: a login could fill the disk or hold up others.
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        for found in
            select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace
              and p.proname ~ '^(lo_|lowrite|loread|pg_advisory_|pg_try_advisory_)'
              and (p.proacl is null or p.proacl::text ~ '[{,]=X')
        loop
            execute format('revoke all on function %s from public', found.name);
        end loop;
        revoke create on schema public from public;
    end if;
end $$;";
