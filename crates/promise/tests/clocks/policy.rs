//! Which rule speaks, from when on, and which rules are refused.

use crate::desk::*;
use remit_core::{At, Span};
use remit_promise::*;

fn scoped(scope: Scope, term: Term) -> Rule {
    Rule { scope, ..rule(Promise::RESOLUTION, term) }
}

fn tier(tier: &str) -> Scope {
    Scope { tier: Some(tier.to_owned()), ..Scope::default() }
}

fn priority(priority: &str) -> Scope {
    Scope { priority: Some(priority.to_owned()), ..Scope::default() }
}

fn service(service: &str) -> Scope {
    Scope { service: Some(slug(service)), ..Scope::default() }
}

fn client(client: u128) -> Scope {
    Scope { client: Some(ClientId(client)), ..Scope::default() }
}

fn refused(rules: Vec<Rule>) -> Vec<String> {
    let horizon = Span::new(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let own = DatedCalendar {
        of: CalendarOf::Client(ClientId(1)),
        from: at("2026-03-01T00:00:00Z"),
        ..office(weekly("UTC", &[("daily", "09:00-17:00")]))
    };
    let calendars = Calendars::new(horizon, vec![own]).expect("one calendar has no rival");
    let faults = Policy::new(rules, calendars).expect_err("the example is at fault");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_narrowest_rule_speaks_in_whatever_order_they_are_given() {
    let mut rules = vec![
        scoped(Scope::default(), any_hour("9h")),
        scoped(tier("gold"), any_hour("8h")),
        scoped(client(1), any_hour("7h")),
        scoped(Scope { priority: Some("P2".to_owned()), ..client(1) }, any_hour("6h")),
        scoped(
            Scope { service: Some(slug("mail.flow")), priority: Some("P2".to_owned()), ..client(1) },
            Term::NoPromise,
        ),
    ];
    for _ in 0..rules.len() {
        rules.rotate_left(1);
        let policy = policy(rules.clone(), vec![]);
        let start = "2026-05-04T08:00:00Z";
        let with = |event: Event| frame(&policy, &[(start, opened()), (start, event)], start);
        assert_eq!(with(Event::Updated).length, Some(length("6h")));
        assert_eq!(with(Event::Priority("P3".to_owned())).length, Some(length("7h")));
        assert_eq!(with(Event::Service(slug("mail.flow"))).state, State::NoPromise);
        assert_eq!(with(Event::Service(slug("mail.flow.rules"))).state, State::NoPromise);
        assert_eq!(with(Event::Service(slug("mail.flows"))).length, Some(length("6h")));
    }
}

#[test]
fn nothing_promised_is_a_value_and_silence_is_not() {
    let start = "2026-05-04T08:00:00Z";
    let events = told(&[(start, opened())]);
    let silent = policy(vec![scoped(tier("silver"), any_hour("1h"))], vec![]);
    assert_eq!(clocks(&silent, &events, start).all(), []);
    let agreed =
        policy(vec![scoped(tier("gold"), Term::NoPromise), scoped(Scope::default(), any_hour("1h"))], vec![]);
    let frame = frame(&agreed, &[(start, opened())], "2027-05-04T08:00:00Z");
    assert_eq!(
        (frame.state, frame.by, frame.length, frame.due),
        (State::NoPromise, Some(By::Rule(0)), None, None)
    );
    assert_eq!((frame.consumed, frame.breached), (length("0m"), None));
    let solved = told(&[(start, opened()), ("2026-05-05T08:00:00Z", Event::Solved)]);
    let clocks = clocks(&agreed, &solved, "2026-05-06T08:00:00Z");
    assert_eq!(clocks.frame().map(|clock| (clock.state, clock.met)), Some((State::NoPromise, None)));
}

#[test]
fn an_sla_can_depend_on_who_holds() {
    let internal = Scope { party: Some(INTERNAL.id), ..Scope::default() };
    let policy =
        policy(vec![scoped(internal, Term::NoPromise), scoped(Scope::default(), any_hour("4h"))], vec![]);
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T09:00:00Z", held(INTERNAL)),
        ("2026-05-04T12:00:00Z", held(PROVIDER)),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T13:00:00Z");
    assert_eq!(
        lines(&clocks.explain(clocks.frame().unwrap())),
        [
            "2026-05-04T08:00:00Z counted 1h",
            "2026-05-04T09:00:00Z now nothing 0m",
            "2026-05-04T09:00:00Z no promise 3h",
            "2026-05-04T12:00:00Z now 4h 0m",
            "2026-05-04T12:00:00Z counted 1h"
        ]
    );
}

#[test]
fn what_is_agreed_for_a_ticket_goes_before_every_rule() {
    let own = Scope { priority: Some("P2".to_owned()), ..client(1) };
    let policy =
        policy(vec![scoped(own, any_hour("8h")), rule(ola(Target::Resolution), any_hour("4h"))], vec![]);
    let agreed = |promise, party, term| Event::Agreed { promise, party, term };
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T08:00:00Z", agreed(ola(Target::Resolution), Some(PROVIDER.id), any_hour("30m"))),
        ("2026-05-04T09:00:00Z", agreed(Promise::RESOLUTION, None, any_hour("2h"))),
        ("2026-05-04T09:30:00Z", agreed(Promise::RESOLUTION, None, Term::Withdrawn)),
        ("2026-05-04T09:30:00Z", held(INTERNAL)),
    ]);
    let at_nine = clocks(&policy, &events, "2026-05-04T09:00:00Z");
    let frame = at_nine.frame().unwrap();
    assert_eq!((frame.by, frame.due), (Some(By::Event(2)), Some(at("2026-05-04T10:00:00Z"))));
    let provider = at_nine.own(PROVIDER.id, Target::Resolution).unwrap();
    assert_eq!((provider.by, provider.breached), (Some(By::Event(1)), Some(at("2026-05-04T08:30:00Z"))));
    let later = clocks(&policy, &events, "2026-05-04T10:00:00Z");
    let told = lines(&later.explain(later.frame().unwrap()));
    assert_eq!(
        told,
        [
            "2026-05-04T08:00:00Z counted 1h",
            "2026-05-04T09:00:00Z now 2h 0m",
            "2026-05-04T09:00:00Z counted 30m",
            "2026-05-04T09:30:00Z now 8h 0m",
            "2026-05-04T09:30:00Z counted 30m"
        ]
    );
    assert_eq!(later.own(INTERNAL.id, Target::Resolution).unwrap().by, Some(By::Rule(1)));
}

