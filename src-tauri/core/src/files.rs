//! What every imported file has in common, whoever wrote it: refusals, unpacking, text, columns, amounts and times.
//!
//! A file is refused whole or taken whole. A refusal names the line and the column and what was expected there;
//! it never repeats what stood in the file beyond amounts and counts, because a shifted column may hold a phone number.

mod fields;
mod unpack;

pub use fields::{
    BEIJING, Columns, beijing_time, digits_after_point, exact_amount, money_text, serialize_money, split_line,
};
pub use unpack::{LARGEST_FILE, read_text, unpack};

use serde_json::{Map, Value, json};

/// Every refusal that a file can meet before it reaches the database.
pub const FILE_RULES: &[&str] = &[
    "amount_has_too_many_decimals",
    "file_archive_broken",
    "file_column_missing",
    "file_column_repeated",
    "file_cut_short",
    "file_empty",
    "file_encoding_broken",
    "file_kind_unknown",
    "file_layout_not_supported",
    "file_merchant_mixed",
    "file_not_readable",
    "file_row_broken",
    "file_row_repeated",
    "file_says_no_bill",
    "file_too_large",
    "file_total_missing",
    "file_totals_disagree",
    "import_cancelled",
];

/// Why a file was refused: one of [`FILE_RULES`] and a harmless detail (line, column, expected, found).
#[derive(Debug, Clone, PartialEq)]
pub struct FileError {
    /// The rule's name, as the message catalogue knows it.
    pub rule: &'static str,
    /// Line, column, expected, found: whatever applies.
    pub detail: Map<String, Value>,
}

/// The result of reading a file.
pub type FileResult<T> = std::result::Result<T, FileError>;

impl FileError {
    /// A refusal by name, without detail yet.
    pub fn new(rule: &'static str) -> Self {
        debug_assert!(FILE_RULES.contains(&rule), "{rule} is missing from FILE_RULES");
        Self { rule, detail: Map::new() }
    }

    /// A row in which one column does not hold what it must.
    pub fn row(line: usize, column: &str, expected: &str) -> Self {
        Self::new("file_row_broken").at(line).with("column", column).with("expected", expected)
    }

    /// Adds the line (1 is the first line of the text).
    pub fn at(self, line: usize) -> Self {
        self.with("line", line)
    }

    /// Adds one fact to the detail.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }

    /// Adds one fact unless it is there already: what the deepest caller said is the most exact.
    pub fn or(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.entry(key.to_owned()).or_insert(value.into());
        self
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.rule, json!(self.detail))
    }
}

impl std::error::Error for FileError {}
