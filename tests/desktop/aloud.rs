//! What the desktop hears from the window: notifications, taken by a notification service of the distribution's own,
//! and the number on the icon, taken from the session bus.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(200);

/// A desktop that listens.
pub struct Listener {
    bus: Child,
    heard: PathBuf,
}

impl Listener {
    /// The bus starts the notification service when it is first asked; somebody writes down the numbers for the icon.
    pub fn start(folder: PathBuf) -> Self {
        let heard = folder.join("icon-numbers");
        let file = std::fs::File::create(&heard).expect("a file for what is heard");
        let bus = Command::new("dbus-monitor")
            .args(["--session", "type='signal',interface='com.canonical.Unity.LauncherEntry'"])
            .stdout(file)
            .spawn()
            .expect("dbus-monitor starts; tools/setup.sh test installs it");
        let listener = Self { bus, heard };
        let last = Instant::now() + PATIENCE;
        while !listener.ask("count").status.success() {
            assert!(Instant::now() < last, "no notification service answers; tools/setup.sh test installs one");
            std::thread::sleep(PAUSE);
        }
        listener
    }

    fn ask(&self, what: &str) -> std::process::Output {
        Command::new("dunstctl").arg(what).output().expect("dunstctl runs")
    }

    /// Every notification so far, title and body, the first one first; what is still on the screen is taken down.
    pub fn said(&self) -> Vec<(String, String)> {
        self.ask("close-all");
        let history: Value = serde_json::from_slice(&self.ask("history").stdout).expect("the service's own list");
        let text = |one: &Value, part: &str| one[part]["data"].as_str().unwrap_or_default().to_owned();
        let mut said: Vec<_> = history["data"][0].as_array().expect("notifications").iter().collect();
        said.reverse();
        said.into_iter().map(|one| (text(one, "summary"), text(one, "body"))).collect()
    }

    /// Waits until something stands on the screen, photographs it, and answers with everything said so far.
    pub async fn next_said(&self) -> Vec<(String, String)> {
        let last = Instant::now() + PATIENCE;
        loop {
            let shown = String::from_utf8_lossy(&self.ask("count").stdout).into_owned();
            if shown.contains("Currently displayed: 1") {
                break;
            }
            assert!(Instant::now() < last, "nothing is said: {shown}");
            tokio::time::sleep(PAUSE).await;
        }
        let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/window-tests/said-aloud.png");
        let _ = Command::new("import").args(["-window", "root"]).arg(picture).status();
        self.said()
    }

    /// The numbers that the icon was given, in order.
    pub fn numbers(&self) -> Vec<i64> {
        let heard = std::fs::read_to_string(&self.heard).unwrap_or_default();
        heard
            .lines()
            .filter_map(|line| line.trim().strip_prefix("variant             int64 "))
            .filter_map(|n| n.parse().ok())
            .collect()
    }

    /// Waits until the icon has been given another number than these so many: the window asked once more.
    pub async fn next_number(&self, before: usize) -> i64 {
        let last = Instant::now() + PATIENCE;
        loop {
            if let Some(number) = self.numbers().get(before) {
                return *number;
            }
            assert!(Instant::now() < last, "the icon hears nothing after {:?}", self.numbers());
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