#[test]
fn what_cannot_be_agreed_is_refused_with_the_event() {
    let policy = policy(vec![], vec![]);
    let refused = |promise, term| {
        let agreed = Event::Agreed { promise, party: None, term };
        let events = told(&[("2026-05-04T08:00:00Z", opened()), ("2026-05-04T09:00:00Z", agreed)]);
        Clocks::at(&policy, &events, at("2026-05-04T10:00:00Z")).map(|_| ()).unwrap_err().to_string()
    };
    let unknown = refused(Promise::RESOLUTION, in_office("1h"));
    assert!(unknown.contains("event 1 agrees on something that cannot be"), "{unknown}");
    assert!(unknown.contains("the calendar `office`"), "{unknown}");
    assert!(refused(Promise::RESPONSE, any_hour("0m")).contains("promises 0 min"));
}

#[test]
fn a_rule_holds_from_its_day_on_and_a_withdrawn_one_gives_way() {
    let from = |from: &str, rule: Rule| Rule { from: at(from), ..rule };
    let rules = vec![
        scoped(Scope::default(), any_hour("9h")),
        from("2026-05-01T00:00:00Z", scoped(tier("gold"), any_hour("4h"))),
        from("2026-06-01T00:00:00Z", scoped(tier("gold"), any_hour("2h"))),
        from("2026-07-01T00:00:00Z", scoped(tier("gold"), Term::Withdrawn)),
    ];
    let policy = policy(rules, vec![]);
    let rule_at = |day: &str| frame(&policy, &[(day, opened())], day).by;
    assert_eq!(rule_at("2026-04-30T23:59:59.999Z"), Some(By::Rule(0)));
    assert_eq!(rule_at("2026-05-01T00:00:00Z"), Some(By::Rule(1)));
    assert_eq!(rule_at("2026-06-30T00:00:00Z"), Some(By::Rule(2)));
    assert_eq!(rule_at("2026-07-01T00:00:00Z"), Some(By::Rule(0)));
}

