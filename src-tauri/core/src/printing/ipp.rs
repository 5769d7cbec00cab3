//! One question in the printing protocol (IPP): the state of a job.
//!
//! The scheduler listens on a socket of this machine; where it does not, nobody is asked and the caller
//! falls back to what the commands say.

use super::{Job, JobState};

const CHARSET: u8 = 0x47;
const LANGUAGE: u8 = 0x48;
const URI: u8 = 0x45;
const ENUM: u8 = 0x23;
const KEYWORD: u8 = 0x44;

/// Asks the scheduler. `None` when it cannot be asked or does not know the job.
#[cfg(unix)]
pub(super) async fn job_state(job: &Job) -> Option<JobState> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const SOCKETS: [&str; 3] = ["/run/cups/cups.sock", "/var/run/cups/cups.sock", "/private/var/run/cupsd"];
    if std::env::var_os("CUPS_SERVER").is_some() {
        return None;
    }
    let body = question(job);
    let head = format!(
        "POST /jobs/{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        job.number,
        body.len()
    );
    for socket in SOCKETS {
        let Ok(mut stream) = tokio::net::UnixStream::connect(socket).await else { continue };
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(&body).await.ok()?;
        let mut answer = Vec::new();
        stream.take(64 * 1024).read_to_end(&mut answer).await.ok()?;
        return state_in(&answer);
    }
    None
}

/// Elsewhere the scheduler has no socket to ask.
#[cfg(not(unix))]
pub(super) async fn job_state(_job: &Job) -> Option<JobState> {
    None
}

/// Get-Job-Attributes for the one attribute that matters.
fn question(job: &Job) -> Vec<u8> {
    const VERSION_1_1: [u8; 2] = [1, 1];
    const GET_JOB_ATTRIBUTES: [u8; 2] = [0, 9];
    const REQUEST: [u8; 4] = [0, 0, 0, 1];
    const OPERATION_GROUP: u8 = 1;
    const END: u8 = 3;
    let uri = format!("ipp://localhost/jobs/{}", job.number);
    let mut body = [VERSION_1_1.as_slice(), &GET_JOB_ATTRIBUTES, &REQUEST, &[OPERATION_GROUP]].concat();
    attribute(&mut body, CHARSET, "attributes-charset", b"utf-8");
    attribute(&mut body, LANGUAGE, "attributes-natural-language", b"en");
    attribute(&mut body, URI, "job-uri", uri.as_bytes());
    attribute(&mut body, KEYWORD, "requested-attributes", b"job-state");
    body.push(END);
    body
}

fn attribute(body: &mut Vec<u8>, tag: u8, name: &str, value: &[u8]) {
    body.push(tag);
    for text in [name.as_bytes(), value] {
        // Names and values of this question are far shorter than their two-byte length allows.
        body.extend_from_slice(&(text.len() as u16).to_be_bytes());
        body.extend_from_slice(text);
    }
}

/// Finds the state in an answer. The attribute's name and its fixed length stand out in the bytes, so
/// that neither chunked transfer nor other attributes need to be understood.
fn state_in(answer: &[u8]) -> Option<JobState> {
    let name = [&[ENUM, 0, 9], b"job-state".as_slice(), &[0, 4]].concat();
    let at = answer.windows(name.len()).position(|window| window == name)? + name.len();
    let number = answer.get(at..at + 4)?;
    match i32::from_be_bytes([number[0], number[1], number[2], number[3]]) {
        3 => Some(JobState::Waiting),
        4 => Some(JobState::Held),
        5 => Some(JobState::Printing),
        6 => Some(JobState::Stopped),
        7 => Some(JobState::Cancelled),
        8 => Some(JobState::Failed),
        9 => Some(JobState::Printed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTEGER: u8 = 0x21;

    #[test]
    fn the_state_is_found_behind_its_name() {
        let mut answer = b"HTTP/1.1 200 OK\r\n\r\n\x01\x01\x00\x00".to_vec();
        attribute(&mut answer, INTEGER, "job-id", &12i32.to_be_bytes());
        attribute(&mut answer, ENUM, "job-state", &8i32.to_be_bytes());
        assert_eq!(state_in(&answer), Some(JobState::Failed));
        assert_eq!(state_in(b"HTTP/1.1 404 Not Found\r\n\r\n"), None);
    }
}
