//! Files recognised by content, staged in chunks and posted in one call.
//!
//! The database posts a file whole or not at all; until the last call nothing is booked, so a cancel or a lost
//! connection leaves only a staged file behind, which is discarded. The bytes' hash makes a re-import a no-op.

use crate::attachments;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::files::{BEIJING, FileError, FileResult, LARGEST_FILE, money_text};
use crate::orders::{self, CampaignFile, OrderFile, UsageFile};
use crate::statements::{self, Kind, StatementFile};
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Rows in one call. The database takes 5,000; smaller chunks let a cancel through sooner.
const CHUNK_ROWS: usize = 2_500;

/// Any of the papers that reach the books, read whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Paper {
    /// The platform's orders.
    Orders(OrderFile),
    /// The platform's usage.
    Usage(UsageFile),
    /// A provider's statement.
    Statement(StatementFile),
    /// One of the invite campaign's.
    Campaign(CampaignFile),
}

impl Paper {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Orders(_) => Kind::Orders,
            Self::Usage(_) => Kind::Usage,
            Self::Campaign(file) => file.kind,
            Self::Statement(file) => match file.provider {
                statements::Provider::Alipay => Kind::StatementAlipay,
                statements::Provider::Wechat => Kind::StatementWechat,
                statements::Provider::Stripe => Kind::StatementStripe,
            },
        }
    }

    /// How many rows it has.
    pub fn row_count(&self) -> usize {
        match self {
            Self::Orders(file) => file.rows.len(),
            Self::Usage(file) => file.rows.len(),
            Self::Statement(file) => file.rows.len(),
            Self::Campaign(file) => file.rows.len(),
        }
    }

    /// What the file says of itself; the database checks the number of rows against what was staged.
    pub fn totals(&self) -> Value {
        match self {
            Self::Orders(file) => json!({
                "row_count": file.rows.len(), "principal": money_text(file.principal), "gift": money_text(file.gift),
            }),
            Self::Usage(file) => json!({"row_count": file.rows.len(), "amount": money_text(file.amount)}),
            Self::Campaign(file) => file.totals(),
            Self::Statement(file) => {
                let mut totals = json!(file.totals);
                totals["merchant"] = json!(file.merchant);
                totals["from"] = json!(file.from.and_then(midnight));
                // Half-open, like every period here: the midnight after the last day.
                totals["to"] = json!(file.to.and_then(|day| midnight(day + Days::new(1))));
                totals
            }
        }
    }

    /// Its rows as the database takes them.
    fn rows(&self) -> Result<Vec<Value>> {
        fn values<T: Serialize>(rows: &[T]) -> Result<Vec<Value>> {
            rows.iter().map(|row| Ok(serde_json::to_value(row)?)).collect()
        }
        match self {
            Self::Usage(file) => values(&file.rows),
            Self::Statement(file) => values(&file.rows),
            Self::Campaign(file) => {
                let mut rows = file.rows.clone();
                for row in &mut rows {
                    if let Some(name) = row["name"].as_str() {
                        row["search_key"] = json!(orders::search_key(name));
                    }
                }
                Ok(rows)
            }
            Self::Orders(file) => {
                let mut rows = values(&file.rows)?;
                for (row, order) in rows.iter_mut().zip(&file.rows) {
                    row["search_key"] = json!(orders::search_key(&order.customer_name));
                }
                Ok(rows)
            }
        }
    }
}

fn midnight(day: NaiveDate) -> Option<DateTime<FixedOffset>> {
    BEIJING.from_local_datetime(&day.and_time(NaiveTime::MIN)).single()
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self::rule_with(error.rule, Value::Object(error.detail))
    }
}

/// Reads any paper whole, or refuses it whole.
pub fn read_paper(bytes: &[u8]) -> FileResult<Paper> {
    let found = statements::open(bytes, LARGEST_FILE)?;
    Ok(match found.kind {
        Kind::Orders => Paper::Orders(orders::parse_orders(&found.text)?),
        Kind::Usage => Paper::Usage(orders::parse_usage(&found.text)?),
        Kind::CampaignMembers | Kind::CampaignTouches | Kind::CampaignOrders | Kind::CampaignRefunds => {
            Paper::Campaign(orders::parse_campaign(found.kind, &found.text)?)
        }
        Kind::StatementAlipay | Kind::StatementWechat | Kind::StatementStripe => {
            Paper::Statement(statements::parse_found(&found)?)
        }
    })
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Unpacked, read and checked.
    Reading,
    /// Sent in chunks; a cancel is heeded.
    Staging,
    /// Booked in one transaction; too late to cancel.
    Posting,
    /// Finished, or known from before.
    Done,
}

/// What the person at the desk sees meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// How far the file is.
    pub phase: Phase,
    /// What it turned out to be.
    pub kind: Option<Kind>,
    /// Rows sent so far.
    pub rows: usize,
    /// Rows in the file, once it was read.
    pub total: Option<usize>,
}

