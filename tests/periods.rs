//! Months: closed in order by two people on a checklist, opened again newest first, and nothing posted into one that is closed.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use serde_json::{Value, json};
use std::time::Duration;

const MAY: &str = "2026-05-01";
const JUNE: &str = "2026-06-01";

/// Books on 1 June 2026, with a recharge and usage of May that are there in full.
async fn ready() -> Desk {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", "2026-05-02T10:00:00+08:00")]).await;
    desk.use_up("u1", "C1", "100.00").await;
    statement(&desk, "2026-05-01", "2026-06-01", vec![payment("R1", "500.00", "2026-05-02T10:00:00+08:00")]).await;
    desk
}

pub fn payment(order_no: &str, gross: &str, at: &str) -> Value {
    json!({"line": 6, "kind": "payment", "order_no": order_no, "provider_no": format!("2026{order_no}"), "refund_no": null,
           "occurred_at": at, "gross": gross, "fee": "0.00", "net": gross, "counterparty": null, "description": null})
}

/// Reads a statement of Alipay for these days.
pub async fn statement(desk: &Desk, from: &str, until: &str, rows: Vec<Value>) {
    let id = new_id();
    let totals = json!({"row_count": rows.len(), "from": format!("{from}T00:00:00+08:00"), "to": format!("{until}T00:00:00+08:00")});
    let begun = json!({"command_id": id, "kind": "statement_alipay", "file_name": "days.csv", "file_sha256": id.replace('-', ""), "totals": totals});
    desk.act("accountant", "imports.begin", begun).await;
    if !rows.is_empty() {
        desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": rows})).await;
    }
    desk.act("accountant", "imports.post", json!({"import_id": id})).await;
}

/// Does what the checklist of a month still asks for.
async fn work_down(desk: &Desk, month: &str) {
    let page = desk.read("accountant", "periods.open", json!({"month": month})).await;
    for item in page["items"].as_array().expect("a checklist") {
        let tick = json!({"month": month, "item": item["code"], "done": true, "note": "looked at"});
        if item["looked_at_by"] == "person" {
            desk.act("accountant", "periods.tick", tick).await;
        }
    }
    let vat = desk.read("accountant", "vat.open", json!({"month": month})).await;
    if vat["barrier"].is_null() {
        desk.act("accountant", "vat.post", json!({"month": month, "digest": vat["digest"]})).await;
    }
}

async fn close(desk: &Desk, month: &str) -> Value {
    desk.act("accountant", "periods.soft_close", json!({"month": month})).await;
    work_down(desk, month).await;
    desk.act("accountant", "periods.close", json!({"month": month})).await;
    desk.act("supervisor", "periods.confirm_close", json!({"month": month})).await
}

async fn rule(desk: &Desk, login: &str, command: &str, arguments: Value) -> String {
    refused(desk.try_act(login, command, arguments).await)
}

/// A manual journal between two house accounts, effective on a day.
fn correction(day: &str) -> Value {
    json!({"kind": "rounding", "amount": "0.01", "debit_account": "rounding", "credit_account": "provider_fees", "effective_on": day, "reason": "rest of a fen", "document_no": "T-1"})
}

#[tokio::test]
async fn a_month_is_closed_by_one_person_and_confirmed_by_another() {
    let desk = ready().await;
    let page = desk.read("accountant", "periods.open", json!({})).await;
    assert_eq!(page["month"], MAY, "the month to close next");
    assert_eq!(page["steps"][0], json!({"action": "soft_close", "duties": ["accountant"], "barrier": null}));
    assert_eq!(rule(&desk, "accountant", "periods.close", json!({"month": MAY})).await, "period_not_soft_closed");
    desk.act("accountant", "periods.soft_close", json!({"month": MAY})).await;
    assert_eq!(rule(&desk, "accountant", "periods.close", json!({"month": MAY})).await, "period_checklist_open");
    work_down(&desk, MAY).await;
    desk.act("accountant", "periods.close", json!({"month": MAY})).await;
    assert_eq!(rule(&desk, "accountant", "periods.confirm_close", json!({"month": MAY})).await, "not_allowed");
    // A second job does not make a second person.
    give_duty(&desk, "accountant", "supervisor").await;
    assert_eq!(
        rule(&desk, "accountant", "periods.confirm_close", json!({"month": MAY})).await,
        "period_closed_by_proposer"
    );
    let closed = desk.act("supervisor", "periods.confirm_close", json!({"month": MAY})).await;
    assert_eq!(
        (&closed["status"], &closed["closing_no"], &closed["closed_by"]),
        (&json!("closed"), &json!(1), &json!("supervisor"))
    );
    desk.assert_tied_out().await;
}

