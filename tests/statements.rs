//! The providers' statements: what is read, and every way in which a file is refused whole.

use encoding_rs::GBK;
use kontor::files::{FileError, money_text};
use kontor::imports::read_paper;
use kontor::statements::{Kind, Provider, RowKind, StatementFile, parse, parse_row, recognise};
use serde_json::json;

const ALIPAY_ZIP: &[u8] = include_bytes!("fixtures/statements/alipay_2026-03-01.zip");
const ALIPAY_CSV: &[u8] = include_bytes!("fixtures/statements/alipay_2026-03-01.csv");
const WECHAT_ALL: &[u8] = include_bytes!("fixtures/statements/wechat_all.csv");
const WECHAT_SUCCESS: &[u8] = include_bytes!("fixtures/statements/wechat_success.csv");
const WECHAT_REFUND: &[u8] = include_bytes!("fixtures/statements/wechat_refund.csv");
const STRIPE: &[u8] = include_bytes!("fixtures/statements/stripe_payouts.csv");
const STRIPE_BALANCE: &[u8] = include_bytes!("fixtures/statements/stripe_balance.csv");
const ORDERS: &[u8] = include_bytes!("fixtures/papers/orders.csv");
const ORDERS_ZH: &[u8] = include_bytes!("fixtures/papers/orders_zh.csv");
const USAGE: &[u8] = include_bytes!("fixtures/papers/usage.csv");

fn alipay_text() -> String {
    GBK.decode(ALIPAY_CSV).0.into_owned()
}

fn wechat_text() -> String {
    String::from_utf8(WECHAT_ALL.to_vec()).expect("the fixture is UTF-8")
}

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

fn read(bytes: &[u8]) -> StatementFile {
    parse(bytes).expect("the file is sound")
}

fn refusal(bytes: &[u8]) -> FileError {
    parse(bytes).expect_err("the file is broken")
}

