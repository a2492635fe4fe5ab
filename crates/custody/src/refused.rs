//! Why an event may be refused, in words that say what to do instead.

use remit_core::At;

use crate::custody::{Ended, Epoch};
use crate::named::Version;

/// Why an event changed nothing, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The event belongs to another ticket.
    #[error("the event is about another ticket: look up which one it names")]
    OtherItem,
    /// The holder has changed since the act was decided.
    #[error("decided in epoch {}, but the ticket has changed hands and is in epoch {}: look again and decide anew", decided.0, now.0)]
    Stale {
        /// The epoch named by the act.
        decided: Epoch,
        /// The epoch of the ticket.
        now: Epoch,
    },
    /// Only the holder may do this.
    #[error("only the holder may do this: ask the holder to")]
    NotTheHolder,
    /// The offer is addressed to somebody else.
    #[error("the offer is addressed to somebody else: ask the holder to offer the ticket to you")]
    NotTheAddressee,
    /// A ticket cannot be offered to its holder.
    #[error("the ticket is already with the one it is offered to: choose somebody else, or keep it")]
    ToTheHolder,
    /// Another offer, or an escalation, waits.
    #[error(
        "the ticket is already being offered to somebody: wait for the answer, or recall the offer if it is yours"
    )]
    OfferOpen,
    /// The offer has ended, and how.
    #[error("{0}")]
    Ended(Ended),
    /// The offer is older than the latest one, or never was.
    #[error("there is no such offer any more: look again and answer the one that is open")]
    NoSuchOffer,
    /// An offer, a closing or a reopening came after the act was decided.
    #[error("the ticket was offered, closed or reopened since: look again and decide anew")]
    TurnSince,
    /// Nobody handed the ticket to the holder.
    #[error("nobody handed this ticket over, so it cannot be handed back: offer it to somebody")]
    NobodyToReturnTo,
    /// Nothing was declined and nothing ran out.
    #[error(
        "nothing was declined and nothing ran out, so there is nothing to escalate: offer the ticket to somebody"
    )]
    NothingToEscalate,
    /// The matrix asked, not the holder.
    #[error("the matrix made this offer, not the holder: wait for the answer or the deadline")]
    NotYoursToRecall,
    /// The word of the matrix is not newer than the one in force.
    #[error(
        "matrix version {} from {since} on is not newer than version {} from {now_since} on: keep what is in force",
        version.0,
        now.0
    )]
    OldWord {
        /// The version of the event.
        version: Version,
        /// From when on it counts.
        since: At,
        /// The version in force.
        now: Version,
        /// From when on that counts.
        now_since: At,
    },
    /// The ticket is closed.
    #[error("the ticket is closed: reopen it first")]
    Closed,
    /// The ticket is not closed.
    #[error("the ticket is open, so there is nothing to reopen: go on with it")]
    NotClosed,
    /// The owner holds it.
    #[error("the holder is the accountable owner: close the ticket instead of returning it")]
    OwnerCloses,
    /// The closer does not answer for the ticket.
    #[error(
        "only the accountable owner closes, or who holds it in the owner's place: return it to the owner as solved"
    )]
    NotYoursToClose,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accepted => "the offer was accepted: look again at who holds the ticket",
            Self::Declined => "the offer was declined: ask the holder to offer the ticket again",
            Self::Recalled => {
                "the holder took the offer back, so there is nothing to answer: ask the holder if you want the ticket"
            }
            Self::Expired => {
                "the offer ran out before an answer came: ask the holder to offer the ticket again if you want it"
            }
            Self::Replaced => {
                "the matrix names somebody else by now, which ended the offer: look again at who is asked"
            }
            Self::Closed => "the ticket was closed, which ended the offer: reopen the ticket first",
        })
    }
}
