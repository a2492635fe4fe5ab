//! What one line of a rule file says: when a day falls, in which regions and years, and what stands in for it.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday, date};

use super::{easter, equinox};

/// A country's rule file, read.
#[derive(Debug)]
pub(super) struct Country {
    /// The country itself first, then its regions in the order of the file.
    pub(super) places: Vec<Place>,
    pub(super) rules: Vec<Rule>,
}

/// A country or a region of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// ISO 3166-1 or 3166-2 code, upper case.
    pub(super) code: String,
    /// English name.
    pub(super) name: String,
}

/// One holiday's rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) when: When,
    /// Days added to what `when` gives.
    pub(super) offset: i16,
    pub(super) years: Years,
    /// The weekdays, Monday first, on which the day must fall to count.
    pub(super) weekdays: [bool; 7],
    /// What happens on each weekday, Monday first.
    pub(super) shifts: [Option<Shift>; 7],
    /// Whether the shifted day replaces the day itself or is kept beside it.
    pub(super) moved: bool,
    /// By place of the country, in the order of [`Country::places`].
    pub(super) scope: Vec<bool>,
}

/// The ways to say a day of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    Fixed {
        month: i8,
        day: i8,
    },
    /// The nth (1 to 5) weekday of a month, or the last (-1); a fifth that is not there is no holiday.
    Nth {
        nth: i8,
        weekday: Weekday,
        month: i8,
    },
    /// The weekday on or nearest to a date, on the side named.
    Near {
        weekday: Weekday,
        side: Side,
        month: i8,
        day: i8,
    },
    EasterWestern,
    EasterOrthodox,
    SpringEquinox,
    AutumnEquinox,
    /// Days that cannot be computed, in order, each with whether it is an estimate.
    Dates(Vec<(Date, bool)>),
}

/// On which side of a date a weekday is looked for; the date itself counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    After,
    Before,
    Nearest,
}

/// Where a day goes that falls on a given weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Days(i16),
    /// The next day that is neither Saturday, Sunday nor a holiday already.
    NextFree,
    /// The last such day before.
    PreviousFree,
}

/// The years in which a rule holds.
#[derive(Debug, Clone)]
pub(super) struct Years {
    pub(super) from: i16,
    pub(super) to: i16,
    /// Every how many years, counted from `from`.
    pub(super) every: i16,
    /// Only these, when not empty.
    pub(super) only: Vec<i16>,
    pub(super) except: Vec<i16>,
}

impl Years {
    pub(super) fn contains(&self, year: i16) -> bool {
        (self.from..=self.to).contains(&year)
            && (year - self.from) % self.every == 0
            && (self.only.is_empty() || self.only.contains(&year))
            && !self.except.contains(&year)
    }
}

impl Rule {
    /// The days on which the rule falls in a year, before any shift, each with whether it is an estimate.
    pub(super) fn days(&self, year: i16) -> impl Iterator<Item = (Date, bool)> {
        let (one, listed) = match &self.when {
            _ if !self.years.contains(year) => (None, &[][..]),
            When::Dates(dates) => (None, of_year(dates, year)),
            when => (when.day(year), &[][..]),
        };
        one.map(|day| (day, false))
            .into_iter()
            .chain(listed.iter().copied())
            .map(move |(day, estimated)| (plus(day, self.offset), estimated))
            .filter(|(day, _)| self.weekdays[monday_first(*day)])
    }

    /// What the rule does with a day of its own.
    pub(super) fn shift(&self, day: Date) -> Option<Shift> {
        self.shifts[monday_first(day)]
    }
}

impl When {
    /// The one day of the year, if there is one; listed dates have none.
    fn day(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Fixed { month, day } => Date::new(year, month, day).ok(),
            Self::Nth { nth, weekday, month } => date(year, month, 1).nth_weekday_of_month(nth, weekday).ok(),
            Self::Near { weekday, side, month, day } => {
                let from = Date::new(year, month, day).ok()?;
                let after = i16::from(from.weekday().until(weekday));
                Some(match side {
                    Side::Before => plus(from, -((7 - after) % 7)),
                    Side::Nearest if after > 3 => plus(from, after - 7),
                    Side::After | Side::Nearest => plus(from, after),
                })
            }
            Self::EasterWestern => Some(easter::western(year)),
            Self::EasterOrthodox => Some(easter::orthodox(year)),
            Self::SpringEquinox => Some(equinox::spring(year)),
            Self::AutumnEquinox => Some(equinox::autumn(year)),
            Self::Dates(_) => None,
        }
    }
}

/// The part of some dates, in order, that falls in a year.
fn of_year(dates: &[(Date, bool)], year: i16) -> &[(Date, bool)] {
    let from = dates.partition_point(|(day, _)| day.year() < year);
    let to = dates.partition_point(|(day, _)| day.year() <= year);
    &dates[from..to]
}

/// A number of days later, or earlier when it is negative.
pub(super) fn plus(day: Date, days: i16) -> Date {
    if days == 0 { day } else { day + SignedDuration::from_hours(24 * i64::from(days)) }
}

fn monday_first(day: Date) -> usize {
    usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())
}
