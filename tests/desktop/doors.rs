//! Coming in and leaving.

use super::window::Window;
use crate::support::TestBooks;

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
