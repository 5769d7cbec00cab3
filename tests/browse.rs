//! Browsing the ledger: every filter, both directions, any instant, against a plain reading of all lines.

use crate::desk::{Desk, order, with};
use crate::support::{call, refused};
use serde_json::{Value, json};
use sqlx::Row;
use std::collections::BTreeMap;

/// A line of the books with what a filter may ask of it.
struct Line {
    journal: i64,
    kind: String,
    customer: Option<i64>,
    account: String,
    commodity: String,
    /// In millionths, debit positive.
    amount: i128,
    recorded: String,
    effective: String,
    person: String,
    memo: String,
}

async fn all_lines(desk: &Desk) -> Vec<Line> {
    let mut owner = desk.books.owner().await;
    sqlx::query(
        "select j.id, j.kind, j.customer_id, a.code, p.commodity, (p.amount * 1000000)::bigint as amount, b.login, coalesce(j.memo, '') as memo,
                to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') as recorded, to_char(j.effective_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') as effective
         from book.journals j join book.postings p on p.journal_id = j.id join book.accounts a on a.id = p.account_id join book.people b on b.id = j.recorded_by order by j.id, p.line",
    )
    .fetch_all(&mut owner)
    .await
    .expect("all lines")
    .iter()
    .map(|row| Line {
        journal: row.get("id"),
        kind: row.get("kind"),
        customer: row.get("customer_id"),
        account: row.get("code"),
        commodity: row.get("commodity"),
        amount: i128::from(row.get::<i64, _>("amount")),
        recorded: row.get("recorded"),
        effective: row.get("effective"),
        person: row.get("login"),
        memo: row.get("memo"),
    })
    .collect()
}

fn millionths(text: &Value) -> i128 {
    let text = text.as_str().expect("an amount is a text");
    let (whole, fraction) = text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
    let value =
        whole.parse::<i128>().expect("digits") * 1_000_000 + format!("{fraction:0<6}").parse::<i128>().expect("digits");
    if text.starts_with('-') { -value } else { value }
}

fn ids(page: &Value) -> Vec<i64> {
    page.as_array()
        .expect("a page")
        .iter()
        .map(|j| j["id"].as_str().expect("an id").parse().expect("a number"))
        .collect()
}

/// Books with a little of everything, over four months; the same dice each time.
async fn random_books(seed: u64) -> Desk {
    let desk = Desk::open().await;
    let mut dice = seed;
    let mut roll = move |below: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % below
    };
    for round in 0..12_u64 {
        let instant = format!("2026-{:02}-{:02}T{:02}:30:00+08:00", 6 + round / 4, 2 + (round % 4) * 7, 8 + roll(10));
        desk.books.set_clock(&instant).await;
        let mut orders = Vec::new();
        for n in 0..3 + roll(4) {
            let paid = format!("{}.{:02}", 5 + roll(400), roll(100));
            let facts = json!({"channel": if roll(3) == 0 { "wechat" } else { "alipay" }, "gift": if roll(3) == 0 { "7.00" } else { "0" }, "activity": "welcome",
                               "provider_no": format!("42{round:02}{n:02}"), "customer_name": format!("Demo company {n}")});
            let late = format!("2026-05-{:02}T{:02}:00:00+08:00", 1 + roll(28), roll(24));
            orders.push(with(order(&format!("R{round}-{n}"), &format!("C{}", roll(5)), &paid, &late), facts));
        }
        desk.recharge(orders).await;
        for n in 0..2 + roll(4) {
            let customer = format!("C{}", roll(5));
            let known = desk.figure("select string_agg(ref, ',') from book.customers").await;
            if known.split(',').any(|one| one == customer) {
                desk.use_up(&format!("U{round}-{n}"), &customer, &format!("{}.{:06}", roll(90), 1 + roll(999_999)))
                    .await;
            }
        }
        // Now and then somebody is there, and the totals move on; the rest is the tail.
        if round % 4 == 2 {
            desk.figure("select api.tend()::text").await;
        }
    }
    desk
}

