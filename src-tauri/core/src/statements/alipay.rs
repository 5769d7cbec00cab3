//! Alipay 业务明细: comma-separated, a frame of `#` lines around it, tabs behind many fields.
//!
//! Refunds are rows of their own with the payment's numbers and negative amounts. The sign of the service fee
//! differs between exports, so only its size is believed: a cost on a payment, a return on a refund.

use super::{
    Provider, RowKind, StatementFile, StatementRow, amount_or_zero, bare, identifier, must_agree, optional, raw_columns,
};
use crate::files::{Columns, FileError, FileResult, beijing_time, exact_amount, split_line};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

const TRADE_NO: &[&str] = &["支付宝交易号"];
const ORDER_NO: &[&str] = &["商户订单号"];
const BUSINESS: &[&str] = &["业务类型"];
const TITLE: &[&str] = &["商品名称"];
const FINISHED: &[&str] = &["完成时间"];
const COUNTERPARTY: &[&str] = &["对方账户"];
const ORDER_AMOUNT: &[&str] = &["订单金额（元）", "订单金额"];
const RECEIVED: &[&str] = &["商家实收（元）", "商家实收"];
const MERCHANT_DISCOUNT: &[&str] = &["商家优惠（元）", "商家优惠"];
const COUPON: &[&str] = &["券核销金额（元）", "券核销金额"];
const RED_PACKET: &[&str] = &["商家红包消费金额（元）", "商家红包消费金额"];
const REQUEST_NO: &[&str] = &["退款批次号/请求号", "退款批次号", "退款请求号"];
const FEE: &[&str] = &["服务费（元）", "服务费"];
const SHARED: &[&str] = &["分润（元）", "分润"];

/// Names that only this file has.
pub(super) const MARKS: &[&str] = &[
    "支付宝交易号",
    "商家实收（元）",
    "支付宝红包（元）",
    "退款批次号/请求号",
    "订单金额（元）",
    "服务费（元）",
    "完成时间",
];

/// Every column of the published layouts; whatever else appears is kept raw.
const KNOWN: &[&str] = &[
    "支付宝交易号",
    "商户订单号",
    "业务类型",
    "商品名称",
    "创建时间",
    "完成时间",
    "门店编号",
    "门店名称",
    "操作员",
    "终端号",
    "对方账户",
    "订单金额（元）",
    "商家实收（元）",
    "支付宝红包（元）",
    "集分宝（元）",
    "支付宝优惠（元）",
    "商家优惠（元）",
    "券核销金额（元）",
    "券名称",
    "商家红包消费金额（元）",
    "卡消费金额（元）",
    "退款批次号/请求号",
    "退款批次号",
    "退款请求号",
    "服务费（元）",
    "分润（元）",
    "备注",
];

/// Older exports leave the unit out of the names.
fn with_and_without_unit() -> Vec<&'static str> {
    KNOWN.iter().flat_map(|name| [*name, name.trim_end_matches("（元）")]).collect()
}

/// Where the columns of this file stand.
struct Layout {
    columns: Columns,
    trade_no: usize,
    order_no: usize,
    business: usize,
    finished: usize,
    order_amount: usize,
    received: usize,
    request_no: usize,
    fee: usize,
    title: Option<usize>,
    counterparty: Option<usize>,
    discount: Option<usize>,
    coupon: Option<usize>,
    red_packet: Option<usize>,
    shared: Option<usize>,
    others: Vec<(usize, String)>,
}

impl Layout {
    fn read(line: usize, header: &str) -> FileResult<Self> {
        let columns = Columns::read(line, &split_line(line, header)?)?;
        let need = |names| columns.need(names).map_err(|error| error.or("line", line));
        Ok(Self {
            trade_no: need(TRADE_NO)?,
            order_no: need(ORDER_NO)?,
            business: need(BUSINESS)?,
            finished: need(FINISHED)?,
            order_amount: need(ORDER_AMOUNT)?,
            received: need(RECEIVED)?,
            request_no: need(REQUEST_NO)?,
            fee: need(FEE)?,
            title: columns.find(TITLE),
            counterparty: columns.find(COUNTERPARTY),
            discount: columns.find(MERCHANT_DISCOUNT),
            coupon: columns.find(COUPON),
            red_packet: columns.find(RED_PACKET),
            shared: columns.find(SHARED),
            others: columns.others(&with_and_without_unit()),
            columns,
        })
    }
}

/// A row with the two figures that only the trailer needs.
struct Read {
    row: StatementRow,
    received: Decimal,
    discount: Decimal,
}

