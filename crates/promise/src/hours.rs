//! How the time of one promise goes by.

use remit_core::{At, Millis};

use crate::calendars::OpenHours;

/// What makes a clock tick.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ticks<'a> {
    /// Every millisecond.
    EveryMinute,
    /// The open ones of a calendar.
    Open(&'a OpenHours),
}

impl Ticks<'_> {
    /// The time that counts between two instants.
    pub fn elapsed(self, from: At, to: At) -> Millis {
        match self {
            Self::EveryMinute => to - from,
            Self::Open(hours) => hours.time.elapsed(from, to),
        }
    }

    /// The earliest instant at which `left` of the time that counts has passed since `from`: `from` itself when nothing or less
    /// is left. None when it lies outside of what the calendars know.
    pub fn reach(self, from: At, left: Millis) -> Option<At> {
        if left <= Millis::ZERO {
            return Some(from);
        }
        match self {
            Self::EveryMinute => from.checked_add(left),
            Self::Open(hours) => hours.time.add(from, left),
        }
    }
}
