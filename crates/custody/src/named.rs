//! Whom the matrix names for a ticket.

use remit_core::At;
use serde::{Deserialize, Serialize};

/// The version of the responsibility matrix that a custody obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Version(pub u32);

/// The word of the matrix about one ticket: its owner and whom to ask when the owner does not take it.
///
/// A later hour of the same version is as much a newer word as a later version is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Named<H> {
    /// The matrix version.
    pub version: Version,
    /// The instant from which that version names them.
    pub since: At,
    /// The accountable owner.
    pub owner: H,
    /// Asked in this order when the owner does not take it.
    pub fallback: Vec<H>,
    /// The last resort, asked as often as it takes.
    pub duty_manager: H,
}

impl<H: Eq> Named<H> {
    /// Whether this word counts over `other`, whichever arrived first.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        (self.version, self.since) > (other.version, other.since)
    }

    /// Whether `who` is the owner, a fallback or the duty manager.
    pub fn names(&self, who: &H) -> bool {
        self.owner == *who || self.fallback.contains(who) || self.duty_manager == *who
    }
}