async fn give_duty(desk: &Desk, login: &str, duty: &str) {
    let mut owner = desk.books.owner().await;
    sqlx::query("insert into book.duties (person_id, duty, from_at) select id, $2, '2026-01-01' from book.people where login = $1")
        .bind(login)
        .bind(duty)
        .execute(&mut owner)
        .await
        .expect("a second duty");
}

#[tokio::test]
async fn nothing_is_posted_into_a_closed_month_and_the_next_open_day_is_offered() {
    let desk = ready().await;
    close(&desk, MAY).await;
    let error = desk.try_act("accountant", "adjustments.propose", correction("2026-05-31")).await.expect_err("closed");
    assert_eq!(
        error.to_json(),
        json!({"kind": "rule", "name": "period_closed", "detail": {"month": "2026-05", "next_open_on": "2026-06-01"}})
    );
    desk.act("accountant", "adjustments.propose", correction("2026-06-01")).await;
    // Whatever function runs above, the table itself refuses.
    let mut owner = desk.books.owner().await;
    let error = sqlx::query("select api.post_journal('adjustment', null, '2026-05-31T12:00:00+08', now(), 1, 'x', 'x', array['bank', 'rounding'], array['CNY', 'CNY'], array[1, -1])")
        .execute(&mut owner)
        .await
        .expect_err("the trigger refuses");
    assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("period_closed"));
}

#[tokio::test]
async fn late_papers_of_the_platform_go_to_the_next_open_day_and_keep_their_own_dates() {
    let desk = ready().await;
    desk.act("accountant", "periods.soft_close", json!({"month": MAY})).await;
    desk.use_up("u2", "C1", "7.00").await;
    desk.recharge(vec![order("R2", "C1", "50.00", "2026-05-30T10:00:00+08:00")]).await;
    let instants = desk.figure("select string_agg(distinct to_char(j.effective_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), ' ') from book.journals j where j.id in (select journal_id from book.usage_charges where usage_key = 'u2' union select journal_id from book.recharges where order_no = 'R2')").await;
    assert_eq!(instants, "2026-06-01");
    let own = desk.figure("select to_char(u.used_from at time zone 'Asia/Shanghai', 'YYYY-MM-DD') || ' ' || to_char(r.paid_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') from book.usage_charges u, book.recharges r where u.usage_key = 'u2' and r.order_no = 'R2'").await;
    assert_eq!(own, "2026-05-20 2026-05-30");
    // An accountant still posts into the month that is being closed.
    desk.attach("accountant", "adjustment", "00000000-0000-0000-0000-000000000001").await;
    let asked = desk.act("accountant", "adjustments.propose", correction("2026-05-31")).await;
    desk.act("approver", "adjustments.confirm", json!({"adjustment_id": asked["id"]})).await;
    let months = desk.figure("select to_char(max(effective_at) at time zone 'Asia/Shanghai', 'YYYY-MM') from book.journals where kind = 'adjustment'").await;
    assert_eq!(months, "2026-05");
}

