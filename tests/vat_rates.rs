//! Rates with a history: a rate from a month on, by two people; splits, papers and red letters follow, and what was taxed stays.

use crate::desk::{Desk, order};
use crate::support::refused;
use serde_json::{Value, json};

const MAY: &str = "2026-05-01";
const JUNE: &str = "2026-06-01";
const JULY: &str = "2026-07-01";

async fn used(desk: &Desk, key: &str, day: &str, amount: &str) {
    let row = json!({"line": 2, "usage_key": key, "customer_ref": "C1", "product": "chat", "used_from": format!("{day}T02:00:00+08:00"), "amount": amount});
    desk.act("platform", "usage.post", json!({"rows": [row]})).await;
}

/// On 20 June 2026: 100.005 used in May, 60.005 in June, nothing invoiced.
async fn two_months() -> Desk {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", "2026-05-02T10:00:00+08:00")]).await;
    used(&desk, "may", "2026-05-20", "100.005").await;
    desk.books.set_clock("2026-06-20T09:00:00+08:00").await;
    used(&desk, "june", "2026-06-10", "60.005").await;
    desk
}

fn asked(month: &str, rate: &str) -> Value {
    json!({"product": "chat", "from_month": month, "rate": rate, "reason": "财税〔2018〕32号"})
}

/// Says that chat is taxed at this rate from this month on, as two people do.
async fn change(desk: &Desk, month: &str, rate: &str) {
    let proposed = desk.act("accountant", "vat.propose_rate", asked(month, rate)).await;
    desk.act("approver", "vat.confirm_rate", json!({"rate_id": proposed["id"]})).await;
}

async fn rule(desk: &Desk, login: &str, command: &str, arguments: Value) -> String {
    refused(desk.try_act(login, command, arguments).await)
}

async fn vat(desk: &Desk, month: &str) -> Value {
    desk.read("accountant", "vat.open", json!({"month": month})).await
}

/// Posts a month's split.
async fn split(desk: &Desk, month: &str) {
    let seen = vat(desk, month).await;
    desk.act("accountant", "vat.post", json!({"month": month, "digest": seen["digest"]})).await;
}

async fn buyer(desk: &Desk) -> Value {
    let customer = desk.customer("C1").await;
    let title = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例科技有限公司", "credit_code": "91110108MA0TE4T01D"});
    desk.act("taxclerk", "buyers.save", title).await["id"].clone()
}

async fn paper(desk: &Desk, buyer: &Value, amount: &str) -> Value {
    let customer = desk.customer("C1").await;
    json!({"customer_id": customer, "buyer_id": buyer, "kind": "invoice_request", "lines": [{"product": "chat", "amount": amount}]})
}

async fn issue(desk: &Desk, buyer: &Value, amount: &str) -> Value {
    let asked = paper(desk, buyer, amount).await;
    desk.act("taxclerk", "invoices.issue", asked).await
}

/// The lines of a paper: rate, with tax, without, tax, taken back.
async fn lines(desk: &Desk, paper: &Value) -> Vec<String> {
    let page = desk.read("taxclerk", "invoices.open", json!({"invoice_id": paper["id"]})).await;
    let part = |line: &Value, key: &str| line[key].as_str().unwrap_or("?").to_owned();
    let lines = page["lines"].as_array().expect("lines");
    lines
        .iter()
        .map(|line| ["rate", "amount_incl", "amount_excl", "tax", "red_lettered"].map(|key| part(line, key)).join(" "))
        .collect()
}

async fn red(desk: &Desk, paper: &Value, lines: Value) -> Value {
    let asked = json!({"invoice_id": paper["id"], "reason_code": "04", "lines": lines});
    let asked = desk.act("taxclerk", "invoices.propose_red_letter", asked).await;
    desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": asked["id"]})).await
}

