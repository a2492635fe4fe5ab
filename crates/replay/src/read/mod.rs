//! The readers: from bytes to events.

mod csv;
mod fields;
mod records;
mod xes;

pub use csv::{CsvLog, read_csv};
pub use xes::{XesLog, read_xes};
