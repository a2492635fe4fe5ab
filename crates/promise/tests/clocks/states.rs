//! What each event does to each clock.

use crate::desk::*;
use remit_core::Millis;
use remit_promise::*;

fn everything() -> Policy {
    let rules = vec![
        rule(Promise::RESPONSE, any_hour("1h")),
        rule(Promise::UPDATE, any_hour("2h")),
        rule(Promise::RESOLUTION, any_hour("8h")),
        rule(ola(Target::Response), any_hour("30m")),
        rule(ola(Target::Update), any_hour("90m")),
        rule(ola(Target::Resolution), any_hour("3h")),
        rule(ola(Target::Acceptance), any_hour("15m")),
        rule(uc(Target::Acceptance), any_hour("4h")),
        rule(uc(Target::Resolution), any_hour("24h")),
    ];
    policy(rules, vec![])
}

#[test]
fn an_answer_at_the_instant_it_is_due_is_in_time_and_a_millisecond_later_is_not() {
    let policy = everything();
    let answered = |when| {
        let events = told(&[("2026-05-04T08:00:00Z", opened()), (when, Event::Responded)]);
        *clocks(&policy, &events, "2026-05-04T10:00:00Z").sla(Target::Response).unwrap()
    };
    let in_time = answered("2026-05-04T09:00:00Z");
    assert_eq!((in_time.state, in_time.met), (State::Met, Some(at("2026-05-04T09:00:00Z"))));
    assert_eq!((in_time.remaining, in_time.due), (Some(Millis::ZERO), Some(at("2026-05-04T09:00:00Z"))));
    let late = answered("2026-05-04T09:00:00.001Z");
    assert_eq!((late.state, late.breached), (State::Breached, Some(at("2026-05-04T09:00:00Z"))));
    assert_eq!(late.met, Some(at("2026-05-04T09:00:00.001Z")));
    assert_eq!(late.remaining, Some(Millis::from_millis(-1)));
}

#[test]
fn an_answer_after_closing_time_is_late_although_no_open_minute_went_by() {
    let policy = policy(
        vec![rule(Promise::RESPONSE, in_office("1h"))],
        vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))],
    );
    let events = told(&[("2026-05-08T16:00:00Z", opened()), ("2026-05-09T10:00:00Z", Event::Responded)]);
    let clocks = clocks(&policy, &events, "2026-05-10T00:00:00Z");
    let response = clocks.sla(Target::Response).unwrap();
    assert_eq!((response.state, response.breached), (State::Breached, Some(at("2026-05-08T17:00:00Z"))));
    assert_eq!(response.consumed, length("1h"));
}

#[test]
fn every_answer_begins_a_new_round_of_updates() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T08:30:00Z", Event::Responded),
        ("2026-05-04T11:00:00Z", Event::Updated),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T12:00:00Z");
    let rounds: Vec<_> = clocks.all().iter().filter(|clock| clock.promise == Promise::UPDATE).collect();
    let states: Vec<_> = rounds.iter().map(|clock| (clock.number, clock.state)).collect();
    assert_eq!(states, [(1, State::Met), (2, State::Breached), (3, State::Running)]);
    assert_eq!(rounds[1].breached, Some(at("2026-05-04T10:30:00Z")));
    assert_eq!(rounds[2].due, Some(at("2026-05-04T13:00:00Z")));
    assert_eq!(clocks.sla(Target::Update), Some(rounds[2]));
}

