//! The platform's papers: the order file, which posts recharges, the usage file, which charges consumption, and the four
//! of the invite campaign.
//!
//! Both are CSV in UTF-8 (a mark at the start is allowed); `docs/files.md` documents their columns for the people
//! who write them. Columns are found by their English name or by its Chinese alias, whatever their order. The last
//! line sums the file up: without it, one that was cut inside its last column would pass for a whole one.

mod campaign;
mod write;

pub(crate) use campaign::marks as campaign_marks;
pub use campaign::{CampaignFile, parse_campaign};
pub use write::{write_orders, write_usage};

use crate::files::{
    BEIJING, Columns, FileError, FileResult, beijing_time, exact_amount, money_text, serialize_money, split_line,
};
use chrono::{DateTime, Datelike, FixedOffset};
use pinyin::ToPinyin;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The columns of the order file: name, Chinese alias.
const ORDER_COLUMNS: &[[&str; 2]] = &[
    ["order_no", "订单号"],
    ["customer_ref", "客户编号"],
    ["customer_name", "客户名称"],
    ["customer_kind", "客户类型"],
    ["phone", "手机号"],
    ["email", "邮箱"],
    ["real_name_verified", "已实名"],
    ["kind", "充值类型"],
    ["principal", "充值金额"],
    ["gift", "赠送金额"],
    ["activity", "赠送活动"],
    ["channel", "支付渠道"],
    ["payer_name", "付款人"],
    ["payer_account", "付款账号"],
    ["payer_is_holder", "本人付款"],
    ["agreement_version", "协议版本"],
    ["paid_at", "支付时间"],
    ["provider_no", "渠道交易号"],
];

/// The columns of the usage file; `quantity` may be missing.
const USAGE_COLUMNS: &[[&str; 2]] = &[
    ["usage_key", "用量编号"],
    ["customer_ref", "客户编号"],
    ["product", "产品"],
    ["used_from", "用量开始"],
    ["used_to", "用量结束"],
    ["amount", "消耗金额"],
    ["quantity", "数量"],
];

/// One paid order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Line in the file, the header is 1.
    pub line: usize,
    /// The platform's order number; one recharge lot.
    pub order_no: String,
    /// The platform's account number.
    pub customer_ref: String,
    /// The account holder.
    pub customer_name: String,
    /// `personal` or `enterprise`.
    pub customer_kind: String,
    /// The holder's phone.
    pub phone: Option<String>,
    /// The holder's e-mail address.
    pub email: Option<String>,
    /// Whether real-name authentication had succeeded (RA 3.1).
    pub real_name_verified: bool,
    /// `package` or `custom` (RA 2.2).
    pub kind: String,
    /// What was paid, in CNY (RA 6.1).
    #[serde(serialize_with = "serialize_money")]
    pub principal: Decimal,
    /// What was given on top (RA 6.2).
    #[serde(serialize_with = "serialize_money")]
    pub gift: Decimal,
    /// The activity whose rules the gift follows.
    pub activity: Option<String>,
    /// The way of payment; the books know `alipay` and `wechat` (RA 5.1).
    pub channel: String,
    /// Who paid, where it is known.
    pub payer_name: Option<String>,
    /// The account that paid, where it is known.
    pub payer_account: Option<String>,
    /// Whether the payer is the account holder (RA 5.2).
    pub payer_is_holder: bool,
    /// The version of the agreement that the recharge accepted (RA 1).
    pub agreement_version: String,
    /// When the payment succeeded.
    pub paid_at: DateTime<FixedOffset>,
    /// The provider's number of the payment, where the platform has it.
    pub provider_no: Option<String>,
    /// Columns that this program does not know, as they were written.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub raw: Map<String, Value>,
}

/// Consumption of one product by one account in one stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsageRow {
    /// Line in the file, the header is 1.
    pub line: usize,
    /// The platform's number of this charge: charged once, whatever files it comes in.
    pub usage_key: String,
    /// The platform's account number.
    pub customer_ref: String,
    /// The product's code.
    pub product: String,
    /// First instant of the stretch.
    pub used_from: DateTime<FixedOffset>,
    /// Last instant of the stretch.
    pub used_to: DateTime<FixedOffset>,
    /// What it costs, up to 6 decimals.
    #[serde(serialize_with = "serialize_money")]
    pub amount: Decimal,
    /// How much of the product, where the platform says it (tokens, images).
    #[serde(serialize_with = "serialize_quantity")]
    pub quantity: Option<Decimal>,
    /// Columns that this program does not know, as they were written.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub raw: Map<String, Value>,
}

