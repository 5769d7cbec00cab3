//! Printing on a real CUPS queue whose paper is a file.
//!
//! Without CUPS on the machine there is nothing to test, and the run says so. With it, the queue must
//! work: a scheduler that does not start is a failure, not a reason to look away.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use kontor::printing::{self, Job, JobState, PrintOptions, PrinterState, Sides};

pub(crate) const QUEUE: &str = "kontor-paper-test";
pub(crate) const PAUSED_QUEUE: &str = "kontor-paused-test";

fn installed(program: &str) -> bool {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].iter().any(|folder| Path::new(folder).join(program).exists())
}

/// The queue, set up where it is missing. `None`, with the reason printed, where CUPS is not installed.
pub(crate) fn queue(name: &'static str) -> Option<&'static str> {
    // Tests run side by side; the scheduler starts once.
    static SETTING_UP: Mutex<()> = Mutex::new(());
    let _one_at_a_time = SETTING_UP.lock().unwrap_or_else(|broken| broken.into_inner());
    let missing: Vec<_> =
        ["cupsd", "lp", "lpstat", "lpadmin", "lpoptions"].into_iter().filter(|program| !installed(program)).collect();
    let backend = Path::new("/usr/lib/cups/backend/cups-pdf");
    if !missing.is_empty() || !backend.exists() {
        println!("SKIPPED: printing is not tested here: missing {missing:?}, cups-pdf backend {}", backend.exists());
        return None;
    }
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).env("LC_ALL", "C").output().expect("starts");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    if !said("lpstat", &["-r"]).1.contains("is running") {
        let (started, complaint) = said("cupsd", &[]);
        assert!(started, "cupsd does not start: {complaint}");
        let begun = Instant::now();
        while !said("lpstat", &["-r"]).1.contains("is running") {
            assert!(begun.elapsed() < Duration::from_secs(15), "cupsd was started and does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    if !said("lpstat", &["-e"]).1.lines().any(|line| line == name) {
        let model = "lsb/usr/cups-pdf/CUPS-PDF_opt.ppd";
        let (made, complaint) = said("lpadmin", &["-p", name, "-v", "cups-pdf:/", "-m", model, "-E"]);
        assert!(made, "the queue cannot be made: {complaint}");
    }
    if name == PAUSED_QUEUE {
        assert!(said("cupsdisable", &[name]).0, "the queue cannot be paused");
    }
    Some(name)
}

/// Where cups-pdf leaves the papers of the person who prints.
pub(crate) fn folder() -> PathBuf {
    Path::new(&std::env::var_os("HOME").expect("a home")).join("PDF")
}

fn printed(job: &Job) -> Option<PathBuf> {
    let end = format!("-job_{}.pdf", job.number);
    let files = std::fs::read_dir(folder()).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.into_iter().find(|path| path.to_string_lossy().ends_with(&end))
}

async fn over(job: &Job) -> JobState {
    let begun = Instant::now();
    loop {
        let state = printing::job_state(job).await.expect("a state");
        if state.is_over() {
            return state;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the job is still {state:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_paper_comes_out_of_a_real_queue() {
    let Some(queue) = queue(QUEUE) else { return };
    let printers = printing::printers().await.expect("printers");
    let printer = printers.iter().find(|printer| printer.name == queue).expect("the queue is listed");
    assert!(printer.accepts_jobs);
    assert!(printing::choices(queue).await.expect("choices").media.contains(&"A4".to_owned()));

    let pdf = crate::paper::sample(80);
    let options = PrintOptions { title: "ST-2026-000123".into(), sides: Sides::LongEdge, ..PrintOptions::default() };
    let job = printing::print(&pdf, queue, &options).await.expect("a job");
    assert_eq!(over(&job).await, JobState::Printed);
    let paper = printed(&job).expect("the paper is in the folder");
    let bytes = std::fs::read(&paper).expect("readable");
    assert!(bytes.starts_with(b"%PDF") && bytes.len() > 10_000, "{} bytes", bytes.len());
    std::fs::remove_file(paper).expect("removed");
}

#[tokio::test]
async fn a_waiting_job_can_be_taken_back() {
    let Some(queue) = queue(PAUSED_QUEUE) else { return };
    let printers = printing::printers().await.expect("printers");
    let printer = printers.iter().find(|printer| printer.name == queue).expect("the queue is listed");
    assert_eq!(printer.state, PrinterState::Stopped);
    let options = PrintOptions { title: "ST-2026-000124".into(), copies: 2, ..PrintOptions::default() };
    let job = printing::print(&crate::paper::sample(3), queue, &options).await.expect("a job");
    assert_eq!(printing::job_state(&job).await, Ok(JobState::Waiting));
    printing::cancel(&job).await.expect("cancelled");
    assert!(matches!(over(&job).await, JobState::Cancelled));
    assert!(printing::cancel(&job).await.is_err(), "what is over cannot be cancelled");
}

#[tokio::test]
async fn an_unknown_printer_is_refused_by_name() {
    if queue(QUEUE).is_none() {
        return;
    }
    let refusal = printing::print(b"%PDF-1.7", "no-such-printer", &PrintOptions::default()).await.expect_err("refused");
    assert_eq!(refusal.rule_name(), Some("printer_not_found"));
}
