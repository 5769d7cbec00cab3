//! Random notices, evidence, usage, recharges, refunds and locks against the real commands. After each action: the books
//! tie out, what the page said is what happened, nothing left a locked account except by its rule, and every open case
//! has a step that somebody can do. `KONTOR_SEED` plays another game.

use crate::desk::{Desk, order, with};
use crate::model::Dice;
use crate::support::{call, new_id};
use kontor::Error;
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::postgres::PgConnection;

const CUSTOMERS: i64 = 4;

/// What a case may do, and who does it when the dice say so.
const STEPS: &[(&str, &str)] = &[
    ("confirm_lock", "handler"),
    ("record_service", "agent"),
    ("record_evidence", "agent"),
    ("reject_evidence", "reviewer"),
    ("propose_acceptance", "reviewer"),
    ("confirm_acceptance", "approver"),
    ("concede", "handler"),
    ("state_inboxes_checked", "handler"),
    ("propose_repayment", "handler"),
    ("approve_repayment", "approver"),
    ("reject_repayment", "approver"),
    ("release_repayment", "treasurer"),
    ("confirm_repayment", "accountant"),
    ("fail_repayment", "treasurer"),
    ("notify_shortfall", "handler"),
    ("earmark_recharge", "handler"),
    ("record_waiver", "handler"),
    ("record_direct_payment", "handler"),
    ("return_surplus", "handler"),
    ("extend", "supervisor"),
    ("record_negotiation", "agent"),
    ("escalate", "legal"),
    ("withdraw_notice", "handler"),
    ("decline_notice", "handler"),
];

/// Which actions answer a step that a case waits for; any one of them will do.
fn answers(step: &str) -> &'static [&'static str] {
    match step {
        "close_notice" => &["decline_notice"],
        "confirm_lock" => &["confirm_lock"],
        "serve_lock_notice" => &["record_service"],
        "await_evidence" => &["record_evidence"],
        "judge_evidence" => &["propose_acceptance", "reject_evidence"],
        "confirm_acceptance" => &["confirm_acceptance", "reject_evidence"],
        "check_inboxes" => &["state_inboxes_checked"],
        "propose_repayment" => &["propose_repayment"],
        "approve_repayment" => &["approve_repayment"],
        "release_repayment" => &["release_repayment"],
        "confirm_repayment" => &["confirm_repayment"],
        "notify_shortfall" => &["notify_shortfall"],
        "await_shortfall" => &["record_waiver", "record_direct_payment", "earmark_recharge"],
        "negotiate" => &["record_negotiation"],
        "return_surplus" => &["return_surplus"],
        "await_court" => &["withdraw_notice", "record_waiver"],
        _ => &[],
    }
}

/// Refusals that depend on what was typed, or on figures that moved since a proposal; the page cannot foresee them.
const OF_THE_FORM: &[&str] = &[
    "repayment_figures_moved",
    "recharge_unknown",
    "recharge_from_before_lock",
    "recharge_already_earmarked",
    "recharge_not_free",
];

struct Game {
    desk: Desk,
    dice: Dice,
    owner: PgConnection,
    minute: i64,
    count: i64,
    cases: Vec<String>,
    orders: Vec<String>,
    refunds: Vec<String>,
    said: Vec<String>,
    done: usize,
    by_name: std::collections::BTreeMap<String, usize>,
}

impl Game {
    async fn new(seed: u64) -> Self {
        let desk = Desk::open().await;
        let owner = desk.books.owner().await;
        let mut game = Self {
            desk,
            dice: Dice(seed),
            owner,
            minute: 0,
            count: 0,
            cases: vec![],
            orders: vec![],
            refunds: vec![],
            said: vec![],
            done: 0,
            by_name: Default::default(),
        };
        game.wait(1).await;
        for _ in 0..6 {
            game.recharge().await;
        }
        game
    }

    fn now(&self) -> String {
        let at = chrono::DateTime::from_timestamp(1_780_300_800 + self.minute * 60, 0).expect("an instant");
        at.to_rfc3339()
    }

    async fn wait(&mut self, minutes: i64) {
        self.minute += minutes;
        self.desk.books.set_clock(&self.now()).await;
    }

