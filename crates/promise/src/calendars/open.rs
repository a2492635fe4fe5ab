//! Which stretches of a time were open, and what closed the others.

use remit_core::{Span, Weekday, WorkingCalendar};

use super::{OpenHours, validity};

/// A stretch of calendar time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hour {
    /// Open.
    Open,
    /// Closed as on any such day.
    Closed,
    /// Closed because of the holiday of this name.
    Holiday(String),
}

impl OpenHours {
    /// Cuts a span into open and closed stretches, in order and without a hole.
    pub(crate) fn cut(&self, span: Span) -> Vec<(Span, Hour)> {
        let (mut cut, mut from) = (Vec::new(), span.start);
        let holidays = self.holidays(span);
        let first = self.open.as_slice().partition_point(|open| open.end <= span.start);
        for open in &self.open.as_slice()[first..] {
            let open = open.intersect(span);
            if open.is_empty() {
                break;
            }
            cut_closed(Span::new(from, open.start), &holidays, &mut cut);
            cut.push((open, Hour::Open));
            from = open.end;
        }
        cut_closed(Span::new(from, span.end), &holidays, &mut cut);
        cut
    }

    /// The parts of `span` that lie on holidays, in order.
    fn holidays(&self, span: Span) -> Vec<(Span, String)> {
        let parts = (0..self.versions.len()).map(|at| (at, validity(&self.versions, at).intersect(span)));
        let parts = parts.filter(|(_, part)| !part.is_empty());
        let mut found: Vec<_> = parts.flat_map(|(at, part)| holidays(&self.versions[at].1, part)).collect();
        found.sort();
        found
    }
}

/// Adds a span in which nothing is open, cut at its holidays.
fn cut_closed(span: Span, holidays: &[(Span, String)], cut: &mut Vec<(Span, Hour)>) {
    let mut from = span.start;
    for (holiday, name) in holidays {
        // Two holidays can share a day; the first by name is told.
        let holiday = holiday.intersect(Span::new(from, span.end));
        if holiday.is_empty() {
            continue;
        }
        if from < holiday.start {
            cut.push((Span::new(from, holiday.start), Hour::Closed));
        }
        cut.push((holiday, Hour::Holiday(name.clone())));
        from = holiday.end;
    }
    if from < span.end {
        cut.push((Span::new(from, span.end), Hour::Closed));
    }
}

/// The holidays of one calendar that close windows which would be open otherwise, as far as they lie in `part`.
fn holidays(calendar: &WorkingCalendar, part: Span) -> Vec<(Span, String)> {
    let offsets = calendar.zone().offsets(part);
    let mut found = Vec::new();
    for (date, name) in calendar.holidays_within(part) {
        let windows = &calendar.week()[Weekday::of(date).index()];
        if windows.is_empty() || calendar.days().contains_key(&date) {
            continue;
        }
        let pieces = offsets.day(date).within(part);
        found.extend(pieces.iter().map(|piece| (piece, name.clone())));
    }
    found
}