#[tokio::test]
async fn months_close_in_order_and_reopen_newest_first() {
    let desk = ready().await;
    desk.books.set_clock("2026-07-03T09:00:00+08:00").await;
    assert_eq!(rule(&desk, "accountant", "periods.soft_close", json!({"month": JUNE})).await, "period_out_of_order");
    assert_eq!(
        rule(&desk, "accountant", "periods.soft_close", json!({"month": "2026-07-01"})).await,
        "period_not_over"
    );
    close(&desk, MAY).await;
    statement(&desk, "2026-06-01", "2026-07-01", vec![]).await;
    close(&desk, JUNE).await;
    let reason = json!({"month": MAY, "reason": "a fee was booked twice"});
    assert_eq!(rule(&desk, "accountant", "periods.reopen", reason).await, "period_later_closed");
    let wordless = json!({"month": JUNE, "reason": " \u{3000}\n"});
    assert_eq!(rule(&desk, "accountant", "periods.reopen", wordless).await, "period_reopened_without_reason");
    desk.act("accountant", "periods.reopen", json!({"month": JUNE, "reason": "a fee was booked twice"})).await;
    give_duty(&desk, "accountant", "supervisor").await;
    assert_eq!(
        rule(&desk, "accountant", "periods.confirm_reopen", json!({"month": JUNE})).await,
        "period_reopened_by_proposer"
    );
    let open = desk.act("supervisor", "periods.confirm_reopen", json!({"month": JUNE})).await;
    assert_eq!((&open["status"], &open["reopened_by"]), (&json!("soft_closed"), &json!("supervisor")));
    assert_eq!(
        rule(&desk, "accountant", "adjustments.propose", correction("2026-05-31")).await,
        "period_closed",
        "May stays closed"
    );
    let asked = desk.act("accountant", "adjustments.propose", correction("2026-06-30")).await;
    desk.act("approver", "adjustments.confirm", json!({"adjustment_id": asked["id"]})).await;
    desk.act("accountant", "periods.close", json!({"month": JUNE})).await;
    let again = desk.act("supervisor", "periods.confirm_close", json!({"month": JUNE})).await;
    assert_eq!(again["closing_no"], 2);
    let kept = desk.figure("select string_agg(f.closing_no || ' ' || (f.debit - f.credit), ', ' order by f.closing_no) from book.period_figures f join book.accounts a on a.id = f.account_id where f.month = '2026-06-01' and a.code = 'rounding'").await;
    assert_eq!(kept, "2 0.010000", "the first closing's figures stand beside the second's");
}

#[tokio::test]
async fn a_figure_to_review_is_that_of_the_months_end_and_not_of_today() {
    let desk = ready().await;
    let june =
        with(order("R2", "C1", "70.00", "2026-06-01T08:00:00+08:00"), json!({"gift": "7.00", "activity": "welcome"}));
    desk.recharge(vec![june]).await;
    let figure = async |month: &str, code: &str| {
        let page = desk.read("accountant", "periods.open", json!({"month": month})).await;
        let items = page["items"].as_array().expect("a checklist").clone();
        items.iter().find(|item| item["code"] == code).expect("the line")["amount"].as_str().map(str::to_owned)
    };
    // 500 were paid in May and 100 used; June's 70 and its gift are not May's.
    assert_eq!(figure(MAY, "prepaid_reviewed").await.as_deref(), Some("400.000000"));
    assert_eq!(figure(MAY, "credit_liability").await.as_deref(), Some("0"));
    assert_eq!(figure(MAY, "receivables_reviewed").await.as_deref(), Some("0"));
    assert_eq!(figure(JUNE, "prepaid_reviewed").await.as_deref(), Some("470.000000"));
    assert_eq!(figure(JUNE, "credit_liability").await.as_deref(), Some("7.000000"));
}

#[tokio::test]
async fn the_figures_of_a_month_are_its_postings() {
    let desk = ready().await;
    close(&desk, MAY).await;
    let figures = desk.read("auditor", "periods.figures", json!({"month": MAY})).await;
    let wrong = desk.figure("select count(*)::text from (select p.account_id, p.commodity, sum(p.amount) s from book.postings p join book.journals j on j.id = p.journal_id where j.effective_at < '2026-06-01+08' group by 1, 2) t full join book.period_figures f on f.account_id = t.account_id and f.commodity = t.commodity where f.opening + f.debit - f.credit is distinct from t.s").await;
    assert_eq!(wrong, "0");
    let revenue =
        figures.as_array().into_iter().flatten().find(|row| row["account"] == "revenue.chat").expect("revenue");
    assert_eq!(revenue["closing"], "-94.340000", "net of its tax");
    assert_eq!(desk.figure("select sum(opening + debit - credit)::text from book.period_figures").await, "0.000000");
    // June opens with what May closed with.
    desk.books.set_clock("2026-07-03T09:00:00+08:00").await;
    desk.recharge(vec![order("R9", "C1", "10.00", "2026-06-10T10:00:00+08:00")]).await;
    statement(&desk, "2026-06-01", "2026-07-01", vec![payment("R9", "10.00", "2026-06-10T10:00:00+08:00")]).await;
    close(&desk, JUNE).await;
    let wallet = desk.figure("select string_agg(f.opening || ' ' || f.debit || ' ' || f.credit, ', ') from book.period_figures f join book.accounts a on a.id = f.account_id where f.month = '2026-06-01' and a.code = 'wallet'").await;
    assert_eq!(wallet, "-400.000000 0.000000 10.000000");
}

