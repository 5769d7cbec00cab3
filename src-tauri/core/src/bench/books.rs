//! Books of a wanted size, and the proof that they are books.

use super::{Failure, Result, Say};
use crate::embedded::{Server, run};
use crate::rehearsal;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection};

const FILL: &str = include_str!("books.sql");
const CHECK: &str = include_str!("check.sql");

/// The clock of these books starts after their last journal.
fn clock_start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_574_800, 0).unwrap_or_default()
}

/// One set of books to measure on.
#[derive(Debug, Clone)]
pub(super) struct Books {
    /// What people call this size: `1m`.
    pub size: String,
    pub database: String,
    pub postings: i64,
    pub journals: i64,
    pub customers: i64,
    /// The journals of the busiest customer.
    pub busiest: i64,
    pub built_in_seconds: f64,
}

/// Builds one set of books for each size, two at a time: each is one connection's work.
pub(super) async fn build_all(server: &Server, sizes: &[u64], say: Say<'_>) -> Result<Vec<Books>> {
    let mut all = Vec::new();
    for pair in sizes.chunks(2) {
        match pair {
            [one, other] => {
                let (one, other) = tokio::join!(build(server, *one, say), build(server, *other, say));
                all.extend([one?, other?]);
            }
            _ => {
                for one in pair {
                    all.push(build(server, *one, say).await?);
                }
            }
        }
    }
    // A load still running anywhere on the cluster would hold the horizon back.
    for books in &all {
        tend_to_the_end(server, books).await?;
    }
    for pair in all.chunks(2) {
        match pair {
            [one, other] => {
                let (one, other) = tokio::join!(assert_sound(server, one), assert_sound(server, other));
                one.and(other)?;
            }
            _ => {
                for one in pair {
                    assert_sound(server, one).await?;
                }
            }
        }
    }
    let mut owner = server.administrator("postgres").connect().await?;
    run(&mut owner, "checkpoint".to_owned()).await?;
    owner.close().await?;
    Ok(all)
}

/// `5000000` is `5m`.
pub(super) fn size_name(postings: u64) -> String {
    match postings {
        n if n % 1_000_000 == 0 => format!("{}m", n / 1_000_000),
        n if n % 1_000 == 0 => format!("{}k", n / 1_000),
        n => n.to_string(),
    }
}

async fn build(server: &Server, postings: u64, say: Say<'_>) -> Result<Books> {
    let begun = std::time::Instant::now();
    let size = size_name(postings);
    let database = format!("kontor_bench_{size}");
    rehearsal::open(server, &database, clock_start()).await?;
    let mut owner = server.administrator(&database).connect().await?;
    let finished: bool =
        sqlx::query_scalar("select to_regclass('bench.built') is not null").fetch_one(&mut owner).await?;
    if !finished {
        say(&format!("building books of {size} postings"));
        fill(&mut owner, postings).await?;
    }
    let sql = "select (select count(*) from book.postings), (select count(*) from book.journals), (select count(*) from book.customers), \
               (select count(*) from book.journals where customer_id = 1)";
    let (postings, journals, customers, busiest) = sqlx::query_as(sql).fetch_one(&mut owner).await?;
    owner.close().await?;
    let built_in_seconds = begun.elapsed().as_secs_f64();
    say(&format!("books of {size}: {postings} postings in {journals} journals, after {built_in_seconds:.0} s"));
    Ok(Books { size, database, postings, journals, customers, busiest, built_in_seconds })
}

/// Secondary indexes are built once, after the rows: a sort costs a tenth of what random insertions do.
async fn fill(owner: &mut PgConnection, postings: u64) -> Result<()> {
    let sql = "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid \
               where c.relnamespace = 'book'::regnamespace and not i.indisunique order by 1";
    let indexes: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut *owner).await?;
    // The journals name the transactions that wrote them, so these many must have been.
    let sql = "select pg_current_xact_id()::text::bigint";
    let first_transaction: i64 = sqlx::query_scalar(sql).fetch_one(&mut *owner).await?;
    run(
        owner,
        format!(
            "do $$ begin for i in 1..{} loop perform pg_current_xact_id(); commit; end loop; end $$",
            postings / 8 + 100
        ),
    )
    .await?;
    run(
        owner,
        format!(
            "set search_path = ''; set bench.postings = {postings}; set bench.first_transaction = {first_transaction}"
        ),
    )
    .await?;
    run(owner, "set search_path = pg_catalog, pg_temp".to_owned()).await?;
    for (index, _) in &indexes {
        run(owner, format!("drop index {index}")).await?;
    }
    run(owner, FILL.to_owned()).await?;
    for (_, definition) in &indexes {
        run(owner, definition.clone()).await?;
    }
    run(owner, "vacuum (freeze, analyze)".to_owned()).await?;
    run(owner, KEYS.to_owned()).await?;
    Ok(())
}

