//! Pages of the ledger as the window asks for them, beside a bare index scan of 100 rows.

use super::books::Books;
use super::load::{Load, Pgbench, Script};
use super::report::{Report, Spread};
use super::{Options, Result, Say};
use crate::embedded::Server;
use std::collections::BTreeMap;

/// The floor: 100 postings by their key, delivered.
const FLOOR: &str = "floor";

/// The same rows as the window gets its pages: as JSON.
const JSON_FLOOR: &str = "json_floor";

/// A page of about as many lines as the floor has rows: a journal has 2.7 lines on average.
const JOURNALS: u32 = 37;

/// What each client of a page begins with.
const SOMEWHERE: &str = "\\set key random(:last / 20, :last)\n";
const SOME_DAY: &str = "\\set day random(60, 700)\n";
const SOME_LOT: &str = "\\set lot random(1, 1000)\n";

fn list(filter: &str, from: &str) -> String {
    format!(
        "select api.call('ledger.list', jsonb_build_object('maximum', {JOURNALS}, 'filter', jsonb_build_object({filter}){from}));\n"
    )
}

/// Everything that is asked, with random keys. `:last` is the last journal, `:lot` one of a thousand lots.
fn scripts() -> Vec<(&'static str, String)> {
    let before = ", 'before', :key::text";
    let date = "(timestamptz '2024-01-01 00:00+08' + :day::integer * interval '1 day')";
    let days = |n: u32| format!("'recorded_from', {date}, 'recorded_until', {date} + interval '{n} days'");
    let floor = "from book.postings where journal_id <= :key order by journal_id desc, line desc limit 100";
    let columns = "line, account_id, customer_id, commodity, amount::text, balance_after::text";
    let cents = "\\set yuan random(50, 400)\n";
    let amounts = "'amount_from', (:yuan::integer)::text, 'amount_until', (:yuan::integer + 1)::text";
    let lot = "'document', (select k.provider_no from bench.keys k where k.n = :lot)";
    let anybody = "\\set customer random(1, :customers)\n";
    let balance = format!("jsonb_build_object('at', {date}, 'account_code', 'wallet', 'customer_id'");
    vec![
        (FLOOR, format!("{SOMEWHERE}select * {floor};\n")),
        (JSON_FLOOR, format!("{SOMEWHERE}select json_agg(p) from (select {columns} {floor}) p;\n")),
        ("empty_call", "select api.call('session.changes', '{\"last_event\": \"1\"}');\n".to_owned()),
        ("first_page", list("", "")),
        ("deep_page", SOMEWHERE.to_owned() + &list("", before)),
        ("account_jump", SOMEWHERE.to_owned() + &list("'account', 'alipay_clearing'", before)),
        ("busy_customer_jump", SOMEWHERE.to_owned() + &list("'customer_id', '1', 'account', 'wallet'", before)),
        ("customer_and_date", SOME_DAY.to_owned() + &list(&format!("'customer_id', '1', {}", days(30)), "")),
        ("kind_and_date", SOME_DAY.to_owned() + &list(&format!("'kind', 'recharge', {}", days(7)), "")),
        ("amount_range", cents.to_owned() + &list(amounts, "")),
        ("provider_number", SOME_LOT.to_owned() + &list(lot, "")),
        ("rare_text", list("'memo', '琥珀码头'", "")),
        (
            "as_of_balance",
            format!("{SOME_DAY}{anybody}select api.call('ledger.balance_as_of', {balance}, :customer::text));\n"),
        ),
        ("busy_balance", format!("{SOME_DAY}select api.call('ledger.balance_as_of', {balance}, '1'));\n")),
        (
            "house_balance",
            format!(
                "{SOME_DAY}select api.call('ledger.balance_as_of', jsonb_build_object('at', {date}, 'account_code', 'alipay_clearing'));\n"
            ),
        ),
        (
            "busy_statement",
            format!(
                "{SOME_DAY}select api.call('ledger.statement', jsonb_build_object('account_code', 'wallet', 'customer_id', '1', 'from_at', {date}, 'until_at', {date} + interval '30 days'));\n"
            ),
        ),
        ("first_total", "select api.call('ledger.total', '{}');\n".to_owned()),
        ("today_open", "select api.call('today.open', '{}');\n".to_owned()),
    ]
}

