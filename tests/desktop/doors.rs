//! Coming in and leaving.

use super::window::Window;
use crate::support::TestBooks;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The small demo takes half a minute on a busy machine.
const WHILE_BOOKS_ARE_MADE: Duration = Duration::from_secs(180);

const MAKING: &str = "[data-testid=\"preparing\"][data-phase=\"loading\"]";

/// What a person without these books' password sees.
#[tokio::test]
#[ignore = "needs a display"]
async fn a_wrong_password_is_refused_in_words() {
    let books = TestBooks::new().await;
    let window = Window::open(&books).await;
    window.try_to_sign_in("approver", "not the password").await;
    window.see_state("refusal", "data-rule", "password_wrong").await;
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn one_person_leaves_and_another_sits_down() {
    let books = TestBooks::new().await;
    let window = Window::open(&books).await;
    for login in ["agent", "approver"] {
        window.sign_in(login).await;
        window.see_state("person", "data-login", login).await;
        window.sign_out().await;
    }
    window.close().await;
}

/// A page that could run what it was sent, or name any file of this computer, would be a way in.
#[tokio::test]
#[ignore = "needs a display"]
async fn the_page_cannot_read_a_file_that_nobody_picked() {
    let books = TestBooks::new().await;
    let window = Window::open(&books).await;
    window.sign_in("accountant").await;
    let script = "const done = arguments[arguments.length - 1]; \
                  window.__TAURI_INTERNALS__.invoke('reveal_path', { path: '/etc/hostname' }).then(() => done('read'), (refusal) => done(refusal.name));";
    assert_eq!(window.ask(script).await, "file_not_picked");
    let inline = "const mark = document.createElement('script'); mark.textContent = 'window.ran = true'; \
                  document.head.append(mark); return String(window.ran);";
    assert_eq!(window.run(inline, Vec::new()).await, "undefined");
    window.close().await;
}

/// Nobody ran anything before: the first sign-in makes the books, says how far it is, and can be stopped.
#[tokio::test]
#[ignore = "needs a display"]
async fn the_first_sign_in_to_the_rehearsal_makes_its_books_in_view_and_can_be_stopped() {
    let window = Window::open_for_the_first_time().await;
    for language in ["en", "zh"] {
        window.click(&format!("language-{language}")).await;
        window.click("sign-in-submit").await;
        window.find_within(MAKING, WHILE_BOOKS_ARE_MADE).await;
        window.find_within("[data-testid=\"preparing\"] progress[value]", WHILE_BOOKS_ARE_MADE).await;
        window.photograph(&format!("books-being-made-{language}")).await;
        window.click("stop-opening").await;
        window.see_state("refusal", "data-rule", "loading_cancelled").await;
    }
    // Closed in the middle: the next window makes them from the start, and the one after finds them.
    window.click("sign-in-submit").await;
    window.find_within(MAKING, WHILE_BOOKS_ARE_MADE).await;
    let window = window.restart().await;
    window.click("sign-in-submit").await;
    window.find_within(MAKING, WHILE_BOOKS_ARE_MADE).await;
    let first_screen = "[data-testid=\"screen-today\"][data-ready=\"true\"]";
    window.find_within(first_screen, WHILE_BOOKS_ARE_MADE).await;
    let window = window.restart().await;
    window.click("sign-in-submit").await;
    window.ready("today").await;
    let server = window.home().join("server");
    assert!(runs(&server), "the window's own server");
    let window = window.restart().await;
    assert!(!runs(&server), "the window stops what it started");
    window.close().await;
}

fn runs(server: &Path) -> bool {
    let folders = std::fs::read_dir(server).into_iter().flatten().flatten();
    folders.into_iter().any(|folder| folder.path().join("postmaster.pid").exists())
}

/// The keychain of a desktop session, unlocked as signing in to the desktop does.
struct Keychain(Child);

impl Keychain {
    fn unlock(home: &Path) -> Self {
        let control = home.join("keyring");
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets", "--control-directory"])
            .arg(&control)
            .env("XDG_DATA_HOME", home.join("share"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon starts; tools/setup.sh test installs it");
        let mut password = daemon.stdin.take().expect("a pipe");
        password.write_all(b"the password of the session").expect("said");
        drop(password);
        Self(daemon)
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_password_in_the_keychain_opens_the_books_after_a_restart_and_lies_in_no_file() {
    let books = TestBooks::new().await;
    let window = Window::open(&books).await;
    let _keychain = Keychain::unlock(window.home());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let password = window.password("approver");
    window.click("profile-books").await;
    window.fill("login", "approver").await;
    window.fill("password", &password).await;
    window.tick("remember").await;
    window.click("sign-in-submit").await;
    window.ready("today").await;
    let window = window.restart().await;
    let profiles = std::fs::read_to_string(window.home().join("profiles.json")).expect("the profiles");
    assert!(profiles.contains("\"remembers\": true") && !profiles.contains(&password), "{profiles}");
    window.click("profile-books").await;
    window.click("sign-in-submit").await;
    window.ready("today").await;
    window.see_state("person", "data-login", "approver").await;
    // Whoever removes the server removes its password with it.
    window.sign_out().await;
    let removed = window.ask("const done = arguments[arguments.length - 1]; \
        const ask = window.__TAURI_INTERNALS__.invoke; const kept = { id: 'books', name: 'books', kind: 'server', host: '/tmp', port: 5432, database: 'kontor' }; \
        ask('remove_profile', { id: 'books' }).then(() => ask('save_profile', { profile: kept })) \
          .then(() => ask('sign_in', { profile: 'books', login: 'approver', password: '', progress: '__CHANNEL__:1' })) \
          .then(() => done('signed in'), (refusal) => done(refusal.name));").await;
    assert_eq!(removed, "password_missing");
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn the_window_opens_where_it_was_closed() {
    let window = Window::open(&TestBooks::new().await).await;
    let place = [60, 40, 1280, 800];
    window.stand_at(place).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let window = window.restart().await;
    assert_eq!(window.stands_at().await, place);
    window.close().await;
}
