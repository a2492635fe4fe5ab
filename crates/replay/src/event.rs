//! What every reader turns a log into: one event after the other.

use remit_core::At;
use serde::{Deserialize, Serialize};

use crate::error::ReadError;

/// What the status of an event says about the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody can work on it.
    Working,
    /// It waits for somebody outside.
    Waiting,
    /// It is solved and waits to be closed.
    Resolved,
    /// It is closed.
    Closed,
    /// The mapping does not know the status; the ticket goes on as it was.
    Unknown,
}

/// A support line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Line {
    /// First line.
    L1,
    /// Second line.
    L2,
    /// Third line.
    L3,
}

impl Line {
    /// All lines, the first first.
    pub const ALL: [Line; 3] = [Line::L1, Line::L2, Line::L3];

    /// `L1`, `L2` or `L3`.
    pub fn name(self) -> &'static str {
        ["L1", "L2", "L3"][self as usize]
    }

    /// The line of `L1`, `l2`, `3`, `1st` and the like.
    pub fn parse(text: &str) -> Option<Line> {
        let digit = text.trim().trim_start_matches(['L', 'l']);
        match digit {
            "1" | "1st" => Some(Line::L1),
            "2" | "2nd" => Some(Line::L2),
            "3" | "3rd" => Some(Line::L3),
            _ => None,
        }
    }
}

/// One event of a log, as the reader found it. Texts are bytes of the file in UTF-8, not yet checked; empty means unknown.
#[derive(Debug, Clone, Copy)]
pub struct LogEvent<'a> {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// A hash of the whole row, by which an exact repetition is told from a new event.
    pub row: u64,
    /// The ticket it belongs to.
    pub ticket: &'a [u8],
    /// When it happened.
    pub at: At,
    /// When the ticket was opened, where the log says so.
    pub opened: Option<At>,
    /// When the ticket was resolved, where the log says so.
    pub resolved: Option<At>,
    /// The status as written; several status columns are joined by `/`.
    pub status: &'a [u8],
    /// What the status means.
    pub state: State,
    /// The team that holds the ticket.
    pub team: &'a [u8],
    /// The person of the team.
    pub person: &'a [u8],
    /// The priority as written.
    pub priority: &'a [u8],
    /// The category as written.
    pub category: &'a [u8],
    /// The support line, where a column says so.
    pub support_line: Option<Line>,
    /// Whether the promise is kept so far.
    pub sla_kept: Option<bool>,
}

/// Takes the events that a reader finds.
pub trait Sink {
    /// The next event, in the order of the file.
    fn event(&mut self, event: &LogEvent<'_>) -> Result<(), ReadError>;

    /// No more events of `ticket` follow. Only formats that group a ticket's events say so.
    fn ticket_ends(&mut self, ticket: &[u8]) -> Result<(), ReadError>;

    /// A row was left out because it cannot be read; only within the number that the options allow.
    fn skipped(&mut self, error: ReadError);
}
