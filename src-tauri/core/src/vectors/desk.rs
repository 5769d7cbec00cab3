//! A desk with books of its own, at which a case's past is recorded by those who record it in real life.

use super::Bench;
use crate::attachments;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::rehearsal::Books;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Connection;
use std::collections::HashMap;
use tokio::sync::Mutex;
use uuid::Uuid;

/// The one customer of a case.
pub(super) const CUSTOMER: &str = "GOLDEN-1";

/// The product that is consumed.
pub(super) const PRODUCT: &str = "golden_tokens";

const AGREEMENT: &str = "golden";
const ACTIVITY: &str = "golden_gift";

/// A recharge as a case states it.
pub(super) struct Lot {
    pub order_no: String,
    pub channel: String,
    pub paid_at: DateTime<Utc>,
    pub principal: String,
    pub gift: String,
}

/// Books in which one case happens.
pub(super) struct Desk {
    books: Books,
    people: Mutex<HashMap<String, Database>>,
}

impl Desk {
    /// Fresh books whose clock shows `from`, with an agreement, a gift activity and a product.
    pub async fn open(bench: &Bench, from: DateTime<Utc>) -> Result<Self> {
        let books = Books::clone_template(&bench.server).await?;
        let desk = Self { books, people: Mutex::new(HashMap::new()) };
        desk.set_clock(from - Duration::days(2)).await?;
        let before = from - Duration::days(4_000);
        desk.act(
            "administrator",
            "agreements.add",
            json!({
                "version": AGREEMENT, "announced_at": before, "effective_at": before + Duration::days(1),
            }),
        )
        .await?;
        desk.act("administrator", "activities.add", json!({"code": ACTIVITY, "title": "Golden gift"})).await?;
        desk.act(
            "administrator",
            "products.add",
            json!({
                "code": PRODUCT, "title_en": "Tokens", "title_zh": "词元", "vat_rate": "0.06",
            }),
        )
        .await?;
        desk.set_clock(from).await?;
        Ok(desk)
    }

    /// Drops the books.
    pub async fn close(self) -> Result<()> {
        for db in self.people.into_inner().into_values() {
            db.close().await;
        }
        self.books.discard().await
    }

    /// Moves the clock of these books.
    pub async fn set_clock(&self, instant: DateTime<Utc>) -> Result<()> {
        self.books.set_clock(instant).await
    }

    /// Calls a command as one of the people, under a fresh id, and answers with that id and the row.
    pub async fn act(&self, login: &str, command: &str, arguments: Value) -> Result<(Uuid, Value)> {
        let id = Uuid::now_v7();
        Ok((id, self.act_as(id, login, command, arguments).await?))
    }

    /// The same under an id that was used before, as a form does for the papers attached to it.
    pub async fn act_as(&self, id: Uuid, login: &str, command: &str, mut arguments: Value) -> Result<Value> {
        arguments["command_id"] = json!(id);
        self.read(login, command, arguments).await
    }

    /// Calls a command that only reads.
    pub async fn read(&self, login: &str, command: &str, arguments: Value) -> Result<Value> {
        self.person(login).await?.call(command, &arguments).await
    }

    /// One of the people, signed in once.
    async fn person(&self, login: &str) -> Result<Database> {
        let mut people = self.people.lock().await;
        if let Some(db) = people.get(login) {
            return Ok(db.clone());
        }
        let db = self.books.as_login(login).await?;
        people.insert(login.to_owned(), db.clone());
        Ok(db)
    }

    /// Asks a function that people reach only through commands.
    pub async fn ask(&self, sql: &'static str, input: &Value) -> Result<Value> {
        let mut connection = self.books.owner().await?;
        let answer = sqlx::query_scalar(sql).bind(input).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(answer)
    }

    /// Puts a policy in force from long ago, by two people.
    pub async fn set_policy(&self, name: &str, channel: Option<&str>, value: Value) -> Result<()> {
        let (_, policy) = self
            .act("administrator", "policies.propose", json!({
                "name": name, "channel": channel, "value": value, "valid_from": "2020-06-01T00:00:00Z", "reason": "golden case",
            }))
            .await?;
        self.act("approver", "policies.confirm", json!({"policy_id": policy["id"]})).await?;
        Ok(())
    }

    /// Records recharges as the platform does. All of them must be booked: an exception would be a wrong case.
    pub async fn recharge(&self, lots: &[Lot], payer_is_holder: bool) -> Result<()> {
        let row = |(place, lot): (usize, &Lot)| {
            json!({
                "line": place + 1, "order_no": lot.order_no, "customer_ref": CUSTOMER, "customer_name": "测试样例",
                "customer_kind": "personal", "phone": null, "email": null, "real_name_verified": true, "kind": "custom",
                "principal": lot.principal, "gift": lot.gift,
                "activity": if is_zero(&lot.gift) { Value::Null } else { json!(ACTIVITY) },
                "channel": lot.channel, "payer_name": if payer_is_holder { "测试样例" } else { "示例付款人" },
                "payer_account": "example@example.com", "payer_is_holder": payer_is_holder,
                "agreement_version": AGREEMENT, "paid_at": lot.paid_at, "provider_no": format!("P{}", lot.order_no),
            })
        };
        let rows: Vec<Value> = lots.iter().enumerate().map(row).collect();
        let (_, counts) = self.act("platform", "recharges.post", json!({ "rows": rows })).await?;
        match counts["posted"] == json!(lots.len()) {
            true => Ok(()),
            false => Err(Error::bug(format_args!("a recharge of the case was not booked: {counts}"))),
        }
    }

