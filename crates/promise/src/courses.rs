//! Which clocks the events of a ticket start and end.

use remit_core::At;

use crate::event::{Answer, Event, EventError, Party};
use crate::promise::{Promise, Target};
use crate::story::Standing;

/// One clock from its start to its end, whatever is promised meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Course {
    pub promise: Promise,
    /// Whose promise; none for an SLA.
    pub party: Option<Party>,
    /// Of updates the round, of acceptances the offer; else 1.
    pub number: u32,
    pub from: At,
    pub end: Option<(At, End)>,
    /// It ended because the ticket came to rest, so a reopened ticket can let it go on.
    rested: bool,
}

/// How a clock ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// What was promised happened.
    Met,
    /// It cannot happen any more, and need not.
    Lapsed,
    /// The time for it was closed and nothing happened.
    Silent,
}

/// The clocks of a ticket while its events are told.
#[derive(Debug)]
pub(crate) struct Courses {
    all: Vec<Course>,
    /// The open round of updates of the SLA.
    update: Option<usize>,
    /// The open round of updates of whoever holds.
    own_update: Option<usize>,
}

impl Courses {
    pub fn open(at: At, holder: Party) -> Self {
        let mut courses = Self { all: Vec::with_capacity(8), update: None, own_update: None };
        courses.start(Promise::RESPONSE, None, 1, at);
        courses.start(Promise::RESOLUTION, None, 1, at);
        courses.begin_round(at, None);
        courses.hold(at, holder);
        courses
    }

    pub fn done(self) -> Vec<Course> {
        self.all
    }

    /// Takes an event; `standing` is how the ticket stood before it.
    pub fn take(
        &mut self,
        position: usize,
        at: At,
        event: &Event,
        standing: &Standing<'_>,
    ) -> Result<(), EventError> {
        let holder = standing.holder.party;
        match (event, standing.rest) {
            (Event::Responded | Event::Updated, None) => self.answer(at, holder),
            (Event::Held(next), None) if next.party.id != holder.id => {
                self.end_rounds(at, End::Lapsed, Some(holder));
                self.hold(at, next.party);
            }
            (Event::Solved | Event::Closed, None) => self.rest(at, End::Met, holder),
            (Event::Merged, None) => self.rest(at, End::Lapsed, holder),
            (Event::Reopened, Some(_)) => self.reopen(at, holder),
            (Event::Offered { offer, to }, _) => self.offer(at, *offer, *to),
            (Event::Answered { offer, answer }, _) => {
                let asked = self.find(Target::Acceptance, |course| course.number == *offer);
                let asked = asked.ok_or(EventError::NoSuchOffer { position, offer: *offer })?;
                let how = match answer {
                    Answer::Accepted | Answer::Declined => End::Met,
                    Answer::Expired => End::Silent,
                    Answer::Withdrawn => End::Lapsed,
                };
                self.end(asked, at, how);
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, promise: Promise, party: Option<Party>, number: u32, from: At) -> usize {
        self.all.push(Course { number, ..Course::begun(promise, party, from) });
        self.all.len() - 1
    }

    fn end(&mut self, course: usize, at: At, how: End) {
        self.all[course].end.get_or_insert((at, how));
    }

    fn find(&self, target: Target, which: impl Fn(&Course) -> bool) -> Option<usize> {
        self.all.iter().position(|course| course.promise.target == target && which(course))
    }

    /// A party begins to hold, for the first time or again.
    fn hold(&mut self, at: At, party: Party) {
        for target in [Target::Response, Target::Resolution] {
            if self.find(target, |course| is_of(course, Some(party))).is_none() {
                self.start(Promise::own(party.kind, target), Some(party), 1, at);
            }
        }
        self.begin_round(at, Some(party));
    }

    /// A round of updates begins; the one before has ended.
    fn begin_round(&mut self, at: At, party: Option<Party>) {
        let promise = party.map_or(Promise::UPDATE, |party| Promise::own(party.kind, Target::Update));
        let last = self.all.iter().rev().find(|course| course.promise == promise && is_of(course, party));
        let number = last.map_or(0, |course| course.number) + 1;
        let round = Some(self.start(promise, party, number, at));
        *self.round(party) = round;
    }

    /// The open round of the SLA, or of whoever holds.
    fn round(&mut self, party: Option<Party>) -> &mut Option<usize> {
        if party.is_none() { &mut self.update } else { &mut self.own_update }
    }

    fn end_rounds(&mut self, at: At, how: End, party: Option<Party>) {
        if let Some(round) = self.round(party).take() {
            self.end(round, at, how);
        }
    }

    /// The requester heard something from the holder.
    fn answer(&mut self, at: At, holder: Party) {
        for party in [None, Some(holder)] {
            if let Some(response) = self.find(Target::Response, |course| is_of(course, party)) {
                self.end(response, at, End::Met);
            }
            self.end_rounds(at, End::Met, party);
            self.begin_round(at, party);
        }
    }

    /// The ticket comes to rest. What is solved is answered too, by its holder; nobody else need answer any more.
    fn rest(&mut self, at: At, how: End, holder: Party) {
        for course in self.all.iter_mut().filter(|course| course.end.is_none()) {
            let others = course.party.is_some_and(|party| party.id != holder.id);
            let how = match course.promise.target {
                Target::Acceptance => End::Lapsed,
                Target::Response if others => End::Lapsed,
                _ => how,
            };
            (course.end, course.rested) = (Some((at, how)), true);
        }
        (self.update, self.own_update) = (None, None);
    }

    /// The ticket goes on: so do solutions, and answers that never came. Updates begin anew.
    fn reopen(&mut self, at: At, holder: Party) {
        for course in self.all.iter_mut().filter(|course| course.rested) {
            let goes_on = match course.promise.target {
                Target::Resolution => true,
                Target::Response => matches!(course.end, Some((_, End::Lapsed))),
                Target::Update | Target::Acceptance => false,
            };
            if goes_on {
                (course.end, course.rested) = (None, false);
            }
        }
        self.begin_round(at, None);
        self.hold(at, holder);
    }

    /// A number that is known already is the same offer told again.
    fn offer(&mut self, at: At, offer: u32, to: Party) {
        if self.find(Target::Acceptance, |course| course.number == offer).is_none() {
            self.start(Promise::own(to.kind, Target::Acceptance), Some(to), offer, at);
        }
    }
}

/// Whether it is a clock of this party, or with none an SLA.
fn is_of(course: &Course, party: Option<Party>) -> bool {
    course.party.map(|party| party.id) == party.map(|party| party.id)
}

impl Course {
    /// One that begins now and has not ended.
    pub fn begun(promise: Promise, party: Option<Party>, from: At) -> Self {
        Self { promise, party, number: 1, from, end: None, rested: false }
    }

    /// Whose hold it takes to run: none for what runs whoever holds, and for the answer to an offer.
    pub fn needs(&self) -> Option<Party> {
        self.party.filter(|_| self.promise.target != Target::Acceptance)
    }
}
