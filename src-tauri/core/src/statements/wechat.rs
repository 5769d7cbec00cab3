//! WeChat Pay's trade bill (ALL, SUCCESS, REFUND): every field behind a backtick, two summary lines at the end.
//!
//! The merchant's own text (商户数据包) may hold commas and quotes, unescaped, so a row is cut at ``,` `` and not at
//! commas. A refund's row has zeros in the payment's columns: gross comes from 申请退款金额, net from
//! 应结订单金额 − 退款金额 − 手续费.

use super::{
    Provider, RowKind, StatementFile, StatementRow, amount_or_zero, bare, identifier, must_agree, optional, raw_columns,
};
use crate::files::{Columns, FileError, FileResult, beijing_time, exact_amount, split_line};
use chrono::NaiveDate;
use rust_decimal::Decimal;

const TRADED: &[&str] = &["交易时间"];
const MERCHANT: &[&str] = &["商户号"];
const PROVIDER_NO: &[&str] = &["微信订单号"];
const ORDER_NO: &[&str] = &["商户订单号"];
const STATE: &[&str] = &["交易状态"];
const CURRENCY: &[&str] = &["货币种类"];
const SETTLED: &[&str] = &["应结订单金额", "总金额"];
const ORDERED: &[&str] = &["订单金额", "总金额", "应结订单金额"];
const FEE: &[&str] = &["手续费"];
const REFUND_NO: &[&str] = &["商户退款单号"];
const REFUNDED: &[&str] = &["退款金额"];
const ASKED: &[&str] = &["申请退款金额", "退款金额"];
const REFUND_STATE: &[&str] = &["退款状态"];
const REFUND_DONE: &[&str] = &["退款成功时间"];
const REFUND_ASKED: &[&str] = &["退款申请时间"];
const PAYER: &[&str] = &["用户标识"];
const TITLE: &[&str] = &["商品名称"];
const OWN_TEXT: &[&str] = &["商户数据包"];

/// Names that only this file has.
pub(super) const MARKS: &[&str] = &[
    "公众账号ID",
    "特约商户号",
    "微信订单号",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "商户数据包",
    "费率",
];

/// Every column of the published layouts; whatever else appears is kept raw.
const KNOWN: &[&str] = &[
    "交易时间",
    "公众账号ID",
    "商户号",
    "特约商户号",
    "子商户号",
    "设备号",
    "微信订单号",
    "商户订单号",
    "用户标识",
    "交易类型",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "总金额",
    "代金券金额",
    "企业红包金额",
    "退款申请时间",
    "退款成功时间",
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "充值券退款金额",
    "企业红包退款金额",
    "退款类型",
    "退款状态",
    "商品名称",
    "商户数据包",
    "手续费",
    "费率",
    "订单金额",
    "申请退款金额",
    "费率备注",
];

/// Both generations of the bill; an unknown state is refused, because it might or might not have moved money.
const REFUND_STATES: &[&str] = &["", "SUCCESS", "PROCESSING", "FAIL", "CHANGE", "CLOSED", "ABNORMAL"];

/// Summary column and the column whose sum it is; the first is the number of rows.
const SUMS: &[(&str, &[&str])] = &[
    ("应结订单总金额", &["应结订单金额"]),
    ("总交易额", &["总金额"]),
    ("退款总金额", &["退款金额"]),
    ("总退款金额", &["退款金额"]),
    ("充值券退款总金额", &["充值券退款金额"]),
    ("总企业红包退款金额", &["企业红包退款金额"]),
    ("手续费总金额", &["手续费"]),
    ("订单总金额", &["订单金额"]),
    ("申请退款总金额", &["申请退款金额"]),
];
const ROW_COUNT: &[&str] = &["总交易单数"];

