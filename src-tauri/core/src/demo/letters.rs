//! Letters of the demo's cases: written from their state, carried by the platform, and what it reports of them.

use super::people::People;
use crate::error::Result;
use serde_json::{Value, json};
use uuid::Uuid;

/// A case to write about, and the language of whom it is written to.
pub(super) struct Of {
    pub case: Uuid,
    pub language: &'static str,
}

impl Of {
    /// A name without Chinese signs is written to in English.
    pub(super) fn new(case: Uuid, name: &str) -> Self {
        Self { case, language: if name.is_ascii() { "en" } else { "zh" } }
    }

    async fn write(&self, people: &People<'_>, kind: &str) -> Result<Value> {
        let letter = json!({"kind": kind, "language": self.language, "subject_id": self.case});
        people.act("handler", "letters.issue", letter).await
    }

    /// A letter that the platform carries and delivers. The receipt of a notice is its service.
    pub(super) async fn carried(&self, people: &People<'_>, kind: &str) -> Result<()> {
        let letter = self.write(people, kind).await?;
        self.sent(people, &letter, "sms", Ok("短信回执 DEMO，已送达")).await.map(|_| ())
    }

    /// The number is out of use, so the notice goes by another way.
    pub(super) async fn carried_at_the_second_attempt(&self, people: &People<'_>, kind: &str) -> Result<()> {
        let letter = self.write(people, kind).await?;
        self.sent(people, &letter, "sms", Err("空号 unknown subscriber")).await?;
        self.sent(people, &letter, "in_app", Ok("站内信已读 DEMO")).await.map(|_| ())
    }

    /// A demand starts the second period only when a handler records its receipt.
    pub(super) async fn demanded(&self, people: &People<'_>) -> Result<()> {
        let letter = self.write(people, "shortfall_demand").await?;
        let sending = self.sent(people, &letter, "sms", Ok("短信回执 DEMO，已送达")).await?;
        let served =
            json!({"sending_id": sending["id"], "served_at": sending["sent_at"], "proof": "短信回执 DEMO，已送达"});
        people.act("handler", "letters.record_receipt", served).await.map(|_| ())
    }

    /// The day's reminder, by the best way there is.
    pub(super) async fn reminded(&self, people: &People<'_>) -> Result<()> {
        let asked = json!({"dispute_ids": [self.case], "language": self.language});
        people.act("handler", "letters.send_reminders", asked).await?;
        people.platform_obeys().await
    }

    /// The third party gets its form by hand: the platform knows account holders only.
    pub(super) async fn form_handed_over(&self, people: &People<'_>) -> Result<()> {
        let letter = self.write(people, "waiver_form").await?;
        let left = json!({"letter_id": letter["id"], "way": "ticket", "by_platform": false});
        people.act("agent", "letters.send", left).await.map(|_| ())
    }

    /// Leaves through the outbox, and comes back with a receipt or a failure.
    async fn sent(
        &self,
        people: &People<'_>,
        letter: &Value,
        way: &str,
        outcome: std::result::Result<&str, &str>,
    ) -> Result<Value> {
        let left = json!({"letter_id": letter["id"], "way": way, "by_platform": true});
        let sent = people.act("agent", "letters.send", left).await?;
        people.platform_obeys().await?;
        let sending = sent["sendings"].as_array().and_then(|ways| ways.last()).cloned().unwrap_or_default();
        let (outcome, receipt) = match outcome {
            Ok(receipt) => ("delivered", receipt),
            Err(failure) => ("failed", failure),
        };
        let told = json!({"sending_id": sending["id"], "outcome": outcome, "happened_at": sending["sent_at"], "receipt": receipt});
        people.act("platform", "letters.report", told).await?;
        Ok(sending)
    }
}
