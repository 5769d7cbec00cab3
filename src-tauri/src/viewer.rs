//! The system's own viewer, where a paper cannot be printed from here.

use crate::automation;
use kontor::{Error, Result};
use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use uuid::Uuid;

/// Nobody else can guess it, so nobody can have put something of theirs in its place.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Where a paper is put for the viewer: readable by this user alone, and gone when the window closes.
pub fn place(name: &str) -> Result<PathBuf> {
    if let Some(path) = automation::save_as(name) {
        return Ok(path);
    }
    let folder = FOLDER.get_or_init(|| std::env::temp_dir().join(format!("kontor-{}", Uuid::new_v4().simple())));
    if !folder.is_dir() {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    Ok(folder.join(name))
}

/// Opens what was put there.
pub fn show(app: &AppHandle, path: &Path) -> Result<()> {
    if automation::save_as("paper.pdf").is_some() {
        // A program drives the window; it finds the file where it asked for it.
        return Ok(());
    }
    app.opener().open_path(path.to_string_lossy(), None::<&str>).map_err(|cause| {
        tracing::warn!("the viewer did not open: {cause}");
        Error::rule("viewer_not_started")
    })
}

/// Takes the papers away that were shown.
pub fn forget() {
    let Some(folder) = FOLDER.get().filter(|folder| folder.is_dir()) else { return };
    if let Err(cause) = std::fs::remove_dir_all(folder) {
        tracing::warn!("papers for the viewer are left in {}: {cause}", folder.display());
    }
}