fn read_row(layout: &Layout, line: usize, text: &str) -> FileResult<Read> {
    let mut fields = split_line(line, text)?;
    layout.columns.check_width(line, &mut fields)?;
    let at = |place: usize| bare(&fields, place);
    let maybe = |place: Option<usize>| place.map_or("", |place| bare(&fields, place));
    let kind = match at(layout.business) {
        "交易" => RowKind::Payment,
        "退款" | "交易退款" => RowKind::Refund,
        "" => return Err(FileError::row(line, BUSINESS[0], "交易 or 退款")),
        _ => RowKind::Other,
    };
    let gross = exact_amount(line, ORDER_AMOUNT[0], at(layout.order_amount), 2)?;
    let received = exact_amount(line, RECEIVED[0], at(layout.received), 2)?;
    let discount = amount_or_zero(line, MERCHANT_DISCOUNT[0], maybe(layout.discount), 2)?;
    let coupon = amount_or_zero(line, COUPON[0], maybe(layout.coupon), 2)?;
    let red_packet = amount_or_zero(line, RED_PACKET[0], maybe(layout.red_packet), 2)?;
    let fee = amount_or_zero(line, FEE[0], at(layout.fee), 5)?.abs();
    let shared = amount_or_zero(line, SHARED[0], maybe(layout.shared), 5)?.abs();
    let wrong_sign = match kind {
        RowKind::Payment => gross.is_sign_negative(),
        RowKind::Refund => gross.is_sign_positive() && !gross.is_zero(),
        RowKind::Other => false,
    };
    if wrong_sign {
        return Err(FileError::row(line, ORDER_AMOUNT[0], "a refund below zero, a payment not below zero"));
    }
    // The trailer sums what was received, not what was ordered; only a discount can stand between the two.
    let discounted = [discount, coupon, red_packet].iter().any(|figure| !figure.is_zero());
    if gross.abs() < received.abs() || (gross != received && !discounted) {
        return Err(FileError::row(line, ORDER_AMOUNT[0], "what was received, and the discounts"));
    }
    let back = kind == RowKind::Refund || (kind == RowKind::Other && gross.is_sign_negative());
    let (fee, shared) = if back { (-fee, -shared) } else { (fee, shared) };
    let row = StatementRow {
        line,
        kind,
        order_no: optional(at(layout.order_no)),
        provider_no: identifier(line, TRADE_NO[0], at(layout.trade_no))?,
        refund_no: if back { optional(at(layout.request_no)) } else { None },
        occurred_at: beijing_time(line, FINISHED[0], at(layout.finished))?,
        gross,
        fee,
        net: received - fee - shared,
        counterparty: optional(maybe(layout.counterparty)),
        description: match kind {
            RowKind::Other => Some(at(layout.business).to_owned()),
            _ => optional(maybe(layout.title)),
        },
        stripe: None,
        raw: raw_columns(&layout.others, &fields),
    };
    Ok(Read { row, received, discount })
}

/// One row under its header.
pub(super) fn parse_row(header: &str, row: &str) -> FileResult<StatementRow> {
    Ok(read_row(&Layout::read(1, header)?, 2, row)?.row)
}

/// The frame around the rows.
#[derive(Default)]
struct Frame {
    merchant: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    ended: bool,
    payments: Option<Trailer>,
    refunds: Option<Trailer>,
}

/// `#交易合计：6笔，商家实收共0.06元，商家优惠共0.00元`
#[derive(Clone, Copy)]
struct Trailer {
    line: usize,
    count: Decimal,
    received: Decimal,
    discount: Option<Decimal>,
}

impl Frame {
    fn read(&mut self, line: usize, text: &str) -> FileResult<()> {
        let text = text.trim_start_matches('#').trim().trim_end_matches(',').trim();
        if text.starts_with("账号") {
            self.merchant = bracketed(text).next().map(merchant_number);
        } else if text.starts_with("起始日期") {
            let mut dates = bracketed(text);
            self.from = dates.next().map(|date| frame_date(line, date, false)).transpose()?;
            self.to = dates.next().map(|date| frame_date(line, date, true)).transpose()?;
        } else if text.contains("业务明细列表结束") {
            self.ended = true;
        } else if let Some(rest) = text.strip_prefix("交易合计") {
            self.payments = Some(read_trailer(line, "交易合计", rest)?);
        } else if let Some(rest) = text.strip_prefix("退款合计") {
            self.refunds = Some(read_trailer(line, "退款合计", rest)?);
        }
        Ok(())
    }
}

/// What stands between square brackets.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|part| part.split(']').next()).map(str::trim)
}

/// The account number is the merchant's 16 digits and `0156`.
fn merchant_number(account: &str) -> String {
    match account.strip_suffix("0156") {
        Some(merchant) if account.len() == 20 => merchant.to_owned(),
        _ => account.to_owned(),
    }
}

/// The period ends at the midnight after its last day.
fn frame_date(line: usize, text: &str, is_end: bool) -> FileResult<NaiveDate> {
    let instant = NaiveDateTime::parse_from_str(text, "%Y年%m月%d日 %H:%M:%S")
        .map_err(|_| FileError::row(line, "起始日期", "[2026年03月01日 00:00:00]"))?;
    let midnight = instant.time() == NaiveTime::MIN;
    let day = instant.date();
    Ok(if is_end && midnight { day.pred_opt().unwrap_or(day) } else { day })
}

