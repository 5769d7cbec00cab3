//! The invite campaign: records of the platform in any order, and the credits that follow from them to the cent.

use crate::desk::Desk;
use crate::support::{new_id, refused};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Books on 5 January 2026, with nothing in them.
pub async fn january() -> Desk {
    let desk = Desk::bare().await;
    desk.books.set_clock("2026-01-05T09:00:00+08:00").await;
    desk
}

pub async fn post(desk: &Desk, kind: &str, rows: Vec<Value>) -> Value {
    desk.act("platform", "campaign.post", json!({"kind": kind, "rows": rows})).await
}

pub fn touch(key: &str, friend: &str, inviter: &str, bound_at: &str) -> Value {
    json!({"line": 2, "touch_key": key, "friend_ref": friend, "inviter_ref": inviter, "bound_at": bound_at, "way": "link"})
}

pub fn paid(number: &str, customer: &str, amount: &str, paid_at: &str) -> Value {
    json!({"line": 2, "order_no": number, "customer_ref": customer, "purpose": "subscription", "product": "glm_coding", "currency": "USD",
           "paid_at": paid_at, "amount_order": amount, "third_party_paid": amount, "provider_no": format!("pi_{number}")})
}

fn refunded(number: &str, order: &str, at: &str) -> Value {
    json!({"line": 2, "refund_no": number, "order_no": order, "currency": "USD", "amount": "0.10", "succeeded_at": at})
}

/// What an account has in credits, below zero too.
async fn credits(desk: &Desk, reference: &str) -> String {
    let mut owner = desk.books.owner().await;
    sqlx::query_scalar(
        "select api.balance(c.id, 'credits', 'USD.CREDIT')::numeric(20, 2)::text from book.customers c where c.ref = $1",
    )
    .bind(reference)
    .fetch_one(&mut owner)
    .await
    .expect("the account is known")
}

/// Thirty friends of one inviter who pay 2.70 each, an hour after their touch.
pub async fn thirty(desk: &Desk, inviter: &str) {
    let touches = (0..30).map(|n| {
        touch(
            &format!("{inviter}-t{n}"),
            &format!("{inviter}-f{n}"),
            inviter,
            &format!("2026-01-01T{:02}:00:00Z", n % 20),
        )
    });
    post(desk, "campaign_touches", touches.collect()).await;
    let orders = (0..30).map(|n| {
        paid(&format!("{inviter}-o{n:02}"), &format!("{inviter}-f{n}"), "2.70", &format!("2026-01-02T00:{n:02}:00Z"))
    });
    post(desk, "campaign_orders", orders.collect()).await;
}

