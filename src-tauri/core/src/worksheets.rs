//! The worksheet of a refund as paper: what was paid, given, used and left of every recharge, which way it goes back and
//! how long that way stays open, and how far the application has come. One page for everybody who decides and for the
//! customer: it names no colleague, masks the customer as the screen does, and is not stored.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::capitals::{self, Yuan};
use crate::commands;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::paper::{
    Align, BRAND, Cell, Column, Fonts, LEFT, Paper, QUIET, RIGHT, Row, Setup, Span, Style, Table, form,
};

const NOTICE: [&str; 2] = [
    "供客户与各审批环节核对，不作为付款凭证；金额为生成时账务数据。",
    "For the customer and everyone who decides; not a payment voucher. Figures as the books had them when it was made.",
];

/// A refund as `refunds.open` answers it, as far as the paper shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    /// Its number.
    pub number: String,
    /// Whose it is, masked.
    pub customer_name: String,
    /// How far it has come.
    pub status: String,
    /// The customer-service ticket.
    pub ticket_no: String,
    /// What the customer says.
    pub reason: String,
    /// The worksheet, computed now.
    pub worksheet: Worksheet,
    /// As the reviewer saw it.
    pub reviewed_worksheet: Option<Worksheet>,
    /// What an approval binds to.
    pub digest: String,
    /// When it was applied for.
    pub requested_at: DateTime<Utc>,
    /// When it was reviewed.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was approved a second time.
    pub second_approved_at: Option<DateTime<Utc>>,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
}

/// The figures.
#[derive(Debug, Clone, Deserialize)]
pub struct Worksheet {
    /// What is refunded before fees.
    pub gross: Decimal,
    /// The channels' fees.
    pub fee: Decimal,
    /// What is paid.
    pub net: Decimal,
    /// The gift that became void.
    pub gift_voided: Decimal,
    /// Whether usage is still to be billed.
    pub provisional: bool,
    /// One row for each recharge.
    pub lots: Vec<Lot>,
}

/// One recharge.
#[derive(Debug, Clone, Deserialize)]
pub struct Lot {
    /// The platform's order.
    pub order_no: String,
    /// `alipay` or `wechat`.
    pub channel: String,
    /// When it was paid.
    pub paid_at: DateTime<Utc>,
    /// What was paid.
    pub principal: Decimal,
    /// The gift that came with it.
    pub gift: Decimal,
    /// What was used of it.
    pub used: Decimal,
    /// What is refunded of it.
    pub refundable: Decimal,
    /// The fee.
    pub fee: Decimal,
    /// What is paid back.
    pub net: Decimal,
    /// The way back.
    pub route: String,
    /// Until when that way is open.
    pub route_closes_at: DateTime<Utc>,
    /// How many days that is; below zero when it has closed.
    pub days_left: i64,
}

/// The worksheet of a refund, as it stands now.
pub async fn pdf(db: &Database, refund_id: Uuid) -> Result<Vec<u8>> {
    let page = commands::call(db, "refunds.open", json!({ "refund_id": refund_id })).await?;
    if page.is_null() {
        return Err(Error::rule("refund_unknown"));
    }
    let refund: Refund = serde_json::from_value(page)?;
    let session = commands::call(db, "session.open", json!({})).await?;
    let now: DateTime<Utc> = serde_json::from_value(session["now"].clone())?;
    let rehearsal = session["rehearsal"] == Value::Bool(true);
    let rendered = tokio::task::spawn_blocking(move || render(Fonts::shared(None)?, &refund, now, rehearsal));
    rendered.await.map_err(Error::bug)?
}

/// Lays a worksheet out as of an instant.
pub fn render(fonts: &Fonts, refund: &Refund, now: DateTime<Utc>, rehearsal: bool) -> Result<Vec<u8>> {
    // Once released, the lots are empty: the reviewer's figures are what was paid by.
    let sheet = match (&refund.reviewed_worksheet, refund.worksheet.lots.is_empty()) {
        (Some(reviewed), true) => reviewed,
        _ => &refund.worksheet,
    };
    let mut paper = Paper::new(fonts, setup(refund, now, rehearsal));
    let code = format!("KONTOR:{}:{}", refund.number, refund.digest).to_uppercase();
    form::heading(&mut paper, ["退款明细", "Refund worksheet"], NOTICE, &code)?;
    let fields = [
        ("退款单号 Number", refund.number.clone(), true),
        ("客户 Customer", refund.customer_name.clone(), false),
        ("工单 Ticket", refund.ticket_no.clone(), false),
        ("状态 Status", status(&refund.status), false),
    ];
    form::fields(&mut paper, [120.0, 170.0, 90.0, RIGHT - LEFT - 380.0], &fields);
    paper.text(LEFT, paper.y, &Style::regular(7.0).in_colour(QUIET), "申请理由 Reason");
    paper.y += 10.5;
    paper.flow(LEFT, RIGHT - LEFT, &Style::regular(8.6), &refund.reason);
    paper.y += 10.0;
    let closing = closing(refund, sheet)?;
    let leading = Style::regular(8.6).leading();
    table(sheet).draw(&mut paper, 22.0 + closing.len() as f32 * leading);
    paper.y += 10.0;
    for (line, strong) in closing {
        let style = if strong { Style::bold(9.4) } else { Style::regular(8.6) };
        paper.flow(LEFT, RIGHT - LEFT, &style, &line);
    }
    paper.finish()
}

