//! `F(t)` from tables: one entry per day, and one table of minutes per kind of day.

use crate::day_number::{DAY, MINUTE};
use crate::{Span, Spans};
use std::collections::HashMap;

/// Minutes of a day of UTC.
const MINUTES: usize = 1440;
/// The longest horizon in days that gets tables, 400 years.
const MOST_DAYS: i64 = 146_097;
/// The most kinds of day that get tables (2.9 KB each).
const MOST_KINDS: usize = 2048;
/// Set in an entry of the minute table when the minute is open; the other bits count open minutes before it.
const OPEN: u16 = 1 << 15;

/// The two tables.
#[derive(Clone, Debug)]
pub(super) struct DayTable {
    /// UTC milliseconds at which day 0 starts.
    start: i64,
    /// UTC milliseconds of the last millisecond of the table.
    last: i64,
    days: Vec<Day>,
    /// `MINUTES` entries for each kind of day.
    minutes: Vec<u16>,
}

/// A day of UTC.
#[derive(Clone, Copy, Debug)]
struct Day {
    /// Open minutes before it.
    before: u32,
    /// Where its kind starts in the table of minutes.
    kind: u32,
}

/// The open minutes of one day, as ranges; what makes days the same kind.
type Pattern = Vec<(u16, u16)>;

impl DayTable {
    /// None when an edge is not on a whole minute, or the horizon is too long or too various.
    pub(super) fn build(open: &Spans, horizon: Span) -> Option<DayTable> {
        let (first_day, days) = extent(open, horizon)?;
        let mut patterns: Vec<Pattern> = vec![Vec::new(); days];
        for span in open {
            let edges = [span.start.millis(), span.end.millis()];
            if edges.iter().any(|edge| edge.rem_euclid(MINUTE) != 0) {
                return None;
            }
            cut_into_days(edges.map(|edge| edge / MINUTE - first_day * MINUTES as i64), &mut patterns);
        }
        let (start, last) = (first_day * DAY, (first_day + days as i64) * DAY - 1);
        let mut table = DayTable { start, last, days: Vec::with_capacity(days), minutes: Vec::new() };
        let (mut kinds, mut before) = (HashMap::new(), 0_u32);
        for pattern in patterns {
            let open: u32 = pattern.iter().map(|(from, until)| u32::from(until - from)).sum();
            let kind = *kinds.entry(pattern).or_insert_with_key(|pattern| table.push_kind(pattern));
            if table.minutes.len() > MOST_KINDS * MINUTES {
                return None;
            }
            table.days.push(Day { before, kind });
            before += open;
        }
        Some(table)
    }

    fn push_kind(&mut self, pattern: &Pattern) -> u32 {
        let at = self.minutes.len();
        let mut ranges = pattern.iter().peekable();
        let mut before = 0;
        for minute in 0..MINUTES as u16 {
            while ranges.next_if(|(_, until)| *until <= minute).is_some() {}
            let open = ranges.peek().is_some_and(|(from, _)| *from <= minute);
            self.minutes.push(if open { before | OPEN } else { before });
            before += u16::from(open);
        }
        at as u32
    }

    /// The open milliseconds before `at`, from the start of the table. Before the table none, after it all.
    #[inline]
    pub(super) fn passed(&self, at: i64) -> i64 {
        // The last millisecond of the table is never open (see `extent`), so the clamp loses nothing.
        let since = (at.clamp(self.start, self.last) - self.start) as u64;
        let (minute, within) = (since / MINUTE as u64, (since % MINUTE as u64) as i64);
        let day = self.days[(minute / MINUTES as u64) as usize];
        let entry = self.minutes[day.kind as usize + (minute % MINUTES as u64) as usize];
        let whole = i64::from(day.before) + i64::from(entry & !OPEN);
        whole * MINUTE + within * i64::from(entry >> 15)
    }
}

/// The first day of UTC and the number of days, with a day after the last span that is all closed.
fn extent(open: &Spans, horizon: Span) -> Option<(i64, usize)> {
    let (first, last) = match open.as_slice() {
        [] => (horizon.start, horizon.start),
        [only] => (only.start, only.end),
        [first, .., last] => (first.start, last.end),
    };
    let (first, last) = (first.millis().div_euclid(DAY), last.millis().div_euclid(DAY) + 1);
    // A day near the ends of time would not fit in milliseconds.
    let fits = first > i64::MIN / DAY + 1 && last < i64::MAX / DAY - 1;
    (fits && last - first < MOST_DAYS).then(|| (first, (last - first + 1) as usize))
}

/// Adds the minutes `from` to `until` (since the first day) to the pattern of each day they touch.
fn cut_into_days([from, until]: [i64; 2], patterns: &mut [Pattern]) {
    let (mut from, minutes) = (from, MINUTES as i64);
    while from < until {
        let day = from / minutes;
        let end = until.min((day + 1) * minutes);
        patterns[day as usize].push(((from - day * minutes) as u16, (end - day * minutes) as u16));
        from = end;
    }
}