fn read_trailer(line: usize, name: &str, rest: &str) -> FileResult<Trailer> {
    let broken = || FileError::row(line, name, "N笔，商家实收共N元");
    let mut parts = rest.trim_start_matches(['：', ':']).split('，');
    let count = parts.next().and_then(|part| part.trim().strip_suffix('笔')).ok_or_else(broken)?;
    let mut amounts = Vec::new();
    for part in parts {
        let (_, amount) = part.rsplit_once('共').ok_or_else(broken)?;
        let amount = amount.trim().trim_end_matches('元').replace(',', "");
        amounts.push(exact_amount(line, name, &amount, 2)?);
    }
    Ok(Trailer {
        line,
        count: exact_amount(line, name, &count.replace(',', ""), 0)?,
        received: *amounts.first().ok_or_else(broken)?,
        discount: amounts.get(1).copied(),
    })
}

/// Reads the detail, and the summary beside it where there is one.
pub(super) fn parse(text: &str, summary: Option<&str>) -> FileResult<StatementFile> {
    let mut frame = Frame::default();
    let mut layout = None;
    let mut rows = Vec::new();
    let mut last_line = 0;
    for (index, raw) in text.lines().enumerate() {
        let (line, content) = (index + 1, raw.trim_end_matches('\r'));
        last_line = line;
        if content.trim().trim_matches(',').is_empty() {
            continue;
        }
        if content.trim_start().starts_with('#') {
            frame.read(line, content.trim_start())?;
            continue;
        }
        match &layout {
            None => layout = Some(Layout::read(line, content)?),
            Some(_) if frame.ended => return Err(FileError::row(line, "业务明细列表结束", "no row after the end")),
            Some(layout) => rows.push(read_row(layout, line, content)?),
        }
    }
    if layout.is_none() {
        return Err(FileError::new("file_column_missing").with("column", TRADE_NO[0]));
    }
    check_trailers(&frame, &rows, last_line)?;
    if let Some(summary) = summary {
        check_summary(summary, &rows)?;
    }
    let rows: Vec<StatementRow> = rows.into_iter().map(|read| read.row).collect();
    StatementFile::complete(Provider::Alipay, frame.merchant, (frame.from, frame.to), rows)
}

/// Sums of the rows of one kind: how many, received, discount.
fn sum_of(rows: &[Read], kind: RowKind) -> (Decimal, Decimal, Decimal) {
    let mut sums = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for read in rows.iter().filter(|read| read.row.kind == kind) {
        sums.0 += Decimal::ONE;
        sums.1 += read.received;
        sums.2 += read.discount;
    }
    sums
}

/// A file without its end was cut off on the way; one with other totals was changed.
fn check_trailers(frame: &Frame, rows: &[Read], last_line: usize) -> FileResult<()> {
    let cut = |expected: &str| FileError::new("file_cut_short").at(last_line).with("expected", expected);
    if !frame.ended {
        return Err(cut("业务明细列表结束"));
    }
    let payments = frame.payments.ok_or_else(|| cut("交易合计"))?;
    let trailers = [("交易合计", Some(payments), RowKind::Payment), ("退款合计", frame.refunds, RowKind::Refund)];
    for (name, trailer, kind) in trailers {
        let Some(trailer) = trailer else {
            if sum_of(rows, kind).0.is_zero() {
                continue;
            }
            return Err(cut(name));
        };
        let (count, received, discount) = sum_of(rows, kind);
        // Refund totals appear with and without their minus.
        let same_sign = |figure: Decimal| if kind == RowKind::Refund { -figure.abs() } else { figure };
        must_agree(trailer.line, &format!("{name} 笔数"), trailer.count, count)?;
        must_agree(trailer.line, &format!("{name} 商家实收"), same_sign(trailer.received), received)?;
        if let Some(expected) = trailer.discount {
            must_agree(trailer.line, &format!("{name} 商家优惠"), expected.abs(), discount.abs())?;
        }
    }
    Ok(())
}

/// The summary counts the same rows once more; its row 合计 must say the same.
fn check_summary(text: &str, rows: &[Read]) -> FileResult<()> {
    let mut columns: Option<Columns> = None;
    for (index, content) in text.lines().enumerate() {
        let line = index + 1;
        if content.trim().is_empty() || content.trim_start().starts_with('#') {
            continue;
        }
        let fields = split_line(line, content.trim_end_matches('\r'))?;
        let Some(columns) = &columns else {
            columns = Some(Columns::read(line, &fields)?);
            continue;
        };
        if bare(&fields, 0) != "合计" {
            continue;
        }
        for (name, kind) in [("交易订单总笔数", RowKind::Payment), ("退款订单总笔数", RowKind::Refund)] {
            let place = columns.need(&[name]).map_err(|error| error.with("in", "业务明细(汇总)"))?;
            let expected = exact_amount(line, name, bare(&fields, place), 0)?;
            must_agree(line, name, expected, sum_of(rows, kind).0)
                .map_err(|error| error.with("in", "业务明细(汇总)"))?;
        }
        return Ok(());
    }
    Err(FileError::new("file_cut_short").with("expected", "合计").with("in", "业务明细(汇总)"))
}
