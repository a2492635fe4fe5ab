//! What the next holder would find, and whose minutes were used.

use crate::desk::*;
use remit_core::Millis;
use remit_promise::*;

fn chained_policy() -> Policy {
    let rules = vec![
        rule(Promise::RESOLUTION, in_office("8h")),
        rule(ola(Target::Resolution), in_office("3h")),
        rule(uc(Target::Resolution), any_hour("6h")),
    ];
    policy(rules, vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))])
}

#[test]
fn the_next_holder_is_warned_when_its_own_promise_outlasts_the_frame() {
    let policy = chained_policy();
    let events = told(&[("2026-05-04T09:00:00Z", opened())]);
    let chained = |now, next| clocks(&policy, &events, now).chained(next).unwrap();
    let early = chained("2026-05-04T11:00:00Z", INTERNAL);
    assert_eq!((early.left, early.own, early.short), (length("6h"), Some(length("3h")), false));
    assert_eq!(early.own_due, Some(at("2026-05-04T14:00:00Z")));
    // As long as the frame lasts is not too long.
    let even = chained("2026-05-04T14:00:00Z", INTERNAL);
    assert_eq!((even.left, even.own, even.short), (length("3h"), Some(length("3h")), false));
    let late = chained("2026-05-04T14:30:00Z", INTERNAL);
    assert_eq!((late.left, late.short), (length("2h30m"), true));
    assert_eq!(
        (late.due, late.own_due),
        (Some(at("2026-05-04T17:00:00Z")), Some(at("2026-05-05T09:30:00Z")))
    );
    // A vendor counts every minute: at noon its six hours end at 18:00, after the frame.
    let vendor = chained("2026-05-04T12:00:00Z", VENDOR);
    assert_eq!((vendor.left, vendor.own, vendor.short), (length("5h"), Some(length("6h")), true));
    // What it has used already is used.
    assert_eq!(chained("2026-05-04T11:00:00Z", PROVIDER).own, Some(length("1h")));
}

#[test]
fn six_hours_of_the_night_end_before_one_hour_of_the_day() {
    let policy = chained_policy();
    let events = told(&[("2026-05-04T09:00:00Z", opened())]);
    let evening = clocks(&policy, &events, "2026-05-04T16:59:00Z").chained(VENDOR).unwrap();
    assert_eq!((evening.left, evening.own, evening.short), (length("1m"), Some(length("6h")), true));
    let events = told(&[("2026-05-04T10:00:00Z", opened())]);
    let night = clocks(&policy, &events, "2026-05-04T23:00:00Z").chained(VENDOR).unwrap();
    // One hour is left, of the next morning; the vendor's six hours are over at five.
    assert_eq!((night.left, night.own, night.short), (length("1h"), Some(length("6h")), false));
    assert_eq!(night.due, Some(at("2026-05-05T10:00:00Z")));
}

#[test]
fn an_offer_has_a_deadline_before_it_is_made() {
    let rules = vec![rule(ola(Target::Acceptance), in_office("30m"))];
    let policy = policy(rules, vec![office(weekly("UTC", &[("mon-fri", "09:00-17:00")]))]);
    let events = told(&[("2026-05-04T09:00:00Z", opened())]);
    let evening = clocks(&policy, &events, "2026-05-04T16:45:00Z");
    assert_eq!(evening.answer_by(INTERNAL), Some(at("2026-05-05T09:15:00Z")));
    assert_eq!(evening.answer_by(VENDOR), None);
}

#[test]
fn nothing_is_chained_without_a_frame_or_for_a_ticket_at_rest() {
    let unframed = policy(vec![rule(ola(Target::Resolution), any_hour("3h"))], vec![]);
    let open = told(&[("2026-05-04T09:00:00Z", opened())]);
    assert_eq!(clocks(&unframed, &open, "2026-05-04T10:00:00Z").chained(INTERNAL), None);
    let solved = told(&[("2026-05-04T09:00:00Z", opened()), ("2026-05-04T10:00:00Z", Event::Solved)]);
    let policy = chained_policy();
    assert_eq!(clocks(&policy, &solved, "2026-05-04T10:00:00Z").chained(INTERNAL), None);
}

#[test]
fn a_waiting_ticket_is_chained_as_if_work_began() {
    let policy = chained_policy();
    let events = told(&[
        ("2026-05-04T09:00:00Z", opened()),
        ("2026-05-04T10:00:00Z", Event::WaitBegan(Wait::Requester)),
    ]);
    let chained = clocks(&policy, &events, "2026-05-04T12:00:00Z").chained(INTERNAL).unwrap();
    assert_eq!((chained.left, chained.due), (length("7h"), Some(at("2026-05-05T11:00:00Z"))));
}

#[test]
fn the_account_says_who_used_what_and_what_came_after_a_broken_promise() {
    let policy = chained_policy();
    let events = told(&[
        ("2026-05-04T09:00:00Z", opened_with(INTERNAL)),
        ("2026-05-04T14:00:00.001Z", held(PROVIDER)),
        ("2026-05-04T16:00:00Z", Event::WaitBegan(Wait::Requester)),
        ("2026-05-05T09:00:00Z", Event::WaitEnded(Wait::Requester)),
        ("2026-05-05T10:00:00Z", held(INTERNAL)),
    ]);
    let account = clocks(&policy, &events, "2026-05-05T11:30:00Z").account().unwrap();
    let share = |party: Party| *account.shares.iter().find(|share| share.party == party.id).unwrap();
    let internal = share(INTERNAL);
    assert_eq!(internal.used, length("6h30m1ms"));
    assert_eq!(internal.beyond, length("3h30m1ms"));
    assert_eq!(share(PROVIDER).used + Millis::from_millis(1), length("3h"));
    assert_eq!(share(PROVIDER).beyond, Millis::ZERO);
    assert_eq!(account.shares[0].party, INTERNAL.id);
    assert_eq!((account.consumed, account.breached), (length("9h30m"), Some(at("2026-05-05T10:00:00Z"))));
}
