//! A second evaluator, which walks through a ticket minute by minute and looks everything up anew each time. It shares nothing with
//! the crate but the words: scopes, order, states and breaches are worked out in its own way.

use proptest::prelude::*;
use remit_core::{At, Millis, Slug, Span, Spans};
use std::collections::HashMap;

use crate::world::{World, world};
use remit_promise::*;

const MINUTE: i64 = 60_000;

/// The ticket in the minute that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Now {
    tier: String,
    service: Slug,
    priority: String,
    holder: Party,
    waits: [bool; 4],
    rest: Option<Rest>,
    /// How much was agreed.
    agreed: usize,
}

/// One clock, as the minutes made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meter {
    promise: Promise,
    party: Option<Party>,
    number: u32,
    used: i64,
    breached: Option<At>,
    /// It does not run any more; a ticket at rest only stops it.
    over: bool,
}

/// What speaks about a promise: nothing, no promise, or one.
type Speech = Option<Option<Within>>;
type Question = (Promise, String, Slug, String, PartyId, usize, usize);

struct Walk<'w> {
    world: &'w World,
    now: Now,
    /// How it was in the last minute.
    before: Now,
    meters: Vec<Meter>,
    agreed: Vec<(Promise, Option<PartyId>, Term)>,
    open: HashMap<usize, Spans>,
    speeches: HashMap<Question, Speech>,
}

/// The order of events of one instant.
fn order(event: &Event) -> usize {
    let groups: [fn(&Event) -> bool; 6] = [
        |event| matches!(event, Event::Opened { .. }),
        |event| matches!(event, Event::Responded | Event::Updated),
        |event| {
            matches!(event, Event::Priority(_) | Event::Service(_) | Event::Tier(_) | Event::Agreed { .. })
        },
        |event| matches!(event, Event::WaitBegan(_) | Event::WaitEnded(_)),
        |event| matches!(event, Event::Offered { .. } | Event::Answered { .. }),
        |event| matches!(event, Event::Held(_)),
    ];
    groups.iter().position(|group| group(event)).unwrap_or(6)
}

/// Whether every ticket of `a` is one of `b`, written down condition by condition.
fn narrower(a: &Scope, b: &Scope) -> bool {
    let client = b.client.is_none() || a.client == b.client;
    // A client's own rule goes before one of its tier.
    let tier = b.tier.is_none() || a.tier == b.tier || (a.client.is_some() && b.client.is_none());
    let service = match (&a.service, &b.service) {
        (_, None) => true,
        (Some(a), Some(b)) => a.as_str() == b.as_str() || a.as_str().starts_with(&format!("{b}.")),
        (None, Some(_)) => false,
    };
    let rest = |a: Option<&String>, b: Option<&String>| b.is_none() || a == b;
    let party = b.party.is_none() || a.party == b.party;
    a != b && client && tier && service && party && rest(a.priority.as_ref(), b.priority.as_ref())
}

