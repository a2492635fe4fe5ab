//! One clock as people read it.

use remit_core::{At, Millis};
use serde::{Deserialize, Serialize};

use crate::courses::{Course, End};
use crate::event::{Rest, Wait};
use crate::id::PartyId;
use crate::policy::{By, Policy};
use crate::promise::Promise;
use crate::run::{Ahead, Pace, pace, run, speaks};
use crate::story::{Standing, Story};

/// Why a clock stands still although something is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Still {
    /// The ticket waits, and the promise is paused by that.
    Waiting(Wait),
    /// Another party holds the ticket.
    NotHeld,
    /// The ticket rests.
    Rest(Rest),
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It runs, though its hours may be closed just now.
    Running,
    /// It stands still.
    Paused(Still),
    /// What was promised happened in time; the instant at which it was due is in time.
    Met,
    /// Its time was up while it ran. That stays so, whatever happens and is agreed later.
    Breached,
    /// It ended with nothing left to be kept: the ticket was merged, the offer withdrawn, somebody else answered.
    Lapsed,
    /// Nothing is promised.
    NoPromise,
}

/// A clock at the instant that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Clock {
    /// What it measures.
    pub promise: Promise,
    /// Whose promise; none for an SLA, which is the provider's.
    pub party: Option<PartyId>,
    /// Of updates the round from 1, of acceptances the offer, else 1.
    pub number: u32,
    /// When it began.
    pub from: At,
    /// When it ended, if it has.
    pub ended: Option<At>,
    /// How it stands.
    pub state: State,
    /// Who says what is promised, now or at its end; none when nobody does.
    pub by: Option<By>,
    /// What is promised; none when nothing is.
    pub length: Option<Millis>,
    /// What is used up, in time that counts.
    pub consumed: Millis,
    /// What is left of the length; negative when it is overrun.
    pub remaining: Option<Millis>,
    /// When it is up if all goes on as now; for one that ended, when it would have been. None while it stands still, while nothing
    /// is promised, and beyond the time that the calendars were made for. Of a breached one without time left, when it was up.
    pub due: Option<At>,
    /// When what was promised happened, in time or not.
    pub met: Option<At>,
    /// When its time was up.
    pub breached: Option<At>,
    #[serde(skip)]
    pub(crate) course: usize,
}

/// The clock of one course; none when no rule ever spoke about it.
pub(crate) fn read(policy: &Policy, story: &Story<'_>, position: usize) -> Option<Clock> {
    let course = &story.courses[position];
    let tally = run(policy, story, course, |_| {});
    let (at, standing) = last_standing(story, course);
    let over = course.end.is_some() && tally.ran;
    let spoken = if over { tally.last } else { speaks(policy, course, standing, at) };
    if !tally.spoke && spoken.is_none() {
        return None;
    }
    let length = spoken.and_then(|spoken| spoken.within).map(|within| within.length);
    let remaining = length.map(|length| length - tally.consumed);
    let breached = tally.breached.or_else(|| silent(course, remaining));
    let pace = pace(course, standing, spoken);
    let runs_until = match (breached, pace) {
        (Some(up), _) if remaining.is_none_or(|left| left <= Millis::ZERO) => Some(up),
        (_, Pace::Runs(_)) => Ahead { policy, course, standing, from: at, consumed: tally.consumed }.due(),
        _ => None,
    };
    Some(Clock {
        promise: course.promise,
        party: course.party.map(|party| party.id),
        number: course.number,
        from: course.from,
        ended: course.end.map(|(end, _)| end),
        state: state(course, breached, pace, length),
        by: spoken.map(|spoken| spoken.by),
        length,
        consumed: tally.consumed,
        remaining,
        due: runs_until,
        met: course.end.and_then(|(end, how)| (how == End::Met && length.is_some()).then_some(end)),
        breached,
        course: position,
    })
}

/// The instant at which a clock is read, and how the ticket stood: now, or in the period that ended with the clock.
fn last_standing<'s, 'a>(story: &'s Story<'a>, course: &Course) -> (At, &'s Standing<'a>) {
    let Some((end, _)) = course.end else {
        return (story.now, &story.standing);
    };
    // At the opening itself there was no period yet.
    let before = story.periods.partition_point(|period| period.from < end).saturating_sub(1);
    (end, story.periods.get(before).map_or(&story.standing, |period| &period.standing))
}

/// An offer that nobody answered broke its promise if its time was up when it was closed.
fn silent(course: &Course, remaining: Option<Millis>) -> Option<At> {
    let (end, how) = course.end?;
    (how == End::Silent && remaining? <= Millis::ZERO).then_some(end)
}

fn state(course: &Course, breached: Option<At>, pace: Pace<'_>, length: Option<Millis>) -> State {
    match (course.end, pace) {
        _ if breached.is_some() => State::Breached,
        _ if length.is_none() => State::NoPromise,
        (Some((_, End::Met)), _) => State::Met,
        (Some((_, End::Lapsed | End::Silent)), _) => State::Lapsed,
        (None, Pace::Still(still)) => State::Paused(still),
        (None, Pace::Runs(_)) => State::Running,
        (None, Pace::Idle) => State::NoPromise,
    }
}