/// Where the columns of this bill stand.
struct Layout {
    columns: Columns,
    traded: usize,
    merchant: usize,
    provider_no: usize,
    order_no: usize,
    state: usize,
    fee: usize,
    settled: usize,
    ordered: usize,
    refund: Option<RefundColumns>,
    currency: Option<usize>,
    payer: Option<usize>,
    title: Option<usize>,
    own_text: Option<usize>,
    others: Vec<(usize, String)>,
    summed: Vec<(&'static str, usize)>,
}

/// The columns that only ALL and REFUND bills have.
struct RefundColumns {
    refund_no: usize,
    refunded: usize,
    asked: usize,
    state: Option<usize>,
    done_at: Option<usize>,
    asked_at: Option<usize>,
}

impl Layout {
    fn read(line: usize, header: &str) -> FileResult<Self> {
        let columns = Columns::read(line, &split_line(line, header)?)?;
        let need = |names| columns.need(names).map_err(|error| error.or("line", line));
        // A bill that names one refund column has them all; one that names none is the SUCCESS bill.
        let any = ["微信退款单号", "商户退款单号", "退款金额", "申请退款金额", "退款状态"];
        let refund = if any.iter().any(|name| columns.find(&[name]).is_some()) {
            Some(RefundColumns {
                refund_no: need(REFUND_NO)?,
                refunded: need(REFUNDED)?,
                asked: need(ASKED)?,
                state: columns.find(REFUND_STATE),
                done_at: columns.find(REFUND_DONE),
                asked_at: columns.find(REFUND_ASKED),
            })
        } else {
            None
        };
        let summed = SUMS.iter().filter_map(|(sum, column)| Some((*sum, columns.find(column)?))).collect::<Vec<_>>();
        Ok(Self {
            traded: need(TRADED)?,
            merchant: need(MERCHANT)?,
            provider_no: need(PROVIDER_NO)?,
            order_no: need(ORDER_NO)?,
            state: need(STATE)?,
            fee: need(FEE)?,
            settled: need(SETTLED)?,
            ordered: need(ORDERED)?,
            refund,
            currency: columns.find(CURRENCY),
            payer: columns.find(PAYER),
            title: columns.find(TITLE),
            own_text: columns.find(OWN_TEXT),
            others: columns.others(KNOWN),
            summed,
            columns,
        })
    }
}

/// Cuts a row at ``,` ``. Where a merchant's own JSON holds that mark itself, the surplus pieces are its.
fn split_row(layout: &Layout, line: usize, text: &str) -> FileResult<Vec<String>> {
    let Some(rest) = text.strip_prefix('`') else {
        let (expected, found) = ("a backtick before every field", "none");
        return Err(FileError::new("file_row_broken").at(line).with("expected", expected).with("found", found));
    };
    let mut fields: Vec<String> = rest.split(",`").map(str::to_owned).collect();
    if let Some(place) = layout.own_text {
        let surplus = fields.len().saturating_sub(layout.columns.len());
        let is_json = fields.get(place).is_some_and(|text| text.starts_with(['{', '[']));
        if surplus > 0 && is_json && place + surplus < fields.len() {
            let joined = fields[place..=place + surplus].join(",`");
            fields.splice(place..=place + surplus, [joined]);
        }
    }
    layout.columns.check_width(line, &mut fields)?;
    Ok(fields)
}

/// A row with the merchant that it names and the figures that the summary sums.
struct Read {
    row: StatementRow,
    merchant: String,
    summed: Vec<Decimal>,
}

fn read_row(layout: &Layout, line: usize, text: &str) -> FileResult<Read> {
    let fields = split_row(layout, line, text)?;
    let at = |place: usize| bare(&fields, place);
    let amount = |names: &[&str], place: Option<usize>| match place {
        Some(place) => amount_or_zero(line, names[0], at(place), 2),
        None => Ok(Decimal::ZERO),
    };
    if layout.currency.is_some_and(|place| at(place) != "CNY") {
        return Err(FileError::row(line, CURRENCY[0], "CNY"));
    }
    let refund = layout.refund.as_ref();
    let asked = amount(ASKED, refund.map(|columns| columns.asked))?;
    let kind = row_kind(at(layout.state), refund.map(|columns| at_state(&fields, columns)), asked)
        .ok_or_else(|| FileError::row(line, STATE[0], "SUCCESS, REFUND or REVOKED, and a known 退款状态"))?;
    let fee = exact_amount(line, FEE[0], at(layout.fee), 5)?;
    let settled = amount(SETTLED, Some(layout.settled))?;
    let ordered = amount(ORDERED, Some(layout.ordered))?;
    let refunded = amount(REFUNDED, refund.map(|columns| columns.refunded))?;
    if [settled, ordered, refunded, asked].iter().any(|figure| figure.is_sign_negative()) {
        return Err(FileError::row(line, ORDERED[0], "amounts not below zero"));
    }
    let (gross, net) = match kind {
        RowKind::Payment => (ordered, settled - fee),
        RowKind::Refund => (-asked, -refunded - fee),
        RowKind::Other => (ordered - asked, settled - refunded - fee),
    };
    let summed =
        layout.summed.iter().map(|(sum, place)| amount_or_zero(line, sum, at(*place), 5)).collect::<FileResult<_>>()?;
    let row = StatementRow {
        line,
        kind,
        order_no: optional(at(layout.order_no)),
        provider_no: identifier(line, PROVIDER_NO[0], at(layout.provider_no))?,
        refund_no: match (kind, refund) {
            (RowKind::Payment, _) | (_, None) => None,
            (_, Some(columns)) => optional(at(columns.refund_no)),
        },
        occurred_at: occurred_at(layout, line, &fields, kind)?,
        gross,
        fee,
        net,
        counterparty: layout.payer.and_then(|place| optional(at(place))),
        description: describe(layout, &fields, kind),
        stripe: None,
        raw: raw_columns(&layout.others, &fields),
    };
    Ok(Read { row, merchant: at(layout.merchant).to_owned(), summed })
}

fn at_state<'a>(fields: &'a [String], columns: &RefundColumns) -> &'a str {
    columns.state.map_or("", |place| bare(fields, place))
}

