//! XES, the XML of event logs (IEEE 1849): traces are tickets, their events are in order.

mod bounded;
mod slots;

use std::hash::Hasher as _;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use remit_core::Zone;
use rustc_hash::FxHasher;

use crate::error::{Problem, ReadError, nearest, shown};
use crate::event::{LogEvent, Sink};
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::read::fields::{Bad, DateOf, Values, in_column};
use bounded::Bounded;
use slots::{Field, Slots};

/// An XES log about to be read.
pub struct XesLog {
    mapping: Mapping,
    file: String,
    limits: Limits,
}

/// Reads all events of an XES log into `sink`. Without a mapping, the standard attributes are read.
pub fn read_xes(
    input: &mut dyn BufRead,
    file: &str,
    mapping: Option<&Mapping>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    XesLog::open(file, mapping, limits).read(input, sink)
}

/// Where in the document the reader is.
#[derive(Default)]
struct Position {
    depth: usize,
    in_trace: bool,
    in_event: bool,
    /// The line on which the present event began.
    event_line: u64,
    hash: FxHasher,
    attributes: usize,
    bad_rows: u64,
    traces: u64,
}

impl XesLog {
    /// Prepares to read with the given mapping, else with the built-in one.
    pub fn open(file: &str, mapping: Option<&Mapping>, limits: &Limits) -> Self {
        let mapping = mapping.cloned().unwrap_or_else(Mapping::xes);
        Self { mapping, file: file.to_owned(), limits: limits.clone() }
    }

    /// How the log is read.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Takes dates without an offset to be written in `zone`.
    pub fn in_zone(&mut self, zone: &Zone) {
        self.mapping = self.mapping.clone().in_zone(zone.clone());
    }

