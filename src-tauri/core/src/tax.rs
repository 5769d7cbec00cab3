//! The files between us and the tax platform: our sheet for its batch issue, its list of issued invoices, and the invoices themselves.
//!
//! Columns and headings are the database's, because the platform changes them; this writes cells and reads them by heading.

mod workbook;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::attachments;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::files::{read_text, split_line};

pub use workbook::{read as read_workbook, write as write_workbook};

/// The file of a sheet: a workbook with the worksheets that policy has.
///
/// Errors: what `tax.read_sheet` refuses.
pub async fn sheet(db: &Database, command_id: Uuid, sheet_id: Uuid) -> Result<Vec<u8>> {
    let sheet = db.call("tax.read_sheet", &json!({"command_id": command_id, "sheet_id": sheet_id})).await?;
    let sheets = sheet["sheets"].as_array().cloned().unwrap_or_default();
    tokio::task::spawn_blocking(move || write_workbook(&sheets)).await.map_err(Error::bug)?
}

/// Reads a list of issued invoices, workbook or comma-separated text, and has the books record it.
///
/// Errors: a file without the headings that policy knows is refused whole; so is what `tax.import_list` refuses.
pub async fn import_list(db: &Database, command_id: Uuid, path: &Path) -> Result<Value> {
    let bytes = read_file(path).await?;
    let known = db.call("tax.open", &json!({})).await?["columns"].clone();
    let rows = rows_of(&table_of(&bytes)?, &known)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let list =
        json!({"command_id": command_id, "file_name": name, "file_sha256": hex(&Sha256::digest(&bytes)), "rows": rows});
    db.call("tax.import_list", &list).await
}

async fn read_file(path: &Path) -> Result<Vec<u8>> {
    tokio::fs::read(path).await.map_err(|cause| {
        tracing::warn!("{}: {cause}", path.display());
        Error::rule("file_not_readable")
    })
}

/// Cells row by row, whatever the file is.
pub(crate) fn table_of(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    if bytes.starts_with(b"PK\x03\x04") {
        return read_workbook(bytes);
    }
    let text = read_text(bytes)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| Ok(split_line(n + 1, line)?.iter().map(|cell| cell.trim().to_owned()).collect())).collect()
}

/// The rows below the first one that has the headings of a list, by the names that the database gives to them.
fn rows_of(table: &[Vec<String>], known: &Value) -> Result<Vec<Value>> {
    let known = known.as_object().cloned().unwrap_or_default();
    let place = |head: &[String], field: &str| {
        let names = known.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        // The platform marks what must be filled in, and adds units.
        names.into_iter().find_map(|name| head.iter().position(|cell| cell.trim().trim_matches(['*', '＊']) == name))
    };
    let found = table.iter().enumerate().take(20).find_map(|(at, head)| {
        let official = place(head, "official_number")?;
        (place(head, "number").is_some() || place(head, "remark").is_some()).then_some((at, head, official))
    });
    let Some((at, head, _)) = found else {
        return Err(Error::rule_with("file_column_missing", json!({"column": "official_number, number"})));
    };
    let places: Vec<_> = known.keys().filter_map(|field| Some((field.clone(), place(head, field)?))).collect();
    let rows = table.iter().enumerate().skip(at + 1).filter_map(|(line, cells)| {
        let mut row = Map::new();
        for (field, place) in &places {
            if let Some(cell) = cells.get(*place).filter(|cell| !cell.is_empty()) {
                row.insert(field.clone(), json!(cell));
            }
        }
        // Sums and signatures below the list have no number.
        row.contains_key("official_number").then(|| {
            row.insert("line".to_owned(), json!(line + 1));
            Value::Object(row)
        })
    });
    Ok(rows.collect())
}

/// What became of a dropped file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// Its name.
    pub file: String,
    /// `attached`, or why it was not: `unknown`, `ambiguous`, `total_differs`, `refused`.
    pub verdict: &'static str,
    /// Our paper's number.
    pub number: Option<String>,
    /// The official number that was found in it.
    pub official_number: Option<String>,
    /// The rule that refused it.
    pub rule: Option<String>,
}

