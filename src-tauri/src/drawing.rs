//! Who draws the window: the graphics card, or the processor where there is none to be had.

use tauri::WebviewWindow;

/// Drivers of cards that only show a picture: what they are asked to draw, the processor computes.
#[cfg(target_os = "linux")]
const PICTURE_ONLY: [&str; 6] = ["vgem", "vkms", "virtio_gpu", "vmwgfx", "vboxvideo", "qxl"];

/// Without a card the web view would put its layers together with a card that the processor plays: 450 ms a frame
/// where drawing straight into the window takes 10. So it is told to.
#[cfg(target_os = "linux")]
pub fn choose(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if has_card() {
        return;
    }
    let told = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(cause) = told {
        tracing::info!("the window is drawn as the system does it: {cause}");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn choose(_: &WebviewWindow) {}

/// A card that draws has a render node, and who sits before it may open that; a remote session may not.
#[cfg(target_os = "linux")]
fn has_card() -> bool {
    let Ok(nodes) = std::fs::read_dir("/dev/dri") else { return false };
    nodes.flatten().any(|node| {
        let name = node.file_name();
        let driver = std::fs::read_link(std::path::Path::new("/sys/class/drm").join(&name).join("device/driver"));
        let shows_only =
            driver.is_ok_and(|at| at.file_name().is_some_and(|it| PICTURE_ONLY.iter().any(|one| it == *one)));
        name.to_string_lossy().starts_with("renderD")
            && !shows_only
            && std::fs::OpenOptions::new().read(true).write(true).open(node.path()).is_ok()
    })
}