/// The worst of these is the filtered page.
const FILTERED: &[&str] = &["customer_and_date", "kind_and_date", "amount_range", "provider_number"];

/// The ratios besides it, each of the page of the same name.
const ALONE: &[&str] = &["first_page", "deep_page", "account_jump", "as_of_balance", "rare_text"];

/// The worst of these makes the growth.
const GROWING: &[&str] = &[
    "first_page",
    "deep_page",
    "account_jump",
    "customer_and_date",
    "kind_and_date",
    "amount_range",
    "provider_number",
    "as_of_balance",
];

/// One figure a round, by size and page.
type Times = BTreeMap<(String, &'static str), Vec<f64>>;

/// Asks for every page in turns, over all sizes, and compares medians within each round.
pub(super) async fn measure(
    server: &Server,
    all: &[Books],
    options: &Options,
    say: Say<'_>,
    report: &mut Report,
) -> Result<()> {
    let pgbench = Pgbench::new(server)?;
    let mut times = Times::new();
    let mut cpu = Times::new();
    let seconds = options.seconds.div_ceil(3);
    for round in options.rounds_with_warming_up() {
        say(&format!("pages, round {round} of {}", options.rounds));
        for (name, script) in scripts() {
            for books in all {
                let load = Load {
                    name: name.to_owned(),
                    database: books.database.clone(),
                    login: (![FLOOR, JSON_FLOOR].contains(&name)).then_some("accountant"),
                    clients: 1,
                    script: Script::Ours(script.clone()),
                    variables: vec![("last", books.journals.to_string()), ("customers", books.customers.to_string())],
                };
                let done = pgbench.run(&load, seconds, true).await?;
                // The first round fills the caches and is not counted.
                if round > 0 {
                    let page = (books.size.clone(), name);
                    if let Some(microseconds) = done.cpu_microseconds {
                        cpu.entry(page.clone()).or_default().push(microseconds);
                    }
                    times.entry(page).or_default().push(Spread::of(done.latencies).median);
                }
            }
        }
    }
    add_ratios(all, &times, report);
    for ((size, name), microseconds) in cpu {
        report.figure(&format!("{name}_cpu_us_{size}"), Spread::of(microseconds));
    }
    Ok(())
}

fn add_ratios(all: &[Books], times: &Times, report: &mut Report) {
    let of = |size: &str, name: &'static str| &times[&(size.to_owned(), name)];
    let ratio =
        |one: &[f64], other: &[f64]| Spread::of(one.iter().zip(other).map(|(one, other)| one / other).collect());
    for ((size, name), times) in times {
        report.figure(&format!("{name}_ms_{size}"), Spread::of(times.clone()));
    }
    let Some(largest) = all.last() else { return };
    let to_floor = |name: &'static str| ratio(of(&largest.size, name), of(&largest.size, FLOOR));
    let worst = |ratios: Vec<Spread>| ratios.into_iter().max_by(|one, other| one.median.total_cmp(&other.median));
    for name in ["first_page", "deep_page"] {
        let to_json_floor = ratio(of(&largest.size, name), of(&largest.size, JSON_FLOOR));
        report.figure(&format!("{name}_to_json_floor"), to_json_floor);
    }
    for name in ALONE {
        report.ratio(&format!("{name}_to_floor"), to_floor(name));
    }
    for name in ["busy_customer_jump", "busy_balance", "house_balance", "busy_statement"] {
        report.figure(&format!("{name}_to_floor"), to_floor(name));
    }
    for name in FILTERED {
        report.figure(&format!("{name}_to_floor"), to_floor(name));
    }
    if let Some(spread) = worst(FILTERED.iter().map(|name| to_floor(name)).collect()) {
        report.ratio("filtered_page_to_floor", spread);
    }
    for (small, large) in all.iter().zip(all.iter().skip(1)) {
        let growths = GROWING.iter().map(|name| ratio(of(&large.size, name), of(&small.size, name))).collect();
        if let Some(spread) = worst(growths) {
            report.ratio(&format!("growth_{}_to_{}", small.size, large.size), spread);
        }
        for name in GROWING.iter().chain(&["rare_text", "busy_statement", "first_total", "today_open"]) {
            report.figure(
                &format!("{name}_growth_{}_to_{}", small.size, large.size),
                ratio(of(&large.size, name), of(&small.size, name)),
            );
        }
    }
}
