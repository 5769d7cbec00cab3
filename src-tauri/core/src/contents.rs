//! What lies inside a paper: the words and attachments of an e-mail, the files of a ZIP.
//!
//! A letter is shown as its text. HTML becomes text here, so nothing of a sender's page ever runs, and nothing that
//! it points to is fetched: the sender does not learn that his letter was read.

use crate::attachments::{LARGEST_ATTACHMENT, sniff};
use crate::error::{Error, Result};
use crate::files::FileError;
use encoding_rs::GB18030;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::Serialize;
use std::io::{Cursor, Read};

/// How many files of an archive are named.
const MOST_NAMED: usize = 500;

/// How much of a letter's text is shown.
const MOST_TEXT: usize = 200_000;

/// One thing inside a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its number, to ask for it.
    pub index: usize,
    /// What the sender called it.
    pub name: String,
    /// Its size once it is taken out.
    pub size_bytes: u64,
    /// Locked with a password that we do not have.
    pub locked: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Contents {
    /// An e-mail.
    Letter {
        /// Who sent it, by its own account.
        from: String,
        /// To whom.
        to: String,
        /// And to whom else.
        cc: String,
        /// When, by its own account (with the sender's offset).
        sent_at: Option<String>,
        /// What about.
        subject: String,
        /// Its words.
        text: String,
        /// Whether they were taken out of a page; then pictures and looks are left out.
        from_page: bool,
        /// Whether the page points to things on the network, which are not fetched.
        remote: bool,
        /// What is attached.
        parts: Vec<Part>,
    },
    /// A ZIP.
    Archive {
        /// Its files.
        parts: Vec<Part>,
        /// Files beyond those that are named.
        more: usize,
    },
    /// It has no inside that we could show.
    Single,
}

/// Looks inside a paper.
pub fn look(media_type: &str, bytes: &[u8]) -> Result<Contents> {
    match media_type {
        "message/rfc822" => letter(bytes),
        "application/zip" => archive(bytes),
        _ => Ok(Contents::Single),
    }
}

/// One part of a paper, taken out: its name, what it is by its content, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What the sender called it.
    pub name: String,
    /// By content: a name is the first thing a forger changes.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Follows a path of part numbers into a paper: the second file of the ZIP that is the first attachment is `[0, 1]`.
pub fn take(name: &str, bytes: &[u8], path: &[usize]) -> Result<Taken> {
    let mut taken = Taken { name: name.to_owned(), media_type: sniff(name, bytes)?, bytes: bytes.to_vec() };
    for index in path {
        let (name, bytes) = match taken.media_type {
            "message/rfc822" => attached(&taken.bytes, *index)?,
            "application/zip" => member(&taken.bytes, *index)?,
            _ => return Err(unknown()),
        };
        // A program inside a letter or an archive is no more a proof than one that was sent by itself.
        taken = Taken { media_type: sniff(&name, &bytes)?, name, bytes };
    }
    Ok(taken)
}

fn unknown() -> Error {
    Error::rule("argument_invalid")
}

fn broken() -> Error {
    FileError::new("file_archive_broken").into()
}

fn parse(bytes: &[u8]) -> Result<Message<'_>> {
    MessageParser::default().parse(bytes).ok_or_else(|| Error::rule("attachment_type_not_supported"))
}

fn letter(bytes: &[u8]) -> Result<Contents> {
    let message = parse(bytes)?;
    let mut text = String::new();
    let mut from_page = false;
    for part in message.text_bodies() {
        let words = match &part.body {
            PartType::Text(words) => words.to_string(),
            PartType::Html(page) => {
                from_page = true;
                mail_parser::decoders::html::html_to_text(page)
            }
            _ => continue,
        };
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(words.trim());
    }
    if let Some((cut, _)) = text.char_indices().nth(MOST_TEXT) {
        text.truncate(cut);
        text.push('…');
    }
    let pages =
        message.html_bodies().filter_map(|part| if let PartType::Html(page) = &part.body { Some(page) } else { None });
    let remote = pages.into_iter().any(|page| points_outside(page));
    let parts = message.attachments().enumerate().map(|(index, part)| Part {
        index,
        name: name_of(part, index),
        size_bytes: part.contents().len() as u64,
        locked: false,
    });
    Ok(Contents::Letter {
        from: people(message.from()),
        to: people(message.to()),
        cc: people(message.cc()),
        sent_at: message.date().map(|date| date.to_rfc3339()),
        subject: message.subject().unwrap_or_default().to_owned(),
        text,
        from_page,
        remote,
        parts: parts.collect(),
    })
}

