//! The campaign's money: what Stripe moved, what of a claim was paid, credits that wait, and the answer as a letter.

use crate::campaign::{january, one_phone, paid, post, thirty, touch};
use crate::desk::Desk;
use crate::letters::with_seller;
use crate::support::{new_id, refused};
use serde_json::json;

/// The journal lines of one kind, added up by account.
async fn moved(desk: &Desk, kind: &str) -> String {
    let mut owner = desk.books.owner().await;
    sqlx::query_scalar(
        "select string_agg(x.code || ' ' || x.amount, ', ' order by x.code) from (
             select a.code, sum(p.amount)::numeric(20, 2)::text as amount from book.postings p join book.journals j on j.id = p.journal_id join book.accounts a on a.id = p.account_id
             where j.kind = $1 group by 1 having sum(p.amount) <> 0) x",
    )
    .bind(kind)
    .fetch_one(&mut owner)
    .await
    .expect("something was posted")
}

#[tokio::test]
async fn what_stripe_moved_is_posted_once_and_ties_out_with_its_payouts() {
    let desk = january().await;
    let accountant = desk.person("accountant").await;
    for (name, bytes) in [
        ("payouts.csv", include_bytes!("fixtures/statements/stripe_payouts.csv").to_vec()),
        ("balance.csv", include_bytes!("fixtures/statements/stripe_balance.csv").to_vec()),
    ] {
        kontor::imports::import_bytes(&accountant, name, bytes, &mut |_| (), &|| false).await.expect("it is posted");
    }
    let expected =
        "dollar_bank 25.78, dollar_refunds 27.00, dollar_sales -27.00, stripe_clearing -27.00, stripe_fees 1.22";
    assert_eq!(moved(&desk, "stripe_moved").await, expected, "the same rows in the other export move nothing again");
    let line = |name: &'static str| {
        let desk = &desk;
        async move {
            let sql = format!(
                "select concat_ws(' ', trim_scale((l ->> 'left')::numeric), trim_scale((l ->> 'right')::numeric), l ->> 'state') from jsonb_array_elements(api.tie_out_now()) l where l ->> 'check' = '{name}'"
            );
            let mut owner = desk.books.owner().await;
            sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).fetch_one(&mut owner).await.expect("the line")
        }
    };
    assert_eq!(line("stripe_clearing_equals_reports").await, "-27 -27 ok");
    assert_eq!(line("stripe_payouts_equal_movements").await, "25.78 25.78 ok");
    assert!(line("statement_stripe").await.ends_with("open"), "two rows wait for the platform");
}

