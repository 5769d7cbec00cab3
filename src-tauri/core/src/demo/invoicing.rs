//! Papers for what was consumed: each month some customers ask for one (RA 8.1); some are taken back.

use super::business::Business;
use super::dice::Dice;
use super::people::People;
use super::play::{InvoiceStep, Play, Scene, What, customer_id};
use super::proofs::credit_code;
use super::setting::{Size, at};
use crate::error::Result;
use chrono::{DateTime, Datelike, Days, FixedOffset};
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
    let mut month = 0;
    while day < size.today {
        let suits = |index: &usize| {
            let customer = &business.customers[*index];
            customer.is_enterprise && customer.since + Days::new(60) < day && !cast.contains(index)
        };
        let mut firms: Vec<usize> = (0..business.customers.len()).filter(suits).collect();
        for number in 0..A_MONTH.min(firms.len() as u64) {
            let customer = firms.swap_remove(dice.below(firms.len() as u64) as usize);
            let mut scene = |days: u64, hour: u32, step: InvoiceStep| {
                let what = What::Invoice(customer, step);
                scenes.push(Scene { at: at(day + Days::new(days), hour, 5 * number as u32), what });
            };
            scene(0, 14, InvoiceStep::Issue);
            if dice.chance(70) {
                scene(1, 11, InvoiceStep::Official);
            }
            if number == 0 && month % 4 == 1 {
                scene(12, 10, InvoiceStep::RedLetter);
                let decided = if month == 1 { InvoiceStep::ConfirmRedLetter } else { InvoiceStep::DeclineRedLetter };
                scene(14, 15, decided);
            }
        }
        let next = day + Days::new(30 + u64::from(day.month() % 2));
        if next >= size.today {
            scenes.extend(waiting_red_letter(&scenes, size));
        }
        day = next;
        month += 1;
    }
    scenes
}

/// One of the last papers is to be taken back, and waits for its approver.
fn waiting_red_letter(scenes: &[Scene], size: &Size) -> Option<Scene> {
    let last = scenes.iter().rev().find(|scene| matches!(scene.what, What::Invoice(_, InvoiceStep::Issue)))?;
    let What::Invoice(customer, _) = last.what else { return None };
    Some(Scene { at: at(size.today - Days::new(1), 16, 10), what: What::Invoice(customer, InvoiceStep::RedLetter) })
}

/// Plays one step; a customer who had nothing to invoice has no later steps either.
pub(super) async fn perform(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
    step: InvoiceStep,
    now: DateTime<FixedOffset>,
) -> Result<()> {
    if step == InvoiceStep::Issue {
        return issue(people, business, play, index).await;
    }
    let own = play.papers.get(&index);
    let any = || play.papers.iter().min_by_key(|(customer, _)| **customer).map(|(_, paper)| paper);
    // A red letter is asked for whoever has a paper; a number comes back for one's own only.
    let found = if step == InvoiceStep::RedLetter { own.or_else(any) } else { own };
    let Some(paper) = found.cloned() else { return Ok(()) };
    match step {
        InvoiceStep::Issue => {}
        InvoiceStep::Official => {
            // Region 99 does not exist.
            let number = format!("{}99{}{index:012}", now.format("%y"), now.format("%m%d"));
            let known = json!({"invoice_id": paper, "official_number": number, "official_on": now.format("%Y-%m-%d").to_string()});
            people.act("taxclerk", "invoices.record_official", known).await?;
        }
        InvoiceStep::RedLetter => {
            let asked = json!({"invoice_id": paper, "reason_code": "01", "note": "抬头有误，客户要求重开。"});
            let letter = people.act("taxclerk", "invoices.propose_red_letter", asked).await?;
            play.red_letters.insert(index, letter["id"].clone());
        }
        InvoiceStep::ConfirmRedLetter => {
            let letter = play.red_letters.get(&index);
            // The official invoice was used by its buyer, so the tax platform asks both sides first.
            let now = people.ask("taxclerk", "session.open", json!({})).await?["now"].clone();
            for state in ["02", "04"] {
                let step =
                    json!({"red_letter_id": letter, "state": state, "at": now, "form_number": "310226000000012345"});
                people.act("taxclerk", "invoices.record_red_confirmation", step).await?;
            }
            people.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": letter})).await?;
        }
        InvoiceStep::DeclineRedLetter => {
            let letter =
                json!({"red_letter_id": play.red_letters.get(&index), "reason": "抬头与营业执照一致，无需红冲。"});
            people.act("approver", "invoices.decline_red_letter", letter).await?;
        }
    }
    Ok(())
}

/// The buyer is saved once; then everything that may be invoiced is.
async fn issue(people: &People<'_>, business: &Business, play: &mut Play, index: usize) -> Result<()> {
    let customer = customer_id(people, business, play, index).await?;
    let meters = people.ask("taxclerk", "invoices.meter", json!({"customer_id": customer})).await?;
    let lines: Vec<Value> = meters.as_array().into_iter().flatten().filter_map(line).collect();
    play.papers.remove(&index);
    if lines.is_empty() {
        return Ok(());
    }
    let buyer = match play.buyers.get(&index) {
        Some(buyer) => buyer.clone(),
        None => save_buyer(people, business, play, index, &customer).await?,
    };
    let paper = json!({"customer_id": customer, "buyer_id": buyer, "lines": lines});
    let issued = people.act("taxclerk", "invoices.issue", paper).await?;
    play.papers.insert(index, issued["id"].clone());
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