/// Attaches an official invoice (XML, PDF, OFD) to the paper whose official number stands in it or in its name.
/// It is hashed on the way, here and in the database.
pub async fn attach(db: &Database, path: &Path) -> Result<Dropped> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = read_file(path).await?;
    let text = words_of(&bytes);
    let mut numbers = official_numbers(&name);
    if numbers.is_empty() {
        numbers = official_numbers(&text);
    }
    let asked: Vec<&String> = numbers.iter().collect();
    let found = db.call("tax.find", &json!({"official_numbers": asked})).await?;
    let mut dropped = Dropped {
        file: name.clone(),
        verdict: "unknown",
        number: None,
        official_number: numbers.first().cloned(),
        rule: None,
    };
    let papers = found.as_array().map(Vec::as_slice).unwrap_or_default();
    let [paper] = papers else {
        dropped.verdict = if papers.is_empty() { "unknown" } else { "ambiguous" };
        return Ok(dropped);
    };
    dropped.number = paper["number"].as_str().map(str::to_owned);
    dropped.official_number = paper["official_number"].as_str().map(str::to_owned);
    // Only the XML has figures that can be read for certain.
    if text.trim_start_matches('\u{feff}').starts_with('<')
        && !text.contains(paper["total_incl"].as_str().unwrap_or_default())
    {
        dropped.verdict = "total_differs";
        return Ok(dropped);
    }
    let (id, command) = (paper["invoice_id"].as_str().unwrap_or_default(), attachment_id(paper, &bytes));
    match attachments::attach(db, command, "invoice", id, &name, &bytes).await {
        Ok(_) => dropped.verdict = "attached",
        Err(Error::Rule { name, .. }) => (dropped.verdict, dropped.rule) = ("refused", Some(name)),
        Err(error) => return Err(error),
    }
    Ok(dropped)
}

/// The same file for the same paper is the same attachment, however often it is dropped.
fn attachment_id(paper: &Value, bytes: &[u8]) -> Uuid {
    let digest =
        Sha256::new().chain_update(paper["invoice_id"].as_str().unwrap_or_default()).chain_update(bytes).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid()
}

/// Whatever text a file holds: itself, or the parts of an OFD.
fn words_of(bytes: &[u8]) -> String {
    const MOST: u64 = 4 * 1024 * 1024;
    let mut words = String::new();
    if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
        for at in 0..archive.len().min(200) {
            let Ok(part) = archive.by_index(at) else { continue };
            let mut text = Vec::new();
            if part.take(MOST).read_to_end(&mut text).is_ok() {
                words.push_str(&String::from_utf8_lossy(&text));
            }
        }
        return words;
    }
    if bytes.starts_with(b"%PDF") {
        let document = lopdf::Document::load_mem(bytes);
        return document
            .and_then(|pdf| pdf.extract_text(&pdf.get_pages().keys().copied().take(3).collect::<Vec<_>>()))
            .unwrap_or_default();
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Twenty digits that stand alone.
fn official_numbers(text: &str) -> BTreeSet<String> {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter(|run| run.len() == 20).map(str::to_owned).take(500).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_by_its_headings_wherever_they_stand() {
        let known = json!({"number": ["发票流水号"], "remark": ["备注"], "official_number": ["数电发票号码", "发票号码"], "total_incl": ["价税合计"]});
        let text = "税务平台导出,,\n序号,数电发票号码,价税合计,备注,发票流水号*\n1,26112000000123456789,\"1,200.00\",x,REQ-2026-0001\n合计,,1200.00,,\n";
        let rows = rows_of(&table_of(text.as_bytes()).expect("a table"), &known).expect("rows");
        assert_eq!(
            rows,
            [
                json!({"number": "REQ-2026-0001", "remark": "x", "official_number": "26112000000123456789", "total_incl": "1,200.00", "line": 3})
            ]
        );
        let foreign = rows_of(&table_of("a,b\n1,2\n".as_bytes()).expect("a table"), &known);
        assert_eq!(foreign.expect_err("refused").rule_name(), Some("file_column_missing"));
    }

    #[test]
    fn an_official_number_stands_alone() {
        let found = official_numbers("dzfp_26112000000123456789_某公司_20260601.xml 123456789012345678901234");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["26112000000123456789"]);
    }
}
