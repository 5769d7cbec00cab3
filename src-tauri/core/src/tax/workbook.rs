//! Workbooks as the tax platform takes and gives them: text in cells, nothing computed.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::error::{Error, Result};

/// More than any list has: a workbook that unpacks to more is not read.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Writes worksheets of text. A number stays as the books wrote it: a spreadsheet would round it.
pub fn write(sheets: &[Value]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let texts = |row: &Value| {
        row.as_array()
            .into_iter()
            .flatten()
            .map(|cell| cell.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet["name"].as_str().unwrap_or_default()).map_err(Error::bug)?;
        let head = std::iter::once(texts(&sheet["head"]));
        let rows = head.chain(sheet["rows"].as_array().into_iter().flatten().map(texts));
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                worksheet.write_string(row, column, cell).map_err(Error::bug)?;
            }
        }
    }
    workbook.save_to_buffer().map_err(Error::bug)
}

/// The cells of the first worksheet, row by row.
///
/// Errors: what is no workbook is refused as a file that cannot be read.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(unreadable)?;
    let mut part = |name: &str| -> Result<Option<String>> {
        let Ok(file) = archive.by_name(name) else { return Ok(None) };
        let mut text = String::new();
        file.take(MOST_BYTES).read_to_string(&mut text).map_err(unreadable)?;
        Ok(Some(text))
    };
    let shared = part("xl/sharedStrings.xml")?.map(|xml| shared_texts(&xml)).transpose()?.unwrap_or_default();
    let sheet = part("xl/worksheets/sheet1.xml")?.ok_or_else(|| unreadable("no worksheet"))?;
    cells(&sheet, &shared)
}

fn unreadable(cause: impl std::fmt::Display) -> Error {
    tracing::warn!("the workbook was not read: {cause}");
    Error::rule("file_archive_broken")
}

/// Texts that cells refer to by their place.
fn shared_texts(xml: &str) -> Result<Vec<String>> {
    let (mut texts, mut text, mut inside) = (Vec::new(), String::new(), false);
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(unreadable)? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => text.clear(),
            Event::Start(tag) if tag.local_name().as_ref() == "t" => inside = true,
            Event::Text(words) if inside => text.push_str(&words.xml10_content()),
            Event::GeneralRef(entity) if inside => text.push_str(&entity_text(&entity)),
            Event::End(tag) if tag.local_name().as_ref() == "t" => inside = false,
            Event::End(tag) if tag.local_name().as_ref() == "si" => texts.push(std::mem::take(&mut text)),
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

fn cells(xml: &str, shared: &[String]) -> Result<Vec<Vec<String>>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut column, mut is_shared, mut inside, mut text) = (0, false, false, String::new());
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(unreadable)? {
            Event::Start(tag) if tag.local_name().as_ref() == "row" => rows.push(Vec::new()),
            Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                let next = rows.last().map_or(0, Vec::len);
                column = attribute(&tag, "r").and_then(|place| column_of(&place)).unwrap_or(next);
                is_shared = attribute(&tag, "t").as_deref() == Some("s");
                text.clear();
            }
            Event::Start(tag) if matches!(tag.local_name().as_ref(), "v" | "t") => inside = true,
            Event::Text(words) if inside => text.push_str(&words.xml10_content()),
            Event::GeneralRef(entity) if inside => text.push_str(&entity_text(&entity)),
            Event::End(tag) if matches!(tag.local_name().as_ref(), "v" | "t") => inside = false,
            Event::End(tag) if tag.local_name().as_ref() == "c" => {
                let value = if is_shared {
                    text.parse().ok().and_then(|at: usize| shared.get(at).cloned()).unwrap_or_default()
                } else {
                    text.clone()
                };
                if let Some(row) = rows.last_mut().filter(|_| column < 16_384) {
                    if row.len() <= column {
                        row.resize(column + 1, String::new());
                    }
                    row[column] = value.trim().to_owned();
                }
            }
            Event::Eof => return Ok(rows),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

/// `AB12` is the twenty-eighth column.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    letters
        .fold(None, |sum: Option<usize>, letter| Some(sum.map_or(0, |sum| (sum + 1) * 26) + usize::from(letter - b'A')))
}

fn entity_text(entity: &quick_xml::events::BytesRef) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    match entity.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        let sheets = [json!({"name": "表", "head": ["号", "名"], "rows": [["1", "甲 & 乙 <丙>"], ["", "00123"]]})];
        let bytes = write(&sheets).expect("a workbook");
        assert_eq!(read(&bytes).expect("cells"), [vec!["号", "名"], vec!["1", "甲 & 乙 <丙>"], vec!["", "00123"]]);
        assert_eq!(read(b"PK\x03\x04 not a workbook").expect_err("refused").rule_name(), Some("file_archive_broken"));
    }

    #[test]
    fn columns_are_counted_by_their_letters() {
        assert_eq!(["A1", "Z9", "AA10", "AB2"].map(column_of), [Some(0), Some(25), Some(26), Some(27)]);
    }
}
