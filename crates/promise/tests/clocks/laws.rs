//! What has to hold for any ticket under any policy.

use proptest::prelude::*;
use remit_core::{At, Millis};
use std::cmp::Reverse;

use crate::desk::*;
use crate::world::{World, anything, world};
use remit_promise::*;

const ONE: Millis = Millis::from_millis(1);

impl World {
    fn clocks(&self, now: At) -> Clocks<'_> {
        Clocks::at(&self.policy, &self.events, now).expect("a world is told in order")
    }

    fn start(&self) -> At {
        self.events[0].0
    }

    /// An instant of the ticket's life, given in thousandths of it.
    fn instant(&self, thousandths: i64) -> At {
        self.start() + Millis::from_millis((self.end - self.start()).millis() * thousandths / 1000)
    }
}

/// The same clock in another reading.
fn same<'c>(clocks: &'c Clocks<'_>, clock: &Clock) -> Option<&'c Clock> {
    let name = |clock: &Clock| (clock.promise, clock.party, clock.number);
    clocks.all().iter().find(|other| name(other) == name(clock))
}

/// Adds a wait for a window, and takes away the others of that kind.
fn with_window(events: &[(At, Event)], from: At, to: At) -> Vec<(At, Event)> {
    let window =
        |event: &Event| matches!(event, Event::WaitBegan(Wait::Window) | Event::WaitEnded(Wait::Window));
    let mut all: Vec<_> = events.iter().filter(|(_, event)| !window(event)).cloned().collect();
    all.push((from, Event::WaitBegan(Wait::Window)));
    all.push((to, Event::WaitEnded(Wait::Window)));
    all.sort_by_key(|(at, _)| *at);
    all
}