/// Reads all pages downward, then all upward from the last row: both must give everything that fits, once.
async fn both_ways(desk: &Desk, filter: &Value, by_effective: bool) -> Vec<i64> {
    let mut down = Vec::new();
    loop {
        let mut arguments = json!({"filter": filter, "by_effective": by_effective, "maximum": 3});
        if let Some(last) = down.last() {
            arguments["before"] = json!(format!("{last}"));
        }
        let page = ids(&desk.read("auditor", "ledger.list", arguments).await);
        if page.is_empty() {
            break;
        }
        down.extend(page);
    }
    let mut up = down.last().copied().into_iter().collect::<Vec<_>>();
    while let Some(top) = up.first() {
        let arguments = json!({"filter": filter, "by_effective": by_effective, "maximum": 3, "after": top.to_string()});
        let page = ids(&desk.read("auditor", "ledger.list", arguments).await);
        if page.is_empty() {
            break;
        }
        up.splice(0..0, page);
    }
    assert_eq!(down, up, "{filter} reads otherwise upward");
    down
}

#[tokio::test]
async fn every_filter_finds_what_a_plain_reading_finds() {
    let desk = random_books(7).await;
    // A memo of a person, so that its text can be searched.
    desk.figure(
        "with j as (select api.post_journal('adjustment', null, now(), api.clock(), 1, 'test', '1', array['bank', 'goodwill'], array['CNY', 'CNY'], array[118.20, -118.20], null, '客户来电，发票重开') as id) select id::text from j",
    )
    .await;
    let lines = all_lines(&desk).await;
    let customer = desk.customer("C1").await;
    let number: i64 = customer.parse().expect("a number");
    type Fits = Box<dyn Fn(&Line) -> bool>;
    let cases: Vec<(Value, Fits)> = vec![
        (json!({}), Box::new(|_| true)),
        (json!({"customer_id": customer}), Box::new(move |l| l.customer == Some(number))),
        (json!({"kind": "recharge"}), Box::new(|l| l.kind == "recharge")),
        (json!({"kind": "usage"}), Box::new(|l| l.kind == "usage")),
        (json!({"kind": "recharge,adjustment"}), Box::new(|l| l.kind == "recharge" || l.kind == "adjustment")),
        (json!({"account": "wechat_clearing"}), Box::new(|l| l.account == "wechat_clearing")),
        (json!({"channel": "alipay"}), Box::new(|l| l.account == "alipay_clearing")),
        (
            json!({"account": "wallet", "commodity": "CNY.GIFT"}),
            Box::new(|l| l.account == "wallet" && l.commodity == "CNY.GIFT"),
        ),
        (
            json!({"account": "prepaid", "kind": "recharge"}),
            Box::new(|l| l.account == "wallet" && l.kind == "recharge"),
        ),
        (
            json!({"amount_from": "50", "amount_until": "200"}),
            Box::new(|l| (50_000_000..=200_000_000).contains(&l.amount.abs())),
        ),
        (json!({"amount_from": "118.20", "amount_until": "118.20"}), Box::new(|l| l.amount.abs() == 118_200_000)),
        (
            json!({"customer_id": customer, "kind": "usage", "amount_from": "20"}),
            Box::new(move |l| l.customer == Some(number) && l.kind == "usage" && l.amount.abs() >= 20_000_000),
        ),
        (
            json!({"recorded_from": "2026-07-01T00:00:00+08:00", "recorded_until": "2026-08-01T00:00:00+08:00"}),
            Box::new(|l| l.recorded.as_str() >= "2026-06-30T16" && l.recorded.as_str() < "2026-07-31T16"),
        ),
        (
            json!({"effective_from": "2026-05-10T00:00:00+08:00", "effective_until": "2026-05-20T12:30:00+08:00", "kind": "recharge"}),
            Box::new(|l| {
                l.kind == "recharge"
                    && l.effective.as_str() >= "2026-05-09T16"
                    && l.effective.as_str() < "2026-05-20T04:30"
            }),
        ),
        (
            json!({"person": "platform", "account": "gift_granted"}),
            Box::new(|l| l.person == "platform" && l.account == "gift_granted"),
        ),
        (json!({"memo": "重开"}), Box::new(|l| l.memo.contains("重开"))),
        (json!({"product": "chat"}), Box::new(|l| l.kind == "usage")),
    ];
    for (filter, fits) in &cases {
        let mut wanted: Vec<i64> = lines.iter().filter(|line| fits(line)).map(|line| line.journal).collect();
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        wanted.dedup();
        assert!(!wanted.is_empty(), "{filter} tests nothing");
        assert_eq!(both_ways(&desk, filter, false).await, wanted, "{filter}");
        let mut by_effective: Vec<i64> = both_ways(&desk, filter, true).await;
        let instant = |id: i64| {
            lines.iter().find(|line| line.journal == id).map(|line| line.effective.clone()).expect("an instant")
        };
        assert!(
            by_effective.windows(2).all(|pair| (instant(pair[0]), pair[0]) > (instant(pair[1]), pair[1])),
            "{filter} by the effective instant"
        );
        by_effective.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(by_effective, wanted, "{filter} by the effective instant");
        // What a line must satisfy is counted, and the lines of journals that need only their head are counted whole.
        let counted = desk.read("auditor", "ledger.count", json!({"filter": filter})).await;
        let known = desk.read("auditor", "ledger.total", json!({"filter": filter})).await;
        if known["ready"] == true {
            assert_eq!(known["commodities"], counted["commodities"], "{filter}: roll-ups and a count");
        }
        for total in counted["commodities"].as_array().expect("totals") {
            let unit = total["commodity"].as_str().expect("a commodity");
            let sum: i128 = lines
                .iter()
                .filter(|line| fits(line) && line.commodity == unit && line.amount > 0)
                .map(|line| line.amount)
                .sum();
            assert_eq!(millionths(&total["debit"]), sum, "{filter} {unit}");
        }
    }
}

