//! What is odd about a log: counted, with the first lines, never silently mended.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::words::count;

/// A kind of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A status that the mapping does not know; the ticket goes on as it was.
    UnknownStatus,
    /// An event that names no team; the ticket stays with the team it was with.
    TeamNotSaid,
    /// A ticket none of whose events names a team.
    NeverAssigned,
    /// An event that lies before the one above it in the file; it was put in its place.
    OutOfOrder,
    /// A row that repeats another of its ticket exactly; it counts once in the custody chain.
    Repeated,
    /// An event of a ticket that had been closed and folded long before; left out of the figures.
    Late,
    /// A ticket that was reopened after it had been closed.
    Reopened,
    /// A ticket that was opened after its first event, as the log has it; it begins with the event.
    OpenedLate,
    /// A closed ticket without a time of resolution; it does not count as resolved.
    ClosedUnresolved,
    /// A priority that the mapping does not know.
    UnknownPriority,
    /// An event whose category has no service in the mapping; the default service is taken.
    NoService,
    /// A row left out because it cannot be read.
    Skipped,
}

impl FindingKind {
    /// What was met, in the plural, to be followed by a count.
    pub fn what(self) -> &'static str {
        match self {
            Self::UnknownStatus => "Events with a status that the mapping does not know",
            Self::TeamNotSaid => "Events that name no team",
            Self::NeverAssigned => "Tickets none of whose events names a team",
            Self::OutOfOrder => "Events that lie before the event above them",
            Self::Repeated => "Rows that repeat another row of their ticket exactly",
            Self::Late => "Events that came long after their ticket was closed",
            Self::Reopened => "Tickets that were reopened after they had been closed",
            Self::OpenedLate => "Tickets that were opened after their first event",
            Self::ClosedUnresolved => "Tickets that were closed without a time of resolution",
            Self::UnknownPriority => "Priorities that the mapping does not know",
            Self::NoService => "Tickets whose category has no service in the mapping",
            Self::Skipped => "Rows that cannot be read",
        }
    }

    /// What was done about it.
    pub fn done(self) -> &'static str {
        match self {
            Self::UnknownStatus => "the ticket goes on as it was",
            Self::TeamNotSaid => "the ticket stays where it was",
            Self::NeverAssigned => "their time is held by nobody",
            Self::OutOfOrder => "they were put in their place",
            Self::Repeated => "they count once in the custody chain",
            Self::Late => "they are left out of the figures",
            Self::Reopened => "each counts as one ticket",
            Self::OpenedLate => "they begin with the event",
            Self::ClosedUnresolved => "they do not count as resolved",
            Self::UnknownPriority => "they are asked about as any other",
            Self::NoService => "the default service is asked about",
            Self::Skipped => "they were left out",
        }
    }
}

impl Finding {
    /// One sentence: what, how often, what was done, an example and the first lines.
    pub fn sentence(&self) -> String {
        let mut text = format!("{}: {}; {}", self.kind.what(), count(self.count), self.kind.done());
        let lines: Vec<String> =
            self.lines.iter().filter(|line| **line > 0).map(ToString::to_string).collect();
        let first = match lines.as_slice() {
            [] => None,
            [line] => Some(format!("line {line}")),
            lines => Some(format!("lines {}", lines.join(", "))),
        };
        let example = self.example.as_ref().map(|example| format!("such as {example}"));
        let more: Vec<String> = example.into_iter().chain(first).collect();
        if !more.is_empty() {
            let _ = write!(text, " ({})", more.join(", "));
        }
        text + "."
    }
}

/// An oddity of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// How often it was met.
    pub count: u64,
    /// The lines of the first few.
    pub lines: Vec<u64>,
    /// The value, or the message, of the first.
    pub example: Option<String>,
}

/// The findings while a log is read.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

const LINES: usize = 5;

impl Findings {
    /// Counts one more of `kind`, met on `line`.
    pub fn add(&mut self, kind: FindingKind, line: u64, example: impl FnOnce() -> Option<String>) {
        let known = self.0.iter().position(|finding| finding.kind == kind);
        let place = known.unwrap_or_else(|| {
            self.0.push(Finding { kind, count: 0, lines: Vec::new(), example: example() });
            self.0.len() - 1
        });
        let finding = &mut self.0[place];
        finding.count += 1;
        if finding.lines.len() < LINES {
            finding.lines.push(line);
        }
    }

    /// All of them, the kinds in their fixed order.
    pub fn finish(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.kind);
        self.0.iter_mut().for_each(|finding| finding.lines.sort_unstable());
        self.0
    }
}
