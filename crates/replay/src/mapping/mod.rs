//! How a log is read: which column is what, how dates are written, what the statuses mean, who the teams are.
//!
//! A mapping is a small TOML file. Three are built in: the UCI incident log (`data/uci_incident/mapping.toml`, recognised by
//! its columns), any other export with ServiceNow's column names, and XES with the attributes of the BPI Challenge 2013.

mod text;

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use remit_core::Zone;
use serde::Deserialize;

use crate::date::DatePattern;
use crate::event::{Line, State};

/// One text or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

/// The kinds of log that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A table of events, one a row.
    Csv,
    /// An event log in XML, IEEE 1849.
    Xes,
}

/// Which column (CSV) or attribute (XES) holds which field. In XES, `trace/` before a name means the trace's attribute.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The ticket's number.
    pub ticket: String,
    /// When the event happened.
    pub at: String,
    /// The status; several are joined by `/`.
    pub status: Vec<String>,
    /// The team that holds the ticket.
    pub team: Option<String>,
    /// The person of the team.
    pub person: Option<String>,
    /// The support line.
    pub line: Option<String>,
    /// The priority.
    pub priority: Option<String>,
    /// The category, by which a service is found.
    pub category: Option<String>,
    /// Whether the promise is kept.
    pub sla: Option<String>,
    /// When the ticket was opened.
    pub opened: Option<String>,
    /// When the ticket was resolved.
    pub resolved: Option<String>,
}

/// How to read one kind of log.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// What the log is called in a report.
    pub name: String,
    /// Whom to credit, where the licence asks for it.
    pub credit: Option<String>,
    /// The kind of file, where only one makes sense.
    pub format: Option<Format>,
    /// Where dates without an offset were written.
    pub zone: Zone,
    /// How dates are written.
    pub date: DatePattern,
    /// The delimiter of a table; found out when not given.
    pub delimiter: Option<u8>,
    /// The encoding, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Values that mean "unknown".
    pub unknown: Vec<String>,
    /// Which column is what.
    pub columns: Columns,
    /// What was assumed about the log and is not in it, one sentence each.
    pub assumptions: Vec<String>,
    states: Vec<(Pattern, State)>,
    sla_kept: Vec<String>,
    sla_missed: Vec<String>,
    priorities: BTreeMap<String, String>,
    services: BTreeMap<String, String>,
    default_service: Option<String>,
    lines: Lines,
    parties: Parties,
}

/// A text with at most one `*`, which stands for anything.
#[derive(Debug, Clone)]
struct Pattern {
    before: String,
    after: Option<String>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        match text.split_once('*') {
            Some((before, after)) => Self { before: before.to_owned(), after: Some(after.to_owned()) },
            None => Self { before: text.to_owned(), after: None },
        }
    }

    fn fits(&self, text: &str) -> bool {
        match &self.after {
            None => self.before == text,
            Some(after) => text.strip_prefix(&self.before).is_some_and(|rest| rest.ends_with(after.as_str())),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Lines {
    default: Option<Line>,
    suffix: BTreeMap<String, Line>,
    teams: BTreeMap<String, Line>,
}

#[derive(Debug, Clone, Default)]
struct Parties {
    default: Option<String>,
    by_line: BTreeMap<Line, String>,
    teams: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

/// The party of a team that the mapping places nowhere.
pub const NO_PARTY: &str = "unplaced";

impl Mapping {
    /// What a status means.
    pub fn state(&self, status: &str) -> State {
        self.states
            .iter()
            .find(|(pattern, _)| pattern.fits(status))
            .map_or(State::Unknown, |(_, state)| *state)
    }

    /// Whether the text says that the promise is kept; `None` when it says neither.
    pub fn sla_kept(&self, text: &[u8]) -> Option<bool> {
        let said = |words: &[String]| words.iter().any(|word| word.as_bytes() == text);
        if said(&self.sla_kept) { Some(true) } else { said(&self.sla_missed).then_some(false) }
    }

    /// Our name of a priority as the log writes it.
    pub fn priority(&self, text: &str) -> Option<&str> {
        self.priorities.get(text).map(String::as_str)
    }

    /// The priorities of the log and their names here.
    pub fn priorities(&self) -> impl Iterator<Item = (&str, &str)> {
        self.priorities.iter().map(|(theirs, ours)| (theirs.as_str(), ours.as_str()))
    }

    /// The service of a category; `None` when only the default applies.
    pub fn service(&self, category: &str) -> Option<&str> {
        self.services.get(category).map(String::as_str)
    }

    /// The service of tickets whose category is not in the table.
    pub fn default_service(&self) -> Option<&str> {
        self.default_service.as_deref()
    }

    /// The services named anywhere in it.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.values().chain(&self.default_service).map(String::as_str)
    }

    /// The support line of a team: from the table of teams, else from the suffix of its name, else the default.
    pub fn line(&self, team: &str) -> Option<Line> {
        let by_suffix = || self.lines.suffix.iter().find(|(suffix, _)| team.ends_with(suffix.as_str()));
        let named = self.lines.teams.get(team).copied();
        named.or_else(|| by_suffix().map(|(_, line)| *line)).or(self.lines.default)
    }

    /// The party of a team: from the table of teams, else by its line, else the default, else [`NO_PARTY`].
    pub fn party(&self, team: &str, line: Option<Line>) -> &str {
        let by_line = || line.and_then(|line| self.parties.by_line.get(&line));
        let party = self.parties.teams.get(team).or_else(by_line).or(self.parties.default.as_ref());
        party.map_or(NO_PARTY, String::as_str)
    }

    /// What a party is called in a report.
    pub fn party_name<'a>(&'a self, party: &'a str) -> &'a str {
        self.parties.names.get(party).map_or(party, String::as_str)
    }
}

#[cfg(test)]
mod tests;
