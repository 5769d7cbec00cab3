//! Papers on their way in and out of the real window: the clipboard, a dropped file, a letter, a printer.

use super::window::Window;
use super::work::text_of;
use crate::desk::{Desk, order};
use crate::printing;
use crate::support::new_id;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PICTURE: &[u8] = include_bytes!("../../src-tauri/icons/32x32.png");

const PATIENCE: Duration = Duration::from_secs(30);

/// A desk whose customer C1 has 100.00, and the window with the agent at it.
async fn agent_at_the_window() -> (Desk, Window) {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", "2026-05-01T10:00:00+08:00")]).await;
    let window = Window::open(&desk.books).await;
    window.sign_in("agent").await;
    (desk, window)
}

/// An application of the agent's, with its papers; answers its id.
async fn application(desk: &Desk, papers: &[(&str, &[u8])]) -> String {
    let id = new_id();
    let agent = desk.person("agent").await;
    for (name, bytes) in papers {
        kontor::attachments::attach(&agent, uuid::Uuid::now_v7(), "refund", &id, name, bytes).await.expect("filed");
    }
    let customer = desk.customer("C1").await;
    let wanted = json!({"command_id": id, "customer_id": customer, "reason_kind": "no_longer_needed",
                        "reason": "The project ended", "ticket_no": "W-1001", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", wanted).await;
    id
}

/// A program that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The screen's own clipboard, filled as a screenshot program fills it.
fn copy_picture(picture: &Path) -> Running {
    let holder = Command::new("xclip")
        .args(["-quiet", "-selection", "clipboard", "-t", "image/png", "-i"])
        .arg(picture)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xclip starts; tools/setup.sh test installs it");
    Running(holder)
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_picture_from_the_clipboard_becomes_a_proof() {
    let (desk, window) = agent_at_the_window().await;
    window.go_to("refunds").await;
    window.click("refund-new").await;
    window.pick_customer("refund-customer", "C1").await;
    let _clipboard = copy_picture(&window.file("picture.png", PICTURE));
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.paste_into("refund-reason").await;
    window.see("paper-waiting").await;
    window.fill("refund-ticket", "W-1001").await;
    window.fill("refund-reason", "The project ended").await;
    window.tick("refund-gifts").await;
    window.click("refund-submit").await;
    window.see("refund-number").await;
    let kept = desk.figure("select media_type || ' ' || (file_name like '%.png') from book.attachments").await;
    assert_eq!(kept, "image/png true");
    // Opened again, it is the picture: the engine could decode it.
    window.click("refund-paper").await;
    window.see("paper-picture").await;
    let width = "const done = arguments[arguments.length - 1]; \
                 const shown = document.querySelector('[data-testid=\"paper-picture\"]'); \
                 shown.decode().then(() => done(String(shown.naturalWidth)), (refusal) => done(String(refusal)));";
    assert_eq!(window.ask(width).await, "32");
    window.photograph("picture-pasted").await;
    window.close().await;
}

/// Moves the mouse and its button as a hand would, step by step: a drag begins only once it has moved.
fn drag(from: (i32, i32), to: (i32, i32)) {
    let mouse = |words: &[String]| {
        let moved = Command::new("xdotool").args(words).status();
        assert!(moved.expect("xdotool starts; tools/setup.sh test installs it").success());
    };
    let to_point = |x: i32, y: i32| mouse(&["mousemove".into(), x.to_string(), y.to_string()]);
    to_point(from.0, from.1);
    mouse(&["mousedown".into(), "1".into()]);
    for step in 1..=20 {
        to_point(from.0 + (to.0 - from.0) * step / 20, from.1 + (to.1 - from.1) * step / 20);
        std::thread::sleep(Duration::from_millis(30));
    }
    std::thread::sleep(Duration::from_millis(300));
    mouse(&["mouseup".into(), "1".into()]);
}

/// A file manager's icon is dragged over the window with the mouse of the screen.
#[tokio::test]
#[ignore = "needs a display"]
async fn a_file_that_is_dropped_on_the_window_becomes_a_proof() {
    let (desk, window) = agent_at_the_window().await;
    window.go_to("refunds").await;
    window.click("refund-new").await;
    window.pick_customer("refund-customer", "C1").await;
    let file = window.file("聊天记录.txt", "客户：项目已结束。".as_bytes());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/desktop/drag.py");
    let mut icon = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("Debian's python3 starts; tools/setup.sh test installs it");
    let mut ready = [0; 6];
    std::io::Read::read_exact(icon.stdout.as_mut().expect("a pipe"), &mut ready).expect("it shows its icon");
    let _icon = Running(icon);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let box_at = "const at = document.querySelector('[data-testid=\"refund-proof\"]').getBoundingClientRect(); \
                  return [at.x + at.width / 2, at.y + at.height / 2, window.screenX, window.screenY];";
    let at = window.run(box_at, Vec::new()).await;
    let point = |index: usize| at[index].as_f64().unwrap_or_default() as i32;
    drag((60, 950), (point(0) + point(2), point(1) + point(3)));
    window.find("[data-testid=\"paper-waiting\"][data-name=\"聊天记录.txt\"]").await;
    window.fill("refund-ticket", "W-1001").await;
    window.fill("refund-reason", "The project ended").await;
    window.tick("refund-gifts").await;
    window.click("refund-submit").await;
    window.see("refund-number").await;
    assert_eq!(desk.figure("select file_name from book.attachments").await, "聊天记录.txt");
    window.click("refund-paper").await;
    assert_eq!(window.text("paper-text").await, "客户：项目已结束。");
    window.close().await;
}

/// As a Chinese mail program sends it, with a page that would tell its sender that it was read.
fn letter() -> Vec<u8> {
    let archive = kontor::demo::archive(&[("聊天记录.txt", "客户：我不同意".as_bytes()), ("2.txt", b"two")]);
    let base64 = |bytes: &[u8]| {
        use base64::Engine;
        base64::prelude::BASE64_STANDARD.encode(bytes)
    };
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    format!(
        "From: =?GBK?B?{}?= <wang@example.cn>\r\nTo: finance@example.cn\r\nSubject: =?GBK?B?{}?=\r\n\
         Date: Mon, 01 Jun 2026 08:30:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><script>window.ran = true</script>\
         <p>请退款。</p><img src=\"http://127.0.0.1:9/pixel.png\"></body></html>\r\n\
         --b\r\nContent-Type: application/zip; name=proof.zip\r\nContent-Disposition: attachment; filename=proof.zip\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        base64(&gbk("王小明")),
        base64(&gbk("关于订单 R1")),
        base64(&archive),
    )
    .into_bytes()
}

#[tokio::test]
#[ignore = "needs a display"]
async fn a_letter_is_shown_as_a_letter_and_an_archive_by_its_files() {
    let (desk, window) = agent_at_the_window().await;
    let id = application(&desk, &[("mail.eml", &letter())]).await;
    window.sign_out().await;
    window.sign_in("reviewer").await;
    window.go_to("refunds").await;
    window.click("refund-row").await;
    window.click("refund-paper").await;
    let head = [
        ("letter-from", "王小明 <wang@example.cn>"),
        ("letter-subject", "关于订单 R1"),
        ("letter-sent", "2026-06-01 08:30:00"),
    ];
    for (field, expected) in head {
        assert_eq!(window.text(field).await, expected);
    }
    assert_eq!(window.text("letter-text").await.trim(), "请退款。");
    window.see("letter-note").await;
    let fetched = "return String(window.ran) + ' ' + performance.getEntriesByType('resource').filter((one) => one.name.includes('pixel')).length;";
    assert_eq!(window.run(fetched, Vec::new()).await, "undefined 0");
    window.photograph("letter").await;
    // The archive inside the letter, and the text inside the archive.
    window.click("paper-part").await;
    window.find("nav [data-testid=\"paper-back\"]").await;
    window.click_on("li:nth-child(1) > [data-testid=\"paper-part\"]").await;
    assert_eq!(window.text("paper-text").await, "客户：我不同意");
    window.click("paper-save").await;
    let saved = window.saved("txt").await;
    assert_eq!(saved.file_name().and_then(|name| name.to_str()), Some("聊天记录.txt"));
    // One opening is on record, whatever was looked at inside.
    let opened = desk.figure("select count(*)::text from book.audit_events where command = 'attachments.opened'").await;
    assert_eq!(opened, "1", "of {id}");
    window.close().await;
}

fn printed(after: &Path) -> PathBuf {
    let since = std::fs::metadata(after).and_then(|file| file.modified()).expect("written");
    let last = Instant::now() + PATIENCE;
    loop {
        let papers = std::fs::read_dir(printing::folder()).into_iter().flatten().flatten().map(|entry| entry.path());
        let newest = papers
            .filter(|path| path.extension().is_some_and(|ending| ending == "pdf"))
            .find(|path| std::fs::metadata(path).and_then(|file| file.modified()).is_ok_and(|at| at > since));
        if let Some(paper) = newest {
            return paper;
        }
        assert!(Instant::now() < last, "no paper came out");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Opens a choice and takes what says this. Lists of other choices stay in the page, unseen; one that closed again
/// because the form was just filled with what the printer can do is opened once more.
pub(super) async fn choose(window: &Window, field: &str, words: &str) {
    let pick = format!(
        "const seen = [...document.querySelectorAll('[role=option]')].filter((one) => one.offsetParent); \
         const said = seen.find((one) => one.textContent.includes('{words}')); said?.click(); \
         return said ? 'taken' : seen.length ? 'not offered' : 'closed';"
    );
    let last = Instant::now() + PATIENCE;
    loop {
        window.click(field).await;
        for _ in 0..20 {
            match window.run(&pick, Vec::new()).await.as_str() {
                Some("taken") => return,
                Some("not offered") => panic!("{words} is not offered"),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        assert!(Instant::now() < last, "{field} does not open");
    }
}

/// From the button in the window to the paper in the tray, which is a folder here.
#[tokio::test]
#[ignore = "needs a display"]
async fn an_invoice_comes_out_of_a_real_queue_and_a_waiting_job_is_taken_back() {
    let (Some(queue), Some(paused)) = (printing::queue(printing::QUEUE), printing::queue(printing::PAUSED_QUEUE))
    else {
        return;
    };
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", "2026-05-01T10:00:00+08:00")]).await;
    desk.use_up("u1", "C1", "350.00").await;
    let window = Window::open(&desk.books).await;
    let before = window.file("before", b"");
    window.sign_in("taxclerk").await;
    window.go_to("invoices").await;
    window.click("invoice-new").await;
    window.pick_customer("invoice-customer", "C1").await;
    window.click("invoice-buyer-new").await;
    window.fill("invoice-title", "北京样例科技有限公司").await;
    window.fill("invoice-code", "91110108MA0TE4T01D").await;
    window.click("invoice-buyer-save").await;
    window.click("invoice-issue").await;
    let number = window.text("invoice-number").await;
    window.click("invoice-print").await;
    choose(&window, "print-printer", queue).await;
    window.photograph("print-dialog").await;
    window.click("print-submit").await;
    window.see_state("print-job", "data-state", "printed").await;
    window.click("print-close").await;
    let paper = printed(&before);
    // The queue may write the paper as pictures of its pages; that it is this paper is on record.
    assert!(std::fs::read(&paper).expect("readable").starts_with(b"%PDF"));
    std::fs::remove_file(paper).expect("removed");
    let recorded = desk
        .figure("select i.number || ' ' || p.printer from book.print_log p join book.invoices i on i.id = p.invoice_id")
        .await;
    assert_eq!(recorded, format!("{number} {queue}"));
    // The printer down the hall has stopped: the copy waits there, and is taken back.
    window.click("invoice-print").await;
    choose(&window, "print-printer", paused).await;
    choose(&window, "print-reason", "").await;
    window.click("print-submit").await;
    window.see_state("print-job", "data-state", "waiting").await;
    window.click("print-cancel").await;
    window.see_state("print-job", "data-state", "cancelled").await;
    window.close().await;
}

#[tokio::test]
#[ignore = "needs a display"]
async fn the_worksheet_of_a_refund_is_seen_and_saved_as_a_paper() {
    let (desk, window) = agent_at_the_window().await;
    application(&desk, &[("proof.png", PICTURE)]).await;
    window.go_to("refunds").await;
    window.click("refund-row").await;
    window.click("refund-sheet").await;
    window.find("[data-testid=\"refund-pdf\"] canvas").await;
    window.photograph("refund-worksheet").await;
    window.click("refund-sheet-save").await;
    let text = text_of(&window.saved("pdf").await);
    assert!(text.contains("R-2026-0001") && text.contains("100.00"), "{text}");
    window.close().await;
}
