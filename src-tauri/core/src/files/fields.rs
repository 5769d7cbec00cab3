//! One line of a file: its fields, found by the name of their column, and the exact values in them.

use super::{FileError, FileResult};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeZone};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Providers write Beijing time and no offset; there has been no daylight saving since 1991.
pub const BEIJING: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => panic!("eight hours is an offset"),
};

/// The header of a file: where each named column stands.
#[derive(Debug, Clone)]
pub struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    /// Reads a header line that was split already. A name that appears twice is refused: either could be meant.
    pub fn read(line: usize, header: &[String]) -> FileResult<Self> {
        let mut names: Vec<String> = header.iter().map(|name| bare_name(name)).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let mut places = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            if !name.is_empty() && places.insert(name.clone(), place).is_some() {
                return Err(FileError::new("file_column_repeated").at(line).with("column", short(name)));
            }
        }
        Ok(Self { names, places })
    }

    /// How many columns the header has.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the header is empty.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The place of the first of these names that the header has.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.places.get(&bare_name(name)).copied())
    }

    /// As [`Columns::find`], but a missing column stops the file, named as the documentation names it first.
    pub fn need(&self, names: &[&str]) -> FileResult<usize> {
        self.find(names).ok_or_else(|| FileError::new("file_column_missing").with("column", names[0]))
    }

    /// The columns that are none of `known`, with their places: they are kept as they are.
    pub fn others(&self, known: &[&str]) -> Vec<(usize, String)> {
        let known: Vec<String> = known.iter().map(|name| bare_name(name)).collect();
        let unknown = |(_, name): &(usize, &String)| !name.is_empty() && !known.contains(name);
        self.names.iter().enumerate().filter(unknown).map(|(place, name)| (place, name.clone())).collect()
    }

    /// Checks that a row has the header's number of fields; empty ones after the last column are cut off.
    pub fn check_width(&self, line: usize, fields: &mut Vec<String>) -> FileResult<()> {
        while fields.len() > self.len() && fields.last().is_some_and(|field| field.trim().is_empty()) {
            fields.pop();
        }
        if fields.len() == self.len() {
            return Ok(());
        }
        Err(FileError::new("file_row_broken")
            .at(line)
            .with("expected", format!("{} fields", self.len()))
            .with("found", format!("{} fields", fields.len())))
    }
}

/// A column's name without what differs between exports: marks, tabs, quotes, the width of brackets, case.
fn bare_name(name: &str) -> String {
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '`' | '"'))
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// A foreign header's name, cut so that it fits a sentence.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Splits one comma-separated line. Quotes count only at the start of a field, as everywhere in this trade;
/// a line is always one row, so a stray quote cannot swallow the rows after it.
pub fn split_line(number: usize, line: &str) -> FileResult<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(number, quoted)?,
            None => plain_field(rest),
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

fn plain_field(rest: &str) -> (String, Option<&str>) {
    match rest.split_once(',') {
        Some((field, after)) => (field.to_owned(), Some(after)),
        None => (rest.to_owned(), None),
    }
}

fn quoted_field(number: usize, mut rest: &str) -> FileResult<(String, Option<&str>)> {
    let unclosed = || FileError::new("file_row_broken").at(number).with("expected", "closed quotes");
    let mut field = String::new();
    loop {
        let (part, after) = rest.split_once('"').ok_or_else(unclosed)?;
        field.push_str(part);
        if let Some(escaped) = after.strip_prefix('"') {
            field.push('"');
            rest = escaped;
        } else if after.trim().is_empty() {
            return Ok((field, None));
        } else if let Some(after) = after.trim_start_matches(['\t', ' ']).strip_prefix(',') {
            return Ok((field, Some(after)));
        } else {
            return Err(unclosed());
        }
    }
}

/// An exact amount: digits, at most one point, an optional sign, at most `decimals` decimals that are not zero.
///
/// Providers pad (`0.32000`), so zeros beyond the limit carry nothing and are let through.
pub fn exact_amount(line: usize, column: &str, field: &str, decimals: u32) -> FileResult<Decimal> {
    let broken = || FileError::row(line, column, "amount");
    let digits = field.strip_prefix(['-', '+']).unwrap_or(field);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || whole.len() > 14 || part.len() > 12 {
        return Err(broken());
    }
    let part = part.trim_end_matches('0');
    if part.len() > decimals as usize {
        return Err(FileError::new("amount_has_too_many_decimals")
            .at(line)
            .with("column", column)
            .with("expected", decimals)
            .with("found", part.len()));
    }
    let mantissa: i128 = format!("{whole}{part}").parse().map_err(|_| broken())?;
    let amount = Decimal::try_from_i128_with_scale(mantissa, part.len() as u32).map_err(|_| broken())?;
    let negative = field.starts_with('-') && !amount.is_zero();
    Ok(if negative { -amount } else { amount })
}

/// How many decimals an amount really has.
pub fn digits_after_point(amount: Decimal) -> u32 {
    amount.normalize().scale()
}

/// An amount as text: two decimals, more only where they are not zero, and never a negative zero.
pub fn money_text(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.is_zero() {
        return "0.00".to_owned();
    }
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    amount.to_string()
}

/// [`money_text`] for serde.
pub fn serialize_money<S: serde::Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&money_text(*amount))
}

/// A provider's instant, `2026-03-01 10:00:00` in Beijing.
pub fn beijing_time(line: usize, column: &str, field: &str) -> FileResult<DateTime<FixedOffset>> {
    let broken = || FileError::row(line, column, "time as 2026-03-01 10:00:00");
    let wall = NaiveDateTime::parse_from_str(field, "%Y-%m-%d %H:%M:%S").map_err(|_| broken())?;
    if !(2000..2200).contains(&wall.year()) {
        return Err(broken());
    }
    BEIJING.from_local_datetime(&wall).single().ok_or_else(broken)
}
