//! Cases that need no books of their own: pure questions to SQL functions and to Rust.

use super::desk::{Desk, instant};
use super::{Bench, missing, text};
use crate::capitals::{Yuan, spell};
use crate::error::Result;
use crate::money::Amount;
use crate::statements::{Provider, parse_row};
use serde_json::{Value, json};
use sqlx::Connection;

/// Amounts in capital numerals, in the everyday form unless the case asks for the printed one.
pub(super) fn capital_numerals(input: &Value) -> Result<Value> {
    let amount = Amount::from_file(text(input, "amount")?, 6)?;
    let yuan = match input["yuan"].as_str() {
        Some("圆") => Yuan::Formal,
        _ => Yuan::Plain,
    };
    let prefix = input["prefix"].as_str().unwrap_or_default();
    Ok(json!(format!("{prefix}{}", spell(amount.decimal(), yuan)?)))
}

/// A row of a provider's statement under its header.
pub(super) fn statement_row(provider: Provider, input: &Value) -> Result<Value> {
    Ok(parse_row(provider, text(input, "header")?, text(input, "row")?)?.facts())
}

/// The last day of a period, by the calendar function that every case uses.
pub(super) async fn deadline(bench: &Bench, input: &Value) -> Result<Value> {
    ask(
        bench,
        "select jsonb_build_object('day_zero', day_zero, 'nominal_due', nominal_on, 'due_date', due_on, \
                'expires_before_utc', api.instant_text(expires_at), 'shifted', shifted, 'provisional', provisional) \
         from api.compute_deadline(($1 ->> 'started_at')::timestamptz, ($1 ->> 'days')::integer, $1 ->> 'tz', \
                                   ($1 ->> 'rest_day_rule')::boolean)",
        input,
    )
    .await
}

/// A credit code, as the desk checks it while it is typed.
pub(super) async fn credit_code(bench: &Bench, input: &Value) -> Result<Value> {
    let sql = "select to_jsonb(c) from api.check_credit_code($1 ->> 'code') c";
    ask(bench, sql, input).await
}

/// Lines with tax, split one by one; the totals are their sums, as on every paper.
pub(super) async fn vat_split(bench: &Bench, input: &Value) -> Result<Value> {
    ask(
        bench,
        "select jsonb_build_object( \
                'lines', jsonb_agg(jsonb_build_object('incl', l.incl::text, 'excl', s.excl::text, 'tax', s.tax::text) order by l.n), \
                'total_excl', sum(s.excl)::text, 'total_tax', sum(s.tax)::text, 'total_incl', sum(l.incl)::text) \
         from (select e.value::numeric(14, 2) as incl, e.n from jsonb_array_elements_text($1 -> 'lines_incl') with ordinality e (value, n)) l, \
              api.split_vat(l.incl, ($1 ->> 'rate')::numeric) s",
        input,
    )
    .await
}

/// Until when a provider takes a payment back, under the policy of the case.
pub(super) async fn provider_refund_window(bench: &Bench, input: &Value) -> Result<Value> {
    let window = input["window_days"].as_i64().ok_or_else(|| missing("window_days"))?;
    let at = instant(text(input, "at")?)?;
    if window == 365 {
        return window_of(bench, input).await;
    }
    let desk = Desk::open(bench, at).await?;
    desk.set_policy("refund_window_days", Some("wechat"), json!(window)).await?;
    let sql = REFUND_WINDOW;
    let answer = desk.ask(sql, input).await;
    desk.close().await?;
    answer
}

const REFUND_WINDOW: &str = "\
select jsonb_build_object('last_instant_utc', api.instant_text(closes_at), 'route', route) \
from api.refund_route('wechat', ($1 ->> 'paid_at')::timestamptz, ($1 ->> 'at')::timestamptz)";

async fn window_of(bench: &Bench, input: &Value) -> Result<Value> {
    ask(bench, REFUND_WINDOW, input).await
}

/// Asks the shared books, by the whole input of a case.
pub(super) async fn ask(bench: &Bench, sql: &'static str, input: &Value) -> Result<Value> {
    let mut connection = bench.shared.owner().await?;
    let answer = sqlx::query_scalar(sql).bind(input).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}