fn serialize_quantity<S: serde::Serializer>(quantity: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match quantity {
        Some(quantity) => serializer.serialize_some(&quantity.normalize().to_string()),
        None => serializer.serialize_none(),
    }
}

/// An order file that was read whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderFile {
    /// Its rows in the order of the file.
    pub rows: Vec<OrderRow>,
    /// The sum of what was paid.
    #[serde(serialize_with = "serialize_money")]
    pub principal: Decimal,
    /// The sum of what was given.
    #[serde(serialize_with = "serialize_money")]
    pub gift: Decimal,
}

/// A usage file that was read whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsageFile {
    /// Its rows in the order of the file.
    pub rows: Vec<UsageRow>,
    /// The sum of the charges.
    #[serde(serialize_with = "serialize_money")]
    pub amount: Decimal,
}

/// What a customer is found by beside the name: its pinyin, and the pinyin's initials (云杉数据: `yunshanshuju yssj`).
pub fn search_key(name: &str) -> String {
    let mut whole = String::new();
    let mut initials = String::new();
    for letter in name.chars() {
        if let Some(sound) = letter.to_pinyin() {
            whole.push_str(sound.plain());
            initials.extend(sound.plain().chars().next());
        }
    }
    format!("{whole} {initials}").trim().to_owned()
}

/// How many names of the order file a header has that the usage file has not.
pub(crate) fn order_marks(columns: &Columns) -> usize {
    count_marks(columns, ORDER_COLUMNS, USAGE_COLUMNS)
}

/// How many names of the usage file a header has that the order file has not.
pub(crate) fn usage_marks(columns: &Columns) -> usize {
    count_marks(columns, USAGE_COLUMNS, ORDER_COLUMNS)
}

fn count_marks(columns: &Columns, own: &[[&str; 2]], other: &[[&str; 2]]) -> usize {
    own.iter().filter(|names| !other.contains(names) && columns.find(*names).is_some()).count()
}

/// A table: its header's places and, for each row, its line and fields.
struct Table {
    columns: Columns,
    rows: Vec<(usize, Vec<String>)>,
    /// The last line `#total,rows=…`: its line and figures.
    total: Option<(usize, HashMap<String, String>)>,
    /// How many lines the text has.
    last_line: usize,
}

fn read_table(text: &str, first_column: &str) -> FileResult<Table> {
    let mut columns: Option<Columns> = None;
    let mut rows = Vec::new();
    let mut total: Option<(usize, HashMap<String, String>)> = None;
    for (index, content) in text.lines().enumerate() {
        let (line, content) = (index + 1, content.trim_end_matches('\r'));
        if content.trim().trim_matches(',').is_empty() {
            continue;
        }
        if total.is_some() {
            return Err(FileError::row(line, "#total", "nothing after the total"));
        }
        if let Some(figures) = content.strip_prefix("#total") {
            let pairs = figures.split(',').filter_map(|pair| pair.split_once('='));
            total =
                Some((line, pairs.map(|(name, figure)| (name.trim().to_owned(), figure.trim().to_owned())).collect()));
            continue;
        }
        if content.starts_with('#') {
            continue;
        }
        let mut fields = split_line(line, content)?;
        match &columns {
            None => columns = Some(Columns::read(line, &fields)?),
            Some(columns) => {
                columns.check_width(line, &mut fields)?;
                rows.push((line, fields));
            }
        }
    }
    let columns = columns.ok_or_else(|| FileError::new("file_column_missing").with("column", first_column))?;
    Ok(Table { columns, rows, total, last_line: text.lines().count() })
}

impl Table {
    /// Compares the figures of the last line with the rows; the line and each of its figures must be there.
    fn check_total(&self, sums: &[(&str, Decimal)]) -> FileResult<()> {
        let names: Vec<&str> = sums.iter().map(|(name, _)| *name).collect();
        let expected = format!("#total,{}=…", names.join("=…,"));
        let missing = |line: usize| FileError::new("file_total_missing").at(line).with("expected", expected.as_str());
        let (line, figures) = self.total.as_ref().ok_or_else(|| missing(self.last_line))?;
        for (name, found) in sums {
            let figure = figures.get(*name).ok_or_else(|| missing(*line))?;
            let expected = exact_amount(*line, &format!("#total {name}"), figure, 6)?;
            if expected != *found {
                return Err(FileError::new("file_totals_disagree")
                    .at(*line)
                    .with("column", format!("#total {name}"))
                    .with("expected", money_text(expected))
                    .with("found", money_text(*found)));
            }
        }
        Ok(())
    }
}

