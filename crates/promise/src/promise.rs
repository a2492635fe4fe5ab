//! What can be promised: which kind, which target, how long, in which hours.

use remit_core::{Millis, Slug};
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::event::{PartyKind, Wait};

/// Between whom a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The provider promises the client: the frame, which runs whoever holds the ticket.
    Sla,
    /// One of the two IT teams promises the other: runs only while that party holds.
    Ola,
    /// A vendor promises: runs only while the vendor holds.
    Uc,
}

/// What is promised to happen in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The first answer to the requester. A solution is an answer too.
    Response,
    /// The next word to the requester; begins again with every answer.
    Update,
    /// The solution. A ticket that is reopened goes on with what it had used.
    Resolution,
    /// The answer to an offered hand-off, yes or no. Only an OLA or a UC can have it.
    Acceptance,
}

/// A promise: who to whom, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Between whom.
    pub kind: Kind,
    /// What.
    pub target: Target,
}

/// Which time counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hours {
    /// All of it.
    EveryMinute,
    /// The open time of the calendar of this name: for an SLA the client's own, for an OLA or a UC the party's own, and where
    /// they have none the one that all share.
    Calendar(Slug),
}

/// A set of [`Wait`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Wait>", into = "Vec<Wait>")]
pub struct Waits(u8);

/// A promise in figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Within {
    /// How much of the time that counts it may take; from 1 ms to [`Within::LONGEST`].
    pub length: Millis,
    /// Which time counts.
    pub hours: Hours,
    /// What the clock stands still for. A vendor's own promise never stands still because the ticket waits for a vendor.
    pub paused_by: Waits,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// It is promised.
    Within(Within),
    /// It is agreed that nothing is promised.
    NoPromise,
    /// The rule of this scope is taken back: from now on a wider rule speaks, if there is one.
    Withdrawn,
}

impl Promise {
    /// The client's first answer.
    pub const RESPONSE: Self = Self { kind: Kind::Sla, target: Target::Response };
    /// The client's next word.
    pub const UPDATE: Self = Self { kind: Kind::Sla, target: Target::Update };
    /// The client's solution: the frame of all others.
    pub const RESOLUTION: Self = Self { kind: Kind::Sla, target: Target::Resolution };

    /// What a party of this kind promises for itself: a vendor by a UC, the two IT teams by an OLA.
    pub const fn own(kind: PartyKind, target: Target) -> Self {
        match kind {
            PartyKind::Provider | PartyKind::Internal => Self { kind: Kind::Ola, target },
            PartyKind::Vendor => Self { kind: Kind::Uc, target },
        }
    }
}

/// `SLA resolution`.
impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Sla => "SLA",
            Kind::Ola => "OLA",
            Kind::Uc => "UC",
        };
        let target = match self.target {
            Target::Response => "response",
            Target::Update => "update",
            Target::Resolution => "resolution",
            Target::Acceptance => "acceptance",
        };
        write!(f, "{kind} {target}")
    }
}

impl Waits {
    /// The clock stands still for nothing.
    pub const NONE: Self = Self(0);
    /// The clock stands still whenever the ticket waits.
    pub const ALL: Self = Self(0b1111);

    /// The set with `wait` in it.
    #[must_use]
    pub const fn with(self, wait: Wait) -> Self {
        Self(self.0 | 1 << wait as u8)
    }

    /// The set without `wait`.
    #[must_use]
    pub const fn without(self, wait: Wait) -> Self {
        Self(self.0 & !(1 << wait as u8))
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The first of the set, in the order of [`Wait::ALL`].
    pub fn first(self) -> Option<Wait> {
        Wait::ALL.into_iter().find(|wait| self.has(*wait))
    }

    /// Whether `wait` is in it.
    pub const fn has(self, wait: Wait) -> bool {
        self.0 >> wait as u8 & 1 == 1
    }
}

impl From<Vec<Wait>> for Waits {
    fn from(waits: Vec<Wait>) -> Self {
        waits.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Waits> for Vec<Wait> {
    fn from(waits: Waits) -> Self {
        Wait::ALL.into_iter().filter(|wait| waits.has(*wait)).collect()
    }
}

impl Within {
    /// The longest promise: five years of 366 days.
    pub const LONGEST: Millis = Millis::from_hours(5 * 366 * 24);

    /// So much of every minute, standing still whenever the ticket waits.
    pub const fn every_minute(length: Millis) -> Self {
        Self { length, hours: Hours::EveryMinute, paused_by: Waits::ALL }
    }

    /// So much open time of a calendar, standing still whenever the ticket waits.
    pub const fn calendar(length: Millis, name: Slug) -> Self {
        Self { length, hours: Hours::Calendar(name), paused_by: Waits::ALL }
    }

    /// The same, standing still for these waits only.
    #[must_use]
    pub fn paused_by(self, paused_by: Waits) -> Self {
        Self { paused_by, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_waits_has_what_was_put_in() {
        let some = Waits::NONE.with(Wait::Window).with(Wait::Requester);
        assert!(some.has(Wait::Requester) && some.has(Wait::Window) && !some.has(Wait::Vendor));
        assert_eq!(some.first(), Some(Wait::Requester));
        assert_eq!(some.without(Wait::Requester).first(), Some(Wait::Window));
        assert_eq!(Waits::ALL.without(Wait::Vendor).without(Wait::Approval), some);
        assert_eq!(some.and(Waits::NONE.with(Wait::Vendor)), Waits::NONE);
        assert_eq!(Waits::from(Vec::from(some)), some);
        assert_eq!(Waits::NONE.first(), None);
    }

    #[test]
    fn a_vendor_promises_by_a_contract_and_the_teams_by_an_agreement() {
        assert_eq!(Promise::own(PartyKind::Vendor, Target::Response).to_string(), "UC response");
        assert_eq!(Promise::own(PartyKind::Internal, Target::Acceptance).to_string(), "OLA acceptance");
        assert_eq!(Promise::RESOLUTION.to_string(), "SLA resolution");
    }
}
