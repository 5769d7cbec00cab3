//! A run of papers: one action after another, and what was issued as one file or as an archive.
//!
//! The run itself is rows in the books. This only walks them, so a run goes on after a crash, in this window or in another.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::database::Database;
use crate::error::{Error, Result};
use crate::exports::{Unfinished, not_written};
use crate::invoices;
use crate::paper::{Merged, attached};

/// Papers asked for at once.
const PAGE: u32 = 200;

/// How far a run is, after each paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Papers issued by this call.
    pub issued: u32,
    /// Papers that a rule refused.
    pub refused: u32,
    /// Papers whose customer somebody else is working on; they wait.
    pub busy: u32,
}

/// Issues what still waits in a run, draws each paper, and stops between two papers when it is told to.
///
/// Several windows may issue the same run: each paper is issued once, whoever comes first.
pub async fn issue(
    db: &Database,
    run_id: Uuid,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Progress> {
    let mut so_far = Progress::default();
    let mut after = 0;
    loop {
        let asked = json!({"run_id": run_id, "state": "waiting", "after_place": after, "most": PAGE});
        let items = db.call("invoices.list_run_items", &asked).await?;
        let Some(last) = items.as_array().and_then(|items| items.last()) else { return Ok(so_far) };
        after = last["place"].as_i64().unwrap_or_default();
        for item in items.as_array().into_iter().flatten() {
            if cancelled() {
                return Ok(so_far);
            }
            match issue_one(db, run_id, item).await {
                Ok(true) => so_far.issued += 1,
                Ok(false) => so_far.refused += 1,
                Err(Error::Busy { .. }) => so_far.busy += 1,
                Err(error) => return Err(error),
            }
            progress(so_far);
        }
    }
}

/// Issues a paper and keeps its pages. A crash between the two loses nothing: whoever opens the paper draws it then.
async fn issue_one(db: &Database, run_id: Uuid, item: &Value) -> Result<bool> {
    let paper = id_of(item)?;
    let answer = db.call("invoices.issue_from_run", &json!({"command_id": paper, "run_id": run_id})).await?;
    if answer["state"] != "issued" {
        return Ok(false);
    }
    invoices::pdf(db, paper).await?;
    Ok(true)
}

fn id_of(item: &Value) -> Result<Uuid> {
    item["paper_id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::bug("a paper without an id"))
}

/// In what form papers leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One PDF, paper after paper.
    Merged,
    /// A PDF for each, named so that it can be sent as it is, with its structured twins beside it.
    Zip,
}

/// A finished bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bundle {
    /// Where it is.
    pub path: PathBuf,
    /// Papers in it.
    pub papers: u32,
}

enum Out {
    Merged(Box<Merged<BufWriter<File>>>),
    Zip(Box<ZipWriter<BufWriter<File>>>, HashSet<String>),
}

/// Which papers leave together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Papers {
    /// Those of a run, in its order.
    RunId(Uuid),
    /// Those picked from the list, as they stand there.
    InvoiceIds(Vec<Uuid>),
}

impl Papers {
    /// The next papers after a place, each with its id, number, title, amount and month.
    async fn after(&self, db: &Database, place: usize) -> Result<Vec<Value>> {
        match self {
            Self::RunId(run_id) => {
                let asked = json!({"run_id": run_id, "state": "issued", "after_place": place, "most": PAGE});
                let items = db.call("invoices.list_run_items", &asked).await?;
                Ok(items.as_array().cloned().unwrap_or_default())
            }
            Self::InvoiceIds(ids) => {
                let mut papers = Vec::new();
                for (at, id) in ids.iter().enumerate().skip(place).take(PAGE as usize) {
                    let paper = db.call("invoices.open", &json!({"invoice_id": id})).await?;
                    papers.push(json!({"place": at + 1, "paper_id": id, "number": paper["number"], "buyer_name": paper["buyer_name"],
                        "amount": paper["total_incl"], "month": paper["period_to"]}));
                }
                Ok(papers)
            }
        }
    }
}