    /// Records billed usage at an instant; nothing when the amount is zero. Answers the usage's key.
    pub async fn use_up(&self, amount: &str, at: DateTime<Utc>) -> Result<String> {
        let key = format!("U-{}", Uuid::new_v4().simple());
        if !is_zero(amount) {
            let row = json!({
                "line": 1, "usage_key": key, "customer_ref": CUSTOMER, "product": PRODUCT, "used_from": at, "used_to": at,
                "amount": amount,
            });
            self.act("platform", "usage.post", json!({ "rows": [row] })).await?;
        }
        Ok(key)
    }

    /// The id that the books gave the customer.
    pub async fn customer_id(&self) -> Result<String> {
        let found =
            self.ask("select to_jsonb(id::text) from book.customers where ref = $1 #>> '{}'", &json!(CUSTOMER)).await?;
        found.as_str().map(str::to_owned).ok_or_else(|| Error::bug("an id is a text"))
    }

    /// Attaches a small proof to a case, the way the window does.
    pub async fn attach(&self, login: &str, subject_kind: &str, subject_id: Uuid) -> Result<Uuid> {
        let db = self.person(login).await?;
        let (id, subject) = (Uuid::now_v7(), subject_id.to_string());
        attachments::attach(&db, id, subject_kind, &subject, "proof.txt", b"proof of a golden case").await?;
        Ok(id)
    }

    /// Applies for a refund with its proof.
    pub async fn request_refund(&self) -> Result<Uuid> {
        let id = Uuid::now_v7();
        self.attach("agent", "refund", id).await?;
        self.act_as(
            id,
            "agent",
            "refunds.request",
            json!({
                "customer_id": self.customer_id().await?, "reason_kind": "no_longer_needed", "reason": "golden case",
                "ticket_no": "G-1", "gifts_void_confirmed": true,
            }),
        )
        .await?;
        Ok(id)
    }

    /// Takes a refund from the application to the provider's statement, through all its people.
    pub async fn refund_everything(&self, at: DateTime<Utc>) -> Result<()> {
        let refund = json!({"refund_id": self.request_refund().await?});
        self.act("reviewer", "refunds.review", refund.clone()).await?;
        let papers = json!({"subject_kind": "refund", "subject_id": refund["refund_id"]});
        for paper in self.read("approver", "attachments.list", papers).await?.as_array().unwrap_or(&Vec::new()) {
            self.act("approver", "attachments.opened", json!({"attachment_id": paper["id"]})).await?;
        }
        let page = self.read("approver", "refunds.open", refund.clone()).await?;
        let mut approval = refund.clone();
        approval["digest"] = page["digest"].clone();
        self.act("approver", "refunds.approve", approval).await?;
        self.act("treasurer", "refunds.release", refund.clone()).await?;
        let legs = self
            .ask(
                "select jsonb_agg(jsonb_build_object('order_no', r.order_no, 'channel', r.channel, 'provider_no', r.provider_no, \
                        'refund_no', l.refund_no, 'net', l.amount_net::text)) \
                 from book.refund_legs l join book.recharges r on r.id = l.recharge_id \
                 where l.refund_id = ($1 ->> 'refund_id')::uuid and l.status = 'instructed'",
                &refund,
            )
            .await?;
        for leg in legs.as_array().into_iter().flatten() {
            self.confirm_leg(leg, at).await?;
        }
        Ok(())
    }

    /// The provider's statement says that a refund was paid out.
    async fn confirm_leg(&self, leg: &Value, at: DateTime<Utc>) -> Result<()> {
        let paid = format!("-{}", leg["net"].as_str().unwrap_or_default());
        let hash: String = Sha256::digest(leg.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
        let (import_id, _) = self
            .act("accountant", "imports.begin", json!({
                "kind": format!("statement_{}", leg["channel"].as_str().unwrap_or_default()), "file_name": "golden.csv",
                "file_sha256": hash, "totals": {"row_count": 1, "from": at, "to": at},
            }))
            .await?;
        let row = json!({
            "line": 1, "kind": "refund", "order_no": leg["order_no"], "provider_no": leg["provider_no"],
            "refund_no": leg["refund_no"], "occurred_at": at, "gross": paid, "fee": "0.00", "net": paid,
        });
        self.read("accountant", "imports.stage", json!({"import_id": import_id, "chunk_no": 0, "rows": [row]})).await?;
        self.act("accountant", "imports.post", json!({"import_id": import_id})).await?;
        Ok(())
    }
}

/// An instant as cases write them.
pub(super) fn instant(text: &str) -> Result<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc()).map_err(Error::bug)
}

/// Whether an amount of a case is nothing.
pub(super) fn is_zero(amount: &str) -> bool {
    amount.parse::<Amount>().is_ok_and(Amount::is_zero)
}
