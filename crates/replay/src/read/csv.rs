//! Tables with one event a row.

use std::io::BufRead;

use remit_core::Zone;

use crate::error::{Problem, ReadError, nearest, shown};
use crate::event::{LogEvent, Sink};
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::read::fields::{Bad, DateOf, Values, in_column};
use crate::read::records::Records;

/// A table whose header has been read and whose mapping is known.
pub struct CsvLog {
    mapping: Mapping,
    places: Places,
    records: Records,
    file: String,
    header: usize,
    bad_rows: u64,
    limits: Limits,
}

/// Where each field is; `usize::MAX`, past every row, for a field that the log does not have.
struct Places {
    ticket: usize,
    at: usize,
    status: Vec<usize>,
    team: usize,
    person: usize,
    line: usize,
    priority: usize,
    category: usize,
    sla: usize,
    opened: usize,
    resolved: usize,
}

/// Reads all events of a table into `sink`. Without a mapping the header must be one that is known.
pub fn read_csv(
    input: &mut dyn BufRead,
    file: &str,
    mapping: Option<&Mapping>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    CsvLog::open(input, file, mapping, limits)?.read(input, sink)
}

impl CsvLog {
    /// Reads the header and settles the mapping: the given one, else the built-in one that the header fits.
    pub fn open(
        input: &mut dyn BufRead,
        file: &str,
        mapping: Option<&Mapping>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let first = input.fill_buf().map_err(|error| Problem::from_io(error).in_file(file))?;
        let delimiter = mapping.and_then(|mapping| mapping.delimiter).unwrap_or_else(|| sniff(first));
        let mut records = Records::new(delimiter, limits);
        if !records.advance(input).map_err(|problem| problem.at_line(file, 1))? {
            return Err(Problem::Empty.in_file(file));
        }
        let header: Vec<String> =
            records.fields().map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned()).collect();
        let mapping = match mapping {
            Some(mapping) => mapping.clone(),
            None => recognise(&header).map_err(|problem| problem.at_line(file, records.line()))?,
        };
        let places =
            Places::find(&mapping, &header).map_err(|problem| problem.at_line(file, records.line()))?;
        let (file, limits, header) = (file.to_owned(), limits.clone(), header.len());
        Ok(Self { mapping, places, records, file, header, bad_rows: 0, limits })
    }

    /// How the table is read.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Takes dates without an offset to be written in `zone`.
    pub fn in_zone(&mut self, zone: &Zone) {
        self.mapping = self.mapping.clone().in_zone(zone.clone());
    }

    /// Reads the rows after the header, to the end.
    pub fn read(&mut self, input: &mut dyn BufRead, sink: &mut dyn Sink) -> Result<(), ReadError> {
        let mut values = Values::new(&self.mapping, &self.limits);
        let mut status = Vec::new();
        loop {
            let more = self.records.advance(input);
            if !more.map_err(|problem| problem.at_line(&self.file, self.records.line()))? {
                return Ok(());
            }
            match self.row(&mut values, &mut status) {
                Ok(event) => sink.event(&event)?,
                Err((problem, column)) => {
                    let line = Some(self.records.line());
                    let error = ReadError { file: self.file.clone(), line, column, problem };
                    self.bad_rows += 1;
                    if self.bad_rows > self.limits.bad_rows {
                        return Err(error);
                    }
                    sink.skipped(error);
                }
            }
        }
    }

    fn row<'a>(&'a self, values: &mut Values, status: &'a mut Vec<u8>) -> Result<LogEvent<'a>, Bad> {
        let (row, places, columns) = (&self.records, &self.places, &self.mapping.columns);
        if row.count() != self.header {
            return Err((Problem::Fields { found: row.count(), expected: self.header }, None));
        }
        let ticket = values.known(row.field(places.ticket));
        if ticket.is_empty() {
            let expected = "the number of a ticket; every row needs one".to_owned();
            let text = shown(row.field(places.ticket));
            return Err((Problem::Value { text, expected }, Some(columns.ticket.clone())));
        }
        status.clear();
        for (n, place) in places.status.iter().enumerate() {
            status.extend((n > 0).then_some(b'/'));
            status.extend(row.field(*place).trim_ascii());
        }
        let state = values.state(&self.mapping, status).map_err(in_column(columns.status.first()))?;
        let at = values.date(DateOf::Event, row.field(places.at)).map_err(in_column(Some(&columns.at)))?;
        let opened = values.date_if_known(DateOf::Opened, row.field(places.opened));
        let resolved = values.date_if_known(DateOf::Resolved, row.field(places.resolved));
        Ok(LogEvent {
            line: row.line(),
            row: row.hash(),
            ticket,
            at,
            opened: opened.map_err(in_column(columns.opened.as_ref()))?,
            resolved: resolved.map_err(in_column(columns.resolved.as_ref()))?,
            status,
            state,
            team: values.known(row.field(places.team)),
            person: values.known(row.field(places.person)),
            priority: values.known(row.field(places.priority)),
            category: values.known(row.field(places.category)),
            support_line: values.line(row.field(places.line)),
            sla_kept: self.mapping.sla_kept(row.field(places.sla)),
        })
    }
}

