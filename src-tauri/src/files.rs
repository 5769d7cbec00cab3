//! Files in and out: picked by a person, read here, sent in chunks. They never travel through `call`.

use crate::automation;
use crate::desk::Desk;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kontor::contents::{self, Contents, Taken};
use kontor::exports::{self, Export, Exported};
use kontor::imports::{self, Progress};
use kontor::{Error, Result, attachments, payouts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;
use uuid::Uuid;

/// What a person is asked to pick.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Statements, orders and usage.
    Import,
    /// Proof, evidence, letters.
    Attachment,
    /// The tax platform's list of issued invoices.
    TaxList,
    /// A company's certificate authority.
    Certificate,
}

/// Lets a person pick files. Only picked and dropped files can be read afterwards. Empty when the dialog was closed.
#[tauri::command]
pub async fn pick_files(app: AppHandle, desk: State<'_, Desk>, purpose: Purpose) -> Result<Vec<PathBuf>> {
    let picked = match automation::picks() {
        Some(picked) => picked,
        None => ask_for_files(app, purpose).await?,
    };
    desk.allow_reading(&picked);
    Ok(picked)
}

async fn ask_for_files(app: AppHandle, purpose: Purpose) -> Result<Vec<PathBuf>> {
    let ask = move || {
        let dialog = app.dialog().file();
        match purpose {
            Purpose::Import => dialog.add_filter("CSV, ZIP", &["csv", "zip", "gz", "txt"]).blocking_pick_files(),
            Purpose::Attachment => dialog.blocking_pick_files(),
            Purpose::TaxList => dialog.add_filter("XLSX, CSV", &["xlsx", "csv", "txt"]).blocking_pick_files(),
            Purpose::Certificate => {
                dialog.add_filter("PEM", &["pem", "crt", "cer"]).blocking_pick_file().map(|file| vec![file])
            }
        }
    };
    let picked = spawn_blocking(ask).await.map_err(Error::bug)?;
    Ok(picked.unwrap_or_default().into_iter().filter_map(|file| file.into_path().ok()).collect())
}

/// Reads a statement, an order file or a usage file into the books, whole or not at all.
#[tauri::command]
pub async fn import_file(desk: State<'_, Desk>, path: PathBuf, progress: Channel<Progress>) -> Result<Value> {
    desk.check_readable(&path)?;
    let importing = desk.imports.begin()?;
    let mut tell = |step| {
        // A window that was closed meanwhile has no use for the news.
        let _ = progress.send(step);
    };
    imports::import(&desk.database()?, &path, &mut tell, &|| importing.cancelled()).await
}

/// Reads a provider's answers to a batch of instructions; the window shows them before they are recorded.
#[tauri::command]
pub async fn payout_results(desk: State<'_, Desk>, path: PathBuf) -> Result<Vec<Value>> {
    desk.check_readable(&path)?;
    let bytes = tokio::fs::read(&path).await.map_err(|_| Error::rule("file_not_readable"))?;
    Ok(payouts::read_results(&bytes)?)
}

/// Stops the running import before its next chunk; nothing of it is posted.
#[tauri::command]
pub fn cancel_import(desk: State<'_, Desk>) {
    desk.imports.cancel();
}

/// Asks where to, and writes a list there as the screen shows it. Nothing when the dialog was closed.
#[tauri::command]
pub async fn export_list(
    app: AppHandle,
    desk: State<'_, Desk>,
    name: String,
    wanted: Export,
    progress: Channel<exports::Progress>,
) -> Result<Option<Exported>> {
    let database = desk.database()?;
    let exporting = desk.exports.begin()?;
    let path = match automation::save_as(&name) {
        Some(path) => Some(path),
        None => ask_where(app, name).await?,
    };
    let Some(path) = path else { return Ok(None) };
    let mut tell = |step| {
        // A window that was closed meanwhile has no use for the news.
        let _ = progress.send(step);
    };
    let exported = exports::export(&database, &wanted, &path, &mut tell, &|| exporting.cancelled()).await?;
    desk.allow_reading(std::slice::from_ref(&exported.path));
    Ok(Some(exported))
}

/// Stops the running export at its next page; no file is left.
#[tauri::command]
pub fn cancel_export(desk: State<'_, Desk>) {
    desk.exports.cancel();
}

/// The case that a paper is filed with.
#[derive(Deserialize)]
pub struct Subject {
    kind: String,
    id: String,
}

