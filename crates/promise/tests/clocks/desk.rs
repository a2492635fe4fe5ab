//! A desk to tell examples with: calendars, rules, holders and tickets in few words.

use remit_core::{At, HolidaySet, Millis, Slug, Span, Weekdays, Window, WorkingCalendar, Zone};
use remit_promise::*;

pub const PROVIDER: Party = Party { id: PartyId(1), kind: PartyKind::Provider };
pub const INTERNAL: Party = Party { id: PartyId(2), kind: PartyKind::Internal };
pub const VENDOR: Party = Party { id: PartyId(3), kind: PartyKind::Vendor };

/// An instant from RFC 3339.
pub fn at(text: &str) -> At {
    At::parse(text).expect("an example has well written instants")
}

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("an example has well written names")
}

/// A length such as `4h`.
pub fn length(text: &str) -> Millis {
    Millis::parse(text).expect("an example has well written lengths")
}

pub fn held(party: Party) -> Event {
    Event::Held(holder(party))
}

pub fn holder(party: Party) -> Holder {
    Holder { party, team: TeamId(party.id.0 * 10) }
}

/// A calendar of days and windows: `&[("mon-fri", "09:00-17:00")]`.
pub fn weekly(zone: &str, windows: &[(&str, &str)]) -> WorkingCalendar {
    let windows: Vec<_> = windows
        .iter()
        .map(|(days, window)| {
            let days = Weekdays::parse(days).expect("an example has well written days");
            (days, Window::parse(window).expect("an example has well written windows"))
        })
        .collect();
    let zone = Zone::parse(zone).expect("an example has a zone of the database");
    WorkingCalendar::weekly(zone, &windows).expect("the windows of an example do not overlap")
}

pub fn with_holidays(calendar: WorkingCalendar, region: &str) -> WorkingCalendar {
    calendar.with_holidays(HolidaySet::parse(&[region]).expect("an example has a region with rules"))
}

/// A calendar named `office` that all share, from the beginning of time.
pub fn office(calendar: WorkingCalendar) -> DatedCalendar {
    DatedCalendar { name: slug("office"), of: CalendarOf::Everyone, from: At::MIN, calendar }
}

/// A rule for every ticket from the beginning of time.
pub fn rule(promise: Promise, term: Term) -> Rule {
    Rule { promise, scope: Scope::default(), from: At::MIN, term }
}

/// So much time of the calendar `office`.
pub fn in_office(text: &str) -> Term {
    Term::Within(Within::calendar(length(text), slug("office")))
}

/// So much time of any hour.
pub fn any_hour(text: &str) -> Term {
    Term::Within(Within::every_minute(length(text)))
}

pub fn ola(target: Target) -> Promise {
    Promise { kind: Kind::Ola, target }
}

pub fn uc(target: Target) -> Promise {
    Promise { kind: Kind::Uc, target }
}

/// A policy with calendars for the years 2005 to 2031.
pub fn policy(rules: Vec<Rule>, calendars: Vec<DatedCalendar>) -> Policy {
    let horizon = Span::new(at("2005-01-01T00:00:00Z"), at("2032-01-01T00:00:00Z"));
    let calendars = Calendars::new(horizon, calendars).expect("the calendars of an example stand together");
    Policy::new(rules, calendars).expect("the rules of an example have no rivals")
}

/// The event that opens a ticket of client 1 with the provider: tier gold, service `mail`, priority P2.
pub fn opened() -> Event {
    opened_with(PROVIDER)
}

pub fn opened_with(party: Party) -> Event {
    Event::Opened {
        client: ClientId(1),
        tier: "gold".to_owned(),
        service: slug("mail"),
        priority: "P2".to_owned(),
        holder: holder(party),
    }
}

/// The events of an example, with their instants as texts.
pub fn told(events: &[(&str, Event)]) -> Vec<(At, Event)> {
    events.iter().map(|(text, event)| (at(text), event.clone())).collect()
}

/// The clocks of an example.
pub fn clocks<'a>(policy: &'a Policy, events: &'a [(At, Event)], now: &str) -> Clocks<'a> {
    Clocks::at(policy, events, at(now)).expect("an example has its events in order")
}

/// The clock of the solution for the client.
pub fn frame(policy: &Policy, events: &[(&str, Event)], now: &str) -> Clock {
    let events = told(events);
    *clocks(policy, &events, now).frame().expect("the example promises a solution")
}

/// What an explanation says, a line for a segment: `2026-03-27T14:00:00Z counted 1h`.
pub fn lines(segments: &[Segment]) -> Vec<String> {
    segments
        .iter()
        .map(|segment| {
            let why = match &segment.why {
                Why::Counted => "counted".to_owned(),
                Why::Closed => "closed".to_owned(),
                Why::Holiday(name) => name.clone(),
                Why::Paused(Still::Waiting(wait)) => format!("waits for {wait:?}").to_lowercase(),
                Why::Paused(Still::NotHeld) => "held by another".to_owned(),
                Why::Paused(Still::Rest(rest)) => format!("{rest:?}").to_lowercase(),
                Why::NoPromise => "no promise".to_owned(),
                Why::Changed { length: Some(length) } => format!("now {}", length.compact()),
                Why::Changed { length: None } => "now nothing".to_owned(),
            };
            format!("{} {why} {}", segment.from, (segment.to - segment.from).compact())
        })
        .collect()
}
