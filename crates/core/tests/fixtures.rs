//! Known answers for working calendars and business time, and the faults that others shipped.

#![expect(clippy::unwrap_used, reason = "a failing set-up fails the test")]

use jiff::civil::date;
use remit_core::{
    At, BusinessTime, Date, DayPlan, Edge, HolidaySet, Horizon, Millis, Span, Weekdays, Window,
    WorkingCalendar, Zone,
};
use std::collections::BTreeMap;

fn at(text: &str) -> At {
    At::parse(text).unwrap()
}

fn span(start: &str, end: &str) -> Span {
    Span::new(at(start), at(end))
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn weekly(zone_name: &str, windows: &[(&str, &str)]) -> WorkingCalendar {
    let parsed: Vec<_> = windows
        .iter()
        .map(|(days, window)| (Weekdays::parse(days).unwrap(), Window::parse(window).unwrap()))
        .collect();
    WorkingCalendar::weekly(zone(zone_name), &parsed).unwrap()
}

fn with_days(calendar: &WorkingCalendar, days: &[(Date, DayPlan)]) -> WorkingCalendar {
    let days = days.iter().cloned().collect::<BTreeMap<_, _>>();
    WorkingCalendar::new(calendar.zone().clone(), calendar.week().clone(), calendar.holidays().clone(), days)
        .unwrap()
}

fn shown(calendar: &WorkingCalendar, horizon: Span) -> Vec<String> {
    calendar.open(horizon).iter().map(|span| span.to_string()).collect()
}

/// The open hours of the local days `first` to `last`.
fn hours(calendar: &WorkingCalendar, first: Date, last: Date) -> f64 {
    let edge = |day: Date| calendar.zone().at(day.at(0, 0, 0, 0), Edge::Start);
    let horizon = Span::new(edge(first), edge(last.tomorrow().unwrap()));
    calendar.open(horizon).total().millis() as f64 / 3_600_000.0
}

/// Mon 9-17 Tue 10-16 Wed 9-17 Thu 10-16 Fri 9-17 Sat 11-14:30 UTC, closed on 2006-01-01 and 2006-12-25.
fn known_calendar() -> WorkingCalendar {
    let week =
        weekly("UTC", &[("mon,wed,fri", "09:00-17:00"), ("tue,thu", "10:00-16:00"), ("sat", "11:00-14:30")]);
    with_days(&week, &[(date(2006, 1, 1), DayPlan::Closed), (date(2006, 12, 25), DayPlan::Closed)])
}

#[test]
fn the_known_answer_is_39_and_a_half_hours() {
    let horizon = span("2005-12-01T00:00:00Z", "2007-01-01T00:00:00Z");
    let time = BusinessTime::compile(&known_calendar().open(horizon), horizon);
    let (from, to) = (at("2006-01-01T00:00:00Z"), at("2006-01-08T00:00:00Z"));
    assert_eq!(time.elapsed(from, to), Millis::from_minutes(39 * 60 + 30));
    assert_eq!(time.elapsed(to, from), Millis::from_minutes(-39 * 60 - 30));
}

#[test]
fn the_known_answer_plus_19_hours_and_back() {
    let horizon = span("2005-12-01T00:00:00Z", "2007-01-01T00:00:00Z");
    let time = BusinessTime::compile(&known_calendar().open(horizon), horizon);
    let (from, to, by) = (at("2006-01-02T11:00:00Z"), at("2006-01-04T16:00:00Z"), Millis::from_hours(19));
    assert_eq!(time.add(from, by), Some(to));
    assert_eq!(time.sub(to, by), Some(from));
    assert_eq!(time.add(to, -by), Some(from));
    assert_eq!(time.elapsed(from, to), by);
    // Christmas is a Monday, and closed.
    assert_eq!(time.elapsed(at("2006-12-25T00:00:00Z"), at("2006-12-26T00:00:00Z")), Millis::ZERO);
}

#[test]
fn an_all_day_window_loses_nothing_at_midnight() {
    for name in ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"] {
        let zone = zone(name);
        let horizon = Horizon::months(date(2011, 6, 1), &zone, 13);
        let open = WorkingCalendar::always(zone.clone()).open(horizon);
        assert_eq!(open.as_slice(), [horizon], "{name}");
        let halves = weekly(name, &[("daily", "00:00-12:00"), ("daily", "12:00-24:00")]).open(horizon);
        assert_eq!(halves.as_slice(), [horizon], "{name}");
        let time = BusinessTime::compile(&open, horizon);
        assert_eq!(time.total(), horizon.length());
        assert_eq!(time.add(horizon.start, horizon.length()), Some(horizon.end));
        assert_eq!(time.add(horizon.start, horizon.length() + Millis::from_millis(1)), None);
        assert_eq!(time.sub(horizon.end, horizon.length()), Some(horizon.start));
    }
}

