//! The longest stays of a ticket with one team.

use remit_core::At;

use crate::names::NameId;

/// An unbroken stay of a ticket with one team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stay {
    pub ticket: String,
    pub team: NameId,
    pub from: At,
    pub to: At,
    /// Working time in it, in milliseconds.
    pub working: i64,
}

/// The ten stays with the most working time.
#[derive(Debug, Default)]
pub(crate) struct Longest(Vec<Stay>);

const KEPT: usize = 10;

impl Longest {
    /// Looks at a stay of `working` milliseconds; `stay` is asked for only if it is among the longest. Of equals the earlier
    /// one stays.
    pub fn see(&mut self, working: i64, stay: impl FnOnce() -> Stay) {
        if self.0.len() == KEPT && self.0.last().is_some_and(|least| least.working >= working) {
            return;
        }
        let place = self.0.partition_point(|longer| longer.working >= working);
        self.0.insert(place, stay());
        self.0.truncate(KEPT);
    }

    /// The longest first.
    pub fn stays(&self) -> &[Stay] {
        &self.0
    }
}
