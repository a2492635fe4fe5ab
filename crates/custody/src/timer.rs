//! What an open ticket waits for.

use serde::{Deserialize, Serialize};

use crate::custody::{Custody, Epoch, Turn};
use crate::event::Act;

/// What a ticket waits for. It names all that its act needs, so a timer that fires late or twice is refused like any other
/// stale message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timer {
    /// The answer to the open offer, until the deadline that the caller keeps beside it.
    Answer {
        /// The epoch of the offer.
        epoch: Epoch,
        /// The offer.
        offer: Turn,
    },
    /// The next offer of the escalation: due now.
    Escalate {
        /// The epoch in which the offer before failed.
        epoch: Epoch,
        /// The latest turn.
        seen: Turn,
    },
    /// The holder's own work, until the holder's promise runs out.
    Attention {
        /// The epoch.
        epoch: Epoch,
    },
}

impl Timer {
    /// What is to be applied when it fires; `None` for [`Timer::Attention`], which changes nobody's custody.
    pub fn act<H>(self) -> Option<Act<H>> {
        match self {
            Self::Answer { epoch, offer } => Some(Act::Expire { epoch, offer }),
            Self::Escalate { epoch, seen } => Some(Act::Escalate { epoch, seen }),
            Self::Attention { .. } => None,
        }
    }
}

/// What the ticket waits for: always something, unless it is closed.
pub fn timer<H: Clone + Eq>(custody: &Custody<H>) -> Option<Timer> {
    let epoch = custody.epoch();
    if custody.is_closed() {
        return None;
    }
    Some(match custody.round() {
        None => Timer::Attention { epoch },
        Some(round) => match &round.offer {
            Some(offer) => Timer::Answer { epoch, offer: offer.turn },
            None => Timer::Escalate { epoch, seen: custody.turn() },
        },
    })
}
