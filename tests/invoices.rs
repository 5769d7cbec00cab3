//! Invoices: never more than was consumed, never a gift, never twice, never changed.

use crate::desk::{Desk, order, with};
use crate::support::{call, new_id, refused};
use serde_json::{Value, json};

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A desk with one company that consumed 350.005 of its principal and 20 of its gift.
async fn desk_with_consumption() -> (Desk, String) {
    let desk = Desk::open().await;
    let lot = with(order("R1", "C1", "500.00", PAID), json!({"gift": "20.00", "activity": "welcome"}));
    desk.recharge(vec![lot]).await;
    desk.use_up("u1", "C1", "370.005").await;
    let customer = desk.customer("C1").await;
    (desk, customer)
}

async fn buyer(desk: &Desk, customer: &str) -> String {
    let buyer = desk.act("taxclerk", "buyers.save", json!({
        "customer_id": customer, "kind": "enterprise", "name": "北京样例科技有限公司", "credit_code": "91110108MA0TE4T01D",
    }));
    buyer.await["id"].as_str().expect("an id").to_owned()
}

fn paper(customer: &str, buyer: &str, amount: &str) -> Value {
    json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": amount}]})
}

async fn meter(desk: &Desk, customer: &str) -> Value {
    desk.read("taxclerk", "invoices.meter", json!({"customer_id": customer})).await[0].clone()
}

/// Gives usage back, by the two people that it takes.
async fn give_back(desk: &Desk, amount: &str) {
    let asked = json!({"usage_key": "u1", "amount": amount, "reason": "outage"});
    let asked = desk.act("accountant", "usage.propose_credit_back", asked).await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
}

async fn red_letter(desk: &Desk, invoice: &Value, lines: Value) -> Value {
    let asked = json!({"invoice_id": invoice["id"], "reason_code": "04", "lines": lines});
    let asked = desk.act("taxclerk", "invoices.propose_red_letter", asked).await;
    desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": asked["id"]})).await
}

#[tokio::test]
async fn gift_usage_is_shown_and_never_invoiceable() {
    let (desk, customer) = desk_with_consumption().await;
    let meter = meter(&desk, &customer).await;
    assert_eq!(meter["consumed_principal"], "350.005000");
    assert_eq!(meter["gift_used"], "20.000000");
    assert_eq!(meter["invoiceable"], "350.00", "the rest below a cent is carried");
}

#[tokio::test]
async fn more_than_was_consumed_is_refused_by_the_clause() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let error =
        desk.try_act("taxclerk", "invoices.issue", paper(&customer, &buyer, "350.01")).await.expect_err("too much");
    assert_eq!(error.rule_name(), Some("invoice_exceeds_consumption"));
    assert_eq!(error.to_json()["detail"]["clause"], "RA 8.1");
    desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "350.00")).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue", paper(&customer, &buyer, "0.01")).await),
        "invoice_exceeds_consumption"
    );
}

#[tokio::test]
async fn not_even_the_owner_of_the_functions_invoices_more_than_was_consumed() {
    let (desk, customer) = desk_with_consumption().await;
    let mut owner = desk.books.owner().await;
    let customer: i64 = customer.parse().expect("a number");
    let broken =
        sqlx::query("insert into book.invoice_totals (customer_id, product, invoiced) values ($1, 'chat', 350.01)")
            .bind(customer)
            .execute(&mut owner)
            .await
            .expect_err("the trigger stands below the functions");
    let constraint = broken.as_database_error().and_then(|refusal| refusal.constraint()).map(str::to_owned);
    assert_eq!(constraint.as_deref(), Some("invoice_exceeds_consumption"));
}

#[tokio::test]
async fn an_issued_paper_splits_each_line_and_keeps_its_hash() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    assert_eq!(invoice["number"], "STM-2026-0001");
    assert_eq!((&invoice["total_excl"], &invoice["total_tax"]), (&json!("94.34"), &json!("5.66")));
    assert_eq!(invoice["rehearsal"], true);
    let opened = desk.read("auditor", "invoices.open", json!({"invoice_id": invoice["id"]})).await;
    assert_eq!(opened["content"]["gift_used"], "20.00");
    let hash = desk.figure("select encode(sha256(convert_to(content::text, 'UTF8')), 'hex') from book.invoices").await;
    assert_eq!(opened["content_sha256"], json!(hash));
    assert_eq!(opened["lines"][0]["amount_incl"], "100.00");
}

