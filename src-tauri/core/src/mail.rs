//! An e-mail as a file (RFC 5322 with MIME): names and subject as encoded words, text and attachments as
//! base64, lines short enough for every server. The same letter gives the same bytes.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// An e-mail that has not been sent.
pub struct Mail<'a> {
    /// What identifies it; the same letter keeps its identity in every mail program.
    pub id: &'a str,
    /// Name and address of the writer.
    pub from: (&'a str, &'a str),
    /// Name and address of the reader.
    pub to: (&'a str, &'a str),
    /// The subject.
    pub subject: &'a str,
    /// The date in its head.
    pub sent_at: DateTime<Utc>,
    /// The plain text.
    pub text: &'a str,
    /// The files in it.
    pub attachments: Vec<Attachment<'a>>,
}

/// A file in an e-mail.
pub struct Attachment<'a> {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

impl Mail<'_> {
    /// The file. `X-Unsent` makes mail programs open it ready to be sent instead of as one received.
    pub fn write(&self) -> Vec<u8> {
        let digest = Sha256::digest(self.id.as_bytes());
        let boundary: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let domain = self.from.1.rsplit('@').next().unwrap_or("localhost");
        let mut file = String::new();
        let mut head = |name: &str, value: String| file.push_str(&format!("{name}: {value}\r\n"));
        head("From", address(self.from));
        head("To", address(self.to));
        head("Subject", words("Subject", self.subject));
        head("Date", self.sent_at.format("%a, %d %b %Y %H:%M:%S +0000").to_string());
        head("Message-ID", format!("<{}@{domain}>", self.id));
        head("MIME-Version", "1.0".into());
        head("X-Unsent", "1".into());
        head("Content-Type", format!("multipart/mixed; boundary=\"=_{boundary}\""));
        file.push_str(&format!("\r\n--=_{boundary}\r\n"));
        file.push_str("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        // Lines of text end as RFC 2046 wants them, whatever they ended with.
        file.push_str(&folded(self.text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()));
        for part in &self.attachments {
            file.push_str(&format!("--=_{boundary}\r\n"));
            file.push_str(&format!("Content-Type: {}\r\n", part.media_type));
            file.push_str(&format!("Content-Disposition: attachment; {}\r\n", file_name(&part.name)));
            file.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
            file.push_str(&folded(part.bytes));
        }
        file.push_str(&format!("--=_{boundary}--\r\n"));
        file.into_bytes()
    }
}

fn address((name, address): (&str, &str)) -> String {
    // What could end the header or begin another address is no part of an address.
    let address: String =
        address.chars().filter(|character| !character.is_control() && !"<>,; \"".contains(*character)).collect();
    match name.trim() {
        "" => format!("<{address}>"),
        name => format!("{}\r\n <{address}>", words("From", name)),
    }
}

/// A header's value: as it is where it is plain, else as encoded words, each on a line of its own and cut
/// between characters (RFC 2047).
fn words(header: &str, text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let plain = text.chars().all(|character| character.is_ascii_alphanumeric() || " -_".contains(character));
    if plain && header.len() + 2 + text.len() <= 76 {
        return text;
    }
    // With its header's name a line has at most 76 characters: 12 around 52 of base64, which carry 39 bytes.
    let mut pieces = vec![String::new()];
    for character in text.chars() {
        if pieces.last().is_some_and(|piece| piece.len() + character.len_utf8() > 39) {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(character);
        }
    }
    let encoded: Vec<String> = pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", base64(piece.as_bytes()))).collect();
    encoded.join("\r\n ")
}

/// A file's name for every mail program: percent-encoded (RFC 2231), and plain where it is plain.
fn file_name(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    if name.bytes().all(|byte| plain(&byte)) {
        return format!("filename=\"{name}\"");
    }
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("filename*=utf-8''{encoded}")
}

/// Base64 in lines of 76 characters.
fn folded(bytes: &[u8]) -> String {
    let mut lines = String::with_capacity(bytes.len() / 54 * 76 + 80);
    for line in bytes.chunks(57) {
        lines.push_str(&base64(line));
        lines.push_str("\r\n");
    }
    lines
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}
