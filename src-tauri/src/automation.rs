//! What stands in for a person's click in a system dialog while the window is driven by a program.
//!
//! WebDriver sees the page and nothing else, so a dialog would wait for ever. Only a process that was started
//! with `TAURI_WEBVIEW_AUTOMATION` answers from here, and whoever can set that can drive the window anyway.

use kontor::demo::Size;
use std::path::PathBuf;

fn automated() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// The files that the next dialog picks: one path a line, in the file named by `KONTOR_AUTOMATION_PICKS`.
pub fn picks() -> Option<Vec<PathBuf>> {
    let list = std::env::var_os("KONTOR_AUTOMATION_PICKS").filter(|_| automated())?;
    let text = std::fs::read_to_string(list).unwrap_or_default();
    Some(text.lines().filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

/// Where the next dialog saves: under its own name, in the folder named by `KONTOR_AUTOMATION_SAVES`.
pub fn save_as(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("KONTOR_AUTOMATION_SAVES").filter(|_| automated())?);
    let plain = std::path::Path::new(name).file_name()?;
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join(plain))
}

/// How large the demo's books are: a test of their first opening need not wait for forty thousand recharges.
pub fn demo_size() -> Size {
    match std::env::var_os("KONTOR_AUTOMATION_SMALL_DEMO").filter(|_| automated()) {
        Some(_) => Size::small(),
        None => Size::demo(),
    }
}
