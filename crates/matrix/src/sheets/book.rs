//! A spreadsheet as tables of text, the same for a workbook and for a CSV file.

use std::sync::Arc;

use super::{MAX_COLUMNS, MAX_LINES, MAX_UNPACKED, Place, SheetError};

/// A whole spreadsheet.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub tables: Vec<Table>,
    lines: usize,
    bytes: usize,
}

/// One sheet of a workbook, or one labelled block of a CSV file.
#[derive(Debug)]
pub(super) struct Table {
    /// Name of the sheet or the label; empty for lines of a CSV file that stand under no label.
    pub title: String,
    /// Name of the sheet for a [`Place`]; `None` in a CSV file.
    pub sheet: Option<Arc<str>>,
    /// Where the table starts.
    pub start: u32,
    /// The lines that are not blank.
    pub lines: Vec<Line>,
}

/// One line that is not blank.
#[derive(Debug)]
pub(super) struct Line {
    /// Counted from 1 in its sheet or file.
    pub number: u32,
    pub cells: Vec<String>,
}

impl Table {
    /// The place of a cell; `column` counts from 0.
    pub fn place(&self, line: u32, column: usize) -> Place {
        Place { sheet: self.sheet.clone(), line, column: column as u32 + 1 }
    }

    /// Where the table starts.
    pub fn start(&self) -> Place {
        self.place(self.start, 0)
    }
}

impl Line {
    /// A cell without the white space around it; `column` counts from 0; empty beyond the last.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

impl Book {
    /// Starts a table, whose title counts as a line.
    pub fn open(&mut self, title: &str, sheet: Option<Arc<str>>, start: u32) -> Result<(), SheetError> {
        self.count_line()?;
        self.tables.push(Table { title: title.to_owned(), sheet, start, lines: Vec::new() });
        Ok(())
    }

    /// Sets a cell of the last table; `column` counts from 0, cells come line by line. Blank cells are skipped.
    pub fn put(&mut self, number: u32, column: usize, text: &str) -> Result<(), SheetError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let table = self.tables.last().expect("a table is open");
        if column >= MAX_COLUMNS {
            let problem =
                format!("there are more than {MAX_COLUMNS} columns; delete what does not belong here");
            return Err(SheetError::at(table.place(number, column), problem));
        }
        self.bytes += text.len();
        if self.bytes > MAX_UNPACKED {
            return Err(too_large(&format!("more than {} MB of text", MAX_UNPACKED / 1_000_000)));
        }
        let is_new = table.lines.last().is_none_or(|line| line.number != number);
        if is_new {
            self.count_line()?;
        }
        let lines = &mut self.tables.last_mut().expect("a table is open").lines;
        if is_new {
            lines.push(Line { number, cells: Vec::new() });
        }
        let line = lines.last_mut().expect("there is one, or it was pushed above");
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut line.cells[column]);
        Ok(())
    }

    fn count_line(&mut self) -> Result<(), SheetError> {
        self.lines += 1;
        if self.lines > MAX_LINES { Err(too_large(&format!("more than {MAX_LINES} lines"))) } else { Ok(()) }
    }
}

/// The error for a file beyond the limits.
pub(super) fn too_large(what: &str) -> SheetError {
    SheetError::TooLarge(format!(
        "the spreadsheet has {what}; split it, or keep only the sheets of the matrix"
    ))
}
