//! Everybody who may sign in, with psql's freedom: every table, every function and every command, in every state that
//! an application can be in. What rules 6.1 does not give is refused by its name, and nothing has changed afterwards.

use crate::desk::{Desk, order, with};
use crate::support::new_id;
use kontor::Database;
use kontor::rehearsal::LOGINS;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnection, PgDatabaseError};
use std::collections::BTreeMap;

/// The states of an application, in the order in which it reaches them; then the ways out, and what stops it.
const STATES: &[&str] = &[
    "requested",
    "returned",
    "reviewed",
    "approved",
    "approved, large",
    "approved twice",
    "released",
    "exported",
    "uploaded",
    "accepted",
    "failed",
    "transfer planned",
    "transfer approved",
    "transfer cleared",
    "paid",
    "rejected",
    "withdrawn",
    "gift proposed",
    "stopped by a notice",
    "forced by a court",
];

/// One application, and what belongs to it.
#[derive(Clone)]
struct Case {
    state: &'static str,
    refund: String,
    customer: String,
    leg: String,
    refund_no: String,
    batch: String,
    gift: String,
    paper: String,
    transfer: String,
    /// Who could take its present step.
    taker: Value,
}

/// Who may take a step of a case, and in which states: written from rules 6.1, not from the code.
const MAY: &[(&str, &[&str], &[&str])] = &[
    ("refunds.review", &["requested"], &["reviewer"]),
    ("refunds.approve", &["reviewed"], &["approver"]),
    ("refunds.approve_second", &["approved, large"], &["treasurer"]),
    ("refunds.approve_second", &["forced by a court"], &["legal"]),
    ("refunds.release", &["approved", "approved twice"], &["treasurer"]),
    ("refunds.ask_proof", &["requested", "reviewed"], &["reviewer", "approver"]),
    ("refunds.reject", OPEN, &["reviewer", "approver", "treasurer"]),
    ("refunds.withdraw", OPEN, &["agent", "agent2"]),
    ("refunds.recall_approval", APPROVED, &["approver", "supervisor"]),
    // Who released it (the treasurer here) does not say that it failed.
    ("refunds.fail_leg", &["released", "exported", "uploaded", "accepted"], &["accountant"]),
    ("refunds.confirm_transfer", &["transfer cleared"], &["treasurer", "accountant"]),
    ("refunds.hand_over", &["requested"], &["reviewer", "supervisor"]),
    ("refunds.hand_over", &["reviewed"], &["approver", "supervisor"]),
    ("refunds.hand_over", &["returned"], &["agent", "agent2", "supervisor"]),
    ("refunds.hand_over", &["approved", "approved, large", "approved twice"], &["treasurer", "supervisor"]),
    ("refunds.hand_over", &["forced by a court"], &["legal", "supervisor"]),
    ("refunds.hand_over", &["failed"], &["agent", "agent2", "accountant", "supervisor"]),
    ("refunds.hand_over", &["transfer planned"], &["approver", "supervisor"]),
    ("refunds.hand_over", &["transfer approved"], &["treasurer", "supervisor"]),
    ("refunds.hand_over", &["transfer cleared"], &["treasurer", "accountant", "supervisor"]),
    ("transfers.plan", &["failed"], &["agent", "agent2", "accountant"]),
    ("transfers.approve", &["transfer planned"], &["approver"]),
    ("transfers.approve", &["transfer approved"], &["treasurer"]),
    (
        "transfers.reveal",
        &["transfer planned", "transfer approved", "transfer cleared"],
        &["approver", "treasurer", "accountant"],
    ),
    (
        "transfers.decline",
        &["transfer planned", "transfer approved", "transfer cleared"],
        &["agent", "approver", "treasurer"],
    ),
    ("refunds.propose_reinstatement", &["rejected", "withdrawn", "gift proposed"], &["accountant"]),
    ("refunds.confirm_reinstatement", &["gift proposed"], &["approver"]),
    ("refunds.decline_reinstatement", &["gift proposed"], &["approver", "accountant"]),
    ("payouts.export", &["released"], &["treasurer"]),
    ("payouts.mark_uploaded", &["exported"], &["treasurer", "accountant"]),
    // Who exported it (the treasurer) does not say that it never left.
    ("payouts.cancel", &["exported"], &["supervisor"]),
    (
        "payouts.record_results",
        &["uploaded", "accepted", "failed", "transfer planned", "transfer approved", "transfer cleared", "paid"],
        &["treasurer", "accountant"],
    ),
    (
        "payouts.take_file",
        &[
            "exported",
            "uploaded",
            "accepted",
            "failed",
            "transfer planned",
            "transfer approved",
            "transfer cleared",
            "paid",
        ],
        &["treasurer", "accountant", "supervisor", "auditor"],
    ),
    ("payouts.retry", &["failed"], &["treasurer", "accountant"]),
    ("payouts.recall", &["released"], &["treasurer", "supervisor"]),
    ("payouts.tell_balance", STATES, &["treasurer", "accountant"]),
];
const OPEN: &[&str] = &[
    "requested",
    "returned",
    "reviewed",
    "approved",
    "approved, large",
    "approved twice",
    "stopped by a notice",
    "forced by a court",
];
const APPROVED: &[&str] =
    &["approved", "approved, large", "approved twice", "stopped by a notice", "forced by a court"];