/// One row with its columns' places.
struct Fields<'a> {
    line: usize,
    fields: &'a [String],
    places: &'a HashMap<&'static str, usize>,
}

impl Fields<'_> {
    fn get(&self, column: &str) -> &str {
        self.places.get(column).and_then(|place| self.fields.get(*place)).map_or("", |field| field.trim())
    }

    fn broken(&self, column: &str, expected: &str) -> FileError {
        FileError::row(self.line, column, expected)
    }

    /// A number of the platform or of a provider.
    fn code(&self, column: &str) -> FileResult<String> {
        self.optional_code(column)?.ok_or_else(|| self.broken(column, "a number without blanks"))
    }

    fn optional_code(&self, column: &str) -> FileResult<Option<String>> {
        let field = self.get(column);
        if field.len() > 64 || !field.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.broken(column, "a number without blanks, at most 64 characters"));
        }
        Ok((!field.is_empty()).then(|| field.to_owned()))
    }

    fn optional_text(&self, column: &str) -> FileResult<Option<String>> {
        let field = self.get(column);
        if field.chars().count() > 200 || field.chars().any(char::is_control) {
            return Err(self.broken(column, "one line of at most 200 characters"));
        }
        Ok((!field.is_empty()).then(|| field.to_owned()))
    }

    fn text(&self, column: &str) -> FileResult<String> {
        self.optional_text(column)?.ok_or_else(|| self.broken(column, "text"))
    }

    fn yes_or_no(&self, column: &str) -> FileResult<bool> {
        match self.get(column).to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "是" | "已实名" => Ok(true),
            "false" | "no" | "0" | "否" | "未实名" => Ok(false),
            _ => Err(self.broken(column, "true or false")),
        }
    }

    /// One of a few words, in English or Chinese.
    fn word(&self, column: &str, words: &[[&str; 2]]) -> FileResult<String> {
        let field = self.get(column);
        let known = words.iter().find(|names| names.contains(&field));
        known.map(|names| names[0].to_owned()).ok_or_else(|| {
            let expected: Vec<&str> = words.iter().map(|names| names[0]).collect();
            self.broken(column, &expected.join(" or "))
        })
    }

    fn amount(&self, column: &str, decimals: u32) -> FileResult<Decimal> {
        exact_amount(self.line, column, self.get(column), decimals)
    }

    /// An instant with its offset, or Beijing time where there is none.
    fn instant(&self, column: &str) -> FileResult<DateTime<FixedOffset>> {
        let field = self.get(column);
        let Ok(instant) = DateTime::parse_from_rfc3339(field) else {
            return beijing_time(self.line, column, field)
                .map_err(|_| self.broken(column, "2026-03-01T10:00:00+08:00 or Beijing time as 2026-03-01 10:00:00"));
        };
        if !(2000..2200).contains(&instant.year()) {
            return Err(self.broken(column, "a year of this century"));
        }
        Ok(instant.with_timezone(&BEIJING))
    }
}

fn places(
    columns: &Columns,
    names: &[[&'static str; 2]],
    may_miss: &[&str],
) -> FileResult<HashMap<&'static str, usize>> {
    let mut places = HashMap::new();
    for aliases in names {
        let place = if may_miss.contains(&aliases[0]) { columns.find(aliases) } else { Some(columns.need(aliases)?) };
        if let Some(place) = place {
            places.insert(aliases[0], place);
        }
    }
    Ok(places)
}

fn others(columns: &Columns, names: &[[&str; 2]]) -> Vec<(usize, String)> {
    columns.others(&names.concat())
}

fn raw_columns(others: &[(usize, String)], fields: &[String]) -> Map<String, Value> {
    let field = |place: &usize| Value::from(fields.get(*place).map_or("", |field| field.trim()));
    others.iter().map(|(place, name)| (name.clone(), field(place))).collect()
}

fn refuse_repeated<'a>(numbers: impl Iterator<Item = (usize, &'a str)>, column: &str) -> FileResult<()> {
    let mut seen = HashMap::new();
    for (line, number) in numbers {
        if let Some(first) = seen.insert(number, line) {
            return Err(FileError::new("file_row_repeated").at(line).with("column", column).with("first_line", first));
        }
    }
    Ok(())
}

