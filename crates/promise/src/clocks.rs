//! All clocks of one ticket at one instant.

use remit_core::{At, Millis};
use serde::Serialize;

use crate::clock::{Clock, State, read};
use crate::courses::Course;
use crate::event::{Event, EventError, Party};
use crate::id::PartyId;
use crate::policy::Policy;
use crate::promise::{Kind, Promise, Target, Waits};
use crate::run::{Ahead, Pace, pace, run, speaks};
use crate::story::Story;

/// The clocks of one ticket at one instant: a function of its events and of the policy, and of nothing else.
#[derive(Debug, Clone)]
pub struct Clocks<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) story: Story<'a>,
    all: Vec<Clock>,
}

/// What the next holder would find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Chained {
    /// What is left of the frame; negative when it is overrun.
    pub left: Millis,
    /// When the frame is up if the next holder takes the ticket now and goes to work.
    pub due: Option<At>,
    /// What the next holder has left of its own promise of a solution; none when it promises nothing.
    pub own: Option<Millis>,
    /// When that is up.
    pub own_due: Option<At>,
    /// The next holder can keep its own promise and break the frame all the same: warn before handing over.
    pub short: bool,
}

/// What one party used of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Share {
    /// Who held the ticket.
    pub party: PartyId,
    /// What of the frame's consumed time went by while the party held.
    pub used: Millis,
    /// What of that came after the party's own promise of a solution was broken.
    pub beyond: Millis,
}

/// Whose minutes were used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// What the frame has consumed: the sum of what the parties used, to the millisecond.
    pub consumed: Millis,
    /// When the frame's time was up, if it was.
    pub breached: Option<At>,
    /// By party, in the order in which they first held the ticket.
    pub shares: Vec<Share>,
}

impl<'a> Clocks<'a> {
    /// The clocks at `now`, from the events until then, that instant included; later ones are as if they were not there.
    ///
    /// Events are given in the order of time. Those of one instant take effect in this order: opening; answers; priority, service,
    /// tier, what is agreed; waits; offers and their answers; holders; solved, reopened, closed, merged. Of one of these groups they
    /// keep the order in which they are given.
    pub fn at(policy: &'a Policy, events: &'a [(At, Event)], now: At) -> Result<Self, EventError> {
        let story = Story::tell(policy, events, now)?;
        let all = (0..story.courses.len()).filter_map(|course| read(policy, &story, course)).collect();
        Ok(Self { policy, story, all })
    }

    /// The instant they were asked for.
    pub fn now(&self) -> At {
        self.story.now
    }

    /// Every clock about which a rule ever spoke, in the order in which they began.
    pub fn all(&self) -> &[Clock] {
        &self.all
    }

    /// The latest clock of a promise to the client.
    pub fn sla(&self, target: Target) -> Option<&Clock> {
        self.latest(None, target)
    }

    /// The latest clock of a party's own promise.
    pub fn own(&self, party: PartyId, target: Target) -> Option<&Clock> {
        self.latest(Some(party), target)
    }

    /// The clock that all others lie in: the solution for the client.
    pub fn frame(&self) -> Option<&Clock> {
        self.sla(Target::Resolution)
    }

    /// The running clock that is up next: when to look again if nothing happens.
    pub fn next_due(&self) -> Option<&Clock> {
        let running = self.all.iter().filter(|clock| clock.state == State::Running && clock.due.is_some());
        running.min_by_key(|clock| clock.due)
    }