impl Walk<'_> {
    /// What was agreed last, else the rule that no other rule in force refines.
    fn speech(&mut self, promise: Promise, party: PartyId, at: At) -> Speech {
        let agreed = self.agreed[..self.now.agreed].iter();
        let mut about = agreed.filter(|(about, of, _)| *about == promise && of.is_none_or(|of| of == party));
        match about.next_back() {
            Some((_, _, Term::Within(within))) => Some(Some(within.clone())),
            Some((_, _, Term::NoPromise)) => Some(None),
            Some((_, _, Term::Withdrawn)) | None => self.rule(promise, party, at),
        }
    }

    fn rule(&mut self, promise: Promise, party: PartyId, at: At) -> Speech {
        let rules = self.world.policy.rules();
        let begun = rules.iter().filter(|rule| rule.from <= at).count();
        let now = &self.now;
        let question =
            (promise, now.tier.clone(), now.service.clone(), now.priority.clone(), party, begun, now.agreed);
        if let Some(known) = self.speeches.get(&question) {
            return known.clone();
        }
        let here = Scope {
            client: Some(ClientId(1)),
            tier: Some(now.tier.clone()),
            service: Some(now.service.clone()),
            priority: Some(now.priority.clone()),
            party: Some(party),
        };
        let holds = |rule: &&Rule| {
            let scope = &rule.scope;
            rule.promise == promise
                && rule.from <= at
                && (scope == &here || narrower(&here, scope))
                && scope.tier.as_ref().is_none_or(|tier| *tier == now.tier)
                && !rules.iter().any(|later| {
                    (later.promise, &later.scope) == (promise, scope)
                        && rule.from < later.from
                        && later.from <= at
                })
                && rule.term != Term::Withdrawn
        };
        let holding: Vec<&Rule> = rules.iter().filter(holds).collect();
        let refined = |rule: &Rule| holding.iter().any(|other| narrower(&other.scope, &rule.scope));
        let mut last: Vec<&Rule> = holding.iter().filter(|rule| !refined(rule)).copied().collect();
        last.dedup_by(|a, b| a.term == b.term);
        assert!(last.len() < 2, "two rules speak: {last:?}");
        let speech = last.first().map(|rule| match &rule.term {
            Term::Within(within) => Some(within.clone()),
            _ => None,
        });
        self.speeches.insert(question, speech.clone());
        speech
    }

    /// Whether the minute is open for whoever's calendar it is.
    fn is_open(&mut self, hours: &Hours, of: CalendarOf, at: At) -> bool {
        let Hours::Calendar(name) = hours else { return true };
        let (calendars, horizon) = (&self.world.calendars, self.world.horizon);
        let of_owner = |owner| {
            let dated = calendars.iter().enumerate();
            let begun =
                dated.filter(|(_, dated)| &dated.name == name && dated.of == owner && dated.from <= at);
            begun.max_by_key(|(_, dated)| dated.from).map(|(position, _)| position)
        };
        let calendar = of_owner(of).or_else(|| of_owner(CalendarOf::Everyone));
        let calendar = calendar.expect("everyone has a calendar in every world");
        self.open.entry(calendar).or_insert_with(|| calendars[calendar].calendar.open(horizon)).contains(at)
    }

    fn start(&mut self, promise: Promise, party: Option<Party>, number: Option<u32>) {
        let of = |meter: &&Meter| meter.promise == promise && meter.party == party;
        let number = number.unwrap_or(1 + self.meters.iter().filter(of).count() as u32);
        self.meters.push(Meter { promise, party, number, used: 0, breached: None, over: false });
    }

    /// The holder's clocks, when it has none yet; its updates begin each time.
    fn hold(&mut self, party: Party) {
        for target in [Target::Response, Target::Resolution] {
            let promise = Promise::own(party.kind, target);
            if !self.meters.iter().any(|meter| meter.promise == promise && meter.party == Some(party)) {
                self.start(promise, Some(party), None);
            }
        }
        self.start(Promise::own(party.kind, Target::Update), Some(party), None);
    }

    fn stop(&mut self, which: impl Fn(&Meter) -> bool) {
        self.meters.iter_mut().filter(|meter| which(meter)).for_each(|meter| meter.over = true);
    }

    /// Somebody answered, or solved: whose answers and updates were due has given them.
    fn answered(&mut self) {
        let holder = self.now.holder;
        let targets = [Target::Response, Target::Update];
        self.stop(|meter| {
            targets.contains(&meter.promise.target) && meter.party.is_none_or(|party| party == holder)
        });
    }

    fn begin_rounds(&mut self) {
        self.start(Promise::UPDATE, None, None);
        self.start(Promise::own(self.now.holder.kind, Target::Update), Some(self.now.holder), None);
    }

    fn expire(&mut self, offer: u32, at: At) {
        let found = |meter: &Meter| meter.promise.target == Target::Acceptance && meter.number == offer;
        let Some(position) = self.meters.iter().position(found) else { return };
        let meter = self.meters[position];
        let party = meter.party.expect("somebody is asked").id;
        // The rule that held in the last minute.
        std::mem::swap(&mut self.now, &mut self.before);
        let speech = self.speech(meter.promise, party, At::from_millis(at.millis() - MINUTE));
        std::mem::swap(&mut self.now, &mut self.before);
        if let Some(Some(within)) = speech
            && meter.used >= within.length.millis()
        {
            self.meters[position].breached = self.meters[position].breached.or(Some(at));
        }
    }

    fn take(&mut self, at: At, event: &Event) {
        let resting = self.now.rest.is_some();
        match event {
            Event::Responded | Event::Updated if !resting => {
                self.answered();
                self.begin_rounds();
            }
            Event::Held(next) => {
                if !resting && next.party != self.now.holder {
                    let holder = self.now.holder;
                    self.stop(|meter| meter.promise.target == Target::Update && meter.party == Some(holder));
                    self.hold(next.party);
                }
                self.now.holder = next.party;
            }
            Event::Solved | Event::Closed | Event::Merged => self.rest(event),
            Event::Reopened if resting => {
                self.now.rest = None;
                self.start(Promise::UPDATE, None, None);
                self.hold(self.now.holder);
            }
            Event::WaitBegan(wait) => self.now.waits[*wait as usize] = true,
            Event::WaitEnded(wait) => self.now.waits[*wait as usize] = false,
            Event::Priority(priority) => self.now.priority.clone_from(priority),
            Event::Service(service) => self.now.service = service.clone(),
            Event::Tier(tier) => self.now.tier.clone_from(tier),
            Event::Agreed { promise, party, term } => {
                self.agreed.push((*promise, *party, term.clone()));
                self.now.agreed += 1;
            }
            Event::Offered { offer, to } => {
                self.start(Promise::own(to.kind, Target::Acceptance), Some(*to), Some(*offer));
            }
            Event::Answered { offer, answer } => self.answer(*offer, *answer, at),
            _ => {}
        }
    }

    fn answer(&mut self, offer: u32, answer: Answer, at: At) {
        let asked = |meter: &Meter| meter.promise.target == Target::Acceptance && meter.number == offer;
        if answer == Answer::Expired && self.meters.iter().any(|meter| asked(meter) && !meter.over) {
            self.expire(offer, at);
        }
        self.stop(asked);
    }

    fn rest(&mut self, event: &Event) {
        if self.now.rest.is_none() {
            if *event != Event::Merged {
                self.answered();
            }
            self.stop(|meter| matches!(meter.promise.target, Target::Update | Target::Acceptance));
        }
        self.now.rest = Some(match event {
            Event::Solved => Rest::Solved,
            Event::Closed => Rest::Closed,
            _ => Rest::Merged,
        });
    }

    /// One minute goes by.
    fn minute(&mut self, at: At) {
        self.before.clone_from(&self.now);
        for position in 0..self.meters.len() {
            let meter = self.meters[position];
            let elsewhere = meter.promise.target != Target::Acceptance
                && meter.party.is_some_and(|party| party != self.now.holder);
            if meter.over || self.now.rest.is_some() || elsewhere {
                continue;
            }
            let party = meter.party.unwrap_or(self.now.holder).id;
            let Some(Some(within)) = self.speech(meter.promise, party, at) else { continue };
            let waits = Wait::ALL.into_iter().filter(|wait| self.now.waits[*wait as usize]);
            let own = |wait: Wait| wait == Wait::Vendor && meter.promise.kind == Kind::Uc;
            if waits.filter(|wait| !own(*wait)).any(|wait| within.paused_by.has(wait)) {
                continue;
            }
            let of = match meter.promise.kind {
                Kind::Sla => CalendarOf::Client(ClientId(1)),
                Kind::Ola | Kind::Uc => CalendarOf::Party(party),
            };
            let open = self.is_open(&within.hours, of, at);
            let meter = &mut self.meters[position];
            if meter.used >= within.length.millis() {
                meter.breached = meter.breached.or(Some(at));
            }
            meter.used += if open { MINUTE } else { 0 };
        }
    }
}

