//! From wall-clock windows to UTC spans: the only place where daylight saving meets the windows.

use super::{DayPlan, WorkingCalendar};
use crate::day_number::{DAY, MINUTE, of_date, to_date};
use crate::{At, Date, Edge, HolidaySet, Millis, Offsets, Span, Spans, Weekday, Window};
use std::iter::Peekable;

/// The days that can touch a horizon, and what is special about them, in order.
struct Days<'a> {
    calendar: &'a WorkingCalendar,
    offsets: Offsets,
    first: i64,
    last: i64,
    holidays: Vec<(i64, String)>,
}

impl WorkingCalendar {
    /// The instants of `horizon` at which a window is open. A horizon outside the years -9999 to 9999 is cut to them.
    pub fn open(&self, horizon: Span) -> Spans {
        let days = Days::over(self, horizon);
        let mut spans = Vec::with_capacity(days.count() * 2);
        days.each(|day, windows| days.push_windows(day, windows, &mut spans));
        Spans::from_unsorted(spans).within(horizon)
    }

    /// The instants of `horizon` whose local date is a holiday: whole local days, whatever the windows and own days say.
    pub fn holiday_days(&self, horizon: Span) -> Spans {
        let days = Days::over(self, horizon);
        let pieces = days.holidays.iter().flat_map(|(day, _)| days.offsets.day_pieces(*day));
        pieces.collect::<Spans>().within(horizon)
    }

    /// Whether holidays are known for every local date of `horizon`; a calendar without holidays knows all it needs.
    /// Outside [`HolidaySet::YEARS`] no day is a holiday, so say so to whoever relies on a date there.
    pub fn holidays_known(&self, horizon: Span) -> bool {
        let years = HolidaySet::YEARS;
        let known = |at: At| years.contains(&self.zone.local(at).year());
        horizon.is_empty()
            || self.holidays.codes().is_empty()
            || (known(horizon.start) && known(horizon.end - Millis::from_millis(1)))
    }

    /// The holidays of which at least an instant lies in `horizon`, in order, so that an explanation can list them.
    pub fn holidays_within(&self, horizon: Span) -> Vec<(Date, String)> {
        let days = Days::over(self, horizon);
        let in_horizon =
            |day: i64| days.offsets.day_pieces(day).any(|piece| !piece.intersect(horizon).is_empty());
        let holidays = days.holidays.iter().filter(|(day, _)| in_horizon(*day));
        holidays.map(|(day, name)| (to_date(*day), name.clone())).collect()
    }
}

impl<'a> Days<'a> {
    fn over(calendar: &'a WorkingCalendar, horizon: Span) -> Days<'a> {
        let offsets = calendar.zone.offsets(horizon);
        let (earliest, latest) = (of_date(Date::MIN), of_date(Date::MAX));
        // Two days before: an overnight window, and a gap as long as a day that shifts its end.
        let first = (horizon.start.millis().div_euclid(DAY) - 3).clamp(earliest, latest);
        let last = (horizon.end.millis().div_euclid(DAY) + 1).clamp(earliest, latest);
        let (years, mut holidays) = ((to_date(first).year(), to_date(last).year()), Vec::new());
        if !horizon.is_empty() {
            for year in years.0.max(*HolidaySet::YEARS.start())..=years.1.min(*HolidaySet::YEARS.end()) {
                let days = calendar.holidays.in_year(year);
                holidays.extend(days.into_iter().map(|holiday| (of_date(holiday.date), holiday.name)));
            }
        }
        holidays.retain(|(day, _)| (first..=last).contains(day));
        holidays.sort();
        // Regions that share a day list it each.
        holidays.dedup();
        Days { calendar, offsets, first, last: if horizon.is_empty() { first - 1 } else { last }, holidays }
    }

    fn count(&self) -> usize {
        (self.last - self.first + 1) as usize
    }

    /// Calls `visit` with each day that the zone has and the windows that open on it.
    fn each(&self, mut visit: impl FnMut(i64, &[Window])) {
        let own = self.calendar.days.range(to_date(self.first)..=to_date(self.last.max(self.first)));
        let mut own = own.map(|(date, plan)| (of_date(*date), plan)).peekable();
        let mut holidays = self.holidays.iter().map(|(day, _)| (*day, ())).peekable();
        for day in self.first..=self.last {
            let (plan, holiday) = (take(&mut own, day), take(&mut holidays, day).is_some());
            let windows = match plan {
                Some(DayPlan::Open(windows)) => windows,
                Some(DayPlan::Closed) => continue,
                None if holiday => continue,
                None => &self.calendar.week[Weekday::of_day(day).index()],
            };
            if !windows.is_empty() && self.offsets.has_day(day) {
                visit(day, windows);
            }
        }
    }

    fn push_windows(&self, day: i64, windows: &[Window], spans: &mut Vec<Span>) {
        let edge = |minute: u16, edge| {
            At::from_millis(self.offsets.at_local(day * DAY + i64::from(minute) * MINUTE, edge))
        };
        spans.extend(windows.iter().map(|window| Span {
            start: edge(window.start_minute(), Edge::Start),
            end: edge(window.end_from_opening_day(), Edge::End),
        }));
    }
}

/// The entry of `day`, when it is next; entries of one day beyond the first are dropped.
fn take<T>(sorted: &mut Peekable<impl Iterator<Item = (i64, T)>>, day: i64) -> Option<T> {
    let mut found = None;
    while let Some((_, entry)) = sorted.next_if(|(at, _)| *at <= day) {
        found = found.or(Some(entry));
    }
    found
}
