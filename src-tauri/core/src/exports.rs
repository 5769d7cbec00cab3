//! Lists that leave the books as a file: CSV for any program, XLSX for a spreadsheet.
//!
//! An export asks the same command as the screen, page by page by its key, so it shows what the person may see and
//! nothing more, and holds one page in memory however long the list is. The file has another name until the books
//! remember the export; a cancel or a failure leaves nothing behind.

mod lists;
mod sheet;

pub use lists::{Column, LISTS, List, Shows};

use crate::database::Database;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use sheet::{Cell, Sheet};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Rows in one page: as many as a list gives at once. A cancel is heeded between two pages.
const PAGE_ROWS: u32 = 500;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text in UTF-8 with its mark, as spreadsheets expect it.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("xlsx") => Ok(Self::Xlsx),
            _ => Err(Error::rule_with("argument_invalid", json!({"argument": "format"}))),
        }
    }

    /// How a file of this kind is called at the end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The language of the heads, and of the words for codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// The text of a pair, English first.
    fn of(self, pair: [&'static str; 2]) -> &'static str {
        match self {
            Self::English => pair[0],
            Self::Chinese => pair[1],
        }
    }
}

/// What a person asked for.
#[derive(Debug, Clone, Deserialize)]
pub struct Export {
    /// The id of this export: made when it was asked for, kept when it is tried again.
    pub command_id: Uuid,
    /// The list's command, one of [`LISTS`].
    pub list: String,
    /// The arguments of the list as the screen sends them; those that page are left out.
    pub arguments: Map<String, Value>,
    /// What kind of file.
    pub format: Format,
    /// The reader's language.
    pub language: Language,
    /// Words for the codes of a column, by the column's field; a code without a word stays as it is.
    #[serde(default)]
    pub words: HashMap<String, HashMap<String, String>>,
}

/// How far an export is: how many rows were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Rows of the file so far, without its head.
    pub rows: u64,
}

/// A finished export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Where it is.
    pub path: PathBuf,
    /// Its rows, without the head.
    pub rows: u64,
    /// The hash of its bytes, as the books remember it.
    pub sha256: String,
}

