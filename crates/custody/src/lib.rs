//! Who holds a ticket.
//!
//! Custody is (item, holder, epoch). Two halves share one meaning of "hand-off", "hand-back" and "bounce":
//!
//! - [`apply`] is the rule: a pure transition from one [`Custody`] to the next, or a [`Refused`] that says why not and what to
//!   do instead. An offer leaves the ticket where it is; acceptance, a compare-and-set on the epoch, is the only change of
//!   holder; declining and silence stay and escalate; a hand-back is offered to whoever handed it over; what is solved
//!   elsewhere is offered to the owner to close; a newer word of the matrix offers again and never drops.
//! - [`Chain`] is the history: what the events of one ticket say about who held it, when, and how it moved.
//!
//! What a caller has to do about a transition is answered here too, as pure functions of the states: [`effects`] says who is to
//! be told and what is to be armed or found, [`timer`] what an open ticket waits for, [`next_ask`] whom to ask next.
//!
//! Nothing here reads a clock, a file or a database. A holder is whatever the caller uses to name one (`H`). Deadlines, forms
//! and reasons in people's words stay with the caller, beside the [`Turn`] of the offer.
//!
//! `cargo xtask bench custody` explores every state of a small world of parties and lossy messages with this very code.

mod ask;
mod bounce;
mod chain;
mod custody;
mod effect;
mod event;
mod named;
mod path;
mod refused;
mod rule;
mod timer;

pub use ask::{Ask, next_ask};
pub use bounce::{BOUNCES_IN_A_ROW, Bounces};
pub use chain::{Chain, HandOff, Held, OutOfOrder, Phase, Segment, Stint};
pub use custody::{Custody, Ended, Epoch, Item, Offer, Reason, Round, Step, Turn};
pub use effect::{Effect, Finding, News, effects};
pub use event::{Act, Event};
pub use named::{Named, Version};
pub use path::{Path, Way};
pub use refused::Refused;
pub use rule::apply;
pub use timer::{Timer, timer};
