//! Handing paper to the system's printers through CUPS: which there are, what they can do, sending a
//! PDF, and what became of it.
//!
//! Listing and sending go through CUPS' own commands, which know every way a printer may be reached.
//! Only the state of a job is asked of the scheduler itself: the commands say that a job has left the
//! queue, not whether it was printed, cancelled or given up, and money papers need the difference.

mod ipp;

use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::{Error, Result};

/// A scheduler that does not answer for so long is as good as absent.
const PATIENCE: Duration = Duration::from_secs(20);

/// A printer that the system knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Printer {
    /// Its queue's name.
    pub name: String,
    /// What people call it.
    pub description: String,
    /// Whether it is the one used when nobody chooses.
    pub is_default: bool,
    /// Whether its queue takes jobs.
    pub accepts_jobs: bool,
    /// Whether it works through its queue at present.
    pub state: PrinterState,
}

/// What a printer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// Waits for work.
    Idle,
    /// Prints.
    Printing,
    /// Stopped: out of paper, jammed, or paused by somebody.
    Stopped,
}

/// What a printer can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choices {
    /// Paper sizes.
    pub media: Vec<String>,
    /// Trays.
    pub trays: Vec<String>,
    /// Whether it prints on both sides.
    pub two_sided: bool,
}

/// Which sides of a sheet are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// The front only.
    #[default]
    One,
    /// Both, turned like a book.
    LongEdge,
    /// Both, turned like a calendar.
    ShortEdge,
}

/// How a paper is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrintOptions {
    /// What the queue shows: the document's number, never a name.
    pub title: String,
    /// How many.
    pub copies: u16,
    /// On which sides.
    pub sides: Sides,
    /// Paper size; A4 where nobody says otherwise.
    pub media: String,
    /// Tray, by the printer's own name for it.
    pub tray: Option<String>,
    /// The first page: after a jam the paper goes on where it stopped.
    pub from_page: u32,
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self { title: "Kontor".into(), copies: 1, sides: Sides::One, media: "A4".into(), tray: None, from_page: 1 }
    }
}

/// A job handed to CUPS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The queue it went to.
    pub printer: String,
    /// Its number.
    pub number: i32,
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits its turn.
    Waiting,
    /// Held back by somebody.
    Held,
    /// Being printed.
    Printing,
    /// Begun, then stopped: look at the printer.
    Stopped,
    /// Cancelled by somebody.
    Cancelled,
    /// Given up by the system.
    Failed,
    /// Printed.
    Printed,
    /// Left the queue; the system does not say how.
    Gone,
}

impl JobState {
    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Failed | Self::Printed | Self::Gone)
    }
}

/// The printers of this computer, the default one first.
pub async fn printers() -> Result<Vec<Printer>> {
    running().await?;
    let names = say("lpstat", &["-e"]).await?;
    let default = say("lpstat", &["-d"]).await?;
    let default = default.rsplit_once(": ").map(|(_, name)| name.trim().to_owned());
    let (states, accepting) = (say("lpstat", &["-l", "-p"]).await?, say("lpstat", &["-a"]).await?);
    let mut printers: Vec<Printer> = names
        .lines()
        .map(|name| Printer {
            name: name.to_owned(),
            description: description_of(&states, name),
            is_default: default.as_deref() == Some(name),
            // A printer found on the network has no queue here yet; CUPS makes one when it is used.
            accepts_jobs: !accepting.lines().any(|line| line.starts_with(&format!("{name} not accepting"))),
            state: state_of(&states, name),
        })
        .collect();
    printers.sort_by_key(|printer| !printer.is_default);
    Ok(printers)
}

/// What a printer can be told.
pub async fn choices(printer: &str) -> Result<Choices> {
    known(printer).await?;
    let options = say("lpoptions", &["-p", printer, "-l"]).await?;
    Ok(choices_in(&options))
}

/// Sends a PDF to a printer. The bytes go through a pipe: a copy on the disk would outlive the job.
pub async fn print(pdf: &[u8], printer: &str, options: &PrintOptions) -> Result<Job> {
    known(printer).await?;
    let mut command = Command::new("lp");
    let sides = match options.sides {
        Sides::One => "one-sided",
        Sides::LongEdge => "two-sided-long-edge",
        Sides::ShortEdge => "two-sided-short-edge",
    };
    command.args(["-d", printer, "-t", &options.title, "-n", &options.copies.max(1).to_string()]);
    command.args([
        "-o",
        &format!("sides={sides}"),
        "-o",
        &format!("media={}", options.media),
        "-o",
        "fit-to-page=false",
    ]);
    if options.from_page > 1 {
        command.args(["-P", &format!("{}-", options.from_page)]);
    }
    if let Some(tray) = &options.tray {
        command.args(["-o", &format!("InputSlot={tray}")]);
    }
    let answer = run(command, Some(pdf)).await?;
    if !answer.went_well {
        return Err(Error::rule_with("printer_failed", json!({ "printer": printer, "says": answer.complaint })));
    }
    // "request id is QUEUE-12 (0 file(s))": the queue's own name may contain hyphens.
    let id = answer.text.split_whitespace().nth(3).and_then(|id| id.rsplit_once('-'));
    let number = id.and_then(|(_, number)| number.parse().ok());
    let number = number.ok_or_else(|| Error::bug(format_args!("lp answered {:?}", answer.text)))?;
    Ok(Job { printer: printer.to_owned(), number })
}

/// What became of a job.
pub async fn job_state(job: &Job) -> Result<JobState> {
    if let Some(state) = tokio::time::timeout(PATIENCE, ipp::job_state(job)).await.ok().flatten() {
        return Ok(state);
    }
    running().await?;
    let waiting = say("lpstat", &["-W", "not-completed", "-o", &job.printer]).await?;
    let id = format!("{}-{}", job.printer, job.number);
    let waits = waiting.lines().any(|line| line.split_whitespace().next() == Some(&id));
    Ok(if waits { JobState::Waiting } else { JobState::Gone })
}

