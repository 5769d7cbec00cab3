//! The files are imported in the order in which they would have come, and people do their work in between.

use super::business::{self, Business, PeriodPapers};
use super::papers::Movement;
use super::people::{People, accept_known};
use super::play::{Play, Scene};
use super::setting::{self, Size, at};
use super::{campaign, cases, write_files};
use crate::embedded::Server;
use crate::error::{Error, Result};
use crate::imports;
use crate::statements::Provider;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::json;

/// Orders, the two providers' statements, and usage.
const FILES_A_PERIOD: usize = 4;

/// How far the loading of the demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loading {
    /// Files in the books, and steps of cases taken.
    pub done: usize,
    /// All files and steps.
    pub total: usize,
    /// The day that the books have reached.
    pub on: NaiveDate,
}

/// What was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Files imported.
    pub files: usize,
    /// Rows in them.
    pub rows: usize,
    /// Commands that people called on cases.
    pub actions: usize,
    /// Steps that the books refused: none, unless the rules changed and the demo did not.
    pub refused: Vec<String>,
}

/// The instant on which the demo's clock stands when everything is loaded.
pub fn final_instant(size: &Size) -> DateTime<FixedOffset> {
    at(size.today, 10, 42)
}

/// Where the clock must stand before the demo is loaded.
pub fn first_instant(size: &Size) -> DateTime<FixedOffset> {
    at(size.first_day, 8, 0)
}

/// Loads the demo into an empty rehearsal database whose clock stands at [`first_instant`].
pub async fn load(
    server: &Server,
    database: &str,
    size: &Size,
    tell: &mut (impl FnMut(Loading) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<Loaded> {
    let business = business::invent(size);
    let people = People::new(server, database, size.seed);
    let mut play = cases::play(&business, size);
    let mut season = campaign::Season::new(size);
    let total = business.periods.len() * FILES_A_PERIOD + play.left_before(final_instant(size));
    let mut reached = Reached { done: 0, total, tell, cancelled };
    let loaded = load_as(&people, &business, (&mut play, &mut season), size, &mut reached).await;
    people.sign_out().await;
    Ok(Loaded { refused: play.refused, ..loaded? })
}

/// Counts the steps for whoever watches, and stops between two of them when asked to.
struct Reached<'a, T, C> {
    done: usize,
    total: usize,
    tell: &'a mut T,
    cancelled: &'a C,
}

impl<T: FnMut(Loading) + Send, C: Fn() -> bool + Sync> Reached<'_, T, C> {
    fn step(&mut self, at: DateTime<FixedOffset>) -> Result<()> {
        (self.tell)(Loading { done: self.done, total: self.total, on: at.date_naive() });
        self.done += 1;
        if (self.cancelled)() { Err(Error::rule("loading_cancelled")) } else { Ok(()) }
    }
}

async fn load_as(
    people: &People<'_>,
    business: &Business,
    (play, season): (&mut Play, &mut campaign::Season),
    size: &Size,
    reached: &mut Reached<'_, impl FnMut(Loading) + Send, impl Fn() -> bool + Sync>,
) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    prepare(people).await?;
    for papers in &business.periods {
        let imported_at = papers.period.imported_at();
        loaded.actions += play_until(people, business, (play, season), imported_at, reached).await?;
        people.move_clock(imported_at).await?;
        import_period(people, papers, &play.refunds_seen(papers.period), &mut loaded, reached).await?;
    }
    loaded.actions += play_until(people, business, (play, season), final_instant(size), reached).await?;
    people.move_clock(final_instant(size)).await?;
    Ok(loaded)
}

/// Agreements, activities and products: what orders and usage name.
async fn prepare(people: &People<'_>) -> Result<()> {
    for agreement in setting::agreements() {
        let instant = |date| at(date, 0, 0).to_rfc3339();
        let agreement = json!({
            "version": agreement.version, "announced_at": instant(agreement.announced_on),
            "effective_at": instant(agreement.effective_on),
        });
        accept_known(people.act("administrator", "agreements.add", agreement).await, "agreement_version_taken")?;
    }
    for activity in setting::activities() {
        let activity = json!({
            "code": activity.code, "title": activity.title, "on_recharge_refunded": activity.on_recharge_refunded,
        });
        accept_known(people.act("administrator", "activities.add", activity).await, "activity_taken")?;
    }
    for (code, english, chinese, _) in setting::PRODUCTS {
        let product = json!({"code": code, "title_en": english, "title_zh": chinese, "vat_rate": "0.06"});
        accept_known(people.act("administrator", "products.add", product).await, "product_taken")?;
    }
    Ok(())
}

/// The platform sends its two files, the accountant fetches the providers'.
async fn import_period(
    people: &People<'_>,
    papers: &PeriodPapers,
    refunds: &[(Provider, Movement)],
    loaded: &mut Loaded,
    reached: &mut Reached<'_, impl FnMut(Loading) + Send, impl Fn() -> bool + Sync>,
) -> Result<()> {
    for file in write_files(papers, refunds) {
        reached.step(papers.period.imported_at())?;
        let login =
            if file.name.starts_with("orders") || file.name.starts_with("usage") { "platform" } else { "accountant" };
        let db = people.sign_in(login).await?;
        let import = imports::import_bytes(&db, &file.name, file.bytes, &mut |_| {}, &|| false).await?;
        loaded.files += 1;
        loaded.rows += import["rows_staged"].as_u64().unwrap_or(0) as usize;
    }
    Ok(())
}

/// Plays every scene that is due before an instant, each at its own.
async fn play_until(
    people: &People<'_>,
    business: &Business,
    (play, season): (&mut Play, &mut campaign::Season),
    until: DateTime<FixedOffset>,
    reached: &mut Reached<'_, impl FnMut(Loading) + Send, impl Fn() -> bool + Sync>,
) -> Result<usize> {
    let mut actions = 0;
    loop {
        if let Some(at) = season.due_before(play.next_at().unwrap_or(until).min(until)) {
            people.move_clock(at).await?;
            season.play(people).await?;
            continue;
        }
        let Some(scene) = play.next_before(until) else { break };
        reached.step(scene.at)?;
        people.move_clock(scene.at).await?;
        actions += cases::perform(people, business, play, scene).await.map_err(|error| in_scene(scene, error))?;
    }
    Ok(actions)
}

/// A demo that cannot be played is a mistake of ours, and the log should say where.
fn in_scene(scene: Scene, error: Error) -> Error {
    tracing::error!(?scene, "the demo stopped: {error}");
    error
}
