//! The demo's Stripe report: every charge and refund of the campaign's orders, and the weekly payouts that carried them.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Money that Stripe moved for an order.
pub(super) struct Movement {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Its number with Stripe: of the charge or of the refund.
    pub number: String,
    /// What its charge and payment are called.
    pub charge: String,
    /// In cents; below zero for a refund.
    pub cents: i64,
}

const HEADER: &str = "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id\n";

fn dollars(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

/// The Friday on which a movement is paid out: of the week after its own.
fn paid_out_on(at: DateTime<FixedOffset>) -> NaiveDate {
    let day = at.with_timezone(&Utc).date_naive();
    day + Days::new(11 - u64::from(day.weekday().num_days_from_monday()))
}

/// A payout-reconciliation report, as Stripe writes it.
pub(super) fn report(mut moved: Vec<&Movement>, until: DateTime<FixedOffset>) -> Vec<u8> {
    moved.sort_by_key(|movement| movement.at);
    let mut text = HEADER.to_owned();
    let mut payouts: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for movement in moved {
        let friday = paid_out_on(movement.at);
        let (category, fee) =
            if movement.cents > 0 { ("charge", (movement.cents * 29 + 500) / 1_000 + 30) } else { ("refund", 0) };
        let net = movement.cents - fee;
        *payouts.entry(friday).or_default() += net;
        let written = movement.at.with_timezone(&Utc).format("%Y-%m-%d %H:%M:%S");
        let (gross, fee, net, charge) = (dollars(movement.cents), dollars(fee), dollars(net), &movement.charge);
        text += &format!(
            "po_{friday},{friday} 00:00:00,txn_{},{written},{friday} 00:00:00,usd,{gross},{fee},{net},{category},{},GLM,ch_{charge},pi_{charge}\n",
            movement.number, movement.number
        );
    }
    for (friday, net) in payouts.into_iter().filter(|(friday, net)| *friday < until.date_naive() && *net > 0) {
        let gross = dollars(-net);
        text += &format!(
            "po_{friday},{friday} 00:00:00,txn_po_{friday},{friday} 00:00:00,{friday} 00:00:00,usd,{gross},0.00,{gross},payout,po_{friday},STRIPE PAYOUT,,\n"
        );
    }
    text.into_bytes()
}