#[tokio::test]
async fn thirty_friends_earn_a_round_and_a_refund_takes_it_back() {
    let desk = january().await;
    thirty(&desk, "A").await;
    assert_eq!(credits(&desk, "A").await, "16.20");
    post(&desk, "campaign_refunds", vec![refunded("r1", "A-o07", "2026-01-03T00:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "7.83", "29 friends at 0.27, and no round");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_same_batch_again_and_the_same_records_in_another_batch_change_nothing() {
    let desk = january().await;
    let touches = json!({"command_id": new_id(), "kind": "campaign_touches", "rows": [touch("t1", "F", "A", "2026-01-01T00:00:00Z")]});
    let orders = json!({"command_id": new_id(), "kind": "campaign_orders", "rows": [paid("o1", "F", "15.00", "2026-01-01T01:00:00Z")]});
    for batch in [&touches, &orders, &orders, &touches] {
        desk.act("platform", "campaign.post", batch.clone()).await;
    }
    let again = post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-01T01:00:00Z")]).await;
    assert_eq!(again, json!({"posted": 0, "repeated": 1, "exceptions": 0}));
    assert_eq!(credits(&desk, "A").await, "1.50");
}

#[tokio::test]
async fn a_late_touch_moves_the_friend_to_the_inviter_who_was_last() {
    let desk = january().await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-02T00:00:00Z")]).await;
    post(&desk, "campaign_touches", vec![touch("t2", "F", "B", "2026-01-01T12:00:00Z")]).await;
    assert_eq!((credits(&desk, "A").await, credits(&desk, "B").await), ("0.00".into(), "1.50".into()));
}

#[tokio::test]
async fn a_refund_that_comes_before_its_order_counts_and_one_undone_does_not() {
    let desk = january().await;
    post(&desk, "campaign_refunds", vec![refunded("r1", "o1", "2026-01-03T00:00:00Z")]).await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-02T00:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    let mut undone = refunded("r1", "o1", "2026-01-03T00:00:00Z");
    undone["undone_at"] = json!("2026-01-04T00:00:00Z");
    post(&desk, "campaign_refunds", vec![undone]).await;
    assert_eq!(credits(&desk, "A").await, "1.50", "a chargeback that was won, or a refund that failed (1.4, 22)");
}

#[tokio::test]
async fn spent_credits_leave_a_negative_balance_that_later_credits_fill() {
    let desk = january().await;
    post(
        &desk,
        "campaign_touches",
        vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z"), touch("t2", "G", "A", "2026-01-02T00:00:00Z")],
    )
    .await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z")]).await;
    let mut pack = paid("p1", "A", "10.00", "2026-01-03T00:00:00Z");
    (pack["purpose"], pack["third_party_paid"], pack["credits_used"]) = (json!("pack"), json!("7.30"), json!("2.70"));
    post(&desk, "campaign_orders", vec![pack.clone()]).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    post(&desk, "campaign_refunds", vec![refunded("r1", "o1", "2026-01-03T12:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "-2.70");
    (pack["order_no"], pack["third_party_paid"], pack["credits_used"]) = (json!("p2"), json!("9.99"), json!("0.01"));
    assert_eq!(post(&desk, "campaign_orders", vec![pack]).await["exceptions"], 1, "nothing can be spent below zero");
    post(&desk, "campaign_orders", vec![paid("o2", "G", "50.00", "2026-01-03T00:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "2.30");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn what_credits_are_not_for_and_other_currencies_wait_as_exceptions() {
    let desk = january().await;
    let mut other = paid("o1", "F", "10.00", "2026-01-02T00:00:00Z");
    other["currency"] = json!("EUR");
    let mut gift = paid("o2", "F", "10.00", "2026-01-02T00:00:00Z");
    gift["purpose"] = json!("cash_out");
    let mut small = paid("o3", "F", "10.00", "2026-01-02T00:00:00Z");
    (small["third_party_paid"], small["cash_balance_paid"]) = (json!("0.30"), json!("9.70"));
    let mut sum = paid("o4", "F", "10.00", "2026-01-02T00:00:00Z");
    sum["third_party_paid"] = json!("9.00");
    let answer = post(&desk, "campaign_orders", vec![other, gift, small, sum]).await;
    assert_eq!(answer, json!({"posted": 0, "repeated": 0, "exceptions": 4}));
    let why = desk.figure("select string_agg(x.source_row ->> 'why', ',' order by x.id) from book.exceptions x").await;
    let expected =
        "currency_not_supported,credit_purpose_not_listed,dollar_order_card_below_minimum,dollar_order_does_not_add_up";
    assert_eq!(why, expected);
}

#[tokio::test]
async fn a_deactivated_account_loses_its_credits_and_earns_no_more() {
    let desk = january().await;
    post(
        &desk,
        "campaign_touches",
        vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z"), touch("t2", "G", "A", "2026-01-01T00:00:00Z")],
    )
    .await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z")]).await;
    post(
        &desk,
        "campaign_members",
        vec![json!({"customer_ref": "A", "name": "Inviter", "deactivated_at": "2026-01-03T00:00:00Z"})],
    )
    .await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    post(&desk, "campaign_orders", vec![paid("o2", "G", "27.00", "2026-01-03T12:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn only_the_platform_records_facts() {
    let desk = january().await;
    let batch = json!({"kind": "campaign_touches", "rows": [touch("t1", "F", "A", "2026-01-01T00:00:00Z")]});
    for login in ["growth", "accountant", "administrator", "supervisor"] {
        assert_eq!(refused(desk.try_act(login, "campaign.post", batch.clone()).await), "not_allowed");
    }
}

#[tokio::test]
async fn checkout_says_every_reason_and_never_goes_below_the_minimum() {
    let desk = january().await;
    let asked = |price: &str, kind: &str| json!({"customer_ref": "F", "product": "glm_coding", "order_amount": price, "order_kind": kind});
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    let answer = desk.read("platform", "campaign.checkout", asked("0.55", "first")).await;
    assert_eq!(
        (&answer["eligible"], &answer["amounts"]["discount_applied"], &answer["amounts"]["payable"]),
        (&json!(true), &json!("0.05"), &json!("0.50"))
    );
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-02T00:00:00Z")]).await;
    let answer = desk.read("platform", "campaign.checkout", asked("15.00", "renewal")).await;
    assert_eq!(answer["reasons"], json!(["order_is_not_the_first", "paid_before"]));
    assert_eq!(answer["amounts"]["payable"], "15.00");
}

/// A small generator of its own, so that a failure can be repeated from its seed alone.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The rules said once more, without blocks, journals or sets: every inviter's credits in cents.
fn plain_credits(
    touches: &[(u64, u64, i64)],
    orders: &BTreeMap<u64, (i64, i64)>,
    refunded: &[u64],
) -> BTreeMap<u64, i64> {
    let tenth = |cents: i64| (cents + 5) / 10;
    let mut ladders: BTreeMap<u64, Vec<(i64, u64, i64)>> = BTreeMap::new();
    for (friend, (paid_at, cents)) in orders {
        let last = touches
            .iter()
            .enumerate()
            .filter(|(_, t)| t.0 == *friend && t.2 <= *paid_at && t.1 != *friend)
            .max_by_key(|(n, t)| (t.2, *n));
        if let Some((_, (_, inviter, bound_at))) = last
            && paid_at - bound_at <= 72 * 60
            && !refunded.contains(friend)
        {
            ladders.entry(*inviter).or_default().push((*paid_at, *friend, *cents));
        }
    }
    ladders
        .into_iter()
        .map(|(inviter, mut friends)| {
            friends.sort_unstable();
            let base: i64 = friends.iter().map(|friend| tenth(friend.2)).sum();
            let tier: i64 =
                friends.chunks_exact(30).map(|round| tenth(round.iter().map(|friend| friend.2).sum())).sum();
            (inviter, base + tier)
        })
        .collect()
}

fn instant(minute: i64) -> String {
    (chrono::DateTime::parse_from_rfc3339("2025-12-01T00:00:00Z").expect("an instant")
        + chrono::TimeDelta::minutes(minute))
    .to_rfc3339()
}

/// Random histories, posted in random batches in any order: touches late, refunds before payments, records twice.
#[tokio::test]
async fn random_histories_in_any_order_end_in_the_credits_that_the_plain_rules_give() {
    let seed = std::env::var("KONTOR_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_260_105);
    let mut dice = Dice(seed);
    let desk = january().await;
    let (mut touches, mut orders, mut refunds) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut records: Vec<(&str, Value)> = Vec::new();
    for friend in 0..900u64 {
        let account = format!("u{friend}");
        let paid_at = (2_000 + dice.below(20_000)) as i64;
        for _ in 0..=dice.below(3) {
            // Inviters are accounts like others; some invite themselves, some binds come after the payment or too early.
            let (inviter, bound_at) =
                ([0, 1, 2, 3, friend][dice.below(5) as usize], paid_at - dice.below(5_200) as i64 + 400);
            let key = format!("t{}", touches.len());
            touches.push((friend, inviter, bound_at));
            records.push(("campaign_touches", touch(&key, &account, &format!("u{inviter}"), &instant(bound_at))));
        }
        let cents = (50 + dice.below(4_000)) as i64;
        orders.insert(friend, (paid_at, cents));
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        records.push(("campaign_orders", paid(&format!("o{friend:05}"), &account, &amount, &instant(paid_at))));
        if dice.below(6) == 0 {
            refunds.push(friend);
            let row = refunded(&format!("r{friend}"), &format!("o{friend:05}"), &instant(paid_at + 60));
            records.push(("campaign_refunds", row));
        }
    }
    // Equal instants are told apart by the order of recording, which a shuffle would change: no two here are equal.
    touches.sort_by_key(|touch| touch.2);
    for place in (1..records.len()).rev() {
        records.swap(place, dice.below(place as u64 + 1) as usize);
    }
    let mut at = 0;
    while at < records.len() {
        let until = (at + 1 + dice.below(160) as usize).min(records.len());
        for kind in ["campaign_refunds", "campaign_orders", "campaign_touches"] {
            let from = if dice.below(4) == 0 { at.saturating_sub(40) } else { at };
            let rows: Vec<Value> =
                records[from..until].iter().filter(|row| row.0 == kind).map(|row| row.1.clone()).collect();
            post(&desk, kind, rows).await;
        }
        at = until;
    }
    let expected = plain_credits(&touches, &orders, &refunds);
    assert!(expected.len() == 4 && expected.values().all(|cents| *cents > 0), "{expected:?}");
    for (inviter, cents) in expected {
        let text = format!("{}.{:02}", cents / 100, cents % 100);
        assert_eq!(credits(&desk, &format!("u{inviter}")).await, text, "inviter {inviter}, KONTOR_SEED={seed}");
    }
    let off = desk
        .figure(
            "select count(*)::text from book.ladders l, api.full_ladder(l.inviter_id) f
             where (l.friends, l.apa, l.base_total, l.tier_total) is distinct from (f.friends, f.apa, f.base_total, f.tier_total)
                or (l.base_posted, l.tier_posted) is distinct from (l.base_total, l.tier_total)",
        )
        .await;
    assert_eq!(off, "0", "the stretches are not what the friends add up to, KONTOR_SEED={seed}");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_replay_says_why_and_what_would_have_changed_it() {
    let desk = january().await;
    thirty(&desk, "A").await;
    post(&desk, "campaign_touches", vec![touch("late", "L", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("oL", "L", "15.00", "2026-01-04T00:00:01Z")]).await;
    let friend = desk.customer("L").await;
    let replay = desk.read("agent", "campaign.replay", json!({"friend_id": friend})).await["replay"].clone();
    assert_eq!((&replay["verdict"], &replay["touches"][0]["verdict"]), (&json!("outside_72h"), &json!("too_late")));
    assert_eq!(replay["changes"][0], json!({"change": "paid_by", "at": "2026-01-04T00:00:00Z", "late_by_seconds": 1}));
    assert_eq!(replay["ladder"], Value::Null);
    let inviter = desk.customer("A").await;
    let listed = desk.read("agent", "campaign.friends", json!({"inviter_id": inviter})).await;
    assert_eq!(
        (&listed[0]["name"], &listed[0]["ref"]),
        (&json!("A***"), &json!("****29")),
        "an inviter's list tells nobody who the friends are"
    );
    let counted = desk.customer("A-f7").await;
    let ladder = desk.read("agent", "campaign.replay", json!({"friend_id": counted})).await["replay"]["ladder"].clone();
    assert_eq!((&ladder["place"], &ladder["round"], &ladder["needed"]), (&json!(8), &json!(1), &json!(0)));
    assert_eq!((&ladder["sum_apa"], &ladder["tier_credit"]), (&json!("81.00"), &json!("8.10")));
    assert_eq!(ladder["members"].as_array().map(Vec::len), Some(30));
}

/// An objection of A about friend F, received at an instant.
async fn object(desk: &Desk, received_at: &str) -> Value {
    let (customer, friend) = (desk.customer("A").await, desk.customer("F").await);
    let told = json!({"customer_id": customer, "friend_id": friend, "about": "attribution", "told": "I invited this friend.", "ticket_no": "T-1",
        "visible_at": "2026-01-05T10:00:00+08:00", "received_at": received_at});
    desk.act("agent", "campaign.record_objection", told).await
}

#[tokio::test]
async fn an_objection_is_in_time_until_the_fifteenth_day_ends_and_waived_after() {
    let desk = january().await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-02T00:00:00Z")]).await;
    desk.books.set_clock("2026-02-01T09:00:00+08:00").await;
    let in_time = object(&desk, "2026-01-20T23:59:59+08:00").await;
    assert_eq!((&in_time["status"], &in_time["due_on"]), (&json!("open"), &json!("2026-01-20")));
    let late = object(&desk, "2026-01-21T00:00:00+08:00").await;
    assert_eq!(late["status"], "waived");
    let answer = |id: &Value| json!({"objection_id": id, "upheld": false, "reason": "The touch was the last one."});
    assert_eq!(
        refused(desk.try_act("growth", "campaign.answer_objection", answer(&late["id"])).await),
        "objection_not_open"
    );
    let reopen = json!({"objection_id": late["id"], "reason": "The notice went to an old address."});
    assert_eq!(refused(desk.try_act("growth", "campaign.reopen_objection", reopen.clone()).await), "not_allowed");
    desk.act("supervisor", "campaign.reopen_objection", reopen).await;
    desk.act("growth", "campaign.answer_objection", answer(&late["id"])).await;
    let page = desk.read("agent", "campaign.objection", json!({"objection_id": late["id"]})).await;
    assert_eq!(page["objection"]["status"], "rejected");
    let told = page["answer"].to_string();
    assert_eq!(
        (&page["answer"]["friend_name"], &page["answer"]["friend_id"]),
        (&Value::Null, &Value::Null),
        "the other party is masked: {told}"
    );
}

#[tokio::test]
async fn a_correction_needs_a_second_person_and_judges_the_friend_again() {
    let desk = january().await;
    let touches = vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z"), touch("t2", "F", "B", "2026-01-01T12:00:00Z")];
    post(&desk, "campaign_touches", touches).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-02T00:00:00Z")]).await;
    let friend = desk.customer("F").await;
    let asked = json!({"kind": "void_touch", "customer_id": friend, "subject": "t2", "reason": "Recorded twice by a faulty event page."});
    let correction = desk.act("growth", "campaign.propose_correction", asked).await;
    let confirm = json!({"correction_id": correction["id"], "confirmed": true});
    assert_eq!(refused(desk.try_act("growth", "campaign.decide_correction", confirm.clone()).await), "not_allowed");
    assert_eq!(credits(&desk, "B").await, "1.50");
    let listed = desk.read("approver", "proposals.list", json!({})).await;
    assert_eq!((&listed[0]["kind"], &listed[0]["may_confirm"]), (&json!("campaign_correction"), &json!("yes")));
    desk.act("approver", "campaign.decide_correction", confirm).await;
    assert_eq!((credits(&desk, "A").await, credits(&desk, "B").await), ("1.50".into(), "0.00".into()));
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn nothing_accrues_while_the_campaign_is_paused_and_terms_are_announced_first() {
    let desk = january().await;
    let pause = json!({"turn": "pause", "takes_effect_at": "2026-01-06T00:00:00+08:00", "reason": "Too many bulk registrations."});
    let turn = desk.act("growth", "campaign.propose_turn", pause).await;
    desk.act("approver", "campaign.decide_proposal", json!({"proposal_id": turn["id"], "confirmed": true})).await;
    desk.books.set_clock("2026-01-08T09:00:00+08:00").await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-05T12:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "15.00", "2026-01-06T12:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    let verdict = desk.figure("select verdict from book.invitations").await;
    assert_eq!(verdict, "payment_while_paused");
    let terms = json!({"version": "2026-02", "announced_at": "2026-02-01T00:00:00Z", "effective_at": "2026-02-01T00:00:00Z", "terms": {"base_rate": 0.2}, "reason": "More."});
    assert_eq!(
        refused(desk.try_act("growth", "campaign.propose_terms", terms).await),
        "campaign_version_not_announced_in_advance"
    );
}

/// The best of five runs, in seconds.
async fn took(owner: &mut sqlx::PgConnection, sql: &'static str) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let began = std::time::Instant::now();
        sqlx::raw_sql(sql).execute(&mut *owner).await.expect("the ladder is added up");
        best = best.min(began.elapsed().as_secs_f64());
    }
    best
}

#[tokio::test]
async fn a_change_in_a_hundred_thousand_friends_costs_less_than_a_twentieth_of_the_whole_ladder() {
    let desk = january().await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    let mut owner = desk.books.owner().await;
    // The friends themselves are put in directly: this is about the ladder, not about who its friends are.
    sqlx::raw_sql(
        "insert into book.customers (ref, name, kind, real_name_verified, created_at) select 'm' || n, 'm' || n, 'personal', false, clock_timestamp() from generate_series(1, 100000) n;
         insert into book.invitations (friend_id, inviter_id, order_no, paid_at, apa, verdict, counted, base_credit, tier_part, settled_at)
         select c.id, (select a.id from book.customers a where a.ref = 'A'), 'o' || c.id, timestamptz '2025-10-01' + c.id * interval '30 seconds', p.apa, 'counted', true, round(p.apa * 0.1, 2), p.apa * 0.1, clock_timestamp()
         from book.customers c, lateral (select ((c.id * 7919) % 4000 + 50) / 100.0 as apa) p where c.ref like 'm%';
         analyze book.invitations;
         select api.renew_stretches(array[a.id], array['-infinity'::timestamptz], array['']) from book.customers a where a.ref = 'A';",
    )
    .execute(&mut owner)
    .await
    .expect("a ladder of 100,000 friends");
    let whole = took(&mut owner, "select api.full_ladder(a.id) from book.customers a where a.ref = 'A'").await;
    // The commit is left out on both sides: it costs the disk's time, and one of the two has none.
    let change = took(
        &mut owner,
        "begin;
         update book.invitations i set counted = false, verdict = 'refunded_within_campaign' where i.friend_id = (select max(x.friend_id) - 50000 from book.invitations x);
         select api.renew_stretches(array[i.inviter_id], array[i.paid_at], array[i.order_no]) from book.invitations i where i.friend_id = (select max(x.friend_id) - 50000 from book.invitations x);
         select api.add_up_ladder(a.id) from book.customers a where a.ref = 'A';
         rollback",
    )
    .await;
    sqlx::raw_sql(
        "update book.invitations i set counted = false where i.friend_id % 997 = 0;
         select api.renew_stretches(array_agg(i.inviter_id), array_agg(i.paid_at), array_agg(i.order_no)) from book.invitations i where not i.counted",
    )
    .execute(&mut owner)
    .await
    .expect("a hundred friends fall out");
    let equal = desk
        .figure(
            "select (api.add_up_ladder(a.id) = api.full_ladder(a.id))::text from book.customers a where a.ref = 'A'",
        )
        .await;
    assert_eq!(equal, "true");
    assert!(change * 20.0 < whole, "a change took {:.1} ms, the whole {:.1} ms", change * 1e3, whole * 1e3);
}

#[tokio::test]
async fn a_stripe_report_confirms_orders_and_what_does_not_fit_waits() {
    let desk = january().await;
    let mut order = paid("o1", "F", "27.00", "2026-01-02T03:04:05Z");
    order["provider_no"] = json!("pi_synth1");
    post(&desk, "campaign_orders", vec![order]).await;
    let bytes = include_bytes!("fixtures/statements/stripe_payouts.csv").to_vec();
    let accountant = desk.person("accountant").await;
    let import = kontor::imports::import_bytes(&accountant, "payouts.csv", bytes, &mut |_| (), &|| false)
        .await
        .expect("the report is posted");
    assert_eq!(
        (&import["kind"], &import["rows_posted"], &import["rows_excepted"]),
        (&json!("statement_stripe"), &json!(3), &json!(1))
    );
    let confirmed = desk.figure("select order_no from book.dollar_orders where confirmed_at is not null").await;
    assert_eq!(confirmed, "o1");
    let waits = desk.figure("select kind || ' ' || channel from book.exceptions").await;
    assert_eq!(waits, "refund_without_instruction stripe", "the platform has not told of this refund");
    let balance = include_bytes!("fixtures/statements/stripe_balance.csv").to_vec();
    let again = kontor::imports::import_bytes(&accountant, "balance.csv", balance, &mut |_| (), &|| false)
        .await
        .expect("the export is posted");
    assert_eq!(
        (&again["rows_posted"], &again["rows_repeated"]),
        (&json!(0), &json!(2)),
        "the same rows in the other export"
    );
    post(&desk, "campaign_refunds", vec![refunded("re_synth1", "o1", "2026-01-10T03:04:05Z")]).await;
    assert_eq!(
        desk.figure("select count(*)::text from book.exceptions where resolved_at is null").await,
        "1",
        "0.10 is not 27.00"
    );
    desk.assert_tied_out().await;
}

fn signal(account: &str, kind: &str, value: &str) -> Value {
    json!({"line": 2, "customer_ref": account, "kind": kind, "value": value, "seen_at": "2026-01-02T00:00:00Z"})
}

/// A and F share a phone and A invited F, who paid 27.00; A also spent 1.00 of the credits. Answers the open review.
pub async fn one_phone(desk: &Desk) -> Value {
    let touches = vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z"), touch("t2", "G", "A", "2026-01-01T00:00:00Z")];
    post(desk, "campaign_touches", touches).await;
    let orders =
        vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z"), paid("o2", "G", "30.00", "2026-01-02T00:00:00Z")];
    post(desk, "campaign_orders", orders).await;
    let mut pack = paid("p1", "A", "10.00", "2026-01-03T00:00:00Z");
    (pack["purpose"], pack["third_party_paid"], pack["credits_used"]) = (json!("pack"), json!("9.00"), json!("1.00"));
    post(desk, "campaign_orders", vec![pack]).await;
    let rows = [
        signal("A", "phone", "+86 138 0000 1234"),
        signal("F", "phone", "13800001234"),
        signal("G", "network", "10.1.2.3"),
        signal("A", "network", "10.1.2.3"),
    ];
    desk.act("platform", "campaign.post_signals", json!({"rows": rows})).await;
    let reviews = desk.read("risk", "campaign.reviews", json!({})).await;
    assert_eq!(reviews.as_array().map(Vec::len), Some(1), "a network joins nobody: {reviews}");
    reviews[0].clone()
}

#[tokio::test]
async fn a_shared_phone_raises_a_question_and_a_person_answers_it() {
    let desk = january().await;
    let review = one_phone(&desk).await;
    assert_eq!((&review["accounts"], credits(&desk, "A").await.as_str()), (&json!("2"), "4.70"));
    let page = desk.read("risk", "campaign.review", json!({"review_id": review["id"]})).await;
    let edges = page["edges"].as_array().expect("edges");
    let phone = edges.iter().find(|edge| edge["kind"] == "phone").expect("the phone joins them");
    assert_eq!(
        (&phone["shown"], &phone["strong"]),
        (&json!("+86****1234"), &json!(true)),
        "the value itself is not kept"
    );
    let same =
        |same: bool| json!({"review_id": review["id"], "same_person": same, "reason": "Same phone, same card holder."});
    assert_eq!(refused(desk.try_act("agent", "campaign.decide_review", same(true)).await), "not_allowed");
    desk.act("risk", "campaign.decide_review", same(true)).await;
    assert_eq!(credits(&desk, "A").await, "2.00", "nobody is his own friend");
    desk.act("risk", "campaign.decide_review", same(false)).await;
    assert_eq!(credits(&desk, "A").await, "4.70", "decided anew");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_penalty_is_previewed_decided_by_another_claimed_by_legal_and_reversible() {
    let desk = january().await;
    let review = one_phone(&desk).await;
    let same = json!({"review_id": review["id"], "same_person": true, "reason": "Same phone, same card holder."});
    let customer = desk.customer("A").await;
    let of_all = json!({"customer_id": customer, "review_id": review["id"]});
    let reader = desk.person("growth").await;
    let early = crate::support::call(&reader, "campaign.preview_penalty", of_all.clone()).await;
    assert_eq!(refused(early), "accounts_not_associated");
    desk.act("risk", "campaign.decide_review", same).await;
    let preview = desk.read("growth", "campaign.preview_penalty", of_all).await;
    assert_eq!((&preview["sheet"]["deduct"], &preview["sheet"]["claim"]), (&json!("2.00"), &json!("1.00")));
    let id = new_id();
    let proposal = json!({"command_id": id, "customer_id": customer, "review_id": review["id"], "kind": "account_association", "evidence": "Invited himself.",
        "digest": preview["digest"], "lock_accounts": true});
    desk.act("growth", "campaign.propose_violation", proposal).await;
    let decide = json!({"violation_id": id, "confirmed": true, "reason": "The evidence shows it."});
    assert_eq!(refused(desk.try_act("growth", "campaign.decide_violation", decide.clone()).await), "not_allowed");
    desk.act("approver", "campaign.decide_violation", decide).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    let told = "select count(*) filter (where kind = 'account.lock') || ' ' || count(*) filter (where kind = 'account.unlock') from book.platform_events";
    let locked = desk.figure(told).await;
    assert!(!locked.starts_with('0') && locked.ends_with(" 0"), "the platform is told of each lock: {locked}");
    post(&desk, "campaign_touches", vec![touch("t9", "H", "A", "2026-01-04T00:00:00Z")]).await;
    let claim = json!({"violation_id": id, "opinion": "Opinion 2026-3"});
    assert_eq!(refused(desk.try_act("approver", "campaign.claim_cash_value", claim.clone()).await), "not_allowed");
    desk.act("legal", "campaign.claim_cash_value", claim).await;
    let claimed = "select (-sum(b.amount))::numeric(20, 2)::text from book.balances b join book.accounts a on a.id = b.account_id where a.code = 'credit_claims'";
    assert_eq!(desk.figure(claimed).await, "1.00");
    let back = |reason: &str| json!({"violation_id": id, "reason": reason});
    desk.act("risk", "campaign.reverse_violation", back("The phone belongs to their company.")).await;
    assert_eq!(refused(desk.try_act("risk", "campaign.reverse_violation", back("Again.")).await), "not_allowed");
    desk.act("approver", "campaign.reverse_violation", back("Agreed.")).await;
    assert_eq!((credits(&desk, "A").await, desk.figure(claimed).await), ("2.00".into(), "0.00".into()));
    let (locks, unlocks) =
        desk.figure(told).await.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("two counts");
    assert_eq!(locks, unlocks, "and of each that fell");
    let standing = desk.figure("select api.credit_standing(c.id) from book.customers c where c.ref = 'A'").await;
    assert_eq!(standing, "sound");
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_claim_after_an_honest_reversal_clears_the_negative_balance_and_asks_for_nothing_twice() {
    let desk = january().await;
    post(&desk, "campaign_touches", vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z")]).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z")]).await;
    let mut pack = paid("p1", "A", "10.00", "2026-01-03T00:00:00Z");
    (pack["purpose"], pack["third_party_paid"], pack["credits_used"]) = (json!("pack"), json!("7.30"), json!("2.70"));
    post(&desk, "campaign_orders", vec![pack]).await;
    post(&desk, "campaign_refunds", vec![refunded("r1", "o1", "2026-01-04T00:00:00Z")]).await;
    assert_eq!(credits(&desk, "A").await, "-2.70");
    let customer = desk.customer("A").await;
    let preview = desk.read("risk", "campaign.preview_penalty", json!({"customer_id": customer})).await;
    let account = &preview["sheet"]["accounts"][0];
    assert_eq!(
        (&account["deduct"], &account["claim"], &account["clear"]),
        (&json!("0.00"), &json!("2.70"), &json!("2.70"))
    );
    let id = new_id();
    let proposal = json!({"command_id": id, "customer_id": customer, "kind": "technical_cheating", "evidence": "Scripts.", "digest": preview["digest"]});
    desk.act("risk", "campaign.propose_violation", proposal).await;
    desk.act(
        "approver",
        "campaign.decide_violation",
        json!({"violation_id": id, "confirmed": true, "reason": "Shown."}),
    )
    .await;
    desk.act("legal", "campaign.claim_cash_value", json!({"violation_id": id, "opinion": "Opinion 2026-4"})).await;
    assert_eq!(credits(&desk, "A").await, "0.00");
    let again = desk.read("risk", "campaign.preview_penalty", json!({"customer_id": customer})).await;
    assert_eq!((&again["sheet"]["deduct"], &again["sheet"]["claim"]), (&json!("0.00"), &json!("0.00")));
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn the_campaigns_files_are_told_apart_by_content_and_post_what_batches_post() {
    let desk = january().await;
    let accountant = desk.person("accountant").await;
    let members = "customer_ref,name,phone,email,registered_at,paid_before,deactivated_at\nF,Friend F,,,2026-01-01T00:00:00Z,false,\n#total,rows=1\n";
    let touches = "touch_key,friend_ref,inviter_ref,bound_at,way\nt1,F,A,2026-01-01T00:00:00Z,link\n#total,rows=1\n";
    let orders = "order_no,customer_ref,purpose,product,currency,paid_at,amount_order,discount,coupon,credits_used,cash_balance_paid,third_party_paid,provider_no\n\
        o1,F,subscription,glm_coding,USD,2026-01-02T00:00:00Z,15.00,1.50,,,,13.50,pi_1\n#total,rows=1,amount=15.00\n";
    let refunds = "refund_no,order_no,kind,currency,amount,succeeded_at,platform_error,undone_at\nr1,o1,refund,USD,13.50,2026-01-03T00:00:00Z,true,\n#total,rows=1,amount=13.50\n";
    for (kind, text) in [
        ("campaign_members", members),
        ("campaign_touches", touches),
        ("campaign_orders", orders),
        ("campaign_refunds", refunds),
    ] {
        let bytes = text.as_bytes().to_vec();
        let import = kontor::imports::import_bytes(&accountant, "file.csv", bytes, &mut |_| (), &|| false)
            .await
            .expect("the file is posted");
        assert_eq!((&import["kind"], &import["rows_posted"]), (&json!(kind), &json!(1)));
    }
    assert_eq!(credits(&desk, "A").await, "1.35", "a refund by the platform's error says nothing about the friend");
    let cut = orders.replace("#total,rows=1,amount=15.00\n", "");
    let refusal = kontor::imports::read_paper(cut.as_bytes()).expect_err("the file is cut off");
    assert_eq!(refusal.rule, "file_total_missing");
    let zoneless = touches.replace("2026-01-01T00:00:00Z", "2026-01-01 00:00:00");
    assert_eq!(kontor::imports::read_paper(zoneless.as_bytes()).expect_err("no offset").rule, "file_row_broken");
}

#[tokio::test]
async fn credits_end_thirty_days_after_the_notice_at_the_earliest_and_the_youngest_stay() {
    let desk = january().await;
    let touches = vec![touch("t1", "F", "A", "2026-01-01T00:00:00Z"), touch("t2", "G", "A", "2026-02-01T00:00:00Z")];
    post(&desk, "campaign_touches", touches).await;
    post(&desk, "campaign_orders", vec![paid("o1", "F", "27.00", "2026-01-02T00:00:00Z")]).await;
    let end = |expires: &str| json!({"earned_before": "2026-01-31T00:00:00Z", "noticed_at": "2026-01-10T00:00:00Z", "expires_at": expires, "reason": "Old credits."});
    let early = desk.try_act("growth", "campaign.propose_expiry", end("2026-02-08T23:59:59Z")).await;
    assert_eq!(refused(early), "credit_expiry_without_notice");
    let expiry = desk.act("growth", "campaign.propose_expiry", end("2026-02-09T00:00:00Z")).await;
    let confirm = json!({"proposal_id": expiry["id"], "confirmed": true});
    assert_eq!(refused(desk.try_act("growth", "campaign.decide_proposal", confirm.clone()).await), "not_allowed");
    desk.act("approver", "campaign.decide_proposal", confirm).await;
    desk.books.set_clock("2026-02-08T23:00:00Z").await;
    post(&desk, "campaign_orders", vec![paid("o2", "G", "10.00", "2026-02-02T00:00:00Z")]).await;
    assert_eq!(desk.act("growth", "campaign.lapse_expired", json!({})).await, 0, "nothing ends before its instant");
    desk.books.set_clock("2026-02-09T00:00:00Z").await;
    let mut pack = paid("p1", "A", "10.00", "2026-02-09T00:00:00Z");
    (pack["purpose"], pack["third_party_paid"], pack["credits_used"]) = (json!("pack"), json!("8.99"), json!("1.01"));
    assert_eq!(
        post(&desk, "campaign_orders", vec![pack]).await["exceptions"],
        1,
        "what has ended cannot be used, taken off or not"
    );
    assert_eq!(desk.act("growth", "campaign.lapse_expired", json!({})).await, 1);
    assert_eq!(credits(&desk, "A").await, "1.00", "earned after the instant");
    assert_eq!(desk.act("growth", "campaign.lapse_expired", json!({})).await, 0);
    desk.assert_tied_out().await;
}

#[tokio::test]
async fn a_payment_that_stripe_tells_of_first_waits_outside_the_suspense_until_its_order_arrives() {
    let desk = january().await;
    let accountant = desk.person("accountant").await;
    let bytes = include_bytes!("fixtures/statements/stripe_payouts.csv").to_vec();
    let import = kontor::imports::import_bytes(&accountant, "p.csv", bytes, &mut |_| (), &|| false)
        .await
        .expect("the report is posted");
    assert_eq!(import["rows_excepted"], 2);
    desk.assert_tied_out().await;
    let mut order = paid("o1", "F", "27.00", "2026-01-02T03:04:05Z");
    order["provider_no"] = json!("pi_synth1");
    post(&desk, "campaign_orders", vec![order]).await;
    let mut back = refunded("re_synth1", "o1", "2026-01-10T03:04:05Z");
    back["amount"] = json!("27.00");
    post(&desk, "campaign_refunds", vec![back]).await;
    assert_eq!(desk.figure("select count(*)::text from book.exceptions where resolved_at is null").await, "0");
    assert_eq!(desk.figure("select order_no from book.dollar_orders where confirmed_at is not null").await, "o1");
}