/// Takes a job back, if it has not been printed yet.
pub async fn cancel(job: &Job) -> Result<()> {
    let mut command = Command::new("cancel");
    command.arg(format!("{}-{}", job.printer, job.number));
    let answer = run(command, None).await?;
    if answer.went_well {
        return Ok(());
    }
    Err(Error::rule_with("printer_failed", json!({ "printer": job.printer, "says": answer.complaint })))
}

async fn running() -> Result<()> {
    // The exit status says nothing here; "not" is part of the sentence that does.
    let answer = say("lpstat", &["-r"]).await?;
    if answer.contains("is running") {
        return Ok(());
    }
    Err(Error::rule_with("printing_unavailable", json!({ "reason": "scheduler_not_running" })))
}

async fn known(printer: &str) -> Result<()> {
    running().await?;
    let names = say("lpstat", &["-e"]).await?;
    if names.lines().any(|name| name == printer) {
        return Ok(());
    }
    Err(Error::rule_with("printer_not_found", json!({ "printer": printer })))
}

/// What a command printed, and its last complaint.
struct Answer {
    went_well: bool,
    text: String,
    complaint: String,
}

async fn say(program: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(run(command, None).await?.text)
}

async fn run(mut command: Command, input: Option<&[u8]>) -> Result<Answer> {
    // Their sentences are translated otherwise, and we read them.
    command.env("LC_ALL", "C").env_remove("LANGUAGE").kill_on_drop(true);
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::rule_with("printing_unavailable", json!({ "reason": "cups_not_installed" }))
        }
        _ => Error::from(error),
    })?;
    let pipe = child.stdin.take();
    let feed = async {
        if let (Some(mut pipe), Some(bytes)) = (pipe, input) {
            // A command that refuses its arguments closes the pipe early: its complaint says why.
            let _ = pipe.write_all(bytes).await;
        }
    };
    let both = async { tokio::join!(feed, child.wait_with_output()).1 };
    let output = tokio::time::timeout(PATIENCE, both)
        .await
        .map_err(|_| Error::rule_with("printing_unavailable", json!({ "reason": "scheduler_does_not_answer" })))??;
    let complaint = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().trim().to_owned();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(Answer { went_well: output.status.success(), text, complaint })
}

/// The lines of `lpstat -l -p` about one printer: its first line, and the indented ones below.
fn about<'a>(states: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let head = format!("printer {name} ");
    states
        .lines()
        .skip_while(move |line| !line.starts_with(&head))
        .enumerate()
        .take_while(|(at, line)| *at == 0 || line.starts_with(char::is_whitespace))
        .map(|(_, line)| line)
}

fn state_of(states: &str, name: &str) -> PrinterState {
    match about(states, name).next() {
        Some(line) if line.contains(" now printing ") => PrinterState::Printing,
        Some(line) if line.contains(" disabled since ") => PrinterState::Stopped,
        _ => PrinterState::Idle,
    }
}

fn description_of(states: &str, name: &str) -> String {
    let description = about(states, name).find_map(|line| line.trim_start().strip_prefix("Description:"));
    description.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(name).to_owned()
}

/// Lines of `lpoptions -l` read `Keyword/Words: choice *default choice`.
fn choices_in(options: &str) -> Choices {
    let values = |keywords: &[&str]| -> Vec<String> {
        options
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(key, _)| keywords.contains(&key.split('/').next().unwrap_or_default()))
            .flat_map(|(_, values)| values.split_whitespace())
            .map(|value| value.trim_start_matches('*').to_owned())
            .filter(|value| !value.starts_with("Custom."))
            .collect()
    };
    let two_sided = values(&["Duplex", "sides"]).iter().any(|value| value != "None" && value != "one-sided");
    Choices { media: values(&["PageSize", "media"]), trays: values(&["InputSlot", "media-source"]), two_sided }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: &str = "printer Accounts-2 is idle.  enabled since Sun Nov 22 01:30:24 2026\n\
        \tDescription: Second floor\n\tAlerts: none\n\
        printer Accounts now printing Accounts-7.  enabled since Sun Nov 22 01:30:24 2026\n\tDescription: \n\
        printer Store disabled since Sun Nov 22 01:30:50 2026 -\n\tPaused\n\tDescription: Store room\n";

    #[test]
    fn a_printer_whose_name_begins_like_anothers_keeps_its_own_state() {
        assert_eq!(state_of(STATES, "Accounts"), PrinterState::Printing);
        assert_eq!(state_of(STATES, "Accounts-2"), PrinterState::Idle);
        assert_eq!(state_of(STATES, "Store"), PrinterState::Stopped);
        assert_eq!(description_of(STATES, "Accounts-2"), "Second floor");
        assert_eq!(description_of(STATES, "Accounts"), "Accounts");
    }

    #[test]
    fn choices_are_read_from_the_printers_own_list() {
        let options = "PageSize/Media Size: Custom.WIDTHxHEIGHT A3 *A4 Letter\nInputSlot/Tray: *Auto Tray1 Tray2\n\
            Duplex/2-Sided: *None DuplexNoTumble DuplexTumble\n";
        let choices = choices_in(options);
        assert_eq!(choices.media, ["A3", "A4", "Letter"]);
        assert_eq!(choices.trays, ["Auto", "Tray1", "Tray2"]);
        assert!(choices.two_sided);
        assert!(!choices_in("Duplex/2-Sided: *None\n").two_sided);
    }
}
