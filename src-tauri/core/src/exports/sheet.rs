//! One sheet, row after row: comma-separated text or a workbook. Neither keeps what it has written in memory.

use super::{Format, not_written};
use crate::error::Result;
use crate::files::BEIJING;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A worksheet ends here; a longer list goes on in the next one.
const WORKSHEET_ROWS: u32 = 1_048_576;

/// A double holds every decimal number of so many digits, and not every longer one.
const EXACT_DIGITS: usize = 15;

/// What stands in one cell.
pub enum Cell {
    Empty,
    /// Words, numbers of papers, and everything else that nobody adds up.
    Text(String),
    /// An exact amount as the books write it.
    Money(String),
    Count(i64),
    /// Beijing time.
    Instant(NaiveDateTime),
    Day(NaiveDate),
}

impl Cell {
    pub fn instant(written: &str) -> Self {
        DateTime::parse_from_rfc3339(written)
            .map_or_else(|_| Self::Text(written.into()), |at| Self::Instant(at.with_timezone(&BEIJING).naive_local()))
    }

    pub fn day(written: &str) -> Self {
        written.parse().map_or_else(|_| Self::Text(written.into()), Self::Day)
    }
}

pub enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Book>),
}

impl Sheet {
    pub fn begin(format: Format, path: &Path, title: &str, heads: &[&str], widths: &[u8]) -> Result<Self> {
        match format {
            Format::Csv => {
                let mut file = BufWriter::new(File::create(path).map_err(not_written)?);
                // Without its mark, spreadsheets take UTF-8 for the computer's old code page.
                file.write_all("\u{feff}".as_bytes()).map_err(not_written)?;
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
                writer.write_record(heads).map_err(not_written)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Xlsx => Ok(Self::Xlsx(Box::new(Book::begin(path, title, heads, widths).map_err(not_written)?))),
        }
    }

    pub fn add(&mut self, cells: &[Cell]) -> Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(cells.iter().map(as_text)).map_err(not_written),
            Self::Xlsx(book) => book.add(cells).map_err(not_written),
        }
    }

    /// Completes the file at `path`, which is the one that was begun.
    pub fn finish(self, path: &Path) -> Result<()> {
        match self {
            Self::Csv(mut writer) => {
                writer.flush().map_err(not_written)?;
                let file = writer.into_inner().map_err(not_written)?.into_inner().map_err(not_written)?;
                file.sync_all().map_err(not_written)
            }
            Self::Xlsx(mut book) => book.workbook.save(path).map_err(not_written),
        }
    }
}

fn as_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Money(amount) => tidy_amount(amount).to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Instant(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// A customer may be called `=1+1`. A spreadsheet computes what begins so, unless a quotation mark stands before it.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The books write six decimals; beyond the second, zeros say nothing.
fn tidy_amount(amount: &str) -> &str {
    match amount.split_once('.') {
        Some((whole, decimals)) if decimals.len() > 2 => {
            let kept = decimals.trim_end_matches('0').len().max(2);
            &amount[..whole.len() + 1 + kept]
        }
        _ => amount,
    }
}

/// The amount as a number, if a number of a spreadsheet can hold all its digits.
fn as_exact_number(amount: &str) -> Option<f64> {
    let digits = amount.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if digits > EXACT_DIGITS { None } else { amount.parse().ok() }
}

/// A workbook whose rows go to a scratch file as they come.
pub struct Book {
    workbook: Workbook,
    title: String,
    heads: Vec<String>,
    widths: Vec<u8>,
    sheets: usize,
    next_row: u32,
    styles: Styles,
}

struct Styles {
    head: Style,
    money: Style,
    /// An amount with too many digits for a number: text, aligned like one.
    long_money: Style,
    instant: Style,
    day: Style,
    /// Text that would be computed once somebody edits the cell.
    quoted: Style,
}

impl Book {
    fn begin(path: &Path, title: &str, heads: &[&str], widths: &[u8]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // Beside the file: the system's folder for scratch files may itself be memory.
        workbook
            .set_tempdir(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        let styles = Styles {
            head: Style::new().set_bold(),
            money: Style::new().set_num_format("#,##0.00####"),
            long_money: Style::new().set_align(rust_xlsxwriter::FormatAlign::Right),
            instant: Style::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            day: Style::new().set_num_format("yyyy-mm-dd"),
            quoted: Style::new().set_quote_prefix(),
        };
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        let mut book =
            Self { workbook, title: title.to_owned(), heads, widths: widths.to_vec(), sheets: 0, next_row: 0, styles };
        book.begin_worksheet()?;
        Ok(book)
    }

    fn begin_worksheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        let sheet = sheet?;
        self.sheets += 1;
        sheet.set_name(if self.sheets == 1 {
            self.title.clone()
        } else {
            format!("{} {}", self.title, self.sheets)
        })?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, width) in (0..).zip(&self.widths) {
            sheet.set_column_width(column, f64::from(*width))?;
        }
        for (column, head) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, head, &self.styles.head)?;
        }
        self.next_row = 1;
        Ok(())
    }

    fn add(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.next_row == WORKSHEET_ROWS {
            self.begin_worksheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (column, cell) in (0..).zip(cells) {
            self.styles.write(sheet, self.next_row, column, cell)?;
        }
        self.next_row += 1;
        Ok(())
    }
}

impl Styles {
    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) if harmless(text) != *text => {
                sheet.write_string_with_format(row, column, text, &self.quoted)?
            }
            Cell::Text(text) => sheet.write_string(row, column, text)?,
            Cell::Money(amount) => match as_exact_number(tidy_amount(amount)) {
                Some(number) => sheet.write_number_with_format(row, column, number, &self.money)?,
                None => sheet.write_string_with_format(row, column, tidy_amount(amount), &self.long_money)?,
            },
            Cell::Count(count) => sheet.write_number(row, column, *count as f64)?,
            Cell::Instant(at) => {
                let time = at.time();
                let second = u8::try_from(time.second()).unwrap_or(59);
                let at = excel_day(at.date())?.and_hms(time.hour() as u16, time.minute() as u8, second)?;
                sheet.write_datetime_with_format(row, column, &at, &self.instant)?
            }
            Cell::Day(day) => sheet.write_datetime_with_format(row, column, &excel_day(*day)?, &self.day)?,
        };
        Ok(())
    }
}

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), day.month() as u8, day.day() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_computed_is_quoted() {
        for text in ["=1+1", "+65****1234", "-cmd", "@sum", "\tx", "\rx", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["1=1", "云杉数据", "", "a@b"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn amounts_keep_every_digit() {
        assert_eq!(tidy_amount("100.000000"), "100.00");
        assert_eq!(tidy_amount("-0.123400"), "-0.1234");
        assert_eq!(tidy_amount("12.5"), "12.5");
        assert_eq!(tidy_amount("1000"), "1000");
        assert_eq!(as_exact_number("999999999.123456"), Some(999_999_999.123456));
        assert_eq!(as_exact_number("-0.000001"), Some(-0.000001));
        assert_eq!(as_exact_number("12345678901234.56"), None, "sixteen digits");
    }
}