impl Places {
    fn find(mapping: &Mapping, header: &[String]) -> Result<Self, Problem> {
        let columns = &mapping.columns;
        let find = |name: &String| {
            header.iter().position(|column| column == name).ok_or_else(|| missing(name, header))
        };
        let find_if = |name: &Option<String>| name.as_ref().map_or(Ok(usize::MAX), find);
        Ok(Self {
            ticket: find(&columns.ticket)?,
            at: find(&columns.at)?,
            status: columns.status.iter().map(find).collect::<Result<_, _>>()?,
            team: find_if(&columns.team)?,
            person: find_if(&columns.person)?,
            line: find_if(&columns.line)?,
            priority: find_if(&columns.priority)?,
            category: find_if(&columns.category)?,
            sla: find_if(&columns.sla)?,
            opened: find_if(&columns.opened)?,
            resolved: find_if(&columns.resolved)?,
        })
    }
}

fn missing(name: &str, header: &[String]) -> Problem {
    let hint = match nearest(name, header.iter().map(String::as_str)) {
        Some(near) => {
            format!("Did you mean `{}`? Write the header's name in the mapping", shown(near.as_bytes()))
        }
        None => format!("The header has {}", list(header)),
    };
    Problem::Columns { what: format!("there is no column `{name}`"), hint }
}

fn list(header: &[String]) -> String {
    let names: Vec<String> =
        header.iter().take(12).map(|name| format!("`{}`", shown(name.as_bytes()))).collect();
    let more = if header.len() > 12 { format!(" and {} more", header.len() - 12) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// The built-in mapping that a header fits.
fn recognise(header: &[String]) -> Result<Mapping, Problem> {
    let known = [Mapping::uci(), Mapping::servicenow()];
    let mut first_miss = None;
    for mapping in known {
        match Places::find(&mapping, header) {
            Ok(_) => return Ok(mapping),
            Err(miss) => first_miss = first_miss.or(Some(miss)),
        }
    }
    let uci = Mapping::uci();
    let wanted = [&uci.columns.ticket, &uci.columns.at, &uci.columns.status[0]];
    let matching = wanted.iter().filter(|name| header.contains(name)).count();
    match first_miss {
        Some(miss) if matching >= 2 => Err(miss),
        _ => {
            let hint =
                "Give a mapping file that says which column is the ticket, the time, the status and the team";
            let what = format!("these columns are not known: {}", list(header));
            Err(Problem::Columns { what, hint: hint.to_owned() })
        }
    }
}

/// The delimiter that the first line has most of.
fn sniff(first: &[u8]) -> u8 {
    let line =
        first.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| memchr::memchr_iter(*delimiter, line).count();
    // Of equals, `max_by_key` takes the last, which is the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
