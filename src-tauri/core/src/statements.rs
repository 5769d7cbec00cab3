//! The providers' statements as the providers write them: Alipay's 业务明细, WeChat Pay's trade bill, and Stripe's
//! payout reconciliation or balance history.
//!
//! Columns are found by name, unknown ones are kept as they are, and a file whose trailer does not equal the sum of
//! its rows is refused whole. All of them end in the same rows, with one sign convention: a refund is negative in
//! all three amounts, and `net` is what reached or left the merchant's account.

mod alipay;
mod stripe;
mod wechat;

use crate::files::{
    Columns, FileError, FileResult, LARGEST_FILE, exact_amount, money_text, read_text, serialize_money, split_line,
    unpack,
};
use crate::orders;
use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Who wrote a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Alipay (支付宝).
    Alipay,
    /// WeChat Pay (微信支付).
    Wechat,
    /// Stripe, through which orders in USD are paid.
    Stripe,
}

impl Provider {
    /// The provider by the name that orders and statements use for it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "alipay" => Some(Self::Alipay),
            "wechat" => Some(Self::Wechat),
            "stripe" => Some(Self::Stripe),
            _ => None,
        }
    }

    /// The name that orders and statements use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alipay => "alipay",
            Self::Wechat => "wechat",
            Self::Stripe => "stripe",
        }
    }
}

/// What a file is, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The platform's order file.
    Orders,
    /// The platform's usage file.
    Usage,
    /// Alipay 业务明细.
    StatementAlipay,
    /// WeChat Pay trade bill.
    StatementWechat,
    /// Stripe payout reconciliation, or the dashboard's balance history.
    StatementStripe,
    /// Accounts of the invite campaign.
    CampaignMembers,
    /// Binds on the event page.
    CampaignTouches,
    /// Orders in USD.
    CampaignOrders,
    /// Refunds of orders in USD.
    CampaignRefunds,
}

impl Kind {
    /// The name under which the database knows this kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Usage => "usage",
            Self::StatementAlipay => "statement_alipay",
            Self::StatementWechat => "statement_wechat",
            Self::StatementStripe => "statement_stripe",
            Self::CampaignMembers => "campaign_members",
            Self::CampaignTouches => "campaign_touches",
            Self::CampaignOrders => "campaign_orders",
            Self::CampaignRefunds => "campaign_refunds",
        }
    }
}

/// What a statement row says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Money came in for an order.
    Payment,
    /// Money went back for an order.
    Refund,
    /// Anything else: kept, matched to nothing.
    Other,
}

/// One row of a statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementRow {
    /// Line in the provider's text, the first is 1.
    pub line: usize,
    /// Payment, refund, or something else.
    pub kind: RowKind,
    /// Our order number.
    pub order_no: Option<String>,
    /// The provider's number of the payment (a refund carries that of its payment).
    pub provider_no: String,
    /// Our refund number, on refunds.
    pub refund_no: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<FixedOffset>,
    /// What the payer paid, or got back as a negative amount.
    #[serde(serialize_with = "serialize_money")]
    pub gross: Decimal,
    /// What the provider kept; negative where it gave a fee back.
    #[serde(serialize_with = "serialize_money")]
    pub fee: Decimal,
    /// What reached the merchant's account.
    #[serde(serialize_with = "serialize_money")]
    pub net: Decimal,
    /// The payer as the provider shows it (Alipay masks it).
    pub counterparty: Option<String>,
    /// What was bought, or why a row is neither payment nor refund.
    pub description: Option<String>,
    /// What only Stripe says.
    #[serde(flatten)]
    pub stripe: Option<StripeFacts>,
    /// Columns that this program does not know, as they were written.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub raw: Map<String, Value>,
}

/// What Stripe says of a movement beyond what every provider says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StripeFacts {
    /// Its own word for what happened: charge, refund, payout, dispute, …
    pub category: String,
    /// In capitals; only USD is read.
    pub currency: String,
    /// The payout that carried it to the bank.
    pub payout: Option<String>,
    /// The charge that it belongs to.
    pub charge: Option<String>,
    /// The payment that it belongs to.
    pub payment_intent: Option<String>,
}

impl StatementRow {
    /// The eight facts that a golden vector compares.
    pub fn facts(&self) -> Value {
        if let Some(stripe) = &self.stripe {
            return json!({
                "kind": stripe.category,
                "provider_no": self.provider_no,
                "occurred_at": self.occurred_at.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true),
                "currency": stripe.currency,
                "gross": money_text(self.gross),
                "fee": money_text(self.fee),
                "net": money_text(self.net),
                "payout": stripe.payout,
            });
        }
        json!({
            "kind": self.kind,
            "order_no": self.order_no,
            "provider_no": self.provider_no,
            "refund_no": self.refund_no,
            "occurred_at": self.occurred_at.to_rfc3339(),
            "gross": money_text(self.gross),
            "fee": money_text(self.fee),
            "net": money_text(self.net),
        })
    }
}

