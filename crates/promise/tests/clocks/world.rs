//! Random tickets under random rules and calendars, around days on which clocks change.

use proptest::prelude::*;
use remit_core::{At, Millis, Span};

use crate::desk::*;
use remit_promise::*;

/// A ticket with what was promised about it.
#[derive(Debug, Clone)]
pub struct World {
    pub calendars: Vec<DatedCalendar>,
    pub horizon: Span,
    pub policy: Policy,
    pub events: Vec<(At, Event)>,
    /// Some time after the last event.
    pub end: At,
}

/// A zone and an instant a day or so before its clocks change.
const STARTS: [(&str, &str); 8] = [
    ("Australia/Lord_Howe", "2026-04-04T00:00:00Z"),
    ("Africa/Casablanca", "2026-02-14T00:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T00:00:00Z"),
    ("Pacific/Apia", "2011-12-29T00:00:00Z"),
    ("America/Sao_Paulo", "2018-11-03T00:00:00Z"),
    ("Africa/Cairo", "2026-04-23T00:00:00Z"),
    ("America/New_York", "2026-10-31T00:00:00Z"),
    ("Europe/London", "2026-03-28T00:00:00Z"),
];

const WINDOWS: [&[(&str, &str)]; 6] = [
    &[("daily", "09:00-17:00")],
    &[("daily", "00:00-24:00")],
    &[("daily", "08:00-12:00"), ("daily", "13:00-18:00")],
    &[("daily", "22:00-06:00")],
    &[("daily", "00:30-03:15")],
    &[],
];

const PARTIES: [Party; 3] = [PROVIDER, INTERNAL, VENDOR];

/// Numbers out of which one rule is made.
type RuleSeed = (usize, [u8; 5], u8, u8, u8);
/// Milliseconds since the event before, what happens, and to whom.
type EventSeed = (i64, u8, u8);

/// Worlds in which everything happens on multiples of `unit` milliseconds.
pub fn world(unit: i64) -> impl Strategy<Value = World> {
    let rules = prop::collection::vec((0_usize..10, any::<[u8; 5]>(), 0_u8..5, any::<u8>(), 0_u8..8), 0..10);
    let gap = prop_oneof![1 => Just(0_i64), 3 => 0_i64..400];
    let fine = 0_i64..60_000;
    let gap = (gap, fine).prop_map(
        move |(minutes, fine)| {
            if minutes == 0 { 0 } else { (minutes * 60_000 + fine) / unit * unit }
        },
    );
    let events = prop::collection::vec((gap, 0_u8..26, any::<u8>()), 0..25);
    (0_usize..8, any::<[u8; 4]>(), rules, events, 0_i64..36_000_000).prop_map(
        move |(zone, hours, rules, events, tail)| {
            let start = at(STARTS[zone].1);
            let calendars = calendars(STARTS[zone].0, start, hours);
            let horizon = Span::new(start - Millis::from_hours(72), start + Millis::from_hours(24 * 20));
            let policy = policy_of(&rules, &calendars, start, horizon);
            let events = ticket(&events, start);
            let end = events.last().map_or(start, |(at, _)| *at) + Millis::from_millis(tail / unit * unit);
            World { calendars, horizon, policy, events, end }
        },
    )
}

/// Events that need not make sense, at instants up to the ends of time.
pub fn anything() -> impl Strategy<Value = Vec<(At, Event)>> {
    let instants = [i64::MIN, i64::MIN + 1, -1, 0, 1, 1_775_260_800_000, i64::MAX - 1, i64::MAX];
    let event = (0_usize..8, 0_u8..30, any::<u8>());
    prop::collection::vec(event, 0..12).prop_map(move |seeds| {
        let mut offers = 1;
        let mut told = |(_, what, whom): (usize, u8, u8)| match what {
            26.. => opened_with(PARTIES[usize::from(whom) % 3]),
            _ => one_event(what, whom, &mut offers).expect("an offer can be answered, made or not"),
        };
        let mut events: Vec<_> =
            seeds.into_iter().map(|seed| (At::from_millis(instants[seed.0]), told(seed))).collect();
        // Most are in order and begin well, or there would be little to answer.
        if events.len() % 4 > 0 {
            events.sort_by_key(|(at, _)| *at);
            events.retain(|(_, event)| !matches!(event, Event::Opened { .. }));
            let first = events.first().map_or(At::MIN, |(at, _)| *at);
            events.insert(0, (first, opened()));
        }
        events
    })
}

fn calendars(zone: &str, start: At, seed: [u8; 4]) -> Vec<DatedCalendar> {
    let windows = |seed: u8| WINDOWS[usize::from(seed) % WINDOWS.len()];
    let from = |hours| start + Millis::from_hours(hours);
    let dated = |of, from, calendar| DatedCalendar { of, from, ..office(calendar) };
    let all = [
        Some(dated(CalendarOf::Everyone, At::MIN, weekly(zone, windows(seed[0])))),
        (seed[1] < 128).then(|| dated(CalendarOf::Everyone, from(31), weekly(zone, windows(seed[1])))),
        (seed[2] < 128)
            .then(|| dated(CalendarOf::Client(ClientId(1)), from(7), weekly(zone, windows(seed[2])))),
        (seed[3] < 128).then(|| {
            dated(CalendarOf::Party(INTERNAL.id), from(-9), weekly("Asia/Manila", windows(seed[3])))
        }),
    ];
    all.into_iter().flatten().collect()
}