#[tokio::test]
async fn an_issued_paper_can_be_neither_changed_nor_deleted() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let mut owner = desk.books.owner().await;
    for sql in [
        "update book.invoices set total_incl = 1",
        "update book.invoices set content = '{}'",
        "delete from book.invoices",
        "delete from book.invoice_lines",
        "update book.invoice_lines set amount_incl = 1",
    ] {
        let broken = sqlx::query(sql).execute(&mut owner).await.expect_err(sql);
        let constraint = broken.as_database_error().and_then(|refusal| refusal.constraint()).map(str::to_owned);
        assert_eq!(constraint.as_deref(), Some("invoice_is_final"), "{sql}");
    }
}

#[tokio::test]
async fn the_same_command_issues_once_and_another_body_is_refused() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let mut asked = paper(&customer, &buyer, "10.00");
    asked["command_id"] = json!(new_id());
    let first = desk.act("taxclerk", "invoices.issue", asked.clone()).await;
    assert_eq!(desk.act("taxclerk", "invoices.issue", asked.clone()).await, first);
    asked["lines"][0]["amount"] = json!("11.00");
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.issue", asked).await), "id_already_used");
    assert_eq!(meter(&desk, &customer).await["invoiced"], "10.00");
}

#[tokio::test]
async fn only_a_tax_clerk_issues() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    for login in ["agent", "approver", "treasurer", "accountant", "auditor", "administrator", "platform"] {
        assert_eq!(
            refused(desk.try_act(login, "invoices.issue", paper(&customer, &buyer, "1.00")).await),
            "not_allowed",
            "{login}"
        );
    }
}

#[tokio::test]
async fn lines_that_make_no_paper_are_refused() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let cases = [
        (json!([]), "invoice_has_no_lines"),
        (json!([{"product": "chat", "amount": "0.00"}]), "invoice_amount_not_positive"),
        (json!([{"product": "chat", "amount": "-5.00"}]), "invoice_amount_not_positive"),
        (json!([{"product": "chat", "amount": "1.005"}]), "amount_has_too_many_decimals"),
        (json!([{"product": "chat", "amount": "a lot"}]), "argument_invalid"),
        (
            json!([{"product": "chat", "amount": "1.00"}, {"product": "chat", "amount": "2.00"}]),
            "invoice_product_repeated",
        ),
        (json!([{"product": "lunch", "amount": "1.00"}]), "product_unknown"),
    ];
    for (lines, rule) in cases {
        let asked = json!({"customer_id": customer, "buyer_id": buyer, "lines": lines});
        assert_eq!(refused(desk.try_act("taxclerk", "invoices.issue", asked).await), rule);
    }
}

#[tokio::test]
async fn a_buyer_of_another_customer_is_refused() {
    let (desk, customer) = desk_with_consumption().await;
    desk.recharge(vec![order("R2", "C2", "10.00", PAID)]).await;
    let other = desk.customer("C2").await;
    let buyer = buyer(&desk, &other).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue", paper(&customer, &buyer, "1.00")).await),
        "buyer_unknown"
    );
}

#[tokio::test]
async fn numbers_have_no_gap_when_many_issue_at_once_and_some_are_refused() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let db = desk.person("taxclerk").await;
    let mut running = tokio::task::JoinSet::new();
    for n in 0..24 {
        let (db, mut asked) = (db.clone(), paper(&customer, &buyer, if n % 3 == 0 { "400.00" } else { "1.00" }));
        asked["command_id"] = json!(new_id());
        running.spawn(async move { call(&db, "invoices.issue", asked).await.is_ok() });
    }
    let issued = running.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(issued, 16);
    assert_eq!(
        desk.figure("select count(distinct number) || ' ' || max(number) from book.invoices").await,
        "16 STM-2026-0016"
    );
}

#[tokio::test]
async fn what_is_given_back_after_invoicing_becomes_due_as_a_red_letter() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "350.00")).await;
    give_back(&desk, "50.005").await;
    let due = meter(&desk, &customer).await;
    assert_eq!((&due["invoiceable"], &due["red_letter_due"]), (&json!("0.00"), &json!("50.00")));
    let red = red_letter(&desk, &invoice, json!([{"product": "chat", "amount": "50.00"}])).await;
    assert_eq!(
        (&red["number"], &red["total_incl"], &red["refers_to_number"]),
        (&json!("RED-2026-0001"), &json!("-50.00"), &invoice["number"])
    );
    let after = meter(&desk, &customer).await;
    assert_eq!(
        (&after["invoiceable"], &after["red_letter_due"], &after["net"]),
        (&json!("0.00"), &json!("0.00"), &json!("0.000000"))
    );
}

