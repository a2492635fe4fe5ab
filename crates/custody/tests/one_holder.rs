//! An exhaustive check of the rule: every reachable state of a small world with three parties, two new matrix versions and a
//! network that loses, repeats, delays and reorders what it carries.
//!
//! A crash is covered by the same network: an event and its effect commit together, so a crash before the commit is a lost
//! message, and a crash after the commit but before the answer is a repeated one.

use std::collections::VecDeque;

use remit_custody::{Act, Custody, Event, Item, Refused, Step, Version, apply};
use rustc_hash::FxHashSet;

type Party = u8;
const PARTIES: [Party; 3] = [0, 1, 2];
const ITEM: Item = Item(7);
/// Version 2 names party 1 and version 3 names party 2; a ticket opens under version 1 with party 0.
const NEW_VERSIONS: [(Version, Party); 2] = [(Version(2), 1), (Version(3), 2)];

/// How large a world is looked at.
#[derive(Clone, Copy)]
struct Bounds {
    epochs: u32,
    offers: u32,
    in_flight: usize,
    states: usize,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct World {
    custody: Custody<Party>,
    /// What is on its way, sorted, each at most once: a repeated message is one that stays after its delivery.
    network: Vec<Act<Party>>,
    /// Who was told that the ticket is theirs and not yet that it is no longer.
    told: [bool; 3],
}

/// Every act that somebody who looks at `custody` could decide on.
fn decisions(custody: &Custody<Party>, bounds: Bounds) -> Vec<Act<Party>> {
    let epoch = custody.epoch();
    let (by, seen) = (*custody.holder(), custody.last_offer());
    let mut acts = Vec::new();
    if let Some(open) = custody.offer() {
        let offer = open.number;
        acts.push(Act::Accept { epoch, offer, by: open.to });
        acts.push(Act::Decline { epoch, offer, by: open.to });
        acts.push(Act::Expire { epoch, offer });
        acts.push(Act::Withdraw { epoch, offer, by });
    } else if seen.0 < bounds.offers && epoch.0 < bounds.epochs {
        for to in PARTIES.into_iter().filter(|to| *to != by) {
            acts.push(Act::Offer { epoch, seen, by, to });
            if custody.step() > Step::Owner {
                acts.push(Act::Escalate { epoch, seen, to });
            }
        }
        if custody.giver().is_some() {
            acts.push(Act::HandBack { epoch, seen, by });
        }
    }
    acts.extend(NEW_VERSIONS.map(|(version, owner)| Act::Publish { version, owner }));
    acts
}

/// Delivers `act`, checks everything that must hold of the step, and says what the world is afterwards.
fn deliver(world: &World, act: &Act<Party>) -> World {
    let event = Event { item: ITEM, act: act.clone() };
    let before = &world.custody;
    let mut after = world.clone();
    let Ok(next) = apply(before, &event) else { return after };
    let moved = next.holder() != before.holder();
    assert_eq!(moved, matches!(act, Act::Accept { .. }), "only acceptance moves custody: {act:?}");
    assert_eq!(next.epoch().0, before.epoch().0 + u32::from(moved), "the epoch counts the moves");
    assert!(next.version() >= before.version(), "a version never goes back");
    if let Act::Accept { by, .. } = act {
        assert_eq!(before.offer().map(|offer| offer.to), Some(*by), "only the addressee accepts");
        after.told[usize::from(*before.holder())] = false;
        after.told[usize::from(*by)] = true;
    }
    if matches!(act, Act::Decline { .. } | Act::Expire { .. }) {
        assert!(next.step() > Step::Owner, "declining and silence escalate");
    }
    let again = apply(&next, &event);
    assert!(again.is_err(), "the same event twice changes nothing more: {act:?}");
    after.custody = next;
    after
}

/// What must hold of every single state.
fn check_state(world: &World) {
    let custody = &world.custody;
    assert_eq!(
        world.told.iter().filter(|told| **told).count(),
        1,
        "exactly one party was told that it holds"
    );
    assert!(world.told[usize::from(*custody.holder())], "and it is the holder");
    assert!(
        custody.offer().is_none_or(|offer| offer.to != *custody.holder()),
        "nobody is offered their own ticket"
    );
    let owner =
        NEW_VERSIONS.into_iter().find(|(version, _)| *version == custody.version()).map(|(_, owner)| owner);
    let Some(owner) = owner.filter(|owner| owner != custody.holder()) else { return };
    let Some(offer) = custody.offer().cloned() else { return };
    let wanted = Act::Decline { epoch: custody.epoch(), offer: offer.number, by: offer.to };
    let free = apply(custody, &Event { item: ITEM, act: wanted }).expect("an open offer can be declined");
    let ask = Act::Escalate { epoch: free.epoch(), seen: free.last_offer(), to: owner };
    let asked = apply(&free, &Event { item: ITEM, act: ask }).expect("a declined ticket can be escalated");
    let number = asked.offer().expect("escalating makes an offer").number;
    let accept = Act::Accept { epoch: asked.epoch(), offer: number, by: owner };
    let settled = apply(&asked, &Event { item: ITEM, act: accept }).expect("the owner can accept");
    assert_eq!(*settled.holder(), owner, "from every state a way leads to the owner of the version in force");
}

fn explore(bounds: Bounds) -> (usize, bool) {
    let custody = Custody::open(ITEM, 0, Version(1));
    let first = World { custody, network: Vec::new(), told: [true, false, false] };
    let mut seen = FxHashSet::default();
    let mut queue = VecDeque::from([first.clone()]);
    seen.insert(first);
    while let Some(world) = queue.pop_front() {
        check_state(&world);
        for next in successors(&world, bounds) {
            if seen.len() >= bounds.states {
                return (seen.len(), false);
            }
            if !seen.contains(&next) {
                seen.insert(next.clone());
                queue.push_back(next);
            }
        }
    }
    (seen.len(), true)
}

fn successors(world: &World, bounds: Bounds) -> Vec<World> {
    let mut next = Vec::new();
    if world.network.len() < bounds.in_flight {
        for act in decisions(&world.custody, bounds) {
            if let Err(place) = world.network.binary_search(&act) {
                let mut sent = world.clone();
                sent.network.insert(place, act);
                next.push(sent);
            }
        }
    }
    for (place, act) in world.network.iter().enumerate() {
        let repeated = deliver(world, act);
        let mut delivered = repeated.clone();
        delivered.network.remove(place);
        let mut lost = world.clone();
        lost.network.remove(place);
        next.extend([repeated, delivered, lost]);
    }
    next
}

#[test]
fn every_reachable_state_has_exactly_one_holder() {
    let (states, complete) = explore(Bounds { epochs: 2, offers: 3, in_flight: 2, states: 1_000_000 });
    println!("custody: {states} states, exactly one holder in each");
    assert!(complete, "the small world is looked at to its end");
    assert!(states > 10_000, "the world is not trivially small: {states}");
}

/// Run it in release: `cargo test --release -p remit-custody -- --ignored --nocapture`.
#[test]
#[ignore = "ten million states need some gigabytes and a release build"]
fn ten_million_states_have_exactly_one_holder() {
    let (states, _) = explore(Bounds { epochs: 4, offers: 6, in_flight: 3, states: 10_000_000 });
    println!("custody: {states} states, exactly one holder in each");
    assert_eq!(states, 10_000_000);
}

#[test]
fn a_late_copy_of_an_offer_does_not_offer_again() {
    let custody = Custody::open(ITEM, 0u8, Version(1));
    let (epoch, seen) = (custody.epoch(), custody.last_offer());
    let offer = Event { item: ITEM, act: Act::Offer { epoch, seen, by: 0, to: 1 } };
    let offered = apply(&custody, &offer).unwrap();
    let number = offered.last_offer();
    let decline = Event { item: ITEM, act: Act::Decline { epoch, offer: number, by: 1 } };
    let declined = apply(&offered, &decline).unwrap();
    assert_eq!(apply(&declined, &offer), Err(Refused::OfferSince));
}

#[test]
fn an_event_of_another_ticket_is_refused() {
    let custody = Custody::open(ITEM, 0u8, Version(1));
    let event = Event { item: Item(8), act: Act::Publish { version: Version(2), owner: 1 } };
    assert_eq!(apply(&custody, &event), Err(Refused::OtherItem));
}
