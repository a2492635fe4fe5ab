//! Years of real tickets, read as a stream and turned into a report on who held what, for how long, and what it would have
//! been under another responsibility matrix.
//!
//! - [`run`] is the whole way from a [`Source`] to a [`Report`]. What kind of file it is, is told from its content: CSV or XES,
//!   plain, in gzip or in a zip archive.
//! - [`read_csv`] and [`read_xes`] are the readers alone: bytes in, one [`LogEvent`] after the other out. They never panic and
//!   every size is limited ([`Limits`]).
//! - A [`Mapping`] says which column is what. The logs of the UCI repository and of the BPI Challenge 2013 need none.
//! - [`Ownership`] is the seam to the ownership engine; [`MatrixOwnership`] puts a responsibility matrix behind it.
//!
//! A ticket's events become a custody chain (`remit_custody::Chain`); the chains become figures of bounded size. Memory grows
//! with the tickets that are open at once and with the number of different names, not with the log.

mod date;
mod error;
mod event;
mod findings;
mod held;
mod lead;
mod ledger;
mod limits;
mod mapping;
mod names;
mod output;
mod ownership;
mod page;
mod quantiles;
mod read;
mod report;
mod run;
mod source;
mod text;
mod tickets;
mod trial;
mod words;

pub use date::DatePattern;
pub use error::{Problem, ReadError};
pub use event::{Line, LogEvent, Sink, State};
pub use findings::{Finding, FindingKind};
pub use limits::Limits;
pub use mapping::{Columns, Format, Mapping, NO_PARTY};
pub use output::write_whole;
pub use ownership::{MatrixOwnership, Owner, Ownership, Query};
pub use quantiles::{Quantile, Quantiles, RELATIVE_ERROR};
pub use read::{CsvLog, XesLog, read_csv, read_xes};
pub use report::{
    Durations, Holder, Load, Month, Moved, Overall, Pair, Report, Sla, Source as ReportSource, Status, Stay,
    Time, Tried,
};
pub use run::{Options, Progress, run};
pub use source::Source;
pub use trial::{Moves, Unowned};
