//! What the window says when it is behind others: a desktop notification, and the number on its icon and in its title.

use tauri::WebviewWindow;

/// Shows a notification through the desktop's own service. A desktop without one is no error: the window shows the
/// same sentence itself.
#[tauri::command]
pub async fn say_aloud(title: String, body: String) {
    #[cfg(target_os = "linux")]
    let _ = tauri::async_runtime::spawn_blocking(move || session_bus::notify(&title, &body)).await;
    #[cfg(not(target_os = "linux"))]
    let _ = (title, body);
}

/// The number of cases that are overdue or due today; none takes the number away. It stands on the icon where the
/// desktop draws numbers there, and in the window's title, which every task bar shows.
#[tauri::command]
pub async fn set_badge(window: WebviewWindow, count: i64) {
    let title = if count > 0 { format!("({count}) Kontor") } else { "Kontor".to_owned() };
    let _ = window.set_title(&title);
    #[cfg(target_os = "linux")]
    let _ = tauri::async_runtime::spawn_blocking(move || session_bus::count(count)).await;
    #[cfg(not(target_os = "linux"))]
    let _ = window.set_badge_count((count > 0).then_some(count));
}

#[cfg(target_os = "linux")]
mod session_bus {
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, DBusConnection, bus_get_sync};
    use gtk::glib::{Error, ToVariant, Variant};
    use std::collections::HashMap;
    use std::sync::Mutex;

    /// What the package's desktop entry is called: docks find the icon by it.
    const DESKTOP_ENTRY: &str = "Kontor";

    /// Docks take the number away when who sent it leaves the bus, so the connection is kept.
    static BUS: Mutex<Option<DBusConnection>> = Mutex::new(None);

    fn connected() -> Result<DBusConnection, Error> {
        let mut kept = BUS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(bus) = kept.as_ref().filter(|bus| !bus.is_closed()) {
            return Ok(bus.clone());
        }
        let bus = bus_get_sync(BusType::Session, Cancellable::NONE)?;
        *kept = Some(bus.clone());
        Ok(bus)
    }

    /// By the desktop notifications' own protocol.
    pub fn notify(title: &str, body: &str) -> Result<(), Error> {
        let (service, path) = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications");
        let hints = HashMap::from([("desktop-entry", DESKTOP_ENTRY.to_variant())]);
        // Application, the notification it replaces, icon, title, body, actions, hints, how long (as the desktop likes).
        let said = ("Kontor", 0_u32, "kontor", title, body, Vec::<String>::new(), hints, -1_i32).to_variant();
        connected()?.call_sync(
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

    /// The number on the icon, as docks that draw one listen for it. Tauri's own way needs a library that few desktops
    /// have, and says nothing without it.
    pub fn count(count: i64) -> Result<(), Error> {
        let shown: HashMap<&str, Variant> =
            HashMap::from([("count", count.to_variant()), ("count-visible", (count > 0).to_variant())]);
        let said = (format!("application://{DESKTOP_ENTRY}.desktop"), shown).to_variant();
        let (path, interface) = ("/com/canonical/unity/launcherentry/1", "com.canonical.Unity.LauncherEntry");
        let bus = connected()?;
        bus.emit_signal(None, path, interface, "Update", Some(&said))?;
        bus.flush_sync(Cancellable::NONE)
    }
}
