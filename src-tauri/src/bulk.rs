//! Many papers at once: runs, the files they leave as, the tax platform's files, print queues; and templates.

use crate::automation;
use crate::desk::Desk;
use crate::papers::load_faces;
use crate::viewer;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kontor::runs::{self, Bundle, Papers, Progress, Shape};
use kontor::tax::{self, Dropped};
use kontor::{Error, Result, invoices, paper, print_room};
use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, State};
use uuid::Uuid;

/// Issues what waits in a run, until it is done or told to stop between two papers.
#[tauri::command]
pub async fn issue_run(
    app: AppHandle,
    desk: State<'_, Desk>,
    run_id: Uuid,
    progress: Channel<Progress>,
) -> Result<Progress> {
    load_faces(&app).await?;
    let running = desk.exports.begin()?;
    let mut tell = |step| {
        // A window that was closed meanwhile has no use for the news.
        let _ = progress.send(step);
    };
    runs::issue(&desk.database()?, run_id, &mut tell, &|| running.cancelled()).await
}

/// Asks where to, and writes the papers of a run, or those that were picked, there. Nothing when the dialog was closed.
#[tauri::command]
pub async fn save_papers(
    app: AppHandle,
    desk: State<'_, Desk>,
    papers: Papers,
    shape: Shape,
    name: String,
    progress: Channel<u32>,
) -> Result<Option<Bundle>> {
    load_faces(&app).await?;
    let saving = desk.exports.begin()?;
    let path = match automation::save_as(&name) {
        Some(path) => Some(path),
        None => crate::files::ask_where(app, name).await?,
    };
    let Some(path) = path else { return Ok(None) };
    let mut tell = |papers| {
        let _ = progress.send(papers);
    };
    let bundle = runs::bundle(&desk.database()?, &papers, shape, &path, &mut tell, &|| saving.cancelled()).await?;
    desk.allow_reading(std::slice::from_ref(&bundle.path));
    Ok(Some(bundle))
}

/// The workbook of a sheet for the tax platform.
#[tauri::command]
pub async fn tax_sheet_file(desk: State<'_, Desk>, command_id: Uuid, sheet_id: Uuid) -> Result<Response> {
    tax::sheet(&desk.database()?, command_id, sheet_id).await.map(Response::new)
}

/// Reads the tax platform's list of issued invoices into the books.
#[tauri::command]
pub async fn tax_import_list(desk: State<'_, Desk>, command_id: Uuid, path: PathBuf) -> Result<Value> {
    desk.check_readable(&path)?;
    tax::import_list(&desk.database()?, command_id, &path).await
}

/// Attaches an official invoice's file to its paper.
#[tauri::command]
pub async fn tax_attach(desk: State<'_, Desk>, path: PathBuf) -> Result<Dropped> {
    desk.check_readable(&path)?;
    tax::attach(&desk.database()?, &path).await
}

/// Sends what waits in a print queue, until it is empty, the printer stops, or somebody says stop; a queue for the system's viewer is
/// opened there as one file.
#[tauri::command]
pub async fn print_queue(
    app: AppHandle,
    desk: State<'_, Desk>,
    batch_id: Uuid,
    progress: Channel<print_room::Progress>,
) -> Result<print_room::Progress> {
    load_faces(&app).await?;
    let printing = desk.exports.begin()?;
    let mut tell = |step| {
        let _ = progress.send(step);
    };
    let db = desk.database()?;
    let batch = db.call("prints.open", &serde_json::json!({"batch_id": batch_id})).await?;
    if batch["printer"] != print_room::VIEWER {
        return print_room::run(&db, batch_id, &mut tell, &|| printing.cancelled()).await;
    }
    let path = viewer::place(&format!("{}.pdf", batch["number"].as_str().unwrap_or("queue")))?;
    let done = print_room::to_file(&db, batch_id, &path, &mut tell, &|| printing.cancelled()).await?;
    viewer::show(&app, &path)?;
    Ok(done)
}

/// Address labels for papers.
#[tauri::command]
pub async fn print_labels(app: AppHandle, desk: State<'_, Desk>, invoice_ids: Vec<Uuid>) -> Result<Response> {
    load_faces(&app).await?;
    print_room::labels(&desk.database()?, &invoice_ids).await.map(Response::new)
}

/// A specimen of a seller's template, before it is proposed.
#[tauri::command]
pub async fn template_specimen(
    app: AppHandle,
    seller: Value,
    currency: String,
    logo: Option<String>,
    seal: Option<String>,
) -> Result<Response> {
    load_faces(&app).await?;
    let draw = move || {
        let digits = |base64: Option<String>| -> Result<Option<String>> {
            let bytes = base64
                .map(|text| BASE64_STANDARD.decode(text).map_err(|_| Error::rule("picture_broken")))
                .transpose()?;
            Ok(bytes.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
        };
        invoices::specimen(&seller, &currency, digits(logo)?, digits(seal)?)
    };
    tauri::async_runtime::spawn_blocking(draw).await.map_err(Error::bug)?.map(Response::new)
}

/// A file that travels in a paper, to be saved beside it.
#[derive(Serialize)]
pub struct Twin {
    name: String,
    base64: String,
}

/// The structured twins of a paper; none for papers in our own currency.
#[tauri::command]
pub async fn paper_twins(app: AppHandle, desk: State<'_, Desk>, id: Uuid) -> Result<Vec<Twin>> {
    load_faces(&app).await?;
    let pdf = invoices::pdf(&desk.database()?, id).await?;
    let twins = paper::attached(&pdf)?;
    Ok(twins.into_iter().map(|twin| Twin { name: twin.name, base64: BASE64_STANDARD.encode(twin.bytes) }).collect())
}

/// Reads a file of requests for invoices; each row is taken, or comes back with the rule that refused it.
#[tauri::command]
pub async fn take_requests(desk: State<'_, Desk>, command_id: Uuid, path: PathBuf) -> Result<Value> {
    desk.check_readable(&path)?;
    invoices::asked::take_file(&desk.database()?, command_id, &path).await
}