#[test]
fn a_solution_answers_too_and_a_reopened_ticket_goes_on_with_what_it_used() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T08:50:00Z", Event::Solved),
        ("2026-05-06T08:00:00Z", Event::Reopened),
    ]);
    let solved = clocks(&policy, &events, "2026-05-05T08:00:00Z");
    for target in [Target::Response, Target::Update, Target::Resolution] {
        let clock = solved.sla(target).unwrap();
        assert_eq!((clock.state, clock.met), (State::Met, Some(at("2026-05-04T08:50:00Z"))), "{target:?}");
    }
    // When it would have been due, had it gone on.
    assert_eq!(solved.frame().unwrap().due, Some(at("2026-05-04T16:00:00Z")));
    let reopened = clocks(&policy, &events, "2026-05-06T10:00:00Z");
    let frame = reopened.frame().unwrap();
    assert_eq!((frame.state, frame.met, frame.consumed), (State::Running, None, length("2h50m")));
    assert_eq!(
        lines(&reopened.explain(frame)),
        [
            "2026-05-04T08:00:00Z counted 50m",
            "2026-05-04T08:50:00Z solved 47h10m",
            "2026-05-06T08:00:00Z counted 2h"
        ]
    );
    assert_eq!(reopened.sla(Target::Response).unwrap().state, State::Met);
    let update = reopened.sla(Target::Update).unwrap();
    assert_eq!((update.number, update.from), (2, at("2026-05-06T08:00:00Z")));
}

#[test]
fn a_merged_ticket_has_nothing_left_to_keep() {
    let policy = everything();
    let events = told(&[("2026-05-04T08:00:00Z", opened()), ("2026-05-04T08:50:00Z", Event::Merged)]);
    let merged = clocks(&policy, &events, "2026-05-05T08:00:00Z");
    let states: Vec<_> = merged.all().iter().map(|clock| clock.state).collect();
    // The OLA of an answer was broken before.
    assert_eq!(states.iter().filter(|state| **state == State::Breached).count(), 1);
    assert_eq!(states.iter().filter(|state| **state == State::Lapsed).count(), 5);
    assert_eq!(merged.next_due(), None);
}

#[test]
fn the_promise_of_a_party_runs_only_while_it_holds() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened_with(INTERNAL)),
        ("2026-05-04T09:00:00Z", held(PROVIDER)),
        ("2026-05-04T11:00:00Z", held(VENDOR)),
        ("2026-05-05T11:00:00Z", held(PROVIDER)),
        ("2026-05-05T11:30:00Z", Event::Solved),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-06T00:00:00Z");
    let own = |party: Party| clocks.own(party.id, Target::Resolution).unwrap();
    assert_eq!((own(INTERNAL).consumed, own(INTERNAL).state), (length("1h"), State::Met));
    assert_eq!((own(PROVIDER).consumed, own(PROVIDER).state), (length("2h30m"), State::Met));
    // 24 hours to the millisecond, then it was handed on: kept.
    assert_eq!((own(VENDOR).consumed, own(VENDOR).state), (length("24h"), State::Met));
    assert_eq!(own(VENDOR).promise, uc(Target::Resolution));
    assert_eq!(
        lines(&clocks.explain(own(PROVIDER))),
        [
            "2026-05-04T09:00:00Z counted 2h",
            "2026-05-04T11:00:00Z held by another 24h",
            "2026-05-05T11:00:00Z counted 30m"
        ]
    );
    // Internal IT never answered and need not any more; it was its time that ran out.
    assert_eq!(clocks.own(INTERNAL.id, Target::Response).unwrap().state, State::Breached);
}

#[test]
fn a_party_that_hands_on_in_time_owes_no_answer_any_more() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened_with(INTERNAL)),
        ("2026-05-04T08:10:00Z", held(PROVIDER)),
        ("2026-05-04T08:20:00Z", Event::Solved),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T12:00:00Z");
    let state = |party: Party, target| clocks.own(party.id, target).unwrap().state;
    assert_eq!(
        (state(INTERNAL, Target::Response), state(PROVIDER, Target::Response)),
        (State::Lapsed, State::Met)
    );
    assert_eq!(
        (state(INTERNAL, Target::Update), state(PROVIDER, Target::Update)),
        (State::Lapsed, State::Met)
    );
}

#[test]
fn an_answer_at_the_opening_is_met_with_everything_left() {
    let policy = everything();
    let start = "2026-05-04T08:00:00Z";
    let events = told(&[(start, opened()), (start, Event::Responded)]);
    let clocks = clocks(&policy, &events, "2026-05-04T09:30:00Z");
    let response = clocks.sla(Target::Response).unwrap();
    assert_eq!((response.state, response.met, response.breached), (State::Met, Some(at(start)), None));
    assert_eq!((response.remaining, response.due), (Some(length("1h")), Some(at("2026-05-04T09:00:00Z"))));
}

