//! A workbook as tables of text.

use std::io::{self, Cursor, Read as _};
use std::sync::Arc;

use calamine::{Cell, DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx, XlsxError};
use zip::ZipArchive;

use super::super::book::{Book, too_large};
use super::super::error::shown;
use super::super::{MAX_PARTS, MAX_UNPACKED, SheetError};

/// How an OLE file starts: the old `.xls`, and a workbook with a password.
const OLE: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

/// Reads the sheets of a workbook.
pub(in super::super) fn book(bytes: &[u8]) -> Result<Book, SheetError> {
    recognise(bytes)?;
    measure(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    let mut book = Book::default();
    for sheet in sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        book.open(&sheet.name, Some(Arc::from(sheet.name.as_str())), 1)?;
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(|error| broken(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
            put(&mut book, &cell)?;
        }
    }
    Ok(book)
}

fn put(book: &mut Book, cell: &Cell<DataRef<'_>>) -> Result<(), SheetError> {
    let (row, column) = cell.get_position();
    let (line, column) = (row.saturating_add(1), column as usize);
    match cell.get_value() {
        DataRef::Empty => Ok(()),
        DataRef::SharedString(text) => book.put(line, column, text),
        DataRef::Int(number) => book.put(line, column, &number.to_string()),
        DataRef::Float(number) => book.put(line, column, &number.to_string()),
        DataRef::Bool(yes) => book.put(line, column, if *yes { "yes" } else { "no" }),
        DataRef::DateTime(moment) => book.put(line, column, &moment_text(moment)),
        DataRef::DateTimeIso(text) => book.put(line, column, text.strip_suffix("T00:00:00").unwrap_or(text)),
        DataRef::String(text) | DataRef::DurationIso(text) => book.put(line, column, text),
        DataRef::Error(error) => {
            let place = book.tables.last().expect("a table is open").place(line, column);
            Err(SheetError::at(place, format!("the formula here gives {error}; write the value itself")))
        }
    }
}

/// A date as `2026-12-24`, a time of day as `08:30`, both divided by a space.
fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}");
    if moment.as_f64() < 1.0 {
        time
    } else if moment.as_f64().fract() == 0.0 {
        date
    } else {
        format!("{date} {time}")
    }
}

/// Refuses what is no XLSX workbook, saying what it is.
fn recognise(bytes: &[u8]) -> Result<(), SheetError> {
    let problem = if bytes.starts_with(&OLE) {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
            "the workbook is protected with a password; save it without one"
        } else {
            "this is a workbook in the old .xls form; save it as .xlsx"
        }
    } else if bytes.is_empty() {
        "the file is empty"
    } else if !bytes.starts_with(b"PK") {
        "this is not an .xlsx workbook; save it as .xlsx, or read it as CSV"
    } else {
        return Ok(());
    };
    Err(SheetError::Unreadable(problem.to_owned()))
}

/// Unpacks every part once without keeping it, so that a small file cannot fill the memory later. The sizes that the
/// archive itself states are not believed.
fn measure(bytes: &[u8]) -> Result<(), SheetError> {
    let damaged = |error: &dyn std::fmt::Display| {
        SheetError::Unreadable(format!(
            "the workbook is damaged ({error}); open it, save it again as .xlsx and try once more"
        ))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(too_large(&format!("more than {MAX_PARTS} parts")));
    }
    let mut left = MAX_UNPACKED as u64;
    let mut workbook = false;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?;
        workbook |= name.replace('\\', "/").eq_ignore_ascii_case("xl/workbook.xml");
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|error| damaged(&error))?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| too_large(&format!("more than {} MB when unpacked", MAX_UNPACKED / 1_000_000)))?;
    }
    if workbook {
        return Ok(());
    }
    let problem = "this archive is not an .xlsx workbook (.xlsb and .ods are not read); save it as .xlsx";
    Err(SheetError::Unreadable(problem.to_owned()))
}

fn broken(error: &XlsxError) -> SheetError {
    let reason = shown(&error.to_string());
    SheetError::Unreadable(format!(
        "the workbook is damaged ({reason}); open it, save it again as .xlsx and try once more"
    ))
}
