//! What can be wrong with a log, and what to do about it.

use std::fmt;
use std::io;

/// Why a log could not be read: where, what, and what to write or do instead.
#[derive(Debug)]
pub struct ReadError {
    /// The file, as the caller named it; a member of an archive is appended after a colon.
    pub file: String,
    /// The line, counted from 1, where there is one.
    pub line: Option<u64>,
    /// The column of a table or the attribute of an event, where there is one.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a log.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// A compressed file ends early.
    #[error("the compressed data ends before its end: the file is cut off. Fetch or export it again")]
    Truncated,
    /// Compressed data does not unpack.
    #[error("the compressed data is damaged ({0}). Fetch or export the file again")]
    Damaged(String),
    /// There is nothing in it.
    #[error("there is nothing in it. Give a log with one event per row (CSV) or per <event> (XES)")]
    Empty,
    /// An archive has no log, or more than one.
    #[error("{0}")]
    Members(String),
    /// The text is not in the expected encoding.
    #[error("{what}. {hint}")]
    Encoding {
        /// What was found.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A column that the mapping names is not there, or no mapping fits.
    #[error("{what}. {hint}")]
    Columns {
        /// What is missing.
        what: String,
        /// What to write instead.
        hint: String,
    },
    /// A value does not have the form its field needs.
    #[error("`{text}` is not {expected}")]
    Value {
        /// The text, shortened.
        text: String,
        /// What is expected, with an example.
        expected: String,
    },
    /// A row has more or fewer fields than the header.
    #[error(
        "the row has {found} fields but the header has {expected}. Check the delimiter and the quotes near this line"
    )]
    Fields {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// The XML is broken.
    #[error("the XML is broken: {0}. Export the log again")]
    Xml(String),
    /// A limit on hostile or mistaken input is reached.
    #[error("{what}: more than {limit}. {hint}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The limit, with its unit.
        limit: String,
        /// What to do.
        hint: &'static str,
    },
    /// The mapping file is wrong.
    #[error("{0}")]
    Mapping(String),
}

impl Problem {
    /// The problem at a place that has no line.
    pub fn in_file(self, file: &str) -> ReadError {
        ReadError { file: file.to_owned(), line: None, column: None, problem: self }
    }

    /// The problem at a line.
    pub fn at_line(self, file: &str, line: u64) -> ReadError {
        ReadError { file: file.to_owned(), line: Some(line), column: None, problem: self }
    }

    /// The problem in a column of a line.
    pub fn at_column(self, file: &str, line: u64, column: &str) -> ReadError {
        ReadError { file: file.to_owned(), line: Some(line), column: Some(column.to_owned()), problem: self }
    }

    /// What a failed read means, so that a cut-off archive is told from a failing disk.
    pub fn from_io(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Carried>()) {
            Some(carried) => carried.problem(),
            None => match error.kind() {
                io::ErrorKind::UnexpectedEof => Self::Truncated,
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Self::Damaged(error.to_string()),
                _ => Self::Io(error),
            },
        }
    }
}

/// A problem found by a reader beneath another library's reader, carried through as an I/O error.
#[derive(Debug, Clone)]
pub(crate) enum Carried {
    /// A limit is reached.
    Limit(&'static str, String, &'static str),
    /// The text is not in the expected encoding.
    Encoding(String, String),
}

impl Carried {
    /// As the I/O error that the reader returns.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    fn problem(&self) -> Problem {
        match self.clone() {
            Self::Limit(what, limit, hint) => Problem::Limit { what, limit, hint },
            Self::Encoding(what, hint) => Problem::Encoding { what, hint },
        }
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for Carried {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for ReadError {}

/// A value from the file as it may be printed: at most 60 characters, control characters shown as spaces.
pub(crate) fn shown(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let mut short: String =
        text.chars().take(60).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

/// The candidate nearest to `word`, where one is near enough to be a slip of the pen.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let scored =
        candidates.map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate));
    scored
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