    async fn act(&mut self, login: &str, command: &str, arguments: Value) -> Result<Value, Error> {
        let answer = self.desk.try_act(login, command, arguments).await;
        let told = answer.as_ref().map_or_else(|error| error.to_string(), |_| "done".to_owned());
        self.said.push(format!("{} {login} {command}: {told}", self.minute));
        if answer.is_ok() {
            self.done += 1;
            *self.by_name.entry(command.to_owned()).or_default() += 1;
        }
        answer
    }

    async fn paper(&self, kind: &str, subject: &str) -> String {
        let id = uuid::Uuid::now_v7();
        let bytes = format!("%PDF-1.4 a made-up paper {id}");
        let db = self.desk.person("legal").await;
        kontor::attachments::attach(&db, id, kind, subject, "paper.pdf", bytes.as_bytes()).await.expect("filed");
        id.to_string()
    }

    async fn recharge(&mut self) {
        self.count += 1;
        let (number, customer) = (format!("M{}", self.count), format!("C{}", self.dice.below(CUSTOMERS)));
        let principal = format!("{}.00", 10 + self.dice.below(500));
        let gift = if self.dice.chance(40) { json!({"gift": "7.00", "activity": "welcome"}) } else { json!({}) };
        let foreign = json!({"payer_is_holder": self.dice.chance(40), "channel": if self.dice.chance(50) { "alipay" } else { "wechat" }});
        let row = with(with(order(&number, &customer, &principal, &self.now()), foreign), gift);
        self.act("platform", "recharges.post", json!({"rows": [row]})).await.expect("a paid order is booked");
    }

    async fn usage(&mut self) {
        self.count += 1;
        let amount = format!("{}.{:06}", self.dice.below(220), 1 + self.dice.below(999_999));
        let row = json!({"line": 2, "usage_key": format!("U{}", self.count), "customer_ref": format!("C{}", self.dice.below(CUSTOMERS)), "product": "chat",
            "used_from": self.now(), "amount": amount});
        // Usage of an account that has never recharged is refused; whatever was metered otherwise is charged.
        let _ = self.act("platform", "usage.post", json!({"rows": [row]})).await;
    }

    async fn notice(&mut self) {
        let id = new_id();
        let notice = json!({"command_id": id, "order_no": format!("M{}", 1 + self.dice.below(self.count)), "ticket_no": "T-1", "demand": "Mine", "received_at": self.now(),
            "kind": if self.dice.chance(12) { "provider" } else { "third_party" }});
        if self.act("agent", "disputes.record_notice", notice).await.is_ok() {
            self.cases.push(id);
        }
    }

    async fn order(&mut self) {
        let id = new_id();
        let customer = format!("C{}", self.dice.below(CUSTOMERS));
        let known: Option<i64> = sqlx::query_scalar("select id from book.customers where ref = $1")
            .bind(&customer)
            .fetch_optional(&mut self.owner)
            .await
            .expect("runs");
        let Some(known) = known else { return };
        let paper = self.paper("judicial_order", &id).await;
        let later = chrono::DateTime::from_timestamp(1_780_300_800 + (self.minute + 400 * 1440) * 60, 0)
            .expect("an instant")
            .date_naive();
        let mut order = json!({"command_id": id, "customer_id": known.to_string(), "authority": "Court", "order_no": id, "scope": "account", "received_at": self.now(),
            "until_on": later, "attachment_ids": [paper]});
        if self.dice.chance(60) {
            order["scope"] = json!("amount");
            order["amount"] = json!(format!("{}.00", 1 + self.dice.below(400)));
        } else if self.dice.chance(25) {
            order["allows_repayment"] = json!(true);
            order["allowing_words"] = json!("Payers who did not agree may be repaid");
        }
        self.act("legal", "judicial_locks.register", order).await.expect("an order is registered");
        self.orders.push(id);
    }

