//! One CSV file that holds every table: a label such as `[Matrix]`, a header, lines, a blank line.

use ::csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use super::book::{Book, too_large};
use super::cell::{guarded, unguarded};
use super::layout::SHEETS;
use super::{MAX_UNPACKED, Place, SheetError, write};
use crate::draft::Draft;

/// The delimiters that are recognised, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// How many lines are looked at to find the delimiter.
const LOOKED_AT: usize = 60;

/// A draft as CSV with commas, every line ending in CR LF.
pub(super) fn to_csv(draft: &Draft) -> Vec<u8> {
    let mut file = Vec::new();
    for (sheet, lines) in SHEETS.iter().zip(write::lines(draft)) {
        if !file.is_empty() {
            file.extend_from_slice(b"\r\n");
        }
        file.extend_from_slice(format!("[{}]\r\n", sheet.title).as_bytes());
        let mut writer =
            WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(&mut file);
        let header = sheet.columns.iter().map(|column| column.label.to_owned()).collect();
        for line in [header].into_iter().chain(lines) {
            writer.write_record(line.into_iter().map(guarded)).expect("a list of bytes takes everything");
        }
        writer.flush().expect("a list of bytes takes everything");
    }
    file
}

/// Reads the tables of a CSV file.
pub(super) fn book(bytes: &[u8]) -> Result<Book, SheetError> {
    let text = text(bytes)?;
    let (text, first_line) = without_hint(text);
    let delimiter = delimiter(text);
    closed(text, delimiter, first_line)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut book = Book::default();
    let mut record = StringRecord::new();
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: first_line };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(book),
            Err(error) => {
                return Err(SheetError::Unreadable(format!("the CSV file cannot be read: {error}")));
            }
        }
        let line = lines.at(record.position().map_or(0, |position| position.byte() as usize));
        if let Some(label) = label(&record) {
            book.open(label, None, line)?;
            continue;
        }
        if book.tables.is_empty() && record.iter().any(|cell| !cell.trim().is_empty()) {
            book.open("", None, line)?;
        }
        for (column, cell) in record.iter().enumerate() {
            // Blank lines before the first label open no table.
            if !cell.trim().is_empty() {
                book.put(line, column, unguarded(cell))?;
            }
        }
    }
}

/// Counts lines up to the start of a record, which may be preceded by line ends that the parser left.
struct Lines<'t> {
    text: &'t [u8],
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, byte: usize) -> u32 {
        let mut end = byte.clamp(self.byte, self.text.len());
        while end < self.text.len() && matches!(self.text[end], b'\r' | b'\n') {
            end += 1;
        }
        self.line +=
            line_ends(&self.text[self.byte..end], self.byte.checked_sub(1).map(|before| self.text[before]));
        self.byte = end;
        self.line
    }
}

/// The number of line ends; a line feed after a carriage return belongs to it.
fn line_ends(text: &[u8], before: Option<u8>) -> u32 {
    let mut previous = before.unwrap_or(0);
    let mut count = 0;
    for &byte in text {
        count += u32::from(byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        previous = byte;
    }
    count
}

/// The text of a file of UTF-8, with or without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, SheetError> {
    const SAVE: &str = "save it as \"CSV UTF-8\"";
    if bytes.len() > MAX_UNPACKED {
        return Err(too_large(&format!("more than {} MB", MAX_UNPACKED / 1_000_000)));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(SheetError::Unreadable(format!("the file is UTF-16 text; {SAVE}")));
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let line = line_ends(before, None) + 1;
        let character = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        SheetError::Unreadable(format!("line {line}, character {character}: the file is not UTF-8; {SAVE}"))
    })
}

/// The text after Excel's hint `sep=;`, and the number of its first line.
fn without_hint(text: &str) -> (&str, u32) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_hint = first.trim_end().strip_prefix("sep=").is_some_and(|delimiter| delimiter.len() <= 1);
    if is_hint { (rest, 2) } else { (text, 1) }
}

/// The label of a block: one cell in brackets, all others blank.
fn label(record: &StringRecord) -> Option<&str> {
    let mut cells = record.iter().map(str::trim);
    let label = cells.next()?.strip_prefix('[')?.strip_suffix(']')?.trim();
    cells.all(str::is_empty).then_some(label)
}

/// The delimiter: the one that as many of the first lines as possible have equally often, and often.
fn delimiter(text: &str) -> u8 {
    let mut counts: Vec<[usize; 3]> = vec![[0; 3]];
    let (mut inside, mut before) = (false, b'\n');
    for byte in text.bytes() {
        let opens = before == b'"' || before == b'\n' || DELIMITERS.contains(&before);
        inside ^= byte == b'"' && (inside || opens);
        before = byte;
        if inside {
            continue;
        }
        if byte == b'\n' || byte == b'\r' {
            if counts.len() == LOOKED_AT {
                break;
            }
            counts.push([0; 3]);
        } else if let Some(n) = DELIMITERS.iter().position(|&delimiter| delimiter == byte) {
            counts.last_mut().expect("it starts with one")[n] += 1;
        }
    }
    let weight = |n: &usize| {
        let most = counts.iter().map(|line| line[*n]).max().unwrap_or(0);
        let weights = (1..=most).map(|count| count * counts.iter().filter(|line| line[*n] == count).count());
        weights.max().unwrap_or(0)
    };
    let best = (0..DELIMITERS.len()).rev().max_by_key(weight).expect("there are three");
    DELIMITERS[best]
}

/// Finds a quotation mark that opens a cell and is never closed, which would swallow the rest of the file.
fn closed(text: &str, delimiter: u8, first_line: u32) -> Result<(), SheetError> {
    let (mut line, mut column) = (first_line, 1);
    let (mut at_start, mut open, mut opened) = (true, false, (first_line, 1));
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if open {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                open = false;
            }
            line += u32::from(byte == b'\n');
            continue;
        }
        open = at_start && byte == b'"';
        at_start = byte == delimiter || byte == b'\n' || byte == b'\r';
        if open {
            opened = (line, column);
        } else if byte == delimiter {
            column += 1;
        } else if byte == b'\n' {
            (line, column) = (line + 1, 1);
        }
    }
    if open {
        let place = Place { sheet: None, line: opened.0, column: opened.1 };
        return Err(SheetError::at(
            place,
            "a quotation mark opens this cell and none closes it; add one at its end",
        ));
    }
    Ok(())
}
