//! A picture that a person pastes.
//!
//! WebKitGTK tells the page that something was pasted and hands over texts and files, but no picture: a screenshot
//! in the clipboard reaches the page as nothing at all. The engines of other systems hand it over themselves.

use kontor::{Error, Result};
use tauri::AppHandle;
use tauri::ipc::Response;

/// The picture in the clipboard, as PNG; empty when there is none.
#[tauri::command]
pub async fn clipboard_picture(app: AppHandle) -> Result<Response> {
    picture(app).await.map(Response::new)
}

#[cfg(target_os = "linux")]
async fn picture(app: AppHandle) -> Result<Vec<u8>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    // The clipboard belongs to the main thread, and its owner answers when it likes: nobody waits for it there.
    let ask = move || {
        let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
        clipboard.request_image(move |_, found| {
            // Whoever asked may have gone.
            let _ = tell.send(found.map(|picture| picture.save_to_bufferv("png", &[])).transpose());
        });
    };
    app.run_on_main_thread(ask).map_err(Error::bug)?;
    let png = told.await.map_err(Error::bug)?.map_err(Error::bug)?;
    Ok(png.unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
async fn picture(_app: AppHandle) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