#[test]
fn a_window_until_24_00_ends_with_the_day() {
    let late = weekly("Europe/Berlin", &[("mon", "18:00-24:00")]);
    let week = span("2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z");
    assert_eq!(shown(&late, week), ["2026-03-02T17:00:00Z to 2026-03-02T23:00:00Z"]);
    let joined = weekly("Europe/Berlin", &[("mon", "18:00-24:00"), ("tue", "00:00-02:00")]);
    assert_eq!(shown(&joined, week), ["2026-03-02T17:00:00Z to 2026-03-03T01:00:00Z"]);
}

#[test]
fn the_offset_of_today_is_not_applied_to_other_dates() {
    let office = weekly("Europe/Berlin", &[("mon", "09:00-17:00")]);
    let monday = |day: &str| shown(&office, span(&format!("{day}T00:00:00Z"), &format!("{day}T23:00:00Z")));
    assert_eq!(monday("2026-01-12"), ["2026-01-12T08:00:00Z to 2026-01-12T16:00:00Z"]);
    assert_eq!(monday("2026-07-13"), ["2026-07-13T07:00:00Z to 2026-07-13T15:00:00Z"]);
    // Berlin had no daylight saving in 1979 and double summer time in June 1945.
    assert_eq!(monday("1979-07-16"), ["1979-07-16T08:00:00Z to 1979-07-16T16:00:00Z"]);
    assert_eq!(monday("1945-06-04"), ["1945-06-04T06:00:00Z to 1945-06-04T14:00:00Z"]);
}

#[test]
fn in_a_fold_a_start_takes_the_first_and_an_end_the_last_occurrence() {
    let sunday = span("2026-10-24T20:00:00Z", "2026-10-25T12:00:00Z");
    let opened = |window: &str| shown(&weekly("Europe/Berlin", &[("sun", window)]), sunday);
    assert_eq!(opened("00:00-02:30"), ["2026-10-24T22:00:00Z to 2026-10-25T01:30:00Z"]);
    assert_eq!(opened("02:30-06:00"), ["2026-10-25T00:30:00Z to 2026-10-25T05:00:00Z"]);
    assert_eq!(opened("02:15-02:45"), ["2026-10-25T00:15:00Z to 2026-10-25T01:45:00Z"]);
    let night = weekly("Europe/Berlin", &[("sat", "22:00-06:00")]);
    assert_eq!(night.open(sunday).total(), Millis::from_hours(9));
}

#[test]
fn in_a_gap_both_edges_shift_forward() {
    let sunday = span("2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z");
    let opened = |window: &str| shown(&weekly("Europe/Berlin", &[("sun", window)]), sunday);
    assert_eq!(opened("00:00-02:30"), ["2026-03-28T23:00:00Z to 2026-03-29T01:30:00Z"]);
    assert_eq!(opened("02:30-06:00"), ["2026-03-29T01:30:00Z to 2026-03-29T04:00:00Z"]);
    assert_eq!(opened("02:15-02:45"), ["2026-03-29T01:15:00Z to 2026-03-29T01:45:00Z"]);
    // The start shifts past the end: nothing of this window is left.
    assert_eq!(opened("02:30-03:15"), Vec::<String>::new());
    let night = weekly("Europe/Berlin", &[("sat", "22:00-06:00")]);
    assert_eq!(night.open(sunday).total(), Millis::from_hours(7));
}

#[test]
fn a_target_that_spans_days_ends_at_its_minute_not_at_midnight() {
    let office = weekly("America/New_York", &[("mon-fri", "09:00-17:00")]);
    let horizon = Horizon::months(date(2026, 3, 1), office.zone(), 2);
    let time = BusinessTime::compile(&office.open(horizon), horizon);
    // Thursday 16:30 local; 20 h are half an hour, Friday, Monday (after the change of clocks) and 3 h 30 min of Tuesday.
    let due = time.add(at("2026-03-05T16:30:00-05:00"), Millis::from_hours(20)).unwrap();
    assert_eq!(due, at("2026-03-10T12:30:00-04:00"));
    // A target that fills a day exactly ends with that day, not with the next morning.
    let due = time.add(at("2026-03-05T09:00:00-05:00"), Millis::from_hours(8)).unwrap();
    assert_eq!(due, at("2026-03-05T17:00:00-05:00"));
}

