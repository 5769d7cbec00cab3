//! Stripe's payout-reconciliation report and the dashboard's balance history: plain CSV, one row for each movement.
//!
//! A report holds only the columns that were ticked when it was made, so few are required and the rest are taken where
//! they are. Only the UTC times are read: the others stand in whatever zone the report was asked for. Neither file sums
//! itself up; what can be checked is each row, whose net must be its gross less its fee.

use super::{
    Provider, RowKind, StatementFile, StatementRow, StripeFacts, bare, identifier, must_agree, optional, raw_columns,
};
use crate::files::{BEIJING, Columns, FileError, FileResult, exact_amount, split_line};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};

const ID: &[&str] = &["balance_transaction_id", "id"];
const CREATED: &[&str] = &["created_utc", "Created (UTC)"];
const CURRENCY: &[&str] = &["currency"];
const GROSS: &[&str] = &["gross", "Amount"];
const FEE: &[&str] = &["fee"];
const NET: &[&str] = &["net"];
const CATEGORY: &[&str] = &["reporting_category", "Type"];
const SOURCE: &[&str] = &["source_id", "Source"];
const PAYOUT: &[&str] = &["automatic_payout_id", "Transfer"];
const CHARGE: &[&str] = &["charge_id"];
const INTENT: &[&str] = &["payment_intent_id"];
const DESCRIPTION: &[&str] = &["description"];
/// The platform writes its order number into the payment; a report shows it when that column was ticked.
const ORDER_NO: &[&str] = &["payment_metadata[order_no]", "payment_metadata[order_id]", "order_no (metadata)"];

/// Names that only these files have.
pub(super) const MARKS: &[&str] = &[
    "balance_transaction_id",
    "reporting_category",
    "created_utc",
    "available_on_utc",
    "automatic_payout_id",
    "Created (UTC)",
    "Available On (UTC)",
    "Customer Facing Amount",
    "Transfer Date (UTC)",
    "Transfer Group",
];

struct Layout {
    columns: Columns,
    id: usize,
    created: usize,
    currency: usize,
    gross: usize,
    fee: usize,
    net: usize,
    category: usize,
    others: Vec<(usize, String)>,
}

impl Layout {
    fn read(line: usize, header: &str) -> FileResult<Self> {
        let columns = Columns::read(line, &split_line(line, header)?)?;
        let need = |names| columns.need(names).map_err(|error| error.or("line", line));
        let known: Vec<&str> =
            [ID, CREATED, CURRENCY, GROSS, FEE, NET, CATEGORY, SOURCE, PAYOUT, CHARGE, INTENT, DESCRIPTION, ORDER_NO]
                .concat();
        Ok(Self {
            id: need(ID)?,
            created: need(CREATED)?,
            currency: need(CURRENCY)?,
            gross: need(GROSS)?,
            fee: need(FEE)?,
            net: need(NET)?,
            category: need(CATEGORY)?,
            // Who paid is no business of a reconciliation: names, addresses and e-mails are not kept.
            others: columns.others(&known).into_iter().filter(|(_, name)| !is_personal(name)).collect(),
            columns,
        })
    }

    fn found(&self, fields: &[String], names: &[&str]) -> Option<String> {
        self.columns.find(names).and_then(|place| optional(bare(fields, place)))
    }
}

fn is_personal(column: &str) -> bool {
    ["customer", "shipping", "card_address", "address"].iter().any(|begin| column.starts_with(begin))
}

/// `2026-01-02 03:04:05`, or `2026-01-02 03:04` as the dashboard writes it.
fn utc_time(line: usize, field: &str) -> FileResult<DateTime<FixedOffset>> {
    let wall = NaiveDateTime::parse_from_str(field, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(field, "%Y-%m-%d %H:%M"))
        .map_err(|_| FileError::row(line, CREATED[0], "time as 2026-01-02 03:04:05"))?;
    Ok(Utc.from_utc_datetime(&wall).fixed_offset())
}

fn row_kind(category: &str) -> RowKind {
    match category {
        "charge" | "payment" => RowKind::Payment,
        "refund" | "payment_refund" => RowKind::Refund,
        _ => RowKind::Other,
    }
}

fn read_row(layout: &Layout, line: usize, text: &str) -> FileResult<StatementRow> {
    let mut fields = split_line(line, text)?;
    layout.columns.check_width(line, &mut fields)?;
    let at = |place: usize| bare(&fields, place);
    let currency = at(layout.currency).to_ascii_uppercase();
    if currency != "USD" {
        return Err(FileError::row(line, CURRENCY[0], "USD"));
    }
    let gross = exact_amount(line, GROSS[0], at(layout.gross), 2)?;
    let fee = exact_amount(line, FEE[0], at(layout.fee), 2)?;
    let net = exact_amount(line, NET[0], at(layout.net), 2)?;
    must_agree(line, NET[0], net, gross - fee)?;
    let category = identifier(line, CATEGORY[0], at(layout.category))?.to_ascii_lowercase();
    let kind = row_kind(&category);
    if kind == RowKind::Payment && gross.is_sign_negative() || kind == RowKind::Refund && !gross.is_sign_negative() {
        return Err(FileError::row(line, GROSS[0], "a payment above zero, a refund below"));
    }
    let source = layout.found(&fields, SOURCE);
    Ok(StatementRow {
        line,
        kind,
        order_no: layout.found(&fields, ORDER_NO),
        provider_no: identifier(line, ID[0], at(layout.id))?,
        refund_no: if kind == RowKind::Refund { source.clone() } else { None },
        occurred_at: utc_time(line, at(layout.created))?,
        gross,
        fee,
        net,
        counterparty: None,
        description: layout.found(&fields, DESCRIPTION),
        stripe: Some(StripeFacts {
            category,
            currency,
            payout: layout.found(&fields, PAYOUT),
            charge: layout.found(&fields, CHARGE).or(source),
            payment_intent: layout.found(&fields, INTENT),
        }),
        raw: raw_columns(&layout.others, &fields),
    })
}

/// One row under its header.
pub(super) fn parse_row(header: &str, row: &str) -> FileResult<StatementRow> {
    read_row(&Layout::read(1, header)?, 2, row)
}

/// Reads a report or an export.
pub(super) fn parse(text: &str) -> FileResult<StatementFile> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end_matches('\r')));
    let mut lines = lines.by_ref().filter(|(_, line)| !line.trim().is_empty());
    let missing = || FileError::new("file_column_missing").with("column", ID[0]);
    let (line, header) = lines.next().ok_or_else(missing)?;
    let layout = Layout::read(line, header)?;
    let rows = lines.map(|(line, content)| read_row(&layout, line, content)).collect::<FileResult<Vec<_>>>()?;
    let days = |row: &StatementRow| row.occurred_at.with_timezone(&BEIJING).date_naive();
    let period = (rows.iter().map(days).min(), rows.iter().map(days).max());
    StatementFile::complete(Provider::Stripe, None, period, rows)
}