#[tokio::test]
async fn a_rate_from_a_month_on_splits_each_month_at_its_own() {
    let desk = two_months().await;
    let preview = json!({"product": "chat", "from_month": JUNE, "rate": "0.09"});
    let seen = desk.read("taxclerk", "vat.preview_rate", preview).await;
    assert_eq!(
        (&seen["rate_before"], &seen["until_month"], &seen["papers"]),
        (&json!("0.0600"), &Value::Null, &json!(0))
    );
    assert_eq!(
        seen["months"],
        json!([{"month": JUNE, "rate": "0.06", "gross": "60.005000", "tax": "4.95", "tax_before": "3.40"}])
    );
    change(&desk, JUNE, "0.09").await;
    let [may, june] = [vat(&desk, MAY).await, vat(&desk, JUNE).await];
    let line = |month: &Value, key: &str| month["lines"][0][key].as_str().unwrap_or("?").to_owned();
    assert_eq!(may["lines"].as_array().map(Vec::len), Some(1), "one rate for each product and month");
    assert_eq!(
        ["rate", "gross", "tax_exact", "tax", "rounding"].map(|key| line(&may, key)),
        ["0.06", "100.005000", "5.660660377358", "5.66", "-0.000660377358"]
    );
    assert_eq!(
        ["rate", "gross", "tax_exact", "tax", "rounding"].map(|key| line(&june, key)),
        ["0.09", "60.005000", "4.954541284404", "4.95", "-0.004541284404"]
    );
    split(&desk, MAY).await;
    desk.books.set_clock("2026-07-02T09:00:00+08:00").await;
    split(&desk, JUNE).await;
    assert_eq!(
        desk.figure(
            "select string_agg(s.month || ' ' || s.rate || ' ' || s.tax, ', ' order by s.month) from book.vat_splits s"
        )
        .await,
        "2026-05-01 0.0600 5.66, 2026-06-01 0.0900 4.95"
    );
    assert_eq!(desk.figure("select (-sum(p.amount))::text from book.postings p join book.accounts a on a.id = p.account_id where a.code = 'output_vat'").await, "10.610000");
    let catalogue = desk.read("auditor", "catalogue.open", json!({})).await;
    let product = &catalogue["products"][0];
    assert_eq!((&product["vat_rate"], &product["rates"][0]["from_month"]), (&json!("0.0900"), &json!(JUNE)));
    assert_eq!(
        (&product["rates"][0]["proposed_by"], &product["rates"][0]["confirmed_by"]),
        (&json!("accountant"), &json!("approver"))
    );
    assert_eq!((&product["rates"][1]["from_month"], &product["rates"][1]["rate"]), (&Value::Null, &json!("0.06")));
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_paper_over_a_change_has_a_line_for_each_rate_and_the_register_falls() {
    let desk = two_months().await;
    let buyer = buyer(&desk).await;
    change(&desk, JUNE, "0.09").await;
    // What the paper would say, with the months that each line covers; May's half fen goes on to June.
    let draft = desk.read("taxclerk", "invoices.preview", paper(&desk, &buyer, "150.00").await).await;
    let said = |n: usize| {
        ["rate", "amount_incl", "amount_excl", "tax", "from_month", "until_month"]
            .map(|key| draft["lines"][n][key].as_str().unwrap_or("?").to_owned())
    };
    assert_eq!(said(0), ["0.06", "100.00", "94.34", "5.66", MAY, MAY]);
    assert_eq!(said(1), ["0.09", "50.00", "45.87", "4.13", JUNE, JUNE]);
    assert_eq!(
        (&draft["total_excl"], &draft["total_tax"], &draft["total_incl"]),
        (&json!("140.21"), &json!("9.79"), &json!("150.00"))
    );
    let issued = issue(&desk, &buyer, "150.00").await;
    assert_eq!(lines(&desk, &issued).await, ["0.06 100.00 94.34 5.66 0.00", "0.09 50.00 45.87 4.13 0.00"]);
    assert_eq!((&issued["total_tax"], &issued["total_incl"]), (&json!("9.79"), &json!("150.00")));
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!(
        (&row["open"], &row["this_month"], &row["last_month"]),
        (&json!("10.010000"), &json!("10.010000"), &json!("0"))
    );
    let rest = issue(&desk, &buyer, "10.01").await;
    assert_eq!(lines(&desk, &rest).await, ["0.09 10.01 9.18 0.83 0.00"], "one rate: one line, and no months beside it");
    let newest = "select (content #> '{lines,0}')::text from book.invoices order by number desc limit 1";
    assert!(!desk.figure(newest).await.contains("month"));
    let total = desk.read("accountant", "income.total", json!({})).await;
    assert_eq!((&total["open"], &total["difference"]), (&json!("0"), &json!("0.000000")));
    // The tax platform gets both lines, each with its rate.
    let sheet = desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": [issued["id"]]})).await;
    let file = desk.act("taxclerk", "tax.read_sheet", json!({"sheet_id": sheet["id"]})).await;
    let cells = |n: usize| [7, 8].map(|at: usize| file["sheets"][1]["rows"][n][at].as_str().unwrap_or("?").to_owned());
    assert_eq!((cells(0), cells(1)), (["100.00".into(), "0.06".into()], ["50.00".into(), "0.09".into()]));
    // On paper the months tell the two lines apart.
    let db = desk.person("taxclerk").await;
    let id = issued["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let pdf = kontor::invoices::pdf(&db, id).await.expect("a paper with two lines of one product");
    let text = crate::paper::pages(&pdf).concat();
    assert!(text.contains("2026-05") && text.contains("6%") && text.contains("9%"), "{text}");
}

#[tokio::test]
async fn there_and_back_again_is_one_line_for_each_rate() {
    let desk = two_months().await;
    change(&desk, JUNE, "0.09").await;
    change(&desk, JULY, "0.06").await;
    desk.books.set_clock("2026-07-20T09:00:00+08:00").await;
    used(&desk, "july", "2026-07-10", "30").await;
    let rates = ["2026-05-01", "2026-06-01", "2026-07-01"].map(|month| vat(&desk, month));
    let mut seen = Vec::new();
    for month in rates {
        let month = month.await;
        seen.push(format!("{} {}", month["lines"][0]["rate"], month["tax"]).replace('"', ""));
    }
    assert_eq!(seen, ["0.06 5.66", "0.09 4.95", "0.06 1.70"]);
    // A run fixes amounts; its papers take the rates of the months that they cover.
    buyer(&desk).await;
    let preview = desk.read("taxclerk", "invoices.preview_run", json!({})).await;
    let begin = json!({"kind": "invoice_request", "digest": preview["digest"]});
    let run = desk.act("taxclerk", "invoices.start_run", begin).await["id"].clone();
    let items = desk.read("taxclerk", "invoices.list_run_items", json!({"run_id": run})).await;
    let issued = json!({"id": items[0]["paper_id"]});
    desk.act("taxclerk", "invoices.issue_from_run", json!({"command_id": issued["id"], "run_id": run})).await;
    assert_eq!(lines(&desk, &issued).await, ["0.09 60.01 55.06 4.95 0.00", "0.06 130.00 122.64 7.36 0.00"]);
    let page = desk.read("taxclerk", "invoices.open", json!({"invoice_id": issued["id"]})).await;
    assert_eq!((&page["lines"][1]["from_month"], &page["lines"][1]["until_month"]), (&json!(MAY), &json!(JULY)));
    // The newest month is July, at six per cent.
    let part = red(&desk, &issued, json!([{"product": "chat", "amount": "10.00"}])).await;
    assert_eq!(lines(&desk, &part).await, ["0.06 -10.00 -9.43 -0.57 0.00"]);
}

#[tokio::test]
async fn a_red_letter_takes_back_at_the_rates_of_the_lines() {
    let desk = two_months().await;
    let buyer = buyer(&desk).await;
    change(&desk, JUNE, "0.09").await;
    let issued = issue(&desk, &buyer, "160.00").await;
    assert_eq!(lines(&desk, &issued).await, ["0.06 100.00 94.34 5.66 0.00", "0.09 60.00 55.05 4.95 0.00"]);
    // Nobody says which rate: the newest months go first, and what stays covers the oldest, as in the register.
    let first = red(&desk, &issued, json!([{"product": "chat", "amount": "70.00"}])).await;
    assert_eq!(lines(&desk, &first).await, ["0.06 -10.00 -9.43 -0.57 0.00", "0.09 -60.00 -55.05 -4.95 0.00"]);
    assert_eq!(lines(&desk, &issued).await, ["0.06 100.00 94.34 5.66 10.00", "0.09 60.00 55.05 4.95 60.00"]);
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!(
        (&row["open"], &row["this_month"], &row["last_month"]),
        (&json!("70.010000"), &json!("60.005000"), &json!("10.005000"))
    );
    // Invoiced again it is what it was.
    let again = issue(&desk, &buyer, "70.00").await;
    assert_eq!(lines(&desk, &again).await, ["0.06 10.00 9.43 0.57 0.00", "0.09 60.00 55.05 4.95 0.00"]);
    // A line can be named by its rate; a rate that the paper does not have holds nothing.
    let named = |rate: &str, amount: &str| json!({"invoice_id": again["id"], "reason_code": "02", "lines": [{"product": "chat", "rate": rate, "amount": amount}]});
    for (rate, amount, broken) in [
        ("0.06", "10.01", "red_letter_exceeds_line"),
        ("0.13", "1.00", "red_letter_exceeds_line"),
        ("six", "1.00", "argument_invalid"),
    ] {
        assert_eq!(rule(&desk, "taxclerk", "invoices.propose_red_letter", named(rate, amount)).await, broken, "{rate}");
    }
    let both = json!({"invoice_id": again["id"], "reason_code": "02", "lines": [{"product": "chat", "amount": "1.00"}, {"product": "chat", "rate": "0.06", "amount": "1.00"}]});
    assert_eq!(rule(&desk, "taxclerk", "invoices.propose_red_letter", both).await, "invoice_product_repeated");
    let part = red(&desk, &again, json!([{"product": "chat", "rate": "0.06", "amount": "4.00"}])).await;
    assert_eq!(lines(&desk, &part).await, ["0.06 -4.00 -3.77 -0.23 0.00"]);
    // Given back after it was invoiced: what is due is planned from the newest paper and its newest months.
    let back = json!({"usage_key": "june", "amount": "20.00", "reason": "outage"});
    let back = desk.act("accountant", "usage.propose_credit_back", back).await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": back["id"]})).await;
    let tasks = desk.read("taxclerk", "invoices.list_red_tasks", json!({})).await;
    assert_eq!(tasks[0]["papers"][0]["lines"], json!([{"product": "chat", "amount": "15.99", "rate": "0.09"}]));
    // All that remains, and every part together mirrors the paper.
    red(&desk, &again, Value::Null).await;
    assert_eq!(lines(&desk, &again).await, ["0.06 10.00 9.43 0.57 10.00", "0.09 60.00 55.05 4.95 60.00"]);
    assert_eq!(desk.figure("select sum(l.amount_excl)::text from book.invoice_lines l join book.invoices i on i.id = l.invoice_id where i.refers_to = (select id from book.invoices where number = 'REQ-2026-0002')").await, "-64.48");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn what_is_taxed_stays_as_it_was_taxed() {
    let desk = two_months().await;
    let propose =
        |month: &'static str, rate: &'static str| rule(&desk, "accountant", "vat.propose_rate", asked(month, rate));
    assert_eq!(propose("2026-06-02", "0.09").await, "vat_rate_not_from_a_month");
    assert_eq!(propose("-infinity", "0.09").await, "argument_invalid");
    for rate in ["1", "1.5", "-0.01", "0.06001"] {
        assert_eq!(propose(JUNE, rate).await, "product_rate_out_of_range", "{rate}");
    }
    assert_eq!(propose(JUNE, "0.06").await, "vat_rate_unchanged");
    let strange = json!({"product": "nothing", "from_month": JUNE, "rate": "0.09", "reason": "x"});
    assert_eq!(rule(&desk, "accountant", "vat.propose_rate", strange).await, "product_unknown");
    let mute = json!({"product": "chat", "from_month": JUNE, "rate": "0.09", "reason": "　"});
    assert_eq!(rule(&desk, "accountant", "vat.propose_rate", mute).await, "vat_rate_without_reason");
    assert_eq!(rule(&desk, "administrator", "vat.propose_rate", asked(JUNE, "0.09")).await, "not_allowed");
    let waits = desk.act("accountant", "vat.propose_rate", asked(MAY, "0.05")).await;
    assert_eq!(propose(MAY, "0.04").await, "vat_rate_already_proposed");
    // A split stands in the way, of what waits for its second person too.
    split(&desk, MAY).await;
    assert_eq!(
        rule(&desk, "approver", "vat.confirm_rate", json!({"rate_id": waits["id"]})).await,
        "vat_rate_month_split"
    );
    let error = desk.try_act("accountant", "vat.propose_rate", asked("2026-04-01", "0.05")).await.expect_err("split");
    assert_eq!(
        error.to_json(),
        json!({"kind": "rule", "name": "vat_rate_month_split", "detail": {"month": "2026-05"}})
    );
    // The table says so too, whatever function asks.
    let mut owner = desk.books.owner().await;
    let forced = sqlx::query(
        "update book.vat_rates set confirmed_by = (select id from book.people where login = 'approver'), confirmed_at = now() where confirmed_at is null",
    );
    let error = forced.execute(&mut owner).await.expect_err("the trigger refuses");
    assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("vat_rate_month_split"));
    // Reversed while its month is open, it stands in nobody's way.
    let journal = vat(&desk, MAY).await["journals"][0]["journal_id"].clone();
    let reversal =
        desk.act("accountant", "reversals.propose", json!({"journal_id": journal, "reason": "wrong rate"})).await;
    desk.act("approver", "reversals.confirm", json!({"reversal_id": reversal["id"]})).await;
    desk.act("approver", "vat.confirm_rate", json!({"rate_id": waits["id"]})).await;
    let may = vat(&desk, MAY).await;
    assert_eq!(
        (&may["lines"][0]["rate"], &may["lines"][0]["tax"], &may["due"]),
        (&json!("0.05"), &json!("4.76"), &json!("4.76"))
    );
    for sql in [
        "update book.vat_rates set rate = 0.01 where from_month = '2026-05-01'",
        "delete from book.vat_rates",
        "update book.vat_rates set declined_at = now() where from_month > '-infinity'",
    ] {
        let error = sqlx::query(sql).execute(&mut owner).await.expect_err("final");
        assert!(
            matches!(
                error.as_database_error().and_then(|e| e.constraint()),
                Some("vat_rate_is_final" | "vat_rate_decided_twice")
            ),
            "{sql}: {error}"
        );
    }
}

/// A month is split at the old rate or at the new one, and whoever comes second is told so.
#[tokio::test]
async fn a_split_and_a_new_rate_at_once_never_both_win() {
    let desk = two_months().await;
    desk.books.set_clock("2026-07-02T09:00:00+08:00").await;
    for rate in ["0.09", "0.1", "0.11", "0.13"] {
        let proposed = desk.act("accountant", "vat.propose_rate", asked(JUNE, rate)).await;
        let seen = vat(&desk, JUNE).await;
        let (posted, confirmed) = tokio::join!(
            desk.try_act("accountant", "vat.post", json!({"month": JUNE, "digest": seen["digest"]})),
            desk.try_act("approver", "vat.confirm_rate", json!({"rate_id": proposed["id"]})),
        );
        match posted {
            Ok(month) => {
                assert_eq!(refused(confirmed), "vat_rate_month_split");
                assert_eq!((&month["lines"], &month["due"]), (&vat(&desk, JUNE).await["lines"], &json!("0.00")));
                break;
            }
            posted => {
                assert_eq!(refused(posted), "vat_figures_moved");
                assert_eq!(confirmed.expect("the rate is in force")["status"], "confirmed");
            }
        }
    }
    let differs = "select count(*)::text from book.vat_splits s where s.rate <> api.vat_rate(s.product, s.month)";
    assert_eq!(desk.figure(differs).await, "0");
}

#[tokio::test]
async fn a_closed_month_keeps_its_rate_and_late_usage_is_taxed_where_it_takes_effect() {
    let desk = two_months().await;
    split(&desk, MAY).await;
    let mut owner = desk.books.owner().await;
    // The checklist is another story (tests/periods.rs).
    sqlx::query("update book.closing set closed_before = '2026-06-01T00:00:00+08', soft_closed_before = '2026-06-01T00:00:00+08'").execute(&mut owner).await.expect("closed");
    assert_eq!(rule(&desk, "accountant", "vat.propose_rate", asked(MAY, "0.09")).await, "vat_rate_month_closed");
    change(&desk, JUNE, "0.09").await;
    // May's usage that comes after May was closed: in effect, in the register and in the tax of June (1.4).
    used(&desk, "late", "2026-05-31", "10.00").await;
    let june = vat(&desk, JUNE).await;
    assert_eq!(
        (&june["gross"], &june["lines"][0]["rate"], &june["tax"]),
        (&json!("70.005000"), &json!("0.09"), &json!("5.78"))
    );
    let buyer = buyer(&desk).await;
    let issued = issue(&desk, &buyer, "170.01").await;
    assert_eq!(lines(&desk, &issued).await, ["0.06 100.00 94.34 5.66 0.00", "0.09 70.01 64.23 5.78 0.00"]);
}

#[tokio::test]
async fn a_rate_takes_two_people_and_leaves_earlier_papers_alone() {
    let desk = two_months().await;
    let buyer = buyer(&desk).await;
    // 20.01 of June are invoiced at six per cent before anybody knows better.
    let early = issue(&desk, &buyer, "120.01").await;
    let seen = desk
        .read("accountant", "vat.preview_rate", json!({"product": "chat", "from_month": JUNE, "rate": "0.09"}))
        .await;
    assert_eq!((&seen["papers"], &seen["papers_total"]), (&json!(1), &json!("120.01")));
    let proposed = desk.act("taxclerk", "vat.propose_rate", asked(JUNE, "0.09")).await;
    let id = json!({"rate_id": proposed["id"]});
    assert_eq!(rule(&desk, "taxclerk", "vat.confirm_rate", id.clone()).await, "not_allowed");
    // A second job does not make a second person.
    let mut owner = desk.books.owner().await;
    let job = "insert into book.duties (person_id, duty, from_at) select id, 'approver', '2026-01-01' from book.people where login = 'taxclerk'";
    sqlx::query(job).execute(&mut owner).await.expect("a second job");
    assert_eq!(rule(&desk, "taxclerk", "vat.confirm_rate", id.clone()).await, "vat_rate_confirmed_by_proposer");
    // What a month is taxed at is decided before the month is closed; the month before it does not wait.
    for (month, open) in [(MAY, "0"), (JUNE, "1")] {
        let page = desk.read("accountant", "periods.open", json!({"month": month})).await;
        let items = page["items"].as_array().expect("a checklist");
        let waits = items.iter().find(|item| item["code"] == "proposals_decided").expect("the line");
        assert_eq!(waits["open_count"], open, "{month}");
    }
    // Where everything waits for its second person, with what the second person looks at.
    let page = desk.read("approver", "proposals.open", json!({"kind": "vat_rate", "id": proposed["id"]})).await;
    assert_eq!(
        (&page["proposal"]["number"], &page["proposal"]["may_confirm"]),
        (&json!("chat · 2026-06"), &json!("yes"))
    );
    assert_eq!(
        (&page["detail"]["rate_before"], &page["detail"]["rate"], &page["detail"]["papers"]),
        (&json!("0.06"), &json!("0.09"), &json!(1))
    );
    desk.act("approver", "vat.confirm_rate", id.clone()).await;
    assert_eq!(rule(&desk, "approver", "vat.confirm_rate", id.clone()).await, "vat_rate_already_confirmed");
    assert_eq!(lines(&desk, &early).await, ["0.06 120.01 113.22 6.79 0.00"]);
    let rest = issue(&desk, &buyer, "40.00").await;
    assert_eq!(lines(&desk, &rest).await, ["0.09 40.00 36.70 3.30 0.00"]);
}

#[tokio::test]
async fn a_declined_rate_changes_nothing_and_a_later_one_ends_what_a_new_one_changes() {
    let desk = two_months().await;
    change(&desk, JUNE, "0.09").await;
    let back = desk.act("accountant", "vat.propose_rate", asked(JULY, "0.06")).await;
    let why = json!({"rate_id": back["id"], "reason": "not published yet"});
    let declined = desk.act("approver", "vat.decline_rate", why).await;
    assert_eq!((&declined["status"], &declined["declined_why"]), (&json!("declined"), &json!("not published yet")));
    assert_eq!(
        rule(&desk, "approver", "vat.confirm_rate", json!({"rate_id": back["id"]})).await,
        "vat_rate_already_declined"
    );
    change(&desk, JULY, "0.06").await;
    let seen = desk
        .read("accountant", "vat.preview_rate", json!({"product": "chat", "from_month": JUNE, "rate": "0.1"}))
        .await;
    assert_eq!((&seen["until_month"], &seen["rate_before"]), (&json!(JUNE), &json!("0.0900")));
}