#[test]
fn a_ticket_made_outside_hours_still_has_its_whole_target() {
    let office = weekly("America/New_York", &[("mon-fri", "09:00-17:00")]);
    let horizon = Horizon::months(date(2026, 3, 1), office.zone(), 1);
    let time = BusinessTime::compile(&office.open(horizon), horizon);
    let saturday = at("2026-03-14T20:00:00-04:00");
    assert_eq!(time.add(saturday, Millis::from_hours(4)), Some(at("2026-03-16T13:00:00-04:00")));
    assert_eq!(time.add(saturday, Millis::ZERO), Some(saturday));
    assert_eq!(time.elapsed(saturday, at("2026-03-16T09:00:00-04:00")), Millis::ZERO);
    assert_eq!(
        time.sub(at("2026-03-16T10:00:00-04:00"), Millis::from_hours(2)),
        Some(at("2026-03-13T16:00:00-04:00"))
    );
}

#[test]
fn time_outside_the_horizon_does_not_count() {
    let always = WorkingCalendar::always(Zone::utc());
    let horizon = span("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    let time = BusinessTime::compile(&always.open(horizon), horizon);
    assert_eq!(time.elapsed(At::MIN, At::MAX), Millis::from_hours(24));
    assert_eq!(time.elapsed(at("2026-02-01T00:00:00Z"), at("2026-03-01T01:00:00Z")), Millis::from_hours(1));
    assert_eq!(time.add(at("2026-02-01T00:00:00Z"), Millis::from_hours(1)), Some(at("2026-03-01T01:00:00Z")));
    assert_eq!(time.add(at("2026-03-01T23:00:00Z"), Millis::from_hours(2)), None);
    assert_eq!(time.sub(at("2026-03-01T01:00:00Z"), Millis::from_hours(2)), None);
    assert_eq!(time.add(At::MAX, Millis::MAX), None);
    assert_eq!(time.sub(At::MIN, Millis::MAX), None);
    let nothing = BusinessTime::compile(&remit_core::Spans::none(), horizon);
    assert_eq!(nothing.elapsed(At::MIN, At::MAX), Millis::ZERO);
    assert_eq!(nothing.add(horizon.start, Millis::from_millis(1)), None);
    assert_eq!(nothing.sub(horizon.start, Millis::from_millis(1)), None);
}

#[test]
fn whole_days_have_23_24_24_and_a_half_or_25_hours() {
    let every_day = |name: &str, day: Date| hours(&weekly(name, &[("daily", "00:00-24:00")]), day, day);
    let same =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    same(every_day("Europe/Berlin", date(2026, 3, 28)), 24.0);
    same(every_day("Europe/Berlin", date(2026, 3, 29)), 23.0);
    same(every_day("Europe/Berlin", date(2026, 10, 25)), 25.0);
    same(every_day("Australia/Lord_Howe", date(2026, 4, 5)), 24.5);
    same(every_day("Australia/Lord_Howe", date(2026, 10, 4)), 23.5);
    same(every_day("Asia/Kathmandu", date(1986, 1, 1)), 23.75);
    same(every_day("America/Sao_Paulo", date(2018, 11, 4)), 23.0);
    same(every_day("America/Sao_Paulo", date(2018, 2, 17)), 25.0);
}

#[test]
fn a_holiday_takes_its_whole_local_day_whatever_its_length() {
    let horizon = span("2010-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    // Easter Sunday of 2024 was a day of 23 hours in Brandenburg, the one German state that keeps it by law.
    let calendar = weekly("Europe/Berlin", &[]).with_holidays(HolidaySet::parse(&["DE-BB"]).unwrap());
    let days = calendar.holiday_days(horizon);
    let easter = days.find(at("2024-03-31T12:00:00Z")).unwrap();
    // It runs on into Easter Monday.
    assert_eq!(easter.to_string(), "2024-03-30T23:00:00Z to 2024-04-01T22:00:00Z");
    assert_eq!(easter.length(), Millis::from_hours(47));
    assert!(days.contains(at("2024-12-24T23:00:00Z")) && !days.contains(at("2024-12-24T22:59:59.999Z")));
}

#[test]
fn apias_missing_day_opens_nothing_but_the_night_before_it_runs_on() {
    let horizon = span("2011-12-28T10:00:00Z", "2012-01-01T10:00:00Z");
    let office = weekly("Pacific/Apia", &[("daily", "09:00-17:00")]);
    assert_eq!(
        shown(&office, horizon),
        [
            "2011-12-28T19:00:00Z to 2011-12-29T03:00:00Z",
            "2011-12-29T19:00:00Z to 2011-12-30T03:00:00Z",
            "2011-12-30T19:00:00Z to 2011-12-31T03:00:00Z",
            "2011-12-31T19:00:00Z to 2012-01-01T03:00:00Z",
        ]
    );
    let missing = with_days(
        &weekly("Pacific/Apia", &[]),
        &[(date(2011, 12, 30), DayPlan::Open(vec![Window::ALL_DAY]))],
    );
    assert!(missing.open(horizon).is_empty());
    // From Thursday 29 December 22:00 to 06:00 of a day that is not there: 06:00 shifts by 24 h, to Saturday.
    let night = weekly("Pacific/Apia", &[("thu", "22:00-06:00")]);
    assert_eq!(shown(&night, horizon), ["2011-12-30T08:00:00Z to 2011-12-30T16:00:00Z"]);
}

#[test]
fn on_a_holiday_nothing_opens_but_the_night_before_runs_to_its_end() {
    let usa = HolidaySet::parse(&["US"]).unwrap();
    let nights = weekly("America/New_York", &[("daily", "22:00-06:00")]).with_holidays(usa);
    // Independence Day 2025 is a Friday.
    let horizon = span("2025-07-03T12:00:00-04:00", "2025-07-06T12:00:00-04:00");
    assert_eq!(
        shown(&nights, horizon),
        ["2025-07-04T02:00:00Z to 2025-07-04T10:00:00Z", "2025-07-06T02:00:00Z to 2025-07-06T10:00:00Z"]
    );
    let listed = nights.holidays_within(horizon);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].0, date(2025, 7, 4));
    assert!(listed[0].1.contains("Independence Day"), "{listed:?}");
    assert!(
        nights.holidays_within(span("2025-07-05T12:00:00-04:00", "2025-07-06T12:00:00-04:00")).is_empty()
    );
    assert!(nights.holidays_known(horizon));
    assert!(!nights.holidays_known(span("1990-01-01T00:00:00Z", "1991-01-01T00:00:00Z")));
}

