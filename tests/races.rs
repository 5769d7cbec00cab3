//! Eight people at once on the same customers: nothing is paid twice, and what is held, paid, used and left adds up.

use crate::desk::{Desk, order, with};
use crate::support::{call, new_id};
use kontor::{Database, Error, commands};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use std::collections::BTreeMap;

const CUSTOMERS: [&str; 3] = ["C1", "C2", "C3"];
const SESSIONS: [&str; 8] =
    ["platform", "platform", "agent", "agent2", "reviewer", "approver", "treasurer", "treasurer"];

/// What must be true between any two actions; each line of the answer is one thing that is not.
const BROKEN: &str = "
    select format('%s: paid in %s, but left %s + used %s + refunded %s + written off %s', c.ref, i.paid_in, i.remaining, u.used, f.refunded, f.rests)
    from book.customers c
    cross join lateral (select coalesce(sum(r.principal) filter (where r.parent_id is null), 0) as paid_in, coalesce(sum(r.amount_left), 0) as remaining
                        from book.recharges r where r.customer_id = c.id) i
    cross join lateral (select coalesce(sum(n.amount), 0) as used from book.consumptions n join book.recharges r on r.id = n.recharge_id where r.customer_id = c.id) u
    cross join lateral (select coalesce(sum(l.amount_gross), 0) as refunded, coalesce(sum(l.amount_residual) filter (where x.status = 'paid'), 0) as rests
                        from book.refund_legs l join book.refunds x on x.id = l.refund_id where x.customer_id = c.id and l.status <> 'recalled') f
    where i.paid_in <> i.remaining + u.used + f.refunded + f.rests
    union all
    select format('lot %s is refunded %s times', r.order_no, count(*)) from book.refund_legs l join book.recharges r on r.id = l.recharge_id
    where l.status <> 'recalled' group by r.id having count(*) > 1
    union all
    select format('%s is released %s times', j.document_id, count(*)) from book.journals j where j.kind = 'refund_released' group by j.document_id having count(*) > 1
    union all
    select format('%s is %s and has live legs', f.number, f.status) from book.refunds f where f.status in ('requested', 'reviewed', 'approved', 'withdrawn', 'rejected')
    and exists (select from book.refund_legs l where l.refund_id = f.id and l.status <> 'recalled')
    union all
    select format('%s pays %s, its legs %s', f.number, f.amount_net, sum(l.amount_net)) from book.refunds f join book.refund_legs l on l.refund_id = f.id
    group by f.id having sum(l.amount_net) <> f.amount_net
    union all
    select format('%s %s: ledger %s, lots %s', c.ref, a.code, b.amount, t.amount)
    from book.customers c cross join (values ('wallet', false), ('refund_hold', true)) a (code, held)
    join book.accounts k on k.code = a.code
    left join book.balances b on b.customer_id = c.id and b.account_id = k.id and b.commodity = 'CNY'
    cross join lateral (select coalesce(sum(r.amount_left), 0) as amount from book.recharges r where r.customer_id = c.id and (r.held_by_refund is not null) = a.held) t
    where coalesce(b.amount, 0) <> t.amount
    union all
    select format('%s: the statements paid %s, the ledger paid %s', g.refund_no, coalesce(s.paid, 0), g.amount_net) from book.refund_legs g
    left join lateral (select -sum(r.gross) as paid from book.statement_rows r where r.refund_leg_id = g.id) s on true
    where coalesce(s.paid, 0) <> case when g.status = 'confirmed' then g.amount_net else 0 end
    union all
    select format('paid out by the ledger %s, by confirmed instructions %s', p.paid, l.paid)
    from (select coalesce(sum(t.amount), 0) as paid from book.postings t join book.journals j on j.id = t.journal_id join book.accounts a on a.id = t.account_id
          where j.kind = 'refund_paid' and a.code = 'refund_payable') p,
         (select coalesce(sum(g.amount_net), 0) as paid from book.refund_legs g where g.status = 'confirmed' and g.amount_net > 0) l
    where p.paid <> l.paid
    union all
    select format('usage %s: %s + %s + %s is not %s', u.usage_key, u.from_gift, u.from_principal, u.uncollected, u.amount) from book.usage_charges u
    where u.from_gift + u.from_principal + u.uncollected <> u.amount
    union all
    select format('payable %s, instructions %s', -p.owed, l.owed)
    from (select api.house_balance('refund_payable') as owed) p, (select coalesce(sum(g.amount_net), 0) as owed from book.refund_legs g where g.status in ('instructed', 'failed')) l
    where -p.owed <> l.owed";

/// Who sits where when all eight work on one case.
const SEATS: [&str; 8] = ["platform", "platform", "agent", "agent2", "approver", "approver", "treasurer", "treasurer"];

