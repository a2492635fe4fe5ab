//! When something comes again.

use std::fmt;
use std::str::FromStr;

use remit_core::{At, Edge, Time, Weekday, Weekdays, Zone};

/// A rule of dates. On the wall clock of its zone: where the clocks jump over the time, it comes as much later; where the time comes
/// twice, it comes at the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recurrence {
    /// Every so many minutes, counted from 1970, so that everybody means the same instants. At least 1.
    Every {
        /// How many minutes lie between.
        minutes: u32,
    },
    /// On days of the week, at a time.
    On {
        /// The days; at least one.
        days: Weekdays,
        /// The time of day, to the minute.
        time: Time,
        /// On whose clock.
        zone: Zone,
    },
}

/// Why a text is no rule; says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no recurrence: {hint}")]
pub struct RecurrenceError {
    text: String,
    hint: String,
}

impl Recurrence {
    /// Every so many minutes; none is taken as one.
    pub fn every(minutes: u32) -> Self {
        Self::Every { minutes: minutes.max(1) }
    }

    /// Every day at a time.
    pub fn daily(time: Time, zone: Zone) -> Self {
        Self::On { days: Weekdays::ALL, time, zone }
    }

    /// Every week on a day at a time.
    pub fn weekly(day: Weekday, time: Time, zone: Zone) -> Self {
        Self::On { days: Weekdays::NONE.with(day), time, zone }
    }

    /// The first instant after `at`.
    pub fn after(&self, at: At) -> At {
        match self {
            Self::Every { minutes } => {
                let step = i64::from(*minutes).max(1);
                At::from_minute((at.minute().div_euclid(step) + 1).saturating_mul(step))
            }
            Self::On { days, time, zone } => {
                // From the day before, for a time that was jumped over may come on the next day.
                let mut date = zone.local(at).date().yesterday().unwrap_or(remit_core::Date::MIN);
                for _ in 0..10 {
                    let instant = zone.at(date.to_datetime(*time), Edge::Start);
                    if instant > at && days.contains(Weekday::of(date)) {
                        return instant;
                    }
                    let Ok(next) = date.tomorrow() else { break };
                    date = next;
                }
                // No day at all, or the end of the calendar.
                At::MAX
            }
        }
    }
}

/// `every 15 minutes`, `Mo-Fr 08:00 Europe/Berlin`: what [`Recurrence::from_str`] reads.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every { minutes } => write!(f, "every {minutes} minutes"),
            Self::On { days, time, zone } if *days == Weekdays::ALL => {
                write!(f, "daily {} {zone}", time.strftime("%H:%M"))
            }
            Self::On { days, time, zone } => {
                let names: Vec<&str> = days.iter().map(Weekday::name).collect();
                write!(f, "{} {} {zone}", names.join(","), time.strftime("%H:%M"))
            }
        }
    }
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let no = |hint: String| RecurrenceError { text: text.chars().take(80).collect(), hint };
        let usual = "write `every 15 minutes`, `daily 02:30 Europe/Berlin` or `Mon,Thu 08:00 Europe/Berlin`";
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["every", minutes, "minutes" | "minute"] => match minutes.parse() {
                Ok(minutes @ 1..=10_080) => Ok(Self::every(minutes)),
                _ => Err(no("between 1 and 10080 minutes, a week, are possible".to_owned())),
            },
            [days, time, zone] => {
                let days = match *days {
                    "daily" => Weekdays::ALL,
                    listed => {
                        let day = |days: Weekdays, name| Weekday::parse(name).map(|day| days.with(day));
                        let days = listed.split(',').try_fold(Weekdays::NONE, day);
                        days.map_err(|error| no(error.to_string()))?
                    }
                };
                let time = Time::strptime("%H:%M", time)
                    .map_err(|_| no(format!("`{time}` is no time of day, such as 08:00")))?;
                let zone = Zone::parse(zone).map_err(|error| no(error.to_string()))?;
                Ok(Self::On { days, time, zone })
            }
            _ => Err(no(usual.to_owned())),
        }
    }
}
