//! How one clock runs through the periods of a ticket.

use remit_core::{At, Millis};

use crate::calendars;
use crate::clock::Still;
use crate::courses::Course;
use crate::event::{Event, Holder, Wait};
use crate::id::PartyId;
use crate::policy::{By, Counted, Policy, Spoken};
use crate::promise::{Kind, Promise, Term};
use crate::story::{Period, Standing, Story};

/// What a clock does while nothing changes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace<'a> {
    /// It runs; its hours may be closed.
    Runs(Counted<'a>),
    /// It stands still.
    Still(Still),
    /// Nothing is promised, because a rule says so or because none speaks.
    Idle,
}

/// A stretch of time in which one clock kept one pace under one rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub from: At,
    pub to: At,
    pub holder: Holder,
    pub spoken: Option<Spoken<'a>>,
    pub pace: Pace<'a>,
}

/// What a run through all stretches gave.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally<'a> {
    pub consumed: Millis,
    /// When the time was up for the first time while the clock ran on.
    pub breached: Option<At>,
    /// Whether a rule spoke at some time.
    pub spoke: bool,
    /// Whether there was a stretch at all, and what was said in the last.
    pub ran: bool,
    pub last: Option<Spoken<'a>>,
}

/// The rule that was found last, to be asked again only when another could hold.
#[derive(Debug, Default)]
struct Memory<'a> {
    of: Option<(u32, PartyId)>,
    spoken: Option<Spoken<'a>>,
}

/// Runs a clock, telling `each` its stretches in order and without a hole.
pub(crate) fn run<'a>(
    policy: &'a Policy,
    story: &Story<'_>,
    course: &Course,
    mut each: impl FnMut(&Stretch<'a>),
) -> Tally<'a> {
    let until = course.end.map_or(story.now, |(end, _)| end);
    let first = story.periods.partition_point(|period| period.from < course.from);
    let (mut tally, mut memory) = (Tally::default(), Memory::default());
    for period in story.periods[first..].iter().take_while(|period| period.from < until) {
        let stretch = memory.stretch(policy, course, period);
        tally.add(&stretch);
        each(&stretch);
    }
    tally
}

impl<'a> Memory<'a> {
    fn stretch(&mut self, policy: &'a Policy, course: &Course, period: &Period<'_>) -> Stretch<'a> {
        let standing = &period.standing;
        // Where nothing said about an SLA asks who holds, a hand-over changes nothing.
        let asks = course.party.is_some() || policy.asks_who_holds() || !standing.agreed.is_empty();
        let party = if asks { speaker(course, standing) } else { PartyId(0) };
        let of = Some((standing.revision, party));
        if self.of != of {
            (self.of, self.spoken) = (of, speaks(policy, course, standing, period.from));
        }
        let pace = pace(course, standing, self.spoken);
        Stretch { from: period.from, to: period.to, holder: standing.holder, spoken: self.spoken, pace }
    }
}

impl<'a> Tally<'a> {
    fn add(&mut self, stretch: &Stretch<'a>) {
        self.spoke |= stretch.spoken.is_some();
        if let Pace::Runs(counted) = stretch.pace {
            let (left, passed) =
                (counted.length - self.consumed, counted.ticks.elapsed(stretch.from, stretch.to));
            if self.breached.is_none() && passed >= left {
                // At the very end of the stretch it may still be kept, or another rule may come: the next one says.
                self.breached = counted.ticks.reach(stretch.from, left).filter(|up| *up < stretch.to);
            }
            self.consumed = self.consumed + passed;
        }
        (self.ran, self.last) = (true, stretch.spoken);
    }
}

/// The party whose rules speak: for an SLA whoever holds the ticket.
fn speaker(course: &Course, standing: &Standing<'_>) -> PartyId {
    course.party.map_or(standing.holder.party.id, |party| party.id)
}

/// What is said about a clock while the ticket stands so: what is agreed for the ticket, else the narrowest rule.
pub(crate) fn speaks<'a>(
    policy: &'a Policy,
    course: &Course,
    standing: &Standing<'_>,
    at: At,
) -> Option<Spoken<'a>> {
    let (promise, party) = (course.promise, speaker(course, standing));
    match agreed(standing, promise, party) {
        None | Some((_, Term::Withdrawn)) => policy.speaks(promise, standing.place(), party, at),
        Some((position, term)) => {
            let of = calendars::owner(promise, standing.place(), party);
            Some(policy.spoken(By::Event(position), term, of))
        }
    }
}

/// The latest that was agreed for this ticket about a promise of a party, and the position of the event.
fn agreed<'a>(standing: &Standing<'a>, about: Promise, of: PartyId) -> Option<(usize, &'a Term)> {
    standing.agreed.iter().enumerate().rev().find_map(|(position, (_, event))| match event {
        Event::Agreed { promise, party, term }
            if *promise == about && party.is_none_or(|party| party == of) =>
        {
            Some((position, term))
        }
        _ => None,
    })
}

/// What a clock does while the ticket stands so.
pub(crate) fn pace<'a>(course: &Course, standing: &Standing<'_>, spoken: Option<Spoken<'a>>) -> Pace<'a> {
    if let Some(rest) = standing.rest {
        return Pace::Still(Still::Rest(rest));
    }
    if course.needs().is_some_and(|party| party.id != standing.holder.party.id) {
        return Pace::Still(Still::NotHeld);
    }
    let Some(counted) = spoken.and_then(|spoken| spoken.within) else {
        return Pace::Idle;
    };
    let mut pauses = standing.waits.and(counted.paused_by);
    if course.promise.kind == Kind::Uc {
        pauses = pauses.without(Wait::Vendor);
    }
    pauses.first().map_or(Pace::Runs(counted), |wait| Pace::Still(Still::Waiting(wait)))
}

/// A clock that goes on from an instant with the ticket standing as it does then, under the rules that are known to begin later.
pub(crate) struct Ahead<'r> {
    pub policy: &'r Policy,
    pub course: &'r Course,
    pub standing: &'r Standing<'r>,
    pub from: At,
    pub consumed: Millis,
}

impl Ahead<'_> {
    /// When it is up.
    pub fn due(&self) -> Option<At> {
        self.reach(|counted| counted.length)
    }

    /// When it will have consumed this much; the instant to look from when it has already.
    pub fn consumes(&self, used: Millis) -> Option<At> {
        self.reach(|_| used)
    }

    fn reach(&self, goal: impl Fn(&Counted<'_>) -> Millis) -> Option<At> {
        let (mut from, mut consumed) = (self.from, self.consumed);
        let mut changes = self.policy.changes(from, At::MAX).iter();
        loop {
            let next = changes.next().copied();
            let spoken = speaks(self.policy, self.course, self.standing, from);
            if let Pace::Runs(counted) = pace(self.course, self.standing, spoken) {
                let up = counted.ticks.reach(from, goal(&counted) - consumed);
                let Some(next) = next else { return up };
                // At the instant of a change the new rule says.
                if up.is_some_and(|up| up < next) {
                    return up;
                }
                consumed = consumed + counted.ticks.elapsed(from, next);
            }
            from = next?;
        }
    }
}