#[tokio::test]
async fn a_cash_claim_is_paid_in_parts_by_somebody_who_took_no_part_and_goes_back_when_it_is_taken_away() {
    let desk = january().await;
    one_phone(&desk).await;
    let customer = desk.customer("A").await;
    let preview = desk.read("growth", "campaign.preview_penalty", json!({"customer_id": customer})).await;
    let id = new_id();
    let proposal = json!({"command_id": id, "customer_id": customer, "kind": "technical_cheating", "evidence": "Scripts.", "digest": preview["digest"]});
    desk.act("growth", "campaign.propose_violation", proposal).await;
    desk.act(
        "approver",
        "campaign.decide_violation",
        json!({"violation_id": id, "confirmed": true, "reason": "Shown."}),
    )
    .await;
    let paid = |amount: &str| json!({"violation_id": id, "customer_id": customer, "amount": amount, "paid_at": "2026-01-05T09:00:00+08:00", "reference": "W-1"});
    let early = desk.try_act("treasurer", "campaign.record_claim_payment", paid("0.40")).await;
    assert_eq!(refused(early), "claim_not_due");
    desk.act("legal", "campaign.claim_cash_value", json!({"violation_id": id, "opinion": "Opinion 2026-3"})).await;
    desk.books.set_clock("2026-01-06T09:00:00+08:00").await;
    let paid = |amount: &str| json!({"violation_id": id, "customer_id": customer, "amount": amount, "paid_at": "2026-01-06T08:00:00+08:00", "reference": "W-1"});
    for (login, amount, rule) in [
        ("legal", "0.40", "not_allowed"),
        ("treasurer", "1.01", "claim_payment_exceeds_due"),
        ("treasurer", "-0.40", "claim_payment_exceeds_due"),
    ] {
        assert_eq!(refused(desk.try_act(login, "campaign.record_claim_payment", paid(amount)).await), rule);
    }
    desk.act("treasurer", "campaign.record_claim_payment", paid("0.40")).await;
    let page = desk.read("auditor", "campaign.violation", json!({"violation_id": id})).await;
    assert_eq!((&page["claims"][0]["paid"], &page["claims"][0]["due"]), (&json!("0.40"), &json!("0.60")));
    assert_eq!(moved(&desk, "claim_paid").await, "credit_claims -0.40, dollar_bank 0.40");
    let back = |reason: &str| json!({"violation_id": id, "reason": reason});
    desk.act("risk", "campaign.reverse_violation", back("The scripts were ours.")).await;
    desk.act("approver", "campaign.reverse_violation", back("Agreed.")).await;
    let page = desk.read("treasurer", "campaign.violation", json!({"violation_id": id})).await;
    assert_eq!((&page["claims"][0]["due"], &page["may_record_payment"]), (&json!("-0.40"), &json!("yes")));
    desk.act("treasurer", "campaign.record_claim_payment", paid("-0.40")).await;
    let owed =
        desk.figure("select sum(b.amount)::numeric(20, 2)::text from book.balances b where b.commodity = 'USD'").await;
    assert_eq!(owed, "0.00");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn credits_wait_for_the_days_that_the_policy_says() {
    let desk = january().await;
    let policy = json!({"name": "credit_pending_days", "value": 7, "valid_from": "2026-01-01T00:00:00+08:00", "reason": "Refunds come in the first week."});
    let proposed = desk.act("administrator", "policies.propose", policy).await;
    desk.act("approver", "policies.confirm", json!({"policy_id": proposed["id"]})).await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z")]).await;
    let customer = desk.customer("A").await;
    let figures = async |desk: &Desk| {
        let page = desk.read("growth", "campaign.inviter", json!({"customer_id": customer})).await;
        [&page["inviter"]["balance"], &page["pending"], &page["available"]]
            .map(|text| text.as_str().map(str::to_owned).unwrap_or_default())
    };
    let as_cents = |texts: [String; 3]| texts.map(|text| text.parse::<f64>().expect("an amount"));
    assert_eq!(as_cents(figures(&desk).await), [2.7, 2.7, 0.0]);
    let mut pack = paid("p1", "A", "10.00", "2026-01-05T00:00:00Z");
    (pack["purpose"], pack["third_party_paid"], pack["credits_used"]) = (json!("pack"), json!("7.30"), json!("2.70"));
    assert_eq!(post(&desk, "campaign_orders", vec![pack.clone()]).await["exceptions"], 1, "earned, and not usable yet");
    desk.books.set_clock("2026-01-12T09:30:00+08:00").await;
    assert_eq!(as_cents(figures(&desk).await), [2.7, 0.0, 2.7]);
    pack["order_no"] = json!("p2");
    assert_eq!(post(&desk, "campaign_orders", vec![pack]).await["posted"], 1);
}

#[tokio::test]
async fn the_answer_to_an_objection_is_a_letter_with_the_replay_and_without_the_other_party() {
    let desk = january().await;
    thirty(&desk, "A-inviter").await;
    let (customer, friend) = (desk.customer("A-inviter").await, desk.customer("A-inviter-f7").await);
    let told = json!({"customer_id": customer, "friend_id": friend, "about": "credits", "told": "Too little.", "ticket_no": "T-1",
        "visible_at": "2026-01-04T10:00:00+08:00", "received_at": "2026-01-05T08:00:00+08:00"});
    let objection = desk.act("agent", "campaign.record_objection", told).await;
    let wanted =
        |language: &str| json!({"kind": "objection_answer", "language": language, "subject_id": objection["id"]});
    with_seller(&desk).await;
    let agent = desk.person("agent").await;
    let early = crate::support::call(&agent, "letters.preview", wanted("en")).await;
    assert_eq!(refused(early), "objection_not_decided");
    let answer =
        json!({"objection_id": objection["id"], "upheld": false, "reason": "The figures are those of the records."});
    desk.act("growth", "campaign.answer_objection", answer).await;
    let desk_of = json!({"subject_kind": "objection", "subject_id": objection["id"]});
    let open = desk.read("agent", "letters.open", desk_of).await;
    assert_eq!((&open["kinds"][0]["kind"], &open["kinds"][0]["due"]), (&json!("objection_answer"), &json!(true)));
    for (language, words) in [("en", "place"), ("zh", "基础奖励")] {
        let draft = desk.read("agent", "letters.preview", wanted(language)).await;
        let text = draft["plain_text"].as_str().expect("its words");
        for part in ["USD 2.70", "USD 81.00", "USD 8.10", "0.27", "The figures are those of the records."] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(text.contains(words) || language == "en", "{text}");
        assert!(!text.contains("A-inviter-f7"), "the friend is masked: {text}");
    }
    let issued = desk.act("agent", "letters.issue", wanted("zh")).await;
    let pdf = kontor::letters::pdf(&agent, issued["id"].as_str().expect("an id").parse().expect("a uuid"))
        .await
        .expect("the paper");
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 8_000);
}
