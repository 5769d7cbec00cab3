//! Invoices as PDF, and the printers they go to.

use crate::desk::Desk;
use kontor::paper::Fonts;
use kontor::printing::{PrintOptions, Sides};
use kontor::{Error, Result, invoices, payouts, printing};
use tauri::ipc::Response;
use tauri::{AppHandle, Manager, State};
use uuid::Uuid;

/// The PDF of an issued invoice: the same bytes every time.
#[tauri::command]
pub async fn invoice_pdf(app: AppHandle, desk: State<'_, Desk>, id: Uuid) -> Result<Response> {
    bytes_of(&app, &desk, id).await.map(Response::new)
}

/// The names of this computer's printers, the default one first.
#[tauri::command]
pub async fn printers() -> Result<Vec<String>> {
    Ok(printing::printers().await?.into_iter().map(|printer| printer.name).collect())
}

/// Sends an invoice to a printer.
#[tauri::command]
pub async fn print_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: Uuid,
    printer: String,
    copies: u16,
    duplex: bool,
) -> Result<()> {
    let pdf = bytes_of(&app, &desk, id).await?;
    let sides = if duplex { Sides::LongEdge } else { Sides::One };
    // The queue is seen by everybody: it shows the paper's id and no name.
    let options = PrintOptions { title: format!("Kontor {id}"), copies, sides, media: "A4".into(), tray: None };
    printing::print(&pdf, &printer, &options).await.map(drop)
}

/// The upload file of a batch of refund instructions.
#[tauri::command]
pub async fn payout_file(desk: State<'_, Desk>, batch_id: Uuid) -> Result<Response> {
    payouts::file(&desk.database()?, batch_id).await.map(Response::new)
}

async fn bytes_of(app: &AppHandle, desk: &Desk, id: Uuid) -> Result<Vec<u8>> {
    // An installed window has its faces among the resources; loading them once serves every paper after it.
    let folder = app.path().resource_dir().ok().map(|resources| resources.join("fonts"));
    tauri::async_runtime::spawn_blocking(move || Fonts::shared(folder.as_deref()).map(drop))
        .await
        .map_err(Error::bug)??;
    invoices::pdf(&desk.database()?, id).await
}