#[tokio::test]
async fn a_posting_in_flight_is_in_the_month_before_it_closes_and_a_later_one_is_refused() {
    let desk = ready().await;
    desk.act("accountant", "periods.soft_close", json!({"month": MAY})).await;
    work_down(&desk, MAY).await;
    desk.act("accountant", "periods.close", json!({"month": MAY})).await;
    let post = "select api.post_journal('adjustment', null, '2026-05-31T12:00:00+08', api.clock(), 1, 'x', 'x', array['bank', 'rounding'], array['CNY', 'CNY'], array[1, -1])";
    let mut flying = desk.books.owner().await;
    sqlx::query("begin").execute(&mut flying).await.expect("a transaction");
    sqlx::query(post).execute(&mut flying).await.expect("May is not closed yet");
    // This one has begun before the closing too, and posts after it.
    let mut late = desk.books.owner().await;
    sqlx::query("begin").execute(&mut late).await.expect("a transaction");
    sqlx::query("select 1").execute(&mut late).await.expect("it has begun");

    let closing = async { desk.try_act("supervisor", "periods.confirm_close", json!({"month": MAY})).await };
    let landing = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let waiting = desk.figure("select count(*)::text from pg_locks where relation = 'book.postings'::regclass and mode = 'ShareRowExclusiveLock' and not granted").await;
        sqlx::query("commit").execute(&mut flying).await.expect("the posting in flight lands");
        waiting
    };
    let (closed, waiting) = tokio::join!(closing, landing);
    assert_eq!(waiting, "1", "the closing waits for the posting in flight");
    assert_eq!(closed.expect("closed")["status"], "closed");
    let bank = desk.figure("select (f.debit - f.credit)::text from book.period_figures f join book.accounts a on a.id = f.account_id where a.code = 'bank'").await;
    assert_eq!(bank, "1.000000", "it is in the figures");
    let error = sqlx::query(post).execute(&mut late).await.expect_err("too late");
    assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("period_closed"));
}

#[tokio::test]
async fn the_checklist_says_what_is_open_and_a_waiver_has_a_reason() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", "2026-05-02T10:00:00+08:00")]).await;
    desk.act("accountant", "periods.soft_close", json!({"month": MAY})).await;
    let page = desk.read("accountant", "periods.open", json!({"month": MAY})).await;
    let item = page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|item| item["code"] == "statements_complete")
        .expect("the line")
        .clone();
    assert_eq!(
        (&item["state"], &item["detail"]["days"]),
        (&json!("open"), &json!([{"on": "2026-05-02", "channel": "alipay"}]))
    );
    let tick = json!({"month": MAY, "item": "statements_complete", "done": true});
    assert_eq!(rule(&desk, "accountant", "periods.tick", tick).await, "period_item_is_computed");
    work_down(&desk, MAY).await;
    assert_eq!(rule(&desk, "accountant", "periods.close", json!({"month": MAY})).await, "period_checklist_open");
    let wordless = json!({"month": MAY, "item": "statements_complete", "reason": ""});
    assert_eq!(rule(&desk, "supervisor", "periods.waive", wordless).await, "period_waived_without_reason");
    desk.act(
        "supervisor",
        "periods.waive",
        json!({"month": MAY, "item": "statements_complete", "reason": "the provider's portal is down"}),
    )
    .await;
    desk.act("accountant", "periods.own", json!({"month": MAY, "item": "tie_out", "login": "accountant"})).await;
    desk.act("accountant", "periods.close", json!({"month": MAY})).await;
    let again = json!({"month": MAY, "item": "usage_complete", "done": false});
    assert_eq!(rule(&desk, "accountant", "periods.tick", again).await, "period_checklist_is_final");
    desk.act("supervisor", "periods.withdraw_close", json!({"month": MAY, "reason": "wait for the statement"})).await;
    statement(&desk, "2026-05-02", "2026-05-03", vec![payment("R1", "500.00", "2026-05-02T10:00:00+08:00")]).await;
    let page = desk.read("accountant", "periods.open", json!({"month": MAY})).await;
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.iter().find(|item| item["code"] == "statements_complete").expect("the line")["state"], "done");
    assert_eq!(items.iter().find(|item| item["code"] == "tie_out").expect("the line")["owner"], "accountant");
    let template = json!({"code": "bank_letter", "title_en": "The bank's letter is in", "title_zh": "银行询证函已收到", "required": true, "place": 25});
    desk.act("supervisor", "periods.save_item", template).await;
    assert_eq!(
        rule(&desk, "accountant", "periods.close", json!({"month": MAY})).await,
        "period_checklist_open",
        "a new line counts at once"
    );
}

