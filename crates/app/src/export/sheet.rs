//! Rows as bytes.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::Form;
use crate::refused::Refused;

/// Characters that fit into a cell of a workbook.
const CELL: usize = 32_000;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, Self::from)
    }
}

/// A file that is being written.
pub(super) enum Writer {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Xlsx(Box<Workbook>, u32),
}

impl Writer {
    /// One with the heads of its columns.
    pub fn new(form: Form, columns: &[String]) -> Result<Self, Refused> {
        match form {
            Form::Csv => {
                let mut writer =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
                writer.write_record(columns.iter().map(|head| inert(head))).map_err(|error| odd(&error))?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Form::Xlsx => {
                let mut workbook = Workbook::new();
                heads(&mut workbook, columns).map_err(|error| odd(&error))?;
                Ok(Self::Xlsx(Box::new(workbook), 1))
            }
        }
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Refused> {
        match self {
            Self::Csv(writer) => {
                let texts = cells.iter().map(|cell| match cell {
                    Cell::Empty => String::new(),
                    Cell::Number(number) => number.to_string(),
                    Cell::Text(text) => inert(text),
                });
                writer.write_record(texts).map_err(|error| odd(&error))
            }
            Self::Xlsx(workbook, row) => {
                let written = put(workbook, *row, cells).map_err(|error| odd(&error));
                *row += 1;
                written
            }
        }
    }

    /// The file.
    pub fn end(self) -> Result<Vec<u8>, Refused> {
        match self {
            Self::Csv(writer) => writer.into_inner().map_err(|error| odd(&error)),
            Self::Xlsx(mut workbook, _) => workbook.save_to_buffer().map_err(|error| odd(&error)),
        }
    }
}

fn heads(workbook: &mut Workbook, columns: &[String]) -> Result<(), XlsxError> {
    let (sheet, bold) = (workbook.add_worksheet(), Format::new().set_bold());
    for (column, head) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, inert(head), &bold)?;
    }
    sheet.set_freeze_panes(1, 0).map(drop)
}

fn put(workbook: &mut Workbook, row: u32, cells: &[Cell]) -> Result<(), XlsxError> {
    let sheet = workbook.worksheet_from_index(0)?;
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Empty => {}
            // Exact up to 2^53: numbers of tickets and of lines are far below.
            Cell::Number(number) => {
                sheet.write_number(row, column, *number as f64)?;
            }
            Cell::Text(text) => {
                let short: String = inert(text).chars().take(CELL).collect();
                // A text, whatever it begins with.
                sheet.write_string(row, column, short)?;
            }
        }
    }
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn odd(error: &impl ToString) -> Refused {
    Refused::Conflict(format!("the file cannot be written: {}", error.to_string()))
}
