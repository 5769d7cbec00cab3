//! Proof and evidence files, sent and fetched in pieces.
//!
//! What a file is comes from its content, never from its name: a name is the first thing a forger changes.
//! The database hashes the whole again when the last piece has arrived, and looks at it for itself.

use crate::database::Database;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use uuid::Uuid;

/// The largest paper that is taken.
pub const LARGEST_ATTACHMENT: u64 = 20 * 1024 * 1024;

/// What one call carries; the database takes no more in one piece.
const PIECE: usize = 1024 * 1024;

/// How much of a text is looked at.
const LOOK: usize = 64 * 1024;

/// What is known of a paper besides its bytes.
#[derive(Clone, Copy, Default)]
pub struct Origin<'a> {
    /// When it was received, in ISO 8601; now where nothing is said. Received and recorded are two instants.
    pub received_at: Option<&'a str>,
    /// From whom, where no step of the case says it: `third_party` or `holder`.
    pub party: Option<&'a str>,
}

/// Files a paper that is received now. The same id sends the same paper again without doubling it.
pub async fn attach(
    db: &Database,
    command_id: Uuid,
    subject_kind: &str,
    subject_id: &str,
    name: &str,
    bytes: &[u8],
) -> Result<Value> {
    attach_from(db, command_id, (subject_kind, subject_id), name, bytes, Origin::default()).await
}

/// Files a paper with a case and answers with its row.
pub async fn attach_from(
    db: &Database,
    command_id: Uuid,
    (subject_kind, subject_id): (&str, &str),
    name: &str,
    bytes: &[u8],
    origin: Origin<'_>,
) -> Result<Value> {
    let media_type = sniff(name, bytes)?;
    let arguments = json!({
        "command_id": command_id, "subject_kind": subject_kind, "subject_id": subject_id, "file_name": name,
        "media_type": media_type, "size_bytes": bytes.len().to_string(), "sha256": hex(&Sha256::digest(bytes)),
        "received_at": origin.received_at, "party": origin.party,
    });
    let begun = db.call("attachments.begin", &arguments).await?;
    if begun["complete"] == json!(true) {
        return Ok(begun);
    }
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        let number = i32::try_from(number).map_err(Error::bug)?;
        sqlx::query("select api.append_attachment($1, $2, $3)")
            .bind(command_id)
            .bind(number)
            .bind(piece)
            .execute(&db.pool)
            .await?;
    }
    let finish = json!({"command_id": finishing(command_id), "attachment_id": command_id});
    db.call("attachments.finish", &finish).await
}

/// Files a paper from a file; nothing is read of one that is too large.
pub async fn attach_file(
    db: &Database,
    command_id: Uuid,
    subject: (&str, &str),
    path: &Path,
    origin: Origin<'_>,
) -> Result<Value> {
    let unreadable = |cause: std::io::Error| {
        tracing::warn!("{}: {cause}", path.display());
        Error::rule("file_not_readable")
    };
    let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > LARGEST_ATTACHMENT {
        return Err(too_large(size));
    }
    let bytes = tokio::fs::read(path).await.map_err(unreadable)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    attach_from(db, command_id, subject, &name, &bytes, origin).await
}

/// The bytes of a paper. That this person opens it is written down first.
pub async fn fetch(db: &Database, id: Uuid) -> Result<Vec<u8>> {
    let opened = db.call("attachments.opened", &json!({"command_id": Uuid::now_v7(), "attachment_id": id})).await?;
    let mut bytes = Vec::new();
    for number in 0.. {
        let piece: Option<Vec<u8>> =
            sqlx::query_scalar("select api.read_attachment($1, $2)").bind(id).bind(number).fetch_one(&db.pool).await?;
        let Some(piece) = piece else { break };
        bytes.extend_from_slice(&piece);
    }
    match opened["sha256"] == json!(hex(&Sha256::digest(&bytes))) {
        true => Ok(bytes),
        false => Err(Error::rule("attachment_hash_differs")),
    }
}

