//! Eighteen months of business: who recharges when, with which gift, and how much of it is used.
//!
//! Everything here ends up in files; nothing is written to the books from here.

use super::cast::{self, Part};
use super::customers::{self, Customer};
use super::dice::Dice;
use super::papers::Movement;
use super::setting::{Activity, Agreement, Difference, Draft, Period, Size, activities, agreements, instant, periods};
use crate::orders::{OrderRow, UsageRow};
use crate::statements::Provider;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde_json::Map;

/// The files of one period, before they are written down.
#[derive(Debug, Clone)]
pub struct PeriodPapers {
    /// Its days.
    pub period: Period,
    /// The platform's orders.
    pub orders: Vec<OrderRow>,
    /// What the providers saw.
    pub payments: Vec<(Provider, Movement)>,
    /// The platform's usage.
    pub usage: Vec<UsageRow>,
}

/// All of the business, period by period.
#[derive(Debug, Clone)]
pub struct Business {
    /// Account holders.
    pub customers: Vec<Customer>,
    /// The files to be.
    pub periods: Vec<PeriodPapers>,
    /// Who becomes a case, and when.
    pub parts: Vec<Part>,
}

/// Invents the whole business.
pub fn invent(size: &Size) -> Business {
    let dice = Dice::new(size.seed);
    let mut customers = customers::invent(&dice, size.customers, size.first_day, size.today);
    let periods = periods(size);
    let parts = cast::parts(&dice, &mut customers, &periods, size);
    let mut drafts = ordinary_orders(&dice, size, &customers, &parts);
    drafts.extend(cast::orders(&customers, &parts, &periods, size));
    drafts.extend(unverified_newcomers(size, &mut customers));
    drafts.sort_by_key(|draft| (draft.day, draft.second, draft.customer));
    disagree(&mut drafts, &customers, &parts, size);
    let periods = split_into_periods(&dice, &customers, &parts, &drafts, &periods);
    Business { customers, periods, parts }
}

fn weight_of(date: NaiveDate, size: &Size) -> u64 {
    let grown =
        (date - size.first_day).num_days() as u64 * 120 / (size.today - size.first_day).num_days().max(1) as u64;
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    (100 + grown) * if weekend { 6 } else { 10 }
}

/// Everybody's first recharge on the day of joining, and the rest by weight among those who are there.
fn ordinary_orders(dice: &Dice, size: &Size, customers: &[Customer], parts: &[Part]) -> Vec<Draft> {
    let mut dice = dice.apart(2);
    let last_day = |index: usize| cast::quiet_from(parts, index).or(customers[index].until()).unwrap_or(size.today);
    let last_days: Vec<NaiveDate> = (0..customers.len()).map(last_day).collect();
    let mut drafts: Vec<Draft> =
        (0..customers.len()).map(|index| draft(&mut dice, customers, index, customers[index].since)).collect();
    let days: Vec<NaiveDate> = size.first_day.iter_days().take_while(|date| *date < size.today).collect();
    let all: u64 = days.iter().map(|date| weight_of(*date, size)).sum();
    let wanted = size.recharges.saturating_sub(drafts.len()) as u64;
    let mut due = 0;
    let mut sums = Vec::with_capacity(customers.len());
    for date in days {
        let joined = customers.partition_point(|customer| customer.since <= date);
        while sums.len() < joined {
            sums.push(sums.last().unwrap_or(&0) + customers[sums.len()].weight);
        }
        due += wanted * weight_of(date, size);
        while due >= all {
            due -= all;
            let Some(total) = sums.last() else { continue };
            for _ in 0..12 {
                let ticket = dice.below(*total);
                let index = sums.partition_point(|sum| *sum <= ticket);
                if last_days[index] > date {
                    drafts.push(draft(&mut dice, customers, index, date));
                    break;
                }
            }
        }
    }
    drafts
}