#[test]
fn it_can_be_asked_when_a_share_of_a_promise_will_be_gone() {
    let policy = policy(
        vec![rule(Promise::RESOLUTION, in_office("8h"))],
        vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))],
    );
    let events = told(&[("2026-05-04T15:00:00Z", opened())]);
    let running = clocks(&policy, &events, "2026-05-04T16:00:00Z");
    let frame = running.frame().unwrap();
    assert_eq!(running.will_have_used(frame, length("6h")), Some(at("2026-05-05T13:00:00Z")));
    assert_eq!(running.will_have_used(frame, length("30m")), Some(at("2026-05-04T16:00:00Z")));
    assert_eq!(running.will_have_used(frame, length("8h")), frame.due);
    let waiting =
        told(&[("2026-05-04T15:00:00Z", opened()), ("2026-05-04T15:30:00Z", Event::WaitBegan(Wait::Vendor))]);
    let waiting = clocks(&policy, &waiting, "2026-05-04T16:00:00Z");
    assert_eq!(waiting.will_have_used(waiting.frame().unwrap(), length("6h")), None);
}

#[test]
fn a_vendor_does_not_stop_its_own_clock_by_being_waited_for() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened_with(VENDOR)),
        ("2026-05-04T09:00:00Z", Event::WaitBegan(Wait::Vendor)),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T12:00:00Z");
    assert_eq!(clocks.own(VENDOR.id, Target::Resolution).unwrap().consumed, length("4h"));
    assert_eq!(clocks.frame().unwrap().consumed, length("1h"));
}

#[test]
fn a_promise_says_which_waits_pause_it() {
    let within = Within::every_minute(length("4h")).paused_by(Waits::NONE.with(Wait::Requester));
    let policy = policy(vec![rule(Promise::RESOLUTION, Term::Within(within))], vec![]);
    let waiting_for = |wait| {
        let events = [("2026-05-04T08:00:00Z", opened()), ("2026-05-04T08:00:00Z", Event::WaitBegan(wait))];
        frame(&policy, &events, "2026-05-04T09:00:00Z").state
    };
    assert_eq!(waiting_for(Wait::Requester), State::Paused(Still::Waiting(Wait::Requester)));
    assert_eq!(waiting_for(Wait::Vendor), State::Running);
}

#[test]
fn two_waits_at_once_end_with_the_later() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T09:00:00Z", Event::WaitBegan(Wait::Window)),
        ("2026-05-04T10:00:00Z", Event::WaitBegan(Wait::Requester)),
        ("2026-05-04T11:00:00Z", Event::WaitEnded(Wait::Window)),
        ("2026-05-04T12:00:00Z", Event::WaitEnded(Wait::Requester)),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T13:00:00Z");
    assert_eq!(
        lines(&clocks.explain(clocks.frame().unwrap())),
        [
            "2026-05-04T08:00:00Z counted 1h",
            "2026-05-04T09:00:00Z waits for window 1h",
            "2026-05-04T10:00:00Z waits for requester 2h",
            "2026-05-04T12:00:00Z counted 1h"
        ]
    );
}

#[test]
fn an_offer_is_answered_by_yes_or_no_and_broken_by_silence() {
    let policy = everything();
    let answered = |when, answer| {
        let events = told(&[
            ("2026-05-04T08:00:00Z", opened()),
            ("2026-05-04T08:10:00Z", Event::Offered { offer: 1, to: INTERNAL }),
            (when, Event::Answered { offer: 1, answer }),
        ]);
        clocks(&policy, &events, "2026-05-04T12:00:00Z").own(INTERNAL.id, Target::Acceptance).unwrap().state
    };
    assert_eq!(answered("2026-05-04T08:20:00Z", Answer::Accepted), State::Met);
    assert_eq!(answered("2026-05-04T08:25:00Z", Answer::Declined), State::Met);
    assert_eq!(answered("2026-05-04T08:26:00Z", Answer::Accepted), State::Breached);
    assert_eq!(answered("2026-05-04T08:20:00Z", Answer::Withdrawn), State::Lapsed);
    // Closed before its time was up, and at the instant at which it was.
    assert_eq!(answered("2026-05-04T08:20:00Z", Answer::Expired), State::Lapsed);
    assert_eq!(answered("2026-05-04T08:25:00Z", Answer::Expired), State::Breached);
}

