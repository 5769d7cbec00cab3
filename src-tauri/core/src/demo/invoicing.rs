//! Papers for what was consumed: each month some customers ask for one (RA 8.1).

use super::business::{Business, Size, at};
use super::cases::{Play, Scene, What, customer_id};
use super::dice::Dice;
use super::load::People;
use super::proofs::credit_code;
use crate::error::Result;
use chrono::{Datelike, Days};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

/// How many customers ask in a month.
const A_MONTH: u64 = 9;

/// Who asks when: firms, in the second week after the month's usage was imported.
pub(super) fn scenes(dice: &Dice, business: &Business, size: &Size) -> Vec<Scene> {
    let mut dice = dice.apart(5);
    let mut scenes = Vec::new();
    let cast: Vec<usize> = business.parts.iter().map(|part| part.customer).collect();
    let mut day = size.first_day + Days::new(69);
    while day < size.today {
        let suits = |index: &usize| {
            let customer = &business.customers[*index];
            customer.is_enterprise && customer.since + Days::new(60) < day && !cast.contains(index)
        };
        let firms: Vec<usize> = (0..business.customers.len()).filter(suits).collect();
        for number in 0..A_MONTH.min(firms.len() as u64) {
            let minute = 5 * number as u32;
            scenes.push(Scene { at: at(day, 14, minute), what: What::Invoice(*dice.pick(&firms)) });
        }
        day = day + Days::new(30 + u64::from(day.month() % 2));
    }
    scenes
}

/// The buyer is saved once; then everything that may be invoiced is.
pub(super) async fn perform(people: &People<'_>, business: &Business, play: &mut Play, index: usize) -> Result<()> {
    let customer = customer_id(people, business, play, index).await?;
    let meters = people.ask("taxclerk", "invoices.meter", json!({"customer_id": customer})).await?;
    let lines: Vec<Value> = meters.as_array().into_iter().flatten().filter_map(line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let buyer = match play.buyers.get(&index) {
        Some(buyer) => buyer.clone(),
        None => save_buyer(people, business, play, index, &customer).await?,
    };
    let paper = json!({"customer_id": customer, "buyer_id": buyer, "lines": lines});
    people.act("taxclerk", "invoices.issue", paper).await?;
    Ok(())
}

fn line(meter: &Value) -> Option<Value> {
    let invoiceable: Decimal = meter["invoiceable"].as_str()?.parse().ok()?;
    let amount = invoiceable.round_dp_with_strategy(2, RoundingStrategy::ToZero);
    (amount >= Decimal::ONE).then(|| json!({"product": meter["product"], "amount": format!("{amount:.2}")}))
}

async fn save_buyer(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
    customer: &Value,
) -> Result<Value> {
    let firm = &business.customers[index];
    let buyer = json!({
        "customer_id": customer, "kind": "enterprise", "name": format!("{}（演示）有限公司", firm.name),
        "credit_code": credit_code(index), "address": "示例市样板区测试路 1 号", "phone": firm.phone, "email": firm.email,
    });
    let saved = people.act("taxclerk", "buyers.save", buyer).await?;
    play.buyers.insert(index, saved["id"].clone());
    Ok(saved["id"].clone())
}