#[test]
fn an_own_day_beats_a_holiday_and_a_holiday_beats_the_week() {
    let office = weekly("America/New_York", &[("mon-fri", "09:00-17:00")]);
    let day = date(2025, 7, 4);
    let closed = office.clone().with_holidays(HolidaySet::parse(&["US"]).unwrap());
    let half = with_days(&closed, &[(day, DayPlan::Open(vec![Window::parse("09:00-13:00").unwrap()]))]);
    let shut = with_days(&office, &[(day, DayPlan::Closed)]);
    let on_the_day = |calendar: &WorkingCalendar| hours(calendar, day, day).round() as i64;
    assert_eq!([&office, &closed, &half, &shut].map(on_the_day), [8, 0, 4, 0]);
    // An own day on a day off adds hours; the holiday stays a holiday.
    let sunday = date(2025, 7, 6);
    let extra = with_days(&closed, &[(sunday, DayPlan::Open(vec![Window::parse("10:00-12:00").unwrap()]))]);
    assert_eq!(hours(&extra, sunday, sunday).round() as i64, 2);
    let week = span("2025-07-01T00:00:00Z", "2025-07-08T00:00:00Z");
    assert_eq!(half.holiday_days(week), closed.holiday_days(week));
}

#[test]
fn windows_that_overlap_are_refused_and_both_are_named() {
    let refused = |windows: &[(&str, &str)]| {
        let parsed: Vec<_> = windows
            .iter()
            .map(|(days, window)| (Weekdays::parse(days).unwrap(), Window::parse(window).unwrap()))
            .collect();
        WorkingCalendar::weekly(Zone::utc(), &parsed).map(|_| ()).map_err(|error| error.to_string())
    };
    let same_day = refused(&[("mon", "13:00-18:00"), ("mon", "08:00-14:00")]).unwrap_err();
    assert!(
        same_day.starts_with("the window 08:00-14:00 of Monday and the window 13:00-18:00 of Monday"),
        "{same_day}"
    );
    let overnight = refused(&[("mon", "22:00-06:00"), ("tue", "05:00-09:00")]).unwrap_err();
    assert!(
        overnight.starts_with("the window 22:00-06:00 of Monday and the window 05:00-09:00 of Tuesday"),
        "{overnight}"
    );
    let round_the_week = refused(&[("sun", "22:00-06:00"), ("mon", "05:59-09:00")]).unwrap_err();
    assert!(round_the_week.contains("of Sunday and the window 05:59-09:00 of Monday"), "{round_the_week}");
    assert!(refused(&[("mon", "08:00-12:00"), ("mon", "08:00-12:00")]).is_err());
    for fine in [
        &[("mon", "08:00-12:00"), ("mon", "12:00-18:00")][..],
        &[("daily", "22:00-06:00"), ("daily", "06:00-22:00")],
        &[("sun", "12:00-11:59")],
        &[],
    ] {
        assert_eq!(refused(fine), Ok(()), "{fine:?}");
    }
}

