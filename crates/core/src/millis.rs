//! Lengths of time.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// A length of time in milliseconds; negative lengths run backwards.
///
/// The text forms know days of 24 hours, hours, minutes, seconds and milliseconds. A target of `2d` is therefore 48 hours
/// of whatever time it is counted in. Sums stop at the largest value instead of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(i64);

/// Why a text is not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a length of time: {hint}")]
pub struct MillisError {
    text: String,
    hint: &'static str,
}

/// The units of the text form, largest first: symbol, other spellings, milliseconds.
const UNITS: [(&str, &[&str], i64); 5] = [
    ("d", &["day", "days"], 86_400_000),
    ("h", &["hour", "hours"], 3_600_000),
    ("m", &["min", "minute", "minutes"], 60_000),
    ("s", &["sec", "second", "seconds"], 1000),
    ("ms", &[], 1),
];

impl Millis {
    /// No time at all.
    pub const ZERO: Millis = Millis(0);
    /// The longest time that can be represented.
    pub const MAX: Millis = Millis(i64::MAX);

    /// A length in milliseconds.
    #[inline]
    pub const fn from_millis(millis: i64) -> Millis {
        Millis(millis)
    }

    /// A length in minutes; stops at the largest value.
    pub const fn from_minutes(minutes: i64) -> Millis {
        Millis(minutes.saturating_mul(60_000))
    }

    /// A length in hours; stops at the largest value.
    pub const fn from_hours(hours: i64) -> Millis {
        Millis(hours.saturating_mul(3_600_000))
    }

    /// The length in milliseconds.
    #[inline]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The length in whole minutes, rounded down (also when negative).
    pub const fn minutes(self) -> i64 {
        self.0.div_euclid(60_000)
    }

    /// Reads `15m`, `4h`, `2d`, `90s`, `250ms`, `1h30m`, and what [`Millis`] displays (`3 h 12 min`). Units go from large
    /// to small, each at most once; a leading `-` makes it negative.
    pub fn parse(text: &str) -> Result<Millis, MillisError> {
        let error = |hint| MillisError { text: text.chars().take(60).collect(), hint };
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mut total, mut next_unit) = (0_i64, 0);
        while !rest.is_empty() {
            let (amount, unit, tail) = term(rest).ok_or_else(|| error(hint_for(rest)))?;
            let at = UNITS
                .iter()
                .position(|(symbol, others, _)| *symbol == unit || others.contains(&unit))
                .ok_or_else(|| error("the units are d, h, m, s and ms, as in 1h30m"))?;
            if at < next_unit {
                return Err(error("write the units from large to small, each once, as in 1h30m"));
            }
            next_unit = at + 1;
            let part = amount.checked_mul(UNITS[at].2);
            total = part
                .and_then(|part| total.checked_add(part))
                .ok_or_else(|| error("it is longer than the 292 million years that can be counted"))?;
            rest = tail;
        }
        if next_unit == 0 {
            return Err(error("write an amount and a unit, as in 15m, 4h, 2d or 1h30m"));
        }
        Ok(Millis(if negative { -total } else { total }))
    }

    /// The shortest text that [`Millis::parse`] reads back: `1h30m`, `15m`, `-90s` (as `-1m30s`), `0m`. It has no days,
    /// because a day of business time is rarely 24 hours.
    pub fn compact(self) -> String {
        self.write_with(["h", "m", "s", "ms"], "", "")
    }

    fn write_with(self, symbols: [&str; 4], before_symbol: &str, between: &str) -> String {
        let total = self.0.unsigned_abs();
        let parts = [total / 3_600_000, total / 60_000 % 60, total / 1000 % 60, total % 1000];
        let words: Vec<String> = parts
            .iter()
            .zip(symbols)
            .filter(|(amount, _)| **amount > 0)
            .map(|(amount, symbol)| format!("{amount}{before_symbol}{symbol}"))
            .collect();
        if words.is_empty() {
            format!("0{before_symbol}{}", symbols[1])
        } else {
            format!("{}{}", if self.0 < 0 { "-" } else { "" }, words.join(between))
        }
    }
}