/// Reads an order file, or refuses it whole.
pub fn parse_orders(text: &str) -> FileResult<OrderFile> {
    let table = read_table(text, "order_no")?;
    let places = places(&table.columns, ORDER_COLUMNS, &[])?;
    let others = others(&table.columns, ORDER_COLUMNS);
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, fields) in &table.rows {
        let mut row = parse_order(&Fields { line: *line, fields, places: &places })?;
        row.raw = raw_columns(&others, fields);
        rows.push(row);
    }
    refuse_repeated(rows.iter().map(|row| (row.line, row.order_no.as_str())), "order_no")?;
    let principal = rows.iter().map(|row| row.principal).sum();
    let gift = rows.iter().map(|row| row.gift).sum();
    table.check_total(&[("rows", rows.len().into()), ("principal", principal), ("gift", gift)])?;
    Ok(OrderFile { rows, principal, gift })
}

fn parse_order(fields: &Fields) -> FileResult<OrderRow> {
    let principal = fields.amount("principal", 2)?;
    if principal <= Decimal::ZERO {
        return Err(fields.broken("principal", "an amount above zero"));
    }
    let gift = if fields.get("gift").is_empty() { Decimal::ZERO } else { fields.amount("gift", 2)? };
    if gift.is_sign_negative() {
        return Err(fields.broken("gift", "an amount not below zero"));
    }
    let activity = fields.optional_code("activity")?;
    if gift > Decimal::ZERO && activity.is_none() {
        return Err(fields.broken("activity", "the activity that gave the gift"));
    }
    Ok(OrderRow {
        line: fields.line,
        order_no: fields.code("order_no")?,
        customer_ref: fields.code("customer_ref")?,
        customer_name: fields.text("customer_name")?,
        customer_kind: fields.word("customer_kind", &[["personal", "个人"], ["enterprise", "企业"]])?,
        phone: fields.optional_code("phone")?,
        email: fields.optional_code("email")?,
        real_name_verified: fields.yes_or_no("real_name_verified")?,
        kind: fields.word("kind", &[["package", "套餐"], ["custom", "自定义"]])?,
        principal,
        gift,
        activity,
        channel: channel(fields)?,
        payer_name: fields.optional_text("payer_name")?,
        payer_account: fields.optional_text("payer_account")?,
        payer_is_holder: fields.yes_or_no("payer_is_holder")?,
        agreement_version: fields.code("agreement_version")?,
        paid_at: fields.instant("paid_at")?,
        provider_no: fields.optional_code("provider_no")?,
        raw: Map::new(),
    })
}

/// A way of payment that the books do not know is an exception there, not a broken file (RA 5.1).
fn channel(fields: &Fields) -> FileResult<String> {
    Ok(match fields.get("channel") {
        "支付宝" => "alipay".to_owned(),
        "微信" | "微信支付" => "wechat".to_owned(),
        _ => fields.code("channel")?.to_ascii_lowercase(),
    })
}

/// Reads a usage file, or refuses it whole.
pub fn parse_usage(text: &str) -> FileResult<UsageFile> {
    let table = read_table(text, "usage_key")?;
    let places = places(&table.columns, USAGE_COLUMNS, &["quantity"])?;
    let others = others(&table.columns, USAGE_COLUMNS);
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, fields) in &table.rows {
        let mut row = parse_charge(&Fields { line: *line, fields, places: &places })?;
        row.raw = raw_columns(&others, fields);
        rows.push(row);
    }
    refuse_repeated(rows.iter().map(|row| (row.line, row.usage_key.as_str())), "usage_key")?;
    let amount = rows.iter().map(|row| row.amount).sum();
    table.check_total(&[("rows", rows.len().into()), ("amount", amount)])?;
    Ok(UsageFile { rows, amount })
}

fn parse_charge(fields: &Fields) -> FileResult<UsageRow> {
    let amount = fields.amount("amount", 6)?;
    if amount <= Decimal::ZERO {
        return Err(fields.broken("amount", "an amount above zero"));
    }
    let (used_from, used_to) = (fields.instant("used_from")?, fields.instant("used_to")?);
    if used_to < used_from {
        return Err(fields.broken("used_to", "not before used_from"));
    }
    Ok(UsageRow {
        line: fields.line,
        usage_key: fields.code("usage_key")?,
        customer_ref: fields.code("customer_ref")?,
        product: fields.code("product")?,
        used_from,
        used_to,
        amount,
        quantity: if fields.get("quantity").is_empty() { None } else { Some(fields.amount("quantity", 6)?) },
        raw: Map::new(),
    })
}
