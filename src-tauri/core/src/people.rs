//! The first people of a set of books, written by the database's administrator.
//!
//! Everything after that (duties proposed by one and confirmed by another, leaving) happens inside the books.

use crate::embedded::{quoted, random_password, run};
use crate::error::{Error, Result};
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// Makes a login and writes its person with duties from now on. Answers the first password of a login that
/// was made; a login that was there keeps its own.
pub async fn add(
    administrator: &PgConnectOptions,
    login: &str,
    title: &str,
    duties: &[String],
) -> Result<Option<String>> {
    let sound = !login.is_empty()
        && login.len() < 64
        && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    if !sound {
        return Err(Error::rule_with("argument_invalid", json!({"argument": "login"})));
    }
    let mut connection = administrator.connect().await?;
    let mut transaction = connection.begin().await?;
    let known: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
        .bind(login)
        .fetch_one(&mut *transaction)
        .await?;
    let role = quoted(login);
    let password = (!known).then(random_password);
    if let Some(password) = &password {
        run(&mut transaction, format!("create role {role} login password '{password}' connection limit 20")).await?;
    }
    run(&mut transaction, format!("grant kontor_people to {role}")).await?;
    sqlx::query(
        "with person as ( \
            insert into book.people (login, login_oid, title, created_at) \
            select rolname, oid, $2, api.clock() from pg_catalog.pg_roles where rolname = $1 returning id, created_at) \
         insert into book.duties (person_id, duty, from_at) select p.id, d.duty, p.created_at from person p, unnest($3::text[]) d (duty)",
    )
    .bind(login)
    .bind(title)
    .bind(duties)
    .execute(&mut *transaction)
    .await?;
    run(&mut transaction, DEFAULTS.to_owned()).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(password)
}

/// What holds for people's logins with any client, unless an administrator set something else. All but the last
/// are defaults that a login can undo for itself: they are there against forgetting, and `api.tend` against intent.
pub(crate) const DEFAULTS: &str = "\
do $$
declare
    wanted record;
begin
    for wanted in
        select r.rolname, s.name, s.value
        from book.people p join pg_catalog.pg_roles r on r.oid = p.login_oid
        cross join (values ('statement_timeout', '5min'), ('idle_in_transaction_session_timeout', '5min'),
                           ('lock_timeout', '5s'), ('temp_file_limit', '1GB')) s (name, value)
        where not exists (select from pg_catalog.pg_db_role_setting d, unnest(d.setconfig) c
                          where d.setrole = r.oid and c like s.name || '=%')
    loop
        begin
            execute format('alter role %I set %s = %L', wanted.rolname, wanted.name, wanted.value);
        exception when insufficient_privilege then null;
        end;
    end loop;
end $$;";