#[tokio::test]
async fn a_number_leads_to_its_journals_and_what_was_consumed_of_it() {
    let desk = Desk::open().await;
    desk.recharge(vec![
        with(order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00"), json!({"provider_no": "4200017"})),
        order("R2", "C2", "50.00", "2026-05-02T10:00:00+08:00"),
    ])
    .await;
    desk.use_up("U1", "C1", "30").await;
    let found = |document: &'static str| {
        let desk = &desk;
        async move {
            desk.read("auditor", "ledger.list", json!({"filter": {"document": document}}))
                .await
                .as_array()
                .map(Vec::len)
        }
    };
    assert_eq!(found("R1").await, Some(2));
    assert_eq!(found("4200017").await, Some(2));
    assert_eq!(found("U1").await, Some(1));
    assert_eq!(found("R2").await, Some(1));
    assert_eq!(found("R3").await, Some(0));
}

#[tokio::test]
async fn balances_at_any_instant_equal_a_replay() {
    let desk = random_books(11).await;
    let lines = all_lines(&desk).await;
    let customer = desk.customer("C2").await;
    let number: i64 = customer.parse().expect("a number");
    for (instant, told) in [
        ("2026-06-10T00:00:00+08:00", "2026-06-09T16:00:00"),
        ("2026-07-09T12:34:56+08:00", "2026-07-09T04:34:56"),
        ("2026-08-30T18:00:00+08:00", "2026-08-30T10:00:00"),
        ("2026-05-15T09:00:00+08:00", "2026-05-15T01:00:00"),
    ] {
        for by_effective in [false, true] {
            let before = |line: &&Line| {
                if by_effective { line.effective.as_str() < told } else { line.recorded.as_str() < told }
            };
            let sum = |account: &str, of: Option<i64>| -> i128 {
                lines
                    .iter()
                    .filter(before)
                    .filter(|l| l.account == account && l.commodity == "CNY" && (of.is_none() || l.customer == of))
                    .map(|l| l.amount)
                    .sum()
            };
            let ask = |account: &'static str, customer: Option<&str>| {
                let arguments = json!({"at": instant, "account_code": account, "customer_id": customer, "by_effective": by_effective});
                let desk = &desk;
                async move { millionths(&desk.read("auditor", "ledger.balance_as_of", arguments).await["amount"]) }
            };
            assert_eq!(ask("wallet", Some(&customer)).await, -sum("wallet", Some(number)), "{instant} {by_effective}");
            assert_eq!(ask("wallet", None).await, -sum("wallet", None), "{instant} {by_effective}");
            assert_eq!(ask("alipay_clearing", None).await, sum("alipay_clearing", None), "{instant} {by_effective}");
            let trial = desk
                .read("auditor", "ledger.trial_balance", json!({"at": instant, "by_effective": by_effective}))
                .await;
            let mut net: BTreeMap<&str, i128> = BTreeMap::new();
            for row in trial.as_array().expect("accounts") {
                let (account, unit) =
                    (row["account"].as_str().expect("a code"), row["commodity"].as_str().expect("a commodity"));
                *net.entry(unit).or_default() += millionths(&row["balance"]);
                let replayed: i128 = lines
                    .iter()
                    .filter(before)
                    .filter(|l| l.account == account && l.commodity == unit)
                    .map(|l| l.amount)
                    .sum();
                assert_eq!(millionths(&row["balance"]), replayed, "{account} {unit} {instant} {by_effective}");
            }
            assert!(net.values().all(|sum| *sum == 0), "the trial balance of {instant} nets to {net:?}");
        }
    }
}

