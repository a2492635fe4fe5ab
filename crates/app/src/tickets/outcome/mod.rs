//! What became of a ticket, as the report of the desk counts it: in which month it was opened and solved, by whom, over how many hands, which
//! promises were kept and missed, and whose time the missed ones took.
//!
//! All of it is a function of the lines of the ticket and of its clocks. It is kept in the unit of work that reckons the clocks, together with the sums
//! for a month of a client, and can be thrown away.

mod figures;
mod fill;
mod store;

use std::collections::BTreeMap;

use remit_core::{At, Id, Zone};
use remit_custody::Bounces;
use remit_promise::{Clocks, PartyId, Promise, State};
use serde::{Deserialize, Serialize};

#[cfg(test)]
pub(crate) use figures::{FIGURES, place};
pub(crate) use figures::{Figures, NOTHING, PROMISES};
#[cfg(test)]
pub(crate) use fill::fill;
pub(crate) use fill::{done, handlers, schedule};
pub(crate) use store::{Of, compare, keep, listed, stored};

use super::Ticket;
use super::event::Happened;
use super::kind::{Status, Tier};
use super::ticket::Hand;
use crate::keyed::keyed;
use crate::people::{Party, PartyKind, Team};
use crate::promises::promise_key;

keyed! {
    /// Who solved a ticket: a line of the provider, or another company.
    SolvedBy as "SolvedBy" {
        /// The provider's first line.
        L1 = "l1", "L1";
        /// Its second line.
        L2 = "l2", "L2";
        /// Its third line.
        L3 = "l3", "L3";
        /// The provider, of whose lines nobody has said which.
        Unsaid = "unsaid", "no line said";
        /// The client's own people.
        Internal = "internal", "internal IT";
        /// A vendor.
        Vendor = "vendor", "a vendor";
    }
}

impl SolvedBy {
    fn of(kind: PartyKind, tier: Tier) -> Self {
        match (kind, tier) {
            (PartyKind::Internal, _) => Self::Internal,
            (PartyKind::Vendor, _) => Self::Vendor,
            (PartyKind::Provider, Tier::L1) => Self::L1,
            (PartyKind::Provider, Tier::L2) => Self::L2,
            (PartyKind::Provider, Tier::L3) => Self::L3,
            (PartyKind::Provider, Tier::Unsaid) => Self::Unsaid,
        }
    }

    /// Of which company they are.
    pub const fn kind(self) -> PartyKind {
        match self {
            Self::L1 | Self::L2 | Self::L3 | Self::Unsaid => PartyKind::Provider,
            Self::Internal => PartyKind::Internal,
            Self::Vendor => PartyKind::Vendor,
        }
    }
}

/// What became of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The month in which it was opened, on the client's wall clock; none where it goes on in another, which is counted.
    pub opened: Option<String>,
    /// How it was solved; none while it is open. What is reopened is open again.
    pub solved: Option<Solved>,
}

/// How a ticket was solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Solved {
    /// In which month.
    pub month: String,
    /// Who held it then.
    pub by: SolvedBy,
    /// What else is counted of it.
    pub facts: Facts,
}

/// What is counted of a ticket that is solved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Facts {
    /// How often it was taken over.
    pub handed: i64,
    /// How often it came back to a team that had held it before.
    pub bounced: i64,
    /// Promises that were kept, by their keys.
    pub kept: BTreeMap<String, i64>,
    /// Promises that were missed.
    pub missed: BTreeMap<String, i64>,
    /// Whose time those took that were missed: milliseconds, which add up to what their clocks have used.
    pub used: BTreeMap<String, Vec<(Id<Party>, i64)>>,
}

/// Counts hands and holders as lines tell them.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    holder: Option<Hand>,
    tier: Option<Tier>,
    handed: i64,
    bounces: Bounces<Id<Team>>,
    solved_by: Option<SolvedBy>,
    merged: bool,
}

impl Tally {
    /// Hears a line. Only lines that move clocks count, for only they have the outcome reckoned again.
    pub fn line(&mut self, happened: &Happened) {
        match happened {
            Happened::Opened { tier, to, .. } => {
                self.tier = Some(*tier);
                self.bounces = Bounces::start(to.team);
                self.holder = Some(to.clone());
            }
            Happened::Classified { tier, .. } => self.tier = Some(*tier),
            Happened::Accepted { from, to, .. } => {
                self.handed += 1;
                self.bounces.go(&from.team, &to.team);
                self.holder = Some(to.clone());
            }
            Happened::Status { from, to } => self.status(*from, *to),
            Happened::Merged { .. } => self.merged = true,
            _ => {}
        }
    }

    fn status(&mut self, from: Status, to: Status) {
        if to.is_open() {
            self.solved_by = None;
        } else if from.is_open() {
            let tier = self.tier.unwrap_or(Tier::Unsaid);
            self.solved_by = self.holder.as_ref().map(|holder| SolvedBy::of(holder.kind, tier));
        }
    }

    /// What became of a ticket that these are the lines of.
    pub fn outcome(&self, ticket: &Ticket, clocks: Option<&Clocks<'_>>, zone: &Zone) -> Outcome {
        if self.merged {
            return Outcome::default();
        }
        let solved = ticket.solved_at.zip(self.solved_by).map(|(at, by)| {
            let mut facts = Facts { handed: self.handed, ..Facts::default() };
            facts.bounced = self.bounces.total().into();
            if let Some(clocks) = clocks {
                facts.promises(clocks);
            }
            Solved { month: month(zone, at), by, facts }
        });
        Outcome { opened: Some(month(zone, ticket.opened_at)), solved }
    }
}

impl Facts {
    /// Counts what was promised. What has lapsed was neither kept nor missed.
    fn promises(&mut self, clocks: &Clocks<'_>) {
        for clock in clocks.all() {
            let key = promise_key(clock.promise).to_owned();
            match clock.state {
                State::Met => *self.kept.entry(key).or_default() += 1,
                State::Breached => {
                    *self.missed.entry(key.clone()).or_default() += 1;
                    for (party, time) in clocks.used(clock) {
                        self.take(&key, party, time.millis());
                    }
                }
                State::Running | State::Paused(_) | State::Lapsed | State::NoPromise => {}
            }
        }
    }

    fn take(&mut self, key: &str, party: PartyId, millis: i64) {
        let Some(party) = super::clocks::party_of(party).filter(|_| millis > 0) else { return };
        let used = self.used.entry(key.to_owned()).or_default();
        match used.iter_mut().find(|(known, _)| *known == party) {
            Some((_, sum)) => *sum += millis,
            None => used.push((party, millis)),
        }
    }

    /// How often a promise was kept, and how often it was missed.
    pub fn promise(&self, promise: Promise) -> (i64, i64) {
        let of = |all: &BTreeMap<String, i64>| all.get(promise_key(promise)).copied().unwrap_or_default();
        (of(&self.kept), of(&self.missed))
    }
}

/// The month of an instant on a wall clock, such as `2027-01`.
pub(crate) fn month(zone: &Zone, at: At) -> String {
    zone.local(at).strftime("%Y-%m").to_string()
}
