//! What our papers have in common: the title with its code, labelled fields, and how figures and
//! instants are written.

use chrono::{DateTime, FixedOffset, Utc};
use rust_decimal::Decimal;

use super::{BRAND, LEFT, Paper, QUIET, RIGHT, Style};
use crate::error::Result;

/// The title in Chinese and English, a notice in both, a QR code in the corner, and the line below.
pub fn heading(paper: &mut Paper, title: [&str; 2], notice: [&str; 2], code: &str) -> Result<()> {
    const QR: f32 = 62.0;
    let large = Style::bold(23.0).in_colour(BRAND);
    let top = paper.y;
    paper.text(LEFT, top - 4.0, &large, title[0]);
    let beside = LEFT + paper.measure(&large, title[0]) + 10.0;
    paper.text(beside, top + 9.4, &Style::regular(11.0).in_colour(QUIET), title[1]);
    paper.text(LEFT, top + 36.0, &Style::regular(8.8), notice[0]);
    paper.text(LEFT, top + 48.5, &Style::regular(7.6).in_colour(QUIET), notice[1]);
    paper.qr(RIGHT - QR, top, QR, code)?;
    paper.y = top + QR + 9.0;
    paper.rule((LEFT, paper.y), (RIGHT, paper.y), 1.4, BRAND);
    paper.y += 8.0;
    Ok(())
}

/// A field: its label, its value, and whether the value stands out.
pub type Field = (&'static str, String, bool);

/// Fields with the label above the value, as many to a row as there are widths. Empty ones are left out.
pub fn fields<const COLUMNS: usize>(paper: &mut Paper, widths: [f32; COLUMNS], fields: &[Field]) {
    let label = Style::regular(7.0).in_colour(QUIET);
    let present: Vec<_> = fields.iter().filter(|(_, value, _)| !value.is_empty()).collect();
    for row in present.chunks(COLUMNS) {
        let mut x = LEFT;
        let mut height = 0.0f32;
        for ((name, value, strong), width) in row.iter().zip(widths) {
            let style = if *strong { Style::bold(9.4) } else { Style::regular(9.4) };
            paper.text(x, paper.y, &label, name);
            height = height.max(paper.paragraph(x, paper.y + 10.5, width - 8.0, &style, value));
            x += width;
        }
        paper.y += 10.5 + height + 6.0;
    }
    paper.y += 2.0;
}

/// An amount with grouped thousands and two decimals, more only where they are not zero; a minus, not a
/// hyphen. Nothing is rounded: a paper shows what the books hold.
pub fn figure(amount: Decimal) -> String {
    let mut plain = amount.abs().normalize();
    if plain.scale() < 2 {
        plain.rescale(2);
    }
    let plain = plain.to_string();
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if amount.is_sign_negative() && !amount.is_zero() { "−" } else { "" };
    format!("{minus}{grouped}.{decimals}")
}

/// An instant in the contract's zone.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    const SHANGHAI: i32 = 8 * 3600;
    match FixedOffset::east_opt(SHANGHAI) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}

/// An instant with its zone, to the second.
pub fn instant(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}