/// What a statement adds up to; the import shows it before anything is posted.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StatementTotals {
    /// Rows of every kind.
    pub row_count: usize,
    /// Payments.
    pub payments: usize,
    /// Refunds.
    pub refunds: usize,
    /// What payers paid.
    #[serde(serialize_with = "serialize_money")]
    pub gross_in: Decimal,
    /// What went back, as a positive amount.
    #[serde(serialize_with = "serialize_money")]
    pub gross_out: Decimal,
    /// What the provider kept, less what it gave back.
    #[serde(serialize_with = "serialize_money")]
    pub fee: Decimal,
    /// What reached the merchant's account.
    #[serde(serialize_with = "serialize_money")]
    pub net: Decimal,
}

/// A statement that was read whole and adds up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementFile {
    /// Who wrote it.
    pub provider: Provider,
    /// The merchant number that it is for; a WeChat bill of a day without business does not say.
    pub merchant: Option<String>,
    /// First day that it covers.
    pub from: Option<NaiveDate>,
    /// Last day that it covers.
    pub to: Option<NaiveDate>,
    /// Its rows in the order of the file.
    pub rows: Vec<StatementRow>,
    /// What they add up to.
    pub totals: StatementTotals,
}

impl StatementFile {
    /// Sums the rows up, and refuses a payment or refund that the file lists twice.
    fn complete(
        provider: Provider,
        merchant: Option<String>,
        period: (Option<NaiveDate>, Option<NaiveDate>),
        rows: Vec<StatementRow>,
    ) -> FileResult<Self> {
        refuse_repeated_rows(&rows)?;
        let totals = StatementTotals::of(&rows);
        Ok(Self { provider, merchant, from: period.0, to: period.1, rows, totals })
    }
}

impl StatementTotals {
    fn of(rows: &[StatementRow]) -> Self {
        let mut totals = Self { row_count: rows.len(), ..Self::default() };
        for row in rows {
            match row.kind {
                RowKind::Payment => {
                    totals.payments += 1;
                    totals.gross_in += row.gross;
                }
                RowKind::Refund => {
                    totals.refunds += 1;
                    totals.gross_out -= row.gross;
                }
                RowKind::Other => {}
            }
            totals.fee += row.fee;
            totals.net += row.net;
        }
        totals
    }
}

/// The books know a payment or refund by its numbers; the second of two equal ones would be lost without a word.
fn refuse_repeated_rows(rows: &[StatementRow]) -> FileResult<()> {
    let mut seen = HashMap::with_capacity(rows.len());
    for row in rows.iter().filter(|row| row.kind != RowKind::Other) {
        let key = (row.kind, row.provider_no.as_str(), row.refund_no.as_deref());
        if let Some(first) = seen.insert(key, row.line) {
            return Err(FileError::new("file_row_repeated").at(row.line).with("first_line", first));
        }
    }
    Ok(())
}

/// A text, told by its first lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Paper(Kind),
    /// Alipay's summary, which comes beside the detail.
    AlipaySummary,
    /// A known file that holds other facts than payments and refunds.
    NotSupported(&'static str),
    /// What a provider answers on a day without business.
    NoBill,
}

/// Tells what a text is. The name of the file plays no part: people rename files.
fn recognise_text(text: &str) -> FileResult<Layout> {
    let head: String = text.lines().take(12).collect::<Vec<_>>().join("\n");
    let start = head.trim_start();
    for (mark, layout) in [
        ("#支付宝业务明细查询", Layout::Paper(Kind::StatementAlipay)),
        ("#支付宝业务汇总查询", Layout::AlipaySummary),
        ("#支付宝账务明细查询", Layout::NotSupported("alipay_signcustomer")),
        ("#支付宝账务汇总查询", Layout::NotSupported("alipay_signcustomer")),
    ] {
        if start.starts_with(mark) {
            return Ok(layout);
        }
    }
    let no_bill = ["No Bill Exist", "NO_STATEMENT_EXIST", "NO_BILL_EXIST", "BILL_NOT_EXIST", "NO_BILL_DATA"];
    if start.starts_with(['<', '{']) && no_bill.iter().any(|word| head.contains(word)) {
        return Ok(Layout::NoBill);
    }
    recognise_header(text)
}

/// By the header's names: three that only one kind of file has are enough, so that a file which lacks a column
/// is still recognised, and refused for the column that it lacks.
fn recognise_header(text: &str) -> FileResult<Layout> {
    let unknown = || FileError::new("file_kind_unknown");
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).ok_or_else(unknown)?;
    let names = split_line(1, header).map_err(|_| unknown())?;
    let columns = Columns::read(1, &names).or_else(|_| Columns::read(1, &without_repeats(&names)))?;
    if columns.find(&["资金流水单号"]).is_some() {
        return Ok(Layout::NotSupported("wechat_fund_flow"));
    }
    if columns.find(&["账务流水号"]).is_some() {
        return Ok(Layout::NotSupported("alipay_signcustomer"));
    }
    let candidates = [
        (Kind::StatementAlipay, marks(&columns, alipay::MARKS)),
        (Kind::StatementWechat, marks(&columns, wechat::MARKS)),
        (Kind::StatementStripe, marks(&columns, stripe::MARKS)),
        (Kind::Orders, orders::order_marks(&columns)),
        (Kind::Usage, orders::usage_marks(&columns)),
        orders::campaign_marks(&columns),
    ];
    match candidates.into_iter().max_by_key(|(_, found)| *found) {
        Some((kind, found)) if found >= 3 => Ok(Layout::Paper(kind)),
        _ => Err(unknown()),
    }
}