#[tokio::test]
async fn a_full_red_letter_makes_it_invoiceable_again_and_mirrors_the_split() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.01")).await;
    red_letter(&desk, &invoice, json!([{"product": "chat", "amount": "33.33"}])).await;
    red_letter(&desk, &invoice, json!([{"product": "chat", "amount": "33.33"}])).await;
    red_letter(&desk, &invoice, Value::Null).await;
    assert_eq!(
        desk.figure("select sum(total_excl) || ' ' || sum(total_tax) || ' ' || sum(total_incl) from book.invoices")
            .await,
        "0.00 0.00 0.00"
    );
    assert_eq!(meter(&desk, &customer).await["invoiceable"], "350.00");
    let opened = desk.read("taxclerk", "invoices.open", json!({"invoice_id": invoice["id"]})).await;
    assert_eq!((&opened["status"], &opened["red_lettered"]), (&json!("red"), &json!("100.01")));
    let asked = json!({"invoice_id": invoice["id"], "reason_code": "01"});
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.propose_red_letter", asked).await), "invoice_already_red");
}

#[tokio::test]
async fn a_red_letter_cannot_take_more_than_its_line_holds() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let asked =
        json!({"invoice_id": invoice["id"], "reason_code": "04", "lines": [{"product": "chat", "amount": "100.01"}]});
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.propose_red_letter", asked).await),
        "red_letter_exceeds_line"
    );
    let asked = json!({"invoice_id": invoice["id"], "reason_code": "99"});
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.propose_red_letter", asked).await),
        "red_letter_reason_unknown"
    );
}

#[tokio::test]
async fn a_red_letter_is_confirmed_by_somebody_else_and_once() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let asked = desk
        .act("taxclerk", "invoices.propose_red_letter", json!({"invoice_id": invoice["id"], "reason_code": "01"}))
        .await;
    let again = json!({"invoice_id": invoice["id"], "reason_code": "01"});
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.propose_red_letter", again).await),
        "red_letter_already_proposed"
    );
    let confirm = json!({"red_letter_id": asked["id"]});
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.confirm_red_letter", confirm.clone()).await), "not_allowed");
    // Somebody with both jobs is still one person.
    desk.figure("with d as (insert into book.duties (person_id, duty, from_at) select p.id, 'approver', '2020-01-01' from book.people p where p.login = 'taxclerk' returning 1) select count(*)::text from d").await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.confirm_red_letter", confirm.clone()).await),
        "red_letter_confirmed_by_proposer"
    );
    desk.act("approver", "invoices.confirm_red_letter", confirm.clone()).await;
    assert_eq!(refused(desk.try_act("approver", "invoices.confirm_red_letter", confirm).await), "red_letter_not_open");
    assert_eq!(desk.figure("select count(*)::text from book.invoices where kind = 'red_letter'").await, "1");
}

#[tokio::test]
async fn a_declined_red_letter_issues_nothing() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let asked = desk
        .act("taxclerk", "invoices.propose_red_letter", json!({"invoice_id": invoice["id"], "reason_code": "01"}))
        .await;
    let declined = desk
        .act(
            "approver",
            "invoices.decline_red_letter",
            json!({"red_letter_id": asked["id"], "reason": "the buyer kept it"}),
        )
        .await;
    assert_eq!(declined["status"], "declined");
    assert_eq!(desk.figure("select count(*)::text from book.invoices").await, "1");
}

#[tokio::test]
async fn a_second_print_needs_a_reason_and_a_print_needs_a_paper() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let print = json!({"invoice_id": invoice["id"], "printer": "PDF"});
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.log_print", print.clone()).await), "invoice_not_rendered");
    let db = desk.person("taxclerk").await;
    let id: uuid::Uuid = invoice["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    for bytes in [&b"%PDF-1.7 first"[..], b"%PDF-1.7 second"] {
        let kept: Vec<u8> = sqlx::query_scalar("select api.store_invoice_pdf($1, $2)")
            .bind(id)
            .bind(bytes)
            .fetch_one(&db.pool)
            .await
            .expect("kept");
        assert_eq!(kept, b"%PDF-1.7 first", "the first rendering wins");
    }
    desk.act("taxclerk", "invoices.log_print", print.clone()).await;
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.log_print", print.clone()).await), "reprint_without_reason");
    let again = with(print, json!({"reason": "paper jam", "copies": 2}));
    assert_eq!(desk.act("taxclerk", "invoices.log_print", again).await["sheets_printed"], 3);
}

#[tokio::test]
async fn the_content_reads_as_the_renderer_needs_it() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let id: uuid::Uuid = invoice["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let db = desk.person("taxclerk").await;
    let content: Value =
        sqlx::query_scalar("select api.read_invoice_content($1)").bind(id).fetch_one(&db.pool).await.expect("content");
    let paper: kontor::invoices::Invoice = serde_json::from_value(content).expect("the renderer's shape");
    assert_eq!((paper.number.as_str(), paper.lines[0].product.as_str()), ("STM-2026-0001", "对话"));
    assert_eq!(paper.total_incl.to_string(), "100.00");
    assert!(paper.rehearsal);
}

