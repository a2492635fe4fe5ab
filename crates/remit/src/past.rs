//! The past of the demo: the log that ships with Remit, as `remit_app::demo` wants it.

use std::collections::HashMap;
use std::io::{BufReader, Cursor};

use remit_app::demo::{Incident, Log, Moment};
use remit_app::tickets::{Priority, Status, Tier};
use remit_core::At;
use remit_replay::{CsvLog, Limits, Line, LogEvent, Mapping, ReadError, Sink};

use crate::failure::Failure;

/// The log of the UCI repository. It is part of the binary, so that the demo needs no other file.
const UCI: &[u8] = include_bytes!("../../../data/uci_incident/incident_event_log.zip");
/// The days in the week from here on can become today: the log has most of its incidents in the three months before.
const CUT: &str = "2016-05-25T00:00:00Z";

/// The incidents of the log, every `one_in`-th alone, and whom to credit for them.
pub fn of_the_demo(one_in: usize) -> Result<(Log, String), Failure> {
    let broken =
        |error: &dyn std::fmt::Display| Failure::new(format!("the log of the demo cannot be read: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(UCI)).map_err(|e| broken(&e))?;
    let mut input = BufReader::with_capacity(1 << 16, archive.by_index(0).map_err(|e| broken(&e))?);
    let limits = Limits::default();
    let mut log = CsvLog::open(&mut input, "the log of the demo", None, &limits).map_err(|e| broken(&e))?;
    let mut reading = Reading::new(log.mapping().clone(), one_in.max(1));
    log.read(&mut input, &mut reading).map_err(|e| broken(&e))?;
    let credit = log.mapping().credit.clone().unwrap_or_default();
    Ok((reading.log()?, credit))
}

/// What has been read.
struct Reading {
    mapping: Mapping,
    services: Vec<String>,
    incidents: Vec<Incident>,
    places: HashMap<Vec<u8>, Option<usize>>,
    one_in: usize,
}

impl Reading {
    fn new(mapping: Mapping, one_in: usize) -> Self {
        Self { mapping, services: Vec::new(), incidents: Vec::new(), places: HashMap::new(), one_in }
    }

    /// Where the incident stands; none for one that is left out.
    fn place(&mut self, event: &LogEvent<'_>) -> Option<usize> {
        if let Some(place) = self.places.get(event.ticket) {
            return *place;
        }
        let place = self.places.len().is_multiple_of(self.one_in).then_some(self.incidents.len());
        if place.is_some() {
            self.incidents.push(Incident { opened: event.opened.unwrap_or(event.at), moments: Vec::new() });
        }
        self.places.insert(event.ticket.to_vec(), place);
        place
    }

    fn moment(&mut self, event: &LogEvent<'_>, before: Option<Moment>) -> Moment {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let team = text(event.team);
        let line = self.mapping.line(&team).filter(|_| !team.is_empty());
        let service = self.mapping.service(&text(event.category)).or(self.mapping.default_service());
        let service = service.unwrap_or_default().to_owned();
        let known = self.services.iter().position(|known| *known == service);
        let place = known.unwrap_or_else(|| {
            self.services.push(service);
            self.services.len() - 1
        });
        let tier = line.map(|line| match line {
            Line::L1 => Tier::L1,
            Line::L2 => Tier::L2,
            Line::L3 => Tier::L3,
        });
        let priority = self.mapping.priority(&text(event.priority)).and_then(Priority::from_key);
        Moment {
            at: event.at,
            status: status(&text(event.status)).or(before.map(|b| b.status)).unwrap_or(Status::New),
            group: number(&team).or(before.map(|b| b.group)).unwrap_or_default(),
            tier: tier.or(before.map(|b| b.tier)).unwrap_or(Tier::L1),
            person: number(&text(event.person)).or(before.map(|b| b.person)).unwrap_or_default(),
            priority: priority.or(before.map(|b| b.priority)).unwrap_or(Priority::P3),
            service: u16::try_from(place).unwrap_or_default(),
        }
    }

    fn log(mut self) -> Result<Log, Failure> {
        for incident in &mut self.incidents {
            // Five of the log are opened behind their first event, and one event stands before an earlier one.
            incident.moments.sort_by_key(|moment| moment.at);
            incident.opened =
                incident.moments.first().map_or(incident.opened, |first| first.at.min(incident.opened));
        }
        let cut = At::parse(CUT).map_err(|e| Failure::new(e.to_string()))?;
        Ok(Log { services: self.services, incidents: self.incidents, cut })
    }
}

impl Sink for Reading {
    fn event(&mut self, event: &LogEvent<'_>) -> Result<(), ReadError> {
        if let Some(place) = self.place(event) {
            let before = self.incidents[place].moments.last().copied();
            let moment = self.moment(event, before);
            self.incidents[place].moments.push(moment);
        }
        Ok(())
    }

    fn ticket_ends(&mut self, _: &[u8]) -> Result<(), ReadError> {
        Ok(())
    }

    fn skipped(&mut self, _: ReadError) {}
}

/// What a status of the log is on the desk; none for the `-100` of five rows.
fn status(text: &str) -> Option<Status> {
    Some(match text {
        "New" => Status::New,
        "Active" => Status::Working,
        "Awaiting User Info" | "Awaiting Evidence" => Status::WaitingRequester,
        "Awaiting Vendor" => Status::WaitingVendor,
        // The cause is looked for elsewhere, and a day is set.
        "Awaiting Problem" => Status::Scheduled,
        "Resolved" => Status::Solved,
        "Closed" => Status::Closed,
        _ => return None,
    })
}

/// The number in `Group 70`.
fn number(text: &str) -> Option<u32> {
    text.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests;