/// Applies one change to the text and expects this rule, and these facts in its detail.
fn refused(text: &str, from: &str, to: &str, rule: &str, facts: serde_json::Value) {
    assert!(text.contains(from), "the fixture holds {from}");
    let error = refusal(text.replacen(from, to, 1).as_bytes());
    assert_eq!(error.rule, rule, "{error}");
    for (key, value) in facts.as_object().expect("facts are an object") {
        assert_eq!(error.detail.get(key), Some(value), "{error}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn every_kind_is_recognised_by_content_alone() {
    for (bytes, kind) in [
        (ALIPAY_ZIP, Kind::StatementAlipay),
        (ALIPAY_CSV, Kind::StatementAlipay),
        (WECHAT_ALL, Kind::StatementWechat),
        (WECHAT_SUCCESS, Kind::StatementWechat),
        (WECHAT_REFUND, Kind::StatementWechat),
        (STRIPE, Kind::StatementStripe),
        (STRIPE_BALANCE, Kind::StatementStripe),
        (ORDERS, Kind::Orders),
        (ORDERS_ZH, Kind::Orders),
        (USAGE, Kind::Usage),
    ] {
        assert_eq!(recognise(bytes), Ok(kind));
        if !bytes.starts_with(b"PK") {
            assert_eq!(recognise(&gzip(bytes)), Ok(kind));
        }
        assert_eq!(read_paper(bytes).map(|paper| paper.kind()), Ok(kind));
    }
}

#[test]
fn an_alipay_archive_gives_its_rows_with_fees_of_one_sign() {
    let file = read(ALIPAY_ZIP);
    assert_eq!(file.provider, Provider::Alipay);
    assert_eq!(file.merchant.as_deref(), Some("2088000000000001"));
    assert_eq!(file.from.map(|day| day.to_string()).as_deref(), Some("2026-03-01"));
    assert_eq!(file.to.map(|day| day.to_string()).as_deref(), Some("2026-03-01"));
    let facts: Vec<_> = file
        .rows
        .iter()
        .map(|row| (row.kind, money_text(row.gross), money_text(row.fee), money_text(row.net)))
        .collect();
    assert_eq!(
        facts,
        [
            (RowKind::Payment, "100.00".into(), "0.60".into(), "99.40".into()),
            (RowKind::Payment, "2000.00".into(), "12.00".into(), "1988.00".into()),
            (RowKind::Refund, "-40.00".into(), "-0.24".into(), "-39.76".into()),
        ]
    );
    assert_eq!(file.rows[2].refund_no.as_deref(), Some("RF20260301000002"));
    assert_eq!(file.rows[2].line, 8);
    assert_eq!(money_text(file.totals.gross_in), "2100.00");
    assert_eq!(money_text(file.totals.gross_out), "40.00");
    assert_eq!(money_text(file.totals.fee), "12.36");
    assert_eq!(read(ALIPAY_CSV), file);
}

#[test]
fn a_wechat_bill_splits_on_backticks_and_not_on_commas() {
    let file = read(WECHAT_ALL);
    assert_eq!(file.merchant.as_deref(), Some("1900000001"));
    assert_eq!(file.rows.len(), 3);
    assert_eq!(file.rows[1].order_no.as_deref(), Some("R20260401000002"));
    assert_eq!(money_text(file.rows[1].fee), "0.32");
    assert_eq!(money_text(file.rows[2].net), "-149.10");
    assert_eq!(file.rows[0].occurred_at.to_rfc3339(), "2026-04-01T10:00:03+08:00");
    assert_eq!(file.rows[0].raw.len(), 0, "every published column is known");
}

#[test]
fn a_success_bill_has_payments_only() {
    let file = read(WECHAT_SUCCESS);
    assert_eq!(file.rows.len(), 2);
    assert!(file.rows.iter().all(|row| row.kind == RowKind::Payment && row.refund_no.is_none()));
}

#[test]
fn a_refund_bill_tells_when_the_refund_succeeded() {
    let file = read(WECHAT_REFUND);
    assert_eq!(file.rows[0].kind, RowKind::Refund);
    assert_eq!(file.rows[0].occurred_at.to_rfc3339(), "2026-04-01T15:30:40+08:00");
    assert_eq!(file.rows[0].refund_no.as_deref(), Some("RF20260401000002"));
}

#[test]
fn columns_are_found_by_name_in_any_order_and_unknown_ones_are_kept() {
    let mut lines: Vec<String> = Vec::new();
    for line in wechat_text().trim_start_matches('\u{feff}').lines() {
        let rows = line.starts_with('`');
        let mark = if rows { ",`" } else { "," };
        let mut fields: Vec<&str> = line.trim_start_matches('`').split(mark).collect();
        fields.reverse();
        fields.insert(3, if rows { "later" } else { "新列" });
        lines.push(format!("{}{}", if rows { "`" } else { "" }, fields.join(mark)));
    }
    let file = read(lines.join("\n").as_bytes());
    let mut expected = read(WECHAT_ALL);
    for row in &mut expected.rows {
        row.raw.insert("新列".into(), json!("later"));
    }
    assert_eq!(file.rows, expected.rows);
}

#[test]
fn a_missing_column_stops_the_file_and_is_named() {
    refused(&wechat_text(), "交易状态", "状态", "file_column_missing", json!({"column": "交易状态", "line": 1}));
    refused(&alipay_text(), "完成时间", "结束时间", "file_column_missing", json!({"column": "完成时间", "line": 5}));
}

#[test]
fn a_column_that_appears_twice_stops_the_file() {
    refused(&wechat_text(), "设备号", "商户号", "file_column_repeated", json!({"column": "商户号"}));
}

#[test]
fn totals_that_disagree_with_the_rows_refuse_the_file_with_the_line() {
    let facts = json!({"line": 6, "column": "订单总金额", "expected": "261.00", "found": "260.00"});
    refused(&wechat_text(), ",`260.00,`150.00\r\n", ",`261.00,`150.00\r\n", "file_totals_disagree", facts);
    let facts = json!({"line": 6, "column": "总交易单数", "expected": "4.00", "found": "3.00"});
    refused(&wechat_text(), "`3,`260.00", "`4,`260.00", "file_totals_disagree", facts);
    let facts = json!({"line": 10, "column": "交易合计 商家实收", "expected": "2100.01", "found": "2100.00"});
    refused(&alipay_text(), "实收共2100.00元", "实收共2100.01元", "file_totals_disagree", facts);
    let facts = json!({"line": 11, "column": "退款合计 笔数"});
    refused(&alipay_text(), "退款合计：1笔", "退款合计：2笔", "file_totals_disagree", facts);
}

#[test]
fn a_changed_row_is_found_by_the_totals() {
    refused(&wechat_text(), "`1.20000", "`1.30000", "file_totals_disagree", json!({"column": "手续费总金额"}));
    let facts = json!({"line": 7, "column": "订单金额（元）"});
    refused(&alipay_text(), "2000.00,2000.00", "2000.01,2000.00", "file_row_broken", facts);
    refused(&alipay_text(), "2000.00,2000.00", "2000.01,2000.01", "file_totals_disagree", json!({"line": 10}));
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let text = wechat_text();
    let cut = text.find("总交易单数").expect("a summary");
    assert_eq!(refusal(&text.as_bytes()[..cut]).rule, "file_cut_short");
    let text = alipay_text();
    for mark in ["#交易合计", "#退款合计", "#-----------------------------------------业务明细列表结束"]
    {
        let cut = text.find(mark).expect("a trailer");
        assert_eq!(refusal(&gbk(&text[..cut])).rule, "file_cut_short", "{mark}");
    }
}

#[test]
fn amounts_with_too_many_decimals_are_refused_and_padding_is_not() {
    let facts = json!({"line": 2, "column": "订单金额", "expected": 2, "found": 3});
    refused(&wechat_text(), "`0.60%,`200.00,", "`0.60%,`200.001,", "amount_has_too_many_decimals", facts);
    let padded = wechat_text().replacen("`0.60%,`200.00,", "`0.60%,`200.00000,", 1);
    assert_eq!(read(padded.as_bytes()).rows, read(WECHAT_ALL).rows);
}

#[test]
fn a_broken_row_is_refused_with_line_and_column_and_never_with_its_text() {
    let text = wechat_text();
    refused(
        &text,
        "`200.00,`0.00,`0,",
        "`2OO.00,`0.00,`0,",
        "file_row_broken",
        json!({"line": 2, "column": "应结订单金额"}),
    );
    refused(
        &text,
        "2026-04-01 11:00:03",
        "2026-04-31 11:00:03",
        "file_row_broken",
        json!({"line": 3, "column": "交易时间"}),
    );
    refused(&text, "`CNY", "`USD", "file_row_broken", json!({"line": 2, "column": "货币种类", "expected": "CNY"}));
    refused(&text, "`SUCCESS,`OTHERS", "`NOTPAY,`OTHERS", "file_row_broken", json!({"column": "交易状态"}));
    refused(
        &text,
        ",`1900000001",
        "",
        "file_row_broken",
        json!({"line": 2, "expected": "27 fields", "found": "26 fields"}),
    );
    refused(
        &alipay_text(),
        "-40.00,-40.00",
        "40.00,-40.00",
        "file_row_broken",
        json!({"line": 8, "column": "订单金额（元）"}),
    );
    let secret = text.replacen("`1.20000", "`13800001234x", 1);
    assert!(!refusal(secret.as_bytes()).to_string().contains("1380000"));
}

#[test]
fn a_payment_that_the_file_lists_twice_is_refused() {
    let text = wechat_text();
    let row = text.lines().nth(1).expect("a row");
    let doubled = text.replacen(row, &format!("{row}\r\n{row}"), 1).replacen("`3,`260.00", "`4,`460.00", 1);
    let doubled = doubled.replacen("`0.62000,`260.00", "`1.82000,`460.00", 1);
    let error = refusal(doubled.as_bytes());
    assert_eq!(
        (error.rule, error.detail["line"].clone(), error.detail["first_line"].clone()),
        ("file_row_repeated", json!(3), json!(2))
    );
}

#[test]
fn rows_of_two_merchants_are_refused() {
    let row = "`R20260401000002";
    let text = wechat_text();
    let start = text.find(row).expect("a row");
    let before = text[..start].rfind("`1900000001").expect("its merchant");
    let mixed = format!("{}`1900000002{}", &text[..before], &text[before + 11..]);
    assert_eq!(refusal(mixed.as_bytes()).rule, "file_merchant_mixed");
}

#[test]
fn the_summary_in_the_archive_must_agree_too() {
    let detail = gbk(&alipay_text());
    let summary = gbk("#支付宝业务汇总查询\n门店编号,门店名称,交易订单总笔数,退款订单总笔数\n合计\t,\t,3,1\n");
    let archive = kontor::demo::archive(&[("汇总.csv", &summary), ("明细.csv", &detail)]);
    let error = refusal(&archive);
    assert_eq!((error.rule, error.detail["in"].clone()), ("file_totals_disagree", json!("业务明细(汇总)")));
    let only_summary = kontor::demo::archive(&[("汇总.csv", &summary)]);
    assert_eq!(refusal(&only_summary).rule, "file_layout_not_supported");
    let two = kontor::demo::archive(&[("1.csv", &detail), ("2.csv", &detail)]);
    assert_eq!(refusal(&two).rule, "file_archive_broken");
}

#[test]
fn foreign_files_are_refused_by_name() {
    for (bytes, rule) in [
        (&b""[..], "file_empty"),
        (b"\n\n", "file_kind_unknown"),
        (b"name,price\napple,1\n", "file_kind_unknown"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_kind_unknown"),
        (b"PK\x03\x04 not really", "file_archive_broken"),
        (b"\x1f\x8b\x08\x00 not really", "file_archive_broken"),
        (b"\xff\xfea\0b\0", "file_encoding_broken"),
        ("<xml><return_msg>No Bill Exist</return_msg></xml>".as_bytes(), "file_says_no_bill"),
        ("#支付宝账务明细查询\n#账号：[1]\n".as_bytes(), "file_layout_not_supported"),
        ("记账时间,微信支付业务单号,资金流水单号,业务名称\n".as_bytes(), "file_layout_not_supported"),
    ] {
        assert_eq!(refusal(bytes).rule, rule, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let mut broken = WECHAT_ALL.to_vec();
    let line_two = broken.iter().position(|byte| *byte == b'\n').expect("lines") + 30;
    broken[line_two] = 0xff;
    let error = refusal(&broken);
    assert_eq!((error.rule, error.detail["line"].clone()), ("file_encoding_broken", json!(2)));
    let mut cut = ALIPAY_CSV.to_vec();
    cut.push(0x81);
    assert_eq!(refusal(&cut).rule, "file_encoding_broken");
}

#[test]
fn an_archive_that_unpacks_beyond_the_ceiling_is_refused() {
    let bomb = gzip(&vec![b'0'; kontor::files::LARGEST_FILE + 1]);
    assert!(bomb.len() < kontor::files::LARGEST_FILE / 50);
    assert_eq!(refusal(&bomb).rule, "file_too_large");
}

#[test]
fn an_empty_day_is_a_statement_without_rows() {
    let text = wechat_text();
    let header = text.lines().next().expect("a header");
    let empty = format!("{header}\r\n总交易单数,应结订单总金额,手续费总金额\r\n`0,`0.00,`0.00000\r\n");
    let file = read(empty.as_bytes());
    assert_eq!((file.rows.len(), file.merchant, file.from), (0, None, None));
}

#[test]
fn a_refund_that_failed_confirms_nothing() {
    let file = read(wechat_text().replacen("`ORIGINAL,`SUCCESS", "`ORIGINAL,`CLOSED", 1).as_bytes());
    assert_eq!(file.rows[2].kind, RowKind::Other);
    assert_eq!(file.rows[2].description.as_deref(), Some("REFUND CLOSED"));
}

#[test]
fn the_merchants_own_text_may_hold_the_mark_between_fields() {
    let text = wechat_text().replacen("\"pkg\":\"60\"", "\"pkg\",`60`", 1);
    assert_eq!(read(text.as_bytes()).rows, read(WECHAT_ALL).rows);
}

#[test]
fn stripes_two_exports_say_the_same_and_know_their_currency() {
    let (report, balance) = (read(STRIPE), read(STRIPE_BALANCE));
    assert_eq!((report.provider, report.totals.payments, report.totals.refunds), (Provider::Stripe, 1, 1));
    for (one, other) in report.rows.iter().zip(&balance.rows) {
        assert_eq!(
            (one.gross, one.fee, one.net, &one.refund_no),
            (other.gross, other.fee, other.net, &other.refund_no)
        );
        assert_eq!(
            one.occurred_at.timestamp() / 60,
            other.occurred_at.timestamp() / 60,
            "the dashboard has no seconds"
        );
    }
    let text = String::from_utf8(STRIPE.to_vec()).expect("the fixture is UTF-8");
    refused(&text, "usd", "eur", "file_row_broken", json!({"line": 2}));
    refused(&text, "25.78", "25.79", "file_totals_disagree", json!({"line": 2}));
    refused(&text, ",reporting_category", ",category", "file_column_missing", json!({"line": 1}));
}

#[test]
fn one_row_is_read_as_the_golden_vectors_state_it() {
    let golden = wechat_text();
    let lines: Vec<&str> = golden.trim_start_matches('\u{feff}').lines().collect();
    let facts = parse_row(Provider::Wechat, lines[0], lines[3]).expect("a sound row").facts();
    let expected = json!({
        "kind": "refund", "order_no": "R20260401000001", "provider_no": "4200009999202604010000000001",
        "refund_no": "RF20260401000002", "occurred_at": "2026-04-01T15:30:11+08:00",
        "gross": "-150.00", "fee": "-0.90", "net": "-149.10",
    });
    assert_eq!(facts, expected);
}

/// A small generator of its own, so that a failure can be repeated from its seed alone.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*state >> 33) as usize
}

/// One to four mutations: bytes changed, cut out, doubled, the end cut off.
fn mutate(bytes: &[u8], state: &mut u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=next(state) % 4 {
        if bytes.is_empty() {
            return bytes;
        }
        let at = next(state) % bytes.len();
        let length = (next(state) % 40).min(bytes.len() - at);
        match next(state) % 5 {
            0 => bytes[at] = next(state) as u8,
            1 => bytes[at] = b",`\"\t\n#-.0[]"[next(state) % 11],
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                let to = next(state) % bytes.len();
                bytes.splice(to..to, piece);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn no_bytes_make_the_reader_panic_and_no_change_of_money_goes_unseen() {
    let mut state = 20260213;
    for original in [ALIPAY_ZIP, ALIPAY_CSV, WECHAT_ALL, WECHAT_SUCCESS, WECHAT_REFUND, ORDERS, ORDERS_ZH, USAGE] {
        let sound = read_paper(original).expect("the fixture is sound");
        for _ in 0..4_000 {
            let changed = mutate(original, &mut state);
            let Ok(paper) = read_paper(&changed) else { continue };
            if let (kontor::imports::Paper::Statement(sound), kontor::imports::Paper::Statement(read)) =
                (&sound, &paper)
            {
                // Whatever was let through still adds up to what the provider's trailer says.
                let same =
                    read.totals.gross_in - read.totals.gross_out == sound.totals.gross_in - sound.totals.gross_out;
                assert!(same, "{read:?}");
            }
        }
    }
}

#[test]
fn the_older_alipay_layout_is_read_too() {
    // Twenty-two columns, names without their unit.
    let dropped = ["商家红包消费金额（元）", "卡消费金额（元）", "分润（元）"];
    let mut kept: Option<Vec<usize>> = None;
    let mut lines = Vec::new();
    for line in alipay_text().lines() {
        if line.starts_with('#') {
            lines.push(line.to_owned());
            continue;
        }
        let fields: Vec<&str> = line.split(',').collect();
        let places =
            kept.get_or_insert_with(|| (0..fields.len()).filter(|place| !dropped.contains(&fields[*place])).collect());
        let row: Vec<&str> = places.iter().map(|place| fields[*place].trim_end_matches("（元）")).collect();
        lines.push(row.join(","));
    }
    assert_eq!(kept.map(|places| places.len()), Some(22));
    assert_eq!(read(&gbk(&lines.join("\r\n"))).rows, read(ALIPAY_CSV).rows);
}

#[test]
fn the_older_wechat_layout_is_read_too() {
    let header = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
        货币种类,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率";
    let row = "`2017-04-01 10:00:03,`wx1,`1900000001,`0,`,`4200000001,`R2017040100001,`oSYNTH,`NATIVE,`SUCCESS,`CFT,\
        `CNY,`60.00,`0.00,`0,`0,`0.00,`0.00,`,`,`账户充值,`,`0.36000,`0.60%";
    let summary = "总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额\n`1,`60.00,`0.00,`0.00,`0.36000\n";
    let file = read(format!("\u{feff}{header}\n{row}\n{summary}").as_bytes());
    assert_eq!((money_text(file.rows[0].gross), money_text(file.rows[0].net)), ("60.00".into(), "59.64".into()));
}
