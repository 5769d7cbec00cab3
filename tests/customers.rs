//! Customers: masked for everyone, found by pinyin, and every look behind a mask on the record.

use crate::desk::{Desk, order, with};
use crate::support::{call, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A desk with a person and a company.
async fn desk() -> (Desk, String) {
    let desk = Desk::open().await;
    let person = json!({"customer_name": "张三丰", "customer_kind": "personal", "phone": "13800138000", "email": "zsf@example.cn",
                        "payer_name": "李四光", "payer_account": "lisi@example.cn", "customer_search_key": "zhangsanfeng zsf"});
    desk.recharge(vec![with(order("R-7001", "P1", "100.00", PAID), person), order("R-7002", "C2", "50.00", PAID)])
        .await;
    desk.figure("with d as (update book.customers set search_key = 'zhangsanfeng zsf' where ref = 'P1' returning 1) select count(*)::text from d").await;
    let customer = desk.customer("P1").await;
    (desk, customer)
}

fn references(found: &Value) -> Vec<&str> {
    found.as_array().expect("rows").iter().filter_map(|row| row["ref"].as_str()).collect()
}

#[tokio::test]
async fn no_read_shows_a_persons_name_phone_or_account() {
    let (desk, customer) = desk().await;
    let reads = [
        ("customers.list", json!({})),
        ("customers.open", json!({"customer_id": customer})),
        ("customers.timeline", json!({"customer_id": customer})),
        ("search.find", json!({"query": "zsf"})),
        ("search.find", json!({"query": "R-7001"})),
    ];
    for (command, asked) in reads {
        let answer = desk.read("auditor", command, asked).await.to_string();
        for secret in ["张三丰", "13800138000", "zsf@example.cn", "李四光", "lisi@example.cn", "zhangsanfeng"] {
            assert!(!answer.contains(secret), "{command} shows {secret}");
        }
    }
}

#[tokio::test]
async fn names_are_found_by_initials_pinyin_and_any_part() {
    let (desk, _) = desk().await;
    for query in ["zsf", "ZSF", "zhangsan", "张", "三丰", "丰", "p1", "ｚｓｆ"] {
        assert_eq!(
            references(&desk.read("agent", "customers.list", json!({"search": query})).await),
            ["P1"],
            "{query}"
        );
    }
    for query in ["sf", "zzz", "'", "\\", "%", "a & b", "丰三", ":*"] {
        assert!(
            references(&desk.read("agent", "customers.list", json!({"search": query})).await).is_empty(),
            "{query}"
        );
    }
    assert_eq!(references(&desk.read("agent", "customers.list", json!({"most": 1})).await).len(), 1);
}

#[tokio::test]
async fn a_phone_search_is_exact_and_written_down() {
    let (desk, _) = desk().await;
    let found = desk.act("agent", "customers.find_by_phone", json!({"phone": "+86 138-0013-8000"})).await;
    assert_eq!(references(&found), ["P1"]);
    assert_eq!(references(&desk.act("agent", "customers.find_by_phone", json!({"phone": "1380013"})).await), [""; 0]);
    assert_eq!(
        refused(desk.try_act("agent", "customers.find_by_phone", json!({"phone": "138"})).await),
        "phone_incomplete"
    );
    assert_eq!(
        refused(desk.try_act("platform", "customers.find_by_phone", json!({"phone": "13800138000"})).await),
        "not_allowed"
    );
    let trail = desk.figure("select count(*) || ' ' || string_agg(detail::text, '') from book.audit_events where command = 'customers.find_by_phone'").await;
    assert!(trail.starts_with("2 ") && !trail.contains("138"), "{trail}");
}

#[tokio::test]
async fn a_field_is_revealed_for_a_reason_for_five_minutes_and_on_the_record() {
    let (desk, customer) = desk().await;
    let ask = |facts: Value| {
        with(json!({"customer_id": customer, "field": "phone", "reason": "call back about ticket W-1"}), facts)
    };
    let once = ask(json!({"command_id": crate::support::new_id()}));
    let shown = desk.act("agent", "customers.reveal", once.clone()).await;
    assert_eq!(shown["value"], "13800138000");
    assert!(shown["until"].as_str().is_some_and(|until| until.starts_with("2026-06-01T01:05")), "{shown}");
    let account =
        desk.act("agent", "customers.reveal", ask(json!({"field": "payer_account", "order_no": "R-7001"}))).await;
    assert_eq!(account["value"], "lisi@example.cn");
    let cases = [
        (json!({"reason": "  "}), "reveal_without_reason"),
        (json!({"field": "search_key"}), "field_unknown"),
        (json!({"field": "payer_name", "order_no": "R-7002"}), "recharge_unknown"),
        (json!({"customer_id": "999"}), "customer_unknown"),
    ];
    for (facts, rule) in cases {
        assert_eq!(refused(desk.try_act("agent", "customers.reveal", ask(facts)).await), rule);
    }
    for login in ["growth", "accountant", "administrator", "platform"] {
        assert_eq!(refused(desk.try_act(login, "customers.reveal", ask(json!({}))).await), "not_allowed", "{login}");
    }
    desk.books.set_clock("2026-06-01T09:06:00+08:00").await;
    assert_eq!(refused(desk.try_act("agent", "customers.reveal", once).await), "reveal_is_over");
    assert_eq!(
        desk.figure("select count(*)::text from book.audit_events where command = 'customers.reveal'").await,
        "2"
    );
    let timeline = desk.read("auditor", "customers.timeline", json!({"customer_id": customer})).await;
    assert_eq!(timeline[0]["what"], "customers.reveal");
}

#[tokio::test]
async fn a_page_shows_balances_lots_and_what_to_know_first() {
    let (desk, customer) = desk().await;
    desk.use_up("u1", "P1", "100").await;
    let page = desk.read("agent", "customers.open", json!({"customer_id": customer})).await;
    assert_eq!(
        (&page["wallet"], &page["lots"][0]["left"], &page["lots"][0]["principal"]),
        (&json!("0.000000"), &json!("0.000000"), &json!("100.00"))
    );
    assert!(page["flags"].as_array().is_some_and(|flags| flags.contains(&json!("no_balance"))), "{}", page["flags"]);
    assert_eq!(page["usage"][0]["product"], "chat");
    let unknown = call(&desk.person("agent").await, "customers.open", json!({"customer_id": "999"})).await;
    assert_eq!(refused(unknown), "customer_unknown");
}

#[tokio::test]
async fn the_timeline_pages_without_a_gap_or_a_repetition() {
    let (desk, customer) = desk().await;
    for n in 0..7 {
        desk.books.set_clock(&format!("2026-06-01T09:0{n}:00+08:00")).await;
        desk.act(
            "agent",
            "customers.add_note",
            json!({"customer_id": customer, "kind": "call", "body": format!("call {n}")}),
        )
        .await;
    }
    let all = desk.read("agent", "customers.timeline", json!({"customer_id": customer})).await;
    let keys = |rows: &Value| -> Vec<String> {
        rows.as_array().expect("rows").iter().map(|row| row["key"].to_string()).collect()
    };
    let mut paged = Vec::new();
    let mut before = Value::Null;
    loop {
        let page = desk
            .read("agent", "customers.timeline", json!({"customer_id": customer, "most": 3, "before": before}))
            .await;
        let Some(last) = page.as_array().and_then(|rows| rows.last()) else { break };
        before = last["at"].clone();
        paged.extend(keys(&page));
    }
    assert_eq!(paged, keys(&all));
    assert_eq!(paged.len(), 8, "seven calls and the recharge");
}

#[tokio::test]
async fn a_note_is_neither_empty_nor_from_the_future() {
    let (desk, customer) = desk().await;
    let note = |facts: Value| with(json!({"customer_id": customer, "kind": "note", "body": "called back"}), facts);
    let cases = [
        (json!({"body": " \n "}), "note_is_empty"),
        (json!({"kind": "rumour"}), "note_kind_unknown"),
        (json!({"happened_at": "2026-06-02T00:00:00Z"}), "note_in_the_future"),
        (json!({"customer_id": "999"}), "customer_unknown"),
    ];
    for (facts, rule) in cases {
        assert_eq!(refused(desk.try_act("agent", "customers.add_note", note(facts)).await), rule);
    }
    assert_eq!(refused(desk.try_act("auditor", "customers.add_note", note(json!({}))).await), "not_allowed");
}

#[tokio::test]
async fn the_palette_finds_orders_and_customers_and_no_more_than_it_shows() {
    let (desk, customer) = desk().await;
    let found = desk.read("agent", "search.find", json!({"query": "R-7001"})).await;
    assert_eq!(
        (&found[0]["kind"], &found[0]["title"], &found[0]["customer_id"]),
        (&json!("order"), &json!("R-7001"), &json!(customer))
    );
    assert_eq!(desk.read("agent", "search.find", json!({"query": "张"})).await[0]["id"], json!(customer));
    assert_eq!(desk.read("agent", "search.find", json!({"query": "z"})).await, json!([]));
    assert_eq!(desk.read("agent", "search.find", json!({"query": "%"})).await, json!([]));
    assert_eq!(desk.read("agent", "search.same_ticket", json!({"ticket_no": "W-404"})).await, json!([]));
}
