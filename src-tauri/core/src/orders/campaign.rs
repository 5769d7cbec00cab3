//! The platform's four papers of the invite campaign: accounts, binds, orders in USD and refunds in USD.
//!
//! What a row means is the database's to judge, so rows are only read exactly and handed on; an instant must say its
//! offset, because half of the campaign's hours would be lost between two zones.

use super::{Fields, places, read_table, refuse_repeated};
use crate::files::{Columns, FileResult, money_text};
use crate::statements::Kind;
use chrono::DateTime;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// What stands in a column.
#[derive(Clone, Copy)]
enum Holds {
    Code,
    Text,
    Instant,
    YesOrNo,
    Amount,
    Word(&'static [[&'static str; 2]]),
}

/// A column: its names, what it holds, whether each row must fill it.
type Column = ([&'static str; 2], Holds, bool);

const WAYS: &[[&str; 2]] = &[["link", "链接"], ["code", "邀请码"]];
const KINDS: &[[&str; 2]] = &[["refund", "退款"], ["chargeback", "拒付"]];

const MEMBERS: &[Column] = &[
    (["customer_ref", "客户编号"], Holds::Code, true),
    (["name", "名称"], Holds::Text, false),
    (["phone", "手机号"], Holds::Code, false),
    (["email", "邮箱"], Holds::Code, false),
    (["registered_at", "注册时间"], Holds::Instant, true),
    (["paid_before", "此前已付费"], Holds::YesOrNo, true),
    (["deactivated_at", "注销时间"], Holds::Instant, false),
];

const TOUCHES: &[Column] = &[
    (["touch_key", "绑定编号"], Holds::Code, true),
    (["friend_ref", "好友编号"], Holds::Code, true),
    (["inviter_ref", "邀请人编号"], Holds::Code, true),
    (["bound_at", "绑定时间"], Holds::Instant, true),
    (["way", "方式"], Holds::Word(WAYS), true),
];

const ORDERS: &[Column] = &[
    (["order_no", "订单号"], Holds::Code, true),
    (["customer_ref", "客户编号"], Holds::Code, true),
    (["purpose", "用途"], Holds::Code, true),
    (["product", "产品"], Holds::Code, true),
    (["currency", "币种"], Holds::Code, true),
    (["paid_at", "支付时间"], Holds::Instant, true),
    (["amount_order", "订单金额"], Holds::Amount, true),
    (["discount", "折扣"], Holds::Amount, false),
    (["coupon", "优惠券"], Holds::Amount, false),
    (["credits_used", "积分抵扣"], Holds::Amount, false),
    (["cash_balance_paid", "余额支付"], Holds::Amount, false),
    (["third_party_paid", "第三方支付"], Holds::Amount, false),
    (["provider_no", "渠道交易号"], Holds::Code, false),
];

const REFUNDS: &[Column] = &[
    (["refund_no", "退款号"], Holds::Code, true),
    (["order_no", "订单号"], Holds::Code, true),
    (["kind", "类型"], Holds::Word(KINDS), true),
    (["currency", "币种"], Holds::Code, true),
    (["amount", "金额"], Holds::Amount, true),
    (["succeeded_at", "成功时间"], Holds::Instant, true),
    (["platform_error", "平台差错"], Holds::YesOrNo, true),
    (["undone_at", "撤销时间"], Holds::Instant, false),
];

/// One of the four papers, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignFile {
    /// Which of the four.
    pub kind: Kind,
    /// Its rows, as the database takes them.
    pub rows: Vec<Value>,
    /// The sum of the orders or refunds.
    pub amount: Option<Decimal>,
}

impl CampaignFile {
    /// What the file says of itself.
    pub fn totals(&self) -> Value {
        json!({"row_count": self.rows.len(), "amount": self.amount.map(money_text)})
    }
}

fn columns_of(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::CampaignTouches => TOUCHES,
        Kind::CampaignOrders => ORDERS,
        Kind::CampaignRefunds => REFUNDS,
        _ => MEMBERS,
    }
}

/// How many of a paper's columns a header has, and of which of the four papers it has most.
pub(crate) fn marks(columns: &Columns) -> (Kind, usize) {
    let count = |kind: Kind| columns_of(kind).iter().filter(|(names, ..)| columns.find(names).is_some()).count();
    [Kind::CampaignMembers, Kind::CampaignTouches, Kind::CampaignOrders, Kind::CampaignRefunds]
        .map(|kind| (kind, count(kind)))
        .into_iter()
        .max_by_key(|(_, found)| *found)
        .unwrap_or((Kind::CampaignMembers, 0))
}

/// Reads one of the papers, or refuses it whole.
pub fn parse_campaign(kind: Kind, text: &str) -> FileResult<CampaignFile> {
    let columns = columns_of(kind);
    let table = read_table(text, columns[0].0[0])?;
    let names: Vec<[&'static str; 2]> = columns.iter().map(|(names, ..)| *names).collect();
    let places = places(&table.columns, &names, &[])?;
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, fields) in &table.rows {
        rows.push(read_row(columns, &Fields { line: *line, fields, places: &places })?);
    }
    let first = columns[0].0[0];
    let keys = rows.iter().map(|row| (line_of(row), row[first].as_str().unwrap_or_default()));
    refuse_repeated(keys, first)?;
    let summed = match kind {
        Kind::CampaignOrders => Some("amount_order"),
        Kind::CampaignRefunds => Some("amount"),
        _ => None,
    };
    let amount = summed.map(|column| rows.iter().filter_map(|row| row[column].as_str()?.parse::<Decimal>().ok()).sum());
    let mut sums = vec![("rows", Decimal::from(rows.len()))];
    sums.extend(amount.map(|amount| ("amount", amount)));
    table.check_total(&sums)?;
    Ok(CampaignFile { kind, rows, amount })
}

fn line_of(row: &Value) -> usize {
    row["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or_default()
}

fn read_row(columns: &[Column], fields: &Fields) -> FileResult<Value> {
    let mut row = Map::from_iter([("line".to_owned(), json!(fields.line))]);
    for ([name, _], holds, needed) in columns {
        if fields.get(name).is_empty() && !needed {
            continue;
        }
        let value = match holds {
            Holds::Code => json!(fields.code(name)?),
            Holds::Text => json!(fields.text(name)?),
            Holds::YesOrNo => json!(fields.yes_or_no(name)?),
            Holds::Word(words) => json!(fields.word(name, words)?),
            Holds::Amount => json!(money_text(fields.amount(name, 2)?)),
            Holds::Instant => {
                let instant = DateTime::parse_from_rfc3339(fields.get(name));
                json!(instant.map_err(|_| fields.broken(name, "an instant as 2026-03-01T10:00:00Z"))?.to_rfc3339())
            }
        };
        row.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(row))
}