#[test]
fn a_due_instant_knows_the_rules_that_are_to_begin() {
    let (midnight, noon) = ("2026-05-05T00:00:00Z", "2026-05-04T12:00:00Z");
    let later = |term| Rule { from: at(midnight), ..rule(Promise::RESOLUTION, term) };
    let with = |term| {
        let policy = policy(vec![rule(Promise::RESOLUTION, any_hour("20h")), later(term)], vec![]);
        frame(&policy, &[(noon, opened())], noon).due
    };
    assert_eq!(with(any_hour("16h")), Some(at("2026-05-05T04:00:00Z")));
    assert_eq!(with(any_hour("30h")), Some(at("2026-05-05T18:00:00Z")));
    // Twelve hours are used by then.
    assert_eq!(with(any_hour("10h")), Some(at(midnight)));
    assert_eq!(with(any_hour("12h")), Some(at(midnight)));
    // At the very instant at which it would be due there is more.
    let policy = policy(vec![rule(Promise::RESOLUTION, any_hour("12h")), later(any_hour("14h"))], vec![]);
    assert_eq!(frame(&policy, &[(noon, opened())], noon).due, Some(at("2026-05-05T02:00:00Z")));
    assert_eq!(with(Term::NoPromise), None);
}

#[test]
fn a_breach_stays_when_more_time_is_given_afterwards() {
    let later = Rule { from: at("2026-05-04T10:00:00Z"), ..rule(Promise::RESOLUTION, any_hour("8h")) };
    let policy = policy(vec![rule(Promise::RESOLUTION, any_hour("1h")), later], vec![]);
    let frame = frame(&policy, &[("2026-05-04T08:00:00Z", opened())], "2026-05-04T11:00:00Z");
    assert_eq!((frame.state, frame.breached), (State::Breached, Some(at("2026-05-04T09:00:00Z"))));
    assert_eq!((frame.remaining, frame.due), (Some(length("5h")), Some(at("2026-05-04T16:00:00Z"))));
}

#[test]
fn another_calendar_counts_from_its_day_on_and_not_before() {
    let longer = DatedCalendar {
        from: at("2026-05-05T00:00:00Z"),
        ..office(weekly("UTC", &[("daily", "08:00-20:00")]))
    };
    let hours = vec![office(weekly("UTC", &[("daily", "09:00-17:00")])), longer];
    let policy = policy(vec![rule(Promise::RESOLUTION, in_office("20h"))], hours);
    let frame = frame(&policy, &[("2026-05-04T00:00:00Z", opened())], "2026-05-05T10:00:00Z");
    assert_eq!(frame.consumed, length("10h"));
    assert_eq!(frame.due, Some(at("2026-05-05T20:00:00Z")));
}

#[test]
fn a_client_has_the_shared_hours_until_its_own_begin() {
    let own = DatedCalendar {
        of: CalendarOf::Client(ClientId(1)),
        from: at("2026-05-05T00:00:00Z"),
        ..office(weekly("UTC", &[("daily", "00:00-24:00")]))
    };
    let hours = vec![own, office(weekly("UTC", &[("daily", "09:00-17:00")]))];
    let policy = policy(vec![rule(Promise::RESOLUTION, in_office("20h"))], hours);
    let frame = frame(&policy, &[("2026-05-04T00:00:00Z", opened())], "2026-05-05T10:00:00Z");
    assert_eq!(frame.consumed, length("18h"));
}

