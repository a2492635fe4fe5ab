//! Laws of the rule on random histories: events that are late, repeated, out of order or plainly wrong.

use proptest::prelude::*;
use proptest::sample::Index;
use remit_core::At;
use remit_custody::{
    Act, Chain, Custody, Effect, Epoch, Event, Item, Named, News, Phase, Turn, Version, apply, effects, timer,
};

type Party = u8;
const ITEM: Item = Item(7);

/// How an event comes about.
#[derive(Debug, Clone)]
enum Draw {
    /// Somebody looks at the ticket and decides.
    Decided(Index),
    /// Something that was decided before arrives once more.
    Again(Index),
    /// Anything at all.
    Any(Act<Party>),
}

fn party() -> impl Strategy<Value = Party> {
    0u8..5
}

fn named() -> impl Strategy<Value = Named<Party>> {
    (1u32..5, 0i64..4, party(), prop::collection::vec(party(), 0..3), 3u8..5).prop_map(
        |(version, since, owner, fallback, duty_manager)| Named {
            version: Version(version),
            since: At::from_millis(since),
            owner,
            fallback,
            duty_manager,
        },
    )
}

fn any_act() -> impl Strategy<Value = Act<Party>> {
    let epoch = || (0u32..4).prop_map(Epoch);
    let turn = || (0u32..8).prop_map(Turn);
    prop_oneof![
        (epoch(), turn(), party(), party()).prop_map(|(epoch, seen, by, to)| Act::Offer {
            epoch,
            seen,
            by,
            to
        }),
        (epoch(), turn(), party()).prop_map(|(epoch, seen, by)| Act::HandBack { epoch, seen, by }),
        (epoch(), turn(), party()).prop_map(|(epoch, seen, by)| Act::Return { epoch, seen, by }),
        (epoch(), turn(), party()).prop_map(|(epoch, offer, by)| Act::Recall { epoch, offer, by }),
        (epoch(), turn(), party()).prop_map(|(epoch, offer, by)| Act::Accept { epoch, offer, by }),
        (epoch(), turn(), party()).prop_map(|(epoch, offer, by)| Act::Decline { epoch, offer, by }),
        (epoch(), turn()).prop_map(|(epoch, offer)| Act::Expire { epoch, offer }),
        (epoch(), turn()).prop_map(|(epoch, seen)| Act::Escalate { epoch, seen }),
        (epoch(), turn(), party()).prop_map(|(epoch, seen, by)| Act::Close { epoch, seen, by }),
        turn().prop_map(|seen| Act::Reopen { seen }),
        named().prop_map(|named| Act::Publish { named }),
    ]
}

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let draw = prop_oneof![
        6 => any::<Index>().prop_map(Draw::Decided),
        2 => any::<Index>().prop_map(Draw::Again),
        1 => any_act().prop_map(Draw::Any),
        1 => named().prop_map(|named| Draw::Any(Act::Publish { named })),
    ];
    prop::collection::vec(draw, 1..60)
}

/// Every act that the rule should take from those who see the ticket as it is.
fn decisions(custody: &Custody<Party>) -> Vec<Act<Party>> {
    let (epoch, seen, by) = (custody.epoch(), custody.turn(), *custody.holder());
    if custody.is_closed() {
        return vec![Act::Reopen { seen }];
    }
    let mut acts = vec![Act::Close { epoch, seen, by: custody.named().owner }];
    if let Some(open) = custody.offer() {
        let (offer, to) = (open.turn, open.to);
        acts.push(Act::Accept { epoch, offer, by: to });
        acts.push(Act::Decline { epoch, offer, by: to });
        acts.push(Act::Expire { epoch, offer });
        acts.push(Act::Recall { epoch, offer, by });
    } else if custody.round().is_some() {
        acts.push(Act::Escalate { epoch, seen });
    } else {
        acts.extend((0..5).filter(|to| *to != by).map(|to| Act::Offer { epoch, seen, by, to }));
        acts.extend([Act::HandBack { epoch, seen, by }, Act::Return { epoch, seen, by }]);
    }
    acts
}

fn opened() -> Custody<Party> {
    let named = Named {
        version: Version(1),
        since: At::from_millis(0),
        owner: 0,
        fallback: vec![1],
        duty_manager: 4,
    };
    Custody::open(ITEM, 0, named)
}

/// What came of a history.
struct Told {
    custody: Custody<Party>,
    /// All that arrived, in its order.
    arrived: Vec<Event<Party>>,
    /// What of it counted.
    counted: Vec<Event<Party>>,
}