/// Commands that answer for each case of a list by itself, and so are not refused as a whole.
const ANSWERS_EACH: &[(&str, &str)] = &[("refunds.approve_many", "approver"), ("refunds.review_many", "reviewer")];

fn may(command: &str, state: &str, login: &str) -> bool {
    MAY.iter().any(|(what, states, who)| *what == command && states.contains(&state) && who.contains(&login))
}

/// Who holds a duty of a step, but is barred from it in every state that this story has: the releaser from saying that
/// a leg failed, the exporter from cancelling, an approver from a review that policy does not join with the approval.
const BARRED: &[(&str, &[&str])] = &[
    ("refunds.request", &["agent", "agent2"]),
    ("refunds.add_proof", &["agent", "agent2"]),
    ("refunds.review", &["approver"]),
    ("refunds.fail_leg", &["treasurer"]),
    ("payouts.cancel", &["treasurer"]),
    // Another agent planned it.
    ("transfers.decline", &["agent2", "accountant"]),
];

/// Has none of a step's duties, and so learns nothing but that.
fn stranger(command: &str, login: &str) -> bool {
    let barred = BARRED.iter().any(|(what, who)| *what == command && who.contains(&login));
    !barred && !MAY.iter().any(|(what, _, who)| *what == command && who.contains(&login))
}