/// Writes papers to `path`, in their order. One paper at a time is in memory.
pub async fn bundle(
    db: &Database,
    papers: &Papers,
    shape: Shape,
    path: &Path,
    progress: &mut (dyn FnMut(u32) + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Bundle> {
    let month = match papers {
        Papers::RunId(run_id) => db.call("invoices.open_run", &json!({"run_id": run_id})).await?["month"].clone(),
        Papers::InvoiceIds(_) => Value::Null,
    };
    let unfinished = Unfinished::beside(path)?;
    let file = BufWriter::new(File::create(&unfinished.path).map_err(not_written)?);
    let mut out = match shape {
        Shape::Merged => Out::Merged(Box::new(Merged::begin(file)?)),
        Shape::Zip => Out::Zip(Box::new(ZipWriter::new(file)), HashSet::new()),
    };
    let (mut written, mut place) = (0, 0);
    loop {
        let items = papers.after(db, place).await?;
        let Some(last) = items.last() else { break };
        place = usize::try_from(last["place"].as_i64().unwrap_or_default()).map_err(Error::bug)?;
        for item in &items {
            if cancelled() {
                return Err(Error::rule("export_cancelled"));
            }
            let pdf = invoices::pdf(db, id_of(item)?).await?;
            out.add(&file_name(item, &month), &pdf)?;
            written += 1;
            progress(written);
        }
    }
    if written == 0 {
        return Err(Error::rule("run_is_empty"));
    }
    let file = out.finish()?.into_inner().map_err(not_written)?;
    file.sync_all().map_err(not_written)?;
    unfinished.take_name(path)?;
    Ok(Bundle { path: path.to_owned(), papers: written })
}

impl Out {
    fn add(&mut self, name: &str, pdf: &[u8]) -> Result<()> {
        match self {
            Self::Merged(merged) => merged.add(pdf).map(drop),
            Self::Zip(archive, names) => {
                // A paper's number is in its name, so this only ever happens to a name that had to be cut.
                let mut unique = name.to_owned();
                for again in 2.. {
                    if names.insert(unique.clone()) {
                        break;
                    }
                    unique = format!("{name}-{again}");
                }
                // Pages are packed already.
                put(archive, &format!("{unique}.pdf"), pdf, CompressionMethod::Stored)?;
                for twin in attached(pdf)? {
                    // In the paper each reader looks for its own name; beside others it needs the paper's.
                    put(archive, &format!("{unique}_{}", twin.name), &twin.bytes, CompressionMethod::Deflated)?;
                }
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<BufWriter<File>> {
        match self {
            Self::Merged(merged) => merged.finish(),
            Self::Zip(archive, _) => archive.finish().map_err(not_written),
        }
    }
}

fn put(archive: &mut ZipWriter<BufWriter<File>>, name: &str, bytes: &[u8], method: CompressionMethod) -> Result<()> {
    archive.start_file(name, SimpleFileOptions::default().compression_method(method)).map_err(not_written)?;
    archive.write_all(bytes).map_err(not_written)
}

/// Number, title, month and amount: what a receiver sorts by. Titles of people are masked already.
fn file_name(item: &Value, month: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let month = text(if month.is_null() { &item["month"] } else { month }).chars().take(7).collect::<String>();
    let parts =
        [text(&item["number"]), text(&item["buyer_name"]).chars().take(40).collect(), month, text(&item["amount"])];
    parts.iter().filter(|part| !part.is_empty()).map(|part| plain(part)).collect::<Vec<_>>().join("_")
}

/// What every mail program and every file system takes: no separators, no wildcards, no control characters.
fn plain(part: &str) -> String {
    let harmless =
        |c: char| if c.is_control() || "\\/:*?\"<>|'`$&;".contains(c) || c.is_whitespace() { '-' } else { c };
    part.trim().trim_matches('.').chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_sent_as_it_is() {
        let item =
            json!({"number": "STM-2026-0001", "buyer_name": "北京/样例: \"科技\" 有限公司", "amount": "1200.00"});
        assert_eq!(file_name(&item, &json!("2026-05-01")), "STM-2026-0001_北京-样例---科技--有限公司_2026-05_1200.00");
        let person = json!({"number": "STM-2026-0002", "buyer_name": "张*", "amount": "5.00"});
        assert_eq!(file_name(&person, &Value::Null), "STM-2026-0002_张-_5.00");
    }
}