/// Pictures, sheets and frames that a page would fetch when it is shown as a page.
fn points_outside(page: &str) -> bool {
    let page = page.to_ascii_lowercase();
    ["src=", "background=", "url(", "<link"].iter().any(|mark| {
        page.match_indices(mark).any(|(at, _)| {
            let rest = page[at + mark.len()..].trim_start_matches([' ', '"', '\'', '\n', '\r', '\t']);
            *mark == "<link" || rest.starts_with("http") || rest.starts_with("//")
        })
    })
}

fn people(address: Option<&Address<'_>>) -> String {
    let one = |person: &mail_parser::Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(word), None) | (None, Some(word)) => word.to_owned(),
        (None, None) => String::new(),
    };
    address.map(|address| address.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

fn name_of(part: &MessagePart<'_>, index: usize) -> String {
    let named = part.attachment_name().map(str::trim).filter(|name| !name.is_empty());
    let plain = named.map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned());
    plain.unwrap_or_else(|| match &part.body {
        PartType::Message(inner) => format!("{}.eml", inner.subject().unwrap_or("letter")),
        PartType::Html(_) => format!("{}.html", index + 1),
        PartType::Text(_) => format!("{}.txt", index + 1),
        _ => (index + 1).to_string(),
    })
}

fn attached(bytes: &[u8], index: usize) -> Result<(String, Vec<u8>)> {
    let message = parse(bytes)?;
    let part = message.attachments().nth(index).ok_or_else(unknown)?;
    Ok((name_of(part, index), part.contents().to_vec()))
}

type Zip<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

fn open_archive(bytes: &[u8]) -> Result<Zip<'_>> {
    zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())
}

fn archive(bytes: &[u8]) -> Result<Contents> {
    let mut archive = open_archive(bytes)?;
    let mut parts = Vec::new();
    for index in 0..archive.len().min(MOST_NAMED) {
        let member = archive.by_index_raw(index).map_err(|_| broken())?;
        if member.is_file() {
            let name = decoded(member.name_raw());
            parts.push(Part { index, name, size_bytes: member.size(), locked: member.encrypted() });
        }
    }
    Ok(Contents::Archive { parts, more: archive.len().saturating_sub(MOST_NAMED) })
}

/// Windows in China writes GBK and no flag that would say so.
fn decoded(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(name).0.into_owned(),
    }
}