impl Subject {
    fn named(&self) -> (&str, &str) {
        (&self.kind, &self.id)
    }
}

/// When a paper was received and from whom, where a person said so.
#[derive(Deserialize)]
pub struct Origin {
    received_at: Option<String>,
    party: Option<String>,
}

impl Origin {
    fn said(&self) -> attachments::Origin<'_> {
        attachments::Origin { received_at: self.received_at.as_deref(), party: self.party.as_deref() }
    }
}

/// Attaches a picked or dropped file to a case.
#[tauri::command]
pub async fn attach_file(
    desk: State<'_, Desk>,
    path: PathBuf,
    subject: Subject,
    command_id: Uuid,
    origin: Origin,
) -> Result<Value> {
    desk.check_readable(&path)?;
    attachments::attach_file(&desk.database()?, command_id, subject.named(), &path, origin.said()).await
}

/// Attaches what was pasted.
#[tauri::command]
pub async fn attach_bytes(
    desk: State<'_, Desk>,
    name: String,
    base64: String,
    subject: Subject,
    command_id: Uuid,
    origin: Origin,
) -> Result<Value> {
    let bytes = decode(&base64)?;
    attachments::attach_from(&desk.database()?, command_id, subject.named(), &name, &bytes, origin.said()).await
}

/// The bytes of an attachment.
#[tauri::command]
pub async fn attachment_bytes(desk: State<'_, Desk>, id: Uuid) -> Result<Response> {
    desk.open_paper(id).await.map(|bytes| Response::new(bytes.to_vec()))
}

/// What an attachment is and holds, or a part of it: an e-mail's words, the files of a ZIP.
#[derive(Serialize)]
pub struct Inside {
    name: String,
    media_type: &'static str,
    contents: Contents,
}

/// Looks into an attachment. `path` leads to a part of it; an empty one means the attachment itself.
#[tauri::command]
pub async fn look_inside(desk: State<'_, Desk>, id: Uuid, path: Vec<usize>) -> Result<Inside> {
    let taken = take(&desk, id, path).await?;
    let contents = contents::look(taken.media_type, &taken.bytes)?;
    Ok(Inside { name: taken.name, media_type: taken.media_type, contents })
}

/// The bytes of a part of an attachment.
#[tauri::command]
pub async fn part_bytes(desk: State<'_, Desk>, id: Uuid, path: Vec<usize>) -> Result<Response> {
    take(&desk, id, path).await.map(|taken| Response::new(taken.bytes))
}

async fn take(desk: &Desk, id: Uuid, path: Vec<usize>) -> Result<Taken> {
    let bytes = desk.paper(id).await?;
    spawn_blocking(move || contents::take("", &bytes, &path)).await.map_err(Error::bug)?
}

/// Asks where to, and writes. Answers with the path, or nothing when the dialog was closed.
#[tauri::command]
pub async fn save_file(app: AppHandle, desk: State<'_, Desk>, name: String, base64: String) -> Result<Option<PathBuf>> {
    let bytes = decode(&base64)?;
    let path = match automation::save_as(&name) {
        Some(path) => Some(path),
        None => ask_where(app, name).await?,
    };
    let Some(path) = path else { return Ok(None) };
    tokio::fs::write(&path, bytes).await.map_err(|cause| {
        tracing::warn!("{}: {cause}", path.display());
        Error::rule("file_not_written")
    })?;
    desk.allow_reading(std::slice::from_ref(&path));
    Ok(Some(path))
}

/// Lets a person say where a file goes; nothing when the dialog was closed.
pub async fn ask_where(app: AppHandle, name: String) -> Result<Option<PathBuf>> {
    let ask = move || app.dialog().file().set_file_name(name).blocking_save_file();
    let chosen: Option<FilePath> = spawn_blocking(ask).await.map_err(Error::bug)?;
    Ok(chosen.and_then(|file| file.into_path().ok()))
}

/// Shows a saved or picked file in the system's file browser.
#[tauri::command]
pub async fn reveal_path(app: AppHandle, desk: State<'_, Desk>, path: PathBuf) -> Result<()> {
    desk.check_readable(&path)?;
    app.opener().reveal_item_in_dir(&path).map_err(|cause| {
        tracing::warn!("the file browser did not open: {cause}");
        Error::rule("viewer_not_started")
    })
}

fn decode(base64: &str) -> Result<Vec<u8>> {
    BASE64_STANDARD.decode(base64).map_err(|_| Error::rule("argument_invalid"))
}