    /// What is left if `next` took the ticket now and went to work. None when no frame is promised, or the ticket rests.
    pub fn chained(&self, next: Party) -> Option<Chained> {
        let (frame, left, until) = self.taken(Promise::RESOLUTION, next)?;
        let own = self.taken(Promise::own(next.kind, Target::Resolution), next);
        let (own, own_due) = own.map_or((None, None), |(_, left, due)| (Some(left), due));
        let sooner = match (until, own_due) {
            (Some(frame), Some(own)) => frame < own,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let broken = frame.is_some_and(|frame| frame.breached.is_some());
        let short = own.is_some() && (broken || sooner);
        Some(Chained { left, due: until, own, own_due, short })
    }

    /// When an offer to `next` that is made now has to be answered. None when no answer is promised, or the ticket rests.
    pub fn answer_by(&self, next: Party) -> Option<At> {
        let promise = Promise::own(next.kind, Target::Acceptance);
        let course = Course::begun(promise, Some(next), self.story.now);
        self.working(&course, self.story.standing.holder.party, Millis::ZERO)?.1
    }

    /// When a running clock will have used this much, if all goes on as now: to tell somebody when three quarters are gone. The
    /// present when it has used it already; none when it does not run, and beyond the time that the calendars were made for.
    pub fn will_have_used(&self, clock: &Clock, used: Millis) -> Option<At> {
        let course = self.story.courses.get(clock.course).filter(|course| course.end.is_none())?;
        let (standing, from) = (&self.story.standing, self.story.now);
        let ahead = Ahead { policy: self.policy, course, standing, from, consumed: clock.consumed };
        match pace(course, standing, speaks(self.policy, course, standing, from)) {
            Pace::Runs(_) => ahead.consumes(used),
            Pace::Still(_) | Pace::Idle => None,
        }
    }

    /// Who used how much of the frame. None when nothing was ever said about it.
    pub fn account(&self) -> Option<Account> {
        let frame = self.frame()?;
        // With when the party's own promise was broken.
        let mut shares: Vec<(Share, Option<At>)> = Vec::new();
        run(self.policy, &self.story, &self.story.courses[frame.course], |stretch| {
            let party = stretch.holder.party.id;
            let known = shares.iter().position(|(share, _)| share.party == party);
            let known = known.unwrap_or_else(|| {
                let broken = self.own(party, Target::Resolution).and_then(|own| own.breached);
                shares.push((Share { party, used: Millis::ZERO, beyond: Millis::ZERO }, broken));
                shares.len() - 1
            });
            let Pace::Runs(counted) = stretch.pace else { return };
            let (share, broken) = &mut shares[known];
            share.used = share.used + counted.ticks.elapsed(stretch.from, stretch.to);
            if let Some(broken) = broken.filter(|broken| *broken < stretch.to) {
                share.beyond = share.beyond + counted.ticks.elapsed(broken.max(stretch.from), stretch.to);
            }
        });
        let shares = shares.into_iter().map(|(share, _)| share).collect();
        Some(Account { consumed: frame.consumed, breached: frame.breached, shares })
    }

    /// Who held the ticket while a clock counted, and for how much of what it has consumed: adds up to that, to the millisecond. By
    /// party, in the order in which they first held the ticket.
    pub fn used(&self, clock: &Clock) -> Vec<(PartyId, Millis)> {
        let mut used: Vec<(PartyId, Millis)> = Vec::new();
        run(self.policy, &self.story, &self.story.courses[clock.course], |stretch| {
            let Pace::Runs(counted) = stretch.pace else { return };
            let (party, time) = (stretch.holder.party.id, counted.ticks.elapsed(stretch.from, stretch.to));
            match used.iter_mut().find(|(known, _)| *known == party) {
                Some((_, sum)) => *sum = *sum + time,
                None => used.push((party, time)),
            }
        });
        used
    }

    fn latest(&self, party: Option<PartyId>, target: Target) -> Option<&Clock> {
        let of = |clock: &&Clock| clock.party == party && clock.promise.target == target;
        self.all.iter().rfind(of)
    }

    /// The clock of a promise of a solution, what would be left of it and when it would be up if `next` held the ticket now.
    fn taken(&self, promise: Promise, next: Party) -> Option<(Option<&Clock>, Millis, Option<At>)> {
        let party = (promise.kind != Kind::Sla).then_some(next);
        let clock = self.latest(party.map(|party| party.id), promise.target);
        let consumed = clock.map_or(Millis::ZERO, |clock| clock.consumed);
        let (left, up) = self.working(&Course::begun(promise, party, self.story.now), next, consumed)?;
        Some((clock, left, up))
    }

    /// What is left and when it is up if `next` works on the ticket from now on; none when the clock would not run.
    fn working(&self, course: &Course, next: Party, consumed: Millis) -> Option<(Millis, Option<At>)> {
        let (policy, from) = (self.policy, self.story.now);
        let mut standing = self.story.standing;
        standing.holder.party = next;
        standing.waits = Waits::NONE;
        let Pace::Runs(counted) = pace(course, &standing, speaks(policy, course, &standing, from)) else {
            return None;
        };
        let up = Ahead { policy, course, standing: &standing, from, consumed }.due();
        Some((counted.length - consumed, up))
    }
}