#[tokio::test]
async fn output_vat_is_split_by_product_with_its_rounding_and_follows_what_comes_late() {
    let desk = ready().await;
    desk.act(
        "administrator",
        "products.add",
        json!({"code": "images", "title_en": "Images", "title_zh": "图像", "vat_rate": "0.03"}),
    )
    .await;
    let row = json!({"line": 2, "usage_key": "i1", "customer_ref": "C1", "product": "images", "used_from": "2026-05-20T00:00:00Z", "amount": "33.333333"});
    desk.act("platform", "usage.post", json!({"rows": [row]})).await;
    let vat = desk.read("accountant", "vat.open", json!({"month": MAY})).await;
    let line = |n: usize, key: &str| vat["lines"][n][key].as_str().unwrap_or("").to_owned();
    assert_eq!(
        (line(0, "gross"), line(0, "tax"), line(0, "tax_exact"), line(0, "rounding")),
        ("100.000000".into(), "5.66".into(), "5.660377358491".into(), "-0.000377358491".into())
    );
    assert_eq!(
        (line(1, "gross"), line(1, "rate"), line(1, "tax"), line(1, "tax_exact")),
        ("33.333333".into(), "0.03".into(), "0.97".into(), "0.970873776699".into())
    );
    let stale = json!({"month": MAY, "digest": "0".repeat(64)});
    assert_eq!(rule(&desk, "accountant", "vat.post", stale).await, "vat_figures_moved");
    assert_eq!(rule(&desk, "accountant", "vat.post", json!({"month": JUNE, "digest": ""})).await, "period_not_over");
    desk.act("accountant", "vat.post", json!({"month": MAY, "digest": vat["digest"]})).await;
    assert_eq!(desk.figure("select string_agg(a.code || ' ' || p.amount, ', ' order by p.line) from book.postings p join book.accounts a on a.id = p.account_id join book.journals j on j.id = p.journal_id where j.kind = 'vat_split'").await,
        "revenue.chat 5.660000, output_vat -5.660000, revenue.images 0.970000, output_vat -0.970000");
    assert_eq!(rule(&desk, "accountant", "vat.post", json!({"month": MAY, "digest": ""})).await, "vat_nothing_due");
    // Late usage of an open month: only the difference is posted.
    desk.use_up("u3", "C1", "1.00").await;
    let more = desk.read("accountant", "vat.open", json!({"month": MAY})).await;
    assert_eq!((&more["due"], &more["lines"][0]["posted"]), (&json!("0.06"), &json!("5.66")));
    let done = desk.act("accountant", "vat.post", json!({"month": MAY, "digest": more["digest"]})).await;
    assert_eq!((&done["due"], done["journals"].as_array().map(Vec::len)), (&json!("0.00"), Some(2)));
    // A split is taken back by two people while its month is open, and is due again then.
    let first = done["journals"][0]["journal_id"].clone();
    let asked = desk.act("accountant", "reversals.propose", json!({"journal_id": first, "reason": "wrong rate"})).await;
    desk.act("approver", "reversals.confirm", json!({"reversal_id": asked["id"]})).await;
    let again = desk.read("accountant", "vat.open", json!({"month": MAY})).await;
    assert_eq!(again["due"], "6.63");
    desk.act("accountant", "vat.post", json!({"month": MAY, "digest": again["digest"]})).await;
    desk.act("accountant", "periods.soft_close", json!({"month": MAY})).await;
    work_down(&desk, MAY).await;
    desk.act("accountant", "periods.close", json!({"month": MAY})).await;
    desk.act("supervisor", "periods.confirm_close", json!({"month": MAY})).await;
    let last = again_journal(&desk).await;
    assert_eq!(
        rule(&desk, "accountant", "reversals.propose", json!({"journal_id": last, "reason": "x"})).await,
        "period_closed"
    );
    // What is given back in June lowers June's tax, not May's.
    let back = desk
        .act(
            "accountant",
            "usage.propose_credit_back",
            json!({"usage_key": "u1", "amount": "10.60", "reason": "outage"}),
        )
        .await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": back["id"]})).await;
    let june = desk.read("accountant", "vat.open", json!({"month": JUNE})).await;
    assert_eq!((&june["gross"], &june["tax"]), (&json!("-10.600000"), &json!("-0.60")));
    desk.assert_tied_out().await;
}

