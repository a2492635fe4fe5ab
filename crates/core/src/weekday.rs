//! Days of the week.

use crate::Date;
use crate::day_number::of_date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day of the week; Monday is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of the days say all there is to say")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A set of days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

/// Why a text names no days of the week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` names no day of the week: write mon, tue, wed, thu, fri, sat or sun, a range such as mon-fri, a list such as sat,sun, or daily"
)]
pub struct WeekdayError {
    text: String,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The day of the week of a date.
    pub fn of(date: Date) -> Weekday {
        Weekday::of_day(of_date(date))
    }

    /// 1970-01-01, day number 0, was a Thursday.
    pub(crate) fn of_day(number: i64) -> Weekday {
        Weekday::ALL[(number + 3).rem_euclid(7) as usize]
    }

    /// 0 for Monday to 6 for Sunday.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The English name.
    pub const fn name(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self as usize]
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Weekday {
        Weekday::ALL[(self as usize + 1) % 7]
    }

    /// Reads a name or its first three letters, in any case: `Monday`, `mon`.
    pub fn parse(text: &str) -> Result<Weekday, WeekdayError> {
        let lower = text.trim().to_ascii_lowercase();
        let named = |day: &Weekday| {
            let name = day.name().to_ascii_lowercase();
            lower == name || lower == name[..3]
        };
        Weekday::ALL
            .into_iter()
            .find(named)
            .ok_or_else(|| WeekdayError { text: text.chars().take(40).collect() })
    }
}

impl Weekdays {
    /// No day.
    pub const NONE: Weekdays = Weekdays(0);
    /// Every day.
    pub const ALL: Weekdays = Weekdays(0b111_1111);
    /// Monday to Friday.
    pub const MONDAY_TO_FRIDAY: Weekdays = Weekdays(0b001_1111);

    /// Reads `mon-fri`, `sat,sun`, `mon, wed, fri-sun`, `fri-mon` (across the weekend) or `daily`.
    pub fn parse(text: &str) -> Result<Weekdays, WeekdayError> {
        if text.trim().eq_ignore_ascii_case("daily") {
            return Ok(Weekdays::ALL);
        }
        text.split(',').map(range).try_fold(Weekdays::NONE, |set, range| Ok(set.union(range?)))
    }

    /// Whether `day` is in the set.
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day as u8) != 0
    }

    /// The set with `day` in it.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Weekdays {
        Weekdays(self.0 | 1 << day as u8)
    }

    /// The days in this set or in `other`.
    #[must_use]
    pub const fn union(self, other: Weekdays) -> Weekdays {
        Weekdays(self.0 | other.0)
    }

    /// Whether it holds no day.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }
}

/// One name, or a range of two.
fn range(text: &str) -> Result<Weekdays, WeekdayError> {
    let Some((first, last)) = text.split_once(['-', '–']) else {
        return Ok(Weekdays::NONE.with(Weekday::parse(text)?));
    };
    let (mut day, last) = (Weekday::parse(first)?, Weekday::parse(last)?);
    let mut set = Weekdays::NONE.with(day);
    while day != last {
        day = day.next();
        set = set.with(day);
    }
    Ok(set)
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Weekday {
    type Err = WeekdayError;
    fn from_str(text: &str) -> Result<Weekday, WeekdayError> {
        Weekday::parse(text)
    }
}

impl FromStr for Weekdays {
    type Err = WeekdayError;
    fn from_str(text: &str) -> Result<Weekdays, WeekdayError> {
        Weekdays::parse(text)
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Weekdays {
        days.into_iter().fold(Weekdays::NONE, Weekdays::with)
    }
}

/// What [`Weekdays::parse`] reads: `mon-fri`, `mon,wed-fri`, `daily`; `none` when empty.
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Weekdays::ALL => return f.pad("daily"),
            Weekdays::NONE => return f.pad("none"),
            _ => {}
        }
        let short = |day: Weekday| day.name()[..3].to_ascii_lowercase();
        let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
        for day in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.next() == day => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let run = |&(first, last): &(Weekday, Weekday)| match last.index() - first.index() {
            0 => short(first),
            1 => format!("{},{}", short(first), short(last)),
            _ => format!("{}-{}", short(first), short(last)),
        };
        f.pad(&runs.iter().map(run).collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_fall_on_the_days_that_jiff_says() {
        for number in (-800_000..800_000).step_by(333) {
            let date = crate::day_number::to_date(number);
            assert_eq!(Weekday::of(date).index(), date.weekday().to_monday_zero_offset() as usize, "{date}");
        }
    }

    #[test]
    fn every_set_reads_back() {
        for bits in 1..=127 {
            assert_eq!(Weekdays::parse(&Weekdays(bits).to_string()), Ok(Weekdays(bits)));
        }
        assert_eq!(Weekdays::parse("Mon-Fri"), Ok(Weekdays::MONDAY_TO_FRIDAY));
        assert_eq!(Weekdays::parse("fri-mon").unwrap().to_string(), "mon,fri-sun");
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "mo", "mon-", "monday-funday", "weekdays", "none", "mon,,tue"] {
            assert!(Weekdays::parse(text).unwrap_err().to_string().contains("mon-fri"), "{text}");
        }
    }
}
