//! What the window says when it is behind others: a desktop notification, and the number on its icon.

use tauri::WebviewWindow;

/// Shows a notification through the desktop's own service. A desktop without one is no error: the window shows the
/// same sentence itself.
#[tauri::command]
pub async fn say_aloud(title: String, body: String) {
    #[cfg(target_os = "linux")]
    let _ = tauri::async_runtime::spawn_blocking(move || notify(&title, &body)).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (title, body);
}

/// The number of cases that are overdue or due today; none takes the number away.
#[tauri::command]
pub fn set_badge(window: WebviewWindow, count: i64) {
    // Not every desktop draws numbers on icons, and none promises to.
    let _ = window.set_badge_count((count > 0).then_some(count));
}

#[cfg(target_os = "linux")]
fn notify(title: &str, body: &str) -> Result<(), gtk::glib::Error> {
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, bus_get_sync};
    use gtk::glib::prelude::ToVariant;
    use std::collections::HashMap;

    let bus = bus_get_sync(BusType::Session, Cancellable::NONE)?;
    let nothing = (Vec::<String>::new(), HashMap::<String, gtk::glib::Variant>::new());
    // Application, the notification it replaces, icon, title, body, actions, hints, how long (as the desktop likes).
    let said = ("Kontor", 0_u32, "kontor", title, body, nothing.0, nothing.1, -1_i32).to_variant();
    let (service, path) = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications");
    bus.call_sync(
        Some(service),
        path,
        service,
        "Notify",
        Some(&said),
        None,
        DBusCallFlags::NONE,
        2000,
        Cancellable::NONE,
    )?;
    Ok(())
}
