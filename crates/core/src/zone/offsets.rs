//! The offsets of one zone over one horizon, so that expansion needs no search through the zone's rules per window.

use super::Edge;
use crate::day_number::{DAY, of_date};
use crate::{At, Date, Millis, Span, Spans};
use jiff::tz::TimeZone;

/// How far before and after the horizon the table reaches: more than any offset and any overnight window together.
const MARGIN: i64 = 3 * DAY;
/// More than the largest offset from UTC that a zone can have (jiff allows just under 26 h).
const LARGEST_OFFSET: i64 = 26 * 3_600_000;

/// The offsets from UTC of one zone over one horizon and three days around it; beyond that, the first and the last
/// offset go on without end. Made by [`Zone::offsets`](crate::Zone::offsets).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets(Vec<Stretch>);

/// A stretch of time with one offset, up to the start of the next stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// UTC milliseconds; the first stretch starts with time itself.
    start: i64,
    /// UTC milliseconds; the last stretch ends with time itself.
    end: i64,
    /// Milliseconds that local time is ahead of UTC.
    offset: i64,
}

impl Stretch {
    /// The local time at `start`, in milliseconds as if it were UTC.
    fn local_start(self) -> i64 {
        self.start.saturating_add(self.offset)
    }

    /// The local time at `end`.
    fn local_end(self) -> i64 {
        self.end.saturating_add(self.offset)
    }
}

impl Offsets {
    pub(super) fn new(rules: &TimeZone, horizon: Span) -> Offsets {
        let from = At::from_millis(horizon.start.millis().saturating_sub(MARGIN)).to_jiff();
        let until = At::from_millis(horizon.end.millis().saturating_add(MARGIN)).to_jiff();
        let millis = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
        let first = Stretch { start: i64::MIN, end: i64::MAX, offset: millis(rules.to_offset(from)) };
        let mut stretches = vec![first];
        for change in rules.following(from).take_while(|change| change.timestamp() < until) {
            let (start, offset) = (At::from_jiff(change.timestamp()).millis(), millis(change.offset()));
            let last = stretches.last_mut().expect("starts with one stretch");
            if last.offset != offset {
                last.end = start;
                stretches.push(Stretch { start, end: i64::MAX, offset });
            }
        }
        Offsets(stretches)
    }

    /// By how much local time is ahead of UTC at `at`.
    pub fn offset_at(&self, at: At) -> Millis {
        let index = self.0.partition_point(|stretch| stretch.end <= at.millis());
        Millis::from_millis(self.0[index.min(self.0.len() - 1)].offset)
    }

    /// The instant of the wall-clock time `minute` minutes after 00:00 of `date` (1440 and more reach into later days), as
    /// an edge of a window; see [`Edge`] for gaps and folds.
    pub fn at(&self, date: Date, minute: u16, edge: Edge) -> At {
        At::from_millis(self.at_local(of_date(date) * DAY + i64::from(minute) * 60_000, edge))
    }

    /// UTC milliseconds of a local time in milliseconds.
    pub(crate) fn at_local(&self, local: i64, edge: Edge) -> i64 {
        // The offset before the gap, if the local time turns out to lie in one.
        let mut before = self.0[0].offset;
        let mut found = None;
        for stretch in self.near(local, local).take_while(|stretch| stretch.local_start() <= local) {
            before = stretch.offset;
            if local < stretch.local_end() && (edge == Edge::End || found.is_none()) {
                found = Some(stretch.offset);
            }
        }
        local - found.unwrap_or(before)
    }

    /// Whether any instant has this local date.
    pub fn day_exists(&self, date: Date) -> bool {
        self.has_day(of_date(date))
    }

    pub(crate) fn has_day(&self, day: i64) -> bool {
        let (from, until) = (day * DAY, (day + 1) * DAY);
        self.near(from, until).any(|stretch| stretch.local_start() < until && from < stretch.local_end())
    }

    /// The instants whose local date is `date`: 24 hours as a rule, 23, 25 or 24.5 when the clocks change, none when the
    /// day does not exist, in two pieces when the clocks go back across midnight.
    pub fn day(&self, date: Date) -> Spans {
        self.day_pieces(of_date(date)).collect()
    }

    pub(crate) fn day_pieces(&self, day: i64) -> impl Iterator<Item = Span> + '_ {
        let (from, until) = (day * DAY, (day + 1) * DAY);
        self.near(from, until).map(move |stretch| {
            let whole =
                Span::new(At::from_millis(from - stretch.offset), At::from_millis(until - stretch.offset));
            whole.intersect(Span::new(At::from_millis(stretch.start), At::from_millis(stretch.end)))
        })
    }

    /// The stretches that can hold a local time from `from` to `until`, and perhaps a few more, in order.
    fn near(&self, from: i64, until: i64) -> impl Iterator<Item = Stretch> + '_ {
        let (earliest, latest) = (from.saturating_sub(LARGEST_OFFSET), until.saturating_add(LARGEST_OFFSET));
        let first = self.0.partition_point(|stretch| stretch.end <= earliest);
        self.0[first..].iter().copied().take_while(move |stretch| stretch.start <= latest)
    }
}
