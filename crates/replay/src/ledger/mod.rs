//! The ledger: takes events, keeps open tickets, folds what is done into figures of bounded size.

mod fold;
mod level;
mod longest;

use remit_core::Zone;
use rustc_hash::FxHashMap;

use crate::error::{Problem, ReadError, shown};
use crate::event::{Line, LogEvent, Sink, State};
use crate::findings::{FindingKind, Findings};
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::names::{NameId, Names};
use crate::ownership::Ownership;
use crate::quantiles::Quantiles;
use crate::tickets::{Step, Ticket, Tickets, Told};
use crate::trial::Trial;

pub(crate) use level::{Level, MOST_HAND_OFFS, Tally, Totals};
pub(crate) use longest::{Longest, Stay};

/// How many durations of the whole log are kept one by one.
const EXACT: usize = 1 << 20;

/// What is known of a status.
#[derive(Debug, Clone, Default)]
pub(crate) struct StatusTally {
    pub events: u64,
    pub tickets: u64,
    pub first: u64,
}

/// Where a team belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TeamPlace {
    pub line: Option<Line>,
    pub party: NameId,
}

/// Names of every field.
pub(crate) struct Dictionary {
    pub statuses: Names,
    pub teams: Names,
    pub persons: Names,
    pub priorities: Names,
    pub categories: Names,
    pub parties: Names,
}

/// Figures of the whole log.
pub(crate) struct Overall {
    pub events: u64,
    pub tickets: u64,
    pub resolved: u64,
    pub reopened: u64,
    pub sla_kept: u64,
    pub sla_missed: u64,
    /// The two above over all tickets, resolved or not.
    pub sla_kept_all: u64,
    pub sla_missed_all: u64,
    pub most_events: u64,
    pub life: Quantiles,
    pub life_sum: i128,
    pub first_at: i64,
    pub last_at: i64,
    pub arrivals: Vec<u64>,
    pub months: std::collections::BTreeMap<(i16, i8), u64>,
    /// Changes of person while the team stayed.
    pub passed_within_team: u64,
}

/// Everything that is counted while a log is read.
pub(crate) struct Ledger<'m> {
    pub mapping: Mapping,
    pub zone: Zone,
    pub names: Dictionary,
    pub places: Vec<TeamPlace>,
    pub states: Vec<State>,
    pub statuses: Vec<StatusTally>,
    pub teams: Level,
    pub lines: Level,
    pub parties: Level,
    pub overall: Overall,
    pub longest: Longest,
    pub findings: Findings,
    pub categories: FxHashMap<NameId, u64>,
    pub trials: Vec<Trial<'m>>,
    tickets: Tickets,
    file: String,
    progress: &'m mut dyn FnMut(u64),
}

/// How many events pass between two calls of the progress function.
const PROGRESS_EVERY: u64 = 4096;

impl<'m> Ledger<'m> {
    /// An empty ledger for a log that is read as `mapping` says, tried under `matrices`.
    pub fn new(
        file: &str,
        mapping: &Mapping,
        limits: &Limits,
        matrices: &'m mut [&mut dyn Ownership],
        progress: &'m mut dyn FnMut(u64),
    ) -> Self {
        let names = |field| Names::new(field, limits.names);
        Self {
            mapping: mapping.clone(),
            zone: mapping.zone.clone(),
            names: Dictionary {
                statuses: names("different statuses"),
                teams: names("different teams"),
                persons: names("different persons"),
                priorities: names("different priorities"),
                categories: names("different categories"),
                parties: names("different parties"),
            },
            places: Vec::new(),
            states: Vec::new(),
            statuses: Vec::new(),
            teams: Level::default(),
            lines: Level::default(),
            parties: Level::default(),
            overall: Overall::new(),
            longest: Longest::default(),
            findings: Findings::default(),
            categories: FxHashMap::default(),
            trials: matrices.iter_mut().map(|matrix| Trial::new(&mut **matrix)).collect(),
            tickets: Tickets::new(limits),
            file: file.to_owned(),
            progress,
        }
    }

