//! What people do in the demo: refunds, disputes and invoices, each step by the right person on the right day.

use super::business::Business;
use super::cast::Role;
use super::dice::Dice;
use super::people::People;
use super::play::{Play, Scene, What};
use super::setting::Size;
use super::{disputes, extras, invoicing, refunds};
use crate::error::{Error, Result};

/// Everything that is going to happen.
pub(super) fn play(business: &Business, size: &Size) -> Play {
    let mut scenes = Vec::new();
    for (index, part) in business.parts.iter().enumerate() {
        match part.role {
            Role::Refund(end) => scenes.extend(refunds::scenes(index, part, end)),
            Role::Dispute(end) => scenes.extend(disputes::scenes(index, part, end)),
        }
    }
    scenes.extend(invoicing::scenes(&Dice::new(size.seed), business, size));
    scenes.extend(extras::scenes(business, size));
    Play::new(scenes)
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
