//! What can happen to the custody of a ticket.

use serde::{Deserialize, Serialize};

use crate::custody::{Epoch, Item, Turn};
use crate::named::Named;

/// Something that happened to the custody of one ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Event<H> {
    /// The ticket it is about.
    pub item: Item,
    /// What happened.
    pub act: Act<H>,
}

/// What happened. Every act of a person names the epoch it was decided in, and what begins something names the latest turn
/// that its decider had seen: so a repeated or delayed message cannot do it twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act<H> {
    /// The holder offers the ticket to somebody else.
    Offer {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The latest turn the decider had seen.
        seen: Turn,
        /// The holder.
        by: H,
        /// Who is asked to take it.
        to: H,
    },
    /// The holder offers it back to whoever handed it over.
    HandBack {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The latest turn the decider had seen.
        seen: Turn,
        /// The holder.
        by: H,
    },
    /// The holder has solved it and offers it to the accountable owner, who closes it.
    Return {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The latest turn the decider had seen.
        seen: Turn,
        /// The holder, who is not the owner.
        by: H,
    },
    /// The holder takes back what it offered.
    Recall {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The offer.
        offer: Turn,
        /// The holder.
        by: H,
    },
    /// The one it is offered to accepts: the only change of holder.
    Accept {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: Turn,
        /// Who accepts.
        by: H,
    },
    /// The one it is offered to declines.
    Decline {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: Turn,
        /// Who declines.
        by: H,
    },
    /// The offer's deadline passed without an answer.
    Expire {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: Turn,
    },
    /// Whoever [`next_ask`](crate::next_ask) names is offered the ticket.
    Escalate {
        /// The epoch in which the offer before failed.
        epoch: Epoch,
        /// The latest turn the decider had seen.
        seen: Turn,
    },
    /// A new matrix version is in force, or its hour has come.
    Publish {
        /// Whom it names for this ticket.
        named: Named<H>,
    },
    /// The ticket is closed.
    Close {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The latest turn the decider had seen.
        seen: Turn,
        /// The owner, or whoever the matrix names in its place and holds the ticket.
        by: H,
    },
    /// The ticket goes on with the one who holds it. Who may ask for that is the caller's to say.
    Reopen {
        /// The latest turn the decider had seen: that of the closing.
        seen: Turn,
    },
}
