//! The events of a ticket in the order in which they take effect, and how the ticket stands between them.

use remit_core::{At, Slug};

use crate::courses::{Course, Courses};
use crate::event::{Event, EventError, Holder, Rest};
use crate::id::ClientId;
use crate::policy::{Policy, Rule};
use crate::promise::Waits;
use crate::scope::{Place, Scope};

/// How a ticket stands at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing<'a> {
    pub client: ClientId,
    pub tier: &'a str,
    pub service: &'a Slug,
    pub priority: &'a str,
    pub holder: Holder,
    pub waits: Waits,
    pub rest: Option<Rest>,
    /// The events up to the last thing that was agreed; none when nothing was.
    pub agreed: &'a [(At, Event)],
    /// Changes when a rule begins and when another one could hold: with the tier, the service, the priority, what is agreed.
    pub revision: u32,
}

/// A stretch of time in which nothing about the ticket changed and no rule began; never empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period<'a> {
    pub from: At,
    pub to: At,
    pub standing: Standing<'a>,
}

/// A ticket until `now`.
#[derive(Debug, Clone)]
pub(crate) struct Story<'a> {
    pub now: At,
    /// From the opening to now, without a hole.
    pub periods: Vec<Period<'a>>,
    /// How it stands now, after everything that happened until now and at this instant.
    pub standing: Standing<'a>,
    /// The clocks that were started.
    pub courses: Vec<Course>,
}

impl<'a> Standing<'a> {
    /// What a scope is compared with.
    pub fn place(&self) -> Place<'a> {
        Place { client: self.client, tier: self.tier, service: self.service, priority: self.priority }
    }
}

impl<'a> Story<'a> {
    /// Tells the events until `now`; those after it have not happened yet.
    pub fn tell(policy: &Policy, events: &'a [(At, Event)], now: At) -> Result<Self, EventError> {
        in_order(events)?;
        let (opened, standing) = opening(events)?;
        if now < opened {
            return Err(EventError::TooEarly { opened });
        }
        for at in [opened, now] {
            let horizon = policy.horizon();
            if at < horizon.start || at > horizon.end {
                return Err(EventError::OutsideHorizon { at, horizon });
            }
        }
        let until = events.partition_point(|(at, _)| *at <= now);
        let mut story = Self { now, periods: Vec::with_capacity(until + 4), standing, courses: Vec::new() };
        let (mut courses, mut position, mut last) = (Courses::open(opened, standing.holder.party), 0, opened);
        for batch in events[..until].chunk_by(|(a, _), (b, _)| a == b) {
            let at = batch[0].0;
            story.pass(policy, last, at);
            for (offset, event) in in_ranks(batch) {
                let position = position + offset;
                courses.take(position, at, event, &story.standing)?;
                story.agree(policy, position, at, event)?;
                story.take(&events[..=position]);
            }
            position += batch.len();
            last = at;
        }
        story.pass(policy, last, now);
        story.courses = courses.done();
        Ok(story)
    }

    /// Time goes by without an event; where a rule begins, a period ends.
    fn pass(&mut self, policy: &Policy, from: At, to: At) {
        let mut start = from;
        for change in policy.changes(from, to) {
            self.periods.push(Period { from: start, to: *change, standing: self.standing });
            self.standing.revision += 1;
            start = *change;
        }
        if start < to {
            self.periods.push(Period { from: start, to, standing: self.standing });
        }
    }

    /// What is agreed has to be something that a rule could say.
    fn agree(&self, policy: &Policy, position: usize, at: At, event: &Event) -> Result<(), EventError> {
        let Event::Agreed { promise, party, term } = event else { return Ok(()) };
        let scope = Scope { client: Some(self.standing.client), party: *party, ..Scope::default() };
        let rule = Rule { promise: *promise, scope, from: at, term: term.clone() };
        match policy.fault(position, &rule) {
            Some(fault) => Err(EventError::Agreed { position, fault: Box::new(fault) }),
            None => Ok(()),
        }
    }

    /// Takes the last of the events that were told.
    fn take(&mut self, told: &'a [(At, Event)]) {
        let (now, Some((_, event))) = (&mut self.standing, told.last()) else { return };
        match event {
            Event::Agreed { .. } => now.agreed = told,
            Event::Tier(tier) => now.tier = tier,
            Event::Service(service) => now.service = service,
            Event::Priority(priority) => now.priority = priority,
            Event::Held(holder) => now.holder = *holder,
            Event::WaitBegan(wait) => now.waits = now.waits.with(*wait),
            Event::WaitEnded(wait) => now.waits = now.waits.without(*wait),
            Event::Solved => now.rest = Some(Rest::Solved),
            Event::Closed => now.rest = Some(Rest::Closed),
            Event::Merged => now.rest = Some(Rest::Merged),
            Event::Reopened => now.rest = None,
            Event::Opened { .. }
            | Event::Responded
            | Event::Updated
            | Event::Offered { .. }
            | Event::Answered { .. } => {}
        }
        if event.rank() == Event::RANK_OF_TERMS {
            now.revision += 1;
        }
    }
}

/// The events of one instant, with their places in it, in the order in which they take effect.
fn in_ranks(batch: &[(At, Event)]) -> impl Iterator<Item = (usize, &Event)> {
    (0..Event::RANKS).flat_map(move |rank| {
        let events = batch.iter().map(|(_, event)| event).enumerate();
        events.filter(move |(_, event)| event.rank() == rank)
    })
}

/// Whether the instants never go back.
fn in_order(events: &[(At, Event)]) -> Result<(), EventError> {
    match events.windows(2).position(|pair| pair[1].0 < pair[0].0) {
        None => Ok(()),
        Some(before) => {
            let (last, at) = (events[before].0, events[before + 1].0);
            Err(EventError::OutOfOrder { position: before + 1, at, last })
        }
    }
}

/// When the ticket was opened, and how it stood then.
fn opening(events: &[(At, Event)]) -> Result<(At, Standing<'_>), EventError> {
    let mut openings = events.iter().enumerate().filter_map(|(position, (at, event))| match event {
        Event::Opened { client, tier, service, priority, holder } => {
            let standing = Standing {
                client: *client,
                tier,
                service,
                priority,
                holder: *holder,
                waits: Waits::NONE,
                rest: None,
                agreed: &[],
                revision: 0,
            };
            Some((position, *at, standing))
        }
        _ => None,
    });
    let (_, opened, standing) = openings.next().ok_or(EventError::NotOpened)?;
    if events[0].0 < opened {
        return Err(EventError::NotOpened);
    }
    match openings.next() {
        Some((position, ..)) => Err(EventError::OpenedTwice { position }),
        None => Ok((opened, standing)),
    }
}
