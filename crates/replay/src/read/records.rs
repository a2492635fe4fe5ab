//! Rows of a table, in buffers that are reused and never grow past their limit.
//!
//! `csv-core` is the state machine inside the `csv` crate. It is used directly because a quote that is never closed makes
//! the `csv` crate collect the rest of the file as one field; here the row meets its limit and is refused.

use std::hash::Hasher as _;
use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::Problem;
use crate::limits::Limits;

/// The present row of a table.
pub(super) struct Records {
    core: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    line: u64,
    /// Line ends that were skipped before the state machine saw them.
    skipped: u64,
    max_bytes: usize,
    max_fields: usize,
}

impl Records {
    pub fn new(delimiter: u8, limits: &Limits) -> Self {
        Self {
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            bytes: vec![0; limits.row_bytes.min(8192)],
            ends: vec![0; limits.fields.min(64)],
            count: 0,
            line: 1,
            skipped: 0,
            max_bytes: limits.row_bytes,
            max_fields: limits.fields,
        }
    }

    /// Goes to the next row; `false` at the end.
    pub fn advance(&mut self, input: &mut dyn BufRead) -> Result<bool, Problem> {
        let (mut written, mut ended) = (0, 0);
        self.skip_line_ends(input)?;
        self.line = self.core.line() + self.skipped;
        loop {
            let given = input.fill_buf().map_err(Problem::from_io)?;
            let (result, read, wrote, fields) =
                self.core.read_record(given, &mut self.bytes[written..], &mut self.ends[ended..]);
            input.consume(read);
            written += wrote;
            ended += fields;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.widen()?,
                ReadRecordResult::OutputEndsFull => self.add_fields()?,
                ReadRecordResult::Record => {
                    self.count = ended;
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    /// Skips the line feed that a carriage return left behind, and empty lines, so that a row's line is where it begins.
    fn skip_line_ends(&mut self, input: &mut dyn BufRead) -> Result<(), Problem> {
        loop {
            let given = input.fill_buf().map_err(Problem::from_io)?;
            let ends = given.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.skipped += memchr::memchr_iter(b'\n', &given[..ends]).count() as u64;
            let more = ends > 0 && ends == given.len();
            input.consume(ends);
            if !more {
                return Ok(());
            }
        }
    }

    fn widen(&mut self) -> Result<(), Problem> {
        if self.bytes.len() >= self.max_bytes {
            let hint = "Is a quote left open on this line, or is the delimiter another one?";
            let limit = format!("{} bytes", self.max_bytes);
            return Err(Problem::Limit { what: "length of a row", limit, hint });
        }
        self.bytes.resize((self.bytes.len() * 2).min(self.max_bytes), 0);
        Ok(())
    }

    fn add_fields(&mut self) -> Result<(), Problem> {
        if self.ends.len() >= self.max_fields {
            let hint = "Is the delimiter another one?";
            return Err(Problem::Limit { what: "fields of a row", limit: self.max_fields.to_string(), hint });
        }
        self.ends.resize((self.ends.len() * 2).min(self.max_fields), 0);
        Ok(())
    }

    /// The line the row begins on, counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// How many fields the row has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A field of the row; empty past its end.
    pub fn field(&self, index: usize) -> &[u8] {
        if index >= self.count {
            return &[];
        }
        let from = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[from..self.ends[index]]
    }

    /// All fields of the row.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).map(|index| self.field(index))
    }

    /// A hash of the row, by which an exact repetition is recognised.
    pub fn hash(&self) -> u64 {
        let mut hasher = rustc_hash::FxHasher::default();
        let end = if self.count == 0 { 0 } else { self.ends[self.count - 1] };
        hasher.write(&self.bytes[..end]);
        for end in &self.ends[..self.count] {
            hasher.write_usize(*end);
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, limits: &Limits) -> Result<Vec<(u64, Vec<String>)>, Problem> {
        let mut records = Records::new(b',', limits);
        let mut input = text.as_bytes();
        let mut rows = Vec::new();
        while records.advance(&mut input)? {
            let fields = records.fields().map(|field| String::from_utf8_lossy(field).into_owned());
            rows.push((records.line(), fields.collect()));
        }
        Ok(rows)
    }

    #[test]
    fn quotes_may_hold_delimiters_and_line_ends() {
        let rows = rows("a,b\r\n\"x,\"\"y\",\"two\nlines\"\n1,2", &Limits::default()).unwrap();
        assert_eq!(rows[1], (2, vec!["x,\"y".to_owned(), "two\nlines".to_owned()]));
        assert_eq!(rows[2], (4, vec!["1".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn an_open_quote_meets_the_limit_of_a_row() {
        let text = format!("a,b\n\"{}", "x,y\n".repeat(1000));
        let limits = Limits { row_bytes: 500, ..Limits::default() };
        assert!(rows(&text, &limits).unwrap_err().to_string().contains("quote left open"));
    }

    #[test]
    fn too_many_fields_are_refused() {
        let limits = Limits { fields: 10, ..Limits::default() };
        assert!(rows(&"a,".repeat(11), &limits).unwrap_err().to_string().contains("more than 10"));
        assert_eq!(rows(&"a,".repeat(9), &limits).unwrap()[0].1.len(), 10);
    }

    #[test]
    fn a_long_row_is_read_whole_when_the_limit_allows_it() {
        let long = "x".repeat(100_000);
        let rows = rows(&format!("{long},b\n"), &Limits::default()).unwrap();
        assert_eq!(rows[0].1, [long, "b".to_owned()]);
    }
}
