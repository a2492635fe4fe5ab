//! Instants.

mod rfc3339;

use crate::Millis;
use crate::day_number::{DAY, MINUTE, to_civil};
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Any `i64` is an instant. Text (RFC 3339) covers the years 0000 to 9999; outside them [`At`] still prints, with a signed
/// year, but is not read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(i64);

/// Why a text is not an instant; the message quotes the text and says what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an instant: {hint}")]
pub struct AtError {
    text: String,
    hint: String,
}

impl At {
    /// The earliest instant that can be represented.
    pub const MIN: At = At(i64::MIN);
    /// The latest instant that can be represented.
    pub const MAX: At = At(i64::MAX);

    /// The instant `millis` milliseconds after the Unix epoch (before it when negative).
    #[inline]
    pub const fn from_millis(millis: i64) -> At {
        At(millis)
    }

    /// Milliseconds since the Unix epoch.
    #[inline]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant at the start of minute `minute` since the Unix epoch; the ends of time when that does not fit.
    #[inline]
    pub const fn from_minute(minute: i64) -> At {
        At(minute.saturating_mul(MINUTE))
    }

    /// Whole minutes since the Unix epoch, rounded down (also before the epoch).
    #[inline]
    pub const fn minute(self) -> i64 {
        self.0.div_euclid(MINUTE)
    }

    /// Reads RFC 3339 with an offset: `2026-03-29T01:30:00Z`, `2026-03-29T02:30:00.250+01:00`. Digits beyond the
    /// millisecond are cut off. The common shapes take a path of their own, in tens of nanoseconds; anything rarer
    /// that RFC 9557 or ISO 8601 allows for an instant (`2026-03-29T01:30Z`, `...+0100`, `...Z[Europe/Berlin]`) is left
    /// to jiff.
    ///
    /// The error says what is missing (offset, time) and what to write.
    pub fn parse(text: &str) -> Result<At, AtError> {
        rfc3339::parse(text).map(At)
    }

    /// The instant `by` later (earlier when negative), or none past the ends of time.
    pub const fn checked_add(self, by: Millis) -> Option<At> {
        match self.0.checked_add(by.millis()) {
            Some(millis) => Some(At(millis)),
            None => None,
        }
    }

    /// The instant `by` earlier (later when negative), or none past the ends of time.
    pub const fn checked_sub(self, by: Millis) -> Option<At> {
        match self.0.checked_sub(by.millis()) {
            Some(millis) => Some(At(millis)),
            None => None,
        }
    }

    /// The same instant for jiff; clamped to the years -9999 to 9999, which are all that jiff has.
    pub fn to_jiff(self) -> Timestamp {
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(self.0).unwrap_or(end)
    }

    /// The instant of a jiff timestamp, rounded down to the millisecond.
    pub fn from_jiff(timestamp: Timestamp) -> At {
        At(i64::try_from(timestamp.as_nanosecond().div_euclid(1_000_000))
            .expect("jiff's years fit in milliseconds"))
    }
}

/// `At + Millis`, checked: it never wraps, but stops at the ends of time ([`At::MIN`], [`At::MAX`]). Use
/// [`At::checked_add`] to be told.
impl Add<Millis> for At {
    type Output = At;
    fn add(self, by: Millis) -> At {
        At(self.0.saturating_add(by.millis()))
    }
}

/// `At - Millis`, checked as the addition is.
impl Sub<Millis> for At {
    type Output = At;
    fn sub(self, by: Millis) -> At {
        At(self.0.saturating_sub(by.millis()))
    }
}

/// The time from the right instant to the left one; stops at the largest [`Millis`].
impl Sub<At> for At {
    type Output = Millis;
    fn sub(self, earlier: At) -> Millis {
        Millis::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// RFC 3339 in UTC, `2026-03-29T01:30:00Z`; milliseconds only when there are any (`...00.250Z`).
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = to_civil(self.0.div_euclid(DAY));
        let in_day = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (in_day / 3_600_000, in_day / MINUTE % 60, in_day / 1000 % 60);
        match year {
            0..=9999 => write!(f, "{year:04}")?,
            // ISO 8601 writes the years beyond with a sign and six digits.
            _ => write!(f, "{year:+07}")?,
        }
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match in_day % 1000 {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

impl FromStr for At {
    type Err = AtError;
    fn from_str(text: &str) -> Result<At, AtError> {
        At::parse(text)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        At::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
