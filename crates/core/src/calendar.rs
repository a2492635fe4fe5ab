//! Working calendars: which wall-clock windows are open on which days of one zone.

mod expand;

use crate::{Date, HolidaySet, Weekday, Weekdays, Window, Zone};
use std::collections::BTreeMap;

/// When somebody works: windows for each day of the week in one zone, holidays on which nothing opens, and single days of
/// their own. An own day beats a holiday, a holiday beats the week.
///
/// A window belongs to the day it opens on: on a holiday no window opens, but one that opened the evening before still runs
/// to its end. On a day that the zone skipped nothing opens. See [`Edge`](crate::Edge) for what happens when the clocks change.
#[derive(Clone, Debug)]
pub struct WorkingCalendar {
    zone: Zone,
    week: [Vec<Window>; 7],
    holidays: HolidaySet,
    days: BTreeMap<Date, DayPlan>,
}

/// What one date does instead of what its day of the week does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DayPlan {
    /// Nothing opens.
    Closed,
    /// These windows open, also on a holiday.
    Open(Vec<Window>),
}

/// Windows that cannot stand together in one calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Two windows of the week share time.
    #[error(
        "the window {first} of {first_day} and the window {second} of {second_day} overlap: join them into one, or shorten one of them"
    )]
    Overlap {
        /// The day on which the earlier window opens.
        first_day: Weekday,
        /// The window that opens earlier.
        first: Window,
        /// The day on which the later window opens.
        second_day: Weekday,
        /// The window that opens later.
        second: Window,
    },
    /// Two windows of one own day share time.
    #[error("the windows {first} and {second} of {date} overlap: join them into one, or shorten one of them")]
    OverlapOn {
        /// The own day.
        date: Date,
        /// The window that opens earlier.
        first: Window,
        /// The window that opens later.
        second: Window,
    },
    /// A day with more windows than can be meant.
    #[error("{day} has {count} windows; a day can have {limit} at most", limit = WorkingCalendar::MOST_WINDOWS)]
    TooManyWindows {
        /// The name of the day, or the date.
        day: String,
        /// How many windows it has.
        count: usize,
    },
}

impl WorkingCalendar {
    /// The most windows that one day can have.
    pub const MOST_WINDOWS: usize = 48;

    /// A calendar of weekly windows (`week[0]` is Monday), holidays and own days. Windows may touch but not overlap: within
    /// a day, or from one day of the week into the next. An own day's windows may overlap what opened the evening before,
    /// which is then simply one longer stretch.
    pub fn new(
        zone: Zone,
        mut week: [Vec<Window>; 7],
        holidays: HolidaySet,
        mut days: BTreeMap<Date, DayPlan>,
    ) -> Result<WorkingCalendar, CalendarError> {
        for day in Weekday::ALL {
            limit(day.name(), &week[day.index()])?;
            week[day.index()].sort_unstable();
        }
        for (date, plan) in &mut days {
            if let DayPlan::Open(windows) = plan {
                limit(&date.to_string(), windows)?;
                windows.sort_unstable();
                check_day(*date, windows)?;
            }
        }
        check_week(&week)?;
        Ok(WorkingCalendar { zone, week, holidays, days })
    }

    /// A calendar without holidays and own days, from sets of days and the window that opens on each of them.
    pub fn weekly(zone: Zone, windows: &[(Weekdays, Window)]) -> Result<WorkingCalendar, CalendarError> {
        let mut week: [Vec<Window>; 7] = Default::default();
        for (days, window) in windows {
            for day in days.iter() {
                week[day.index()].push(*window);
            }
        }
        WorkingCalendar::new(zone, week, HolidaySet::none(), BTreeMap::new())
    }

    /// Open at every instant.
    pub fn always(zone: Zone) -> WorkingCalendar {
        WorkingCalendar::weekly(zone, &[(Weekdays::ALL, Window::ALL_DAY)])
            .expect("whole days touch, not overlap")
    }

    /// The same calendar with these holidays instead.
    #[must_use]
    pub fn with_holidays(self, holidays: HolidaySet) -> WorkingCalendar {
        WorkingCalendar { holidays, ..self }
    }

    /// The zone of its wall clock.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The windows of each day of the week in order, Monday first.
    pub fn week(&self) -> &[Vec<Window>; 7] {
        &self.week
    }

    /// Its holidays.
    pub fn holidays(&self) -> &HolidaySet {
        &self.holidays
    }

    /// Its own days.
    pub fn days(&self) -> &BTreeMap<Date, DayPlan> {
        &self.days
    }
}

fn limit(day: &str, windows: &[Window]) -> Result<(), CalendarError> {
    if windows.len() <= WorkingCalendar::MOST_WINDOWS {
        return Ok(());
    }
    Err(CalendarError::TooManyWindows { day: day.to_owned(), count: windows.len() })
}

fn check_day(date: Date, windows: &[Window]) -> Result<(), CalendarError> {
    match windows.windows(2).find(|pair| pair[1].start_minute() < pair[0].end_from_opening_day()) {
        Some(pair) => Err(CalendarError::OverlapOn { date, first: pair[0], second: pair[1] }),
        None => Ok(()),
    }
}

/// Compares each window with the one that opens next, the last of the week with the first: since no window is longer
/// than a day, windows overlap only if two such neighbours do.
fn check_week(week: &[Vec<Window>; 7]) -> Result<(), CalendarError> {
    let opening: Vec<(u32, Weekday, Window)> = Weekday::ALL
        .into_iter()
        .flat_map(|day| week[day.index()].iter().map(move |window| (day, *window)))
        .map(|(day, window)| (day.index() as u32 * 1440 + u32::from(window.start_minute()), day, window))
        .collect();
    for (i, &(start, first_day, first)) in opening.iter().enumerate() {
        let (next_start, second_day, second) = match opening.get(i + 1) {
            Some(&next) => next,
            // The same window a week later does not count against itself.
            None if i == 0 => break,
            None => (opening[0].0 + 7 * 1440, opening[0].1, opening[0].2),
        };
        let length = u32::from(first.end_from_opening_day() - first.start_minute());
        if start + length > next_start {
            return Err(CalendarError::Overlap { first_day, first, second_day, second });
        }
    }
    Ok(())
}
