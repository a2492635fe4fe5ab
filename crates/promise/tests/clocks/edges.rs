//! Days on which the clocks change, in eight zones: what counts, and when it is due.

use crate::desk::*;
use remit_core::{At, Millis, Span, Weekday, Zone};
use remit_promise::*;

/// Zone, day, window, minutes that the window has on that day.
const EDGES: [(&str, &str, &str, i64); 17] = [
    // By half an hour, at 02:00.
    ("Australia/Lord_Howe", "2026-04-05", "00:00-06:00", 390),
    ("Australia/Lord_Howe", "2026-10-04", "00:00-06:00", 330),
    // Back for Ramadan.
    ("Africa/Casablanca", "2026-02-15", "00:00-06:00", 420),
    ("Africa/Casablanca", "2026-03-22", "00:00-06:00", 300),
    // A quarter of an hour was left out, once.
    ("Asia/Kathmandu", "1986-01-01", "00:00-24:00", 1425),
    ("Asia/Kathmandu", "1986-01-01", "09:00-17:00", 480),
    // A day was left out.
    ("Pacific/Apia", "2011-12-30", "00:00-24:00", 0),
    ("Pacific/Apia", "2011-12-29", "09:00-17:00", 480),
    // At midnight: a day without its first hour, and one with two last hours.
    ("America/Sao_Paulo", "2018-11-04", "00:00-24:00", 1380),
    ("America/Sao_Paulo", "2018-02-17", "20:00-24:00", 300),
    ("Africa/Cairo", "2026-04-24", "00:00-06:00", 300),
    ("Africa/Cairo", "2026-10-29", "20:00-24:00", 300),
    ("America/New_York", "2026-03-08", "00:00-06:00", 300),
    ("America/New_York", "2026-11-01", "00:00-06:00", 420),
    ("Europe/London", "2026-03-29", "00:00-06:00", 300),
    ("Europe/London", "2026-10-25", "00:00-06:00", 420),
    // The night before: it ends after the change.
    ("Europe/London", "2026-10-24", "22:00-02:00", 300),
];

/// A policy of this length in a window of one day of the week, for a fortnight around a day.
fn around(zone: &str, day: &str, window: &str, length: Millis) -> (Policy, Span) {
    let date: remit_core::Date = day.parse().expect("the day is well written");
    let weekday = Weekday::of(date).name().to_lowercase();
    let noon = Zone::utc().at(date.at(12, 0, 0, 0), remit_core::Edge::Start);
    // Neither the week before nor the week after: their windows are not of this day.
    let life = Span::new(noon - Millis::from_hours(80), noon + Millis::from_hours(80));
    let horizon = Span::new(life.start - Millis::from_hours(72), life.end + Millis::from_hours(7 * 24));
    let calendars = Calendars::new(horizon, vec![office(weekly(zone, &[(&weekday, window)]))]);
    let term = Term::Within(Within::calendar(length, slug("office")));
    let rules = vec![rule(Promise::RESOLUTION, term)];
    let policy = Policy::new(rules, calendars.expect("one calendar has no rival"));
    (policy.expect("one rule has no rival"), life)
}

#[test]
fn a_window_counts_as_long_as_it_really_was() {
    for (zone, day, window, minutes) in EDGES {
        let (policy, life) = around(zone, day, window, Millis::from_hours(40));
        let events = [(life.start, opened())];
        let clocks = Clocks::at(&policy, &events, life.end).unwrap();
        let frame = clocks.frame().unwrap();
        assert_eq!(frame.consumed, Millis::from_minutes(minutes), "{zone} {day} {window}");
        let segments = clocks.explain(frame);
        let counted: Millis = segments.iter().map(|segment| segment.counted).sum();
        assert_eq!(counted, frame.consumed, "{zone} {day} {window}");
        let open = segments.iter().filter(|segment| segment.why == Why::Counted).count();
        assert_eq!(open, usize::from(minutes > 0), "{zone} {day} {window}");
    }
}

#[test]
fn a_promise_of_the_whole_window_is_due_when_it_closes() {
    for (zone, day, window, minutes) in EDGES.into_iter().filter(|edge| edge.3 > 0) {
        let due = |minutes| {
            let (policy, life) = around(zone, day, window, Millis::from_minutes(minutes));
            Clocks::at(&policy, &[(life.start, opened())], life.start).unwrap().frame().unwrap().due
        };
        let closes = closing(zone, day, window);
        assert_eq!(due(minutes), Some(closes), "{zone} {day} {window}");
        assert_eq!(due(minutes - 1), Some(closes - Millis::from_minutes(1)), "{zone} {day} {window}");
        assert!(due(minutes + 1).unwrap() > closes + Millis::from_hours(100), "{zone} {day} {window}");
    }
}

/// When a window closes on the wall clock, the second time if that comes twice.
fn closing(zone: &str, day: &str, window: &str) -> At {
    let date: remit_core::Date = day.parse().expect("the day is well written");
    let hour: i8 = window[6..8].parse().expect("the window is well written");
    let next = window.ends_with("24:00") || window.starts_with("22:00");
    let date = if next { date.tomorrow().expect("not the last day") } else { date };
    let zone = Zone::parse(zone).expect("the zone is in the database");
    zone.at(date.at(hour % 24, 0, 0, 0), remit_core::Edge::End)
}

#[test]
fn the_day_that_apia_left_out_is_not_waited_for() {
    let horizon = Span::new(at("2011-12-01T00:00:00Z"), at("2012-02-01T00:00:00Z"));
    let daily = office(weekly("Pacific/Apia", &[("daily", "09:00-17:00")]));
    let calendars = Calendars::new(horizon, vec![daily]).unwrap();
    let policy = Policy::new(vec![rule(Promise::RESOLUTION, in_office("8h"))], calendars).unwrap();
    // Thursday noon: five hours, and three of Saturday, which is the next day.
    let frame = frame(&policy, &[("2011-12-29T12:00:00-10:00", opened())], "2011-12-29T12:00:00-10:00");
    assert_eq!(frame.due, Some(at("2011-12-31T12:00:00+14:00")));
}
