//! A desk with books of its own, for tests that tell a story: who does what, in the words of the trade.

use crate::support::{TestBooks, call, done, new_id};
use kontor::{Database, Error};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// Books, and everyone who has signed in to them so far.
pub struct Desk {
    /// The database of this test.
    pub books: TestBooks,
    signed_in: Mutex<HashMap<String, Database>>,
}

/// One paid order, as the platform tells it.
pub fn order(number: &str, customer: &str, principal: &str, paid_at: &str) -> Value {
    json!({"line": 2, "order_no": number, "customer_ref": customer, "customer_name": format!("Demo company {customer}"),
           "customer_kind": "enterprise", "real_name_verified": true, "kind": "custom", "principal": principal, "gift": "0",
           "channel": "alipay", "payer_name": "示例付款人", "payer_account": "13800000000", "payer_is_holder": true,
           "agreement_version": "2024-01", "paid_at": paid_at})
}

/// The same order with other facts.
pub fn with(mut order: Value, facts: Value) -> Value {
    for (name, value) in facts.as_object().expect("facts are an object") {
        order[name] = value.clone();
    }
    order
}

impl Desk {
    /// Fresh books with nothing in them.
    pub async fn bare() -> Self {
        Self { books: TestBooks::new().await, signed_in: Mutex::new(HashMap::new()) }
    }

    /// Fresh books at nine in the morning of 1 June 2026, with an agreement, an activity and a product.
    pub async fn open() -> Self {
        let desk = Self::bare().await;
        desk.books.set_clock("2026-06-01T09:00:00+08:00").await;
        let agreement = json!({"version": "2024-01", "announced_at": "2023-12-01T00:00:00Z", "effective_at": "2024-01-01T00:00:00Z"});
        desk.act("administrator", "agreements.add", agreement).await;
        desk.act("administrator", "activities.add", json!({"code": "welcome", "title": "Welcome gift"})).await;
        desk.act(
            "administrator",
            "products.add",
            json!({"code": "chat", "title_en": "Chat", "title_zh": "对话", "vat_rate": "0.06"}),
        )
        .await;
        desk
    }

    /// The connection of a person, signed in once.
    pub async fn person(&self, login: &str) -> Database {
        let mut signed_in = self.signed_in.lock().await;
        if !signed_in.contains_key(login) {
            signed_in.insert(login.to_owned(), self.books.as_login(login).await);
        }
        signed_in[login].clone()
    }

    /// An action with a fresh id; the id is in the arguments if the caller gave one.
    pub async fn try_act(&self, login: &str, command: &str, mut arguments: Value) -> Result<Value, Error> {
        if arguments.get("command_id").is_none() {
            arguments["command_id"] = json!(new_id());
        }
        call(&self.person(login).await, command, arguments).await
    }

    /// An action that must succeed.
    pub async fn act(&self, login: &str, command: &str, arguments: Value) -> Value {
        done(self.try_act(login, command, arguments).await)
    }

    /// The person gives their password once more.
    pub async fn step_up(&self, login: &str) -> Value {
        done(self.try_step_up(login, None).await)
    }

    /// The same with some other password.
    pub async fn try_step_up(&self, login: &str, password: Option<&str>) -> Result<Value, Error> {
        let kept = self.books.books().server().kept_passwords().expect("the kept passwords");
        let password = password.unwrap_or_else(|| &kept[login]);
        self.person(login).await.step_up(new_id().parse().expect("an id"), password).await
    }

    /// A read that must succeed.
    pub async fn read(&self, login: &str, command: &str, arguments: Value) -> Value {
        done(call(&self.person(login).await, command, arguments).await)
    }

    /// Posts orders as the platform's service does.
    pub async fn recharge(&self, orders: Vec<Value>) -> Value {
        self.act("platform", "recharges.post", json!({"rows": orders})).await
    }

    /// Charges usage as the platform's service does.
    pub async fn use_up(&self, key: &str, customer: &str, amount: &str) -> Value {
        let row = json!({"line": 2, "usage_key": key, "customer_ref": customer, "product": "chat", "used_from": "2026-05-20T00:00:00Z", "amount": amount});
        self.act("platform", "usage.post", json!({"rows": [row]})).await
    }

    /// The database's number of a customer.
    pub async fn customer(&self, reference: &str) -> String {
        let mut owner = self.books.owner().await;
        let id: i64 = sqlx::query_scalar("select id from book.customers where ref = $1")
            .bind(reference)
            .fetch_one(&mut owner)
            .await
            .expect("this customer is known");
        id.to_string()
    }

    /// Attaches a small proof to a case, before or after it exists.
    pub async fn attach(&self, login: &str, subject_kind: &str, subject_id: &str) {
        let db = self.person(login).await;
        let bytes = b"%PDF-1.4 a made-up proof for a test";
        let id = uuid::Uuid::now_v7();
        kontor::attachments::attach(&db, id, subject_kind, subject_id, "proof.pdf", bytes)
            .await
            .expect("the proof is attached");
    }

    /// Opens every paper of a case, as an approver does before deciding.
    pub async fn read_papers(&self, login: &str, subject_kind: &str, subject_id: &str) {
        let which = json!({"subject_kind": subject_kind, "subject_id": subject_id});
        for paper in self.read(login, "attachments.list", which).await.as_array().expect("papers") {
            self.act(login, "attachments.opened", json!({"attachment_id": paper["id"]})).await;
        }
    }

    /// One figure, looked up behind the rules.
    pub async fn figure(&self, sql: &'static str) -> String {
        let mut owner = self.books.owner().await;
        sqlx::query_scalar::<_, Option<String>>(sql)
            .fetch_one(&mut owner)
            .await
            .expect("the look-up runs")
            .unwrap_or_default()
    }

    /// Asserts that every equation of the tie-out holds.
    pub async fn assert_tied_out(&self) {
        let today = self.read("auditor", "today.open", json!({})).await;
        for equation in today["tie_out"].as_array().expect("equations") {
            assert_ne!(equation["state"], "broken", "{equation}");
        }
    }
}
