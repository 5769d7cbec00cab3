//! The ledger: what can never be written, and how it is read.

use crate::desk::{Desk, order, with};
use crate::support::refused;
use kontor::Error;
use serde_json::json;

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// Runs a statement as the books' owner, whom no grant stops, and names what stopped it.
async fn stopped_by(desk: &Desk, sql: &'static str) -> String {
    let mut owner = desk.books.owner().await;
    let failure = sqlx::raw_sql(sql).execute(&mut owner).await.err().unwrap_or_else(|| panic!("was allowed: {sql}"));
    match Error::from(failure) {
        Error::Rule { name, .. } => name,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_ledger_is_append_only_even_for_its_owner() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    for sql in [
        "update book.postings set amount = amount * 2",
        "delete from book.journals",
        "truncate book.postings",
        "delete from book.audit_events",
    ] {
        assert_eq!(stopped_by(&desk, sql).await, "ledger_is_append_only", "{sql}");
    }
}

#[tokio::test]
async fn a_journal_that_does_not_balance_cannot_be_written() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let name = stopped_by(
        &desk,
        "
        with j as (insert into book.journals (kind, effective_at, recorded_at, recorded_by, document_kind, document_id)
                   values ('adjustment', now(), now(), 1, 'test', '1') returning id)
        insert into book.postings (journal_id, line, account_id, commodity, amount)
        select j.id, 1, a.id, 'CNY', 1 from j, book.accounts a where a.code = 'bank'",
    )
    .await;
    assert_eq!(name, "journal_out_of_balance");
}

#[tokio::test]
async fn principal_does_not_move_between_customers() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID), order("R2", "C2", "100.00", PAID)]).await;
    let name = stopped_by(&desk, "
        with j as (insert into book.journals (kind, customer_id, effective_at, recorded_at, recorded_by, document_kind, document_id)
                   select 'adjustment', min(id), now(), now(), 1, 'test', '1' from book.customers returning id)
        insert into book.postings (journal_id, line, account_id, customer_id, commodity, amount)
        select j.id, c.n, a.id, c.id, 'CNY', case c.n when 1 then 1 else -1 end
        from j, book.accounts a, (select id, row_number() over (order by id) as n from book.customers) c where a.code = 'wallet'").await;
    assert_eq!(name, "journal_touches_two_customers");
}

#[tokio::test]
async fn a_committed_journal_never_grows() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let name = stopped_by(&desk, "
        insert into book.postings (journal_id, line, account_id, commodity, amount)
        select j.id, l.n, a.id, 'CNY', l.amount from book.journals j, book.accounts a, (values (8, 1), (9, -1)) l (n, amount)
        where a.code = 'bank'").await;
    assert_eq!(name, "journal_closed");
}

#[tokio::test]
async fn a_journal_without_postings_cannot_commit() {
    let desk = Desk::open().await;
    let name = stopped_by(
        &desk,
        "
        insert into book.journals (kind, effective_at, recorded_at, recorded_by, document_kind, document_id)
        values ('adjustment', now(), now(), 1, 'test', '1')",
    )
    .await;
    assert_eq!(name, "journal_has_no_postings");
}

#[tokio::test]
async fn a_wallet_is_never_overdrawn() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    let name = stopped_by(
        &desk,
        "select api.post_journal('adjustment', (select min(id) from book.customers), now(), now(), 1, 'test', '1',
        array['wallet', 'bank'], array['CNY', 'CNY'], array[100.01, -100.01])",
    )
    .await;
    assert_eq!(name, "balance_overdrawn");
}

#[tokio::test]
async fn pages_meet_without_a_gap_in_both_directions() {
    let desk = Desk::open().await;
    let orders = (1..=9).map(|n| order(&format!("R{n}"), &format!("C{n}"), "10.00", PAID)).collect();
    desk.recharge(orders).await;
    let ids = |page: &serde_json::Value| -> Vec<i64> {
        page.as_array()
            .expect("a page")
            .iter()
            .map(|j| j["id"].as_str().expect("an id").parse().expect("a number"))
            .collect()
    };
    let first = ids(&desk.read("auditor", "ledger.list", json!({"maximum": 4})).await);
    let second = ids(&desk.read("auditor", "ledger.list", json!({"maximum": 4, "before": first[3].to_string()})).await);
    let back = ids(&desk.read("auditor", "ledger.list", json!({"maximum": 4, "after": second[0].to_string()})).await);
    assert_eq!(first.len(), 4);
    assert!(first[3] > second[0]);
    assert_eq!(first, back);
    let all = ids(&desk.read("auditor", "ledger.list", json!({})).await);
    assert_eq!(all.len(), 9);
}