struct Race {
    desk: Desk,
    behind: PgConnection,
    sessions: Vec<Database>,
    seats: Vec<Database>,
    ids: Vec<String>,
    outcomes: BTreeMap<String, usize>,
    dice: u64,
}

impl Race {
    async fn new() -> Self {
        let desk = Desk::open().await;
        for customer in CUSTOMERS {
            let first = order(&format!("{customer}-first"), customer, "20.00", "2026-05-20T10:00:00+08:00");
            desk.recharge(vec![first]).await;
        }
        let mut ids = Vec::new();
        for customer in CUSTOMERS {
            ids.push(desk.customer(customer).await);
        }
        // Every session is a sign-in of its own: one connection would wait for itself.
        let mut sessions = Vec::new();
        for login in SESSIONS {
            sessions.push(desk.books.as_login(login).await);
        }
        let mut seats = Vec::new();
        for login in SEATS {
            seats.push(desk.books.as_login(login).await);
        }
        let behind = desk.books.owner().await;
        Self { desk, behind, sessions, seats, ids, outcomes: BTreeMap::new(), dice: 1 }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.dice >> 33) % end
    }

    /// The application that this round is about: the customer's open one, or a new one.
    async fn case(&mut self, who: usize) -> String {
        let open: Option<String> = sqlx::query_scalar(
            "select f.id::text from book.refunds f where f.customer_id = $1::bigint and f.status in ('requested', 'reviewed', 'approved')",
        )
        .bind(&self.ids[who])
        .fetch_optional(&mut self.behind)
        .await
        .expect("the look-up runs");
        if let Some(id) = open {
            return id;
        }
        let id = new_id();
        self.desk.attach("agent", "refund", &id).await;
        let _ = self.desk.try_act("agent", "refunds.request", self.application(who, &id)).await;
        self.desk.read_papers("approver", "refund", &id).await;
        id
    }

    fn application(&self, who: usize, id: &str) -> Value {
        json!({"command_id": id, "customer_id": self.ids[who], "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true})
    }

    /// Everybody at once; each says how it ended.
    async fn round(&mut self, number: usize) {
        let who = self.below(3) as usize;
        let case = self.case(who).await;
        if self.below(2) == 0 {
            let _ = self.desk.try_act("reviewer", "refunds.review", json!({"refund_id": case})).await;
        }
        // Where nothing can be applied for there is no case, and every step of it must be refused.
        let page = call(&self.desk.person("auditor").await, "refunds.open", json!({"refund_id": case}))
            .await
            .unwrap_or_default();
        let approval = json!({"refund_id": case, "digest": page["digest"]});
        if self.below(3) == 0 {
            let _ = self.desk.try_act("approver", "refunds.approve", approval.clone()).await;
        }
        let another = new_id();
        self.desk.attach("agent2", "refund", &another).await;
        self.desk.read_papers("approver", "refund", &another).await;
        let stop = self.below(4);
        let together = self.below(2) == 0;
        let at = |n: usize| 1 + (number * 7 + n * 13) % 900;
        let orders: Vec<Value> = [who, (who + 1) % 3]
            .iter()
            .map(|&n| {
                let order = order(
                    &format!("N{number}-{n}"),
                    CUSTOMERS[n],
                    &format!("{}.{:02}", at(n) % 40, at(n) % 100),
                    "2026-05-25T10:00:00+08:00",
                );
                with(
                    order,
                    json!({"gift": "1.00", "activity": "welcome", "channel": if n == 0 { "wechat" } else { "alipay" }}),
                )
            })
            .collect();
        // Usage moves the figures, so an approval would lose every round that has some.
        let used = if self.below(3) == 0 { vec![0, 1, 2] } else { vec![(who + 1) % 3, (who + 2) % 3] };
        let rows: Vec<Value> = used
            .into_iter()
            .map(|n| json!({"line": n, "usage_key": format!("U{number}-{n}"), "customer_ref": CUSTOMERS[n], "product": "chat", "used_from": "2026-05-21T00:00:00Z", "amount": format!("{}.{:06}", at(n) % 9, at(n))}))
            .collect();
        let of_case = json!({"refund_id": case});
        let reason = with(of_case.clone(), json!({"reason": "It is over"}));
        // The second release is the first one again, or another one.
        let release = with(of_case.clone(), json!({"command_id": new_id()}));
        let again = if together { release.clone() } else { of_case.clone() };
        let what: [(&'static str, Value); 8] = [
            ("recharges.post", json!({"rows": orders})),
            ("usage.post", json!({"rows": rows})),
            if stop == 0 {
                ("refunds.withdraw", reason.clone())
            } else {
                ("refunds.quote", json!({"customer_id": self.ids[who]}))
            },
            ("refunds.request", self.application(who, &another)),
            if stop == 1 { ("refunds.reject", reason) } else { ("refunds.review", of_case.clone()) },
            ("refunds.approve", approval),
            ("refunds.release", release),
            ("refunds.release", again),
        ];
        let mut running = Vec::new();
        for (n, (command, arguments)) in what.into_iter().enumerate() {
            let (db, pause) = (self.sessions[n].clone(), self.below(12));
            running.push(tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                act(db, command, arguments).await
            }));
        }
        for one in running {
            let said = one.await.expect("the session ends");
            *self.outcomes.entry(said).or_default() += 1;
        }
    }

    /// The measure itself: all eight on one case. Two approve, two release, two withdraw, two bill usage, each pair
    /// by different sign-ins, and nobody waits for anybody.
    async fn round_on_one_case(&mut self, number: usize) {
        let who = number % CUSTOMERS.len();
        let paid = order(
            &format!("N{number}"),
            CUSTOMERS[who],
            &format!("{}.{:02}", 5 + number % 40, number % 100),
            "2026-05-25T10:00:00+08:00",
        );
        self.desk.recharge(vec![with(paid, json!({"gift": "1.00", "activity": "welcome"}))]).await;
        let begun = std::time::Instant::now();
        let case = self.case(who).await;
        let _ = self.desk.try_act("reviewer", "refunds.review", json!({"refund_id": case})).await;
        // About what the others' steps take on this machine now: a few commands, one after the other.
        let pace = u64::try_from(begun.elapsed().as_millis()).unwrap_or(1_000).max(30);
        let of_case = json!({"refund_id": case});
        let reason = with(of_case.clone(), json!({"reason": "It is over"}));
        // In some rounds the race begins with an approval in hand.
        if self.below(3) == 0 {
            approve(self.seats[4].clone(), json!({"refund_id": case})).await;
        }
        // Now and then the second of a pair repeats the first one's command instead of giving one of its own.
        let twice = self.below(4) == 0;
        let release = with(of_case.clone(), json!({"command_id": new_id()}));
        let mut usage = |n: usize| {
            let cents = 1 + (number * 7 + n * 31) % 250;
            // Half of it was used before the application, half after it.
            let used_from = if self.below(2) == 0 { "2026-05-21T00:00:00Z" } else { "2026-06-01T02:00:00Z" };
            json!({"rows": [{"line": 2, "usage_key": format!("U{number}-{n}"), "customer_ref": CUSTOMERS[who], "product": "chat", "used_from": used_from,
                "amount": format!("{}.{:06}", cents / 100, cents % 100 * 10_000 + n)}]})
        };
        let (first, second) = (usage(0), usage(1));
        let what: [(&'static str, Value); 8] = [
            ("usage.post", first),
            ("usage.post", second),
            ("refunds.withdraw", reason.clone()),
            ("refunds.withdraw", reason),
            ("refunds.approve", of_case.clone()),
            ("refunds.approve", of_case.clone()),
            ("refunds.release", release.clone()),
            ("refunds.release", if twice { release } else { of_case }),
        ];
        let mut running = Vec::new();
        for (n, (command, arguments)) in what.into_iter().enumerate() {
            let db = self.seats[n].clone();
            // Who withdraws comes at any moment of the others' steps, so that each of them wins some rounds.
            let pause = self.below(if command == "refunds.withdraw" { 4 * pace } else { 8 });
            running.push(tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                if command == "refunds.approve" {
                    approve(db, arguments).await
                } else {
                    act(db, command, arguments).await
                }
            }));
        }
        for one in running {
            let said = one.await.expect("the session ends");
            *self.outcomes.entry(said).or_default() += 1;
        }
        let ended: String = sqlx::query_scalar("select status from book.refunds where id = $1::uuid")
            .bind(&case)
            .fetch_one(&mut self.behind)
            .await
            .expect("the case is there");
        *self.outcomes.entry(format!("the case is {ended}")).or_default() += 1;
    }

    /// What the provider's statement confirms, so that the next application can come; now and then one is recalled.
    async fn settle(&mut self) {
        let legs: Vec<(String, String, String, String)> = sqlx::query_as(
            "select l.refund_no, r.order_no, r.channel, l.amount_net::text from book.refund_legs l join book.recharges r on r.id = l.recharge_id where l.status = 'instructed' order by 1",
        )
        .fetch_all(&mut self.behind)
        .await
        .expect("the look-up runs");
        for (refund_no, order_no, channel, net) in legs {
            if self.below(5) == 0 {
                let recall = json!({"refund_no": refund_no, "reason": "A mistake"});
                self.desk.act("treasurer", "payouts.recall", recall).await;
                continue;
            }
            let id = new_id();
            let gross = format!("-{net}");
            let row = json!({"line": 6, "kind": "refund", "order_no": order_no, "provider_no": id, "refund_no": refund_no,
                "occurred_at": "2026-06-01T01:00:00Z", "gross": gross, "fee": "0.00", "net": gross});
            let totals = json!({"row_count": 1, "from": "2000-01-01T00:00:00Z", "to": "2000-01-02T00:00:00Z"});
            let begin = json!({"command_id": id, "kind": format!("statement_{channel}"), "file_name": "day.csv", "file_sha256": id.replace('-', "").repeat(2), "totals": totals});
            self.desk.act("accountant", "imports.begin", begin).await;
            self.desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
            // Two sessions hand in the same file: it counts once.
            let post = json!({"command_id": new_id(), "import_id": id});
            let (first, second) = tokio::join!(
                act(self.desk.person("accountant").await, "imports.post", post.clone()),
                act(self.sessions[0].clone(), "imports.post", json!({"import_id": id}))
            );
            assert!(first.ends_with("done") || second.ends_with("done"), "{first}, {second}");
        }
    }

    async fn assert_whole(&mut self, round: usize) {
        let broken: Vec<String> = sqlx::query_scalar(BROKEN).fetch_all(&mut self.behind).await.expect("the look runs");
        assert!(broken.is_empty(), "after round {round}: {broken:#?}");
    }
}