fn tell(draws: &[Draw]) -> Told {
    let mut told = Told { custody: opened(), arrived: Vec::new(), counted: Vec::new() };
    for draw in draws {
        let act = match draw {
            Draw::Decided(index) => index.get(&decisions(&told.custody)).clone(),
            Draw::Again(_) if told.arrived.is_empty() => continue,
            Draw::Again(index) => index.get(&told.arrived).act.clone(),
            Draw::Any(act) => act.clone(),
        };
        let event = Event { item: ITEM, act };
        if let Ok(next) = apply(&told.custody, &event) {
            told.custody = next;
            told.counted.push(event.clone());
        }
        told.arrived.push(event);
    }
    told
}

/// Applies events in their order and holds each step against what must be true of it.
fn replay(events: &[Event<Party>]) -> Result<Custody<Party>, TestCaseError> {
    let mut custody = opened();
    let mut chain = Chain::start(At::from_millis(0), Some(0), Phase::Working);
    let (mut holders, mut armed) = (vec![0], timer(&custody));
    for (event, now) in events.iter().zip(1..) {
        chain.end(At::from_millis(now)).expect("time goes on");
        let Ok(next) = apply(&custody, event) else { continue };
        for effect in effects(Some(&custody), &next) {
            match effect {
                Effect::Tell { who, news: News::Holds } => holders.push(who),
                Effect::Tell { who, news: News::Displaced } => holders.retain(|holder| *holder != who),
                Effect::Arm(timer) => armed = timer,
                Effect::Tell { .. } | Effect::Find(_) => {}
            }
        }
        if matches!(event.act, Act::Accept { .. }) {
            chain.tell(At::from_millis(now), Some(*next.holder()), Phase::Working).expect("time goes on");
            prop_assert_eq!(next.epoch().0, custody.epoch().0 + 1);
        } else {
            prop_assert_eq!(next.holder(), custody.holder());
            prop_assert_eq!(next.epoch(), custody.epoch());
        }
        prop_assert_eq!(&holders, &[*next.holder()], "exactly one holder, who was told");
        prop_assert_eq!(armed, timer(&next));
        prop_assert_eq!(armed.is_none(), next.is_closed());
        prop_assert!(!next.is_closed() || next.round().is_none());
        custody = next;
    }
    let held: i64 = chain.holders().iter().map(|holder| chain.held(Some(*holder)).total()).sum();
    prop_assert_eq!(held, chain.life());
    prop_assert_eq!(chain.holder(), Some(*custody.holder()));
    prop_assert_eq!(chain.holders(), custody.bounces().holders());
    prop_assert_eq!(chain.bounces(), custody.bounces().total() as usize);
    Ok(custody)
}

proptest! {
    #[test]
    fn the_events_that_counted_rebuild_the_custody(draws in draws()) {
        let told = tell(&draws);
        prop_assert_eq!(&replay(&told.counted)?, &told.custody);
        prop_assert_eq!(&replay(&told.arrived)?, &told.custody);
    }

    #[test]
    fn no_event_counts_twice(draws in draws()) {
        let told = tell(&draws);
        for event in &told.counted {
            prop_assert!(apply(&told.custody, event).is_err(), "{event:?}");
        }
    }

    #[test]
    fn copies_of_what_counted_change_nothing_wherever_they_arrive(
        draws in draws(),
        copies in prop::collection::vec((any::<Index>(), any::<Index>()), 0..10),
    ) {
        let told = tell(&draws);
        let mut events = told.counted.clone();
        for (original, later) in copies {
            if !events.is_empty() {
                let at = original.index(events.len());
                let to = at + 1 + later.index(events.len() - at);
                events.insert(to, events[at].clone());
            }
        }
        prop_assert_eq!(replay(&events)?, told.custody);
    }

    #[test]
    fn no_order_of_events_gives_two_holders(
        (arrived, shuffled) in draws().prop_map(|draws| tell(&draws).arrived)
            .prop_flat_map(|arrived| (Just(arrived.clone()), Just(arrived).prop_shuffle())),
    ) {
        let custody = replay(&shuffled)?;
        let newest = |events: &[Event<Party>]| {
            let words = events.iter().filter_map(|event| match &event.act {
                Act::Publish { named } => Some((named.version, named.since)),
                _ => None,
            });
            words.max().max(Some((Version(1), At::from_millis(0))))
        };
        let named = custody.named();
        prop_assert_eq!(Some((named.version, named.since)), newest(&arrived), "the newest word counts in any order");
    }

    #[test]
    fn a_stored_custody_is_the_same_when_it_is_read_again(draws in draws()) {
        let told = tell(&draws);
        let stored = serde_json::to_string(&told.custody).unwrap();
        prop_assert_eq!(serde_json::from_str::<Custody<Party>>(&stored).unwrap(), told.custody);
        for event in told.arrived {
            let stored = serde_json::to_string(&event).unwrap();
            prop_assert_eq!(serde_json::from_str::<Event<Party>>(&stored).unwrap(), event);
        }
    }
}
