//! One stretch of time.

use crate::{At, Date, Edge, Millis, Zone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A half-open stretch of time: `start` belongs to it, `end` does not. Empty when `end <= start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first instant.
    pub start: At,
    /// The first instant after it.
    pub end: At,
}

/// The span over which something is looked at, compiled or proved.
pub type Horizon = Span;

impl Span {
    /// From `start` up to but not including `end`.
    pub const fn new(start: At, end: At) -> Span {
        Span { start, end }
    }

    /// From the start of the local day `first` for `months` calendar months, up to the start of the local day of the same
    /// number (the last day of the month when that month is shorter). Stops at the last day of the year 9999.
    pub fn months(first: Date, zone: &Zone, months: u16) -> Span {
        let last = first.checked_add(jiff::Span::new().months(months)).unwrap_or(Date::MAX);
        Span {
            start: zone.at(first.at(0, 0, 0, 0), Edge::Start),
            end: zone.at(last.at(0, 0, 0, 0), Edge::Start),
        }
    }

    /// Whether no instant lies in it.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `at` lies in it.
    pub fn contains(self, at: At) -> bool {
        self.start <= at && at < self.end
    }

    /// Its length; nothing when it is empty.
    pub fn length(self) -> Millis {
        if self.is_empty() { Millis::ZERO } else { self.end - self.start }
    }

    /// What it has in common with `other`, possibly empty.
    #[must_use]
    pub fn intersect(self, other: Span) -> Span {
        Span { start: self.start.max(other.start), end: self.end.min(other.end) }
    }
}

/// `2026-03-29T01:00:00Z to 2026-03-29T02:00:00Z`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.start, self.end)
    }
}