/// The first amount and unit of `text` and what follows; none when there is no such pair.
fn term(text: &str) -> Option<(i64, &str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let amount = text[..digits].parse().ok()?;
    let unit_and_rest = text[digits..].trim_start_matches(' ');
    let end = unit_and_rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit_and_rest.len());
    (end > 0).then(|| (amount, &unit_and_rest[..end], unit_and_rest[end..].trim_start_matches(' ')))
}

fn hint_for(rest: &str) -> &'static str {
    if rest.contains(['.', ',']) {
        "write whole numbers, as in 1h30m for one and a half hours"
    } else if rest.bytes().all(|byte| byte.is_ascii_digit()) {
        "the unit is missing; write 15m, 4h or 2d"
    } else {
        "write an amount and a unit, as in 15m, 4h, 2d or 1h30m"
    }
}

/// For people: `3 h 12 min`, `45 s`, `250 ms`, `0 min`, `-3 h 12 min`; hours are not gathered into days.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.write_with(["h", "min", "s", "ms"], " ", " "))
    }
}

impl FromStr for Millis {
    type Err = MillisError;
    fn from_str(text: &str) -> Result<Millis, MillisError> {
        Millis::parse(text)
    }
}

impl Add for Millis {
    type Output = Millis;
    fn add(self, other: Millis) -> Millis {
        Millis(self.0.saturating_add(other.0))
    }
}

impl Sub for Millis {
    type Output = Millis;
    fn sub(self, other: Millis) -> Millis {
        Millis(self.0.saturating_sub(other.0))
    }
}

impl Neg for Millis {
    type Output = Millis;
    fn neg(self) -> Millis {
        Millis(self.0.saturating_neg())
    }
}

impl Sum for Millis {
    fn sum<I: Iterator<Item = Millis>>(all: I) -> Millis {
        all.fold(Millis::ZERO, Add::add)
    }
}

/// Written in its compact text form, `1h30m`.
impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.compact())
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Millis::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_targets_are_read() {
        let minutes = |text: &str| Millis::parse(text).unwrap().millis() / 60_000;
        assert_eq!(minutes("15m"), 15);
        assert_eq!(minutes("4h"), 240);
        assert_eq!(minutes("2d"), 2880);
        assert_eq!(minutes("1h30m"), 90);
        assert_eq!(minutes("1 h 30 min"), 90);
        assert_eq!(minutes("2 days"), 2880);
        assert_eq!(Millis::parse("90s").unwrap().millis(), 90_000);
        assert_eq!(Millis::parse("-1s5ms").unwrap().millis(), -1005);
    }

    #[test]
    fn bad_lengths_are_refused_with_what_to_write() {
        let hint = |text: &str| Millis::parse(text).unwrap_err().to_string();
        assert!(hint("15").contains("unit is missing"));
        assert!(hint("1.5h").contains("1h30m"));
        assert!(hint("30m1h").contains("large to small"));
        assert!(hint("1h1h").contains("each once"));
        assert!(hint("").contains("15m"));
        assert!(hint("-").contains("15m"));
        assert!(hint("3w").contains("the units are"));
        assert!(hint("99999999999999999d").contains("longer"));
        assert!(hint("99999999999999999999999d").contains("15m"));
        assert!(hint("h").contains("15m"));
    }

    #[test]
    fn both_text_forms_read_back() {
        for millis in [0, 1, 999, 1000, 60_000, 11_520_000, 90_000_000, -11_520_250, i64::MAX, -i64::MAX] {
            let length = Millis::from_millis(millis);
            assert_eq!(Millis::parse(&length.to_string()), Ok(length));
            assert_eq!(Millis::parse(&length.compact()), Ok(length));
        }
        assert_eq!(Millis::from_minutes(192).to_string(), "3 h 12 min");
        assert_eq!(Millis::from_minutes(-90).compact(), "-1h30m");
        assert_eq!(Millis::ZERO.to_string(), "0 min");
        assert_eq!(format!("{:>8}", Millis::from_minutes(5)), "   5 min");
    }
}
