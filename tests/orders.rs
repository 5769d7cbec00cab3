//! The platform's order file and usage file: what is read, and every way in which they are refused whole.

use kontor::files::money_text;
use kontor::imports::{Paper, read_paper};
use kontor::orders::{OrderFile, UsageFile, parse_orders, parse_usage, write_orders, write_usage};
use serde_json::json;

const ORDERS: &str = include_str!("fixtures/papers/orders.csv");
const ORDERS_ZH: &str = include_str!("fixtures/papers/orders_zh.csv");
const USAGE: &str = include_str!("fixtures/papers/usage.csv");

fn orders(text: &str) -> OrderFile {
    match read_paper(text.as_bytes()) {
        Ok(Paper::Orders(file)) => file,
        other => panic!("not an order file: {other:?}"),
    }
}

fn usage(text: &str) -> UsageFile {
    match read_paper(text.as_bytes()) {
        Ok(Paper::Usage(file)) => file,
        other => panic!("not a usage file: {other:?}"),
    }
}

/// Applies one change to the text and expects this rule, and these facts in its detail.
fn refused(text: &str, from: &str, to: &str, rule: &str, facts: serde_json::Value) {
    assert!(text.contains(from), "the fixture holds {from}");
    let error = read_paper(text.replacen(from, to, 1).as_bytes()).expect_err("the file is broken");
    assert_eq!(error.rule, rule, "{error}");
    for (key, value) in facts.as_object().expect("facts are an object") {
        assert_eq!(error.detail.get(key), Some(value), "{error}");
    }
}

#[test]
fn an_order_file_is_read_with_quotes_zones_and_empty_fields() {
    let file = orders(ORDERS);
    assert_eq!(file.rows.len(), 3);
    assert_eq!((money_text(file.principal), money_text(file.gift)), ("2300.00".into(), "200.00".into()));
    let row = &file.rows[1];
    assert_eq!(row.customer_name, "测试甲子, 示例");
    assert_eq!((row.email.as_deref(), row.provider_no.as_deref()), (None, None));
    assert!(!row.payer_is_holder && row.real_name_verified);
    assert_eq!(row.paid_at.to_rfc3339(), "2026-03-01T11:02:31+08:00");
    assert_eq!(file.rows[2].paid_at.to_rfc3339(), "2026-04-01T10:00:03+08:00");
}

#[test]
fn a_row_travels_to_the_database_as_the_contract_says() {
    let row = serde_json::to_value(&orders(ORDERS).rows[1]).expect("plain values");
    let expected = json!({
        "line": 3, "order_no": "R20260301000002", "customer_ref": "C100002", "customer_name": "测试甲子, 示例",
        "customer_kind": "personal", "phone": "13800000002", "email": null, "real_name_verified": true,
        "kind": "custom", "principal": "2000.00", "gift": "200.00", "activity": "SPRING-2026", "channel": "alipay",
        "payer_name": "示例乙丑", "payer_account": "2088000000000002", "payer_is_holder": false,
        "agreement_version": "2025-09-01", "paid_at": "2026-03-01T11:02:31+08:00", "provider_no": null,
    });
    assert_eq!(row, expected);
}

#[test]
fn chinese_headers_and_words_mean_the_same() {
    let row = &orders(ORDERS_ZH).rows[0];
    assert_eq!(
        (row.customer_kind.as_str(), row.kind.as_str(), row.channel.as_str()),
        ("enterprise", "package", "alipay")
    );
    assert!(row.real_name_verified && row.payer_is_holder);
    assert_eq!(row.raw.get("销售"), Some(&json!("华东")));
}

#[test]
fn orders_are_refused_with_line_and_column() {
    refused(ORDERS, ",principal,", ",paid,", "file_column_missing", json!({"column": "principal"}));
    refused(ORDERS, ",100.00,", ",100.001,", "amount_has_too_many_decimals", json!({"line": 2, "column": "principal"}));
    refused(ORDERS, ",100.00,", ",-100.00,", "file_row_broken", json!({"line": 2, "column": "principal"}));
    refused(ORDERS, ",100.00,", ",\"1,100.00\",", "file_row_broken", json!({"line": 2, "column": "principal"}));
    refused(ORDERS, "SPRING-2026", "", "file_row_broken", json!({"line": 3, "column": "activity"}));
    refused(ORDERS, "enterprise", "company", "file_row_broken", json!({"line": 2, "column": "customer_kind"}));
    refused(
        ORDERS,
        "true,package",
        "maybe,package",
        "file_row_broken",
        json!({"line": 2, "column": "real_name_verified"}),
    );
    refused(ORDERS, "2026-03-01 11:02:31", "1 March", "file_row_broken", json!({"line": 3, "column": "paid_at"}));
    refused(ORDERS, "R20260301000002", "R20260301000001", "file_row_repeated", json!({"line": 3, "first_line": 2}));
    refused(
        ORDERS,
        "principal=2300.00",
        "principal=2300.01",
        "file_totals_disagree",
        json!({"line": 5, "expected": "2300.01", "found": "2300.00"}),
    );
    refused(ORDERS, "rows=3", "rows=4", "file_totals_disagree", json!({"line": 5}));
    refused(ORDERS, "\"测试甲子, 示例\"", "\"测试甲子, 示例", "file_row_broken", json!({"line": 3}));
}