    async fn lift(&mut self) {
        if self.orders.is_empty() {
            return;
        }
        let at = self.dice.below(self.orders.len() as i64) as usize;
        let id = self.orders.swap_remove(at);
        let paper = self.paper("judicial_order", &id).await;
        self.act("legal", "judicial_locks.lift", json!({"order_id": id, "reason": "Ended", "attachment_id": paper}))
            .await
            .expect("an order in force is lifted");
    }

    async fn apply(&mut self) {
        let id = new_id();
        let known: Vec<i64> = sqlx::query_scalar("select id from book.customers order by id")
            .fetch_all(&mut self.owner)
            .await
            .expect("runs");
        let customer = known[self.dice.below(known.len() as i64) as usize];
        self.desk.attach("agent", "refund", &id).await;
        let application = json!({"command_id": id, "customer_id": customer.to_string(), "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-1", "gifts_void_confirmed": true});
        if self.act("agent", "refunds.request", application).await.is_ok() {
            self.desk.read_papers("approver", "refund", &id).await;
            self.refunds.push(id);
        }
    }

    async fn refund(&mut self) {
        if self.refunds.is_empty() {
            return;
        }
        let last = self.refunds.len() as i64;
        let id = self.refunds[(last - 1 - self.dice.below(last.min(2))) as usize].clone();
        let page = self.desk.read("approver", "refunds.open", json!({"refund_id": id})).await;
        let (login, step, more) = match page["status"].as_str() {
            _ if self.dice.chance(15) => ("agent", "withdraw", json!({"reason": "Over"})),
            Some("requested") => ("reviewer", "review", json!({})),
            Some("reviewed") => ("approver", "approve", json!({"digest": page["digest"]})),
            _ => ("treasurer", "release", json!({})),
        };
        let _ = self.act(login, &format!("refunds.{step}"), with(json!({"refund_id": id}), more)).await;
    }

    /// The platform reads, does some of it, and forgets the rest until the next time.
    async fn platform(&mut self) {
        self.desk.read("platform", "platform_events.read", json!({})).await;
        let open: Vec<i64> = sqlx::query_scalar("select e.id from book.platform_events e where e.acknowledged_at is null and e.delivered_at is not null order by e.id limit 3")
            .fetch_all(&mut self.owner)
            .await
            .expect("runs");
        for id in open {
            self.act("platform", "platform_events.acknowledge", json!({"event_id": id.to_string()}))
                .await
                .expect("read in order, acknowledged in order");
        }
    }

    /// Any action of any case: what the page said of it is what happens.
    async fn step(&mut self) -> Result<(), String> {
        if self.cases.is_empty() {
            return Ok(());
        }
        let open: Vec<String> =
            sqlx::query_scalar("select id::text from book.disputes where closed_at is null order by number")
                .fetch_all(&mut self.owner)
                .await
                .expect("runs");
        // Closed cases are tried too, seldom: a surplus may still go back, and nothing else may happen.
        let among = if open.is_empty() || self.dice.chance(12) { self.cases.clone() } else { open };
        let case = among[self.dice.below(among.len() as i64) as usize].clone();
        let page = self.desk.read("auditor", "disputes.open", json!({"dispute_id": case})).await;
        if matches!(page["next_step"].as_str(), Some("await_evidence" | "await_shortfall")) && self.dice.chance(60) {
            let minutes = 1 + self.dice.below(20 * 1440);
            self.wait(minutes).await;
            return Ok(());
        }
        // Mostly what the case waits for, else anything.
        let waits = page["next_step"].as_str().map_or(&[] as &[&str], answers);
        let due: Vec<_> = STEPS.iter().filter(|(action, _)| waits.contains(action)).collect();
        let (action, login) = if !due.is_empty() && self.dice.chance(75) {
            *due[self.dice.below(due.len() as i64) as usize]
        } else {
            STEPS[self.dice.below(STEPS.len() as i64) as usize]
        };
        let page = self.desk.read(login, "disputes.open", json!({"dispute_id": case})).await;
        let foreseen = page["actions"]
            .as_array()
            .expect("actions")
            .iter()
            .find(|one| one["action"] == format!("disputes.{action}"))
            .expect("this action")
            .clone();
        let mut arguments = self.arguments(action, &case, &page).await;
        arguments["dispute_id"] = json!(case);
        let answer = self.act(login, &format!("disputes.{action}"), arguments).await;
        match (&answer, foreseen["why"].as_str()) {
            (Ok(_), None) => Ok(()),
            (Err(Error::Rule { name, .. }), None) if OF_THE_FORM.contains(&name.as_str()) => Ok(()),
            (Err(Error::Rule { name, .. }), Some(why)) if name == why => Ok(()),
            // Which piece of evidence is asked before the case is: the refusal names the piece.
            (Err(Error::Rule { name, .. }), Some(_)) if name.starts_with("evidence_") => Ok(()),
            (Ok(_), Some(why)) => Err(format!("{action} was done, and the page said {why}")),
            (Err(error), said) => Err(format!("{action} was refused with {error}, and the page said {said:?}")),
        }
    }