/// Imports one file: recognised, read, staged, posted. Answers the row of the import as the books show it.
pub async fn import(
    db: &Database,
    path: &Path,
    tell: &mut (impl FnMut(Progress) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<Value> {
    let bytes = read_file(path).await?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    import_bytes(db, &name, bytes, tell, cancelled).await
}

/// Imports several files: orders before the statements that confirm them, and usage last. A refused file does not
/// keep the others out; each answer stands beside its path, in the order in which the files were imported.
pub async fn import_all(
    db: &Database,
    paths: &[PathBuf],
    tell: &mut (impl FnMut(&Path, Progress) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Vec<(PathBuf, Result<Value>)> {
    let mut queue = Vec::new();
    for path in paths {
        let rank = match read_file(path).await {
            Ok(bytes) => statements::recognise(&bytes).map_or(0, rank),
            Err(_) => 0,
        };
        queue.push((rank, path));
    }
    queue.sort_by_key(|(rank, _)| *rank);
    let mut answers = Vec::new();
    for (_, path) in queue {
        let answer = import(db, path, &mut |step| tell(path, step), cancelled).await;
        answers.push((path.clone(), answer));
    }
    answers
}

fn rank(kind: Kind) -> u8 {
    match kind {
        // Accounts before what they did, so that fewer things wait for something else.
        Kind::CampaignMembers => 0,
        Kind::Orders | Kind::CampaignTouches => 1,
        Kind::StatementAlipay | Kind::StatementWechat | Kind::StatementStripe => 3,
        Kind::CampaignOrders | Kind::CampaignRefunds => 2,
        Kind::Usage => 4,
    }
}

async fn read_file(path: &Path) -> Result<Vec<u8>> {
    let unreadable = |_| Error::rule("file_not_readable");
    let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > LARGEST_FILE as u64 {
        return Err(FileError::new("file_too_large").with("limit", LARGEST_FILE).into());
    }
    tokio::fs::read(path).await.map_err(unreadable)
}

/// Imports a file whose bytes are at hand.
pub async fn import_bytes(
    db: &Database,
    file_name: &str,
    bytes: Vec<u8>,
    tell: &mut (impl FnMut(Progress) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<Value> {
    tell(Progress { phase: Phase::Reading, kind: None, rows: 0, total: None });
    let read = move || -> Result<(Paper, String, Vec<u8>)> { Ok((read_paper(&bytes)?, sha256_hex(&bytes), bytes)) };
    let (paper, hash, bytes) = tokio::task::spawn_blocking(read).await.map_err(Error::bug)??;
    let step = |phase, rows| Progress { phase, kind: Some(paper.kind()), rows, total: Some(paper.row_count()) };
    if cancelled() {
        return Err(Error::rule("import_cancelled"));
    }
    let id = Uuid::now_v7();
    let announced = json!({
        "command_id": id, "kind": paper.kind().name(), "file_name": file_name, "file_sha256": hash,
        "totals": paper.totals(),
    });
    let import = db.call("imports.begin", &announced).await?;
    if import["repeated"] == json!(true) || import["status"] == json!("posted") {
        tell(step(Phase::Done, paper.row_count()));
        return Ok(import);
    }
    let mut report = |rows| tell(step(Phase::Staging, rows));
    if let Err(error) = stage(db, id, paper.rows()?, &mut report, cancelled).await {
        // What stopped the import is the news; a second failure while tidying up is not.
        let _ = db.call("imports.discard", &json!({"command_id": Uuid::now_v7(), "import_id": id})).await;
        return Err(error);
    }
    archive(db, id, file_name, &bytes).await?;
    tell(step(Phase::Posting, paper.row_count()));
    let posted = db.call("imports.post", &json!({"command_id": Uuid::now_v7(), "import_id": id})).await;
    let posted = match posted {
        Ok(posted) => posted,
        Err(error) => {
            // A refusal posted nothing. After a lost answer the file may be posted: then this is refused, rightly.
            let _ = db.call("imports.discard", &json!({"command_id": Uuid::now_v7(), "import_id": id})).await;
            return Err(error);
        }
    };
    tell(step(Phase::Done, paper.row_count()));
    Ok(posted)
}

async fn stage(
    db: &Database,
    import_id: Uuid,
    rows: Vec<Value>,
    report: &mut (impl FnMut(usize) + Send),
    cancelled: &(impl Fn() -> bool + Sync),
) -> Result<()> {
    let mut sent = 0;
    report(sent);
    for (chunk_no, chunk) in rows.chunks(CHUNK_ROWS).enumerate() {
        if cancelled() {
            return Err(Error::rule("import_cancelled"));
        }
        let piece = json!({"import_id": import_id, "chunk_no": chunk_no, "rows": chunk});
        db.call("imports.stage", &piece).await?;
        sent += chunk.len();
        report(sent);
    }
    if cancelled() { Err(Error::rule("import_cancelled")) } else { Ok(()) }
}

/// Keeps the original bytes with the import, before it is posted: what was read can be read again.
///
/// The platform's own service has no duty to file papers and keeps its files itself; a file that is too large to be
/// filed is known by its hash.
async fn archive(db: &Database, import_id: Uuid, file_name: &str, bytes: &[u8]) -> Result<()> {
    match attachments::attach(db, Uuid::now_v7(), "import", &import_id.to_string(), file_name, bytes).await {
        Err(Error::NotAllowed { .. }) => Ok(()),
        Err(error) if error.rule_name().is_some() => {
            tracing::warn!("the bytes of import {import_id} were not archived: {error}");
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// The fingerprint of a file's bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
