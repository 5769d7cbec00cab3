//! The print room: a queue of papers on its way through a printer, the sheet that lies on top, and labels for what is posted.
//!
//! The queue is rows in the books. Each paper is on record before it moves; when the printer stops, the queue stops with it and waits
//! for somebody to say which sheet was the last good one.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::Database;
use crate::error::{Error, Result};
use crate::exports::not_written;
use crate::invoices;
use crate::paper::{Fonts, HAIR, HEIGHT, Merged, Paper, QUIET, Setup, Style, WIDTH, form, stamp};
use crate::printing::{self, Job, JobState, PrintOptions, Printer, PrinterState, Sides};

/// The printer that is none: the system's viewer shows the papers, and prints them where somebody tells it to.
pub const VIEWER: &str = "viewer";

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// How far a queue came in this call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Papers printed.
    pub printed: u32,
    /// The printer stopped: the last good sheet is asked for.
    pub stopped: bool,
}

/// Sends what waits in a queue, one paper after another, until it is empty, the printer stops, or somebody says stop.
pub async fn run(
    db: &Database,
    batch_id: Uuid,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Progress> {
    let batch = db.call("prints.open", &json!({"batch_id": batch_id})).await?;
    let mut so_far = Progress::default();
    if batch["cover"] == true && batch["sheets"] == 0 && batch["status"] == "open" {
        let sheet = cover(&batch)?;
        if !print_one(&batch, &sheet, 1).await?.1 {
            // Nothing of the papers has moved: the queue is as it was.
            return Err(Error::rule_with("printer_failed", json!({"printer": batch["printer"], "says": "cover"})));
        }
    }
    while let (Some(item), false) = (next(db, batch_id).await?, cancelled()) {
        let went_well = send(db, batch_id, &batch, &item).await?;
        so_far.printed += u32::from(went_well);
        so_far.stopped = !went_well;
        progress(so_far);
        if !went_well {
            break;
        }
    }
    Ok(so_far)
}

/// Writes what waits in a queue to one file, in the order and with the marks of a printed pile; each paper is on record as printed.
pub async fn to_file(
    db: &Database,
    batch_id: Uuid,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Progress> {
    let batch = db.call("prints.open", &json!({"batch_id": batch_id})).await?;
    let file = BufWriter::new(File::create(path).map_err(not_written)?);
    let mut pile = Merged::begin(file)?;
    if batch["cover"] == true && batch["sheets"] == 0 {
        pile.add(&cover(&batch)?)?;
    }
    let mut so_far = Progress::default();
    while let (Some(item), false) = (next(db, batch_id).await?, cancelled()) {
        let sending = begin(db, batch_id, &batch, &item).await?;
        for paper in copies(&sending.pdf, sending.first, sending.copies)? {
            pile.add_from(&paper, sending.from_page)?;
        }
        report(db, batch_id, &item, "printed", None).await?;
        so_far.printed += 1;
        progress(so_far);
    }
    pile.finish()?.into_inner().map_err(not_written)?.sync_all().map_err(not_written)?;
    Ok(so_far)
}

async fn next(db: &Database, batch_id: Uuid) -> Result<Option<Value>> {
    let waiting = json!({"batch_id": batch_id, "wanted_state": "waiting", "most": 1});
    let waiting = db.call("prints.list_items", &waiting).await?;
    Ok(waiting.as_array().and_then(|items| items.first()).cloned())
}

/// A paper that is on record and may move.
struct Sending {
    pdf: Vec<u8>,
    from_page: u32,
    /// 1 is the original.
    first: i64,
    copies: u16,
}

async fn begin(db: &Database, batch_id: Uuid, batch: &Value, item: &Value) -> Result<Sending> {
    let invoice = item["invoice_id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Error::bug("a paper without an id"))?;
    let pdf = invoices::pdf(db, invoice).await?;
    let pages = lopdf::Document::load_mem(&pdf).map_err(Error::bug)?.page_iter().count();
    let sent = json!({"command_id": Uuid::now_v7(), "batch_id": batch_id, "place": item["place"], "pages": pages});
    let sent = db.call("prints.send", &sent).await?;
    let number = |value: &Value| value.as_i64().unwrap_or(1);
    let from_page = u32::try_from(number(&sent["from_page"])).map_err(Error::bug)?;
    let copies = u16::try_from(number(&batch["copies"])).map_err(Error::bug)?;
    Ok(Sending { pdf, from_page, first: number(&sent["copy_from"]), copies })
}

async fn report(db: &Database, batch_id: Uuid, item: &Value, outcome: &str, job: Option<i32>) -> Result<Value> {
    let report = json!({"command_id": Uuid::now_v7(), "batch_id": batch_id, "place": item["place"], "outcome": outcome, "job": job});
    db.call("prints.report", &report).await
}

async fn send(db: &Database, batch_id: Uuid, batch: &Value, item: &Value) -> Result<bool> {
    let sending = begin(db, batch_id, batch, item).await?;
    let (mut job, mut went_well) = (None, true);
    for paper in copies(&sending.pdf, sending.first, sending.copies)? {
        let (number, printed) = print_one(batch, &paper, sending.from_page).await?;
        (job, went_well) = (Some(number), printed);
        if !went_well {
            break;
        }
    }
    report(db, batch_id, item, if went_well { "printed" } else { "stopped" }, job).await?;
    Ok(went_well)
}

/// So many copies of a paper, each marked as the one that it is, from the `first` on.
pub fn copies(pdf: &[u8], first: i64, count: u16) -> Result<Vec<Vec<u8>>> {
    (first..first + i64::from(count)).map(|copy| marked(pdf, copy)).collect()
}

/// Papers behind each other in one file; one alone stays the bytes that it is.
pub fn joined(mut papers: Vec<Vec<u8>>) -> Result<Vec<u8>> {
    if papers.len() == 1 {
        return Ok(papers.remove(0));
    }
    let mut pile = Merged::begin(Vec::new())?;
    for paper in papers {
        pile.add(&paper)?;
    }
    pile.finish()
}

/// The original is the stored bytes; a copy says that it is one, in front of the same bytes.
pub fn marked(pdf: &[u8], copy: i64) -> Result<Vec<u8>> {
    if copy == 1 {
        return Ok(pdf.to_vec());
    }
    stamp(Fonts::shared(None)?, pdf, &format!("副本 Copy {}", copy - 1))
}

/// Prints and waits. Answers with the job, and whether its paper came out.
async fn print_one(batch: &Value, pdf: &[u8], from_page: u32) -> Result<(i32, bool)> {
    let text = |name: &str| batch[name].as_str().map(str::to_owned);
    let usual = PrintOptions::default();
    let options = PrintOptions {
        title: text("number").unwrap_or(usual.title),
        copies: 1,
        sides: match batch["sides"].as_str() {
            Some("long_edge") => Sides::LongEdge,
            Some("short_edge") => Sides::ShortEdge,
            _ => Sides::One,
        },
        media: text("media").unwrap_or(usual.media),
        tray: text("tray"),
        from_page,
    };
    let printer = text("printer").unwrap_or_default();
    let job = printing::print(pdf, &printer, &options).await?;
    Ok((job.number, wait(&job).await?))
}

async fn wait(job: &Job) -> Result<bool> {
    loop {
        match printing::job_state(job).await? {
            JobState::Printed | JobState::Gone => return Ok(true),
            JobState::Cancelled | JobState::Failed => return Ok(false),
            JobState::Stopped | JobState::Held => break,
            JobState::Waiting | JobState::Printing => {}
        }
        let stands = |printer: &Printer| printer.name == job.printer && printer.state == PrinterState::Stopped;
        if printing::printers().await?.iter().any(stands) {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    // Left in the queue it would come out later, beside the one that is sent again.
    if let Err(refusal) = printing::cancel(job).await {
        tracing::warn!("a stopped job stays in the printer's queue: {refusal}");
    }
    Ok(false)
}

fn setup(title: &str, identity: String) -> Setup {
    Setup {
        title: title.to_owned(),
        author: "Kontor".to_owned(),
        subject: title.to_owned(),
        identity,
        created_at: chrono::DateTime::UNIX_EPOCH,
        running_head: [title.to_owned(), String::new()],
        foot: [title.to_owned(), String::new()],
        watermark: None,
    }
}

/// The sheet on top of the pile: what lies below it, so that it can be counted.
pub fn cover(batch: &Value) -> Result<Vec<u8>> {
    let text = |name: &str| batch[name].as_str().unwrap_or_default().to_owned();
    let number = text("number");
    let mut paper = Paper::new(Fonts::shared(None)?, setup("打印封面 Cover sheet", format!("{number} cover")));
    form::heading(
        &mut paper,
        ["打印封面", "Cover sheet"],
        ["本页不属于任何单据，清点后弃置。", "No part of any paper: count the pile, then throw it away."],
        &format!("KONTOR:{number}"),
    )?;
    let total: Decimal = text("total").parse().unwrap_or_default();
    let begun = text("begun_at").parse().map(form::instant).unwrap_or_default();
    let fields = [
        ("批次 Queue", number, true),
        ("单据张数 Papers", batch["papers"].to_string(), true),
        ("每份 Copies", batch["copies"].to_string(), false),
        ("打印机 Printer", text("printer"), false),
        ("起始编号 First number", text("first_number"), true),
        ("终止编号 Last number", text("last_number"), true),
        ("价税合计 Total", form::figure(total), true),
        ("经办 By", format!("{}　{begun}", text("begun_by")), false),
    ];
    form::fields(&mut paper, [140.0, 140.0, 110.0, 109.0], &fields);
    paper.finish()
}

/// Address labels for issued papers, two by eight on a sheet of A4. Reading whom they go to is remembered for each.
pub async fn labels(db: &Database, invoices: &[Uuid]) -> Result<Vec<u8>> {
    let mut addressed = Vec::new();
    for invoice in invoices {
        let content: Value =
            sqlx::query_scalar("select api.read_invoice_content($1)").bind(invoice).fetch_one(&db.pool).await?;
        addressed.push(content);
    }
    tokio::task::spawn_blocking(move || draw_labels(&addressed)).await.map_err(Error::bug)?
}

fn draw_labels(addressed: &[Value]) -> Result<Vec<u8>> {
    const ACROSS: usize = 2;
    const DOWN: usize = 8;
    const TOP: f32 = 20.0;
    let (width, height) = (WIDTH / ACROSS as f32, (HEIGHT - 90.0) / DOWN as f32);
    let identity =
        addressed.iter().map(|content| content["number"].as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let mut paper = Paper::new(Fonts::shared(None)?, setup("地址标签 Address labels", identity));
    for (at, content) in addressed.iter().enumerate() {
        if at > 0 && at % (ACROSS * DOWN) == 0 {
            paper.next_sheet();
        }
        let place = at % (ACROSS * DOWN);
        let (x, y) = ((place % ACROSS) as f32 * width + 22.0, TOP + (place / ACROSS) as f32 * height);
        let buyer = &content["buyer"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut line = y;
        for (style, words) in [
            (Style::bold(10.5), text(&buyer["name"])),
            (Style::regular(9.0), text(&buyer["address"])),
            (Style::regular(9.0), text(&buyer["phone"])),
            (
                Style::regular(7.0).in_colour(QUIET),
                format!("{}　{}", text(&content["number"]), text(&content["customer_ref"])),
            ),
        ] {
            line += paper.paragraph(x, line, width - 40.0, &style, &words);
        }
        paper.rule((x, y + height - 6.0), (x + width - 40.0, y + height - 6.0), 0.4, HAIR);
    }
    paper.finish()
}
