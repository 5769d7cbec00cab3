//! Golden cases, each run through the very SQL or Rust that the application uses.
//!
//! A case that needs books gets its own, in which its recharges, gifts and usage are recorded by the people and
//! commands that record them in real life. Nothing is computed here that the product computes.

mod campaign;
mod desk;
mod disputes;
mod invoices;
mod plain;
mod refunds;

use crate::embedded::Server;
use crate::error::{Error, Result};
use crate::rehearsal::Books;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One worked case.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// What it is about; decides who runs it.
    pub area: String,
    /// What it shows.
    pub name: String,
    /// The facts.
    pub input: Value,
    /// The answer.
    pub expected: Value,
    /// Other lawful answers.
    #[serde(default)]
    pub also_valid: Vec<Value>,
    /// The clause it rests on.
    #[serde(default)]
    pub clause: String,
}

/// How many cases went which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Answered as expected.
    pub passed: usize,
    /// Answered otherwise, or not at all.
    pub failed: usize,
    /// Of an area without a runner, or not asked for.
    pub skipped: usize,
}

/// The areas that have a runner.
pub const AREAS: &[&str] = &[
    "attribution",
    "base_credit",
    "capital_numerals",
    "clawback_refund",
    "clawback_violation",
    "discount_floor",
    "dispute_deadline",
    "dispute_shortfall",
    "gift_on_refund",
    "invite_validity",
    "invoiceable",
    "objection_deadline",
    "provider_refund_window",
    "refund_quote",
    "shortfall_deadline",
    "statement_alipay",
    "statement_stripe",
    "statement_wechat",
    "tier_credit",
    "uscc",
    "vat_split",
];

/// Reads a file of cases.
pub fn read(text: &str) -> Result<Vec<Case>> {
    serde_json::from_str(text)
        .map_err(|cause| Error::rule_with("file_row_broken", json!({"line": cause.line(), "expected": "golden cases"})))
}

/// Runs the cases, those of `areas` only when any are named, and tells of each area and each failing case.
pub async fn run(
    server: &Arc<Server>,
    cases: &[Case],
    areas: &[String],
    mut tell: impl FnMut(String),
) -> Result<Report> {
    let mut report = Report::default();
    let mut by_area: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        by_area.entry(&case.area).or_default().push(case);
    }
    let bench = Bench { server: Arc::clone(server), shared: Books::clone_template(server).await? };
    for (area, cases) in by_area {
        if !areas.is_empty() && !areas.iter().any(|wanted| wanted == area) {
            report.skipped += cases.len();
        } else if !AREAS.contains(&area) {
            tell(format!("{area}: {} skipped, without a runner", cases.len()));
            report.skipped += cases.len();
        } else {
            let mut passed = 0;
            for case in &cases {
                match judge(&bench, case).await {
                    None => passed += 1,
                    Some(complaint) => tell(complaint),
                }
            }
            tell(format!("{area}: {passed} of {}", cases.len()));
            report.passed += passed;
            report.failed += cases.len() - passed;
        }
    }
    bench.shared.discard().await?;
    Ok(report)
}

/// Runs one case; answers what is wrong, if anything.
async fn judge(bench: &Bench, case: &Case) -> Option<String> {
    let actual = bench.answer(case).await;
    if let Ok(answer) = &actual
        && (*answer == case.expected || case.also_valid.contains(answer))
    {
        return None;
    }
    let actual = actual.unwrap_or_else(|error| json!({ "error": error }));
    Some(format!(
        "FAILED {}: {} ({})\n  expected {}\n  actual   {}",
        case.area, case.name, case.clause, case.expected, actual
    ))
}

/// What the runners work with: one set of books for questions that leave no trace, and the means to make more.
struct Bench {
    server: Arc<Server>,
    shared: Books,
}

impl Bench {
    async fn answer(&self, case: &Case) -> Result<Value> {
        match case.area.as_str() {
            "capital_numerals" => plain::capital_numerals(&case.input),
            "dispute_deadline" | "shortfall_deadline" | "objection_deadline" => {
                plain::deadline(self, &case.input).await
            }
            "provider_refund_window" => plain::provider_refund_window(self, &case.input).await,
            "statement_alipay" => plain::statement_row(crate::statements::Provider::Alipay, &case.input),
            "statement_stripe" => plain::statement_row(crate::statements::Provider::Stripe, &case.input),
            "statement_wechat" => plain::statement_row(crate::statements::Provider::Wechat, &case.input),
            "uscc" => plain::credit_code(self, &case.input).await,
            "vat_split" => plain::vat_split(self, &case.input).await,
            "refund_quote" => refunds::quote(self, &case.input).await,
            "gift_on_refund" => refunds::gift(self, &case.input).await,
            "dispute_shortfall" => disputes::shortfall(self, &case.input).await,
            "invoiceable" => invoices::invoiceable(self, &case.input).await,
            "attribution" | "base_credit" | "clawback_refund" | "clawback_violation" | "discount_floor"
            | "invite_validity" | "tier_credit" => campaign::answer(self, &case.area, &case.input).await,
            other => Err(Error::bug(format_args!("area {other} has no runner"))),
        }
    }
}

/// A text that the case must have.
fn text<'a>(input: &'a Value, key: &str) -> Result<&'a str> {
    input[key].as_str().ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Error {
    Error::rule_with("argument_missing", json!({ "argument": key }))
}
