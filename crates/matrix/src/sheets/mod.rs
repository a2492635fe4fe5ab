//! Spreadsheets of a matrix, both ways: XLSX workbooks, CSV files, and RACI grids as they exist before a matrix does.
//!
//! A workbook has the sheets Matrix (a line per row), About, Parties, Teams, Calendars, Values, Services, and Catalogue,
//! which lists the built-in services and is not read back. A CSV file holds the same in labelled blocks: a line `[Matrix]`,
//! a header, lines, a blank line. Commas, semicolons and tabs are recognised on reading.
//!
//! A round trip gives back the same draft, field by field, but for one thing: a list of one name and that name alone mean
//! the same and come back as the name alone ([`Names::One`](crate::draft::Names::One)), an empty list comes back absent.
//! A cell that a spreadsheet would take for a formula is written as text in a workbook and with an apostrophe before it in a
//! CSV file, which reading takes off again.

mod book;
mod cell;
mod delimited;
mod error;
mod layout;
mod place;
mod raci;
mod read;
#[cfg(test)]
mod tests;
mod workbook;
mod write;

pub use error::SheetError;
pub use place::{Place, Places};
pub use raci::{RaciImport, RaciMatch, RaciOptions, from_raci, is_raci_grid};

use crate::draft::Draft;

/// The most lines of all sheets together that are read.
pub const MAX_LINES: usize = 200_000;
/// The most bytes that are read: of a CSV file, of a workbook when unpacked, and of the text in its cells.
pub const MAX_UNPACKED: usize = 64_000_000;
/// The most columns of a sheet.
pub const MAX_COLUMNS: usize = 256;
/// The most parts of the archive that a workbook is.
const MAX_PARTS: usize = 10_000;

/// A draft as an XLSX workbook. The same draft gives the same bytes.
///
/// A text of more than 32,767 UTF-16 units does not fit into a cell and is [`SheetError::Unwritable`].
pub fn to_xlsx(draft: &Draft) -> Result<Vec<u8>, SheetError> {
    workbook::to_xlsx(draft)
}

/// A draft as a CSV file in UTF-8 without a byte order mark, with commas, every line ending in CR LF.
pub fn to_csv(draft: &Draft) -> Vec<u8> {
    delimited::to_csv(draft)
}

/// Reads a workbook that [`to_xlsx`] wrote, or one with the same sheets and columns in any order.
///
/// The error names the cell; for a RACI grid it is [`SheetError::RaciGrid`].
pub fn from_xlsx(bytes: &[u8]) -> Result<(Draft, Places), SheetError> {
    read::draft(&workbook::book(bytes)?)
}

/// Reads a CSV file that [`to_csv`] wrote, or one with the same blocks and columns in any order.
///
/// The error names line and column; for a RACI grid it is [`SheetError::RaciGrid`].
pub fn from_csv(bytes: &[u8]) -> Result<(Draft, Places), SheetError> {
    read::draft(&delimited::book(bytes)?)
}

/// Reads a workbook or a CSV file, whichever it is.
fn any_book(bytes: &[u8]) -> Result<book::Book, SheetError> {
    let is_workbook = bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    if is_workbook { workbook::book(bytes) } else { delimited::book(bytes) }
}
