//! Doing it: each step by whoever would have done it, through the steps of the verbs.

use std::collections::HashMap;
use std::sync::Arc;

use remit_core::Id;
use remit_db::Tx;

use super::cast::Cast;
use super::plan::{Deed, Step};
use super::words::Scene;
use super::{Log, Moment, mixed};
use crate::act::{Act, Caller};
use crate::people::Team;
use crate::ratings::{self, Grade};
use crate::refused::Refused;
use crate::tickets::told::{Entry, entered, heard, offered, reckoned, taken};
use crate::tickets::{Status, Ticket, Tier, Visibility, open_prepared};

/// What stands at an instant of the past.
pub struct Stage {
    log: Arc<Log>,
    cast: Arc<Cast>,
    /// Tickets to which something may still happen.
    tickets: HashMap<u32, Ticket>,
}

impl Stage {
    pub fn new(log: Arc<Log>, cast: Arc<Cast>) -> Self {
        Self { log, cast, tickets: HashMap::new() }
    }

    /// Does one step. `act` lends its random bits.
    pub fn play(&mut self, tx: &mut Tx<'_, '_>, act: &Act, deed: &Deed) -> Result<(), Refused> {
        let lent = act;
        let act = Act { at: deed.at, ..act.clone() };
        if deed.step == Step::Open {
            return self.open(tx, &act, deed);
        }
        let Some(ticket) = self.tickets.remove(&deed.incident) else { return Ok(()) };
        let place = self.cast.place(deed.incident);
        let ticket = match deed.step {
            Step::Open => return Ok(()),
            Step::Moment(n) => self.moment(tx, &act, ticket, (deed, n))?,
            Step::Take => self.take(tx, &act, ticket, deed.incident)?,
            Step::Look => {
                let by = Act { caller: self.worker(&ticket, place, 1).clone(), ..act };
                deed.word.as_ref().map_or(Ok(ticket.clone()), |word| heard(tx, &by, ticket, word))?
            }
            Step::Offer => self.offer(tx, &act, ticket, deed.incident)?,
        };
        let over = ticket.status == Status::Closed && self.is_last(deed);
        if over {
            reckoned(tx, &Act { at: deed.at, ..lent.clone() }, ticket)?;
        } else {
            self.tickets.insert(deed.incident, ticket);
        }
        Ok(())
    }

    /// Reckons the clocks of what is left.
    pub fn end(self, tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
        for ticket in self.tickets.into_values() {
            reckoned(tx, act, ticket)?;
        }
        Ok(())
    }

    fn is_last(&self, deed: &Deed) -> bool {
        let last = self.log.incidents[deed.incident as usize].moments.len().saturating_sub(1);
        matches!(deed.step, Step::Moment(n) if usize::from(n) == last)
    }

    fn open(&mut self, tx: &mut Tx<'_, '_>, act: &Act, deed: &Deed) -> Result<(), Refused> {
        let place = self.cast.place(deed.incident);
        let by = mixed(u64::from(deed.incident), 17);
        // One in five writes it down alone; the others call.
        let caller =
            if by.is_multiple_of(5) { self.cast.requester(place, by) } else { self.cast.desk(place, by) };
        let act = Act { caller: caller.clone(), ..act.clone() };
        let opening = deed.opening.as_ref().ok_or(Refused::NotFound)?;
        let ticket = open_prepared(tx, &act, opening)?;
        self.tickets.insert(deed.incident, ticket);
        Ok(())
    }

    /// Who works on it, or would.
    fn worker(&self, ticket: &Ticket, place: usize, by: u64) -> &Caller {
        let known = ticket.worker.and_then(|id| self.cast.person(id));
        known.unwrap_or_else(|| self.cast.worker(ticket.team, place, by))
    }

    fn take(&self, tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket, incident: u32) -> Result<Ticket, Refused> {
        let Some(offer) = ticket.custody.offer() else { return Ok(ticket) };
        let by = mixed(u64::from(incident), u64::from(offer.turn.0));
        let caller = self.cast.worker(offer.to, self.cast.place(incident), by).clone();
        taken(tx, &Act { caller, ..act.clone() }, ticket)
    }

    fn offer(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        ticket: Ticket,
        incident: u32,
    ) -> Result<Ticket, Refused> {
        let place = self.cast.place(incident);
        // Who has it asks the engineers; they ask internal IT, or the desk.
        let engineers = self.cast.crew(Tier::L2, 0);
        let to = if ticket.team == engineers {
            self.cast.places[place].internal.unwrap_or(self.cast.crew(Tier::L1, 0))
        } else {
            engineers
        };
        self.hand_over(tx, act, ticket, (incident, 99, to))
    }

    /// Offers it to another team, unless it is on offer or there already.
    fn hand_over(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        ticket: Ticket,
        (incident, n, to): (u32, u64, Id<Team>),
    ) -> Result<Ticket, Refused> {
        if to == ticket.team || ticket.custody.round().is_some() || !ticket.status.is_open() {
            return Ok(ticket);
        }
        let place = self.cast.place(incident);
        let warm = Scene::of(&self.cast.places[place], &ticket.service, u64::from(incident)).warm(n);
        let act = Act { caller: self.worker(&ticket, place, n).clone(), ..act.clone() };
        offered(tx, &act, ticket, (to, &warm))
    }

