//! From the bytes on disk to texts: ZIP and gzip, with a ceiling, and the two encodings that providers use.

use super::{FileError, FileResult};
use encoding_rs::GB18030;
use std::io::{Cursor, Read};

/// The most that one file may hold once it is unpacked. A month of a large merchant is a tenth of this.
pub const LARGEST_FILE: usize = 200 * 1024 * 1024;

/// A bill archive holds two files; an archive with many more is something else.
const MOST_MEMBERS: usize = 64;

/// The files inside `bytes`: a ZIP's members, what a gzip holds, or the bytes themselves.
///
/// The ceiling counts what comes out, so an archive that unpacks to terabytes stops at `largest`.
pub fn unpack(bytes: &[u8], largest: usize) -> FileResult<Vec<Vec<u8>>> {
    if bytes.len() > largest {
        return Err(too_large(largest));
    }
    if bytes.is_empty() {
        return Err(FileError::new("file_empty"));
    }
    if is_zip(bytes) {
        return unpack_zip(bytes, largest);
    }
    if is_gzip(bytes) {
        return Ok(vec![unpack_gzip(bytes, largest)?]);
    }
    Ok(vec![bytes.to_vec()])
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
}

fn too_large(largest: usize) -> FileError {
    FileError::new("file_too_large").with("limit", largest)
}

/// Member names are not looked at: they are GBK without the flag that would say so, and their order is not fixed.
fn unpack_zip(bytes: &[u8], largest: usize) -> FileResult<Vec<Vec<u8>>> {
    let broken = || FileError::new("file_archive_broken");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_MEMBERS {
        return Err(broken().with("expected", format!("at most {MOST_MEMBERS} files")).with("found", archive.len()));
    }
    let mut left = largest;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|_| broken())?;
        if !member.is_file() {
            continue;
        }
        let mut content = read_at_most(member, left, largest, broken)?;
        left -= content.len();
        if is_gzip(&content) {
            content = unpack_gzip(&content, left).map_err(|error| error.with("limit", largest))?;
            left = left.saturating_sub(content.len());
        }
        if !content.is_empty() {
            members.push(content);
        }
    }
    if members.is_empty() {
        return Err(FileError::new("file_empty"));
    }
    Ok(members)
}

fn unpack_gzip(bytes: &[u8], largest: usize) -> FileResult<Vec<u8>> {
    let reader = flate2::read::MultiGzDecoder::new(bytes);
    read_at_most(reader, largest, largest, || FileError::new("file_archive_broken"))
}

fn read_at_most(
    reader: impl Read,
    left: usize,
    largest: usize,
    broken: impl FnOnce() -> FileError,
) -> FileResult<Vec<u8>> {
    let mut content = Vec::new();
    reader.take(left as u64 + 1).read_to_end(&mut content).map_err(|_| broken())?;
    if content.len() > left {
        return Err(too_large(largest));
    }
    Ok(content)
}

/// Text from UTF-8 (with or without its mark) or else GBK; a byte that is neither is refused with its line.
///
/// UTF-8 is tried first: GBK text of more than a few characters is never valid UTF-8, the reverse often is.
pub fn read_text(bytes: &[u8]) -> FileResult<String> {
    let broken = |at: usize| {
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        FileError::new("file_encoding_broken").at(line).with("expected", "UTF-8 or GBK")
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(broken(0).with("found", "UTF-16"));
    }
    if bytes.contains(&0) {
        // Text has no zero bytes: this is a picture, a document, a program.
        return Err(FileError::new("file_kind_unknown"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return match std::str::from_utf8(rest) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(broken(error.valid_up_to() + 3)),
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(broken(first_broken_gbk_line(bytes))),
    }
}

/// Where GBK stops making sense, found line by line: a line feed is never part of a GBK character.
fn first_broken_gbk_line(bytes: &[u8]) -> usize {
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if GB18030.decode_without_bom_handling_and_without_replacement(line).is_none() {
            return start;
        }
        start += line.len();
    }
    0
}