/// Walks until `end`.
fn walk(world: &World, end: At) -> Vec<Meter> {
    let (start, Event::Opened { tier, service, priority, holder, .. }) = &world.events[0] else {
        panic!("a world begins with the event that opens the ticket");
    };
    let now = Now {
        tier: tier.clone(),
        service: service.clone(),
        priority: priority.clone(),
        holder: holder.party,
        waits: [false; 4],
        rest: None,
        agreed: 0,
    };
    let mut walk = Walk {
        world,
        before: now.clone(),
        now,
        meters: Vec::new(),
        agreed: Vec::new(),
        open: HashMap::new(),
        speeches: HashMap::new(),
    };
    walk.start(Promise::RESPONSE, None, None);
    walk.start(Promise::RESOLUTION, None, None);
    walk.start(Promise::UPDATE, None, None);
    walk.hold(holder.party);
    let mut events: Vec<&(At, Event)> = world.events.iter().collect();
    events.sort_by_key(|(at, event)| (*at, order(event)));
    let mut events = events.into_iter().peekable();
    let mut at = *start;
    loop {
        while let Some((when, event)) = events.next_if(|(when, _)| *when <= at) {
            walk.take(*when, event);
        }
        if at >= end {
            return walk.meters;
        }
        walk.minute(at);
        at = at + Millis::from_millis(MINUTE);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_walk_minute_by_minute_comes_to_the_same(world in world(MINUTE)) {
        let clocks = Clocks::at(&world.policy, &world.events, world.end).unwrap();
        let meters = walk(&world, world.end);
        for clock in clocks.all() {
            let of = |meter: &&Meter| {
                (meter.promise, meter.party.map(|party| party.id), meter.number) == (clock.promise, clock.party, clock.number)
            };
            let meter = meters.iter().find(of);
            prop_assert!(meter.is_some(), "{clock:?}");
            let meter = meter.unwrap();
            prop_assert_eq!(Millis::from_millis(meter.used), clock.consumed, "{:?}", clock);
            prop_assert_eq!(meter.breached, clock.breached, "{:?}", clock);
        }
        // What used time or broke is there.
        for meter in meters.iter().filter(|meter| meter.used > 0 || meter.breached.is_some()) {
            let party = meter.party.map(|party| party.id);
            let there = |clock: &&Clock| {
                (clock.promise, clock.party, clock.number) == (meter.promise, party, meter.number)
            };
            prop_assert!(clocks.all().iter().any(|clock| there(&clock)), "{meter:?}");
        }
        prop_assert!(Span::new(world.events[0].0, world.end).length() < Millis::from_hours(24 * 9));
    }
}