    /// Reads to the end.
    pub fn read(&mut self, input: &mut dyn BufRead, sink: &mut dyn Sink) -> Result<(), ReadError> {
        let mut reader = Reader::from_reader(Bounded::new(input, self.limits.row_bytes as u64));
        reader.config_mut().trim_text(true);
        let mut values = Values::new(&self.mapping, &self.limits);
        let mut slots = Slots::new(&self.mapping);
        let mut at = Position::default();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            reader.get_mut().next_token();
            let read = reader.read_event_into(&mut buffer);
            let line = reader.get_ref().line();
            let event = read.map_err(|error| xml_problem(error).at_line(&self.file, line))?;
            match event {
                Event::Start(tag) => {
                    self.starts(&tag, &mut at, &mut slots, line)?;
                    at.depth += 1;
                    self.check_depth(&at, line)?;
                }
                Event::Empty(tag) => {
                    self.starts(&tag, &mut at, &mut slots, line)?;
                    self.ends(&mut at, &mut slots, &mut values, sink)?;
                }
                Event::End(_) => {
                    at.depth = at.depth.saturating_sub(1);
                    self.ends(&mut at, &mut slots, &mut values, sink)?;
                }
                Event::Eof => return self.finish(&at, line),
                Event::DocType(_) => {
                    let text = "a document type is not allowed in XES".to_owned();
                    return Err(Problem::Xml(text).at_line(&self.file, line));
                }
                _ => {}
            }
        }
    }

    fn check_depth(&self, at: &Position, line: u64) -> Result<(), ReadError> {
        if at.depth <= self.limits.depth {
            return Ok(());
        }
        let hint = "XES needs no more than a few levels: is this another kind of XML?";
        let problem = Problem::Limit { what: "levels of XML", limit: self.limits.depth.to_string(), hint };
        Err(problem.at_line(&self.file, line))
    }

    fn finish(&self, at: &Position, line: u64) -> Result<(), ReadError> {
        if at.depth > 0 {
            let inside = if at.in_event {
                "an <event>"
            } else if at.in_trace {
                "a <trace>"
            } else {
                "the <log>"
            };
            let text = format!("it ends inside {inside}; the file is cut off");
            return Err(Problem::Xml(text).at_line(&self.file, line));
        }
        if at.traces == 0 { Err(Problem::Empty.in_file(&self.file)) } else { Ok(()) }
    }

    /// A tag opens at `at.depth`: the log, a trace, an event or one of their attributes.
    fn starts(
        &self,
        tag: &BytesStart<'_>,
        at: &mut Position,
        slots: &mut Slots,
        line: u64,
    ) -> Result<(), ReadError> {
        let name = tag.local_name();
        let name = name.into_inner();
        match (at.depth, name) {
            (0, "log") => {}
            (0, other) => {
                let what = format!("the root is <{}>, not <log>", shown(other.as_bytes()));
                let problem = Problem::Columns { what, hint: "Export the log as XES or CSV".to_owned() };
                return Err(problem.at_line(&self.file, line));
            }
            (1, "trace") => {
                at.in_trace = true;
                at.attributes = 0;
                slots.clear_trace();
            }
            (2, "event") if at.in_trace => {
                at.in_event = true;
                at.event_line = line;
                at.hash = FxHasher::default();
                at.attributes = 0;
                slots.clear_event();
            }
            (2, _) if at.in_trace => self.attribute(tag, at, slots, line)?,
            (3, _) if at.in_event => self.attribute(tag, at, slots, line)?,
            _ => {}
        }
        Ok(())
    }

    fn attribute(
        &self,
        tag: &BytesStart<'_>,
        at: &mut Position,
        slots: &mut Slots,
        line: u64,
    ) -> Result<(), ReadError> {
        at.attributes += 1;
        if at.attributes > self.limits.fields {
            let hint = "Leave out what is not needed when exporting";
            let limit = self.limits.fields.to_string();
            return Err(
                Problem::Limit { what: "attributes of an event", limit, hint }.at_line(&self.file, line)
            );
        }
        if at.in_event {
            at.hash.write(tag.as_bytes());
        }
        slots.take(tag, at.in_event).map_err(|text| Problem::Xml(text).at_line(&self.file, line))
    }

    /// Whatever was open at `at.depth` is closed.
    fn ends(
        &self,
        at: &mut Position,
        slots: &mut Slots,
        values: &mut Values,
        sink: &mut dyn Sink,
    ) -> Result<(), ReadError> {
        if at.depth == 2 && at.in_event {
            at.in_event = false;
            return self.event(at, slots, values, sink);
        }
        if at.depth == 1 && at.in_trace {
            at.in_trace = false;
            at.traces += 1;
            let ticket = values.known(slots.get(Field::Ticket));
            return if ticket.is_empty() { Ok(()) } else { sink.ticket_ends(ticket) };
        }
        Ok(())
    }

    fn event(
        &self,
        at: &mut Position,
        slots: &mut Slots,
        values: &mut Values,
        sink: &mut dyn Sink,
    ) -> Result<(), ReadError> {
        slots.join_status();
        match self.build(at, slots, values) {
            Ok(event) => sink.event(&event),
            Err((problem, column)) => {
                let error = ReadError { file: self.file.clone(), line: Some(at.event_line), column, problem };
                at.bad_rows += 1;
                if at.bad_rows > self.limits.bad_rows {
                    return Err(error);
                }
                sink.skipped(error);
                Ok(())
            }
        }
    }

    fn build<'a>(&self, at: &Position, slots: &'a Slots, values: &mut Values) -> Result<LogEvent<'a>, Bad> {
        let columns = &self.mapping.columns;
        let ticket = values.known(slots.get(Field::Ticket));
        if ticket.is_empty() {
            return Err((absent(&columns.ticket, slots), None));
        }
        if slots.get(Field::At).is_empty() {
            return Err((absent(&columns.at, slots), None));
        }
        let status = slots.status();
        let state = values.state(&self.mapping, status).map_err(in_column(columns.status.first()))?;
        let instant =
            values.date(DateOf::Event, slots.get(Field::At)).map_err(in_column(Some(&columns.at)))?;
        let opened = values.date_if_known(DateOf::Opened, slots.get(Field::Opened));
        let resolved = values.date_if_known(DateOf::Resolved, slots.get(Field::Resolved));
        Ok(LogEvent {
            line: at.event_line,
            row: at.hash.finish(),
            ticket,
            at: instant,
            opened: opened.map_err(in_column(columns.opened.as_ref()))?,
            resolved: resolved.map_err(in_column(columns.resolved.as_ref()))?,
            status,
            state,
            team: values.known(slots.get(Field::Team)),
            person: values.known(slots.get(Field::Person)),
            priority: values.known(slots.get(Field::Priority)),
            category: values.known(slots.get(Field::Category)),
            support_line: values.line(slots.get(Field::Line)),
            sla_kept: self.mapping.sla_kept(slots.get(Field::Sla)),
        })
    }
}

/// An attribute that every event needs is not there.
fn absent(name: &str, slots: &Slots) -> Problem {
    let place = if name.starts_with("trace/") { "the trace" } else { "the event" };
    let bare = name.trim_start_matches("trace/");
    let hint = match nearest(bare, slots.seen()) {
        Some(near) => format!("Did you mean `{}`? Write it in the mapping", shown(near.as_bytes())),
        None => "Say in the mapping which attribute holds it".to_owned(),
    };
    Problem::Columns { what: format!("{place} has no attribute `{}`", shown(bare.as_bytes())), hint }
}

fn xml_problem(error: quick_xml::Error) -> Problem {
    match error {
        quick_xml::Error::Io(error) => match std::sync::Arc::try_unwrap(error) {
            Ok(error) => Problem::from_io(error),
            Err(shared) => Problem::Xml(shared.to_string()),
        },
        quick_xml::Error::Encoding(_) => {
            let hint =
                "Save the log as UTF-8, or write its encoding in the mapping, such as \"windows-1252\"";
            Problem::Encoding { what: "the text is not UTF-8".to_owned(), hint: hint.to_owned() }
        }
        other => Problem::Xml(shown(other.to_string().as_bytes())),
    }
}
