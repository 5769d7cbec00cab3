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

/// A page of about as many lines as the floor has rows: journals have 2.7 lines on average.
const JOURNALS: u32 = 37;

/// Everything that is asked, with random keys. `:last` is the last journal, `:lot` one of a thousand lots.
fn scripts() -> Vec<(&'static str, String)> {
    let list = |arguments: &str| {
        format!("select api.call('ledger.list', jsonb_build_object('maximum', {JOURNALS}, {arguments}));\n")
    };
    let somewhere = "\\set key random(:last / 20, :last)\n";
    let day = "\\set day random(60, 700)\n";
    let date = "(timestamptz '2024-01-01 00:00+08' + :day::integer * interval '1 day')";
    let days = |n: u32| format!("'effective_from', {date}, 'effective_until', {date} + interval '{n} days'");
    vec![
        (
            FLOOR,
            format!(
                "{somewhere}select * from book.postings where journal_id <= :key order by journal_id desc, line desc limit 100;\n"
            ),
        ),
        (
            JSON_FLOOR,
            format!(
                "{somewhere}select json_agg(p) from (select line, account_id, customer_id, commodity, amount::text, balance_after::text from book.postings where journal_id <= :key order by journal_id desc, line desc limit 100) p;\n"
            ),
        ),
        ("first_page", format!("select api.call('ledger.list', jsonb_build_object('maximum', {JOURNALS}));\n")),
        ("deep_page", somewhere.to_owned() + &list("'before', :key::text")),
        (
            "account_jump",
            somewhere.to_owned() + &list("'filter', '{\"account\": \"alipay_clearing\"}'::jsonb, 'before', :key::text"),
        ),
        (
            "busy_account_jump",
            somewhere.to_owned()
                + &list("'filter', '{\"customer_id\": \"1\", \"account\": \"wallet\"}'::jsonb, 'before', :key::text"),
        ),
        (
            "customer_and_date",
            day.to_owned() + &list(&format!("'filter', jsonb_build_object('customer_id', '1', {})", days(30))),
        ),
        (
            "kind_and_date",
            day.to_owned() + &list(&format!("'filter', jsonb_build_object('kind', 'recharge', {})", days(7))),
        ),
        ("today_open", "select api.call('today.open', '{}');\n".to_owned()),
    ]
}

/// The worst of these is the filtered page.
const FILTERED: &[&str] = &["customer_and_date", "kind_and_date"];

/// These make up the growth.
const GROWING: &[&str] = &["first_page", "deep_page", "account_jump", "customer_and_date", "kind_and_date"];

/// Asks for every page in turns, over all sizes, and compares medians within each round.
pub(super) async fn measure(
    server: &Server,
    all: &[Books],
    options: &Options,
    say: Say<'_>,
    report: &mut Report,
) -> Result<()> {
    let pgbench = Pgbench::new(server)?;
    let mut times: BTreeMap<(String, &'static str), Vec<f64>> = BTreeMap::new();
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
                    variables: vec![("last", books.journals.to_string())],
                };
                let done = pgbench.run(&load, seconds, true).await?;
                // The first round fills the caches and is not counted.
                if round > 0 {
                    times.entry((books.size.clone(), name)).or_default().push(Spread::of(done.latencies).median);
                }
            }
        }
    }
    add_ratios(all, &times, report);
    Ok(())
}

fn add_ratios(all: &[Books], times: &BTreeMap<(String, &'static str), Vec<f64>>, report: &mut Report) {
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
        report.figure(&format!("{name}_to_json_floor"), ratio(of(&largest.size, name), of(&largest.size, JSON_FLOOR)));
    }
    for name in ["first_page", "deep_page", "account_jump"] {
        report.ratio(&format!("{name}_to_floor"), to_floor(name));
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
        for name in GROWING.iter().chain(&["today_open"]) {
            report.figure(
                &format!("{name}_growth_{}_to_{}", small.size, large.size),
                ratio(of(&large.size, name), of(&small.size, name)),
            );
        }
    }
}
