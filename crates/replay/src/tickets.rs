//! The open tickets, and the closed ones that may yet be reopened: the only thing that grows while a log is read.
//!
//! A ticket's events are kept until it is done with. A format that groups its events says when (XES: the end of a trace).
//! Else a ticket that closes joins a queue, and is folded into the figures when [`Limits::closed_kept`] others have closed
//! after it, or at the end of the log; if it is reopened before, it simply goes on. The ids of folded tickets are remembered
//! ([`Limits::ids_remembered`] of them), so that an event that comes even later is counted as a finding and not taken for
//! a new ticket.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, BuildHasherDefault};
use std::rc::Rc;

use remit_core::At;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::error::Problem;
use crate::event::{Line, State};
use crate::limits::Limits;
use crate::names::NameId;

/// An event as a ticket keeps it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub at: At,
    pub line: u64,
    pub row: u64,
    pub status: NameId,
    pub team: NameId,
    pub person: NameId,
    pub priority: NameId,
    pub category: NameId,
    pub state: State,
    pub sla_kept: Option<bool>,
    pub support_line: Option<Line>,
}

/// The events of one ticket, in the order of the file.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub id: Rc<[u8]>,
    pub steps: Vec<Step>,
    /// When it was opened, where the log says so.
    pub opened: Option<At>,
    /// When it was resolved, as the latest event says.
    pub resolved: Option<At>,
    latest: At,
    /// Which closing of a ticket put it into the queue; 0 while it is open.
    closing: u64,
}

impl Ticket {
    fn new(id: Rc<[u8]>) -> Self {
        Self { id, steps: Vec::new(), opened: None, resolved: None, latest: At::MIN, closing: 0 }
    }

    fn push(&mut self, step: Step, opened: Option<At>, resolved: Option<At>) {
        if step.at >= self.latest {
            self.latest = step.at;
            self.resolved = resolved;
        }
        self.opened = self.opened.or(opened);
        self.steps.push(step);
    }
}

/// What became of an event.
pub(crate) enum Told {
    /// It was added to its ticket.
    Kept,
    /// It was added, and this other ticket is done with.
    Done(Ticket),
    /// Its ticket had been folded before.
    Late,
}

/// All tickets that are not folded yet.
pub(crate) struct Tickets {
    places: FxHashMap<Rc<[u8]>, usize>,
    slab: Vec<Option<Ticket>>,
    free: Vec<usize>,
    closed: VecDeque<(usize, u64)>,
    closings: u64,
    last: usize,
    folded: Remembered,
    limits: Limits,
}

impl Tickets {
    pub fn new(limits: &Limits) -> Self {
        Self {
            places: FxHashMap::default(),
            slab: Vec::new(),
            free: Vec::new(),
            closed: VecDeque::new(),
            closings: 0,
            last: usize::MAX,
            folded: Remembered::new(limits.ids_remembered),
            limits: limits.clone(),
        }
    }

    /// Tells ticket `id` its next event.
    pub fn tell(
        &mut self,
        id: &[u8],
        step: Step,
        opened: Option<At>,
        resolved: Option<At>,
    ) -> Result<Told, Problem> {
        let Some(place) = self.find_or_open(id)? else { return Ok(Told::Late) };
        self.last = place;
        let ticket = self.slab[place].as_mut().expect("a known place holds a ticket");
        if ticket.steps.len() >= self.limits.events_per_ticket {
            let hint = "Check in the mapping which column holds the ticket's number";
            let limit = self.limits.events_per_ticket.to_string();
            return Err(Problem::Limit { what: "events of one ticket", limit, hint });
        }
        ticket.push(step, opened, resolved);
        match step.state {
            State::Closed => {
                self.closings += 1;
                ticket.closing = self.closings;
                self.closed.push_back((place, self.closings));
                Ok(self.fold_oldest().map_or(Told::Kept, Told::Done))
            }
            State::Unknown => Ok(Told::Kept),
            State::Working | State::Waiting | State::Resolved => {
                ticket.closing = 0;
                Ok(Told::Kept)
            }
        }
    }

    fn find_or_open(&mut self, id: &[u8]) -> Result<Option<usize>, Problem> {
        let is_last = self.slab.get(self.last).and_then(Option::as_ref).is_some_and(|last| *last.id == *id);
        if is_last {
            return Ok(Some(self.last));
        }
        if let Some(place) = self.places.get(id) {
            return Ok(Some(*place));
        }
        if self.folded.holds(id) {
            return Ok(None);
        }
        if self.places.len() >= self.limits.open_tickets {
            let hint = "Does the mapping say which statuses mean closed?";
            let limit = self.limits.open_tickets.to_string();
            return Err(Problem::Limit { what: "tickets open at once", limit, hint });
        }
        let id: Rc<[u8]> = id.into();
        let ticket = Some(Ticket::new(Rc::clone(&id)));
        let place = self.free.pop().unwrap_or_else(|| {
            self.slab.push(None);
            self.slab.len() - 1
        });
        self.slab[place] = ticket;
        self.places.insert(id, place);
        Ok(Some(place))
    }

    fn fold_oldest(&mut self) -> Option<Ticket> {
        if self.closed.len() <= self.limits.closed_kept {
            return None;
        }
        let (place, closing) = self.closed.pop_front()?;
        let unchanged = self.slab[place].as_ref().is_some_and(|ticket| ticket.closing == closing);
        if unchanged { self.take(place) } else { None }
    }

    /// Takes ticket `id` out; no more events of it follow.
    pub fn end(&mut self, id: &[u8]) -> Option<Ticket> {
        let place = *self.places.get(id)?;
        self.take(place)
    }

    fn take(&mut self, place: usize) -> Option<Ticket> {
        let ticket = self.slab[place].take()?;
        self.places.remove(&ticket.id);
        self.free.push(place);
        self.folded.add(&ticket.id);
        Some(ticket)
    }

    /// Takes out every ticket that is left, in a fixed order.
    pub fn drain(&mut self) -> impl Iterator<Item = Ticket> {
        self.places.clear();
        std::mem::take(&mut self.slab).into_iter().flatten()
    }
}

/// A bounded memory of ids, 64 bits each; the oldest is forgotten first.
struct Remembered {
    hasher: BuildHasherDefault<FxHasher>,
    known: FxHashSet<u64>,
    order: VecDeque<u64>,
    limit: usize,
}

impl Remembered {
    fn new(limit: usize) -> Self {
        let hasher = BuildHasherDefault::default();
        Self { hasher, known: FxHashSet::default(), order: VecDeque::new(), limit }
    }

    fn holds(&self, id: &[u8]) -> bool {
        !self.known.is_empty() && self.known.contains(&self.hasher.hash_one(id))
    }

    fn add(&mut self, id: &[u8]) {
        if self.order.len() >= self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        let hash = self.hasher.hash_one(id);
        if self.limit > 0 && self.known.insert(hash) {
            self.order.push_back(hash);
        }
    }
}

#[cfg(test)]
mod tests;
