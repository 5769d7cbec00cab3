//! The same two papers, written: the demo's platform speaks through them.

use super::{ORDER_COLUMNS, OrderRow, USAGE_COLUMNS, UsageRow};
use crate::files::money_text;
use rust_decimal::Decimal;
use std::fmt::Write;

/// A field, in quotes where it needs them.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) || text.starts_with('"') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn header(columns: &[[&str; 2]]) -> String {
    let names: Vec<&str> = columns.iter().map(|names| names[0]).collect();
    names.join(",") + "\n"
}

/// An order file with its total line.
pub fn write_orders(rows: &[OrderRow]) -> String {
    let mut text = header(ORDER_COLUMNS);
    for row in rows {
        let maybe = |value: &Option<String>| value.as_deref().map(field).unwrap_or_default();
        let fields = [
            field(&row.order_no),
            field(&row.customer_ref),
            field(&row.customer_name),
            row.customer_kind.clone(),
            maybe(&row.phone),
            maybe(&row.email),
            row.real_name_verified.to_string(),
            row.kind.clone(),
            money_text(row.principal),
            money_text(row.gift),
            maybe(&row.activity),
            row.channel.clone(),
            maybe(&row.payer_name),
            maybe(&row.payer_account),
            row.payer_is_holder.to_string(),
            field(&row.agreement_version),
            row.paid_at.to_rfc3339(),
            maybe(&row.provider_no),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    let (principal, gift): (Decimal, Decimal) =
        (rows.iter().map(|row| row.principal).sum(), rows.iter().map(|row| row.gift).sum());
    // Writing to a String cannot fail.
    let _ = writeln!(text, "#total,rows={},principal={},gift={}", rows.len(), money_text(principal), money_text(gift));
    text
}

/// A usage file with its total line.
pub fn write_usage(rows: &[UsageRow]) -> String {
    let mut text = header(USAGE_COLUMNS);
    for row in rows {
        let fields = [
            field(&row.usage_key),
            field(&row.customer_ref),
            row.product.clone(),
            row.used_from.to_rfc3339(),
            row.used_to.to_rfc3339(),
            money_text(row.amount),
            row.quantity.map(|quantity| quantity.normalize().to_string()).unwrap_or_default(),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    let amount: Decimal = rows.iter().map(|row| row.amount).sum();
    let _ = writeln!(text, "#total,rows={},amount={}", rows.len(), money_text(amount));
    text
}
