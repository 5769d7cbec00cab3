//! One recharge and one usage charge at a time, beside TPC-B and beside the bare commit.

use super::books::Books;
use super::claims::Written;
use super::load::{Done, Load, Pgbench, Script};
use super::report::{Report, Spread};
use super::{Failure, Options, Result, Say};
use crate::embedded::{Server, run};
use crate::rehearsal;
use serde_json::json;
use sqlx::ConnectOptions;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const FLOOR: &str = "kontor_bench_floor";

// To pgbench a colon before a letter or digit is a variable, so the JSON has a space there and the instants have none.

/// A paid order as the platform's service sends it. Spread: each order on one of the two clearing accounts; else
/// everybody meets on one.
const RECHARGE: &str = r#"\set n :n + 1
\set customer random(1, :customers)
\set yuan random(50, 1000)
\set wechat random(0, 99)
select api.post_recharge(gen_random_uuid(), format('{"line": 1,"order_no":"B%s-%s-%s","customer_ref":"C%s","customer_name":"%s","customer_kind":"%s","phone":"138%s","email":"c%s@example.com","real_name_verified": true,"search_key":"c%s","kind":"custom","principal":"%s.00","gift":"%s.10","activity":"bench","channel":"%s","payer_account":"payer%s@example.com","payer_is_holder": true,"agreement_version":"BENCH-1","paid_at":"20260105T010000Z","provider_no":"P%s%s%s"}',
    :run::text, :client_id::text, :n::text, lpad(:customer::text, 7, '0'), case when :customer::bigint % 3 = 0 then '测试' || :customer::text || '有限公司' else '客户' || :customer::text end,
    case when :customer::bigint % 3 = 0 then 'enterprise' else 'personal' end, lpad(:customer::text, 8, '0'), :customer::text, :customer::text, :yuan::text, (:yuan::bigint / 10)::text,
    case when :wechat::bigint < :wechat_in_a_hundred::bigint then 'wechat' else 'alipay' end, :customer::text, :run::text, :client_id::text, :n::text)::jsonb);
"#;

/// A metered charge. Spread: three products, each with its revenue account; else everybody meets on one.
const USAGE: &str = r#"\set n :n + 1
\set customer random(1, :customers)
\set micros random(1000, 900000)
\set product random(1, :products)
select api.post_usage_row(gen_random_uuid(), format('{"line": 1,"usage_key":"B%s-%s-%s","customer_ref":"C%s","product":"%s","used_from":"20260104T230000Z","used_to":"20260105T000000Z","amount":"0.%s"}',
    :run::text, :client_id::text, :n::text, lpad(:customer::text, 7, '0'), (array['compute', 'storage', 'traffic'])[:product::integer], lpad(:micros::text, 6, '0'))::jsonb);
"#;

const COMMIT: &str = "\\set n random(1, 1000000)\ninsert into one_row (n) values (:n);\n";

/// Every load with every number of connections, in turns.
pub(super) async fn measure(
    server: &Server,
    books: &Books,
    options: &Options,
    say: Say<'_>,
    report: &mut Report,
) -> Result<()> {
    let pgbench = Pgbench::new(server)?;
    pgbench.prepare_tpcb(FLOOR, options.scale).await?;
    let mut floor = server.administrator(FLOOR).connect().await?;
    run(
        &mut floor,
        "create table if not exists one_row (id bigint generated always as identity primary key, n integer)".to_owned(),
    )
    .await?;
    let loads: Vec<Load> = options.connections.iter().flat_map(|clients| loads(books, *clients)).collect();
    let mut rates: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut cpu: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let (mut recharges, mut charges) = (0, 0);
    let before = Written::so_far(server, books).await?;
    let housekeeping = Housekeeping::start(server, books).await?;
    for round in options.rounds_with_warming_up() {
        say(&format!("posting, round {round} of {}", options.rounds));
        for (at, load) in loads.iter().enumerate() {
            let mut load = load.clone();
            load.variables.push(("run", format!("{}{round}x{at}", &uuid::Uuid::new_v4().simple().to_string()[..8])));
            let seconds = if round == 0 { options.seconds.min(1) } else { options.seconds };
            let Done { rate, transactions, cpu_microseconds, .. } = pgbench.run(&load, seconds, false).await?;
            recharges += if load.name.starts_with("recharge") || load.name.starts_with("hot_recharge") {
                transactions
            } else {
                0
            };
            charges +=
                if load.name.starts_with("usage") || load.name.starts_with("hot_usage") { transactions } else { 0 };
            if round > 0 {
                if let Some(microseconds) = cpu_microseconds {
                    cpu.entry(load.name.clone()).or_default().push(microseconds);
                }
                rates.entry(load.name).or_default().push(rate);
            }
        }
    }
    let tended = housekeeping.stop().await?;
    let written = Written::so_far(server, books).await?.since(before);
    let expected = Written { audit_rows: recharges + charges, recharges, charges };
    if written != expected || tended == 0 {
        return Err(Failure::Broken {
            claim: "each action left one audit row and one posting of its kind, while housekeeping ran",
            found: json!({"written": format!("{written:?}"), "acted": format!("{expected:?}"), "tended": tended}),
        });
    }
    report.claim("actions_posted_one_by_one", json!(recharges + charges));
    report.claim("audit_rows_of_those", json!(written.audit_rows));
    report.claim("housekeeping_runs_meanwhile", json!(tended));
    add_ratios(&rates, &options.connections, report);
    for (name, microseconds) in cpu {
        report.figure(&format!("{name}_cpu_us"), Spread::of(microseconds));
    }
    Ok(())
}