/// The rules that can be made out of the seeds; those that tie with earlier ones are left out.
fn policy_of(seeds: &[RuleSeed], calendars: &[DatedCalendar], start: At, horizon: Span) -> Policy {
    let compiled = Calendars::new(horizon, calendars.to_vec()).expect("the owners are not the same");
    let mut rules = vec![rule(Promise::RESOLUTION, any_hour("9h"))];
    for seed in seeds {
        rules.push(one_rule(seed, start));
        if Policy::new(rules.clone(), compiled.clone()).is_err() {
            rules.pop();
        }
    }
    Policy::new(rules, compiled).expect("what did not fit was left out")
}

fn one_rule((promise, scope, from, term, length): &RuleSeed, start: At) -> Rule {
    // Every second rule has no condition of a kind, or one of two.
    let choose = |seed: u8, words: [&str; 2]| match seed % 4 {
        0 => Some(words[0].to_owned()),
        1 => Some(words[1].to_owned()),
        _ => None,
    };
    let scope = Scope {
        client: (scope[0] % 3 == 0).then_some(ClientId(1)),
        tier: choose(scope[1], ["gold", "silver"]),
        service: choose(scope[2], ["mail", "mail.flow"]).map(|service| slug(&service)),
        priority: choose(scope[3], ["P1", "P2"]),
        party: (scope[4] % 3 == 0).then_some(PARTIES[usize::from(scope[4] / 3) % 3].id),
    };
    let dates =
        [At::MIN, start + length_of(24 * 60), start + length_of(2177), start + length_of(2880), At::MIN];
    Rule {
        promise: promise_of(*promise),
        scope,
        from: dates[usize::from(*from % 5)],
        term: term_of(*term, *length),
    }
}

fn promise_of(seed: usize) -> Promise {
    let promises = [
        Promise::RESPONSE,
        Promise::UPDATE,
        Promise::RESOLUTION,
        ola(Target::Response),
        ola(Target::Update),
        ola(Target::Resolution),
        ola(Target::Acceptance),
        uc(Target::Update),
        uc(Target::Resolution),
        uc(Target::Acceptance),
    ];
    promises[seed]
}

fn term_of(term: u8, length: u8) -> Term {
    let within = Within {
        length: length_of([1, 30, 60, 90, 240, 600, 1440, 2880][usize::from(length)]),
        hours: if term.is_multiple_of(3) { Hours::EveryMinute } else { Hours::Calendar(slug("office")) },
        paused_by: [Waits::ALL, Waits::NONE, Waits::NONE.with(Wait::Requester)][usize::from(term / 3) % 3],
    };
    match term {
        0..=20 => Term::NoPromise,
        21..=40 => Term::Withdrawn,
        _ => Term::Within(within),
    }
}

fn length_of(minutes: i64) -> Millis {
    Millis::from_minutes(minutes)
}

fn ticket(seeds: &[EventSeed], start: At) -> Vec<(At, Event)> {
    let (mut at, mut offers) = (start, 0);
    let mut events =
        vec![(start, opened_with(PARTIES[seeds.first().map_or(0, |seed| usize::from(seed.2) % 3)]))];
    for (gap, what, whom) in seeds {
        at = at + Millis::from_millis(*gap);
        if let Some(event) = one_event(*what, *whom, &mut offers) {
            events.push((at, event));
        }
    }
    events
}

fn one_event(what: u8, whom: u8, offers: &mut u32) -> Option<Event> {
    let wait = Wait::ALL[usize::from(whom) % Wait::ALL.len()];
    let party = PARTIES[usize::from(whom) % 3];
    let word = |words: [&str; 3]| words[usize::from(whom) % 3].to_owned();
    Some(match what {
        0 | 1 => Event::Responded,
        2 | 3 => Event::Updated,
        4..=6 => Event::WaitBegan(wait),
        7..=9 => Event::WaitEnded(wait),
        10..=13 => held(party),
        14 => Event::Priority(word(["P1", "P2", "P3"])),
        15 => Event::Service(slug(&word(["mail", "mail.flow", "backup"]))),
        16 => Event::Tier(word(["gold", "silver", "bronze"])),
        17 | 18 => {
            *offers += 1;
            Event::Offered { offer: *offers, to: party }
        }
        19 if *offers == 0 => return None,
        19 => {
            let answers = [Answer::Accepted, Answer::Declined, Answer::Expired, Answer::Withdrawn];
            Event::Answered {
                offer: 1 + u32::from(whom) % *offers,
                answer: answers[usize::from(whom / 8) % 4],
            }
        }
        20 => Event::Solved,
        24 | 25 => Event::Agreed {
            promise: promise_of(usize::from(whom) % 10),
            party: (what == 24).then_some(party.id),
            term: term_of(whom, whom / 32),
        },
        21 | 22 => Event::Reopened,
        _ => [Event::Closed, Event::Merged][usize::from(whom) % 2].clone(),
    })
}
