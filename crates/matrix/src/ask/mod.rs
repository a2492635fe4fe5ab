//! Questions about a matrix in the words of people: what somebody means, who owns it at an instant and why, and a whole week.
//!
//! | file | question it answers |
//! |---|---|
//! | [`service`](fn@meant), [`values`](Values) | which service, and under which conditions? |
//! | [`instant`](fn@instant) | which moment, on the client's wall clock? |
//! | [`asker`](Asker) | who owns it then, why, and who was near? |
//! | [`week`](Lanes) | who owns it minute by minute through a week? |
//! | [`grid`], [`hours`](Hours) | who owns what, by kind of hours? |

mod answer;
mod asker;
pub mod conditions;
pub mod grid;
mod hours;
mod instant;
mod owner;
mod service;
mod values;
mod week;

pub use answer::{
    Answer, Asked, Change, Dependence, NearMiss, PromiseWords, RowWords, Share, TakerWords, Target, Verdict,
    Why,
};
pub use asker::{Asker, Route};
pub use grid::Grid;
pub use hours::{Hours, HoursKind};
pub use instant::{Instant, instant, iso_week, minute_of_week, monday_of, week_around};
pub use owner::{Owner, hue, subjects};
pub use service::{Meant, meant};
pub use values::Values;
pub use week::{Lane, Lanes, Stretch, Who};

/// A question that cannot be answered as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unclear {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Unclear {
    /// Something is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