#[tokio::test]
async fn an_official_number_has_twenty_digits_and_is_recorded_once() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let invoice = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "100.00")).await;
    let official =
        |number: &str| json!({"invoice_id": invoice["id"], "official_number": number, "official_on": "2026-06-01"});
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.record_official", official("264120")).await),
        "official_number_malformed"
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.record_official", official("27412000001741590436")).await),
        "official_date_impossible"
    );
    desk.act("taxclerk", "invoices.record_official", official("26412000001741590436")).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.record_official", official("26412000001741590437")).await),
        "official_number_already_recorded"
    );
}

#[tokio::test]
async fn production_without_a_seller_issues_nothing() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    desk.figure("with d as (update book.database set rehearsal = false returning 1) select count(*)::text from d")
        .await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue", paper(&customer, &buyer, "1.00")).await),
        "seller_not_configured"
    );
    let seller = json!({"name": "某某科技有限公司", "address": "北京", "tax_id": "91110108MA0TE4T01D", "phone": "010", "bank": "银行", "account": "1", "valid_from": "2026-01-01T00:00:00Z"});
    let proposed = desk.act("administrator", "invoices.propose_seller", seller).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue", paper(&customer, &buyer, "1.00")).await),
        "seller_not_configured"
    );
    desk.act("approver", "invoices.confirm_seller", json!({"proposal_id": proposed["proposal_id"]})).await;
    desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "1.00")).await;
}

#[tokio::test]
async fn a_credit_code_that_does_not_check_is_refused() {
    let (desk, customer) = desk_with_consumption().await;
    let save = |facts: Value| with(json!({"customer_id": customer, "kind": "enterprise", "name": "样例"}), facts);
    let cases = [
        (json!({}), "buyer_credit_code_missing"),
        (json!({"credit_code": "91110108MA0TE4T01A"}), "buyer_credit_code_invalid"),
        (json!({"credit_code": "9111000060003734OL"}), "buyer_credit_code_invalid"),
        (json!({"credit_code": "110108600037341"}), "buyer_code_reason_missing"),
        (json!({"credit_code": "91110108MA0TE4T01D", "name": " "}), "buyer_without_name"),
        (json!({"credit_code": "91110108MA0TE4T01D", "kind": "martian"}), "buyer_kind_unknown"),
    ];
    for (facts, rule) in cases {
        assert_eq!(refused(desk.try_act("taxclerk", "buyers.save", save(facts)).await), rule);
    }
    desk.act(
        "taxclerk",
        "buyers.save",
        save(json!({"credit_code": "110108600037341", "code_reason": "registered in 2009"})),
    )
    .await;
    let saved = desk.act("taxclerk", "buyers.save", save(json!({"credit_code": "9111 0000 6000 3734 1l"}))).await;
    assert_eq!(saved["credit_code"], "91110000600037341L");
    let again = desk
        .act("taxclerk", "buyers.save", save(json!({"credit_code": "91110108MA0TE4T01D", "buyer_id": saved["id"]})))
        .await;
    assert_eq!(again["version"], 2);
}

#[tokio::test]
async fn papers_are_found_by_number_customer_month_and_state() {
    let (desk, customer) = desk_with_consumption().await;
    let buyer = buyer(&desk, &customer).await;
    let first = desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "1.00")).await;
    desk.act("taxclerk", "invoices.issue", paper(&customer, &buyer, "2.00")).await;
    red_letter(&desk, &first, Value::Null).await;
    let cases = [
        (json!({}), 3),
        (json!({"search": "stm-2026-0002"}), 1),
        (json!({"search": "C1"}), 3),
        (json!({"status": "red"}), 1),
        (json!({"kind": "red_letter"}), 1),
        (json!({"month": "2026-06-01"}), 3),
        (json!({"month": "2026-05-31"}), 0),
        (json!({"customer_id": customer, "most": 2}), 2),
    ];
    for (asked, count) in cases {
        assert_eq!(
            desk.read("agent", "invoices.list", asked.clone()).await.as_array().map(Vec::len),
            Some(count),
            "{asked}"
        );
    }
    let page = desk.read("agent", "invoices.list", json!({"most": 2})).await;
    let rest = json!({"before_issued_at": page[1]["issued_at"], "before_id": page[1]["id"]});
    assert_eq!(desk.read("agent", "invoices.list", rest).await[0]["number"], "STM-2026-0001");
    let due = desk.read("taxclerk", "invoices.list_invoiceable", json!({})).await;
    assert_eq!(due[0]["invoiceable"], "348.00");
}