/// One command of one session: done, or refused by a name that a person can be told.
async fn act(db: Database, command: &'static str, mut arguments: Value) -> String {
    if !command.ends_with("quote") && arguments.get("command_id").is_none() {
        arguments["command_id"] = json!(new_id());
    }
    let mut said = String::new();
    // Who would release presses the button until there is something to release.
    for _ in 0..12 {
        said = match commands::call(&db, command, arguments.clone()).await {
            Ok(_) => "done".to_owned(),
            Err(Error::Rule { name, .. }) => name,
            Err(error @ Error::Busy { .. }) => error.to_json()["kind"].to_string(),
            Err(error) => panic!("{command}: {error} {}", error.to_json()),
        };
        if said != "refund_not_approved" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    format!("{command}: {said}")
}

/// An approver looks, then approves what was seen; where a figure moved in between, looks again.
async fn approve(db: Database, of_case: Value) -> String {
    let mut said = String::new();
    for _ in 0..4 {
        let page = commands::call(&db, "refunds.open", of_case.clone()).await.expect("the case can be read");
        said = act(db.clone(), "refunds.approve", with(of_case.clone(), json!({"digest": page["digest"]}))).await;
        if said != "refunds.approve: refund_figures_moved" {
            break;
        }
    }
    said
}

async fn race_on_one_case(rounds: usize) {
    let started = std::time::Instant::now();
    let mut race = Race::new().await;
    for round in 0..rounds {
        race.round_on_one_case(round).await;
        race.assert_whole(round).await;
        race.settle().await;
        race.assert_whole(round).await;
        if round % 50 == 0 {
            race.desk.assert_tied_out().await;
        }
    }
    race.desk.assert_tied_out().await;
    println!("{rounds} rounds on one case, {:.0} s: {:#?}", started.elapsed().as_secs_f64(), race.outcomes);
    for won in [
        "refunds.approve: done",
        "refunds.release: done",
        "refunds.withdraw: done",
        "usage.post: done",
        "the case is released",
        "the case is withdrawn",
    ] {
        let times = race.outcomes.get(won).copied().unwrap_or_default();
        assert!(times * 20 >= rounds, "{won} only {times} times: {:#?}", race.outcomes);
    }
}

async fn race(rounds: usize) {
    let started = std::time::Instant::now();
    let mut race = Race::new().await;
    for round in 0..rounds {
        race.round(round).await;
        race.assert_whole(round).await;
        race.settle().await;
        race.assert_whole(round).await;
        if round % 50 == 0 {
            race.desk.assert_tied_out().await;
        }
    }
    race.desk.assert_tied_out().await;
    println!("{rounds} rounds, {:.0} s: {:#?}", started.elapsed().as_secs_f64(), race.outcomes);
    // A race in which nothing ever came through would prove nothing.
    for command in [
        "recharges.post",
        "usage.post",
        "refunds.request",
        "refunds.approve",
        "refunds.release",
        "refunds.withdraw",
        "refunds.reject",
    ] {
        let done = race.outcomes.get(&format!("{command}: done")).copied().unwrap_or_default();
        assert!(done > 0, "{command} never came through: {:#?}", race.outcomes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_sessions_at_once_pay_nothing_twice() {
    race(80).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_sessions_on_one_case_pay_nothing_twice() {
    race_on_one_case(40).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes: make torture"]
async fn eight_sessions_on_one_case_pay_nothing_twice_in_a_thousand_rounds() {
    race_on_one_case(1_000).await;
}