fn loads(books: &Books, clients: u32) -> Vec<Load> {
    let ours = |name: &str, script: &str, hot: bool| Load {
        name: format!("{name}_c{clients}"),
        database: books.database.clone(),
        login: Some("platform"),
        clients,
        script: Script::Ours(script.to_owned()),
        variables: vec![
            ("n", "0".to_owned()),
            ("customers", books.customers.to_string()),
            ("wechat_in_a_hundred", if hot { "0" } else { "50" }.to_owned()),
            ("products", if hot { "1" } else { "3" }.to_owned()),
        ],
    };
    let floor = |name: &str, script: Script| Load {
        name: format!("{name}_c{clients}"),
        database: FLOOR.to_owned(),
        login: None,
        clients,
        script,
        variables: Vec::new(),
    };
    let mut loads = vec![
        floor("tpcb", Script::Builtin("tpcb-like")),
        ours("recharge", RECHARGE, false),
        ours("usage", USAGE, false),
        floor("commit", Script::Ours(COMMIT.to_owned())),
    ];
    if clients == 8 {
        loads.insert(2, ours("hot_recharge", RECHARGE, true));
        loads.insert(4, ours("hot_usage", USAGE, true));
    }
    loads
}

/// The ratio of two loads is taken within each round, where they ran side by side, and then over the rounds.
fn add_ratios(rates: &BTreeMap<String, Vec<f64>>, connections: &[u32], report: &mut Report) {
    let ratio = |one: &str, other: &str| {
        Spread::of(rates[one].iter().zip(&rates[other]).map(|(one, other)| one / other).collect())
    };
    for clients in connections {
        if [1, 8].contains(clients) {
            report.ratio(
                &format!("posting_c{clients}_to_tpcb"),
                ratio(&format!("recharge_c{clients}"), &format!("tpcb_c{clients}")),
            );
        }
        if *clients == 8 {
            report.ratio("hot_to_spread_c8", ratio("hot_recharge_c8", "recharge_c8"));
            report.figure("hot_usage_to_spread_c8", ratio("hot_usage_c8", "usage_c8"));
        }
        for load in ["recharge", "usage"] {
            let ours = format!("{load}_c{clients}");
            report.figure(&format!("{ours}_to_tpcb"), ratio(&ours, &format!("tpcb_c{clients}")));
            report.figure(&format!("{ours}_to_commit"), ratio(&ours, &format!("commit_c{clients}")));
        }
    }
    for (name, rates) in rates {
        report.figure(&format!("{name}_a_second"), Spread::of(rates.clone()));
    }
}

/// Somebody at a desk, whose program tends the books every second.
struct Housekeeping {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<Result<u32, crate::Error>>,
}

impl Housekeeping {
    async fn start(server: &Server, books: &Books) -> Result<Self> {
        let desk = rehearsal::sign_in(server, &books.database, "accountant").await?;
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut times = 0;
            while !told.load(Ordering::SeqCst) {
                sqlx::query("select api.tend()").execute(&desk.pool).await?;
                times += 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            desk.close().await;
            Ok(times)
        });
        Ok(Self { stop, task })
    }

    async fn stop(self) -> Result<u32> {
        self.stop.store(true, Ordering::SeqCst);
        Ok(self.task.await.map_err(crate::Error::bug)??)
    }
}