    async fn arguments(&mut self, action: &str, case: &str, page: &Value) -> Value {
        let now = self.now();
        let evidence = page["evidence"]
            .as_array()
            .expect("evidence")
            .iter()
            .find(|e| e["verdict"] == "open" || e["verdict"] == "proposed")
            .map_or(json!(new_id()), |e| e["id"].clone());
        let amount = format!("{}.50", 1 + self.dice.below(150));
        match action {
            "record_service" => json!({"about": "lock", "way": "sms", "served_at": now, "proof": "receipt"}),
            "record_evidence" => {
                json!({"summary": "Letter", "way": "email", "received_at": now, "attachment_ids": [self.paper("dispute", case).await], "receipt_proof": "header"})
            }
            "reject_evidence" | "propose_acceptance" => json!({"evidence_id": evidence, "reason": "Seen"}),
            "concede" => json!({"received_at": now, "attachment_id": self.paper("dispute", case).await}),
            "confirm_repayment" => json!({"reference": "B-1", "attachment_id": self.paper("dispute", case).await}),
            "notify_shortfall" => json!({"way": "email", "notified_at": now, "proof": "receipt"}),
            "earmark_recharge" => json!({"order_no": format!("M{}", 1 + self.dice.below(self.count))}),
            "record_waiver" => {
                json!({"amount": amount, "received_at": now, "reason": "In writing", "attachment_id": self.paper("dispute", case).await})
            }
            "record_direct_payment" => {
                json!({"amount": amount, "paid_at": now, "channel": "wechat", "reference": "W-1", "attachment_id": self.paper("dispute", case).await})
            }
            "extend" => json!({"days": 1 + self.dice.below(10), "reason": "Told late"}),
            "record_negotiation" => json!({"happened_at": now, "body_text": "Called both"}),
            "reject_repayment" | "fail_repayment" | "escalate" | "withdraw_notice" | "decline_notice" => {
                json!({"reason": "It is so"})
            }
            _ => json!({}),
        }
    }

    /// What must hold whatever was done.
    async fn check(&mut self, before: i64) -> Result<(), String> {
        let today = self.desk.read("auditor", "today.open", json!({})).await;
        for line in today["tie_out"].as_array().expect("equations") {
            if line["state"] == "broken" {
                return Err(format!("the books do not tie out: {line}"));
            }
        }
        self.conserved().await?;
        self.left(before).await?;
        self.watched().await?;
        self.next_steps().await
    }