fn member(bytes: &[u8], index: usize) -> Result<(String, Vec<u8>)> {
    let mut archive = open_archive(bytes)?;
    if index >= archive.len() {
        return Err(unknown());
    }
    let member = archive.by_index(index).map_err(|_| broken())?;
    let path = decoded(member.name_raw());
    let name = path.rsplit(['/', '\\']).next().unwrap_or(&path).to_owned();
    let mut content = Vec::new();
    // What the archive says of its size is a claim: the ceiling counts what comes out.
    member.take(LARGEST_ATTACHMENT + 1).read_to_end(&mut content).map_err(|_| broken())?;
    Ok((name, content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    /// Written as a Chinese mail program writes it: GB18030, encoded words, a page beside the text, two attachments.
    fn sample() -> Vec<u8> {
        let body = GB18030.encode("我不同意这笔充值,请退款。").0;
        let page = "<html><head><style>p{color:red}</style></head><body><p>不同意</p><script>alert(1)</script>\
                    <img src=\"https://tracker.example/pixel.gif\"></body></html>";
        let inner = crate::demo::archive(&[("聊天记录.txt", "客户:我不同意".as_bytes()), ("nested/2.txt", b"two")]);
        format!(
            "From: =?GB2312?B?{}?= <wang@example.cn>\r\nTo: finance@example.cn, =?utf-8?B?{}?= <cs@example.cn>\r\n\
             Subject: =?utf-8?B?{}?=\r\nDate: Fri, 13 Feb 2026 17:20:00 +0800\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=outer\r\n\r\n\
             --outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n\
             --inner\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
             --inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--inner--\r\n\
             --outer\r\nContent-Type: application/octet-stream; name=\"proof.zip\"\r\n\
             Content-Disposition: attachment; filename=\"proof.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
             --outer\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=\"..\\\\up\\\\setup.exe\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
             --outer--\r\n",
            BASE64_STANDARD.encode(GB18030.encode("王小明").0),
            BASE64_STANDARD.encode("客服"),
            BASE64_STANDARD.encode("关于订单 L1"),
            BASE64_STANDARD.encode(&body),
            BASE64_STANDARD.encode(inner),
            BASE64_STANDARD.encode(b"MZ\x90\0\x03\0\0\0"),
        )
        .into_bytes()
    }

    #[test]
    fn a_letter_is_read_as_its_sender_wrote_it() {
        let bytes = sample();
        let Ok(Contents::Letter { from, to, sent_at, subject, text, from_page, remote, parts, .. }) =
            look("message/rfc822", &bytes)
        else {
            panic!("a letter");
        };
        assert_eq!(from, "王小明 <wang@example.cn>");
        assert_eq!(to, "finance@example.cn, 客服 <cs@example.cn>");
        assert_eq!(sent_at.as_deref(), Some("2026-02-13T17:20:00+08:00"));
        assert_eq!((subject.as_str(), text.as_str()), ("关于订单 L1", "我不同意这笔充值,请退款。"));
        assert!(!from_page && remote, "the words were there as text; the page beside them points outside");
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["proof.zip", "setup.exe"]);
    }

    #[test]
    fn a_page_becomes_words_and_nothing_of_it_runs() {
        let page = "From: a@b.cn\r\nSubject: page\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
                    <html><body><script>alert(1)</script><h1>Hello</h1><p>one &amp; two</p></body></html>";
        let Ok(Contents::Letter { text, from_page, remote, .. }) = look("message/rfc822", page.as_bytes()) else {
            panic!("a letter");
        };
        assert!(from_page && !remote);
        assert!(text.contains("Hello") && text.contains("one & two"), "{text}");
        assert!(!text.contains('<') && !text.contains("alert"), "{text}");
    }

    #[test]
    fn parts_are_taken_out_by_their_path_and_programs_are_not() {
        let bytes = sample();
        let zip = take("letter.eml", &bytes, &[0]).expect("the attachment");
        assert_eq!((zip.name.as_str(), zip.media_type), ("proof.zip", "application/zip"));
        let Ok(Contents::Archive { parts, more: 0 }) = look(zip.media_type, &zip.bytes) else { panic!("an archive") };
        assert_eq!(parts[0].name, "聊天记录.txt");
        let text = take("letter.eml", &bytes, &[0, 1]).expect("a file in the attachment");
        assert_eq!((text.name.as_str(), text.media_type, text.bytes.as_slice()), ("2.txt", "text/plain", &b"two"[..]));
        let refused =
            |path: &[usize]| take("letter.eml", &bytes, path).err().and_then(|e| e.rule_name().map(str::to_owned));
        assert_eq!(refused(&[1]).as_deref(), Some("attachment_type_not_supported"));
        assert_eq!(refused(&[7]).as_deref(), Some("argument_invalid"));
        assert_eq!(refused(&[0, 0, 0]).as_deref(), Some("argument_invalid"));
    }

    /// As Windows in China writes it, and as a bomb would be written.
    #[test]
    fn names_in_gbk_are_read_and_what_unpacks_without_end_is_stopped() {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("bomb.txt", options).expect("started");
        for _ in 0..21 {
            zip.write_all(&vec![b' '; 1024 * 1024]).expect("written");
        }
        let mut bytes = zip.finish().expect("finished").into_inner();
        let refusal = take("a.zip", &bytes, &[0]).expect_err("too large");
        assert_eq!(refusal.rule_name(), Some("attachment_too_large"));
        // The same length in GBK: two characters of two bytes and the ending.
        let gbk = GB18030.encode("账单.txt").0;
        let found: Vec<usize> =
            bytes.windows(8).enumerate().filter(|(_, window)| window == b"bomb.txt").map(|(at, _)| at).collect();
        for at in found {
            bytes[at..at + 8].copy_from_slice(&gbk);
        }
        let Ok(Contents::Archive { parts, .. }) = look("application/zip", &bytes) else { panic!("an archive") };
        assert_eq!(parts[0].name, "账单.txt");
    }
}
