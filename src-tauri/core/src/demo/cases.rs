//! What people do in the demo: refunds, disputes and invoices, each through the ordinary commands.

use super::business::{Business, Period, Size};
use super::load::{People, contains};
use super::papers::Movement;
use crate::error::Result;
use crate::statements::Provider;
use chrono::{DateTime, FixedOffset};

#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub at: DateTime<FixedOffset>,
}

pub(super) struct Play {
    scenes: Vec<Scene>,
    paid_out: Vec<(Provider, Movement)>,
}

impl Play {
    pub(super) fn new(_business: &Business, _size: &Size) -> Self {
        Self { scenes: Vec::new(), paid_out: Vec::new() }
    }
    pub(super) fn next_before(&mut self, _until: DateTime<FixedOffset>) -> Option<Scene> {
        self.scenes.pop()
    }
    pub(super) fn refunds_seen(&self, period: Period) -> Vec<(Provider, Movement)> {
        self.paid_out.iter().filter(|(_, movement)| contains(period, movement.occurred_at)).cloned().collect()
    }
}

pub(super) async fn perform(_people: &People<'_>, _business: &Business, _play: &mut Play, _scene: Scene) -> Result<usize> {
    Ok(0)
}
