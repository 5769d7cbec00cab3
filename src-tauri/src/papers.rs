//! Papers as PDF, and the printers they go to.

use crate::desk::Desk;
use crate::viewer;
use kontor::paper::Fonts;
use kontor::printing::{self, Choices, Job, JobState, PrintOptions, Printer, Sides};
use kontor::{Error, Result, dossier, invoices, letters, payouts, print_room, worksheets};
use serde::Deserialize;
use serde_json::{Value, json};
use tauri::ipc::Response;
use tauri::{AppHandle, Manager, State};
use uuid::Uuid;

/// What is put on paper.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An issued invoice: the same bytes every time.
    Invoice,
    /// The worksheet of a refund, as it stands now.
    Refund,
    /// An issued letter: the same bytes every time.
    Letter,
    /// Everything about a dispute, for the court.
    Dossier,
}

/// How a paper is printed, as the person chose.
#[derive(Deserialize)]
pub struct Wanted {
    printer: String,
    copies: u16,
    sides: Sides,
    media: Option<String>,
    tray: Option<String>,
}

/// The PDF of a paper.
#[tauri::command]
pub async fn paper_pdf(app: AppHandle, desk: State<'_, Desk>, kind: Kind, id: Uuid) -> Result<Response> {
    bytes_of(&app, &desk, kind, id).await.map(Response::new)
}

/// This computer's printers, the default one first.
#[tauri::command]
pub async fn printers() -> Result<Vec<Printer>> {
    printing::printers().await
}

/// What a printer can be told.
#[tauri::command]
pub async fn printer_choices(printer: String) -> Result<Choices> {
    printing::choices(&printer).await
}

/// Sends a paper to a printer, or opens it in the system's viewer; answers with the jobs that can be looked after.
///
/// An invoice goes as one job for each copy, because each copy says which one it is.
#[tauri::command]
pub async fn print_paper(
    app: AppHandle,
    desk: State<'_, Desk>,
    kind: Kind,
    id: Uuid,
    wanted: Wanted,
) -> Result<Vec<Job>> {
    let pdf = bytes_of(&app, &desk, kind, id).await?;
    let (papers, copies) = match kind {
        Kind::Invoice => {
            // The print is on record already, and the record says whether it begins with the original.
            let paper = desk.database()?.call("invoices.open", &json!({"invoice_id": id})).await?;
            let prints = paper["prints"].as_array().into_iter().flatten();
            let first = prints.filter_map(|print| print["copy_from"].as_i64()).max().unwrap_or(1);
            (print_room::copies(&pdf, first, wanted.copies)?, 1)
        }
        Kind::Refund | Kind::Letter | Kind::Dossier => (vec![pdf], wanted.copies),
    };
    if wanted.printer == print_room::VIEWER {
        let path = viewer::place(&format!("{id}.pdf"))?;
        tokio::fs::write(&path, print_room::joined(papers)?).await?;
        viewer::show(&app, &path)?;
        return Ok(Vec::new());
    }
    let usual = PrintOptions::default();
    let options = PrintOptions {
        // The queue is seen by everybody: it shows the paper's id and no name.
        title: format!("Kontor {id}"),
        copies,
        sides: wanted.sides,
        media: wanted.media.unwrap_or_else(|| usual.media.clone()),
        tray: wanted.tray,
        ..usual
    };
    let mut jobs = Vec::new();
    for paper in papers {
        jobs.push(printing::print(&paper, &wanted.printer, &options).await?);
    }
    Ok(jobs)
}

/// What became of a job.
#[tauri::command]
pub async fn job_state(job: Job) -> Result<JobState> {
    printing::job_state(&job).await
}

/// Takes a job back, if it has not been printed yet.
#[tauri::command]
pub async fn cancel_job(job: Job) -> Result<()> {
    printing::cancel(&job).await
}

/// A letter as it would be now, or a text that is being tried, as a draft.
#[tauri::command]
pub async fn letter_draft(app: AppHandle, desk: State<'_, Desk>, wanted: Value) -> Result<Response> {
    load_faces(&app).await?;
    letters::draft(&desk.database()?, wanted).await.map(Response::new)
}

/// An issued letter as a file for a mail program.
#[tauri::command]
pub async fn letter_mail(app: AppHandle, desk: State<'_, Desk>, id: Uuid) -> Result<Response> {
    load_faces(&app).await?;
    letters::mail(&desk.database()?, id).await.map(Response::new)
}

/// A batch of refund instructions as its provider takes it, or as CSV.
#[tauri::command]
pub async fn payout_file(desk: State<'_, Desk>, command_id: Uuid, batch_id: Uuid, kind: String) -> Result<Response> {
    payouts::file(&desk.database()?, command_id, batch_id, &kind).await.map(Response::new)
}

/// An installed window has its faces among the resources; loading them once serves every paper after it.
pub async fn load_faces(app: &AppHandle) -> Result<()> {
    let folder = app.path().resource_dir().ok().map(|resources| resources.join("fonts"));
    tauri::async_runtime::spawn_blocking(move || Fonts::shared(folder.as_deref()).map(drop))
        .await
        .map_err(Error::bug)?
}

async fn bytes_of(app: &AppHandle, desk: &Desk, kind: Kind, id: Uuid) -> Result<Vec<u8>> {
    load_faces(app).await?;
    let db = desk.database()?;
    match kind {
        Kind::Invoice => invoices::pdf(&db, id).await,
        Kind::Refund => worksheets::pdf(&db, id).await,
        Kind::Letter => letters::pdf(&db, id).await,
        Kind::Dossier => dossier::pdf(&db, id).await,
    }
}
