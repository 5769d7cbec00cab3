//! Usage in batches: 50,000 rows a call over 10,000 customers, beside the bare insert of the same rows.

use super::books::Books;
use super::claims::Written;
use super::report::{Report, Spread};
use super::{Failure, Options, Result, Say};
use crate::embedded::{Server, run};
use crate::rehearsal;
use serde_json::json;
use sqlx::{ConnectOptions, Connection};
use std::time::Instant;

const ROWS: i64 = 50_000;
const CUSTOMERS: i64 = 10_000;

/// The rows of each batch are made before, as the platform would send them; nobody's clock runs meanwhile. The bare
/// table has the columns, indexes, checks and rows of book.usage_charges, and none of its references.
const STAGE: &str = "
create table if not exists bench.batches (n integer primary key, rows jsonb not null);
alter table bench.batches alter rows set storage external;
grant select on bench.batches to kontor_people;
truncate bench.batches;
drop table if exists bench.bare_usage, bench.usage_rows;
create table bench.bare_usage (like book.usage_charges including all);
insert into bench.bare_usage overriding system value select * from book.usage_charges order by id;
select setval(pg_get_serial_sequence('bench.bare_usage', 'id'), (select max(id) from bench.bare_usage));
create table bench.usage_rows as select 0 as batch, u.* from book.usage_charges u where false;
vacuum analyze bench.bare_usage;
";

/// Whether the whole is small: a smoke run has few customers and asks for less.
fn size(books: &Books) -> (i64, i64) {
    let customers = CUSTOMERS.min(books.customers / 2);
    (ROWS.min(customers * 5), customers)
}

pub(super) async fn measure(
    server: &Server,
    books: &Books,
    options: &Options,
    say: Say<'_>,
    report: &mut Report,
) -> Result<()> {
    let (rows, customers) = size(books);
    say(&format!("usage batches of {rows} rows"));
    let mut owner = server.administrator(&books.database).connect().await?;
    for statement in STAGE.split(";\n") {
        run(&mut owner, statement.to_owned()).await?;
    }
    let platform = rehearsal::sign_in(server, &books.database, "platform").await?;
    let before = Written::so_far(server, books).await?;
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    let batches = 1 + options.rounds as i32;
    for batch in 0..batches {
        stage(&mut owner, batch, rows, customers).await?;
        let begun = Instant::now();
        let sql = "insert into bench.bare_usage (usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id) \
                   select usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id from bench.usage_rows where batch = $1";
        sqlx::query(sql).bind(batch).execute(&mut owner).await?;
        let bare_seconds = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let sql = "select (r).posted::bigint from (select api.post_usage($1, (select b.rows from bench.batches b where b.n = $2)) as r) x";
        let posted: i64 =
            sqlx::query_scalar(sql).bind(uuid::Uuid::new_v4()).bind(batch).fetch_one(&platform.pool).await?;
        if posted != rows {
            return Err(Failure::Broken { claim: "every row of a batch is posted", found: json!(posted) });
        }
        // The first batch fills the caches and is not counted.
        if batch > 0 {
            bare.push(bare_seconds);
            ours.push(begun.elapsed().as_secs_f64());
        }
    }
    platform.close().await;
    run(&mut owner, "drop table bench.bare_usage, bench.usage_rows, bench.batches".to_owned()).await?;
    owner.close().await?;
    let written = Written::so_far(server, books).await?.since(before);
    let expected = Written { audit_rows: batches.into(), recharges: 0, charges: rows * i64::from(batches) };
    if written != expected {
        let found = json!({"written": format!("{written:?}"), "expected": format!("{expected:?}")});
        return Err(Failure::Broken { claim: "each batch left one audit row and all its charges", found });
    }
    report.ratio("usage_batch_to_bare", Spread::of(ours.iter().zip(&bare).map(|(ours, bare)| ours / bare).collect()));
    let a_second = |seconds: &[f64]| Spread::of(seconds.iter().map(|seconds| rows as f64 / seconds).collect());
    report.figure("usage_batch_rows_a_second", a_second(&ours));
    report.figure("usage_bare_rows_a_second", a_second(&bare));
    Ok(())
}

/// One batch: five charges for each of many customers, somewhere in the chart, in no order.
async fn stage(owner: &mut sqlx::postgres::PgConnection, batch: i32, rows: i64, customers: i64) -> Result<()> {
    let run_name = uuid::Uuid::new_v4().simple().to_string();
    let sql = "with made as materialized ( \
                   select n, format('B%s-%s', $2::text, n) as usage_key, c.id as customer_id, c.ref, (array['compute', 'storage', 'traffic'])[1 + n % 3] as product, \
                          timestamptz '2026-01-04 10:00+08' + n % 600 * interval '1 minute' as used_from, ((n * 7919) % 900000 + 1000) / 1000000.0 as amount \
                   from generate_series(0, $3::bigint - 1) n \
                   join lateral (select k.id, k.ref from book.customers k where k.id = 1 + ((n % $4::bigint) * 7919 + $1 * 31) % (select count(*) from book.customers)) c on true), \
               kept as (insert into bench.usage_rows (batch, usage_key, customer_id, product, used_from, used_to, amount, from_gift, from_principal, uncollected, journal_id) \
                   select $1, m.usage_key, m.customer_id, m.product, m.used_from, m.used_from + interval '1 minute', m.amount, 0, m.amount, 0, 1 + (hashint8(m.customer_id) & 1023) from made m) \
               insert into bench.batches select $1, jsonb_agg(jsonb_build_object('line', m.n + 1, 'usage_key', m.usage_key, 'customer_ref', m.ref, 'product', m.product, \
                   'used_from', m.used_from, 'used_to', m.used_from + interval '1 minute', 'amount', m.amount::numeric(20, 6)::text)) from made m";
    sqlx::query(sql).bind(batch).bind(run_name).bind(rows).bind(customers).execute(&mut *owner).await?;
    run(owner, "analyze bench.usage_rows".to_owned()).await?;
    Ok(())
}
