//! What is odd about a log: counted, with the first lines, never silently mended.

use serde::{Deserialize, Serialize};

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
    /// What it means and what was done, for a reader of the report.
    pub fn text(self) -> &'static str {
        match self {
            Self::UnknownStatus => {
                "events have a status that the mapping does not know; the ticket goes on as it was"
            }
            Self::TeamNotSaid => "events name no team; the ticket stays where it was",
            Self::NeverAssigned => "tickets name no team in any event; their time is held by nobody",
            Self::OutOfOrder => "events lie before the event above them; they were put in their place",
            Self::Repeated => {
                "rows repeat another row of the ticket exactly; they count once in the custody chain"
            }
            Self::Late => "events came long after their ticket was closed; they are left out of the figures",
            Self::Reopened => {
                "tickets were reopened after they had been closed; they count as one ticket each"
            }
            Self::OpenedLate => {
                "tickets were opened after their first event, as the log has it; they begin with the event"
            }
            Self::ClosedUnresolved => {
                "tickets were closed without a time of resolution; they do not count as resolved"
            }
            Self::UnknownPriority => {
                "tickets have a priority that the mapping does not know; they count as the lowest"
            }
            Self::NoService => {
                "tickets have a category without a service in the mapping; the default service is taken"
            }
            Self::Skipped => "rows cannot be read and were left out",
        }
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
