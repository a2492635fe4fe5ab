//! The custody chain: worked examples, and the sum that must always come out.

use proptest::prelude::*;
use remit_core::At;
use remit_custody::{Chain, Held, Phase, Way};

const MINUTE: i64 = 60_000;

fn at(minutes: i64) -> At {
    At::from_millis(minutes * MINUTE)
}

/// A chain from (minute, holder, phase), ended at `end`.
fn chain(told: &[(i64, Option<char>, Phase)], end: i64) -> Chain<char> {
    let (first, rest) = told.split_first().expect("an example has an event");
    let mut chain = Chain::start(at(first.0), first.1, first.2);
    for &(minute, holder, phase) in rest {
        chain.tell(at(minute), holder, phase).expect("an example is in order of time");
    }
    chain.end(at(end)).expect("an example ends after its events");
    chain
}

fn moves(holders: &str) -> Chain<char> {
    let told: Vec<_> =
        holders.chars().zip(0..).map(|(holder, n)| (n, Some(holder), Phase::Working)).collect();
    chain(&told, told.len() as i64)
}

#[test]
fn a_hand_back_returns_to_the_one_who_handed_over() {
    let there_and_back = moves("abca");
    assert_eq!(
        (there_and_back.hand_backs(), there_and_back.bounces(), there_and_back.ping_pongs()),
        (0, 1, 0)
    );
    let back = moves("abcba");
    assert_eq!((back.hand_backs(), back.bounces(), back.ping_pongs()), (2, 2, 1));
}

#[test]
fn a_ping_pong_is_counted_apart_from_hand_backs_and_bounces() {
    let tennis = moves("ababa");
    assert_eq!(tennis.hand_offs().len(), 4);
    assert_eq!((tennis.hand_backs(), tennis.bounces(), tennis.ping_pongs()), (2, 3, 3));
    assert_eq!(tennis.hand_offs()[1].way, Way::Back);
    assert_eq!(tennis.hand_offs()[2].way, Way::Forward);
}

#[test]
fn the_first_assignment_is_no_hand_off() {
    let told = chain(&[(0, None, Phase::Working), (5, Some('a'), Phase::Working)], 9);
    assert!(told.hand_offs().is_empty());
    assert_eq!(told.held(None).working, 5 * MINUTE);
    assert_eq!(told.held(Some('a')).working, 4 * MINUTE);
}

#[test]
fn an_event_that_names_no_holder_leaves_the_ticket_where_it_is() {
    let told =
        chain(&[(0, Some('a'), Phase::Working), (5, None, Phase::Waiting), (8, Some('a'), Phase::Done)], 9);
    assert!(told.hand_offs().is_empty());
    let expected = Held { working: 5 * MINUTE, waiting: 3 * MINUTE, done: MINUTE };
    assert_eq!(told.held(Some('a')), expected);
    assert_eq!(told.stints().count(), 1);
    assert_eq!(told.stints().next().unwrap().held, expected);
}

#[test]
fn an_event_from_the_past_is_refused() {
    let mut told = chain(&[(5, Some('a'), Phase::Working)], 6);
    let refused = told.tell(at(4), Some('b'), Phase::Working).unwrap_err();
    assert_eq!(refused.last, at(6));
    assert_eq!(told, chain(&[(5, Some('a'), Phase::Working)], 6));
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![Just(Phase::Working), Just(Phase::Waiting), Just(Phase::Done)]
}

proptest! {
    #[test]
    fn time_held_adds_up_to_the_life_of_the_ticket(
        steps in prop::collection::vec((0i64..10_000, prop::option::of(0u8..4), phase()), 1..40),
        tail in 0i64..10_000,
    ) {
        let mut now = 0;
        let mut told: Option<Chain<u8>> = None;
        for (gap, holder, phase) in steps {
            now += gap;
            match &mut told {
                None => told = Some(Chain::start(At::from_millis(now), holder, phase)),
                Some(chain) => chain.tell(At::from_millis(now), holder, phase).unwrap(),
            }
        }
        let mut chain = told.unwrap();
        chain.end(At::from_millis(now + tail)).unwrap();

        let by_holder: i64 = chain.holders().iter().map(|holder| chain.held(Some(*holder)).total()).sum();
        let unassigned = chain.held(None).total();
        prop_assert_eq!(by_holder + unassigned, chain.life());
        let by_stint: i64 = chain.stints().map(|stint| stint.held.total()).sum();
        prop_assert_eq!(by_stint, by_holder);
        for pair in chain.segments().windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        for hand_off in chain.hand_offs() {
            prop_assert_ne!(hand_off.from, hand_off.to);
            prop_assert!(hand_off.bounce || !hand_off.ping_pong);
        }
        prop_assert!(chain.hand_backs() <= chain.bounces());
        prop_assert!(chain.bounces() + chain.holders().len() == chain.hand_offs().len() + usize::from(chain.holder().is_some()));
    }
}