/// The truest arguments that there are for a step of a case: what is refused is refused for its own reason.
fn arguments(command: &str, case: &Case, digest: &str) -> Option<Value> {
    let refund = json!({"refund_id": case.refund});
    let why = with(refund.clone(), json!({"reason": "because"}));
    let leg = json!({"leg_id": case.leg, "reason": "closed", "bank_reference": "B-1"});
    let batch = json!({"batch_id": case.batch});
    Some(match command {
        "refunds.request" => {
            json!({"customer_id": case.customer, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": "W-9", "gifts_void_confirmed": true})
        }
        "refunds.review" | "refunds.approve_second" | "refunds.release" | "refunds.add_proof" => refund,
        "refunds.approve" => with(refund, json!({"digest": digest})),
        "refunds.approve_many" | "refunds.review_many" => {
            json!({"cases": [{"refund_id": case.refund, "digest": digest}]})
        }
        "refunds.ask_proof" => with(refund, json!({"asked_for": "A letter"})),
        "refunds.reject" | "refunds.withdraw" | "refunds.recall_approval" => why,
        "refunds.fail_leg" => json!({"leg_id": leg["leg_id"], "reason": leg["reason"]}),
        "refunds.confirm_transfer" => json!({"leg_id": leg["leg_id"], "bank_reference": leg["bank_reference"]}),
        "refunds.propose_reinstatement" => with(why, json!({"amount": "1.00"})),
        "refunds.confirm_reinstatement" => json!({"reinstatement_id": case.gift}),
        "refunds.decline_reinstatement" => json!({"reinstatement_id": case.gift, "reason": "no"}),
        "payouts.export" => json!({"channel": "alipay", "refund_nos": [case.refund_no]}),
        "payouts.mark_uploaded" => with(batch, json!({"provider_batch_no": "P-1"})),
        "payouts.cancel" => with(batch, json!({"reason": "never left"})),
        "payouts.take_file" => batch,
        "payouts.record_results" => {
            with(batch, json!({"results": [{"refund_no": case.refund_no, "result": "accepted"}]}))
        }
        "payouts.retry" => json!({"refund_no": case.refund_no}),
        "payouts.recall" => json!({"refund_no": case.refund_no, "reason": "a mistake"}),
        "refunds.hand_over" => with(refund, json!({"person_id": case.taker, "reason": "because"})),
        "transfers.plan" => {
            json!({"leg_id": case.leg, "payee_name": "示例付款人", "payee_bank": "B", "payee_account": "6225", "account_proof": case.paper, "reason": "because"})
        }
        "transfers.approve" => json!({"transfer_id": case.transfer}),
        "transfers.reveal" | "transfers.decline" => json!({"transfer_id": case.transfer, "reason": "because"}),
        "payouts.tell_balance" => json!({"channel": "alipay", "amount": "100.00", "as_of": "2026-05-31T00:00:00Z"}),
        _ => return None,
    })
}

/// Brings an application of a customer of its own into a state, by the people whose work it is.
async fn bring(desk: &Desk, n: usize, state: &'static str) -> Case {
    let name = format!("C{n}");
    let principal = if state == "approved, large" || state == "approved twice" { "60000.00" } else { "100.00" };
    let paid = order(&format!("R{n}"), &name, principal, "2026-05-01T10:00:00+08:00");
    desk.recharge(vec![with(paid, json!({"gift": "10.00", "activity": "welcome", "provider_no": format!("P{n}")}))])
        .await;
    let customer = desk.customer(&name).await;
    let nothing = new_id();
    let mut case = Case {
        state,
        refund: new_id(),
        customer,
        leg: "0".into(),
        refund_no: "K0".into(),
        batch: nothing.clone(),
        gift: nothing.clone(),
        paper: nothing.clone(),
        transfer: nothing,
        taker: json!(0),
    };
    let refund = json!({"refund_id": case.refund});
    desk.attach("agent", "refund", &case.refund).await;
    let forced = state == "forced by a court";
    let mut application = json!({"command_id": case.refund, "customer_id": case.customer, "reason_kind": "no_longer_needed", "reason": "Ended", "ticket_no": format!("W-{n}"), "gifts_void_confirmed": true});
    if forced {
        application = with(application, json!({"reason_kind": "legal_override", "legal_reference": "(2026) 1"}));
    }
    desk.act("agent", "refunds.request", application).await;
    desk.read_papers("approver", "refund", &case.refund).await;
    let why = with(refund.clone(), json!({"reason": "It is over"}));
    match state {
        "requested" => return case,
        "returned" => {
            desk.act("reviewer", "refunds.ask_proof", with(refund, json!({"asked_for": "A letter"}))).await;
            return case;
        }
        "rejected" => {
            desk.act("reviewer", "refunds.reject", why).await;
            return case;
        }
        "withdrawn" | "gift proposed" => {
            desk.act("agent", "refunds.withdraw", why.clone()).await;
            if state == "gift proposed" {
                let asked =
                    desk.act("accountant", "refunds.propose_reinstatement", with(why, json!({"amount": "1.00"}))).await;
                case.gift = asked["id"].as_str().expect("an id").to_owned();
            }
            return case;
        }
        _ => {}
    }
    desk.act("reviewer", "refunds.review", refund.clone()).await;
    if state == "reviewed" {
        return case;
    }
    let digest = digest(desk, &case).await;
    desk.act("approver", "refunds.approve", with(refund.clone(), json!({"digest": digest}))).await;
    match state {
        "stopped by a notice" => {
            let notice = json!({"order_no": format!("R{n}"), "ticket_no": "T-1", "demand": "Give it back", "received_at": "2026-06-01T08:30:00+08:00"});
            desk.act("agent", "disputes.record_notice", notice).await;
        }
        "approved twice" => {
            desk.act("treasurer", "refunds.approve_second", refund).await;
        }
        "approved" | "approved, large" | "forced by a court" => {}
        _ => send(desk, &mut case).await,
    }
    case
}

/// From the release on: into a file, to the provider, and what came back.
async fn send(desk: &Desk, case: &mut Case) {
    desk.act("treasurer", "refunds.release", json!({"refund_id": case.refund})).await;
    let page = desk.read("auditor", "refunds.open", json!({"refund_id": case.refund})).await;
    let text = |field: &str| page["legs"][0][field].as_str().expect("a leg").to_owned();
    (case.leg, case.refund_no) = (text("id"), text("refund_no"));
    if case.state == "released" {
        return;
    }
    let batch =
        desk.act("treasurer", "payouts.export", json!({"channel": "alipay", "refund_nos": [case.refund_no]})).await;
    case.batch = batch["id"].as_str().expect("an id").to_owned();
    if case.state == "exported" {
        return;
    }
    desk.act("treasurer", "payouts.mark_uploaded", json!({"batch_id": case.batch, "provider_batch_no": "P-1"})).await;
    if case.state == "uploaded" {
        return;
    }
    let failed = case.state == "failed" || case.state.starts_with("transfer");
    let word = if failed { "failed" } else { "accepted" };
    let results = json!([{"refund_no": case.refund_no, "result": word, "reason": "said the provider"}]);
    desk.act("accountant", "payouts.record_results", json!({"batch_id": case.batch, "results": results})).await;
    if failed {
        by_transfer(desk, case).await;
    }
    if case.state == "paid" {
        let (id, gross) = (new_id(), format!("-{}", text("net")));
        let row = json!({"line": 6, "kind": "refund", "order_no": text("order_no"), "provider_no": id, "refund_no": case.refund_no,
            "occurred_at": "2026-06-01T01:00:00Z", "gross": gross, "fee": "0.00", "net": gross});
        let totals = json!({"row_count": 1, "from": "2000-01-01T00:00:00Z", "to": "2000-01-02T00:00:00Z"});
        let begin = json!({"command_id": id, "kind": "statement_alipay", "file_name": "day.csv", "file_sha256": id.replace('-', "").repeat(2), "totals": totals});
        desk.act("accountant", "imports.begin", begin).await;
        desk.read("accountant", "imports.stage", json!({"import_id": id, "chunk_no": 1, "rows": [row]})).await;
        desk.act("accountant", "imports.post", json!({"import_id": id})).await;
    }
}

/// What the provider refused: the account's proof for a transfer, the plan, and its approvals.
async fn by_transfer(desk: &Desk, case: &mut Case) {
    let papers = json!({"subject_kind": "refund", "subject_id": case.refund});
    let papers = desk.read("auditor", "attachments.list", papers).await;
    case.paper = papers[0]["id"].as_str().expect("the proof").to_owned();
    desk.read_papers("treasurer", "refund", &case.refund).await;
    if case.state == "failed" {
        return;
    }
    let plan = arguments("transfers.plan", case, "").expect("it is known");
    let transfer = desk.act("agent", "transfers.plan", plan).await;
    case.transfer = transfer["id"].as_str().expect("an id").to_owned();
    let yes: &[&str] = match case.state {
        "transfer planned" => &[],
        "transfer approved" => &["approver"],
        _ => &["approver", "treasurer"],
    };
    for who in yes {
        desk.act(who, "transfers.approve", json!({"transfer_id": case.transfer})).await;
    }
}

async fn digest(desk: &Desk, case: &Case) -> String {
    let page = desk.read("auditor", "refunds.open", json!({"refund_id": case.refund})).await;
    page["digest"].as_str().expect("a digest").to_owned()
}

/// One fingerprint of every row of every table of the books.
async fn fingerprint(behind: &mut PgConnection) -> BTreeMap<String, String> {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'book' order by 1")
            .fetch_all(&mut *behind)
            .await
            .expect("the catalogue answers");
    let mut marks = BTreeMap::new();
    for table in tables {
        let sql =
            format!("select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from book.{table} t");
        let mark: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut *behind)
            .await
            .expect("every table can be read from behind");
        marks.insert(table, mark);
    }
    marks
}

fn assert_unchanged(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, login: &str) {
    let changed: Vec<&String> =
        after.iter().filter(|(table, mark)| before.get(*table) != Some(*mark)).map(|(table, _)| table).collect();
    assert!(changed.is_empty(), "{login} changed {changed:?}");
}

/// What Postgres says to one statement: nothing where it was done, else the refusal's code and name.
async fn told(connection: &mut PgConnection, sql: String) -> Option<(String, String)> {
    let failure = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.err()?;
    let sqlx::Error::Database(refusal) = failure else { panic!("{failure}") };
    let refusal = refusal.downcast_ref::<PgDatabaseError>();
    Some((refusal.code().to_owned(), refusal.constraint().unwrap_or(refusal.message()).to_owned()))
}

/// Whether a refusal says which rule refused: a named constraint, a missing duty, a right that the login has not.
fn has_name((code, name): &(String, String)) -> bool {
    !name.is_empty()
        && (matches!(code.as_str(), "23514" | "23505" | "42501") || code == "40P01" && name == "repeated_at_once")
}

fn called(command: &str, arguments: &Value) -> String {
    format!("select api.call('{command}', '{}')", arguments.to_string().replace('\'', "''"))
}

/// The same statement so that nothing stays of it.
async fn tried(connection: &mut PgConnection, sql: String) -> Option<(String, String)> {
    sqlx::raw_sql("begin").execute(&mut *connection).await.expect("begun");
    let answer = told(connection, sql).await;
    sqlx::raw_sql("rollback").execute(&mut *connection).await.expect("undone");
    answer
}

async fn everybody(desk: &Desk) -> Vec<(&'static str, Database)> {
    let mut all = Vec::new();
    for (login, _, _) in LOGINS {
        all.push((*login, desk.person(login).await));
    }
    all
}

#[tokio::test]
async fn in_every_state_each_person_does_what_the_rules_give_and_nothing_else() {
    let desk = Desk::open().await;
    let mut cases = Vec::new();
    for (n, state) in STATES.iter().enumerate() {
        cases.push(bring(&desk, n, state).await);
    }
    let mut behind = desk.books.owner().await;
    for case in &mut cases {
        let taker = "select coalesce((select p.id from api.refunds f join book.people p on p.login = f.could_take[1] where f.id = $1::uuid), 0)";
        let taker: i32 =
            sqlx::query_scalar(taker).bind(&case.refund).fetch_one(&mut behind).await.expect("the look-up runs");
        case.taker = json!(taker);
    }
    let commands: Vec<String> = sqlx::query_scalar(
        "select name from api.commands where not reads and name ~ '^(refunds|payouts|transfers)[.]' order by 1",
    )
    .fetch_all(&mut behind)
    .await
    .expect("the list of commands");
    // What asks for a step-up is refused for its own reason only after one.
    for login in ["approver", "reviewer"] {
        desk.step_up(login).await;
    }
    let before = fingerprint(&mut behind).await;
    let (mut wrong, mut refused, mut allowed) = (Vec::new(), BTreeMap::<String, usize>::new(), 0);
    for (login, db) in everybody(&desk).await {
        let mut connection = db.connection().await.expect("connected");
        for case in &cases {
            let digest = digest(&desk, case).await;
            for command in &commands {
                let given = arguments(command, case, &digest)
                    .unwrap_or_else(|| panic!("{command} is new: who may, and with what?"));
                let sql = called(command, &with(given, json!({"command_id": new_id()})));
                if may(command, case.state, login) || ANSWERS_EACH.contains(&(command.as_str(), login)) {
                    allowed += 1;
                    if let Some(refusal) = tried(&mut connection, sql).await {
                        wrong.push(format!("{login} may not {command} while {}: {refusal:?}", case.state));
                    }
                    continue;
                }
                match told(&mut connection, sql).await {
                    None => wrong.push(format!("{login} may {command} while {}", case.state)),
                    Some(refusal) if !has_name(&refusal) => {
                        wrong.push(format!("{login} {command} while {}: {refusal:?}", case.state))
                    }
                    Some((_, name)) if name != "not_allowed" && stranger(command, login) => wrong
                        .push(format!("{login} {command} while {}: looked before asking who asks, {name}", case.state)),
                    Some((_, name)) => *refused.entry(name).or_default() += 1,
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_unchanged(&before, &fingerprint(&mut behind).await, login);
    }
    println!("{allowed} allowed, {} refused: {refused:#?}", refused.values().sum::<usize>());
}

/// A value of the right form that names nothing, or names the case.
fn some_value(argument: &Value, case: &Case) -> Value {
    match (argument["name"].as_str().expect("a name"), argument["type"].as_str().expect("a type")) {
        ("customer_id", _) => json!(case.customer),
        ("refund_id", _) => json!(case.refund),
        (_, "uuid") => json!(new_id()),
        (_, "numeric") => json!("1.00"),
        (_, "bigint" | "integer") => json!("1"),
        (_, "boolean") => json!(true),
        (_, "date") => json!("2026-06-01"),
        (_, "timestamp with time zone") => json!("2026-06-01T00:00:00Z"),
        (_, "jsonb") => json!({}),
        (_, list) if list.ends_with("[]") => json!([]),
        _ => json!("x"),
    }
}

#[tokio::test]
async fn every_other_command_answers_everybody_or_refuses_by_name_and_changes_nothing() {
    let desk = Desk::open().await;
    let case = bring(&desk, 1, "approved").await;
    let mut behind = desk.books.owner().await;
    let commands: Vec<(String, Value, bool)> =
        sqlx::query_as("select name, arguments, reads from api.commands order by 1")
            .fetch_all(&mut behind)
            .await
            .expect("the list of commands");
    let before = fingerprint(&mut behind).await;
    let (mut nameless, mut refused, mut answered) = (Vec::new(), 0, 0);
    for (login, db) in everybody(&desk).await {
        let mut connection = db.connection().await.expect("connected");
        for (command, arguments, _) in &commands {
            let mut given = json!({});
            for argument in arguments.as_array().expect("a list") {
                given[argument["name"].as_str().expect("a name")] = some_value(argument, &case);
            }
            match tried(&mut connection, called(command, &given)).await {
                None => answered += 1,
                Some(refusal) if has_name(&refusal) => refused += 1,
                Some(refusal) => nameless.push(format!("{login} {command} {given}: {refusal:?}")),
            }
        }
        assert_unchanged(&before, &fingerprint(&mut behind).await, login);
    }
    println!("{} commands: {answered} answers, {refused} refusals", commands.len());
    nameless.sort();
    assert!(nameless.is_empty(), "{nameless:#?}");
}

#[tokio::test]
async fn no_table_no_function_and_no_trick_of_psql_goes_around_the_commands() {
    let desk = Desk::open().await;
    bring(&desk, 1, "approved").await;
    let mut behind = desk.books.owner().await;
    // Everything with rows in it, and every function that people were not given, with arguments of the right types.
    let mut attempts: Vec<String> = sqlx::query_scalar(
        "select a.sql from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral (values \
             (format('select * from %I.%I limit 1', n.nspname, c.relname), n.nspname = 'book'), \
             (format('insert into %I.%I default values', n.nspname, c.relname), true), \
             (format('update %I.%I set %I = %2$I.%3$I', n.nspname, c.relname, (select x.attname from pg_attribute x where x.attrelid = c.oid and x.attnum > 0 and not x.attisdropped order by x.attnum limit 1)), true), \
             (format('delete from %I.%I', n.nspname, c.relname), true), \
             (format('truncate %I.%I', n.nspname, c.relname), c.relkind = 'r'), \
             (format('copy %I.%I to stdout', n.nspname, c.relname), c.relkind = 'r' and n.nspname = 'book'), \
             (format('lock table %I.%I in exclusive mode', n.nspname, c.relname), c.relkind = 'r'), \
             (format('drop table if exists %I.%I cascade', n.nspname, c.relname), c.relkind = 'r')) a (sql, wanted) \
         where n.nspname in ('book', 'api') and c.relkind in ('r', 'v') and a.wanted \
         union all \
         select format('select nextval(%L)', c.oid::regclass) from pg_class c where c.relnamespace = 'book'::regnamespace and c.relkind = 'S' \
         union all \
         select format('select %s(%s)', p.oid::regproc, (select string_agg(format('%snull::%s', case when t.n = p.pronargs and p.provariadic <> 0 then 'variadic ' end, format_type(t.oid, null)), ', ' order by t.n) from unnest(p.proargtypes) with ordinality t (oid, n))) \
         from pg_proc p where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype \
         and not has_function_privilege('kontor_people', p.oid, 'execute')",
    )
    .fetch_all(&mut behind)
    .await
    .expect("the catalogue answers");
    attempts.extend(TRICKS.iter().map(|sql| (*sql).to_owned()));
    let before = fingerprint(&mut behind).await;
    let (mut open, mut refused) = (Vec::new(), 0);
    for (login, db) in everybody(&desk).await {
        let mut connection = db.connection().await.expect("connected");
        for sql in &attempts {
            match tried(&mut connection, sql.clone()).await {
                // A joined view can be written by nobody; Postgres says that before it looks at rights.
                Some((code, _))
                    if code == "42501" || matches!(code.as_str(), "55000" | "428C9") && sql.contains(" api.") =>
                {
                    refused += 1
                }
                other => open.push(format!("{login}: {sql}: {other:?}")),
            }
        }
        assert_unchanged(&before, &fingerprint(&mut behind).await, login);
    }
    println!("{} statements, {refused} refusals", attempts.len());
    open.sort();
    assert!(open.is_empty(), "{open:#?}");
}

/// What somebody with psql would try next.
const TRICKS: &[&str] = &[
    "set role kontor_api",
    "set role kontor_owner",
    "set session authorization kontor_owner",
    "set session_replication_role = replica",
    "set log_statement = 'all'",
    "alter role current_user superuser",
    "create role mine",
    "grant kontor_api to current_user",
    "create schema mine",
    "create table public.mine (x integer)",
    "create temporary table mine (x integer)",
    "create function public.mine() returns integer language sql as 'select 1'",
    "alter table book.refunds disable trigger all",
    "alter function api.clock() volatile",
    "drop schema api cascade",
    "do $$ begin update book.refunds set status = 'paid'; end $$",
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/dev/null'",
    "select pg_read_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select lo_create(0)",
    "select pg_advisory_lock(1)",
    "select pg_reload_conf()",
];