#[tokio::test]
async fn a_statement_begins_where_the_last_one_ended_and_carries_each_balance() {
    let desk = random_books(13).await;
    let customer = desk.customer("C1").await;
    for by_effective in [false, true] {
        for (account, customer) in [("wallet", Some(customer.as_str())), ("alipay_clearing", None), ("wallet", None)] {
            let mut closing = None;
            for (from, until) in
                [("2026-05-01", "2026-06-15"), ("2026-06-15", "2026-07-10"), ("2026-07-10", "2026-09-30")]
            {
                let mut arguments = json!({"account_code": account, "customer_id": customer, "by_effective": by_effective, "maximum": 4,
                    "from_at": format!("{from}T00:00:00+08:00"), "until_at": format!("{until}T00:00:00+08:00")});
                let head = desk.read("auditor", "ledger.statement", arguments.clone()).await;
                if let Some(last) = closing {
                    assert_eq!(millionths(&head["opening"]), last, "{account} {from} {by_effective}");
                }
                let (mut page, mut balance) = (head.clone(), millionths(&head["opening"]));
                loop {
                    let lines = page["lines"].as_array().expect("lines").clone();
                    for line in &lines {
                        balance += millionths(&line["amount"]);
                        assert_eq!(millionths(&line["balance"]), balance, "{account} {from} {by_effective}");
                    }
                    let Some(last) = lines.last().filter(|_| page["more"] == true) else { break };
                    arguments["after_journal"] = last["journal_id"].clone();
                    arguments["after_line"] = last["line"].clone();
                    arguments["balance"] = last["balance"].clone();
                    page = desk.read("auditor", "ledger.statement", arguments.clone()).await;
                }
                assert_eq!(millionths(&head["closing"]), balance, "{account} {from} {by_effective}");
                closing = Some(balance);
            }
        }
    }
    let backwards =
        json!({"account_code": "wallet", "from_at": "2026-07-01T00:00:00Z", "until_at": "2026-07-01T00:00:00Z"});
    assert_eq!(
        refused(call(&desk.person("auditor").await, "ledger.statement", backwards).await),
        "period_ends_before_it_begins"
    );
}

