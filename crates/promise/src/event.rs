//! What happens to a ticket, as far as its clocks care.

use remit_core::{At, Slug, Span};
use serde::{Deserialize, Serialize};

use crate::id::{ClientId, PartyId, TeamId};
use crate::policy::PolicyError;
use crate::promise::{Promise, Term};

/// What a party is to the client; it decides whether its own promises are OLAs or UCs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// The managed service provider.
    Provider,
    /// The client's internal IT.
    Internal,
    /// A third company.
    Vendor,
}

/// A company that can hold a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Party {
    /// Which.
    pub id: PartyId,
    /// What it is to the client.
    pub kind: PartyKind,
}

/// Who holds a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Holder {
    /// The party, whose clocks run.
    pub party: Party,
    /// Its team, for the explanation.
    pub team: TeamId,
}

/// What work on a ticket can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// An answer of the requester.
    Requester,
    /// A vendor that does not hold the ticket.
    Vendor,
    /// A maintenance window.
    Window,
    /// Somebody's approval.
    Approval,
}

/// How a ticket came to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rest {
    /// It is solved.
    Solved,
    /// It is closed.
    Closed,
    /// It went on in another ticket.
    Merged,
}

/// How an offer of a hand-off ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Taken.
    Accepted,
    /// Not taken: an answer too.
    Declined,
    /// Nobody answered. The promise is broken if its time was up.
    Expired,
    /// Taken back by whoever offered: nothing was left to answer.
    Withdrawn,
}

/// One event of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The ticket begins: always its first event.
    Opened {
        /// Whose ticket.
        client: ClientId,
        /// The tier of the agreement.
        tier: String,
        /// What it is about.
        service: Slug,
        /// How urgent.
        priority: String,
        /// Who holds it first.
        holder: Holder,
    },
    /// The first answer to the requester.
    Responded,
    /// A later word to the requester. If there was no answer before, it is the first one.
    Updated,
    /// Work waits from now on. A wait that has begun does not begin again.
    WaitBegan(Wait),
    /// Work waits for it no longer.
    WaitEnded(Wait),
    /// Somebody holds it from now on: another party, or another team of the same.
    Held(Holder),
    /// Another priority.
    Priority(String),
    /// Another service.
    Service(Slug),
    /// Another tier of the agreement.
    Tier(String),
    /// For this ticket alone something is agreed, before what any rule says: what the row of the matrix promises that routed it, or
    /// what somebody told the requester. The latest that is about the promise and the party speaks; [`Term::Withdrawn`] gives way to
    /// the rules again.
    Agreed {
        /// Which promise.
        promise: Promise,
        /// For an OLA or a UC whose promise, for an SLA while who holds; any party when absent.
        party: Option<PartyId>,
        /// What is agreed.
        term: Term,
    },
    /// A hand-off is offered; the holder stays.
    Offered {
        /// The number of the offer within the ticket.
        offer: u32,
        /// Who is asked.
        to: Party,
    },
    /// An offer ended. Acceptance alone does not move the ticket; [`Event::Held`] does.
    Answered {
        /// The number of the offer.
        offer: u32,
        /// How.
        answer: Answer,
    },
    /// The work is done.
    Solved,
    /// It was not done after all.
    Reopened,
    /// It is over.
    Closed,
    /// It goes on in another ticket.
    Merged,
}

/// Why events have no clocks. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The first instant has no [`Event::Opened`], or there is no event.
    #[error("a ticket begins with the event that opens it")]
    NotOpened,
    /// A second [`Event::Opened`].
    #[error("event {position} opens the ticket again: reopen it instead")]
    OpenedTwice {
        /// Which event.
        position: usize,
    },
    /// An event lies before the one in front of it.
    #[error("event {position} at {at} comes after one at {last}: events are given in the order of time")]
    OutOfOrder {
        /// Which event.
        position: usize,
        /// When it happened.
        at: At,
        /// The latest instant before it in the list.
        last: At,
    },
    /// An answer to an offer that was never made.
    #[error("event {position} answers offer {offer}, which was never made")]
    NoSuchOffer {
        /// Which event.
        position: usize,
        /// The number it names.
        offer: u32,
    },
    /// Something is agreed that cannot be.
    #[error("event {position} agrees on something that cannot be: {fault}")]
    Agreed {
        /// Which event.
        position: usize,
        /// What is wrong with it, as if it were a rule.
        fault: Box<PolicyError>,
    },
    /// Asked for an instant before the ticket began.
    #[error("the ticket was opened at {opened}: it has no clocks before")]
    TooEarly {
        /// When it was opened.
        opened: At,
    },
    /// The calendars were not compiled for such an instant.
    #[error("{at} lies outside the time that the calendars were made for, {horizon}: make them for more")]
    OutsideHorizon {
        /// The instant.
        at: At,
        /// What the calendars hold.
        horizon: Span,
    },
}

impl Wait {
    /// All of them. When a ticket waits for several, the first of this order is named.
    pub const ALL: [Self; 4] = [Self::Requester, Self::Vendor, Self::Window, Self::Approval];
}

impl Event {
    /// The order in which events of one instant take effect; those of one rank keep the order in which they are given.
    ///
    /// An answer counts for the holder who gave it, so it goes before a change of holder; rest comes last.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Opened { .. } => 0,
            Self::Responded | Self::Updated => 1,
            Self::Priority(_) | Self::Service(_) | Self::Tier(_) | Self::Agreed { .. } => 2,
            Self::WaitBegan(_) | Self::WaitEnded(_) => 3,
            Self::Offered { .. } | Self::Answered { .. } => 4,
            Self::Held(_) => 5,
            Self::Solved | Self::Reopened | Self::Closed | Self::Merged => 6,
        }
    }

    /// The rank of the events after which another term can speak.
    pub(crate) const RANK_OF_TERMS: u8 = 2;
    /// The number of ranks.
    pub(crate) const RANKS: u8 = 7;
}