#[test]
fn two_rules_that_tie_are_refused_with_the_rule_that_would_decide() {
    let (a, b) = (scoped(tier("gold"), any_hour("4h")), scoped(service("backup"), any_hour("8h")));
    let message = refused(vec![a.clone(), b.clone()]);
    assert_eq!(message.len(), 1);
    assert!(message[0].contains("rules 0 and 1 both speak about the SLA resolution"), "{message:?}");
    assert!(message[0].contains("add a rule for tier gold, service backup"), "{message:?}");
    let both = Scope { service: Some(slug("backup")), ..tier("gold") };
    let decided = vec![a.clone(), b.clone(), scoped(both, any_hour("6h"))];
    assert!(Policy::new(decided, Calendars::none()).is_ok());
    // Two that say the same need no third.
    let same = vec![a.clone(), scoped(service("backup"), any_hour("4h"))];
    assert!(Policy::new(same, Calendars::none()).is_ok());
    // Others never meet.
    let apart = vec![
        scoped(Scope { priority: Some("P1".to_owned()), ..tier("gold") }, any_hour("4h")),
        scoped(priority("P2"), any_hour("8h")),
    ];
    assert!(Policy::new(apart, Calendars::none()).is_ok());
}

#[test]
fn a_tie_is_found_for_the_days_on_which_it_holds() {
    let from = |from: &str, rule: Rule| Rule { from: at(from), ..rule };
    let (a, b) = (scoped(tier("gold"), any_hour("4h")), scoped(priority("P1"), any_hour("8h")));
    let both = Scope { priority: Some("P1".to_owned()), ..tier("gold") };
    let message = refused(vec![
        a.clone(),
        from("2026-05-01T00:00:00Z", b.clone()),
        from("2026-04-01T00:00:00Z", scoped(both.clone(), any_hour("6h"))),
        from("2026-09-01T00:00:00Z", scoped(both, Term::Withdrawn)),
    ]);
    assert_eq!(message.len(), 1);
    assert!(message[0].contains("from 2026-09-01T00:00:00Z on"), "{message:?}");
    // Withdrawn before the other begins: they never hold together.
    let apart = vec![
        a.clone(),
        from("2026-05-01T00:00:00Z", Rule { term: Term::Withdrawn, ..a }),
        from("2026-05-01T00:00:00Z", b),
    ];
    assert!(Policy::new(apart, Calendars::none()).is_ok());
}

#[test]
fn rules_that_cannot_be_meant_are_refused_all_at_once() {
    let messages = refused(vec![
        scoped(Scope::default(), any_hour("0m")),
        scoped(tier("gold"), any_hour("50000h")),
        rule(Promise { kind: Kind::Sla, target: Target::Acceptance }, any_hour("1h")),
        scoped(client(2), in_office("1h")),
        scoped(client(1), in_office("1h")),
        Rule { from: at("2026-03-01T00:00:00Z"), ..scoped(client(1), in_office("1h")) },
        Rule { from: at("2026-03-01T00:00:00Z"), ..scoped(client(1), in_office("2h")) },
    ]);
    for (message, words) in messages.iter().zip([
        "rule 0 promises 0 min",
        "rule 1 promises 50000 h",
        "rule 2 promises a client the acceptance",
        "rule 3 counts in the calendar `office`",
        "rule 4 counts in the calendar `office`",
        "rules 5 and 6 are both about the SLA resolution",
    ]) {
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(messages.len(), 6, "{messages:?}");
    let countless = vec![scoped(Scope::default(), any_hour("1h")); Policy::MOST + 1];
    assert!(refused(countless)[0].contains("4097 rules"));
}

#[test]
fn calendars_that_cannot_stand_together_are_refused() {
    let year = Span::new(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let one = || office(weekly("UTC", &[("daily", "09:00-17:00")]));
    let twice = Calendars::new(year, vec![one(), one()]).unwrap_err().to_string();
    assert!(twice.contains("calendars 0 and 1 are both named `office`"), "{twice}");
    let endless = Calendars::new(Span::new(At::MIN, At::MAX), vec![one()]).unwrap_err().to_string();
    assert!(endless.contains("longer than the 100 years"), "{endless}");
    assert!(Calendars::new(year, vec![one(); 10_001]).unwrap_err().to_string().contains("10001 calendars"));
}
