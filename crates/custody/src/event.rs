//! What can happen to the custody of a ticket, and why it may be refused.

use serde::{Deserialize, Serialize};

use crate::rule::{Epoch, Item, OfferNumber, Version};

/// Something that happened to the custody of one ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Event<H> {
    /// The ticket it is about.
    pub item: Item,
    /// What happened.
    pub act: Act<H>,
}

/// What happened. Every act of a person names the epoch it was decided in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act<H> {
    /// The holder offers the ticket to somebody else.
    Offer {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The holder.
        by: H,
        /// The latest offer the decider had seen, so that a repeated message cannot offer twice.
        seen: OfferNumber,
        /// Who is asked to take it.
        to: H,
    },
    /// The holder offers it back to whoever handed it over.
    HandBack {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The latest offer the decider had seen, so that a repeated message cannot offer twice.
        seen: OfferNumber,
        /// The holder.
        by: H,
    },
    /// The holder takes its open offer back.
    Withdraw {
        /// The epoch it was decided in.
        epoch: Epoch,
        /// The offer.
        offer: OfferNumber,
        /// The holder.
        by: H,
    },
    /// The one it is offered to accepts: the only change of holder.
    Accept {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: OfferNumber,
        /// Who accepts.
        by: H,
    },
    /// The one it is offered to declines.
    Decline {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: OfferNumber,
        /// Who declines.
        by: H,
    },
    /// The offer's deadline passed without an answer.
    Expire {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: OfferNumber,
    },
    /// The next step of the escalation is offered the ticket.
    Escalate {
        /// The epoch in which the offer before failed.
        epoch: Epoch,
        /// The latest offer the decider had seen, so that a repeated message cannot offer twice.
        seen: OfferNumber,
        /// Who is asked now.
        to: H,
    },
    /// A new matrix version is in force.
    Publish {
        /// Its number.
        version: Version,
        /// Whom it names for this ticket.
        owner: H,
    },
}

/// Why an event changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The event belongs to another ticket.
    #[error("the event is about another ticket")]
    OtherItem,
    /// The holder has changed since the act was decided.
    #[error("decided in epoch {}, but the ticket is in epoch {}: look again and decide anew", decided.0, now.0)]
    Stale {
        /// The epoch named by the act.
        decided: Epoch,
        /// The epoch of the ticket.
        now: Epoch,
    },
    /// Only the holder may do this.
    #[error("only the holder may do this")]
    NotTheHolder,
    /// The offer is addressed to somebody else.
    #[error("the offer is addressed to somebody else")]
    NotTheAddressee,
    /// A ticket cannot be offered to its holder.
    #[error("the ticket is already with the one it is offered to")]
    ToTheHolder,
    /// Another offer waits for its answer.
    #[error("another offer waits for its answer: withdraw it first")]
    OfferOpen,
    /// The offer is answered, withdrawn or replaced.
    #[error("there is no such open offer any more")]
    NoSuchOffer,
    /// Another offer was made after the act was decided.
    #[error("another offer was made since: look again and decide anew")]
    OfferSince,
    /// Nobody handed the ticket to the holder.
    #[error("nobody handed this ticket over, so it cannot be handed back")]
    NobodyToReturnTo,
    /// Nothing was declined and nothing ran out.
    #[error("nothing was declined and nothing ran out, so there is nothing to escalate")]
    NothingToEscalate,
    /// The matrix version is not newer than the one in force.
    #[error("matrix version {} is not newer than version {}", given.0, now.0)]
    OldVersion {
        /// The version of the event.
        given: Version,
        /// The version in force.
        now: Version,
    },
}
