//! Invoices of 60 Chinese lines on three pages: how many one core lays out in a second, how large they are, and that
//! ten thousand take no more memory than a thousand.

use super::report::{Report, Spread};
use super::{Failure, Options, Result, Say};
use crate::invoices::{self, Invoice};
use crate::paper::Fonts;
use serde_json::{Value, json};
use std::time::Instant;

const LINES: usize = 60;

/// How many papers a round lays out; with the number asked for, one long run follows.
const EACH_ROUND: u32 = 100;

/// What a long run may add to the memory, in kilobytes: the allocator's own breathing.
const GROWTH_MAX: u64 = 16 * 1024;

/// Lays out on one thread; other loads are not running meanwhile.
pub(super) fn measure(options: &Options, say: Say<'_>, report: &mut Report) -> Result<()> {
    let fonts = Fonts::shared(None)?;
    let mut invoice: Invoice = serde_json::from_value(content()).map_err(crate::Error::from)?;
    let each_round = if options.seconds == 0 { 3 } else { EACH_ROUND };
    let (mut rates, mut bytes) = (Vec::new(), 0);
    for round in options.rounds_with_warming_up() {
        say(&format!("papers, round {round} of {}", options.rounds));
        let begun = cpu_seconds();
        for n in 0..each_round {
            bytes = paper(fonts, &mut invoice, n)?;
        }
        if round > 0 {
            rates.push(f64::from(each_round) / (cpu_seconds() - begun));
        }
    }
    report.figure("papers_a_cpu_second", Spread::of(rates));
    report.figure("paper_bytes", Spread::of(vec![bytes as f64]));
    if options.papers > 0 {
        long_run(fonts, invoice, options.papers, say, report)?;
    }
    Ok(())
}

fn long_run(fonts: &Fonts, mut invoice: Invoice, papers: u32, say: Say<'_>, report: &mut Report) -> Result<()> {
    say(&format!("{papers} papers in one run"));
    let settled = papers / 10;
    let mut before = resident_kilobytes();
    for n in 0..papers {
        paper(fonts, &mut invoice, n)?;
        if n == settled {
            before = resident_kilobytes();
        }
    }
    let (Some(before), Some(after)) = (before, resident_kilobytes()) else { return Ok(()) };
    if after > before + GROWTH_MAX {
        let found = json!({"kilobytes_after_a_tenth": before, "kilobytes_after_all": after});
        return Err(Failure::Broken { claim: "memory stays flat over many papers", found });
    }
    report.claim(
        "papers_in_one_run",
        json!({"papers": papers, "kilobytes_after_a_tenth": before, "kilobytes_after_all": after}),
    );
    Ok(())
}

/// Each paper has its own number, so that nothing can be remembered from the one before.
fn paper(fonts: &Fonts, invoice: &mut Invoice, n: u32) -> Result<usize> {
    invoice.number = format!("ST-2026-{n:06}");
    Ok(invoices::render(fonts, invoice)?.len())
}

/// Time of this thread on a core; other programs' turns do not count. Where the system does not tell, the clock's.
fn cpu_seconds() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with("VmRSS:"))?.split_whitespace().nth(1)?.parse().ok()
}

fn content() -> Value {
    const PRODUCTS: [(&str, &str); 4] = [
        ("通用大模型推理调用", "输入 12,480,113 词元，输出 3,208,554 词元"),
        ("图像生成", "1,204 张，1024×1024"),
        ("夜间批量推理", "按实际成功量计费，夜间折扣百分之五十"),
        ("向量化检索", "8,120,004 词元，含重排序"),
    ];
    let mut totals = [0i64; 3];
    let lines: Vec<Value> = (0..LINES)
        .map(|at| {
            let (product, description) = PRODUCTS[at % PRODUCTS.len()];
            let with_tax = 10_600 + (at as i64 * 7_919) % 900_000;
            let without = (with_tax * 100 + 53) / 106;
            for (total, part) in totals.iter_mut().zip([without, with_tax - without, with_tax]) {
                *total += part;
            }
            json!({"product": product, "description": description, "quantity": format!("{} 千词元", 12 + at * 37), "amount_incl": yuan(with_tax),
                   "amount_excl": yuan(without), "tax": yuan(with_tax - without), "rate": "0.06"})
        })
        .collect();
    json!({
        "number": "ST-2026-000001", "kind": "statement", "issued_at": "2026-01-05T02:00:00Z", "currency": "CNY",
        "seller": {"name": "基准测试示例科技有限公司", "tax_id": "91110000600037341L", "address": "北京市海淀区示例路一号", "phone": "010-00000000",
                   "bank": "示例银行北京支行", "account": "0200 0000 0000 0000 001"},
        "buyer": {"kind": "enterprise", "name": "上海样例数据技术（集团）股份有限公司", "credit_code": "91310000MA1FL00005", "address": "上海市浦东新区世纪大道 1000 号",
                  "phone": "021-00000000", "bank": "样例银行上海分行营业部", "account": "3100 0000 0000 0000 009"},
        "customer_ref": "C0000001", "period_from": "2025-12-01", "period_to": "2025-12-31", "lines": lines, "gift_used": "318.40",
        "total_excl": yuan(totals[0]), "total_tax": yuan(totals[1]), "total_incl": yuan(totals[2]), "note": "本期消费自充值本金扣除。",
        "agreement_version": "BENCH-1", "issued_by_login": "accountant", "content_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    })
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