#[test]
fn own_days_with_overlapping_or_countless_windows_are_refused() {
    let window = |text: &str| Window::parse(text).unwrap();
    let refused = |windows: Vec<Window>| {
        let days = BTreeMap::from([(date(2026, 12, 24), DayPlan::Open(windows))]);
        WorkingCalendar::new(Zone::utc(), Default::default(), HolidaySet::none(), days)
            .unwrap_err()
            .to_string()
    };
    let overlap = refused(vec![window("11:00-13:00"), window("08:00-12:00")]);
    assert!(
        overlap.starts_with("the windows 08:00-12:00 and 11:00-13:00 of 2026-12-24 overlap"),
        "{overlap}"
    );
    let many = refused((0..49).map(|i| Window::new(i * 10, i * 10 + 1).unwrap()).collect());
    assert!(many.contains("2026-12-24 has 49 windows; a day can have 48"), "{many}");
}

#[test]
fn edges_between_minutes_are_exact() {
    // Monrovia was 44 min 30 s behind UTC until 1972; the table of minutes cannot hold that, the spans can.
    let office = weekly("Africa/Monrovia", &[("mon-fri", "09:00-17:00")]);
    let horizon = span("1971-01-01T00:00:00Z", "1972-01-01T00:00:00Z");
    let open = office.open(horizon);
    let monday = at("1971-03-01T00:00:00Z");
    let first = open.iter().find(|span| span.start > monday).unwrap();
    assert_ne!(first.start.millis() % 60_000, 0);
    let time = BusinessTime::compile(&open, horizon);
    assert_eq!(time.elapsed(first.start, first.end), Millis::from_hours(8));
    assert_eq!(time.elapsed(first.start, first.start + Millis::from_millis(1234)), Millis::from_millis(1234));
    assert_eq!(time.add(first.start, Millis::from_hours(8)), Some(first.end));
    assert_eq!(time.total(), open.total());
}

#[test]
fn a_horizon_of_months_follows_the_local_calendar() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(
        Horizon::months(date(2026, 1, 31), &berlin, 1),
        span("2026-01-30T23:00:00Z", "2026-02-27T23:00:00Z")
    );
    assert_eq!(
        Horizon::months(date(2026, 3, 1), &berlin, 1),
        span("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    );
    assert!(Horizon::months(date(2026, 3, 1), &berlin, 0).is_empty());
    assert!(!Horizon::months(date(9999, 1, 1), &berlin, u16::MAX).is_empty());
}

#[test]
fn a_horizon_may_start_inside_a_window_that_opened_two_utc_days_ago() {
    // Sunday 20:00 in Niue is Monday 07:00 UTC.
    let long = weekly("Pacific/Niue", &[("sun", "20:00-19:00")]);
    let tuesday = span("2026-03-03T01:00:00Z", "2026-03-04T00:00:00Z");
    assert_eq!(shown(&long, tuesday), ["2026-03-03T01:00:00Z to 2026-03-03T06:00:00Z"]);
    // Monday 00:00 in Kiritimati is Sunday 10:00 UTC.
    let early = weekly("Pacific/Kiritimati", &[("mon", "00:00-02:00")]);
    let sunday = span("2026-03-01T00:00:00Z", "2026-03-01T11:00:00Z");
    assert_eq!(shown(&early, sunday), ["2026-03-01T10:00:00Z to 2026-03-01T11:00:00Z"]);
}
