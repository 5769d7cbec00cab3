//! What people do in the demo: refunds, disputes and invoices, each step by the right person on the right day.

use super::business::{Business, Period, Size, at};
use super::cast::Role;
use super::dice::Dice;
use super::disputes::{self, DisputeStep};
use super::extras::{self, Extra};
use super::invoicing::{self, InvoiceStep};
use super::load::{People, contains};
use super::papers::Movement;
use super::refunds::{self, RefundStep};
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
    given_up: HashSet<usize>,
    /// Steps that the books refused. None is, unless rules changed and the demo did not.
    pub(super) refused: Vec<String>,
}

impl Play {
    pub(super) fn new(business: &Business, size: &Size) -> Self {
        let mut scenes = Vec::new();
        for (index, part) in business.parts.iter().enumerate() {
            match part.role {
                Role::Refund(end) => scenes.extend(refunds::scenes(index, part, end)),
                Role::Dispute(end) => scenes.extend(disputes::scenes(index, part, end)),
            }
        }
        scenes.extend(invoicing::scenes(&Dice::new(size.seed), business, size));
        scenes.extend(extras::scenes(business, size));
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
        self.paid_out.iter().filter(|(_, movement)| contains(period, movement.occurred_at)).cloned().collect()
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

/// Plays one scene. A step that the books refuse ends its case for the demo, and is reported.
pub(super) async fn perform(people: &People<'_>, business: &Business, play: &mut Play, scene: Scene) -> Result<usize> {
    let before = people.acted();
    let (case, answer) = match scene.what {
        What::Refund(index, _) | What::Dispute(index, _) if play.given_up.contains(&index) => return Ok(0),
        What::Refund(index, step) => {
            (Some(index), refunds::perform(people, business, play, index, step, scene.at).await)
        }
        What::Dispute(index, step) => {
            (Some(index), disputes::perform(people, business, play, index, step, scene.at).await)
        }
        What::Invoice(customer, step) => {
            (None, invoicing::perform(people, business, play, customer, step, scene.at).await)
        }
        What::Extra(extra) => (None, extras::perform(people, business, play, extra).await),
    };
    if let Err(error) = answer {
        if !matches!(error, Error::Rule { .. } | Error::NotAllowed { .. }) {
            return Err(error);
        }
        play.refused.push(format!("{:?}: {error}", scene.what));
        play.given_up.extend(case);
    }
    Ok(people.acted() - before)
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
pub(super) fn after(part: &super::cast::Part, days: i64, hour: u32, minute: u32) -> DateTime<FixedOffset> {
    at(part.on, hour, minute) + TimeDelta::days(days)
}

/// A ticket of the customer service, different for each case.
pub(super) fn ticket(index: usize) -> String {
    format!("W-{}", 88_001 + index * 7)
}
