//! The demo books: seeded files, loaded through the ordinary imports.
//!
//! A made-up business of eighteen months is invented (`business`), written down as the files that its platform and
//! its providers would write (`papers`), and imported month by month while the rehearsal's clock moves (`load`);
//! people then do their work on it through ordinary commands (`cases`). The whole becomes a rehearsal at once (`opening`). The same seed gives the same files.

mod business;
mod campaign;
mod cases;
mod cast;
mod customers;
mod dice;
mod disputes;
mod extras;
mod invoicing;
mod letters;
mod load;
mod opening;
mod papers;
mod people;
mod play;
mod proofs;
mod purses;
mod refunds;
mod setting;
mod stripe;

pub use business::{Business, PeriodPapers, invent};
pub use cast::{DisputeEnd, Part, RefundEnd, Role};
pub use customers::Customer;
pub use dice::Dice;
pub use load::{Loaded, Loading, final_instant, first_instant, load};
pub use opening::{Opened, Phase, Step, open};
pub use papers::{Movement, archive, write_alipay, write_wechat};
pub use setting::{Period, Size};

use crate::orders::{write_orders, write_usage};
use crate::statements::Provider;

/// One file, as it would lie in somebody's download folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The four files of a period; `refunds` are those that the providers paid out in it.
pub fn write_files(papers: &PeriodPapers, refunds: &[(Provider, Movement)]) -> Vec<DemoFile> {
    let period = papers.period;
    let days = format!("{}_{}", period.from.format("%Y-%m-%d"), period.to.format("%Y-%m-%d"));
    let seen_by = |provider: Provider| -> Vec<Movement> {
        let mut seen: Vec<Movement> = papers
            .payments
            .iter()
            .chain(refunds)
            .filter(|(by, _)| *by == provider)
            .map(|(_, movement)| movement.clone())
            .collect();
        seen.sort_by_key(|movement| movement.occurred_at);
        seen
    };
    let file = |name: String, bytes: Vec<u8>| DemoFile { name, bytes };
    vec![
        file(format!("orders_{days}.csv"), write_orders(&papers.orders).into_bytes()),
        file(format!("alipay_{days}.zip"), write_alipay(period.from, period.to, &seen_by(Provider::Alipay))),
        file(format!("wechat_{days}.csv"), write_wechat(&seen_by(Provider::Wechat))),
        file(format!("usage_{days}.csv"), write_usage(&papers.usage).into_bytes()),
    ]
}