#[tokio::test]
async fn the_roll_forward_closes_and_its_channels_add_up() {
    let desk = random_books(17).await;
    for by_effective in [false, true] {
        let rows = desk
            .read(
                "auditor",
                "ledger.roll_forward",
                json!({"first_month": "2026-04-01", "months": 8, "by_effective": by_effective}),
            )
            .await;
        let rows = rows.as_array().expect("months");
        assert!(rows.iter().any(|row| row["channel"] == "wechat") && rows.iter().any(|row| row["channel"].is_null()));
        let mut closing: BTreeMap<String, i128> = BTreeMap::new();
        let mut by_month: BTreeMap<(String, bool), i128> = BTreeMap::new();
        for row in rows {
            let key = format!("{} {}", row["commodity"], row["channel"]);
            let moved =
                ["recharged", "used", "refunded", "other"].iter().map(|name| millionths(&row[*name])).sum::<i128>();
            assert_eq!(
                millionths(&row["opening"]),
                closing.get(&key).copied().unwrap_or_default(),
                "{key} {}",
                row["month"]
            );
            assert_eq!(millionths(&row["opening"]) + moved, millionths(&row["closing"]), "{key} {}", row["month"]);
            closing.insert(key, millionths(&row["closing"]));
            if row["commodity"] == "CNY" {
                *by_month.entry((row["month"].to_string(), row["channel"].is_null())).or_default() += moved;
            }
        }
        for ((month, whole), moved) in &by_month {
            assert_eq!(by_month.get(&(month.clone(), !whole)), Some(moved), "{month}: the channels and the whole");
        }
        let owed = desk.figure("select (sum(amount) * 1000000)::bigint::text from book.balances b join book.accounts a on a.id = b.account_id where a.code in ('wallet', 'refund_hold', 'repayment_hold') and b.commodity = 'CNY'").await;
        assert_eq!(closing["\"CNY\" null"].to_string(), owed);
    }
}

#[tokio::test]
async fn each_figure_of_a_channel_is_the_sum_of_the_recharges_behind_it() {
    let desk = random_books(23).await;
    let others = desk
        .figure("select string_agg(distinct kind::text, ',') from book.journals where kind not in ('recharge', 'usage', 'credit_back', 'gift_void', 'gift_reinstated') and kind not like 'refund%' and kind not like 'repayment%'")
        .await;
    let refunds = "refund_hold,refund_hold_released,refund_released,refund_paid,repayment_hold,repayment_hold_released,repayment_released,repayment_paid,gift_void,gift_reinstated";
    let columns =
        [("recharged", "recharge"), ("used", "usage,credit_back"), ("refunded", refunds), ("other", others.as_str())];
    for by_effective in [false, true] {
        let asked = json!({"first_month": "2026-04-01", "months": 8, "by_effective": by_effective});
        let rows = desk.read("auditor", "ledger.roll_forward", asked).await;
        let mut compared = 0;
        for row in rows.as_array().expect("months") {
            let channel = row["channel"].as_str().unwrap_or("none");
            if channel == "none" || row["commodity"] != "CNY" {
                continue;
            }
            let month: chrono::NaiveDate = row["month"].as_str().expect("a month").parse().expect("a day");
            let last = month + chrono::Months::new(1) - chrono::Days::new(1);
            for (column, kinds) in columns {
                let mut page = json!({"channel": channel, "kinds": kinds, "from_on": month, "until_on": last, "by_effective": by_effective, "maximum": 7});
                let (mut sum, mut seen) = (0, std::collections::HashSet::new());
                loop {
                    let moves = desk.read("auditor", "ledger.channel_moves", page.clone()).await;
                    let Some(end) = moves.as_array().expect("moves").last() else { break };
                    for one in moves.as_array().expect("moves") {
                        assert!(seen.insert(format!("{} {}", one["journal_id"], one["order_no"])), "twice: {one}");
                        sum += millionths(&one["amount"]);
                    }
                    page["before"] = end["journal_id"].clone();
                    page["before_order"] = end["order_no"].clone();
                }
                assert_eq!(sum, millionths(&row[column]), "{month} {channel} {column}");
                compared += usize::from(sum != 0);
            }
        }
        assert!(compared >= 4, "{compared} figures only");
    }
    let wrong = json!({"channel": "cash", "kinds": "usage", "from_on": "2026-05-01", "until_on": "2026-05-31"});
    assert_eq!(refused(call(&desk.person("auditor").await, "ledger.channel_moves", wrong).await), "channel_unknown");
}