#[tokio::test]
async fn filters_totals_and_running_balances_agree() {
    let desk = Desk::open().await;
    desk.recharge(vec![
        order("R1", "C1", "100.00", PAID),
        order("R2", "C1", "50.00", PAID),
        order("R3", "C2", "7.00", PAID),
    ])
    .await;
    desk.use_up("U1", "C1", "120.50").await;
    let customer = desk.customer("C1").await;
    let journals = desk.read("auditor", "ledger.list", json!({"filter": {"customer_id": customer}})).await;
    assert_eq!(journals.as_array().map(Vec::len), Some(3));
    let newest = &journals[0];
    assert_eq!(newest["kind"], "usage");
    let wallet = newest["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .find(|line| line["account"] == "wallet")
        .expect("the wallet moved");
    assert_eq!(wallet["balance_after"], "29.500000");
    let counted = desk.read("auditor", "ledger.count", json!({"filter": {"customer_id": customer}})).await;
    assert_eq!(counted["commodities"][0]["debit"], counted["commodities"][0]["credit"]);
    assert_eq!(counted["commodities"][0]["debit"], "270.500000");
    let unknown = json!({"filter": {"account": "petty_cash"}});
    assert_eq!(
        refused(crate::support::call(&desk.person("auditor").await, "ledger.list", unknown).await),
        "account_unknown"
    );
    for (filter, rule) in [
        (json!({"memo": "x"}), "memo_text_too_short"),
        (json!({"shoe_size": "43"}), "filter_unknown"),
        (json!({"recorded_from": "yesterday-ish"}), "filter_invalid"),
        (json!({"person": "nobody"}), "person_unknown"),
        (json!({"channel": "pigeon"}), "channel_unknown"),
    ] {
        let answer =
            crate::support::call(&desk.person("auditor").await, "ledger.list", json!({"filter": filter})).await;
        assert_eq!(refused(answer), rule, "{filter}");
    }
}

#[tokio::test]
async fn no_row_names_another_that_is_not_there() {
    // References that the writing functions guarantee instead of a foreign key: see migrations/0005_posting.sql.
    let desk = Desk::open().await;
    desk.recharge(vec![
        with(order("R1", "C1", "100.00", PAID), json!({"gift": "10.00", "activity": "welcome"})),
        order("R2", "C2", "20.00", PAID),
    ])
    .await;
    desk.act("platform", "recharges.post_one", json!({"order_row": order("R3", "C3", "20.00", PAID)})).await;
    desk.use_up("U1", "C1", "15.50").await;
    desk.use_up("U2", "C2", "25.00").await;
    desk.recharge(vec![order("R4", "C2", "20.00", PAID)]).await;
    let asked = json!({"usage_key": "U1", "amount": "12.00", "reason": "billed twice"});
    let asked = desk.act("accountant", "usage.propose_credit_back", asked).await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    // Transactions of other tests hold the horizon back for a moment.
    for _ in 0..100 {
        desk.figure("select api.tend()::text").await;
        if desk.figure("select count(*)::text from book.income_months").await != "0" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let loose = desk
        .figure(
            "with columns (child, name, parent, key) as (values \
               ('journals', 'customer_id', 'customers', 'id'), ('journals', 'recorded_by', 'people', 'id'), ('audit_events', 'person_id', 'people', 'id'), \
               ('postings', 'journal_id', 'journals', 'id'), ('postings', 'account_id', 'accounts', 'id'), ('postings', 'customer_id', 'customers', 'id'), \
               ('balances', 'customer_id', 'customers', 'id'), ('balances', 'account_id', 'accounts', 'id'), \
               ('recharges', 'customer_id', 'customers', 'id'), ('recharges', 'agreement_version', 'agreement_versions', 'version'), ('recharges', 'journal_id', 'journals', 'id'), \
               ('gifts', 'customer_id', 'customers', 'id'), ('gifts', 'recharge_id', 'recharges', 'id'), ('gifts', 'activity', 'activities', 'code'), ('gifts', 'journal_id', 'journals', 'id'), \
               ('usage_charges', 'customer_id', 'customers', 'id'), ('usage_charges', 'product', 'products', 'code'), ('usage_charges', 'journal_id', 'journals', 'id'), \
               ('consumptions', 'usage_id', 'usage_charges', 'id'), ('consumptions', 'recharge_id', 'recharges', 'id'), ('consumptions', 'gift_id', 'gifts', 'id'), \
               ('consumptions', 'journal_id', 'journals', 'id'), ('consumed_totals', 'customer_id', 'customers', 'id'), ('consumed_totals', 'product', 'products', 'code'), \
               ('income_months', 'customer_id', 'customers', 'id'), ('income_months', 'product', 'products', 'code')) \
             select string_agg(child || '.' || name || ' ' || (xpath('/row/n/text()', seen))[1]::text || ' of ' || (xpath('/row/of/text()', seen))[1]::text, ', ') \
             from columns c, lateral (select query_to_xml(format( \
               'select count(*) filter (where p.%4$I is null) as n, count(*) as of from book.%1$I k left join book.%3$I p on p.%4$I = k.%2$I where k.%2$I is not null', \
               c.child, c.name, c.parent, c.key), false, true, '') as seen) s \
             where (xpath('/row/n/text()', seen))[1]::text <> '0' or (xpath('/row/of/text()', seen))[1]::text = '0'",
        )
        .await;
    assert_eq!(loose, "", "dangling, or nothing to look at");
}