    /// Each account: what was paid in is left, consumed, on its way or gone, to the last millionth.
    async fn conserved(&mut self) -> Result<(), String> {
        let wrong: Vec<String> = sqlx::query_scalar(
            "select c.ref || ': ' || x.paid || ' paid, ' || x.found || ' found' from book.customers c, lateral (
                select (select coalesce(sum(r.principal), 0) from book.recharges r where r.customer_id = c.id) as paid,
                       (select coalesce(sum(r.amount_left), 0) from book.recharges r where r.customer_id = c.id)
                     + (select coalesce(sum(u.from_principal), 0) from book.usage_charges u where u.customer_id = c.id)
                     + (select coalesce(sum(p.amount), 0) from book.repayments p join book.disputes d on d.id = p.dispute_id where d.customer_id = c.id and p.status <> 'rejected')
                     -- Refunds by what the ledger took out of the account.
                     + (select coalesce(sum(o.amount), 0) from book.journals j join book.postings o on o.journal_id = j.id join book.accounts a on a.id = o.account_id
                        where j.customer_id = c.id and a.owner = 'customer' and o.commodity = 'CNY'
                          and j.kind not in ('recharge', 'usage', 'repayment_hold', 'repayment_hold_released', 'repayment_released', 'repayment_paid')) as found) x
             where x.paid <> x.found",
        )
        .fetch_all(&mut self.owner)
        .await
        .expect("the look-up runs");
        if wrong.is_empty() { Ok(()) } else { Err(format!("money is not conserved: {wrong:?}")) }
    }

    /// What orders over amounts keep is known on the account, and the platform has heard when nothing above it is free.
    async fn watched(&mut self) -> Result<(), String> {
        let wrong: Vec<String> = sqlx::query_scalar(
            "select c.ref || ': ' || concat_ws(', ', c.ordered_amount, c.ordered_kept, c.ordered_reached_at, x.ordered, x.principal, x.said)
             from book.customers c, lateral (select nullif(api.held_by_orders(c.id), 0) as ordered, api.free_principal(c.id) as principal,
                 (select e.kind from book.platform_events e where e.customer_id = c.id and e.kind like 'account.hold%' and e.kind <> 'account.hold' order by e.place desc limit 1) as said) x
             where c.ordered_amount is distinct from x.ordered
                or c.ordered_amount is not null and ((c.ordered_reached_at is not null) <> (x.principal <= x.ordered) or c.ordered_kept < least(x.ordered, x.principal)
                   or x.principal <= x.ordered and x.said is distinct from 'account.hold_reached')",
        )
        .fetch_all(&mut self.owner)
        .await
        .expect("the look-up runs");
        if wrong.is_empty() { Ok(()) } else { Err(format!("an ordered amount is not watched: {wrong:?}")) }
    }

    /// What has left since: under which locks, and by which rule.
    async fn left(&mut self, before: i64) -> Result<(), String> {
        let gone = sqlx::query(
            "select j.kind, d.id is not null as of_case, coalesce(p.purpose, '') as purpose, api.stopping_order(j.customer_id) is not null as stopped,
                    exists (select 1 from book.locks k where k.customer_id = j.customer_id and k.lifted_at is null) as locked,
                    coalesce(exists (select 1 from book.services_of_notice n where n.dispute_id = d.id and n.about = 'lock'), false) as served,
                    coalesce(d.conceded_at is not null or d.inboxes_checked_at is not null and j.recorded_at >= x.expires_at, false) as decided,
                    coalesce(p.proposed_by <> p.approved_by and p.released_by not in (p.proposed_by, p.approved_by), false) as three,
                    api.held_by_orders(j.customer_id) <= (select coalesce(sum(r.amount_left), 0) from book.recharges r where r.customer_id = j.customer_id and r.earmarked_for is null)
                      or not exists (select 1 from book.repayment_lots l join book.recharges r on r.id = l.recharge_id where l.repayment_id = p.id and r.earmarked_for is null) as above
             from book.journals j left join book.repayments p on p.id::text = j.document_id left join book.disputes d on d.id = p.dispute_id
             left join book.deadlines x on x.subject_id = d.id and x.kind = 'evidence'
             where j.id > $1 and j.kind in ('refund_released', 'repayment_released')",
        )
        .bind(before)
        .fetch_all(&mut self.owner)
        .await
        .expect("the look-up runs");
        for row in gone {
            let is = |name: &str| row.get::<bool, _>(name);
            let kind: String = row.get("kind");
            let lawful = match kind.as_str() {
                "refund_released" => !is("locked"),
                _ if row.get::<String, _>("purpose") == "surplus" => !is("stopped") && is("three"),
                _ => is("of_case") && !is("stopped") && is("served") && is("decided") && is("three") && is("above"),
            };
            if !lawful {
                let facts: Vec<String> = ["stopped", "locked", "served", "decided", "three", "above"]
                    .iter()
                    .map(|name| format!("{name} {}", is(name)))
                    .collect();
                return Err(format!("{kind} left against its rule: {}", facts.join(", ")));
            }
        }
        Ok(())
    }

    /// Every open case has an owner and a step, and somebody whose job it is can do it now.
    async fn next_steps(&mut self) -> Result<(), String> {
        let rows = self.desk.read("handler", "deadlines.list", json!({"maximum": 500})).await;
        for row in rows.as_array().expect("rows") {
            let (number, Some(step)) = (&row["number"], row["step"].as_str()) else {
                return Err(format!("{} has no next step", row["number"]));
            };
            if row["owner"].is_null() {
                return Err(format!("{number} has no owner"));
            }
            if row["kind"] == "judicial" {
                continue;
            }
            // What a refund of the same recharge will bring is for the provider's statement to say.
            if step == "confirm_repayment" && row["amount"] != "0.00" && !self.has_repayment(&row["id"]).await {
                continue;
            }
            if step == "await_order" {
                if self.orders.is_empty() {
                    return Err(format!("{number} waits for an order, and none is in force"));
                }
                continue;
            }
            let mut against = Vec::new();
            let mut possible = false;
            for (action, login) in STEPS.iter().filter(|(action, _)| answers(step).contains(action)) {
                let page =
                    call(&self.desk.person(login).await, "disputes.open", json!({"dispute_id": row["id"]})).await;
                let page = page.expect("a page");
                let name = format!("disputes.{action}");
                let one = page["actions"]
                    .as_array()
                    .expect("actions")
                    .iter()
                    .find(|one| one["action"] == name)
                    .expect("this action");
                possible |= one["allowed"] == json!(true);
                against.push(format!("{action}: {}", one["why"]));
                if possible {
                    break;
                }
            }
            if !possible {
                return Err(format!("{number} waits for {step}, and nobody can do it: {against:?}"));
            }
        }
        Ok(())
    }

    async fn has_repayment(&self, case: &Value) -> bool {
        let page = self.desk.read("auditor", "disputes.open", json!({"dispute_id": case})).await;
        !page["repayment_id"].is_null()
    }

    async fn turn(&mut self) -> Result<(), String> {
        let before: i64 = sqlx::query_scalar("select coalesce(max(id), 0) from book.journals")
            .fetch_one(&mut self.owner)
            .await
            .expect("runs");
        let done = self.done;
        let stepped = match self.dice.below(100) {
            0..8 => {
                let long = if self.dice.chance(30) { 45 * 1440 } else { 2000 };
                let minutes = 1 + self.dice.below(long);
                self.wait(minutes).await;
                Ok(())
            }
            8..12 => {
                self.recharge().await;
                Ok(())
            }
            12..17 => {
                self.usage().await;
                Ok(())
            }
            17..24 => {
                self.notice().await;
                Ok(())
            }
            24..26 => {
                self.order().await;
                Ok(())
            }
            26..31 => {
                self.lift().await;
                Ok(())
            }
            31..36 => {
                self.apply().await;
                Ok(())
            }
            36..42 => {
                self.refund().await;
                Ok(())
            }
            42..44 => {
                self.platform().await;
                Ok(())
            }
            _ => self.step().await,
        };
        stepped?;
        self.wait(1).await;
        // What was refused has changed nothing.
        if self.done == done { Ok(()) } else { self.check(before).await }
    }
}

async fn play(seed: u64, turns: usize) {
    let mut game = Game::new(seed).await;
    for _ in 0..turns {
        if let Err(said) = game.turn().await {
            let last: Vec<&String> = game.said.iter().rev().take(40).collect();
            let story: Vec<&str> = last.into_iter().rev().map(String::as_str).collect();
            panic!("seed {seed}: {said}\n{}", story.join("\n"));
        }
    }
    println!("seed {seed}: {turns} turns, {} actions done: {:?}", game.done, game.by_name);
}

#[tokio::test]
async fn random_cases_locks_and_money_keep_every_promise() {
    match std::env::var("KONTOR_SEED") {
        Ok(seed) => play(seed.parse().expect("a number"), 400).await,
        Err(_) => play(7, 150).await,
    }
}
