//! Who holds a ticket.
//!
//! Custody is (item, holder, epoch). Two halves share one meaning of "hand-off" and "hand-back":
//!
//! - [`apply`] is the rule: a pure transition from one [`Custody`] to the next, or a [`Refused`] that says why not. An offer
//!   leaves the ticket where it is; acceptance, a compare-and-set on the epoch, is the only change of holder; declining and
//!   silence stay and escalate; a hand-back is offered to whoever handed it over; a new matrix version offers again and
//!   never drops.
//! - [`Chain`] is the history: what the events of one ticket say about who held it, when, and how it moved.
//!
//! Nothing here reads a clock, a file or a database. A holder is whatever the caller uses to name one (`H`).

mod chain;
mod event;
mod path;
mod rule;

pub use chain::{Chain, HandOff, Held, OutOfOrder, Phase, Segment, Stint};
pub use event::{Act, Event, Refused};
pub use path::{Path, Way};
pub use rule::{Custody, Epoch, Item, Offer, OfferNumber, Reason, Step, Version, apply};
