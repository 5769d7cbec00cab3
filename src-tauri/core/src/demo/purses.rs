//! How much each customer has left, and how much of it is used: never more than there is.

use super::cast::Part;
use super::customers::Customer;
use super::dice::Dice;
use super::setting::{Difference, Draft, PRODUCTS, Period, at};
use crate::orders::{OrderRow, UsageRow};
use chrono::{Days, TimeDelta};
use rust_decimal::Decimal;
use serde_json::Map;
use std::collections::HashMap;

/// Balances in millionths of a yuan, gifts included.
pub(super) struct Purses<'a> {
    dice: Dice,
    customers: &'a [Customer],
    left: Vec<i64>,
    parts: HashMap<usize, &'a Part>,
}

impl<'a> Purses<'a> {
    pub(super) fn new(dice: &Dice, customers: &'a [Customer], parts: &'a [Part]) -> Self {
        let parts = parts.iter().map(|part| (part.customer, part)).collect();
        Self { dice: dice.apart(3), customers, left: vec![0; customers.len()], parts }
    }

    /// A recharge fills the purse, unless its order never reaches the books in time.
    pub(super) fn add(&mut self, draft: &Draft, row: &OrderRow) {
        let in_time = !matches!(draft.difference, Difference::LateOrder | Difference::NoOrder);
        if row.real_name_verified && in_time {
            self.left[draft.customer] += (millionths(row.principal)) + millionths(row.gift);
        }
    }

    /// What everyone uses in a period.
    pub(super) fn use_up(&mut self, period: Period) -> Vec<UsageRow> {
        let mut rows = Vec::new();
        for index in 0..self.customers.len() {
            let part = self.parts.get(&index).copied();
            let quiet = part.is_some_and(|part| part.quiet_from <= period.to);
            if self.left[index] >= 10_000 && !quiet && self.customers[index].since <= period.to {
                self.use_of(index, period, &mut rows);
            } else if part.is_some_and(|part| part.has_late_usage() && period.from <= part.on && part.on <= period.to) {
                rows.push(self.late_row(index, period));
            }
        }
        rows.sort_by(|a, b| (a.used_from, &a.usage_key).cmp(&(b.used_from, &b.usage_key)));
        rows
    }

    fn use_of(&mut self, index: usize, period: Period, rows: &mut Vec<UsageRow>) {
        let customer = &self.customers[index];
        let days = (period.to - period.from).num_days() + 1;
        let part = self.parts.get(&index).copied();
        // Not everybody is there every week.
        let idle = self.dice.chance(if days < 20 { 55 } else { 15 });
        let gone = customer.until().is_some_and(|day| day <= period.to) && part.is_none();
        let appetite = customer.appetite as i64;
        let share = self.dice.between(40, 150) * appetite * days / 30;
        let ordinary = (self.left[index] as i128 * share as i128 / 10_000) as i64;
        // In the last files before a case: what it needs is left over, to the fen where a shortfall depends on it,
        // and a payer who is to be paid back finds the money there.
        let last = part.filter(|part| part.quiet_from == period.to + Days::new(1));
        let wanted = match (last, last.and_then(Part::leaves)) {
            (Some(_), Some(rest)) => self.left[index] - rest as i64 * 10_000,
            (Some(part), None) => ordinary.min(self.left[index] - part.cents as i64 * 10_000).max(0),
            (None, _) if gone => self.left[index],
            (None, _) if idle => 0,
            (None, _) => ordinary.min(self.left[index]),
        };
        if wanted < 10_000 {
            return;
        }
        let stretches = if days > 20 && self.dice.chance(25) { 2 } else { 1 };
        let mut open = wanted;
        for stretch in 0..stretches {
            let part = if stretch + 1 == stretches { open } else { open * self.dice.between(20, 80) / 100 };
            open -= part;
            self.spread(index, period, (stretch, stretches), part, rows);
        }
        self.left[index] -= wanted;
    }

    /// A little usage of the day before the case, billed only now.
    fn late_row(&mut self, index: usize, period: Period) -> UsageRow {
        let customer = &self.customers[index];
        let day = period.from - Days::new(1);
        self.left[index] -= 1_230_000;
        UsageRow {
            line: 0,
            usage_key: format!("U{}-late-{}", period.from.format("%Y%m%d"), customer.number),
            customer_ref: customer.number.clone(),
            product: PRODUCTS[0].0.to_owned(),
            used_from: at(day, 20, 0),
            used_to: at(day, 23, 0),
            amount: Decimal::new(1_230_000, 6),
            quantity: None,
            raw: Map::new(),
        }
    }

    /// One stretch of days, split over one to three products.
    fn spread(&mut self, index: usize, period: Period, stretch: (i64, i64), amount: i64, rows: &mut Vec<UsageRow>) {
        let customer = &self.customers[index];
        let days = (period.to - period.from).num_days() + 1;
        let from = (period.from + Days::new((days * stretch.0 / stretch.1) as u64)).max(customer.since);
        let to = period.from + Days::new((days * (stretch.0 + 1) / stretch.1 - 1) as u64);
        let first = index % PRODUCTS.len();
        let products = 1 + self.dice.below(2) as usize + usize::from(customer.is_enterprise && self.dice.chance(20));
        let mut open = amount;
        for place in 0..products {
            let part = if place + 1 == products { open } else { open * self.dice.between(30, 75) / 100 };
            open -= part;
            if part <= 0 {
                continue;
            }
            let (product, _, _, per_yuan) = PRODUCTS[(first + place) % PRODUCTS.len()];
            rows.push(UsageRow {
                line: 0,
                usage_key: format!("U{}-{}-{}-{product}", period.from.format("%Y%m%d"), stretch.0 + 1, customer.number),
                customer_ref: customer.number.clone(),
                product: product.to_owned(),
                used_from: at(from, 0, 0),
                used_to: at(to.max(from), 23, 59) + TimeDelta::seconds(59),
                amount: Decimal::new(part, 6),
                quantity: (per_yuan > 0).then(|| Decimal::from(part as i128 * i128::from(per_yuan) / 1_000_000)),
                raw: Map::new(),
            });
        }
    }
}

fn millionths(amount: Decimal) -> i64 {
    let whole = (amount * Decimal::from(1_000_000)).trunc();
    i64::try_from(whole.mantissa() / 10_i128.pow(whole.scale())).unwrap_or(0)
}
