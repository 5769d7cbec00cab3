//! Many papers at once: runs, the files they leave as, and the tax platform's files.

use crate::automation;
use crate::desk::Desk;
use crate::papers::load_faces;
use kontor::Result;
use kontor::runs::{self, Bundle, Progress, Shape};
use kontor::tax::{self, Dropped};
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

/// Asks where to, and writes the papers of a run there. Nothing when the dialog was closed.
#[tauri::command]
pub async fn save_run(
    app: AppHandle,
    desk: State<'_, Desk>,
    run_id: Uuid,
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
    let bundle = runs::bundle(&desk.database()?, run_id, shape, &path, &mut tell, &|| saving.cancelled()).await?;
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
