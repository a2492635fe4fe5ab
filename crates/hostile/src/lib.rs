//! What must hold for every parser, on any input whatsoever.
//!
//! Each function takes arbitrary bytes, gives them to one parser and panics when a promise is broken: no panic inside, and
//! what was read, written and read again is the same. The fuzz targets in `fuzz/` call them with new inputs; the test
//! `tests/corpus.rs` replays the inputs that are kept in `fuzz/corpus`, so that no find comes back.

mod logs;
mod matrix;
mod words;

pub use logs::{known_logs, mapped_logs};
pub use matrix::{certificates, hours, matrix_text, spreadsheets};
pub use words::{calendar_words, instants, names_and_money, places};

/// A promise about one parser, kept for any bytes.
pub type Promise = fn(&[u8]);

/// All promises, by the name of their fuzz target and of their folder in `fuzz/corpus`.
pub const PROMISES: &[(&str, Promise)] = &[
    ("calendar_words", calendar_words),
    ("certificates", certificates),
    ("hours", hours),
    ("instants", instants),
    ("known_logs", known_logs),
    ("mapped_logs", mapped_logs),
    ("matrix_text", matrix_text),
    ("names_and_money", names_and_money),
    ("places", places),
    ("spreadsheets", spreadsheets),
];