/// Writes one list to `path`, and has the books remember it before the file gets that name.
pub async fn export(
    db: &Database,
    wanted: &Export,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Exported> {
    let list = LISTS.iter().find(|list| list.command == wanted.list).ok_or_else(|| Error::rule("list_unknown"))?;
    let session = db.call("session.open", &json!({})).await?;
    let unfinished = Unfinished::beside(path)?;
    let mut table = Table::begin(list, wanted, &session, &unfinished.path)?;
    let filter = filter_of(list, &wanted.arguments);
    let mut asked = filter.clone();
    asked.extend(list.size.map(|size| (size.to_owned(), PAGE_ROWS.into())));
    let mut closing = None;
    loop {
        if cancelled() {
            return Err(Error::rule("export_cancelled"));
        }
        let answer = db.call(list.command, &Value::Object(asked.clone())).await?;
        let rows = match &answer {
            Value::Array(rows) => rows.as_slice(),
            // A statement is one thing with lines.
            one => std::slice::from_ref(one),
        };
        if let Some([opening, end]) = list.frame.filter(|_| closing.is_none()) {
            table.frame(opening.1, &answer[opening.0])?;
            closing = Some((end.1, answer[end.0].clone()));
        }
        let Some(last) = rows
            .last()
            .and_then(|row| list.lines.map_or(Some(row), |lines| row[lines].as_array()?.last().map(|_| row)))
        else {
            break;
        };
        for (argument, field) in list.key {
            asked.insert((*argument).to_owned(), field_of(list, last, field));
        }
        for row in rows {
            table.add(row)?;
        }
        progress(Progress { rows: table.rows });
        if list.key.is_empty() {
            break;
        }
    }
    if let Some((label, amount)) = closing {
        table.frame(label, &amount)?;
    }
    let rows = table.rows;
    let sha256 = finish(table, &unfinished.path).await?;
    if cancelled() {
        return Err(Error::rule("export_cancelled"));
    }
    let remembered = json!({
        "command_id": wanted.command_id, "list": list.command, "arguments": filter,
        "format": wanted.format, "row_count": rows.to_string(), "file_sha256": sha256,
    });
    db.call("exports.record", &remembered).await?;
    unfinished.take_name(path)?;
    Ok(Exported { path: path.to_owned(), rows, sha256 })
}

/// What narrows the list. Where the screen stood, and how long its pages are, is not part of that.
fn filter_of(list: &List, arguments: &Map<String, Value>) -> Map<String, Value> {
    let pages = |name: &str| Some(name) == list.size || list.key.iter().any(|(argument, _)| *argument == name);
    arguments
        .iter()
        .filter(|(name, value)| !pages(name) && !value.is_null())
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

/// A field of a row, or of its last line.
fn field_of(list: &List, row: &Value, field: &str) -> Value {
    match (field.strip_prefix("line."), list.lines) {
        (Some(field), Some(lines)) => {
            row[lines].as_array().and_then(|lines| lines.last()).map_or(Value::Null, |line| line[field].clone())
        }
        _ => row[field].clone(),
    }
}

/// Closes the file and hashes it. Packing a long workbook takes seconds, which must not hold up the window.
async fn finish(table: Table<'_>, path: &Path) -> Result<String> {
    let (sheet, path) = (table.sheet, path.to_owned());
    let closing = move || {
        sheet.finish(&path)?;
        hash(&path)
    };
    tokio::task::spawn_blocking(closing).await.map_err(Error::bug)?
}

fn hash(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(not_written)?;
    let mut hash = Sha256::new();
    let mut piece = [0; 65_536];
    loop {
        match file.read(&mut piece).map_err(not_written)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A disk that is full or a folder that is not ours: the person can do something about it.
pub(crate) fn not_written(cause: impl std::fmt::Display) -> Error {
    tracing::warn!("the export was not written: {cause}");
    Error::rule("file_not_written")
}

/// The file before it has its name. Dropped, it is gone.
pub(crate) struct Unfinished {
    pub(crate) path: PathBuf,
}

impl Unfinished {
    /// In the same folder, so that the name changes in one step.
    pub(crate) fn beside(path: &Path) -> Result<Self> {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| Error::rule("file_not_written"))?;
        let path = path.with_file_name(format!(".{name}.{}.part", Uuid::new_v4().simple()));
        File::create_new(&path).map_err(not_written)?;
        Ok(Self { path })
    }

    pub(crate) fn take_name(self, path: &Path) -> Result<()> {
        std::fs::rename(&self.path, path).map_err(not_written)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After the renaming there is nothing of this name any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A list on its way into a sheet.
struct Table<'a> {
    list: &'static List,
    wanted: &'a Export,
    accounts: HashMap<String, String>,
    sheet: Sheet,
    rehearsal: bool,
    rows: u64,
}

impl<'a> Table<'a> {
    fn begin(list: &'static List, wanted: &'a Export, session: &Value, path: &Path) -> Result<Self> {
        let mut heads: Vec<&str> = list.columns.iter().map(|column| wanted.language.of(column.head)).collect();
        let mut widths: Vec<u8> = list.columns.iter().map(Column::width).collect();
        let rehearsal = session["rehearsal"] == true;
        if rehearsal {
            heads.push(wanted.language.of(["Rehearsal: not the real books", "演练数据，非真实账簿"]));
            widths.push(30);
        }
        let title = wanted.language.of(list.title);
        let sheet = Sheet::begin(wanted.format, path, title, &heads, &widths)?;
        let accounts = session["accounts"].as_array().into_iter().flatten().map(|account| {
            let title = wanted.language.of(["title_en", "title_zh"]);
            (text(&account["code"]), text(&account[title]))
        });
        Ok(Self { list, wanted, accounts: accounts.collect(), sheet, rehearsal, rows: 0 })
    }

    /// One row of the answer; a row with lines becomes as many rows as it has lines.
    fn add(&mut self, row: &Value) -> Result<()> {
        let Some(lines) = self.list.lines else { return self.write(row, &Value::Null) };
        for line in row[lines].as_array().into_iter().flatten() {
            self.write(row, line)?;
        }
        Ok(())
    }

    /// A balance before the first line or after the last: its name first, the amount last.
    fn frame(&mut self, label: [&'static str; 2], amount: &Value) -> Result<()> {
        let mut cells: Vec<Cell> = self.list.columns.iter().map(|_| Cell::Empty).collect();
        if let [name, .., balance] = cells.as_mut_slice() {
            *name = Cell::Text(self.wanted.language.of(label).into());
            *balance = Cell::Money(text(amount));
        }
        cells.extend(self.rehearsal.then_some(Cell::Empty));
        self.sheet.add(&cells)
    }

    fn write(&mut self, row: &Value, line: &Value) -> Result<()> {
        let mut cells: Vec<Cell> = self
            .list
            .columns
            .iter()
            .map(|column| match column.field.strip_prefix("line.") {
                Some(field) => self.cell(column, &line[field]),
                None => self.cell(column, &row[column.field]),
            })
            .collect();
        // Under the head that says what these books are.
        cells.extend(self.rehearsal.then_some(Cell::Empty));
        self.rows += 1;
        self.sheet.add(&cells)
    }

    fn cell(&self, column: &Column, value: &Value) -> Cell {
        if value.is_null() {
            return Cell::Empty;
        }
        let written = text(value);
        match column.shows {
            Shows::Text => Cell::Text(self.word(column, written)),
            Shows::Account => Cell::Text(self.accounts.get(&written).cloned().unwrap_or(written)),
            Shows::Yes => Cell::Text(match value.as_bool() {
                Some(true) => self.wanted.language.of(["yes", "是"]).into(),
                _ => self.wanted.language.of(["no", "否"]).into(),
            }),
            Shows::Count => written.parse().map_or_else(|_| Cell::Text(written), Cell::Count),
            Shows::Money => Cell::Money(written),
            Shows::Debit => {
                if written.starts_with('-') {
                    Cell::Empty
                } else {
                    Cell::Money(written)
                }
            }
            Shows::Credit => match written.strip_prefix('-') {
                Some(amount) => Cell::Money(amount.to_owned()),
                None => Cell::Empty,
            },
            Shows::Instant => Cell::instant(&written),
            Shows::Day => Cell::day(&written),
        }
    }

    fn word(&self, column: &Column, code: String) -> String {
        self.wanted.words.get(column.field).and_then(|words| words.get(&code)).cloned().unwrap_or(code)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