fn setup(refund: &Refund, now: DateTime<Utc>, rehearsal: bool) -> Setup {
    let made = format!("{} · 生成 Generated {}", refund.number, form::instant(now));
    Setup {
        title: format!("退款明细 Refund worksheet {}", refund.number),
        author: "Kontor".to_owned(),
        subject: "退款明细 Refund worksheet".to_owned(),
        identity: format!("{} {} {now}", refund.number, refund.digest),
        created_at: now,
        running_head: ["退款明细 Refund worksheet".to_owned(), refund.number.clone()],
        foot: [format!("{}　{made}", NOTICE[0]), format!("摘要 Digest SHA-256 {}", refund.digest)],
        watermark: rehearsal.then(|| "REHEARSAL 演练".to_owned()),
    }
}

fn table(sheet: &Worksheet) -> Table {
    let column = |head, span, align| Column { head, span, align };
    let columns = vec![
        column(["充值订单", "Recharge"], Span::Share(1.0), Align::Left),
        column(["退回路径", "Route"], Span::Points(104.0), Align::Left),
        column(["实付（另赠）", "Paid (gift)"], Span::Points(70.0), Align::Right),
        column(["已消耗", "Used"], Span::Points(72.0), Align::Right),
        column(["可退", "Left"], Span::Points(64.0), Align::Right),
        column(["手续费", "Fee"], Span::Points(48.0), Align::Right),
        column(["应退", "To pay"], Span::Points(66.0), Align::Right),
    ];
    let day = |at: DateTime<Utc>| form::local(at).format("%Y-%m-%d").to_string();
    let lots = sheet.lots.iter().map(|lot| {
        let under = |text: String, under: String| Cell { text, under, colour: None };
        let cells = vec![
            under(lot.order_no.clone(), format!("{} {}", channel(&lot.channel), day(lot.paid_at))),
            under(route(&lot.route).to_owned(), open_until(lot, &day(lot.route_closes_at))),
            under(form::figure(lot.principal), gift(lot)),
            form::figure(lot.used).into(),
            form::figure(lot.refundable).into(),
            form::figure(lot.fee).into(),
            form::figure(lot.net).into(),
        ];
        Row { cells, carried: Vec::new() }
    });
    let sum = |part: fn(&Lot) -> Decimal| Cell {
        colour: Some(BRAND),
        ..Cell::from(form::figure(sheet.lots.iter().map(part).sum()))
    };
    let total = vec![
        Cell { colour: Some(BRAND), ..Cell::from("合计 Total") },
        Cell::default(),
        sum(|lot| lot.principal),
        sum(|lot| lot.used),
        sum(|lot| lot.refundable),
        sum(|lot| lot.fee),
        sum(|lot| lot.net),
    ];
    let rows = lots.chain(std::iter::once(Row { cells: total, carried: Vec::new() })).collect();
    Table { columns, rows, carry: None }
}

/// The lines below the table, and which of them stand out.
fn closing(refund: &Refund, sheet: &Worksheet) -> Result<Vec<(String, bool)>> {
    let words = capitals::spell(sheet.net, Yuan::Plain)?;
    let mut lines = vec![(format!("应退合计 To pay ¥{}　人民币{words}", form::figure(sheet.net)), true)];
    if !sheet.gift_voided.is_zero() {
        let gift = form::figure(sheet.gift_voided);
        lines.push((format!("赠送额度作废 Gift voided ¥{gift}（RA 9.2，不予退款 not refundable）"), false));
    }
    if sheet.provisional {
        lines.push((
            "尚有用量待出账，金额暂定。 Usage is still to be billed: the figures are provisional.".into(),
            false,
        ));
    }
    let steps = [
        ("申请 Requested", Some(refund.requested_at)),
        ("复核 Reviewed", refund.reviewed_at),
        ("审批 Approved", refund.approved_at),
        ("二次审批 Second approval", refund.second_approved_at),
        ("放款 Released", refund.released_at),
    ];
    for (step, at) in steps {
        if let Some(at) = at {
            lines.push((format!("{step}　{}", form::instant(at)), false));
        }
    }
    Ok(lines)
}

/// How long the way back stays open.
fn open_until(lot: &Lot, day: &str) -> String {
    match lot.days_left {
        closed if closed < 0 => format!("{day} 已截止 closed"),
        days => format!("至 until {day}，余 {days} 天 days"),
    }
}

/// The gift of a recharge, under what was paid.
fn gift(lot: &Lot) -> String {
    if lot.gift.is_zero() { String::new() } else { format!("赠 gift {}", form::figure(lot.gift)) }
}

fn channel(channel: &str) -> &str {
    match channel {
        "alipay" => "支付宝",
        "wechat" => "微信",
        other => other,
    }
}

fn route(route: &str) -> &str {
    match route {
        "original" => "原路退回 Original",
        "manual_transfer" => "人工转账 Transfer",
        other => other,
    }
}

fn status(status: &str) -> String {
    let chinese = match status {
        "requested" => "已申请",
        "reviewed" => "已复核",
        "approved" => "已审批",
        "released" => "已放款",
        "paid" => "已退款",
        "rejected" => "已驳回",
        "withdrawn" => "已撤回",
        _ => "",
    };
    format!("{chinese} {status}").trim().to_owned()
}