/// What the measuring scripts look up, in a schema of its own; the last table says that everything is there.
const KEYS: &str = "
create schema bench;
grant usage on schema bench to kontor_people;
create table bench.keys (n integer primary key, provider_no text not null, order_no text not null);
insert into bench.keys select row_number() over (), r.provider_no, r.order_no
from (select * from book.recharges order by hashint8(id) limit 1000) r;
grant select on bench.keys to kontor_people;
analyze bench.keys;
create table bench.built (at timestamptz);
";

/// Housekeeping works in bites: as many as it takes until no journal lies beyond a horizon. The horizons themselves never
/// stand still, because moving one is a transaction too.
async fn tend_to_the_end(server: &Server, books: &Books) -> Result<()> {
    let platform = rehearsal::sign_in(server, &books.database, "platform").await?;
    let mut owner = server.administrator(&books.database).connect().await?;
    let sql = "select exists (select from book.journals j where j.recorded_tx >= (select least(h.passed, b.passed) from book.horizon h, book.browse_horizon b))";
    let mut left = true;
    for _ in 0..100 + books.journals / 1000 {
        sqlx::query("select api.tend()").execute(&platform.pool).await?;
        left = sqlx::query_scalar(sql).fetch_one(&mut owner).await?;
        if !left {
            break;
        }
    }
    platform.close().await;
    owner.close().await?;
    match left {
        true => Err(Failure::Broken { claim: "the horizon passes what was loaded", found: json!(books.size) }),
        false => Ok(()),
    }
}

/// Looks for everything that triggers and functions would have refused, and asks for the tie-out.
pub(super) async fn assert_sound(server: &Server, books: &Books) -> Result<()> {
    let mut owner = server.administrator(&books.database).connect().await?;
    run(&mut owner, "set work_mem = '256MB'".to_owned()).await?;
    let broken: Vec<(String, i64)> = sqlx::query_as(CHECK).fetch_all(&mut owner).await?;
    if !broken.is_empty() {
        return Err(Failure::Broken {
            claim: "the books are sound",
            found: json!({"size": books.size, "broken": broken}),
        });
    }
    let equations: Value = sqlx::query_scalar("select api.tie_out()").fetch_one(&mut owner).await?;
    owner.close().await?;
    let broken: Vec<&Value> =
        equations.as_array().into_iter().flatten().filter(|equation| equation["state"] == "broken").collect();
    match equations.as_array().is_some_and(|all| all.len() >= 8) && broken.is_empty() {
        true => Ok(()),
        false => {
            Err(Failure::Broken { claim: "the tie-out holds", found: json!({"size": books.size, "broken": broken}) })
        }
    }
}

/// Bytes of a posting with its share of its journal, every index and every free byte in.
pub(super) struct Space {
    pub bytes_per_posting: f64,
    pub relations: Value,
}

pub(super) async fn bytes_per_posting(server: &Server, books: &Books) -> Result<Space> {
    let mut owner = server.administrator(&books.database).connect().await?;
    let sql = "select sum(pg_total_relation_size(t.name::regclass))::bigint from (values ('book.postings'), ('book.journals')) t (name)";
    let bytes: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await?;
    let sql = "select jsonb_object_agg(x.name, x.bytes) from ( \
               select c.oid::regclass::text as name, pg_table_size(c.oid) as bytes from pg_class c where c.oid in ('book.postings'::regclass, 'book.journals'::regclass) \
               union all select i.indexrelid::regclass::text, pg_relation_size(i.indexrelid) from pg_index i where i.indrelid in ('book.postings'::regclass, 'book.journals'::regclass)) x";
    let relations = sqlx::query_scalar(sql).fetch_one(&mut owner).await?;
    owner.close().await?;
    Ok(Space { bytes_per_posting: bytes as f64 / books.postings as f64, relations })
}
