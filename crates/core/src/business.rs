//! Business time: how much of a calendar's open time lies between two instants, and the instant some open time later.

mod days;

use crate::{At, Millis, Span, Spans};
use days::DayTable;

/// The open time of a horizon, compiled so that no question about it loops over days or spans.
///
/// `F(t)` is the open time from the start of the horizon to `t`; elapsed time is `F(b) - F(a)`, and adding searches for
/// the instant where `F` reaches a value. `F` comes from a table of days and of minutes in each kind of day
/// (`cum_day[day] + pre[kind][minute]`) plus the milliseconds inside an open minute.
///
/// **Outside the horizon nothing is open**: `elapsed` counts only what lies inside, and `add` and `sub` answer none when
/// the horizon does not hold enough open time. Compile a horizon that covers the oldest event and the latest due time.
///
/// Spans whose edges are not on whole minutes (offsets with seconds, as Monrovia had until 1972) are exact too: then, and for horizons
/// of more than 400 years or with more than 2,048 kinds of day, `F` is found by binary search over the spans instead.
#[derive(Clone, Debug)]
pub struct BusinessTime {
    horizon: Span,
    /// `None` when the spans are not on whole minutes or too various for tables.
    table: Option<DayTable>,
    opened: Opened,
}

/// The open spans as three columns: span `i` opens at `starts[i]` when `before[i]` of open time has passed, and `before`
/// has one more entry, the whole open time.
#[derive(Clone, Debug)]
struct Opened {
    starts: Vec<i64>,
    before: Vec<i64>,
    /// `first[w >> shift]` is the last span that opens at or before that much open time, for a start close to the answer.
    first: Vec<u32>,
    shift: u32,
}

impl BusinessTime {
    /// Compiles the part of `open` that lies in `horizon`.
    pub fn compile(open: &Spans, horizon: Span) -> BusinessTime {
        let open = open.within(horizon);
        BusinessTime { horizon, table: DayTable::build(&open, horizon), opened: Opened::new(&open) }
    }

    /// The span it was compiled for.
    pub fn horizon(&self) -> Span {
        self.horizon
    }

    /// All the open time of the horizon.
    pub fn total(&self) -> Millis {
        Millis::from_millis(self.opened.total())
    }

    /// The open time between `from` and `to`; negative when `to` is the earlier one.
    #[inline]
    pub fn elapsed(&self, from: At, to: At) -> Millis {
        Millis::from_millis(self.passed(to) - self.passed(from))
    }

    /// The earliest instant, not before `from`, at which `by` of open time has passed since `from`: so a target ends with
    /// the window it fills, not at the opening of the next. Nothing to add gives `from` itself, a negative `by` is
    /// [`BusinessTime::sub`]. None when the horizon holds too little open time.
    #[inline]
    pub fn add(&self, from: At, by: Millis) -> Option<At> {
        match by.millis() {
            0 => Some(from),
            1.. => self.opened.reach(self.passed(from).checked_add(by.millis())?),
            _ => self.sub(from, -by),
        }
    }

    /// The latest instant, not after `to`, from which `by` of open time passes until `to`: so it is in an open window.
    /// Nothing to subtract gives `to` itself, a negative `by` is [`BusinessTime::add`]. None when the horizon holds too
    /// little open time.
    #[inline]
    pub fn sub(&self, to: At, by: Millis) -> Option<At> {
        match by.millis() {
            0 => Some(to),
            1.. => self.opened.leave(self.passed(to).checked_sub(by.millis())?),
            _ => self.add(to, -by),
        }
    }

    /// `F`: the open milliseconds before `at`.
    #[inline]
    fn passed(&self, at: At) -> i64 {
        match &self.table {
            Some(table) => table.passed(at.millis()),
            None => self.opened.passed(at.millis()),
        }
    }
}

impl Opened {
    fn new(open: &Spans) -> Opened {
        let (mut starts, mut before) = (Vec::with_capacity(open.len()), Vec::with_capacity(open.len() + 1));
        let mut total = 0_i64;
        for span in open {
            starts.push(span.start.millis());
            before.push(total);
            total = total.saturating_add(span.length().millis());
        }
        before.push(total);
        // About two steps of the index for each span.
        let steps = (starts.len() as u64 * 2).max(1);
        let shift = (total as u64 / steps).max(1).ilog2();
        let mut first = Vec::with_capacity((total >> shift) as usize + 2);
        let mut span = 0_u32;
        for step in 0..=(total >> shift) + 1 {
            while (span as usize + 1) < starts.len() && before[span as usize + 1] <= step << shift {
                span += 1;
            }
            first.push(span);
        }
        Opened { starts, before, first, shift }
    }

    fn total(&self) -> i64 {
        self.before[self.starts.len()]
    }

    /// The open time before `at`, by binary search.
    fn passed(&self, at: i64) -> i64 {
        let Some(span) = self.starts.partition_point(|start| *start <= at).checked_sub(1) else { return 0 };
        (self.before[span] + (at - self.starts[span])).min(self.before[span + 1])
    }

    /// The earliest instant by which `passed` (more than 0) of open time has passed.
    #[inline]
    fn reach(&self, passed: i64) -> Option<At> {
        if passed > self.total() {
            return None;
        }
        // The last span with less than `passed` before it.
        let span = self.last_span(passed - 1);
        Some(At::from_millis(self.starts[span] + (passed - self.before[span])))
    }

    /// The latest instant at which no more than `passed` (less than the total) of open time has passed.
    #[inline]
    fn leave(&self, passed: i64) -> Option<At> {
        if passed < 0 {
            return None;
        }
        let span = self.last_span(passed);
        Some(At::from_millis(self.starts[span] + (passed - self.before[span])))
    }

    /// The last span that opens when at most `passed` (0 to less than the total) of open time has passed.
    #[inline]
    fn last_span(&self, passed: i64) -> usize {
        let step = (passed >> self.shift) as usize;
        let (from, until) = (self.first[step] as usize, self.first[step + 1] as usize);
        from + self.before[from + 1..=until].partition_point(|before| *before <= passed)
    }
}
