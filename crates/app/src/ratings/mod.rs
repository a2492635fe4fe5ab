//! How it was: what whoever asked for a ticket says once it is solved.
//!
//! A **rating** is a grade and, where they want, some words. It is given in one click from the letter that says that a ticket is solved, without
//! signing in, or on the ticket's page. It can be given again: the last one counts. A bad one is told to whoever worked on it, to the
//! provider's service managers and to the client's internal IT, and waits until one of them has **followed it up**: said what was done.
//!
//! Rules: whoever asked for it rates it, and nobody else. Grades are for whoever sees the tickets of all clients within reach; the words are for both IT teams.
//! The sums of a month are kept with the ratings, and `remit doctor` adds them up again.

pub(crate) mod slip;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{Id, Millis};
use remit_db::Tx;

use crate::act::Act;
use crate::clients::Client;
use crate::keyed::keyed;
use crate::people::Permission;
use crate::refused::{Field, Refused};
use crate::tickets::{self, Status, Ticket, Visibility};

pub(crate) use slip::Slip;
pub use store::{Given, Listed, given, list};
pub(crate) use store::{compare, months};

keyed! {
    /// How it was.
    Grade as "Grade" {
        /// Content.
        Good = "good", "good";
        /// Neither.
        Fair = "fair", "all right";
        /// Not content: somebody follows it up.
        Poor = "poor", "not good";
    }
}

/// The statements here that are put together of parts, under their names.
#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    store::TEXTS.iter()
}

/// How long after it was solved a ticket can be rated.
pub const LATEST: Millis = Millis::from_hours(60 * 24);
/// How often a ticket can be rated: whoever has the link of a letter does not fill its history.
pub const MOST_TIMES: i64 = 20;
/// The longest words, in bytes.
const LONGEST: usize = 4 * 1024;

/// Which ratings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which {
    /// Of one client.
    pub client: Option<Id<Client>>,
    /// Of one grade.
    pub grade: Option<Grade>,
    /// Bad ones that nobody has followed up.
    pub to_follow: bool,
}

/// The sums of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many were content.
    pub good: i64,
    /// How many were neither.
    pub fair: i64,
    /// How many were not.
    pub poor: i64,
}

impl Sums {
    /// All.
    pub fn all(self) -> i64 {
        self.good + self.fair + self.poor
    }

    /// How many of a hundred were content, rounded down; none where nobody has said.
    pub fn content(self) -> Option<i64> {
        (self.all() > 0).then(|| self.good * 100 / self.all())
    }
}

/// Whether the caller can say how it was: whoever asked for it, for sixty days after it was solved.
pub fn may_rate(act: &Act, ticket: &Ticket) -> Result<(), Refused> {
    let no = |why: &str| Err(Refused::Conflict(why.to_owned()));
    if act.caller.membership != Some(ticket.requester) {
        return no("how it was is said by whoever asked for it");
    }
    let solved = ticket.solved_at.filter(|_| matches!(ticket.status, Status::Solved | Status::Closed));
    match solved {
        None => no("it is not solved: how it was is asked then"),
        Some(at) if act.at - at > LATEST => {
            no("it was solved more than sixty days ago: open a new one, and name this one in it")
        }
        Some(_) => Ok(()),
    }
}

/// Says how it was; the last time counts.
pub fn rate(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (grade, comment): (Grade, &str),
) -> Result<Given, Refused> {
    let ticket = tickets::find(tx, act, id)?;
    may_rate(act, &ticket)?;
    let comment = sound(comment).map_err(|why| Refused::Invalid(vec![Field::new("comment", why)]))?;
    let before = given(tx, act, id)?;
    if let Some(before) = before.as_ref().filter(|one| one.grade == grade && one.comment == comment) {
        return Ok(before.clone());
    }
    if before.as_ref().is_some_and(|one| one.times >= MOST_TIMES) {
        return Err(Refused::Conflict(format!(
            "this was said {MOST_TIMES} times already: write into the ticket instead"
        )));
    }
    // Who has followed a bad one up has done so, unless there is more to say.
    let stays = before.as_ref().is_some_and(|one| one.followed_at.is_some() && grade != Grade::Poor);
    kept(tx, act, (ticket, before.as_ref(), stays), (grade, &comment))?;
    given(tx, act, id)?.ok_or(Refused::NotFound)
}

fn kept(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, before, stays): (Ticket, Option<&Given>, bool),
    (grade, comment): (Grade, &str),
) -> Result<Ticket, Refused> {
    let ticket = tickets::rated(tx, act, ticket, (grade, comment))?;
    store::keep(tx, act, (&ticket, before, stays), (grade, comment))?;
    Ok(ticket)
}

/// The first word on a ticket that comes with its past: the demo's.
pub(crate) fn told(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    said: (Grade, &str),
) -> Result<Ticket, Refused> {
    kept(tx, act, (ticket, None, false), said)
}

fn sound(comment: &str) -> Result<String, String> {
    if comment.len() > LONGEST {
        return Err(format!(
            "this is {} kB long; at most 4 kB can be kept: write the rest into the ticket",
            comment.len() / 1024
        ));
    }
    tickets::prose(comment).map(|text| text.trim().to_owned())
}

/// Says what was done about a bad one: a note for both IT teams in the ticket.
pub fn follow_up(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, done: &str) -> Result<Given, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = tickets::find(tx, act, id)?;
    let found = given(tx, act, id)?.ok_or(Refused::NotFound)?;
    if found.grade != Grade::Poor {
        return Err(Refused::Conflict(format!(
            "it was {}: there is nothing to follow up",
            found.grade.name()
        )));
    }
    if found.followed_at.is_some() {
        return Err(Refused::Conflict("it was followed up already".to_owned()));
    }
    let done = sound(done).and_then(|done| {
        if done.is_empty() {
            Err("say what was done, such as: rang her, and showed her the new form".to_owned())
        } else {
            Ok(done)
        }
    });
    let done = done.map_err(|why| Refused::Invalid(vec![Field::new("done", why)]))?;
    tickets::followed_up(tx, act, ticket, &done)?;
    store::followed(tx, act, id)?;
    given(tx, act, id)?.ok_or(Refused::NotFound)
}

/// Whether the caller reads the words of ratings: those of both IT teams.
pub(crate) fn reads_words(act: &Act) -> bool {
    tickets::read_by(act).is_ok_and(|(widest, _)| widest == Visibility::Teams)
}