async fn again_journal(desk: &Desk) -> String {
    desk.figure("select max(id)::text from book.journals where kind = 'vat_split'").await
}

#[tokio::test]
async fn income_not_invoiced_falls_oldest_month_first_and_ties_to_the_meter() {
    let desk = ready().await;
    desk.books.set_clock("2026-06-20T09:00:00+08:00").await;
    let june = json!({"line": 2, "usage_key": "j1", "customer_ref": "C1", "product": "chat", "used_from": "2026-06-10T00:00:00Z", "amount": "60.005"});
    desk.act("platform", "usage.post", json!({"rows": [june]})).await;
    let customer = desk.customer("C1").await;
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!(
        (&row["open"], &row["this_month"], &row["last_month"], &row["oldest_month"]),
        (&json!("160.005000"), &json!("60.005000"), &json!("100.000000"), &json!(MAY))
    );
    let buyer = desk.act("taxclerk", "buyers.save", json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例科技有限公司", "credit_code": "91110108MA0TE4T01D"})).await;
    let paper = |amount: &str| json!({"customer_id": customer, "buyer_id": buyer["id"], "lines": [{"product": "chat", "amount": amount}]});
    let invoice = desk.act("taxclerk", "invoices.issue", paper("130.00")).await;
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!(
        (&row["open"], &row["this_month"], &row["last_month"], &row["oldest_month"]),
        (&json!("30.005000"), &json!("30.005000"), &json!("0"), &json!(JUNE))
    );
    // The roll-up says the same as the tail it came from.
    let before = desk.read("accountant", "income.total", json!({})).await;
    roll_up(&desk).await;
    assert_eq!(desk.read("accountant", "income.total", json!({})).await, before);
    assert_eq!(
        (&before["open"], &before["meter"], &before["difference"]),
        (&json!("30.005000"), &json!("30.005000"), &json!("0.000000"))
    );
    let asked = desk.act("taxclerk", "invoices.propose_red_letter", json!({"invoice_id": invoice["id"], "reason_code": "04", "lines": [{"product": "chat", "amount": "50.00"}]})).await;
    desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": asked["id"]})).await;
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!((&row["open"], &row["last_month"]), (&json!("80.005000"), &json!("20.000000")));
    // Given back beyond what is open: a red letter is due, and the register still ties.
    let back = desk
        .act(
            "accountant",
            "usage.propose_credit_back",
            json!({"usage_key": "u1", "amount": "100.00", "reason": "outage"}),
        )
        .await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": back["id"]})).await;
    let row = desk.read("accountant", "income.list", json!({})).await[0].clone();
    assert_eq!((&row["open"], &row["red_letter_due"]), (&json!("0"), &json!("19.995000")));
    let total = desk.read("accountant", "income.total", json!({})).await;
    assert_eq!((&total["meter"], &total["difference"]), (&json!("-19.995000"), &json!("0.000000")));
}

/// Housekeeping, until the horizon has passed what was posted: transactions of other tests hold it for a moment.
async fn roll_up(desk: &Desk) {
    let mut owner = desk.books.owner().await;
    for _ in 0..100 {
        sqlx::query("select api.tend()").execute(&mut owner).await.expect("housekeeping");
        if desk.figure("select count(*)::text from book.income_months").await != "0" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the horizon never passed");
}