fn marks(columns: &Columns, names: &[&str]) -> usize {
    names.iter().filter(|name| columns.find(&[name]).is_some()).count()
}

fn without_repeats(names: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        kept.push(if kept.contains(name) { String::new() } else { name.clone() });
    }
    kept
}

/// Tells the kind of a file by its content; archives are opened.
pub fn recognise(bytes: &[u8]) -> FileResult<Kind> {
    Ok(open(bytes, LARGEST_FILE)?.kind)
}

/// The one paper in a file, as text, with the summary that Alipay puts beside it.
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    summary: Option<String>,
}

/// Opens a file: archives are unpacked, the text is decoded, the kind is told by content.
pub(crate) fn open(bytes: &[u8], largest: usize) -> FileResult<Found> {
    let members = unpack(bytes, largest)?;
    let mut papers = Vec::new();
    let mut summary = None;
    let mut refusal = None;
    for member in members {
        let found = read_text(&member).and_then(|text| Ok((recognise_text(&text)?, text)));
        match found {
            Ok((Layout::Paper(kind), text)) => papers.push((kind, text)),
            Ok((Layout::AlipaySummary, text)) => summary = Some(text),
            Ok((Layout::NotSupported(layout), _)) => {
                refusal = Some(FileError::new("file_layout_not_supported").with("layout", layout));
            }
            Ok((Layout::NoBill, _)) => refusal = Some(FileError::new("file_says_no_bill")),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    // One archive is one paper: a second one, or a stray file beside it, would be dropped in silence.
    if let Some(error) = refusal {
        return Err(error);
    }
    match papers.len() {
        0 => Err(FileError::new("file_layout_not_supported").with("layout", "alipay_summary")),
        1 => {
            let (kind, text) = papers.remove(0);
            Ok(Found { kind, text, summary })
        }
        found => Err(FileError::new("file_archive_broken").with("expected", "one paper").with("found", found)),
    }
}

/// Reads the statement that was found.
pub(crate) fn parse_found(found: &Found) -> FileResult<StatementFile> {
    match found.kind {
        Kind::StatementAlipay => alipay::parse(&found.text, found.summary.as_deref()),
        Kind::StatementWechat => wechat::parse(&found.text),
        Kind::StatementStripe => stripe::parse(&found.text),
        other => Err(FileError::new("file_kind_unknown").with("found", other.name())),
    }
}

/// Reads a statement of any provider, or refuses it whole.
pub fn parse(bytes: &[u8]) -> FileResult<StatementFile> {
    parse_found(&open(bytes, LARGEST_FILE)?)
}

/// Reads one row under its header, as the golden vectors state them; the same code reads whole files.
pub fn parse_row(provider: Provider, header: &str, row: &str) -> FileResult<StatementRow> {
    match provider {
        Provider::Alipay => alipay::parse_row(header, row),
        Provider::Wechat => wechat::parse_row(header, row),
        Provider::Stripe => stripe::parse_row(header, row),
    }
}

/// A field without the tabs and blanks that providers pad it with.
fn bare(fields: &[String], place: usize) -> &str {
    fields.get(place).map_or("", |field| field.trim())
}

/// A number or word that may be absent; WeChat writes `0` where there is none.
fn optional(field: &str) -> Option<String> {
    if field.is_empty() || field == "0" { None } else { Some(field.to_owned()) }
}

/// An identifier that must be there and must look like one.
fn identifier(line: usize, column: &str, field: &str) -> FileResult<String> {
    let sound = !field.is_empty() && field.len() <= 64 && field.bytes().all(|byte| byte.is_ascii_graphic());
    if sound { Ok(field.to_owned()) } else { Err(FileError::row(line, column, "number of the provider or of ours")) }
}

/// An amount that a bill may leave empty for none.
fn amount_or_zero(line: usize, column: &str, field: &str, decimals: u32) -> FileResult<Decimal> {
    if field.is_empty() { Ok(Decimal::ZERO) } else { exact_amount(line, column, field, decimals) }
}

/// Compares one figure of a trailer with the rows.
fn must_agree(line: usize, column: &str, expected: Decimal, found: Decimal) -> FileResult<()> {
    if expected == found {
        return Ok(());
    }
    Err(FileError::new("file_totals_disagree")
        .at(line)
        .with("column", column)
        .with("expected", money_text(expected))
        .with("found", money_text(found)))
}

/// The columns that the program does not know, as the row has them.
fn raw_columns(others: &[(usize, String)], fields: &[String]) -> Map<String, Value> {
    let pair = |(place, name): &(usize, String)| (name.clone(), Value::from(bare(fields, *place)));
    others.iter().map(pair).collect()
}