fn draft(dice: &mut Dice, customers: &[Customer], index: usize, date: NaiveDate) -> Draft {
    let customer = &customers[index];
    let packages: &[u64] = if customer.is_enterprise {
        &[500, 500, 1_000, 1_000, 1_000, 2_000, 2_000, 5_000, 10_000]
    } else {
        &[20, 50, 50, 100, 100, 100, 200, 200, 500]
    };
    let is_package = !dice.chance(16);
    let yuan = *dice.pick(packages);
    let cents = if is_package { yuan * 100 } else { (yuan * 100).max(1_000) / 2 + dice.below(yuan * 100) };
    let prefers_alipay = (customer.weight + u64::from(customer.is_enterprise)).is_multiple_of(2);
    let channel = if prefers_alipay != dice.chance(12) { Provider::Alipay } else { Provider::Wechat };
    // Business hours and evenings; never in the last minute, so that no payment falls into the next day's bill.
    let second = dice.between(7 * 3600, 23 * 3600 + 50 * 60) as u32;
    let by_other_payer = customer.other_payer.is_some() && dice.chance(35);
    Draft {
        day: date,
        second,
        customer: index,
        cents,
        is_package,
        channel,
        by_other_payer,
        difference: Difference::None,
    }
}

/// Two newcomers whose real-name check has not passed: their recharges wait (RA 3.1).
fn unverified_newcomers(size: &Size, customers: &mut Vec<Customer>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (back, cents) in [(3, 10_000), (1, 5_000)] {
        let index = customers.len();
        let date = size.today - Days::new(back);
        customers.push(Customer::unverified(index, date));
        drafts.push(Draft {
            day: date,
            second: 15 * 3600 + 1_260,
            customer: index,
            cents,
            is_package: true,
            channel: Provider::Wechat,
            by_other_payer: false,
            difference: Difference::None,
        });
    }
    drafts
}

/// The few places where the papers disagree: two that sorted themselves out, and one open case of each kind.
fn disagree(drafts: &mut [Draft], customers: &[Customer], parts: &[Part], size: &Size) {
    let busy: Vec<usize> = parts.iter().map(|part| part.customer).collect();
    let mut mark = |back: u64, channel: Provider, difference: Difference| {
        let date = size.today - Days::new(back);
        let ordinary = |draft: &&mut Draft| {
            draft.channel == channel
                && draft.difference == Difference::None
                && draft.cents >= 5_000
                && customers[draft.customer].verified
                && !busy.contains(&draft.customer)
        };
        // The nearest to that day: a small business does not have every kind of order every day.
        let nearest = |draft: &&mut Draft| (draft.day - date).num_days().abs();
        if let Some(draft) = drafts.iter_mut().filter(ordinary).min_by_key(nearest) {
            draft.difference = difference;
        }
    };
    mark(300, Provider::Wechat, Difference::LateOrder);
    mark(120, Provider::Alipay, Difference::LateOrder);
    mark(4, Provider::Alipay, Difference::Unpaid);
    mark(3, Provider::Alipay, Difference::PaidLess(1_800));
    mark(2, Provider::Wechat, Difference::NoOrder);
    mark(1, Provider::Wechat, Difference::Unpaid);
    mark(2, Provider::Alipay, Difference::Slipped);
}

fn gift_of(activities: &[Activity], customer: &Customer, draft: &Draft) -> (u64, Option<String>) {
    let runs = |activity: &&Activity| (activity.first_day..=activity.last_day).contains(&draft.day);
    match activities.iter().find(runs) {
        Some(activity) if draft.is_package && customer.verified && draft.cents >= activity.least_yuan * 100 => {
            ((draft.cents * activity.percent / 100).min(100_000), Some(activity.code.to_owned()))
        }
        _ => (0, None),
    }
}

fn cents(amount: u64) -> Decimal {
    Decimal::new(amount as i64, 2)
}

/// What an order's gift and agreement follow from.
struct Terms {
    activities: [Activity; 6],
    agreements: [Agreement; 2],
}

