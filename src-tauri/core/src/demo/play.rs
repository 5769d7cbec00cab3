//! A play of cases: its scenes in their order, and what came of those that were played.

use super::business::Business;
use super::cast::Part;
use super::papers::Movement;
use super::people::People;
use super::setting::{Period, at};
use crate::attachments;
use crate::error::{Error, Result};
use crate::statements::Provider;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet, VecDeque};
use uuid::Uuid;

/// One step of one case at its instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub at: DateTime<FixedOffset>,
    pub what: What,
}

/// Which step.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// Of the part with this index.
    Refund(usize, RefundStep),
    /// Of the part with this index.
    Dispute(usize, DisputeStep),
    /// For the customer with this index.
    Invoice(usize, InvoiceStep),
    /// No case of its own.
    Extra(Extra),
}

/// One step of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefundStep {
    Request,
    Review,
    AskProof,
    Reject,
    Withdraw,
    Approve,
    Release,
    Pay,
    PayerObjects,
}

/// One step of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DisputeStep {
    Notice,
    Lock,
    Serve,
    Evidence,
    RejectEvidence,
    Remind,
    ProposeAcceptance,
    ConfirmAcceptance,
    Withdraw,
    Decline,
    CheckInboxes,
    Propose,
    Approve,
    Release,
    Pay,
    Shortfall,
    Waive,
    Negotiate,
    Escalate,
    /// An authority freezes an amount of the account.
    FreezeAmount,
    /// A court freezes the whole account.
    Freeze,
}

/// One step of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InvoiceStep {
    Issue,
    /// The tax platform's number comes back a day later.
    Official,
    /// A tax clerk asks for the paper to be taken back.
    RedLetter,
    /// An approver agrees.
    ConfirmRedLetter,
    /// An approver does not.
    DeclineRedLetter,
}

/// Something that is no case of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    /// The gift of a closed application comes back (A3): proposed for the part with this index, and confirmed.
    Reinstate(usize, bool),
    /// Usage of this place in the list is given back: proposed, and confirmed.
    CreditBack(usize, bool),
    /// The platform reports usage that it has not billed.
    Unbilled,
    /// An administrator proposes a lower limit for second approvals.
    Policy,
    /// A note on a customer.
    Note(usize),
}

/// What a case needs to remember from one step to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Case {
    pub id: Uuid,
    pub evidence: Option<String>,
}

/// The scenes that are left, and what came of those that were played.
pub(super) struct Play {
    scenes: VecDeque<Scene>,
    paid_out: Vec<(Provider, Movement)>,
    pub(super) cases: HashMap<usize, Case>,
    pub(super) buyers: HashMap<usize, Value>,
    pub(super) papers: HashMap<usize, Value>,
    pub(super) red_letters: HashMap<usize, Value>,
    ids: HashMap<usize, Value>,
    pub(super) given_up: HashSet<usize>,
    /// Steps that the books refused. None is, unless rules changed and the demo did not.
    pub(super) refused: Vec<String>,
}

impl Play {
    /// Nothing played yet.
    pub(super) fn new(mut scenes: Vec<Scene>) -> Self {
        scenes.sort_by_key(|scene| scene.at);
        Self {
            scenes: scenes.into(),
            paid_out: Vec::new(),
            cases: HashMap::new(),
            buyers: HashMap::new(),
            papers: HashMap::new(),
            red_letters: HashMap::new(),
            ids: HashMap::new(),
            given_up: HashSet::new(),
            refused: Vec::new(),
        }
    }

    /// How many scenes are due before an instant.
    pub(super) fn left_before(&self, until: DateTime<FixedOffset>) -> usize {
        self.scenes.iter().filter(|scene| scene.at < until).count()
    }

    /// When the next scene is.
    pub(super) fn next_at(&self) -> Option<DateTime<FixedOffset>> {
        self.scenes.front().map(|scene| scene.at)
    }

    /// The next scene, if it is due before this instant.
    pub(super) fn next_before(&mut self, until: DateTime<FixedOffset>) -> Option<Scene> {
        if self.scenes.front()?.at >= until { None } else { self.scenes.pop_front() }
    }

    /// Money that the providers paid back in a period: its rows belong in their statements.
    pub(super) fn refunds_seen(&self, period: Period) -> Vec<(Provider, Movement)> {
        self.paid_out.iter().filter(|(_, movement)| period.contains(movement.occurred_at)).cloned().collect()
    }

    /// A provider pays back.
    pub(super) fn pay_out(&mut self, leg: &Leg, occurred_at: DateTime<FixedOffset>) {
        let movement = Movement {
            order_no: leg.order_no.clone(),
            provider_no: leg.provider_no.clone(),
            refund_no: Some(leg.refund_no.clone()),
            occurred_at,
            amount: leg.amount.parse().unwrap_or_default(),
            payer: "*".to_owned(),
        };
        if let Some(provider) = Provider::named(&leg.channel) {
            self.paid_out.push((provider, movement));
        }
    }
}

/// An instruction to a provider, as a case's page shows it.
pub(super) struct Leg {
    pub order_no: String,
    pub provider_no: String,
    pub refund_no: String,
    pub channel: String,
    pub amount: String,
}

/// The books' id of a customer.
pub(super) async fn customer_id(
    people: &People<'_>,
    business: &Business,
    play: &mut Play,
    index: usize,
) -> Result<Value> {
    if let Some(id) = play.ids.get(&index) {
        return Ok(id.clone());
    }
    let wanted = json!({"search": business.customers[index].number, "most": 1});
    let found = people.ask("agent", "customers.list", wanted).await?;
    let id = found[0]["id"].clone();
    if id.is_null() {
        return Err(Error::rule("customer_unknown"));
    }
    play.ids.insert(index, id.clone());
    Ok(id)
}

/// Files a paper with a case and answers its id.
pub(super) async fn attach(
    people: &People<'_>,
    login: &str,
    subject: (&str, Uuid),
    name: &str,
    bytes: &[u8],
) -> Result<Uuid> {
    let id = people.new_id().await;
    let db = people.sign_in(login).await?;
    attachments::attach(&db, id, subject.0, &subject.1.to_string(), name, bytes).await?;
    Ok(id)
}

/// The instant of a step: so many days after the case began, at this hour and minute.
pub(super) fn after(part: &Part, days: i64, hour: u32, minute: u32) -> DateTime<FixedOffset> {
    at(part.on, hour, minute) + TimeDelta::days(days)
}

/// A ticket of the customer service, different for each case.
pub(super) fn ticket(index: usize) -> String {
    format!("W-{}", 88_001 + index * 7)
}
