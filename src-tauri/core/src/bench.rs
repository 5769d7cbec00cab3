//! `kontor bench`: what the books cost beside bare Postgres, as ratios of one interleaved run on one cluster.
//!
//! Seconds say more about the machine and its neighbours than about us; a ratio of two loads that ran in turns on the
//! same cluster says what our functions, indexes and checks add. Both sides of each ratio are driven by the same
//! client, Postgres' own pgbench, with prepared statements. What the run claims it asserts first ([`claims`]).

mod batches;
mod books;
mod claims;
mod load;
mod pages;
mod papers;
mod posting;
mod report;

pub use report::{Report, Spread};

use crate::embedded::{self, Server};
use crate::error::Error;
use serde_json::Value;
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Sizes of the books, in postings, ascending.
    pub postings: Vec<u64>,
    /// Only these areas; all when empty.
    pub only: Vec<Area>,
    /// How often each load is measured, in turns with the others.
    pub rounds: u32,
    /// How long one load of postings runs; a page's load runs a third of it. With 0, each runs a few times only,
    /// which shows that everything works and says nothing about speed.
    pub seconds: u32,
    /// Numbers of connections to post with.
    pub connections: Vec<u32>,
    /// Scale of TPC-B.
    pub scale: u32,
    /// How many invoices one run lays out to show that memory stays flat; none with 0.
    pub papers: u32,
    /// A folder where cluster and books stay for a next run; else they are made in a temporary one and removed.
    pub keep: Option<PathBuf>,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Area {
    /// One recharge, one usage charge, with 1 to 8 connections.
    Posting,
    /// Usage in batches of 50,000 rows.
    Batches,
    /// Bytes of a posting.
    Space,
    /// Pages of the ledger, balances, the first screen.
    Pages,
    /// Invoices on paper.
    Papers,
}

/// Why there is no report.
#[derive(Debug)]
pub enum Failure {
    /// Something that the report would claim does not hold.
    Broken {
        /// The claim.
        claim: &'static str,
        /// What was found instead.
        found: Value,
    },
    /// The books refused.
    Refused(Error),
    /// Somebody asked to stop.
    Interrupted,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken { claim, found } => write!(f, "no report: {claim} does not hold: {found}"),
            Self::Refused(error) => write!(f, "no report: {error}"),
            Self::Interrupted => write!(f, "no report: interrupted"),
        }
    }
}

type Result<T, E = Failure> = std::result::Result<T, E>;

impl Options {
    /// The rounds; the first, numbered 0, fills the caches and is not counted. Who asks for no speed needs none.
    fn rounds_with_warming_up(&self) -> std::ops::RangeInclusive<u32> {
        u32::from(self.seconds == 0)..=self.rounds
    }
}

/// Reads a size: `5m`, `200k` or `1000000` postings.
pub fn size(written: &str) -> Result<u64, String> {
    let (digits, unit) = match written.to_ascii_lowercase() {
        text if text.ends_with('m') => (text.trim_end_matches('m').to_owned(), 1_000_000),
        text if text.ends_with('k') => (text.trim_end_matches('k').to_owned(), 1_000),
        text => (text, 1),
    };
    match digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)) {
        Some(postings) if postings >= 10_000 => Ok(postings),
        _ => Err("a size is 5m, 200k or a number of postings from 10000 on".to_owned()),
    }
}

/// Tells how far the run is.
pub type Say<'a> = &'a (dyn Fn(&str) + Sync);

/// Measures everything that was asked for, unless `stop` comes first. The private cluster is stopped whatever happens,
/// and removed unless kept.
pub async fn run(options: &Options, say: Say<'_>, stop: impl Future<Output = ()>) -> Result<Report> {
    let home = match &options.keep {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("kontor-bench-{}", uuid::Uuid::new_v4().simple())),
    };
    // Half a start cannot be stopped: it is waited for in any case.
    let measured = match with_memory(&home, options).await {
        Ok(server) => tokio::select! {
            measured = measure_on(&server, options, say) => measured,
            () = stop => Err(Failure::Interrupted),
        },
        Err(failure) => Err(failure),
    };
    let stopped = Server::stop(&home).await;
    if options.keep.is_none() {
        std::fs::remove_dir_all(&home)?;
    }
    stopped?;
    measured
}

/// The private server is made for a desk's rehearsal; one that serves books of millions of postings has memory for them.
/// Both sides of each ratio run on it, and the report says how much it had.
async fn with_memory(home: &Path, options: &Options) -> Result<Server> {
    let server = Server::start(home).await?;
    if options.postings.iter().all(|postings| *postings < 1_000_000) {
        return Ok(server);
    }
    let mut owner = server.administrator("postgres").connect().await?;
    embedded::run(&mut owner, "alter system set shared_buffers = '1GB'".to_owned()).await?;
    owner.close().await?;
    Server::stop(home).await?;
    drop(server);
    Ok(Server::start(home).await?)
}

async fn measure_on(server: &Server, options: &Options, say: Say<'_>) -> Result<Report> {
    let begun = std::time::Instant::now();
    let mut report = Report::new(server).await?;
    let wanted = |area: Area| options.only.is_empty() || options.only.contains(&area);
    // Before anything that takes long: without fonts there is no report.
    if wanted(Area::Papers) {
        papers::measure(options, say, &mut report)?;
    }
    let books = books::build_all(server, &options.postings, say).await?;
    report.add_books(&books);
    let largest = books.last().ok_or(Error::rule("argument_missing"))?;
    claims::assert_honest(server, largest, &mut report).await?;
    if wanted(Area::Space) {
        report.add_space(&books::bytes_per_posting(server, largest).await?);
    }
    if wanted(Area::Pages) {
        pages::measure(server, &books, options, say, &mut report).await?;
    }
    if wanted(Area::Batches) {
        batches::measure(server, largest, options, say, &mut report).await?;
    }
    if wanted(Area::Posting) {
        posting::measure(server, largest, options, say, &mut report).await?;
    }
    // Only these books were written to.
    say("checking that the books still tie out");
    books::assert_sound(server, largest).await?;
    report.seconds = begun.elapsed().as_secs_f64();
    Ok(report)
}
