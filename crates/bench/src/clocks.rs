//! The clocks of one ticket, from thirty events under sixty rules.

use remit_core::{At, HolidaySet, Millis, Slug, Span, Weekdays, Window, WorkingCalendar, Zone};
use remit_promise::{
    Answer, CalendarOf, Calendars, ClientId, Clocks, DatedCalendar, Event, Holder, Kind, Party, PartyId,
    PartyKind, Policy, Promise, Rule, Scope, Target, TeamId, Term, Wait, Within,
};

use remit_bench::measure::{Effort, per_item};
use remit_bench::report::{Report, Target as Goal, Unit};

/// Tickets that begin on different days, so that no branch is learnt by heart.
const TICKETS: usize = 256;

/// Measures a reading of all clocks, its explanation, and the account.
pub fn run(effort: Effort, report: &mut Report) {
    let policy = policy();
    let tickets: Vec<_> =
        (0..TICKETS).map(|n| ticket(at("2026-02-02T07:10:00Z") + hours(11 * n as i64))).collect();
    let now = |ticket: &[(At, Event)]| ticket[ticket.len() - 1].0 + hours(5);
    check(&policy, &tickets[0], now(&tickets[0]));
    let read = |ticket: &[(At, Event)]| {
        Clocks::at(&policy, ticket, now(ticket)).map_or(0, |clocks| clocks.all().len())
    };
    let all = || tickets.iter().map(|ticket| read(ticket)).sum::<usize>();
    let figure = per_item(effort, TICKETS, all);
    report.add(
        "the clocks of a ticket of 30 events",
        Unit::Nanoseconds,
        Goal::new(20_000.0, 5_000.0),
        figure,
    );

    let read: Vec<_> =
        tickets.iter().filter_map(|ticket| Clocks::at(&policy, ticket, now(ticket)).ok()).collect();
    let explain = |clocks: &Clocks<'_>| clocks.frame().map_or(0, |frame| clocks.explain(frame).len());
    let figure = per_item(effort, TICKETS, || read.iter().map(explain).sum::<usize>());
    report.add("why its solution is due then", Unit::Nanoseconds, Goal::NONE, figure);
    let account = |clocks: &Clocks<'_>| clocks.account().map_or(0, |account| account.shares.len());
    let figure = per_item(effort, TICKETS, || read.iter().map(account).sum::<usize>());
    report.add("whose minutes it used", Unit::Nanoseconds, Goal::NONE, figure);
}

/// The parties' minutes are the whole, and the explanation tells the same.
fn check(policy: &Policy, ticket: &[(At, Event)], now: At) {
    let clocks = Clocks::at(policy, ticket, now).expect("the events are in order");
    let (frame, account) = (clocks.frame().expect("a solution is promised"), clocks.account());
    let used: Millis = account.iter().flat_map(|account| &account.shares).map(|share| share.used).sum();
    let counted: Millis = clocks.explain(frame).iter().map(|segment| segment.counted).sum();
    assert_eq!((used, counted), (frame.consumed, frame.consumed));
    assert_eq!(ticket.len(), 30);
}

fn at(text: &str) -> At {
    At::parse(text).expect("the instant is well written")
}

fn hours(hours: i64) -> Millis {
    Millis::from_hours(hours)
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("the name is well written")
}

const PARTIES: [Party; 3] = [
    Party { id: PartyId(1), kind: PartyKind::Provider },
    Party { id: PartyId(2), kind: PartyKind::Internal },
    Party { id: PartyId(3), kind: PartyKind::Vendor },
];

/// Three tiers by four priorities for each promise, and the hours of a client, of its internal IT and of everyone else.
fn policy() -> Policy {
    let mut rules = Vec::new();
    let (ola, uc) =
        (|target| Promise { kind: Kind::Ola, target }, |target| Promise { kind: Kind::Uc, target });
    let promises = [
        (Promise::RESPONSE, 1),
        (Promise::RESOLUTION, 16),
        (Promise::UPDATE, 4),
        (ola(Target::Resolution), 6),
        (uc(Target::Resolution), 24),
    ];
    for (promise, length) in promises {
        for (tier, factor) in [("gold", 1), ("silver", 2), ("bronze", 3)] {
            for priority in 1..=4 {
                let scope = Scope {
                    tier: Some(tier.to_owned()),
                    priority: Some(format!("P{priority}")),
                    ..Scope::default()
                };
                let within = Within::calendar(hours(length * factor * priority), slug("office"));
                rules.push(Rule { promise, scope, from: At::MIN, term: Term::Within(within) });
            }
        }
    }
    let horizon = Span::new(at("2025-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    let calendars = Calendars::new(
        horizon,
        vec![
            office(CalendarOf::Everyone, "Europe/Berlin", "08:00-18:00", "DE-BE"),
            office(CalendarOf::Client(ClientId(1)), "America/New_York", "09:00-17:00", "US"),
            office(CalendarOf::Party(PARTIES[1].id), "America/Los_Angeles", "08:00-16:00", "US-CA"),
        ],
    );
    Policy::new(rules, calendars.expect("each has its owner")).expect("no two rules tie")
}

fn office(of: CalendarOf, zone: &str, window: &str, region: &str) -> DatedCalendar {
    let zone = Zone::parse(zone).expect("the zone is in the bundled data");
    let window = Window::parse(window).expect("the window is well written");
    let week = WorkingCalendar::weekly(zone, &[(Weekdays::MONDAY_TO_FRIDAY, window)]);
    let calendar = week.expect("one window does not overlap");
    let holidays = HolidaySet::parse(&[region]).expect("the region is built in");
    DatedCalendar { name: slug("office"), of, from: At::MIN, calendar: calendar.with_holidays(holidays) }
}

/// Thirty events over two weeks: waits, hand-offs between three parties, updates, another priority, solved and reopened.
fn ticket(opened: At) -> Vec<(At, Event)> {
    let holder = |party: usize| Holder { party: PARTIES[party], team: TeamId(party as u128) };
    let wait = Wait::Requester;
    let mut events = vec![Event::Opened {
        client: ClientId(1),
        tier: "silver".to_owned(),
        service: slug("backup.restore-test"),
        priority: "P3".to_owned(),
        holder: holder(0),
    }];
    events.push(Event::Responded);
    for round in 0..4_u32 {
        let to = 1 + round as usize % 2;
        events.extend([
            Event::WaitBegan(wait),
            Event::WaitEnded(wait),
            Event::Offered { offer: round, to: PARTIES[to] },
            Event::Answered { offer: round, answer: Answer::Accepted },
            Event::Held(holder(to)),
            Event::Updated,
        ]);
    }
    events.extend([Event::Priority("P2".to_owned()), Event::Held(holder(0)), Event::Solved, Event::Reopened]);
    let instants = (0..).map(|n| opened + hours(11 * n));
    instants.zip(events).collect()
}
