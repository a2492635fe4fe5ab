//! Mistakes that other systems shipped, each as an example that has to come out right.

use crate::desk::*;
use remit_core::{At, DayPlan, Millis, Window, WorkingCalendar};
use remit_promise::*;
use std::collections::BTreeMap;

/// Opened at one instant: when is it due?
fn due(policy: &Policy, opened_at: &str) -> Option<At> {
    frame(policy, &[(opened_at, opened())], opened_at).due
}

#[test]
fn the_known_answer_of_2006_comes_out() {
    let week = [
        ("mon", "09:00-17:00"),
        ("tue", "10:00-16:00"),
        ("wed", "09:00-17:00"),
        ("thu", "10:00-16:00"),
        ("fri", "09:00-17:00"),
        ("sat", "11:00-14:30"),
    ];
    let policy =
        policy(vec![rule(Promise::RESOLUTION, in_office("19h"))], vec![office(weekly("UTC", &week))]);
    assert_eq!(due(&policy, "2006-01-02T11:00:00Z"), Some(at("2006-01-04T16:00:00Z")));
    let whole = frame(&policy, &[("2006-01-01T00:00:00Z", opened())], "2006-01-08T00:00:00Z");
    assert_eq!(whole.consumed, length("39h30m"));
}

#[test]
fn whole_days_lose_nothing_at_midnight() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, in_office("72h"))],
        vec![office(weekly("UTC", &[("daily", "00:00-24:00")]))],
    );
    assert_eq!(due(&policy, "2026-05-04T23:59:59.999Z"), Some(at("2026-05-07T23:59:59.999Z")));
    let four_days = frame(&policy, &[("2026-05-04T00:00:00Z", opened())], "2026-05-08T00:00:00Z");
    assert_eq!(four_days.consumed, length("96h"));
}

#[test]
fn the_offset_of_today_is_not_applied_to_the_past() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, in_office("8h"))],
        vec![office(weekly("America/New_York", &[("mon-fri", "09:00-17:00")]))],
    );
    // Both asked for in summer: 09:00 in winter is 14:00 UTC, in summer 13:00.
    let now = "2026-07-01T00:00:00Z";
    let winter = frame(&policy, &[("2026-01-14T10:00:00Z", opened())], now);
    assert_eq!(winter.breached, Some(at("2026-01-14T22:00:00Z")));
    let summer = frame(&policy, &[("2026-06-17T10:00:00Z", opened())], now);
    assert_eq!(summer.breached, Some(at("2026-06-17T21:00:00Z")));
}

#[test]
fn the_hour_that_comes_twice_counts_twice() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, in_office("4h"))],
        vec![office(weekly("Europe/London", &[("sun", "00:00-06:00")]))],
    );
    // 01:00 to 02:00 of 25 October 2026 comes twice: four hours from 00:00 end at 03:00, not at 04:00.
    assert_eq!(due(&policy, "2026-10-24T12:00:00Z"), Some(at("2026-10-25T03:00:00Z")));
    let night = frame(&policy, &[("2026-10-24T12:00:00Z", opened())], "2026-10-26T00:00:00Z");
    assert_eq!(night.consumed, length("7h"));
}

#[test]
fn a_target_of_several_days_ends_at_its_hour_and_not_at_midnight() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, in_office("20h"))],
        vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))],
    );
    // Wednesday 15:30: 1.5 + 8 (Thursday) + 8 (Friday) + 2.5 on Monday.
    assert_eq!(due(&policy, "2026-05-06T15:30:00Z"), Some(at("2026-05-11T11:30:00Z")));
}

#[test]
fn a_day_of_a_target_is_24_hours_of_the_time_that_counts() {
    let office_days = vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))];
    let in_hours = policy(vec![rule(Promise::RESOLUTION, in_office("1d"))], office_days);
    // Three days of eight hours.
    assert_eq!(due(&in_hours, "2026-05-04T09:00:00Z"), Some(at("2026-05-06T17:00:00Z")));
    let in_minutes = policy(vec![rule(Promise::RESOLUTION, any_hour("1d"))], vec![]);
    assert_eq!(due(&in_minutes, "2026-05-04T09:00:00Z"), Some(at("2026-05-05T09:00:00Z")));
}

#[test]
fn a_ticket_of_the_weekend_has_its_whole_target() {
    let policy = policy(
        vec![rule(Promise::RESPONSE, in_office("2h"))],
        vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))],
    );
    let events = told(&[("2026-05-09T20:00:00Z", opened())]);
    let clocks = clocks(&policy, &events, "2026-05-10T12:00:00Z");
    let response = clocks.sla(Target::Response).unwrap();
    assert_eq!((response.state, response.consumed), (State::Running, Millis::ZERO));
    assert_eq!(response.remaining, Some(length("2h")));
    assert_eq!(response.due, Some(at("2026-05-11T11:00:00Z")));
}

#[test]
fn a_holiday_that_moves_a_target_is_named() {
    let calendar = with_holidays(weekly("America/New_York", &[("mon-fri", "09:00-17:00")]), "US");
    let policy = policy(vec![rule(Promise::RESOLUTION, in_office("4h"))], vec![office(calendar)]);
    // Thursday before Independence Day, which is kept on Friday 3 July in 2026.
    let events = told(&[("2026-07-02T15:00:00-04:00", opened())]);
    let clocks = clocks(&policy, &events, "2026-07-06T10:00:00-04:00");
    let frame = clocks.frame().unwrap();
    assert_eq!(frame.due, Some(at("2026-07-06T11:00:00-04:00")));
    assert_eq!(
        lines(&clocks.explain(frame)),
        [
            "2026-07-02T19:00:00Z counted 2h",
            "2026-07-02T21:00:00Z closed 7h",
            "2026-07-03T04:00:00Z Independence Day (observed) 24h",
            // Independence Day itself is a Saturday, which is closed anyway.
            "2026-07-04T04:00:00Z closed 57h",
            "2026-07-06T13:00:00Z counted 1h",
        ]
    );
}

