//! The whole way from a source to a report.

use std::rc::Rc;

use remit_core::Zone;

use crate::error::{Problem, ReadError};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::mapping::{Format, Mapping};
use crate::ownership::Ownership;
use crate::read::{CsvLog, XesLog};
use crate::report::Report;
use crate::source::{Meter, Opened, Opening, Source};

/// What to read by.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How to read the log; without it the log must be one that is known.
    pub mapping: Option<Mapping>,
    /// Where dates without an offset were written, and whose hours the week shows; the mapping's zone when not given.
    pub zone: Option<Zone>,
    /// Limits on what is read.
    pub limits: Limits,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far: of the file, or of the unpacked member of a zip archive.
    pub read: u64,
    /// Bytes there are, where that is known.
    pub total: Option<u64>,
    /// Events read so far.
    pub events: u64,
}

/// Reads a log and reports on it, under each of `matrices` too. `progress` is called every few thousand events.
pub fn run(
    source: Source,
    options: &Options,
    matrices: &mut [&mut dyn Ownership],
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ReadError> {
    let name = source.name();
    let meter = Rc::new(Meter::default());
    let watched = Rc::clone(&meter);
    let mut tell =
        |events| progress(Progress { read: watched.read.get(), total: watched.total.get(), events });
    let opening = Opening { limits: &options.limits, mapping: options.mapping.as_ref(), meter };
    let then = |opened: Opened<'_>| {
        let (file, limits, mapping) = (opened.file, &options.limits, options.mapping.as_ref());
        if let Some(wanted) =
            mapping.and_then(|mapping| mapping.format).filter(|format| *format != opened.format)
        {
            return Err(other_format(wanted).in_file(file));
        }
        let mut log = match opened.format {
            Format::Csv => Log::Csv(Box::new(CsvLog::open(opened.input, file, mapping, limits)?)),
            Format::Xes => Log::Xes(Box::new(XesLog::open(file, mapping, limits))),
        };
        if let Some(zone) = &options.zone {
            log.in_zone(zone);
        }
        let mut ledger = Ledger::new(file, log.mapping(), limits, matrices, &mut tell);
        match &mut log {
            Log::Csv(log) => log.read(opened.input, &mut ledger)?,
            Log::Xes(log) => log.read(opened.input, &mut ledger)?,
        }
        ledger.finish()?;
        Ok(Report::build(ledger, &name))
    };
    opening.open(source, Box::new(then))
}

enum Log {
    Csv(Box<CsvLog>),
    Xes(Box<XesLog>),
}

impl Log {
    fn mapping(&self) -> &Mapping {
        match self {
            Self::Csv(log) => log.mapping(),
            Self::Xes(log) => log.mapping(),
        }
    }

    fn in_zone(&mut self, zone: &Zone) {
        match self {
            Self::Csv(log) => log.in_zone(zone),
            Self::Xes(log) => log.in_zone(zone),
        }
    }
}

fn other_format(wanted: Format) -> Problem {
    let (wanted, found) = match wanted {
        Format::Csv => ("CSV", "XES"),
        Format::Xes => ("XES", "CSV"),
    };
    let what = format!("the mapping is for {wanted}, but this is {found}");
    Problem::Columns { what, hint: "Give the mapping that belongs to this log".to_owned() }
}