/// A refund that failed or was closed moved no money to the payer: it is kept, and confirms nothing.
fn row_kind(state: &str, refund_state: Option<&str>, asked: Decimal) -> Option<RowKind> {
    match (state, refund_state.unwrap_or("")) {
        ("SUCCESS", _) => Some(RowKind::Payment),
        ("REFUND" | "REVOKED", "SUCCESS" | "PROCESSING" | "") if !asked.is_zero() => Some(RowKind::Refund),
        ("REFUND" | "REVOKED" | "RECHARGE_REFUND", state) if REFUND_STATES.contains(&state) => Some(RowKind::Other),
        _ => None,
    }
}

/// 交易时间 of a refund is when it was accepted; the REFUND bill also says when it succeeded.
fn occurred_at(
    layout: &Layout,
    line: usize,
    fields: &[String],
    kind: RowKind,
) -> FileResult<chrono::DateTime<chrono::FixedOffset>> {
    if let (RowKind::Refund, Some(columns)) = (kind, &layout.refund) {
        for (names, place) in [(REFUND_DONE, columns.done_at), (REFUND_ASKED, columns.asked_at)] {
            match place.map(|place| bare(fields, place)) {
                Some(text) if !text.is_empty() => return beijing_time(line, names[0], text),
                _ => {}
            }
        }
    }
    beijing_time(line, TRADED[0], bare(fields, layout.traded))
}

fn describe(layout: &Layout, fields: &[String], kind: RowKind) -> Option<String> {
    if kind == RowKind::Other {
        let refund_state = layout.refund.as_ref().map_or("", |columns| at_state(fields, columns));
        return Some(format!("{} {refund_state}", bare(fields, layout.state)).trim_end().to_owned());
    }
    layout.title.and_then(|place| optional(bare(fields, place)))
}

/// One row under its header.
pub(super) fn parse_row(header: &str, row: &str) -> FileResult<StatementRow> {
    Ok(read_row(&Layout::read(1, header)?, 2, row)?.row)
}

/// Reads a bill.
pub(super) fn parse(text: &str) -> FileResult<StatementFile> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end_matches('\r')));
    let mut lines = lines.by_ref().filter(|(_, line)| !line.trim().is_empty());
    let missing = || FileError::new("file_column_missing").with("column", TRADED[0]);
    let (line, header) = lines.next().ok_or_else(missing)?;
    let layout = Layout::read(line, header)?;
    let mut rows = Vec::new();
    let mut last_line = line;
    while let Some((line, content)) = lines.next() {
        last_line = line;
        if content.starts_with('`') {
            rows.push(read_row(&layout, line, content)?);
            continue;
        }
        let (summary_line, summary) = lines.next().ok_or_else(|| cut_short(line))?;
        check_summary(&layout, &rows, (line, content), (summary_line, summary))?;
        if let Some((line, _)) = lines.next() {
            return Err(FileError::row(line, ROW_COUNT[0], "nothing after the summary"));
        }
        return complete(rows);
    }
    Err(cut_short(last_line))
}

fn cut_short(line: usize) -> FileError {
    FileError::new("file_cut_short").at(line).with("expected", ROW_COUNT[0])
}

/// Every figure of the summary must be the sum of its column.
fn check_summary(layout: &Layout, rows: &[Read], header: (usize, &str), summary: (usize, &str)) -> FileResult<()> {
    let columns = Columns::read(header.0, &split_line(header.0, header.1)?)?;
    let place = columns.need(ROW_COUNT).map_err(|error| error.with("line", header.0))?;
    let line = summary.0;
    let text = summary
        .1
        .strip_prefix('`')
        .ok_or_else(|| FileError::row(line, ROW_COUNT[0], "a backtick before every field"))?;
    let mut fields: Vec<String> = text.split(",`").map(str::to_owned).collect();
    columns.check_width(line, &mut fields)?;
    // Counts appear as `20.0 in some exports.
    let count = exact_amount(line, ROW_COUNT[0], bare(&fields, place), 0)?;
    must_agree(line, ROW_COUNT[0], count, Decimal::from(rows.len()))?;
    for (index, (name, _)) in layout.summed.iter().enumerate() {
        if let Some(place) = columns.find(&[name]) {
            let found: Decimal = rows.iter().map(|read| read.summed[index]).sum();
            must_agree(line, name, exact_amount(line, name, bare(&fields, place), 5)?, found)?;
        }
    }
    Ok(())
}

/// The bill names its merchant and its days only in its rows.
fn complete(rows: Vec<Read>) -> FileResult<StatementFile> {
    let merchant = rows.first().map(|read| read.merchant.clone());
    if let Some(stray) = rows.iter().find(|read| Some(&read.merchant) != merchant.as_ref()) {
        return Err(FileError::new("file_merchant_mixed").at(stray.row.line).with("column", MERCHANT[0]));
    }
    let days = |read: &Read| -> NaiveDate { read.row.occurred_at.date_naive() };
    let period = (rows.iter().map(days).min(), rows.iter().map(days).max());
    let rows = rows.into_iter().map(|read| read.row).collect();
    StatementFile::complete(Provider::Wechat, merchant, period, rows)
}
