//! Workbooks in XLSX.

mod read;
mod write;

pub(super) use read::book;
pub(super) use write::to_xlsx;