#[test]
fn a_day_of_its_own_is_not_blamed_on_the_holiday() {
    let usual = with_holidays(weekly("UTC", &[("daily", "09:00-17:00")]), "US");
    let morning = DayPlan::Open(vec![Window::parse("09:00-12:00").unwrap()]);
    let days = BTreeMap::from([("2026-12-25".parse().unwrap(), morning)]);
    let calendar =
        WorkingCalendar::new(usual.zone().clone(), usual.week().clone(), usual.holidays().clone(), days);
    let policy = policy(vec![rule(Promise::RESOLUTION, in_office("8h"))], vec![office(calendar.unwrap())]);
    let events = told(&[("2026-12-25T08:00:00Z", opened())]);
    let clocks = clocks(&policy, &events, "2026-12-25T13:00:00Z");
    assert_eq!(
        lines(&clocks.explain(clocks.frame().unwrap())),
        [
            "2026-12-25T08:00:00Z closed 1h",
            "2026-12-25T09:00:00Z counted 3h",
            "2026-12-25T12:00:00Z closed 1h"
        ]
    );
}

#[test]
fn lunch_and_split_shifts_do_not_count() {
    let shifts = [("mon-fri", "09:00-12:00"), ("mon-fri", "13:00-17:00"), ("mon-thu", "22:00-02:00")];
    let policy =
        policy(vec![rule(Promise::RESOLUTION, in_office("9h"))], vec![office(weekly("UTC", &shifts))]);
    // Three hours, lunch, four hours, evening, two hours of the night.
    assert_eq!(due(&policy, "2026-05-04T08:00:00Z"), Some(at("2026-05-05T00:00:00Z")));
}

#[test]
fn nothing_is_breached_while_it_waits() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, any_hour("4h")), rule(ola(Target::Resolution), any_hour("2h"))],
        vec![],
    );
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T09:00:00Z", Event::WaitBegan(Wait::Requester)),
    ]);
    let clocks = clocks(&policy, &events, "2026-06-04T09:00:00Z");
    for clock in [clocks.frame().unwrap(), clocks.own(PROVIDER.id, Target::Resolution).unwrap()] {
        assert_eq!(clock.state, State::Paused(Still::Waiting(Wait::Requester)), "{}", clock.promise);
        assert_eq!((clock.breached, clock.due, clock.consumed), (None, None, length("1h")));
    }
}

#[test]
fn another_promise_does_not_forget_what_was_paused_and_used() {
    let by_priority = |priority: &str, term| Rule {
        scope: Scope { priority: Some(priority.to_owned()), ..Scope::default() },
        ..rule(Promise::RESOLUTION, term)
    };
    let policy = policy(vec![by_priority("P1", any_hour("4h")), by_priority("P2", any_hour("8h"))], vec![]);
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T09:00:00Z", Event::WaitBegan(Wait::Requester)),
        ("2026-05-05T09:00:00Z", Event::WaitEnded(Wait::Requester)),
        ("2026-05-05T10:00:00Z", Event::Priority("P1".to_owned())),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-05T10:30:00Z");
    let frame = clocks.frame().unwrap();
    assert_eq!((frame.consumed, frame.remaining), (length("2h30m"), Some(length("1h30m"))));
    assert_eq!(frame.due, Some(at("2026-05-05T12:00:00Z")));
    assert_eq!(
        lines(&clocks.explain(frame)),
        [
            "2026-05-04T08:00:00Z counted 1h",
            "2026-05-04T09:00:00Z waits for requester 24h",
            "2026-05-05T09:00:00Z counted 1h",
            "2026-05-05T10:00:00Z now 4h 0m",
            "2026-05-05T10:00:00Z counted 30m",
        ]
    );
}

#[test]
fn one_rule_counts_in_the_hours_of_each_client() {
    let own = |client, zone| DatedCalendar {
        of: CalendarOf::Client(ClientId(client)),
        ..office(weekly(zone, &[("mon-fri", "09:00-17:00")]))
    };
    let calendars = vec![
        own(1, "Asia/Manila"),
        own(2, "America/Los_Angeles"),
        office(weekly("UTC", &[("mon-fri", "09:00-17:00")])),
    ];
    let policy = policy(vec![rule(Promise::RESOLUTION, in_office("1h"))], calendars);
    let of_client = |client| {
        let opened = Event::Opened {
            client: ClientId(client),
            tier: "gold".to_owned(),
            service: slug("mail"),
            priority: "P2".to_owned(),
            holder: holder(PROVIDER),
        };
        frame(&policy, &[("2026-05-04T00:00:00Z", opened)], "2026-05-04T00:00:00Z").due
    };
    assert_eq!(of_client(1), Some(at("2026-05-04T02:00:00Z")));
    assert_eq!(of_client(2), Some(at("2026-05-04T17:00:00Z")));
    assert_eq!(of_client(3), Some(at("2026-05-04T10:00:00Z")));
}
