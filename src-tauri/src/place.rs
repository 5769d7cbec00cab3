//! Where the window stood when it was closed, so that it opens there again.

use crate::profiles::config_folder;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use tauri::{PhysicalPosition, PhysicalSize, WebviewWindow};

const FILE: &str = "window.json";

/// The window's place on the screen, in the screen's own points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    maximized: bool,
}

/// The last place that the window was seen at.
#[derive(Default)]
pub struct LastPlace(Mutex<Option<Place>>);

impl LastPlace {
    /// Puts the window where it was, unless no screen of today reaches there.
    pub fn restore(&self, window: &WebviewWindow) {
        let kept = std::fs::read(config_folder().join(FILE)).ok();
        let Some(place) = kept.and_then(|bytes| serde_json::from_slice::<Place>(&bytes).ok()) else { return };
        let screens = window.available_monitors().unwrap_or_default();
        // The title must be within reach of the mouse.
        let reachable = screens.iter().any(|screen| {
            let (at, size) = (screen.position(), screen.size());
            let right = at.x.saturating_add_unsigned(size.width);
            let bottom = at.y.saturating_add_unsigned(size.height);
            place.x + 100 < right
                && place.x.saturating_add_unsigned(place.width) > at.x + 100
                && (at.y..bottom - 50).contains(&place.y)
        });
        // A window that cannot be moved is a nuisance, and no reason to open none.
        let moved = window.set_size(PhysicalSize::new(place.width, place.height)).and_then(|()| match reachable {
            true => window.set_position(PhysicalPosition::new(place.x, place.y)),
            false => Ok(()),
        });
        if let Err(cause) = moved.and_then(|()| if place.maximized { window.maximize() } else { Ok(()) }) {
            tracing::info!("the window stays where the system put it: {cause}");
        }
    }

    /// Takes note after the window was moved or its size changed. While it fills the screen, its own size is kept.
    pub fn note(&self, window: &WebviewWindow) {
        let (Ok(at), Ok(size)) = (window.outer_position(), window.inner_size()) else { return };
        if window.is_minimized().unwrap_or(false) {
            return;
        }
        let maximized = window.is_maximized().unwrap_or(false);
        let mut last = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match last.as_mut() {
            Some(place) if maximized => place.maximized = true,
            _ => *last = Some(Place { x: at.x, y: at.y, width: size.width, height: size.height, maximized }),
        }
    }

    /// Writes the place down for the next time.
    pub fn keep(&self) {
        let last = *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let Some(place) = last else { return };
        let folder = config_folder();
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join(FILE), serde_json::json!(place).to_string()));
        if let Err(cause) = written {
            tracing::warn!("the window's place was not kept: {cause}");
        }
    }
}