    /// Folds the tickets that are left.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        let left: Vec<Ticket> = self.tickets.drain().collect();
        for ticket in left {
            self.fold(ticket);
        }
        if self.overall.tickets == 0 { Err(Problem::Empty.in_file(&self.file)) } else { Ok(()) }
    }

    fn step(&mut self, event: &LogEvent<'_>) -> Result<Step, (Problem, Option<&String>)> {
        let columns = &self.mapping.columns;
        let named = |column| move |problem| (problem, column);
        let status = self.names.statuses.id(event.status).map_err(named(columns.status.first()))?;
        let team = self.names.teams.id(event.team).map_err(named(columns.team.as_ref()))?;
        while self.places.len() < self.names.teams.texts().len() {
            let name = self.names.teams.text(self.places.len() as NameId);
            let line = self.mapping.line(name);
            let party = self.mapping.party(name, line);
            let party = self.names.parties.id(party.as_bytes()).map_err(named(None))?;
            self.places.push(TeamPlace { line, party });
        }
        if self.states.len() < self.names.statuses.texts().len() {
            self.states.push(event.state);
            self.statuses.push(StatusTally::default());
        }
        Ok(Step {
            at: event.at,
            line: event.line,
            row: event.row,
            status,
            team,
            person: self.names.persons.id(event.person).map_err(named(columns.person.as_ref()))?,
            priority: self.names.priorities.id(event.priority).map_err(named(columns.priority.as_ref()))?,
            category: self.names.categories.id(event.category).map_err(named(columns.category.as_ref()))?,
            state: event.state,
            sla_kept: event.sla_kept,
            support_line: event.support_line,
        })
    }
}

impl Sink for Ledger<'_> {
    fn event(&mut self, event: &LogEvent<'_>) -> Result<(), ReadError> {
        self.overall.events += 1;
        if self.overall.events.is_multiple_of(PROGRESS_EVERY) {
            (self.progress)(self.overall.events);
        }
        let file = self.file.clone();
        let step = self.step(event).map_err(|(problem, column)| ReadError {
            file: file.clone(),
            line: Some(event.line),
            column: column.cloned(),
            problem,
        })?;
        if let Some(tally) = self.statuses.get_mut(step.status as usize) {
            tally.events += 1;
        }
        if step.state == State::Unknown {
            self.findings.add(FindingKind::UnknownStatus, step.line, || Some(shown(event.status)));
        }
        match self.tickets.tell(event.ticket, step, event.opened, event.resolved) {
            Ok(Told::Kept) => {}
            Ok(Told::Done(ticket)) => self.fold(ticket),
            Ok(Told::Late) => self.findings.add(FindingKind::Late, step.line, || Some(shown(event.ticket))),
            Err(problem) => return Err(problem.at_line(&self.file, event.line)),
        }
        Ok(())
    }

    fn ticket_ends(&mut self, ticket: &[u8]) -> Result<(), ReadError> {
        if let Some(ticket) = self.tickets.end(ticket) {
            self.fold(ticket);
        }
        Ok(())
    }

    fn skipped(&mut self, error: ReadError) {
        let line = error.line.unwrap_or_default();
        self.findings.add(FindingKind::Skipped, line, || Some(error.to_string()));
    }
}

impl Overall {
    fn new() -> Self {
        Self {
            events: 0,
            tickets: 0,
            resolved: 0,
            reopened: 0,
            sla_kept: 0,
            sla_missed: 0,
            sla_kept_all: 0,
            sla_missed_all: 0,
            most_events: 0,
            life: Quantiles::new(EXACT),
            life_sum: 0,
            first_at: i64::MAX,
            last_at: i64::MIN,
            arrivals: vec![0; 168],
            months: std::collections::BTreeMap::new(),
            passed_within_team: 0,
        }
    }
}