#[test]
fn a_file_without_its_whole_total_is_refused() {
    for (text, lines) in [(ORDERS, 4), (USAGE, 3)] {
        let (_, total) = text.split_once("#total").expect("the fixture has its total");
        refused(text, &format!("#total{total}"), "", "file_total_missing", json!({"line": lines}));
    }
    refused(ORDERS, ",gift=200.00", "", "file_total_missing", json!({"line": 5}));
    refused(ORDERS, ",principal=2300.00", "", "file_total_missing", json!({"line": 5}));
    refused(USAGE, "#total,rows=2,amount=12.845678", "#total", "file_total_missing", json!({"line": 4}));
}

#[test]
fn a_file_is_refused_wherever_it_was_cut() {
    for text in [ORDERS, USAGE] {
        let (header, _) = text.split_once('\n').expect("a header");
        let whole = text.trim_end();
        // Inside the last figure of the total, all rows are there; anywhere before, something is missing.
        let last_figure = whole.rfind('=').expect("the total's last figure");
        for (cut, _) in text.char_indices().filter(|(at, _)| (header.len()..=last_figure).contains(at)) {
            assert!(read_paper(&text.as_bytes()[..cut]).is_err(), "accepted when cut after {:?}", &text[..cut]);
        }
    }
}

#[test]
fn an_unknown_way_of_payment_is_left_to_the_books() {
    assert_eq!(orders(&ORDERS.replacen(",wechat,", ",unionpay,", 1)).rows[2].channel, "unionpay");
}

#[test]
fn a_usage_file_keeps_six_decimals() {
    let file = usage(USAGE);
    assert_eq!(money_text(file.amount), "12.845678");
    let row = serde_json::to_value(&file.rows[0]).expect("plain values");
    let expected = json!({
        "line": 2, "usage_key": "U202603-C100001-chat", "customer_ref": "C100001", "product": "chat",
        "used_from": "2026-03-01T00:00:00+08:00", "used_to": "2026-03-31T23:59:59+08:00",
        "amount": "12.345678", "quantity": "1234567",
    });
    assert_eq!(row, expected);
    assert_eq!(file.rows[1].quantity, None);
}

#[test]
fn usage_is_refused_with_line_and_column() {
    refused(USAGE, "12.345678,", "12.3456789,", "amount_has_too_many_decimals", json!({"line": 2, "found": 7}));
    refused(USAGE, ",0.5,", ",0,", "file_row_broken", json!({"line": 3, "column": "amount"}));
    refused(USAGE, "amount=12.845678", "amount=12.845679", "file_totals_disagree", json!({"line": 4}));
    refused(
        USAGE,
        "2026-03-31T23:59:59+08:00,12",
        "2026-02-01T00:00:00+08:00,12",
        "file_row_broken",
        json!({"column": "used_to"}),
    );
    refused(USAGE, "used_to", "until", "file_column_missing", json!({"column": "used_to"}));
}

#[test]
fn quantity_may_be_missing_altogether() {
    let text: String = USAGE
        .lines()
        .map(|line| {
            line.rsplit_once(',').filter(|_| !line.starts_with('#')).map_or(line, |(rest, _)| rest).to_owned() + "\n"
        })
        .collect();
    assert!(usage(&text).rows.iter().all(|row| row.quantity.is_none()));
}

#[test]
fn what_is_written_reads_back_the_same() {
    let file = orders(ORDERS);
    assert_eq!(parse_orders(&write_orders(&file.rows)), Ok(file));
    let file = usage(USAGE);
    assert_eq!(parse_usage(&write_usage(&file.rows)), Ok(file));
}