fn rank(event: &Event) -> usize {
    match event {
        Event::Opened { .. } => 0,
        Event::Responded | Event::Updated => 1,
        Event::Priority(_) | Event::Service(_) | Event::Tier(_) | Event::Agreed { .. } => 2,
        Event::WaitBegan(_) | Event::WaitEnded(_) => 3,
        Event::Offered { .. } | Event::Answered { .. } => 4,
        Event::Held(_) => 5,
        Event::Solved | Event::Reopened | Event::Closed | Event::Merged => 6,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn an_explanation_has_no_hole_and_adds_up(world in world(1)) {
        let clocks = world.clocks(world.end);
        for clock in clocks.all() {
            let segments = clocks.explain(clock);
            let mut at = clock.from;
            for segment in &segments {
                prop_assert_eq!(segment.from, at);
                let mark = matches!(segment.why, Why::Changed { .. });
                prop_assert!(mark || segment.from < segment.to);
                let whole = if segment.why == Why::Counted { segment.to - segment.from } else { Millis::ZERO };
                prop_assert_eq!(segment.counted, whole);
                at = segment.to;
            }
            prop_assert_eq!(at, clock.ended.unwrap_or(world.end), "{:?}", clock);
            prop_assert_eq!(segments.iter().map(|segment| segment.counted).sum::<Millis>(), clock.consumed);
        }
    }

    #[test]
    fn what_the_parties_used_is_the_whole(world in world(1)) {
        let clocks = world.clocks(world.end);
        let account = clocks.account().unwrap();
        prop_assert_eq!(account.shares.iter().map(|share| share.used).sum::<Millis>(), clocks.frame().unwrap().consumed);
        for share in &account.shares {
            prop_assert!(Millis::ZERO <= share.beyond && share.beyond <= share.used);
        }
        // The explanation tells the same by its own way.
        for share in &account.shares {
            let segments = clocks.explain(clocks.frame().unwrap());
            let held = segments.iter().filter(|segment| segment.holder.party.id == share.party);
            prop_assert_eq!(held.map(|segment| segment.counted).sum::<Millis>(), share.used);
        }
    }

    #[test]
    fn a_pause_never_shortens_what_is_left_and_never_makes_it_due_earlier(
        world in world(1), from in 0_i64..=1000, to in 0_i64..=1000,
    ) {
        let (from, to) = (world.instant(from.min(to)), world.instant(from.max(to)));
        let without = World { events: with_window(&world.events, from, from), ..world.clone() };
        let with = World { events: with_window(&world.events, from, to), ..world.clone() };
        let (without, with) = (without.clocks(world.end), with.clocks(world.end));
        prop_assert_eq!(without.all().len(), with.all().len());
        for before in without.all() {
            let after = same(&with, before).unwrap();
            prop_assert!(after.consumed <= before.consumed, "{before:?} {after:?}");
            prop_assert!(after.remaining >= before.remaining, "{before:?} {after:?}");
            if let (Some(before), Some(after)) = (before.due, after.due) {
                prop_assert!(before <= after);
            }
            if let Some(broken) = after.breached {
                prop_assert!(before.breached.is_some_and(|before| before <= broken), "{before:?} {after:?}");
            }
        }
    }

    #[test]
    fn a_new_rule_or_calendar_keeps_what_was_used(
        world in world(1), change in 0_i64..=1000, which in any::<prop::sample::Index>(), length in 1_i64..3000,
    ) {
        let change = world.instant(change);
        let mut rules = world.policy.rules().to_vec();
        let within = Within::every_minute(Millis::from_minutes(length));
        rules.push(Rule { from: change, term: Term::Within(within), ..which.get(&rules).clone() });
        let mut calendars = world.calendars.clone();
        for of in [CalendarOf::Everyone, CalendarOf::Client(ClientId(1)), CalendarOf::Party(INTERNAL.id)] {
            let calendar = weekly("Asia/Manila", &[("daily", "10:00-15:00")]);
            calendars.push(DatedCalendar { of, from: change, ..office(calendar) });
        }
        // Left out where they cannot stand together: two of one instant, or a tie.
        let changed = Calendars::new(world.horizon, calendars).map(|calendars| Policy::new(rules, calendars));
        if let Ok(Ok(policy)) = changed {
            let changed = World { policy, ..world.clone() };
            for now in [world.start(), change - ONE, change].into_iter().filter(|now| *now >= world.start()) {
                let (old, new) = (world.clocks(now), changed.clocks(now));
                for clock in old.all() {
                    let kept = same(&new, clock).unwrap();
                    prop_assert_eq!((clock.consumed, clock.breached), (kept.consumed, kept.breached));
                }
            }
        }
    }

    #[test]
    fn what_is_used_only_grows_and_a_breach_stays(world in world(1), a in 0_i64..=1000, b in 0_i64..=1000) {
        let (early, late) = (world.clocks(world.instant(a.min(b))), world.clocks(world.instant(a.max(b))));
        for before in early.all() {
            let after = same(&late, before).unwrap();
            prop_assert!(before.consumed <= after.consumed);
            if before.breached.is_some() {
                prop_assert_eq!(before.breached, after.breached);
            }
        }
    }

    #[test]
    fn later_events_change_nothing(world in world(1), now in 0_i64..=1000) {
        let now = world.instant(now);
        let events: Vec<_> = world.events.iter().filter(|(at, _)| *at <= now).cloned().collect();
        let cut = World { events, ..world.clone() };
        let (cut, whole) = (cut.clocks(now), world.clocks(now));
        prop_assert_eq!(whole.all(), cut.all());
    }

    #[test]
    fn at_the_instant_it_is_due_exactly_nothing_is_left(world in world(1), now in 0_i64..=1000) {
        let now = world.instant(now);
        let events: Vec<_> = world.events.iter().filter(|(at, _)| *at <= now).cloned().collect();
        let calm = World { events, ..world.clone() };
        let clocks = calm.clocks(now);
        for clock in clocks.all().iter().filter(|clock| clock.state == State::Running) {
            let Some(due) = clock.due.filter(|due| *due < world.horizon.end) else { continue };
            let then = calm.clocks(due);
            let then = same(&then, clock).unwrap();
            prop_assert_eq!((then.state, then.due), (State::Running, Some(due)));
            // A shorter length that begins at this instant can leave less than nothing.
            let shortened = calm.events.iter().any(|(at, _)| *at == due)
                || calm.policy.rules().iter().any(|rule| rule.from == due);
            let left = then.remaining.unwrap();
            prop_assert!(left == Millis::ZERO || shortened && left < Millis::ZERO, "{then:?}");
            let after = calm.clocks(due + ONE);
            let after = same(&after, clock).unwrap();
            prop_assert_eq!((after.state, after.breached), (State::Breached, Some(due)));
            if due > now {
                let before = calm.clocks(due - ONE);
                let before = same(&before, clock).unwrap();
                prop_assert_eq!((before.due, before.breached), (Some(due), None));
            }
        }
    }

    #[test]
    fn whatever_is_told_is_answered_or_refused(events in anything(), now in 0_usize..5, world in world(1)) {
        let now = At::from_millis([i64::MIN, 0, 1_775_260_800_001, i64::MAX - 1, i64::MAX][now]);
        let unending = Policy::new(vec![rule(Promise::RESOLUTION, any_hour("1h"))], Calendars::none()).unwrap();
        for policy in [&unending, &world.policy] {
            match Clocks::at(policy, &events, now) {
                Ok(clocks) => {
                    let told = clocks.all().iter().map(|clock| clocks.explain(clock).len()).sum::<usize>();
                    prop_assert!(told < 10_000);
                    let next = clocks.next_due().map(|clock| clock.due >= Some(clocks.now()));
                    prop_assert_ne!(next, Some(false));
                    prop_assert!(clocks.account().is_some() || clocks.frame().is_none());
                    let _ = clocks.chained(VENDOR);
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn events_of_one_instant_take_effect_in_one_order(world in world(3_600_000), order in any::<[u8; 7]>()) {
        let mut events = world.events.clone();
        // Those of one kind keep their order; the kinds come in any.
        events.sort_by_key(|(at, event)| (*at, order[rank(event)], Reverse(rank(event))));
        let moved = World { events, ..world.clone() };
        let (told, shuffled) = (world.clocks(world.end), moved.clocks(world.end));
        prop_assert_eq!(told.account(), shuffled.account());
        prop_assert_eq!(told.all().len(), shuffled.all().len());
        for (clock, other) in told.all().iter().zip(shuffled.all()) {
            // The event that speaks is the same, at another place in the list.
            if let (Some(By::Event(at)), Some(By::Event(to))) = (clock.by, other.by) {
                prop_assert_eq!(&world.events[at], &moved.events[to]);
                let mut same = *other;
                same.by = clock.by;
                prop_assert_eq!(*clock, same);
            } else {
                prop_assert_eq!(clock, other);
            }
        }
    }

    #[test]
    fn an_offer_has_to_be_answered_by_what_was_told_before(world in world(1), next in 0_usize..3) {
        let next = [PROVIDER, INTERNAL, VENDOR][next];
        let mut events = world.events.clone();
        events.extend(Wait::ALL.map(|wait| (world.end, Event::WaitEnded(wait))));
        events.push((world.end, Event::Offered { offer: 1_000, to: next }));
        let offered = World { events, ..world.clone() };
        let offered = offered.clocks(world.end);
        let asked = offered.all().iter().find(|clock| clock.number == 1_000);
        prop_assert_eq!(world.clocks(world.end).answer_by(next), asked.and_then(|asked| asked.due));
    }

    #[test]
    fn the_chain_tells_what_the_next_holder_finds(world in world(1), next in 0_usize..3) {
        let next = [PROVIDER, INTERNAL, VENDOR][next];
        let clocks = world.clocks(world.end);
        if let Some(chained) = clocks.chained(next) {
            let mut events = world.events.clone();
            events.extend(Wait::ALL.map(|wait| (world.end, Event::WaitEnded(wait))));
            events.push((world.end, held(next)));
            let taken = World { events, ..world.clone() };
            let taken = taken.clocks(world.end);
            let frame = taken.frame().unwrap();
            prop_assert_eq!(frame.remaining, Some(chained.left));
            if frame.breached.is_none() {
                prop_assert_eq!(frame.due, chained.due);
            }
            let own = taken.own(next.id, Target::Resolution);
            prop_assert_eq!(own.and_then(|own| own.remaining), chained.own);
            if own.is_some_and(|own| own.breached.is_none()) {
                prop_assert_eq!(own.and_then(|own| own.due), chained.own_due);
            }
        }
    }
}
