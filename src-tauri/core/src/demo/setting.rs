//! Where and when the demo plays: its size, its days and periods, and what there is to be bought.

use crate::files::BEIJING;
use crate::statements::Provider;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};

/// How large the books are and on which day they end.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Decides every name, amount and instant.
    pub seed: u64,
    /// How many account holders.
    pub customers: usize,
    /// How many paid orders.
    pub recharges: usize,
    /// The first day with business.
    pub first_day: NaiveDate,
    /// The day on which the clock stands: the files end the day before.
    pub today: NaiveDate,
}

impl Size {
    /// The demo: some 2,000 customers, 40,000 recharges, 18 months of usage.
    pub fn demo() -> Self {
        Self {
            seed: 20_260_213,
            customers: 2_000,
            recharges: 40_000,
            first_day: day(2024, 8, 1),
            today: day(2026, 2, 13),
        }
    }

    /// The same, small: for tests.
    pub fn small() -> Self {
        Self { customers: 120, recharges: 900, ..Self::demo() }
    }
}

/// A day that is known to exist.
pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// An instant in Beijing.
pub(super) fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<FixedOffset> {
    instant(day, hour * 3600 + minute * 60)
}

pub(super) fn instant(day: NaiveDate, second: u32) -> DateTime<FixedOffset> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second.min(86_399), 0).unwrap_or_default();
    // Beijing has a fixed offset, so there is always exactly one such instant.
    BEIJING.from_local_datetime(&day.and_time(time)).single().unwrap_or_default()
}

/// The days that one set of files covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// When its files are imported: the morning after, when providers have theirs ready.
    pub fn imported_at(self) -> DateTime<FixedOffset> {
        at(self.to + Days::new(1), 10, 5)
    }

    /// Whether an instant lies in its days.
    pub(super) fn contains(self, instant: DateTime<FixedOffset>) -> bool {
        let date = instant.date_naive();
        self.from <= date && date <= self.to
    }
}

/// Months, and shorter files towards the end, so that recent cases find recent orders in the books.
pub(super) fn periods(size: &Size) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut from = size.first_day;
    let close = size.today - Days::new(45);
    while from < size.today {
        let next = if from < close.with_day(1).unwrap_or(close) {
            first_of_next_month(from)
        } else {
            (from + Days::new(8)).min(first_of_next_month(from))
        };
        let next = next.min(size.today);
        periods.push(Period { from, to: next - Days::new(1) });
        from = next;
    }
    periods
}

fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    if date.month() == 12 { day(date.year() + 1, 1, 1) } else { day(date.year(), date.month() + 1, 1) }
}

/// A gift activity.
pub(super) struct Activity {
    pub code: &'static str,
    pub title: &'static str,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub percent: u64,
    pub least_yuan: u64,
    /// What a refund of the recharge does to its gift (A9).
    pub on_recharge_refunded: &'static str,
}

/// The activities of these months.
pub(super) fn activities() -> [Activity; 6] {
    let activity = |code, title, first_day, last_day, percent, least_yuan, on_recharge_refunded| Activity {
        code,
        title,
        first_day,
        last_day,
        percent,
        least_yuan,
        on_recharge_refunded,
    };
    [
        activity("OPENING-2024", "Opening gift 开业赠送", day(2024, 8, 1), day(2024, 9, 30), 10, 100, "keep"),
        activity("AUTUMN-2024", "Autumn gift 秋季赠送", day(2024, 11, 1), day(2024, 11, 15), 15, 200, "keep"),
        activity("SPRING-2025", "Spring gift 春节赠送", day(2025, 1, 20), day(2025, 2, 12), 20, 200, "void"),
        activity("MIDYEAR-2025", "Mid-year gift 年中赠送", day(2025, 6, 1), day(2025, 6, 20), 10, 500, "keep"),
        activity("AUTUMN-2025", "Autumn gift 秋季赠送", day(2025, 11, 1), day(2025, 11, 15), 15, 200, "keep"),
        activity("SPRING-2026", "Spring gift 春节赠送", day(2026, 1, 26), day(2026, 2, 20), 10, 100, "void"),
    ]
}

/// Products: code, English, Chinese, how much of it one yuan buys.
pub(super) const PRODUCTS: &[(&str, &str, &str, u64)] = &[
    ("chat", "Chat", "对话", 180_000),
    ("embeddings", "Embeddings", "向量", 1_900_000),
    ("images", "Images", "图像", 12),
    ("coding_plan", "Coding plan", "编程套餐", 0),
];

/// A version of the recharge agreement.
pub(super) struct Agreement {
    pub version: &'static str,
    pub announced_on: NaiveDate,
    pub effective_on: NaiveDate,
}

/// The versions under which these recharges were made, oldest first.
pub(super) fn agreements() -> [Agreement; 2] {
    [
        Agreement { version: "2024-07-01", announced_on: day(2024, 6, 1), effective_on: day(2024, 7, 1) },
        Agreement { version: "2025-09-01", announced_on: day(2025, 8, 1), effective_on: day(2025, 9, 1) },
    ]
}

/// An order before it has its number.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub day: NaiveDate,
    pub second: u32,
    pub customer: usize,
    pub cents: u64,
    pub is_package: bool,
    pub channel: Provider,
    pub by_other_payer: bool,
    pub difference: Difference,
}

/// How the two papers disagree, which they do now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    None,
    /// The provider has no payment.
    Unpaid,
    /// The provider saw this much less.
    PaidLess(u64),
    /// The order comes with the next file only.
    LateOrder,
    /// The platform never sends the order.
    NoOrder,
    /// The payment carries the order's number with a letter O for a zero.
    Slipped,
}