#[tokio::test]
async fn a_saved_filter_is_its_owners_alone_and_its_name_replaces_itself() {
    let desk = Desk::open().await;
    let saved = desk
        .act("auditor", "ledger.save_filter", json!({"name": "Gifts of May", "filter": {"commodity": "CNY.GIFT"}}))
        .await;
    desk.act(
        "auditor",
        "ledger.save_filter",
        json!({"name": "Gifts of May", "filter": {"commodity": "CNY.GIFT", "from": "2026-05-01"}}),
    )
    .await;
    let mine = desk.read("auditor", "ledger.list_filters", json!({})).await;
    assert_eq!(mine.as_array().map(Vec::len), Some(1));
    assert_eq!(mine[0]["filter"]["from"], "2026-05-01");
    assert_eq!(desk.read("agent", "ledger.list_filters", json!({})).await, json!([]));
    assert_eq!(
        refused(desk.try_act("auditor", "ledger.remove_filter", json!({"filter_id": saved["id"]})).await),
        "saved_filter_unknown"
    );
    assert_eq!(
        refused(desk.try_act("agent", "ledger.remove_filter", json!({"filter_id": mine[0]["id"]})).await),
        "saved_filter_unknown"
    );
    assert_eq!(
        refused(desk.try_act("auditor", "ledger.save_filter", json!({"name": " ", "filter": {}})).await),
        "saved_filter_without_name"
    );
    assert_eq!(desk.act("auditor", "ledger.remove_filter", json!({"filter_id": mine[0]["id"]})).await, json!([]));
}

#[tokio::test]
async fn a_page_keeps_each_journals_lines_together_and_in_their_order() {
    let desk = random_books(11).await;
    let kept = desk.figure("select jsonb_object_agg(x.journal_id, x.lines)::text from (select p.journal_id, count(*) as lines from book.postings p group by 1) x").await;
    let kept: Value = serde_json::from_str(&kept).expect("counts by journal");
    // Neighbours are read as one range, others each for themselves.
    for filter in [json!({}), json!({"kind": "recharge"}), json!({"account": "wallet", "kind": "usage"})] {
        let page = desk.read("auditor", "ledger.list", json!({"filter": filter, "maximum": 500})).await;
        let page = page.as_array().expect("a page");
        assert!(page.len() > 3, "{filter}");
        for journal in page {
            let lines: Vec<_> =
                journal["lines"].as_array().expect("lines").iter().map(|l| l["line"].as_u64()).collect();
            let count = kept[journal["id"].as_str().expect("an id")].as_u64().expect("a count");
            assert_eq!(lines, (1..=count).map(Some).collect::<Vec<_>>(), "{journal}");
        }
    }
}

#[tokio::test]
async fn the_kept_walk_of_amounts_asks_for_the_key_that_the_index_is_made_of() {
    let desk = Desk::open().await;
    let keys = "select string_agg(distinct (found[1] = api.amount_key())::text, ',') || ' ' || count(*) from pg_proc p, \
                regexp_matches(p.prosrc, '\\(floor.*?journal_id\\)', 'g') found where p.oid = 'api.walk_amounts_plainly'::regproc";
    assert_eq!(desk.figure(keys).await, "true 6");
}
