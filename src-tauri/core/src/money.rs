//! Amounts: exact decimals, read strictly from files and kindly from people.
//!
//! A file that writes `1,200` or `NaN` is broken and must be refused; a person who types `¥1,200元`
//! or `１２３` means an amount.

use crate::error::{Error, Result};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

/// An exact amount. Its text keeps two decimals at least, and more only where they are not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(Decimal);

/// No amount in these books has more digits before the point: numeric(20,6) holds fourteen.
const LARGEST: Decimal = Decimal::from_parts(0x107A_4000, 0x5AF3, 0, false, 0);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The amount of a decimal that was computed elsewhere.
    pub fn new(value: Decimal) -> Self {
        Self(value)
    }

    /// The decimal behind the amount.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is exactly zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// The amount without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Reads a file's amount: an optional sign, digits, and at most `decimals` decimals.
    /// Grouping, currency signs, quotes, exponents and `NaN` are a broken file.
    pub fn from_file(text: &str, decimals: u32) -> Result<Self> {
        let text = text.trim();
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(Error::rule("amount_not_a_number"));
        }
        // Trailing zeros say nothing: WeChat writes a fee of 1.20 as 1.20000.
        if fraction.trim_end_matches('0').len() > decimals as usize {
            return Err(Error::rule_with("amount_has_too_many_decimals", json!({ "decimals": decimals })));
        }
        if whole.trim_start_matches('0').len() > 14 {
            return Err(Error::rule("amount_too_large"));
        }
        let value = Decimal::from_str(text.trim_start_matches('+')).map_err(|_| Error::rule("amount_not_a_number"))?;
        Ok(Self(value.normalize()))
    }

    /// Reads what a person typed or pasted: full-width digits, currency signs, grouping, 元, 万 and 亿,
    /// brackets for a negative amount. More than two decimals are refused, not rounded away.
    pub fn from_person(text: &str) -> Result<Self> {
        let plain: String = text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect();
        let (plain, in_brackets) = match plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => (inner.to_owned(), true),
            None => (plain, false),
        };
        let (plain, negative) = match plain.strip_prefix('-') {
            Some(rest) => (rest.to_owned(), true),
            None => (plain, in_brackets),
        };
        let plain = without_currency(&plain);
        let (plain, factor) = match plain.strip_suffix('万') {
            Some(rest) => (rest, Decimal::from(10_000)),
            None => match plain.strip_suffix('亿') {
                Some(rest) => (rest, Decimal::from(100_000_000)),
                None => (plain, Decimal::ONE),
            },
        };
        let value = Self::from_file(&ungrouped(plain)?, 8)?.0.checked_mul(factor);
        let value = value.filter(|value| *value < LARGEST).ok_or_else(|| Error::rule("amount_too_large"))?.normalize();
        if value.scale() > 2 {
            return Err(Error::rule_with("amount_has_too_many_decimals", json!({ "decimals": 2 })));
        }
        Ok(Self(if negative { -value } else { value }))
    }
}

/// Full-width forms, which an input method leaves behind, become their plain counterparts.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{202f}' => ' ',
        '。' => '.',
        '、' => ',',
        '−' | '–' | '—' => '-',
        '¥' | '\u{ffe5}' => '¥',
        other => other,
    }
}

/// Strips what says "yuan" on either side; another currency stays and is refused as no number.
fn without_currency(text: &str) -> &str {
    let mut text = text;
    for prefix in ["人民币", "CNY", "cny", "RMB", "rmb", "¥", "￥"] {
        text = text.strip_prefix(prefix).unwrap_or(text);
    }
    for suffix in ["整", "元", "圆", "块", "CNY", "cny", "RMB", "rmb"] {
        text = text.strip_suffix(suffix).unwrap_or(text);
    }
    text
}

/// Removes grouping only where it groups by three (or by four, as 万 does): `1,2` may mean 1.2.
fn ungrouped(text: &str) -> Result<String> {
    let refuse = || Error::rule("amount_not_a_number");
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let groups: Vec<&str> = whole.split([',', '\'']).collect();
    if groups.len() > 1 {
        let size = groups[1].len();
        let even = groups[1..].iter().all(|group| group.len() == size);
        if !(size == 3 || size == 4) || !even || groups[0].is_empty() || groups[0].len() > size {
            return Err(refuse());
        }
    }
    let whole = groups.concat();
    // The sign was taken off before; a second one is no number.
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    match fraction {
        Some("") if !whole.is_empty() => Ok(whole),
        Some(fraction) if whole.is_empty() => Ok(format!("0.{fraction}")),
        Some(fraction) => Ok(format!("{whole}.{fraction}")),
        None => Ok(whole),
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.0.normalize();
        if value.scale() < 2 {
            value.rescale(2);
        }
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        write!(f, "{value}")
    }
}

impl FromStr for Amount {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_file(text, 6)
    }
}

impl From<Decimal> for Amount {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> String {
        match Amount::from_person(text) {
            Ok(amount) => amount.to_string(),
            Err(error) => error.rule_name().unwrap_or("?").to_owned(),
        }
    }

    #[test]
    fn amounts_as_people_write_them_are_understood() {
        for (text, expected) in [
            ("1200", "1200.00"),
            ("¥1,200元", "1200.00"),
            ("￥1，200.5", "1200.50"),
            ("１２３", "123.00"),
            ("１２３．４５元", "123.45"),
            ("1.2万", "12000.00"),
            ("3万元", "30000.00"),
            ("0.5亿", "50000000.00"),
            ("人民币 88.80 元整", "88.80"),
            ("12,3456", "123456.00"),
            ("1 200.00", "1200.00"),
            ("(35.10)", "-35.10"),
            ("－0.01", "-0.01"),
            (".5", "0.50"),
            ("12.", "12.00"),
            ("-0", "0.00"),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "元", "abc", "NaN", "1,2", "1,20", "1,2345,678", "1e3", "$12", "1.2.3", "--1", "1'00"] {
            assert_eq!(typed(text), "amount_not_a_number", "{text}");
        }
        assert_eq!(typed("1.005"), "amount_has_too_many_decimals");
        assert_eq!(typed("1.00001万"), "10000.10");
        assert_eq!(typed("1.000001万"), "10000.01");
        assert_eq!(typed("1.0000001万"), "amount_has_too_many_decimals");
        assert_eq!(typed("999999亿"), "99999900000000.00");
        assert_eq!(typed("9999999亿"), "amount_too_large");
    }

    #[test]
    fn files_are_read_exactly() {
        let read = |text| Amount::from_file(text, 2).map(|amount| amount.to_string());
        assert_eq!(read("100.00").as_deref(), Ok("100.00"));
        assert_eq!(read("-0.60").as_deref(), Ok("-0.60"));
        assert_eq!(read("-0.00").as_deref(), Ok("0.00"));
        assert_eq!(read("1.20000").as_deref(), Ok("1.20"));
        for text in ["NaN", "'1.00'", "\"1.00\"", "1,200.00", "1e2", "Infinity", "", "+", "1.", "¥1", "１"] {
            assert_eq!(read(text).expect_err("refused").rule_name(), Some("amount_not_a_number"), "{text}");
        }
        assert_eq!(read("1.001").expect_err("refused").rule_name(), Some("amount_has_too_many_decimals"));
        assert_eq!(read("100000000000000").expect_err("refused").rule_name(), Some("amount_too_large"));
        assert_eq!(Amount::from_file("0.123456", 6).map(|amount| amount.to_string()).as_deref(), Ok("0.123456"));
    }
}