    /// What the log says: where the work stands, who has it, and that it went to another group.
    fn moment(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        mut ticket: Ticket,
        (deed, n): (&Deed, u16),
    ) -> Result<Ticket, Refused> {
        let moments = &self.log.incidents[deed.incident as usize].moments;
        let (incident, here) = (deed.incident, moments[usize::from(n)]);
        let before = n.checked_sub(1).map(|before| moments[usize::from(before)]);
        let team = ticket.team;
        if let Some(word) = &deed.word {
            let by =
                Act { caller: self.worker(&ticket, self.cast.place(incident), 1).clone(), ..act.clone() };
            ticket = heard(tx, &by, ticket, word)?;
        }
        ticket = self.progress(tx, act, ticket, (incident, n, before, here))?;
        let passed = before.is_some_and(|before| before.group != here.group && before.group != 0);
        if passed && ticket.team == team && self.cast.is_provider(team) {
            let to = self.cast.crew(here.tier, here.group);
            ticket = self.hand_over(tx, act, ticket, (incident, u64::from(n), to))?;
        }
        Ok(ticket)
    }

    /// What whoever has it does with it.
    fn progress(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        mut ticket: Ticket,
        (incident, n, before, here): (u32, u16, Option<Moment>, Moment),
    ) -> Result<Ticket, Refused> {
        if ticket.status == Status::Closed && here.status == Status::Closed {
            return Ok(ticket);
        }
        let place = self.cast.place(incident);
        let scene = Scene::of(&self.cast.places[place], &ticket.service, u64::from(incident));
        let turn = u64::from(n);
        let same = |before: Moment| (before.person, before.group) == (here.person, here.group);
        let unchanged = here.person == 0 || (before.is_some_and(same) && ticket.worker.is_some());
        let by = mixed(u64::from(here.person), u64::from(here.group) + 31);
        let worker = if unchanged {
            self.worker(&ticket, place, by)
        } else {
            self.cast.worker(ticket.team, place, by)
        };
        let named = worker.membership.filter(|_| here.person != 0).map(|id| (id, worker.name.clone()));
        let to = (here.status != ticket.status).then_some(here.status);
        let answered = ticket.status == Status::WaitingRequester && to == Some(Status::Working);
        let public = |text| Some((Visibility::Public, text));
        let text = match to {
            Some(Status::Working) if answered || ticket.status == Status::Solved => {
                public(scene.answer(turn))
            }
            Some(Status::WaitingRequester) => public(scene.question()),
            Some(Status::Solved) => public(scene.mended()),
            Some(Status::WaitingVendor | Status::Scheduled) => Some((Visibility::Teams, scene.note(turn))),
            Some(_) => None,
            None if n == 0 || (!unchanged && named.is_some()) => None,
            None => Some((Visibility::Teams, scene.note(turn))),
        };
        let says = if answered { self.cast.requester(place, mixed(u64::from(incident), 17)) } else { worker };
        let says = Act { caller: says.clone(), ..act.clone() };
        if here.status == Status::Closed {
            ticket = self.before_closing(tx, act, ticket, incident)?;
            let to = ticket.custody.may_close(&ticket.team).then_some(Status::Closed);
            let says = Act { caller: self.worker(&ticket, place, by).clone(), ..act.clone() };
            let ticket = entered(tx, &says, ticket, Entry { status: to, ..Entry::default() })?;
            return self.rate(tx, act, ticket, incident);
        }
        if ticket.status == Status::Closed && here.status != Status::Working {
            ticket = entered(tx, &says, ticket, Entry { status: Some(Status::Working), ..Entry::default() })?;
        }
        entered(tx, &says, ticket, Entry { worker: named.filter(|_| !answered), text, status: to })
    }

    /// One in seven of those who asked says how it was, once.
    fn rate(&self, tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket, incident: u32) -> Result<Ticket, Refused> {
        let by = mixed(u64::from(incident), 71);
        let known = ratings::given(tx, act, ticket.id)?.is_some();
        if known || !by.is_multiple_of(7) || ticket.status != Status::Closed {
            return Ok(ticket);
        }
        let caller = self.cast.requester(self.cast.place(incident), mixed(u64::from(incident), 17)).clone();
        let caller = Caller { membership: Some(ticket.requester), ..caller };
        let said = match by / 7 % 50 {
            0..25 => (Grade::Good, ""),
            25..32 => (Grade::Good, "Quick and friendly."),
            32..39 => (Grade::Good, "Thank you, it works again."),
            39..43 => (Grade::Fair, ""),
            43..46 => (Grade::Fair, "Solved, but I had to explain it twice."),
            46..48 => (Grade::Poor, "It took too long, and nobody told me why."),
            _ => (Grade::Poor, "It came back the next day."),
        };
        ratings::told(tx, &Act { caller, ..act.clone() }, ticket, said)
    }

    /// It is closed by whoever answers for it: what is on offer is taken first, and who may not close it gives it to who may.
    fn before_closing(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        ticket: Ticket,
        incident: u32,
    ) -> Result<Ticket, Refused> {
        let ticket = self.take(tx, act, ticket, incident)?;
        if ticket.custody.may_close(&ticket.team) || !ticket.status.is_open() {
            return Ok(ticket);
        }
        let place = self.cast.place(incident);
        let scene = Scene::of(&self.cast.places[place], &ticket.service, u64::from(incident));
        let by = Act { caller: self.worker(&ticket, place, 3).clone(), ..act.clone() };
        let text = Some((Visibility::Public, scene.mended()));
        let ticket = entered(tx, &by, ticket, Entry { text, status: Some(Status::Solved), worker: None })?;
        self.take(tx, act, ticket, incident)
    }
}