#[test]
fn nobody_need_answer_the_offer_of_a_solved_ticket() {
    let policy = everything();
    let events = told(&[
        ("2026-05-04T08:00:00Z", opened()),
        ("2026-05-04T08:10:00Z", Event::Offered { offer: 1, to: INTERNAL }),
        ("2026-05-04T08:12:00Z", Event::Solved),
        ("2026-05-04T08:13:00Z", Event::Answered { offer: 1, answer: Answer::Accepted }),
    ]);
    let clocks = clocks(&policy, &events, "2026-05-04T12:00:00Z");
    let offer = clocks.own(INTERNAL.id, Target::Acceptance).unwrap();
    assert_eq!((offer.state, offer.ended), (State::Lapsed, Some(at("2026-05-04T08:12:00Z"))));
}

#[test]
fn an_answer_counts_for_whoever_holds_when_it_is_given() {
    let policy = everything();
    let handed = "2026-05-04T08:20:00Z";
    // Told in the other order: an answer of the same instant goes before the hand-over.
    for events in [[held(INTERNAL), Event::Responded], [Event::Responded, held(INTERNAL)]] {
        let [first, second] = events;
        let events = told(&[("2026-05-04T08:00:00Z", opened()), (handed, first), (handed, second)]);
        let clocks = clocks(&policy, &events, "2026-05-04T08:30:00Z");
        assert_eq!(clocks.own(PROVIDER.id, Target::Response).unwrap().state, State::Met);
        assert_eq!(clocks.own(INTERNAL.id, Target::Response).unwrap().state, State::Running);
    }
}

#[test]
fn what_has_not_happened_yet_changes_nothing() {
    let policy = everything();
    let events = told(&[("2026-05-04T08:00:00Z", opened()), ("2026-05-04T09:00:00Z", Event::Solved)]);
    let before = clocks(&policy, &events, "2026-05-04T08:59:59.999Z");
    assert_eq!(before.all(), clocks(&policy, &events[..1], "2026-05-04T08:59:59.999Z").all());
    assert_eq!(before.next_due().map(|clock| clock.promise), Some(Promise::RESPONSE));
}

#[test]
fn events_that_cannot_be_told_are_refused_with_their_place() {
    let policy = everything();
    let refused = |events: &[(&str, Event)], now: &str| {
        Clocks::at(&policy, &told(events), at(now)).map(|_| ()).unwrap_err().to_string()
    };
    let (eight, nine) = ("2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z");
    assert!(refused(&[], nine).contains("begins with the event that opens it"));
    assert!(refused(&[(eight, Event::Solved), (nine, opened())], nine).contains("begins with"));
    assert!(refused(&[(eight, opened()), (nine, opened())], nine).contains("event 1 opens the ticket again"));
    let back = refused(&[(nine, opened()), (eight, Event::Solved)], nine);
    assert!(
        back.contains("event 1 at 2026-05-04T08:00:00Z comes after one at 2026-05-04T09:00:00Z"),
        "{back}"
    );
    let answer = Event::Answered { offer: 7, answer: Answer::Accepted };
    assert!(refused(&[(eight, opened()), (nine, answer)], nine).contains("event 1 answers offer 7"));
    assert!(refused(&[(nine, opened())], eight).contains("was opened at 2026-05-04T09:00:00Z"));
    assert!(refused(&[(eight, opened())], "2040-01-01T00:00:00Z").contains("make them for more"));
}