/// What the bytes are, if they are something that is taken as proof.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<&'static str> {
    if bytes.is_empty() {
        return Err(Error::rule("attachment_is_empty"));
    }
    if bytes.len() as u64 > LARGEST_ATTACHMENT {
        return Err(too_large(bytes.len() as u64));
    }
    let known = infer::get(bytes).map(|kind| kind.mime_type());
    match known {
        Some("application/pdf") => Ok("application/pdf"),
        Some("image/png") => Ok("image/png"),
        Some("image/jpeg") => Ok("image/jpeg"),
        Some("image/gif") => Ok("image/gif"),
        Some("image/webp") => Ok("image/webp"),
        Some("application/zip") => Ok("application/zip"),
        Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document") => {
            Ok("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => {
            Ok("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        // A letter often begins like a page or a mailbox; a text is a text whatever it describes.
        None | Some("text/html" | "text/xml" | "text/plain" | "application/mbox") if is_text(bytes) => Ok(match name {
            _ if is_letter(bytes) => "message/rfc822",
            name if name.to_lowercase().ends_with(".csv") => "text/csv",
            _ => "text/plain",
        }),
        _ => Err(Error::rule("attachment_type_not_supported")),
    }
}

fn too_large(size: u64) -> Error {
    Error::rule_with("attachment_too_large", json!({"size_bytes": size, "most_bytes": LARGEST_ATTACHMENT}))
}

/// UTF-8 or GBK, without the control characters that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let looked = &bytes[..bytes.len().min(LOOK)];
    let controls = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    if bytes.contains(&0) || looked.iter().any(controls) {
        return false;
    }
    match std::str::from_utf8(looked) {
        Ok(_) => true,
        // The look may have ended in the middle of a character.
        Err(broken) if broken.error_len().is_none() => true,
        Err(_) => !encoding_rs::GBK.decode_without_bom_handling(looked).1 || looked.len() == LOOK,
    }
}

/// An e-mail as mail programs save it: a block of headers, with at least two that every letter has.
fn is_letter(bytes: &[u8]) -> bool {
    const USUAL: [&str; 8] = ["from", "to", "subject", "date", "received", "message-id", "mime-version", "return-path"];
    let looked = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK)]);
    let headers = looked.trim_start_matches('\u{feff}').lines().take_while(|line| !line.trim().is_empty());
    let mut usual = 0;
    for line in headers.filter(|line| !line.starts_with([' ', '\t'])) {
        match line.split_once(':') {
            Some((name, _)) if USUAL.contains(&name.to_ascii_lowercase().as_str()) => usual += 1,
            Some((name, _)) if name.chars().all(|c| c.is_ascii_graphic()) => {}
            _ if line.starts_with("From ") => {}
            _ => return false,
        }
    }
    usual >= 2
}

/// The id of the closing call, the same for every repetition of one upload.
fn finishing(command_id: Uuid) -> Uuid {
    let digest = Sha256::new().chain_update(command_id.as_bytes()).chain_update(b"finish").finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(name: &str, bytes: &[u8]) -> String {
        sniff(name, bytes).map(str::to_owned).unwrap_or_else(|error| error.rule_name().unwrap_or_default().to_owned())
    }

    #[test]
    fn content_decides_and_not_the_name() {
        assert_eq!(sniffed("proof.txt", b"%PDF-1.7 ..."), "application/pdf");
        assert_eq!(sniffed("proof.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png");
        assert_eq!(sniffed("photo", b"\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg");
        assert_eq!(sniffed("papers.eml", b"PK\x03\x04\x14\0\0\0"), "application/zip");
        assert_eq!(sniffed("chat.txt", "客户：我同意。".as_bytes()), "text/plain");
        assert_eq!(sniffed("chat.csv", b"who,what\r\nhe,agrees\r\n"), "text/csv");
        assert_eq!(sniffed("gbk.txt", b"\xbf\xcd\xbb\xa7\xcd\xac\xd2\xe2"), "text/plain");
    }

    #[test]
    fn a_letter_is_known_by_its_headers() {
        let letter =
            b"Return-Path: <a@b.cn>\r\nFrom: a@b.cn\r\nSubject: =?utf-8?B?5ZCM5oSP?=\r\n continued\r\n\r\nBody";
        assert_eq!(sniffed("x.bin", letter), "message/rfc822");
        assert_eq!(sniffed("x.eml", b"From the start: a story\nwithout headers\n"), "text/plain");
    }

    #[test]
    fn programs_and_empty_files_are_refused() {
        assert_eq!(sniffed("proof.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"), "attachment_type_not_supported");
        assert_eq!(sniffed("proof.png", b"\x7fELF\x02\x01\x01\0"), "attachment_type_not_supported");
        assert_eq!(sniffed("proof.png", b""), "attachment_is_empty");
        assert_eq!(sniffed("noise", b"\x01\x02\x00\x03"), "attachment_type_not_supported");
    }

    #[test]
    fn the_closing_id_is_stable_and_another_one() {
        let id = Uuid::now_v7();
        assert_eq!(finishing(id), finishing(id));
        assert_ne!(finishing(id), id);
    }
}