/// The order as the platform writes it.
fn order_row(customers: &[Customer], terms: &Terms, draft: &Draft, numbers: (&str, &str)) -> OrderRow {
    let customer = &customers[draft.customer];
    let (gift, activity) = gift_of(&terms.activities, customer, draft);
    let other = customer.other_payer.as_ref().filter(|_| draft.by_other_payer);
    let version = terms.agreements.iter().rev().find(|agreement| agreement.effective_on <= draft.day);
    let account = match draft.channel {
        Provider::Alipay => format!("20880000{:08}", draft.customer * 2 + usize::from(other.is_some())),
        Provider::Wechat | Provider::Stripe => format!("oDEMO{:08}", draft.customer * 2 + usize::from(other.is_some())),
    };
    OrderRow {
        line: 0,
        order_no: numbers.0.to_owned(),
        customer_ref: customer.number.clone(),
        customer_name: customer.name.clone(),
        customer_kind: if customer.is_enterprise { "enterprise" } else { "personal" }.to_owned(),
        phone: Some(customer.phone.clone()),
        email: Some(customer.email.clone()),
        real_name_verified: customer.verified,
        kind: if draft.is_package { "package" } else { "custom" }.to_owned(),
        principal: cents(draft.cents),
        gift: cents(gift),
        activity,
        channel: draft.channel.name().to_owned(),
        payer_name: Some(other.unwrap_or(&customer.name).clone()),
        payer_account: Some(account),
        payer_is_holder: other.is_none(),
        agreement_version: version.map_or("", |agreement| agreement.version).to_owned(),
        paid_at: instant(draft.day, draft.second),
        provider_no: Some(numbers.1.to_owned()),
        raw: Map::new(),
    }
}

/// The same payment as the provider saw it.
fn movement(customers: &[Customer], draft: &Draft, order_no: &str, provider_no: &str) -> Option<Movement> {
    let paid = match draft.difference {
        Difference::Unpaid => return None,
        Difference::PaidLess(less) => draft.cents - less.min(draft.cents - 1),
        _ => draft.cents,
    };
    let customer = &customers[draft.customer];
    let payer = match draft.channel {
        Provider::Alipay => {
            let last = customer.name.chars().last().unwrap_or('*');
            format!("*{last}(138****{})", &customer.phone[customer.phone.len() - 4..])
        }
        Provider::Wechat | Provider::Stripe => format!("oDEMO{:08}", draft.customer * 2),
    };
    let mut order_no = order_no.to_owned();
    if let (Difference::Slipped, Some(zero)) = (draft.difference, order_no.rfind('0')) {
        order_no.replace_range(zero..=zero, "O");
    }
    Some(Movement {
        order_no,
        provider_no: provider_no.to_owned(),
        refund_no: None,
        occurred_at: instant(draft.day, draft.second),
        amount: cents(paid),
        payer,
    })
}

/// Numbers the orders by day, and deals them out to the files.
fn split_into_periods(
    dice: &Dice,
    customers: &[Customer],
    parts: &[Part],
    drafts: &[Draft],
    periods: &[Period],
) -> Vec<PeriodPapers> {
    let terms = Terms { activities: activities(), agreements: agreements() };
    let mut purses = super::purses::Purses::new(dice, customers, parts);
    let mut papers = Vec::with_capacity(periods.len());
    let mut rest = drafts.iter().peekable();
    let (mut number_day, mut number) = (NaiveDate::MIN, 0);
    let mut late: Vec<OrderRow> = Vec::new();
    for period in periods {
        let mut paper = PeriodPapers {
            period: *period,
            orders: std::mem::take(&mut late),
            payments: Vec::new(),
            usage: Vec::new(),
        };
        while let Some(draft) = rest.next_if(|draft| draft.day <= period.to) {
            number = if draft.day == number_day { number + 1 } else { 1 };
            number_day = draft.day;
            let order_no = format!("R{}{number:05}", draft.day.format("%Y%m%d"));
            let provider_no = match draft.channel {
                Provider::Alipay => format!("{}22001400{number:012}", draft.day.format("%Y%m%d")),
                Provider::Wechat | Provider::Stripe => format!("4200009999{}{number:010}", draft.day.format("%Y%m%d")),
            };
            let row = order_row(customers, &terms, draft, (&order_no, &provider_no));
            purses.add(draft, &row);
            paper
                .payments
                .extend(movement(customers, draft, &order_no, &provider_no).map(|seen| (draft.channel, seen)));
            match draft.difference {
                Difference::LateOrder => late.push(row),
                Difference::NoOrder => {}
                _ => paper.orders.push(row),
            }
        }
        paper.usage = purses.use_up(*period);
        papers.push(paper);
    }
    papers
}
